// Leadership: whom the lease named, and who wrote to the servers; the two histories have to agree.

package chaos

import (
	"context"
	"slices"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// leaseName is that of the managers' lease.
const leaseName = "plesk-operator"

// watchLease notes how often the lease has changed hands, until ctx ends. A watch that breaks with the API server begins anew;
// what happened meanwhile is in the lease's own counter.
func (r *run) watchLease(ctx context.Context) {
	for pause(ctx, tryAgain) == nil {
		if w, err := r.bed.Client.Watch(ctx, &coordinationv1.LeaseList{}, client.InNamespace(testbed.DefaultNamespace)); err == nil {
			r.follow(ctx, w)
			w.Stop()
		}
	}
}

func (r *run) follow(ctx context.Context, w watch.Interface) {
	for {
		select {
		case <-ctx.Done():
			return
		case e, open := <-w.ResultChan():
			if !open {
				return
			}
			if l, ok := e.Object.(*coordinationv1.Lease); ok && l.Name == leaseName {
				r.noteLease(l)
			}
		}
	}
}

// noteLease keeps the lease's own counter, which goes on over gaps of the watch.
func (r *run) noteLease(l *coordinationv1.Lease) {
	if l.Spec.LeaseTransitions != nil {
		r.report.Transitions = max(r.report.Transitions, int(*l.Spec.LeaseTransitions))
	}
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
