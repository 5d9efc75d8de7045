// A reseller plan as an export describes it.

package plan

import (
	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

var _ engine.Exporter[*v1alpha1.PleskResellerPlan, resellerPlanValue] = ResellerPlan{}

func (ResellerPlan) Export(o *v1alpha1.PleskResellerPlan, f *engine.Found[resellerPlanValue]) (engine.Exported, error) {
	v, s := ResellerPlan{}.Normal(f.Value), &o.Spec
	s.PlanName = form.Deref(v.Name)
	v.Allowance.Export(&s.ResellerAllowance)
	pool := v1alpha1.PlanIPPool{Shared: v.Shared}
	if v.ExclusiveIPv4 != nil {
		pool.ExclusiveIPv4 = new(int32(*v.ExclusiveIPv4)) //nolint:gosec // no server has that many
	}
	if v.ExclusiveIPv6 != nil {
		pool.ExclusiveIPv6 = new(int32(*v.ExclusiveIPv6)) //nolint:gosec // no server has that many
	}
	if len(pool.Shared) > 0 || pool.ExclusiveIPv4 != nil || pool.ExclusiveIPv6 != nil {
		s.IPPool = &pool
	}
	return engine.Exported{}, nil
}
