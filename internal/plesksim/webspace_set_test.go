// Changing subscriptions: merging, renaming, hosting types, status, owners, callers, traffic.

package plesksim

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// Named values change, the rest stays; all-to-zero and revoke-all act before the list that they follow.
func TestWebspaceSetMerges(t *testing.T) {
	c := start(t, newServer(t))
	c.added(1, `<gen_setup><name>one.test</name></gen_setup>`+virtual("one")+`<limits>`+limit("max_db", "3")+limit("max_box", "4")+`</limits>
		<permissions>`+permission("manage_dns", "true")+permission("manage_log", "true")+`</permissions>`)
	c.changed(1, `<limits>`+limit("max_db", "5")+`</limits><permissions>`+permission("manage_log", "false")+`</permissions>`)
	c.has(about(1, `<limits/><permissions/>`), limit("max_db", "5"), limit("max_box", "4"), limit("max_site", "-1"),
		permission("manage_dns", "true"), permission("manage_log", "false"))
	c.changed(1, `<limits>`+limit("max_box", "7")+`<all-to-zero/></limits><permissions>`+permission("manage_crontab", "true")+`<revoke-all/></permissions>`)
	c.has(about(1, `<limits/><permissions/>`), limit("max_db", "0"), limit("max_box", "7"), limit("max_site", "0"), limit("expiration", "-1"),
		permission("manage_dns", "false"), permission("manage_crontab", "true"))

	c.changed(1, `<hosting><vrt_hst>`+prop("ssi", "true")+prop("www_root", "public/web")+`</vrt_hst></hosting>`)
	c.changed(1, `<hosting><vrt_hst>`+prop("cgi", "true")+prop("ftp_login", "other")+`</vrt_hst></hosting>`)
	c.has(about(1, `<hosting/>`), prop("ssi", "true"), prop("cgi", "true"), prop("ftp_login", "other"), prop("www_root", "/var/www/vhosts/one.test/public/web"))
	// What was read can be written back.
	for _, same := range []string{"/var/www/vhosts/one.test/public/web", "/public/web", "public//web/"} {
		c.changed(1, `<hosting><vrt_hst>`+prop("www_root", same)+`</vrt_hst></hosting>`)
		c.has(about(1, `<hosting/>`), prop("www_root", "/var/www/vhosts/one.test/public/web"))
	}
	// The old login is free.
	c.added(2, `<gen_setup><name>two.test</name></gen_setup>`+virtual("one"))

	c.changed(1, `<prefs><www>false</www></prefs><performance><max_connections>9</max_connections></performance>
		<php-settings><setting><name>post_max_size</name><value>8M</value></setting></php-settings>`)
	c.changed(1, `<prefs><stat_ttl>12</stat_ttl></prefs><performance><bandwidth>64</bandwidth></performance>
		<php-settings><setting><name>memory_limit</name><value>1G</value></setting><setting><name>open_basedir</name><value>none</value></setting></php-settings>`)
	c.has(about(1, `<prefs/><performance/><php-settings/>`), `<prefs><www>false</www><stat_ttl>12</stat_ttl></prefs>`,
		`<performance><bandwidth>64</bandwidth><max_connections>9</max_connections></performance>`,
		`<php-settings><setting><name>memory_limit</name><value>1G</value></setting><setting><name>open_basedir</name><value>none</value></setting>
		<setting><name>post_max_size</name><value>8M</value></setting></php-settings>`)

	c.changed(1, `<mail><webmail>none</webmail><outgoing-messages-domain-limit>100</outgoing-messages-domain-limit></mail>`)
	c.changed(1, `<mail><none/></mail>`)
	c.has(about(1, `<mail/>`), `<mail><none/><outgoing-messages-mbox-limit>default</outgoing-messages-mbox-limit><outgoing-messages-domain-limit>100</outgoing-messages-domain-limit>`)
	c.changed(1, `<mail><mailservice>true</mailservice></mail>`)
	c.has(about(1, `<mail/>`), `<mailservice>true</mailservice>`, `<outgoing-messages-domain-limit>100</outgoing-messages-domain-limit>`)
}

