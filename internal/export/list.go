// What is on a server, by name: nothing of it is described.

package export

import (
	"cmp"
	"context"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// Listed is an object on a server, by what people call it.
type Listed struct {
	Kind string
	ID   string // on the server
	Key  engine.Key
	In   string // what it lies in, e.g. "PleskCustomer acme"; "" where that is the server, or not known
}

// Listing is all that List says.
type Listing struct {
	Objects  []Listed // by kind, parents first, and then by name
	Troubles []Trouble
	Skipped  []Trouble // kinds, and why
}

// List reads what is on a server and was made there one by one: what comes with something else, or with the server, is left out. Of the options, GUID,
// Role and Kinds count. An error says that nothing could be read at all.
func List(ctx context.Context, d xmlapi.Doer, kinds []engine.Exports, o Options, r Reporter) (*Listing, error) {
	kinds = slices.Clone(kinds)
	for i := range kinds {
		kinds[i].Why = "" // it is about manifests
	}
	kinds = slices.DeleteFunc(kinds, func(k engine.Exports) bool { return k.Implicit })
	e := newRun(kinds, o, r)
	if err := e.readAll(ctx, d); err != nil {
		return nil, err
	}
	out := &Listing{Troubles: e.result.Troubles, Skipped: e.result.Skipped}
	for _, k := range kinds {
		if !e.wanted(k.Kind) {
			continue
		}
		var of []Listed
		for _, x := range e.found[k.Kind] {
			l := Listed{Kind: k.Kind, ID: x.ID, Key: x.Key}
			if p := e.index.around(x); p != nil {
				l.In = p.Kind + " " + p.Key.Name
			}
			of = append(of, l)
		}
		slices.SortFunc(of, func(a, b Listed) int {
			return cmp.Or(cmp.Compare(a.Key.Name, b.Key.Name), cmp.Compare(a.In, b.In), cmp.Compare(a.ID, b.ID))
		})
		out.Objects = append(out.Objects, of...)
	}
	return out, nil
}
