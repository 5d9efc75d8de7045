// A server full of random but valid things.

package exporttest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dbserver"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ftpuser"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/logrotation"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/resellerplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplanaddon"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/sitealias"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/subdomain"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ui"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// random makes values that servers take.
type random struct{ *rand.Rand }

func (r random) maybe() bool { return r.IntN(2) == 0 }

// text is one that people write: with blanks, letters of all sorts, and what means something in XML and YAML.
func (r random) text() *string {
	if r.IntN(3) == 0 {
		return nil
	}
	words := []string{"Ada", "Zürich", "  two  blanks ", "<b>", "& Sons", "yes", "no", "0x10", "1e3", "#", ": ", "'\"", "日本", "null", "~", "-", "*x", "{{.}}", "\u00a0", "%d"}
	var out []string
	for range 1 + r.IntN(3) {
		out = append(out, words[r.IntN(len(words))])
	}
	return new(strings.Join(out, ""))
}

// bound is a limit: often none, sometimes nothing at all.
func (r random) bound() int64 { return []int64{-1, 0, 1, 50, 1 << 20, 5 << 30, 1<<40 + 1}[r.IntN(7)] }

func (r random) limits() *hosting.Limits {
	l := &hosting.Limits{Overuse: new([]string{"block", "notify", "normal", "not_suspend", "not_suspend_notify"}[r.IntN(5)])}
	for _, name := range []string{"max_box", "disk_space", "max_traffic", "max_site", "mbox_quota"} {
		bound := r.bound()
		if (name == "max_box" || name == "max_site") && bound >= 0 { // there are to be some
			bound = 50
		}
		if r.maybe() {
			l.Limits = append(l.Limits, hosting.Limit{Name: name, Value: bound})
		}
	}
	return l
}

// Random makes n customers with what they may have.
func Random(ctx context.Context, d xmlapi.Doer, seed uint64, n int) error {
	f, r := &filler{Context: ctx, d: d}, random{rand.New(rand.NewPCG(seed, 1))} //nolint:gosec // the same values for the same seed
	addons := f.randomPlans(r)
	resellers := f.randomResellers(r, seed)
	f.randomServer(r)
	for i := range n {
		login := fmt.Sprintf("c%d.%d", seed, i)
		g := customer.NewGenInfo{Login: login, ContactName: "Ada " + login, Password: Password, CompanyName: r.text(), Description: r.text(),
			Contact: customer.Contact[*string]{City: r.text(), Address: r.text(), State: r.text()}}
		if r.maybe() {
			g.ExternalID = new("billing-" + login)
		}
		owned := r.IntN(4) == 0
		if owned {
			g.OwnerLogin = &resellers[r.IntN(len(resellers))]
		}
		do(f, customer.Add, customer.AddRequest{GenInfo: g})
		domain := fmt.Sprintf("s%d-%d.example", seed, i)
		req := webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: domain, OwnerLogin: &login, HostingType: new(hosting.Virtual), IPAddresses: []string{address}, Description: r.text()},
			Hosting: &hosting.Hosting{Virtual: &hosting.VirtualHosting{IPAddresses: []string{address}, Properties: []xmlapi.Property{
				{Name: "ftp_login", Value: fmt.Sprintf("u%dx%d", seed, i)}, {Name: "ftp_password", Value: Password}, {Name: "php", Value: fmt.Sprint(r.maybe())},
			}}}}
		if !owned && r.maybe() { // a plan of the customer's provider
			req.PlanName = new(fmt.Sprintf("Plan %d", r.IntN(3)))
		}
		if req.PlanName == nil || r.maybe() { // a plan that is overridden locks the subscription
			req.Limits = r.limits()
		}
		id := do(f, webspace.Add, req).ID
		if req.PlanName != nil && r.maybe() {
			do(f, webspace.AddSubscription, webspace.AddonRequest{Filter: webspace.ByID(id), PlanGUID: &addons[r.IntN(len(addons))]})
		}
		f.randomSettings(r, id)
		f.randomInside(r, id)
		f.randomBeside(r, id, domain)
	}
	return f.err
}

