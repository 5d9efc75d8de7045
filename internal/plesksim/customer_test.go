// Customers from add to del: filters, callers, refusals, and what a deletion takes along.

package plesksim

import (
	"fmt"
	"strings"
	"testing"
)

func TestCustomerLifecycle(t *testing.T) {
	c := start(t, newServer(t))
	c.ask(`<customer><add><gen_info>
		<cname>Alder Ltd</cname><pname>Ada Alder</pname><login>alder</login><passwd>vX9!rTq27#</passwd><status>0</status>
		<phone>+46 8 (123) 45.67</phone><fax/><email>ada@alder.test</email><address>Street 1</address><city>Stockholm</city><state/>
		<pcode>11122</pcode><country>SE</country><locale>sv-SE</locale><external-id>k8s-1</external-id><description>first</description>
		</gen_info></add></customer>`,
		`<customer><add><result><status>ok</status><id>2</id><guid>§</guid></result></add></customer>`)
	c.ask(`<customer><get><filter><login>alder</login></filter><dataset><gen_info/><stat/></dataset></get></customer>`,
		`<customer><get><result><status>ok</status><filter-id>alder</filter-id><id>2</id><data>
		<gen_info><cr_date>2025-03-02</cr_date><cname>Alder Ltd</cname><pname>Ada Alder</pname><login>alder</login><status>0</status>
		<phone>+46 8 (123) 45.67</phone><fax/><email>ada@alder.test</email><address>Street 1</address><city>Stockholm</city><state/>
		<pcode>11122</pcode><country>SE</country><locale>sv-SE</locale><guid>§</guid><owner-login>admin</owner-login><vendor-guid>§</vendor-guid>
		<external-id>k8s-1</external-id><description>first</description></gen_info>
		<stat><active_domains>0</active_domains><subdomains>0</subdomains><disk_space>0</disk_space><postboxs>0</postboxs><redirects>0</redirects>
		<mail_groups>0</mail_groups><mail_resps>0</mail_resps><mail_lists>0</mail_lists><web_users>0</web_users><data_bases>0</data_bases>
		<traffic>0</traffic><traffic_prevday>0</traffic_prevday></stat></data></result></get></customer>`)
	// What is named changes, the rest stays; an empty text clears; the login can be renamed.
	c.ask(`<customer><set><filter><external-id>k8s-1</external-id></filter><values><gen_info><login>alder2</login><status>16</status><phone/></gen_info></values></set>
		<get><filter><id>2</id></filter><dataset><gen_info/></dataset></get>
		<get><filter><login>alder</login></filter><dataset/></get></customer>`,
		`<customer><set><result><status>ok</status><filter-id>k8s-1</filter-id><id>2</id></result></set>
		<get><result><status>ok</status><filter-id>2</filter-id><id>2</id><data>
		<gen_info><cr_date>2025-03-02</cr_date><cname>Alder Ltd</cname><pname>Ada Alder</pname><login>alder2</login><status>16</status>
		<phone/><fax/><email>ada@alder.test</email><address>Street 1</address><city>Stockholm</city><state/>
		<pcode>11122</pcode><country>SE</country><locale>sv-SE</locale><guid>§</guid><owner-login>admin</owner-login><vendor-guid>§</vendor-guid>
		<external-id>k8s-1</external-id><description>first</description></gen_info></data></result></get>
		<get><result>`+failed("1013")+`<filter-id>alder</filter-id></result></get></customer>`)
	c.ask(`<customer><del><filter><id>2</id><id>2</id></filter></del><get><filter><id>2</id></filter><dataset/></get></customer>`,
		`<customer><del><result><status>ok</status><filter-id>2</filter-id><id>2</id></result><result>`+failed("1013")+`<filter-id>2</filter-id></result></del>
		<get><result>`+failed("1013")+`<filter-id>2</filter-id></result></get></customer>`)
	// Ids are never used again.
	c.ask(`<customer><add><gen_info><pname>Ada</pname><login>alder</login><passwd>vX9!rTq27#</passwd></gen_info></add></customer>`,
		`<customer><add><result><status>ok</status><id>3</id><guid>§</guid></result></add></customer>`)
}

