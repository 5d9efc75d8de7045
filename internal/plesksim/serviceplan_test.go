// Service plans: what they hold, how they are found, changed, copied and deleted, and what they offer.

package plesksim

import (
	"fmt"
	"strings"
	"testing"
)

// newPlan makes a service plan of the administrator.
func (c *client) newPlan(id int, name, parts string) {
	c.t.Helper()
	c.ask(`<service-plan><add><name>`+name+`</name>`+parts+`</add></service-plan>`,
		fmt.Sprintf(`<service-plan><add><result><status>ok</status><id>%d</id><guid>§</guid></result></add></service-plan>`, id))
}

// setPlan changes a plan; what it answers after the echo is compared too.
func (c *client) setPlan(name, parts, more string) {
	c.t.Helper()
	c.ask(`<service-plan><set><filter><name>`+name+`</name></filter>`+parts+`</set></service-plan>`,
		`<service-plan><set><result><status>ok</status><name>`+name+`</name>`+more+`</result></set></service-plan>`)
}

// The whole of a plan, and of one that has nothing but a name (operators-accounts-server §9).
func TestServicePlanGet(t *testing.T) {
	c := start(t, newServer(t))
	c.newPlan(5, "birch &amp; small", `<mail><nonexistent-user><forward>a@b.test</forward></nonexistent-user><webmail>none</webmail>
		<outgoing-messages-enable-sendmail>false</outgoing-messages-enable-sendmail></mail>
		<limits><overuse>block</overuse>`+limit("disk_space", "2147483648")+limit("max_site", "3")+`</limits>
		<log-rotation><on><log-condition><log-bytime>Weekly</log-bytime></log-condition><log-email>logs@b.test</log-email></on></log-rotation>
		<preferences><stat>6</stat><dns_zone_type>slave</dns_zone_type></preferences>
		<hosting>`+prop("php_handler_id", "plesk-php82-fpm")+prop("cgi", "true")+`</hosting><hosting-type>vrt_hst</hosting-type>
		<performance><bandwidth>100</bandwidth></performance><permissions>`+permission("manage_dns", "true")+`</permissions>
		<external-id>plan-7</external-id><php-settings><setting><name>memory_limit</name><value>64M</value></setting></php-settings>
		<web-server-settings><additional>Header set X a</additional><nginx-proxy-mode>false</nginx-proxy-mode></web-server-settings>`)
	limits, permissions := "", ""
	for _, l := range limitNames {
		value := map[string]string{"disk_space": "2147483648", "max_site": "3"}[l.name]
		if value == "" {
			value = "-1"
		}
		limits += limit(l.name, value)
	}
	for _, name := range permissionNames {
		permissions += permission(name, fmt.Sprint(name == "manage_dns"))
	}
	c.ask(`<service-plan><get><filter><external-id>plan-7</external-id></filter></get></service-plan>`,
		`<service-plan><get><result><status>ok</status><id>5</id><name>birch &amp; small</name><guid>§</guid><external-id>plan-7</external-id>
		<owner-login>admin</owner-login>
		<mail><nonexistent-user><forward>a@b.test</forward></nonexistent-user><webmail>none</webmail><maillists>false</maillists><mailservice>true</mailservice>
		<outgoing-messages-mbox-limit>default</outgoing-messages-mbox-limit><outgoing-messages-domain-limit>default</outgoing-messages-domain-limit>
		<outgoing-messages-subscription-limit>default</outgoing-messages-subscription-limit><outgoing-messages-enable-sendmail>false</outgoing-messages-enable-sendmail></mail>
		<limits><overuse>block</overuse>`+limits+`</limits>
		<log-rotation><on><log-condition><log-bytime>Weekly</log-bytime></log-condition><log-email>logs@b.test</log-email></on></log-rotation>
		<preferences><stat>6</stat><maillists>false</maillists><mailservice>true</mailservice><dns_zone_type>slave</dns_zone_type></preferences>
		<hosting><vrt_hst>`+prop("ssl", "true")+prop("ssl-redirect", "false")+prop("webstat", "awstats")+prop("webstat_protected", "true")+
			prop("errdocs", "false")+prop("wu_script", "true")+prop("shell", "/bin/false")+prop("ftp_quota", "-1")+prop("php_handler_id", "plesk-php82-fpm")+
			prop("php_served_by_nginx", "false")+prop("unpaid_website_status", "suspended")+prop("ssi", "false")+prop("php", "true")+prop("cgi", "true")+
			prop("perl", "false")+prop("python", "false")+prop("fastcgi", "false")+`</vrt_hst></hosting>
		<performance><bandwidth>100</bandwidth><max_connections>-1</max_connections></performance>
		<permissions>`+permissions+`</permissions><plan-items/><aps-filter>false</aps-filter><packages/>
		<php-settings><setting><name>open_basedir</name><value>{WEBSPACEROOT}{/}{:}{TMP}{/}</value></setting><setting><name>memory_limit</name><value>64M</value></setting></php-settings>
		<web-server-settings><additional>Header set X a</additional><additional-ssl/><additional-nginx/><restrict-follow-sym-links>false</restrict-follow-sym-links>
		<nginx-proxy-mode>false</nginx-proxy-mode></web-server-settings></result></get></service-plan>`)
	c.newPlan(6, "bare", "")
	c.has(`<service-plan><get><filter><id>6</id></filter></get></service-plan>`, `<overuse>block</overuse>`+limit("disk_space", "-1"),
		`<hosting><vrt_hst>`, prop("php_handler_id", "plesk-php83-fpm"), `<php-settings><setting><name>open_basedir</name><value>{WEBSPACEROOT}{/}{:}{TMP}{/}</value></setting></php-settings>`)
	c.newPlan(7, "no hosting", `<hosting-type>none</hosting-type>`)
	c.has(`<service-plan><get><filter><name>no hosting</name></filter></get></service-plan>`, `<hosting><none/></hosting>`)
}

