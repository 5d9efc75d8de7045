// The last look: a pass takes as long as its server does, and meanwhile somebody may have said that nothing is to be written.

package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// lastLookTime bounds the last look: a connection waits for it.
const lastLookTime = 10 * time.Second

// errOutdated holds back what an earlier spec has asked for.
var errOutdated = errors.New("the resource or its PleskServer was changed meanwhile")

// lookHolds is how long a look counts: no longer than a packet is on its way to its server. It lets a write that waits for its turn look
// while others leave, so that a busy server does not wait for the API server.
const lookHolds = 250 * time.Millisecond

// lastLook is asked right before each write leaves, and before that for those that are next in line. It reads the object past the cache: what was
// accepted by the API server before a write has left (Retain, suspend, another plan, a deletion) counts. It is called while the pass waits, and knows
// the pass as it is now.
func (p *pass[O, W]) lastLook() func() error {
	var (
		mu     sync.Mutex
		at     time.Time
		seen   error
		begun  = p.o.DeepCopyObject().(O)
		server = p.server
	)
	return func() error {
		mu.Lock()
		defer mu.Unlock()
		if time.Since(at) > lookHolds {
			seen = p.stillWanted(begun, server)
			at = time.Now()
		}
		return seen
	}
}

// stillWanted reports, as an error, that the object or its server are not any more what the pass has begun with.
func (r *reconciler[O, W]) stillWanted(begun O, server *v1alpha1.PleskServer) error {
	ctx, cancel := context.WithTimeout(context.Background(), lastLookTime)
	defer cancel()
	now := newObject[O]()
	err := r.servers.Reader.Get(ctx, client.ObjectKeyFromObject(begun), now)
	if apierrors.IsNotFound(err) {
		return errOutdated
	}
	if err != nil {
		return fmt.Errorf("whether it is still wanted is not known: %w", err)
	}
	if now.GetUID() != begun.GetUID() || now.GetGeneration() != begun.GetGeneration() || deleting(now) != deleting(begun) {
		return errOutdated
	}
	srv := &v1alpha1.PleskServer{}
	if err := r.client.Get(ctx, client.ObjectKeyFromObject(server), srv); err != nil || srv.UID != server.UID || srv.Generation != server.Generation {
		return errOutdated
	}
	return nil
}

// neverSent takes back that a create was begun, of which nothing has left. The object may have been edited since, so the record is changed as
// it is by now; one that is about another attempt stays.
func (p *pass[O, W]) neverSent(ctx context.Context) error {
	begun := p.o.State().Pending
	now := newObject[O]()
	if err := p.servers.Reader.Get(ctx, client.ObjectKeyFromObject(p.o), now); err != nil {
		return client.IgnoreNotFound(err)
	}
	s := now.State()
	if now.GetUID() != p.o.GetUID() || s.ID != "" || s.Pending == nil || s.Pending.StartTime.Unix() != begun.StartTime.Unix() || s.Pending.Key != begun.Key {
		return nil
	}
	createRefused(s)
	was := now.GetResourceVersion()
	if err := p.client.Status().Update(ctx, now); err != nil {
		return client.IgnoreNotFound(err)
	}
	p.outdated.replaced(now.GetUID(), was, now.GetResourceVersion())
	createRefused(p.o.State())
	if now.GetGeneration() == p.o.GetGeneration() {
		p.o.SetResourceVersion(now.GetResourceVersion())
		p.before = now
	}
	return nil
}
