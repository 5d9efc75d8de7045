// What lies in an object: every resource that describes it counts.

package engine

import (
	"context"
	"testing"

	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/types"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// container is a kind whose objects have something in them.
type container struct {
	Kind[*v1alpha1.PleskCustomer, sample]
	Maker[sample]
	contents []Content
}

func (c container) Contents(context.Context, xmlapi.Doer, *Found[sample]) ([]Content, error) {
	return c.contents, nil
}

// describer is a resource that has recorded, or observes, the object with id 7.
func describer(namespace, name string) *v1alpha1.PleskCustomer {
	o := &v1alpha1.PleskCustomer{}
	o.Namespace, o.Name, o.UID = namespace, name, types.UID(namespace+"/"+name)
	o.Spec.ServerRef = &v1alpha1.ServerReference{Namespace: "hosting", Name: "web-01"}
	o.Status.ID, o.Status.Key = "7", "birch"
	return o
}

// A tenant may not have what holds something of another namespace's, whoever else describes that too.
func TestHoldsOthers(t *testing.T) {
	for name, c := range map[string]struct {
		describers []string // namespaces
		refused    bool
	}{
		"nobody's":                          {nil, false},
		"the tenant's own":                  {[]string{"shop"}, false},
		"another namespace's":               {[]string{"other"}, true},
		"the tenant's and another's, later": {[]string{"shop", "zoo"}, true},
		"another's and the tenant's, later": {[]string{"other", "shop"}, true},
		"the tenant's, by two resources":    {[]string{"shop", "shop"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			p := lone(t, nil)
			for i, namespace := range c.describers {
				o := describer(namespace, []string{"first", "second"}[i])
				status := o.Status
				g.Expect(p.client.Create(t.Context(), o)).To(Succeed())
				o.Status = status
				g.Expect(p.client.Status().Update(t.Context(), o)).To(Succeed())
			}
			p.kind = container{contents: []Content{{Kind: p.kindName, Identity: Identity{ID: "7"}}}}
			p.serverName = types.NamespacedName{Namespace: "hosting", Name: "web-01"}
			p.server, p.access = &v1alpha1.PleskServer{}, &access{existing: true}
			why, err := p.holdsOthers(t.Context(), &Found[sample]{})
			g.Expect(err).NotTo(HaveOccurred())
			refused := why != ""
			g.Expect(refused).To(Equal(c.refused), "%q", why)
		})
	}
}
