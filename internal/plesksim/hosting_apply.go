// Giving a subscription its addresses and its main site's hosting, on add and on set. The rows that are changed here are not in their
// tables: they are new, or copies that replace the old ones once the whole request has proved acceptable.

package plesksim

import (
	"net/netip"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
)

// hostingTypeOf is the type of hosting settings.
func hostingTypeOf(h *hosting.Hosting) string {
	switch {
	case h.Virtual != nil:
		return hosting.Virtual
	case h.StandardForward != nil:
		return hosting.StandardForward
	case h.FrameForward != nil:
		return hosting.FrameForward
	}
	return hosting.None
}

// hostingType is the type of a site's hosting.
func (w *website) hostingType() string {
	if w.HostingType == "" {
		return hosting.None
	}
	return w.HostingType
}

// addressesOf are the addresses in hosting settings or, without any there, the other ones.
func addressesOf(h *hosting.Hosting, other []string) []string {
	var given []string
	switch {
	case h == nil:
	case h.Virtual != nil:
		given = h.Virtual.IPAddresses
	case h.StandardForward != nil:
		given = h.StandardForward.IPAddresses
	case h.FrameForward != nil:
		given = h.FrameForward.IPAddresses
	}
	if len(given) > 0 {
		return given
	}
	return other
}

// poolAddresses are the named addresses, which must all be in the owner's pool, or the first shared one of the pool.
func (c *call) poolAddresses(w *webspace, owner *account, given []string) (ipv4, ipv6 string, err error) {
	if len(given) == 0 {
		given = c.defaultAddress(owner)
	}
	if len(given) == 0 {
		return "", "", refuse(xmlapi.CodeAddressNotFound, "There is no IP address in the client's pool")
	}
	for _, asked := range given {
		address, err := c.fromPool(owner, asked)
		if err != nil {
			return "", "", err
		}
		if c.exclusiveElsewhere(address, w, owner) {
			return "", "", notInPool(asked)
		}
		family := &ipv6
		if parsed, err := netip.ParseAddr(address); err == nil && parsed.Is4() {
			family = &ipv4
		}
		if *family != "" && *family != address {
			return "", "", refuse(xmlapi.CodeInvalidValue, "A subscription has no more than one IPv4 and one IPv6 address.")
		}
		*family = address
	}
	return ipv4, ipv6, nil
}

// defaultAddress is the first shared address of a pool, of IPv4 if there is one.
func (c *call) defaultAddress(owner *account) []string {
	var six []string
	for _, a := range c.poolOf(owner) {
		if a.Type != ip.Shared {
			continue
		}
		if parsed, err := netip.ParseAddr(a.Address); err == nil && parsed.Is4() {
			return []string{a.Address}
		}
		if six == nil {
			six = []string{a.Address}
		}
	}
	return six
}

// exclusiveElsewhere tells whether an exclusive address already has another user. For a subscription that moves, the account that it leaves
// does not count as one.
func (c *call) exclusiveElsewhere(address string, w *webspace, owner *account) bool {
	if !c.heldExclusively(address) {
		return false
	}
	if old := c.Webspaces.Get(w.ID); old != nil && old.Owner != owner.ID && (old.IPv4 == address || old.IPv6 == address) {
		return false
	}
	return c.othersUse(c.addressUser(owner), address)
}

// setHosting changes a site's hosting as asked; another type replaces it. preset holds what the plans give to new virtual
// hosting.
func (c *call) setHosting(w *webspace, d *site, given *hosting.Hosting, preset map[string]string) error {
	switch {
	case given.Virtual != nil:
		return c.setVirtualHosting(w, d, given.Virtual.Properties, preset)
	case given.StandardForward != nil:
		code := redirectCodes[0]
		if d.HostingType == hosting.StandardForward {
			code = d.HTTPCode
		}
		if n := given.StandardForward.HTTPCode; n != nil {
			code = *n
		}
		return setForwarding(w, d, hosting.StandardForward, given.StandardForward.DestinationURL, code)
	case given.FrameForward != nil:
		return setForwarding(w, d, hosting.FrameForward, given.FrameForward.DestinationURL, 0)
	}
	dropHosting(w, d, hosting.None)
	return nil
}

func setForwarding(w *webspace, d *site, kind, to string, code int) error {
	destination, err := destinationURL(to)
	if err != nil {
		return err
	}
	if kind == hosting.StandardForward && code != redirectCodes[0] && code != redirectCodes[1] {
		return refuse(xmlapi.CodeInvalidValue, "The HTTP code %d of the forwarding is invalid.", code)
	}
	dropHosting(w, d, kind)
	d.Destination, d.HTTPCode = destination, code
	return nil
}

// dropHosting leaves the site with another type of hosting and nothing of what it had. The system user goes with the main site's.
func dropHosting(w *webspace, d *site, kind string) {
	d.HostingType, d.Properties, d.Destination, d.HTTPCode, d.PHPSettings = kind, nil, "", 0, nil
	if d.Kind == mainSite {
		w.SystemUser, w.Password = "", secret{}
	}
}

