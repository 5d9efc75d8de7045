// The link of subscriptions to plans: values, locks, propagation, switching, synchronising, add-ons.

package plesksim

import "testing"

// links is the block that tells a subscription's link to plans.
func links(locked, synchronized string) string {
	return `<subscription><locked>` + locked + `</locked><synchronized>` + synchronized + `</synchronized>`
}

// What a plan gives on add, and what locks a subscription at once: anything that the plan could have given.
func TestPlanOnAdd(t *testing.T) {
	c := start(t, newServer(t))
	c.newPlan(5, "one", `<mail><webmail>none</webmail></mail><limits><overuse>notify</overuse>`+limit("max_db", "3")+`</limits><preferences><stat>9</stat></preferences>
		<hosting>`+prop("cgi", "true")+prop("php_handler_id", "plesk-php82-fpm")+`</hosting><performance><bandwidth>50</bandwidth></performance>
		<permissions>`+permission("manage_log", "true")+`</permissions><external-id>x5</external-id><php-settings><setting><name>memory_limit</name><value>64M</value></setting></php-settings>`)
	c.added(1, `<gen_setup><name>one.test</name></gen_setup>`+virtual("one", prop("www_root", "web"))+`<plan-external-id>x5</plan-external-id>`)
	c.has(about(1, `<hosting/><limits/><prefs/><performance/><permissions/><php-settings/><mail/><subscriptions/>`),
		`<overuse>notify</overuse>`, limit("max_db", "3"), limit("max_box", "-1"), prop("cgi", "true"), prop("php_handler_id", "plesk-php82-fpm"),
		`<stat_ttl>9</stat_ttl>`, `<bandwidth>50</bandwidth><max_connections>-1</max_connections>`, permission("manage_log", "true"), permission("manage_dns", "false"),
		`<name>memory_limit</name><value>64M</value>`, `<webmail>none</webmail>`,
		`<subscriptions>`+links("false", "true")+`<plan><plan-guid>`, `</plan-guid><plan-external-id>x5</plan-external-id></plan></subscription></subscriptions>`)
	for i, test := range []struct {
		hosting, parts, locked string
	}{
		{locked: "true", hosting: virtual("l1"), parts: `<limits>` + limit("max_db", "4") + `</limits>`},
		{locked: "true", hosting: virtual("l2"), parts: `<permissions>` + permission("manage_dns", "true") + `</permissions>`},
		{locked: "true", hosting: virtual("l3"), parts: `<php-settings><setting><name>memory_limit</name><value>1G</value></setting></php-settings>`},
		{locked: "true", hosting: virtual("l4", prop("ssi", "true"))},
		{locked: "false", hosting: virtual("l5"), parts: `<limits/><prefs><www>false</www></prefs><permissions/><php-settings/>`},
		{locked: "false", parts: ``},
	} {
		id := 2 + i
		name := string(rune('a'+i)) + ".test"
		c.added(id, `<gen_setup><name>`+name+`</name></gen_setup>`+test.hosting+test.parts+`<plan-name>one</plan-name>`)
		c.has(about(id, `<subscriptions/>`), links(test.locked, "true"))
	}
}

