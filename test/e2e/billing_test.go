// A billing system beside the operator: it makes, changes and removes what it sells by packets of its own, and Git has the rest.

package e2e

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplanaddon"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// billing does what a billing system's module does, with an administrator's login.
type billing struct{ *world }

// did sends one operation.
func did[R any, S xmlapi.Outcomer](b billing, op xmlapi.Operation[R, S], req R) S {
	GinkgoHelper()
	r, err := op.One(b, b.plesk, req)
	Expect(err).NotTo(HaveOccurred())
	return r
}

func (b billing) setCustomer(login string, g customer.SetGenInfo) {
	GinkgoHelper()
	did(b, customer.Set, customer.SetRequest{Filter: customer.ByLogin(login), Values: customer.SetValues{GenInfo: &g}})
}

func (b billing) setSubscription(domain string, v webspace.SetValues) {
	GinkgoHelper()
	did(b, webspace.Set, webspace.SetRequest{Filter: webspace.ByName(domain), Values: v})
}

var _ = Describe("Beside a billing system", func() {
	It("a password that was changed is written when the account is Git's again", func() {
		w := readyWorld()
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
		old := w.secretValue("acme-panel")
		owner := func(o v1alpha1.LifecycleOwner) {
			edit(w, w.server, func(srv *v1alpha1.PleskServer) { srv.Spec.Lifecycle = &v1alpha1.ServerLifecycle{Owner: o} })
			w.eventuallyReady(w.server)
			w.request(c)
			w.eventuallyReady(c)
		}
		owner(v1alpha1.LifecycleOwnerBilling)
		secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: w.ns, Name: "acme-panel"}}
		w.reload(secret)
		secret.StringData = map[string]string{"password": "Sold-2031-x"}
		Expect(bed.Client.Update(w, secret)).To(Succeed())
		looks := w.plesk.Stats().Operations["customer/get"]
		w.request(c)
		Eventually(func() int { return w.plesk.Stats().Operations["customer/get"] }).Should(BeNumerically(">", looks))
		w.eventuallyReady(c)
		Expect(w.letsIn("acme", old)).To(BeTrue())
		owner(v1alpha1.LifecycleOwnerGit)
		Eventually(func() bool { return w.letsIn("acme", "Sold-2031-x") }).Should(BeTrue())
	})

	It("all that it does in a customer's life stands, and DNS, mail and databases are Git's", func() {
		w := readyWorld(func(srv *v1alpha1.PleskServer) {
			srv.Spec.Lifecycle = &v1alpha1.ServerLifecycle{Owner: v1alpha1.LifecycleOwnerBilling}
			srv.Spec.RecreationPolicy, srv.Spec.DeletionPolicy = v1alpha1.RecreationPolicyRecreate, v1alpha1.DeletionPolicyDelete
		})
		b := billing{w}
		small, large := newPlan("birch-small"), newPlan("birch-large")
		more := &v1alpha1.PleskServicePlanAddon{Spec: v1alpha1.PleskServicePlanAddonSpec{CommonSpec: common(), PlanName: "more-mail"}}
		more.Name = "more-mail"
		w.create(small)
		w.create(large)
		w.create(more)
		w.eventuallyReady(small, large, more)

		By("waiting for it to make a customer and a subscription")
		c, sub := newCustomer("acme"), newSubscription("acme.example", "acme", "birch-small")
		zone, box, db := newZone(sub.Name, recordA("shop", "198.51.100.7")), newMailAccount(sub.Name, "info"), newDatabase(sub.Name, "shop")
		w.create(c)
		w.create(sub)
		w.create(zone)
		w.create(box)
		w.create(db)
		w.eventuallySays(c, v1alpha1.ReasonNotFound, "billing system")
		w.eventuallySays(sub, v1alpha1.ReasonDependencyNotReady)
		b.addCustomer("heir", nil)
		did(b, customer.Add, customer.AddRequest{GenInfo: customer.NewGenInfo{
			Login: "acme", ContactName: "Ada Birch", Password: accountPassword, ExternalID: new("billing-1001"), Contact: customer.Contact[*string]{Email: new("ada@acme.example")},
		}})
		did(b, webspace.Add, webspace.AddRequest{
			GenSetup: webspace.NewGenSetup{Name: "acme.example", OwnerLogin: new("acme"), IPAddresses: []string{"198.51.100.7"}, HostingType: new(hosting.Virtual), ExternalID: new("billing-2001")},
			Hosting: &hosting.Hosting{Virtual: &hosting.VirtualHosting{IPAddresses: []string{"198.51.100.7"}, Properties: []xmlapi.Property{
				{Name: "ftp_login", Value: "acmeexample"}, {Name: "ftp_password", Value: accountPassword},
			}}},
			PlanGUID: new(w.planOnServer("birch-small").GUID),
		})
		w.eventuallyReady(c, sub, zone, box, db)
		Expect(w.secretValue("acme-panel")).To(BeEmpty(), "no password was made")

		// untouched has the operator look at everything, and sees that it writes nothing of what was sold.
		untouched := func(what string) {
			GinkgoHelper()
			w.plesk.ResetStats()
			for _, o := range []v1alpha1.Object{c, sub, zone, box, db} {
				w.request(o)
			}
			Eventually(func() map[string]int { return w.plesk.Stats().Operations }).Should(And(HaveKey("customer/get"), HaveKey("webspace/get")), what)
			Consistently(func() int { return w.plesk.Stats().Writes }).Should(BeZero(), what)
		}
		untouched("taken over")

		By("suspending and resuming")
		b.setCustomer("acme", customer.SetGenInfo{Status: new(16)})
		b.setSubscription("acme.example", webspace.SetValues{GenSetup: &webspace.SetGenSetup{Status: new(16)}})
		untouched("suspended")
		Expect(w.customerOnServer("acme").Status).To(Equal(16))
		Eventually(func() string { w.reload(c); return c.Status.Observed.State }).Should(Equal("DisabledByAdmin"))
		b.setSubscription("acme.example", webspace.SetValues{GenSetup: &webspace.SetGenSetup{Status: new(0)}})
		b.setCustomer("acme", customer.SetGenInfo{Status: new(0)})
		untouched("resumed")
		Expect(w.customerOnServer("acme").Status).To(BeZero())

		By("changing the plan and the add-ons")
		largeGUID := w.planOnServer("birch-large").GUID
		addon := did(b, serviceplanaddon.Get, serviceplan.GetRequest{Filter: serviceplanaddon.ByName("more-mail").Query()}).GUID
		did(b, webspace.SwitchSubscription, webspace.SwitchSubscriptionRequest{Filter: webspace.ByName("acme.example"), PlanGUID: &largeGUID})
		did(b, webspace.AddSubscription, webspace.AddonRequest{Filter: webspace.ByName("acme.example"), PlanGUID: &addon})
		b.setSubscription("acme.example", webspace.SetValues{Limits: &hosting.Limits{Limits: []hosting.Limit{{Name: "max_box", Value: 77}}}})
		untouched("another plan")
		w.eventuallyReady(sub)
		Expect(fields(sub.Status.Changes)).To(ContainElement("servicePlanRef"), "it is shown")
		Expect(meta.IsStatusConditionTrue(sub.Status.Conditions, v1alpha1.ConditionDrifted)).To(BeTrue())

		By("changing owner and passwords")
		b.setSubscription("acme.example", webspace.SetValues{GenSetup: &webspace.SetGenSetup{OwnerLogin: new("heir")}})
		b.setCustomer("acme", customer.SetGenInfo{Password: new(xmlapi.Secret("Changed-2031-x"))})
		untouched("another owner")
		w.eventuallyReady(sub)
		Expect(sub.Status.Observed.Owner).To(Equal("heir"))
		Expect(fields(sub.Status.Changes)).To(ContainElement("customerRef"))
		Expect(w.letsIn("acme", "Changed-2031-x")).To(BeTrue())

		By("Git's DNS, mail and databases")
		edit(w, zone, func(z *v1alpha1.PleskDNSZone) {
			z.Spec.Records = append(z.Spec.Records, recordA("blog", "198.51.100.7"))
		})
		sales, crm := newMailAccount(sub.Name, "sales"), newDatabase(sub.Name, "crm")
		w.create(sales)
		w.create(crm)
		w.eventuallyReady(zone, sales, crm)
		Expect(w.databases()).To(HaveLen(2))

		By("terminating")
		did(b, webspace.Del, xmlapi.FilterRequest{Filter: webspace.ByName("acme.example")})
		did(b, customer.Del, xmlapi.FilterRequest{Filter: customer.ByLogin("acme")})
		w.plesk.ResetStats()
		w.request(c)
		w.request(sub)
		w.eventuallySays(c, v1alpha1.ReasonGoneOnServer, "billing system")
		w.eventuallySays(sub, v1alpha1.ReasonGoneOnServer, "billing system")
		Consistently(func() int {
			return w.plesk.Stats().Operations["customer/add"] + w.plesk.Stats().Operations["webspace/add"]
		}).Should(BeZero())
		Expect(w.customerOnServer("acme")).To(BeNil())
		Expect(w.databases()).To(BeEmpty())
		w.checkConditions()
	})
})
