// Trouble: a fault that meets one operation of one phase of an object's life, and what has to come of it.

package conformance

import (
	"fmt"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
)

// phase is a part of an object's life that talks to the server.
type phase string

const (
	creation phase = "creation"
	repose   phase = "repose" // a further look at an object in order
	update   phase = "update"
	deletion phase = "deletion"
)

// use is an operation in a phase.
type use struct {
	phase     phase
	operation string
	writes    bool
	after     bool // a read that follows a write of the phase
	beside    bool // it does, and by another operator: what the object lies in may be looked at for its own sake just then
	field     int  // whose change brings it about, in updates
}

func (u use) String() string {
	if u.after {
		return fmt.Sprintf("%s after the write at %s", u.operation, u.phase)
	}
	return fmt.Sprintf("%s at %s", u.operation, u.phase)
}

// operatorOf is the operator of an operation, or of the first of several.
func operatorOf(name string) string {
	operator, _, _ := strings.Cut(name, "/")
	return operator
}

// census lives through the phases, changing one field after the other, and notes which operations the kind uses. Those that
// probe the server are its own controller's, and what the server has is asked for whoever wants to know.
func (r *row) census() []use {
	var uses []use
	inWorld(func(w *world) {
		s, before := r.furnish(w)
		mark := w.journal.mark()
		note := func(p phase, field int) {
			written := ""
			for _, e := range w.journal.since(mark) {
				if !e.packet {
					continue
				}
				for name := range strings.SplitSeq(e.name, "+") {
					after := written != "" && !e.writes
					known := slices.ContainsFunc(uses, func(u use) bool { return u.phase == p && u.operation == name && u.after == after })
					if !known && !isProbe(name) && !describes(name) {
						uses = append(uses, use{p, name, e.writes, after, after && operatorOf(name) != written, field})
					}
				}
				if e.writes {
					written = operatorOf(e.name)
				}
			}
			mark = w.journal.mark()
		}
		o := r.object(s)
		s.create(o)
		s.eventuallyReady(o)
		note(creation, 0)
		s.settle(o)
		mark = w.journal.mark() // on a busy machine the last reads of the creation, or a list for its count, come after it is Ready
		s.settle(o)
		note(repose, 0)
		for i, f := range r.changing() {
			s.edit(o, f.change)
			s.eventuallyReady(o)
			note(update, i)
			s.settle(o)
			mark = w.journal.mark() // a further pass reads, too, but not because of what was written
		}
		w.op.stop() // so that no pass of before is taken for one of the deletion
		s.delete(o)
		mark = w.journal.mark()
		w.op.start()
		s.eventuallyGone(o)
		note(deletion, 0)
		r.left(s, before)
		for _, p := range []phase{creation, repose, update, deletion} {
			if p == update && r.fixed {
				continue
			}
			reads, writes := 0, 0
			for _, u := range uses {
				switch {
				case u.phase == p && u.writes:
					writes++
				case u.phase == p:
					reads++
				}
			}
			s.Expect(reads).To(BeNumerically(">", 0), "reads at %s", p)
			wrote := writes > 0
			s.Expect(wrote).To(Equal(p != repose && (p != deletion || !r.keeps)), "writes at %s", p)
		}
	}, pollEvery(time.Hour)) // what the event log has read anew is no use of the kind, and on a busy machine half a minute is over before the census
	return uses
}

// trouble is a fault, and what the object has to do about it while it lasts.
type trouble struct {
	name  string
	fault plesksim.Fault
	after bool                                                       // it is met after writes, too: one of each sort is enough there
	meets func(u use, s *site, o v1alpha1.Object, struck func() int) // waits until it has been met as it should be
}

// cells are the ways in which a row meets troubles at an operation: one after the other on one site, except where each needs a write
// of its own before it.
func (r *row) cells(w *world, u use, troubles []trouble) []cell {
	if !u.after {
		return []cell{{u.String(), func() { r.meet(w, u, troubles) }}}
	}
	var out []cell
	for _, t := range troubles {
		if t.after {
			out = append(out, cell{t.name + ", " + u.String(), func() { r.meet(w, u, []trouble{t}) }})
		}
	}
	return out
}

// meet lets an object meet one trouble after the other at one use of an operation, and then recover.
func (r *row) meet(w *world, u use, troubles []trouble) {
	s, before := r.furnish(w)
	o := r.object(s)
	if u.phase != creation {
		s.create(o)
		s.eventuallyReady(o)
	}
	var heal func()
	for i, t := range troubles {
		was := heal
		f := t.fault
		f.Operator, f.Operation, _ = strings.Cut(u.operation, "/")
		if u.after {
			armed := s.afterWrite(f)
			r.begin(s, o, u)
			s.eventually(armed).Should(Receive(&heal))
		} else {
			heal = s.plesk.Inject(f) // of several faults the last one answers
			if was != nil {
				was()
			}
			if i == 0 {
				r.begin(s, o, u)
			} else {
				s.request(o)
			}
		}
		if err := caught(func() { t.meets(u, s, o, s.struck) }); err != nil {
			panic(failure{t.name + ": " + err.Error()})
		}
		s.Expect(seen.get(o)).NotTo(BeNil(), "%s: the resource was let go", t.name)
	}
	heal()
	ask := s.againAndAgain(o) // what has failed so often is tried again after minutes
	if u.phase == deletion {
		s.eventually(func() bool { ask(); return seen.get(o) == nil }).Should(BeTrue(), "the resource goes")
		r.left(s, before)
		return
	}
	s.eventually(func() error { ask(); return caught(func() { r.isInOrder(s, o, u, before) }) }).Should(Succeed())
}

// begin starts the phase.
func (r *row) begin(s *site, o v1alpha1.Object, u use) {
	switch u.phase {
	case creation:
		s.create(o)
		s.eventually(func() bool { return seen.get(o) != nil }).Should(BeTrue(), "the suite sees it") // on a busy machine that may take longer than a pass
	case repose:
		s.request(o)
	case update:
		s.edit(o, r.fields[u.field].change)
	case deletion:
		s.delete(o)
	}
}

// isInOrder checks that the object is on the server once, as the spec says, and Ready.
func (r *row) isInOrder(s *site, o v1alpha1.Object, u use, before []external) {
	s.Expect(s.ready(o).Status).To(BeEquivalentTo("True"))
	id := r.own(s, before).id
	s.Expect(s.state(o).ID).To(Equal(id))
	if u.phase == update {
		r.correct(s, id, r.fields[u.field].name)
	} else {
		r.correct(s, id)
	}
}

// struck is how often the fault that was armed last has struck.
func (s *site) struck() int {
	faults := s.plesk.Faults()
	if len(faults) == 0 {
		return 0
	}
	return faults[len(faults)-1].Struck
}
