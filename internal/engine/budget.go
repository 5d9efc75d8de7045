// The blast radius: how many objects may be deleted from one server, or made anew there, in an hour.

package engine

import (
	"context"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

const budgetWindow = time.Hour

// budget counts acts of one sort on each server. The counts are saved in the server's status before the act they are for, so that
// they outlive the process.
type budget struct {
	clock clock.PassiveClock
	saved func(*v1alpha1.PleskServer) []v1alpha1.DeletionCount
	limit func(*v1alpha1.PleskServer) int
	mu    sync.Mutex
	spent map[types.UID]*spending
}

// spending is what was done on one server.
type spending struct {
	mu      sync.Mutex
	counts  []v1alpha1.DeletionCount
	objects map[types.UID]spent // for which something was spent, by this process
}

// spent is what an object has cost, and when it did last.
type spent struct {
	n    int
	last time.Time
}

func newDeletionBudget(c clock.PassiveClock) *budget {
	saved := func(srv *v1alpha1.PleskServer) []v1alpha1.DeletionCount { return srv.Status.RecentDeletions }
	return &budget{clock: c, saved: saved, limit: deletionLimit, spent: map[types.UID]*spending{}}
}

func newRecreationBudget(c clock.PassiveClock) *budget {
	saved := func(srv *v1alpha1.PleskServer) []v1alpha1.DeletionCount { return srv.Status.RecentRecreations }
	return &budget{clock: c, saved: saved, limit: recreationLimit, spent: map[types.UID]*spending{}}
}

// of returns what was spent on a server; the first time in this process the server's status knows it.
func (b *budget) of(srv *v1alpha1.PleskServer) *spending {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.spent[srv.UID]
	if s == nil {
		s = &spending{counts: b.saved(srv), objects: map[types.UID]spent{}}
		b.spent[srv.UID] = s
	}
	return s
}

// take spends n on the server, once save has noted it; further tries at the same object cost what they take beyond that. When the server's
// limit is reached it returns how long until the oldest count falls out of the window. More than the limit at once is let
// through when nothing else was spent within the window, and spends all of it. With a limit of 0 nothing is.
func (b *budget) take(srv *v1alpha1.PleskServer, object types.UID, n int, save func([]v1alpha1.DeletionCount) error) (wait time.Duration, ok bool, _ error) {
	s := b.of(srv)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := b.clock.Now()
	s.expire(now)
	limit := b.limit(srv)
	before := s.objects[object].n
	if n <= before && limit > 0 {
		return 0, true, nil
	}
	more := n - before
	total := 0
	for _, c := range s.counts {
		total += int(c.Count)
	}
	if limit == 0 || total > 0 && total+more > limit {
		if len(s.counts) == 0 {
			return budgetWindow, false, nil
		}
		return expiry(s.counts[0]).Sub(now), false, nil
	}
	counts := append([]v1alpha1.DeletionCount(nil), s.counts...)
	minute := metav1.NewTime(now.Truncate(time.Minute))
	if last := len(counts); last > 0 && counts[last-1].Minute.Equal(&minute) {
		counts[last-1].Count += int32(more) // no deletion takes along more than fits
	} else {
		counts = append(counts, v1alpha1.DeletionCount{Minute: minute, Count: int32(more)}) // no deletion takes along more than fits
	}
	if err := save(counts); err != nil {
		return 0, false, err
	}
	s.counts, s.objects[object] = counts, spent{n: n, last: now}
	return 0, true, nil
}

// forget has the next try at an object cost as much as the first one did.
func (b *budget) forget(srv *v1alpha1.PleskServer, object types.UID) {
	s := b.of(srv)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.objects, object)
}

// expire drops what is older than the window. A count from the future, since the clock was set back, counts from now.
func (s *spending) expire(now time.Time) {
	var kept []v1alpha1.DeletionCount
	for _, c := range s.counts {
		if c.Minute.After(now) {
			c.Minute = metav1.NewTime(now.Truncate(time.Minute))
		}
		if expiry(c).After(now) {
			kept = append(kept, c)
		}
	}
	s.counts = kept
	for o, was := range s.objects {
		if !was.last.Add(budgetWindow).After(now) {
			delete(s.objects, o)
		}
	}
}

// expiry is when a count falls out of the window: an hour after the end of its minute.
func expiry(c v1alpha1.DeletionCount) time.Time { return c.Minute.Add(budgetWindow + time.Minute) }

// deletionLimit is the server's, whose default the API server has filled in.
func deletionLimit(srv *v1alpha1.PleskServer) int {
	if l := srv.Spec.MaxDeletionsPerHour; l != nil {
		return int(*l)
	}
	return 0
}

// saveDeletions notes the counts in the server's status. Nobody else writes this field.
func (e *Engine) saveDeletions(ctx context.Context, srv *v1alpha1.PleskServer, counts []v1alpha1.DeletionCount) error {
	changed := srv.DeepCopy()
	changed.Status.RecentDeletions = counts
	return e.client.Status().Patch(ctx, changed, client.MergeFrom(srv))
}

// recreationLimit is the server's, whose default the API server has filled in.
func recreationLimit(srv *v1alpha1.PleskServer) int {
	if l := srv.Spec.MaxRecreationsPerHour; l != nil {
		return int(*l)
	}
	return 0
}

// saveRecreations notes the counts in the server's status. Nobody else writes this field.
func (e *Engine) saveRecreations(ctx context.Context, srv *v1alpha1.PleskServer, counts []v1alpha1.DeletionCount) error {
	changed := srv.DeepCopy()
	changed.Status.RecentRecreations = counts
	return e.client.Status().Patch(ctx, changed, client.MergeFrom(srv))
}
