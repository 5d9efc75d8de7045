// Mail accounts against a simulated Plesk: whatever the spec says is there afterwards, nothing else was written, and no account is taken
// for another.

package mail

import (
	"reflect"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func FuzzNormalMailAccount(f *testing.F) { controllertest.FuzzNormal(f, Account{}) }

const richMailAccount = `
spec:
  siteRef: {name: acme-example}
  mailName: Info
  mailbox: {enabled: true, quota: 1Gi}
  password: {secretRef: {name: acme-mail-info, key: password}}
  aliases: [Sales, contact]
  forwarding: {enabled: true, addresses: [Ada@Birch.example, crm@bücher.example]}
  autoresponder:
    enabled: true
    subject: "Re:  <request_subject>"
    text: "Back on\n Monday.\n"
    contentType: HTML
    charset: utf-8
    forwardTo: desk@birch.example
    endDate: "2031-02-01"
  antivirus: Incoming
  outgoingLimit: 50
  panelAccess: true
  description: "front  desk"
`

const infoMailAccount = `spec: {siteRef: {name: acme-example}, mailName: info}`

// mailMark has the form in which the engine marks.
const mailMark = "plesk-operator:0f1e2d3c4b5a6978:5f1c0d3e-uid"

// mailAccount is a resource whose reference and secret resolve to what is on the simulator.
type mailAccount = controllertest.Object[*v1alpha1.PleskMailAccount, mailValue]

func newMailAccount(t *testing.T, at engine.Resolved, d xmlapi.Doer, manifest string) *mailAccount {
	t.Helper()
	return &mailAccount{
		T: t, Kind: Account{}, D: d, O: controllertest.Parse(t, &v1alpha1.PleskMailAccount{}, manifest), Passing: mailMark,
		In: engine.NewInputs("", map[string]engine.Resolved{"spec.siteRef": at}, map[string]xmlapi.Secret{mailPassword: "Rainy-Fjord-2031"}),
	}
}

// mailSite makes a subscription behind the client's back, and returns its site.
func mailSite(t *testing.T, srv *plesksim.Server, domain string) engine.Resolved {
	t.Helper()
	_, err := webspace.Add.One(t.Context(), srv, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: domain, IPAddresses: []string{"198.51.100.7"}}})
	if err != nil {
		t.Fatal(err)
	}
	return siteNamed(t, srv, domain)
}

func siteNamed(t *testing.T, srv *plesksim.Server, domain string) engine.Resolved {
	t.Helper()
	at, err := target.FindSite(t.Context(), srv, domain)
	if err != nil || at == nil {
		t.Fatal(at, err)
	}
	return *at
}

// mailboxes reads the accounts of a site past the code under test, by name.
func mailboxes(t *testing.T, srv *plesksim.Server, at engine.Resolved) map[string]mail.Account {
	t.Helper()
	id, err := engine.Number(at.ID)
	if err != nil {
		t.Fatal(err)
	}
	all, err := mail.GetInfo.All(t.Context(), srv, mail.GetInfoRequest{
		Filter: mail.InfoFilter{SiteID: id}, Mailbox: &xmlapi.Empty{}, Forwarding: &xmlapi.Empty{}, Aliases: &xmlapi.Empty{}, Autoresponder: &xmlapi.Empty{},
	})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]mail.Account{}
	for _, r := range all {
		out[r.Account.Name] = *r.Account
	}
	return out
}

// addMail makes an account behind the client's back.
func addMail(t *testing.T, srv *plesksim.Server, at engine.Resolved, a mail.NewAccount) int64 {
	t.Helper()
	id, err := engine.Number(at.ID)
	if err != nil {
		t.Fatal(err)
	}
	r, err := mail.Create.One(t.Context(), srv, mail.CreateRequest{Filter: mail.NewAccounts{SiteID: id, Accounts: []mail.NewAccount{a}}})
	if err != nil {
		t.Fatal(err)
	}
	return r.Account.ID
}