// What the schema lets through and the operation refuses (protocol-core §6).
func TestCustomerRefusals(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	behind(t, s, `<customer><set><filter><id>2</id></filter><values><gen_info><external-id>k8s-1</external-id></gen_info></values></set></customer>`,
		`<customer><set><result><status>ok</status><filter-id>2</filter-id><id>2</id></result></set></customer>`)
	c := start(t, s)
	for _, test := range []struct{ name, fields, code string }{
		{"login of a customer", `<pname>A</pname><login>alder</login><passwd>vX9!rTq27#</passwd>`, "1002"},
		{"login of the administrator", `<pname>A</pname><login>Admin</login><passwd>vX9!rTq27#</passwd>`, "1002"},
		{"empty contact name", `<pname/><login>b</login><passwd>vX9!rTq27#</passwd>`, "1019"},
		{"long contact name", `<pname>` + strings.Repeat("x", 61) + `</pname><login>b</login><passwd>vX9!rTq27#</passwd>`, "1019"},
		{"login with a blank", `<pname>A</pname><login>b c</login><passwd>vX9!rTq27#</passwd>`, "1019"},
		{"weak password", `<pname>A</pname><login>b</login><passwd>abcdefgh</passwd>`, "1019"},
		{"email", `<pname>A</pname><login>b</login><passwd>vX9!rTq27#</passwd><email>nowhere</email>`, "1019"},
		{"phone", `<pname>A</pname><login>b</login><passwd>vX9!rTq27#</passwd><phone>call me</phone>`, "1019"},
		{"country", `<pname>A</pname><login>b</login><passwd>vX9!rTq27#</passwd><country>Sweden</country>`, "1019"},
		{"status of a site", `<pname>A</pname><login>b</login><passwd>vX9!rTq27#</passwd><status>8</status>`, "1025"},
		{"status that is only read", `<pname>A</pname><login>b</login><passwd>vX9!rTq27#</passwd><status>4</status>`, "1025"},
		{"unknown owner id", `<pname>A</pname><login>b</login><passwd>vX9!rTq27#</passwd><owner-id>77</owner-id>`, "1015"},
		{"unknown owner login", `<pname>A</pname><login>b</login><passwd>vX9!rTq27#</passwd><owner-login>nobody</owner-login>`, "1015"},
		{"customer as owner", `<pname>A</pname><login>b</login><passwd>vX9!rTq27#</passwd><owner-login>alder</owner-login>`, "1015"},
		{"external id taken", `<pname>A</pname><login>b</login><passwd>vX9!rTq27#</passwd><external-id>k8s-1</external-id>`, "1007"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(`<customer><add><gen_info>`+test.fields+`</gen_info></add></customer>`, `<customer><add><result>`+failed(test.code)+`</result></add></customer>`)
		})
	}
	// None of them left anything behind.
	c.ask(`<customer><get><filter/><dataset/></get></customer>`,
		`<customer><get><result><status>ok</status><filter-id>2</filter-id><id>2</id><data/></result></get></customer>`)
	// A set that is refused changes nothing, the acceptable values included.
	c.ask(`<customer><set><filter><id>2</id></filter><values><gen_info><cname>New</cname><email>nowhere</email></gen_info></values></set>
		<set><filter><id>2</id></filter><values><gen_info><login>admin</login></gen_info></values></set></customer>`,
		`<customer><set><result>`+failed("1019")+`<filter-id>2</filter-id><id>2</id></result></set>
		<set><result>`+failed("1002")+`<filter-id>2</filter-id><id>2</id></result></set></customer>`)
	contains(t, []byte(c.post(`<packet><customer><get><filter><id>2</id></filter><dataset><gen_info/></dataset></get></customer></packet>`)),
		`<cname/><pname>Name of alder</pname><login>alder</login>`)
}

func TestSchemaDefaultsOfEmptyElements(t *testing.T) {
	c := start(t, newServer(t))
	c.ask(`<customer><add><gen_info><pname>A</pname><login>a</login><passwd>vX9!rTq27#</passwd><status/><locale/></gen_info></add>
		<add><gen_info><pname>B</pname><login>b</login><passwd>vX9!rTq27#</passwd></gen_info></add></customer>`,
		`<customer><add><result><status>ok</status><id>2</id><guid>§</guid></result></add><add><result><status>ok</status><id>3</id><guid>§</guid></result></add></customer>`)
	body := []byte(c.post(`<packet><customer><get><filter/><dataset><gen_info/></dataset></get></customer></packet>`))
	contains(t, body, `<login>a</login><status>0</status>`)
	contains(t, body, `<locale>en</locale>`)
	contains(t, body, `<locale>en-US</locale>`)
}

