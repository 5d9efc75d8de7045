// Mail preferences of sites: how their mail is treated (operators-services §4.5). Those of a main site are its subscription's.

package plesksim

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// givenMailPreferences lays mail preferences over what a site of a subscription had. None switches mail off and forgets the rest;
// any other preference switches it on again.
func (c *call) givenMailPreferences(w *webspace, old, given hosting.MailPreferences) (hosting.MailPreferences, error) {
	for _, address := range given.IPAddresses {
		if _, err := c.fromPool(c.Accounts.get(w.Owner), address); err != nil {
			return old, err
		}
	}
	if given.None != nil {
		return hosting.MailPreferences{None: given.None}, nil
	}
	if p := given.Provider; p != nil && p.APS != nil {
		return old, refuse(xmlapi.CodeNotFound, "Package does not exist.")
	}
	if name := text(given.WebmailCertificate); name != "" && name != defaultCertificate {
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

// saysMailService tells whether mail preferences say anything about the service itself.
func saysMailService(m hosting.MailPreferences) bool {
	return m.NonexistentUser != nil || m.Webmail != nil || m.SpamProtectSign != nil || m.Greylisting != nil || m.MailService != nil ||
		len(m.IPAddresses) > 0 || m.Provider != nil || m.WebmailCertificate != nil
}

// knownWebmail reads the name of a webmail. Old servers had a switch in its place, which is understood.
func (s *state) knownWebmail(name string) (string, error) {
	installed := s.webmail()
	switch foldName(name) {
	case "none", "false":
		return noWebmail, nil
	case "true", installed:
		if installed != noWebmail {
			return installed, nil
		}
	}
	return "", refuse(xmlapi.CodeWebmailMissing, "The webmail %s is not installed.", name)
}

// noWebmail is the webmail of a site without one.
const noWebmail = "none"

// shownMailPreferences is mail preferences with what the server gives where nothing was set.
func shownMailPreferences(w *webspace, set hosting.MailPreferences) hosting.MailPreferences {
	if set.None != nil {
		return set
	}
	return overlay(hosting.MailPreferences{
		SpamProtectSign: new(false), Greylisting: new(false), IPAddresses: w.addresses(), Provider: &hosting.MailProvider{Local: &xmlapi.Empty{}},
	}, set)
}
