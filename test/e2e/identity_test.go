// What identifies an object: two attributes that agree, whatever became of ids, names and other resources.

package e2e

import (
	"context"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
)

func (w *world) addRecordOnServer(site int64, host, address string) {
	GinkgoHelper()
	_, err := dns.AddRec.One(w, w.plesk, dns.AddRecRequest{Record: dns.Record{Owner: dns.Owner{SiteID: &site}, Type: "A", Host: host, Value: address}})
	Expect(err).NotTo(HaveOccurred())
}

// recordsBelow are the records of the zones whose names end so.
func (w *world) recordsBelow(domain string) []string {
	GinkgoHelper()
	return slices.DeleteFunc(w.recordsOnServer(), func(r string) bool {
		host, _, _ := strings.Cut(r, " ")
		return !strings.HasSuffix(host, domain+".")
	})
}

var _ = Describe("The zone of a subscription that was made anew for another domain", func() {
	It("empties nothing of the old one's where it has its records for itself", func() {
		w := readyWorld()
		web := newSubscription("first.example", "", "")
		web.Name, web.Spec.CustomerRef, web.Spec.Hosting = "web", nil, nil
		zone := newZone("web", recordA("shop", "198.51.100.7"))
		zone.Spec.RecordPolicy = v1alpha1.RecordPolicyExclusive
		w.create(web)
		w.create(zone)
		w.eventuallyReady(web, zone)
		w.delete(web)
		w.eventuallyGone(web)
		w.addRecordOnServer(w.siteOnServer("first.example"), "theirs", "203.0.113.7") // whoever has the site meanwhile
		first := w.recordsBelow("first.example")
		again := newSubscription("second.example", "", "")
		again.Name, again.Spec.CustomerRef, again.Spec.Hosting = "web", nil, nil
		w.create(again)
		w.eventuallyReady(again)
		edit(w, zone, func(z *v1alpha1.PleskDNSZone) { z.Spec.Records = []v1alpha1.DNSRecord{recordA("blog", "198.51.100.8")} })
		w.eventuallyReady(zone)
		Expect(w.recordsBelow("second.example")).To(ContainElement("blog.second.example. A 198.51.100.8"))
		Expect(w.recordsBelow("first.example")).To(Equal(first))
		w.delete(zone)
		w.eventuallyGone(zone)
		Expect(w.recordsBelow("first.example")).To(Equal(first))
	})

	It("is the new one's, and what the old one has is left alone", func() {
		w := readyWorld()
		web := newSubscription("first.example", "", "")
		web.Name, web.Spec.CustomerRef, web.Spec.Hosting = "web", nil, nil
		zone := newZone("web", recordA("shop", "198.51.100.7"))
		w.create(web)
		w.create(zone)
		w.eventuallyReady(web, zone)
		w.delete(web)
		w.eventuallyGone(web)
		again := newSubscription("second.example", "", "")
		again.Name, again.Spec.CustomerRef, again.Spec.Hosting = "web", nil, nil
		w.create(again)
		w.eventuallyReady(again)
		edit(w, zone, func(z *v1alpha1.PleskDNSZone) {
			z.Spec.Records = append(z.Spec.Records, recordA("blog", "198.51.100.8"))
		})
		w.eventuallyReady(zone)
		Expect(w.recordsOnServer()).To(And(
			ContainElements("shop.first.example. A 198.51.100.7", "shop.second.example. A 198.51.100.7", "blog.second.example. A 198.51.100.8"),
			Not(ContainElement(HavePrefix("blog.first.example.")))))

		edit(w, zone, func(z *v1alpha1.PleskDNSZone) { z.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyDelete) })
		w.delete(zone)
		w.eventuallyGone(zone)
		Expect(w.recordsOnServer()).To(And(ContainElement("shop.first.example. A 198.51.100.7"), Not(ContainElement(ContainSubstring("shop.second.example"))),
			Not(ContainElement(HavePrefix("blog.")))), "its own records went, and the first domain's stayed")
	})
})

var _ = Describe("A server whose ids have moved", func() {
	It("has records written to the zone that is ours, not to the one that has its id by now", func() {
		w := readyWorld()
		s := w.setUp()
		stranger := w.addSubscriptionOnServer("stranger.example", "acme")
		edit(w, s.zone, func(z *v1alpha1.PleskDNSZone) { z.Spec.Suspend = true })
		w.eventuallySays(s.zone, v1alpha1.ReasonSuspended)
		mine := s.zone.Status.ID
		Expect(w.plesk.Renumber("webspace", map[int64]int64{1: stranger, stranger: 1})).To(Succeed())
		edit(w, s.zone, func(z *v1alpha1.PleskDNSZone) {
			z.Spec.Suspend, z.Spec.Records = false, append(z.Spec.Records, recordA("blog", "198.51.100.8"))
		})
		w.eventuallyReady(s.zone)
		Expect(s.zone.Status.ID).NotTo(Equal(mine))
		Expect(w.recordsOnServer()).To(ContainElement("blog.acme.example. A 198.51.100.8"))
		Expect(w.recordsOnServer()).NotTo(ContainElement(HavePrefix("blog.stranger.example.")))
	})
})

