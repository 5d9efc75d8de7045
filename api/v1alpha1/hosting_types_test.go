// Values that may be numbers or text keep the form in which they were written.

package v1alpha1

import (
	"encoding/json"
	"testing"
)

func TestLimitValueKeepsItsForm(t *testing.T) {
	for _, text := range []string{`3`, `0`, `9223372036854775807`, `"3"`, `"2Gi"`, `"unlimited"`, `"2027-01-31"`} {
		for _, spec := range []string{
			`{"limits":{"max_site":` + text + `}}`,
			`{"performance":{"maxConnections":` + text + `}}`,
		} {
			var a Allowance
			if err := json.Unmarshal([]byte(spec), &a); err != nil {
				t.Errorf("%s: %v", spec, err)
				continue
			}
			if back, err := json.Marshal(a.DeepCopy()); err != nil || string(back) != spec {
				t.Errorf("%s comes back as %s, %v", spec, back, err)
			}
		}
		var out OutgoingMail
		spec := `{"mailboxLimit":` + text + `}`
		if err := json.Unmarshal([]byte(spec), &out); err != nil {
			t.Error(err)
		}
		if back, err := json.Marshal(&out); err != nil || string(back) != spec {
			t.Errorf("%s comes back as %s, %v", spec, back, err)
		}
	}
	for _, spec := range []string{`{"limits":{"max_site":true}}`, `{"limits":{"max_site":{}}}`, `{"limits":{"max_site":[1]}}`} {
		var a Allowance
		if err := json.Unmarshal([]byte(spec), &a); err == nil {
			t.Errorf("%s is taken as %+v", spec, a)
		}
	}
}