func (f *filler) randomInside(r random, id int64) {
	for i := range r.IntN(4) {
		a := mail.NewAccount{Name: fmt.Sprintf("Box.%d", i), Mailbox: &mail.NewMailbox{Enabled: r.maybe()}, Description: r.text(), Password: &mail.NewPassword{Value: Password, Type: new("plain")}}
		if r.maybe() {
			a.Forwarding = &mail.NewForwarding{Enabled: r.maybe(), Addresses: []string{"Someone@Else.example"}}
		}
		if r.maybe() {
			a.Autoresponder = &mail.Autoresponder{Enabled: new(r.maybe()), Subject: r.text(), Text: r.text()}
		}
		do(f, mail.Create, mail.CreateRequest{Filter: mail.NewAccounts{SiteID: id, Accounts: []mail.NewAccount{a}}})
	}
	for i := range r.IntN(6) {
		rec := []dns.Record{
			{Type: "A", Value: "198.51.100.9"}, {Type: "AAAA", Value: "2001:DB8:0:0::9"}, {Type: "CNAME", Value: "Docs.Else.example."},
			{Type: "MX", Value: "mx.else.example", Opt: new("010")}, {Type: "SRV", Value: "sip.else.example", Opt: new("1 2 3")},
			{Type: "TXT", Value: strings.Repeat("long; \\ \"text\" ", 1+r.IntN(30))}, {Type: "CAA", Value: "ca.else.example", Opt: new("128 issuewild")}, {Type: "NS", Value: "ns.else.example"},
		}[r.IntN(8)]
		rec.Host, rec.Owner = fmt.Sprintf("Host%d", i), dns.Owner{SiteID: &id}
		do(f, dns.AddRec, dns.AddRecRequest{Record: rec})
	}
}

// randomPlans makes service plans, and add-on plans, whose GUIDs it returns.
func (f *filler) randomPlans(r random) (addons []string) {
	for i := range 3 {
		do(f, serviceplan.Add, serviceplan.AddRequest{Name: fmt.Sprintf("Plan %d", i), HostingType: new(hosting.Virtual), Limits: r.limits()})
		addon := serviceplanaddon.AddRequest{Name: fmt.Sprintf("More %d: yes", i)}
		if r.maybe() {
			addon.Limits = &serviceplanaddon.Limits{Limits: []hosting.Limit{{Name: "max_box", Value: 50}}}
		}
		if r.maybe() {
			addon.Permissions = &hosting.Permissions{Permissions: []hosting.Permission{{Name: "manage_dns", Value: r.maybe()}}}
		}
		addons = append(addons, do(f, serviceplanaddon.Add, addon).GUID)
	}
	return addons
}

// randomResellers makes resellers, whose logins it returns.
func (f *filler) randomResellers(r random, seed uint64) (logins []string) {
	for i := range 2 {
		limits := &hosting.ResellerLimits{Policy: &hosting.ResourcePolicy{Oversell: new(r.maybe()), Overuse: new("notify")}, Limits: []hosting.Limit{{Name: "max_dom", Value: []int64{-1, 500}[r.IntN(2)]}}}
		plan := fmt.Sprintf("Trade #%d", i)
		do(f, resellerplan.Add, resellerplan.AddRequest{Name: plan, Limits: limits, IPPool: &resellerplan.IPPool{Addresses: []string{address}}})
		g := reseller.NewGenInfo{Login: fmt.Sprintf("r%d.%d", seed, i), ContactName: "Nora North", CompanyName: r.text(), Description: r.text(), Password: Password, PowerUser: new(r.maybe())}
		req := reseller.AddRequest{GenInfo: g}
		if r.maybe() {
			req.PlanName = &plan
		}
		made := do(f, reseller.Add, req)
		if req.PlanName == nil {
			do(f, reseller.IPPoolAdd, reseller.IPPoolAddRequest{Owner: reseller.Owner{ResellerID: &made.ID}, Addresses: []reseller.NewPoolAddress{{Address: address}}})
		}
		logins = append(logins, g.Login)
	}
	return logins
}

