// The blast radius: how many objects may be deleted from one server in an hour.

package engine

import (
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"
)

const budgetWindow = time.Hour

// deletionBudget counts the deletions on each server. It starts anew with the process.
type deletionBudget struct {
	clock clock.PassiveClock
	mu    sync.Mutex
	spent map[types.UID]map[types.UID]time.Time // server, object
}

func newDeletionBudget(c clock.PassiveClock) *deletionBudget {
	return &deletionBudget{clock: c, spent: map[types.UID]map[types.UID]time.Time{}}
}

// take spends one deletion on the server; further tries at the same object cost nothing. When limit is reached it returns
// how long until the oldest falls out of the window.
func (b *deletionBudget) take(server, object types.UID, limit int) (wait time.Duration, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	wait = budgetWindow
	for o, t := range b.spent[server] {
		if left := t.Add(budgetWindow).Sub(now); left <= 0 {
			delete(b.spent[server], o)
		} else {
			wait = min(wait, left)
		}
	}
	if _, again := b.spent[server][object]; again {
		return 0, true
	}
	if len(b.spent[server]) >= limit {
		return wait, false
	}
	if b.spent[server] == nil {
		b.spent[server] = map[types.UID]time.Time{}
	}
	b.spent[server][object] = now
	return 0, true
}
