// Resellers: their data, their limits over all that they own, their pools, and what they may do themselves.

package plesksim

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// newReseller makes a reseller who may use the API, with the given parts after gen-info.
func (c *client) newReseller(id int, login, parts string) {
	c.t.Helper()
	c.ask(`<reseller><add><gen-info><pname>Name of `+login+`</pname><login>`+login+`</login><passwd>pass-42x</passwd></gen-info>`+parts+`</add></reseller>`,
		fmt.Sprintf(`<reseller><add><result><status>ok</status><id>%d</id><guid>§</guid></result></add></reseller>`, id))
}

// remote are the permissions of a reseller who may use the API.
func remote(more ...string) string {
	return `<permissions>` + permission("remote_access_interface", "true") + strings.Join(more, "") + `</permissions>`
}

// setReseller sends a reseller/set of one reseller; want is the core of its result.
func (c *client) setReseller(login, values, want string) {
	c.t.Helper()
	c.has(`<reseller><set><filter><login>`+login+`</login></filter><values>`+values+`</values></set></reseller>`,
		`<reseller><set><result>`+strings.TrimSuffix(want, "</errtext>"), `<filter-id>`+login+`</filter-id><id>`)
}

// refusal is a failed result up to its text.
func refusedWith(code string) string { return `<status>error</status><errcode>` + code + `</errcode>` }

const okStatus = `<status>ok</status>`

// aboutReseller reads blocks of one reseller.
func aboutReseller(login, blocks string) string {
	return `<reseller><get><filter><login>` + login + `</login></filter><dataset>` + blocks + `</dataset></get></reseller>`
}

// pool puts addresses of the server into the pool of reseller 2.
func pool(addresses ...string) string {
	var ips strings.Builder
	for _, a := range addresses {
		ips.WriteString(`<ip><ip-address>` + a + `</ip-address></ip>`)
	}
	return `<reseller><ippool-add-ip><reseller-id>2</reseller-id>` + ips.String() + `</ippool-add-ip></reseller>`
}

