// A zone as an export describes it.

package dns

import (
	"slices"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

var _ engine.Exporter[*v1alpha1.PleskDNSZone, zoneValue] = Zone{}

// Export lists every record that a spec can list, whoever has made it: with recordPolicy Additive, as it is exported, none is ever removed.
func (Zone) Export(o *v1alpha1.PleskDNSZone, f *engine.Found[zoneValue]) (told engine.Exported, _ error) {
	v, s := f.Value, &o.Spec
	kind := "" // a subscription's or a site's, by its GUID
	if ofAlias(f.Identity) {
		kind = "PleskSiteAlias"
	}
	told.Refs = []engine.Pointer{{Field: "spec.siteRef", To: []engine.Owner{{Kind: kind, Identity: f.Identity, Key: engine.Key{Name: f.Key.Name}}}}}
	s.Enabled, s.Type = v.Enabled, (*v1alpha1.DNSZoneType)(v.Type)
	if v.SOA != nil {
		s.SOA = v.SOA.shown()
	}
	if v.secondary() {
		s.MasterServers = slices.Sorted(slices.Values(v.MasterServers))
		return told, nil
	}
	s.Records, told.Notes = exportRecords(v.name, v.all)
	return told, nil
}
