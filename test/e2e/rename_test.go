// Renames and names: what a tenant may not create, it does not get by a rename either.

package e2e

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/sitealias"
)

var _ = Describe("A tenant", func() {
	It("gets no name below another's site or alias, neither by a creation nor by a rename", func() {
		w := readyWorld(func(srv *v1alpha1.PleskServer) {
			srv.Spec.Tenants = []v1alpha1.Tenant{{Name: "all", From: v1alpha1.NamespacesFromAll}}
		})
		w.setUp()
		_, err := sitealias.Create.One(w, w.plesk, sitealias.CreateRequest{Info: sitealias.Info{Name: "hand.example", SiteID: w.siteOnServer("acme.example")}})
		Expect(err).NotTo(HaveOccurred())
		tenant := w.ns + "-tenant"
		w.create(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: tenant}})
		owner := newCustomer("birch")
		owner.Namespace, owner.Spec.ServerRef.Namespace = tenant, w.ns
		w.create(owner)
		w.eventuallyReady(owner)
		theirs := newSubscription("birch.example", "birch", "")
		theirs.Namespace, theirs.Spec.ServerRef.Namespace = tenant, w.ns
		w.create(theirs)
		w.eventuallyReady(theirs)
		w.plesk.ResetStats()
		for _, name := range []string{"evil.acme.example", "evil.hand.example"} {
			edit(w, theirs, func(s *v1alpha1.PleskSubscription) { s.Spec.DomainName = name })
			w.eventuallySays(theirs, v1alpha1.ReasonPermissionDenied, "lies below a name on the server that is not this namespace's")
		}
		below := newSubscription("more.hand.example", "birch", "")
		below.Namespace, below.Spec.ServerRef.Namespace = tenant, w.ns
		w.create(below)
		w.eventuallySays(below, v1alpha1.ReasonPermissionDenied, "lies below a name on the server that is not this namespace's")
		Expect(w.plesk.Stats().Writes).To(BeZero())
		Expect(w.subscriptionOnServer("birch.example")).NotTo(BeNil())
	})
})