// Addresses in hosting replace the whole set, and the zone follows; gen_setup's address counts only without hosting.
func TestWebspaceAddresses(t *testing.T) {
	c := start(t, newServer(t))
	c.added(1, `<gen_setup><name>one.test</name></gen_setup>`+virtual("one", `<ip_address>198.51.100.7</ip_address><ip_address>2001:db8::7</ip_address>`))
	c.has(about(1, `<hosting/>`), `<ip_address>198.51.100.7</ip_address><ip_address>2001:db8::7</ip_address></vrt_hst>`)
	c.changed(1, `<hosting><vrt_hst>`+prop("ssi", "true")+`</vrt_hst></hosting>`)
	c.has(about(1, `<hosting/>`), `<ip_address>198.51.100.7</ip_address><ip_address>2001:db8::7</ip_address></vrt_hst>`)
	c.changed(1, `<hosting><vrt_hst><ip_address>198.51.100.8</ip_address></vrt_hst></hosting>`)
	c.has(about(1, `<hosting/><gen_info/>`), `<value>default certificate</value></property><ip_address>198.51.100.8</ip_address></vrt_hst>`,
		`<dns_ip_address>198.51.100.8</dns_ip_address><htype>`)
	c.has(`<dns><get_rec><filter><site-id>1</site-id></filter></get_rec></dns>`, `<type>A</type><host>one.test.</host><value>198.51.100.8</value>`)
	c.lacks(`<dns><get_rec><filter><site-id>1</site-id></filter></get_rec></dns>`, `<type>AAAA</type>`, `198.51.100.7`)
	c.changed(1, `<gen_setup><ip_address>198.51.100.7</ip_address></gen_setup>`)
	c.has(about(1, `<gen_info/>`), `<dns_ip_address>198.51.100.8</dns_ip_address><htype>`)
	c.changed(1, `<hosting><none/></hosting>`)
	c.changed(1, `<gen_setup><ip_address>198.51.100.7</ip_address></gen_setup>`)
	c.has(about(1, `<gen_info/>`), `<dns_ip_address>198.51.100.7</dns_ip_address><htype>none</htype>`)
	c.refusedSet(1, `<hosting><std_fwd><dest_url>a.test</dest_url><ip_address>192.0.2.1</ip_address></std_fwd></hosting>`, "1018")
}

// Another type replaces the hosting: nothing of the old one is left, its user is free.
func TestWebspaceHostingTypes(t *testing.T) {
	c := start(t, newServer(t))
	c.added(1, `<gen_setup><name>one.test</name></gen_setup>`+virtual("one", prop("cgi", "true")))
	c.changed(1, `<hosting><std_fwd><dest_url>https://www.elsewhere.example/shop</dest_url></std_fwd></hosting>`)
	c.has(about(1, `<gen_info/><hosting/>`), `<htype>std_fwd</htype>`,
		`<hosting><std_fwd><dest_url>https://www.elsewhere.example/shop</dest_url><http_code>301</http_code><ip_address>198.51.100.7</ip_address></std_fwd></hosting>`)
	c.changed(1, `<hosting><std_fwd><dest_url>elsewhere.example</dest_url><http_code>302</http_code></std_fwd></hosting>`)
	c.changed(1, `<hosting><std_fwd><dest_url>other.example</dest_url></std_fwd></hosting>`)
	c.has(about(1, `<hosting/>`), `<dest_url>http://other.example</dest_url><http_code>302</http_code>`)
	c.changed(1, `<hosting><frm_fwd><dest_url>http://framed.example/</dest_url></frm_fwd></hosting>`)
	c.has(about(1, `<gen_info/><hosting/>`), `<htype>frm_fwd</htype>`, `<hosting><frm_fwd><dest_url>http://framed.example/</dest_url><ip_address>198.51.100.7</ip_address></frm_fwd></hosting>`)
	c.refusedSet(1, `<hosting><vrt_hst>`+prop("cgi", "true")+`</vrt_hst></hosting>`, "1019")
	c.added(2, `<gen_setup><name>two.test</name></gen_setup>`+virtual("one"))
	c.refusedSet(1, virtual("one"), "1007")
	c.changed(1, virtual("uno"))
	c.has(about(1, `<gen_info/><hosting/>`), `<htype>vrt_hst</htype>`, prop("ftp_login", "uno"), prop("cgi", "false"))
	c.changed(1, `<hosting><none/></hosting>`)
	c.has(about(1, `<gen_info/><hosting/>`), `<htype>none</htype>`, `<hosting><none/></hosting>`)
	c.has(`<event_log><get_events><events><event><type>deleted</type><class>phosting</class></event></events></get_events></event_log>`, `<obj_id>1</obj_id>`)
	c.has(`<event_log><get_events><events><event><type>created</type><class>fhosting</class></event></events></get_events></event_log>`, `<obj_id>1</obj_id>`)
}

