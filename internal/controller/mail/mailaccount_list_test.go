// Mail accounts in lists: they are listed as they are found.

package mail

import (
	"strconv"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
)

func TestMailAccountsAreListed(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	acme, books, neighbour := mailSite(t, srv, "acme.example"), mailSite(t, srv, "bücher.example"), mailSite(t, srv, "neighbour.example")
	_, err := site.Add.One(t.Context(), srv, site.AddRequest{GenSetup: site.NewGenSetup{Name: "addon.example", WebspaceName: new("acme.example")}})
	g.Expect(err).NotTo(HaveOccurred())
	addon := siteNamed(t, srv, "addon.example")
	var handles []engine.Handle
	for _, a := range []struct {
		at      engine.Resolved
		account mail.NewAccount
	}{
		{acme, mail.NewAccount{Name: "Info", Mailbox: &mail.NewMailbox{Enabled: true, Quota: new(int64(1 << 30))}, Aliases: []string{"sales", "contact"}}},
		{acme, mail.NewAccount{Name: "bare"}},
		{books, mail.NewAccount{Name: "info", Forwarding: &mail.NewForwarding{Enabled: true, Addresses: []string{"ada@acme.example"}}}},
		{addon, mail.NewAccount{Name: "away", Description: new(mailMark + " desk"), Autoresponder: &mail.Autoresponder{Enabled: new(true), Text: new("Back on Monday.")}}},
		{neighbour, mail.NewAccount{Name: "theirs"}},
	} {
		id, err := engine.Number(a.at.ID)
		g.Expect(err).NotTo(HaveOccurred())
		a.account.Password = &mail.NewPassword{Value: "Rainy-Fjord-2031"}
		r, err := mail.Create.One(t.Context(), srv, mail.CreateRequest{Filter: mail.NewAccounts{SiteID: id, Accounts: []mail.NewAccount{a.account}}})
		g.Expect(err).NotTo(HaveOccurred())
		key := target.MailKey(a.at.Identity, a.account.Name)
		handles = append(handles, engine.Handle{Identity: engine.Identity{ID: engine.IDText(r.Account.ID)}, Key: key, Was: key})
	}
	list := controllertest.ExpectListed(t, Account{}, c, 1, handles[:4]...)
	g.Expect(list).To(HaveLen(4), "those of unknown sites are not read")
}

// What is recorded may have gone, and 50 sites are one packet.
func TestManyKnownMailSites(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	known := engine.Known{Parents: []string{mailSite(t, srv, "acme.example").ID, "not-a-number"}}
	for i := range 100 {
		known.Parents = append(known.Parents, strconv.Itoa(10_000+i))
	}
	r := &controllertest.Recording{Doer: c}
	g.Expect(Account{}.List(t.Context(), r, known)).To(BeEmpty())
	g.Expect(r.Sent).To(HaveLen(3))
}

// An account that is not surely in the site that its answer is about is not listed.
func TestDoubtfulListsOfMailAccounts(t *testing.T) {
	g := NewWithT(t)
	acme := func(id string) string {
		return `<result><status>ok</status><id>` + id + `</id><data><gen_info><ascii-name>acme.example</ascii-name><guid>g-4</guid><webspace-id>4</webspace-id></gen_info></data></result>`
	}
	const (
		info   = `<result><status>ok</status><mailname><id>9</id><name>info</name></mailname></result>`
		gone   = `<result><status>error</status><errcode>1013</errcode></result>`
		failed = `<result><status>error</status><errcode>1023</errcode></result>`
	)
	list := func(sites, accounts string) ([]*engine.Found[mailValue], error) {
		return Account{}.List(t.Context(), controllertest.Recorded(`<packet><site><get>`+sites+`</get></site><mail><get_info>`+accounts+`</get_info></mail></packet>`),
			engine.Known{Parents: []string{"4"}})
	}
	g.Expect(list(acme("4"), info)).To(HaveLen(1))
	g.Expect(list(gone, info)).To(BeEmpty())
	for _, doubt := range [][2]string{{acme("4"), info + info}, {acme("5"), info}, {failed, info}, {acme("4"), info + failed}, {acme("4"), `<result><status>ok</status><mailname/></result>`}} {
		_, err := list(doubt[0], doubt[1])
		g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), "%v", doubt)
	}
}
