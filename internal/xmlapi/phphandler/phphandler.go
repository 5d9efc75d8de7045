// Package phphandler holds the operations of the `php-handler` operator: the ways in which the server can run PHP. They come with
// the server and can only be switched on and off; a site chooses one with its hosting property php_handler_id. Callers:
// administrator. Source: operators-services §12.
package phphandler

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// The operations.
var (
	Get      = xmlapi.Read[xmlapi.QueryRequest, Result]("php-handler", "get")
	Enable   = xmlapi.Write[xmlapi.FilterRequest, Result]("php-handler", "enable")
	Disable  = xmlapi.Write[xmlapi.FilterRequest, Result]("php-handler", "disable")
	GetUsage = xmlapi.Read[xmlapi.QueryRequest, GetUsageResult]("php-handler", "get-usage")
)

// The types of handlers.
const (
	Module  = "module"
	CGI     = "cgi"
	FastCGI = "fastcgi"
	FPM     = "fpm"
)

// The states of handlers.
const (
	Enabled  = "enabled"
	Disabled = "disabled"
)

// ByID selects handlers by their ids such as plesk-php83-fpm.
func ByID(first string, more ...string) xmlapi.Filter { return xmlapi.By("id", first, more...) }

// Result is one handler, as it is after the operation.
type Result struct {
	xmlapi.Result
	*Handler
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r Result) Empty() bool { return r.Status == xmlapi.StatusOK && r.Handler == nil }

// Handler describes a handler.
type Handler struct {
	ID            string  `xml:"id"`
	DisplayName   string  `xml:"display-name"`
	FullVersion   string  `xml:"full-version"` // e.g. 8.3.20
	Version       string  `xml:"version"`      // e.g. 8.3
	Type          string  `xml:"type"`
	Path          *string `xml:"path"`
	CLIPath       *string `xml:"clipath"`
	Configuration *string `xml:"phpini"` // the path of the php.ini
	Custom        string  `xml:"custom"` // true when an administrator added it
	HandlerStatus string  `xml:"handler-status"`
}

// GetUsageResult lists the sites that use one handler. It does not name the handler: ask for one.
type GetUsageResult struct {
	xmlapi.Result
	Domains []Domain `xml:"domain"`
}

// Empty reports whether no site uses the handler.
func (r GetUsageResult) Empty() bool { return r.Status == xmlapi.StatusOK && len(r.Domains) == 0 }

// Domain is a site.
type Domain struct {
	ID   string `xml:"id"`
	Name string `xml:"name"`
}
