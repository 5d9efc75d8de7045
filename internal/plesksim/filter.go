// Filters: which rows an operation is about, in which order, and what its results say about them (protocol-core §4).

package plesksim

import (
	"strconv"

	"github.com/plesk-operator/plesk-operator/internal/plesksim/table"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// selector is an xmlapi.Filter or xmlapi.Query.
type selector interface {
	Kind() string
	Values() []string
}

// selectsAll tells whether a filter means everything: it is empty, or has the element that says so.
func selectsAll(sel selector) bool { return len(sel.Values()) == 0 || sel.Kind() == xmlapi.KindAll }

// finder says how the rows of one kind of object are found.
type finder[T any] struct {
	table *table.Table[T]
	// all returns what an empty filter means, by ascending id; nil means the whole table.
	all func() []*T
	// find returns the rows that a value of a filter kind names. A value that names nothing is a refusal; one that names
	// a parent without such objects is not.
	find func(kind, value string) ([]*T, error)
	// parents: a value that names a parent without such objects gets a result that holds nothing but the value (operators-services §1 rule 6).
	parents bool
	// sees tells whether the caller may know of the row.
	sees func(*T) bool
	// missing is the refusal for a row that exists, but not for the caller.
	missing func() *refusal
}

// each answers one result per selected row: explicit filters in the order of their values, the empty one by ascending id.
// Res embeds xmlapi.FilterResult; act fills in what comes after it.
//
//nolint:unparam // handlers return its results as they are, and a handler returns an error
func each[T any, Res any](c *call, f finder[T], sel selector, act func(*T) (Res, error)) ([]Res, error) {
	var results []Res
	f.walk(c, sel, func(filterID string, id int64, row *T, err error) {
		var res Res
		if row != nil {
			res, err = act(row)
		}
		if err != nil {
			var zero Res
			res = zero
		}
		results = append(results, res)
		*filterCoreOf(&results[len(results)-1]) = c.filterCore(filterID, id, err)
	})
	return results, nil
}

// eachOf is each for reads that ask for parts of the rows. Some servers leave the ids out if no part was asked for (protocol-core,
// corrections of §4).
func eachOf[T any, Res any](c *call, f finder[T], sel selector, nothing bool, act func(*T) (Res, error)) ([]Res, error) {
	results, err := each(c, f, sel, act)
	if nothing && c.opts.EmptyDatasetHidesIDs {
		for i := range results {
			filterCoreOf(&results[i]).ID = 0
		}
	}
	return results, err
}

func (c *call) filterCore(filterID string, id int64, err error) xmlapi.FilterResult {
	core := xmlapi.FilterResult{Result: xmlapi.Result{Status: xmlapi.StatusOK}, FilterID: filterID, ID: id}
	if err != nil {
		core.Result = c.failure(err)
	}
	return core
}

// walk visits what a filter selects, in order: rows, and values that have none, with the error that they are answered with, if any.
func (f finder[T]) walk(c *call, sel selector, visit func(filterID string, id int64, row *T, err error)) {
	if selectsAll(sel) {
		for _, row := range f.everything() {
			if id := f.table.ID(row); f.sees(row) && f.table.Get(id) == row { // not removed together with an earlier one
				visit(strconv.FormatInt(id, 10), id, row, nil)
			}
		}
		return
	}
	for _, value := range sel.Values() {
		rows, err := f.visible(c, sel.Kind(), value)
		if err != nil || len(rows) == 0 && f.parents {
			visit(value, 0, nil, err)
			continue
		}
		for _, row := range rows {
			if id := f.table.ID(row); f.table.Get(id) == row { // as above
				visit(value, id, row, nil)
			}
		}
	}
}

func (f finder[T]) everything() []*T {
	if f.all != nil {
		return f.all()
	}
	return f.table.All()
}

// visible returns the rows for one filter value that the caller may know of.
func (f finder[T]) visible(c *call, kind, value string) ([]*T, error) {
	rows, err := f.find(kind, value)
	if err != nil {
		return nil, err
	}
	seen := rows[:0]
	for _, row := range rows {
		if f.sees(row) {
			seen = append(seen, row)
		}
	}
	if len(rows) > 0 && len(seen) == 0 {
		if c.writes && c.opts.ForeignObjectsForbidden {
			return nil, permissionDenied()
		}
		return nil, f.missing()
	}
	return seen, nil
}

// rowsOrMissing is the usual end of a find: without rows it refuses.
func rowsOrMissing[T any](rows []*T, missing *refusal) ([]*T, error) {
	if len(rows) == 0 {
		return nil, missing
	}
	return rows, nil
}

// single wraps a row that may be nil.
func single[T any](row *T) []*T {
	if row == nil {
		return nil
	}
	return []*T{row}
}

// idValue reads an id from a filter value. Anything but a number is 0, the id of nothing.
func idValue(value string) int64 {
	id, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return 0
	}
	return id
}
