// What a kind tells an export of an object.

package engine

import (
	"reflect"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// Exported is what a kind tells of an object beside its spec.
type Exported struct {
	Refs  []Pointer
	Notes []string // what the server has and no spec says, for people
}

// Pointer is what a reference of a spec points at.
type Pointer struct {
	Field string  // of a Ref
	To    []Owner // several for lists
	// Optional : the field stays unset where what it points at is not shown as one of its target's kinds. An administrator owns subscriptions,
	// and is neither a customer nor a reseller.
	Optional bool
}

// SecretFor is where an exported object has a value that no server tells: the Secret is named for the object, and its kind, which may share the name
// with others.
func SecretFor(o v1alpha1.Object, what string) *v1alpha1.SecretValue {
	kind := strings.ToLower(strings.TrimPrefix(reflect.TypeOf(o).Elem().Name(), "Plesk"))
	return &v1alpha1.SecretValue{SecretRef: v1alpha1.SecretKeySelector{Name: kind + "-" + o.GetName() + "-" + what, Key: "password"}}
}
