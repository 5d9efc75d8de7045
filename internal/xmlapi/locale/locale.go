// Package locale holds the operations of the `locale` operator: the languages of the panel. They come with the server and can only
// be switched on and off. Callers: administrator. Source: operators-services §14.
package locale

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// The operations.
var (
	Get        = xmlapi.Read[xmlapi.QueryRequest, GetResult]("locale", "get")
	GetMessage = xmlapi.Read[GetMessageRequest, GetMessageResult]("locale", "get-message")
	Enable     = xmlapi.Write[xmlapi.FilterRequest, Result]("locale", "enable")
	Disable    = xmlapi.Write[xmlapi.FilterRequest, Result]("locale", "disable")
)

// ByID selects languages by their ids such as en-US.
func ByID(first string, more ...string) xmlapi.Filter { return xmlapi.By("id", first, more...) }

// ByKey selects messages.
func ByKey(first string, more ...string) xmlapi.Filter { return xmlapi.By("key", first, more...) }

// Result is the outcome for one language.
type Result struct {
	xmlapi.Result
	FilterID string `xml:"filter-id,omitempty"` // the filter value that this result answers
	ID       string `xml:"id,omitempty"`        // the language
}

// GetResult is one language.
type GetResult struct {
	Result
	Info *Info `xml:"info"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetResult) Empty() bool { return r.Status == xmlapi.StatusOK && r.Info == nil }

// Info describes a language.
type Info struct {
	ID       string `xml:"id"`
	Language string `xml:"lang"`
	Country  string `xml:"country"`
	Used     int    `xml:"used"` // by how many accounts
	Enabled  bool   `xml:"enabled"`
}

// GetMessageRequest asks for messages in one language, such as the labels that descriptors name.
type GetMessageRequest struct {
	Filter xmlapi.Query `xml:"filter"`
	ID     string       `xml:"id"` // the language
}

// GetMessageResult is one message; FilterID is its key.
type GetMessageResult struct {
	Result
	Message *string `xml:"message"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetMessageResult) Empty() bool { return r.Status == xmlapi.StatusOK && r.Message == nil }
