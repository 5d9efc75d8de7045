// PleskDNSZone: operator `dns`, natural key the name of the site, or site alias, whose zone it is.

// Package dns holds the kinds of DNS: zones with their records, and the template that they are made of.
package dns

import (
	"slices"

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

func (Zone) Roles() []v1alpha1.ServerRole { return engine.ForAnybody }

func (Zone) Refs() []engine.Ref[*v1alpha1.PleskDNSZone] {
	return []engine.Ref[*v1alpha1.PleskDNSZone]{{
		Field: "spec.siteRef", Target: target.ZoneOwners, Parent: true,
		Get: func(o *v1alpha1.PleskDNSZone) []engine.Mention {
			return target.SiteMention(v1alpha1.SiteReference(o.Spec.SiteRef))
		},
		Set: func(o *v1alpha1.PleskDNSZone, m []engine.Mention) {
			o.Spec.SiteRef = v1alpha1.DNSZoneOwner(target.SiteReference(m))
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
	err = w.wantRecords(zone, s.Records, s.Absent)
	return w, err
}

func (Zone) Observe(o *v1alpha1.PleskDNSZone, f *engine.Found[zoneValue]) {
	v := f.Value
	o.Status.Observed = &v1alpha1.ObservedDNSZone{
		Type: v1alpha1.DNSZoneType(*v.Type), Enabled: *v.Enabled, RecordCount: int32(len(v.all)), SOA: v.SOA.shown(), // no zone has that many
		MasterServers: slices.Sorted(slices.Values(v.MasterServers)),
	}
}

func (Zone) Field(err *xmlapi.Error) string {
	switch err.Operation {
	case dns.Switch.Name():
		return "spec.type"
	case dns.AddMasterServer.Name(), dns.DelMasterServer.Name():
		return "spec.masterServers"
	case dns.Get.Name():
		return "spec.siteRef"
	}
	return fieldOf(err)
}
