// Customers: what is written is what the spec says.

package account

import (
	"testing"

	. "github.com/onsi/gomega"

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
		return controllertest.Privileges(t, Customer{}, &v1alpha1.PleskCustomer{Spec: v1alpha1.PleskCustomerSpec{Account: v1alpha1.Account{Login: "acme", ContactName: "Ada"}}}, manifest)
	}
	controllertest.ExpectPrivileged(t, of, map[string][]string{
		`resellerRef: {external: north}`: {"resellerRef"},
		`email: ada@acme.example, locale: en-US, description: x, address: {city: London}`: nil,
	})
}

func TestCustomersAreListed(t *testing.T) {
	g := NewWithT(t)
	srv, client := controllertest.Simulated(t)
	controllertest.AddReseller(t, srv, "north")
	var handles []engine.Handle
	for _, info := range []customer.NewGenInfo{
		{Login: "acme"},
		{Login: "Birch.Sons", OwnerLogin: new("north"), ExternalID: new("8c5f1b0e-uid")},
		{Login: "crown", Status: new(16), Description: new("by  hand"), CompanyName: new("Crown & <Co>")},
	} {
		info.ContactName, info.Password = "Ada Birch", "Mossy-Gate-2026!"
		r, err := customer.Add.One(t.Context(), srv, customer.AddRequest{GenInfo: info})
		g.Expect(err).NotTo(HaveOccurred())
		handles = append(handles, engine.Handle{Identity: engine.Identity{ID: engine.IDText(r.ID), GUID: r.GUID}})
	}
	other := controllertest.AddCustomer(t, srv, "neighbour")
	list := controllertest.ExpectListed(t, Customer{}, client, 1, handles...)
	g.Expect(controllertest.Listed(list, other.ID)).To(HaveLen(1), "what nobody describes is listed, too")
	g.Expect(list).To(HaveLen(4))
}

// An answer that contradicts itself, or lacks something, is no list.
func TestDoubtfulListsOfCustomers(t *testing.T) {
	g := NewWithT(t)
	const acme = `<result><status>ok</status><id>14</id><data><gen_info><login>acme</login><guid>g-14</guid></gen_info></data></result>`
	list := func(results string) ([]*engine.Found[customerValue], error) {
		return Customer{}.List(t.Context(), controllertest.Recorded(`<packet><customer><get>`+results+`</get></customer></packet>`), engine.Known{})
	}
	g.Expect(list(acme)).To(HaveLen(1))
	g.Expect(list(`<result><status>ok</status></result>`)).To(BeEmpty())
	for _, doubt := range []string{
		acme + acme,
		acme + `<result><status>ok</status><id>15</id></result>`,
		acme + `<result><status>error</status><errcode>1023</errcode></result>`,
	} {
		_, err := list(doubt)
		g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), doubt)
	}
}
