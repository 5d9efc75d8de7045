// The event log of one server: what has changed there since it was last asked.

package server

import (
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/eventlog"
)

// eventLog follows a server's event log. It is for one goroutine.
//
// The log is asked from the entry before the last one seen: whether the server reads that inclusively or not, the last one seen has to be in the
// answer, as it was. If it is not, the log was trimmed, flushed or rewound, and what has happened is not known.
type eventLog struct {
	begun bool
	blind bool            // the entries could not be read the last time
	last  int64           // id of the newest entry, 0 for none
	seen  *eventlog.Event // that entry, once it was read
	gone  bool            // it is not in the log any more
}

// logQuestion is what is asked of the log in one packet; zero is nothing.
type logQuestion struct {
	last *xmlapi.Call[xmlapi.EmptyRequest, eventlog.GetLastIDResult]
	from *xmlapi.Call[eventlog.GetEventsRequest, eventlog.GetEventsResult] // nil the first time
}

// logFrom returns what follows a log from an entry on that was the newest one once; 0 is its end as it will be found.
func logFrom(last int64) *eventLog { return &eventLog{begun: last > 0, last: last} }

// ask makes the question. Without the entries it cannot be too much for the packet that it travels in.
func (e *eventLog) ask(entries bool) logQuestion {
	q := logQuestion{last: eventlog.GetLastID.Call(xmlapi.EmptyRequest{})}
	if e.begun && entries {
		q.from = eventlog.GetEvents.Call(eventlog.GetEventsRequest{LastID: new(max(e.last-1, 1))})
	}
	return q
}

// asksEntries reports whether the log's entries are asked for.
func (q logQuestion) asksEntries() bool { return q.from != nil }

// withoutEntries is the question, and what was answered to it, as far as the log's end goes.
func (q logQuestion) withoutEntries() logQuestion { return logQuestion{last: q.last} }

// calls are those of the question.
func (q logQuestion) calls() []xmlapi.Caller {
	switch {
	case q.last == nil:
		return nil
	case q.from == nil:
		return []xmlapi.Caller{q.last}
	}
	return []xmlapi.Caller{q.last, q.from}
}

// read takes the answer in. The first one is where the log is followed from. An error leaves everything as it was.
func (e *eventLog) read(q logQuestion) (engine.News, error) {
	l, err := q.last.One()
	if err != nil && !xmlapi.IsNotFound(err) {
		return engine.News{}, err
	}
	if q.from == nil {
		news := engine.News{Lost: e.begun && !e.blind} // later ones are lost, too: that is told once they can be read again
		*e = eventLog{begun: true, blind: e.begun, last: l.ID}
		return news, nil
	}
	results, err := q.from.All()
	if err != nil {
		return engine.News{}, err
	}
	var entries []eventlog.Event
	for _, r := range results {
		entries = append(entries, r.Events...)
	}
	news := engine.News{Lost: e.blind || l.ID < e.last || !e.continues(entries) || l.ID > e.last && !hasEntry(entries, l.ID)}
	now := eventLog{begun: true, last: l.ID}
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

// unasked is read where nothing was asked.
func (e *eventLog) unasked() engine.News {
	news := engine.News{Lost: e.begun && !e.blind}
	e.blind = e.begun
	return news
}

// continues reports whether entries go on where the last one seen is, as it was. Where that has gone, the next one has to be there.
func (e *eventLog) continues(entries []eventlog.Event) bool {
	if e.last == 0 || e.gone {
		newer := func(entry eventlog.Event) bool { return entry.ID > e.last }
		return hasEntry(entries, e.last+1) || !slices.ContainsFunc(entries, newer)
	}
	for _, entry := range entries {
		if entry.ID == e.last {
			return e.seen == nil || entry.Time == e.seen.Time && entry.Class == e.seen.Class && entry.ObjectID == e.seen.ObjectID
		}
	}
	return false
}

func hasEntry(entries []eventlog.Event, id int64) bool {
	return slices.ContainsFunc(entries, func(e eventlog.Event) bool { return e.ID == id })
}

// follows reports whether the log could be read the last time, as far as that was tried.
func (e *eventLog) follows() bool { return !e.blind }

// lastID is the id of the newest entry, 0 for none.
func (e *eventLog) lastID() int64 { return e.last }
