// The users' side: which kinds of custom resources reach which operation, read from the source of the controllers.

package main

import (
	"fmt"
	"maps"
	"slices"
)

// usersOf finds, for every operation, the kinds whose code reaches it. The code of a kind is what can be reached from the methods
// of the type that reconciles it. A use that no kind reaches is an error, so that nothing is overlooked.
func usersOf(dir string, client map[string]value) (map[value][]string, error) {
	operations := map[value]bool{}
	for _, v := range client {
		operations[v] = true
	}
	g, err := readTree(dir, operations)
	if err != nil {
		return nil, err
	}
	users := map[value]map[string]bool{}
	reached := map[string]bool{}
	for receiver, kind := range g.kinds {
		for name := range g.reach(receiver) {
			reached[name] = true
			for v := range g.nodes[name].uses {
				if users[v] == nil {
					users[v] = map[string]bool{}
				}
				users[v][kind] = true
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(g.nodes)) {
		for v := range g.nodes[name].uses {
			if !reached[name] {
				return nil, fmt.Errorf("%s uses %s, but no kind reaches it", name, v)
			}
		}
	}
	out := map[value][]string{}
	for v, kinds := range users {
		out[v] = slices.Sorted(maps.Keys(kinds))
	}
	return out, nil
}

// addSession adds what sessions ask by themselves, to find out who answers: that is the server's.
func addSession(users map[value][]string, dir string, client map[string]value) error {
	const kind = "PleskServer"
	operations := map[value]bool{}
	for _, v := range client {
		operations[v] = true
	}
	g, err := readTree(dir, operations)
	if err != nil {
		return err
	}
	for _, n := range g.nodes {
		for v := range n.uses {
			if !slices.Contains(users[v], kind) {
				users[v] = append(users[v], kind)
				slices.Sort(users[v])
			}
		}
	}
	return nil
}

// graph is which declaration mentions which others: functions and variables as PACKAGE.NAME, methods as PACKAGE.TYPE.METHOD.
type graph struct {
	nodes   map[string]*node
	methods map[string][]string // of a name
	kinds   map[string]string   // the custom resource that a type reconciles
}

// node is a function, a method or a variable.
type node struct {
	receiver string          // of a method
	uses     map[value]bool  // operations
	names    map[string]bool // other nodes
	unknown  map[string]bool // methods of something whose type is not known
}

// reach lists what can be reached from the methods of a type. The methods of types that reconcile other kinds are out of reach.
func (g *graph) reach(receiver string) map[string]bool {
	seen := map[string]bool{}
	var visit func(string)
	visit = func(name string) {
		n := g.nodes[name]
		if n == nil || seen[name] || g.kinds[n.receiver] != "" && n.receiver != receiver {
			return
		}
		seen[name] = true
		for other := range n.names {
			visit(other)
		}
		for method := range n.unknown {
			for _, other := range g.methods[method] {
				visit(other)
			}
		}
	}
	for name, n := range g.nodes {
		if n.receiver == receiver {
			visit(name)
		}
	}
	return seen
}
