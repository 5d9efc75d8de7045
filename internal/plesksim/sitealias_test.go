// Site aliases from create to delete.

package plesksim

import (
	"fmt"
	"testing"
)

// alias sends a site-alias/create that must succeed with the id.
func (c *client) alias(id int, parts string) {
	c.t.Helper()
	c.ask(`<site-alias><create>`+parts+`</create></site-alias>`,
		fmt.Sprintf(`<site-alias><create><result><status>ok</status><id>%d</id></result></create></site-alias>`, id))
}

func aliasInfo(status, web, mail, seo, dns, site, name, ascii string) string {
	return `<info><status>` + status + `</status><pref><web>` + web + `</web><mail>` + mail + `</mail><seo-redirect>` + seo + `</seo-redirect></pref>` +
		`<manage-dns>` + dns + `</manage-dns><site-id>` + site + `</site-id><name>` + name + `</name><ascii-name>` + ascii + `</ascii-name></info>`
}

func TestSiteAliasLifecycle(t *testing.T) {
	s, c := hosted(t)
	// The id of the subscription is that of its main site.
	c.alias(1, `<site-id>1</site-id><name>Bücher.test</name>`)
	c.alias(2, `<status>1</status><pref><web>1</web><mail>0</mail><seo-redirect>0</seo-redirect></pref><manage-dns>0</manage-dns><site-id>1</site-id><name>plain.test</name>`)
	c.ask(`<site-alias><get><filter><site-name>main.test</site-name></filter></get></site-alias>`,
		`<site-alias><get><result><status>ok</status><filter-id>main.test</filter-id><id>1</id>`+
			aliasInfo("0", "true", "true", "true", "true", "1", "bücher.test", "xn--bcher-kva.test")+`</result>
		<result><status>ok</status><filter-id>main.test</filter-id><id>2</id>`+aliasInfo("1", "true", "false", "false", "false", "1", "plain.test", "plain.test")+`</result></get></site-alias>`)
	zone := func(id, want string) {
		t.Helper()
		c.has(`<dns><get><filter><site-alias-id>`+id+`</site-alias-id></filter></get></dns>`, want)
	}
	zone("1", `<site-alias-id>1</site-alias-id><zone_type>master</zone_type>`)
	zone("2", `<errcode>1015</errcode>`)
	c.has(`<customer><get-domain-list><filter/></get-domain-list></customer>`,
		`<domain><id>2</id><name>plain.test</name><ascii-name>plain.test</ascii-name><type>alias</type><main>false</main><guid>`, `<domain-id>1</domain-id>`)
	c.has(about(1, `<resource-usage/>`), `<resource><name>max_dom_aliases</name><value>2</value></resource>`)

	// What is given changes, the rest stays; the zone comes and goes.
	c.ask(`<site-alias><set><filter><name>plain.test</name></filter><settings><pref><mail>true</mail></pref><manage-dns>true</manage-dns></settings></set>
		<set><filter><id>1</id></filter><settings><status>8</status><manage-dns>false</manage-dns></settings></set></site-alias>`,
		`<site-alias><set>`+done("plain.test", 2)+`</set><set>`+done("1", 1)+`</set></site-alias>`)
	c.has(`<site-alias><get><filter/></get></site-alias>`, aliasInfo("1", "true", "true", "false", "true", "1", "plain.test", "plain.test"),
		aliasInfo("8", "true", "true", "true", "false", "1", "bücher.test", "xn--bcher-kva.test"))
	zone("2", `<zone_type>master</zone_type>`)
	zone("1", `<errcode>1015</errcode>`)
	// The site's status shows.
	c.changed(1, `<gen_setup><status>16</status></gen_setup>`)
	c.has(`<site-alias><get><filter><id>2</id></filter></get></site-alias>`, `<info><status>3</status>`)
	c.changed(1, `<gen_setup><status>0</status></gen_setup>`)

	c.ask(`<site-alias><rename><id>2</id><new_name>renamed.test</new_name></rename><rename><name>renamed.test</name><new_name>RENAMED.test</new_name></rename></site-alias>`,
		`<site-alias><rename>`+okOnly+`</rename><rename>`+okOnly+`</rename></site-alias>`)
	c.has(`<dns><get_rec><filter><site-alias-id>2</site-alias-id></filter></get_rec></dns>`, `<host>www.renamed.test.</host><value>renamed.test.</value>`)
	c.ask(`<site-alias><delete><filter><id>2</id><id>2</id></filter></delete></site-alias>`, `<site-alias><delete>`+done("2", 2)+gone("1013", "2")+`</delete></site-alias>`)
	c.lacks(`<dns><get_rec><filter/></get_rec></dns>`, `renamed.test`)
	c.has(`<event_log><get_events/></event_log>`, `<type>created</type><time>1740909600</time><class>site_alias</class><obj_id>2</obj_id>`,
		`<type>updated</type><time>1740909600</time><class>site_alias_dns_zone</class><obj_id>1</obj_id>`,
		`<type>deleted</type><time>1740909600</time><class>site_alias</class><obj_id>2</obj_id>`)
	c.ask(`<site-alias><get-supported-services/></site-alias>`,
		`<site-alias><get-supported-services><result><status>ok</status><service>web</service><service>mail</service></result></get-supported-services></site-alias>`)

	// Aliases disappear with their site, and their names are free.
	c.ask(`<webspace><del><filter><id>1</id></filter></del></webspace>`, `<webspace><del>`+done("1", 1)+`</del></webspace>`)
	c.ask(`<site-alias><get><filter/></get></site-alias>`, `<site-alias><get>`+okOnly+`</get></site-alias>`)
	addWebspace(t, s, "alder", "bücher.test")
}

