// The law of exports, as the engine holds every kind to it.

package engine

import (
	"context"
	"testing"

	. "github.com/onsi/gomega"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// copied is a kind that exports what told makes of it.
type copied struct {
	Kind[*v1alpha1.PleskCustomer, copiedValue]
	told func(o *v1alpha1.PleskCustomer)
}

type copiedValue struct {
	Name *string `plesk:"contactName"`
	Mark *string `plesk:"mark,mark"`
}

func (copied) Roles() []v1alpha1.ServerRole { return ForProviders }

var owners = &Target{Name: "reseller", Kinds: []client.Object{&v1alpha1.PleskReseller{}}}

func (copied) Refs() []Ref[*v1alpha1.PleskCustomer] {
	return []Ref[*v1alpha1.PleskCustomer]{{
		Field: "spec.resellerRef", Target: owners, Parent: true,
		Get: func(o *v1alpha1.PleskCustomer) []Mention {
			if r := o.Spec.ResellerRef; r != nil {
				return []Mention{{Name: r.Name, External: r.External}}
			}
			return nil
		},
		Set: func(o *v1alpha1.PleskCustomer, m []Mention) {
			o.Spec.ResellerRef = &v1alpha1.ObjectReference{Name: m[0].Name, External: m[0].External}
		},
	}}
}

func (copied) Desired(o *v1alpha1.PleskCustomer, in Inputs) (Key, copiedValue, error) {
	if o.Spec.ContactName == "" {
		return Key{}, copiedValue{}, Invalid("spec.contactName", "empty")
	}
	return Key{Name: o.Spec.Login}, copiedValue{Name: &o.Spec.ContactName, Mark: &in.Mark}, nil
}

func (k copied) Export(o *v1alpha1.PleskCustomer, f *Found[copiedValue]) (Exported, error) {
	o.Spec.Login, o.Spec.ContactName = f.Key.Name, *f.Value.Name
	if k.told != nil {
		k.told(o)
	}
	return Exported{Refs: []Pointer{{Field: "spec.resellerRef", To: f.In}}}, nil
}

func (copied) List(context.Context, xmlapi.Doer, Known) ([]*Found[copiedValue], error) {
	return []*Found[copiedValue]{{
		Identity: Identity{ID: "7"}, Key: Key{Name: "acme"}, In: []Owner{{Kind: "PleskReseller", Identity: Identity{ID: "3"}}},
		Value: copiedValue{Name: new("Ada"), Mark: new("billing-1")},
	}}, nil
}

func TestAnExportThatWouldChangeSomethingIsNone(t *testing.T) {
	north := func(Owner, []string) (Mention, *Resolved) {
		return Mention{Name: "north"}, &Resolved{Identity: Identity{ID: "3"}}
	}
	for name, c := range map[string]struct {
		told  func(*v1alpha1.PleskCustomer)
		point Pointing
		says  string
	}{
		"as it is":           {point: north},
		"another value":      {told: func(o *v1alpha1.PleskCustomer) { o.Spec.ContactName = "Ben" }, point: north, says: "would change spec.contactName"},
		"another key":        {told: func(o *v1alpha1.PleskCustomer) { o.Spec.Login = "birch" }, point: north, says: `would be about "birch"`},
		"an invalid spec":    {told: func(o *v1alpha1.PleskCustomer) { o.Spec.ContactName = "" }, point: north, says: "spec.contactName: empty"},
		"an owner not shown": {point: func(Owner, []string) (Mention, *Resolved) { return Mention{}, nil }, says: "spec.resellerRef"},
		"an owner elsewhere": {point: func(Owner, []string) (Mention, *Resolved) { return Mention{External: "north"}, &Resolved{} }},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			list, unread, err := ExportsOf(copied{told: c.told}).List(t.Context(), nil, Known{}, "")
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(unread).To(BeEmpty())
			g.Expect(list).To(HaveLen(1))
			d, err := list[0].Describe("acme", Describing{Common: v1alpha1.CommonSpec{ServerRef: &v1alpha1.ServerReference{Name: "web"}}, Point: c.point})
			if c.says != "" {
				g.Expect(err).To(MatchError(ContainSubstring(c.says)))
				return
			}
			g.Expect(err).NotTo(HaveOccurred())
			named := d.Object.(*v1alpha1.PleskCustomer).Spec.ResellerRef.Name != ""
			g.Expect(d.Object.Common().ServerRef == nil).To(Equal(named), "the server is the parent's where that is a resource")
		})
	}
}
