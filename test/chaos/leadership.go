// Leadership: whom the lease named, and who wrote to the servers; the two histories have to agree.

package chaos

import (
	"context"
	"slices"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// leaseName is the name of the managers' lease.
const leaseName = "plesk-operator"

// readLease notes how often the lease has changed hands. It counts that itself, over all its holders.
func (r *run) readLease(ctx context.Context) error {
	lease := &coordinationv1.Lease{}
	if err := r.client.Get(ctx, client.ObjectKey{Namespace: testbed.DefaultNamespace, Name: leaseName}, lease); err != nil {
		return err
	}
	r.report.Transitions = int(ptr.Deref(lease.Spec.LeaseTransitions, 0))
	return nil
}

// checkLeadership compares the lease's history with the writes that reached the servers. Every life of a manager has a name of
// its own, so each may write during one stretch of time only, and the stretches must not overlap, on any server.
func (r *run) checkLeadership() {
	type stretch struct{ first, last write }
	lives := map[string]*stretch{}
	for _, s := range r.servers {
		s.mu.Lock()
		writes := slices.Clone(s.writes)
		s.mu.Unlock()
		slices.SortStableFunc(writes, func(a, b write) int { return a.began.Compare(b.began) })
		handOvers := 0
		for i, w := range writes {
			if i > 0 && writes[i-1].who != w.who {
				handOvers++
			}
			switch l := lives[w.who]; {
			case l == nil:
				lives[w.who] = &stretch{w, w}
			case w.began.Before(l.first.began):
				l.first = w
			case w.began.After(l.last.began):
				l.last = w
			}
		}
		r.report.HandOvers = max(r.report.HandOvers, handOvers)
		if handOvers > r.report.Transitions {
			r.report.broken(takeover, "%s: the writer changed %d times, the lease %d times", s.name, handOvers, r.report.Transitions)
		}
	}
	all := make([]*stretch, 0, len(lives))
	for _, l := range lives {
		all = append(all, l)
	}
	slices.SortFunc(all, func(a, b *stretch) int { return a.first.began.Compare(b.first.began) })
	for i := 1; i < len(all); i++ {
		before, after := all[i-1], all[i]
		if !before.last.began.Before(after.first.began) {
			r.report.broken(takeover, "%s wrote at %s, after its successor %s had begun at %s", before.last.who, before.last.began.Format(time.StampMicro),
				after.first.who, after.first.began.Format(time.StampMicro))
		}
	}
}
