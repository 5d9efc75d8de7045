// Mail accounts from create to remove: refusals, limits, callers, cascades.

package plesksim

import (
	"fmt"
	"strings"
	"testing"
)

// mailServer is a server with one subscription, alder.test, of the customer alder; its site has the id 1.
func mailServer(t *testing.T, change ...func(*Options)) (*Server, *client) {
	t.Helper()
	return dnsServer(t, change...)
}

// createMail sends mail/create of accounts of the site 1.
func createMail(accounts ...string) string {
	return `<mail><create><filter><site-id>1</site-id><mailname>` + strings.Join(accounts, `</mailname><mailname>`) + `</mailname></filter></create></mail>`
}

// mailCreated is the answer to createMail.
func mailCreated(results ...string) string {
	return `<mail><create>` + strings.Join(results, "") + `</create></mail>`
}

func newMail(id int, name string) string {
	return fmt.Sprintf(`<result><status>ok</status><mailname><id>%d</id><name>%s</name></mailname></result>`, id, name)
}

func noNewMail(code, name string) string {
	return `<result>` + failed(code) + `<mailname><name>` + name + `</name></mailname></result>`
}

// getMail asks for accounts of the site 1 with all blocks.
func getMail(names ...string) string {
	filter := `<site-id>1</site-id>`
	for _, n := range names {
		filter += `<name>` + n + `</name>`
	}
	return `<mail><get_info><filter>` + filter + `</filter><mailbox/><forwarding/><aliases/><autoresponder/></get_info></mail>`
}

// mailShown is the answer to getMail about one account.
func mailShown(inner string) string {
	return `<mail><get_info><result><status>ok</status><mailname>` + inner + `</mailname></result></get_info></mail>`
}

// updateMail sends one of the three updates of accounts of the site 1.
func updateMail(kind string, accounts ...string) string {
	return `<mail><update><` + kind + `><filter><site-id>1</site-id><mailname>` + strings.Join(accounts, `</mailname><mailname>`) +
		`</mailname></filter></` + kind + `></update></mail>`
}

func mailUpdated(kind string, names ...string) string {
	var results string
	for _, n := range names {
		results += `<result><status>ok</status><mailname><name>` + n + `</name></mailname></result>`
	}
	return `<mail><update><` + kind + `>` + results + `</` + kind + `></update></mail>`
}

const (
	noForwarding = `<forwarding><enabled>false</enabled></forwarding>`
	noReply      = `<autoresponder><enabled>false</enabled></autoresponder>`
	noMailbox    = `<mailbox><enabled>false</enabled><quota>-1</quota></mailbox>`
)

// The example of operators-services §4.1, read back.
func TestMailAccount(t *testing.T) {
	_, c := mailServer(t)
	c.ask(createMail(`<name>sales</name><mailbox><enabled>true</enabled><quota>524288000</quota></mailbox>
		<forwarding><enabled>true</enabled><address>crm@partner.example</address><address>log@partner.example</address></forwarding>
		<alias>orders</alias><alias>shop</alias><password><value>Zq7-rainy-Fjord</value><type>plain</type></password>
		<antivir>off</antivir><description>shop  desk</description>`,
		`<name>bare</name>`),
		mailCreated(newMail(1, "sales"), newMail(2, "bare")))
	c.ask(getMail("sales"), mailShown(`<id>1</id><name>sales</name><mailbox><enabled>true</enabled><quota>524288000</quota></mailbox>
		<forwarding><enabled>true</enabled><address>crm@partner.example</address><address>log@partner.example</address></forwarding>
		<alias>orders</alias><alias>shop</alias>`+noReply+`<password/><antivir>off</antivir><description>shop  desk</description>`))
	c.ask(getMail("BARE"), mailShown(`<id>2</id><name>bare</name>`+noMailbox+noForwarding+noReply+`<password/><antivir>off</antivir><description/>`))

	// Blocks that were not asked for are not there; usage has a flag of its own.
	c.ask(`<mail><get_info><filter><site-id>1</site-id></filter></get_info>
		<get_info><filter><site-id>1</site-id><name>sales</name></filter><mailbox/><mailbox-usage/></get_info></mail>`,
		`<mail><get_info><result><status>ok</status><mailname><id>1</id><name>sales</name><password/><antivir>off</antivir><description>shop  desk</description></mailname></result>
		<result><status>ok</status><mailname><id>2</id><name>bare</name><password/><antivir>off</antivir><description/></mailname></result></get_info>
		<get_info><result><status>ok</status><mailname><id>1</id><name>sales</name>
		<mailbox><enabled>true</enabled><quota>524288000</quota><usage>0</usage></mailbox>
		<password/><antivir>off</antivir><description>shop  desk</description></mailname></result></get_info></mail>`)
}

