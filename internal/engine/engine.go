// The engine: what all kinds share, and how a kind becomes a controller.

package engine

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/workqueue"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/controller-runtime/pkg/recorder"
	"sigs.k8s.io/controller-runtime/pkg/source"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/session"
)

// The pace of retries. A pass that failed for a reason that may go away by itself is tried again after retryFirst, doubling
// up to retryLast; one that needs somebody to act elsewhere (a permission, a limit) after retrySlow.
const (
	retryFirst = time.Second
	retryLast  = 2 * time.Minute
	retrySlow  = 10 * time.Minute
)

// Engine holds what all kinds share.
type Engine struct {
	client                 client.Client
	recorder               recorder.EventRecorder
	servers                *Servers
	secrets                *Secrets
	metrics                *Metrics
	claims                 *claims
	deletions, recreations *budget
	refusals               *refusals
	unsent                 unsent
	outdated               *outdated
	externals              *externals
	undeclared             *undeclared
	clock                  clock.PassiveClock
	settle                 time.Duration
	kinds                  []*kindInfo
	queues                 *queues
	logger                 logr.Logger
}

// Options of the controllers of all kinds.
type Options struct {
	// Concurrency is how many objects of one server are reconciled at once.
	Concurrency int
}

// Config is what an Engine is made of.
type Config struct {
	Client   client.Client // reads from the cache
	Recorder recorder.EventRecorder
	Servers  *Servers
	Secrets  *Secrets
	Metrics  *Metrics
	Clock    clock.PassiveClock
	// CreateSettleTime is how long an object is looked for whose creation was begun and not confirmed, before it is created
	// again, or its resource is released; 0 means DefaultCreateSettleTime.
	CreateSettleTime time.Duration
}

// DefaultCreateSettleTime is more than any creation is known to have taken on a server (protocol-core §0).
const DefaultCreateSettleTime = 30 * time.Minute

// New returns an engine without kinds.
func New(c Config) *Engine {
	return &Engine{
		client: c.Client, recorder: c.Recorder, servers: c.Servers, secrets: c.Secrets, metrics: c.Metrics, clock: c.Clock,
		claims: newClaims(), refusals: newRefusals(c.Clock), outdated: newOutdated(),
		externals: newExternals(c.Clock), undeclared: newUndeclared(c.Metrics, c.Clock),
		deletions: newDeletionBudget(c.Clock), recreations: newRecreationBudget(c.Clock),
		settle: cmp.Or(c.CreateSettleTime, DefaultCreateSettleTime),
	}
}

// kindInfo is what the engine knows of a kind without its types.
type kindInfo struct {
	name   string
	object client.Object // a prototype
	list   func() client.ObjectList
	refs   []reference
	// implicit objects come and go with their parent: they hold nothing there that its deletion would have to wait for.
	implicit     bool
	ofServer     bool // it is implicit, and its parent is the server
	serverScoped bool
	roles        []v1alpha1.ServerRole // whose credentials it is for
	validates    bool                  // it has names and values that servers describe
	unlisted     bool                  // no operation lists its objects
	goesAlong    bool                  // what it lies in may be using its objects, so that neither could go before the other
	counts       bool                  // what no resource describes is counted in its lists
	// setup makes the kind's controller, index only tells a client how its objects are found.
	setup func(mgr ctrl.Manager) error
	index func(ctx context.Context, ix client.FieldIndexer) error
	// look makes a pass over an object, and sees to the next one; preview makes one and nothing else.
	look    func(ctx context.Context, name types.NamespacedName, u urgency)
	preview func(ctx context.Context, name types.NamespacedName) (Preview, error)
	// proves looks whether the server still shows, under its id, what an object of the kind has recorded.
	proves func(ctx context.Context, d *session.Witness, o v1alpha1.Object) (bool, error)
	// wake asks for a pass over an object at its server's queue.
	wake func(ctx context.Context, name types.NamespacedName)
	// suspends says that PleskSuspensions can be for objects of the kind.
	suspends bool
	// classes are those of the event log that tell of the kind, around those about something else that shows in it.
	classes, around []string
	// relist has the next comparisons on a server begin with a new list.
	relist func(server types.UID)
	// count counts what of the kind no resource describes, on a server.
	count func(ctx context.Context, server types.NamespacedName)
}

