// What an object lies in: the spec may name another one, and the one that it names may be replaced.

package engine

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

func TestParentReplaced(t *testing.T) {
	record := func(reference, id, guid, key string) v1alpha1.RecordedParent {
		return v1alpha1.RecordedParent{ObjectIdentity: v1alpha1.ObjectIdentity{ID: id, GUID: guid}, Key: key, Reference: reference}
	}
	const site = "PleskSubscription/acme-example"
	for name, c := range map[string]struct {
		was, now v1alpha1.RecordedParent
		replaced bool
	}{
		"the same":                                     {record(site, "1", "g", "acme.example"), record(site, "1", "g", "acme.example"), false},
		"renamed":                                      {record(site, "1", "g", "acme.example"), record(site, "1", "g", "birch.example"), false},
		"another one by the same resource":             {record(site, "1", "g", "acme.example"), record(site, "2", "h", "birch.example"), true},
		"another resource":                             {record(site, "1", "g", "acme.example"), record("PleskSubscription/birch", "2", "h", "birch.example"), false},
		"by its key, the same":                         {record("", "1", "g", "acme.example"), record("", "1", "g", "acme.example"), false},
		"by its key, another one under that key":       {record("", "1", "g", "acme.example"), record("", "2", "h", "acme.example"), true},
		"by another key":                               {record("", "1", "g", "acme.example"), record("", "2", "h", "heir.example"), false},
		"by its key, and then by a resource":           {record("", "1", "g", "acme.example"), record(site, "2", "h", "heir.example"), false},
		"without GUIDs, another one by that reference": {record(site, "1", "", "shop"), record(site, "2", "", "store"), true},
	} {
		t.Run(name, func(t *testing.T) {
			NewWithT(t).Expect(sameReference(c.was, c.now) && !sameParent(c.was, c.now)).To(Equal(c.replaced))
		})
	}
}
