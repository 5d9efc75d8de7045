// The last look: a pass takes as long as its server does, and meanwhile somebody may have said that nothing is to be written.

package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// lastLookTime bounds the last look: a connection waits for it.
const lastLookTime = 10 * time.Second

// errOutdated holds back what an earlier spec has asked for.
var errOutdated = errors.New("the resource or its PleskServer was changed meanwhile")

// lastLook is asked right before each write leaves. It reads the object past the cache: what was accepted by the API server before a write
// has left (Retain, suspend, another plan, a deletion) counts.
func (p *pass[O, W]) lastLook() error {
	ctx, cancel := context.WithTimeout(context.Background(), lastLookTime)
	defer cancel()
	now := newObject[O]()
	err := p.servers.Reader.Get(ctx, client.ObjectKeyFromObject(p.o), now)
	if apierrors.IsNotFound(err) {
		return errOutdated
	}
	if err != nil {
		return fmt.Errorf("whether it is still wanted is not known: %w", err)
	}
	if now.GetUID() != p.o.GetUID() || now.GetGeneration() != p.o.GetGeneration() || deleting(now) != deleting(p.o) {
		return errOutdated
	}
	srv := &v1alpha1.PleskServer{}
	if err := p.client.Get(ctx, p.serverName, srv); err != nil || srv.UID != p.server.UID || srv.Generation != p.server.Generation {
		return errOutdated
	}
	return nil
}
