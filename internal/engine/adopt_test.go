// Adoption: what exists already becomes ours, or stays somebody else's.

package engine

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

func TestMayAdopt(t *testing.T) {
	const never, matching, always = v1alpha1.AdoptionPolicyNever, v1alpha1.AdoptionPolicyIfMatching, v1alpha1.AdoptionPolicyAlways
	const exists, owned, may = v1alpha1.ReasonAlreadyExists, v1alpha1.ReasonOwnedByAnother, ""
	marks := map[string]string{
		"unmarked": "", "sibling": markOf(installation, siblingUID), "gone": markOf(installation, goneUID),
		"other cluster": markOf("0f0f0f0f", goneUID), "billing": "client-4711",
	}
	for _, c := range []struct {
		mark                             string
		never, matching, differs, always string // the reason of the refusal
	}{
		{"unmarked", exists, may, exists, may},
		{"gone", exists, may, exists, may},
		{"billing", exists, may, exists, may},
		{"other cluster", exists, exists, exists, may},
		{"sibling", exists, owned, owned, owned},
	} {
		t.Run(c.mark, func(t *testing.T) {
			g := NewWithT(t)
			p := lone(t, nil, siblingCustomer())
			decide := func(policy v1alpha1.AdoptionPolicy, name string) string {
				p.o.Spec.AdoptionPolicy = policy
				p.want = sample{Name: &name, Mark: new(markOf(installation, ownUID))}
				p.found = &Found[sample]{Identity: Identity{"7", "g"}, Mark: marks[c.mark], Value: sample{Name: new("acme"), Mark: new(marks[c.mark])}}
				if v := p.mayAdopt(); v != nil {
					return v.reason
				}
				return may
			}
			g.Expect(decide(never, "acme")).To(Equal(c.never))
			g.Expect(decide(matching, "acme")).To(Equal(c.matching))
			g.Expect(decide(matching, "birch")).To(Equal(c.differs))
			g.Expect(decide(always, "birch")).To(Equal(c.always))
		})
	}
}
