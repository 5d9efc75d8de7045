// The requests that many operations share.

package xmlapi

// EmptyRequest is the request of operations that take nothing.
type EmptyRequest struct{}

// QueryRequest is the request of operations that only read, and take nothing but which objects.
type QueryRequest struct {
	Filter Query `xml:"filter"`
}

// FilterRequest is the request of operations that write, and take nothing but which objects: it cannot be sent while the filter is
// empty.
type FilterRequest struct {
	Filter Filter `xml:"filter"`
}
