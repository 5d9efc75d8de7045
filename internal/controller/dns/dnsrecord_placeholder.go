// Placeholders: what records of the server's template have in place of what each zone has for itself.

package dns

import (
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// templateZone is the name of the zone in the template, which the server replaces when it makes a zone.
const templateZone = "<domain>"

// sampleZone is what stands for that where names are checked.
const sampleZone = "domain.example"

// placeholders are those that the server replaces (operators-services §3), each with a sample of what it becomes.
var placeholders = strings.NewReplacer(
	templateZone, sampleZone, "<subdomain>", "sub", "<hostname>", "host.example",
	"<ip>", "192.0.2.1", "<ip.dns>", "192.0.2.1", "<ip.web>", "192.0.2.1", "<ip.mail>", "192.0.2.1", "<ip.webmail>", "192.0.2.1",
	"<ipv6>", "2001:db8::1", "<ipv6.dns>", "2001:db8::1", "<ipv6.web>", "2001:db8::1", "<ipv6.mail>", "2001:db8::1", "<ipv6.webmail>", "2001:db8::1",
)

// filledIn is a record as it is checked: one of the template has samples in place of placeholders.
func filledIn(zone string, s v1alpha1.DNSRecord) v1alpha1.DNSRecord {
	if zone == templateZone {
		s.Name, s.Value = placeholders.Replace(s.Name), placeholders.Replace(s.Value)
	}
	return s
}
