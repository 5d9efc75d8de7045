// Reseller plans against a simulated Plesk: whatever the spec says is there afterwards, and nothing else was written.

package plan

import (
	"errors"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/resellerplan"
)

const richResellerPlan = `
spec:
  planName: birch "gold" & co
  oversell: false
  overuse: NotSuspendNotify
  limits: {max_cl: 5, disk_space: 100Gi, max_dom: unlimited, expiration: 2030-01-31}
  permissions: {create_clients: true, remote_access_interface: true, manage_dns: false}
  ipPool: {shared: ["198.51.100.7"], exclusiveIPv4: 1}
`

type resellerPlanObject = controllertest.Object[*v1alpha1.PleskResellerPlan, resellerPlanValue]

func newResellerPlan(t *testing.T, c xmlapi.Doer, manifest string) *resellerPlanObject {
	t.Helper()
	return &resellerPlanObject{
		T: t, Kind: ResellerPlan{}, D: c, O: controllertest.Parse(t, &v1alpha1.PleskResellerPlan{}, manifest), In: engine.NewInputs("plan-uid", nil, nil),
	}
}

func readResellerPlan(t *testing.T, d xmlapi.Doer, name string) resellerplan.GetResult {
	t.Helper()
	r, err := resellerplan.Get.One(t.Context(), d, getResellerPlans(resellerplan.ByName(name).Query()))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestResellerPlanArrives(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	newResellerPlan(t, c, richResellerPlan).Settle()
	p := readResellerPlan(t, srv, `birch "gold" & co`)
	g.Expect(*p.ExternalID).To(Equal("plan-uid"))
	g.Expect(*p.Limits.Policy).To(Equal(hosting.ResourcePolicy{Oversell: new(false), Overuse: new("not_suspend_notify")}))
	g.Expect(p.Limits.Limits).To(ContainElements(
		hosting.Limit{Name: "max_cl", Value: 5}, hosting.Limit{Name: "disk_space", Value: 100 << 30}, hosting.Limit{Name: "max_dom", Value: -1},
		hosting.Limit{Name: "expiration", Value: 1896048000},
	))
	g.Expect(p.Permissions.Permissions).To(ContainElements(
		hosting.Permission{Name: "remote_access_interface", Value: true}, hosting.Permission{Name: "manage_dns", Value: false},
	))
	g.Expect(*p.IPPool).To(Equal(resellerplan.IPPool{Addresses: []string{"198.51.100.7"}, AllocateIPv4: new(1), AllocateIPv6: new(0)}))
}

func TestResellerPlanFields(t *testing.T) {
	for _, c := range []struct {
		spec   string
		fields []string
	}{
		{`planName: renamed`, []string{"planName"}},
		{`oversell: true`, []string{"oversell"}},
		{`overuse: Normal`, []string{"overuse"}},
		{`limits: {disk_space: 3Gi}`, []string{"limits.disk_space"}},
		{`permissions: {manage_dns: true}`, []string{"permissions.manage_dns"}},
		{`ipPool: {shared: ["198.51.100.7", "2001:DB8:0::7"]}`, []string{"ipPool.shared"}},
		{`ipPool: {shared: ["2001:db8::7"]}`, []string{"ipPool.shared"}},
		{`ipPool: {exclusiveIPv4: 0}`, []string{"ipPool.exclusiveIPv4"}},
		{`ipPool: {exclusiveIPv6: 2}`, []string{"ipPool.exclusiveIPv6"}},
	} {
		t.Run(strings.Join(c.fields, "+"), func(t *testing.T) {
			srv, client := controllertest.Simulated(t)
			x := newResellerPlan(t, client, richResellerPlan)
			x.Settle()
			srv.ResetStats()
			x.Edit("spec: {"+c.spec+"}", c.fields...)
			if writes := srv.Stats().Writes; writes != 1 {
				t.Errorf("%d operations wrote, want 1: %v", writes, srv.Stats().Operations)
			}
		})
	}
}

// What the spec leaves open of the pool stays as it is, also where the server takes it as a whole.
func TestResellerPlanPoolIsWrittenAsAWhole(t *testing.T) {
	g := NewWithT(t)
	_, c := controllertest.Simulated(t)
	x := newResellerPlan(t, c, richResellerPlan)
	x.Settle()
	x.O.Spec.IPPool = &v1alpha1.PlanIPPool{ExclusiveIPv6: new(int32(1))}
	r := &controllertest.Recording{Doer: c}
	x.D = r
	x.Settle()
	g.Expect(r.Sent).To(ContainElement(ContainSubstring(
		"<ip-pool><ip-address>198.51.100.7</ip-address><allocate-ip>1</allocate-ip><allocate-ipv6>1</allocate-ipv6></ip-pool>")))
}

func TestResellerPlanLeavesAloneWhatIsUnset(t *testing.T) {
	g := NewWithT(t)
	_, c := controllertest.Simulated(t)
	newResellerPlan(t, c, richResellerPlan).Settle()
	changes, err := newResellerPlan(t, c, `spec: {planName: 'birch "gold" & co', ipPool: {}}`).Pass()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(changes).To(BeEmpty())
}

// A change that reaches only some of the resellers is not lost on the user.
func TestResellerPlanProblems(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newResellerPlan(t, c, richResellerPlan)
	x.Settle()
	for _, login := range []string{"north", "south"} { // there is one exclusive address
		_, err := reseller.Add.One(t.Context(), srv, reseller.AddRequest{
			GenInfo: reseller.NewGenInfo{Login: login, ContactName: "Nora", Password: "Mossy-Gate-2026!"}, PlanGUID: &x.ID.GUID,
		})
		g.Expect(err).NotTo(HaveOccurred())
	}
	x.Warnings = nil
	x.Edit(`spec: {limits: {max_cl: 9}}`, "limits.max_cl")
	g.Expect(x.Warnings).To(HaveExactElements(And(HavePrefix("reseller-plan/set: completed with warnings: "), ContainSubstring("exclusive IPv4"))))
}

func TestResellerPlanPrivileges(t *testing.T) {
	of := func(t *testing.T, manifest string) []string {
		return controllertest.Privileges(t, ResellerPlan{}, &v1alpha1.PleskResellerPlan{Spec: v1alpha1.PleskResellerPlanSpec{PlanName: "gold"}}, manifest)
	}
	controllertest.ExpectPrivileged(t, of, map[string][]string{
		`limits: {max_cl: 5}`:                          {"limits.max_cl"},
		`permissions: {manage_dns: true}`:              {"permissions.manage_dns"},
		`oversell: false, overuse: Block`:              {"oversell", "overuse"},
		`ipPool: {shared: ["198.51.100.7"]}`:           {"ipPool.shared"},
		`ipPool: {exclusiveIPv4: 1, exclusiveIPv6: 0}`: {"ipPool.exclusiveIPv4", "ipPool.exclusiveIPv6"},
		`planName: silver`:                             nil,
	})
}

func TestResellerPlansAreListed(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	rich := newResellerPlan(t, c, richResellerPlan)
	rich.Settle()
	_, err := resellerplan.Add.One(t.Context(), srv, resellerplan.AddRequest{Name: "neighbour"})
	g.Expect(err).NotTo(HaveOccurred())
	list := controllertest.ExpectListed(t, ResellerPlan{}, c, 1, engine.Handle{Identity: rich.ID})
	g.Expect(list).To(HaveLen(2), "what nobody describes is listed, too")
}

// An answer that lacks something would be taken for a plan without it.
func TestDoubtfulResellerPlans(t *testing.T) {
	g := NewWithT(t)
	const named = `<id>3</id><name>gold</name><guid>g</guid><external-id/>`
	find := func(result string) (*engine.Found[resellerPlanValue], error) {
		return ResellerPlan{}.Find(t.Context(), controllertest.Recorded(`<packet><reseller-plan><get><result><status>ok</status>`+result+
			`</result></get></reseller-plan></packet>`), engine.Handle{Identity: engine.Identity{ID: "3"}})
	}
	const perms = `<permissions><permission><name>manage_dns</name><value>true</value></permission></permissions>`
	g.Expect(find(named + `<limits/>` + perms + `<ip-pool/>`)).NotTo(BeNil())
	for _, doubt := range []string{
		named, named + perms + `<ip-pool/>`, named + `<limits/><ip-pool/>`, named + `<limits/>` + perms, `<id>3</id><name>gold</name><limits/>` + perms + `<ip-pool/>`,
	} {
		_, err := find(doubt)
		g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), doubt)
	}
}

