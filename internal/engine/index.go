// Indexes and watches: who is woken by what.

package engine

import (
	"context"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// The indexes over every kind.
const (
	indexServer   = "engine.server"   // namespace/name of the server
	indexRef      = "engine.ref"      // Kind/name of what it refers to in its namespace
	indexSecret   = "engine.secret"   // name of a Secret of its namespace that it uses, or publishes to
	indexKey      = "engine.key"      // place + natural key that it claims (see places)
	indexIdentity = "engine.identity" // place + id, and place + GUID, that it has recorded, or observes
	indexUID      = "engine.uid"      // its own UID: marks on the server hold it
	indexWaiting  = "engine.waiting"  // natural key of an object that is another resource's, on whatever server
)

func (r *reconciler[O, W]) index(ctx context.Context, ix client.FieldIndexer) error {
	by := map[string]func(O) []string{
		indexServer: func(o O) []string { return []string{KnownServer(o).String()} },
		indexRef: func(o O) []string {
			var out []string
			for _, ref := range r.self.refs {
				for _, m := range ref.get(o) {
					if m.Name != "" {
						out = append(out, refIndex(m.Kind, m.Name))
					}
				}
			}
			return out
		},
		indexSecret: func(o O) []string {
			var out []string
			for _, s := range r.secretsOf(o) {
				out = append(out, s.SecretRef.Name)
			}
			if k, ok := r.kind.(Publisher[O, W]); ok {
				out = append(out, k.PublishTo(o))
			}
			return out
		},
		indexKey: func(o O) []string {
			if o.State().Key == "" {
				return nil
			}
			return placesOf(o, recordedKey(o.State()).index())
		},
		indexIdentity: func(o O) []string {
			var out []string
			id := described(o.State())
			for _, v := range []string{id.ID, id.GUID} {
				if v != "" {
					out = append(out, placesOf(o, v)...)
				}
			}
			return out
		},
		indexUID: func(o O) []string { return []string{string(o.GetUID())} },
		indexWaiting: func(o O) []string {
			if ready := meta.FindStatusCondition(o.State().Conditions, v1alpha1.ConditionReady); ready == nil || ready.Reason != v1alpha1.ReasonOwnedByAnother {
				return nil
			}
			return []string{recordedKey(o.State()).index()}
		},
	}
	for name, extract := range by {
		if err := ix.IndexField(ctx, newObject[O](), name, func(o client.Object) []string { return extract(o.(O)) }); err != nil {
			return err
		}
	}
	return nil
}

func refIndex(kind, name string) string { return kind + "/" + name }

func serverIndex(server types.NamespacedName, value string) string {
	return server.String() + "\x00" + value
}

// pleskIndex is serverIndex for a Plesk, whatever its PleskServer is called, by a GUID that is of it, or of something there.
func pleskIndex(guid, value string) string { return "guid:" + guid + "\x00" + value }

// matching lists the objects of this kind that an index finds; namespace "" means all.
func (r *reconciler[O, W]) matching(ctx context.Context, namespace, index, value string) ([]O, error) {
	objects, err := r.listIndexed(ctx, r.self, namespace, index, value)
	if err != nil {
		return nil, err
	}
	out := make([]O, len(objects))
	for i, o := range objects {
		out[i] = o.(O)
	}
	return out, nil
}

func (r *reconciler[O, W]) enqueue(ctx context.Context, namespace, index, value string) []reconcile.Request {
	objects, err := r.matching(ctx, namespace, index, value)
	if err != nil {
		return nil // the cache is shutting down
	}
	var out []reconcile.Request
	for _, o := range objects {
		out = append(out, reconcile.Request{NamespacedName: client.ObjectKeyFromObject(o)})
	}
	return out
}

// After an outage, the objects of a server are woken in groups, so that it and the API server see a stream and not a wave.
const (
	wakeGroup = 50
	wakeEvery = 100 * time.Millisecond
)

// wakes is called with what an object is after each event, or was when it went. handler.EnqueueRequestsFromMapFunc asks about what it was before an
// update, too.
func wakes(wake func(ctx context.Context, present client.Object, q workqueue.TypedRateLimitingInterface[reconcile.Request])) handler.EventHandler {
	return handler.Funcs{
		CreateFunc: func(ctx context.Context, e event.CreateEvent, q workqueue.TypedRateLimitingInterface[reconcile.Request]) {
			wake(ctx, e.Object, q)
		},
		UpdateFunc: func(ctx context.Context, e event.UpdateEvent, q workqueue.TypedRateLimitingInterface[reconcile.Request]) {
			wake(ctx, e.ObjectNew, q)
		},
		DeleteFunc: func(ctx context.Context, e event.DeleteEvent, q workqueue.TypedRateLimitingInterface[reconcile.Request]) {
			wake(ctx, e.Object, q)
		},
	}
}

// wakeGradually wakes the objects of a server, a group at a time and behind whatever the user has just changed.
func (r *reconciler[O, W]) wakeGradually() handler.EventHandler {
	return wakes(func(ctx context.Context, server client.Object, q workqueue.TypedRateLimitingInterface[reconcile.Request]) {
		addInGroups(q, r.usersOfServer(ctx, "", server))
	})
}

func addInGroups(q workqueue.TypedRateLimitingInterface[reconcile.Request], requests []reconcile.Request) {
	for i, req := range requests {
		addAfter(q, req, time.Duration(i/wakeGroup)*wakeEvery, new(handler.LowPriority))
	}
}

// addAfter adds to a controller's queue after a time, with a priority where the queue knows some; nil is the usual one.
func addAfter(q workqueue.TypedRateLimitingInterface[reconcile.Request], req reconcile.Request, after time.Duration, priority *int) {
	if pq, ok := q.(priorityqueue.PriorityQueue[reconcile.Request]); ok {
		pq.AddWithOpts(priorityqueue.AddOpts{After: after, Priority: priority}, req)
		return
	}
	q.AddAfter(req, after)
}

// usersOfServer are the objects of a server in a namespace, "" for all. One whose spec names no server, and that has never reached one, is found
// by what it lies in.
func (r *reconciler[O, W]) usersOfServer(ctx context.Context, namespace string, server client.Object) []reconcile.Request {
	name := client.ObjectKeyFromObject(server)
	out := r.enqueue(ctx, namespace, indexServer, name.String())
	unknown, err := r.matching(ctx, namespace, indexServer, types.NamespacedName{}.String())
	if err != nil {
		return nil // the cache is shutting down
	}
	for _, o := range unknown {
		if leadsTo, err := r.serverOf(ctx, r.kindName, o); err == nil && leadsTo == name {
			out = append(out, reconcile.Request{NamespacedName: client.ObjectKeyFromObject(o)})
		}
	}
	return out
}

// wakeUsers wakes the objects that a Secret is for, but for the one that this very version of it was written for.
func (r *reconciler[O, W]) wakeUsers() handler.EventHandler {
	return wakes(func(ctx context.Context, secret client.Object, q workqueue.TypedRateLimitingInterface[reconcile.Request]) {
		for _, user := range r.enqueue(ctx, secret.GetNamespace(), indexSecret, secret.GetName()) {
			if !r.secrets.wrote(secret, r.kindName, user.Name) {
				q.Add(user)
			}
		}
	})
}

// rivals are the objects that claim the key of one that has left. Those on other PleskServers have no landmark in common with it before they
// have recorded the object: among them the ones count that wait for another resource's object of that key.
func (r *reconciler[O, W]) rivals(ctx context.Context, left client.Object) []reconcile.Request {
	o := left.(O)
	key := recordedKey(o.State()).index()
	woken := r.enqueue(ctx, "", indexWaiting, key)
	for _, place := range placesOf(o, key) {
		woken = append(woken, r.enqueue(ctx, "", indexKey, place)...)
	}
	var out []reconcile.Request
	for _, req := range woken {
		if req.NamespacedName != client.ObjectKeyFromObject(o) && !slices.Contains(out, req) {
			out = append(out, req)
		}
	}
	return out
}

// dependents are the objects that refer to one of kind parent.
func (r *reconciler[O, W]) dependents(parent string) handler.MapFunc {
	return func(ctx context.Context, p client.Object) []reconcile.Request {
		return r.enqueue(ctx, p.GetNamespace(), indexRef, refIndex(parent, p.GetName()))
	}
}

// parents are the objects of this kind that a child (which is gone) referred to.
func (r *reconciler[O, W]) parents(child *kindInfo) handler.MapFunc {
	return func(_ context.Context, c client.Object) []reconcile.Request {
		var out []reconcile.Request
		for _, ref := range child.refs {
			for _, m := range ref.get(c) {
				if m.Kind == r.kindName && m.Name != "" {
					out = append(out, reconcile.Request{NamespacedName: types.NamespacedName{Namespace: c.GetNamespace(), Name: m.Name}})
				}
			}
		}
		return out
	}
}

// approved is the object that an approval is for.
func (r *reconciler[O, W]) approved(_ context.Context, a client.Object) []reconcile.Request {
	t := a.(*v1alpha1.PleskApproval).Spec.TargetRef
	if t.Kind != r.kindName {
		return nil
	}
	return []reconcile.Request{{NamespacedName: types.NamespacedName{Namespace: a.GetNamespace(), Name: t.Name}}}
}

// created lets through what is new.
func created() predicate.Predicate {
	return predicate.Funcs{
		UpdateFunc:  func(event.UpdateEvent) bool { return false },
		DeleteFunc:  func(event.DeleteEvent) bool { return false },
		GenericFunc: func(event.GenericEvent) bool { return false },
	}
}

// hearsOfEnds lets everything through, and keeps nothing of Secrets that are gone.
func (s *Secrets) hearsOfEnds() predicate.Predicate {
	return predicate.Funcs{DeleteFunc: func(e event.DeleteEvent) bool {
		s.forget(e.Object)
		return true
	}}
}

// specOrRequestChanged lets through what the user does; our own writes of the status wake nobody.
func specOrRequestChanged() predicate.Predicate {
	return predicate.Or(predicate.GenerationChangedPredicate{}, predicate.AnnotationChangedPredicate{}, predicate.Funcs{
		UpdateFunc: func(e event.UpdateEvent) bool { return deleting(e.ObjectOld) != deleting(e.ObjectNew) },
	})
}

func deleting(o client.Object) bool { return o.GetDeletionTimestamp() != nil }

// serverChanged lets through what objects of a server care about: its spec, its conditions, and what it can do.
func serverChanged() predicate.Predicate {
	return predicate.Funcs{UpdateFunc: func(e event.UpdateEvent) bool {
		was, is := e.ObjectOld.(*v1alpha1.PleskServer), e.ObjectNew.(*v1alpha1.PleskServer)
		return was.Generation != is.Generation || was.Status.GUID != is.Status.GUID || was.Status.Role != is.Status.Role ||
			was.Status.ProtocolVersion != is.Status.ProtocolVersion || deleting(was) != deleting(is) ||
			!equality.Semantic.DeepEqual(was.Status.Conditions, is.Status.Conditions)
	}}
}

// identityChanged lets through what those who refer to an object care about.
func identityChanged() predicate.Predicate {
	return predicate.Funcs{UpdateFunc: func(e event.UpdateEvent) bool {
		was, is := e.ObjectOld.(v1alpha1.Object), e.ObjectNew.(v1alpha1.Object)
		return described(was.State()) != described(is.State()) ||
			!recordedKey(was.State()).same(recordedKey(is.State())) || KnownServer(was) != KnownServer(is) ||
			(was.State().Pending == nil) != (is.State().Pending == nil) || deleting(was) != deleting(is) ||
			!equality.Semantic.DeepEqual(was.State().Parent, is.State().Parent) // where it lies is a part of what it is
	}}
}

// gone lets through what others wait for: an object's end, that it holds nothing on the server any more, and that it may not have what is there.
func gone() predicate.Predicate {
	return predicate.Funcs{
		CreateFunc:  func(event.CreateEvent) bool { return false },
		GenericFunc: func(event.GenericEvent) bool { return false },
		UpdateFunc: func(e event.UpdateEvent) bool {
			was, is := e.ObjectOld.(v1alpha1.Object), e.ObjectNew.(v1alpha1.Object)
			return was.State().Key != is.State().Key || was.State().ID != "" && is.State().ID == "" || refusedWhatExists(is) && !refusedWhatExists(was)
		},
	}
}

func (e *Engine) listIndexed(ctx context.Context, k *kindInfo, namespace, index, value string) ([]v1alpha1.Object, error) {
	list := k.list()
	if err := e.client.List(ctx, list, client.InNamespace(namespace), client.MatchingFields{index: value}); err != nil {
		return nil, err
	}
	return objectsOf(list)
}

// objectsOn are the kind's resources on a server.
func (e *Engine) objectsOn(ctx context.Context, k *kindInfo, srv *v1alpha1.PleskServer) ([]v1alpha1.Object, error) {
	return e.listIndexed(ctx, k, "", indexServer, client.ObjectKeyFromObject(srv).String())
}

// OnServer selects from the cache the resources that are known to be on a server.
func OnServer(server types.NamespacedName) client.ListOption {
	return client.MatchingFields{indexServer: server.String()}
}

// objectsOf are the objects of a list.
func objectsOf(list client.ObjectList) (out []v1alpha1.Object, _ error) {
	err := meta.EachListItem(list, func(item runtime.Object) error {
		out = append(out, item.(v1alpha1.Object))
		return nil
	})
	return out, err
}
