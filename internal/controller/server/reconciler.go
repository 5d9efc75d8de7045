// PleskServer: connects, probes at every poll interval, and holds what its objects need until they are gone.

// Package server is the controller of PleskServer, which every other kind lives on, and holds the Secrets that it needs.
package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/workqueue"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	logf "sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/controller-runtime/pkg/recorder"
	"sigs.k8s.io/controller-runtime/pkg/source"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/version"
)

// Its Leases are in config/rbac/holder_role.yaml: they are of the operator's own namespace.
//
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskservers,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskservers/status,verbs=get;update;patch

// probeAgain is how soon a server is asked again after a single packet without an answer.
const probeAgain = 2 * time.Second

// probesAtOnce is how many servers are probed at once. One that does not answer keeps its own probe waiting, and no other.
const probesAtOnce = 256

// Reconciler reconciles PleskServer.
type Reconciler struct {
	Client   client.Client
	Recorder recorder.EventRecorder
	Servers  *engine.Servers
	Holders  *Holders
	// Users lists the objects that need a server.
	Users func(ctx context.Context, srv *v1alpha1.PleskServer) ([]string, error)
	// Kinds lists a prototype of every kind that lives on a server.
	Kinds []client.Object
	// Engine is told what happens on servers.
	Engine  Listener
	Metrics *Metrics
	// Wake delivers the servers that somebody wants looked at.
	Wake <-chan event.TypedGenericEvent[types.NamespacedName]

	logs sync.Map // of servers, by UID: *following
}

// Listener is who wants to know what happens on servers, and knows what of them is described.
type Listener interface {
	// Hear has what the event log tells looked at again.
	Hear(ctx context.Context, srv *v1alpha1.PleskServer, news engine.News) error
	// Relist has what the event log does not tell compared with new lists.
	Relist(ctx context.Context, srv *v1alpha1.PleskServer) error
	// Undeclared counts what is described by no resource, by kind.
	Undeclared(srv *v1alpha1.PleskServer) map[string]int32
	// Forget drops what is known of a server that is gone.
	Forget(srv *v1alpha1.PleskServer)
}

// following is how far a server's event log was read.
type following struct {
	events *eventLog
	polls  int
}

// relistEvery is how many polls go by until the kinds are listed whose changes the event log does not tell.
const relistEvery = 10

// follow is how far the log of a server was read; where nothing is known, from what its status says.
func (r *Reconciler) follow(srv *v1alpha1.PleskServer) *following {
	f, _ := r.logs.LoadOrStore(srv.UID, &following{events: logFrom(srv.Status.LastEventID)})
	return f.(*following)
}

// listen takes in what the event log has told, and passes it on. What could not be passed on is read again. Whoever has no log hears nothing: the
// resync notices what has changed.
func (r *Reconciler) listen(ctx context.Context, srv *v1alpha1.PleskServer, f *following, a *answer) error {
	was := srv.Status.LastEventID
	news, state := a.news(f.events, version.Version(srv.Status.ProtocolVersion))
	srv.Status.EventLog, srv.Status.LastEventID = state, f.events.lastID()
	f.polls++
	err := r.Engine.Hear(ctx, srv, news)
	if f.polls%relistEvery == 0 {
		err = errors.Join(err, r.Engine.Relist(ctx, srv))
	}
	if err != nil {
		srv.Status.LastEventID = was
		r.logs.Delete(srv.UID)
		return err
	}
	if state == v1alpha1.EventLogFollowed {
		r.Metrics.heard(client.ObjectKeyFromObject(srv), news)
	}
	for kind, n := range r.Engine.Undeclared(srv) { // those of other kinds are as they were
		if srv.Status.Undeclared == nil {
			srv.Status.Undeclared = map[string]int32{}
		}
		srv.Status.Undeclared[kind] = n
	}
	return nil
}

// Setup makes the controller.
func (r *Reconciler) Setup(ctx context.Context, mgr ctrl.Manager) error {
	if err := indexSecrets(ctx, mgr.GetFieldIndexer()); err != nil {
		return fmt.Errorf("index PleskServer: %w", err)
	}
	b := ctrl.NewControllerManagedBy(mgr).
		For(&v1alpha1.PleskServer{}, builder.WithPredicates(predicate.Or(
			predicate.GenerationChangedPredicate{}, predicate.AnnotationChangedPredicate{}))).
		WatchesMetadata(SecretMetadata(), handler.EnqueueRequestsFromMapFunc(r.usersOfSecret)).
		Watches(&v1alpha1.PleskServer{}, handler.EnqueueRequestsFromMapFunc(r.rivals), builder.WithPredicates(leaving())).
		WatchesRawSource(source.Channel(r.Wake, handler.TypedFuncs[types.NamespacedName, reconcile.Request]{
			GenericFunc: func(_ context.Context, e event.TypedGenericEvent[types.NamespacedName], q queue) {
				q.Add(reconcile.Request{NamespacedName: e.Object})
			},
		})).
		WithOptions(controller.Options{MaxConcurrentReconciles: probesAtOnce})
	for _, k := range r.Kinds {
		b = b.Watches(k, handler.EnqueueRequestsFromMapFunc(serverOf), builder.WithPredicates(leaving()))
	}
	return b.Complete(r)
}

