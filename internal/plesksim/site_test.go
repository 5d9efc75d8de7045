// Sites from add to del: hosting, names, status, limits, callers.

package plesksim

import (
	"fmt"
	"strings"
	"testing"
)

// hosted is a server with the customer alder (id 2), who has the subscription main.test (id 1) with web hosting, and its
// administrator's client.
func hosted(t *testing.T, change ...func(*Options)) (*Server, *client) {
	t.Helper()
	s := newServer(t, change...)
	addCustomer(t, s, "alder")
	c := start(t, s)
	c.added(1, `<gen_setup><name>main.test</name><owner-id>2</owner-id><ip_address>198.51.100.7</ip_address><ip_address>2001:db8::7</ip_address>
		</gen_setup>`+virtual("alderweb"))
	return s, c
}

// grant gives subscription 1 permissions.
func grant(c *client, names ...string) {
	c.t.Helper()
	var given string
	for _, name := range names {
		given += permission(name, "true")
	}
	c.changed(1, `<permissions>`+given+`<revoke-all/></permissions>`)
}

// madeSite sends a site/add that must succeed with the id.
func (c *client) madeSite(id int, parts string) {
	c.t.Helper()
	c.ask(`<site><add>`+parts+`</add></site>`,
		fmt.Sprintf(`<site><add><result><status>ok</status><id>%d</id><guid>§</guid></result></add></site>`, id))
}

// done is a result of an operation with a filter that did what was asked.
func done(filterID string, id int) string {
	return fmt.Sprintf(`<result><status>ok</status><filter-id>%s</filter-id><id>%d</id></result>`, filterID, id)
}

// gone is the result for a filter value that names nothing.
func gone(code, filterID string) string {
	return `<result>` + failed(code) + `<filter-id>` + filterID + `</filter-id></result>`
}

// sitesProperties are the properties of a site beside the main one, in the order in which they are listed.
func sitesProperties(changed map[string]string) string {
	values := map[string]string{
		"ssl": "true", "webstat": "awstats", "webstat_protected": "true", "php_handler_id": "plesk-php83-fpm", "php": "true",
		"seo-redirect": "none", "cgi_mode": "www-root", "waf-rule-engine": "off", "certificate_name": "default certificate",
		"nginx-proxy-mode": "true",
	}
	var out strings.Builder
	for _, name := range strings.Fields(`www_root ssl ssl-redirect seo-redirect webstat webstat_protected errdocs php_handler_id php_served_by_nginx
		ssi php cgi perl python fastcgi cgi_mode waf-rule-engine certificate_name nginx-proxy-mode`) {
		value, known := values[name]
		if !known {
			value = "false"
		}
		if other, ok := changed[name]; ok {
			value = other
		}
		out.WriteString(prop(name, value))
	}
	return out.String()
}

