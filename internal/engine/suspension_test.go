// PleskSuspensions themselves: when they wake their targets, and what they say.

package engine

import (
	"context"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// counting is the status of an object that counts some suspensions among those that stand.
func counting(names ...string) *v1alpha1.Suspension {
	if len(names) == 0 {
		return nil
	}
	is := suspendedFor(byAdmin)
	for _, n := range names {
		is.By = append(is.By, v1alpha1.SuspensionHolder{Name: n})
	}
	return is
}

// A target is woken once in each phase of a suspension that it does not know of, however the operator's looks fall between the passes.
func TestTargetsAreTold(t *testing.T) {
	at := time.Date(2031, 1, 2, 3, 4, 5, 0, time.UTC)
	since := func(s *v1alpha1.PleskSuspension) { s.Spec.Since = new(metav1.NewTime(at)) }
	until := func(s *v1alpha1.PleskSuspension) { s.Spec.Until = new(metav1.NewTime(at.Add(time.Hour))) }
	type step struct {
		after time.Duration
		by    *v1alpha1.Suspension
		woken int // from the first step on
	}
	for name, c := range map[string]struct {
		s     v1alpha1.PleskSuspension
		steps []step
	}{
		"its creation has":                         {suspensionOf("s"), []step{{0, nil, 0}, {0, counting("s"), 0}}},
		"it ends":                                  {suspensionOf("s", until), []step{{0, nil, 0}, {0, counting("s"), 0}, {time.Hour, counting("s"), 1}, {time.Hour, counting("s"), 1}, {time.Hour, nil, 1}}},
		"it had ended before the first look":       {suspensionOf("s", until), []step{{time.Hour, counting("s"), 1}, {time.Hour, counting("s"), 1}}},
		"it had ended before, and that is known":   {suspensionOf("s", until), []step{{time.Hour, nil, 0}, {time.Hour, counting("other"), 0}}},
		"it ends under a pass":                     {suspensionOf("s", until), []step{{0, nil, 0}, {time.Hour, nil, 0}, {time.Hour, counting("s"), 1}}},
		"it begins":                                {suspensionOf("s", since), []step{{-time.Minute, nil, 0}, {0, nil, 1}, {0, nil, 1}, {0, counting("s"), 1}}},
		"it had begun before the first look":       {suspensionOf("s", since), []step{{time.Minute, counting("other"), 1}, {time.Minute, counting("other", "s"), 1}}},
		"it had begun before, and that is known":   {suspensionOf("s", since), []step{{time.Minute, counting("s"), 0}}},
		"the clock goes back and on":               {suspensionOf("s", since), []step{{0, nil, 1}, {-time.Minute, counting("s"), 2}, {0, nil, 3}}},
		"it is another one that the target counts": {suspensionOf("s"), []step{{0, counting("other"), 0}}},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			p := lone(t, clocktesting.NewFakePassiveClock(at))
			woken := 0
			p.kinds[0].wake = func(_ context.Context, o types.NamespacedName) {
				g.Expect(o).To(Equal(types.NamespacedName{Namespace: "shop", Name: "acme"}))
				woken++
			}
			r := &suspensions{Engine: p.Engine}
			for i, step := range c.steps {
				p.o.Status.Suspension = step.by
				r.tell(t.Context(), &c.s, phaseOf(&c.s, at.Add(step.after)), p.o)
				g.Expect(woken).To(Equal(step.woken), "step %d", i)
			}
			r.tell(t.Context(), &c.s, suspensionEnded, nil)
		})
	}
}

// What a suspension says is what was seen of its target, and else what is in the way.
func TestWhatASuspensionSays(t *testing.T) {
	at := time.Date(2031, 1, 2, 3, 4, 5, 0, time.UTC)
	out := metav1.Condition{Type: v1alpha1.ConditionSuspended, Status: metav1.ConditionTrue, Reason: v1alpha1.ReasonOutOfService}
	for name, c := range map[string]struct {
		change func(*v1alpha1.PleskCustomer)
		done   bool
		says   string
	}{
		"seen out of service": {func(o *v1alpha1.PleskCustomer) { o.Status.Conditions = append(o.Status.Conditions, out) }, true, `PleskCustomer "acme" (spec.targetRef) is suspended`},
		"recorded, and not seen": {func(o *v1alpha1.PleskCustomer) {
			o.Status.Suspension = suspendedFor(byAdmin)
			o.Status.Conditions = []metav1.Condition{{Type: v1alpha1.ConditionReady, Status: metav1.ConditionFalse, Reason: v1alpha1.ReasonNotConverging}}
		}, false, "is not suspended yet: its conditions and status.changes say why (NotConverging)"},
		"paused":      {func(o *v1alpha1.PleskCustomer) { o.Spec.Suspend = true }, false, "its spec.suspend pauses all that is written"},
		"on its way":  {func(o *v1alpha1.PleskCustomer) { o.DeletionTimestamp = new(metav1.NewTime(at)) }, false, "is being deleted, and not suspended any more"},
		"of billing":  {func(o *v1alpha1.PleskCustomer) { o.Spec.ServerRef = &v1alpha1.ServerReference{Name: "sold"} }, false, "PleskServer sold leaves that to a billing system"},
		"of Git":      {func(o *v1alpha1.PleskCustomer) { o.Spec.ServerRef = &v1alpha1.ServerReference{Name: "ours"} }, false, "its conditions and status.changes say why"},
		"not written": {func(*v1alpha1.PleskCustomer) {}, false, "is not suspended yet"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			sold, ours := &v1alpha1.PleskServer{}, &v1alpha1.PleskServer{}
			sold.Namespace, sold.Name, ours.Namespace, ours.Name = "shop", "sold", "shop", "ours"
			sold.Spec.Lifecycle = &v1alpha1.ServerLifecycle{Owner: v1alpha1.LifecycleOwnerBilling}
			p := lone(t, clocktesting.NewFakePassiveClock(at), sold, ours)
			s := suspensionOf("s")
			c.change(p.o)
			done, says := (&suspensions{Engine: p.Engine}).outcome(t.Context(), &s, suspensionStands, p.o, "")
			g.Expect(done).To(Equal(c.done))
			g.Expect(says).To(ContainSubstring(c.says))
		})
	}
	g := NewWithT(t)
	s := suspensionOf("s")
	done, says := (&suspensions{}).outcome(t.Context(), &s, suspensionStands, nil, "it: not found")
	g.Expect(done).To(BeFalse())
	g.Expect(says).To(Equal("waiting for it: not found"))
}
