// PleskSuspensions themselves: whom they wake, when they begin and end, and what they say. What they do is done by the passes over their targets.

package engine

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// indexSuspension finds the suspensions of a resource: Kind/name.
const indexSuspension = "engine.suspension"

func indexSuspensions(ctx context.Context, ix client.FieldIndexer) error {
	return ix.IndexField(ctx, &v1alpha1.PleskSuspension{}, indexSuspension, func(o client.Object) []string {
		t := o.(*v1alpha1.PleskSuspension).Spec.TargetRef
		return []string{refIndex(t.Kind, t.Name)}
	})
}

// suspensionPhase is where a suspension is in its time.
type suspensionPhase int

const (
	suspensionWaits suspensionPhase = iota + 1
	suspensionStands
	suspensionEnded // or is being deleted
)

// phaseOf is pure: a suspension that the clock says stands does so, whatever the clock has said before.
func phaseOf(s *v1alpha1.PleskSuspension, at time.Time) suspensionPhase {
	switch {
	case deleting(s) || s.Spec.Until != nil && !at.Before(s.Spec.Until.Time):
		return suspensionEnded
	case s.Spec.Since != nil && at.Before(s.Spec.Since.Time):
		return suspensionWaits
	}
	return suspensionStands
}

// clockCheck is how long what is to begin or to end goes without a look at the clock, which may be set meanwhile.
const clockCheck = time.Minute

// untilNextPhase is when to look at the clock again, 0 for never.
func untilNextPhase(s *v1alpha1.PleskSuspension, at time.Time) time.Duration {
	var next *metav1.Time
	switch phaseOf(s, at) {
	case suspensionWaits:
		next = s.Spec.Since
	case suspensionStands:
		next = s.Spec.Until
	}
	if next == nil {
		return 0
	}
	return max(min(next.Sub(at), clockCheck), time.Millisecond)
}

// suspended is the object that a suspension is for.
func (r *reconciler[O, W]) suspended(_ context.Context, o client.Object) []reconcile.Request {
	t := o.(*v1alpha1.PleskSuspension).Spec.TargetRef
	if t.Kind != r.kindName {
		return nil
	}
	return []reconcile.Request{{NamespacedName: types.NamespacedName{Namespace: o.GetNamespace(), Name: t.Name}}}
}

// urgencyBySuspensions puts what is to work again before all else.
func (r *reconciler[O, W]) urgencyBySuspensions(ctx context.Context, o O) urgency {
	x, ok := any(o).(v1alpha1.Suspendable)
	if !ok || !r.self.suspends {
		return forResync
	}
	all, err := r.suspensionsOf(ctx, r.kindName, o)
	wanted := len(standing(all, r.clock.Now())) > 0
	switch {
	case err != nil || !suspensionDue(x.Suspended().Suspension, wanted):
		return forResync
	case wanted:
		return forUser
	}
	return forResume
}

// suspensions reconciles PleskSuspensions: it wakes their targets when they begin or end by themselves, and writes what they say.
type suspensions struct {
	*Engine
	looks sync.Map // by name, what was seen last
}

func (r *suspensions) setup(mgr ctrl.Manager) error {
	b := ctrl.NewControllerManagedBy(mgr).For(&v1alpha1.PleskSuspension{}, builder.WithPredicates(specOrRequestChanged()))
	for _, k := range r.kinds {
		if k.suspends {
			b = b.Watches(k.object, handler.EnqueueRequestsFromMapFunc(r.forTarget(k.name)), builder.WithPredicates(suspensionChanged()))
		}
	}
	return b.Complete(r)
}

// forTarget are the suspensions of a resource.
func (r *suspensions) forTarget(kind string) handler.MapFunc {
	return func(ctx context.Context, o client.Object) (out []reconcile.Request) {
		all, err := r.suspensionsOf(ctx, kind, o)
		if err != nil {
			return nil // the cache is shutting down
		}
		for i := range all {
			out = append(out, reconcile.Request{NamespacedName: client.ObjectKeyFromObject(&all[i])})
		}
		return out
	}
}

// suspensionChanged lets through what suspensions say of their target.
func suspensionChanged() predicate.Predicate {
	return predicate.Funcs{UpdateFunc: func(e event.UpdateEvent) bool {
		was, is := e.ObjectOld.(v1alpha1.Suspendable), e.ObjectNew.(v1alpha1.Suspendable)
		return !equality.Semantic.DeepEqual(was.Suspended(), is.Suspended()) || readyReason(was) != readyReason(is) ||
			outOfService(was) != outOfService(is) || deleting(was) != deleting(is) || was.Common().Suspend != is.Common().Suspend
	}}
}

func readyReason(o v1alpha1.Object) string {
	if c := meta.FindStatusCondition(o.State().Conditions, v1alpha1.ConditionReady); c != nil {
		return c.Reason
	}
	return ""
}

// Reconcile implements reconcile.Reconciler.
func (r *suspensions) Reconcile(ctx context.Context, req reconcile.Request) (reconcile.Result, error) {
	s := &v1alpha1.PleskSuspension{}
	if err := r.client.Get(ctx, req.NamespacedName, s); err != nil {
		if apierrors.IsNotFound(err) {
			r.looks.Delete(req.NamespacedName)
		}
		return reconcile.Result{}, client.IgnoreNotFound(err)
	}
	at := r.clock.Now()
	phase := phaseOf(s, at)
	t, why, err := r.getMentioned(ctx, s.Namespace, Mention{Path: "spec.targetRef", Kind: s.Spec.TargetRef.Kind, Name: s.Spec.TargetRef.Name})
	if err != nil {
		return reconcile.Result{}, err
	}
	x, _ := t.(v1alpha1.Suspendable)
	r.tell(ctx, s, phase, x)
	err = r.say(ctx, s, phase, x, why)
	if apierrors.IsConflict(err) { // the cache is behind
		return reconcile.Result{RequeueAfter: lookAgainSoon}, nil
	}
	if err != nil {
		return reconcile.Result{}, err
	}
	return reconcile.Result{RequeueAfter: untilNextPhase(s, at)}, nil
}

