// Queues: each server has one of its own, with workers of its own, so that a server which is slow, dead or crowded costs its neighbours
// nothing.

package engine

import (
	"context"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/types"

	"github.com/plesk-operator/plesk-operator/internal/session"
)

// urgency is the order in which a server's objects are looked at.
type urgency int

const (
	forResume urgency = iota // it is out of service, and is not to be any more
	forUser                  // somebody has just changed the object, or asks for a pass
	forRepair                // it is not as it should be
	forResync
	urgencies = int(forResync) + 1
)

// lane is where the packets of a pass wait.
func (u urgency) lane() session.Lane {
	if u == forResync {
		return session.Background
	}
	return session.Foreground
}

// patience is how many objects may go before those of a lesser urgency until one of these has its turn.
const patience = 16

// job is an object to be looked at; or a server, on which it is counted what of the kind no resource describes.
type job struct {
	kind string
	types.NamespacedName
	counts bool
}

// queues hands jobs to the workers of their servers. A job is never done twice at the same time, and one that comes while it is being
// done is done again.
type queues struct {
	workers int // of one server at most
	do      func(context.Context, job, urgency)

	mu      sync.Mutex
	ctx     context.Context // of all workers, nil before start and after the end
	servers map[types.NamespacedName]*queue
	running map[job]*turn
	ended   sync.WaitGroup
}

// turn is a job that is being done.
type turn struct{ again *request }

// request is a wish for a job.
type request struct {
	server types.NamespacedName
	job    job
	urgency
}

func newQueues(workers int, do func(context.Context, job, urgency)) *queues {
	return &queues{workers: workers, do: do, servers: map[types.NamespacedName]*queue{}, running: map[job]*turn{}}
}

// Start implements manager.Runnable: it works until ctx ends, and waits for what is being done.
func (q *queues) Start(ctx context.Context) error {
	q.mu.Lock()
	q.ctx = ctx
	for name, s := range q.servers {
		q.work(name, s) //nolint:contextcheck // it takes the context from q
	}
	q.mu.Unlock()
	<-ctx.Done()
	q.mu.Lock()
	q.ctx = nil
	q.mu.Unlock()
	q.ended.Wait()
	return nil
}

// add asks for a job of a server.
func (q *queues) add(r request) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if t := q.running[r.job]; t != nil {
		if t.again == nil || r.urgency <= t.again.urgency {
			t.again = &r
		}
		return
	}
	s := q.servers[r.server]
	if s == nil {
		s = &queue{waiting: map[job]urgency{}}
		q.servers[r.server] = s
	}
	s.push(r.job, r.urgency)
	q.work(r.server, s)
}

// work starts workers for what waits, as many as there may be.
func (q *queues) work(name types.NamespacedName, s *queue) {
	for q.ctx != nil && s.workers < min(q.workers, len(s.waiting)+s.busy) {
		s.workers++
		ctx := q.ctx
		q.ended.Go(func() { q.worker(ctx, name, s) })
	}
}

// worker does jobs of a server until none is left.
func (q *queues) worker(ctx context.Context, name types.NamespacedName, s *queue) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for ctx.Err() == nil {
		j, u, ok := s.pop()
		if !ok {
			break
		}
		if other := q.running[j]; other != nil { // for another server
			other.again = &request{name, j, forRepair}
			continue
		}
		t := &turn{}
		q.running[j] = t
		s.busy++
		q.mu.Unlock()
		q.do(ctx, j, u)
		q.mu.Lock()
		s.busy--
		delete(q.running, j)
		if t.again != nil {
			again := *t.again
			q.mu.Unlock()
			q.add(again) //nolint:contextcheck // it takes the context from q
			q.mu.Lock()
		}
	}
	if s.workers--; s.workers == 0 && len(s.waiting) == 0 && q.servers[name] == s {
		delete(q.servers, name)
	}
}

// queue is what waits for one server.
type queue struct {
	workers, busy int
	waiting       map[job]urgency
	lanes         [urgencies]lane
	passed        [urgencies]int // by how many more urgent ones, since one of these had its turn
}

// lane is the jobs of one urgency. The kinds take turns.
type lane struct {
	kinds []string // that have jobs, the next first
	jobs  map[string][]job
}

// push has a job wait, at its highest urgency.
func (s *queue) push(j job, u urgency) {
	if was, waits := s.waiting[j]; waits && was <= u {
		return
	}
	s.waiting[j] = u // what waits in another lane is passed over there
	l := &s.lanes[u]
	if l.jobs == nil {
		l.jobs = map[string][]job{}
	}
	if len(l.jobs[j.kind]) == 0 {
		l.kinds = append(l.kinds, j.kind)
	}
	l.jobs[j.kind] = append(l.jobs[j.kind], j)
}

// pop takes the next job: the most urgent one, but for those that have let enough others pass.
func (s *queue) pop() (job, urgency, bool) {
	order := make([]urgency, 0, urgencies)
	for u := range urgency(urgencies) {
		if s.passed[u] >= patience {
			order = slices.Insert(order, 0, u)
		} else {
			order = append(order, u)
		}
	}
	for _, u := range order {
		j, ok := s.popOf(u)
		if !ok {
			continue
		}
		s.passed[u] = 0
		for lesser := u + 1; int(lesser) < urgencies; lesser++ {
			if len(s.lanes[lesser].kinds) > 0 {
				s.passed[lesser]++
			}
		}
		delete(s.waiting, j)
		return j, u, true
	}
	return job{}, 0, false
}

func (s *queue) popOf(u urgency) (job, bool) {
	l := &s.lanes[u]
	for len(l.kinds) > 0 {
		kind := l.kinds[0]
		first := l.jobs[kind][0]
		l.kinds, l.jobs[kind] = l.kinds[1:], l.jobs[kind][1:]
		if len(l.jobs[kind]) > 0 {
			l.kinds = append(l.kinds, kind)
		} else {
			delete(l.jobs, kind)
		}
		if at, waits := s.waiting[first]; waits && at == u {
			return first, true
		}
	}
	return job{}, false
}
