// Reading a subdomain, and putting it into status.observed.

package hosting

import (
	"context"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
)

// Find leaves out sites that are no subdomains.
func (Subdomain) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[siteValue], error) {
	byName := func(name string) xmlapi.Filter { return site.ByName(sentSubdomain(name)) }
	return findSite(ctx, d, h, byName, func(f xmlapi.Filter) (*engine.Found[siteValue], error) {
		s, err := showSite(ctx, d, f)
		switch {
		case err != nil:
			return nil, err
		case s.as == nil:
			return nil, notOfKind("it is a domain of its own")
		}
		above, err := target.SiteAbove(ctx, d, s.is, s.subscription, s.as.Parent)
		if err != nil {
			return nil, err
		}
		return foundSubdomain(s, above)
	})
}

// foundSubdomain is a subdomain with the site above it.
func foundSubdomain(s shownSite, above *engine.Resolved) (*engine.Found[siteValue], error) {
	v, err := foundSite(s.Data, s.subscription.Key.Name)
	if err != nil {
		return nil, err
	}
	v.Below, v.Above, v.home = new(strings.TrimSuffix(s.is.Key.Name, "."+above.Key.Name)), above.Link(), s.as.Home
	return &engine.Found[siteValue]{Identity: s.is.Identity, Key: s.is.Key, Mark: *v.Mark, In: target.WithOwners(above), Value: v}, nil
}

func (Subdomain) Observe(o *v1alpha1.PleskSubdomain, f *engine.Found[siteValue]) {
	v, g := f.Value, f.Value.data.GenInfo
	o.Status.Observed = &v1alpha1.ObservedSubdomain{
		Created: g.Created, DomainName: g.Name, Site: form.FullDomain(v.Above.Name), Subscription: form.FullDomain(v.in), State: xmlapi.Status(g.Status).String(),
		TurnOffAction: form.Deref(v.TurnOff), Hosting: form.Deref(v.Hosting), IPAddresses: g.DNSIPAddresses, DocumentRoot: v.root(),
		Home: form.Deref(v.home), SitebuilderUUID: form.Deref(g.SitebuilderSiteUUID),
	}
}

// List shows the subdomains that are not known without a Value. One whose subscription, or site above it, is not listed, such as one that was just
// made, is left out.
func (Subdomain) List(ctx context.Context, d xmlapi.Doer, known engine.Known) ([]*engine.Found[siteValue], error) {
	l, err := listSites(ctx, d, known)
	if err != nil {
		return nil, err
	}
	shown, err := l.shown()
	if err != nil {
		return nil, err
	}
	return engine.ListOf(site.Get, l.sites, func(r site.GetResult) (*engine.Found[siteValue], error) {
		is, err := target.ResolvedAnySite(r)
		if err != nil {
			return nil, err
		}
		s := shown[is.Key.Name]
		above := shown.above(s)
		switch {
		case above == nil:
			return nil, nil
		case l.known[s.is.ID]:
			return foundSubdomain(s, above)
		}
		mark, _ := engine.CutMark(form.Deref(r.Data.GenInfo.Description))
		return &engine.Found[siteValue]{Identity: s.is.Identity, Key: s.is.Key, Mark: mark, In: target.WithOwners(above)}, nil
	})
}

// shownSites are sites by their names in punycode.
type shownSites map[string]shownSite

// shown is all listed sites with what is around them.
func (l *siteList) shown() (shownSites, error) {
	by := make(shownSites, len(l.sites))
	for _, r := range l.sites {
		is, err := target.ResolvedAnySite(r)
		if err != nil {
			return nil, err
		}
		s := shownSite{GetResult: r, is: is, as: l.subdomains[r.ID]}
		if len(is.In) > 0 {
			s.subscription = l.around[is.In[0].ID]
		}
		by[is.Key.Name] = s
	}
	return by, nil
}

// above is the site above a subdomain, with all that it lies in; nil where that is not listed, and for what is no subdomain.
func (by shownSites) above(s shownSite) *engine.Resolved {
	if s.as == nil || s.subscription == nil {
		return nil
	}
	if target.IsAbove(s.subscription, s.is, s.as.Parent) {
		return s.subscription
	}
	name, err := form.DomainName(s.as.Parent)
	other, listed := by[name]
	if err != nil || !listed || !target.IsAbove(other.is, s.is, s.as.Parent) {
		return nil
	}
	r, around := *other.is, other.subscription
	if other.as != nil {
		r.Kind, around = "PleskSubdomain", by.above(other)
	}
	if around == nil {
		return nil
	}
	r.In = target.WithOwners(around)
	return &r
}

// EventClasses : the status of the owner and of the subscription come down to the subdomain.
func (Subdomain) EventClasses() (own, around []string) {
	return []string{"subdomain", "site_subdomain", "phosting", "fhosting"}, []string{"domain_status", "client_status", "reseller_status"}
}
