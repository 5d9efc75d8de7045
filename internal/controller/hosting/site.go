// PleskSite: operator `site`, natural key the domain name in lower-case punycode.

package hosting

import (
	"context"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/grant"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=plesksites,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=plesksites/status,verbs=get;update;patch

// Site is the kind PleskSite.
type Site struct{}

var (
	_ engine.Kind[*v1alpha1.PleskSite, siteValue]      = Site{}
	_ engine.Maker[siteValue]                          = Site{}
	_ engine.Lister[siteValue]                         = Site{}
	_ engine.Logged                                    = Site{}
	_ engine.Normalizer[siteValue]                     = Site{}
	_ engine.Privileged[siteValue]                     = Site{}
	_ engine.Validator[siteValue]                      = Site{}
	_ engine.Overlapper[siteValue]                     = Site{}
	_ engine.Destructive[siteValue]                    = Site{}
	_ engine.Named                                     = Site{}
	_ engine.Blamer                                    = Site{}
	_ engine.Suspender[*v1alpha1.PleskSite, siteValue] = Site{}
)

// Roles leaves out nobody: the documents name administrators and customers, and say nothing of resellers.
func (Site) Roles() []v1alpha1.ServerRole { return engine.ForAnybody }

func (Site) Refs() []engine.Ref[*v1alpha1.PleskSite] {
	return []engine.Ref[*v1alpha1.PleskSite]{{
		Field: "spec.subscriptionRef", Target: target.Subscriptions, Parent: true,
		Get: func(o *v1alpha1.PleskSite) []engine.Mention { return target.Mention(&o.Spec.SubscriptionRef) },
		Set: func(o *v1alpha1.PleskSite, m []engine.Mention) { o.Spec.SubscriptionRef = *target.Reference(m) },
	}, certificateReference(func(o *v1alpha1.PleskSite) *v1alpha1.SiteTLS { return siteTLS(o.Spec.Hosting) })}
}

func (Site) Desired(o *v1alpha1.PleskSite, in engine.Inputs) (engine.Key, siteValue, error) {
	name, err := form.DomainName(o.Spec.DomainName)
	if err != nil {
		return engine.Key{}, siteValue{}, engine.Invalid(domainField, err.Error())
	}
	w, err := wantSite(&o.Spec, in)
	w.Domain, w.Subscription = &name, in.Ref("spec.subscriptionRef").Link()
	if err == nil {
		err = w.wantCertificate(o, siteTLS(o.Spec.Hosting), in, w.Subscription.Identity)
	}
	return engine.Key{Name: name}, w, err
}

func (Site) Normal(w siteValue) siteValue { return w.normal() }

// Contents leaves out databases, FTP users and the files outside of the document root: those are the subscription's, and stay.
func (Site) Contents(ctx context.Context, d xmlapi.Doer, found *engine.Found[siteValue]) ([]engine.Content, error) {
	return target.SiteContents(ctx, d, found.Identity, found.Value.data.GenInfo.Name)
}

func (Site) Privileged(want siteValue) []string { return want.privileged() }

func (Site) Described(values siteValue) []engine.Described {
	return grant.DescribedProperties("hosting.virtualHost", values.Virtual, site.Descriptors.Properties)
}

// Overlaps lists the sites whose names a new domain lies below.
func (Site) Overlaps(ctx context.Context, d xmlapi.Doer, want siteValue) ([]engine.Resolved, error) {
	return target.SitesAbove(ctx, d, *want.Domain)
}

func (Site) Destroys(want, have siteValue) string { return losesFiles(want.Hosting, have.Hosting) }

func (Site) KeyField() string { return domainField }

// Field : how many sites it may have is the subscription's limit.
func (Site) Field(err *xmlapi.Error) string { return siteField(err, "spec.subscriptionRef") }
