// Freshness: a pass works on what the cache shows, and the cache is behind right after our own writes.

package engine

import (
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"
)

// lookAgainSoon is how soon an object is reconciled again whose last write has not come back through the cache yet.
const lookAgainSoon = 100 * time.Millisecond

// outdated remembers, for each object, the resourceVersions that this process has replaced by a write of its own. A pass on one
// of them would act on what is no longer true, e.g. send again a password that was just sent.
type outdated struct {
	mu       sync.Mutex
	versions map[types.UID]map[string]bool
}

func newOutdated() *outdated { return &outdated{versions: map[types.UID]map[string]bool{}} }

// replaced notes that a write of ours has made another version of an object.
func (x *outdated) replaced(object types.UID, version, by string) {
	if version == by {
		return // nothing was changed
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.versions[object] == nil {
		x.versions[object] = map[string]bool{}
	}
	x.versions[object][version] = true
}

// shows reports whether a version has been replaced. One that has not is newer than all that have, which are forgotten.
func (x *outdated) shows(object types.UID, version string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.versions[object][version] {
		return true
	}
	delete(x.versions, object)
	return false
}

// forget drops what is known of an object that is gone.
func (x *outdated) forget(object types.UID) {
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.versions, object)
}
