// Convergence: what differs, what of it may be written, and whether the server kept it.

package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// compared is what the server has, as far as it is ours to compare.
func (p *pass[O, W]) compared() W {
	if k, ok := p.kind.(Partial[O, W]); ok {
		return k.Restrict(p.o, p.want, p.found.Value)
	}
	return p.found.Value
}

// apply converges. Where that holds something back, how to connect is published all the same, once the server has the passwords.
func (p *pass[O, W]) apply(ctx context.Context) *verdict {
	v := p.converge(ctx)
	waits := func(r secretRead) bool { return p.inputChanged(pathOf(r.SecretUse)) }
	if v == nil || !v.holdsBack() || !p.managed() || p.adoption != nil || p.found == nil || slices.ContainsFunc(p.ownSecrets, waits) {
		return v
	}
	if failed := p.publish(ctx); failed != nil && !failed.holdsBack() {
		return failed // it is tried again, with all the rest
	}
	return v
}

// converge compares and, if it may, writes.
func (p *pass[O, W]) converge(ctx context.Context) *verdict {
	if p.found == nil {
		return p.fail(errors.New("the object was created and is not found: looking again"))
	}
	p.observe()
	s := p.o.State()
	if p.policy() == v1alpha1.ManagementPolicyObserveOnly {
		changes := unmarkedChanges(Diff(p.want, p.compared()))
		if p.billed() {
			changes = append(changes, p.lifecycleChanges()...)
		} else {
			changes = append(changes, p.unsuspended()...)
		}
		s.Changes = p.published(changes)
		return p.observed(changes)
	}
	if k, ok := p.kind.(Partial[O, W]); ok {
		k.Confirm(p.o, p.found.Value)
	}
	changes := p.differences()
	s.Changes = nil
	p.pruneContested(changes)
	immutable, writable := split(changes, func(c Change) bool { return c.Immutable })
	held, writable := split(writable, p.held)
	secrets, wait := rightBeside(p.want, slices.Concat(immutable, held), writeOnlyChanges(p.want, p.inputChanged))
	writable = append(writable, secrets...)
	if p.listed && len(immutable)+len(held)+len(writable) > 0 {
		return unsure()
	}
	if len(writable) == 0 {
		waits, sold := writes(wait), p.lifecycleSecrets()
		p.noteInputs(func(path string) bool { return !waits(path) && !sold[path] })
	} else {
		var v *verdict
		if held, v = p.update(ctx, writable); v != nil {
			return p.atLeastSecrets(ctx, writable, v)
		}
	}
	if s.LastSyncTime == nil {
		s.LastSyncTime = new(p.now())
	}
	p.leftToOthers = p.lifecycleChanges()
	s.Changes = p.published(p.leftToOthers)
	return unsettled(immutable, held)
}

// update writes changes that may be written, and returns what still differs and is left alone.
func (p *pass[O, W]) update(ctx context.Context, writable []Change) (held []Change, _ *verdict) {
	if v := p.lackSecrets(writable); v != nil {
		return nil, v
	}
	if v := p.askServer(ctx, Only(p.want, writable)); v != nil {
		return nil, v
	}
	if p.found.Key.Name != p.key.Name {
		if v := p.belowOthers(ctx); v != nil {
			return nil, v
		}
	}
	if v := p.approve(ctx, writable); v != nil {
		return nil, v
	}
	v := p.unlessRefused(writable, func() (v *verdict) {
		held, v = p.write(ctx, writable, nil)
		return v
	})
	return held, v
}

// differences are the fields that differ from the spec and may be written.
func (p *pass[O, W]) differences() []Change {
	changes := Diff(p.want, p.compared())
	if !p.mayMark() {
		changes = unmarkedChanges(changes)
	}
	return changes
}

// noteInputs records what the values that cannot be read back are taken to be, as far as the server is known to have them; of the others, which
// wait, what was recorded stays. Fields that the spec does not set any more are dropped.
func (p *pass[O, W]) noteInputs(has func(path string) bool) {
	s := p.o.State()
	inputs := map[string]string{}
	for path, digest := range p.secret.digests {
		if was, recorded := s.Inputs[path]; has(path) {
			inputs[path] = digest
		} else if recorded {
			inputs[path] = was
		}
	}
	s.Inputs = nil
	if len(inputs) > 0 {
		s.Inputs = inputs
	}
}

// unclear is recorded of a value that cannot be read back while it is written: until an answer has come, the server may have it or the one before.
const unclear = "unclear"

// doubtInputs records, before changes are written, that what cannot be read back of them is not known from now on. Without it, a value that is put
// back before the next pass would be taken for the one that the server has.
func (p *pass[O, W]) doubtInputs(changes []Change) {
	s := p.o.State()
	for _, c := range changes {
		if !c.WriteOnly || s.Inputs[c.Field] == unclear {
			continue
		}
		if s.Inputs == nil {
			s.Inputs = map[string]string{}
		}
		s.Inputs[c.Field], p.unsaved = unclear, true
	}
}

