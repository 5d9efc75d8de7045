// Mail preferences of sites: how their mail is treated (operators-services §4.5). Those of a main site are its subscription's.

package plesksim

import (
	"encoding/base64"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
)

// givenMailPreferences lays mail preferences over what a site of a subscription had. None switches mail off and forgets the rest;
// any other preference switches it on again.
func (c *call) givenMailPreferences(w *webspace, old, given hosting.MailPreferences) (hosting.MailPreferences, error) {
	for _, address := range given.IPAddresses {
		if _, err := c.fromPool(c.Accounts.Get(w.Owner), address); err != nil {
			return old, err
		}
	}
	if given.None != nil {
		return hosting.MailPreferences{None: given.None}, nil
	}
	if p := given.Provider; p != nil && p.APS != nil {
		return old, refuse(xmlapi.CodeNotFound, "Package does not exist.")
	}
	if name := text(given.WebmailCertificate); name != "" && c.certificateFor(name, w.ID) == nil {
		return old, refuse(xmlapi.CodeNotFound, "Certificate does not exist.")
	}
	if n := given.NonexistentUser; n != nil && n.Forward != nil && !emailPattern.MatchString(*n.Forward) {
		return old, refuse(xmlapi.CodeInvalidValue, "The e-mail address '%s' is invalid.", *n.Forward)
	}
	if given.Webmail != nil {
		name, err := c.knownWebmail(*given.Webmail)
		if err != nil {
			return old, err
		}
		given.Webmail = &name
	}
	merged := overlay(old, given)
	if saysMailService(given) {
		merged.None = nil
	}
	return merged, nil
}

// saysMailService tells whether mail preferences switch the service on or off.
func saysMailService(m hosting.MailPreferences) bool {
	return m.NonexistentUser != nil || m.Webmail != nil || m.SpamProtectSign != nil || m.Greylisting != nil || m.MailService != nil ||
		len(m.IPAddresses) > 0 || m.Provider != nil || m.WebmailCertificate != nil
}

// knownWebmail reads the name of a webmail. Old servers had a switch in its place, which is understood.
func (s *state) knownWebmail(name string) (string, error) {
	usual := s.webmail()
	switch folded := foldName(name); {
	case folded == noWebmail || folded == "false":
		return noWebmail, nil
	case folded == "true" && usual != noWebmail:
		return usual, nil
	case slices.Contains(webmails, folded) && s.componentInstalled(folded):
		return folded, nil
	}
	return "", refuse(xmlapi.CodeWebmailMissing, "The webmail %s is not installed.", name)
}

// webmails are the programs that can be installed.
var webmails = []string{"roundcube", "horde"}

// noWebmail is the webmail of a site without one.
const noWebmail = "none"

// mailPreferencesOf is what was set of a site's mail preferences.
func (s *state) mailPreferencesOf(d *site) hosting.MailPreferences {
	if d.Kind == mainSite {
		return s.Webspaces.Get(d.Webspace).Mail.MailPreferences
	}
	return d.Mail
}

// setMailPreferences replaces a site's mail preferences. They are in no index.
func (c *call) setMailPreferences(d *site, to hosting.MailPreferences) {
	was := c.mailPreferencesOf(d)
	if d.Kind == mainSite {
		c.Webspaces.Get(d.Webspace).Mail.MailPreferences = to
	} else {
		d.Mail = to
	}
	c.signMail(d, was, to)
	c.event(siteEventClass(d.Kind), "updated", idKey(d.ID))
}

// shownMailPreferences is a site's mail preferences, with what the server gives where nothing was set: mail for unknown users
// bounces, subdomains have no mail service.
func (s *state) shownMailPreferences(d *site) hosting.MailPreferences {
	set := s.mailPreferencesOf(d)
	if set.None != nil {
		return set
	}
	return overlay(hosting.MailPreferences{
		NonexistentUser: untouchedUser(), Webmail: new(s.webmail()),
		SpamProtectSign: new(false), Greylisting: new(false), MailService: new(d.Kind != subdomain),
		IPAddresses: s.Webspaces.Get(d.Webspace).addresses(), Provider: &hosting.MailProvider{Local: &xmlapi.Empty{}},
	}, set)
}

// hasMailService tells whether a site can have mail accounts.
func (s *state) hasMailService(d *site) bool {
	shown := s.shownMailPreferences(d)
	return shown.None == nil && *shown.MailService
}

