// Refusals: why an operation or a whole packet was not executed.

package plesksim

import (
	"errors"
	"fmt"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// refusal is a failure as the client is told of it.
type refusal struct {
	code   int
	format string // English; the key of its translations
	args   []any
}

func (r *refusal) Error() string { return fmt.Sprintf(r.format, r.args...) }

// refuse makes a refusal with one of the codes of the reduced list (protocol-core §9).
func refuse(code int, format string, args ...any) *refusal {
	return &refusal{code: code, format: format, args: args}
}

func permissionDenied() *refusal {
	return refuse(xmlapi.CodePermissionDenied, "Permission denied.")
}

// failure is the result that reports err. What is not a refusal is an internal failure of the server.
func failure(err error) *xmlapi.Result {
	var r *refusal
	if !errors.As(err, &r) {
		r = refuse(xmlapi.CodeFailed, "Internal error: %v", err)
	}
	return &xmlapi.Result{Status: xmlapi.StatusError, Code: r.code, Text: r.Error()}
}
