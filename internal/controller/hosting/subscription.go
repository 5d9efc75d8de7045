// PleskSubscription: operator `webspace`, natural key the domain name in lower-case punycode.

// Package hosting holds the kinds of hosting: subscriptions, their further sites, and the aliases of sites.
package hosting

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/grant"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=plesksubscriptions,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=plesksubscriptions/status,verbs=get;update;patch

// Subscription is the kind PleskSubscription.
type Subscription struct{}

var (
	_ engine.Kind[*v1alpha1.PleskSubscription, subscriptionValue]      = Subscription{}
	_ engine.Maker[subscriptionValue]                                  = Subscription{}
	_ engine.Lister[subscriptionValue]                                 = Subscription{}
	_ engine.Logged                                                    = Subscription{}
	_ engine.Normalizer[subscriptionValue]                             = Subscription{}
	_ engine.Partial[*v1alpha1.PleskSubscription, subscriptionValue]   = Subscription{}
	_ engine.Settler[*v1alpha1.PleskSubscription, subscriptionValue]   = Subscription{}
	_ engine.SecretUser[*v1alpha1.PleskSubscription]                   = Subscription{}
	_ engine.Privileged[subscriptionValue]                             = Subscription{}
	_ engine.PrivilegedThere[subscriptionValue]                        = Subscription{}
	_ engine.Validator[subscriptionValue]                              = Subscription{}
	_ engine.Overlapper[subscriptionValue]                             = Subscription{}
	_ engine.Destructive[subscriptionValue]                            = Subscription{}
	_ engine.Blamer                                                    = Subscription{}
	_ engine.Suspender[*v1alpha1.PleskSubscription, subscriptionValue] = Subscription{}
	_ engine.Contracted                                                = Subscription{}
)

// subscriptionValue is what a subscription is on the wire.
type subscriptionValue struct {
	Domain      *string          `plesk:"domainName"`
	Customer    *engine.Link     `plesk:"customerRef,lifecycle"` // the owner, by either name
	Reseller    *engine.Link     `plesk:"resellerRef,privileged,lifecycle"`
	Plan        *engine.Link     `plesk:"servicePlanRef,lifecycle"`
	Addons      []addonPlan      `plesk:"addonPlanRefs,lifecycle"`
	Deviations  []string         `plesk:"planSync,lifecycle"` // from the plan; wanted: none, nil where they may stay
	Addresses   []string         `plesk:"ipAddresses,lifecycle"`
	Description *string          `plesk:"description"`
	Hosting     *string          `plesk:"hosting"` // one of hostingTypes
	Virtual     *virtualValue    `plesk:"hosting.virtualHost"`
	Forward     *forwardValue    `plesk:"hosting.forwarding"`
	Frame       *forwardValue    `plesk:"hosting.frameForwarding"`
	Allowance   *grant.Allowance `plesk:""`
	WWW         *bool            `plesk:"preferences.www"`
	StatsMonths *string          `plesk:"preferences.statisticsMonths"`
	ExternalID  *string          `plesk:"externalID,mark"`

	places []engine.Identity // whose repositories have what the site may use, as far as they are recorded

	data *webspace.Data // as found, for status.observed
	link *planLink      // as found

	deviating []engine.Change // what of the plan's values was found otherwise, and what the plan says
}

// virtualValue is the hosting vrt_hst.
type virtualValue struct {
	Login        *string        `plesk:"systemUser.name" property:"ftp_login"`
	Password     *xmlapi.Secret `plesk:"systemUser.password,writeonly,lifecycle" property:"ftp_password"`
	DocumentRoot *string        `plesk:"documentRoot" property:"www_root"` // relative to the home
	Certificate  *string        `plesk:"tls.certificateRef" property:"certificate_name"`
	SEORedirect  *string        `plesk:"seoRedirect,needs=seo-redirect" property:"seo-redirect" words:"None=none,WWW=www,NonWWW=non-www"`
	Shared       *grant.Hosting `plesk:""`
}

const systemUserPassword = "spec.hosting.virtualHost.systemUser.password"

// Roles leaves out nobody: a customer may neither make nor remove a subscription, and change some of its own.
func (Subscription) Roles() []v1alpha1.ServerRole { return engine.ForAnybody }