func TestServicePlanFilters(t *testing.T) {
	s := newServer(t)
	addReseller(t, s, "birch")
	addCustomer(t, s, "alder")
	c := start(t, s)
	c.ask(`<service-plan><add><name>birch-plan</name><owner-login>birch</owner-login></add><add><name>Unlimited</name><owner-id>2</owner-id></add></service-plan>`,
		`<service-plan><add><result><status>ok</status><id>5</id><guid>§</guid></result></add><add><result><status>ok</status><id>6</id><guid>§</guid></result></add></service-plan>`)
	birch := c.as("birch", "pass-42x")
	for _, test := range []struct {
		name    string
		as      *client
		request string
		want    []string // names; a number is an error with the echo of the filter
	}{
		{"the caller's own, without the hidden one", c, `<filter/>`, []string{"Default Domain", "Default Simple", "Unlimited"}},
		{"the hidden one by name", c, `<filter><name>Admin Simple</name></filter>`, []string{"Admin Simple"}},
		{"order of the filter", c, `<filter><name>Unlimited</name><name>Default Domain</name></filter>`, []string{"Unlimited", "Default Domain"}},
		{"not in this list", c, `<filter><name>birch-plan</name></filter>`, []string{"1013<name>birch-plan</name>"}},
		{"not in this list by id", c, `<filter><id>5</id><id>3</id></filter>`, []string{"1013<id>5</id>", "Unlimited"}},
		{"a reseller's list", c, `<filter/><owner-login>birch</owner-login>`, []string{"birch-plan", "Unlimited"}},
		{"a reseller's list by id", c, `<filter><id>5</id></filter><owner-id>2</owner-id>`, []string{"birch-plan"}},
		{"everybody's", c, `<filter><name>Unlimited</name></filter><owner-all/>`, []string{"Unlimited", "Unlimited"}},
		{"names are exact", c, `<filter><name>unlimited</name></filter>`, []string{"1013<name>unlimited</name>"}},
		{"unknown guid", c, `<filter><guid>nothing</guid></filter>`, []string{"1013<guid>nothing</guid>"}},
		{"unknown external id", c, `<filter><external-id>nothing</external-id></filter>`, []string{"1013<external-id>nothing</external-id>"}},
		{"unknown owner", c, `<filter/><owner-login>nobody</owner-login>`, []string{"1015"}},
		{"a customer has no plans", c, `<filter/><owner-login>alder</owner-login>`, []string{"1015"}},
		{"a reseller sees their own", birch, `<filter/>`, []string{"birch-plan", "Unlimited"}},
		{"all that a reseller sees", birch, `<filter/><owner-all/>`, []string{"birch-plan", "Unlimited"}},
		{"a reseller does not see others'", birch, `<filter/><owner-login>admin</owner-login>`, []string{"1015"}},
		{"a customer may not", c.as("alder", "pass-42x"), `<filter/>`, []string{"1006"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := *test.as
			c.t = t
			body := squeeze(c.post(`<packet><service-plan><get>` + test.request + `</get></service-plan></packet>`))
			results := strings.Split(body, "<result>")[1:]
			if len(results) != len(test.want) {
				t.Fatalf("%d results in %s", len(results), body)
			}
			for i, want := range test.want {
				if code, rest, _ := strings.Cut(want, "<"); code[0] == '1' {
					if rest != "" {
						rest = "<" + rest
					}
					contains(t, []byte(results[i]), "<errcode>"+code+"</errcode>")
					contains(t, []byte(results[i]), "</errtext>"+rest+"</result>")
				} else {
					contains(t, []byte(results[i]), "<name>"+want+"</name><guid>")
				}
			}
		})
	}
}

