// PleskServicePlan: operator `service-plan`, natural key the name, below the owner's login where a reseller owns the plan.

// Package plan holds the kinds of plans: what hosting is sold by.
package plan

import (
	"context"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/grant"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskserviceplans,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskserviceplans/status,verbs=get;update;patch

// ServicePlan is the kind PleskServicePlan.
type ServicePlan struct{}

var (
	_ engine.Kind[*v1alpha1.PleskServicePlan, servicePlanValue] = ServicePlan{}
	_ engine.Maker[servicePlanValue]                            = ServicePlan{}
	_ engine.Lister[servicePlanValue]                           = ServicePlan{}
	_ engine.Logged                                             = ServicePlan{}
	_ engine.Normalizer[servicePlanValue]                       = ServicePlan{}
	_ engine.Privileged[servicePlanValue]                       = ServicePlan{}
	_ engine.Validator[servicePlanValue]                        = ServicePlan{}
	_ engine.Destructive[servicePlanValue]                      = ServicePlan{}
	_ engine.Stateless                                          = ServicePlan{}
	_ engine.ServerScoped                                       = ServicePlan{}
	_ engine.Named                                              = ServicePlan{}
	_ engine.Blamer                                             = ServicePlan{}
)

// servicePlanValue is what a plan is on the wire.
type servicePlanValue struct {
	Name        *string           `plesk:"planName"`
	Owner       *engine.Link      `plesk:"resellerRef,immutable,privileged"`
	Allowance   *grant.Allowance  `plesk:""`
	HostingType *string           `plesk:"hostingType"`
	Hosting     *grant.Hosting    `plesk:"hosting"`
	Mail        *planMailValue    `plesk:"mail"`
	Logs        *logRotationValue `plesk:"logRotation"`
	StatsMonths *int              `plesk:"preferences.statisticsMonths"`
	ZoneType    *string           `plesk:"preferences.dnsZoneType"`
	Web         *webServerValue   `plesk:"webServer"`
	ExternalID  *string           `plesk:"externalID,mark"`

	result *serviceplan.GetResult // as found, for status.observed
}

var planHostingTypes = form.Words{{string(v1alpha1.PlanHostingVirtualHost), hosting.Virtual}, {string(v1alpha1.PlanHostingNone), hosting.None}}

var zoneTypeWords = form.Words{{string(v1alpha1.PlanZonePrimary), "master"}, {string(v1alpha1.PlanZoneSecondary), "slave"}}

func (ServicePlan) Roles() []v1alpha1.ServerRole { return engine.ForProviders }

func (ServicePlan) Refs() []engine.Ref[*v1alpha1.PleskServicePlan] {
	return []engine.Ref[*v1alpha1.PleskServicePlan]{{
		Field: "spec.resellerRef", Target: target.Resellers, Parent: true,
		Get: func(o *v1alpha1.PleskServicePlan) []engine.Mention { return target.Mention(o.Spec.ResellerRef) },
		Set: func(o *v1alpha1.PleskServicePlan, m []engine.Mention) { o.Spec.ResellerRef = target.Reference(m) },
	}}
}

func (ServicePlan) ServerScoped() {}

func (ServicePlan) Stateless() {}

func (ServicePlan) Desired(o *v1alpha1.PleskServicePlan, in engine.Inputs) (engine.Key, servicePlanValue, error) {
	s := &o.Spec
	w := servicePlanValue{
		Name: &s.PlanName, HostingType: (*string)(s.HostingType), ExternalID: &in.Mark,
		Mail: wantedPlanMail(s.Mail), Web: wantedWebServer(s.WebServer),
	}
	if r := in.Ref("spec.resellerRef"); r != nil {
		w.Owner = r.Link()
	}
	var err error
	if w.Allowance, err = grant.WantedAllowance(&s.Allowance); err != nil {
		return engine.Key{}, w, err
	}
	if h := s.Hosting; h != nil {
		if w.Hosting, err = grant.WantedHosting("spec.hosting", &h.HostingProperties, h.TLS, &grant.Hosting{}); err != nil {
			return engine.Key{}, w, err
		}
	}
	if w.Logs, err = wantedLogRotation(s.LogRotation); err != nil {
		return engine.Key{}, w, err
	}
	if p := s.Preferences; p != nil {
		w.ZoneType = (*string)(p.DNSZoneType)
		if p.StatisticsMonths != nil {
			w.StatsMonths = new(int(*p.StatisticsMonths))
		}
	}
	return engine.Key{Name: target.PlanKey(form.Deref(target.LinkName(w.Owner)), form.SingleBlanks(s.PlanName))}, w, nil
}

func (ServicePlan) Normal(w servicePlanValue) servicePlanValue {
	form.Collapse(&w.Name)
	w.Hosting, w.Mail, w.Logs, w.Web = w.Hosting.Normal(), w.Mail.normal(), w.Logs.normal(), w.Web.normal()
	return w
}

func (ServicePlan) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[servicePlanValue], error) {
	return findPlan(ctx, d, h, serviceplan.Get, foundServicePlan)
}

