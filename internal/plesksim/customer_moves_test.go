// Accounts that move: customers to other providers, customers who become resellers, and the reverse.

package plesksim

import (
	"fmt"
	"testing"
)

// move sends an operation of the customer or reseller operator about one account; want is the core of its result.
func (c *client) move(operator, operation, login string, id int, more, want string) {
	c.t.Helper()
	c.ask(`<`+operator+`><`+operation+`><filter><login>`+login+`</login></filter>`+more+`</`+operation+`></`+operator+`>`,
		fmt.Sprintf(`<%s><%s><result>%s<filter-id>%s</filter-id><id>%d</id></result></%s></%s>`, operator, operation, want, login, id, operation, operator))
}

// Without a plan a new reseller has the sum of what their subscriptions had, and the addresses that these use.
func TestCustomerBecomesResellerWithWhatHeHas(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	addCustomer(t, s, "oak")
	c := start(t, s)
	c.newPlan(5, "small", `<limits>`+limit("max_db", "2")+limit("max_box", "5")+limit("max_site", "3")+limit("mbox_quota", "100")+limit("expiration", "1900000000")+`</limits><permissions>`+permission("manage_dns", "true")+`</permissions>`)
	c.newPlan(6, "other", `<limits>`+limit("max_db", "3")+limit("max_site", "1")+limit("mbox_quota", "70")+`</limits><permissions>`+permission("manage_log", "true")+`</permissions>`)
	c.added(1, `<gen_setup><name>one.test</name><owner-login>alder</owner-login></gen_setup>`+virtual("one")+`<plan-name>small</plan-name>`)
	c.added(2, `<gen_setup><name>two.test</name><owner-login>alder</owner-login><ip_address>198.51.100.8</ip_address></gen_setup><plan-name>other</plan-name>`)
	c.move("customer", "convert-to-reseller", "alder", 2, ``, okStatus)
	c.move("customer", "convert-to-reseller", "oak", 3, ``, okStatus)
	c.has(`<customer><get><filter><login>alder</login></filter><dataset/></get></customer>`, refusedWith("1013"))
	c.has(aboutReseller("alder", `<gen-info/><permissions/><limits/><ippool/><subscriptions/>`), `<id>2</id>`, `<login>alder</login>`,
		limit("max_cl", "-1"), limit("max_db", "5"), limit("max_box", "-1"), limit("max_site", "4"), limit("max_dom", "4"), limit("mbox_quota", "100"), limit("expiration", "-1"),
		permission("manage_dns", "true"), permission("manage_log", "true"), permission("manage_crontab", "false"), permission("create_clients", "true"), permission("remote_access_interface", "false"),
		`<ippool><ip><ip-address>198.51.100.7</ip-address><ip-type>shared</ip-type></ip><ip><ip-address>198.51.100.8</ip-address><ip-type>exclusive</ip-type></ip></ippool><subscriptions/>`)
	c.has(about(1, `<gen_info/><limits/><subscriptions/>`), `<owner-login>alder</owner-login>`, limit("max_db", "2"), `<subscriptions/>`)
	// A customer without subscriptions gets the server's defaults.
	c.has(aboutReseller("oak", `<permissions/><limits/><ippool/>`), limit("max_db", "-1"), permission("manage_dns", "true"), `<ippool/>`)
	for _, e := range [][2]string{{"deleted", "client"}, {"created", "reseller"}} {
		c.has(`<event_log><get_events><events><event><type>`+e[0]+`</type><class>`+e[1]+`</class></event></events></get_events></event_log>`, `<obj_id>2</obj_id>`)
	}
	// The password stays the same, and the new permissions hold at once.
	c.setReseller("alder", remote(permission("create_domains", "true")), okStatus)
	alder := c.as("alder", "pass-42x")
	alder.has(`<customer><add><gen_info><pname>E</pname><login>elm</login><passwd>pass-42x</passwd></gen_info></add></customer>`, okStatus)
	alder.added(3, `<gen_setup><name>three.test</name><owner-login>elm</owner-login></gen_setup>`)
}

