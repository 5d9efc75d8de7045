// Unproven objects: their place and their name are all that tells one from another. What proves whose they are is that this resource has made them. Of
// opaque ones the server does not tell their content either: what is known of it is what was written.

package engine

import (
	"context"
	"fmt"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// opaque reports whether objects of the kind do not show what they are made of.
func (p *pass[O, W]) opaque() bool {
	_, is := p.kind.(Opaque[O, W])
	return is
}

// noteMade notes whether this resource has made the object. It is saved with what says that it is to be made, or taken over.
func (p *pass[O, W]) noteMade(made bool) {
	if k, ok := p.kind.(Unproven[O]); ok {
		*k.Made(p.o) = made
	}
}

// madeNow reports whether this resource has made what is about to be recorded.
func (p *pass[O, W]) madeNow() bool { return !p.adoption.foreign || p.asBegun(p.found) }

// asBegun reports whether what was found is what a create that was begun has made: it found nothing under the name, and what is there now is as a create
// leaves it, as far as that can be told.
func (p *pass[O, W]) asBegun(found *Found[W]) bool {
	return p.begunHere(found) && (p.opaque() || len(p.unlikeWanted()) == 0)
}

// begunHere reports whether a create of ours was begun for what was found, by its place and its name, and may have been executed.
func (p *pass[O, W]) begunHere(found *Found[W]) bool {
	w := p.o.State().Pending
	return w != nil && w.Outcome != v1alpha1.PendingRefused && found.Key.same(begunKey(w))
}

// noteWritten notes what was written of what cannot be read back.
func (p *pass[O, W]) noteWritten(written W) {
	if k, ok := p.kind.(Opaque[O, W]); ok {
		k.Wrote(p.o, written)
	}
}

// notMade blocks the deletion of what was there before this resource: nothing but a name says which object that is. What has no id yet may be what a
// create was begun for.
func (p *pass[O, W]) notMade(found *Found[W]) *verdict {
	k, ok := p.kind.(Unproven[O])
	if !ok || *k.Made(p.o) || p.o.State().ID == "" && p.asBegun(found) {
		return nil
	}
	return stop(blocked(fmt.Sprintf("%q was on the server before this resource, and nothing but its name tells it from others: not deleted", found.Key.Name) + wayOut))
}

// stillUsed has a deletion wait for what uses the object on the server.
func (p *pass[O, W]) stillUsed(ctx context.Context, found *Found[W]) *verdict {
	k, ok := p.kind.(Used[W])
	if !ok {
		return nil
	}
	users, err := k.UsedBy(ctx, p.doer, found)
	if err != nil {
		return p.fail(err)
	}
	if len(users) == 0 {
		return nil
	}
	return stop(soon(blocked(ListNames("still used by", users) + wayOut)))
}
