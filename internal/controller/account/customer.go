// PleskCustomer: operator `customer`, natural key the login.

package account

import (
	"context"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ui"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskcustomers,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskcustomers/status,verbs=get;update;patch

// Customer is the kind PleskCustomer.
type Customer struct{}

var (
	_ engine.Kind[*v1alpha1.PleskCustomer, customerValue]      = Customer{}
	_ engine.Maker[customerValue]                              = Customer{}
	_ engine.Lister[customerValue]                             = Customer{}
	_ engine.Logged                                            = Customer{}
	_ engine.Normalizer[customerValue]                         = Customer{}
	_ engine.SecretUser[*v1alpha1.PleskCustomer]               = Customer{}
	_ engine.Mover                                             = Customer{}
	_ engine.Named                                             = Customer{}
	_ engine.Suspender[*v1alpha1.PleskCustomer, customerValue] = Customer{}
	_ engine.Contracted                                        = Customer{}
)

// customerValue is what a customer is on the wire.
type customerValue struct {
	Account    *accountValue `plesk:""`
	Owner      *engine.Link  `plesk:"resellerRef,immutable,privileged,lifecycle"`
	ExternalID *string       `plesk:"externalID,mark"`

	info *customer.GenInfo // as found, for status.observed
}

func (Customer) Roles() []v1alpha1.ServerRole { return engine.ForProviders }

func (Customer) Refs() []engine.Ref[*v1alpha1.PleskCustomer] {
	return []engine.Ref[*v1alpha1.PleskCustomer]{{
		Field: "spec.resellerRef", Target: target.Resellers, Parent: true,
		Get: func(o *v1alpha1.PleskCustomer) []engine.Mention { return target.Mention(o.Spec.ResellerRef) },
		Set: func(o *v1alpha1.PleskCustomer, m []engine.Mention) { o.Spec.ResellerRef = target.Reference(m) },
	}}
}

func (Customer) Secrets(o *v1alpha1.PleskCustomer) []engine.SecretUse {
	return secretsOf(&o.Spec.Account)
}

func (Customer) Desired(o *v1alpha1.PleskCustomer, in engine.Inputs) (engine.Key, customerValue, error) {
	w := customerValue{Account: wantedAccount(&o.Spec.Account, in), ExternalID: &in.Mark}
	if r := in.Ref("spec.resellerRef"); r != nil {
		w.Owner = r.Link()
	}
	return engine.Key{Name: target.LoginKey(o.Spec.Login)}, w, nil
}

func (Customer) Normal(w customerValue) customerValue {
	w.Account = w.Account.normal()
	return w
}

func (Customer) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[customerValue], error) {
	by := engine.Lookups{ByGUID: customer.ByGUID, ByID: customer.ByID, ByMark: customer.ByExternalID, ByKey: customer.ByLogin}
	return engine.FindFirst(h, by, func(f xmlapi.Filter) (*engine.Found[customerValue], error) {
		r, err := customer.Get.One(ctx, d, getCustomers(f.Query()))
		if err != nil {
			return nil, err
		}
		return foundCustomer(r)
	})
}

// List reads all customers, known or not: none is large.
func (Customer) List(ctx context.Context, d xmlapi.Doer, _ engine.Known) ([]*engine.Found[customerValue], error) {
	all, err := customer.Get.All(ctx, d, getCustomers(xmlapi.All()))
	if err != nil {
		return nil, err
	}
	return engine.ListOf(customer.Get, all, foundCustomer)
}

// EventClasses leaves out what a customer may do and use, which is not compared.
func (Customer) EventClasses() (own, around []string) {
	return []string{"client", "client_status", "client_prefs"}, nil
}

func getCustomers(which xmlapi.Query) customer.GetRequest {
	return customer.GetRequest{Filter: which, Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}}
}

func foundCustomer(r customer.GetResult) (*engine.Found[customerValue], error) {
	is, err := target.ResolvedCustomer(r)
	if err != nil {
		return nil, err
	}
	g := r.Data.GenInfo
	return &engine.Found[customerValue]{
		Identity: is.Identity,
		Key:      is.Key,
		Mark:     g.ExternalID,
		In:       is.In,
		Value: customerValue{
			Account: accountValue{
				Login: &g.Login, ContactName: &g.ContactName, CompanyName: &g.CompanyName, Locale: &g.Locale, Description: &g.Description,
			}.found(g.Contact),
			Owner: target.AccountLink(g.OwnerID, g.OwnerLogin), ExternalID: &g.ExternalID,
			info: g,
		},
	}, nil
}

