// The crash matrix: each single call to the API server and each single packet to Plesk fails, loses its answer, or is the last
// that a life of the operator does.

package conformance

import (
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
)

func (r *row) crashes() {
	about := "Every kind " + r.kind
	// Servers are not looked at in between, so that the packets of a run are the object's.
	quiet := pollEvery(30 * time.Second)
	matrix := func(text, what string, at func(story) []strike, struck func(*world, strike, *atomic.Int32)) {
		keep(about, text, func() {
			var cells []cell
			var missed atomic.Int32
			for _, c := range at(r.cleanRun(fromItsStart(r.live), quiet)) {
				for _, m := range modes {
					name := fmt.Sprintf("%s %s (number %d) %s", what, c.name, c.nth, m)
					options := []worldOption{quiet}
					if what == "call" && m != killed {
						options = append(options, settlingIn(10*time.Minute)) // what Plesk has answered, or was not sent, nobody has to wait for
					}
					cells = append(cells, cell{name, func() {
						inWorld(func(w *world) { struck(w, strike{c.name, c.nth, m}, &missed) }, options...)
					}})
				}
			}
			together(0, cells)
			mostlyStruck(&missed, cells, 5)
		})
	}
	matrix("survives every fault and crash at every call to the API server", "call", func(st story) []strike { return st.calls }, r.struckAtCall)
	matrix("survives every fault and crash at every packet to Plesk", "packet", func(st story) []strike { return st.packets }, r.struckAtPacket)
	keep(about, "leaves nothing behind when it is deleted after a crash at any step of its making", func() {
		var cells []cell
		var missed atomic.Int32
		st := r.cleanRun(fromItsStart(r.make), quiet)
		for _, call := range st.calls {
			cells = append(cells, cell{fmt.Sprintf("after call %s (number %d)", call.name, call.nth), func() {
				inWorld(func(w *world) {
					r.deletedAfterCrash(w, &missed, func(*site) { w.api.begin(strike{call.name, call.nth, killed}) })
				}, quiet)
			}})
		}
		for _, packet := range st.packets {
			cells = append(cells, cell{fmt.Sprintf("after packet %s (number %d)", packet.name, packet.nth), func() {
				inWorld(func(w *world) {
					r.deletedAfterCrash(w, &missed, func(s *site) { s.strikePacket(strike{packet.name, packet.nth, killed}) })
				}, quiet)
			}})
		}
		together(0, cells)
		mostlyStruck(&missed, cells, 2)
	})
	if r.rename.key == "" {
		return
	}
	keep(about, "is the same object after every fault and crash while it is renamed", func() {
		var cells []cell
		var missed atomic.Int32
		st := r.cleanRun(r.renamed, quiet)
		for _, m := range modes {
			for _, call := range st.calls {
				cells = append(cells, cell{fmt.Sprintf("call %s (number %d) %s", call.name, call.nth, m), func() {
					inWorld(func(w *world) {
						s, before := r.furnish(w)
						r.renamed(s, before, func() { w.api.begin(strike{call.name, call.nth, m}) })
						if !w.api.hasStruck() {
							missed.Add(1)
						}
					}, quiet)
				}})
			}
			for _, packet := range st.packets {
				cells = append(cells, cell{fmt.Sprintf("packet %s (number %d) %s", packet.name, packet.nth, m), func() {
					inWorld(func(w *world) {
						s, before := r.furnish(w)
						r.renamed(s, before, func() { s.strikePacket(strike{packet.name, packet.nth, m}) })
						if s.struck() == 0 {
							missed.Add(1)
						}
					}, quiet)
				}})
			}
		}
		together(0, cells)
		mostlyStruck(&missed, cells, 2)
	})
}

// renamed makes an object and gives it another name. Begins is called in between.
func (r *row) renamed(s *site, before []external, begins func()) {
	o := r.object(s)
	o.Common().AdoptionPolicy = v1alpha1.AdoptionPolicyNever // what is ours under either name need not be adopted
	s.create(o)
	s.eventuallyReady(o)
	id := r.own(s, before).id
	s.settle(o)
	begins()
	s.edit(o, r.rename.change)
	s.eventuallyReady(o)
	own := r.own(s, before)
	s.Expect([]string{own.id, own.key}).To(Equal([]string{id, r.rename.key}))
	r.correct(s, id)
}