// A named reseller plan gives the rest. One that is exceeded is refused, and so is one that does not exist.
func TestCustomerBecomesResellerWithAPlan(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	c := start(t, s)
	c.added(1, `<gen_setup><name>one.test</name><owner-login>alder</owner-login></gen_setup>`)
	c.added(2, `<gen_setup><name>two.test</name><owner-login>alder</owner-login></gen_setup>`)
	c.newResellerPlan(5, "tight", `<limits>`+limit("max_site", "1")+`</limits>`, "")
	c.newResellerPlan(6, "gold", `<limits>`+limit("max_cl", "8")+`</limits><ip-pool><ip-address>2001:db8::7</ip-address><allocate-ip>1</allocate-ip></ip-pool>`, "x-gold")
	plan := func(name string) string { return `<reseller-plan-name>` + name + `</reseller-plan-name>` }
	c.move("customer", "convert-to-reseller", "alder", 2, plan("none"), failed("1013"))
	c.move("customer", "convert-to-reseller", "alder", 2, plan("Unlimited"), failed("1013")) // a service plan
	c.move("customer", "convert-to-reseller", "alder", 2, plan("tight"), failed("1023"))
	c.has(`<customer><get><filter><login>alder</login></filter><dataset/></get></customer>`, okStatus)
	c.move("customer", "convert-to-reseller", "alder", 2, plan("gold"), okStatus)
	c.has(aboutReseller("alder", `<limits/><ippool/><subscriptions/>`), limit("max_cl", "8"), limit("max_site", "-1"),
		`<ippool><ip><ip-address>198.51.100.7</ip-address><ip-type>shared</ip-type></ip><ip><ip-address>2001:db8::7</ip-address><ip-type>shared</ip-type></ip>
		<ip><ip-address>198.51.100.8</ip-address><ip-type>exclusive</ip-type></ip></ippool>`, links("false", "true"), `<plan-external-id>x-gold</plan-external-id>`)
	c.setResellerPlan("gold", `<limits>`+limit("max_cl", "9")+`</limits>`, "")
	c.has(aboutReseller("alder", `<limits/>`), limit("max_cl", "9"))
}

// A reseller's customer who becomes a reseller takes exclusive addresses along, unless other customers of that reseller use them.
func TestExclusiveAddressesOfConvertedCustomers(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.newReseller(2, "birch", remote())
	c.has(pool("198.51.100.7", "198.51.100.8"), okStatus)
	birch := c.as("birch", "pass-42x")
	for i, login := range []string{"oak", "elm"} {
		birch.has(`<customer><add><gen_info><pname>A</pname><login>`+login+`</login><passwd>pass-42x</passwd></gen_info></add></customer>`, okStatus)
		birch.added(1+i, `<gen_setup><name>`+login+`.test</name><owner-login>`+login+`</owner-login><ip_address>198.51.100.8</ip_address></gen_setup>`)
	}
	c.move("customer", "convert-to-reseller", "oak", 3, ``, failed("1027"))
	birch.changed(2, `<gen_setup><ip_address>198.51.100.7</ip_address></gen_setup>`)
	c.move("customer", "convert-to-reseller", "oak", 3, ``, okStatus)
	c.has(aboutReseller("birch", `<ippool/>`), `<ippool><ip><ip-address>198.51.100.7</ip-address><ip-type>shared</ip-type></ip></ippool>`)
	c.has(aboutReseller("oak", `<ippool/>`), `<ippool><ip><ip-address>198.51.100.8</ip-address><ip-type>exclusive</ip-type></ip></ippool>`)
	birch.has(`<customer><get><filter/><dataset/></get></customer>`, `<id>4</id>`)
	birch.lacks(`<customer><get><filter/><dataset/></get></customer>`, `<id>3</id>`)
}

