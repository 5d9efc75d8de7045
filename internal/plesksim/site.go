// The site operator: further domains of subscriptions, and subdomains (operators-accounts-server §4). What they are and how they
// are found, made and removed.

package plesksim

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	siteapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
)

func siteOperations() []operation {
	return []operation{
		one("site/add", adminOrCustomer, siteAdd),
		many("site/get", adminOrCustomer, siteGet).optional(),
		many("site/set", adminOrCustomer, siteSet).optional(),
		many("site/del", adminOrCustomer, siteDel).optional(),

		many("site/cform_buttons_list", adminOrCustomer, siteButtonsList),
		many("site/get_traffic", adminOrCustomer, siteGetTraffic).optional(),
		one("site/set_traffic", administrator, siteSetTraffic),
		many("site/get-physical-hosting-descriptor", adminOrCustomer, siteDescriptor).optional(),
	}
}

func siteMissing() *refusal { return refuse(xmlapi.CodeNotFound, "Site does not exist") }

// noParent is the refusal for a filter value, or a new object, that names no site or subscription to look below.
func noParent() *refusal { return refuse(xmlapi.CodeOwnerNotFound, "Domain does not exist.") }

// sites says how sites are found. Without a filter, and by their subscriptions, main sites are left out: they are the
// subscriptions' own (protocol-core §11). A parent without sites matches nothing and is no error.
func (c *call) sites() finder[site] {
	beside := func(rows []*site) []*site {
		return slices.DeleteFunc(rows, func(d *site) bool { return d.Kind == mainSite })
	}
	return finder[site]{
		table: c.Sites,
		all:   func() []*site { return beside(c.Sites.All()) },
		find: func(kind, value string) ([]*site, error) {
			if of, isSite := strings.CutPrefix(kind, "parent-site-"); isSite {
				parent, err := c.parentSite(of, value)
				if err != nil {
					return nil, err
				}
				return c.sitesByParent.All(idKey(parent.ID)), nil
			}
			if of, isWebspace := strings.CutPrefix(kind, "parent-"); isWebspace {
				w, err := c.parentWebspace(of, value)
				if err != nil {
					return nil, err
				}
				return beside(c.sitesByWebspace.All(idKey(w.ID))), nil
			}
			return rowsOrMissing(single(c.siteBy(kind, value)), siteMissing())
		},
		sees:    c.seesSite,
		missing: siteMissing,
	}
}

// siteBy finds sites by what names them directly: id, name, guid.
func (s *state) siteBy(kind, value string) *site {
	switch kind {
	case "id":
		return s.Sites.Get(idValue(value))
	case "name":
		if name, err := parseDomainName(value); err == nil {
			return s.sitesByName.First(name.ascii)
		}
	case "guid":
		return s.sitesByGUID.First(strings.ToLower(value))
	}
	return nil
}

// parentSite finds a site as the parent of other objects.
func (c *call) parentSite(kind, value string) (*site, error) {
	d := c.siteBy(kind, value)
	return d, c.visibleParent(d != nil, func() bool { return c.seesSite(d) })
}

// parentWebspace finds a subscription as the parent of other objects.
func (c *call) parentWebspace(kind, value string) (*webspace, error) {
	found := append(c.webspaceBy(kind, value), nil)
	return found[0], c.visibleParent(found[0] != nil, func() bool { return c.seesWebspace(found[0]) })
}

// visibleParent refuses what does not exist, or not for the caller.
func (c *call) visibleParent(exists bool, sees func() bool) error {
	switch {
	case exists && sees():
		return nil
	case exists && c.writes && c.opts.ForeignObjectsForbidden:
		return permissionDenied()
	}
	return noParent()
}

// subscriberHas refuses customers whose subscription does not have the permission for a change.
func (c *call) subscriberHas(w *webspace, right string) error {
	if c.who.role == customerRole && !w.Permissions[right] {
		return permissionDenied()
	}
	return nil
}