func TestCustomerFilters(t *testing.T) {
	s := newServer(t)
	addReseller(t, s, "birch")
	addReseller(t, s, "lonely")
	addCustomer(t, s, "alder")
	behind(t, s, `<customer><add><gen_info><pname>O</pname><login>oak</login><passwd>pass-42x</passwd><owner-login>birch</owner-login></gen_info></add></customer>`,
		`<customer><add><result><status>ok</status><id>5</id><guid>§</guid></result></add></customer>`)
	c := start(t, s)
	found := func(filterID, id string) string {
		return `<result><status>ok</status><filter-id>` + filterID + `</filter-id><id>` + id + `</id><data/></result>`
	}
	for _, test := range []struct{ name, filter, want string }{
		{"everything by id", ``, found("4", "4") + found("5", "5")},
		{"order of the values", `<id>5</id><id>4</id><id>5</id>`, found("5", "5") + found("4", "4") + found("5", "5")},
		{"one missing", `<login>oak</login><login>elm</login><login>alder</login>`,
			found("oak", "5") + `<result>` + failed("1013") + `<filter-id>elm</filter-id></result>` + found("alder", "4")},
		{"a reseller is no customer", `<login>birch</login>`, `<result>` + failed("1013") + `<filter-id>birch</filter-id></result>`},
		{"by owner", `<owner-login>birch</owner-login>`, found("birch", "5")},
		{"by owner id", `<owner-id>1</owner-id>`, found("1", "4")},
		{"by several owners", `<owner-login>birch</owner-login><owner-login>lonely</owner-login><owner-login>admin</owner-login>`, found("birch", "5") + found("admin", "4")},
		{"owner without customers", `<owner-login>lonely</owner-login>`, okOnly},
		{"unknown owner", `<owner-login>nobody</owner-login>`, `<result>` + failed("1015") + `<filter-id>nobody</filter-id></result>`},
		{"owner 0", `<owner-id>0</owner-id>`, `<result>` + failed("1015") + `<filter-id>0</filter-id></result>`},
		{"unknown guid", `<guid>00000000-0000-4000-8000-000000000000</guid>`, `<result>` + failed("1013") + `<filter-id>00000000-0000-4000-8000-000000000000</filter-id></result>`},
		{"empty external id", `<external-id/>`, `<result>` + failed("1013") + `</result>`},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(`<customer><get><filter>`+test.filter+`</filter><dataset/></get></customer>`, `<customer><get>`+test.want+`</get></customer>`)
		})
	}
}

// The two shapes for "nothing matched" (protocol-core §4.3).
func TestEmptyAnswers(t *testing.T) {
	const ask = `<customer><get><filter/><dataset/></get><get-domain-list><filter/></get-domain-list></customer><dns><get_rec><filter/></get_rec></dns>`
	for _, test := range []struct {
		option EmptyAnswer
		want   string
	}{
		{EmptyDocumented, `<customer><get>` + okOnly + `</get><get-domain-list>` + okOnly + `</get-domain-list></customer><dns><get_rec/></dns>`},
		{EmptyBareOK, `<customer><get>` + okOnly + `</get><get-domain-list>` + okOnly + `</get-domain-list></customer><dns><get_rec>` + okOnly + `</get_rec></dns>`},
		{EmptyNoResult, `<customer><get>` + okOnly + `</get><get-domain-list/></customer><dns><get_rec/></dns>`},
	} {
		start(t, newServer(t, func(o *Options) { o.Empty = test.option })).ask(ask, test.want)
	}
}

