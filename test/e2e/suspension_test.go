// PleskSuspensions: who holds one, what it comes to with whose credentials, and what is left of a site.

package e2e

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
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

// liftForGood puts a subscription into service behind the operator's back until that leaves it alone.
func (w *world) liftForGood(s *v1alpha1.PleskSubscription) {
	GinkgoHelper()
	Eventually(func() string {
		if w.subscriptionStatus(s.Spec.DomainName)() == xmlapi.StatusDisabledByAdmin {
			w.turnOnServer(s.Spec.DomainName, 0)
		}
		w.wake(s)
		return w.ready(s).Reason
	}).WithTimeout(time.Minute).Should(Equal(v1alpha1.ReasonNotConverging))
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
		Eventually(func() *v1alpha1.Suspension { w.reload(s.subscription); return s.subscription.Status.Suspension }).Should(HaveField("By", HaveLen(2)))
		w.eventuallyReady(s.subscription)
		w.plesk.ResetStats()
		Expect(manager.Stop()).To(Succeed())
		Expect(manager.Start(w)).To(Succeed())
		w.request(s.subscription)
		Consistently(func() int { return w.plesk.Stats().Writes }).Should(BeZero())
		w.reload(s.subscription)
		Expect(s.subscription.Status.Suspension.By).To(HaveLen(2))

		w.delete(billing)
		Eventually(func() int { w.reload(s.subscription); return len(s.subscription.Status.Suspension.By) }).Should(Equal(1))
		w.delete(abuse)
		Eventually(w.subscriptionStatus("acme.example")).Should(Equal(byCustomer))
		Eventually(func() *v1alpha1.Suspension { w.reload(s.subscription); return s.subscription.Status.Suspension }).Should(BeNil())
		w.checkConditions()
	})

	It("that somebody has lifted for good is not lifted again when it is set by somebody else", func() {
		w := readyWorld()
		s := w.setUp()
		x := newSuspension("PleskSubscription", s.subscription.Name, "NonPayment")
		w.create(x)
		w.eventuallyReady(x)
		By("lifting it until it is left alone")
		w.liftForGood(s.subscription)
		Expect(s.subscription.Status.Suspension.Lost).To(BeTrue())
		By("setting it for another reason")
		w.turnOnServer("acme.example", byAdmin)
		w.request(s.subscription)
		w.eventuallyReady(s.subscription)
		Expect(s.subscription.Status.Suspension.Found).To(BeTrue())
		w.delete(x)
		Eventually(func() *v1alpha1.Suspension { w.reload(s.subscription); return s.subscription.Status.Suspension }).Should(BeNil())
		Expect(w.subscriptionStatus("acme.example")()).To(Equal(byAdmin))
	})

	It("is not said to stand for what is being deleted when it has gone", func() {
		w := readyWorld(deletes)
		s := w.setUp()
		x := newSuspension("PleskSubscription", s.subscription.Name, "NonPayment")
		w.create(x)
		w.eventuallyReady(x)
		_, err := site.Add.One(w, w.plesk, site.AddRequest{GenSetup: site.NewGenSetup{Name: "more.example", WebspaceName: new("acme.example")}})
		Expect(err).NotTo(HaveOccurred())
		w.delete(s.subscription)
		w.eventuallySays(s.subscription, v1alpha1.ReasonDeletionBlocked, "more.example")
		w.delete(x)
		w.eventuallyGone(x)
		w.request(s.subscription)
		Eventually(func() []metav1.Condition { w.reload(s.subscription); return s.subscription.Status.Conditions }).Should(
			ContainElement(And(HaveField("Type", v1alpha1.ConditionSuspended), HaveField("Message", ContainSubstring("no PleskSuspension stands any more")))))
		Expect(s.subscription.Status.Suspension.By).To(BeEmpty())
	})

	It("that is gone while the object is only observed is forgotten", func() {
		w := readyWorld()
		s := w.setUp()
		x := newSuspension("PleskSubscription", s.subscription.Name, "NonPayment")
		w.create(x)
		w.eventuallyReady(x)
		edit(w, s.subscription, func(s *v1alpha1.PleskSubscription) { s.Spec.ManagementPolicy = v1alpha1.ManagementPolicyObserveOnly })
		w.eventuallyReady(s.subscription)
		w.delete(x)
		w.eventuallyGone(x)
		w.turnOnServer("acme.example", 0)
		w.request(s.subscription)
		Eventually(func() *v1alpha1.Suspension { w.reload(s.subscription); return s.subscription.Status.Suspension }).Should(BeNil())
		w.turnOnServer("acme.example", byAdmin)
		edit(w, s.subscription, func(s *v1alpha1.PleskSubscription) { s.Spec.ManagementPolicy = v1alpha1.ManagementPolicyManaged })
		w.request(s.subscription)
		w.eventuallyReady(s.subscription)
		Expect(w.subscriptionStatus("acme.example")()).To(Equal(byAdmin))
	})

	It("ends when all that stand are deleted at once while the server is down, as soon as that is back", func() {
		w := readyWorld()
		s := w.setUp()
		all := []client.Object{newSuspension("PleskSubscription", s.subscription.Name, "NonPayment"), newSuspension("PleskSubscription", s.subscription.Name, "Abuse")}
		for _, o := range all {
			w.create(o)
		}
		w.eventuallyReady(all...)
		Expect(w.subscriptionStatus("acme.example")()).To(Equal(byAdmin))
		back := w.plesk.Inject(plesksim.Fault{Status: 502})
		w.eventuallySays(w.server, v1alpha1.ReasonServerNotReady)
		for _, o := range all {
			w.delete(o)
			w.eventuallyGone(o)
		}
		Expect(manager.Stop()).To(Succeed())
		Expect(manager.Start(w)).To(Succeed())
		back()
		Eventually(w.subscriptionStatus("acme.example")).Should(BeZero())
		w.eventuallyReady(s.subscription)
		Expect(s.subscription.Status.Suspension).To(BeNil())
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

	It("of a site that is only changed by approved plans ends with one approval, whatever was to be left of the site", func() {
		w := readyWorld()
		s := w.setUp()
		shop := &v1alpha1.PleskSite{Spec: v1alpha1.PleskSiteSpec{
			CommonSpec: common(), SubscriptionRef: v1alpha1.ObjectReference{Name: s.subscription.Name}, DomainName: "shop.example",
			TurnOffAction: new(v1alpha1.TurnOffActionSuspend),
		}}
		shop.Name = "shop"
		w.create(shop)
		suspension := newSuspension("PleskSite", shop.Name, "Malware")
		w.create(suspension)
		w.eventuallyReady(shop, suspension)
		edit(w, shop, func(d *v1alpha1.PleskSite) { d.Spec.ManagementPolicy = v1alpha1.ManagementPolicyPlan })
		w.eventuallyReady(shop)
		w.delete(suspension)
		w.approve(shop, w.plan(shop))
		w.eventuallyReady(shop)
		Expect(shop.Status.Suspension).To(BeNil())
		Expect(shop.Status.Observed.State).To(Equal("Active"))
	})

	It("of what an approved plan takes over needs an approval, too, and nobody to wake it", func() {
		w := readyWorld()
		w.addOnServer(customer.NewGenInfo{Login: "acme", ContactName: "Ada Birch", Contact: customer.Contact[*string]{Email: new("ada@acme.example")}})
		c := plannedCustomer("acme")
		c.Spec.AdoptionPolicy, c.Spec.Password, c.Spec.CompanyName = v1alpha1.AdoptionPolicyAlways, nil, new("Acme Ltd")
		suspension := newSuspension("PleskCustomer", c.Name, "NonPayment")
		w.create(suspension)
		w.create(c)
		adopts := w.plan(c)
		w.approve(c, adopts)
		Eventually(func() *customer.GenInfo { return w.customerOnServer("acme") }).Should(HaveField("CompanyName", "Acme Ltd"))
		w.approve(c, w.plan(c, adopts))
		w.eventuallyReady(c, suspension)
		Expect(xmlapi.Status(w.customerOnServer("acme").Status)).To(Equal(byAdmin))
	})

	It("is a billing system's to take back from when its server leaves that to one", func() {
		w := readyWorld()
		s := w.setUp()
		suspension := newSuspension("PleskSubscription", s.subscription.Name, "NonPayment")
		w.create(suspension)
		w.eventuallyReady(suspension)
		is := func() *v1alpha1.Suspension { w.reload(s.subscription); return s.subscription.Status.Suspension }
		edit(w, w.server, func(srv *v1alpha1.PleskServer) {
			srv.Spec.Lifecycle = &v1alpha1.ServerLifecycle{Owner: v1alpha1.LifecycleOwnerBilling}
		})
		Eventually(is).Should(BeNil())
		w.eventuallySays(suspension, v1alpha1.ReasonDependencyNotReady, "leaves that to a billing system")
		w.turnOnServer("acme.example", 0)       // it is paid
		w.turnOnServer("acme.example", byAdmin) // and is not any more
		edit(w, w.server, func(srv *v1alpha1.PleskServer) { srv.Spec.Lifecycle.Owner = v1alpha1.LifecycleOwnerGit })
		w.eventuallyReady(suspension)
		Expect(is().Found).To(BeTrue())
		w.delete(suspension)
		Eventually(is).Should(BeNil())
		Expect(w.subscriptionStatus("acme.example")()).To(Equal(byAdmin), "that was the billing system")
	})

	It("says that it suspends nothing where somebody resumes it on and on, and where there is nothing any more", func() {
		w := readyWorld()
		s := w.setUp()
		suspension := newSuspension("PleskSubscription", s.subscription.Name, "NonPayment")
		w.create(suspension)
		w.eventuallyReady(suspension)
		shown := func() bool {
			w.reload(s.subscription)
			return meta.IsStatusConditionTrue(s.subscription.Status.Conditions, v1alpha1.ConditionSuspended)
		}
		Expect(shown()).To(BeTrue())
		w.liftForGood(s.subscription)
		w.eventuallySays(suspension, v1alpha1.ReasonDependencyNotReady, "is not suspended yet", v1alpha1.ReasonNotConverging)
		Expect(shown()).To(BeFalse())

		w.request(s.subscription)
		w.eventuallyReady(suspension)
		_, err := webspace.Del.One(w, w.plesk, xmlapi.FilterRequest{Filter: webspace.ByName("acme.example")})
		Expect(err).NotTo(HaveOccurred())
		w.request(s.subscription)
		w.eventuallySays(s.subscription, v1alpha1.ReasonGoneOnServer)
		w.eventuallySays(suspension, v1alpha1.ReasonDependencyNotReady, "is not suspended yet", v1alpha1.ReasonGoneOnServer)
		Expect(shown()).To(BeFalse())
	})
})
