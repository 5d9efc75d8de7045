// Other clients, to compare the operator with: one that only sends the adds, and the naive design, in which each object looks for itself.

package main

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
	"github.com/plesk-operator/plesk-operator/test/hoster"
)

// maxParallelPackets is the default of a PleskServer.
const maxParallelPackets = 4

// errand is what a client does for one object: packets, one after the other.
type errand func(ctx context.Context, d xmlapi.Doer) error

// carryOut does errands, some at once, and returns how long that took.
func carryOut(ctx context.Context, d xmlapi.Doer, atOnce int, errands []errand) (time.Duration, error) {
	began := time.Now()
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for _, e := range errands {
		g.Go(func() error { return e(ctx, d) })
	}
	err := g.Wait()
	return time.Since(began), err
}

// sent is a call that can tell how it ended.
type sent interface {
	xmlapi.Caller
	Err() error
}

// send sends one packet, and has the first failure of what was in it.
func send(ctx context.Context, d xmlapi.Doer, calls ...sent) error {
	packet := make([]xmlapi.Caller, len(calls))
	for i, c := range calls {
		packet[i] = c
	}
	if err := d.Do(ctx, packet...); err != nil {
		return err
	}
	for _, c := range calls {
		if err := c.Err(); err != nil {
			return err
		}
	}
	return nil
}

// newcomers are the objects of the figures of new objects: customers, of whom every other one has a subscription with its zone.
type newcomers struct {
	customers, sites int
	address          string // of web sites
	plan             string // by its GUID
}

// prepare makes what has to be there before them.
func prepare(ctx context.Context, p *plesk, objects int) (*newcomers, error) {
	n := &newcomers{customers: objects / 2, sites: objects / 4}
	addresses, err := ip.Get.One(ctx, p, xmlapi.EmptyRequest{})
	if err != nil {
		return nil, err
	}
	plan, err := serviceplan.Add.One(ctx, p, serviceplan.AddRequest{Name: hoster.PlanName})
	n.address, n.plan = addresses.Addresses.Info[0].Address, plan.GUID
	return n, err
}

// customerAdd is what the operator sends for a customer.
func (n *newcomers) customerAdd(i int) *xmlapi.Call[customer.AddRequest, customer.AddResult] {
	return customer.Add.Call(customer.AddRequest{GenInfo: customer.NewGenInfo{
		Login: hoster.Login(i), ContactName: "Ada Birch", Password: password, ExternalID: new("mark-" + hoster.Login(i)), Contact: customer.Contact[*string]{Email: new(hoster.Email(i))},
	}})
}

// subscriptionAdd is what the operator sends for a subscription.
func (n *newcomers) subscriptionAdd(i int) *xmlapi.Call[webspace.AddRequest, webspace.AddResult] {
	return webspace.Add.Call(webspace.AddRequest{
		GenSetup: webspace.NewGenSetup{
			Name: hoster.Domain(i), OwnerLogin: new(hoster.Login(i)), HostingType: new(hosting.Virtual), IPAddresses: []string{n.address},
			ExternalID: new("mark-" + hoster.SiteName(i)), Description: new(hoster.SiteText(i)),
		},
		Hosting: &hosting.Hosting{Virtual: &hosting.VirtualHosting{IPAddresses: []string{n.address}, Properties: []xmlapi.Property{
			{Name: "ftp_login", Value: hoster.SiteName(i)}, {Name: "ftp_password", Value: password},
		}}},
		PlanGUID: new(n.plan),
	})
}

// zoneAdds is what the operator sends for a zone, in one packet.
func (n *newcomers) zoneAdds(i int, site int64) []sent {
	var out []sent
	for at := range hoster.RecordsPerZone {
		out = append(out, dns.AddRec.Call(dns.AddRecRequest{Record: dns.Record{
			Owner: dns.Owner{SiteID: &site}, Type: "A", Host: hoster.RecordHost(at), Value: hoster.Address(i, at),
		}}))
	}
	return out
}

// bare makes the objects and does nothing else: the adds alone, each in a packet.
func (n *newcomers) bare(ctx context.Context, d xmlapi.Doer, atOnce int) (time.Duration, error) {
	sites := make([]int64, n.sites)
	var customers, subscriptions, zones []errand
	for i := range n.customers {
		customers = append(customers, func(ctx context.Context, d xmlapi.Doer) error { return send(ctx, d, n.customerAdd(i)) })
	}
	for i := range n.sites {
		subscriptions = append(subscriptions, func(ctx context.Context, d xmlapi.Doer) error {
			add := n.subscriptionAdd(i)
			err := send(ctx, d, add)
			if err == nil {
				sites[i] = add.Results[0].ID
			}
			return err
		})
		zones = append(zones, func(ctx context.Context, d xmlapi.Doer) error { return send(ctx, d, n.zoneAdds(i, sites[i])...) })
	}
	return inTurn(ctx, d, atOnce, customers, subscriptions, zones)
}

