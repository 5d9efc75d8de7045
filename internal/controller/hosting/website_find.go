// Reading sites and subdomains: from the server's blocks to the wire value; one by one, or all in a list.

package hosting

import (
	"context"
	"errors"
	"maps"
	"slices"

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

// findSite looks by identity, then by name. A create that is in doubt may have been begun under another name: what bears its mark is looked for
// among all sites.
func findSite(ctx context.Context, d xmlapi.Doer, h engine.Handle, byName func(string) xmlapi.Filter, get func(xmlapi.Filter) (*engine.Found[siteValue], error)) (*engine.Found[siteValue], error) {
	found, err := engine.FindFirst(engine.Handle{Identity: h.Identity}, engine.Lookups{ByGUID: site.ByGUID, ByID: site.ByID}, get)
	if found != nil || err != nil {
		return found, err
	}
	byKey := func(name string, _ ...string) xmlapi.Filter { return byName(name) }
	named, err := engine.FindFirst(engine.Handle{Key: h.Key, Was: h.Was}, engine.Lookups{ByKey: byKey}, get)
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

// shownSite is one site as the server shows it: all its blocks, and what is around it.
type shownSite struct {
	site.GetResult
	is           *engine.Resolved
	subscription *engine.Resolved
	as           *subdomain.Data // nil for what is no subdomain
}

// showSite reads one site, and what it lies in. Main sites are not for it: they are their subscriptions'.
func showSite(ctx context.Context, d xmlapi.Doer, f xmlapi.Filter) (s shownSite, err error) {
	if s.GetResult, err = site.Get.One(ctx, d, site.GetRequest{Filter: f.Query(), Dataset: siteBlocks}); err != nil {
		return s, err
	}
	if s.is, err = target.ResolvedAnySite(s.GetResult); err != nil {
		return s, err
	}
	if len(s.is.In) == 0 {
		return s, notOfKind("it is the main site of a subscription")
	}
	s.subscription, s.as, err = target.AroundSite(ctx, d, s.is)
	return s, err
}

// notOfKind is the error for a site that is there, and that no resource of the kind describes.
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

// foundSite translates a site of the subscription with this name, but for what it is called and lies in.
func foundSite(b *site.Data, in string) (siteValue, error) {
	if missing := missingSiteBlock(b); missing != "" {
		return siteValue{}, xmlapi.Incomplete(site.Get, missing)
	}
	g := b.GenInfo
	mark, description := engine.CutMark(form.Deref(g.Description))
	v := siteValue{
		Description: &description, TurnOff: turnOffWords.API(g.TurnOffAction), WWW: b.Preferences.WWW, StatsMonths: months(b.Preferences.StatisticsMonths),
		OutgoingLimit: form.OutgoingWords.API(b.Preferences.OutgoingMessagesDomainLimit), Bounds: grant.FoundAllowance(nil, nil, b.Performance), Mark: &mark,
		data: b, in: in,
	}
	v.readHosting(b.Hosting)
	return v, nil
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

// root is the document root as the server shows it, "" where there is none.
func (w *siteValue) root() string {
	if h := w.data.Hosting; h != nil && h.Virtual != nil {
		for _, p := range h.Virtual.Properties {
			if p.Name == "www_root" {
				return p.Value
			}
		}
	}
	return ""
}

// siteList is all sites of a server: those that are known in full, the others in brief.
type siteList struct {
	sites      []site.GetResult
	around     map[string]*engine.Resolved // subscriptions by id
	subdomains map[int64]*subdomain.Data
	known      map[string]bool
}

// fullSiteOperations is how many operations read sites in full in one packet. Each of their 5,000 takes some 3 KB.
const fullSiteOperations = 10

// listSites reads gen_info of all sites and subscriptions, and which are subdomains, in one packet, and up to 5,000 known sites in full in each
// further one.
func listSites(ctx context.Context, d xmlapi.Doer, known engine.Known) (*siteList, error) {
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
	l := &siteList{subdomains: make(map[int64]*subdomain.Data, len(below)), known: make(map[string]bool, len(known.IDs))}
	for _, s := range below {
		if s.Data == nil || s.Data.Parent == "" {
			return nil, xmlapi.Incomplete(subdomain.Get, "parent")
		}
		l.subdomains[s.ID] = s.Data
	}
	if l.around, err = subscriptionsByID(subscriptions); err != nil {
		return nil, err
	}
	full, err := fullSites(ctx, d, known.IDs)
	if err != nil {
		return nil, err
	}
	for _, id := range known.IDs {
		l.known[id] = true
	}
	isKnown := func(r site.GetResult) bool { return l.known[engine.IDText(r.ID)] }
	l.sites = append(slices.DeleteFunc(brief, isKnown), full...)
	return l, nil
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
