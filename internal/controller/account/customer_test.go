// Customers: what is written is what the spec says.

package account

import (
	"testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
)

// Only XML's blanks collapse on the way; a no-break space is a letter like others, and stays.
func TestBlanksOfCustomers(t *testing.T) {
	srv, client := controllertest.Simulated(t)
	x := &controllertest.Object[*v1alpha1.PleskCustomer, customerValue]{T: t, Kind: Customer{}, D: client, O: controllertest.Parse(t, &v1alpha1.PleskCustomer{}, `
spec: {login: acme, contactName: "Ada\u00a0Birch \t of\u2003Acme", companyName: " Birch  &\n Sons "}`)}
	x.In = engine.NewInputs("8c5f1b0e-0f3e-4b57-8d1e-6f4b7f3f2a10", nil, map[string]xmlapi.Secret{"spec.password": "Panel-2031-x"})
	x.Settle()
	r, err := customer.Get.One(t.Context(), srv, customer.GetRequest{Filter: customer.ByLogin("acme").Query(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := r.Data.GenInfo.ContactName, "Ada\u00a0Birch of\u2003Acme"; got != want {
		t.Errorf("contact name %q, want %q", got, want)
	}
	if got, want := r.Data.GenInfo.CompanyName, "Birch & Sons"; got != want {
		t.Errorf("company name %q, want %q", got, want)
	}
}

func TestCustomerPrivileges(t *testing.T) {
	of := func(t *testing.T, manifest string) []string {
		return controllertest.Privileges(t, Customer{}, &v1alpha1.PleskCustomer{Spec: v1alpha1.PleskCustomerSpec{Login: "acme", ContactName: "Ada"}}, manifest)
	}
	controllertest.ExpectPrivileged(t, of, map[string][]string{
		`resellerRef: {external: north}`: {"resellerRef"},
		`email: ada@acme.example, locale: en-US, description: x, address: {city: London}`: nil,
	})
}
