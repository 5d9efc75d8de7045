// Extensions: installed, removed, and called.

package plesksim

import (
	"strings"
	"testing"
)

func TestExtensions(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	addWebspace(t, s, "alder", "alder.test")
	addCustomer(t, s, "birch")
	c := start(t, s)
	details := func(id, name, version, release string) string {
		return `<details><id>` + id + `</id><name>` + name + `</name><version>` + version + `</version><release>` + release + `</release><active>true</active></details>`
	}
	ok, no := okOnly, func(code string) string { return `<result>` + failed(code) + `</result>` }
	c.ask(`<extension><install><url>https://ext.example/acme-2.1-7.zip</url></install><install><id>docker</id></install><install><id>nothing</id></install>
		<install><url>nowhere</url></install><get><filter><id>acme</id></filter></get><uninstall><id>acme</id></uninstall><uninstall><id>acme</id></uninstall>
		<get><filter><id>acme</id></filter></get></extension>`,
		`<extension><install>`+ok+`</install><install>`+ok+`</install><install>`+no("1013")+`</install><install>`+no("1019")+`</install>
		<get><result><status>ok</status><filter-id>acme</filter-id>`+details("acme", "acme", "2.1", "7")+`</result></get><uninstall>`+ok+`</uninstall>
		<uninstall>`+no("1013")+`</uninstall><get><result>`+failed("1013")+`<filter-id>acme</filter-id></result></get></extension>`)
	if all := c.post(`<packet><extension><get/></extension></packet>`); strings.Count(all, "<result>") != 1 || strings.Count(all, "<details>") != 5 {
		t.Error(all)
	}
	git := func(verb, rest string) string {
		return `<extension><call><git><` + verb + `><domain>alder.test</domain><name>storefront</name>` + rest + `</` + verb + `></git></call></extension>`
	}
	unhooked := func(id string) string {
		return `<result><status>error</status><errcode>1013</errcode><errtext>Hook ApiRpc is not implemented in ` + id + `</errtext></result>`
	}
	failure := func(code string) string { return `<extension><call>` + no(code) + `</call></extension>` }
	created := `<extension><call><result><status>ok</status><git><create><repository><name>storefront</name></repository></create></git></result></call></extension>`
	c.ask(git("create", `<deployment-path>httpdocs</deployment-path><deployment-mode>sometimes</deployment-mode>`), failure("1019"))
	c.ask(git("create", `<deployment-path>httpdocs</deployment-path><deployment-mode>auto</deployment-mode>`), created)
	c.ask(git("create", ""), failure("1007"))
	c.as("birch", "pass-42x").ask(git("remove", ""), failure("1015"))
	c.as("birch", "pass-42x").ask(`<extension><get/></extension>`, `<extension><get>`+no("1006")+`</get></extension>`)
	c.ask(git("remove", ""), `<extension><call><result><status>ok</status><git><remove/></git></result></call></extension>`)
	c.ask(git("remove", ""), failure("1013"))
	c.ask(git("paint", ""), failure("1017"))
	c.ask(`<extension><call><nothing/></call><call><sslit/></call></extension>`, `<extension><call>`+unhooked("nothing")+`</call><call>`+unhooked("sslit")+`</call></extension>`)
	c.ask(git("create", ""), created)
	c.ask(`<webspace><del><filter><id>1</id></filter></del></webspace>`, `<webspace><del><result><status>ok</status><filter-id>1</filter-id><id>1</id></result></del></webspace>`)
	s.inside(func(c *call) {
		if len(c.GitRepositories) != 0 {
			t.Error("a repository outlived its site")
		}
	})
}

// A repository's life through the calls of the Git extension; of what deploy and fetch move, nothing can be seen.
func TestGitCalls(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	addWebspace(t, s, "alder", "alder.test")
	addWebspace(t, s, "admin", "admin.test")
	admin := start(t, s)
	alder := admin.as("alder", "pass-42x")
	ask := func(c *client, call, want string) {
		t.Helper()
		c.ask(`<extension><call><git>`+call+`</git></call></extension>`, `<extension><call><result><status>ok</status><git>`+want+`</git></result></call></extension>`)
	}
	refuses := func(call, code string) {
		t.Helper()
		alder.ask(`<extension><call><git>`+call+`</git></call></extension>`, `<extension><call><result>`+failed(code)+`</result></call></extension>`)
	}
	shop := func(domain, name, path, mode, skip, branch, actions, remote string) string {
		return `<repository><name>` + name + `</name><domain>` + domain + `</domain><deployment-path>` + path + `</deployment-path><deployment-mode>` + mode +
			`</deployment-mode><skip-ssl-verification>` + skip + `</skip-ssl-verification><active-branch>` + branch + `</active-branch>` + actions + remote + `</repository>`
	}
	const named = `<domain>alder.test</domain><name>shop</name>`
	ask(alder, `<get/>`, `<get/>`)
	ask(alder, `<create>`+named+`<deployment-path>httpdocs</deployment-path><deployment-mode>auto</deployment-mode><remote-url>https://git.example/shop</remote-url></create>`,
		`<create><repository><name>shop</name></repository></create>`)
	ask(admin, `<create><domain>admin.test</domain><name>shop</name></create>`, `<create><repository><name>shop</name></repository></create>`)
	own := shop("alder.test", "shop", "httpdocs", "auto", "false", "master", `<actions/>`, `<remote-url>https://git.example/shop</remote-url>`)
	theirs := strings.Replace(shop("admin.test", "shop", "", "auto", "false", "master", `<actions/>`, ""), `<deployment-path></deployment-path>`, `<deployment-path/>`, 1)
	ask(alder, `<get/>`, `<get>`+own+`</get>`)
	ask(admin, `<get/>`, `<get>`+own+theirs+`</get>`)
	ask(admin, `<get><domain>admin.test</domain></get>`, `<get>`+theirs+`</get>`)
	refuses(`<get><domain>admin.test</domain></get>`, "1015")

	ask(alder, `<fetch>`+named+`</fetch>`, `<fetch/>`)
	ask(alder, `<deploy>`+named+`</deploy>`, `<deploy/>`)
	ask(alder, `<update>`+named+`<new-name>store</new-name><deployment-path>app</deployment-path><deployment-mode>manual</deployment-mode>
		<skip-ssl-verification>1</skip-ssl-verification><active-branch>main</active-branch><actions>make</actions></update>`, `<update><repository><name>store</name></repository></update>`)
	ask(alder, `<get><domain>alder.test</domain></get>`,
		`<get>`+shop("alder.test", "store", "app", "manual", "true", "main", `<actions>make</actions>`, `<remote-url>https://git.example/shop</remote-url>`)+`</get>`)
	ask(alder, `<create>`+named+`</create>`, `<create><repository><name>shop</name></repository></create>`)
	refuses(`<update>`+named+`<new-name>store</new-name></update>`, "1007")
	refuses(`<update>`+named+`<deployment-mode>sometimes</deployment-mode></update>`, "1019")
	refuses(`<fetch>`+named+`</fetch>`, "1023") // there is nothing to fetch from
	for _, verb := range []string{"update", "remove", "deploy", "fetch"} {
		refuses(`<`+verb+`><domain>alder.test</domain><name>none</name></`+verb+`>`, "1013")
		refuses(`<`+verb+`><domain>admin.test</domain><name>shop</name></`+verb+`>`, "1015")
	}
	ask(alder, `<remove>`+named+`</remove>`, `<remove/>`)
}
