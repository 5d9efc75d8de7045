// The dns operator: records of zones and of the template (operators-services §2, §3). Zones as a whole are in dns_zone.go.

package plesksim

import (
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
)

func dnsOperations() []operation {
	return []operation{
		one("dns/add_rec", anyone, dnsAddRec),
		many("dns/get_rec", anyone, dnsGetRec).silent(),
		many("dns/del_rec", anyone, dnsDelRec).silent(),

		many("dns/get", anyone, dnsGet),
		many("dns/set", anyone, dnsSet).optional(),
		many("dns/switch", anyone, dnsSwitch),
		many("dns/enable", anyone, dnsEnable),
		many("dns/disable", anyone, dnsDisable),

		one("dns/add_master_server", anyone, dnsAddMaster),
		many("dns/get_master_server", anyone, dnsGetMasters),
		many("dns/del_master_server", anyone, dnsDelMasters),

		one("dns/sync-with-template", administrator, dnsSync),
		one("dns/get_acl", administrator, dnsGetACL),
		many("dns/add_to_acl", administrator, dnsAddToACL),
		many("dns/remove_from_acl", administrator, dnsRemoveFromACL),

		one("dns/enable-remote-dns", administrator, dnsEnableRemote),
		one("dns/disable-remote-dns", administrator, dnsDisableRemote),
		one("dns/get-status-remote-dns", administrator, dnsRemoteStatus),

		one("dns/set-recursion", administrator, dnsSetRecursion),
		one("dns/get-recursion", administrator, dnsGetRecursion),
		one("dns/get-supported-recursion", administrator, dnsGetSupportedRecursion),
	}
}

func noZone() *refusal   { return refuse(xmlapi.CodeOwnerNotFound, "Domain does not exist.") }
func noRecord() *refusal { return refuse(xmlapi.CodeNotFound, "Record does not exist") }

// zoneOf finds the zone of a site or a site alias.
func (c *call) zoneOf(owner dns.Owner) (*zone, error) {
	var z *zone
	switch {
	case owner.SiteID != nil:
		z = c.zonesBySite.First(idKey(*owner.SiteID))
	case owner.SiteAliasID != nil:
		z = c.zonesByAlias.First(idKey(*owner.SiteAliasID))
	}
	if z == nil || !c.seesZone(z) {
		return nil, noZone()
	}
	return z, nil
}

func (c *call) seesZone(z *zone) bool { return c.seesSite(c.Sites.Get(z.Site)) }

// mayEdit refuses changes to a zone by a reseller or a subscriber who was not given the right to manage zones.
func (c *call) mayEdit(z *zone) error {
	if err := c.resellerHas("manage_dns"); err != nil {
		return err
	}
	if c.who.role == customerRole && !c.Webspaces.Get(c.Sites.Get(z.Site).Webspace).Permissions["manage_dns"] {
		return permissionDenied()
	}
	return nil
}

// owner is how answers name a zone.
func (z *zone) owner() dns.Owner {
	if z.Alias != 0 {
		return dns.Owner{SiteAliasID: new(z.Alias)}
	}
	return dns.Owner{SiteID: new(z.Site)}
}

func (c *call) zoneChanged(z *zone) {
	switch d := c.Sites.Get(z.Site); {
	case z.Alias != 0:
		c.event("site_alias_dns_zone", "updated", idKey(z.Alias))
	case d.Kind == mainSite:
		c.event("dns_zone", "updated", idKey(z.Site))
	default:
		c.event("site_dns_zone", "updated", idKey(z.Site))
	}
}

