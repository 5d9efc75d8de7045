// The row of PleskMailAccount.

package conformance

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	family "github.com/plesk-operator/plesk-operator/internal/controller/mail"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// mailAccountRow has no mark of others': the protocol has an external id for no mail account, and ours passes. There are neighbours
// in the same site, and of the same name in another one.
var mailAccountRow = row{
	kind: "PleskMailAccount",
	is:   kind(family.Account{}),
	can:  []capability{exporter, maker, lister, logged, normalizer, secretUser, publisher, named, blamer},
	prepare: func(s *site) {
		for _, domain := range []string{"acme.example", "neighbour.example"} {
			do(s, webspace.Add, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: domain, IPAddresses: []string{sharedAddress}}})
		}
		addMail(s, "acme.example", mail.NewAccount{Name: "neighbour", Description: new("first")})
		addMail(s, "neighbour.example", describedMail())
	},
	object: func(s *site) v1alpha1.Object {
		m := &v1alpha1.PleskMailAccount{Spec: v1alpha1.PleskMailAccountSpec{
			CommonSpec: s.common(), SiteRef: v1alpha1.SiteReference{External: "acme.example"}, MailName: "info",
			Mailbox:       &v1alpha1.MailAccountMailbox{Enabled: true, Quota: mailboxQuota("1Gi")},
			Password:      new(s.generated()),
			Aliases:       []string{"contact"},
			Forwarding:    &v1alpha1.MailForwarding{Enabled: true, Addresses: []string{"ada@birch.example"}},
			Autoresponder: &v1alpha1.MailAutoresponder{Enabled: false, Subject: new("Away"), Text: new("Back on Monday.")},
			OutgoingLimit: outgoingLimit("50"), Description: new("first"), Antivirus: new(v1alpha1.MailAntivirusIncoming),
			ConnectionSecretRef: &v1alpha1.SecretReference{Name: s.connectionName()},
		}}
		m.Name = s.name + "-info"
		return m
	},
	fields: []field{
		mailField("mailbox.quota", "1073741824", "2147483648", "4096",
			func(m *v1alpha1.PleskMailAccountSpec) { m.Mailbox.Quota = mailboxQuota("2Gi") },
			func(m *v1alpha1.PleskMailAccountSpec) {
				if m.Mailbox != nil {
					m.Mailbox.Quota = nil
				}
			},
			func(a *mail.Account) string { return strconv.FormatInt(*a.Mailbox.Quota, 10) },
			func(c *mail.AccountChange, _ string) { c.Mailbox = &mail.Mailbox{Quota: new(int64(4096))} }),
		mailField("mailbox.enabled", "true", "false", "false",
			func(m *v1alpha1.PleskMailAccountSpec) { m.Mailbox.Enabled = false },
			func(m *v1alpha1.PleskMailAccountSpec) { m.Mailbox = nil },
			func(a *mail.Account) string { return strconv.FormatBool(*a.Mailbox.Enabled) },
			func(c *mail.AccountChange, _ string) { c.Mailbox = &mail.Mailbox{Enabled: new(false)} }),
		mailField("aliases", "contact", "sales", "intruder",
			func(m *v1alpha1.PleskMailAccountSpec) { m.Aliases = []string{"sales"} },
			func(m *v1alpha1.PleskMailAccountSpec) { m.Aliases = nil },
			func(a *mail.Account) string { return strings.Join(a.Aliases, " ") },
			func(c *mail.AccountChange, v string) { c.Aliases = []string{v} }),
		mailField("forwarding.addresses", "ada@birch.example", "birch@birch.example", "intruder@hub.example",
			func(m *v1alpha1.PleskMailAccountSpec) { m.Forwarding.Addresses = []string{"birch@birch.example"} }, nil,
			func(a *mail.Account) string { return strings.Join(a.Forwarding.Addresses, " ") },
			func(c *mail.AccountChange, v string) { c.Forwarding = &mail.Forwarding{Addresses: []string{v}} }),
		mailField("forwarding.enabled", "true", "false", "false",
			func(m *v1alpha1.PleskMailAccountSpec) { m.Forwarding.Enabled = false },
			func(m *v1alpha1.PleskMailAccountSpec) { m.Forwarding = nil },
			func(a *mail.Account) string { return strconv.FormatBool(*a.Forwarding.Enabled) },
			func(c *mail.AccountChange, _ string) {
				c.Forwarding = &mail.Forwarding{Enabled: new(false), Addresses: []string{"ada@birch.example"}}
			}),
		mailField("autoresponder.subject", "Away", "On leave", "Intruder",
			func(m *v1alpha1.PleskMailAccountSpec) { m.Autoresponder.Subject = new("On leave") },
			func(m *v1alpha1.PleskMailAccountSpec) {
				if m.Autoresponder != nil {
					m.Autoresponder.Subject = nil
				}
			},
			func(a *mail.Account) string { return *a.Autoresponder.Subject },
			func(c *mail.AccountChange, v string) { c.Autoresponder = &mail.Autoresponder{Subject: &v} }),
		mailField("autoresponder.enabled", "false", "true", "true",
			func(m *v1alpha1.PleskMailAccountSpec) { m.Autoresponder.Enabled = true },
			func(m *v1alpha1.PleskMailAccountSpec) { m.Autoresponder = nil },
			func(a *mail.Account) string { return strconv.FormatBool(*a.Autoresponder.Enabled) },
			func(c *mail.AccountChange, _ string) { c.Autoresponder = &mail.Autoresponder{Enabled: new(true)} }),
		mailField("outgoingLimit", "50", "60", "70",
			func(m *v1alpha1.PleskMailAccountSpec) { m.OutgoingLimit = outgoingLimit("60") },
			func(m *v1alpha1.PleskMailAccountSpec) { m.OutgoingLimit = nil },
			func(a *mail.Account) string { return *a.OutgoingLimit },
			func(c *mail.AccountChange, v string) { c.OutgoingLimit = &v }),
		mailField("description", "first", "second", "intruder",
			func(m *v1alpha1.PleskMailAccountSpec) { m.Description = new("second") },
			func(m *v1alpha1.PleskMailAccountSpec) { m.Description = nil },
			func(a *mail.Account) string { return *a.Description },
			func(c *mail.AccountChange, v string) { c.Description = &v }),
		mailField("antivirus", "in", "inout", "off",
			func(m *v1alpha1.PleskMailAccountSpec) { m.Antivirus = new(v1alpha1.MailAntivirusBoth) },
			func(m *v1alpha1.PleskMailAccountSpec) { m.Antivirus = nil },
			func(a *mail.Account) string { return *a.Antivirus },
			func(c *mail.AccountChange, v string) { c.Antivirus = &v }),
	},
	list: func(s *site) []external {
		var out []external
		for _, m := range allMail(s) {
			content, err := json.Marshal(m)
			s.Expect(err).NotTo(HaveOccurred())
			key := m.Name
			if m.domain == "neighbour.example" { // the name of another site's account is another key
				key += "@" + m.domain
			}
			mark, _ := engine.CutMark(*m.Description)
			out = append(out, external{id: strconv.FormatInt(m.ID, 10), mark: mark, key: key, content: m.domain + string(content)})
		}
		return out
	},
	numbered: "mail",
	example:  true,
	plant: func(s *site, id string) []string {
		a := mailWithID(s, id)
		do(s, mail.UpdateSet, mail.UpdateSetRequest{Filter: mail.AccountChanges{SiteID: a.site, Accounts: []mail.AccountChange{{
			ID: &a.ID, Name: a.Name, Forwarding: &mail.Forwarding{Addresses: []string{"stella@stranger.example"}},
		}}}})
		return []string{"stella@stranger.example"}
	},
	rename: rename{key: "office", change: set(func(m *v1alpha1.PleskMailAccount) { m.Spec.MailName = "office" })},
	add: func(s *site, differing bool, _ string) {
		a := describedMail()
		if differing {
			a.Antivirus = new("out")
		}
		addMail(s, "acme.example", a)
	},
	adds:    mail.Create.Name(),
	passing: true,
	parents: func(s *site) []v1alpha1.Object { return zoneRow.parents(s) },
	depth:   2,
	lieIn: func(o v1alpha1.Object, in v1alpha1.ObjectReference) {
		o.(*v1alpha1.PleskMailAccount).Spec.SiteRef = v1alpha1.SiteReference{Name: in.Name, External: in.External}
	},
	remove: func(s *site, id string) {
		m := mailWithID(s, id)
		do(s, mail.Remove, mail.RemoveRequest{Filter: mail.RemoveFilter{SiteID: m.site, Names: []string{m.Name}}})
	},
}

