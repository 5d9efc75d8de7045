// Mail accounts are told from one another by their site's GUID, their id and their name, and by the mark that they bear until they are
// recorded.

package mail

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
)

// What an add has made whose answer was lost is found by its mark, under whatever name, and told from others of the name.
func TestMailAccountBearsMarkUntilRecorded(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	at := mailSite(t, srv, "acme.example")
	x := newMailAccount(t, at, c, `spec: {siteRef: {name: acme-example}, mailName: info, description: desk}`)
	_, err := x.Pass()
	g.Expect(err).NotTo(HaveOccurred())
	addMail(t, srv, at, mail.NewAccount{Name: "office", Description: new("by hand")})

	lost := engine.Handle{Mark: mailMark, Key: target.MailKey(at.Identity, "office")}
	found, err := x.Kind.Find(t.Context(), c, lost)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.Identity).To(Equal(x.ID))
	g.Expect(found.Mark).To(Equal(mailMark))
	g.Expect(*found.Value.Description).To(Equal("desk"))

	// Without the mark the name decides; whoever made that account has left no mark.
	lost.Mark = mailMark + "-other"
	found, err = x.Kind.Find(t.Context(), c, lost)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.Key.Name).To(Equal("office"))
	g.Expect(found.Mark).To(BeEmpty())

	// Recorded, the account loses its mark, and only that.
	changes, err := x.Pass()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(changes).To(HaveExactElements(engine.Change{Field: "mark", From: mailMark, Mark: true}))
	g.Expect(*mailboxes(t, srv, at)["info"].Description).To(Equal("desk"))
}

// An account that was there before gets no mark, and keeps a description that the spec does not set.
func TestMailAccountAdoptedKeepsItsDescription(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	at := mailSite(t, srv, "acme.example")
	addMail(t, srv, at, mail.NewAccount{Name: "info", Description: new("by  hand"), Antivirus: new("out")})
	x := newMailAccount(t, at, c, `spec: {siteRef: {name: acme-example}, mailName: info, antivirus: Both}`)
	g.Expect(controllertest.FieldsOf(x.Settle())).To(HaveExactElements("antivirus"))
	g.Expect(*mailboxes(t, srv, at)["info"].Description).To(Equal("by  hand"))
}

// Somebody else's mark is never replaced, not even by a description.
func TestMailAccountLeavesMarksOfOthers(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	at := mailSite(t, srv, "acme.example")
	const theirs = "plesk-operator:8877665544332211:another-uid"
	addMail(t, srv, at, mail.NewAccount{Name: "info", Description: new(theirs + " theirs")})
	x := newMailAccount(t, at, c, `spec: {siteRef: {name: acme-example}, mailName: info, description: ours}`)
	key, want, err := x.Kind.Desired(x.O, x.In)
	g.Expect(err).NotTo(HaveOccurred())
	found, err := x.Find(key)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.Mark).To(Equal(theirs))
	changes := slices.DeleteFunc(engine.Diff(want, found.Value), func(c engine.Change) bool { return c.Mark }) // as the engine does
	g.Expect(x.Update(found, want, changes)).To(Succeed())
	g.Expect(*mailboxes(t, srv, at)["info"].Description).To(Equal(theirs + " ours"))
}

// A name belongs to a site: the same one in another site is another account.
func TestMailAccountsOfTwoSites(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	one, two := mailSite(t, srv, "one.example"), mailSite(t, srv, "two.example")
	id, err := engine.Number(one.ID)
	g.Expect(err).NotTo(HaveOccurred())
	_, err = site.Add.One(t.Context(), srv, site.AddRequest{GenSetup: site.NewGenSetup{Name: "addon.example", WebspaceID: &id}})
	g.Expect(err).NotTo(HaveOccurred())
	addon := siteNamed(t, srv, "addon.example")

	accounts := map[string]*mailAccount{}
	keys := map[engine.Key]bool{}
	for _, at := range []engine.Resolved{one, two, addon} {
		x := recordedMail(t, at, c, infoMailAccount)
		accounts[at.Key.Name] = x
		keys[x.Was] = true
		g.Expect(x.O.Status.Observed.Address).To(Equal("info@" + at.Key.Name))
	}
	g.Expect(keys).To(HaveLen(3))
	found, err := accounts["addon.example"].Find(target.MailKey(addon.Identity, "info"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.In).To(HaveExactElements(
		engine.Owner{Kind: "PleskSite", Identity: addon.Identity}, engine.Owner{Kind: "PleskSubscription", Identity: one.Identity}))

	// One id does not lead into another site.
	found, err = Account{}.Find(t.Context(), c, engine.Handle{Identity: accounts["one.example"].ID, Was: target.MailKey(two.Identity, "info")})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.Identity).To(Equal(accounts["two.example"].ID))

	gone := accounts["two.example"]
	found, err = gone.Find(gone.Was)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(gone.Kind.Delete(t.Context(), c, found)).To(Succeed())
	g.Expect(mailboxes(t, srv, two)).To(BeEmpty())
	g.Expect(mailboxes(t, srv, one)).To(HaveKey("info"))
	g.Expect(mailboxes(t, srv, addon)).To(HaveKey("info"))
}

