// What the API server itself refuses of what a server has once: its settings, and its template of DNS zones.

package v1alpha1_test

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func TestSchemaOfWhatAServerHasOnce(t *testing.T) {
	bed := cluster(t)
	const settings, template = "PleskServerSettings", "PleskDNSTemplate"
	for _, c := range []struct {
		kind, spec string
		refused    string // what the message holds; "" is accepted
	}{
		{settings, `view: PowerUser, sessionTimeout: 1h30m, ftpOverTLS: Custom, dns: {recursion: Nobody, transferACL: ["2001:db8::/32", 192.0.2.1]}, locales: {de-DE: true}, prohibitedDomains: {names: []}`, ""},
		{settings, `mail: {outgoing: {mode: ExplicitIP, ipv4: 192.0.2.1, ipv6: ""}, outgoingControl: {mailboxLimit: -1, reportPeriod: TwoWeeks}}, web: {firewallMode: DetectionOnly}`, ""},
		{settings, `view: Mixed`, "spec.view"},
		{settings, `sessionTimeout: 30s`, "spec.sessionTimeout"},
		{settings, `sessionTimeout: ""`, "spec.sessionTimeout"},
		{settings, `mail: {outgoing: {ipv4: "2001:db8::1"}}`, "not an IPv4 address"},
		{settings, `mail: {outgoing: {ipv6: 192.0.2.1}}`, "not an IPv6 address"},
		{settings, `mail: {outgoingControl: {domainLimit: -2}}`, "spec.mail.outgoingControl.domainLimit"},
		{settings, `notifications: {smtpPort: 0}`, "spec.notifications.smtpPort"},
		{settings, `statistics: {retentionMonths: 0}`, "spec.statistics.retentionMonths"},
		{settings, `dns: {transferACL: [ns.example]}`, "neither an IP address nor a network"},
		{settings, `dns: {transferACL: [192.0.2.1, 192.0.2.1]}`, "Duplicate value"},
		{settings, `admin: {email: ada@acme.example}`, "admin"},
		{settings, `password: {generate: true}`, "password"},
		{settings, `deletionPolicy: DeleteWithContents`, "DeleteWithContents is for subscriptions and sites"},
		{template, `records: [{name: "@", type: A, value: <ip>}, {name: www, type: AAAA, value: <ipv6.web>}, {name: <ip>, type: PTR, value: <domain>, ptr: {prefixLength: 24}}, {name: "@", type: MX, value: mail.<domain>, priority: 10}],
			absent: [{name: "@", type: TXT}], soa: {ttl: 1h}, enabled: true, recordPolicy: Exclusive`, ""},
		{template, `records: [{name: www, type: A, value: www.example}]`, "an IPv4 address or a placeholder"},
		{template, `records: [{name: www, type: AAAA, value: 192.0.2.1}]`, "an IPv6 address or a placeholder"},
		{template, `records: [{name: www, type: PTR, value: <domain>, ptr: {prefixLength: 24}}]`, "an IP address or a placeholder"},
		{template, `records: [{name: "@", type: CNAME, value: <hostname>}]`, "the zone itself cannot be a CNAME"},
		{template, `records: [{name: "@", type: MX, value: mail.<domain>}]`, "priority is required with type MX"},
		{template, `recordPolicy: Exclusive`, "would empty the template"},
		{template, `type: Secondary`, "type"},
	} {
		err := bed.Client.Create(t.Context(), resource(t, c.kind, c.spec), client.FieldValidation(metav1.FieldValidationStrict))
		switch {
		case c.refused == "" && err != nil:
			t.Errorf("%s: refused: %v", c.spec, err)
		case c.refused != "" && err == nil:
			t.Errorf("%s: accepted", c.spec)
		case c.refused != "" && !strings.Contains(err.Error(), c.refused):
			t.Errorf("%s: the refusal does not say %q: %v", c.spec, c.refused, err)
		}
	}
	for _, kind := range []string{settings, template} {
		if err := bed.Client.Create(t.Context(), manifest(t, "apiVersion: plesk-operator.dev/v1alpha1\nkind: "+kind+"\nmetadata: {generateName: case-}\nspec: {}\n")); err == nil || !strings.Contains(err.Error(), "serverRef is required") {
			t.Errorf("%s without a server: %v", kind, err)
		}
		u := resource(t, kind, "")
		if err := bed.Client.Create(t.Context(), u); err != nil {
			t.Fatal(err)
		}
		err := bed.Client.Patch(t.Context(), u, client.RawPatch("application/merge-patch+json", []byte(`{"spec":{"serverRef":{"name":"web-02"}}}`)))
		if err == nil || !strings.Contains(err.Error(), "serverRef is immutable") {
			t.Errorf("%s: %v", kind, err)
		}
	}
}
