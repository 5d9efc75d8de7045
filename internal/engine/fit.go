// Fit to show: what a server says is shown to people only after secrets have been taken out of it, and in bounds.

package engine

import (
	"errors"
	"reflect"

	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// fit makes a text of the server's fit to show: no secret of the object or the session, no control characters, a bounded length.
func (p *pass[O, W]) fit(text string) string {
	var secrets []xmlapi.Secret
	if p.session != nil {
		secrets = p.session.Secrets()
	}
	for _, s := range p.inputs.secrets {
		secrets = append(secrets, s)
	}
	return session.Fit(text, append(secrets, p.hidden...)...)
}

// fitVerdict makes a verdict fit to be told. What a server says of a failure is cleared of the secrets of all objects: it is free to mix them up.
func (p *pass[O, W]) fitVerdict(v *verdict) {
	if _, told := errors.AsType[*xmlapi.Error](v.err); told {
		p.hidden = append(p.hidden, p.secrets.known()...)
	}
	v.message = p.fit(v.message)
}

// fitChange is a change as the status shows it.
func (p *pass[O, W]) fitChange(c Change) Change {
	c.From, c.To = p.fit(c.From), p.fit(c.To)
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
	}
}
