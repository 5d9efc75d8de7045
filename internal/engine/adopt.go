// Adoption: what was found and is not recorded becomes ours, or stays somebody else's.

package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// adoption is how an object that was found and is not recorded becomes ours.
type adoption struct {
	foreign     bool              // it was not made by us, and the policy lets us have it
	newIdentity bool              // it is ours, under another id or GUID than recorded
	inputs      map[string]string // digests of the values that it is known, or taken, to have
}

// ownership decides and writes nothing: what was found is recorded as ours already, or may be adopted (p.adoption), or ends the pass.
func (p *pass[O, W]) ownership(ctx context.Context) *verdict {
	p.adoption = nil
	if p.self.implicit && p.o.State().ID != "" || !p.self.implicit && p.proven(p.found) {
		return p.stillOurs()
	}
	if v := p.replacedByOthers(); v != nil {
		return v
	}
	other, err := p.recordedBy(ctx, p.found)
	if err != nil {
		return p.fail(err)
	}
	if other != nil && !p.self.implicit {
		return p.ownedBy(other)
	}
	created := p.self.implicit || p.begun(p.found)
	if !created {
		if v := p.mayAdopt(); v != nil {
			return v
		}
	}
	p.adoption = &adoption{foreign: !created}
	if p.opaque() {
		return nil // what it is made of is not known, not even after a create whose answer was lost: it is written
	}
	if created || p.o.Common().AdoptionPolicy != v1alpha1.AdoptionPolicyAlways {
		p.adoption.inputs = p.secret.digests // what matches is taken as it is, its password included
		if s := p.o.State(); s.Pending != nil && s.Pending.Outcome != v1alpha1.PendingRefused {
			p.adoption.inputs = s.Inputs // it may be what that create has made, of what it was sent
		}
	}
	return nil
}

// replacedByOthers stops where the recorded object has gone and others have made one of its name: no policy was set for that one. A restored server gives
// ids again, so the same id proves nothing; a GUID that was reset leaves our mark.
func (p *pass[O, W]) replacedByOthers() *verdict {
	s := p.o.State()
	if p.self.implicit || s.ID == "" || s.Pending != nil || s.GUID == "" || p.found.GUID == "" || p.found.GUID == s.GUID || p.bearer(p.found.Mark) == ours {
		return nil
	}
	if p.found.ID == s.ID {
		return stop(stalled(v1alpha1.ReasonAlreadyExists, fmt.Sprintf(
			"%q (id %s) has GUID %s, recorded is %s: the server was restored and this is another one, or its GUID was reset; it is neither changed nor taken over; to have it, delete this resource (with deletionPolicy: Retain) and apply it again",
			p.found.Key.Name, s.ID, p.found.GUID, s.GUID)))
	}
	return stop(stalled(v1alpha1.ReasonGoneOnServer, fmt.Sprintf(
		"%q (id %s, GUID %s) was deleted on the server, and what has its name now (id %s, GUID %s) was made by others: it is neither changed nor taken over; to have it, delete this resource (with deletionPolicy: Retain) and apply it again",
		s.Key, s.ID, s.GUID, p.found.ID, p.found.GUID)))
}

// stillOurs follows an object of ours whose id or GUID has changed: the server was restored, or somebody has reset the GUID.
func (p *pass[O, W]) stillOurs() *verdict {
	s := p.o.State()
	if v := p.markConflict(); v != nil {
		return v
	}
	if s.Pending != nil && !p.self.implicit {
		s.Pending, p.unsaved = nil, true // recorded, and now proven
	}
	if p.found.ID != s.ID || p.found.GUID != s.GUID {
		p.adoption = &adoption{newIdentity: true, inputs: s.Inputs}
	}
	return nil
}

// markConflict stops where somebody else has put their mark over ours: two owners would overwrite each other forever.
func (p *pass[O, W]) markConflict() *verdict {
	who := p.bearer(p.found.Mark)
	switch who {
	case unmarked, ours, orphan:
		return nil
	}
	if p.found.Mark == p.o.State().ExternalID {
		return nil // it was there when the object was adopted
	}
	if who == foreign && p.othersMarks() {
		return nil
	}
	return stop(stalled(v1alpha1.ReasonOwnedByAnother, fmt.Sprintf(
		"another owner has marked %q as %q: nothing is written until that external id is taken away on the server, or this resource is", p.key.Name, p.found.Mark)))
}

