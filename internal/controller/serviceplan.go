// PleskServicePlan: operator `service-plan`, natural key the name, below the owner's login where a reseller owns the plan.

package controller

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// ServicePlan is the kind PleskServicePlan.
type ServicePlan struct{}

// servicePlanValue is what a plan is on the wire.
type servicePlanValue struct {
	Name        *string           `plesk:"planName"`
	Owner       *engine.Link      `plesk:"resellerRef,immutable,privileged"`
	Allowance   *allowanceValue   `plesk:""`
	HostingType *string           `plesk:"hostingType"`
	Hosting     *hostingValue     `plesk:"hosting"`
	Mail        *planMailValue    `plesk:"mail"`
	Logs        *logRotationValue `plesk:"logRotation"`
	StatsMonths *int              `plesk:"preferences.statisticsMonths"`
	ZoneType    *string           `plesk:"preferences.dnsZoneType"`
	Web         *webServerValue   `plesk:"webServer"`
	ExternalID  *string           `plesk:"externalID,mark"`

	result *serviceplan.GetResult // as found, for status.observed
}

var planHostingTypes = words{{string(v1alpha1.PlanHostingVirtualHost), hosting.Virtual}, {string(v1alpha1.PlanHostingNone), hosting.None}}

var zoneTypeWords = words{{string(v1alpha1.PlanZonePrimary), "master"}, {string(v1alpha1.PlanZoneSecondary), "slave"}}

// Refs implements engine.Kind.
func (ServicePlan) Refs() []engine.Ref[*v1alpha1.PleskServicePlan] {
	return []engine.Ref[*v1alpha1.PleskServicePlan]{{
		Field: "spec.resellerRef", Target: resellers,
		Get: func(o *v1alpha1.PleskServicePlan) []engine.Mention { return externalMention(o.Spec.ResellerRef) },
	}}
}

// ServerScoped implements engine.ServerScoped.
func (ServicePlan) ServerScoped() {}

// Stateless implements engine.Stateless.
func (ServicePlan) Stateless() {}

// Desired implements engine.Kind.
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
	if w.Allowance, err = wantedAllowance(&s.Allowance); err != nil {
		return engine.Key{}, w, err
	}
	if h := s.Hosting; h != nil {
		if w.Hosting, err = wantedHosting("spec.hosting", &h.HostingProperties, h.TLS, &hostingValue{}); err != nil {
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
	return engine.Key{Name: planKey(deref(linkName(w.Owner)), singleBlanks(s.PlanName))}, w, nil
}

// planKey is the natural key of a plan: its name, of a reseller's plan OWNER/NAME. A name of one's own plan that holds a slash
// gets one before it, since logins hold none.
func planKey(owner, name string) string {
	if owner != "" || strings.Contains(name, "/") {
		return owner + "/" + name
	}
	return name
}

// splitPlanKey is the inverse of planKey; the owner is nil for one's own plans.
func splitPlanKey(key string) (owner *string, name string) {
	login, rest, found := strings.Cut(key, "/")
	switch {
	case !found:
		return nil, key
	case login == "":
		return nil, rest
	}
	return &login, rest
}

// Normal implements engine.Normalizer.
func (ServicePlan) Normal(w servicePlanValue) servicePlanValue {
	collapse(&w.Name)
	w.Hosting, w.Mail, w.Logs, w.Web = w.Hosting.normal(), w.Mail.normal(), w.Logs.normal(), w.Web.normal()
	return w
}

// Find implements engine.Kind. It looks in the list of the owner that the key names: the server keeps one list per owner, for ids too.
func (ServicePlan) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[servicePlanValue], error) {
	owner, _ := splitPlanKey(cmp.Or(h.Key.Name, h.Was.Name))
	byKey := func(key string, _ ...string) xmlapi.Filter {
		_, name := splitPlanKey(key)
		return serviceplan.ByName(name)
	}
	by := lookups{serviceplan.ByGUID, serviceplan.ByID, serviceplan.ByExternalID, byKey}
	return findFirst(h, by, func(f xmlapi.Filter) (*engine.Found[servicePlanValue], error) {
		r, err := serviceplan.Get.One(ctx, d, serviceplan.GetRequest{Filter: f.Query(), OwnerQuery: serviceplan.OwnerQuery{OwnerLogin: owner}})
		if err != nil {
			return nil, err
		}
		return foundServicePlan(r, deref(owner))
	})
}

