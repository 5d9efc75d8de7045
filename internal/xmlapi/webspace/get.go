// Reading subscriptions.

package webspace

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// GetRequest reads the blocks of Dataset of the subscriptions that Filter selects.
type GetRequest struct {
	Filter  xmlapi.Query `xml:"filter"`
	Dataset Dataset      `xml:"dataset"`
}

// Dataset chooses what Get answers.
type Dataset struct {
	GenInfo       *xmlapi.Empty `xml:"gen_info"`
	Hosting       *xmlapi.Empty `xml:"hosting"`
	HostingBasic  *xmlapi.Empty `xml:"hosting-basic"`
	Limits        *xmlapi.Empty `xml:"limits"`
	Stat          *xmlapi.Empty `xml:"stat"`
	Preferences   *xmlapi.Empty `xml:"prefs"`
	DiskUsage     *xmlapi.Empty `xml:"disk_usage"`
	Performance   *xmlapi.Empty `xml:"performance"`
	Subscriptions *xmlapi.Empty `xml:"subscriptions"`
	Permissions   *xmlapi.Empty `xml:"permissions"`
	PlanItems     *xmlapi.Empty `xml:"plan-items"`
	PHPSettings   *xmlapi.Empty `xml:"php-settings"`
	ResourceUsage *xmlapi.Empty `xml:"resource-usage"`
	Mail          *xmlapi.Empty `xml:"mail"`
	APSFilter     *xmlapi.Empty `xml:"aps-filter"`
	Packages      *xmlapi.Empty `xml:"packages"`
}

// GetResult is one subscription.
type GetResult struct {
	xmlapi.FilterResult
	Data *Data `xml:"data"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetResult) Empty() bool { return r.Status == xmlapi.StatusOK && r.Data == nil && r.ID == 0 }

// Data holds the blocks that were asked for.
type Data struct {
	GenInfo       *GenInfo               `xml:"gen_info"`
	Hosting       *hosting.Hosting       `xml:"hosting"`
	HostingBasic  *hosting.Hosting       `xml:"hosting-basic"` // fewer properties
	Limits        *hosting.Limits        `xml:"limits"`
	Stat          *Stat                  `xml:"stat"`
	Preferences   *hosting.Preferences   `xml:"prefs"`
	DiskUsage     *hosting.DiskUsage     `xml:"disk_usage"`
	Performance   *hosting.Performance   `xml:"performance"`
	Subscriptions *Subscriptions         `xml:"subscriptions"`
	Permissions   *hosting.Permissions   `xml:"permissions"`
	PlanItems     *hosting.PlanItems     `xml:"plan-items"`
	PHPSettings   *hosting.PHPSettings   `xml:"php-settings"`
	ResourceUsage *hosting.ResourceUsage `xml:"resource-usage"`
	Mail          *hosting.Mail          `xml:"mail"`
	APSFilter     *bool                  `xml:"aps-filter"`
	Packages      *hosting.Packages      `xml:"packages"`
}

// GenInfo is a subscription as the server shows it. OwnerID and OwnerLogin are shown to administrators and resellers.
type GenInfo struct {
	Created             string   `xml:"cr_date"` // YYYY-MM-DD
	Name                string   `xml:"name"`
	ASCIIName           string   `xml:"ascii-name"`
	Status              int      `xml:"status"`    // bit mask, operators-accounts-server §1.1
	RealSize            int64    `xml:"real_size"` // bytes
	OwnerID             *int64   `xml:"owner-id"`
	OwnerLogin          *string  `xml:"owner-login"`
	DNSIPAddresses      []string `xml:"dns_ip_address"`
	HostingType         string   `xml:"htype"`
	GUID                string   `xml:"guid"`
	VendorGUID          string   `xml:"vendor-guid"` // of the provider: administrator or reseller
	ExternalID          string   `xml:"external-id"`
	SitebuilderSiteUUID *string  `xml:"sb-site-uuid"`
	Description         *string  `xml:"description"`
	AdminDescription    *string  `xml:"admin-description"`
	ResellerDescription *string  `xml:"reseller-description"`
}

// Stat counts what a subscription holds. Traffic (of this month and the day before) is in bytes.
type Stat struct {
	Traffic        int64 `xml:"traffic"`
	Subdomains     int64 `xml:"subdom"`
	WebUsers       int64 `xml:"wu"`
	Mailboxes      int64 `xml:"box"`
	Redirects      int64 `xml:"redir"`
	MailGroups     int64 `xml:"mg"`
	MailResponders int64 `xml:"resp"`
	MailLists      int64 `xml:"maillists"`
	Databases      int64 `xml:"db"`
	MSSQLDatabases int64 `xml:"mssql_db"`
	TrafficPrevDay int64 `xml:"traffic_prevday"`
	Domains        int64 `xml:"domains"`
	Sites          int64 `xml:"sites"`
}

// Subscriptions is the subscription's link to its plans; without a plan Subscription is nil.
type Subscriptions struct {
	Subscription *Subscription `xml:"subscription"`
}

// Subscription is the link to a service plan and add-on plans. Plans holds them all, without a mark which is which.
type Subscription struct {
	Locked       string `xml:"locked"`       // true: customised, plan changes do not reach it
	Synchronized string `xml:"synchronized"` // false: the server cannot deliver all of the plan
	Plans        []Plan `xml:"plan"`
}

// Plan names one plan of a subscription.
type Plan struct {
	GUID       string  `xml:"plan-guid"`
	ExternalID *string `xml:"plan-external-id"`
}

// ButtonsListResult holds the buttons of one subscription.
type ButtonsListResult struct {
	xmlapi.FilterResult
	Buttons []hosting.Button `xml:"button"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r ButtonsListResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && len(r.Buttons) == 0 && r.ID == 0
}

// GetTrafficRequest reads the traffic of days, each bound included and optional (YYYY-MM-DD).
type GetTrafficRequest struct {
	Filter xmlapi.Query `xml:"filter"`
	Since  *string      `xml:"since_date"`
	To     *string      `xml:"to_date"`
}

// GetTrafficResult holds the traffic of one subscription by day.
type GetTrafficResult struct {
	xmlapi.FilterResult
	Traffic []hosting.Traffic `xml:"traffic"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetTrafficResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && len(r.Traffic) == 0 && r.ID == 0
}

// GetChangedRequest asks which subscriptions' resource usage changed since a time.
type GetChangedRequest struct {
	ResourceUsage ChangedSince `xml:"resource-usage"`
}

// ChangedSince is a time in ISO 8601.
type ChangedSince struct {
	From string `xml:"from"`
}

// GetChangedResult names the changed subscriptions, none when nothing changed.
type GetChangedResult struct {
	xmlapi.Result
	Subscriptions []Changed `xml:"subscription"`
}

// Changed names a subscription.
type Changed struct {
	Name       string `xml:"name"`
	ID         string `xml:"id"`
	ExternalID string `xml:"external-id"`
}

// DescriptorResult holds the descriptor of one subscription; of the server (no ID) when the filter was empty.
type DescriptorResult struct {
	xmlapi.FilterResult
	Descriptor *hosting.Descriptor `xml:"descriptor"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r DescriptorResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && r.Descriptor == nil && r.ID == 0
}

// DBServersListResult holds the database servers that one subscription offers.
type DBServersListResult struct {
	xmlapi.FilterResult
	Servers []hosting.DatabaseServer `xml:"db-server"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r DBServersListResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && len(r.Servers) == 0 && r.ID == 0
}
