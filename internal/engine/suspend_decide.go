// What is to become of a suspension: decided without I/O, from what stands, what is recorded, and what the server has.

package engine

import (
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
	case set && s.wanted && (s.record == nil || s.record.Found || s.record.Lost):
		return decision{reason: reason, found: true}
	case s.wanted && !set && reason&s.taken == 0:
		reason = s.own // the credentials are another role's by now
		fallthrough
	case s.wanted:
		return decision{act: v1alpha1.ActSuspend, reason: reason, others: owed, writes: missing(s.has, owed|reason)}
	case s.record.Found || s.record.Lost:
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

// lost reports whether a reason of ours has been taken away by somebody. What is pending may not have been executed yet.
func (s situation) lost() bool {
	return s.record != nil && s.record.Pending == nil && !s.record.Found && s.has&xmlapi.StatusOf(s.record.Reason) == 0
}

// missing are the reasons of want that are not there.
func missing(has, want xmlapi.Status) []xmlapi.Status { return (want &^ has).Each() }

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
