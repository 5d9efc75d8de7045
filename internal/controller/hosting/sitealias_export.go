// A site alias as an export describes it.

package hosting

import (
	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

var _ engine.Exporter[*v1alpha1.PleskSiteAlias, aliasValue] = SiteAlias{}

// Export refers to its site, a subscription's or another one.
func (SiteAlias) Export(o *v1alpha1.PleskSiteAlias, f *engine.Found[aliasValue]) (engine.Exported, error) {
	v, s := SiteAlias{}.Normal(f.Value), &o.Spec
	s.AliasName = v.info.Name
	s.Web, s.Mail, s.SEORedirect, s.ManageDNS = v.Web, v.Mail, v.SEORedirect, v.ManageDNS
	if icp := (v1alpha1.AliasICP{Approved: v.ICPApproved, Permit: form.Filled(v.ICPPermit)}); icp != (v1alpha1.AliasICP{}) {
		s.ICP = &icp
	}
	return engine.Exported{Refs: []engine.Pointer{{Field: "spec.siteRef", To: target.OwnerOf(v.Site, "")}}}, nil
}
