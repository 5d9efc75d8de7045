// Usage: what the subscriptions of a server take of it, for those who plan its capacity. Billing needs records, which metrics are not.

package server

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/api/meta"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/event"
	logf "sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// UsageReader reads the usage of the servers that ask for it, by one packet per interval. A server that takes long to count keeps no probe waiting.
type UsageReader struct {
	Client  client.Client
	Servers *engine.Servers
	Metrics *Metrics
}

const (
	// maxUsage is how many subscriptions of one server are shown, the largest first: each has series of its own.
	maxUsage = 10_000
	// usageAtOnce is of how many servers the usage is read at once.
	usageAtOnce = 16
)

// Setup makes the controller.
func (r *UsageReader) Setup(mgr ctrl.Manager) error {
	return ctrl.NewControllerManagedBy(mgr).Named("usage").
		For(&v1alpha1.PleskServer{}, builder.WithPredicates(predicate.Or(predicate.GenerationChangedPredicate{}, becomesReady()))).
		WithOptions(controller.Options{MaxConcurrentReconciles: usageAtOnce}).
		Complete(r)
}

// becomesReady passes updates by which a server becomes Ready.
func becomesReady() predicate.Predicate {
	return predicate.Funcs{UpdateFunc: func(e event.UpdateEvent) bool { return !isReady(e.ObjectOld) && isReady(e.ObjectNew) }}
}

func isReady(srv client.Object) bool {
	return meta.IsStatusConditionTrue(srv.(*v1alpha1.PleskServer).Status.Conditions, v1alpha1.ConditionReady)
}

// Reconcile implements reconcile.Reconciler.
func (r *UsageReader) Reconcile(ctx context.Context, req reconcile.Request) (reconcile.Result, error) {
	srv := &v1alpha1.PleskServer{}
	err := r.Client.Get(ctx, req.NamespacedName, srv)
	switch {
	case client.IgnoreNotFound(err) != nil:
		return reconcile.Result{}, err
	case err != nil, srv.Spec.UsageMetrics == nil, srv.DeletionTimestamp != nil: // it is gone, or asks for none
		r.Metrics.usage.forget(req.NamespacedName)
		if err == nil {
			err = r.publish(ctx, srv, nil)
		}
		return reconcile.Result{}, client.IgnoreNotFound(err)
	case !isReady(srv):
		return reconcile.Result{}, nil // it is looked at again when it is
	}
	if err := r.read(ctx, srv); err != nil {
		logf.FromContext(ctx).Info("The usage of subscriptions could not be read", "class", xmlapi.ClassOf(err))
	}
	return reconcile.Result{RequeueAfter: srv.Spec.UsageMetrics.Interval.Duration}, nil
}

func (r *UsageReader) read(ctx context.Context, srv *v1alpha1.PleskServer) error {
	s, err := r.Servers.Session(ctx, srv)
	if err != nil {
		return err
	}
	w := engine.WitnessOf(s, srv, session.Background)
	all, err := webspace.Get.All(ctx, w.Lists(), webspace.GetRequest{
		Filter: xmlapi.All(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}, Stat: &xmlapi.Empty{}},
	})
	if err != nil {
		return err
	}
	r.Metrics.usage.set(client.ObjectKeyFromObject(srv), usageOf(all, s.Secrets()...))
	return r.publish(ctx, srv, all)
}

// usageOf is what subscriptions use: those that take the most space, as many as are shown.
func usageOf(all []webspace.GetResult, secrets ...xmlapi.Secret) []subscriptionUsage {
	by := make(map[string]subscriptionUsage, len(all))
	for _, one := range all {
		if d := one.Data; d != nil && d.GenInfo != nil && d.Stat != nil {
			name := session.Fit(d.GenInfo.Name, secrets...)
			by[name] = subscriptionUsage{name, d.GenInfo.RealSize, d.Stat.Traffic}
		}
	}
	most := slices.SortedFunc(maps.Values(by), func(a, b subscriptionUsage) int {
		return cmp.Or(cmp.Compare(b.disk, a.disk), cmp.Compare(a.name, b.name))
	})
	return most[:min(len(most), maxUsage)]
}
