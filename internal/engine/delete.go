// Deletion: from the status alone, only what is recorded as ours and proven by two attributes. What lies in it goes only where that was
// permitted.

package engine

import (
	"context"
	"fmt"

	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

const wayOut = "; spec.deletionPolicy: Retain leaves the object on the server and lets this resource go"

func (p *pass[O, W]) runDelete(ctx context.Context) verdict {
	s := p.o.State()
	s.Awaiting, s.Changes = nil, nil
	switch {
	case !controllerutil.ContainsFinalizer(p.o, v1alpha1.Finalizer):
		return p.forget()
	case s.ID == "" && (s.Pending == nil || s.Pending.Outcome == v1alpha1.PendingRefused):
		return p.release(ctx)
	case !p.managed() || retains(p.o.Common().DeletionPolicy):
		return p.retain(ctx)
	case p.o.Common().Paused(p.clock.Now()):
		return p.untilResumed(blocked(p.pause() + ", so nothing is deleted" + wayOut))
	}
	for _, step := range []func(context.Context) *verdict{p.readPermits, p.noteHolders, p.learnSecrets, p.reachServer, p.noChildren, p.remove} {
		if v := step(ctx); v != nil {
			return *v
		}
	}
	if !p.stays {
		if v := p.unpublish(ctx); v != nil {
			return *v
		}
	}
	return p.release(ctx)
}

func blocked(message string) verdict {
	return verdict{reason: v1alpha1.ReasonDeletionBlocked, message: message, state: stateWorking, pace: paceResync}
}

func retains(d *v1alpha1.DeletionPolicy) bool { return d != nil && *d == v1alpha1.DeletionPolicyRetain }

func (p *pass[O, W]) retain(ctx context.Context) verdict {
	p.event(v1alpha1.ReasonRetained, "Release", fmt.Sprintf("left %q with id %s on the server", p.o.State().Key, p.o.State().ID))
	return p.release(ctx)
}

// release drops the finalizer: nothing of ours is left on the server, or it is to stay there.
func (p *pass[O, W]) release(ctx context.Context) verdict {
	base := p.o.DeepCopyObject().(O)
	controllerutil.RemoveFinalizer(p.o, v1alpha1.Finalizer)
	err := p.client.Patch(ctx, p.o, client.MergeFromWithOptions(base, client.MergeFromWithOptimisticLock{}))
	if client.IgnoreNotFound(err) != nil {
		return *p.fail(err)
	}
	return p.forget()
}

// forget frees the key for others, before the cache shows that the object is gone.
func (p *pass[O, W]) forget() verdict {
	p.claims.forget(p.job())
	return done()
}

// noChildren waits for the resources that refer to this one and hold something on the server.
func (p *pass[O, W]) noChildren(ctx context.Context) *verdict {
	names, err := p.children(ctx, p.kindName, p.o, p.server)
	if err != nil {
		return p.fail(err)
	}
	if len(names) > 0 {
		return stop(blocked(ListNames("still referred to by", names) + wayOut))
	}
	return nil
}

// remove deletes what is recorded, or what an unconfirmed create has made, and verifies that it is gone.
func (p *pass[O, W]) remove(ctx context.Context) *verdict {
	found, v := p.findOurs(ctx)
	switch {
	case v != nil:
		if v.reason == v1alpha1.ReasonWrongServer {
			v.message += wayOut
		}
		return v
	case found == nil && p.o.State().ID == "":
		if v := p.inFlight(); v != nil {
			return stop(blockedFor(*v))
		}
		return nil
	case found == nil:
		if !p.seesAll() && !p.self.implicit {
			p.stays = true
			p.event(v1alpha1.ReasonRetained, "Release", fmt.Sprintf("%q with id %s is not shown to the account of PleskServer %s: if it is on the server still, it stays there",
				p.o.State().Key, p.o.State().ID, p.serverName))
		}
		return nil
	}
	if leave, v := p.mayDelete(ctx, found); leave || v != nil {
		return v
	}
	if p.self.implicit {
		if v := p.deletionOutside(found); v != nil {
			return v
		}
		if k, ok := p.kind.(Cleaner[O, W]); ok {
			if err := k.CleanUp(ctx, p.doer, p.o, found); err != nil && !xmlapi.IsNotFound(err) {
				return p.fail(err)
			}
		}
		return nil
	}
	if k, ok := p.kind.(Permanent[W]); ok {
		if why := k.Stays(found); why != "" {
			v := blocked(why + wayOut)
			v.pace = paceSlow // somebody may change that on the server
			return &v
		}
	}
	if v := p.notMade(found); v != nil {
		return v
	}
	if v := p.stillUsed(ctx, found); v != nil {
		return v
	}
	along, v := p.contents(ctx, found)
	if v != nil {
		return v
	}
	if len(p.using) == 0 { // who has permitted what goes along has permitted the deletion
		if v := p.deletionOutside(found); v != nil {
			return v
		}
	}
	if v := p.spend(ctx, 1+along); v != nil {
		return v
	}
	return p.deleteFound(ctx, found)
}

// deletionOutside ends the pass of what would be deleted outside of the change windows of its server, and was not permitted.
func (p *pass[O, W]) deletionOutside(found *Found[W]) *verdict {
	return p.outside(func(opens string) *verdict {
		return p.unlessPermitted(v1alpha1.PermitPlan, blocked(fmt.Sprintf("would delete %q; %s", found.Key.Name, opens)), "delete", found.ID)
	})
}

// blockedFor is a wait during a deletion.
func blockedFor(v verdict) verdict {
	b := blocked(v.message + wayOut)
	b.pace, b.after = v.pace, v.after
	return b
}

// findOurs finds what is ours beyond doubt. What has another identity by now, e.g. after a restore of the server, is looked for by mark and
// name. What is not ours is left alone and does not hold the resource.
func (p *pass[O, W]) findOurs(ctx context.Context) (*Found[W], *verdict) {
	s := p.o.State()
	h := Handle{Identity: Identity{ID: s.ID, GUID: s.GUID}, Mark: p.mark(), Was: recordedKey(s)}
	if s.ID == "" {
		h.Key = begunKey(s.Pending)
		h.Was = h.Key
	}
	p.key = h.Was
	found, v := p.lookUp(ctx, h)
	if v != nil || found == nil {
		return nil, v
	}
	if p.self.implicit {
		if !found.same(h.Identity) {
			return nil, nil // the parent is another one by now: nothing of ours is in it
		}
		return found, nil
	}
	if p.restore(found); s.ID == "" {
		return p.findBegun(ctx, found)
	}
	if !p.proven(found) {
		h.Identity, h.Key = Identity{}, h.Was
		if found, v = p.lookUp(ctx, h); v != nil || found == nil {
			return nil, v
		}
	}
	if !p.proven(found) && s.Pending != nil {
		return p.findBegun(ctx, found)
	}
	if !p.proven(found) {
		return nil, stop(blocked(fmt.Sprintf("the object with id %s (%q) has GUID %q and mark %q, recorded is id %s (%q) with GUID %q: not deleted",
			found.ID, found.Key.Name, found.GUID, found.Mark, s.ID, s.Key, s.GUID) + wayOut))
	}
	away, err := p.elsewhere(ctx, found)
	if err != nil {
		return nil, p.fail(err)
	}
	if away {
		return nil, stop(blocked(fmt.Sprintf("%q (id %s) lies in something else than was recorded (%s): somebody has moved it, or the server has given its name and id again, so it is not deleted",
			found.Key.Name, found.ID, placeName(s.Parent.Key, s.Parent.ID)) + wayOut))
	}
	if v := p.verifyRecordedParent(ctx); v != nil {
		return nil, v
	}
	p.found = found
	if v := p.markConflict(); v != nil {
		return nil, stop(blocked(v.message + wayOut))
	}
	return found, nil
}

// findBegun decides about what has the name of an unconfirmed create. With our mark it is ours. Without one it is ours if adoption would take
// it: then it is as we have sent it.
func (p *pass[O, W]) findBegun(ctx context.Context, found *Found[W]) (*Found[W], *verdict) {
	if p.begun(found) {
		return found, nil
	}
	if p.mark() != "" {
		return nil, nil // somebody else's, under the name that we never got
	}
	if v := p.resolve(ctx); v != nil {
		return nil, stop(blocked(fmt.Sprintf("%q may be what this resource began to create, and that cannot be told: %s", found.Key.Name, v.message) + wayOut))
	}
	found.Value = p.normal(found.Value)
	p.found = found
	if v := p.mayAdopt(); v != nil {
		return nil, nil
	}
	return found, nil
}

// spend takes a deletion, and all that it takes along, from the server's budget.
func (p *pass[O, W]) spend(ctx context.Context, n int) *verdict {
	wait, ok, err := p.deletions.take(p.server, p.o.GetUID(), n, func(counts []v1alpha1.DeletionCount) error {
		return p.saveDeletions(ctx, p.server, counts)
	})
	if err != nil {
		return p.fail(err)
	}
	if !ok {
		v := blocked(fmt.Sprintf("PleskServer %s has had its %d deletions for the hour (its spec.maxDeletionsPerHour)", p.serverName, deletionLimit(p.server)))
		v.pace, v.after = paceAfter, wait
		return &v
	}
	return nil
}

// deleteFound deletes what was found and verifies that it is gone.
func (p *pass[O, W]) deleteFound(ctx context.Context, found *Found[W]) *verdict {
	if p.unsaved {
		if err := p.saveStatus(ctx); err != nil {
			return p.fail(err)
		}
	}
	ctx = context.WithoutCancel(ctx) // a shutdown does not interrupt a write
	if err := p.maker().Delete(ctx, p.doer, found); err != nil && !xmlapi.IsNotFound(err) {
		return p.fail(err)
	}
	p.metrics.write(p.kindName, "delete")
	left, v := p.lookUp(ctx, Handle{Identity: found.Identity, Was: found.Key})
	if v != nil {
		return v
	}
	if left != nil && left.same(found.Identity) {
		return p.fail(fmt.Errorf("%q was deleted and is still there: trying again", found.Key.Name))
	}
	p.event(v1alpha1.ReasonDeleting, "Delete", fmt.Sprintf("deleted %q with id %s", found.Key.Name, found.ID))
	return nil
}
