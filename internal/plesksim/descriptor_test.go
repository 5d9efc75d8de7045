// Descriptors of the server, of plans and of subscriptions, and that they follow the state.

package plesksim

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// descriptorOf cuts one property out of the answer to a descriptor request.
func (c *client) descriptorOf(operator, operation, filter, name string) string {
	c.t.Helper()
	body := squeeze(c.post(`<packet><` + operator + `><` + operation + `>` + filter + `</` + operation + `></` + operator + `></packet>`))
	_, rest, found := strings.Cut(body, `<property><name>`+name+`</name>`)
	if !found {
		return ""
	}
	one, _, _ := strings.Cut(rest, `</property>`)
	return one
}

// The three descriptors of the server stand alone: no filter-id, no id (protocol-core §7).
func TestServerDescriptors(t *testing.T) {
	c := start(t, newServer(t))
	for _, operation := range []string{"get-limit-descriptor", "get-permission-descriptor", "get-physical-hosting-descriptor"} {
		for _, operator := range []string{"webspace", "service-plan"} {
			c.has(`<`+operator+`><`+operation+`><filter/></`+operation+`></`+operator+`>`, `<`+operator+`><`+operation+`><result><status>ok</status><descriptor><property>`)
		}
	}
	for _, test := range []struct{ operation, name, want string }{
		{"get-limit-descriptor", "disk_space", `<type>bytes</type><default-value>-1</default-value><writable-by>admin</writable-by><writable-by>reseller</writable-by><label>limit__disk_space</label>`},
		{"get-limit-descriptor", "max_site", `<type>int</type><default-value>-1</default-value><writable-by>admin</writable-by><writable-by>reseller</writable-by><label>limit__max_site</label>`},
		{"get-limit-descriptor", "expiration", `<type>date</type><default-value>-1</default-value><writable-by>admin</writable-by><writable-by>reseller</writable-by><label>limit__expiration</label>`},
		{"get-permission-descriptor", "manage_dns", `<type>boolean</type><default-value>false</default-value><writable-by>admin</writable-by><writable-by>reseller</writable-by>
			<label>cl_perm__manage_dns</label><extension><level>reseller</level><level>domain</level></extension>`},
		{"get-physical-hosting-descriptor", "ftp_login", `<type>string</type><writable-by>admin</writable-by><writable-by>reseller</writable-by><label>hosting__ftp_login</label><extension><level>domain</level></extension>`},
		{"get-physical-hosting-descriptor", "php", `<type>boolean</type><default-value>true</default-value><writable-by>admin</writable-by><writable-by>reseller</writable-by><label>hosting__php</label>
			<extension><service><domain/><subdomain/></service></extension>`},
		{"get-physical-hosting-descriptor", "webstat", `<type>string</type><enum><value>none</value></enum><enum><value>awstats</value></enum><default-value>awstats</default-value>
			<writable-by>admin</writable-by><writable-by>reseller</writable-by><label>hosting__webstat</label><extension><level>domain</level><level>subdomain</level></extension>`},
	} {
		if got := c.descriptorOf("webspace", test.operation, `<filter/>`, test.name); got != squeeze(test.want) {
			t.Errorf("%s\n%s\nwant\n%s", test.name, got, squeeze(test.want))
		}
	}
	c.has(`<webspace><get-physical-hosting-descriptor><filter/></get-physical-hosting-descriptor></webspace>`,
		`<bind><ref>php_handler_id</ref><relevant><name>php</name><value>true</value></relevant><read-only>false</read-only></bind>`)
}