// A customer can move only to a provider with room and addresses for everything; otherwise nothing moves.
func TestProvidersRoomForMovedCustomers(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	c := start(t, s)
	c.added(1, `<gen_setup><name>one.test</name><owner-login>alder</owner-login></gen_setup>`+virtual("one")+`<plan-name>Default Domain</plan-name>`)
	c.added(2, `<gen_setup><name>two.test</name><owner-login>alder</owner-login></gen_setup>`)
	c.has(`<database><add-db><webspace-id>1</webspace-id><name>shop</name><type>mysql</type></add-db></database>`, okStatus)
	c.newReseller(3, "birch", remote())
	birch := c.as("birch", "pass-42x")
	birch.newPlan(5, "birch's", `<limits>`+limit("max_db", "1")+`</limits>`)
	birch.newPlan(6, "tight", `<limits>`+limit("max_db", "0")+`</limits>`)
	to := func(more string) string { return `<new-owner-login>birch</new-owner-login>` + more }
	move := func(more, want string) {
		t.Helper()
		c.move("customer", "change-owner", "alder", 2, to(more), want)
	}
	move(``, failed("1018"))
	c.has(`<reseller><ippool-add-ip><reseller-id>3</reseller-id><ip><ip-address>198.51.100.7</ip-address></ip><ip><ip-address>198.51.100.8</ip-address></ip></ippool-add-ip></reseller>`, okStatus)
	for _, test := range []struct{ limits, code string }{
		{limit("max_cl", "0"), "1024"}, {limit("max_dom", "1"), "1024"}, {limit("max_site", "1"), "1024"}, {limit("max_db", "0"), "1024"},
	} {
		c.setReseller("birch", `<limits>`+test.limits+`</limits>`, okStatus)
		move(``, failed(test.code))
		c.setReseller("birch", `<limits>`+limit("max_cl", "-1")+limit("max_dom", "-1")+limit("max_site", "-1")+limit("max_db", "-1")+`</limits>`, okStatus)
	}
	move(`<ipV4-address>2001:db8::7</ipV4-address>`, failed("1019"))
	move(`<ipV4-address>192.0.2.1</ipV4-address>`, failed("1018"))
	move(`<ipV4-address>198.51.100.8</ipV4-address><ipV4-address>192.0.2.1</ipV4-address>`, failed("1018"))
	move(`<plan-name>none</plan-name>`, failed("1013"))
	move(`<plan-name>Unlimited</plan-name>`, failed("1013")) // the administrator's
	move(`<plan-name>tight</plan-name>`, failed("1023"))
	// Who may not oversell cannot promise what the customer has.
	c.setReseller("birch", `<limits><resource-policy><oversell>false</oversell></resource-policy>`+limit("max_db", "2")+`</limits>`, okStatus)
	move(``, failed("1024"))
	c.has(about(1, `<gen_info/><subscriptions/>`), `<vendor-guid>`+s.state.admin().GUID+`</vendor-guid>`, links("false", "true"))
	c.has(`<customer><get><filter><owner-login>admin</owner-login></filter><dataset/></get></customer>`, `<id>2</id>`)

	move(`<ipV4-address>198.51.100.8</ipV4-address><plan-name>birch's</plan-name>`, okStatus)
	for id := 1; id <= 2; id++ {
		c.has(about(id, `<gen_info/><limits/><subscriptions/>`), `<vendor-guid>`+s.state.Accounts.Get(3).GUID+`</vendor-guid>`, `<dns_ip_address>198.51.100.8</dns_ip_address><htype>`, limit("max_db", "1"), links("false", "true"))
	}
	birch.has(`<customer><get><filter/><dataset/></get></customer>`, `<id>2</id>`)
	// A move to the same provider checks nothing again, and loses nothing.
	c.setReseller("birch", `<limits>`+limit("max_cl", "0")+`</limits>`, okStatus)
	move(``, okStatus)
	c.has(about(1, `<subscriptions/>`), links("false", "true"))
	// Back to the administrator: an address that is exclusively the reseller's stays with the reseller.
	c.move("customer", "change-owner", "alder", 2, `<new-owner-login>admin</new-owner-login>`, failed("1018"))
	c.move("customer", "change-owner", "alder", 2, `<new-owner-login>admin</new-owner-login><ipV4-address>198.51.100.7</ipV4-address>`, okStatus)
	c.has(about(1, `<gen_info/><subscriptions/>`), `<dns_ip_address>198.51.100.7</dns_ip_address><htype>`, `<subscriptions/>`)
	birch.ask(`<customer><change-owner><filter/><new-owner-login>birch</new-owner-login></change-owner><convert-to-reseller><filter/></convert-to-reseller></customer>`,
		`<customer><change-owner><result>`+failed("1006")+`</result></change-owner><convert-to-reseller><result>`+failed("1006")+`</result></convert-to-reseller></customer>`)
}

