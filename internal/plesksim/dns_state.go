// DNS zones: made from the server's template with their site, encoded as operators-services §2.3 says.

package plesksim

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/plesksim/table"
)

// zone belongs to a site or to an alias of it.
type zone struct {
	ID      int64 // the server's own; the protocol names zones by their owners
	Site    int64
	Alias   int64  // 0 for the site's own zone
	Name    string // ASCII, without a dot at the end
	Slave   bool
	Enabled bool
	SOA     soa
}

// soa holds seconds.
type soa struct{ TTL, Refresh, Retry, Expire, Minimum uint32 }

// record is a resource record of a zone or, with Zone 0, of the template. Host is absolute with a dot at the end, except in
// PTR records, whose host is an address. In the template both host and value may hold placeholders.
type record struct {
	ID           int64
	Zone         int64
	Type         string
	Host         string
	Value        string
	Opt          string
	FromTemplate bool // unmodified since the zone was made or synchronised
}

// master is a server from which a slave zone is transferred.
type master struct {
	ID      int64
	Zone    int64
	Address string
}

// dnsState holds the tables of the dns operator.
type dnsState struct {
	Zones    *table.Table[zone]
	Records  *table.Table[record]
	Masters  *table.Table[master]
	Template *table.Table[record]

	TemplateSOA     soa
	ZonesEnabled    bool // of zones to come
	TransferACL     []string
	Recursion       string
	RemoteDNS       bool // Windows: a name server elsewhere is used
	LastZone        int64
	LastRecord      int64
	LastMaster      int64
	LastTemplateRec int64

	zonesBySite   *table.Index[zone]
	zonesByAlias  *table.Index[zone]
	zonesByName   *table.Index[zone]
	recordsByZone *table.Index[record]
	recordsByHost *table.Index[record]
	mastersByZone *table.Index[master]
}

func newDNSState() dnsState {
	var s dnsState
	s.Zones = table.New(func(z *zone) int64 { return z.ID })
	s.zonesBySite = s.Zones.Index(func(z *zone) string {
		if z.Alias != 0 {
			return ""
		}
		return idKey(z.Site)
	})
	s.zonesByAlias = s.Zones.Index(func(z *zone) string { return idKey(z.Alias) })
	s.zonesByName = s.Zones.Index(func(z *zone) string { return z.Name })
	s.Records = table.New(func(r *record) int64 { return r.ID })
	s.recordsByZone = s.Records.Index(func(r *record) string { return idKey(r.Zone) })
	s.recordsByHost = s.Records.Index(func(r *record) string { return strings.ToLower(r.Host) })
	s.Masters = table.New(func(m *master) int64 { return m.ID })
	s.mastersByZone = s.Masters.Index(func(m *master) string { return idKey(m.Zone) })
	s.Template = table.New(func(r *record) int64 { return r.ID })
	s.TemplateSOA = soa{TTL: 86400, Refresh: 10800, Retry: 3600, Expire: 604800, Minimum: 10800}
	s.ZonesEnabled, s.Recursion = true, "localnets"
	return s
}

// factoryTemplate is the template of a fresh server (operators-services §2.10).
var factoryTemplate = []record{
	{Type: "NS", Host: "<domain>.", Value: "<hostname>."},
	{Type: "A", Host: "<domain>.", Value: "<ip>"},
	{Type: "AAAA", Host: "<domain>.", Value: "<ipv6>"},
	{Type: "A", Host: "mail.<domain>.", Value: "<ip.mail>"},
	{Type: "AAAA", Host: "mail.<domain>.", Value: "<ipv6.mail>"},
	{Type: "A", Host: "webmail.<domain>.", Value: "<ip.webmail>"},
	{Type: "AAAA", Host: "webmail.<domain>.", Value: "<ipv6.webmail>"},
	{Type: "A", Host: "ipv4.<domain>.", Value: "<ip>"},
	{Type: "AAAA", Host: "ipv6.<domain>.", Value: "<ipv6>"},
	{Type: "CNAME", Host: "ftp.<domain>.", Value: "<domain>."},
	{Type: "CNAME", Host: "www.<domain>.", Value: "<domain>."},
	{Type: "MX", Host: "<domain>.", Value: "mail.<domain>.", Opt: "10"},
	{Type: "TXT", Host: "<domain>.", Value: "v=spf1 +a +mx +a:<hostname> -all"},
	{Type: "PTR", Host: "<ip>", Value: "<domain>.", Opt: "24"},
}

// seedTemplate gives a fresh state the factory template.
func (s *state) seedTemplate() {
	for _, r := range factoryTemplate {
		r.ID = next(&s.LastTemplateRec)
		s.Template.Insert(&r)
	}
}

// createSiteZone makes the zone of a new site from the template. A subdomain has no zone of its own: its address records
// stand in the zone of the domain above it.
func (c *call) createSiteZone(d *site) {
	if d.Kind == subdomain {
		c.addSubdomainRecords(d)
		return
	}
	class := "dns_zone"
	if d.Kind == addonSite {
		class = "site_dns_zone"
	}
	c.createZone(&zone{Site: d.ID, Name: d.ASCIIName})
	c.event(class, "updated", idKey(d.ID))
}

func (c *call) createZone(z *zone) {
	z.ID, z.Enabled, z.SOA = next(&c.LastZone), c.ZonesEnabled, c.TemplateSOA
	c.Zones.Insert(z)
	for _, r := range c.expandTemplate(z) {
		r.ID = next(&c.LastRecord)
		c.Records.Insert(&r)
	}
}