func TestSiteAliasRefusals(t *testing.T) {
	_, c := hosted(t)
	c.madeSite(2, `<gen_setup><name>addon.test</name><webspace-id>1</webspace-id></gen_setup>`)
	c.alias(1, `<site-id>2</site-id><name>one.test</name>`)
	c.changed(1, `<limits>`+limit("max_dom_aliases", "1")+`</limits>`)
	for _, test := range []struct{ name, parts, code string }{
		{"name of an alias", `<site-id>1</site-id><name>ONE.test</name>`, "1007"},
		{"name of a site", `<site-id>1</site-id><name>addon.test</name>`, "1007"},
		{"name of a host", `<site-id>1</site-id><name>mail.one.test</name>`, "1007"},
		{"bad name", `<site-id>1</site-id><name>-.test</name>`, "1019"},
		{"wildcard", `<site-id>1</site-id><name>*.test.test</name>`, "1019"},
		{"unknown site", `<site-id>77</site-id><name>two.test</name>`, "1015"},
		{"status that comes from the site", `<status>2</status><site-id>1</site-id><name>two.test</name>`, "1025"},
		{"limit", `<site-id>1</site-id><name>two.test</name>`, "1024"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(`<site-alias><create>`+test.parts+`</create></site-alias>`, `<site-alias><create><result>`+failed(test.code)+`</result></create></site-alias>`)
		})
	}
	c.ask(`<site-alias><rename><id>1</id><new_name>main.test</new_name></rename><rename><name>two.test</name><new_name>x.test</new_name></rename>
		<set><filter><id>1</id></filter><settings><status>3</status></settings></set>
		<get><filter><site-id>1</site-id></filter></get><get><filter><site-id>77</site-id></filter></get></site-alias>`,
		`<site-alias><rename><result>`+failed("1007")+`</result></rename><rename><result>`+failed("1013")+`</result></rename>
		<set><result>`+failed("1025")+`<filter-id>1</filter-id><id>1</id></result></set>
		<get>`+okOnly+`</get><get>`+gone("1015", "77")+`</get></site-alias>`)
	// A name that an alias has is taken for everything else.
	c.ask(`<site><add><gen_setup><name>one.test</name><webspace-id>1</webspace-id></gen_setup></add></site>`, `<site><add><result>`+failed("1007")+`</result></add></site>`)
	// Only the administrator may use the operator.
	c.as("alder", "pass-42x").ask(`<site-alias><get><filter/></get><create><site-id>1</site-id><name>two.test</name></create></site-alias>`,
		`<site-alias><get><result>`+failed("1006")+`</result></get><create><result>`+failed("1006")+`</result></create></site-alias>`)
}
