// Reseller plans: what they hold, how they are found, changed, copied and deleted, and what they do to resellers.

package plesksim

import (
	"fmt"
	"testing"
)

// newResellerPlan makes a reseller plan.
func (c *client) newResellerPlan(id int, name, parts, externalID string) {
	c.t.Helper()
	given, shown := "", `<external-id/>`
	if externalID != "" {
		given = `<external-id>` + externalID + `</external-id>`
		shown = given
	}
	c.ask(`<reseller-plan><add><name>`+name+`</name>`+parts+given+`</add></reseller-plan>`,
		fmt.Sprintf(`<reseller-plan><add><result><status>ok</status><id>%d</id><name>%s</name><guid>§</guid>%s</result></add></reseller-plan>`, id, name, shown))
}

// setResellerPlan changes a reseller plan; what it answers after the echo is compared too.
func (c *client) setResellerPlan(name, parts, more string) {
	c.t.Helper()
	c.ask(`<reseller-plan><set><filter><name>`+name+`</name></filter>`+parts+`</set></reseller-plan>`,
		`<reseller-plan><set><result><status>ok</status><name>`+name+`</name>`+more+`</result></set></reseller-plan>`)
}

// The blocks of a plan, asked for and not, from add to del.
func TestResellerPlanLifecycle(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.newResellerPlan(5, "gold", `<limits><resource-policy><oversell>false</oversell><overuse>not_suspend</overuse></resource-policy>`+limit("max_cl", "8")+`</limits>
		<permissions>`+permission("remote_access_interface", "true")+permission("manage_dns", "false")+`</permissions>
		<ip-pool><ip-address>198.51.100.7</ip-address><ip-address>2001:DB8::7</ip-address><allocate-ip>1</allocate-ip></ip-pool>`, "x-gold")
	c.newResellerPlan(6, "bare", "", "")
	limits, permissions := "", ""
	for _, l := range s.state.resellerLimits() {
		value := "-1"
		if l.name == "max_cl" {
			value = "8"
		}
		limits += limit(l.name, value)
	}
	for _, name := range resellerPermissionNames() {
		permissions += permission(name, fmt.Sprint(name != "manage_dns" && name != "allow_oversell"))
	}
	gold := `<status>ok</status><id>5</id><name>gold</name><guid>§</guid><external-id>x-gold</external-id>`
	bare := `<status>ok</status><id>6</id><name>bare</name><guid>§</guid><external-id/>`
	c.ask(`<reseller-plan><get><filter><all/></filter></get><get><filter><external-id>x-gold</external-id></filter><limits/><permissions/><ip-pool/><packages/></get>
		<get><filter><id>6</id></filter><ip-pool/></get><get><filter><name>none</name><name>bare</name></filter></get><get><filter><guid>x</guid></filter></get><get><filter><id>1</id></filter></get></reseller-plan>`,
		`<reseller-plan><get><result>`+gold+`</result><result>`+bare+`</result></get>
		<get><result>`+gold+`<limits><resource-policy><oversell>false</oversell><overuse>not_suspend</overuse></resource-policy>`+limits+`</limits><permissions>`+permissions+`</permissions>
		<ip-pool><ip-address>198.51.100.7</ip-address><ip-address>2001:db8::7</ip-address><allocate-ip>1</allocate-ip><allocate-ipv6>0</allocate-ipv6></ip-pool>
		<aps-filter>false</aps-filter><packages/></result></get>
		<get><result>`+bare+`<ip-pool><allocate-ip>0</allocate-ip><allocate-ipv6>0</allocate-ipv6></ip-pool></result></get>
		<get><result>`+failed("1013")+`<name>none</name></result><result>`+bare+`</result></get><get><result>`+failed("1013")+`<guid>x</guid></result></get>
		<get><result>`+failed("1013")+`<id>1</id></result></get></reseller-plan>`)

	c.setResellerPlan("bare", `<limits>`+limit("max_db", "3")+`</limits><ip-pool><allocate-ipv6>2</allocate-ipv6></ip-pool><external-id>x-bare</external-id><name>silver</name>`, "")
	c.has(`<reseller-plan><get><filter><name>silver</name></filter><limits/><ip-pool/></get></reseller-plan>`, `<name>silver</name>`, `<external-id>x-bare</external-id>`,
		limit("max_db", "3"), limit("max_cl", "-1"), `<allocate-ip>0</allocate-ip><allocate-ipv6>2</allocate-ipv6>`)
	c.ask(`<reseller-plan><duplicate><name>gold</name><duplicate-name>gold 2</duplicate-name></duplicate><duplicate><name>none</name><duplicate-name>x</duplicate-name></duplicate>
		<duplicate><name>gold</name><duplicate-name>silver</duplicate-name></duplicate></reseller-plan>`,
		`<reseller-plan><duplicate><result><status>ok</status><id>7</id><name>gold 2</name><guid>§</guid><external-id/></result></duplicate>
		<duplicate><result>`+failed("1013")+`</result></duplicate><duplicate><result>`+failed("1007")+`</result></duplicate></reseller-plan>`)
	c.has(`<reseller-plan><get><filter><id>7</id></filter><limits/><ip-pool/></get></reseller-plan>`, limit("max_cl", "8"), `<ip-address>198.51.100.7</ip-address>`, `<allocate-ip>1</allocate-ip>`)
	c.ask(`<reseller-plan><del><filter><name>gold 2</name><name>gold 2</name></filter></del><del><filter><all/></filter></del><get><filter><all/></filter></get></reseller-plan>`,
		`<reseller-plan><del><result><status>ok</status><name>gold 2</name></result><result>`+failed("1013")+`<name>gold 2</name></result></del>
		<del><result><status>ok</status><id>5</id></result><result><status>ok</status><id>6</id></result></del><get>`+okOnly+`</get></reseller-plan>`)
	for _, kind := range []string{"created", "updated", "deleted"} {
		c.has(`<event_log><get_events><events><event><type>`+kind+`</type><class>template_reseller</class></event></events></get_events></event_log>`, `<obj_id>6</obj_id>`)
	}
	// The factory's service plans are no reseller plans, and stay.
	c.has(`<service-plan><get><filter><name>Unlimited</name></filter></get></service-plan>`, okStatus)
}