func dnsAddRec(c *call, req dns.AddRecRequest) (dns.AddRecResult, error) {
	r := record{Type: req.Type, Host: req.Host, Value: req.Value, Opt: text(req.Opt)}
	if c.opts.NullTargetsRefused && r.hasNullTarget() { // it is undocumented whether servers take them
		return dns.AddRecResult{}, refuse(xmlapi.CodeInvalidValue, "The value of the %s record is invalid: '%s'.", r.Type, r.Value)
	}
	if req.Owner == (dns.Owner{}) {
		return c.addTemplateRecord(r)
	}
	z, err := c.zoneOf(req.Owner)
	if err != nil {
		return dns.AddRecResult{}, err
	}
	if err := c.mayEdit(z); err != nil {
		return dns.AddRecResult{}, err
	}
	r.Zone = z.ID
	if err := r.encode(z.Name, c.opts.FullNamesInZone, c.Machine.OS); err != nil {
		return dns.AddRecResult{}, err
	}
	if err := c.fits(r, c.recordsByZone.All(idKey(z.ID))); err != nil {
		return dns.AddRecResult{}, err
	}
	r.ID = next(&c.LastRecord)
	c.Records.Insert(&r)
	c.zoneChanged(z)
	return dns.AddRecResult{ID: r.ID}, nil
}

func (c *call) addTemplateRecord(r record) (dns.AddRecResult, error) {
	if c.who.role != administrator {
		return dns.AddRecResult{}, permissionDenied()
	}
	if err := r.encodeTemplate(c.Machine.OS); err != nil {
		return dns.AddRecResult{}, err
	}
	if err := c.fits(r, c.Template.All()); err != nil {
		return dns.AddRecResult{}, err
	}
	r.ID = next(&c.LastTemplateRec)
	c.Template.Insert(&r)
	return dns.AddRecResult{ID: r.ID}, nil
}

// fits refuses a record that the others of its zone rule out: a duplicate, or one beside a CNAME.
func (c *call) fits(r record, others []*record) error {
	host := strings.ToLower(r.Host)
	for _, o := range others {
		switch sameHost := strings.ToLower(o.Host) == host; {
		case sameHost && o.Type == r.Type && o.Opt == r.Opt && sameValue(r.Type, o.Value, r.Value):
			if !c.opts.AllowDuplicateRecords {
				return refuse(xmlapi.CodeExists, "DNS record already exists.")
			}
		case sameHost && (o.Type == "CNAME" || r.Type == "CNAME"):
			return refuse(xmlapi.CodeInvalidValue, "A CNAME record cannot stand beside other records of the host %s.", r.Host)
		case r.Type == "CNAME" && o.Type == "CNAME" && strings.EqualFold(o.Host, r.Value):
			return refuse(xmlapi.CodeInvalidValue, "A CNAME record cannot point to the CNAME record %s.", o.Host)
		}
	}
	return nil
}

// sameValue compares two values of a type as resolvers would.
func sameValue(kind, a, b string) bool {
	switch {
	case nameValued[kind]:
		return strings.EqualFold(a, b)
	case kind == "A" || kind == "AAAA":
		return a == b || sameAddress(a, b)
	}
	return a == b
}

// selectedZones returns the zones that one value of a record or master filter names by their owner or name.
func (c *call) selectedZone(kind, value string) (*zone, error) {
	switch kind {
	case "site-id":
		return c.zoneOf(dns.Owner{SiteID: new(idValue(value))})
	case "site-alias-id":
		return c.zoneOf(dns.Owner{SiteAliasID: new(idValue(value))})
	}
	name, err := parseDomainName(value)
	if err != nil {
		return nil, noZone()
	}
	if z := c.zonesByName.First(name.ascii); z != nil && c.seesZone(z) {
		return z, nil
	}
	return nil, noZone()
}

// visibleZones are all zones that the caller may see, by ascending id.
func (c *call) visibleZones() []*zone {
	var zones []*zone
	for _, z := range c.Zones.All() {
		if c.seesZone(z) {
			zones = append(zones, z)
		}
	}
	return zones
}

