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
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// ownReason is the reason that a role can set and take back.
var ownReason = map[v1alpha1.ServerRole]xmlapi.Status{
	v1alpha1.RoleAdministrator: xmlapi.StatusDisabledByAdmin, v1alpha1.RoleReseller: xmlapi.StatusDisabledByReseller, v1alpha1.RoleCustomer: xmlapi.StatusDisabledByCustomer,
}

// takenBy are the reasons that a role's 0 takes away, others' among them.
var takenBy = map[v1alpha1.ServerRole]xmlapi.Status{
	v1alpha1.RoleAdministrator: xmlapi.StatusSuspendedByAdmin | xmlapi.StatusDisabledByAdmin | xmlapi.StatusDisabledByReseller | xmlapi.StatusDisabledByCustomer,
	v1alpha1.RoleReseller:      xmlapi.StatusDisabledByReseller | xmlapi.StatusDisabledByCustomer,
	v1alpha1.RoleCustomer:      xmlapi.StatusDisabledByCustomer,
}

// situation is all that a decision about a suspension depends on.
type situation struct {
	wanted  bool                 // a PleskSuspension stands
	record  *v1alpha1.Suspension // nil where nothing was ever done
	has     xmlapi.Status        // on the server
	own     xmlapi.Status        // the reason of the credentials' role
	taken   xmlapi.Status        // by that role's 0
	putBack xmlapi.Status        // what of others' can be written for the kind
}

// decision is what is to become of a suspension.
type decision struct {
	writes []xmlapi.Status // in this order; none: the server is as it should be
	act    v1alpha1.SuspensionAct
	others xmlapi.Status // reasons of others that have to stand when all is written
	reason xmlapi.Status // that stands for the PleskSuspensions, 0 for none any more
	found  bool          // it is somebody else's
}

// decide is pure. A reason that was there before we wrote is never taken back. The administrator's 0 takes others' reasons away with ours, so a
// resume writes each of these again; where it could not, ours stays as long as theirs: the object is out of service anyhow.
func (s situation) decide() decision {
	reason := s.own
	var owed xmlapi.Status
	if s.record != nil {
		reason = xmlapi.StatusOf(s.record.Reason)
		if s.record.Pending != nil {
			owed = xmlapi.StatusOf(s.record.Pending.Others...)
		}
	}
	set := s.has&reason != 0
	switch {
	case s.record == nil && !s.wanted:
		return decision{}
	case set && s.wanted && (s.record == nil || s.record.Found):
		return decision{reason: reason, found: true}
	case s.wanted && !set && reason&s.taken == 0:
		reason = s.own // the credentials are another role's by now
		fallthrough
	case s.wanted:
		return decision{act: v1alpha1.ActSuspend, reason: reason, others: owed, writes: missing(s.has, owed|reason)}
	case s.record.Found:
		return decision{}
	case !set && owed&^s.has == 0:
		return decision{}
	case !set:
		return decision{act: v1alpha1.ActResume, reason: reason, others: owed, writes: missing(s.has, owed)}
	}
	others := s.has&s.taken&^reason | owed
	if others&^s.putBack != 0 || reason&s.taken == 0 {
		return decision{reason: reason} // not now
	}
	return decision{act: v1alpha1.ActResume, reason: reason, others: others, writes: append([]xmlapi.Status{0}, others.Each()...)}
}

// missing are the reasons of want that are not there.
func missing(has, want xmlapi.Status) []xmlapi.Status { return (want &^ has).Each() }

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
	k, _ := p.suspendable()
	if k == nil || p.found == nil || p.adoption != nil || p.policy() == v1alpha1.ManagementPolicyObserveOnly || p.billed() {
		return nil
	}
	return p.suspendFound(ctx, p.find)
}

// suspendedByUs is the reason that is ours on the server, as far as it is recorded.
func (p *pass[O, W]) suspendedByUs() xmlapi.Status {
	_, status := p.suspendable()
	if status == nil || status.Suspension == nil || status.Suspension.Found || status.Suspension.Pending != nil {
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

// maxHolders is how many PleskSuspensions the status names.
const maxHolders = 20

// shownSuspension is the record of what stands.
func (p *pass[O, W]) shownSuspension(is decision) *v1alpha1.Suspension {
	out := &v1alpha1.Suspension{Reason: is.reason.String(), Found: is.found, Until: lastUntil(p.standing)}
	for _, s := range p.standing[:min(len(p.standing), maxHolders)] {
		out.By = append(out.By, v1alpha1.SuspensionHolder{Name: s.Name, Reason: s.Spec.Reason, Until: s.Spec.Until})
	}
	return out
}

// lastUntil is when the last of the suspensions ends, nil where one has no end, or there is none.
func lastUntil(all []v1alpha1.PleskSuspension) (last *metav1.Time) {
	for _, s := range all {
		if s.Spec.Until == nil {
			return nil
		}
		if last == nil || last.Before(s.Spec.Until) {
			last = s.Spec.Until
		}
	}
	return last
}

// suspenders names the PleskSuspensions that stand, for people.
func (p *pass[O, W]) suspenders() string {
	names := make([]string, len(p.standing))
	for i, s := range p.standing {
		names[i] = fmt.Sprintf("%q (%s)", s.Name, s.Spec.Reason)
		if s.Spec.Until != nil {
			names[i] = fmt.Sprintf("%q (%s, until %s)", s.Name, s.Spec.Reason, s.Spec.Until.UTC().Format(time.RFC3339))
		}
	}
	return listNames("PleskSuspension", names)
}

// saysSuspended is the message of the condition Suspended, "" while there is to be none.
func (p *pass[O, W]) saysSuspended() string {
	_, status := p.suspendable()
	switch {
	case status == nil || status.Suspension == nil || status.Suspension.Pending != nil:
		return ""
	case len(p.standing) > 0 && status.Suspension.Found:
		return p.suspenders() + fmt.Sprintf("; %s was set on the server before, and stays", status.Suspension.Reason)
	case len(p.standing) > 0:
		return p.suspenders()
	}
	return fmt.Sprintf("no PleskSuspension stands any more: %s is to be taken back, once nothing of others' would go along that cannot be put back", status.Suspension.Reason)
}

// judgeSuspension puts that into the conditions. A pass that has not asked leaves it.
func (p *pass[O, W]) judgeSuspension() {
	if !p.knowsStanding {
		return
	}
	s := p.o.State()
	if says := p.saysSuspended(); says != "" {
		meta.SetStatusCondition(&s.Conditions, metav1.Condition{
			Type: v1alpha1.ConditionSuspended, Status: metav1.ConditionTrue, Reason: v1alpha1.ReasonOutOfService, Message: says,
			ObservedGeneration: p.o.GetGeneration(), LastTransitionTime: p.now(),
		})
		return
	}
	meta.RemoveStatusCondition(&s.Conditions, v1alpha1.ConditionSuspended)
}

// change is what is about to be written, for people.
func (s situation) change(to decision) Change {
	becomes := s.has
	for _, w := range to.writes {
		if becomes |= w; w == 0 {
			becomes &^= s.taken
		}
	}
	return Change{Field: "suspension", From: s.has.String(), To: becomes.String(), Suspension: true}
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