func (c *call) setVirtualHosting(w *webspace, d *site, given []xmlapi.Property, preset map[string]string) error {
	if d.Kind != mainSite {
		return c.setSitesVirtualHosting(d, given, preset)
	}
	old, login, password := d.Properties, w.SystemUser, w.Password
	if d.HostingType != hosting.Virtual {
		old, login, password = c.newHostingProperties(d.Kind, preset), "", secret{}
	}
	properties, err := c.givenProperties(old, given, func(p *propertyInfo) bool { return p.of(d.Kind) })
	if err != nil {
		return err
	}
	if err := c.checkCertificate(properties, d.ID, d.Webspace); err != nil {
		return err
	}
	var chosen *string
	for _, g := range given {
		switch g.Name {
		case "ftp_login":
			if err := c.systemUserTaken(g.Value, w); err != nil {
				return err
			}
			login = g.Value
		case "ftp_password":
			chosen = &g.Value
		}
	}
	if chosen != nil {
		if err := c.checkPassword(login, *chosen); err != nil {
			return err
		}
		password = c.newPassword(*chosen)
	}
	if login == "" || password == (secret{}) {
		return refuse(xmlapi.CodeInvalidValue, "Virtual hosting needs the properties ftp_login and ftp_password.")
	}
	d.HostingType, d.Properties, d.Destination, d.HTTPCode = hosting.Virtual, properties, "", 0
	w.SystemUser, w.Password = login, password
	return nil
}

// setSitesVirtualHosting changes the virtual hosting of sites other than the main one. They run as the subscription's system user, so a login among
// the properties is not used. A property with the name of a PHP directive sets that (operators-accounts-server §2.3).
func (c *call) setSitesVirtualHosting(d *site, given []xmlapi.Property, preset map[string]string) error {
	old := d.Properties
	if d.HostingType != hosting.Virtual {
		old = c.newHostingProperties(d.Kind, preset)
		old["www_root"] = d.ASCIIName
	}
	if err := c.mayGive(c.Webspaces.Get(d.Webspace), given); err != nil {
		return err
	}
	given, directives := splitDirectives(given)
	given = slices.DeleteFunc(given, func(g xmlapi.Property) bool { p := property(g.Name); return p != nil && p.ofUser })
	properties, err := c.givenProperties(old, given, func(p *propertyInfo) bool { return p.of(d.Kind) })
	if err != nil {
		return err
	}
	if err := c.checkCertificate(properties, d.ID, d.Webspace); err != nil {
		return err
	}
	d.HostingType, d.Properties, d.Destination, d.HTTPCode = hosting.Virtual, properties, "", 0
	d.PHPSettings, err = givenPHPSettings(d.PHPSettings, directives)
	return err
}

// mayGive refuses properties that customers may not change in their own subscriptions.
func (c *call) mayGive(w *webspace, given []xmlapi.Property) error {
	for _, g := range given {
		right := ""
		if p := property(g.Name); p != nil {
			right = p.permission
		} else if slices.Contains(phpDirectives, g.Name) {
			right = "manage_php_settings"
		}
		if right == "" {
			continue
		}
		if err := c.subscriberHas(w, right); err != nil {
			return err
		}
	}
	return nil
}

// newHostingProperties are the properties of new virtual hosting: the plans' presets, the server's defaults for the others.
func (c *call) newHostingProperties(kind siteKind, preset map[string]string) map[string]string {
	properties := map[string]string{}
	for _, info := range c.properties() {
		if !info.of(kind) || info.ofUser {
			continue
		}
		value, given := preset[info.name]
		if !given {
			value = c.initialValue(info)
		}
		properties[info.name] = value
	}
	if !c.phpHandlerEnabled(properties["php_handler_id"]) {
		properties["php_handler_id"] = c.defaultPHPHandler()
	}
	return properties
}

// ownUsers are the accounts that the operating system and the panel have themselves.
var ownUsers = map[string]bool{
	"root": true, "admin": true, "daemon": true, "bin": true, "nobody": true, "www-data": true, "mysql": true, "postfix": true,
	"psaadm": true, "psaftp": true, "popuser": true,
}

// systemUserTaken refuses a login that the system, another subscription or an FTP account has.
func (c *call) systemUserTaken(login string, self *webspace) error {
	w, u := c.webspacesBySystemUser.First(foldName(login)), c.ftpUsersByName.First(foldName(login))
	if ownUsers[foldName(login)] || w != nil && w.ID != self.ID || u != nil {
		return refuse(xmlapi.CodeExists, "The user %s already exists.", login)
	}
	return nil
}

// hostingCreated records the event about a site's new hosting, hostingRemoved the one about its end.
func (c *call) hostingCreated(d *site) { c.hostingEvent(d, "created") }
func (c *call) hostingRemoved(d *site) { c.hostingEvent(d, "deleted") }

func (c *call) hostingEvent(d *site, kind string) {
	switch d.hostingType() {
	case hosting.Virtual:
		c.event("phosting", kind, idKey(d.ID))
	case hosting.StandardForward, hosting.FrameForward:
		c.event("fhosting", kind, idKey(d.ID))
	}
}
