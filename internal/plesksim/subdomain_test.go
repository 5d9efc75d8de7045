// Subdomains, through their own operator.

package plesksim

import (
	"testing"
)

func TestSubdomainLifecycle(t *testing.T) {
	s, c := hosted(t)
	c.ask(`<subdomain><add><parent>main.test</parent><name>Shop</name>`+prop("www_root", "shop/public")+prop("ssl", "false")+`</add></subdomain>`,
		`<subdomain><add><result><status>ok</status><id>2</id></result></add></subdomain>`)
	// The full name in answers, the document root absolute.
	data := `<data><parent>main.test</parent><name>shop.main.test</name>` +
		sitesProperties(map[string]string{"www_root": "/var/www/vhosts/main.test/shop/public", "ssl": "false"}) + `</data>`
	c.ask(`<subdomain><get><filter><name>shop.main.test</name></filter></get></subdomain>`,
		`<subdomain><get><result><status>ok</status><filter-id>shop.main.test</filter-id><id>2</id>`+data+`</result></get></subdomain>`)
	// The site operator sees it too.
	c.has(`<site><get><filter><parent-site-id>1</parent-site-id></filter><dataset><gen_info/></dataset></get></site>`,
		`<filter-id>1</filter-id><id>2</id><data><gen_info><cr_date>2025-03-02</cr_date><name>shop.main.test</name>`, `<htype>vrt_hst</htype>`)
	c.has(`<customer><get-domain-list><filter/></get-domain-list></customer>`, `<name>shop.main.test</name><ascii-name>shop.main.test</ascii-name><type>subdomain</type>`)
	// Its addresses stand in the zone above it; it has none of its own, and no mail.
	c.has(`<dns><get_rec><filter><site-id>1</site-id></filter></get_rec></dns>`,
		`<type>A</type><host>shop.main.test.</host><value>198.51.100.7</value>`, `<type>AAAA</type><host>shop.main.test.</host><value>2001:db8::7</value>`)
	c.ask(`<dns><get><filter><site-id>2</site-id></filter></get></dns>`, `<dns><get><result>`+failed("1015")+`<site-id>2</site-id></result></get></dns>`)
	c.has(`<mail><get_prefs><filter><site-id>2</site-id></filter></get_prefs></mail>`, `<mailservice>false</mailservice>`)
	c.has(about(1, `<stat/>`), `<subdom>1</subdom>`, `<sites>1</sites>`)
	c.has(`<event_log><get_events/></event_log>`, `<type>created</type><time>1740909600</time><class>site_subdomain</class><obj_id>2</obj_id>`)

	c.ask(`<subdomain><set><filter><id>2</id></filter>`+prop("ssl", "true")+prop("upload_max_filesize", "64M")+`</set></subdomain>`,
		`<subdomain><set>`+done("2", 2)+`</set></subdomain>`)
	c.has(`<subdomain><get><filter><id>2</id></filter></get></subdomain>`, prop("ssl", "true"), prop("upload_max_filesize", "64M"),
		prop("www_root", "/var/www/vhosts/main.test/shop/public"))
	c.ask(`<subdomain><rename><id>2</id><name>store</name></rename></subdomain>`, `<subdomain><rename>`+okOnly+`</rename></subdomain>`)
	c.has(`<subdomain><get><filter><name>store.main.test</name></filter></get></subdomain>`, `<name>store.main.test</name>`)
	c.lacks(`<dns><get_rec><filter/></get_rec></dns>`, `shop.main.test`)

	c.ask(`<subdomain><del><filter><name>store.main.test</name><name>store.main.test</name></filter></del></subdomain>`,
		`<subdomain><del>`+done("store.main.test", 2)+gone("1013", "store.main.test")+`</del></subdomain>`)
	c.lacks(`<dns><get_rec><filter/></get_rec></dns>`, `store.main.test`)
	if n := s.state.Sites.Len(); n != 1 {
		t.Errorf("%d sites are left", n)
	}
}

func TestSubdomainFilters(t *testing.T) {
	_, c := hosted(t)
	c.ask(`<subdomain><get><filter/></get><get><filter><parent-name>main.test</parent-name></filter></get></subdomain>`,
		`<subdomain><get>`+okOnly+`</get><get>`+okOnly+`</get></subdomain>`)
	c.madeSite(2, `<gen_setup><name>addon.test</name><webspace-id>1</webspace-id></gen_setup>`)
	c.madeSite(3, `<gen_setup><name>a.addon.test</name><parent-site-id>2</parent-site-id></gen_setup>`) // without hosting: no properties
	one := func(filterID string) string {
		return `<result><status>ok</status><filter-id>` + filterID + `</filter-id><id>3</id><data><parent>addon.test</parent><name>a.addon.test</name></data></result>`
	}
	for _, test := range []struct{ name, filter, want string }{
		{"everything", ``, one("3")},
		{"parent", `<parent-name>ADDON.test</parent-name><parent-name>main.test</parent-name>`, one("ADDON.test")},
		{"unknown parent", `<parent-name>nowhere.test</parent-name>`, gone("1015", "nowhere.test")},
		{"ids of sites that are none", `<id>1</id><id>2</id><id>3</id>`, gone("1013", "1") + gone("1013", "2") + one("3")},
		{"label alone", `<name>a</name>`, gone("1013", "a")},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(`<subdomain><get><filter>`+test.filter+`</filter></get></subdomain>`, `<subdomain><get>`+test.want+`</get></subdomain>`)
		})
	}
}

