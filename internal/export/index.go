// What was found, by all that refers to it.

package export

import (
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

// index finds objects of a kind by GUID, by id, and by key where that is unique on the server.
type index struct {
	byGUID, byID, byKey map[string]*engine.Exportable
	parents             map[*engine.Exportable][]string // kinds that an object without a record of what it lies in can come with
}

func newIndex() *index {
	return &index{
		byGUID: map[string]*engine.Exportable{}, byID: map[string]*engine.Exportable{}, byKey: map[string]*engine.Exportable{},
		parents: map[*engine.Exportable][]string{},
	}
}

func (i *index) add(k engine.Exports, list []*engine.Exportable) {
	for _, x := range list {
		if k.Implicit {
			i.parents[x] = k.Parents
			continue // nothing refers to it but by its parent
		}
		i.byID[k.Kind+"/"+x.ID] = x
		if x.GUID != "" {
			i.byGUID[k.Kind+"/"+x.GUID] = x
		}
		if x.Key.Within == (engine.Identity{}) {
			i.byKey[k.Kind+"/"+x.Key.Name] = x
		}
	}
}

// find looks for something of one of the kinds, nil if it is not there. A GUID that is known decides alone.
func (i *index) find(to engine.Owner, kinds ...string) *engine.Exportable {
	if to.Kind != "" {
		kinds = []string{to.Kind}
	}
	for _, k := range kinds {
		var x *engine.Exportable
		switch {
		case to.GUID != "":
			x = i.byGUID[k+"/"+to.GUID]
		case to.ID != "":
			x = i.byID[k+"/"+to.ID]
		case to.Key.Name != "" && to.Key.Within == (engine.Identity{}):
			x = i.byKey[k+"/"+to.Key.Name]
		}
		if x != nil {
			return x
		}
	}
	return nil
}

// around is what an object lies in directly, nil where that is not known, or the server.
func (i *index) around(x *engine.Exportable) *engine.Exportable {
	for _, kind := range i.parents[x] {
		p := i.find(engine.Owner{Kind: kind, Identity: x.Identity})
		if p != nil && p.GUID == x.GUID { // an alias may have the id of a site
			return p
		}
	}
	for _, owner := range x.In {
		if p := i.find(owner); p != nil && p != x {
			return p
		}
	}
	return nil
}

// maxDepth bounds the walk from an object to all that it lies in.
const maxDepth = 8

// chain is the object and all that it lies in, nearest first.
func (i *index) chain(x *engine.Exportable) []*engine.Exportable {
	chain := []*engine.Exportable{x}
	for len(chain) < maxDepth {
		x = i.around(x)
		if x == nil {
			break
		}
		chain = append(chain, x)
	}
	return chain
}
