// Secret keys: whom they let in, from where, and until when.

package plesksim

import (
	"regexp"
	"strings"
	"testing"
)

func create(t *testing.T, c *client, rest string) string {
	t.Helper()
	m := regexp.MustCompile(`<result><status>ok</status><key>([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})</key></result>`).
		FindStringSubmatch(c.post(`<packet><secret_key><create>` + rest + `</create></secret_key></packet>`))
	if m == nil {
		t.Fatal("no key")
	}
	return m[1]
}

// A key acts as its login, from its addresses, until it is deleted (protocol-core §8.4).
func TestSecretKeys(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	addCustomer(t, s, "birch")
	c := start(t, s)
	c.ask(`<secret_key><get_info><filter/></get_info></secret_key>`, `<secret_key><get_info>`+okOnly+`</get_info></secret_key>`)
	own := create(t, c, `<description>mine</description>`)
	theirs := create(t, c, `<ip_address>192.0.2.1, 127.0.0.1</ip_address><login>ALDER</login>`)
	far := create(t, c, `<ip_address>192.0.2.1,2001:DB8::1</ip_address>`)
	c.ask(`<secret_key><create><ip_address>here</ip_address></create><create><login>nobody</login></create></secret_key>`,
		`<secret_key><create><result>`+failed("1019")+`</result></create><create><result>`+failed("1013")+`</result></create></secret_key>`)

	as := func(key string) *client { return c.with(map[string]string{"KEY": key, "Content-Type": "text/xml"}) }
	as(own).ask(`<session><get/></session>`, `<session><get>`+okOnly+`</get></session>`)
	as(theirs).ask(`<session><get/></session>`, `<session><get><result>`+failed("1006")+`</result></get></session>`)
	as(far).ask(`<session><get/></session>`, refused("11003"))

	info := func(addresses, description, login string) string {
		return `<key_info><key>§</key><ip_address>` + addresses + `</ip_address>` + description + login + `</key_info>`
	}
	ok := `<result><status>ok</status>`
	c.ask(`<secret_key><get_info><filter/></get_info><get_info><filter><key>`+theirs+`</key><key>gone</key></filter></get_info></secret_key>`,
		`<secret_key><get_info>`+ok+info("127.0.0.1", `<description>mine</description>`, `<login>admin</login>`)+`</result>`+
			ok+info("192.0.2.1,127.0.0.1", `<description/>`, `<login>alder</login>`)+`</result>`+ok+info("192.0.2.1,2001:db8::1", `<description/>`, `<login>admin</login>`)+`</result></get_info>
		<get_info>`+ok+info("192.0.2.1,127.0.0.1", `<description/>`, `<login>alder</login>`)+`</result><result>`+failed("1013")+`<key>gone</key></result></get_info></secret_key>`)
	listed := c.post(`<packet><secret_key><get_info><filter/></get_info></secret_key></packet>`)
	for _, key := range []string{own, theirs, far} {
		if strings.Contains(listed, key) {
			t.Error("a key is shown again")
		}
	}
	handle := regexp.MustCompile(`<key>([^<]+)</key>`).FindStringSubmatch(listed)[1]
	c.ask(`<secret_key><delete><filter><key>`+handle+`</key><key>`+handle+`</key></filter></delete></secret_key>`,
		`<secret_key><delete>`+ok+`<key>`+handle+`</key></result><result>`+failed("1013")+`<key>`+handle+`</key></result></delete></secret_key>`)
	as(own).ask(`<session><get/></session>`, refused("11003"))
	c.ask(`<customer><del><filter><login>alder</login></filter></del></customer>`,
		`<customer><del><result><status>ok</status><filter-id>alder</filter-id><id>2</id></result></del></customer>`)
	as(theirs).ask(`<session><get/></session>`, refused("11003"))
	c.as("birch", "pass-42x").ask(`<secret_key><create/></secret_key>`, `<secret_key><create><result>`+failed("1006")+`</result></create></secret_key>`)
}
