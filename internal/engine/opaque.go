// Opaque objects: their name is all that the server tells of them. What proves whose they are is that this resource has made them, and what is known of
// their content is what it has written.

package engine

import (
	"context"
	"fmt"
)

// opaque reports whether objects of the kind show nothing but their name.
func (p *pass[O, W]) opaque() bool {
	_, is := p.kind.(Opaque[O, W])
	return is
}

// noteMade notes whether this resource has made the object. It is saved with what says that it is to be made, or taken over.
func (p *pass[O, W]) noteMade(made bool) {
	if k, ok := p.kind.(Opaque[O, W]); ok {
		*k.Made(p.o) = made
	}
}

// noteWritten notes what was written of what cannot be read back.
func (p *pass[O, W]) noteWritten(written W) {
	if k, ok := p.kind.(Opaque[O, W]); ok {
		k.Wrote(p.o, written)
	}
}

// notMade blocks the deletion of what was there before this resource: nothing but a name says which object that is.
func (p *pass[O, W]) notMade(found *Found[W]) *verdict {
	k, ok := p.kind.(Opaque[O, W])
	if !ok || *k.Made(p.o) || p.o.State().ID == "" { // without an id it is what a create was begun for
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
