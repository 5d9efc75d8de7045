// The webspace operator: subscriptions (operators-accounts-server §3). What they are, how they are found and removed.

package plesksim

import (
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

func webspaceOperations() []operation {
	return slices.Concat([]operation{
		one("webspace/add", adminOrReseller, webspaceAdd),
		many("webspace/get", anyone, webspaceGet).optional(),
		many("webspace/set", anyone, webspaceSet).optional(),
		many("webspace/del", adminOrReseller, webspaceDel).optional(),
		many("webspace/cform_buttons_list", anyone, webspaceButtonsList),
	}, webspaceTrafficOperations(), webspacePlanOperations(), webspaceDescriptorOperations(), offerOperations())
}

// subscription is what a webspace has beyond its name, its addresses and its permissions: its link to plans and what they gave,
// changed by what was set since. Maps are never changed in place.
type subscription struct {
	Plan        int64   `json:",omitempty"` // 0: custom
	Addons      []int64 `json:",omitempty"`
	Locked      bool    `json:",omitempty"` // customised: changes of the plan do not reach it
	Undelivered string  `json:",omitempty"` // what of the plan the server cannot give; "" when synchronised

	Overuse     string
	Limits      map[string]int64
	PHPSettings map[string]string `json:",omitempty"`
	Mail        hosting.Mail
	offer

	SystemUser  string `json:",omitempty"` // of virtual hosting
	Password    secret
	Directories []string `json:",omitempty"` // made below the home, relative to it; never changed in place

	UsageChanged int64 // UNIX time

	AdminDescription    string `json:",omitempty"`
	ResellerDescription string `json:",omitempty"`
}

// website is how a site is served.
type website struct {
	HostingType string            // vrt_hst, std_fwd, frm_fwd or none; "" is none
	Properties  map[string]string `json:",omitempty"` // of virtual hosting, www_root relative to the home; never changed in place
	Destination string            `json:",omitempty"` // of forwarding
	HTTPCode    int               `json:",omitempty"` // of standard forwarding
	PHPSettings map[string]string `json:",omitempty"` // of other sites than the main one, whose are the subscription's
	Home        string            `json:",omitempty"` // of a subdomain on Windows
	Preferences hosting.Preferences
	Mail        hosting.MailPreferences // of other sites than the main one, whose are the subscription's
	Bandwidth   float64                 // KB/s
	Connections int
	LogRotation logRotation
	Traffic     []hosting.Traffic `json:",omitempty"` // by ascending date
}

// mainSiteOf is the site that has the subscription's name.
func (s *state) mainSiteOf(w *webspace) *site { return s.Sites.Get(w.ID) }

func webspaceMissing() *refusal { return refuse(xmlapi.CodeNotFound, "Domain does not exist.") }

// webspaces says how subscriptions are found. A filter by owner names an account: one without subscriptions matches nothing and is no error.
func (c *call) webspaces() finder[webspace] {
	return finder[webspace]{
		table: c.Webspaces,
		find: func(kind, value string) ([]*webspace, error) {
			if of, isOwner := strings.CutPrefix(kind, "owner-"); isOwner {
				return c.webspacesOfOwner(of, value)
			}
			return rowsOrMissing(c.webspaceBy(kind, value), webspaceMissing())
		},
		sees:    c.seesWebspace,
		missing: webspaceMissing,
	}
}

func (c *call) webspacesOfOwner(kind, value string) ([]*webspace, error) {
	if c.who.role == customerRole {
		return nil, permissionDenied()
	}
	owner := c.accountBy(kind, value)
	if owner == nil || !c.seesAccount(owner) {
		return nil, refuse(xmlapi.CodeOwnerNotFound, "Owner does not exist")
	}
	return c.webspacesByOwner.All(idKey(owner.ID)), nil
}

// webspaceBy finds subscriptions by what names them directly.
func (s *state) webspaceBy(kind, value string) []*webspace {
	switch kind {
	case "id":
		return single(s.Webspaces.Get(idValue(value)))
	case "external-id":
		return s.webspacesByExternalID.All(value)
	}
	var main *site
	switch kind {
	case "name":
		if name, err := parseDomainName(value); err == nil {
			main = s.sitesByName.First(name.ascii)
		}
	case "guid":
		main = s.sitesByGUID.First(strings.ToLower(value))
	}
	if main == nil || main.Kind != mainSite {
		return nil
	}
	return single(s.Webspaces.Get(main.ID))
}

// webspaceExternalIDTaken refuses an external id that another subscription has.
func (c *call) webspaceExternalIDTaken(externalID string, self *webspace) error {
	if externalID == "" || c.opts.AllowDuplicateExternalIDs {
		return nil
	}
	for _, w := range c.webspacesByExternalID.All(externalID) {
		if w != self {
			return refuse(xmlapi.CodeExists, "A subscription with the external id %s already exists.", externalID)
		}
	}
	return nil
}

func webspaceDel(c *call, req xmlapi.FilterRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.webspaces(), req.Filter, func(w *webspace) (xmlapi.FilterResult, error) {
		c.removeWebspace(w)
		return xmlapi.FilterResult{}, nil
	})
}

// removeWebspace removes a subscription with everything in it.
func (c *call) removeWebspace(w *webspace) {
	main := c.Sites.Get(w.ID)
	for _, d := range c.sitesByWebspace.All(idKey(w.ID)) {
		if d != main && c.Sites.Get(d.ID) == d {
			c.removeSite(d)
		}
	}
	c.removeSite(main)
	c.removeDatabasesOf(w)
	c.removeFTPUsersOf(w)
	c.Webspaces.Remove(w)
}

// setAddresses moves a subscription, with its zones, to other addresses.
func (c *call) setAddresses(w *webspace, ipv4, ipv6 string) {
	old4, old6 := w.IPv4, w.IPv6
	w.IPv4, w.IPv6 = ipv4, ipv6
	for _, d := range c.sitesByWebspace.All(idKey(w.ID)) {
		for _, z := range c.zonesOfSite(d) {
			c.changeZoneAddresses(z, old4, ipv4)
			c.changeZoneAddresses(z, old6, ipv6)
		}
	}
}
