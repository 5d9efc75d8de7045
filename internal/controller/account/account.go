// What customers and resellers have in common: login, contact data, password.

// Package account holds the kinds of accounts: customers and resellers.
package account

import (
	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
)

// accountValue is what an account is on the wire.
type accountValue struct {
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
	Password    *xmlapi.Secret `plesk:"password,writeonly,lifecycle"`
}

const passwordField = "spec.password"

// secretsOf are the secret values of an account.
func secretsOf(a *v1alpha1.Account) []engine.SecretUse {
	if a.Password == nil {
		return nil
	}
	return []engine.SecretUse{{Field: passwordField, Login: a.Login, SecretValue: *a.Password}}
}

// wantedAccount translates that part of a spec.
func wantedAccount(a *v1alpha1.Account, in engine.Inputs) *accountValue {
	v := &accountValue{
		Login: &a.Login, ContactName: &a.ContactName, CompanyName: a.CompanyName, Email: a.Email, Phone: a.Phone, Fax: a.Fax,
		Locale: a.Locale, Description: a.Description, Password: in.Secret(passwordField),
	}
	if at := a.Address; at != nil {
		v.Street, v.City, v.State, v.PostalCode, v.Country = at.Street, at.City, at.State, at.PostalCode, at.Country
	}
	return v
}

// normal collapses blanks, as the protocol does in these texts.
func (v *accountValue) normal() *accountValue {
	if v == nil {
		return nil
	}
	n := *v
	form.Collapse(&n.Login, &n.ContactName, &n.CompanyName, &n.Email, &n.Phone, &n.Fax, &n.Street, &n.City, &n.State,
		&n.PostalCode, &n.Country, &n.Locale, &n.Description)
	return &n
}

// found is an account as the server shows it, but for what its operator has in a place of its own: contact data.
func (v accountValue) found(c customer.Contact[string]) *accountValue {
	v.Phone, v.Fax, v.Email = &c.Phone, &c.Fax, &c.Email
	v.Street, v.City, v.State, v.PostalCode, v.Country = &c.Address, &c.City, &c.State, &c.PostalCode, &c.Country
	return &v
}

// wire is what to write, and empty for nothing.
func (v *accountValue) wire() customer.SetGenInfo {
	if v == nil {
		return customer.SetGenInfo{}
	}
	return customer.SetGenInfo{
		CompanyName: v.CompanyName, ContactName: v.ContactName, Login: v.Login, Password: v.Password,
		Locale: v.Locale, Description: v.Description,
		Contact: customer.Contact[*string]{
			Phone: v.Phone, Fax: v.Fax, Email: v.Email,
			Address: v.Street, City: v.City, State: v.State, PostalCode: v.PostalCode, Country: v.Country,
		},
	}
}

// accountPutsBack: of an account's reasons the documents let nobody but their owner write any but the administrator's (operators-accounts-server §1.1).
const accountPutsBack = xmlapi.Status(0)

// newAccount is wire for an account that is to be made, which needs a password.
func (v *accountValue) newAccount() (customer.SetGenInfo, error) {
	if v.Password == nil {
		return customer.SetGenInfo{}, engine.Invalid(passwordField, "required to create the account")
	}
	return v.wire(), nil
}
