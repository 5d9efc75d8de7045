// Certificates against a simulated Plesk: what the Secret holds is stored, and nothing else was written.

package web

import (
	"errors"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

const inSubscription = `
metadata: {name: acme-tls, uid: 8c5f1b0e-0f3e-4b57-8d1e-6f4b7f3f2a10}
spec:
  siteRef: {external: acme.example}
  certificateName: acme 2031
  tlsSecretRef: {name: acme-tls}
`

type certificateObject = controllertest.Object[*v1alpha1.PleskCertificate, certificateValue]

// addHosting makes acme.example and, in it, shop.example, both with a web site.
func addHosting(t *testing.T, srv *plesksim.Server) {
	t.Helper()
	g := NewWithT(t)
	_, err := webspace.Add.One(t.Context(), srv, webspace.AddRequest{
		GenSetup: webspace.NewGenSetup{Name: "acme.example", HostingType: new(hosting.Virtual), IPAddresses: []string{"198.51.100.7"}},
		Hosting: &hosting.Hosting{Virtual: &hosting.VirtualHosting{IPAddresses: []string{"198.51.100.7"}, Properties: []xmlapi.Property{
			{Name: "ftp_login", Value: "acme"}, {Name: "ftp_password", Value: "Mossy-Gate-2026!"}, {Name: "ssl", Value: "true"},
		}}},
	})
	g.Expect(err).NotTo(HaveOccurred())
	_, err = site.Add.One(t.Context(), srv, site.AddRequest{
		GenSetup: site.NewGenSetup{Name: "shop.example", HostingType: new(hosting.Virtual), WebspaceName: new("acme.example")},
		Hosting:  &site.Hosting{Virtual: &site.VirtualHosting{Properties: []xmlapi.Property{{Name: "www_root", Value: "shop"}}}},
	})
	g.Expect(err).NotTo(HaveOccurred())
}

// newCertificateObject is a resource whose site is there, with a pair.
func newCertificateObject(t *testing.T, srv *plesksim.Server, c xmlapi.Doer, manifest, pair string) *certificateObject {
	t.Helper()
	o := controllertest.Parse(t, &v1alpha1.PleskCertificate{}, manifest)
	refs := map[string]engine.Resolved{}
	if o.Spec.SiteRef != nil {
		at, err := target.FindSite(t.Context(), srv, o.Spec.SiteRef.External)
		if err != nil || at == nil {
			t.Fatalf("%v, %v", at, err)
		}
		refs[certificateSite] = *at
	}
	in := engine.NewInputs("", refs, map[string]xmlapi.Secret{certificateSecret: xmlapi.Secret(pair)})
	return &certificateObject{T: t, Kind: Certificate{}, D: c, O: o, In: in}
}

// Each repository is reached by the name of what has it: a subscription, a further site, the server.
func TestCertificateArrives(t *testing.T) {
	p := issue(t, ecKey(t), "acme.example", "www.acme.example")
	for _, c := range []struct{ where, in, name, id string }{
		{`siteRef: {external: acme.example}, certificateName: acme 2031`, "acme.example", "acme 2031", ""},
		{`siteRef: {external: SHOP.example}, certificateName: acme 2031`, "shop.example", "acme 2031", ""},
		{`certificateName: acme 2031`, "", "acme 2031", "server/acme 2031"},
		{`siteRef: {external: acme.example}`, "acme.example", "acme-tls-dfb7d2be6b", ""},
	} {
		t.Run(c.where, func(t *testing.T) {
			g := NewWithT(t)
			srv, client := controllertest.Simulated(t)
			addHosting(t, srv)
			manifest := "metadata: {name: acme-tls, uid: 8c5f1b0e-0f3e-4b57-8d1e-6f4b7f3f2a10}\nspec: {tlsSecretRef: {name: acme-tls}, " + c.where + "}"
			x := newCertificateObject(t, srv, client, manifest, p.text())
			x.Settle()
			g.Expect(srv.Stats().Operations).To(HaveKeyWithValue("certificate/install", 1))
			stored := srv.Certificate(c.in, c.name)
			g.Expect(stored).NotTo(BeNil())
			g.Expect([]string{stored.Certificate, stored.Chain}).To(Equal([]string{p.leaf, p.between}))
			request := readRequest(t, stored.Request)
			g.Expect(request.DNSNames).To(Equal([]string{"acme.example", "www.acme.example"}))
			g.Expect(request.Subject.CommonName).To(Equal("acme.example"))
			g.Expect(x.O.Status.Observed.CertificateName).To(Equal(c.name))
			g.Expect(x.O.Status.Observed.Repository).To(Equal(c.in))
			if c.id != "" {
				g.Expect(x.ID).To(Equal(engine.Identity{ID: c.id}))
			}
		})
	}
}

// What was once made under a name of our own keeps that, whatever becomes of the UID.
func TestCertificateKeepsItsName(t *testing.T) {
	g := NewWithT(t)
	o := controllertest.Parse(t, &v1alpha1.PleskCertificate{}, `metadata: {name: a-name-that-is-a-good-deal-longer-than-forty-characters, uid: "1"}`)
	first := nameOf(o)
	g.Expect(first).To(MatchRegexp(`^a-name-that-is-a-good-deal-longer-than-f-[0-9a-f]{10}$`))
	o.UID = "2"
	g.Expect(nameOf(o)).NotTo(Equal(first))
	o.Status.Key = first
	g.Expect(nameOf(o)).To(Equal(first))
}

// A renewal replaces what is stored under the name in one operation, also after the site was renamed.
func TestCertificateIsRenewedInPlace(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	addHosting(t, srv)
	x := newCertificateObject(t, srv, c, inSubscription, issue(t, ecKey(t), "acme.example").text())
	x.Settle()
	_, err := webspace.Set.One(t.Context(), srv, webspace.SetRequest{
		Filter: webspace.ByName("acme.example"), Values: webspace.SetValues{GenSetup: &webspace.SetGenSetup{Name: new("acme-ltd.example")}},
	})
	g.Expect(err).NotTo(HaveOccurred())
	next := issue(t, rsaKey(t), "acme.example")
	srv.ResetStats()
	g.Expect(renewed(x, next.text())).To(Succeed())
	g.Expect(srv.Certificate("acme-ltd.example", "acme 2031").Certificate).To(Equal(next.leaf))
	g.Expect(srv.Stats().Writes).To(Equal(1))
	g.Expect(srv.Stats().Operations).To(HaveKeyWithValue("certificate/update", 1))
}

// A pair that is of no use is refused by its field, and what the server has stays.
func TestCertificateRefusesWhatIsOfNoUse(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	addHosting(t, srv)
	good := issue(t, ecKey(t), "acme.example")
	for what, text := range uselessPairs(t) {
		x := newCertificateObject(t, srv, c, inSubscription, text)
		_, err := x.Pass()
		g.Expect(err).To(MatchError(HavePrefix("spec.tlsSecretRef: ")), what)
	}
	g.Expect(srv.Certificate("acme.example", "acme 2031")).To(BeNil())
	x := newCertificateObject(t, srv, c, inSubscription, good.text())
	x.Settle()
	srv.ResetStats()
	for what, text := range uselessPairs(t) {
		g.Expect(renewed(x, text)).To(MatchError(HavePrefix("spec.tlsSecretRef: ")), what)
	}
	g.Expect(srv.Stats().Writes).To(BeZero())
	g.Expect(srv.Certificate("acme.example", "acme 2031").Certificate).To(Equal(good.leaf))
}

// What was written is shown to people, by all that the server does not tell.
func TestCertificateShowsWhatWasWritten(t *testing.T) {
	g := NewWithT(t)
	p := issue(t, ecKey(t), "acme.example", "www.acme.example")
	o := &v1alpha1.PleskCertificate{}
	Certificate{}.Wrote(o, certificateValue{Pair: new(xmlapi.Secret(p.text()))})
	w := o.Status.Observed.Written
	g.Expect(w.Subject).To(Equal("CN=acme.example"))
	g.Expect(w.Issuer).To(Equal("CN=Acme Intermediate"))
	g.Expect(w.DNSNames).To(Equal([]string{"acme.example", "www.acme.example"}))
	g.Expect(w.NotAfter.Time).To(BeTemporally("==", p.notAfter))
	g.Expect(w.Fingerprint).To(Equal(p.fingerprint))
	g.Expect(w.Chain).To(BeEquivalentTo(1))
	Certificate{}.Wrote(o, certificateValue{Name: new("acme")})
	g.Expect(o.Status.Observed.Written).To(Equal(w))
	Certificate{}.Observe(o, &engine.Found[certificateValue]{Value: certificateValue{Name: new("acme")}})
	g.Expect(o.Status.Observed.Written).To(Equal(w), "a look at the server tells nothing of it")
}

// A certificate that a site, its webmail or the panel uses is not deleted, whatever the server would do.
func TestCertificateIsUsed(t *testing.T) {
	for _, c := range []struct {
		where string
		use   func(g *WithT, srv *plesksim.Server, name string) error
		by    []string
	}{
		{"acme.example", func(*WithT, *plesksim.Server, string) error { return nil }, nil},
		{"acme.example", func(_ *WithT, srv *plesksim.Server, name string) error {
			_, err := webspace.Set.One(t.Context(), srv, webspace.SetRequest{Filter: webspace.ByName("acme.example"), Values: webspace.SetValues{Hosting: usedByHosting(name)}})
			return err
		}, []string{"acme.example"}},
		{"acme.example", useInShop(t), []string{"shop.example"}},
		{"shop.example", useInShop(t), []string{"shop.example"}},
		{"acme.example", func(g *WithT, srv *plesksim.Server, name string) error {
			at, err := target.FindSite(t.Context(), srv, "shop.example")
			g.Expect(err).NotTo(HaveOccurred())
			f, err := engine.FilterByID(mail.BySite, at.ID)
			g.Expect(err).NotTo(HaveOccurred())
			_, err = mail.SetPrefs.One(t.Context(), srv, mail.SetPrefsRequest{Filter: f, Preferences: hosting.MailPreferences{WebmailCertificate: &name}})
			return err
		}, []string{"the webmail of shop.example"}},
		{"", func(_ *WithT, srv *plesksim.Server, name string) error {
			_, err := server.Set.One(t.Context(), srv, server.SetRequest{Certificates: &server.Certificates{Panel: &server.Certificate{Name: name, Repository: hosting.OfServer()}}})
			return err
		}, []string{"the panel"}},
		{"", func(*WithT, *plesksim.Server, string) error { return nil }, nil},
	} {
		g := NewWithT(t)
		srv, client := controllertest.Simulated(t)
		addHosting(t, srv)
		manifest := "spec: {certificateName: one, tlsSecretRef: {name: tls}, siteRef: {external: " + c.where + "}}"
		if c.where == "" {
			manifest = "spec: {certificateName: one, tlsSecretRef: {name: tls}}"
		}
		x := newCertificateObject(t, srv, client, manifest, issue(t, ecKey(t), "acme.example").text())
		x.Settle()
		g.Expect(c.use(g, srv, "one")).To(Succeed())
		found, err := x.Find(x.Was)
		g.Expect(err).NotTo(HaveOccurred())
		users, err := Certificate{}.UsedBy(t.Context(), client, found)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(users).To(Equal(c.by), "%s", c.where)
		if c.by == nil {
			g.Expect(Certificate{}.Delete(t.Context(), client, found)).To(Succeed())
			g.Expect(srv.Certificate(c.where, "one")).To(BeNil())
		}
	}
}

// A server without mail has no webmail to ask for; one that does not tell who uses a certificate has it stay.
func TestCertificateOfAServerWithoutMail(t *testing.T) {
	for code, known := range map[int]bool{xmlapi.CodeComponentMissing: true, xmlapi.CodeParse: false, xmlapi.CodeFailed: false, xmlapi.CodePermissionDenied: false} {
		g := NewWithT(t)
		srv, c := controllertest.Simulated(t)
		addHosting(t, srv)
		x := newCertificateObject(t, srv, c, inSubscription, issue(t, ecKey(t), "acme.example").text())
		x.Settle()
		srv.Inject(plesksim.Fault{Operator: "mail", Operation: "get_prefs", Code: code})
		found, err := x.Find(x.Was)
		g.Expect(err).NotTo(HaveOccurred())
		users, err := Certificate{}.UsedBy(t.Context(), c, found)
		g.Expect(err == nil).To(Equal(known), "%d", code)
		g.Expect(users).To(BeEmpty())
	}
}

func usedByHosting(name string) *hosting.Hosting {
	return &hosting.Hosting{Virtual: &hosting.VirtualHosting{Properties: []xmlapi.Property{{Name: "certificate_name", Value: name}}}}
}

// useInShop has shop.example use a certificate.
func useInShop(t *testing.T) func(*WithT, *plesksim.Server, string) error {
	return func(_ *WithT, srv *plesksim.Server, name string) error {
		_, err := site.Set.One(t.Context(), srv, site.SetRequest{Filter: site.ByName("shop.example"), Values: site.SetValues{
			Hosting: &site.Hosting{Virtual: &site.VirtualHosting{Properties: []xmlapi.Property{{Name: "certificate_name", Value: name}}}},
		}})
		return err
	}
}

// All repositories with something in them are listed in two packets.
func TestCertificatesAreListed(t *testing.T) {
	srv, c := controllertest.Simulated(t)
	addHosting(t, srv)
	var handles []engine.Handle
	for _, what := range []string{
		"certificateName: one, siteRef: {external: acme.example}", "certificateName: two, siteRef: {external: acme.example}",
		"certificateName: two, siteRef: {external: shop.example}", "certificateName: two",
	} {
		x := newCertificateObject(t, srv, c, "spec: {tlsSecretRef: {name: tls}, "+what+"}", issue(t, ecKey(t), "acme.example").text())
		x.Settle()
		handles = append(handles, x.Handle(x.Was))
	}
	controllertest.ExpectListed(t, Certificate{}, c, 2, handles...)
}

// A repository that contradicts its site says nothing about what it holds.
func TestCertificateOfAContradiction(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	addHosting(t, srv)
	x := newCertificateObject(t, srv, c, inSubscription, issue(t, ecKey(t), "acme.example").text())
	x.Settle()
	srv.Inject(plesksim.Fault{Operator: "certificate", Operation: "get-pool", Code: xmlapi.CodeNotFound})
	_, err := x.Find(x.Was)
	g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient))
	srv.ClearFaults()
	srv.Inject(plesksim.Fault{Operator: "site", Operation: "get", Code: xmlapi.CodeNotFound})
	found, err := x.Find(x.Was)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found).To(BeNil(), "it went with its site")
}

