// The space of names that all domains share.

package plesksim

import "testing"

// Names in UTF-8 and in punycode are one name.
func TestWebspaceNames(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.added(1, `<gen_setup><name>BÜCHER.test</name></gen_setup>`+virtual("books"))
	names := `<name>bücher.test</name><ascii-name>xn--bcher-kva.test</ascii-name>`
	c.has(`<webspace><get><filter><name>bücher.TEST</name></filter><dataset><gen_info/></dataset></get></webspace>`, `<filter-id>bücher.TEST</filter-id><id>1</id>`, names)
	c.has(`<webspace><get><filter><name>xn--bcher-kva.test</name></filter><dataset><gen_info/><hosting/></dataset></get></webspace>`,
		`<filter-id>xn--bcher-kva.test</filter-id><id>1</id>`, names, prop("www_root", "/var/www/vhosts/xn--bcher-kva.test/httpdocs"))
	for _, name := range []string{"xn--bcher-kva.test", "bücher.test", "www.bücher.test"} {
		c.ask(`<webspace><add><gen_setup><name>`+name+`</name></gen_setup></add></webspace>`, `<webspace><add><result>`+failed("1007")+`</result></add></webspace>`)
	}
	c.added(2, `<gen_setup><name>xn--strae-oqa.test</name></gen_setup>`)
	c.has(about(2, `<gen_info/>`), `<name>straße.test</name><ascii-name>xn--strae-oqa.test</ascii-name>`)
}

// A name is unique over all domain-like objects: main sites, add-on sites, subdomains, aliases, and hosts of other zones.
func TestWebspaceNameClashes(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.added(1, `<gen_setup><name>main.test</name></gen_setup>`)
	s.inside(func(c *call) {
		c.addSite(&site{ID: next(&c.Sequences.Domain), Kind: addonSite, Webspace: 1, GUID: c.newGUID(), Name: "addon.test", ASCIIName: "addon.test"})
		c.addSite(&site{ID: next(&c.Sequences.Domain), Kind: subdomain, Webspace: 1, Parent: 1, GUID: c.newGUID(), Name: "sub.main.test", ASCIIName: "sub.main.test"})
		c.Aliases.Insert(&alias{ID: next(&c.Sequences.Alias), Site: 1, Name: "alias.test", ASCIIName: "alias.test"})
	})
	c.has(`<dns><add_rec><site-id>1</site-id><type>A</type><host>host</host><value>192.0.2.1</value></add_rec></dns>`, `<status>ok</status>`)
	for _, name := range []string{"main.test", "addon.test", "sub.main.test", "alias.test", "host.main.test", "mail.main.test", "mail.addon.test"} {
		c.ask(`<webspace><add><gen_setup><name>`+name+`</name></gen_setup></add></webspace>`, `<webspace><add><result>`+failed("1007")+`</result></add></webspace>`)
	}
	// Only main sites are subscriptions.
	c.ask(`<webspace><get><filter><name>addon.test</name><name>sub.main.test</name><id>1</id></filter><dataset/></get></webspace>`, refused("1014"))
	c.ask(`<webspace><get><filter><name>addon.test</name><name>sub.main.test</name><name>alias.test</name></filter><dataset/></get></webspace>`,
		`<webspace><get><result>`+failed("1013")+`<filter-id>addon.test</filter-id></result><result>`+failed("1013")+`<filter-id>sub.main.test</filter-id></result>
		<result>`+failed("1013")+`<filter-id>alias.test</filter-id></result></get></webspace>`)
	// Deleting the subscription frees them all.
	c.has(`<webspace><del><filter><id>1</id></filter></del></webspace>`, `<status>ok</status>`)
	for i, name := range []string{"main.test", "addon.test", "alias.test"} {
		c.added(4+i, `<gen_setup><name>`+name+`</name></gen_setup>`)
	}
}

// Whether a record of another zone is in the way of a domain can be switched.
func TestForeignRecordsIgnored(t *testing.T) {
	c := start(t, newServer(t, func(o *Options) { o.IgnoreForeignRecords = true }))
	c.added(1, `<gen_setup><name>main.test</name></gen_setup>`)
	c.added(2, `<gen_setup><name>mail.main.test</name></gen_setup>`)
	c.ask(`<webspace><add><gen_setup><name>main.test</name></gen_setup></add></webspace>`, `<webspace><add><result>`+failed("1007")+`</result></add></webspace>`)
}
