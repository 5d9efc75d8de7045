// Sites against a simulated Plesk: whatever the spec says is there afterwards, nothing else was written, and no main site is taken for one.

package hosting

import (
	"errors"
	"strconv"
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
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

const richSite = `
spec:
  subscriptionRef: {name: acme-example}
  domainName: Shop.example
  description: "The  web shop"
  preferences: {www: false, statisticsMonths: 12, outgoingLimit: 50}
  performance: {bandwidth: 512, maxConnections: unlimited}
  hosting:
    virtualHost:
      documentRoot: sites/shop
      php: {enabled: true, handlerID: plesk-php83-fpm, servedByNginx: true, settings: {memory_limit: 256M, max_execution_time: "60"}}
      tls: {enabled: true, redirect: true}
      scripting: {cgi: true, fastCGI: false, perl: true, python: false, ssi: true}
      webStatistics: none
      webStatisticsProtected: false
      errorDocuments: true
      seoRedirect: NonWWW
      extraProperties: {waf-rule-engine: "on"}
`

const plainSite = `spec: {subscriptionRef: {name: acme-example}, domainName: shop.example}`

// siteMark has the form in which the engine marks.
const siteMark = "plesk-operator:0f1e2d3c4b5a6978:5f1c0d3e-uid"

// siteObject is a resource whose reference resolves to what is on the simulator.
type siteObject = controllertest.Object[*v1alpha1.PleskSite, siteValue]

// siteIn is a resource of a site in acme.example, which it makes.
func siteIn(t *testing.T, srv *plesksim.Server, d xmlapi.Doer, manifest string) *siteObject {
	t.Helper()
	at, err := target.FindSubscription(t.Context(), srv, "acme.example")
	if err != nil {
		t.Fatal(err)
	}
	if at == nil {
		addSubscription(t, srv, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: "acme.example"}, Hosting: virtual("acme")})
		if at, err = target.FindSubscription(t.Context(), srv, "acme.example"); err != nil || at == nil {
			t.Fatal(at, err)
		}
	}
	return &siteObject{
		T: t, Kind: Site{}, D: d, O: controllertest.Parse(t, &v1alpha1.PleskSite{}, manifest), Passing: siteMark,
		In: engine.NewInputs("", map[string]engine.Resolved{"spec.subscriptionRef": *at}, nil),
	}
}

// made passes until the mark is gone.
func made(x *siteObject) *siteObject {
	x.T.Helper()
	if _, err := x.Pass(); err != nil {
		x.T.Fatal(err)
	}
	x.Settle()
	return x
}

