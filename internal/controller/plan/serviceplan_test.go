// Service plans against a simulated Plesk: whatever the spec says is there afterwards, and nothing else was written.

package plan

import (
	"errors"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

const richPlan = `
spec:
  planName: birch "small" & cheap
  overuse: Block
  limits: {disk_space: 2Gi, max_site: 3, max_box: unlimited}
  permissions: {manage_dns: true, manage_crontab: false}
  performance: {bandwidth: unlimited, maxConnections: 30}
  hostingType: VirtualHost
  hosting:
    shell: /bin/bash
    quota: 1Gi
    php: {enabled: true, handlerID: plesk-php83-fpm, settings: {memory_limit: 256M}}
    tls: {enabled: true, redirect: true}
    scripting: {perl: true}
    webStatistics: awstats
    errorDocuments: true
    extraProperties: {wu_script: "false"}
  mail:
    mailService: true
    mailLists: false
    webmail: roundcube
    nonexistentUser: {bounce: "No such user, please call."}
    outgoing: {mailboxLimit: 50, domainLimit: unlimited, subscriptionLimit: default, sendmail: Forbidden, overlimitPercent: 10}
  logRotation: {enabled: true, size: 10Mi, maxFiles: 5, compress: true, email: logs@acme.example}
  preferences: {statisticsMonths: 6, dnsZoneType: Primary}
  webServer: {additionalNginx: "gzip on;", restrictFollowSymlinks: true, nginxProxyMode: false}
`

type servicePlanObject = controllertest.Object[*v1alpha1.PleskServicePlan, servicePlanValue]

func newPlanObject(t *testing.T, c xmlapi.Doer, manifest string) *servicePlanObject {
	t.Helper()
	return &servicePlanObject{T: t, Kind: ServicePlan{}, D: c, O: controllertest.Parse(t, &v1alpha1.PleskServicePlan{}, manifest), In: engine.NewInputs("plan-uid", nil, nil)}
}

func readPlan(t *testing.T, d xmlapi.Doer, name string) serviceplan.GetResult {
	t.Helper()
	r, err := serviceplan.Get.One(t.Context(), d, serviceplan.GetRequest{Filter: serviceplan.ByName(name).Query()})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestServicePlanArrives(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newPlanObject(t, c, richPlan)
	x.Settle()
	p := readPlan(t, srv, `birch "small" & cheap`)
	g.Expect(*p.ExternalID).To(Equal("plan-uid"))
	g.Expect(*p.Limits.Overuse).To(Equal("block"))
	g.Expect(p.Limits.Limits).To(ContainElements(
		hosting.Limit{Name: "disk_space", Value: 2147483648}, hosting.Limit{Name: "max_site", Value: 3}, hosting.Limit{Name: "max_box", Value: -1},
	))
	g.Expect(*p.Performance.MaxConnections).To(Equal(30))
	g.Expect(p.Hosting.Virtual.Properties).To(ContainElements(
		xmlapi.Property{Name: "ftp_quota", Value: "1073741824"}, xmlapi.Property{Name: "ssl-redirect", Value: "true"},
		xmlapi.Property{Name: "perl", Value: "true"}, xmlapi.Property{Name: "wu_script", Value: "false"},
	))
	g.Expect(*p.Mail.NonexistentUser.Bounce).To(Equal("No such user, please call."))
	g.Expect(*p.Mail.DomainLimit).To(Equal("-1"))
	g.Expect(*p.Mail.EnableSendmail).To(Equal("false"))
	g.Expect(*p.LogRotation.On.Condition.BySize).To(Equal(10<<20), "bytes")
	g.Expect(*p.Preferences.DNSZoneType).To(Equal("master"))
	g.Expect(*p.WebServerSettings.NginxProxyMode).To(Equal("false"))
	g.Expect(x.O.Status.Observed.Owner).To(Equal("admin"))
}

func TestServicePlanFields(t *testing.T) {
	for _, c := range []struct {
		spec   string
		fields []string
	}{
		{`planName: renamed`, []string{"planName"}},
		{`overuse: Normal`, []string{"overuse"}},
		{`limits: {disk_space: 3Gi}`, []string{"limits.disk_space"}},
		{`permissions: {manage_dns: false}`, []string{"permissions.manage_dns"}},
		{`performance: {bandwidth: 100}`, []string{"performance.bandwidth"}},
		{`hosting: {quota: unlimited}`, []string{"hosting.quota"}},
		{`hosting: {php: {handlerID: plesk-php82-fpm}}`, []string{"hosting.php.handlerID"}},
		{`hosting: {php: {settings: {post_max_size: 20M}}}`, []string{"hosting.php.settings.post_max_size"}},
		{`hosting: {tls: {redirect: false}}`, []string{"hosting.tls.redirect"}},
		{`hosting: {extraProperties: {unpaid_website_status: disabled}}`, []string{"hosting.extraProperties.unpaid_website_status"}},
		{`mail: {mailLists: true}`, []string{"mail.mailLists"}},
		{`mail: {webmail: none}`, []string{"mail.webmail"}},
		{`mail: {nonexistentUser: {bounce: null, forward: lost@acme.example}}`, []string{"mail.nonexistentUser"}},
		{`mail: {nonexistentUser: {bounce: null, reject: {}}}`, []string{"mail.nonexistentUser"}},
		{`mail: {outgoing: {mailboxLimit: default}}`, []string{"mail.outgoing.mailboxLimit"}},
		{`mail: {outgoing: {sendmail: Default}}`, []string{"mail.outgoing.sendmail"}},
		{`logRotation: {size: null, schedule: Weekly}`, []string{"logRotation.schedule"}},
		{`logRotation: {size: 20480Ki}`, []string{"logRotation.size"}},
		{`logRotation: {maxFiles: 9}`, []string{"logRotation.maxFiles"}},
		{`logRotation: {enabled: false, size: null, maxFiles: null, compress: null, email: null}`, []string{"logRotation.enabled"}},
		{`preferences: {statisticsMonths: 1}`, []string{"preferences.statisticsMonths"}},
		{`preferences: {dnsZoneType: Secondary}`, []string{"preferences.dnsZoneType"}},
		{`webServer: {additionalNginx: ""}`, []string{"webServer.additionalNginx"}},
		{`webServer: {nginxProxyMode: true}`, []string{"webServer.nginxProxyMode"}},
	} {
		t.Run(strings.Join(c.fields, "+"), func(t *testing.T) {
			srv, client := controllertest.Simulated(t)
			x := newPlanObject(t, client, richPlan)
			x.Settle()
			srv.ResetStats()
			x.Edit("spec: {"+c.spec+"}", c.fields...)
			if writes := srv.Stats().Writes; writes != 1 {
				t.Errorf("%d operations wrote, want 1: %v", writes, srv.Stats().Operations)
			}
		})
	}
}

// What of log rotation the spec leaves open stays as it is, although the protocol takes it as a whole.
func TestServicePlanLogRotationKeepsTheRest(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	_, err := serviceplan.Add.One(t.Context(), srv, serviceplan.AddRequest{Name: "birch", LogRotation: &serviceplan.LogRotation{On: &hosting.LogRotation{
		Condition: hosting.LogCondition{ByTime: new("Daily")}, MaxFiles: new(7), Email: new("logs@acme.example"),
	}}})
	g.Expect(err).NotTo(HaveOccurred())
	newPlanObject(t, c, `spec: {planName: birch, logRotation: {enabled: true, schedule: Monthly, compress: true}}`).Settle()
	on := readPlan(t, srv, "birch").LogRotation.On
	g.Expect(*on.Condition.ByTime).To(Equal("Monthly"))
	g.Expect(*on.MaxFiles).To(Equal(7))
	g.Expect(*on.Email).To(Equal("logs@acme.example"))
	g.Expect(*on.Compress).To(BeTrue())
}

func TestServicePlanHostingIsNotTakenAway(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newPlanObject(t, c, `spec: {planName: birch, hosting: {}}`)
	x.Settle()
	g.Expect(x.O.Status.Observed.HostingType).To(Equal(v1alpha1.PlanHostingVirtualHost))
	x.O.Spec.Hosting = nil
	controllertest.Parse(t, x.O, `spec: {hostingType: None}`)
	srv.ResetStats()
	_, err := x.Pass()
	g.Expect(err).To(BeAssignableToTypeOf(controllertest.LossError("")), "what destroys data is asked for")
	g.Expect(err).To(MatchError(And(HavePrefix("spec.hostingType: "), ContainSubstring("deletes the web sites of its subscriptions"))))
	g.Expect(srv.Stats().Writes).To(BeZero())
	x.Permitted = true
	x.Settle()
	g.Expect(readPlan(t, srv, "birch").Hosting.None).NotTo(BeNil())
	x.Edit(`spec: {hostingType: VirtualHost}`, "hostingType")
}

// A change that reaches only some of the subscriptions is not lost on the user.
func TestServicePlanProblems(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newPlanObject(t, c, `spec: {planName: birch, hosting: {php: {handlerID: plesk-php83-fpm}}}`)
	x.Settle()
	u := engine.Update[servicePlanValue]{Identity: x.ID, Patch: servicePlanValue{Name: new("beech")}, Want: servicePlanValue{Name: new("beech")}}
	u.Warn = func(note string) { x.Warnings = append(x.Warnings, note) }
	problems := strings.Repeat("Unable to apply. ", 200)
	answer := controllertest.Recorded(`<packet><service-plan><set><result><status>ok</status><id>` + x.ID.ID + `</id><problems> ` + problems + ` </problems></result></set></service-plan></packet>`)
	g.Expect(x.Kind.Update(t.Context(), answer, u)).To(Succeed())
	g.Expect(x.Warnings).To(HaveLen(1))
	g.Expect(x.Warnings[0]).To(HavePrefix("service-plan/set: completed with warnings: Unable to apply. Unable"))
	g.Expect(x.Warnings[0]).To(HaveSuffix("apply. Unable to apply."), "half a secret could not be taken out: the engine cuts, afterwards")
	g.Expect(len(session.Fit(x.Warnings[0]))).To(BeNumerically("<", 1024), "an event holds no more")

	x.Warnings = nil
	g.Expect(x.Kind.Update(t.Context(), srv, u)).To(Succeed())
	g.Expect(x.Warnings).To(BeEmpty())
}

func TestServicePlanChangesReachSubscriptions(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newPlanObject(t, c, richPlan)
	x.Settle()
	_, err := webspace.Add.One(t.Context(), srv, webspace.AddRequest{
		GenSetup: webspace.NewGenSetup{Name: "acme.example", IPAddresses: []string{"198.51.100.7"}},
		Hosting: &hosting.Hosting{Virtual: &hosting.VirtualHosting{Properties: []xmlapi.Property{
			{Name: "ftp_login", Value: "acme"}, {Name: "ftp_password", Value: "Ftp-Secret-2026!"},
		}, IPAddresses: []string{"198.51.100.7"}}},
		PlanGUID: &x.ID.GUID,
	})
	g.Expect(err).NotTo(HaveOccurred())
	x.Edit(`spec: {limits: {max_site: 8}}`, "limits.max_site")
	g.Expect(controllertest.LimitOf(controllertest.ReadSubscription(t, srv, "acme.example"), "max_site")).To(Equal(int64(8)))
}

func TestServicePlanLeavesAloneWhatIsUnset(t *testing.T) {
	g := NewWithT(t)
	_, c := controllertest.Simulated(t)
	newPlanObject(t, c, richPlan).Settle()
	changes, err := newPlanObject(t, c, `spec: {planName: 'birch "small" & cheap', hosting: {}}`).Pass()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(changes).To(BeEmpty())
}

func TestServicePlanDeletion(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newPlanObject(t, c, `spec: {planName: birch}`)
	x.Settle()
	g.Expect(x.Kind.Delete(t.Context(), c, &engine.Found[servicePlanValue]{Key: engine.Key{Name: "birch"}})).NotTo(Succeed(), "without an id nothing is deleted")
	found := x.There("birch")
	g.Expect(x.Kind.Delete(t.Context(), c, found)).To(Succeed())
	g.Expect(xmlapi.IsNotFound(x.Kind.Delete(t.Context(), c, found))).To(BeTrue())
	gone, err := x.Find(engine.Key{Name: "birch"})
	g.Expect(gone, err).To(BeNil())
	g.Expect(readPlan(t, srv, "Unlimited").ID).NotTo(BeZero(), "other plans stay")
}

func TestServicePlanRefusals(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	controllertest.AddPlan(t, srv, "birch", 1)
	x := newPlanObject(t, c, `spec: {planName: birch}`)
	refused := func(in engine.Inputs) string {
		_, want, err := x.Kind.Desired(x.O, in)
		g.Expect(err).NotTo(HaveOccurred())
		_, err = x.Kind.Create(t.Context(), c, want)
		e, ok := errors.AsType[*xmlapi.Error](err)
		g.Expect(ok).To(BeTrue(), "%v", err)
		return engine.FieldOf(ServicePlan{}, e)
	}
	g.Expect(refused(x.In)).To(Equal("spec.planName"))
	g.Expect(refused(engine.NewInputs("plan-uid", map[string]engine.Resolved{"spec.resellerRef": {Key: engine.Key{Name: "nobody"}}}, nil))).To(Equal("spec.resellerRef"))
}

// A reseller's plan is found, changed and deleted in the reseller's list; the names of logins and plans do not run together.
func TestServicePlanOfReseller(t *testing.T) {
	g := NewWithT(t)
	for _, c := range []struct{ owner, name, key string }{
		{"", "gold", "gold"}, {"north", "gold", "north/gold"}, {"north", "web/mail", "north/web/mail"}, {"", "web/mail", "/web/mail"}, {"", "/", "//"},
	} {
		g.Expect(target.PlanKey(c.owner, c.name)).To(Equal(c.key))
		owner, name := target.SplitPlanKey(c.key)
		g.Expect([]string{form.Deref(owner), name}).To(Equal([]string{c.owner, c.name}))
	}

	var sent []string
	d := controllertest.DoerFunc(func(calls []xmlapi.Caller) error {
		body, err := xmlapi.Encode("", calls...)
		sent = append(sent, string(body))
		if err != nil {
			return err
		}
		op := calls[0].Operation()
		missing := `<status>error</status><errcode>1013</errcode><errtext>plan does not exist</errtext>`
		found := `<status>ok</status><id>3</id><name>gold</name><guid>g</guid><owner-login>north</owner-login>`
		result := missing
		if strings.Contains(string(body), "<owner-") {
			if result = found; op != "get" {
				result = `<status>ok</status><id>3</id>`
			}
		}
		return controllertest.Recorded(`<packet><service-plan><`+op+`><result>`+result+`</result></`+op+`></service-plan></packet>`).Do(t.Context(), calls...)
	})
	gold := engine.Key{Name: "north/gold"}
	byID := ContainSubstring("<id>3</id></filter><owner-login>north</owner-login>")
	found, err := ServicePlan{}.Find(t.Context(), d, engine.Handle{Identity: engine.Identity{ID: "3"}, Key: gold})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.Key).To(Equal(gold))
	g.Expect(sent).To(ConsistOf(byID))
	sent = nil
	_, err = ServicePlan{}.Find(t.Context(), d, engine.Handle{Identity: engine.Identity{ID: "3"}, Was: gold})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(sent).To(ConsistOf(byID), "at deletion the recorded key names the list")

	sent = nil
	g.Expect(ServicePlan{}.Update(t.Context(), d, engine.Update[servicePlanValue]{
		Identity: found.Identity, Patch: servicePlanValue{Name: new("silver")}, Want: servicePlanValue{Owner: &engine.Link{Name: "north"}},
	})).To(Succeed())
	g.Expect(sent).To(ConsistOf(ContainSubstring("<guid>g</guid></filter><owner-login>north</owner-login><name>silver</name>")))

	sent = nil
	g.Expect(ServicePlan{}.Delete(t.Context(), d, found)).To(Succeed())
	g.Expect(sent).To(ConsistOf(ContainSubstring("<del><filter><guid>g</guid></filter><owner-login>north</owner-login></del>")))

	sent = nil
	found.GUID = ""
	g.Expect(ServicePlan{}.Delete(t.Context(), d, found)).To(Succeed())
	g.Expect(sent).To(ConsistOf(ContainSubstring("<del><filter><id>3</id></filter><owner-login>north</owner-login></del>")))
}
