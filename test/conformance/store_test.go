// The store: the latest version of every object of ours, kept by a watch, so that waiting costs the API server nothing.

package conformance

import (
	"fmt"
	"sync"

	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

type store struct {
	mu      sync.Mutex
	objects map[string]client.Object
}

func newStore() *store { return &store{objects: map[string]client.Object{}} }

func (s *store) see(event watch.EventType, o client.Object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if event == watch.Deleted {
		delete(s.objects, storeKey(o))
	} else {
		s.objects[storeKey(o)] = o
	}
}

// get returns the latest version of o, to be read only; nil when there is none (any more).
func (s *store) get(o client.Object) client.Object {
	key := storeKey(o)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.objects[key]
}

func storeKey(o client.Object) string {
	return fmt.Sprintf("%T %s/%s", o, o.GetNamespace(), o.GetName())
}