func TestServicePlanRefusals(t *testing.T) {
	c := start(t, newServer(t))
	c.newPlan(5, "one", `<external-id>x1</external-id>`)
	for _, test := range []struct{ name, parts, code string }{
		{"name taken", `<name>one</name>`, "1007"},
		{"name of a factory plan", `<name>Unlimited</name>`, "1007"},
		{"empty name", `<name/>`, "1019"},
		{"long name", `<name>` + strings.Repeat("x", 256) + `</name>`, "1019"},
		{"external id taken", `<name>two</name><external-id>x1</external-id>`, "1007"},
		{"unknown owner", `<name>two</name><owner-login>nobody</owner-login>`, "1015"},
		{"unknown limit", `<name>two</name><limits>` + limit("max_fun", "1") + `</limits>`, "1019"},
		{"unknown permission", `<name>two</name><permissions>` + permission("fly", "true") + `</permissions>`, "1019"},
		{"unknown property", `<name>two</name><hosting>` + prop("frontpage", "true") + `</hosting>`, "1019"},
		{"property of one subscription", `<name>two</name><hosting>` + prop("ftp_login", "x") + `</hosting>`, "1019"},
		{"disabled handler", `<name>two</name><hosting>` + prop("php_handler_id", "plesk-php74-fpm") + `</hosting>`, "1019"},
		{"mail limit", `<name>two</name><mail><outgoing-messages-domain-limit>few</outgoing-messages-domain-limit></mail>`, "1019"},
		{"statistics", `<name>two</name><preferences><stat>0</stat></preferences>`, "1019"},
		{"log size", `<name>two</name><log-rotation><on><log-condition><log-bysize>0</log-bysize></log-condition></on></log-rotation>`, "1019"},
		{"connections", `<name>two</name><performance><max_connections>0</max_connections></performance>`, "1019"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(`<service-plan><add>`+test.parts+`</add></service-plan>`, `<service-plan><add><result>`+failed(test.code)+`</result></add></service-plan>`)
		})
	}
	// A set that is refused changes nothing.
	c.ask(`<service-plan><set><filter><name>one</name></filter><limits>`+limit("max_db", "1")+`</limits><name>Unlimited</name></set>
		<set><filter><name>one</name></filter><limits>`+limit("max_db", "1")+limit("max_fun", "1")+`</limits></set>
		<set><filter><name>none</name></filter><limits>`+limit("max_db", "1")+`</limits></set></service-plan>`,
		`<service-plan><set><result>`+failed("1007")+`<name>one</name></result></set><set><result>`+failed("1019")+`<name>one</name></result></set>
		<set><result>`+failed("1013")+`<name>none</name></result></set></service-plan>`)
	c.has(`<service-plan><get><filter><name>one</name></filter></get></service-plan>`, limit("max_db", "-1"))
	c.newPlan(6, "two", "")
}

