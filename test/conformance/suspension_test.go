// Suspension: what PleskSuspensions come to on the server, and what others have set there.

package conformance

import (
	"fmt"
	"sync/atomic"
	"time"

	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// service is how the reasons are read and written, behind the operator's back, for which objects of a kind are out of service.
type service struct {
	read  func(s *site, id string) xmlapi.Status
	write func(s *site, id string, reason xmlapi.Status) // as the administrator
	// others are the reasons of others that can be written again after a status of 0 has taken them away.
	others xmlapi.Status
}

const ours = xmlapi.StatusDisabledByAdmin

// suspend makes a suspension of an object.
func (w *world) suspend(o v1alpha1.Object, reason string, change ...func(*v1alpha1.PleskSuspensionSpec)) *v1alpha1.PleskSuspension {
	w.mu.Lock()
	w.names++
	name := fmt.Sprintf("suspension-%d", w.names)
	w.mu.Unlock()
	s := &v1alpha1.PleskSuspension{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: v1alpha1.PleskSuspensionSpec{
		TargetRef: v1alpha1.SuspensionTarget{Kind: kindOf(o), Name: o.GetName()}, Reason: reason,
	}}
	for _, c := range change {
		c(&s.Spec)
	}
	w.create(s)
	return s
}

// suspension is what the status of an object says of its suspensions, nil for nothing.
func (w *world) suspension(o v1alpha1.Object) *v1alpha1.Suspension {
	if now := seen.get(o); now != nil {
		return now.(v1alpha1.Suspendable).Suspended().Suspension
	}
	return nil
}

// holders are the names of the suspensions that an object's status names.
func (w *world) holders(o v1alpha1.Object) (names []string) {
	if is := w.suspension(o); is != nil {
		for _, h := range is.By {
			names = append(names, h.Name)
		}
	}
	return names
}

func (r *row) suspensions() {
	status := func(s *site, id string) func() xmlapi.Status {
		return func() xmlapi.Status { return r.service.read(s, id) }
	}

	r.keep("is out of service while any PleskSuspension stands, and works again when the last one has gone", func(w *world) {
		s, o, before := r.ready(w)
		id := r.own(s, before).id
		s.Expect(r.service.read(s, id)).To(BeZero())
		billing := w.suspend(o, "NonPayment")
		w.eventuallyReady(billing)
		s.eventually(status(s, id)).Should(Equal(ours))
		s.eventually(func() bool { return w.has(o, v1alpha1.ConditionSuspended) }).Should(BeTrue())
		s.eventuallyReady(o)
		s.Expect(*w.suspension(o)).To(Equal(v1alpha1.Suspension{
			By: []v1alpha1.SuspensionHolder{{Name: billing.Name, Reason: "NonPayment"}}, Reason: "DisabledByAdmin",
		}))
		abuse := w.suspend(o, "Abuse")
		s.eventually(w.holders, o).Should(Equal([]string{billing.Name, abuse.Name}))
		w.eventuallyReady(abuse)

		mark := w.journal.mark()
		s.delete(billing)
		s.eventually(w.holders, o).Should(Equal([]string{abuse.Name}))
		s.settle(o)
		s.Expect(r.service.read(s, id)).To(Equal(ours))
		s.Expect(w.writes(mark)).To(BeEmpty(), "one of several came or went")

		s.delete(abuse)
		s.eventually(status(s, id)).Should(BeZero())
		s.eventually(w.suspension, o).Should(BeNil())
		s.eventually(func() bool { return w.has(o, v1alpha1.ConditionSuspended) }).Should(BeFalse())
		s.eventuallyReady(o)
		r.correct(s, id)
		s.Expect(r.own(s, before).id).To(Equal(id))
	})

	r.keep("is left alone while it is suspended, and suspended again where somebody has lifted that", func(w *world) {
		s, o, before := r.ready(w)
		id := r.own(s, before).id
		w.eventuallyReady(w.suspend(o, "NonPayment"))
		s.settle(o)
		mark := w.journal.mark()
		s.settle(o)
		w.wroteNothing(o, mark)
		r.service.write(s, id, 0)
		s.request(o)
		s.eventually(status(s, id)).Should(Equal(ours))
		s.eventuallyReady(o)
		r.correct(s, id)
	})

	r.keep("stays out of service where somebody else had put it there", func(w *world) {
		s, o, before := r.ready(w)
		id := r.own(s, before).id
		r.service.write(s, id, ours)
		s.settle(o)
		mark := w.journal.mark()
		suspension := w.suspend(o, "NonPayment")
		w.eventuallyReady(suspension)
		s.Expect(w.suspension(o).Found).To(BeTrue())
		s.delete(suspension)
		s.eventually(w.suspension, o).Should(BeNil())
		s.settle(o)
		s.Expect(r.service.read(s, id)).To(Equal(ours))
		s.Expect(w.writes(mark)).To(BeEmpty())
	})

	r.keep("keeps the reasons of others when it is resumed", func(w *world) {
		s, o, before := r.ready(w)
		id := r.own(s, before).id
		others := r.service.others
		for _, reason := range others.Each() {
			r.service.write(s, id, reason)
		}
		if others == 0 { // of which none can be put back
			others = xmlapi.StatusDisabledByReseller
			r.service.write(s, id, others)
		}
		suspension := w.suspend(o, "NonPayment")
		w.eventuallyReady(suspension)
		s.Expect(r.service.read(s, id)).To(Equal(ours | others))
		s.delete(suspension)
		if r.service.others != 0 {
			s.eventually(status(s, id)).Should(Equal(others))
			s.eventually(w.suspension, o).Should(BeNil())
			return
		}
		s.settle(o)
		s.Expect(r.service.read(s, id)).To(Equal(ours|others), "what would take theirs away waits")
		s.Expect(w.suspension(o)).NotTo(BeNil())
		w.op.stop()
		r.service.write(s, id, 0) // its owner lifts theirs
		r.service.write(s, id, ours)
		w.op.start()
		s.eventually(status(s, id)).Should(BeZero())
		s.eventually(w.suspension, o).Should(BeNil())
	})

	clock := clocktesting.NewFakePassiveClock(time.Date(2031, 1, 2, 3, 4, 5, 0, time.UTC))
	r.keep("is out of service from since until until, whatever the clock does in between", func(w *world) {
		s, o, before := r.ready(w)
		id := r.own(s, before).id
		at := func(t time.Duration) *metav1.Time {
			return new(metav1.NewTime(clock.Now().Add(t).Truncate(time.Second)))
		}
		past := w.suspend(o, "Past", func(p *v1alpha1.PleskSuspensionSpec) { p.Until = at(-time.Hour) })
		next := w.suspend(o, "Next", func(p *v1alpha1.PleskSuspensionSpec) { p.Since, p.Until = at(time.Hour), at(3*time.Hour) })
		w.eventuallyReady(past, next)
		s.settle(o)
		s.Expect(r.service.read(s, id)).To(BeZero(), "neither stands")
		for _, jump := range []struct {
			by   time.Duration
			want xmlapi.Status
		}{{2 * time.Hour, ours}, {-90 * time.Minute, 0}, {time.Hour, ours}, {100 * 24 * time.Hour, 0}} {
			clock.SetTime(clock.Now().Add(jump.by))
			s.request(o)
			s.eventually(status(s, id)).Should(Equal(jump.want), "%s later", jump.by)
			s.eventuallyReady(o)
		}
	}, atTime(clock))

	r.keep("works again by itself when the last PleskSuspension ends", func(w *world) {
		s, o, before := r.ready(w)
		id := r.own(s, before).id
		w.suspend(o, "NonPayment", func(p *v1alpha1.PleskSuspensionSpec) { p.Until = new(metav1.NewTime(time.Now().Add(15 * time.Second))) })
		s.eventually(func() bool { return w.has(o, v1alpha1.ConditionSuspended) }).Should(BeTrue())
		s.eventually(status(s, id)).Should(BeZero())
		s.eventually(w.suspension, o).Should(BeNil())
	})

	if r.does(secretUser) {
		r.keep("is suspended and resumed whatever its spec waits for", func(w *world) {
			s, o, before := r.ready(w)
			id := r.own(s, before).id
			s.delete(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: s.ns, Name: s.secretName()}})
			s.eventuallySays(o, v1alpha1.ReasonSecretNotFound)
			suspension := w.suspend(o, "Abuse")
			s.eventually(status(s, id)).Should(Equal(ours))
			w.eventuallyReady(suspension)
			s.delete(suspension)
			s.eventually(status(s, id)).Should(BeZero())
			s.eventuallySays(o, v1alpha1.ReasonSecretNotFound)
		})
	}

	r.keep("says under managementPolicy ObserveOnly that it is not suspended, and under Plan waits for a permit", func(w *world) {
		s, o, before := r.ready(w)
		id := r.own(s, before).id
		s.edit(o, func(o v1alpha1.Object) { o.Common().ManagementPolicy = v1alpha1.ManagementPolicyObserveOnly })
		s.eventuallyReady(o)
		mark := w.journal.mark()
		suspension := w.suspend(o, "NonPayment")
		s.eventuallySays(o, v1alpha1.ReasonDriftDetected, "its PleskSuspensions")
		w.eventuallySays(suspension, v1alpha1.ReasonDependencyNotReady, "is not suspended yet")
		s.Expect(s.state(o).Changes).To(ConsistOf(v1alpha1.Change{Field: "suspension", From: "Active", To: "DisabledByAdmin"}))
		s.edit(o, func(o v1alpha1.Object) { o.Common().ManagementPolicy = v1alpha1.ManagementPolicyPlan })
		for _, want := range []xmlapi.Status{ours, 0} {
			s.eventuallySays(o, v1alpha1.ReasonPlanned)
			s.settle(o)
			s.Expect(w.writes(mark)).To(BeEmpty())
			w.approve(o, *s.state(o).Awaiting)
			s.eventually(status(s, id)).Should(Equal(want))
			s.eventuallyReady(o)
			mark = w.journal.mark()
			if want == ours {
				w.eventuallyReady(suspension)
				s.delete(suspension)
			}
		}
	})

	r.keep("is out of service from its beginning where it is suspended before it is there, and stays so when its resource leaves it", func(w *world) {
		s, before := r.furnish(w)
		o := r.object(s)
		o.SetNamespace(w.ns)
		suspension := w.suspend(o, "NonPayment")
		w.eventuallySays(suspension, v1alpha1.ReasonDependencyNotReady, "not found")
		s.create(o)
		w.eventuallyReady(suspension, o)
		id := r.own(s, before).id
		s.Expect(r.service.read(s, id)).To(Equal(ours))
		s.edit(o, func(o v1alpha1.Object) { o.Common().DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) })
		s.eventuallyReady(o)
		s.delete(o)
		s.eventuallyGone(o)
		s.Expect(r.service.read(s, id)).To(Equal(ours))
		w.eventuallySays(suspension, v1alpha1.ReasonDependencyNotReady, "not found")
	})

	r.keep("is deleted while it is suspended", func(w *world) {
		s, o, before := r.ready(w)
		w.eventuallyReady(w.suspend(o, "NonPayment"))
		s.delete(o)
		s.eventuallyGone(o)
		r.left(s, before)
	})

	r.keep("is suspended by those of its own namespace alone", func(w *world) {
		s, o, before := r.ready(w)
		id := r.own(s, before).id
		w.create(&v1alpha1.PleskSuspension{ObjectMeta: metav1.ObjectMeta{Namespace: w.tenant, Name: "foreign"}, Spec: v1alpha1.PleskSuspensionSpec{
			TargetRef: v1alpha1.SuspensionTarget{Kind: kindOf(o), Name: o.GetName()}, Reason: "Spite",
		}})
		s.settle(o)
		s.Expect(r.service.read(s, id)).To(BeZero())
		w.eventuallyReady(w.suspend(o, "NonPayment"))
		s.Expect(w.holders(o)).To(HaveLen(1))
	}, withTenant)
}

