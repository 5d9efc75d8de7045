// Reading a site: from the server's blocks to the wire value, and into status.observed; one, or all of a list.

package hosting

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/grant"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/subdomain"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// siteBlocks is all that the kind compares or shows. Usage and statistics are left out: they are expensive for the server.
var siteBlocks = site.Dataset{GenInfo: &xmlapi.Empty{}, Hosting: &xmlapi.Empty{}, Preferences: &xmlapi.Empty{}, Performance: &xmlapi.Empty{}}

// Find looks by identity, then by name. A create that is in doubt may have been begun under another name: what bears its mark is looked for
// among all sites. Main sites are not found: they are their subscriptions'. Nor are subdomains.
func (Site) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[siteValue], error) {
	get := func(f xmlapi.Filter) (*engine.Found[siteValue], error) { return getSite(ctx, d, f) }
	found, err := engine.FindFirst(engine.Handle{Identity: h.Identity}, engine.Lookups{ByGUID: site.ByGUID, ByID: site.ByID}, get)
	if found != nil || err != nil {
		return found, err
	}
	byName := func(name string, _ ...string) xmlapi.Filter { return site.ByName(form.FullDomain(name)) }
	named, err := engine.FindFirst(engine.Handle{Key: h.Key, Was: h.Was}, engine.Lookups{ByKey: byName}, get)
	if err != nil || h.Mark == "" || named != nil && named.Mark == h.Mark {
		return named, err
	}
	id, err := markedSite(ctx, d, h.Mark)
	if err != nil || id == 0 {
		return named, err
	}
	return engine.FindFirst(engine.Handle{Identity: engine.Identity{ID: engine.IDText(id)}}, engine.Lookups{ByID: site.ByID}, get)
}

// markedSite is the id of the site that bears a mark, 0 for none.
func markedSite(ctx context.Context, d xmlapi.Doer, mark string) (int64, error) {
	all, err := site.Get.All(ctx, d, site.GetRequest{Filter: xmlapi.All(), Dataset: site.Dataset{GenInfo: &xmlapi.Empty{}}})
	if err != nil {
		return 0, err
	}
	for _, r := range all {
		if r.Data == nil || r.Data.GenInfo == nil {
			return 0, xmlapi.Incomplete(site.Get, "gen_info")
		}
		if has, _ := engine.CutMark(form.Deref(r.Data.GenInfo.Description)); has == mark {
			return r.ID, nil
		}
	}
	return 0, nil
}

// getSite reads one site, and what it lies in.
func getSite(ctx context.Context, d xmlapi.Doer, f xmlapi.Filter) (*engine.Found[siteValue], error) {
	r, err := site.Get.One(ctx, d, site.GetRequest{Filter: f.Query(), Dataset: siteBlocks})
	if err != nil {
		return nil, err
	}
	is, err := target.ResolvedAnySite(r)
	if err != nil {
		return nil, err
	}
	if len(is.In) == 0 {
		return nil, notOfKind("it is the main site of a subscription")
	}
	at, above, err := target.AroundSite(ctx, d, is)
	switch {
	case err != nil:
		return nil, err
	case above != "":
		return nil, notOfKind("it is a subdomain of " + above)
	}
	return foundSite(r, is, at)
}

// notOfKind is the error for a site that is there, and that no PleskSite describes.
func notOfKind(why string) error {
	return &xmlapi.Error{Class: xmlapi.NotFound, Operator: site.Get.Operator(), Operation: site.Get.Name(), Err: errors.New(why)}
}

// missingSiteBlock names a block that was asked for and that the answer lacks. A site without web hosting has no hosting block.
func missingSiteBlock(b *site.Data) string {
	switch {
	case b.Hosting == nil && b.GenInfo.HostingType != hosting.None:
		return "hosting"
	case b.Preferences == nil:
		return "prefs"
	case b.Hosting != nil && b.Hosting.Virtual != nil && b.Performance == nil:
		return "performance"
	}
	return ""
}

// foundSite translates a site that is one, with the subscription that it lies in.
func foundSite(r site.GetResult, is, at *engine.Resolved) (*engine.Found[siteValue], error) {
	b, g := r.Data, r.Data.GenInfo
	if missing := missingSiteBlock(b); missing != "" {
		return nil, xmlapi.Incomplete(site.Get, missing)
	}
	mark, description := engine.CutMark(form.Deref(g.Description))
	v := siteValue{
		Domain: &is.Key.Name, Subscription: at.Link(), Description: &description, Active: new(g.Status&form.StatusDisabledByAdmin == 0),
		TurnOff: turnOffWords.API(g.TurnOffAction), WWW: b.Preferences.WWW, StatsMonths: months(b.Preferences.StatisticsMonths),
		OutgoingLimit: form.OutgoingWords.API(b.Preferences.OutgoingMessagesDomainLimit), Bounds: grant.FoundAllowance(nil, nil, b.Performance), Mark: &mark,
		data: b, in: at.Key.Name,
	}
	v.readHosting(b.Hosting)
	return &engine.Found[siteValue]{Identity: is.Identity, Key: is.Key, Mark: mark, In: target.WithOwners(at), Value: v}, nil
}

