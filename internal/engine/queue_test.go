package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"k8s.io/apimachinery/pkg/types"
)

func jobOf(kind, name string) job {
	return job{kind: kind, NamespacedName: types.NamespacedName{Namespace: "hosting", Name: name}}
}

func serverCalled(name string) types.NamespacedName {
	return types.NamespacedName{Namespace: "hosting", Name: name}
}

// worked is what queues have done, in order. Each job waits until it is let through, where there is somebody to do so.
type worked struct {
	mu      sync.Mutex
	done    []string
	now     map[string]int // under way, by server's first letter
	most    map[string]int
	through map[string]chan struct{} // by name; nil: at once
}

func (w *worked) do(_ context.Context, j job, _ urgency) {
	who := j.Name[:1]
	w.mu.Lock()
	w.now[who]++
	w.most[who] = max(w.most[who], w.now[who])
	gate := w.through[j.Name]
	w.mu.Unlock()
	if gate != nil {
		<-gate
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now[who]--
	w.done = append(w.done, j.Name)
}

func newWorked() *worked {
	return &worked{now: map[string]int{}, most: map[string]int{}, through: map[string]chan struct{}{}}
}

// running starts queues whose end is waited for. Within a bubble of synctest.
func running(t *testing.T, workers int, w *worked) (q *queues, stop func()) {
	t.Helper()
	q = newQueues(workers, w.do)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- q.Start(ctx) }()
	return q, func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// A server whose packets hang has its own workers hang, and nobody else's.
func TestAServerThatHangsHoldsUpNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorked()
		q, stop := running(t, 2, w)
		hang := make(chan struct{})
		for i := range 100 {
			name := fmt.Sprintf("a%d", i)
			w.mu.Lock()
			w.through[name] = hang
			w.mu.Unlock()
			q.add(request{serverCalled("a"), jobOf("PleskCustomer", name), forUser})
		}
		synctest.Wait()
		q.add(request{serverCalled("b"), jobOf("PleskCustomer", "b"), forResync})
		synctest.Wait()
		w.mu.Lock()
		if !slices.Equal(w.done, []string{"b"}) {
			t.Errorf("done are %q", w.done)
		}
		w.mu.Unlock()
		close(hang)
		synctest.Wait()
		if len(w.done) != 101 || w.most["a"] != 2 {
			t.Errorf("%d are done, %d at once", len(w.done), w.most["a"])
		}
		if len(q.servers) != 0 || len(q.running) != 0 {
			t.Errorf("left are %v, %v", q.servers, q.running)
		}
		stop()
	})
}

// held has queues of one worker that is busy, so that what is added meanwhile is put in order.
func held(t *testing.T, fill func(q *queues)) []string {
	t.Helper()
	w := newWorked()
	synctest.Test(t, func(t *testing.T) {
		q, stop := running(t, 1, w)
		gate := make(chan struct{})
		w.through["first"] = gate
		q.add(request{serverCalled("a"), jobOf("PleskCustomer", "first"), forResync})
		synctest.Wait()
		fill(q)
		close(gate)
		synctest.Wait()
		stop()
	})
	return w.done[1:]
}

func TestWhatAUserWaitsForGoesFirst(t *testing.T) {
	done := held(t, func(q *queues) {
		for name, u := range map[string]urgency{"resync": forResync, "repair": forRepair, "edit": forUser} {
			q.add(request{serverCalled("a"), jobOf("PleskCustomer", name), u})
		}
	})
	if want := []string{"edit", "repair", "resync"}; !slices.Equal(done, want) {
		t.Errorf("done are %q", done)
	}
}

func TestTheUrgencyOfAJobIsItsHighestOne(t *testing.T) {
	done := held(t, func(q *queues) {
		for _, r := range []request{
			{serverCalled("a"), jobOf("PleskCustomer", "one"), forResync}, {serverCalled("a"), jobOf("PleskCustomer", "two"), forResync},
			{serverCalled("a"), jobOf("PleskCustomer", "two"), forUser}, {serverCalled("a"), jobOf("PleskCustomer", "two"), forRepair},
		} {
			q.add(r)
		}
	})
	if want := []string{"two", "one"}; !slices.Equal(done, want) {
		t.Errorf("done are %q", done)
	}
}

