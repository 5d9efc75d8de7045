// Reading and changing resellers.

package reseller

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// GetRequest reads the blocks of Dataset of the resellers that Filter selects.
type GetRequest struct {
	Filter  xmlapi.Query `xml:"filter"`
	Dataset Dataset      `xml:"dataset"`
}

// Dataset chooses what Get answers.
type Dataset struct {
	GenInfo       *xmlapi.Empty `xml:"gen-info"`
	Stat          *xmlapi.Empty `xml:"stat"`
	Permissions   *xmlapi.Empty `xml:"permissions"`
	Limits        *xmlapi.Empty `xml:"limits"`
	IPPool        *xmlapi.Empty `xml:"ippool"`
	Subscriptions *xmlapi.Empty `xml:"subscriptions"`
}

// GetResult is one reseller.
type GetResult struct {
	xmlapi.FilterResult
	Data *Data `xml:"data"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetResult) Empty() bool { return r.Status == xmlapi.StatusOK && r.Data == nil && r.ID == 0 }

// Data holds the blocks that were asked for. Subscriptions is the reseller's link to their own reseller plan.
type Data struct {
	GenInfo       *GenInfo                     `xml:"gen-info"`
	Stat          *Stat                        `xml:"stat"`
	Permissions   *hosting.ResellerPermissions `xml:"permissions"`
	Limits        *hosting.ResellerLimits      `xml:"limits"`
	IPPool        *IPPool                      `xml:"ippool"`
	Subscriptions *webspace.Subscriptions      `xml:"subscriptions"`
}

// GenInfo is a reseller as the server shows them. Unset texts are empty.
type GenInfo struct {
	Created     string `xml:"cr-date"` // YYYY-MM-DD
	CompanyName string `xml:"cname"`
	ContactName string `xml:"pname"`
	Login       string `xml:"login"`
	Status      int    `xml:"status"` // bit mask, operators-accounts-server §1.1
	customer.Contact[string]
	Locale       string         `xml:"locale"`
	Password     *xmlapi.Secret `xml:"password"` // old servers only; never compare
	PasswordType *string        `xml:"password-type"`
	GUID         string         `xml:"guid"`
	ExternalID   string         `xml:"external-id"`
	Description  string         `xml:"description"`
	PowerUser    *bool          `xml:"power-user"`
}

// Stat is what a reseller has and uses, their customers included. Sizes and traffic (of this month and the day before) are in bytes.
type Stat struct {
	ActiveCustomers int64 `xml:"active-clients"`
	ActiveDomains   int64 `xml:"active-domains"`
	Customers       int64 `xml:"clients"`
	Domains         int64 `xml:"domains"`
	Subdomains      int64 `xml:"subdomains"`
	DomainAliases   int64 `xml:"domain-aliases"`
	DiskSpace       int64 `xml:"disk-space"`
	WebUsers        int64 `xml:"web-users"`
	Databases       int64 `xml:"data-bases"`
	Mailboxes       int64 `xml:"postboxs"`
	MailboxQuota    int64 `xml:"mbox-quota"`
	Redirects       int64 `xml:"redirects"`
	MailGroups      int64 `xml:"mail-groups"`
	MailResponders  int64 `xml:"mail-resps"`
	MailLists       int64 `xml:"mail-lists"`
	MSSQLDatabases  int64 `xml:"mssql-data-bases"`
	Traffic         int64 `xml:"traffic"`
	TrafficPrevDay  int64 `xml:"traffic-prevday"`
}

// SetRequest changes the given values of the selected resellers.
type SetRequest struct {
	Filter xmlapi.Filter `xml:"filter"`
	Values SetValues     `xml:"values"`
}

// SetValues holds what Set changes. Named limits and permissions change, the others stay; changing any of a reseller who has
// a plan locks them against its changes.
type SetValues struct {
	GenInfo     *SetGenInfo                  `xml:"gen-info"`
	Limits      *hosting.ResellerLimits      `xml:"limits"`
	Permissions *hosting.ResellerPermissions `xml:"permissions"`
}

// SetGenInfo holds the values to change, those of a customer and one more; nil ones stay.
type SetGenInfo struct {
	customer.SetGenInfo
	PowerUser *bool `xml:"power-user"`
}