// A reseller without customers can become a customer; the plans are gone then.
func TestResellerBecomesCustomer(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.newReseller(2, "birch", remote())
	c.has(pool("198.51.100.7", "198.51.100.8"), okStatus)
	birch := c.as("birch", "pass-42x")
	birch.newPlan(5, "own", `<limits>`+limit("max_db", "1")+`</limits>`)
	birch.newAddon(6, "more", `<external-id>x-more</external-id>`)
	birch.added(1, `<gen_setup><name>one.test</name></gen_setup>`+virtual("one")+`<plan-name>own</plan-name>`)
	birch.attach(1, "x-more")
	birch.has(`<customer><add><gen_info><pname>O</pname><login>oak</login><passwd>pass-42x</passwd></gen_info></add></customer>`, okStatus)
	c.newPlan(7, "tight", `<limits>`+limit("max_site", "0")+`</limits>`)
	convert := func(more, want string) {
		t.Helper()
		c.move("reseller", "convert-to-customer", "birch", 2, more, want)
	}
	convert(``, failed("1023"))
	c.has(`<customer><del><filter><login>oak</login></filter></del></customer>`, okStatus)
	convert(`<plan-name>own</plan-name>`, failed("1013"))
	convert(`<plan-name>tight</plan-name>`, failed("1023"))
	convert(`<plan-name>Default Simple</plan-name>`, okStatus)
	c.has(`<reseller><get><filter><login>birch</login></filter><dataset/></get></reseller>`, refusedWith("1013"))
	c.has(`<customer><get><filter><login>birch</login></filter><dataset><gen_info/></dataset></get></customer>`, `<id>2</id>`, `<owner-login>admin</owner-login>`)
	c.has(about(1, `<gen_info/><limits/><subscriptions/>`), `<owner-login>birch</owner-login>`, limit("max_db", "1"), links("false", "true"), `<plan-guid>`+s.state.plansOf(adminID, servicePlan)[1].GUID+`</plan-guid>`)
	c.lacks(`<service-plan><get><filter/><owner-all/></get></service-plan><service-plan-addon><get><filter/><owner-all/></get></service-plan-addon>`, `<name>own</name>`, `<name>more</name>`)
	for _, e := range [][2]string{{"deleted", "reseller"}, {"created", "client"}} {
		c.has(`<event_log><get_events><events><event><type>`+e[0]+`</type><class>`+e[1]+`</class></event></events></get_events></event_log>`, `<obj_id>2</obj_id>`)
	}
	// To the server this is no longer a reseller, and the exclusive addresses are free.
	birch.ask(`<reseller><get><filter/><dataset/></get></reseller>`, `<reseller><get><result>`+failed("1006")+`</result></get></reseller>`)
	c.has(`<ip><del><filter><ip_address>198.51.100.8</ip_address></filter></del></ip>`, okStatus)
}

// External ids are unique per kind of account, also for one that changes its kind.
func TestExternalIDsOfConvertedAccounts(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	c := start(t, s)
	c.newReseller(3, "birch", "")
	c.has(`<customer><set><filter><id>2</id></filter><values><gen_info><external-id>x</external-id></gen_info></values></set></customer>`, okStatus)
	c.setReseller("birch", `<gen-info><external-id>x</external-id></gen-info>`, okStatus)
	c.move("customer", "convert-to-reseller", "alder", 2, ``, failed("1007"))
	c.move("reseller", "convert-to-customer", "birch", 3, ``, failed("1007"))
	c.setReseller("birch", `<gen-info><external-id/></gen-info>`, okStatus)
	c.move("customer", "convert-to-reseller", "alder", 2, ``, okStatus)
}

// A subscription that moves alone needs room and addresses at its new provider too; it can be given others on the way.
func TestProvidersRoomForMovedSubscriptions(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.newReseller(2, "birch", "")
	c.has(`<reseller><ippool-add-ip><reseller-id>2</reseller-id><ip><ip-address>198.51.100.8</ip-address></ip></ippool-add-ip></reseller>`, okStatus)
	c.added(1, `<gen_setup><name>one.test</name></gen_setup>`+virtual("one"))
	c.added(2, `<gen_setup><name>two.test</name></gen_setup>`)
	to := func(more string) string {
		return `<gen_setup><owner-login>birch</owner-login>` + more + `</gen_setup>`
	}
	c.refusedSet(1, to(``), "1018")
	c.refusedSet(1, to(`<ip_address>198.51.100.8</ip_address>`), "1018") // says nothing about hosting
	c.refusedSet(1, to(``)+`<hosting><vrt_hst><ip_address>198.51.100.7</ip_address></vrt_hst></hosting>`, "1018")
	c.setReseller("birch", `<limits>`+limit("max_site", "0")+`</limits>`, okStatus)
	c.refusedSet(2, to(`<ip_address>198.51.100.8</ip_address>`), "1024")
	c.setReseller("birch", `<limits>`+limit("max_site", "2")+`</limits>`, okStatus)
	c.changed(1, to(``)+`<hosting><vrt_hst><ip_address>198.51.100.8</ip_address></vrt_hst></hosting>`)
	c.changed(2, to(`<ip_address>198.51.100.8</ip_address>`))
	for id := 1; id <= 2; id++ {
		c.has(about(id, `<gen_info/>`), `<owner-login>birch</owner-login><dns_ip_address>198.51.100.8</dns_ip_address><htype>`)
	}
}
