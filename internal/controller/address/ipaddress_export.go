// An IP address as an export describes it.

package address

import (
	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

var _ engine.Exporter[*v1alpha1.PleskIPAddress, addressValue] = IPAddress{}

// Export says nothing of the certificate: no server tells it.
func (IPAddress) Export(o *v1alpha1.PleskIPAddress, f *engine.Found[addressValue]) (engine.Exported, error) {
	v, s := IPAddress{}.Normal(f.Value), &o.Spec
	s.Address, s.Interface, s.Type, s.PublicAddress = form.Deref(v.Address), form.Filled(v.Interface), (*v1alpha1.IPAddressType)(v.Type), form.Filled(v.Public)
	if v.PrefixLength != nil {
		s.PrefixLength = new(int32(*v.PrefixLength)) //nolint:gosec // at most 128
	}
	return engine.Exported{}, nil
}
