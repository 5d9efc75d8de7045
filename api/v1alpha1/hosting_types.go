// What service plans and subscriptions have in common: limits, permissions, the properties of web hosting.

package v1alpha1

import (
	"encoding/json"
	"maps"
)

// Unlimited is the LimitValue of what is not bounded; Plesk's -1.
const Unlimited = "unlimited"

// LimitValue bounds something: a count, a size in bytes such as 2Gi, or "unlimited". The limit `expiration` is a time: a date
// (2027-01-31, midnight UTC), an RFC 3339 time or UNIX seconds. It is written as a number or as text and stays so.
// +kubebuilder:validation:Type=""
// +kubebuilder:validation:XIntOrString
// +kubebuilder:validation:MaxLength=32
// +kubebuilder:validation:XValidation:rule="type(self) == int ? self >= 0 : self.matches('^(unlimited|[0-9]+([.][0-9]+)?(k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2}))?)$')",message="write a number, a size such as 10G or 10Gi (without a B), a date such as 2027-01-31 for expiration, or unlimited; -1 is written unlimited"
type LimitValue struct {
	// Text is the value as it was written, e.g. 3, 2Gi or unlimited.
	Text string `json:"-"`
	// Number says that it was written as a JSON number.
	Number bool `json:"-"`
}

// MarshalJSON implements json.Marshaler.
func (v LimitValue) MarshalJSON() ([]byte, error) {
	if v.Number {
		return json.Marshal(json.Number(v.Text))
	}
	return json.Marshal(v.Text)
}

// UnmarshalJSON implements json.Unmarshaler.
func (v *LimitValue) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		v.Number = false
		return json.Unmarshal(data, &v.Text)
	}
	var n json.Number
	if err := json.Unmarshal(data, &n); err != nil {
		return err
	}
	*v = LimitValue{Text: n.String(), Number: n != ""}
	return nil
}

// String implements fmt.Stringer.
func (v LimitValue) String() string { return v.Text }

// Overuse says what happens when a subscription uses more than its limits allow.
// +kubebuilder:validation:Enum=Block;Notify;Normal;NotSuspend;NotSuspendNotify
type Overuse string

// The ways to treat overuse.
const (
	// OveruseBlock suspends the subscription.
	OveruseBlock Overuse = "Block"
	// OveruseNotify allows it and notifies.
	OveruseNotify Overuse = "Notify"
	// OveruseNormal allows it.
	OveruseNormal Overuse = "Normal"
	// OveruseNotSuspend refuses more of the resource, and does not suspend.
	OveruseNotSuspend Overuse = "NotSuspend"
	// OveruseNotSuspendNotify is NotSuspend, and notifies.
	OveruseNotSuspendNotify Overuse = "NotSuspendNotify"
)

// Allowance is what a subscriber gets. What is not set is not managed.
type Allowance struct {
	// overuse says what happens when a subscription uses more than its limits allow: Block suspends it; Notify allows it and notifies; Normal allows it;
	// NotSuspend refuses more without suspending; NotSuspendNotify does that and notifies. Unset: not managed. Wire: limits/overuse. Privileged.
	// +optional
	Overuse *Overuse `json:"overuse,omitempty"`

	// limits by name, e.g. disk_space: 2Gi, max_site: 3, max_box: unlimited. The set is open: names are those of the server's limit
	// descriptor, which grows with versions and extensions; sizes are in bytes (traffic: per month), counts are plain numbers,
	// expiration is a time. A limit that is not named is not managed. One that the server does not have, or lets nobody change, is
	// InvalidSpec, with the names that it has. Wire: limits/limit. Privileged.
	// +optional
	// +kubebuilder:validation:MaxProperties=256
	// +kubebuilder:validation:XValidation:rule="self.all(name, size(name) <= 255)",message="names have at most 255 characters"
	Limits map[string]LimitValue `json:"limits,omitempty"`

	// permissions by name, e.g. manage_dns: true. The set is open: names are those of the server's permission descriptor. A
	// permission that is not named is not managed. One that the server does not have, or lets nobody change, is InvalidSpec, with the
	// names that it has. Wire: permissions/permission.
	// Privileged, but for those that give power over the own sites only.
	// +optional
	// +kubebuilder:validation:MaxProperties=256
	// +kubebuilder:validation:XValidation:rule="self.all(name, size(name) <= 255)",message="names have at most 255 characters"
	Permissions map[string]bool `json:"permissions,omitempty"`

	// performance bounds what the web sites may take.
	// +optional
	Performance *Performance `json:"performance,omitempty"`
}

