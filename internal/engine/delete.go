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
	for _, step := range []func(context.Context) *verdict{p.reachServerForDeletion, p.noChildren, p.sameServer, p.remove} {
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

// sameServer asks the server who it is, now: an id of another Plesk means another object here.
func (p *pass[O, W]) sameServer(ctx context.Context) *verdict {
	v := p.checkServerNow(ctx)
	if v != nil && v.reason == v1alpha1.ReasonWrongServer {
		v.message += wayOut
	}
	return v
}

// remove deletes what is recorded, or what a create that was never confirmed has made, and sees that it is gone.
func (p *pass[O, W]) remove(ctx context.Context) *verdict {
	if k, ok := p.kind.(Releaser[O]); ok {
		if err := k.Release(ctx, p.session, p.o); err != nil && !xmlapi.IsNotFound(err) {
			return p.fail(err)
		}
		return nil
	}
	s := p.o.State()
	h := Handle{ID: s.ID}
	if s.ID == "" {
		h = Handle{Mark: string(p.o.GetUID()), Key: s.Pending.Key}
	}
	found, err := p.kind.Find(ctx, p.session, h)
	if err != nil {
		return p.fail(err)
	}
	if found == nil || !p.deletable(found) {
		return p.notDeletable(found)
	}
	if wait, ok := p.budget.take(p.server.UID, p.o.GetUID(), p.deletionLimit()); !ok {
		v := blocked(fmt.Sprintf("PleskServer %s has had its %d deletions for the hour (its spec.maxDeletionsPerHour)", serverName(p.o), p.deletionLimit()))
		v.pace, v.after = paceAfter, wait
		return &v
	}
	ctx = context.WithoutCancel(ctx) // a shutdown does not cut a write in two
	if err := p.kind.Delete(ctx, p.session, found.Identity); err != nil && !xmlapi.IsNotFound(err) {
		return p.fail(err)
	}
	p.metrics.write(p.kindName, "delete")
	left, err := p.kind.Find(ctx, p.session, Handle{ID: found.ID})
	if err != nil {
		return p.fail(err)
	}
	if left != nil {
		return p.fail(fmt.Errorf("%q was deleted and is still there: trying again", s.Key))
	}
	p.event(v1alpha1.ReasonDeleting, "Delete", fmt.Sprintf("deleted %q with id %s", s.Key, found.ID))
	return nil
}

// deletable reports whether what was found is ours beyond doubt.
func (p *pass[O, W]) deletable(found *Found[W]) bool {
	s := p.o.State()
	if found.Mark == string(p.o.GetUID()) {
		return true
	}
	if s.ID == "" {
		return !hasMark[W]()
	}
	return found.Mark == "" && found.ID == s.ID && found.GUID == s.GUID
}

// notDeletable ends the deletion of something that is gone or never was ours; with another GUID or mark than recorded it
// may be somebody else's, and nothing is deleted.
func (p *pass[O, W]) notDeletable(found *Found[W]) *verdict {
	s := p.o.State()
	if found == nil || s.ID == "" {
		return nil
	}
	return stop(blocked(fmt.Sprintf("the object with id %s has GUID %q and mark %q, recorded is %q, marked by us as %q: not deleted",
		s.ID, found.GUID, found.Mark, s.GUID, p.o.GetUID()) + wayOut))
}

// deletionLimit is the server's, whose default the API server has filled in.
func (p *pass[O, W]) deletionLimit() int {
	if l := p.server.Spec.MaxDeletionsPerHour; l != nil {
		return int(*l)
	}
	return 0
}
