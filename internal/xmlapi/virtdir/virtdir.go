// Package virtdir holds the operations of the `virtdir` operator: virtual directories of IIS, on Windows only.
// Callers: administrator. Source: operators-services §10.
package virtdir

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// The operations.
var (
	Create = xmlapi.Write[PropertiesRequest, xmlapi.Result]("virtdir", "create")
	Get    = xmlapi.Read[NameRequest, GetResult]("virtdir", "get")
	Update = xmlapi.Write[PropertiesRequest, xmlapi.Result]("virtdir", "update")
	Remove = xmlapi.Write[NameRequest, xmlapi.Result]("virtdir", "remove")
)

// The values of execute-perm.
const (
	ExecuteNothing = "none"
	ExecuteScripts = "script"
	ExecuteAll     = "script_execute"
)

// PropertiesRequest creates one virtual directory, or changes the given properties of one.
type PropertiesRequest struct {
	SiteID      *int64     `xml:"site-id" choice:"owner,required"`
	SubdomainID *int64     `xml:"subdomain-id" choice:"owner,required"`
	Name        string     `xml:"name"` // a path of / 0-9 A-Z a-z _ -
	Properties  Properties `xml:"properties"`
}

// NameRequest is about one virtual directory.
type NameRequest struct {
	SiteID      *int64 `xml:"site-id" choice:"owner,required"`
	SubdomainID *int64 `xml:"subdomain-id" choice:"owner,required"`
	Name        string `xml:"name"`
}

// GetResult is one virtual directory.
type GetResult struct {
	xmlapi.FilterResult
	Properties *Properties `xml:"properties"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetResult) Empty() bool { return r.Status == xmlapi.StatusOK && r.Properties == nil }

// Properties of a virtual directory; nil ones stay, or take the server's defaults.
type Properties struct {
	RealPath      *string      `xml:"real-path"` // default: the name
	AccessSource  *bool        `xml:"access-source"`
	AccessRead    *bool        `xml:"access-read"`
	AccessWrite   *bool        `xml:"access-write"`
	DirBrowsing   *bool        `xml:"dir-browsing"`
	LogVisits     *bool        `xml:"log-visits"`
	Application   *Application `xml:"application"`
	ExecutePerm   *string      `xml:"execute-perm"` // ExecuteNothing, ExecuteScripts or ExecuteAll
	DefaultDoc    *DefaultDoc  `xml:"default-doc"`
	Anonymous     *bool        `xml:"access-anonymous"`
	WindowsAccess *bool        `xml:"access-windows"`
	RequireSSL    *bool        `xml:"require-ssl"`

	ASPBufferingLimit   *int64 `xml:"asp-buffering-limit"`            // bytes
	ASPMaxRequestEntity *int64 `xml:"asp-max-request-entity-allowed"` // bytes
	ASPServerDebug      *bool  `xml:"asp-enabled-server-debug"`
	ASPClientDebug      *bool  `xml:"asp-enabled-client-debug"`

	IPAllow   []string `xml:"ip-allow"`
	IPDeny    []string `xml:"ip-deny"`
	MIMETypes []string `xml:"mime-type"`

	DenyByConcurrentRequests *bool  `xml:"is-deny-by-concurrent-requests"`
	MaxConcurrentRequests    *int64 `xml:"max-concurrent-requests"`
	DenyByRequestRate        *bool  `xml:"is-deny-by-request-rate"`
	MaxRequests              *int64 `xml:"max-requests"`
	RequestInterval          *int64 `xml:"request-interval"` // milliseconds
}

// Application says whether a directory is an application of its own: Disabled, or Enabled with RunInMTA.
type Application struct {
	Enabled       *xmlapi.Empty `xml:"enabled" choice:"application:enabled,required"`
	ParentPaths   *bool         `xml:"parent-paths" choice:"application:enabled*,required"`
	RunInMTA      *bool         `xml:"run-in-mta" choice:"application:enabled,required"`
	ASPNETVersion *string       `xml:"aspnet-version" choice:"application:enabled*,required"`
	Disabled      *xmlapi.Empty `xml:"disabled" choice:"application:disabled,required"`
}

// DefaultDoc says which documents stand for the directory: Disabled, or Enabled with the names to look for in order.
type DefaultDoc struct {
	Enabled  *xmlapi.Empty `xml:"enabled" choice:"documents:enabled,required"`
	Search   []string      `xml:"search" choice:"documents:enabled*,required"`
	Disabled *xmlapi.Empty `xml:"disabled" choice:"documents:disabled,required"`
}
