// Reading a site, and putting it into status.observed.

package hosting

import (
	"context"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
)

// Find leaves out main sites, which are their subscriptions', and subdomains.
func (Site) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[siteValue], error) {
	byName := func(name string) xmlapi.Filter { return site.ByName(form.FullDomain(name)) }
	return findSite(ctx, d, h, byName, func(f xmlapi.Filter) (*engine.Found[siteValue], error) {
		s, err := showSite(ctx, d, f)
		switch {
		case err != nil:
			return nil, err
		case s.as != nil:
			return nil, notOfKind("it is a subdomain of " + s.as.Parent)
		}
		return furtherDomain(s.GetResult, s.is, s.subscription)
	})
}

// furtherDomain is a site that is one, with the subscription that it lies in.
func furtherDomain(r site.GetResult, is, at *engine.Resolved) (*engine.Found[siteValue], error) {
	v, err := foundSite(r.Data, at.Key.Name)
	if err != nil {
		return nil, err
	}
	v.Domain, v.Subscription = &is.Key.Name, at.Link()
	return &engine.Found[siteValue]{Identity: is.Identity, Key: is.Key, Mark: *v.Mark, In: target.WithOwners(at), Value: v}, nil
}

func (Site) Observe(o *v1alpha1.PleskSite, f *engine.Found[siteValue]) {
	v, g := f.Value, f.Value.data.GenInfo
	o.Status.Observed = &v1alpha1.ObservedSite{
		Created: g.Created, DomainName: g.Name, Subscription: form.FullDomain(v.in), State: xmlapi.Status(g.Status).String(), TurnOffAction: form.Deref(v.TurnOff),
		Hosting: form.Deref(v.Hosting), IPAddresses: g.DNSIPAddresses, SitebuilderUUID: form.Deref(g.SitebuilderSiteUUID), DocumentRoot: v.root(),
	}
}

// List shows the sites that are not known without a Value. One whose subscription is not listed, such as one that was just made, is left out.
func (Site) List(ctx context.Context, d xmlapi.Doer, known engine.Known) ([]*engine.Found[siteValue], error) {
	l, err := listSites(ctx, d, known)
	if err != nil {
		return nil, err
	}
	return engine.ListOf(site.Get, l.sites, func(r site.GetResult) (*engine.Found[siteValue], error) {
		is, err := target.ResolvedAnySite(r)
		if err != nil || len(is.In) == 0 || l.subdomains[r.ID] != nil {
			return nil, err
		}
		at := l.around[is.In[0].ID]
		switch {
		case at == nil:
			return nil, nil
		case l.known[is.ID]:
			return furtherDomain(r, is, at)
		}
		mark, _ := engine.CutMark(form.Deref(r.Data.GenInfo.Description))
		return &engine.Found[siteValue]{Identity: is.Identity, Key: is.Key, Mark: mark, In: target.WithOwners(at)}, nil
	})
}

// EventClasses : the status of the owner and of the subscription come down to the site.
func (Site) EventClasses() (own, around []string) {
	return []string{"site", "phosting", "fhosting"}, []string{"domain_status", "client_status", "reseller_status"}
}
