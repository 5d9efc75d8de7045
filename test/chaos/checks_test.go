// Shows that the checks of a run can fail: each is given the damage that it is there to find.

package chaos

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

func TestSeedDecidesTheSchedule(t *testing.T) {
	g := NewWithT(t)
	draw := func(seed uint64) ([]act, []string) {
		c := Long(seed)
		servers := make([]*server, c.Servers)
		for i := range servers {
			servers[i] = &server{number: i + 1, name: fmt.Sprintf("web-%02d", i+1)}
		}
		fleet := newFleet(c, servers)
		var names []string
		for _, f := range fleet {
			for _, o := range f.objects() {
				names = append(names, named(o))
			}
		}
		return newSchedule(c, fleet), names
	}
	acts, names := draw(7)
	again, sameNames := draw(7)
	g.Expect(again).To(Equal(acts))
	g.Expect(sameNames).To(Equal(names))
	g.Expect(names).To(HaveLen(1000))
	other, _ := draw(8)
	g.Expect(other).NotTo(Equal(acts))
	for _, w := range weights {
		g.Expect(slices.ContainsFunc(acts, func(a act) bool { return a.deed == w.deed })).To(BeTrue(), "%s never happens", w.deed)
	}
}

func TestSharesOfFaultsAddUp(t *testing.T) {
	total := 0.0
	for _, k := range faultKinds() {
		total += k.share
	}
	NewWithT(t).Expect(total).To(Equal(100.0))
}

func TestLeadership(t *testing.T) {
	at := func(second int, who string) write { return write{time.Unix(int64(second), 0), who} }
	for name, c := range map[string]struct {
		transitions int
		writes      [][]write // by server
		broken      int
	}{
		"one after the other":                         {1, [][]write{{at(1, "a"), at(2, "a"), at(3, "b")}, {at(2, "a"), at(4, "b")}}, 0},
		"told in another order":                       {1, [][]write{{at(3, "b"), at(1, "a"), at(2, "a")}}, 0},
		"more writers than the lease has had":         {0, [][]write{{at(1, "a"), at(2, "b")}}, 1},
		"the old leader writes again":                 {5, [][]write{{at(1, "a"), at(2, "b"), at(3, "a")}}, 1},
		"the old leader writes again, to another one": {5, [][]write{{at(1, "a"), at(2, "b")}, {at(3, "a")}}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := &run{report: newReport(Config{})}
			r.report.Transitions = c.transitions
			for _, w := range c.writes {
				r.servers = append(r.servers, &server{name: "web", writes: w})
			}
			r.checkLeadership()
			NewWithT(t).Expect(r.report.Problems()).To(HaveLen(c.broken))
		})
	}
}

func TestFieldChanges(t *testing.T) {
	g := NewWithT(t)
	changes, err := fieldChanges([]byte(`{"a":{"b":[1,2]},"c":"x"}`), []byte(`{"a":{"b":[1,3,4]},"d":"y"}`))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(changes).To(Equal([]string{`.a.b[1]: "2" became "3"`, `.a.b[2]: "4" appeared`, `.c: "x" became ""`, `.d: "y" appeared`}))
	g.Expect(fieldChanges([]byte(`{"a":[1]}`), []byte(`{"a":[1]}`))).To(BeEmpty())
}

// damaged is what the checks find on a server with foreign objects, after somebody has done damage there.
func damaged(t *testing.T, damage func(g *WithT, s *server)) []string {
	t.Helper()
	g := NewWithT(t)
	sim, err := plesksim.New(plesksim.Options{})
	g.Expect(err).NotTo(HaveOccurred())
	s := &server{number: 1, name: "web-01", plesk: &testbed.Simulator{Server: sim}}
	r := &run{report: newReport(Config{}), Config: Config{Seed: 1}, servers: []*server{s}}
	g.Expect(r.furnish(s)).To(Succeed())
	damage(g, s)
	g.Expect(r.checkForeign(t.Context())).To(Succeed())
	found, err := takeInventory(t.Context(), sim)
	g.Expect(err).NotTo(HaveOccurred())
	v := &view{verification: &verification{}, server: s, found: found, owners: map[string]string{}}
	v.strangers()
	for _, p := range v.problems {
		r.report.broken(p.breach, "%s", p.text)
	}
	return r.report.Problems()
}