func (Subscription) Refs() []engine.Ref[*v1alpha1.PleskSubscription] {
	type O = *v1alpha1.PleskSubscription
	return []engine.Ref[O]{
		{Field: "spec.customerRef", Target: target.Customers, Parent: true, Get: func(o O) []engine.Mention { return target.Mention(o.Spec.CustomerRef) },
			Set: func(o O, m []engine.Mention) { o.Spec.CustomerRef = target.Reference(m) }},
		{Field: "spec.resellerRef", Target: target.Resellers, Parent: true, Get: func(o O) []engine.Mention { return target.Mention(o.Spec.ResellerRef) },
			Set: func(o O, m []engine.Mention) { o.Spec.ResellerRef = target.Reference(m) }},
		{Field: "spec.servicePlanRef", Target: target.ServicePlans, Shared: true, Get: func(o O) []engine.Mention { return target.Mention(o.Spec.ServicePlanRef) },
			Set: func(o O, m []engine.Mention) { o.Spec.ServicePlanRef = target.Reference(m) }},
		{Field: "spec." + addonsField, Target: target.ServicePlanAddons, Shared: true, Get: addonMentions, Set: setAddons},
		certificateReference(func(o O) *v1alpha1.SiteTLS {
			if h := o.Spec.Hosting; h != nil && h.VirtualHost != nil {
				return h.VirtualHost.TLS
			}
			return nil
		}),
	}
}

func (Subscription) Secrets(o *v1alpha1.PleskSubscription) []engine.SecretUse {
	h := o.Spec.Hosting
	if h == nil || h.VirtualHost == nil || h.VirtualHost.SystemUser == nil || h.VirtualHost.SystemUser.Password == nil {
		return nil
	}
	u := h.VirtualHost.SystemUser
	login := form.Deref(u.Name)
	if seen := o.Status.Observed; u.Name == nil && seen != nil { // a password may be managed where the name is not
		login = seen.SystemUser
	}
	return []engine.SecretUse{{Field: systemUserPassword, Login: login, SecretValue: *u.Password}}
}

// NeedsSecrets names the system user's password where web hosting is to be made: the server had none, or somebody has removed it there.
func (Subscription) NeedsSecrets(changes []engine.Change) []string {
	if slices.ContainsFunc(changes, func(c engine.Change) bool { return c.Field == "hosting" && c.To == hostingVirtual }) {
		return []string{systemUserPassword}
	}
	return nil
}

func (Subscription) Desired(o *v1alpha1.PleskSubscription, in engine.Inputs) (engine.Key, subscriptionValue, error) {
	s := &o.Spec
	w := subscriptionValue{
		Description: s.Description, ExternalID: &in.Mark, places: recordedPlaces(o),
	}
	name, err := form.DomainName(s.DomainName)
	if err != nil {
		return engine.Key{}, w, engine.Invalid("spec.domainName", err.Error())
	}
	w.Domain = &name
	if r := in.Ref("spec.customerRef"); r != nil {
		w.Customer = r.Link()
	}
	if r := in.Ref("spec.resellerRef"); r != nil {
		w.Reseller = r.Link()
	}
	if r := in.Ref("spec.servicePlanRef"); r != nil {
		if r.GUID == "" {
			return engine.Key{}, w, engine.Invalid("spec.servicePlanRef", fmt.Sprintf("the GUID of the plan %q is not known", r.Key.Name))
		}
		w.Plan = r.Link()
	}
	if w.Addons, err = wantedAddons(s.AddonPlanRefs, in); err != nil {
		return engine.Key{}, w, err
	}
	if s.PlanSync == v1alpha1.PlanSyncSync {
		w.Deviations = []string{}
	}
	for _, a := range s.IPAddresses {
		if _, err := form.Address(a); err != nil {
			return engine.Key{}, w, engine.Invalid("spec.ipAddresses", fmt.Sprintf("%q: %v", a, err))
		}
		w.Addresses = append(w.Addresses, a)
	}
	if p := s.Preferences; p != nil {
		w.WWW = p.WWW
		if p.StatisticsMonths != nil {
			w.StatsMonths = new(strconv.Itoa(int(*p.StatisticsMonths)))
		}
	}
	if w.Allowance, err = grant.WantedAllowance(&s.Allowance); err != nil {
		return engine.Key{}, w, err
	}
	err = w.wantHosting(s.Hosting, in)
	return engine.Key{Name: name}, w, err
}

// wantHosting translates the union.
func (w *subscriptionValue) wantHosting(h *v1alpha1.SubscriptionHosting, in engine.Inputs) error {
	switch {
	case h == nil:
	case h.VirtualHost != nil:
		w.Hosting = new(hostingVirtual)
		return w.wantVirtual(h.VirtualHost, in)
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
		return engine.Invalid("spec.hosting", "one of virtualHost, forwarding, frameForwarding and none is required")
	}
	return nil
}