func TestMailAccountsThatAreNotThere(t *testing.T) {
	s, c := mailServer(t)
	addWebspace(t, s, "alder", "empty.test")
	behind(t, s, createMail(`<name>info</name>`), mailCreated(newMail(1, "info")))
	for _, test := range []struct{ name, request, answer string }{
		{"empty site", `<get_info><filter><site-id>2</site-id></filter><mailbox/></get_info>`, `<get_info>` + okOnly + `</get_info>`},
		{"unknown site", `<get_info><filter><site-id>7</site-id></filter></get_info>`, `<get_info><result>` + failed("1015") + `</result></get_info>`},
		{"unknown name beside a known one", `<get_info><filter><site-id>1</site-id><name>x</name><name>info</name></filter></get_info>`,
			`<get_info><result>` + failed("1013") + `<mailname><name>x</name></mailname></result><result><status>ok</status>
			<mailname><id>1</id><name>info</name><password/><antivir>off</antivir><description/></mailname></result></get_info>`},
		{"account of another site", `<get_info><filter><site-id>2</site-id><name>info</name></filter></get_info>`,
			`<get_info><result>` + failed("1013") + `<mailname><name>info</name></mailname></result></get_info>`},
		{"create at an unknown site", `<create><filter><site-id>7</site-id><mailname><name>a</name></mailname><mailname><name>b</name></mailname></filter></create>`,
			`<create><result>` + failed("1015") + `</result></create>`},
		{"update of an unknown name", `<update><set><filter><site-id>1</site-id><mailname><name>x</name><description/></mailname></filter></set></update>`,
			`<update><set><result>` + failed("1013") + `<mailname><name>x</name></mailname></result></set></update>`},
		{"remove an unknown name", `<remove><filter><site-id>1</site-id><name>x</name></filter></remove>`,
			`<remove><result>` + failed("1013") + `<mailname><name>x</name></mailname></result></remove>`},
		{"remove from an unknown site", `<remove><filter><site-id>7</site-id></filter></remove>`, `<remove><result>` + failed("1015") + `</result></remove>`},
		{"remove all of an empty site", `<remove><filter><site-id>2</site-id></filter></remove>`, `<remove>` + okOnly + `</remove>`},
		{"rename an unknown name", `<rename><site-id>1</site-id><name>x</name><new-name>y</new-name></rename>`, `<rename><result>` + failed("1013") + `</result></rename>`},
		{"rename at an unknown site", `<rename><site-id>7</site-id><name>x</name><new-name>y</new-name></rename>`, `<rename><result>` + failed("1015") + `</result></rename>`},
		{"enable at an unknown site", `<enable><site-id>7</site-id></enable>`, `<enable><result>` + failed("1015") + `</result></enable>`},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(`<mail>`+test.request+`</mail>`, `<mail>`+test.answer+`</mail>`)
		})
	}
}

