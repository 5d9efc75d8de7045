// Foreign objects: what is on every server from the start and belongs to others, and resources that claim it in vain.

package chaos

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/google/uuid"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

const foreignPlan = "Foreign plan"

// furnish puts foreign customers, plans and subscriptions on a server: unmarked ones, ones that a billing system has marked, and
// ones that an operator of another cluster has marked with a UID of its own. Then it remembers everything that is there.
func (r *run) furnish(s *server) error {
	ctx := context.Background() // in this process, nothing to wait for
	marks := []*string{nil, new("billing-4711"), new(uuid.NewString())}
	rng := rand.New(rand.NewPCG(r.Seed, streamFleet+uint64(s.number)<<8)) // chance in tests, repeatable; numbers from 1
	if _, err := serviceplan.Add.One(ctx, s.plesk, serviceplan.AddRequest{Name: foreignPlan, Limits: limit("max_site", 3), ExternalID: marks[1]}); err != nil {
		return err
	}
	for i, mark := range marks {
		login := fmt.Sprintf("foreign-%d", i+1)
		_, err := customer.Add.One(ctx, s.plesk, customer.AddRequest{GenInfo: customer.NewGenInfo{
			Login: login, ContactName: "Somebody Else", Password: "By-Hand-2031", ExternalID: mark,
			Contact: customer.Contact[*string]{City: new("Paris"), Phone: new(fmt.Sprint(rng.IntN(10_000_000)))},
		}})
		if err != nil {
			return err
		}
		if err := furnishSubscription(ctx, s, login, mark, i); err != nil {
			return err
		}
	}
	all, err := takeInventory(ctx, s.plesk)
	if err != nil {
		return err
	}
	s.foreign, err = all.entries()
	s.existing = map[string]bool{}
	for what := range s.foreign {
		s.existing[what] = true
	}
	return err
}

// furnishSubscription adds a subscription with a web site, or without, and a record to its zone.
func furnishSubscription(ctx context.Context, s *server, login string, mark *string, i int) error {
	add := webspace.AddRequest{
		GenSetup: webspace.NewGenSetup{Name: login + ".example", OwnerLogin: &login, HostingType: new(hosting.None), ExternalID: mark, IPAddresses: []string{"198.51.100.7"}},
	}
	if i%2 == 0 {
		add.GenSetup.HostingType = new(hosting.Virtual)
		add.Hosting = &hosting.Hosting{Virtual: &hosting.VirtualHosting{
			Properties:  []xmlapi.Property{{Name: "ftp_login", Value: "foreign" + fmt.Sprint(i)}, {Name: "ftp_password", Value: "By-Hand-2031"}},
			IPAddresses: []string{"198.51.100.7"},
		}}
		add.PlanName = new(foreignPlan)
	}
	w, err := webspace.Add.One(ctx, s.plesk, add)
	if err != nil {
		return err
	}
	_, err = dns.AddRec.One(ctx, s.plesk, dns.AddRecRequest{Record: dns.Record{Owner: dns.Owner{SiteID: &w.ID}, Type: "A", Host: managedHost + "0", Value: "192.0.2.99"}})
	return err
}

// contenders are resources that claim foreign objects and would change them. They are refused, and when they are deleted, with
// the policy Delete, nothing happens on the server.
func contenders(s *server) []v1alpha1.Object {
	prefix := fmt.Sprintf("contender-%d-", s.number)
	c := &v1alpha1.PleskCustomer{ObjectMeta: objectMeta(prefix + "customer"), Spec: v1alpha1.PleskCustomerSpec{
		CommonSpec: common(s), Account: v1alpha1.Account{Login: "foreign-1", ContactName: "Mine now", Password: new(generated(prefix + "panel"))},
	}}
	marked := &v1alpha1.PleskCustomer{ObjectMeta: objectMeta(prefix + "marked"), Spec: v1alpha1.PleskCustomerSpec{
		CommonSpec: common(s), Account: v1alpha1.Account{Login: "foreign-2", ContactName: "Mine, too", Password: new(generated(prefix + "panel"))},
	}}
	p := &v1alpha1.PleskServicePlan{ObjectMeta: objectMeta(prefix + "plan"), Spec: v1alpha1.PleskServicePlanSpec{
		CommonSpec: common(s), PlanName: foreignPlan, Allowance: v1alpha1.Allowance{Limits: map[string]v1alpha1.LimitValue{"max_site": count(99)}},
	}}
	sub := &v1alpha1.PleskSubscription{ObjectMeta: objectMeta(prefix + "subscription"), Spec: v1alpha1.PleskSubscriptionSpec{
		CommonSpec: common(s), DomainName: "foreign-1.example", CustomerRef: &v1alpha1.ObjectReference{External: "foreign-2"}, Description: new("Mine now"),
	}}
	return []v1alpha1.Object{c, marked, p, sub}
}
