// DNS: zones, records, the template, master servers and the name server.

package plesksim

import (
	"fmt"
	"strings"
	"testing"
)

// dnsServer is a server with one subscription, alder.test, of the customer alder; its site has the id 1.
func dnsServer(t *testing.T, change ...func(*Options)) (*Server, *client) {
	t.Helper()
	s := newServer(t, change...)
	addCustomer(t, s, "alder")
	if id := addWebspace(t, s, "alder", "alder.test"); id != 1 {
		t.Fatalf("site %d", id)
	}
	return s, start(t, s)
}

func record1(id int, kind, host, value, opt string) string {
	if opt != "" {
		opt = "<opt>" + opt + "</opt>"
	} else {
		opt = "<opt/>"
	}
	return fmt.Sprintf(`<result><status>ok</status><id>%d</id><data><site-id>1</site-id><type>%s</type><host>%s</host><value>%s</value>%s</data></result>`,
		id, kind, host, value, opt)
}

// The zone of a new site, as operators-services §2.10 describes it.
func TestZoneFromTemplate(t *testing.T) {
	_, c := dnsServer(t)
	c.ask(`<dns><get_rec><filter><site-id>1</site-id></filter></get_rec></dns>`, `<dns><get_rec>`+
		record1(1, "NS", "alder.test.", "plesk.example.net.", "")+
		record1(2, "A", "alder.test.", "198.51.100.7", "")+
		record1(3, "AAAA", "alder.test.", "2001:db8::7", "")+
		record1(4, "A", "mail.alder.test.", "198.51.100.7", "")+
		record1(5, "AAAA", "mail.alder.test.", "2001:db8::7", "")+
		record1(6, "A", "webmail.alder.test.", "198.51.100.7", "")+
		record1(7, "AAAA", "webmail.alder.test.", "2001:db8::7", "")+
		record1(8, "A", "ipv4.alder.test.", "198.51.100.7", "")+
		record1(9, "AAAA", "ipv6.alder.test.", "2001:db8::7", "")+
		record1(10, "CNAME", "ftp.alder.test.", "alder.test.", "")+
		record1(11, "CNAME", "www.alder.test.", "alder.test.", "")+
		record1(12, "MX", "alder.test.", "mail.alder.test.", "10")+
		record1(13, "TXT", "alder.test.", "v=spf1 +a +mx +a:plesk.example.net -all", "")+
		record1(14, "PTR", "198.51.100.7", "alder.test.", "24")+
		`</get_rec></dns>`)
}

// Relative in, absolute out (operators-services §2.3).
func TestRecordEncoding(t *testing.T) {
	for _, test := range []struct{ name, request, answer string }{
		{"relative host", `<type>A</type><host>a.b</host><value>192.0.2.1</value>`, record1(15, "A", "a.b.alder.test.", "192.0.2.1", "")},
		{"apex", `<type>TXT</type><host/><value>one two</value><opt/>`, record1(15, "TXT", "alder.test.", "one two", "")},
		{"full name is relative too", `<type>A</type><host>x.alder.test</host><value>192.0.2.1</value>`, record1(15, "A", "x.alder.test.alder.test.", "192.0.2.1", "")},
		{"wildcard", `<type>A</type><host>*</host><value>192.0.2.1</value>`, record1(15, "A", "*.alder.test.", "192.0.2.1", "")},
		{"MX priority", `<type>MX</type><host/><value>mx1.hub.example</value><opt>20</opt>`, record1(15, "MX", "alder.test.", "mx1.hub.example.", "20")},
		{"MX without priority", `<type>MX</type><host/><value>mx1.hub.example</value>`, record1(15, "MX", "alder.test.", "mx1.hub.example.", "10")},
		{"SRV", `<type>SRV</type><host>_sip._tcp</host><value>voip.hub.example</value><opt>10 60 5060</opt>`,
			record1(15, "SRV", "_sip._tcp.alder.test.", "voip.hub.example.", "10 60 5060")},
		{"value with a dot at the end", `<type>CNAME</type><host>docs</host><value>docs.hub.example.</value>`, record1(15, "CNAME", "docs.alder.test.", "docs.hub.example.", "")},
		{"value is never relative", `<type>CNAME</type><host>docs</host><value>docs</value>`, record1(15, "CNAME", "docs.alder.test.", "docs.", "")},
		{"PTR", `<type>PTR</type><host>192.0.2.7</host><value>alder.test</value><opt>24</opt>`, record1(15, "PTR", "192.0.2.7", "alder.test.", "24")},
		{"quotes in TXT", `<type>TXT</type><host>q</host><value>v=DKIM1; p="x"</value>`, record1(15, "TXT", "q.alder.test.", `v=DKIM1; p="x"`, "")},
		{"opt of other types", `<type>A</type><host>o</host><value>192.0.2.1</value><opt>5</opt>`, record1(15, "A", "o.alder.test.", "192.0.2.1", "")},
		{"IPv6 keeps its spelling", `<type>AAAA</type><host>v6</host><value>2001:DB8:0::1</value>`, record1(15, "AAAA", "v6.alder.test.", "2001:DB8:0::1", "")},
		{"CAA", `<type>CAA</type><host/><value>letsencrypt.org</value><opt>0 issue</opt>`, record1(15, "CAA", "alder.test.", "letsencrypt.org", "0 issue")},
		{"DS", `<type>DS</type><host>sub</host><value>60485 5 1 2BB183AF</value>`, record1(15, "DS", "sub.alder.test.", "60485 5 1 2BB183AF", "")},
		{"second value of a name", `<type>A</type><host/><value>192.0.2.1</value>`, record1(15, "A", "alder.test.", "192.0.2.1", "")},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, c := dnsServer(t)
			c.ask(`<dns><add_rec><site-id>1</site-id>`+test.request+`</add_rec><get_rec><filter><id>15</id></filter></get_rec></dns>`,
				`<dns><add_rec><result><status>ok</status><id>15</id></result></add_rec><get_rec>`+test.answer+`</get_rec></dns>`)
		})
	}
}

