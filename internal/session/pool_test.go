// The pool while sessions are being made, which takes as long as the API server takes to show their Secrets.

package session

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestASessionThatIsBeingMadeHoldsUpNoOtherServers(t *testing.T) {
	p := NewPool()
	_, _ = p.Get("other", "1", func() (*Session, error) { return &Session{}, nil })
	made := make(chan struct{})
	_, err := p.Get("slow", "1", func() (*Session, error) {
		go func() {
			defer close(made)
			for _, id := range []string{"new", "other"} {
				if _, err := p.Get(id, "1", func() (*Session, error) { return &Session{}, nil }); err != nil {
					t.Error(err)
				}
			}
		}()
		select {
		case <-made:
		case <-time.After(10 * time.Second):
			t.Error("the others wait for it")
		}
		return &Session{}, nil
	})
	if err != nil {
		t.Error(err)
	}
	<-made
}

func TestOneSessionIsMadeForAllThatAskAtOnce(t *testing.T) {
	p := NewPool()
	var made atomic.Int32
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			_, err := p.Get("a", "1", func() (*Session, error) {
				made.Add(1)
				return &Session{}, nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if made.Load() != 1 {
		t.Errorf("%d were made", made.Load())
	}
}

// Whoever has waited for a session while its server went gets one that the pool knows, and closes.
func TestASessionThatIsAskedForWhileItsServerGoes(t *testing.T) {
	p := NewPool()
	create := func() (*Session, error) { return &Session{}, nil }
	waiting := p.of("a")
	p.Drop("a")
	if _, ok, err := waiting.get("1", create); ok || err != nil {
		t.Error("it is made where nobody will find it")
	}
	s, err := p.Get("a", "1", create)
	if err != nil {
		t.Fatal(err)
	}
	if p.of("a").session != s {
		t.Error("the pool has another one")
	}
}
