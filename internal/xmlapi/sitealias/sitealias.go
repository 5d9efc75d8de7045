// Package sitealias holds the operations of the `site-alias` operator: further names of a site.
// Callers: administrator. Source: operators-accounts-server §6.
package sitealias

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// The operations.
var (
	Create = xmlapi.Write[CreateRequest, CreateResult]("site-alias", "create")
	Get    = xmlapi.Read[xmlapi.QueryRequest, GetResult]("site-alias", "get")
	Set    = xmlapi.Write[SetRequest, xmlapi.FilterResult]("site-alias", "set")
	Delete = xmlapi.Write[xmlapi.FilterRequest, xmlapi.FilterResult]("site-alias", "delete")
	Rename = xmlapi.Write[RenameRequest, xmlapi.Result]("site-alias", "rename")

	GetSupportedServices = xmlapi.Read[xmlapi.EmptyRequest, GetSupportedServicesResult]("site-alias", "get-supported-services")
)

// The values of an alias's status.
const (
	Enabled      = 0
	Disabled     = 1 // the alias itself
	SiteDisabled = 2 // the site that it names
	BothDisabled = 3
	SwitchedOff  = 8
)

// ByID selects aliases by id.
func ByID(first int64, more ...int64) xmlapi.Filter { return xmlapi.ByNumber("id", first, more...) }

// ByName selects aliases by name.
func ByName(first string, more ...string) xmlapi.Filter { return xmlapi.By("name", first, more...) }

// BySite selects the aliases of sites.
func BySite(first int64, more ...int64) xmlapi.Filter {
	return xmlapi.ByNumber("site-id", first, more...)
}

// BySiteName selects the aliases of the named sites.
func BySiteName(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("site-name", first, more...)
}

// Settings are what an alias stands for; in requests nil ones stay, or take the server's defaults.
type Settings struct {
	Status      *int         `xml:"status"` // Enabled, Disabled, …
	Preferences *Preferences `xml:"pref"`
	ManageDNS   *bool        `xml:"manage-dns"` // the alias has a zone of its own
}

// Preferences say what an alias is used for.
type Preferences struct {
	Web         *bool   `xml:"web"`
	Mail        *bool   `xml:"mail"`
	SEORedirect *bool   `xml:"seo-redirect"` // visitors are sent to the site's own name
	ICPStatus   *bool   `xml:"icp-status"`
	ICPPermit   *string `xml:"icp-permit"`
}

// Info is one alias.
type Info struct {
	Settings
	SiteID    int64   `xml:"site-id"` // never changes
	Name      string  `xml:"name"`
	ASCIIName *string `xml:"ascii-name"`
}

// CreateRequest creates one alias.
type CreateRequest struct {
	Info
}

// CreateResult names the new alias.
type CreateResult struct {
	xmlapi.Result
	ID int64 `xml:"id,omitempty"`
}

// GetResult is one alias.
type GetResult struct {
	xmlapi.FilterResult
	Info *Info `xml:"info"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetResult) Empty() bool { return r.Status == xmlapi.StatusOK && r.Info == nil && r.ID == 0 }

// SetRequest changes the given settings of the selected aliases.
type SetRequest struct {
	Filter   xmlapi.Filter `xml:"filter"`
	Settings Settings      `xml:"settings"`
}

// RenameRequest renames the alias that ID or Name selects.
type RenameRequest struct {
	ID      *int64  `xml:"id" choice:"alias,required"`
	Name    *string `xml:"name" choice:"alias,required"`
	NewName string  `xml:"new_name"`
}

// GetSupportedServicesResult names what an alias can be used for on this server: web, mail.
type GetSupportedServicesResult struct {
	xmlapi.Result
	Services []string `xml:"service"`
}
