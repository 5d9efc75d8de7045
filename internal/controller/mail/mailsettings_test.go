// How the mail of a site is treated, against a simulated Plesk: only what is set is compared and written.

package mail

import (
	"errors"
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

func FuzzNormalMailSettings(f *testing.F) { controllertest.FuzzNormal(f, Settings{}) }

// someSettings are the settings of a new subscription's site.
type someSettings struct {
	*WithT
	t   *testing.T
	srv *plesksim.Server
	d   xmlapi.Doer
	at  engine.Resolved
	o   *v1alpha1.PleskMailSettings
}

func newSettings(t *testing.T, spec string) *someSettings {
	t.Helper()
	srv, c := controllertest.Simulated(t)
	_, err := webspace.Add.One(t.Context(), srv, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: "acme.example", IPAddresses: []string{"198.51.100.7"}}})
	if err != nil {
		t.Fatal(err)
	}
	at, err := target.FindSite(t.Context(), srv, "acme.example")
	if err != nil {
		t.Fatal(err)
	}
	x := &someSettings{WithT: NewWithT(t), t: t, srv: srv, d: c, at: *at, o: &v1alpha1.PleskMailSettings{}}
	x.edit(spec)
	return x
}

func (x *someSettings) edit(spec string) {
	x.t.Helper()
	controllertest.Parse(x.t, x.o, `spec: {siteRef: {external: acme.example}, `+spec+`}`)
}

// pass makes the server look like the spec and returns what was different.
func (x *someSettings) pass() ([]string, error) {
	x.t.Helper()
	k := Settings{}
	_, want, err := k.Desired(x.o, engine.NewInputs("", map[string]engine.Resolved{"spec.siteRef": x.at}, nil))
	x.Expect(err).NotTo(HaveOccurred())
	want = k.Normal(want)
	found, err := k.Find(x.t.Context(), x.d, engine.Handle{Identity: x.at.Identity})
	x.Expect(err).NotTo(HaveOccurred())
	x.Expect(found.Key).To(Equal(engine.Key{Within: x.at.Identity, Name: "acme.example"}))
	k.Observe(x.o, found)
	listed, err := k.List(x.t.Context(), x.d, engine.Known{IDs: []string{x.at.ID}})
	x.Expect(err).NotTo(HaveOccurred())
	x.Expect(listed).To(HaveExactElements(found), "it is listed as it is found")
	changes := engine.Diff(want, k.Normal(found.Value))
	if len(changes) == 0 {
		return nil, nil
	}
	err = k.Update(x.t.Context(), x.d, engine.Update[settingsValue]{Identity: found.Identity, Changes: changes, Patch: engine.Only(want, changes), Want: want})
	return controllertest.FieldsOf(changes), err
}

// settles checks what is written, and that nothing is left to do.
func (x *someSettings) settles(fields ...string) {
	x.t.Helper()
	changed, err := x.pass()
	x.Expect(err).NotTo(HaveOccurred())
	x.Expect(changed).To(ConsistOf(fields))
	left, err := x.pass()
	x.Expect(err).NotTo(HaveOccurred())
	x.Expect(left).To(BeEmpty(), "the second pass is silent")
}

func (x *someSettings) preferences() *hosting.MailPreferences {
	x.t.Helper()
	id, err := engine.Number(x.at.ID)
	x.Expect(err).NotTo(HaveOccurred())
	r, err := mail.GetPrefs.One(x.t.Context(), x.srv, xmlapi.QueryRequest{Filter: mail.BySite(id).Query()})
	x.Expect(err).NotTo(HaveOccurred())
	return r.Preferences
}

func TestMailSettings(t *testing.T) {
	x := newSettings(t, `enabled: true`)
	x.settles()
	x.edit(`enabled: true, nonexistentUser: {forward: Lost@ACME.example}, webmail: Roundcube, dkim: true, greylisting: true`)
	x.settles("nonexistentUser", "dkim", "greylisting")
	p := x.preferences()
	x.Expect(p.NonexistentUser.Forward).To(HaveValue(Equal("lost@acme.example")))
	x.Expect([]bool{*p.SpamProtectSign, *p.Greylisting, *p.MailService}).To(Equal([]bool{true, true, true}))
	x.Expect(*x.o.Status.Observed).To(Equal(v1alpha1.ObservedMailSettings{
		Enabled: true, NonexistentUser: "Forward lost@acme.example", Webmail: "roundcube", DKIM: new(true), Greylisting: new(true),
	}))
	x.edit(`webmail: "false", nonexistentUser: {forward: null, bounce: "Nobody  here"}`)
	x.settles("nonexistentUser", "webmail")
	x.edit(`webmail: "none", nonexistentUser: {forward: null, bounce: null, reject: {}}, enabled: false`)
	x.settles("nonexistentUser", "enabled")
	p = x.preferences()
	x.Expect(p.NonexistentUser.Reject).NotTo(BeNil())
	x.Expect(*p.SpamProtectSign).To(BeTrue(), "what the spec does not change stays")
}

// A site without any mail service has none to compare; what is set switches it on.
func TestMailSettingsOfASiteWithoutMail(t *testing.T) {
	x := newSettings(t, `enabled: false`)
	id, err := engine.Number(x.at.ID)
	x.Expect(err).NotTo(HaveOccurred())
	_, err = mail.SetPrefs.One(t.Context(), x.srv, mail.SetPrefsRequest{Filter: mail.BySite(id), Preferences: hosting.MailPreferences{None: &xmlapi.Empty{}}})
	x.Expect(err).NotTo(HaveOccurred())
	x.settles()
	x.edit(`enabled: true`)
	x.settles("enabled")
}

// The site is known by its GUID where its id has moved.
func TestMailSettingsFollowTheirSite(t *testing.T) {
	x := newSettings(t, `enabled: true`)
	found, err := Settings{}.Find(t.Context(), x.d, engine.Handle{Identity: engine.Identity{ID: "77", GUID: x.at.GUID}})
	x.Expect(err).NotTo(HaveOccurred())
	x.Expect(found.Identity).To(Equal(x.at.Identity))
	gone, err := Settings{}.Find(t.Context(), x.d, engine.Handle{Identity: engine.Identity{ID: x.at.ID, GUID: "another-guid"}})
	x.Expect(err).NotTo(HaveOccurred())
	x.Expect(gone).To(BeNil(), "the id is another site's")
}

// A refusal names the field that it is about.
func TestMailSettingsRefusals(t *testing.T) {
	for spec, field := range map[string]string{
		`webmail: squirrel`:                     "spec.webmail",
		`nonexistentUser: {forward: nowhere}`:   "spec.nonexistentUser",
		`webmailCertificate: none-of-this-name`: "spec.webmailCertificate",
	} {
		x := newSettings(t, spec)
		_, err := x.pass()
		e, refused := errors.AsType[*xmlapi.Error](err)
		x.Expect(refused).To(BeTrue(), "%s: %v", spec, err)
		x.Expect(engine.FieldOf(Settings{}, e)).To(Equal(field))
	}
}
