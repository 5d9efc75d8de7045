// Policies that forbid to write.

package conformance

import (
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

func (r *row) policies() {
	for _, p := range []struct {
		name            string
		set             func(*v1alpha1.CommonSpec, bool)
		absent, present string // the reason where the object is not on the server, and where it differs
		tells           bool   // the differences are in the status
	}{
		{"managementPolicy ObserveOnly", manage(v1alpha1.ManagementPolicyObserveOnly), v1alpha1.ReasonNotFound, v1alpha1.ReasonDriftDetected, true},
		{"managementPolicy Plan", manage(v1alpha1.ManagementPolicyPlan), v1alpha1.ReasonPlanned, v1alpha1.ReasonPlanned, true},
		{"suspend", func(c *v1alpha1.CommonSpec, on bool) { c.Suspend = on }, v1alpha1.ReasonSuspended, v1alpha1.ReasonSuspended, false},
	} {
		if !r.implicit() {
			r.keep("is not made under "+p.name+", but when that ends", func(w *world) {
				s, before := r.furnish(w)
				o := r.object(s)
				p.set(o.Common(), true)
				s.create(o)
				s.eventuallySays(o, p.absent)
				s.settle(o)
				r.untouched(s, before)
				err := bed.Client.Get(s, client.ObjectKey{Namespace: s.ns, Name: s.secretName()}, &corev1.Secret{})
				s.Expect(client.IgnoreNotFound(err)).To(Succeed())
				s.Expect(err).To(HaveOccurred(), "a password was made for nothing")
				s.edit(o, func(o v1alpha1.Object) { p.set(o.Common(), false) })
				s.eventuallyReady(o)
				r.correct(s, r.own(s, before).id)
			})
		}
		r.keep("is not changed under "+p.name+", nor deleted", func(w *world) {
			s, o, before := r.ready(w)
			own := r.own(s, before)
			f := r.fields[0]
			s.edit(o, func(o v1alpha1.Object) { f.change(o); p.set(o.Common(), true) })
			silent := r.fixed || p.present == v1alpha1.ReasonDriftDetected && f.spoil == nil && !f.place // nobody sees that it differs
			differs := p.tells && !silent
			if differs || !p.tells {
				s.eventuallySays(o, p.present)
			} else {
				s.eventuallyReady(o)
			}
			mark := w.journal.mark()
			s.settle(o)
			if differs {
				s.Expect(s.state(o).Changes).NotTo(BeEmpty())
			}
			s.Expect(r.own(s, before)).To(Equal(own))
			s.delete(o)
			if !p.tells { // what is suspended waits
				s.eventuallySays(o, v1alpha1.ReasonDeletionBlocked, "suspend")
				s.edit(o, func(o v1alpha1.Object) { o.Common().DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) })
			}
			s.eventuallyGone(o)
			s.Expect(r.own(s, before)).To(Equal(own))
			s.Expect(w.writes(mark)).To(BeEmpty())
		})
	}
}

func manage(p v1alpha1.ManagementPolicy) func(*v1alpha1.CommonSpec, bool) {
	return func(c *v1alpha1.CommonSpec, on bool) {
		c.ManagementPolicy = v1alpha1.ManagementPolicyManaged
		if on {
			c.ManagementPolicy = p
		}
	}
}

// untouched checks that nothing was written to the server in the whole life of the world.
func (r *row) untouched(s *site, before []external) {
	s.Expect(s.writes(0)).To(BeEmpty())
	r.left(s, before)
}
