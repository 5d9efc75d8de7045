// A server with something on it, and values for random packets that mean something there.

package plesksim

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema/schematest"
)

// furnishedServer makes a server with accounts, subscriptions, sites and what hangs on them, in one of its varieties.
func furnishedServer(t testing.TB, rnd *rand.Rand) *Server {
	t.Helper()
	s := newServer(t, func(o *Options) {
		o.OS = []OS{Linux, Linux, Windows}[rnd.IntN(3)]
		o.Locale = []Locale{English, German}[rnd.IntN(2)]
		o.Empty = []EmptyAnswer{EmptyDocumented, EmptyBareOK, EmptyNoResult}[rnd.IntN(3)]
		o.KeepBlanks, o.UsedPlansStay, o.UnknownMiscIsEmpty = rnd.IntN(2) == 0, rnd.IntN(2) == 0, rnd.IntN(2) == 0
		o.ForeignObjectsForbidden, o.LastIDExclusive = rnd.IntN(2) == 0, rnd.IntN(2) == 0
		o.EmptyDatasetHidesIDs, o.UsedCertificatesGo, o.NullTargetsRefused = rnd.IntN(2) == 0, rnd.IntN(2) == 0, rnd.IntN(2) == 0
	})
	addReseller(t, s, "birch")
	behind(t, s, `<reseller-plan><add><name>Gold</name><ip-pool><ip-address>198.51.100.7</ip-address><allocate-ip>1</allocate-ip></ip-pool><external-id>x1</external-id></add></reseller-plan>
		<reseller><switch-subscription><filter><login>birch</login></filter><plan-external-id>x1</plan-external-id></switch-subscription></reseller>
		<service-plan-addon><add><name>More</name><external-id>x1</external-id></add></service-plan-addon>`,
		`<reseller-plan><add><result><status>ok</status><id>§</id><name>Gold</name><guid>§</guid><external-id>x1</external-id></result></add></reseller-plan>
		<reseller><switch-subscription><result><status>ok</status><filter-id>birch</filter-id><id>§</id></result></switch-subscription></reseller>
		<service-plan-addon><add><result><status>ok</status><id>§</id><guid>§</guid></result></add></service-plan-addon>`)
	for _, login := range []string{"alder", "oak"} {
		addCustomer(t, s, login)
	}
	behind(t, s, `<customer><change-owner><filter><login>oak</login></filter><new-owner-login>birch</new-owner-login></change-owner></customer>`,
		`<customer><change-owner><result><status>ok</status><filter-id>oak</filter-id><id>§</id></result></change-owner></customer>`)
	for i, name := range []string{"alder", "elm", "admin"} {
		addWebspace(t, s, []string{"alder", "alder", "admin"}[i], name+".test")
		site := idKey(int64(i + 1))
		behind(t, s, `<webspace><set><filter><id>`+site+`</id></filter><values><hosting><vrt_hst><property><name>ftp_login</name><value>`+name+`x</value></property>`+
			`<property><name>ftp_password</name><value>vX9!rTq27#</value></property><ip_address>198.51.100.7</ip_address></vrt_hst></hosting></values></set></webspace>`,
			`<webspace><set><result><status>ok</status><filter-id>`+site+`</filter-id><id>`+site+`</id></result></set></webspace>`)
	}
	behind(t, s, `<database><add-db><webspace-id>1</webspace-id><name>shop</name><type>mysql</type></add-db></database>`,
		`<database><add-db><result><status>ok</status><id>§</id></result></add-db></database>`)
	behind(t, s, `<mail><create><filter><site-id>1</site-id><mailname><name>info</name></mailname></filter></create></mail>`,
		`<mail><create><result><status>ok</status><mailname><id>§</id><name>info</name></mailname></result></create></mail>`)
	for _, packet := range []string{
		`<site><add><gen_setup><name>addon.test</name><htype>vrt_hst</htype><webspace-id>1</webspace-id></gen_setup><hosting><vrt_hst>` + prop("php", "true") + `</vrt_hst></hosting></add></site>`,
		`<subdomain><add><parent>alder.test</parent><name>blog</name>` + prop("php", "true") + `</add></subdomain>`,
		`<site-alias><create><site-id>1</site-id><name>alias.test</name></create></site-alias>`,
		`<database><add-db-user><db-id>1</db-id><login>shop</login><password>Zq7-rainy-Fjord</password></add-db-user></database>`,
		`<ftp-user><add><name>carol</name><password>Zq7-rainy-Fjord</password><webspace-id>1</webspace-id></add></ftp-user>`,
		`<protected-dir><add><site-id>1</site-id><name>private</name></add><add-user><pd-id>1</pd-id><login>ada</login><password>Zq7-rainy-Fjord</password></add-user></protected-dir>`,
		`<server><add-admin-alias><data><login>helper</login><password>Zq7-rainy-Fjord</password></data></add-admin-alias><domain-restriction-add><name>bad.test</name></domain-restriction-add>
			<create_session><login>admin</login></create_session></server>`,
		`<webspace><switch-subscription><filter><id>3</id></filter><plan-guid>` + s.state.Plans.Get(3).GUID + `</plan-guid></switch-subscription>
			<add-subscription><filter><id>3</id></filter><plan-external-id>x1</plan-external-id></add-subscription>
			<add-plan-item><filter><id>3</id></filter><plan-item><name>a</name></plan-item></add-plan-item></webspace>`,
		`<service-plan><add-plan-item><filter><name>Unlimited</name></filter><plan-item><name>a</name></plan-item></add-plan-item>
			<add-package><filter><name>Unlimited</name></filter><package><name>wiki</name><value>any</value></package></add-package></service-plan>`,
		`<ui><create-custombutton><owner><admin/></owner><properties><place>admin</place><url>https://desk.example/</url><text>Desk</text></properties></create-custombutton></ui>`,
		`<aps><import-package><filename>/tmp/wiki-1.2-3.app.zip</filename></import-package></aps><secret_key><create/></secret_key>`,
	} {
		if answer := string(s.Packet([]byte("<packet>" + packet + "</packet>"))); strings.Contains(answer, "<errcode>") {
			t.Fatalf("%s\nanswered\n%s", packet, answer)
		}
	}
	if s.state.onWindows() {
		behind(t, s, `<virtdir><create><site-id>1</site-id><name>docs</name><properties/></create></virtdir>`, `<virtdir><create>`+okOnly+`</create></virtdir>`)
		return s
	}
	behind(t, s, `<dns><add_to_acl><filter><host>192.0.2.4</host></filter></add_to_acl></dns>`, `<dns><add_to_acl><result><status>ok</status><host>192.0.2.4</host></result></add_to_acl></dns>`)
	return s
}

