// The life of a server in which every operation of the grammar succeeds at least once.

package plesksim

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A server whose operations all fail answers random packets without a fault. Here each has what it needs, and after each
// packet all that must hold does.
func TestEveryOperationSucceeds(t *testing.T) {
	seen := outcomes{}
	live := func(s *Server, chapters ...[]string) {
		t.Helper()
		for _, packet := range slices.Concat(chapters...) {
			if len(s.state.Sessions) > 0 {
				packet = strings.ReplaceAll(packet, "TOKEN", s.state.Sessions[0].Token)
			}
			answer := s.answer(s.behind(), []byte("<packet>"+packet+"</packet>"), false)
			checkState(t, s.state)
			all := tree(t, answer)
			if all[0].name == "system" || strings.Contains(string(answer), "<errcode>") {
				t.Errorf("%s\nanswered\n%s", packet, answer)
			}
			for _, operator := range all {
				for _, o := range s.operationsIn(operator) {
					seen.note(opName{operator.name, o.name}, o.text())
				}
			}
		}
	}
	live(newServer(t, func(o *Options) { o.Unconfigured = true }), []string{
		`<server><initial_setup><admin><admin_pname>Ada</admin_pname><admin_email>ada@new.example</admin_email></admin><password>Zq7-rainy-Fjord</password></initial_setup></server>`,
	})
	live(newServer(t), lifeOfServer(), lifeOfAccounts(), lifeOfPlans(), lifeOfSubscriptions(), lifeOfSites(), lifeOfNames(), lifeOfPost(), lifeOfDatabases(),
		lifeOfContent(keyText(t)), lifeOfPanel(), lifeOfApplications(), endOfAll())
	live(newServer(t, onWindows), []string{
		lifeOfSubscriptions()[0],
		`<virtdir><create><site-id>1</site-id><name>docs</name><properties/></create><update><site-id>1</site-id><name>docs</name><properties><dir-browsing>true</dir-browsing></properties></update>
			<get><site-id>1</site-id><name>docs</name></get><remove><site-id>1</site-id><name>docs</name></remove></virtdir>`,
		`<dns><enable-remote-dns/><get-status-remote-dns/><disable-remote-dns/></dns>`,
	})
	for name, op := range newServer(t).operations {
		switch n := seen[name]; {
		case op.missing != missing{}:
		case n == nil:
			t.Errorf("%s was never asked", name)
		case n[0] == 0:
			t.Errorf("%s never succeeded", name)
		}
	}
}

const pass = `Zq7-rainy-Fjord`

