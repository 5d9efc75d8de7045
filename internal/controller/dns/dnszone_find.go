// Reading zones: one, or those of many sites.

package dns

import (
	"context"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// Find looks for the site, whose zone it is: where the site's id has moved, the GUID leads to it.
func (Zone) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[zoneValue], error) {
	id, err := engine.Number(h.ID)
	if err != nil {
		return nil, err
	}
	found, err := findZone(ctx, d, id)
	if err == nil && (h.GUID == "" || found.GUID == h.GUID) || err != nil && !xmlapi.IsNotFound(err) {
		return found, err
	}
	if h.GUID == "" {
		return nil, nil
	}
	site, err := webspace.Get.One(ctx, d, webspace.GetRequest{Filter: webspace.ByGUID(h.GUID).Query(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}})
	if xmlapi.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if site.ID == 0 {
		return nil, xmlapi.Incomplete(webspace.Get, "id")
	}
	if found, err = findZone(ctx, d, site.ID); xmlapi.IsNotFound(err) {
		return nil, nil
	}
	return found, err
}

// findZone reads all of a zone in one packet. A site that does not exist is an error of class NotFound.
func findZone(ctx context.Context, d xmlapi.Doer, site int64) (*engine.Found[zoneValue], error) {
	read := readZones(webspace.ByID(site), dns.BySite(site))
	if err := d.Do(ctx, read.calls()...); err != nil {
		return nil, err
	}
	a, err := read.one()
	if err != nil {
		return nil, err
	}
	return a.found(site)
}

// zonesPerPacket is how many operations of each sort one packet of a list holds: 2,500 zones. With their 64 MiB each may have a hundred records.
const zonesPerPacket = 5

// List reads the zones of the known sites: those of others, and records without their zones, are of no use.
func (Zone) List(ctx context.Context, d xmlapi.Doer, known engine.Known) ([]*engine.Found[zoneValue], error) {
	sites, zones := engine.ListFilters(webspace.ByID, known.IDs, engine.IDsPerOperation), engine.ListFilters(dns.BySite, known.IDs, engine.IDsPerOperation)
	var reads []*zonesRead
	for i := range sites {
		reads = append(reads, readZones(sites[i], zones[i]))
	}
	var answers []zoneAnswer
	for some := range slices.Chunk(reads, zonesPerPacket) {
		var calls []xmlapi.Caller
		for _, r := range some {
			calls = append(calls, r.calls()...)
		}
		if err := d.Do(ctx, calls...); err != nil {
			return nil, err
		}
		for _, r := range some {
			each, err := r.each()
			if err != nil {
				return nil, err
			}
			answers = append(answers, each...)
		}
	}
	return engine.ListOf(webspace.Get, answers, func(a zoneAnswer) (*engine.Found[zoneValue], error) { return a.found(a.site.ID) })
}

// EventClasses are those of the zones of sites; those of aliases are not for this kind.
func (Zone) EventClasses() (own, around []string) { return []string{"dns_zone", "site_dns_zone"}, nil }

// zonesRead reads all of the zones of some sites.
type zonesRead struct {
	sites   *xmlapi.Call[webspace.GetRequest, webspace.GetResult]
	states  *xmlapi.Call[dns.GetRequest, dns.GetResult]
	masters *xmlapi.Call[xmlapi.QueryRequest, dns.GetMasterServerResult]
	records *xmlapi.Call[dns.GetRecRequest, dns.GetRecResult]
}

// readZones takes the same sites as two filters.
func readZones(sites, zones xmlapi.Filter) *zonesRead {
	return &zonesRead{
		sites:   webspace.Get.Call(webspace.GetRequest{Filter: sites.Query(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}}),
		states:  dns.Get.Call(dns.GetRequest{Filter: &zones, SOA: &xmlapi.Empty{}}),
		masters: dns.GetMasterServer.Call(xmlapi.QueryRequest{Filter: zones.Query()}),
		records: dns.GetRec.Call(dns.GetRecRequest{Filter: zones.Query()}),
	}
}

func (r *zonesRead) calls() []xmlapi.Caller {
	return []xmlapi.Caller{r.sites, r.states, r.masters, r.records}
}

// zoneAnswer is all that the server says of a zone.
type zoneAnswer struct {
	site    webspace.GetResult
	state   dns.GetResult
	masters []dns.GetMasterServerResult
	records []dns.GetRecResult
}

