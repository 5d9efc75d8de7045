// Subscriptions from add to del: their data, names, filters, addresses, and what is refused.

package plesksim

import (
	"fmt"
	"strings"
	"testing"
)

// virtual is hosting settings with a system user, and whatever else is given.
func virtual(login string, more ...string) string {
	return `<hosting><vrt_hst><property><name>ftp_login</name><value>` + login + `</value></property>` +
		`<property><name>ftp_password</name><value>vX9!rTq27#</value></property>` + strings.Join(more, "") + `</vrt_hst></hosting>`
}

func prop(name, value string) string {
	return `<property><name>` + name + `</name><value>` + value + `</value></property>`
}

func limit(name, value string) string {
	return `<limit><name>` + name + `</name><value>` + value + `</value></limit>`
}

func permission(name, value string) string {
	return `<permission><name>` + name + `</name><value>` + value + `</value></permission>`
}

// has sends operators and looks for parts in the answer.
func (c *client) has(operators string, parts ...string) {
	c.t.Helper()
	body := []byte(squeeze(c.post("<packet>" + operators + "</packet>")))
	for _, part := range parts {
		contains(c.t, body, squeeze(part))
	}
}

// lacks sends operators and makes sure that parts are not in the answer, which must be a success.
func (c *client) lacks(operators string, parts ...string) {
	c.t.Helper()
	body := squeeze(c.post("<packet>" + operators + "</packet>"))
	if strings.Contains(body, "<status>error</status>") {
		c.t.Errorf("failed: %s", body)
	}
	for _, part := range parts {
		if strings.Contains(body, squeeze(part)) {
			c.t.Errorf("%s\ncontains %s", body, squeeze(part))
		}
	}
}

// added sends a webspace/add that must succeed with the id.
func (c *client) added(id int, parts string) {
	c.t.Helper()
	c.ask(`<webspace><add>`+parts+`</add></webspace>`,
		fmt.Sprintf(`<webspace><add><result><status>ok</status><id>%d</id><guid>§</guid></result></add></webspace>`, id))
}

// changed sends a webspace/set of one subscription that must succeed.
func (c *client) changed(id int, values string) {
	c.t.Helper()
	c.ask(fmt.Sprintf(`<webspace><set><filter><id>%d</id></filter><values>%s</values></set></webspace>`, id, values),
		fmt.Sprintf(`<webspace><set><result><status>ok</status><filter-id>%d</filter-id><id>%d</id></result></set></webspace>`, id, id))
}

// refusedSet sends a webspace/set of one subscription that must fail.
func (c *client) refusedSet(id int, values, code string) {
	c.t.Helper()
	c.ask(fmt.Sprintf(`<webspace><set><filter><id>%d</id></filter><values>%s</values></set></webspace>`, id, values),
		fmt.Sprintf(`<webspace><set><result>%s<filter-id>%d</filter-id><id>%d</id></result></set></webspace>`, failed(code), id, id))
}

// about reads blocks of one subscription.
func about(id int, blocks string) string {
	return fmt.Sprintf(`<webspace><get><filter><id>%d</id></filter><dataset>%s</dataset></get></webspace>`, id, blocks)
}