func TestSiteLifecycle(t *testing.T) {
	_, c := hosted(t)
	c.madeSite(2, `<gen_setup><name>Addon.test</name><htype>vrt_hst</htype><status>0</status><webspace-name>main.test</webspace-name>
		<description>second</description></gen_setup>
		<hosting><vrt_hst>`+prop("php_handler_id", "plesk-php82-fpm")+prop("ssl", "false")+prop("memory_limit", "256M")+prop("ftp_login", "unused")+`</vrt_hst></hosting>
		<prefs><www>false</www></prefs><performance><bandwidth>12.5</bandwidth></performance><mail><mailservice>false</mailservice></mail>`)
	// Every block in the order of the schema; the document root below the home, the addresses the subscription's.
	c.ask(`<site><get><filter><name>addon.test</name></filter><dataset><performance/><disk_usage/><prefs/><stat/><hosting/><gen_info/></dataset></get></site>`,
		`<site><get><result><status>ok</status><filter-id>addon.test</filter-id><id>2</id><data>
		<gen_info><cr_date>2025-03-02</cr_date><name>addon.test</name><ascii-name>addon.test</ascii-name><status>0</status><real_size>0</real_size>
		<dns_ip_address>198.51.100.7</dns_ip_address><dns_ip_address>2001:db8::7</dns_ip_address><htype>vrt_hst</htype><guid>§</guid>
		<webspace-guid>§</webspace-guid><webspace-id>1</webspace-id><description>second</description></gen_info>
		<hosting><vrt_hst>`+sitesProperties(map[string]string{"www_root": "/var/www/vhosts/main.test/addon.test", "ssl": "false", "php_handler_id": "plesk-php82-fpm"})+
			prop("memory_limit", "256M")+`<ip_address>198.51.100.7</ip_address><ip_address>2001:db8::7</ip_address></vrt_hst></hosting>
		<stat><traffic>0</traffic><subdom>0</subdom><wu>0</wu><box>0</box><redir>0</redir><mg>0</mg><resp>0</resp><maillists>0</maillists><db>0</db>
		<mssql_db>0</mssql_db><traffic_prevday>0</traffic_prevday></stat>
		<prefs><www>false</www><stat_ttl>3</stat_ttl></prefs>
		<disk_usage><httpdocs>0</httpdocs><httpsdocs>0</httpsdocs><subdomains>0</subdomains><web_users>0</web_users><anonftp>0</anonftp><logs>0</logs>
		<dbases>0</dbases><mailboxes>0</mailboxes><maillists>0</maillists><domaindumps>0</domaindumps><configs>0</configs><chroot>0</chroot></disk_usage>
		<performance><bandwidth>12.5</bandwidth><max_connections>-1</max_connections></performance></data></result></get></site>`)
	// What comes with it: a zone, the mail preferences, an entry in the inventory, its share of the limit, events.
	c.has(`<dns><get><filter><site-id>2</site-id></filter></get></dns>`, `<site-id>2</site-id><zone_type>master</zone_type>`)
	c.has(`<dns><get_rec><filter><dns-zone-name>addon.test</dns-zone-name></filter></get_rec></dns>`, `<host>www.addon.test.</host>`)
	c.has(`<mail><get_prefs><filter><site-id>2</site-id></filter></get_prefs></mail>`, `<mailservice>false</mailservice>`)
	c.has(`<customer><get-domain-list><filter><login>alder</login></filter></get-domain-list></customer>`,
		`<domain><id>2</id><name>addon.test</name><ascii-name>addon.test</ascii-name><type>domain</type><main>false</main>`)
	c.has(about(1, `<stat/><resource-usage/>`), `<domains>2</domains><sites>2</sites>`, `<resource><name>max_site</name><value>2</value></resource>`)
	c.has(`<event_log><get_events/></event_log>`, `<type>created</type><time>1740909600</time><class>site</class><obj_id>2</obj_id>`,
		`<type>updated</type><time>1740909600</time><class>site_dns_zone</class><obj_id>2</obj_id>`,
		`<type>created</type><time>1740909600</time><class>phosting</class><obj_id>2</obj_id>`)

	c.ask(`<site><del><filter><name>addon.test</name><name>addon.test</name></filter></del></site>`,
		`<site><del>`+done("addon.test", 2)+gone("1013", "addon.test")+`</del></site>`)
	c.lacks(`<dns><get_rec><filter/></get_rec></dns>`, `addon.test`)
	c.has(`<event_log><get_events/></event_log>`, `<type>deleted</type><time>1740909600</time><class>site</class><obj_id>2</obj_id>`)
	c.madeSite(3, `<gen_setup><name>addon.test</name><webspace-id>1</webspace-id></gen_setup>`)
}

