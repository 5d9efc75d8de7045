// The row of PleskDNSZone: an implicit kind, which comes with its site.

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
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

var zoneRow = row{
	kind: "PleskDNSZone",
	is:   kind(family.Zone{}),
	can:  []capability{exporter, lister, logged, partial, cleaner, blamer},
	prepare: func(s *site) {
		for _, domain := range []string{"acme.example", "neighbour.example"} {
			do(s, webspace.Add, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: domain, IPAddresses: []string{sharedAddress}}})
		}
	},
	object: func(s *site) v1alpha1.Object {
		z := &v1alpha1.PleskDNSZone{Spec: v1alpha1.PleskDNSZoneSpec{
			CommonSpec: s.common(), SiteRef: v1alpha1.DNSZoneOwner{External: "acme.example"}, Enabled: new(true),
			Records: []v1alpha1.DNSRecord{{Name: "shop", Type: v1alpha1.DNSRecordA, Value: "198.51.100.7"}, {Name: "blog", Type: v1alpha1.DNSRecordCNAME, Value: "shop.acme.example"}},
			SOA:     &v1alpha1.DNSZoneSOA{TTL: &metav1.Duration{Duration: 2 * time.Hour}},
		}}
		z.Name = s.name + "-acme"
		return z
	},
	fields: []field{
		zoneField("records", "198.51.100.7", "198.51.100.8",
			func(z *v1alpha1.PleskDNSZoneSpec) { z.Records[0].Value = "198.51.100.8" }, nil,
			func(s *site, id string) string { return recordOf(s, id, "shop.acme.example.") },
			"", func(s *site, id, _ string) {
				for _, r := range recordsOf(s, id) {
					if r.Data.Host == "shop.acme.example." {
						do(s, dns.DelRec, dns.DelRecRequest{Filter: dns.ByID(r.ID)})
					}
				}
			}),
		// Its old record stands in the way of the new one.
		zoneField("records (CNAME)", "shop.acme.example.", "www.neighbour.example.",
			func(z *v1alpha1.PleskDNSZoneSpec) { z.Records[1].Value = "www.neighbour.example" }, nil,
			func(s *site, id string) string { return recordOf(s, id, "blog.acme.example.") },
			"", func(s *site, id, _ string) {
				for _, r := range recordsOf(s, id) {
					if r.Data.Host == "blog.acme.example." {
						do(s, dns.DelRec, dns.DelRecRequest{Filter: dns.ByID(r.ID)})
					}
				}
			}),
		zoneField("soa.ttl", "7200", "3600",
			func(z *v1alpha1.PleskDNSZoneSpec) { z.SOA.TTL = &metav1.Duration{Duration: time.Hour} },
			func(z *v1alpha1.PleskDNSZoneSpec) { z.SOA = nil },
			func(s *site, id string) string { return strconv.FormatUint(uint64(*zoneOf(s, id).SOA.TTL), 10) },
			"1800", func(s *site, id, _ string) {
				do(s, dns.Set, dns.SetRequest{Filter: new(dns.BySite(number(s, id))), SOA: dns.SOA{TTL: new(uint32(1800))}})
			}),
		zoneField("enabled", dns.Enabled, dns.Disabled,
			func(z *v1alpha1.PleskDNSZoneSpec) { z.Enabled = new(false) },
			func(z *v1alpha1.PleskDNSZoneSpec) { z.Enabled = nil },
			func(s *site, id string) string { return *zoneOf(s, id).ZoneStatus },
			dns.Disabled, func(s *site, id, _ string) {
				do(s, dns.Disable, dns.EnableRequest{Filter: new(dns.BySite(number(s, id)))})
			}),
	},
	list: func(s *site) []external {
		var out []external
		for _, w := range findAll(s, webspace.Get, webspace.GetRequest{Filter: xmlapi.All(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}}) {
			id := strconv.FormatInt(w.ID, 10)
			var records []string
			for _, r := range recordsOf(s, id) {
				records = append(records, strings.Join([]string{r.Data.Host, r.Data.Type, r.Data.Value}, " "))
			}
			slices.Sort(records)
			out = append(out, external{id: id, key: w.Data.GenInfo.Name, guid: w.Data.GenInfo.GUID, content: strings.Join(records, "\n")})
		}
		return out
	},
	parents: func(s *site) []v1alpha1.Object {
		parents := subscriptionRow.parents(s)
		sub := &v1alpha1.PleskSubscription{Spec: v1alpha1.PleskSubscriptionSpec{DomainName: "house.example"}}
		sub.Name = s.name + "-house"
		subscriptionRow.lieIn(sub, v1alpha1.ObjectReference{Name: parents[0].GetName()})
		return append(parents, sub)
	},
	depth: 2,
	lieIn: func(o v1alpha1.Object, in v1alpha1.ObjectReference) {
		o.(*v1alpha1.PleskDNSZone).Spec.SiteRef = v1alpha1.DNSZoneOwner{Name: in.Name, External: in.External}
	},
	guided:   true,
	numbered: "webspace",
	example:  true,
	local:    true,
	guises: []guise{
		{name: "in capitals", here: set(func(z *v1alpha1.PleskDNSZone) { z.Spec.SiteRef.External = "ACME.example" })},
		{name: "in another alphabet", rank: 1, there: umlaut, here: set(func(z *v1alpha1.PleskDNSZone) { z.Spec.SiteRef.External = "BÜCHER.example" })},
		{name: "in punycode", rank: 1, there: umlaut, here: set(func(z *v1alpha1.PleskDNSZone) { z.Spec.SiteRef.External = "xn--bcher-kva.example" })},
	},
	plant: func(s *site, id string) []string {
		do(s, dns.Set, dns.SetRequest{Filter: new(dns.BySite(number(s, id))), SOA: dns.SOA{TTL: new(uint32(4711))}})
		return []string{"1h18m31s"}
	},
	rename: rename{change: set(func(z *v1alpha1.PleskDNSZone) { z.Spec.SiteRef.External = "neighbour.example" })},
}

// zoneField is a field of a zone.
func zoneField(name, initial, changed string, change, unset func(*v1alpha1.PleskDNSZoneSpec), read func(s *site, id string) string,
	spoiled string, write func(s *site, id, value string),
) field {
	f := field{name: name, initial: initial, changed: changed, read: read, change: set(func(z *v1alpha1.PleskDNSZone) { change(&z.Spec) })}
	if unset != nil {
		f.unset = set(func(z *v1alpha1.PleskDNSZone) { unset(&z.Spec) })
	}
	return f.spoiling(spoiled, write)
}

func zoneOf(s *site, id string) dns.GetResult {
	return do(s, dns.Get, dns.GetRequest{Filter: new(dns.BySite(number(s, id))), SOA: &xmlapi.Empty{}})
}

func recordsOf(s *site, id string) []dns.GetRecResult {
	all := findAll(s, dns.GetRec, dns.GetRecRequest{Filter: dns.BySite(number(s, id)).Query()})
	s.Expect(all).NotTo(BeEmpty())
	return all
}

// recordOf is the value of the one record of a name, "" where there is none.
func recordOf(s *site, id, host string) string {
	var values []string
	for _, r := range recordsOf(s, id) {
		if r.Data.Host == host {
			values = append(values, r.Data.Value)
		}
	}
	return strings.Join(values, " ")
}
