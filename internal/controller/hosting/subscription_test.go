// Subscriptions against a simulated Plesk: whatever the spec says is there afterwards, and nothing else was written.

package hosting

import (
	"errors"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

func TestDocumentRoots(t *testing.T) {
	for _, c := range []struct{ read, written string }{
		{"/var/www/vhosts/acme.example/httpdocs", "httpdocs"},
		{"/var/www/vhosts/acme.example/sites/shop/", "sites/shop/"},
		{"/var/www/vhosts/ACME.example/httpdocs", "./httpdocs"},
		{"/var/www/vhosts/acme.example/acme.example/web", "acme.example/web"},
		{"/var/www/vhosts/acme.example", "."},
		{"/var/www/vhosts/old-name.example/httpdocs", "httpdocs"}, // the home kept its name
		{"/srv/hosting/bücher.example/httpdocs", "httpdocs"},
		{`C:\inetpub\vhosts\acme.example\httpdocs`, "httpdocs"},
		{"httpdocs", "httpdocs"},
	} {
		got := cleanRoot(relativeRoot(c.read, "bücher.example", "acme.example"))
		if want := cleanRoot(c.written); got != want {
			t.Errorf("%s is %q, want %q", c.read, got, want)
		}
	}
	if got := relativeRoot("/opt/elsewhere/web", "acme.example"); got != "/opt/elsewhere/web" {
		t.Errorf("a root outside of any home became %q", got)
	}
}

const richSubscription = `
spec:
  domainName: acme.example
  customerRef: {name: acme}
  servicePlanRef: {name: birch-small}
  ipAddresses: ["198.51.100.7", "2001:DB8:0::7"]
  description: "Shop  & <office>"
  overuse: NotSuspendNotify
  limits: {disk_space: 5Gi, max_site: 7, max_box: unlimited, expiration: 2035-01-31}
  permissions: {manage_dns: true, manage_crontab: false}
  performance: {bandwidth: 512, maxConnections: unlimited}
  preferences: {www: false, statisticsMonths: 12}
  hosting:
    virtualHost:
      systemUser: {name: acme, password: {secretRef: {name: acme-ftp, key: password}}}
      documentRoot: sites/shop
      shell: /bin/bash
      quota: 3Gi
      php: {enabled: true, handlerID: plesk-php83-fpm, servedByNginx: true, settings: {memory_limit: 256M, pm.max_children: "8"}}
      tls: {enabled: true, redirect: true}
      scripting: {cgi: true, fastCGI: false, perl: true, python: false, ssi: true}
      webStatistics: none
      webStatisticsProtected: false
      errorDocuments: true
      seoRedirect: NonWWW
      extraProperties: {wu_script: "false", waf-rule-engine: "on"}
`

// subscription is a resource whose references and secrets resolve to what is on the simulator.
type subscription = controllertest.Object[*v1alpha1.PleskSubscription, subscriptionValue]

func newSubscriptionObject(t *testing.T, srv *plesksim.Server, c *xmlapi.Client, manifest string) *subscription {
	t.Helper()
	refs := map[string]engine.Resolved{}
	o := controllertest.Parse(t, &v1alpha1.PleskSubscription{}, manifest)
	if o.Spec.CustomerRef != nil {
		refs["spec.customerRef"] = controllertest.AddCustomer(t, srv, "acme")
	}
	if o.Spec.ServicePlanRef != nil {
		refs["spec.servicePlanRef"] = controllertest.AddPlan(t, srv, "birch-small", 10)
	}
	in := engine.NewInputs("5f1c0d3e-uid", refs, map[string]xmlapi.Secret{systemUserPassword: "Ftp-Secret-2026!"})
	return &subscription{T: t, Kind: Subscription{}, D: c, O: o, In: in}
}

func TestSubscriptionArrives(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newSubscriptionObject(t, srv, c, richSubscription)
	x.Settle()

	// Asked past the code under test.
	d := controllertest.ReadSubscription(t, srv, "acme.example")
	g.Expect(*d.GenInfo.OwnerLogin).To(Equal("acme"))
	g.Expect(*d.GenInfo.Description).To(Equal("Shop & <office>"))
	g.Expect(d.Hosting.Virtual.IPAddresses).To(ConsistOf("198.51.100.7", "2001:db8::7"))
	g.Expect(*d.Limits.Overuse).To(Equal("not_suspend_notify"))
	g.Expect(controllertest.LimitOf(d, "disk_space")).To(Equal(int64(5368709120)))
	g.Expect(controllertest.LimitOf(d, "max_box")).To(Equal(int64(-1)))
	g.Expect(controllertest.LimitOf(d, "expiration")).To(Equal(int64(2053814400)))
	g.Expect(float64(*d.Performance.Bandwidth)).To(Equal(512.0))
	g.Expect(*d.Performance.MaxConnections).To(Equal(-1))
	g.Expect(*d.Preferences.StatisticsMonths).To(Equal("12"))
	g.Expect(d.Hosting.Virtual.Properties).To(ContainElements(
		xmlapi.Property{Name: "ftp_login", Value: "acme"},
		xmlapi.Property{Name: "www_root", Value: "/var/www/vhosts/acme.example/sites/shop"},
		xmlapi.Property{Name: "ftp_quota", Value: "3221225472"},
		xmlapi.Property{Name: "seo-redirect", Value: "non-www"},
		xmlapi.Property{Name: "ssl-redirect", Value: "true"},
		xmlapi.Property{Name: "waf-rule-engine", Value: "on"},
	))
	g.Expect(d.PHPSettings.Settings).To(ContainElement(xmlapi.Property{Name: "memory_limit", Value: "256M"}))
	g.Expect(d.GenInfo.ExternalID).To(Equal("5f1c0d3e-uid"))

	seen := x.O.Status.Observed
	g.Expect(seen.Plan.Locked).To(BeTrue(), "what the spec sets beyond the plan customises the subscription")
	g.Expect(seen.DocumentRoot).To(Equal("/var/www/vhosts/acme.example/sites/shop"))
	g.Expect(seen.State).To(Equal("Active"))
}

// Every field by itself: the change is seen, written, and there afterwards; nothing else counts as different.
func TestSubscriptionFields(t *testing.T) {
	for _, c := range []struct {
		spec   string
		fields []string
	}{
		{`description: ""`, []string{"description"}},
		{`domainName: renamed.example`, []string{"domainName"}},
		{`ipAddresses: ["198.51.100.7"]`, []string{"ipAddresses"}},
		{`overuse: Block`, []string{"overuse"}},
		{`limits: {disk_space: "6442450944"}`, []string{"limits.disk_space"}},
		{`limits: {max_site: unlimited}`, []string{"limits.max_site"}},
		{`limits: {max_traffic: 10Gi}`, []string{"limits.max_traffic"}},
		{`limits: {expiration: unlimited}`, []string{"limits.expiration"}},
		{`permissions: {manage_crontab: true}`, []string{"permissions.manage_crontab"}},
		{`performance: {bandwidth: unlimited}`, []string{"performance.bandwidth"}},
		{`performance: {maxConnections: 20}`, []string{"performance.maxConnections"}},
		{`preferences: {www: true}`, []string{"preferences.www"}},
		{`preferences: {statisticsMonths: 3}`, []string{"preferences.statisticsMonths"}},
		{`hosting: {virtualHost: {systemUser: {name: other}}}`, []string{"hosting.virtualHost.systemUser.name"}},
		{`hosting: {virtualHost: {documentRoot: httpdocs}}`, []string{"hosting.virtualHost.documentRoot"}},
		{`hosting: {virtualHost: {shell: /bin/false}}`, []string{"hosting.virtualHost.shell"}},
		{`hosting: {virtualHost: {quota: unlimited}}`, []string{"hosting.virtualHost.quota"}},
		{`hosting: {virtualHost: {php: {enabled: false}}}`, []string{"hosting.virtualHost.php.enabled"}},
		{`hosting: {virtualHost: {php: {handlerID: plesk-php82-fpm}}}`, []string{"hosting.virtualHost.php.handlerID"}},
		{`hosting: {virtualHost: {php: {servedByNginx: false}}}`, []string{"hosting.virtualHost.php.servedByNginx"}},
		{`hosting: {virtualHost: {php: {settings: {memory_limit: 512M}}}}`, []string{"hosting.virtualHost.php.settings.memory_limit"}},
		{`hosting: {virtualHost: {tls: {enabled: false, redirect: false}}}`, []string{"hosting.virtualHost.tls.enabled", "hosting.virtualHost.tls.redirect"}},
		{`hosting: {virtualHost: {scripting: {fastCGI: true}}}`, []string{"hosting.virtualHost.scripting.fastCGI"}},
		{`hosting: {virtualHost: {webStatistics: awstats}}`, []string{"hosting.virtualHost.webStatistics"}},
		{`hosting: {virtualHost: {webStatisticsProtected: true}}`, []string{"hosting.virtualHost.webStatisticsProtected"}},
		{`hosting: {virtualHost: {errorDocuments: false}}`, []string{"hosting.virtualHost.errorDocuments"}},
		{`hosting: {virtualHost: {seoRedirect: WWW}}`, []string{"hosting.virtualHost.seoRedirect"}},
		{`hosting: {virtualHost: {extraProperties: {waf-rule-engine: detection-only}}}`, []string{"hosting.virtualHost.extraProperties.waf-rule-engine"}},
	} {
		t.Run(strings.Join(c.fields, "+"), func(t *testing.T) {
			srv, client := controllertest.Simulated(t)
			x := newSubscriptionObject(t, srv, client, richSubscription)
			x.Settle()
			srv.ResetStats()
			x.Edit("spec: {"+c.spec+"}", c.fields...)
			if writes := srv.Stats().Writes; writes != 1 {
				t.Errorf("%d operations wrote, want 1: %v", writes, srv.Stats().Operations)
			}
		})
	}
}

func TestSubscriptionHostingTypes(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newSubscriptionObject(t, srv, c, `spec: {domainName: acme.example, ipAddresses: ["198.51.100.7", "2001:db8::7"]}`)
	x.Settle()
	g.Expect(x.O.Status.Observed.Hosting).To(Equal("None"), "hosting unset: none is made")
	x.Edit(`spec: {ipAddresses: ["198.51.100.7"]}`, "ipAddresses") // mail has addresses too
	x.Edit(`spec: {ipAddresses: ["198.51.100.7", "2001:db8::7"], hosting: {none: {}}}`, "ipAddresses")
	x.O.Spec.Hosting = nil

	x.Edit(`spec: {hosting: {forwarding: {url: "https://www.acme.example/", httpCode: 302}}}`, "hosting", "hosting.forwarding.url", "hosting.forwarding.httpCode")
	x.Edit(`spec: {hosting: {forwarding: {httpCode: 301}}}`, "hosting.forwarding.httpCode")
	x.Edit(`spec: {hosting: {forwarding: {url: "https://shop.acme.example/"}}}`, "hosting.forwarding.url")
	g.Expect(*controllertest.ReadSubscription(t, srv, "acme.example").Hosting.StandardForward.HTTPCode).To(Equal(301))

	x.O.Spec.Hosting = nil
	x.Edit(`spec: {hosting: {frameForwarding: {url: "http://frame.example/"}}}`, "hosting", "hosting.frameForwarding.url")
	x.Edit(`spec: {ipAddresses: ["198.51.100.7"]}`, "ipAddresses")
	g.Expect(controllertest.ReadSubscription(t, srv, "acme.example").Hosting.FrameForward).To(Equal(&hosting.FrameForwarded{
		DestinationURL: "http://frame.example/", IPAddresses: []string{"198.51.100.7"},
	}))

	x.O.Spec.Hosting = nil
	controllertest.Parse(t, x.O, `spec: {hosting: {virtualHost: {}}}`)
	_, err := x.Pass()
	g.Expect(err).To(MatchError(ContainSubstring("spec.hosting.virtualHost.systemUser: name and password are required")))
	controllertest.Parse(t, x.O, `spec: {hosting: {virtualHost: {systemUser: {name: acme, password: {secretRef: {name: acme-ftp, key: password}}}}}}`)
	x.Settle()
	g.Expect(x.O.Status.Observed.SystemUser).To(Equal("acme"))
}

func TestSubscriptionKeepsItsFiles(t *testing.T) {
	for _, to := range []string{`none: {}`, `forwarding: {url: "https://www.acme.example/"}`, `frameForwarding: {url: "https://www.acme.example/"}`} {
		t.Run(to, func(t *testing.T) {
			g := NewWithT(t)
			srv, c := controllertest.Simulated(t)
			x := newSubscriptionObject(t, srv, c, richSubscription)
			x.Settle()
			x.O.Spec.Hosting = nil
			controllertest.Parse(t, x.O, `spec: {description: other, hosting: {`+to+`}}`)
			srv.ResetStats()
			_, err := x.Pass()
			g.Expect(err).To(BeAssignableToTypeOf(controllertest.LossError("")), "what destroys data is asked for")
			g.Expect(err).To(MatchError(And(HavePrefix("spec.hosting: "), ContainSubstring("deletes the web site with its files"))))
			g.Expect(srv.Stats().Writes).To(BeZero(), "nothing else is written before the user has decided")

			x.Permitted = true
			x.O.Spec.IPAddresses = nil
			r := &controllertest.Recording{Doer: c}
			x.D = r
			x.Settle()
			if !strings.HasPrefix(to, "none") {
				g.Expect(r.Sent).To(ContainElement(ContainSubstring("<ip_address>198.51.100.7</ip_address><ip_address>2001:db8::7</ip_address>")),
					"addresses that are not ours to say are sent as they are, since the hosting is replaced")
			}
			g.Expect(x.O.Status.Observed.Hosting).NotTo(Equal("VirtualHost"))
			g.Expect(x.O.Status.Observed.IPAddresses).To(HaveLen(2), "both addresses survive the change of hosting")
		})
	}
}

func TestSubscriptionNames(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newSubscriptionObject(t, srv, c, `spec: {domainName: Bücher.Example}`)
	x.Settle()
	found, err := x.Kind.Find(t.Context(), c, engine.Handle{Key: engine.Key{Name: "xn--bcher-kva.example"}})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.Key).To(Equal(engine.Key{Name: "xn--bcher-kva.example"}))
	g.Expect(found.ID).To(Equal(x.ID.ID))
	g.Expect(x.O.Status.Observed.DomainName).To(Equal("bücher.example"))

	x.Edit(`spec: {domainName: xn--bcher-kva.example}`) // the same name: no change
	x.Edit(`spec: {domainName: käse.example}`, "domainName")
	g.Expect(x.ID.ID).To(Equal(found.ID), "renamed, not recreated")

	controllertest.Parse(t, x.O, `spec: {domainName: "under_score.example"}`)
	_, err = x.Pass()
	g.Expect(err).To(MatchError(HavePrefix("spec.domainName: ")))
}