func TestMailRefusals(t *testing.T) {
	s, c := mailServer(t)
	behind(t, s, createMail(`<name>taken</name><alias>alias</alias>`), mailCreated(newMail(1, "taken")))
	for _, test := range []struct{ name, account, code string }{
		{"name of an account", `<name>Taken</name>`, "1007"},
		{"name of an alias", `<name>alias</name>`, "1007"},
		{"alias that is an account", `<name>x</name><alias>taken</alias>`, "1007"},
		{"alias that is an alias", `<name>x</name><alias>ALIAS</alias>`, "1007"},
		{"alias that is its own name", `<name>x</name><alias>X</alias>`, "1007"},
		{"alias twice", `<name>x</name><alias>y</alias><alias>y</alias>`, "1007"},
		{"name with a domain", `<name>x@alder.test</name>`, "1019"},
		{"name with a blank", `<name>x y</name>`, "1019"},
		{"name with a dot at the end", `<name>x.</name>`, "1019"},
		{"long name", `<name>` + strings.Repeat("x", 65) + `</name>`, "1019"},
		{"empty alias", `<name>x</name><alias/>`, "1019"},
		{"weak password", `<name>x</name><password><value>weak</value></password>`, "1019"},
		{"forwarding to no address", `<name>x</name><forwarding><enabled>true</enabled><address>nowhere</address></forwarding>`, "1019"},
		{"quota", `<name>x</name><mailbox><enabled>true</enabled><quota>-2</quota></mailbox>`, "1019"},
		{"reply of an unknown type", `<name>x</name><autoresponder><content_type>text/x</content_type></autoresponder>`, "1019"},
		{"reply forwarded to no address", `<name>x</name><autoresponder><forward>x</forward></autoresponder>`, "1019"},
		{"outgoing limit", `<name>x</name><outgoing-messages-mbox-limit>many</outgoing-messages-mbox-limit>`, "1019"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := *c
			c.t = t
			name, _, _ := strings.Cut(test.account, `</name>`)
			c.ask(createMail(test.account), mailCreated(noNewMail(test.code, strings.TrimPrefix(name, `<name>`))))
			c.lacks(getMail(), `<name>x</name>`)
		})
	}
	c.ask(createMail(`<name/>`), `<mail><create><result>`+failed("1019")+`<mailname><name/></mailname></result></create></mail>`)
	// One of several fails alone.
	c.ask(createMail(`<name>a</name>`, `<name>taken</name>`, `<name>a</name>`, `<name>b</name>`),
		mailCreated(newMail(2, "a"), noNewMail("1007", "taken"), noNewMail("1007", "a"), newMail(3, "b")))
	for name, request := range map[string]string{
		"no account":         `<create><filter><site-id>1</site-id></filter></create>`,
		"antivirus":          `<create><filter><site-id>1</site-id><mailname><name>z</name><antivir>maybe</antivir></mailname></filter></create>`,
		"order":              `<create><filter><site-id>1</site-id><mailname><alias>y</alias><name>z</name></mailname></filter></create>`,
		"forwarding nowhere": `<create><filter><site-id>1</site-id><mailname><name>z</name><forwarding><enabled>true</enabled></forwarding></mailname></filter></create>`,
		"two updates":        `<update><add><filter><site-id>1</site-id><mailname><name>a</name></mailname></filter></add><remove><filter><site-id>1</site-id><mailname><name>a</name></mailname></filter></remove></update>`,
	} {
		t.Run(name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(`<mail>`+request+`</mail>`, refused("1014"))
		})
	}
}

func TestMailRenameAndRemove(t *testing.T) {
	_, c := mailServer(t)
	c.ask(createMail(`<name>a</name><alias>alias</alias><description>kept</description>`, `<name>b</name>`, `<name>c</name>`),
		mailCreated(newMail(1, "a"), newMail(2, "b"), newMail(3, "c")))
	rename := func(from, to string) string {
		return `<mail><rename><site-id>1</site-id><name>` + from + `</name><new-name>` + to + `</new-name></rename></mail>`
	}
	c.ask(rename("a", "new"), `<mail><rename>`+okOnly+`</rename></mail>`)
	c.has(getMail("new"), `<id>1</id><name>new</name>`, `<alias>alias</alias>`, `<description>kept</description>`)
	c.has(getMail("a"), `<errcode>1013</errcode>`)
	for to, code := range map[string]string{"b": "1007", "alias": "1007", "x y": "1019"} {
		c.ask(rename("new", to), `<mail><rename><result>`+failed(code)+`</result></rename></mail>`)
	}
	c.ask(rename("new", "New"), `<mail><rename>`+okOnly+`</rename></mail>`)

	c.ask(`<mail><remove><filter><site-id>1</site-id><name>b</name></filter></remove></mail>`,
		`<mail><remove><result><status>ok</status><mailname><name>b</name></mailname></result></remove></mail>`)
	c.ask(`<mail><remove><filter><site-id>1</site-id></filter></remove><get_info><filter><site-id>1</site-id></filter></get_info></mail>`,
		`<mail><remove><result><status>ok</status><mailname><name>New</name></mailname></result><result><status>ok</status><mailname><name>c</name></mailname></result></remove>
		<get_info>`+okOnly+`</get_info></mail>`)
	c.ask(createMail(`<name>a</name>`), mailCreated(newMail(4, "a"))) // ids are never reused
}

