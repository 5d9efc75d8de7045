// The readings of the protocol that Options can switch.

package plesksim

import (
	"strings"
	"testing"
)

// Where operations of old protocols are not supported, each is told in its own result; what the server lists does not change.
func TestOldVersionsUnsupported(t *testing.T) {
	s := newServer(t, func(o *Options) { o.OldVersionsUnsupported = true })
	c := start(t, s)
	const operations = addAlder + `<server><get_protos/></server>`
	unsupported := `<customer><add><result>` + failed("1017") + `</result></add></customer><server><get_protos><result>` + failed("1017") + `</result></get_protos></server>`
	for _, version := range []string{"1.6.3.0", "1.0.0.0", "1.6.9.0"} {
		expect(t, c.post(`<packet version="`+version+`">`+operations+`</packet>`), unsupported)
	}
	c.ask(countAlder, noAlder)
	for _, version := range []string{`version="1.6.9.1"`, `version="1.6"`, ""} {
		contains(t, []byte(c.post(`<packet `+version+`><server><get_protos/></server></packet>`)), `<proto>1.6.3.0</proto>`)
	}
	// An operation whose answer has no place for an error fails as a packet.
	expect(t, c.post(`<packet version="1.6.3.0"><server><domain-restriction-list/></server></packet>`), refused("1017"))
	expect(t, start(t, newServer(t)).post(`<packet version="1.6.3.0">`+addAlder+`</packet>`), added)
}

// Some servers answer nothing at all where nothing was asked for, and not even the id.
func TestEmptyDatasetHidesIDs(t *testing.T) {
	s := newServer(t, func(o *Options) { o.EmptyDatasetHidesIDs = true })
	addCustomer(t, s, "alder")
	addReseller(t, s, "birch")
	addWebspace(t, s, "alder", "alder.test")
	for operator, by := range map[string]string{
		"customer": `<login>alder</login>`, "reseller": `<login>birch</login>`, "webspace": `<name>alder.test</name>`, "site": `<name>alder.test</name>`,
	} {
		get := func(dataset string) string {
			return `<` + operator + `><get><filter>` + by + `</filter>` + dataset + `</get></` + operator + `>`
		}
		value := strings.TrimPrefix(by[:strings.LastIndex(by, "<")], by[:strings.Index(by, ">")+1])
		behind(t, s, get(`<dataset/>`), `<`+operator+`><get><result><status>ok</status><filter-id>`+value+`</filter-id><data/></result></get></`+operator+`>`)
		info := `<dataset><gen_info/></dataset>`
		if operator == "reseller" {
			info = `<dataset><gen-info/></dataset>`
		}
		contains(t, s.Packet([]byte(`<packet>`+get(info)+`</packet>`)), `<filter-id>`+value+`</filter-id><id>`)
	}
}

// Plesk 11.5 had its own code for a login that is taken, of resellers alone.
func TestTakenResellerLoginInvalid(t *testing.T) {
	const reseller = `<reseller><add><gen-info><pname>A</pname><login>alder</login><passwd>pass-42x</passwd></gen-info></add></reseller>`
	const rename = `<reseller><set><filter><login>birch</login></filter><values><gen-info><login>alder</login></gen-info></values></set></reseller>`
	for code, change := range map[string]func(*Options){"1002": func(*Options) {}, "1019": func(o *Options) { o.TakenResellerLoginInvalid = true }} {
		s := newServer(t, change)
		addCustomer(t, s, "alder")
		addReseller(t, s, "birch")
		behind(t, s, reseller+rename+addAlder, `<reseller><add><result>`+failed(code)+`</result></add></reseller>
			<reseller><set><result>`+failed(code)+`<filter-id>birch</filter-id><id>3</id></result></set></reseller>
			<customer><add><result>`+failed("1002")+`</result></add></customer>`)
	}
}

// What a permission was to an older protocol, packets of that protocol may still name; it does nothing.
func TestDroppedPermissions(t *testing.T) {
	s := newServer(t)
	plan := func(version, name string) string {
		return string(s.Packet([]byte(`<packet version="` + version + `"><service-plan><add><name>` + name + `</name><permissions>` +
			permission("manage_webapps", "true") + permission("manage_dns", "true") + `</permissions></add></service-plan></packet>`)))
	}
	expect(t, plan("1.6.5.0", "old"), `<service-plan><add><result><status>ok</status><id>§</id><guid>§</guid></result></add></service-plan>`)
	expect(t, plan("1.6.6.0", "new"), `<service-plan><add><result>`+failed("1019")+`</result></add></service-plan>`)
	answer := s.Packet([]byte(`<packet><service-plan><get><filter><name>old</name></filter></get></service-plan></packet>`))
	contains(t, answer, permission("manage_dns", "true"))
	if strings.Contains(string(answer), "manage_webapps") {
		t.Errorf("%s", answer)
	}
	expect(t, string(s.Packet([]byte(`<packet version="1.6.3.5"><webspace><add><gen_setup><name>main.test</name><ip_address>198.51.100.7</ip_address></gen_setup>
		<permissions>`+permission("manage_webapps", "true")+`</permissions></add></webspace></packet>`))),
		`<webspace><add><result><status>ok</status><id>1</id><guid>§</guid></result></add></webspace>`)
}

// What a full server says, with the code for programs and the numbers for people.
func TestLimitTexts(t *testing.T) {
	s := newServer(t)
	addWebspace(t, s, "admin", "main.test")
	s.inside(func(c *call) { c.Webspaces.Get(1).Limits = map[string]int64{"max_site": 1, "max_box": 0} })
	behind(t, s, `<site><add><gen_setup><name>addon.test</name><webspace-id>1</webspace-id></gen_setup></add></site>
		<mail><create><filter><site-id>1</site-id><mailname><name>info</name><mailbox><enabled>true</enabled></mailbox></mailname></filter></create></mail>`,
		`<site><add><result><status>error</status><errcode>1024</errcode>
		<errtext>There are no available resources of this type (sites) left. Requested: 1; available: 0.</errtext></result></add></site>
		<mail><create><result><status>error</status><errcode>1024</errcode>
		<errtext>There are no available resources of this type (mailboxes) left. Requested: 1; available: 0.</errtext><mailname><name>info</name></mailname></result></create></mail>`)
}
