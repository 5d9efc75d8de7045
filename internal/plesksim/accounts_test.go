package plesksim

import (
	"strings"
	"testing"
)

// A fresh server's addresses, and their rules (operators-accounts-server §12).
func TestAddresses(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	addWebspace(t, s, "alder", "alder.test")
	c := start(t, s)
	info := func(address, netmask, kind, rest string) string {
		return `<ip_info><ip_address>` + address + `</ip_address><netmask>` + netmask + `</netmask><type>` + kind + `</type><interface>eth0</interface>` + rest + `</ip_info>`
	}
	factory := info("198.51.100.7", "255.255.255.0", "shared", "") + info("198.51.100.8", "255.255.255.0", "exclusive", "") +
		info("2001:db8::7", "ffff:ffff:ffff:ffff::", "shared", "")
	c.ask(`<ip><get/></ip>`, `<ip><get><result><status>ok</status><addresses>`+factory+`</addresses></result></get></ip>`)
	c.ask(`<ip>
		<add><interface>eth0</interface><type>shared</type><ip_address>198.51.100.9</ip_address><netmask>255.255.255.0</netmask></add>
		<add><ip_address>2001:DB8:0:0::9</ip_address><netmask>/64</netmask><type>exclusive</type><interface>eth0</interface></add>
		<add><ip_address>2001:db8::9</ip_address><netmask>64</netmask><type>exclusive</type><interface>eth0</interface></add>
		<add><ip_address>198.51.100.10</ip_address><netmask>255.255.255.0</netmask><type>shared</type><interface>eth7</interface></add>
		<add><ip_address>198.51.100.10</ip_address><netmask>255.0.255.0</netmask><type>shared</type><interface>eth0</interface></add>
		<add><ip_address>somewhere</ip_address><netmask>255.255.255.0</netmask><type>shared</type><interface>eth0</interface></add>
		<set><filter><ip_address>198.51.100.9</ip_address><ip_address>10.0.0.1</ip_address></filter><type>exclusive</type></set>
		<set><filter><ip_address>198.51.100.9</ip_address></filter><public_ip_address>203.0.113.9</public_ip_address></set>
		<del><filter><ip_address>2001:db8::9</ip_address><ip_address>2001:db8::7</ip_address><ip_address>198.51.100.7</ip_address></filter></del>
		<get/></ip>`,
		`<ip>
		<add><result><status>ok</status><ip_address>198.51.100.9</ip_address></result></add>
		<add><result><status>ok</status><ip_address>2001:db8::9</ip_address></result></add>
		<add><result>`+failed("1007")+`</result></add>
		<add><result>`+failed("1032")+`</result></add>
		<add><result>`+failed("1019")+`</result></add>
		<add><result>`+failed("1019")+`</result></add>
		<set><result><status>ok</status><ip_address>198.51.100.9</ip_address></result><result>`+failed("1018")+`<ip_address>10.0.0.1</ip_address></result></set>
		<set><result><status>ok</status><ip_address>198.51.100.9</ip_address></result></set>
		<del><result><status>ok</status><ip_address>2001:db8::9</ip_address></result>
			<result>`+failed("1027")+`<ip_address>2001:db8::7</ip_address></result><result>`+failed("1027")+`<ip_address>198.51.100.7</ip_address></result></del>
		<get><result><status>ok</status><addresses>`+factory+
			info("198.51.100.9", "255.255.255.0", "exclusive", "<public_ip_address>203.0.113.9</public_ip_address>")+`</addresses></result></get></ip>`)
	c.ask(`<ip><add><ip_address>198.51.100.11</ip_address><netmask>255.255.255.0</netmask><type>private</type><interface>eth0</interface></add></ip>`, refused("1014"))
}

// An address that two customers use cannot become exclusive; resellers see only their own pools.
func TestAddressUsers(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	addWebspace(t, s, "alder", "alder.test")
	addReseller(t, s, "birch")
	c := start(t, s)
	c.ask(`<ip><set><filter><ip_address>198.51.100.7</ip_address></filter><type>exclusive</type></set>
		<set><filter><ip_address>198.51.100.7</ip_address></filter><type>shared</type></set></ip>`,
		`<ip><set><result><status>ok</status><ip_address>198.51.100.7</ip_address></result></set>
		<set><result><status>ok</status><ip_address>198.51.100.7</ip_address></result></set></ip>`)
	addCustomer(t, s, "oak")
	addWebspace(t, s, "oak", "oak.test")
	c.ask(`<ip><set><filter><ip_address>198.51.100.7</ip_address></filter><type>exclusive</type></set></ip>`,
		`<ip><set><result>`+failed("1027")+`<ip_address>198.51.100.7</ip_address></result></set></ip>`)
	birch := c.as("birch", "pass-42x")
	birch.ask(`<ip><get/><del><filter><ip_address>198.51.100.8</ip_address></filter></del></ip>`,
		`<ip><get><result><status>ok</status><addresses/></result></get><del><result>`+failed("1006")+`</result></del></ip>`)
}

