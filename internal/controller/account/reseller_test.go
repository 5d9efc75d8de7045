// Resellers against a simulated Plesk: whatever the spec says is there afterwards, and nothing else was written.

package account

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
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/resellerplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

const (
	sharedAddress    = "198.51.100.7"
	exclusiveAddress = "198.51.100.8"
	otherAddress     = "2001:db8::7"
)

const richReseller = `
spec:
  login: north
  contactName: Nora North
  companyName: North & Sons
  email: nora@north.example
  address: {city: Leeds, country: GB}
  powerUser: true
  oversell: false
  overuse: Notify
  limits: {max_cl: 5, disk_space: 100Gi, max_dom: unlimited}
  permissions: {create_clients: true, remote_access_interface: false, manage_dns: true}
  ipPool: {shared: ["198.51.100.7"], exclusive: []}
`

type resellerObject = controllertest.Object[*v1alpha1.PleskReseller, resellerValue]

// newReseller is an object that is bound to a plan, nil for none.
func newReseller(t *testing.T, d xmlapi.Doer, manifest string, plan *engine.Resolved) *resellerObject {
	t.Helper()
	return &resellerObject{T: t, Kind: Reseller{}, D: d, O: controllertest.Parse(t, &v1alpha1.PleskReseller{}, manifest), In: inputs(plan)}
}

// inputs have the reference to the plan lead somewhere.
func inputs(plan *engine.Resolved) engine.Inputs {
	refs := map[string]engine.Resolved{}
	if plan != nil {
		refs[planField] = *plan
	}
	return engine.NewInputs("reseller-uid", refs, map[string]xmlapi.Secret{passwordField: "Mossy-Gate-2026!"})
}

// settle makes the account and then passes twice: the pool is filled by the first pass that finds the account.
func settle(x *resellerObject) {
	x.T.Helper()
	for range 2 {
		if _, err := x.Pass(); err != nil {
			x.T.Fatal(err)
		}
	}
	x.Settle()
}