func TestResellerPlanRefusals(t *testing.T) {
	c := start(t, newServer(t))
	c.newResellerPlan(5, "gold", "", "x-gold")
	c.newPlan(6, "gold", `<external-id>x-gold</external-id>`) // another kind of plan, other names
	for _, test := range []struct{ parts, code string }{
		{`<name>gold</name>`, "1007"},
		{`<name/>`, "1019"},
		{`<name>a</name><external-id>x-gold</external-id>`, "1007"},
		{`<name>a</name><limits>` + limit("max_fun", "1") + `</limits>`, "1019"},
		{`<name>a</name><permissions>` + permission("fly", "true") + `</permissions>`, "1019"},
		{`<name>a</name><ip-pool><ip-address>192.0.2.1</ip-address></ip-pool>`, "1018"},
		{`<name>a</name><ip-pool><ip-address>198.51.100.8</ip-address></ip-pool>`, "1027"}, // exclusive
		{`<name>a</name><ip-pool><allocate-ip>-1</allocate-ip></ip-pool>`, "1019"},
	} {
		c.ask(`<reseller-plan><add>`+test.parts+`</add></reseller-plan>`, `<reseller-plan><add><result>`+failed(test.code)+`</result></add></reseller-plan>`)
	}
	c.ask(`<reseller-plan><set><filter><id>5</id></filter><limits>`+limit("max_cl", "1")+`</limits><name/></set><get><filter><all/></filter><limits/></get></reseller-plan>`,
		`<reseller-plan><set><result>`+failed("1019")+`<id>5</id></result></set><get><result><status>ok</status><id>5</id><name>gold</name><guid>§</guid><external-id>x-gold</external-id>
		<limits><resource-policy><oversell>true</oversell><overuse>block</overuse></resource-policy>`+func() (all string) {
			for _, name := range append([]limitInfo{{name: "max_cl"}, {name: "max_dom"}}, limitNames...) {
				all += limit(name.name, "-1")
			}
			return all
		}()+`</limits></result></get></reseller-plan>`)
	c.ask(`<reseller-plan><get><filter/></get></reseller-plan>`, refused("1014"))
	c.ask(`<reseller-plan><del><filter><id>5</id><name>gold</name></filter></del></reseller-plan>`, refused("1014"))
}

