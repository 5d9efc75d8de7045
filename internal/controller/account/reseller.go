// PleskReseller: operator `reseller`, natural key the login.

package account

import (
	"context"
	"errors"
	"slices"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/grant"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskresellers,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskresellers/status,verbs=get;update;patch

// Reseller is the kind PleskReseller.
type Reseller struct{}

var (
	_ engine.Kind[*v1alpha1.PleskReseller, resellerValue]      = Reseller{}
	_ engine.Maker[resellerValue]                              = Reseller{}
	_ engine.Lister[resellerValue]                             = Reseller{}
	_ engine.Logged                                            = Reseller{}
	_ engine.Normalizer[resellerValue]                         = Reseller{}
	_ engine.SecretUser[*v1alpha1.PleskReseller]               = Reseller{}
	_ engine.Validator[resellerValue]                          = Reseller{}
	_ engine.Mover                                             = Reseller{}
	_ engine.ServerScoped                                      = Reseller{}
	_ engine.Named                                             = Reseller{}
	_ engine.Blamer                                            = Reseller{}
	_ engine.Suspender[*v1alpha1.PleskReseller, resellerValue] = Reseller{}
	_ engine.Contracted                                        = Reseller{}
)

// resellerValue is what a reseller is on the wire.
type resellerValue struct {
	Plan       *engine.Link             `plesk:"resellerPlanRef,lifecycle"`
	Account    *accountValue            `plesk:""`
	PowerUser  *bool                    `plesk:"powerUser,needs=power-user"`
	Allowance  *grant.ResellerAllowance `plesk:""`
	Shared     []string                 `plesk:"ipPool.shared,privileged,lifecycle"`
	Exclusive  []string                 `plesk:"ipPool.exclusive,privileged,lifecycle"`
	ExternalID *string                  `plesk:"externalID,mark"`

	data *reseller.Data // as found, for status.observed
}

const (
	planField = "spec.resellerPlanRef"
	poolField = "spec.ipPool"
)

func (Reseller) Roles() []v1alpha1.ServerRole { return engine.ForAdministrators }

func (Reseller) Refs() []engine.Ref[*v1alpha1.PleskReseller] {
	return []engine.Ref[*v1alpha1.PleskReseller]{{
		Field: planField, Target: target.ResellerPlans, Shared: true,
		Get: func(o *v1alpha1.PleskReseller) []engine.Mention { return target.Mention(o.Spec.ResellerPlanRef) },
		Set: func(o *v1alpha1.PleskReseller, m []engine.Mention) { o.Spec.ResellerPlanRef = target.Reference(m) },
	}}
}

func (Reseller) ServerScoped() {}

func (Reseller) Secrets(o *v1alpha1.PleskReseller) []engine.SecretUse {
	return secretsOf(&o.Spec.Account)
}

func (Reseller) Desired(o *v1alpha1.PleskReseller, in engine.Inputs) (engine.Key, resellerValue, error) {
	s := &o.Spec
	w := resellerValue{Account: wantedAccount(&s.Account, in), PowerUser: s.PowerUser, ExternalID: &in.Mark}
	if r := in.Ref(planField); r != nil {
		if r.GUID == "" {
			return engine.Key{}, w, engine.Invalid(planField, "the GUID of the plan is not known")
		}
		w.Plan = r.Link()
	}
	if p := s.IPPool; p != nil {
		w.Shared, w.Exclusive = p.Shared, p.Exclusive
	}
	var err error
	w.Allowance, err = grant.WantedResellerAllowance(&s.ResellerAllowance)
	return engine.Key{Name: target.LoginKey(s.Login)}, w, err
}

func (Reseller) Normal(w resellerValue) resellerValue {
	w.Account = w.Account.normal()
	w.Shared, w.Exclusive = form.NormalSet(w.Shared, form.ShownAddress), form.NormalSet(w.Exclusive, form.ShownAddress)
	return w
}

func (Reseller) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[resellerValue], error) {
	by := engine.Lookups{ByGUID: reseller.ByGUID, ByID: reseller.ByID, ByMark: reseller.ByExternalID, ByKey: reseller.ByLogin}
	return engine.FindFirst(h, by, func(f xmlapi.Filter) (*engine.Found[resellerValue], error) {
		r, err := reseller.Get.One(ctx, d, getResellers(f.Query()))
		if err != nil {
			return nil, err
		}
		return foundReseller(r)
	})
}