// readMailPreferences is what get_prefs shows of a site's mail preferences: nothing internal, and greylisting only once it was set
// (operators-services, corrections of §4).
func (s *state) readMailPreferences(d *site) *hosting.MailPreferences {
	shown := s.shownMailPreferences(d)
	if shown.None != nil {
		return &shown
	}
	shown.Greylisting, shown.IPAddresses, shown.Provider = s.mailPreferencesOf(d).Greylisting, nil, nil
	if shown.WebmailCertificate == nil {
		shown.WebmailCertificate = new("")
	}
	return &shown
}

// untouchedUser is how mail for unknown users is treated unless something was set: it bounces.
func untouchedUser() *hosting.NonexistentUser {
	return &hosting.NonexistentUser{Bounce: new("This address no longer accepts mail.")}
}

// mailSites are the sites that a filter of preferences selects, each with the value that named it; missing ones are nil.
func (c *call) mailSites(f selector) (ids []int64, sites []*site) {
	if len(f.Values()) == 0 {
		for _, d := range c.Sites.All() {
			if c.seesSite(d) {
				ids, sites = append(ids, d.ID), append(sites, d)
			}
		}
		return ids, sites
	}
	for _, value := range f.Values() {
		d := c.Sites.Get(idValue(value))
		if d != nil && !c.seesSite(d) {
			d = nil
		}
		ids, sites = append(ids, idValue(value)), append(sites, d)
	}
	return ids, sites
}

func mailGetPrefs(c *call, req xmlapi.QueryRequest) ([]mail.GetPrefsResult, error) {
	ids, sites := c.mailSites(req.Filter)
	var results []mail.GetPrefsResult
	for i, d := range sites {
		if d == nil { // the grammar has no id without preferences
			results = append(results, mail.GetPrefsResult{Result: c.failure(noMailSite())})
			continue
		}
		results = append(results, mail.GetPrefsResult{SiteID: ids[i], Preferences: c.readMailPreferences(d)})
	}
	return results, nil
}

func mailSetPrefs(c *call, req mail.SetPrefsRequest) ([]mail.SiteResult, error) {
	ids, _ := c.mailSites(req.Filter)
	var results []mail.SiteResult
	for _, id := range ids {
		res := mail.SiteResult{SiteID: id}
		if err := c.changeMailPreferences(id, req.Preferences); err != nil {
			res.Result = c.failure(err)
		}
		results = append(results, res)
	}
	return results, nil
}

func mailEnable(c *call, req mail.SiteRequest) (xmlapi.Result, error) {
	return xmlapi.Result{}, c.changeMailPreferences(req.SiteID, hosting.MailPreferences{MailService: new(true)})
}

func mailDisable(c *call, req mail.SiteRequest) (xmlapi.Result, error) {
	return xmlapi.Result{}, c.changeMailPreferences(req.SiteID, hosting.MailPreferences{MailService: new(false)})
}

func (c *call) changeMailPreferences(siteID int64, given hosting.MailPreferences) error {
	d, err := c.mailSite(siteID)
	if err != nil {
		return err
	}
	w := c.Webspaces.Get(d.Webspace)
	if c.who.role == customerRole && !w.Permissions["manage_mail_settings"] {
		return permissionDenied()
	}
	changed, err := c.givenMailPreferences(w, c.mailPreferencesOf(d), given)
	if err != nil {
		return err
	}
	c.setMailPreferences(d, changed)
	return nil
}

// mailProviders are who can provide mail: without an application installed for it, the server itself.
func mailProviders(*call, xmlapi.EmptyRequest) (mail.GetAvailableProvidersResult, error) {
	return mail.GetAvailableProvidersResult{Providers: []hosting.MailProvider{{Local: &xmlapi.Empty{}}}}, nil
}

// signMail publishes the key with which a site's mail is signed, in its zone, or takes it back (operators-services §2.10).
func (c *call) signMail(d *site, was, is hosting.MailPreferences) {
	on := func(p hosting.MailPreferences) bool { return p.SpamProtectSign != nil && *p.SpamProtectSign }
	z := c.zonesBySite.First(idKey(d.ID))
	if z == nil || on(was) == on(is) {
		return
	}
	policy, key := "_domainkey."+z.Name+".", "default._domainkey."+z.Name+"."
	for _, host := range []string{policy, key} {
		for _, r := range c.recordsByHost.All(host) {
			if r.Zone == z.ID && r.Type == "TXT" {
				c.Records.Remove(r)
			}
		}
	}
	if on(is) {
		public := base64.StdEncoding.EncodeToString(c.random(162))
		for _, r := range []record{{Host: policy, Value: "o=-"}, {Host: key, Value: "v=DKIM1; p=" + public + ";"}} {
			r.ID, r.Zone, r.Type = next(&c.LastRecord), z.ID, "TXT"
			c.Records.Insert(&r)
		}
	}
	c.zoneChanged(z)
}