func foundServicePlan(r serviceplan.GetResult, owner string) (*engine.Found[servicePlanValue], error) {
	is, err := target.ResolvedServicePlan(r, owner)
	if err != nil {
		return nil, err
	}
	v := servicePlanValue{
		Name: &r.Name, Owner: target.AccountLink(r.OwnerID, r.OwnerLogin), ExternalID: new(form.Deref(r.ExternalID)),
		Allowance: grant.FoundAllowance(r.Limits, r.Permissions, r.Performance),
		// Without hosting, a plan may show none at all.
		HostingType: new(string(v1alpha1.PlanHostingNone)), Hosting: &grant.Hosting{PHPSettings: grant.FoundPHPSettings(r.PHPSettings)},
		Mail: foundPlanMail(r.Mail), Logs: foundLogRotation(r.LogRotation), Web: foundWebServer(r.WebServerSettings),
		result: &r,
	}
	if h := r.Hosting; h != nil && h.Virtual != nil {
		v.HostingType = new(string(v1alpha1.PlanHostingVirtualHost))
		grant.ReadProperties(v.Hosting, h.Virtual.Properties)
	}
	if p := r.Preferences; p != nil {
		v.StatsMonths, v.ZoneType = p.StatisticsMonths, zoneTypeWords.API(p.DNSZoneType)
	}
	return &engine.Found[servicePlanValue]{
		Identity: is.Identity,
		Key:      is.Key,
		Mark:     form.Deref(r.ExternalID),
		In:       is.In,
		Value:    v,
	}, nil
}

func (ServicePlan) Create(ctx context.Context, d xmlapi.Doer, w servicePlanValue) (engine.Identity, error) {
	set, err := planBlocks(w)
	if err != nil {
		return engine.Identity{}, err
	}
	req := serviceplan.AddRequest{
		Name: *w.Name, Owner: serviceplan.Owner{OwnerLogin: target.LinkName(w.Owner)}, ExternalID: w.ExternalID,
		Mail: set.Mail, Limits: set.Limits, LogRotation: set.LogRotation, Preferences: set.Preferences, HostingType: planHostingTypes.Wire(w.HostingType),
		Performance: set.Performance, Permissions: set.Permissions, PHPSettings: set.PHPSettings, WebServerSettings: set.WebServerSettings,
	}
	// Here alone the properties stand in hosting directly (operators-accounts-server §9).
	if list := grant.Properties(w.Hosting); len(list) > 0 {
		req.Hosting = &hosting.Properties{Properties: list}
	}
	if w.Hosting != nil {
		req.HostingType = new(hosting.Virtual)
	}
	r, err := serviceplan.Add.One(ctx, d, req)
	return engine.Identity{ID: engine.IDText(r.ID), GUID: r.GUID}, err
}