// A plan's change reaches its subscriptions that are not locked, at once; what subscribers may change themselves stays.
func TestPlanPropagation(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	c := start(t, s)
	c.newPlan(5, "one", `<limits>`+limit("max_db", "3")+`</limits><hosting>`+prop("cgi", "false")+`</hosting><permissions>`+permission("manage_phosting_perl", "true")+`</permissions>`)
	c.added(1, `<gen_setup><name>free.test</name><owner-login>alder</owner-login></gen_setup>`+virtual("free")+`<plan-name>one</plan-name>`)
	c.added(2, `<gen_setup><name>locked.test</name></gen_setup>`+virtual("locked")+`<plan-name>one</plan-name>`)
	c.added(3, `<gen_setup><name>custom.test</name></gen_setup>`+virtual("custom"))
	c.added(4, `<gen_setup><name>mail.test</name></gen_setup><plan-name>one</plan-name>`)
	// gen_setup, prefs and the system user do not lock; a value of the plan does, even the same one.
	c.changed(2, `<gen_setup><status>16</status><description>d</description></gen_setup><prefs><www>false</www></prefs><hosting><vrt_hst>`+prop("ftp_password", "other-42X")+`<ip_address>198.51.100.7</ip_address></vrt_hst></hosting>`)
	c.has(about(2, `<subscriptions/>`), links("false", "true"))
	c.changed(2, `<limits>`+limit("max_db", "3")+`</limits>`)
	c.has(about(2, `<subscriptions/>`), links("true", "true"))

	c.setPlan("one", `<limits><overuse>normal</overuse>`+limit("max_db", "9")+`</limits><hosting><vrt_hst>`+prop("cgi", "true")+prop("perl", "true")+`</vrt_hst></hosting>
		<permissions>`+permission("manage_dns", "true")+`</permissions>`, "")
	c.has(about(1, `<hosting/><limits/><permissions/><subscriptions/>`), prop("cgi", "true"), prop("perl", "false"), `<overuse>normal</overuse>`, limit("max_db", "9"),
		permission("manage_dns", "true"), permission("manage_phosting_perl", "true"), links("false", "true"))
	c.has(about(2, `<hosting/><limits/><permissions/>`), prop("cgi", "false"), `<overuse>block</overuse>`, limit("max_db", "3"), permission("manage_dns", "false"))
	c.has(about(3, `<hosting/><limits/><permissions/>`), prop("cgi", "false"), limit("max_db", "-1"), permission("manage_dns", "false"))
	c.has(about(4, `<hosting/><limits/>`), `<hosting><none/></hosting>`, limit("max_db", "9"))
	c.has(`<event_log><get_events><events><event><type>updated</type><class>domain_limits</class></event></events></get_events></event_log>`, `<obj_id>1</obj_id>`, `<obj_id>4</obj_id>`)

	// A sync unlocks and gives the plan's values; it changes nothing the second time.
	sync := `<webspace><sync-subscription><filter><id>2</id></filter></sync-subscription></webspace>`
	synced := `<webspace><sync-subscription><result><status>ok</status><filter-id>2</filter-id><id>2</id></result></sync-subscription></webspace>`
	c.ask(sync, synced)
	c.has(about(2, `<hosting/><limits/><subscriptions/>`), prop("cgi", "true"), limit("max_db", "9"), links("false", "true"))
	c.ask(sync, synced)
	c.ask(`<webspace><sync-subscription><filter><id>3</id><id>77</id></filter></sync-subscription></webspace>`,
		`<webspace><sync-subscription><result>`+failed("1023")+`<filter-id>3</filter-id><id>3</id></result><result>`+failed("1013")+`<filter-id>77</filter-id></result></sync-subscription></webspace>`)
}

// What the server cannot deliver leaves a subscription unsynchronised until it is repaired and synchronised.
func TestUnsyncedSubscriptions(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.newPlan(5, "one", `<hosting>`+prop("php_handler_id", "plesk-php82-fpm")+`</hosting>`)
	c.added(1, `<gen_setup><name>one.test</name></gen_setup>`+virtual("one")+`<plan-name>one</plan-name>`)
	enable := func(on bool) {
		s.inside(func(c *call) { c.phpHandler("plesk-php82-fpm").Enabled = on })
	}
	enable(false)
	// It still has the handler; a new subscription gets the default one instead.
	c.has(about(1, `<hosting/><subscriptions/>`), prop("php_handler_id", "plesk-php82-fpm"), links("false", "true"))
	c.added(2, `<gen_setup><name>two.test</name></gen_setup>`+virtual("two")+`<plan-name>one</plan-name>`)
	c.has(about(2, `<hosting/><subscriptions/>`), prop("php_handler_id", "plesk-php83-fpm"), links("false", "false"))
	c.setPlan("one", `<limits>`+limit("max_db", "1")+`</limits>`, `<problems>one.test: §
two.test: §</problems>`)
	c.has(about(2, `<limits/><subscriptions/>`), limit("max_db", "1"), links("false", "false"))
	c.ask(`<webspace><sync-subscription><filter><id>2</id></filter></sync-subscription></webspace>`,
		`<webspace><sync-subscription><result><status>ok</status><filter-id>2</filter-id><id>2</id><problems>§</problems></result></sync-subscription></webspace>`)
	enable(true)
	c.ask(`<webspace><sync-subscription><filter/></sync-subscription></webspace>`,
		`<webspace><sync-subscription><result><status>ok</status><filter-id>1</filter-id><id>1</id></result><result><status>ok</status><filter-id>2</filter-id><id>2</id></result></sync-subscription></webspace>`)
	c.has(about(2, `<hosting/><subscriptions/>`), prop("php_handler_id", "plesk-php82-fpm"), links("false", "true"))
}