// The GUID tells a site, not its id: that may be another one's after a restore.
func TestMailAccountFollowsItsSite(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	one, two := mailSite(t, srv, "one.example"), mailSite(t, srv, "two.example")
	mine := recordedMail(t, one, c, infoMailAccount)
	addMail(t, srv, two, mail.NewAccount{Name: "info"})

	moved := engine.Identity{ID: two.ID, GUID: one.GUID}
	found, err := Account{}.Find(t.Context(), c, engine.Handle{Identity: mine.ID, Was: target.MailKey(moved, "info")})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.Identity).To(Equal(mine.ID))
	g.Expect(found.Key.Within).To(Equal(one.Identity))

	// A new account is made in the site of the GUID, too.
	x := newMailAccount(t, engine.Resolved{Identity: moved, Key: one.Key}, c, `spec: {siteRef: {name: one-example}, mailName: office}`)
	_, err = x.Pass()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(mailboxes(t, srv, one)).To(HaveKey("office"))
	g.Expect(mailboxes(t, srv, two)).NotTo(HaveKey("office"))

	// A site that is gone has no accounts, whoever has its id now.
	gone := engine.Identity{ID: two.ID, GUID: "00000000-0000-4000-8000-000000000000"}
	found, err = Account{}.Find(t.Context(), c, engine.Handle{Identity: mine.ID, Was: target.MailKey(gone, "info")})
	g.Expect(found, err).To(BeNil())
	_, err = newMailAccount(t, engine.Resolved{Identity: gone, Key: one.Key}, c, infoMailAccount).Pass()
	g.Expect(err).To(MatchError(ContainSubstring("spec.siteRef")))

	_, err = Account{}.Find(t.Context(), c, engine.Handle{Identity: mine.ID, Was: target.MailKey(engine.Identity{ID: one.ID}, "info")})
	g.Expect(err).To(MatchError(ContainSubstring("GUID")))
	_, _, err = Account{}.Desired(mine.O, engine.NewInputs("", map[string]engine.Resolved{"spec.siteRef": {Identity: engine.Identity{ID: one.ID}, Key: one.Key}}, nil))
	g.Expect(err).To(MatchError(ContainSubstring("spec.siteRef")))
}

// An account can swap its name with one of its aliases, and keeps its id and mailbox.
func TestMailAccountRename(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	at := mailSite(t, srv, "acme.example")
	x := recordedMail(t, at, c, `spec: {siteRef: {name: acme-example}, mailName: info, mailbox: {enabled: true}, aliases: [contact, sales]}`)
	id := x.ID
	for _, names := range [][]string{{"contact", "info"}, {"info", "contact"}, {"sales", "info"}} {
		x.O.Spec.MailName, x.O.Spec.Aliases = names[0], names[1:]
		g.Expect(controllertest.FieldsOf(x.Settle())).To(HaveExactElements("aliases", "mailName"))
		all := mailboxes(t, srv, at)
		g.Expect(slices.Collect(maps.Keys(all))).To(HaveExactElements(names[0]))
		g.Expect(all[names[0]].Aliases).To(HaveExactElements(names[1]))
		g.Expect(engine.IDText(all[names[0]].ID)).To(Equal(id.ID))
		g.Expect(*all[names[0]].Mailbox.Enabled).To(BeTrue())
	}

	// A name that is taken is refused before anything is written to whoever has it.
	addMail(t, srv, at, mail.NewAccount{Name: "taken", Description: new("theirs")})
	before := mailboxes(t, srv, at)
	x.O.Spec.MailName, x.O.Spec.Description = "taken", new("ours")
	_, err := x.Pass()
	g.Expect(blamedOn(t, err)).To(Equal("spec.mailName"))
	g.Expect(mailboxes(t, srv, at)).To(Equal(before))
}