// describedMail is the account that the row's object describes.
func describedMail() mail.NewAccount {
	return mail.NewAccount{
		Name: "info", Mailbox: &mail.NewMailbox{Enabled: true, Quota: new(int64(1 << 30))}, Aliases: []string{"contact"},
		Forwarding:    &mail.NewForwarding{Enabled: true, Addresses: []string{"ada@birch.example"}},
		Autoresponder: &mail.Autoresponder{Subject: new("Away"), Text: new("Back on Monday.")},
		Password:      &mail.NewPassword{Value: "By-Hand-2031", Type: new(mail.Plain)},
		Antivirus:     new("in"), OutgoingLimit: new("50"), Description: new("first"),
	}
}

func mailboxQuota(text string) *v1alpha1.MailboxQuota {
	return &v1alpha1.MailboxQuota{LimitValue: v1alpha1.LimitValue{Text: text}}
}

func outgoingLimit(text string) *v1alpha1.OutgoingLimit {
	return &v1alpha1.OutgoingLimit{LimitValue: v1alpha1.LimitValue{Text: text}}
}

// mailField is a field of a mail account.
func mailField(name, initial, changed, spoiled string, change, unset func(*v1alpha1.PleskMailAccountSpec), read func(*mail.Account) string,
	wire func(*mail.AccountChange, string),
) field {
	f := field{
		name: name, initial: initial, changed: changed,
		change: set(func(m *v1alpha1.PleskMailAccount) { change(&m.Spec) }),
		read: func(s *site, id string) string {
			m := mailWithID(s, id)
			return read(&m.Account)
		},
	}
	if unset != nil {
		f.unset = set(func(m *v1alpha1.PleskMailAccount) { unset(&m.Spec) })
	}
	return f.spoiling(spoiled, func(s *site, id, value string) {
		a := mailWithID(s, id)
		c := mail.AccountChange{ID: &a.ID, Name: a.Name}
		wire(&c, value)
		do(s, mail.UpdateSet, mail.UpdateSetRequest{Filter: mail.AccountChanges{SiteID: a.site, Accounts: []mail.AccountChange{c}}})
	})
}

