// Looking objects up on the wire: by what a Handle knows, in its order, and by the ids that statuses record.

package engine

import (
	"cmp"
	"context"
	"fmt"
	"strconv"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// Lookups are the filters by which a kind's objects are found. Nil where the kind has no such filter.
type Lookups struct {
	ByGUID        func(string, ...string) xmlapi.Filter
	ByID          func(int64, ...int64) xmlapi.Filter
	ByMark, ByKey func(string, ...string) xmlapi.Filter
}

// FindFirst looks an object up by GUID, which outlives ids, then by id, by mark, and by key; the first that finds it ends the
// search, and so does any error but "not found".
func FindFirst[W any](h Handle, by Lookups, get func(xmlapi.Filter) (*Found[W], error)) (*Found[W], error) {
	var filters []xmlapi.Filter
	if h.GUID != "" && by.ByGUID != nil {
		filters = append(filters, by.ByGUID(h.GUID))
	}
	if h.ID != "" {
		f, err := FilterByID(by.ByID, h.ID)
		if err != nil {
			return nil, err
		}
		filters = append(filters, f)
	}
	if h.Mark != "" && by.ByMark != nil {
		filters = append(filters, by.ByMark(h.Mark))
	}
	if key := cmp.Or(h.Key.Name, h.Was.Name); key != "" {
		filters = append(filters, by.ByKey(key))
	}
	for _, f := range filters {
		found, err := get(f)
		if err == nil || !xmlapi.IsNotFound(err) {
			return found, err
		}
	}
	return nil, nil
}

// FilterOf selects an object for writing: by GUID where it has one, since a bare id may be another object's by now.
func FilterOf(byGUID func(string, ...string) xmlapi.Filter, byID func(int64, ...int64) xmlapi.Filter, id Identity) (xmlapi.Filter, error) {
	if id.GUID != "" {
		return byGUID(id.GUID), nil
	}
	return FilterByID(byID, id.ID)
}

// IDText is an id as it is recorded; the server's way to name none is no id.
func IDText(id int64) string {
	if id <= 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

// FilterByID makes the filter for a recorded id.
func FilterByID(byID func(int64, ...int64) xmlapi.Filter, id string) (xmlapi.Filter, error) {
	n, err := Number(id)
	if err != nil {
		return xmlapi.Filter{}, err
	}
	return byID(n), nil
}

// Number reads a recorded id, which must be a positive number.
func Number(id string) (int64, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n <= 0 {
		return 0, fmt.Errorf("the recorded id %q is not a positive number", id)
	}
	return n, nil
}

// SetEach sends an operation once for each reason, in this order and in one packet, for Suspenders.
func SetEach[R any, S xmlapi.Outcomer](ctx context.Context, d xmlapi.Doer, set xmlapi.Operation[R, S], reasons []xmlapi.Status, request func(xmlapi.Status) R) error {
	calls := make([]*xmlapi.Call[R, S], len(reasons))
	all := make([]xmlapi.Caller, len(reasons))
	for i, r := range reasons {
		calls[i] = set.Call(request(r))
		all[i] = calls[i]
	}
	if err := d.Do(ctx, all...); err != nil {
		return err
	}
	for _, c := range calls {
		if _, err := c.One(); err != nil {
			return err
		}
	}
	return nil
}