// blamedOn is the field that a refusal is about.
func blamedOn(t *testing.T, err error) string {
	t.Helper()
	e, ok := errors.AsType[*xmlapi.Error](err)
	if !ok {
		t.Fatalf("not refused: %v", err)
	}
	return engine.FieldOf(Account{}, e)
}

// What somebody has renamed on the server is found by its id.
func TestMailAccountRenamedByHand(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	at := mailSite(t, srv, "acme.example")
	x := recordedMail(t, at, c, infoMailAccount)
	id, err := engine.Number(at.ID)
	g.Expect(err).NotTo(HaveOccurred())
	_, err = mail.Rename.One(t.Context(), srv, mail.RenameRequest{SiteID: id, Name: "info", NewName: "moved"})
	g.Expect(err).NotTo(HaveOccurred())
	addMail(t, srv, at, mail.NewAccount{Name: "info"})

	found, err := x.Find(x.Was)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.Identity).To(Equal(x.ID))
	g.Expect(found.Key.Name).To(Equal("moved"))
}

// An object in sync costs one packet, whoever else has accounts in the site, and reads no account but its own.
func TestMailAccountReadsOneAccount(t *testing.T) {
	g := NewWithT(t)
	srv, client := controllertest.Simulated(t)
	at := mailSite(t, srv, "acme.example")
	c := &controllertest.Recording{Doer: client}
	x := recordedMail(t, at, c, richMailAccount)
	addMail(t, srv, at, mail.NewAccount{Name: "other"})
	c.Sent = nil
	changes, err := x.Pass()
	g.Expect(changes, err).To(BeEmpty())
	g.Expect(c.Sent).To(HaveLen(1))
	g.Expect(c.Sent[0]).To(ContainSubstring("<site-id>" + at.ID + "</site-id><name>info</name>"))
}

// Removal is by name: the packet before sees whose that is.
func TestMailAccountDeletion(t *testing.T) {
	g := NewWithT(t)
	srv, client := controllertest.Simulated(t)
	at := mailSite(t, srv, "acme.example")
	c := &controllertest.Recording{Doer: client}
	x := recordedMail(t, at, c, infoMailAccount)
	found, err := x.Find(x.Was)
	g.Expect(err).NotTo(HaveOccurred())

	removeMail(t, srv, at, "info")
	addMail(t, srv, at, mail.NewAccount{Name: "info", Description: new("somebody else's")})
	err = x.Kind.Delete(t.Context(), c, found)
	g.Expect(xmlapi.IsNotFound(err)).To(BeTrue(), "%v", err)
	g.Expect(mailboxes(t, srv, at)).To(HaveKey("info"))

	y := recordedMail(t, at, c, `spec: {siteRef: {name: acme-example}, mailName: office}`)
	found, err = y.Find(y.Was)
	g.Expect(err).NotTo(HaveOccurred())
	c.Sent = nil
	g.Expect(y.Kind.Delete(t.Context(), c, found)).To(Succeed())
	g.Expect(c.Sent).To(HaveLen(2))
	g.Expect(c.Sent[0]).To(ContainSubstring("<get_info>"))
	g.Expect(c.Sent[1]).To(ContainSubstring("<remove><filter><site-id>" + at.ID + "</site-id><name>office</name></filter></remove>"))
	g.Expect(slices.Collect(maps.Keys(mailboxes(t, srv, at)))).To(HaveExactElements("info"))
	found, err = y.Find(y.Was)
	g.Expect(found, err).To(BeNil())
}

// anonymous is a server that tells no ids of mail accounts, as the grammar allows.
type anonymous struct{ xmlapi.Doer }

// Do implements xmlapi.Doer.
func (a anonymous) Do(ctx context.Context, calls ...xmlapi.Caller) error {
	err := a.Doer.Do(ctx, calls...)
	for _, c := range calls {
		switch c := c.(type) {
		case *xmlapi.Call[mail.CreateRequest, mail.CreateResult]:
			for i := range c.Results {
				c.Results[i].Account.ID = 0
			}
		case *xmlapi.Call[mail.GetInfoRequest, mail.GetInfoResult]:
			for i := range c.Results {
				if c.Results[i].Account != nil {
					c.Results[i].Account.ID = 0
				}
			}
		}
	}
	return err
}

