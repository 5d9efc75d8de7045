// Random valid packets about subscriptions and plans, and what must hold after each of them.

package plesksim

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema/schematest"
)

// Random valid packets about subscriptions and plans: every answer keeps to the grammar, no packet breaks what must always hold, and
// every operation succeeds at least once.
func TestGeneratedSubscriptionPackets(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	s := newServer(t)
	addReseller(t, s, "birch")
	addCustomer(t, s, "alder")
	s.inside(func(c *call) {
		c.insertPlan(&plan{Kind: addonPlan, Owner: adminID, Name: "more", ExternalID: "x1", provision: provision{Limits: map[string]int64{"max_db": 2}}})
	})
	succeeded := map[string]bool{}
	for range 2000 {
		packet := schematest.Packet(rnd, schema.Request(), schematest.Options{Operators: []string{"webspace", "service-plan"}, Size: 60})
		packet.Attrs = nil
		for _, p := range packet.Elements() {
			if p.Node.Name == "vrt_hst" {
				giveSystemUser(rnd, p.Node)
			}
			if value, ok := likely(rnd, p); ok {
				p.Node.Children = []*schematest.Node{{Text: value}}
			}
		}
		request := packet.Bytes(rnd, false)
		answer := string(s.Packet(request))
		if strings.Contains(answer, "<system>") {
			t.Fatalf("%s\nfor\n%s", answer, request)
		}
		noteSuccesses(packet, answer, succeeded)
		checkSubscriptions(t, s)
		if t.Failed() {
			t.Fatalf("%s\nfor\n%s", answer, request)
		}
	}
	for name := range s.operations {
		if (name.operator == "webspace" || name.operator == "service-plan") && !succeeded[name.String()] {
			t.Errorf("%s never succeeded", name)
		}
	}
}

// giveSystemUser makes the login and the password of the first two properties of hosting, mostly.
func giveSystemUser(rnd *rand.Rand, hosting *schematest.Node) {
	if len(hosting.Children) < 2 || rnd.IntN(4) == 0 {
		return
	}
	for i, given := range [][2]string{{"ftp_login", fmt.Sprintf("user%d", rnd.IntN(4))}, {"ftp_password", "vX9!rTq27#"}} {
		if property := hosting.Children[i]; property.Name == "property" {
			property.Children[0].Children = []*schematest.Node{{Text: given[0]}}
			property.Children[1].Children = []*schematest.Node{{Text: given[1]}}
		}
	}
}

// likely is a value that an element can have here, so that more than the refusals is reached.
func likely(rnd *rand.Rand, p schematest.Place) (string, bool) {
	if p.Parent == nil {
		return "", false
	}
	oneOf := func(values ...string) (string, bool) { return values[rnd.IntN(len(values))], true }
	switch parent := p.Parent.Name; p.Node.Name {
	case "name":
		switch parent {
		case "limit":
			return limitNames[rnd.IntN(len(limitNames))].name, true
		case "permission":
			return oneOf(permissionNames...)
		case "property":
			if given := p.Node.Children; len(given) > 0 && strings.HasPrefix(given[0].Text, "ftp_") {
				return given[0].Text, true
			}
			return oneOf("ssl", "php", "cgi", "ssi")
		case "setting":
			return oneOf("memory_limit", "open_basedir")
		case "gen_setup", "filter":
			return oneOf("one.test", "two.test", "three.test", "bücher.test", "Unlimited", "Plan")
		case "plan-item", "package":
			return oneOf("a", "b")
		}
	case "value":
		switch parent {
		case "limit":
			return oneOf("-1", "0", "1", "5")
		case "property":
			if strings.HasPrefix(p.Parent.Children[0].Children[0].Text, "ftp_") {
				return p.Node.Children[0].Text, true
			}
			return oneOf("true", "false")
		}
	case "id", "dom_id":
		return oneOf("1", "2", "3", "4", "5")
	case "type":
		return oneOf("mysql")
	case "owner-id":
		return oneOf("1", "2", "3")
	case "owner-login":
		return oneOf("admin", "birch", "alder")
	case "plan-name":
		return oneOf("Unlimited", "Default Simple", "Plan")
	case "ip_address":
		return oneOf("198.51.100.7", "2001:db8::7")
	case "status":
		return oneOf("0", "16")
	case "stat_ttl", "stat":
		return oneOf("1", "12")
	case "external-id", "plan-external-id":
		return oneOf("x1", "x2", "")
	case "smtp_in", "smtp_out", "pop3_imap_in", "pop3_imap_out":
		return oneOf("0", "9")
	case "max_connections", "bandwidth":
		return oneOf("-1", "10")
	case "dest_url":
		return oneOf("http://else.example/")
	case "http_code":
		return oneOf("301", "302")
	}
	return "", false
}

