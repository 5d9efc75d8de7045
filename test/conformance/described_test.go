// What a server describes: nothing is sent that it does not have, and nothing is refused for what it does not tell.

package conformance

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
)

// describes tells operations that say what a server has. They are no part of an object: nothing comes of their failures.
func describes(operation string) bool { return strings.HasSuffix(operation, "-descriptor") }

// untold are the ways in which a server does not say what it has.
var untold = []plesksim.Fault{
	{Code: 1006}, {Code: 1017}, {Code: 1013}, {Code: 1023}, {Code: 1026}, {Code: 1003, System: true}, {Code: 1006, System: true}, {Code: 1014, System: true}, {Code: 1017, System: true},
	{Without: []string{"descriptor"}}, {Without: []string{"descriptor/property"}}, {Repeat: 2, Executed: true}, {Cut: 90}, {Status: 502}, {Drop: true}, {Hang: true},
}

func (r *row) described() {
	if !r.does(validator) {
		return
	}
	r.keep("is neither made nor changed to what its server does not have, and is told which field says so", func(w *world) {
		s, before := r.furnish(w)
		possible := r.object(s)
		o := possible.DeepCopyObject().(v1alpha1.Object)
		for _, i := range r.impossible {
			i.change(o)
		}
		mark := w.journal.mark()
		s.create(o)
		s.eventuallySays(o, v1alpha1.ReasonInvalidSpec, "spec."+r.impossible[0].field+": ", `this server has no "`)
		s.eventually(func() []bool {
			return []bool{s.has(o, v1alpha1.ConditionStalled), s.has(o, v1alpha1.ConditionReconciling)}
		}).Should(Equal([]bool{true, false}), "Stalled and Reconciling")
		s.settle(o)
		s.Expect(w.writes(mark)).To(BeEmpty(), "writes to Plesk")
		s.Expect(s.state(o).Pending).To(BeNil(), "nothing was begun")
		s.Expect(r.sorted(s)).To(Equal(before))

		for n := range r.impossible { // one less each time, and the next one is named
			r.restore(s, o, possible, r.impossible[n+1:])
			if n+1 < len(r.impossible) {
				s.eventuallySays(o, v1alpha1.ReasonInvalidSpec, "spec."+r.impossible[n+1].field+": ")
			}
		}
		s.eventuallyReady(o)
		own := r.own(s, before)
		r.correct(s, own.id)

		mark = w.journal.mark()
		for _, i := range r.impossible {
			r.restore(s, o, possible, []impossible{i})
			s.eventuallySays(o, v1alpha1.ReasonInvalidSpec, "spec."+i.field+": ")
			s.settle(o)
			s.Expect(r.own(s, before)).To(Equal(own))
		}
		s.Expect(w.writes(mark)).To(BeEmpty(), "writes to Plesk")
		r.restore(s, o, possible, nil)
		s.eventuallyReady(o)
		s.delete(o)
		s.eventuallyGone(o)
		r.left(s, before)
	})

	r.keep("is not taken over to become what its server does not have", func(w *world) {
		s, before := r.furnish(w)
		r.add(s, false, "")
		there := r.own(s, before)
		possible := r.object(s)
		possible.Common().AdoptionPolicy = v1alpha1.AdoptionPolicyAlways
		o := possible.DeepCopyObject().(v1alpha1.Object)
		r.impossible[0].change(o)
		mark := w.journal.mark()
		s.create(o)
		s.eventuallySays(o, v1alpha1.ReasonInvalidSpec, "spec."+r.impossible[0].field+": ")
		s.settle(o)
		s.Expect(w.writes(mark)).To(BeEmpty(), "writes to Plesk")
		s.Expect(r.own(s, before)).To(Equal(there))
		s.Expect(s.state(o).ID).To(BeEmpty(), "nothing was recorded")
		r.restore(s, o, possible, nil)
		s.eventuallyReady(o)
		s.Expect(r.own(s, before).id).To(Equal(there.id))
		s.Expect(s.state(o).ID).To(Equal(there.id))
	})

	r.keep("is made as the spec says where its server does not tell what it has", func(w *world) {
		var cells []cell
		for _, f := range untold {
			cells = append(cells, cell{fmt.Sprintf("%+v", f), func() {
				s, before := r.furnish(w)
				// All three operations, and no other one that they may travel with.
				for _, what := range []string{"get-limit-descriptor", "get-permission-descriptor", "get-physical-hosting-descriptor"} {
					f.Operation = what
					s.plesk.Inject(f)
				}
				o := r.object(s)
				s.create(o)
				s.eventuallyReady(o)
				r.correct(s, r.own(s, before).id)
			}})
		}
		together(sitesAtOnce, cells)
	}, packetsWithin(time.Second))
}

// impossible is a change of an object to something that no server has.
type impossible struct {
	field  string // which is named
	change func(v1alpha1.Object)
}

// restore makes the spec of an object the possible one again, but for some changes.
func (r *row) restore(s *site, o, possible v1alpha1.Object, but []impossible) {
	s.edit(o, func(o v1alpha1.Object) {
		reflect.ValueOf(o).Elem().FieldByName("Spec").Set(reflect.ValueOf(possible.DeepCopyObject()).Elem().FieldByName("Spec"))
		for _, i := range but {
			i.change(o)
		}
	})
}
