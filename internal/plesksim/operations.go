// What the simulator knows about its own operations, for the coverage table in docs/protocol.md.

package plesksim

import (
	"cmp"
	"slices"
)

// Operation is one operation of the protocol that the simulator executes.
type Operation struct {
	Operator, Name string
	// Code is the error of an operation that can never succeed here, since it needs hardware or a service of the vendor's; Reason says which.
	// Both are zero for all others.
	Code   int
	Reason string
}

// Operations lists what the simulator executes, ordered by operator and name.
func Operations() []Operation {
	var out []Operation
	for name, op := range allOperations() {
		out = append(out, Operation{Operator: name.operator, Name: name.operation, Code: op.missing.code, Reason: op.missing.what})
	}
	slices.SortFunc(out, func(a, b Operation) int {
		return cmp.Or(cmp.Compare(a.Operator, b.Operator), cmp.Compare(a.Name, b.Name))
	})
	return out
}

// missing is what an operation would need to succeed, and the code of the error without it.
type missing struct {
	code int
	what string
}

// unavailable marks an operation that can never succeed here, since it needs hardware or a service of the vendor's. Its handler answers as a
// real server does that lacks it.
func (o operation) unavailable(code int, what string) operation {
	o.missing = missing{code, what}
	return o
}
