// What the rows of accounts have in common: contact data and status.

package conformance

import (
	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
)

// belongings are refusals that say that an account has no keys and no buttons to be taken along: nobody asks for them there.
var belongings = map[string][]int{
	"secret_key/get_info": {xmlapi.CodePermissionDenied, xmlapi.CodeParse},
	"ui/get-custombutton": {xmlapi.CodePermissionDenied, xmlapi.CodeParse},
}

// accounts are the objects of a kind of accounts: where their specs have the account, and how it is read and changed behind the operator's back.
type accounts struct {
	in    func(v1alpha1.Object) *v1alpha1.Account
	read  func(s *site, id string) *customer.GenInfo
	write func(s *site, id string, g customer.SetGenInfo)
}

// acmeAccount is the account of a row's object, with every field at its initial value.
func acmeAccount(s *site) v1alpha1.Account {
	return v1alpha1.Account{
		Login: "acme", ContactName: "Ada Birch", CompanyName: new("Acme"), Email: new("ada@acme.example"),
		Phone: new("+44 20 7946 0001"), Fax: new("+44 20 7946 0002"), Locale: new("en-US"), Description: new("first"),
		Address: &v1alpha1.PostalAddress{
			Street: new("1 Birch Lane"), City: new("London"), State: new("Greater London"), PostalCode: new("N1 9GU"), Country: new("GB"),
		},
		Password: new(s.generated()),
	}
}

// acmeContact is how to reach the holder of that account.
func acmeContact() customer.Contact[*string] {
	return customer.Contact[*string]{
		Email: new("ada@acme.example"), Phone: new("+44 20 7946 0001"), Fax: new("+44 20 7946 0002"),
		Address: new("1 Birch Lane"), City: new("London"), State: new("Greater London"), PostalCode: new("N1 9GU"), Country: new("GB"),
	}
}

// fields are those of an account but for its name, which the rows rename.
func (a accounts) fields() []field {
	return []field{
		a.text("contactName", "Ada Birch", "Ada Alder", func(c *v1alpha1.Account, v *string) {
			if v != nil {
				c.ContactName = *v
			}
		}, func(g *customer.SetGenInfo, v *string) { g.ContactName = v }, func(g *customer.GenInfo) string { return g.ContactName }).required(),
		a.text("companyName", "Acme", "Acme Ltd", func(c *v1alpha1.Account, v *string) { c.CompanyName = v },
			func(g *customer.SetGenInfo, v *string) { g.CompanyName = v }, func(g *customer.GenInfo) string { return g.CompanyName }),
		a.text("email", "ada@acme.example", "birch@acme.example", func(c *v1alpha1.Account, v *string) { c.Email = v },
			func(g *customer.SetGenInfo, v *string) { g.Email = v }, func(g *customer.GenInfo) string { return g.Email }).spoiledBy("intruder@acme.example"),
		a.text("phone", "+44 20 7946 0001", "+44 20 7946 0003", func(c *v1alpha1.Account, v *string) { c.Phone = v },
			func(g *customer.SetGenInfo, v *string) { g.Phone = v }, func(g *customer.GenInfo) string { return g.Phone }).spoiledBy("110"),
		a.text("fax", "+44 20 7946 0002", "+44 20 7946 0004", func(c *v1alpha1.Account, v *string) { c.Fax = v },
			func(g *customer.SetGenInfo, v *string) { g.Fax = v }, func(g *customer.GenInfo) string { return g.Fax }).spoiledBy("110"),
		a.text("address.street", "1 Birch Lane", "2 Birch Lane", func(c *v1alpha1.Account, v *string) { c.Address.Street = v },
			func(g *customer.SetGenInfo, v *string) { g.Address = v }, func(g *customer.GenInfo) string { return g.Address }),
		a.text("address.city", "London", "Leeds", func(c *v1alpha1.Account, v *string) { c.Address.City = v },
			func(g *customer.SetGenInfo, v *string) { g.City = v }, func(g *customer.GenInfo) string { return g.City }),
		a.text("address.state", "Greater London", "Yorkshire", func(c *v1alpha1.Account, v *string) { c.Address.State = v },
			func(g *customer.SetGenInfo, v *string) { g.State = v }, func(g *customer.GenInfo) string { return g.State }),
		a.text("address.postalCode", "N1 9GU", "LS1 4AP", func(c *v1alpha1.Account, v *string) { c.Address.PostalCode = v },
			func(g *customer.SetGenInfo, v *string) { g.PostalCode = v }, func(g *customer.GenInfo) string { return g.PostalCode }).spoiledBy("12345"),
		a.text("address.country", "GB", "IE", func(c *v1alpha1.Account, v *string) { c.Address.Country = v },
			func(g *customer.SetGenInfo, v *string) { g.Country = v }, func(g *customer.GenInfo) string { return g.Country }).spoiledBy("FR"),
		a.text("locale", "en-US", "de-DE", func(c *v1alpha1.Account, v *string) { c.Locale = v },
			func(g *customer.SetGenInfo, v *string) { g.Locale = v }, func(g *customer.GenInfo) string { return g.Locale }).spoiledBy("de-DE"),
		a.text("description", "first", "second", func(c *v1alpha1.Account, v *string) { c.Description = v },
			func(g *customer.SetGenInfo, v *string) { g.Description = v }, func(g *customer.GenInfo) string { return g.Description }),
	}
}

