// Sites: the main ones of subscriptions, further ones, and subdomains, which the operator for sites does not tell from those.

package target

import (
	"context"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/subdomain"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// subdomainKind is what describes a subdomain.
const subdomainKind = "PleskSubdomain"

// FindSite looks for the main site of a subscription with that name, then for another site.
func FindSite(ctx context.Context, d xmlapi.Doer, domain string) (*engine.Resolved, error) {
	if r, err := FindSubscription(ctx, d, domain); r != nil || err != nil {
		return r, err
	}
	r, err := SiteBy(ctx, d, site.ByName(form.FullDomain(domain)))
	if r == nil || err != nil {
		return nil, err
	}
	return r, surround(ctx, d, r)
}

// SiteBy looks for a site of any sort, nil if there is none, and sends other calls in the same packet.
func SiteBy(ctx context.Context, d xmlapi.Doer, f xmlapi.Filter, with ...xmlapi.Caller) (*engine.Resolved, error) {
	call := site.Get.Call(site.GetRequest{Filter: f.Query(), Dataset: site.Dataset{GenInfo: &xmlapi.Empty{}}})
	if err := d.Do(ctx, append([]xmlapi.Caller{call}, with...)...); err != nil {
		return nil, err
	}
	s, err := call.One()
	if xmlapi.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return ResolvedAnySite(s)
}

// ResolvedAnySite is a site of any sort that the server has shown, as a reference points at it.
func ResolvedAnySite(s site.GetResult) (*engine.Resolved, error) {
	if s.ID == 0 || s.Data == nil || s.Data.GenInfo == nil || s.Data.GenInfo.GUID == "" || s.Data.GenInfo.WebspaceID == 0 {
		return nil, xmlapi.Incomplete(site.Get, "id and gen_info")
	}
	g := s.Data.GenInfo
	ascii := asciiName(g.Name, g.ASCIIName)
	if ascii == "" {
		return nil, xmlapi.Incomplete(site.Get, "ascii-name")
	}
	r := &engine.Resolved{Kind: "PleskSubscription", Identity: engine.Identity{ID: engine.IDText(s.ID), GUID: g.GUID}, Key: engine.Key{Name: ascii}}
	if g.WebspaceID != s.ID { // a main site has its subscription's id
		r.Kind, r.In = "PleskSite", []engine.Owner{{Kind: "PleskSubscription", Identity: engine.Identity{ID: engine.IDText(g.WebspaceID), GUID: g.WebspaceGUID}}}
	}
	return r, nil
}

// AroundSite is the subscription that a site lies in which is not the main one of any, and what its own operator tells of it if it is a subdomain.
func AroundSite(ctx context.Context, d xmlapi.Doer, r *engine.Resolved) (at *engine.Resolved, as *subdomain.Data, _ error) {
	id, err := engine.Number(r.ID)
	if err != nil {
		return nil, nil, err
	}
	f, err := engine.FilterOf(webspace.ByGUID, webspace.ByID, r.In[0].Identity)
	if err != nil {
		return nil, nil, err
	}
	subscription := webspace.Get.Call(webspace.GetRequest{Filter: f.Query(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}})
	asSubdomain := subdomain.Get.Call(xmlapi.QueryRequest{Filter: subdomain.ByID(id).Query()})
	if err := d.Do(ctx, subscription, asSubdomain); err != nil {
		return nil, nil, err
	}
	w, err := subscription.One()
	if xmlapi.IsNotFound(err) {
		return nil, nil, xmlapi.Incomplete(webspace.Get, "the subscription of a site that is there")
	}
	if err != nil {
		return nil, nil, err
	}
	if at, err = ResolvedSite(w); err != nil {
		return nil, nil, err
	}
	s, err := asSubdomain.One()
	switch {
	case xmlapi.IsNotFound(err):
		return at, nil, nil
	case err == nil && (s.Data == nil || s.Data.Parent == ""):
		err = xmlapi.Incomplete(subdomain.Get, "parent")
	}
	return at, s.Data, err
}

// SiteAbove is the site with a name above a subdomain of a subscription, with all that it lies in.
func SiteAbove(ctx context.Context, d xmlapi.Doer, r, subscription *engine.Resolved, name string) (*engine.Resolved, error) {
	if IsAbove(subscription, r, name) {
		return subscription, nil // its main site
	}
	above, err := SiteBy(ctx, d, site.ByName(form.FullDomain(name)))
	if err != nil {
		return nil, err
	}
	if above == nil || !IsAbove(above, r, name) {
		return nil, xmlapi.Incomplete(site.Get, "the site above a subdomain")
	}
	return above, surround(ctx, d, above)
}

// IsAbove reports whether a site has the name that a subdomain tells of the one above it. Names become shorter on the way up, which so ends.
func IsAbove(above, r *engine.Resolved, name string) bool {
	return (asciiName(name, "") == above.Key.Name || strings.EqualFold(name, above.Key.Name)) && strings.HasSuffix(r.Key.Name, "."+above.Key.Name)
}

// surround completes what a site lies in: the sites above a subdomain, the subscription, and whose that is.
func surround(ctx context.Context, d xmlapi.Doer, r *engine.Resolved) error {
	if len(r.In) == 0 {
		return nil // the main site of a subscription, and found as that before
	}
	at, as, err := AroundSite(ctx, d, r)
	if err != nil {
		return err
	}
	if as != nil {
		r.Kind = subdomainKind
		if at, err = SiteAbove(ctx, d, r, at, as.Parent); err != nil {
			return err
		}
	}
	r.In = WithOwners(at)
	return nil
}

// SitesAbove lists the sites and the site aliases whose names a domain in punycode lies below.
func SitesAbove(ctx context.Context, d xmlapi.Doer, domain string) ([]engine.Resolved, error) {
	var out []engine.Resolved
	_, above, below := strings.Cut(domain, ".")
	for ; below && strings.Contains(above, "."); _, above, below = strings.Cut(above, ".") {
		r, err := findZoneOwner(ctx, d, above)
		if err != nil {
			return nil, err
		}
		if r != nil {
			out = append(out, *r)
		}
	}
	return out, nil
}

// SiteWith reads a site by its recorded id, and in the same packet what with asks of the site with that id. The id may be another site's by now:
// then the GUID leads to it, where that is recorded. Nil where there is no such site.
func SiteWith(ctx context.Context, d xmlapi.Doer, at engine.Identity, with func(id int64) []xmlapi.Caller) (*engine.Resolved, error) {
	id, err := engine.Number(at.ID)
	if err != nil {
		return nil, err
	}
	found, err := SiteBy(ctx, d, site.ByID(id), with(id)...)
	if err != nil || at.GUID == "" || found != nil && found.GUID == at.GUID {
		return found, err
	}
	moved, err := SiteBy(ctx, d, site.ByGUID(at.GUID))
	if err != nil || moved == nil {
		return nil, err
	}
	if id, err = engine.Number(moved.ID); err != nil {
		return nil, err
	}
	found, err = SiteBy(ctx, d, site.ByID(id), with(id)...)
	if err == nil && (found == nil || found.GUID != at.GUID) {
		err = xmlapi.Incomplete(site.Get, "the site that was asked for by its GUID")
	}
	return found, err
}

// SitesByID reads sites in one packet, by their recorded ids, which may repeat, and sends other calls in it. Those that are not there are left out.
func SitesByID(ctx context.Context, d xmlapi.Doer, ids []string, with ...xmlapi.Caller) (map[string]*engine.Resolved, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	var reads []*xmlapi.Call[site.GetRequest, site.GetResult]
	var calls []xmlapi.Caller
	for _, f := range engine.ListFilters(site.ByID, ids, engine.IDsPerOperation) {
		read := site.Get.Call(site.GetRequest{Filter: f.Query(), Dataset: site.Dataset{GenInfo: &xmlapi.Empty{}}})
		reads, calls = append(reads, read), append(calls, read)
	}
	if len(calls) == 0 {
		return nil, nil
	}
	if err := d.Do(ctx, append(calls, with...)...); err != nil {
		return nil, err
	}
	sites := make(map[string]*engine.Resolved, len(ids))
	for _, read := range reads {
		results, err := read.All()
		if err != nil {
			return nil, err
		}
		for _, r := range results {
			s, err := ResolvedAnySite(r)
			if err != nil {
				return nil, err
			}
			sites[s.ID] = s
		}
	}
	return sites, nil
}
