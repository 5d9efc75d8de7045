// The row of PleskMailSettings: an implicit kind, which comes with its site.

package conformance

import (
	"encoding/json"
	"strconv"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	family "github.com/plesk-operator/plesk-operator/internal/controller/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

var mailSettingsRow = row{
	kind: "PleskMailSettings",
	is:   kind(family.Settings{}),
	can:  []capability{exporter, lister, normalizer, blamer},
	prepare: func(s *site) {
		for _, domain := range []string{"acme.example", "neighbour.example"} {
			do(s, webspace.Add, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: domain, IPAddresses: []string{sharedAddress}}})
		}
	},
	object: func(s *site) v1alpha1.Object {
		m := &v1alpha1.PleskMailSettings{Spec: v1alpha1.PleskMailSettingsSpec{
			CommonSpec: s.common(), SiteRef: v1alpha1.SiteReference{External: "acme.example"}, Enabled: new(true), Webmail: new("roundcube"),
			NonexistentUser: &v1alpha1.NonexistentUser{Forward: new("lost@acme.example")}, DKIM: new(true), Greylisting: new(true),
		}}
		m.Name = s.name + "-acme"
		return m
	},
	fields: []field{
		mailSetting("nonexistentUser", "lost@acme.example", "found@acme.example", func(m *v1alpha1.PleskMailSettingsSpec, unset bool) {
			if m.NonexistentUser = (&v1alpha1.NonexistentUser{Forward: new("found@acme.example")}); unset {
				m.NonexistentUser = nil
			}
		}, func(p *hosting.MailPreferences) string {
			if p.NonexistentUser == nil || p.NonexistentUser.Forward == nil {
				return ""
			}
			return *p.NonexistentUser.Forward
		}, "intruder@acme.example", func(v string) hosting.MailPreferences {
			return hosting.MailPreferences{NonexistentUser: &hosting.NonexistentUser{Forward: &v}}
		}),
		mailSetting("webmail", "roundcube", "none", func(m *v1alpha1.PleskMailSettingsSpec, unset bool) {
			if m.Webmail = new("none"); unset {
				m.Webmail = nil
			}
		}, func(p *hosting.MailPreferences) string { return *p.Webmail }, "none", func(v string) hosting.MailPreferences {
			return hosting.MailPreferences{Webmail: &v}
		}),
		mailSetting("dkim", "true", "false", func(m *v1alpha1.PleskMailSettingsSpec, unset bool) {
			if m.DKIM = new(false); unset {
				m.DKIM = nil
			}
		}, func(p *hosting.MailPreferences) string { return strconv.FormatBool(*p.SpamProtectSign) }, "false", func(string) hosting.MailPreferences {
			return hosting.MailPreferences{SpamProtectSign: new(false)}
		}),
		mailSetting("greylisting", "true", "false", func(m *v1alpha1.PleskMailSettingsSpec, unset bool) {
			if m.Greylisting = new(false); unset {
				m.Greylisting = nil
			}
		}, func(p *hosting.MailPreferences) string { return strconv.FormatBool(*p.Greylisting) }, "false", func(string) hosting.MailPreferences {
			return hosting.MailPreferences{Greylisting: new(false)}
		}),
		mailSetting("enabled", "true", "false", func(m *v1alpha1.PleskMailSettingsSpec, unset bool) {
			if m.Enabled = new(false); unset {
				m.Enabled = nil
			}
		}, func(p *hosting.MailPreferences) string { return strconv.FormatBool(*p.MailService) }, "false", func(string) hosting.MailPreferences {
			return hosting.MailPreferences{MailService: new(false)}
		}),
	},
	list: func(s *site) []external {
		var out []external
		for _, w := range findAll(s, webspace.Get, webspace.GetRequest{Filter: xmlapi.All(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}}) {
			id := strconv.FormatInt(w.ID, 10)
			content, err := json.Marshal(mailPreferencesOf(s, id))
			s.Expect(err).NotTo(HaveOccurred())
			out = append(out, external{id: id, key: w.Data.GenInfo.Name, guid: w.Data.GenInfo.GUID, content: string(content)})
		}
		return out
	},
	parents: func(s *site) []v1alpha1.Object { return zoneRow.parents(s) },
	depth:   2,
	lieIn: func(o v1alpha1.Object, in v1alpha1.ObjectReference) {
		o.(*v1alpha1.PleskMailSettings).Spec.SiteRef = v1alpha1.SiteReference{Name: in.Name, External: in.External}
	},
	guided:   true,
	numbered: "webspace",
	local:    true,
	keeps:    true,
	guises:   []guise{{name: "in capitals", here: set(func(m *v1alpha1.PleskMailSettings) { m.Spec.SiteRef.External = "ACME.example" })}},
	plant: func(s *site, id string) []string {
		setMail(s, id, hosting.MailPreferences{NonexistentUser: &hosting.NonexistentUser{Forward: new("stella@stranger.example")}})
		return []string{"stella@stranger.example"}
	},
	rename: rename{change: set(func(m *v1alpha1.PleskMailSettings) { m.Spec.SiteRef.External = "neighbour.example" })},
}

// mailSetting is one of the settings.
func mailSetting(name, initial, changed string, spec func(m *v1alpha1.PleskMailSettingsSpec, unset bool), read func(*hosting.MailPreferences) string,
	spoiled string, write func(value string) hosting.MailPreferences,
) field {
	f := field{
		name: name, initial: initial, changed: changed,
		change: set(func(m *v1alpha1.PleskMailSettings) { spec(&m.Spec, false) }),
		unset:  set(func(m *v1alpha1.PleskMailSettings) { spec(&m.Spec, true) }),
		read:   func(s *site, id string) string { return read(mailPreferencesOf(s, id)) },
	}
	return f.spoiling(spoiled, func(s *site, id, value string) { setMail(s, id, write(value)) })
}

// mailPreferencesOf reads the preferences of a site behind the operator's back.
func mailPreferencesOf(s *site, id string) *hosting.MailPreferences {
	return do(s, mail.GetPrefs, xmlapi.QueryRequest{Filter: mail.BySite(number(s, id)).Query()}).Preferences
}

// setMail changes preferences of a site behind the operator's back.
func setMail(s *site, id string, p hosting.MailPreferences) {
	do(s, mail.SetPrefs, mail.SetPrefsRequest{Filter: mail.BySite(number(s, id)), Preferences: p})
}
