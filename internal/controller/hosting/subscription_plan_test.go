// Subscriptions and their plans and owners: followed, customised, switched, moved.

package hosting

import (
	"errors"
	"slices"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func TestDefaultAddress(t *testing.T) {
	g := NewWithT(t)
	address := func(ip, kind string) string {
		return `<ip_info><ip_address>` + ip + `</ip_address><netmask>n</netmask><type>` + kind + `</type><interface>eth0</interface></ip_info>`
	}
	choose := func(addresses string) (string, error) {
		return defaultAddress(t.Context(), controllertest.Recorded(`<packet><ip><get><result><status>ok</status>`+addresses+`</result></get></ip></packet>`))
	}
	got, err := choose(`<addresses>` + address("198.51.100.1", "exclusive") + address("2001:db8::1", "shared") + address("198.51.100.2", "shared") +
		address("198.51.100.3", "shared") + `</addresses>`)
	g.Expect(got, err).To(Equal("198.51.100.2"))

	_, err = choose(`<addresses>` + address("2001:db8::1", "shared") + `</addresses>`)
	_, invalid := errors.AsType[*engine.InvalidError](err)
	g.Expect(invalid).To(BeTrue(), "the user has to name one: %v", err)

	_, err = choose("")
	g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), "no list is no answer")
}

// A subscription that follows its plan goes on following it: nothing that the plan controls is written.
func TestSubscriptionStaysUnlocked(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newSubscriptionObject(t, srv, c, `
spec:
  domainName: acme.example
  customerRef: {name: acme}
  servicePlanRef: {name: birch-small}
  hosting: {virtualHost: {systemUser: {name: acme, password: {secretRef: {name: acme-ftp, key: password}}}}}
`)
	x.Settle()
	x.Edit(`spec: {description: Shop, preferences: {www: false}}`, "description", "preferences.www")
	g.Expect(x.Kind.(Subscription).SetReasons(t.Context(), c, x.O, x.ID, []xmlapi.Status{xmlapi.StatusDisabledByAdmin})).To(Succeed())
	x.There("acme.example")
	g.Expect(x.O.Status.Observed.Plan.Locked).To(BeFalse())
	g.Expect(x.O.Status.Observed.Plan.Synchronized).To(BeTrue())
	g.Expect(x.O.Status.Observed.State).To(Equal("DisabledByAdmin"))
	g.Expect(x.O.Status.Observed.IPAddresses).To(Equal([]string{"198.51.100.7"}), "the first shared IPv4 address and no other")
	g.Expect(controllertest.LimitOf(controllertest.ReadSubscription(t, srv, "acme.example"), "max_box")).To(Equal(int64(10)))

	x.Edit(`spec: {limits: {max_box: 11}}`, "limits.max_box")
	g.Expect(x.O.Status.Observed.Plan.Locked).To(BeTrue())
}

func TestSubscriptionSwitchesPlan(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newSubscriptionObject(t, srv, c, `
spec:
  domainName: acme.example
  servicePlanRef: {name: birch-small}
  limits: {max_site: 4}
  hosting: {virtualHost: {php: {settings: {memory_limit: 300M}}, systemUser: {name: acme, password: {secretRef: {name: acme-ftp, key: password}}}}}
`)
	x.Settle()
	small := x.O.Status.Observed.Plan.GUID
	large := controllertest.AddPlan(t, srv, "birch-large", 99)
	x.In = engine.NewInputs(x.In.Mark, map[string]engine.Resolved{"spec.servicePlanRef": large}, map[string]xmlapi.Secret{systemUserPassword: "Ftp-Secret-2026!"})

	g.Expect(controllertest.FieldsOf(x.Settle())).To(Equal([]string{"servicePlanRef"}), "and what the switch took along was written again at once")
	g.Expect(x.O.Status.Observed.Plan.GUID).To(And(Equal(large.GUID), Not(Equal(small))))
	d := controllertest.ReadSubscription(t, srv, "acme.example")
	g.Expect(controllertest.LimitOf(d, "max_box")).To(Equal(int64(99)), "the new plan's")
	g.Expect(controllertest.LimitOf(d, "max_site")).To(Equal(int64(4)), "the spec's")
	g.Expect(d.PHPSettings.Settings).To(ContainElement(xmlapi.Property{Name: "memory_limit", Value: "300M"}))

	// Unset is unmanaged: the binding stays.
	x.O.Spec.ServicePlanRef = nil
	x.In = engine.NewInputs(x.In.Mark, nil, nil)
	g.Expect(x.Settle()).To(BeEmpty())
	g.Expect(x.O.Status.Observed.Plan.GUID).To(Equal(large.GUID))
}

func TestSubscriptionSwitchedWithoutOverridesIsNotLocked(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newSubscriptionObject(t, srv, c, `
spec:
  domainName: acme.example
  servicePlanRef: {name: birch-small}
  limits: {max_box: 99}
  hosting: {virtualHost: {systemUser: {name: acme, password: {secretRef: {name: acme-ftp, key: password}}}}}
`)
	x.Settle()
	g.Expect(x.O.Status.Observed.Plan.Locked).To(BeTrue())
	large := controllertest.AddPlan(t, srv, "birch-large", 99)
	x.In = engine.NewInputs(x.In.Mark, map[string]engine.Resolved{"spec.servicePlanRef": large}, nil)
	x.Settle()
	g.Expect(x.O.Status.Observed.Plan.Locked).To(BeFalse(), "the new plan gives what the spec overrides, so nothing is to be written")
}

