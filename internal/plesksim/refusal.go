// Refusals: why an operation or a whole packet was not executed.

package plesksim

import (
	"errors"
	"fmt"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// refusal is a failure that the client is told of. It becomes a text when the answer is made, in the language of the panel.
type refusal struct {
	code   int
	format string // English; the key of its translations
	args   []any
}

// Error is the text in English, for everything but answers.
func (r *refusal) Error() string { return r.in(English) }

// in is the text in a language.
func (r *refusal) in(l Locale) string { return fmt.Sprintf(l.translate(r.format), r.args...) }

// refuse makes a refusal with one of the codes of the reduced list (protocol-core §9).
func refuse(code int, format string, args ...any) *refusal {
	return &refusal{code: code, format: format, args: args}
}

func permissionDenied() *refusal {
	return refuse(xmlapi.CodePermissionDenied, "Permission denied.")
}

// refusalOf is what the client is told of an error. What is not a refusal is an internal failure of the server.
func refusalOf(err error) *refusal {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r
	}
	return refuse(xmlapi.CodeFailed, "Internal error: %v", err)
}

// failure is the result that reports an error to the client, in the language of the panel.
func (c *call) failure(err error) xmlapi.Result { return failure(err, c.opts.Locale) }

// failure is the same outside of a call.
func failure(err error, l Locale) xmlapi.Result {
	r := refusalOf(err)
	return xmlapi.Result{Status: xmlapi.StatusError, Code: r.code, Text: r.in(l)}
}
