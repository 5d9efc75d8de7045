// The open name spaces: which limits, permissions and hosting properties this server knows, with their types, defaults and order
// (operators-accounts-server §2).

package plesksim

import "slices"

// The types of limits and properties, as descriptors name them.
const (
	typeString   = "string"
	typePassword = "password"
	typeInt      = "int"
	typeBoolean  = "boolean"
	typeBytes    = "bytes"
	typeDate     = "date"
)

// unlimited is the value of a limit that does not bound.
const unlimited = -1

// limitInfo is one limit. All are unlimited unless something is configured.
type limitInfo struct{ name, kind string }

// limitNames are the limits in the order in which answers list them; Windows also has windowsLimits.
var limitNames = []limitInfo{
	{"disk_space", typeBytes}, {"disk_space_soft", typeBytes}, {"max_traffic", typeBytes}, {"max_traffic_soft", typeBytes},
	{"max_site", typeInt}, {"max_subdom", typeInt}, {"max_dom_aliases", typeInt}, {"max_wu", typeInt}, {"max_subftp_users", typeInt},
	{"max_db", typeInt}, {"max_box", typeInt}, {"mbox_quota", typeBytes}, {"max_maillists", typeInt}, {"max_webapps", typeInt},
	{"max_site_builder", typeInt}, {"max_unity_mobile_sites", typeInt}, {"upsell_site_builder", typeInt}, {limitExpiration, typeDate},
}

// limitExpiration is when a subscription expires, a UNIX time. It counts nothing, so all-to-zero leaves it alone.
const limitExpiration = "expiration"

var windowsLimits = []limitInfo{
	{limitMSSQLDatabases, typeInt}, {"mysql_dbase_space", typeBytes}, {"mysql_dbase_space_soft", typeBytes}, {"mssql_dbase_space", typeBytes},
	{"mssql_dbase_space_soft", typeBytes}, {"max_odbc", typeInt}, {"max_iis_app_pools", typeInt}, {"max_shared_ssl_links", typeInt},
}

var limitsOnWindows = slices.Concat(limitNames, windowsLimits)

// limits are those of this platform, and those that extensions have brought.
func (s *state) limits() []limitInfo {
	list := limitNames
	if s.onWindows() {
		list = limitsOnWindows
	}
	for _, e := range s.Extensions {
		list = append(list[:len(list):len(list)], namesOfExtensions[e.ID].limits...)
	}
	return list
}

// knownLimit tells whether some platform has a limit of the name, hasLimit whether this one has.
func knownLimit(name string) bool { return isLimit(limitsOnWindows, name) }

func (s *state) hasLimit(name string) bool { return isLimit(s.limits(), name) }

func isLimit(list []limitInfo, name string) bool {
	return slices.ContainsFunc(list, func(l limitInfo) bool { return l.name == name })
}

// permissionNames are the permissions in the order in which answers list them. All are false unless something is configured.
var permissionNames = []string{
	"manage_phosting_ssi", "manage_phosting_php", "manage_phosting_cgi", "manage_phosting_perl", "manage_phosting_python",
	"manage_phosting_fastcgi", "manage_sh_access", "manage_phosting_errdocs", "manage_phosting_ssl", "manage_phosting_webdeploy",
	"manage_dns", "manage_phosting", "manage_php_settings", "manage_php_version", "allow_insecure_sites", "manage_not_chroot_shell",
	"manage_anonftp", "manage_crontab", "manage_spamfilter", "manage_virusfilter", "allow_local_backups", "allow_ftp_backups",
	"allow_account_local_backups", "allow_account_ftp_backups", "manage_webstat", "manage_log", "access_appcatalog", "create_domains",
	"manage_subdomains", "manage_domain_aliases", "manage_subftp", "manage_mail_settings", "manage_maillists",
	"manage_mail_autodiscover", "manage_performance", "manage_quota", "select_db_server", "remote_db_connection",
	"manage_website_maintenance", "manage_protected_dirs", "access_service_users",
}

func knownPermission(name string) bool { return slices.Contains(permissionNames, name) }

// permissions are those that every server has, and those that extensions have brought.
func (s *state) permissions() []string {
	list := permissionNames
	for _, e := range s.Extensions {
		list = append(list[:len(list):len(list)], namesOfExtensions[e.ID].permissions...)
	}
	return list
}

func (s *state) hasPermission(name string) bool { return slices.Contains(s.permissions(), name) }

