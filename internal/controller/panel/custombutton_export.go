// A custom button as an export describes it.

package panel

import (
	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

var _ engine.Exporter[*v1alpha1.PleskCustomButton, customButtonValue] = CustomButton{}

func (CustomButton) Export(o *v1alpha1.PleskCustomButton, f *engine.Found[customButtonValue]) (engine.Exported, error) {
	v, s := CustomButton{}.Normal(f.Value), &o.Spec
	s.Place, s.Text, s.URL = v1alpha1.CustomButtonPlace(form.Deref(v.Place)), form.Deref(v.Text), form.Deref(v.URL)
	s.HelpText, s.Icon, s.Public, s.OpenInPanel, s.NoFrame = form.Filled(v.Help), form.Filled(v.Icon), v.Public, v.OpenInPanel, v.NoFrame
	if v.SortKey != nil {
		s.SortKey = new(int32(*v.SortKey)) //nolint:gosec // the protocol's int has as many bits
	}
	for _, c := range v.Components {
		s.URLComponents = append(s.URLComponents, v1alpha1.CustomButtonURLComponent(c))
	}
	return engine.Exported{Refs: []engine.Pointer{
		{Field: customButtonCustomer, To: target.OwnerOf(v.Customer, "PleskCustomer")}, {Field: customButtonReseller, To: target.OwnerOf(v.Reseller, "PleskReseller")},
	}}, nil
}