// A site without hosting, and each kind of forwarding.
func TestSitesHostingTypes(t *testing.T) {
	_, c := hosted(t)
	c.madeSite(2, `<gen_setup><name>bare.test</name><webspace-id>1</webspace-id></gen_setup>`)
	hostingOf := func(id int, want string) {
		t.Helper()
		c.has(fmt.Sprintf(`<site><get><filter><id>%d</id></filter><dataset><gen_info/><hosting/></dataset></get></site>`, id), want)
	}
	hostingOf(2, `<hosting><none/></hosting>`)
	hostingOf(2, `<htype>none</htype>`)
	const both = `<ip_address>198.51.100.7</ip_address><ip_address>2001:db8::7</ip_address>`
	c.madeSite(3, `<gen_setup><name>forward.test</name><htype>std_fwd</htype><webspace-id>1</webspace-id></gen_setup>
		<hosting><std_fwd><dest_url>https://elsewhere.test/</dest_url><http_code>302</http_code></std_fwd></hosting>`)
	hostingOf(3, `<hosting><std_fwd><dest_url>https://elsewhere.test/</dest_url><http_code>302</http_code>`+both+`</std_fwd></hosting>`)
	c.ask(`<site><set><filter><id>3</id></filter><values><hosting><frm_fwd><dest_url>elsewhere.test</dest_url></frm_fwd></hosting></values></set></site>`,
		`<site><set>`+done("3", 3)+`</set></site>`)
	hostingOf(3, `<hosting><frm_fwd><dest_url>http://elsewhere.test</dest_url>`+both+`</frm_fwd></hosting>`)
	// The system user is the subscription's: that of another site is neither needed nor lost.
	c.ask(`<site><set><filter><id>2</id></filter><values><hosting><vrt_hst>`+prop("www_root", "sub/docs")+`</vrt_hst></hosting></values></set>
		<set><filter><id>3</id></filter><values><hosting><none/></hosting></values></set></site>`,
		`<site><set>`+done("2", 2)+`</set><set>`+done("3", 3)+`</set></site>`)
	hostingOf(2, prop("www_root", "/var/www/vhosts/main.test/sub/docs"))
	hostingOf(3, `<hosting><none/></hosting>`)
	c.has(about(1, `<hosting/>`), prop("ftp_login", "alderweb"))
}

// What the schema lets through and the operation refuses, leaving nothing behind.
func TestSiteRefusals(t *testing.T) {
	s, c := hosted(t)
	addWebspace(t, s, "admin", "other.test") // 2
	c.madeSite(3, `<gen_setup><name>addon.test</name><webspace-id>1</webspace-id></gen_setup>`)
	in := func(name, more string) string {
		return `<gen_setup><name>` + name + `</name>` + more + `</gen_setup>`
	}
	const one = `<webspace-id>1</webspace-id>`
	for _, test := range []struct{ name, parts, code string }{
		{"name of a main site", in("other.test", one), "1007"},
		{"name of a site", in("ADDON.test", one), "1007"},
		{"name of a host in another zone", in("mail.addon.test", one), "1007"},
		{"bad name", in("no_dots", one), "1019"},
		{"wildcard", in("*.addon2.test", one), "1019"},
		{"no subscription", in("new.test", ""), "1019"},
		{"unknown subscription", in("new.test", `<webspace-name>nowhere.test</webspace-name>`), "1015"},
		{"subscription by the name of an add-on site", in("new.test", `<webspace-name>addon.test</webspace-name>`), "1015"},
		{"unknown parent", in("new.addon.test", `<parent-site-id>77</parent-site-id>`), "1015"},
		{"parent in another subscription", in("new.addon.test", `<webspace-id>2</webspace-id><parent-site-id>3</parent-site-id>`), "1019"},
		{"subdomain not below its parent", in("new.test", `<parent-site-id>3</parent-site-id>`), "1019"},
		{"label alone", in("new", `<parent-site-id>3</parent-site-id>`), "1019"},
		{"status that is only read", in("new.test", `<status>256</status>`+one), "1025"},
		{"status that is no number", in("new.test", `<status>off</status>`+one), "1025"},
		{"type without settings", in("new.test", `<htype>vrt_hst</htype>`+one), "1019"},
		{"type against settings", in("new.test", `<htype>vrt_hst</htype>`+one) + `<hosting><none/></hosting>`, "1019"},
		{"unknown property", in("new.test", one) + `<hosting><vrt_hst>` + prop("quick", "true") + `</vrt_hst></hosting>`, "1019"},
		{"property of the subscription", in("new.test", one) + `<hosting><vrt_hst>` + prop("shell", "/bin/sh") + `</vrt_hst></hosting>`, "1019"},
		{"disabled handler", in("new.test", one) + `<hosting><vrt_hst>` + prop("php_handler_id", "plesk-php74-fpm") + `</vrt_hst></hosting>`, "1019"},
		{"document root outside", in("new.test", one) + `<hosting><vrt_hst>` + prop("www_root", "../x") + `</vrt_hst></hosting>`, "1019"},
		{"bandwidth", in("new.test", one) + `<performance><bandwidth>-3</bandwidth></performance>`, "1019"},
		{"endless bandwidth", in("new.test", one) + `<performance><bandwidth>INF</bandwidth></performance>`, "1019"},
		{"bandwidth that overflows", in("new.test", one) + `<performance><bandwidth>1e999</bandwidth></performance>`, "1019"},
		{"bandwidth that is no number", in("new.test", one) + `<performance><bandwidth>NaN</bandwidth></performance>`, "1019"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(`<site><add>`+test.parts+`</add></site>`, `<site><add><result>`+failed(test.code)+`</result></add></site>`)
		})
	}
	c.ask(`<site><get><filter/><dataset/></get></site>`, `<site><get>`+found("3", "3")+`</get></site>`)
	// A set that is refused changes nothing, the acceptable values included. The main site goes with its subscription only.
	c.ask(`<site><set><filter><id>3</id></filter><values><gen_setup><description>x</description><status>4</status></gen_setup></values></set>
		<set><filter><id>3</id></filter><values><gen_setup><name>other.test</name></gen_setup></values></set>
		<del><filter><id>1</id></filter></del></site>`,
		`<site><set><result>`+failed("1025")+`<filter-id>3</filter-id><id>3</id></result></set>
		<set><result>`+failed("1007")+`<filter-id>3</filter-id><id>3</id></result></set>
		<del><result>`+failed("1006")+`<filter-id>1</filter-id><id>1</id></result></del></site>`)
	c.has(`<site><get><filter><id>3</id></filter><dataset><gen_info/></dataset></get></site>`, `<description/>`, `<name>addon.test</name>`)
}