// Mailboxes are counted, those of other sites of the subscription too; a quota is within the limit.
func TestMailLimits(t *testing.T) {
	s, c := mailServer(t)
	c.changed(1, `<limits>`+limit("max_box", "2")+limit("mbox_quota", "1000")+`</limits>`)
	const box = `<mailbox><enabled>true</enabled></mailbox>`
	c.ask(createMail(`<name>a</name>`+box, `<name>b</name>`, `<name>c</name>`+box, `<name>d</name>`+box),
		mailCreated(newMail(1, "a"), newMail(2, "b"), newMail(3, "c"), noNewMail("1024", "d")))
	c.ask(updateMail("set", `<name>b</name>`+box, `<name>a</name><mailbox><enabled>false</enabled></mailbox>`, `<name>b</name>`+box),
		`<mail><update><set><result>`+failed("1024")+`<mailname><name>b</name></mailname></result>
		<result><status>ok</status><mailname><name>a</name></mailname></result><result><status>ok</status><mailname><name>b</name></mailname></result></set></update></mail>`)
	c.has(`<webspace><get><filter><id>1</id></filter><dataset><stat/><resource-usage/></dataset></get></webspace>`,
		`<box>2</box>`, `<resource><name>max_box</name><value>2</value></resource>`)

	quota := func(n string) string { return `<name>c</name><mailbox><quota>` + n + `</quota></mailbox>` }
	c.ask(updateMail("set", quota("1001")), `<mail><update><set><result>`+failed("1024")+`<mailname><name>c</name></mailname></result></set></update></mail>`)
	c.has(getMail("c"), `<quota>1000</quota>`) // unlimited, as far as the limit goes
	c.ask(updateMail("set", quota("600")), mailUpdated("set", "c"))
	c.has(getMail("c"), `<quota>600</quota>`)
	c.changed(1, `<limits>`+limit("mbox_quota", "500")+`</limits>`)
	c.has(getMail("c"), `<quota>500</quota>`)
	c.changed(1, `<limits>`+limit("mbox_quota", "-1")+`</limits>`)
	c.has(getMail("c"), `<quota>600</quota>`)

	// A reseller's own limit bounds all of their subscriptions together.
	addReseller(t, s, "birch")
	s.mu.Lock()
	birch := s.state.accountsByLogin.First("birch")
	birch.Addresses, birch.Limits = []poolAddress{{"198.51.100.7", "shared"}, {"2001:db8::7", "shared"}}, map[string]int64{"max_box": 1}
	s.mu.Unlock()
	first, second := addWebspace(t, s, "birch", "one.test"), addWebspace(t, s, "birch", "two.test")
	at := func(site int64) string {
		return fmt.Sprintf(`<create><filter><site-id>%d</site-id><mailname><name>x</name>%s</mailname></filter></create>`, site, box)
	}
	c.ask(`<mail>`+at(first)+at(second)+`</mail>`, `<mail><create>`+newMail(4, "x")+`</create><create>`+noNewMail("1024", "x")+`</create></mail>`)
}

func TestMailEventsStatsAndCascade(t *testing.T) {
	s, c := mailServer(t)
	c.ask(createMail(`<name>a</name><mailbox><enabled>true</enabled></mailbox><forwarding><enabled>true</enabled><address>x@hub.example</address></forwarding>`,
		`<name>b</name><forwarding><enabled>true</enabled><address>x@hub.example</address><address>y@hub.example</address></forwarding>
		<autoresponder><enabled>true</enabled></autoresponder>`, `<name>c</name><mailbox><enabled>true</enabled></mailbox>`),
		mailCreated(newMail(1, "a"), newMail(2, "b"), newMail(3, "c")))
	c.has(`<webspace><get><filter><id>1</id></filter><dataset><stat/></dataset></get></webspace>`, `<box>2</box><redir>1</redir><mg>1</mg><resp>1</resp>`)
	c.has(`<customer><get><filter><login>alder</login></filter><dataset><stat/></dataset></get></customer>`,
		`<postboxs>2</postboxs><redirects>1</redirects><mail_groups>1</mail_groups><mail_resps>1</mail_resps>`)
	c.has(`<server><get><stat/></get></server>`,
		`<mail_boxes>2</mail_boxes><mail_redirects>1</mail_redirects><mail_groups>1</mail_groups><mail_responders>1</mail_responders>`)

	s.mu.Lock()
	s.state.Webspaces.Get(1).UsageChanged = 0
	from := s.state.Sequences.Event + 1
	s.mu.Unlock()
	c.has(updateMail("set", `<name>b</name><autoresponder><enabled>false</enabled></autoresponder><antivir>in</antivir>`), `<status>ok</status>`)
	c.has(`<mail><rename><site-id>1</site-id><name>c</name><new-name>d</new-name></rename><remove><filter><site-id>1</site-id><name>a</name></filter></remove></mail>`, okOnly)
	c.has(`<webspace><get-changed><resource-usage><from>2025-01-01T00:00:00Z</from></resource-usage></get-changed></webspace>`, `<name>alder.test</name>`)
	c.has(`<webspace><del><filter><id>1</id></filter></del></webspace>`, `<status>ok</status>`)
	s.mu.Lock()
	defer s.mu.Unlock()
	var got []string
	for _, e := range s.state.Events.Entries {
		if e.ID >= from && strings.HasPrefix(e.Class, "mailname") {
			got = append(got, e.Class+" "+e.Type+" "+e.Object)
		}
	}
	want := []string{"mailname updated 2", "mailname_autoresponder updated 2", "mailname_antivirus updated 2", "mailname updated 3",
		"mailname deleted 1", "mailname deleted 2", "mailname deleted 3"}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		t.Errorf("events %q", got)
	}
	if n := s.state.MailAccounts.Len(); n != 0 {
		t.Errorf("%d accounts are left", n)
	}
}

