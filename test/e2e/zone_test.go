// DNS zones: what the API server refuses before anything else sees it, and what only a whole operator shows.

package e2e

import (
	"context"
	"strconv"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
)

var _ = Describe("A DNS zone", func() {
	DescribeTable("is checked by the API server",
		func(ctx context.Context, spec, refusal string) {
			z := &unstructured.Unstructured{}
			Expect(yaml.Unmarshal([]byte(`{apiVersion: plesk-operator.dev/v1alpha1, kind: PleskDNSZone, metadata: {name: z, namespace: default},
				spec: {serverRef: {name: web-01}, siteRef: {name: acme-example}, `+spec+`}}`), &z.Object)).To(Succeed())
			err := bed.Client.Create(ctx, z, client.DryRunAll)
			if refusal == "" {
				Expect(err).NotTo(HaveOccurred())
				return
			}
			Expect(err).To(MatchError(ContainSubstring(refusal)))
		},
		Entry("records of every type", `records: [{name: "@", type: A, value: 192.0.2.1}, {name: a, type: AAAA, value: "2001:db8::1"},
			{name: b, type: CNAME, value: a.example}, {name: "@", type: MX, value: a.example, priority: 0}, {name: c, type: NS, value: a.example},
			{name: 192.0.2.1, type: PTR, value: a.example, ptr: {prefixLength: 24}}, {name: _d, type: TXT, value: e},
			{name: _s._tcp, type: SRV, value: a.example, srv: {priority: 0, weight: 0, port: 1}}, {name: f, type: DS, value: 1 8 2 ab},
			{name: "@", type: CAA, value: ca.example, caa: {tag: issue}}]`, ""),
		Entry("records that must not be", `absent: [{name: www, type: CNAME}, {name: "@", type: TXT, value: "v=spf1 -all"}]`, ""),
		Entry("times", `soa: {ttl: 1h, refresh: 3h, retry: 90m, expire: 168h0m0s, minimum: 1h30m5s}`, ""),
		Entry("a secondary zone", `recordPolicy: Exclusive, type: Secondary, masterServers: [192.0.2.1, "2001:db8::1"]`, ""),

		Entry("A without an IPv4 address", `records: [{name: a, type: A, value: "2001:db8::1"}]`, "spec.records[0].value: Invalid value: the value of type A is an IPv4 address"),
		Entry("AAAA without an IPv6 address", `records: [{name: a, type: AAAA, value: 192.0.2.1}]`, "spec.records[0].value: Invalid value: the value of type AAAA is an IPv6 address"),
		Entry("MX without a priority", `records: [{name: a, type: MX, value: a.example}]`, "priority is required with type MX"),
		Entry("A with a priority", `records: [{name: a, type: A, value: 192.0.2.1, priority: 1}]`, "priority is required with type MX, and for no other type"),
		Entry("SRV without its fields", `records: [{name: a, type: SRV, value: a.example}]`, "srv is required with type SRV"),
		Entry("CAA without its fields", `records: [{name: a, type: CAA, value: a.example}]`, "caa is required with type CAA"),
		Entry("PTR without its fields", `records: [{name: 192.0.2.1, type: PTR, value: a.example}]`, "ptr is required with type PTR"),
		Entry("PTR of a name", `records: [{name: a, type: PTR, value: a.example, ptr: {prefixLength: 24}}]`, "spec.records[0].name: Invalid value: the name of type PTR is an IP address"),
		Entry("a CNAME for the zone", `records: [{name: "@", type: CNAME, value: a.example}]`, "the zone itself cannot be a CNAME"),
		Entry("a dot at the end", `records: [{name: "www.", type: A, value: 192.0.2.1}]`, "spec.records[0].name"),
		Entry("a type that the protocol lacks", `records: [{name: "@", type: TLSA, value: a}]`, "spec.records[0].type: Unsupported value"),
		Entry("Exclusive without records", `recordPolicy: Exclusive`, "would empty the zone"),
		Entry("master servers of a primary zone", `type: Primary, masterServers: [192.0.2.1]`, "masterServers is for type Secondary only"),
		Entry("a master server by name", `type: Secondary, masterServers: [ns.example]`, "not an IP address"),
		Entry("records of a secondary zone", `type: Secondary, records: [{name: a, type: A, value: 192.0.2.1}]`, "spec.records: Invalid value: a Secondary zone takes its records from masterServers"),
		Entry("absent records of a secondary zone", `type: Secondary, absent: [{name: a, type: A}]`, "spec.absent: Invalid value: a Secondary zone takes its records from masterServers"),
		Entry("an absent record without a type", `absent: [{name: www}]`, "spec.absent[0].type: Required value"),
		Entry("half seconds", `soa: {ttl: 1.5s}`, "spec.soa.ttl"),
		Entry("no time", `soa: {ttl: ""}`, "spec.soa.ttl"),
		Entry("a time that no Go duration can hold", `soa: {ttl: 9999999h}`, "spec.soa.ttl"),
	)

	It("says which record stands in the way, and takes it away once it may", func() {
		w := readyWorld()
		s := w.setUp()
		edit(w, s.zone, func(z *v1alpha1.PleskDNSZone) {
			z.Spec.Records = append(z.Spec.Records, recordA("blog", "198.51.100.8"), recordA("www", "198.51.100.8"))
		})
		w.eventuallySays(s.zone, v1alpha1.ReasonRejected, "www A 198.51.100.8 cannot stand beside www CNAME acme.example", "(spec.records)")
		Expect(w.recordsOnServer()).To(ContainElement("blog.acme.example. A 198.51.100.8"), "the others are written")
		edit(w, s.zone, func(z *v1alpha1.PleskDNSZone) { z.Spec.RecordPolicy = v1alpha1.RecordPolicyExclusive })
		w.eventuallyReady(s.zone)
		Expect(w.recordsOnServer()).To(ConsistOf("shop.acme.example. A 198.51.100.7", "blog.acme.example. A 198.51.100.8", "www.acme.example. A 198.51.100.8",
			HavePrefix("acme.example. NS "), "acme.example. MX mail.acme.example."))
	})

	It("takes away what must not be there, when it comes back, too", func() {
		w := readyWorld()
		s := w.setUp()
		edit(w, s.zone, func(z *v1alpha1.PleskDNSZone) {
			z.Spec.Records = append(z.Spec.Records, recordA("www", "198.51.100.8"))
			z.Spec.Absent = []v1alpha1.AbsentDNSRecord{{Name: "www", Type: v1alpha1.DNSRecordCNAME}, {Name: "old", Type: v1alpha1.DNSRecordA}}
		})
		w.eventuallyReady(s.zone)
		Expect(w.recordsOnServer()).To(ContainElement("www.acme.example. A 198.51.100.8"))
		Expect(w.recordsOnServer()).NotTo(ContainElement(HavePrefix("www.acme.example. CNAME")))
		add := dns.AddRecRequest{Record: dns.Record{Owner: dns.Owner{SiteID: new(w.siteOnServer("acme.example"))}, Type: "A", Host: "old", Value: "198.51.100.9"}}
		_, err := dns.AddRec.One(w, w.plesk, add)
		Expect(err).NotTo(HaveOccurred())
		w.request(s.zone)
		Eventually(w.recordsOnServer).WithTimeout(5 * time.Second).ShouldNot(ContainElement("old.acme.example. A 198.51.100.9"))
		w.eventuallyReady(s.zone)
		Expect(s.zone.Status.Contested).To(ConsistOf(And(HaveField("Field", "absent"), HaveField("From", "old A 198.51.100.9"), HaveField("Restored", int32(1)))))
	})

	It("becomes secondary and primary again with its records", func() {
		w := readyWorld()
		s := w.setUp()
		records, before := s.zone.Spec.Records, w.recordsOnServer()
		edit(w, s.zone, func(z *v1alpha1.PleskDNSZone) {
			z.Spec.Type, z.Spec.MasterServers, z.Spec.Records = new(v1alpha1.DNSZoneTypeSecondary), []string{"192.0.2.53"}, nil
		})
		w.eventuallyReady(s.zone)
		Expect(s.zone.Status.Observed).To(And(HaveField("Type", v1alpha1.DNSZoneTypeSecondary), HaveField("MasterServers", []string{"192.0.2.53"})))
		Expect(w.recordsOnServer()).To(Equal(before))
		edit(w, s.zone, func(z *v1alpha1.PleskDNSZone) {
			z.Spec.Type, z.Spec.MasterServers, z.Spec.Records = new(v1alpha1.DNSZoneTypePrimary), nil, append(records, recordA("blog", "198.51.100.8"))
		})
		w.eventuallyReady(s.zone)
		Expect(w.recordsOnServer()).To(Equal(append(before, "blog.acme.example. A 198.51.100.8")))
	})

	It("of a site alias waits for that, and is changed beside that of the site", func() {
		w := readyWorld()
		s := w.setUp()
		alias := newAlias("acme-example", "acme-shop.example")
		zone := newZone("", recordA("blog", "198.51.100.8"))
		zone.Name, zone.Spec.SiteRef = "acme-shop-example", v1alpha1.DNSZoneOwner{Kind: "PleskSiteAlias", Name: alias.Name}
		before := w.recordsOnServer()
		w.create(zone)
		w.eventuallySays(zone, v1alpha1.ReasonDependencyNotReady, `PleskSiteAlias "acme-shop-example"`)
		w.create(alias)
		w.eventuallyReady(alias, zone)
		id, err := strconv.ParseInt(zone.Status.ID, 10, 64)
		Expect(err).NotTo(HaveOccurred())
		hosts := func() []string {
			records, err := dns.GetRec.All(w, w.plesk, dns.GetRecRequest{Filter: dns.BySiteAlias(id).Query()})
			Expect(err).NotTo(HaveOccurred())
			var out []string
			for _, r := range records {
				out = append(out, r.Data.Host)
			}
			return out
		}
		Expect(hosts()).To(ContainElement("blog.acme-shop.example."))
		Expect(zone.Status.Key).To(Equal("acme-shop.example"))

		By("renaming the alias")
		edit(w, alias, func(a *v1alpha1.PleskSiteAlias) { a.Spec.AliasName = "acme-store.example" })
		w.eventuallyReady(alias, zone)
		Eventually(func() string { w.reload(zone); return zone.Status.Key }).Should(Equal("acme-store.example"))
		w.eventuallyReady(zone)
		Expect(hosts()).To(ContainElement("blog.acme-store.example."))
		Expect(zone.Status.Records).To(ConsistOf(HaveField("Record", "blog A 198.51.100.8")), "they are its own as before")

		By("describing it a second time, by its name")
		second := newZone("", recordA("news", "198.51.100.8"))
		second.Name, second.Spec.SiteRef = "second", v1alpha1.DNSZoneOwner{External: "acme-store.example"}
		w.create(second)
		w.eventuallySays(second, v1alpha1.ReasonOwnedByAnother, zone.Name)

		By("taking the records back")
		edit(w, zone, func(z *v1alpha1.PleskDNSZone) { z.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyDelete) })
		w.delete(zone)
		w.eventuallyGone(zone)
		w.eventuallyReady(second)
		Expect(hosts()).To(And(ContainElement("news.acme-store.example."), Not(ContainElement("blog.acme-store.example."))))
		Expect(w.recordsOnServer()).To(ContainElements(before), "the site's")
		w.eventuallyReady(s.zone)
	})
})