// removeMail removes an account behind the client's back.
func removeMail(t *testing.T, srv *plesksim.Server, at engine.Resolved, name string) {
	t.Helper()
	id, err := engine.Number(at.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := mail.Remove.One(t.Context(), srv, mail.RemoveRequest{Filter: mail.RemoveFilter{SiteID: id, Names: []string{name}}}); err != nil {
		t.Fatal(err)
	}
}

func TestMailAccountArrives(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	at := mailSite(t, srv, "acme.example")
	x := newMailAccount(t, at, c, richMailAccount)
	_, err := x.Pass()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(*mailboxes(t, srv, at)["info"].Description).To(Equal(mailMark+" front  desk"), "until it is recorded, the account bears the mark")
	_, err = x.Pass()
	g.Expect(err).NotTo(HaveOccurred())
	x.Settle()

	// Asked past the code under test.
	a := mailboxes(t, srv, at)["info"]
	g.Expect(*a.Mailbox.Enabled).To(BeTrue())
	g.Expect(*a.Mailbox.Quota).To(Equal(int64(1073741824)))
	g.Expect(a.Aliases).To(ConsistOf("sales", "contact"))
	g.Expect(*a.Forwarding.Enabled).To(BeTrue())
	g.Expect(a.Forwarding.Addresses).To(ConsistOf("ada@birch.example", "crm@xn--bcher-kva.example"))
	r := a.Autoresponder
	g.Expect([]string{*r.Subject, *r.Text, *r.ContentType, *r.Charset, *r.Forward, *r.EndDate}).To(Equal(
		[]string{"Re:  <request_subject>", "Back on\n Monday.", "text/html", "UTF-8", "desk@birch.example", "2031-02-01"}))
	g.Expect(*a.Antivirus).To(Equal("in"))
	g.Expect(*a.OutgoingLimit).To(Equal("50"))
	g.Expect(*a.Description).To(Equal("front  desk"))

	g.Expect(x.O.Status.Observed).To(Equal(&v1alpha1.ObservedMailAccount{
		Address: "info@acme.example", Mailbox: true, Quota: "1073741824", Usage: x.O.Status.Observed.Usage,
	}))
	g.Expect(x.O.Status.Observed.Usage.Value()).To(BeZero())
}

// Every field by itself: the change is seen, written, and there afterwards; nothing else counts as different.
func TestMailAccountFields(t *testing.T) {
	for _, c := range []struct {
		spec   string
		fields []string
	}{
		{`mailName: office`, []string{"mailName"}},
		{`mailName: INFO`, nil},
		{`mailbox: {enabled: false}`, []string{"mailbox.enabled"}},
		{`mailbox: {enabled: true, quota: 2Gi}`, []string{"mailbox.quota"}},
		{`mailbox: {enabled: true, quota: unlimited}`, []string{"mailbox.quota"}},
		{`mailbox: {enabled: true, quota: 1073741824}`, nil},
		{`aliases: [contact, sales, orders]`, []string{"aliases"}},
		{`aliases: [Contact]`, []string{"aliases"}},
		{`aliases: [orders]`, []string{"aliases"}},
		{`aliases: []`, []string{"aliases"}},
		{`aliases: [SALES, contact]`, nil},
		{`forwarding: {enabled: false}`, []string{"forwarding.enabled"}},
		{`forwarding: {enabled: false, addresses: []}`, []string{"forwarding.addresses", "forwarding.enabled"}},
		{`forwarding: {enabled: true, addresses: [ada@birch.example]}`, []string{"forwarding.addresses"}},
		{`forwarding: {enabled: true, addresses: [crm@xn--bcher-kva.example, ada@birch.example]}`, nil},
		{`autoresponder: {enabled: false}`, []string{"autoresponder.enabled"}},
		{`autoresponder: {enabled: true, subject: Away}`, []string{"autoresponder.subject"}},
		{`autoresponder: {enabled: true, text: "Back on\r\n Monday."}`, nil},
		{`autoresponder: {enabled: true, text: ""}`, []string{"autoresponder.text"}},
		{`autoresponder: {enabled: true, contentType: PlainText}`, []string{"autoresponder.contentType"}},
		{`autoresponder: {enabled: true, charset: iso-8859-1}`, []string{"autoresponder.charset"}},
		{`autoresponder: {enabled: true, forwardTo: ""}`, []string{"autoresponder.forwardTo"}},
		{`autoresponder: {enabled: true, endDate: "2031-03-01"}`, []string{"autoresponder.endDate"}},
		{`antivirus: Both`, []string{"antivirus"}},
		{`outgoingLimit: unlimited`, []string{"outgoingLimit"}},
		{`outgoingLimit: default`, []string{"outgoingLimit"}},
		{`description: ""`, []string{"description"}},
	} {
		t.Run(c.spec, func(t *testing.T) {
			srv, client := controllertest.Simulated(t)
			at := mailSite(t, srv, "acme.example")
			x := recordedMail(t, at, client, richMailAccount)
			before := mailboxes(t, srv, at)["info"]
			x.Edit("spec: {"+c.spec+"}", c.fields...)

			// Whatever was not to change has not.
			after := mailboxes(t, srv, at)[x.Was.Name]
			if len(c.fields) == 0 && !reflect.DeepEqual(before, after) {
				t.Errorf("changed: %+v, was %+v", after, before)
			}
			if after.ID != before.ID {
				t.Errorf("another account: id %d, was %d", after.ID, before.ID)
			}
		})
	}
}

// recordedMail makes an account and has it lose its mark.
func recordedMail(t *testing.T, at engine.Resolved, d xmlapi.Doer, manifest string) *mailAccount {
	t.Helper()
	x := newMailAccount(t, at, d, manifest)
	for range 2 {
		if _, err := x.Pass(); err != nil {
			t.Fatal(err)
		}
	}
	x.Settle()
	return x
}

// Forwarding that is switched off keeps the addresses that are not managed; attachments of a reply can only be uploaded, and stay.
func TestMailAccountKeepsWhatIsUnset(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	at := mailSite(t, srv, "acme.example")
	addMail(t, srv, at, mail.NewAccount{
		Name: "info", Forwarding: &mail.NewForwarding{Enabled: true, Addresses: []string{"x@hub.example"}}, Aliases: []string{"contact"},
		Mailbox:       &mail.NewMailbox{Enabled: true, Quota: new(int64(4096))},
		Autoresponder: &mail.Autoresponder{Subject: new("Away"), EndDate: new("2031-02-01"), Attachments: []mail.Attachment{{FileName: new("map.png")}}},
	})
	x := newMailAccount(t, at, c, infoMailAccount)
	g.Expect(x.Settle()).To(BeEmpty(), "what is unset is nobody's business")
	x.Edit(`spec: {forwarding: {enabled: false}, autoresponder: {enabled: true}, mailbox: {enabled: false}}`,
		"autoresponder.enabled", "forwarding.enabled", "mailbox.enabled")
	a := mailboxes(t, srv, at)["info"]
	g.Expect(a.Forwarding.Addresses).To(HaveExactElements("x@hub.example"))
	g.Expect(a.Aliases).To(HaveExactElements("contact"))
	g.Expect(*a.Mailbox.Quota).To(Equal(int64(4096)))
	g.Expect(*a.Autoresponder.Subject).To(Equal("Away"))
	g.Expect(*a.Autoresponder.EndDate).To(Equal("2031-02-01"))
	g.Expect(*a.Autoresponder.Attachments[0].FileName).To(Equal("map.png"))
}

// A password is written when it is new, and with nothing else.
func TestMailAccountPassword(t *testing.T) {
	g := NewWithT(t)
	srv, client := controllertest.Simulated(t)
	at := mailSite(t, srv, "acme.example")
	c := &controllertest.Recording{Doer: client}
	x := recordedMail(t, at, c, richMailAccount)
	c.Sent = nil
	x.Edit(`spec: {mailbox: {enabled: true, quota: 2Gi}, antivirus: "Disabled", description: other}`, "antivirus", "description", "mailbox.quota")
	g.Expect(strings.Join(c.Sent, "")).To(And(ContainSubstring("<quota>2147483648</quota>"), Not(ContainSubstring("<password>")), Not(ContainSubstring("<cp-access>"))))

	key, want, err := x.Kind.Desired(x.O, x.In)
	g.Expect(err).NotTo(HaveOccurred())
	found, err := x.Find(key)
	g.Expect(err).NotTo(HaveOccurred())
	c.Sent = nil
	g.Expect(x.Update(found, want, []engine.Change{{Field: "password", WriteOnly: true}})).To(Succeed())
	g.Expect(c.Sent).To(HaveLen(1))
	g.Expect(c.Sent[0]).To(ContainSubstring("<mailname><id>" + x.ID.ID + "</id><name>info</name>" +
		"<password><value>Rainy-Fjord-2031</value><type>plain</type></password></mailname>"))
	c.Sent = nil
	g.Expect(x.Update(found, want, []engine.Change{{Field: "panelAccess", WriteOnly: true}})).To(Succeed())
	g.Expect(c.Sent).To(HaveLen(1))
	g.Expect(c.Sent[0]).To(ContainSubstring("<name>info</name><cp-access>true</cp-access></mailname>"))

	// Needed to create with a mailbox, and for nothing else.
	y := newMailAccount(t, at, client, `spec: {siteRef: {name: acme-example}, mailName: box, mailbox: {enabled: true}}`)
	y.In = engine.NewInputs("", map[string]engine.Resolved{"spec.siteRef": at}, nil)
	_, err = y.Pass()
	g.Expect(err).To(MatchError(ContainSubstring("spec.password: required")))
	g.Expect(mailboxes(t, srv, at)).NotTo(HaveKey("box"))
	controllertest.Parse(t, y.O, `spec: {mailbox: {enabled: false}}`)
	_, err = y.Pass()
	g.Expect(err).NotTo(HaveOccurred())
}

// A refusal names the field that it is about.
func TestMailAccountRefusals(t *testing.T) {
	for _, c := range []struct{ spec, field string }{
		{`mailName: taken`, "spec.mailName"},
		{`aliases: [taken]`, "spec.aliases"},
		{`mailbox: {enabled: true, quota: 2Gi}`, "spec.mailbox"},
	} {
		t.Run(c.spec, func(t *testing.T) {
			srv, client := controllertest.Simulated(t)
			at := mailSite(t, srv, "acme.example")
			addMail(t, srv, at, mail.NewAccount{Name: "taken"})
			x := recordedMail(t, at, client, infoMailAccount)
			bound(t, srv, "mbox_quota", 1<<30)
			controllertest.Parse(t, x.O, "spec: {"+c.spec+"}")
			_, err := x.Pass()
			if got := blamedOn(t, err); got != c.field {
				t.Errorf("%v is blamed on %q, want %q", err, got, c.field)
			}
		})
	}
	g := NewWithT(t)
	g.Expect(engine.FieldOf(Account{}, &xmlapi.Error{Code: xmlapi.CodeOwnerNotFound})).To(Equal("spec.siteRef"))
	g.Expect(engine.FieldOf(Account{}, &xmlapi.Error{Code: xmlapi.CodeFailed})).To(BeEmpty())
}

// bound limits the subscription acme.example behind the client's back.
func bound(t *testing.T, srv *plesksim.Server, limit string, most int64) {
	t.Helper()
	_, err := webspace.Set.One(t.Context(), srv, webspace.SetRequest{Filter: webspace.ByName("acme.example"), Values: webspace.SetValues{
		Limits: &hosting.Limits{Limits: []hosting.Limit{{Name: limit, Value: most}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
}

// What a mail client needs is handed out; where the account has no password here, none is.
func TestMailAccountConnection(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	at := mailSite(t, srv, "bücher.example")
	x := recordedMail(t, at, c, `spec: {siteRef: {name: b}, mailName: Info, connectionSecretRef: {name: info-connection}}`)
	g.Expect(Account{}.PublishTo(x.O)).To(Equal("info-connection"))
	found, err := x.Find(x.Was)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(Account{}.Publish(x.O, found, x.In)).To(Equal(map[string]xmlapi.Secret{
		"host": "xn--bcher-kva.example", "username": "info@xn--bcher-kva.example", "password": "Rainy-Fjord-2031",
	}))
	g.Expect(Account{}.Publish(x.O, found, engine.NewInputs("", nil, nil))).To(Equal(map[string]xmlapi.Secret{
		"host": "xn--bcher-kva.example", "username": "info@xn--bcher-kva.example",
	}))
	x.O.Spec.ConnectionSecretRef = nil
	g.Expect(Account{}.PublishTo(x.O)).To(BeEmpty())
}

func TestRoughly(t *testing.T) {
	for n, want := range map[int64]int64{-1: 0, 0: 0, 1: 1, 15: 15, 16: 16, 17: 18, 100: 104, 1000: 1024, 1 << 30: 1 << 30, 1<<30 + 1: 9 << 27, 5 << 30: 5 << 30} {
		if got := roughly(n); got != want {
			t.Errorf("roughly(%d) = %d, want %d", n, got, want)
		}
	}
}
