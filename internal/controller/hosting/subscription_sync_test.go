// planSync: what of a locked subscription is not its plan's, and what becomes of it.

package hosting

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/controller/grant"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

const syncedSubscription = `
spec:
  domainName: acme.example
  servicePlanRef: {name: birch-small}
  planSync: Sync
  hosting: {virtualHost: {systemUser: {name: acme, password: {secretRef: {name: acme-ftp, key: password}}}}}
`

// synced is a subscription to a plan with ten mailboxLimit, settled, with overrides or without.
func synced(t *testing.T, overrides string) (*plesksim.Server, *subscription) {
	t.Helper()
	srv, c := controllertest.Simulated(t)
	x := newSubscriptionObject(t, srv, c, syncedSubscription)
	controllertest.Parse(t, x.O, "spec: {"+overrides+"}")
	x.Settle()
	return srv, x
}

// silent passes once more and writes nothing.
func silent[W any](t *testing.T, srv *plesksim.Server, x *controllertest.Object[*v1alpha1.PleskSubscription, W]) {
	t.Helper()
	srv.ResetStats()
	if changes := x.Settle(); len(changes) > 0 {
		t.Fatalf("not silent: %+v", changes)
	}
	if n := srv.Stats().Writes; n > 0 {
		t.Fatalf("%d writes", n)
	}
}

func customise(t *testing.T, srv *plesksim.Server, values webspace.SetValues) {
	t.Helper()
	if _, err := webspace.Set.One(t.Context(), srv, webspace.SetRequest{Filter: webspace.ByName("acme.example"), Values: values}); err != nil {
		t.Fatal(err)
	}
}

func mailboxLimit(n int64) *hosting.Limits {
	return &hosting.Limits{Limits: []hosting.Limit{{Name: "max_box", Value: n}}}
}

func TestSyncTakesDroppedOverridesBack(t *testing.T) {
	g := NewWithT(t)
	srv, x := synced(t, `limits: {max_box: 11, max_site: 4}, permissions: {manage_dns: true}`)
	g.Expect(x.O.Status.Observed.Plan.Locked).To(BeTrue())
	g.Expect(x.O.Status.Observed.Plan.Message).To(BeEmpty(), "what the spec sets needs no word")
	silent(t, srv, x)

	delete(x.O.Spec.Limits, "max_box")
	x.O.Spec.Permissions = nil
	changes := x.Settle()
	g.Expect(controllertest.FieldsOf(changes)).To(Equal([]string{"planSync"}))
	g.Expect(changes[0].From).To(Equal("limits.max_box (11, the plan: 10)"))
	d := controllertest.ReadSubscription(t, srv, "acme.example")
	g.Expect(controllertest.LimitOf(d, "max_box")).To(Equal(int64(10)), "the plan's again")
	g.Expect(controllertest.LimitOf(d, "max_site")).To(Equal(int64(4)), "the spec's, written again in the same go")
	g.Expect(d.Permissions.Permissions).To(ContainElement(hosting.Permission{Name: "manage_dns"}))
	g.Expect(x.O.Status.Observed.Plan.Locked).To(BeTrue(), "by the override that is left")
	silent(t, srv, x)

	x.O.Spec.Limits = nil
	g.Expect(controllertest.FieldsOf(x.Settle())).To(Equal([]string{"planSync"}))
	g.Expect(x.O.Status.Observed.Plan.Locked).To(BeFalse())
	g.Expect(x.O.Status.Observed.Plan.Synchronized).To(BeTrue())
	silent(t, srv, x)
}

func TestKeepSaysWhatIsLeft(t *testing.T) {
	g := NewWithT(t)
	srv, x := synced(t, `planSync: Keep, limits: {max_box: 11, max_site: 4}`)
	g.Expect(x.O.Status.Observed.Plan.Message).To(BeEmpty())
	x.O.Spec.Limits = nil
	silent(t, srv, x)
	g.Expect(controllertest.LimitOf(controllertest.ReadSubscription(t, srv, "acme.example"), "max_box")).To(Equal(int64(11)))
	g.Expect(x.O.Status.Observed.Plan.Locked).To(BeTrue())
	g.Expect(x.O.Status.Observed.Plan.Message).To(Equal("locked with values that are neither the plan's nor the spec's: " +
		"limits.max_box (11, the plan: 10), limits.max_site (4, the plan: unlimited); spec.planSync: Sync brings the plan's values back"))
}