func lifeOfServer() []string {
	return []string{
		`<server><get_protos/><get><key/><gen_info/><components/><stat/><admin/><interfaces/><services_state/><prefs/><shells/><session_setup/><site-isolation-config/><updates/>
			<admin-domain-list/><certificates/></get>
			<set><prefs><stat_ttl>6</stat_ttl></prefs></set><srv_man><id>dns</id><operation>restart</operation></srv_man><reboot/><clean-mail-queue/></server>`,
		`<server><set_misc><filter><property><name>a</name><value>1</value></property></filter></set_misc><get_misc><filter><property><name>a</name></property></filter></get_misc>
			<del_misc><filter><property><name>a</name></property></filter></del_misc></server>`,
		`<server><lic_install><license>` + licenceFile("PLSK.2", "").Reveal() + `</license></lic_install><license-rollback-key/>
			<lic_install><license>` + licenceFile("EXT.1", "antivirus").Reveal() + `</license><additional_key/></lic_install>
			<lic_get_info><license>` + licenceFile("PLSK.3", "").Reveal() + `</license></lic_get_info><get_additional_key/>
			<remove_additional_key><filter><name>antivirus</name></filter></remove_additional_key></server>`,
		`<server><add-admin-alias><data><login>helper</login><password>` + pass + `</password><email>h@new.example</email></data></add-admin-alias>
			<set-admin-alias><filter><login>helper</login></filter><data><comment>c</comment></data></set-admin-alias><del-admin-alias><filter><login>helper</login></filter></del-admin-alias></server>`,
		`<server><domain-restriction-add><name>bad.test</name></domain-restriction-add><domain-restriction-enable/><domain-restriction-list/>
			<domain-restriction-rename><name>bad.test</name><new-name>worse.test</new-name></domain-restriction-rename><domain-restriction-remove><name>worse.test</name></domain-restriction-remove>
			<domain-restriction-disable/></server>`,
		`<server><set-ppb-connection><connection><ppb-url>https://billing.example/</ppb-url><remote-access-hash>x</remote-access-hash><integration-api-version>1</integration-api-version></connection></set-ppb-connection></server>`,
		`<ip><add><ip_address>198.51.100.9</ip_address><netmask>255.255.255.0</netmask><type>shared</type><interface>eth0</interface></add>
			<set><filter><ip_address>198.51.100.9</ip_address></filter><public_ip_address>203.0.113.9</public_ip_address></set><get/><del><filter><ip_address>198.51.100.9</ip_address></filter></del></ip>`,
		`<event_log><get-last-id/><get_events/><get><options><flush_selected_range>false</flush_selected_range></options></get></event_log>`,
		`<locale><get><filter/></get><disable><filter><id>de-DE</id></filter></disable><enable><filter><id>de-DE</id></filter></enable>
			<get-message><filter><key>cl_perm__manage_dns</key></filter><id>en-US</id></get-message></locale>`,
		`<php-handler><get><filter/></get><disable><filter><id>plesk-php82-fpm</id></filter></disable><enable><filter><id>plesk-php82-fpm</id></filter></enable></php-handler>`,
	}
}

func lifeOfAccounts() []string {
	return []string{
		`<customer><add><gen_info><pname>Ada</pname><login>alder</login><passwd>` + pass + `</passwd></gen_info></add><add><gen_info><pname>Bo</pname><login>birch</login><passwd>` + pass + `</passwd></gen_info></add>
			<set><filter><login>alder</login></filter><values><gen_info><cname>Alder Ltd</cname></gen_info></values></set><get><filter/><dataset><gen_info/><stat/></dataset></get>
			<get-domain-list><filter/></get-domain-list></customer>`,
		`<reseller-plan><add><name>Gold</name><external-id>g</external-id></add><get><filter><all/></filter><limits/><permissions/><ip-pool/><packages/></get>
			<set><filter><name>Gold</name></filter><permissions><permission><name>remote_access_interface</name><value>true</value></permission></permissions></set>
			<duplicate><name>Gold</name><duplicate-name>Silver</duplicate-name></duplicate><get-limit-descriptor/><get-permission-descriptor/>
			<add-package><filter><name>Gold</name></filter><package><name>wiki</name><value>any</value></package></add-package>
			<remove-package><filter><name>Gold</name></filter><package><name>wiki</name><value>any</value></package></remove-package>
			<enable-aps-filter><filter><name>Gold</name></filter></enable-aps-filter><disable-aps-filter><filter><name>Gold</name></filter></disable-aps-filter>
			<del><filter><name>Silver</name></filter></del></reseller-plan>`,
		`<reseller><add><gen-info><pname>Ro</pname><login>rowan</login><passwd>` + pass + `</passwd></gen-info></add><set><filter><login>rowan</login></filter><values><gen-info><cname>R</cname></gen-info></values></set>
			<get><filter><all/></filter><dataset><gen-info/><stat/><permissions/><limits/><ippool/><subscriptions/></dataset></get>
			<ippool-add-ip><reseller-id>4</reseller-id><ip><ip-address>198.51.100.7</ip-address></ip></ippool-add-ip>
			<ippool-add-ip><reseller-id>4</reseller-id><ip><ip-address>198.51.100.8</ip-address></ip></ippool-add-ip>
			<ippool-set-ip><reseller-id>4</reseller-id><filter><ip-address>198.51.100.8</ip-address></filter><values><ip-type>exclusive</ip-type></values></ippool-set-ip>
			<ippool-del-ip><reseller-id>4</reseller-id><ip-address>198.51.100.8</ip-address></ippool-del-ip>
			<cform-buttons-list><filter/></cform-buttons-list><get-limit-descriptor><filter/></get-limit-descriptor><get-permission-descriptor><filter/></get-permission-descriptor>
			<switch-subscription><filter><login>rowan</login></filter><plan-external-id>g</plan-external-id></switch-subscription><sync-subscription><filter><login>rowan</login></filter></sync-subscription>
			<add-package><filter><login>rowan</login></filter><package><name>wiki</name><value>any</value></package></add-package>
			<remove-package><filter><login>rowan</login></filter><package><name>wiki</name><value>any</value></package></remove-package>
			<enable-aps-filter><filter><login>rowan</login></filter></enable-aps-filter><disable-aps-filter><filter><login>rowan</login></filter></disable-aps-filter>
			<get-domain-list><filter><login>rowan</login></filter></get-domain-list></reseller>`,
		`<customer><change-owner><filter><login>birch</login></filter><new-owner-login>rowan</new-owner-login></change-owner><change-owner><filter><login>birch</login></filter><new-owner-login>admin</new-owner-login></change-owner>
			<convert-to-reseller><filter><login>birch</login></filter></convert-to-reseller></customer><reseller><convert-to-customer><filter><login>birch</login></filter></convert-to-customer></reseller>`,
	}
}