// look is what was seen of a suspension, and whether its target was told.
type look struct {
	phase suspensionPhase
	told  bool
}

// tell wakes the target, once in each phase, where it does not know of it. A new suspension that stands has woken it already. What a
// pass has recorded that was begun in the phase before is seen here, too.
func (r *suspensions) tell(ctx context.Context, s *v1alpha1.PleskSuspension, phase suspensionPhase, x v1alpha1.Suspendable) {
	name := client.ObjectKeyFromObject(s)
	now := look{phase, phase == suspensionStands && s.Spec.Since == nil}
	if was, looked := r.looks.Load(name); looked && was.(look).phase == phase {
		now = was.(look)
	}
	if k := r.info(s.Spec.TargetRef.Kind); !now.told && x != nil && k != nil && k.wake != nil && counts(x, s.Name) != (phase == suspensionStands) {
		now.told = true
		k.wake(ctx, client.ObjectKeyFromObject(x))
	}
	r.looks.Store(name, now)
}

// counts reports whether a target's status counts a suspension among those that stand.
func counts(x v1alpha1.Suspendable, name string) bool {
	is := x.Suspended().Suspension
	return is != nil && slices.ContainsFunc(is.By, func(h v1alpha1.SuspensionHolder) bool { return h.Name == name })
}

// say writes the status where it differs.
func (r *suspensions) say(ctx context.Context, s *v1alpha1.PleskSuspension, phase suspensionPhase, x v1alpha1.Suspendable, why string) error {
	done, message := r.outcome(ctx, s, phase, x, why)
	before := s.DeepCopy()
	s.Status.ObservedGeneration = s.Generation
	c := metav1.Condition{
		Type: v1alpha1.ConditionReady, Status: metav1.ConditionTrue, Reason: v1alpha1.ReasonAvailable, Message: message, ObservedGeneration: s.Generation,
		LastTransitionTime: metav1.NewTime(r.clock.Now()),
	}
	if !done {
		c.Status, c.Reason = metav1.ConditionFalse, v1alpha1.ReasonDependencyNotReady
	}
	meta.SetStatusCondition(&s.Status.Conditions, c)
	if done {
		meta.RemoveStatusCondition(&s.Status.Conditions, v1alpha1.ConditionReconciling)
	} else {
		c.Type, c.Status = v1alpha1.ConditionReconciling, metav1.ConditionTrue
		meta.SetStatusCondition(&s.Status.Conditions, c)
	}
	if equality.Semantic.DeepEqual(before.Status, s.Status) {
		return nil
	}
	return client.IgnoreNotFound(r.client.Status().Patch(ctx, s, client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{})))
}

// outcome is what has become of a suspension: what its time asks for is done, or what is in the way. Without a target, why says so.
func (r *suspensions) outcome(ctx context.Context, s *v1alpha1.PleskSuspension, phase suspensionPhase, x v1alpha1.Suspendable, why string) (done bool, message string) {
	t := s.Spec.TargetRef
	what := fmt.Sprintf("%s %q (spec.targetRef)", t.Kind, t.Name)
	switch {
	case phase == suspensionWaits:
		return true, fmt.Sprintf("%s is not suspended by it before %s", what, s.Spec.Since.UTC().Format(time.RFC3339))
	case phase == suspensionEnded && deleting(s):
		return true, what + " is not suspended by it any more: it is being deleted"
	case phase == suspensionEnded:
		return true, fmt.Sprintf("%s is not suspended by it since %s", what, s.Spec.Until.UTC().Format(time.RFC3339))
	case x == nil:
		return false, "waiting for " + why
	case outOfService(x):
		return true, what + " is suspended"
	case deleting(x):
		return false, what + " is being deleted, and not suspended any more"
	case x.Common().Paused(r.clock.Now()):
		return false, what + " is not suspended yet: its spec.suspend pauses all that is written"
	}
	if srv := r.billing(ctx, t.Kind, x); srv != "" {
		return false, fmt.Sprintf("%s is neither suspended nor resumed by it: PleskServer %s leaves that to a billing system (its spec.lifecycle), also what was suspended before", what, srv)
	}
	return false, fmt.Sprintf("%s is not suspended yet: its conditions and status.changes say why (%s)", what, readyReason(x))
}

// outOfService reports whether an object was seen out of service, as its suspensions say.
func outOfService(x v1alpha1.Suspendable) bool {
	return meta.IsStatusConditionTrue(x.State().Conditions, v1alpha1.ConditionSuspended)
}

// billing is the server of an object where that leaves the life cycle to a billing system, else "".
func (r *suspensions) billing(ctx context.Context, kind string, x v1alpha1.Suspendable) string {
	srv := &v1alpha1.PleskServer{}
	name, err := r.serverOf(ctx, kind, x)
	if err != nil || r.client.Get(ctx, name, srv) != nil || !BilledBy(srv) {
		return "" // then what the target says has to do
	}
	return name.Name
}
