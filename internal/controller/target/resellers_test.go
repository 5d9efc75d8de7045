// Resellers and their plans as references point at them, and what lies in an account of which only the id is shown.

package target

import (
	"context"
	"errors"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/resellerplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func TestResellersAndTheirPlansAreFound(t *testing.T) {
	g := NewWithT(t)
	srv, err := plesksim.New(plesksim.Options{OnInvalidAnswer: func(err error, _, _ []byte) { t.Error(err) }})
	g.Expect(err).NotTo(HaveOccurred())
	p, err := resellerplan.Add.One(t.Context(), srv, resellerplan.AddRequest{Name: "gold", ExternalID: new("plan-7")})
	g.Expect(err).NotTo(HaveOccurred())
	r, err := reseller.Add.One(t.Context(), srv, reseller.AddRequest{
		GenInfo: reseller.NewGenInfo{Login: "North", ContactName: "Nora", Password: "Mossy-Gate-2026!", ExternalID: new("account-7")},
	})
	g.Expect(err).NotTo(HaveOccurred())
	for _, c := range []struct {
		target   *engine.Target
		external string
		want     engine.Resolved
	}{
		{ResellerPlans, "gold", engine.Resolved{
			Kind: "PleskResellerPlan", Identity: engine.Identity{ID: engine.IDText(p.ID), GUID: p.GUID}, Key: engine.Key{Name: "gold"}, Mark: "plan-7",
		}},
		{Resellers, "NORTH", engine.Resolved{
			Kind: "PleskReseller", Identity: engine.Identity{ID: engine.IDText(r.ID), GUID: r.GUID}, Key: engine.Key{Name: "north"}, Mark: "account-7",
		}},
	} {
		g.Expect(c.target.Find(t.Context(), srv, c.external)).To(HaveValue(Equal(c.want)))
		g.Expect(c.target.Find(t.Context(), srv, "nobody")).To(BeNil())
		_, err := c.target.Find(t.Context(), silent{}, c.external)
		g.Expect(err).To(HaveOccurred(), "not knowing is not absence")
	}
}

// silent answers nothing.
type silent struct{}

// Do implements xmlapi.Doer.
func (silent) Do(context.Context, ...xmlapi.Caller) error { return errors.New("no answer") }

// Customers and resellers share their ids, and a subscription shows its owner's alone.
func TestWhatASubscriptionLiesIn(t *testing.T) {
	g := NewWithT(t)
	owner := engine.Identity{ID: "3"}
	r, err := ResolvedSubscription(7, &webspace.GenInfo{ASCIIName: "acme.example", GUID: "g", OwnerID: new(int64(3)), OwnerLogin: new("north")})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(r.In).To(Equal([]engine.Owner{{Kind: "PleskCustomer", Identity: owner}, {Kind: "PleskReseller", Identity: owner}}))
	r, err = ResolvedSubscription(7, &webspace.GenInfo{ASCIIName: "acme.example", GUID: "g"})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(r.In).To(BeEmpty())
}

// A customer may show its owner's login alone.
func TestWhatACustomerLiesIn(t *testing.T) {
	g := NewWithT(t)
	in := func(info customer.GenInfo) []engine.Owner {
		shown := customer.GetResult{Data: &customer.Data{GenInfo: &info}}
		shown.ID = 7
		r, err := ResolvedCustomer(shown)
		g.Expect(err).NotTo(HaveOccurred())
		return r.In
	}
	g.Expect(in(customer.GenInfo{OwnerLogin: new("North")})).To(Equal([]engine.Owner{{Kind: "PleskReseller", Key: engine.Key{Name: "north"}}}))
	g.Expect(in(customer.GenInfo{OwnerLogin: new("north"), OwnerID: new(int64(3))})).To(Equal([]engine.Owner{{Kind: "PleskReseller", Identity: engine.Identity{ID: "3"}}}))
	g.Expect(in(customer.GenInfo{})).To(BeEmpty())
}
