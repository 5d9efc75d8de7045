// The fields of a kind: changed here, changed there, left alone.

package conformance

import (
	"slices"

	. "github.com/onsi/gomega"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

func (r *row) changes() {
	if !r.fixed {
		r.fieldByField()
	}
	if r.rename.key == "" {
		r.keep("cannot be renamed", func(w *world) {
			s, o, before := r.ready(w)
			own := r.own(s, before)
			var refusal error
			s.eventually(func() bool {
				refusal = s.tryEdit(o, r.rename.change)
				return apierrors.IsConflict(refusal)
			}).Should(BeFalse())
			s.Expect(apierrors.IsInvalid(refusal)).To(BeTrue(), "%v", refusal)
			s.settle(o)
			s.Expect(r.own(s, before)).To(Equal(own))
		})
		return
	}
	r.keep("is renamed, and not made anew, when its name changes", func(w *world) {
		s, o, before := r.ready(w)
		own := r.own(s, before)
		s.Expect(own.key).NotTo(Equal(r.rename.key))
		s.edit(o, r.rename.change)
		s.eventually(func() string { return r.own(s, before).key }).Should(Equal(r.rename.key))
		s.eventuallyReady(o)
		s.Expect(r.own(s, before).id).To(Equal(own.id))
		s.Expect(w.state(o).Key).To(Equal(r.rename.key))
		r.correct(s, own.id)
		s.delete(o)
		s.eventuallyGone(o)
		r.left(s, before)
	})
}

func (r *row) fieldByField() {
	r.keep("has each field changed on the server when it changes in the spec", func(w *world) {
		s, o, before := r.ready(w)
		own := r.own(s, before)
		var changed []string
		for _, f := range r.fields {
			s.edit(o, f.change)
			s.eventually(func() string { return f.read(s, own.id) }).Should(Equal(f.changed), f.name)
			s.eventuallyReady(o)
			changed = append(changed, f.name)
			r.correct(s, own.id, changed...)
		}
		s.Expect(r.own(s, before).id).To(Equal(own.id))
	})

	r.keep("has each field put back that was changed on the server", func(w *world) {
		s, o, before := r.ready(w)
		own := r.own(s, before)
		for _, f := range r.fields {
			if f.spoil == nil {
				continue
			}
			f.spoil(s, own.id)
			s.Expect(f.read(s, own.id)).To(Equal(f.spoiled), f.name)
			s.request(o)
			s.eventually(func() string { return f.read(s, own.id) }).Should(Equal(f.initial), f.name)
		}
		s.settle(o)
		s.eventuallyReady(o)
		r.correct(s, own.id)
	})

	r.keep("leaves alone each field that the spec does not set", func(w *world) {
		s, o, before := r.ready(w)
		own := r.own(s, before)
		for _, f := range slices.Backward(r.fields) { // the first may reset what others say, such as a plan its limits
			if f.unset == nil {
				continue
			}
			s.edit(o, f.unset)
			s.eventuallyReady(o)
			f.spoil(s, own.id)
			mark := w.journal.mark()
			s.settle(o)
			s.Expect(f.read(s, own.id)).To(Equal(f.spoiled), f.name)
			s.Expect(w.writes(mark)).To(BeEmpty(), f.name)
		}
		s.eventuallyReady(o)
	})
}
