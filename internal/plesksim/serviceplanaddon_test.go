// Add-on plans: what they hold, how they are found, changed, copied and deleted, and what they add to subscriptions.

package plesksim

import (
	"fmt"
	"testing"
)

// newAddon makes an add-on plan.
func (c *client) newAddon(id int, name, parts string) {
	c.t.Helper()
	c.ask(`<service-plan-addon><add><name>`+name+`</name>`+parts+`</add></service-plan-addon>`,
		fmt.Sprintf(`<service-plan-addon><add><result><status>ok</status><id>%d</id><guid>§</guid></result></add></service-plan-addon>`, id))
}

// setAddon changes an add-on plan.
func (c *client) setAddon(name, parts string) {
	c.t.Helper()
	c.ask(`<service-plan-addon><set><filter><name>`+name+`</name></filter>`+parts+`</set></service-plan-addon>`,
		`<service-plan-addon><set><result><status>ok</status><name>`+name+`</name></result></set></service-plan-addon>`)
}

// attach gives a subscription an add-on by its external id.
func (c *client) attach(id int, externalID string) {
	c.t.Helper()
	c.ask(fmt.Sprintf(`<webspace><add-subscription><filter><id>%d</id></filter><plan-external-id>%s</plan-external-id></add-subscription></webspace>`, id, externalID),
		fmt.Sprintf(`<webspace><add-subscription><result><status>ok</status><filter-id>%d</filter-id><id>%d</id></result></add-subscription></webspace>`, id, id))
}