// namesOfExtensions are the limits and permissions that subscriptions and plans have while an extension is installed. Each extension makes its own;
// what they are called is documented, which they are is not.
var namesOfExtensions = map[string]struct {
	limits      []limitInfo
	permissions []string
}{
	"docker": {[]limitInfo{{"ext_limit_docker_containers", typeInt}}, []string{"ext_permission_docker_manage_docker"}},
}

// enumValue is one value of a closed set, with the locale key of its name.
type enumValue struct{ value, label string }

// propertyInfo is one property of virtual hosting.
type propertyInfo struct {
	name, kind string
	initial    string                   // what a fresh server gives; php_handler_id follows the handlers, www_root the site
	values     func(*state) []enumValue // the closed set, nil when open

	inPlan     bool   // plans preset it; the others belong to one subscription or site
	site       bool   // each site has it, not only the subscription
	beside     bool   // sites have it, the subscription's main one does not
	permission string // a subscriber who has it may change the value, and plans leave the value alone then
	ofUser     bool   // the system user's, kept with that user
	webService bool   // something that the web server runs: domains and subdomains have it alike
	basic      bool   // part of hosting-basic
	os         OS     // the only platform that has it; "" is both
}

// hostingProperties are the properties in the order in which answers list them.
var hostingProperties = []propertyInfo{
	{name: "ftp_login", kind: typeString, ofUser: true, basic: true},
	{name: "ftp_password", kind: typePassword, ofUser: true, basic: true},
	{name: "ftp_password_type", kind: typeString, values: closed("plain", "crypt"), ofUser: true},
	{name: "www_root", kind: typeString, initial: "httpdocs", site: true, basic: true},
	{name: "ssl", kind: typeBoolean, initial: "true", inPlan: true, site: true, permission: "manage_phosting_ssl"},
	{name: "ssl-redirect", kind: typeBoolean, initial: "false", inPlan: true, site: true, permission: "manage_phosting_ssl"},
	{name: "seo-redirect", kind: typeString, initial: "none", values: closed("none", "www", "non-www"), site: true},
	{name: "webstat", kind: typeString, initial: "awstats", values: (*state).statisticsEngines, inPlan: true, site: true, permission: "manage_webstat"},
	{name: "webstat_protected", kind: typeBoolean, initial: "true", inPlan: true, site: true, permission: "manage_webstat"},
	{name: "errdocs", kind: typeBoolean, initial: "false", inPlan: true, site: true, permission: "manage_phosting_errdocs"},
	{name: "wu_script", kind: typeBoolean, initial: "true", inPlan: true},
	{name: "shell", kind: typeString, initial: forbiddenShell, values: (*state).shellChoices, inPlan: true, permission: "manage_sh_access", basic: true, os: Linux},
	{name: "ftp_quota", kind: typeBytes, initial: "-1", inPlan: true, permission: "manage_quota", basic: true},
	{name: "php_handler_id", kind: typeString, values: (*state).phpHandlerChoices, inPlan: true, site: true, permission: "manage_php_version", webService: true},
	{name: "php_served_by_nginx", kind: typeBoolean, initial: "false", inPlan: true, site: true, permission: "manage_php_version", webService: true, os: Linux},
	{name: "unpaid_website_status", kind: typeString, initial: "suspended", values: closed("suspended", "disabled"), inPlan: true},
	{name: "ssi", kind: typeBoolean, initial: "false", inPlan: true, site: true, permission: "manage_phosting_ssi", webService: true},
	{name: "php", kind: typeBoolean, initial: "true", inPlan: true, site: true, permission: "manage_phosting_php", webService: true},
	{name: "cgi", kind: typeBoolean, initial: "false", inPlan: true, site: true, permission: "manage_phosting_cgi", webService: true},
	{name: "perl", kind: typeBoolean, initial: "false", inPlan: true, site: true, permission: "manage_phosting_perl", webService: true},
	{name: "python", kind: typeBoolean, initial: "false", inPlan: true, site: true, permission: "manage_phosting_python", webService: true},
	{name: "fastcgi", kind: typeBoolean, initial: "false", inPlan: true, site: true, permission: "manage_phosting_fastcgi", webService: true},
	{name: "cgi_mode", kind: typeString, initial: "www-root", values: closed("webspace", "www-root"), site: true},
	{name: "waf-rule-engine", kind: typeString, initial: "off", values: closed("on", "off", "detection-only"), site: true},
	{name: "certificate_name", kind: typeString, site: true},
	{name: "nginx-proxy-mode", kind: typeBoolean, initial: "true", site: true, beside: true, os: Linux},
	{name: "ssi_html", kind: typeBoolean, initial: "false", inPlan: true, site: true, permission: "manage_phosting_ssi", webService: true, os: Windows},
	{name: "asp", kind: typeBoolean, initial: "false", inPlan: true, site: true, permission: "manage_phosting", webService: true, os: Windows},
	{name: "asp_dot_net", kind: typeBoolean, initial: "false", inPlan: true, site: true, permission: "manage_phosting", webService: true, os: Windows},
	{name: "managed_runtime_version", kind: typeString, initial: "4.0", values: closed("2.0", "4.0"), inPlan: true, site: true, permission: "manage_phosting", webService: true, os: Windows},
}

