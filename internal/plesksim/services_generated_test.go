// Random valid packets about mail and databases, and what must hold after each of them.

package plesksim

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema/schematest"
)

// Every answer keeps to the grammar, no packet breaks what must always hold, and every operation succeeds at least once.
func TestGeneratedServicePackets(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	operators := []string{"mail", "database", "db_server"}
	s, _ := serverForDatabases(t)
	s.inside(func(c *call) {
		c.Webspaces.Get(1).Limits = map[string]int64{"max_box": 3, "mbox_quota": 500, "max_db": 3}
		c.addSite(&site{ID: next(&c.Sequences.Domain), Kind: addonSite, Webspace: 1, GUID: c.newGUID(), Name: "addon.test", ASCIIName: "addon.test"})
	})
	succeeded := map[string]bool{}
	for range 6000 {
		packet := schematest.Packet(rnd, schema.Request(), schematest.Options{Operators: operators, Size: 30})
		packet.Attrs = nil
		packet.Children = packet.Children[len(packet.Children)-1:]
		operator := packet.Children[0]
		operator.Children = operator.Children[:1]
		for _, p := range packet.Elements() {
			if value, ok := likelyOfServices(rnd, s.state, p); ok {
				p.Node.Children = []*schematest.Node{{Text: value}}
			}
		}
		name := operator.Name + "/" + operator.Children[0].Name
		if name == "mail/update" {
			name += "/" + operator.Children[0].Children[0].Name
		}
		removes := strings.Contains(name, "del") || strings.HasSuffix(name, "/remove") || name == "mail/disable"
		if operator.Name == "request-settings" || removes && rnd.IntN(12) > 0 {
			continue
		}
		request := packet.Bytes(rnd, false)
		answer := string(s.Packet(request))
		if strings.Contains(answer, "<status>ok</status>") {
			succeeded[name] = true
		}
		checkServices(t, s)
		if t.Failed() || strings.Contains(answer, "<system>") {
			t.Fatalf("%s\nfor\n%s", answer, request)
		}
	}
	kept := s.photograph(t)
	if err := s.reload(); err != nil {
		t.Fatal(err)
	}
	checkServices(t, s)
	if again := s.photograph(t); !bytes.Equal(again, kept) {
		t.Errorf("kept\n%s\nread\n%s", kept, again)
	}
	for name := range s.operations {
		if slices.Contains(operators, name.operator) && !succeeded[name.String()] {
			t.Errorf("%s never succeeded", name)
		}
	}
}

// likelyOfServices is a value that an element can have here, so that more than the refusals is reached.
func likelyOfServices(rnd *rand.Rand, st *state, p schematest.Place) (string, bool) {
	oneOf := func(values ...string) (string, bool) { return values[rnd.IntN(len(values))], true }
	recent := func(last int64) (string, bool) { return idKey(max(1, last-rnd.Int64N(4))), true }
	switch p.Node.Name {
	case "site-id", "webspace-id":
		return oneOf("1", "2", "3", "4")
	case "id":
		return recent([]int64{st.LastDatabase, st.LastDatabaseUser, st.LastDatabaseServer, st.LastMailAccount}[rnd.IntN(4)])
	case "db-id":
		return recent(st.LastDatabase)
	case "default-user-id":
		return recent(st.LastDatabaseUser)
	case "db-server-id":
		return recent(st.LastDatabaseServer)
	case "name", "new-name", "alias", "login":
		return oneOf("a", "b", "c", "d", "e", "A", "x y")
	case "type":
		if p.Parent.Name == "password" {
			return oneOf("plain", "crypt")
		}
		return oneOf("mysql", "mysql", "postgresql", "oracle")
	case "address", "forward":
		return oneOf("x@hub.example", "y@hub.example")
	case "value", "password":
		if p.Parent.Name != "mailname" { // where it is an element of elements
			return oneOf("4711-0815", "weak")
		}
	case "quota":
		return oneOf("-1", "100", "1000")
	case "content_type":
		return oneOf("text/plain", "text/html")
	case "outgoing-messages-mbox-limit":
		return oneOf("default", "-1", "50")
	case "webmail":
		return oneOf("roundcube", "none", "horde")
	case "webmail-certificate":
		return oneOf(defaultCertificate)
	case "ip_address":
		return oneOf("198.51.100.7", "2001:db8::7")
	case "role":
		return oneOf("readWrite", "readOnly")
	case "host":
		return oneOf("localhost", "db2.hub.example", "10.8.%")
	case "ip-address":
		return oneOf("192.0.2.0/24", "2001:db8::1")
	case "port":
		return oneOf("3306", "5432")
	case "webspace-name":
		return oneOf("alder.test", "birch.test")
	}
	return "", false
}

// checkServices checks what must always hold between sites, mail accounts, subscriptions, databases, their users and their servers.
func checkServices(t *testing.T, s *Server) {
	t.Helper()
	st := s.state
	names := map[string]bool{}
	unique := func(key string) {
		if names[key] {
			t.Errorf("%s is there twice", key)
		}
		names[key] = true
	}
	for _, m := range st.MailAccounts.All() {
		if st.Sites.Get(m.Site) == nil || m.Forwarding && len(m.Addresses) == 0 {
			t.Errorf("mail account %d has no site or nobody to forward to", m.ID)
		}
		unique("mail " + mailKey(m.Site, m.Name))
		for _, alias := range m.Aliases {
			unique("mail " + mailKey(m.Site, alias))
		}
	}
	s.inside(func(c *call) {
		w := c.Webspaces.Get(1)
		for _, limit := range []string{"max_box", "max_db"} {
			if c.usage(w, limit) > w.Limits[limit] {
				t.Errorf("%d of %s are used", c.usage(w, limit), limit)
			}
		}
	})
	for _, d := range st.Databases.All() {
		server := st.databaseServer(d.Server)
		if st.Webspaces.Get(d.Webspace) == nil || server == nil || server.Type != d.Type {
			t.Errorf("database %d is nowhere", d.ID)
		}
		unique("database " + onServer(d.Server, d.Name))
		if u := st.DatabaseUsers.Get(d.DefaultUser); d.DefaultUser != 0 && (u == nil || u.Server != d.Server || u.Database != d.ID && u.Webspace != d.Webspace) {
			t.Errorf("database %d has the default user %d", d.ID, d.DefaultUser)
		}
	}
	for _, u := range st.DatabaseUsers.All() {
		if (u.Database == 0) == (u.Webspace == 0) || u.Database != 0 && st.Databases.Get(u.Database) == nil || st.databaseServer(u.Server) == nil {
			t.Errorf("database user %d is nobody's", u.ID)
		}
		unique("database user " + onServer(u.Server, u.Login))
	}
	for _, kind := range st.databaseTypes() {
		servers, defaults := 0, 0
		for _, d := range st.DatabaseServers {
			if d.Type == kind {
				servers++
				if d.Default {
					defaults++
				}
				if d.local() {
					unique("local server of " + kind)
				}
			}
		}
		if defaults != min(servers, 1) {
			t.Errorf("%d of %d servers of the type %s are the default one", defaults, servers, kind)
		}
	}
}