// Without ids, the name within the site stands for one. What cannot be told from another then is not done.
func TestMailAccountWithoutIDs(t *testing.T) {
	g := NewWithT(t)
	srv, client := controllertest.Simulated(t)
	at := mailSite(t, srv, "acme.example")
	x := newMailAccount(t, at, anonymous{client}, richMailAccount)
	_, err := x.Pass()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(x.ID).To(BeZero(), "the answer tells no handle: the engine looks for the mark")
	found, err := x.Find(x.Was)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.Mark).To(Equal(mailMark))
	g.Expect(found.ID).To(Equal("info@" + at.GUID))
	_, err = x.Pass()
	g.Expect(err).NotTo(HaveOccurred())
	x.Edit(`spec: {antivirus: Both}`, "antivirus")

	controllertest.Parse(t, x.O, `spec: {mailName: office}`)
	_, err = x.Pass()
	g.Expect(err).To(MatchError(ContainSubstring("spec.mailName: this server tells no ids")))
	g.Expect(mailboxes(t, srv, at)).To(HaveKey("info"))

	found, err = x.Find(x.Was)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(x.Kind.Delete(t.Context(), x.D, found)).To(Succeed())
	g.Expect(mailboxes(t, srv, at)).To(BeEmpty())
}

// An answer without an id does not contradict the id that was told before, under the name that was recorded with it and no other.
func TestMailAccountWhoseIDIsNotToldAgain(t *testing.T) {
	g := NewWithT(t)
	srv, client := controllertest.Simulated(t)
	at := mailSite(t, srv, "acme.example")
	x := recordedMail(t, at, client, infoMailAccount)
	addMail(t, srv, at, mail.NewAccount{Name: "office"})
	told := x.ID
	x.D = anonymous{client}
	found, err := x.Find(x.Was)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.Identity).To(Equal(told))
	found, err = x.Kind.Find(t.Context(), x.D, engine.Handle{Identity: told, Key: target.MailKey(at.Identity, "office"), Was: target.MailKey(at.Identity, "gone")})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.Identity).NotTo(Equal(told))
}

// An answer that lacks what was asked for says nothing about the account.
func TestMailAccountIncompleteAnswer(t *testing.T) {
	const where = `<site><get><result><status>ok</status><id>7</id><data><gen_info><cr_date>2026-01-01</cr_date><name>acme.example</name>` +
		`<ascii-name>acme.example</ascii-name><status>0</status><real_size>0</real_size><htype>none</htype><guid>g</guid><webspace-guid>g</webspace-guid>` +
		`<webspace-id>7</webspace-id></gen_info></data></result></get></site>`
	find := func(accounts string) (*engine.Found[mailValue], error) {
		d := controllertest.Recorded(`<packet>` + where + `<mail><get_info>` + accounts + `</get_info></mail></packet>`)
		return Account{}.Find(t.Context(), d, engine.Handle{Identity: engine.Identity{ID: "5"}, Was: target.MailKey(engine.Identity{ID: "7", GUID: "g"}, "info")})
	}
	g := NewWithT(t)
	found, err := find(`<result><status>ok</status><mailname><id>5</id><name>info</name></mailname></result>`)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(*found.Value.Mailbox).To(BeFalse(), "a block that is left out is one that the account does not have")
	for name, answer := range map[string]string{
		"a failure":  `<result><status>error</status><errcode>1023</errcode><errtext>-</errtext></result>`,
		"no name":    `<result><status>ok</status><mailname><id>5</id><name/></mailname></result>`,
		"no site":    `<result><status>error</status><errcode>1015</errcode><errtext>-</errtext></result>`,
		"two of one": strings.Repeat(`<result><status>ok</status><mailname><id>5</id><name>info</name></mailname></result>`, 2),
	} {
		_, err := find(answer)
		g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), "%s: %v", name, err)
	}
	for name, answer := range map[string]string{
		"a bare ok": `<result><status>ok</status></result>`,
		"1013":      `<result><status>error</status><errcode>1013</errcode><errtext>-</errtext><mailname><name>info</name></mailname></result>`,
	} {
		found, err := find(answer)
		g.Expect(err).NotTo(HaveOccurred(), name)
		g.Expect(found).To(BeNil(), name)
	}
}