// Empty filters and those by parents leave main sites out; id, name and guid reach them (protocol-core §11).
func TestSiteFilters(t *testing.T) {
	s, c := hosted(t)
	addWebspace(t, s, "admin", "other.test")                                                                           // 2
	c.madeSite(3, `<gen_setup><name>addon.test</name><webspace-id>1</webspace-id></gen_setup>`)                        // 3
	c.madeSite(4, `<gen_setup><name>sub.addon.test</name><parent-site-name>addon.test</parent-site-name></gen_setup>`) // 4
	c.madeSite(5, `<gen_setup><name>sub.main.test</name><parent-site-id>1</parent-site-id></gen_setup>`)               // 5
	for _, test := range []struct{ name, filter, want string }{
		{"everything", ``, found("3", "3") + found("4", "4") + found("5", "5")},
		{"order of the values", `<id>5</id><id>1</id><id>77</id><id>3</id>`, found("5", "5") + found("1", "1") + gone("1013", "77") + found("3", "3")},
		{"name of a main site", `<name>MAIN.test</name>`, found("MAIN.test", "1")},
		{"subscription", `<parent-name>main.test</parent-name><parent-name>other.test</parent-name>`,
			found("main.test", "3") + found("main.test", "4") + found("main.test", "5")},
		{"subscription by id", `<parent-id>1</parent-id><parent-id>0</parent-id>`, found("1", "3") + found("1", "4") + found("1", "5") + gone("1015", "0")},
		{"subscription without others", `<parent-id>2</parent-id>`, `<result><status>ok</status></result>`},
		{"parent site", `<parent-site-name>addon.test</parent-site-name><parent-site-name>main.test</parent-site-name>`,
			found("addon.test", "4") + found("main.test", "5")},
		{"unknown parent site", `<parent-site-id>77</parent-site-id>`, gone("1015", "77")},
		{"unknown guid", `<guid>nothing</guid>`, gone("1013", "nothing")},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(`<site><get><filter>`+test.filter+`</filter><dataset/></get></site>`, `<site><get>`+test.want+`</get></site>`)
		})
	}
	// A site that goes with the one before it is answered once.
	c.ask(`<site><del><filter><parent-id>1</parent-id></filter></del></site>`, `<site><del>`+done("1", 3)+done("1", 5)+`</del></site>`)
}