func TestSubdomainRefusals(t *testing.T) {
	_, c := hosted(t)
	c.ask(`<subdomain><add><parent>main.test</parent><name>*</name></add><add><parent>main.test</parent><name>a</name></add></subdomain>`,
		`<subdomain><add><result><status>ok</status><id>2</id></result></add><add><result><status>ok</status><id>3</id></result></add></subdomain>`)
	for _, test := range []struct{ name, parts, code string }{
		{"name taken", `<parent>main.test</parent><name>A</name>`, "1007"},
		{"unknown parent", `<parent>nowhere.test</parent><name>b</name>`, "1015"},
		{"full name", `<parent>main.test</parent><name>b.main.test</name>`, "1019"},
		{"no name", `<parent>main.test</parent><name/>`, "1019"},
		{"bad name", `<parent>main.test</parent><name>b b</name>`, "1019"},
		{"unknown property", `<parent>main.test</parent><name>b</name>` + prop("quick", "yes"), "1019"},
		{"bad value", `<parent>main.test</parent><name>b</name>` + prop("ssl", "yes"), "1019"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(`<subdomain><add>`+test.parts+`</add></subdomain>`, `<subdomain><add><result>`+failed(test.code)+`</result></add></subdomain>`)
		})
	}
	result := func(code string) string { return `<rename><result>` + failed(code) + `</result></rename>` }
	c.ask(`<subdomain><rename><id>3</id><name>*</name></rename><rename><id>1</id><name>b</name></rename><rename><id>3</id><name>b.c</name></rename></subdomain>`,
		`<subdomain>`+result("1007")+result("1013")+result("1019")+`</subdomain>`)
	c.ask(`<subdomain><set><filter><id>3</id></filter>`+prop("ssl", "false")+prop("quick", "yes")+`</set></subdomain>`,
		`<subdomain><set><result>`+failed("1019")+`<filter-id>3</filter-id><id>3</id></result></set></subdomain>`)
	c.has(`<subdomain><get><filter><id>3</id></filter></get></subdomain>`, prop("ssl", "true"))
}

// A subdomain may be called as a host of the zone above it, whose records stay.
func TestSubdomainOfAKnownHost(t *testing.T) {
	_, c := hosted(t)
	c.ask(`<subdomain><add><parent>main.test</parent><name>ftp</name></add></subdomain>`,
		`<subdomain><add><result><status>ok</status><id>2</id></result></add></subdomain>`)
	c.has(`<dns><get_rec><filter><site-id>1</site-id></filter></get_rec></dns>`, `<type>CNAME</type><host>ftp.main.test.</host>`)
	c.lacks(`<dns><get_rec><filter><site-id>1</site-id></filter></get_rec></dns>`, `<type>A</type><host>ftp.main.test.</host>`)
}

func TestSubdomainCallers(t *testing.T) {
	s, c := hosted(t)
	addCustomer(t, s, "birch")
	addWebspace(t, s, "birch", "other.test") // 2
	alder := c.as("alder", "pass-42x")
	add := `<subdomain><add><parent>main.test</parent><name>a</name></add><add><parent>other.test</parent><name>a</name></add></subdomain>`
	alder.ask(add, `<subdomain><add><result>`+failed("1006")+`</result></add><add><result>`+failed("1015")+`</result></add></subdomain>`)
	grant(c, "manage_subdomains")
	alder.ask(add, `<subdomain><add><result><status>ok</status><id>3</id></result></add><add><result>`+failed("1015")+`</result></add></subdomain>`)
	alder.ask(`<subdomain><set><filter><id>3</id></filter>`+prop("ssl", "false")+`</set><rename><id>3</id><name>b</name></rename></subdomain>`,
		`<subdomain><set><result>`+failed("1006")+`<filter-id>3</filter-id><id>3</id></result></set><rename>`+okOnly+`</rename></subdomain>`)
	c.as("birch", "pass-42x").ask(`<subdomain><get><filter/></get><rename><id>3</id><name>c</name></rename></subdomain>`,
		`<subdomain><get>`+okOnly+`</get><rename><result>`+failed("1013")+`</result></rename></subdomain>`)
	c.changed(1, `<permissions><revoke-all/></permissions>`)
	alder.ask(`<subdomain><del><filter><id>3</id></filter></del></subdomain>`,
		`<subdomain><del><result>`+failed("1006")+`<filter-id>3</filter-id><id>3</id></result></del></subdomain>`)
}

func TestSubdomainHomeOnWindows(t *testing.T) {
	_, c := hosted(t, func(o *Options) { o.OS = Windows })
	c.ask(`<subdomain><add><parent>main.test</parent><name>a</name><home>subdomains\a</home></add></subdomain>`,
		`<subdomain><add><result><status>ok</status><id>2</id></result></add></subdomain>`)
	c.has(`<subdomain><get><filter><id>2</id></filter></get></subdomain>`, `<name>a.main.test</name><home>subdomains\a</home><property>`)
}
