// webspace/set: what is given changes, the rest stays. A request that is refused changes nothing.

package plesksim

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	webspaceapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func webspaceSet(c *call, req webspaceapi.SetRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.webspaces(), req.Filter, func(w *webspace) (xmlapi.FilterResult, error) {
		return xmlapi.FilterResult{}, c.changeWebspace(w, req.Values)
	})
}

// draft is a subscription with its main site while changes are collected: copies, which take the place of the rows at the end.
type draft struct {
	w *webspace
	d *site
}

func (c *call) draftOf(w *webspace) draft {
	nw, nd := *w, *c.mainSiteOf(w)
	return draft{&nw, &nd}
}

func (c *call) changeWebspace(w *webspace, v webspaceapi.SetValues) error {
	if c.who.role == customerRole {
		if err := subscriberMay(w, v); err != nil {
			return err
		}
	}
	changed := c.draftOf(w)
	if err := c.changeGenSetup(w, changed, v.GenSetup); err != nil {
		return err
	}
	if err := c.changeHosting(changed, v.Hosting); err != nil {
		return err
	}
	if changed.w.Owner != w.Owner {
		for _, address := range changed.w.addresses() {
			if _, err := c.fromPool(c.Accounts.Get(changed.w.Owner), address); err != nil {
				return err
			}
		}
	}
	customised, err := c.customise(changed.w, changed.d, customisation{
		limits: v.Limits, permissions: v.Permissions, phpSettings: v.PHPSettings, performance: v.Performance, preferences: v.Preferences, mail: v.Mail,
	})
	if err != nil {
		return err
	}
	retyped := v.Hosting != nil && changed.d.hostingType() != c.mainSiteOf(w).hostingType()
	if changed.w.Plan != 0 && (customised || retyped || plansProperties(v.Hosting)) {
		changed.w.Locked = true
	}
	before := *c.mainSiteOf(w)
	owner := w.Owner
	c.commit(w, changed)
	c.genSetupEvents(changed, before, owner, v.GenSetup)
	if saysLimits(v.Limits) || saysPermissions(v.Permissions) {
		c.event("domain_limits", "updated", idKey(w.ID))
	}
	if v.Hosting != nil && !retyped {
		c.hostingEvent(changed.d, "updated")
	}
	return nil
}

// genSetupEvents records what gen_setup changed.
func (c *call) genSetupEvents(changed draft, before site, owner int64, g *webspaceapi.SetGenSetup) {
	if g == nil {
		return
	}
	id := idKey(before.ID)
	if changed.d.Status != before.Status {
		c.event("domain_status", "updated", id)
	}
	if g.GUID != nil {
		c.event("domain", "guid_changed", id)
	}
	if changed.d.Name != before.Name || changed.w.Owner != owner || g.ExternalID != nil || g.Description != nil ||
		g.AdminDescription != nil || g.ResellerDescription != nil || len(g.IPAddresses) > 0 {
		c.event("domain", "updated", id)
	}
}

// commit puts a draft in the place of its rows, and changes what depends on their names and addresses.
func (c *call) commit(w *webspace, changed draft) {
	d := c.mainSiteOf(w)
	mail := w.Mail.MailPreferences
	ipv4, ipv6 := changed.w.IPv4, changed.w.IPv6
	changed.w.IPv4, changed.w.IPv6 = w.IPv4, w.IPv6
	c.Webspaces.Change(w, func() { *w = *changed.w })
	c.commitSite(d, *changed.d)
	c.signMail(d, mail, w.Mail.MailPreferences)
	if ipv4 != w.IPv4 || ipv6 != w.IPv6 {
		c.setAddresses(w, ipv4, ipv6)
	}
}