// The main site, its zone, the home and the subdomains follow a new name; the old one becomes free.
func TestWebspaceRename(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.added(1, `<gen_setup><name>old.test</name></gen_setup>`+virtual("one"))
	s.inside(func(c *call) {
		c.addSite(&site{ID: next(&c.Sequences.Domain), Kind: subdomain, Webspace: 1, Parent: 1, GUID: c.newGUID(), Name: "sub.old.test", ASCIIName: "sub.old.test"})
	})
	c.changed(1, `<gen_setup><name>old.test</name></gen_setup>`)
	c.changed(1, `<gen_setup><name>Neü.test</name></gen_setup>`)
	c.has(about(1, `<gen_info/><hosting/>`), `<name>neü.test</name><ascii-name>xn--ne-yka.test</ascii-name>`, `/var/www/vhosts/xn--ne-yka.test/httpdocs`)
	c.has(`<dns><get_rec><filter><site-id>1</site-id></filter></get_rec></dns>`, `<host>www.xn--ne-yka.test.</host>`, `<host>sub.xn--ne-yka.test.</host>`)
	c.lacks(`<dns><get_rec><filter><site-id>1</site-id></filter></get_rec></dns>`, `old.test`)
	c.has(`<server><get><admin-domain-list/></get></server>`, `<name>sub.neü.test</name><ascii-name>sub.xn--ne-yka.test</ascii-name>`)
	c.added(3, `<gen_setup><name>old.test</name></gen_setup>`)
	c.refusedSet(1, `<gen_setup><name>old.test</name></gen_setup>`, "1007")
	c.refusedSet(1, `<gen_setup><name>mail.old.test</name></gen_setup>`, "1007")
	c.refusedSet(1, `<gen_setup><name>no blank.test</name></gen_setup>`, "1019")
	c.has(`<event_log><get_events><events><event><type>updated</type><class>domain</class></event></events></get_events></event_log>`, `<obj_id>1</obj_id>`)
}

