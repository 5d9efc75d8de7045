// Objects as this package judges them: a server, or something on one.

// Package fleet says what is wrong in a fleet of Plesk servers, and why, from the resources alone. It prints nothing and asks nobody.
package fleet

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

// KindServer is the kind of what everything else lives on.
const KindServer = "PleskServer"

// reasonNotLookedAt stands for the reason of what the operator has not seen yet. It is none of the operator's.
const reasonNotLookedAt = "NotLookedAt"

// Ref names a resource.
type Ref struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
}

// String is the resource for people, without its namespace.
func (r Ref) String() string { return r.Kind + "/" + r.Name }

// Object is a resource with its conditions.
type Object struct {
	Ref
	client.Object
}

// Of returns an object of one of our kinds.
func Of(kind string, o client.Object) Object {
	return Object{Ref: Ref{Kind: kind, Namespace: o.GetNamespace(), Name: o.GetName()}, Object: o}
}

// Conditions are those in its status.
func (o Object) Conditions() []metav1.Condition {
	switch t := o.Object.(type) {
	case v1alpha1.Object:
		return t.State().Conditions
	case *v1alpha1.PleskServer:
		return t.Status.Conditions
	}
	return nil
}

// Left is an error where the operator has done its part of a deletion, and does nothing more: what is left is for others to do.
func (o Object) Left() error {
	if o.GetDeletionTimestamp() == nil || slices.Contains(o.GetFinalizers(), v1alpha1.Finalizer) {
		return nil
	}
	return fmt.Errorf("it is being deleted, and the operator has done its part: what is left are the finalizers %s", strings.Join(o.GetFinalizers(), ", "))
}

// Seen reports whether the operator has looked at what the spec says now.
func (o Object) Seen() bool {
	if o.Left() != nil {
		return true // there is nothing more to see
	}
	switch t := o.Object.(type) {
	case v1alpha1.Object:
		return t.State().ObservedGeneration == o.GetGeneration()
	case *v1alpha1.PleskServer:
		return t.Status.ObservedGeneration == o.GetGeneration()
	}
	return true
}

// State is what is known of an object.
type State struct {
	Ready   bool      `json:"ready"`
	Stalled bool      `json:"stalled,omitempty"` // until somebody acts
	Reason  string    `json:"reason"`
	Message string    `json:"message,omitempty"`
	Since   time.Time `json:"since"` // when it became ready, or ceased to be
}

// State sums the conditions up.
func (o Object) State() State {
	ready := meta.FindStatusCondition(o.Conditions(), v1alpha1.ConditionReady)
	if ready == nil {
		return State{Reason: reasonNotLookedAt, Message: "the operator has not looked at it yet", Since: o.GetCreationTimestamp().Time}
	}
	return State{
		Ready: ready.Status == metav1.ConditionTrue, Stalled: meta.IsStatusConditionTrue(o.Conditions(), v1alpha1.ConditionStalled),
		Reason: ready.Reason, Message: ready.Message, Since: ready.LastTransitionTime.Time,
	}
}

// Suspended reports whether reconciling is paused at a time.
func (o Object) Suspended(at time.Time) bool {
	t, ok := o.Object.(v1alpha1.Object)
	return ok && t.Common().Paused(at)
}

// edited is when the spec was last written, and by whom; the object's creation where nothing says so.
func (o Object) edited() (time.Time, string) {
	at, by := o.GetCreationTimestamp().Time, ""
	for _, f := range o.GetManagedFields() {
		if f.Subresource == "" && f.Time != nil && !f.Time.Time.Before(at) && f.FieldsV1 != nil && strings.Contains(f.FieldsV1.GetRawString(), `"f:spec"`) {
			at, by = f.Time.Time, f.Manager
		}
	}
	return at, by
}

// Uses tells the uses of objects, by kind.
type Uses map[string]func(client.Object) engine.Uses

// Set is a number of objects, in an order that does not change.
type Set struct {
	all  []Object
	by   map[Ref]Object
	uses Uses
}

// NewSet returns a set of these objects.
func NewSet(objects []Object, uses Uses) *Set {
	s := &Set{all: slices.Clone(objects), by: map[Ref]Object{}, uses: uses}
	slices.SortFunc(s.all, func(a, b Object) int { return compareRefs(a.Ref, b.Ref) })
	for _, o := range s.all {
		s.by[o.Ref] = o
	}
	return s
}

func compareRefs(a, b Ref) int {
	return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
}

// Get returns an object of the set.
func (s *Set) Get(r Ref) (Object, bool) {
	o, ok := s.by[r]
	return o, ok
}

// All lists the objects, by namespace, kind and name.
func (s *Set) All() []Object { return s.all }

// maxNesting bounds the walk from an object to what it lies in.
const maxNesting = 8

// Server is the server of an object: the one that its spec names, else that of what it lies in, else the one that it has recorded.
func (s *Set) Server(o Object) (Ref, bool) {
	if o.Kind == KindServer {
		return o.Ref, true
	}
	for at, depth := o, 0; depth < maxNesting; depth++ {
		t, ok := at.Object.(v1alpha1.Object)
		if !ok {
			break
		}
		if t.Common().ServerRef != nil {
			return server(engine.KnownServer(t)), true
		}
		next, ok := s.parent(at)
		if !ok {
			break
		}
		at = next
	}
	if t, ok := o.Object.(v1alpha1.Object); ok && t.State().ServerRef != nil {
		return server(engine.KnownServer(t)), true
	}
	return Ref{}, false
}

func server(n types.NamespacedName) Ref {
	return Ref{Kind: KindServer, Namespace: n.Namespace, Name: n.Name}
}

func (s *Set) parent(o Object) (Object, bool) {
	for _, n := range s.usesOf(o) {
		if n.Parent && n.Name != "" {
			return s.Get(Ref{Kind: n.Kind, Namespace: o.GetNamespace(), Name: n.Name})
		}
	}
	return Object{}, false
}

func (s *Set) usesOf(o Object) []engine.Use {
	if tell := s.uses[o.Kind]; tell != nil {
		return tell(o.Object).Objects
	}
	return nil
}
