// Web sites in a subscription beside its main one: further domains, and subdomains. They are the same to the operator `site`; what they are called
// and hang below differs, and all else is here.

package hosting

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/grant"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
)

// siteValue is what a site or a subdomain is on the wire. Its mark stands before the description.
type siteValue struct {
	Domain        *string           `plesk:"domainName"`
	Subscription  *engine.Link      `plesk:"subscriptionRef,immutable"`
	Below         *string           `plesk:"subdomainName"` // of a subdomain, which has no Domain: its name without that of the site above it
	Above         *engine.Link      `plesk:"siteRef,immutable,needs=parent-site-guid"`
	Description   *string           `plesk:"description"`
	TurnOff       *string           `plesk:"turnOffAction"` // nil unless PleskSuspensions have it out of service
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
	full string     // of a new subdomain: its whole name, in punycode
	home *string    // of a subdomain, as found

	suspended xmlapi.Status // as wanted: the reason that turnOffAction belongs to
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

// wantSite translates what the specs of sites and subdomains have alike: all but what they are called and lie in.
func wantSite(s *v1alpha1.PleskSiteSpec, in engine.Inputs) (siteValue, error) {
	w := siteValue{Description: s.Description, Mark: &in.Mark, suspended: in.Suspended}
	if in.Suspended != 0 {
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
	var err error
	if w.Bounds, err = grant.WantedAllowance(&v1alpha1.Allowance{Performance: s.Performance}); err != nil {
		return w, err
	}
	err = w.wantHosting(s.Hosting)
	return w, err
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

// normal is a value in the form in which two are compared.
func (w siteValue) normal() siteValue {
	form.Collapse(&w.Description)
	if w.Domain != nil {
		w.Domain = new(strings.ToLower(*w.Domain))
	}
	if w.Below != nil {
		w.Below = new(strings.ToLower(*w.Below))
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

// privileged are the fields that reach beyond the site.
func (w *siteValue) privileged() []string {
	if w.Virtual == nil {
		return nil
	}
	return w.Virtual.Shared.Privileged("hosting.virtualHost")
}

// siteField says what a refusal is about, limit being the field of whose limit there is.
func siteField(err *xmlapi.Error, limit string) string {
	if err.Class == xmlapi.Limit {
		return limit
	}
	return ""
}
