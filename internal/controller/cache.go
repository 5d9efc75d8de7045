// What the manager's cache holds, and what it must not hold.

package controller

import (
	"errors"
	"net/http"

	coordinationv1 "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/healthz"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/server"
)

// Cache returns the cache's options: the namespaces to watch (none: all), and the operator's own namespace, whose Leases say which server holds which Plesk.
func Cache(namespaces []string, operator string) cache.Options {
	o := cache.Options{
		DefaultTransform: cache.TransformStripManagedFields(),
		ByObject: map[client.Object]cache.ByObject{
			server.SecretMetadata(): {Transform: bareSecret},
			&coordinationv1.Lease{}: {Namespaces: map[string]cache.Config{operator: {}}},
		},
	}
	for _, ns := range namespaces {
		if o.DefaultNamespaces == nil {
			o.DefaultNamespaces = map[string]cache.Config{}
		}
		o.DefaultNamespaces[ns] = cache.Config{}
	}
	return o
}

// bareSecret leaves of a Secret's metadata what is needed to notice a change, and to find what the operator has made. `kubectl apply` keeps a copy of the values
// in an annotation: it must not reach the cache.
func bareSecret(o any) (any, error) {
	if m, ok := o.(*metav1.PartialObjectMetadata); ok {
		m.Annotations = only(m.Annotations, v1alpha1.AnnotationConnectionOf, v1alpha1.AnnotationConnectionUID)
		m.Labels, m.ManagedFields = only(m.Labels, v1alpha1.LabelGenerated), nil
	}
	return o, nil
}

// only is what a map has of these keys, nil where that is nothing.
func only(all map[string]string, keys ...string) map[string]string {
	var some map[string]string
	for _, k := range keys {
		if v, ok := all[k]; ok {
			if some == nil {
				some = map[string]string{}
			}
			some[k] = v
		}
	}
	return some
}

// CacheSynced is the readiness check: the caches are filled.
func CacheSynced(mgr ctrl.Manager) healthz.Checker {
	return func(req *http.Request) error {
		if !mgr.GetCache().WaitForCacheSync(req.Context()) {
			return errors.New("caches are not filled yet")
		}
		return nil
	}
}