// mayAdopt decides about what we have not made.
func (p *pass[O, W]) mayAdopt() *verdict {
	refuse := func(why string) *verdict {
		return stop(stalled(v1alpha1.ReasonAlreadyExists, fmt.Sprintf("%q exists on the server with id %s and was not made by this resource%s", p.key.Name, p.found.ID, why)))
	}
	policy := p.o.Common().AdoptionPolicy
	who := p.bearer(p.found.Mark)
	switch {
	case policy == v1alpha1.AdoptionPolicyNever:
		return refuse(" (spec.adoptionPolicy: Never)")
	case who == sibling:
		return stop(stalled(v1alpha1.ReasonOwnedByAnother, fmt.Sprintf("another resource has made %q on this server", p.key.Name)))
	case policy == v1alpha1.AdoptionPolicyAlways:
		return nil
	case who == otherOperator:
		return refuse(fmt.Sprintf(": an operator of another cluster has marked it %q (restore that cluster's Secret %s here, or spec.adoptionPolicy: Always)", p.found.Mark, HashKeySecret))
	}
	if p.opaque() {
		return refuse(": the server tells nothing of it but its name, so whether it is as the spec says is not known (spec.adoptionPolicy: Always would take it over and write it)")
	}
	if differing := p.unlikeWanted(); len(differing) > 0 {
		return refuse(": it differs in " + fieldNames(differing) + " (spec.adoptionPolicy: Always would take it over and change that)")
	}
	return nil
}

// unlikeWanted lists what keeps the object that was found from being taken for one that is as the spec says. No add takes some collections: what a
// create was begun for has none of their members yet, which is no difference.
func (p *pass[O, W]) unlikeWanted() []Change {
	changes := unmarkedChanges(Diff(p.want, p.compared()))
	if !p.begunHere(p.found) {
		return changes
	}
	empty := emptyLater(p.found.Value)
	_, differing := split(changes, func(c Change) bool { return slices.Contains(empty, c.Field) })
	return differing
}

// ownedBy stops at what another resource has.
func (p *pass[O, W]) ownedBy(other v1alpha1.Object) *verdict {
	return stop(stalled(v1alpha1.ReasonOwnedByAnother, fmt.Sprintf("%s owns %q on this server already", describe(p.kindName, p.o, other), p.key.Name)))
}

// adopt records what was found as ours, before anything is written to it. The external id of another system is noted, and stays.
func (p *pass[O, W]) adopt(ctx context.Context) *verdict {
	if !p.self.implicit {
		if other := p.take(ctx, p.found); other != nil {
			return p.ownedBy(other)
		}
	}
	if !p.adoption.newIdentity {
		p.noteMade(p.madeNow())
	}
	s := p.o.State()
	s.ExternalID = ""
	switch p.bearer(p.found.Mark) {
	case foreign, otherOperator:
		s.ExternalID = p.found.Mark
	}
	if err := p.record(ctx, p.found.Identity, p.found.Key, p.adoption.inputs, nil); err != nil {
		return p.fail(err)
	}
	if err := p.addFinalizer(ctx); err != nil {
		return p.fail(err)
	}
	if p.adoption.newIdentity {
		p.warn(fmt.Sprintf("%q has another identity on the server than was recorded: now id %s, GUID %s", p.key.Name, p.found.ID, p.found.GUID))
	}
	if p.adoption.foreign {
		p.event(v1alpha1.ReasonAvailable, "Adopt", fmt.Sprintf("adopted %q with id %s%s", p.key.Name, p.found.ID, takenAsItIs(p.o.State().Inputs)))
	}
	p.adoption = nil
	return p.endCreate()
}

// takenAsItIs names what cannot be read back of what was adopted, and was not written: whether it is as the spec says is not known.
func takenAsItIs(inputs map[string]string) string {
	if len(inputs) == 0 {
		return ""
	}
	return ListNames("; taken as it is there, unseen:", slices.Sorted(maps.Keys(inputs)))
}

// othersMarks reports whether external ids are none of ours: that of what a customer has is its provider's, and a billing system finds by them
// what it has sold.
func (p *pass[O, W]) othersMarks() bool {
	return (p.role() == v1alpha1.RoleCustomer || p.contracted()) && !p.passing()
}

// mayMark reports whether our mark may be written: another system's external id is never replaced.
func (p *pass[O, W]) mayMark() bool {
	if p.othersMarks() {
		return false
	}
	switch p.bearer(p.found.Mark) {
	case unmarked, ours, orphan:
		return true
	}
	return false
}

func unmarkedChanges(changes []Change) []Change {
	var out []Change
	for _, c := range changes {
		if !c.Mark {
			out = append(out, c)
		}
	}
	return out
}
