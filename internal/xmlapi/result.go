// What every operation's answer begins with.

package xmlapi

// Empty is a marker element without content, e.g. `<gen_info/>` in a dataset; a nil *Empty is absent.
type Empty struct{}

// The values of result/status.
const (
	StatusOK    = "ok"
	StatusError = "error"
)

// Result is the core of every result. Operation results embed it, first.
type Result struct {
	Status string `xml:"status"`            // "ok" or "error"
	Code   int    `xml:"errcode,omitempty"` // Plesk's error code, 0 when ok
	Text   string `xml:"errtext,omitempty"` // Plesk's text, localised
}

// Outcome returns the core of a result that embeds it.
func (r Result) Outcome() Result { return r }

// Unwrapped is the core of the few results that have no result element: they stand in the operation's element itself,
// most of them without a status. Operation results embed it, first. An answer that has a result element after all
// (a failure) is understood too.
type Unwrapped struct {
	Status  string  `xml:"status,omitempty"`
	Code    int     `xml:"errcode,omitempty"`
	Text    string  `xml:"errtext,omitempty"`
	Wrapped *Result `xml:"result"`
}

// Outcome returns the core as other results have it; without any status the operation succeeded.
func (u Unwrapped) Outcome() Result {
	switch {
	case u.Wrapped != nil:
		return *u.Wrapped
	case u.Status == "":
		return Result{Status: StatusOK}
	}
	return Result{Status: u.Status, Code: u.Code, Text: u.Text}
}

func (Unwrapped) unwrapped() {}

type unwrapper interface{ unwrapped() }

// FilterResult is the core of results of operations with a filter.
type FilterResult struct {
	Result
	FilterID string `xml:"filter-id,omitempty"` // the filter value that this result answers
	ID       int64  `xml:"id,omitempty"`        // the object's id, 0 where the server names none
}

// Outcomer is a typed result: a struct that embeds Result.
type Outcomer interface{ Outcome() Result }

// Emptier is a result that can be the server's way to say "nothing matched": status ok and no object.
type Emptier interface{ Empty() bool }

// DomainList is the inventory that get-domain-list and server/get admin-domain-list answer.
type DomainList struct {
	Domains []Domain `xml:"domain"`
}

// Domain is one entry of a DomainList.
type Domain struct {
	ID         int64  `xml:"id"`
	Name       string `xml:"name"`
	ASCIIName  string `xml:"ascii-name"`
	Type       string `xml:"type"` // domain, subdomain or alias
	Main       bool   `xml:"main"`
	GUID       string `xml:"guid"`
	ExternalID string `xml:"external-id"`
	ParentID   int64  `xml:"parent-id,omitempty"` // of a subdomain: its domain
	DomainID   int64  `xml:"domain-id,omitempty"` // of an alias: its domain
}
