// Package subdomain holds the operations of the `subdomain` operator. The site operator sees the same subdomains.
// Callers: administrator, customer. Source: operators-accounts-server §5.
package subdomain

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// The operations.
var (
	Add    = xmlapi.Write[AddRequest, AddResult]("subdomain", "add")
	Get    = xmlapi.Read[xmlapi.QueryRequest, GetResult]("subdomain", "get")
	Set    = xmlapi.Write[SetRequest, xmlapi.FilterResult]("subdomain", "set")
	Del    = xmlapi.Write[xmlapi.FilterRequest, xmlapi.FilterResult]("subdomain", "del")
	Rename = xmlapi.Write[RenameRequest, xmlapi.Result]("subdomain", "rename")
)

// ByID selects subdomains by id.
func ByID(first int64, more ...int64) xmlapi.Filter { return xmlapi.ByNumber("id", first, more...) }

// ByName selects subdomains by their full names.
func ByName(first string, more ...string) xmlapi.Filter { return xmlapi.By("name", first, more...) }

// ByParentName selects the subdomains of the named sites.
func ByParentName(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("parent-name", first, more...)
}

// AddRequest creates one subdomain.
type AddRequest struct {
	Parent     string            `xml:"parent"` // name of the site above it
	Name       string            `xml:"name"`   // the leading label alone
	Home       *string           `xml:"home"`   // Windows
	Properties []xmlapi.Property `xml:"property"`
}

// AddResult names the new subdomain.
type AddResult struct {
	xmlapi.Result
	ID int64 `xml:"id,omitempty"`
}

// GetResult is one subdomain.
type GetResult struct {
	xmlapi.FilterResult
	Data *Data `xml:"data"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetResult) Empty() bool { return r.Status == xmlapi.StatusOK && r.Data == nil && r.ID == 0 }

// Data is a subdomain as the server shows it. Name is the full name.
type Data struct {
	Parent     string            `xml:"parent"`
	Name       string            `xml:"name"`
	Home       *string           `xml:"home"`
	Properties []xmlapi.Property `xml:"property"`
}

// SetRequest changes the given properties of the selected subdomains.
type SetRequest struct {
	Filter     xmlapi.Filter     `xml:"filter"`
	Properties []xmlapi.Property `xml:"property" choice:"properties,required"`
}

// RenameRequest gives one subdomain another leading label.
type RenameRequest struct {
	ID   int64  `xml:"id"`
	Name string `xml:"name"`
}
