// Unknown is not absent: whatever a look at the server comes to, short of an answer, nothing is concluded from it.

package conformance

import (
	"slices"
	"time"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
)

// noAnswers are the faults that leave open what the server has.
var noAnswers = []trouble{
	{name: "a gateway error", fault: plesksim.Fault{Status: 502}, meets: notConcluded, after: true},
	{name: "a page in place of an answer", fault: plesksim.Fault{Status: 200, Body: "<html><body>The panel is being upgraded</body></html>"}, meets: notConcluded},
	{name: "an answer that is cut", fault: plesksim.Fault{Cut: 90}, meets: notConcluded, after: true},
	{name: "an empty answer", fault: plesksim.Fault{Status: 200, Body: "\n"}, meets: notConcluded},
	{name: "a lost connection", fault: plesksim.Fault{Drop: true}, meets: notConcluded},
	{name: "a time-out", fault: plesksim.Fault{Hang: true}, meets: notConcluded, after: true},
}

func (r *row) unknowns() {
	keep("Every kind "+r.kind, "concludes nothing from time-outs, gateway errors, pages, cut, empty and lost answers where it reads", func() {
		uses := slices.DeleteFunc(r.census(), func(u use) bool { return u.writes })
		inWorld(func(w *world) {
			var cells []cell
			for _, u := range uses {
				cells = append(cells, r.cells(w, u, noAnswers)...)
			}
			together(sitesAtOnce, cells)
		}, packetsWithin(time.Second))
	})
}

// notConcluded waits until the fault has struck a few times. Nothing may be written to the server meanwhile: what is not known to be
// absent is not made, and what was written before the look that failed is not written again.
func notConcluded(u use, s *site, o v1alpha1.Object, struck func() int) {
	writes := func() int { return s.plesk.Stats().Writes }
	allowed := writes()
	if u.after {
		s.eventually(struck).Should(BeNumerically(">", 0))
		allowed = writes() // the pass that was struck has written all that it had to
	}
	for n := range 3 {
		s.requesting(o, struck).Should(BeNumerically(">", n))
	}
	s.Expect(writes()).To(Equal(allowed))
	now := seen.get(o)
	s.Expect(now).NotTo(BeNil())
	if u.phase == creation && !u.beside {
		s.Expect(s.ready(o).Status).NotTo(BeEquivalentTo("True"))
	}
	if u.phase == deletion {
		s.Expect(now.GetFinalizers()).To(ContainElement(v1alpha1.Finalizer))
	}
}