// The example of operators-accounts-server §3.1, what get says about it, and what is left when it is deleted.
func TestWebspaceLifecycle(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	c := start(t, s)
	c.added(1, `<gen_setup><name>shop.birch.test</name><owner-id>2</owner-id><htype>vrt_hst</htype><ip_address>198.51.100.7</ip_address>
		<status>0</status><external-id>k8s-5f1c</external-id></gen_setup>`+
		virtual("birchshop", prop("php_handler_id", "plesk-php82-fpm"), `<ip_address>198.51.100.7</ip_address>`)+`<plan-name>Unlimited</plan-name>`)
	c.ask(`<webspace><get><filter><external-id>k8s-5f1c</external-id></filter><dataset><hosting/><gen_info/></dataset></get></webspace>`,
		`<webspace><get><result><status>ok</status><filter-id>k8s-5f1c</filter-id><id>1</id><data>
		<gen_info><cr_date>2025-03-02</cr_date><name>shop.birch.test</name><ascii-name>shop.birch.test</ascii-name><status>0</status>
		<real_size>0</real_size><owner-id>2</owner-id><owner-login>alder</owner-login><dns_ip_address>198.51.100.7</dns_ip_address>
		<htype>vrt_hst</htype><guid>§</guid><vendor-guid>§</vendor-guid><external-id>k8s-5f1c</external-id><description/>
		<admin-description/><reseller-description/></gen_info>
		<hosting><vrt_hst>`+prop("ftp_login", "birchshop")+prop("ftp_password", "§")+prop("ftp_password_type", "crypt")+
			prop("www_root", "/var/www/vhosts/shop.birch.test/httpdocs")+prop("ssl", "true")+prop("ssl-redirect", "false")+
			prop("seo-redirect", "none")+prop("webstat", "awstats")+prop("webstat_protected", "true")+prop("errdocs", "false")+
			prop("wu_script", "true")+prop("shell", "/bin/false")+prop("ftp_quota", "-1")+prop("php_handler_id", "plesk-php82-fpm")+
			prop("php_served_by_nginx", "false")+prop("unpaid_website_status", "suspended")+prop("ssi", "false")+prop("php", "true")+
			prop("cgi", "false")+prop("perl", "false")+prop("python", "false")+prop("fastcgi", "false")+prop("cgi_mode", "www-root")+
			prop("waf-rule-engine", "off")+prop("certificate_name", "default certificate")+
			`<ip_address>198.51.100.7</ip_address></vrt_hst></hosting></data></result></get></webspace>`)
	c.lacks(about(1, `<hosting/><hosting-basic/>`), "vX9!rTq27#")
	// The main site, its zone and the events; ids are shared.
	c.has(`<dns><get><filter><site-id>1</site-id></filter></get></dns>`, `<site-id>1</site-id><zone_type>master</zone_type><zone_status>enabled</zone_status>`)
	c.has(`<customer><get-domain-list><filter><login>alder</login></filter></get-domain-list></customer>`,
		`<domain><id>1</id><name>shop.birch.test</name><ascii-name>shop.birch.test</ascii-name><type>domain</type><main>true</main>`)
	c.has(`<event_log><get_events/></event_log>`, `<type>created</type><time>1740909600</time><class>domain</class><obj_id>1</obj_id>`,
		`<type>created</type><time>1740909600</time><class>phosting</class><obj_id>1</obj_id>`,
		`<type>updated</type><time>1740909600</time><class>dns_zone</class><obj_id>1</obj_id>`)

	c.ask(`<webspace><del><filter><name>SHOP.birch.test</name><name>shop.birch.test</name></filter></del></webspace>`,
		`<webspace><del><result><status>ok</status><filter-id>SHOP.birch.test</filter-id><id>1</id></result>
		<result>`+failed("1013")+`<filter-id>shop.birch.test</filter-id></result></del></webspace>`)
	c.ask(`<dns><get_rec><filter/></get_rec></dns>`, `<dns><get_rec/></dns>`)
	c.has(`<event_log><get_events/></event_log>`, `<type>deleted</type><time>1740909600</time><class>phosting</class><obj_id>1</obj_id>`,
		`<type>deleted</type><time>1740909600</time><class>domain</class><obj_id>1</obj_id>`)
	c.has(`<customer><get><filter><login>alder</login></filter><dataset/></get></customer>`, `<status>ok</status>`)
	// The names are free again, the id is not.
	c.added(2, `<gen_setup><name>shop.birch.test</name><external-id>k8s-5f1c</external-id></gen_setup>`+virtual("birchshop"))
}

