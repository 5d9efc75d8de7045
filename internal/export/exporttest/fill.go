// A server as a hoster's is: made by hand and by a billing system, with one thing of each sort and some odd ones.

// Package exporttest fills servers for the tests of exports.
package exporttest

import (
	"context"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dbserver"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/extension"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ftpuser"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/resellerplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplanaddon"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/sitealias"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ui"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// Password is that of everything.
const Password = "Mossy-Gate-2026!"

// address is the simulator's first shared one.
const address = "198.51.100.7"

// filler makes things until one is refused.
type filler struct {
	context.Context
	d   xmlapi.Doer
	err error
}

func do[Req any, Res xmlapi.Outcomer](f *filler, op xmlapi.Operation[Req, Res], r Req) Res {
	var result Res
	if f.err == nil {
		result, f.err = op.One(f, f.d, r)
	}
	return result
}

// Fill makes everything. Marked accounts and subscriptions bear an external id, as a billing system leaves one.
func Fill(ctx context.Context, d xmlapi.Doer, marked bool) error {
	f := &filler{Context: ctx, d: d}
	f.plans(marked)
	f.accounts(marked)
	acme, birch := f.subscriptions(marked)
	f.sites(acme, birch)
	f.mail(acme)
	f.records(acme)
	f.databases(acme)
	do(f, ui.CreateCustomButton, ui.CreateCustomButtonRequest{Owner: ui.Owner{Admin: &xmlapi.Empty{}}, Properties: ui.CustomButtonProperties{
		SortKey: new(7), Help: new("a help"), Place: ui.PlaceNavigation, URL: "https://help.example.com/", Text: "Help",
	}})
	do(f, extension.Install, extension.InstallRequest{URL: new("https://files.acme.example/git-1.2-1.zip")})
	return f.err
}

func external(marked bool, id string) *string {
	if !marked {
		return nil
	}
	return &id
}

func (f *filler) plans(marked bool) {
	if marked && f.err == nil { // those that the server comes with
		var all []serviceplan.GetResult
		all, f.err = serviceplan.Get.All(f, f.d, serviceplan.GetRequest{Filter: xmlapi.All()})
		for _, p := range all {
			do(f, serviceplan.Set, serviceplan.SetRequest{Filter: serviceplan.ByID(p.ID), ExternalID: new("billing-" + p.GUID)})
		}
	}
	do(f, serviceplan.Add, serviceplan.AddRequest{
		Name: "Basic", HostingType: new(hosting.Virtual), ExternalID: external(marked, "billing-plan-1"),
		Limits:  &hosting.Limits{Overuse: new("notify"), Limits: []hosting.Limit{{Name: "max_box", Value: 50}, {Name: "disk_space", Value: 5 << 30}, {Name: "max_site", Value: -1}}},
		Hosting: &hosting.Properties{Properties: []xmlapi.Property{{Name: "php", Value: "true"}, {Name: "ssl", Value: "true"}, {Name: "ftp_quota", Value: "-1"}}},
	})
	do(f, serviceplan.Add, serviceplan.AddRequest{Name: "Mail only", HostingType: new(hosting.None), ExternalID: external(marked, "billing-plan-2")})
	do(f, serviceplanaddon.Add, serviceplanaddon.AddRequest{
		Name: "More mail", ExternalID: external(marked, "billing-addon-1"), Limits: &serviceplanaddon.Limits{Limits: []hosting.Limit{{Name: "max_box", Value: 100}}},
	})
	do(f, resellerplan.Add, resellerplan.AddRequest{Name: "Trade", ExternalID: external(marked, "billing-trade-1")})
}

func (f *filler) accounts(marked bool) {
	north := do(f, reseller.Add, reseller.AddRequest{GenInfo: reseller.NewGenInfo{
		ContactName: "Nora North", Login: "north", Password: Password, ExternalID: external(marked, "billing-100"),
	}})
	do(f, reseller.IPPoolAdd, reseller.IPPoolAddRequest{Owner: reseller.Owner{ResellerID: &north.ID}, Addresses: []reseller.NewPoolAddress{{Address: address}}})
	for id, g := range map[string]customer.NewGenInfo{
		"billing-101": {Login: "acme", ContactName: "Ada  Birch", CompanyName: new("Acme & Sons <Ltd>"), Description: new("by  hand"), Locale: new("en-US"),
			Contact: customer.Contact[*string]{Email: new("ada@acme.example"), City: new("Zürich"), Country: new("CH"), Phone: new("+41 1 234")}},
		"billing-102": {Login: "birch", ContactName: "Ben Birch", OwnerLogin: new("north")},
		"billing-103": {Login: "Crown.Ltd", ContactName: "Cora Crown", Status: new(16)},
	} {
		g.Password, g.ExternalID = Password, external(marked, id)
		do(f, customer.Add, customer.AddRequest{GenInfo: g})
	}
}

// AddSubscription makes one with web hosting; without a plan or an owner where those are "".
func AddSubscription(ctx context.Context, d xmlapi.Doer, domain, owner, plan, id string) (webspace.AddResult, error) {
	req := webspace.AddRequest{
		GenSetup: webspace.NewGenSetup{Name: domain, HostingType: new(hosting.Virtual), IPAddresses: []string{address}},
		Hosting: &hosting.Hosting{Virtual: &hosting.VirtualHosting{IPAddresses: []string{address}, Properties: []xmlapi.Property{
			{Name: "ftp_login", Value: "u" + domain[:4]}, {Name: "ftp_password", Value: Password}, {Name: "php", Value: "true"},
		}}},
	}
	if owner != "" {
		req.GenSetup.OwnerLogin = &owner
	}
	if id != "" {
		req.GenSetup.ExternalID = &id
	}
	if plan != "" {
		req.PlanName = &plan
	}
	return webspace.Add.One(ctx, d, req)
}

func (f *filler) subscription(domain, owner, plan string, id *string) int64 {
	text := ""
	if id != nil {
		text = *id
	}
	if f.err != nil {
		return 0
	}
	r, err := AddSubscription(f, f.d, domain, owner, plan, text)
	f.err = err
	return r.ID
}

func (f *filler) subscriptions(marked bool) (acme, birch int64) {
	acme = f.subscription("acme.example", "acme", "Basic", external(marked, "billing-201"))
	birch = f.subscription("birch.example", "birch", "", external(marked, "billing-202"))
	f.subscription("desk.example", "", "", external(marked, "billing-203")) // the administrator's own
	do(f, webspace.Add, webspace.AddRequest{
		GenSetup: webspace.NewGenSetup{Name: "bücher.example", OwnerLogin: new("Crown.Ltd"), HostingType: new(hosting.StandardForward), IPAddresses: []string{address}, ExternalID: external(marked, "billing-204")},
		Hosting:  &hosting.Hosting{StandardForward: &hosting.Forward{DestinationURL: "https://www.acme.example/", HTTPCode: new(301), IPAddresses: []string{address}}},
	})
	do(f, webspace.Add, webspace.AddRequest{
		GenSetup: webspace.NewGenSetup{Name: "post.example", OwnerLogin: new("acme"), HostingType: new(hosting.None), IPAddresses: []string{address}, ExternalID: external(marked, "billing-205")},
	})
	return acme, birch
}

func (f *filler) sites(acme, birch int64) {
	do(f, site.Add, site.AddRequest{
		GenSetup: site.NewGenSetup{Name: "shop.example", WebspaceID: &acme, HostingType: new(hosting.Virtual), Description: new("the shop")},
		Hosting:  &site.Hosting{Virtual: &site.VirtualHosting{Properties: []xmlapi.Property{{Name: "www_root", Value: "shop"}, {Name: "php", Value: "true"}}}},
	})
	do(f, site.Add, site.AddRequest{
		GenSetup: site.NewGenSetup{Name: "blog.acme.example", ParentSiteName: new("acme.example"), HostingType: new(hosting.Virtual)},
		Hosting:  &site.Hosting{Virtual: &site.VirtualHosting{Properties: []xmlapi.Property{{Name: "www_root", Value: "blog"}}}},
	})
	do(f, sitealias.Create, sitealias.CreateRequest{Info: sitealias.Info{
		Settings: sitealias.Settings{ManageDNS: new(true), Preferences: &sitealias.Preferences{Web: new(true), Mail: new(true)}}, SiteID: acme, Name: "acme-alias.example",
	}})
	do(f, sitealias.Create, sitealias.CreateRequest{Info: sitealias.Info{Settings: sitealias.Settings{ManageDNS: new(false)}, SiteID: birch, Name: "birch-alias.example"}})
	do(f, ftpuser.Add, ftpuser.AddRequest{Name: "courier", Password: Password, WebspaceID: &acme, Quota: new(int64(1 << 20))})
}

func (f *filler) mail(acme int64) {
	do(f, mail.Create, mail.CreateRequest{Filter: mail.NewAccounts{SiteID: acme, Accounts: []mail.NewAccount{
		{
			Name: "info", Mailbox: &mail.NewMailbox{Enabled: true, Quota: new(int64(10 << 20))}, Aliases: []string{"office", "Desk"}, Description: new("the desk"),
			Forwarding:    &mail.NewForwarding{Enabled: true, Addresses: []string{"ada@post.example"}},
			Autoresponder: &mail.Autoresponder{Enabled: new(true), Subject: new("Away"), Text: new("Back  soon\nAda")},
			Password:      &mail.NewPassword{Value: Password, Type: new("plain")},
		},
	}}})
	do(f, mail.SetPrefs, mail.SetPrefsRequest{Filter: mail.BySite(acme), Preferences: hosting.MailPreferences{
		NonexistentUser: &hosting.NonexistentUser{Forward: new("info@acme.example")},
	}})
}

func (f *filler) records(acme int64) {
	for _, r := range []dns.Record{
		{Type: "A", Host: "shop", Value: "198.51.100.9"}, {Type: "AAAA", Host: "", Value: "2001:db8::9"}, {Type: "CNAME", Host: "Docs", Value: "docs.birch.example"},
		{Type: "MX", Host: "lists", Value: "mx.birch.example", Opt: new("20")}, {Type: "TXT", Host: "", Value: "v=spf1 +a +mx -all"},
		{Type: "SRV", Host: "_sip._tcp", Value: "sip.birch.example", Opt: new("10 20 5060")}, {Type: "CAA", Host: "", Value: "ca.example", Opt: new("0 issue")},
	} {
		r.Owner = dns.Owner{SiteID: &acme}
		do(f, dns.AddRec, dns.AddRecRequest{Record: r})
	}
}

func (f *filler) databases(acme int64) {
	db := do(f, database.AddDB, database.AddDBRequest{WebspaceID: acme, Name: "shop", Type: dbserver.MySQL})
	do(f, database.AddDBUser, database.AddDBUserRequest{DatabaseID: &db.ID, Login: "shopper", Password: Password})
}
