// Plans as references point at them: by NAME, or LOGIN/NAME for a reseller's.

package target

import (
	"context"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplanaddon"
)

func findServicePlan(ctx context.Context, d xmlapi.Doer, key string) (*engine.Resolved, error) {
	return findPlan(ctx, d, key, serviceplan.Get, ResolvedServicePlan)
}

func findAddonPlan(ctx context.Context, d xmlapi.Doer, key string) (*engine.Resolved, error) {
	return findPlan(ctx, d, key, serviceplanaddon.Get, ResolvedAddonPlan)
}

// findPlan looks for a plan of either sort: names are filtered alike.
func findPlan[R xmlapi.Outcomer](ctx context.Context, d xmlapi.Doer, key string, get xmlapi.Operation[serviceplan.GetRequest, R],
	resolved func(r R, owner string) (*engine.Resolved, error),
) (*engine.Resolved, error) {
	owner, name := SplitPlanKey(key)
	r, err := get.One(ctx, d, serviceplan.GetRequest{Filter: serviceplan.ByName(name).Query(), OwnerQuery: serviceplan.OwnerQuery{OwnerLogin: owner}})
	if xmlapi.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return resolved(r, form.Deref(owner))
}

// ResolvedServicePlan is a plan that the server has shown in the list of an owner, "" for one's own, as a reference points at it.
func ResolvedServicePlan(r serviceplan.GetResult, owner string) (*engine.Resolved, error) {
	return resolvedPlan("PleskServicePlan", serviceplan.Get, r.ID, r.GUID, r.Name, owner, AccountLink(r.OwnerID, r.OwnerLogin))
}

// ResolvedAddonPlan is ResolvedServicePlan for an add-on plan.
func ResolvedAddonPlan(r serviceplanaddon.GetResult, owner string) (*engine.Resolved, error) {
	return resolvedPlan("PleskServicePlanAddon", serviceplanaddon.Get, r.ID, r.GUID, r.Name, owner, AccountLink(r.OwnerID, r.OwnerLogin))
}

func resolvedPlan(kind string, get xmlapi.Named, id int64, guid, name, owner string, of *engine.Link) (*engine.Resolved, error) {
	if id == 0 || guid == "" || name == "" {
		return nil, xmlapi.Incomplete(get, "id, guid and name")
	}
	return &engine.Resolved{
		Kind: kind, Identity: engine.Identity{ID: engine.IDText(id), GUID: guid}, Key: engine.Key{Name: PlanKey(owner, form.SingleBlanks(name))},
		In: ownersOf(of, "PleskReseller"),
	}, nil
}
