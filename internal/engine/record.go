// The record: what a pass saves of its object in Kubernetes, and how.

package engine

import (
	"context"
	"maps"
	"reflect"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

func (p *pass[O, W]) addFinalizer(ctx context.Context) error {
	base := p.o.DeepCopyObject().(O)
	if !controllerutil.AddFinalizer(p.o, v1alpha1.Finalizer) {
		return nil
	}
	return p.patchKeepingStatus(ctx, base)
}

// patchKeepingStatus writes metadata with an optimistic lock; the API server's answer does not overwrite the status being worked on.
func (p *pass[O, W]) patchKeepingStatus(ctx context.Context, base O) error {
	changed := p.o.DeepCopyObject().(O)
	if err := p.client.Patch(ctx, changed, client.MergeFromWithOptions(base, client.MergeFromWithOptimisticLock{})); err != nil {
		return err
	}
	p.outdated.replaced(p.o.GetUID(), p.o.GetResourceVersion(), changed.GetResourceVersion())
	p.o.SetResourceVersion(changed.GetResourceVersion())
	p.o.SetFinalizers(changed.GetFinalizers())
	return nil
}

// saveStatus writes the status before a write to the server, with an optimistic lock: a pass that works on an outdated object ends here.
// The permit for the write is used up.
func (p *pass[O, W]) saveStatus(ctx context.Context) error {
	if p.permit != "" {
		p.o.State().AppliedPermit, p.permit = p.permit, ""
	}
	if err := p.updateStatus(ctx); err != nil {
		return err
	}
	p.before, p.unsaved = p.o.DeepCopyObject().(O), false
	return p.useUp(ctx)
}

func (p *pass[O, W]) updateStatus(ctx context.Context) error {
	was := p.o.GetResourceVersion()
	if err := p.client.Status().Update(ctx, p.o); err != nil {
		return err
	}
	p.outdated.replaced(p.o.GetUID(), was, p.o.GetResourceVersion())
	return nil
}

// record notes what is ours, with all that the pass has noted before: whoever reads an id finds the key that belongs to it. It is a patch
// without a lock: nobody else writes these fields, and losing them would orphan the object.
func (p *pass[O, W]) record(ctx context.Context, id Identity, key Key, inputs map[string]string, pending *v1alpha1.PendingWrite) error {
	base := p.o.DeepCopyObject().(O)
	reflect.ValueOf(base).Elem().FieldByName("Status").Set(reflect.ValueOf(p.before.DeepCopyObject()).Elem().FieldByName("Status"))
	p.note(id, key, inputs, pending)
	changed := p.o.DeepCopyObject().(O)
	if err := p.client.Status().Patch(ctx, changed, client.MergeFrom(base)); err != nil {
		return err
	}
	p.outdated.replaced(p.o.GetUID(), p.o.GetResourceVersion(), changed.GetResourceVersion())
	if changed.GetGeneration() == p.o.GetGeneration() {
		p.o.SetResourceVersion(changed.GetResourceVersion())
	} // else the spec was edited meanwhile: the next write with a lock ends this pass, which knows the old one
	p.before, p.unsaved = changed, false
	return nil
}

// note puts into the status what is ours.
func (p *pass[O, W]) note(id Identity, key Key, inputs map[string]string, pending *v1alpha1.PendingWrite) {
	s := p.o.State()
	s.ID, s.GUID, s.ServerGUID, s.Pending, s.Inputs = id.ID, id.GUID, p.doer.GUID(), pending, maps.Clone(inputs)
	s.Parent, s.MovingTo, p.unsaved = p.parentNow, nil, true
	if p.adoption != nil && p.found != nil && id.GUID == "" {
		s.Parent = p.place(p.found)
	}
	p.noteKey(key)
	p.recreations.forget(p.server, p.incarnation(id.ID)) // it may have been made again under the id that it had
}

func (p *pass[O, W]) now() metav1.Time { return metav1.NewTime(p.clock.Now()) }