// readSite asks for a site, past the code under test; nil where there is none.
func readSite(t *testing.T, d xmlapi.Doer, name string) *site.Data {
	t.Helper()
	r, err := site.Get.One(t.Context(), d, site.GetRequest{Filter: site.ByName(name).Query(), Dataset: siteBlocks})
	if xmlapi.IsNotFound(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return r.Data
}

func TestSiteArrives(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := siteIn(t, srv, c, richSite)
	_, err := x.Pass()
	g.Expect(err).NotTo(HaveOccurred())
	d := readSite(t, srv, "shop.example")
	g.Expect(*d.GenInfo.Description).To(Equal(siteMark+" The web shop"), "it bears the mark from the beginning")
	made(x)

	d = readSite(t, srv, "shop.example")
	g.Expect(*d.GenInfo.Description).To(Equal("The web shop"))
	g.Expect(d.GenInfo.WebspaceGUID).To(Equal(x.In.Ref("spec.subscriptionRef").GUID))
	g.Expect(float64(*d.Performance.Bandwidth)).To(Equal(512.0))
	g.Expect(*d.Performance.MaxConnections).To(Equal(-1))
	g.Expect(*d.Preferences.StatisticsMonths).To(Equal("12"))
	g.Expect(*d.Preferences.OutgoingMessagesDomainLimit).To(Equal("50"))
	g.Expect(d.Hosting.Virtual.Properties).To(ContainElements(
		xmlapi.Property{Name: "www_root", Value: "/var/www/vhosts/acme.example/sites/shop"},
		xmlapi.Property{Name: "memory_limit", Value: "256M"},
		xmlapi.Property{Name: "seo-redirect", Value: "non-www"},
		xmlapi.Property{Name: "waf-rule-engine", Value: "on"},
	))
	g.Expect(*x.O.Status.Observed).To(And(
		HaveField("Subscription", "acme.example"), HaveField("State", "Active"), HaveField("Hosting", "VirtualHost"),
		HaveField("DocumentRoot", "/var/www/vhosts/acme.example/sites/shop"), HaveField("IPAddresses", []string{"198.51.100.7"})))
}

// Every field by itself: the change is seen, written, and there afterwards; nothing else counts as different.
func TestSiteFields(t *testing.T) {
	for _, c := range []struct {
		spec   string
		fields []string
	}{
		{`description: ""`, []string{"description"}},
		{`domainName: renamed.example`, []string{"domainName"}},
		{`preferences: {www: true}`, []string{"preferences.www"}},
		{`preferences: {statisticsMonths: 3}`, []string{"preferences.statisticsMonths"}},
		{`preferences: {outgoingLimit: unlimited}`, []string{"preferences.outgoingLimit"}},
		{`performance: {bandwidth: unlimited}`, []string{"performance.bandwidth"}},
		{`performance: {maxConnections: 20}`, []string{"performance.maxConnections"}},
		{`hosting: {virtualHost: {documentRoot: shop.example}}`, []string{"hosting.virtualHost.documentRoot"}},
		{`hosting: {virtualHost: {php: {enabled: false}}}`, []string{"hosting.virtualHost.php.enabled"}},
		{`hosting: {virtualHost: {php: {handlerID: plesk-php82-fpm}}}`, []string{"hosting.virtualHost.php.handlerID"}},
		{`hosting: {virtualHost: {php: {settings: {memory_limit: 512M}}}}`, []string{"hosting.virtualHost.php.settings.memory_limit"}},
		{`hosting: {virtualHost: {tls: {enabled: false, redirect: false}}}`, []string{"hosting.virtualHost.tls.enabled", "hosting.virtualHost.tls.redirect"}},
		{`hosting: {virtualHost: {scripting: {fastCGI: true}}}`, []string{"hosting.virtualHost.scripting.fastCGI"}},
		{`hosting: {virtualHost: {webStatistics: awstats}}`, []string{"hosting.virtualHost.webStatistics"}},
		{`hosting: {virtualHost: {errorDocuments: false}}`, []string{"hosting.virtualHost.errorDocuments"}},
		{`hosting: {virtualHost: {seoRedirect: WWW}}`, []string{"hosting.virtualHost.seoRedirect"}},
		{`hosting: {virtualHost: {extraProperties: {waf-rule-engine: detection-only}}}`, []string{"hosting.virtualHost.extraProperties.waf-rule-engine"}},
	} {
		t.Run(strings.Join(c.fields, "+"), func(t *testing.T) {
			srv, client := controllertest.Simulated(t)
			x := made(siteIn(t, srv, client, richSite))
			srv.ResetStats()
			x.Edit("spec: {"+c.spec+"}", c.fields...)
			if writes := srv.Stats().Writes; writes != 1 {
				t.Errorf("%d operations wrote, want 1: %v", writes, srv.Stats().Operations)
			}
		})
	}
}

// What is left of a site is written with the reason that puts it out of service, and compared only while that stands.
func TestTurnedOffSites(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := made(siteIn(t, srv, c, `spec: {subscriptionRef: {name: acme-example}, domainName: shop.example, turnOffAction: Suspend}`))
	is := func(state, left string) {
		t.Helper()
		x.There("shop.example")
		g.Expect(*x.O.Status.Observed).To(And(HaveField("State", state), HaveField("TurnOffAction", left)))
	}
	reasons := func(r ...xmlapi.Status) {
		t.Helper()
		g.Expect(x.Kind.(Site).SetReasons(t.Context(), c, x.O, x.ID, r)).To(Succeed())
	}
	is("Active", "")
	reasons(xmlapi.StatusDisabledByAdmin)
	is("DisabledByAdmin", "Suspend")
	g.Expect(x.Pass()).To(BeEmpty(), "the reason is not the kind's to compare")
	x.In.Suspended = xmlapi.StatusDisabledByAdmin
	x.Edit(`spec: {turnOffAction: Disable}`, "turnOffAction")
	is("DisabledByAdmin", "Disable")
	reasons(0)
	is("Active", "")

	x.O.Spec.TurnOffAction = nil
	reasons(xmlapi.StatusDisabledByAdmin)
	is("DisabledByAdmin", "Suspend") // nobody has said: what keeps mail going
	reasons(0)
	is("Active", "")
	setReasons := func(d *site.SetGenSetup) {
		t.Helper()
		_, err := site.Set.One(t.Context(), srv, site.SetRequest{Filter: site.ByName("shop.example"), Values: site.SetValues{GenSetup: d}})
		g.Expect(err).NotTo(HaveOccurred())
	}
	setReasons(&site.SetGenSetup{Status: new(64), TurnOffAction: new(site.TurnOffSuspend)})
	setReasons(&site.SetGenSetup{Status: new(16)})
	is("DisabledByAdmin,DisabledByCustomer", "Suspend")
	srv.ResetStats()
	reasons(0, xmlapi.StatusDisabledByCustomer)
	is("DisabledByCustomer", "Suspend")
	g.Expect(srv.Stats().Writes).To(Equal(2), "in one packet, one operation for each")
}

func TestSiteHostingTypes(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := made(siteIn(t, srv, c, plainSite))
	g.Expect(x.O.Status.Observed.Hosting).To(Equal("None"), "hosting unset: none is made")

	x.Edit(`spec: {hosting: {forwarding: {url: "https://www.acme.example/", httpCode: 302}}}`, "hosting", "hosting.forwarding.url", "hosting.forwarding.httpCode")
	x.Edit(`spec: {hosting: {forwarding: {httpCode: 301}}}`, "hosting.forwarding.httpCode")
	x.Edit(`spec: {hosting: {forwarding: {url: "https://shop.acme.example/"}}}`, "hosting.forwarding.url")
	g.Expect(*readSite(t, srv, "shop.example").Hosting.StandardForward.HTTPCode).To(Equal(301))

	x.O.Spec.Hosting = nil
	x.Edit(`spec: {hosting: {frameForwarding: {url: "http://frame.example/"}}}`, "hosting", "hosting.frameForwarding.url")
	x.Edit(`spec: {hosting: {frameForwarding: {url: "http://other.example/"}}}`, "hosting.frameForwarding.url")
	g.Expect(readSite(t, srv, "shop.example").Hosting.FrameForward.DestinationURL).To(Equal("http://other.example/"))

	x.O.Spec.Hosting = nil
	controllertest.Parse(t, x.O, `spec: {hosting: {virtualHost: {}}}`)
	_, err := x.Pass()
	g.Expect(err).To(MatchError(HavePrefix("spec.hosting.virtualHost: the protocol makes no web hosting without any property")))
	x.Edit(`spec: {hosting: {virtualHost: {php: {settings: {memory_limit: 64M}}}}}`, "hosting", "hosting.virtualHost.php.settings.memory_limit")

	for _, to := range []string{`none: {}`, `forwarding: {url: "https://www.acme.example/"}`} {
		x.O.Spec.Hosting = nil
		controllertest.Parse(t, x.O, `spec: {hosting: {`+to+`}}`)
		srv.ResetStats()
		_, err = x.Pass()
		g.Expect(err).To(BeAssignableToTypeOf(controllertest.LossError("")), "what destroys data is asked for")
		g.Expect(srv.Stats().Writes).To(BeZero())
	}
	x.Permitted = true
	x.Settle()
	g.Expect(x.O.Status.Observed.Hosting).To(Equal("Forwarding"))
}

func TestSiteNames(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := made(siteIn(t, srv, c, `spec: {subscriptionRef: {name: acme-example}, domainName: Bücher.Example}`))
	g.Expect(x.O.Status.Observed.DomainName).To(Equal("bücher.example"))
	id := x.ID
	x.Edit(`spec: {domainName: xn--bcher-kva.example}`) // the same name: no change
	x.Edit(`spec: {domainName: käse.example}`, "domainName")
	g.Expect(x.ID).To(Equal(id), "renamed, not recreated")
	controllertest.Parse(t, x.O, `spec: {domainName: "under_score.example"}`)
	_, err := x.Pass()
	g.Expect(err).To(MatchError(HavePrefix("spec.domainName: ")))
}

// A main site has the id, the GUID and the name of its subscription, and is that's. Subdomains are sites to the protocol, and none of ours.
func TestMainSitesAndSubdomainsAreNotFound(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := made(siteIn(t, srv, c, plainSite))
	at := x.In.Ref("spec.subscriptionRef")
	below, err := site.Add.One(t.Context(), srv, site.AddRequest{GenSetup: site.NewGenSetup{Name: "blog.shop.example", ParentSiteName: new("shop.example")}})
	g.Expect(err).NotTo(HaveOccurred())
	subdomain := engine.Identity{ID: engine.IDText(below.ID), GUID: below.GUID}
	for name, h := range map[string]engine.Handle{
		"a main site by identity": {Identity: at.Identity},
		"a main site by name":     {Key: engine.Key{Name: "acme.example"}},
		"a subdomain by identity": {Identity: subdomain},
		"a subdomain by name":     {Key: engine.Key{Name: "blog.shop.example"}},
	} {
		found, err := Site{}.Find(t.Context(), c, h)
		g.Expect(found, err).To(BeNil(), name)
	}
	list, err := Site{}.List(t.Context(), c, engine.Known{IDs: []string{at.ID, x.ID.ID, subdomain.ID}})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(list).To(HaveExactElements(HaveField("ID", x.ID.ID)))

	contents, err := x.Kind.Contents(t.Context(), c, x.There("shop.example"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(contents).To(HaveExactElements(engine.Content{
		Kind: "PleskSubdomain", Identity: subdomain, Key: engine.Key{Name: "blog.shop.example"}, Name: "blog.shop.example",
	}))
}

// A create in doubt may have been begun under another name: what bears the mark is the site, and nothing else.
func TestASiteBegunUnderAnotherName(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := siteIn(t, srv, c, plainSite)
	_, err := x.Pass()
	g.Expect(err).NotTo(HaveOccurred())
	h := engine.Handle{Mark: siteMark, Key: engine.Key{Name: "other.example"}}
	found, err := Site{}.Find(t.Context(), c, h)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found).To(HaveField("Mark", siteMark))
	x.Settle() // the mark goes
	found, err = Site{}.Find(t.Context(), c, h)
	g.Expect(found, err).To(BeNil())
}

func TestSitesAreListed(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	controllertest.AddCustomer(t, srv, "ada")
	rich := made(siteIn(t, srv, c, richSite))
	addSubscription(t, srv, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: "owned.example", OwnerLogin: new("ada")}})
	var handles []engine.Handle
	for name, h := range map[string]*site.Hosting{
		"plain.example": nil, "moved.example": {StandardForward: &site.Forward{DestinationURL: "https://acme.example/"}},
		"framed.example": {FrameForward: &site.FrameForwarded{DestinationURL: "https://acme.example/"}}, "bücher.example": nil, "other.example": nil,
	} {
		r, err := site.Add.One(t.Context(), srv, site.AddRequest{
			GenSetup: site.NewGenSetup{Name: name, WebspaceName: new("owned.example"), Description: new("by  hand")}, Hosting: h,
		})
		g.Expect(err).NotTo(HaveOccurred())
		handles = append(handles, engine.Handle{Identity: engine.Identity{ID: engine.IDText(r.ID), GUID: r.GUID}, Key: engine.Key{Name: name}})
	}
	other := handles[len(handles)-1]
	handles = append(handles[:len(handles)-1], rich.Handle(engine.Key{Name: "shop.example"}))
	list := controllertest.ExpectListed(t, Site{}, c, 2, handles...)
	g.Expect(list).To(HaveLen(6))
	found, err := Site{}.Find(t.Context(), c, other)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.In).To(HaveExactElements(HaveField("Kind", "PleskSubscription"), HaveField("Kind", "PleskCustomer"), HaveField("Kind", "PleskReseller")))
	found.Value = siteValue{}
	g.Expect(controllertest.Listed(list, other.ID)[0]).To(Equal(found), "what nobody describes is known by name and owner")

	known := engine.Known{IDs: []string{other.ID, "not-a-number"}}
	for i := range 4999 {
		known.IDs = append(known.IDs, strconv.Itoa(10_000+i))
	}
	r := &controllertest.Recording{Doer: c}
	_, err = Site{}.List(t.Context(), r, known)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(r.Sent).To(HaveLen(2), "5,000 ids are one packet more than none")
}