// Callers see and change only what is theirs.
func TestCustomerCallers(t *testing.T) {
	s := newServer(t)
	addReseller(t, s, "birch")
	addReseller(t, s, "cedar")
	addCustomer(t, s, "alder")
	admin := start(t, s)
	birch, alder := admin.as("birch", "pass-42x"), admin.as("alder", "pass-42x")

	birch.ask(`<customer><add><gen_info><pname>O</pname><login>oak</login><passwd>pass-42x</passwd></gen_info></add>
		<add><gen_info><pname>O</pname><login>elm</login><passwd>pass-42x</passwd><owner-login>cedar</owner-login></gen_info></add>
		<get><filter/><dataset/></get>
		<get><filter><login>alder</login></filter><dataset/></get>
		<del><filter><login>alder</login></filter></del>
		<get><filter><owner-login>cedar</owner-login></filter><dataset/></get></customer>`,
		`<customer><add><result><status>ok</status><id>5</id><guid>§</guid></result></add>
		<add><result>`+failed("1006")+`</result></add>
		<get><result><status>ok</status><filter-id>5</filter-id><id>5</id><data/></result></get>
		<get><result>`+failed("1013")+`<filter-id>alder</filter-id></result></get>
		<del><result>`+failed("1013")+`<filter-id>alder</filter-id></result></del>
		<get><result>`+failed("1015")+`<filter-id>cedar</filter-id></result></get></customer>`)
	// A customer may not use the operator; get_protos is for everybody, server/get for the administrator.
	alder.ask(`<customer><get><filter/><dataset/></get></customer><server><get><gen_info/></get></server>`,
		`<customer><get><result>`+failed("1006")+`</result></get></customer><server><get><result>`+failed("1006")+`</result></get></server>`)
	// If a reseller is suspended, their customers have no access either.
	admin.ask(`<customer><get><filter><login>oak</login></filter><dataset/></get></customer>`,
		`<customer><get><result><status>ok</status><filter-id>oak</filter-id><id>5</id><data/></result></get></customer>`)
	s.mu.Lock()
	s.state.accountsByLogin.First("birch").Status = statusDisabledAdmin
	s.mu.Unlock()
	birch.ask(getProtos, refused("1011"))
	admin.as("oak", "pass-42x").ask(getProtos, refused("1011"))
}

func TestForeignObjectsForbidden(t *testing.T) {
	s := newServer(t, func(o *Options) { o.ForeignObjectsForbidden = true })
	addReseller(t, s, "birch")
	addCustomer(t, s, "alder")
	start(t, s).as("birch", "pass-42x").ask(`<customer>
		<del><filter><login>alder</login></filter></del><get><filter><login>alder</login></filter><dataset/></get></customer>`,
		`<customer><del><result>`+failed("1006")+`<filter-id>alder</filter-id></result></del>
		<get><result>`+failed("1013")+`<filter-id>alder</filter-id></result></get></customer>`)
}

// Deleting a customer removes their subscriptions with sites, zones and names; those of others stay.
func TestCustomerDeletionCascades(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	addCustomer(t, s, "oak")
	gone, stays := addWebspace(t, s, "alder", "alder.test"), addWebspace(t, s, "oak", "oak.test")
	c := start(t, s)
	list := func(id int64, name string) string {
		return `<domains><domain><id>` + idKey(id) + `</id><name>` + name + `</name><ascii-name>` + name +
			`</ascii-name><type>domain</type><main>true</main><guid>§</guid><external-id/></domain></domains>`
	}
	c.ask(`<customer><get-domain-list><filter/></get-domain-list></customer>`, `<customer><get-domain-list>
		<result><status>ok</status><filter-id>2</filter-id><id>2</id>`+list(gone, "alder.test")+`</result>
		<result><status>ok</status><filter-id>3</filter-id><id>3</id>`+list(stays, "oak.test")+`</result></get-domain-list></customer>`)
	c.ask(`<customer><del><filter><login>alder</login></filter></del><get-domain-list><filter/></get-domain-list></customer>
		<dns><get><filter><site-id>`+idKey(gone)+`</site-id><site-id>`+idKey(stays)+`</site-id></filter></get></dns>`,
		`<customer><del><result><status>ok</status><filter-id>alder</filter-id><id>2</id></result></del><get-domain-list>
		<result><status>ok</status><filter-id>3</filter-id><id>3</id>`+list(stays, "oak.test")+`</result></get-domain-list></customer>
		<dns><get><result>`+failed("1015")+`<site-id>`+idKey(gone)+`</site-id></result>
		<result><status>ok</status><site-id>`+idKey(stays)+`</site-id><zone_type>master</zone_type><zone_status>enabled</zone_status></result></get></dns>`)
	if again := addWebspace(t, s, "oak", "alder.test"); again <= stays {
		t.Errorf("id %d was given again", again)
	}
}

