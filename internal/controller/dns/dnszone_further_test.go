// Zones of further sites, which are the main ones of no subscription: found, listed and lost as others are.

package dns

import (
	"context"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// furtherSite makes a subscription and a further site in it.
func furtherSite(t *testing.T, srv *plesksim.Server) (main, further engine.Handle) {
	t.Helper()
	w, err := webspace.Add.One(t.Context(), srv, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: "acme.example", IPAddresses: []string{"198.51.100.7"}}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := site.Add.One(t.Context(), srv, site.AddRequest{GenSetup: site.NewGenSetup{Name: "shop.example", WebspaceID: &w.ID}})
	if err != nil {
		t.Fatal(err)
	}
	return engine.Handle{Identity: engine.Identity{ID: engine.IDText(w.ID), GUID: w.GUID}}, engine.Handle{Identity: engine.Identity{ID: engine.IDText(r.ID), GUID: r.GUID}}
}

func TestZonesOfFurtherSites(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	main, further := furtherSite(t, srv)
	found, err := Zone{}.Find(t.Context(), c, further)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.Identity).To(Equal(further.Identity))
	g.Expect(found.Key).To(Equal(engine.Key{Within: further.Identity, Name: "shop.example"}))
	controllertest.ExpectListed(t, Zone{}, c, 2, main, further)
	controllertest.ExpectListed(t, Zone{}, c, 1, main)

	id, err := engine.Number(further.ID)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(srv.Renumber("site", map[int64]int64{id: 77})).To(Succeed())
	found, err = Zone{}.Find(t.Context(), c, further)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.Identity).To(Equal(engine.Identity{ID: "77", GUID: further.GUID}), "the GUID leads to it")

	_, err = site.Del.One(t.Context(), srv, xmlapi.FilterRequest{Filter: site.ByID(77)})
	g.Expect(err).NotTo(HaveOccurred())
	found, err = Zone{}.Find(t.Context(), c, engine.Handle{Identity: engine.Identity{ID: "77", GUID: further.GUID}})
	g.Expect(found, err).To(BeNil())
}

// forSubscriptionsOnly is an account that may not ask for sites, as the documents say of resellers.
type forSubscriptionsOnly struct{ xmlapi.Doer }

// Do implements xmlapi.Doer.
func (f forSubscriptionsOnly) Do(ctx context.Context, calls ...xmlapi.Caller) error {
	if err := f.Doer.Do(ctx, calls...); err != nil {
		return err
	}
	for _, c := range calls {
		if sites, ok := c.(*xmlapi.Call[site.GetRequest, site.GetResult]); ok {
			sites.Results = []site.GetResult{{}}
			sites.Results[0].Status, sites.Results[0].Code = xmlapi.StatusError, xmlapi.CodePermissionDenied
		}
	}
	return nil
}

// Whoever may not ask for sites sees the zones of main ones as ever, and learns nothing of others.
func TestZonesForThoseWhoMayNotAskForSites(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	main, further := furtherSite(t, srv)
	r := &controllertest.Recording{Doer: forSubscriptionsOnly{c}}
	found, err := Zone{}.Find(t.Context(), r, main)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.Identity).To(Equal(main.Identity))
	g.Expect(strings.Join(r.Sent, "")).NotTo(ContainSubstring("<site>"))
	_, err = Zone{}.Find(t.Context(), r, further)
	g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Forbidden), "not known is not absent")
	list, err := Zone{}.List(t.Context(), r, engine.Known{IDs: []string{main.ID, further.ID}})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(list).To(HaveExactElements(found))

	id, err := engine.Number(main.ID)
	g.Expect(err).NotTo(HaveOccurred())
	_, err = webspace.Del.One(t.Context(), srv, xmlapi.FilterRequest{Filter: webspace.ByID(id)})
	g.Expect(err).NotTo(HaveOccurred())
	found, err = Zone{}.Find(t.Context(), r, main)
	g.Expect(found, err).To(BeNil(), "a zone that it had recorded was that of a main site")
}
