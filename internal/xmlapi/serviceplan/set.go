// Changing plans, what they offer, and their descriptors.

package serviceplan

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// SetRequest changes the given values of the selected plans and of all subscriptions to them that are not locked.
type SetRequest struct {
	Filter xmlapi.Filter `xml:"filter"`
	Owner
	Mail              *hosting.PlanMail    `xml:"mail"`
	Limits            *hosting.Limits      `xml:"limits"`
	LogRotation       *LogRotation         `xml:"log-rotation"`
	Preferences       *Preferences         `xml:"preferences"`
	Hosting           *hosting.PlanHosting `xml:"hosting"`
	Performance       *hosting.Performance `xml:"performance"`
	Permissions       *hosting.Permissions `xml:"permissions"`
	ExternalID        *string              `xml:"external-id"`
	Name              *string              `xml:"name"` // renames the plan
	PHPSettings       *hosting.PHPSettings `xml:"php-settings"`
	WebServerSettings *WebServerSettings   `xml:"web-server-settings"`
}

// FilterRequest is the request of operations that write and take nothing but a filter.
type FilterRequest struct {
	Filter xmlapi.Filter `xml:"filter"`
	Owner
}

// Echo names the plan by the value that the filter held.
type Echo struct {
	ID         int64  `xml:"id,omitempty" choice:"echo"`
	Name       string `xml:"name,omitempty" choice:"echo"`
	GUID       string `xml:"guid,omitempty" choice:"echo"`
	ExternalID string `xml:"external-id,omitempty" choice:"echo"`
}

// Result is the outcome for one plan; Problems says what could not be applied to its subscriptions.
type Result struct {
	xmlapi.Result
	Echo
	Problems *string `xml:"problems"`
}

// FilterResult is the outcome for one plan of the operations that do name the filter's value.
type FilterResult struct {
	xmlapi.FilterResult
	Problems *string `xml:"problems"`
}

// DuplicateRequest copies the selected plan under another name.
type DuplicateRequest struct {
	Filter xmlapi.Filter `xml:"filter"`
	Owner
	DuplicateName string `xml:"duplicate-name"`
}

// DescriptorResult holds the descriptor of one plan.
type DescriptorResult struct {
	xmlapi.Result
	Echo
	Descriptor *hosting.Descriptor `xml:"descriptor"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r DescriptorResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && r.Descriptor == nil && r.Echo == Echo{}
}

// PackageRequest adds applications to the selected plans, or removes them.
type PackageRequest struct {
	Filter xmlapi.Filter `xml:"filter"`
	Owner
	Packages []hosting.PackageInput `xml:"package" choice:"packages,required"`
}

// PlanItemRequest adds an additional service to the selected plans, or removes it.
type PlanItemRequest struct {
	Filter xmlapi.Filter `xml:"filter"`
	Owner
	PlanItem hosting.PlanItem `xml:"plan-item"`
}

// PlanItemResult is the outcome for one plan.
type PlanItemResult struct {
	xmlapi.Result
	Echo
	Item *string `xml:"item"`
}

// DBServersRequest offers database servers with the selected plans, or withdraws them.
type DBServersRequest struct {
	Filter  xmlapi.Filter               `xml:"filter"`
	Servers []hosting.DatabaseServerRef `xml:"db-server" choice:"servers,required"`
}

// DBServersListResult holds the database servers that one plan offers.
type DBServersListResult struct {
	xmlapi.FilterResult
	Servers []hosting.DatabaseServer `xml:"db-server"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r DBServersListResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && len(r.Servers) == 0 && r.ID == 0
}