// changeGenSetup collects what gen_setup says in the draft of w.
func (c *call) changeGenSetup(w *webspace, changed draft, g *webspaceapi.SetGenSetup) error {
	if g == nil {
		return nil
	}
	if err := c.changeOwner(changed.w, g); err != nil {
		return err
	}
	if g.Name != nil {
		if err := c.rename(c.mainSiteOf(w), changed.d, *g.Name); err != nil {
			return err
		}
	}
	if g.Status != nil {
		status, err := c.changeStatus(changed.d.Status, *g.Status, settableWebspaceStatus)
		if err != nil {
			return err
		}
		changed.d.Status = status
	}
	if g.ExternalID != nil {
		if err := c.webspaceExternalIDTaken(*g.ExternalID, w); err != nil {
			return err
		}
		changed.w.ExternalID = *g.ExternalID
	}
	if len(g.IPAddresses) > 0 && changed.d.hostingType() == hosting.None {
		var err error
		if changed.w.IPv4, changed.w.IPv6, err = c.poolAddresses(changed.w, c.Accounts.Get(changed.w.Owner), g.IPAddresses); err != nil {
			return err
		}
	}
	for _, v := range []struct{ to, from *string }{
		{&changed.d.Description, g.Description}, {&changed.w.AdminDescription, g.AdminDescription},
		{&changed.w.ResellerDescription, g.ResellerDescription},
	} {
		if v.from != nil {
			*v.to = *v.from
		}
	}
	if g.GUID != nil {
		changed.d.GUID = c.newGUID()
	}
	return nil
}

// changeOwner moves a subscription to another account. At another provider it has no plan, and its addresses must be in the
// provider's pool.
func (c *call) changeOwner(w *webspace, g *webspaceapi.SetGenSetup) error {
	kind, value := namedOwner(g.OwnerID, g.OwnerLogin, g.OwnerGUID, g.OwnerExternalID)
	var owner *account
	switch {
	case kind != "":
		var err error
		if owner, err = c.ownerBy(kind, value); err != nil {
			return err
		}
	case g.AdminAsVendor != nil && c.who.role == administrator:
		owner = c.admin()
	case g.AdminAsVendor != nil:
		return permissionDenied()
	default:
		return nil
	}
	before := c.provider(c.Accounts.Get(w.Owner))
	if owner.ID == w.Owner {
		return nil
	}
	w.Owner = owner.ID
	if c.provider(owner) == before {
		return nil
	}
	if err := c.roomForMoved(c.provider(owner), w); err != nil {
		return err
	}
	w.leavePlans()
	return nil
}

// changeHosting collects what hosting says. Addresses in it replace all; without any there the subscription keeps its own.
func (c *call) changeHosting(changed draft, given *hosting.Hosting) error {
	if given == nil {
		return nil
	}
	if addresses := addressesOf(given, nil); len(addresses) > 0 {
		var err error
		if changed.w.IPv4, changed.w.IPv6, err = c.poolAddresses(changed.w, c.Accounts.Get(changed.w.Owner), addresses); err != nil {
			return err
		}
	}
	return c.setHosting(changed.w, changed.d, given, c.planValues(changed.w).Properties)
}

// planValues is what a subscription's plans give now; without any, what the server gives.
func (s *state) planValues(w *webspace) provision {
	var addons []*plan
	for _, id := range w.Addons {
		addons = append(addons, s.Plans.Get(id))
	}
	return s.effective(s.Plans.Get(w.Plan), addons)
}

// subscriberMay refuses what customers may not change of their own subscriptions.
func subscriberMay(w *webspace, v webspaceapi.SetValues) error {
	may := func(permission string) bool { return w.Permissions[permission] }
	allowed := v.Limits == nil && v.Permissions == nil &&
		(v.PHPSettings == nil || may("manage_php_settings")) && (v.Performance == nil || may("manage_performance")) &&
		(v.Mail == nil || may("manage_mail_settings")) && (v.Preferences == nil || may("manage_phosting")) &&
		(v.Hosting == nil || may("manage_phosting"))
	if g := v.GenSetup; g != nil {
		owner, _ := namedOwner(g.OwnerID, g.OwnerLogin, g.OwnerGUID, g.OwnerExternalID)
		allowed = allowed && owner == "" && g.Name == nil && g.ExternalID == nil && g.GUID == nil && g.AdminAsVendor == nil &&
			len(g.IPAddresses) == 0 && g.AdminDescription == nil && g.ResellerDescription == nil
	}
	if v.Hosting != nil && v.Hosting.Virtual != nil {
		allowed = allowed && len(v.Hosting.Virtual.IPAddresses) == 0
		for _, given := range v.Hosting.Virtual.Properties {
			if p := property(given.Name); p != nil {
				allowed = allowed && mayChoose(w.Permissions, p, given.Value)
			}
		}
	}
	if !allowed {
		return permissionDenied()
	}
	return nil
}