func TestServicePlanSetMerges(t *testing.T) {
	c := start(t, newServer(t))
	c.newPlan(5, "one", `<mail><webmail>none</webmail></mail><limits>`+limit("max_db", "3")+limit("max_box", "4")+`</limits>
		<preferences><stat>6</stat></preferences><hosting>`+prop("cgi", "true")+`</hosting>`)
	c.setPlan("one", `<mail><mailservice>false</mailservice></mail><limits><overuse>notify</overuse>`+limit("max_db", "5")+`</limits><preferences><dns_zone_type>slave</dns_zone_type></preferences>
		<hosting><vrt_hst>`+prop("perl", "true")+`</vrt_hst></hosting>`, "")
	c.has(`<service-plan><get><filter><name>one</name></filter></get></service-plan>`, `<webmail>none</webmail><maillists>false</maillists><mailservice>false</mailservice>`,
		`<overuse>notify</overuse>`, limit("max_db", "5"), limit("max_box", "4"), `<stat>6</stat>`, `<dns_zone_type>slave</dns_zone_type>`, prop("cgi", "true"), prop("perl", "true"))
	c.setPlan("one", `<hosting><none/></hosting><external-id>x9</external-id><name>uno</name>`, "")
	c.has(`<service-plan><get><filter><external-id>x9</external-id></filter></get></service-plan>`, `<name>uno</name>`, `<hosting><none/></hosting>`)
	c.has(`<event_log><get_events><events><event><type>updated</type><class>template_domain</class></event></events></get_events></event_log>`, `<obj_id>5</obj_id>`)
}

func TestServicePlanDuplicateAndDelete(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.newPlan(5, "one", `<limits>`+limit("max_db", "3")+`</limits><external-id>x1</external-id>`)
	c.ask(`<service-plan><duplicate><filter><id>5</id></filter><duplicate-name>two</duplicate-name></duplicate>
		<duplicate><filter><id>5</id></filter><duplicate-name>two</duplicate-name></duplicate>
		<duplicate><filter><id>77</id></filter><duplicate-name>three</duplicate-name></duplicate>
		<duplicate><filter/><duplicate-name>three</duplicate-name></duplicate></service-plan>`,
		`<service-plan><duplicate><result><status>ok</status><id>6</id><guid>§</guid></result></duplicate><duplicate><result>`+failed("1007")+`</result></duplicate>
		<duplicate><result>`+failed("1013")+`</result></duplicate><duplicate><result>`+failed("1019")+`</result></duplicate></service-plan>`)
	c.setPlan("one", `<limits>`+limit("max_db", "4")+`</limits>`, "")
	c.has(`<service-plan><get><filter><name>two</name></filter></get></service-plan>`, limit("max_db", "3"), `<external-id/>`)
	// Deleting a plan makes its subscriptions custom; they keep what they have.
	c.added(1, `<gen_setup><name>one.test</name></gen_setup>`+virtual("one")+`<plan-name>one</plan-name>`)
	c.ask(`<service-plan><del><filter><guid>`+s.state.Plans.Get(5).GUID+`</guid><guid>nothing</guid></filter></del></service-plan>`,
		`<service-plan><del><result><status>ok</status><guid>§</guid></result><result>`+failed("1013")+`<guid>nothing</guid></result></del></service-plan>`)
	c.has(about(1, `<limits/><subscriptions/>`), limit("max_db", "4"), `<subscriptions/>`)
	c.has(`<event_log><get_events><events><event><type>deleted</type><class>template_domain</class></event></events></get_events></event_log>`, `<obj_id>5</obj_id>`)
	c.newPlan(7, "one", "")

	strict := start(t, newServer(t, func(o *Options) { o.UsedPlansStay = true }))
	strict.added(1, `<gen_setup><name>one.test</name></gen_setup><plan-name>Unlimited</plan-name>`)
	strict.ask(`<service-plan><del><filter><name>Unlimited</name><name>Default Simple</name></filter></del></service-plan>`,
		`<service-plan><del><result>`+failed("1023")+`<name>Unlimited</name></result><result><status>ok</status><name>Default Simple</name></result></del></service-plan>`)
}