// leaving passes deletions only.
func leaving() predicate.Predicate {
	return predicate.Funcs{
		CreateFunc:  func(event.CreateEvent) bool { return false },
		UpdateFunc:  func(event.UpdateEvent) bool { return false },
		GenericFunc: func(event.GenericEvent) bool { return false },
	}
}

// rivals wakes the servers that wait for one that has left, to hold its Plesk.
func (r *Reconciler) rivals(ctx context.Context, left client.Object) []reconcile.Request {
	guid, servers := left.(*v1alpha1.PleskServer).Status.GUID, &v1alpha1.PleskServerList{}
	if guid == "" || r.Client.List(ctx, servers) != nil { // the cache is shutting down
		return nil
	}
	var out []reconcile.Request
	for i := range servers.Items {
		if s := &servers.Items[i]; s.UID != left.GetUID() && strings.EqualFold(s.Status.GUID, guid) {
			out = append(out, reconcile.Request{NamespacedName: client.ObjectKeyFromObject(s)})
		}
	}
	return out
}

// serverOf wakes a server that waits for its last object to leave.
func serverOf(_ context.Context, o client.Object) []reconcile.Request {
	name := engine.KnownServer(o.(v1alpha1.Object))
	if name.Name == "" {
		return nil
	}
	return []reconcile.Request{{NamespacedName: name}}
}

func (r *Reconciler) usersOfSecret(ctx context.Context, secret client.Object) []reconcile.Request {
	users, err := usersOf(ctx, r.Client, client.ObjectKeyFromObject(secret))
	if err != nil {
		return nil // the cache is shutting down
	}
	var out []reconcile.Request
	for i := range users {
		out = append(out, reconcile.Request{NamespacedName: client.ObjectKeyFromObject(&users[i])})
	}
	return out
}

func secretNames(srv *v1alpha1.PleskServer) []string {
	names := []string{srv.Spec.CredentialsSecretRef.Name}
	if tls := srv.Spec.TLS; tls != nil && tls.CABundleSecretRef != nil {
		names = append(names, tls.CABundleSecretRef.Name)
	}
	return names
}

// Reconcile implements reconcile.Reconciler.
func (r *Reconciler) Reconcile(ctx context.Context, req reconcile.Request) (reconcile.Result, error) {
	srv := &v1alpha1.PleskServer{}
	if err := r.Client.Get(ctx, req.NamespacedName, srv); err != nil {
		return reconcile.Result{}, client.IgnoreNotFound(err)
	}
	if srv.DeletionTimestamp != nil {
		if done, err := r.release(ctx, srv); done || err != nil {
			return unlessStale(err)
		}
	} else if err := changeFinalizer(ctx, r.Client, srv, controllerutil.AddFinalizer, v1alpha1.Finalizer); err != nil {
		return unlessStale(err)
	}
	before := srv.DeepCopy()
	after, weaknesses, err := r.probe(ctx, srv)
	if err != nil && ctx.Err() != nil {
		return reconcile.Result{}, nil //nolint:nilerr // the process ends, and the next one begins with all servers
	}
	if err != nil {
		return unlessStale(err)
	}
	if !equality.Semantic.DeepEqual(before.Status, srv.Status) {
		if err := r.Client.Status().Update(ctx, srv); err != nil {
			return unlessStale(err)
		}
		r.announce(ctx, before, srv, weaknesses) // only what could be written: a pass on a stale object would send the same event twice
	}
	return reconcile.Result{RequeueAfter: after}, nil
}

// unlessStale turns a conflict into another try: the cache was behind, nothing has failed. Other errors are returned.
func unlessStale(err error) (reconcile.Result, error) {
	if apierrors.IsConflict(err) {
		return reconcile.Result{RequeueAfter: probeAgain}, nil
	}
	return reconcile.Result{}, err
}

// release ends a server that no object needs any more. One that is still needed goes on serving, so that its objects can be deleted.
func (r *Reconciler) release(ctx context.Context, srv *v1alpha1.PleskServer) (done bool, _ error) {
	users, err := r.Users(ctx, srv)
	if err != nil || len(users) > 0 {
		return false, err
	}
	if err := r.Holders.free(ctx, srv, held(&srv.Status)); err != nil {
		return false, err
	}
	r.Servers.Forget(srv)
	r.Engine.Forget(srv)
	r.Metrics.forget(client.ObjectKeyFromObject(srv))
	r.logs.Delete(srv.UID)
	return true, client.IgnoreNotFound(changeFinalizer(ctx, r.Client, srv, controllerutil.RemoveFinalizer, v1alpha1.Finalizer))
}