// Every block of a fresh reseller and of one with contents, the change of each value, the removal with everything that the reseller owns.
func TestResellerLifecycle(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.ask(`<reseller><add><gen-info><cname>Birch Ltd</cname><pname>Bo Birch</pname><login>birch</login><passwd>pass-42x</passwd><status>0</status>
		<phone>+46 1</phone><fax>+46 2</fax><email>bo@birch.test</email><address>Street 1</address><city>Umeå</city><state>AC</state><pcode>90320</pcode>
		<country>SE</country><locale>sv-SE</locale><external-id>k8s-1</external-id><description>first</description><power-user>true</power-user></gen-info>
		<limits><resource-policy><oversell>false</oversell><overuse>notify</overuse></resource-policy>`+limit("max_cl", "5")+limit("disk_space", "1000")+`</limits>
		<permissions>`+permission("remote_access_interface", "true")+permission("manage_dns", "false")+`</permissions></add></reseller>`,
		`<reseller><add><result><status>ok</status><id>2</id><guid>§</guid></result></add></reseller>`)
	limits, permissions := "", ""
	for _, l := range s.state.resellerLimits() {
		value := map[string]string{"max_cl": "5", "disk_space": "1000"}[l.name]
		if value == "" {
			value = "-1"
		}
		limits += limit(l.name, value)
	}
	for _, name := range resellerPermissionNames() {
		permissions += permission(name, fmt.Sprint(name != "manage_dns" && name != "allow_oversell"))
	}
	c.ask(`<reseller><get><filter/><dataset><gen-info/><stat/><permissions/><limits/><ippool/><subscriptions/></dataset></get></reseller>`,
		`<reseller><get><result><status>ok</status><filter-id>2</filter-id><id>2</id><data>
		<gen-info><cr-date>2025-03-02</cr-date><cname>Birch Ltd</cname><pname>Bo Birch</pname><login>birch</login><status>0</status><phone>+46 1</phone><fax>+46 2</fax>
		<email>bo@birch.test</email><address>Street 1</address><city>Umeå</city><state>AC</state><pcode>90320</pcode><country>SE</country><locale>sv-SE</locale>
		<guid>§</guid><external-id>k8s-1</external-id><description>first</description><power-user>true</power-user></gen-info>
		<stat><active-clients>0</active-clients><active-domains>0</active-domains><clients>0</clients><domains>0</domains><subdomains>0</subdomains>
		<domain-aliases>0</domain-aliases><disk-space>0</disk-space><web-users>0</web-users><data-bases>0</data-bases><postboxs>0</postboxs><mbox-quota>0</mbox-quota>
		<redirects>0</redirects><mail-groups>0</mail-groups><mail-resps>0</mail-resps><mail-lists>0</mail-lists><mssql-data-bases>0</mssql-data-bases>
		<traffic>0</traffic><traffic-prevday>0</traffic-prevday></stat>
		<permissions>`+permissions+`</permissions><limits><resource-policy><oversell>false</oversell><overuse>notify</overuse></resource-policy>`+limits+`</limits>
		<ippool/><subscriptions/></data></result></get></reseller>`)

	c.setReseller("birch", `<gen-info><cname/><login>birk</login><passwd>other-42X</passwd><status>16</status><guid/><external-id>k8s-2</external-id><description>d</description>
		<power-user>false</power-user></gen-info><limits><resource-policy><overuse>normal</overuse></resource-policy>`+limit("max_db", "7")+`</limits>
		<permissions>`+permission("create_clients", "false")+`</permissions>`, okStatus)
	c.has(`<reseller><get><filter><external-id>k8s-2</external-id></filter><dataset><gen-info/><permissions/><limits/></dataset></get></reseller>`,
		`<cname/><pname>Bo Birch</pname><login>birk</login><status>16</status>`, `<external-id>k8s-2</external-id><description>d</description><power-user>false</power-user>`,
		`<oversell>false</oversell><overuse>normal</overuse>`, limit("max_cl", "5"), limit("max_db", "7"), permission("create_clients", "false"), permission("manage_dns", "false"))
	events := `<event_log><get_events/></event_log>`
	for _, e := range [][2]string{{"created", "reseller"}, {"updated", "reseller"}, {"updated", "reseller_status"}, {"guid_changed", "reseller"}, {"updated", "reseller_limits"}, {"updated", "reseller_perms"}} {
		c.has(events, `<type>`+e[0]+`</type><time>1740909600</time><class>`+e[1]+`</class><obj_id>2</obj_id>`)
	}
	c.ask(`<reseller><del><filter><login>birk</login><login>birk</login></filter></del><get><filter/><dataset/></get><get><filter><all/></filter><dataset/></get></reseller>`,
		`<reseller><del><result><status>ok</status><filter-id>birk</filter-id><id>2</id></result><result>`+failed("1013")+`<filter-id>birk</filter-id></result></del>
		<get>`+okOnly+`</get><get>`+okOnly+`</get></reseller>`)
	c.has(events, `<type>deleted</type><time>1740909600</time><class>reseller</class><obj_id>2</obj_id>`)
}

// A filter names resellers alone; empty and all select every one of them.
func TestResellerFilters(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.newReseller(2, "birch", "")
	c.newReseller(3, "cedar", "")
	addCustomer(t, s, "alder")
	found := func(filterID, id string) string {
		return `<result><status>ok</status><filter-id>` + filterID + `</filter-id><id>` + id + `</id><data/></result>`
	}
	guid := s.state.Accounts.Get(3).GUID
	for _, test := range []struct{ filter, want string }{
		{``, found("2", "2") + found("3", "3")},
		{`<all/>`, found("2", "2") + found("3", "3")},
		{`<id>3</id><id>2</id><id>4</id>`, found("3", "3") + found("2", "2") + `<result>` + failed("1013") + `<filter-id>4</filter-id></result>`},
		{`<login>CEDAR</login><login>alder</login>`, found("CEDAR", "3") + `<result>` + failed("1013") + `<filter-id>alder</filter-id></result>`},
		{`<guid>` + guid + `</guid>`, found(guid, "3")},
		{`<external-id>nothing</external-id>`, `<result>` + failed("1013") + `<filter-id>nothing</filter-id></result>`},
	} {
		c.ask(`<reseller><get><filter>`+test.filter+`</filter><dataset/></get></reseller>`, `<reseller><get>`+test.want+`</get></reseller>`)
	}
	c.ask(`<reseller><get><filter><owner-id>1</owner-id></filter><dataset/></get></reseller>`, refused("1014"))
	c.ask(`<reseller><set><filter><id>2</id></filter><values><permissions/></values></set></reseller>`, refused("1014"))
}

