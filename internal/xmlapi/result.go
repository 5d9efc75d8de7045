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

// Property is one name and value of an open list: hosting properties, PHP settings.
type Property struct {
	Name  string `xml:"name"`
	Value string `xml:"value"`
}

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
