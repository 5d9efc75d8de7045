// site/get and what else is read of sites.

package plesksim

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	siteapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
)

func siteGet(c *call, req siteapi.GetRequest) ([]siteapi.GetResult, error) {
	return eachOf(c, c.sites(), req.Filter, req.Dataset == (siteapi.Dataset{}), func(d *site) (siteapi.GetResult, error) {
		return siteapi.GetResult{Data: c.siteData(d, req.Dataset)}, nil
	})
}

func (c *call) siteData(d *site, ask siteapi.Dataset) *siteapi.Data {
	w := c.Webspaces.Get(d.Webspace)
	data := &siteapi.Data{}
	if ask.GenInfo != nil || ask.Hosting != nil { // hosting never comes alone (operators-accounts-server, corrections of §4)
		data.GenInfo = c.siteGenInfo(w, d)
	}
	if ask.Hosting != nil {
		data.Hosting = c.hostingOf(w, d, false)
	}
	if ask.Stat != nil {
		data.Stat = c.siteStat(w, d)
	}
	if ask.Preferences != nil {
		data.Preferences = new(d.Preferences)
	}
	if ask.DiskUsage != nil {
		data.DiskUsage = noDiskUsage()
	}
	if ask.Performance != nil {
		data.Performance = &hosting.Performance{Bandwidth: new(xmlapi.Double(d.Bandwidth)), MaxConnections: new(d.Connections)}
	}
	return data
}

func (c *call) siteGenInfo(w *webspace, d *site) *siteapi.GenInfo {
	info := &siteapi.GenInfo{
		Created: d.Created, Name: d.Name, ASCIIName: d.ASCIIName, Status: c.shownSiteStatus(w, d), DNSIPAddresses: w.addresses(),
		HostingType: d.hostingType(), GUID: d.GUID, WebspaceGUID: c.mainSiteOf(w).GUID, WebspaceID: w.ID, Description: new(d.Description),
	}
	if d.TurnOff != "" {
		info.TurnOffAction = new(d.TurnOff)
	}
	return info
}

// shownSiteStatus is a site's effective status: its own, and that its subscription is suspended or has expired.
func (c *call) shownSiteStatus(w *webspace, d *site) int {
	if d.Kind == mainSite {
		return c.webspaceStatus(w) | d.Status
	}
	status := c.siteStatus(d)
	if c.webspaceStatus(w) != statusActive {
		status |= statusOwnerSuspended
	}
	return status
}

// siteStat counts what one site holds. Databases are the subscription's, so they count for its main site.
func (c *call) siteStat(w *webspace, d *site) *hosting.Stat {
	post := c.countMail(d)
	stat := &hosting.Stat{
		Traffic: c.trafficThisMonth(d), TrafficPrevDay: c.trafficYesterday(d), Subdomains: int64(c.sitesByParent.Count(idKey(d.ID))),
		Mailboxes: post.mailboxes, Redirects: post.redirects, MailGroups: post.groups, MailResponders: post.responders,
	}
	if d.Kind == mainSite {
		stat.Databases, stat.MSSQLDatabases = c.usage(w, limitDatabases), c.usage(w, limitMSSQLDatabases)
	}
	return stat
}

func siteButtonsList(c *call, req xmlapi.QueryRequest) ([]hosting.ButtonsListResult, error) {
	return each(c, c.sites(), req.Filter, func(d *site) (hosting.ButtonsListResult, error) {
		return hosting.ButtonsListResult{Buttons: buttonsOf(d)}, nil
	})
}

func siteGetTraffic(c *call, req siteapi.GetTrafficRequest) ([]hosting.GetTrafficResult, error) {
	return each(c, c.sites(), req.Filter, func(d *site) (hosting.GetTrafficResult, error) {
		return trafficOf(d, req.Days), nil
	})
}

func siteSetTraffic(c *call, req hosting.SetTrafficRequest) (hosting.SetTrafficResult, error) {
	d := c.Sites.Get(req.DomainID)
	if d == nil {
		return hosting.SetTrafficResult{}, siteMissing()
	}
	return c.setTraffic(d, req)
}

// siteDescriptor answers what each site can have or, for an empty filter, what sites of this server can have, without filter-id and id.
func siteDescriptor(c *call, req xmlapi.QueryRequest) ([]hosting.DescriptorResult, error) {
	if len(req.Filter.Values()) == 0 {
		return []hosting.DescriptorResult{{Descriptor: c.hostingDescriptor(described{values: c.effective(nil, nil), site: true})}}, nil
	}
	return each(c, c.sites(), req.Filter, func(d *site) (hosting.DescriptorResult, error) {
		w := c.Webspaces.Get(d.Webspace)
		of := described{values: c.planValues(w), permissions: copyOf(w.Permissions), site: d.Kind != mainSite}
		return hosting.DescriptorResult{Descriptor: c.hostingDescriptor(of)}, nil
	})
}
