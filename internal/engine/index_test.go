// Waking: in groups, behind the user's changes.

package engine

import (
	"context"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

// notingQueue notes what is added to it.
type notingQueue struct {
	workqueue.TypedRateLimitingInterface[reconcile.Request] // nothing else is called
	after                                                   []time.Duration
	priority                                                []int
}

func (q *notingQueue) GetWithPriority() (reconcile.Request, int, bool) {
	return reconcile.Request{}, 0, true
}

func (q *notingQueue) AddWithOpts(o priorityqueue.AddOpts, items ...reconcile.Request) {
	for range items {
		q.after, q.priority = append(q.after, o.After), append(q.priority, *o.Priority)
	}
}

func TestWakingInGroups(t *testing.T) {
	g := NewWithT(t)
	q := &notingQueue{}
	requests := make([]reconcile.Request, 2*wakeGroup+1)
	for i := range requests {
		requests[i].NamespacedName = types.NamespacedName{Name: string(rune('a' + i))}
	}
	addInGroups(q, requests)
	g.Expect(q.after).To(HaveLen(len(requests)))
	for i, after := range q.after {
		g.Expect(after).To(Equal(time.Duration(i/wakeGroup)*wakeEvery), "object %d", i)
		g.Expect(q.priority[i]).To(Equal(handler.LowPriority))
	}
	g.Expect(q.after[len(q.after)-1]).To(Equal(2 * wakeEvery))
}

// What an object was before an update is asked about by nobody: the version of a Secret before our own write was no write of ours.
func TestWakingByWhatIsThereNow(t *testing.T) {
	g := NewWithT(t)
	var asked []client.Object
	h := wakes(func(_ context.Context, present client.Object, _ workqueue.TypedRateLimitingInterface[reconcile.Request]) {
		asked = append(asked, present)
	})
	before, now := secretNamed("shop", nil), secretNamed("shop", nil)
	h.Create(t.Context(), event.CreateEvent{Object: before}, &notingQueue{})
	h.Update(t.Context(), event.UpdateEvent{ObjectOld: before, ObjectNew: now}, &notingQueue{})
	h.Delete(t.Context(), event.DeleteEvent{Object: now}, &notingQueue{})
	g.Expect(asked).To(HaveExactElements(BeIdenticalTo(before), BeIdenticalTo(now), BeIdenticalTo(now)))
}
