// Tables against a model of them.

package table

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// An index follows insertions, changes and removals in any order.
func TestTable(t *testing.T) {
	type row struct {
		id  int64
		key string
	}
	rows := New(func(r *row) int64 { return r.id })
	byKey := rows.Index(func(r *row) string { return r.key })
	model := map[int64]string{}
	chance := rand.New(rand.NewPCG(1, 2))
	keys := []string{"", "a", "b", "c"}
	for range 5000 {
		id, key := chance.Int64N(50), keys[chance.IntN(len(keys))]
		switch r := rows.Get(id); {
		case r == nil:
			rows.Insert(&row{id, key})
			model[id] = key
		case chance.IntN(2) == 0:
			rows.Change(r, func() { r.key = key })
			model[id] = key
		default:
			rows.Remove(r)
			delete(model, id)
		}
		for _, key := range keys[1:] {
			var want []int64
			for id, k := range model {
				if k == key {
					want = append(want, id)
				}
			}
			slices.Sort(want)
			var got []int64
			for _, r := range byKey.All(key) {
				got = append(got, r.id)
			}
			if !slices.Equal(got, want) || byKey.Count(key) != len(want) {
				t.Fatalf("key %s: %v, want %v", key, got, want)
			}
		}
	}
	if rows.Len() != len(model) || byKey.All("") == nil || len(byKey.All("")) != 0 {
		t.Errorf("%d rows, want %d; the empty key names %d", rows.Len(), len(model), len(byKey.All("")))
	}
}
