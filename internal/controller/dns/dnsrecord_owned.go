// Whose records: which of the records of a zone, or of the template, a resource compares, notes as its own, and takes back.

package dns

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
)

// listable are the types that the spec can list; what it cannot list is never removed.
var listable = []string{recordA, recordAAAA, recordCNAME, recordMX, recordNS, recordPTR, recordTXT, recordSRV, recordDS, recordCAA}

// restricted leaves of the records found those that are wanted and those that are to go: those that the spec names as absent, and ours.
func restricted(want, have zoneValue, ours func(zoneRecord) bool) zoneValue {
	wanted := setOf(want.Records)
	var kept []dnsRecord
	var going []zoneRecord
	for _, r := range have.all {
		switch {
		case wanted[r.dnsRecord]:
			kept = append(kept, r.dnsRecord)
		case named(want.absent, r.dnsRecord), ours(r):
			going = append(going, r)
		}
	}
	have.Absent, have.going = nil, removable(have.all, going, want.Records)
	for _, r := range have.going {
		if named(want.absent, r.dnsRecord) {
			have.Absent = append(have.Absent, r.dnsRecord)
		} else {
			kept = append(kept, r.dnsRecord)
		}
	}
	have.Records = kept
	return have
}

// ownedRecords is what a status keeps of the records that its resource has added.
type ownedRecords struct {
	list *[]v1alpha1.OwnedDNSRecord
	zone string // the name that the zone had when the list was written
}

// byPolicy tells which records of a zone are the resource's to remove.
func (o ownedRecords) byPolicy(policy v1alpha1.RecordPolicy, zone string) func(zoneRecord) bool {
	if policy == v1alpha1.RecordPolicyExclusive {
		return func(r zoneRecord) bool { return slices.Contains(listable, r.Type) }
	}
	return o.added(zone)
}

// added tells which records of a zone the resource has added: by their id and what they say. A record whose id is not known yet was about
// to be added when the operator ended. When a zone is renamed, the server rewrites values that end in its old name.
func (o ownedRecords) added(zone string) func(zoneRecord) bool {
	added := map[string][]v1alpha1.OwnedDNSRecord{}
	for _, own := range *o.list {
		added[own.Record] = append(added[own.Record], own)
	}
	return func(r zoneRecord) bool {
		known := []string{r.recorded()}
		if was, another := r.before(zone, o.zone); another {
			known = append(known, was.recorded())
		}
		for _, text := range known {
			for _, own := range added[text] {
				if own.ID == "" || own.ID == engine.IDText(r.id) {
					return true
				}
			}
		}
		return false
	}
}

// longestRecorded is how much of a record the status keeps. A zone may hold hundreds of long texts, and an object a megabyte and a half.
const longestRecorded = 200

// recorded is a record's key in the status: all of it, or its beginning and what tells it from all others.
func (r dnsRecord) recorded() string {
	text := r.String()
	if len(text) <= longestRecorded {
		return text
	}
	sum := sha256.Sum256([]byte(text))
	return strings.ToValidUTF8(text[:longestRecorded/2], "") + "… sha256:" + hex.EncodeToString(sum[:])
}

// before is the record as it was when its zone had another name; another is false where that makes no difference.
func (r zoneRecord) before(zone, old string) (was dnsRecord, another bool) {
	if old == "" || old == zone {
		return was, false
	}
	was = r.dnsRecord
	if was.Value == zone {
		was.Value = old
	} else if label, inside := strings.CutSuffix(was.Value, "."+zone); inside {
		was.Value = label + "." + old
	} else {
		return was, false
	}
	return was, true
}

// removable leaves out what the server would refuse to remove: the last MX and the last NS record, be it
// of the apex or of the zone (operators-services §2.5).
func removable(all, going []zoneRecord, wanted []dnsRecord) []zoneRecord {
	for _, kind := range []string{recordMX, recordNS} {
		for _, within := range []func(dnsRecord) bool{
			func(r dnsRecord) bool { return r.Type == kind && r.Name == apex },
			func(r dnsRecord) bool { return r.Type == kind },
		} {
			leaves := slices.ContainsFunc(wanted, within) || slices.ContainsFunc(all, func(r zoneRecord) bool {
				return within(r.dnsRecord) && !slices.Contains(going, r)
			})
			if !leaves {
				going = slices.DeleteFunc(slices.Clone(going), func(r zoneRecord) bool { return within(r.dnsRecord) })
			}
		}
	}
	return going
}

func setOf[T comparable](members []T) map[T]bool {
	set := make(map[T]bool, len(members))
	for _, m := range members {
		set[m] = true
	}
	return set
}

// record notes the records that are about to be added. Those that make place for one of them come back under
// another id where the server refuses it.
func (o ownedRecords) record(changes []engine.Change) {
	adds, removals := changedRecords(changes)
	added := map[string]bool{} // names
	for r := range adds {
		*o.list = append(*o.list, v1alpha1.OwnedDNSRecord{Record: r.recorded()})
		added[r.Name] = true
	}
	for r := range removals {
		if !added[r.Name] {
			continue
		}
		for i := range *o.list {
			if own := &(*o.list)[i]; own.Record == r.recorded() {
				own.ID = ""
			}
		}
	}
	o.sort()
}

// changedRecords are the records that changes add and remove.
func changedRecords(changes []engine.Change) (adds, removals map[dnsRecord]bool) {
	adds, removals = map[dnsRecord]bool{}, map[dnsRecord]bool{}
	for _, c := range changes {
		if r, ok := c.Member.(dnsRecord); ok && c.To != "" {
			adds[r] = true
		} else if ok {
			removals[r] = true
		}
	}
	return adds, removals
}

func (o ownedRecords) sort() {
	slices.SortFunc(*o.list, func(a, b v1alpha1.OwnedDNSRecord) int {
		return cmp.Or(strings.Compare(a.Record, b.Record), strings.Compare(a.ID, b.ID))
	})
	*o.list = slices.Compact(*o.list)
}

// confirm notes the ids of records that are there; records that are gone are not ours any more.
func (o ownedRecords) confirm(have zoneValue) {
	ours := o.added(have.name)
	var owned []v1alpha1.OwnedDNSRecord
	for _, r := range have.all {
		if ours(r) {
			owned = append(owned, v1alpha1.OwnedDNSRecord{ID: engine.IDText(r.id), Record: r.recorded()})
		}
	}
	*o.list = owned
	o.sort()
}

// takeBack removes the records that the resource added, under either policy, and nothing else, and sees that they are gone.
func (o ownedRecords) takeBack(ctx context.Context, d xmlapi.Doer, at place, have zoneValue, again func() (*engine.Found[zoneValue], error)) error {
	removals := func(v zoneValue) (steps []*zoneStep) {
		added := o.added(v.name)
		ours := slices.DeleteFunc(slices.Clone(v.all), func(r zoneRecord) bool { return !added(r) })
		for _, r := range removable(v.all, ours, nil) {
			steps = append(steps, at.remove(r))
		}
		return steps
	}
	steps := removals(have)
	if len(steps) == 0 {
		return nil
	}
	if err := sendSteps(ctx, d, steps); err != nil {
		return err
	}
	if err := firstRefusal(steps); err != nil {
		return err
	}
	found, err := again()
	if err != nil {
		return err
	}
	if left := removals(found.Value); len(left) > 0 {
		return &xmlapi.Error{Class: xmlapi.Transient, Operator: dns.DelRec.Operator(), Operation: dns.DelRec.Name(),
			Err: fmt.Errorf("the record %s was deleted and is still there: trying again", left[0].record)}
	}
	return nil
}
