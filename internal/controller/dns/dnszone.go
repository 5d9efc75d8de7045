// PleskDNSZone: operator `dns`, natural key the name of the site, or site alias, whose zone it is.

// Package dns holds the kinds of DNS: zones with their records.
package dns

import (
	"fmt"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskdnszones,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskdnszones/status,verbs=get;update;patch

// Zone is the kind PleskDNSZone. Its id is that of the site or site alias: the zone has none of its own.
type Zone struct{}

var (
	_ engine.Kind[*v1alpha1.PleskDNSZone, zoneValue]    = Zone{}
	_ engine.Lister[zoneValue]                          = Zone{}
	_ engine.Logged                                     = Zone{}
	_ engine.Partial[*v1alpha1.PleskDNSZone, zoneValue] = Zone{}
	_ engine.Cleaner[*v1alpha1.PleskDNSZone, zoneValue] = Zone{}
	_ engine.Blamer                                     = Zone{}
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

func (Zone) Roles() []v1alpha1.ServerRole { return engine.ForAnybody }

func (Zone) Refs() []engine.Ref[*v1alpha1.PleskDNSZone] {
	return []engine.Ref[*v1alpha1.PleskDNSZone]{{
		Field: "spec.siteRef", Target: target.ZoneOwners, Parent: true,
		Get: func(o *v1alpha1.PleskDNSZone) []engine.Mention {
			return target.SiteMention(v1alpha1.SiteReference(o.Spec.SiteRef))
		},
	}}
}

func (Zone) Desired(o *v1alpha1.PleskDNSZone, in engine.Inputs) (engine.Key, zoneValue, error) {
	site := in.Ref("spec.siteRef")
	zone, err := form.HostName(site.Key.Name)
	if err != nil {
		return engine.Key{}, zoneValue{}, engine.Invalid("spec.siteRef", err.Error())
	}
	w, err := wantedZone(zone, &o.Spec)
	return engine.Key{Within: site.Identity, Name: zone}, w, err
}

// wantedZone translates the spec of a zone.
func wantedZone(zone string, s *v1alpha1.PleskDNSZoneSpec) (zoneValue, error) {
	w := zoneValue{Enabled: s.Enabled}
	if s.Type != nil {
		w.Type = new(string(*s.Type))
	}
	var err error
	if s.SOA != nil {
		if w.SOA, err = wantedSOA(s.SOA); err != nil {
			return w, err
		}
	}
	if w.Type != nil && *w.Type == zoneSecondary {
		for _, m := range s.MasterServers {
			w.MasterServers = append(w.MasterServers, form.ShownAddress(m))
		}
		return w, nil
	}
	if w.all, err = wantedRecords(zone, s.Records); err != nil {
		return w, err
	}
	w.Records = keysOf(w.all)
	if w.absent, err = wantedAbsent(zone, s.Absent, w.all); err == nil && len(w.absent) > 0 {
		w.Absent = []dnsRecord{}
	}
	return w, err
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

func keysOf(records []zoneRecord) []dnsRecord {
	keys := make([]dnsRecord, len(records))
	for i, r := range records {
		keys[i] = r.dnsRecord
	}
	return keys
}

func timeOf(seconds *uint32) *time.Duration { return new(time.Duration(*seconds) * time.Second) }

func (Zone) Observe(o *v1alpha1.PleskDNSZone, f *engine.Found[zoneValue]) {
	v := f.Value
	soa := v1alpha1.DNSZoneSOA{
		TTL: shownTime(v.SOA.TTL), Refresh: shownTime(v.SOA.Refresh), Retry: shownTime(v.SOA.Retry), Expire: shownTime(v.SOA.Expire), Minimum: shownTime(v.SOA.Minimum),
	}
	o.Status.Observed = &v1alpha1.ObservedDNSZone{
		Type: v1alpha1.DNSZoneType(*v.Type), Enabled: *v.Enabled, RecordCount: int32(len(v.all)), SOA: &soa, // no zone has that many
		MasterServers: slices.Sorted(slices.Values(v.MasterServers)),
	}
}

func shownTime(d *time.Duration) *metav1.Duration { return &metav1.Duration{Duration: *d} }

func (Zone) Field(err *xmlapi.Error) string {
	switch err.Operation {
	case dns.AddRec.Name(), dns.DelRec.Name():
		return "spec.records"
	case dns.Set.Name():
		return "spec.soa"
	case dns.Switch.Name():
		return "spec.type"
	case dns.Enable.Name(), dns.Disable.Name():
		return "spec.enabled"
	case dns.AddMasterServer.Name(), dns.DelMasterServer.Name():
		return "spec.masterServers"
	case dns.Get.Name():
		return "spec.siteRef"
	}
	return ""
}
