// What is said while a pass waits for a slow server counts: nothing is written any more that is not wanted.

package conformance

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
)

// secondThought is an edit that says that nothing is to be written.
type secondThought struct {
	name            string
	set             func(*v1alpha1.CommonSpec, bool)
	absent, present string // the reasons, as in policies
}

var secondThoughts = []secondThought{
	{"ObserveOnly", manage(v1alpha1.ManagementPolicyObserveOnly), v1alpha1.ReasonNotFound, v1alpha1.ReasonDriftDetected},
	{"Plan", manage(v1alpha1.ManagementPolicyPlan), v1alpha1.ReasonPlanned, v1alpha1.ReasonPlanned},
	{"suspend", func(c *v1alpha1.CommonSpec, on bool) { c.Suspend = on }, v1alpha1.ReasonSuspended, v1alpha1.ReasonSuspended},
}

// retained is one that counts for deletions only.
var retained = secondThought{name: "Retain", set: func(c *v1alpha1.CommonSpec, on bool) {
	c.DeletionPolicy = nil
	if on {
		c.DeletionPolicy = new(v1alpha1.DeletionPolicyRetain)
	}
}}

func (r *row) meanwhile() {
	if !r.fixed && r.fields[0].spoil != nil {
		r.changedMeanwhile()
	}
	r.keep("is not deleted when that was forbidden while the server took its time", func(w *world) {
		s, o, before := r.ready(w)
		s.settle(o)
		mark := w.journal.mark()
		s.delete(o)
		s.eventuallyGone(o)
		at := s.lastRead(mark)
		for _, t := range append([]secondThought{retained}, secondThoughts...) {
			o := r.object(s)
			s.create(o)
			s.eventuallyReady(o)
			s.settle(o)
			own := r.own(s, before)
			mark := w.journal.mark()
			s.whileHeld(at, func() { s.delete(o) }, func() { s.edit(o, func(o v1alpha1.Object) { t.set(o.Common(), true) }) })
			if t.present == v1alpha1.ReasonSuspended {
				s.eventuallySays(o, v1alpha1.ReasonDeletionBlocked, "suspend")
				s.edit(o, func(o v1alpha1.Object) { retained.set(o.Common(), true) })
			}
			s.eventuallyGone(o)
			s.Expect(w.writes(mark)).To(BeEmpty(), t.name)
			s.Expect(r.own(s, before)).To(Equal(own), t.name)
			if r.does(opaque) { // the next resource could not tell whose it is
				r.remove(s, own.id)
			}
		}
	})

	if r.implicit() {
		return
	}
	r.keep("is not made when that was forbidden while the server took its time", func(w *world) {
		s, before := r.furnish(w)
		mark := w.journal.mark()
		o := r.object(s)
		s.create(o)
		s.eventuallyReady(o)
		at := s.lastRead(mark)
		for _, t := range secondThoughts {
			s.delete(o)
			s.eventuallyGone(o)
			o = r.object(s)
			mark := w.journal.mark()
			s.whileHeld(at, func() { s.create(o) }, func() { s.edit(o, func(o v1alpha1.Object) { t.set(o.Common(), true) }) })
			s.eventuallySays(o, t.absent)
			s.settle(o)
			s.Expect(w.writes(mark)).To(BeEmpty(), t.name)
			r.left(s, before)
			s.edit(o, func(o v1alpha1.Object) { t.set(o.Common(), false) })
			s.eventuallyReady(o)
			r.correct(s, r.own(s, before).id)
		}
	})
}

// changedMeanwhile is about changes of what the server can change.
func (r *row) changedMeanwhile() {
	r.keep("is not changed when that was forbidden while the server took its time", func(w *world) {
		s, o, before := r.ready(w)
		f, id := r.fields[0], r.own(s, before).id
		w.op.stop()
		f.spoil(s, id)
		mark := w.journal.mark() // nobody but the operator asks the server anything from here on
		w.op.start()
		s.eventually(func() []string { return w.writes(mark) }).ShouldNot(BeEmpty())
		at := s.lastRead(mark)
		for _, t := range secondThoughts {
			s.eventuallyReady(o)
			w.op.stop()
			f.spoil(s, id)
			mark := w.journal.mark()
			s.whileHeld(at, w.op.start, func() { s.edit(o, func(o v1alpha1.Object) { t.set(o.Common(), true) }) })
			s.eventuallySays(o, t.present)
			s.settle(o)
			s.Expect(w.writes(mark)).To(BeEmpty(), t.name)
			s.Expect(f.read(s, id)).To(Equal(f.spoiled), t.name)
			s.edit(o, func(o v1alpha1.Object) { t.set(o.Common(), false) })
			s.eventually(func() string { return f.read(s, id) }).Should(Equal(f.initial))
		}
	})
}

// lastRead is a fault that meets the last look at the server before the first write since a mark.
func (s *site) lastRead(mark int) plesksim.Fault {
	GinkgoHelper()
	last := ""
	for _, e := range s.journal.since(mark) {
		if !e.packet || e.name == "" || isProbe(e.name) {
			continue
		}
		if e.writes {
			break
		}
		for op := range strings.SplitSeq(e.name, "+") {
			if !isProbe(op) && !describes(op) { // what the server has is not asked for by each pass
				last = op
			}
		}
	}
	s.Expect(last).NotTo(BeEmpty(), "nobody has looked before writing")
	operator, operation, _ := strings.Cut(last, "/")
	return plesksim.Fault{Operator: operator, Operation: operation, Times: 1} // how many come before depends on lists and events
}

// whileHeld begins something, holds it at a read, and does something else before it goes on.
func (s *site) whileHeld(at plesksim.Fault, begin, meanwhile func()) {
	GinkgoHelper()
	held := make(chan struct{})
	at.Hold = held
	remove := s.plesk.Inject(at)
	defer remove()
	begin()
	s.eventually(s.struck).Should(Equal(1), "%s/%s was not read", at.Operator, at.Operation)
	meanwhile()
	close(held)
}
