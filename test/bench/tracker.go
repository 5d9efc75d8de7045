// The tracker: which resources are ready, and how often any was written, by a watch of all of them.

package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// tracker follows the resources of one namespace, PleskServers apart.
type tracker struct {
	mu        sync.Mutex
	unready   map[types.UID]string // what they say of themselves
	ready     map[types.UID]bool
	lastReady time.Time
	changes   int // new versions of what existed
}

func newTracker() *tracker {
	return &tracker{unready: map[types.UID]string{}, ready: map[types.UID]bool{}}
}

// see takes note of one version of an object.
func (t *tracker) see(event watch.EventType, o client.Object) {
	if _, ok := o.(v1alpha1.Object); !ok {
		return // a PleskServer, whose status tells where the event log stands
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	id := o.GetUID()
	delete(t.unready, id)
	wasReady := t.ready[id]
	delete(t.ready, id)
	if event == watch.Deleted {
		return
	}
	if event == watch.Modified {
		t.changes++
	}
	conditions, observed := testbed.Conditions(o)
	ready := meta.FindStatusCondition(conditions, v1alpha1.ConditionReady)
	switch {
	case ready == nil:
		t.unready[id] = fmt.Sprintf("%T %s has no status", o, o.GetName())
	case !meta.IsStatusConditionTrue(conditions, v1alpha1.ConditionReady) || observed != o.GetGeneration():
		t.unready[id] = fmt.Sprintf("%T %s: %s: %s", o, o.GetName(), ready.Reason, ready.Message)
	default:
		t.ready[id] = true
		if !wasReady {
			t.lastReady = time.Now()
		}
	}
}

// changed is how many new versions there have been.
func (t *tracker) changed() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.changes
}

// await waits until so many resources exist and all are ready, and returns when the last one became so.
func (t *tracker) await(ctx context.Context, n int) (time.Time, error) {
	for {
		t.mu.Lock()
		ready, waiting, last := len(t.ready), len(t.unready), t.lastReady
		var example string
		for _, example = range t.unready {
			break
		}
		t.mu.Unlock()
		if ready == n && waiting == 0 {
			return last, nil
		}
		if err := pause(ctx, lookAgain); err != nil {
			return last, fmt.Errorf("%d of %d resources are ready: %s: %w", ready, n, example, err)
		}
	}
}

// lookAgain is how often a wait looks whether it is over.
const lookAgain = 20 * time.Millisecond

// pause lets a time pass.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
