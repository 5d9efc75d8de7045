// Package customer holds the operations of the `customer` operator: accounts that own subscriptions.
// Callers: administrator, reseller. Source: operators-accounts-server §7.
package customer

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// The operations. Del removes customers with all their subscriptions.
var (
	Add               = xmlapi.Write[AddRequest, AddResult]("customer", "add")
	Get               = xmlapi.Read[GetRequest, GetResult]("customer", "get")
	Set               = xmlapi.Write[SetRequest, xmlapi.FilterResult]("customer", "set")
	Del               = xmlapi.Write[xmlapi.FilterRequest, xmlapi.FilterResult]("customer", "del")
	ConvertToReseller = xmlapi.Write[ConvertRequest, xmlapi.FilterResult]("customer", "convert-to-reseller")
	ChangeOwner       = xmlapi.Write[ChangeOwnerRequest, xmlapi.FilterResult]("customer", "change-owner")
	GetDomainList     = xmlapi.Read[xmlapi.QueryRequest, GetDomainListResult]("customer", "get-domain-list")
)

// ByID selects customers by id.
func ByID(first int64, more ...int64) xmlapi.Filter { return xmlapi.ByNumber("id", first, more...) }

// ByLogin selects customers by login.
func ByLogin(first string, more ...string) xmlapi.Filter { return xmlapi.By("login", first, more...) }

// ByOwnerID selects the customers of the given administrator or resellers.
func ByOwnerID(first int64, more ...int64) xmlapi.Filter {
	return xmlapi.ByNumber("owner-id", first, more...)
}

// ByOwnerLogin selects the customers of the given administrator or resellers.
func ByOwnerLogin(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("owner-login", first, more...)
}

// ByGUID selects customers by GUID.
func ByGUID(first string, more ...string) xmlapi.Filter { return xmlapi.By("guid", first, more...) }

// ByExternalID selects customers by the integrator's id.
func ByExternalID(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("external-id", first, more...)
}

// AddRequest creates one customer.
type AddRequest struct {
	GenInfo NewGenInfo `xml:"gen_info"`
}

// NewGenInfo describes a new customer. ContactName, Login and Password are required. The owner is the caller unless one
// of the Owner fields (at most one) names a reseller.
type NewGenInfo struct {
	CompanyName *string       `xml:"cname"`
	ContactName string        `xml:"pname"`
	Login       string        `xml:"login"`
	Password    xmlapi.Secret `xml:"passwd"`
	Status      *int          `xml:"status"` // 0 active, 16 disabled by the administrator
	Contact[*string]
	Locale          *string `xml:"locale"`
	OwnerID         *int64  `xml:"owner-id" choice:"owner"`
	OwnerLogin      *string `xml:"owner-login" choice:"owner"`
	OwnerExternalID *string `xml:"owner-external-id" choice:"owner"`
	ExternalID      *string `xml:"external-id"`
	Description     *string `xml:"description"`
}

// Contact is how to reach the holder of an account: Contact[string] as the server shows it, where unset texts are empty, and
// Contact[*string] as it is written, where nil is left out.
type Contact[Text string | *string] struct {
	Phone      Text `xml:"phone"`
	Fax        Text `xml:"fax"`
	Email      Text `xml:"email"`
	Address    Text `xml:"address"`
	City       Text `xml:"city"`
	State      Text `xml:"state"`
	PostalCode Text `xml:"pcode"`
	Country    Text `xml:"country"` // ISO 3166 alpha-2
}

// AddResult names the new customer.
type AddResult struct {
	xmlapi.Result
	ID   int64  `xml:"id,omitempty" choice:"object:named"`
	GUID string `xml:"guid,omitempty" choice:"object:named"`
}

// GetRequest reads the blocks of Dataset of the customers that Filter selects.
type GetRequest struct {
	Filter  xmlapi.Query `xml:"filter"`
	Dataset Dataset      `xml:"dataset"`
}