// settableSiteStatus are the bits that a site's status may get.
const settableSiteStatus = statusWebSuspended | statusDisabledAdmin | statusDisabledReseller | statusDisabledCustomer

// siteStatus is a site's effective status: its own reasons, and that the owner or the subscription is suspended.
func (c *call) siteStatus(d *site) int {
	status := d.Status
	if c.statusOf(c.Accounts.Get(c.Webspaces.Get(d.Webspace).Owner)) != statusActive {
		status |= statusOwnerSuspended
	}
	if d.Kind != mainSite {
		if c.Sites.Get(d.Webspace).Status&^statusWebSuspended != statusActive {
			status |= statusOwnerSuspended
		}
	}
	return status
}

// siteEventClass is the class of the events about a site of this kind.
func siteEventClass(k siteKind) string {
	switch k {
	case mainSite:
		return "domain"
	case subdomain:
		return "site_subdomain"
	}
	return "site"
}

func siteAdd(c *call, req siteapi.AddRequest) (siteapi.AddResult, error) {
	g := req.GenSetup
	w, parent, err := c.newSitesPlace(g)
	if err != nil {
		return siteapi.AddResult{}, err
	}
	d, err := c.newSite(w, parent, g.Name)
	if err != nil {
		return siteapi.AddResult{}, err
	}
	d.Description = text(g.Description)
	if d.Status, err = c.newStatus(g.Status, settableSiteStatus); err != nil {
		return siteapi.AddResult{}, err
	}
	given, err := newHosting(sitesHosting(req.Hosting), text(g.HostingType))
	if err != nil {
		return siteapi.AddResult{}, err
	}
	if err := c.changeService(d, given, req.Performance, req.Preferences); err != nil {
		return siteapi.AddResult{}, err
	}
	if req.Mail != nil {
		d.Mail.MailService = req.Mail.MailService
	}
	c.insertSite(d)
	return siteapi.AddResult{ID: d.ID, GUID: d.GUID}, nil
}

// newSitesPlace is the subscription of a new site and, of a subdomain, the site above it, from which the subscription follows.
func (c *call) newSitesPlace(g siteapi.NewGenSetup) (w *webspace, parent *site, err error) {
	kind, value := namedBy(g.ParentSiteName, g.ParentSiteID, g.ParentSiteGUID)
	if kind != "" {
		if parent, err = c.parentSite(kind, value); err != nil {
			return nil, nil, err
		}
		w = c.Webspaces.Get(parent.Webspace)
	}
	kind, value = namedBy(g.WebspaceName, g.WebspaceID, g.WebspaceGUID)
	switch {
	case kind == "" && parent == nil:
		return nil, nil, refuse(xmlapi.CodeInvalidValue, "The subscription of the site is not given.")
	case kind == "":
		return w, parent, nil
	}
	named, err := c.parentWebspace(kind, value)
	if err != nil {
		return nil, nil, err
	}
	if parent != nil && named != w {
		return nil, nil, refuse(xmlapi.CodeInvalidValue, "The site %s is not in the named subscription.", parent.Name)
	}
	return named, parent, nil
}

// namedBy is which of three elements is given, and its value.
func namedBy(name *string, id *int64, guid *string) (kind, value string) {
	switch {
	case name != nil:
		return "name", *name
	case id != nil:
		return "id", strconv.FormatInt(*id, 10)
	case guid != nil:
		return "guid", *guid
	}
	return "", ""
}

