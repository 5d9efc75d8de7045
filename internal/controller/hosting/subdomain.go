// PleskSubdomain: operator `site` with a site above, natural key the full name in lower-case punycode.

package hosting

import (
	"context"
	"fmt"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/grant"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=plesksubdomains,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=plesksubdomains/status,verbs=get;update;patch

// Subdomain is the kind PleskSubdomain. It goes through the operator for sites, which knows subdomains by GUID and has a place for our mark; the one
// for subdomains alone tells which sites are subdomains, and of what.
type Subdomain struct{}

var (
	_ engine.Kind[*v1alpha1.PleskSubdomain, siteValue]      = Subdomain{}
	_ engine.Maker[siteValue]                               = Subdomain{}
	_ engine.Lister[siteValue]                              = Subdomain{}
	_ engine.Logged                                         = Subdomain{}
	_ engine.Normalizer[siteValue]                          = Subdomain{}
	_ engine.Privileged[siteValue]                          = Subdomain{}
	_ engine.Validator[siteValue]                           = Subdomain{}
	_ engine.Overlapper[siteValue]                          = Subdomain{}
	_ engine.Destructive[siteValue]                         = Subdomain{}
	_ engine.Named                                          = Subdomain{}
	_ engine.Blamer                                         = Subdomain{}
	_ engine.Suspender[*v1alpha1.PleskSubdomain, siteValue] = Subdomain{}
)

const (
	subdomainField = "spec.subdomainName"
	aboveField     = "spec.siteRef"
)

// Roles leaves out nobody: the documents name administrators and customers, and say nothing of resellers.
func (Subdomain) Roles() []v1alpha1.ServerRole { return engine.ForAnybody }

func (Subdomain) Refs() []engine.Ref[*v1alpha1.PleskSubdomain] {
	return []engine.Ref[*v1alpha1.PleskSubdomain]{{
		Field: aboveField, Target: target.Sites, Parent: true,
		Get: func(o *v1alpha1.PleskSubdomain) []engine.Mention { return target.SiteMention(o.Spec.SiteRef) },
		Set: func(o *v1alpha1.PleskSubdomain, m []engine.Mention) { o.Spec.SiteRef = target.SiteReference(m) },
	}, certificateReference(func(o *v1alpha1.PleskSubdomain) *v1alpha1.SiteTLS { return siteTLS(o.Spec.Hosting) })}
}

func (Subdomain) Desired(o *v1alpha1.PleskSubdomain, in engine.Inputs) (engine.Key, siteValue, error) {
	s, above := &o.Spec, in.Ref(aboveField)
	full, err := subdomainName(s.SubdomainName, above.Key.Name)
	if err == nil && strings.HasSuffix(full, "."+above.Key.Name+"."+above.Key.Name) {
		err = fmt.Errorf("it is the name below %s, without that", above.Key.Name)
	}
	if err != nil {
		return engine.Key{}, siteValue{}, engine.Invalid(subdomainField, err.Error())
	}
	w, err := wantSite(&v1alpha1.PleskSiteSpec{
		Description: s.Description, TurnOffAction: s.TurnOffAction, Hosting: s.Hosting, Preferences: s.Preferences, Performance: s.Performance,
	}, in)
	w.Below, w.Above, w.full = new(strings.TrimSuffix(full, "."+above.Key.Name)), above.Link(), full
	if err == nil {
		around := []engine.Identity{above.Identity}
		for _, owner := range above.In {
			around = append(around, owner.Identity)
		}
		err = w.wantCertificate(o, siteTLS(s.Hosting), in, around...)
	}
	return engine.Key{Name: full}, w, err
}

// wildcard begins the name of a subdomain that answers for all names below a site.
const wildcard = "*."

// subdomainName is the normal form of the full name of a subdomain.
func subdomainName(below, above string) (string, error) {
	name, isWildcard := strings.CutPrefix(below+"."+above, wildcard)
	ascii, err := form.DomainName(name)
	if isWildcard {
		ascii = wildcard + ascii
	}
	return ascii, err
}

// sentSubdomain is the full name of a subdomain, or its name below a site, as the protocol wants it sent.
func sentSubdomain(name string) string {
	if rest, isWildcard := strings.CutPrefix(name, wildcard); isWildcard {
		return wildcard + form.FullDomain(rest)
	}
	return form.FullDomain(name)
}

func (Subdomain) Normal(w siteValue) siteValue { return w.normal() }

// Create names the site above and nothing else that the subdomain is to lie in: the subscription follows from it. Where a server knows no sites above,
// nothing is made: it would be a further domain.
func (Subdomain) Create(ctx context.Context, d xmlapi.Doer, w siteValue) (engine.Identity, error) {
	if w.Above == nil || w.Above.GUID == "" {
		return engine.Identity{}, engine.Invalid(aboveField, "the server's version of the protocol makes no subdomain of a site that is named by its GUID (since 1.6.5.0)")
	}
	return addSite(ctx, d, w, site.NewGenSetup{Name: sentSubdomain(w.full), ParentSiteGUID: &w.Above.GUID})
}

// Update renames below the site where the subdomain was found.
func (Subdomain) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[siteValue]) error {
	var name *string
	if u.Patch.Below != nil {
		full, err := subdomainName(*u.Patch.Below, u.Have.Above.Name)
		if err != nil {
			return engine.Invalid(subdomainField, err.Error())
		}
		name = new(sentSubdomain(full))
	}
	return updateSite(ctx, d, u, name)
}

func (Subdomain) Delete(ctx context.Context, d xmlapi.Doer, found *engine.Found[siteValue]) error {
	return deleteSite(ctx, d, found)
}

// Contents leaves out files outside of the document root: those are the subscription's, and stay.
func (Subdomain) Contents(ctx context.Context, d xmlapi.Doer, found *engine.Found[siteValue]) ([]engine.Content, error) {
	return target.SiteContents(ctx, d, found.Identity, found.Value.data.GenInfo.Name)
}

func (Subdomain) Privileged(want siteValue) []string { return want.privileged() }

func (Subdomain) Described(values siteValue) []engine.Described {
	return grant.DescribedProperties("hosting.virtualHost", values.Virtual, site.Descriptors.Properties)
}

// Overlaps lists the sites whose names a new subdomain lies below: there may be others between it and the site that it is made in.
func (Subdomain) Overlaps(ctx context.Context, d xmlapi.Doer, want siteValue) ([]engine.Resolved, error) {
	return target.SitesAbove(ctx, d, want.full)
}

func (Subdomain) Destroys(want, have siteValue) string { return losesFiles(want.Hosting, have.Hosting) }

func (Subdomain) KeyField() string { return subdomainField }

// Field : how many subdomains there may be is a limit of the subscription that the site lies in.
func (Subdomain) Field(err *xmlapi.Error) string { return siteField(err, aboveField) }
