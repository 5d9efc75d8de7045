// Orphans: what is on servers and described by no resource.

package fleet

import (
	"maps"
	"slices"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// AnyNumber allows any number of a kind.
const AnyNumber = -1

// OrphanLine counts what one server has of one kind.
type OrphanLine struct {
	Ref          // the server
	Of    string `json:"of"` // the kind that could describe it
	Count int    `json:"count"`
	// Allowed is how many may be there, AnyNumber for any; nil: nothing was said.
	Allowed *int `json:"allowed,omitempty"`
	Over    bool `json:"over"`
}

// Orphans counts what servers have, against what is allowed by kind.
func Orphans(servers []Object, allowed map[string]int) []OrphanLine {
	out := []OrphanLine{}
	for _, o := range servers {
		srv, ok := o.Object.(*v1alpha1.PleskServer)
		if !ok {
			continue
		}
		for _, kind := range slices.Sorted(maps.Keys(srv.Status.Undeclared)) {
			l := OrphanLine{Ref: o.Ref, Of: kind, Count: int(srv.Status.Undeclared[kind])}
			if l.Count == 0 {
				continue
			}
			n, said := allowed[kind]
			if said {
				l.Allowed = &n
			}
			l.Over = n != AnyNumber && l.Count > n
			out = append(out, l)
		}
	}
	return out
}

// OverAllowance counts the lines with more than is allowed.
func OverAllowance(lines []OrphanLine) int {
	over := 0
	for _, l := range lines {
		if l.Over {
			over++
		}
	}
	return over
}
