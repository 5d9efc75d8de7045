// Plans of either sort in the lists of their owners, which the server keeps apart, for ids too.

package plan

import (
	"cmp"
	"context"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
)

// findPlan looks in the list of the owner that the key names.
func findPlan[R xmlapi.Outcomer, W any](ctx context.Context, d xmlapi.Doer, h engine.Handle, get xmlapi.Operation[serviceplan.GetRequest, R],
	found func(r R, owner string) (*engine.Found[W], error),
) (*engine.Found[W], error) {
	owner, _ := target.SplitPlanKey(cmp.Or(h.Key.Name, h.Was.Name))
	byKey := func(key string, _ ...string) xmlapi.Filter {
		_, name := target.SplitPlanKey(key)
		return serviceplan.ByName(name)
	}
	by := engine.Lookups{ByGUID: serviceplan.ByGUID, ByID: serviceplan.ByID, ByMark: serviceplan.ByExternalID, ByKey: byKey}
	return engine.FindFirst(h, by, func(f xmlapi.Filter) (*engine.Found[W], error) {
		r, err := get.One(ctx, d, serviceplan.GetRequest{Filter: f.Query(), OwnerQuery: serviceplan.OwnerQuery{OwnerLogin: owner}})
		if err != nil {
			return nil, err
		}
		return found(r, form.Deref(owner))
	})
}

// planHead is what tells plans apart, and whose they are.
type planHead struct {
	id         int64
	name       string
	ownerID    *int64
	ownerLogin *string
}

// listPlans reads all plans in one packet. Whose list a plan is in the answer does not say: what is in the caller's own bears no login in its
// key, and the logins of the other owners, whom the server may name by their ids alone, come from the resellers.
func listPlans[R xmlapi.Outcomer, W any](ctx context.Context, d xmlapi.Doer, get xmlapi.Operation[serviceplan.GetRequest, R],
	head func(R) planHead, found func(r R, owner string) (*engine.Found[W], error),
) ([]*engine.Found[W], error) {
	own := get.Call(serviceplan.GetRequest{Filter: xmlapi.All()})
	all := get.Call(serviceplan.GetRequest{Filter: xmlapi.All(), OwnerQuery: serviceplan.OwnerQuery{OwnerAll: &xmlapi.Empty{}}})
	owners := reseller.Get.Call(reseller.GetRequest{Filter: xmlapi.All(), Dataset: reseller.Dataset{GenInfo: &xmlapi.Empty{}}})
	if err := d.Do(ctx, own, all, owners); err != nil {
		return nil, err
	}
	ours, err := own.All()
	if err != nil {
		return nil, err
	}
	plans, err := all.All()
	if err != nil {
		return nil, err
	}
	isOurs := make(map[int64]bool, len(ours))
	for _, p := range ours {
		isOurs[head(p).id] = true
	}
	login := loginsOf(owners)
	return engine.ListOf(get, plans, func(r R) (*engine.Found[W], error) {
		p := head(r)
		if isOurs[p.id] {
			return found(r, "")
		}
		owner, err := login(p)
		if err != nil {
			return nil, err
		}
		if owner == "" {
			return nil, xmlapi.Incomplete(get, "the owner of the plan "+p.name)
		}
		return found(r, owner)
	})
}

// loginsOf tells the login of a plan's owner, "" where nothing does. The resellers are looked at only where a plan does not say it.
func loginsOf(resellers *xmlapi.Call[reseller.GetRequest, reseller.GetResult]) func(planHead) (string, error) {
	all, err := resellers.All()
	by := map[int64]string{}
	for _, r := range all {
		if r.Data != nil && r.Data.GenInfo != nil {
			by[r.ID] = target.LoginKey(r.Data.GenInfo.Login)
		}
	}
	return func(p planHead) (string, error) {
		switch {
		case p.ownerLogin != nil:
			return target.LoginKey(*p.ownerLogin), nil
		case err != nil:
			return "", err
		case p.ownerID == nil:
			return "", nil
		}
		return by[*p.ownerID], nil
	}
}

// ownerOf is the reseller who owns a plan, none for one's own plans.
func ownerOf(in []engine.Owner, owner *engine.Link) []engine.Owner {
	for _, o := range in {
		if o.Kind == "PleskReseller" {
			return []engine.Owner{o}
		}
	}
	return target.OwnerOf(owner, "PleskReseller")
}