// Customers manage the mail of their own sites; preferences and the virus filter take a permission. Resellers have no part in it.
func TestMailCallers(t *testing.T) {
	s, admin := mailServer(t)
	addCustomer(t, s, "oak")
	addWebspace(t, s, "oak", "oak.test")
	addReseller(t, s, "birch")
	oak := admin.as("oak", "pass-42x")
	oak.ask(`<mail><create><filter><site-id>2</site-id><mailname><name>a</name></mailname></filter></create>
		<create><filter><site-id>1</site-id><mailname><name>a</name></mailname></filter></create>
		<get_info><filter><site-id>1</site-id></filter></get_info>
		<remove><filter><site-id>1</site-id></filter></remove>
		<get_prefs><filter><site-id>1</site-id></filter></get_prefs>
		<set_prefs><filter><site-id>1</site-id></filter><prefs/></set_prefs>
		<disable><site-id>2</site-id></disable>
		<update><set><filter><site-id>2</site-id><mailname><name>a</name><antivir>in</antivir></mailname></filter></set></update></mail>`,
		`<mail><create>`+newMail(1, "a")+`</create><create><result>`+failed("1015")+`</result></create>
		<get_info><result>`+failed("1015")+`</result></get_info>
		<remove><result>`+failed("1015")+`</result></remove>
		<get_prefs><result>`+failed("1015")+`</result></get_prefs>
		<set_prefs><result>`+failed("1015")+`<site-id>1</site-id></result></set_prefs>
		<disable><result>`+failed("1006")+`</result></disable>
		<update><set><result>`+failed("1006")+`<mailname><name>a</name></mailname></result></set></update></mail>`)
	oak.lacks(`<mail><get_prefs><filter/></get_prefs></mail>`, `<site-id>1</site-id>`)
	admin.changed(2, `<permissions>`+permission("manage_mail_settings", "true")+permission("manage_virusfilter", "true")+`</permissions>`)
	oak.has(`<mail><disable><site-id>2</site-id></disable>
		<update><set><filter><site-id>2</site-id><mailname><name>a</name><antivir>in</antivir></mailname></filter></set></update></mail>`,
		`<disable>`+okOnly+`</disable>`, `<set><result><status>ok</status>`)
	admin.as("birch", "pass-42x").ask(`<mail><get_info><filter><site-id>1</site-id></filter></get_info></mail>`,
		`<mail><get_info><result>`+failed("1006")+`</result></get_info></mail>`)
}

func TestMailOfOthersForbidden(t *testing.T) {
	s, admin := mailServer(t, func(o *Options) { o.ForeignObjectsForbidden = true })
	addCustomer(t, s, "oak")
	admin.as("oak", "pass-42x").ask(`<mail><create><filter><site-id>1</site-id><mailname><name>a</name></mailname></filter></create>
		<get_info><filter><site-id>1</site-id></filter></get_info></mail>`,
		`<mail><create><result>`+failed("1006")+`</result></create><get_info><result>`+failed("1015")+`</result></get_info></mail>`)
}

func TestMailServerMissing(t *testing.T) {
	s, c := mailServer(t)
	s.mu.Lock()
	for i := range s.state.Machine.Services {
		if v := &s.state.Machine.Services[i]; v.ID == "smtp" {
			v.State = "none"
		}
	}
	s.mu.Unlock()
	c.ask(createMail(`<name>a</name>`), `<mail><create><result>`+failed("1026")+`</result></create></mail>`)
	c.ask(`<mail><get_info><filter><site-id>1</site-id></filter></get_info></mail>`, `<mail><get_info>`+okOnly+`</get_info></mail>`)
}
