// Site aliases: whose they are, and how they go with their sites.

package e2e

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/sitealias"
)

// newAlias is an alias of the site of the subscription of this name.
func newAlias(subscription, alias string) *v1alpha1.PleskSiteAlias {
	a := &v1alpha1.PleskSiteAlias{Spec: v1alpha1.PleskSiteAliasSpec{
		CommonSpec: common(), SiteRef: v1alpha1.SiteReference{Kind: "PleskSubscription", Name: subscription}, AliasName: alias,
	}}
	a.Name = strings.ReplaceAll(alias, ".", "-")
	return a
}

// aliasesOnServer are the names of all aliases.
func (w *world) aliasesOnServer() []string {
	GinkgoHelper()
	all, err := sitealias.Get.All(w, w.plesk, xmlapi.QueryRequest{Filter: xmlapi.All()})
	Expect(err).NotTo(HaveOccurred())
	var out []string
	for _, a := range all {
		out = append(out, a.Info.Name)
	}
	return out
}

var _ = Describe("A site alias", func() {
	It("takes a name from everything else on the server, and comes back where it was deleted there", func() {
		w := readyWorld()
		s := w.setUp()
		alias := newAlias("acme-example", "acme-shop.example")
		w.create(alias)
		w.eventuallyReady(alias)
		Expect(alias.Status.Observed.Site).To(Equal("acme.example"))
		second := newSubscription("acme-shop.example", "acme", "birch-small")
		w.create(second)
		w.eventuallySays(second, v1alpha1.ReasonAlreadyExists, "(spec.domainName)")
		w.delete(second)
		w.eventuallyGone(second)

		By("deleting it behind the operator's back")
		_, err := sitealias.Delete.One(w, w.plesk, xmlapi.FilterRequest{Filter: sitealias.ByName("acme-shop.example")})
		Expect(err).NotTo(HaveOccurred())
		w.request(alias)
		Eventually(w.aliasesOnServer).Should(ConsistOf("acme-shop.example"), "it held no data")

		By("deleting its site, which waits for it")
		edit(w, s.subscription, func(o *v1alpha1.PleskSubscription) { o.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyDelete) })
		edit(w, alias, func(o *v1alpha1.PleskSiteAlias) { o.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyDelete) })
		w.delete(s.subscription)
		w.eventuallySays(s.subscription, v1alpha1.ReasonDeletionBlocked, `PleskSiteAlias "acme-shop-example"`)
		w.delete(alias)
		w.eventuallyGone(alias)
		Expect(w.aliasesOnServer()).To(BeEmpty())
	})

	It("is tried with a reseller's credentials, and refused by the server", func() {
		w := accountWorld()
		w.addReseller("north", true)
		w.addCustomer("acme", new("north"))
		w.addSubscription("acme.example", "acme")
		srv := w.serverOf("north", byPassword)
		w.eventuallyReady(srv)
		alias := on(srv, newAlias("", "acme-shop.example"))
		alias.Spec.SiteRef = outside("acme.example")
		w.create(alias)
		w.eventuallySays(alias, v1alpha1.ReasonPermissionDenied, "site-alias/get: Plesk error 1006")
		Expect(w.aliasesOnServer()).To(BeEmpty())
	})
})
