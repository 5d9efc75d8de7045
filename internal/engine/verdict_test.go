package engine

import (
	"errors"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// Secrets go alone where the rest was refused or waits, and not where all is tried again, or where another server answers.
func TestWhatHoldsTheRestBack(t *testing.T) {
	g := NewWithT(t)
	of := func(c xmlapi.Class) verdict { return failed(&xmlapi.Error{Class: c}, nil) }
	for name, is := range map[string]struct {
		verdict verdict
		holds   bool
	}{
		"refused":            {of(xmlapi.Invalid), true},
		"exists":             {of(xmlapi.Exists), true},
		"no room":            {of(xmlapi.Limit), true},
		"not allowed":        {of(xmlapi.Forbidden), true},
		"invalid":            {failed(Invalid("spec.login", "too long"), nil), true},
		"planned":            {halted(v1alpha1.ReasonPlanned, "would write spec.login"), true},
		"a Secret":           {waitFor(v1alpha1.ReasonSecretNotFound, "not found"), true},
		"refused for now":    {failed(&xmlapi.Error{Class: xmlapi.Transient, Code: 1023, Operator: "webspace"}, nil), true},
		"an unknown code":    {failed(&xmlapi.Error{Class: xmlapi.Transient, Code: 4711, Operator: "webspace"}, nil), true},
		"a packet refused":   {failed(&xmlapi.Error{Class: xmlapi.Transient, Code: 1023, System: true}, nil), false},
		"contradicted":       {failed(xmlapi.Contradicted(&xmlapi.Error{Class: xmlapi.NotFound, Code: 1013, Operator: "webspace"}), nil), false},
		"a lost connection":  {of(xmlapi.Transient), false},
		"no answer":          {of(xmlapi.Ambiguous), false},
		"busy":               {of(xmlapi.Busy), false},
		"the door is closed": {failed(&session.ClosedError{Cause: errors.New("it does not answer")}, nil), false},
		"another server":     {failed(&session.WrongServerError{Expected: "a", Actual: "b"}, nil), false},
		"more to write":      {verdict{reason: v1alpha1.ReasonUpdating, state: stateWorking, pace: paceBackoff}, false},
		"outdated":           {stale(), false},
	} {
		g.Expect(is.verdict.holdsBack()).To(Equal(is.holds), name)
	}
}
