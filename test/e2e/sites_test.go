// Further sites of a subscription, and what lies in them.

package e2e

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
)

// shop is a further site of acme.example with its zone and a mail account, none of which names a server.
type shop struct {
	site    *v1alpha1.PleskSite
	zone    *v1alpha1.PleskDNSZone
	account *v1alpha1.PleskMailAccount
}

func newShop() shop {
	at := v1alpha1.SiteReference{Kind: "PleskSite", Name: "shop-example"}
	s := shop{
		site: &v1alpha1.PleskSite{Spec: v1alpha1.PleskSiteSpec{
			SubscriptionRef: v1alpha1.ObjectReference{Name: "acme-example"}, DomainName: "shop.example", Description: new("The web shop"),
			Hosting: &v1alpha1.SiteHosting{VirtualHost: &v1alpha1.SiteVirtualHost{DocumentRoot: new("shop.example")}},
		}},
		zone:    &v1alpha1.PleskDNSZone{Spec: v1alpha1.PleskDNSZoneSpec{SiteRef: v1alpha1.DNSZoneOwner(at), Records: []v1alpha1.DNSRecord{recordA("blog", "198.51.100.9")}}},
		account: &v1alpha1.PleskMailAccount{Spec: v1alpha1.PleskMailAccountSpec{SiteRef: at, MailName: "orders", Description: new("orders")}},
	}
	s.site.Name, s.zone.Name, s.account.Name = "shop-example", "shop-example", "shop-orders"
	return s
}

// furtherSite is a site on the server, nil where there is none.
func (w *world) furtherSite(domain string) *site.GetResult {
	GinkgoHelper()
	r, err := site.Get.One(w, w.plesk, site.GetRequest{Filter: site.ByName(domain).Query(), Dataset: site.Dataset{GenInfo: &xmlapi.Empty{}}})
	if xmlapi.IsNotFound(err) {
		return nil
	}
	Expect(err).NotTo(HaveOccurred())
	return &r
}

var _ = Describe("A further site of a subscription", func() {
	It("has its zone and its mailboxes, in whatever order they are applied, and stays while it holds something", func() {
		w := readyWorld(deletes)
		s := newShop()
		w.create(s.account)
		w.create(s.zone)
		w.eventuallySays(s.account, v1alpha1.ReasonDependencyNotReady, "shop-example")
		w.create(s.site)
		w.eventuallySays(s.site, v1alpha1.ReasonDependencyNotReady, "acme-example")
		acme := w.setUp()
		w.eventuallyReady(s.site, s.zone, s.account)
		Expect(w.recordsOnServer()).To(ContainElements("blog.shop.example. A 198.51.100.9", "shop.acme.example. A 198.51.100.7"))
		there := w.furtherSite("shop.example")
		Expect(*there.Data.GenInfo.Description).To(Equal("The web shop"))
		Expect(there.Data.GenInfo.WebspaceID).To(Equal(w.siteOnServer("acme.example")))
		accounts, err := mail.GetInfo.All(w, w.plesk, mail.GetInfoRequest{Filter: mail.InfoFilter{SiteID: there.ID}})
		Expect(err).NotTo(HaveOccurred())
		Expect(accounts).To(HaveExactElements(HaveField("Account.Name", "orders")))

		edit(w, s.site, func(o *v1alpha1.PleskSite) { o.Spec.DomainName = "store.example" })
		w.eventuallyReady(s.site)
		Expect(w.furtherSite("store.example").ID).To(Equal(there.ID))
		Eventually(w.recordsOnServer).Should(ContainElement("blog.store.example. A 198.51.100.9"))
		w.eventuallyReady(s.zone, s.account)

		w.delete(s.site)
		w.eventuallySays(s.site, v1alpha1.ReasonDeletionBlocked, "shop-orders")
		Expect(w.furtherSite("store.example")).NotTo(BeNil())
		w.delete(acme.subscription)
		w.eventuallySays(acme.subscription, v1alpha1.ReasonDeletionBlocked, "shop-example")
		w.delete(s.account)
		w.delete(s.zone)
		for _, o := range []client.Object{s.account, s.zone, s.site, acme.subscription} {
			w.eventuallyGone(o)
		}
		Expect(w.furtherSite("store.example")).To(BeNil())
	})

	It("is described by a resource that names its subscription by its domain, and goes first where it is deleted, too", func() {
		w := readyWorld(deletes)
		acme := w.setUp()
		s := newShop()
		s.site.Spec.CommonSpec, s.site.Spec.SubscriptionRef = common(), v1alpha1.ObjectReference{External: "ACME.example"}
		w.create(s.site)
		w.create(s.account)
		w.eventuallyReady(s.site, s.account)
		edit(w, s.site, func(o *v1alpha1.PleskSite) { o.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) })
		w.delete(acme.subscription)
		w.eventuallySays(acme.subscription, v1alpha1.ReasonDeletionBlocked, "keep", `PleskSite "shop-example"`)
		w.reload(acme.subscription)
		Expect(acme.subscription.Status.Awaiting).To(BeNil(), "no permit reaches what a resource keeps")
		edit(w, s.site, func(o *v1alpha1.PleskSite) { o.Spec.DeletionPolicy = nil })
		w.delete(s.account)
		w.delete(s.site)
		for _, o := range []client.Object{s.account, s.site, acme.subscription} {
			w.eventuallyGone(o)
		}
		Expect(w.furtherSite("shop.example")).To(BeNil())
		Expect(w.subscriptionOnServer("acme.example")).To(BeNil())
	})
})
