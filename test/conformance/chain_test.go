// What an object lies in: resources of their own, by name, up to one that names the server; and who holds whose deletion back.

package conformance

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
)

// named is an object that refers by name to the nearest of the resources that it lies in, and to no server.
func (r *row) named(s *site) (o v1alpha1.Object, parents []v1alpha1.Object) {
	o, parents = r.object(s), r.parents(s)
	r.lieIn(o, v1alpha1.ObjectReference{Name: parents[len(parents)-1].GetName()})
	o.Common().ServerRef = nil
	return o, parents
}

func (r *row) chains() {
	r.keep("finds its server through the resources that it lies in", func(w *world) {
		s, before := r.furnish(w)
		o, parents := r.named(s)
		s.create(o)
		s.eventuallySays(o, v1alpha1.ReasonDependencyNotReady, parents[len(parents)-1].GetName())
		for _, p := range slices.Backward(parents) {
			s.create(p)
		}
		s.eventuallyReady(o)
		for _, p := range parents {
			s.eventuallyReady(p)
		}
		s.Expect(s.state(o).ServerRef).To(HaveValue(Equal(v1alpha1.ServerReference{Name: s.name})))
		s.settle(o)
		mark := w.journal.mark()
		s.settle(o)
		w.wroteNothing(o, mark)
		r.bearsMark(s, o, r.with(s, s.state(o).ID))
		s.Expect(r.sorted(s)).To(ContainElements(before))
	})

	r.keep("lies in what a resource only observes", func(w *world) {
		s, _ := r.furnish(w)
		o, parents := r.named(s)
		for _, p := range parents {
			s.create(p)
			s.eventuallyReady(p)
		}
		s.redescribe(parents[len(parents)-1], v1alpha1.ManagementPolicyObserveOnly)
		s.create(o)
		s.eventuallyReady(o)
		r.with(s, s.state(o).ID)
	})

	keep("Every kind "+r.kind, "is gone with all that it lies in, in whatever order they are deleted", func() {
		inWorld(func(w *world) {
			var cells []cell
			for _, order := range r.orders() {
				cells = append(cells, cell{fmt.Sprint(order), func() { r.allDeleted(w, order) }})
			}
			together(sitesAtOnce, cells)
		})
	})

	if !r.implicit() {
		r.staying()
	}
}

// redescribe has a resource describe its object under another policy from the start.
func (s *site) redescribe(o v1alpha1.Object, p v1alpha1.ManagementPolicy) {
	GinkgoHelper()
	again := o.DeepCopyObject().(v1alpha1.Object)
	again.SetResourceVersion("")
	again.Common().ManagementPolicy = p
	*again.State() = v1alpha1.CommonStatus{}
	s.edit(o, func(o v1alpha1.Object) { o.Common().DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) })
	s.delete(o)
	s.eventuallyGone(o)
	s.create(again)
	s.eventuallyReady(again)
}

// orders are those in which the object (0) and what it lies in (1, the nearest, and on) are deleted: forward and backward, beginning
// anywhere.
func (r *row) orders() [][]int {
	n := r.depth + 1
	var out [][]int
	for begin := range n {
		var forward []int
		for i := range n {
			forward = append(forward, (begin+i)%n)
		}
		backward := slices.Clone(forward)
		slices.Reverse(backward)
		for _, o := range [][]int{forward, backward} {
			if !slices.ContainsFunc(out, func(known []int) bool { return slices.Equal(known, o) }) {
				out = append(out, o)
			}
		}
	}
	return out
}

func (r *row) allDeleted(w *world, order []int) {
	s, _ := r.furnish(w)
	o, parents := r.named(s)
	all := append(slices.Clone(parents), o)
	slices.Reverse(all)
	s.Expect(all).To(HaveLen(len(order)), "the row's depth")
	before := map[string][]external{}
	for _, x := range all {
		before[kindOf(x)] = rowOf(x).sorted(s)
	}
	for _, x := range all {
		s.create(x)
	}
	for _, x := range all {
		s.eventuallyReady(x)
	}
	for _, i := range order {
		s.delete(all[i])
	}
	for _, x := range all {
		s.eventuallyGone(x)
	}
	for _, x := range all {
		s.Expect(rowOf(x).sorted(s)).To(Equal(before[kindOf(x)]), kindOf(x))
	}
}

func rowOf(o client.Object) *row {
	GinkgoHelper()
	i := slices.IndexFunc(rows, func(r *row) bool { return r.kind == kindOf(o) })
	if i < 0 {
		panic(failure{"there is no row of " + kindOf(o)})
	}
	return rows[i]
}

