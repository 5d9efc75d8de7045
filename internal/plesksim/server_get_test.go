// What the server tells about itself.

package plesksim

import "testing"

func TestServerGet(t *testing.T) {
	s := newServer(t, func(o *Options) { o.Hostname = "web-01.example.com" })
	addCustomer(t, s, "alder")
	addWebspace(t, s, "admin", "main.test")
	addWebspace(t, s, "alder", "alder.test")
	c := start(t, s)
	c.ask(`<server><get/><get><gen_info/><session_setup/><admin-domain-list/></get></server>`,
		`<server><get>`+okOnly+`</get><get><result><status>ok</status>
		<gen_info><server_name>web-01.example.com</server_name><server_guid>§</server_guid><external-id/><mode>standard</mode></gen_info>
		<session_setup><login_timeout>30</login_timeout></session_setup>
		<admin-domain-list><domain><id>1</id><name>main.test</name><ascii-name>main.test</ascii-name><type>domain</type><main>true</main><guid>§</guid><external-id/></domain></admin-domain-list>
		</result></get></server>`)
	everything := []byte(c.post(`<packet><server><get><key/><gen_info/><components/><stat/><admin/><interfaces/><services_state/><prefs/><shells/><session_setup/>
		<site-isolation-config/><updates/><admin-domain-list/><certificates/></get></server></packet>`))
	for _, part := range []string{
		`<property><name>lim_cl</name><value>-1</value></property>`, `<component><name>psa</name><version>18.`, `<objects><clients>1</clients><domains>2</domains>`,
		`<plesk_name>psa</plesk_name>`, `<admin_pname>Administrator</admin_pname>`, `<interface>eth0</interface>`,
		`<srv><id>dns</id><title>DNS Server (BIND)</title><state>running</state></srv>`, `<restart_apache_interval>0</restart_apache_interval>`,
		`<shell><name>/bin/false</name><path>/bin/false</path></shell>`, `<name>php</name>`, `<install_third_party_updates>false</install_third_party_updates>`,
	} {
		contains(t, everything, part)
	}
	contains(t, []byte(c.post("<packet>"+getProtos+"</packet>")), `<proto>1.6.9.1</proto></protos>`)
	contains(t, []byte(c.post("<packet>"+getProtos+"</packet>")), `<proto>1.6.3.0</proto>`)
}
