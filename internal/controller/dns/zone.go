// What a zone is on the wire, and the server's template of zones: its times and its records.

package dns

import (
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
)

// zoneValue is what a zone is on the wire. Records is nil where records are not compared.
type zoneValue struct {
	Type          *string     `plesk:"type"`
	MasterServers []string    `plesk:"masterServers,privileged"`
	SOA           *zoneSOA    `plesk:"soa"`
	Enabled       *bool       `plesk:"enabled"`
	Records       []dnsRecord `plesk:"records"`
	Absent        []dnsRecord `plesk:"absent"` // wanted: none, nil where the spec names none; found: those that it names

	name    string           // of the zone, as found
	all     []zoneRecord     // every record, wanted or found, whatever Restrict leaves of Records
	going   []zoneRecord     // those found that Restrict leaves to be removed
	absent  []absentRecord   // that must not be there
	masters map[string]int64 // the ids of the master servers found
}

type zoneSOA struct {
	TTL     *time.Duration `plesk:"ttl"`
	Refresh *time.Duration `plesk:"refresh"`
	Retry   *time.Duration `plesk:"retry"`
	Expire  *time.Duration `plesk:"expire"`
	Minimum *time.Duration `plesk:"minimum"`
}

// zoneRecord is a record with what it takes to add or remove it.
type zoneRecord struct {
	dnsRecord
	id     int64  // of a record found
	text   string // the value as the user or the server wrote it
	absent bool   // it goes because the spec names it as absent
}

const (
	zonePrimary   = string(v1alpha1.DNSZoneTypePrimary)
	zoneSecondary = string(v1alpha1.DNSZoneTypeSecondary)
)

// secondary reports whether the records that a zone shows are another server's.
func (v zoneValue) secondary() bool { return v.Type != nil && *v.Type == zoneSecondary }

// wantRecords translates the records that are to be in a zone, and those that must not be.
func (v *zoneValue) wantRecords(zone string, records []v1alpha1.DNSRecord, absent []v1alpha1.AbsentDNSRecord) (err error) {
	if v.all, err = wantedRecords(zone, records); err != nil {
		return err
	}
	v.Records = keysOf(v.all)
	if v.absent, err = wantedAbsent(zone, absent, v.all); err == nil && len(v.absent) > 0 {
		v.Absent = []dnsRecord{}
	}
	return err
}

func keysOf(records []zoneRecord) []dnsRecord {
	keys := make([]dnsRecord, len(records))
	for i, r := range records {
		keys[i] = r.dnsRecord
	}
	return keys
}

// maxTTL is the most that a time in DNS can be (RFC 2181 §8).
const maxTTL = (1<<31 - 1) * time.Second

func wantedSOA(s *v1alpha1.DNSZoneSOA) (*zoneSOA, error) {
	var w zoneSOA
	for _, t := range []struct {
		field string
		from  *metav1.Duration
		to    **time.Duration
	}{
		{"ttl", s.TTL, &w.TTL}, {"refresh", s.Refresh, &w.Refresh}, {"retry", s.Retry, &w.Retry},
		{"expire", s.Expire, &w.Expire}, {"minimum", s.Minimum, &w.Minimum},
	} {
		if t.from == nil {
			continue
		}
		if d := t.from.Duration; d < 0 || d > maxTTL || d%time.Second != 0 {
			return nil, engine.Invalid("spec.soa."+t.field, fmt.Sprintf("whole seconds from 0s to %s", maxTTL))
		}
		*t.to = &t.from.Duration
	}
	return &w, nil
}

// foundSOA is what the server says of the times of a zone.
func foundSOA(s *dns.SOA) (*zoneSOA, error) {
	if s == nil || s.TTL == nil || s.Refresh == nil || s.Retry == nil || s.Expire == nil || s.Minimum == nil {
		return nil, xmlapi.Incomplete(dns.Get, "soa")
	}
	return &zoneSOA{TTL: timeOf(s.TTL), Refresh: timeOf(s.Refresh), Retry: timeOf(s.Retry), Expire: timeOf(s.Expire), Minimum: timeOf(s.Minimum)}, nil
}

func timeOf(seconds *uint32) *time.Duration { return new(time.Duration(*seconds) * time.Second) }

// wholeSOA is what the zone has with the changes in it: it is undocumented whether omitted times persist
// (operators-services §2.7), so none is omitted.
func wholeSOA(change, have *zoneSOA) dns.SOA {
	seconds := func(change, have *time.Duration) *uint32 {
		if change == nil {
			change = have
		}
		return new(uint32(*change / time.Second)) // the spec's are checked, the server sent its own as uint32
	}
	return dns.SOA{
		TTL: seconds(change.TTL, have.TTL), Refresh: seconds(change.Refresh, have.Refresh), Retry: seconds(change.Retry, have.Retry),
		Expire: seconds(change.Expire, have.Expire), Minimum: seconds(change.Minimum, have.Minimum),
	}
}

// timesAndState are the steps that change the times of a zone, and whether it is answered for; without a filter, those of the template.
func timesAndState(which *xmlapi.Filter, u engine.Update[zoneValue]) []*zoneStep {
	var steps []*zoneStep
	if s := u.Patch.SOA; s != nil {
		c := dns.Set.Call(dns.SetRequest{Filter: which, SOA: wholeSOA(s, u.Have.SOA)})
		steps = append(steps, &zoneStep{call: c, outcome: c.Err})
	}
	if on := u.Patch.Enabled; on != nil {
		op := dns.Disable
		if *on {
			op = dns.Enable
		}
		c := op.Call(dns.EnableRequest{Filter: which})
		steps = append(steps, &zoneStep{call: c, outcome: c.Err})
	}
	return steps
}

// foundRecords are the records that the server shows of a zone.
func foundRecords(zone string, results []dns.GetRecResult) ([]zoneRecord, error) {
	var out []zoneRecord
	for _, r := range results {
		if r.Data == nil || r.ID == 0 {
			return nil, xmlapi.Incomplete(dns.GetRec, "id and data")
		}
		out = append(out, zoneRecord{dnsRecord: foundRecord(zone, *r.Data), id: r.ID, text: r.Data.Value})
	}
	return out, nil
}

// shown is the times for the status.
func (s *zoneSOA) shown() *v1alpha1.DNSZoneSOA {
	return &v1alpha1.DNSZoneSOA{
		TTL: shownTime(s.TTL), Refresh: shownTime(s.Refresh), Retry: shownTime(s.Retry), Expire: shownTime(s.Expire), Minimum: shownTime(s.Minimum),
	}
}

func shownTime(d *time.Duration) *metav1.Duration { return &metav1.Duration{Duration: *d} }

// fieldOf is the field that a refusal is about, of those that zones and the template share.
func fieldOf(err *xmlapi.Error) string {
	switch err.Operation {
	case dns.AddRec.Name(), dns.DelRec.Name():
		return "spec.records"
	case dns.Set.Name():
		return "spec.soa"
	case dns.Enable.Name(), dns.Disable.Name():
		return "spec.enabled"
	}
	return ""
}
