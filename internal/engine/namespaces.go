// Namespaces: the objects of a namespace are reconciled when a change of its labels changes what they may do on their server.

package engine

import (
	"context"
	"reflect"
	"sync"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	toolscache "k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// namespaces tells of changed labels. They are watched from the first time that some are asked for: where no server has a selector the
// operator needs no right to read namespaces.
type namespaces struct {
	informers cache.Informers // nil: nothing is watched

	mu      sync.Mutex
	watched bool
	heard   []func(namespace string, was, is labels.Set)
}

// onChange has f called whenever the labels of a namespace have changed.
func (n *namespaces) onChange(f func(namespace string, was, is labels.Set)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.heard = append(n.heard, f)
}

// watch is to be called before labels are read: what changes later is told.
func (n *namespaces) watch(ctx context.Context) error {
	if n.informers == nil {
		return nil
	}
	informer, err := n.informers.GetInformer(ctx, aNamespace()) // waits for the cache, as reading does
	if err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.watched {
		return nil
	}
	_, err = informer.AddEventHandler(toolscache.ResourceEventHandlerFuncs{UpdateFunc: func(was, is any) {
		from, to := was.(client.Object), is.(client.Object)
		if !labels.Equals(from.GetLabels(), to.GetLabels()) {
			n.tell(to.GetName(), from.GetLabels(), to.GetLabels())
		}
	}})
	n.watched = err == nil
	return err
}

func (n *namespaces) tell(namespace string, was, is labels.Set) {
	n.mu.Lock()
	heard := n.heard
	n.mu.Unlock()
	for _, f := range heard {
		f(namespace, was, is)
	}
}

func aNamespace() *metav1.PartialObjectMetadata {
	ns := &metav1.PartialObjectMetadata{}
	ns.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Namespace"))
	return ns
}

// relabelled wakes the objects of a namespace that may use their server in another way than before its labels changed.
func (r *reconciler[O, W]) relabelled(ctx context.Context, q workqueue.TypedRateLimitingInterface[reconcile.Request]) error {
	r.servers.namespaces.onChange(func(namespace string, was, is labels.Set) {
		servers := &v1alpha1.PleskServerList{}
		if r.client.List(ctx, servers) != nil {
			return // the cache is shutting down
		}
		for i := range servers.Items {
			srv := &servers.Items[i]
			if reflect.DeepEqual(granted(srv, namespace, was), granted(srv, namespace, is)) {
				continue
			}
			addInGroups(q, r.usersOfServer(ctx, namespace, srv))
		}
	})
	return nil
}

func granted(srv *v1alpha1.PleskServer, namespace string, of labels.Set) *access {
	a, _ := accessBy(srv, namespace, func() (labels.Set, error) { return of, nil }) // the labels are known
	return a
}

// labelsOf reads the labels of a namespace.
func (s *Servers) labelsOf(ctx context.Context, namespace string) (labels.Set, error) {
	ctx, cancel := context.WithTimeout(ctx, namespaceWait) // without the right to read namespaces the cache would wait for ever
	defer cancel()
	if err := s.namespaces.watch(ctx); err != nil {
		return nil, err
	}
	ns := aNamespace()
	if err := s.Client.Get(ctx, types.NamespacedName{Name: namespace}, ns); err != nil {
		return nil, err
	}
	return ns.Labels, nil
}