// A kind with thousands of objects does not keep one of another kind waiting.
func TestKindsTakeTurns(t *testing.T) {
	done := held(t, func(q *queues) {
		for i := range 1000 {
			q.add(request{serverCalled("a"), jobOf("PleskMailAccount", fmt.Sprintf("mail%d", i)), forResync})
		}
		q.add(request{serverCalled("a"), jobOf("PleskDNSZone", "zone"), forResync})
	})
	if at := slices.Index(done, "zone"); at < 0 || at > 1 {
		t.Errorf("it was number %d", at+1)
	}
	if len(done) != 1001 {
		t.Errorf("%d are done", len(done))
	}
}

// Whoever edits without end does not keep the others waiting for ever.
func TestNothingWaitsForEver(t *testing.T) {
	done := held(t, func(q *queues) {
		for i := range 100 {
			q.add(request{serverCalled("a"), jobOf("PleskCustomer", fmt.Sprintf("edit%d", i)), forUser})
		}
		q.add(request{serverCalled("a"), jobOf("PleskCustomer", "resync"), forResync})
		q.add(request{serverCalled("a"), jobOf("PleskCustomer", "repair"), forRepair})
	})
	for _, name := range []string{"resync", "repair"} {
		if at := slices.Index(done, name); at < patience/2 || at > patience+2 {
			t.Errorf("%s was number %d", name, at+1)
		}
	}
}

// What comes while its object is being looked at is looked at again, once, and never at the same time.
func TestAJobIsDoneAgainWhenItComesWhileItIsDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorked()
		q, stop := running(t, 4, w)
		gate := make(chan struct{})
		w.through["acme"] = gate
		for _, server := range []string{"a", "a", "a", "b"} { // its server may be another one by now
			q.add(request{serverCalled(server), jobOf("PleskCustomer", "acme"), forUser})
			synctest.Wait()
		}
		if w.most["a"] != 1 {
			t.Errorf("%d at once", w.most["a"])
		}
		close(gate)
		synctest.Wait()
		if got := strings.Join(w.done, " "); got != "acme acme" || w.most["a"] != 1 {
			t.Errorf("done: %s; %d at once", got, w.most["a"])
		}
		stop()
	})
}

func TestTheEndWaitsForWhatIsBeingDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorked()
		q, stop := running(t, 1, w)
		gate := make(chan struct{})
		w.through["acme"] = gate
		q.add(request{serverCalled("a"), jobOf("PleskCustomer", "acme"), forUser})
		q.add(request{serverCalled("a"), jobOf("PleskCustomer", "birch"), forUser})
		synctest.Wait()
		ended := make(chan struct{})
		go func() { stop(); close(ended) }()
		synctest.Wait()
		select {
		case <-ended:
			t.Error("it did not wait")
		default:
		}
		close(gate)
		<-ended
		if got := strings.Join(w.done, " "); got != "acme" {
			t.Errorf("done: %s", got)
		}
		q.add(request{serverCalled("a"), jobOf("PleskCustomer", "birch"), forUser})
		synctest.Wait()
		if len(w.done) != 1 {
			t.Error("it goes on after the end")
		}
	})
}

// What is routed before the start waits for it.
func TestJobsBeforeTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorked()
		q := newQueues(1, w.do)
		q.add(request{serverCalled("a"), jobOf("PleskCustomer", "acme"), forUser})
		synctest.Wait()
		if len(w.done) != 0 {
			t.Error("it was done")
		}
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error)
		go func() { ended <- q.Start(ctx) }()
		synctest.Wait()
		cancel()
		if err := <-ended; err != nil || len(w.done) != 1 {
			t.Errorf("done: %q, %v", w.done, err)
		}
	})
}
