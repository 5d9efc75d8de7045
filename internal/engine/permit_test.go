// Permits: given by a PleskApproval, for exactly what was shown, and used up by one act.

package engine

import (
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// permit makes an approval for the pass's customer.
func permit(t *testing.T, p *customerPass, what v1alpha1.Permit, token string) {
	t.Helper()
	a := &v1alpha1.PleskApproval{}
	a.Namespace, a.Name = p.o.Namespace, strings.ToLower(string(what))+"-"+token
	a.Spec = v1alpha1.PleskApprovalSpec{TargetRef: v1alpha1.ApprovalTarget{Kind: "PleskCustomer", Name: p.o.Name}, Permit: what, Token: token}
	NewWithT(t).Expect(p.client.Create(t.Context(), a)).To(Succeed())
}

// again is the next pass over the same customer, after the status of this one was saved.
func again(t *testing.T, p *customerPass) *customerPass {
	t.Helper()
	NewWithT(t).Expect(p.updateStatus(t.Context())).To(Succeed())
	next := &customerPass{reconciler: p.reconciler, o: p.o, before: p.o.DeepCopy(), secret: p.secret}
	read(t, next)
	return next
}

// read is how a pass begins.
func read(t *testing.T, p *customerPass) {
	t.Helper()
	p.given = nil
	NewWithT(t).Expect(p.readPermits(t.Context())).To(BeNil())
}

func TestPlanIsPermittedOnce(t *testing.T) {
	g := NewWithT(t)
	p := lone(t, clocktesting.NewFakePassiveClock(time.Unix(0, 0)))
	plan := []Change{{Field: "email", From: "theirs", To: "ours"}, {Field: "password", From: redacted, To: redacted, WriteOnly: true}}
	planned := func() bool {
		read(t, p)
		return p.planned(plan, "would write") != nil
	}

	g.Expect(planned()).To(BeTrue())
	s := &p.o.Status
	g.Expect(s.Changes).To(HaveLen(2))
	g.Expect(s.Awaiting.Permit).To(Equal(v1alpha1.PermitPlan))
	g.Expect(s.Awaiting.Token).To(MatchRegexp(`^[0-9a-f]{32}$`), "what the API takes")
	v := p.planned(plan, "would write")
	g.Expect(v.reason).To(Equal(v1alpha1.ReasonPlanned))
	g.Expect(v.message).To(And(HavePrefix("would write"), ContainSubstring("permit Plan"), ContainSubstring(s.Awaiting.Token)))
	first := s.Awaiting.Token

	for name, what := range map[string]v1alpha1.Permit{"another permit": v1alpha1.PermitDataLoss, "another token": v1alpha1.PermitPlan} {
		token := first
		if what == v1alpha1.PermitPlan {
			token = strings.Repeat("0", 32)
		}
		permit(t, p, what, token)
		g.Expect(planned()).To(BeTrue(), name)
	}
	stranger := &v1alpha1.PleskApproval{}
	stranger.Namespace, stranger.Name = "elsewhere", "plan"
	stranger.Spec = v1alpha1.PleskApprovalSpec{TargetRef: v1alpha1.ApprovalTarget{Kind: "PleskCustomer", Name: p.o.Name}, Permit: v1alpha1.PermitPlan, Token: first}
	g.Expect(p.client.Create(t.Context(), stranger)).To(Succeed())
	g.Expect(planned()).To(BeTrue(), "of another namespace")

	permit(t, p, v1alpha1.PermitPlan, first)
	for name, alter := range map[string]func() (restore func()){
		"value":  func() func() { plan[0].To = "other"; return func() { plan[0].To = "ours" } },
		"server": func() func() { plan[0].From = "other"; return func() { plan[0].From = "theirs" } },
		"object": func() func() { p.found = &Found[sample]{Identity: Identity{ID: "7"}}; return func() { p.found = nil } },
		"record": func() func() { s.ID = "7"; return func() { s.ID = "" } },
		"key":    func() func() { p.key = Key{Name: "other"}; return func() { p.key = Key{} } },
		"secret": func() func() {
			p.secret.digests = map[string]string{"password": "another"}
			return func() { p.secret.digests = nil }
		},
		"more": func() func() {
			plan = append(plan, Change{Field: "phone", To: "1"})
			return func() { plan = plan[:2] }
		},
	} {
		restore := alter()
		g.Expect(planned()).To(BeTrue(), "another %s is another plan", name)
		restore()
	}

	g.Expect(planned()).To(BeFalse(), "approved")
	g.Expect(p.unsaved).To(BeTrue(), "the permit is used up before anything is written")
	g.Expect(s.Awaiting).To(BeNil())
	g.Expect(p.saveStatus(t.Context())).To(Succeed())
	g.Expect(s.AppliedPermit).To(Equal(first))
	g.Expect(planned()).To(BeTrue(), "the same again is another plan")
	g.Expect(s.Awaiting.Token).NotTo(Equal(first))
}

// A permit is used up by what it permits, not by a pass that was held up: a deletion may have to wait for its budget.
func TestPermitOutlivesAWait(t *testing.T) {
	g := NewWithT(t)
	p := lone(t, clocktesting.NewFakePassiveClock(time.Unix(0, 0)))
	ask := func() *verdict {
		return p.unlessPermitted(v1alpha1.PermitDataLoss, blocked("what lies in it"), "one", "two")
	}
	g.Expect(ask()).NotTo(BeNil())
	permit(t, p, v1alpha1.PermitDataLoss, p.o.Status.Awaiting.Token)
	g.Expect(ask()).NotTo(BeNil(), "what this pass has read from the server may be older than the permit")
	p = again(t, p)
	for range 3 {
		g.Expect(ask()).To(BeNil())
		p = again(t, p) // nothing was sent
	}
	g.Expect(ask()).To(BeNil())
	g.Expect(p.saveStatus(t.Context())).To(Succeed(), "as before a packet leaves")
	g.Expect(ask()).NotTo(BeNil())
}

// An act may need two permits, e.g. a plan that destroys data. Each is asked for once.
func TestTwoPermitsForOneAct(t *testing.T) {
	g := NewWithT(t)
	p := lone(t, clocktesting.NewFakePassiveClock(time.Unix(0, 0)))
	ask := func() *verdict {
		for _, what := range []v1alpha1.Permit{v1alpha1.PermitRecreate, v1alpha1.PermitPlan, v1alpha1.PermitDataLoss} {
			if v := p.unlessPermitted(what, halted(v1alpha1.ReasonPlanned, "…"), "it"); v != nil {
				return v
			}
		}
		return nil
	}
	var asked []v1alpha1.Permit
	for range 6 {
		if ask() == nil {
			break
		}
		asked = append(asked, p.o.Status.Awaiting.Permit)
		permit(t, p, p.o.Status.Awaiting.Permit, p.o.Status.Awaiting.Token)
		p = again(t, p)
	}
	g.Expect(asked).To(Equal([]v1alpha1.Permit{v1alpha1.PermitRecreate, v1alpha1.PermitPlan, v1alpha1.PermitDataLoss}))
	g.Expect(ask()).To(BeNil())
	g.Expect(p.saveStatus(t.Context())).To(Succeed())
	g.Expect(ask()).NotTo(BeNil(), "all are used up")
	g.Expect(p.o.Status.Awaiting.Permit).To(Equal(v1alpha1.PermitRecreate))
}

// An approval that was used permits nothing any more, also where the status does not tell. All that permit the same are marked, when the
// act is about to be done and not before.
func TestApprovalsAreMarkedAsUsed(t *testing.T) {
	g := NewWithT(t)
	p := lone(t, clocktesting.NewFakePassiveClock(time.Unix(7, 0)))
	ask := func() *verdict {
		return p.unlessPermitted(v1alpha1.PermitRecreate, blocked("it is gone"), "it")
	}
	used := func() (names []string) {
		list := &v1alpha1.PleskApprovalList{}
		g.Expect(p.client.List(t.Context(), list)).To(Succeed())
		for _, a := range list.Items {
			if a.Status.UsedAt != nil {
				g.Expect(a.Status.UsedAt.Unix()).To(Equal(int64(7)))
				names = append(names, a.Name)
			}
		}
		return names
	}
	g.Expect(ask()).NotTo(BeNil())
	token := p.o.Status.Awaiting.Token
	permit(t, p, v1alpha1.PermitRecreate, token)
	twin := &v1alpha1.PleskApproval{}
	twin.Namespace, twin.Name = p.o.Namespace, "twin"
	twin.Spec = v1alpha1.PleskApprovalSpec{TargetRef: v1alpha1.ApprovalTarget{Kind: "PleskCustomer", Name: p.o.Name}, Permit: v1alpha1.PermitRecreate, Token: token}
	g.Expect(p.client.Create(t.Context(), twin)).To(Succeed())
	permit(t, p, v1alpha1.PermitPlan, token)

	p = again(t, p)
	g.Expect(ask()).To(BeNil())
	g.Expect(used()).To(BeEmpty(), "nothing is about to be done")
	stale := p.o.DeepCopy()
	stale.Annotations = map[string]string{"somebody": "was faster"}
	g.Expect(p.client.Update(t.Context(), stale)).To(Succeed())
	g.Expect(p.saveStatus(t.Context())).NotTo(Succeed())
	g.Expect(used()).To(BeEmpty(), "nothing was done")

	g.Expect(p.client.Get(t.Context(), client.ObjectKeyFromObject(p.o), p.o)).To(Succeed())
	p = again(t, p)
	g.Expect(ask()).To(BeNil())
	g.Expect(p.saveStatus(t.Context())).To(Succeed())
	g.Expect(p.o.Status.AppliedPermit).To(Equal(token))
	g.Expect(used()).To(ConsistOf("recreate-"+token, "twin"))

	p.o.Status.AppliedPermit = ""
	p = again(t, p)
	g.Expect(ask()).NotTo(BeNil())
	g.Expect(p.o.Status.Awaiting.Token).To(Equal(token), "the status tells nothing of it")
}

func TestApprovalsSayWhyTheyAreNotUsed(t *testing.T) {
	g := NewWithT(t)
	p := lone(t, clocktesting.NewFakePassiveClock(time.Unix(7, 0)))
	says := func(what v1alpha1.Permit, token string) (message string) {
		a := &v1alpha1.PleskApproval{}
		g.Expect(p.client.Get(t.Context(), client.ObjectKey{Namespace: "shop", Name: strings.ToLower(string(what)) + "-" + token}, a)).To(Succeed())
		return a.Status.Message
	}
	const other = "0123456789abcdef0123456789abcdef"
	permit(t, p, v1alpha1.PermitRecreate, other)
	p.tellApprovals(t.Context())
	g.Expect(says(v1alpha1.PermitRecreate, other)).To(Equal(`PleskCustomer "acme" awaits no approval (status.awaiting)`))

	p = again(t, p)
	g.Expect(p.unlessPermitted(v1alpha1.PermitPlan, blocked("a change"), "it")).NotTo(BeNil())
	token := p.o.Status.Awaiting.Token
	permit(t, p, v1alpha1.PermitPlan, other)
	permit(t, p, v1alpha1.PermitPlan, token)
	p.tellApprovals(t.Context())
	g.Expect(says(v1alpha1.PermitRecreate, other)).To(ContainSubstring("with permit Plan, not Recreate"))
	g.Expect(says(v1alpha1.PermitPlan, other)).To(ContainSubstring("another token"))
	g.Expect(says(v1alpha1.PermitPlan, token)).To(BeEmpty(), "it was made after the pass had begun")

	p = again(t, p)
	p.o.Status.Awaiting = nil // as each pass begins
	g.Expect(p.unlessPermitted(v1alpha1.PermitPlan, blocked("a change"), "it")).To(BeNil())
	p.tellApprovals(t.Context())
	g.Expect(says(v1alpha1.PermitPlan, token)).To(BeEmpty(), "what it permits could not be done yet")
	g.Expect(p.saveStatus(t.Context())).To(Succeed())
	p.tellApprovals(t.Context())
	g.Expect(says(v1alpha1.PermitPlan, token)).To(BeEmpty(), "it is used")

	p.tellOfNothing(t.Context(), client.ObjectKeyFromObject(p.o))
	g.Expect(says(v1alpha1.PermitPlan, other)).To(Equal(`there is no PleskCustomer "acme" in this namespace`))
	g.Expect(says(v1alpha1.PermitPlan, token)).To(BeEmpty(), "what was used is over")
}

func TestWhatWouldBeLostIsBounded(t *testing.T) {
	g := NewWithT(t)
	p := lone(t, clocktesting.NewFakePassiveClock(time.Unix(0, 0)))
	p.hidden = []xmlapi.Secret{"hunter2-hunter2"}
	names := []string{"Database hunter2-hunter2\x07"}
	for range maxLost - 1 {
		names = append(names, "Site acme.example")
	}
	g.Expect(p.lost(nil)).To(BeEmpty())
	all := p.lost(names)
	g.Expect(all).To(HaveLen(maxLost))
	g.Expect(all[0]).To(HavePrefix("Database "))
	g.Expect(all[0]).NotTo(Or(ContainSubstring("hunter2"), ContainSubstring("\x07")))
	more := p.lost(append(names, "a", "b"))
	g.Expect(more[:maxLost]).To(Equal(all))
	g.Expect(more[maxLost:]).To(Equal([]string{"and 2 more"}))
}
