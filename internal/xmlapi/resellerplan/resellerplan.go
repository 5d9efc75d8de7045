// Package resellerplan holds the operations of the `reseller-plan` operator: what a reseller gets.
// Callers: administrator. Source: operators-accounts-server §11.
package resellerplan

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// The operations. The descriptors tell what the server offers to resellers; there is nothing to select.
var (
	Add       = xmlapi.Write[AddRequest, Result]("reseller-plan", "add")
	Get       = xmlapi.Read[GetRequest, GetResult]("reseller-plan", "get")
	Set       = xmlapi.Write[SetRequest, Result]("reseller-plan", "set")
	Del       = xmlapi.Write[xmlapi.FilterRequest, Result]("reseller-plan", "del")
	Duplicate = xmlapi.Write[DuplicateRequest, Result]("reseller-plan", "duplicate")

	GetLimitDescriptor      = xmlapi.Read[xmlapi.EmptyRequest, hosting.DescriptorResult]("reseller-plan", "get-limit-descriptor")
	GetPermissionDescriptor = xmlapi.Read[xmlapi.EmptyRequest, hosting.DescriptorResult]("reseller-plan", "get-permission-descriptor")

	AddPackage       = xmlapi.Write[PackageRequest, xmlapi.FilterResult]("reseller-plan", "add-package")
	RemovePackage    = xmlapi.Write[PackageRequest, xmlapi.FilterResult]("reseller-plan", "remove-package")
	EnableAPSFilter  = xmlapi.Write[xmlapi.FilterRequest, xmlapi.FilterResult]("reseller-plan", "enable-aps-filter")
	DisableAPSFilter = xmlapi.Write[xmlapi.FilterRequest, xmlapi.FilterResult]("reseller-plan", "disable-aps-filter")
)

// ByID selects plans by id.
func ByID(first int64, more ...int64) xmlapi.Filter { return xmlapi.ByNumber("id", first, more...) }

// ByName selects plans by name, which is unique.
func ByName(first string, more ...string) xmlapi.Filter { return xmlapi.By("name", first, more...) }

// ByGUID selects plans by GUID.
func ByGUID(first string, more ...string) xmlapi.Filter { return xmlapi.By("guid", first, more...) }

// ByExternalID selects plans by the integrator's id.
func ByExternalID(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("external-id", first, more...)
}

// All selects every plan. The operator refuses the empty filter that means this elsewhere.
func All() xmlapi.Query { return xmlapi.Everything() }

// AddRequest creates one plan. Only Name is required.
type AddRequest struct {
	Name        string                       `xml:"name"`
	Limits      *hosting.ResellerLimits      `xml:"limits"`
	Permissions *hosting.ResellerPermissions `xml:"permissions"`
	IPPool      *IPPool                      `xml:"ip-pool"`
	ExternalID  *string                      `xml:"external-id"`
}

// IPPool is what a plan puts into its resellers' pools: shared addresses, and numbers of exclusive ones.
type IPPool struct {
	Addresses    []string `xml:"ip-address"`
	AllocateIPv4 *int     `xml:"allocate-ip"`
	AllocateIPv6 *int     `xml:"allocate-ipv6"`
}

// Result names the plan by what the request said of it; Add and Duplicate name the new plan. Problems says what could not be
// applied to resellers.
type Result struct {
	xmlapi.Result
	ID         int64   `xml:"id,omitempty"`
	Name       string  `xml:"name,omitempty"`
	GUID       string  `xml:"guid,omitempty"`
	ExternalID *string `xml:"external-id"`
	Problems   *string `xml:"problems"`
}

// GetRequest reads the selected plans. Their names and ids are always answered, the rest if it is asked for.
type GetRequest struct {
	Filter      xmlapi.Query  `xml:"filter"` // All, not xmlapi.All, for every plan
	Limits      *xmlapi.Empty `xml:"limits"`
	Permissions *xmlapi.Empty `xml:"permissions"`
	IPPool      *xmlapi.Empty `xml:"ip-pool"`
	Packages    *xmlapi.Empty `xml:"packages"` // with the filter of applications
}

// GetResult is one plan.
type GetResult struct {
	Result
	Limits      *hosting.ResellerLimits      `xml:"limits"`
	Permissions *hosting.ResellerPermissions `xml:"permissions"`
	IPPool      *IPPool                      `xml:"ip-pool"`
	APSFilter   *bool                        `xml:"aps-filter"`
	Packages    *hosting.Packages            `xml:"packages"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && r.ID == 0 && r.Name == "" && r.GUID == ""
}

// SetRequest changes the given values of the selected plans and of all their resellers who are not locked.
type SetRequest struct {
	Filter      xmlapi.Filter                `xml:"filter"`
	Limits      *hosting.ResellerLimits      `xml:"limits"`
	Permissions *hosting.ResellerPermissions `xml:"permissions"`
	IPPool      *IPPool                      `xml:"ip-pool"`
	ExternalID  *string                      `xml:"external-id"`
	Name        *string                      `xml:"name"` // renames the plan
}

// DuplicateRequest copies the plan of one name under another.
type DuplicateRequest struct {
	Name          string `xml:"name"`
	DuplicateName string `xml:"duplicate-name"`
}

// PackageRequest adds applications to the selected plans, or removes them.
type PackageRequest struct {
	Filter   xmlapi.Filter          `xml:"filter"`
	Packages []hosting.PackageInput `xml:"package" choice:"packages,required"`
}