// Limits below what is used already are not taken from a plan; a subscription may be given them itself, and overuses then.
func TestPlansBelowUsage(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.newPlan(5, "one", "")
	c.newPlan(6, "tight", `<limits>`+limit("max_site", "1")+`</limits>`)
	c.added(1, `<gen_setup><name>one.test</name></gen_setup><plan-name>one</plan-name>`)
	s.inside(func(c *call) {
		c.addSite(&site{ID: next(&c.Sequences.Domain), Kind: addonSite, Webspace: 1, GUID: c.newGUID(), Name: "addon.test", ASCIIName: "addon.test"})
	})
	guid := s.state.Plans.Get(6).GUID
	c.ask(`<webspace><switch-subscription><filter><id>1</id></filter><plan-guid>`+guid+`</plan-guid></switch-subscription></webspace>`,
		`<webspace><switch-subscription><result>`+failed("1023")+`<filter-id>1</filter-id><id>1</id></result></switch-subscription></webspace>`)
	c.has(about(1, `<limits/><subscriptions/>`), limit("max_site", "-1"), links("false", "true"))
	c.setPlan("one", `<limits>`+limit("max_site", "1")+limit("max_db", "2")+`</limits>`, `<problems>one.test: §max_site.</problems>`)
	c.has(about(1, `<limits/><subscriptions/>`), limit("max_site", "-1"), limit("max_db", "-1"), links("false", "false"))
	c.ask(`<webspace><sync-subscription><filter><id>1</id></filter></sync-subscription></webspace>`,
		`<webspace><sync-subscription><result>`+failed("1023")+`<filter-id>1</filter-id><id>1</id></result></sync-subscription></webspace>`)
	c.setPlan("one", `<limits>`+limit("max_site", "2")+`</limits>`, "")
	c.has(about(1, `<limits/><subscriptions/>`), limit("max_site", "2"), limit("max_db", "2"), links("false", "true"))
	c.changed(1, `<limits>`+limit("max_site", "1")+`</limits>`)
	c.has(about(1, `<limits/><resource-usage/>`), limit("max_site", "1"), `<name>max_site</name><value>2</value>`)
}

func TestSwitchSubscription(t *testing.T) {
	s := newServer(t)
	addReseller(t, s, "birch")
	c := start(t, s)
	c.newPlan(5, "one", `<limits>`+limit("max_db", "1")+`</limits><external-id>x-one</external-id>`)
	c.newPlan(6, "two", `<limits>`+limit("max_db", "2")+`</limits><hosting>`+prop("ssi", "true")+`</hosting><external-id>x-two</external-id>`)
	c.newPlan(7, "no web", `<hosting-type>none</hosting-type><external-id>x-none</external-id>`)
	c.as("birch", "pass-42x").newPlan(8, "birch", `<external-id>x-birch</external-id>`)
	c.added(1, `<gen_setup><name>one.test</name></gen_setup>`+virtual("one")+`<limits>`+limit("max_box", "7")+`</limits><plan-name>one</plan-name>`)
	switched := func(plan, want string) {
		t.Helper()
		c.ask(`<webspace><switch-subscription><filter><id>1</id></filter>`+plan+`</switch-subscription></webspace>`,
			`<webspace><switch-subscription><result>`+want+`<filter-id>1</filter-id><id>1</id></result></switch-subscription></webspace>`)
	}
	to := func(externalID string) string { return `<plan-external-id>` + externalID + `</plan-external-id>` }
	switched(to("x-nothing"), failed("1013"))
	switched(to("x-birch"), failed("1013"))
	switched(`<plan-guid>nothing</plan-guid>`, failed("1013"))
	switched(to(""), failed("1013"))
	switched(to("x-none"), failed("1023"))
	c.has(about(1, `<limits/><subscriptions/>`), limit("max_db", "1"), limit("max_box", "7"), links("true", "true"))
	// Own changes are lost.
	switched(`<plan-guid>`+s.state.Plans.Get(6).GUID+`</plan-guid>`, `<status>ok</status>`)
	c.has(about(1, `<hosting/><limits/><subscriptions/>`), limit("max_db", "2"), limit("max_box", "-1"), prop("ssi", "true"), prop("ftp_login", "one"), links("false", "true"),
		`<plan-external-id>x-two</plan-external-id>`)
	// The old plan has no say any more, and the subscription keeps its values without any.
	c.setPlan("one", `<limits>`+limit("max_db", "5")+`</limits>`, "")
	switched(`<no-plan/>`, `<status>ok</status>`)
	c.has(about(1, `<limits/><subscriptions/>`), limit("max_db", "2"), `<subscriptions/>`)
	c.setPlan("two", `<limits>`+limit("max_db", "6")+`</limits>`, "")
	c.has(about(1, `<limits/>`), limit("max_db", "2"))
	switched(to("x-none"), failed("1023"))
	switched(to("x-one"), `<status>ok</status>`)
	c.has(about(1, `<limits/>`), limit("max_db", "5"))
}

