// Creation: recorded before and after, so that a crash between two steps loses and doubles nothing.

package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// create adds the object, in an order that survives a crash: the pending mark, with a plain update, so that a pass with an outdated view
// stops here; then the finalizer, so that a finalizer without a record means that the record was lost; then the add; then the record.
func (p *pass[O, W]) create(ctx context.Context) *verdict {
	for _, m := range p.secret.missing {
		if !m.Generate && !m.told {
			return stop(p.secretMissing(m, ""))
		}
	}
	if v := p.mayCreate(ctx); v != nil {
		return v
	}
	if v := p.mayPublish(ctx); v != nil {
		return v
	}
	if v := p.keepTold(ctx, ""); v != nil {
		return v
	}
	s := p.o.State()
	begun := s.Pending != nil && s.Pending.Outcome != v1alpha1.PendingRefused // an earlier add may have been executed
	previous := Identity{ID: s.ID, GUID: s.GUID}
	if s.Pending != nil {
		previous = identityOf(s.Pending.Previous)
	}
	s.ID, s.GUID, s.Inputs, s.ExternalID, s.RenamedTo = "", "", p.sent(begun), "", ""
	s.Parent, s.MovingTo, s.LastSyncTime = p.parentNow, nil, nil
	p.noteKey(p.key)
	s.Pending = &v1alpha1.PendingWrite{Key: p.key.Name, Within: p.key.Within.published(), StartTime: p.now(), Previous: previous.published()}
	s.Contested, s.Changes = nil, nil
	p.forgetSuspension()
	p.judge(p.begunCreate())
	p.unsent.forget(p.o.GetUID())
	if err := p.saveStatus(ctx); err != nil {
		return p.notSent(begun, p.fail(err))
	}
	if err := p.addFinalizer(ctx); err != nil {
		return p.notSent(begun, p.fail(err))
	}
	p.creating = true
	if v := p.generateSecrets(ctx); v != nil {
		return p.notSent(begun, v)
	}
	if v := p.doubtSent(ctx); v != nil {
		return p.notSent(begun, v)
	}
	ctx = context.WithoutCancel(ctx) // a shutdown does not come between the add and its record
	written := p.doer.Writes()
	id, err := p.maker().Create(ctx, p.doer, p.want)
	if err != nil && p.doer.Writes() == written {
		return p.notSent(begun, p.fail(err)) // what the kind asked before its add has failed, or it has refused
	}
	if err != nil {
		return p.createFailed(ctx, err, begun)
	}
	p.metrics.write(p.kindName, "create")
	p.noteMade(true)
	p.noteWritten(p.want)
	p.made = true
	if v := p.noteTold(ctx); v != nil {
		return v
	}
	if id.ID == "" {
		return p.confirm(ctx)
	}
	if p.mark() != "" && !p.othersMarks() {
		// The object says itself whose it is: what was answered is recorded when it has been seen, and found by the mark if that never comes.
		p.note(id, p.key, p.created(), s.Pending)
		return p.confirm(ctx)
	}
	if err := p.record(ctx, id, p.key, p.created(), s.Pending); err != nil {
		return p.fail(err)
	}
	return p.confirm(ctx)
}

// mayCreate checks, before anything is recorded, that the parent is still what it was, and that a tenant creates nothing below a name that
// is not theirs.
func (p *pass[O, W]) mayCreate(ctx context.Context) *verdict {
	if v := p.verifyParent(ctx); v != nil {
		return v
	}
	return p.belowOthers(ctx)
}

// belowOthers ends the pass of a tenant's object that would get a name below one on the server that is not theirs, by its creation or by a rename.
func (p *pass[O, W]) belowOthers(ctx context.Context) *verdict {
	k, ok := p.kind.(Overlapper[W])
	if !ok || p.access.own {
		return nil
	}
	above, err := k.Overlaps(ctx, p.doer, p.want)
	if err != nil {
		return p.fail(err)
	}
	for _, r := range above {
		why, err := p.outOfReach(ctx, r.chain())
		if err != nil {
			return p.fail(err)
		}
		if why != "" {
			return stop(stalled(v1alpha1.ReasonPermissionDenied, fmt.Sprintf("%q lies below a name on the server that is not this namespace's", p.key.Name)))
		}
	}
	return nil
}

// notSent ends a pass that has begun a create and sent nothing: unless an earlier attempt is still in doubt, nothing is.
func (p *pass[O, W]) notSent(begun bool, v *verdict) *verdict {
	if !begun {
		p.neverSent()
	}
	return v
}