// Everything that an add-on can hold, and one that has nothing but a name: only what is configured is answered.
func TestAddonPlanLifecycle(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.newAddon(5, "more", `<limits>`+limit("disk_space", "1024")+limit("max_db", "-1")+`</limits><hosting>`+prop("cgi", "true")+prop("ftp_quota", "4096")+`</hosting>
		<performance><max_connections>10</max_connections></performance><permissions>`+permission("manage_log", "false")+permission("manage_dns", "true")+`</permissions><external-id>x-more</external-id>
		<php-settings><setting><name>memory_limit</name><value>1G</value></setting></php-settings>`)
	c.newAddon(6, "bare", "")
	more := `<status>ok</status><id>5</id><name>more</name><guid>§</guid><external-id>x-more</external-id><owner-login>admin</owner-login>
		<limits>` + limit("disk_space", "1024") + limit("max_db", "-1") + `</limits><hosting><vrt_hst>` + prop("ftp_quota", "4096") + prop("cgi", "true") + `</vrt_hst></hosting>
		<performance><max_connections>10</max_connections></performance><packages/><permissions>` + permission("manage_dns", "true") + permission("manage_log", "false") + `</permissions>
		<php-settings><setting><name>memory_limit</name><value>1G</value></setting></php-settings>`
	bare := `<status>ok</status><id>6</id><name>bare</name><guid>§</guid><external-id/><owner-login>admin</owner-login>
		<limits/><hosting><none/></hosting><performance/><packages/><permissions/><php-settings/>`
	guid := s.state.Plans.Get(5).GUID
	c.ask(`<service-plan-addon><get><filter/></get><get><filter><name>bare</name><name>none</name></filter></get><get><filter><guid>`+guid+`</guid></filter></get>
		<get><filter><external-id>x-more</external-id></filter><owner-all/></get><get><filter><id>3</id></filter></get></service-plan-addon>`,
		`<service-plan-addon><get><result>`+more+`</result><result>`+bare+`</result></get><get><result>`+bare+`</result><result>`+failed("1013")+`<name>none</name></result></get>
		<get><result>`+more+`</result></get><get><result>`+more+`</result></get><get><result>`+failed("1013")+`<id>3</id></result></get></service-plan-addon>`)
	// Neither kind of plan is in the other's list, nor in the way of its names.
	c.ask(`<service-plan><get><filter><id>5</id></filter></get></service-plan>`, `<service-plan><get><result>`+failed("1013")+`<id>5</id></result></get></service-plan>`)
	c.newPlan(7, "more", `<external-id>x-more</external-id>`)

	c.setAddon("bare", `<limits>`+limit("max_box", "3")+`</limits><hosting>`+prop("ssi", "true")+`</hosting><performance><bandwidth>5</bandwidth></performance>
		<permissions>`+permission("manage_dns", "true")+`</permissions><external-id>x-bare</external-id><name>richer</name><php-settings><setting><name>memory_limit</name><value>2G</value></setting></php-settings>`)
	c.has(`<service-plan-addon><get><filter><id>6</id></filter></get></service-plan-addon>`, `<name>richer</name><guid>`, `<external-id>x-bare</external-id>`, `<limits>`+limit("max_box", "3")+`</limits><hosting><vrt_hst>`+prop("ssi", "true")+`</vrt_hst></hosting>
		<performance><bandwidth>5</bandwidth></performance>`, `<permissions>`+permission("manage_dns", "true")+`</permissions>`, `<value>2G</value>`)
	c.ask(`<service-plan-addon><duplicate><filter><id>6</id></filter><duplicate-name>richer 2</duplicate-name></duplicate><duplicate><filter><id>6</id></filter><duplicate-name>more</duplicate-name></duplicate>
		<duplicate><filter><id>7</id></filter><duplicate-name>x</duplicate-name></duplicate></service-plan-addon>`,
		`<service-plan-addon><duplicate><result><status>ok</status><id>8</id><guid>§</guid></result></duplicate><duplicate><result>`+failed("1007")+`</result></duplicate>
		<duplicate><result>`+failed("1013")+`</result></duplicate></service-plan-addon>`)
	c.has(`<service-plan-addon><get><filter><id>8</id></filter></get></service-plan-addon>`, `<name>richer 2</name>`, `<external-id/>`, limit("max_box", "3"))
	const app = `<package><name>App</name><value/></package>`
	c.ask(`<service-plan-addon><add-package><filter><id>6</id></filter>`+app+`</add-package><get><filter><name>none</name></filter></get><remove-package><filter><name>richer</name><name>none</name></filter>`+app+`</remove-package></service-plan-addon>`,
		`<service-plan-addon><add-package><result><status>ok</status><filter-id>6</filter-id><id>6</id></result></add-package><get><result>`+failed("1013")+`<name>none</name></result></get>
		<remove-package><result><status>ok</status><filter-id>richer</filter-id><id>6</id></result><result>`+failed("1013")+`<filter-id>none</filter-id></result></remove-package></service-plan-addon>`)

	c.ask(`<service-plan-addon><del><filter><id>8</id><id>8</id><id>7</id></filter></del><del><filter/></del><get><filter/></get></service-plan-addon>`,
		`<service-plan-addon><del><result><status>ok</status><id>8</id></result><result>`+failed("1013")+`<id>8</id></result><result>`+failed("1013")+`<id>7</id></result></del>
		<del><result><status>ok</status><id>5</id></result><result><status>ok</status><id>6</id></result></del><get>`+okOnly+`</get></service-plan-addon>`)
	for _, kind := range []string{"created", "updated", "deleted"} {
		c.has(`<event_log><get_events><events><event><type>`+kind+`</type><class>template_domain</class></event></events></get_events></event_log>`, `<obj_id>6</obj_id>`)
	}
}

