// The server operator: settings, services, additional administrators, prohibited names.

package plesksim

import (
	"regexp"
	"strings"
	"testing"
)

// All that server/set takes shows in server/get, and nothing of a request that fails.
func TestServerSet(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	set := func(what, want string) {
		t.Helper()
		c.ask(`<server><set>`+what+`</set></server>`, `<server><set><result>`+want+`</result></set></server>`)
	}
	set(`<prefs><stat_ttl>6</stat_ttl><restart_apache_interval>30</restart_apache_interval><ftp_over_ssl>required</ftp_over_ssl>
		<smtp_host>relay.example</smtp_host><smtp_password>Hush-7-word</smtp_password><waf-rule-engine>on</waf-rule-engine></prefs>
		<session_setup><login_timeout>45</login_timeout></session_setup><external-id>srv-7</external-id><mode>poweruser</mode>`, `<status>ok</status>`)
	c.ask(`<server><get><gen_info/><prefs/><session_setup/></get></server>`, `<server><get><result><status>ok</status>
		<gen_info><server_name>plesk.example.net</server_name><server_guid>§</server_guid><external-id>srv-7</external-id><mode>poweruser</mode></gen_info>
		<prefs><stat_ttl>6</stat_ttl><include_remote_databases>true</include_remote_databases><traffic_accounting>3</traffic_accounting>
		<restart_apache_interval>30</restart_apache_interval><apache_pipelog>false</apache_pipelog><ftp_over_ssl>required</ftp_over_ssl>
		<smtp_host>relay.example</smtp_host><preview_protection>true</preview_protection><waf-rule-engine>on</waf-rule-engine></prefs>
		<session_setup><login_timeout>45</login_timeout></session_setup></result></get></server>`)

	set(`<admin><admin_cname>Firm</admin_cname><admin_pname>Ada</admin_pname><admin_email>ada@firm.example</admin_email><admin_country>SE</admin_country>
		<send_announce>true</send_announce><admin_multiple_sessions>false</admin_multiple_sessions><global-login>ada</global-login></admin>`, `<status>ok</status>`)
	const admin = `<admin><admin_cname>Firm</admin_cname><admin_pname>Ada</admin_pname><admin_phone/><admin_fax/><admin_email>ada@firm.example</admin_email>
		<admin_address/><admin_city/><admin_state/><admin_pcode/><admin_country>SE</admin_country><send_announce>true</send_announce>
		<admin_locale>en-US</admin_locale><admin_multiple_sessions>false</admin_multiple_sessions><global-login>ada</global-login></admin>`
	shows := func() {
		t.Helper()
		c.ask(`<server><get><admin/></get></server>`, `<server><get><result><status>ok</status>`+admin+`</result></get></server>`)
	}
	shows()

	const renamed = `<admin><admin_pname>Eve</admin_pname><admin_email>eve@firm.example</admin_email></admin>`
	set(renamed+`<prefs><max_connections>-1</max_connections></prefs>`, failed("1019"))
	set(renamed+`<prefs><outgoing_email_mode_explicit_ipv4>203.0.113.9</outgoing_email_mode_explicit_ipv4></prefs>`, failed("1018"))
	set(renamed+`<password>weakling</password>`, failed("1019"))
	set(renamed+`<certificates><panel><name>none such</name><admin/></panel></certificates>`, failed("1013"))
	set(`<admin><admin_pname>Eve</admin_pname><admin_email>eve@firm.example</admin_email><admin_country>Sweden</admin_country></admin>`, failed("1019"))
	for _, outside := range []string{
		`<mode>simple</mode>`, `<prefs><stat_ttl>0</stat_ttl></prefs>`, `<prefs><traffic_accounting>4</traffic_accounting></prefs>`,
		`<prefs><report_period>P3D</report_period></prefs>`, `<prefs><ftp_over_ssl>maybe</ftp_over_ssl></prefs>`,
		`<session_setup><login_timeout>0</login_timeout></session_setup>`,
	} {
		c.ask(`<server><set>`+renamed+`</set><set>`+outside+`</set></server>`, refused("1014"))
	}
	shows()

	set(`<password>Other-Pass-77</password>`, `<status>ok</status>`)
	c.ask(`<server><get_protos/></server>`, refused("1001"))
	c.as(DefaultLogin, "Other-Pass-77").ask(`<event_log><get_events><events><event><type>updated</type><class>admin_prefs</class></event>
		<event><type>updated</type><class>session_preferences</class></event></events></get_events></event_log>`, `<event_log><get_events><result><status>ok</status>
		<event><id>§</id><type>updated</type><time>§</time><class>admin_prefs</class><obj_id>1</obj_id><user>admin</user><host>127.0.0.1</host></event>
		<event><id>§</id><type>updated</type><time>§</time><class>session_preferences</class><obj_id>1</obj_id><user>admin</user><host>127.0.0.1</host></event>
		</result></get_events></event_log>`)
}

