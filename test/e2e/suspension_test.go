// PleskSuspensions: who holds one, what it comes to with whose credentials, and what is left of a site.

package e2e

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func newSuspension(kind, target, reason string) *v1alpha1.PleskSuspension {
	s := &v1alpha1.PleskSuspension{Spec: v1alpha1.PleskSuspensionSpec{TargetRef: v1alpha1.SuspensionTarget{Kind: kind, Name: target}, Reason: reason}}
	s.GenerateName = "suspension-"
	return s
}

// turnOnServer writes a reason into a subscription behind the operator's back; 0 takes away all that an administrator may.
func (w *world) turnOnServer(domain string, reason xmlapi.Status) {
	GinkgoHelper()
	_, err := webspace.Set.One(w, w.plesk, webspace.SetRequest{Filter: webspace.ByName(domain), Values: webspace.SetValues{GenSetup: &webspace.SetGenSetup{Status: new(int(reason))}}})
	Expect(err).NotTo(HaveOccurred())
}

func (w *world) subscriptionStatus(domain string) func() xmlapi.Status {
	return func() xmlapi.Status { return xmlapi.Status(w.subscriptionOnServer(domain).GenInfo.Status) }
}

var _ = Describe("A suspension", func() {
	const byAdmin, byReseller, byCustomer = xmlapi.StatusDisabledByAdmin, xmlapi.StatusDisabledByReseller, xmlapi.StatusDisabledByCustomer

	It("holds while the operator is restarted, and what its subscription's customer had set before is there when it has gone", func() {
		w := readyWorld()
		s := w.setUp()
		w.turnOnServer("acme.example", byCustomer)
		billing, abuse := newSuspension("PleskSubscription", s.subscription.Name, "NonPayment"), newSuspension("PleskSubscription", s.subscription.Name, "Abuse")
		w.create(billing)
		w.create(abuse)
		w.eventuallyReady(billing, abuse)
		Expect(w.subscriptionStatus("acme.example")()).To(Equal(byAdmin | byCustomer))
		w.eventuallyReady(s.subscription)
		w.plesk.ResetStats()
		Expect(manager.Stop()).To(Succeed())
		Expect(manager.Start(w)).To(Succeed())
		w.request(s.subscription)
		Consistently(func() int { return w.plesk.Stats().Writes }).Should(BeZero())
		Expect(s.subscription.Status.Suspension.By).To(HaveLen(2))

		w.delete(billing)
		Eventually(func() int { w.reload(s.subscription); return len(s.subscription.Status.Suspension.By) }).Should(Equal(1))
		w.delete(abuse)
		Eventually(w.subscriptionStatus("acme.example")).Should(Equal(byCustomer))
		Eventually(func() *v1alpha1.Suspension { w.reload(s.subscription); return s.subscription.Status.Suspension }).Should(BeNil())
		w.checkConditions()
	})

	It("of a reseller's PleskServer is the reseller's reason, and leaves the administrator's", func() {
		w := accountWorld()
		w.addReseller("north", true)
		srv := w.serverOf("north", byPassword)
		w.eventuallyReady(srv)
		c := on(srv, newCustomer("acme"))
		w.create(c)
		w.eventuallyReady(c)
		suspension := newSuspension("PleskCustomer", c.Name, "NonPayment")
		w.create(suspension)
		w.eventuallyReady(suspension)
		status := func() xmlapi.Status { return xmlapi.Status(w.customerOnServer("acme").Status) }
		Expect(status()).To(Equal(byReseller))
		w.setOnServer(c, customer.SetGenInfo{Status: new(int(byAdmin))})
		w.delete(suspension)
		Eventually(status).Should(Equal(byAdmin))
		Eventually(func() *v1alpha1.Suspension { w.reload(c); return c.Status.Suspension }).Should(BeNil())
	})

	It("of a site leaves of it what its resource says", func() {
		w := readyWorld()
		s := w.setUp()
		shop := &v1alpha1.PleskSite{Spec: v1alpha1.PleskSiteSpec{
			CommonSpec: common(), SubscriptionRef: v1alpha1.ObjectReference{Name: s.subscription.Name}, DomainName: "shop.example",
			TurnOffAction: new(v1alpha1.TurnOffActionSuspend),
		}}
		shop.Name = "shop"
		w.create(shop)
		w.eventuallyReady(shop)
		suspension := newSuspension("PleskSite", shop.Name, "Malware")
		w.create(suspension)
		w.eventuallyReady(suspension)
		onServer := func() *site.GenInfo {
			r, err := site.Get.One(w, w.plesk, site.GetRequest{Filter: site.ByName("shop.example").Query(), Dataset: site.Dataset{GenInfo: &xmlapi.Empty{}}})
			Expect(err).NotTo(HaveOccurred())
			return r.Data.GenInfo
		}
		Expect(onServer()).To(And(HaveField("Status", 16), HaveField("TurnOffAction", HaveValue(Equal("suspend")))))
		edit(w, shop, func(d *v1alpha1.PleskSite) { d.Spec.TurnOffAction = new(v1alpha1.TurnOffActionDisable) })
		Eventually(onServer).Should(And(HaveField("Status", 16), HaveField("TurnOffAction", HaveValue(Equal("disable")))))
		w.delete(suspension)
		Eventually(onServer).Should(HaveField("Status", 0))
		w.eventuallyReady(shop)
	})
})
