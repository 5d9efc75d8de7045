// Holding the Secrets of a PleskServer: deleting an object needs credentials, so they stay while a server uses them.

package server

import (
	"context"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// SecretMetadata is all that the cache holds of Secrets.
func SecretMetadata() *metav1.PartialObjectMetadata {
	m := &metav1.PartialObjectMetadata{}
	m.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Secret"))
	return m
}

// changeFinalizer puts a finalizer on an object or takes it off, by a patch of the metadata: what else the object holds may be
// of a newer version than this program, which would lose it.
func changeFinalizer(ctx context.Context, c client.Client, o client.Object, change func(client.Object, string) bool, finalizer string) error {
	base := o.DeepCopyObject().(client.Object)
	if !change(o, finalizer) {
		return nil
	}
	return c.Patch(ctx, o, client.MergeFromWithOptions(base, client.MergeFromWithOptimisticLock{}))
}

// holdSecrets puts a finalizer on Secrets of a server: those that say themselves that they are for it. Naming any other Secret does not
// pin it. Secrets that are missing or leaving are not touched; the latter are told.
func (r *Reconciler) holdSecrets(ctx context.Context, srv *v1alpha1.PleskServer, bound []string) (leaving []string, _ error) {
	for _, name := range bound {
		secret := SecretMetadata()
		err := r.Client.Get(ctx, types.NamespacedName{Namespace: srv.Namespace, Name: name}, secret)
		if client.IgnoreNotFound(err) != nil {
			return nil, err
		}
		if err == nil && secret.DeletionTimestamp != nil {
			leaving = append(leaving, name)
		}
		if err != nil || secret.DeletionTimestamp != nil {
			continue
		}
		err = changeFinalizer(ctx, r.Client, secret, controllerutil.AddFinalizer, v1alpha1.InUseFinalizer)
		if client.IgnoreNotFound(err) != nil {
			return nil, err
		}
	}
	return leaving, nil
}

// indexSecret finds the servers that name a Secret of their namespace.
const indexSecret = "server.secret"

func indexSecrets(ctx context.Context, ix client.FieldIndexer) error {
	return ix.IndexField(ctx, &v1alpha1.PleskServer{}, indexSecret, func(o client.Object) []string { return secretNames(o.(*v1alpha1.PleskServer)) })
}

// usersOf are the servers that name a Secret.
func usersOf(ctx context.Context, c client.Client, secret types.NamespacedName) ([]v1alpha1.PleskServer, error) {
	servers := &v1alpha1.PleskServerList{}
	err := c.List(ctx, servers, client.InNamespace(secret.Namespace), client.MatchingFields{indexSecret: secret.Name})
	return servers.Items, err
}

// SecretHolder takes the finalizer off Secrets that no server uses any more.
type SecretHolder struct {
	Client client.Client
}

// Setup makes the controller.
func (h *SecretHolder) Setup(mgr ctrl.Manager) error {
	return ctrl.NewControllerManagedBy(mgr).Named("secret-holder").
		For(SecretMetadata(), builder.WithPredicates(predicate.NewPredicateFuncs(func(o client.Object) bool {
			return slices.Contains(o.GetFinalizers(), v1alpha1.InUseFinalizer)
		}))).
		// A server writes its status at many a poll: what it names changes with its spec.
		Watches(&v1alpha1.PleskServer{}, handler.EnqueueRequestsFromMapFunc(namedBy), builder.WithPredicates(predicate.GenerationChangedPredicate{})).
		Complete(h)
}

// namedBy wakes the Secrets that a server names, or has named before.
func namedBy(_ context.Context, srv client.Object) []reconcile.Request {
	var out []reconcile.Request
	for _, name := range secretNames(srv.(*v1alpha1.PleskServer)) {
		out = append(out, reconcile.Request{NamespacedName: types.NamespacedName{Namespace: srv.GetNamespace(), Name: name}})
	}
	return out
}

// Reconcile implements reconcile.Reconciler.
func (h *SecretHolder) Reconcile(ctx context.Context, req reconcile.Request) (reconcile.Result, error) {
	secret := SecretMetadata()
	if err := h.Client.Get(ctx, req.NamespacedName, secret); err != nil {
		return reconcile.Result{}, client.IgnoreNotFound(err)
	}
	users, err := usersOf(ctx, h.Client, req.NamespacedName)
	if err != nil || len(users) > 0 {
		return reconcile.Result{}, err
	}
	err = changeFinalizer(ctx, h.Client, secret, controllerutil.RemoveFinalizer, v1alpha1.InUseFinalizer)
	return unlessStale(client.IgnoreNotFound(err))
}
