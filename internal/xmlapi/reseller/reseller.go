// Package reseller holds the operations of the `reseller` operator: accounts that own customers, plans and a pool of addresses.
// Callers: administrator; a reseller for themselves. Source: operators-accounts-server §8.
package reseller

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// The operations. Del removes resellers with their customers, subscriptions and plans.
var (
	Add = xmlapi.Write[AddRequest, AddResult]("reseller", "add")
	Get = xmlapi.Read[GetRequest, GetResult]("reseller", "get")
	Set = xmlapi.Write[SetRequest, xmlapi.FilterResult]("reseller", "set")
	Del = xmlapi.Write[xmlapi.FilterRequest, xmlapi.FilterResult]("reseller", "del")

	IPPoolAdd = xmlapi.Write[IPPoolAddRequest, IPPoolResult]("reseller", "ippool-add-ip")
	IPPoolSet = xmlapi.Write[IPPoolSetRequest, IPPoolResult]("reseller", "ippool-set-ip")
	IPPoolDel = xmlapi.Write[IPPoolDelRequest, IPPoolResult]("reseller", "ippool-del-ip")

	ConvertToCustomer  = xmlapi.Write[ConvertRequest, xmlapi.FilterResult]("reseller", "convert-to-customer")
	SwitchSubscription = xmlapi.Write[webspace.SwitchSubscriptionRequest, webspace.SubscriptionResult]("reseller", "switch-subscription")
	SyncSubscription   = xmlapi.Write[xmlapi.FilterRequest, webspace.SubscriptionResult]("reseller", "sync-subscription")

	GetLimitDescriptor      = xmlapi.Read[xmlapi.QueryRequest, hosting.DescriptorResult]("reseller", "get-limit-descriptor")
	GetPermissionDescriptor = xmlapi.Read[xmlapi.QueryRequest, hosting.DescriptorResult]("reseller", "get-permission-descriptor")
	GetDomainList           = xmlapi.Read[xmlapi.QueryRequest, GetDomainListResult]("reseller", "get-domain-list")
	ButtonsList             = xmlapi.Read[xmlapi.QueryRequest, hosting.ButtonsListResult]("reseller", "cform-buttons-list")

	AddPackage       = xmlapi.Write[webspace.PackageRequest, xmlapi.FilterResult]("reseller", "add-package")
	RemovePackage    = xmlapi.Write[webspace.PackageRequest, xmlapi.FilterResult]("reseller", "remove-package")
	EnableAPSFilter  = xmlapi.Write[xmlapi.FilterRequest, xmlapi.FilterResult]("reseller", "enable-aps-filter")
	DisableAPSFilter = xmlapi.Write[xmlapi.FilterRequest, xmlapi.FilterResult]("reseller", "disable-aps-filter")
)

// ByID selects resellers by id.
func ByID(first int64, more ...int64) xmlapi.Filter { return xmlapi.ByNumber("id", first, more...) }

// ByLogin selects resellers by login.
func ByLogin(first string, more ...string) xmlapi.Filter { return xmlapi.By("login", first, more...) }

// ByGUID selects resellers by GUID.
func ByGUID(first string, more ...string) xmlapi.Filter { return xmlapi.By("guid", first, more...) }

// ByExternalID selects resellers by the integrator's id.
func ByExternalID(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("external-id", first, more...)
}

// AddRequest creates one reseller. Limits and Permissions override those of the plan, and lock the reseller against its changes.
type AddRequest struct {
	GenInfo        NewGenInfo                   `xml:"gen-info"`
	Limits         *hosting.ResellerLimits      `xml:"limits"`
	Permissions    *hosting.ResellerPermissions `xml:"permissions"`
	PlanID         *int64                       `xml:"plan-id" choice:"plan"`
	PlanName       *string                      `xml:"plan-name" choice:"plan"`
	PlanGUID       *string                      `xml:"plan-guid" choice:"plan"`
	PlanExternalID *string                      `xml:"plan-external-id" choice:"plan"`
}

// NewGenInfo describes a new reseller. ContactName, Login and Password are required.
type NewGenInfo struct {
	CompanyName *string       `xml:"cname"`
	ContactName string        `xml:"pname"`
	Login       string        `xml:"login"`
	Password    xmlapi.Secret `xml:"passwd"`
	Status      *int          `xml:"status"` // 0 active, 16 disabled by the administrator
	customer.Contact[*string]
	Locale      *string `xml:"locale"`
	ExternalID  *string `xml:"external-id"`
	Description *string `xml:"description"`
	PowerUser   *bool   `xml:"power-user"`
}

// AddResult names the new reseller.
type AddResult struct {
	xmlapi.Result
	ID   int64  `xml:"id,omitempty" choice:"object:named"`
	GUID string `xml:"guid,omitempty" choice:"object:named"`
}

// ConvertRequest turns the selected resellers into customers of the administrator; PlanName is one of the administrator's plans, for
// their subscriptions.
type ConvertRequest struct {
	Filter   xmlapi.Filter `xml:"filter"`
	PlanName *string       `xml:"plan-name"`
}

// GetDomainListResult holds the domains of one reseller, without those of their customers.
type GetDomainListResult struct {
	xmlapi.FilterResult
	Domains *xmlapi.DomainList `xml:"domains"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetDomainListResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && r.Domains == nil && r.ID == 0
}