// lifeOfPlans makes one plan of each kind with all that they share.
func lifeOfPlans() []string {
	const named = `<filter><external-id>p</external-id></filter>`
	shared := `<set>` + named + `<permissions><permission><name>manage_dns</name><value>true</value></permission></permissions></set><get><filter/></get>
		<duplicate>` + named + `<duplicate-name>Twin</duplicate-name></duplicate><del><filter><name>Twin</name></filter></del>
		<add-package>` + named + `<package><name>wiki</name><value>any</value></package></add-package><remove-package>` + named + `<package><name>wiki</name><value>any</value></package></remove-package>
		<get-limit-descriptor><filter/></get-limit-descriptor><get-permission-descriptor><filter/></get-permission-descriptor><get-physical-hosting-descriptor><filter/></get-physical-hosting-descriptor>`
	return []string{
		`<service-plan><add><name>Plan</name><external-id>p</external-id></add>` + shared + `
			<enable-aps-filter>` + named + `</enable-aps-filter><disable-aps-filter>` + named + `</disable-aps-filter>
			<add-plan-item>` + named + `<plan-item><name>urn:care</name></plan-item></add-plan-item><remove-plan-item>` + named + `<plan-item><name>urn:care</name></plan-item></remove-plan-item></service-plan>`,
		`<service-plan>` + databaseServersOf(named) + `</service-plan>`,
		`<service-plan-addon><add><name>More</name><external-id>p</external-id></add>` + shared + `</service-plan-addon>`,
	}
}

// databaseServersOf offers a server and takes the offer back.
func databaseServersOf(filter string) string {
	return fmt.Sprintf(`<db-servers><add>%[1]s%[2]s</add></db-servers><db-servers><list>%[1]s</list></db-servers><db-servers><remove>%[1]s%[2]s</remove></db-servers>`,
		filter, `<db-server><type>mysql</type><id>1</id></db-server>`)
}