func TestRecordRefusals(t *testing.T) {
	_, c := dnsServer(t)
	for _, test := range []struct{ name, request, code string }{
		{"duplicate", `<site-id>1</site-id><type>A</type><host/><value>198.51.100.7</value>`, "1007"},
		{"duplicate in another spelling", `<site-id>1</site-id><type>CNAME</type><host>WWW</host><value>Alder.test</value>`, "1007"},
		{"unknown site", `<site-id>9</site-id><type>A</type><host/><value>192.0.2.1</value>`, "1015"},
		{"unknown alias", `<site-alias-id>9</site-alias-id><type>A</type><host/><value>192.0.2.1</value>`, "1015"},
		{"CNAME beside another", `<site-id>1</site-id><type>CNAME</type><host>mail</host><value>hub.example</value>`, "1019"},
		{"another beside a CNAME", `<site-id>1</site-id><type>TXT</type><host>www</host><value>x</value>`, "1019"},
		{"CNAME to a CNAME", `<site-id>1</site-id><type>CNAME</type><host>x</host><value>www.alder.test</value>`, "1019"},
		{"A with a name", `<site-id>1</site-id><type>A</type><host>x</host><value>hub.example</value>`, "1019"},
		{"A with IPv6", `<site-id>1</site-id><type>A</type><host>x</host><value>2001:db8::1</value>`, "1019"},
		{"MX with words", `<site-id>1</site-id><type>MX</type><host>x</host><value>hub.example</value><opt>high</opt>`, "1019"},
		{"SRV without port", `<site-id>1</site-id><type>SRV</type><host>_x._tcp</host><value>hub.example</value><opt>1 2</opt>`, "1019"},
		{"host with a blank", `<site-id>1</site-id><type>A</type><host>a b</host><value>192.0.2.1</value>`, "1019"},
		{"empty value", `<site-id>1</site-id><type>TXT</type><host>x</host><value/>`, "1019"},
		{"SOA", `<site-id>1</site-id><type>SOA</type><host/><value>x</value>`, "1019"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(`<dns><add_rec>`+test.request+`</add_rec></dns>`, `<dns><add_rec><result>`+failed(test.code)+`</result></add_rec></dns>`)
		})
	}
	c.ask(`<dns><add_rec><site-id>1</site-id><type>SPF</type><host/><value>x</value></add_rec></dns>`, refused("1014"))
}