// Dataset chooses what Get answers.
type Dataset struct {
	GenInfo *xmlapi.Empty `xml:"gen_info"`
	Stat    *xmlapi.Empty `xml:"stat"`
}

// GetResult is one customer.
type GetResult struct {
	xmlapi.FilterResult
	Data *Data `xml:"data"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetResult) Empty() bool { return r.Status == xmlapi.StatusOK && r.Data == nil && r.ID == 0 }

// Data holds the blocks that were asked for.
type Data struct {
	GenInfo *GenInfo `xml:"gen_info"`
	Stat    *Stat    `xml:"stat"`
}

// GenInfo is a customer as the server shows it. Unset texts are empty.
type GenInfo struct {
	Created     string `xml:"cr_date"` // YYYY-MM-DD
	CompanyName string `xml:"cname"`
	ContactName string `xml:"pname"`
	Login       string `xml:"login"`
	Status      int    `xml:"status"` // bit mask, operators-accounts-server §1.1
	Contact[string]
	Locale       string         `xml:"locale"`
	Password     *xmlapi.Secret `xml:"password"` // old servers only; never compare
	PasswordType *string        `xml:"password_type"`
	GUID         string         `xml:"guid"`
	OwnerID      *int64         `xml:"owner-id"`
	OwnerLogin   *string        `xml:"owner-login"`
	VendorGUID   *string        `xml:"vendor-guid"`
	ExternalID   string         `xml:"external-id"`
	Description  string         `xml:"description"`
}

// Stat is what a customer uses. Sizes and traffic (of this month and the day before) are in bytes.
type Stat struct {
	ActiveDomains  int64 `xml:"active_domains"`
	Subdomains     int64 `xml:"subdomains"`
	DiskSpace      int64 `xml:"disk_space"`
	Mailboxes      int64 `xml:"postboxs"`
	Redirects      int64 `xml:"redirects"`
	MailGroups     int64 `xml:"mail_groups"`
	MailResponders int64 `xml:"mail_resps"`
	MailLists      int64 `xml:"mail_lists"`
	WebUsers       int64 `xml:"web_users"`
	Databases      int64 `xml:"data_bases"`
	Traffic        int64 `xml:"traffic"`
	TrafficPrevDay int64 `xml:"traffic_prevday"`
}

// SetRequest changes the given values of the selected customers.
type SetRequest struct {
	Filter xmlapi.Filter `xml:"filter"`
	Values SetValues     `xml:"values"`
}

// SetValues holds what Set changes.
type SetValues struct {
	GenInfo *SetGenInfo `xml:"gen_info"`
}

// SetGenInfo holds the values to change; nil ones stay. An empty text clears an optional field.
type SetGenInfo struct {
	CompanyName *string        `xml:"cname"`
	ContactName *string        `xml:"pname"`
	Login       *string        `xml:"login"` // renames the account
	Password    *xmlapi.Secret `xml:"passwd"`
	Status      *int           `xml:"status"`
	Contact[*string]
	Locale      *string       `xml:"locale"`
	GUID        *xmlapi.Empty `xml:"guid"` // assigns a new GUID
	ExternalID  *string       `xml:"external-id"`
	Description *string       `xml:"description"`
}

// ConvertRequest turns the selected customers into resellers.
type ConvertRequest struct {
	Filter           xmlapi.Filter `xml:"filter"`
	ResellerPlanName *string       `xml:"reseller-plan-name"`
}

// ChangeOwnerRequest moves the selected customers with their subscriptions to another provider.
type ChangeOwnerRequest struct {
	Filter        xmlapi.Filter `xml:"filter"`
	NewOwnerLogin string        `xml:"new-owner-login"`
	IPv4Addresses []string      `xml:"ipV4-address"`
	IPv6Addresses []string      `xml:"ipV6-address"`
	PlanName      *string       `xml:"plan-name"`
}

// GetDomainListResult holds the domains of one customer.
type GetDomainListResult struct {
	xmlapi.FilterResult
	Domains *xmlapi.DomainList `xml:"domains"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetDomainListResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && r.Domains == nil && r.ID == 0
}