var _ = Describe("Spellings that are one to the server", func() {
	It("are one key to the operator", func() {
		w := readyWorld()
		first := newCustomer("acme")
		w.create(first)
		w.eventuallyReady(first)
		for i, login := range []string{"ACME", "acme ", " Acme"} {
			c := newCustomer("acme")
			c.Name, c.Spec.Login, c.Spec.AdoptionPolicy = "other-"+string(rune('a'+i)), login, v1alpha1.AdoptionPolicyAlways
			w.create(c)
			w.eventuallySays(c, v1alpha1.ReasonOwnedByAnother, `PleskCustomer "acme"`)
		}
		Expect(w.plesk.Stats().Operations["customer/add"]).To(Equal(1))
		Expect(w.plesk.Stats().Operations["customer/set"]).To(BeZero())
	})
})

var _ = Describe("An add that is answered without an id", func() {
	It("is found again, and recorded", func() {
		w := readyWorld()
		w.plesk.Inject(plesksim.Fault{Operator: "customer", Operation: "add", Executed: true, Without: []string{"id", "guid"}, Times: 1})
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
		Expect(w.customersOnServer()).To(HaveLen(1))
		Expect(c.Status.ID).NotTo(Or(BeEmpty(), Equal("0")))
	})
})

var _ = Describe("A record that a zone gave up", func() {
	It("is anybody's at once: what a customer adds under its name stays", func() {
		w := readyWorld()
		s := w.setUp()
		edit(w, s.zone, func(z *v1alpha1.PleskDNSZone) {
			z.Spec.Records = append(z.Spec.Records, recordA("blog", "198.51.100.8"))
		})
		w.eventuallyReady(s.zone)
		edit(w, s.zone, func(z *v1alpha1.PleskDNSZone) { z.Spec.Records = z.Spec.Records[:1] })
		w.eventuallyReady(s.zone)
		Expect(s.zone.Status.Records).To(HaveExactElements(HaveField("Record", "shop A 198.51.100.7")))
		w.addRecordOnServer(1, "blog", "198.51.100.8")
		w.request(s.zone)
		w.eventuallyReady(s.zone)
		edit(w, s.zone, func(z *v1alpha1.PleskDNSZone) {
			z.Spec.Records = append(z.Spec.Records, recordA("more", "198.51.100.9"))
		})
		w.eventuallyReady(s.zone)
		Expect(w.recordsOnServer()).To(ContainElement("blog.acme.example. A 198.51.100.8"))
	})

	It("is still ours when the server has rewritten it for a renamed site", func() {
		w := readyWorld()
		s := w.setUp()
		edit(w, s.zone, func(z *v1alpha1.PleskDNSZone) {
			z.Spec.Records = append(z.Spec.Records, v1alpha1.DNSRecord{Name: "blog", Type: v1alpha1.DNSRecordCNAME, Value: "shop.acme.example"})
		})
		w.eventuallyReady(s.zone)
		edit(w, s.subscription, func(s *v1alpha1.PleskSubscription) { s.Spec.DomainName = "birch.example" })
		w.eventuallyReady(s.subscription)
		edit(w, s.zone, func(z *v1alpha1.PleskDNSZone) { z.Spec.Records = z.Spec.Records[:1] })
		w.eventuallyReady(s.zone)
		Eventually(w.recordsOnServer).ShouldNot(ContainElement(HavePrefix("blog.")))
	})
})