func TestSubscriptionMoves(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newSubscriptionObject(t, srv, c, richSubscription)
	x.Settle()
	plan := *x.In.Ref("spec.servicePlanRef")
	other := controllertest.AddCustomer(t, srv, "birch")
	x.In = engine.NewInputs(x.In.Mark, map[string]engine.Resolved{"spec.customerRef": other, "spec.servicePlanRef": plan}, nil)
	g.Expect(controllertest.FieldsOf(x.Settle())).To(Equal([]string{"customerRef"}))
	g.Expect(x.O.Status.Observed.Owner).To(Equal("birch"))
}

// At another provider a subscription loses its plan, and has to be there before it can get one of those offered there.
func TestSubscriptionMovesToAnotherProvider(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newSubscriptionObject(t, srv, c, richSubscription)
	x.Settle()
	other, plan := controllertest.AddCustomer(t, srv, "birch"), controllertest.AddPlan(t, srv, "theirs", 10)
	x.In = engine.NewInputs(x.In.Mark, map[string]engine.Resolved{"spec.customerRef": other, "spec.servicePlanRef": plan}, nil)
	var operations []string
	x.D = controllertest.DoerFunc(func(calls []xmlapi.Caller) error {
		err := c.Do(t.Context(), calls...)
		operations = append(operations, calls[0].Operator()+"/"+calls[0].Operation())
		if slices.Equal(operations[1:], []string{"service-plan/get", "webspace/set"}) {
			leave := webspace.SwitchSubscriptionRequest{Filter: webspace.ByName("acme.example"), NoPlan: &xmlapi.Empty{}}
			_, left := webspace.SwitchSubscription.One(t.Context(), srv, leave)
			g.Expect(left).NotTo(HaveOccurred())
		}
		return err
	})
	changes, err := x.Pass()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(controllertest.FieldsOf(changes)).To(Equal([]string{"customerRef", "servicePlanRef"}))
	g.Expect(operations[:7]).To(Equal([]string{"webspace/get", "service-plan/get", "webspace/set", "webspace/get",
		"webspace/switch-subscription", "webspace/get", "webspace/set"}))
	g.Expect(x.Settle()).To(BeEmpty())
	g.Expect(x.O.Status.Observed.Plan.GUID).To(Equal(plan.GUID))
}

// What a switch could not apply is not lost on the user.
func TestSubscriptionSwitchProblems(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newSubscriptionObject(t, srv, c, `spec: {domainName: acme.example}`)
	x.Settle()
	srv.Inject(plesksim.Fault{Operator: "webspace", Operation: "switch-subscription", Body: `<packet><webspace><switch-subscription><result>` +
		`<status>ok</status><id>1</id><problems>Component is missing.</problems></result></switch-subscription></webspace></packet>`})
	x.In = engine.NewInputs(x.In.Mark, map[string]engine.Resolved{"spec.servicePlanRef": controllertest.AddPlan(t, srv, "birch", 1)}, nil)
	_, err := x.Pass()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(x.Warnings).To(Equal([]string{"webspace/switch-subscription: completed with warnings: Component is missing."}))
}

// The server lists service plan and add-ons together; which is which it must be asked.
func TestSubscriptionWithAddons(t *testing.T) {
	g := NewWithT(t)
	links := &webspace.Subscription{Plans: []webspace.Plan{{GUID: "addon-1"}, {GUID: "plan-1"}, {GUID: "addon-2"}}}
	missing := `<result><status>error</status><errcode>1013</errcode><errtext>plan does not exist</errtext></result>`
	plan := `<result><status>ok</status><id>3</id><name>birch</name><guid>plan-1</guid><owner-login>north</owner-login></result>`
	more := `<result><status>ok</status><id>4</id><name>more</name><guid>addon-1</guid><owner-login>north</owner-login></result>`
	answer := func(own, all, ownAddons, allAddons string) controllertest.Recorded {
		return controllertest.Recorded(`<packet><service-plan><get>` + own + `</get></service-plan><service-plan><get>` + all + `</get></service-plan>
			<service-plan-addon><get>` + ownAddons + `</get></service-plan-addon><service-plan-addon><get>` + allAddons + `</get></service-plan-addon></packet>`)
	}
	none := missing + missing + missing
	link, err := linkedPlans(links, true, askedPlans(t.Context(), answer(missing+plan+missing, missing+plan+missing, none, more+missing+missing)))
	g.Expect(link, err).To(Equal(&planLink{guid: "plan-1", name: "birch", addons: []addonPlan{{"addon-1", "north/more"}, {"addon-2", ""}}}))

	link, err = linkedPlans(links, true, askedPlans(t.Context(), answer(none, missing+plan+missing, more+missing+missing, more+missing+missing)))
	g.Expect(link, err).To(Equal(&planLink{guid: "plan-1", name: "north/birch", addons: []addonPlan{{"addon-1", "more"}, {"addon-2", ""}}}))

	forbidden := `<result><status>error</status><errcode>1006</errcode><errtext>permission denied</errtext></result>`
	_, err = linkedPlans(links, true, askedPlans(t.Context(), answer(forbidden, forbidden, forbidden, forbidden)))
	g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Forbidden), "not knowing is not: no plan")

	link, err = linkedPlans(links, true, askedPlans(t.Context(), answer(none, plan, forbidden, forbidden)))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(link.addons).To(Equal([]addonPlan{{"addon-1", ""}, {"addon-2", ""}}), "they are there, and nothing says what they are")

	busy := `<result><status>error</status><errcode>1012</errcode><errtext>busy</errtext></result>`
	_, err = linkedPlans(links, true, askedPlans(t.Context(), answer(none, plan, none, busy)))
	g.Expect(err).To(HaveOccurred(), "not knowing is not: no add-on plan")
}