// ResellerAllowance is what a reseller gets, for all that they own together. What is not set is not managed.
type ResellerAllowance struct {
	// oversell says whether the reseller may promise more to subscriptions than they have themselves. Unset: not managed. Wire:
	// limits/resource-policy/oversell. Privileged.
	// +optional
	Oversell *bool `json:"oversell,omitempty"`

	// overuse says what happens when the reseller uses more than the limits allow: Block suspends them; Notify allows it and notifies; Normal allows it;
	// NotSuspend refuses more without suspending; NotSuspendNotify does that and notifies. Unset: not managed. Wire: limits/resource-policy/overuse.
	// Privileged.
	// +optional
	Overuse *Overuse `json:"overuse,omitempty"`

	// limits by name, e.g. max_cl: 20 (customers), disk_space: 100Gi, max_dom: unlimited. The set is open: names are those of the server's
	// limit descriptor for resellers, which grows with versions and extensions; sizes are in bytes (traffic: per month), counts are plain
	// numbers, expiration is a time. A limit that is not named is not managed. One that the server does not have, or lets nobody change, is
	// InvalidSpec, with the names that it has. Wire: limits/limit. Privileged.
	// +optional
	// +kubebuilder:validation:MaxProperties=256
	// +kubebuilder:validation:XValidation:rule="self.all(name, size(name) <= 255)",message="names have at most 255 characters"
	Limits map[string]LimitValue `json:"limits,omitempty"`

	// permissions by name, e.g. create_clients: true, remote_access_interface: false. The set is open: names are those of the server's
	// permission descriptor for resellers. A permission that is not named is not managed. One that the server does not have, or lets nobody
	// change, is InvalidSpec, with the names that it has. Wire: permissions/permission. Privileged.
	// +optional
	// +kubebuilder:validation:MaxProperties=256
	// +kubebuilder:validation:XValidation:rule="self.all(name, size(name) <= 255)",message="names have at most 255 characters"
	Permissions map[string]bool `json:"permissions,omitempty"`
}

// CountLimit is a number of at least 1, or "unlimited".
// +kubebuilder:validation:Type=""
// +kubebuilder:validation:XIntOrString
// +kubebuilder:validation:MaxLength=20
// +kubebuilder:validation:XValidation:rule="type(self) == int ? self >= 1 : self.matches('^(unlimited|[1-9][0-9]*)$')",message="must be at least 1, a plain number; -1 is written unlimited"
type CountLimit struct {
	LimitValue `json:"-"`
}

// Performance bounds what web sites may take. What is not set is not managed.
type Performance struct {
	// bandwidth in kilobytes per second, at least 1, or "unlimited". Unset: not managed. Wire: performance/bandwidth. Privileged.
	// +optional
	Bandwidth *CountLimit `json:"bandwidth,omitempty"`
	// maxConnections at the same time, at least 1, or "unlimited". Unset: not managed. Wire: performance/max_connections. Privileged.
	// +optional
	MaxConnections *CountLimit `json:"maxConnections,omitempty"`
}

