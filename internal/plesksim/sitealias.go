// The site-alias operator: further names of sites, most with a zone of their own (operators-accounts-server §6).

package plesksim

import (
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/sitealias"
)

// aliasSettings are what an alias stands for. Status holds the alias's own reasons; answers add those of the site.
type aliasSettings struct {
	Status      int `json:",omitempty"`
	Preferences sitealias.Preferences
	ManageDNS   bool
}

// newAliasSettings are the settings of an alias that is made without any.
func newAliasSettings() aliasSettings {
	return aliasSettings{
		Preferences: sitealias.Preferences{Web: new(true), Mail: new(true), SEORedirect: new(true)}, ManageDNS: true,
	}
}

// siteAliasOperations are the administrator's alone.
func siteAliasOperations() []operation {
	return []operation{
		one("site-alias/create", administrator, siteAliasCreate),
		many("site-alias/get", administrator, siteAliasGet),
		many("site-alias/set", administrator, siteAliasSet),
		many("site-alias/delete", administrator, siteAliasDelete),
		one("site-alias/rename", administrator, siteAliasRename),
		one("site-alias/get-supported-services", administrator, siteAliasServices),
	}
}

func aliasMissing() *refusal {
	return refuse(xmlapi.CodeNotFound, "Domain alias does not exist.")
}

// siteAliases says how aliases are found. A site without aliases matches nothing and is no error.
func (c *call) siteAliases() finder[alias] {
	return finder[alias]{
		table: c.Aliases,
		find: func(kind, value string) ([]*alias, error) {
			if of, isSite := strings.CutPrefix(kind, "site-"); isSite {
				d, err := c.parentSite(of, value)
				if err != nil {
					return nil, err
				}
				return c.aliasesBySite.All(idKey(d.ID)), nil
			}
			return rowsOrMissing(single(c.aliasBy(kind, value)), aliasMissing())
		},
		sees:    func(a *alias) bool { return c.seesSite(c.Sites.Get(a.Site)) },
		missing: aliasMissing,
	}
}

// aliasBy finds an alias by its id or its name.
func (s *state) aliasBy(kind, value string) *alias {
	switch kind {
	case "id":
		return s.Aliases.Get(idValue(value))
	case "name":
		if name, err := parseDomainName(value); err == nil {
			return s.aliasesByName.First(name.ascii)
		}
	}
	return nil
}

func siteAliasCreate(c *call, req sitealias.CreateRequest) (sitealias.CreateResult, error) {
	d := c.Sites.Get(req.SiteID)
	if d == nil {
		return sitealias.CreateResult{}, noParent()
	}
	name, err := c.newMainName(req.Name, nil, nil)
	if err != nil {
		return sitealias.CreateResult{}, err
	}
	settings, err := newAliasSettings().given(req.Settings)
	if err != nil {
		return sitealias.CreateResult{}, err
	}
	if err := c.roomFor(c.Webspaces.Get(d.Webspace), "max_dom_aliases"); err != nil {
		return sitealias.CreateResult{}, err
	}
	a := &alias{
		ID: next(&c.Sequences.Alias), Site: d.ID, GUID: c.newGUID(), Name: name.unicode, ASCIIName: name.ascii, aliasSettings: settings,
	}
	c.Aliases.Insert(a)
	c.usageChanged(d.Webspace)
	c.event("site_alias", "created", idKey(a.ID))
	if a.ManageDNS {
		c.createAliasZone(a)
	}
	return sitealias.CreateResult{ID: a.ID}, nil
}

// createAliasZone makes the zone of an alias.
func (c *call) createAliasZone(a *alias) {
	c.createZone(&zone{Site: a.Site, Alias: a.ID, Name: a.ASCIIName})
	c.event("site_alias_dns_zone", "updated", idKey(a.ID))
}

