// Whose records: which of a zone's records a PleskDNSZone compares, notes as its own, and takes back.

package controller

import (
	"context"
	"fmt"
	"slices"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
)

// recordsField is the path of the records in changes.
const recordsField = "records"

// listable are the types that the spec can list; what it cannot list is never removed.
var listable = []string{recordA, recordAAAA, recordCNAME, recordMX, recordNS, recordPTR, recordTXT, recordSRV, recordDS, recordCAA}

// Restrict implements engine.Partial: it leaves of the zone's records those that are wanted and those that are to go.
func (DNSZone) Restrict(o *v1alpha1.PleskDNSZone, want, have zoneValue) zoneValue {
	if want.Records == nil {
		return have
	}
	if *have.Type == zoneSecondary && (want.Type == nil || len(have.all) == 0) {
		// What a secondary zone answers is another server's. On its way to primary its own records are compared, if it
		// shows any: whether it does nobody says, and hidden ones must not be taken for missing and noted as added.
		have.Records = want.Records
		return have
	}
	wanted, ours := setOf(want.Records), ownRecords(o)
	var kept []dnsRecord
	var unlisted []zoneRecord
	for _, r := range have.all {
		switch {
		case wanted[r.dnsRecord]:
			kept = append(kept, r.dnsRecord)
		case ours(r.dnsRecord):
			unlisted = append(unlisted, r)
		}
	}
	have.Records = slices.Concat(kept, keysOf(removable(have.all, unlisted, want.Records)))
	return have
}

// ownRecords tells which records are the resource's to remove.
func ownRecords(o *v1alpha1.PleskDNSZone) func(dnsRecord) bool {
	if o.Spec.RecordPolicy == v1alpha1.RecordPolicyExclusive {
		return func(r dnsRecord) bool { return slices.Contains(listable, r.Type) }
	}
	return addedRecords(o)
}

// addedRecords tells which records the resource has added.
func addedRecords(o *v1alpha1.PleskDNSZone) func(dnsRecord) bool {
	added := setOf(o.Status.Records)
	return func(r dnsRecord) bool { return added[r.String()] }
}

// removable leaves out what the server would refuse to remove: MX and NS records without which a zone would have none, be it
// at its apex or anywhere (operators-services §2.5).
func removable(all, unlisted []zoneRecord, wanted []dnsRecord) []zoneRecord {
	for _, kind := range []string{recordMX, recordNS} {
		for _, within := range []func(dnsRecord) bool{
			func(r dnsRecord) bool { return r.Type == kind && r.Name == apex },
			func(r dnsRecord) bool { return r.Type == kind },
		} {
			leaves := slices.ContainsFunc(wanted, within) || slices.ContainsFunc(all, func(r zoneRecord) bool {
				return within(r.dnsRecord) && !slices.Contains(unlisted, r)
			})
			if !leaves {
				unlisted = slices.DeleteFunc(slices.Clone(unlisted), func(r zoneRecord) bool { return within(r.dnsRecord) })
			}
		}
	}
	return unlisted
}

func setOf[T comparable](members []T) map[T]bool {
	set := make(map[T]bool, len(members))
	for _, m := range members {
		set[m] = true
	}
	return set
}

// Record implements engine.Partial: it notes the records that are about to be added.
func (DNSZone) Record(o *v1alpha1.PleskDNSZone, changes []engine.Change) {
	for _, c := range changes {
		if c.Field == recordsField && c.To != "" {
			o.Status.Records = append(o.Status.Records, c.To)
		}
	}
	slices.Sort(o.Status.Records)
	o.Status.Records = slices.Compact(o.Status.Records)
}

// Forget implements engine.Partial. Of a secondary zone nothing is concluded.
func (DNSZone) Forget(o *v1alpha1.PleskDNSZone, have zoneValue) {
	if *have.Type == zoneSecondary {
		return
	}
	there := map[string]bool{}
	for _, r := range have.all {
		there[r.String()] = true
	}
	o.Status.Records = slices.DeleteFunc(o.Status.Records, func(r string) bool { return !there[r] })
}

// Release implements engine.Releaser: it removes the records that this resource added, under either policy, and nothing else,
// and sees that they are gone.
func (DNSZone) Release(ctx context.Context, d xmlapi.Doer, o *v1alpha1.PleskDNSZone) error {
	if len(o.Status.Records) == 0 || o.Status.ID == "" {
		return nil
	}
	site, err := number(o.Status.ID)
	if err != nil {
		return err
	}
	added := addedRecords(o)
	removals := func() (steps []*zoneStep, _ error) {
		found, err := findZone(ctx, d, site)
		if err != nil {
			return nil, err
		}
		ours := slices.DeleteFunc(slices.Clone(found.Value.all), func(r zoneRecord) bool { return !added(r.dnsRecord) })
		for _, r := range removable(found.Value.all, ours, nil) {
			steps = append(steps, removeRecord(r))
		}
		return steps, nil
	}
	steps, err := removals()
	if err != nil || len(steps) == 0 {
		return err
	}
	if err := sendSteps(ctx, d, steps); err != nil {
		return err
	}
	if err := firstRefusal(steps); err != nil {
		return err
	}
	left, err := removals()
	if err != nil || len(left) == 0 {
		return err
	}
	return &xmlapi.Error{Class: xmlapi.Transient, Operator: dns.DelRec.Operator(), Operation: dns.DelRec.Name(),
		Err: fmt.Errorf("the record %s was deleted and is still there: trying again", left[0].record)}
}