func dnsGetRec(c *call, req dns.GetRecRequest) ([]dns.GetRecResult, error) {
	var results []dns.GetRecResult
	found := func(r *record, owner dns.Owner) {
		results = append(results, dns.GetRecResult{ID: r.ID, Data: &dns.Record{Owner: owner, Type: r.Type, Host: r.Host, Value: r.Value, Opt: new(r.Opt)}})
	}
	if req.Template != nil {
		if c.who.role != administrator {
			return nil, permissionDenied()
		}
		for _, r := range c.templateRecords(req.Filter) {
			found(r, dns.Owner{})
		}
		return results, nil
	}
	ofZone := func(z *zone) {
		for _, r := range c.recordsByZone.All(idKey(z.ID)) {
			found(r, z.owner())
		}
	}
	if len(req.Filter.Values()) == 0 {
		for _, r := range c.Records.All() {
			if z := c.Zones.Get(r.Zone); c.seesZone(z) {
				found(r, z.owner())
			}
		}
	}
	for _, value := range req.Filter.Values() {
		if req.Filter.Kind() == "id" {
			if r := c.Records.Get(idValue(value)); r != nil && c.seesZone(c.Zones.Get(r.Zone)) {
				found(r, c.Zones.Get(r.Zone).owner())
			}
			continue
		}
		z, err := c.selectedZone(req.Filter.Kind(), value)
		if err != nil {
			results = append(results, dns.GetRecResult{Result: c.failure(err)})
			continue
		}
		ofZone(z)
	}
	return results, nil
}

// templateRecords are those with the ids of the filter. Other kinds of filters are ignored, as the reference says.
func (c *call) templateRecords(f selector) []*record {
	if f.Kind() != "id" {
		return c.Template.All()
	}
	var rows []*record
	for _, value := range f.Values() {
		if r := c.Template.Get(idValue(value)); r != nil {
			rows = append(rows, r)
		}
	}
	return rows
}

func dnsDelRec(c *call, req dns.DelRecRequest) ([]dns.IDResult, error) {
	if req.Template != nil {
		return c.delTemplateRecords(req.Filter)
	}
	var results []dns.IDResult
	clearZone := func(z *zone) {
		if err := c.mayEdit(z); err != nil {
			results = append(results, dns.IDResult{Result: c.failure(err)})
			return
		}
		for _, r := range c.recordsByZone.All(idKey(z.ID)) {
			c.Records.Remove(r)
			results = append(results, dns.IDResult{ID: r.ID})
		}
		c.zoneChanged(z)
	}
	if len(req.Filter.Values()) == 0 {
		for _, z := range c.visibleZones() {
			clearZone(z)
		}
	}
	for _, value := range req.Filter.Values() {
		if req.Filter.Kind() == "id" {
			res := dns.IDResult{ID: idValue(value)}
			if err := c.delRecord(res.ID); err != nil {
				res.Result = c.failure(err)
			}
			results = append(results, res)
			continue
		}
		z, err := c.selectedZone(req.Filter.Kind(), value)
		if err != nil {
			results = append(results, dns.IDResult{Result: c.failure(err)})
			continue
		}
		clearZone(z)
	}
	return results, nil
}

// delRecord removes one record. The panel refuses to leave a name without its last MX, or a zone without its last NS.
func (c *call) delRecord(id int64) error {
	r := c.Records.Get(id)
	if r == nil || !c.seesZone(c.Zones.Get(r.Zone)) {
		return noRecord()
	}
	z := c.Zones.Get(r.Zone)
	if err := c.mayEdit(z); err != nil {
		return err
	}
	if r.Type == "MX" || r.Type == "NS" {
		last := true
		for _, o := range c.recordsByZone.All(idKey(z.ID)) {
			last = last && (o == r || o.Type != r.Type || !strings.EqualFold(o.Host, r.Host))
		}
		if last && strings.EqualFold(r.Host, z.Name+".") {
			return refuse(xmlapi.CodeFailed, "Unable to remove the last %s record of the zone %s.", r.Type, z.Name)
		}
	}
	c.Records.Remove(r)
	c.zoneChanged(z)
	return nil
}

func (c *call) delTemplateRecords(f selector) ([]dns.IDResult, error) {
	if c.who.role != administrator {
		return nil, permissionDenied()
	}
	var results []dns.IDResult
	if f.Kind() != "id" {
		for _, r := range c.Template.All() {
			c.Template.Remove(r)
			results = append(results, dns.IDResult{ID: r.ID})
		}
		return results, nil
	}
	for _, value := range f.Values() {
		res := dns.IDResult{ID: idValue(value)}
		if r := c.Template.Get(res.ID); r != nil {
			c.Template.Remove(r)
		} else {
			res.Result = c.failure(noRecord())
		}
		results = append(results, res)
	}
	return results, nil
}