// approve lets an update through: at once, or when its plan has been approved. An object that is not ours yet is adopted first.
func (p *pass[O, W]) approve(ctx context.Context, writable []Change) *verdict {
	if v := p.onlyPlanned(writable); v != nil {
		if p.wasInSync() {
			v.drift = writable
		}
		return v
	}
	if k, ok := p.kind.(Destructive[W]); ok {
		if loss := k.Destroys(p.want, p.found.Value); loss != "" {
			if v := p.unlessPermitted(v1alpha1.PermitDataLoss, stalled(v1alpha1.ReasonInvalidSpec, loss), loss); v != nil {
				return v
			}
		}
	}
	if p.adoption != nil {
		return p.adopt(ctx)
	}
	return nil
}

// onlyPlanned ends the pass of a resource that only plans: by its policy, or because no change window is open.
func (p *pass[O, W]) onlyPlanned(writable []Change) *verdict {
	would := "would write " + fieldNames(writable)
	switch {
	case p.endsCreation(writable):
		return nil
	case !p.managed():
		return p.planned(writable, would)
	case p.waitsForWindow(writable):
		return p.outside(func(opens string) *verdict { return p.planned(writable, would+"; "+opens) })
	}
	return nil
}

// endsCreation reports whether all there is to write is the removal of a create's mark, which was permitted with the create.
func (p *pass[O, W]) endsCreation(changes []Change) bool {
	return p.passing() && p.adoption == nil && len(unmarkedChanges(changes)) == 0
}

// write sends the changes, reads the object back, and returns what still differs and is left alone; rest waits for something and is not sent.
func (p *pass[O, W]) write(ctx context.Context, writable, rest []Change) (held []Change, _ *verdict) {
	if p.found.GUID == "" || p.touchesParent(writable) { // else the write names the object by its GUID
		if v := p.verifyParent(ctx); v != nil {
			return nil, v
		}
	}
	writable, v := p.provideSecrets(ctx, writable)
	if v != nil {
		return nil, v
	}
	s, have := p.o.State(), p.compared() // before the record of what is about to be ours
	drifted := p.wasInSync()
	if drifted || p.wasUpdating() {
		p.countRestored(writable)
	}
	partial, isPartial := p.kind.(Partial[O, W])
	if isPartial {
		partial.Record(p.o, writable)
		p.unsaved = p.unsaved || statusChanged(p.before, p.o)
	}
	p.noteRename(writable)
	p.noteMove(writable)
	p.doubtInputs(writable)
	if p.unsaved {
		if err := p.saveStatus(ctx); err != nil {
			return nil, p.fail(err)
		}
	}
	ctx = context.WithoutCancel(ctx) // a shutdown does not interrupt a write
	err := p.kind.Update(ctx, p.doer, Update[W]{
		Identity: p.found.Identity, Changes: writable, Patch: Only(p.want, writable), Want: p.want, Have: have,
		Warn: p.warn,
	})
	if err != nil {
		return nil, p.fail(err)
	}
	p.metrics.write(p.kindName, "update")
	p.noteWritten(Only(p.want, writable))
	if drifted && !touchesWriteOnly(writable) {
		p.metrics.drifted(p.kindName, driftCorrected)
	}
	if !p.endsCreation(writable) {
		p.reportWrite(writable, drifted)
	}
	p.noteInputs(writes(writable))
	if len(rest) == 0 {
		s.LastSyncTime = new(p.now())
		p.useUpAwaited()
	}
	if v := p.find(ctx); v != nil {
		return nil, v
	}
	if p.found == nil {
		return nil, p.fail(errors.New("the object was there and is not found: looking again"))
	}
	if !p.self.implicit && !p.proven(p.found) {
		return nil, p.fail(fmt.Errorf("after the update another object (id %s) is found under %q: looking again", p.found.ID, p.found.Key.Name))
	}
	if k, ok := p.kind.(Settler[O, W]); ok {
		k.Settle(p.o, writable, p.want, p.found.Value)
	}
	p.observe()
	if isPartial {
		partial.Confirm(p.o, p.found.Value)
	}
	_, left := split(p.differences(), func(c Change) bool { return c.Immutable })
	stuck, _ := split(left, func(c Change) bool { return sameChange(writable, c) })
	p.noteStuck(stuck)
	held, left = split(left, p.held)
	left = slices.DeleteFunc(left, func(c Change) bool { return sameChange(rest, c) })
	if len(left) > 0 {
		// What was written was not kept, or has uncovered more, e.g. another plan's values.
		return nil, stop(verdict{reason: v1alpha1.ReasonUpdating, message: "still to write: " + fieldNames(left), state: stateWorking, pace: paceBackoff})
	}
	return held, nil
}