var _ = Describe("What was deleted on the server", func() {
	It("is reported, not made anew, empty, unless that is permitted", func() {
		w := readyWorld()
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
		_, err := customer.Del.One(w, w.plesk, xmlapi.FilterRequest{Filter: customer.ByLogin("acme")})
		Expect(err).NotTo(HaveOccurred())
		w.plesk.ResetStats()
		w.request(c)
		w.eventuallySays(c, v1alpha1.ReasonGoneOnServer, "was deleted on the server")
		w.request(c)
		w.permit(c, v1alpha1.PermitRecreate, strings.Repeat("0", 32))
		Consistently(func() int { return w.plesk.Stats().Writes }).Should(BeZero())
		w.permit(c, v1alpha1.PermitRecreate, w.token(c, v1alpha1.PermitRecreate))
		w.eventuallyReady(c)
		Expect(w.plesk.Stats().Operations["customer/add"]).To(Equal(1))
		_, err = customer.Del.One(w, w.plesk, xmlapi.FilterRequest{Filter: customer.ByLogin("acme")})
		Expect(err).NotTo(HaveOccurred())
		w.request(c)
		w.eventuallySays(c, v1alpha1.ReasonGoneOnServer)
		Consistently(func() int { return w.plesk.Stats().Operations["customer/add"] }).Should(Equal(1), "a permit is good once")
	})

	It("comes back where the resource says so", func() {
		w := readyWorld()
		c := newCustomer("acme")
		c.Spec.RecreationPolicy = new(v1alpha1.RecreationPolicyRecreate)
		w.create(c)
		w.eventuallyReady(c)
		_, err := customer.Del.One(w, w.plesk, xmlapi.FilterRequest{Filter: customer.ByLogin("acme")})
		Expect(err).NotTo(HaveOccurred())
		w.request(c)
		Eventually(func() *customer.GenInfo { return w.customerOnServer("acme") }).ShouldNot(BeNil())
		w.eventuallyReady(c)
	})

	It("is not taken for gone where it was made something else", func() {
		w := readyWorld(func(s *v1alpha1.PleskServer) { s.Spec.RecreationPolicy = v1alpha1.RecreationPolicyRecreate })
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
		_, err := customer.ConvertToReseller.One(w, w.plesk, customer.ConvertRequest{Filter: customer.ByLogin("acme")})
		Expect(err).NotTo(HaveOccurred())
		w.plesk.ResetStats()
		w.request(c)
		w.eventuallySays(c, v1alpha1.ReasonGoneOnServer, "a reseller now")
		Expect(w.plesk.Stats().Writes).To(BeZero())
	})
})

var _ = Describe("A cluster that was restored", func() {
	// restored puts an object back as a backup tool does: without its status and UID, with its finalizers.
	restored := func(w *world, c *v1alpha1.PleskCustomer) *v1alpha1.PleskCustomer {
		w.reload(c)
		kept := c.DeepCopy()
		edit(w, c, func(c *v1alpha1.PleskCustomer) { c.Finalizers = nil })
		w.delete(c)
		w.eventuallyGone(c)
		kept.ObjectMeta = metav1.ObjectMeta{Namespace: c.Namespace, Name: c.Name, Finalizers: []string{v1alpha1.Finalizer}}
		kept.Status = v1alpha1.PleskCustomerStatus{}
		return kept
	}

	It("without statuses makes nothing anew, and takes up what is there", func() {
		w := readyWorld(deletes)
		there, gone := newCustomer("there"), newCustomer("gone")
		for _, c := range []*v1alpha1.PleskCustomer{there, gone} {
			w.create(c)
			w.eventuallyReady(c)
		}
		// The operator must not see the two deletions as such.
		Expect(manager.Stop()).To(Succeed())
		runs := false
		DeferCleanup(func(ctx context.Context) {
			if !runs {
				Expect(manager.Start(ctx)).To(Succeed())
			}
		})
		there, gone = restored(w, there), restored(w, gone)
		_, err := customer.Del.One(w, w.plesk, xmlapi.FilterRequest{Filter: customer.ByLogin("gone")})
		Expect(err).NotTo(HaveOccurred())
		w.plesk.ResetStats()
		w.create(there)
		w.create(gone)
		Expect(manager.Start(w)).To(Succeed())
		runs = true
		w.eventuallyReady(there)
		w.eventuallySays(gone, v1alpha1.ReasonGoneOnServer, "has lost the record")
		Expect(w.plesk.Stats().Operations["customer/add"] + w.plesk.Stats().Operations["customer/del"]).To(BeZero())
		w.delete(gone)
		w.eventuallyGone(gone)
		Expect(w.plesk.Stats().Operations["customer/del"]).To(BeZero())
	})

	It("as it was yesterday makes nothing anew", func() {
		w := readyWorld()
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
		_, err := customer.Del.One(w, w.plesk, xmlapi.FilterRequest{Filter: customer.ByLogin("acme")}) // today, by its resource, which is back
		Expect(err).NotTo(HaveOccurred())
		w.plesk.ResetStats()
		w.request(c)
		w.eventuallySays(c, v1alpha1.ReasonGoneOnServer)
		Expect(w.plesk.Stats().Writes).To(BeZero())
	})
})