func (w *subscriptionValue) wantVirtual(h *v1alpha1.VirtualHost, in engine.Inputs) (err error) {
	v := &virtualValue{Password: in.Secret(systemUserPassword), DocumentRoot: h.DocumentRoot, SEORedirect: (*string)(h.SEORedirect)}
	if h.SystemUser != nil {
		v.Login = h.SystemUser.Name
	}
	var tls *v1alpha1.HostingTLS
	if h.TLS != nil {
		tls = &h.TLS.HostingTLS
		if v.Certificate, err = wantedCertificate(h.TLS, in, w.places...); err != nil {
			return err
		}
	}
	w.Virtual = v
	v.Shared, err = grant.WantedHosting("spec.hosting.virtualHost", &h.HostingProperties, tls, &virtualValue{Shared: &grant.Hosting{}})
	return err
}

func (Subscription) Normal(w subscriptionValue) subscriptionValue {
	form.Collapse(&w.Description)
	if w.Domain != nil {
		w.Domain = new(strings.ToLower(*w.Domain))
	}
	if w.Addresses != nil {
		w.Addresses = slices.Clone(w.Addresses)
		for i, a := range w.Addresses {
			if n, err := form.Address(a); err == nil {
				w.Addresses[i] = n.Unmap().String()
			}
		}
		slices.Sort(w.Addresses)
		w.Addresses = slices.Compact(w.Addresses)
	}
	if w.Virtual != nil {
		v := *w.Virtual
		form.Collapse(&v.Login, &v.Certificate)
		if v.DocumentRoot != nil {
			v.DocumentRoot = new(cleanRoot(*v.DocumentRoot))
		}
		v.Shared = v.Shared.Normal()
		w.Virtual = &v
	}
	w.Forward, w.Frame = w.Forward.normal(), w.Frame.normal()
	return w
}

// Delete also removes all that the subscription holds; the engine has checked it before.
func (Subscription) Delete(ctx context.Context, d xmlapi.Doer, found *engine.Found[subscriptionValue]) error {
	f, err := engine.FilterOf(webspace.ByGUID, webspace.ByID, found.Identity)
	if err != nil {
		return err
	}
	_, err = webspace.Del.One(ctx, d, xmlapi.FilterRequest{Filter: f})
	return err
}

func (Subscription) Contents(ctx context.Context, d xmlapi.Doer, found *engine.Found[subscriptionValue]) ([]engine.Content, error) {
	return target.SubscriptionContents(ctx, d, found.Identity)
}

func (Subscription) Privileged(want subscriptionValue) []string {
	fields := want.Allowance.Privileged()
	if want.Deviations != nil { // it would undo the administrator's changes in the panel
		fields = append(fields, planSyncField)
	}
	if want.Virtual != nil {
		fields = append(fields, want.Virtual.Shared.Privileged("hosting.virtualHost")...)
	}
	return fields
}

// PrivilegedThere lists exclusive addresses, which are not a tenant's to take.
func (Subscription) PrivilegedThere(ctx context.Context, d xmlapi.Doer, values subscriptionValue) ([]string, error) {
	if len(values.Addresses) == 0 {
		return nil, nil
	}
	known, err := serverAddresses(ctx, d)
	if err == nil && len(known) == 0 {
		err = xmlapi.Incomplete(ip.Get, "addresses")
	}
	if err != nil {
		return nil, err
	}
	var fields []string
	for _, a := range known {
		at, err := form.Address(a.Address)
		if n := at.Unmap().String(); err == nil && a.Type != ip.Shared && slices.Contains(values.Addresses, n) {
			fields = append(fields, fmt.Sprintf("ipAddresses (%s is exclusive)", n))
		}
	}
	return fields, nil
}

func (Subscription) Described(values subscriptionValue) []engine.Described {
	by := webspace.Descriptors
	return append(values.Allowance.Described(by), grant.DescribedProperties("hosting.virtualHost", values.Virtual, by.Properties)...)
}

// Overlaps lists the sites whose names a new domain lies below.
func (Subscription) Overlaps(ctx context.Context, d xmlapi.Doer, want subscriptionValue) ([]engine.Resolved, error) {
	return target.SitesAbove(ctx, d, *want.Domain)
}

func (Subscription) Destroys(want, have subscriptionValue) string {
	return losesFiles(want.Hosting, have.Hosting)
}

func (Subscription) Field(err *xmlapi.Error) string {
	switch about := err.About(); {
	case about == xmlapi.AboutAddress:
		return "spec.ipAddresses"
	case about == xmlapi.AboutOwner:
		return "" // the first reference, whichever operation it was
	case err.Operation == webspace.SwitchSubscription.Name(), err.Operation == webspace.Add.Name() && about == xmlapi.AboutObject:
		return "spec.servicePlanRef"
	case err.Operation == webspace.Set.Name() && err.Class == xmlapi.Limit:
		return "spec.limits" // on add the limit is the owner's or the licence's
	}
	return ""
}
