// PleskServicePlanAddon: operator `service-plan-addon`, natural key the name, below the owner's login where a reseller owns the add-on.

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
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplanaddon"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskserviceplanaddons,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskserviceplanaddons/status,verbs=get;update;patch

// ServicePlanAddon is the kind PleskServicePlanAddon. No document says which class of events tells its changes, so they are looked for in its list.
type ServicePlanAddon struct{}

var (
	_ engine.Kind[*v1alpha1.PleskServicePlanAddon, addonValue] = ServicePlanAddon{}
	_ engine.Maker[addonValue]                                 = ServicePlanAddon{}
	_ engine.Lister[addonValue]                                = ServicePlanAddon{}
	_ engine.Normalizer[addonValue]                            = ServicePlanAddon{}
	_ engine.Privileged[addonValue]                            = ServicePlanAddon{}
	_ engine.Validator[addonValue]                             = ServicePlanAddon{}
	_ engine.Stateless                                         = ServicePlanAddon{}
	_ engine.ServerScoped                                      = ServicePlanAddon{}
	_ engine.Named                                             = ServicePlanAddon{}
	_ engine.Blamer                                            = ServicePlanAddon{}
)

// addonValue is what an add-on plan is on the wire. What it does not name it leaves to the service plan.
type addonValue struct {
	Name       *string          `plesk:"planName"`
	Owner      *engine.Link     `plesk:"resellerRef,immutable,privileged"`
	Allowance  *grant.Allowance `plesk:""`
	Hosting    *grant.Hosting   `plesk:"hosting"`
	ExternalID *string          `plesk:"externalID,mark"`

	packages *hosting.Packages // as found, for status.observed
}

func (ServicePlanAddon) Roles() []v1alpha1.ServerRole { return engine.ForProviders }

func (ServicePlanAddon) Refs() []engine.Ref[*v1alpha1.PleskServicePlanAddon] {
	return []engine.Ref[*v1alpha1.PleskServicePlanAddon]{{
		Field: "spec.resellerRef", Target: target.Resellers, Parent: true,
		Get: func(o *v1alpha1.PleskServicePlanAddon) []engine.Mention {
			return target.Mention(o.Spec.ResellerRef)
		},
		Set: func(o *v1alpha1.PleskServicePlanAddon, m []engine.Mention) {
			o.Spec.ResellerRef = target.Reference(m)
		},
	}}
}

func (ServicePlanAddon) ServerScoped() {}

func (ServicePlanAddon) Stateless() {}

func (ServicePlanAddon) Desired(o *v1alpha1.PleskServicePlanAddon, in engine.Inputs) (engine.Key, addonValue, error) {
	s := &o.Spec
	w := addonValue{Name: &s.PlanName, ExternalID: &in.Mark}
	if r := in.Ref("spec.resellerRef"); r != nil {
		w.Owner = r.Link()
	}
	var err error
	if w.Allowance, err = grant.WantedAllowance(&v1alpha1.Allowance{Limits: s.Limits, Permissions: s.Permissions, Performance: s.Performance}); err != nil {
		return engine.Key{}, w, err
	}
	if h := s.Hosting; h != nil {
		if w.Hosting, err = grant.WantedHosting("spec.hosting", &h.HostingProperties, h.TLS, &grant.Hosting{}); err != nil {
			return engine.Key{}, w, err
		}
	}
	return engine.Key{Name: target.PlanKey(form.Deref(target.LinkName(w.Owner)), form.SingleBlanks(s.PlanName))}, w, nil
}

func (ServicePlanAddon) Normal(w addonValue) addonValue {
	form.Collapse(&w.Name)
	w.Hosting = w.Hosting.Normal()
	return w
}

func (ServicePlanAddon) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[addonValue], error) {
	return findPlan(ctx, d, h, serviceplanaddon.Get, foundAddon)
}

func (ServicePlanAddon) List(ctx context.Context, d xmlapi.Doer, _ engine.Known) ([]*engine.Found[addonValue], error) {
	return listPlans(ctx, d, serviceplanaddon.Get, headOfAddon, foundAddon)
}

func headOfAddon(r serviceplanaddon.GetResult) planHead {
	return planHead{id: r.ID, name: r.Name, ownerID: r.OwnerID, ownerLogin: r.OwnerLogin}
}

