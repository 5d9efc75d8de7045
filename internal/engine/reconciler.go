// The controller of a kind: what wakes its objects, and how a pass over one is begun.

package engine

import (
	"context"
	"fmt"
	"reflect"
	"runtime/debug"
	"slices"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/workqueue"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/controller-runtime/pkg/source"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/session"
)

func newObject[O v1alpha1.Object]() O {
	return reflect.New(reflect.TypeFor[O]().Elem()).Interface().(O)
}

func (r *reconciler[O, W]) setup(mgr ctrl.Manager) error {
	b := ctrl.NewControllerManagedBy(mgr).
		For(r.self.object, builder.WithPredicates(specOrRequestChanged())).
		Watches(&v1alpha1.PleskServer{}, r.wakeGradually(), builder.WithPredicates(serverChanged())).
		WatchesMetadata(aSecret(), r.wakeUsers(), builder.WithPredicates(r.secrets.hearsOfEnds())).
		Watches(&v1alpha1.PleskApproval{}, handler.EnqueueRequestsFromMapFunc(r.approved), builder.WithPredicates(created())).
		// An object that leaves frees its key, for the objects of its own kind that wait for it.
		Watches(r.self.object, handler.EnqueueRequestsFromMapFunc(r.rivals), builder.WithPredicates(gone())).
		WatchesRawSource(source.Func(r.relabelled)).
		WatchesRawSource(source.Func(func(_ context.Context, q workqueue.TypedRateLimitingInterface[reconcile.Request]) error {
			r.later = q
			return nil
		}))
	if r.self.suspends {
		b = b.Watches(&v1alpha1.PleskSuspension{}, handler.EnqueueRequestsFromMapFunc(r.suspended), builder.WithPredicates(specOrRequestChanged()))
	}
	for _, k := range r.kinds {
		if slices.ContainsFunc(r.self.refs, func(ref reference) bool { return slices.Contains(ref.kinds, k.name) }) {
			b = b.Watches(k.object, handler.EnqueueRequestsFromMapFunc(r.dependents(k.name)), builder.WithPredicates(identityChanged()))
		}
		if k.refersTo(r.kindName) {
			b = b.Watches(k.object, handler.EnqueueRequestsFromMapFunc(r.parents(k)), builder.WithPredicates(gone()))
		}
	}
	return b.Complete(r)
}

// reconciler is the engine with one kind.
type reconciler[O v1alpha1.Object, W any] struct {
	*Engine
	kind     Kind[O, W]
	kindName string
	self     *kindInfo
	backoff  workqueue.TypedRateLimiter[types.NamespacedName]
	listings *listings[W]
	seen     sync.Map // by name, the objects at their last pass: seen
	edits    sync.Map // by UID, what is not Ready yet: edit
	// later is the controller's queue, which holds what is to be looked at again, until then.
	later workqueue.TypedRateLimitingInterface[reconcile.Request]
}

// seen is what is kept of an object at its last pass.
type seen struct {
	uid   types.UID
	asked string // the request for a pass that was followed
}

// Reconcile implements reconcile.Reconciler. It only takes the object to the queue of its server: a worker of this controller waits for no
// server, whatever that is up to.
func (r *reconciler[O, W]) Reconcile(ctx context.Context, req reconcile.Request) (reconcile.Result, error) {
	o := newObject[O]()
	if err := r.client.Get(ctx, req.NamespacedName, o); err != nil {
		if apierrors.IsNotFound(err) {
			r.forgetGone(req.NamespacedName)
			r.tellOfNothing(ctx, req.NamespacedName)
		}
		return reconcile.Result{}, client.IgnoreNotFound(err)
	}
	server, err := r.serverOf(ctx, r.kindName, o)
	if err != nil {
		server = types.NamespacedName{} // the pass says why it has none
	}
	r.noteEdit(o)
	u := min(r.urgencyOf(o), r.urgencyBySuspensions(ctx, o))
	r.queues.add(request{server, job{kind: r.kindName, NamespacedName: req.NamespacedName}, u}) //nolint:contextcheck // the workers outlive who asks
	return reconcile.Result{}, nil
}

// wake implements kindInfo.wake.
func (r *reconciler[O, W]) wake(ctx context.Context, name types.NamespacedName) {
	_, _ = r.Reconcile(ctx, reconcile.Request{NamespacedName: name}) // an object that cannot be read is looked at in its time
}

// urgencyOf is how soon an object is to be looked at.
func (r *reconciler[O, W]) urgencyOf(o O) urgency {
	last, looked := r.seen.Load(client.ObjectKeyFromObject(o))
	if asks := o.GetAnnotations()[v1alpha1.AnnotationReconcile]; asks != "" && looked && last.(seen).asked != asks {
		return forUser
	}
	return urgencyOf(o)
}

// urgencyOf is how soon an object is to be looked at by what its status says.
func urgencyOf(o v1alpha1.Object) urgency {
	switch s := o.State(); {
	case s.ObservedGeneration != o.GetGeneration():
		return forUser
	case !meta.IsStatusConditionTrue(s.Conditions, v1alpha1.ConditionReady):
		return forRepair
	}
	return forResync
}

