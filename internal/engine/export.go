// Export: what is on a server, as objects that describe it. What comes out of here is checked against what was found: a description that would
// change anything on the server is none.

package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// Exports is a kind as an export sees it: without its types.
type Exports struct {
	Kind string
	// Why it cannot be exported; "" where it can.
	Why   string
	Roles []v1alpha1.ServerRole
	// Implicit objects come with their parent, OfServer with the server.
	Implicit, OfServer bool
	// Parents are the kinds that its objects can lie in, Targets those that they can refer to, the parents among them.
	Parents, Targets []string

	list func(ctx context.Context, d xmlapi.Doer, known Known, server string) ([]*Exportable, []Unread, error)
}

// Unread is an object that is on the server and could not be read.
type Unread struct {
	Key Key
	Err error
}

// List reads all objects of the kind, those that lie in the known parents where the protocol lists no others. An object that cannot be read does not
// hide the others. The server is its GUID.
func (x Exports) List(ctx context.Context, d xmlapi.Doer, known Known, server string) ([]*Exportable, []Unread, error) {
	return x.list(ctx, d, known, server)
}

// Exportable is an object on a server.
type Exportable struct {
	Kind string
	Identity
	Key Key
	In  []Owner

	describe func(o v1alpha1.Object, as Describing) (*Description, error)
	make     func() v1alpha1.Object
	pointers func() ([]Pointer, error)
}

// Pointers are what the object refers to, by the fields of its kind's references.
func (x *Exportable) Pointers() ([]Pointer, error) { return x.pointers() }

// Describing says how objects are described.
type Describing struct {
	Common v1alpha1.CommonSpec
	Point  Pointing
	// Lifecycle : with what a billing system owns, where there is one.
	Lifecycle bool
}

// Pointing says how a reference names what it points at, and what that resolves to; nil where it is not shown.
type Pointing func(to Owner, kinds []string) (Mention, *Resolved)

// Description is an object that describes what is on a server.
type Description struct {
	Object  v1alpha1.Object
	Secrets []SecretUse // that it needs
	Notes   []string
}

// Describe makes the object that describes what was found, under a name. The server of an object that lies in another one's resource is that one's.
func (x *Exportable) Describe(name string, as Describing) (*Description, error) {
	o := x.make()
	o.SetName(name)
	return x.describe(o, as)
}

// ExportsOf takes the types off a kind.
func ExportsOf[O v1alpha1.Object, W any](kind Kind[O, W]) Exports {
	x := Exports{Kind: reflect.TypeFor[O]().Elem().Name(), Roles: kind.Roles()}
	_, makes := kind.(Maker[W])
	x.Implicit = !makes
	for _, r := range kind.Refs() {
		for _, k := range r.Target.Kinds {
			name := reflect.TypeOf(k).Elem().Name()
			x.Targets = append(x.Targets, name)
			if r.Parent {
				x.Parents = append(x.Parents, name)
			}
		}
	}
	x.Targets, x.Parents = sortedUnique(x.Targets), sortedUnique(x.Parents)
	x.OfServer = x.Implicit && len(x.Parents) == 0
	exporter, exports := kind.(Exporter[O, W])
	if !exports {
		x.Why = "it is not made for that"
		if u, ok := kind.(Unexportable); ok {
			x.Why = u.NotExported()
		}
	}
	e := export[O, W]{kind: kind, exporter: exporter, name: x.Kind}
	x.list = func(ctx context.Context, d xmlapi.Doer, known Known, server string) ([]*Exportable, []Unread, error) {
		if x.OfServer {
			return e.only(ctx, d, Identity{ID: server, GUID: server})
		}
		return e.all(ctx, d, known)
	}
	return x
}

// export reads and describes the objects of one kind.
type export[O v1alpha1.Object, W any] struct {
	kind     Kind[O, W]
	exporter Exporter[O, W]
	name     string
}