// createFailed decides whether the pending mark stays: it goes only when the server said that nothing was made.
func (p *pass[O, W]) createFailed(ctx context.Context, err error, begun bool) *verdict {
	if _, unsent := errors.AsType[*xmlapi.NotSentError](err); unsent {
		return p.notSent(begun, p.fail(err))
	}
	switch xmlapi.ClassOf(err) {
	case xmlapi.Transient, xmlapi.Busy:
		p.o.State().Pending.Outcome = v1alpha1.PendingUnclear // an answer, or nothing was sent: one look tells whether it was created
		return p.fail(err)
	case xmlapi.Ambiguous:
		return p.fail(err)
	case xmlapi.Exists:
		if begun {
			return stop(verdict{reason: v1alpha1.ReasonTransientError, state: stateWorking, pace: paceBackoff, err: err,
				message: err.Error() + "; an earlier attempt may have made it: looking again"})
		}
		createRefused(p.o.State())
		if v := p.find(ctx); v != nil {
			return v
		}
		if p.found != nil && p.managed() { // it appeared between Find and Create
			if v := p.own(ctx); v != nil || p.adoption == nil {
				return v
			}
		}
		if p.found == nil {
			v := p.fail(err)
			v.message += "; what has the name lies in something else, is of another kind, or is not shown to the operator: it cannot be adopted"
			return v
		}
	default:
		createRefused(p.o.State())
	}
	return p.fail(err)
}

// createRefused notes that the server has created nothing: the object that was recorded before is the one that is known. Without one the mark
// stays, since a finalizer without any record means that the record was lost.
func createRefused(s *v1alpha1.CommonStatus) {
	s.Inputs = nil
	if previous := identityOf(s.Pending.Previous); previous.ID != "" {
		s.Pending, s.ID, s.GUID = nil, previous.ID, previous.GUID
		return
	}
	s.Pending.Outcome = v1alpha1.PendingRefused
}

// confirm finds what an add has created. The id in its answer may be missing or another object's, so the pending mark stays until two
// attributes have been seen.
func (p *pass[O, W]) confirm(ctx context.Context) *verdict {
	if v := p.find(ctx); v != nil {
		return v
	}
	s := p.o.State()
	if v := p.confirmTold(ctx); v != nil {
		return v
	}
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
	p.adoption.inputs = p.created()
	return p.adopt(ctx)
}

// created are the digests of the values that cannot be read back and that a create writes.
func (p *pass[O, W]) created() map[string]string {
	written := maps.Clone(p.secret.digests)
	for _, path := range laterFields(p.want) {
		delete(written, path)
	}
	return written
}

// sent are those digests as they are recorded before a create: what it leaves may be found only when the Secret has changed. Which of two creates
// an object is from is not known, so what they do not share is written once more; so is what is generated between this and the create.
func (p *pass[O, W]) sent(begun bool) map[string]string {
	digests := p.created()
	earlier := p.o.State().Inputs
	maps.DeleteFunc(digests, func(path, digest string) bool { return begun && earlier[path] != digest })
	for _, u := range p.secretsOf(p.o) {
		if u.told {
			delete(digests, pathOf(u)) // that is the server's to say
		}
	}
	if len(digests) == 0 {
		return nil
	}
	return digests
}

// doubtSent notes where what is about to be sent has changed since that was recorded: a Secret that is put back before anybody knows what was made
// would be taken for what the server has.
func (p *pass[O, W]) doubtSent(ctx context.Context) *verdict {
	s, changed := p.o.State(), false
	for path, digest := range p.created() {
		if was, recorded := s.Inputs[path]; recorded && was != digest && was != unclear {
			s.Inputs[path], changed = unclear, true
		}
	}
	if !changed {
		return nil
	}
	if err := p.saveStatus(ctx); err != nil {
		return p.fail(err)
	}
	return nil
}

// endCreate removes a mark that is only for the time until the object is recorded, which it is now.
func (p *pass[O, W]) endCreate() *verdict {
	if !p.creating {
		return nil
	}
	p.creating = false
	return p.translate()
}

// inFlight waits while an unconfirmed create may still be in flight on the server: "not found" does not permit a second one.
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

// begunCreate says that a create is in flight, with the same text before it is sent and for as long as its outcome is not known.
func (p *pass[O, W]) begunCreate() verdict {
	pending, then := p.o.State().Pending, "made again"
	if deleting(p.o) {
		then = "not waited for any more"
	}
	return waitFor(v1alpha1.ReasonCreating, fmt.Sprintf(
		"%q is being created, which is not confirmed yet: it is looked for until %s (--create-settle-time), and %s if it is not there by then",
		pending.Key, pending.StartTime.Add(p.settle).UTC().Format(time.RFC3339), then))
}

// askAgain is how long to wait before the next look at a create in flight: a fraction of the time since it was sent.
func askAgain(since time.Duration) time.Duration {
	return min(max(since/2, retryFirst), retryLast)
}

func (p *pass[O, W]) maker() Maker[W] {
	return p.kind.(Maker[W]) // it is asked for only where the kind is not implicit
}