// A reseller's plans are removed with the reseller.
func TestResellersPlans(t *testing.T) {
	s := newServer(t)
	addReseller(t, s, "birch")
	c := start(t, s)
	birch := c.as("birch", "pass-42x")
	birch.newPlan(5, "mine", "")
	birch.ask(`<service-plan><add><name>x</name><owner-login>admin</owner-login></add><del><filter><name>Unlimited</name></filter></del></service-plan>`,
		`<service-plan><add><result>`+failed("1015")+`</result></add><del><result>`+failed("1013")+`<name>Unlimited</name></result></del></service-plan>`)
	s.inside(func(c *call) { c.removeAccount(c.accountsByLogin.First("birch")) })
	c.ask(`<service-plan><get><filter><name>mine</name></filter><owner-all/></get></service-plan>`,
		`<service-plan><get><result>`+failed("1013")+`<name>mine</name></result></get></service-plan>`)
}

// Additional services, applications and database servers, of plans and of their subscriptions.
func TestOffers(t *testing.T) {
	c := start(t, newServer(t))
	c.newPlan(5, "one", "")
	c.added(1, `<gen_setup><name>one.test</name></gen_setup><plan-name>one</plan-name>`)
	c.added(2, `<gen_setup><name>two.test</name></gen_setup>`)
	plan := func(operation, parts, want string) {
		t.Helper()
		c.ask(`<service-plan><`+operation+`><filter><name>one</name></filter>`+parts+`</`+operation+`></service-plan>`, `<service-plan><`+operation+`><result>`+want+`</result></`+operation+`></service-plan>`)
	}
	subscription := func(id, operation, parts, want string) {
		t.Helper()
		c.ask(`<webspace><`+operation+`><filter><id>`+id+`</id></filter>`+parts+`</`+operation+`></webspace>`, `<webspace><`+operation+`><result>`+want+`</result></`+operation+`></webspace>`)
	}
	item := func(name string) string { return `<plan-item><name>` + name + `</name></plan-item>` }
	plan("add-plan-item", item("urn:backup"), `<status>ok</status><name>one</name><item>urn:backup</item>`)
	plan("add-plan-item", item("urn:backup"), failed("1007")+`<name>one</name>`)
	plan("add-package", `<package><name>wiki</name><value>1.2</value></package>`, `<status>ok</status><filter-id>one</filter-id><id>5</id>`)
	plan("remove-package", `<package><name>blog</name><value/></package>`, failed("1013")+`<filter-id>one</filter-id><id>5</id>`)
	plan("enable-aps-filter", "", `<status>ok</status><filter-id>one</filter-id><id>5</id>`)
	has := `<plan-items><item><name>urn:backup</name></item></plan-items>`
	c.has(`<service-plan><get><filter><name>one</name></filter></get></service-plan>`, has, `<aps-filter>true</aps-filter><packages><package><name>wiki</name><version>1.2</version></package></packages>`)
	c.has(about(1, `<plan-items/><aps-filter/><packages/><subscriptions/>`), has, `<aps-filter>true</aps-filter><packages><package><name>wiki</name><version>1.2</version></package></packages>`, `<locked>false</locked>`)

	subscription("1", "add-plan-item", item("urn:scan"), `<status>ok</status><filter-id>1</filter-id><id>1</id><item>urn:scan</item>`)
	subscription("1", "remove-plan-item", item("urn:none"), failed("1013")+`<filter-id>1</filter-id><id>1</id>`)
	subscription("2", "add-package", `<package><name>blog</name><value/></package>`, `<status>ok</status><filter-id>2</filter-id><id>2</id>`)
	subscription("2", "enable-aps-filter", "", `<status>ok</status><filter-id>2</filter-id><id>2</id>`)
	c.has(about(1, `<plan-items/><subscriptions/>`), `<item><name>urn:backup</name></item><item><name>urn:scan</name></item>`, `<locked>true</locked>`)
	c.has(about(2, `<aps-filter/><packages/>`), `<aps-filter>true</aps-filter><packages><package><name>blog</name></package></packages>`)
	subscription("2", "disable-aps-filter", "", `<status>ok</status><filter-id>2</filter-id><id>2</id>`)
	subscription("2", "remove-package", `<package><name>blog</name><value/></package>`, `<status>ok</status><filter-id>2</filter-id><id>2</id>`)
	c.has(about(2, `<aps-filter/><packages/>`), `<aps-filter>false</aps-filter><packages/>`)

	local := `<db-server><type>mysql</type><id>1</id><host>localhost</host><port>3306</port></db-server>`
	c.ask(`<webspace><db-servers><list><filter><id>2</id></filter></list></db-servers><db-servers><add><filter><id>2</id></filter><db-server><type>mysql</type><host>localhost</host><port>3306</port></db-server></add></db-servers>
		<db-servers><add><filter><id>2</id></filter><db-server><type>postgresql</type><id>1</id></db-server></add></db-servers>
		<db-servers><remove><filter><id>2</id><id>1</id></filter><db-server><type>mysql</type><id>1</id></db-server></remove></db-servers></webspace>
		<service-plan><db-servers><list><filter><name>one</name></filter></list></db-servers><db-servers><add><filter><id>5</id></filter><db-server><type>mysql</type><id>1</id></db-server></add></db-servers></service-plan>`,
		`<webspace><db-servers><list><result><status>ok</status><filter-id>2</filter-id><id>2</id>`+local+`</result></list></db-servers>
		<db-servers><add><result><status>ok</status><filter-id>2</filter-id><id>2</id></result></add></db-servers>
		<db-servers><add><result>`+failed("1013")+`<filter-id>2</filter-id><id>2</id></result></add></db-servers>
		<db-servers><remove><result><status>ok</status><filter-id>2</filter-id><id>2</id></result><result>`+failed("1013")+`<filter-id>1</filter-id><id>1</id></result></remove></db-servers></webspace>
		<service-plan><db-servers><list><result><status>ok</status><filter-id>one</filter-id><id>5</id>`+local+`</result></list></db-servers>
		<db-servers><add><result><status>ok</status><filter-id>5</filter-id><id>5</id></result></add></db-servers></service-plan>`)
	c.has(`<webspace><cform_buttons_list><filter><id>1</id></filter></cform_buttons_list></webspace>`, `<filter-id>1</filter-id><id>1</id><button><code>hosting-settings</code>`, `<enabled>false</enabled>`)
}