func (Customer) Create(ctx context.Context, d xmlapi.Doer, w customerValue) (engine.Identity, error) {
	g, err := w.Account.newAccount()
	if err != nil {
		return engine.Identity{}, err
	}
	r, err := customer.Add.One(ctx, d, customer.AddRequest{GenInfo: customer.NewGenInfo{
		CompanyName: g.CompanyName, ContactName: *g.ContactName, Login: *g.Login, Password: *g.Password, Contact: g.Contact,
		Locale: g.Locale, OwnerLogin: target.LinkName(w.Owner), ExternalID: w.ExternalID, Description: g.Description,
	}})
	return engine.Identity{ID: engine.IDText(r.ID), GUID: r.GUID}, err
}

func (Customer) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[customerValue]) error {
	f, err := engine.FilterOf(customer.ByGUID, customer.ByID, u.Identity)
	if err != nil {
		return err
	}
	g := u.Patch.Account.wire()
	g.ExternalID = u.Patch.ExternalID
	_, err = customer.Set.One(ctx, d, customer.SetRequest{Filter: f, Values: customer.SetValues{GenInfo: &g}})
	return err
}

// Delete also removes the customer's subscriptions; the engine has checked them before.
func (Customer) Delete(ctx context.Context, d xmlapi.Doer, found *engine.Found[customerValue]) error {
	f, err := engine.FilterOf(customer.ByGUID, customer.ByID, found.Identity)
	if err != nil {
		return err
	}
	_, err = customer.Del.One(ctx, d, xmlapi.FilterRequest{Filter: f})
	return err
}

func (Customer) Contents(ctx context.Context, d xmlapi.Doer, found *engine.Found[customerValue]) ([]engine.Content, error) {
	f, err := engine.FilterOf(webspace.ByOwnerGUID, webspace.ByOwnerID, found.Identity)
	if err != nil {
		return nil, err
	}
	out, err := target.AccountContents(ctx, d, f.Query())
	if err != nil {
		return nil, err
	}
	id, err := engine.Number(found.ID)
	if err != nil {
		return nil, err
	}
	more, err := target.AccountBelongings(ctx, d, found.GUID, []string{found.Key.Name}, []ui.Owner{{CustomerID: &id}})
	return append(out, more...), err
}

// Moved looks for a reseller: a customer who was made one keeps id, GUID and login.
func (Customer) Moved(ctx context.Context, d xmlapi.Doer, id engine.Identity) (string, error) {
	f, err := engine.FilterOf(reseller.ByGUID, reseller.ByID, id)
	if err != nil {
		return "", err
	}
	_, err = reseller.Get.One(ctx, d, reseller.GetRequest{Filter: f.Query(), Dataset: reseller.Dataset{GenInfo: &xmlapi.Empty{}}})
	switch {
	case xmlapi.IsNotFound(err):
		return "", nil
	case err != nil:
		return "", err
	}
	return "a reseller now", nil
}

func (Customer) Observe(o *v1alpha1.PleskCustomer, f *engine.Found[customerValue]) {
	g := f.Value.info
	o.Status.Observed = &v1alpha1.ObservedCustomer{Created: g.Created, State: xmlapi.Status(g.Status).String()}
	if g.OwnerLogin != nil {
		o.Status.Observed.Owner = *g.OwnerLogin
	}
}

func (Customer) KeyField() string { return "spec.login" }

func (Customer) Contracted() {}

func (Customer) Reasons(found *engine.Found[customerValue]) xmlapi.Status {
	return xmlapi.Status(found.Value.info.Status)
}

func (Customer) PutsBack() xmlapi.Status { return accountPutsBack }

func (Customer) SetReasons(ctx context.Context, d xmlapi.Doer, _ *v1alpha1.PleskCustomer, id engine.Identity, reasons []xmlapi.Status) error {
	f, err := engine.FilterOf(customer.ByGUID, customer.ByID, id)
	if err != nil {
		return err
	}
	return engine.SetEach(ctx, d, customer.Set, reasons, func(r xmlapi.Status) customer.SetRequest {
		return customer.SetRequest{Filter: f, Values: customer.SetValues{GenInfo: &customer.SetGenInfo{Status: new(int(r))}}}
	})
}
