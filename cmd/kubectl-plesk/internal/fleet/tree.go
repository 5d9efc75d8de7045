// The tree of references: what an object needs, and what needs it.

package fleet

import (
	"fmt"
	"slices"
)

// Node is one thing in the tree.
type Node struct {
	Ref
	// Field of the one that needs it, e.g. "spec.customerRef".
	Field string `json:"field,omitempty"`
	// External is the name of something that lives only on the server; Ref has its kind alone then.
	External string `json:"external,omitempty"`
	Missing  bool   `json:"missing,omitempty"`
	Soft     bool   `json:"soft,omitempty"` // it is not waited for
	// Again marks what is shown further up.
	Again    bool    `json:"again,omitempty"`
	State    *State  `json:"state,omitempty"`
	Children []*Node `json:"children,omitempty"`
}

// Tree is an object between what it needs and what needs it.
type Tree struct {
	Ref
	State    State   `json:"state"`
	Needs    []*Node `json:"needs"`
	NeededBy []*Node `json:"neededBy"`
	// FirstWrong is where to begin, nil where nothing is wrong.
	FirstWrong *Cause `json:"firstWrong,omitempty"`
	// Lacking says what could not be read, and why.
	Lacking []string `json:"lacking,omitempty"`
}

// Tree returns the tree of an object of the set.
func (s *Set) Tree(o Object) Tree {
	t := Tree{Ref: o.Ref, State: o.State(), Needs: []*Node{}, NeededBy: []*Node{}, FirstWrong: s.FirstWrong(o.Ref)}
	shown := map[Ref]bool{o.Ref: true}
	t.Needs = append(t.Needs, s.below(o, shown, s.needs)...)
	shown = map[Ref]bool{o.Ref: true}
	users := s.users()
	t.NeededBy = append(t.NeededBy, s.below(o, shown, func(o Object) []*Node { return users(o.Ref) })...)
	return t
}

// below grows the tree from an object, each thing once.
func (s *Set) below(o Object, shown map[Ref]bool, next func(Object) []*Node) []*Node {
	// The server is shown where it is needed first, and not again below everything that is on it.
	nodes := slices.DeleteFunc(next(o), func(n *Node) bool { return n.Kind == KindServer && shown[n.Ref] })
	for _, n := range nodes {
		if n.External != "" || n.Missing {
			continue
		}
		if n.Again = shown[n.Ref]; n.Again {
			continue
		}
		shown[n.Ref] = true
		if there, ok := s.Get(n.Ref); ok {
			n.Children = s.below(there, shown, next)
		}
	}
	return nodes
}

// needs lists what an object refers to: its server first, then by the order of its kind.
func (s *Set) needs(o Object) []*Node {
	var out []*Node
	if of, ok := s.Server(o); ok && o.Kind != KindServer {
		out = append(out, s.node(of, "spec.serverRef"))
	}
	for _, u := range s.usesOf(o) {
		if u.External != "" {
			out = append(out, &Node{Ref: Ref{Kind: u.Kind}, Field: u.Path, External: u.External, Soft: u.Soft})
			continue
		}
		n := s.node(Ref{Kind: u.Kind, Namespace: o.GetNamespace(), Name: u.Name}, u.Path)
		n.Soft = u.Soft
		out = append(out, n)
	}
	return out
}

func (s *Set) node(r Ref, field string) *Node {
	n := &Node{Ref: r, Field: field}
	o, ok := s.Get(r)
	if n.Missing = !ok; ok {
		state := o.State()
		n.State = &state
	}
	return n
}

// users returns what lists the objects that name one. A server is needed by what names it, or lies in nothing that does.
func (s *Set) users() func(Ref) []*Node {
	by := map[Ref][]*Node{}
	for _, o := range s.All() {
		state := o.State()
		inside := false
		for _, u := range s.usesOf(o) {
			if u.External != "" {
				continue
			}
			inside = inside || u.Parent
			of := Ref{Kind: u.Kind, Namespace: o.GetNamespace(), Name: u.Name}
			by[of] = append(by[of], &Node{Ref: o.Ref, Field: u.Path, Soft: u.Soft, State: &state})
		}
		if of, ok := s.Server(o); ok && !inside && o.Kind != KindServer {
			by[of] = append(by[of], &Node{Ref: o.Ref, Field: "spec.serverRef", State: &state})
		}
	}
	return func(r Ref) []*Node {
		out := make([]*Node, len(by[r]))
		for i, n := range by[r] {
			fresh := *n
			out[i] = &fresh
		}
		return out
	}
}

// FirstWrong is what is to be put right first, so that an object can be: the deepest thing that it needs and that is missing or not ready,
// else the object itself. Nil: nothing is wrong.
func (s *Set) FirstWrong(r Ref) *Cause { return s.firstWrong(r, map[Ref]bool{}) }

func (s *Set) firstWrong(r Ref, met map[Ref]bool) *Cause {
	if met[r] {
		return nil
	}
	met[r] = true
	o, ok := s.Get(r)
	if !ok {
		return &Cause{Ref: r, Missing: true, Message: fmt.Sprintf("%s does not exist in namespace %s, or you may not read it", r, r.Namespace)}
	}
	for _, n := range s.needs(o) {
		if n.Soft || n.External != "" {
			continue
		}
		if c := s.firstWrong(n.Ref, met); c != nil {
			return c
		}
	}
	if state := o.State(); !state.Ready {
		return &Cause{Ref: r, Reason: state.Reason, Message: state.Message}
	}
	return nil
}
