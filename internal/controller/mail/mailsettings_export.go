// How the mail of a site is treated, as an export describes it.

package mail

import (
	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/grant"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

var _ engine.Exporter[*v1alpha1.PleskMailSettings, settingsValue] = Settings{}

func (Settings) Export(o *v1alpha1.PleskMailSettings, f *engine.Found[settingsValue]) (engine.Exported, error) {
	v, s := Settings{}.Normal(f.Value), &o.Spec
	s.Enabled, s.NonexistentUser, s.Webmail, s.DKIM, s.Greylisting = v.Enabled, grant.ExportNonexistentUser(v.NonexistentUser), form.Filled(v.Webmail), v.DKIM, v.Greylisting
	return engine.Exported{Refs: []engine.Pointer{{Field: "spec.siteRef", To: target.OwnerOf(&engine.Link{Identity: f.Identity, Name: f.Key.Name}, "")}}}, nil
}