func TestAddonPlanRefusals(t *testing.T) {
	c := start(t, newServer(t))
	c.newAddon(5, "more", `<external-id>x-more</external-id>`)
	for _, test := range []struct{ parts, code string }{
		{`<name>more</name>`, "1007"},
		{`<name/>`, "1019"},
		{`<name>a</name><owner-login>nobody</owner-login>`, "1015"},
		{`<name>a</name><limits>` + limit("max_fun", "1") + `</limits>`, "1019"},
		{`<name>a</name><limits>` + limit("expiration", "1740996000") + `</limits>`, "1019"},
		{`<name>a</name><hosting>` + prop("ftp_login", "x") + `</hosting>`, "1019"},
		{`<name>a</name><hosting>` + prop("cgi", "maybe") + `</hosting>`, "1019"},
		{`<name>a</name><performance><max_connections>0</max_connections></performance>`, "1019"},
		{`<name>a</name><permissions>` + permission("fly", "true") + `</permissions>`, "1019"},
		{`<name>a</name><external-id>x-more</external-id>`, "1007"},
	} {
		c.ask(`<service-plan-addon><add>`+test.parts+`</add></service-plan-addon>`, `<service-plan-addon><add><result>`+failed(test.code)+`</result></add></service-plan-addon>`)
	}
	c.ask(`<service-plan-addon><set><filter><id>5</id><id>9</id></filter><limits>`+limit("expiration", "1")+`</limits><name>other</name></set></service-plan-addon>`,
		`<service-plan-addon><set><result>`+failed("1019")+`<id>5</id></result><result>`+failed("1013")+`<id>9</id></result></set></service-plan-addon>`)
	// Add-ons have no overuse, and hold properties directly.
	c.ask(`<service-plan-addon><add><name>a</name><limits><overuse>block</overuse></limits></add></service-plan-addon>`, refused("1014"))
	c.ask(`<service-plan-addon><set><filter><id>5</id></filter><hosting><vrt_hst/></hosting></set></service-plan-addon>`, refused("1014"))
}

