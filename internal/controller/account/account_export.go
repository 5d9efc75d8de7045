// Accounts as an export describes them.

package account

import (
	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

// export fills that part of a spec. What is empty on the server is left out. The life of an account is its provider's: whether it works is not
// exported as a wish, unless it does not by the administrator's will.
func (v *accountValue) export(o v1alpha1.Object, a *v1alpha1.Account) {
	v = v.normal()
	*a = v1alpha1.Account{
		Login: form.Deref(v.Login), ContactName: form.Deref(v.ContactName), CompanyName: form.Filled(v.CompanyName), Email: form.Filled(v.Email),
		Phone: form.Filled(v.Phone), Fax: form.Filled(v.Fax), Locale: form.Filled(v.Locale), Description: form.Filled(v.Description),
		Password: engine.SecretFor(o, "password"),
	}
	at := v1alpha1.PostalAddress{
		Street: form.Filled(v.Street), City: form.Filled(v.City), State: form.Filled(v.State), PostalCode: form.Filled(v.PostalCode), Country: form.Filled(v.Country),
	}
	if at != (v1alpha1.PostalAddress{}) {
		a.Address = &at
	}
}
