// Making an object ours: creation and adoption, each recorded so that a crash between two steps loses and doubles nothing.

package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// own makes the object on the server ours: it is, or it is adopted, or it is created.
func (p *pass[O, W]) own(ctx context.Context) *verdict {
	if v := p.begunOtherwise(ctx); v != nil {
		return v
	}
	if p.found == nil {
		return p.absent(ctx)
	}
	if p.moved != nil && p.proven(p.found) {
		return p.moved // it is still where it was
	}
	known := p.self.implicit || p.proven(p.found) || p.begun(p.found)
	if !known {
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
	if v == nil && p.adoption != nil && (p.managed() || !p.adoption.foreign) {
		v = p.adopt(ctx)
	}
	if v == nil && p.adoption == nil {
		v = p.hold(ctx)
	}
	if v != nil && !p.managed() { // there is no plan to approve yet, but what differs was asked for
		p.o.State().Changes = p.published(unmarkedChanges(Diff(p.want, p.compared())))
	}
	return v
}

// begunOtherwise stops where a create that was never confirmed went out under another name than the spec says now, and something has that
// name: of kinds without a mark nothing tells whether it is this resource's, and to go on would forget it.
func (p *pass[O, W]) begunOtherwise(ctx context.Context) *verdict {
	s := p.o.State()
	if s.Pending == nil || s.Pending.Outcome == v1alpha1.PendingRefused || s.ID != "" || p.mark() != "" {
		return nil
	}
	begun := Key{Within: identityOf(s.Pending.Within), Name: s.Pending.Key}
	if begun.same(p.key) {
		return nil
	}
	found, v := p.lookUp(ctx, Handle{Key: begun, Was: begun})
	if v != nil || found == nil {
		return v
	}
	return stop(stalled(v1alpha1.ReasonAlreadyExists, fmt.Sprintf(
		"%[1]q is on the server, and may be what this resource has begun to create before its name was changed to %[2]q: name it %[1]q once more, so that it is taken, or remove it there", begun.Name, p.key.Name)))
}

// hold sees that what is recorded is also held by the finalizer: a crash may have come between the two.
func (p *pass[O, W]) hold(ctx context.Context) *verdict {
	if err := p.addFinalizer(ctx); err != nil {
		return p.fail(err)
	}
	return nil
}

// absent decides what it means that the object is not on the server.
func (p *pass[O, W]) absent(ctx context.Context) *verdict {
	s := p.o.State()
	s.Observing = nil
	switch {
	case p.policy() == v1alpha1.ManagementPolicyObserveOnly:
		return stop(halted(v1alpha1.ReasonNotFound, fmt.Sprintf("%q does not exist on the server", p.key.Name)))
	case p.self.implicit:
		return p.fail(&waiting{fmt.Sprintf("waiting for what %q belongs to: not on the server", p.key.Name)})
	case s.ID != "" && s.Pending == nil:
		if v := p.vanished(ctx); v != nil {
			return v
		}
	case s.Pending != nil:
		if v := p.inFlight(); v != nil {
			return v
		}
	case controllerutil.ContainsFinalizer(p.o, v1alpha1.Finalizer):
		// The finalizer follows the record. So there was one, and a backup tool has dropped the status.
		if v := p.unlessPermitted(v1alpha1.PermitRecreate, stalled(v1alpha1.ReasonGoneOnServer, fmt.Sprintf(
			"%q is not on the server, and what this resource had recorded of it was lost (a restored cluster?): nothing is made", p.key.Name)), p.key.Name); v != nil {
			return v
		}
	}
	if v := p.askReach(ctx, p.want); v != nil {
		return v
	}
	if !p.managed() {
		if v := p.planned(p.creation(), fmt.Sprintf("%q would be created", p.key.Name)); v != nil {
			return v
		}
	}
	return p.unlessRefused(nil, func() *verdict { return p.create(ctx) })
}

// vanished decides about an object that was on the server and is not any more. What held data is not made anew, empty, without
// being asked for.
func (p *pass[O, W]) vanished(ctx context.Context) *verdict {
	s := p.o.State()
	if m, ok := p.kind.(Mover); ok {
		what, err := m.Moved(ctx, p.doer, Identity{ID: s.ID, GUID: s.GUID})
		if err != nil {
			return p.fail(err)
		}
		if what != "" {
			return stop(stalled(v1alpha1.ReasonGoneOnServer, fmt.Sprintf("%q (id %s) is %s: nothing is made in its place", s.Key, s.ID, what)))
		}
	}
	named, err := p.underItsID(ctx)
	if err != nil {
		return p.fail(err)
	}
	if p.recreates() && named == "" {
		gone := p.o.GetUID() + types.UID("/"+s.ID) // what is deleted again after it was made anew counts again
		wait, ok, err := p.recreations.take(p.server, gone, 1, func(counts []v1alpha1.DeletionCount) error {
			return p.saveRecreations(ctx, p.server, counts)
		})
		if err != nil {
			return p.fail(err)
		}
		if !ok {
			v := waitFor(v1alpha1.ReasonGoneOnServer, fmt.Sprintf("%q was deleted on the server; PleskServer %s has had its %d recreations for the hour (its spec.maxRecreationsPerHour)",
				s.Key, p.serverName, recreationLimit(p.server)))
			v.pace, v.after = paceAfter, wait
			return &v
		}
		return nil
	}
	why := fmt.Sprintf("%q (id %s) was deleted on the server with all that it held: it is not made anew, empty, by itself (spec.recreationPolicy)", s.Key, s.ID)
	if named != "" {
		why = fmt.Sprintf("%q is not on the server any more, and %q has its id %s: if it was renamed there, name it so in the spec, or rename it back; nothing is made beside it", s.Key, named, s.ID)
	}
	return p.unlessPermitted(v1alpha1.PermitRecreate, stalled(v1alpha1.ReasonGoneOnServer, why), s.ID, s.GUID, named)
}

// underItsID is what the server shows under the recorded id in the recorded place, "" for nothing. Of kinds without GUIDs and marks it may be
// the object, renamed, or another one that was given the id.
func (p *pass[O, W]) underItsID(ctx context.Context) (name string, _ error) {
	s := p.o.State()
	if s.GUID != "" || p.moved != nil || s.Within == nil || p.parent() == nil {
		return "", nil
	}
	found, err := p.kind.Find(ctx, p.doer, Handle{Identity: Identity{ID: s.ID}, Was: recordedKey(s)})
	if err != nil || found == nil || found.ID != s.ID || len(found.In) > 0 && !found.In[0].same(p.parent().Identity) {
		return "", err
	}
	return found.Key.Name, nil
}

func (p *pass[O, W]) recreates() bool {
	if own := p.o.Common().RecreationPolicy; own != nil {
		return *own == v1alpha1.RecreationPolicyRecreate
	}
	_, stateless := p.kind.(Stateless)
	return stateless || p.server.Spec.RecreationPolicy == v1alpha1.RecreationPolicyRecreate
}

// inFlight waits while the server may still be at a create that was never confirmed: "not found" does not permit a second one.
func (p *pass[O, W]) inFlight() *verdict {
	s := p.o.State()
	if s.Pending == nil || s.Pending.Outcome != "" {
		return nil
	}
	// A clock that was set back makes the wait no longer than that of a create begun now.
	left := min(s.Pending.StartTime.Add(p.settle).Sub(p.clock.Now()), p.settle)
	if left <= 0 {
		return nil
	}
	v := p.begunCreate()
	v.pace, v.after = paceAfter, min(left, askAgain(p.clock.Now().Sub(s.Pending.StartTime.Time)))
	return &v
}

// begunCreate says that a create was begun, before it is sent as well as while its end is not known: the same text all the time.
func (p *pass[O, W]) begunCreate() verdict {
	pending, then := p.o.State().Pending, "made again"
	if deleting(p.o) {
		then = "not waited for any more"
	}
	return waitFor(v1alpha1.ReasonCreating, fmt.Sprintf(
		"the creation of %q was begun and is not confirmed yet: it is looked for until %s (--create-settle-time), and %s where it is not there by then",
		pending.Key, pending.StartTime.Add(p.settle).UTC().Format(time.RFC3339), then))
}

// askAgain is how long to wait before the next look at a create in flight: a fraction of how long it has been.
func askAgain(since time.Duration) time.Duration {
	return min(max(since/2, retryFirst), retryLast)
}

// create adds the object. The order is what a crash asks for: the pending mark, with a plain update, so that a pass with an outdated
// view stops here; then the finalizer, so that one without a record means that the record was lost; then the add; then the record.
func (p *pass[O, W]) create(ctx context.Context) *verdict {
	for _, m := range p.secret.missing {
		if !m.Generate {
			return stop(secretMissing(m, ""))
		}
	}
	if v := p.mayCreate(ctx); v != nil {
		return v
	}
	s := p.o.State()
	begun := s.Pending != nil && s.Pending.Outcome != v1alpha1.PendingRefused // an earlier add may have been executed
	previous := Identity{ID: s.ID, GUID: s.GUID}
	if s.Pending != nil {
		previous = identityOf(s.Pending.Previous)
	}
	s.ID, s.GUID, s.Inputs, s.ExternalID, s.RenamedTo = "", "", nil, "", ""
	s.Parent = p.lies
	p.noteKey(p.key)
	s.Pending = &v1alpha1.PendingWrite{Key: p.key.Name, Within: p.key.Within.published(), StartTime: p.now(), Previous: previous.published()}
	s.Contested, s.Changes = nil, nil
	p.judge(p.begunCreate())
	if err := p.saveStatus(ctx); err != nil {
		return p.fail(err)
	}
	if err := p.addFinalizer(ctx); err != nil {
		return p.fail(err)
	}
	p.creating = true
	if v := p.generateSecrets(ctx); v != nil {
		return v
	}
	ctx = context.WithoutCancel(ctx) // a shutdown does not tear the add from its record
	id, err := p.maker().Create(ctx, p.doer, p.want)
	if err != nil {
		return p.createFailed(ctx, err, begun)
	}
	p.metrics.write(p.kindName, "create")
	if id.ID == "" {
		return p.confirm(ctx)
	}
	if err := p.record(ctx, id, p.key, p.secret.digests, s.Pending); err != nil {
		return p.fail(err)
	}
	return p.confirm(ctx)
}

// mayCreate looks, before anything is noted, whether what the object is to lie in is still what it was, and whether a tenant would make
// something below what is not theirs.
func (p *pass[O, W]) mayCreate(ctx context.Context) *verdict {
	if v := p.sureOfParent(ctx); v != nil {
		return v
	}
	k, ok := p.kind.(Overlapper[W])
	if !ok || p.access.own {
		return nil
	}
	above, err := k.Overlaps(ctx, p.doer, p.want)
	if err != nil {
		return p.fail(err)
	}
	for _, r := range above {
		why, err := p.outOfReach(ctx, append([]Owner{{Kind: r.Kind, Identity: r.Identity, Key: r.Key}}, r.In...))
		if err != nil {
			return p.fail(err)
		}
		if why != "" {
			return stop(stalled(v1alpha1.ReasonPermissionDenied, fmt.Sprintf("%q lies below a name on the server that is not this namespace's", p.key.Name)))
		}
	}
	return nil
}

// endCreate has an object that is recorded now lose the mark that led back to it until then, where that does not stay.
func (p *pass[O, W]) endCreate() *verdict {
	if !p.creating {
		return nil
	}
	p.creating = false
	return p.translate()
}

// confirm finds what an add has made. The id in its answer may be missing, or another object's: the pending mark stays until two attributes
// have been seen.
func (p *pass[O, W]) confirm(ctx context.Context) *verdict {
	if v := p.find(ctx); v != nil {
		return v
	}
	s := p.o.State()
	if p.found != nil && p.proven(p.found) {
		s.ID, s.GUID, s.Pending, p.unsaved = p.found.ID, p.found.GUID, nil, true
		p.event(v1alpha1.ReasonCreating, "Create", fmt.Sprintf("created %q with id %s", p.key.Name, s.ID))
		return p.endCreate()
	}
	s.ID, s.GUID = "", "" // what was answered is not what was made
	if p.found == nil {
		return p.inFlight()
	}
	if v := p.ownership(ctx); v != nil || p.adoption == nil {
		return v
	}
	p.adoption.inputs = p.secret.digests
	return p.adopt(ctx)
}

func (p *pass[O, W]) maker() Maker[W] {
	m, _ := p.kind.(Maker[W]) // whoever asks knows that it is one
	return m
}

// createFailed decides whether the pending mark stays: it goes only when the server said that nothing was made.
func (p *pass[O, W]) createFailed(ctx context.Context, err error, begun bool) *verdict {
	if _, ok := errors.AsType[*InvalidError](err); ok && !begun {
		p.notMade() // the kind refused before it sent anything
		return p.fail(err)
	}
	switch xmlapi.ClassOf(err) {
	case xmlapi.Transient, xmlapi.Busy:
		p.o.State().Pending.Outcome = v1alpha1.PendingUnclear // an answer, or nothing was sent: one look tells whether it was made
		return p.fail(err)
	case xmlapi.Ambiguous:
		return p.fail(err)
	case xmlapi.Exists:
		if begun {
			return stop(verdict{reason: v1alpha1.ReasonTransientError, state: stateWorking, pace: paceBackoff, err: err,
				message: err.Error() + "; an earlier attempt may have made it: looking again"})
		}
		p.notMade()
		if v := p.find(ctx); v != nil {
			return v
		}
		if p.found != nil && p.managed() { // it appeared between Find and Create
			if v := p.own(ctx); v != nil || p.adoption == nil {
				return v
			}
		}
	default:
		p.notMade()
	}
	return p.fail(err)
}

// notMade notes that the server has made nothing: the object that was recorded before is the one that is known. Without one the mark
// stays, since a finalizer without any record means that the record was lost.
func (p *pass[O, W]) notMade() {
	s := p.o.State()
	if previous := identityOf(s.Pending.Previous); previous.ID != "" {
		s.Pending, s.ID, s.GUID = nil, previous.ID, previous.GUID
		return
	}
	s.Pending.Outcome = v1alpha1.PendingRefused
}

func (p *pass[O, W]) addFinalizer(ctx context.Context) error {
	base := p.o.DeepCopyObject().(O)
	if !controllerutil.AddFinalizer(p.o, v1alpha1.Finalizer) {
		return nil
	}
	return p.patchKeepingStatus(ctx, base)
}

// patchKeepingStatus writes metadata with an optimistic lock; the status being worked on survives the server's echo.
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

// generateSecrets makes the missing values, and translates the spec with all values.
func (p *pass[O, W]) generateSecrets(ctx context.Context) *verdict {
	if len(p.secret.missing) > 0 {
		if err := p.secrets.generate(ctx, p.o.GetNamespace(), p.secret.missing, false); err != nil {
			return p.fail(err)
		}
	}
	if v := p.freshSecrets(ctx); v != nil {
		return v
	}
	return p.translate()
}

// freshSecrets reads all values, and what tells them apart.
func (p *pass[O, W]) freshSecrets(ctx context.Context) *verdict {
	if v := p.readSecrets(ctx); v != nil {
		return v
	}
	p.secret = secretState{digests: p.secrets.digestsOfValues(p.o.GetUID(), p.inputs.secrets)}
	return nil
}

// record notes what is ours, with all that the pass has noted before: whoever reads an id finds the key that belongs to it. It is a patch
// without a lock: nobody else writes these fields, and losing them would orphan the object.
func (p *pass[O, W]) record(ctx context.Context, id Identity, key Key, inputs map[string]string, pending *v1alpha1.PendingWrite) error {
	base := p.o.DeepCopyObject().(O)
	*base.State() = *p.before.State().DeepCopy()
	s := p.o.State()
	s.ID, s.GUID, s.ServerGUID, s.Pending, s.Inputs = id.ID, id.GUID, p.doer.GUID(), pending, maps.Clone(inputs)
	s.Parent = p.lies
	p.noteKey(key)
	changed := p.o.DeepCopyObject().(O)
	if err := p.client.Status().Patch(ctx, changed, client.MergeFrom(base)); err != nil {
		return err
	}
	p.outdated.replaced(p.o.GetUID(), p.o.GetResourceVersion(), changed.GetResourceVersion())
	if changed.GetGeneration() == p.o.GetGeneration() {
		p.o.SetResourceVersion(changed.GetResourceVersion())
	} // else the spec was edited meanwhile: the next write with a lock ends this pass, which knows the old one
	p.before = changed
	return nil
}

func (p *pass[O, W]) now() metav1.Time { return metav1.NewTime(p.clock.Now()) }