// A request that is refused changes nothing, even if parts of it were acceptable.
func TestWebspaceSetIsAllOrNothing(t *testing.T) {
	c := start(t, newServer(t))
	c.added(1, `<gen_setup><name>one.test</name><external-id>x1</external-id></gen_setup>`+virtual("one")+`<plan-name>Unlimited</plan-name>`)
	c.added(2, `<gen_setup><name>two.test</name><external-id>x2</external-id></gen_setup>`)
	const all = `<gen_info/><hosting/><limits/><permissions/><php-settings/><prefs/><performance/><mail/><subscriptions/>`
	before := c.post(`<packet>` + about(1, all) + `</packet>`)
	good := `<gen_setup><name>renamed.test</name><status>16</status><external-id>new</external-id><guid/></gen_setup><limits>` + limit("max_db", "1") + `</limits>`
	for _, test := range []struct{ values, code string }{
		{good + `<hosting><vrt_hst>` + prop("ssl", "maybe") + `</vrt_hst></hosting>`, "1019"},
		{good + `<hosting><vrt_hst><ip_address>192.0.2.1</ip_address></vrt_hst></hosting>`, "1018"},
		{good + `<permissions>` + permission("fly", "true") + `</permissions>`, "1019"},
		{good + `<php-settings><setting><name>?</name><value/></setting></php-settings>`, "1019"},
		{good + `<performance><max_connections>-7</max_connections></performance>`, "1019"},
		{good + `<mail><webmail-certificate>nothing</webmail-certificate></mail>`, "1013"},
		{`<gen_setup><owner-login>nobody</owner-login></gen_setup>`, "1015"},
		{`<gen_setup><external-id>x2</external-id></gen_setup>`, "1007"},
		{`<gen_setup><name>two.test</name></gen_setup>`, "1007"},
		{`<gen_setup><status>256</status></gen_setup>`, "1025"},
		{`<gen_setup><status>48</status></gen_setup>`, "1025"},
		{`<limits>` + limit("max_db", "1") + limit("max_fun", "1") + `</limits>`, "1019"},
	} {
		c.refusedSet(1, test.values, test.code)
	}
	if after := c.post(`<packet>` + about(1, all) + `</packet>`); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
}

func TestWebspaceGUIDAndDescriptions(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.added(1, `<gen_setup><name>one.test</name></gen_setup>`)
	guid := s.state.Sites.Get(1).GUID
	c.changed(1, `<gen_setup><guid/><external-id>k8s-2</external-id><description>a</description><admin-description>b</admin-description>
		<reseller-description>c</reseller-description></gen_setup>`)
	c.ask(`<webspace><get><filter><guid>`+guid+`</guid></filter><dataset/></get></webspace>`,
		`<webspace><get><result>`+failed("1013")+`<filter-id>`+guid+`</filter-id></result></get></webspace>`)
	c.has(`<webspace><get><filter><external-id>k8s-2</external-id></filter><dataset><gen_info/></dataset></get></webspace>`,
		`<description>a</description><admin-description>b</admin-description><reseller-description>c</reseller-description>`)
	c.has(`<webspace><get><filter><guid>`+s.state.Sites.Get(1).GUID+`</guid></filter><dataset/></get></webspace>`, `<id>1</id>`)
	c.has(`<event_log><get_events><events><event><type>guid_changed</type><class>domain</class></event></events></get_events></event_log>`, `<obj_id>1</obj_id>`)
	c.changed(1, `<gen_setup><external-id/></gen_setup>`)
	c.has(about(1, `<gen_info/>`), `<external-id/>`)
}

// Status is a mask: own reasons, the owner's suspension, expiry (operators-accounts-server §1.1).
func TestWebspaceStatus(t *testing.T) {
	now, err := time.Parse(time.RFC3339, testTime)
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(t, func(o *Options) { o.Clock = func() time.Time { return now } })
	addCustomer(t, s, "alder")
	c := start(t, s)
	c.added(1, `<gen_setup><name>one.test</name><owner-login>alder</owner-login><status>16</status></gen_setup>`)
	status := func(want string) {
		t.Helper()
		c.has(about(1, `<gen_info/>`), `<status>`+want+`</status><real_size>`)
	}
	status("16")
	c.changed(1, `<gen_setup><status>32</status></gen_setup>`)
	status("48")
	c.has(`<customer><set><filter><login>alder</login></filter><values><gen_info><status>16</status></gen_info></values></set></customer>`, `<status>ok</status>`)
	status("50")
	c.changed(1, `<gen_setup><status>0</status></gen_setup>`)
	status("2")
	c.has(`<customer><set><filter><login>alder</login></filter><values><gen_info><status>0</status></gen_info></values></set></customer>`, `<status>ok</status>`)
	status("0")
	c.changed(1, `<limits>`+limit("expiration", "1740996000")+`</limits>`) // a day later
	status("0")
	now = now.Add(24 * time.Hour)
	status("256")
	c.has(`<event_log><get_events><events><event><type>updated</type><class>domain_status</class></event></events></get_events></event_log>`, `<obj_id>1</obj_id>`)
}