// randomServer makes what is the server's own.
func (f *filler) randomServer(r random) {
	for i := range r.IntN(3) {
		do(f, ip.Add, ip.AddRequest{Address: fmt.Sprintf("198.51.100.%d", 20+i), Netmask: "255.255.255.0", Type: []string{"shared", "exclusive"}[r.IntN(2)], Interface: "eth0"})
	}
	if r.maybe() {
		do(f, dns.AddRec, dns.AddRecRequest{Record: dns.Record{Type: "TXT", Host: "_more.<domain>.", Value: "for <domain>"}})
	}
	for i := range r.IntN(3) {
		do(f, ui.CreateCustomButton, ui.CreateCustomButtonRequest{Owner: ui.Owner{Admin: &xmlapi.Empty{}}, Properties: ui.CustomButtonProperties{
			SortKey: new(i), Help: r.text(), Place: ui.PlaceNavigation, URL: fmt.Sprintf("https://help%d.example.com/?a=1&b=<2>", i), Text: fmt.Sprintf("Help: %d", i), Public: new(r.maybe()), Internal: new(r.maybe()),
		}})
	}
}

// randomSettings changes what comes with a subscription.
func (f *filler) randomSettings(r random, id int64) {
	bySite := dns.BySite(id)
	if r.maybe() {
		do(f, dns.Set, dns.SetRequest{Filter: &bySite, SOA: dns.SOA{TTL: new(uint32(3600)), Minimum: new(uint32(r.IntN(86400)))}})
	}
	if r.IntN(4) == 0 {
		do(f, dns.Disable, dns.EnableRequest{Filter: &bySite})
	}
	if r.maybe() {
		to := []hosting.NonexistentUser{{Bounce: new("no: such <user>")}, {Forward: new("Post@else.example")}, {Reject: &xmlapi.Empty{}}}[r.IntN(3)]
		do(f, mail.SetPrefs, mail.SetPrefsRequest{Filter: mail.BySite(id), Preferences: hosting.MailPreferences{NonexistentUser: &to, Webmail: new([]string{"roundcube", "none"}[r.IntN(2)])}})
	}
	if r.maybe() {
		when := []hosting.LogCondition{{BySize: new(10<<20 + 1)}, {ByTime: new("Weekly")}}[r.IntN(2)]
		do(f, logrotation.Set, logrotation.SetRequest{Filter: logrotation.BySite(id), Settings: hosting.LogRotation{Condition: when, MaxFiles: new(1 + r.IntN(9)), Compress: new(r.maybe()), Email: new("logs@else.example")}})
	}
}

// randomBeside makes what has a name on the whole server: of the subscription's domain, or with the number of the subscription.
func (f *filler) randomBeside(r random, id int64, domain string) {
	if r.maybe() {
		do(f, site.Add, site.AddRequest{
			GenSetup: site.NewGenSetup{Name: "Shop." + domain, WebspaceID: &id, HostingType: new(hosting.Virtual), Description: r.text()},
			Hosting:  &site.Hosting{Virtual: &site.VirtualHosting{Properties: []xmlapi.Property{{Name: "www_root", Value: "shop"}, {Name: "php", Value: fmt.Sprint(r.maybe())}}}},
		})
	}
	if r.maybe() {
		do(f, subdomain.Add, subdomain.AddRequest{Parent: domain, Name: "Beta", Properties: []xmlapi.Property{{Name: "www_root", Value: "beta"}}})
	}
	if r.maybe() {
		do(f, sitealias.Create, sitealias.CreateRequest{Info: sitealias.Info{SiteID: id, Name: "alias-" + domain, Settings: sitealias.Settings{
			ManageDNS: new(r.maybe()), Preferences: &sitealias.Preferences{Web: new(r.maybe()), Mail: new(r.maybe())},
		}}})
	}
	if r.maybe() {
		do(f, ftpuser.Add, ftpuser.AddRequest{Name: fmt.Sprintf("ftp%d", id), Password: Password, WebspaceID: &id, Quota: new(int64(1 << 20))})
	}
	if r.maybe() {
		db := do(f, database.AddDB, database.AddDBRequest{WebspaceID: id, Name: fmt.Sprintf("db_%d", id), Type: dbserver.MySQL})
		for i := range r.IntN(3) {
			do(f, database.AddDBUser, database.AddDBUserRequest{DatabaseID: &db.ID, Login: fmt.Sprintf("u%d_%d", id, i), Password: Password})
		}
	}
}