// Only the server's own repository is not for tenants; and each refusal is about its field.
func TestCertificatePrivilegesAndRefusals(t *testing.T) {
	g := NewWithT(t)
	g.Expect(Certificate{}.Privileged(certificateValue{})).To(Equal([]string{"siteRef"}))
	g.Expect(Certificate{}.Privileged(certificateValue{Site: &engine.Link{}})).To(BeEmpty())
	srv, c := controllertest.Simulated(t)
	addHosting(t, srv)
	for code, field := range map[int]string{
		xmlapi.CodeMalformedKey: "spec.tlsSecretRef", xmlapi.CodeInvalidValue: "spec.tlsSecretRef", xmlapi.CodeExists: "spec.certificateName", xmlapi.CodeOwnerNotFound: "spec.siteRef",
	} {
		remove := srv.Inject(plesksim.Fault{Operator: "certificate", Operation: "install", Code: code})
		x := newCertificateObject(t, srv, c, inSubscription, issue(t, ecKey(t), "acme.example").text())
		_, err := x.Pass()
		remove()
		refusal, ok := errors.AsType[*xmlapi.Error](err)
		g.Expect(ok).To(BeTrue(), "%v", err)
		g.Expect(engine.FieldOf(x.Kind, refusal)).To(Equal(field), "%d", code)
	}
}

// renewed gives an object another pair, as the engine does when the Secret has changed.
func renewed(x *certificateObject, text string) error {
	x.T.Helper()
	in := engine.NewInputs("", map[string]engine.Resolved{certificateSite: *x.In.Ref(certificateSite)}, map[string]xmlapi.Secret{certificateSecret: xmlapi.Secret(text)})
	key, want, err := x.Kind.Desired(x.O, in)
	if err != nil {
		return err
	}
	found, err := x.Find(key)
	if err != nil {
		return err
	}
	return x.Update(found, want, []engine.Change{{Field: "tlsSecretRef", WriteOnly: true}})
}