// The state is plain data: written to JSON and read back it answers the same.
func TestPlansAndSubscriptionsAsJSON(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.newPlan(5, "one", `<mail><nonexistent-user><reject/></nonexistent-user></mail><limits>`+limit("max_db", "3")+`</limits>
		<log-rotation><off/></log-rotation><preferences><stat>6</stat></preferences><performance><bandwidth>1.5</bandwidth></performance>`)
	c.added(1, `<gen_setup><name>one.test</name></gen_setup>`+virtual("one")+`<limits>`+limit("max_box", "2")+`</limits>
		<prefs><www>false</www></prefs><plan-name>one</plan-name><mail><none/></mail>`)
	c.has(`<webspace><set_traffic><dom_id>1</dom_id><date>2025-03-01</date><smtp_in>1</smtp_in><smtp_out>1</smtp_out><pop3_imap_in>1</pop3_imap_in><pop3_imap_out>1</pop3_imap_out></set_traffic></webspace>`, `<status>ok</status>`)
	const ask = `<packet><service-plan><get><filter/></get></service-plan><webspace><get><filter><name>one.test</name></filter><dataset><gen_info/><hosting/><limits/><stat/><prefs/>
		<performance/><subscriptions/><permissions/><php-settings/><resource-usage/><mail/></dataset></get></webspace></packet>`
	before := c.post(ask)
	if err := s.reload(); err != nil {
		t.Fatal(err)
	}
	if after := c.post(ask); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
	c.ask(`<webspace><add><gen_setup><name>two.test</name></gen_setup>`+virtual("one")+`</add></webspace>`, `<webspace><add><result>`+failed("1007")+`</result></add></webspace>`)
	c.setPlan("one", `<external-id>x</external-id>`, "")
}