// text is a text field of an account.
func (a accounts) text(name, initial, changed string, spec func(*v1alpha1.Account, *string), wire func(*customer.SetGenInfo, *string),
	read func(*customer.GenInfo) string,
) field {
	f := field{
		name: name, initial: initial, changed: changed,
		change: func(o v1alpha1.Object) { spec(a.in(o), &changed) },
		unset:  func(o v1alpha1.Object) { spec(a.in(o), nil) },
		read:   func(s *site, id string) string { return read(a.read(s, id)) },
	}
	return f.spoiling("Intruder", func(s *site, id, value string) {
		var g customer.SetGenInfo
		wire(&g, &value)
		a.write(s, id, g)
	})
}

// service is how the reasons for which an account is out of service are read and written.
func (a accounts) service() *service {
	return &service{
		read: func(s *site, id string) xmlapi.Status { return xmlapi.Status(a.read(s, id).Status) },
		write: func(s *site, id string, reason xmlapi.Status) {
			a.write(s, id, customer.SetGenInfo{Status: new(int(reason))})
		},
	}
}

// guises are ways to write the login.
func (a accounts) guises() []guise {
	return []guise{
		{name: "in capitals", here: func(o v1alpha1.Object) { a.in(o).Login = "ACME" }},
		{name: "between blanks", here: func(o v1alpha1.Object) { a.in(o).Login = " acme  " }},
	}
}

// plant writes what is found nowhere else into an account.
func (a accounts) plant(s *site, id string) []string {
	a.write(s, id, customer.SetGenInfo{
		ContactName: new("Stella Stranger"), CompanyName: new("Strange & Sons"),
		Contact: customer.Contact[*string]{Email: new("stella@stranger.example"), Phone: new("+49 30 471147"), City: new("Strangeville")},
	})
	return []string{"Stella Stranger", "Strange & Sons", "stella@stranger.example", "+49 30 471147", "Strangeville"}
}

func (a accounts) rename() rename {
	return rename{key: "acme-ltd", change: func(o v1alpha1.Object) { a.in(o).Login = "acme-ltd" }}
}

// provider is a reseller who owns what the rows of other kinds describe.
func provider(s *site) v1alpha1.Object {
	r := &v1alpha1.PleskReseller{Spec: v1alpha1.PleskResellerSpec{
		CommonSpec: s.common(), Account: v1alpha1.Account{Login: "provider", ContactName: "Petra Provider", Password: new(generatedIn(s.name + "-provider"))},
	}}
	r.Name = s.name + "-provider"
	return r
}
