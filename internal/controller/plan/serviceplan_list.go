// Lists of service plans: one's own, and those of resellers.

package plan

import (
	"context"

	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
)

// List reads all plans in one packet. Whose list a plan is in the answer does not say: what is in the caller's own bears no login in its
// key, and the logins of the other owners, whom the server may name by their ids alone, come from the resellers.
func (ServicePlan) List(ctx context.Context, d xmlapi.Doer, _ engine.Known) ([]*engine.Found[servicePlanValue], error) {
	own := serviceplan.Get.Call(serviceplan.GetRequest{Filter: xmlapi.All()})
	all := serviceplan.Get.Call(serviceplan.GetRequest{Filter: xmlapi.All(), OwnerQuery: serviceplan.OwnerQuery{OwnerAll: &xmlapi.Empty{}}})
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
		isOurs[p.ID] = true
	}
	login := loginsOf(owners)
	return engine.ListOf(serviceplan.Get, plans, func(r serviceplan.GetResult) (*engine.Found[servicePlanValue], error) {
		if isOurs[r.ID] {
			return foundServicePlan(r, "")
		}
		owner, err := login(r)
		if err != nil {
			return nil, err
		}
		return foundServicePlan(r, owner)
	})
}

// loginsOf tells the login of a plan's owner. The resellers are looked at only where a plan does not say it.
func loginsOf(resellers *xmlapi.Call[reseller.GetRequest, reseller.GetResult]) func(serviceplan.GetResult) (string, error) {
	all, err := resellers.All()
	by := map[int64]string{}
	for _, r := range all {
		if r.Data != nil && r.Data.GenInfo != nil {
			by[r.ID] = target.LoginKey(r.Data.GenInfo.Login)
		}
	}
	return func(p serviceplan.GetResult) (string, error) {
		switch {
		case p.OwnerLogin != nil:
			return target.LoginKey(*p.OwnerLogin), nil
		case err != nil:
			return "", err
		case p.OwnerID == nil || by[*p.OwnerID] == "":
			return "", xmlapi.Incomplete(serviceplan.Get, "the owner of the plan "+p.Name)
		}
		return by[*p.OwnerID], nil
	}
}

func (ServicePlan) EventClasses() (own, around []string) {
	return []string{"template_domain"}, nil
}