func addResellerPlan(t *testing.T, srv *plesksim.Server, name string, customers int64) *engine.Resolved {
	t.Helper()
	r, err := resellerplan.Add.One(t.Context(), srv, resellerplan.AddRequest{
		Name: name, Limits: &hosting.ResellerLimits{Limits: []hosting.Limit{{Name: "max_cl", Value: customers}}},
		IPPool: &resellerplan.IPPool{Addresses: []string{sharedAddress}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &engine.Resolved{Kind: "PleskResellerPlan", Identity: engine.Identity{ID: engine.IDText(r.ID), GUID: r.GUID}, Key: engine.Key{Name: name}}
}

func addSubscription(t *testing.T, srv *plesksim.Server, owner int64, domain string) {
	t.Helper()
	_, err := webspace.Add.One(t.Context(), srv, webspace.AddRequest{GenSetup: webspace.NewGenSetup{
		Name: domain, OwnerID: &owner, HostingType: new(hosting.None), IPAddresses: []string{sharedAddress},
	}})
	if err != nil {
		t.Fatal(err)
	}
}

func readReseller(t *testing.T, d xmlapi.Doer, login string) *reseller.Data {
	t.Helper()
	r, err := reseller.Get.One(t.Context(), d, getResellers(reseller.ByLogin(login).Query()))
	if err != nil {
		t.Fatal(err)
	}
	return r.Data
}

func TestResellerArrives(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newReseller(t, c, richReseller, nil)
	settle(x)
	d := readReseller(t, srv, "north")
	g.Expect(d.GenInfo.ExternalID).To(Equal("reseller-uid"))
	g.Expect(d.GenInfo.CompanyName).To(Equal("North & Sons"))
	g.Expect(d.GenInfo.Contact.City).To(Equal("Leeds"))
	g.Expect(*d.GenInfo.PowerUser).To(BeTrue())
	g.Expect(*d.Limits.Policy).To(Equal(hosting.ResourcePolicy{Oversell: new(false), Overuse: new("notify")}))
	g.Expect(d.Limits.Limits).To(ContainElements(
		hosting.Limit{Name: "max_cl", Value: 5}, hosting.Limit{Name: "disk_space", Value: 100 << 30}, hosting.Limit{Name: "max_dom", Value: -1},
	))
	g.Expect(d.Permissions.Permissions).To(ContainElements(
		hosting.Permission{Name: "create_clients", Value: true}, hosting.Permission{Name: "remote_access_interface", Value: false},
	))
	g.Expect(d.IPPool.Addresses).To(ConsistOf(reseller.PoolAddress{Address: sharedAddress, Type: ip.Shared}))
	seen := x.O.Status.Observed
	g.Expect(seen.State).To(Equal("Active"))
	g.Expect(seen.Plan).To(BeNil())
	g.Expect(seen.IPAddresses).To(ConsistOf(sharedAddress))
}

func TestResellerFields(t *testing.T) {
	for _, c := range []struct {
		spec   string
		fields []string
		writes int
	}{
		{`login: north-2`, []string{"login"}, 1},
		{`contactName: Nina North`, []string{"contactName"}, 1},
		{`address: {city: York}`, []string{"address.city"}, 1},
		{`powerUser: false`, []string{"powerUser"}, 1},
		{`oversell: true`, []string{"oversell"}, 1},
		{`overuse: Block`, []string{"overuse"}, 1},
		{`limits: {max_cl: unlimited, disk_space: 1Gi}`, []string{"limits.disk_space", "limits.max_cl"}, 1},
		{`permissions: {create_clients: false}`, []string{"permissions.create_clients"}, 1},
		{`ipPool: {shared: ["2001:DB8::0:7", "198.51.100.7"]}`, []string{"ipPool.shared"}, 1},
		{`ipPool: {shared: [], exclusive: ["198.51.100.7"]}`, []string{"ipPool.exclusive", "ipPool.shared"}, 1},
		{`ipPool: {shared: ["2001:db8::7"], exclusive: ["198.51.100.8"]}`, []string{"ipPool.exclusive", "ipPool.shared"}, 2},
		{`ipPool: {shared: []}`, []string{"ipPool.shared"}, 1},
		{`email: x@north.example, ipPool: {shared: []}`, []string{"email", "ipPool.shared"}, 2},
	} {
		t.Run(strings.Join(c.fields, "+"), func(t *testing.T) {
			srv, client := controllertest.Simulated(t)
			x := newReseller(t, client, richReseller, nil)
			settle(x)
			srv.ResetStats()
			x.Edit("spec: {"+c.spec+"}", c.fields...)
			if writes := srv.Stats().Writes; writes != c.writes {
				t.Errorf("%d operations wrote, want %d: %v", writes, c.writes, srv.Stats().Operations)
			}
		})
	}
}

// A part of the pool that the spec does not set is left alone, but for what the other part takes from it.
func TestResellerPoolKeepsTheRest(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newReseller(t, c, `spec: {login: north, contactName: Nora}`, nil)
	settle(x)
	id, err := engine.Number(x.ID.ID)
	g.Expect(err).NotTo(HaveOccurred())
	_, err = reseller.IPPoolAdd.All(t.Context(), srv, reseller.IPPoolAddRequest{Owner: reseller.Owner{ResellerID: &id}, Addresses: []reseller.NewPoolAddress{
		{Address: sharedAddress, Type: new(ip.Exclusive)}, {Address: exclusiveAddress}, {Address: otherAddress},
	}})
	g.Expect(err).NotTo(HaveOccurred())
	x.Settle()
	x.Edit(`spec: {ipPool: {shared: ["198.51.100.7"]}}`, "ipPool.shared")
	g.Expect(readReseller(t, srv, "north").IPPool.Addresses).To(ConsistOf(
		reseller.PoolAddress{Address: sharedAddress, Type: ip.Shared}, reseller.PoolAddress{Address: exclusiveAddress, Type: ip.Exclusive},
	))
}

// What was overridden is the new plan's after a switch, except what the spec says.
func TestResellerPlans(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	silver, gold := addResellerPlan(t, srv, "silver", 3), addResellerPlan(t, srv, "gold", 30)
	x := newReseller(t, c, `spec: {login: north, contactName: Nora, resellerPlanRef: {external: silver}}`, silver)
	settle(x)
	g.Expect(*x.O.Status.Observed.Plan).To(Equal(v1alpha1.ObservedResellerPlan{GUID: silver.GUID, Synchronized: true}))
	g.Expect(x.O.Status.Observed.IPAddresses).To(ConsistOf(sharedAddress), "by the plan")

	x.Edit(`spec: {limits: {max_dom: 7}}`, "limits.max_dom")
	g.Expect(x.O.Status.Observed.Plan.Locked).To(BeTrue())
	x.In = inputs(gold)
	srv.ResetStats()
	g.Expect(controllertest.FieldsOf(x.Settle())).To(ConsistOf("resellerPlanRef"))
	g.Expect(srv.Stats().Writes).To(Equal(2), "the switch, and the spec's own limit")
	limits := readReseller(t, srv, "north").Limits.Limits
	g.Expect(limits).To(ContainElements(hosting.Limit{Name: "max_cl", Value: 30}, hosting.Limit{Name: "max_dom", Value: 7}))

	x.O.Spec.Limits = nil
	x.In = inputs(silver)
	srv.ResetStats()
	x.Settle()
	g.Expect(srv.Stats().Writes).To(Equal(1))
	g.Expect(x.O.Status.Observed.Plan.Locked).To(BeFalse(), "nothing was written that the plan says")
}

func TestResellerLeavesAloneWhatIsUnset(t *testing.T) {
	g := NewWithT(t)
	_, c := controllertest.Simulated(t)
	settle(newReseller(t, c, richReseller, nil))
	x := newReseller(t, c, `spec: {login: North, contactName: Nora North}`, nil)
	changes, err := x.Pass()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(controllertest.FieldsOf(changes)).To(ConsistOf("login"))
}

func TestResellersAreListed(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	rich := newReseller(t, c, richReseller, nil)
	settle(rich)
	plan := addResellerPlan(t, srv, "silver", 3)
	bound := newReseller(t, c, `spec: {login: south, contactName: Sam, resellerPlanRef: {external: silver}}`, plan)
	bound.In = engine.NewInputs("other-uid", map[string]engine.Resolved{planField: *plan}, map[string]xmlapi.Secret{passwordField: "Mossy-Gate-2026!"})
	settle(bound)
	controllertest.AddReseller(t, srv, "neighbour")
	list := controllertest.ExpectListed(t, Reseller{}, c, 1, engine.Handle{Identity: rich.ID}, engine.Handle{Identity: bound.ID})
	g.Expect(list).To(HaveLen(3), "what nobody describes is listed, too")
}

// An answer that lacks something would be taken for a reseller without it.
func TestDoubtfulResellers(t *testing.T) {
	g := NewWithT(t)
	const (
		info  = `<gen-info><login>north</login><guid>g-14</guid></gen-info>`
		perms = `<permissions><permission><name>manage_dns</name><value>true</value></permission></permissions>`
		rest  = `<limits/><ippool/>`
	)
	find := func(blocks string) (*engine.Found[resellerValue], error) {
		return Reseller{}.Find(t.Context(), controllertest.Recorded(`<packet><reseller><get><result><status>ok</status><id>14</id><data>`+blocks+
			`</data></result></get></reseller></packet>`), engine.Handle{Identity: engine.Identity{ID: "14"}})
	}
	g.Expect(find(info + perms + rest + `<subscriptions/>`)).NotTo(BeNil())
	plan := func(guid string) string { return `<plan><plan-guid>` + guid + `</plan-guid></plan>` }
	for _, doubt := range []string{
		"", perms + rest + `<subscriptions/>`, info + rest + `<subscriptions/>`, info + perms + `<ippool/><subscriptions/>`, info + perms + `<limits/><subscriptions/>`,
		info + perms + rest,
		info + perms + rest + `<subscriptions><subscription><locked>false</locked><synchronized>true</synchronized>` + plan("a") + plan("b") + `</subscription></subscriptions>`,
	} {
		_, err := find(doubt)
		g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), doubt)
	}
}

func TestResellerPrivileges(t *testing.T) {
	of := func(t *testing.T, manifest string) []string {
		return controllertest.Privileges(t, Reseller{}, &v1alpha1.PleskReseller{Spec: v1alpha1.PleskResellerSpec{
			Account: v1alpha1.Account{Login: "north", ContactName: "Nora"},
		}}, manifest)
	}
	controllertest.ExpectPrivileged(t, of, map[string][]string{
		`limits: {max_cl: 5}`:                                    {"limits.max_cl"},
		`permissions: {manage_dns: true}`:                        {"permissions.manage_dns"},
		`oversell: false, overuse: Block`:                        {"oversell", "overuse"},
		`ipPool: {shared: ["198.51.100.7"]}`:                     {"ipPool.shared"},
		`ipPool: {exclusive: ["198.51.100.8"]}`:                  {"ipPool.exclusive"},
		`resellerPlanRef: {external: silver}`:                    nil,
		`email: a@north.example, powerUser: true, locale: en-US`: nil,
	})
}

// The customers of a reseller, their subscriptions and what is in them go with the reseller.
func TestResellerContents(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newReseller(t, c, `spec: {login: north, contactName: Nora, ipPool: {shared: ["198.51.100.7"]}}`, nil)
	settle(x)
	contents := func() (names []string) {
		all, err := x.Kind.Contents(t.Context(), c, x.There("north"))
		g.Expect(err).NotTo(HaveOccurred())
		for _, i := range all {
			names = append(names, strings.TrimPrefix(i.Kind, "Plesk")+" "+i.Name)
		}
		return names
	}
	g.Expect(contents()).To(BeEmpty())
	owner, err := engine.Number(x.ID.ID)
	g.Expect(err).NotTo(HaveOccurred())
	r, err := customer.Add.One(t.Context(), srv, customer.AddRequest{GenInfo: customer.NewGenInfo{
		Login: "acme", ContactName: "Ada", Password: "Mossy-Gate-2026!", OwnerID: &owner,
	}})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(contents()).To(ConsistOf("Customer acme"))
	controllertest.AddCustomer(t, srv, "stranger")
	addSubscription(t, srv, owner, "north.example")
	addSubscription(t, srv, r.ID, "acme.example")
	g.Expect(contents()).To(ConsistOf("Customer acme", "Subscription north.example", "Subscription acme.example"))

	// What cannot be asked is not known.
	for _, op := range []string{"customer", "service-plan", "service-plan-addon", "webspace"} {
		for _, code := range []int{xmlapi.CodeFailed, xmlapi.CodeNotFound, xmlapi.CodeOwnerNotFound} {
			remove := srv.Inject(plesksim.Fault{Operator: op, Operation: "get", Code: code})
			_, err := x.Kind.Contents(t.Context(), c, &engine.Found[resellerValue]{Identity: x.ID, Key: engine.Key{Name: "north"}})
			g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), "%s %d", op, code)
			remove()
		}
	}
}