func (w *siteValue) readHosting(h *hosting.Hosting) {
	switch {
	case h == nil || h.None != nil:
		w.Hosting = new(hostingNone)
	case h.Virtual != nil:
		w.Hosting, w.Virtual = new(hostingVirtual), emptySiteVirtual()
		grant.ReadProperties(w.Virtual, h.Virtual.Properties)
		w.Virtual.Shared.PHPSettings = maps.Clone(w.Virtual.Shared.Extra) // directives are among the properties
		if root := w.Virtual.DocumentRoot; root != nil {
			w.Virtual.DocumentRoot = new(relativeRoot(*root, form.FullDomain(w.in), w.in))
		}
	case h.StandardForward != nil:
		w.Hosting, w.Forward = new(hostingForward), &forwardValue{URL: &h.StandardForward.DestinationURL, HTTPCode: h.StandardForward.HTTPCode}
	case h.FrameForward != nil:
		w.Hosting, w.Frame = new(hostingFrame), &forwardValue{URL: &h.FrameForward.DestinationURL}
	}
}

func (Site) Observe(o *v1alpha1.PleskSite, f *engine.Found[siteValue]) {
	v, g := f.Value, f.Value.data.GenInfo
	seen := &v1alpha1.ObservedSite{
		Created: g.Created, DomainName: g.Name, Subscription: form.FullDomain(v.in), State: form.StatusText(g.Status), TurnOffAction: form.Deref(v.TurnOff),
		Hosting: form.Deref(v.Hosting), IPAddresses: g.DNSIPAddresses, SitebuilderUUID: form.Deref(g.SitebuilderSiteUUID),
	}
	if h := v.data.Hosting; h != nil && h.Virtual != nil {
		for _, p := range h.Virtual.Properties {
			if p.Name == "www_root" {
				seen.DocumentRoot = p.Value
			}
		}
	}
	o.Status.Observed = seen
}

// fullSiteOperations is how many operations read sites in full in one packet. Each of their 5,000 takes some 3 KB.
const fullSiteOperations = 10

// List reads gen_info of all sites and subscriptions, and which are subdomains, in one packet, and up to 5,000 known sites in full in each further one. Others have no
// Value. A site whose subscription is not listed, such as one that was just made, is left out.
func (Site) List(ctx context.Context, d xmlapi.Doer, known engine.Known) ([]*engine.Found[siteValue], error) {
	genInfo := &xmlapi.Empty{}
	sites := site.Get.Call(site.GetRequest{Filter: xmlapi.All(), Dataset: site.Dataset{GenInfo: genInfo}})
	subscriptions := webspace.Get.Call(webspace.GetRequest{Filter: xmlapi.All(), Dataset: webspace.Dataset{GenInfo: genInfo}})
	subdomains := subdomain.Get.Call(xmlapi.QueryRequest{Filter: xmlapi.All()})
	if err := d.Do(ctx, sites, subscriptions, subdomains); err != nil {
		return nil, err
	}
	brief, err := sites.All()
	if err != nil {
		return nil, err
	}
	below, err := subdomains.All()
	if err != nil {
		return nil, err
	}
	isSubdomain := make(map[int64]bool, len(below))
	for _, s := range below {
		isSubdomain[s.ID] = true
	}
	around, err := subscriptionsByID(subscriptions)
	if err != nil {
		return nil, err
	}
	full, err := fullSites(ctx, d, known.IDs)
	if err != nil {
		return nil, err
	}
	inFull := make(map[string]bool, len(known.IDs))
	for _, id := range known.IDs {
		inFull[id] = true
	}
	isKnown := func(r site.GetResult) bool { return inFull[engine.IDText(r.ID)] }
	return engine.ListOf(site.Get, append(slices.DeleteFunc(brief, isKnown), full...), func(r site.GetResult) (*engine.Found[siteValue], error) {
		is, err := target.ResolvedAnySite(r)
		if err != nil || len(is.In) == 0 || isSubdomain[r.ID] {
			return nil, err
		}
		at := around[is.In[0].ID]
		switch {
		case at == nil:
			return nil, nil
		case isKnown(r):
			return foundSite(r, is, at)
		}
		mark, _ := engine.CutMark(form.Deref(r.Data.GenInfo.Description))
		return &engine.Found[siteValue]{Identity: is.Identity, Key: is.Key, Mark: mark, In: target.WithOwners(at)}, nil
	})
}

// subscriptionsByID are listed subscriptions by their ids.
func subscriptionsByID(call *xmlapi.Call[webspace.GetRequest, webspace.GetResult]) (map[string]*engine.Resolved, error) {
	results, err := call.All()
	if err != nil {
		return nil, err
	}
	by := make(map[string]*engine.Resolved, len(results))
	for _, w := range results {
		at, err := target.ResolvedSite(w)
		if err != nil {
			return nil, err
		}
		by[at.ID] = at
	}
	return by, nil
}

// fullSites reads the known sites in full.
func fullSites(ctx context.Context, d xmlapi.Doer, ids []string) (full []site.GetResult, _ error) {
	for some := range slices.Chunk(engine.ListFilters(site.ByID, ids, engine.IDsPerOperation), fullSiteOperations) {
		var reads []*xmlapi.Call[site.GetRequest, site.GetResult]
		var calls []xmlapi.Caller
		for _, f := range some {
			read := site.Get.Call(site.GetRequest{Filter: f.Query(), Dataset: siteBlocks})
			reads, calls = append(reads, read), append(calls, read)
		}
		if err := d.Do(ctx, calls...); err != nil {
			return nil, err
		}
		for _, read := range reads {
			results, err := read.All()
			if err != nil {
				return nil, err
			}
			full = append(full, results...)
		}
	}
	return full, nil
}

// EventClasses : the status of the owner and of the subscription come down to the site.
func (Site) EventClasses() (own, around []string) {
	return []string{"site", "phosting", "fhosting"}, []string{"domain_status", "client_status", "reseller_status"}
}
