// Contests and plans: bounded writing back, and approvals that are good for once.

package engine

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// lone is a pass over a customer of generation 3, without any server.
func lone(clock *clocktesting.FakePassiveClock) *pass[*v1alpha1.PleskCustomer, sample] {
	o := &v1alpha1.PleskCustomer{}
	o.UID, o.Generation = "8c5f1b0e-0f3e-4b57-8d1e-6f4b7f3f2a10", 3
	return &pass[*v1alpha1.PleskCustomer, sample]{
		reconciler: &reconciler[*v1alpha1.PleskCustomer, sample]{Engine: &Engine{clock: clock, secrets: &Secrets{key: []byte("key")}}},
		o:          o,
	}
}

func TestContestEnds(t *testing.T) {
	g := NewWithT(t)
	clock := clocktesting.NewFakePassiveClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	p := lone(clock)
	email := Change{Field: "email", From: "theirs", To: "ours"}
	for range maxRestores {
		g.Expect(p.held(email)).To(BeFalse())
		p.countRestored([]Change{email, {Field: "password", From: redacted, To: redacted, Secret: true}})
		clock.SetTime(clock.Now().Add(time.Hour))
	}
	g.Expect(p.held(email)).To(BeTrue())
	g.Expect(p.o.Status.Contested).To(HaveLen(1), "secrets are not compared, so they are not contested")
	g.Expect(p.held(Change{Field: "email", From: "theirs", To: "another of ours"})).To(BeFalse(), "another value is another change")
	g.Expect(p.held(Change{Field: "phone", From: "theirs", To: "ours"})).To(BeFalse())

	p.pruneContested([]Change{email})
	g.Expect(p.held(email)).To(BeTrue())
	clock.SetTime(clock.Now().Add(30 * 24 * time.Hour))
	p.pruneContested([]Change{email})
	g.Expect(p.held(email)).To(BeTrue(), "while the server keeps another value, time alone changes nothing")
	p.pruneContested(nil)
	g.Expect(p.o.Status.Contested).To(BeEmpty(), "left in peace for long")

	for name, another := range map[string]func(){
		"spec":    func() { p.o.Generation++ },
		"request": func() { p.o.Annotations = map[string]string{v1alpha1.AnnotationReconcile: "now"} },
	} {
		giveUp(p, email)
		g.Expect(p.held(email)).To(BeTrue())
		another()
		p.pruneContested([]Change{email})
		g.Expect(p.held(email)).To(BeFalse(), "another %s is another chance", name)
	}
}

func giveUp(p *pass[*v1alpha1.PleskCustomer, sample], c Change) {
	for range maxRestores {
		p.countRestored([]Change{c})
	}
}

func TestWhatIsNotKeptIsTriedAsOftenAsTheRest(t *testing.T) {
	g := NewWithT(t)
	p := lone(clocktesting.NewFakePassiveClock(time.Unix(0, 0)))
	email := Change{Field: "email", From: "theirs", To: "ours"}
	writes := 1 // of a changed spec, which is not counted
	for p.noteStuck([]Change{email}); !p.held(email); p.noteStuck([]Change{email}) {
		p.countRestored([]Change{email})
		writes++
	}
	g.Expect(writes).To(Equal(maxRestores))
}

func TestRareDriftIsNoContest(t *testing.T) {
	g := NewWithT(t)
	clock := clocktesting.NewFakePassiveClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	p := lone(clock)
	email := Change{Field: "email", From: "theirs", To: "ours"}
	for range 3 * maxRestores {
		p.pruneContested([]Change{email})
		g.Expect(p.held(email)).To(BeFalse())
		p.countRestored([]Change{email})
		clock.SetTime(clock.Now().Add(contestWindow + time.Hour))
	}
}

func TestMembersOfSetsAreContestedOneByOne(t *testing.T) {
	g := NewWithT(t)
	p := lone(clocktesting.NewFakePassiveClock(time.Unix(0, 0)))
	giveUp(p, Change{Field: "records", From: "a A 198.51.100.7"})
	g.Expect(p.held(Change{Field: "records", From: "a A 198.51.100.7"})).To(BeTrue())
	g.Expect(p.held(Change{Field: "records", From: "b A 198.51.100.7"})).To(BeFalse())
	g.Expect(p.held(Change{Field: "records", To: "a A 198.51.100.7"})).To(BeFalse())
}

func TestApproval(t *testing.T) {
	g := NewWithT(t)
	p := lone(clocktesting.NewFakePassiveClock(time.Unix(0, 0)))
	plan := []Change{{Field: "email", From: "theirs", To: "ours"}, {Field: "password", From: redacted, To: redacted, Secret: true}}
	approve := func(hash string) { p.o.Annotations = map[string]string{v1alpha1.AnnotationApprove: hash} }
	planned := func() bool { return p.planned(plan, "would write") != nil }

	g.Expect(planned()).To(BeTrue())
	s := &p.o.Status
	g.Expect(s.Changes).To(HaveLen(2))
	g.Expect(s.PlanHash).To(HaveLen(32))
	g.Expect(p.planned(plan, "would write").message).To(ContainSubstring(v1alpha1.AnnotationApprove + "=" + s.PlanHash))
	first := s.PlanHash

	for name, alter := range map[string]func() (restore func()){
		"value":  func() func() { plan[0].To = "other"; return func() { plan[0].To = "ours" } },
		"server": func() func() { plan[0].From = "other"; return func() { plan[0].From = "theirs" } },
		"object": func() func() { p.found = &Found[sample]{Identity: Identity{ID: "7"}}; return func() { p.found = nil } },
		"key":    func() func() { p.key = "other"; return func() { p.key = "" } },
		"secret": func() func() {
			p.inputs.secrets = map[string]xmlapi.Secret{"spec.password": "x"}
			return func() { p.inputs.secrets = nil }
		},
		"more": func() func() {
			plan = append(plan, Change{Field: "phone", To: "1"})
			return func() { plan = plan[:2] }
		},
	} {
		restore := alter()
		approve(first)
		g.Expect(planned()).To(BeTrue(), "another %s is another plan", name)
		restore()
	}

	g.Expect(planned()).To(BeFalse(), "approved")
	g.Expect(s.AppliedPlan).To(Equal(first))
	g.Expect(p.unsaved).To(BeTrue(), "the approval is used up before anything is written")
	g.Expect(s.PlanHash).To(BeEmpty())
	g.Expect(planned()).To(BeTrue(), "the same again is another plan")
	g.Expect(s.PlanHash).NotTo(Equal(first))
}
