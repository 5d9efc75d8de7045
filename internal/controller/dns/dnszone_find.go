// Reading zones: one, or those of many sites and site aliases.

package dns

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/sitealias"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// Find looks for the site, whose zone it is: where the site's id has moved, the GUID leads to it. A site alias has no GUID, and is known by its id
// and its name.
func (Zone) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[zoneValue], error) {
	id, err := engine.Number(h.ID)
	if err != nil {
		return nil, err
	}
	if ofAlias(h.Identity) {
		found, err := findAliasZone(ctx, d, id)
		if xmlapi.IsNotFound(err) || err == nil && found.Key.Name != cmp.Or(h.Key.Name, h.Was.Name) {
			return nil, nil // another alias may have been given the id
		}
		return found, err
	}
	found, err := findZone(ctx, d, id)
	if err == nil && found.GUID == h.GUID || err != nil && !xmlapi.IsNotFound(err) {
		return found, err
	}
	moved, err := siteOfGUID(ctx, d, h.GUID)
	if err == nil {
		found, err = findZone(ctx, d, moved)
	}
	if xmlapi.IsNotFound(err) {
		return nil, nil
	}
	return found, err
}

// ofAlias tells the zones of site aliases from those of sites, which have GUIDs always.
func ofAlias(id engine.Identity) bool { return id.GUID == "" }

// siteOfGUID is the id of the site that a GUID leads to: a subscription's main one, or another. One that does not exist is an error of class
// NotFound. Whose account may not ask for others has never had any of them recorded.
func siteOfGUID(ctx context.Context, d xmlapi.Doer, guid string) (int64, error) {
	s, err := webspace.Get.One(ctx, d, webspace.GetRequest{Filter: webspace.ByGUID(guid).Query(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}})
	if err == nil && s.ID == 0 {
		err = xmlapi.Incomplete(webspace.Get, "id")
	}
	if !xmlapi.IsNotFound(err) {
		return s.ID, err
	}
	further, err := site.Get.One(ctx, d, site.GetRequest{Filter: site.ByGUID(guid).Query(), Dataset: site.Dataset{GenInfo: &xmlapi.Empty{}}})
	switch {
	case xmlapi.ClassOf(err) == xmlapi.Forbidden:
		err = noSite()
	case err == nil && further.ID == 0:
		err = xmlapi.Incomplete(site.Get, "id")
	}
	return further.ID, err
}

// findZone reads all of a zone in one packet, and once more with its site where that is not the main one of a subscription. A site that does not
// exist is an error of class NotFound.
func findZone(ctx context.Context, d xmlapi.Doer, id int64) (*engine.Found[zoneValue], error) {
	for _, sites := range []sitesRead{mainSites(webspace.ByID(id)), anySites(site.ByID(id))} {
		read := readZones(sites, dns.BySite(id))
		found, err := read.find(ctx, d)
		if !xmlapi.IsNotFound(err) {
			return found, err
		}
		if _, err := read.states.One(); xmlapi.IsNotFound(err) {
			break // where there is no zone, there is nothing more to ask
		}
	}
	return nil, noSite()
}

// findAliasZone reads all of the zone of a site alias in one packet. An alias that does not exist, or has no zone, is an error of class NotFound.
func findAliasZone(ctx context.Context, d xmlapi.Doer, id int64) (*engine.Found[zoneValue], error) {
	return readZones(siteAliases(sitealias.ByID(id)), dns.BySiteAlias(id)).find(ctx, d)
}

// zonesPerPacket is how many operations of each sort one packet of a list holds: 2,500 zones. With their 64 MiB each may have a hundred records.
const zonesPerPacket = 5

// List reads the zones of the known sites: those of others, and records without their zones, are of no use. Sites that are the main ones of no
// subscription, and site aliases, are read by operators of their own, in further packets; whose account may not use those is shown the others.
func (Zone) List(ctx context.Context, d xmlapi.Doer, known engine.Known) ([]*engine.Found[zoneValue], error) {
	answers, left, err := listZones(ctx, d, known.IDs, webspace.ByID, dns.BySite, mainSites)
	if err != nil {
		return nil, err
	}
	further, _, err := listZones(ctx, d, left, site.ByID, dns.BySite, anySites)
	if err != nil && xmlapi.ClassOf(err) != xmlapi.Forbidden {
		return nil, err
	}
	aliases, _, err := listZones(ctx, d, known.WithoutGUID, sitealias.ByID, dns.BySiteAlias, siteAliases)
	if err != nil && xmlapi.ClassOf(err) != xmlapi.Forbidden {
		return nil, err
	}
	zones, err := engine.ListOf(dns.Get, append(answers, further...), zoneAnswer.found)
	if err != nil {
		return nil, err
	}
	ofAliases, err := engine.ListOf(dns.Get, aliases, zoneAnswer.found) // an alias may have the id of a site
	return append(zones, ofAliases...), err
}

