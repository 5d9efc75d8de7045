// Protected directories and their users.

package plesksim

import (
	"fmt"
	"testing"
)

// protect sends a protected-dir/add of site 1 that must succeed with the id.
func (c *client) protect(id int, parts string) {
	c.t.Helper()
	c.ask(`<protected-dir><add><site-id>1</site-id>`+parts+`</add></protected-dir>`,
		fmt.Sprintf(`<protected-dir><add><result><status>ok</status><id>%d</id></result></add></protected-dir>`, id))
}

func protectedData(name, header, ssl, nonssl, cgi string) string {
	if header != "" {
		header = `<header>` + header + `</header>`
	} else {
		header = `<header/>`
	}
	return `<data><name>` + name + `</name>` + header + `<location>` + prop("ssl", ssl) + prop("nonssl", nonssl) + prop("cgi", cgi) + `</location></data>`
}

func TestProtectedDirLifecycle(t *testing.T) {
	s, c := hosted(t)
	c.madeSite(2, `<gen_setup><name>addon.test</name><webspace-id>1</webspace-id></gen_setup>`)
	c.protect(1, `<name>test</name>`)
	c.protect(2, `<name>/</name><header>Staff  only</header><location>`+prop("nonssl", "0")+prop("cgi", "1")+`</location>`)
	c.ask(`<protected-dir><add><site-id>2</site-id><name>test</name></add></protected-dir>`,
		`<protected-dir><add><result><status>ok</status><id>3</id></result></add></protected-dir>`)
	// Names come back as they were sent; HTTPS by default where the site has it.
	result := func(filterID, id, data string) string {
		return `<result><status>ok</status><filter-id>` + filterID + `</filter-id><id>` + id + `</id>` + data + `</result>`
	}
	test, root := protectedData("test", "", "true", "true", "false"), protectedData("/", "Staff  only", "true", "false", "true")
	c.ask(`<protected-dir><get><filter><site-id>1</site-id></filter></get><get><filter><site-name>addon.test</site-name></filter></get></protected-dir>`,
		`<protected-dir><get>`+result("1", "1", test)+result("1", "2", root)+`</get><get>`+
			result("addon.test", "3", protectedData("test", "", "false", "true", "false"))+`</get></protected-dir>`)
	c.ask(`<protected-dir><set><filter><id>1</id></filter><values><name>/other/</name><header>Area</header><location>`+prop("ssl", "false")+`</location></values></set></protected-dir>`,
		`<protected-dir><set>`+done("1", 1)+`</set></protected-dir>`)
	c.ask(`<protected-dir><get><filter><id>1</id></filter></get></protected-dir>`,
		`<protected-dir><get>`+result("1", "1", protectedData("/other/", "Area", "false", "true", "false"))+`</get></protected-dir>`)

	c.ask(`<protected-dir><add-user><pd-id>1</pd-id><login>john</login><password>vX9!rTq27#</password></add-user>
		<add-user><pd-id>1</pd-id><login>jane</login><password>$1$abc</password><password-type>crypt</password-type></add-user>
		<add-user><pd-id>2</pd-id><login>john</login><password>vX9!rTq27#</password><password-type>plain</password-type></add-user></protected-dir>`,
		`<protected-dir><add-user><result><status>ok</status><id>1</id></result></add-user><add-user><result><status>ok</status><id>2</id></result></add-user>
		<add-user><result><status>ok</status><id>3</id></result></add-user></protected-dir>`)
	user := func(filterID, id, login string) string {
		return result(filterID, id, `<data><login>`+login+`</login></data>`)
	}
	c.ask(`<protected-dir><get-user><filter><pd-id>1</pd-id></filter></get-user><get-user><filter><id>3</id></filter></get-user></protected-dir>`,
		`<protected-dir><get-user>`+user("1", "1", "john")+user("1", "2", "jane")+`</get-user><get-user>`+user("3", "3", "john")+`</get-user></protected-dir>`)
	c.ask(`<protected-dir><set-user><filter><id>1</id></filter><values><login>joe</login><password>oTher-11</password></values></set-user>
		<delete-user><filter><id>2</id></filter></delete-user><get-user><filter/></get-user></protected-dir>`,
		`<protected-dir><set-user>`+done("1", 1)+`</set-user><delete-user>`+done("2", 2)+`</delete-user>
		<get-user>`+user("1", "1", "joe")+user("3", "3", "john")+`</get-user></protected-dir>`)
	if !s.state.ProtectedUsers.Get(1).Password.matches("oTher-11") {
		t.Error("the password did not change")
	}
	// A directory takes its users along, a site its directories.
	c.ask(`<protected-dir><delete><filter><id>1</id></filter></delete><get-user><filter/></get-user><get-user><filter><pd-id>1</pd-id></filter></get-user></protected-dir>`,
		`<protected-dir><delete>`+done("1", 1)+`</delete><get-user>`+user("3", "3", "john")+`</get-user><get-user>`+gone("1013", "1")+`</get-user></protected-dir>`)
	c.ask(`<site><del><filter><id>2</id></filter></del></site><protected-dir><get><filter/></get></protected-dir>`,
		`<site><del>`+done("2", 2)+`</del></site><protected-dir><get>`+result("2", "2", root)+`</get></protected-dir>`)
	c.ask(`<webspace><del><filter><id>1</id></filter></del></webspace><protected-dir><get><filter/></get><get-user><filter/></get-user></protected-dir>`,
		`<webspace><del>`+done("1", 1)+`</del></webspace><protected-dir><get>`+okOnly+`</get><get-user>`+okOnly+`</get-user></protected-dir>`)
}

