// The row of PleskDNSTemplate: an implicit kind, which comes with its server. Its neighbour is a zone that was made of it.

package conformance

import (
	"slices"
	"strconv"
	"strings"
	"time"

	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	family "github.com/plesk-operator/plesk-operator/internal/controller/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

var dnsTemplateRow = row{
	kind: "PleskDNSTemplate",
	is:   kind(family.Template{}),
	can:  []capability{exporter, partial, cleaner, serverScoped, blamer},
	prepare: func(s *site) {
		do(s, webspace.Add, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: "neighbour.example", IPAddresses: []string{sharedAddress}}})
	},
	object: func(s *site) v1alpha1.Object {
		t := &v1alpha1.PleskDNSTemplate{Spec: v1alpha1.PleskDNSTemplateSpec{
			CommonSpec: s.common(), Enabled: new(true),
			Records: []v1alpha1.DNSTemplateRecord{{Name: "shop", Type: v1alpha1.DNSRecordA, Value: "<ip>"}, {Name: "blog", Type: v1alpha1.DNSRecordCNAME, Value: "shop.<domain>"}},
			SOA:     &v1alpha1.DNSZoneSOA{TTL: &metav1.Duration{Duration: 2 * time.Hour}},
		}}
		t.Name = s.name + "-template"
		return t
	},
	fields: []field{
		templateField("records", "<ip>", "198.51.100.8",
			func(t *v1alpha1.PleskDNSTemplateSpec) { t.Records[0].Value = "198.51.100.8" }, nil,
			func(s *site) string { return templateRecord(s, "shop.<domain>.") },
			"", func(s *site) { removeTemplateRecord(s, "shop.<domain>.") }),
		// Its old record stands in the way of the new one.
		templateField("records (CNAME)", "shop.<domain>.", "www.acme.example.",
			func(t *v1alpha1.PleskDNSTemplateSpec) { t.Records[1].Value = "www.acme.example" }, nil,
			func(s *site) string { return templateRecord(s, "blog.<domain>.") },
			"", func(s *site) { removeTemplateRecord(s, "blog.<domain>.") }),
		templateField("soa.ttl", "7200", "3600",
			func(t *v1alpha1.PleskDNSTemplateSpec) { t.SOA.TTL = &metav1.Duration{Duration: time.Hour} },
			func(t *v1alpha1.PleskDNSTemplateSpec) { t.SOA = nil },
			func(s *site) string { return strconv.FormatUint(uint64(*templateOf(s).SOA.TTL), 10) },
			"1800", func(s *site) { do(s, dns.Set, dns.SetRequest{SOA: dns.SOA{TTL: new(uint32(1800))}}) }),
		templateField("enabled", dns.Enabled, dns.Disabled,
			func(t *v1alpha1.PleskDNSTemplateSpec) { t.Enabled = new(false) },
			func(t *v1alpha1.PleskDNSTemplateSpec) { t.Enabled = nil },
			func(s *site) string { return *templateOf(s).ZoneStatus },
			dns.Disabled, func(s *site) { do(s, dns.Disable, dns.EnableRequest{}) }),
	},
	list: func(s *site) []external {
		guid, lines := serverGUIDOf(s), func(records []dns.GetRecResult) string {
			var out []string
			for _, r := range records {
				out = append(out, strings.Join([]string{r.Data.Host, r.Data.Type, r.Data.Value}, " "))
			}
			slices.Sort(out)
			return strings.Join(out, "\n")
		}
		out := []external{{id: guid, guid: guid, key: "DNS template", content: lines(templateRecords(s))}}
		for _, w := range findAll(s, webspace.Get, webspace.GetRequest{Filter: xmlapi.All(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}}) {
			id := strconv.FormatInt(w.ID, 10)
			out = append(out, external{id: id, key: w.Data.GenInfo.Name, guid: w.Data.GenInfo.GUID, content: lines(recordsOf(s, id))})
		}
		return out
	},
	plant: func(s *site, _ string) []string {
		do(s, dns.Set, dns.SetRequest{SOA: dns.SOA{TTL: new(uint32(4711))}})
		return []string{"1h18m31s"}
	},
	rename: rename{change: set(func(t *v1alpha1.PleskDNSTemplate) { t.Spec.ServerRef.Name = "another" })},
}

// templateField is a field of the template.
func templateField(name, initial, changed string, change, unset func(*v1alpha1.PleskDNSTemplateSpec), read func(*site) string, spoiled string, write func(*site)) field {
	f := field{
		name: name, initial: initial, changed: changed, read: func(s *site, _ string) string { return read(s) },
		change: set(func(t *v1alpha1.PleskDNSTemplate) { change(&t.Spec) }),
	}
	if unset != nil {
		f.unset = set(func(t *v1alpha1.PleskDNSTemplate) { unset(&t.Spec) })
	}
	return f.spoiling(spoiled, func(s *site, _, _ string) { write(s) })
}

// serverGUIDOf is the GUID of a site's server, behind the operator's back.
func serverGUIDOf(s *site) string {
	return do(s, server.Get, server.GetRequest{GenInfo: &xmlapi.Empty{}}).GenInfo.GUID
}

func templateOf(s *site) dns.GetResult { return do(s, dns.Get, dns.GetRequest{SOA: &xmlapi.Empty{}}) }

func templateRecords(s *site) []dns.GetRecResult {
	all := findAll(s, dns.GetRec, dns.GetRecRequest{Filter: xmlapi.All(), Template: &xmlapi.Empty{}})
	s.Expect(all).NotTo(BeEmpty())
	return all
}

// templateRecord is the value of the one record of a name, "" where there is none.
func templateRecord(s *site, host string) string {
	var values []string
	for _, r := range templateRecords(s) {
		if r.Data.Host == host {
			values = append(values, r.Data.Value)
		}
	}
	return strings.Join(values, " ")
}

func removeTemplateRecord(s *site, host string) {
	for _, r := range templateRecords(s) {
		if r.Data.Host == host {
			do(s, dns.DelRec, dns.DelRecRequest{Filter: dns.ByID(r.ID), Template: &xmlapi.Empty{}})
		}
	}
}
