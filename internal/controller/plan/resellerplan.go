// PleskResellerPlan: operator `reseller-plan`, natural key the name.

package plan

import (
	"cmp"
	"context"
	"slices"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/grant"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/resellerplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskresellerplans,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskresellerplans/status,verbs=get;update;patch

// ResellerPlan is the kind PleskResellerPlan.
type ResellerPlan struct{}

var (
	_ engine.Kind[*v1alpha1.PleskResellerPlan, resellerPlanValue] = ResellerPlan{}
	_ engine.Maker[resellerPlanValue]                             = ResellerPlan{}
	_ engine.Lister[resellerPlanValue]                            = ResellerPlan{}
	_ engine.Logged                                               = ResellerPlan{}
	_ engine.Normalizer[resellerPlanValue]                        = ResellerPlan{}
	_ engine.Validator[resellerPlanValue]                         = ResellerPlan{}
	_ engine.Stateless                                            = ResellerPlan{}
	_ engine.ServerScoped                                         = ResellerPlan{}
	_ engine.Named                                                = ResellerPlan{}
	_ engine.Blamer                                               = ResellerPlan{}
)

// resellerPlanValue is what a reseller plan is on the wire.
type resellerPlanValue struct {
	Name          *string                  `plesk:"planName"`
	Allowance     *grant.ResellerAllowance `plesk:""`
	Shared        []string                 `plesk:"ipPool.shared,privileged"`
	ExclusiveIPv4 *int                     `plesk:"ipPool.exclusiveIPv4,privileged"`
	ExclusiveIPv6 *int                     `plesk:"ipPool.exclusiveIPv6,privileged"`
	ExternalID    *string                  `plesk:"externalID,mark"`
}

func (ResellerPlan) Roles() []v1alpha1.ServerRole { return engine.ForAdministrators }

func (ResellerPlan) Refs() []engine.Ref[*v1alpha1.PleskResellerPlan] { return nil }

func (ResellerPlan) ServerScoped() {}

func (ResellerPlan) Stateless() {}

func (ResellerPlan) Desired(o *v1alpha1.PleskResellerPlan, in engine.Inputs) (engine.Key, resellerPlanValue, error) {
	s := &o.Spec
	w := resellerPlanValue{Name: &s.PlanName, ExternalID: &in.Mark}
	if p := s.IPPool; p != nil {
		w.Shared = p.Shared
		if p.ExclusiveIPv4 != nil {
			w.ExclusiveIPv4 = new(int(*p.ExclusiveIPv4))
		}
		if p.ExclusiveIPv6 != nil {
			w.ExclusiveIPv6 = new(int(*p.ExclusiveIPv6))
		}
	}
	var err error
	w.Allowance, err = grant.WantedResellerAllowance(&s.ResellerAllowance)
	return engine.Key{Name: form.SingleBlanks(s.PlanName)}, w, err
}

func (ResellerPlan) Normal(w resellerPlanValue) resellerPlanValue {
	form.Collapse(&w.Name)
	w.Shared = form.NormalSet(w.Shared, form.ShownAddress)
	return w
}

func (ResellerPlan) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[resellerPlanValue], error) {
	by := engine.Lookups{ByGUID: resellerplan.ByGUID, ByID: resellerplan.ByID, ByMark: resellerplan.ByExternalID, ByKey: resellerplan.ByName}
	return engine.FindFirst(h, by, func(f xmlapi.Filter) (*engine.Found[resellerPlanValue], error) {
		r, err := resellerplan.Get.One(ctx, d, getResellerPlans(f.Query()))
		if err != nil {
			return nil, err
		}
		return foundResellerPlan(r)
	})
}

// List reads all reseller plans: a server has few.
func (ResellerPlan) List(ctx context.Context, d xmlapi.Doer, _ engine.Known) ([]*engine.Found[resellerPlanValue], error) {
	all, err := resellerplan.Get.All(ctx, d, getResellerPlans(resellerplan.All()))
	if err != nil {
		return nil, err
	}
	return engine.ListOf(resellerplan.Get, all, foundResellerPlan)
}

func (ResellerPlan) EventClasses() (own, around []string) { return []string{"template_reseller"}, nil }

// getResellerPlans asks for all but the applications.
func getResellerPlans(which xmlapi.Query) resellerplan.GetRequest {
	return resellerplan.GetRequest{Filter: which, Limits: &xmlapi.Empty{}, Permissions: &xmlapi.Empty{}, IPPool: &xmlapi.Empty{}}
}

func foundResellerPlan(r resellerplan.GetResult) (*engine.Found[resellerPlanValue], error) {
	is, err := target.ResolvedResellerPlan(r)
	switch {
	case err != nil:
		return nil, err
	case r.Limits == nil:
		return nil, xmlapi.Incomplete(resellerplan.Get, "limits")
	case r.Permissions == nil:
		return nil, xmlapi.Incomplete(resellerplan.Get, "permissions")
	case r.IPPool == nil:
		return nil, xmlapi.Incomplete(resellerplan.Get, "ip-pool")
	}
	return &engine.Found[resellerPlanValue]{
		Identity: is.Identity,
		Key:      is.Key,
		Mark:     is.Mark,
		Value: resellerPlanValue{
			Name: &r.Name, Allowance: grant.FoundResellerAllowance(r.Limits, r.Permissions), ExternalID: &is.Mark,
			Shared: r.IPPool.Addresses, ExclusiveIPv4: r.IPPool.AllocateIPv4, ExclusiveIPv6: r.IPPool.AllocateIPv6,
		},
	}, nil
}