// What the spec does not set is left alone.
func TestSiteLeavesAloneWhatIsUnset(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	made(siteIn(t, srv, c, richSite))
	x := siteIn(t, srv, c, `spec: {subscriptionRef: {name: acme-example}, domainName: shop.example, hosting: {virtualHost: {}}}`)
	changes, err := x.Pass()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(changes).To(BeEmpty())
}

func TestSiteDeletion(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := made(siteIn(t, srv, c, plainSite))
	other := siteIn(t, srv, c, `spec: {subscriptionRef: {name: acme-example}, domainName: other.example}`)
	made(other)
	g.Expect(x.Kind.Delete(t.Context(), c, &engine.Found[siteValue]{Key: engine.Key{Name: "shop.example"}})).NotTo(Succeed(), "without an id nothing is deleted")
	found := x.There("shop.example")
	r := &controllertest.Recording{Doer: c}
	g.Expect(x.Kind.Delete(t.Context(), r, found)).To(Succeed())
	g.Expect(r.Sent).To(HaveExactElements(ContainSubstring("<filter><guid>" + found.GUID + "</guid></filter>")))
	g.Expect(xmlapi.IsNotFound(x.Kind.Delete(t.Context(), c, found))).To(BeTrue())
	gone, err := x.Find(engine.Key{Name: "shop.example"})
	g.Expect(gone, err).To(BeNil())
	g.Expect(readSite(t, srv, "other.example")).NotTo(BeNil())
}

