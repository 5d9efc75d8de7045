// Package table keeps the rows of one kind of object, by id and by any number of indexes. What is in a row belongs to whoever uses the
// table, but for the fields that make its id and its keys: those change through [Table.Change] only.
package table

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// Table keeps rows by ascending id. Its indexes follow Insert, Change and Remove.
type Table[T any] struct {
	id      func(*T) int64
	rows    map[int64]*T
	order   []int64 // ascending
	indexes []*Index[T]
}

// Index finds rows by keys made from each row; the empty key is not indexed. Several rows may share a key.
type Index[T any] struct {
	table *Table[T]
	keys  func(row *T, each func(key string))
	ids   map[string][]int64 // ascending
}

// New makes an empty table of rows that have their ids from a function.
func New[T any](id func(*T) int64) *Table[T] {
	return &Table[T]{id: id, rows: map[int64]*T{}}
}

// Index adds an index to a table that is still empty.
func (t *Table[T]) Index(key func(*T) string) *Index[T] {
	return t.IndexEach(func(row *T, each func(string)) { each(key(row)) })
}

// IndexEach is Index for rows that have any number of keys, no key twice.
func (t *Table[T]) IndexEach(keys func(row *T, each func(key string))) *Index[T] {
	ix := &Index[T]{table: t, keys: keys, ids: map[string][]int64{}}
	t.indexes = append(t.indexes, ix)
	return ix
}

// ID returns the id of a row, which need not be in the table.
func (t *Table[T]) ID(row *T) int64 { return t.id(row) }

// Get returns the row with the id, nil when there is none.
func (t *Table[T]) Get(id int64) *T { return t.rows[id] }

// Len returns the number of rows.
func (t *Table[T]) Len() int { return len(t.order) }

// All returns the rows by ascending id. The slice is the caller's.
func (t *Table[T]) All() []*T {
	rows := make([]*T, len(t.order))
	for i, id := range t.order {
		rows[i] = t.rows[id]
	}
	return rows
}

// Insert adds a row whose id is new.
func (t *Table[T]) Insert(row *T) {
	id := t.id(row)
	at, _ := slices.BinarySearch(t.order, id)
	t.order = slices.Insert(t.order, at, id)
	t.rows[id] = row
	for _, ix := range t.indexes {
		ix.add(row, id)
	}
}

// Change runs f, which may change anything in the row but its id.
func (t *Table[T]) Change(row *T, f func()) {
	id := t.id(row)
	for _, ix := range t.indexes {
		ix.drop(row, id)
	}
	f()
	for _, ix := range t.indexes {
		ix.add(row, id)
	}
}

// Remove takes the row out.
func (t *Table[T]) Remove(row *T) {
	id := t.id(row)
	at, found := slices.BinarySearch(t.order, id)
	if !found {
		return
	}
	for _, ix := range t.indexes {
		ix.drop(row, id)
	}
	t.order = slices.Delete(t.order, at, at+1)
	delete(t.rows, id)
}

// EachValue visits the rows by ascending id. Where ids or keys are changed, Rebuild must follow.
func (t *Table[T]) EachValue(visit func(reflect.Value)) {
	for _, row := range t.All() {
		visit(reflect.ValueOf(row).Elem())
	}
}

// Rebuild makes the table anew from its rows, whose ids and keys may have changed.
func (t *Table[T]) Rebuild() {
	rows := t.All()
	t.rows, t.order = map[int64]*T{}, nil
	for _, ix := range t.indexes {
		ix.ids = map[string][]int64{}
	}
	for _, row := range rows {
		t.Insert(row)
	}
}

// First returns the row with the key and the lowest id, nil when there is none.
func (ix *Index[T]) First(key string) *T {
	if ids := ix.ids[key]; len(ids) > 0 {
		return ix.table.rows[ids[0]]
	}
	return nil
}

// All returns the rows with the key by ascending id. The slice is the caller's.
func (ix *Index[T]) All(key string) []*T {
	ids := ix.ids[key]
	rows := make([]*T, len(ids))
	for i, id := range ids {
		rows[i] = ix.table.rows[id]
	}
	return rows
}

// Count returns the number of rows with the key.
func (ix *Index[T]) Count(key string) int { return len(ix.ids[key]) }

func (ix *Index[T]) add(row *T, id int64) {
	ix.keys(row, func(key string) {
		if key == "" {
			return
		}
		at, _ := slices.BinarySearch(ix.ids[key], id)
		ix.ids[key] = slices.Insert(ix.ids[key], at, id)
	})
}

func (ix *Index[T]) drop(row *T, id int64) {
	ix.keys(row, func(key string) {
		ids := ix.ids[key]
		at, found := slices.BinarySearch(ids, id)
		switch {
		case !found:
		case len(ids) == 1:
			delete(ix.ids, key)
		default:
			ix.ids[key] = slices.Delete(ids, at, at+1)
		}
	})
}

// UnmarshalJSON reads rows into an empty table, so that its indexes are built.
func (t *Table[T]) UnmarshalJSON(data []byte) error {
	var rows []*T
	if err := json.Unmarshal(data, &rows); err != nil {
		return err
	}
	for _, row := range rows {
		t.Insert(row)
	}
	return nil
}

// EncodeRows writes the rows as a JSON array, by ascending id. The encoder writes onto out.
func (t *Table[T]) EncodeRows(out *bytes.Buffer, e *json.Encoder) error {
	out.WriteByte('[')
	for i, row := range t.All() {
		if i > 0 {
			out.WriteByte(',')
		}
		if err := e.Encode(row); err != nil {
			return err
		}
	}
	out.WriteByte(']')
	return nil
}

// RowType is the type of the rows. The table may be nil.
func (*Table[T]) RowType() reflect.Type { return reflect.TypeFor[T]() }

// Audit compares the indexes with the rows, for tests.
func (t *Table[T]) Audit() error {
	if len(t.order) != len(t.rows) || !slices.IsSorted(t.order) {
		return fmt.Errorf("%d rows in the order %v", len(t.rows), t.order)
	}
	for i, ix := range t.indexes {
		want := map[string][]int64{}
		for _, row := range t.All() {
			ix.keys(row, func(key string) {
				if key != "" {
					want[key] = append(want[key], t.ID(row))
				}
			})
		}
		have := maps.Clone(ix.ids)
		maps.DeleteFunc(have, func(_ string, ids []int64) bool { return len(ids) == 0 })
		if !reflect.DeepEqual(want, have) {
			return fmt.Errorf("index %d says %v of %v", i, have, want)
		}
	}
	return nil
}
