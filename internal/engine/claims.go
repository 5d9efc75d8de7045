// Claims: one custom resource per object on a server. The older one wins, the other says who.

package engine

import (
	"context"
	"fmt"
	"sync"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// claims remembers who claimed a key in this process: two passes may run before either's status is in the cache.
type claims struct {
	mu     sync.Mutex
	holder map[string]types.NamespacedName
}

func newClaims() *claims { return &claims{holder: map[string]types.NamespacedName{}} }

// claim makes o the holder of key, unless another object that still claims it is older; then it returns that one.
func (r *reconciler[O, W]) claim(ctx context.Context, o O, key string) (owner v1alpha1.Object, err error) {
	index := serverIndex(serverName(o), key)
	r.claims.mu.Lock()
	defer r.claims.mu.Unlock()
	rivals, err := r.matching(ctx, "", indexKey, index)
	if err != nil {
		return nil, err
	}
	slot := r.kindName + "\x00" + index
	if name, ok := r.claims.holder[slot]; ok && name != client.ObjectKeyFromObject(o) {
		rival := newObject[O]()
		if err := r.client.Get(ctx, name, rival); err == nil && (rival.State().Key == key || rival.State().Key == "") {
			rivals = append(rivals, rival)
		}
	}
	for _, rival := range rivals {
		if rival.GetUID() != o.GetUID() && precedes(rival, o) {
			return rival, nil
		}
	}
	r.claims.holder[slot] = client.ObjectKeyFromObject(o)
	return nil, nil
}

// recordedBy returns another object that has recorded the same external object as its own, nil when there is none.
func (r *reconciler[O, W]) recordedBy(ctx context.Context, o O, id string) (v1alpha1.Object, error) {
	holders, err := r.matching(ctx, "", indexID, serverIndex(serverName(o), id))
	if err != nil {
		return nil, err
	}
	for _, h := range holders {
		if h.GetUID() != o.GetUID() {
			return h, nil
		}
	}
	return nil, nil
}

// precedes reports whether a's claim beats b's: what is on the server already, then age, then name.
func precedes(a, b v1alpha1.Object) bool {
	if onServer(a) != onServer(b) {
		return onServer(a)
	}
	at, bt := a.GetCreationTimestamp(), b.GetCreationTimestamp()
	if !at.Equal(&bt) {
		return at.Before(&bt)
	}
	return client.ObjectKeyFromObject(a).String() < client.ObjectKeyFromObject(b).String()
}

func onServer(o v1alpha1.Object) bool { return o.State().ID != "" || o.State().Pending != nil }

func describe(kind string, o v1alpha1.Object) string {
	return fmt.Sprintf("%s %s/%s", kind, o.GetNamespace(), o.GetName())
}

// release forgets o's claim.
func (c *claims) release(name types.NamespacedName) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for slot, holder := range c.holder {
		if holder == name {
			delete(c.holder, slot)
		}
	}
}