func TestResellerDeletion(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newReseller(t, c, richReseller, nil)
	settle(x)
	controllertest.AddReseller(t, srv, "neighbour")
	g.Expect(x.Kind.Delete(t.Context(), c, &engine.Found[resellerValue]{Key: engine.Key{Name: "north"}})).NotTo(Succeed(), "without an id nothing is deleted")
	found := x.There("north")
	g.Expect(x.Kind.Delete(t.Context(), c, found)).To(Succeed())
	g.Expect(xmlapi.IsNotFound(x.Kind.Delete(t.Context(), c, found))).To(BeTrue())
	gone, err := x.Find(engine.Key{Name: "north"})
	g.Expect(gone, err).To(BeNil())
	g.Expect(readReseller(t, srv, "neighbour").GenInfo.Login).To(Equal("neighbour"), "others stay")
}

// A reseller who was made a customer is not gone, nor the reverse.
func TestConvertedAccounts(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newReseller(t, c, `spec: {login: north, contactName: Nora}`, nil)
	settle(x)
	g.Expect(Reseller{}.Moved(t.Context(), c, x.ID)).To(BeEmpty())
	g.Expect(Customer{}.Moved(t.Context(), c, x.ID)).To(Equal("a reseller now"))
	_, err := reseller.ConvertToCustomer.One(t.Context(), srv, reseller.ConvertRequest{Filter: reseller.ByGUID(x.ID.GUID)})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(Reseller{}.Moved(t.Context(), c, x.ID)).To(Equal("a customer now"))
	g.Expect(Customer{}.Moved(t.Context(), c, x.ID)).To(BeEmpty())
}

