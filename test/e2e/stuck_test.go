// What waits for something, and must not wait for ever; and what must wait.

package e2e

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
)

// nested is a database whose spec names no server.
func nested(d *v1alpha1.PleskDatabase) *v1alpha1.PleskDatabase {
	d.Spec.CommonSpec = v1alpha1.CommonSpec{}
	return d
}

var _ = Describe("What waits", func() {
	It("for the server of what it lies in goes on when that is ready", func() {
		w := readyWorld()
		w.setUp()
		remove := w.plesk.Inject(plesksim.Fault{Status: 502})
		w.eventuallySays(w.server, v1alpha1.ReasonServerNotReady)
		d := nested(newDatabase("acme-example", "shop"))
		w.create(d)
		w.eventuallySays(d, v1alpha1.ReasonServerNotReady)
		remove()
		w.eventuallyReady(d)
	})

	It("for the server's consent goes on when that is given, also where only what it lies in leads to the server", func() {
		w, tenant := sharedWorld()
		s := of(w, tenant, newSubscription("acme.example", "acme", ""))
		s.Spec.ServicePlanRef = &v1alpha1.ObjectReference{External: "Default Domain"}
		c := of(w, tenant, newCustomer("acme"))
		w.create(c)
		w.create(s)
		w.eventuallyReady(c, s)
		edit(w, w.server, func(srv *v1alpha1.PleskServer) { srv.Spec.Tenants = nil })
		w.eventuallySays(s, v1alpha1.ReasonPermissionDenied)
		d := nested(newDatabase("acme-example", "shop"))
		d.Namespace = tenant
		w.create(d)
		w.eventuallySays(d, v1alpha1.ReasonPermissionDenied)
		edit(w, w.server, everybody)
		w.eventuallyReady(s, d)
	})

	It("for what it lies in is not waited for by that, when both are deleted while its creation is not confirmed", func() {
		w := readyWorld(func(srv *v1alpha1.PleskServer) { srv.Spec.DeletionPolicy = v1alpha1.DeletionPolicyDelete })
		s := w.setUp()
		w.plesk.Inject(plesksim.Fault{Operator: "database", Operation: "add-db", Drop: true, Executed: true, Times: 1})
		remove := w.plesk.Inject(plesksim.Fault{Operator: "database", Operation: "get-db", Drop: true, Nth: 2})
		d := newDatabase("acme-example", "shop")
		w.create(d)
		Eventually(func() *v1alpha1.PendingWrite { w.reload(d); return d.Status.Pending }).ShouldNot(BeNil())
		Eventually(func() int { return w.plesk.Stats().Operations["database/add-db"] }).Should(Equal(1))
		w.delete(d)
		w.delete(s.subscription)
		remove()
		w.eventuallyGone(d)
		w.eventuallyGone(s.subscription)
	})

	It("for what is asked before its creation leaves no doubt whether it was begun", func() {
		w := readyWorld()
		acme := newCustomer("acme")
		w.create(acme)
		w.eventuallyReady(acme)
		remove := w.plesk.Inject(plesksim.Fault{Operator: "ip", Operation: "get", Code: xmlapi.CodeFailed})
		s := newSubscription("acme.example", "acme", "")
		s.Spec.ServicePlanRef = &v1alpha1.ObjectReference{External: "Default Domain"}
		w.create(s)
		w.eventuallySays(s, v1alpha1.ReasonTransientError, "ip/get")
		Expect(s.Status.Pending).To(HaveField("Outcome", v1alpha1.PendingRefused))
		Expect(w.plesk.Stats().Operations).NotTo(HaveKey("webspace/add"))
		remove()
		w.eventuallyReady(s)
	})

	It("to be planned says that somebody has changed the server", func() {
		w := readyWorld()
		acme, birch := newCustomer("acme"), newCustomer("birch")
		w.create(acme)
		w.create(birch)
		w.eventuallyReady(acme, birch)
		edit(w, acme, func(c *v1alpha1.PleskCustomer) { c.Spec.ManagementPolicy = v1alpha1.ManagementPolicyPlan })
		edit(w, birch, func(c *v1alpha1.PleskCustomer) { c.Spec.ManagementPolicy = v1alpha1.ManagementPolicyObserveOnly })
		w.eventuallyReady(acme, birch)
		drifted := func(c *v1alpha1.PleskCustomer) bool {
			w.reload(c)
			return meta.IsStatusConditionTrue(c.Status.Conditions, v1alpha1.ConditionDrifted)
		}
		left := metricOf(w, `plesk_drift_total{kind="PleskCustomer",outcome="left"}`)
		w.setOnServer(acme, customer.SetGenInfo{ContactName: new("Mallory")})
		w.eventuallySays(acme, v1alpha1.ReasonPlanned, "spec.contactName")
		Expect(drifted(acme)).To(BeTrue())
		_, err := customer.Del.One(w, w.plesk, xmlapi.FilterRequest{Filter: customer.ByLogin("birch")})
		Expect(err).NotTo(HaveOccurred())
		w.eventuallySays(birch, v1alpha1.ReasonNotFound)
		Expect(drifted(birch)).To(BeTrue())
		Eventually(func() float64 { return metricOf(w, `plesk_drift_total{kind="PleskCustomer",outcome="left"}`) }).Should(Equal(left + 2))
	})
})

var _ = Describe("A tenant that may have what nobody describes", func() {
	It("has nothing of what another namespace's resource is making", func() {
		w, tenant := sharedWorld(existing)
		w.addOnServer(newGenInfo("acme")) // described by nobody: what lies in it is not out of reach because of that
		held := make(chan struct{})
		w.plesk.Inject(plesksim.Fault{Operator: "webspace", Operation: "add", Executed: true, Hold: held, Times: 1})
		s := newSubscription("acme.example", "", "")
		s.Spec.CustomerRef, s.Spec.ServicePlanRef = &v1alpha1.ObjectReference{External: "acme"}, &v1alpha1.ObjectReference{External: "Default Domain"}
		w.create(s)
		Eventually(func() int { return w.plesk.Stats().Operations["webspace/add"] }).Should(Equal(1))
		edit(w, s, func(s *v1alpha1.PleskSubscription) { s.Spec.Suspend = true }) // it has recorded nothing, and will not
		w.eventuallySays(s, v1alpha1.ReasonSuspended)
		close(held)
		Expect(s.Status.ID).To(BeEmpty())

		external := v1alpha1.SiteReference{External: "acme.example"}
		mailbox := of(w, tenant, &v1alpha1.PleskMailAccount{ObjectMeta: metav1.ObjectMeta{Name: "info"}, Spec: v1alpha1.PleskMailAccountSpec{CommonSpec: common(), SiteRef: external, MailName: "info"}})
		zone := of(w, tenant, newZone("acme-example", recordA("evil", "198.51.100.9")))
		zone.Spec.SiteRef = v1alpha1.DNSZoneOwner(external)
		shop := of(w, tenant, newDatabase("", "shop"))
		shop.Spec.SubscriptionRef.External = "acme.example"
		for _, o := range []v1alpha1.Object{mailbox, zone, shop} {
			w.create(o)
		}
		for _, o := range []v1alpha1.Object{mailbox, zone, shop} {
			w.eventuallySays(o, v1alpha1.ReasonPermissionDenied, "not this namespace's")
		}
		Expect(w.plesk.Stats().Operations).NotTo(Or(HaveKey("mail/create"), HaveKey("dns/add_rec"), HaveKey("database/add-db")))
		edit(w, s, func(s *v1alpha1.PleskSubscription) { s.Spec.Suspend = false })
		w.eventuallyReady(s)
	})
})