// Add-on plans only add (operators-accounts-server §10).
func TestAddonPlans(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.newPlan(5, "one", `<limits>`+limit("max_db", "3")+limit("max_box", "3")+`</limits>`)
	s.inside(func(c *call) {
		for _, p := range []*plan{
			{Kind: addonPlan, Owner: adminID, Name: "more", ExternalID: "x-more", provision: provision{
				Limits: map[string]int64{"max_db": 2, "max_box": unlimited, "max_site": 5}, Permissions: map[string]bool{"manage_dns": true, "manage_log": false},
				Properties: map[string]string{"cgi": "true", "ssl": "false"},
			}},
			{Kind: addonPlan, Owner: adminID, Name: "extra", ExternalID: "x-extra", provision: provision{Limits: map[string]int64{"max_db": 10}}},
		} {
			c.insertPlan(p)
		}
	})
	c.added(1, `<gen_setup><name>one.test</name></gen_setup>`+virtual("one")+`<plan-name>one</plan-name>`)
	c.added(2, `<gen_setup><name>two.test</name></gen_setup>`)
	link := func(operation, id, externalID, want string) {
		t.Helper()
		c.ask(`<webspace><`+operation+`><filter><id>`+id+`</id></filter><plan-external-id>`+externalID+`</plan-external-id></`+operation+`></webspace>`,
			`<webspace><`+operation+`><result>`+want+`<filter-id>`+id+`</filter-id><id>`+id+`</id></result></`+operation+`></webspace>`)
	}
	link("add-subscription", "1", "x-more", `<status>ok</status>`)
	link("add-subscription", "1", "x-extra", `<status>ok</status>`)
	link("add-subscription", "1", "x-more", failed("1007"))
	link("add-subscription", "1", "x-nothing", failed("1013"))
	link("add-subscription", "2", "x-more", failed("1023"))
	link("switch-subscription", "1", "x-more", failed("1013"))
	c.has(about(1, `<hosting/><limits/><permissions/><subscriptions/>`), limit("max_db", "15"), limit("max_box", "-1"), limit("max_site", "-1"),
		permission("manage_dns", "true"), prop("cgi", "true"), prop("ssl", "true"), links("false", "true"),
		`<plan-external-id>x-more</plan-external-id></plan><plan>`, `<plan-external-id>x-extra</plan-external-id></plan></subscription>`)
	c.setPlan("one", `<limits>`+limit("max_db", "4")+`</limits>`, "")
	c.has(about(1, `<limits/>`), limit("max_db", "16"))
	link("remove-subscription", "1", "x-more", `<status>ok</status>`)
	link("remove-subscription", "1", "x-more", failed("1013"))
	c.has(about(1, `<hosting/><limits/><permissions/>`), limit("max_db", "14"), limit("max_box", "3"), permission("manage_dns", "false"), prop("cgi", "false"))
	// A deleted add-on is one that was taken away.
	s.inside(func(c *call) { c.removePlan(c.plansByExternalID.First("x-extra")) })
	c.has(about(1, `<limits/><subscriptions/>`), limit("max_db", "4"), links("false", "true"))
	// An add-on is not in the list of service plans, nor in the way of their names.
	c.newPlan(8, "more", "")
}

