// Package site holds the operations of the `site` operator: the domains of a subscription besides its main one, and
// subdomains. Callers: administrator, customer. Source: operators-accounts-server §4.
package site

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// The operations. Del removes sites with what hangs below them; main sites go only with their subscriptions.
var (
	Add = xmlapi.Write[AddRequest, AddResult]("site", "add")
	Get = xmlapi.Read[GetRequest, GetResult]("site", "get")
	Set = xmlapi.Write[SetRequest, xmlapi.FilterResult]("site", "set")
	Del = xmlapi.Write[xmlapi.FilterRequest, xmlapi.FilterResult]("site", "del")

	ButtonsList = xmlapi.Read[xmlapi.QueryRequest, hosting.ButtonsListResult]("site", "cform_buttons_list")
	GetTraffic  = xmlapi.Read[GetTrafficRequest, hosting.GetTrafficResult]("site", "get_traffic")
	SetTraffic  = xmlapi.Write[hosting.SetTrafficRequest, hosting.SetTrafficResult]("site", "set_traffic")

	GetPhysicalHostingDescriptor = xmlapi.Read[xmlapi.QueryRequest, hosting.DescriptorResult]("site", "get-physical-hosting-descriptor")
)

// What is left of a site whose status is not active.
const (
	TurnOffDisable = "disable" // nothing
	TurnOffSuspend = "suspend" // a placeholder page, and mail
)

// ByID selects sites by id; it reaches main sites too, whose ids are their subscriptions'.
func ByID(first int64, more ...int64) xmlapi.Filter { return xmlapi.ByNumber("id", first, more...) }

// ByName selects sites by name; it reaches main sites too.
func ByName(first string, more ...string) xmlapi.Filter { return xmlapi.By("name", first, more...) }

// ByGUID selects sites by GUID; it reaches main sites too.
func ByGUID(first string, more ...string) xmlapi.Filter { return xmlapi.By("guid", first, more...) }

// ByWebspaceID selects the sites of subscriptions, their main ones left out.
func ByWebspaceID(first int64, more ...int64) xmlapi.Filter {
	return xmlapi.ByNumber("parent-id", first, more...)
}

// ByWebspaceName selects the sites of subscriptions, their main ones left out.
func ByWebspaceName(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("parent-name", first, more...)
}

// ByWebspaceGUID selects the sites of subscriptions, their main ones left out.
func ByWebspaceGUID(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("parent-guid", first, more...)
}

// ByParentSiteID selects the subdomains of sites.
func ByParentSiteID(first int64, more ...int64) xmlapi.Filter {
	return xmlapi.ByNumber("parent-site-id", first, more...)
}

// ByParentSiteName selects the subdomains of sites.
func ByParentSiteName(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("parent-site-name", first, more...)
}

// ByParentSiteGUID selects the subdomains of sites.
func ByParentSiteGUID(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("parent-site-guid", first, more...)
}

// AddRequest creates one site.
type AddRequest struct {
	GenSetup    NewGenSetup          `xml:"gen_setup"`
	Hosting     *Hosting             `xml:"hosting"` // nil: none
	Preferences *hosting.Preferences `xml:"prefs"`
	Performance *hosting.Performance `xml:"performance"`
	Mail        *Mail                `xml:"mail"`
}

// NewGenSetup describes a new site. Name is the full name, that of a subdomain too. One Webspace field names the
// subscription, or one ParentSite field the domain that a subdomain hangs under, and the subscription with it.
type NewGenSetup struct {
	Name           string  `xml:"name"`
	HostingType    *string `xml:"htype"`  // vrt_hst, std_fwd, frm_fwd or none
	Status         *string `xml:"status"` // a number, operators-accounts-server §1.1; the grammar takes any text
	WebspaceName   *string `xml:"webspace-name" choice:"webspace"`
	WebspaceID     *int64  `xml:"webspace-id" choice:"webspace"`
	WebspaceGUID   *string `xml:"webspace-guid" choice:"webspace"`
	ParentSiteName *string `xml:"parent-site-name" choice:"parent"`
	ParentSiteID   *int64  `xml:"parent-site-id" choice:"parent"`
	ParentSiteGUID *string `xml:"parent-site-guid" choice:"parent"`
	Description    *string `xml:"description"`
}

// Hosting is the hosting that a site is given: exactly one of its kinds. A site has its subscription's addresses.
type Hosting struct {
	Virtual         *VirtualHosting `xml:"vrt_hst" choice:"hosting,required"`
	StandardForward *Forward        `xml:"std_fwd" choice:"hosting,required"`
	FrameForward    *FrameForwarded `xml:"frm_fwd" choice:"hosting,required"`
	None            *xmlapi.Empty   `xml:"none" choice:"hosting,required"`
}

