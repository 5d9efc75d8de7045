// Mail preferences of sites, and what plans say about them.

package plesksim

import (
	"fmt"
	"regexp"
	"slices"
	"testing"
)

func TestMailPreferences(t *testing.T) {
	_, c := mailServer(t)
	get := `<get_prefs><filter><site-id>1</site-id></filter></get_prefs>`
	set := func(prefs string) string {
		return `<set_prefs><filter><site-id>1</site-id></filter><prefs>` + prefs + `</prefs></set_prefs>`
	}
	answer := func(prefs string) string {
		return `<get_prefs><result><status>ok</status><site-id>1</site-id><prefs>` + prefs + `</prefs></result></get_prefs>`
	}
	const done = `<set_prefs><result><status>ok</status><site-id>1</site-id></result></set_prefs>`
	const rest = `<webmail-certificate/>`

	// The example of operators-services §4.5, then less and less of it.
	c.ask(`<mail>`+set(`<nonexistent-user><forward>catchall@alder.test</forward></nonexistent-user><greylisting>true</greylisting><mailservice>true</mailservice>`)+get+
		set(`<nonexistent-user><reject/></nonexistent-user><webmail>None</webmail>`)+get+`</mail>`,
		`<mail>`+done+answer(`<nonexistent-user><forward>catchall@alder.test</forward></nonexistent-user><webmail>roundcube</webmail><spam-protect-sign>false</spam-protect-sign>
		<greylisting>true</greylisting><mailservice>true</mailservice>`+rest)+
			done+answer(`<nonexistent-user><reject/></nonexistent-user><webmail>none</webmail><spam-protect-sign>false</spam-protect-sign>
		<greylisting>true</greylisting><mailservice>true</mailservice>`+rest)+`</mail>`)
	c.has(`<webspace><get><filter><id>1</id></filter><dataset><mail/></dataset></get></webspace>`, `<mail><nonexistent-user><reject/></nonexistent-user><webmail>none</webmail>`)

	const after = `<nonexistent-user><reject/></nonexistent-user><webmail>roundcube</webmail><spam-protect-sign>false</spam-protect-sign><greylisting>true</greylisting>`
	c.ask(`<mail><disable><site-id>1</site-id></disable>`+set(`<webmail>true</webmail>`)+get+`<enable><site-id>1</site-id></enable>`+get+`</mail>`,
		`<mail><disable>`+okOnly+`</disable>`+done+answer(after+`<mailservice>false</mailservice>`+rest)+
			`<enable>`+okOnly+`</enable>`+answer(after+`<mailservice>true</mailservice>`+rest)+`</mail>`)
	c.ask(`<mail>`+set(`<none/>`)+get+set(``)+get+`<enable><site-id>1</site-id></enable>`+`</mail>`,
		`<mail>`+done+answer(`<none/>`)+done+answer(`<none/>`)+`<enable>`+okOnly+`</enable></mail>`)
	c.has(`<mail>`+get+`</mail>`, `<mailservice>true</mailservice>`)

	for code, prefs := range map[string]string{
		"1013": `<mail-provider><aps><package-uid>7</package-uid></aps></mail-provider>`,
		"1018": `<ip_address>192.0.2.99</ip_address>`,
		"1019": `<nonexistent-user><forward>nowhere</forward></nonexistent-user>`,
		"1050": `<webmail>squirrel</webmail>`,
	} {
		c.ask(`<mail>`+set(prefs)+`</mail>`, `<mail><set_prefs><result>`+failed(code)+`<site-id>1</site-id></result></set_prefs></mail>`)
	}
	c.ask(`<mail><get_prefs><filter><site-id>7</site-id></filter></get_prefs>
		<set_prefs><filter><site-id>7</site-id><site-id>1</site-id></filter><prefs><greylisting>false</greylisting></prefs></set_prefs>
		<get-available-mail-providers/></mail>`,
		`<mail><get_prefs><result>`+failed("1015")+`</result></get_prefs>
		<set_prefs><result>`+failed("1015")+`<site-id>7</site-id></result><result><status>ok</status><site-id>1</site-id></result></set_prefs>
		<get-available-mail-providers><result><status>ok</status><mail-provider><local/></mail-provider></result></get-available-mail-providers></mail>`)
}