// only reads the one object that the server has.
func (e export[O, W]) only(ctx context.Context, d xmlapi.Doer, id Identity) ([]*Exportable, []Unread, error) {
	f, err := e.kind.Find(ctx, d, Handle{Identity: id})
	if err != nil || f == nil {
		return nil, nil, err
	}
	return []*Exportable{e.exportable(f)}, nil, nil
}

// all reads a list; what that shows in brief is read by its id, and one by one where the answer to all of them makes no sense.
func (e export[O, W]) all(ctx context.Context, d xmlapi.Doer, known Known) (out []*Exportable, unread []Unread, _ error) {
	lister, ok := e.kind.(Lister[W])
	if !ok {
		return nil, nil, errors.New("the kind cannot be listed")
	}
	list, err := lister.List(ctx, d, known)
	if err != nil {
		return nil, nil, err
	}
	brief := Known{Parents: known.Parents}
	for _, f := range list {
		if reflect.ValueOf(f.Value).IsZero() {
			brief.IDs = append(brief.IDs, f.ID)
		}
	}
	if e.exporter == nil || len(brief.IDs) == 0 {
		return e.exportables(list), nil, nil
	}
	slices.Sort(brief.IDs)
	if full, err := lister.List(ctx, d, brief); err == nil {
		return e.exportables(full), nil, nil
	}
	for _, f := range list {
		if reflect.ValueOf(f.Value).IsZero() {
			full, err := e.kind.Find(ctx, d, Handle{Identity: f.Identity, Key: f.Key, Was: f.Key})
			if err != nil {
				unread = append(unread, Unread{Key: f.Key, Err: err})
				continue
			}
			if f = full; f == nil {
				continue // it has gone in between
			}
		}
		out = append(out, e.exportable(f))
	}
	return out, unread, nil
}

func (e export[O, W]) exportables(list []*Found[W]) []*Exportable {
	out := make([]*Exportable, len(list))
	for i, f := range list {
		out[i] = e.exportable(f)
	}
	return out
}

func (e export[O, W]) exportable(f *Found[W]) *Exportable {
	return &Exportable{
		Kind: e.name, Identity: f.Identity, Key: f.Key, In: f.In,
		make:     func() v1alpha1.Object { return newObject[O]() },
		describe: func(o v1alpha1.Object, as Describing) (*Description, error) { return e.describe(o.(O), f, as) },
		pointers: func() ([]Pointer, error) {
			if e.exporter == nil {
				return nil, nil
			}
			told, err := e.exporter.Export(newObject[O](), f)
			return told.Refs, err
		},
	}
}

func (e export[O, W]) describe(o O, f *Found[W], as Describing) (*Description, error) {
	if e.exporter == nil {
		return nil, fmt.Errorf("%s is not exported", e.name)
	}
	*o.Common() = as.Common
	told, err := e.exporter.Export(o, f)
	if err != nil {
		return nil, err
	}
	if _, contracted := e.kind.(Contracted); contracted && !as.Lifecycle {
		if told.Refs, err = leaveLifecycle[W](o, told.Refs); err != nil {
			return nil, err
		}
	}
	d := &Description{Object: o, Notes: told.Notes}
	refs, err := e.refer(d, o, told.Refs, as.Point)
	if err != nil {
		return nil, err
	}
	if u, ok := e.kind.(SecretUser[O]); ok {
		d.Secrets = u.Secrets(o)
	}
	return d, e.changesNothing(o, f, refs)
}

// leaveLifecycle takes from a spec what is a billing system's, and returns the references that are not.
func leaveLifecycle[W any](o v1alpha1.Object, refs []Pointer) ([]Pointer, error) {
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o)
	if err != nil {
		return nil, err
	}
	theirs := lifecyclePaths[W]()
	for path := range theirs {
		leave(content, append([]string{"spec"}, strings.Split(path, ".")...))
	}
	return slices.DeleteFunc(slices.Clone(refs), func(p Pointer) bool { return theirs[strings.TrimPrefix(p.Field, "spec.")] }),
		runtime.DefaultUnstructuredConverter.FromUnstructured(content, o)
}

