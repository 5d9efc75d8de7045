// Passes such as the engine makes, without Kubernetes.

// Package controllertest is what the tests of kinds share.
package controllertest

import (
	"cmp"
	"context"
	"slices"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// anyKind is a kind that makes its objects and whose values have a normal form.
type anyKind[O v1alpha1.Object, W any] interface {
	engine.Kind[O, W]
	engine.Maker[W]
	engine.Normalizer[W]
}

// Object is a custom resource on its way through passes.
type Object[O v1alpha1.Object, W any] struct {
	T    *testing.T
	Kind anyKind[O, W]
	D    xmlapi.Doer
	O    O
	In   engine.Inputs

	ID        engine.Identity
	Warnings  []string
	Permitted bool       // what destroys data
	Was       engine.Key // as the status records it
	Passing   string     // the mark of kinds whose objects bear one only while they are being created
}

// LossError is a change that destroys data and was not permitted.
type LossError string

// Error implements error.
func (e LossError) Error() string { return string(e) }

// Parse reads a manifest into o, over what it says already.
func Parse[O v1alpha1.Object](t *testing.T, o O, manifest string) O {
	t.Helper()
	if err := yaml.UnmarshalStrict([]byte(manifest), o); err != nil {
		t.Fatal(err)
	}
	return o
}

// Pass makes the server look like the spec and returns what was different, and the first error.
func (x *Object[O, W]) Pass() ([]engine.Change, error) {
	x.T.Helper()
	ctx := context.Background()
	key, want, err := x.Kind.Desired(x.O, x.In)
	if err != nil {
		return nil, err
	}
	want = x.Kind.Normal(want)
	found, err := x.Find(key)
	if err != nil {
		return nil, err
	}
	if found == nil {
		if want, err = x.wantedWithMark(want); err != nil {
			return nil, err
		}
		var none W
		x.Was = key
		if x.ID, err = x.Kind.Create(ctx, x.D, want); err != nil {
			return nil, err
		}
		return engine.Diff(want, none), nil
	}
	x.ID = found.Identity
	partial, _ := x.Kind.(engine.Partial[O, W])
	if partial != nil {
		partial.Confirm(x.O, found.Value)
		found.Value = partial.Restrict(x.O, want, found.Value)
	}
	changes := engine.Diff(want, found.Value)
	if len(changes) == 0 {
		return nil, nil
	}
	if k, ok := x.Kind.(engine.Destructive[W]); ok && !x.Permitted {
		if loss := k.Destroys(want, found.Value); loss != "" {
			return nil, LossError(loss)
		}
	}
	if partial != nil {
		partial.Record(x.O, changes)
	}
	err = x.Kind.Update(ctx, x.D, engine.Update[W]{
		Identity: found.Identity, Changes: changes, Patch: engine.Only(want, changes), Want: want, Have: found.Value,
		Warn: func(note string) { x.Warnings = append(x.Warnings, note) },
	})
	if settler, ok := x.Kind.(engine.Settler[O, W]); ok && err == nil {
		if found, err = x.Find(key); err == nil && found != nil {
			settler.Settle(x.O, changes, want, found.Value)
			x.Kind.Observe(x.O, found)
		}
	}
	return changes, err
}

// wantedWithMark is what a create is given: with the mark, where that passes.
func (x *Object[O, W]) wantedWithMark(want W) (W, error) {
	if x.Passing == "" {
		return want, nil
	}
	in := x.In
	in.Mark = x.Passing
	_, want, err := x.Kind.Desired(x.O, in)
	return x.Kind.Normal(want), err
}

// Handle is all that is known of the object.
func (x *Object[O, W]) Handle(key engine.Key) engine.Handle {
	return engine.Handle{Identity: x.ID, Mark: cmp.Or(x.Passing, x.In.Mark), Key: key, Was: x.Was}
}

// Find looks the object up by all that is known of it, nil if it is not there.
func (x *Object[O, W]) Find(key engine.Key) (*engine.Found[W], error) {
	found, err := x.Kind.Find(context.Background(), x.D, x.Handle(key))
	if found != nil {
		x.Was = found.Key
		found.Value = x.Kind.Normal(found.Value)
		x.Kind.Observe(x.O, found)
	}
	return found, err
}

// Update is an update as the engine makes it.
func (x *Object[O, W]) Update(found *engine.Found[W], want W, changes []engine.Change) error {
	return x.Kind.Update(context.Background(), x.D, engine.Update[W]{
		Identity: found.Identity, Changes: changes, Patch: engine.Only(want, changes), Want: want, Have: found.Value,
	})
}

// There finds what must be there.
func (x *Object[O, W]) There(name string) *engine.Found[W] {
	x.T.Helper()
	found, err := x.Find(engine.Key{Name: name})
	if err != nil || found == nil {
		x.T.Fatalf("%q is not found: %v", name, err)
	}
	return found
}

// Settle passes once and checks that nothing is left to do, that a second pass finds the same, and that the object is listed so, too.
func (x *Object[O, W]) Settle() []engine.Change {
	x.T.Helper()
	changes, err := x.Pass()
	if err != nil {
		x.T.Fatalf("pass: %v", err)
	}
	left, err := x.Pass()
	if err != nil {
		x.T.Fatalf("second pass: %v", err)
	}
	if len(left) > 0 {
		x.T.Fatalf("the second pass is not silent: %+v", left)
	}
	key, _, err := x.Kind.Desired(x.O, x.In)
	if err != nil {
		x.T.Fatal(err)
	}
	checkList(x.T, x.Kind, x.D, x.Handle(key))
	return changes
}

// Edit changes the spec by a manifest and settles. The differences must be in the fields given and in no other.
func (x *Object[O, W]) Edit(manifest string, fields ...string) {
	x.T.Helper()
	Parse(x.T, x.O, manifest)
	if got := FieldsOf(x.Settle()); !slices.Equal(got, slices.Sorted(slices.Values(fields))) {
		x.T.Fatalf("changed %v, want %v", got, fields)
	}
}

// FieldsOf are the fields that differ, but for the mark.
func FieldsOf(changes []engine.Change) []string {
	var out []string
	for _, c := range changes {
		if !c.Mark {
			out = append(out, c.Field)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
