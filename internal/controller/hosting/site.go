// PleskSite: operator `site`, natural key the domain name in lower-case punycode.

package hosting

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

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
	_ engine.Kind[*v1alpha1.PleskSite, siteValue] = Site{}
	_ engine.Maker[siteValue]                     = Site{}
	_ engine.Lister[siteValue]                    = Site{}
	_ engine.Logged                               = Site{}
	_ engine.Normalizer[siteValue]                = Site{}
	_ engine.Privileged[siteValue]                = Site{}
	_ engine.Validator[siteValue]                 = Site{}
	_ engine.Overlapper[siteValue]                = Site{}
	_ engine.Destructive[siteValue]               = Site{}
	_ engine.Named                                = Site{}
	_ engine.Blamer                               = Site{}
)

// siteValue is what a site is on the wire. Its mark stands before the description.
type siteValue struct {
	Domain        *string           `plesk:"domainName"`
	Subscription  *engine.Link      `plesk:"subscriptionRef,immutable"`
	Description   *string           `plesk:"description"`
	Active        *bool             `plesk:"active"`
	TurnOff       *string           `plesk:"turnOffAction"` // nil while it is active
	Hosting       *string           `plesk:"hosting"`       // one of hostingTypes
	Virtual       *siteVirtualValue `plesk:"hosting.virtualHost"`
	Forward       *forwardValue     `plesk:"hosting.forwarding"`
	Frame         *forwardValue     `plesk:"hosting.frameForwarding"`
	WWW           *bool             `plesk:"preferences.www"`
	StatsMonths   *string           `plesk:"preferences.statisticsMonths"`
	OutgoingLimit *string           `plesk:"preferences.outgoingLimit,privileged"`
	Bounds        *grant.Allowance  `plesk:""` // of performance; the rest of an allowance is the subscription's
	Mark          *string           `plesk:"mark,mark=passing"`

	data *site.Data // as found
	in   string     // the domain name of its subscription, as found
}

// siteVirtualValue is the hosting vrt_hst of a site. Its PHP settings are properties, too.
type siteVirtualValue struct {
	DocumentRoot *string        `plesk:"documentRoot" property:"www_root"` // relative to the subscription's home
	Certificate  *string        `plesk:"tls.certificateRef" property:"certificate_name"`
	SEORedirect  *string        `plesk:"seoRedirect,needs=seo-redirect" property:"seo-redirect" words:"None=none,WWW=www,NonWWW=non-www"`
	Shared       *grant.Hosting `plesk:""`
}

var turnOffWords = form.Words{
	{string(v1alpha1.TurnOffActionDisable), site.TurnOffDisable}, {string(v1alpha1.TurnOffActionSuspend), site.TurnOffSuspend},
}

// Roles leaves out nobody: the documents name administrators and customers, and say nothing of resellers.
func (Site) Roles() []v1alpha1.ServerRole { return engine.ForAnybody }

func (Site) Refs() []engine.Ref[*v1alpha1.PleskSite] {
	return []engine.Ref[*v1alpha1.PleskSite]{{
		Field: "spec.subscriptionRef", Target: target.Subscriptions, Parent: true,
		Get: func(o *v1alpha1.PleskSite) []engine.Mention { return target.Mention(&o.Spec.SubscriptionRef) },
	}, certificateReference(func(o *v1alpha1.PleskSite) *v1alpha1.SiteTLS {
		if h := o.Spec.Hosting; h != nil && h.VirtualHost != nil {
			return h.VirtualHost.TLS
		}
		return nil
	})}
}

func (Site) Desired(o *v1alpha1.PleskSite, in engine.Inputs) (engine.Key, siteValue, error) {
	s := &o.Spec
	w := siteValue{Subscription: in.Ref("spec.subscriptionRef").Link(), Description: s.Description, Active: s.Active, Mark: &in.Mark}
	name, err := form.DomainName(s.DomainName)
	if err != nil {
		return engine.Key{}, w, engine.Invalid(domainField, err.Error())
	}
	w.Domain = &name
	if s.Active != nil && !*s.Active {
		w.TurnOff = (*string)(s.TurnOffAction)
	}
	if p := s.Preferences; p != nil {
		w.WWW = p.WWW
		if p.StatisticsMonths != nil {
			w.StatsMonths = new(strconv.Itoa(int(*p.StatisticsMonths)))
		}
		if p.OutgoingLimit != nil {
			w.OutgoingLimit = &p.OutgoingLimit.Text
		}
	}
	if w.Bounds, err = grant.WantedAllowance(&v1alpha1.Allowance{Performance: s.Performance}); err != nil {
		return engine.Key{}, w, err
	}
	if err = w.wantHosting(s.Hosting); err == nil && w.Virtual != nil && s.Hosting.VirtualHost.TLS != nil {
		places := recordedPlaces(o)
		if places != nil {
			places = append(places, w.Subscription.Identity)
		}
		w.Virtual.Certificate, err = wantedCertificate(s.Hosting.VirtualHost.TLS, in, places...)
	}
	return engine.Key{Name: name}, w, err
}

