// Reporting: conditions, events, logs and metrics of a pass, and when the next one is due.

package engine

import (
	"cmp"
	"context"
	"hash/fnv"
	"math/rand/v2"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// defaultResync is used where neither the object nor its server is known to say otherwise.
const defaultResync = time.Hour

// resyncOf is the time between two resyncs of a server's objects.
func resyncOf(srv *v1alpha1.PleskServer) time.Duration {
	return cmp.Or(srv.Spec.ResyncPeriod.Duration, defaultResync)
}

// judge puts a verdict into the conditions.
func (p *pass[O, W]) judge(v verdict) {
	s := p.o.State()
	generation := p.o.GetGeneration()
	s.ObservedGeneration = generation
	set := func(kind string, status metav1.ConditionStatus, reason, message string) {
		meta.SetStatusCondition(&s.Conditions, metav1.Condition{
			Type: kind, Status: status, Reason: reason, Message: message, ObservedGeneration: generation, LastTransitionTime: p.now(),
		})
	}
	present := func(kind string, yes bool) {
		if yes {
			set(kind, metav1.ConditionTrue, v.reason, v.message)
		} else {
			meta.RemoveStatusCondition(&s.Conditions, kind)
		}
	}
	ready := metav1.ConditionFalse
	if v.state == stateReady {
		ready = metav1.ConditionTrue
	}
	set(v1alpha1.ConditionReady, ready, v.reason, v.message)
	set(v1alpha1.ConditionSynced, synced(v), v.reason, v.message)
	present(v1alpha1.ConditionReconciling, v.state == stateWorking)
	present(v1alpha1.ConditionStalled, v.state == stateStalled)
	p.judgeSuspension(v)
	switch {
	case len(v.drift) > 0:
		set(v1alpha1.ConditionDrifted, metav1.ConditionTrue, v1alpha1.ReasonDriftDetected, "the server differs in "+fieldNames(v.drift))
	case v.state == stateReady:
		set(v1alpha1.ConditionDrifted, metav1.ConditionFalse, v.reason, v.message)
	case absentReasons[v.reason] && meta.FindStatusCondition(s.Conditions, v1alpha1.ConditionDrifted) != nil: // it was there
		set(v1alpha1.ConditionDrifted, metav1.ConditionTrue, v1alpha1.ReasonDriftDetected, v.message)
	}
}

// absentReasons are those of what is not on the server.
var absentReasons = map[string]bool{v1alpha1.ReasonNotFound: true, v1alpha1.ReasonGoneOnServer: true}

// synced is what is known of the server's side.
func synced(v verdict) metav1.ConditionStatus {
	if v.state == stateReady {
		return metav1.ConditionTrue
	}
	switch v.reason {
	case v1alpha1.ReasonServerNotReady, v1alpha1.ReasonServerBusy, v1alpha1.ReasonCredentialsRejected, v1alpha1.ReasonTransientError,
		v1alpha1.ReasonSuspended, v1alpha1.ReasonDependencyNotReady, v1alpha1.ReasonSecretNotFound, v1alpha1.ReasonWrongServer:
		return metav1.ConditionUnknown
	}
	return metav1.ConditionFalse
}

// statusChanged compares two states of one object, whatever happened to its metadata.
func statusChanged[O v1alpha1.Object](before, after O) bool {
	b := before.DeepCopyObject().(O)
	b.SetResourceVersion(after.GetResourceVersion())
	b.SetFinalizers(after.GetFinalizers())
	b.SetManagedFields(after.GetManagedFields())
	return !equality.Semantic.DeepEqual(b, after)
}

func (p *pass[O, W]) event(reason, action, note string) {
	p.reported = true
	p.recorder.Eventf(p.o, nil, corev1.EventTypeNormal, reason, action, "%s", p.fit(note))
}

func (p *pass[O, W]) warn(note string) {
	p.recorder.Eventf(p.o, nil, corev1.EventTypeWarning, v1alpha1.ReasonUpdating, "Update", "%s", p.fit(note))
}

// report tells the log, the metrics and, when something has changed for the user, an event.
func (p *pass[O, W]) report(ctx context.Context, v verdict) {
	if v.silent {
		return
	}
	p.metrics.pass(p.kindName, v.reason)
	if v.state == stateReady {
		p.measureEdit(p.before, p.o)
	}
	if !hasDrifted(p.before) && hasDrifted(p.o) {
		p.metrics.drifted(p.kindName, driftLeft)
	}
	was := meta.FindStatusCondition(p.before.State().Conditions, v1alpha1.ConditionReady)
	news := was == nil || was.Reason != v.reason || was.Message != v.message
	logger := log.FromContext(ctx).WithValues("reason", v.reason)
	switch {
	case v.err != nil && v.reason == v1alpha1.ReasonTransientError:
		logger.Error(p.fitError(v.err), "Pass failed, will be tried again")
	case news:
		logger.Info(v.message)
	default:
		logger.V(1).Info(v.message)
	}
	if !news || p.reported && v.state == stateReady {
		return // what was done says it
	}
	kind := corev1.EventTypeNormal
	if v.err != nil || v.state == stateStalled {
		kind = corev1.EventTypeWarning
	}
	p.recorder.Eventf(p.o, nil, kind, v.reason, "Reconcile", "%s", v.message)
}

func hasDrifted(o v1alpha1.Object) bool {
	return meta.IsStatusConditionTrue(o.State().Conditions, v1alpha1.ConditionDrifted)
}

// requeue says when the object is reconciled again.
func (p *pass[O, W]) requeue(v verdict) reconcile.Result {
	name := client.ObjectKeyFromObject(p.o)
	if v.pace == paceBackoff {
		return reconcile.Result{RequeueAfter: jitter(p.backoff.When(name))}
	}
	p.backoff.Forget(name)
	switch v.pace {
	case paceSlow:
		return reconcile.Result{RequeueAfter: jitter(retrySlow)}
	case paceAfter:
		return reconcile.Result{RequeueAfter: v.after}
	case paceResync:
		return reconcile.Result{RequeueAfter: p.untilResync(), Priority: new(handler.LowPriority)}
	}
	return reconcile.Result{}
}

// untilResync is the time to the next resync. All objects of a server have theirs together, since one list serves them all; each server at a
// time of its own. An object with a period of its own is looked at by itself.
func (p *pass[O, W]) untilResync() time.Duration {
	if own := p.o.Common().ResyncPeriod; own != nil && own.Duration > 0 {
		return jitter(own.Duration)
	}
	if p.server == nil {
		return jitter(defaultResync)
	}
	period := resyncOf(p.server)
	h := fnv.New64a()
	_, _ = h.Write([]byte(p.server.UID))               // it never fails
	phase := time.Duration(h.Sum64() % uint64(period)) //nolint:gosec // a period is positive
	since := (time.Duration(p.clock.Now().UnixNano()) - phase) % period
	return period - since
}

// jitter spreads d over a tenth of itself, so that what began together does not stay together.
func jitter(d time.Duration) time.Duration {
	return d + time.Duration((rand.Float64()-0.5)*0.2*float64(d)) // no secret depends on it
}
