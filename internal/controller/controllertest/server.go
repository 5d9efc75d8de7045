// A simulated Plesk behind HTTPS, and what stands on it.

package controllertest

import (
	"crypto/x509"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// Simulated starts a simulated Plesk, of whatever sort the changes say, and returns it with a client of its administrator. Both sides' packets are held
// to the grammar.
func Simulated(t testing.TB, change ...func(*plesksim.Options)) (*plesksim.Server, *xmlapi.Client) {
	t.Helper()
	o := plesksim.Options{OnInvalidAnswer: func(err error, _, answer []byte) {
		t.Errorf("invalid answer: %v\n%s", err, answer)
	}}
	for _, c := range change {
		c(&o)
	}
	srv, err := plesksim.New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := srv.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(srv.Close)
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(srv.CA()) {
		t.Fatal("no CA")
	}
	c, err := xmlapi.New(xmlapi.Config{
		URL: srv.URL(), Username: plesksim.DefaultLogin, Password: plesksim.DefaultPassword, Version: "1.6.9.1", RootCAs: roots, Addresses: xmlapi.Loopback,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return srv, c
}

// AddCustomer makes a customer behind the client's back.
func AddCustomer(t *testing.T, srv *plesksim.Server, login string) engine.Resolved {
	t.Helper()
	r, err := customer.Add.One(t.Context(), srv, customer.AddRequest{GenInfo: customer.NewGenInfo{
		ContactName: "Ada Birch", Login: login, Password: "Mossy-Gate-2026!",
		Contact: customer.Contact[*string]{Email: new(login + "@acme.example")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return engine.Resolved{Kind: "PleskCustomer", Identity: engine.Identity{ID: engine.IDText(r.ID), GUID: r.GUID}, Key: engine.Key{Name: login}}
}

// AddReseller makes a reseller with the server's first address behind the client's back.
func AddReseller(t *testing.T, srv *plesksim.Server, login string) {
	t.Helper()
	r, err := reseller.Add.One(t.Context(), srv, reseller.AddRequest{GenInfo: reseller.NewGenInfo{ContactName: "Nora North", Login: login, Password: "Mossy-Gate-2026!"}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = reseller.IPPoolAdd.One(t.Context(), srv, reseller.IPPoolAddRequest{
		Owner: reseller.Owner{ResellerID: &r.ID}, Addresses: []reseller.NewPoolAddress{{Address: "198.51.100.7"}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// AddPlan makes a plan behind the client's back.
func AddPlan(t *testing.T, srv *plesksim.Server, name string, mailboxes int64) engine.Resolved {
	t.Helper()
	r, err := serviceplan.Add.One(t.Context(), srv, serviceplan.AddRequest{
		Name: name, HostingType: new(hosting.Virtual), Limits: &hosting.Limits{Limits: []hosting.Limit{{Name: "max_box", Value: mailboxes}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return engine.Resolved{Kind: "PleskServicePlan", Identity: engine.Identity{ID: engine.IDText(r.ID), GUID: r.GUID}, Key: engine.Key{Name: name}}
}

// ReadSubscription asks for a subscription, past the code under test.
func ReadSubscription(t *testing.T, d xmlapi.Doer, name string) *webspace.Data {
	t.Helper()
	r, err := webspace.Get.One(t.Context(), d, webspace.GetRequest{Filter: webspace.ByName(name).Query(), Dataset: webspace.Dataset{
		GenInfo: &xmlapi.Empty{}, Hosting: &xmlapi.Empty{}, Limits: &xmlapi.Empty{}, Preferences: &xmlapi.Empty{},
		Performance: &xmlapi.Empty{}, Subscriptions: &xmlapi.Empty{}, Permissions: &xmlapi.Empty{}, PHPSettings: &xmlapi.Empty{},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return r.Data
}

// LimitOf is a limit of a subscription, 0 where it is not listed.
func LimitOf(d *webspace.Data, name string) int64 {
	for _, l := range d.Limits.Limits {
		if l.Name == name {
			return l.Value
		}
	}
	return 0
}