// Callers see and change what they may.
func TestWebspaceCallers(t *testing.T) {
	s := newServer(t)
	addReseller(t, s, "birch")
	addCustomer(t, s, "alder")
	behind(t, s, `<customer><add><gen_info><pname>O</pname><login>oak</login><passwd>pass-42x</passwd><owner-login>birch</owner-login></gen_info></add></customer>`,
		`<customer><add><result><status>ok</status><id>4</id><guid>§</guid></result></add></customer>`)
	s.inside(func(c *call) {
		c.accountsByLogin.First("birch").Addresses = []poolAddress{{Address: "198.51.100.7", Type: "shared"}}
	})
	admin := start(t, s)
	admin.added(1, `<gen_setup><name>alder.test</name><owner-login>alder</owner-login></gen_setup>`+virtual("alder")+`<plan-name>Unlimited</plan-name>`)
	birch, oak, alder := admin.as("birch", "pass-42x"), admin.as("oak", "pass-42x"), admin.as("alder", "pass-42x")

	birch.ask(`<webspace><add><gen_setup><name>oak.test</name><owner-login>oak</owner-login></gen_setup></add>
		<add><gen_setup><name>x.test</name><owner-login>alder</owner-login></gen_setup></add>
		<add><gen_setup><name>x.test</name></gen_setup><plan-name>Unlimited</plan-name></add>
		<add><gen_setup><name>x.test</name><status>16</status></gen_setup></add></webspace>`,
		`<webspace><add><result><status>ok</status><id>2</id><guid>§</guid></result></add><add><result>`+failed("1015")+`</result></add>
		<add><result>`+failed("1013")+`</result></add><add><result>`+failed("1025")+`</result></add></webspace>`)
	birch.ask(`<webspace><get><filter/><dataset/></get><get><filter><id>1</id></filter><dataset/></get><del><filter><id>1</id></filter></del></webspace>`,
		`<webspace><get>`+found("2", "2")+`</get><get><result>`+failed("1013")+`<filter-id>1</filter-id></result></get>
		<del><result>`+failed("1013")+`<filter-id>1</filter-id></result></del></webspace>`)
	birch.changed(2, `<gen_setup><status>32</status></gen_setup>`)
	birch.refusedSet(2, `<gen_setup><status>16</status></gen_setup>`, "1025")
	birch.lacks(about(2, `<gen_info/>`), `<admin-description/>`)

	admin.changed(2, `<gen_setup><status>0</status></gen_setup>`)
	oak.ask(`<webspace><get><filter/><dataset/></get><get><filter><owner-login>oak</owner-login></filter><dataset/></get><add><gen_setup><name>y.test</name></gen_setup></add>
		<del><filter><id>2</id></filter></del></webspace>`,
		`<webspace><get>`+found("2", "2")+`</get><get><result>`+failed("1006")+`<filter-id>oak</filter-id></result></get><add><result>`+failed("1006")+`</result></add>
		<del><result>`+failed("1006")+`</result></del></webspace>`)
	oak.lacks(about(2, `<gen_info/>`), `<owner-id>`, `<owner-login>`, `<admin-description/>`, `<reseller-description/>`)
	oak.changed(2, `<gen_setup><description>mine</description><status>64</status></gen_setup>`)
	for _, values := range []string{
		`<gen_setup><name>mine.test</name></gen_setup>`, `<gen_setup><owner-login>oak</owner-login></gen_setup>`, `<limits>` + limit("max_db", "1") + `</limits>`,
		`<permissions>` + permission("manage_dns", "true") + `</permissions>`, virtual("oak"), `<performance><bandwidth>1</bandwidth></performance>`,
		`<php-settings><setting><name>memory_limit</name><value>1G</value></setting></php-settings>`, `<mail><none/></mail>`,
	} {
		oak.refusedSet(2, values, "1006")
	}
	// alder has every permission that a plan can give, yet may not give addresses, limits or permissions.
	alder.changed(1, `<hosting><vrt_hst>`+prop("ssi", "true")+`</vrt_hst></hosting><php-settings><setting><name>memory_limit</name><value>1G</value></setting></php-settings>`)
	alder.refusedSet(1, `<hosting><vrt_hst><ip_address>198.51.100.8</ip_address></vrt_hst></hosting>`, "1006")
	alder.refusedSet(1, `<limits>`+limit("max_db", "1")+`</limits>`, "1006")
}

