// Suspension: the PleskSuspensions for an object come to one reason on the server, which is taken back when the last of them leaves. What others
// have set there is neither taken for ours nor lost.

package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// standing lists the PleskSuspensions for a target that stand at a time, by name.
func standing(all []v1alpha1.PleskSuspension, at time.Time) (out []v1alpha1.PleskSuspension) {
	for _, s := range all {
		if phaseOf(&s, at) == suspensionStands {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b v1alpha1.PleskSuspension) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// suspensionsOf lists the PleskSuspensions for a resource. Only its own namespace counts.
func (e *Engine) suspensionsOf(ctx context.Context, kind string, o client.Object) ([]v1alpha1.PleskSuspension, error) {
	list := &v1alpha1.PleskSuspensionList{}
	err := e.client.List(ctx, list, client.InNamespace(o.GetNamespace()), client.MatchingFields{indexSuspension: refIndex(kind, o.GetName())})
	return list.Items, err
}

// suspendable returns the object where PleskSuspensions can be for it.
func (p *pass[O, W]) suspendable() (Suspender[O, W], *v1alpha1.SuspendableStatus) {
	k, can := p.kind.(Suspender[O, W])
	o, is := any(p.o).(v1alpha1.Suspendable)
	if !can || !is {
		return nil, nil
	}
	return k, o.Suspended()
}

// readSuspensions notes which PleskSuspensions stand.
func (p *pass[O, W]) readSuspensions(ctx context.Context) *verdict {
	if k, _ := p.suspendable(); k == nil {
		return nil
	}
	all, err := p.suspensionsOf(ctx, p.kindName, p.o)
	if err != nil {
		return p.fail(err)
	}
	p.standing, p.knowsStanding = standing(all, p.clock.Now()), true
	return nil
}

// noteHolders brings up to date which PleskSuspensions there are for what is being deleted, which is neither suspended nor resumed any more.
func (p *pass[O, W]) noteHolders(ctx context.Context) *verdict {
	if v := p.readSuspensions(ctx); v != nil {
		return v
	}
	if _, status := p.suspendable(); status != nil && status.Suspension != nil {
		now := p.shownSuspension(decision{})
		status.Suspension.By, status.Suspension.Until = now.By, now.Until
	}
	return nil
}

// suspensionDue reports whether the record tells, without a look at the server, that PleskSuspensions have come or gone.
func suspensionDue(record *v1alpha1.Suspension, wanted bool) bool {
	return wanted != (record != nil) || record != nil && record.Pending != nil
}

// suspendFirst suspends or resumes before anything else is done, from the status alone as a deletion does: a spec that is wrong, or waits for
// something, delays neither. What was not recorded as ours, or cannot be proven to be, is left to the rest of the pass.
func (p *pass[O, W]) suspendFirst(ctx context.Context) *verdict {
	k, status := p.suspendable()
	s := p.o.State()
	if k == nil || !suspensionDue(status.Suspension, len(p.standing) > 0) || !p.managed() || p.billed() || s.ID == "" || s.Pending != nil {
		return nil
	}
	if p.listed {
		return unsure()
	}
	p.key = recordedKey(s)
	look := func(ctx context.Context) *verdict {
		found, v := p.lookUp(ctx, Handle{Identity: Identity{ID: s.ID, GUID: s.GUID}, Mark: p.mark(), Was: recordedKey(s)})
		if p.found = nil; found != nil && p.proven(found) {
			p.found = found
		}
		return v
	}
	defer func() { p.found = nil }()
	if v := look(ctx); v != nil || p.found == nil {
		return v
	}
	if v := p.onlyOwner(ctx); v != nil {
		return v
	}
	if v := p.markConflict(); v != nil {
		return v
	}
	return p.suspendFound(ctx, look)
}

// suspend does what suspendFirst could not yet do, and sees to it that what was done stays so.
func (p *pass[O, W]) suspend(ctx context.Context) *verdict {
	k, status := p.suspendable()
	if k == nil || p.found == nil {
		return nil
	}
	if p.billed() {
		return p.leaveSuspension(status)
	}
	if p.adoption != nil {
		return nil
	}
	if p.policy() == v1alpha1.ManagementPolicyObserveOnly {
		return p.noteLoss()
	}
	if v := p.suspendFound(ctx, p.find); v != nil {
		return v
	}
	if p.suspendedByUs() != p.inputs.Suspended {
		return p.translate() // what goes with the reason is wanted no longer than the reason is
	}
	return nil
}

// leaveSuspension forgets what was ours on a server that leaves it to a billing system by now: that may have taken it back and set it anew, so it
// is never ours again.
func (p *pass[O, W]) leaveSuspension(status *v1alpha1.SuspendableStatus) *verdict {
	if status.Suspension == nil {
		return nil
	}
	if p.listed {
		return unsure()
	}
	if p.suspendedByUs() != 0 {
		p.event(v1alpha1.ReasonOutOfService, "Suspend", fmt.Sprintf("%s is a billing system's to take back from now on (spec.lifecycle of PleskServer %s)", status.Suspension.Reason, p.serverName))
	}
	status.Suspension = nil
	return nil
}

// suspendedByUs is the reason that is ours on the server, as far as it is recorded.
func (p *pass[O, W]) suspendedByUs() xmlapi.Status {
	_, status := p.suspendable()
	if status == nil || status.Suspension == nil || status.Suspension.Found || status.Suspension.Lost || status.Suspension.Pending != nil {
		return 0
	}
	return xmlapi.StatusOf(status.Suspension.Reason)
}

// situation is what the pass knows.
func (p *pass[O, W]) situation() situation {
	k, status := p.suspendable()
	return situation{
		wanted: len(p.standing) > 0, record: status.Suspension, has: k.Reasons(p.found), own: ownReason[p.role()], taken: takenBy[p.role()], putBack: k.PutsBack(),
	}
}

// suspendFound makes the reasons on the server what they are to be. Look finds the object again.
func (p *pass[O, W]) suspendFound(ctx context.Context, look func(context.Context) *verdict) *verdict {
	if v := p.noteLoss(); v != nil {
		return v
	}
	now := p.situation()
	to := now.decide()
	if len(to.writes) == 0 {
		return p.noteSuspension(to)
	}
	if p.listed {
		return unsure()
	}
	change := now.change(to)
	again := now.record != nil && now.record.Pending == nil && !now.record.Found && to.act == v1alpha1.ActSuspend
	if again {
		p.dropEarlierContests()
	}
	if again && p.held(change) {
		return unsettled(nil, []Change{change})
	}
	if !p.managed() {
		if v := p.planned([]Change{change}, fmt.Sprintf("would %s it", strings.ToLower(string(to.act)))); v != nil {
			return v
		}
	}
	if to.act == v1alpha1.ActSuspend {
		if v := p.stillStands(ctx); v != nil {
			return v
		}
	}
	return p.unlessRefused([]Change{change}, func() *verdict { return p.writeReasons(ctx, to, change, again, look) })
}

// noteLoss records that a reason of ours is gone, or forgets it where none is wanted any more: what is there later was set by somebody else.
func (p *pass[O, W]) noteLoss() *verdict {
	now := p.situation()
	if !now.lost() || now.record.Lost {
		return nil
	}
	if p.listed {
		return unsure()
	}
	if !now.wanted {
		p.forgetSuspension()
		return nil
	}
	_, status := p.suspendable()
	status.Suspension = now.record.DeepCopy()
	status.Suspension.Lost = true
	return nil
}

// stillStands looks past the cache before something is put out of service: a suspension may have been deleted just now.
func (p *pass[O, W]) stillStands(ctx context.Context) *verdict {
	s := &v1alpha1.PleskSuspension{}
	err := p.servers.Reader.Get(ctx, client.ObjectKeyFromObject(&p.standing[0]), s)
	if client.IgnoreNotFound(err) != nil {
		return p.fail(err)
	}
	if err != nil || s.UID != p.standing[0].UID || phaseOf(s, p.clock.Now()) != suspensionStands {
		return stop(stale())
	}
	return nil
}

// writeReasons records what is about to be written, writes it, and looks what has become of it. The record tells after a crash whose the reason is, and which of
// others have to be put back.
func (p *pass[O, W]) writeReasons(ctx context.Context, to decision, change Change, again bool, look func(context.Context) *verdict) *verdict {
	k, status := p.suspendable()
	was := status.Suspension
	status.Suspension = p.shownSuspension(to)
	status.Suspension.Pending = &v1alpha1.PendingSuspension{Act: to.act, Others: to.others.Reasons()}
	if again {
		p.countRestored([]Change{change})
	}
	if p.unsaved || !equality.Semantic.DeepEqual(was, status.Suspension) {
		if err := p.saveStatus(ctx); err != nil {
			return p.fail(err)
		}
	}
	ctx = context.WithoutCancel(ctx) // a shutdown does not interrupt a write
	if err := k.SetReasons(ctx, p.doer, p.o, p.found.Identity, to.writes); err != nil {
		if len(to.writes) == 1 && notDone(err) {
			status.Suspension = was // what is set later is somebody else's
		}
		return p.fail(err)
	}
	p.metrics.write(p.kindName, "update")
	if v := look(ctx); v != nil {
		return v
	}
	if p.found == nil {
		return p.fail(errors.New("the object was there and is not found: looking again"))
	}
	left := p.situation().decide()
	if len(left.writes) > 0 {
		p.noteStuck([]Change{change})
		return stop(verdict{reason: v1alpha1.ReasonUpdating, message: "the server did not keep the reasons for which it is out of service: trying again", state: stateWorking, pace: paceBackoff})
	}
	p.reportSuspension(to, again)
	return p.noteSuspension(left)
}

// notDone reports whether an operation was surely not executed: it was not sent, or the server has refused it.
func notDone(err error) bool {
	if _, unsent := errors.AsType[*xmlapi.NotSentError](err); unsent {
		return true
	}
	switch xmlapi.ClassOf(err) {
	case xmlapi.Transient, xmlapi.Busy, xmlapi.Ambiguous:
		return false
	}
	return true
}

// reportSuspension tells what was done.
func (p *pass[O, W]) reportSuspension(to decision, again bool) {
	switch {
	case to.act == v1alpha1.ActResume:
		p.event(v1alpha1.ReasonAvailable, "Resume", "in service again: no PleskSuspension stands any more"+othersLeft(to.others))
	case again:
		p.metrics.drifted(p.kindName, driftCorrected)
		p.event(v1alpha1.ReasonOutOfService, "Suspend", "found in service and suspended again: "+p.suspenders())
	default:
		p.event(v1alpha1.ReasonOutOfService, "Suspend", "suspended: "+p.suspenders())
	}
}

func othersLeft(others xmlapi.Status) string {
	if others == 0 {
		return ""
	}
	return "; what others have set stays (" + others.String() + ")"
}

// noteSuspension brings the record up to what was just seen.
func (p *pass[O, W]) noteSuspension(is decision) *verdict {
	_, status := p.suspendable()
	if is.reason == 0 {
		status.Suspension = nil
	} else {
		status.Suspension = p.shownSuspension(is)
	}
	if p.listed && statusChanged(p.before, p.o) {
		return unsure()
	}
	return nil
}

// forgetSuspension drops the record, which was about an object that is gone.
func (p *pass[O, W]) forgetSuspension() {
	if _, status := p.suspendable(); status != nil {
		status.Suspension = nil
	}
}

// unsuspended is what only observing, or leaving the life cycle to others, leaves otherwise than PleskSuspensions ask for.
func (p *pass[O, W]) unsuspended() []Change {
	k, _ := p.suspendable()
	if k == nil || p.found == nil {
		return nil
	}
	now := p.situation()
	if to := now.decide(); len(to.writes) > 0 {
		return []Change{now.change(to)}
	}
	return nil
}
