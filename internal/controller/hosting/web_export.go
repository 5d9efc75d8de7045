// What subscriptions and sites have alike, as an export describes it.

package hosting

import (
	"strconv"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
)

func (v *forwardValue) export() *v1alpha1.Forwarding {
	f := &v1alpha1.Forwarding{URL: form.Deref(v.URL)}
	if c := v.HTTPCode; c != nil && (*c == 301 || *c == 302) {
		f.HTTPCode = new(int32(*c)) //nolint:gosec // one of the two
	}
	return f
}

// exportedMonths is for how long statistics are kept, nil where that is no number of months.
func exportedMonths(text *string) *int32 {
	n, err := strconv.ParseInt(form.Deref(text), 10, 32)
	if err != nil || n < 1 {
		return nil
	}
	return new(int32(n))
}