func TestRecordFiltersAndDeletion(t *testing.T) {
	s, c := dnsServer(t)
	addCustomer(t, s, "oak")
	other := idKey(addWebspace(t, s, "oak", "oak.test"))
	c.ask(`<dns><del_rec><filter><id>13</id><id>99</id><id>13</id></filter></del_rec>
		<get_rec><filter><id>14</id><id>99</id><id>12</id></filter></get_rec>
		<get_rec><filter><site-id>77</site-id></filter></get_rec></dns>`,
		`<dns><del_rec><result><status>ok</status><id>13</id></result><result>`+failed("1013")+`<id>99</id></result><result>`+failed("1013")+`<id>13</id></result></del_rec>
		<get_rec>`+record1(14, "PTR", "198.51.100.7", "alder.test.", "24")+record1(12, "MX", "alder.test.", "mail.alder.test.", "10")+`</get_rec>
		<get_rec><result>`+failed("1015")+`</result></get_rec></dns>`)
	// The last MX and the last NS of a zone cannot be removed alone.
	c.ask(`<dns><del_rec><filter><id>12</id><id>1</id></filter></del_rec>
		<add_rec><site-id>1</site-id><type>MX</type><host/><value>mx2.hub.example</value><opt>5</opt></add_rec>
		<del_rec><filter><id>12</id></filter></del_rec></dns>`,
		`<dns><del_rec><result>`+failed("1023")+`<id>12</id></result><result>`+failed("1023")+`<id>1</id></result></del_rec>
		<add_rec><result><status>ok</status><id>§</id></result></add_rec>
		<del_rec><result><status>ok</status><id>12</id></result></del_rec></dns>`)
	// By zone name; the zone of another is untouched.
	answer := c.post(`<packet><dns><del_rec><filter><dns-zone-name>Alder.TEST.</dns-zone-name></filter></del_rec></dns></packet>`)
	if n := strings.Count(answer, "<status>ok</status>"); n != 13 {
		t.Errorf("%d records were removed: %s", n, answer)
	}
	c.ask(`<dns><get_rec><filter><dns-zone-name>alder.test</dns-zone-name></filter></get_rec></dns>`, `<dns><get_rec/></dns>`)
	if n := strings.Count(c.post(`<packet><dns><get_rec><filter><site-id>`+other+`</site-id></filter></get_rec></dns></packet>`), "<id>"); n != 14 {
		t.Errorf("%d records of the other zone", n)
	}
}

func TestFullNamesInZone(t *testing.T) {
	_, c := dnsServer(t, func(o *Options) { o.FullNamesInZone = true })
	c.ask(`<dns><add_rec><site-id>1</site-id><type>A</type><host>x.alder.test.</host><value>192.0.2.1</value></add_rec>
		<add_rec><site-id>1</site-id><type>TXT</type><host>alder.test</host><value>x</value></add_rec><get_rec><filter><id>15</id><id>16</id></filter></get_rec></dns>`,
		`<dns><add_rec><result><status>ok</status><id>15</id></result></add_rec><add_rec><result><status>ok</status><id>16</id></result></add_rec>
		<get_rec>`+record1(15, "A", "x.alder.test.", "192.0.2.1", "")+record1(16, "TXT", "alder.test.", "x", "")+`</get_rec></dns>`)
}

func TestZoneState(t *testing.T) {
	_, c := dnsServer(t)
	const soa = `<soa><ttl>86400</ttl><refresh>10800</refresh><retry>3600</retry><expire>604800</expire><minimum>10800</minimum></soa>`
	c.ask(`<dns><get><filter><site-id>1</site-id><site-id>7</site-id></filter><soa/></get><get/></dns>`,
		`<dns><get><result><status>ok</status><site-id>1</site-id>`+soa+`<zone_type>master</zone_type><zone_status>enabled</zone_status></result>
		<result>`+failed("1015")+`<site-id>7</site-id></result></get>
		<get><result><status>ok</status>`+soa+`<zone_status>enabled</zone_status></result></get></dns>`)
	c.ask(`<dns>
		<set><filter><site-id>1</site-id></filter><soa><retry>60</retry><ttl>300</ttl></soa></set>
		<switch><filter><site-id>1</site-id></filter><zone_type>slave</zone_type></switch>
		<disable><filter><site-id>1</site-id><site-id>7</site-id></filter></disable>
		<get><filter><site-id>1</site-id></filter><soa/></get>
		<switch><filter><site-id>1</site-id></filter><zone_type>master</zone_type></switch>
		<enable><filter><site-id>1</site-id></filter></enable>
		<get><filter><site-id>1</site-id></filter></get></dns>`,
		`<dns>
		<set><result><status>ok</status><site-id>1</site-id></result></set>
		<switch><result><status>ok</status><site-id>1</site-id></result></switch>
		<disable><result><status>ok</status><site-id>1</site-id></result><result>`+failed("1015")+`<site-id>7</site-id></result></disable>
		<get><result><status>ok</status><site-id>1</site-id>
			<soa><ttl>300</ttl><refresh>10800</refresh><retry>60</retry><expire>604800</expire><minimum>10800</minimum></soa>
			<zone_type>slave</zone_type><zone_status>disabled</zone_status></result></get>
		<switch><result><status>ok</status><site-id>1</site-id></result></switch>
		<enable><result><status>ok</status><site-id>1</site-id></result></enable>
		<get><result><status>ok</status><site-id>1</site-id><zone_type>master</zone_type><zone_status>enabled</zone_status></result></get></dns>`)
}