// A subscription that moves to another provider loses its plan and needs addresses of the new provider.
func TestWebspaceOwnerChange(t *testing.T) {
	s := newServer(t)
	addReseller(t, s, "birch")
	addCustomer(t, s, "alder")
	c := start(t, s)
	c.added(1, `<gen_setup><name>one.test</name></gen_setup>`+virtual("one")+`<plan-name>Unlimited</plan-name>`)
	c.changed(1, `<gen_setup><owner-login>alder</owner-login></gen_setup>`)
	c.has(about(1, `<gen_info/><subscriptions/>`), `<owner-login>alder</owner-login>`, `<locked>false</locked>`)
	c.refusedSet(1, `<gen_setup><owner-login>birch</owner-login></gen_setup>`, "1018")
	s.inside(func(c *call) {
		c.accountsByLogin.First("birch").Addresses = []poolAddress{{Address: "198.51.100.7", Type: "shared"}}
		c.accountsByLogin.First("birch").Limits = map[string]int64{"max_dom": 1, "max_db": 10}
	})
	c.changed(1, `<gen_setup><owner-login>birch</owner-login></gen_setup>`)
	c.has(about(1, `<gen_info/><subscriptions/><limits/>`), `<owner-login>birch</owner-login>`, `<subscriptions/>`, `<overuse>normal</overuse>`)
	// The reseller's own limits bound what their subscriptions get, and how many there are.
	c.refusedSet(1, `<limits>`+limit("max_db", "11")+`</limits>`, "1024")
	c.refusedSet(1, `<limits>`+limit("max_db", "-1")+`</limits>`, "1024")
	c.changed(1, `<limits>`+limit("max_db", "10")+limit("max_box", "-1")+`</limits>`)
	c.ask(`<webspace><add><gen_setup><name>two.test</name><owner-login>birch</owner-login></gen_setup></add></webspace>`,
		`<webspace><add><result>`+failed("1024")+`</result></add></webspace>`)
	c.changed(1, `<gen_setup><admin-as-vendor/></gen_setup>`)
	c.has(about(1, `<gen_info/>`), `<owner-login>admin</owner-login>`)
	// So does the licence; subdomains do not count.
	s.inside(func(c *call) {
		c.addSite(&site{ID: next(&c.Sequences.Domain), Kind: subdomain, Webspace: 1, Parent: 1, GUID: c.newGUID(), Name: "sub.one.test", ASCIIName: "sub.one.test"})
		c.Machine.MaxDomains = 2
	})
	c.added(3, `<gen_setup><name>two.test</name></gen_setup>`)
	c.ask(`<webspace><add><gen_setup><name>three.test</name></gen_setup></add></webspace>`, `<webspace><add><result>`+failed("1024")+`</result></add></webspace>`)
}

