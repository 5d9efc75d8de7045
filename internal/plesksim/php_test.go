// PHP handlers: enabled, disabled, used.

package plesksim

import (
	"strings"
	"testing"
)

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
