// An extension as an export describes it.

package panel

import (
	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

var _ engine.Exporter[*v1alpha1.PleskExtension, extensionValue] = Extension{}

// Export says nothing of where it was installed from: no server tells it.
func (Extension) Export(o *v1alpha1.PleskExtension, f *engine.Found[extensionValue]) (engine.Exported, error) {
	o.Spec.ExtensionID = form.Deref(f.Value.ID)
	return engine.Exported{}, nil
}