// listZones reads the zones of those sites that an operator shows. What is left are the ids of sites that have a zone and are not shown.
func listZones(
	ctx context.Context, d xmlapi.Doer, ids []string, byID, zonesByID func(int64, ...int64) xmlapi.Filter, by func(xmlapi.Filter) sitesRead,
) (answers []zoneAnswer, left []string, _ error) {
	sites, zones := engine.ListFilters(byID, ids, engine.IDsPerOperation), engine.ListFilters(zonesByID, ids, engine.IDsPerOperation)
	var reads []*zonesRead
	for i := range sites {
		reads = append(reads, readZones(by(sites[i]), zones[i]))
	}
	for some := range slices.Chunk(reads, zonesPerPacket) {
		var calls []xmlapi.Caller
		for _, r := range some {
			calls = append(calls, r.calls()...)
		}
		if err := d.Do(ctx, calls...); err != nil {
			return nil, nil, err
		}
		for _, r := range some {
			each, more, err := r.each()
			if err != nil {
				return nil, nil, err
			}
			answers, left = append(answers, each...), append(left, more...)
		}
	}
	return answers, left, nil
}

func (Zone) EventClasses() (own, around []string) {
	return []string{"dns_zone", "site_dns_zone", "site_alias_dns_zone"}, nil
}

// zoneSite is a site as far as its zone is concerned, or a site alias, which has no GUID.
type zoneSite struct {
	id          int64
	guid, ascii string
}

// sitesRead asks for sites, or for site aliases, and then tells those that exist.
type sitesRead struct {
	call xmlapi.Caller
	all  func() ([]zoneSite, error)
	id   func(dns.Owner) *int64 // by which answers about their zones name them
}

func siteID(o dns.Owner) *int64  { return o.SiteID }
func aliasID(o dns.Owner) *int64 { return o.SiteAliasID }

// mainSites asks for the main sites of subscriptions, which every account may.
func mainSites(which xmlapi.Filter) sitesRead {
	call := webspace.Get.Call(webspace.GetRequest{Filter: which.Query(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}})
	return sitesRead{call, func() ([]zoneSite, error) {
		return zoneSites(call.All, func(r webspace.GetResult) zoneSite {
			if r.Data == nil || r.Data.GenInfo == nil {
				return zoneSite{}
			}
			return zoneSite{r.ID, r.Data.GenInfo.GUID, r.Data.GenInfo.ASCIIName}
		})
	}, siteID}
}

// anySites asks for sites of any sort.
func anySites(which xmlapi.Filter) sitesRead {
	call := site.Get.Call(site.GetRequest{Filter: which.Query(), Dataset: site.Dataset{GenInfo: &xmlapi.Empty{}}})
	return sitesRead{call, func() ([]zoneSite, error) {
		return zoneSites(call.All, func(r site.GetResult) zoneSite {
			if r.Data == nil || r.Data.GenInfo == nil {
				return zoneSite{}
			}
			return zoneSite{r.ID, r.Data.GenInfo.GUID, r.Data.GenInfo.ASCIIName}
		})
	}, siteID}
}

// siteAliases asks for site aliases.
func siteAliases(which xmlapi.Filter) sitesRead {
	call := sitealias.Get.Call(xmlapi.QueryRequest{Filter: which.Query()})
	return sitesRead{call, func() ([]zoneSite, error) {
		results, err := call.All()
		if err != nil {
			return nil, err
		}
		aliases := make([]zoneSite, len(results))
		for i, r := range results {
			if r.ID == 0 || r.Info == nil || r.Info.Name == "" {
				return nil, xmlapi.Incomplete(sitealias.Get, "id and info")
			}
			aliases[i] = zoneSite{id: r.ID, ascii: target.AliasKey(r.Info).Name}
		}
		return aliases, nil
	}, aliasID}
}

func zoneSites[R any](all func() ([]R, error), of func(R) zoneSite) ([]zoneSite, error) {
	results, err := all()
	if err != nil {
		return nil, err
	}
	sites := make([]zoneSite, len(results))
	for i, r := range results {
		if sites[i] = of(r); sites[i].id == 0 || sites[i].guid == "" || sites[i].ascii == "" {
			return nil, xmlapi.Incomplete(webspace.Get, "id and gen_info")
		}
	}
	return sites, nil
}

// noSite is the error for a site that does not exist.
func noSite() error {
	return &xmlapi.Error{Class: xmlapi.NotFound, Operator: site.Get.Operator(), Operation: site.Get.Name(), Err: errors.New("there is no such site")}
}

// zonesRead reads all of the zones of some sites.
type zonesRead struct {
	sites   sitesRead
	states  *xmlapi.Call[dns.GetRequest, dns.GetResult]
	masters *xmlapi.Call[xmlapi.QueryRequest, dns.GetMasterServerResult]
	records *xmlapi.Call[dns.GetRecRequest, dns.GetRecResult]
}