// Every block, in the order of the schema whatever the order of the request, of a subscription without hosting and without plan.
func TestWebspaceDataset(t *testing.T) {
	c := start(t, newServer(t))
	c.added(1, `<gen_setup><name>mail.test</name><ip_address>198.51.100.7</ip_address><ip_address>2001:db8:0::7</ip_address>
		<description>only mail</description><admin-description>for us</admin-description></gen_setup>
		<limits><overuse>notify</overuse>`+limit("disk_space", "2147483648")+limit("max_box", "0")+`</limits>
		<prefs><stat_ttl>6</stat_ttl><www>false</www></prefs>
		<performance><bandwidth>12.5</bandwidth><max_connections>20</max_connections></performance>
		<permissions>`+permission("manage_dns", "1")+`</permissions>
		<php-settings><setting><name>memory_limit</name><value>256M</value></setting></php-settings>
		<mail><nonexistent-user><bounce>nobody here</bounce></nonexistent-user><outgoing-messages-mbox-limit>50</outgoing-messages-mbox-limit></mail>`)
	limits := `<overuse>notify</overuse>` + limit("disk_space", "2147483648")
	for _, name := range strings.Fields(`disk_space_soft max_traffic max_traffic_soft max_site max_subdom max_dom_aliases max_wu max_subftp_users
		max_db max_box mbox_quota max_maillists max_webapps max_site_builder max_unity_mobile_sites upsell_site_builder expiration`) {
		value := "-1"
		if name == "max_box" {
			value = "0"
		}
		limits += limit(name, value)
	}
	permissions := ""
	for _, name := range strings.Fields(`manage_phosting_ssi manage_phosting_php manage_phosting_cgi manage_phosting_perl manage_phosting_python
		manage_phosting_fastcgi manage_sh_access manage_phosting_errdocs manage_phosting_ssl manage_phosting_webdeploy manage_dns manage_phosting
		manage_php_settings manage_php_version allow_insecure_sites manage_not_chroot_shell manage_anonftp manage_crontab manage_spamfilter
		manage_virusfilter allow_local_backups allow_ftp_backups allow_account_local_backups allow_account_ftp_backups manage_webstat manage_log
		access_appcatalog create_domains manage_subdomains manage_domain_aliases manage_subftp manage_mail_settings manage_maillists
		manage_mail_autodiscover manage_performance manage_quota select_db_server remote_db_connection manage_website_maintenance
		manage_protected_dirs access_service_users`) {
		permissions += permission(name, fmt.Sprint(name == "manage_dns"))
	}
	usage := ""
	for _, name := range strings.Fields(`disk_space max_traffic max_site max_subdom max_dom_aliases max_wu max_subftp_users max_db max_box max_maillists`) {
		value := "0"
		if name == "max_site" {
			value = "1"
		}
		usage += `<resource><name>` + name + `</name><value>` + value + `</value></resource>`
	}
	c.ask(about(1, `<packages/><aps-filter/><mail/><resource-usage/><php-settings/><plan-items/><permissions/><subscriptions/><performance/>
		<disk_usage/><prefs/><stat/><limits/><hosting-basic/><hosting/><gen_info/>`),
		`<webspace><get><result><status>ok</status><filter-id>1</filter-id><id>1</id><data>
		<gen_info><cr_date>2025-03-02</cr_date><name>mail.test</name><ascii-name>mail.test</ascii-name><status>0</status><real_size>0</real_size>
		<owner-id>1</owner-id><owner-login>admin</owner-login><dns_ip_address>198.51.100.7</dns_ip_address><dns_ip_address>2001:db8::7</dns_ip_address>
		<htype>none</htype><guid>§</guid><vendor-guid>§</vendor-guid><external-id/><description>only mail</description>
		<admin-description>for us</admin-description><reseller-description/></gen_info>
		<hosting><none/></hosting><hosting-basic><none/></hosting-basic>
		<limits>`+limits+`</limits>
		<stat><traffic>0</traffic><subdom>0</subdom><wu>0</wu><box>0</box><redir>0</redir><mg>0</mg><resp>0</resp><maillists>0</maillists><db>0</db>
		<mssql_db>0</mssql_db><traffic_prevday>0</traffic_prevday><domains>1</domains><sites>1</sites></stat>
		<prefs><www>false</www><stat_ttl>6</stat_ttl></prefs>
		<disk_usage><httpdocs>0</httpdocs><httpsdocs>0</httpsdocs><subdomains>0</subdomains><web_users>0</web_users><anonftp>0</anonftp><logs>0</logs>
		<dbases>0</dbases><mailboxes>0</mailboxes><maillists>0</maillists><domaindumps>0</domaindumps><configs>0</configs><chroot>0</chroot></disk_usage>
		<performance><bandwidth>12.5</bandwidth><max_connections>20</max_connections></performance>
		<subscriptions/>
		<permissions>`+permissions+`</permissions><plan-items/>
		<php-settings><setting><name>open_basedir</name><value>§</value></setting><setting><name>memory_limit</name><value>256M</value></setting></php-settings>
		<resource-usage>`+usage+`</resource-usage>
		<mail><nonexistent-user><bounce>nobody here</bounce></nonexistent-user><webmail>roundcube</webmail><spam-protect-sign>false</spam-protect-sign>
		<greylisting>false</greylisting><mailservice>true</mailservice><ip_address>198.51.100.7</ip_address><ip_address>2001:db8::7</ip_address>
		<mail-provider><local/></mail-provider><outgoing-messages-mbox-limit>50</outgoing-messages-mbox-limit>
		<outgoing-messages-domain-limit>default</outgoing-messages-domain-limit><outgoing-messages-subscription-limit>default</outgoing-messages-subscription-limit>
		<outgoing-messages-enable-sendmail>default</outgoing-messages-enable-sendmail></mail>
		<aps-filter>false</aps-filter><packages/></data></result></get></webspace>`)
}

