// The requests that many operations share.

package xmlapi

// EmptyRequest is the request of operations that take nothing.
type EmptyRequest struct{}

// QueryRequest is the request of operations that only read and take nothing but a filter.
type QueryRequest struct {
	Filter Query `xml:"filter"`
}

// FilterRequest is the request of operations that write and take nothing but a filter: it cannot be sent while that filter is
// empty.
type FilterRequest struct {
	Filter Filter `xml:"filter"`
}