func TestTemplate(t *testing.T) {
	s, c := dnsServer(t)
	c.ask(`<dns>
		<set><soa><ttl>600</ttl></soa></set>
		<disable/>
		<add_rec><type>TXT</type><host>_dmarc</host><value>v=DMARC1; p=none</value></add_rec>
		<add_rec><type>TXT</type><host>_dmarc</host><value>v=DMARC1; p=none</value></add_rec>
		<add_rec><type>CNAME</type><host>auto.&lt;domain&gt;</host><value>mail.&lt;domain&gt;</value></add_rec>
		<get_rec><filter><id>15</id><id>16</id><id>99</id></filter><template/></get_rec>
		<del_rec><filter><id>4</id><id>99</id></filter><template/></del_rec></dns>`,
		`<dns>
		<set>`+okOnly+`</set>
		<disable>`+okOnly+`</disable>
		<add_rec><result><status>ok</status><id>15</id></result></add_rec>
		<add_rec><result>`+failed("1007")+`</result></add_rec>
		<add_rec><result><status>ok</status><id>16</id></result></add_rec>
		<get_rec>
			<result><status>ok</status><id>15</id><data><type>TXT</type><host>_dmarc.&lt;domain&gt;.</host><value>v=DMARC1; p=none</value><opt/></data></result>
			<result><status>ok</status><id>16</id><data><type>CNAME</type><host>auto.&lt;domain&gt;.</host><value>mail.&lt;domain&gt;.</value><opt/></data></result>
		</get_rec>
		<del_rec><result><status>ok</status><id>4</id></result><result>`+failed("1013")+`<id>99</id></result></del_rec></dns>`)
	site := idKey(addWebspace(t, s, "alder", "new.test"))
	zone := c.post(`<packet><dns><get_rec><filter><site-id>` + site + `</site-id></filter></get_rec><get><filter><site-id>` + site + `</site-id></filter><soa/></get></dns></packet>`)
	contains(t, []byte(zone), `<type>TXT</type><host>_dmarc.new.test.</host><value>v=DMARC1; p=none</value><opt/>`)
	contains(t, []byte(zone), `<type>CNAME</type><host>auto.new.test.</host><value>mail.new.test.</value><opt/>`)
	contains(t, []byte(zone), `<soa><ttl>600</ttl>`)
	contains(t, []byte(zone), `<zone_status>disabled</zone_status>`)
	if strings.Contains(zone, "<type>A</type><host>mail.new.test.</host>") {
		t.Error("a record that was removed from the template is in a new zone")
	}

	// Synchronising: what the template gained and lost follows, what users wrote stays.
	c.ask(`<dns><add_rec><site-id>1</site-id><type>A</type><host>mine</host><value>192.0.2.1</value></add_rec>
		<sync-with-template><filter><used-ip>192.0.2.99</used-ip></filter></sync-with-template></dns>`,
		`<dns><add_rec><result><status>ok</status><id>§</id></result></add_rec><sync-with-template>`+okOnly+`</sync-with-template></dns>`)
	contains(t, []byte(c.post(`<packet><dns><get_rec><filter><site-id>1</site-id></filter></get_rec></dns></packet>`)), `<type>A</type><host>mail.alder.test.</host>`)
	c.ask(`<dns><sync-with-template><filter/></sync-with-template></dns>`, `<dns><sync-with-template>`+okOnly+`</sync-with-template></dns>`)
	zone = c.post(`<packet><dns><get_rec><filter><site-id>1</site-id></filter></get_rec></dns></packet>`)
	contains(t, []byte(zone), `<host>_dmarc.alder.test.</host>`)
	contains(t, []byte(zone), `<host>mine.alder.test.</host>`)
	if strings.Contains(zone, "<type>A</type><host>mail.alder.test.</host>") {
		t.Error("a record that was removed from the template survived the synchronisation")
	}
}