func TestResellerPlanDeletion(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newResellerPlan(t, c, `spec: {planName: gold}`)
	x.Settle()
	contents := func() []engine.Content {
		all, err := x.Kind.Contents(t.Context(), c, x.There("gold"))
		g.Expect(err).NotTo(HaveOccurred())
		return all
	}
	controllertest.AddReseller(t, srv, "without")
	g.Expect(contents()).To(BeEmpty())
	r, err := reseller.Add.One(t.Context(), srv, reseller.AddRequest{
		GenInfo: reseller.NewGenInfo{Login: "north", ContactName: "Nora", Password: "Mossy-Gate-2026!"}, PlanGUID: &x.ID.GUID,
	})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(contents()).To(ConsistOf(engine.Content{
		Kind: "PleskReseller", Identity: engine.Identity{ID: engine.IDText(r.ID), GUID: r.GUID}, Key: engine.Key{Name: "north"}, Name: "north",
	}), "they would lose the plan")

	g.Expect(x.Kind.Delete(t.Context(), c, &engine.Found[resellerPlanValue]{Key: engine.Key{Name: "gold"}})).NotTo(Succeed(), "without an id nothing is deleted")
	found := x.There("gold")
	g.Expect(x.Kind.Delete(t.Context(), c, found)).To(Succeed())
	g.Expect(xmlapi.IsNotFound(x.Kind.Delete(t.Context(), c, found))).To(BeTrue())
	gone, err := x.Find(engine.Key{Name: "gold"})
	g.Expect(gone, err).To(BeNil())
}

func TestResellerPlanRefusals(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	_, err := resellerplan.Add.One(t.Context(), srv, resellerplan.AddRequest{Name: "gold"})
	g.Expect(err).NotTo(HaveOccurred())
	for manifest, field := range map[string]string{
		`spec: {planName: gold}`:                                    "spec.planName",
		`spec: {planName: silver, ipPool: {shared: ["192.0.2.1"]}}`: "spec.ipPool",
	} {
		x := newResellerPlan(t, c, manifest)
		_, want, err := x.Kind.Desired(x.O, x.In)
		g.Expect(err).NotTo(HaveOccurred())
		_, err = x.Kind.Create(t.Context(), c, want)
		e, ok := errors.AsType[*xmlapi.Error](err)
		g.Expect(ok).To(BeTrue(), "%v", err)
		g.Expect(engine.FieldOf(ResellerPlan{}, e)).To(Equal(field))
	}
}
