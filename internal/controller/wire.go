// What several kinds need on the wire: lookups in the order of Handle, ids, status masks, refusals and warnings.

package controller

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// lookups are the filters by which a kind's objects are found. Nil where the kind has no such filter.
type lookups struct {
	byGUID        func(string, ...string) xmlapi.Filter
	byID          func(int64, ...int64) xmlapi.Filter
	byMark, byKey func(string, ...string) xmlapi.Filter
}

// findFirst looks an object up by GUID, which outlives ids, then by id, by mark, and by key; the first that finds it ends the
// search, and so does any error but "not found".
func findFirst[W any](h engine.Handle, by lookups, get func(xmlapi.Filter) (*engine.Found[W], error)) (*engine.Found[W], error) {
	var filters []xmlapi.Filter
	if h.GUID != "" && by.byGUID != nil {
		filters = append(filters, by.byGUID(h.GUID))
	}
	if h.ID != "" {
		f, err := filterByID(by.byID, h.ID)
		if err != nil {
			return nil, err
		}
		filters = append(filters, f)
	}
	if h.Mark != "" && by.byMark != nil {
		filters = append(filters, by.byMark(h.Mark))
	}
	if key := cmp.Or(h.Key.Name, h.Was.Name); key != "" {
		filters = append(filters, by.byKey(key))
	}
	for _, f := range filters {
		found, err := get(f)
		if err == nil || !xmlapi.IsNotFound(err) {
			return found, err
		}
	}
	return nil, nil
}

// filterOf selects an object for writing: by GUID where it has one, since a bare id may be another object's by now.
func filterOf(byGUID func(string, ...string) xmlapi.Filter, byID func(int64, ...int64) xmlapi.Filter, id engine.Identity) (xmlapi.Filter, error) {
	if id.GUID != "" {
		return byGUID(id.GUID), nil
	}
	return filterByID(byID, id.ID)
}

// idText is an id as it is recorded; the server's way to name none is no id.
func idText(id int64) string {
	if id <= 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
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

// warn tells the user what an operation that succeeded complained about; nothing where it did not. The engine makes it fit to show.
func warn(to func(string), op interface {
	Operator() string
	Name() string
}, problems *string) {
	text := singleBlanks(deref(problems))
	if text == "" || to == nil {
		return
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
