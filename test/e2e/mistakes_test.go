// What people get wrong, and whether what they are told then is of use.

package e2e

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
)

var _ = Describe("Somebody who makes a mistake is told", func() {
	It("which kind has the name where a reference leaves the kind out", func() {
		w := readyWorld()
		s := w.setUp()
		shop := &v1alpha1.PleskSite{Spec: v1alpha1.PleskSiteSpec{CommonSpec: common(), DomainName: "shop.example", SubscriptionRef: v1alpha1.ObjectReference{Name: s.subscription.Name}}}
		shop.Name = "shop"
		w.create(shop)
		m := newMailAccount("shop", "info")
		w.create(m)
		w.eventuallySays(m, v1alpha1.ReasonDependencyNotReady, `PleskSubscription "shop" (spec.siteRef): not found; there is a PleskSite of that name (spec.siteRef.kind)`)
	})

	It("where on the way to the server something is missing", func() {
		w := readyWorld()
		s := w.setUp()
		for _, o := range []v1alpha1.Object{s.subscription, s.zone} {
			w.delete(o)
			w.eventuallyGone(o)
		}
		site := newSubscription("acme.example", "nobody", "birch-small")
		site.Spec.ServerRef = nil
		w.create(site)
		w.eventuallySays(site, v1alpha1.ReasonDependencyNotReady, `waiting for PleskCustomer "nobody" (spec.customerRef): not found`)
		m := newMailAccount(site.Name, "info")
		m.Spec.ServerRef = nil
		w.create(m)
		w.eventuallySays(m, v1alpha1.ReasonDependencyNotReady, `waiting for PleskCustomer "nobody" (spec.customerRef of PleskSubscription "acme-example"): not found`)
	})

	It("that a certificate is not there, though the site does not wait for it", func() {
		w := readyWorld()
		s := w.setUp()
		edit(w, s.subscription, func(o *v1alpha1.PleskSubscription) {
			o.Spec.Hosting.VirtualHost.TLS = &v1alpha1.SiteTLS{CertificateRef: &v1alpha1.CertificateReference{Name: "typo"}}
		})
		Eventually(w.ready).WithArguments(s.subscription).Should(And(HaveField("Status", metav1.ConditionTrue),
			HaveField("Message", ContainSubstring(`without PleskCertificate "typo" (spec.hosting.virtualHost.tls.certificateRef): not found`))))
	})

	It("that an approval is for something else", func() {
		w := readyWorld()
		c := plannedCustomer("acme")
		w.create(c)
		w.plan(c)
		w.approve(c, strings.Repeat("0", 32))
		w.eventuallySays(c, v1alpha1.ReasonPlanned, "is for something else")
	})

	It("what a server that is being deleted waits for", func() {
		w := readyWorld()
		w.setUp()
		w.delete(w.server)
		Eventually(w.ready).WithArguments(w.server).Should(HaveField("Message", And(HavePrefix("being deleted, and serving until these are gone: "), ContainSubstring("acme"))))
		up := w.plesk.Inject(plesksim.Fault{Status: 502})
		Eventually(w.ready).WithArguments(w.server).Should(And(
			HaveField("Reason", v1alpha1.ReasonServerNotReady),
			HaveField("Message", And(ContainSubstring("being deleted, which waits for these"), ContainSubstring("acme"), ContainSubstring("deletionPolicy: Retain")))))
		up()
	})
})
