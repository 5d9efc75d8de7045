// Application packages: downloads, imports, installations.

package plesksim

import (
	"testing"
	"time"
)

// A download begins, and ends with an error: the catalogue cannot be reached.
func TestDownloads(t *testing.T) {
	now := time.Date(2025, 3, 2, 10, 0, 0, 0, time.UTC)
	s := newServer(t, func(o *Options) { o.Clock = func() time.Time { return now } })
	const ask = `<aps><get-download-status><filter><task-id>9</task-id><task-id>1</task-id></filter></get-download-status></aps>`
	status := func(is string) string {
		return `<aps><get-download-status><result>` + failed("1013") + `<filter-id>9</filter-id></result><result><status>ok</status><filter-id>1</filter-id>
			<id>1</id><task><id>1</id>` + is + `</task></result></get-download-status></aps>`
	}
	behind(t, s, `<aps><download-package><package><name>wiki</name></package><aps-catalog-url>nowhere</aps-catalog-url></download-package></aps>`,
		`<aps><download-package><result>`+failed("1019")+`</result></download-package></aps>`)
	behind(t, s, `<aps><download-package><package><name>wiki</name></package></download-package></aps>`,
		`<aps><download-package><result><status>ok</status><task-id>1</task-id></result></download-package></aps>`)
	behind(t, s, ask, status(`<in-progress><total>0</total><completed>0</completed></in-progress>`))
	now = now.Add(time.Minute)
	behind(t, s, ask, status(`<finished><error>§</error></finished>`))
}

