// The certificate of a web site, as its spec names it.

package hosting

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

func TestWantedCertificate(t *testing.T) {
	own, subscription, other := engine.Identity{ID: "7", GUID: "own"}, engine.Identity{ID: "3", GUID: "subscription"}, engine.Identity{ID: "9", GUID: "other"}
	byName := &v1alpha1.CertificateReference{Name: "acme-tls"}
	for what, c := range map[string]struct {
		ref     *v1alpha1.CertificateReference
		in      *engine.Identity // whose repository the resource's certificate is in, nil while it is not there
		places  []engine.Identity
		wants   string // "" for nothing
		invalid bool
	}{
		"nothing is named":                          {nil, nil, nil, "", false},
		"a name on the server":                      {&v1alpha1.CertificateReference{External: "default certificate"}, nil, nil, "default certificate", false},
		"a resource that is not there yet":          {byName, nil, []engine.Identity{own}, "", false},
		"a resource in the site's own repository":   {byName, &own, []engine.Identity{own, subscription}, "acme 2031", false},
		"a resource in the subscription's":          {byName, &subscription, []engine.Identity{own, subscription}, "acme 2031", false},
		"a resource in the server's":                {byName, &engine.Identity{}, []engine.Identity{own, subscription}, "acme 2031", false},
		"a resource in another site's":              {byName, &other, []engine.Identity{own, subscription}, "", true},
		"a site that is not known yet":              {byName, &own, nil, "acme 2031", false},
		"a resource in the same site with other id": {byName, &engine.Identity{ID: "70", GUID: "own"}, []engine.Identity{own}, "acme 2031", false},
	} {
		t.Run(what, func(t *testing.T) {
			g := NewWithT(t)
			refs := map[string]engine.Resolved{}
			if c.in != nil {
				refs[certificateField] = engine.Resolved{Kind: "PleskCertificate", Key: engine.Key{Within: *c.in, Name: "acme 2031"}}
			}
			name, err := wantedCertificate(&v1alpha1.SiteTLS{CertificateRef: c.ref}, engine.NewInputs("", refs, nil), c.places...)
			if c.invalid {
				g.Expect(err).To(MatchError(HavePrefix(certificateField + ": ")))
				return
			}
			g.Expect(err).NotTo(HaveOccurred())
			if c.wants == "" {
				g.Expect(name).To(BeNil())
			} else {
				g.Expect(name).To(HaveValue(Equal(c.wants)))
			}
		})
	}
}

// What a resource describes is waited for by a watch; a name on the server is the server's to know, and the engine's to refuse to a tenant.
func TestCertificateReferences(t *testing.T) {
	g := NewWithT(t)
	tls := &v1alpha1.SiteTLS{CertificateRef: &v1alpha1.CertificateReference{Name: "acme-tls"}}
	subscription := &v1alpha1.PleskSubscription{Spec: v1alpha1.PleskSubscriptionSpec{Hosting: &v1alpha1.SubscriptionHosting{VirtualHost: &v1alpha1.VirtualHost{TLS: tls}}}}
	site := &v1alpha1.PleskSite{Spec: v1alpha1.PleskSiteSpec{Hosting: &v1alpha1.SiteHosting{VirtualHost: &v1alpha1.SiteVirtualHost{TLS: tls}}}}
	ofSubscription, ofSite := Subscription{}.Refs()[len(Subscription{}.Refs())-1], Site{}.Refs()[len(Site{}.Refs())-1]
	g.Expect([]bool{ofSubscription.Soft, ofSite.Soft}).To(HaveEach(true), "the certificate lies in the site: it cannot be there before")
	mentions := func() [][]engine.Mention {
		return [][]engine.Mention{ofSubscription.Get(subscription), ofSite.Get(site)}
	}
	g.Expect(mentions()).To(HaveEach(ConsistOf(engine.Mention{Name: "acme-tls"})))
	tls.CertificateRef = &v1alpha1.CertificateReference{External: "acme"}
	g.Expect(mentions()).To(HaveEach(ConsistOf(engine.Mention{External: "acme"})))
	tls.CertificateRef = nil
	g.Expect(mentions()).To(HaveEach(BeEmpty()))
	g.Expect(ofSubscription.Get(&v1alpha1.PleskSubscription{})).To(BeEmpty())
	g.Expect(ofSite.Get(&v1alpha1.PleskSite{})).To(BeEmpty())
}