// job is a look at an object of the kind.
func (k *kindInfo) job(o client.Object) job {
	return job{kind: k.name, NamespacedName: client.ObjectKeyFromObject(o)}
}

// Add hands a kind to the engine. Setup makes the controllers once all are there.
func Add[O v1alpha1.Object, W any](e *Engine, kind Kind[O, W]) error {
	gvk, err := apiutil.GVKForObject(newObject[O](), e.client.Scheme())
	if err != nil {
		return err
	}
	refs, err := referencesOf(e.client.Scheme(), kind.Refs())
	if err != nil {
		return err
	}
	info := &kindInfo{
		name: gvk.Kind, object: newObject[O](), refs: refs, roles: kind.Roles(),
		list: func() client.ObjectList {
			l, err := e.client.Scheme().New(gvk.GroupVersion().WithKind(gvk.Kind + "List"))
			if err != nil {
				panic(err) // Add has been called with a kind whose list type is not registered
			}
			return l.(client.ObjectList)
		},
	}
	_, makes := kind.(Maker[W])
	_, info.serverScoped = kind.(ServerScoped)
	_, info.validates = kind.(Validator[W])
	_, info.goesAlong = kind.(Used[W])
	_, info.unlisted = kind.(Unlisted)
	info.implicit = !makes
	info.ofServer = !makes && !slices.ContainsFunc(refs, func(r reference) bool { return r.parent })
	_, info.suspends = kind.(Suspender[O, W])
	_, lists := kind.(Lister[W])
	info.counts = lists && makes
	r := &reconciler[O, W]{
		Engine: e, kind: kind, kindName: gvk.Kind, self: info, listings: newListings[W](e.clock),
		backoff: workqueue.NewTypedItemExponentialFailureRateLimiter[types.NamespacedName](retryFirst, retryLast),
	}
	info.setup, info.index, info.preview = r.setup, r.index, r.preview
	info.proves, info.look, info.relist, info.count, info.wake = r.proves, r.look, r.listings.drop, r.count, r.wake
	if k, ok := any(kind).(Logged); ok {
		info.classes, info.around = k.EventClasses()
	}
	e.kinds = append(e.kinds, info)
	return nil
}

// Setup makes a controller for every kind.
func (e *Engine) Setup(ctx context.Context, mgr ctrl.Manager, o Options) error {
	e.logger = mgr.GetLogger()
	if err := e.index(ctx, mgr.GetFieldIndexer()); err != nil {
		return err
	}
	if err := e.metrics.census.begin(mgr, e); err != nil {
		return err
	}
	e.queues = newQueues(o.Concurrency, func(ctx context.Context, j job, u urgency) {
		if j.counts {
			e.info(j.kind).count(ctx, j.NamespacedName)
			return
		}
		e.info(j.kind).look(ctx, j.NamespacedName, u)
	})
	if err := mgr.Add(e.queues); err != nil {
		return err
	}
	for _, k := range e.kinds {
		if err := k.setup(mgr); err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
	}
	return (&suspensions{Engine: e}).setup(mgr)
}

// index tells how objects of all kinds are found, and what is for them.
func (e *Engine) index(ctx context.Context, ix client.FieldIndexer) error {
	if err := indexApprovals(ctx, ix); err != nil {
		return fmt.Errorf("index PleskApproval: %w", err)
	}
	if err := indexSuspensions(ctx, ix); err != nil {
		return fmt.Errorf("index PleskSuspension: %w", err)
	}
	for _, k := range e.kinds {
		if err := k.index(ctx, ix); err != nil {
			return fmt.Errorf("index %s: %w", k.name, err)
		}
	}
	return nil
}

func newObject[O v1alpha1.Object]() O {
	return reflect.New(reflect.TypeFor[O]().Elem()).Interface().(O)
}

func (r *reconciler[O, W]) setup(mgr ctrl.Manager) error {
	secret := &metav1.PartialObjectMetadata{}
	secret.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Secret"))
	b := ctrl.NewControllerManagedBy(mgr).
		For(r.self.object, builder.WithPredicates(specOrRequestChanged())).
		Watches(&v1alpha1.PleskServer{}, r.wakeGradually(), builder.WithPredicates(serverChanged())).
		WatchesMetadata(secret, handler.EnqueueRequestsFromMapFunc(r.usersOfSecret), builder.WithPredicates(r.secrets.notOurs())).
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
	return p.proven(found), nil
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
