// What subscriptions use: counts, traffic, and the names of the limits that bound them.

package plesksim

import (
	"strconv"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	webspaceapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// usage is what a subscription uses now of what a limit bounds. Limits of single objects, such as mbox_quota, bound no sum: 0.
func (c *call) usage(w *webspace, limit string) int64 {
	switch limit {
	case "max_site":
		return c.countSites(w, mainSite) + c.countSites(w, addonSite)
	case "max_subdom":
		return c.countSites(w, subdomain)
	case "max_dom_aliases":
		var n int64
		for _, d := range c.sitesByWebspace.All(idKey(w.ID)) {
			n += int64(c.aliasesBySite.Count(idKey(d.ID)))
		}
		return n
	case "max_box":
		var n int64
		for _, d := range c.sitesByWebspace.All(idKey(w.ID)) {
			n += int64(c.mailboxesBySite.Count(idKey(d.ID)))
		}
		return n
	case limitDatabases, limitMSSQLDatabases:
		return c.countDatabases(w, limit)
	case "max_subftp_users":
		return int64(c.ftpUsersByWebspace.Count(idKey(w.ID)))
	case "max_traffic":
		return c.trafficThisMonth(c.sitesByWebspace.All(idKey(w.ID))...)
	}
	return 0
}

// roomFor refuses one more of what a limit counts where the subscription's limit, or that of its reseller, is reached.
func (c *call) roomFor(w *webspace, limit string) error {
	if most, bound := w.Limits[limit]; bound && most != unlimited && c.usage(w, limit) >= most {
		return limitReached(limit, 1, most-c.usage(w, limit))
	}
	return c.roomAtReseller(c.Accounts.Get(w.Owner), limit)
}

// limitReached refuses what is more than what is left of a limit, which may have been set below what was used already.
func limitReached(limit string, asked, left int64) *refusal {
	resource, known := resources[limit]
	if !known {
		resource = limit
	}
	return refuse(xmlapi.CodeLimit, "There are no available resources of this type (%s) left. Requested: %d; available: %d.", resource, asked, max(left, 0))
}

// resources are what counting limits count, in the words of that refusal.
var resources = map[string]string{
	limitSites: "sites", limitDomains: "domains", limitCustomers: "customers", "max_subdom": "subdomains", "max_dom_aliases": "domain aliases",
	"max_box": "mailboxes", limitDatabases: "databases", limitMSSQLDatabases: "databases", "max_subftp_users": "FTP accounts",
}

// usageChanged notes that a subscription uses more or less than before.
func (c *call) usageChanged(id int64) { c.Webspaces.Get(id).UsageChanged = c.now.Unix() }

func (c *call) countSites(w *webspace, kind siteKind) int64 {
	var n int64
	for _, d := range c.sitesByWebspace.All(idKey(w.ID)) {
		if d.Kind == kind {
			n++
		}
	}
	return n
}

func (c *call) webspaceStat(w *webspace) *webspaceapi.Stat {
	sites := c.sitesByWebspace.All(idKey(w.ID))
	domains, post := c.usage(w, "max_site"), c.countMail(sites...)
	return &webspaceapi.Stat{Domains: domains, Sites: domains, Stat: hosting.Stat{
		Traffic: c.trafficThisMonth(sites...), TrafficPrevDay: c.trafficYesterday(sites...), Subdomains: c.usage(w, "max_subdom"),
		Mailboxes: post.mailboxes, Redirects: post.redirects, MailGroups: post.groups, MailResponders: post.responders,
		Databases: c.usage(w, limitDatabases), MSSQLDatabases: c.usage(w, limitMSSQLDatabases),
	}}
}

// countedLimits are the limits whose usage is answered.
var countedLimits = []string{
	"disk_space", "max_traffic", "max_site", "max_subdom", "max_dom_aliases", "max_wu", "max_subftp_users", "max_db", "max_box", "max_maillists",
}

func (c *call) resourceUsage(w *webspace) *hosting.ResourceUsage {
	all := &hosting.ResourceUsage{}
	for _, name := range countedLimits {
		all.Resources = append(all.Resources, hosting.Usage{Name: name, Value: strconv.FormatInt(c.usage(w, name), 10)})
	}
	return all
}