func TestDamageIsFound(t *testing.T) {
	for name, c := range map[string]struct {
		damage func(ctx context.Context, s *server) error
		found  string
	}{
		"a field": {func(ctx context.Context, s *server) error {
			_, err := customer.Set.One(ctx, s.plesk, customer.SetRequest{Filter: customer.ByLogin("foreign-1"),
				Values: customer.SetValues{GenInfo: &customer.SetGenInfo{Contact: customer.Contact[*string]{City: new("Rome")}}}})
			return err
		}, "City"},
		"a record": {func(ctx context.Context, s *server) error {
			w := s.webspace(ctx, "foreign-1.example")
			_, err := dns.AddRec.One(ctx, s.plesk, dns.AddRecRequest{Record: dns.Record{Owner: dns.Owner{SiteID: &w.ID}, Type: "A", Host: "x", Value: "192.0.2.1"}})
			return err
		}, "zone"},
		"an object is gone": {func(ctx context.Context, s *server) error {
			_, err := webspace.Del.One(ctx, s.plesk, xmlapi.FilterRequest{Filter: webspace.ByName("foreign-3.example")})
			return err
		}, "is gone"},
		"an object of nobody's": {func(ctx context.Context, s *server) error {
			_, err := customer.Add.One(ctx, s.plesk, customer.AddRequest{GenInfo: customer.NewGenInfo{
				Login: "orphan", ContactName: "Orphan", Password: "By-Hand-2031", ExternalID: new("6f6e3b0a-0000-4000-8000-000000000000")}})
			return err
		}, string(orphan)},
	} {
		t.Run(name, func(t *testing.T) {
			problems := damaged(t, func(g *WithT, s *server) { g.Expect(c.damage(t.Context(), s)).To(Succeed()) })
			NewWithT(t).Expect(problems).To(ContainElement(ContainSubstring(c.found)))
		})
	}
	NewWithT(t).Expect(damaged(t, func(*WithT, *server) {})).To(BeEmpty())
}

func TestPasswordsAreTried(t *testing.T) {
	g := NewWithT(t)
	sim, err := plesksim.New(plesksim.Options{})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(sim.Start()).To(Succeed())
	defer sim.Close()
	_, err = customer.Add.One(t.Context(), sim, customer.AddRequest{GenInfo: customer.NewGenInfo{Login: "acme", ContactName: "Ada", Password: "By-Hand-2031"}})
	g.Expect(err).NotTo(HaveOccurred())
	c := &v1alpha1.PleskCustomer{Spec: v1alpha1.PleskCustomerSpec{Account: v1alpha1.Account{Login: "acme"}}}
	access := testbed.Access{URL: sim.URL(), CA: sim.CA()}
	g.Expect(letsIn(t.Context(), access, c, "By-Hand-2031")).To(BeTrue())
	g.Expect(letsIn(t.Context(), access, c, "By-Hand-2032")).To(BeFalse())
}

func TestResourcesAreComparedWithTheServer(t *testing.T) {
	ours := customer.GetResult{Data: &customer.Data{GenInfo: &customer.GenInfo{Login: "acme", ContactName: "Ada", ExternalID: "uid"}}}
	ours.ID = 7
	changed := func(change func(*customer.GenInfo)) customer.GetResult {
		c, info := ours, *ours.Data.GenInfo
		change(&info)
		c.Data = &customer.Data{GenInfo: &info}
		return c
	}
	for name, c := range map[string]struct {
		there  []customer.GetResult
		id     string
		broken []breach
	}{
		"as it should be":    {[]customer.GetResult{ours}, "7", nil},
		"gone":               {nil, "7", []breach{lost}},
		"twice, by the mark": {[]customer.GetResult{ours, changed(func(i *customer.GenInfo) { i.Login = "acme2" })}, "7", []breach{duplicate}},
		"twice, by the key":  {[]customer.GetResult{ours, changed(func(i *customer.GenInfo) { i.ExternalID = "other" })}, "7", []breach{duplicate}},
		"without its mark":   {[]customer.GetResult{changed(func(i *customer.GenInfo) { i.ExternalID = "" })}, "7", []breach{lost}},
		"another id":         {[]customer.GetResult{ours}, "8", []breach{lost}},
		"another value":      {[]customer.GetResult{changed(func(i *customer.GenInfo) { i.ContactName = "Eve" })}, "7", []breach{lost}},
		"disabled":           {[]customer.GetResult{changed(func(i *customer.GenInfo) { i.Status = 16 })}, "7", []breach{lost}},
	} {
		t.Run(name, func(t *testing.T) {
			o := &v1alpha1.PleskCustomer{ObjectMeta: metav1.ObjectMeta{Name: "acme", UID: types.UID("uid")},
				Spec: v1alpha1.PleskCustomerSpec{Account: v1alpha1.Account{Login: "acme", ContactName: "Ada"}}}
			o.Status.ID = c.id
			v := &view{verification: &verification{}, server: &server{name: "web-01"}, found: &inventory{customers: c.there}}
			v.customer(&family{}, o)
			var broken []breach
			for _, p := range v.problems {
				broken = append(broken, p.breach)
			}
			NewWithT(t).Expect(broken).To(Equal(c.broken))
		})
	}
}