// A refusal names the field that it is about.
func TestSiteRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		before func(*plesksim.Server)
		spec   string
		field  string
	}{
		"a taken name":                {nil, `domainName: acme.example`, "spec.domainName"},
		"a subscription that is gone": {nil, `subscriptionRef: {external: gone.example}`, "spec.subscriptionRef"},
		"no room": {func(srv *plesksim.Server) {
			_, err := webspace.Set.One(t.Context(), srv, webspace.SetRequest{
				Filter: webspace.ByName("acme.example"), Values: webspace.SetValues{Limits: &hosting.Limits{Limits: []hosting.Limit{{Name: "max_site", Value: 1}}}},
			})
			if err != nil {
				t.Fatal(err)
			}
		}, `description: second`, "spec.subscriptionRef"},
	} {
		t.Run(name, func(t *testing.T) {
			srv, client := controllertest.Simulated(t)
			x := siteIn(t, srv, client, plainSite)
			if c.before != nil {
				c.before(srv)
			}
			controllertest.Parse(t, x.O, "spec: {"+c.spec+"}")
			if strings.Contains(c.spec, "gone.example") {
				x.In = engine.NewInputs("", map[string]engine.Resolved{
					"spec.subscriptionRef": {Identity: engine.Identity{ID: "77", GUID: "00000000-0000-4000-8000-000000000000"}},
				}, nil)
			}
			_, err := x.Pass()
			e, ok := errors.AsType[*xmlapi.Error](err)
			if !ok {
				t.Fatalf("not refused: %v", err)
			}
			if got := engine.FieldOf(Site{}, e); got != c.field {
				t.Errorf("%v is blamed on %q, want %q", err, got, c.field)
			}
		})
	}
}

