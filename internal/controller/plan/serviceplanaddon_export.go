// An add-on plan as an export describes it.

package plan

import (
	"reflect"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

var _ engine.Exporter[*v1alpha1.PleskServicePlanAddon, addonValue] = ServicePlanAddon{}

// Export leaves out switches that are off: what an add-on does not switch on it leaves to the service plan.
func (ServicePlanAddon) Export(o *v1alpha1.PleskServicePlanAddon, f *engine.Found[addonValue]) (engine.Exported, error) {
	v, s := ServicePlanAddon{}.Normal(f.Value), &o.Spec
	s.PlanName = form.Deref(v.Name)
	var a v1alpha1.Allowance
	v.Allowance.Export(&a)
	s.Limits, s.Permissions, s.Performance = a.Limits, a.Permissions, a.Performance
	on := *v.Hosting
	for i, fields := 0, reflect.ValueOf(&on).Elem(); i < fields.NumField(); i++ {
		if b, isSwitch := fields.Field(i).Interface().(*bool); isSwitch && b != nil && !*b {
			fields.Field(i).SetZero()
		}
	}
	var h v1alpha1.PlanHosting
	h.TLS = on.Export(&h.HostingProperties)
	if !reflect.ValueOf(h).IsZero() {
		s.Hosting = &h
	}
	return engine.Exported{Refs: []engine.Pointer{{Field: "spec.resellerRef", To: ownerOf(f.In, v.Owner), Optional: true}}}, nil
}
