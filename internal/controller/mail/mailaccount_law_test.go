// The law that the engine relies on, over mail accounts of all sorts.

package mail

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

// What was created does not differ from what was wanted, whatever that was, with its mark and without.
func TestMailAccountLaw(t *testing.T) {
	srv, c := controllertest.Simulated(t)
	at := mailSite(t, srv, "acme.example")
	for seed := range uint64(150) {
		x := newMailAccount(t, at, c, infoMailAccount)
		x.O.Spec = randomMailAccount(rand.New(rand.NewPCG(seed, 7)), fmt.Sprintf("Box%d", seed))
		x.In.Mark = mailMark
		_, want, err := x.Kind.Desired(x.O, x.In)
		if err != nil {
			t.Fatal(err)
		}
		want = x.Kind.Normal(want)
		if x.ID, err = x.Kind.Create(t.Context(), c, want); err != nil {
			t.Fatalf("%d: %v", seed, err)
		}
		found, err := x.Kind.Find(t.Context(), c, engine.Handle{Identity: x.ID, Was: target.MailKey(at.Identity, *want.Name)})
		if err != nil || found == nil {
			t.Fatal(found, err)
		}
		if left := engine.Diff(want, x.Kind.Normal(found.Value)); len(left) > 0 {
			t.Errorf("%d: differs after it was created: %+v", seed, left)
		}
		if found.Mark != mailMark {
			t.Errorf("%d: mark %q", seed, found.Mark)
		}
		x.In.Mark = ""
		x.Settle()
	}
}

// randomMailAccount sets some fields, to some of what the schema lets through.
func randomMailAccount(r *rand.Rand, name string) v1alpha1.PleskMailAccountSpec {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	maybe := func(of ...string) *string {
		if r.IntN(3) == 0 {
			return nil
		}
		return new(pick(of...))
	}
	yes := func() bool { return r.IntN(2) == 0 }
	s := v1alpha1.PleskMailAccountSpec{SiteRef: v1alpha1.SiteReference{Name: "acme-example"}, MailName: name}
	s.Description = maybe("", " ", "shop desk", "two  blanks ", "a <b> & \"c\"", "Büro")
	if yes() {
		s.PanelAccess = new(yes())
	}
	if yes() {
		s.Mailbox = &v1alpha1.MailAccountMailbox{Enabled: yes()}
		if q := maybe("unlimited", "0", "1", "10Mi", "2G"); q != nil {
			s.Mailbox.Quota = &v1alpha1.MailboxQuota{LimitValue: v1alpha1.LimitValue{Text: *q}}
		}
	}
	for i := range r.IntN(4) {
		s.Aliases = append(s.Aliases, fmt.Sprintf("%s-%d", pick("a", "B"), i)+"-"+name)
	}
	if s.Aliases == nil && yes() {
		s.Aliases = []string{}
	}
	if yes() {
		s.Forwarding = &v1alpha1.MailForwarding{Addresses: slices.Repeat([]string{pick("x@hub.example", "Y@Hub.example", "z@bücher.example")}, r.IntN(3))}
		s.Forwarding.Enabled = len(s.Forwarding.Addresses) > 0 && yes()
	}
	if yes() {
		s.Autoresponder = &v1alpha1.MailAutoresponder{
			Enabled: yes(), Subject: maybe("Re: <request_subject>", "away  "), Text: maybe("", "one\ntwo", "one\r\n\r\ntwo\n\n", " <p>x</p>"),
			ContentType: (*v1alpha1.ReplyContentType)(maybe("PlainText", "HTML")), Charset: maybe("utf-8", "UTF-8", "KOI8-R"),
			ForwardTo: maybe("", "q@hub.example"), EndDate: maybe("2031-12-31"),
		}
	}
	s.Antivirus = (*v1alpha1.MailAntivirus)(maybe("Disabled", "Incoming", "Outgoing", "Both"))
	if l := maybe("default", "unlimited", "0", "70"); l != nil {
		s.OutgoingLimit = &v1alpha1.OutgoingLimit{LimitValue: v1alpha1.LimitValue{Text: *l}}
	}
	return s
}