// siteMail is a mail account with the site that it belongs to.
type siteMail struct {
	mail.Account
	site   int64
	domain string
}

// allMail reads all accounts behind the operator's back.
func allMail(s *site) []siteMail {
	var out []siteMail
	for _, w := range findAll(s, webspace.Get, webspace.GetRequest{Filter: xmlapi.All(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}}) {
		for _, r := range findAll(s, mail.GetInfo, mail.GetInfoRequest{
			Filter: mail.InfoFilter{SiteID: w.ID}, Mailbox: &xmlapi.Empty{}, Forwarding: &xmlapi.Empty{}, Aliases: &xmlapi.Empty{}, Autoresponder: &xmlapi.Empty{},
		}) {
			out = append(out, siteMail{Account: *r.Account, site: w.ID, domain: w.Data.GenInfo.Name})
		}
	}
	return out
}

// mailWithID is the account with an id.
func mailWithID(s *site, id string) siteMail {
	all := allMail(s)
	i := slices.IndexFunc(all, func(m siteMail) bool { return strconv.FormatInt(m.ID, 10) == id })
	s.Expect(i).To(BeNumerically(">=", 0), "no mail account has the id %q", id)
	return all[i]
}

// addMail makes an account behind the operator's back.
func addMail(s *site, domain string, a mail.NewAccount) {
	id := do(s, webspace.Get, webspace.GetRequest{Filter: webspace.ByName(domain).Query(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}}).ID
	do(s, mail.Create, mail.CreateRequest{Filter: mail.NewAccounts{SiteID: id, Accounts: []mail.NewAccount{a}}})
}
