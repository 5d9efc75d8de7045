// Log rotation of sites.

package plesksim

import "testing"

const factoryLogRotation = `<settings><log-condition><log-bysize>10485760</log-bysize></log-condition><log-max-num-files>10</log-max-num-files><log-compress>true</log-compress></settings>`

func rotated(filterID, id, settings string) string {
	return `<result><status>ok</status><filter-id>` + filterID + `</filter-id><id>` + id + `</id>` + settings + `</result>`
}

func TestLogRotationLifecycle(t *testing.T) {
	_, c := hosted(t)
	c.madeSite(2, `<gen_setup><name>addon.test</name><webspace-id>1</webspace-id></gen_setup>`)
	// Every site has its own; an owner's value gives one result per site.
	c.ask(`<log-rotation><get><filter><owner-login>alder</owner-login></filter></get><get-status><filter><site-name>MAIN.test</site-name></filter></get-status></log-rotation>`,
		`<log-rotation><get>`+rotated("alder", "1", factoryLogRotation)+rotated("alder", "2", factoryLogRotation)+`</get>
		<get-status>`+rotated("MAIN.test", "1", `<enabled>true</enabled>`)+`</get-status></log-rotation>`)
	// The condition for rotation is replaced; of the rest, what is not given stays.
	c.ask(`<log-rotation><set><filter><site-id>2</site-id></filter><settings><log-condition><log-bytime>Weekly</log-bytime></log-condition>
		<log-email>logs@alder.test</log-email></settings></set><disable><filter><owner-id>2</owner-id></filter></disable>
		<enable><filter><site-id>1</site-id></filter></enable></log-rotation>`,
		`<log-rotation><set>`+done("2", 2)+`</set><disable>`+done("2", 1)+done("2", 2)+`</disable><enable>`+done("1", 1)+`</enable></log-rotation>`)
	weekly := `<settings><log-condition><log-bytime>Weekly</log-bytime></log-condition><log-max-num-files>10</log-max-num-files>
		<log-compress>true</log-compress><log-email>logs@alder.test</log-email></settings>`
	c.ask(`<log-rotation><get><filter/></get><get-status><filter/></get-status></log-rotation>`,
		`<log-rotation><get>`+rotated("1", "1", factoryLogRotation)+rotated("2", "2", weekly)+`</get>
		<get-status>`+rotated("1", "1", `<enabled>true</enabled>`)+rotated("2", "2", `<enabled>false</enabled>`)+`</get-status></log-rotation>`)
}

// The initial values come from the service plan, whose changes follow unless subscribers manage their own logs.
func TestLogRotationOfPlans(t *testing.T) {
	c := start(t, newServer(t))
	plan := func(name, rotation, permissions string) {
		t.Helper()
		c.has(`<service-plan><add><name>`+name+`</name><log-rotation>`+rotation+`</log-rotation><permissions>`+permissions+`</permissions></add></service-plan>`, `<status>ok</status>`)
	}
	plan("off", `<off/>`, ``)
	plan("own", `<on><log-condition><log-bytime>Daily</log-bytime></log-condition></on>`, permission("manage_log", "true"))
	c.added(1, `<gen_setup><name>off.test</name></gen_setup><plan-name>off</plan-name>`)
	c.added(2, `<gen_setup><name>own.test</name></gen_setup><plan-name>own</plan-name>`)
	daily := `<settings><log-condition><log-bytime>Daily</log-bytime></log-condition></settings>`
	c.ask(`<log-rotation><get><filter/></get><get-status><filter/></get-status></log-rotation>`,
		`<log-rotation><get>`+rotated("1", "1", factoryLogRotation)+rotated("2", "2", daily)+`</get>
		<get-status>`+rotated("1", "1", `<enabled>false</enabled>`)+rotated("2", "2", `<enabled>true</enabled>`)+`</get-status></log-rotation>`)
	for _, name := range []string{"off", "own"} {
		c.has(`<service-plan><set><filter><name>`+name+`</name></filter><log-rotation><on><log-condition><log-bytime>Monthly</log-bytime></log-condition></on></log-rotation></set></service-plan>`,
			`<status>ok</status>`)
	}
	monthly := `<settings><log-condition><log-bytime>Monthly</log-bytime></log-condition></settings>`
	c.ask(`<log-rotation><get><filter/></get></log-rotation>`, `<log-rotation><get>`+rotated("1", "1", monthly)+rotated("2", "2", daily)+`</get></log-rotation>`)
}

func TestLogRotationRefusals(t *testing.T) {
	s, c := hosted(t)
	addCustomer(t, s, "birch")
	addWebspace(t, s, "admin", "other.test") // 2
	for _, settings := range []string{
		`<log-condition><log-bysize>0</log-bysize></log-condition>`,
		`<log-condition><log-bysize>1</log-bysize></log-condition><log-max-num-files>-1</log-max-num-files>`,
		`<log-condition><log-bysize>1</log-bysize></log-condition><log-email>nowhere</log-email>`,
	} {
		c.ask(`<log-rotation><set><filter><site-id>1</site-id></filter><settings>`+settings+`</settings></set></log-rotation>`,
			`<log-rotation><set><result>`+failed("1019")+`<filter-id>1</filter-id><id>1</id></result></set></log-rotation>`)
	}
	c.ask(`<log-rotation><get><filter><site-id>77</site-id><site-id>1</site-id></filter></get><enable><filter><owner-login>nobody</owner-login></filter></enable>
		<get><filter><owner-login>birch</owner-login></filter></get></log-rotation>`,
		`<log-rotation><get>`+gone("1015", "77")+rotated("1", "1", factoryLogRotation)+`</get><enable>`+gone("1015", "nobody")+`</enable>
		<get><result><status>ok</status><filter-id>birch</filter-id></result></get></log-rotation>`)
	// Customers read their own, change it if that was granted, and cannot filter by owner.
	alder := c.as("alder", "pass-42x")
	alder.ask(`<log-rotation><get-status><filter/></get-status><get-status><filter><site-id>2</site-id></filter></get-status>
		<get-status><filter><owner-id>2</owner-id></filter></get-status><disable><filter><site-id>1</site-id></filter></disable></log-rotation>`,
		`<log-rotation><get-status>`+rotated("1", "1", `<enabled>true</enabled>`)+`</get-status><get-status>`+gone("1015", "2")+`</get-status>
		<get-status>`+gone("1006", "2")+`</get-status><disable><result>`+failed("1006")+`<filter-id>1</filter-id><id>1</id></result></disable></log-rotation>`)
	grant(c, "manage_log")
	alder.ask(`<log-rotation><disable><filter><site-id>1</site-id></filter></disable></log-rotation>`, `<log-rotation><disable>`+done("1", 1)+`</disable></log-rotation>`)
}
