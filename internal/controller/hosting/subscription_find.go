// Reading a subscription: from the server's blocks to the wire value, and into status.observed.

package hosting

import (
	"cmp"
	"context"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/grant"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// subscriptionBlocks is all that the kind compares or shows. Usage and statistics are left out: they are expensive for the server.
var subscriptionBlocks = webspace.Dataset{
	GenInfo: &xmlapi.Empty{}, Hosting: &xmlapi.Empty{}, Limits: &xmlapi.Empty{}, Preferences: &xmlapi.Empty{},
	Performance: &xmlapi.Empty{}, Subscriptions: &xmlapi.Empty{}, Permissions: &xmlapi.Empty{}, PHPSettings: &xmlapi.Empty{},
}

// Find asks for no plans at a deletion, which compares nothing.
func (Subscription) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[subscriptionValue], error) {
	if h.Key.Name == "" {
		return findSubscription(ctx, d, h, false, nil)
	}
	return findSubscription(ctx, d, h, true, askedPlans(ctx, d))
}

func findSubscription(ctx context.Context, d xmlapi.Doer, h engine.Handle, compared bool, plans planReader) (*engine.Found[subscriptionValue], error) {
	byName := func(name string, _ ...string) xmlapi.Filter { return webspace.ByName(form.FullDomain(name)) }
	by := engine.Lookups{ByGUID: webspace.ByGUID, ByID: webspace.ByID, ByMark: webspace.ByExternalID, ByKey: byName}
	return engine.FindFirst(h, by, func(f xmlapi.Filter) (*engine.Found[subscriptionValue], error) {
		r, err := webspace.Get.One(ctx, d, webspace.GetRequest{Filter: f.Query(), Dataset: subscriptionBlocks})
		if err != nil {
			return nil, err
		}
		return foundSubscription(r, compared, plans)
	})
}

// missingBlock names a block that was asked for and that the answer lacks. A subscription without web hosting has no hosting block.
func missingBlock(r webspace.GetResult) string {
	if missing := missingIdentity(r); missing != "" {
		return missing
	}
	switch b := r.Data; {
	case b.Hosting == nil && b.GenInfo.HostingType != hosting.None:
		return "hosting"
	case b.Limits == nil:
		return "limits"
	case b.Preferences == nil:
		return "prefs"
	case b.Subscriptions == nil:
		return "subscriptions"
	case b.Permissions == nil:
		return "permissions"
	case b.Hosting != nil && b.Hosting.Virtual != nil && b.Performance == nil:
		return "performance"
	case b.Hosting != nil && b.Hosting.Virtual != nil && b.PHPSettings == nil:
		return "php-settings"
	}
	return ""
}

// missingIdentity is missingBlock for what says which subscription it is.
func missingIdentity(r webspace.GetResult) string {
	switch b := r.Data; {
	case r.ID == 0:
		return "id"
	case b == nil || b.GenInfo == nil || b.GenInfo.Name == "":
		return "gen_info"
	}
	return ""
}

func foundSubscription(r webspace.GetResult, compared bool, plans planReader) (*engine.Found[subscriptionValue], error) {
	if missing := missingBlock(r); missing != "" {
		return nil, xmlapi.Incomplete(webspace.Get, missing)
	}
	b, g := r.Data, r.Data.GenInfo
	link, err := linkedPlans(b.Subscriptions.Subscription, compared, plans)
	if err != nil {
		return nil, err
	}
	is, err := target.ResolvedSubscription(r.ID, g)
	if err != nil {
		return nil, err
	}
	owner := target.AccountLink(g.OwnerID, g.OwnerLogin)
	v := subscriptionValue{
		Domain: &is.Key.Name, Customer: owner, Reseller: owner, Description: new(form.Deref(g.Description)),
		Allowance: grant.FoundAllowance(b.Limits, b.Permissions, b.Performance),
		WWW:       b.Preferences.WWW, StatsMonths: months(b.Preferences.StatisticsMonths),
		ExternalID: &g.ExternalID,
		data:       b, link: link,
	}
	if link != nil && link.guid != "" {
		v.Plan = &engine.Link{Identity: engine.Identity{GUID: link.guid}, Name: cmp.Or(link.name, link.guid)}
	}
	if link != nil {
		v.Addons = link.addons
	}
	v.readHosting(b)
	v.deviating = v.deviations()
	return &engine.Found[subscriptionValue]{
		Identity: is.Identity,
		Key:      is.Key,
		Mark:     g.ExternalID,
		In:       is.In,
		Value:    v,
	}, nil
}

func (w *subscriptionValue) readHosting(b *webspace.Data) {
	h := b.Hosting
	switch {
	case h == nil || h.None != nil:
		w.Hosting, w.Addresses = new(hostingNone), b.GenInfo.DNSIPAddresses
	case h.Virtual != nil:
		w.Hosting, w.Addresses = new(hostingVirtual), h.Virtual.IPAddresses
		w.Virtual = &virtualValue{Shared: &grant.Hosting{PHPSettings: grant.FoundPHPSettings(b.PHPSettings)}}
		grant.ReadProperties(w.Virtual, h.Virtual.Properties)
		if root := w.Virtual.DocumentRoot; root != nil {
			w.Virtual.DocumentRoot = new(relativeRoot(*root, b.GenInfo.Name, b.GenInfo.ASCIIName))
		}
	case h.StandardForward != nil:
		f := h.StandardForward
		w.Hosting, w.Addresses, w.Forward = new(hostingForward), f.IPAddresses, &forwardValue{URL: &f.DestinationURL, HTTPCode: f.HTTPCode}
	case h.FrameForward != nil:
		f := h.FrameForward
		w.Hosting, w.Addresses, w.Frame = new(hostingFrame), f.IPAddresses, &forwardValue{URL: &f.DestinationURL}
	}
}

func (Subscription) Observe(o *v1alpha1.PleskSubscription, f *engine.Found[subscriptionValue]) {
	v, g := f.Value, f.Value.data.GenInfo
	seen := &v1alpha1.ObservedSubscription{
		Created: g.Created, DomainName: g.Name, Owner: form.Deref(g.OwnerLogin), State: xmlapi.Status(g.Status).String(),
		Hosting: form.Deref(v.Hosting), IPAddresses: v.Addresses,
	}
	if h := v.data.Hosting; h != nil && h.Virtual != nil {
		for _, p := range h.Virtual.Properties {
			switch p.Name {
			case "ftp_login":
				seen.SystemUser = p.Value
			case "www_root":
				seen.DocumentRoot = p.Value
			}
		}
	}
	if s := v.data.Subscriptions.Subscription; s != nil && v.link != nil {
		seen.Plan = &v1alpha1.ObservedPlan{
			Name: v.link.name, GUID: v.link.guid, Addons: observedAddons(v.link.addons), Locked: v.link.locked, Synchronized: s.Synchronized == "true",
			Message: planMessage(o, v),
		}
	}
	o.Status.Observed = seen
}