// given lays what a request gives over what an alias has.
func (s aliasSettings) given(g sitealias.Settings) (aliasSettings, error) {
	if g.Status != nil {
		switch *g.Status {
		case sitealias.Enabled, sitealias.Disabled, sitealias.SwitchedOff:
			s.Status = *g.Status
		default: // comes from the site
			return s, refuse(xmlapi.CodeWrongStatus, "Wrong status value: %d.", *g.Status)
		}
	}
	if g.Preferences != nil {
		s.Preferences = overlay(s.Preferences, *g.Preferences)
	}
	if g.ManageDNS != nil {
		s.ManageDNS = *g.ManageDNS
	}
	return s, nil
}

func siteAliasGet(c *call, req xmlapi.QueryRequest) ([]sitealias.GetResult, error) {
	return each(c, c.siteAliases(), req.Filter, func(a *alias) (sitealias.GetResult, error) {
		status, d := a.Status, c.Sites.Get(a.Site)
		if c.shownSiteStatus(c.Webspaces.Get(d.Webspace), d) != statusActive {
			status |= sitealias.SiteDisabled
		}
		return sitealias.GetResult{Info: &sitealias.Info{
			Settings: sitealias.Settings{Status: new(status), Preferences: new(a.Preferences), ManageDNS: new(a.ManageDNS)},
			SiteID:   a.Site, Name: a.Name, ASCIIName: new(a.ASCIIName),
		}}, nil
	})
}

func siteAliasSet(c *call, req sitealias.SetRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.siteAliases(), req.Filter, func(a *alias) (xmlapi.FilterResult, error) {
		settings, err := a.given(req.Settings)
		if err != nil {
			return xmlapi.FilterResult{}, err
		}
		a.aliasSettings = settings // no index knows them
		c.event("site_alias", "updated", idKey(a.ID))
		switch z := c.zonesByAlias.First(idKey(a.ID)); {
		case a.ManageDNS && z == nil:
			c.createAliasZone(a)
		case !a.ManageDNS && z != nil:
			c.removeZone(z)
			c.event("site_alias_dns_zone", "updated", idKey(a.ID))
		}
		return xmlapi.FilterResult{}, nil
	})
}

func siteAliasDelete(c *call, req xmlapi.FilterRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.siteAliases(), req.Filter, func(a *alias) (xmlapi.FilterResult, error) {
		c.removeAlias(a)
		c.usageChanged(c.Sites.Get(a.Site).Webspace)
		return xmlapi.FilterResult{}, nil
	})
}

func siteAliasRename(c *call, req sitealias.RenameRequest) (xmlapi.Result, error) {
	kind, value := namedBy(req.Name, req.ID, nil)
	f := c.siteAliases()
	found, err := f.visible(c, kind, value)
	if err != nil {
		return xmlapi.Result{}, err
	}
	return xmlapi.Result{}, c.renameAlias(found[0], req.NewName)
}

// renameAlias gives an alias another name, and its zone with it.
func (c *call) renameAlias(a *alias, to string) error {
	if same, err := parseDomainName(to); err == nil && same.ascii == a.ASCIIName {
		return nil
	}
	z := c.zonesByAlias.First(idKey(a.ID))
	name, err := c.newMainName(to, nil, z)
	if err != nil {
		return err
	}
	c.Aliases.Change(a, func() { a.Name, a.ASCIIName = name.unicode, name.ascii })
	if z != nil {
		c.renameZone(z, a.ASCIIName)
	}
	c.event("site_alias", "updated", idKey(a.ID))
	return nil
}

func siteAliasServices(*call, xmlapi.EmptyRequest) (sitealias.GetSupportedServicesResult, error) {
	return sitealias.GetSupportedServicesResult{Services: []string{"web", "mail"}}, nil
}

// removeAlias removes an alias with its zone.
func (c *call) removeAlias(a *alias) {
	if z := c.zonesByAlias.First(idKey(a.ID)); z != nil {
		c.removeZone(z)
	}
	c.Aliases.Remove(a)
	c.event("site_alias", "deleted", idKey(a.ID))
}