func TestWebspaceTraffic(t *testing.T) {
	c := start(t, newServer(t))
	c.added(1, `<gen_setup><name>one.test</name><external-id>x1</external-id></gen_setup>`)
	c.added(2, `<gen_setup><name>two.test</name></gen_setup>`)
	set := func(id, date, smtpOut string) string {
		return `<set_traffic><dom_id>` + id + `</dom_id><date>` + date + `</date><smtp_in>1</smtp_in><smtp_out>` + smtpOut + `</smtp_out>
			<pop3_imap_in>0</pop3_imap_in><pop3_imap_out>0</pop3_imap_out></set_traffic>`
	}
	day := func(date, smtpOut string) string {
		return `<traffic><date>` + date + `</date><http_in>0</http_in><http_out>0</http_out><ftp_in>0</ftp_in><ftp_out>0</ftp_out><smtp_in>1</smtp_in>
			<smtp_out>` + smtpOut + `</smtp_out><pop3_imap_in>0</pop3_imap_in><pop3_imap_out>0</pop3_imap_out></traffic>`
	}
	ok := `<set_traffic><result><status>ok</status><id>1</id></result></set_traffic>`
	c.ask(`<webspace>`+set("1", "2025-03-01", "10")+set("1", "2025-02-27", "20")+set("1", "2025-03-02", "30")+set("1", "2025-03-02", "40")+
		set("77", "2025-03-02", "1")+set("1", "2025-03-02", "-1")+`</webspace>`,
		`<webspace>`+ok+ok+ok+ok+`<set_traffic><result>`+failed("1013")+`</result></set_traffic><set_traffic><result>`+failed("1019")+`</result></set_traffic></webspace>`)
	c.ask(`<webspace><get_traffic><filter><id>1</id><id>2</id></filter></get_traffic>
		<get_traffic><filter><id>1</id></filter><since_date>2025-03-01</since_date><to_date>2025-03-01</to_date></get_traffic></webspace>`,
		`<webspace><get_traffic><result><status>ok</status><filter-id>1</filter-id><id>1</id>`+day("2025-02-27", "20")+day("2025-03-01", "10")+day("2025-03-02", "40")+`</result>
		<result><status>ok</status><filter-id>2</filter-id><id>2</id></result></get_traffic>
		<get_traffic><result><status>ok</status><filter-id>1</filter-id><id>1</id>`+day("2025-03-01", "10")+`</result></get_traffic></webspace>`)
	c.has(about(1, `<stat/><resource-usage/>`), `<traffic>52</traffic>`, `<traffic_prevday>11</traffic_prevday>`, `<name>max_traffic</name><value>52</value>`)
	c.ask(`<webspace><get-changed><resource-usage><from>2025-03-02T00:00:00Z</from></resource-usage></get-changed>
		<get-changed><resource-usage><from>2025-03-03T00:00:00+02:00</from></resource-usage></get-changed></webspace>`,
		`<webspace><get-changed><result><status>ok</status><subscription><name>one.test</name><id>1</id><external-id>x1</external-id></subscription>
		<subscription><name>two.test</name><id>2</id><external-id/></subscription></result></get-changed><get-changed>`+okOnly+`</get-changed></webspace>`)
}

// Many connections at once, while the plan that they all use changes.
func TestConcurrentSubscriptions(t *testing.T) {
	c := start(t, newServer(t))
	c.newPlan(5, "one", "")
	var clients sync.WaitGroup
	send := func(operators string) {
		if _, body, err := c.do("<packet>" + operators + "</packet>"); err != nil || strings.Contains(body, "<status>error</status>") {
			t.Errorf("%v %s", err, body)
		}
	}
	for i := range 32 {
		clients.Go(func() {
			name := fmt.Sprintf("site%d.test", i)
			for range 2 {
				send(`<webspace><add><gen_setup><name>` + name + `</name></gen_setup>` + virtual(fmt.Sprintf("user%d", i)) + `<plan-name>one</plan-name></add></webspace>`)
				send(`<service-plan><set><filter><name>one</name></filter><mail><webmail>none</webmail></mail><limits>` + limit("max_db", fmt.Sprint(i)) + `</limits></set></service-plan>`)
				send(`<webspace><get><filter/><dataset><hosting/><prefs/><performance/><mail/><subscriptions/><php-settings/></dataset></get></webspace>`)
				send(`<webspace><set><filter><name>` + name + `</name></filter><values><prefs><www>false</www></prefs><php-settings><setting><name>a</name><value>b</value></setting></php-settings>
					<mail><greylisting>true</greylisting></mail></values></set></webspace>`)
				send(`<webspace><del><filter><name>` + name + `</name></filter></del></webspace>`)
			}
		})
	}
	clients.Wait()
	c.ask(`<webspace><get><filter/><dataset/></get></webspace>`, `<webspace><get>`+okOnly+`</get></webspace>`)
}
