// What subscriptions use: counts, traffic, and the names of the limits that bound them.

package plesksim

import (
	"strconv"

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
		for _, d := range c.sitesByWebspace.all(idKey(w.ID)) {
			n += int64(c.aliasesBySite.count(idKey(d.ID)))
		}
		return n
	case "max_traffic":
		return c.trafficThisMonth(w)
	}
	return 0
}

func (c *call) countSites(w *webspace, kind siteKind) int64 {
	var n int64
	for _, d := range c.sitesByWebspace.all(idKey(w.ID)) {
		if d.Kind == kind {
			n++
		}
	}
	return n
}

func (c *call) webspaceStat(w *webspace) *webspaceapi.Stat {
	domains := c.usage(w, "max_site")
	return &webspaceapi.Stat{
		Traffic: c.trafficThisMonth(w), TrafficPrevDay: c.trafficYesterday(w), Subdomains: c.usage(w, "max_subdom"), Domains: domains, Sites: domains,
	}
}

// countedLimits are the limits whose usage is told.
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
