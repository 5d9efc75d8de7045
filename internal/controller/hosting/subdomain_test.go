// Subdomains against a simulated Plesk: whatever the spec says is there afterwards, below the site that it names, and nothing else was written.

package hosting

import (
	"errors"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/subdomain"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func FuzzNormalSubdomain(f *testing.F) { controllertest.FuzzNormal(f, Subdomain{}) }

const richSubdomain = `
spec:
  siteRef: {external: acme.example}
  subdomainName: Blog
  description: "The  journal"
  preferences: {www: false, statisticsMonths: 12, outgoingLimit: 50}
  performance: {bandwidth: 512, maxConnections: unlimited}
  hosting:
    virtualHost:
      documentRoot: sites/blog
      php: {enabled: true, settings: {memory_limit: 256M}}
      tls: {enabled: true, redirect: true}
      extraProperties: {waf-rule-engine: "on"}
`

const plainSubdomain = `spec: {siteRef: {external: acme.example}, subdomainName: blog}`

// subdomainObject is a resource whose reference resolves to what is on the simulator.
type subdomainObject = controllertest.Object[*v1alpha1.PleskSubdomain, siteValue]

// subdomainOf is a resource of a subdomain of the site that it names, which is made where it is missing: acme.example as a subscription's own, others
// as further ones of that.
func subdomainOf(t *testing.T, srv *plesksim.Server, d xmlapi.Doer, manifest string) *subdomainObject {
	t.Helper()
	o := controllertest.Parse(t, &v1alpha1.PleskSubdomain{}, manifest)
	at := siteOn(t, srv, "acme.example")
	if at == nil {
		addSubscription(t, srv, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: "acme.example"}, Hosting: virtual("acme")})
	}
	if at = siteOn(t, srv, o.Spec.SiteRef.External); at == nil {
		if _, err := site.Add.One(t.Context(), srv, site.AddRequest{GenSetup: site.NewGenSetup{Name: o.Spec.SiteRef.External, WebspaceName: new("acme.example")}}); err != nil {
			t.Fatal(err)
		}
		at = siteOn(t, srv, o.Spec.SiteRef.External)
	}
	return &subdomainObject{
		T: t, Kind: Subdomain{}, D: d, O: o, Passing: siteMark, In: engine.NewInputs("", map[string]engine.Resolved{aboveField: *at}, nil),
	}
}