// Descriptors follow the state: enabled handlers, the plan's values, what the subscriber may do.
func TestDescriptorsFollowState(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	handlers := func(operator, filter string) string {
		t.Helper()
		text, _, _ := strings.Cut(c.descriptorOf(operator, "get-physical-hosting-descriptor", filter, "php_handler_id"), "<writable-by>")
		return text
	}
	const all = `<type>string</type><enum><value>module</value><label>8.3.6 by OS vendor, Apache module</label></enum>` +
		`<enum><value>cgi</value><label>8.3.6 by OS vendor, CGI application</label></enum>` +
		`<enum><value>fastcgi</value><label>8.3.6 by OS vendor, FastCGI application</label></enum><enum><value>plesk-php82-fpm</value><label>8.2.28 by Plesk, FPM application</label></enum>` +
		`<enum><value>plesk-php83-fpm</value><label>8.3.20 by Plesk, FPM application</label></enum>`
	c.newPlan(5, "one", `<limits>`+limit("max_db", "3")+`</limits><hosting>`+prop("php_handler_id", "plesk-php82-fpm")+`</hosting>
		<permissions>`+permission("manage_phosting", "true")+permission("manage_phosting_ssi", "true")+`</permissions>`)
	c.added(1, `<gen_setup><name>one.test</name></gen_setup>`+virtual("one")+`<plan-name>one</plan-name>`)
	for _, test := range []struct{ operator, filter, initial string }{
		{"webspace", `<filter/>`, "plesk-php83-fpm"}, {"webspace", `<filter><id>1</id></filter>`, "plesk-php82-fpm"}, {"service-plan", `<filter><name>one</name></filter>`, "plesk-php82-fpm"},
	} {
		if got, want := handlers(test.operator, test.filter), all+`<default-value>`+test.initial+`</default-value>`; got != want {
			t.Errorf("%s %s\n%s\nwant\n%s", test.operator, test.filter, got, want)
		}
	}
	s.inside(func(c *call) { c.phpHandler("plesk-php83-fpm").Enabled = false })
	if got := handlers("webspace", `<filter/>`); strings.Contains(got, "php83") || !strings.Contains(got, `<default-value>plesk-php82-fpm</default-value>`) {
		t.Errorf("a disabled handler is offered: %s", got)
	}
	// The answers of objects echo how they were found.
	c.has(`<webspace><get-limit-descriptor><filter><name>one.test</name><name>none.test</name></filter></get-limit-descriptor></webspace>`,
		`<status>ok</status><filter-id>one.test</filter-id><id>1</id><descriptor>`, `<filter-id>none.test</filter-id></result>`)
	c.has(`<service-plan><get-limit-descriptor><filter><name>one</name><name>none</name></filter></get-limit-descriptor></service-plan>`,
		`<status>ok</status><name>one</name><descriptor>`, `<name>none</name></result>`)
	for _, test := range []struct{ operator, operation, filter, name, part string }{
		{"service-plan", "get-limit-descriptor", `<filter><name>one</name></filter>`, "max_db", `<default-value>3</default-value>`},
		{"webspace", "get-limit-descriptor", `<filter><id>1</id></filter>`, "max_db", `<default-value>3</default-value>`},
		{"webspace", "get-permission-descriptor", `<filter><id>1</id></filter>`, "manage_phosting", `<default-value>true</default-value>`},
		{"webspace", "get-physical-hosting-descriptor", `<filter><id>1</id></filter>`, "ssi", `<writable-by>reseller</writable-by><writable-by>client</writable-by>`},
		{"webspace", "get-physical-hosting-descriptor", `<filter><id>1</id></filter>`, "cgi", `<writable-by>reseller</writable-by><label>`},
		{"webspace", "get-physical-hosting-descriptor", `<filter/>`, "ssi", `<writable-by>reseller</writable-by><label>`},
	} {
		contains(t, []byte(c.descriptorOf(test.operator, test.operation, test.filter, test.name)), test.part)
	}
	// Plans preset no system user.
	if got := c.descriptorOf("service-plan", "get-physical-hosting-descriptor", `<filter><name>one</name></filter>`, "ftp_login"); got != "" {
		t.Errorf("a plan describes ftp_login: %s", got)
	}
	// What a descriptor names is accepted, and what it leaves out is refused.
	c.refusedSet(1, `<hosting><vrt_hst>`+prop("php_handler_id", "plesk-php83-fpm")+`</vrt_hst></hosting>`, "1019")
	c.changed(1, `<hosting><vrt_hst>`+prop("php_handler_id", "plesk-php82-fpm")+`</vrt_hst></hosting>`)
}

// To subscribers, descriptors offer what their plans let them choose, and that is accepted; providers choose from everything.
func TestPlansNarrowChoices(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	addCustomer(t, s, "alder")
	c.newPlan(5, "one", `<hosting>`+prop("php_handler_id", "plesk-php82-fpm")+prop("shell", "/bin/sh")+`</hosting>`)
	c.added(1, `<gen_setup><name>one.test</name><owner-login>alder</owner-login></gen_setup>`+virtual("one")+`<plan-name>one</plan-name>`)
	const all = "/bin/false /bin/sh /bin/bash /usr/local/psa/bin/chrootsh"
	const handlers = "module cgi fastcgi plesk-php82-fpm plesk-php83-fpm"
	alder := c.as("alder", "pass-42x")
	offered := func(c *client, name string) string {
		var values []string
		for _, value := range regexp.MustCompile(`<value>(.*?)</value>`).FindAllStringSubmatch(c.descriptorOf("webspace", "get-physical-hosting-descriptor", `<filter><id>1</id></filter>`, name), -1) {
			values = append(values, value[1])
		}
		return strings.Join(values, " ")
	}
	for _, test := range []struct{ permissions, shells, handlers string }{
		{"", "/bin/sh", "plesk-php82-fpm"},
		{"manage_sh_access", "/bin/sh", "plesk-php82-fpm"}, // of no use without manage_phosting
		{"manage_sh_access manage_phosting", "/bin/false /bin/sh /usr/local/psa/bin/chrootsh", "plesk-php82-fpm"},
		{"manage_phosting manage_php_version manage_not_chroot_shell", "/bin/sh", handlers},
		{"manage_phosting manage_php_version manage_sh_access manage_not_chroot_shell", all, handlers},
	} {
		grant(c, strings.Fields(test.permissions)...)
		if got := offered(alder, "shell"); got != test.shells {
			t.Errorf("%q: shells %s", test.permissions, got)
		}
		if got := offered(alder, "php_handler_id"); got != test.handlers {
			t.Errorf("%q: handlers %s", test.permissions, got)
		}
		if got := offered(c, "shell") + " " + offered(c, "php_handler_id"); got != all+" "+handlers {
			t.Errorf("%q: the administrator may choose %s", test.permissions, got)
		}
		for _, shell := range strings.Fields(all) {
			if shell == "/bin/sh" { // the given one is offered, whether it can be set again or not
				continue
			}
			want := failed("1006") + `<filter-id>1</filter-id><id>1</id>`
			if slices.Contains(strings.Fields(test.shells), shell) {
				want = `<status>ok</status><filter-id>1</filter-id><id>1</id>`
			}
			alder.ask(`<webspace><set><filter><id>1</id></filter><values><hosting><vrt_hst>`+prop("shell", shell)+`</vrt_hst></hosting></values></set></webspace>`,
				`<webspace><set><result>`+want+`</result></set></webspace>`)
		}
	}
}
