// Changing subscriptions and their links to plans.

package webspace

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// SetRequest changes the given values of the selected subscriptions.
type SetRequest struct {
	Filter xmlapi.Filter `xml:"filter"`
	Values SetValues     `xml:"values"`
}

// SetValues holds what Set changes. Named limits, permissions, properties and settings change, the others stay;
// changing any of these (not GenSetup, Preferences) of a subscription that has a plan locks it against plan changes.
type SetValues struct {
	GenSetup    *SetGenSetup         `xml:"gen_setup"`
	Limits      *hosting.Limits      `xml:"limits"`
	Preferences *hosting.Preferences `xml:"prefs"`
	Hosting     *hosting.Hosting     `xml:"hosting"` // another kind replaces the hosting, None deletes it with its files
	DiskUsage   *SetDiskUsage        `xml:"disk_usage"`
	Performance *hosting.Performance `xml:"performance"`
	Permissions *hosting.Permissions `xml:"permissions"`
	PHPSettings *hosting.PHPSettings `xml:"php-settings"`
	Mail        *hosting.Mail        `xml:"mail"`
}

// SetGenSetup holds the values to change; nil ones stay. One Owner field moves the subscription to another account.
type SetGenSetup struct {
	Status              *int          `xml:"status"`
	Name                *string       `xml:"name"` // renames subscription and main site
	OwnerID             *int64        `xml:"owner-id" choice:"owner"`
	OwnerLogin          *string       `xml:"owner-login" choice:"owner"`
	OwnerGUID           *string       `xml:"owner-guid" choice:"owner"`
	OwnerExternalID     *string       `xml:"owner-external-id" choice:"owner"`
	IPAddresses         []string      `xml:"ip_address"` // for mail of a subscription without hosting only
	GUID                *xmlapi.Empty `xml:"guid"`       // assigns a new GUID
	ExternalID          *string       `xml:"external-id"`
	AdminAsVendor       *xmlapi.Empty `xml:"admin-as-vendor"`
	Description         *string       `xml:"description"`
	AdminDescription    *string       `xml:"admin-description"`
	ResellerDescription *string       `xml:"reseller-description"`
}

// SetDiskUsage asks for usage to be counted again.
type SetDiskUsage struct {
	Mailboxes *xmlapi.Empty `xml:"mailboxes"`
	MailLists *xmlapi.Empty `xml:"maillists"`
}

// SwitchSubscriptionRequest binds the selected subscriptions to another service plan, or to none.
type SwitchSubscriptionRequest struct {
	Filter         xmlapi.Filter `xml:"filter"`
	PlanGUID       *string       `xml:"plan-guid" choice:"plan,required"`
	PlanExternalID *string       `xml:"plan-external-id" choice:"plan,required"`
	NoPlan         *xmlapi.Empty `xml:"no-plan" choice:"plan,required"`
}

// AddonRequest attaches an add-on plan to the selected subscriptions, or detaches it.
type AddonRequest struct {
	Filter         xmlapi.Filter `xml:"filter"`
	PlanGUID       *string       `xml:"plan-guid" choice:"plan,required"`
	PlanExternalID *string       `xml:"plan-external-id" choice:"plan,required"`
}

// SubscriptionResult is the outcome for one subscription; Problems says what of a plan could not be applied.
type SubscriptionResult struct {
	xmlapi.FilterResult
	Problems *string `xml:"problems"`
}

// PackageRequest adds applications to the selected subscriptions, or removes them.
type PackageRequest struct {
	Filter   xmlapi.Filter          `xml:"filter"`
	Packages []hosting.PackageInput `xml:"package" choice:"packages,required"`
}

// PlanItemRequest adds an additional service to the selected subscriptions, or removes it.
type PlanItemRequest struct {
	Filter   xmlapi.Filter    `xml:"filter"`
	PlanItem hosting.PlanItem `xml:"plan-item"`
}

// PlanItemResult is the outcome for one subscription.
type PlanItemResult struct {
	xmlapi.FilterResult
	Item *string `xml:"item"`
}

// DBServersRequest offers database servers to the selected subscriptions, or withdraws them.
type DBServersRequest struct {
	Filter  xmlapi.Filter               `xml:"filter"`
	Servers []hosting.DatabaseServerRef `xml:"db-server" choice:"servers,required"`
}