func TestProtectedDirRefusals(t *testing.T) {
	_, c := hosted(t)
	c.protect(1, `<name>private/a</name>`)
	for _, test := range []struct{ name, parts, code string }{
		{"no name", `<site-id>1</site-id><name/>`, "1019"},
		{"blank name", `<site-id>1</site-id><name> </name>`, "1019"},
		{"name outside", `<site-id>1</site-id><name>a/../../b</name>`, "1019"},
		{"same directory", `<site-id>1</site-id><name>/private//a/</name>`, "1007"},
		{"unknown site", `<site-id>77</site-id><name>b</name>`, "1015"},
		{"unknown location", `<site-id>1</site-id><name>b</name><location>` + prop("ftp", "true") + `</location>`, "1019"},
		{"nowhere", `<site-id>1</site-id><name>b</name><location>` + prop("ssl", "false") + prop("nonssl", "false") + `</location>`, "1019"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(`<protected-dir><add>`+test.parts+`</add></protected-dir>`, `<protected-dir><add><result>`+failed(test.code)+`</result></add></protected-dir>`)
		})
	}
	c.protect(2, `<name>b</name>`)
	c.ask(`<protected-dir><get><filter><id>77</id></filter></get><get><filter><site-id>77</site-id></filter></get><delete><filter><id>77</id></filter></delete>
		<set><filter><id>2</id></filter><values><name>private/a</name><header>x</header></values></set></protected-dir>`,
		`<protected-dir><get>`+gone("1013", "77")+`</get><get>`+gone("1015", "77")+`</get><delete>`+gone("1013", "77")+`</delete>
		<set><result>`+failed("1007")+`<filter-id>2</filter-id><id>2</id></result></set></protected-dir>`)
	c.has(`<protected-dir><get><filter><id>2</id></filter></get></protected-dir>`, `<name>b</name><header/>`)

	const password = `<password>vX9!rTq27#</password>`
	user := func(parts, code string) {
		t.Helper()
		c.ask(`<protected-dir><add-user>`+parts+`</add-user></protected-dir>`, `<protected-dir><add-user><result>`+failed(code)+`</result></add-user></protected-dir>`)
	}
	c.ask(`<protected-dir><add-user><pd-id>1</pd-id><login>john</login>`+password+`</add-user><add-user><pd-id>1</pd-id><login>jane</login>`+password+`</add-user></protected-dir>`,
		`<protected-dir><add-user><result><status>ok</status><id>1</id></result></add-user><add-user><result><status>ok</status><id>2</id></result></add-user></protected-dir>`)
	user(`<pd-id>77</pd-id><login>john</login>`+password, "1013")
	user(`<pd-id>1</pd-id><login>john</login>`+password, "1007")
	user(`<pd-id>1</pd-id><login>a:b</login>`+password, "1019")
	user(`<pd-id>1</pd-id><login/>`+password, "1019")
	user(`<pd-id>1</pd-id><login>new</login><password>abc</password>`, "1019")
	// By the directory all its users change: they cannot all have one name.
	c.ask(`<protected-dir><set-user><filter><pd-id>1</pd-id></filter><values><login>same</login></values></set-user></protected-dir>`,
		`<protected-dir><set-user>`+done("1", 1)+`<result>`+failed("1007")+`<filter-id>1</filter-id><id>2</id></result></set-user></protected-dir>`)
	// A directory without users, and a site without directories, answer with nothing but their filter values.
	c.madeSite(2, `<gen_setup><name>addon.test</name><webspace-id>1</webspace-id></gen_setup>`)
	c.ask(`<protected-dir><get-user><filter><pd-id>2</pd-id></filter></get-user><get><filter><site-id>2</site-id></filter></get></protected-dir>`,
		`<protected-dir><get-user><result><status>ok</status><filter-id>2</filter-id></result></get-user>
		<get><result><status>ok</status><filter-id>2</filter-id></result></get></protected-dir>`)
}

