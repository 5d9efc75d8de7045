// The dns operator: zones as a whole, and master servers (operators-services §2.7, §2.8).

package plesksim

import (
	"net/netip"
	"slices"
	"strconv"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
)

// ownerOf makes the owner of a filter value, as answers echo it.
func ownerOf(kind, value string) dns.Owner {
	if kind == "site-alias-id" {
		return dns.Owner{SiteAliasID: new(idValue(value))}
	}
	return dns.Owner{SiteID: new(idValue(value))}
}

// changeZones changes each zone of the filter and answers a result per owner. Without a filter, template is changed instead.
func (c *call) changeZones(f *xmlapi.Filter, template func(), change func(*zone) error) ([]dns.OwnerResult, error) {
	if f == nil {
		if c.who.role != administrator {
			return nil, permissionDenied()
		}
		template()
		return []dns.OwnerResult{{}}, nil
	}
	var results []dns.OwnerResult
	for _, value := range f.Values() {
		owner := ownerOf(f.Kind(), value)
		res := dns.OwnerResult{Owner: owner}
		z, err := c.zoneOf(owner)
		if err == nil {
			err = c.mayEdit(z)
		}
		if err == nil {
			err = change(z)
		}
		if err != nil {
			res.Result = c.failure(err)
		} else {
			c.zoneChanged(z)
		}
		results = append(results, res)
	}
	return results, nil
}

func dnsGet(c *call, req dns.GetRequest) ([]dns.GetResult, error) {
	if req.Filter == nil {
		if c.who.role != administrator {
			return nil, permissionDenied()
		}
		return []dns.GetResult{{SOA: c.TemplateSOA.answer(), ZoneStatus: new(zoneStatus(c.ZonesEnabled))}}, nil
	}
	var results []dns.GetResult
	for _, value := range req.Filter.Values() {
		owner := ownerOf(req.Filter.Kind(), value)
		res := dns.GetResult{Owner: owner}
		if z, err := c.zoneOf(owner); err != nil {
			res.Result = c.failure(err)
		} else {
			if req.SOA != nil {
				res.SOA = z.SOA.answer()
			}
			res.ZoneType, res.ZoneStatus = new(dns.Master), new(zoneStatus(z.Enabled))
			if z.Slave {
				res.ZoneType = new(dns.Slave)
			}
		}
		results = append(results, res)
	}
	return results, nil
}

func zoneStatus(enabled bool) string {
	if enabled {
		return dns.Enabled
	}
	return dns.Disabled
}

func (s soa) answer() *dns.SOA {
	return &dns.SOA{TTL: new(s.TTL), Refresh: new(s.Refresh), Retry: new(s.Retry), Expire: new(s.Expire), Minimum: new(s.Minimum)}
}

// change sets the values that are given.
func (s *soa) change(to dns.SOA) {
	for _, v := range []struct{ to, from *uint32 }{
		{&s.TTL, to.TTL}, {&s.Refresh, to.Refresh}, {&s.Retry, to.Retry}, {&s.Expire, to.Expire}, {&s.Minimum, to.Minimum},
	} {
		if v.from != nil {
			*v.to = *v.from
		}
	}
}

func dnsSet(c *call, req dns.SetRequest) ([]dns.OwnerResult, error) {
	return c.changeZones(req.Filter, func() { c.TemplateSOA.change(req.SOA) }, func(z *zone) error {
		z.SOA.change(req.SOA)
		return nil
	})
}

// dnsSwitch keeps the records of a zone that becomes a slave: they are not served meanwhile, and are back when it is a master again.
func dnsSwitch(c *call, req dns.SwitchRequest) ([]dns.OwnerResult, error) {
	if req.ZoneType != dns.Master && req.ZoneType != dns.Slave {
		return nil, refuse(xmlapi.CodeInvalidValue, "The zone type '%s' is invalid.", req.ZoneType)
	}
	return c.changeZones(&req.Filter, nil, func(z *zone) error {
		z.Slave = req.ZoneType == dns.Slave
		return nil
	})
}

func dnsEnable(c *call, req dns.EnableRequest) ([]dns.OwnerResult, error) {
	return c.enableZones(req, true)
}

func dnsDisable(c *call, req dns.EnableRequest) ([]dns.OwnerResult, error) {
	return c.enableZones(req, false)
}

func (c *call) enableZones(req dns.EnableRequest, on bool) ([]dns.OwnerResult, error) {
	return c.changeZones(req.Filter, func() { c.ZonesEnabled = on }, func(z *zone) error {
		z.Enabled = on
		return nil
	})
}

