// Package logrotation holds the operations of the `log-rotation` operator: every site has one set of settings, created with
// the site. Callers: administrator, reseller, customer. Source: operators-services §11.
package logrotation

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// The operations.
var (
	Get       = xmlapi.Read[xmlapi.QueryRequest, GetResult]("log-rotation", "get")
	Set       = xmlapi.Write[SetRequest, xmlapi.FilterResult]("log-rotation", "set")
	Enable    = xmlapi.Write[xmlapi.FilterRequest, xmlapi.FilterResult]("log-rotation", "enable")
	Disable   = xmlapi.Write[xmlapi.FilterRequest, xmlapi.FilterResult]("log-rotation", "disable")
	GetStatus = xmlapi.Read[xmlapi.QueryRequest, GetStatusResult]("log-rotation", "get-status")
)

// BySite selects by site.
func BySite(first int64, more ...int64) xmlapi.Filter {
	return xmlapi.ByNumber("site-id", first, more...)
}

// BySiteName selects by the names of sites.
func BySiteName(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("site-name", first, more...)
}

// ByOwnerID selects all sites of the given accounts.
func ByOwnerID(first int64, more ...int64) xmlapi.Filter {
	return xmlapi.ByNumber("owner-id", first, more...)
}

// ByOwnerLogin selects all sites of the given accounts.
func ByOwnerLogin(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("owner-login", first, more...)
}

// SetRequest changes the settings of the selected sites. The condition is always given, other nil settings stay.
type SetRequest struct {
	Filter   xmlapi.Filter       `xml:"filter"`
	Settings hosting.LogRotation `xml:"settings"`
}

// GetResult is the settings of one site.
type GetResult struct {
	xmlapi.FilterResult
	Settings *hosting.LogRotation `xml:"settings"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetResult) Empty() bool { return r.Status == xmlapi.StatusOK && r.Settings == nil && r.ID == 0 }

// GetStatusResult says whether the logs of one site are rotated.
type GetStatusResult struct {
	xmlapi.FilterResult
	Enabled *bool `xml:"enabled"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetStatusResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && r.Enabled == nil && r.ID == 0
}