// VirtualHosting is web hosting on this server. The grammar demands one property at least.
type VirtualHosting struct {
	Properties []xmlapi.Property `xml:"property" choice:"properties,required"`
}

// Forward redirects to another URL.
type Forward struct {
	DestinationURL string `xml:"dest_url"`
	HTTPCode       *int   `xml:"http_code"` // 301 or 302
}

// FrameForwarded shows another URL in a frame.
type FrameForwarded struct {
	DestinationURL string `xml:"dest_url"`
}

// Mail says whether a new site has mail.
type Mail struct {
	MailService *bool `xml:"mailservice"`
}

// AddResult names the new site.
type AddResult struct {
	xmlapi.Result
	ID   int64  `xml:"id,omitempty"`
	GUID string `xml:"guid,omitempty"`
}

// GetRequest reads the blocks of Dataset of the sites that Filter selects. Without a filter main sites are left out.
type GetRequest struct {
	Filter  xmlapi.Query `xml:"filter"`
	Dataset Dataset      `xml:"dataset"`
}

// Dataset chooses what Get answers.
type Dataset struct {
	GenInfo     *xmlapi.Empty `xml:"gen_info"`
	Hosting     *xmlapi.Empty `xml:"hosting"`
	Stat        *xmlapi.Empty `xml:"stat"`
	Preferences *xmlapi.Empty `xml:"prefs"`
	DiskUsage   *xmlapi.Empty `xml:"disk_usage"`
	Performance *xmlapi.Empty `xml:"performance"`
}

// GetResult is one site.
type GetResult struct {
	xmlapi.FilterResult
	Data *Data `xml:"data"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetResult) Empty() bool { return r.Status == xmlapi.StatusOK && r.Data == nil && r.ID == 0 }

// Data holds the blocks that were asked for.
type Data struct {
	GenInfo     *GenInfo             `xml:"gen_info"`
	Hosting     *hosting.Hosting     `xml:"hosting"`
	Stat        *hosting.Stat        `xml:"stat"`
	Preferences *hosting.Preferences `xml:"prefs"`
	DiskUsage   *hosting.DiskUsage   `xml:"disk_usage"`
	Performance *hosting.Performance `xml:"performance"`
}

// GenInfo is a site as the server shows it.
type GenInfo struct {
	Created             string   `xml:"cr_date"` // YYYY-MM-DD
	Name                string   `xml:"name"`
	ASCIIName           string   `xml:"ascii-name"`
	Status              int      `xml:"status"`    // bit mask, operators-accounts-server §1.1
	RealSize            int64    `xml:"real_size"` // bytes
	DNSIPAddresses      []string `xml:"dns_ip_address"`
	HostingType         string   `xml:"htype"`
	GUID                string   `xml:"guid"`
	WebspaceGUID        string   `xml:"webspace-guid"`
	SitebuilderSiteUUID *string  `xml:"sb-site-uuid"`
	WebspaceID          int64    `xml:"webspace-id"`
	Description         *string  `xml:"description"`
	TurnOffAction       *string  `xml:"turn-off-action"` // TurnOffDisable or TurnOffSuspend
}

// SetRequest changes the given values of the selected sites.
type SetRequest struct {
	Filter xmlapi.Filter `xml:"filter"`
	Values SetValues     `xml:"values"`
}

// SetValues holds what Set changes; named properties change, the others stay.
type SetValues struct {
	GenSetup    *SetGenSetup         `xml:"gen_setup"`
	Preferences *hosting.Preferences `xml:"prefs"`
	Hosting     *Hosting             `xml:"hosting"` // another kind replaces the hosting, None deletes it with its files
	DiskUsage   *SetDiskUsage        `xml:"disk_usage"`
	Performance *hosting.Performance `xml:"performance"`
}

// SetGenSetup holds the values to change; nil ones stay. A site cannot move to another subscription.
type SetGenSetup struct {
	Status        *int          `xml:"status"`
	Name          *string       `xml:"name"` // renames the site, and the subdomains below it
	GUID          *xmlapi.Empty `xml:"guid"` // assigns a new GUID
	Description   *string       `xml:"description"`
	TurnOffAction *string       `xml:"turn-off-action"` // with a status that is not active
}

// SetDiskUsage asks for usage to be counted again.
type SetDiskUsage struct {
	Mailboxes *xmlapi.Empty `xml:"mailboxes"`
	MailLists *xmlapi.Empty `xml:"maillists"`
}

// GetTrafficRequest reads the traffic of days.
type GetTrafficRequest struct {
	Filter xmlapi.Query `xml:"filter"`
	hosting.Days
}