// Settings are written as properties: what would mean something else there is refused.
func TestSitePHPSettingsAreDirectives(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	for spec, text := range map[string]string{
		`php: {settings: {cgi: "true"}}`:                   "cgi is a property of the hosting",
		`php: {settings: {www_root: /}}`:                   "www_root is a property of the hosting",
		`php: {settings: {shell: /bin/bash}}`:              "shell is a property of the hosting",
		`php: {settings: {ftp_password: x}}`:               "ftp_password is a property of the hosting",
		`php: {settings: {a: x}}, extraProperties: {a: y}`: "a is among the extraProperties",
		`extraProperties: {shell: /bin/bash}`:              "shell is the subscription's",
		`extraProperties: {ftp_quota: "-1"}`:               "ftp_quota is the subscription's",
		`extraProperties: {cgi: "true"}`:                   "cgi has a field of its own",
		`extraProperties: {some_password: x}`:              "those come from Secrets",
		`php: {settings: {memory_limit: "1\n2"}}`:          "no line breaks",
	} {
		x := siteIn(t, srv, c, plainSite)
		controllertest.Parse(t, x.O, `spec: {hosting: {virtualHost: {`+spec+`}}}`)
		_, err := x.Pass()
		g.Expect(err).To(MatchError(And(HavePrefix("spec.hosting.virtualHost."), ContainSubstring(text))), spec)
	}
	g.Expect(readSite(t, srv, "shop.example")).To(BeNil())
}

// What a new domain lies below is asked for, whatever sort of site it is.
func TestSiteOverlaps(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := made(siteIn(t, srv, c, plainSite))
	above, err := Site{}.Overlaps(t.Context(), c, siteValue{Domain: new("a.b.shop.example")})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(above).To(HaveExactElements(And(HaveField("Kind", "PleskSite"), HaveField("Identity", x.ID), HaveField("In", HaveLen(3)))))
	above, err = Site{}.Overlaps(t.Context(), c, siteValue{Domain: new("other.example")})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(above).To(BeEmpty())
}

