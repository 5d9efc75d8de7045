// Package aps holds the operations of the `aps` operator: the server's repository of application packages, and their
// installation. There is no way to list or remove what was installed. Callers: administrator. Source: operators-services §16.
package aps

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// The operations.
var (
	DownloadPackage   = xmlapi.Write[DownloadPackageRequest, DownloadPackageResult]("aps", "download-package")
	GetDownloadStatus = xmlapi.Read[xmlapi.QueryRequest, DownloadStatusResult]("aps", "get-download-status")
	ImportPackage     = xmlapi.Write[ImportRequest, ImportPackageResult]("aps", "import-package")

	GetPackagesList       = xmlapi.Read[GetPackagesListRequest, PackagesListResult]("aps", "get-packages-list")
	GetPackagesByReseller = xmlapi.Read[GetPackagesByResellerRequest, PackagesResult]("aps", "get-packages-list-by-reseller")
	GetPackagesByWebspace = xmlapi.Read[GetPackagesByWebspaceRequest, PackagesResult]("aps", "get-packages-list-by-webspace")
	SetPackageProperties  = xmlapi.Write[SetPackagePropertiesRequest, xmlapi.FilterResult]("aps", "set-package-properties")

	Install      = xmlapi.Write[InstallRequest, xmlapi.Result]("aps", "install")
	ImportConfig = xmlapi.Write[ImportRequest, xmlapi.Result]("aps", "import-config")
)

// ByTaskID selects downloads.
func ByTaskID(first int64, more ...int64) xmlapi.Filter {
	return xmlapi.ByNumber("task-id", first, more...)
}

// ByPackageID selects packages.
func ByPackageID(first int64, more ...int64) xmlapi.Filter {
	return xmlapi.ByNumber("package-id", first, more...)
}

// Identity names a package. In requests only the name is required; the rest narrows the choice.
type Identity struct {
	Name                 string  `xml:"name"`
	Version              *string `xml:"version"`
	Release              *string `xml:"release"`
	Vendor               *string `xml:"vendor"`
	Packager             *string `xml:"packager"`
	Uploaded             *string `xml:"is_uploaded"`
	Visible              *string `xml:"is_visible"`
	Description          *string `xml:"description"`
	GlobalSettingsNotSet *string `xml:"global_settings_not_set"`
}

// DownloadPackageRequest starts to download a package from a catalogue.
type DownloadPackageRequest struct {
	Package    Identity `xml:"package"`
	CatalogURL *string  `xml:"aps-catalog-url"` // the vendor's when absent
}

// DownloadPackageResult names the task, which GetDownloadStatus follows.
type DownloadPackageResult struct {
	xmlapi.Result
	TaskID int64 `xml:"task-id,omitempty"`
}

// DownloadStatusResult is one download.
type DownloadStatusResult struct {
	xmlapi.FilterResult
	Task *DownloadTask `xml:"task"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r DownloadStatusResult) Empty() bool { return r.Status == xmlapi.StatusOK && r.Task == nil }

// DownloadTask is either finished or in progress.
type DownloadTask struct {
	ID         int64             `xml:"id"`
	Finished   *DownloadOutcome  `xml:"finished" choice:"state,required"`
	InProgress *DownloadProgress `xml:"in-progress" choice:"state,required"`
}

// DownloadOutcome is how a download ended.
type DownloadOutcome struct {
	Error     *string `xml:"error" choice:"outcome,required"`
	PackageID *int64  `xml:"package-id" choice:"outcome,required"`
}

// DownloadProgress is how far a download is.
type DownloadProgress struct {
	Total     int64   `xml:"total"`
	Completed int64   `xml:"completed"`
	Current   *string `xml:"current"`
}

// ImportRequest names a file on the server.
type ImportRequest struct {
	FileName string `xml:"filename"`
}

// ImportPackageResult names the package.
type ImportPackageResult struct {
	xmlapi.Result
	PackageID int64 `xml:"package-id,omitempty"`
}

// GetPackagesListRequest asks for packages of the server.
type GetPackagesListRequest struct {
	Filter *xmlapi.Query `xml:"filter" choice:"packages,required"`
	All    *xmlapi.Empty `xml:"all" choice:"packages,required"`
}

// PackagesListResult holds packages.
type PackagesListResult struct {
	xmlapi.FilterResult
	Packages []Package `xml:"package"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r PackagesListResult) Empty() bool { return r.Status == xmlapi.StatusOK && len(r.Packages) == 0 }

// Package is a package of the server.
type Package struct {
	Identity
	ID *int64 `xml:"id"`
}

// GetPackagesByResellerRequest asks for the packages that a reseller may offer.
type GetPackagesByResellerRequest struct {
	ResellerID int64 `xml:"reseller-id"`
}

// GetPackagesByWebspaceRequest asks for the packages that a subscription may install.
type GetPackagesByWebspaceRequest struct {
	WebspaceID int64 `xml:"webspace-id"`
}

// PackagesResult holds packages without their ids.
type PackagesResult struct {
	xmlapi.Result
	Packages []Identity `xml:"package"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r PackagesResult) Empty() bool { return r.Status == xmlapi.StatusOK && len(r.Packages) == 0 }

// SetPackagePropertiesRequest changes the selected packages.
type SetPackagePropertiesRequest struct {
	Filter     xmlapi.Filter     `xml:"filter"`
	Properties PackageProperties `xml:"properties"`
}

// PackageProperties are what can be changed of a package.
type PackageProperties struct {
	Visible bool `xml:"visible"` // users may install it
}

// InstallRequest installs a package on a site.
type InstallRequest struct {
	DomainID      *int64    `xml:"domain-id" choice:"target,required"`
	DomainName    *string   `xml:"domain-name" choice:"target,required"`
	SubdomainID   *int64    `xml:"subdomain-id" choice:"target,required"`
	SubdomainName *string   `xml:"subdomain-name" choice:"target,required"`
	PackageID     *int64    `xml:"package-id" choice:"package,required"`
	Package       *Identity `xml:"package" choice:"package,required"`
	SSL           *bool     `xml:"ssl"`
	URLPrefix     *string   `xml:"url-prefix"` // 1 to 255 characters
	Database      *Database `xml:"database"`
	Settings      *Settings `xml:"settings"`
}

// Database describes the database to create for the application.
type Database struct {
	Name     string        `xml:"name"`
	Login    string        `xml:"login"`
	Password xmlapi.Secret `xml:"password"`
	Prefix   *string       `xml:"prefix"` // of the names of its tables
	Server   *string       `xml:"server"`
}

// Settings are the values that the package asks for.
type Settings struct {
	Settings []Setting `xml:"setting" choice:"settings,required"`
}

// Setting is one of them. Packages ask for passwords this way too, so the values print as Secret does.
type Setting struct {
	Name   string          `xml:"name"`
	Values []xmlapi.Secret `xml:"value" choice:"values,required"`
}
