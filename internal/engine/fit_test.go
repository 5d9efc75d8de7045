// Fit to show: whatever way a text of the server's takes to people, secrets do not go along.

package engine

import (
	"errors"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"k8s.io/client-go/tools/events"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// talkative is a kind that shows what the server told.
type talkative struct {
	Kind[*v1alpha1.PleskCustomer, sample]
}

func (talkative) Observe(o *v1alpha1.PleskCustomer, f *Found[sample]) {
	o.Status.Observed = &v1alpha1.ObservedCustomer{Owner: *f.Value.Name, State: "Active"}
}

func TestWhatTheServerTellsIsFit(t *testing.T) {
	g := NewWithT(t)
	const secret = "Birch-Tree-2026!"
	p := lone(t, clocktesting.NewFakePassiveClock(time.Unix(0, 0)))
	recorder := events.NewFakeRecorder(10)
	p.recorder, p.kind = recorder, talkative{}
	p.inputs.secrets = map[string]xmlapi.Secret{"spec.password": secret}
	told := "x " + secret + " \x00" + strings.Repeat("y", 2000)

	p.found = &Found[sample]{Value: sample{Name: &told}}
	p.observe()
	p.noteStuck([]Change{{Field: "description", From: told, To: "ours"}})
	p.o.Status.Changes = p.published([]Change{{Field: "description", From: told, To: told}})
	p.event(v1alpha1.ReasonUpdating, "Update", told)
	p.warn(told)
	shown := []string{
		p.o.Status.Observed.Owner, p.o.Status.Contested[0].From, p.o.Status.Changes[0].From,
		<-recorder.Events, <-recorder.Events, p.fitError(errors.New(told)).Error(),
	}
	for i, text := range shown {
		g.Expect(text).To(And(ContainSubstring("x [redacted] y"), Not(ContainSubstring(secret))), "%d", i)
		g.Expect(len(text)).To(BeNumerically("<", 1100), "%d", i)
	}
	// What is wanted comes from the spec: to take a secret out of it would tell who may write the spec that it is one.
	g.Expect(p.o.Status.Changes[0].To).To(HavePrefix("x Birch-Tree-2026! yyy"))
	g.Expect(len(p.o.Status.Changes[0].To)).To(BeNumerically("<", 1100))
	g.Expect(p.o.Status.Observed.State).To(Equal("Active"))
	g.Expect(p.fitError(nil)).To(Succeed())
}

// A guess at a secret looks the same whether it is right or wrong, wherever the server repeats it.
func TestGuessesInASpecTellNothing(t *testing.T) {
	for _, guess := range []string{"Birch-Tree-2026!", "Birch-Tree", "Birch-Trex"} {
		p := lone(t, clocktesting.NewFakePassiveClock(time.Unix(0, 0)))
		p.inputs.secrets = map[string]xmlapi.Secret{"spec.password": "Birch-Tree-2026!"}
		p.o.Spec.CompanyName = &guess
		v := verdict{message: "customer/set: Plesk error 1019: invalid: " + guess, err: &xmlapi.Error{Code: xmlapi.CodeInvalidValue}}
		p.fitVerdict(&v)
		if !strings.HasSuffix(v.message, ": "+guess) {
			t.Errorf("the message is %q", v.message)
		}
	}
}

// What is held is known by what was shown of it.
func TestContestOverATextThatIsNotShown(t *testing.T) {
	g := NewWithT(t)
	p := lone(t, clocktesting.NewFakePassiveClock(time.Unix(0, 0)))
	long := Change{Field: "records", From: strings.Repeat("y", 2000)}
	giveUp(p, long)
	g.Expect(p.o.Status.Contested).To(HaveLen(1))
	g.Expect(p.held(long)).To(BeTrue())
	p.pruneContested([]Change{long})
	g.Expect(p.held(long)).To(BeTrue())
}