func TestMasterServers(t *testing.T) {
	_, c := dnsServer(t)
	c.ask(`<dns>
		<get_master_server><filter><site-id>1</site-id></filter></get_master_server>
		<add_master_server><site-id>1</site-id><ip_address>192.0.2.53</ip_address></add_master_server>
		<add_master_server><site-id>1</site-id><ip_address>192.0.2.53</ip_address></add_master_server>
		<add_master_server><site-id>1</site-id><ip_address>nowhere</ip_address></add_master_server>
		<add_master_server><site-id>7</site-id><ip_address>192.0.2.53</ip_address></add_master_server>
		<get_master_server><filter/></get_master_server>
		<get_master_server><filter><site-id>1</site-id><site-id>7</site-id></filter></get_master_server>
		<del_master_server><filter><id>1</id><id>1</id></filter></del_master_server></dns>`,
		`<dns>
		<get_master_server>`+okOnly+`</get_master_server>
		<add_master_server><result><status>ok</status><id>1</id></result></add_master_server>
		<add_master_server><result>`+failed("1007")+`</result></add_master_server>
		<add_master_server><result>`+failed("1019")+`</result></add_master_server>
		<add_master_server><result>`+failed("1015")+`</result></add_master_server>
		<get_master_server><result><status>ok</status><filter-id>1</filter-id><id>1</id><site-id>1</site-id><ip_address>192.0.2.53</ip_address></result></get_master_server>
		<get_master_server><result><status>ok</status><filter-id>1</filter-id><id>1</id><site-id>1</site-id><ip_address>192.0.2.53</ip_address></result>
			<result>`+failed("1015")+`<filter-id>7</filter-id></result></get_master_server>
		<del_master_server><result><status>ok</status><id>1</id></result><result>`+failed("1013")+`<id>1</id></result></del_master_server></dns>`)
}

func TestNameServer(t *testing.T) {
	_, c := dnsServer(t)
	c.ask(`<dns>
		<get_acl/>
		<add_to_acl><filter><host>192.0.2.0/24</host><host>192.0.2.0/24</host><host>2001:db8::53</host></filter></add_to_acl>
		<remove_from_acl><filter><host>2001:db8::53</host><host>10.0.0.1</host></filter></remove_from_acl>
		<get_acl/>
		<enable-remote-dns/><disable-remote-dns/><get-status-remote-dns/>
		<get-supported-recursion/><set-recursion><value>off</value></set-recursion><get-recursion/></dns>`,
		`<dns>
		<get_acl>`+okOnly+`</get_acl>
		<add_to_acl><result><status>ok</status><host>192.0.2.0/24</host></result><result>`+failed("1007")+`<host>192.0.2.0/24</host></result>
			<result><status>ok</status><host>2001:db8::53</host></result></add_to_acl>
		<remove_from_acl><result><status>ok</status><host>2001:db8::53</host></result><result>`+failed("1013")+`<host>10.0.0.1</host></result></remove_from_acl>
		<get_acl><result><status>ok</status><host>192.0.2.0/24</host></result></get_acl>
		<enable-remote-dns><result>`+failed("1017")+`</result></enable-remote-dns>
		<disable-remote-dns><result>`+failed("1017")+`</result></disable-remote-dns>
		<get-status-remote-dns><result>`+failed("1017")+`</result></get-status-remote-dns>
		<get-supported-recursion><result><status>ok</status><value>on</value><value>off</value><value>local</value><value>localnets</value></result></get-supported-recursion>
		<set-recursion>`+okOnly+`</set-recursion>
		<get-recursion><result><status>ok</status><value>off</value></result></get-recursion></dns>`)
}

// Each platform has what the other lacks.
func TestNameServerOnWindows(t *testing.T) {
	_, c := dnsServer(t, func(o *Options) { o.OS = Windows })
	c.ask(`<dns><get-status-remote-dns/><enable-remote-dns/><get-status-remote-dns/><disable-remote-dns/>
		<get_acl/><add_to_acl><filter><host>192.0.2.0/24</host></filter></add_to_acl><sync-with-template><filter/></sync-with-template>
		<add_rec><site-id>1</site-id><type>AXFR</type><host>192.0.2.0</host><value>192.0.2.0/24</value></add_rec></dns>`,
		`<dns><get-status-remote-dns><result><status>ok</status><dns-status>false</dns-status></result></get-status-remote-dns>
		<enable-remote-dns>`+okOnly+`</enable-remote-dns>
		<get-status-remote-dns><result><status>ok</status><dns-status>true</dns-status></result></get-status-remote-dns>
		<disable-remote-dns>`+okOnly+`</disable-remote-dns>
		<get_acl><result>`+failed("1017")+`</result></get_acl>
		<add_to_acl><result>`+failed("1017")+`</result></add_to_acl>
		<sync-with-template><result>`+failed("1017")+`</result></sync-with-template>
		<add_rec><result><status>ok</status><id>§</id></result></add_rec></dns>`)
}