// Services start and stop, and come back when the machine does.
func TestServices(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	manage := func(id, act, want string) {
		t.Helper()
		c.ask(`<server><srv_man><id>`+id+`</id><operation>`+act+`</operation></srv_man></server>`, `<server><srv_man><result>`+want+`</result></srv_man></server>`)
	}
	state := func(id, want string) {
		t.Helper()
		contains(t, []byte(squeeze(c.post(`<packet><server><get><services_state/></get></server></packet>`))), `<srv><id>`+id+`</id>`)
		for _, v := range s.state.Machine.Services {
			if v.ID == id && v.State != want {
				t.Errorf("%s is %s, want %s", id, v.State, want)
			}
		}
	}
	var ids []string
	for _, v := range regexp.MustCompile(`<srv><id>(.*?)</id>`).FindAllStringSubmatch(c.post(`<packet><server><get><services_state/></get></server></packet>`), -1) {
		ids = append(ids, v[1])
	}
	if got := strings.Join(ids, " "); got != "web smtp imap-pop3 dns spamassassin milter plesk-php74-fpm plesk-php82-fpm plesk-php83-fpm" {
		t.Errorf("services %s", got)
	}
	manage("web", "stop", `<status>ok</status><id>web</id>`)
	state("web", "stopped")
	manage("dns", "stop", `<status>ok</status><id>dns</id>`)
	manage("dns", "start", `<status>ok</status><id>dns</id>`)
	manage("plesk-php74-fpm", "restart", `<status>ok</status><id>plesk-php74-fpm</id>`)
	state("plesk-php74-fpm", "running")
	manage("spamassassin", "start", failed("1026"))
	manage("mail", "start", failed("1013")) // what the documents once named is two services
	manage("teapot", "start", failed("1013"))
	manage("ext-some-service", "start", failed("1013"))
	c.ask(`<server><srv_man><id>web</id><operation>kill</operation></srv_man></server>`, refused("1014"))
	c.ask(`<server><reboot/><clean-mail-queue/></server>`, `<server><reboot>`+okOnly+`</reboot><clean-mail-queue>`+okOnly+`</clean-mail-queue></server>`)
	state("web", "running")
	c.ask(`<event_log><get><options><flush_selected_range>false</flush_selected_range></options></get></event_log>`, `<event_log><get><result><status>ok</status>
		<event><type>updated</type><time>§</time><class>admin_info</class><id>1</id></event>
		<event><type>stopped</type><time>§</time><class>service</class><id>web</id></event>
		<event><type>stopped</type><time>§</time><class>service</class><id>dns</id></event>
		<event><type>started</type><time>§</time><class>service</class><id>dns</id></event>
		<event><type>started</type><time>§</time><class>service</class><id>plesk-php74-fpm</id></event>
		<event><type>started</type><time>§</time><class>service</class><id>web</id></event></result></get></event_log>`)
	addReseller(t, s, "rowan")
	c.as("rowan", "pass-42x").ask(`<server><reboot/></server>`, `<server><reboot><result>`+failed("1006")+`</result></reboot></server>`)
}

// The store of names and values answers for each name by itself.
func TestMisc(t *testing.T) {
	const one, two = `<property><name>one</name></property>`, `<property><name>two</name></property>`
	c := start(t, newServer(t))
	c.ask(`<server><set_misc><filter><property><name>one</name><value>1 &amp; more</value></property></filter></set_misc>
		<get_misc><filter>`+two+one+`</filter></get_misc><del_misc><filter>`+one+two+`</filter></del_misc><get_misc><filter>`+one+`</filter></get_misc></server>`,
		`<server><set_misc><result><status>ok</status><property><name>one</name><value>1 &amp; more</value></property></result></set_misc>
		<get_misc><result>`+failed("1013")+two+`</result><result><status>ok</status><property><name>one</name><value>1 &amp; more</value></property></result></get_misc>
		<del_misc><result><status>ok</status>`+one+`</result><result>`+failed("1013")+two+`</result></del_misc>
		<get_misc><result>`+failed("1013")+one+`</result></get_misc></server>`)
	start(t, newServer(t, func(o *Options) { o.UnknownMiscIsEmpty = true })).ask(`<server><get_misc><filter>`+one+`</filter></get_misc></server>`,
		`<server><get_misc><result><status>ok</status><property><name>one</name><value/></property></result></get_misc></server>`)
}

