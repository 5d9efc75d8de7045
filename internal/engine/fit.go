// Fit to show: what a server says is shown to people only after secrets have been taken out of it, and in bounds.

package engine

import (
	"errors"
	"reflect"

	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// fit makes a text of the server's fit to show: no secret of the object or the session, no control characters, a bounded length. What the
// spec says itself is no secret to its readers.
func (p *pass[O, W]) fit(text string) string {
	return session.FitFor(p.written, text, p.secretsNow()...)
}

// secretsNow are the secrets that the server may tell again in what it says to this pass.
func (p *pass[O, W]) secretsNow() []xmlapi.Secret {
	var secrets []xmlapi.Secret
	if p.session != nil {
		secrets = p.session.Secrets()
	}
	for _, s := range p.inputs.secrets {
		secrets = append(secrets, s)
	}
	return append(secrets, p.hidden...)
}

// written lists the texts of the object's spec, and its name.
func (p *pass[O, W]) written() []string {
	out := []string{p.o.GetName()}
	if spec := reflect.ValueOf(p.o).Elem().FieldByName("Spec"); spec.IsValid() {
		eachText(spec, func(text string) { out = append(out, text) })
	}
	return out
}

func eachText(v reflect.Value, do func(string)) {
	switch v.Kind() {
	case reflect.String:
		do(v.String())
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			eachText(v.Elem(), do)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				eachText(v.Field(i), do)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachText(v.Index(i), do)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			eachText(k, do)
			eachText(v.MapIndex(k), do)
		}
	}
}

// fitVerdict makes a verdict fit to be told.
func (p *pass[O, W]) fitVerdict(v *verdict) { v.message = p.fit(v.message) }

// fitChange is a change as the status shows it. What is wanted is the spec's, whose secrets no change shows; what is there is the server's.
func (p *pass[O, W]) fitChange(c Change) Change {
	c.From, c.To = p.fit(c.From), session.Fit(c.To)
	return c
}

// fitError is fit for the log.
func (p *pass[O, W]) fitError(err error) error {
	if err == nil {
		return nil
	}
	return errors.New(p.fit(err.Error()))
}

// observe puts what was found into status.observed, fit to show.
func (p *pass[O, W]) observe() {
	p.kind.Observe(p.o, p.found)
	status := reflect.ValueOf(p.o).Elem().FieldByName("Status")
	if observed := status.FieldByName("Observed"); observed.IsValid() {
		p.fitAll(observed)
	}
}

func (p *pass[O, W]) fitAll(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if s := p.fit(v.String()); v.CanSet() && s != v.String() {
			v.SetString(s)
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			p.fitAll(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				p.fitAll(v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			p.fitAll(v.Index(i))
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			if text := v.MapIndex(k); text.Kind() == reflect.String {
				v.SetMapIndex(k, reflect.ValueOf(p.fit(text.String())).Convert(text.Type()))
			}
		}
	}
}
