// webspace/get: the blocks of the dataset, in the order of the schema.

package plesksim

import (
	"maps"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	webspaceapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func webspaceGet(c *call, req webspaceapi.GetRequest) ([]webspaceapi.GetResult, error) {
	return eachOf(c, c.webspaces(), req.Filter, req.Dataset == (webspaceapi.Dataset{}), func(w *webspace) (webspaceapi.GetResult, error) {
		return webspaceapi.GetResult{Data: c.webspaceData(w, req.Dataset)}, nil
	})
}

func (c *call) webspaceData(w *webspace, ask webspaceapi.Dataset) *webspaceapi.Data {
	main := c.mainSiteOf(w)
	data := &webspaceapi.Data{}
	if ask.GenInfo != nil || ask.Hosting != nil || ask.Subscriptions != nil { // these never come alone (operators-accounts-server, corrections of §3.2)
		data.GenInfo = c.webspaceGenInfo(w, main)
	}
	if ask.Hosting != nil {
		data.Hosting = c.hostingOf(w, main, false)
	}
	if ask.HostingBasic != nil {
		data.HostingBasic = c.hostingOf(w, main, true)
	}
	if ask.Limits != nil {
		data.Limits = c.limitsList(w.Overuse, w.Limits)
	}
	if ask.Stat != nil {
		data.Stat = c.webspaceStat(w)
	}
	if ask.Preferences != nil {
		data.Preferences = new(main.Preferences)
	}
	if ask.DiskUsage != nil {
		data.DiskUsage = noDiskUsage()
	}
	if ask.Performance != nil {
		data.Performance = &hosting.Performance{Bandwidth: new(xmlapi.Double(main.Bandwidth)), MaxConnections: new(main.Connections)}
	}
	if ask.Subscriptions != nil {
		data.Subscriptions = c.planLinks(w)
	}
	if ask.Permissions != nil {
		data.Permissions = c.permissionsList(w.Permissions)
	}
	if ask.PlanItems != nil {
		data.PlanItems = planItemsList(w.Items)
	}
	if ask.PHPSettings != nil {
		data.PHPSettings = phpSettingsList(w.PHPSettings)
	}
	if ask.ResourceUsage != nil {
		data.ResourceUsage = c.resourceUsage(w)
	}
	if ask.Mail != nil {
		data.Mail = c.webspaceMail(w)
	}
	if ask.APSFilter != nil {
		data.APSFilter = new(w.APSFilter)
	}
	if ask.Packages != nil {
		data.Packages = &hosting.Packages{Packages: slices.Clone(w.Packages)}
	}
	return data
}

func (c *call) webspaceGenInfo(w *webspace, main *site) *webspaceapi.GenInfo {
	owner := c.Accounts.Get(w.Owner)
	info := &webspaceapi.GenInfo{
		Created: main.Created, Name: main.Name, ASCIIName: main.ASCIIName, Status: c.webspaceStatus(w), DNSIPAddresses: w.addresses(),
		HostingType: main.hostingType(), GUID: main.GUID, VendorGUID: c.provider(owner).GUID, ExternalID: w.ExternalID,
		Description: new(main.Description),
	}
	if c.who.role != customerRole {
		info.OwnerID, info.OwnerLogin = new(owner.ID), new(owner.Login)
		info.ResellerDescription = new(w.ResellerDescription)
	}
	if c.who.role == administrator {
		info.AdminDescription = new(w.AdminDescription)
	}
	return info
}

// noDiskUsage is what is used where nothing is stored.
func noDiskUsage() *hosting.DiskUsage {
	return &hosting.DiskUsage{Databases: new(int64(0)), Configuration: new(int64(0)), ChrootDirectory: new(int64(0))}
}

// webspaceStatus is a subscription's effective status: its own, that of a suspended owner, and that it has expired. If only
// the web service of its main site is suspended, the subscription is not.
func (c *call) webspaceStatus(w *webspace) int {
	status := c.siteStatus(c.mainSiteOf(w)) &^ statusWebSuspended
	if end, ok := w.Limits[limitExpiration]; ok && end != unlimited && c.now.Unix() >= end {
		status |= statusExpired
	}
	return status
}

// addresses are the subscription's, IPv4 first.
func (w *webspace) addresses() []string {
	var list []string
	for _, a := range []string{w.IPv4, w.IPv6} {
		if a != "" {
			list = append(list, a)
		}
	}
	return list
}

// hostingOf is a site's hosting; basic holds fewer properties.
func (c *call) hostingOf(w *webspace, d *site, basic bool) *hosting.Hosting {
	switch d.hostingType() {
	case hosting.Virtual:
		return &hosting.Hosting{Virtual: &hosting.VirtualHosting{Properties: c.propertiesList(w, d, basic), IPAddresses: w.addresses()}}
	case hosting.StandardForward:
		return &hosting.Hosting{StandardForward: &hosting.Forward{DestinationURL: d.Destination, HTTPCode: new(d.HTTPCode), IPAddresses: w.addresses()}}
	case hosting.FrameForward:
		return &hosting.Hosting{FrameForward: &hosting.FrameForwarded{DestinationURL: d.Destination, IPAddresses: w.addresses()}}
	}
	return &hosting.Hosting{None: &xmlapi.Empty{}}
}

// propertiesList is every property that a site has. The password is answered as it is stored, as a hash.
func (c *call) propertiesList(w *webspace, d *site, basic bool) []xmlapi.Property {
	list := make([]xmlapi.Property, 0, len(hostingProperties))
	for _, p := range c.properties() {
		if basic && !p.basic || !p.of(d.Kind) {
			continue
		}
		value := d.Properties[p.name]
		switch p.name {
		case "ftp_login":
			value = w.SystemUser
		case "ftp_password":
			value = "$5$" + w.Password.Salt + "$" + w.Password.Hash
		case "ftp_password_type":
			value = "crypt"
		case "www_root":
			value = c.inHome(w, value)
		}
		list = append(list, xmlapi.Property{Name: p.name, Value: value})
	}
	for _, name := range slices.Sorted(maps.Keys(d.PHPSettings)) {
		list = append(list, xmlapi.Property{Name: name, Value: d.PHPSettings[name]})
	}
	return list
}

func (s *state) limitsList(overuse string, limits map[string]int64) *hosting.Limits {
	list := &hosting.Limits{Overuse: new(overuse), Limits: make([]hosting.Limit, 0, len(s.limits()))}
	for _, l := range s.limits() {
		value, set := limits[l.name]
		if !set {
			value = unlimited
		}
		list.Limits = append(list.Limits, hosting.Limit{Name: l.name, Value: value})
	}
	return list
}

func (s *state) permissionsList(permissions map[string]bool) *hosting.Permissions {
	names := s.permissions()
	list := &hosting.Permissions{Permissions: make([]hosting.Permission, 0, len(names))}
	for _, name := range names {
		list.Permissions = append(list.Permissions, hosting.Permission{Name: name, Value: permissions[name]})
	}
	return list
}

// phpSettingsList is what is set, by name, and always open_basedir.
func phpSettingsList(settings map[string]string) *hosting.PHPSettings {
	list := &hosting.PHPSettings{}
	if _, set := settings["open_basedir"]; !set {
		list.Settings = append(list.Settings, xmlapi.Property{Name: "open_basedir", Value: openBasedir})
	}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		list.Settings = append(list.Settings, xmlapi.Property{Name: name, Value: settings[name]})
	}
	return list
}

