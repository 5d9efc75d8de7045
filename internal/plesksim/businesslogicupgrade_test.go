// The operator that has nothing to upgrade.

package plesksim

import "testing"

// The operator's element is the operation, whatever stands in it, and takes its place among others.
func TestBusinessLogicUpgrade(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	answer := func(code string) string {
		return `<business-logic-upgrade><result>` + failed(code) + `</result></business-logic-upgrade>`
	}
	const nothing = `<event_log><get-last-id><result><status>ok</status><id>1</id></result></get-last-id></event_log>`
	c.ask(`<business-logic-upgrade/>`, answer("1017"))
	c.ask(`<event_log><get-last-id/></event_log><business-logic-upgrade><run step="1">now<all/></run></business-logic-upgrade><event_log><get-last-id/></event_log>`,
		nothing+answer("1017")+nothing)
	addCustomer(t, s, "alder")
	c.as("alder", "pass-42x").ask(`<business-logic-upgrade/>`, answer("1006"))
}