func dnsAddMaster(c *call, req dns.AddMasterServerRequest) (dns.IDResult, error) {
	z, err := c.zoneOf(dns.Owner{SiteID: req.SiteID, SiteAliasID: req.SiteAliasID})
	if err != nil {
		return dns.IDResult{}, err
	}
	if err := c.mayEdit(z); err != nil {
		return dns.IDResult{}, err
	}
	a, err := netip.ParseAddr(req.IPAddress)
	if err != nil || a.Zone() != "" {
		return dns.IDResult{}, refuse(xmlapi.CodeInvalidValue, "The IP address '%s' is invalid.", req.IPAddress)
	}
	for _, m := range c.mastersByZone.All(idKey(z.ID)) {
		if sameAddress(m.Address, req.IPAddress) {
			return dns.IDResult{}, refuse(xmlapi.CodeExists, "The master server %s already exists.", req.IPAddress)
		}
	}
	m := &master{ID: next(&c.LastMaster), Zone: z.ID, Address: a.String()}
	c.Masters.Insert(m)
	c.zoneChanged(z)
	return dns.IDResult{ID: m.ID}, nil
}

// masterServers calls found for each master server that a filter names, with the value that named it, and missing for each value that names
// nothing. For a zone without master servers it calls neither.
func (c *call) masterServers(f selector, found func(value string, m *master), missing func(value string, err error)) {
	if len(f.Values()) == 0 {
		for _, m := range c.Masters.All() {
			if c.seesZone(c.Zones.Get(m.Zone)) {
				found(strconv.FormatInt(m.ID, 10), m)
			}
		}
	}
	for _, value := range f.Values() {
		if f.Kind() == "id" {
			if m := c.Masters.Get(idValue(value)); m != nil && c.seesZone(c.Zones.Get(m.Zone)) {
				found(value, m)
			} else {
				missing(value, refuse(xmlapi.CodeNotFound, "Master server does not exist."))
			}
			continue
		}
		z, err := c.selectedZone(f.Kind(), value)
		if err != nil {
			missing(value, err)
			continue
		}
		for _, m := range c.mastersByZone.All(idKey(z.ID)) {
			found(value, m)
		}
	}
}

func dnsGetMasters(c *call, req xmlapi.QueryRequest) ([]dns.GetMasterServerResult, error) {
	var results []dns.GetMasterServerResult
	c.masterServers(req.Filter, func(value string, m *master) {
		res := dns.GetMasterServerResult{Owner: c.Zones.Get(m.Zone).owner(), IPAddress: m.Address}
		res.FilterID, res.ID = value, m.ID
		results = append(results, res)
	}, func(value string, err error) {
		results = append(results, dns.GetMasterServerResult{FilterResult: xmlapi.FilterResult{Result: c.failure(err), FilterID: value}})
	})
	return results, nil
}

func dnsDelMasters(c *call, req xmlapi.FilterRequest) ([]dns.IDResult, error) {
	var results []dns.IDResult
	c.masterServers(req.Filter, func(_ string, m *master) {
		res := dns.IDResult{ID: m.ID}
		z := c.Zones.Get(m.Zone)
		if err := c.mayEdit(z); err != nil {
			res.Result = c.failure(err)
		} else {
			c.Masters.Remove(m)
			c.zoneChanged(z)
		}
		results = append(results, res)
	}, func(value string, err error) {
		res := dns.IDResult{Result: c.failure(err)}
		if req.Filter.Kind() == "id" {
			res.ID = idValue(value)
		}
		results = append(results, res)
	})
	return results, nil
}

// dnsSync brings zones in line with the template: records that came from it and were not changed since follow it, the others stay.
func dnsSync(c *call, req dns.SyncWithTemplateRequest) (xmlapi.Result, error) {
	if err := c.onlyOn(Linux); err != nil {
		return xmlapi.Result{}, err
	}
	for _, z := range c.Zones.All() {
		w := c.Webspaces.Get(c.Sites.Get(z.Site).Webspace)
		if ip := req.Filter.UsedIP; ip != nil && !sameAddress(w.IPv4, *ip) && !sameAddress(w.IPv6, *ip) {
			continue
		}
		if c.syncZone(z) {
			c.zoneChanged(z)
		}
	}
	return xmlapi.Result{}, nil
}

func (c *call) syncZone(z *zone) (changed bool) {
	wanted := c.expandTemplate(z)
	same := func(a, b record) bool {
		return a.Type == b.Type && a.Host == b.Host && a.Opt == b.Opt && sameValue(a.Type, a.Value, b.Value)
	}
	for _, r := range c.recordsByZone.All(idKey(z.ID)) {
		if r.FromTemplate && !c.isSubdomainRecord(r) && !slices.ContainsFunc(wanted, func(w record) bool { return same(w, *r) }) {
			c.Records.Remove(r)
			changed = true
		}
	}
	for _, w := range wanted {
		others := c.recordsByZone.All(idKey(z.ID))
		if slices.ContainsFunc(others, func(r *record) bool { return same(w, *r) }) || c.fits(w, others) != nil {
			continue
		}
		w.ID = next(&c.LastRecord)
		c.Records.Insert(&w)
		changed = true
	}
	return changed
}

// isSubdomainRecord tells the address records that a subdomain put into the zone above it.
func (c *call) isSubdomainRecord(r *record) bool {
	d := c.sitesByName.First(r.Host[:max(len(r.Host)-1, 0)])
	return d != nil && d.Kind == subdomain
}
