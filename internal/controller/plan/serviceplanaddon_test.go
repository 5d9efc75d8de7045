// Add-on plans against a simulated Plesk: whatever the spec says is there afterwards, and nothing else was written.

package plan

import (
	"maps"
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
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplanaddon"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

const richAddon = `
spec:
  planName: more "mail" & more
  limits: {disk_space: 2Gi, max_site: 3, max_box: unlimited}
  permissions: {manage_dns: true, manage_crontab: false}
  performance: {bandwidth: unlimited, maxConnections: 30}
  hosting:
    shell: /bin/bash
    quota: 1Gi
    php: {enabled: true, handlerID: plesk-php83-fpm, settings: {memory_limit: 256M}}
    tls: {enabled: true, redirect: true}
    scripting: {perl: true}
    webStatistics: awstats
    errorDocuments: true
    extraProperties: {wu_script: "false"}
`

type addonObject = controllertest.Object[*v1alpha1.PleskServicePlanAddon, addonValue]

func newAddonObject(t *testing.T, c xmlapi.Doer, manifest string) *addonObject {
	t.Helper()
	return &addonObject{
		T: t, Kind: ServicePlanAddon{}, D: c, O: controllertest.Parse(t, &v1alpha1.PleskServicePlanAddon{}, manifest), In: engine.NewInputs("addon-uid", nil, nil),
	}
}

func readAddon(t *testing.T, d xmlapi.Doer, name string) serviceplanaddon.GetResult {
	t.Helper()
	r, err := serviceplanaddon.Get.One(t.Context(), d, serviceplan.GetRequest{Filter: serviceplanaddon.ByName(name).Query()})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAddonArrives(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newAddonObject(t, c, richAddon)
	x.Settle()
	p := readAddon(t, srv, `more "mail" & more`)
	g.Expect(*p.ExternalID).To(Equal("addon-uid"))
	g.Expect(p.Limits.Limits).To(ConsistOf(
		hosting.Limit{Name: "disk_space", Value: 2147483648}, hosting.Limit{Name: "max_site", Value: 3}, hosting.Limit{Name: "max_box", Value: -1},
	))
	g.Expect(*p.Performance.MaxConnections).To(Equal(30))
	g.Expect(p.Hosting.Virtual.Properties).To(ContainElements(
		xmlapi.Property{Name: "ftp_quota", Value: "1073741824"}, xmlapi.Property{Name: "ssl-redirect", Value: "true"}, xmlapi.Property{Name: "perl", Value: "true"},
	))
	g.Expect(x.O.Status.Observed.Owner).To(Equal("admin"))
}

func TestAddonFields(t *testing.T) {
	for _, c := range []struct {
		spec   string
		fields []string
	}{
		{`planName: renamed`, []string{"planName"}},
		{`limits: {disk_space: 3Gi}`, []string{"limits.disk_space"}},
		{`permissions: {manage_dns: false}`, []string{"permissions.manage_dns"}},
		{`performance: {bandwidth: 100}`, []string{"performance.bandwidth"}},
		{`hosting: {quota: unlimited}`, []string{"hosting.quota"}},
		{`hosting: {php: {handlerID: plesk-php82-fpm}}`, []string{"hosting.php.handlerID"}},
		{`hosting: {php: {settings: {post_max_size: 20M}}}`, []string{"hosting.php.settings.post_max_size"}},
		{`hosting: {tls: {redirect: false}}`, []string{"hosting.tls.redirect"}},
		{`hosting: {scripting: {cgi: true}}`, []string{"hosting.scripting.cgi"}},
		{`hosting: {extraProperties: {unpaid_website_status: disabled}}`, []string{"hosting.extraProperties.unpaid_website_status"}},
	} {
		t.Run(strings.Join(c.fields, "+"), func(t *testing.T) {
			srv, client := controllertest.Simulated(t)
			x := newAddonObject(t, client, richAddon)
			x.Settle()
			srv.ResetStats()
			x.Edit("spec: {"+c.spec+"}", c.fields...)
			if writes := srv.Stats().Writes; writes != 1 {
				t.Errorf("%d operations wrote, want 1: %v", writes, srv.Stats().Operations)
			}
		})
	}
}

// What an add-on leaves open, and what it does not switch on, is the same to subscriptions, and no difference.
func TestAddonAddsNothingBySayingNo(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	newAddonObject(t, c, `spec: {planName: more}`).Settle()
	srv.ResetStats()
	changes, err := newAddonObject(t, c, `spec: {planName: more, permissions: {manage_dns: false}, hosting: {scripting: {cgi: false}}}`).Pass()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(changes).To(BeEmpty())
	g.Expect(srv.Stats().Writes).To(BeZero())
}

// addSubscriber makes a subscription to a service plan and to add-ons, behind the client's back.
func addSubscriber(t *testing.T, srv *plesksim.Server, domain, planGUID string, addonGUIDs ...string) {
	t.Helper()
	g := NewWithT(t)
	w, err := webspace.Add.One(t.Context(), srv, webspace.AddRequest{
		GenSetup: webspace.NewGenSetup{Name: domain, IPAddresses: []string{"198.51.100.7"}}, PlanGUID: &planGUID,
	})
	g.Expect(err).NotTo(HaveOccurred())
	for _, guid := range addonGUIDs {
		_, err = webspace.AddSubscription.One(t.Context(), srv, webspace.AddonRequest{Filter: webspace.ByID(w.ID), PlanGUID: &guid})
		g.Expect(err).NotTo(HaveOccurred())
	}
}

func TestAddonReachesSubscriptions(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newAddonObject(t, c, `spec: {planName: more, limits: {max_box: 5}}`)
	x.Settle()
	r, err := serviceplan.Add.One(t.Context(), srv, serviceplan.AddRequest{Name: "bare", Limits: &hosting.Limits{Limits: []hosting.Limit{{Name: "max_box", Value: 10}}}})
	g.Expect(err).NotTo(HaveOccurred())
	addSubscriber(t, srv, "acme.example", r.GUID, x.ID.GUID)
	addSubscriber(t, srv, "other.example", r.GUID)
	g.Expect(controllertest.LimitOf(controllertest.ReadSubscription(t, srv, "acme.example"), "max_box")).To(Equal(int64(15)))
	x.Edit(`spec: {limits: {max_box: 7}}`, "limits.max_box")
	g.Expect(controllertest.LimitOf(controllertest.ReadSubscription(t, srv, "acme.example"), "max_box")).To(Equal(int64(17)))

	contents, err := x.Kind.Contents(t.Context(), c, x.There("more"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(contents).To(HaveExactElements(And(HaveField("Kind", "PleskSubscription"), HaveField("Name", "acme.example"))), "who would lose something")
	g.Expect(x.Kind.Delete(t.Context(), c, x.There("more"))).To(Succeed())
	g.Expect(controllertest.LimitOf(controllertest.ReadSubscription(t, srv, "acme.example"), "max_box")).To(Equal(int64(10)))
}

func TestAddonDeletion(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newAddonObject(t, c, `spec: {planName: more}`)
	x.Settle()
	controllertest.AddPlan(t, srv, "more", 1) // a service plan of the same name is another object
	g.Expect(x.Kind.Delete(t.Context(), c, &engine.Found[addonValue]{Key: engine.Key{Name: "more"}})).NotTo(Succeed(), "without an id nothing is deleted")
	found := x.There("more")
	g.Expect(x.Kind.Delete(t.Context(), c, found)).To(Succeed())
	g.Expect(xmlapi.IsNotFound(x.Kind.Delete(t.Context(), c, found))).To(BeTrue())
	gone, err := x.Find(engine.Key{Name: "more"})
	g.Expect(gone, err).To(BeNil())
	g.Expect(readPlan(t, srv, "more").ID).NotTo(BeZero())
}

// The add-on of a reseller is made, found, changed, listed and deleted in the reseller's list; one of that name in the caller's own is another.
func TestAddonOfReseller(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	controllertest.AddReseller(t, srv, "north")
	ours := newAddonObject(t, c, `spec: {planName: more}`)
	ours.In = engine.NewInputs("our-uid", nil, nil)
	ours.Settle()
	x := newAddonObject(t, c, `spec: {planName: more, resellerRef: {external: north}}`)
	north, err := target.Resellers.Find(t.Context(), c, "north")
	g.Expect(err).NotTo(HaveOccurred())
	x.In = engine.NewInputs("addon-uid", map[string]engine.Resolved{"spec.resellerRef": *north}, nil)
	x.Settle()
	g.Expect(x.Was).To(Equal(engine.Key{Name: "north/more"}))
	g.Expect(x.ID).NotTo(Equal(ours.ID))
	controllertest.ExpectListed(t, ServicePlanAddon{}, c, 1, engine.Handle{Identity: x.ID, Key: x.Was}, engine.Handle{Identity: ours.ID, Key: ours.Was})
	x.Edit(`spec: {limits: {max_box: 3}}`, "limits.max_box")
	g.Expect(readAddon(t, srv, "more").Limits.Limits).To(BeEmpty(), "ours is as it was")

	is, err := target.ServicePlanAddons.Find(t.Context(), c, "north/more")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(is).To(And(HaveField("Kind", "PleskServicePlanAddon"), HaveField("Identity", x.ID), HaveField("Key", x.Was)))
	g.Expect(target.ServicePlanAddons.Find(t.Context(), c, "less")).To(BeNil())

	g.Expect(x.Kind.Delete(t.Context(), c, x.There("north/more"))).To(Succeed())
	g.Expect(readAddon(t, srv, "more").ID).NotTo(BeZero())
}

func TestAddonPrivileges(t *testing.T) {
	of := func(t *testing.T, manifest string) []string {
		return controllertest.Privileges(t, ServicePlanAddon{}, &v1alpha1.PleskServicePlanAddon{Spec: v1alpha1.PleskServicePlanAddonSpec{PlanName: "more"}}, manifest)
	}
	allowance := controllertest.AllowanceCases()
	maps.DeleteFunc(allowance, func(spec string, _ []string) bool { return strings.HasPrefix(spec, "overuse:") }) // add-ons have none
	controllertest.ExpectPrivileged(t, of, allowance)
	controllertest.ExpectPrivileged(t, of, controllertest.HostingCases("hosting", func(s string) string { return `hosting: {` + s + `}` }))
	controllertest.ExpectPrivileged(t, of, map[string][]string{`resellerRef: {external: north}`: {"resellerRef"}})
}
