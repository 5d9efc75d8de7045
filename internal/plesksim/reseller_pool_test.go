// The address pools of resellers.

package plesksim

import "testing"

// The pool: addresses of the server, exclusive ones in one pool only, none taken away while it is used.
func TestResellerPool(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.newReseller(2, "birch", remote())
	c.newReseller(3, "cedar", "")
	c.setReseller("cedar", `<gen-info><external-id>x-cedar</external-id></gen-info>`, okStatus)
	addCustomer(t, s, "alder")
	addWebspace(t, s, "alder", "alder.test") // on 198.51.100.7 and 2001:db8::7
	birch := c.as("birch", "pass-42x")
	birch.ask(`<webspace><add><gen_setup><name>b.test</name></gen_setup></add></webspace>`, `<webspace><add><result>`+failed("1018")+`</result></add></webspace>`)
	ok := func(address string) string {
		return `<result><status>ok</status><ip-address>` + address + `</ip-address></result>`
	}
	no := func(code, address string) string {
		return `<result>` + failed(code) + `<ip-address>` + address + `</ip-address></result>`
	}
	c.ask(`<reseller><ippool-add-ip><reseller-id>2</reseller-id><ip><ip-address>198.51.100.7</ip-address></ip><ip><ip-address>2001:DB8:0::7</ip-address><ip-type>exclusive</ip-type></ip>
		<ip><ip-address>198.51.100.8</ip-address></ip><ip><ip-address>198.51.100.7</ip-address></ip><ip><ip-address>192.0.2.1</ip-address></ip><ip><ip-address>nowhere</ip-address></ip></ippool-add-ip></reseller>`,
		`<reseller><ippool-add-ip>`+ok("198.51.100.7")+no("1027", "2001:DB8:0::7")+ok("198.51.100.8")+no("1007", "198.51.100.7")+no("1018", "192.0.2.1")+no("1018", "nowhere")+`</ippool-add-ip></reseller>`)
	c.has(aboutReseller("birch", `<ippool/>`), `<ippool><ip><ip-address>198.51.100.7</ip-address><ip-type>shared</ip-type></ip><ip><ip-address>198.51.100.8</ip-address><ip-type>exclusive</ip-type></ip></ippool>`)
	birch.has(`<ip><get/></ip>`, `<ip_address>198.51.100.7</ip_address>`, `<ip_address>198.51.100.8</ip_address><netmask>255.255.255.0</netmask><type>exclusive</type>`)
	c.ask(`<reseller><ippool-add-ip><external-id>x-cedar</external-id><ip><ip-address>198.51.100.8</ip-address></ip><ip><ip-address>198.51.100.7</ip-address><ip-type>shared</ip-type></ip></ippool-add-ip>
		<ippool-add-ip><reseller-id>4</reseller-id><ip><ip-address>198.51.100.7</ip-address></ip></ippool-add-ip><ippool-del-ip><external-id>nobody</external-id><ip-address>198.51.100.7</ip-address></ippool-del-ip></reseller>`,
		`<reseller><ippool-add-ip>`+no("1027", "198.51.100.8")+ok("198.51.100.7")+`</ippool-add-ip>
		<ippool-add-ip><result>`+failed("1013")+`<reseller-id>4</reseller-id></result></ippool-add-ip><ippool-del-ip><result>`+failed("1013")+`</result></ippool-del-ip></reseller>`)
	// An exclusive address cannot be in another pool.
	c.ask(`<webspace><add><gen_setup><name>x.test</name><owner-login>alder</owner-login><ip_address>198.51.100.8</ip_address></gen_setup></add></webspace>`,
		`<webspace><add><result>`+failed("1018")+`</result></add></webspace>`)
	birch.added(2, `<gen_setup><name>b.test</name><ip_address>198.51.100.8</ip_address></gen_setup>`)
	c.ask(`<reseller><ippool-set-ip><reseller-id>2</reseller-id><filter><ip-address>198.51.100.7</ip-address><ip-address>198.51.100.8</ip-address><ip-address>2001:db8::7</ip-address></filter><values><ip-type>exclusive</ip-type></values></ippool-set-ip>
		<ippool-set-ip><reseller-id>2</reseller-id><filter><ip-address>198.51.100.8</ip-address></filter><values><ip-type>shared</ip-type></values></ippool-set-ip></reseller>`,
		`<reseller><ippool-set-ip>`+no("1027", "198.51.100.7")+ok("198.51.100.8")+no("1018", "2001:db8::7")+`</ippool-set-ip><ippool-set-ip>`+ok("198.51.100.8")+`</ippool-set-ip></reseller>`)
	c.has(aboutReseller("birch", `<ippool/>`), `<ip><ip-address>198.51.100.8</ip-address><ip-type>shared</ip-type></ip>`)
	c.ask(`<reseller><ippool-del-ip><reseller-id>2</reseller-id><ip-address>198.51.100.8</ip-address><ip-address>198.51.100.7</ip-address><ip-address>198.51.100.7</ip-address></ippool-del-ip></reseller>`,
		`<reseller><ippool-del-ip>`+no("1027", "198.51.100.8")+ok("198.51.100.7")+no("1018", "198.51.100.7")+`</ippool-del-ip></reseller>`)
	c.has(`<event_log><get_events><events><event><type>updated</type><class>reseller_ip_pool</class></event></events></get_events></event_log>`, `<obj_id>2</obj_id>`, `<obj_id>3</obj_id>`)
	// The server's address cannot go while it is in a pool.
	c.ask(`<ip><del><filter><ip_address>198.51.100.8</ip_address></filter></del></ip>`, `<ip><del><result>`+failed("1027")+`<ip_address>198.51.100.8</ip_address></result></del></ip>`)
	c.has(`<reseller><del><filter><id>2</id></filter></del></reseller>`, okStatus)
	c.ask(`<ip><del><filter><ip_address>198.51.100.8</ip_address></filter></del></ip>`, `<ip><del><result><status>ok</status><ip_address>198.51.100.8</ip_address></result></del></ip>`)
	c.ask(`<reseller><ippool-add-ip><reseller-id>3</reseller-id></ippool-add-ip></reseller>`, refused("1014"))
}