// A plan's changes reach its resellers at once; those who were customised are locked until they are synchronised or switched.
func TestResellersFollowTheirPlan(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.newResellerPlan(5, "gold", `<limits><resource-policy><overuse>notify</overuse></resource-policy>`+limit("max_cl", "2")+`</limits><permissions>`+permission("remote_access_interface", "true")+`</permissions>`, "x-gold")
	c.newResellerPlan(6, "silver", `<limits>`+limit("max_cl", "1")+`</limits>`, "x-silver")
	c.newReseller(2, "birch", `<plan-name>gold</plan-name>`)
	c.newReseller(3, "cedar", `<limits>`+limit("max_db", "7")+`</limits><plan-external-id>x-gold</plan-external-id>`)
	c.newReseller(4, "elm", "")
	guid := func(id int64) string { return `<plan-guid>` + s.state.Plans.Get(id).GUID + `</plan-guid>` }
	linked := func(login, locked, synchronized string, plan int64, externalID string) {
		t.Helper()
		c.has(aboutReseller(login, `<subscriptions/>`), `<subscriptions>`+links(locked, synchronized)+`<plan>`+guid(plan)+`<plan-external-id>`+externalID+`</plan-external-id></plan></subscription></subscriptions>`)
	}
	linked("birch", "false", "true", 5, "x-gold")
	linked("cedar", "true", "true", 5, "x-gold")
	c.has(aboutReseller("elm", `<subscriptions/>`), `<subscriptions/>`)
	c.has(aboutReseller("birch", `<permissions/><limits/>`), `<overuse>notify</overuse>`, limit("max_cl", "2"), permission("remote_access_interface", "true"))
	c.has(aboutReseller("cedar", `<limits/>`), limit("max_cl", "2"), limit("max_db", "7"))
	birch := c.as("birch", "pass-42x")
	for _, login := range []string{"a1", "a2"} {
		birch.has(`<customer><add><gen_info><pname>A</pname><login>`+login+`</login><passwd>pass-42x</passwd></gen_info></add></customer>`, okStatus)
	}

	c.setResellerPlan("gold", `<limits>`+limit("max_cl", "5")+`</limits><permissions>`+permission("manage_dns", "false")+`</permissions>`, "")
	c.has(aboutReseller("birch", `<permissions/><limits/>`), limit("max_cl", "5"), permission("manage_dns", "false"))
	c.has(aboutReseller("cedar", `<permissions/><limits/>`), limit("max_cl", "2"), permission("manage_dns", "true"))
	// Less than is used is not taken.
	c.setResellerPlan("gold", `<limits>`+limit("max_cl", "1")+`</limits>`, `<problems>birch: §max_cl§</problems>`)
	c.has(aboutReseller("birch", `<limits/>`), limit("max_cl", "5"))
	linked("birch", "false", "false", 5, "x-gold")
	operation := func(name, login, more, want string) {
		t.Helper()
		c.ask(`<reseller><`+name+`><filter><login>`+login+`</login></filter>`+more+`</`+name+`></reseller>`,
			`<reseller><`+name+`><result>`+want+`<filter-id>`+login+`</filter-id><id>`+map[string]string{"birch": "2", "cedar": "3", "elm": "4"}[login]+`</id></result></`+name+`></reseller>`)
	}
	operation("sync-subscription", "birch", "", failed("1023"))
	operation("sync-subscription", "elm", "", failed("1023"))
	operation("switch-subscription", "birch", guid(6), failed("1023"))
	c.has(`<customer><del><filter><login>a2</login></filter></del></customer>`, okStatus)
	operation("sync-subscription", "birch", "", okStatus)
	linked("birch", "false", "true", 5, "x-gold")
	c.has(aboutReseller("birch", `<limits/>`), limit("max_cl", "1"))

	operation("sync-subscription", "cedar", "", okStatus)
	linked("cedar", "false", "true", 5, "x-gold")
	c.has(aboutReseller("cedar", `<limits/>`), limit("max_db", "-1"))
	c.setReseller("cedar", `<gen-info><cname>C</cname></gen-info><limits/>`, okStatus)
	linked("cedar", "false", "true", 5, "x-gold")
	c.setReseller("cedar", `<permissions>`+permission("cp_access", "true")+`</permissions>`, okStatus)
	linked("cedar", "true", "true", 5, "x-gold")
	operation("switch-subscription", "cedar", `<plan-external-id>x-silver</plan-external-id>`, okStatus)
	linked("cedar", "false", "true", 6, "x-silver")
	c.has(aboutReseller("cedar", `<permissions/>`), permission("remote_access_interface", "false"))
	operation("switch-subscription", "cedar", `<plan-external-id>none</plan-external-id>`, failed("1013"))
	operation("switch-subscription", "cedar", `<plan-guid>`+s.state.Plans.Get(3).GUID+`</plan-guid>`, failed("1013")) // a service plan
	operation("switch-subscription", "elm", guid(6), okStatus)
	operation("switch-subscription", "elm", `<no-plan/>`, okStatus)
	c.has(aboutReseller("elm", `<limits/><subscriptions/>`), limit("max_cl", "1"), `<subscriptions/>`)

	// Resellers of a deleted plan become custom and keep what they have.
	c.has(`<reseller-plan><del><filter><all/></filter></del></reseller-plan>`, `<id>5</id>`, `<id>6</id>`)
	c.has(aboutReseller("birch", `<limits/><subscriptions/>`), limit("max_cl", "1"), `<subscriptions/>`)
	c.has(aboutReseller("cedar", `<limits/><subscriptions/>`), limit("max_cl", "1"), `<subscriptions/>`)
}