// Sites have preferences of their own; what an untouched one does is in operators-services §4.5.
func TestMailPreferencesOfSites(t *testing.T) {
	s, c := mailServer(t)
	s.inside(func(c *call) {
		for _, d := range []*site{
			{Kind: addonSite, Webspace: 1, Name: "addon.test", ASCIIName: "addon.test"},
			{Kind: subdomain, Webspace: 1, Parent: 1, Name: "sub.alder.test", ASCIIName: "sub.alder.test"},
		} {
			d.ID, d.GUID = next(&c.Sequences.Domain), c.newGUID()
			c.addSite(d)
		}
	})
	const bounce = `<nonexistent-user><bounce>This address no longer accepts mail.</bounce></nonexistent-user><webmail>roundcube</webmail><spam-protect-sign>false</spam-protect-sign>`
	const rest = `<webmail-certificate/>`
	result := func(site int, prefs string) string {
		return fmt.Sprintf(`<result><status>ok</status><site-id>%d</site-id><prefs>%s</prefs></result>`, site, prefs)
	}
	c.ask(`<mail><get_prefs><filter><site-id>2</site-id><site-id>3</site-id></filter></get_prefs></mail>`,
		`<mail><get_prefs>`+result(2, bounce+`<mailservice>true</mailservice>`+rest)+result(3, bounce+`<mailservice>false</mailservice>`+rest)+`</get_prefs></mail>`)
	c.ask(`<mail><disable><site-id>2</site-id></disable><get_prefs><filter><site-id>2</site-id></filter></get_prefs></mail>`,
		`<mail><disable>`+okOnly+`</disable><get_prefs>`+result(2, bounce+`<mailservice>false</mailservice>`+rest)+`</get_prefs></mail>`)
	c.has(`<mail><get_prefs><filter/></get_prefs></mail>`, `<site-id>1</site-id>`, `<site-id>2</site-id>`, `<site-id>3</site-id>`)
	c.has(`<mail><get_prefs><filter><site-id>1</site-id></filter></get_prefs></mail>`, `<mailservice>true</mailservice>`)

	// Accounts of both, with one name; they go with their sites.
	c.ask(`<mail><enable><site-id>2</site-id></enable><enable><site-id>3</site-id></enable></mail>`, `<mail><enable>`+okOnly+`</enable><enable>`+okOnly+`</enable></mail>`)
	c.ask(`<mail><create><filter><site-id>2</site-id><mailname><name>x</name><mailbox><enabled>true</enabled></mailbox></mailname></filter></create>
		<create><filter><site-id>3</site-id><mailname><name>x</name></mailname></filter></create></mail>`,
		`<mail><create>`+newMail(1, "x")+`</create><create>`+newMail(2, "x")+`</create></mail>`)
	c.has(`<webspace><get><filter><id>1</id></filter><dataset><stat/></dataset></get></webspace>`, `<box>1</box>`)
}

// A subscription without a plan is untouched too, until its plan says otherwise.
func TestMailOfCustomSubscription(t *testing.T) {
	s := newServer(t)
	addWebspace(t, s, "admin", "alder.test")
	behind(t, s, `<webspace><get><filter><id>1</id></filter><dataset><mail/></dataset></get></webspace>`,
		`<webspace><get><result><status>ok</status><filter-id>1</filter-id><id>1</id><data><mail><nonexistent-user><bounce>This address no longer accepts mail.</bounce></nonexistent-user>
		<webmail>roundcube</webmail><spam-protect-sign>false</spam-protect-sign><greylisting>false</greylisting><mailservice>true</mailservice><ip_address>198.51.100.7</ip_address>
		<ip_address>2001:db8::7</ip_address><mail-provider><local/></mail-provider><outgoing-messages-mbox-limit>default</outgoing-messages-mbox-limit>
		<outgoing-messages-domain-limit>default</outgoing-messages-domain-limit><outgoing-messages-subscription-limit>default</outgoing-messages-subscription-limit>
		<outgoing-messages-enable-sendmail>default</outgoing-messages-enable-sendmail></mail></data></result></get></webspace>`)
}

// Signing mail writes into the zone behind the API's back (operators-services §2.10).
func TestMailSigning(t *testing.T) {
	_, c := mailServer(t)
	zone := `<dns><get_rec><filter><site-id>1</site-id></filter></get_rec></dns>`
	key := `<type>TXT</type><host>default._domainkey.alder.test.</host><value>v=DKIM1; p=`
	sign := func(on string) string {
		return `<mail><set_prefs><filter><site-id>1</site-id></filter><prefs><spam-protect-sign>` + on + `</spam-protect-sign></prefs></set_prefs></mail>`
	}
	c.lacks(zone, key)
	c.has(sign("true"), `<status>ok</status>`)
	c.has(zone, key, `<type>TXT</type><host>_domainkey.alder.test.</host><value>o=-</value><opt/>`)
	c.has(sign("false"), `<status>ok</status>`)
	c.lacks(zone, key, `_domainkey`)
	c.changed(1, `<mail><spam-protect-sign>true</spam-protect-sign></mail>`)
	c.has(zone, key)
	c.added(2, `<gen_setup><name>signed.test</name><ip_address>198.51.100.7</ip_address></gen_setup><mail><spam-protect-sign>true</spam-protect-sign></mail>`)
	c.has(`<dns><get_rec><filter><site-id>2</site-id></filter></get_rec></dns>`, `<host>default._domainkey.signed.test.</host>`)
}