// What the schema lets through and the operation refuses, with the code of operators-accounts-server §3.1.
func TestWebspaceAddRefusals(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	addReseller(t, s, "birch")
	behind(t, s, `<service-plan><add><name>birch-plan</name><owner-login>birch</owner-login></add></service-plan>`,
		`<service-plan><add><result><status>ok</status><id>5</id><guid>§</guid></result></add></service-plan>`)
	c := start(t, s)
	c.added(1, `<gen_setup><name>taken.test</name><external-id>k8s-1</external-id></gen_setup>`+virtual("taken"))
	c.added(2, `<gen_setup><name>dedicated.test</name><owner-login>alder</owner-login><ip_address>198.51.100.8</ip_address></gen_setup>`)
	name := `<name>new.test</name>`
	for _, test := range []struct{ name, parts, code string }{
		{"no name", `<gen_setup><htype>none</htype></gen_setup>`, "1019"},
		{"empty gen_setup", `<gen_setup/>`, "1019"},
		{"one label", `<gen_setup><name>localhost</name></gen_setup>`, "1019"},
		{"an address", `<gen_setup><name>192.0.2.1</name></gen_setup>`, "1019"},
		{"blank in the name", `<gen_setup><name>a b.test</name></gen_setup>`, "1019"},
		{"hyphen at the edge", `<gen_setup><name>-a.test</name></gen_setup>`, "1019"},
		{"wildcard", `<gen_setup><name>*.new.test</name></gen_setup>`, "1019"},
		{"name taken in other case", `<gen_setup><name>TAKEN.test</name></gen_setup>`, "1007"},
		{"host of a record", `<gen_setup><name>www.taken.test</name></gen_setup>`, "1007"},
		{"external id taken", `<gen_setup>` + name + `<external-id>k8s-1</external-id></gen_setup>`, "1007"},
		{"unknown owner id", `<gen_setup>` + name + `<owner-id>77</owner-id></gen_setup>`, "1015"},
		{"owner 0", `<gen_setup>` + name + `<owner-id>0</owner-id></gen_setup>`, "1015"},
		{"unknown owner login", `<gen_setup>` + name + `<owner-login>nobody</owner-login></gen_setup>`, "1015"},
		{"unknown owner guid", `<gen_setup>` + name + `<owner-guid>5b0c6c0e-6f1d-4a57-9d0c-2f6c1a8e4b10</owner-guid></gen_setup>`, "1015"},
		{"empty owner external id", `<gen_setup>` + name + `<owner-external-id/></gen_setup>`, "1015"},
		{"unknown plan", `<gen_setup>` + name + `</gen_setup><plan-name>Nothing</plan-name>`, "1013"},
		{"unknown plan id", `<gen_setup>` + name + `</gen_setup><plan-id>77</plan-id>`, "1013"},
		{"plan of another provider", `<gen_setup>` + name + `</gen_setup><plan-name>birch-plan</plan-name>`, "1013"},
		{"unknown address", `<gen_setup>` + name + `<ip_address>192.0.2.9</ip_address></gen_setup>`, "1018"},
		{"no address at all", `<gen_setup>` + name + `<ip_address>nonsense</ip_address></gen_setup>`, "1018"},
		{"address outside the reseller's pool", `<gen_setup>` + name + `<owner-login>birch</owner-login><ip_address>198.51.100.7</ip_address></gen_setup>`, "1018"},
		{"empty pool", `<gen_setup>` + name + `<owner-login>birch</owner-login></gen_setup>`, "1018"},
		{"somebody's exclusive address", `<gen_setup>` + name + `<ip_address>198.51.100.8</ip_address></gen_setup>`, "1018"},
		{"two IPv4 addresses", `<gen_setup>` + name + `<ip_address>198.51.100.7</ip_address><ip_address>198.51.100.8</ip_address></gen_setup>`, "1018"},
		{"status that is only read", `<gen_setup>` + name + `<status>4</status></gen_setup>`, "1025"},
		{"status of sites", `<gen_setup>` + name + `<status>8</status></gen_setup>`, "1025"},
		{"status that is no number", `<gen_setup>` + name + `<status>off</status></gen_setup>`, "1025"},
		{"htype without hosting", `<gen_setup>` + name + `<htype>vrt_hst</htype></gen_setup>`, "1019"},
		{"htype against hosting", `<gen_setup>` + name + `<htype>std_fwd</htype></gen_setup>` + virtual("fresh"), "1019"},
		{"no system user", `<gen_setup>` + name + `</gen_setup><hosting><vrt_hst>` + prop("ftp_password", "vX9!rTq27#") + `</vrt_hst></hosting>`, "1019"},
		{"no password", `<gen_setup>` + name + `</gen_setup><hosting><vrt_hst>` + prop("ftp_login", "fresh") + `</vrt_hst></hosting>`, "1019"},
		{"weak password", `<gen_setup>` + name + `</gen_setup><hosting><vrt_hst>` + prop("ftp_login", "fresh") + prop("ftp_password", "abcdef") + `</vrt_hst></hosting>`, "1019"},
		{"login with a blank", `<gen_setup>` + name + `</gen_setup>` + virtual("a b"), "1019"},
		{"login that begins with a digit", `<gen_setup>` + name + `</gen_setup>` + virtual("1abc"), "1019"},
		{"login of 33", `<gen_setup>` + name + `</gen_setup>` + virtual(strings.Repeat("x", 33)), "1019"},
		{"login taken", `<gen_setup>` + name + `</gen_setup>` + virtual("Taken"), "1007"},
		{"login of the system", `<gen_setup>` + name + `</gen_setup>` + virtual("root"), "1007"},
		{"unknown property", `<gen_setup>` + name + `</gen_setup>` + virtual("fresh", prop("frontpage", "true")), "1019"},
		{"boolean in words", `<gen_setup>` + name + `</gen_setup>` + virtual("fresh", prop("ssl", "yes")), "1019"},
		{"boolean as number", `<gen_setup>` + name + `</gen_setup>` + virtual("fresh", prop("ssl", "1")), "1019"},
		{"disabled handler", `<gen_setup>` + name + `</gen_setup>` + virtual("fresh", prop("php_handler_id", "plesk-php74-fpm")), "1019"},
		{"unknown shell", `<gen_setup>` + name + `</gen_setup>` + virtual("fresh", prop("shell", "/bin/zsh")), "1019"},
		{"statistics that are not installed", `<gen_setup>` + name + `</gen_setup>` + virtual("fresh", prop("webstat", "webalizer")), "1019"},
		{"quota below unlimited", `<gen_setup>` + name + `</gen_setup>` + virtual("fresh", prop("ftp_quota", "-2")), "1019"},
		{"root outside the home", `<gen_setup>` + name + `</gen_setup>` + virtual("fresh", prop("www_root", "../../etc")), "1019"},
		{"root of the home's root", `<gen_setup>` + name + `</gen_setup>` + virtual("fresh", prop("www_root", "/")), "1019"},
		{"forwarding to nowhere", `<gen_setup>` + name + `</gen_setup><hosting><std_fwd><dest_url>http://</dest_url></std_fwd></hosting>`, "1019"},
		{"forwarding with another scheme", `<gen_setup>` + name + `</gen_setup><hosting><frm_fwd><dest_url>mailto://a.test</dest_url></frm_fwd></hosting>`, "1019"},
		{"forwarding code", `<gen_setup>` + name + `</gen_setup><hosting><std_fwd><dest_url>http://a.test</dest_url><http_code>404</http_code></std_fwd></hosting>`, "1019"},
		{"unknown limit", `<gen_setup>` + name + `</gen_setup><limits>` + limit("max_fun", "1") + `</limits>`, "1019"},
		{"limit below unlimited", `<gen_setup>` + name + `</gen_setup><limits>` + limit("max_db", "-2") + `</limits>`, "1019"},
		{"unknown permission", `<gen_setup>` + name + `</gen_setup><permissions>` + permission("fly", "true") + `</permissions>`, "1019"},
		{"no bandwidth", `<gen_setup>` + name + `</gen_setup><performance><bandwidth>0</bandwidth></performance>`, "1019"},
		{"PHP setting with a blank", `<gen_setup>` + name + `</gen_setup><php-settings><setting><name>a b</name><value/></setting></php-settings>`, "1019"},
		{"statistics for no month", `<gen_setup>` + name + `</gen_setup><prefs><stat_ttl>0</stat_ttl></prefs>`, "1019"},
		{"statistics for ever", `<gen_setup>` + name + `</gen_setup><prefs><stat_ttl>1000000</stat_ttl></prefs>`, "1019"},
		{"limit of outgoing mail in prefs", `<gen_setup>` + name + `</gen_setup><prefs><outgoing-messages-domain-limit>few</outgoing-messages-domain-limit></prefs>`, "1019"},
		{"mail limit", `<gen_setup>` + name + `</gen_setup><mail><outgoing-messages-mbox-limit>many</outgoing-messages-mbox-limit></mail>`, "1019"},
		{"mail provider that is no package", `<gen_setup>` + name + `</gen_setup><mail><mail-provider><aps><package-uid>1</package-uid></aps></mail-provider></mail>`, "1013"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(`<webspace><add>`+test.parts+`</add></webspace>`, `<webspace><add><result>`+failed(test.code)+`</result></add></webspace>`)
		})
	}
	// None of them left anything behind: neither an object, nor a name, nor a login, nor an id.
	c.added(3, `<gen_setup>`+name+`</gen_setup>`+virtual("fresh"))
	c.ask(`<webspace><get><filter/><dataset/></get></webspace>`, `<webspace><get>`+found("1", "1")+found("2", "2")+found("3", "3")+`</get></webspace>`)
}