// List reads all resellers in full, known or not: one takes some 6 KB, and a server has no thousands of them.
func (Reseller) List(ctx context.Context, d xmlapi.Doer, _ engine.Known) ([]*engine.Found[resellerValue], error) {
	all, err := reseller.Get.All(ctx, d, getResellers(xmlapi.All()))
	if err != nil {
		return nil, err
	}
	return engine.ListOf(reseller.Get, all, foundReseller)
}

// EventClasses : a change of the plan reaches the reseller.
func (Reseller) EventClasses() (own, around []string) {
	own = []string{"reseller", "reseller_status", "reseller_prefs", "reseller_limits", "reseller_perms", "reseller_ip_pool"}
	return own, []string{"template_reseller"}
}

// getResellers asks for all but what is used, which the server would have to count.
func getResellers(which xmlapi.Query) reseller.GetRequest {
	return reseller.GetRequest{Filter: which, Dataset: reseller.Dataset{
		GenInfo: &xmlapi.Empty{}, Permissions: &xmlapi.Empty{}, Limits: &xmlapi.Empty{}, IPPool: &xmlapi.Empty{}, Subscriptions: &xmlapi.Empty{},
	}}
}

// missingOfReseller names a block that was asked for and that the answer lacks.
func missingOfReseller(b *reseller.Data) string {
	switch {
	case b.Permissions == nil:
		return "permissions"
	case b.Limits == nil:
		return "limits"
	case b.IPPool == nil:
		return "ippool"
	case b.Subscriptions == nil:
		return "subscriptions"
	case b.Subscriptions.Subscription != nil && len(b.Subscriptions.Subscription.Plans) > 1:
		return "one plan for the reseller"
	}
	return ""
}

func foundReseller(r reseller.GetResult) (*engine.Found[resellerValue], error) {
	is, err := target.ResolvedReseller(r)
	if err != nil {
		return nil, err
	}
	if missing := missingOfReseller(r.Data); missing != "" {
		return nil, xmlapi.Incomplete(reseller.Get, missing)
	}
	g := r.Data.GenInfo
	v := resellerValue{
		Account: accountValue{
			Login: &g.Login, ContactName: &g.ContactName, CompanyName: &g.CompanyName, Locale: &g.Locale, Description: &g.Description,
		}.found(g.Contact),
		PowerUser: g.PowerUser, Allowance: grant.FoundResellerAllowance(r.Data.Limits, r.Data.Permissions), ExternalID: &g.ExternalID,
		data: r.Data,
	}
	if p := linkedPlan(r.Data); p != nil {
		v.Plan = &engine.Link{Identity: engine.Identity{GUID: p.GUID}, Name: p.GUID}
	}
	v.Shared, v.Exclusive = poolOf(r.Data.IPPool)
	return &engine.Found[resellerValue]{Identity: is.Identity, Key: is.Key, Mark: is.Mark, Value: v}, nil
}

// linkedPlan is the plan that a reseller is bound to, nil for none.
func linkedPlan(b *reseller.Data) *webspace.Plan {
	if s := b.Subscriptions.Subscription; s != nil && len(s.Plans) == 1 {
		return &s.Plans[0]
	}
	return nil
}

