// A refused name: of the two that a subscription has, the one that is taken is blamed.

package hosting

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/sitealias"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// takenNames is a server on which much is taken.
func takenNames(t *testing.T) (*plesksim.Server, *xmlapi.Client, int64) {
	t.Helper()
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	w, err := webspace.Add.One(t.Context(), srv, webspace.AddRequest{
		GenSetup: webspace.NewGenSetup{Name: "acme.example", IPAddresses: []string{"198.51.100.7"}},
		Hosting: &hosting.Hosting{Virtual: &hosting.VirtualHosting{Properties: []xmlapi.Property{
			{Name: "ftp_login", Value: "acme"}, {Name: "ftp_password", Value: "Mossy-Gate-2026!"},
		}}},
	})
	g.Expect(err).NotTo(HaveOccurred())
	_, err = site.Add.One(t.Context(), srv, site.AddRequest{GenSetup: site.NewGenSetup{Name: "addon.example", WebspaceID: &w.ID}})
	g.Expect(err).NotTo(HaveOccurred())
	_, err = sitealias.Create.One(t.Context(), srv, sitealias.CreateRequest{Info: sitealias.Info{SiteID: w.ID, Name: "bücher.example"}})
	g.Expect(err).NotTo(HaveOccurred())
	_, err = dns.AddRec.One(t.Context(), srv, dns.AddRecRequest{Record: dns.Record{Owner: dns.Owner{SiteID: &w.ID}, Type: "A", Host: "a.shop", Value: "198.51.100.7"}})
	g.Expect(err).NotTo(HaveOccurred())
	return srv, c, w.ID
}

func TestTakenNamesOfANewSubscription(t *testing.T) {
	_, c, _ := takenNames(t)
	for name, x := range map[string]struct{ domain, user, field string }{
		"another subscription's domain": {"acme.example", "free", domainField},
		"an add-on site":                {"addon.example", "free", domainField},
		"an alias":                      {"xn--bcher-kva.example", "free", domainField},
		"a record of another zone":      {"a.shop.acme.example", "free", domainField},
		"the user":                      {"free.example", "acme", systemUserField},
		"the user, in another's zone":   {"b.shop.acme.example", "acme", systemUserField},
		"both: the domain comes first":  {"acme.example", "acme", domainField},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			_, err := Subscription{}.Create(t.Context(), c, subscriptionValue{
				Domain: &x.domain, Addresses: []string{"198.51.100.7"}, Hosting: new(hostingVirtual),
				Virtual: &virtualValue{Login: &x.user, Password: new(xmlapi.Secret("Mossy-Gate-2026!"))},
			})
			g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Exists))
			g.Expect(err).To(MatchError(HaveSuffix(" (" + x.field + ")")))
		})
	}
}

func TestTakenNamesWithoutAUser(t *testing.T) {
	g := NewWithT(t)
	_, c, _ := takenNames(t)
	_, err := Subscription{}.Create(t.Context(), c, subscriptionValue{Domain: new("acme.example"), Addresses: []string{"198.51.100.7"}})
	g.Expect(err).To(MatchError(HaveSuffix(" (spec.domainName)")))
}

// Where the look fails, both are named: nothing is blamed on a guess, and what was refused stays what it was.
func TestTakenNamesThatCannotBeLookedUp(t *testing.T) {
	for _, op := range [][2]string{{"site", "get"}, {"site-alias", "get"}, {"dns", "get_rec"}} {
		g := NewWithT(t)
		srv, c, _ := takenNames(t)
		srv.Inject(plesksim.Fault{Operator: op[0], Operation: op[1], Code: xmlapi.CodePermissionDenied})
		_, err := Subscription{}.Create(t.Context(), c, subscriptionValue{
			Domain: new("b.shop.acme.example"), Addresses: []string{"198.51.100.7"}, Hosting: new(hostingVirtual),
			Virtual: &virtualValue{Login: new("acme"), Password: new(xmlapi.Secret("Mossy-Gate-2026!"))},
		})
		g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Exists))
		g.Expect(err).To(MatchError(HaveSuffix(" (spec.domainName or spec.hosting.virtualHost.systemUser.name)")), op[0])
	}
}

func TestTakenNamesOfARename(t *testing.T) {
	_, c, _ := takenNames(t)
	id, err := Subscription{}.Create(t.Context(), c, subscriptionValue{
		Domain: new("birch.example"), Addresses: []string{"198.51.100.7"}, Hosting: new(hostingVirtual),
		Virtual: &virtualValue{Login: new("birch"), Password: new(xmlapi.Secret("Mossy-Gate-2026!"))},
	})
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	for name, x := range map[string]struct {
		patch subscriptionValue
		field string
	}{
		"the domain": {subscriptionValue{Domain: new("acme.example")}, domainField},
		"the user":   {subscriptionValue{Virtual: &virtualValue{Login: new("acme")}}, systemUserField},
		"the user beside a free domain": {
			subscriptionValue{Domain: new("oak.example"), Virtual: &virtualValue{Login: new("acme")}}, systemUserField},
		"the domain beside a free user": {
			subscriptionValue{Domain: new("acme.example"), Virtual: &virtualValue{Login: new("oak")}}, domainField},
	} {
		t.Run(name, func(t *testing.T) {
			err := Subscription{}.Update(t.Context(), c, engine.Update[subscriptionValue]{
				Identity: id, Patch: x.patch, Want: x.patch, Have: subscriptionValue{Hosting: new(hostingVirtual)},
			})
			NewWithT(t).Expect(err).To(MatchError(HaveSuffix(" (" + x.field + ")")))
		})
	}
}
