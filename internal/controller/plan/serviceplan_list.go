// Lists of service plans: one's own, and those of resellers.

package plan

import (
	"context"

	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
)

func (ServicePlan) List(ctx context.Context, d xmlapi.Doer, _ engine.Known) ([]*engine.Found[servicePlanValue], error) {
	return listPlans(ctx, d, serviceplan.Get, headOfServicePlan, foundServicePlan)
}

func headOfServicePlan(r serviceplan.GetResult) planHead {
	return planHead{id: r.ID, name: r.Name, ownerID: r.OwnerID, ownerLogin: r.OwnerLogin}
}

func (ServicePlan) EventClasses() (own, around []string) {
	return []string{"template_domain"}, nil
}