func foundServicePlan(r serviceplan.GetResult, owner string) (*engine.Found[servicePlanValue], error) {
	is, err := resolvedServicePlan(r, owner)
	if err != nil {
		return nil, err
	}
	v := servicePlanValue{
		Name: &r.Name, Owner: accountLink(r.OwnerID, r.OwnerLogin), ExternalID: new(deref(r.ExternalID)),
		Allowance: foundAllowance(r.Limits, r.Permissions, r.Performance),
		// Without hosting, a plan may show none at all.
		HostingType: new(string(v1alpha1.PlanHostingNone)), Hosting: &hostingValue{PHPSettings: foundPHPSettings(r.PHPSettings)},
		Mail: foundPlanMail(r.Mail), Logs: foundLogRotation(r.LogRotation), Web: foundWebServer(r.WebServerSettings),
		result: &r,
	}
	if h := r.Hosting; h != nil && h.Virtual != nil {
		v.HostingType = new(string(v1alpha1.PlanHostingVirtualHost))
		readProperties(v.Hosting, h.Virtual.Properties)
	}
	if p := r.Preferences; p != nil {
		v.StatsMonths, v.ZoneType = p.StatisticsMonths, zoneTypeWords.api(p.DNSZoneType)
	}
	return &engine.Found[servicePlanValue]{
		Identity: is.Identity,
		Key:      is.Key,
		Mark:     deref(r.ExternalID),
		Value:    v,
	}, nil
}

// Create implements engine.Kind.
func (ServicePlan) Create(ctx context.Context, d xmlapi.Doer, w servicePlanValue) (engine.Identity, error) {
	set, err := planBlocks(w)
	if err != nil {
		return engine.Identity{}, err
	}
	req := serviceplan.AddRequest{
		Name: *w.Name, Owner: serviceplan.Owner{OwnerLogin: linkName(w.Owner)}, ExternalID: w.ExternalID,
		Mail: set.Mail, Limits: set.Limits, LogRotation: set.LogRotation, Preferences: set.Preferences, HostingType: planHostingTypes.wire(w.HostingType),
		Performance: set.Performance, Permissions: set.Permissions, PHPSettings: set.PHPSettings, WebServerSettings: set.WebServerSettings,
	}
	// Here alone the properties stand in hosting directly (operators-accounts-server §9).
	if list := properties(w.Hosting); len(list) > 0 {
		req.Hosting = &hosting.Properties{Properties: list}
	}
	if w.Hosting != nil {
		req.HostingType = new(hosting.Virtual)
	}
	r, err := serviceplan.Add.One(ctx, d, req)
	return engine.Identity{ID: idText(r.ID), GUID: r.GUID}, err
}

// Update implements engine.Kind.
func (ServicePlan) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[servicePlanValue]) error {
	f, err := filterOf(serviceplan.ByGUID, serviceplan.ByID, u.Identity)
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
	req.OwnerLogin = linkName(u.Want.Owner)
	list := properties(p.Hosting)
	switch {
	case deref(u.Want.HostingType) == none && p.HostingType != nil:
		req.Hosting = &hosting.PlanHosting{None: &xmlapi.Empty{}}
	case p.HostingType != nil || len(list) > 0:
		req.Hosting = &hosting.PlanHosting{Virtual: &hosting.Properties{Properties: list}}
	}
	r, err := serviceplan.Set.One(ctx, d, req)
	if err != nil {
		return err
	}
	warn(u.Warn, serviceplan.Set, r.Problems)
	return nil
}