// Add-ons only raise what a plan gives: sums of limits with -1 above all, switches or-ed, the bigger quota and bound.
func TestAddonsRaise(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.newPlan(5, "base", `<limits>`+limit("max_db", "3")+limit("max_box", "2")+limit("max_traffic", "100")+`</limits>
		<hosting>`+prop("cgi", "false")+prop("ssl", "true")+prop("ftp_quota", "1000")+prop("webstat", "awstats")+prop("shell", "/bin/sh")+`</hosting>
		<performance><bandwidth>50</bandwidth><max_connections>10</max_connections></performance><permissions>`+permission("manage_log", "true")+`</permissions>
		<php-settings><setting><name>memory_limit</name><value>64M</value></setting></php-settings>`)
	c.newAddon(6, "up", `<limits>`+limit("max_db", "2")+limit("max_box", "-1")+`</limits><hosting>`+prop("cgi", "true")+prop("ssl", "false")+prop("ftp_quota", "2000")+prop("webstat", "none")+prop("shell", "/bin/false")+`</hosting>
		<performance><bandwidth>-1</bandwidth><max_connections>5</max_connections></performance><permissions>`+permission("manage_log", "false")+permission("manage_dns", "true")+`</permissions>
		<external-id>x-up</external-id><php-settings><setting><name>memory_limit</name><value>1G</value></setting></php-settings>`)
	c.newAddon(7, "down", `<limits>`+limit("max_db", "1")+limit("max_traffic", "0")+`</limits><hosting>`+prop("cgi", "false")+prop("ftp_quota", "500")+prop("shell", "/bin/bash")+`</hosting>
		<performance><bandwidth>20</bandwidth><max_connections>40</max_connections></performance><external-id>x-down</external-id>`)
	c.added(1, `<gen_setup><name>one.test</name></gen_setup>`+virtual("one")+`<plan-name>base</plan-name>`)
	c.attach(1, "x-up")
	blocks := `<hosting/><limits/><performance/><permissions/><php-settings/><subscriptions/>`
	c.has(about(1, blocks), limit("max_db", "5"), limit("max_box", "-1"), limit("max_traffic", "100"), limit("max_site", "-1"),
		prop("cgi", "true"), prop("ssl", "true"), prop("ftp_quota", "2000"), prop("webstat", "awstats"), prop("shell", "/bin/sh"),
		`<bandwidth>-1</bandwidth><max_connections>10</max_connections>`, permission("manage_log", "true"), permission("manage_dns", "true"), `<value>1G</value>`, links("false", "true"))
	c.attach(1, "x-down")
	c.has(about(1, blocks), limit("max_db", "6"), limit("max_box", "-1"), limit("max_traffic", "100"), prop("cgi", "true"), prop("ftp_quota", "2000"), prop("shell", "/bin/bash"),
		`<bandwidth>-1</bandwidth><max_connections>40</max_connections>`)
	// A change of an add-on reaches its subscriptions, as one of the plan does.
	c.setAddon("up", `<limits>`+limit("max_db", "20")+`</limits><hosting>`+prop("cgi", "false")+`</hosting>`)
	c.has(about(1, blocks), limit("max_db", "24"), prop("cgi", "false"))
	// A locked subscription keeps its values until it is synchronised, and its add-ons.
	c.changed(1, `<limits>`+limit("max_db", "9")+`</limits>`)
	c.setAddon("up", `<limits>`+limit("max_db", "30")+`</limits>`)
	c.has(about(1, blocks), limit("max_db", "9"), links("true", "true"))
	c.has(`<webspace><sync-subscription><filter><id>1</id></filter></sync-subscription></webspace>`, okStatus)
	c.has(about(1, blocks), limit("max_db", "34"), links("false", "true"))
	// Another plan keeps the add-ons.
	c.newPlan(8, "other", `<limits>`+limit("max_db", "100")+`</limits><external-id>x-other</external-id>`)
	c.has(`<webspace><switch-subscription><filter><id>1</id></filter><plan-external-id>x-other</plan-external-id></switch-subscription></webspace>`, okStatus)
	c.has(about(1, blocks), limit("max_db", "131"), `<plan-external-id>x-other</plan-external-id></plan><plan>`, `<plan-external-id>x-up</plan-external-id>`, `<plan-external-id>x-down</plan-external-id>`)
	// One that cannot be taken away leaves what there is, and says so.
	c.newPlan(9, "tight", `<limits>`+limit("max_db", "0")+`</limits><external-id>x-tight</external-id>`)
	c.has(`<webspace><switch-subscription><filter><id>1</id></filter><plan-external-id>x-tight</plan-external-id></switch-subscription></webspace>`, okStatus)
	for _, name := range []string{"a", "b"} {
		c.has(`<database><add-db><webspace-id>1</webspace-id><name>`+name+`</name><type>mysql</type></add-db></database>`, okStatus)
	}
	guid := s.state.Plans.Get(6).GUID
	c.ask(`<webspace><remove-subscription><filter><id>1</id></filter><plan-guid>`+guid+`</plan-guid></remove-subscription></webspace>`,
		`<webspace><remove-subscription><result>`+failed("1023")+`<filter-id>1</filter-id><id>1</id></result></remove-subscription></webspace>`)
	c.has(`<service-plan-addon><del><filter><id>6</id></filter></del></service-plan-addon>`, okStatus)
	c.has(about(1, blocks), limit("max_db", "31"), links("false", "false"))
	c.lacks(about(1, `<subscriptions/>`), `x-up`)
}

