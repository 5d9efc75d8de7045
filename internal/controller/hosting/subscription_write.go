// Writing a subscription: create it, switch its plan, send what differs.

package hosting

import (
	"cmp"
	"context"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/grant"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// Create reads the address first; the add is the last thing that happens.
func (Subscription) Create(ctx context.Context, d xmlapi.Doer, w subscriptionValue) (engine.Identity, error) {
	if w.Addresses == nil {
		address, err := defaultAddress(ctx, d)
		if err != nil {
			return engine.Identity{}, err
		}
		w.Addresses = []string{address}
	}
	req, err := newSubscription(w)
	if err != nil {
		return engine.Identity{}, err
	}
	r, err := webspace.Add.One(ctx, d, req)
	return engine.Identity{ID: engine.IDText(r.ID), GUID: r.GUID}, blameName(ctx, d, w.Domain, w.user(), err)
}

// user is the name of the system user, nil where it is not said.
func (w *subscriptionValue) user() *string {
	if w.Virtual == nil {
		return nil
	}
	return w.Virtual.Login
}

// newSubscription says all that the spec sets and nothing else: what a plan controls stays the plan's. The addresses stand in
// both places, as servers of all ages accept.
func newSubscription(w subscriptionValue) (webspace.AddRequest, error) {
	limits, err := w.Allowance.WireLimits()
	if err != nil {
		return webspace.AddRequest{}, err
	}
	performance, err := w.Allowance.WirePerformance()
	if err != nil {
		return webspace.AddRequest{}, err
	}
	req := webspace.AddRequest{
		GenSetup: webspace.NewGenSetup{
			Name: form.FullDomain(*w.Domain), OwnerLogin: target.LinkName(cmp.Or(w.Customer, w.Reseller)), HostingType: hostingTypes.Wire(w.Hosting),
			IPAddresses: w.Addresses, ExternalID: w.ExternalID, Description: w.Description,
		},
		Limits: limits, Preferences: w.preferences(), Performance: performance, Permissions: w.Allowance.WirePermissions(),
		PlanGUID: target.LinkGUID(w.Plan),
	}
	if w.Hosting == nil {
		return req, nil
	}
	if w.Virtual != nil {
		req.PHPSettings = w.Virtual.Shared.WirePHPSettings()
	}
	req.Hosting, err = w.newHosting(w.Addresses)
	return req, err
}

// newHosting is hosting where there was none of its type.
func (w *subscriptionValue) newHosting(addresses []string) (*hosting.Hosting, error) {
	switch *w.Hosting {
	case hostingVirtual:
		if w.Virtual.Login == nil || w.Virtual.Password == nil {
			return nil, engine.Invalid("spec.hosting.virtualHost.systemUser", "name and password are required to create web hosting")
		}
		return &hosting.Hosting{Virtual: &hosting.VirtualHosting{Properties: grant.Properties(w.Virtual), IPAddresses: addresses}}, nil
	case hostingForward:
		return &hosting.Hosting{StandardForward: w.Forward.standard(addresses)}, nil
	case hostingFrame:
		return &hosting.Hosting{FrameForward: &hosting.FrameForwarded{DestinationURL: *w.Frame.URL, IPAddresses: addresses}}, nil
	}
	return &hosting.Hosting{None: &xmlapi.Empty{}}, nil
}

func (v *forwardValue) standard(addresses []string) *hosting.Forward {
	return &hosting.Forward{DestinationURL: *v.URL, HTTPCode: v.HTTPCode, IPAddresses: addresses}
}

// Update reads the subscription again after a switch of the plan, which makes everything that the plan controls the new plan's, after other
// add-on plans and after a synchronisation, and writes what the spec overrides in the same go. Another owner comes before: at another provider the
// subscription loses its plan, and may get only the plans that are offered there. Add-on plans come before the overrides, which lock the subscription.
func (k Subscription) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[subscriptionValue]) error {
	f, err := engine.FilterOf(webspace.ByGUID, webspace.ByID, u.Identity)
	if err != nil {
		return err
	}
	sync := engine.Touches(u.Changes, planSyncField)
	if cmp.Or(u.Patch.Customer, u.Patch.Reseller) != nil && u.Want.Plan != nil {
		if err := set(ctx, d, f, u); err != nil {
			return err
		}
		if err := k.afresh(ctx, d, &u); err != nil {
			return err
		}
	}
	if u.Patch.Plan != nil {
		r, err := webspace.SwitchSubscription.One(ctx, d, webspace.SwitchSubscriptionRequest{Filter: f, PlanGUID: target.LinkGUID(u.Patch.Plan)})
		if err != nil {
			return err
		}
		form.Warn(u.Warn, webspace.SwitchSubscription, r.Problems)
		if err := k.afresh(ctx, d, &u); err != nil {
			return err
		}
		sync = false
	}
	extended := engine.Touches(u.Changes, addonsField)
	if extended {
		if err := linkAddons(ctx, d, f, u); err != nil {
			return err
		}
		sync = sync || u.Want.Deviations != nil && u.Have.followsBySync()
	}
	if sync {
		r, err := webspace.SyncSubscription.One(ctx, d, xmlapi.FilterRequest{Filter: f})
		if err != nil {
			return engine.Blame("spec."+planSyncField, err)
		}
		form.Warn(u.Warn, webspace.SyncSubscription, r.Problems)
	}
	if sync || extended {
		if err := k.afresh(ctx, d, &u); err != nil {
			return err
		}
	}
	return set(ctx, d, f, u)
}

