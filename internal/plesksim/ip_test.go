// The addresses of the server, and who uses them.

package plesksim

import "testing"

// A fresh server's addresses, and their rules (operators-accounts-server §12).
func TestAddresses(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	addWebspace(t, s, "alder", "alder.test")
	c := start(t, s)
	info := func(address, netmask, kind, rest string) string {
		return `<ip_info><ip_address>` + address + `</ip_address><netmask>` + netmask + `</netmask><type>` + kind + `</type><interface>eth0</interface>` + rest + `</ip_info>`
	}
	factory := info("198.51.100.7", "255.255.255.0", "shared", "") + info("198.51.100.8", "255.255.255.0", "exclusive", "") +
		info("2001:db8::7", "ffff:ffff:ffff:ffff::", "shared", "")
	c.ask(`<ip><get/></ip>`, `<ip><get><result><status>ok</status><addresses>`+factory+`</addresses></result></get></ip>`)
	c.ask(`<ip>
		<add><interface>eth0</interface><type>shared</type><ip_address>198.51.100.9</ip_address><netmask>255.255.255.0</netmask></add>
		<add><ip_address>2001:DB8:0:0::9</ip_address><netmask>/64</netmask><type>exclusive</type><interface>eth0</interface></add>
		<add><ip_address>2001:db8::9</ip_address><netmask>64</netmask><type>exclusive</type><interface>eth0</interface></add>
		<add><ip_address>198.51.100.10</ip_address><netmask>255.255.255.0</netmask><type>shared</type><interface>eth7</interface></add>
		<add><ip_address>198.51.100.10</ip_address><netmask>255.0.255.0</netmask><type>shared</type><interface>eth0</interface></add>
		<add><ip_address>somewhere</ip_address><netmask>255.255.255.0</netmask><type>shared</type><interface>eth0</interface></add>
		<set><filter><ip_address>198.51.100.9</ip_address><ip_address>10.0.0.1</ip_address></filter><type>exclusive</type></set>
		<set><filter><ip_address>198.51.100.9</ip_address></filter><public_ip_address>203.0.113.9</public_ip_address></set>
		<del><filter><ip_address>2001:db8::9</ip_address><ip_address>2001:db8::7</ip_address><ip_address>198.51.100.7</ip_address></filter></del>
		<get/></ip>`,
		`<ip>
		<add><result><status>ok</status><ip_address>198.51.100.9</ip_address></result></add>
		<add><result><status>ok</status><ip_address>2001:db8::9</ip_address></result></add>
		<add><result>`+failed("1007")+`</result></add>
		<add><result>`+failed("1032")+`</result></add>
		<add><result>`+failed("1019")+`</result></add>
		<add><result>`+failed("1019")+`</result></add>
		<set><result><status>ok</status><ip_address>198.51.100.9</ip_address></result><result>`+failed("1018")+`<ip_address>10.0.0.1</ip_address></result></set>
		<set><result><status>ok</status><ip_address>198.51.100.9</ip_address></result></set>
		<del><result><status>ok</status><ip_address>2001:db8::9</ip_address></result>
			<result>`+failed("1027")+`<ip_address>2001:db8::7</ip_address></result><result>`+failed("1027")+`<ip_address>198.51.100.7</ip_address></result></del>
		<get><result><status>ok</status><addresses>`+factory+
			info("198.51.100.9", "255.255.255.0", "exclusive", "<public_ip_address>203.0.113.9</public_ip_address>")+`</addresses></result></get></ip>`)
	c.ask(`<ip><add><ip_address>198.51.100.11</ip_address><netmask>255.255.255.0</netmask><type>private</type><interface>eth0</interface></add></ip>`, refused("1014"))
}

// An address that two customers use cannot become exclusive; resellers see only their own pools.
func TestAddressUsers(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	addWebspace(t, s, "alder", "alder.test")
	addReseller(t, s, "birch")
	c := start(t, s)
	c.ask(`<ip><set><filter><ip_address>198.51.100.7</ip_address></filter><type>exclusive</type></set>
		<set><filter><ip_address>198.51.100.7</ip_address></filter><type>shared</type></set></ip>`,
		`<ip><set><result><status>ok</status><ip_address>198.51.100.7</ip_address></result></set>
		<set><result><status>ok</status><ip_address>198.51.100.7</ip_address></result></set></ip>`)
	addCustomer(t, s, "oak")
	addWebspace(t, s, "oak", "oak.test")
	c.ask(`<ip><set><filter><ip_address>198.51.100.7</ip_address></filter><type>exclusive</type></set></ip>`,
		`<ip><set><result>`+failed("1027")+`<ip_address>198.51.100.7</ip_address></result></set></ip>`)
	birch := c.as("birch", "pass-42x")
	birch.ask(`<ip><get/><del><filter><ip_address>198.51.100.8</ip_address></filter></del></ip>`,
		`<ip><get><result><status>ok</status><addresses/></result></get><del><result>`+failed("1006")+`</result></del></ip>`)
}