// Resellers have add-ons of their own: neither list shows the other's, the administrator's or a reseller's.
func TestAddonOwners(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.newReseller(2, "birch", remote())
	c.newReseller(3, "cedar", remote())
	c.has(pool("198.51.100.7"), okStatus)
	birch := c.as("birch", "pass-42x")
	c.newAddon(5, "more", `<external-id>x-admin</external-id>`)
	birch.newAddon(6, "more", `<external-id>x-birch</external-id>`)
	c.ask(`<service-plan-addon><add><name>cedar's</name><owner-login>cedar</owner-login></add><add><name>x</name><owner-id>77</owner-id></add></service-plan-addon>`,
		`<service-plan-addon><add><result><status>ok</status><id>7</id><guid>§</guid></result></add><add><result>`+failed("1015")+`</result></add></service-plan-addon>`)
	birch.newPlan(8, "base", `<external-id>x-base</external-id>`)
	c.has(`<service-plan-addon><get><filter/></get></service-plan-addon>`, `<id>5</id>`)
	c.lacks(`<service-plan-addon><get><filter/></get></service-plan-addon>`, `<id>6</id>`, `<id>7</id>`)
	c.has(`<service-plan-addon><get><filter/><owner-all/></get></service-plan-addon>`, `<id>5</id>`, `<id>6</id>`, `<id>7</id>`)
	c.has(`<service-plan-addon><get><filter/><owner-login>birch</owner-login></get></service-plan-addon>`, `<id>6</id><name>more</name>`, `<owner-id>2</owner-id><limits/>`)
	birch.lacks(`<service-plan-addon><get><filter/><owner-all/></get></service-plan-addon>`, `<id>5</id>`, `<id>7</id>`)
	birch.ask(`<service-plan-addon><get><filter/><owner-login>cedar</owner-login></get><set><filter><id>7</id></filter><name>x</name></set><del><filter><id>5</id></filter><owner-login>admin</owner-login></del></service-plan-addon>`,
		`<service-plan-addon><get><result>`+failed("1015")+`</result></get><set><result>`+failed("1013")+`<id>7</id></result></set><del><result>`+failed("1015")+`</result></del></service-plan-addon>`)
	birch.added(1, `<gen_setup><name>b.test</name></gen_setup><plan-name>base</plan-name>`)
	birch.ask(`<webspace><add-subscription><filter><id>1</id></filter><plan-external-id>x-admin</plan-external-id></add-subscription></webspace>`,
		`<webspace><add-subscription><result>`+failed("1013")+`<filter-id>1</filter-id><id>1</id></result></add-subscription></webspace>`)
	birch.attach(1, "x-birch")
	addCustomer(t, s, "alder")
	c.as("alder", "pass-42x").ask(`<service-plan-addon><get><filter/></get></service-plan-addon>`, `<service-plan-addon><get><result>`+failed("1006")+`</result></get></service-plan-addon>`)
}

// Descriptors of add-ons: what can be added, and what one adds.
func TestAddonDescriptors(t *testing.T) {
	c := start(t, newServer(t))
	c.newAddon(5, "more", `<limits>`+limit("max_db", "2")+`</limits><hosting>`+prop("cgi", "true")+`</hosting><permissions>`+permission("manage_dns", "true")+`</permissions>`)
	get := func(operation, filter string) string {
		return `<service-plan-addon><` + operation + `><filter>` + filter + `</filter></` + operation + `></service-plan-addon>`
	}
	databases := func(value string) string {
		return `<name>max_db</name><type>int</type><default-value>` + value + `</default-value><writable-by>admin</writable-by>`
	}
	c.has(get("get-limit-descriptor", ""), `<result><status>ok</status><descriptor>`, databases("0"))
	c.has(get("get-limit-descriptor", `<name>more</name>`), `<result><status>ok</status><name>more</name><descriptor>`, databases("2"))
	c.has(get("get-permission-descriptor", `<id>5</id>`), `<result><status>ok</status><id>5</id><descriptor>`, `<name>manage_dns</name><type>boolean</type><default-value>true</default-value>`)
	c.has(get("get-physical-hosting-descriptor", `<id>5</id>`), `<name>cgi</name><type>boolean</type><default-value>true</default-value>`)
	c.lacks(get("get-physical-hosting-descriptor", `<id>5</id>`), `<name>ftp_login</name>`)
	c.ask(get("get-limit-descriptor", `<id>3</id>`), `<service-plan-addon><get-limit-descriptor><result>`+failed("1013")+`<id>3</id></result></get-limit-descriptor></service-plan-addon>`)
}
