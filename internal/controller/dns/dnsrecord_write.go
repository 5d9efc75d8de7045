// Writing records, in an order that never leaves a name worse off than before.

package dns

import (
	"context"
	"errors"
	"fmt"

	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
)

// stepsPerPacket bounds what one packet does: the server works it off in one request, under one timeout.
const stepsPerPacket = 50

// zoneStep is one operation of a packet.
type zoneStep struct {
	call    xmlapi.Caller
	outcome func() error // of the operation, once sent; nil also where there was nothing to do any more
	record  *zoneRecord  // that it adds or removes
}

// sendPacket sends the steps in one packet. Its error is about the packet: what a single step came to is in its outcome.
func sendPacket(ctx context.Context, d xmlapi.Doer, steps []*zoneStep) error {
	if len(steps) == 0 {
		return nil
	}
	calls := make([]xmlapi.Caller, len(steps))
	for i, s := range steps {
		calls[i] = s.call
	}
	return d.Do(ctx, calls...)
}

// sendSteps sends the steps in order, in as many packets as it takes.
func sendSteps(ctx context.Context, d xmlapi.Doer, steps []*zoneStep) error {
	for len(steps) > 0 {
		n := min(len(steps), stepsPerPacket)
		if err := sendPacket(ctx, d, steps[:n]); err != nil {
			return err
		}
		steps = steps[n:]
	}
	return nil
}

func firstRefusal(steps []*zoneStep) error {
	for _, s := range steps {
		if err := s.outcome(); err != nil {
			if s.record == nil {
				return err
			}
			err = fmt.Errorf("%w (%s)", err, s.record)
			if s.record.absent {
				return engine.Blame("spec.absent", err)
			}
			return err
		}
	}
	return nil
}

// unlessExists is the outcome of an add: what is there already need not be added, and is seen when the zone is read again.
func unlessExists(err error) error {
	if xmlapi.ClassOf(err) == xmlapi.Exists {
		return nil
	}
	return err
}

// place is where records are: in the zone of a site or a site alias, or in the server's template.
type place struct {
	owner    dns.Owner
	template *xmlapi.Empty // set for the template
}

func (p place) add(r zoneRecord) *zoneStep {
	c := dns.AddRec.Call(r.request(p.owner, r.text))
	return &zoneStep{call: c, outcome: func() error { return unlessExists(c.Err()) }, record: &r}
}

// remove removes by id; a record that is gone already is no failure.
func (p place) remove(r zoneRecord) *zoneStep {
	c := dns.DelRec.Call(dns.DelRecRequest{Filter: dns.ByID(r.id), Template: p.template})
	return &zoneStep{call: c, outcome: func() error { _, err := c.All(); return err }, record: &r}
}

// writeRecords adds before it removes, so that no name is without its records in between. Only where an old record excludes
// the new one, because one of them is a CNAME, the old one goes first, in the same packet. Where an add was refused, what it was
// to replace stays.
func writeRecords(ctx context.Context, d xmlapi.Doer, at place, u engine.Update[zoneValue]) error {
	adds, removals := recordChanges(u)
	adds, conflict := withoutConflicts(adds, removals, u.Have.all)
	groups, removals := replacements(adds, removals)
	var sent []*zoneStep
	refused := map[string]bool{} // names
	for _, packet := range recordPackets(at, groups) {
		if err := sendGroups(ctx, d, at, packet); err != nil {
			return err
		}
		for _, g := range packet {
			sent = append(sent, g.steps...)
			refused[g.name] = refused[g.name] || firstRefusal(g.steps) != nil
		}
	}
	var last []*zoneStep
	for _, r := range removals {
		if !refused[r.Name] {
			last = append(last, at.remove(r))
		}
	}
	if err := sendSteps(ctx, d, last); err != nil {
		return err
	}
	if err := firstRefusal(append(sent, last...)); err != nil {
		return err
	}
	return conflict
}

