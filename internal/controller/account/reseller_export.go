// A reseller as an export describes it.

package account

import (
	"slices"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

var _ engine.Exporter[*v1alpha1.PleskReseller, resellerValue] = Reseller{}

// Export leaves to the plan of a reseller who follows one what that grants.
func (Reseller) Export(o *v1alpha1.PleskReseller, f *engine.Found[resellerValue]) (engine.Exported, error) {
	v := Reseller{}.Normal(f.Value)
	v.Account.export(o, &o.Spec.Account)
	o.Spec.PowerUser = v.PowerUser
	if s := v.data.Subscriptions.Subscription; v.Plan == nil || s != nil && s.Locked == "true" {
		v.Allowance.Export(&o.Spec.ResellerAllowance)
	}
	if pool := (v1alpha1.ResellerIPPool{Shared: slices.Clone(v.Shared), Exclusive: slices.Clone(v.Exclusive)}); len(pool.Shared)+len(pool.Exclusive) > 0 {
		o.Spec.IPPool = &pool
	}
	return engine.Exported{Refs: []engine.Pointer{{Field: planField, To: target.OwnerOf(v.Plan, "PleskResellerPlan")}}}, nil
}