// probe asks the server how it is and puts the answer into the status. It returns what makes the connection less safe than
// it could be.
func (r *Reconciler) probe(ctx context.Context, srv *v1alpha1.PleskServer) (again time.Duration, weaknesses []string, _ error) {
	again = srv.Spec.EventPollInterval.Duration
	if again <= 0 {
		again = 30 * time.Second
	}
	srv.Status.ObservedGeneration = srv.Generation
	s, err := r.Servers.Session(ctx, srv)
	if err != nil {
		c, ok := errors.AsType[*engine.ConfigError](err)
		if !ok {
			return 0, nil, err
		}
		return again, nil, r.judge(ctx, srv, misconfigured(c))
	}
	leaving, err := r.holdSecrets(ctx, srv, s.Bound)
	if err != nil {
		return 0, nil, err
	}
	log := r.follow(srv)
	answer, err := ask(ctx, s, srv, log.events)
	if err != nil {
		if ctx.Err() != nil {
			return 0, nil, ctx.Err()
		}
		unidentified := errors.Is(err, session.ErrNoSubscription)
		if unidentified {
			srv.Status.Role = v1alpha1.RoleCustomer
		}
		if e, ok := errors.AsType[*xmlapi.Error](err); ok && e.Code == 0 && !unidentified && s.Closed() == nil && meta.IsStatusConditionTrue(srv.Status.Conditions, v1alpha1.ConditionReachable) {
			// One packet without an answer is no outage yet: a few more in a row will close the session's door. A refusal is an answer.
			logf.FromContext(ctx).Info("A probe failed and will be repeated", "error", session.Fit(err.Error(), s.Secrets()...))
			return probeAgain, s.Weaknesses, nil
		}
		return again, s.Weaknesses, r.judge(ctx, srv, verdictOf(srv, err), s.Secrets()...)
	}
	v, err := r.take(ctx, srv, answer)
	if err != nil {
		return 0, nil, err
	}
	if v.ready && srv.DeletionTimestamp == nil && len(leaving) > 0 {
		v.message += fmt.Sprintf("; Secret %s is being deleted, and held as long as this PleskServer uses it: name another one with the same keys (%s), and it goes", strings.Join(leaving, ", "), "spec.credentialsSecretRef, spec.tls.caBundleSecretRef")
	}
	if v.ready {
		if err := r.listen(ctx, srv, log, answer); err != nil {
			return 0, nil, err
		}
	}
	return again, s.Weaknesses, r.judge(ctx, srv, v, s.Secrets()...)
}

// take puts an answer into the status, unless it comes from another Plesk than before, and makes sure that nobody else
// manages it.
func (r *Reconciler) take(ctx context.Context, srv *v1alpha1.PleskServer, a *answer) (verdict, error) {
	if v := a.contradicts(&srv.Status); v != nil {
		return *v, nil
	}
	before := held(&srv.Status)
	spoken := version.Spoken(srv.Spec.ProtocolVersion, a.protocols())
	a.fill(&srv.Status, spoken)
	now := held(&srv.Status)
	if err := r.Holders.free(ctx, srv, slices.DeleteFunc(slices.Clone(before), func(guid string) bool { return slices.Contains(now, guid) })); err != nil {
		return verdict{}, err
	}
	is, guid, err := r.Holders.claim(ctx, srv, now)
	if err != nil {
		return verdict{}, err
	}
	if is != holderOf(srv) {
		return heldBy(srv, a.Role, is, guid), nil
	}
	if v := mute(srv, spoken); v != nil {
		return *v, nil
	}
	return verdict{reason: v1alpha1.ReasonAvailable, reached: yes, admitted: yes, ready: true, message: "the server answers"}, nil
}

// judge puts a verdict into the conditions. Of a server that is being deleted it says what that waits for: whoever has lost the server has to know
// which resources to let go.
func (r *Reconciler) judge(ctx context.Context, srv *v1alpha1.PleskServer, v verdict, secrets ...xmlapi.Secret) error {
	if srv.DeletionTimestamp != nil {
		users, err := r.Users(ctx, srv)
		switch {
		case err != nil:
			return err
		case v.ready:
			v.message = engine.ListNames("being deleted, and serving until these are gone:", users)
		default:
			v.message += engine.ListNames("; being deleted, which waits for these to be gone, or to be left on the server (deletionPolicy: Retain):", users)
		}
	}
	judge(srv, v, secrets...)
	return nil
}

// announce tells log and events what has changed for the user.
func (r *Reconciler) announce(ctx context.Context, before, srv *v1alpha1.PleskServer, weaknesses []string) {
	was := meta.FindStatusCondition(before.Status.Conditions, v1alpha1.ConditionReady)
	is := meta.FindStatusCondition(srv.Status.Conditions, v1alpha1.ConditionReady)
	news := was == nil || was.Reason != is.Reason || was.Message != is.Message
	if news {
		kind := corev1.EventTypeNormal
		if is.Status != metav1.ConditionTrue {
			kind = corev1.EventTypeWarning
		}
		logf.FromContext(ctx).Info(is.Message, "reason", is.Reason)
		r.Recorder.Eventf(srv, nil, kind, is.Reason, "Probe", "%s", is.Message)
	}
	if news || before.Status.ObservedGeneration != srv.Status.ObservedGeneration {
		for _, w := range weaknesses {
			r.Recorder.Eventf(srv, nil, corev1.EventTypeWarning, "InsecureConnection", "Probe", "%s", w)
		}
	}
}

type queue = workqueue.TypedRateLimitingInterface[reconcile.Request]