// set writes what differs, and nothing where nothing does.
func set(ctx context.Context, d xmlapi.Doer, f xmlapi.Filter, u engine.Update[subscriptionValue]) error {
	values, err := changedValues(u)
	if err != nil || values == (webspace.SetValues{}) {
		return err
	}
	_, err = webspace.Set.One(ctx, d, webspace.SetRequest{Filter: f, Values: values})
	return blameName(ctx, d, u.Patch.Domain, u.Patch.user(), err)
}

// afresh compares with what the server has now. Passwords cannot be compared and are still to be written.
func (k Subscription) afresh(ctx context.Context, d xmlapi.Doer, u *engine.Update[subscriptionValue]) error {
	found, err := findSubscription(ctx, d, engine.Handle{Identity: u.Identity}, false, askedPlans(ctx, d))
	if err != nil {
		return err
	}
	if found == nil {
		return xmlapi.Incomplete(webspace.Get, "the subscription that was just changed")
	}
	u.Have = k.Normal(found.Value)
	u.Have.Addons = comparedAddons(u.Want.Addons, u.Have.Addons)
	changes := engine.Diff(u.Want, u.Have)
	for _, c := range u.Changes {
		if c.WriteOnly {
			changes = append(changes, c)
		}
	}
	u.Changes, u.Patch = changes, engine.Only(u.Want, changes)
	return nil
}

// changedValues is what of a subscription is to be set. Nothing that a plan controls goes along: each such write locks the subscription.
func changedValues(u engine.Update[subscriptionValue]) (webspace.SetValues, error) {
	limits, err := u.Patch.Allowance.WireLimits()
	if err != nil {
		return webspace.SetValues{}, err
	}
	performance, err := u.Patch.Allowance.WirePerformance()
	if err != nil {
		return webspace.SetValues{}, err
	}
	web, err := changedHosting(u)
	if err != nil {
		return webspace.SetValues{}, err
	}
	values := webspace.SetValues{
		GenSetup: changedSetup(u), Limits: limits, Preferences: u.Patch.preferences(), Hosting: web, Performance: performance,
		Permissions: u.Patch.Allowance.WirePermissions(),
	}
	if u.Patch.Virtual != nil {
		values.PHPSettings = u.Patch.Virtual.Shared.WirePHPSettings()
	}
	return values, nil
}

// changedSetup is the part of gen_setup to write, nil for none. Addresses stand there only without web hosting.
func changedSetup(u engine.Update[subscriptionValue]) *webspace.SetGenSetup {
	p := u.Patch
	owner := target.LinkName(cmp.Or(p.Customer, p.Reseller))
	var addresses []string
	if hostingType(u) == hostingNone {
		addresses = p.Addresses
	}
	if p.Domain == nil && owner == nil && p.ExternalID == nil && p.Description == nil && addresses == nil {
		return nil
	}
	g := &webspace.SetGenSetup{
		OwnerLogin: owner, IPAddresses: addresses, ExternalID: p.ExternalID, Description: p.Description,
	}
	if p.Domain != nil {
		g.Name = new(form.FullDomain(*p.Domain))
	}
	return g
}

// preferences are those to write, nil for none.
func (w *subscriptionValue) preferences() *hosting.Preferences {
	if w.WWW == nil && w.StatsMonths == nil {
		return nil
	}
	return &hosting.Preferences{WWW: w.WWW, StatisticsMonths: w.StatsMonths}
}

// hostingType is the hosting that the subscription has when the update is done.
func hostingType(u engine.Update[subscriptionValue]) string {
	return form.Deref(cmp.Or(u.Want.Hosting, u.Have.Hosting))
}

// changedHosting is the hosting to write, nil for none. Addresses replace all that there are, so they go along only where they
// differ, and then all of them.
func changedHosting(u engine.Update[subscriptionValue]) (*hosting.Hosting, error) {
	p, addresses := u.Patch, u.Patch.Addresses
	if p.Hosting != nil {
		if addresses = u.Want.Addresses; addresses == nil {
			addresses = u.Have.Addresses
		}
		return u.Want.newHosting(addresses)
	}
	switch hostingType(u) {
	case hostingVirtual:
		if list := grant.Properties(p.Virtual); len(list) > 0 || addresses != nil {
			return &hosting.Hosting{Virtual: &hosting.VirtualHosting{Properties: list, IPAddresses: addresses}}, nil
		}
	case hostingForward:
		if p.Forward != nil || addresses != nil {
			return &hosting.Hosting{StandardForward: u.Want.Forward.over(u.Have.Forward).standard(addresses)}, nil
		}
	case hostingFrame:
		if p.Frame != nil || addresses != nil {
			url := u.Want.Frame.over(u.Have.Frame).URL
			return &hosting.Hosting{FrameForward: &hosting.FrameForwarded{DestinationURL: *url, IPAddresses: addresses}}, nil
		}
	}
	return nil, nil
}
