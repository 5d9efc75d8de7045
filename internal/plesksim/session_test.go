// Sessions of the panel.

package plesksim

import (
	"regexp"
	"testing"
)

// Tokens are listed at once and gone after their end (protocol-core §8.2, §8.3).
func TestSessions(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	addCustomer(t, s, "birch")
	c := start(t, s)
	token := func(c *client, login, ip string) string {
		m := regexp.MustCompile(`<id>([0-9a-f]{32})</id>`).FindStringSubmatch(c.post(`<packet><server><create_session><login>` + login +
			`</login><data><user_ip>` + ip + `</user_ip><source_server/></data></create_session></server></packet>`))
		if m == nil {
			t.Fatal("no token")
		}
		return m[1]
	}
	first, second := token(c, "admin", "192.0.2.1"), token(c.as("alder", "pass-42x"), "Alder", "MTkyLjAuMi4y")
	list := func(id, kind, ip, login string) string {
		return `<session><id>` + id + `</id><type>` + kind + `</type><ip-address>` + ip + `</ip-address><login>` + login + `</login><login-time>` + testTime +
			`</login-time><idle>` + testTime + `</idle></session>`
	}
	c.ask(`<session><get/></session>`, `<session><get><result><status>ok</status>`+list(first, "admin", "192.0.2.1", "admin")+list(second, "client", "192.0.2.2", "alder")+`</result></get></session>`)
	c.ask(`<session><terminate><session-id>`+first+`</session-id></terminate><terminate><session-id>`+first+`</session-id></terminate><get/></session>`,
		`<session><terminate>`+okOnly+`</terminate><terminate><result>`+failed("1013")+`</result></terminate><get><result><status>ok</status>`+
			list(second, "client", "192.0.2.2", "alder")+`</result></get></session>`)
	no := func(code string) string {
		return `<server><create_session><result>` + failed(code) + `</result></create_session></server>`
	}
	c.as("alder", "pass-42x").ask(`<server><create_session><login>birch</login></create_session></server>`, no("1013"))
	c.ask(`<server><create_session><login>alder</login><data><user_ip>here</user_ip><source_server/></data></create_session></server>`, no("1019"))
}
