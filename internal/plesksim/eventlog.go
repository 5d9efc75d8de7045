// The event log: one entry per change, and the event_log operator (protocol-core §8.1).

package plesksim

// eventLog keeps the newest events by ascending id.
type eventLog struct {
	Entries []event
}

type event struct {
	ID     int64
	Time   int64
	Class  string
	Type   string
	Object string
	User   string
	Host   string
}

// event records a change made by the caller. The object is an id or, for some classes, a name.
func (c *call) event(class, kind, object string) {
	log := &c.Events
	log.Entries = append(log.Entries, event{
		ID: next(&c.Sequences.Event), Time: c.now.Unix(), Class: class, Type: kind, Object: object, User: c.who.login, Host: c.who.host,
	})
	if over := len(log.Entries) - c.opts.MaxEvents; over > 0 {
		log.Entries = log.Entries[over:]
	}
}