// What somebody changes in the panel, and what changes in the plan while overrides lock, is brought in line, too.
func TestSyncFollowsThePlan(t *testing.T) {
	g := NewWithT(t)
	srv, x := synced(t, `limits: {max_site: 4}`)
	customise(t, srv, webspace.SetValues{Limits: mailboxLimit(99), PHPSettings: &hosting.PHPSettings{Settings: []xmlapi.Property{{Name: "memory_limit", Value: "1G"}}}})
	g.Expect(controllertest.FieldsOf(x.Settle())).To(Equal([]string{"planSync"}))
	g.Expect(controllertest.LimitOf(controllertest.ReadSubscription(t, srv, "acme.example"), "max_box")).To(Equal(int64(10)))

	_, err := serviceplan.Set.One(t.Context(), srv, serviceplan.SetRequest{Filter: serviceplan.ByName("birch-small"), Limits: mailboxLimit(20)})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(controllertest.LimitOf(controllertest.ReadSubscription(t, srv, "acme.example"), "max_box")).To(Equal(int64(10)), "it is locked")
	x.Settle()
	d := controllertest.ReadSubscription(t, srv, "acme.example")
	g.Expect(controllertest.LimitOf(d, "max_box")).To(Equal(int64(20)))
	g.Expect(controllertest.LimitOf(d, "max_site")).To(Equal(int64(4)))
	silent(t, srv, x)
}

// A lock alone says nothing: a certificate locks without being the plan's to say.
func TestSyncIgnoresALockWithoutDeviation(t *testing.T) {
	g := NewWithT(t)
	srv, x := synced(t, ``)
	g.Expect(x.O.Status.Observed.Plan.Locked).To(BeFalse())
	// The plan's own value, written by hand, locks as a certificate does.
	customise(t, srv, webspace.SetValues{Limits: mailboxLimit(10)})
	silent(t, srv, x)
	g.Expect(x.O.Status.Observed.Plan.Locked).To(BeTrue())
	g.Expect(x.O.Status.Observed.Plan.Message).To(BeEmpty())
}

// What a synchronisation leaves, since the subscriber may set it, is not synchronised again and again.
func TestSyncLeavesWhatTheSubscriberMaySet(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newSubscriptionObject(t, srv, c, syncedSubscription)
	_, err := serviceplan.Set.One(t.Context(), srv, serviceplan.SetRequest{
		Filter:      serviceplan.ByName("birch-small"),
		Permissions: &hosting.Permissions{Permissions: []hosting.Permission{{Name: "manage_php_settings", Value: true}}},
		PHPSettings: &hosting.PHPSettings{Settings: []xmlapi.Property{{Name: "memory_limit", Value: "128M"}}},
	})
	g.Expect(err).NotTo(HaveOccurred())
	controllertest.Parse(t, x.O, `spec: {limits: {max_site: 4}}`)
	x.Settle()
	customise(t, srv, webspace.SetValues{PHPSettings: &hosting.PHPSettings{Settings: []xmlapi.Property{{Name: "memory_limit", Value: "1G"}}}})
	g.Expect(controllertest.FieldsOf(x.Settle())).To(Equal([]string{"planSync"}), "tried once")
	g.Expect(controllertest.ReadSubscription(t, srv, "acme.example").PHPSettings.Settings).To(ContainElement(xmlapi.Property{Name: "memory_limit", Value: "1G"}))
	g.Expect(x.O.Status.Observed.Plan.Message).To(HaveSuffix("hosting.virtualHost.php.settings.memory_limit (1G, the plan: 128M); the last synchronisation left them"))
	silent(t, srv, x)

	customise(t, srv, webspace.SetValues{Limits: mailboxLimit(99)})
	g.Expect(controllertest.FieldsOf(x.Settle())).To(Equal([]string{"planSync"}), "something else is")
	g.Expect(controllertest.LimitOf(controllertest.ReadSubscription(t, srv, "acme.example"), "max_box")).To(Equal(int64(10)))
	silent(t, srv, x)

	customise(t, srv, webspace.SetValues{PHPSettings: &hosting.PHPSettings{Settings: []xmlapi.Property{{Name: "memory_limit", Value: "128M"}}}})
	silent(t, srv, x)
	g.Expect(x.O.Status.PlanRemainder).To(BeEmpty(), "nothing is left")
}

// A plan without web hosting is not synchronised with: the web site would go.
func TestSyncKeepsTheWebSite(t *testing.T) {
	g := NewWithT(t)
	none := plannedResult(`<hosting><none/></hosting><limits><limit><name>max_box</name><value>10</value></limit></limits>`)
	have := subscriptionValue{
		Hosting: new(hostingVirtual), Virtual: &virtualValue{Shared: &grant.Hosting{}},
		Allowance: grant.FoundAllowance(mailboxLimit(11), nil, nil), link: &planLink{guid: "g", locked: true, plan: none(t)},
	}
	have.deviating = have.deviations()
	g.Expect(have.deviating).To(Equal([]engine.Change{{Field: "limits.max_box", From: "11", To: "10"}}))
	o := &v1alpha1.PleskSubscription{Spec: v1alpha1.PleskSubscriptionSpec{DomainName: "acme.example", PlanSync: v1alpha1.PlanSyncSync}}
	want := subscriptionValue{Deviations: []string{}}
	g.Expect(engine.Diff(want, Subscription{}.Restrict(o, want, have))).To(BeEmpty())
	g.Expect(planMessage(o, have)).To(HaveSuffix("not synchronised: the plan has no web hosting, and the web site would be deleted"))

	have.Hosting, have.Virtual = new(hostingForward), nil
	g.Expect(engine.Diff(want, Subscription{}.Restrict(o, want, have))).To(HaveLen(1), "a forwarding has no files to lose")
}

