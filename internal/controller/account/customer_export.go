// A customer as an export describes it.

package account

import (
	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

var _ engine.Exporter[*v1alpha1.PleskCustomer, customerValue] = Customer{}

// Export : a customer whose owner is no reseller is the administrator's.
func (Customer) Export(o *v1alpha1.PleskCustomer, f *engine.Found[customerValue]) (engine.Exported, error) {
	f.Value.Account.export(o, &o.Spec.Account)
	return engine.Exported{Refs: []engine.Pointer{{Field: "spec.resellerRef", To: target.OwnerOf(f.Value.Owner, "PleskReseller"), Optional: true}}}, nil
}
