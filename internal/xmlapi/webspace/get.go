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

// Stat counts what a subscription holds.
type Stat struct {
	hosting.Stat
	Domains int64 `xml:"domains"`
	Sites   int64 `xml:"sites"`
}

// Subscriptions is the subscription's link to its plans; without a plan Subscription is nil.
type Subscriptions struct {
	Subscription *Subscription `xml:"subscription"`
}

// Subscription is the link to a service plan and add-on plans. Plans holds them all, without saying which is which.
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

// GetTrafficRequest reads the traffic of days, each bound included and optional (YYYY-MM-DD).
type GetTrafficRequest struct {
	Filter xmlapi.Query `xml:"filter"`
	hosting.Days
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

// DBServersListResult holds the database servers that one subscription offers.
type DBServersListResult struct {
	xmlapi.FilterResult
	Servers []hosting.DatabaseServer `xml:"db-server"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r DBServersListResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && len(r.Servers) == 0 && r.ID == 0
}
