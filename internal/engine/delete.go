// Deletion: from the status alone, by id only, and only what is recorded as ours.

package engine

import (
	"context"
	"errors"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

const wayOut = "; spec.deletionPolicy: Retain leaves the object on the server and lets this resource go"

func (p *pass[O, W]) runDelete(ctx context.Context) verdict {
	s := p.o.State()
	switch {
	case !controllerutil.ContainsFinalizer(p.o, v1alpha1.Finalizer):
		return p.forget()
	case s.ID == "" && s.Pending == nil:
		return p.letGo(ctx)
	case !p.managed() || retains(p.o.Common().DeletionPolicy):
		return p.retain(ctx)
	case p.o.Common().Suspend:
		return blocked("spec.suspend is true, so nothing is deleted" + wayOut)
	}
	for _, step := range []func(context.Context) *verdict{p.reachServerForDeletion, p.noChildren, p.remove} {
		if v := step(ctx); v != nil {
			return *v
		}
	}
	return p.letGo(ctx)
}

func blocked(message string) verdict {
	return verdict{reason: v1alpha1.ReasonDeletionBlocked, message: message, state: stateWorking, pace: paceResync}
}

func retains(d *v1alpha1.DeletionPolicy) bool { return d != nil && *d == v1alpha1.DeletionPolicyRetain }

func (p *pass[O, W]) retain(ctx context.Context) verdict {
	p.event(v1alpha1.ReasonRetained, "Release", fmt.Sprintf("left %q with id %s on the server", p.o.State().Key, p.o.State().ID))
	return p.letGo(ctx)
}

// letGo drops the finalizer: nothing of ours is left on the server, or it is to stay there.
func (p *pass[O, W]) letGo(ctx context.Context) verdict {
	base := p.o.DeepCopyObject().(O)
	controllerutil.RemoveFinalizer(p.o, v1alpha1.Finalizer)
	err := p.client.Patch(ctx, p.o, client.MergeFromWithOptions(base, client.MergeFromWithOptimisticLock{}))
	if client.IgnoreNotFound(err) != nil {
		return *p.fail(err)
	}
	return p.forget()
}

func (p *pass[O, W]) forget() verdict {
	p.claims.release(client.ObjectKeyFromObject(p.o))
	p.refusals.forget(p.o.GetUID())
	p.outdated.forget(p.o.GetUID())
	return done()
}

func (p *pass[O, W]) reachServerForDeletion(ctx context.Context) *verdict {
	srv, err := p.servers.resolve(ctx, p.o)
	switch {
	case apierrors.IsNotFound(err):
		return stop(blocked(fmt.Sprintf("PleskServer %s (spec.serverRef) is gone", serverName(p.o)) + wayOut))
	case errors.Is(err, errNotAllowed):
		return stop(blocked(fmt.Sprintf("PleskServer %s (spec.serverRef) does not allow this namespace", serverName(p.o)) + wayOut))
	case err != nil:
		return p.fail(err)
	}
	p.server = srv
	if p.o.Common().DeletionPolicy == nil && retains(&srv.Spec.DeletionPolicy) {
		return stop(p.retain(ctx))
	}
	if _, message := unready(srv); message != "" {
		return stop(blocked(message + wayOut))
	}
	if p.session, err = p.servers.Session(ctx, srv); err != nil {
		if c, ok := errors.AsType[*ConfigError](err); ok {
			return stop(blocked(c.Message + wayOut))
		}
		return p.fail(err)
	}
	return nil
}

// noChildren waits for the resources that refer to this one and hold something on the server.
func (p *pass[O, W]) noChildren(ctx context.Context) *verdict {
	names, err := p.children(ctx, p.kindName, p.o)
	if err != nil {
		return p.fail(err)
	}
	if len(names) > 0 {
		return stop(blocked(listNames("still referred to by", names)))
	}
	return nil
}

// remove deletes what is recorded, or what a create that was never confirmed has made, and sees that it is gone.
func (p *pass[O, W]) remove(ctx context.Context) *verdict {
	found, v := p.findOurs(ctx)
	if v != nil {
		if v.reason == v1alpha1.ReasonWrongServer {
			v.message += wayOut
		}
		return v
	}
	if found == nil {
		return p.underWay()
	}
	if k, ok := p.kind.(Releaser[O]); ok {
		if err := k.Release(ctx, p.session, p.o); err != nil && !xmlapi.IsNotFound(err) {
			return p.fail(err)
		}
		return nil
	}
	if v := p.deletable(found); v != nil {
		return v
	}
	wait, ok, err := p.budget.take(p.server, p.o.GetUID(), func(counts []v1alpha1.DeletionCount) error {
		return p.saveDeletions(ctx, p.server, counts)
	})
	if err != nil {
		return p.fail(err)
	}
	if !ok {
		v := blocked(fmt.Sprintf("PleskServer %s has had its %d deletions for the hour (its spec.maxDeletionsPerHour)", serverName(p.o), deletionLimit(p.server)))
		v.pace, v.after = paceAfter, wait
		return &v
	}
	return p.deleteFound(ctx, found)
}

// underWay waits while the server may still be at a create that was never confirmed: what is not there yet would be nobody's.
func (p *pass[O, W]) underWay() *verdict {
	s := p.o.State()
	if s.ID != "" || s.Pending == nil {
		return nil
	}
	// The packet had its time-out, and the server may go on for as long again when nobody listens any more. A clock that was
	// set back makes the wait no longer than that of a create begun now.
	allowed := 2 * p.servers.writeTimeout()
	left := min(s.Pending.StartTime.Add(allowed).Sub(p.clock.Now()), allowed)
	if left <= 0 {
		return nil
	}
	v := blocked(fmt.Sprintf("the creation of %q was begun and its end is not known: the server may still be at it, and is asked again", s.Pending.Key) + wayOut)
	v.pace, v.after = paceAfter, left
	return &v
}

// findOurs finds what the status has recorded, or what bears our mark: after a restore of the server its id may be another one.
func (p *pass[O, W]) findOurs(ctx context.Context) (*Found[W], *verdict) {
	s, mark := p.o.State(), ""
	if hasMark[W]() {
		mark = string(p.o.GetUID())
	}
	if s.ID == "" {
		found, v := p.lookUp(ctx, Handle{Mark: mark, Key: s.Pending.Key})
		if v == nil && found != nil && mark != "" && found.Mark != mark {
			return nil, nil // somebody else's, under the name that we never got
		}
		return found, v
	}
	found, v := p.lookUp(ctx, Handle{ID: s.ID, GUID: s.GUID, Mark: mark})
	if v != nil || found == nil || mark == "" || !p.isAnother(found) {
		return found, v
	}
	marked, v := p.lookUp(ctx, Handle{Mark: mark})
	if marked != nil {
		found = marked
	}
	return found, v
}

// deleteFound deletes by id and looks whether it is gone.
func (p *pass[O, W]) deleteFound(ctx context.Context, found *Found[W]) *verdict {
	ctx = context.WithoutCancel(ctx) // a shutdown does not cut a write in two
	if err := p.kind.Delete(ctx, p.session, found.Identity); err != nil && !xmlapi.IsNotFound(err) {
		return p.fail(err)
	}
	p.metrics.write(p.kindName, "delete")
	left, v := p.lookUp(ctx, Handle{ID: found.ID})
	if v != nil {
		return v
	}
	if left != nil {
		return p.fail(fmt.Errorf("%q was deleted and is still there: trying again", found.Key))
	}
	p.event(v1alpha1.ReasonDeleting, "Delete", fmt.Sprintf("deleted %q with id %s", found.Key, found.ID))
	return nil
}

// deletable ends the pass unless what was found is ours beyond doubt. With another GUID or mark than recorded it may be
// somebody else's, and nothing is deleted.
func (p *pass[O, W]) deletable(found *Found[W]) *verdict {
	s := p.o.State()
	switch {
	case found.Mark == string(p.o.GetUID()):
		return nil
	case s.ID == "": // a create of ours was begun for this key, on a kind whose objects bear no mark
		return nil
	case found.ID != s.ID || found.GUID != s.GUID:
	case found.Mark == "", p.o.Common().AdoptionPolicy == v1alpha1.AdoptionPolicyAlways:
		// Always takes back what another has marked (takenOver): so it was adopted, and its end may come before our mark is written.
		return nil
	}
	return stop(blocked(fmt.Sprintf("the object with id %s has GUID %q and mark %q, recorded is %q, marked by us as %q: not deleted",
		found.ID, found.GUID, found.Mark, s.GUID, p.o.GetUID()) + wayOut))
}
