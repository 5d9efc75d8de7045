// PleskMailSettings: operator `mail`, preferences; natural key the name of the site whose mail it is.

package mail

import (
	"context"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/grant"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskmailsettings,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskmailsettings/status,verbs=get;update;patch

// Settings is the kind PleskMailSettings. Their id is the site's: they have none of their own. No event is about them.
type Settings struct{}

var (
	_ engine.Kind[*v1alpha1.PleskMailSettings, settingsValue] = Settings{}
	_ engine.Lister[settingsValue]                            = Settings{}
	_ engine.Normalizer[settingsValue]                        = Settings{}
	_ engine.Blamer                                           = Settings{}
)

// settingsValue is how the mail of a site is treated on the wire.
type settingsValue struct {
	Enabled            *bool   `plesk:"enabled"`
	NonexistentUser    *string `plesk:"nonexistentUser"` // an action with its argument
	Webmail            *string `plesk:"webmail"`
	DKIM               *bool   `plesk:"dkim"`
	Greylisting        *bool   `plesk:"greylisting"`
	WebmailCertificate *string `plesk:"webmailCertificate,needs=webmail-certificate"`
}

// Roles leaves out nobody: the documents name administrators and customers, and say nothing of resellers.
func (Settings) Roles() []v1alpha1.ServerRole { return engine.ForAnybody }

func (Settings) Refs() []engine.Ref[*v1alpha1.PleskMailSettings] {
	return []engine.Ref[*v1alpha1.PleskMailSettings]{{
		Field: "spec.siteRef", Target: target.Sites, Parent: true,
		Get: func(o *v1alpha1.PleskMailSettings) []engine.Mention { return target.SiteMention(o.Spec.SiteRef) },
		Set: func(o *v1alpha1.PleskMailSettings, m []engine.Mention) { o.Spec.SiteRef = target.SiteReference(m) },
	}}
}

func (Settings) Desired(o *v1alpha1.PleskMailSettings, in engine.Inputs) (engine.Key, settingsValue, error) {
	s, at := &o.Spec, in.Ref("spec.siteRef")
	return settingsKey(at), settingsValue{
		Enabled: s.Enabled, NonexistentUser: grant.WantedNonexistentUser(s.NonexistentUser), Webmail: s.Webmail, DKIM: s.DKIM, Greylisting: s.Greylisting,
		WebmailCertificate: s.WebmailCertificate,
	}, nil
}

// settingsKey is the name of a site within it.
func settingsKey(at *engine.Resolved) engine.Key {
	return engine.Key{Within: at.Identity, Name: at.Key.Name}
}

// Normal takes what old servers had in place of a webmail's name, a switch, for the name where it says that there is none (operators-services §4.5).
func (Settings) Normal(w settingsValue) settingsValue {
	if w.Webmail != nil {
		if w.Webmail = new(strings.ToLower(form.SingleBlanks(*w.Webmail))); *w.Webmail == "false" {
			w.Webmail = new("none")
		}
	}
	w.NonexistentUser = grant.NormalNonexistentUser(w.NonexistentUser)
	form.Collapse(&w.WebmailCertificate)
	return w
}

// Find looks for the site: where its id has moved, the GUID leads to it.
func (Settings) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[settingsValue], error) {
	var prefs *xmlapi.Call[xmlapi.QueryRequest, mail.GetPrefsResult]
	at, err := target.SiteWith(ctx, d, h.Identity, func(id int64) []xmlapi.Caller {
		prefs = mail.GetPrefs.Call(xmlapi.QueryRequest{Filter: mail.BySite(id).Query()})
		return []xmlapi.Caller{prefs}
	})
	if err != nil || at == nil {
		return nil, err
	}
	r, err := prefs.One()
	if xmlapi.IsNotFound(err) {
		return nil, xmlapi.Incomplete(mail.GetPrefs, "the preferences of a site that is there")
	}
	if err != nil {
		return nil, err
	}
	return foundSettings(at, r)
}

// sitesPerSettings is how many sites one packet of a list reads.
const sitesPerSettings = 4 * engine.IDsPerOperation