func (ResellerPlan) Create(ctx context.Context, d xmlapi.Doer, w resellerPlanValue) (engine.Identity, error) {
	limits, err := w.Allowance.WireLimits()
	if err != nil {
		return engine.Identity{}, err
	}
	r, err := resellerplan.Add.One(ctx, d, resellerplan.AddRequest{
		Name: *w.Name, Limits: limits, Permissions: w.Allowance.WirePermissions(), IPPool: w.ipPool(), ExternalID: w.ExternalID,
	})
	return engine.Identity{ID: engine.IDText(r.ID), GUID: r.GUID}, err
}

func (ResellerPlan) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[resellerPlanValue]) error {
	f, err := engine.FilterOf(resellerplan.ByGUID, resellerplan.ByID, u.Identity)
	if err != nil {
		return err
	}
	limits, err := u.Patch.Allowance.WireLimits()
	if err != nil {
		return err
	}
	req := resellerplan.SetRequest{
		Filter: f, Name: u.Patch.Name, Limits: limits, Permissions: u.Patch.Allowance.WirePermissions(), ExternalID: u.Patch.ExternalID,
	}
	if engine.Touches(u.Changes, "ipPool") {
		req.IPPool = u.Want.wholePool(u.Have).ipPool()
	}
	r, err := resellerplan.Set.One(ctx, d, req)
	if err != nil {
		return err
	}
	form.Warn(u.Warn, resellerplan.Set, r.Problems)
	return nil
}

// wholePool fills in what the spec leaves open of the pool: whether the server takes it as a whole is documented nowhere.
func (w resellerPlanValue) wholePool(have resellerPlanValue) resellerPlanValue {
	if w.Shared == nil {
		w.Shared = have.Shared
	}
	w.ExclusiveIPv4, w.ExclusiveIPv6 = cmp.Or(w.ExclusiveIPv4, have.ExclusiveIPv4), cmp.Or(w.ExclusiveIPv6, have.ExclusiveIPv6)
	return w
}

// ipPool is the pool to write, nil for none.
func (w resellerPlanValue) ipPool() *resellerplan.IPPool {
	if w.Shared == nil && w.ExclusiveIPv4 == nil && w.ExclusiveIPv6 == nil {
		return nil
	}
	return &resellerplan.IPPool{Addresses: w.Shared, AllocateIPv4: w.ExclusiveIPv4, AllocateIPv6: w.ExclusiveIPv6}
}

func (ResellerPlan) Described(values resellerPlanValue) []engine.Described {
	return values.Allowance.Described(resellerplan.Descriptors)
}

// Delete leaves resellers with the plan, who go on without it.
func (ResellerPlan) Delete(ctx context.Context, d xmlapi.Doer, found *engine.Found[resellerPlanValue]) error {
	f, err := engine.FilterOf(resellerplan.ByGUID, resellerplan.ByID, found.Identity)
	if err != nil {
		return err
	}
	_, err = resellerplan.Del.One(ctx, d, xmlapi.FilterRequest{Filter: f})
	return err
}

// Contents lists the resellers with the plan, who would lose it. No operation lists them: all are looked through.
func (ResellerPlan) Contents(ctx context.Context, d xmlapi.Doer, found *engine.Found[resellerPlanValue]) ([]engine.Content, error) {
	all, err := reseller.Get.All(ctx, d, reseller.GetRequest{
		Filter: xmlapi.All(), Dataset: reseller.Dataset{GenInfo: &xmlapi.Empty{}, Subscriptions: &xmlapi.Empty{}},
	})
	if err != nil {
		return nil, err
	}
	var out []engine.Content
	for _, r := range all {
		is, err := target.ResolvedReseller(r)
		if err != nil {
			return nil, err
		}
		if r.Data.Subscriptions == nil {
			return nil, xmlapi.Incomplete(reseller.Get, "subscriptions")
		}
		link := r.Data.Subscriptions.Subscription
		if link != nil && slices.ContainsFunc(link.Plans, func(p webspace.Plan) bool { return p.GUID == found.GUID }) {
			out = append(out, engine.Content{Kind: is.Kind, Identity: is.Identity, Key: is.Key, Name: is.Key.Name})
		}
	}
	return out, nil
}

// Observe has nothing to show that the spec has no field for.
func (ResellerPlan) Observe(*v1alpha1.PleskResellerPlan, *engine.Found[resellerPlanValue]) {}

func (ResellerPlan) KeyField() string { return "spec.planName" }

func (ResellerPlan) Field(err *xmlapi.Error) string {
	switch {
	case err.About() == xmlapi.AboutAddress:
		return "spec.ipPool"
	case err.Class == xmlapi.Limit:
		return "spec.limits"
	}
	return ""
}
