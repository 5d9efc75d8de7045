// Licence keys.

package plesksim

import (
	"encoding/base64"
	"testing"
)

// Licence files that the simulator issued are taken; what needs the vendor's service fails.
func TestLicences(t *testing.T) {
	c := start(t, newServer(t))
	file := func(words string) string { return base64.StdEncoding.EncodeToString([]byte(words)) }
	next, extra := file("simulated licence PLSK.00000002"), file("simulated licence EXT.00000009 Backup Pro")
	op := func(name, request, want string) {
		t.Helper()
		c.ask(`<server><`+name+`>`+request+`</`+name+`></server>`, `<server><`+name+`>`+want+`</`+name+`></server>`)
	}
	ok := func(what string) string { return `<result><status>ok</status>` + what + `</result>` }
	wrong := func(code, what string) string { return `<result>` + failed(code) + what + `</result>` }
	keys := func(number string) string {
		return `<property><name>plesk_key_id</name><value>` + number + `</value></property><property><name>lim_date</name><value>-1</value></property>
			<property><name>lim_cl</name><value>-1</value></property><property><name>lim_dom</name><value>-1</value></property>
			<property><name>can-manage-customers</name><value>1</value></property><property><name>can-manage-resellers</name><value>1</value></property>`
	}
	const extras = `<property><name>plesk_key_id</name><value>EXT.00000009</value></property><property><name>name</name><value>Backup Pro</value></property>
		<property><name>lim_date</name><value>-1</value></property>`

	op("license-rollback-key", "", wrong("1013", ""))
	op("lic_get_info", `<license>`+next+`</license>`, keys("PLSK.00000002")+`<content>`+next+`</content><additional-key>false</additional-key>`)
	op("lic_get_info", `<license>`+extra+`</license>`, extras+`<content>`+extra+`</content><additional-key>true</additional-key>`)
	c.ask(`<server><set><mode>poweruser</mode></set><lic_get_info><license>`+file("forged")+`</license></lic_get_info></server>`, refused("1019"))
	op("get", `<gen_info/>`, ok(`<gen_info><server_name>§</server_name><server_guid>§</server_guid><external-id/><mode>standard</mode></gen_info>`))
	op("lic_install", `<license>`+file("forged")+`</license>`, wrong("1019", ""))
	op("lic_install", `<license>`+extra+`</license>`, wrong("1019", ""))
	op("lic_install", `<activation-code>A-B-C</activation-code>`, wrong("1023", ""))
	op("lic_install", `<license>`+next+`</license>`, ok(`<key-id>PLSK.00000002</key-id>`))
	op("get", `<key/>`, ok(`<key>`+keys("PLSK.00000002")+`<content>`+next+`</content><additional-key>false</additional-key></key>`))
	op("license-rollback-key", "", ok(`<key-id>PLSK.00000001</key-id>`))
	op("lic_update", `<filter><key-id>PLSK.00000001</key-id></filter>`, failed("1023"))
	op("lic_update", `<filter><key-id>PLSK.00000002</key-id></filter>`, failed("1013"))
	op("license-retrieve-keys", "", wrong("1023", ""))

	op("get_additional_key", "", ok(""))
	op("lic_install", `<license>`+extra+`</license><additional_key/>`, ok(`<key-id>EXT.00000009</key-id>`))
	op("get_additional_key", `<filter><name>none</name><name>Backup Pro</name></filter>`, wrong("1013", `<name>none</name>`)+
		ok(`<name>Backup Pro</name><key_info><number>EXT.00000009</number><name>Backup Pro</name><active>true</active>
			<license_update_date>1740909600</license_update_date><content>`+extra+`</content>`+extras+`</key_info>`))
	op("get", `<key><filter><all-additional/></filter></key>`, ok(`<key>`+extras+`<content>`+extra+`</content><additional-key>true</additional-key></key>`))
	op("renew_additional_key", "", wrong("1023", `<name>Backup Pro</name>`))
	op("remove_additional_key", `<filter><name>Backup Pro</name><name>none</name></filter>`, wrong("1013", ""))
	op("remove_additional_key", `<filter><name>Backup Pro</name></filter>`, ok(""))
	op("get_additional_key", `<filter><name>Backup Pro</name></filter>`, wrong("1013", `<name>Backup Pro</name>`))
	op("set-ppb-connection", `<connection><ppb-url>https://bill.example</ppb-url><remote-access-hash>h</remote-access-hash>
		<integration-api-version>1</integration-api-version></connection>`, ok(""))
	op("set-ppb-connection", `<connection><ppb-url>nowhere</ppb-url><remote-access-hash>h</remote-access-hash>
		<integration-api-version>1</integration-api-version></connection>`, wrong("1019", ""))
}
