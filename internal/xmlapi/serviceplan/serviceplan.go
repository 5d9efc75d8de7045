// Package serviceplan holds the operations of the `service-plan` operator: what a subscription gets.
// Callers: administrator, reseller. Source: operators-accounts-server §9.
package serviceplan

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// The operations. Results name the plan by the kind of value that the filter had.
var (
	Add       = xmlapi.Write[AddRequest, AddResult]("service-plan", "add")
	Get       = xmlapi.Read[GetRequest, GetResult]("service-plan", "get")
	Set       = xmlapi.Write[SetRequest, Result]("service-plan", "set")
	Del       = xmlapi.Write[FilterRequest, Result]("service-plan", "del")
	Duplicate = xmlapi.Write[DuplicateRequest, AddResult]("service-plan", "duplicate")

	GetLimitDescriptor           = xmlapi.Read[GetRequest, DescriptorResult]("service-plan", "get-limit-descriptor")
	GetPermissionDescriptor      = xmlapi.Read[GetRequest, DescriptorResult]("service-plan", "get-permission-descriptor")
	GetPhysicalHostingDescriptor = xmlapi.Read[GetRequest, DescriptorResult]("service-plan", "get-physical-hosting-descriptor")

	AddPackage       = xmlapi.Write[PackageRequest, FilterResult]("service-plan", "add-package")
	RemovePackage    = xmlapi.Write[PackageRequest, FilterResult]("service-plan", "remove-package")
	EnableAPSFilter  = xmlapi.Write[FilterRequest, FilterResult]("service-plan", "enable-aps-filter")
	DisableAPSFilter = xmlapi.Write[FilterRequest, FilterResult]("service-plan", "disable-aps-filter")
	AddPlanItem      = xmlapi.Write[PlanItemRequest, PlanItemResult]("service-plan", "add-plan-item")
	RemovePlanItem   = xmlapi.Write[PlanItemRequest, PlanItemResult]("service-plan", "remove-plan-item")

	DBServersAdd    = xmlapi.Write[DBServersRequest, xmlapi.FilterResult]("service-plan", "db-servers/add")
	DBServersRemove = xmlapi.Write[DBServersRequest, xmlapi.FilterResult]("service-plan", "db-servers/remove")
	DBServersList   = xmlapi.Read[xmlapi.QueryRequest, DBServersListResult]("service-plan", "db-servers/list")
)

// ByID selects plans by id.
func ByID(first int64, more ...int64) xmlapi.Filter { return xmlapi.ByNumber("id", first, more...) }

// ByName selects plans by name, which is unique per owner.
func ByName(first string, more ...string) xmlapi.Filter { return xmlapi.By("name", first, more...) }

// ByGUID selects plans by GUID.
func ByGUID(first string, more ...string) xmlapi.Filter { return xmlapi.By("guid", first, more...) }

// ByExternalID selects plans by the integrator's id.
func ByExternalID(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("external-id", first, more...)
}

// Owner says whose plans the operation looks through; without it, in the caller's own.
type Owner struct {
	OwnerID    *int64  `xml:"owner-id" choice:"owner"`
	OwnerLogin *string `xml:"owner-login" choice:"owner"`
}

// OwnerQuery is Owner for operations that only read: these can look through everybody's.
type OwnerQuery struct {
	OwnerID    *int64        `xml:"owner-id" choice:"owner"`
	OwnerLogin *string       `xml:"owner-login" choice:"owner"`
	OwnerAll   *xmlapi.Empty `xml:"owner-all" choice:"owner"`
}

// AddRequest creates one plan. Only Name is required. Unlike everywhere else, Hosting holds the properties directly.
type AddRequest struct {
	Name string `xml:"name"`
	Owner
	Mail              *hosting.PlanMail    `xml:"mail"`
	Limits            *hosting.Limits      `xml:"limits"`
	LogRotation       *LogRotation         `xml:"log-rotation"`
	Preferences       *Preferences         `xml:"preferences"`
	Hosting           *hosting.Properties  `xml:"hosting"`
	HostingType       *string              `xml:"hosting-type"` // vrt_hst or none
	Performance       *hosting.Performance `xml:"performance"`
	Permissions       *hosting.Permissions `xml:"permissions"`
	ExternalID        *string              `xml:"external-id"`
	PHPSettings       *hosting.PHPSettings `xml:"php-settings"`
	WebServerSettings *WebServerSettings   `xml:"web-server-settings"`
}

// AddResult names the new plan.
type AddResult struct {
	xmlapi.Result
	ID   int64  `xml:"id,omitempty" choice:"object:named"`
	GUID string `xml:"guid,omitempty" choice:"object:named"`
}

// LogRotation of the subscriptions' logs: exactly one of the two.
type LogRotation struct {
	On  *hosting.LogRotation `xml:"on" choice:"rotation,required"`
	Off *xmlapi.Empty        `xml:"off" choice:"rotation,required"`
}

// Preferences of the subscriptions of a plan.
type Preferences struct {
	StatisticsMonths *int    `xml:"stat"`
	MailLists        *bool   `xml:"maillists"`
	MailService      *bool   `xml:"mailservice"`
	DNSZoneType      *string `xml:"dns_zone_type"` // master or slave
}

// WebServerSettings are additional directives and switches.
type WebServerSettings struct {
	Additional             *string `xml:"additional"`
	AdditionalSSL          *string `xml:"additional-ssl"`
	AdditionalNginx        *string `xml:"additional-nginx"`
	RestrictFollowSymLinks *string `xml:"restrict-follow-sym-links"`
	NginxProxyMode         *string `xml:"nginx-proxy-mode"`
}

// GetRequest reads the selected plans, or their descriptors, whole.
type GetRequest struct {
	Filter xmlapi.Query `xml:"filter"`
	OwnerQuery
}

// GetResult is one plan.
type GetResult struct {
	xmlapi.Result
	ID                int64                `xml:"id,omitempty"`
	Name              string               `xml:"name,omitempty"`
	GUID              string               `xml:"guid,omitempty"`
	ExternalID        *string              `xml:"external-id"`
	OwnerID           *int64               `xml:"owner-id"`
	OwnerLogin        *string              `xml:"owner-login"`
	Mail              *hosting.PlanMail    `xml:"mail"`
	Limits            *hosting.Limits      `xml:"limits"`
	LogRotation       *LogRotation         `xml:"log-rotation"`
	Preferences       *Preferences         `xml:"preferences"`
	Hosting           *hosting.PlanHosting `xml:"hosting"`
	Performance       *hosting.Performance `xml:"performance"`
	Permissions       *hosting.Permissions `xml:"permissions"`
	PlanItems         *hosting.PlanItems   `xml:"plan-items"`
	APSFilter         *bool                `xml:"aps-filter"`
	Packages          *hosting.Packages    `xml:"packages"`
	PHPSettings       *hosting.PHPSettings `xml:"php-settings"`
	WebServerSettings *WebServerSettings   `xml:"web-server-settings"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && r.ID == 0 && r.Name == "" && r.GUID == ""
}
