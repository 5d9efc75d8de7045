// PleskCustomer: operator `customer`, natural key the login.

// Package account holds the kinds of accounts: customers.
package account

import (
	"context"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskcustomers,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskcustomers/status,verbs=get;update;patch

// Customer is the kind PleskCustomer.
type Customer struct{}

var (
	_ engine.Kind[*v1alpha1.PleskCustomer, customerValue] = Customer{}
	_ engine.Maker[customerValue]                         = Customer{}
	_ engine.Lister[customerValue]                        = Customer{}
	_ engine.Logged                                       = Customer{}
	_ engine.Normalizer[customerValue]                    = Customer{}
	_ engine.SecretUser[*v1alpha1.PleskCustomer]          = Customer{}
	_ engine.Mover                                        = Customer{}
	_ engine.Named                                        = Customer{}
	_ engine.Blamer                                       = Customer{}
)

// customerValue is what a customer is on the wire.
type customerValue struct {
	Login       *string        `plesk:"login"`
	ContactName *string        `plesk:"contactName"`
	CompanyName *string        `plesk:"companyName"`
	Email       *string        `plesk:"email"`
	Phone       *string        `plesk:"phone"`
	Fax         *string        `plesk:"fax"`
	Street      *string        `plesk:"address.street"`
	City        *string        `plesk:"address.city"`
	State       *string        `plesk:"address.state"`
	PostalCode  *string        `plesk:"address.postalCode"`
	Country     *string        `plesk:"address.country"`
	Locale      *string        `plesk:"locale"`
	Description *string        `plesk:"description"`
	Active      *bool          `plesk:"active"`
	Owner       *engine.Link   `plesk:"resellerRef,immutable,privileged"`
	Password    *xmlapi.Secret `plesk:"password,writeonly"`
	ExternalID  *string        `plesk:"externalID,mark"`

	info *customer.GenInfo // as found, for status.observed
}

func (Customer) Roles() []v1alpha1.ServerRole { return engine.ForProviders }

func (Customer) Refs() []engine.Ref[*v1alpha1.PleskCustomer] {
	return []engine.Ref[*v1alpha1.PleskCustomer]{{
		Field: "spec.resellerRef", Target: target.Resellers,
		Get: func(o *v1alpha1.PleskCustomer) []engine.Mention { return target.ExternalMention(o.Spec.ResellerRef) },
	}}
}

func (Customer) Secrets(o *v1alpha1.PleskCustomer) []engine.SecretUse {
	if o.Spec.Password == nil {
		return nil
	}
	return []engine.SecretUse{{Field: "spec.password", Login: o.Spec.Login, SecretValue: *o.Spec.Password}}
}

func (Customer) Desired(o *v1alpha1.PleskCustomer, in engine.Inputs) (engine.Key, customerValue, error) {
	s := &o.Spec
	w := customerValue{
		Login: &s.Login, ContactName: &s.ContactName, CompanyName: s.CompanyName, Email: s.Email, Phone: s.Phone, Fax: s.Fax,
		Locale: s.Locale, Description: s.Description, Active: s.Active,
		Password: in.Secret("spec.password"), ExternalID: &in.Mark,
	}
	if a := s.Address; a != nil {
		w.Street, w.City, w.State, w.PostalCode, w.Country = a.Street, a.City, a.State, a.PostalCode, a.Country
	}
	if r := in.Ref("spec.resellerRef"); r != nil {
		w.Owner = r.Link()
	}
	return engine.Key{Name: target.LoginKey(s.Login)}, w, nil
}

// Normal collapses blanks, as the protocol does in these texts.
func (Customer) Normal(w customerValue) customerValue {
	form.Collapse(&w.Login, &w.ContactName, &w.CompanyName, &w.Email, &w.Phone, &w.Fax, &w.Street, &w.City, &w.State,
		&w.PostalCode, &w.Country, &w.Locale, &w.Description)
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
			Login: &g.Login, ContactName: &g.ContactName, CompanyName: &g.CompanyName, Email: &g.Email, Phone: &g.Phone, Fax: &g.Fax,
			Street: &g.Address, City: &g.City, State: &g.State, PostalCode: &g.PostalCode, Country: &g.Country,
			Locale: &g.Locale, Description: &g.Description, Active: new(g.Status&form.StatusDisabledByAdmin == 0),
			Owner: target.AccountLink(g.OwnerID, g.OwnerLogin), ExternalID: &g.ExternalID,
			info: g,
		},
	}, nil
}

func (Customer) Create(ctx context.Context, d xmlapi.Doer, w customerValue) (engine.Identity, error) {
	if w.Password == nil {
		return engine.Identity{}, engine.Invalid("spec.password", "required to create the account")
	}
	info := customer.NewGenInfo{
		CompanyName: w.CompanyName, ContactName: *w.ContactName, Login: *w.Login, Password: *w.Password, Status: form.AdminStatus(w.Active),
		Locale: w.Locale, OwnerLogin: target.LinkName(w.Owner), ExternalID: w.ExternalID, Description: w.Description,
		Contact: customer.Contact[*string]{
			Phone: w.Phone, Fax: w.Fax, Email: w.Email,
			Address: w.Street, City: w.City, State: w.State, PostalCode: w.PostalCode, Country: w.Country,
		},
	}
	r, err := customer.Add.One(ctx, d, customer.AddRequest{GenInfo: info})
	return engine.Identity{ID: engine.IDText(r.ID), GUID: r.GUID}, err
}

func (Customer) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[customerValue]) error {
	f, err := engine.FilterOf(customer.ByGUID, customer.ByID, u.Identity)
	if err != nil {
		return err
	}
	p := u.Patch
	_, err = customer.Set.One(ctx, d, customer.SetRequest{Filter: f, Values: customer.SetValues{GenInfo: &customer.SetGenInfo{
		CompanyName: p.CompanyName, ContactName: p.ContactName, Login: p.Login, Password: p.Password, Status: form.AdminStatus(p.Active),
		Locale: p.Locale, ExternalID: p.ExternalID, Description: p.Description,
		Contact: customer.Contact[*string]{
			Phone: p.Phone, Fax: p.Fax, Email: p.Email,
			Address: p.Street, City: p.City, State: p.State, PostalCode: p.PostalCode, Country: p.Country,
		},
	}}})
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
	return target.AccountContents(ctx, d, f.Query())
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
	o.Status.Observed = &v1alpha1.ObservedCustomer{Created: g.Created, State: form.StatusText(g.Status)}
	if g.OwnerLogin != nil {
		o.Status.Observed.Owner = *g.OwnerLogin
	}
}

func (Customer) KeyField() string { return "spec.login" }

func (Customer) Field(err *xmlapi.Error) string {
	if err.About() == xmlapi.AboutStatus {
		return "spec.active"
	}
	return ""
}
