// Package catalog lists every operation of the protocol with its types, for code that treats them all alike. The list itself is
// generated from the declarations in the operators' packages.
package catalog

import (
	"reflect"
	"strings"
	"sync"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// Operation is an xmlapi.Operation whose types are values.
type Operation struct {
	Operator, Name  string
	Writes          bool
	Request, Result reflect.Type // structs
	Call            func(request any) xmlapi.Caller
}

// String returns operator/name, or the operator alone where it has no operations.
func (o Operation) String() string { return strings.TrimSuffix(o.Operator+"/"+o.Name, "/") }

// Find returns the operation whose String is the name.
func Find(name string) (Operation, bool) {
	o, ok := byName()[name]
	return o, ok
}

var byName = sync.OnceValue(func() map[string]Operation {
	all := All()
	m := make(map[string]Operation, len(all))
	for _, o := range all {
		m[o.String()] = o
	}
	return m
})

func of[Req any, Res xmlapi.Outcomer](o xmlapi.Operation[Req, Res]) Operation {
	return Operation{
		Operator: o.Operator(), Name: o.Name(), Writes: o.Writes(), Request: reflect.TypeFor[Req](), Result: reflect.TypeFor[Res](),
		Call: func(request any) xmlapi.Caller { return o.Call(request.(Req)) },
	}
}