// What only one of the two lists, and what is written in another way in plans, is no deviation.
func TestDeviations(t *testing.T) {
	for name, c := range map[string]struct {
		plan string
		have subscriptionValue
		want []string
	}{
		"equal values": {`<limits><limit><name>max_box</name><value>10</value></limit></limits>`,
			subscriptionValue{Allowance: grant.FoundAllowance(mailboxLimit(10), nil, nil)}, nil},
		"a limit that the subscription does not list": {`<limits><limit><name>max_db</name><value>10</value></limit></limits>`,
			subscriptionValue{Allowance: grant.FoundAllowance(mailboxLimit(10), nil, nil)}, nil},
		"a limit that the plan does not list": {`<limits/>`, subscriptionValue{Allowance: grant.FoundAllowance(mailboxLimit(10), nil, nil)}, nil},
		"expiration, a period in plans": {`<limits><limit><name>expiration</name><value>31536000</value></limit></limits>`,
			subscriptionValue{Allowance: grant.FoundAllowance(&hosting.Limits{Limits: []hosting.Limit{{Name: "expiration", Value: 2e9}}}, nil, nil)}, nil},
		"a permission that is not listed is not granted": {`<permissions><permission><name>manage_dns</name><value>true</value></permission></permissions>`,
			subscriptionValue{Allowance: grant.FoundAllowance(nil, &hosting.Permissions{}, nil)}, []string{"permissions.manage_dns"}},
		"a switch that the plan does not list": {`<hosting><vrt_hst><property><name>shell</name><value>/bin/false</value></property></vrt_hst></hosting>`,
			subscriptionValue{Virtual: &virtualValue{Shared: &grant.Hosting{PHP: new(true), Shell: new("/bin/bash")}}}, []string{"hosting.virtualHost.shell"}},
		"the plan's template of open_basedir": {
			`<php-settings><setting><name>open_basedir</name><value>{WEBSPACEROOT}{/}{:}{TMP}{/}</value></setting></php-settings>`,
			subscriptionValue{Virtual: &virtualValue{Shared: &grant.Hosting{PHPSettings: map[string]string{"open_basedir": "/var/www/vhosts/acme.example/:/tmp/"}}}}, nil},
		"hosting where the subscription has none": {`<hosting><vrt_hst><property><name>php</name><value>true</value></property></vrt_hst></hosting>`,
			subscriptionValue{Hosting: new(hostingNone)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			plan := plannedResult(c.plan)(t)
			c.have.link = &planLink{guid: "g", locked: true, plan: plan}
			NewWithT(t).Expect(controllertest.FieldsOf(c.have.deviations())).To(Equal(c.want))
		})
	}
}

// Whoever may not read the plan is told of no deviation, and keeps the subscription.
func TestSyncWithoutSightOfThePlan(t *testing.T) {
	g := NewWithT(t)
	srv, x := synced(t, `limits: {max_box: 11}`)
	x.O.Spec.Limits = nil
	remove := srv.Inject(plesksim.Fault{Operator: "service-plan", Operation: "get", Code: xmlapi.CodePermissionDenied})
	silent(t, srv, x)
	g.Expect(x.O.Status.Observed.Plan.Locked).To(BeTrue())
	remove()
	srv.Inject(plesksim.Fault{Operator: "service-plan", Operation: "get", Code: xmlapi.CodeFailed})
	_, err := x.Pass()
	g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), "no answer is none")
}

// A refused synchronisation names the field and has changed nothing.
func TestSyncRefused(t *testing.T) {
	g := NewWithT(t)
	srv, x := synced(t, `limits: {max_box: 11}`)
	x.O.Spec.Limits = nil
	srv.Inject(plesksim.Fault{Operator: "webspace", Operation: "sync-subscription", Code: xmlapi.CodeFailed, Times: 1})
	_, err := x.Pass()
	g.Expect(err).To(MatchError(HaveSuffix("(spec.planSync)")))
	g.Expect(x.O.Status.PlanRemainder).To(BeEmpty(), "it is tried again")
	g.Expect(controllertest.LimitOf(controllertest.ReadSubscription(t, srv, "acme.example"), "max_box")).To(Equal(int64(11)))
	x.Settle()
	g.Expect(controllertest.LimitOf(controllertest.ReadSubscription(t, srv, "acme.example"), "max_box")).To(Equal(int64(10)))
}

// plannedResult is a plan as a server shows it.
func plannedResult(blocks string) func(t *testing.T) *serviceplan.GetResult {
	return func(t *testing.T) *serviceplan.GetResult {
		t.Helper()
		answer := controllertest.Recorded(`<packet><service-plan><get><result><status>ok</status><id>3</id><name>birch</name><guid>g</guid>` + blocks + `</result></get></service-plan></packet>`)
		r, err := serviceplan.Get.One(t.Context(), answer, serviceplan.GetRequest{Filter: serviceplan.ByGUID("g").Query()})
		if err != nil {
			t.Fatal(err)
		}
		return &r
	}
}