func TestEmptySiteListsHaveTwoShapes(t *testing.T) {
	c := start(t, newServer(t, func(o *Options) { o.Empty = EmptyNoResult }))
	c.ask(`<site><get><filter/><dataset/></get></site>`, `<site><get/></site>`)
}

// A rename takes the zone and the subdomains along, and frees the old names.
func TestSiteRename(t *testing.T) {
	_, c := hosted(t)
	c.madeSite(2, `<gen_setup><name>old.test</name><webspace-id>1</webspace-id></gen_setup>`)
	c.madeSite(3, `<gen_setup><name>shop.old.test</name><parent-site-id>2</parent-site-id></gen_setup>`)
	c.madeSite(4, `<gen_setup><name>taken.test</name><webspace-id>1</webspace-id></gen_setup>`)
	c.ask(`<site><set><filter><id>2</id></filter><values><gen_setup><name>müller.test</name><guid/></gen_setup></values></set></site>`,
		`<site><set>`+done("2", 2)+`</set></site>`)
	c.has(`<site><get><filter><id>2</id><id>3</id></filter><dataset><gen_info/></dataset></get></site>`,
		`<name>müller.test</name><ascii-name>xn--mller-kva.test</ascii-name>`, `<name>shop.müller.test</name><ascii-name>shop.xn--mller-kva.test</ascii-name>`)
	c.has(`<dns><get_rec><filter><site-id>2</site-id></filter></get_rec></dns>`, `<host>www.xn--mller-kva.test.</host>`, `<host>shop.xn--mller-kva.test.</host>`)
	c.lacks(`<dns><get_rec><filter/></get_rec></dns>`, `old.test`)
	c.has(`<event_log><get_events/></event_log>`, `<type>guid_changed</type><time>1740909600</time><class>site</class><obj_id>2</obj_id>`)
	c.madeSite(5, `<gen_setup><name>old.test</name><webspace-id>1</webspace-id></gen_setup>`)
	// A subdomain stays below its parent; its records follow it.
	c.ask(`<site><set><filter><id>3</id></filter><values><gen_setup><name>store.müller.test</name></gen_setup></values></set>
		<set><filter><id>3</id></filter><values><gen_setup><name>store.taken.test</name></gen_setup></values></set></site>`,
		`<site><set>`+done("3", 3)+`</set><set><result>`+failed("1019")+`<filter-id>3</filter-id><id>3</id></result></set></site>`)
	c.has(`<dns><get_rec><filter><site-id>2</site-id></filter></get_rec></dns>`, `<host>store.xn--mller-kva.test.</host>`)
	c.lacks(`<dns><get_rec><filter><site-id>2</site-id></filter></get_rec></dns>`, `<host>shop.`)
	// No subdomain may take another domain's name on the way.
	c.madeSite(6, `<gen_setup><name>a.test</name><webspace-id>1</webspace-id></gen_setup>`)
	c.madeSite(7, `<gen_setup><name>x.a.test</name><parent-site-id>6</parent-site-id></gen_setup>`)
	c.madeSite(8, `<gen_setup><name>x.b.test</name><webspace-id>1</webspace-id></gen_setup>`)
	c.ask(`<site><set><filter><id>6</id></filter><values><gen_setup><name>b.test</name></gen_setup></values></set></site>`,
		`<site><set><result>`+failed("1007")+`<filter-id>6</filter-id><id>6</id></result></set></site>`)
}

