// Custom buttons, the navigation and branding themes.

package plesksim

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"testing"
)

// Buttons are made, found by id and owner, and removed; they go with their owner.
func TestCustomButtons(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	addCustomer(t, s, "alder")
	addReseller(t, s, "rowan")
	create := func(owner, properties, more, want string) {
		t.Helper()
		c.ask(`<ui><create-custombutton><owner>`+owner+`</owner><properties>`+properties+`</properties>`+more+`</create-custombutton></ui>`,
			`<ui><create-custombutton><result>`+want+`</result></create-custombutton></ui>`)
	}
	get := func(filter, want string) {
		t.Helper()
		c.ask(`<ui><get-custombutton><filter>`+filter+`</filter></get-custombutton></ui>`, `<ui><get-custombutton>`+want+`</get-custombutton></ui>`)
	}
	del := func(filter, want string) {
		t.Helper()
		c.ask(`<ui><delete-custombutton><filter>`+filter+`</filter></delete-custombutton></ui>`, `<ui><delete-custombutton>`+want+`</delete-custombutton></ui>`)
	}
	const plain = `<place>navigation</place><url>https://help.example/?a=1&amp;b=2</url><text>Help</text>`
	create(`<admin/>`, plain, "", `<status>ok</status><id>1</id>`)
	create(`<customer-id>2</customer-id>`, `<sort_key>5</sort_key><conhelp>Ask  us</conhelp><public>true</public><noframe>1</noframe>
		<place>domain</place><url>/x</url><text>Ask</text>`, `<url-components><dom_id/><email/></url-components>`, `<status>ok</status><id>2</id>`)
	create(`<reseller-id>3</reseller-id>`, plain, "", `<status>ok</status><id>3</id>`)
	create(`<admin/>`, plain, "", `<status>ok</status><id>4</id>`)
	create(`<customer-id>3</customer-id>`, plain, "", failed("1015"))
	create(`<admin/>`, `<place>navigation</place><url>nothing</url><text>Help</text>`, "", failed("1019"))
	create(`<admin/>`, `<place>navigation</place><url>/x</url><text> </text>`, "", failed("1019"))
	c.ask(`<ui><create-custombutton><owner><admin/></owner><properties><place>kitchen</place><url>/x</url><text>T</text></properties></create-custombutton></ui>`, refused("1014"))

	help := func(id, owner string) string {
		return `<result><status>ok</status><id>` + id + `</id><owner>` + owner + `</owner><properties><sort_key>100</sort_key><conhelp/><public>false</public>
			<internal>false</internal><noframe>false</noframe>` + plain + `</properties><url-components/></result>`
	}
	get(`<custombutton-id>2</custombutton-id><custombutton-id>9</custombutton-id><custombutton-id>1</custombutton-id>`, `<result><status>ok</status><id>2</id>
		<owner><customer-id>2</customer-id></owner><properties><sort_key>5</sort_key><conhelp>Ask  us</conhelp><public>true</public><internal>false</internal>
		<noframe>true</noframe><place>domain</place><url>/x</url><text>Ask</text></properties><url-components><dom_id/><email/></url-components></result>
		<result>`+failed("1013")+`</result>`+help("1", `<admin/>`))
	get(`<owner><admin/></owner><owner><reseller-id>3</reseller-id></owner>`, help("1", `<admin/>`)+help("4", `<admin/>`)+help("3", `<reseller-id>3</reseller-id>`))
	get(`<owner><reseller-id>2</reseller-id></owner>`, `<result>`+failed("1015")+`</result>`)

	del(`<custombutton-id>4</custombutton-id><custombutton-id>9</custombutton-id>`, `<result><status>ok</status><id>4</id></result><result>`+failed("1013")+`<id>9</id></result>`)
	c.ask(`<customer><del><filter><login>alder</login></filter></del></customer>`, `<customer><del><result><status>ok</status><filter-id>alder</filter-id><id>2</id></result></del></customer>`)
	get(`<custombutton-id>2</custombutton-id>`, `<result>`+failed("1013")+`</result>`)
	del(`<owner><admin/></owner>`, `<result><status>ok</status><id>1</id></result>`)
	del(`<owner><admin/></owner>`, okOnly)
	create(`<admin/>`, plain, "", `<status>ok</status><id>5</id>`) // ids are not given twice
	c.as("rowan", "pass-42x").ask(`<ui><get-navigation/></ui>`, `<ui><get-navigation><result>`+failed("1006")+`</result></get-navigation></ui>`)
}

