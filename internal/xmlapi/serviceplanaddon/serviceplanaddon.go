// Package serviceplanaddon holds the operations of the `service-plan-addon` operator: what a subscription gets on top of its
// service plan. Plans are attached with webspace.AddSubscription. Callers: administrator, reseller.
// Source: operators-accounts-server §10.
package serviceplanaddon

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
)

// The operations. Results name the plan by the kind of value that the filter had.
var (
	Add       = xmlapi.Write[AddRequest, serviceplan.AddResult]("service-plan-addon", "add")
	Get       = xmlapi.Read[serviceplan.GetRequest, GetResult]("service-plan-addon", "get")
	Set       = xmlapi.Write[SetRequest, Result]("service-plan-addon", "set")
	Del       = xmlapi.Write[serviceplan.FilterRequest, Result]("service-plan-addon", "del")
	Duplicate = xmlapi.Write[serviceplan.DuplicateRequest, serviceplan.AddResult]("service-plan-addon", "duplicate")

	GetLimitDescriptor           = xmlapi.Read[serviceplan.GetRequest, serviceplan.DescriptorResult]("service-plan-addon", "get-limit-descriptor")
	GetPermissionDescriptor      = xmlapi.Read[serviceplan.GetRequest, serviceplan.DescriptorResult]("service-plan-addon", "get-permission-descriptor")
	GetPhysicalHostingDescriptor = xmlapi.Read[serviceplan.GetRequest, serviceplan.DescriptorResult]("service-plan-addon", "get-physical-hosting-descriptor")

	AddPackage    = xmlapi.Write[serviceplan.PackageRequest, xmlapi.FilterResult]("service-plan-addon", "add-package")
	RemovePackage = xmlapi.Write[serviceplan.PackageRequest, xmlapi.FilterResult]("service-plan-addon", "remove-package")
)

// ByID selects add-on plans by id.
func ByID(first int64, more ...int64) xmlapi.Filter { return xmlapi.ByNumber("id", first, more...) }

// ByName selects add-on plans by name, which is unique per owner.
func ByName(first string, more ...string) xmlapi.Filter { return xmlapi.By("name", first, more...) }

// ByGUID selects add-on plans by GUID.
func ByGUID(first string, more ...string) xmlapi.Filter { return xmlapi.By("guid", first, more...) }

// ByExternalID selects add-on plans by the integrator's id.
func ByExternalID(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("external-id", first, more...)
}

// Limits are what an add-on adds to the limits of the service plan, an open list; -1 makes a limit unlimited.
type Limits struct {
	Limits []hosting.Limit `xml:"limit"`
}

// AddRequest creates one add-on plan. Only Name is required.
type AddRequest struct {
	Name string `xml:"name"`
	serviceplan.Owner
	Limits      *Limits              `xml:"limits"`
	Hosting     *hosting.Properties  `xml:"hosting"`
	Performance *hosting.Performance `xml:"performance"`
	Permissions *hosting.Permissions `xml:"permissions"`
	ExternalID  *string              `xml:"external-id"`
	PHPSettings *hosting.PHPSettings `xml:"php-settings"`
}

// GetResult is one add-on plan: what it configures, and nothing else.
type GetResult struct {
	xmlapi.Result
	ID          int64                `xml:"id,omitempty"`
	Name        string               `xml:"name,omitempty"`
	GUID        string               `xml:"guid,omitempty"`
	ExternalID  *string              `xml:"external-id"`
	OwnerID     *int64               `xml:"owner-id"`
	OwnerLogin  *string              `xml:"owner-login"`
	Limits      *Limits              `xml:"limits"`
	Hosting     *hosting.PlanHosting `xml:"hosting"`
	Performance *hosting.Performance `xml:"performance"`
	Packages    *hosting.Packages    `xml:"packages"`
	Permissions *hosting.Permissions `xml:"permissions"`
	PHPSettings *hosting.PHPSettings `xml:"php-settings"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && r.ID == 0 && r.Name == "" && r.GUID == ""
}

// SetRequest changes the given values of the selected add-ons and of all subscriptions that have them and are not locked. Unlike in
// service plans, Hosting holds the properties directly.
type SetRequest struct {
	Filter xmlapi.Filter `xml:"filter"`
	serviceplan.Owner
	Limits      *Limits              `xml:"limits"`
	Hosting     *hosting.Properties  `xml:"hosting"`
	Performance *hosting.Performance `xml:"performance"`
	Permissions *hosting.Permissions `xml:"permissions"`
	ExternalID  *string              `xml:"external-id"`
	Name        *string              `xml:"name"` // renames the add-on
	PHPSettings *hosting.PHPSettings `xml:"php-settings"`
}

// Result is the outcome for one add-on plan.
type Result struct {
	xmlapi.Result
	serviceplan.Echo
}