func (ServicePlan) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[servicePlanValue]) error {
	f, err := engine.FilterOf(serviceplan.ByGUID, serviceplan.ByID, u.Identity)
	if err != nil {
		return err
	}
	none := string(v1alpha1.PlanHostingNone)
	p := u.Patch
	p.Logs = p.Logs.whole(u.Want.Logs, u.Have.Logs)
	req, err := planBlocks(p)
	if err != nil {
		return err
	}
	req.Filter, req.Name, req.ExternalID = f, p.Name, p.ExternalID
	req.OwnerLogin = target.LinkName(u.Want.Owner)
	list := grant.Properties(p.Hosting)
	switch {
	case form.Deref(u.Want.HostingType) == none && p.HostingType != nil:
		req.Hosting = &hosting.PlanHosting{None: &xmlapi.Empty{}}
	case p.HostingType != nil || len(list) > 0:
		req.Hosting = &hosting.PlanHosting{Virtual: &hosting.Properties{Properties: list}}
	}
	r, err := serviceplan.Set.One(ctx, d, req)
	if err != nil {
		return err
	}
	form.Warn(u.Warn, serviceplan.Set, r.Problems)
	return nil
}

// planBlocks is what add and set have in common.
func planBlocks(w servicePlanValue) (req serviceplan.SetRequest, err error) {
	if req.Limits, err = w.Allowance.WireLimits(); err != nil {
		return req, err
	}
	if req.Performance, err = w.Allowance.WirePerformance(); err != nil {
		return req, err
	}
	if req.LogRotation, err = w.Logs.wire(); err != nil {
		return req, err
	}
	req.Permissions = w.Allowance.WirePermissions()
	req.PHPSettings = w.Hosting.WirePHPSettings()
	req.Mail, req.WebServerSettings = w.Mail.wire(), w.Web.wire()
	if w.StatsMonths != nil || w.ZoneType != nil {
		req.Preferences = &serviceplan.Preferences{StatisticsMonths: w.StatsMonths, DNSZoneType: zoneTypeWords.Wire(w.ZoneType)}
	}
	return req, nil
}

func (ServicePlan) Privileged(want servicePlanValue) []string {
	return append(want.Allowance.Privileged(), want.Hosting.Privileged("hosting")...)
}

func (ServicePlan) Described(values servicePlanValue) []engine.Described {
	by := serviceplan.Descriptors
	return append(values.Allowance.Described(by), grant.DescribedProperties("hosting", values.Hosting, by.Properties)...)
}

func (ServicePlan) Destroys(want, have servicePlanValue) string {
	if form.Deref(want.HostingType) == string(v1alpha1.PlanHostingNone) && form.Deref(have.HostingType) == string(v1alpha1.PlanHostingVirtualHost) {
		return "spec.hostingType: taking the hosting away from a plan deletes the web sites of its subscriptions with their files"
	}
	return ""
}

// Delete leaves subscriptions to the plan, which go on without it. Without its owner's login a reseller's plan is not
// found, by whatever filter.
func (ServicePlan) Delete(ctx context.Context, d xmlapi.Doer, found *engine.Found[servicePlanValue]) error {
	f, err := engine.FilterOf(serviceplan.ByGUID, serviceplan.ByID, found.Identity)
	if err != nil {
		return err
	}
	owner, _ := target.SplitPlanKey(found.Key.Name)
	_, err = serviceplan.Del.One(ctx, d, serviceplan.FilterRequest{Filter: f, Owner: serviceplan.Owner{OwnerLogin: owner}})
	return err
}

func (ServicePlan) Contents(ctx context.Context, d xmlapi.Doer, found *engine.Found[servicePlanValue]) ([]engine.Content, error) {
	return subscriptionsTo(ctx, d, found.GUID)
}

func (ServicePlan) Observe(o *v1alpha1.PleskServicePlan, f *engine.Found[servicePlanValue]) {
	seen := &v1alpha1.ObservedServicePlan{
		Owner: form.Deref(target.LinkName(f.Value.Owner)), HostingType: v1alpha1.PlanHostingType(form.Deref(f.Value.HostingType)),
	}
	if items := f.Value.result.PlanItems; items != nil {
		for _, i := range items.Items {
			seen.AdditionalServices = append(seen.AdditionalServices, i.Name)
		}
	}
	o.Status.Observed = seen
}

func (ServicePlan) KeyField() string { return "spec.planName" }

func (ServicePlan) Field(err *xmlapi.Error) string {
	switch {
	case err.About() == xmlapi.AboutWebmail:
		return "spec.mail.webmail"
	case err.Class == xmlapi.Limit && err.Operation == serviceplan.Set.Name():
		return "spec.limits"
	}
	return ""
}