// staying promises that what is to stay is not taken along by the deletion of what it lies in.
func (r *row) staying() {
	r.keep("holds back the deletion of what it lies in while it is being made", func(w *world) {
		s, _ := r.furnish(w)
		o, parents := r.named(s)
		nearest := parents[len(parents)-1]
		for _, p := range parents {
			s.create(p)
			s.eventuallyReady(p)
		}
		hold := make(chan struct{})
		s.plesk.Inject(plesksim.Fault{Operation: cmp.Or(r.adds, "add"), Hold: hold, Times: 1})
		s.create(o)
		s.eventually(s.struck).Should(Equal(1))
		mark := w.journal.mark()
		s.delete(nearest)
		s.eventuallySays(nearest, v1alpha1.ReasonDeletionBlocked, o.GetName()) // on the server there is nothing of it yet
		s.Expect(w.writes(mark)).To(BeEmpty())
		close(hold)
		s.delete(o)
		s.eventuallyGone(o)
		s.eventuallyGone(nearest)
	}, packetsWithin(10*time.Second))

	observed := func(c *v1alpha1.CommonSpec) { c.ManagementPolicy = v1alpha1.ManagementPolicyObserveOnly }
	retained := func(c *v1alpha1.CommonSpec) { c.DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) }
	for _, c := range []struct {
		what     string
		stays    func(*v1alpha1.CommonSpec)
		external bool
	}{
		{"is retained, and refers to it by name", retained, false},
		{"is retained, and refers to it by its key", retained, true},
		{"is only observed, and refers to it by name", observed, false},
		{"is only observed, and refers to it by its key", observed, true},
	} {
		r.keep("holds back the deletion of what it lies in while it "+c.what, func(w *world) {
			s, _ := r.furnish(w)
			o, parents := r.named(s)
			nearest := parents[len(parents)-1]
			for _, p := range parents {
				s.create(p)
				s.eventuallyReady(p)
			}
			if c.external {
				o.Common().ServerRef = s.common().ServerRef
				r.lieIn(o, v1alpha1.ObjectReference{External: s.state(nearest).Key})
			}
			r.standing(s, o, c.stays)
			r.heldBack(s, o, nearest)
		})
	}
}

// standing creates the object, releases it, and has a resource that is to stay describe it.
func (r *row) standing(s *site, o v1alpha1.Object, stays func(*v1alpha1.CommonSpec)) {
	GinkgoHelper()
	maker := o.DeepCopyObject().(v1alpha1.Object)
	maker.SetName(o.GetName() + "-maker")
	maker.Common().DeletionPolicy = new(v1alpha1.DeletionPolicyRetain)
	s.create(maker)
	s.eventuallyReady(maker)
	s.delete(maker)
	s.eventuallyGone(maker)
	if r.does(publisher) { // what the maker has told applications stays, too, and is nobody's to write into
		s.delete(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: s.ns, Name: s.connectionName()}})
	}
	stays(o.Common())
	if r.does(opaque) {
		o.Common().AdoptionPolicy = v1alpha1.AdoptionPolicyAlways
	}
	s.create(o)
	s.eventuallyReady(o)
}

// heldBack deletes what the object lies in, and then the object's resource: neither may take the object from the server.
func (r *row) heldBack(s *site, o, parent v1alpha1.Object) {
	GinkgoHelper()
	kept := r.sorted(s)
	mark := s.journal.mark()
	if rowOf(parent).withContents {
		s.edit(parent, func(p v1alpha1.Object) { p.Common().DeletionPolicy = new(v1alpha1.DeletionPolicyDeleteWithContents) })
		s.eventuallyReady(parent)
	}
	s.delete(parent)
	s.eventuallySays(parent, v1alpha1.ReasonDeletionBlocked, o.GetName())
	s.settle(parent)
	s.Expect(s.state(parent).Awaiting).To(BeNil(), "no permit is good for that")
	s.Expect(s.writes(mark)).To(BeEmpty())

	s.edit(parent, func(p v1alpha1.Object) { p.Common().DeletionPolicy = new(v1alpha1.DeletionPolicyDelete) })
	s.delete(o)
	s.eventuallyGone(o)
	s.request(parent)
	if r.does(unlisted) { // nobody can ask for what no resource describes
		s.eventuallyGone(parent)
		return
	}
	s.eventuallySays(parent, v1alpha1.ReasonDeletionBlocked, "what no resource describes")
	s.Expect(s.writes(mark)).To(BeEmpty())
	s.Expect(r.sorted(s)).To(Equal(kept))
}
