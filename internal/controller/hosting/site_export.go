// A site as an export describes it.

package hosting

import (
	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

var _ engine.Exporter[*v1alpha1.PleskSite, siteValue] = Site{}

// Export names the site as the server shows it, an internationalised one in full.
func (Site) Export(o *v1alpha1.PleskSite, f *engine.Found[siteValue]) (engine.Exported, error) {
	v := f.Value.normal()
	common := o.Spec.CommonSpec
	o.Spec = v.export()
	o.Spec.CommonSpec, o.Spec.DomainName = common, v.data.GenInfo.Name
	return engine.Exported{Refs: []engine.Pointer{{Field: "spec.subscriptionRef", To: target.OwnerOf(v.Subscription, "PleskSubscription")}}}, nil
}
