// The row of PleskCustomer.

package conformance

import (
	"encoding/json"
	"fmt"
	"strconv"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	family "github.com/plesk-operator/plesk-operator/internal/controller/account"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

var customerRow = row{
	kind: "PleskCustomer",
	is:   kind(family.Customer{}),
	can:  []capability{maker, lister, logged, normalizer, secretUser, mover, named, blamer},
	prepare: func(s *site) {
		do(s, customer.Add, customer.AddRequest{GenInfo: customer.NewGenInfo{
			Login: "neighbour", ContactName: "Nora Neighbour", Password: "By-Hand-2031",
			Contact: customer.Contact[*string]{Email: new("nora@neighbour.example"), City: new("Oslo")},
		}})
	},
	object: func(s *site) v1alpha1.Object {
		c := &v1alpha1.PleskCustomer{Spec: v1alpha1.PleskCustomerSpec{
			CommonSpec: s.common(), Login: "acme", ContactName: "Ada Birch", CompanyName: new("Acme"), Email: new("ada@acme.example"),
			Phone: new("+44 20 7946 0001"), Fax: new("+44 20 7946 0002"), Locale: new("en-US"), Description: new("first"), Active: new(true),
			Address: &v1alpha1.PostalAddress{
				Street: new("1 Birch Lane"), City: new("London"), State: new("Greater London"), PostalCode: new("N1 9GU"), Country: new("GB"),
			},
			Password: new(s.generated()),
		}}
		c.Name = s.name + "-acme"
		return c
	},
	fields: []field{
		customerText("contactName", "Ada Birch", "Ada Alder", func(c *v1alpha1.PleskCustomerSpec, v *string) {
			if v != nil {
				c.ContactName = *v
			}
		}, func(g *customer.SetGenInfo, v *string) { g.ContactName = v }, func(g *customer.GenInfo) string { return g.ContactName }).required(),
		customerText("companyName", "Acme", "Acme Ltd", func(c *v1alpha1.PleskCustomerSpec, v *string) { c.CompanyName = v },
			func(g *customer.SetGenInfo, v *string) { g.CompanyName = v }, func(g *customer.GenInfo) string { return g.CompanyName }),
		customerText("email", "ada@acme.example", "birch@acme.example", func(c *v1alpha1.PleskCustomerSpec, v *string) { c.Email = v },
			func(g *customer.SetGenInfo, v *string) { g.Email = v }, func(g *customer.GenInfo) string { return g.Email }).spoiledBy("intruder@acme.example"),
		customerText("phone", "+44 20 7946 0001", "+44 20 7946 0003", func(c *v1alpha1.PleskCustomerSpec, v *string) { c.Phone = v },
			func(g *customer.SetGenInfo, v *string) { g.Phone = v }, func(g *customer.GenInfo) string { return g.Phone }).spoiledBy("110"),
		customerText("fax", "+44 20 7946 0002", "+44 20 7946 0004", func(c *v1alpha1.PleskCustomerSpec, v *string) { c.Fax = v },
			func(g *customer.SetGenInfo, v *string) { g.Fax = v }, func(g *customer.GenInfo) string { return g.Fax }).spoiledBy("110"),
		customerText("address.street", "1 Birch Lane", "2 Birch Lane", func(c *v1alpha1.PleskCustomerSpec, v *string) { c.Address.Street = v },
			func(g *customer.SetGenInfo, v *string) { g.Address = v }, func(g *customer.GenInfo) string { return g.Address }),
		customerText("address.city", "London", "Leeds", func(c *v1alpha1.PleskCustomerSpec, v *string) { c.Address.City = v },
			func(g *customer.SetGenInfo, v *string) { g.City = v }, func(g *customer.GenInfo) string { return g.City }),
		customerText("address.state", "Greater London", "Yorkshire", func(c *v1alpha1.PleskCustomerSpec, v *string) { c.Address.State = v },
			func(g *customer.SetGenInfo, v *string) { g.State = v }, func(g *customer.GenInfo) string { return g.State }),
		customerText("address.postalCode", "N1 9GU", "LS1 4AP", func(c *v1alpha1.PleskCustomerSpec, v *string) { c.Address.PostalCode = v },
			func(g *customer.SetGenInfo, v *string) { g.PostalCode = v }, func(g *customer.GenInfo) string { return g.PostalCode }).spoiledBy("12345"),
		customerText("address.country", "GB", "IE", func(c *v1alpha1.PleskCustomerSpec, v *string) { c.Address.Country = v },
			func(g *customer.SetGenInfo, v *string) { g.Country = v }, func(g *customer.GenInfo) string { return g.Country }).spoiledBy("FR"),
		customerText("locale", "en-US", "de-DE", func(c *v1alpha1.PleskCustomerSpec, v *string) { c.Locale = v },
			func(g *customer.SetGenInfo, v *string) { g.Locale = v }, func(g *customer.GenInfo) string { return g.Locale }).spoiledBy("de-DE"),
		customerText("description", "first", "second", func(c *v1alpha1.PleskCustomerSpec, v *string) { c.Description = v },
			func(g *customer.SetGenInfo, v *string) { g.Description = v }, func(g *customer.GenInfo) string { return g.Description }),
		{
			name: "active", initial: "0", changed: "16", spoiled: "16",
			change: set(func(c *v1alpha1.PleskCustomer) { c.Spec.Active = new(false) }),
			unset:  set(func(c *v1alpha1.PleskCustomer) { c.Spec.Active = nil }),
			read:   func(s *site, id string) string { return strconv.Itoa(customerOf(s, id).Status) },
			spoil:  func(s *site, id string) { setCustomer(s, id, customer.SetGenInfo{Status: new(16)}) },
		},
	},
	list: func(s *site) []external {
		var out []external
		for _, c := range findAll(s, customer.Get, customer.GetRequest{Filter: xmlapi.All(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}}) {
			content, err := json.Marshal(c.Data)
			s.Expect(err).NotTo(HaveOccurred())
			out = append(out, external{
				id: strconv.FormatInt(c.ID, 10), mark: c.Data.GenInfo.ExternalID, key: c.Data.GenInfo.Login, guid: c.Data.GenInfo.GUID, content: string(content),
			})
		}
		return out
	},
	guided:   true,
	numbered: "customer",
	example:  true,
	guises: []guise{
		{name: "in capitals", here: set(func(c *v1alpha1.PleskCustomer) { c.Spec.Login = "ACME" })},
		{name: "between blanks", here: set(func(c *v1alpha1.PleskCustomer) { c.Spec.Login = " acme  " })},
	},
	plant: func(s *site, id string) []string {
		setCustomer(s, id, customer.SetGenInfo{
			ContactName: new("Stella Stranger"), CompanyName: new("Strange & Sons"),
			Contact: customer.Contact[*string]{Email: new("stella@stranger.example"), Phone: new("+49 30 471147"), City: new("Strangeville")},
		})
		return []string{"Stella Stranger", "Strange & Sons", "stella@stranger.example", "+49 30 471147", "Strangeville"}
	},
	rename: rename{key: "acme-ltd", change: set(func(c *v1alpha1.PleskCustomer) { c.Spec.Login = "acme-ltd" })},
	marked: true,
	add: func(s *site, differing bool, mark string) {
		g := customer.NewGenInfo{
			Login: "acme", ContactName: "Ada Birch", CompanyName: new("Acme"), Locale: new("en-US"), Description: new("first"), Password: "By-Hand-2031",
			Contact: customer.Contact[*string]{
				Email: new("ada@acme.example"), Phone: new("+44 20 7946 0001"), Fax: new("+44 20 7946 0002"),
				Address: new("1 Birch Lane"), City: new("London"), State: new("Greater London"), PostalCode: new("N1 9GU"), Country: new("GB"),
			},
		}
		if differing {
			g.City = new("Paris")
		}
		if mark != "" {
			g.ExternalID = &mark
		}
		do(s, customer.Add, customer.AddRequest{GenInfo: g})
	},
	fill: func(s *site, id string, n int) []string {
		domain := fmt.Sprintf("inside-%d.example", n)
		web := do(s, webspace.Add, webspace.AddRequest{
			GenSetup: webspace.NewGenSetup{Name: domain, OwnerID: new(number(s, id)), HostingType: new(hosting.Virtual), IPAddresses: []string{sharedAddress}},
			Hosting: &hosting.Hosting{Virtual: &hosting.VirtualHosting{IPAddresses: []string{sharedAddress}, Properties: []xmlapi.Property{
				{Name: "ftp_login", Value: fmt.Sprintf("insideftp%d", n)}, {Name: "ftp_password", Value: "By-Hand-2031"},
			}}},
		}).ID
		return append(fillWebspace(s, strconv.FormatInt(web, 10), n), "Subscription "+domain)
	},
	mark: func(s *site, id, mark string) { setCustomer(s, id, customer.SetGenInfo{ExternalID: &mark}) },
	remove: func(s *site, id string) {
		do(s, customer.Del, xmlapi.FilterRequest{Filter: customer.ByID(number(s, id))})
	},
}

// customerText is a text field of a customer.
func customerText(name, initial, changed string, spec func(*v1alpha1.PleskCustomerSpec, *string), wire func(*customer.SetGenInfo, *string),
	read func(*customer.GenInfo) string,
) field {
	f := field{
		name: name, initial: initial, changed: changed,
		change: set(func(c *v1alpha1.PleskCustomer) { spec(&c.Spec, &changed) }),
		unset:  set(func(c *v1alpha1.PleskCustomer) { spec(&c.Spec, nil) }),
		read:   func(s *site, id string) string { return read(customerOf(s, id)) },
	}
	return f.spoiling("Intruder", func(s *site, id, value string) {
		var g customer.SetGenInfo
		wire(&g, &value)
		setCustomer(s, id, g)
	})
}

// customerOf reads a customer behind the operator's back.
func customerOf(s *site, id string) *customer.GenInfo {
	return do(s, customer.Get, customer.GetRequest{Filter: customer.ByID(number(s, id)).Query(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}}).Data.GenInfo
}

// setCustomer changes a customer behind the operator's back.
func setCustomer(s *site, id string, g customer.SetGenInfo) {
	do(s, customer.Set, customer.SetRequest{Filter: customer.ByID(number(s, id)), Values: customer.SetValues{GenInfo: &g}})
}