// one is the answer for a single site. One that does not exist is an error of class NotFound.
func (r *zonesRead) one() (a zoneAnswer, err error) {
	if a.site, err = r.sites.One(); err != nil {
		return a, err
	}
	if a.state, err = r.states.One(); err != nil {
		return a, err
	}
	if a.masters, err = r.masters.All(); err != nil {
		return a, err
	}
	a.records, err = r.records.All()
	return a, err
}

// each is the answer for each site that exists and has a zone.
func (r *zonesRead) each() ([]zoneAnswer, error) {
	sites, err := r.sites.All()
	if err != nil {
		return nil, err
	}
	states, err := zonesOf(dns.Get, r.states, func(s dns.GetResult) dns.Owner { return s.Owner })
	if err != nil {
		return nil, err
	}
	masters, err := zonesOf(dns.GetMasterServer, r.masters, func(m dns.GetMasterServerResult) dns.Owner { return m.Owner })
	if err != nil {
		return nil, err
	}
	records, err := zonesOf(dns.GetRec, r.records, func(r dns.GetRecResult) dns.Owner {
		if r.Data == nil {
			return dns.Owner{}
		}
		return r.Data.Owner
	})
	if err != nil {
		return nil, err
	}
	var answers []zoneAnswer
	for _, s := range sites {
		switch state := states[s.ID]; len(state) {
		case 0:
		case 1:
			answers = append(answers, zoneAnswer{site: s, state: state[0], masters: masters[s.ID], records: records[s.ID]})
		default:
			return nil, xmlapi.Incomplete(dns.Get, "one zone for the site "+engine.IDText(s.ID))
		}
	}
	return answers, nil
}

// zonesOf are the results of a call by the sites that they are about.
func zonesOf[Req any, Res xmlapi.Outcomer](op xmlapi.Named, call *xmlapi.Call[Req, Res], owner func(Res) dns.Owner) (map[int64][]Res, error) {
	results, err := call.All()
	if err != nil {
		return nil, err
	}
	by := map[int64][]Res{}
	for _, r := range results {
		site := owner(r).SiteID
		if site == nil {
			return nil, xmlapi.Incomplete(op, "site-id")
		}
		by[*site] = append(by[*site], r)
	}
	return by, nil
}

// found translates what the server says of the zone of a site.
func (a zoneAnswer) found(site int64) (*engine.Found[zoneValue], error) {
	data := a.site.Data
	if site == 0 || data == nil || data.GenInfo == nil || data.GenInfo.ASCIIName == "" || data.GenInfo.GUID == "" {
		return nil, xmlapi.Incomplete(webspace.Get, "id and gen_info")
	}
	zone := form.ShownHostName(data.GenInfo.ASCIIName)
	v, err := foundState(a.state)
	if err != nil {
		return nil, err
	}
	for _, m := range a.masters {
		address := form.ShownAddress(m.IPAddress)
		v.MasterServers = append(v.MasterServers, address)
		v.masters[address] = m.ID
	}
	if len(a.records) == 0 && *v.Type == zonePrimary {
		return nil, xmlapi.Incomplete(dns.GetRec, "records: a primary zone has its name servers at least")
	}
	for _, r := range a.records {
		if r.Data == nil || r.ID == 0 {
			return nil, xmlapi.Incomplete(dns.GetRec, "id and data")
		}
		v.all = append(v.all, zoneRecord{dnsRecord: foundRecord(zone, *r.Data), id: r.ID, text: r.Data.Value})
	}
	v.Records = keysOf(v.all)
	v.name = zone
	id := engine.Identity{ID: engine.IDText(site), GUID: data.GenInfo.GUID}
	return &engine.Found[zoneValue]{Identity: id, Key: engine.Key{Within: id, Name: zone}, Value: v}, nil
}

func foundState(r dns.GetResult) (zoneValue, error) {
	s := r.SOA
	if r.ZoneType == nil || r.ZoneStatus == nil || s == nil || s.TTL == nil || s.Refresh == nil || s.Retry == nil || s.Expire == nil || s.Minimum == nil {
		return zoneValue{}, xmlapi.Incomplete(dns.Get, "zone_type, zone_status and soa")
	}
	kind := zonePrimary
	if *r.ZoneType == dns.Slave {
		kind = zoneSecondary
	}
	return zoneValue{
		Type: &kind, Enabled: new(*r.ZoneStatus == dns.Enabled), MasterServers: []string{}, masters: map[string]int64{},
		SOA: &zoneSOA{TTL: timeOf(s.TTL), Refresh: timeOf(s.Refresh), Retry: timeOf(s.Retry), Expire: timeOf(s.Expire), Minimum: timeOf(s.Minimum)},
	}, nil
}