// look implements kindInfo.look.
func (r *reconciler[O, W]) look(ctx context.Context, name types.NamespacedName, u urgency) {
	req := reconcile.Request{NamespacedName: name}
	logger := r.logger.WithValues("kind", r.kindName, "namespace", name.Namespace, "name", name.Name)
	result, err := r.safely(log.IntoContext(ctx, logger), name, u)
	switch {
	case ctx.Err() != nil: // the next process begins with all objects
	case err != nil:
		logger.Error(err, "Pass failed, will be tried again")
		addAfter(r.later, req, r.backoff.When(name), nil)
	case result.RequeueAfter > 0:
		addAfter(r.later, req, result.RequeueAfter, result.Priority)
	}
}

// forgetGone drops all that is remembered of an object that is gone, with a pass of its own or without one.
func (r *reconciler[O, W]) forgetGone(name types.NamespacedName) {
	r.backoff.Forget(name)
	r.claims.forget(job{kind: r.kindName, NamespacedName: name})
	if last, looked := r.seen.LoadAndDelete(name); looked {
		r.forgetObject(last.(seen).uid)
	}
}

// forgetIfGone is for the end of a pass: what that remembers of an object which has gone meanwhile comes too late for Reconcile to forget.
func (r *reconciler[O, W]) forgetIfGone(ctx context.Context, name types.NamespacedName, uid types.UID) {
	now := newObject[O]()
	err := r.client.Get(ctx, name, now)
	if apierrors.IsNotFound(err) {
		r.forgetGone(name)
	}
	if apierrors.IsNotFound(err) || err == nil && now.GetUID() != uid {
		r.forgetObject(uid)
	}
}

func (r *reconciler[O, W]) forgetObject(uid types.UID) {
	r.refusals.forget(uid)
	r.outdated.forget(uid)
	r.unsent.forget(uid)
	r.edits.Delete(uid)
}

// safely makes a pass. A panic is a failed pass: the other objects go on.
func (r *reconciler[O, W]) safely(ctx context.Context, name types.NamespacedName, u urgency) (_ reconcile.Result, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	return r.once(ctx, name, u)
}

// once looks at an object.
func (r *reconciler[O, W]) once(ctx context.Context, name types.NamespacedName, u urgency) (reconcile.Result, error) {
	o := newObject[O]()
	if err := r.client.Get(ctx, name, o); err != nil {
		return reconcile.Result{}, client.IgnoreNotFound(err)
	}
	if r.outdated.shows(o.GetUID(), o.GetResourceVersion()) {
		return reconcile.Result{RequeueAfter: lookAgainSoon}, nil
	}
	if last, looked := r.seen.Swap(name, seen{o.GetUID(), o.GetAnnotations()[v1alpha1.AnnotationReconcile]}); looked && last.(seen).uid != o.GetUID() {
		r.forgetObject(last.(seen).uid)
	}
	defer r.forgetIfGone(ctx, name, o.GetUID())
	p, v := r.pass(ctx, o, u)
	return p.finish(ctx, v)
}

// pass makes a pass over an object: over a list if that tells that nothing is to be done or said.
func (r *reconciler[O, W]) pass(ctx context.Context, o O, u urgency) (*pass[O, W], verdict) {
	p := r.begin(o, u)
	p.recallUnsent()
	if p.comparable() {
		if listed := r.begin(o.DeepCopyObject().(O), u); listed.asListed(ctx) {
			return listed, available()
		}
	}
	v := p.run(ctx)
	return p, v
}

func (r *reconciler[O, W]) begin(o O, u urgency) *pass[O, W] {
	return &pass[O, W]{reconciler: r, urgency: u, o: o, before: o.DeepCopyObject().(O)}
}

// proves implements kindInfo.proves.
func (r *reconciler[O, W]) proves(ctx context.Context, d *session.Witness, o v1alpha1.Object) (bool, error) {
	p := &pass[O, W]{reconciler: r, o: o.(O), doer: d}
	s := o.State()
	key, id := recordedKey(s), described(s)
	found, err := r.kind.Find(ctx, d, Handle{Identity: id, Mark: p.mark(), Key: key, Was: key})
	if err != nil || found == nil || found.ID != id.ID {
		return false, err
	}
	if s.ID == "" { // only observed
		return found.same(id) && (id.GUID != "" && found.GUID != "" || found.Key.same(key)), nil
	}
	if !p.proven(found) {
		return false, nil
	}
	away, err := p.elsewhere(ctx, found)
	return !away, err
}

// secretsOf lists the secret values that an object needs, and the one that its server has told.
func (r *reconciler[O, W]) secretsOf(o O) []SecretUse {
	var uses []SecretUse
	if k, ok := r.kind.(SecretUser[O]); ok {
		uses = k.Secrets(o)
	}
	if k, ok := r.kind.(Discloser[O, W]); ok {
		uses = append(uses, SecretUse{Field: toldField, SecretValue: v1alpha1.SecretValue{SecretRef: k.KeepIn(o)}, told: true})
	}
	return uses
}