// noteSuccesses marks the operations of a packet whose results are all ok.
func noteSuccesses(packet *schematest.Node, answer string, succeeded map[string]bool) {
	rest := answer
	for _, operator := range packet.Children {
		for _, operation := range operator.Children {
			end := strings.Index(rest, "</"+operation.Name+">")
			if empty := strings.Index(rest, "<"+operation.Name+"/>"); empty >= 0 && (end < 0 || empty < end) {
				rest = rest[empty+1:]
				continue
			}
			if end < 0 {
				continue
			}
			name := operator.Name + "/" + operation.Name
			if operation.Name == "db-servers" {
				name += "/" + operation.Children[0].Name
			}
			result := rest[:end]
			if strings.Contains(result, "<status>ok</status>") && !strings.Contains(result, "<status>error</status>") {
				succeeded[name] = true
			}
			rest = rest[end+1:]
		}
	}
}

// checkSubscriptions checks what must always hold between subscriptions, sites, plans and accounts.
func checkSubscriptions(t *testing.T, s *Server) {
	t.Helper()
	st := s.state
	logins, names := map[string]bool{}, map[string]bool{}
	for _, w := range st.Webspaces.All() {
		d := st.Sites.Get(w.ID)
		switch {
		case d == nil || d.Kind != mainSite || d.Webspace != w.ID:
			t.Errorf("subscription %d has no main site", w.ID)
			return
		case st.Accounts.Get(w.Owner) == nil:
			t.Errorf("subscription %d has no owner", w.ID)
		case w.IPv4 == "" && w.IPv6 == "":
			t.Errorf("subscription %d has no address", w.ID)
		case (w.SystemUser != "") != (d.HostingType == "vrt_hst"):
			t.Errorf("subscription %d of type %s has the system user %q", w.ID, d.HostingType, w.SystemUser)
		case w.Plan == 0 && (w.Locked || w.Undelivered != "" || len(w.Addons) > 0):
			t.Errorf("custom subscription %d is linked", w.ID)
		case names[d.ASCIIName] || w.SystemUser != "" && logins[w.SystemUser]:
			t.Errorf("%s or %s is there twice", d.ASCIIName, w.SystemUser)
		case st.zonesBySite.First(idKey(w.ID)) == nil || st.zonesBySite.First(idKey(w.ID)).Name != d.ASCIIName:
			t.Errorf("%s has no zone of its name", d.ASCIIName)
		}
		names[d.ASCIIName], logins[w.SystemUser] = true, true
		if w.Plan != 0 {
			p := st.Plans.Get(w.Plan)
			if p == nil || p.Kind != servicePlan || p.Owner != st.provider(st.Accounts.Get(w.Owner)).ID {
				t.Errorf("subscription %d has the plan %d", w.ID, w.Plan)
			} else if !slices.Contains(st.subscriptionsOf(p), w) {
				t.Errorf("plan %d does not know its subscription %d", p.ID, w.ID)
			}
		}
	}
	plans := map[string]bool{}
	for _, p := range st.Plans.All() {
		key := fmt.Sprint(p.Kind, p.Owner, p.Name)
		if plans[key] {
			t.Errorf("the plan %s is there twice", p.Name)
		}
		plans[key] = true
	}
}
