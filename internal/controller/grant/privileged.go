// What tenants may not set because of its value or name: where the set of names is open, only what is known to stay within one's own
// sites is theirs. Fields that are never theirs carry the tag option privileged.

package grant

import (
	"maps"
	"slices"
)

// noShells are the shells that let nobody in.
var noShells = []string{"/bin/false", "/usr/bin/false", "/sbin/nologin", "/usr/sbin/nologin"}

// tenantPHP are the PHP directives that stay within a site: no paths, no programs, no modules, nothing that switches a fence off. A
// hosting property that has the name of a directive sets it too (operators-accounts-server §2.3).
var tenantPHP = []string{
	"date.timezone", "default_charset", "default_socket_timeout", "display_errors", "display_startup_errors", "error_reporting",
	"file_uploads", "html_errors", "ignore_user_abort", "implicit_flush", "intl.default_locale", "log_errors", "max_execution_time",
	"max_file_uploads", "max_input_nesting_level", "max_input_time", "max_input_vars", "mbstring.internal_encoding", "mbstring.language",
	"memory_limit", "output_buffering", "post_max_size", "precision", "request_order", "serialize_precision", "session.cookie_httponly",
	"session.cookie_lifetime", "session.cookie_path", "session.cookie_samesite", "session.cookie_secure", "session.gc_maxlifetime",
	"session.name", "session.use_cookies", "session.use_only_cookies", "session.use_strict_mode", "short_open_tag", "upload_max_filesize",
	"variables_order", "zlib.output_compression", "zlib.output_compression_level",
}

// tenantPermissions are the permissions that give power over one's own sites only. What they leave out includes those that let a
// subscriber switch on in the panel what is refused to them here, e.g. manage_phosting_cgi, and those of extensions.
var tenantPermissions = []string{
	"access_appcatalog", "allow_account_ftp_backups", "allow_account_local_backups", "allow_ftp_backups", "allow_local_backups",
	"create_domains", "manage_anonftp", "manage_dns", "manage_domain_aliases", "manage_log", "manage_mail_autodiscover",
	"manage_mail_settings", "manage_maillists", "manage_phosting_errdocs", "manage_phosting_ssl", "manage_protected_dirs",
	"manage_spamfilter", "manage_subdomains", "manage_subftp", "manage_virusfilter", "manage_website_maintenance", "manage_webstat",
}

// Privileged names the values that tenants may not have, with the prefix at of the value's path.
func (v *Hosting) Privileged(at string) []string {
	if v == nil {
		return nil
	}
	var fields []string
	if v.Shell != nil && !slices.Contains(noShells, *v.Shell) {
		fields = append(fields, at+".shell")
	}
	fields = append(fields, keysBeyond(at+".php.settings", v.PHPSettings, tenantPHP)...)
	return append(fields, keysBeyond(at+".extraProperties", v.Extra, tenantPHP)...)
}

// Privileged names the permissions that tenants may not name.
func (v *Allowance) Privileged() []string {
	if v == nil {
		return nil
	}
	return keysBeyond("permissions", v.Permissions, tenantPermissions)
}

// keysBeyond names the keys of a map that are not among those allowed.
func keysBeyond(at string, m map[string]string, allowed []string) []string {
	var fields []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if !slices.Contains(allowed, name) {
			fields = append(fields, at+"."+name)
		}
	}
	return fields
}