// A customer who moves to another provider loses their plans, and may be given one of the new provider's.
func TestPlansOfMovedCustomers(t *testing.T) {
	s := newServer(t)
	addReseller(t, s, "birch")
	addCustomer(t, s, "alder")
	addCustomer(t, s, "oak")
	s.inside(func(c *call) {
		c.accountsByLogin.First("birch").Addresses = []poolAddress{{Address: "198.51.100.7", Type: "shared"}}
	})
	c := start(t, s)
	c.as("birch", "pass-42x").newPlan(5, "birch", `<limits>`+limit("max_db", "1")+`</limits>`)
	for i, owner := range []string{"alder", "oak"} {
		c.added(1+i, `<gen_setup><name>`+owner+`.test</name><owner-login>`+owner+`</owner-login></gen_setup><plan-name>Default Domain</plan-name>`)
	}
	c.has(`<customer><change-owner><filter><login>alder</login></filter><new-owner-login>birch</new-owner-login></change-owner>
		<change-owner><filter><login>oak</login></filter><new-owner-login>birch</new-owner-login><plan-name>birch</plan-name></change-owner></customer>`,
		`<filter-id>alder</filter-id><id>3</id>`, `<filter-id>oak</filter-id><id>4</id>`)
	c.has(about(1, `<limits/><subscriptions/>`), limit("max_db", "20"), `<subscriptions/>`)
	c.has(about(2, `<limits/><subscriptions/>`), limit("max_db", "1"), links("false", "true"))
}

// What a plan says of the zone and of mail holds from the beginning.
func TestPlansZoneAndMail(t *testing.T) {
	c := start(t, newServer(t))
	c.newPlan(5, "slave", `<preferences><mailservice>false</mailservice><dns_zone_type>slave</dns_zone_type></preferences>`)
	c.newPlan(6, "no mail", `<mail><mailservice>false</mailservice></mail>`)
	c.added(1, `<gen_setup><name>one.test</name></gen_setup><plan-name>slave</plan-name>`)
	c.added(2, `<gen_setup><name>two.test</name></gen_setup><plan-name>no mail</plan-name>`)
	c.added(3, `<gen_setup><name>three.test</name></gen_setup><plan-name>no mail</plan-name><mail><mailservice>true</mailservice></mail>`)
	c.has(`<dns><get><filter><site-id>1</site-id><site-id>2</site-id></filter></get></dns>`, `<site-id>1</site-id><zone_type>slave</zone_type>`, `<site-id>2</site-id><zone_type>master</zone_type>`)
	// Hosting that a plan does not have is a customisation of it.
	c.newPlan(7, "no web", `<hosting-type>none</hosting-type>`)
	c.added(4, `<gen_setup><name>four.test</name></gen_setup>`+virtual("four")+`<plan-name>no web</plan-name>`)
	c.added(5, `<gen_setup><name>five.test</name></gen_setup><plan-name>no web</plan-name>`)
	c.has(about(4, `<subscriptions/>`), links("true", "true"))
	c.has(about(5, `<subscriptions/>`), links("false", "true"))
	for id, want := range map[int]string{1: "false", 2: "false", 3: "true"} {
		c.has(about(id, `<mail/>`), `<mailservice>`+want+`</mailservice>`)
	}
}

// What a plan says of mail takes the place of no mail at all.
func TestSyncEndsNoMail(t *testing.T) {
	c := start(t, newServer(t))
	c.added(1, `<gen_setup><name>one.test</name></gen_setup><plan-name>Default Simple</plan-name>`)
	c.changed(1, `<mail><none/></mail>`)
	c.has(about(1, `<mail/>`), `<mail><none/><outgoing`)
	c.has(`<webspace><sync-subscription><filter><id>1</id></filter></sync-subscription></webspace>`, okStatus)
	c.lacks(about(1, `<mail/>`), `<none/>`)
}
