// site/set: what is given changes, the rest stays. A request that is refused changes nothing.

package plesksim

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	siteapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	webspaceapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func siteSet(c *call, req siteapi.SetRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.sites(), req.Filter, func(d *site) (xmlapi.FilterResult, error) {
		if d.Kind == mainSite {
			return xmlapi.FilterResult{}, c.changeMainSite(d, req.Values)
		}
		return xmlapi.FilterResult{}, c.changeSite(d, req.Values)
	})
}

func (c *call) changeSite(d *site, v siteapi.SetValues) error {
	if err := c.mayChangeSite(d, v); err != nil {
		return err
	}
	changed := *d
	if err := c.changeSiteSetup(d, &changed, v.GenSetup); err != nil {
		return err
	}
	if err := c.changeService(&changed, sitesHosting(v.Hosting), v.Performance, v.Preferences); err != nil {
		return err
	}
	retyped := changed.hostingType() != d.hostingType()
	c.commitSite(d, changed)
	c.event(siteEventClass(d.Kind), "updated", idKey(d.ID))
	if v.Hosting != nil && !retyped {
		c.hostingEvent(d, "updated")
	}
	if v.GenSetup != nil && v.GenSetup.GUID != nil {
		c.event(siteEventClass(d.Kind), "guid_changed", idKey(d.ID))
	}
	return nil
}

// changeSiteSetup collects what gen_setup says in a draft of d.
func (c *call) changeSiteSetup(d, changed *site, g *siteapi.SetGenSetup) error {
	if g == nil {
		return nil
	}
	if g.Name != nil {
		if err := c.rename(d, changed, *g.Name); err != nil {
			return err
		}
	}
	if g.Description != nil {
		changed.Description = *g.Description
	}
	if g.GUID != nil {
		changed.GUID = c.newGUID()
	}
	return c.turn(changed, g)
}

// turn collects what a request says about the status of a site. TurnOff has no meaning while the site is active.
func (c *call) turn(changed *site, g *siteapi.SetGenSetup) error {
	if g.Status != nil {
		status, err := c.changeStatus(changed.Status, *g.Status, settableSiteStatus)
		if err != nil {
			return err
		}
		changed.Status = status
	}
	if g.TurnOffAction != nil {
		changed.TurnOff = *g.TurnOffAction
	}
	if changed.Status == statusActive {
		changed.TurnOff = ""
	}
	return nil
}

// changeService collects what is said about how a site is served in a draft of it.
func (c *call) changeService(changed *site, given *hosting.Hosting, bounds *hosting.Performance, preferences *hosting.Preferences) error {
	w := c.Webspaces.Get(changed.Webspace)
	if given != nil {
		if err := c.setHosting(w, changed, given, c.planValues(w).Properties); err != nil {
			return err
		}
	}
	if err := checkPerformance(bounds); err != nil {
		return err
	}
	changed.setPerformance(bounds)
	if preferences != nil {
		changed.Preferences = overlay(changed.Preferences, *preferences)
	}
	return nil
}

// changeMainSite changes the site that is its subscription's own, and so the subscription.
func (c *call) changeMainSite(d *site, v siteapi.SetValues) error {
	turned := *d
	values := webspaceapi.SetValues{Preferences: v.Preferences, Performance: v.Performance, Hosting: sitesHosting(v.Hosting)}
	if g := v.GenSetup; g != nil {
		if err := c.turn(&turned, g); err != nil {
			return err
		}
		values.GenSetup = &webspaceapi.SetGenSetup{Name: g.Name, GUID: g.GUID, Description: g.Description}
	}
	if h := values.Hosting; h != nil && h.Virtual != nil {
		h.Virtual.Properties, values.PHPSettings = splitDirectives(h.Virtual.Properties)
	}
	if err := c.changeWebspace(c.Webspaces.Get(d.Webspace), values); err != nil {
		return err
	}
	if d.Status != turned.Status {
		c.event("domain_status", "updated", idKey(d.ID))
	}
	d.Status, d.TurnOff = turned.Status, turned.TurnOff // no index knows them
	return nil
}

// mayChangeSite refuses what customers may not change of their own sites.
func (c *call) mayChangeSite(d *site, v siteapi.SetValues) error {
	for right, needed := range map[string]bool{
		"manage_phosting":    v.Hosting != nil || v.Preferences != nil,
		"manage_performance": v.Performance != nil,
		sitesRight(d):        v.GenSetup != nil && v.GenSetup.Name != nil,
	} {
		if err := c.subscriberHas(c.Webspaces.Get(d.Webspace), right); needed && err != nil {
			return err
		}
	}
	return nil
}