func TestCustomerMoves(t *testing.T) {
	s := newServer(t)
	addReseller(t, s, "birch")
	addCustomer(t, s, "alder")
	site := idKey(addWebspace(t, s, "alder", "alder.test"))
	c := start(t, s)
	// The reseller's pool is empty.
	c.ask(`<customer><change-owner><filter><login>alder</login></filter><new-owner-login>birch</new-owner-login></change-owner></customer>`,
		`<customer><change-owner><result>`+failed("1018")+`<filter-id>alder</filter-id><id>3</id></result></change-owner></customer>`)
	c.ask(`<customer><change-owner><filter><login>alder</login></filter><new-owner-login>nobody</new-owner-login></change-owner></customer>`,
		`<customer><change-owner><result>`+failed("1015")+`<filter-id>alder</filter-id><id>3</id></result></change-owner></customer>`)
	s.mu.Lock()
	s.state.accountsByLogin.First("birch").Addresses = []poolAddress{{"198.51.100.8", "shared"}, {"2001:db8::7", "shared"}}
	s.mu.Unlock()
	c.ask(`<customer><change-owner><filter><login>alder</login></filter><new-owner-login>birch</new-owner-login>
		<ipV4-address>198.51.100.8</ipV4-address></change-owner></customer>`,
		`<customer><change-owner><result><status>ok</status><filter-id>alder</filter-id><id>3</id></result></change-owner></customer>`)
	c.ask(`<customer><get><filter><owner-login>birch</owner-login></filter><dataset/></get></customer>`,
		`<customer><get><result><status>ok</status><filter-id>birch</filter-id><id>3</id><data/></result></get></customer>`)
	zone := []byte(c.post(`<packet><dns><get_rec><filter><site-id>` + site + `</site-id></filter></get_rec></dns></packet>`))
	contains(t, zone, `<type>A</type><host>alder.test.</host><value>198.51.100.8</value>`)
	contains(t, zone, `<type>AAAA</type><host>alder.test.</host><value>2001:db8::7</value>`)

	c.ask(`<customer><convert-to-reseller><filter><id>3</id></filter></convert-to-reseller><get><filter><id>3</id></filter><dataset/></get></customer>`,
		`<customer><convert-to-reseller><result><status>ok</status><filter-id>3</filter-id><id>3</id></result></convert-to-reseller>
		<get><result>`+failed("1013")+`<filter-id>3</filter-id></result></get></customer>`)
}

// Empty elements clear what can be empty; without a language of its own an account has the server's.
func TestClearedContact(t *testing.T) {
	c := start(t, newServer(t))
	const fields = `<phone>%[1]s</phone><fax>%[1]s</fax><email>%[2]s</email><address>%[1]s</address><city>%[1]s</city><state>%[1]s</state><pcode>%[1]s</pcode><country>%[3]s</country><locale>%[4]s</locale>`
	c.has(`<customer><add><gen_info><cname>A</cname><pname>Ada</pname><login>alder</login><passwd>pass-42x</passwd>`+
		fmt.Sprintf(fields, "1", "a@b.test", "SE", "de-DE")+`<external-id>e</external-id><description>d</description></gen_info></add></customer>`, `<status>ok</status>`)
	c.ask(`<customer><set><filter><id>2</id></filter><values><gen_info><cname/>`+fmt.Sprintf(fields, "", "", "", "")+`<external-id/><description/></gen_info></values></set></customer>`,
		`<customer><set>`+done("2", 2)+`</set></customer>`)
	c.has(`<customer><get><filter><id>2</id></filter><dataset><gen_info/></dataset></get></customer>`, `<cname/><pname>Ada</pname><login>alder</login><status>0</status>
		<phone/><fax/><email/><address/><city/><state/><pcode/><country/><locale>en-US</locale>`, `<external-id/><description/>`)
}