func TestProtectedDirDescriptor(t *testing.T) {
	_, c := hosted(t)
	c.madeSite(2, `<gen_setup><name>addon.test</name><webspace-id>1</webspace-id></gen_setup>`)
	property := func(name, initial string) string {
		return `<property><name>` + name + `</name><type>boolean</type><default-value>` + initial + `</default-value><writable-by>admin</writable-by>
			<writable-by>reseller</writable-by><writable-by>client</writable-by><label>§</label></property>`
	}
	descriptor := func(ssl string) string {
		return `<descriptor>` + property("ssl", ssl) + property("nonssl", "true") + property("cgi", "false") + `</descriptor>`
	}
	server := `<get-pd-location-descriptor><result><status>ok</status>` + descriptor("true") + `</result></get-pd-location-descriptor>`
	c.ask(`<protected-dir><get-pd-location-descriptor/><get-pd-location-descriptor><filter/></get-pd-location-descriptor>
		<get-pd-location-descriptor><filter><site-id>1</site-id><site-id>77</site-id><site-id>2</site-id></filter></get-pd-location-descriptor></protected-dir>`,
		`<protected-dir>`+server+server+`<get-pd-location-descriptor><result><status>ok</status><filter-id>1</filter-id><id>1</id>`+descriptor("true")+`</result>`+
			gone("1013", "77")+`<result><status>ok</status><filter-id>2</filter-id><id>2</id>`+descriptor("false")+`</result></get-pd-location-descriptor></protected-dir>`)
}

// Locations are for Linux.
func TestProtectedDirOnWindows(t *testing.T) {
	_, c := hosted(t, func(o *Options) { o.OS = Windows })
	c.protect(1, `<name>a</name>`)
	c.ask(`<protected-dir><get><filter/></get><add><site-id>1</site-id><name>b</name><location>`+prop("cgi", "true")+`</location></add>
		<get-pd-location-descriptor/></protected-dir>`,
		`<protected-dir><get><result><status>ok</status><filter-id>1</filter-id><id>1</id><data><name>a</name><header/></data></result></get>
		<add><result>`+failed("1017")+`</result></add><get-pd-location-descriptor><result>`+failed("1017")+`</result></get-pd-location-descriptor></protected-dir>`)
}

func TestProtectedDirCallers(t *testing.T) {
	s, c := hosted(t)
	addCustomer(t, s, "birch")
	alder, birch := c.as("alder", "pass-42x"), c.as("birch", "pass-42x")
	add := `<protected-dir><add><site-id>1</site-id><name>a</name></add></protected-dir>`
	addUser := `<protected-dir><add-user><pd-id>1</pd-id><login>john</login><password>vX9!rTq27#</password></add-user></protected-dir>`
	alder.ask(add, `<protected-dir><add><result>`+failed("1006")+`</result></add></protected-dir>`)
	birch.ask(add, `<protected-dir><add><result>`+failed("1015")+`</result></add></protected-dir>`)
	grant(c, "manage_protected_dirs")
	alder.ask(add, `<protected-dir><add><result><status>ok</status><id>1</id></result></add></protected-dir>`)
	alder.ask(addUser, `<protected-dir><add-user><result><status>ok</status><id>1</id></result></add-user></protected-dir>`)
	birch.ask(addUser, `<protected-dir><add-user><result>`+failed("1013")+`</result></add-user></protected-dir>`)
	birch.ask(`<protected-dir><get><filter/></get><delete><filter><id>1</id></filter></delete><delete-user><filter><id>1</id></filter></delete-user></protected-dir>`,
		`<protected-dir><get>`+okOnly+`</get><delete>`+gone("1013", "1")+`</delete><delete-user>`+gone("1013", "1")+`</delete-user></protected-dir>`)
	grant(c)
	alder.ask(`<protected-dir><delete-user><filter><id>1</id></filter></delete-user><delete><filter><id>1</id></filter></delete></protected-dir>`,
		`<protected-dir><delete-user><result>`+failed("1006")+`<filter-id>1</filter-id><id>1</id></result></delete-user>
		<delete><result>`+failed("1006")+`<filter-id>1</filter-id><id>1</id></result></delete></protected-dir>`)
}

// Writes to what the caller may not see can also be refused as such.
func TestForeignParentsForbidden(t *testing.T) {
	s, c := hosted(t, func(o *Options) { o.ForeignObjectsForbidden = true })
	addCustomer(t, s, "birch")
	c.as("birch", "pass-42x").ask(`<protected-dir><add><site-id>1</site-id><name>a</name></add><get><filter><site-id>1</site-id></filter></get></protected-dir>`,
		`<protected-dir><add><result>`+failed("1006")+`</result></add><get>`+gone("1015", "1")+`</get></protected-dir>`)
}