// A plan that a subscription is put on says how mail is treated, also where there was no mail service at all.
func TestPlanEndsNoMailService(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	addWebspace(t, s, "admin", "alder.test")
	c.ask(`<webspace><set><filter><id>1</id></filter><values>`+virtual("alder")+`</values></set></webspace>`,
		`<webspace><set><result><status>ok</status><filter-id>1</filter-id><id>1</id></result></set></webspace>`)
	plan := regexp.MustCompile(`<guid>(.*?)</guid>`).FindStringSubmatch(c.post(`<packet><service-plan><get><filter><name>Unlimited</name></filter></get></service-plan></packet>`))[1]
	c.ask(`<mail><set_prefs><filter><site-id>1</site-id></filter><prefs><none/></prefs></set_prefs></mail>`,
		`<mail><set_prefs><result><status>ok</status><site-id>1</site-id></result></set_prefs></mail>`)
	c.ask(`<webspace><switch-subscription><filter><id>1</id></filter><plan-guid>`+plan+`</plan-guid></switch-subscription></webspace>`,
		`<webspace><switch-subscription><result><status>ok</status><filter-id>1</filter-id><id>1</id></result></switch-subscription></webspace>`)
	c.ask(`<mail><get_prefs><filter><site-id>1</site-id></filter></get_prefs></mail>`,
		`<mail><get_prefs><result><status>ok</status><site-id>1</site-id><prefs><nonexistent-user><reject/></nonexistent-user><webmail>roundcube</webmail>
		<spam-protect-sign>false</spam-protect-sign><mailservice>true</mailservice><webmail-certificate/></prefs></result></get_prefs></mail>`)
}

// Without a mail service there are no new accounts, until it is switched on; those that are there can be read and changed.
func TestAccountsNeedTheMailService(t *testing.T) {
	_, c := mailServer(t)
	create := func(name string) string {
		return `<create><filter><site-id>1</site-id><mailname><name>` + name + `</name></mailname></filter></create>`
	}
	const off = `<result><status>error</status><errcode>1023</errcode><errtext>There is no DSMail service for domain with id = 1</errtext></result>`
	c.ask(`<mail>`+create("one")+`<disable><site-id>1</site-id></disable>`+create("two")+`<set_prefs><filter><site-id>1</site-id></filter><prefs><none/></prefs></set_prefs>`+create("two")+`</mail>`,
		`<mail><create>`+newMail(1, "one")+`</create><disable>`+okOnly+`</disable><create>`+off+`</create>
		<set_prefs><result><status>ok</status><site-id>1</site-id></result></set_prefs><create>`+off+`</create></mail>`)
	c.has(updateMail("set", `<name>one</name><description>d</description>`), `<status>ok</status>`)
	c.ask(`<mail><enable><site-id>1</site-id></enable>`+create("two")+`</mail>`, `<mail><enable>`+okOnly+`</enable><create>`+newMail(2, "two")+`</create></mail>`)
}

// Which webmails there are depends on what is installed.
func TestWebmails(t *testing.T) {
	s, c := mailServer(t)
	set := func(name string) string {
		return `<mail><set_prefs><filter><site-id>1</site-id></filter><prefs><webmail>` + name + `</webmail></prefs></set_prefs></mail>`
	}
	const get = `<mail><get_prefs><filter><site-id>1</site-id></filter></get_prefs></mail>`
	c.has(set("Horde"), `<status>ok</status>`)
	c.has(get, `<webmail>horde</webmail>`)
	s.inside(func(c *call) {
		c.Machine.Components = slices.DeleteFunc(slices.Clone(c.Machine.Components), func(k component) bool { return k.Name == "roundcube" })
	})
	c.has(set("roundcube"), `<errcode>1050</errcode>`)
	c.has(set("true"), `<status>ok</status>`)
	c.has(get, `<webmail>horde</webmail>`)
}