func TestResellerRefusals(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	controllertest.AddCustomer(t, srv, "taken")
	refusedFor := func(manifest string, plan *engine.Resolved) (string, xmlapi.Class) {
		x := newReseller(t, c, manifest, plan)
		_, err := x.Pass()
		if err == nil {
			_, err = x.Pass()
		}
		e, ok := errors.AsType[*xmlapi.Error](err)
		g.Expect(ok).To(BeTrue(), "%v", err)
		return engine.FieldOf(Reseller{}, e), e.Class
	}
	for _, test := range []struct {
		manifest string
		plan     *engine.Resolved
		field    string
		class    xmlapi.Class
	}{
		{`spec: {login: taken, contactName: Nora}`, nil, "spec.login", xmlapi.Exists},
		{`spec: {login: elder, contactName: Nora, resellerPlanRef: {external: x}}`, &engine.Resolved{Identity: engine.Identity{GUID: "no-such"}}, planField, xmlapi.NotFound},
		{`spec: {login: hazel, contactName: Nora, ipPool: {shared: ["192.0.2.1"]}}`, nil, poolField, xmlapi.Invalid},
	} {
		field, class := refusedFor(test.manifest, test.plan)
		g.Expect([]any{field, class}).To(Equal([]any{test.field, test.class}), test.manifest)
	}
	x := newReseller(t, c, `spec: {login: rowan, contactName: Nora}`, nil)
	x.In = engine.NewInputs("other-uid", nil, nil)
	_, err := x.Pass()
	g.Expect(err).To(MatchError(ContainSubstring("spec.password: required")))
}

// Old servers have no code for a login that is taken: it is looked up.
func TestTakenLoginsOfOldServers(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	controllertest.AddCustomer(t, srv, "taken")
	srv.Inject(plesksim.Fault{Operator: "reseller", Operation: "add", Code: xmlapi.CodeInvalidValue})
	create := func(login string) error {
		_, err := newReseller(t, c, `spec: {login: `+login+`, contactName: Nora}`, nil).Pass()
		return err
	}
	g.Expect(xmlapi.ClassOf(create("taken"))).To(Equal(xmlapi.Exists))
	g.Expect(create("taken")).To(MatchError(ContainSubstring("spec.login")))
	g.Expect(xmlapi.ClassOf(create("free"))).To(Equal(xmlapi.Invalid))
}
