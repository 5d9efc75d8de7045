// What tenants may set and what not: every name of the protocol page's fact 18 that a manifest can express, by the way it is written.

package controller

import (
	"slices"
	"testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// privileges are the fields of a manifest that need a privilege.
func privileges[O v1alpha1.Object, W any](t *testing.T, kind anyKind[O, W], o O, manifest string) []string {
	t.Helper()
	parse(t, o, manifest)
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

// expectPrivileged checks each manifest against the fields named for it; none for what anybody may set.
func expectPrivileged(t *testing.T, of func(*testing.T, string) []string, cases map[string][]string) {
	t.Helper()
	for spec, want := range cases {
		if got := of(t, "spec: {"+spec+"}"); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
			t.Errorf("%s: %q need a privilege, want %q", spec, got, want)
		}
	}
}

func subscriptionPrivileges(t *testing.T, manifest string) []string {
	return privileges(t, Subscription{}, &v1alpha1.PleskSubscription{Spec: v1alpha1.PleskSubscriptionSpec{DomainName: "acme.example"}}, manifest)
}

func planPrivileges(t *testing.T, manifest string) []string {
	return privileges(t, ServicePlan{}, &v1alpha1.PleskServicePlan{Spec: v1alpha1.PleskServicePlanSpec{PlanName: "birch"}}, manifest)
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

// privilegedDirectives are PHP directives that reach out of it, or that nobody has judged.
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

func hostingCases(at string, wrap func(string) string) map[string][]string {
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

// allowanceCases are what plans and subscriptions grant alike.
func allowanceCases() map[string][]string {
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

func TestSubscriptionPrivileges(t *testing.T) {
	expectPrivileged(t, subscriptionPrivileges, allowanceCases())
	expectPrivileged(t, subscriptionPrivileges, hostingCases("hosting.virtualHost", func(s string) string { return `hosting: {virtualHost: {` + s + `}}` }))
	expectPrivileged(t, subscriptionPrivileges, map[string][]string{
		`resellerRef: {external: north}`: {"resellerRef"},
		`planSync: Sync`:                 {"planSync"},
		`planSync: Keep`:                 nil,
		`customerRef: {name: acme}, servicePlanRef: {name: birch}, description: Shop, ipAddresses: ["198.51.100.7"]`: nil,
		`hosting: {forwarding: {url: "https://www.acme.example/"}}`:                                                  nil,
		`preferences: {www: true, statisticsMonths: 3}`:                                                              nil,
		`hosting: {virtualHost: {systemUser: {name: acme}, documentRoot: web, seoRedirect: WWW}}`:                    nil,
	})
}

func TestServicePlanPrivileges(t *testing.T) {
	expectPrivileged(t, planPrivileges, allowanceCases())
	expectPrivileged(t, planPrivileges, hostingCases("hosting", func(s string) string { return `hosting: {` + s + `}` }))
	expectPrivileged(t, planPrivileges, map[string][]string{
		`resellerRef: {external: north}`:                                                     {"resellerRef"},
		`webServer: {additionalHTTP: "CustomLog \"|/bin/sh\" x"}`:                            {"webServer.additionalHTTP"},
		`webServer: {additionalHTTPS: "# x"}`:                                                {"webServer.additionalHTTPS"},
		`webServer: {additionalNginx: "# x"}`:                                                {"webServer.additionalNginx"},
		`webServer: {restrictFollowSymlinks: false}`:                                         {"webServer.restrictFollowSymlinks"},
		`webServer: {nginxProxyMode: false}`:                                                 {"webServer.nginxProxyMode"},
		`mail: {outgoing: {mailboxLimit: 1000}}`:                                             {"mail.outgoing.mailboxLimit"},
		`mail: {outgoing: {domainLimit: unlimited}}`:                                         {"mail.outgoing.domainLimit"},
		`mail: {outgoing: {subscriptionLimit: default}}`:                                     {"mail.outgoing.subscriptionLimit"},
		`mail: {outgoing: {sendmail: Allowed}}`:                                              {"mail.outgoing.sendmail"},
		`mail: {outgoing: {overlimitPercent: 100}}`:                                          {"mail.outgoing.overlimitPercent"},
		`mail: {mailService: true, webmail: roundcube}`:                                      nil,
		`logRotation: {enabled: true, schedule: Daily}`:                                      nil,
		`hostingType: VirtualHost, preferences: {statisticsMonths: 3, dnsZoneType: Primary}`: nil,
	})
}

func TestCustomerPrivileges(t *testing.T) {
	of := func(t *testing.T, manifest string) []string {
		return privileges(t, Customer{}, &v1alpha1.PleskCustomer{Spec: v1alpha1.PleskCustomerSpec{Login: "acme", ContactName: "Ada"}}, manifest)
	}
	expectPrivileged(t, of, map[string][]string{
		`resellerRef: {external: north}`: {"resellerRef"},
		`email: ada@acme.example, locale: en-US, description: x, address: {city: London}`: nil,
	})
}

func TestZonePrivileges(t *testing.T) {
	of := func(t *testing.T, manifest string) []string {
		site := engine.Resolved{Identity: engine.Identity{ID: "7", GUID: "g"}, Key: engine.Key{Name: "acme.example"}}
		o := parse(t, &v1alpha1.PleskDNSZone{}, manifest)
		_, want, err := DNSZone{}.Desired(o, engine.NewInputs("", map[string]engine.Resolved{"spec.siteRef": site}, nil))
		if err != nil {
			t.Fatal(err)
		}
		return engine.Privileges(DNSZone{}, want)
	}
	expectPrivileged(t, of, map[string][]string{
		`type: Secondary, masterServers: ["192.0.2.53"]`:                             {"masterServers"},
		`type: Primary, enabled: true, soa: {ttl: 1h}`:                               nil,
		`recordPolicy: Exclusive, records: [{name: www, type: A, value: 192.0.2.1}]`: nil,
	})
}

// Which addresses are exclusive only the server knows.
func TestExclusiveAddressesAreNotForTenants(t *testing.T) {
	srv, c := simulated(t)
	for name, x := range map[string]struct {
		addresses, fields []string
	}{
		"the server's choice": {nil, nil},
		"shared ones":         {[]string{"198.51.100.7", "2001:db8::7"}, nil},
		"an exclusive one":    {[]string{"198.51.100.8", "2001:db8::7"}, []string{"ipAddresses (198.51.100.8 is exclusive)"}},
		"one not there":       {[]string{"203.0.113.9"}, nil}, // the server refuses it
	} {
		got, err := Subscription{}.PrivilegedThere(t.Context(), c, subscriptionValue{Addresses: x.addresses})
		if err != nil || !slices.Equal(got, x.fields) {
			t.Errorf("%s: %q, %v; want %q", name, got, err, x.fields)
		}
	}
	srv.Inject(plesksim.Fault{Operator: "ip", Operation: "get", Code: xmlapi.CodeFailed})
	if _, err := (Subscription{}).PrivilegedThere(t.Context(), c, subscriptionValue{Addresses: []string{"198.51.100.8"}}); err == nil {
		t.Error("an unanswered question permits the address")
	}
}
