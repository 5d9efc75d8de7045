// Tables: the rows of one kind of object, by id and by any number of indexes.

package plesksim

import (
	"encoding/json"
	"reflect"
	"slices"
)

// table keeps rows by ascending id. Its indexes follow insert, change and remove.
type table[T any] struct {
	id      func(*T) int64
	rows    map[int64]*T
	order   []int64 // ascending
	indexes []*index[T]
}

// index finds rows by keys made from each row; the empty key is not indexed. Several rows may share a key.
type index[T any] struct {
	table *table[T]
	keys  func(row *T, each func(key string))
	ids   map[string][]int64 // ascending
}

func newTable[T any](id func(*T) int64) *table[T] {
	return &table[T]{id: id, rows: map[int64]*T{}}
}

// index adds an index to a table that is still empty.
func (t *table[T]) index(key func(*T) string) *index[T] {
	return t.indexEach(func(row *T, each func(string)) { each(key(row)) })
}

// indexEach is index for rows that have any number of keys, no key twice.
func (t *table[T]) indexEach(keys func(row *T, each func(key string))) *index[T] {
	ix := &index[T]{table: t, keys: keys, ids: map[string][]int64{}}
	t.indexes = append(t.indexes, ix)
	return ix
}

// get returns the row with the id, nil when there is none.
func (t *table[T]) get(id int64) *T { return t.rows[id] }

func (t *table[T]) len() int { return len(t.order) }

// all returns the rows by ascending id. The slice is the caller's.
func (t *table[T]) all() []*T {
	rows := make([]*T, len(t.order))
	for i, id := range t.order {
		rows[i] = t.rows[id]
	}
	return rows
}

// insert adds a row whose id is new.
func (t *table[T]) insert(row *T) {
	id := t.id(row)
	at, _ := slices.BinarySearch(t.order, id)
	t.order = slices.Insert(t.order, at, id)
	t.rows[id] = row
	for _, ix := range t.indexes {
		ix.add(row, id)
	}
}

// change runs f, which may change anything in the row but its id.
func (t *table[T]) change(row *T, f func()) {
	id := t.id(row)
	for _, ix := range t.indexes {
		ix.drop(row, id)
	}
	f()
	for _, ix := range t.indexes {
		ix.add(row, id)
	}
}

// remove takes the row out.
func (t *table[T]) remove(row *T) {
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

// eachValue visits the rows for changes of any kind; rebuild must follow.
func (t *table[T]) eachValue(visit func(reflect.Value)) {
	for _, row := range t.all() {
		visit(reflect.ValueOf(row).Elem())
	}
}

// rebuild makes the table anew from its rows, whose ids and keys may have changed.
func (t *table[T]) rebuild() {
	rows := t.all()
	t.rows, t.order = map[int64]*T{}, nil
	for _, ix := range t.indexes {
		ix.ids = map[string][]int64{}
	}
	for _, row := range rows {
		t.insert(row)
	}
}

// first returns the row with the key and the lowest id, nil when there is none.
func (ix *index[T]) first(key string) *T {
	if ids := ix.ids[key]; len(ids) > 0 {
		return ix.table.rows[ids[0]]
	}
	return nil
}

// all returns the rows with the key by ascending id. The slice is the caller's.
func (ix *index[T]) all(key string) []*T {
	ids := ix.ids[key]
	rows := make([]*T, len(ids))
	for i, id := range ids {
		rows[i] = ix.table.rows[id]
	}
	return rows
}

func (ix *index[T]) count(key string) int { return len(ix.ids[key]) }

func (ix *index[T]) add(row *T, id int64) {
	ix.keys(row, func(key string) {
		if key == "" {
			return
		}
		at, _ := slices.BinarySearch(ix.ids[key], id)
		ix.ids[key] = slices.Insert(ix.ids[key], at, id)
	})
}

func (ix *index[T]) drop(row *T, id int64) {
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
func (t *table[T]) UnmarshalJSON(data []byte) error {
	var rows []*T
	if err := json.Unmarshal(data, &rows); err != nil {
		return err
	}
	for _, row := range rows {
		t.insert(row)
	}
	return nil
}
