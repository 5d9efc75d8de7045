// A subdomain as an export describes it.

package hosting

import (
	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

var _ engine.Exporter[*v1alpha1.PleskSubdomain, siteValue] = Subdomain{}

// Export refers to the site above it, a subscription's or another one.
func (Subdomain) Export(o *v1alpha1.PleskSubdomain, f *engine.Found[siteValue]) (engine.Exported, error) {
	v := f.Value.normal()
	s := v.export()
	o.Spec = v1alpha1.PleskSubdomainSpec{
		CommonSpec: o.Spec.CommonSpec, SubdomainName: form.Deref(v.Below), Description: s.Description, Hosting: s.Hosting,
		Preferences: s.Preferences, Performance: s.Performance,
	}
	return engine.Exported{Refs: []engine.Pointer{{Field: aboveField, To: target.OwnerOf(v.Above, "")}}}, nil
}