// planBlocks is what add and set have in common.
func planBlocks(w servicePlanValue) (req serviceplan.SetRequest, err error) {
	if req.Limits, err = w.Allowance.limits(); err != nil {
		return req, err
	}
	if req.Performance, err = w.Allowance.performance(); err != nil {
		return req, err
	}
	if req.LogRotation, err = w.Logs.wire(); err != nil {
		return req, err
	}
	req.Permissions = w.Allowance.permissions()
	req.PHPSettings = w.Hosting.phpSettings()
	req.Mail, req.WebServerSettings = w.Mail.wire(), w.Web.wire()
	if w.StatsMonths != nil || w.ZoneType != nil {
		req.Preferences = &serviceplan.Preferences{StatisticsMonths: w.StatsMonths, DNSZoneType: zoneTypeWords.wire(w.ZoneType)}
	}
	return req, nil
}

// Privileged implements engine.Privileged.
func (ServicePlan) Privileged(want servicePlanValue) []string {
	return append(want.Allowance.privileged(), want.Hosting.privileged("hosting")...)
}

// Destroys implements engine.Destructive.
func (ServicePlan) Destroys(want, have servicePlanValue) string {
	if deref(want.HostingType) == string(v1alpha1.PlanHostingNone) && deref(have.HostingType) == string(v1alpha1.PlanHostingVirtualHost) {
		return "spec.hostingType: taking the hosting away from a plan deletes the web sites of its subscriptions with their files"
	}
	return ""
}

// Delete implements engine.Maker. Subscriptions to the plan stay, without it. Without its owner's login a reseller's plan is not
// found, by whatever filter.
func (ServicePlan) Delete(ctx context.Context, d xmlapi.Doer, found *engine.Found[servicePlanValue]) error {
	f, err := filterOf(serviceplan.ByGUID, serviceplan.ByID, found.Identity)
	if err != nil {
		return err
	}
	owner, _ := splitPlanKey(found.Key.Name)
	_, err = serviceplan.Del.One(ctx, d, serviceplan.FilterRequest{Filter: f, Owner: serviceplan.Owner{OwnerLogin: owner}})
	return err
}

// Contents implements engine.Maker: the subscriptions to the plan, which would lose it. No operation lists them: all are looked through.
func (ServicePlan) Contents(ctx context.Context, d xmlapi.Doer, found *engine.Found[servicePlanValue]) ([]engine.Content, error) {
	all, err := webspace.Get.All(ctx, d, webspace.GetRequest{Filter: xmlapi.All(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}, Subscriptions: &xmlapi.Empty{}}})
	if err != nil {
		return nil, err
	}
	var out []engine.Content
	for _, w := range all {
		s, err := subscriptionSite(w)
		if err != nil {
			return nil, err
		}
		if w.Data.Subscriptions == nil {
			return nil, incomplete(webspace.Get, "subscriptions")
		}
		link := w.Data.Subscriptions.Subscription
		if link != nil && slices.ContainsFunc(link.Plans, func(p webspace.Plan) bool { return p.GUID == found.GUID }) {
			out = append(out, engine.Content{Kind: "PleskSubscription", Identity: s.Identity, Key: s.Key, Name: s.Key.Name})
		}
	}
	return out, nil
}

// Observe implements engine.Kind.
func (ServicePlan) Observe(o *v1alpha1.PleskServicePlan, f *engine.Found[servicePlanValue]) {
	seen := &v1alpha1.ObservedServicePlan{
		Owner: deref(linkName(f.Value.Owner)), HostingType: v1alpha1.PlanHostingType(deref(f.Value.HostingType)),
	}
	if items := f.Value.result.PlanItems; items != nil {
		for _, i := range items.Items {
			seen.AdditionalServices = append(seen.AdditionalServices, i.Name)
		}
	}
	o.Status.Observed = seen
}

// KeyField implements engine.Named.
func (ServicePlan) KeyField() string { return "spec.planName" }

// Field implements engine.Blamer.
func (ServicePlan) Field(err *xmlapi.Error) string {
	switch {
	case err.About() == xmlapi.AboutWebmail:
		return "spec.mail.webmail"
	case err.Class == xmlapi.Limit && err.Operation == serviceplan.Set.Name():
		return "spec.limits"
	}
	return ""
}
