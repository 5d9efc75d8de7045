// What the tests of kinds share: a simulated Plesk behind HTTPS, and passes such as the engine makes, without Kubernetes.

package controller

import (
	"cmp"
	"context"
	"crypto/x509"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
)

// simulated starts a simulated Plesk and returns it with a client of its administrator. Both sides' packets are held to the grammar.
func simulated(t *testing.T) (*plesksim.Server, *xmlapi.Client) {
	t.Helper()
	srv, err := plesksim.New(plesksim.Options{OnInvalidAnswer: func(err error, _, answer []byte) {
		t.Errorf("invalid answer: %v\n%s", err, answer)
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := srv.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(srv.Close)
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(srv.CA()) {
		t.Fatal("no CA")
	}
	c, err := xmlapi.New(xmlapi.Config{
		URL: srv.URL(), Username: plesksim.DefaultLogin, Password: plesksim.DefaultPassword, Version: "1.6.9.1", RootCAs: roots, Addresses: xmlapi.Loopback,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return srv, c
}

// anyKind is a kind that makes its objects and whose values have a normal form.
type anyKind[O v1alpha1.Object, W any] interface {
	engine.Kind[O, W]
	engine.Maker[W]
	engine.Normalizer[W]
}

// object is a custom resource on its way through passes.
type object[O v1alpha1.Object, W any] struct {
	t    *testing.T
	kind anyKind[O, W]
	d    xmlapi.Doer
	o    O
	in   engine.Inputs

	id        engine.Identity
	warnings  []string
	permitted bool       // what destroys data
	was       engine.Key // as the status records it
	passing   string     // the mark of kinds whose objects bear one only while they are being created
}

// lossError is a change that destroys data and was not permitted.
type lossError string

// Error implements error.
func (e lossError) Error() string { return string(e) }

// parse reads a manifest into o, over what it says already.
func parse[O v1alpha1.Object](t *testing.T, o O, manifest string) O {
	t.Helper()
	if err := yaml.UnmarshalStrict([]byte(manifest), o); err != nil {
		t.Fatal(err)
	}
	return o
}

// pass makes the server look like the spec and returns what was different, and the first error.
func (x *object[O, W]) pass() ([]engine.Change, error) {
	x.t.Helper()
	ctx := context.Background()
	key, want, err := x.kind.Desired(x.o, x.in)
	if err != nil {
		return nil, err
	}
	want = x.kind.Normal(want)
	found, err := x.find(key)
	if err != nil {
		return nil, err
	}
	if found == nil {
		if want, err = x.wantedWithMark(want); err != nil {
			return nil, err
		}
		var none W
		x.was = key
		if x.id, err = x.kind.Create(ctx, x.d, want); err != nil {
			return nil, err
		}
		return engine.Diff(want, none), nil
	}
	x.id = found.Identity
	partial, _ := x.kind.(engine.Partial[O, W])
	if partial != nil {
		partial.Confirm(x.o, found.Value)
		found.Value = partial.Restrict(x.o, want, found.Value)
	}
	changes := engine.Diff(want, found.Value)
	if len(changes) == 0 {
		return nil, nil
	}
	if k, ok := x.kind.(engine.Destructive[W]); ok && !x.permitted {
		if loss := k.Destroys(want, found.Value); loss != "" {
			return nil, lossError(loss)
		}
	}
	if partial != nil {
		partial.Record(x.o, changes)
	}
	err = x.kind.Update(ctx, x.d, engine.Update[W]{
		Identity: found.Identity, Changes: changes, Patch: engine.Only(want, changes), Want: want, Have: found.Value,
		Warn: func(note string) { x.warnings = append(x.warnings, note) },
	})
	if settler, ok := x.kind.(engine.Settler[O, W]); ok && err == nil {
		if found, err = x.find(key); err == nil && found != nil {
			settler.Settle(x.o, changes, want, found.Value)
			x.kind.Observe(x.o, found)
		}
	}
	return changes, err
}

// wantedWithMark is what a create is given: with the mark, where that passes.
func (x *object[O, W]) wantedWithMark(want W) (W, error) {
	if x.passing == "" {
		return want, nil
	}
	in := x.in
	in.Mark = x.passing
	_, want, err := x.kind.Desired(x.o, in)
	return x.kind.Normal(want), err
}

func (x *object[O, W]) find(key engine.Key) (*engine.Found[W], error) {
	found, err := x.kind.Find(context.Background(), x.d, engine.Handle{Identity: x.id, Mark: cmp.Or(x.passing, x.in.Mark), Key: key, Was: x.was})
	if found != nil {
		x.was = found.Key
		found.Value = x.kind.Normal(found.Value)
		x.kind.Observe(x.o, found)
	}
	return found, err
}

// there finds what must be there.
func (x *object[O, W]) there(name string) *engine.Found[W] {
	x.t.Helper()
	found, err := x.find(engine.Key{Name: name})
	if err != nil || found == nil {
		x.t.Fatalf("%q is not found: %v", name, err)
	}
	return found
}

// settle passes once and checks that nothing is left to do, and that a second pass finds the same.
func (x *object[O, W]) settle() []engine.Change {
	x.t.Helper()
	changes, err := x.pass()
	if err != nil {
		x.t.Fatalf("pass: %v", err)
	}
	left, err := x.pass()
	if err != nil {
		x.t.Fatalf("second pass: %v", err)
	}
	if len(left) > 0 {
		x.t.Fatalf("the second pass is not silent: %+v", left)
	}
	return changes
}

// edit changes the spec by a manifest and settles. The differences must be in the fields given and in no other.
func (x *object[O, W]) edit(manifest string, fields ...string) {
	x.t.Helper()
	parse(x.t, x.o, manifest)
	if got := fieldsOf(x.settle()); !slices.Equal(got, slices.Sorted(slices.Values(fields))) {
		x.t.Fatalf("changed %v, want %v", got, fields)
	}
}

func fieldsOf(changes []engine.Change) []string {
	var out []string
	for _, c := range changes {
		if !c.Mark {
			out = append(out, c.Field)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// addCustomer makes a customer behind the client's back.
func addCustomer(t *testing.T, srv *plesksim.Server, login string) engine.Resolved {
	t.Helper()
	r, err := customer.Add.One(t.Context(), srv, customer.AddRequest{GenInfo: customer.NewGenInfo{
		ContactName: "Ada Birch", Login: login, Password: "Mossy-Gate-2026!",
		Contact: customer.Contact[*string]{Email: new(login + "@acme.example")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return engine.Resolved{Kind: "PleskCustomer", Identity: engine.Identity{ID: idText(r.ID), GUID: r.GUID}, Key: engine.Key{Name: login}}
}

// recorded answers every packet with a document, as servers did that the simulator does not play.
type recorded string

// Do implements xmlapi.Doer.
func (r recorded) Do(_ context.Context, calls ...xmlapi.Caller) error {
	if _, err := xmlapi.Encode("1.6.9.1", calls...); err != nil {
		return err
	}
	return xmlapi.Decode(strings.NewReader(string(r)), calls...)
}

// recording notes the packets that go to a server.
type recording struct {
	xmlapi.Doer
	sent []string
}

// Do implements xmlapi.Doer.
func (r *recording) Do(ctx context.Context, calls ...xmlapi.Caller) error {
	body, err := xmlapi.Encode("", calls...)
	if err != nil {
		return err
	}
	r.sent = append(r.sent, string(body))
	return r.Doer.Do(ctx, calls...)
}

// doerFunc answers packets by a function.
type doerFunc func(calls []xmlapi.Caller) error

// Do implements xmlapi.Doer.
func (f doerFunc) Do(_ context.Context, calls ...xmlapi.Caller) error { return f(calls) }
