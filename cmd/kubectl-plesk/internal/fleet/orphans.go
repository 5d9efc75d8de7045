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

// Orphan is one object of a server that no resource describes.
type Orphan struct {
	Ref           // the server
	Of     string `json:"of"` // the kind that could describe it
	Called string `json:"called"`
	In     string `json:"in,omitempty"` // what it lies in
	ID     string `json:"id"`           // on the server
}

// Orphans counts what servers have, as the operator has, against what is allowed by kind.
func Orphans(servers []Object, allowed map[string]int) []OrphanLine {
	out := []OrphanLine{}
	for _, o := range servers {
		if srv, ok := o.Object.(*v1alpha1.PleskServer); ok {
			out = append(out, orphanLines(o.Ref, srv.Status.Undeclared, allowed)...)
		}
	}
	return out
}

// CountOrphans counts those of one server, likewise.
func CountOrphans(server Ref, orphans []Orphan, allowed map[string]int) []OrphanLine {
	counts := map[string]int32{}
	for _, o := range orphans {
		counts[o.Of]++
	}
	return orphanLines(server, counts, allowed)
}

func orphanLines(server Ref, counts map[string]int32, allowed map[string]int) (out []OrphanLine) {
	for _, kind := range slices.Sorted(maps.Keys(counts)) {
		l := OrphanLine{Ref: server, Of: kind, Count: int(counts[kind])}
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
	return out
}

// Undescribed are those of the objects on a server that none of the resources describes, observes, or has begun to make. Its Plesk is known by the GUID:
// several PleskServers may lead to it.
func Undescribed(server Ref, guid string, there []Orphan, resources *Set) []Orphan {
	type object struct{ kind, id string }
	described, begun := map[object]bool{}, map[object]bool{}
	for _, o := range resources.All() {
		t, ok := o.Object.(v1alpha1.Object)
		if !ok {
			continue
		}
		st := t.State()
		if of, _ := resources.Server(o); st.ServerGUID != guid && (st.ServerGUID != "" || of != server) {
			continue
		}
		if st.ID != "" {
			described[object{o.Kind, st.ID}] = true
		} else if st.Observing != nil {
			described[object{o.Kind, st.Observing.ID}] = true
		}
		if st.Pending != nil {
			begun[object{o.Kind, st.Pending.Key}] = true
		}
	}
	out := []Orphan{}
	for _, x := range there {
		if !described[object{x.Of, x.ID}] && !begun[object{x.Of, x.Called}] {
			x.Ref = server
			out = append(out, x)
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
