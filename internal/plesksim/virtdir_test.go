// Virtual directories of Windows.

package plesksim

import "testing"

func onWindows(o *Options) { o.OS = Windows }

func TestVirtualDirLifecycle(t *testing.T) {
	_, c := hosted(t, onWindows)
	ok := func(operation string) string { return `<` + operation + `>` + okOnly + `</` + operation + `>` }
	c.ask(`<virtdir><create><site-id>1</site-id><name>docs</name><properties/></create>
		<create><site-id>1</site-id><name>docs/api</name><properties><real-path>api_v2</real-path><access-write>1</access-write>
			<application><enabled/><parent-paths>false</parent-paths><run-in-mta>true</run-in-mta><aspnet-version>4.8</aspnet-version></application>
			<execute-perm>script_execute</execute-perm><default-doc><enabled/><search>a.htm</search><search>b.htm</search></default-doc>
			<require-ssl>true</require-ssl><ip-allow>192.0.2.1</ip-allow><ip-allow>198.51.100.0/24</ip-allow><ip-deny>0.0.0.0/0.0.0.0</ip-deny><max-requests>5</max-requests>
		</properties></create></virtdir>`, `<virtdir>`+ok("create")+ok("create")+`</virtdir>`)
	// What was not given has the documented defaults.
	plain := func(path string) string {
		return `<properties><real-path>` + path + `</real-path><access-source>false</access-source><access-read>true</access-read><access-write>false</access-write>
			<dir-browsing>false</dir-browsing><log-visits>true</log-visits><execute-perm>script</execute-perm></properties>`
	}
	c.ask(`<virtdir><get><site-id>1</site-id><name>/DOCS/</name></get><get><site-id>1</site-id><name>docs/api</name></get><get><site-id>1</site-id><name>/</name></get></virtdir>`,
		`<virtdir><get><result><status>ok</status>`+plain("docs")+`</result></get>
		<get><result><status>ok</status><properties><real-path>api_v2</real-path><access-source>false</access-source><access-read>true</access-read>
		<access-write>true</access-write><dir-browsing>false</dir-browsing><log-visits>true</log-visits>
		<application><enabled/><parent-paths>false</parent-paths><run-in-mta>true</run-in-mta><aspnet-version>4.8</aspnet-version></application>
		<execute-perm>script_execute</execute-perm><default-doc><enabled/><search>a.htm</search><search>b.htm</search></default-doc><require-ssl>true</require-ssl>
		<ip-allow>192.0.2.1</ip-allow><ip-allow>198.51.100.0/24</ip-allow><ip-deny>0.0.0.0/0.0.0.0</ip-deny><max-requests>5</max-requests></properties></result></get>
		<get><result><status>ok</status>`+plain("/")+`</result></get></virtdir>`)
	c.ask(`<virtdir><update><site-id>1</site-id><name>docs</name><properties><dir-browsing>true</dir-browsing><application><disabled/></application></properties></update>
		<update><site-id>1</site-id><name>/</name><properties><log-visits>false</log-visits></properties></update></virtdir>`,
		`<virtdir>`+ok("update")+ok("update")+`</virtdir>`)
	c.has(`<virtdir><get><site-id>1</site-id><name>docs</name></get></virtdir>`, `<real-path>docs</real-path>`, `<dir-browsing>true</dir-browsing>`,
		`<application><disabled/></application>`)
	c.has(`<virtdir><get><site-id>1</site-id><name>/</name></get></virtdir>`, `<log-visits>false</log-visits>`)
	// A directory takes those below it along.
	c.ask(`<virtdir><remove><site-id>1</site-id><name>docs</name></remove><get><site-id>1</site-id><name>docs/api</name></get></virtdir>`,
		`<virtdir>`+ok("remove")+`<get><result>`+failed("1013")+`</result></get></virtdir>`)
}

func TestVirtualDirRefusals(t *testing.T) {
	s, c := hosted(t, onWindows)
	c.ask(`<subdomain><add><parent>main.test</parent><name>a</name></add></subdomain>`, `<subdomain><add><result><status>ok</status><id>2</id></result></add></subdomain>`)
	c.ask(`<virtdir><create><subdomain-id>2</subdomain-id><name>a</name><properties/></create></virtdir>`, `<virtdir><create>`+okOnly+`</create></virtdir>`)
	for _, test := range []struct{ name, operation, parts, code string }{
		{"name taken, in capitals", "create", `<site-id>2</site-id><name>/A</name><properties/>`, "1007"},
		{"root", "create", `<site-id>1</site-id><name>/</name><properties/>`, "1007"},
		{"unknown site", "create", `<site-id>77</site-id><name>b</name><properties/>`, "1015"},
		{"site that is no subdomain", "create", `<subdomain-id>1</subdomain-id><name>b</name><properties/>`, "1015"},
		{"bad address", "create", `<site-id>1</site-id><name>b</name><properties><ip-deny>everyone</ip-deny></properties>`, "1019"},
		{"bad number", "update", `<site-id>2</site-id><name>a</name><properties><max-requests>0</max-requests></properties>`, "1019"},
		{"no path", "update", `<site-id>2</site-id><name>a</name><properties><real-path/></properties>`, "1019"},
		{"missing on update", "update", `<site-id>1</site-id><name>b</name><properties/>`, "1013"},
		{"missing on remove", "remove", `<site-id>1</site-id><name>b</name>`, "1013"},
		{"root on remove", "remove", `<site-id>1</site-id><name>/</name>`, "1019"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(`<virtdir><`+test.operation+`>`+test.parts+`</`+test.operation+`></virtdir>`,
				`<virtdir><`+test.operation+`><result>`+failed(test.code)+`</result></`+test.operation+`></virtdir>`)
		})
	}
	// The administrator's alone, and gone with the site.
	c.as("alder", "pass-42x").ask(`<virtdir><get><site-id>2</site-id><name>a</name></get></virtdir>`, `<virtdir><get><result>`+failed("1006")+`</result></get></virtdir>`)
	c.ask(`<subdomain><del><filter><id>2</id></filter></del></subdomain>`, `<subdomain><del>`+done("2", 2)+`</del></subdomain>`)
	if n := s.state.VirtualDirs.Len(); n != 0 {
		t.Errorf("%d virtual directories are left", n)
	}
}

func TestVirtualDirOnLinux(t *testing.T) {
	_, c := hosted(t)
	for _, operation := range []string{
		`<create><site-id>1</site-id><name>a</name><properties/></create>`, `<update><site-id>1</site-id><name>a</name><properties/></update>`,
		`<remove><site-id>1</site-id><name>a</name></remove>`, `<get><site-id>1</site-id><name>a</name></get>`,
	} {
		c.has(`<virtdir>`+operation+`</virtdir>`, `<result><status>error</status><errcode>1017</errcode>`)
	}
}
