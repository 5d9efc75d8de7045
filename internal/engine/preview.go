// Previews: what a pass would write, for somebody who asks before anything is applied.

package engine

import (
	"context"
	"errors"
	"fmt"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// readOnly is a fence that holds back whatever would write to a server.
func readOnly() error { return errors.New("nothing is written by what only reads") }

// Preview is what a pass has found; what it would do is in the object's status.
type Preview struct {
	Exists bool // the server has what the object describes
	Adopts bool // it would become the object's own
	// Nothing : the pass came to no end, so the status is what it was before and says nothing of the server.
	Nothing bool
}

// SetupPreviews makes the engine ready for previews: it has no controllers then, and writes to no server. Its Client holds the cluster in memory, and
// is written to.
func (e *Engine) SetupPreviews(ctx context.Context, ix client.FieldIndexer) error {
	e.servers.Fence = readOnly
	e.queues = newQueues(0, nil) // who is woken waits for ever
	return e.index(ctx, ix)
}

// Preview makes one pass over an object, as if its managementPolicy were Plan where it is Managed.
func (e *Engine) Preview(ctx context.Context, o v1alpha1.Object) (Preview, error) {
	gvk, err := apiutil.GVKForObject(o, e.client.Scheme())
	if err != nil {
		return Preview{}, err
	}
	k := e.info(gvk.Kind)
	if k == nil {
		return Preview{}, fmt.Errorf("%s does not live on a server", gvk.Kind)
	}
	return k.preview(ctx, client.ObjectKeyFromObject(o))
}

// preview implements kindInfo.preview.
func (r *reconciler[O, W]) preview(ctx context.Context, name types.NamespacedName) (Preview, error) {
	o := newObject[O]()
	if err := r.client.Get(ctx, name, o); err != nil {
		return Preview{}, err
	}
	if c := o.Common(); c.ManagementPolicy != v1alpha1.ManagementPolicyObserveOnly {
		c.ManagementPolicy = v1alpha1.ManagementPolicyPlan
	}
	p, v := r.pass(ctx, o, urgencyOf(o))
	if _, err := p.finish(ctx, v); err != nil {
		return Preview{}, err
	}
	if v.silent {
		return Preview{Nothing: true}, nil
	}
	is := Preview{Exists: p.found != nil, Adopts: p.adoption != nil && (v.reason == v1alpha1.ReasonPlanned || v.state == stateReady)}
	if is.Adopts { // what lies in it is looked at as if that were done
		if v := p.adopt(ctx); v != nil {
			return Preview{}, fmt.Errorf("adopting it in memory: %s", v.message)
		}
	}
	return is, nil
}