// found is the result about one subscription without any block.
func found(filterID, id string) string {
	return `<result><status>ok</status><filter-id>` + filterID + `</filter-id><id>` + id + `</id><data/></result>`
}

// An exclusive address serves one customer, or one reseller with all of their customers.
func TestExclusiveAddresses(t *testing.T) {
	s := newServer(t)
	addReseller(t, s, "birch")
	addCustomer(t, s, "alder")
	addCustomer(t, s, "elm")
	behind(t, s, `<customer><add><gen_info><pname>O</pname><login>oak</login><passwd>pass-42x</passwd><owner-login>birch</owner-login></gen_info></add></customer>`,
		`<customer><add><result><status>ok</status><id>5</id><guid>§</guid></result></add></customer>`)
	c := start(t, s)
	add := func(owner, name string) string {
		return `<gen_setup><name>` + name + `</name><owner-login>` + owner + `</owner-login><ip_address>198.51.100.8</ip_address></gen_setup>`
	}
	c.added(1, add("alder", "a1.test"))
	c.added(2, add("alder", "a2.test"))
	c.ask(`<webspace><add>`+add("elm", "e.test")+`</add></webspace>`, `<webspace><add><result>`+failed("1018")+`</result></add></webspace>`)
	c.has(`<webspace><del><filter><owner-login>alder</owner-login></filter></del></webspace>`, `<status>ok</status>`)
	s.inside(func(c *call) {
		c.accountsByLogin.First("birch").Addresses = []poolAddress{{Address: "198.51.100.8", Type: "exclusive"}}
	})
	c.ask(`<webspace><add>`+add("elm", "e.test")+`</add></webspace>`, `<webspace><add><result>`+failed("1018")+`</result></add></webspace>`)
	c.added(3, add("birch", "b.test"))
	c.added(4, add("oak", "o.test"))
}