func TestUsedResellerPlansStay(t *testing.T) {
	c := start(t, newServer(t, func(o *Options) { o.UsedPlansStay = true }))
	c.newResellerPlan(5, "gold", "", "")
	c.newReseller(2, "birch", `<plan-name>gold</plan-name>`)
	c.ask(`<reseller-plan><del><filter><id>5</id></filter></del></reseller-plan>`, `<reseller-plan><del><result>`+failed("1023")+`<id>5</id></result></del></reseller-plan>`)
}

// Plans put addresses into pools: named shared ones, and as many free exclusive ones as they say. What there is not leaves a reseller
// unsynchronised.
func TestResellerPlansFillPools(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.newResellerPlan(5, "gold", `<ip-pool><ip-address>198.51.100.7</ip-address><allocate-ip>1</allocate-ip></ip-pool>`, "")
	c.newReseller(2, "birch", `<plan-name>gold</plan-name>`)
	c.newReseller(3, "cedar", `<plan-name>gold</plan-name>`)
	shared := `<ip><ip-address>198.51.100.7</ip-address><ip-type>shared</ip-type></ip>`
	exclusive := func(address string) string {
		return `<ip><ip-address>` + address + `</ip-address><ip-type>exclusive</ip-type></ip>`
	}
	c.has(aboutReseller("birch", `<ippool/><subscriptions/>`), `<ippool>`+shared+exclusive("198.51.100.8")+`</ippool>`, links("false", "true"))
	c.has(aboutReseller("cedar", `<ippool/><subscriptions/>`), `<ippool>`+shared+`</ippool>`, links("false", "false"))
	sync := `<reseller><sync-subscription><filter><id>2</id><id>3</id></filter></sync-subscription></reseller>`
	one := `<result><status>ok</status><filter-id>2</filter-id><id>2</id></result>`
	c.ask(sync, `<reseller><sync-subscription>`+one+`<result><status>ok</status><filter-id>3</filter-id><id>3</id><problems>§</problems></result></sync-subscription></reseller>`)
	c.has(`<ip><add><ip_address>198.51.100.9</ip_address><netmask>255.255.255.0</netmask><type>exclusive</type><interface>eth0</interface></add></ip>`, okStatus)
	c.ask(sync, `<reseller><sync-subscription>`+one+`<result><status>ok</status><filter-id>3</filter-id><id>3</id></result></sync-subscription></reseller>`)
	c.has(aboutReseller("cedar", `<ippool/><subscriptions/>`), `<ippool>`+shared+exclusive("198.51.100.9")+`</ippool>`, links("false", "true"))
	// More of them later; what is in a pool stays there.
	c.setResellerPlan("gold", `<ip-pool><ip-address>2001:db8::7</ip-address><allocate-ip>0</allocate-ip></ip-pool>`, "")
	c.has(aboutReseller("birch", `<ippool/>`), `<ippool>`+shared+exclusive("198.51.100.8")+`<ip><ip-address>2001:db8::7</ip-address><ip-type>shared</ip-type></ip></ippool>`)
	c.setResellerPlan("gold", `<ip-pool><allocate-ipv6>1</allocate-ipv6></ip-pool>`, `<problems>birch: §
cedar: §</problems>`)
}