func lifeOfSubscriptions() []string {
	const one = `<filter><id>1</id></filter>`
	return []string{
		`<webspace><add><gen_setup><name>main.test</name><htype>vrt_hst</htype><ip_address>198.51.100.7</ip_address></gen_setup><hosting><vrt_hst>` +
			prop("ftp_login", "main") + prop("ftp_password", pass) + `<ip_address>198.51.100.7</ip_address></vrt_hst></hosting></add></webspace>`,
		`<webspace><set>` + one + `<values><prefs><www>false</www></prefs></values></set><get><filter/><dataset><gen_info/><hosting/></dataset></get>
			<cform_buttons_list>` + one + `</cform_buttons_list><get_traffic>` + one + `</get_traffic>
			<set_traffic><dom_id>1</dom_id><date>2025-03-01</date><smtp_in>1</smtp_in><smtp_out>1</smtp_out><pop3_imap_in>1</pop3_imap_in><pop3_imap_out>1</pop3_imap_out></set_traffic>
			<get-limit-descriptor>` + one + `</get-limit-descriptor><get-permission-descriptor>` + one + `</get-permission-descriptor><get-physical-hosting-descriptor>` + one + `</get-physical-hosting-descriptor>
			<switch-subscription>` + one + `<plan-external-id>p</plan-external-id></switch-subscription><sync-subscription>` + one + `</sync-subscription>
			<add-subscription>` + one + `<plan-external-id>p</plan-external-id></add-subscription><remove-subscription>` + one + `<plan-external-id>p</plan-external-id></remove-subscription>
			<add-package>` + one + `<package><name>wiki</name><value>any</value></package></add-package><remove-package>` + one + `<package><name>wiki</name><value>any</value></package></remove-package>
			<add-plan-item>` + one + `<plan-item><name>urn:care</name></plan-item></add-plan-item><remove-plan-item>` + one + `<plan-item><name>urn:care</name></plan-item></remove-plan-item>
			<enable-aps-filter>` + one + `</enable-aps-filter><disable-aps-filter>` + one + `</disable-aps-filter>
			<get-changed><resource-usage><from>2025-01-01T00:00:00Z</from></resource-usage></get-changed></webspace>`,
		`<webspace>` + databaseServersOf(one) + `</webspace>`,
	}
}

func lifeOfSites() []string {
	return []string{
		`<site><add><gen_setup><name>addon.test</name><htype>vrt_hst</htype><webspace-id>1</webspace-id></gen_setup><hosting><vrt_hst>` + prop("php", "true") + `</vrt_hst></hosting></add>
			<add><gen_setup><name>spare.test</name><webspace-name>main.test</webspace-name></gen_setup></add>
			<set><filter><name>addon.test</name></filter><values><gen_setup><name>second.test</name></gen_setup></values></set><get><filter/><dataset><gen_info/></dataset></get>
			<cform_buttons_list><filter><id>2</id></filter></cform_buttons_list><get_traffic><filter><id>2</id></filter></get_traffic>
			<set_traffic><dom_id>2</dom_id><date>2025-03-01</date><smtp_in>1</smtp_in><smtp_out>1</smtp_out><pop3_imap_in>1</pop3_imap_in><pop3_imap_out>1</pop3_imap_out></set_traffic>
			<get-physical-hosting-descriptor><filter><id>2</id></filter></get-physical-hosting-descriptor><del><filter><name>spare.test</name></filter></del></site>`,
		`<subdomain><add><parent>second.test</parent><name>shop</name>` + prop("www_root", "/shop") + `</add><get><filter><name>shop.second.test</name></filter></get>
			<set><filter><parent-name>second.test</parent-name></filter>` + prop("php", "false") + `</set><rename><id>4</id><name>store</name></rename><del><filter><id>4</id></filter></del></subdomain>`,
		`<site-alias><create><pref><web>1</web><mail>0</mail></pref><site-id>1</site-id><name>also.test</name></create><get><filter><site-id>1</site-id></filter></get>
			<set><filter><name>also.test</name></filter><settings><pref><mail>true</mail></pref></settings></set><rename><name>also.test</name><new_name>too.test</new_name></rename>
			<get-supported-services/><delete><filter><name>too.test</name></filter></delete></site-alias>`,
		`<php-handler><get-usage><filter><id>plesk-php83-fpm</id></filter></get-usage></php-handler>`,
	}
}