// HostingProperties are the properties of web hosting that a service plan sets and a subscription may override. What is not set
// is not managed.
type HostingProperties struct {
	// shell of the system user, one that the server offers, e.g. /bin/bash; /bin/false forbids logging in. Unset: not managed. Wire: property shell.
	// Privileged, except for shells that refuse every login.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	Shell *string `json:"shell,omitempty"`

	// quota on the disk space of the home, a hard one: a size such as 5Gi, or "unlimited". Unset: not managed. Wire: property ftp_quota, in bytes.
	// Privileged.
	// +optional
	Quota *LimitValue `json:"quota,omitempty"`

	// php of the web sites.
	// +optional
	PHP *HostingPHP `json:"php,omitempty"`

	// scripting switches the other ways to run programs in the web server.
	// +optional
	Scripting *HostingScripting `json:"scripting,omitempty"`

	// webStatistics is the component that makes web statistics: none, awstats, webalizer, or another that the server offers. Unset: not managed. Wire:
	// property webstat.
	// +optional
	// +kubebuilder:validation:MaxLength=64
	// +kubebuilder:validation:Pattern=`^[a-z0-9_-]+$`
	WebStatistics *string `json:"webStatistics,omitempty"`

	// webStatisticsProtected asks for a password before web statistics are shown. Unset: not managed. Wire: property webstat_protected.
	// +optional
	WebStatisticsProtected *bool `json:"webStatisticsProtected,omitempty"`

	// errorDocuments allows error pages of one's own. Unset: not managed. Wire: property errdocs.
	// +optional
	ErrorDocuments *bool `json:"errorDocuments,omitempty"`

	// extraProperties are the other properties by name, e.g. wu_script: "false" or waf-rule-engine: "on". The set is open: names and values are those of
	// the server's physical hosting descriptor; booleans are true and false. What the server does not have is InvalidSpec, as it is for properties that
	// have a field: the message lists what there is. Properties that have a field of their own, and passwords, are refused here. Unset: not managed.
	// Wire: property NAME. Privileged, as php.settings.
	// +optional
	// +kubebuilder:validation:MaxProperties=64
	// +kubebuilder:validation:XValidation:rule="self.all(name, size(name) <= 255)",message="names have at most 255 characters"
	// +kubebuilder:validation:XValidation:rule="self.all(name, !name.matches('(?i)passw') || name.endsWith('_type'))",message="passwords come from Secrets, not from extraProperties"
	ExtraProperties SettingValues `json:"extraProperties,omitempty"`
}

// HostingPHP is the PHP of web sites. What is not set is not managed.
type HostingPHP struct {
	// enabled switches PHP. Unset: not managed. Wire: property php.
	// +optional
	Enabled *bool `json:"enabled,omitempty"`
	// handlerID names the PHP version and how it runs, e.g. plesk-php83-fpm: one that is enabled on the server. Unset: not managed. Wire: property
	// php_handler_id. Privileged.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	HandlerID *string `json:"handlerID,omitempty"`
	// servedByNginx makes nginx serve PHP, without Apache. Unset: not managed. Wire: property php_served_by_nginx.
	// +optional
	ServedByNginx *bool `json:"servedByNginx,omitempty"`
	// settings of PHP by the directive's name, e.g. memory_limit: 256M. A directive that is not named is not managed. Values are one line of text:
	// "128" and "on" need quotes; the server keeps single blanks only. Wire: php-settings/setting. Privileged, but for directives that stay within the site.
	// +optional
	// +kubebuilder:validation:MaxProperties=256
	// +kubebuilder:validation:XValidation:rule="self.all(name, size(name) <= 255)",message="names have at most 255 characters"
	Settings SettingValues `json:"settings,omitempty"`
}

// SettingValues are the values of settings by the settings' names.
// +kubebuilder:object:generate=false
type SettingValues map[string]SettingValue

// SettingValue is the value of a setting that goes by its name.
// +kubebuilder:validation:MaxLength=65535
type SettingValue = string

// DeepCopy copies the values: it is not generated for a map of aliases, which takes a map of strings as it is.
func (v SettingValues) DeepCopy() SettingValues { return maps.Clone(v) }

// HostingScripting switches ways to run programs in the web server. What is not set is not managed.
type HostingScripting struct {
	// cgi programs. Unset: not managed. Wire: property cgi. Privileged.
	// +optional
	CGI *bool `json:"cgi,omitempty"`
	// fastCGI programs. Unset: not managed. Wire: property fastcgi. Privileged.
	// +optional
	FastCGI *bool `json:"fastCGI,omitempty"`
	// perl within Apache (mod_perl). Unset: not managed. Wire: property perl. Privileged.
	// +optional
	Perl *bool `json:"perl,omitempty"`
	// python within Apache (mod_python). Unset: not managed. Wire: property python. Privileged.
	// +optional
	Python *bool `json:"python,omitempty"`
	// ssi: server-side includes. Unset: not managed. Wire: property ssi. Privileged.
	// +optional
	SSI *bool `json:"ssi,omitempty"`
}

// HostingTLS is the encryption of web sites. What is not set is not managed.
type HostingTLS struct {
	// enabled switches SSL/TLS support. Unset: not managed. Wire: property ssl.
	// +optional
	Enabled *bool `json:"enabled,omitempty"`
	// redirect sends visitors from HTTP to HTTPS, for good (301). Unset: not managed. Wire: property ssl-redirect.
	// +optional
	Redirect *bool `json:"redirect,omitempty"`
}