// values are texts that mean something to a server.
type values struct {
	*rand.Rand
	domains, logins, guids, externals, names, ids, tokens []string
}

func valuesOf(rnd *rand.Rand, st *state) values {
	v := values{Rand: rnd, domains: []string{"new.test", "shop.alder.test", "bücher.test", "bad..name"}, logins: []string{"newcomer", "x y"}, externals: []string{"", "x1"}}
	tables := map[string]audited{}
	tablesOf(reflect.ValueOf(st).Elem(), tables)
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		tables[name].EachValue(func(row reflect.Value) {
			v.ids = append(v.ids, idKey(row.FieldByName("ID").Int()))
			if f := row.FieldByName("Name"); f.IsValid() && f.Kind() == reflect.String {
				v.names = append(v.names, f.String())
			}
		})
	}
	for _, a := range st.Accounts.All() {
		v.logins, v.guids, v.externals = append(v.logins, a.Login), append(v.guids, a.GUID), append(v.externals, a.ExternalID)
	}
	for _, k := range st.Sessions {
		v.tokens = append(v.tokens, k.Token)
	}
	for _, a := range st.AdminAliases.All() {
		v.logins = append(v.logins, a.Login)
	}
	for _, d := range st.Sites.All() {
		v.domains, v.guids = append(v.domains, d.Name), append(v.guids, d.GUID)
	}
	for _, w := range st.Webspaces.All() {
		v.externals = append(v.externals, w.ExternalID)
	}
	for _, p := range st.Plans.All() {
		v.guids, v.externals = append(v.guids, p.GUID), append(v.externals, p.ExternalID)
	}
	return v
}

func (v values) one(of ...string) (string, bool) { return of[v.IntN(len(of))], true }

// value is a text for an element, if there is one that means something.
func (v values) value(p schematest.Place) (string, bool) {
	name, parent := p.Node.Name, p.Parent.Name
	switch {
	case name == "guid" || strings.HasSuffix(name, "-guid"):
		return v.one(v.guids...)
	case strings.HasSuffix(name, "external-id"):
		return v.one(v.externals...)
	case slices.Contains([]string{"site-id", "webspace-id", "domain-id", "parent-site-id", "parent-id"}, name):
		return v.one("1", "2", "3", "4")
	case (name == "id" || name == "key-id") && p.Node.Decl.Type.Simple.Base == "string":
		return v.one("web", "en-US", "de-DE", "PLSK.00000001", "a", "git", "nodejs", "plesk-php82-fpm")
	case name == "session-id":
		return v.one(append(slices.Clone(v.tokens), "x")...)
	case name == "reseller-id":
		return v.one("2", "2", "3")
	case name == "id" || strings.HasSuffix(name, "-id") || strings.HasSuffix(name, "_id"):
		return v.one(append([]string{"1", "2", "3"}, v.ids...)...)
	case strings.Contains(name, "login"):
		return v.one(v.logins...)
	case strings.Contains(name, "passw"):
		return v.one("Zq7-rainy-Fjord", "Zq7-rainy-Fjord", "weak")
	case strings.Contains(name, "ip_address"), strings.Contains(name, "ip-address"):
		return v.one("198.51.100.7", "198.51.100.7", "198.51.100.8", "2001:db8::7", "192.0.2.77")
	case slices.Contains([]string{"site-name", "webspace-name", "domain-name", "parent-name", "parent-site-name", "parent", "domain", "site"}, name):
		return v.one(v.domains...)
	case name == "name":
		return v.named(parent)
	case name == "value":
		return v.valued(p.Parent)
	}
	return v.special(name)
}

