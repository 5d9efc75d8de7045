// The subdomain operator: the site operator's subdomains by another name (operators-accounts-server §5).

package plesksim

import (
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	subdomainapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/subdomain"
)

func subdomainOperations() []operation {
	return []operation{
		one("subdomain/add", adminOrCustomer, subdomainAdd),
		many("subdomain/get", adminOrCustomer, subdomainGet),
		many("subdomain/set", adminOrCustomer, subdomainSet),
		many("subdomain/del", adminOrCustomer, subdomainDel),
		one("subdomain/rename", adminOrCustomer, subdomainRename),
	}
}

func subdomainMissing() *refusal {
	return refuse(xmlapi.CodeNotFound, "Subdomain does not exist.")
}

// subdomains says how subdomains are found. A site without subdomains matches nothing and is no error.
func (c *call) subdomains() finder[site] {
	only := func(rows []*site) []*site {
		return slices.DeleteFunc(rows, func(d *site) bool { return d.Kind != subdomain })
	}
	return finder[site]{
		table: c.Sites,
		all:   func() []*site { return only(c.Sites.All()) },
		find: func(kind, value string) ([]*site, error) {
			if kind == "parent-name" {
				parent, err := c.parentSite("name", value)
				if err != nil {
					return nil, err
				}
				return c.sitesByParent.All(idKey(parent.ID)), nil
			}
			return rowsOrMissing(only(single(c.siteBy(kind, value))), subdomainMissing())
		},
		sees:    c.seesSite,
		missing: subdomainMissing,
	}
}

// subdomainAdd makes a subdomain, which always has web hosting.
func subdomainAdd(c *call, req subdomainapi.AddRequest) (subdomainapi.AddResult, error) {
	parent, err := c.parentSite("name", req.Parent)
	if err != nil {
		return subdomainapi.AddResult{}, err
	}
	if err := checkLabel(req.Name); err != nil {
		return subdomainapi.AddResult{}, err
	}
	d, err := c.newSite(c.Webspaces.Get(parent.Webspace), parent, req.Name+"."+parent.Name)
	if err != nil {
		return subdomainapi.AddResult{}, err
	}
	given := &hosting.Hosting{Virtual: &hosting.VirtualHosting{Properties: req.Properties}}
	if err := c.changeService(d, given, nil, nil); err != nil {
		return subdomainapi.AddResult{}, err
	}
	if c.onWindows() {
		d.Home = text(req.Home)
	}
	c.insertSite(d)
	return subdomainapi.AddResult{ID: d.ID}, nil
}

// checkLabel refuses what is more than the leading label of a name.
func checkLabel(label string) error {
	if label == "" || strings.Contains(label, ".") {
		return refuse(xmlapi.CodeInvalidValue, "The subdomain name '%s' is invalid.", label)
	}
	return nil
}

func subdomainGet(c *call, req xmlapi.QueryRequest) ([]subdomainapi.GetResult, error) {
	return each(c, c.subdomains(), req.Filter, func(d *site) (subdomainapi.GetResult, error) {
		data := &subdomainapi.Data{Parent: c.Sites.Get(d.Parent).Name, Name: d.Name}
		if d.Home != "" {
			data.Home = new(d.Home)
		}
		if d.hostingType() == hosting.Virtual {
			data.Properties = c.propertiesList(c.Webspaces.Get(d.Webspace), d, false)
		}
		return subdomainapi.GetResult{Data: data}, nil
	})
}

func subdomainSet(c *call, req subdomainapi.SetRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.subdomains(), req.Filter, func(d *site) (xmlapi.FilterResult, error) {
		if err := c.subscriberHas(c.Webspaces.Get(d.Webspace), "manage_phosting"); err != nil {
			return xmlapi.FilterResult{}, err
		}
		changed := *d
		given := &hosting.Hosting{Virtual: &hosting.VirtualHosting{Properties: req.Properties}}
		if err := c.changeService(&changed, given, nil, nil); err != nil {
			return xmlapi.FilterResult{}, err
		}
		c.commitSite(d, changed)
		c.event("site_subdomain", "updated", idKey(d.ID))
		return xmlapi.FilterResult{}, nil
	})
}

func subdomainDel(c *call, req xmlapi.FilterRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.subdomains(), req.Filter, func(d *site) (xmlapi.FilterResult, error) {
		return xmlapi.FilterResult{}, c.deleteSite(d)
	})
}

func subdomainRename(c *call, req subdomainapi.RenameRequest) (xmlapi.Result, error) {
	none := xmlapi.Result{}
	f := c.subdomains()
	found, err := f.visible(c, "id", idKey(req.ID))
	if err != nil {
		return none, err
	}
	d := found[0]
	if err := c.subscriberHas(c.Webspaces.Get(d.Webspace), "manage_subdomains"); err != nil {
		return none, err
	}
	if err := checkLabel(req.Name); err != nil {
		return none, err
	}
	changed := *d
	if err := c.rename(d, &changed, req.Name+"."+c.Sites.Get(d.Parent).Name); err != nil {
		return none, err
	}
	c.commitSite(d, changed)
	c.event("site_subdomain", "updated", idKey(d.ID))
	return none, nil
}