// What the schema lets through and the operation refuses; a set that is refused changes nothing.
func TestResellerRefusals(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	c := start(t, s)
	c.newReseller(3, "birch", "")
	c.setReseller("birch", `<gen-info><external-id>k8s-1</external-id></gen-info>`, okStatus)
	person := func(login string) string {
		return `<gen-info><pname>A</pname><login>` + login + `</login><passwd>vX9!rTq27#</passwd></gen-info>`
	}
	for _, test := range []struct{ parts, code string }{
		{person("alder"), "1002"},
		{person("no blank"), "1019"},
		{`<gen-info><pname/><login>b</login><passwd>vX9!rTq27#</passwd></gen-info>`, "1019"},
		{`<gen-info><pname>A</pname><login>b</login><passwd>short</passwd></gen-info>`, "1019"},
		{`<gen-info><pname>A</pname><login>b</login><passwd>vX9!rTq27#</passwd><status>64</status></gen-info>`, "1025"},
		{`<gen-info><pname>A</pname><login>b</login><passwd>vX9!rTq27#</passwd><external-id>k8s-1</external-id></gen-info>`, "1007"},
		{person("b") + `<limits>` + limit("max_fun", "1") + `</limits>`, "1019"},
		{person("b") + `<limits>` + limit("max_cl", "-2") + `</limits>`, "1019"},
		{person("b") + `<permissions>` + permission("fly", "true") + `</permissions>`, "1019"},
		{person("b") + `<plan-name>nothing</plan-name>`, "1013"},
		{person("b") + `<plan-id>1</plan-id>`, "1013"}, // a service plan
	} {
		c.ask(`<reseller><add>`+test.parts+`</add></reseller>`, `<reseller><add><result>`+failed(test.code)+`</result></add></reseller>`)
	}
	all := aboutReseller("birch", `<gen-info/><permissions/><limits/>`)
	before := c.post(`<packet>` + all + `</packet>`)
	c.setReseller("birch", `<gen-info><cname>New</cname></gen-info><limits>`+limit("max_cl", "1")+`</limits><permissions>`+permission("fly", "true")+`</permissions>`, refusedWith("1019"))
	c.setReseller("birch", `<gen-info><cname>New</cname><login>alder</login></gen-info>`, refusedWith("1002"))
	c.setReseller("birch", `<gen-info><cname>New</cname><status>256</status></gen-info>`, refusedWith("1025"))
	if after := c.post(`<packet>` + all + `</packet>`); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
	c.ask(`<reseller><get><filter/><dataset/></get></reseller>`, `<reseller><get><result><status>ok</status><filter-id>3</filter-id><id>3</id><data/></result></get></reseller>`)
}