// What the spec does not set is left alone.
func TestSubscriptionLeavesAloneWhatIsUnset(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	newSubscriptionObject(t, srv, c, richSubscription).Settle()
	x := &subscription{T: t, Kind: Subscription{}, D: c, In: engine.NewInputs("5f1c0d3e-uid", nil, nil),
		O: controllertest.Parse(t, &v1alpha1.PleskSubscription{}, `spec: {domainName: acme.example, hosting: {virtualHost: {}}}`)}
	changes, err := x.Pass()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(changes).To(BeEmpty())
}

func TestSubscriptionDeletion(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newSubscriptionObject(t, srv, c, `spec: {domainName: acme.example}`)
	x.Settle()
	addOther := newSubscriptionObject(t, srv, c, `spec: {domainName: other.example}`)
	addOther.In = engine.NewInputs("another-uid", nil, nil)
	addOther.Settle()
	g.Expect(x.Kind.Delete(t.Context(), c, &engine.Found[subscriptionValue]{Key: engine.Key{Name: "acme.example"}})).NotTo(Succeed(), "without an id nothing is deleted")
	found := x.There("acme.example")
	g.Expect(x.Kind.Delete(t.Context(), c, found)).To(Succeed())
	g.Expect(xmlapi.IsNotFound(x.Kind.Delete(t.Context(), c, found))).To(BeTrue())
	gone, err := x.Find(engine.Key{Name: "acme.example"})
	g.Expect(gone, err).To(BeNil())
	g.Expect(controllertest.ReadSubscription(t, srv, "other.example")).NotTo(BeNil())
}

