package plesksim

import (
	"regexp"
	"strings"
	"testing"
)

func create(t *testing.T, c *client, rest string) string {
	t.Helper()
	m := regexp.MustCompile(`<result><status>ok</status><key>([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})</key></result>`).
		FindStringSubmatch(c.post(`<packet><secret_key><create>` + rest + `</create></secret_key></packet>`))
	if m == nil {
		t.Fatal("no key")
	}
	return m[1]
}

// A key acts as its login, from its addresses, until it is deleted (protocol-core §8.4).
func TestSecretKeys(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	addCustomer(t, s, "birch")
	c := start(t, s)
	c.ask(`<secret_key><get_info><filter/></get_info></secret_key>`, `<secret_key><get_info>`+okOnly+`</get_info></secret_key>`)
	own := create(t, c, `<description>mine</description>`)
	theirs := create(t, c, `<ip_address>192.0.2.1, 127.0.0.1</ip_address><login>ALDER</login>`)
	far := create(t, c, `<ip_address>192.0.2.1,2001:DB8::1</ip_address>`)
	c.ask(`<secret_key><create><ip_address>here</ip_address></create><create><login>nobody</login></create></secret_key>`,
		`<secret_key><create><result>`+failed("1019")+`</result></create><create><result>`+failed("1013")+`</result></create></secret_key>`)

	as := func(key string) *client { return c.with(map[string]string{"KEY": key, "Content-Type": "text/xml"}) }
	as(own).ask(`<session><get/></session>`, `<session><get>`+okOnly+`</get></session>`)
	as(theirs).ask(`<session><get/></session>`, `<session><get><result>`+failed("1006")+`</result></get></session>`)
	as(far).ask(`<session><get/></session>`, refused("11003"))

	info := func(addresses, description, login string) string {
		return `<key_info><key>§</key><ip_address>` + addresses + `</ip_address>` + description + login + `</key_info>`
	}
	ok := `<result><status>ok</status>`
	c.ask(`<secret_key><get_info><filter/></get_info><get_info><filter><key>`+theirs+`</key><key>gone</key></filter></get_info></secret_key>`,
		`<secret_key><get_info>`+ok+info("127.0.0.1", `<description>mine</description>`, `<login>admin</login>`)+`</result>`+
			ok+info("192.0.2.1,127.0.0.1", `<description/>`, `<login>alder</login>`)+`</result>`+ok+info("192.0.2.1,2001:db8::1", `<description/>`, `<login>admin</login>`)+`</result></get_info>
		<get_info>`+ok+info("192.0.2.1,127.0.0.1", `<description/>`, `<login>alder</login>`)+`</result><result>`+failed("1013")+`<key>gone</key></result></get_info></secret_key>`)
	listed := c.post(`<packet><secret_key><get_info><filter/></get_info></secret_key></packet>`)
	for _, key := range []string{own, theirs, far} {
		if strings.Contains(listed, key) {
			t.Error("a key is shown again")
		}
	}
	handle := regexp.MustCompile(`<key>([^<]+)</key>`).FindStringSubmatch(listed)[1]
	c.ask(`<secret_key><delete><filter><key>`+handle+`</key><key>`+handle+`</key></filter></delete></secret_key>`,
		`<secret_key><delete>`+ok+`<key>`+handle+`</key></result><result>`+failed("1013")+`<key>`+handle+`</key></result></delete></secret_key>`)
	as(own).ask(`<session><get/></session>`, refused("11003"))
	c.ask(`<customer><del><filter><login>alder</login></filter></del></customer>`,
		`<customer><del><result><status>ok</status><filter-id>alder</filter-id><id>2</id></result></del></customer>`)
	as(theirs).ask(`<session><get/></session>`, refused("11003"))
	c.as("birch", "pass-42x").ask(`<secret_key><create/></secret_key>`, `<secret_key><create><result>`+failed("1006")+`</result></create></secret_key>`)
}

// Tokens are listed at once and gone after their end (protocol-core §8.2, §8.3).
func TestSessions(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	addCustomer(t, s, "birch")
	c := start(t, s)
	token := func(c *client, login, ip string) string {
		m := regexp.MustCompile(`<id>([0-9a-f]{32})</id>`).FindStringSubmatch(c.post(`<packet><server><create_session><login>` + login +
			`</login><data><user_ip>` + ip + `</user_ip><source_server/></data></create_session></server></packet>`))
		if m == nil {
			t.Fatal("no token")
		}
		return m[1]
	}
	first, second := token(c, "admin", "192.0.2.1"), token(c.as("alder", "pass-42x"), "Alder", "MTkyLjAuMi4y")
	list := func(id, kind, ip, login string) string {
		return `<session><id>` + id + `</id><type>` + kind + `</type><ip-address>` + ip + `</ip-address><login>` + login + `</login><login-time>` + testTime +
			`</login-time><idle>` + testTime + `</idle></session>`
	}
	c.ask(`<session><get/></session>`, `<session><get><result><status>ok</status>`+list(first, "admin", "192.0.2.1", "admin")+list(second, "client", "192.0.2.2", "alder")+`</result></get></session>`)
	c.ask(`<session><terminate><session-id>`+first+`</session-id></terminate><terminate><session-id>`+first+`</session-id></terminate><get/></session>`,
		`<session><terminate>`+okOnly+`</terminate><terminate><result>`+failed("1013")+`</result></terminate><get><result><status>ok</status>`+
			list(second, "client", "192.0.2.2", "alder")+`</result></get></session>`)
	no := func(code string) string {
		return `<server><create_session><result>` + failed(code) + `</result></create_session></server>`
	}
	c.as("alder", "pass-42x").ask(`<server><create_session><login>birch</login></create_session></server>`, no("1013"))
	c.ask(`<server><create_session><login>alder</login><data><user_ip>here</user_ip><source_server/></data></create_session></server>`, no("1019"))
}