// siteOn is a site as a reference resolves to it, nil for none.
func siteOn(t *testing.T, srv *plesksim.Server, name string) *engine.Resolved {
	t.Helper()
	at, err := target.FindSite(t.Context(), srv, name)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// hung passes until the mark is gone.
func hung(x *subdomainObject) *subdomainObject {
	x.T.Helper()
	if _, err := x.Pass(); err != nil {
		x.T.Fatal(err)
	}
	x.Settle()
	return x
}

func TestSubdomainArrives(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	r := &controllertest.Recording{Doer: c}
	x := subdomainOf(t, srv, r, richSubdomain)
	_, err := x.Pass()
	g.Expect(err).NotTo(HaveOccurred())
	above := x.In.Ref(aboveField)
	g.Expect(r.Sent).To(ContainElement(And(ContainSubstring("<parent-site-guid>"+above.GUID+"</parent-site-guid>"), Not(ContainSubstring("webspace-")))))
	g.Expect(*readSite(t, srv, "blog.acme.example").GenInfo.Description).To(Equal(siteMark+" The journal"), "it bears the mark from the beginning")
	hung(x)

	d := readSite(t, srv, "blog.acme.example")
	g.Expect(*d.GenInfo.Description).To(Equal("The journal"))
	g.Expect(d.GenInfo.WebspaceGUID).To(Equal(above.GUID))
	g.Expect(d.Hosting.Virtual.Properties).To(ContainElements(
		xmlapi.Property{Name: "www_root", Value: "/var/www/vhosts/acme.example/sites/blog"}, xmlapi.Property{Name: "memory_limit", Value: "256M"},
		xmlapi.Property{Name: "waf-rule-engine", Value: "on"},
	))
	as, err := subdomain.Get.One(t.Context(), srv, xmlapi.QueryRequest{Filter: subdomain.ByName("blog.acme.example").Query()})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(as.Data.Parent).To(Equal("acme.example"), "it is a subdomain, and no further domain")
	g.Expect(*x.O.Status.Observed).To(And(
		HaveField("DomainName", "blog.acme.example"), HaveField("Site", "acme.example"), HaveField("Subscription", "acme.example"), HaveField("State", "Active"),
		HaveField("Hosting", "VirtualHost"), HaveField("DocumentRoot", "/var/www/vhosts/acme.example/sites/blog"), HaveField("IPAddresses", []string{"198.51.100.7"})))
	g.Expect(x.Was).To(Equal(engine.Key{Name: "blog.acme.example"}))
}

// Every field by itself: the change is seen, written, and there afterwards; nothing else counts as different.
func TestSubdomainFields(t *testing.T) {
	for _, c := range []struct {
		spec   string
		fields []string
	}{
		{`description: ""`, []string{"description"}},
		{`subdomainName: journal`, []string{"subdomainName"}},
		{`subdomainName: BLOG`, nil},
		{`preferences: {www: true}`, []string{"preferences.www"}},
		{`preferences: {outgoingLimit: unlimited}`, []string{"preferences.outgoingLimit"}},
		{`performance: {bandwidth: unlimited}`, []string{"performance.bandwidth"}},
		{`hosting: {virtualHost: {documentRoot: blog.acme.example}}`, []string{"hosting.virtualHost.documentRoot"}},
		{`hosting: {virtualHost: {php: {settings: {memory_limit: 512M}}}}`, []string{"hosting.virtualHost.php.settings.memory_limit"}},
		{`hosting: {virtualHost: {tls: {redirect: false}}}`, []string{"hosting.virtualHost.tls.redirect"}},
	} {
		t.Run(c.spec, func(t *testing.T) {
			srv, client := controllertest.Simulated(t)
			x := hung(subdomainOf(t, srv, client, richSubdomain))
			id := x.ID
			srv.ResetStats()
			x.Edit("spec: {"+c.spec+"}", c.fields...)
			if writes := srv.Stats().Writes; writes != min(len(c.fields), 1) {
				t.Errorf("%d operations wrote: %v", writes, srv.Stats().Operations)
			}
			if x.ID != id {
				t.Errorf("made anew: %v", x.ID)
			}
		})
	}
}

// What the spec does not set is left alone, on a subdomain that the panel has made, too.
func TestSubdomainLeavesAloneWhatIsUnset(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := subdomainOf(t, srv, c, plainSubdomain)
	_, err := subdomain.Add.One(t.Context(), srv, subdomain.AddRequest{Parent: "acme.example", Name: "blog", Properties: []xmlapi.Property{{Name: "cgi", Value: "true"}}})
	g.Expect(err).NotTo(HaveOccurred())
	changes, err := x.Pass()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(changes).To(BeEmpty())
	g.Expect(x.O.Status.Observed.Hosting).To(Equal("VirtualHost"))
}

func TestSubdomainNames(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := hung(subdomainOf(t, srv, c, `spec: {siteRef: {external: bücher.example}, subdomainName: Käse}`))
	g.Expect(*x.O.Status.Observed).To(And(HaveField("DomainName", "käse.bücher.example"), HaveField("Site", "bücher.example"), HaveField("Subscription", "acme.example")))
	g.Expect(x.Was.Name).To(Equal("xn--kse-qla.xn--bcher-kva.example"))
	x.Edit(`spec: {subdomainName: xn--kse-qla}`) // the same name: no change
	x.Edit(`spec: {subdomainName: a.b}`, "subdomainName")
	g.Expect(readSite(t, srv, "a.b.bücher.example")).NotTo(BeNil())

	for _, name := range []string{"*", "*.deep"} {
		wild := hung(subdomainOf(t, srv, c, `spec: {siteRef: {external: bücher.example}, subdomainName: "`+name+`"}`))
		g.Expect(wild.O.Status.Observed.DomainName).To(Equal(name + ".bücher.example"))
		g.Expect(wild.Was.Name).To(Equal(name + ".xn--bcher-kva.example"))
	}
	for _, name := range []string{"under_score", "a.*", "a..b", "-", "xn--"} {
		controllertest.Parse(t, x.O, `spec: {subdomainName: "`+name+`"}`)
		_, err := x.Pass()
		g.Expect(err).To(MatchError(HavePrefix("spec.subdomainName: ")), name)
	}
}

// A subdomain follows its site to another name: it is written neither back nor anew, whether or not the site's resource knows of it yet.
func TestSubdomainOfARenamedSite(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := hung(subdomainOf(t, srv, c, `spec: {siteRef: {external: shop.example}, subdomainName: blog}`))
	id := x.ID
	_, err := site.Set.One(t.Context(), srv, site.SetRequest{Filter: site.ByName("shop.example"), Values: site.SetValues{GenSetup: &site.SetGenSetup{Name: new("store.example")}}})
	g.Expect(err).NotTo(HaveOccurred())
	srv.ResetStats()
	changes, err := x.Pass()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(changes).To(BeEmpty(), "its name below the site is what it was")
	g.Expect(x.O.Status.Observed.DomainName).To(Equal("blog.store.example"))
	// A rename goes below the site as it is called now.
	x.Edit(`spec: {subdomainName: journal}`, "subdomainName")
	g.Expect(readSite(t, srv, "journal.store.example")).NotTo(BeNil())
	g.Expect(x.ID).To(Equal(id))
}

// Main sites, and further domains, are no subdomains, whatever their names look like.
func TestOtherSitesAreNoSubdomains(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := hung(subdomainOf(t, srv, c, plainSubdomain))
	further, err := site.Add.One(t.Context(), srv, site.AddRequest{GenSetup: site.NewGenSetup{Name: "shop.acme.example", WebspaceName: new("acme.example")}})
	g.Expect(err).NotTo(HaveOccurred())
	main, other := x.In.Ref(aboveField), engine.Identity{ID: engine.IDText(further.ID), GUID: further.GUID}
	for name, h := range map[string]engine.Handle{
		"a main site by identity":        {Identity: main.Identity},
		"a main site by name":            {Key: engine.Key{Name: "acme.example"}},
		"a further domain by identity":   {Identity: other},
		"a further domain by name":       {Key: engine.Key{Name: "shop.acme.example"}},
		"what is not there, by its mark": {Mark: siteMark + "x", Key: engine.Key{Name: "none.acme.example"}},
	} {
		found, err := Subdomain{}.Find(t.Context(), c, h)
		g.Expect(found, err).To(BeNil(), name)
	}
	list, err := Subdomain{}.List(t.Context(), c, engine.Known{IDs: []string{main.ID, x.ID.ID, other.ID}})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(list).To(HaveExactElements(HaveField("ID", x.ID.ID)))
}

// A create in doubt may have been begun under another name: what bears the mark is the subdomain, and nothing else.
func TestASubdomainBegunUnderAnotherName(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := subdomainOf(t, srv, c, plainSubdomain)
	_, err := x.Pass()
	g.Expect(err).NotTo(HaveOccurred())
	h := engine.Handle{Mark: siteMark, Key: engine.Key{Name: "other.acme.example"}}
	found, err := Subdomain{}.Find(t.Context(), c, h)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found).To(HaveField("Mark", siteMark))
	x.Settle() // the mark goes
	found, err = Subdomain{}.Find(t.Context(), c, h)
	g.Expect(found, err).To(BeNil())
}