// A refusal names the field that it is about.
func TestSubscriptionRefusals(t *testing.T) {
	for _, c := range []struct{ spec, field string }{
		{`ipAddresses: ["203.0.113.9"]`, "spec.ipAddresses"},
		{`domainName: taken.example`, "spec.domainName"},
		{`customerRef: {external: nobody}`, "spec.customerRef"},
		{`servicePlanRef: {external: nothing}`, "spec.servicePlanRef"},
	} {
		t.Run(c.spec, func(t *testing.T) {
			srv, client := controllertest.Simulated(t)
			taken := newSubscriptionObject(t, srv, client, `spec: {domainName: taken.example}`)
			taken.In = engine.NewInputs("another-uid", nil, nil)
			taken.Settle()
			x := newSubscriptionObject(t, srv, client, `spec: {domainName: acme.example}`)
			x.In = engine.NewInputs("5f1c0d3e-uid", map[string]engine.Resolved{
				"spec.customerRef":    {Key: engine.Key{Name: "nobody"}},
				"spec.servicePlanRef": {Identity: engine.Identity{GUID: "00000000-0000-4000-8000-000000000000"}},
			}, nil)
			controllertest.Parse(t, x.O, "spec: {"+c.spec+"}")
			// Only the reference that the case is about resolves.
			refs := map[string]engine.Resolved{}
			if r := x.In.Ref(c.field); r != nil {
				refs[c.field] = *r
			}
			x.In = engine.NewInputs("5f1c0d3e-uid", refs, nil)
			_, want, err := x.Kind.Desired(x.O, x.In)
			if err != nil {
				t.Fatal(err)
			}
			_, err = x.Kind.Create(t.Context(), client, x.Kind.Normal(want))
			e, ok := errors.AsType[*xmlapi.Error](err)
			if !ok {
				t.Fatalf("not refused: %v", err)
			}
			if got := engine.FieldOf(Subscription{}, e); got != c.field && !strings.HasSuffix(err.Error(), "("+c.field+")") {
				t.Errorf("%v is blamed on %q, want %q", err, got, c.field)
			}
		})
	}
}

