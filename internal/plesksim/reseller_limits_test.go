// The limits of resellers, counted over everything that they own.

package plesksim

import (
	"strings"
	"testing"
)

// A reseller's limits are counted over everything that the reseller owns: customers, domains and what is in them.
func TestResellerLimits(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.newReseller(2, "birch", `<limits>`+limit("max_cl", "1")+limit("max_site", "2")+limit("max_db", "1")+limit("max_subdom", "0")+`</limits>`+remote())
	c.has(pool("198.51.100.7"), okStatus)
	birch := c.as("birch", "pass-42x")
	customer := func(login string) string {
		return `<customer><add><gen_info><pname>O</pname><login>` + login + `</login><passwd>pass-42x</passwd></gen_info></add></customer>`
	}
	birch.has(customer("oak"), okStatus)
	birch.ask(customer("elm"), `<customer><add><result>`+failed("1024")+`</result></add></customer>`)
	// The administrator is held to it too.
	c.ask(strings.Replace(customer("elm"), `</passwd>`, `</passwd><owner-login>birch</owner-login>`, 1), `<customer><add><result>`+failed("1024")+`</result></add></customer>`)
	birch.added(1, `<gen_setup><name>one.test</name><owner-login>oak</owner-login></gen_setup>`+virtual("one"))
	c.ask(`<site><add><gen_setup><name>two.test</name><webspace-id>1</webspace-id></gen_setup></add></site>`, `<site><add><result><status>ok</status><id>2</id><guid>§</guid></result></add></site>`)
	c.ask(`<site><add><gen_setup><name>three.test</name><webspace-id>1</webspace-id></gen_setup></add></site>`, `<site><add><result>`+failed("1024")+`</result></add></site>`)
	birch.ask(`<webspace><add><gen_setup><name>three.test</name></gen_setup></add></webspace>`, `<webspace><add><result>`+failed("1024")+`</result></add></webspace>`)
	c.ask(`<subdomain><add><parent>one.test</parent><name>sub</name></add></subdomain>`, `<subdomain><add><result>`+failed("1024")+`</result></add></subdomain>`)
	database := func(name string) string {
		return `<database><add-db><webspace-id>1</webspace-id><name>` + name + `</name><type>mysql</type></add-db></database>`
	}
	c.has(database("a"), okStatus)
	c.ask(database("b"), `<database><add-db><result>`+failed("1024")+`</result></add-db></database>`)

	// max_dom is the older name of the same count.
	c.setReseller("birch", `<limits>`+limit("max_site", "-1")+limit("max_dom", "2")+`</limits>`, okStatus)
	birch.ask(`<webspace><add><gen_setup><name>three.test</name></gen_setup></add></webspace>`, `<webspace><add><result>`+failed("1024")+`</result></add></webspace>`)
	c.ask(`<site><add><gen_setup><name>three.test</name><webspace-id>1</webspace-id></gen_setup></add></site>`, `<site><add><result>`+failed("1024")+`</result></add></site>`)
	c.setReseller("birch", `<limits>`+limit("max_dom", "3")+`</limits>`, okStatus)
	birch.added(3, `<gen_setup><name>three.test</name></gen_setup>`)
	// Below what is used is allowed: it leads to overuse.
	c.setReseller("birch", `<limits>`+limit("max_dom", "1")+`</limits>`, okStatus)
}

// Without overselling, the limits of a reseller's subscriptions together cannot exceed the reseller's own; with it, no single one can.
func TestOverselling(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.newReseller(2, "birch", `<limits><resource-policy><oversell>false</oversell></resource-policy>`+limit("max_box", "10")+`</limits>`+remote())
	c.has(pool("198.51.100.7"), okStatus)
	birch := c.as("birch", "pass-42x")
	birch.newPlan(5, "six", `<limits>`+limit("max_box", "6")+`</limits>`)
	add := func(name, parts string) string {
		return `<webspace><add><gen_setup><name>` + name + `</name></gen_setup>` + parts + `</add></webspace>`
	}
	full := `<webspace><add><result>` + failed("1024") + `</result></add></webspace>`
	birch.ask(add("one.test", ""), full) // unlimited
	birch.has(add("one.test", `<plan-name>six</plan-name>`), `<id>1</id>`)
	birch.ask(add("two.test", `<plan-name>six</plan-name>`), full)
	birch.has(add("two.test", `<limits>`+limit("max_box", "4")+`</limits>`), `<id>2</id>`)
	birch.refusedSet(2, `<limits>`+limit("max_box", "5")+`</limits>`, "1024")
	birch.refusedSet(2, `<limits>`+limit("max_box", "-1")+`</limits>`, "1024")
	birch.changed(2, `<limits>`+limit("max_box", "2")+limit("mbox_quota", "-1")+`</limits>`)
	birch.changed(2, `<limits>`+limit("max_box", "4")+`</limits>`)
	// A plan that grows reaches only what still fits.
	birch.setPlan("six", `<limits>`+limit("max_box", "7")+`</limits>`, `<problems>one.test: §max_box§</problems>`)
	birch.has(about(1, `<limits/><subscriptions/>`), limit("max_box", "6"), links("false", "false"))
	// What was promised before stays, and nothing grows.
	c.setReseller("birch", `<limits>`+limit("max_box", "5")+`</limits>`, okStatus)
	birch.changed(2, `<gen_setup><description>d</description></gen_setup><limits>`+limit("max_box", "3")+limit("max_db", "1")+`</limits>`)
	birch.refusedSet(2, `<limits>`+limit("max_box", "4")+`</limits>`, "1024")

	c.setReseller("birch", `<limits><resource-policy><oversell>true</oversell></resource-policy></limits>`, okStatus)
	birch.changed(2, `<limits>`+limit("max_box", "5")+`</limits>`)
	birch.refusedSet(2, `<limits>`+limit("max_box", "6")+`</limits>`, "1024")
}
