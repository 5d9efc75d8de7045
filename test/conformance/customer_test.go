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
	can:  []capability{exporter, maker, lister, logged, normalizer, secretUser, mover, named, suspender, contracted},
	// Who may not ask for keys and buttons, and a server that does not know them, has none to be taken along.
	telling: belongings,
	prepare: func(s *site) {
		do(s, customer.Add, customer.AddRequest{GenInfo: customer.NewGenInfo{
			Login: "neighbour", ContactName: "Nora Neighbour", Password: "By-Hand-2031",
			Contact: customer.Contact[*string]{Email: new("nora@neighbour.example"), City: new("Oslo")},
		}})
	},
	object: func(s *site) v1alpha1.Object {
		c := &v1alpha1.PleskCustomer{Spec: v1alpha1.PleskCustomerSpec{CommonSpec: s.common(), Account: acmeAccount(s)}}
		c.Name = s.name + "-acme"
		return c
	},
	fields:  customers.fields(),
	service: customers.service(),
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
	guises:   customers.guises(),
	plant:    customers.plant,
	rename:   customers.rename(),
	marked:   true,
	add: func(s *site, differing bool, mark string) {
		g := customer.NewGenInfo{
			Login: "acme", ContactName: "Ada Birch", CompanyName: new("Acme"), Locale: new("en-US"), Description: new("first"), Password: "By-Hand-2031",
			Contact: acmeContact(),
		}
		if differing {
			g.City = new("Paris")
		}
		if mark != "" {
			g.ExternalID = &mark
		}
		do(s, customer.Add, customer.AddRequest{GenInfo: g})
	},
	parents: func(s *site) []v1alpha1.Object { return []v1alpha1.Object{provider(s)} },
	depth:   1,
	lieIn: func(o v1alpha1.Object, in v1alpha1.ObjectReference) {
		o.(*v1alpha1.PleskCustomer).Spec.ResellerRef = &in
	},
	fill: func(s *site, id string, n int) []string { return fillAccount(s, number(s, id), n) },
	mark: func(s *site, id, mark string) { setCustomer(s, id, customer.SetGenInfo{ExternalID: &mark}) },
	remove: func(s *site, id string) {
		do(s, customer.Del, xmlapi.FilterRequest{Filter: customer.ByID(number(s, id))})
	},
}

// customers are the accounts of the kind.
var customers = accounts{
	in: func(o v1alpha1.Object) *v1alpha1.Account { return &o.(*v1alpha1.PleskCustomer).Spec.Account }, read: customerOf, write: setCustomer,
}

// fillAccount gives an account a subscription with one thing of each sort in it.
func fillAccount(s *site, owner int64, n int) []string {
	domain := fmt.Sprintf("inside-%d.example", n)
	web := do(s, webspace.Add, webspace.AddRequest{
		GenSetup: webspace.NewGenSetup{Name: domain, OwnerID: &owner, HostingType: new(hosting.Virtual), IPAddresses: []string{sharedAddress}},
		Hosting: &hosting.Hosting{Virtual: &hosting.VirtualHosting{IPAddresses: []string{sharedAddress}, Properties: []xmlapi.Property{
			{Name: "ftp_login", Value: fmt.Sprintf("insideftp%d", n)}, {Name: "ftp_password", Value: "By-Hand-2031"},
		}}},
	}).ID
	return append(fillWebspace(s, strconv.FormatInt(web, 10), n), "Subscription "+domain)
}

// customerOf reads a customer behind the operator's back.
func customerOf(s *site, id string) *customer.GenInfo {
	return do(s, customer.Get, customer.GetRequest{Filter: customer.ByID(number(s, id)).Query(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}}).Data.GenInfo
}

// setCustomer changes a customer behind the operator's back.
func setCustomer(s *site, id string, g customer.SetGenInfo) {
	do(s, customer.Set, customer.SetRequest{Filter: customer.ByID(number(s, id)), Values: customer.SetValues{GenInfo: &g}})
}