// Create says all that the spec sets and nothing else: what a plan controls stays the plan's. The pool cannot be said, and is filled as soon as the
// account is there.
func (Reseller) Create(ctx context.Context, d xmlapi.Doer, w resellerValue) (engine.Identity, error) {
	g, err := w.Account.newAccount()
	if err != nil {
		return engine.Identity{}, err
	}
	limits, err := w.Allowance.WireLimits()
	if err != nil {
		return engine.Identity{}, err
	}
	r, err := reseller.Add.One(ctx, d, reseller.AddRequest{
		GenInfo: reseller.NewGenInfo{
			CompanyName: g.CompanyName, ContactName: *g.ContactName, Login: *g.Login, Password: *g.Password, Contact: g.Contact,
			Locale: g.Locale, ExternalID: w.ExternalID, Description: g.Description, PowerUser: w.PowerUser,
		},
		Limits: limits, Permissions: w.Allowance.WirePermissions(), PlanGUID: target.LinkGUID(w.Plan),
	})
	return engine.Identity{ID: engine.IDText(r.ID), GUID: r.GUID}, blameLogin(ctx, d, g.Login, err)
}

// blameLogin finds out whether a value that was refused is a login that is taken: old servers have no code for that of a reseller
// (operators-accounts-server, corrections).
func blameLogin(ctx context.Context, d xmlapi.Doer, login *string, err error) error {
	refusal, ok := errors.AsType[*xmlapi.Error](err)
	if login == nil || !ok || refusal.Code != xmlapi.CodeInvalidValue {
		return err
	}
	asReseller := reseller.Get.Call(reseller.GetRequest{Filter: reseller.ByLogin(*login).Query(), Dataset: reseller.Dataset{GenInfo: &xmlapi.Empty{}}})
	asCustomer := customer.Get.Call(getCustomerBy(customer.ByLogin(*login)))
	if lookErr := d.Do(ctx, asReseller, asCustomer); lookErr != nil {
		return err
	}
	_, noReseller := asReseller.One()
	_, noCustomer := asCustomer.One()
	if noReseller != nil && noCustomer != nil {
		return err
	}
	taken := *refusal
	taken.Class = xmlapi.Exists
	return engine.Blame("spec.login", &taken)
}

func getCustomerBy(f xmlapi.Filter) customer.GetRequest {
	return customer.GetRequest{Filter: f.Query(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}}
}

// Update reads the reseller again after a switch of the plan, which makes limits, permissions and pool the new plan's, and writes what the
// spec overrides in the same go.
func (k Reseller) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[resellerValue]) error {
	f, err := engine.FilterOf(reseller.ByGUID, reseller.ByID, u.Identity)
	if err != nil {
		return err
	}
	if u.Patch.Plan != nil {
		r, err := reseller.SwitchSubscription.One(ctx, d, webspace.SwitchSubscriptionRequest{Filter: f, PlanGUID: target.LinkGUID(u.Patch.Plan)})
		if err != nil {
			return err
		}
		form.Warn(u.Warn, reseller.SwitchSubscription, r.Problems)
		if err := k.afresh(ctx, d, &u); err != nil {
			return err
		}
	}
	values, err := changedReseller(u.Patch)
	if err != nil {
		return err
	}
	if values != (reseller.SetValues{}) {
		if _, err := reseller.Set.One(ctx, d, reseller.SetRequest{Filter: f, Values: values}); err != nil {
			return blameLogin(ctx, d, loginOf(u.Patch), err)
		}
	}
	return writePool(ctx, d, u)
}

// afresh compares with what the server has now. The password cannot be compared and is still to be written.
func (k Reseller) afresh(ctx context.Context, d xmlapi.Doer, u *engine.Update[resellerValue]) error {
	found, err := k.Find(ctx, d, engine.Handle{Identity: u.Identity})
	if err != nil {
		return err
	}
	if found == nil {
		return xmlapi.Incomplete(reseller.Get, "the reseller whose plan was just changed")
	}
	u.Have = k.Normal(found.Value)
	unread := slices.DeleteFunc(slices.Clone(u.Changes), func(c engine.Change) bool { return !c.WriteOnly })
	u.Changes = append(engine.Diff(u.Want, u.Have), unread...)
	u.Patch = engine.Only(u.Want, u.Changes)
	return nil
}

// loginOf is the login that is to be written, nil for none.
func loginOf(p resellerValue) *string {
	if p.Account == nil {
		return nil
	}
	return p.Account.Login
}

