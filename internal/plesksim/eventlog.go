// The event log: one entry per change, and the event_log operator (protocol-core §8.1).

package plesksim

import (
	"cmp"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/eventlog"
)

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

// RewindEvents takes the newest entries from the event log, and gives their ids again: what a restored server's log looks like.
func (s *Server) RewindEvents(entries int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	log := &s.state.Events
	left := log.Entries[:max(0, len(log.Entries)-entries)]
	s.state.Sequences.Event -= int64(len(log.Entries) - len(left))
	log.Entries = left
}

func eventLogOperations() []operation {
	return []operation{
		one("event_log/get", administrator, eventLogGet),
		one("event_log/get_events", administrator, eventLogGetEvents),
		one("event_log/get-last-id", administrator, eventLogGetLastID),
	}
}

func eventLogGet(c *call, req eventlog.GetRequest) (eventlog.GetResult, error) {
	var res eventlog.GetResult
	for _, e := range c.Events.Entries {
		res.Events = append(res.Events, eventlog.ShortEvent{Type: e.Type, Time: e.Time, Class: e.Class, ID: e.Object})
	}
	if o := req.Options; o != nil && o.FlushSelectedRange != nil && *o.FlushSelectedRange {
		c.Events.Entries = nil
	}
	return res, nil
}

func eventLogGetEvents(c *call, req eventlog.GetEventsRequest) (eventlog.GetEventsResult, error) {
	entries := c.Events.Entries
	if req.LastID != nil {
		from := *req.LastID
		if c.opts.LastIDExclusive {
			from++
		}
		at, _ := slices.BinarySearchFunc(entries, from, func(e event, id int64) int { return cmp.Compare(e.ID, id) })
		entries = entries[at:]
	}
	var res eventlog.GetEventsResult
	for _, e := range entries {
		if req.Events == nil || slices.Contains(req.Events.Kinds, eventlog.EventKind{Type: e.Type, Class: e.Class}) {
			res.Events = append(res.Events, eventlog.Event{ID: e.ID, Type: e.Type, Time: e.Time, Class: e.Class, ObjectID: e.Object, User: e.User, Host: e.Host})
		}
	}
	return res, nil
}

// eventLogGetLastID answers the last id given, also after the entries were flushed.
func eventLogGetLastID(c *call, _ xmlapi.EmptyRequest) (eventlog.GetLastIDResult, error) {
	return eventlog.GetLastIDResult{ID: c.Sequences.Event}, nil
}
