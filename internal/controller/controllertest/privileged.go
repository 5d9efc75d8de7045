// What tenants may set and what not: every name of the protocol page's fact 18 that a manifest can express, by the way it is written.

package controllertest

import (
	"slices"
	"testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

// Privileges are the fields of a manifest that need a privilege.
func Privileges[O v1alpha1.Object, W any](t *testing.T, kind anyKind[O, W], o O, manifest string) []string {
	t.Helper()
	Parse(t, o, manifest)
	refs := map[string]engine.Resolved{}
	for _, r := range kind.Refs() {
		if len(r.Get(o)) > 0 {
			refs[r.Field] = engine.Resolved{Identity: engine.Identity{ID: "7", GUID: "g"}, Key: engine.Key{Name: "acme"}}
		}
	}
	_, want, err := kind.Desired(o, engine.NewInputs("mark", refs, nil))
	if err != nil {
		t.Fatal(err)
	}
	got := engine.Privileges(kind, kind.Normal(want))
	slices.Sort(got)
	return got
}

// ExpectPrivileged checks each manifest against the fields named for it; none for what anybody may set.
func ExpectPrivileged(t *testing.T, of func(*testing.T, string) []string, cases map[string][]string) {
	t.Helper()
	for spec, want := range cases {
		if got := of(t, "spec: {"+spec+"}"); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
			t.Errorf("%s: %q need a privilege, want %q", spec, got, want)
		}
	}
}

// hostingFields are the fields of hosting that plans and subscriptions have alike, with those below it that need a privilege.
var hostingFields = map[string]string{
	`shell: /bin/bash`:                     "shell",
	`shell: /usr/local/psa/bin/chrootsh`:   "shell",
	`shell: "/bin/false "`:                 "", // the server keeps single blanks only
	`shell: /usr/sbin/nologin`:             "",
	`quota: 5Gi`:                           "quota",
	`quota: unlimited`:                     "quota",
	`php: {handlerID: plesk-php83-fpm}`:    "php.handlerID",
	`php: {enabled: true}`:                 "",
	`php: {servedByNginx: true}`:           "",
	`scripting: {cgi: true}`:               "scripting.cgi",
	`scripting: {cgi: false}`:              "scripting.cgi",
	`scripting: {fastCGI: true}`:           "scripting.fastCGI",
	`scripting: {perl: true}`:              "scripting.perl",
	`scripting: {python: true}`:            "scripting.python",
	`scripting: {ssi: true}`:               "scripting.ssi",
	`webStatistics: awstats`:               "",
	`webStatisticsProtected: true`:         "",
	`errorDocuments: true`:                 "",
	`tls: {enabled: true, redirect: true}`: "",
}

// innocentDirectives are PHP directives that stay within a site.
var innocentDirectives = []string{"memory_limit", "max_execution_time", "upload_max_filesize", "post_max_size", "date.timezone", "display_errors"}

// privilegedDirectives are PHP directives that reach out of it, or that have not been judged.
var privilegedDirectives = []string{
	"open_basedir", "disable_functions", "disable_classes", "auto_prepend_file", "auto_append_file", "extension", "zend_extension", "extension_dir",
	"sendmail_path", "error_log", "mail.log", "session.save_path", "session.save_handler", "upload_tmp_dir", "include_path", "opcache.preload",
	"allow_url_include", "safe_mode", "safe_mode_exec_dir", "user_ini.filename", "mail.force_extra_parameters", "curl.cainfo",
	"pm", "pm.max_children", "pm.start_servers", "pm.min_spare_servers", "pm.max_spare_servers", "pm.max_requests",
	"additional-directives", "Memory_Limit", "memory_limit2", "of_tomorrow",
}

// privilegedProperties are hosting properties without a field of their own that are not a tenant's.
var privilegedProperties = []string{
	"wu_script", "asp", "asp_dot_net", "managed_runtime_version", "ssi_html", "waf-rule-engine", "nginx-proxy-mode", "cgi_mode",
	"unpaid_website_status", "php_version", "of_tomorrow",
}

// HostingCases are manifests of hosting at a path, each with the fields in it that need a privilege.
func HostingCases(at string, wrap func(string) string) map[string][]string {
	cases := map[string][]string{}
	for spec, field := range hostingFields {
		cases[wrap(spec)] = nil
		if field != "" {
			cases[wrap(spec)] = []string{at + "." + field}
		}
	}
	for _, name := range innocentDirectives {
		cases[wrap(`php: {settings: {`+name+`: "1"}}`)] = nil
		cases[wrap(`extraProperties: {`+name+`: "1"}`)] = nil // a property that sets the directive
	}
	for _, name := range privilegedDirectives {
		cases[wrap(`php: {settings: {`+name+`: "1"}}`)] = []string{at + ".php.settings." + name}
		cases[wrap(`extraProperties: {`+name+`: "1"}`)] = []string{at + ".extraProperties." + name}
	}
	for _, name := range privilegedProperties {
		cases[wrap(`extraProperties: {`+name+`: "1"}`)] = []string{at + ".extraProperties." + name}
	}
	cases[wrap(`shell: /bin/bash, php: {settings: {memory_limit: 1G, open_basedir: none}}`)] = []string{at + ".shell", at + ".php.settings.open_basedir"}
	return cases
}

// AllowanceCases are what plans and subscriptions grant alike.
func AllowanceCases() map[string][]string {
	cases := map[string][]string{
		`overuse: NotSuspend`:                                          {"overuse"},
		`performance: {bandwidth: unlimited}`:                          {"performance.bandwidth"},
		`performance: {maxConnections: 100}`:                           {"performance.maxConnections"},
		`limits: {max_site: 3, max_box: 1}`:                            {"limits.max_box", "limits.max_site"},
		`limits: {}, permissions: {}`:                                  nil,
		`permissions: {manage_dns: true}`:                              nil,
		`permissions: {create_domains: false}`:                         nil,
		`permissions: {manage_subdomains: true, manage_crontab: true}`: {"permissions.manage_crontab"},
	}
	for _, name := range []string{
		"disk_space", "max_traffic", "max_db", "mbox_quota", "max_site_builder", "cgroups_cpu_usage", "cgroups_ram_usage_soft", "ext_limit_wp_toolkit_wp_instances",
	} {
		cases[`limits: {`+name+`: 1}`] = []string{"limits." + name}
	}
	cases[`limits: {expiration: unlimited}`] = []string{"limits.expiration"}
	for _, name := range []string{
		"manage_sh_access", "manage_not_chroot_shell", "manage_php_settings", "manage_php_version", "manage_crontab", "allow_insecure_sites",
		"manage_performance", "access_service_users", "remote_db_connection", "select_db_server", "ext_permission_git_access", "ext_x",
		// They let a subscriber switch on in the panel what is refused above.
		"manage_phosting", "manage_phosting_cgi", "manage_phosting_fastcgi", "manage_phosting_perl", "manage_phosting_python", "manage_phosting_ssi", "manage_quota",
		"of_tomorrow",
	} {
		cases[`permissions: {`+name+`: true}`] = []string{"permissions." + name}
		cases[`permissions: {`+name+`: false}`] = []string{"permissions." + name}
	}
	return cases
}