// The properties of each platform, as pointers into the list.
var propertiesOn = map[OS][]*propertyInfo{Linux: propertiesOf(Linux), Windows: propertiesOf(Windows)}

func propertiesOf(os OS) []*propertyInfo {
	var list []*propertyInfo
	for i := range hostingProperties {
		if p := &hostingProperties[i]; p.isOn(os) {
			list = append(list, p)
		}
	}
	return list
}

func (p *propertyInfo) isOn(os OS) bool { return p.os == "" || p.os == os }

// properties are those of this platform.
func (s *state) properties() []*propertyInfo { return propertiesOn[s.Machine.OS] }

// phpDirectives are the names that a property of a site may have beside those of hosting.
var phpDirectives = []string{
	"memory_limit", "max_execution_time", "max_input_time", "max_input_vars", "post_max_size", "upload_max_filesize", "open_basedir",
	"error_reporting", "display_errors", "log_errors", "error_log", "allow_url_fopen", "allow_url_include", "file_uploads", "short_open_tag",
	"safe_mode", "safe_mode_include_dir", "safe_mode_exec_dir", "include_path", "session.save_path", "mail.force_extra_parameters",
	"disable_functions", "date.timezone", "default_charset", "output_buffering", "opcache.enable", "opcache.memory_consumption",
	"pm", "pm.max_children", "pm.max_requests", "pm.start_servers", "pm.min_spare_servers", "pm.max_spare_servers", "additional-directives",
}

// forbiddenShell is the shell of a system user who may not log in.
const forbiddenShell = "/bin/false"

// property returns what is known of a property, nil when no platform has one of the name.
func property(name string) *propertyInfo {
	for i := range hostingProperties {
		if hostingProperties[i].name == name {
			return &hostingProperties[i]
		}
	}
	return nil
}

// of tells whether sites of a kind have the property.
func (p *propertyInfo) of(kind siteKind) bool {
	if kind == mainSite {
		return !p.beside
	}
	return p.site
}

// closed is a set of values that no state changes.
func closed(values ...string) func(*state) []enumValue {
	set := make([]enumValue, len(values))
	for i, v := range values {
		set[i] = enumValue{value: v}
	}
	return func(*state) []enumValue { return set }
}

func (s *state) shellChoices() []enumValue {
	set := make([]enumValue, len(s.Machine.Shells))
	for i, sh := range s.Machine.Shells {
		set[i] = enumValue{sh.Path, sh.Name}
	}
	return set
}

// phpHandlerChoices are the enabled handlers.
func (s *state) phpHandlerChoices() []enumValue {
	var set []enumValue
	for _, h := range s.PHPHandlers {
		if h.Enabled {
			set = append(set, enumValue{h.ID, h.DisplayName})
		}
	}
	return set
}

// statisticsEngines are the installed ones, and none.
func (s *state) statisticsEngines() []enumValue {
	set := []enumValue{{"none", ""}}
	for _, name := range []string{"awstats", "webalizer", "smarterstats"} {
		if s.componentInstalled(name) {
			set = append(set, enumValue{name, ""})
		}
	}
	return set
}

func (s *state) componentInstalled(name string) bool {
	return slices.ContainsFunc(s.Machine.Components, func(k component) bool { return k.Name == name && k.Version != "" })
}

// initialValue is what a fresh server gives a property.
func (s *state) initialValue(p *propertyInfo) string {
	switch p.name {
	case "php_handler_id":
		return s.defaultPHPHandler()
	case "certificate_name":
		return defaultCertificate
	case "webstat":
		if !s.componentInstalled("awstats") {
			return "none"
		}
	}
	return p.initial
}
