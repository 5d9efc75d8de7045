// Plans that have to be approved, and fields that do not stay as they are written.

package conformance

import (
	"fmt"
	"strings"

	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// contests is how often somebody on the server changes a field back before the operator has to have given up.
const contests = 25

func (r *row) plans() {
	if r.fixed {
		return // nothing of one can be planned but its making, of which policies has a promise
	}
	r.keep("is changed by an approved plan, once, and by no other approval", func(w *world) {
		s, o, before := r.ready(w)
		id := r.own(s, before).id
		f := r.fields[0]
		s.edit(o, func(o v1alpha1.Object) { f.change(o); o.Common().ManagementPolicy = v1alpha1.ManagementPolicyPlan })
		s.eventuallySays(o, v1alpha1.ReasonPlanned)
		plan := s.state(o).Awaiting
		s.Expect(plan).NotTo(BeNil())
		s.Expect(plan.Permit).To(Equal(v1alpha1.PermitPlan))

		mark := w.journal.mark()
		w.approve(o, v1alpha1.AwaitedPermit{Permit: plan.Permit, Token: strings.Repeat("0", len(plan.Token))})
		w.approve(o, v1alpha1.AwaitedPermit{Permit: v1alpha1.PermitDataLoss, Token: plan.Token})
		s.settle(o)
		s.Expect(w.writes(mark)).To(BeEmpty(), "another plan was approved")
		s.Expect(f.read(s, id)).To(Equal(f.initial))

		w.approve(o, *plan)
		s.eventually(func() string { return f.read(s, id) }).Should(Equal(f.changed))
		s.eventuallyReady(o)

		if f.spoil == nil {
			return
		}
		f.spoil(s, id)
		mark = w.journal.mark()
		s.settle(o)
		if f.spoiled != f.changed {
			s.eventuallySays(o, v1alpha1.ReasonPlanned)
		}
		s.Expect(w.writes(mark)).To(BeEmpty(), "the approval was good for once")
		s.Expect(f.read(s, id)).To(Equal(f.spoiled))
	})

	if r.fields[len(r.fields)-1].spoil == nil {
		return
	}
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
		s.Expect(w.writes(mark)).To(BeEmpty())
		s.Expect(f.read(s, id)).To(Equal(f.spoiled))

		s.request(o) // gives it another chance
		s.eventually(func() string { return f.read(s, id) }).Should(Equal(f.initial))
		s.eventuallyReady(o)
	})
}

// approve permits what a resource waits for.
func (w *world) approve(o v1alpha1.Object, p v1alpha1.AwaitedPermit) (name string) {
	w.mu.Lock()
	w.names++
	name = fmt.Sprintf("approval-%d", w.names)
	w.mu.Unlock()
	w.create(&v1alpha1.PleskApproval{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: v1alpha1.PleskApprovalSpec{
		TargetRef: v1alpha1.ApprovalTarget{Kind: kindOf(o), Name: o.GetName()}, Permit: p.Permit, Token: p.Token,
	}})
	return name
}