// inTurn carries out errands of which the later ones need the earlier ones.
func inTurn(ctx context.Context, d xmlapi.Doer, atOnce int, waves ...[]errand) (time.Duration, error) {
	var sum time.Duration
	for _, wave := range waves {
		took, err := carryOut(ctx, d, atOnce, wave)
		sum += took
		if err != nil {
			return sum, err
		}
	}
	return sum, nil
}

// naive makes the objects as a reconciler does that looks at each for itself: it looks for the mark and for the key, adds, and reads what
// has become of it, in packets of their own that all ask who the server is.
func (n *newcomers) naive(ctx context.Context, d xmlapi.Doer, atOnce int) (time.Duration, error) {
	sites := make([]int64, n.sites)
	var customers, subscriptions, zones []errand
	for i := range n.customers {
		customers = append(customers, func(ctx context.Context, d xmlapi.Doer) error {
			return each(ctx, d, readCustomer(customer.ByExternalID("mark-"+hoster.Login(i))), readCustomer(customer.ByLogin(hoster.Login(i))), n.customerAdd(i), readCustomer(customer.ByLogin(hoster.Login(i))))
		})
	}
	for i := range n.sites {
		subscriptions = append(subscriptions, func(ctx context.Context, d xmlapi.Doer) error {
			add := n.subscriptionAdd(i)
			err := each(ctx, d, readSubscription(webspace.ByExternalID("mark-"+hoster.SiteName(i))), readSubscription(webspace.ByName(hoster.Domain(i))), add, readSubscription(webspace.ByName(hoster.Domain(i))))
			if err == nil {
				sites[i] = add.Results[0].ID
			}
			return err
		})
		zones = append(zones, func(ctx context.Context, d xmlapi.Doer) error {
			if err := each(ctx, d, readZone(sites[i])); err != nil {
				return err
			}
			if err := send(ctx, d, append(n.zoneAdds(i, sites[i]), whoAreYou())...); err != nil {
				return err
			}
			return each(ctx, d, readZone(sites[i]))
		})
	}
	return inTurn(ctx, d, atOnce, customers, subscriptions, zones)
}

// each sends a packet for each call, which asks who the server is, too. That nothing is found is no failure.
func each(ctx context.Context, d xmlapi.Doer, calls ...sent) error {
	for _, c := range calls {
		if err := send(ctx, d, whoAreYou(), c); err != nil && !xmlapi.IsNotFound(err) {
			return err
		}
	}
	return nil
}

func whoAreYou() sent { return server.Get.Call(server.GetRequest{GenInfo: &xmlapi.Empty{}}) }

func readCustomer(f xmlapi.Filter) sent {
	return customer.Get.Call(customer.GetRequest{Filter: f.Query(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}})
}

func readSubscription(f xmlapi.Filter) sent {
	all := webspace.Dataset{
		GenInfo: &xmlapi.Empty{}, Hosting: &xmlapi.Empty{}, Limits: &xmlapi.Empty{}, Preferences: &xmlapi.Empty{}, Subscriptions: &xmlapi.Empty{}, Permissions: &xmlapi.Empty{},
	}
	return webspace.Get.Call(webspace.GetRequest{Filter: f.Query(), Dataset: all})
}

func readZone(site int64) sent {
	return dns.GetRec.Call(dns.GetRecRequest{Filter: dns.BySite(site).Query()})
}

// naiveResync compares a fleet with the server as the naive design does: a packet for each object.
func naiveResync(ctx context.Context, p *plesk, d xmlapi.Doer, objects int) (time.Duration, error) {
	var errands []errand
	read := func(c sent) {
		errands = append(errands, func(ctx context.Context, d xmlapi.Doer) error { return each(ctx, d, c) })
	}
	for n := range objects / hoster.FamilySize {
		for k := range hoster.CustomersPerFamily {
			read(readCustomer(customer.ByLogin(hoster.Login(n*hoster.CustomersPerFamily + k))))
		}
		for k := range hoster.SitesPerFamily {
			name := hoster.Domain(n*hoster.SitesPerFamily + k)
			at, err := webspace.Get.One(ctx, p, webspace.GetRequest{Filter: webspace.ByName(name).Query(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}})
			if err != nil {
				return 0, err
			}
			read(readSubscription(webspace.ByName(name)))
			read(readZone(at.ID))
			if k < hoster.MailAccountsPerFamily {
				read(mail.GetInfo.Call(mail.GetInfoRequest{Filter: mail.InfoFilter{SiteID: at.ID, Names: []string{hoster.MailName(n*hoster.MailAccountsPerFamily + k)}}, Mailbox: &xmlapi.Empty{}}))
			}
		}
	}
	return carryOut(ctx, d, maxParallelPackets, errands)
}