// The main site is the subscription's own: what changes it changes the subscription, and locks one that has a plan.
func TestMainSiteThroughSite(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.added(1, `<gen_setup><name>main.test</name></gen_setup>`+virtual("mainweb")+`<plan-name>Unlimited</plan-name>`)
	c.ask(`<site><set><filter><id>1</id></filter><values><gen_setup><description>site</description><status>8</status>
		<turn-off-action>suspend</turn-off-action></gen_setup></values></set></site>`, `<site><set>`+done("1", 1)+`</set></site>`)
	// That its web service is suspended is the site's alone.
	c.has(`<site><get><filter><id>1</id></filter><dataset><gen_info/></dataset></get></site>`, `<status>8</status>`, `<turn-off-action>suspend</turn-off-action>`)
	c.has(about(1, `<gen_info/><subscriptions/>`), `<status>0</status>`, `<description>site</description>`, `<locked>false</locked>`)
	c.ask(`<site><set><filter><id>1</id></filter><values><gen_setup><status>0</status></gen_setup><hosting><vrt_hst>`+
		prop("php", "false")+prop("memory_limit", "1G")+prop("ftp_login", "mainweb2")+`</vrt_hst></hosting></values></set></site>`,
		`<site><set>`+done("1", 1)+`</set></site>`)
	c.has(about(1, `<hosting/><subscriptions/><php-settings/>`), prop("php", "false"), prop("ftp_login", "mainweb2"), `<locked>true</locked>`,
		`<setting><name>memory_limit</name><value>1G</value></setting>`)
	c.lacks(`<site><get><filter><id>1</id></filter><dataset><gen_info/><hosting/></dataset></get></site>`, `turn-off-action`, `nginx-proxy-mode`)
}

// Reasons of its own, and those that come from the subscription.
func TestSiteStatus(t *testing.T) {
	_, c := hosted(t)
	c.madeSite(2, `<gen_setup><name>addon.test</name><status>16</status><webspace-id>1</webspace-id></gen_setup>`)
	status := func(want string) {
		t.Helper()
		c.has(`<site><get><filter><id>2</id></filter><dataset><gen_info/></dataset></get></site>`, `<status>`+want+`</status>`)
	}
	set := func(fields string) {
		t.Helper()
		c.ask(`<site><set><filter><id>2</id></filter><values><gen_setup>`+fields+`</gen_setup></values></set></site>`, `<site><set>`+done("2", 2)+`</set></site>`)
	}
	status("16")
	c.changed(1, `<gen_setup><status>64</status></gen_setup>`)
	status("18")
	set(`<status>0</status><turn-off-action>disable</turn-off-action>`) // ignored with an active status
	status("2")
	c.lacks(`<site><get><filter><id>2</id></filter><dataset><gen_info/></dataset></get></site>`, `turn-off-action`)
	c.changed(1, `<gen_setup><status>0</status></gen_setup><limits>`+limit("expiration", "1000000000")+`</limits>`)
	status("2")
	c.changed(1, `<limits>`+limit("expiration", "-1")+`</limits>`)
	status("0")
	c.ask(`<customer><set><filter><id>2</id></filter><values><gen_info><status>16</status></gen_info></values></set></customer>`,
		`<customer><set>`+done("2", 2)+`</set></customer>`)
	status("2")
}

// Sites and subdomains are counted against the subscription's limits, and add-on sites against the licence's.
func TestSiteLimits(t *testing.T) {
	s, c := hosted(t)
	c.changed(1, `<limits>`+limit("max_site", "2")+limit("max_subdom", "1")+`</limits>`)
	full := `<site><add><result>` + failed("1024") + `</result></add></site>`
	c.madeSite(2, `<gen_setup><name>addon.test</name><webspace-id>1</webspace-id></gen_setup>`)
	c.ask(`<site><add><gen_setup><name>addon2.test</name><webspace-id>1</webspace-id></gen_setup></add></site>`, full)
	c.madeSite(3, `<gen_setup><name>sub.addon.test</name><parent-site-id>2</parent-site-id></gen_setup>`)
	c.ask(`<site><add><gen_setup><name>sub2.addon.test</name><parent-site-id>2</parent-site-id></gen_setup></add></site>`, full)
	c.ask(`<subdomain><add><parent>main.test</parent><name>sub</name></add></subdomain>`,
		`<subdomain><add><result>`+failed("1024")+`</result></add></subdomain>`)
	c.ask(`<site><del><filter><id>2</id></filter></del></site>`, `<site><del>`+done("2", 2)+`</del></site>`)
	s.mu.Lock()
	s.state.Machine.MaxDomains = 1
	s.mu.Unlock()
	c.ask(`<site><add><gen_setup><name>addon.test</name><webspace-id>1</webspace-id></gen_setup></add></site>`, full)
	c.madeSite(4, `<gen_setup><name>sub.main.test</name><parent-site-id>1</parent-site-id></gen_setup>`)
}

