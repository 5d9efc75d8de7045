// The link between a subscription and its plans, and the addresses that the server offers.

package hosting

import (
	"context"
	"net/netip"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplanaddon"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// planLink is what a subscription is bound to.
type planLink struct {
	guid, name string // of the service plan; the name only where the server had to be asked
	addons     []addonPlan
	locked     bool

	plan *serviceplan.GetResult // read where the subscription is locked, nil where it cannot be
}

// linkedPlans tells the service plan from the add-on plans, which the server lists without saying which is which. One alone is taken
// for the service plan, as add-ons come on top of one; of several the server is asked which are service plans. The plan of a locked
// subscription that is to be compared is read for its values. Without a reader nothing is asked.
func linkedPlans(s *webspace.Subscription, compared bool, read planReader) (*planLink, error) {
	if s == nil || len(s.Plans) == 0 {
		return nil, nil
	}
	guids := make([]string, len(s.Plans))
	for i, p := range s.Plans {
		guids[i] = p.GUID
	}
	link := &planLink{locked: s.Locked == "true"}
	if len(guids) == 1 {
		link.guid = guids[0]
	}
	if read == nil || link.guid != "" && (!link.locked || !compared) {
		return link, nil
	}
	shown, err := read(guids)
	if link.guid != "" && xmlapi.ClassOf(err) == xmlapi.Forbidden {
		return link, nil // its values are not for this caller to see
	}
	if err != nil {
		return nil, err
	}
	for i, p := range shown.plans {
		if i > 0 || !slices.Contains(guids, p.GUID) {
			return nil, xmlapi.Incomplete(serviceplan.Get, "one service plan for the subscription")
		}
		link.guid, link.name = p.GUID, shown.name(p)
		if link.locked {
			link.plan = &p
		}
	}
	for _, g := range guids {
		if g != link.guid {
			link.addons = append(link.addons, addonPlan{GUID: g, Name: shown.addons[g]})
		}
	}
	return link, nil
}

// shownPlans is what the server shows of the plans with some GUIDs.
type shownPlans struct {
	plans  []serviceplan.GetResult // the service plans among them
	name   func(serviceplan.GetResult) string
	addons map[string]string // what the add-on plans among them are called, by GUID
}

// planReader returns the plans with the given GUIDs, of the caller's list or, where none is there, of all.
type planReader func(guids []string) (shownPlans, error)

func ownPlanName(r serviceplan.GetResult) string { return target.PlanKey("", r.Name) }

func anyPlanName(r serviceplan.GetResult) string {
	return target.PlanKey(form.Deref(r.OwnerLogin), r.Name)
}

// planCalls ask for plans of the caller's list, and of all.
func planCalls[R xmlapi.Outcomer](get xmlapi.Operation[serviceplan.GetRequest, R], which xmlapi.Query) (own, all *xmlapi.Call[serviceplan.GetRequest, R]) {
	return get.Call(serviceplan.GetRequest{Filter: which}),
		get.Call(serviceplan.GetRequest{Filter: which, OwnerQuery: serviceplan.OwnerQuery{OwnerAll: &xmlapi.Empty{}}})
}

// askedPlans asks the server for each set of GUIDs. One alone is no add-on plan's.
func askedPlans(ctx context.Context, d xmlapi.Doer) planReader {
	return func(guids []string) (shown shownPlans, err error) {
		which := serviceplan.ByGUID(guids[0], guids[1:]...).Query()
		own, all := planCalls(serviceplan.Get, which)
		ownAddons, allAddons := planCalls(serviceplanaddon.Get, which)
		calls := []xmlapi.Caller{own, all}
		if len(guids) > 1 {
			calls = append(calls, ownAddons, allAddons)
		}
		if err := d.Do(ctx, calls...); err != nil {
			return shown, err
		}
		if len(guids) > 1 {
			if shown.addons, err = addonNames(ownAddons, allAddons); err != nil {
				return shown, err
			}
		}
		if plans, err := own.All(); err == nil && len(plans) > 0 {
			shown.plans, shown.name = plans, ownPlanName
			return shown, nil
		}
		shown.name = anyPlanName
		shown.plans, err = all.All()
		return shown, err
	}
}

// defaultAddress is the address of subscriptions that name none: the server's first shared IPv4 address.
func defaultAddress(ctx context.Context, d xmlapi.Doer) (string, error) {
	known, err := serverAddresses(ctx, d)
	if err != nil {
		return "", err
	}
	for _, a := range known {
		if addr, err := netip.ParseAddr(a.Address); err == nil && addr.Is4() && a.Type == ip.Shared {
			return a.Address, nil
		}
	}
	return "", engine.Invalid("spec.ipAddresses", "the server offers the account of the credentials no shared IPv4 address: name an address, or have one added to the account's pool")
}

// serverAddresses are the addresses that the server offers to its caller.
func serverAddresses(ctx context.Context, d xmlapi.Doer) ([]ip.Info, error) {
	r, err := ip.Get.One(ctx, d, xmlapi.EmptyRequest{})
	if err != nil {
		return nil, err
	}
	if r.Addresses == nil {
		return nil, xmlapi.Incomplete(ip.Get, "addresses")
	}
	return r.Addresses.Info, nil
}
