// Customers: what is written is what the spec says.

package controller

import (
	"testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
)

// Only XML's blanks collapse on the way; a no-break space is a letter like others, and stays.
func TestBlanksOfCustomers(t *testing.T) {
	srv, client := simulated(t)
	x := &object[*v1alpha1.PleskCustomer, customerValue]{t: t, kind: Customer{}, d: client, o: parse(t, &v1alpha1.PleskCustomer{}, `
spec: {login: acme, contactName: "Ada\u00a0Birch \t of\u2003Acme", companyName: " Birch  &\n Sons "}`)}
	x.in = engine.NewInputs("8c5f1b0e-0f3e-4b57-8d1e-6f4b7f3f2a10", nil, map[string]xmlapi.Secret{"spec.password": "Panel-2031-x"})
	x.settle()
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
