// Every set of conditions that the engine can write, kept for test/gitops, which asks the library that tools wait with.

package engine

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

var writeStates = flag.Bool("write-states", false, "write test/gitops/testdata/states.json anew")

// shownState is a state with the status that says it.
type shownState struct {
	State  string                `json:"state"`
	Status v1alpha1.CommonStatus `json:"status"`
}

// TestStates walks from every state to every other, as what is left of the one may stay in the next.
func TestStates(t *testing.T) {
	g := NewWithT(t)
	names := map[state]string{stateReady: "ready", stateWorking: "working", stateStalled: "stalled", stateHalted: "halted"}
	reasons := map[state][]string{
		stateReady:   {v1alpha1.ReasonAvailable},
		stateWorking: {v1alpha1.ReasonTransientError, v1alpha1.ReasonUpdating},
		stateStalled: {v1alpha1.ReasonRejected, v1alpha1.ReasonWrongServer},
		stateHalted:  {v1alpha1.ReasonPlanned, v1alpha1.ReasonSuspended},
	}
	var verdicts []verdict
	for s := stateReady; s <= stateHalted; s++ {
		for _, r := range reasons[s] {
			verdicts = append(verdicts, verdict{state: s, reason: r, message: "says why"})
			if s != stateReady {
				verdicts = append(verdicts, verdict{state: s, reason: r, message: "says why", drift: []Change{{Field: "email"}}})
			}
		}
	}
	var states []shownState
	seen := map[string]bool{}
	clock := clocktesting.NewFakePassiveClock(time.Date(2031, 1, 2, 3, 4, 5, 0, time.UTC))
	for _, first := range verdicts {
		for _, then := range verdicts {
			p := lone(t, clock)
			p.judge(first)
			p.judge(then)
			shown := shownState{names[then.state], *p.o.State()}
			text, err := json.Marshal(shown)
			g.Expect(err).NotTo(HaveOccurred())
			if !seen[string(text)] {
				seen[string(text)] = true
				states = append(states, shown)
			}
		}
	}
	text, err := json.MarshalIndent(states, "", " ")
	g.Expect(err).NotTo(HaveOccurred())
	file := filepath.Join("..", "..", "test", "gitops", "testdata", "states.json")
	if *writeStates {
		g.Expect(os.WriteFile(file, append(text, '\n'), 0o600)).To(Succeed())
	}
	kept, err := os.ReadFile(file)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(kept)).To(Equal(string(text)+"\n"), "go test ./internal/engine -run TestStates -write-states")
}