// Administrators and customers may use the operator; customers only within their subscriptions and permissions.
func TestSiteCallers(t *testing.T) {
	s, c := hosted(t)
	addCustomer(t, s, "birch")
	addReseller(t, s, "oak")
	addWebspace(t, s, "birch", "other.test") // 2
	c.madeSite(3, `<gen_setup><name>addon.test</name><webspace-id>1</webspace-id></gen_setup>`)
	c.madeSite(4, `<gen_setup><name>foreign.test</name><webspace-id>2</webspace-id></gen_setup>`)
	alder := c.as("alder", "pass-42x")
	denied := `<result>` + failed("1006") + `</result>`
	c.as("oak", "pass-42x").ask(`<site><get><filter/><dataset/></get></site>`, `<site><get>`+denied+`</get></site>`)
	alder.ask(`<site><get><filter/><dataset/></get><get><filter><id>4</id></filter><dataset/></get>
		<get><filter><parent-id>2</parent-id></filter><dataset/></get></site>`,
		`<site><get>`+found("3", "3")+`</get><get>`+gone("1013", "4")+`</get><get>`+gone("1015", "2")+`</get></site>`)
	add := `<site><add><gen_setup><name>new.test</name><webspace-id>1</webspace-id></gen_setup>
		<hosting><vrt_hst>` + prop("ssl", "false") + `</vrt_hst></hosting></add></site>`
	refusedAdd := `<site><add>` + denied + `</add></site>`
	alder.ask(add, refusedAdd)
	alder.ask(`<site><add><gen_setup><name>new.test</name><webspace-id>2</webspace-id></gen_setup></add></site>`,
		`<site><add><result>`+failed("1015")+`</result></add></site>`)
	alder.ask(`<site><del><filter><id>3</id><id>4</id></filter></del></site>`,
		`<site><del><result>`+failed("1006")+`<filter-id>3</filter-id><id>3</id></result>`+gone("1013", "4")+`</del></site>`)
	grant(c, "create_domains")
	alder.ask(add, refusedAdd) // customers may not change SSL
	grant(c, "create_domains", "manage_phosting_ssl")
	alder.madeSite(5, strings.TrimSuffix(strings.TrimPrefix(add, `<site><add>`), `</add></site>`))
	alder.ask(`<site><set><filter><id>5</id></filter><values><prefs><www>false</www></prefs></values></set>
		<set><filter><id>5</id></filter><values><gen_setup><status>16</status></gen_setup></values></set>
		<set><filter><id>5</id></filter><values><gen_setup><status>64</status><name>newer.test</name></gen_setup></values></set></site>`,
		`<site><set><result>`+failed("1006")+`<filter-id>5</filter-id><id>5</id></result></set>
		<set><result>`+failed("1025")+`<filter-id>5</filter-id><id>5</id></result></set><set>`+done("5", 5)+`</set></site>`)
	alder.ask(`<site><del><filter><id>5</id></filter></del></site>`, `<site><del>`+done("5", 5)+`</del></site>`)
	alder.ask(`<site><set_traffic><dom_id>3</dom_id><date>2025-03-01</date><smtp_in>1</smtp_in><smtp_out>1</smtp_out><pop3_imap_in>1</pop3_imap_in>
		<pop3_imap_out>1</pop3_imap_out></set_traffic></site>`, `<site><set_traffic>`+denied+`</set_traffic></site>`)
}

