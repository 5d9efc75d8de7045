// Subscriptions in lists: whatever they are like, they are listed as they are found.

package hosting

import (
	"strconv"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplanaddon"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// addSubscription makes one behind the client's back, and returns it as its resource records it.
func addSubscription(t *testing.T, srv *plesksim.Server, req webspace.AddRequest) engine.Handle {
	t.Helper()
	req.GenSetup.IPAddresses = []string{"198.51.100.7"}
	r, err := webspace.Add.One(t.Context(), srv, req)
	if err != nil {
		t.Fatal(err)
	}
	return engine.Handle{Identity: engine.Identity{ID: engine.IDText(r.ID), GUID: r.GUID}, Key: engine.Key{Name: req.GenSetup.Name}}
}

func virtual(login string) *hosting.Hosting {
	return &hosting.Hosting{Virtual: &hosting.VirtualHosting{IPAddresses: []string{"198.51.100.7"}, Properties: []xmlapi.Property{
		{Name: "ftp_login", Value: login}, {Name: "ftp_password", Value: "Ftp-Secret-2026!"},
	}}}
}

func TestSubscriptionsAreListed(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	controllertest.AddCustomer(t, srv, "acme")
	controllertest.AddReseller(t, srv, "north")
	small := controllertest.AddPlan(t, srv, "birch-small", 10)
	theirs, err := serviceplan.Add.One(t.Context(), srv, serviceplan.AddRequest{
		Name: "north-small", HostingType: new(hosting.Virtual), Owner: serviceplan.Owner{OwnerLogin: new("north")},
	})
	g.Expect(err).NotTo(HaveOccurred())
	addon, err := serviceplanaddon.Add.One(t.Context(), srv, serviceplanaddon.AddRequest{Name: "birch-more"})
	g.Expect(err).NotTo(HaveOccurred())

	plain := addSubscription(t, srv, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: "bücher.example", Description: new("by  hand"), ExternalID: new("5f1c0d3e-uid")}})
	follows := addSubscription(t, srv, webspace.AddRequest{
		GenSetup: webspace.NewGenSetup{Name: "follows.example", OwnerLogin: new("acme")}, Hosting: virtual("follows"), PlanGUID: &small.GUID,
	})
	locked := addSubscription(t, srv, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: "acme.example"}, Hosting: virtual("acme"), PlanGUID: &small.GUID})
	customise(t, srv, webspace.SetValues{Limits: mailboxLimit(3)})
	extended := addSubscription(t, srv, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: "more.example"}, Hosting: virtual("more"), PlanGUID: &small.GUID})
	_, err = webspace.AddSubscription.One(t.Context(), srv, webspace.AddonRequest{Filter: webspace.ByName("more.example"), PlanGUID: &addon.GUID})
	g.Expect(err).NotTo(HaveOccurred())
	resold := addSubscription(t, srv, webspace.AddRequest{
		GenSetup: webspace.NewGenSetup{Name: "north.example", OwnerLogin: new("north")}, Hosting: virtual("north"), PlanGUID: &theirs.GUID,
	})
	_, err = webspace.Set.One(t.Context(), srv, webspace.SetRequest{Filter: webspace.ByName("north.example"), Values: webspace.SetValues{Limits: mailboxLimit(3)}})
	g.Expect(err).NotTo(HaveOccurred())
	forwarded := addSubscription(t, srv, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: "moved.example"},
		Hosting: &hosting.Hosting{StandardForward: &hosting.Forward{DestinationURL: "https://acme.example/", HTTPCode: new(302), IPAddresses: []string{"198.51.100.7"}}}})
	framed := addSubscription(t, srv, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: "framed.example"},
		Hosting: &hosting.Hosting{FrameForward: &hosting.FrameForwarded{DestinationURL: "https://acme.example/", IPAddresses: []string{"198.51.100.7"}}}})
	other := addSubscription(t, srv, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: "neighbour.example", OwnerLogin: new("acme")}})

	list := controllertest.ExpectListed(t, Subscription{}, c, 2, plain, follows, locked, extended, resold, forwarded, framed)
	g.Expect(list).To(HaveLen(8))
	byID := func(h engine.Handle) *engine.Found[subscriptionValue] { return controllertest.Listed(list, h.ID)[0] }
	g.Expect(byID(locked).Value.deviating).NotTo(BeEmpty(), "the plan was compared")
	g.Expect(byID(extended).Value.Addons).To(HaveExactElements(HaveField("GUID", addon.GUID)))
	g.Expect(byID(resold).Value.link.plan).NotTo(BeNil())
	brief := byID(other)
	found, err := Subscription{}.Find(t.Context(), c, other)
	g.Expect(err).NotTo(HaveOccurred())
	found.Value = subscriptionValue{}
	g.Expect(brief).To(Equal(found), "what nobody describes is known by name and owner")
}

// What is recorded may have gone, and 5,000 ids are one packet more than none.
func TestManyKnownSubscriptions(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	there := addSubscription(t, srv, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: "acme.example"}})
	known := engine.Known{IDs: []string{there.ID, "not-a-number"}}
	for i := range 4999 {
		known.IDs = append(known.IDs, strconv.Itoa(10_000+i))
	}
	r := &controllertest.Recording{Doer: c}
	list, err := Subscription{}.List(t.Context(), r, known)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(list).To(HaveExactElements(HaveField("ID", there.ID)))
	g.Expect(r.Sent).To(HaveLen(2))
}
