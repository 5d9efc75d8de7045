// Package webspace holds the operations of the `webspace` operator: subscriptions.
// Callers: administrator, reseller, customer. Source: operators-accounts-server §3.
package webspace

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// The operations. Del removes subscriptions with everything in them.
var (
	Add = xmlapi.Write[AddRequest, AddResult]("webspace", "add")
	Get = xmlapi.Read[GetRequest, GetResult]("webspace", "get")
	Set = xmlapi.Write[SetRequest, xmlapi.FilterResult]("webspace", "set")
	Del = xmlapi.Write[xmlapi.FilterRequest, xmlapi.FilterResult]("webspace", "del")

	ButtonsList = xmlapi.Read[xmlapi.QueryRequest, hosting.ButtonsListResult]("webspace", "cform_buttons_list")
	GetTraffic  = xmlapi.Read[GetTrafficRequest, hosting.GetTrafficResult]("webspace", "get_traffic")
	SetTraffic  = xmlapi.Write[hosting.SetTrafficRequest, hosting.SetTrafficResult]("webspace", "set_traffic")
	GetChanged  = xmlapi.Read[GetChangedRequest, GetChangedResult]("webspace", "get-changed")

	GetLimitDescriptor           = xmlapi.Read[xmlapi.QueryRequest, hosting.DescriptorResult]("webspace", "get-limit-descriptor")
	GetPermissionDescriptor      = xmlapi.Read[xmlapi.QueryRequest, hosting.DescriptorResult]("webspace", "get-permission-descriptor")
	GetPhysicalHostingDescriptor = xmlapi.Read[xmlapi.QueryRequest, hosting.DescriptorResult]("webspace", "get-physical-hosting-descriptor")

	SwitchSubscription = xmlapi.Write[SwitchSubscriptionRequest, SubscriptionResult]("webspace", "switch-subscription")
	SyncSubscription   = xmlapi.Write[xmlapi.FilterRequest, SubscriptionResult]("webspace", "sync-subscription")
	AddSubscription    = xmlapi.Write[AddonRequest, SubscriptionResult]("webspace", "add-subscription")
	RemoveSubscription = xmlapi.Write[AddonRequest, SubscriptionResult]("webspace", "remove-subscription")

	AddPackage       = xmlapi.Write[PackageRequest, xmlapi.FilterResult]("webspace", "add-package")
	RemovePackage    = xmlapi.Write[PackageRequest, xmlapi.FilterResult]("webspace", "remove-package")
	AddPlanItem      = xmlapi.Write[PlanItemRequest, PlanItemResult]("webspace", "add-plan-item")
	RemovePlanItem   = xmlapi.Write[PlanItemRequest, PlanItemResult]("webspace", "remove-plan-item")
	EnableAPSFilter  = xmlapi.Write[xmlapi.FilterRequest, xmlapi.FilterResult]("webspace", "enable-aps-filter")
	DisableAPSFilter = xmlapi.Write[xmlapi.FilterRequest, xmlapi.FilterResult]("webspace", "disable-aps-filter")

	DBServersAdd    = xmlapi.Write[DBServersRequest, xmlapi.FilterResult]("webspace", "db-servers/add")
	DBServersRemove = xmlapi.Write[DBServersRequest, xmlapi.FilterResult]("webspace", "db-servers/remove")
	DBServersList   = xmlapi.Read[xmlapi.QueryRequest, DBServersListResult]("webspace", "db-servers/list")
)

// ByID selects subscriptions by id.
func ByID(first int64, more ...int64) xmlapi.Filter { return xmlapi.ByNumber("id", first, more...) }

// ByName selects subscriptions by the name of their main domain.
func ByName(first string, more ...string) xmlapi.Filter { return xmlapi.By("name", first, more...) }

// ByGUID selects subscriptions by GUID.
func ByGUID(first string, more ...string) xmlapi.Filter { return xmlapi.By("guid", first, more...) }

// ByExternalID selects subscriptions by the integrator's id.
func ByExternalID(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("external-id", first, more...)
}

// ByOwnerID selects the subscriptions of the given accounts. Customers may not use it.
func ByOwnerID(first int64, more ...int64) xmlapi.Filter {
	return xmlapi.ByNumber("owner-id", first, more...)
}

// ByOwnerLogin selects the subscriptions of the given accounts. Customers may not use it.
func ByOwnerLogin(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("owner-login", first, more...)
}

// ByOwnerGUID selects the subscriptions of the given accounts. Customers may not use it.
func ByOwnerGUID(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("owner-guid", first, more...)
}

// ByOwnerExternalID selects the subscriptions of the given accounts. Customers may not use it.
func ByOwnerExternalID(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("owner-external-id", first, more...)
}

// AddRequest creates one subscription with its main site.
type AddRequest struct {
	GenSetup       NewGenSetup          `xml:"gen_setup"`
	Hosting        *hosting.Hosting     `xml:"hosting"`
	Limits         *hosting.Limits      `xml:"limits"`
	Preferences    *hosting.Preferences `xml:"prefs"`
	Performance    *hosting.Performance `xml:"performance"`
	Permissions    *hosting.Permissions `xml:"permissions"`
	PHPSettings    *hosting.PHPSettings `xml:"php-settings"`
	PlanID         *int64               `xml:"plan-id" choice:"plan"`
	PlanName       *string              `xml:"plan-name" choice:"plan"`
	PlanGUID       *string              `xml:"plan-guid" choice:"plan"`
	PlanExternalID *string              `xml:"plan-external-id" choice:"plan"`
	Mail           *hosting.Mail        `xml:"mail"`
}

// NewGenSetup describes a new subscription. Name is required; the owner is the caller unless one of the Owner fields
// says otherwise. The grammar allows no more than ten elements, which is every field once and two addresses.
type NewGenSetup struct {
	Name                string   `xml:"name"`
	OwnerID             *int64   `xml:"owner-id" choice:"owner"`
	OwnerLogin          *string  `xml:"owner-login" choice:"owner"`
	OwnerGUID           *string  `xml:"owner-guid" choice:"owner"`
	OwnerExternalID     *string  `xml:"owner-external-id" choice:"owner"`
	HostingType         *string  `xml:"htype"`      // vrt_hst, std_fwd, frm_fwd or none
	IPAddresses         []string `xml:"ip_address"` // one IPv4, one IPv6 or one of each
	Status              *string  `xml:"status"`     // a number, operators-accounts-server §1.1; the grammar takes any text
	ExternalID          *string  `xml:"external-id"`
	Description         *string  `xml:"description"`
	AdminDescription    *string  `xml:"admin-description"`
	ResellerDescription *string  `xml:"reseller-description"`
}

// AddResult names the new subscription.
type AddResult struct {
	xmlapi.Result
	ID   int64  `xml:"id,omitempty"`
	GUID string `xml:"guid,omitempty"`
}