// leave takes a field from an object, and what holds nothing then.
func leave(content map[string]any, path []string) {
	if len(path) > 1 {
		inner, ok := content[path[0]].(map[string]any)
		if !ok {
			return // it is not there
		}
		if leave(inner, path[1:]); len(inner) > 0 {
			return
		}
	}
	delete(content, path[0])
}

// refer fills the references, and returns what they resolve to. Where one of a list is not shown the field stays unset: what the others leave
// would be taken away.
func (e export[O, W]) refer(d *Description, o O, to []Pointer, point Pointing) (map[string]Resolved, error) {
	resolved := map[string]Resolved{}
	for _, ref := range e.kind.Refs() {
		i := slices.IndexFunc(to, func(p Pointer) bool { return p.Field == ref.Field })
		if i < 0 || len(to[i].To) == 0 {
			continue
		}
		var mentions []Mention
		var is []Resolved
		for _, owner := range to[i].To {
			m, r := point(owner, kindNames(ref.Target))
			if r == nil {
				break
			}
			mentions, is = append(mentions, m), append(is, *r)
		}
		switch {
		case len(is) == len(to[i].To):
		case to[i].Optional:
			continue
		case len(to[i].To) > 1:
			d.Notes = append(d.Notes, ref.Field+" is left out: not all that it names is shown")
			continue
		default:
			return nil, fmt.Errorf("%s: what it lies in or belongs to is not shown", ref.Field)
		}
		if ref.Parent && mentions[0].Name != "" {
			o.Common().ServerRef = nil
		}
		ref.Set(o, mentions)
		for i, m := range ref.Get(o) {
			resolved[cmp.Or(m.Path, ref.Field)] = is[i]
		}
	}
	return resolved, nil
}

func kindNames(t *Target) []string {
	names := make([]string, len(t.Kinds))
	for i, k := range t.Kinds {
		names[i] = reflect.TypeOf(k).Elem().Name()
	}
	return names
}

// nameIsSaid returns an error where a server has kept blanks in what an object is found by, which are none of the protocol's: a manifest names it without
// them, and the server would find nothing of that name.
func (e export[O, W]) nameIsSaid(have W) error {
	named, ok := e.kind.(Named)
	normalizer, normalizes := e.kind.(Normalizer[W])
	if !ok || !normalizes {
		return nil
	}
	field := strings.TrimPrefix(named.KeyField(), "spec.")
	raw, said := textAt(have, field), textAt(normalizer.Normal(have), field)
	if without := strings.NewReplacer(" ", "", "\t", "", "\n", "", "\r", "").Replace; raw != said && without(raw) == without(said) {
		return fmt.Errorf("the server has it as %q, with blanks that the protocol does not carry: a manifest of it would be about %q", raw, said)
	}
	return nil
}

// textAt is the text of a field by its path below spec, "" for none.
func textAt[W any](of W, field string) (out string) {
	walkFields(reflect.ValueOf(of), "", func(path string, _ fieldOptions, v reflect.Value) {
		if path == field && v.Kind() == reflect.Pointer && !v.IsNil() && v.Elem().Kind() == reflect.String {
			out = v.Elem().String()
		}
	})
	return out
}

// changesNothing is the law of every export: what the object wants is what was found.
func (e export[O, W]) changesNothing(o O, f *Found[W], refs map[string]Resolved) error {
	key, want, err := e.kind.Desired(o, NewInputs(f.Mark, refs, nil))
	if err != nil {
		return fmt.Errorf("a manifest of it would be refused: %w", err)
	}
	have := f.Value
	if n, ok := e.kind.(Normalizer[W]); ok {
		want, have = n.Normal(want), n.Normal(have)
	}
	if p, ok := e.kind.(Partial[O, W]); ok {
		have = p.Restrict(o, want, have)
	}
	if changes := unmarkedChanges(Diff(want, have)); len(changes) > 0 {
		return errors.New("a manifest of it would change " + fieldNames(changes))
	}
	if !key.same(f.Key) {
		return fmt.Errorf("a manifest of it would be about %q", key.Name)
	}
	return e.nameIsSaid(f.Value)
}
