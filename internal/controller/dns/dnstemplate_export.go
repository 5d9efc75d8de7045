// The template of zones as an export describes it.

package dns

import (
	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

var _ engine.Exporter[*v1alpha1.PleskDNSTemplate, zoneValue] = Template{}

// Export lists every record that a spec can list. With recordPolicy Additive, as it is exported, none is ever removed.
func (Template) Export(o *v1alpha1.PleskDNSTemplate, f *engine.Found[zoneValue]) (told engine.Exported, _ error) {
	o.Spec.Enabled, o.Spec.SOA = f.Value.Enabled, f.Value.SOA.shown()
	var records []v1alpha1.DNSRecord
	records, told.Notes = exportRecords(templateZone, f.Value.all)
	for _, r := range records {
		o.Spec.Records = append(o.Spec.Records, v1alpha1.DNSTemplateRecord(r))
	}
	return told, nil
}
