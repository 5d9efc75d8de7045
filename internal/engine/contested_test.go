// Contests: bounded writing back.

package engine

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

func TestContestEnds(t *testing.T) {
	g := NewWithT(t)
	clock := clocktesting.NewFakePassiveClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	p := lone(t, clock)
	email := Change{Field: "email", From: "theirs", To: "ours"}
	for range maxRestores {
		g.Expect(p.held(email)).To(BeFalse())
		p.countRestored([]Change{email, {Field: "password", From: redacted, To: redacted, WriteOnly: true}})
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

func giveUp(p *customerPass, c Change) {
	for range maxRestores {
		p.countRestored([]Change{c})
	}
}

func TestWhatIsNotKeptIsTriedAsOftenAsTheRest(t *testing.T) {
	g := NewWithT(t)
	p := lone(t, clocktesting.NewFakePassiveClock(time.Unix(0, 0)))
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
	p := lone(t, clock)
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
	p := lone(t, clocktesting.NewFakePassiveClock(time.Unix(0, 0)))
	giveUp(p, Change{Field: "records", From: "a A 198.51.100.7"})
	g.Expect(p.held(Change{Field: "records", From: "a A 198.51.100.7"})).To(BeTrue())
	g.Expect(p.held(Change{Field: "records", From: "b A 198.51.100.7"})).To(BeFalse())
	g.Expect(p.held(Change{Field: "records", To: "a A 198.51.100.7"})).To(BeFalse())
}
