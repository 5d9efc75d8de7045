// The schedule: who does what to which object, drawn from the seed before anything starts.

package chaos

import (
	"math/rand/v2"
)

// deed is a kind of change.
type deed string

// The deeds of users are changes of custom resources; those by hand happen on the server, behind the operator's back.
const (
	editCustomer     deed = "user edits a customer"
	renameCustomer   deed = "user renames a customer"
	changePassword   deed = "user changes a password"
	editPlan         deed = "user edits a plan"
	editSubscription deed = "user edits a subscription"
	switchPlan       deed = "user switches the plan"
	editZone         deed = "user edits records"

	replaceSubscription deed = "user deletes a subscription and recreates it"
	replaceZone         deed = "user deletes a zone and recreates it"
	replaceFamily       deed = "user deletes a customer with all they have and recreates it"
	releaseAndAdopt     deed = "user lets a subscription go (Retain) and takes it over again"

	handCustomer     deed = "customer changed by hand"
	handPlan         deed = "plan changed by hand"
	handSubscription deed = "subscription changed by hand"
	handTakeRecord   deed = "record removed by hand"
	handAddRecord    deed = "record added by hand"
	handRemove       deed = "subscription removed by hand"
)

// weights says how often each deed is chosen, relative to the others.
var weights = []struct {
	deed   deed
	weight int
}{
	{editCustomer, 12}, {renameCustomer, 3}, {changePassword, 4}, {editPlan, 6}, {editSubscription, 12}, {switchPlan, 5}, {editZone, 14},
	{replaceSubscription, 5}, {replaceZone, 3}, {replaceFamily, 3}, {releaseAndAdopt, 3},
	{handCustomer, 8}, {handPlan, 3}, {handSubscription, 6}, {handTakeRecord, 6}, {handAddRecord, 4}, {handRemove, 3},
}

// act is one deed on one family. Its number decides what exactly is done.
type act struct {
	deed   deed
	family int
	number uint64
}

// newSchedule draws all acts of a run.
func newSchedule(c Config, families []*family) []act {
	rng := rand.New(rand.NewPCG(c.Seed, streamSchedule)) // chance in tests, repeatable
	total := 0
	for _, w := range weights {
		total += w.weight
	}
	acts := make([]act, 0, c.Edits)
	for len(acts) < c.Edits {
		a := act{deed: drawDeed(rng.IntN(total)), family: rng.IntN(len(families)), number: rng.Uint64()}
		if a.suits(families[a.family]) {
			acts = append(acts, a)
		}
	}
	return acts
}

func drawDeed(ticket int) deed {
	for _, w := range weights {
		if ticket -= w.weight; ticket < 0 {
			return w.deed
		}
	}
	panic("the ticket is below the sum of the weights")
}

// suits reports whether the family has what the act is about.
func (a act) suits(f *family) bool {
	switch a.deed {
	case editPlan, handPlan:
		return f.plan != nil
	case editCustomer, renameCustomer, changePassword, handCustomer, replaceFamily:
		return f.customer != nil
	case editZone, replaceZone, handTakeRecord, handAddRecord:
		s := a.subscription(f)
		return s != nil && s.zone != nil
	}
	return a.subscription(f) != nil
}

// subscription is the one that the act is about, nil when the family has none.
func (a act) subscription(f *family) *subscription {
	if len(f.subs) == 0 {
		return nil
	}
	return f.subs[a.number%uint64(len(f.subs))]
}
