// Lists of subscriptions: in full those that resources describe, the others in brief.

package hosting

import (
	"context"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplanaddon"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// fullOperations is how many operations read subscriptions in full in one packet. Each of their 5,000 takes some 7.7 KB, 38 MB of the
// 64 MiB that the answer to a list may have.
const fullOperations = 10

// List reads gen_info of all subscriptions in one packet, and up to 5,000 known ones in full in each further one. Others have no Value.
func (Subscription) List(ctx context.Context, d xmlapi.Doer, known engine.Known) ([]*engine.Found[subscriptionValue], error) {
	brief, err := webspace.Get.All(ctx, d, webspace.GetRequest{Filter: xmlapi.All(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}})
	if err != nil {
		return nil, err
	}
	full, plans, err := fullSubscriptions(ctx, d, known.IDs)
	if err != nil {
		return nil, err
	}
	inFull := make(map[string]bool, len(known.IDs))
	for _, id := range known.IDs {
		inFull[id] = true
	}
	isKnown := func(r webspace.GetResult) bool { return inFull[engine.IDText(r.ID)] }
	return engine.ListOf(webspace.Get, append(slices.DeleteFunc(brief, isKnown), full...), func(r webspace.GetResult) (*engine.Found[subscriptionValue], error) {
		if !isKnown(r) {
			return briefSubscription(r)
		}
		return foundSubscription(r, true, plans)
	})
}

// fullSubscriptions reads subscriptions in full, and the plans in the same packets.
func fullSubscriptions(ctx context.Context, d xmlapi.Doer, ids []string) (full []webspace.GetResult, plans planReader, err error) {
	for some := range slices.Chunk(engine.ListFilters(webspace.ByID, ids, engine.IDsPerOperation), fullOperations) {
		own, all := planCalls(serviceplan.Get, xmlapi.All())
		ownAddons, allAddons := planCalls(serviceplanaddon.Get, xmlapi.All())
		var reads []*xmlapi.Call[webspace.GetRequest, webspace.GetResult]
		var calls []xmlapi.Caller
		for _, f := range some {
			read := webspace.Get.Call(webspace.GetRequest{Filter: f.Query(), Dataset: subscriptionBlocks})
			reads, calls = append(reads, read), append(calls, read)
		}
		if err := d.Do(ctx, append(calls, own, all, ownAddons, allAddons)...); err != nil {
			return nil, nil, err
		}
		for _, read := range reads {
			results, err := read.All()
			if err != nil {
				return nil, nil, err
			}
			full = append(full, results...)
		}
		plans = listedPlans(own, all, func() (map[string]string, error) { return addonNames(ownAddons, allAddons) })
	}
	return full, plans, nil
}

// briefSubscription is a subscription without what it is compared by.
func briefSubscription(r webspace.GetResult) (*engine.Found[subscriptionValue], error) {
	if missing := missingIdentity(r); missing != "" {
		return nil, xmlapi.Incomplete(webspace.Get, missing)
	}
	is, err := target.ResolvedSubscription(r.ID, r.Data.GenInfo)
	if err != nil {
		return nil, err
	}
	return &engine.Found[subscriptionValue]{Identity: is.Identity, Key: is.Key, Mark: r.Data.GenInfo.ExternalID, In: is.In}, nil
}

// listedPlans finds plans in what has been listed.
func listedPlans(own, all *xmlapi.Call[serviceplan.GetRequest, serviceplan.GetResult], addons func() (map[string]string, error)) planReader {
	ours, _ := own.All() // a caller without a list of its own may still be shown plans
	everybodys, err := all.All()
	oursBy, everybodysBy := plansByGUID(ours), plansByGUID(everybodys)
	names, namesErr := addons()
	among := func(plans map[string][]serviceplan.GetResult, guids []string) (found []serviceplan.GetResult) {
		for _, guid := range guids {
			found = append(found, plans[guid]...)
		}
		return found
	}
	return func(guids []string) (shownPlans, error) {
		if len(guids) > 1 && namesErr != nil {
			return shownPlans{}, namesErr
		}
		if plans := among(oursBy, guids); len(plans) > 0 {
			return shownPlans{plans: plans, name: ownPlanName, addons: names}, nil
		}
		return shownPlans{plans: among(everybodysBy, guids), name: anyPlanName, addons: names}, err
	}
}

func plansByGUID(plans []serviceplan.GetResult) map[string][]serviceplan.GetResult {
	by := map[string][]serviceplan.GetResult{}
	for _, p := range plans {
		by[p.GUID] = append(by[p.GUID], p)
	}
	return by
}

// EventClasses : the status of the owner and the values of the plan come down to the subscription.
func (Subscription) EventClasses() (own, around []string) {
	return []string{"domain", "domain_limits", "domain_status", "domain_user", "phosting", "fhosting"}, []string{"client_status", "reseller_status", "template_domain"}
}