// What resellers and their customers have is counted together, and is removed with the reseller.
func TestResellerOwnsWhatTheirCustomersOwn(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.newReseller(2, "birch", remote())
	c.has(pool("198.51.100.7"), okStatus)
	birch := c.as("birch", "pass-42x")
	birch.ask(`<customer><add><gen_info><pname>O</pname><login>oak</login><passwd>pass-42x</passwd></gen_info></add><add><gen_info><pname>E</pname><login>elm</login><passwd>pass-42x</passwd><status>32</status></gen_info></add></customer>`,
		`<customer><add><result><status>ok</status><id>3</id><guid>§</guid></result></add><add><result><status>ok</status><id>4</id><guid>§</guid></result></add></customer>`)
	birch.added(1, `<gen_setup><name>birch.test</name></gen_setup>`+virtual("birch"))
	birch.added(2, `<gen_setup><name>oak.test</name><owner-login>oak</owner-login></gen_setup>`+virtual("oak"))
	birch.added(3, `<gen_setup><name>elm.test</name><owner-login>elm</owner-login></gen_setup>`)
	birch.newPlan(5, "small", "")
	c.ask(`<subdomain><add><parent>oak.test</parent><name>sub</name></add></subdomain><site-alias><create><site-id>2</site-id><name>oak-alias.test</name></create></site-alias>
		<database><add-db><webspace-id>2</webspace-id><name>shop</name><type>mysql</type></add-db></database>
		<mail><create><filter><site-id>2</site-id><mailname><name>info</name><mailbox><enabled>true</enabled><quota>4096</quota></mailbox></mailname></filter></create></mail>
		<webspace><set_traffic><dom_id>1</dom_id><date>2025-03-01</date><smtp_in>1</smtp_in><smtp_out>2</smtp_out><pop3_imap_in>3</pop3_imap_in><pop3_imap_out>4</pop3_imap_out></set_traffic></webspace>`,
		`<subdomain><add><result><status>ok</status><id>4</id></result></add></subdomain><site-alias><create><result><status>ok</status><id>1</id></result></create></site-alias>
		<database><add-db><result><status>ok</status><id>§</id></result></add-db></database>
		<mail><create><result><status>ok</status><mailname><id>§</id><name>info</name></mailname></result></create></mail>
		<webspace><set_traffic><result><status>ok</status><id>1</id></result></set_traffic></webspace>`)
	c.has(aboutReseller("birch", `<stat/>`), `<stat><active-clients>1</active-clients><active-domains>2</active-domains><clients>2</clients><domains>3</domains><subdomains>1</subdomains>
		<domain-aliases>1</domain-aliases><disk-space>0</disk-space><web-users>0</web-users><data-bases>1</data-bases><postboxs>1</postboxs><mbox-quota>4096</mbox-quota><redirects>0</redirects>
		<mail-groups>0</mail-groups><mail-resps>0</mail-resps><mail-lists>0</mail-lists><mssql-data-bases>0</mssql-data-bases><traffic>10</traffic><traffic-prevday>10</traffic-prevday></stat>`)
	c.ask(`<reseller><get-domain-list><filter><login>birch</login></filter></get-domain-list></reseller>`,
		`<reseller><get-domain-list><result><status>ok</status><filter-id>birch</filter-id><id>2</id><domains><domain><id>1</id><name>birch.test</name><ascii-name>birch.test</ascii-name>
		<type>domain</type><main>true</main><guid>§</guid><external-id/></domain></domains></result></get-domain-list></reseller>`)

	c.has(`<reseller><del><filter><all/></filter></del></reseller>`, `<filter-id>2</filter-id><id>2</id>`)
	c.ask(`<customer><get><filter/><dataset/></get></customer><webspace><get><filter/><dataset/></get></webspace><dns><get_rec><filter/></get_rec></dns>
		<service-plan><get><filter><id>5</id></filter><owner-all/></get></service-plan>`,
		`<customer><get>`+okOnly+`</get></customer><webspace><get>`+okOnly+`</get></webspace><dns><get_rec/></dns>
		<service-plan><get><result>`+failed("1013")+`<id>5</id></result></get></service-plan>`)
	birch.ask(getProtos, refused("1001"))
	c.as("oak", "pass-42x").ask(getProtos, refused("1001"))
}

