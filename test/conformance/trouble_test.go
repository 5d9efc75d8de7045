// Trouble: a fault that meets one operation of one phase of an object's life, and what has to come of it.

package conformance

import (
	"fmt"
	"slices"
	"strings"

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
	field     int // whose change brings it about, in updates
}

func (u use) String() string { return fmt.Sprintf("%s at %s", u.operation, u.phase) }

// census lives through the phases, changing one field after the other, and notes which operations the kind uses. Those of the
// operators server and event_log are the engine's.
func (r *row) census() []use {
	var uses []use
	inWorld(func(w *world) {
		s, before := r.furnish(w)
		mark := w.journal.mark()
		note := func(p phase, field int) {
			for _, e := range w.journal.since(mark) {
				if !e.packet {
					continue
				}
				for name := range strings.SplitSeq(e.name, "+") {
					known := slices.ContainsFunc(uses, func(u use) bool { return u.phase == p && u.operation == name })
					if operator, _, _ := strings.Cut(name, "/"); !known && operator != "server" && operator != "event_log" {
						uses = append(uses, use{p, name, e.writes, field})
					}
				}
			}
			mark = w.journal.mark()
		}
		o := r.object(s)
		s.create(o)
		s.eventuallyReady(o)
		note(creation, 0)
		s.settle(o)
		note(repose, 0)
		for i, f := range r.fields {
			s.edit(o, f.change)
			s.eventuallyReady(o)
			s.settle(o)
			note(update, i)
		}
		w.op.stop() // so that no pass of before is taken for one of the deletion
		s.delete(o)
		mark = w.journal.mark()
		w.op.start()
		s.eventuallyGone(o)
		note(deletion, 0)
		r.left(s, before)
	})
	return uses
}

// trouble is a fault, and what the object has to do about it while it lasts.
type trouble struct {
	name  string
	fault plesksim.Fault
	meets func(u use, s *site, o v1alpha1.Object, struck func() int) // waits until it has been met as it should be
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
		heal = s.plesk.Inject(f) // of several faults the last one answers
		if was != nil {
			was()
		}
		if i == 0 {
			r.begin(s, o, u)
		} else {
			s.request(o)
		}
		if err := caught(func() { t.meets(u, s, o, s.struck) }); err != nil {
			panic(failure{t.name + ": " + err.Error()})
		}
		s.Expect(seen.get(o)).NotTo(BeNil(), "%s: the resource was let go", t.name)
	}
	heal()
	s.request(o)
	if u.phase == deletion {
		s.eventuallyGone(o)
		r.left(s, before)
		return
	}
	s.eventually(func() error { return caught(func() { r.isInOrder(s, o, u, before) }) }).Should(Succeed())
}

// begin starts the phase.
func (r *row) begin(s *site, o v1alpha1.Object, u use) {
	switch u.phase {
	case creation:
		s.create(o)
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
