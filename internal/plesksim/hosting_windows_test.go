// What hosting has on each platform.

package plesksim

import (
	"strings"
	"testing"
)

// Windows has properties and limits of its own, and lacks those of shells and nginx (operators-accounts-server §2).
func TestHostingOnWindows(t *testing.T) {
	_, c := hosted(t, onWindows)
	c.lacks(about(1, `<hosting/>`), `<name>shell</name>`, `<name>php_served_by_nginx</name>`)
	c.has(about(1, `<hosting/>`), prop("ssi_html", "false")+prop("asp", "false")+prop("asp_dot_net", "false")+prop("managed_runtime_version", "4.0"))
	c.changed(1, `<limits>`+limit("max_mssql_db", "3")+limit("mssql_dbase_space", "1048576")+`</limits><hosting><vrt_hst>`+
		prop("asp_dot_net", "true")+prop("managed_runtime_version", "2.0")+`</vrt_hst></hosting>`)
	c.has(about(1, `<limits/><hosting/>`), limit("max_mssql_db", "3"), limit("mssql_dbase_space", "1048576"), limit("max_iis_app_pools", "-1"),
		prop("asp_dot_net", "true")+prop("managed_runtime_version", "2.0"))
	c.refusedSet(1, `<hosting><vrt_hst>`+prop("shell", "/bin/sh")+`</vrt_hst></hosting>`, "1019")
	c.refusedSet(1, `<hosting><vrt_hst>`+prop("managed_runtime_version", "1.0")+`</vrt_hst></hosting>`, "1019")
	c.madeSite(2, `<gen_setup><name>addon.test</name><webspace-id>1</webspace-id></gen_setup><hosting><vrt_hst>`+prop("asp", "true")+`</vrt_hst></hosting>`)
	c.has(`<site><get><filter><id>2</id></filter><dataset><hosting/></dataset></get></site>`, prop("asp", "true"))
	for _, operator := range []string{"webspace", "site"} {
		descriptor := `<` + operator + `><get-physical-hosting-descriptor><filter/></get-physical-hosting-descriptor></` + operator + `>`
		c.has(descriptor, `<name>asp_dot_net</name><type>boolean</type>`)
		c.lacks(descriptor, `nginx`, `<name>shell</name>`)
	}
	c.has(`<service-plan><get-limit-descriptor><filter/></get-limit-descriptor></service-plan>`, `<name>max_mssql_db</name><type>int</type>`)
	c.has(`<service-plan><get><filter><name>Unlimited</name></filter></get></service-plan>`, prop("asp", "false"), limit("max_odbc", "-1"))
}

// A machine with Windows: its paths, its PHP, and what it tells about itself.
func TestMachineWithWindows(t *testing.T) {
	_, c := hosted(t, onWindows)
	root := func(path string) string { return prop("www_root", `C:\Inetpub\vhosts\main.test\`+path) }
	c.has(about(1, `<hosting/>`), root("httpdocs"), prop("php_handler_id", "plesk-php83-fastcgi"))
	for _, same := range []string{`sub\docs`, "sub/docs", `\sub\docs`, `C:\Inetpub\vhosts\main.test\sub\docs`} {
		c.changed(1, `<hosting><vrt_hst>`+prop("www_root", same)+`</vrt_hst></hosting>`)
		c.has(about(1, `<hosting/>`), root(`sub\docs`))
	}
	c.refusedSet(1, `<hosting><vrt_hst>`+prop("www_root", `D:\docs`)+`</vrt_hst></hosting>`, "1019")
	c.refusedSet(1, `<hosting><vrt_hst>`+prop("www_root", `..\..\Windows`)+`</vrt_hst></hosting>`, "1019")
	c.ask(`<php-handler><get><filter><id>plesk-php83-cgi</id></filter></get></php-handler>`,
		`<php-handler><get><result><status>ok</status><id>plesk-php83-cgi</id><display-name>8.3.20 by Plesk, CGI application</display-name>
		<full-version>8.3.20</full-version><version>8.3</version><type>cgi</type><path>C:\Program Files (x86)\Plesk\Additional\PleskPHP83\php-cgi.exe</path>
		<clipath>C:\Program Files (x86)\Plesk\Additional\PleskPHP83\php.exe</clipath><phpini>C:\Program Files (x86)\Plesk\Additional\PleskPHP83\php.ini</phpini>
		<custom>false</custom><handler-status>enabled</handler-status></result></get></php-handler>`)
	c.has(`<server><get><stat/><interfaces/><site-isolation-config/></get></server>`, `<plesk_os>Microsoft Windows Server 2022</plesk_os>`, `<device><name>C:</name>`,
		`<interface>Ethernet</interface>`, `<name>asp</name>`)
	c.lacks(`<server><get><shells/></get></server>`, `shell`)
	c.ask(`<ip><add><ip_address>198.51.100.9</ip_address><netmask>255.255.255.0</netmask><type>shared</type><interface>Ethernet</interface></add></ip>`,
		`<ip><add><result><status>ok</status><ip_address>198.51.100.9</ip_address></result></add></ip>`)
}

func TestHostingOnLinux(t *testing.T) {
	_, c := hosted(t)
	c.lacks(about(1, `<hosting/><limits/>`), `asp`, `ssi_html`, `managed_runtime_version`, `mssql`, `max_odbc`)
	c.refusedSet(1, `<hosting><vrt_hst>`+prop("asp", "true")+`</vrt_hst></hosting>`, "1019")
	c.refusedSet(1, `<limits>`+limit("max_mssql_db", "3")+`</limits>`, "1019")
	// Every limit of the platform is described, and none of the other.
	described := c.post(`<packet><webspace><get-limit-descriptor><filter/></get-limit-descriptor></webspace></packet>`)
	if n := strings.Count(described, "<property>"); n != 18 {
		t.Errorf("%d limits", n)
	}
}