// A suspended or expired reseller is not let in, nor are their customers; their subscriptions show it, and that it ended.
func TestSuspendedResellers(t *testing.T) {
	now, err := time.Parse(time.RFC3339, testTime)
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(t, func(o *Options) { o.Clock = func() time.Time { return now } })
	c := start(t, s)
	c.newReseller(2, "birch", remote())
	c.has(pool("198.51.100.7"), okStatus)
	birch, oak := c.as("birch", "pass-42x"), c.as("oak", "pass-42x")
	birch.has(`<customer><add><gen_info><pname>O</pname><login>oak</login><passwd>pass-42x</passwd></gen_info></add></customer>`, okStatus)
	birch.added(1, `<gen_setup><name>oak.test</name><owner-login>oak</owner-login></gen_setup>`)
	birch.added(2, `<gen_setup><name>birch.test</name></gen_setup>`)
	status := func(reseller, subscriptions string) {
		t.Helper()
		c.has(aboutReseller("birch", `<gen-info/>`), `<login>birch</login><status>`+reseller+`</status>`)
		for id := 1; id <= 2; id++ {
			c.has(about(id, `<gen_info/>`), `<status>`+subscriptions+`</status><real_size>`)
		}
		c.has(`<customer><get><filter><login>oak</login></filter><dataset><gen_info/></dataset></get></customer>`, `<login>oak</login><status>0</status>`)
	}
	status("0", "0")
	c.setReseller("birch", `<gen-info><status>16</status></gen-info>`, okStatus)
	status("16", "2")
	birch.ask(getProtos, refused("1011"))
	oak.ask(getProtos, refused("1011"))
	// A reason of its own stays when the owner's ends.
	c.changed(1, `<gen_setup><status>16</status></gen_setup>`)
	c.setReseller("birch", `<gen-info><status>0</status></gen-info>`, okStatus)
	c.has(about(1, `<gen_info/>`), `<status>16</status><real_size>`)
	c.changed(1, `<gen_setup><status>0</status></gen_setup>`)
	status("0", "0")
	birch.has(getProtos, okStatus)

	c.setReseller("birch", `<limits>`+limit("expiration", "1740996000")+`</limits>`, okStatus) // a day later
	status("0", "0")
	now = now.Add(24 * time.Hour)
	status("256", "2")
	birch.ask(getProtos, refused("1011"))
	c.setReseller("birch", `<gen-info><status>0</status></gen-info><limits>`+limit("expiration", "-1")+`</limits>`, okStatus)
	status("0", "0")
}

// What resellers may do depends on their permissions; of themselves they may change little.
func TestResellerCallers(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.newReseller(2, "birch", "")
	c.newReseller(3, "cedar", "")
	c.has(pool("198.51.100.7"), okStatus)
	birch := c.as("birch", "pass-42x")
	birch.ask(getProtos, refused("1006"))
	c.setReseller("birch", remote(permission("create_clients", "false"), permission("create_domains", "false"), permission("manage_dns", "false")), okStatus)
	birch.has(getProtos, okStatus)
	birch.ask(`<customer><add><gen_info><pname>O</pname><login>oak</login><passwd>pass-42x</passwd></gen_info></add></customer><webspace><add><gen_setup><name>one.test</name></gen_setup></add></webspace>`,
		`<customer><add><result>`+failed("1006")+`</result></add></customer><webspace><add><result>`+failed("1006")+`</result></add></webspace>`)
	c.setReseller("birch", `<permissions>`+permission("create_clients", "true")+permission("create_domains", "true")+`</permissions>`, okStatus)
	birch.has(`<customer><add><gen_info><pname>O</pname><login>oak</login><passwd>pass-42x</passwd></gen_info></add></customer>`, okStatus)
	birch.added(1, `<gen_setup><name>one.test</name></gen_setup>`)
	record := `<dns><add_rec><site-id>1</site-id><type>A</type><host>new</host><value>192.0.2.1</value></add_rec></dns>`
	birch.ask(record, `<dns><add_rec><result>`+failed("1006")+`</result></add_rec></dns>`)
	c.setReseller("birch", `<permissions>`+permission("manage_dns", "true")+`</permissions>`, okStatus)
	birch.has(record, okStatus)

	birch.ask(`<reseller><get><filter/><dataset/></get><get><filter><login>cedar</login></filter><dataset/></get></reseller>`,
		`<reseller><get><result><status>ok</status><filter-id>2</filter-id><id>2</id><data/></result></get><get><result>`+failed("1013")+`<filter-id>cedar</filter-id></result></get></reseller>`)
	birch.setReseller("birch", `<gen-info><cname>Birch</cname><email>b@birch.test</email><locale>de-DE</locale></gen-info>`, okStatus)
	for _, values := range []string{
		`<gen-info><login>b</login></gen-info>`, `<gen-info><status>0</status></gen-info>`, `<gen-info><guid/></gen-info>`, `<gen-info><external-id>x</external-id></gen-info>`,
		`<gen-info><power-user>true</power-user></gen-info>`, `<limits>` + limit("max_cl", "-1") + `</limits>`, `<permissions>` + permission("manage_dns", "true") + `</permissions>`,
	} {
		birch.setReseller("birch", values, refusedWith("1006"))
	}
	denied := `<result>` + failed("1006") + `</result>`
	filter := `<filter><id>2</id></filter>`
	birch.ask(`<reseller><add><gen-info><pname>A</pname><login>x</login><passwd>vX9!rTq27#</passwd></gen-info></add><del>`+filter+`</del>
		<ippool-add-ip><reseller-id>2</reseller-id><ip><ip-address>198.51.100.8</ip-address></ip></ippool-add-ip><convert-to-customer>`+filter+`</convert-to-customer>
		<switch-subscription>`+filter+`<no-plan/></switch-subscription><enable-aps-filter>`+filter+`</enable-aps-filter></reseller><reseller-plan><get><filter><all/></filter></get></reseller-plan>`,
		`<reseller><add>`+denied+`</add><del>`+denied+`</del><ippool-add-ip>`+denied+`</ippool-add-ip><convert-to-customer>`+denied+`</convert-to-customer>
		<switch-subscription>`+denied+`</switch-subscription><enable-aps-filter>`+denied+`</enable-aps-filter></reseller><reseller-plan><get>`+denied+`</get></reseller-plan>`)
	c.as("oak", "pass-42x").ask(`<reseller><get><filter/><dataset/></get></reseller>`, `<reseller><get>`+denied+`</get></reseller>`)
}

