// Changes from outside: how long it takes until what somebody has changed on the server is as its resource says again.

package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
	"github.com/plesk-operator/plesk-operator/test/hoster"
)

// change is one from outside, and the text that the write which puts things right holds.
type change struct {
	do      func(ctx context.Context) error
	restore string
}

// changesOutside changes objects of each kind that the event log tells of, spread over some polls, and measures how long each is wrong.
func (f *fleet) changesOutside(ctx context.Context) ([]Figure, error) {
	if f.outside == 0 {
		return nil, nil
	}
	allowed, many := f.poll+2*time.Second, min(f.outside, f.size/hoster.FamilySize)
	took := make([]time.Duration, many)
	g, together := errgroup.WithContext(ctx)
	for i := range many {
		c, err := f.change(ctx, i)
		if err != nil {
			return nil, err
		}
		reached, began := f.plesk.await(c.restore), time.Now()
		if err := c.do(ctx); err != nil {
			return nil, err
		}
		g.Go(func() error {
			var err error
			took[i], err = f.patiently(together, c.restore, began, reached, 3*allowed)
			return err
		})
		if err := pause(ctx, 3*f.poll/time.Duration(many)); err != nil {
			return nil, err
		}
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	unnoticed := len(slices.DeleteFunc(slices.Clone(took), func(d time.Duration) bool { return d < 3*allowed }))
	f.say("%d of %d changes from outside were not corrected within %s", unnoticed, many, 3*allowed)
	return []Figure{atMost(fmt.Sprintf("outside change → corrected, p99, poll every %s", f.poll), p99(took).Seconds(), allowed.Seconds(), "s")}, nil
}

// change makes one of a customer, a subscription, a mail account or a zone, in turn, in each family another one.
func (f *fleet) change(ctx context.Context, family int) (change, error) {
	n, of := family*hoster.SitesPerFamily, family*hoster.CustomersPerFamily
	if family%4 == 0 {
		return change{restore: inElement(hoster.Email(of)), do: do(f, customer.Set, customer.SetRequest{
			Filter: customer.ByLogin(hoster.Login(of)),
			Values: customer.SetValues{GenInfo: &customer.SetGenInfo{Contact: customer.Contact[*string]{Email: new("intruder@elsewhere.example")}}},
		})}, nil
	}
	site, err := webspace.Get.One(ctx, f.plesk, webspace.GetRequest{Filter: webspace.ByName(hoster.Domain(n)).Query(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}})
	if err != nil {
		return change{}, err
	}
	switch family % 4 {
	case 1:
		return change{restore: inElement(hoster.SiteText(n)), do: do(f, webspace.Set, webspace.SetRequest{
			Filter: webspace.ByID(site.ID), Values: webspace.SetValues{GenSetup: &webspace.SetGenSetup{Description: new("somebody's")}},
		})}, nil
	case 2:
		name := hoster.MailName(family * hoster.MailAccountsPerFamily)
		return change{restore: inElement(hoster.MailText(family * hoster.MailAccountsPerFamily)), do: do(f, mail.UpdateSet, mail.UpdateSetRequest{Filter: mail.AccountChanges{
			SiteID: site.ID, Accounts: []mail.AccountChange{{Name: name, Description: new("somebody's")}},
		}})}, nil
	}
	records, err := dns.GetRec.All(ctx, f.plesk, dns.GetRecRequest{Filter: dns.BySite(site.ID).Query()})
	if err != nil {
		return change{}, err
	}
	for _, r := range records {
		if r.Data.Value == hoster.Address(n, 0) {
			return change{restore: inElement(hoster.Address(n, 0)), do: do(f, dns.DelRec, dns.DelRecRequest{Filter: dns.ByID(r.ID)})}, nil
		}
	}
	return change{}, fmt.Errorf("the zone of %s has no record for %s", hoster.Domain(n), hoster.Address(n, 0))
}

// inElement is a text as it stands in a packet, and not as a part of another one.
func inElement(text string) string { return ">" + text + "<" }

// do is an operation, sent behind the operator's back.
func do[Req any, Res xmlapi.Outcomer](f *fleet, o xmlapi.Operation[Req, Res], req Req) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := o.One(ctx, f.plesk, req)
		return err
	}
}