// Customers see their own zones, and change them only with the permission.
func TestDNSCallers(t *testing.T) {
	s, admin := dnsServer(t)
	addCustomer(t, s, "oak")
	addWebspace(t, s, "oak", "oak.test")
	oak := admin.as("oak", "pass-42x")
	oak.ask(`<dns><get><filter><site-id>1</site-id><site-id>2</site-id></filter></get>
		<add_rec><site-id>2</site-id><type>A</type><host>x</host><value>192.0.2.1</value></add_rec>
		<add_rec><site-id>1</site-id><type>A</type><host>x</host><value>192.0.2.1</value></add_rec>
		<add_rec><type>A</type><host>x</host><value>192.0.2.1</value></add_rec>
		<del_rec><filter><id>1</id></filter></del_rec>
		<get_acl/></dns>`,
		`<dns><get><result>`+failed("1015")+`<site-id>1</site-id></result>
		<result><status>ok</status><site-id>2</site-id><zone_type>master</zone_type><zone_status>enabled</zone_status></result></get>
		<add_rec><result>`+failed("1006")+`</result></add_rec>
		<add_rec><result>`+failed("1015")+`</result></add_rec>
		<add_rec><result>`+failed("1006")+`</result></add_rec>
		<del_rec><result>`+failed("1013")+`<id>1</id></result></del_rec>
		<get_acl><result>`+failed("1006")+`</result></get_acl></dns>`)
	if n := strings.Count(oak.post(`<packet><dns><get_rec><filter/></get_rec></dns></packet>`), "<data>"); n != 14 {
		t.Errorf("oak sees %d records", n)
	}
	behind(t, s, `<webspace><set><filter><id>2</id></filter><values><permissions><permission><name>manage_dns</name><value>true</value></permission></permissions></values></set></webspace>`,
		`<webspace><set><result><status>ok</status><filter-id>2</filter-id><id>2</id></result></set></webspace>`)
	oak.ask(`<dns><add_rec><site-id>2</site-id><type>A</type><host>x</host><value>192.0.2.1</value></add_rec></dns>`,
		`<dns><add_rec><result><status>ok</status><id>29</id></result></add_rec></dns>`)
}

// A null target says that there is nothing: it is neither relative to the zone nor a name.
func TestNullTargets(t *testing.T) {
	const records = `<dns><add_rec><site-id>1</site-id><type>MX</type><host/><value>.</value><opt>0</opt></add_rec>
		<add_rec><site-id>1</site-id><type>SRV</type><host>_imap._tcp</host><value>.</value><opt>0 0 0</opt></add_rec>
		<add_rec><type>MX</type><host>none</host><value>.</value><opt>0</opt></add_rec></dns>`
	const cname = `<dns><add_rec><site-id>1</site-id><type>CNAME</type><host>nothing</host><value>.</value></add_rec></dns>`
	none := `<add_rec><result>` + failed("1019") + `</result></add_rec>`
	_, c := dnsServer(t)
	added := func(id string) string {
		return `<add_rec><result><status>ok</status><id>` + id + `</id></result></add_rec>`
	}
	c.ask(records+cname, `<dns>`+added("15")+added("16")+added("15")+`</dns><dns>`+none+`</dns>`)
	c.ask(`<dns><get_rec><filter><id>15</id><id>16</id></filter></get_rec><get_rec><filter><id>15</id></filter><template/></get_rec></dns>`,
		`<dns><get_rec>`+record1(15, "MX", "alder.test.", ".", "0")+record1(16, "SRV", "_imap._tcp.alder.test.", ".", "0 0 0")+`</get_rec>
		<get_rec><result><status>ok</status><id>15</id><data><type>MX</type><host>none.&lt;domain&gt;.</host><value>.</value><opt>0</opt></data></result></get_rec></dns>`)

	_, c = dnsServer(t, func(o *Options) { o.NullTargetsRefused = true })
	c.ask(records, `<dns>`+none+none+none+`</dns>`)
}
