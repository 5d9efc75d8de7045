// What several kinds need on the wire: lookups in the order of Handle, ids, status masks, refusals and warnings.

package controller

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// findFirst looks an object up by id, then by mark, then by key; the first that finds it ends the search, and so does any
// error but "not found". byMark is nil for kinds without an external id.
func findFirst[W any](
	h engine.Handle,
	byID func(int64, ...int64) xmlapi.Filter,
	byMark, byKey func(string, ...string) xmlapi.Filter,
	get func(xmlapi.Filter) (*engine.Found[W], error),
) (*engine.Found[W], error) {
	var filters []xmlapi.Filter
	if h.ID != "" {
		f, err := filterByID(byID, h.ID)
		if err != nil {
			return nil, err
		}
		filters = append(filters, f)
	}
	if h.Mark != "" && byMark != nil {
		filters = append(filters, byMark(h.Mark))
	}
	if h.Key != "" {
		filters = append(filters, byKey(h.Key))
	}
	for _, f := range filters {
		found, err := get(f)
		if err == nil || !xmlapi.IsNotFound(err) {
			return found, err
		}
	}
	return nil, nil
}

// filterByID makes the filter for a recorded id.
func filterByID(byID func(int64, ...int64) xmlapi.Filter, id string) (xmlapi.Filter, error) {
	n, err := number(id)
	if err != nil {
		return xmlapi.Filter{}, err
	}
	return byID(n), nil
}

// number reads a recorded id, which must be a positive number.
func number(id string) (int64, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n <= 0 {
		return 0, fmt.Errorf("the recorded id %q is not a positive number", id)
	}
	return n, nil
}

// incomplete is the error for an answer that is ok but lacks what was asked for: nothing may be concluded from it.
func incomplete(op interface {
	Operator() string
	Name() string
}, what string) error {
	return &xmlapi.Error{Class: xmlapi.Transient, Operator: op.Operator(), Operation: op.Name(), Err: errors.New("the answer lacks " + what)}
}

// lossOfHosting is the value of AnnotationAllowDataLoss that lets hosting be taken away.
const lossOfHosting = "hosting"

// refuseLoss is the error for a change that deletes web sites' files, which the user has to permit first.
func refuseLoss(field, what string) error {
	return engine.Invalid(field, fmt.Sprintf("%s: to permit it, annotate this resource with %s=%s", what, v1alpha1.AnnotationAllowDataLoss, lossOfHosting))
}

// maxNote is how many characters of a text of the server go into an event, which holds a kilobyte at most.
const maxNote = 800

// warn tells the user what an operation that succeeded complained about; nothing where it did not.
func warn(to func(string), op interface {
	Operator() string
	Name() string
}, problems *string) {
	text := singleBlanks(deref(problems))
	if text == "" || to == nil {
		return
	}
	if r := []rune(text); len(r) > maxNote {
		text = string(r[:maxNote]) + "…"
	}
	to(fmt.Sprintf("%s/%s: done, but not everywhere: %s", op.Operator(), op.Name(), text))
}

// deref is the text that s points at, "" for nil.
func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// The bits of an object's status (operators-accounts-server §1.1).
const (
	statusBackup             = 4
	statusSuspendedByAdmin   = 8
	statusDisabledByAdmin    = 16
	statusDisabledByReseller = 32
	statusDisabledByCustomer = 64
	statusExpired            = 256
)

// adminStatus is the status that the administrator writes; nil stays unwritten.
func adminStatus(active *bool) *int {
	switch {
	case active == nil:
		return nil
	case *active:
		return new(0)
	default:
		return new(statusDisabledByAdmin)
	}
}

// statusText says a status in words: Active, or the reasons for which the object does not work.
func statusText(status int) string {
	if status == 0 {
		return "Active"
	}
	var reasons []string
	for _, b := range []struct {
		bit  int
		name string
	}{
		{statusBackup, "BackupRunning"}, {statusSuspendedByAdmin, "SuspendedByAdmin"}, {statusDisabledByAdmin, "DisabledByAdmin"},
		{statusDisabledByReseller, "DisabledByReseller"}, {statusDisabledByCustomer, "DisabledByCustomer"}, {statusExpired, "Expired"},
	} {
		if status&b.bit != 0 {
			reasons, status = append(reasons, b.name), status&^b.bit
		}
	}
	if status != 0 {
		reasons = append(reasons, "Inherited")
	}
	return strings.Join(reasons, ",")
}