func planItemsList(names []string) *hosting.PlanItems {
	list := &hosting.PlanItems{}
	for _, name := range names {
		list.Items = append(list.Items, hosting.PlanItem{Name: name})
	}
	return list
}

// planLinks names the subscription's plans, the service plan first.
func (c *call) planLinks(w *webspace) *webspaceapi.Subscriptions {
	return c.linksTo(append([]int64{w.Plan}, w.Addons...), w.Locked, w.Undelivered == "")
}

// linksTo names plans; without the first, the service plan, there are none.
func (c *call) linksTo(plans []int64, locked, synchronized bool) *webspaceapi.Subscriptions {
	links := &webspaceapi.Subscriptions{}
	if plans[0] == 0 {
		return links
	}
	links.Subscription = &webspaceapi.Subscription{Locked: trueOrFalse(locked), Synchronized: trueOrFalse(synchronized)}
	for _, id := range plans {
		p := c.Plans.Get(id)
		links.Subscription.Plans = append(links.Subscription.Plans, webspaceapi.Plan{GUID: p.GUID, ExternalID: new(p.ExternalID)})
	}
	return links
}

func trueOrFalse(v bool) string {
	if v {
		return "true"
	}
	return "false"
}

// webspaceMail is the mail preferences and limits, with what the server gives where nothing was set.
func (c *call) webspaceMail(w *webspace) *hosting.Mail {
	return &hosting.Mail{MailPreferences: c.shownMailPreferences(c.mainSiteOf(w)), OutgoingMail: w.Mail.OutgoingMail}
}
