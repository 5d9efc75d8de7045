// Refusals: what the server refused is not sent again until something has changed that could change the answer.

package engine

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// refusals remembers, in this process, the last refusals of each object: of all that was to be written, and of its secrets alone. A pass may be woken by
// much (the server's conditions, a Secret that was written); only a changed input, a request or the resync repeats a refused write.
type refusals struct {
	clock clock.PassiveClock
	mu    sync.Mutex
	last  map[types.UID][]refusal // the latest last
}

// refusalsKept is how many refusals of an object are remembered.
const refusalsKept = 2

type refusal struct {
	of      string // all that the write depended on
	verdict verdict
	until   time.Time
}

func newRefusals(c clock.PassiveClock) *refusals {
	return &refusals{clock: c, last: map[types.UID][]refusal{}}
}

func (r *refusals) get(object types.UID, of string) *verdict {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.last[object], func(l refusal) bool { return l.of == of && r.clock.Now().Before(l.until) })
	if i < 0 {
		return nil
	}
	v := r.last[object][i].verdict
	return &v
}

func (r *refusals) put(object types.UID, of string, v verdict, keep time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v.err = nil // it has been reported
	kept := slices.DeleteFunc(r.last[object], func(l refusal) bool { return l.of == of })
	kept = append(kept, refusal{of: of, verdict: v, until: r.clock.Now().Add(keep)})
	r.last[object] = kept[max(0, len(kept)-refusalsKept):]
}

func (r *refusals) forget(object types.UID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.last, object)
}

// unlessRefused writes, unless the server has refused exactly that before. Changes are what an update would write.
func (p *pass[O, W]) unlessRefused(changes []Change, write func() *verdict) *verdict {
	if v := p.refusals.get(p.o.GetUID(), p.inputsOf(changes)); v != nil {
		return v
	}
	v := write()
	if v != nil && v.state == stateStalled && v.err != nil {
		p.fitVerdict(v)
		// A little less than the time to the resync, which is to try again.
		p.refusals.put(p.o.GetUID(), p.inputsOf(changes), *v, p.untilResync()*9/10)
	}
	return v
}

// inputsOf is all that a write depends on, with secrets as their keyed hash. It is kept in memory only.
func (p *pass[O, W]) inputsOf(changes []Change) string {
	a := p.o.GetAnnotations()
	return fmt.Sprint(client.ObjectKeyFromObject(p.o), p.o.GetGeneration(),
		a[v1alpha1.AnnotationReconcile], p.o.State().AppliedPermit, p.server.Generation, p.secret.digests, p.inputs.refs, changes)
}
