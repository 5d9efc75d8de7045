// Package mail holds the operations of the `mail` operator: mail accounts of sites, and how a site's mail is treated.
// Callers: administrator; customers for their own sites. Source: operators-services §4.
package mail

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// The operations.
var (
	Create       = xmlapi.Write[CreateRequest, CreateResult]("mail", "create")
	GetInfo      = xmlapi.Read[GetInfoRequest, GetInfoResult]("mail", "get_info")
	UpdateSet    = xmlapi.Write[UpdateSetRequest, AccountResult]("mail", "update/set")
	UpdateAdd    = xmlapi.Write[UpdateListsRequest, AccountResult]("mail", "update/add")
	UpdateRemove = xmlapi.Write[UpdateListsRequest, AccountResult]("mail", "update/remove")
	Rename       = xmlapi.Write[RenameRequest, xmlapi.Result]("mail", "rename")
	Remove       = xmlapi.Write[RemoveRequest, AccountResult]("mail", "remove")

	Enable                = xmlapi.Write[SiteRequest, xmlapi.Result]("mail", "enable")
	Disable               = xmlapi.Write[SiteRequest, xmlapi.Result]("mail", "disable")
	GetPrefs              = xmlapi.Read[xmlapi.QueryRequest, GetPrefsResult]("mail", "get_prefs")
	SetPrefs              = xmlapi.Write[SetPrefsRequest, SiteResult]("mail", "set_prefs")
	GetAvailableProviders = xmlapi.Read[xmlapi.EmptyRequest, GetAvailableProvidersResult]("mail", "get-available-mail-providers")
)

// The values of antivir: which mail is checked.
const (
	AntivirusOff   = "off"
	AntivirusIn    = "in"
	AntivirusOut   = "out"
	AntivirusInOut = "inout"
)

// The types of a password's value; absent means Plain.
const (
	Plain = "plain"
	Crypt = "crypt"
	Sym   = "sym"
)

// BySite selects the preferences of sites. The id of a subscription is that of its main site.
func BySite(first int64, more ...int64) xmlapi.Filter {
	return xmlapi.ByNumber("site-id", first, more...)
}

// SiteRequest switches the mail service of a site on or off, as the preference mailservice does.
type SiteRequest struct {
	SiteID int64 `xml:"site-id"`
}

// GetPrefsResult is the preferences of one site.
type GetPrefsResult struct {
	xmlapi.Result
	SiteID      int64                    `xml:"site-id,omitempty" choice:"site:found"`
	Preferences *hosting.MailPreferences `xml:"prefs" choice:"site:found"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetPrefsResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && r.Preferences == nil && r.SiteID == 0
}

// SetPrefsRequest changes the given preferences of the selected sites.
type SetPrefsRequest struct {
	Filter      xmlapi.Filter           `xml:"filter"`
	Preferences hosting.MailPreferences `xml:"prefs"`
}

// SiteResult is the outcome for one site.
type SiteResult struct {
	xmlapi.Result
	SiteID int64 `xml:"site-id,omitempty"`
}

// GetAvailableProvidersResult holds who can provide mail.
type GetAvailableProvidersResult struct {
	xmlapi.Result
	Providers []hosting.MailProvider `xml:"mail-provider"`
}

// Empty reports whether the result is the server's way to say that there is none.
func (r GetAvailableProvidersResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && len(r.Providers) == 0
}