// An answer that lacks what was asked for says nothing about the subscription.
func TestSubscriptionIncompleteAnswer(t *testing.T) {
	g := NewWithT(t)
	const whole = `<gen_info><cr_date>2026-01-01</cr_date><name>acme.example</name><ascii-name>acme.example</ascii-name><status>0</status>` +
		`<real_size>0</real_size><htype>none</htype><guid>g</guid><vendor-guid>v</vendor-guid><external-id/></gen_info>` +
		`<hosting><none/></hosting><limits/><prefs/><subscriptions/><permissions/>`
	find := func(blocks string) error {
		d := controllertest.Recorded(`<packet><webspace><get><result><status>ok</status><id>7</id><data>` + blocks + `</data></result></get></webspace></packet>`)
		_, err := Subscription{}.Find(t.Context(), d, engine.Handle{Identity: engine.Identity{ID: "7"}})
		return err
	}
	g.Expect(find(whole)).To(Succeed())
	for _, block := range []string{"<limits/>", "<prefs/>", "<subscriptions/>", "<permissions/>"} {
		err := find(strings.Replace(whole, block, "", 1))
		g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), "without %s: %v", block, err)
		g.Expect(err).To(MatchError(ContainSubstring("lacks")))
	}
	virtual := strings.NewReplacer("<htype>none", "<htype>vrt_hst", "<none/>", "<vrt_hst><property><name>php</name><value>true</value></property></vrt_hst>").Replace(whole)
	g.Expect(find(virtual)).To(MatchError(ContainSubstring("performance")))
	g.Expect(find(virtual + "<performance/>")).To(MatchError(ContainSubstring("php-settings")))
	g.Expect(find(strings.Replace(virtual, "<hosting>", "<other>", 1) + "<performance/><php-settings/>")).NotTo(Succeed())
}

// A generated password must not hold the login, also where that is the server's to say.
func TestSystemUserOfAGeneratedPassword(t *testing.T) {
	g := NewWithT(t)
	o := &v1alpha1.PleskSubscription{}
	login := func() string {
		uses := Subscription{}.Secrets(o)
		g.Expect(uses).To(HaveLen(1))
		return uses[0].Login
	}
	o.Spec.Hosting = &v1alpha1.SubscriptionHosting{VirtualHost: &v1alpha1.VirtualHost{SystemUser: &v1alpha1.SystemUser{Password: &v1alpha1.SecretValue{Generate: true}}}}
	g.Expect(login()).To(BeEmpty(), "nobody knows it yet")
	o.Status.Observed = &v1alpha1.ObservedSubscription{SystemUser: "a"}
	g.Expect(login()).To(Equal("a"))
	o.Spec.Hosting.VirtualHost.SystemUser.Name = new("b")
	g.Expect(login()).To(Equal("b"))
}
