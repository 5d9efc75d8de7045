// What the tests of single decisions share: a pass over one customer, with the cluster's objects in memory and no server.

package engine

import (
	"context"
	"testing"

	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

const (
	ownUID       = "8c5f1b0e-0f3e-4b57-8d1e-6f4b7f3f2a10"
	siblingUID   = "1d0a5f62-3b1c-4c7e-9a52-0f2f7f0d9b11"
	goneUID      = "f3b7c6f4-5a0e-4f0f-8d3d-3c1c1c7a2e12"
	installation = "a1b2c3d4"
)

type customerPass = pass[*v1alpha1.PleskCustomer, sample]

// indexing hands the indexes of the engine to a client in memory.
type indexing struct{ *fake.ClientBuilder }

// IndexField implements client.FieldIndexer.
func (i indexing) IndexField(_ context.Context, o client.Object, field string, extract client.IndexerFunc) error {
	i.WithIndex(o, field, extract)
	return nil
}

func testScheme(g *WithT) *runtime.Scheme {
	s := runtime.NewScheme()
	g.Expect(scheme.AddToScheme(s)).To(Succeed())
	g.Expect(v1alpha1.AddToScheme(s)).To(Succeed())
	return s
}

// lone is a pass over a customer of generation 3. The cluster holds that customer, and the objects given.
func lone(t *testing.T, clock clock.PassiveClock, objects ...client.Object) *customerPass {
	t.Helper()
	g := NewWithT(t)
	o := &v1alpha1.PleskCustomer{}
	o.Namespace, o.Name, o.UID, o.Generation = "shop", "acme", ownUID, 3
	b := fake.NewClientBuilder().WithScheme(testScheme(g)).WithStatusSubresource(o, &v1alpha1.PleskServer{}, &v1alpha1.PleskApproval{})
	e := New(Config{Clock: clock, Secrets: &Secrets{key: []byte("key"), id: installation}})
	e.kinds = []*kindInfo{{name: "PleskCustomer", object: o, list: func() client.ObjectList { return &v1alpha1.PleskCustomerList{} }}}
	r := &reconciler[*v1alpha1.PleskCustomer, sample]{Engine: e, kindName: "PleskCustomer", self: e.kinds[0]}
	g.Expect(r.index(t.Context(), indexing{b})).To(Succeed())
	g.Expect(indexApprovals(t.Context(), indexing{b})).To(Succeed())
	g.Expect(indexSuspensions(t.Context(), indexing{b})).To(Succeed())
	e.client = b.WithObjects(append(objects, o)...).Build()
	g.Expect(e.client.Get(t.Context(), client.ObjectKeyFromObject(o), o)).To(Succeed())
	return &customerPass{reconciler: r, o: o, before: o.DeepCopy()}
}

// siblingCustomer is another customer of the same installation.
func siblingCustomer() *v1alpha1.PleskCustomer {
	o := &v1alpha1.PleskCustomer{}
	o.Namespace, o.Name, o.UID = "shop", "birch", siblingUID
	return o
}
