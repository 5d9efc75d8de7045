// Zones in lists: whatever they are like, they are listed as they are found.

package dns

import (
	"strconv"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func TestZonesAreListed(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	var handles []engine.Handle
	var sites []int64
	for _, name := range []string{"acme.example", "bücher.example", "second.example", "off.example", "neighbour.example"} {
		r, err := webspace.Add.One(t.Context(), srv, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: name, IPAddresses: []string{"198.51.100.7"}}})
		g.Expect(err).NotTo(HaveOccurred())
		handles = append(handles, engine.Handle{Identity: engine.Identity{ID: engine.IDText(r.ID), GUID: r.GUID}})
		sites = append(sites, r.ID)
	}
	for _, value := range []string{"first", "second"} {
		_, err := dns.AddRec.One(t.Context(), srv, dns.AddRecRequest{Record: dns.Record{Owner: dns.Owner{SiteID: &sites[1]}, Type: "TXT", Value: value}})
		g.Expect(err).NotTo(HaveOccurred())
	}
	_, err := dns.Switch.One(t.Context(), srv, dns.SwitchRequest{Filter: dns.BySite(sites[2]), ZoneType: dns.Slave})
	g.Expect(err).NotTo(HaveOccurred())
	for _, address := range []string{"198.51.100.53", "2001:db8::53"} {
		_, err := dns.AddMasterServer.One(t.Context(), srv, dns.AddMasterServerRequest{SiteID: &sites[2], IPAddress: address})
		g.Expect(err).NotTo(HaveOccurred())
	}
	off := dns.BySite(sites[3])
	_, err = dns.Disable.One(t.Context(), srv, dns.EnableRequest{Filter: &off})
	g.Expect(err).NotTo(HaveOccurred())
	_, err = dns.Set.One(t.Context(), srv, dns.SetRequest{Filter: &off, SOA: dns.SOA{TTL: new(uint32(300))}})
	g.Expect(err).NotTo(HaveOccurred())

	list := controllertest.ExpectListed(t, Zone{}, c, 1, handles[:4]...)
	g.Expect(list).To(HaveLen(4), "those of unknown sites are not read")
}

// What is recorded may have gone, and 2,500 zones are one packet.
func TestManyKnownZones(t *testing.T) {
	z := newZoneTest(t, "acme.example")
	known := engine.Known{IDs: []string{engine.IDText(z.site), "not-a-number"}}
	for i := range 4999 {
		known.IDs = append(known.IDs, strconv.Itoa(10_000+i))
	}
	r := &controllertest.Recording{Doer: z.d}
	list, err := Zone{}.List(z.ctx, r, known)
	z.Expect(err).NotTo(HaveOccurred())
	z.Expect(list).To(HaveExactElements(z.find()))
	z.Expect(r.Sent).To(HaveLen(2))
}

// An answer that does not say which zone it is about, or contradicts itself, is no list.
func TestDoubtfulListsOfZones(t *testing.T) {
	g := NewWithT(t)
	const (
		site   = `<result><status>ok</status><id>4</id><data><gen_info><name>acme.example</name><ascii-name>acme.example</ascii-name><guid>g-4</guid></gen_info></data></result>`
		state  = `<site-id>4</site-id><soa><ttl>1</ttl><refresh>1</refresh><retry>1</retry><expire>1</expire><minimum>1</minimum></soa><zone_type>master</zone_type><zone_status>enabled</zone_status></result>`
		record = `<result><status>ok</status><id>9</id><data><site-id>4</site-id><type>NS</type><host>acme.example.</host><value>ns.acme.example.</value></data></result>`
		ok     = `<result><status>ok</status>`
		gone   = `<result><status>error</status><errcode>1015</errcode><site-id>5</site-id></result>`
	)
	list := func(sites, states, records string) ([]*engine.Found[zoneValue], error) {
		return Zone{}.List(t.Context(), controllertest.Recorded(`<packet><webspace><get>`+sites+`</get></webspace><dns><get>`+states+`</get></dns>`+
			`<dns><get_master_server>`+gone+`</get_master_server></dns><dns><get_rec>`+records+`</get_rec></dns></packet>`), engine.Known{IDs: []string{"4", "5"}})
	}
	g.Expect(list(site, ok+state+gone, record+gone)).To(HaveLen(1))
	g.Expect(list(site, gone, gone)).To(BeEmpty(), "a site without a zone")
	for name, doubt := range map[string][3]string{
		"two sites of one id":     {site + site, ok + state, record},
		"two states of one zone":  {site, ok + state + ok + state, record},
		"no records":              {site, ok + state, gone},
		"a record of no zone":     {site, ok + state, record + `<result><status>ok</status><id>8</id><data><type>A</type><host>a.</host><value>198.51.100.7</value></data></result>`},
		"a record without data":   {site, ok + state, record + `<result><status>ok</status><id>8</id></result>`},
		"a refusal of one record": {site, ok + state, record + `<result><status>error</status><errcode>1023</errcode></result>`},
	} {
		_, err := list(doubt[0], doubt[1], doubt[2])
		g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), name)
	}
}