// suspended is a part of a life: an object is suspended and resumed, while somebody else's reason stands, too. Begins is called before.
func (r *row) suspended(s *site, before []external, begins func()) {
	o := r.object(s)
	s.create(o)
	s.eventuallyReady(o)
	id := r.own(s, before).id
	var others xmlapi.Status
	if each := r.service.others.Each(); len(each) > 0 {
		others = each[len(each)-1]
		r.service.write(s, id, others)
	}
	s.settle(o)
	begins()
	suspension := s.suspend(o, "NonPayment")
	s.eventually(func() bool { return s.has(o, v1alpha1.ConditionSuspended) }).Should(BeTrue())
	s.eventually(func() xmlapi.Status { return r.service.read(s, id) }).Should(Equal(ours | others))
	s.Expect(s.suspension(o).Found).To(BeFalse(), "it is ours")
	s.delete(suspension)
	s.eventually(s.suspension, o).Should(BeNil())
	s.Expect(r.service.read(s, id)).To(Equal(others))
	s.eventuallyReady(o)
	r.correct(s, id)
}

func (r *row) suspensionCrashes() {
	keep("Every kind "+r.kind, "is suspended and resumed, once, after every fault and crash", func() {
		quiet := pollEvery(30 * time.Second)
		var cells []cell
		var missed atomic.Int32
		st := r.cleanRun(r.suspended, quiet)
		for _, m := range modes {
			for _, call := range st.calls {
				cells = append(cells, cell{fmt.Sprintf("call %s (number %d) %s", call.name, call.nth, m), func() {
					inWorld(func(w *world) {
						s, before := r.furnish(w)
						r.suspended(s, before, func() { w.api.begin(strike{call.name, call.nth, m}) })
						if !w.api.hasStruck() {
							missed.Add(1)
						}
					}, quiet)
				}})
			}
			for _, packet := range st.packets {
				cells = append(cells, cell{fmt.Sprintf("packet %s (number %d) %s", packet.name, packet.nth, m), func() {
					inWorld(func(w *world) {
						s, before := r.furnish(w)
						r.suspended(s, before, func() { s.strikePacket(strike{packet.name, packet.nth, m}) })
						if s.struck() == 0 {
							missed.Add(1)
						}
					}, quiet)
				}})
			}
		}
		together(0, cells)
		mostlyStruck(&missed, cells, 2)
	})
}