// Subdomains are listed as they are found: of main sites, of further ones, and of other subdomains.
func TestSubdomainsAreListed(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	var handles []engine.Handle
	for above, kinds := range map[string][]string{
		"acme.example":      {"PleskSubscription", "PleskCustomer", "PleskReseller"},
		"bücher.example":    {"PleskSite", "PleskSubscription", "PleskCustomer", "PleskReseller"},
		"blog.acme.example": {"PleskSubdomain", "PleskSubscription", "PleskCustomer", "PleskReseller"},
	} {
		if above == "blog.acme.example" && siteOn(t, srv, above) == nil {
			hung(subdomainOf(t, srv, c, plainSubdomain))
		}
		x := hung(subdomainOf(t, srv, c, `spec: {siteRef: {external: `+above+`}, subdomainName: news}`))
		found, err := x.Find(x.Was)
		g.Expect(err).NotTo(HaveOccurred())
		var in []string
		for _, o := range found.In {
			in = append(in, o.Kind)
		}
		g.Expect(in).To(Equal(kinds), above)
		g.Expect(found.In[0].Identity).To(Equal(x.In.Ref(aboveField).Identity), above)
		handles = append(handles, x.Handle(x.Was))
	}
	list := controllertest.ExpectListed(t, Subdomain{}, c, 2, handles...)
	g.Expect(list).To(HaveLen(4))
	blog := siteOn(t, srv, "blog.acme.example")
	g.Expect(controllertest.Listed(list, blog.ID)).To(HaveExactElements(And(
		HaveField("Identity", blog.Identity), HaveField("In", blog.In), HaveField("Value", siteValue{}))), "what nobody describes is known by name and owner")
}