func TestLocales(t *testing.T) {
	c := start(t, newServer(t))
	info := func(id, lang, country, used, on string) string {
		return `<result><status>ok</status><filter-id>` + id + `</filter-id><id>` + id + `</id><info><id>` + id + `</id><lang>` + lang + `</lang><country>` + country +
			`</country><used>` + used + `</used><enabled>` + on + `</enabled></info></result>`
	}
	ids := func(list string) string {
		return `<filter><id>` + strings.Join(strings.Fields(list), `</id><id>`) + `</id></filter>`
	}
	c.ask(`<locale><disable>`+ids("de-DE en-US xx")+`</disable><get>`+ids("en-US de-DE")+`</get><enable>`+ids("de-DE")+`</enable>
		<get-message><filter><key>limit__max_site</key><key>none</key></filter><id>de-DE</id></get-message>
		<get-message><filter><key>limit__max_site</key></filter><id>xx</id></get-message></locale>`,
		`<locale><disable><result><status>ok</status><filter-id>de-DE</filter-id><id>de-DE</id></result><result>`+failed("1023")+`<filter-id>en-US</filter-id></result>
			<result>`+failed("1013")+`<filter-id>xx</filter-id></result></disable>
		<get>`+info("en-US", "English", "United States", "1", "true")+info("de-DE", "German", "Germany", "0", "false")+`</get>
		<enable><result><status>ok</status><filter-id>de-DE</filter-id><id>de-DE</id></result></enable>
		<get-message><result><status>ok</status><filter-id>limit__max_site</filter-id><id>de-DE</id><message>Max site</message></result>
			<result>`+failed("1013")+`<filter-id>none</filter-id></result></get-message>
		<get-message><result>`+failed("1013")+`</result></get-message></locale>`)
	if all := c.post(`<packet><locale><get><filter/></get></locale></packet>`); strings.Count(all, "<info>") != len(factoryLanguages) {
		t.Error(all)
	}
}

// A disabled handler leaves the descriptors and can no longer be chosen; whoever has it keeps it.
func TestPHPHandlers(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	addWebspace(t, s, "alder", "alder.test")
	c := start(t, s)
	host := func(handler string) string {
		return `<webspace><set><filter><id>1</id></filter><values><hosting><vrt_hst><property><name>ftp_login</name><value>alder</value></property>
			<property><name>ftp_password</name><value>pass-42x</value></property><property><name>php_handler_id</name><value>` + handler +
			`</value></property></vrt_hst></hosting></values></set></webspace>`
	}
	done := `<webspace><set><result><status>ok</status><filter-id>1</filter-id><id>1</id></result></set></webspace>`
	c.ask(host("plesk-php82-fpm"), done)
	handler := func(status string) string {
		return `<result><status>ok</status><id>plesk-php82-fpm</id><display-name>8.2.28 by Plesk, FPM application</display-name><full-version>8.2.28</full-version>
			<version>8.2</version><type>fpm</type><path>/opt/plesk/php/8.2/sbin/php-fpm</path><clipath>/opt/plesk/php/8.2/bin/php</clipath>
			<phpini>/opt/plesk/php/8.2/etc/php.ini</phpini><custom>false</custom><handler-status>` + status + `</handler-status></result>`
	}
	filter := `<filter><id>plesk-php82-fpm</id></filter>`
	c.ask(`<php-handler><get>`+filter+`</get><disable>`+filter+`</disable><get-usage>`+filter+`</get-usage><get-usage><filter><id>plesk-php83-fpm</id><id>x</id></filter></get-usage></php-handler>`,
		`<php-handler><get>`+handler("enabled")+`</get><disable>`+handler("disabled")+`</disable>
		<get-usage><result><status>ok</status><domain><id>1</id><name>alder.test</name></domain></result></get-usage>
		<get-usage>`+okOnly+`<result>`+failed("1013")+`</result></get-usage></php-handler>`)
	descriptor := `<packet><webspace><get-physical-hosting-descriptor><filter/></get-physical-hosting-descriptor></webspace></packet>`
	if strings.Contains(c.post(descriptor), "plesk-php82-fpm") {
		t.Error("a disabled handler is offered")
	}
	c.ask(host("plesk-php82-fpm"), `<webspace><set><result>`+failed("1019")+`<filter-id>1</filter-id><id>1</id></result></set></webspace>`)
	c.ask(`<php-handler><enable><filter><id>x</id><id>plesk-php82-fpm</id></filter></enable></php-handler>`,
		`<php-handler><enable><result>`+failed("1013")+`</result>`+handler("enabled")+`</enable></php-handler>`)
	if !strings.Contains(c.post(descriptor), "plesk-php82-fpm") {
		t.Error("an enabled handler is not offered")
	}
	c.ask(host("plesk-php82-fpm"), done)
}

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
