// Billing: what a server leaves to a billing system is shown, and neither made, changed nor deleted.

package conformance

import (
	"slices"
	"strings"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// leftToBilling has a server leave the life cycle to a billing system.
func leftToBilling(srv *v1alpha1.PleskServer) {
	srv.Spec.Lifecycle = &v1alpha1.ServerLifecycle{Owner: v1alpha1.LifecycleOwnerBilling}
}

// billed reports whether a field is a billing system's.
func (r *row) billed(f field) bool {
	return slices.ContainsFunc(r.is.billing, func(path string) bool { return f.name == path || strings.HasPrefix(f.name, path+".") })
}

// besidesHosting are the packets since a mark that write anything but hosting: another plan brings its own along, and what the spec sets of it is put back.
func (w *world) besidesHosting(mark int) []string {
	return slices.DeleteFunc(w.writes(mark), func(body string) bool {
		return strings.Contains(body, "<values><hosting>") && strings.Contains(body, "</hosting></values>") && strings.Count(body, "<values>") == 1
	})
}

func (r *row) billing() {
	r.keep("is made, decided about and removed by a billing system where its server says so, and the rest is as the spec says", func(w *world) {
		s, before := r.furnish(w, leftToBilling)
		o := r.object(s)
		o.Common().RecreationPolicy = new(v1alpha1.RecreationPolicyRecreate)
		s.create(o)
		s.eventuallySays(o, v1alpha1.ReasonNotFound, "billing system")
		s.settle(o)
		s.Expect(s.writes(0)).To(BeEmpty())
		r.left(s, before)

		mark := w.journal.mark()
		r.add(s, false, "billing-4711")
		s.request(o)
		s.eventuallyReady(o)
		own := r.own(s, before)
		s.Expect(own.mark).To(Equal("billing-4711"))
		s.settle(o)
		s.Expect(w.writes(mark)).To(BeEmpty(), "it was taken over")

		billed := 0
		for _, f := range r.fields {
			if !r.billed(f) {
				continue
			}
			billed++
			f.spoil(s, own.id)
			s.Expect(f.read(s, own.id)).To(Equal(f.spoiled), f.name)
			mark = w.journal.mark()
			s.settle(o)
			s.Expect(w.besidesHosting(mark)).To(BeEmpty(), f.name)
			s.Expect(f.read(s, own.id)).To(Equal(f.spoiled), f.name)
			s.eventuallyReady(o)
			s.eventually(func() bool { return len(s.state(o).Changes) > 0 && w.has(o, v1alpha1.ConditionDrifted) }).Should(BeTrue(), f.name)
		}
		some := billed > 0
		s.Expect(some).To(Equal(r.kind != "PleskCustomer"), "a customer has none that a row can spoil")

		r.service.write(s, own.id, ours)
		mark = w.journal.mark()
		suspension := w.suspend(o, "NonPayment")
		s.settle(o)
		s.delete(suspension)
		s.settle(o)
		s.Expect(w.writes(mark)).To(BeEmpty(), "what billing suspends stays suspended")
		r.service.write(s, own.id, 0)
		suspension = w.suspend(o, "NonPayment")
		s.settle(o)
		s.Expect(r.service.read(s, own.id)).To(Equal(xmlapi.Status(0)), "and what it resumes works")
		w.eventuallySays(suspension, v1alpha1.ReasonDependencyNotReady, "leaves that to a billing system")
		s.delete(suspension)

		for _, f := range r.fields {
			if r.billed(f) {
				continue
			}
			s.edit(o, f.change)
			s.eventually(func() string { return f.read(s, own.id) }).Should(Equal(f.changed), f.name)
		}
		s.eventuallyReady(o)

		mark = w.journal.mark()
		r.remove(s, own.id)
		s.request(o)
		s.eventuallySays(o, v1alpha1.ReasonGoneOnServer, "billing system")
		s.settle(o)
		s.Expect(s.state(o).Awaiting).To(BeNil(), "nothing permits it either")
		s.Expect(w.writes(mark)).To(BeEmpty())
		s.delete(o)
		s.eventuallyGone(o)
	})

	r.keep("stays on the server when its resource leaves, whatever its deletionPolicy, where its life cycle is a billing system's", func(w *world) {
		s, o, before := r.ready(w)
		own := r.own(s, before)
		s.editServer(leftToBilling)
		s.eventuallyReady(s.server, o)
		s.edit(o, func(o v1alpha1.Object) { o.Common().DeletionPolicy = new(v1alpha1.DeletionPolicyDelete) })
		s.eventuallyReady(o)
		mark := w.journal.mark()
		s.delete(o)
		s.eventuallyGone(o)
		s.Expect(w.writes(mark)).To(BeEmpty())
		s.Expect(r.own(s, before)).To(Equal(own))
	})
}
