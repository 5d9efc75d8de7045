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

// bareSecret leaves of a Secret's metadata what is needed to notice a change. `kubectl apply` keeps a copy of the values
// in an annotation: it must not reach the cache.
func bareSecret(o any) (any, error) {
	if m, ok := o.(*metav1.PartialObjectMetadata); ok {
		m.Annotations, m.Labels, m.ManagedFields = nil, nil, nil
	}
	return o, nil
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
