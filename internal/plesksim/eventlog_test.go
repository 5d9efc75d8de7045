// The event log: what is recorded, and how it is read and emptied.

package plesksim

import (
	"strings"
	"testing"
)

func TestEventLog(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.ask(getIDs+addAlder+`<customer><set><filter><id>2</id></filter><values><gen_info><status>16</status><guid/></gen_info></values></set>
		<set><filter><id>9</id></filter><values><gen_info><status>16</status></gen_info></values></set>
		<del><filter><id>2</id></filter></del></customer>`+getIDs,
		lastID(1)+added+`<customer><set><result><status>ok</status><filter-id>2</filter-id><id>2</id></result></set>
		<set><result>`+failed("1013")+`<filter-id>9</filter-id></result></set>
		<del><result><status>ok</status><filter-id>2</filter-id><id>2</id></result></del></customer>`+lastID(6))
	entry := func(id, kind, class, object string) string {
		return `<event><id>` + id + `</id><type>` + kind + `</type><time>1740909600</time><class>` + class + `</class><obj_id>` + object + `</obj_id><user>admin</user><host>127.0.0.1</host></event>`
	}
	events := []string{
		entry("1", "updated", "admin_info", "1"), entry("2", "created", "client", "2"), entry("3", "updated", "client", "2"),
		entry("4", "updated", "client_status", "2"), entry("5", "guid_changed", "client", "2"), entry("6", "deleted", "client", "2"),
	}
	answer := func(events ...string) string {
		return `<event_log><get_events><result><status>ok</status>` + strings.Join(events, "") + `</result></get_events></event_log>`
	}
	ask := func(request string) string { return `<event_log><get_events>` + request + `</get_events></event_log>` }
	c.ask(ask(``), answer(events...))
	c.ask(ask(`<lastId>5</lastId>`), answer(events[4:]...))
	c.ask(ask(`<lastId>7</lastId>`), answer())
	c.ask(ask(`<lastId>2</lastId><events><event><type>created</type><class>client</class></event><event><type>deleted</type><class>client</class></event></events>`),
		answer(events[1], events[5]))
	c.ask(ask(`<lastId>0</lastId>`), refused("1014"))
	c.ask(ask(`<events><event><type>created</type><class>planet</class></event></events>`), refused("1014"))

	// The short form, which can empty the log; an empty element means true.
	body := c.post(`<packet><event_log><get/></event_log></packet>`)
	if n := strings.Count(body, "<event>"); n != 6 {
		t.Errorf("%d events", n)
	}
	contains(t, []byte(body), `<event><type>created</type><time>1740909600</time><class>client</class><id>2</id></event>`)
	c.post(`<packet><event_log><get><options><flush_selected_range/></options></get></event_log></packet>`)
	c.ask(`<event_log><get/></event_log>`+ask(``)+getIDs, `<event_log><get>`+okOnly+`</get></event_log>`+answer()+lastID(6))
}

func TestEventLogSwitches(t *testing.T) {
	s := newServer(t, func(o *Options) { o.LastIDExclusive, o.MaxEvents = true, 2 })
	addCustomer(t, s, "elm")
	addCustomer(t, s, "fir")
	addCustomer(t, s, "oak")
	c := start(t, s)
	body := c.post(`<packet><event_log><get_events/><get_events><lastId>3</lastId></get_events></event_log></packet>`)
	var ids []string
	for _, part := range strings.Split(body, "<event><id>")[1:] {
		id, _, _ := strings.Cut(part, "<")
		ids = append(ids, id)
	}
	if strings.Join(ids, " ") != "3 4 4" { // the last two entries, then those after 3
		t.Errorf("events %v", ids)
	}
}

// A restored server gives the ids of entries again that it has lost.
func TestRewoundEvents(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	c.ask(addAlder+getIDs, added+lastID(2)) // the first entry is the administrator's login
	s.RewindEvents(1)
	c.ask(getIDs, lastID(1))
	addCustomer(t, s, "elm")
	c.ask(getIDs, lastID(2))
	s.RewindEvents(5)
	addCustomer(t, s, "fir")
	c.ask(getIDs, lastID(1))
}