func lifeOfNames() []string {
	const one = `<filter><site-id>1</site-id></filter>`
	return []string{
		`<dns><add_rec><site-id>1</site-id><type>A</type><host>api</host><value>192.0.2.5</value></add_rec><get_rec>` + one + `</get_rec><del_rec><filter><id>1</id></filter><template/></del_rec>
			<set>` + one + `<soa><ttl>600</ttl></soa></set><get>` + one + `<soa/></get><switch>` + one + `<zone_type>slave</zone_type></switch>
			<add_master_server><site-id>1</site-id><ip_address>192.0.2.53</ip_address></add_master_server><get_master_server>` + one + `</get_master_server><del_master_server>` + one + `</del_master_server>
			<disable>` + one + `</disable><enable>` + one + `</enable><sync-with-template><filter/></sync-with-template>
			<add_to_acl><filter><host>192.0.2.1</host></filter></add_to_acl><get_acl/><remove_from_acl><filter><host>192.0.2.1</host></filter></remove_from_acl>
			<set-recursion><value>localnets</value></set-recursion><get-recursion/><get-supported-recursion/></dns>`,
	}
}

func lifeOfPost() []string {
	account := func(more string) string {
		return `<filter><site-id>1</site-id><mailname><name>info</name>` + more + `</mailname></filter>`
	}
	return []string{
		`<mail><create>` + account(`<mailbox><enabled>true</enabled></mailbox><password><value>`+pass+`</value></password>`) + `</create>
			<update><add>` + account(`<alias>hello</alias>`) + `</add></update><update><remove>` + account(`<alias>hello</alias>`) + `</remove></update>
			<update><set>` + account(`<description>d</description>`) + `</set></update><get_info><filter><site-id>1</site-id></filter><mailbox/></get_info>
			<rename><site-id>1</site-id><name>info</name><new-name>office</new-name></rename><remove><filter><site-id>1</site-id><name>office</name></filter></remove>
			<disable><site-id>1</site-id></disable><enable><site-id>1</site-id></enable>
			<set_prefs><filter><site-id>1</site-id></filter><prefs><greylisting>true</greylisting></prefs></set_prefs><get_prefs><filter><site-id>1</site-id></filter></get_prefs>
			<get-available-mail-providers/></mail>`,
	}
}

func lifeOfDatabases() []string {
	return []string{
		`<db_server><add><host>db.example</host><port>3306</port><type>mysql</type><admin>root</admin><password>` + pass + `</password></add></db_server>
			<db_server><set><port>3307</port><id>2</id></set></db_server><db_server><set-default><id>2</id></set-default></db_server><db_server><get-default><filter/></get-default></db_server>
			<db_server><get><filter/></get></db_server><db_server><get-local><filter/></get-local></db_server><db_server><get-supported-types/></db_server>
			<db_server><set-default><type>mysql</type></set-default></db_server><db_server><del><filter><id>2</id></filter></del></db_server>`,
		`<database><add-db><webspace-id>1</webspace-id><name>shop</name><type>mysql</type></add-db><add-db-user><db-id>1</db-id><login>shop</login><password>` + pass + `</password></add-db-user>
			<add-db-user><db-id>1</db-id><login>reader</login><password>` + pass + `</password><role>readOnly</role></add-db-user><get-db><filter/></get-db><get-db-users><filter/></get-db-users>
			<set-db-user><id>2</id><login>guest</login></set-db-user><set-default-user><db-id>1</db-id><default-user-id>2</default-user-id></set-default-user>
			<get-default-user><filter><db-id>1</db-id></filter></get-default-user><set-custom-host><filter><id>1</id></filter><host>db.example</host></set-custom-host>
			<assign-to-subscription><filter><id>1</id></filter><webspace-id>1</webspace-id></assign-to-subscription><del-db-user><filter><id>1</id></filter></del-db-user><del-db><filter><id>1</id></filter></del-db></database>`,
	}
}

// keyText is a private key as openssl ecparam writes it, with the parameters of its curve before it.
func keyText(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	parameters := []byte{6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7} // prime256v1
	return string(pem.EncodeToMemory(&pem.Block{Type: "EC PARAMETERS", Bytes: parameters})) + string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}))
}

