// Package hosting holds the shapes that subscriptions, sites and plans share: hosting, limits, permissions, mail
// preferences, usage, descriptors. Source: operators-accounts-server §2, §3, §9 and protocol-core §7.
package hosting

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// The hosting types.
const (
	Virtual         = "vrt_hst" // web hosting on this server
	StandardForward = "std_fwd" // an HTTP redirect to another URL
	FrameForward    = "frm_fwd" // a frame that shows another URL
	None            = "none"
)

// Hosting is the hosting of a subscription or a site: exactly one of its kinds.
type Hosting struct {
	Virtual         *VirtualHosting `xml:"vrt_hst" choice:"hosting,required"`
	StandardForward *Forward        `xml:"std_fwd" choice:"hosting,required"`
	FrameForward    *FrameForwarded `xml:"frm_fwd" choice:"hosting,required"`
	None            *xmlapi.Empty   `xml:"none" choice:"hosting,required"`
}

// VirtualHosting is web hosting: its properties (open list, see the descriptor) and one IPv4 and one IPv6 address at most.
// In set, the addresses given replace all.
type VirtualHosting struct {
	Properties  []xmlapi.Property `xml:"property"`
	IPAddresses []string          `xml:"ip_address"`
}

// Forward redirects to another URL.
type Forward struct {
	DestinationURL string   `xml:"dest_url"`
	HTTPCode       *int     `xml:"http_code"` // 301 or 302
	IPAddresses    []string `xml:"ip_address"`
}

// FrameForwarded shows another URL in a frame.
type FrameForwarded struct {
	DestinationURL string   `xml:"dest_url"`
	IPAddresses    []string `xml:"ip_address"`
}

// Properties is virtual hosting in plans: the properties alone.
type Properties struct {
	Properties []xmlapi.Property `xml:"property"`
}

// PlanHosting is the hosting of a plan in set and in answers (add has Properties in its place): exactly one of the two.
type PlanHosting struct {
	Virtual *Properties   `xml:"vrt_hst" choice:"hosting,required"`
	None    *xmlapi.Empty `xml:"none" choice:"hosting,required"`
}

// PHPSettings are PHP directives, an open list.
type PHPSettings struct {
	Settings []xmlapi.Property `xml:"setting"`
}

// Limits are the resource limits, an open list. AllToZero acts before the list although it stands after it.
type Limits struct {
	Overuse   *string       `xml:"overuse"` // block, notify, normal, not_suspend or not_suspend_notify
	Limits    []Limit       `xml:"limit"`
	AllToZero *xmlapi.Empty `xml:"all-to-zero"`
}

// Limit is one limit; -1 is unlimited, sizes are in bytes, expiration is a UNIX time.
type Limit struct {
	Name  string `xml:"name"`
	Value int64  `xml:"value"`
}

// Permissions are what the subscriber may do, an open list. RevokeAll acts before the list although it stands after it.
type Permissions struct {
	Permissions []Permission  `xml:"permission"`
	RevokeAll   *xmlapi.Empty `xml:"revoke-all"`
}

// Permission is one permission.
type Permission struct {
	Name  string `xml:"name"`
	Value bool   `xml:"value"`
}

// Preferences of a subscription or site.
type Preferences struct {
	WWW                         *bool   `xml:"www"`      // also answer to www.NAME
	StatisticsMonths            *string `xml:"stat_ttl"` // how long statistics are kept, a number; empty is the server's default
	OutgoingMessagesDomainLimit *string `xml:"outgoing-messages-domain-limit"`
	ICPStatus                   *bool   `xml:"icp-status"`
	ICPPermit                   *string `xml:"icp-permit"`
}

// Performance bounds what a site may take; -1 switches a bound off.
type Performance struct {
	Bandwidth      *xmlapi.Double `xml:"bandwidth"` // KB/s
	MaxConnections *int           `xml:"max_connections"`
}

// LogRotation says when logs are rotated and what is kept of them.
type LogRotation struct {
	Condition LogCondition `xml:"log-condition"`
	MaxFiles  *int         `xml:"log-max-num-files"`
	Compress  *bool        `xml:"log-compress"`
	Email     *string      `xml:"log-email"` // where rotated logs are sent
}

// LogCondition is when a log is rotated: exactly one of the two.
type LogCondition struct {
	BySize *int    `xml:"log-bysize" choice:"condition,required"` // bytes
	ByTime *string `xml:"log-bytime" choice:"condition,required"` // Daily, Weekly or Monthly
}

// PlanItem names an additional service.
type PlanItem struct {
	Name string `xml:"name"`
}

// PlanItems are the additional services that are provided.
type PlanItems struct {
	Items []PlanItem `xml:"item"`
}

// PackageInput is an application as add-package and remove-package name it.
type PackageInput struct {
	Name  string `xml:"name"`
	Value string `xml:"value"`
}

// Packages are the applications that are offered.
type Packages struct {
	Packages []Package `xml:"package"`
}

// Package is one application of a list.
type Package struct {
	Name                string  `xml:"name"`
	Version             *string `xml:"version"`
	Release             *string `xml:"release"`
	Vendor              *string `xml:"vendor"`
	Packager            *string `xml:"packager"`
	Uploaded            *string `xml:"is_uploaded"`
	Visible             *string `xml:"is_visible"`
	Description         *string `xml:"description"`
	GlobalSettingsUnset *string `xml:"global_settings_not_set"`
}

// DatabaseServerRef names a database server by Type and either ID or Host with Port.
type DatabaseServerRef struct {
	Type string  `xml:"type"` // mysql, postgresql, mssql
	ID   *int64  `xml:"id" choice:"server:id,required"`
	Host *string `xml:"host" choice:"server:address,required"`
	Port *string `xml:"port" choice:"server:address,required"`
}

// DatabaseServer is a database server of a list.
type DatabaseServer struct {
	Type string `xml:"type"`
	ID   int64  `xml:"id"`
	Host string `xml:"host"`
	Port string `xml:"port"`
}