// Descriptors list what can be set here, and their defaults follow the plan.
func TestResellerDescriptors(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.ask(`<reseller-plan><add><name>gold</name><limits>`+limit("max_cl", "8")+`</limits></add></reseller-plan>`, `<reseller-plan><add><result><status>ok</status><id>5</id><name>gold</name><guid>§</guid><external-id/></result></add></reseller-plan>`)
	c.newReseller(2, "birch", `<plan-id>5</plan-id>`)
	customers := func(value string) string {
		return `<property><name>max_cl</name><type>int</type><default-value>` + value + `</default-value><writable-by>admin</writable-by><label>limit__max_cl</label></property>`
	}
	c.has(`<reseller><get-limit-descriptor><filter/></get-limit-descriptor></reseller>`, `<result><status>ok</status><descriptor>`+customers("-1"), `<name>disk_space</name><type>bytes</type>`)
	c.has(`<reseller-plan><get-limit-descriptor/></reseller-plan>`, `<result><status>ok</status><descriptor>`+customers("-1"))
	c.has(`<reseller><get-limit-descriptor><filter><login>birch</login></filter></get-limit-descriptor></reseller>`,
		`<result><status>ok</status><filter-id>birch</filter-id><id>2</id><descriptor>`+customers("8"))
	own := `<property><name>remote_access_interface</name><type>boolean</type><default-value>false</default-value><writable-by>admin</writable-by>
		<label>cl_perm__remote_access_interface</label><extension><level>reseller</level></extension></property>`
	c.has(`<reseller><get-permission-descriptor><filter><all/></filter></get-permission-descriptor></reseller>`, `<filter-id>2</filter-id><id>2</id><descriptor>`+own, `<bind><ref>manage_php_settings</ref>`)
	c.has(`<reseller-plan><get-permission-descriptor/></reseller-plan>`, `<result><status>ok</status><descriptor>`+own,
		`<name>manage_dns</name><type>boolean</type><default-value>true</default-value><writable-by>admin</writable-by><label>cl_perm__manage_dns</label>
		<extension><level>reseller</level><level>domain</level></extension>`)
	c.has(`<locale><get-message><filter><key>limit__max_cl</key><key>cl_perm__create_clients</key></filter><id>en-US</id></get-message></locale>`,
		`<message>Max cl</message>`, `<message>Create clients</message>`)
	c.has(`<reseller><cform-buttons-list><filter><id>2</id></filter></cform-buttons-list></reseller>`, `<filter-id>2</filter-id><id>2</id><button><code>customers</code>`)
}