// List reads the known sites and how their mail is treated: settings without their site are of no use.
func (Settings) List(ctx context.Context, d xmlapi.Doer, known engine.Known) ([]*engine.Found[settingsValue], error) {
	var out []*engine.Found[settingsValue]
	for some := range slices.Chunk(known.IDs, sitesPerSettings) {
		list, err := listSettings(ctx, d, some)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// listSettings reads some sites in one packet.
func listSettings(ctx context.Context, d xmlapi.Doer, ids []string) ([]*engine.Found[settingsValue], error) {
	var calls []xmlapi.Caller
	var prefs []*xmlapi.Call[xmlapi.QueryRequest, mail.GetPrefsResult]
	for _, f := range engine.ListFilters(mail.BySite, ids, engine.IDsPerOperation) {
		prefs = append(prefs, mail.GetPrefs.Call(xmlapi.QueryRequest{Filter: f.Query()}))
		calls = append(calls, prefs[len(prefs)-1])
	}
	sites, err := target.SitesByID(ctx, d, ids, calls...)
	if err != nil {
		return nil, err
	}
	var all []mail.GetPrefsResult
	for _, call := range prefs {
		shown, err := call.All()
		if err != nil {
			return nil, err
		}
		all = append(all, shown...)
	}
	return engine.ListOf(mail.GetPrefs, all, func(r mail.GetPrefsResult) (*engine.Found[settingsValue], error) {
		at, there := sites[engine.IDText(r.SiteID)]
		if !there { // gone between the two
			return nil, nil
		}
		return foundSettings(at, r)
	})
}

func foundSettings(at *engine.Resolved, r mail.GetPrefsResult) (*engine.Found[settingsValue], error) {
	p := r.Preferences
	if p == nil || engine.IDText(r.SiteID) != at.ID || p.None == nil && p.MailService == nil {
		return nil, xmlapi.Incomplete(mail.GetPrefs, "the preferences of the site")
	}
	v := settingsValue{
		Enabled: p.MailService, NonexistentUser: grant.FoundNonexistentUser(p.NonexistentUser), Webmail: p.Webmail, DKIM: p.SpamProtectSign,
		Greylisting: p.Greylisting, WebmailCertificate: p.WebmailCertificate,
	}
	if p.None != nil { // no mail service at all
		v = settingsValue{Enabled: new(false)}
	}
	return &engine.Found[settingsValue]{Identity: at.Identity, Key: settingsKey(at), Value: v}, nil
}

// Update writes what has changed and nothing else: what is left out stays (operators-services §4.5).
func (Settings) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[settingsValue]) error {
	id, err := engine.Number(u.ID)
	if err != nil {
		return err
	}
	p := u.Patch
	_, err = mail.SetPrefs.One(ctx, d, mail.SetPrefsRequest{Filter: mail.BySite(id), Preferences: hosting.MailPreferences{
		NonexistentUser: grant.WireNonexistentUser(p.NonexistentUser), Webmail: p.Webmail, SpamProtectSign: p.DKIM, Greylisting: p.Greylisting,
		MailService: p.Enabled, WebmailCertificate: p.WebmailCertificate,
	}})
	return err
}

func (Settings) Observe(o *v1alpha1.PleskMailSettings, f *engine.Found[settingsValue]) {
	v := f.Value
	o.Status.Observed = &v1alpha1.ObservedMailSettings{
		Enabled: v.Enabled != nil && *v.Enabled, NonexistentUser: form.Deref(v.NonexistentUser), Webmail: form.Deref(v.Webmail), DKIM: v.DKIM, Greylisting: v.Greylisting,
		WebmailCertificate: form.Deref(v.WebmailCertificate),
	}
}

func (Settings) Field(err *xmlapi.Error) string {
	if err.Operation != mail.SetPrefs.Name() {
		return ""
	}
	switch err.About() {
	case xmlapi.AboutWebmail:
		return "spec.webmail"
	case xmlapi.AboutValue:
		return "spec.nonexistentUser"
	case xmlapi.AboutObject:
		return "spec.webmailCertificate"
	}
	return ""
}
