// What an event names: the objects that it is about, and no other one that happens to bear its number.

package engine

import (
	"testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

func TestNamedBy(t *testing.T) {
	c := &v1alpha1.PleskCustomer{}
	c.Status.ID, c.Status.GUID, c.Status.Key = "7", "1f0c", "acme"
	c.Status.Parent = &v1alpha1.RecordedParent{ObjectIdentity: v1alpha1.ObjectIdentity{ID: "3"}}
	observed := &v1alpha1.PleskCustomer{}
	observed.Status.Observing = &v1alpha1.ObjectIdentity{ID: "9"}
	for name, c := range map[string]struct {
		object v1alpha1.Object
		named  string
		want   bool
	}{
		"its id":                     {c, "7", true},
		"its GUID":                   {c, "1f0c", true},
		"its name":                   {c, "acme", true},
		"what it lies in":            {c, "3", true},
		"another id":                 {c, "8", false},
		"nothing":                    {c, "", false},
		"what it only observes":      {observed, "9", true},
		"an object without a record": {&v1alpha1.PleskCustomer{}, "", false},
	} {
		named := map[string]bool{c.named: false}
		if have := namedBy(named, c.object); have != c.want || named[c.named] != c.want {
			t.Errorf("%s: %v, %v", name, have, named)
		}
	}
}