// expandTemplate is what the template makes of a zone: its records with the placeholders replaced. Records that need an address
// that the site does not have are left out.
func (c *call) expandTemplate(z *zone) []record {
	w := c.Webspaces.Get(c.Sites.Get(z.Site).Webspace)
	var records []record
	for _, t := range c.Template.All() {
		host, okHost := c.fillIn(t.Host, z.Name, w)
		value, okValue := c.fillIn(t.Value, z.Name, w)
		if okHost && okValue {
			records = append(records, record{Zone: z.ID, Type: t.Type, Host: host, Value: value, Opt: t.Opt, FromTemplate: true})
		}
	}
	return records
}

// fillIn replaces placeholders such as <domain>, <hostname>, <ip.mail>, <ipv6>.
func (c *call) fillIn(text, domain string, w *webspace) (string, bool) {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "<")
		out.WriteString(before)
		if !found {
			return out.String(), true
		}
		name, after, closed := strings.Cut(rest, ">")
		if !closed {
			out.WriteString("<" + rest)
			return out.String(), true
		}
		value := "<" + name + ">"
		switch family, _, _ := strings.Cut(name, "."); family {
		case "domain":
			value = domain
		case "hostname":
			value = c.Machine.Hostname
		case "ip":
			value = w.IPv4
		case "ipv6":
			value = w.IPv6
		}
		if value == "" {
			return "", false
		}
		out.WriteString(value)
		text = after
	}
}

// addSubdomainRecords writes a new subdomain's addresses into the zone above it.
func (c *call) addSubdomainRecords(d *site) {
	z, w := c.zoneAbove(d), c.Webspaces.Get(d.Webspace)
	if z == nil {
		return
	}
	there := slices.DeleteFunc(c.recordsByHost.All(d.ASCIIName+"."), func(r *record) bool { return r.Zone != z.ID })
	for _, r := range []record{{Type: "A", Value: w.IPv4}, {Type: "AAAA", Value: w.IPv6}} {
		r.Zone, r.Host, r.FromTemplate = z.ID, d.ASCIIName+".", true
		if r.Value != "" && c.fits(r, there) == nil { // what stands there already stays
			r.ID = next(&c.LastRecord)
			c.Records.Insert(&r)
		}
	}
	c.zoneChanged(z)
}

// zoneAbove is the zone of the nearest domain above a subdomain.
func (c *call) zoneAbove(d *site) *zone {
	for d != nil && d.Kind == subdomain {
		d = c.Sites.Get(d.Parent)
	}
	if d == nil {
		return nil
	}
	return c.zonesBySite.First(idKey(d.ID))
}

// zonesOfSite are the site's own zone and those of its aliases.
func (c *call) zonesOfSite(d *site) []*zone {
	zones := c.zonesBySite.All(idKey(d.ID))
	for _, a := range c.aliasesBySite.All(idKey(d.ID)) {
		zones = append(zones, c.zonesByAlias.All(idKey(a.ID))...)
	}
	return zones
}

// removeZonesOf removes a site's zone, or a subdomain's records from the zone above it. Zones of aliases go with the aliases.
func (c *call) removeZonesOf(d *site) {
	if d.Kind == subdomain {
		z := c.zoneAbove(d)
		for _, r := range c.recordsByHost.All(d.ASCIIName + ".") {
			if z != nil && r.Zone == z.ID {
				c.Records.Remove(r)
			}
		}
		return
	}
	if z := c.zonesBySite.First(idKey(d.ID)); z != nil {
		c.removeZone(z)
	}
}

func (c *call) removeZone(z *zone) {
	for _, r := range c.recordsByZone.All(idKey(z.ID)) {
		c.Records.Remove(r)
	}
	for _, m := range c.mastersByZone.All(idKey(z.ID)) {
		c.Masters.Remove(m)
	}
	c.Zones.Remove(z)
}

// renameZone moves a zone and the names in it from its old name to the new one.
func (c *call) renameZone(z *zone, name string) {
	c.renameHosts(z, z.Name, name)
	c.Zones.Change(z, func() { z.Name = name })
}

// renameHosts gives a host in a zone another name, and the hosts below it.
func (c *call) renameHosts(z *zone, old, name string) {
	moved := func(host string) string {
		if rest, ok := strings.CutSuffix(host, old+"."); ok && (rest == "" || strings.HasSuffix(rest, ".")) {
			return rest + name + "."
		}
		return host
	}
	for _, r := range c.recordsByZone.All(idKey(z.ID)) {
		c.Records.Change(r, func() {
			r.Host = moved(r.Host)
			if nameValued[r.Type] {
				r.Value = moved(r.Value)
			}
		})
	}
}

// changeZoneAddresses follows a webspace one of whose addresses changed, came (old is empty) or went (now is empty), in the
// records that came from the template.
func (c *call) changeZoneAddresses(z *zone, old, now string) {
	if old == now {
		return
	}
	for _, r := range c.recordsByZone.All(idKey(z.ID)) {
		if !r.FromTemplate || old == "" || r.Value != old && r.Host != old {
			continue
		}
		if now == "" {
			c.Records.Remove(r)
			continue
		}
		c.Records.Change(r, func() {
			if r.Value == old {
				r.Value = now
			}
			if r.Host == old {
				r.Host = now
			}
		})
	}
	if old != "" {
		return
	}
	for _, r := range c.expandTemplate(z) {
		if (r.Value == now || r.Host == now) && c.fits(r, c.recordsByZone.All(idKey(z.ID))) == nil {
			r.ID = next(&c.LastRecord)
			c.Records.Insert(&r)
		}
	}
}

// nameValued are the types whose value is a host name.
var nameValued = map[string]bool{"CNAME": true, "MX": true, "NS": true, "PTR": true, "SRV": true}

// sameAddress compares addresses whatever their spelling.
func sameAddress(a, b string) bool {
	pa, errA := netip.ParseAddr(a)
	pb, errB := netip.ParseAddr(b)
	return errA == nil && errB == nil && pa == pb
}
