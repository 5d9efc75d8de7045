// What is on servers and in no resource, counted by kind.

package engine

import (
	"context"
	"fmt"
	"math"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// undeclared keeps the counts, by the UID of the PleskServer and kind.
type undeclared struct {
	metrics *Metrics
	clock   clock.PassiveClock
	mu      sync.Mutex
	of      map[types.UID]map[string]counted
}

// counted is what a list has shown.
type counted struct {
	n     int32
	at    time.Time // zero: it may be otherwise by now
	asked time.Time // when it was asked for first, while no list has shown it
}

// countAfter is how long a kind without resources waits for its first count, at most: a server that has just been made known has other things to do.
const countAfter = 5 * time.Minute

func newUndeclared(m *Metrics, c clock.PassiveClock) *undeclared {
	return &undeclared{metrics: m, clock: c, of: map[types.UID]map[string]counted{}}
}

func (u *undeclared) set(srv *v1alpha1.PleskServer, kind string, n int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.of[srv.UID] == nil {
		u.of[srv.UID] = map[string]counted{}
	}
	u.of[srv.UID][kind] = counted{n: int32(min(n, math.MaxInt32)), at: u.clock.Now()} //nolint:gosec // bounded
	u.metrics.undeclared.WithLabelValues(client.ObjectKeyFromObject(srv).String(), kind).Set(float64(n))
}

// doubt has a kind counted again.
func (u *undeclared) doubt(srv *v1alpha1.PleskServer, kind string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if c, ok := u.of[srv.UID][kind]; ok && c.asked.IsZero() {
		u.of[srv.UID][kind] = counted{n: c.n}
	}
}

// due reports whether a kind is to be counted: no list has told it for two resync periods, by which resources of the kind are listed.
func (u *undeclared) due(srv *v1alpha1.PleskServer, kind string, hasResources bool) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	c, known := u.of[srv.UID][kind]
	now := u.clock.Now()
	if !known && !hasResources {
		if u.of[srv.UID] == nil {
			u.of[srv.UID] = map[string]counted{}
		}
		u.of[srv.UID][kind] = counted{asked: now}
		return false
	}
	if !c.asked.IsZero() && !hasResources {
		return now.Sub(c.asked) >= min(countAfter, resyncOf(srv))
	}
	age := now.Sub(c.at)
	return c.at.IsZero() || age < 0 || age > 2*resyncOf(srv)
}

// counts are those of a server, by kind.
func (u *undeclared) counts(srv *v1alpha1.PleskServer) map[string]int32 {
	u.mu.Lock()
	defer u.mu.Unlock()
	out := make(map[string]int32, len(u.of[srv.UID]))
	for kind, c := range u.of[srv.UID] {
		if c.asked.IsZero() {
			out[kind] = c.n
		}
	}
	return out
}

// forget drops the counts of a server that is gone.
func (u *undeclared) forget(srv *v1alpha1.PleskServer) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.of, srv.UID)
	u.metrics.undeclared.DeletePartialMatch(prometheus.Labels{"server": client.ObjectKeyFromObject(srv).String()})
}

// Undeclared counts what is on a server and in no resource, by kind, as the last lists have shown it.
func (e *Engine) Undeclared(srv *v1alpha1.PleskServer) map[string]int32 {
	return e.undeclared.counts(srv)
}

// Forget drops what is known of a server that is gone.
func (e *Engine) Forget(srv *v1alpha1.PleskServer) { e.undeclared.forget(srv) }

// count implements kindInfo.count. What cannot be counted now is counted another time: nobody waits for it.
func (r *reconciler[O, W]) count(ctx context.Context, server types.NamespacedName) {
	logger := r.logger.WithValues("kind", r.kindName, "server", server.String())
	defer func() {
		if cause := recover(); cause != nil {
			logger.Error(fmt.Errorf("panic: %v\n%s", cause, debug.Stack()), "Objects could not be counted")
		}
	}()
	srv := &v1alpha1.PleskServer{}
	if err := r.client.Get(ctx, server, srv); err != nil {
		return // it is gone, or the cache is shutting down
	}
	if reason, _ := unready(srv); reason != "" || !slices.Contains(r.self.roles, srv.Status.Role) {
		return
	}
	s, err := r.servers.Session(ctx, srv)
	if err != nil {
		return // its PleskServer says so
	}
	p := &pass[O, W]{reconciler: r, serverName: server, server: srv, session: s}
	if err := p.list(ctx, &listing[W]{}); err != nil && ctx.Err() == nil {
		logger.V(1).Info("Objects that no resource describes could not be counted", "class", xmlapi.ClassOf(err))
	}
}