// Each site has traffic of its own; the subscription's is the sum.
func TestSiteTraffic(t *testing.T) {
	_, c := hosted(t)
	c.madeSite(2, `<gen_setup><name>addon.test</name><webspace-id>1</webspace-id></gen_setup>`)
	set := func(id, date string) string {
		return `<set_traffic><dom_id>` + id + `</dom_id><date>` + date + `</date><smtp_in>1</smtp_in><smtp_out>2</smtp_out>
			<pop3_imap_in>3</pop3_imap_in><pop3_imap_out>4</pop3_imap_out></set_traffic>`
	}
	c.ask(`<site>`+set("2", "2025-03-01")+set("2", "2025-02-28")+set("1", "2025-03-01")+set("77", "2025-03-01")+`</site>`,
		`<site><set_traffic><result><status>ok</status><id>2</id></result></set_traffic><set_traffic><result><status>ok</status><id>2</id></result></set_traffic>
		<set_traffic><result><status>ok</status><id>1</id></result></set_traffic><set_traffic><result>`+failed("1013")+`</result></set_traffic></site>`)
	day := func(date string) string {
		return `<traffic><date>` + date + `</date><http_in>0</http_in><http_out>0</http_out><ftp_in>0</ftp_in><ftp_out>0</ftp_out><smtp_in>1</smtp_in>
			<smtp_out>2</smtp_out><pop3_imap_in>3</pop3_imap_in><pop3_imap_out>4</pop3_imap_out></traffic>`
	}
	c.ask(`<site><get_traffic><filter><parent-name>main.test</parent-name></filter><since_date>2025-02-01</since_date></get_traffic>
		<get_traffic><filter><id>2</id></filter><since_date>2025-03-01</since_date><to_date>2025-03-31</to_date></get_traffic></site>
		<webspace><get_traffic><filter><id>1</id></filter></get_traffic></webspace>`,
		`<site><get_traffic><result><status>ok</status><filter-id>main.test</filter-id><id>2</id>`+day("2025-02-28")+day("2025-03-01")+`</result></get_traffic>
		<get_traffic><result><status>ok</status><filter-id>2</filter-id><id>2</id>`+day("2025-03-01")+`</result></get_traffic></site>
		<webspace><get_traffic><result><status>ok</status><filter-id>1</filter-id><id>1</id>`+day("2025-03-01")+`</result></get_traffic></webspace>`)
	c.has(about(1, `<stat/><resource-usage/>`), `<traffic>20</traffic>`, `<traffic_prevday>20</traffic_prevday>`,
		`<resource><name>max_traffic</name><value>20</value></resource>`)
	c.has(`<site><get><filter><id>2</id></filter><dataset><stat/></dataset></get></site>`, `<traffic>10</traffic>`, `<traffic_prevday>10</traffic_prevday>`)
}

// What sites can have: no system user, and no property that only subscriptions have.
func TestSiteDescriptorAndButtons(t *testing.T) {
	_, c := hosted(t)
	grant(c, "manage_phosting", "manage_phosting_ssl")
	c.madeSite(2, `<gen_setup><name>addon.test</name><webspace-id>1</webspace-id></gen_setup>`)
	c.has(`<site><get-physical-hosting-descriptor><filter/></get-physical-hosting-descriptor></site>`,
		`<get-physical-hosting-descriptor><result><status>ok</status><descriptor><property><name>www_root</name>`, `<name>nginx-proxy-mode</name><type>boolean</type>`)
	c.lacks(`<site><get-physical-hosting-descriptor><filter/></get-physical-hosting-descriptor></site>`, `<name>ftp_login</name>`, `<name>shell</name>`)
	c.has(`<site><get-physical-hosting-descriptor><filter><id>2</id></filter></get-physical-hosting-descriptor></site>`,
		`<filter-id>2</filter-id><id>2</id><descriptor>`,
		`<name>ssl</name><type>boolean</type><default-value>true</default-value><writable-by>admin</writable-by><writable-by>reseller</writable-by><writable-by>client</writable-by>`)
	c.has(`<site><get-physical-hosting-descriptor><filter><id>1</id></filter></get-physical-hosting-descriptor></site>`, `<name>ftp_login</name><type>string</type>`)
	c.lacks(`<webspace><get-physical-hosting-descriptor><filter/></get-physical-hosting-descriptor></webspace>`, `nginx-proxy-mode`)
	c.has(`<site><cform_buttons_list><filter><id>2</id></filter></cform_buttons_list></site>`,
		`<result><status>ok</status><filter-id>2</filter-id><id>2</id><button><code>hosting-settings</code><type>button</type>`,
		`<href>/smb/web/settings/id/2</href><enabled>true</enabled>`, `<href>/smb/file-manager/list/domainId/2</href><enabled>false</enabled>`)
}
