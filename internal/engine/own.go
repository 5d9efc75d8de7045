// Making an object ours: it is, or it is adopted, or it is created.

package engine

import (
	"context"
	"fmt"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// own makes the object on the server ours: it is, or it is adopted, or it is created.
func (p *pass[O, W]) own(ctx context.Context) *verdict {
	if v := p.begunOtherwise(ctx); v != nil {
		return v
	}
	if p.found == nil {
		return p.absent(ctx)
	}
	if p.parentReplaced != nil && p.proven(p.found) {
		return p.parentReplaced // it is still where it was
	}
	if !p.self.implicit && p.proven(p.found) {
		if v := p.inPlace(ctx); v != nil {
			return v
		}
	}
	known := p.self.implicit && !p.self.ofServer || p.proven(p.found) || p.begun(p.found) // whose parent it is has been asked
	if known {
		if v := p.onlyOwner(ctx); v != nil {
			return v
		}
	} else {
		// Reach comes before reading: what is out of it is not shown either.
		why, err := p.outOfReach(ctx, append([]Owner{{Kind: p.kindName, Identity: p.found.Identity, Key: p.found.Key}}, p.found.In...))
		if err == nil && why == "" {
			why, err = p.holdsOthers(ctx, p.found)
		}
		if err != nil {
			return p.fail(err)
		}
		if why != "" && p.policy() == v1alpha1.ManagementPolicyObserveOnly {
			p.found = nil
			return p.absent(ctx) // whether it is there is nothing for a tenant to learn
		}
		if why != "" {
			p.found, p.o.State().Observing = nil, nil
			return stop(stalled(v1alpha1.ReasonAlreadyExists, fmt.Sprintf("%q exists on the server: %s", p.key.Name, why)))
		}
	}
	if p.policy() == v1alpha1.ManagementPolicyObserveOnly {
		if s := p.o.State(); s.ID == "" {
			s.Observing = p.found.Identity.published()
		}
		return nil
	}
	p.o.State().Observing = nil
	p.observe()
	v := p.ownership(ctx)
	if p.listed && p.adoption != nil {
		return unsure()
	}
	if v == nil {
		v = p.knowTold(ctx)
	}
	if v == nil && p.adoption != nil && (p.managed() || !p.adoption.foreign) {
		v = p.takeOver(ctx)
	}
	if v == nil && p.adoption == nil {
		v = p.hold(ctx)
	}
	if v != nil && p.found != nil && !p.managed() { // there is no plan to approve yet, but what differs was asked for
		p.o.State().Changes = p.published(unmarkedChanges(Diff(p.want, p.compared())))
	}
	return v
}

// takeOver adopts what was found, unless it is somebody's and cannot become what the spec says.
func (p *pass[O, W]) takeOver(ctx context.Context) *verdict {
	if p.adoption.foreign {
		_, writable := split(p.differences(), func(c Change) bool { return c.Immutable })
		if v := p.askServer(ctx, Only(p.want, writable)); v != nil {
			return v
		}
	}
	return p.adopt(ctx)
}

// begunOtherwise stops where an unconfirmed create was sent under another name than the spec has now, and something has that name: without
// a mark nothing tells whether it is this resource's, and going on would orphan it.
func (p *pass[O, W]) begunOtherwise(ctx context.Context) *verdict {
	s := p.o.State()
	if s.Pending == nil || s.Pending.Outcome == v1alpha1.PendingRefused || s.ID != "" || p.mark() != "" {
		return nil
	}
	begun := begunKey(s.Pending)
	if begun.same(p.key) {
		return nil
	}
	found, v := p.lookUp(ctx, Handle{Key: begun, Was: begun})
	if v != nil || found == nil {
		return v
	}
	return stop(stalled(v1alpha1.ReasonAlreadyExists, fmt.Sprintf(
		"%[1]q is on the server, and may be what this resource began to create before its name was changed to %[2]q: name it %[1]q once more, so that it is taken, or remove it there", begun.Name, p.key.Name)))
}

// hold adds the finalizer to what is recorded: a crash may have come between the two.
func (p *pass[O, W]) hold(ctx context.Context) *verdict {
	if err := p.addFinalizer(ctx); err != nil {
		return p.fail(err)
	}
	return nil
}