func TestSubdomainDeletion(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := hung(subdomainOf(t, srv, c, richSubdomain))
	hung(subdomainOf(t, srv, c, `spec: {siteRef: {external: acme.example}, subdomainName: other}`))
	below, err := site.Add.One(t.Context(), srv, site.AddRequest{GenSetup: site.NewGenSetup{Name: "deep.blog.acme.example", ParentSiteName: new("blog.acme.example")}})
	g.Expect(err).NotTo(HaveOccurred())
	found, err := x.Find(x.Was)
	g.Expect(err).NotTo(HaveOccurred())
	contents, err := x.Kind.Contents(t.Context(), c, found)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(contents).To(HaveExactElements(engine.Content{
		Kind: "PleskSubdomain", Identity: engine.Identity{ID: engine.IDText(below.ID), GUID: below.GUID}, Key: engine.Key{Name: "deep.blog.acme.example"}, Name: "deep.blog.acme.example",
	}))
	g.Expect(x.Kind.Delete(t.Context(), c, &engine.Found[siteValue]{Key: x.Was})).NotTo(Succeed(), "without an id nothing is deleted")
	r := &controllertest.Recording{Doer: c}
	g.Expect(x.Kind.Delete(t.Context(), r, found)).To(Succeed())
	g.Expect(r.Sent).To(HaveExactElements(ContainSubstring("<filter><guid>" + found.GUID + "</guid></filter>")))
	gone, err := x.Find(x.Was)
	g.Expect(gone, err).To(BeNil())
	g.Expect(readSite(t, srv, "other.acme.example")).NotTo(BeNil())
}

// It counts as what lies in its subscription, under the key by which its resource records it.
func TestSubdomainsAreContents(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := hung(subdomainOf(t, srv, c, `spec: {siteRef: {external: acme.example}, subdomainName: bücher}`))
	wild := hung(subdomainOf(t, srv, c, `spec: {siteRef: {external: acme.example}, subdomainName: "*"}`))
	contents, err := target.SubscriptionContents(t.Context(), c, x.In.Ref(aboveField).Identity)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(contents).To(ConsistOf(
		And(HaveField("Kind", "PleskSubdomain"), HaveField("Identity", x.ID), HaveField("Key", x.Was)),
		And(HaveField("Kind", "PleskSubdomain"), HaveField("Identity", wild.ID), HaveField("Key", wild.Was))))
}