// deletedAfterCrash lets an operator die while it makes an object, and deletes the resource before the next one comes.
func (r *row) deletedAfterCrash(w *world, missed *atomic.Int32, arm func(*site)) {
	s, before := r.furnish(w)
	ended := w.op.lastLife()
	arm(s)
	o := r.object(s)
	s.create(o)
	over := func() bool {
		select {
		case <-ended:
			return true
		default:
			return false
		}
	}
	s.eventually(func() bool { return over() || s.ready(o).Status == "True" }).Should(BeTrue())
	if !over() {
		missed.Add(1)
	}
	w.op.stop()
	s.delete(o)
	w.op.start()
	s.eventuallyGone(o)
	r.left(s, before)
}

// story is what an operator does in a life without faults.
type story struct {
	calls   []strike // to the API server, without a mode
	packets []strike // to Plesk, each named by its first operation
}

// fromItsStart has notes taken of a part of a life from its first step.
func fromItsStart(life func(*site, []external)) func(*site, []external, func()) {
	return func(s *site, before []external, begins func()) {
		begins()
		life(s, before)
	}
}

// cleanRun lives through a part of the life of an object once and takes notes from when it is told to.
func (r *row) cleanRun(life func(*site, []external, func()), options ...worldOption) story {
	var st story
	inWorld(func(w *world) {
		s, before := r.furnish(w)
		mark := 0
		life(s, before, func() {
			w.api.begin(strike{})
			mark = w.journal.mark()
		})
		counts := map[string]int{}
		for _, name := range w.api.calls() {
			// What the server's own controller writes comes when it likes; the count of deletions is a patch, and the object's.
			if counts[name]++; !strings.HasPrefix(name[strings.Index(name, " ")+1:]+"/", "pleskservers/") || name == "PATCH pleskservers/status" {
				st.calls = append(st.calls, strike{name: name, nth: counts[name]})
			}
		}
		counts = map[string]int{}
		for _, e := range w.journal.since(mark) {
			// Looks at the server itself come when they like.
			if first, _, _ := strings.Cut(e.name, "+"); e.packet && !isProbe(e.name) {
				st.packets = append(st.packets, strike{name: first, nth: counts[first] + 1})
				for op := range strings.SplitSeq(e.name, "+") {
					counts[op]++
				}
			}
		}
		w.Expect(st.calls).NotTo(BeEmpty())
		w.Expect(st.packets).NotTo(BeEmpty())
	}, options...)
	return st
}

// make is the first part of a life.
func (r *row) make(s *site, _ []external) {
	o := r.object(s)
	s.create(o)
	s.eventuallyReady(o)
}

// live is a life of an object: made, changed, deleted. At each rest it is what the spec says, once, and its neighbours are untouched.
func (r *row) live(s *site, before []external) {
	o := r.object(s)
	s.create(o)
	s.eventuallyReady(o)
	r.correct(s, r.own(s, before).id)
	f := r.fields[0]
	s.edit(o, f.change)
	s.eventuallyReady(o)
	r.correct(s, r.own(s, before).id, f.name)
	s.delete(o)
	s.eventuallyGone(o)
	r.left(s, before)
}

// mostlyStruck fails when more than one of so many calls that were to be struck did not come. A few passes more or less from run to
// run are natural, and an object that is Ready may be looked at once more or not; each pass is up to four packets.
func mostlyStruck(missed *atomic.Int32, cells []cell, oneOf int) {
	if n := int(missed.Load()); n*oneOf > len(cells) {
		panic(failure{fmt.Sprintf("%d of %d calls did not come", n, len(cells))})
	}
}

func (r *row) struckAtCall(w *world, at strike, missed *atomic.Int32) {
	s, before := r.furnish(w)
	w.api.begin(at)
	r.live(s, before)
	if !w.api.hasStruck() {
		missed.Add(1)
	}
}

func (r *row) struckAtPacket(w *world, at strike, missed *atomic.Int32) {
	s, before := r.furnish(w)
	s.strikePacket(at)
	r.live(s, before)
	if s.struck() == 0 {
		missed.Add(1)
	}
}

// strikePacket lets a packet go wrong: the one with the nth operation of a name.
func (s *site) strikePacket(at strike) {
	s.strike.Store(at.mode)
	f := plesksim.Fault{Nth: at.nth, Times: 1, Drop: true, Executed: at.mode != refused}
	f.Operator, f.Operation, _ = strings.Cut(at.name, "/")
	s.plesk.Inject(f)
}