// inside runs f as an operation of the administrator's, for objects that no operator makes.
func (s *Server) inside(f func(*call)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&call{state: s.state, opts: &s.opts, who: caller{account: adminID, login: "admin", role: administrator, host: "127.0.0.1"}, version: NewestVersion, now: s.opts.Clock()})
}

func TestWebspaceFilters(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	addCustomer(t, s, "oak")
	c := start(t, s)
	c.ask(`<webspace><get><filter/><dataset/></get></webspace>`, `<webspace><get>`+okOnly+`</get></webspace>`)
	c.added(1, `<gen_setup><name>one.test</name><owner-login>alder</owner-login></gen_setup>`)
	c.added(2, `<gen_setup><name>two.test</name><owner-login>alder</owner-login><external-id>x2</external-id></gen_setup>`)
	c.added(3, `<gen_setup><name>three.test</name></gen_setup>`)
	behind(t, s, `<customer><set><filter><login>alder</login></filter><values><gen_info><external-id>cust-1</external-id></gen_info></values></set></customer>`,
		`<customer><set><result><status>ok</status><filter-id>alder</filter-id><id>2</id></result></set></customer>`)
	missing := func(filterID, code string) string {
		return `<result>` + failed(code) + `<filter-id>` + filterID + `</filter-id></result>`
	}
	for _, test := range []struct{ name, filter, want string }{
		{"all by id", ``, found("1", "1") + found("2", "2") + found("3", "3")},
		{"order of the values", `<id>3</id><id>1</id>`, found("3", "3") + found("1", "1")},
		{"one missing", `<name>two.test</name><name>four.test</name><name>one.test</name>`, found("two.test", "2") + missing("four.test", "1013") + found("one.test", "1")},
		{"by owner", `<owner-login>alder</owner-login><owner-login>admin</owner-login>`, found("alder", "1") + found("alder", "2") + found("admin", "3")},
		{"by owner's id", `<owner-id>2</owner-id>`, found("2", "1") + found("2", "2")},
		{"by owner's external id", `<owner-external-id>cust-1</owner-external-id>`, found("cust-1", "1") + found("cust-1", "2")},
		{"owner without subscriptions", `<owner-login>oak</owner-login>`, okOnly},
		{"unknown owner", `<owner-login>elm</owner-login>`, missing("elm", "1015")},
		{"external id", `<external-id>x2</external-id>`, found("x2", "2")},
		{"unknown external id", `<external-id>x3</external-id>`, missing("x3", "1013")},
		{"malformed name", `<name>a b</name>`, missing("a b", "1013")},
		{"unknown id", `<id>99</id>`, missing("99", "1013")},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(`<webspace><get><filter>`+test.filter+`</filter><dataset/></get></webspace>`, `<webspace><get>`+test.want+`</get></webspace>`)
		})
	}
}

// Deleting a customer deletes their subscriptions; deleting everything by an empty filter works too.
func TestWebspaceCascades(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	c := start(t, s)
	c.added(1, `<gen_setup><name>one.test</name><owner-login>alder</owner-login></gen_setup>`+virtual("one"))
	c.added(2, `<gen_setup><name>two.test</name></gen_setup>`)
	c.added(3, `<gen_setup><name>three.test</name></gen_setup>`)
	c.has(`<customer><del><filter><login>alder</login></filter></del></customer>`, `<status>ok</status>`)
	c.ask(`<webspace><get><filter><name>one.test</name></filter><dataset/></get></webspace>`,
		`<webspace><get><result>`+failed("1013")+`<filter-id>one.test</filter-id></result></get></webspace>`)
	c.ask(`<webspace><del><filter/></del></webspace>`, `<webspace><del><result><status>ok</status><filter-id>2</filter-id><id>2</id></result>
		<result><status>ok</status><filter-id>3</filter-id><id>3</id></result></del></webspace>`)
	c.ask(`<webspace><del><filter/></del></webspace>`, `<webspace><del>`+okOnly+`</del></webspace>`)
	c.added(4, `<gen_setup><name>one.test</name></gen_setup>`+virtual("one"))
}
