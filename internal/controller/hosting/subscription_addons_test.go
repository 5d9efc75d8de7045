// Add-on plans of subscriptions: attached, detached, and left alone where the spec says nothing.

package hosting

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
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplanaddon"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

const extendedSubscription = `
spec:
  domainName: acme.example
  servicePlanRef: {name: birch-small}
  addonPlanRefs: [{external: more}]
  hosting: {virtualHost: {systemUser: {name: acme, password: {secretRef: {name: acme-ftp, key: password}}}}}
`

// addAddon makes an add-on plan with so many mailboxes behind the client's back.
func addAddon(t *testing.T, srv *plesksim.Server, name string, mailboxes int64) engine.Resolved {
	t.Helper()
	_, err := serviceplanaddon.Add.One(t.Context(), srv, serviceplanaddon.AddRequest{
		Name: name, Limits: &serviceplanaddon.Limits{Limits: []hosting.Limit{{Name: "max_box", Value: mailboxes}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := target.ServicePlanAddons.Find(t.Context(), srv, name)
	if err != nil || r == nil {
		t.Fatal(r, err)
	}
	return *r
}

// refer makes the references of the spec lead to these add-on plans, in the order in which it names them.
func refer(x *subscription, addons ...engine.Resolved) {
	refs := map[string]engine.Resolved{}
	if plan := x.In.Ref("spec.servicePlanRef"); plan != nil {
		refs["spec.servicePlanRef"] = *plan
	}
	x.O.Spec.AddonPlanRefs = []v1alpha1.ObjectReference{}
	for i, a := range addons {
		x.O.Spec.AddonPlanRefs = append(x.O.Spec.AddonPlanRefs, v1alpha1.ObjectReference{External: a.Key.Name})
		refs[addonPath(i)] = a
	}
	x.In = engine.NewInputs(x.In.Mark, refs, map[string]xmlapi.Secret{systemUserPassword: "Ftp-Secret-2026!"})
}

// extended is a subscription that was made with an add-on plan.
func extended(t *testing.T, srv *plesksim.Server, c *xmlapi.Client, manifest string, addons ...engine.Resolved) *subscription {
	t.Helper()
	x := newSubscriptionObject(t, srv, c, manifest)
	refer(x, addons...)
	if _, err := x.Pass(); err != nil {
		t.Fatal(err)
	}
	NewWithT(t).Expect(controllertest.FieldsOf(x.Settle())).To(Equal([]string{"addonPlanRefs"}), "they are attached to what is there")
	return x
}

func mailboxesOf(t *testing.T, srv *plesksim.Server) int64 {
	t.Helper()
	return controllertest.LimitOf(controllertest.ReadSubscription(t, srv, "acme.example"), "max_box")
}

func TestSubscriptionAddons(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	more, extra := addAddon(t, srv, "more", 5), addAddon(t, srv, "extra", 7)
	x := extended(t, srv, c, extendedSubscription, more)
	g.Expect(mailboxesOf(t, srv)).To(Equal(int64(15)))
	g.Expect(x.O.Status.Observed.Plan.Addons).To(Equal([]v1alpha1.ObservedAddon{{Name: "more", GUID: more.GUID}}))
	g.Expect(x.O.Status.Observed.Plan.Name).To(Equal("birch-small"))
	g.Expect(x.O.Status.Observed.Plan.Locked).To(BeFalse())

	// Another one in its place: it is attached first. Changes show names.
	refer(x, extra)
	srv.ResetStats()
	changes := x.Settle()
	g.Expect(changes).To(HaveExactElements(
		And(HaveField("Field", "addonPlanRefs"), HaveField("To", "extra")), And(HaveField("Field", "addonPlanRefs"), HaveField("From", "more")),
	))
	g.Expect(srv.Stats().Writes).To(Equal(2))
	g.Expect(mailboxesOf(t, srv)).To(Equal(int64(17)))

	// What is attached by hand is detached where the spec says what there is, and left alone where it says nothing.
	attach := func() {
		_, err := webspace.AddSubscription.One(t.Context(), srv, webspace.AddonRequest{Filter: webspace.ByName("acme.example"), PlanGUID: &more.GUID})
		g.Expect(err).NotTo(HaveOccurred())
	}
	attach()
	g.Expect(controllertest.FieldsOf(x.Settle())).To(Equal([]string{"addonPlanRefs"}))
	g.Expect(mailboxesOf(t, srv)).To(Equal(int64(17)))
	attach()
	x.O.Spec.AddonPlanRefs = nil
	g.Expect(x.Settle()).To(BeEmpty())
	g.Expect(mailboxesOf(t, srv)).To(Equal(int64(22)))

	refer(x)
	g.Expect(controllertest.FieldsOf(x.Settle())).To(Equal([]string{"addonPlanRefs"}))
	g.Expect(mailboxesOf(t, srv)).To(Equal(int64(10)), "none is none")
	g.Expect(x.O.Status.Observed.Plan.Addons).To(BeEmpty())
}

// What the spec overrides is written after the add-ons, which change what is not locked.
func TestSubscriptionAddonsAndOverrides(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	more := addAddon(t, srv, "more", 5)
	x := newSubscriptionObject(t, srv, c, extendedSubscription)
	refer(x)
	x.Settle()
	refer(x, more)
	x.Edit(`spec: {limits: {max_site: 4}}`, "addonPlanRefs", "limits.max_site")
	g.Expect(mailboxesOf(t, srv)).To(Equal(int64(15)))
	g.Expect(controllertest.LimitOf(controllertest.ReadSubscription(t, srv, "acme.example"), "max_site")).To(Equal(int64(4)))
	g.Expect(x.O.Status.Observed.Plan.Locked).To(BeTrue())

	// A switch of the plan keeps them, or they are attached again.
	large := controllertest.AddPlan(t, srv, "birch-large", 99)
	x.In = engine.NewInputs(x.In.Mark, map[string]engine.Resolved{"spec.servicePlanRef": large, addonPath(0): more}, nil)
	g.Expect(controllertest.FieldsOf(x.Settle())).To(Equal([]string{"servicePlanRef"}))
	g.Expect(mailboxesOf(t, srv)).To(Equal(int64(104)))
}

// A locked subscription gets what an add-on adds by a synchronisation, which only planSync: Sync permits.
func TestSubscriptionAddonsOfTheLocked(t *testing.T) {
	for sync, mailboxes := range map[v1alpha1.PlanSync]int64{v1alpha1.PlanSyncKeep: 10, v1alpha1.PlanSyncSync: 15} {
		g := NewWithT(t)
		srv, c := controllertest.Simulated(t)
		more := addAddon(t, srv, "more", 5)
		x := newSubscriptionObject(t, srv, c, extendedSubscription)
		controllertest.Parse(t, x.O, `spec: {limits: {max_site: 4}, planSync: `+string(sync)+`}`)
		refer(x)
		x.Settle()
		refer(x, more)
		_, err := x.Pass()
		g.Expect(err).NotTo(HaveOccurred())
		for range 3 { // what differs from the plan since then is looked at, and remembered
			_, err := x.Pass()
			g.Expect(err).NotTo(HaveOccurred())
		}
		g.Expect(x.Settle()).To(BeEmpty())
		g.Expect(mailboxesOf(t, srv)).To(Equal(mailboxes), "%s", sync)
		g.Expect(controllertest.LimitOf(controllertest.ReadSubscription(t, srv, "acme.example"), "max_site")).To(Equal(int64(4)))
	}
}

// An add-on that what is used cannot do without stays, and the field is named.
func TestSubscriptionAddonIsNotDetachedFromWhatIsUsed(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	more := addAddon(t, srv, "more", 1)
	x := newSubscriptionObject(t, srv, c, extendedSubscription)
	x.In = engine.NewInputs(x.In.Mark, map[string]engine.Resolved{"spec.servicePlanRef": controllertest.AddPlan(t, srv, "tight", 1)}, nil)
	refer(x, more)
	_, err := x.Pass()
	g.Expect(err).NotTo(HaveOccurred())
	x.Settle()
	id, err := engine.Number(x.ID.ID)
	g.Expect(err).NotTo(HaveOccurred())
	for _, name := range []string{"ada", "bob"} {
		_, err := mail.Create.One(t.Context(), srv, mail.CreateRequest{Filter: mail.NewAccounts{SiteID: id, Accounts: []mail.NewAccount{{
			Name: name, Mailbox: &mail.NewMailbox{Enabled: true}, Password: &mail.NewPassword{Value: "Mossy-Gate-2026!", Type: new(mail.Plain)},
		}}}})
		g.Expect(err).NotTo(HaveOccurred())
	}
	refer(x)
	_, err = x.Pass()
	_, refused := errors.AsType[*xmlapi.Error](err)
	g.Expect(refused).To(BeTrue(), "%v", err)
	g.Expect(err).To(MatchError(HaveSuffix("(spec.addonPlanRefs)")))
	g.Expect(mailboxesOf(t, srv)).To(Equal(int64(2)))
}

// Nothing is detached by half a list, nor what might be something else than an add-on plan.
func TestWhatIsNotKnownIsNotDetached(t *testing.T) {
	g := NewWithT(t)
	refs := []v1alpha1.ObjectReference{{External: "a"}, {External: "b"}}
	a, b := engine.Resolved{Identity: engine.Identity{GUID: "g-a"}, Key: engine.Key{Name: "a"}}, engine.Resolved{Key: engine.Key{Name: "b"}}
	g.Expect(wantedAddons(refs, engine.NewInputs("", map[string]engine.Resolved{addonPath(0): a}, nil))).To(BeNil())
	_, err := wantedAddons(refs, engine.NewInputs("", map[string]engine.Resolved{addonPath(0): a, addonPath(1): b}, nil))
	g.Expect(err).To(MatchError(HavePrefix("spec.addonPlanRefs[1]: ")), "without a GUID nothing can be compared")
	g.Expect(wantedAddons(refs, engine.NewInputs("", map[string]engine.Resolved{addonPath(0): a, addonPath(1): a}, nil))).To(Equal([]addonPlan{{"g-a", "a"}}))
	g.Expect(wantedAddons([]v1alpha1.ObjectReference{}, engine.Inputs{})).To(And(BeEmpty(), Not(BeNil())))

	want := []addonPlan{{"g-a", "a"}}
	have := []addonPlan{{"g-a", ""}, {"g-b", "north/b"}, {"g-c", ""}}
	g.Expect(comparedAddons(want, have)).To(Equal([]addonPlan{{"g-a", "a"}, {"g-b", "north/b"}}))
}