// Additional administrators are let in while they are active, and nobody else can have their logins.
func TestAdminAliases(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	addCustomer(t, s, "alder")
	op := func(name, request, want string) {
		t.Helper()
		c.ask(`<server><`+name+`>`+request+`</`+name+`></server>`, `<server><`+name+`><result>`+want+`</result></`+name+`></server>`)
	}
	const ok = `<status>ok</status>`
	op("add-admin-alias", `<data><login>deputy</login><password>Dep-4-uty</password><email>d@firm.example</email><contact>D</contact></data>`, ok)
	op("add-admin-alias", `<data><login>Deputy</login><password>Dep-4-uty</password></data>`, failed("1002"))
	op("add-admin-alias", `<data><login>alder</login><password>Dep-4-uty</password></data>`, failed("1002"))
	op("add-admin-alias", `<data><login>third</login></data>`, failed("1019"))
	op("add-admin-alias", `<data><login>third</login><password>weak</password></data>`, failed("1019"))
	c.ask(`<server><add-admin-alias><data><email>nobody</email></data></add-admin-alias></server>`, refused("1014"))
	c.ask(`<customer><add><gen_info><pname>D</pname><login>DEPUTY</login><passwd>pass-42x</passwd></gen_info></add></customer>`,
		`<customer><add><result>`+failed("1002")+`</result></add></customer>`)

	deputy := c.as("deputy", "Dep-4-uty")
	deputy.ask(`<server><set><external-id>x</external-id></set></server>`, `<server><set>`+okOnly+`</set></server>`)
	c.as("deputy", "Dep-4-utx").ask(`<server><get_protos/></server>`, refused("1001"))
	op("set-admin-alias", `<filter><login>deputy</login></filter><data><status>false</status></data>`, ok)
	deputy.ask(`<server><get><session_setup/></get></server>`, refused("1011"))
	op("set-admin-alias", `<filter><login>deputy</login><login>nobody</login></filter><data><status>true</status></data>`, failed("1013"))
	deputy.ask(`<server><get><session_setup/></get></server>`, refused("1011"))
	op("set-admin-alias", `<filter><login>deputy</login></filter><data><login>second</login><status>true</status></data>`, ok)
	c.as("second", "Dep-4-uty").ask(`<server><get><session_setup/></get></server>`,
		`<server><get><result><status>ok</status><session_setup><login_timeout>30</login_timeout></session_setup></result></get></server>`)
	op("del-admin-alias", `<filter><login>second</login></filter>`, ok)
	op("del-admin-alias", `<filter><login>second</login></filter>`, failed("1013"))
	c.as("second", "Dep-4-uty").ask(`<server><get_protos/></server>`, refused("1001"))
}

// Prohibited names are refused where domains get names, as soon as the list is in force.
func TestDomainRestrictions(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	addCustomer(t, s, "alder")
	op := func(name, request, want string) {
		t.Helper()
		c.ask(`<server><domain-restriction-`+name+`>`+request+`</domain-restriction-`+name+`></server>`,
			`<server><domain-restriction-`+name+`>`+want+`</domain-restriction-`+name+`></server>`)
	}
	wrong := func(code string) string { return `<result>` + failed(code) + `</result>` }
	op("list", "", `<enable>0</enable>`)
	op("add", `<name>Bank.test</name>`, okOnly)
	op("add", `<name>müller.test</name>`, okOnly)
	op("add", `<name>xn--mller-kva.test</name>`, wrong("1007"))
	op("add", `<name>no name</name>`, wrong("1019"))
	addWebspace(t, s, "alder", "bank.test")
	op("enable", "", okOnly)
	op("list", "", `<enable>1</enable><name>bank.test</name><name>müller.test</name>`)

	add := func(name, want string) {
		t.Helper()
		c.ask(`<webspace><add><gen_setup><name>`+name+`</name><owner-login>alder</owner-login><ip_address>198.51.100.7</ip_address></gen_setup></add></webspace>`,
			`<webspace><add>`+want+`</add></webspace>`)
	}
	rename := func(to, want string) {
		t.Helper()
		c.ask(`<webspace><set><filter><name>bank.test</name></filter><values><gen_setup><name>`+to+`</name></gen_setup></values></set></webspace>`,
			`<webspace><set><result>`+want+`<filter-id>bank.test</filter-id><id>§</id></result></set></webspace>`)
	}
	add("MÜLLER.test", wrong("1019"))
	rename("müller.test", failed("1019"))
	rename("bank.test", `<status>ok</status>`) // what has a name keeps it
	op("rename", `<name>müller.test</name><new-name>bank.test</new-name>`, wrong("1007"))
	op("rename", `<name>none.test</name><new-name>other.test</new-name>`, wrong("1013"))
	op("rename", `<name>müller.test</name><new-name>other.test</new-name>`, okOnly)
	add("other.test", wrong("1019"))
	op("remove", `<name>other.test</name>`, okOnly)
	op("remove", `<name>other.test</name>`, wrong("1013"))
	add("other.test", `<result><status>ok</status><id>§</id><guid>§</guid></result>`)
	op("disable", "", okOnly)
	op("list", "", `<enable>0</enable><name>bank.test</name>`)

	// The grammar has no place for an error of the list: it is the packet's, and nothing is executed.
	c.as("alder", "pass-42x").ask(`<server><domain-restriction-list/></server>`, refused("1006"))
}

// An injected error of such an operation is the packet's, too: the grammar has no other place for it.
func TestAnInjectedErrorOfTheListOfRestrictionsIsThePackets(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	s.Inject(Fault{Operator: "server", Operation: "domain-restriction-list", Code: 1023})
	c.ask(`<server><domain-restriction-list/></server>`, refused("1023"))
}
