// Plans that have to be approved, and fields that do not stay as they are written.

package conformance

import (
	. "github.com/onsi/gomega"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// contests is how often somebody on the server changes a field back before the operator has to have given up.
const contests = 25

func (r *row) plans() {
	r.keep("is changed by an approved plan, once, and by no other approval", func(w *world) {
		s, o, before := r.ready(w)
		id := r.own(s, before).id
		f := r.fields[0]
		s.edit(o, func(o v1alpha1.Object) { f.change(o); o.Common().ManagementPolicy = v1alpha1.ManagementPolicyPlan })
		s.eventuallySays(o, v1alpha1.ReasonPlanned)
		plan := s.state(o).PlanHash
		s.Expect(plan).NotTo(BeEmpty())

		mark := w.journal.mark()
		w.approve(o, plan+"0")
		s.settle(o)
		packets, _ := w.journal.writesSince(mark, "")
		s.Expect(packets).To(BeEmpty(), "another plan was approved")
		s.Expect(f.read(s, id)).To(Equal(f.initial))

		w.approve(o, plan)
		s.eventually(func() string { return f.read(s, id) }).Should(Equal(f.changed))
		s.eventuallyReady(o)

		f.spoil(s, id)
		mark = w.journal.mark()
		s.settle(o)
		if f.spoiled != f.changed {
			s.eventuallySays(o, v1alpha1.ReasonPlanned)
		}
		packets, _ = w.journal.writesSince(mark, "")
		s.Expect(packets).To(BeEmpty(), "the approval was good for once")
		s.Expect(f.read(s, id)).To(Equal(f.spoiled))
	})

	r.keep("gives up a field that is changed back again and again, and says which", func(w *world) {
		s, o, before := r.ready(w)
		id := r.own(s, before).id
		f := r.fields[len(r.fields)-1]
		given := func() bool { return s.ready(o).Reason == v1alpha1.ReasonNotConverging }
		for range contests {
			if given() {
				break
			}
			f.spoil(s, id)
			s.nudge(o)
			s.eventually(func() bool { return given() || f.read(s, id) == f.initial }).Should(BeTrue())
		}
		s.eventuallySays(o, v1alpha1.ReasonNotConverging, "spec."+f.name)
		mark := w.journal.mark()
		s.settleBy(s.nudge, o)
		packets, _ := w.journal.writesSince(mark, "")
		s.Expect(packets).To(BeEmpty())
		s.Expect(f.read(s, id)).To(Equal(f.spoiled))

		s.request(o) // gives it another chance
		s.eventually(func() string { return f.read(s, id) }).Should(Equal(f.initial))
		s.eventuallyReady(o)
	})
}

// approve approves a plan.
func (w *world) approve(o v1alpha1.Object, hash string) {
	base := o.DeepCopyObject().(client.Object)
	annotations := map[string]string{v1alpha1.AnnotationApprove: hash}
	for k, v := range o.GetAnnotations() {
		if k != v1alpha1.AnnotationApprove {
			annotations[k] = v
		}
	}
	o.SetAnnotations(annotations)
	w.Expect(bed.Client.Patch(w, o, client.MergeFrom(base))).To(Succeed())
}
