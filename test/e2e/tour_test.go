// What a new user does on the first day.

package e2e

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
)

var _ = Describe("The first day", func() {
	It("brings a small hosting setup to the server, whatever the order in which it is written", func() {
		w := newWorld()
		zone := newZone("acme-example", recordA("shop", "198.51.100.7"))
		subscription := newSubscription("acme.example", "acme", "birch-small")
		w.create(zone)
		w.create(subscription)
		w.eventuallySays(subscription, v1alpha1.ReasonDependencyNotReady,
			`PleskCustomer "acme" (spec.customerRef): not found`, `PleskServicePlan "birch-small" (spec.servicePlanRef): not found`)
		plan := newPlan("birch-small")
		plan.Spec.Limits = map[string]v1alpha1.LimitValue{"disk_space": {Text: "2Gi"}, "max_box": {Text: "unlimited"}, "max_site": {Text: "3", Number: true}}
		customer := newCustomer("acme")
		w.create(plan)
		w.create(customer)
		w.eventuallyReady(customer, plan, subscription, zone, w.server)

		Expect(w.recordsOnServer()).To(ContainElement("shop.acme.example. A 198.51.100.7"))
		site := w.subscriptionOnServer("acme.example")
		Expect(*site.GenInfo.OwnerLogin).To(Equal("acme"))
		Expect(site.GenInfo.ExternalID).To(HaveSuffix(string(subscription.UID)))
		w.reload(subscription)
		Expect(subscription.Status.GUID).To(Equal(site.GenInfo.GUID))
		Expect(subscription.Status.Observed.Plan.Locked).To(BeFalse(), "a subscription whose spec overrides nothing follows its plan")
		Expect(w.plesk.Stats().Operations["webspace/add"]).To(Equal(1))
	})

	It("adds a DNS record in seconds, and removes it again", func() {
		w := readyWorld()
		s := w.setUp()
		edit(w, s.zone, func(z *v1alpha1.PleskDNSZone) {
			z.Spec.Records = append(z.Spec.Records, recordA("blog", "198.51.100.8"))
		})
		Eventually(w.recordsOnServer).WithTimeout(5 * time.Second).Should(ContainElement("blog.acme.example. A 198.51.100.8"))
		w.eventuallyReady(s.zone)
		edit(w, s.zone, func(z *v1alpha1.PleskDNSZone) { z.Spec.Records = z.Spec.Records[1:] })
		Eventually(w.recordsOnServer).ShouldNot(ContainElement(HavePrefix("shop.acme.example. ")))
		Expect(w.recordsOnServer()).To(ContainElements("blog.acme.example. A 198.51.100.8", HavePrefix("www.acme.example. ")), "the zone's own records stay")
	})

	It("restores a record that was removed by hand, at once when asked", func() {
		w := readyWorld()
		s := w.setUp()
		w.removeRecord("shop.acme.example.")
		w.request(s.zone)
		Eventually(w.recordsOnServer).WithTimeout(5 * time.Second).Should(ContainElement("shop.acme.example. A 198.51.100.7"))
		w.eventuallyReady(s.zone)
	})

	It("restores a record that was removed by hand at the next resync", func() {
		w := readyWorld()
		s := w.setUp()
		edit(w, s.zone, func(z *v1alpha1.PleskDNSZone) { z.Spec.ResyncPeriod = &metav1.Duration{Duration: shortestResync} })
		w.eventuallyReady(s.zone)
		w.removeRecord("shop.acme.example.")
		Eventually(w.recordsOnServer).WithTimeout(3 * shortestResync).Should(ContainElement("shop.acme.example. A 198.51.100.7"))
	})

	It("says with Plesk's own error code what the server refuses", func() {
		w := readyWorld()
		taken := newCustomer("taken")
		taken.Spec.Login = "admin"
		w.create(taken)
		w.eventuallySays(taken, v1alpha1.ReasonAlreadyExists, "customer/add: Plesk error 1002: ", "(spec.login)")
		Consistently(func() int { return w.plesk.Stats().Operations["customer/add"] }).Should(Equal(1), "a refusal is not repeated")

		edit(w, taken, func(c *v1alpha1.PleskCustomer) { c.Spec.Login = "free" })
		w.eventuallyReady(taken)
	})

	It("deletes a subscription from the server where the policy says so, and nothing else", func() {
		w := readyWorld()
		s := w.setUp()
		edit(w, s.subscription, func(o *v1alpha1.PleskSubscription) { o.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyDelete) })
		w.delete(s.subscription)
		w.eventuallyGone(s.subscription)
		Expect(w.subscriptionOnServer("acme.example")).To(BeNil())
		Expect(w.customerOnServer("acme")).NotTo(BeNil())
		w.eventuallyReady(s.customer, s.plan)

		By("letting the zone, which went with its site, go as well")
		w.eventuallySays(s.zone, v1alpha1.ReasonDependencyNotReady, `PleskSubscription "acme-example" (spec.siteRef): not found`)
		edit(w, s.zone, func(z *v1alpha1.PleskDNSZone) { z.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyDelete) })
		w.delete(s.zone)
		w.eventuallyGone(s.zone)
	})

	It("leaves a subscription on the server by default", func() {
		w := readyWorld()
		s := w.setUp()
		w.delete(s.subscription)
		w.eventuallyGone(s.subscription)
		Expect(w.subscriptionOnServer("acme.example")).NotTo(BeNil())
	})

	It("renames what Plesk can rename", func() {
		w := readyWorld()
		s := w.setUp()
		id := s.customer.Status.ID
		edit(w, s.customer, func(c *v1alpha1.PleskCustomer) { c.Spec.Login = "acme-ltd" })
		edit(w, s.subscription, func(o *v1alpha1.PleskSubscription) { o.Spec.DomainName = "acme-ltd.example" })
		w.eventuallyReady(s.customer, s.subscription)
		Expect(w.customerOnServer("acme")).To(BeNil())
		Expect(w.customerOnServer("acme-ltd")).NotTo(BeNil())
		Expect(s.customer.Status.ID).To(Equal(id))
		Expect(w.subscriptionOnServer("acme-ltd.example")).NotTo(BeNil())
		Expect(w.customersOnServer()).To(HaveLen(1))
		Eventually(func() string { w.reload(s.zone); return s.zone.Status.Key }).Should(Equal("acme-ltd.example"))
	})

	It("carries awkward names intact", func() {
		w := readyWorld()
		c := newCustomer("awkward")
		const name = `Müller & Söhne <"Birch's">`
		c.Spec.ContactName, c.Spec.CompanyName = name, new(name)
		plan := newPlan("plan")
		plan.Spec.PlanName = name
		idn := newSubscription("bücher.example", "awkward", "plan")
		idn.Name = "buecher"
		idn.Spec.Hosting.VirtualHost.SystemUser = &v1alpha1.SystemUser{Name: new("buecher"), Password: new(generated("buecher-ftp"))}
		zone := newZone("buecher", v1alpha1.DNSRecord{Name: "@", Type: v1alpha1.DNSRecordTXT, Value: name})
		for _, o := range []v1alpha1.Object{c, plan, idn, zone} {
			w.create(o)
		}
		w.eventuallyReady(c, plan, idn, zone)
		Expect(w.customerOnServer("awkward").ContactName).To(Equal(name))
		Expect(w.planOnServer(name)).NotTo(BeNil())
		info := w.subscriptionOnServer("bücher.example").GenInfo
		Expect(info.Name).To(Equal("bücher.example"))
		Expect(info.ASCIIName).To(Equal("xn--bcher-kva.example"))
		Expect(w.recordsOnServer()).To(ContainElement(ContainSubstring(" TXT " + name)))

		w.plesk.ResetStats()
		for _, o := range []v1alpha1.Object{c, plan, idn, zone} {
			w.request(o)
		}
		Eventually(func() int { return w.plesk.Stats().Operations["webspace/get"] }).Should(BeNumerically(">", 0))
		Consistently(func() int { return w.plesk.Stats().Writes }).Should(BeZero(), "what was written reads back as equal")
	})

	It("follows a changed field, and a field that was changed on the server", func() {
		w := readyWorld()
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
		edit(w, c, func(c *v1alpha1.PleskCustomer) {
			c.Spec.Address = &v1alpha1.PostalAddress{City: new("London"), Country: new("GB")}
		})
		w.eventuallyReady(c)
		Expect(w.customerOnServer("acme")).To(HaveField("City", "London"))
		w.setOnServer(c, customer.SetGenInfo{Contact: customer.Contact[*string]{City: new("Paris"), Fax: new("1234")}})
		w.request(c)
		Eventually(w.customerOnServer).WithArguments("acme").Should(And(HaveField("City", "London"), HaveField("Fax", "1234")), "what is not in the spec is not ours")
	})
})

// setOnServer changes a customer behind the operator's back.
func (w *world) setOnServer(c *v1alpha1.PleskCustomer, values customer.SetGenInfo) {
	GinkgoHelper()
	_, err := customer.Set.One(w, w.plesk, customer.SetRequest{
		Filter: customer.ByLogin(c.Spec.Login), Values: customer.SetValues{GenInfo: &values},
	})
	Expect(err).NotTo(HaveOccurred())
}

// addOnServer makes a customer behind the operator's back.
func (w *world) addOnServer(info customer.NewGenInfo) int64 {
	GinkgoHelper()
	info.Password = "By-Hand-2031"
	r, err := customer.Add.One(w, w.plesk, customer.AddRequest{GenInfo: info})
	Expect(err).NotTo(HaveOccurred())
	return r.ID
}
