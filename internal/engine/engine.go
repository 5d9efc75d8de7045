// The engine: what all kinds share, and how a kind becomes a controller.

package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/workqueue"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
	"sigs.k8s.io/controller-runtime/pkg/recorder"

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
