// What is done on the servers by hand, behind the operator's back.

package chaos

import (
	"context"
	"fmt"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// byHand carries out an act on the server. What is not there (yet) is left alone.
func (r *run) byHand(ctx context.Context, f *family, a act) error {
	var err error
	switch a.deed {
	case handCustomer:
		err = r.changeCustomer(ctx, f, a.number)
	case handPlan:
		_, err = serviceplan.Set.One(ctx, f.server.plesk, serviceplan.SetRequest{Filter: serviceplan.ByName(f.plan.Spec.PlanName), Limits: limit("max_site", 77)})
	case handSubscription:
		err = changeSubscription(ctx, f.server, a.subscription(f).object, a.number)
	case handTakeRecord:
		err = takeRecord(ctx, f.server, a.subscription(f).object.Spec.DomainName, a.number)
	case handAddRecord:
		err = addRecord(ctx, f.server, a.subscription(f), a.number)
	case handRemove:
		sub := a.subscription(f)
		sub.handmade = nil
		_, err = webspace.Del.One(ctx, f.server.plesk, xmlapi.FilterRequest{Filter: webspace.ByName(sub.object.Spec.DomainName)})
	default:
		return fmt.Errorf("nobody knows how to do %q", a.deed)
	}
	if xmlapi.IsNotFound(err) {
		r.report.count("by hand: not there (yet), left alone")
		return nil
	}
	return err
}

// changeCustomer changes a field that is managed, and one that is not.
func (r *run) changeCustomer(ctx context.Context, f *family, n uint64) error {
	phone := fmt.Sprintf("+44 %d", n%100_000)
	_, err := customer.Set.One(ctx, f.server.plesk, customer.SetRequest{Filter: customer.ByLogin(f.customer.Spec.Login), Values: customer.SetValues{
		GenInfo: &customer.SetGenInfo{ContactName: new("Changed by hand"), Contact: customer.Contact[*string]{City: new("Changed by hand"), Phone: &phone}},
	}})
	if err == nil {
		f.phone = phone
	}
	return err
}

func changeSubscription(ctx context.Context, s *server, o *v1alpha1.PleskSubscription, n uint64) error {
	v := webspace.SetValues{GenSetup: &webspace.SetGenSetup{Description: new("Changed by hand")}}
	if len(o.Spec.Limits) > 0 && n&64 == 0 {
		v = webspace.SetValues{Limits: limit("max_box", 500)}
	}
	_, err := webspace.Set.One(ctx, s.plesk, webspace.SetRequest{Filter: webspace.ByName(o.Spec.DomainName), Values: v})
	return err
}

func limit(name string, value int64) *hosting.Limits {
	return &hosting.Limits{Limits: []hosting.Limit{{Name: name, Value: value}}}
}

// takeRecord removes one of the records that the zone's resource lists.
func takeRecord(ctx context.Context, s *server, domain string, n uint64) error {
	w := s.webspace(ctx, domain)
	if w == nil {
		return nil
	}
	all, err := dns.GetRec.All(ctx, s.plesk, dns.GetRecRequest{Filter: dns.BySite(w.ID).Query()})
	if err != nil {
		return err
	}
	var ids []int64
	for _, rec := range all {
		if strings.HasPrefix(rec.Data.Host, managedHost) {
			ids = append(ids, rec.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	_, err = dns.DelRec.One(ctx, s.plesk, dns.DelRecRequest{Filter: dns.ByID(ids[n>>8%uint64(len(ids))])})
	return err
}

// addRecord adds a record that no resource knows of: it is somebody else's, and stays as long as the subscription.
func addRecord(ctx context.Context, s *server, sub *subscription, n uint64) error {
	w := s.webspace(ctx, sub.object.Spec.DomainName)
	if w == nil {
		return nil
	}
	host := fmt.Sprintf("%s%d", handmadeHost, n%100_000)
	_, err := dns.AddRec.One(ctx, s.plesk, dns.AddRecRequest{Record: dns.Record{
		Owner: dns.Owner{SiteID: &w.ID}, Type: "TXT", Host: host, Value: "added by hand",
	}})
	if err == nil {
		sub.handmade = append(sub.handmade, host)
	}
	return err
}
