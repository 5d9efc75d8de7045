// From creation to deletion, with nothing going wrong.

package conformance

import (
	"hash/fnv"
	"io"
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

var _ = Describe("Every kind", func() {
	for _, r := range rows {
		Describe(r.kind, func() {
			if r.inFull() {
				r.crashes() // first, since they take longest
				r.refusals()
				r.unknowns()
				if r.does(suspender) {
					r.suspensionCrashes()
				}
			}
			r.sampled(r.lifecycle, r.changes, r.policies, r.plans, r.losses, r.restores, r.copies, r.meanwhile, r.fitness, r.described, r.oddReads, r.identities, r.tenants)
			if !r.implicit() {
				r.sampled(r.adoption, r.answers, r.recreations)
			}
			if r.does(suspender) {
				r.suspensions()
			}
			if r.does(contracted) {
				r.billing()
			}
			if r.hasPassword() {
				r.lostKey()
			}
			if r.does(discloser) {
				r.disclosures()
			}
			if r.parents != nil {
				r.chains()
			}
			if r.fill != nil {
				r.cascades()
			}
			if !r.withContents {
				r.withoutContents()
			}
		})
	}
})

// sampled declares promises that the engine keeps, in the same way for each kind: each of them for a third of the kinds, another third for another
// promise, and with -full for all.
func (r *row) sampled(promises ...func()) {
	r.sampling = !*full
	defer func() { r.sampling = false }()
	for _, declare := range promises {
		declare()
	}
}

// keep declares a promise about the kind, in one world.
func (r *row) keep(text string, body func(*world), options ...worldOption) {
	h := fnv.New32()
	_, _ = io.WriteString(h, text) // a hash takes everything
	if r.sampling && (int(h.Sum32()%3)+slices.Index(rows, r))%3 != 0 {
		return
	}
	keep("Every kind "+r.kind, text, func() { inWorld(body, options...) })
}

func (r *row) lifecycle() {
	r.keep("is made as the spec says, once", func(w *world) {
		s, o, before := r.ready(w)
		own := r.own(s, before)
		r.correct(s, own.id)
		state := w.state(o)
		s.Expect(state.ID).To(Equal(own.id))
		s.Expect(state.ServerGUID).To(Equal(w.serverGUID(s)))
		s.Expect(state.Pending).To(BeNil())
		r.bearsMark(s, o, own)
		record := recordOfCreate
		if r.implicit() {
			record = recordOfID(own.id)
		}
		s.Expect(w.heldAfter(o, record)).To(BeTrue(), "it was held before it was recorded:\n%s", w.journal)
	})

	r.keep("is left alone by every further pass, also of a new process", func(w *world) {
		s, o, before := r.ready(w)
		w.settle(o)
		for _, restart := range []bool{false, true} {
			mark := w.journal.mark()
			was := w.state(o)
			if restart {
				w.op.stop()
				w.op.start()
				w.eventually(func() float64 { return w.op.life().passes(r.kind) }).Should(BeNumerically(">", 0))
			}
			w.settle(o)
			w.wroteNothing(o, mark)
			s.Expect(w.state(o)).To(Equal(was))
		}
		r.correct(s, r.own(s, before).id)
	})

	clock := clocktesting.NewFakePassiveClock(time.Now())
	r.keep("is not shaken by a clock that jumps", func(w *world) {
		s, o, before := r.ready(w)
		w.settle(o)
		const year = 365 * 24 * time.Hour
		for _, jump := range []time.Duration{10 * year, -20 * year, year} {
			mark := w.journal.mark()
			clock.SetTime(clock.Now().Add(jump))
			w.settle(o)
			w.wroteNothing(o, mark)
			s.eventuallyReady(o)
		}
		f := r.fields[0]
		s.edit(o, f.change)
		s.eventuallyReady(o)
		r.correct(s, r.own(s, before).id, f.name)
		clock.SetTime(clock.Now().Add(-10 * year))
		s.delete(o)
		s.eventuallyGone(o)
		r.left(s, before)
	}, atTime(clock))

	r.keep("is deleted with its resource, and nothing else is", func(w *world) {
		s, o, before := r.ready(w)
		w.delete(o)
		w.eventuallyGone(o)
		r.left(s, before)
	})

	r.keep("stays on the server with deletionPolicy Retain", func(w *world) {
		s, o, before := r.ready(w)
		own := r.own(s, before)
		w.edit(o, func(o v1alpha1.Object) { o.Common().DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) })
		w.eventuallyReady(o)
		mark := w.journal.mark()
		w.delete(o)
		w.eventuallyGone(o)
		s.Expect(w.writes(mark)).To(BeEmpty())
		s.Expect(r.own(s, before)).To(Equal(own))
	})
}