func TestServerGet(t *testing.T) {
	s := newServer(t, func(o *Options) { o.Hostname = "web-01.example.com" })
	addCustomer(t, s, "alder")
	addWebspace(t, s, "admin", "main.test")
	addWebspace(t, s, "alder", "alder.test")
	c := start(t, s)
	c.ask(`<server><get/><get><gen_info/><session_setup/><admin-domain-list/></get></server>`,
		`<server><get>`+okOnly+`</get><get><result><status>ok</status>
		<gen_info><server_name>web-01.example.com</server_name><server_guid>§</server_guid><external-id/><mode>standard</mode></gen_info>
		<session_setup><login_timeout>30</login_timeout></session_setup>
		<admin-domain-list><domain><id>1</id><name>main.test</name><ascii-name>main.test</ascii-name><type>domain</type><main>true</main><guid>§</guid><external-id/></domain></admin-domain-list>
		</result></get></server>`)
	everything := []byte(c.post(`<packet><server><get><key/><gen_info/><components/><stat/><admin/><interfaces/><services_state/><prefs/><shells/><session_setup/>
		<site-isolation-config/><updates/><admin-domain-list/><certificates/></get></server></packet>`))
	for _, part := range []string{
		`<property><name>lim_cl</name><value>-1</value></property>`, `<component><name>psa</name><version>18.`, `<objects><clients>1</clients><domains>2</domains>`,
		`<plesk_name>psa</plesk_name>`, `<admin_pname>Administrator</admin_pname>`, `<interface>eth0</interface>`,
		`<srv><id>dns</id><title>DNS Server (BIND)</title><state>running</state></srv>`, `<restart_apache_interval>0</restart_apache_interval>`,
		`<shell><name>/bin/false</name><path>/bin/false</path></shell>`, `<name>php</name>`, `<install_third_party_updates>false</install_third_party_updates>`,
	} {
		contains(t, everything, part)
	}
	contains(t, []byte(c.post("<packet>"+getProtos+"</packet>")), `<proto>1.6.9.1</proto></protos>`)
	contains(t, []byte(c.post("<packet>"+getProtos+"</packet>")), `<proto>1.6.3.0</proto>`)
}

func TestEventLog(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.ask(getIDs+addAlder+`<customer><set><filter><id>2</id></filter><values><gen_info><status>16</status><guid/></gen_info></values></set>
		<set><filter><id>9</id></filter><values><gen_info><status>16</status></gen_info></values></set>
		<del><filter><id>2</id></filter></del></customer>`+getIDs,
		lastID(1)+added+`<customer><set><result><status>ok</status><filter-id>2</filter-id><id>2</id></result></set>
		<set><result>`+failed("1013")+`<filter-id>9</filter-id></result></set>
		<del><result><status>ok</status><filter-id>2</filter-id><id>2</id></result></del></customer>`+lastID(6))
	entry := func(id, kind, class, object string) string {
		return `<event><id>` + id + `</id><type>` + kind + `</type><time>1740909600</time><class>` + class + `</class><obj_id>` + object + `</obj_id><user>admin</user><host>127.0.0.1</host></event>`
	}
	events := []string{
		entry("1", "updated", "admin_info", "1"), entry("2", "created", "client", "2"), entry("3", "updated", "client", "2"),
		entry("4", "updated", "client_status", "2"), entry("5", "guid_changed", "client", "2"), entry("6", "deleted", "client", "2"),
	}
	answer := func(events ...string) string {
		return `<event_log><get_events><result><status>ok</status>` + strings.Join(events, "") + `</result></get_events></event_log>`
	}
	ask := func(request string) string { return `<event_log><get_events>` + request + `</get_events></event_log>` }
	c.ask(ask(``), answer(events...))
	c.ask(ask(`<lastId>5</lastId>`), answer(events[4:]...))
	c.ask(ask(`<lastId>7</lastId>`), answer())
	c.ask(ask(`<lastId>2</lastId><events><event><type>created</type><class>client</class></event><event><type>deleted</type><class>client</class></event></events>`),
		answer(events[1], events[5]))
	c.ask(ask(`<lastId>0</lastId>`), refused("1014"))
	c.ask(ask(`<events><event><type>created</type><class>planet</class></event></events>`), refused("1014"))

	// The short form, which can empty the log; an empty element means true.
	body := c.post(`<packet><event_log><get/></event_log></packet>`)
	if n := strings.Count(body, "<event>"); n != 6 {
		t.Errorf("%d events", n)
	}
	contains(t, []byte(body), `<event><type>created</type><time>1740909600</time><class>client</class><id>2</id></event>`)
	c.post(`<packet><event_log><get><options><flush_selected_range/></options></get></event_log></packet>`)
	c.ask(`<event_log><get/></event_log>`+ask(``)+getIDs, `<event_log><get>`+okOnly+`</get></event_log>`+answer()+lastID(6))
}

func TestEventLogSwitches(t *testing.T) {
	s := newServer(t, func(o *Options) { o.LastIDExclusive, o.MaxEvents = true, 2 })
	addCustomer(t, s, "elm")
	addCustomer(t, s, "fir")
	addCustomer(t, s, "oak")
	c := start(t, s)
	body := c.post(`<packet><event_log><get_events/><get_events><lastId>3</lastId></get_events></event_log></packet>`)
	var ids []string
	for _, part := range strings.Split(body, "<event><id>")[1:] {
		id, _, _ := strings.Cut(part, "<")
		ids = append(ids, id)
	}
	if strings.Join(ids, " ") != "3 4 4" { // the last two entries, then those after 3
		t.Errorf("events %v", ids)
	}
}
