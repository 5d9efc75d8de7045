// Package eventlog holds the operations of the `event_log` operator: the panel's action log.
// Callers: administrator. Source: protocol-core §8.1.
package eventlog

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// The operations.
var (
	// Get counts as a write because its option removes what it returned.
	Get       = xmlapi.Write[GetRequest, GetResult]("event_log", "get")
	GetEvents = xmlapi.Read[GetEventsRequest, GetEventsResult]("event_log", "get_events")
	GetLastID = xmlapi.Read[xmlapi.EmptyRequest, GetLastIDResult]("event_log", "get-last-id")
)

// GetRequest reads the whole log in its short form.
type GetRequest struct {
	Options *Options `xml:"options"`
}

// Options of Get.
type Options struct {
	// FlushSelectedRange removes the events that are returned. An empty element would mean true.
	FlushSelectedRange *bool `xml:"flush_selected_range"`
}

// GetResult holds the events, none when the log is empty.
type GetResult struct {
	xmlapi.Result
	Events []ShortEvent `xml:"event"`
}

// ShortEvent is an event without its place in the log.
type ShortEvent struct {
	Type  string `xml:"type"`
	Time  int64  `xml:"time"` // UNIX seconds
	Class string `xml:"class"`
	ID    string `xml:"id"` // the object's
}

// GetEventsRequest reads the log from an entry on, all of it without LastID.
type GetEventsRequest struct {
	// LastID is an entry's id, 1 or more. Whether that entry itself is returned differs between servers: drop known ids.
	LastID *int64       `xml:"lastId"`
	Events *EventFilter `xml:"events"`
}

// EventFilter narrows the events to kinds.
type EventFilter struct {
	Kinds []EventKind `xml:"event" choice:"events,required"`
}

// EventKind is a pair of the closed lists of protocol-core §8.1.
type EventKind struct {
	Type  string `xml:"type"`
	Class string `xml:"class"`
}

// GetEventsResult holds the events in ascending order of their ids.
type GetEventsResult struct {
	xmlapi.Result
	Events []Event `xml:"event"`
}

// Event is an entry of the log.
type Event struct {
	ID       int64  `xml:"id"` // the entry's, ascending over the whole server
	Type     string `xml:"type"`
	Time     int64  `xml:"time"` // UNIX seconds
	Class    string `xml:"class"`
	ObjectID string `xml:"obj_id"` // a number for most classes, a name for some
	User     string `xml:"user"`   // empty for the system's own tasks
	Host     string `xml:"host"`   // the caller's address
}

// GetLastIDResult names the newest entry; ID is 0 while the log is empty.
type GetLastIDResult struct {
	xmlapi.Result
	ID int64 `xml:"id,omitempty"`
}