var _ = Describe("An external id of another system", func() {
	It("stays, under every policy, and so does the password that works", func() {
		w := readyWorld()
		const billing = "7f0e0d9f-1c52-4c06-8a53-91be5a3f7712"
		info := newGenInfo("acme")
		info.ExternalID = new(billing)
		w.addOnServer(info)
		c := newCustomer("acme")
		c.Spec.AdoptionPolicy = v1alpha1.AdoptionPolicyAlways
		w.create(c)
		w.eventuallyReady(c)
		Expect(w.customerOnServer("acme")).To(And(HaveField("ExternalID", billing), HaveField("ContactName", "Ada Birch")))
		Expect(w.letsIn("acme", "By-Hand-2031")).To(BeTrue())
		edit(w, c, func(c *v1alpha1.PleskCustomer) { c.Spec.CompanyName = new("Acme") })
		w.eventuallyReady(c)
		edit(w, c, func(c *v1alpha1.PleskCustomer) { c.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyDelete) })
		w.delete(c)
		w.eventuallyGone(c)
		Expect(w.customerOnServer("acme")).To(BeNil(), "it was recorded by id and GUID")
	})
})

var _ = Describe("Secrets that are not the operator's", func() {
	It("get no generated value", func() {
		w := readyWorld()
		admin := w.admin()
		for name, secret := range map[string]*corev1.Secret{
			"the server's credentials": admin,
			"an application's":         {ObjectMeta: metav1.ObjectMeta{Name: "app"}, StringData: map[string]string{"token": "Application-1"}},
			"a certificate's": {
				ObjectMeta: metav1.ObjectMeta{Name: "certificate"}, Type: corev1.SecretTypeTLS, StringData: map[string]string{"tls.crt": "a", "tls.key": "Private-Key-2"},
			},
		} {
			if secret != admin {
				w.create(secret)
			}
			c := newCustomer("c" + secret.Name)
			c.Spec.Password.SecretRef = v1alpha1.SecretKeySelector{Name: secret.Name, Key: "generated"}
			w.create(c)
			w.eventuallySays(c, v1alpha1.ReasonInvalidSpec, "spec.password", `Secret "`+secret.Name+`"`)
			w.reload(secret)
			Expect(secret.Data).NotTo(HaveKey("generated"), name)
		}
		Expect(w.plesk.Stats().Operations["customer/add"]).To(BeZero())
	})

	DescribeTable("are not read where they were made for something else",
		func(kind corev1.SecretType, key string) {
			w := readyWorld()
			w.create(&corev1.Secret{
				ObjectMeta: metav1.ObjectMeta{Name: "another", Annotations: map[string]string{corev1.ServiceAccountNameKey: "default"}}, Type: kind,
				StringData: map[string]string{"tls.crt": "a", "tls.key": "Private-Key-1", "token": "Cluster-Token-1"},
			})
			c := newCustomer("acme")
			c.Spec.Password = &v1alpha1.SecretValue{SecretRef: v1alpha1.SecretKeySelector{Name: "another", Key: key}}
			w.create(c)
			w.eventuallySays(c, v1alpha1.ReasonInvalidSpec, "spec.password", string(kind))
			Expect(w.plesk.Stats().Writes).To(BeZero())
		},
		Entry("a certificate", corev1.SecretTypeTLS, "tls.key"),
		Entry("a service account's token", corev1.SecretTypeServiceAccountToken, "token"),
	)
})

var _ = Describe("What a server says", func() {
	DescribeTable("is fit to show",
		func(text func(password string) string) {
			w := readyWorld()
			w.create(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "acme-panel"}, StringData: map[string]string{"password": "Panel-2031-quoted"}})
			w.plesk.Inject(plesksim.Fault{Operator: "customer", Operation: "add", Code: xmlapi.CodeInvalidValue, Text: text("Panel-2031-quoted")})
			c := newCustomer("acme")
			w.create(c)
			w.eventuallySays(c, v1alpha1.ReasonRejected, "Plesk error 1019")
			Expect(len(w.ready(c).Message)).To(BeNumerically("<=", 1000))
			Expect(w.ready(c).Message).NotTo(ContainSubstring("Panel-2031-quoted"))
			Eventually(func() []string { return w.events(c, v1alpha1.ReasonRejected) }).ShouldNot(BeEmpty())
		},
		Entry("when it quotes the password", func(p string) string { return "The password " + p + " is too weak." }),
		Entry("when it has forty kilobytes", func(string) string { return strings.Repeat("weak ", 8_000) }),
		Entry("when it has two kilobytes", func(string) string { return strings.Repeat("weak ", 400) }),
	)
})