// wantHosting translates the union.
func (w *siteValue) wantHosting(h *v1alpha1.SiteHosting) (err error) {
	switch {
	case h == nil:
	case h.VirtualHost != nil:
		w.Hosting = new(hostingVirtual)
		w.Virtual, err = wantedSiteVirtual("spec.hosting.virtualHost", h.VirtualHost)
	case h.Forwarding != nil:
		w.Hosting, w.Forward = new(hostingForward), &forwardValue{URL: &h.Forwarding.URL}
		if c := h.Forwarding.HTTPCode; c != nil {
			w.Forward.HTTPCode = new(int(*c))
		}
	case h.FrameForwarding != nil:
		w.Hosting, w.Frame = new(hostingFrame), &forwardValue{URL: &h.FrameForwarding.URL}
	case h.None != nil:
		w.Hosting = new(hostingNone)
	default:
		err = engine.Invalid("spec.hosting", "one of virtualHost, forwarding, frameForwarding and none is required")
	}
	return err
}

func wantedSiteVirtual(at string, h *v1alpha1.SiteVirtualHost) (*siteVirtualValue, error) {
	v := &siteVirtualValue{DocumentRoot: h.DocumentRoot, SEORedirect: (*string)(h.SEORedirect)}
	var tls *v1alpha1.HostingTLS
	if h.TLS != nil {
		tls = &h.TLS.HostingTLS
	}
	for _, name := range slices.Sorted(maps.Keys(h.ExtraProperties)) {
		if slices.Contains(subscriptionsProperties, name) {
			return nil, engine.Invalid(at+".extraProperties", name+" is the subscription's: set it there")
		}
	}
	if h.PHP != nil {
		if err := onlyDirectives(at+".php.settings", h.PHP.Settings, h.ExtraProperties); err != nil {
			return nil, err
		}
	}
	var err error
	v.Shared, err = grant.WantedHosting(at, &v1alpha1.HostingProperties{
		PHP: h.PHP, Scripting: h.Scripting, WebStatistics: h.WebStatistics, WebStatisticsProtected: h.WebStatisticsProtected,
		ErrorDocuments: h.ErrorDocuments, ExtraProperties: h.ExtraProperties,
	}, tls, emptySiteVirtual())
	return v, err
}

// emptySiteVirtual has all the fields that are properties.
func emptySiteVirtual() *siteVirtualValue { return &siteVirtualValue{Shared: &grant.Hosting{}} }

// subscriptionsProperties are those that a site has from its subscription.
var subscriptionsProperties = []string{"ftp_login", "ftp_quota", "shell"}

// onlyDirectives refuses settings that would not set a PHP directive: they are written as properties, and the names of properties mean something
// else.
func onlyDirectives(field string, settings, extra map[string]string) error {
	own := slices.Clone(subscriptionsProperties)
	grant.WalkProperties(reflect.ValueOf(emptySiteVirtual()).Elem(), func(p grant.PropertyField) { own = append(own, p.Name) })
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		_, twice := extra[name]
		switch {
		case slices.Contains(own, name), (xmlapi.Property{Name: name}).Sensitive():
			return engine.Invalid(field, name+" is a property of the hosting and no PHP directive")
		case twice:
			return engine.Invalid(field, name+" is among the extraProperties, too")
		}
	}
	return nil
}

func (Site) Normal(w siteValue) siteValue {
	form.Collapse(&w.Description)
	if w.Domain != nil {
		w.Domain = new(strings.ToLower(*w.Domain))
	}
	if w.Virtual != nil {
		v := *w.Virtual
		form.Collapse(&v.Certificate)
		if v.DocumentRoot != nil {
			v.DocumentRoot = new(cleanRoot(*v.DocumentRoot))
		}
		v.Shared = v.Shared.Normal()
		w.Virtual = &v
	}
	w.Forward, w.Frame = w.Forward.normal(), w.Frame.normal()
	return w
}

// Contents leaves out databases, FTP users and the files outside of the document root: those are the subscription's, and stay.
func (Site) Contents(ctx context.Context, d xmlapi.Doer, found *engine.Found[siteValue]) ([]engine.Content, error) {
	return target.SiteContents(ctx, d, found.Identity, found.Value.data.GenInfo.Name)
}

func (Site) Privileged(want siteValue) []string {
	if want.Virtual == nil {
		return nil
	}
	return want.Virtual.Shared.Privileged("hosting.virtualHost")
}

func (Site) Described(values siteValue) []engine.Described {
	return grant.DescribedProperties("hosting.virtualHost", values.Virtual, site.Descriptors.Properties)
}

// Overlaps lists the sites whose names a new domain lies below.
func (Site) Overlaps(ctx context.Context, d xmlapi.Doer, want siteValue) ([]engine.Resolved, error) {
	return target.SitesAbove(ctx, d, *want.Domain)
}

func (Site) Destroys(want, have siteValue) string { return losesFiles(want.Hosting, have.Hosting) }

func (Site) KeyField() string { return domainField }

func (Site) Field(err *xmlapi.Error) string {
	switch {
	case err.About() == xmlapi.AboutStatus:
		return "spec.active"
	case err.Class == xmlapi.Limit:
		return "spec.subscriptionRef" // how many sites it may have is the subscription's limit
	}
	return ""
}