func foundAddon(r serviceplanaddon.GetResult, owner string) (*engine.Found[addonValue], error) {
	is, err := target.ResolvedAddonPlan(r, owner)
	if err != nil {
		return nil, err
	}
	var limits *hosting.Limits
	if r.Limits != nil {
		limits = &hosting.Limits{Limits: r.Limits.Limits}
	}
	v := addonValue{
		Name: &r.Name, Owner: target.AccountLink(r.OwnerID, r.OwnerLogin), ExternalID: new(form.Deref(r.ExternalID)),
		Allowance: grant.FoundAllowance(limits, r.Permissions, r.Performance),
		Hosting:   &grant.Hosting{PHPSettings: grant.FoundPHPSettings(r.PHPSettings)},
		packages:  r.Packages,
	}
	var properties []xmlapi.Property
	if h := r.Hosting; h != nil && h.Virtual != nil {
		properties = h.Virtual.Properties
	}
	grant.ReadProperties(v.Hosting, properties) // what is not listed is not switched on
	return &engine.Found[addonValue]{Identity: is.Identity, Key: is.Key, Mark: form.Deref(r.ExternalID), In: is.In, Value: v}, nil
}

func (ServicePlanAddon) Create(ctx context.Context, d xmlapi.Doer, w addonValue) (engine.Identity, error) {
	set, err := addonBlocks(w)
	if err != nil {
		return engine.Identity{}, err
	}
	r, err := serviceplanaddon.Add.One(ctx, d, serviceplanaddon.AddRequest{
		Name: *w.Name, Owner: serviceplan.Owner{OwnerLogin: target.LinkName(w.Owner)}, ExternalID: w.ExternalID,
		Limits: set.Limits, Hosting: set.Hosting, Performance: set.Performance, Permissions: set.Permissions, PHPSettings: set.PHPSettings,
	})
	return engine.Identity{ID: engine.IDText(r.ID), GUID: r.GUID}, err
}

func (ServicePlanAddon) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[addonValue]) error {
	f, err := engine.FilterOf(serviceplanaddon.ByGUID, serviceplanaddon.ByID, u.Identity)
	if err != nil {
		return err
	}
	req, err := addonBlocks(u.Patch)
	if err != nil {
		return err
	}
	req.Filter, req.Name, req.ExternalID, req.OwnerLogin = f, u.Patch.Name, u.Patch.ExternalID, target.LinkName(u.Want.Owner)
	_, err = serviceplanaddon.Set.One(ctx, d, req)
	return err
}

// addonBlocks is what add and set have in common: here, unlike in service plans, properties stand in hosting directly in both.
func addonBlocks(w addonValue) (req serviceplanaddon.SetRequest, err error) {
	limits, err := w.Allowance.WireLimits()
	if err != nil {
		return req, err
	}
	if limits != nil {
		req.Limits = &serviceplanaddon.Limits{Limits: limits.Limits}
	}
	if req.Performance, err = w.Allowance.WirePerformance(); err != nil {
		return req, err
	}
	if list := grant.Properties(w.Hosting); len(list) > 0 {
		req.Hosting = &hosting.Properties{Properties: list}
	}
	req.Permissions, req.PHPSettings = w.Allowance.WirePermissions(), w.Hosting.WirePHPSettings()
	return req, nil
}

func (ServicePlanAddon) Privileged(want addonValue) []string {
	return append(want.Allowance.Privileged(), want.Hosting.Privileged("hosting")...)
}

func (ServicePlanAddon) Described(values addonValue) []engine.Described {
	by := serviceplanaddon.Descriptors
	return append(values.Allowance.Described(by), grant.DescribedProperties("hosting", values.Hosting, by.Properties)...)
}

// Delete takes from subscriptions what the add-on has added. Without its owner's login a reseller's is not found, by whatever filter.
func (ServicePlanAddon) Delete(ctx context.Context, d xmlapi.Doer, found *engine.Found[addonValue]) error {
	f, err := engine.FilterOf(serviceplanaddon.ByGUID, serviceplanaddon.ByID, found.Identity)
	if err != nil {
		return err
	}
	owner, _ := target.SplitPlanKey(found.Key.Name)
	_, err = serviceplanaddon.Del.One(ctx, d, serviceplan.FilterRequest{Filter: f, Owner: serviceplan.Owner{OwnerLogin: owner}})
	return err
}

func (ServicePlanAddon) Contents(ctx context.Context, d xmlapi.Doer, found *engine.Found[addonValue]) ([]engine.Content, error) {
	return subscriptionsTo(ctx, d, found.GUID)
}

func (ServicePlanAddon) Observe(o *v1alpha1.PleskServicePlanAddon, f *engine.Found[addonValue]) {
	seen := &v1alpha1.ObservedServicePlanAddon{Owner: form.Deref(target.LinkName(f.Value.Owner))}
	if p := f.Value.packages; p != nil {
		for _, app := range p.Packages {
			seen.Applications = append(seen.Applications, app.Name)
		}
	}
	o.Status.Observed = seen
}

func (ServicePlanAddon) KeyField() string { return "spec.planName" }

func (ServicePlanAddon) Field(err *xmlapi.Error) string {
	if err.Class == xmlapi.Limit && err.Operation == serviceplanaddon.Set.Name() {
		return "spec.limits"
	}
	return ""
}