// Packages come from files; who may install them follows their visibility and the subscription's list.
func TestApplications(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	addCustomer(t, s, "alder")
	addReseller(t, s, "rowan")
	behind(t, s, `<webspace><add><gen_setup><name>alder.test</name><owner-login>alder</owner-login><htype>vrt_hst</htype><ip_address>198.51.100.7</ip_address></gen_setup>
		<hosting><vrt_hst><property><name>ftp_login</name><value>alder</value></property><property><name>ftp_password</name><value>Zq7-rainy-Fjord</value></property>
		<ip_address>198.51.100.7</ip_address></vrt_hst></hosting></add></webspace>`, `<webspace><add><result><status>ok</status><id>1</id><guid>§</guid></result></add></webspace>`)
	addWebspace(t, s, "alder", "bare.test")

	op := func(name, request, want string) {
		t.Helper()
		c.ask(`<aps><`+name+`>`+request+`</`+name+`></aps>`, `<aps><`+name+`>`+want+`</`+name+`></aps>`)
	}
	ok := func(what string) string { return `<result><status>ok</status>` + what + `</result>` }
	wrong := func(code string) string { return `<result>` + failed(code) + `</result>` }
	pack := func(version, visible, id string) string {
		return `<package><name>wiki-two</name><version>` + version + `</version><release>3</release><is_uploaded>true</is_uploaded><is_visible>` + visible + `</is_visible>` + id + `</package>`
	}
	op("get-packages-list", `<all/>`, ok(""))
	op("import-package", `<filename>/tmp/up/wiki-two-1.2-3.app.zip</filename>`, ok(`<package-id>1</package-id>`))
	op("import-package", `<filename>wiki-two-1.2-3.app.zip</filename>`, wrong("1007"))
	op("import-package", `<filename>wiki-two-2.0-3.app.zip</filename>`, ok(`<package-id>2</package-id>`))
	op("import-package", `<filename>wiki.tar</filename>`, wrong("1019"))
	op("import-config", `<filename>/tmp/config.xml</filename>`, okOnly)
	op("import-config", `<filename>/tmp/config.txt</filename>`, wrong("1019"))
	op("set-package-properties", `<filter><package-id>2</package-id><package-id>9</package-id></filter><properties><visible>false</visible></properties>`,
		ok(`<filter-id>2</filter-id><id>2</id>`)+`<result>`+failed("1013")+`<filter-id>9</filter-id></result>`)
	op("get-packages-list", `<all/>`, ok(pack("1.2", "true", "<id>1</id>")+pack("2.0", "false", "<id>2</id>")))
	op("get-packages-list", `<filter><package-id>2</package-id></filter>`, ok(`<filter-id>2</filter-id><id>2</id>`+pack("2.0", "false", "<id>2</id>")))
	op("get-packages-list-by-reseller", `<reseller-id>3</reseller-id>`, ok(pack("1.2", "true", "")))
	op("get-packages-list-by-reseller", `<reseller-id>2</reseller-id>`, wrong("1013"))
	op("get-packages-list-by-webspace", `<webspace-id>1</webspace-id>`, ok(pack("1.2", "true", "")))
	op("get-packages-list-by-webspace", `<webspace-id>9</webspace-id>`, wrong("1013"))

	const site, wiki = `<domain-id>1</domain-id>`, `<package-id>1</package-id>`
	const base = `<database><name>wiki</name><login>wiki</login><password>Zq7-rainy-Fjord</password></database>`
	op("install", `<domain-id>9</domain-id>`+wiki, wrong("1015"))
	op("install", `<subdomain-name>alder.test</subdomain-name>`+wiki, wrong("1015"))
	op("install", `<domain-name>bare.test</domain-name>`+wiki, wrong("1019"))
	op("install", site+`<package-id>9</package-id>`, wrong("1013"))
	op("install", site+`<package><name>wiki-two</name><version>3</version></package>`, wrong("1013"))
	op("install", site+`<package-id>2</package-id>`, wrong("1006")) // nobody may see it
	op("install", site+wiki+`<url-prefix>../up</url-prefix>`, wrong("1019"))
	op("install", site+wiki+`<url-prefix>wiki</url-prefix><database><name>wiki</name><login>wiki</login><password>weak</password></database>`, wrong("1019"))
	op("install", site+wiki+`<url-prefix>wiki</url-prefix><database><name>wiki</name><login>wiki</login><password>Zq7-rainy-Fjord</password>
		<server>db9.example</server></database>`, wrong("1013"))
	op("install", `<domain-name>ALDER.test</domain-name><package><name>wiki-two</name><version>1.2</version></package><ssl>false</ssl><url-prefix>wiki</url-prefix>`+base, okOnly)
	op("install", site+wiki+`<url-prefix>/wiki/</url-prefix>`, wrong("1007"))
	op("install", site+wiki+`<ssl>true</ssl><url-prefix>wiki</url-prefix>`+base, wrong("1007")) // the database
	c.ask(`<database><get-db><filter><webspace-id>1</webspace-id></filter></get-db></database>`, `<database><get-db><result><status>ok</status>
		<filter-id>1</filter-id><id>§</id><name>wiki</name><type>mysql</type><webspace-id>1</webspace-id><db-server-id>1</db-server-id><default-user-id>§</default-user-id></result></get-db></database>`)

	c.ask(`<webspace><enable-aps-filter><filter><id>1</id></filter></enable-aps-filter></webspace>`,
		`<webspace><enable-aps-filter><result><status>ok</status><filter-id>1</filter-id><id>1</id></result></enable-aps-filter></webspace>`)
	op("get-packages-list-by-webspace", `<webspace-id>1</webspace-id>`, ok(""))
	op("install", site+wiki, wrong("1006"))
	if n := s.state.Installations.Len(); n != 1 {
		t.Errorf("%d installations", n)
	}
	c.ask(`<webspace><del><filter><id>1</id></filter></del></webspace>`, `<webspace><del><result><status>ok</status><filter-id>1</filter-id><id>1</id></result></del></webspace>`)
	if n := s.state.Installations.Len(); n != 0 {
		t.Errorf("%d installations are left", n)
	}
	c.as("rowan", "pass-42x").ask(`<aps><get-packages-list><all/></get-packages-list></aps>`, `<aps><get-packages-list>`+wrong("1006")+`</get-packages-list></aps>`)
}