// The navigation is an array as PHP writes it, and every length in it is right.
func TestNavigation(t *testing.T) {
	c := start(t, newServer(t))
	c.post(`<packet><ui><create-custombutton><owner><admin/></owner><properties><place>navigation</place><url>/bücher</url><text>B</text></properties></create-custombutton></ui></packet>`)
	is := regexp.MustCompile(`<navigation>(.*)</navigation>`).FindStringSubmatch(c.post(`<packet><ui><get-navigation/></ui></packet>`))
	if is == nil {
		t.Fatal("no navigation")
	}
	text, err := base64.StdEncoding.DecodeString(is[1])
	if err != nil {
		t.Fatal(err)
	}
	menu, rest := phpValue(t, string(text))
	if rest != "" {
		t.Errorf("after the array: %s", rest)
	}
	found := false
	for _, id := range []string{"general", "hosting"} {
		section, _ := menu.(map[string]any)[id].(map[string]any)
		nodes, _ := section["nodes"].(map[string]any)
		if name, _ := section["name"].(string); name == "" || len(section) != 2 || len(nodes) == 0 {
			t.Errorf("%s is %v", id, section)
		}
		for i := range len(nodes) { // a list: its keys are the positions
			node, _ := nodes[fmt.Sprint(i)].(map[string]any)
			if node["name"] == "" || node["link"] == "" {
				t.Errorf("node %d of %s is %v", i, id, node)
			}
			found = found || node["name"] == "custom-button-1" && node["link"] == "/bücher"
		}
	}
	if !found {
		t.Errorf("the button is not in %v", menu)
	}
}

// phpValue reads one value as PHP's serialize writes it, arrays as maps, and returns what follows.
func phpValue(t *testing.T, s string) (value any, rest string) {
	t.Helper()
	head := regexp.MustCompile(`^(?:i:(\d+);|([as]):(\d+):([{"]))`).FindStringSubmatch(s)
	if head == nil {
		t.Fatalf("no value: %s", s)
	}
	s = s[len(head[0]):]
	if head[1] != "" {
		return head[1], s
	}
	n := int(idValue(head[3]))
	if head[2] == "s" {
		if len(s) < n+2 || s[n:n+2] != `";` {
			t.Fatalf("no string of %d bytes: %s", n, s)
		}
		return s[:n], s[n+2:]
	}
	array := map[string]any{}
	for range n {
		var key, item any
		key, s = phpValue(t, s)
		item, s = phpValue(t, s)
		array[fmt.Sprint(key)] = item
	}
	if s == "" || s[0] != '}' || len(array) != n {
		t.Fatalf("no array of %d: %s", n, s)
	}
	return array, s[1:]
}

// Themes are for those whose users see the panel: the administrator and resellers.
func TestBrandingThemes(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	addCustomer(t, s, "alder")
	addReseller(t, s, "rowan")
	const all = `<filter><vendor-login>rowan</vendor-login><vendor-login>alder</vendor-login><vendor-login>admin</vendor-login></filter>`
	const results = `<result><status>ok</status><filter-id>rowan</filter-id><id>3</id></result><result><status>error</status><errcode>1013</errcode>
		<errtext>§</errtext><filter-id>alder</filter-id></result><result><status>ok</status><filter-id>admin</filter-id><id>1</id></result>`
	c.ask(`<ui><branding-theme-install>`+all+`<path>/tmp/theme.zip</path></branding-theme-install></ui>`, `<ui><branding-theme-install>`+results+`</branding-theme-install></ui>`)
	c.ask(`<ui><branding-theme-install><filter><vendor-login>rowan</vendor-login></filter><path>/tmp/theme.txt</path></branding-theme-install></ui>`,
		`<ui><branding-theme-install><result>`+failed("1019")+`<filter-id>rowan</filter-id><id>3</id></result></branding-theme-install></ui>`)
	if s.state.Themes[3] != "/tmp/theme.zip" || len(s.state.Themes) != 2 {
		t.Errorf("%v", s.state.Themes)
	}
	c.ask(`<ui><branding-theme-uninstall>`+all+`</branding-theme-uninstall></ui>`, `<ui><branding-theme-uninstall>`+results+`</branding-theme-uninstall></ui>`)
	if len(s.state.Themes) != 0 {
		t.Errorf("%v", s.state.Themes)
	}
}
