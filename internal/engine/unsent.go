// Creations that were begun and not sent: the record says that one may be in flight, and this process knows better.

package engine

import (
	"sync"

	"k8s.io/apimachinery/pkg/types"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// unsent remembers creations of which nothing has left. Their record cannot always be taken back at once: the object was edited meanwhile, or the
// API server cannot be asked.
type unsent struct{ begun sync.Map } // by UID: attempt

// attempt tells one creation from another one of the same object.
type attempt struct {
	began int64
	key   string
}

func attemptOf(w *v1alpha1.PendingWrite) attempt { return attempt{w.StartTime.Unix(), w.Key} }

func (u *unsent) note(o types.UID, w *v1alpha1.PendingWrite) { u.begun.Store(o, attemptOf(w)) }

func (u *unsent) has(o types.UID, w *v1alpha1.PendingWrite) bool {
	known, ok := u.begun.Load(o)
	return ok && known == attemptOf(w)
}

// forget is for an object that is gone, and for the moment before the next attempt is recorded, which may be in the same second.
func (u *unsent) forget(o types.UID) { u.begun.Delete(o) }

// recallUnsent has an attempt that was never sent count as one that the server has refused.
func (p *pass[O, W]) recallUnsent() {
	s := p.o.State()
	if s.Pending != nil && s.ID == "" && p.unsent.has(p.o.GetUID(), s.Pending) {
		createRefused(s)
	}
}

// neverSent takes back that a create was begun, of which nothing has left.
func (p *pass[O, W]) neverSent() {
	p.unsent.note(p.o.GetUID(), p.o.State().Pending)
	createRefused(p.o.State())
}
