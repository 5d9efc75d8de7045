// Rivals: several resources that have recorded one object as their own. A copy of a resource with its status does that: a backup restored into
// another namespace, a rename that carries the status along.

package engine

import (
	"context"
	"fmt"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// recorders lists the other resources that have recorded what was found as their own.
func (p *pass[O, W]) recorders(ctx context.Context, found *Found[W]) ([]v1alpha1.Object, error) {
	holders, err := p.holders(ctx, found.asOwner(p.kindName), guidsOf(found.In)...)
	if err != nil {
		return nil, err
	}
	var out []v1alpha1.Object
	for _, h := range holders {
		if h.GetUID() != p.o.GetUID() && h.State().ID != "" {
			out = append(out, h)
		}
	}
	return out, nil
}

// onlyOwner ends the pass where another resource has recorded the object, too, and was there first: this one neither writes nor shows it.
func (p *pass[O, W]) onlyOwner(ctx context.Context) *verdict {
	others, err := p.recorders(ctx, p.found)
	if err != nil {
		return p.fail(err)
	}
	for _, other := range others {
		if precedes(other, p.o) {
			v := p.ownedBy(other)
			p.found = nil
			return v
		}
	}
	return nil
}

// mayDelete decides about the deletion of what another resource has recorded, too. The one that was there first has it: where that is another
// one, this resource goes and leaves the object. Else the others have to go first, so that nothing is deleted that is still described.
func (p *pass[O, W]) mayDelete(ctx context.Context, found *Found[W]) (leave bool, _ *verdict) {
	others, err := p.recorders(ctx, found)
	if err != nil {
		return false, p.fail(err)
	}
	for _, other := range others {
		if precedes(other, p.o) {
			p.stays = true
			p.event(v1alpha1.ReasonRetained, "Release", fmt.Sprintf("left %q with id %s on the server: %s owns it", found.Key.Name, found.ID, describe(p.kindName, p.o, other)))
			return true, nil
		}
	}
	if len(others) > 0 {
		return false, stop(soon(blocked(fmt.Sprintf("%s has recorded %q as its own, too, and has to go first", describe(p.kindName, p.o, others[0]), found.Key.Name) + wayOut)))
	}
	return false, nil
}