// recordChanges are the records that the changes add and remove. One that the server holds twice is removed twice.
func recordChanges(u engine.Update[zoneValue]) (adds, removals []zoneRecord) {
	toAdd, toRemove := changedRecords(u.Changes)
	for _, r := range u.Want.all {
		if toAdd[r.dnsRecord] {
			adds = append(adds, r)
		}
	}
	for _, r := range u.Have.going {
		if toRemove[r.dnsRecord] {
			r.absent = named(u.Want.absent, r.dnsRecord)
			removals = append(removals, r)
		}
	}
	return adds, removals
}

// withoutConflicts leaves out the adds that a record excludes which is not ours to remove, and says so: the server would
// refuse them with less to say.
func withoutConflicts(adds, removals, all []zoneRecord) ([]zoneRecord, error) {
	going := map[int64]bool{}
	for _, r := range removals {
		going[r.id] = true
	}
	staying := map[string][]zoneRecord{}
	for _, r := range all {
		if !going[r.id] {
			staying[r.Name] = append(staying[r.Name], r)
		}
	}
	var out []zoneRecord
	var conflict error
	for _, a := range adds {
		free := true
		for _, s := range staying[a.Name] {
			if !a.excludes(s.dnsRecord) {
				continue
			}
			free = false
			if conflict == nil {
				conflict = &xmlapi.Error{Class: xmlapi.Invalid, Operator: dns.AddRec.Operator(), Operation: dns.AddRec.Name(),
					Err: errors.New(a.String() + " cannot stand beside " + s.String() + ", which is in the zone and is not this resource's to remove: name it in spec.absent if it must go")}
			}
		}
		if free {
			out = append(out, a)
		}
	}
	return out, conflict
}

// nameChange is what becomes of one name: records to add, after those that exclude them are gone.
type nameChange struct {
	name     string
	adds     []zoneRecord
	blockers []zoneRecord
	steps    []*zoneStep // removals of the blockers, then adds
}

// replacements groups the adds. Those that nothing excludes stand alone. The removals that are left can wait.
func replacements(adds, removals []zoneRecord) (groups []*nameChange, later []zoneRecord) {
	byName := map[string]*nameChange{}
	for _, r := range removals {
		blocks := false
		for _, a := range adds {
			blocks = blocks || a.excludes(r.dnsRecord)
		}
		if !blocks {
			later = append(later, r)
			continue
		}
		if byName[r.Name] == nil {
			byName[r.Name] = &nameChange{name: r.Name}
			groups = append(groups, byName[r.Name])
		}
		byName[r.Name].blockers = append(byName[r.Name].blockers, r)
	}
	for _, a := range adds {
		g := byName[a.Name]
		if g == nil {
			g = &nameChange{name: a.Name}
			groups = append(groups, g)
		}
		g.adds = append(g.adds, a)
	}
	return groups, later
}

// recordPackets shares the groups out, none of them torn apart.
func recordPackets(at place, groups []*nameChange) [][]*nameChange {
	var out [][]*nameChange
	n := stepsPerPacket
	for _, g := range groups {
		for _, b := range g.blockers {
			g.steps = append(g.steps, at.remove(b))
		}
		for _, a := range g.adds {
			g.steps = append(g.steps, at.add(a))
		}
		if n += len(g.steps); n > stepsPerPacket {
			out, n = append(out, nil), len(g.steps)
		}
		out[len(out)-1] = append(out[len(out)-1], g)
	}
	return out
}

// sendGroups sends some groups in one packet. Where blockers went and none of the adds was accepted, the blockers come back:
// a wrong record is better than none.
func sendGroups(ctx context.Context, d xmlapi.Doer, at place, groups []*nameChange) error {
	var steps, restore []*zoneStep
	for _, g := range groups {
		steps = append(steps, g.steps...)
	}
	if err := sendPacket(ctx, d, steps); err != nil {
		return err
	}
	for _, g := range groups {
		if g.allRefused() {
			for _, b := range g.blockers {
				restore = append(restore, at.add(b))
			}
		}
	}
	return sendPacket(ctx, d, restore)
}

// allRefused reports whether none of the adds was accepted. A blocker that the server kept is there still, which adding it
// again does not change.
func (g *nameChange) allRefused() bool {
	for _, s := range g.steps[len(g.blockers):] {
		if s.outcome() == nil {
			return false
		}
	}
	return len(g.blockers) > 0
}
