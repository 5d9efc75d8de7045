// The event log of one server: what has changed there since it was last asked.

package session

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/eventlog"
)

// Events follows a server's event log. It is for one goroutine.
//
// The log is asked from the entry before the last one seen: whether the server reads that inclusively or not, the last one seen has to be in the
// answer, as it was. If it is not, the log was trimmed, flushed or rewound, and what has happened is not known.
type Events struct {
	begun bool
	blind bool            // the entries could not be read the last time
	last  int64           // id of the newest entry, 0 for none
	seen  *eventlog.Event // that entry, once it was read
	gone  bool            // it is not in the log any more
}

// News is what the log tells.
type News struct {
	Events []eventlog.Event // since the last time
	Lost   bool             // what has happened is not known
}

// Question is what is asked of the log in one packet.
type Question struct {
	last *xmlapi.Call[xmlapi.EmptyRequest, eventlog.GetLastIDResult]
	from *xmlapi.Call[eventlog.GetEventsRequest, eventlog.GetEventsResult] // nil the first time
}

// From returns what follows a log from an entry on that was the newest one once; 0 is its end as it will be found.
func From(last int64) *Events { return &Events{begun: last > 0, last: last} }

// Ask makes the question. Without the entries it cannot be too much for the packet that it travels in.
func (e *Events) Ask(entries bool) Question {
	q := Question{last: eventlog.GetLastID.Call(xmlapi.EmptyRequest{})}
	if e.begun && entries {
		q.from = eventlog.GetEvents.Call(eventlog.GetEventsRequest{LastID: new(max(e.last-1, 1))})
	}
	return q
}

// Entries reports whether the log's entries are asked for.
func (q Question) Entries() bool { return q.from != nil }

// WithoutEntries is the question, and what was answered to it, as far as the log's end goes.
func (q Question) WithoutEntries() Question { return Question{last: q.last} }

// Calls are those of the question.
func (q Question) Calls() []xmlapi.Caller {
	if q.from == nil {
		return []xmlapi.Caller{q.last}
	}
	return []xmlapi.Caller{q.last, q.from}
}

// Read takes the answer in. The first one is where the log is followed from. An error leaves everything as it was.
func (e *Events) Read(q Question) (News, error) {
	l, err := q.last.One()
	if err != nil && !xmlapi.IsNotFound(err) {
		return News{}, err
	}
	if q.from == nil {
		news := News{Lost: e.begun && !e.blind} // later ones are lost, too: that is told once they can be read again
		*e = Events{begun: true, blind: e.begun, last: l.ID}
		return news, nil
	}
	results, err := q.from.All()
	if err != nil {
		return News{}, err
	}
	var entries []eventlog.Event
	for _, r := range results {
		entries = append(entries, r.Events...)
	}
	news := News{Lost: e.blind || l.ID < e.last || !e.continues(entries)}
	now := Events{begun: true, last: l.ID}
	for _, entry := range entries {
		if entry.ID > e.last && !news.Lost {
			news.Events = append(news.Events, entry)
		}
		if entry.ID >= now.last {
			now.last, now.seen = entry.ID, new(entry)
		}
	}
	now.gone = now.seen == nil
	*e = now
	return news, nil
}

// continues reports whether entries go on where the last one seen is, as it was.
func (e *Events) continues(entries []eventlog.Event) bool {
	if e.last == 0 || e.gone {
		return true
	}
	for _, entry := range entries {
		if entry.ID == e.last {
			return e.seen == nil || entry.Time == e.seen.Time && entry.Class == e.seen.Class && entry.ObjectID == e.seen.ObjectID
		}
	}
	return false
}

// Follows reports whether the log could be read the last time, as far as that was tried.
func (e *Events) Follows() bool { return !e.blind }

// Last is the id of the newest entry, 0 for none.
func (e *Events) Last() int64 { return e.last }