// A server that knows no sites above would make a further domain: so nothing is made.
func TestSubdomainIsMadeBelowASiteOrNotAtAll(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := subdomainOf(t, srv, c, richSubdomain)
	_, want, err := x.Kind.Desired(x.O, x.In)
	g.Expect(err).NotTo(HaveOccurred())
	want.Above = nil
	srv.ResetStats()
	_, err = Subdomain{}.Create(t.Context(), c, want)
	invalid, ok := errors.AsType[*engine.InvalidError](err)
	g.Expect(ok).To(BeTrue(), "%v", err)
	g.Expect(invalid.Field).To(Equal(aboveField))
	g.Expect(srv.Stats().Writes).To(BeZero())
}

// A refusal names the field that it is about.
func TestSubdomainRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		before func(*testing.T, *plesksim.Server)
		gone   bool
		field  string
	}{
		"a taken name": {before: func(t *testing.T, srv *plesksim.Server) {
			if _, err := site.Add.One(t.Context(), srv, site.AddRequest{GenSetup: site.NewGenSetup{Name: "blog.acme.example", WebspaceName: new("acme.example")}}); err != nil {
				t.Fatal(err)
			}
		}, field: subdomainField},
		"a site that is gone": {gone: true, field: aboveField},
		"no room": {before: func(t *testing.T, srv *plesksim.Server) {
			_, err := webspace.Set.One(t.Context(), srv, webspace.SetRequest{
				Filter: webspace.ByName("acme.example"), Values: webspace.SetValues{Limits: &hosting.Limits{Limits: []hosting.Limit{{Name: "max_subdom", Value: 0}}}},
			})
			if err != nil {
				t.Fatal(err)
			}
		}, field: aboveField},
	} {
		t.Run(name, func(t *testing.T) {
			srv, client := controllertest.Simulated(t)
			x := subdomainOf(t, srv, client, plainSubdomain)
			if c.before != nil {
				c.before(t, srv)
			}
			if c.gone {
				x.In = engine.NewInputs("", map[string]engine.Resolved{aboveField: {
					Identity: engine.Identity{ID: "77", GUID: "00000000-0000-4000-8000-000000000000"}, Key: engine.Key{Name: "gone.example"},
				}}, nil)
			}
			_, err := x.Pass()
			e, ok := errors.AsType[*xmlapi.Error](err)
			if !ok {
				t.Fatalf("not refused: %v", err)
			}
			if got := engine.FieldOf(Subdomain{}, e); got != c.field {
				t.Errorf("%v is blamed on %q, want %q", err, got, c.field)
			}
		})
	}
}

// What a new subdomain lies below is asked for, also what is between it and its site.
func TestSubdomainOverlaps(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	between := hung(subdomainOf(t, srv, c, plainSubdomain))
	x := subdomainOf(t, srv, c, `spec: {siteRef: {external: acme.example}, subdomainName: "*.news.blog"}`)
	_, want, err := x.Kind.Desired(x.O, x.In)
	g.Expect(err).NotTo(HaveOccurred())
	above, err := Subdomain{}.Overlaps(t.Context(), c, want)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(above).To(HaveExactElements(
		And(HaveField("Kind", "PleskSubdomain"), HaveField("Identity", between.ID)), HaveField("Identity", x.In.Ref(aboveField).Identity)))
}

func TestSubdomainPrivileges(t *testing.T) {
	of := func(t *testing.T, manifest string) []string {
		t.Helper()
		return controllertest.Privileges(t, Subdomain{}, controllertest.Parse(t, &v1alpha1.PleskSubdomain{}, plainSubdomain), manifest)
	}
	cases := controllertest.HostingCases("hosting.virtualHost", func(s string) string { return `hosting: {virtualHost: {` + s + `}}` })
	for spec := range cases {
		if strings.Contains(spec, "shell:") || strings.Contains(spec, "quota:") { // the subscription's
			delete(cases, spec)
		}
	}
	cases[`preferences: {outgoingLimit: 50}`] = []string{"preferences.outgoingLimit"}
	cases[`preferences: {www: true, statisticsMonths: 3}, description: x, turnOffAction: Suspend`] = nil
	controllertest.ExpectPrivileged(t, of, cases)
}