// changedReseller is what of a reseller is to be set. Limits and permissions go along only where they differ: each such write locks the
// reseller.
func changedReseller(p resellerValue) (values reseller.SetValues, err error) {
	g := reseller.SetGenInfo{SetGenInfo: p.Account.wire(), PowerUser: p.PowerUser}
	g.ExternalID = p.ExternalID
	if g != (reseller.SetGenInfo{}) {
		values.GenInfo = &g
	}
	values.Limits, err = p.Allowance.WireLimits()
	values.Permissions = p.Allowance.WirePermissions()
	return values, err
}

func (Reseller) Described(values resellerValue) []engine.Described {
	return values.Allowance.Described(reseller.Descriptors)
}

// Delete also removes the reseller's customers, plans and subscriptions; the engine has checked them before.
func (Reseller) Delete(ctx context.Context, d xmlapi.Doer, found *engine.Found[resellerValue]) error {
	f, err := engine.FilterOf(reseller.ByGUID, reseller.ByID, found.Identity)
	if err != nil {
		return err
	}
	_, err = reseller.Del.One(ctx, d, xmlapi.FilterRequest{Filter: f})
	return err
}

func (Reseller) Contents(ctx context.Context, d xmlapi.Doer, found *engine.Found[resellerValue]) ([]engine.Content, error) {
	return target.ResellerContents(ctx, d, found.Identity, found.Key.Name)
}

// Moved looks for a customer: a reseller who was made one keeps id, GUID and login.
func (Reseller) Moved(ctx context.Context, d xmlapi.Doer, id engine.Identity) (string, error) {
	f, err := engine.FilterOf(customer.ByGUID, customer.ByID, id)
	if err != nil {
		return "", err
	}
	_, err = customer.Get.One(ctx, d, getCustomerBy(f))
	switch {
	case xmlapi.IsNotFound(err):
		return "", nil
	case err != nil:
		return "", err
	}
	return "a customer now", nil
}

func (Reseller) Observe(o *v1alpha1.PleskReseller, f *engine.Found[resellerValue]) {
	b := f.Value.data
	seen := &v1alpha1.ObservedReseller{Created: b.GenInfo.Created, State: xmlapi.Status(b.GenInfo.Status).String()}
	if p := linkedPlan(b); p != nil {
		s := b.Subscriptions.Subscription
		seen.Plan = &v1alpha1.ObservedResellerPlan{GUID: p.GUID, Locked: s.Locked == "true", Synchronized: s.Synchronized == "true"}
	}
	for _, a := range b.IPPool.Addresses {
		seen.IPAddresses = append(seen.IPAddresses, form.ShownAddress(a.Address))
	}
	o.Status.Observed = seen
}

func (Reseller) KeyField() string { return "spec.login" }

func (Reseller) Contracted() {}

func (Reseller) Reasons(found *engine.Found[resellerValue]) xmlapi.Status {
	return xmlapi.Status(found.Value.data.GenInfo.Status)
}

func (Reseller) PutsBack() xmlapi.Status { return accountPutsBack }

func (Reseller) SetReasons(ctx context.Context, d xmlapi.Doer, _ *v1alpha1.PleskReseller, id engine.Identity, reasons []xmlapi.Status) error {
	f, err := engine.FilterOf(reseller.ByGUID, reseller.ByID, id)
	if err != nil {
		return err
	}
	return engine.SetEach(ctx, d, reseller.Set, reasons, func(r xmlapi.Status) reseller.SetRequest {
		return reseller.SetRequest{Filter: f, Values: reseller.SetValues{GenInfo: &reseller.SetGenInfo{SetGenInfo: customer.SetGenInfo{Status: new(int(r))}}}}
	})
}

func (Reseller) Field(err *xmlapi.Error) string {
	switch about := err.About(); {
	case isPoolOperation(err.Operation):
		return poolField
	case err.Operation == reseller.SwitchSubscription.Name(), err.Operation == reseller.Add.Name() && about == xmlapi.AboutObject:
		return planField
	case err.Operation == reseller.Set.Name() && err.Class == xmlapi.Limit:
		return "spec.limits" // on add the limit is the licence's
	}
	return ""
}