// newSite makes a further domain of a subscription or, with a parent, a subdomain. It is in no table yet.
func (c *call) newSite(w *webspace, parent *site, fullName string) (*site, error) {
	d := &site{Kind: addonSite, Webspace: w.ID, Created: c.now.Format(time.DateOnly)}
	right, limit := "create_domains", "max_site"
	if parent != nil {
		d.Kind, d.Parent = subdomain, parent.ID
		right, limit = "manage_subdomains", "max_subdom"
	}
	if err := c.subscriberHas(w, right); err != nil {
		return nil, err
	}
	name, err := c.siteName(fullName, parent, nil)
	if err != nil {
		return nil, err
	}
	d.Name, d.ASCIIName = name.unicode, name.ascii
	if err := c.roomFor(w, limit); err != nil {
		return nil, err
	}
	if d.Kind == addonSite {
		if err := c.domainLimit(c.Accounts.Get(w.Owner)); err != nil {
			return nil, err
		}
	}
	d.takePlan(c.planValues(w))
	return d, nil
}

// takePlan gives a new site what the plans of its subscription preset beside its hosting.
func (d *site) takePlan(values provision) {
	d.Bandwidth, d.Connections = float64(*values.Performance.Bandwidth), *values.Performance.MaxConnections
	d.Preferences = initialPreferences(values)
	d.LogRotation = logRotationOf(values.LogRotation)
}

// insertSite puts a new site in its table.
func (c *call) insertSite(d *site) {
	d.ID, d.GUID = next(&c.Sequences.Domain), c.newGUID()
	c.addSite(d)
	c.hostingCreated(d)
	c.usageChanged(d.Webspace)
}

// addSite puts a new site in its table and makes its DNS zone. Its webspace, which for a main site has the same id, is there already.
func (c *call) addSite(d *site) {
	c.Sites.Insert(d)
	c.event(siteEventClass(d.Kind), "created", idKey(d.ID))
	c.createSiteZone(d)
}

// sitesHosting is the hosting of a site in the shape that subscriptions have.
func sitesHosting(given *siteapi.Hosting) *hosting.Hosting {
	if given == nil {
		return nil
	}
	h := &hosting.Hosting{None: given.None}
	if v := given.Virtual; v != nil {
		h.Virtual = &hosting.VirtualHosting{Properties: v.Properties}
	}
	if f := given.StandardForward; f != nil {
		h.StandardForward = &hosting.Forward{DestinationURL: f.DestinationURL, HTTPCode: f.HTTPCode}
	}
	if f := given.FrameForward; f != nil {
		h.FrameForward = &hosting.FrameForwarded{DestinationURL: f.DestinationURL}
	}
	return h
}

func siteDel(c *call, req xmlapi.FilterRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.sites(), req.Filter, func(d *site) (xmlapi.FilterResult, error) {
		return xmlapi.FilterResult{}, c.deleteSite(d)
	})
}

// deleteSite removes a site that is asked to go. A main site goes with its subscription only.
func (c *call) deleteSite(d *site) error {
	if d.Kind == mainSite {
		return refuse(xmlapi.CodePermissionDenied, "Unable to remove the site %s: it is the main one of its subscription.", d.Name)
	}
	if err := c.subscriberHas(c.Webspaces.Get(d.Webspace), sitesRight(d)); err != nil {
		return err
	}
	c.removeSite(d)
	c.usageChanged(d.Webspace)
	return nil
}

// removeSite removes a site with everything that hangs below it.
func (c *call) removeSite(d *site) {
	for _, child := range c.sitesByParent.All(idKey(d.ID)) {
		c.removeSite(child)
	}
	for _, a := range c.aliasesBySite.All(idKey(d.ID)) {
		c.removeAlias(a)
	}
	c.removeMailOf(d)
	c.removeProtectedDirsOf(d)
	c.removeVirtualDirsOf(d)
	c.removeCertificatesOf(d)
	c.removeGitRepositoriesOf(d)
	c.removeZonesOf(d)
	c.hostingRemoved(d)
	c.removeInstallations(d)
	c.Sites.Remove(d)
	c.event(siteEventClass(d.Kind), "deleted", idKey(d.ID))
}

// sitesRight is the permission with which a subscriber makes and removes sites of a kind.
func sitesRight(d *site) string {
	if d.Kind == subdomain {
		return "manage_subdomains"
	}
	return "create_domains"
}
