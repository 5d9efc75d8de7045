// Fit to show: what a server says is shown to people only after secrets have been taken out of it, and in bounds.

package engine

import (
	"context"
	"errors"
	"reflect"

	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// fit makes a text of the server's fit to show: no secret of the pass or the session, no control characters, a bounded length.
func (p *pass[O, W]) fit(text string) string {
	var secrets []xmlapi.Secret
	if p.session != nil {
		secrets = p.session.Secrets()
	}
	for _, s := range p.inputs.secrets {
		secrets = append(secrets, s)
	}
	return session.Fit(text, secrets...)
}

// fitVerdict makes a verdict fit to be told. A refusal may quote what the object's Secrets hold, also in a pass that had no need to read
// them; where they cannot be read, the server's text is not told.
func (p *pass[O, W]) fitVerdict(ctx context.Context, v verdict) verdict {
	if e, told := errors.AsType[*xmlapi.Error](v.err); told && len(p.inputs.secrets) == 0 && len(p.secretsOf(p.o)) > 0 && p.readSecrets(ctx) != nil {
		untold := *e
		untold.Text, untold.Err = "the text is not told, since the Secrets that it may quote cannot be read", nil
		v.message, v.err = untold.Error(), &untold
	}
	v.message = p.fit(v.message)
	return v
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