// named is a text for a name, by what is named.
func (v values) named(parent string) (string, bool) {
	switch parent {
	case "limit":
		return v.one(limitCustomers, limitDomains, limitNames[v.IntN(len(limitNames))].name, limitNames[v.IntN(len(limitNames))].name)
	case "permission":
		return v.one(append(resellersOwnPermissions[:1:1], permissionNames...)...)
	case "property":
		return v.one("ssl", "php", "cgi", "ssi", "www_root", "ftp_login", "ftp_password", "quota")
	case "setting":
		return v.one("memory_limit", "open_basedir")
	case "mailname":
		return v.one("info", "a", "b")
	case "plan-item", "package":
		return v.one("a", "b", "wiki")
	case "add", "info", "domain-restriction-rename", "domain-restriction-remove", "domain-restriction-add":
		return v.one("news", "more.test", "new.test", "fresh.test", "bad.test")
	case "rename":
		return v.one("info", "alias.test", "blog", "news")
	case "gen_setup":
		return v.one(append([]string{fmt.Sprintf("n%d.test", v.IntN(1000)), fmt.Sprintf("n%d.alder.test", v.IntN(1000)), "news.test"}, v.domains[:4]...)...)
	case "filter", "gen_info":
		return v.one(append([]string{"Unlimited", "Default Simple", "Default Domain"}, v.domains...)...)
	}
	return v.one(append([]string{"one", "two", "info", "docs", "more.test"}, v.names...)...)
}

// valued is a text for a value, by the name beside it.
func (v values) valued(parent *schematest.Node) (string, bool) {
	name := ""
	if first := parent.Children[0]; first.Name == "name" && len(first.Children) > 0 {
		name = first.Children[0].Text
	}
	switch {
	case name == "ftp_login":
		return v.one("user1", "user2", "user3")
	case name == "ftp_password", parent.Name == "password":
		return v.one("Zq7-rainy-Fjord")
	case parent.Name == "property":
		return v.one("true", "false", "docs")
	case parent.Name == "limit":
		return v.one("-1", "0", "1", "5", "100000000")
	}
	return v.one("192.0.2.4", "mail.alder.test", "true")
}

// special is a text for elements of other names.
func (v values) special(name string) (string, bool) {
	switch name {
	case "plan-name", "reseller-plan-name":
		return v.one("Unlimited", "Default Simple", "Gold")
	case "status":
		return v.one("0", "16")
	case "type":
		return v.one("A", "MX", "TXT", "mysql", "mysql", "shared", "exclusive", "plain", "admin")
	case "new-name", "new_name", "duplicate-name":
		return v.one("fresh.test", "newer.test", "office", "Twin")
	case "license":
		return v.one(licenceFile("PLSK.7", "").Reveal(), licenceFile("EXT.7", "wiki").Reveal())
	case "key":
		return v.one("cl_perm__manage_dns")
	case "filename":
		return v.one("/tmp/news-1.0-1.app.zip", "/tmp/config.xml")
	case "ppb-url", "starting_url":
		return v.one("https://billing.example/")
	case "port":
		return v.one("3306", "3307")
	case "host", "location", "path", "home", "www-root", "src":
		return v.one("", "www", "docs", "/docs", "localhost", "192.0.2.4", "db.example", "/tmp/theme.zip")
	case "email", "address", "forward":
		return v.one("x@hub.example", "y@hub.example")
	case "quota":
		return v.one("-1", "1000")
	case "zone_type":
		return v.one("master", "slave")
	case "dbtype", "db-type":
		return v.one("mysql")
	case "bits":
		return v.one("1024")
	case "csr", "pvt", "cert", "PVT":
		return v.one("-----BEGIN X-----")
	case "url-address", "file":
		return v.one("http://else.example/x.zip")
	case "service":
		return v.one("web", "mail")
	case "country":
		return v.one("SE", "de")
	case "netmask":
		return v.one("255.255.255.0")
	case "interface":
		return v.one("eth0")
	case "webmail":
		return v.one("roundcube", "none")
	case "dest_url", "url":
		return v.one("http://else.example/")
	case "mode":
		return v.one("poweruser", "standard")
	case "outgoing_email_mode":
		return v.one("domain-ip", "domain-name")
	case "report_period", "notification_period":
		return v.one("P1D")
	case "ftp_over_ssl":
		return v.one("enabled", "required")
	case "waf-rule-engine":
		return v.one("on", "off")
	case "traffic_accounting", "stat_ttl", "smtp_port":
		return v.one("1", "3")
	case "http_code":
		return v.one("301", "302")
	}
	return "", false
}