// Applications of a plan are its resellers'; those of a single reseller lock that reseller.
func TestApplicationsOfResellers(t *testing.T) {
	c := start(t, newServer(t))
	c.newResellerPlan(5, "gold", "", "x-gold")
	c.newReseller(2, "birch", `<plan-name>gold</plan-name>`)
	done := func(operator, operation, id string) string {
		return `<` + operator + `><` + operation + `><result><status>ok</status><filter-id>` + id + `</filter-id><id>` + id + `</id></result></` + operation + `></` + operator + `>`
	}
	ask := func(operator, operation, id, more string) {
		t.Helper()
		c.ask(`<`+operator+`><`+operation+`><filter><id>`+id+`</id></filter>`+more+`</`+operation+`></`+operator+`>`, done(operator, operation, id))
	}
	const wordpress = `<package><name>WordPress</name><value>6.8</value></package>`
	ask("reseller-plan", "add-package", "5", wordpress)
	ask("reseller-plan", "enable-aps-filter", "5", "")
	c.has(`<reseller-plan><get><filter><id>5</id></filter><packages/></get></reseller-plan>`, `<aps-filter>true</aps-filter><packages><package><name>WordPress</name><version>6.8</version></package></packages>`)
	c.ask(`<reseller-plan><add-package><filter><name>gold</name><name>none</name></filter>`+wordpress+`</add-package><remove-package><filter><id>5</id></filter><package><name>x</name><value/></package></remove-package></reseller-plan>`,
		`<reseller-plan><add-package><result>`+failed("1007")+`<filter-id>gold</filter-id><id>5</id></result><result>`+failed("1013")+`<filter-id>none</filter-id></result></add-package>
		<remove-package><result>`+failed("1013")+`<filter-id>5</filter-id><id>5</id></result></remove-package></reseller-plan>`)
	c.has(aboutReseller("birch", `<subscriptions/>`), links("false", "true"))
	c.ask(`<reseller><add-package><filter><id>2</id></filter>`+wordpress+`</add-package></reseller>`, // the plan gives it already
		`<reseller><add-package><result>`+failed("1007")+`<filter-id>2</filter-id><id>2</id></result></add-package></reseller>`)
	ask("reseller", "remove-package", "2", wordpress)
	c.has(aboutReseller("birch", `<subscriptions/>`), links("true", "true"))
	ask("reseller", "add-package", "2", wordpress)
	ask("reseller", "disable-aps-filter", "2", "")
	ask("reseller", "enable-aps-filter", "2", "")
	ask("reseller-plan", "disable-aps-filter", "5", "")
	ask("reseller-plan", "remove-package", "5", wordpress)
}