// lifeOfContent is about what a site holds and who may touch it.
func lifeOfContent(key string) []string {
	return []string{
		`<ftp-user><add><name>carol</name><password>` + pass + `</password><webspace-id>1</webspace-id></add><set><filter><name>carol</name></filter><values><quota>1000</quota></values></set>
			<get><filter/></get><del><filter><name>carol</name></filter></del></ftp-user>`,
		`<protected-dir><add><site-id>1</site-id><name>private</name></add><set><filter><id>1</id></filter><values><header>Private</header></values></set><get><filter/></get>
			<add-user><pd-id>1</pd-id><login>ada</login><password>` + pass + `</password></add-user><set-user><filter><id>1</id></filter><values><login>eda</login></values></set-user>
			<get-user><filter><pd-id>1</pd-id></filter></get-user><delete-user><filter><id>1</id></filter></delete-user><get-pd-location-descriptor/><delete><filter><id>1</id></filter></delete></protected-dir>`,
		`<log-rotation><set><filter><site-id>1</site-id></filter><settings><log-condition><log-bytime>Daily</log-bytime></log-condition></settings></set><get><filter/></get>
			<disable><filter/></disable><enable><filter/></enable><get-status><filter/></get-status></log-rotation>`,
		`<certificate><generate><info><bits>1024</bits><country>SE</country><state>S</state><location>L</location><company>C</company><email>a@main.test</email><name>main.test</name></info></generate></certificate>`,
		`<certificate><install><name>one</name><admin/><content><csr/><pvt>` + key + `</pvt></content></install><update><name>one</name><admin/><content><csr/><pvt>` + key + `</pvt></content></update>
			<get-pool><admin/></get-pool><remove><filter><name>one</name></filter><admin/></remove></certificate>`,
	}
}

func lifeOfPanel() []string {
	return []string{
		`<secret_key><create><description>one</description></create><get_info><filter/></get_info><delete><filter/></delete></secret_key>`,
		`<server><create_session><login>admin</login></create_session></server><session><get/></session>`,
		`<session><terminate><session-id>TOKEN</session-id></terminate></session>`,
		`<ui><create-custombutton><owner><admin/></owner><properties><place>admin</place><url>https://desk.example/</url><text>Desk</text></properties></create-custombutton>
			<get-custombutton><filter><custombutton-id>1</custombutton-id></filter></get-custombutton><delete-custombutton><filter><custombutton-id>1</custombutton-id></filter></delete-custombutton>
			<get-navigation/><branding-theme-install><filter><vendor-login>admin</vendor-login></filter><path>/tmp/theme.zip</path></branding-theme-install>
			<branding-theme-uninstall><filter><vendor-login>admin</vendor-login></filter></branding-theme-uninstall></ui>`,
		`<extension><get/><install><id>nodejs</id></install><call><git><create><domain>main.test</domain><name>site</name></create></git></call><uninstall><id>nodejs</id></uninstall></extension>`,
	}
}

func lifeOfApplications() []string {
	return []string{
		`<aps><import-package><filename>/tmp/wiki-1.2-3.app.zip</filename></import-package><get-packages-list><all/></get-packages-list>
			<set-package-properties><filter><package-id>1</package-id></filter><properties><visible>true</visible></properties></set-package-properties>
			<get-packages-list-by-reseller><reseller-id>4</reseller-id></get-packages-list-by-reseller><get-packages-list-by-webspace><webspace-id>1</webspace-id></get-packages-list-by-webspace>
			<import-config><filename>/tmp/config.xml</filename></import-config><download-package><package><name>wiki</name></package></download-package>
			<get-download-status><filter><task-id>1</task-id></filter></get-download-status><install><domain-id>1</domain-id><package-id>1</package-id></install></aps>`,
	}
}

func endOfAll() []string {
	return []string{
		`<service-plan-addon><del><filter><name>More</name></filter></del></service-plan-addon><service-plan><del><filter><name>Plan</name></filter></del></service-plan>
			<webspace><del><filter><id>1</id></filter></del></webspace><customer><del><filter><login>alder</login></filter></del></customer>
			<reseller><del><filter><login>rowan</login></filter></del></reseller><reseller-plan><del><filter><name>Gold</name></filter></del></reseller-plan>`,
	}
}
