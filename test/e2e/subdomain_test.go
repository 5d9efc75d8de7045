// Subdomains: below which sites they hang, how they follow them, and how they go with them.

package e2e

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/subdomain"
)

// newSubdomain is a subdomain of the site of a resource.
func newSubdomain(kind, above, name string) *v1alpha1.PleskSubdomain {
	s := &v1alpha1.PleskSubdomain{Spec: v1alpha1.PleskSubdomainSpec{
		CommonSpec: common(), SiteRef: v1alpha1.SiteReference{Kind: kind, Name: above}, SubdomainName: name,
		Hosting: &v1alpha1.SiteHosting{VirtualHost: &v1alpha1.SiteVirtualHost{DocumentRoot: new(name)}},
	}}
	s.Name = name + "-" + above
	return s
}

// subdomainsOnServer are the full names of all subdomains.
func (w *world) subdomainsOnServer() []string {
	GinkgoHelper()
	all, err := subdomain.Get.All(w, w.plesk, xmlapi.QueryRequest{Filter: xmlapi.All()})
	Expect(err).NotTo(HaveOccurred())
	var out []string
	for _, s := range all {
		out = append(out, s.Data.Name)
	}
	return out
}

var _ = Describe("A subdomain", func() {
	It("hangs below a subscription's site or a further one, follows it to another name, and goes before it", func() {
		w := readyWorld(deletes)
		s := w.setUp()
		further := &v1alpha1.PleskSite{Spec: v1alpha1.PleskSiteSpec{
			CommonSpec: common(), SubscriptionRef: v1alpha1.ObjectReference{Name: "acme-example"}, DomainName: "shop.example",
		}}
		further.Name = "shop-example"
		blog, news := newSubdomain("PleskSubscription", "acme-example", "blog"), newSubdomain("PleskSite", "shop-example", "news")
		for _, o := range []v1alpha1.Object{blog, news, further} {
			w.create(o)
		}
		w.eventuallyReady(further, blog, news)
		Expect(w.subdomainsOnServer()).To(ConsistOf("blog.acme.example", "news.shop.example"))
		Expect(news.Status.Observed.Site).To(Equal("shop.example"))

		By("renaming the site above")
		guid := news.Status.GUID
		edit(w, further, func(o *v1alpha1.PleskSite) { o.Spec.DomainName = "store.example" })
		w.eventuallyReady(further)
		Eventually(func() string {
			w.reload(news)
			return news.Status.Key
		}).Should(Equal("news.store.example"))
		w.eventuallyReady(news)
		Expect(news.Status.GUID).To(Equal(guid))
		Expect(w.subdomainsOnServer()).To(ConsistOf("blog.acme.example", "news.store.example"))

		By("deleting it behind the operator's back")
		_, err := subdomain.Del.One(w, w.plesk, xmlapi.FilterRequest{Filter: subdomain.ByName("blog.acme.example")})
		Expect(err).NotTo(HaveOccurred())
		w.request(blog)
		w.eventuallySays(blog, v1alpha1.ReasonGoneOnServer)
		Expect(w.subdomainsOnServer()).To(ConsistOf("news.store.example"), "it held files")
		w.delete(blog)
		w.eventuallyGone(blog)

		By("deleting what it lies in, which waits for it")
		w.delete(further)
		w.eventuallySays(further, v1alpha1.ReasonDeletionBlocked, `PleskSubdomain "news-shop-example"`)
		w.delete(s.subscription)
		w.eventuallySays(s.subscription, v1alpha1.ReasonDeletionBlocked, "PleskSite")
		Expect(w.subdomainsOnServer()).To(ConsistOf("news.store.example"))
		w.delete(news)
		for _, o := range []v1alpha1.Object{news, further, s.subscription} {
			w.eventuallyGone(o)
		}
	})

	It("is not made on a server whose protocol would make a further domain of it", func() {
		w := newWorldWith(plesksim.Options{Protocol: "1.6.4.0"})
		w.eventuallyReady(w.server)
		site := bareSite("own.example")
		w.create(site)
		w.eventuallyReady(site)
		blog := newSubdomain("PleskSubscription", "own-example", "blog")
		w.create(blog)
		w.eventuallySays(blog, v1alpha1.ReasonInvalidSpec, "spec.siteRef", "1.6.5.0")
		Expect(w.subdomainsOnServer()).To(BeEmpty())
		w.delete(blog)
		w.eventuallyGone(blog)
	})
})