// touchesParent reports whether one of the changes moves the object into something else.
func (p *pass[O, W]) touchesParent(changes []Change) bool {
	return slices.ContainsFunc(p.self.refs, func(r reference) bool {
		return r.parent && Touches(changes, strings.TrimPrefix(r.field, "spec."))
	})
}

// writes tells which fields that cannot be read back are among changes.
func writes(changes []Change) func(path string) bool {
	return func(path string) bool {
		return slices.ContainsFunc(changes, func(c Change) bool { return c.WriteOnly && c.Field == path })
	}
}

// noteMove records, before it is written, what the object is being moved into, where that is a part of what tells whose it is: after a lost answer or a
// crash it may lie in either.
func (p *pass[O, W]) noteMove(changes []Change) {
	if s := p.o.State(); !p.self.implicit && s.GUID == "" && s.Parent != nil && p.touchesParent(changes) {
		s.MovingTo, p.unsaved = p.parentNow, true
	}
}

// noteRename records, before it is written, what the object will be called. One that has neither GUID nor a mark that
// stays is known by id and name alone: after a crash it may bear either name.
func (p *pass[O, W]) noteRename(changes []Change) {
	if !slices.ContainsFunc(changes, func(c Change) bool { return !c.secret() }) {
		return
	}
	s := p.o.State()
	now := recordedKey(s)
	lasting := p.mark() != "" && !p.passing()
	if p.self.implicit || s.GUID != "" || lasting || p.key.Name == now.Name || !p.key.Within.same(now.Within) {
		return
	}
	s.RenamedTo, p.unsaved = p.key.Name, true
}

// sameChange reports whether changes have one to the same effect as c.
func sameChange(changes []Change, c Change) bool {
	return slices.ContainsFunc(changes, c.sameEffect)
}

// wasInSync reports whether the last pass found the server to be as this generation of the spec says, but for what it could not have then and
// cannot have now, so that what differs now was changed there.
func (p *pass[O, W]) wasInSync() bool {
	c, v := p.lastSynced(), p.unsupported()
	return c != nil && (c.Status == metav1.ConditionTrue || v != nil && c.Reason == v.reason && c.Message == v.message)
}

// wasUpdating reports whether the last pass wrote this generation of the spec and left more to write.
func (p *pass[O, W]) wasUpdating() bool {
	c := p.lastSynced()
	return c != nil && c.Reason == v1alpha1.ReasonUpdating
}

// lastSynced is the condition Synced as the last pass left it, nil when that was about another generation.
func (p *pass[O, W]) lastSynced() *metav1.Condition {
	c := meta.FindStatusCondition(p.before.State().Conditions, v1alpha1.ConditionSynced)
	if c == nil || c.ObservedGeneration != p.o.GetGeneration() {
		return nil
	}
	return c
}

// touchesWriteOnly reports whether values that cannot be read back are among the changes: what changed of them is ours.
func touchesWriteOnly(changes []Change) bool {
	return slices.ContainsFunc(changes, func(c Change) bool { return c.WriteOnly })
}

func (p *pass[O, W]) reportWrite(written []Change, drifted bool) {
	why := "updated "
	if drifted && !touchesWriteOnly(written) {
		why = "found changed on the server and restored "
	}
	p.event(v1alpha1.ReasonUpdating, "Update", why+fieldNames(written))
}

// observed is the verdict of a pass that only observes.
func (p *pass[O, W]) observed(changes []Change) *verdict {
	if len(changes) == 0 {
		return nil
	}
	v := halted(v1alpha1.ReasonDriftDetected, "the server differs in "+fieldNames(changes)+whereShown(changes))
	v.drift = changes
	return &v
}

// unsettled is the verdict about what could not be written or was not kept, nil when there is nothing of the kind.
func unsettled(immutable, held []Change) *verdict {
	if len(immutable) > 0 {
		v := stalled(v1alpha1.ReasonImmutableField, "the server cannot change "+explain(immutable))
		v.drift = slices.Concat(immutable, held)
		return &v
	}
	if len(held) > 0 {
		v := stalled(v1alpha1.ReasonNotConverging, "the server did not keep "+explain(held))
		v.drift = held
		return &v
	}
	return nil
}

// explain lists changes with their values.
func explain(changes []Change) string {
	out := make([]string, len(changes))
	for i, c := range changes {
		out[i] = fmt.Sprintf("%s (it has %q, the spec says %q)", c.name(), c.From, c.To)
	}
	return strings.Join(out, ", ")
}

func split(changes []Change, first func(Change) bool) (yes, no []Change) {
	for _, c := range changes {
		if first(c) {
			yes = append(yes, c)
		} else {
			no = append(no, c)
		}
	}
	return yes, no
}
