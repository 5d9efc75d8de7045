// Lists: how kinds read many objects in few packets, and show each as Find does.

package engine

import (
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// ListFilters are the filters for recorded ids, each of at most so many. What is no number is left out: Find says what is wrong with it,
// to its own resource alone.
func ListFilters(byID func(int64, ...int64) xmlapi.Filter, ids []string, most int) []xmlapi.Filter {
	var numbers []int64
	for _, id := range ids {
		if n, err := Number(id); err == nil {
			numbers = append(numbers, n)
		}
	}
	var filters []xmlapi.Filter
	for some := range slices.Chunk(numbers, most) {
		filters = append(filters, byID(some[0], some[1:]...))
	}
	return filters
}

// ListOf translates the results of an operation as Find does. What show has nothing for is left out. Two objects with one id
// are an error: neither can be told from the other.
func ListOf[R, W any](op xmlapi.Named, results []R, show func(R) (*Found[W], error)) ([]*Found[W], error) {
	list := make([]*Found[W], 0, len(results))
	seen := make(map[string]bool, len(results))
	for _, r := range results {
		found, err := show(r)
		switch {
		case err != nil:
			return nil, err
		case found == nil:
			continue
		case seen[found.ID]:
			return nil, xmlapi.Incomplete(op, "one object for the id "+found.ID)
		}
		seen[found.ID] = true
		list = append(list, found)
	}
	return list, nil
}

// ByID are results by their ids. One without an id, and two with the same, are errors.
func ByID[R any](op xmlapi.Named, results []R, id func(R) int64) (map[int64]R, error) {
	by := make(map[int64]R, len(results))
	for _, r := range results {
		n := id(r)
		if _, twice := by[n]; twice || n <= 0 {
			return nil, xmlapi.Incomplete(op, "an id for each object")
		}
		by[n] = r
	}
	return by, nil
}