func sitePrivileges(t *testing.T, manifest string) []string {
	o := &v1alpha1.PleskSite{Spec: v1alpha1.PleskSiteSpec{DomainName: "shop.example", SubscriptionRef: v1alpha1.ObjectReference{Name: "acme"}}}
	return controllertest.Privileges(t, Site{}, o, manifest)
}

func TestSitePrivileges(t *testing.T) {
	cases := controllertest.HostingCases("hosting.virtualHost", func(s string) string { return `hosting: {virtualHost: {` + s + `}}` })
	for spec := range cases {
		if strings.Contains(spec, "shell:") || strings.Contains(spec, "quota:") { // the subscription's
			delete(cases, spec)
		}
	}
	controllertest.ExpectPrivileged(t, sitePrivileges, cases)
	controllertest.ExpectPrivileged(t, sitePrivileges, map[string][]string{
		`performance: {bandwidth: unlimited}`:                                                                 {"performance.bandwidth"},
		`performance: {maxConnections: 100}`:                                                                  {"performance.maxConnections"},
		`preferences: {outgoingLimit: 5}`:                                                                     {"preferences.outgoingLimit"},
		`preferences: {www: true, statisticsMonths: 3}`:                                                       nil,
		`turnOffAction: Suspend, description: Shop`:                                                           nil,
		`hosting: {forwarding: {url: "https://www.acme.example/"}}`:                                           nil,
		`hosting: {virtualHost: {documentRoot: web, seoRedirect: WWW, tls: {certificateRef: {external: x}}}}`: nil,
	})
}

// An answer that lacks what was asked for says nothing about the site.
func TestSiteIncompleteAnswer(t *testing.T) {
	g := NewWithT(t)
	const whole = `<gen_info><cr_date>2026-01-01</cr_date><name>shop.example</name><ascii-name>shop.example</ascii-name><status>0</status>` +
		`<real_size>0</real_size><htype>none</htype><guid>g</guid><webspace-guid>w</webspace-guid><webspace-id>3</webspace-id></gen_info><hosting><none/></hosting><prefs/>`
	const around = `<gen_info><cr_date>2026-01-01</cr_date><name>acme.example</name><ascii-name>acme.example</ascii-name><status>0</status>` +
		`<real_size>0</real_size><htype>none</htype><guid>w</guid><vendor-guid>v</vendor-guid><external-id/></gen_info>`
	find := func(blocks string) error {
		d := controllertest.DoerFunc(func(calls []xmlapi.Caller) error {
			answer := `<packet><site><get><result><status>ok</status><id>7</id><data>` + blocks + `</data></result></get></site></packet>`
			if _, ok := calls[0].(*xmlapi.Call[webspace.GetRequest, webspace.GetResult]); ok {
				answer = `<packet><webspace><get><result><status>ok</status><id>3</id><data>` + around + `</data></result></get></webspace>` +
					`<subdomain><get><result><status>ok</status></result></get></subdomain></packet>`
			}
			return xmlapi.Decode(strings.NewReader(answer), calls...)
		})
		_, err := Site{}.Find(t.Context(), d, engine.Handle{Identity: engine.Identity{ID: "7"}})
		return err
	}
	g.Expect(find(whole)).To(Succeed())
	virtual := strings.NewReplacer("<htype>none", "<htype>vrt_hst", "<none/>", "<vrt_hst><property><name>php</name><value>true</value></property></vrt_hst>").Replace(whole)
	g.Expect(find(virtual + "<performance/>")).To(Succeed())
	for what, blocks := range map[string]string{
		"prefs":       strings.Replace(whole, "<prefs/>", "", 1),
		"performance": virtual,
		"hosting":     strings.NewReplacer("<hosting>", "<other>", "</hosting>", "</other>").Replace(virtual),
		"gen_info":    strings.Replace(whole, "<webspace-id>3</webspace-id>", "", 1),
		"ascii-name":  strings.Replace(strings.Replace(whole, "<ascii-name>shop.example</ascii-name>", "<ascii-name/>", 1), "<name>shop.example", "<name>*", 1),
	} {
		err := find(blocks)
		g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), "without %s: %v", what, err)
	}
}