// readZones takes the same sites twice.
func readZones(sites sitesRead, zones xmlapi.Filter) *zonesRead {
	return &zonesRead{
		sites:   sites,
		states:  dns.Get.Call(dns.GetRequest{Filter: &zones, SOA: &xmlapi.Empty{}}),
		masters: dns.GetMasterServer.Call(xmlapi.QueryRequest{Filter: zones.Query()}),
		records: dns.GetRec.Call(dns.GetRecRequest{Filter: zones.Query()}),
	}
}

// find asks for a single zone. One that does not exist is an error of class NotFound.
func (r *zonesRead) find(ctx context.Context, d xmlapi.Doer) (*engine.Found[zoneValue], error) {
	if err := d.Do(ctx, r.calls()...); err != nil {
		return nil, err
	}
	a, err := r.one()
	if err != nil {
		return nil, err
	}
	return a.found()
}

func (r *zonesRead) calls() []xmlapi.Caller {
	return []xmlapi.Caller{r.sites.call, r.states, r.masters, r.records}
}

// zoneAnswer is all that the server says of a zone.
type zoneAnswer struct {
	site    zoneSite
	state   dns.GetResult
	masters []dns.GetMasterServerResult
	records []dns.GetRecResult
}

// one is the answer for a single site. One that does not exist is an error of class NotFound.
func (r *zonesRead) one() (a zoneAnswer, err error) {
	sites, err := r.sites.all()
	switch {
	case err != nil:
		return a, err
	case len(sites) == 0:
		return a, noSite()
	case len(sites) > 1:
		return a, xmlapi.Incomplete(webspace.Get, "a single site")
	}
	a.site = sites[0]
	if a.state, err = r.states.One(); err != nil {
		return a, err
	}
	if a.masters, err = r.masters.All(); err != nil {
		return a, err
	}
	a.records, err = r.records.AllIn()
	return a, err
}

// each is the answer for each site that is shown and has a zone. What is left are the ids of those that have one and are not shown.
func (r *zonesRead) each() (answers []zoneAnswer, left []string, _ error) {
	sites, err := r.sites.all()
	if err != nil {
		return nil, nil, err
	}
	states, err := zonesOf(dns.Get, r.states, func(s dns.GetResult) *int64 { return r.sites.id(s.Owner) })
	if err != nil {
		return nil, nil, err
	}
	masters, err := zonesOf(dns.GetMasterServer, r.masters, func(m dns.GetMasterServerResult) *int64 { return r.sites.id(m.Owner) })
	if err != nil {
		return nil, nil, err
	}
	records, err := zonesOf(dns.GetRec, r.records, func(rec dns.GetRecResult) *int64 {
		if rec.Data == nil {
			return nil
		}
		return r.sites.id(rec.Data.Owner)
	})
	if err != nil {
		return nil, nil, err
	}
	for _, s := range sites {
		switch state := states[s.id]; len(state) {
		case 0:
		case 1:
			answers = append(answers, zoneAnswer{site: s, state: state[0], masters: masters[s.id], records: records[s.id]})
		default:
			return nil, nil, xmlapi.Incomplete(dns.Get, "one zone for the site "+engine.IDText(s.id))
		}
	}
	for _, s := range sites {
		delete(states, s.id)
	}
	for _, id := range slices.Sorted(maps.Keys(states)) {
		left = append(left, engine.IDText(id))
	}
	return answers, left, nil
}

// zonesOf are the results of a call by the sites that they are about.
func zonesOf[Req any, Res xmlapi.Outcomer](op xmlapi.Named, call *xmlapi.Call[Req, Res], owner func(Res) *int64) (map[int64][]Res, error) {
	results, err := call.All()
	if err != nil {
		return nil, err
	}
	by := map[int64][]Res{}
	for _, r := range results {
		site := owner(r)
		if site == nil {
			return nil, xmlapi.Incomplete(op, "site-id or site-alias-id")
		}
		by[*site] = append(by[*site], r)
	}
	return by, nil
}

// found translates what the server says of the zone of a site.
func (a zoneAnswer) found() (*engine.Found[zoneValue], error) {
	zone := form.ShownHostName(a.site.ascii)
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
	if v.all, err = foundRecords(zone, a.records); err != nil {
		return nil, err
	}
	v.Records = keysOf(v.all)
	v.name = zone
	id := engine.Identity{ID: engine.IDText(a.site.id), GUID: a.site.guid}
	return &engine.Found[zoneValue]{Identity: id, Key: engine.Key{Within: id, Name: zone}, Value: v}, nil
}

func foundState(r dns.GetResult) (zoneValue, error) {
	if r.ZoneType == nil || r.ZoneStatus == nil {
		return zoneValue{}, xmlapi.Incomplete(dns.Get, "zone_type and zone_status")
	}
	soa, err := foundSOA(r.SOA)
	kind := zonePrimary
	if *r.ZoneType == dns.Slave {
		kind = zoneSecondary
	}
	return zoneValue{Type: &kind, Enabled: new(*r.ZoneStatus == dns.Enabled), SOA: soa, MasterServers: []string{}, masters: map[string]int64{}}, err
}
