// What a kind can do besides what all can: each row names it, so that no guard of a kind is lost by a misspelt signature.

package conformance

import (
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

// capability is the name of an optional interface of the engine's.
type capability string

const (
	maker        capability = "Maker"
	lister       capability = "Lister"
	exporter     capability = "Exporter"
	unexportable capability = "Unexportable"
	logged       capability = "Logged"
	normalizer   capability = "Normalizer"
	partial      capability = "Partial"
	settler      capability = "Settler"
	inhabited    capability = "Inhabited"
	cleaner      capability = "Cleaner"
	secretUser   capability = "SecretUser"
	secretNeeder capability = "SecretNeeder"
	unproven     capability = "Unproven"
	opaque       capability = "Opaque"
	used         capability = "Used"
	discloser    capability = "Discloser"
	publisher    capability = "Publisher"
	privileged   capability = "Privileged"
	privThere    capability = "PrivilegedThere"
	validator    capability = "Validator"
	overlapper   capability = "Overlapper"
	stateless    capability = "Stateless"
	unlisted     capability = "Unlisted"
	mover        capability = "Mover"
	destructive  capability = "Destructive"
	permanent    capability = "Permanent"
	suspender    capability = "Suspender"
	contracted   capability = "Contracted"
	serverScoped capability = "ServerScoped"
	named        capability = "Named"
	blamer       capability = "Blamer"
)

// nature is what the engine sees in a kind.
type nature struct {
	can     []capability
	strange []string // exported methods that belong to no interface of the engine's
	within  []string // the kinds of resources that can describe its parent
	marked  bool     // its objects bear a mark of ours
	passing bool     // only while they are being made
	lasting bool     // which they are given when they are made, or never
	secrets func(v1alpha1.Object) []engine.SecretUse
	bound   bool     // a secret is right only with other fields, and is written only along with them
	billing []string // the fields that are a billing system's where a server says so
}

// kind looks at a kind as engine.Add does.
func kind[O v1alpha1.Object, W any](k engine.Kind[O, W]) nature {
	has := reflect.TypeOf(k)
	var n nature
	known := methodsOf(reflect.TypeFor[engine.Kind[O, W]]())
	for name, i := range capabilities[O, W]() {
		if has.Implements(i) {
			n.can = append(n.can, name)
			known = append(known, methodsOf(i)...)
		}
	}
	slices.Sort(n.can)
	for _, m := range methodsOf(has) {
		if !slices.Contains(known, m) {
			n.strange = append(n.strange, m)
		}
	}
	if u, ok := k.(engine.SecretUser[O]); ok {
		n.secrets = func(o v1alpha1.Object) []engine.SecretUse { return u.Secrets(o.(O)) }
	}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[W]()) {
		_, options, _ := strings.Cut(f.Tag.Get("plesk"), ",")
		n.passing = n.passing || strings.HasPrefix(options, "mark=passing")
		n.lasting = n.lasting || strings.HasPrefix(options, "mark=lasting")
		n.marked = n.marked || strings.HasPrefix(options, "mark") && !n.passing
		n.bound = n.bound || strings.Contains(options, "with=")
	}
	n.billing = taggedLifecycle(reflect.TypeFor[W](), "")
	for _, ref := range k.Refs() {
		for _, p := range ref.Target.Kinds {
			if ref.Parent {
				n.within = append(n.within, kindOf(p))
			}
		}
	}
	return n
}

// taggedLifecycle are the paths of the fields that bear the tag option lifecycle.
func taggedLifecycle(t reflect.Type, prefix string) (paths []string) {
	for _, f := range reflect.VisibleFields(t) {
		tag, ok := f.Tag.Lookup("plesk")
		name, options, _ := strings.Cut(tag, ",")
		path := strings.Trim(prefix+"."+name, ".")
		switch {
		case !ok:
		case slices.Contains(strings.Split(options, ","), "lifecycle"):
			paths = append(paths, path)
		case f.Type.Kind() == reflect.Pointer && f.Type.Elem().Kind() == reflect.Struct:
			paths = append(paths, taggedLifecycle(f.Type.Elem(), path)...)
		}
	}
	return paths
}

func capabilities[O v1alpha1.Object, W any]() map[capability]reflect.Type {
	return map[capability]reflect.Type{
		maker:        reflect.TypeFor[engine.Maker[W]](),
		lister:       reflect.TypeFor[engine.Lister[W]](),
		exporter:     reflect.TypeFor[engine.Exporter[O, W]](),
		unexportable: reflect.TypeFor[engine.Unexportable](),
		logged:       reflect.TypeFor[engine.Logged](),
		normalizer:   reflect.TypeFor[engine.Normalizer[W]](),
		partial:      reflect.TypeFor[engine.Partial[O, W]](),
		settler:      reflect.TypeFor[engine.Settler[O, W]](),
		inhabited:    reflect.TypeFor[engine.Inhabited[O, W]](),
		cleaner:      reflect.TypeFor[engine.Cleaner[O, W]](),
		secretUser:   reflect.TypeFor[engine.SecretUser[O]](),
		secretNeeder: reflect.TypeFor[engine.SecretNeeder](),
		unproven:     reflect.TypeFor[engine.Unproven[O]](),
		opaque:       reflect.TypeFor[engine.Opaque[O, W]](),
		used:         reflect.TypeFor[engine.Used[W]](),
		discloser:    reflect.TypeFor[engine.Discloser[O, W]](),
		publisher:    reflect.TypeFor[engine.Publisher[O, W]](),
		privileged:   reflect.TypeFor[engine.Privileged[W]](),
		privThere:    reflect.TypeFor[engine.PrivilegedThere[W]](),
		validator:    reflect.TypeFor[engine.Validator[W]](),
		overlapper:   reflect.TypeFor[engine.Overlapper[W]](),
		stateless:    reflect.TypeFor[engine.Stateless](),
		unlisted:     reflect.TypeFor[engine.Unlisted](),
		mover:        reflect.TypeFor[engine.Mover](),
		destructive:  reflect.TypeFor[engine.Destructive[W]](),
		permanent:    reflect.TypeFor[engine.Permanent[W]](),
		suspender:    reflect.TypeFor[engine.Suspender[O, W]](),
		contracted:   reflect.TypeFor[engine.Contracted](),
		serverScoped: reflect.TypeFor[engine.ServerScoped](),
		named:        reflect.TypeFor[engine.Named](),
		blamer:       reflect.TypeFor[engine.Blamer](),
	}
}

func methodsOf(t reflect.Type) []string {
	var names []string
	for i := range t.NumMethod() {
		names = append(names, t.Method(i).Name)
	}
	return names
}

func TestEveryKindHasARow(t *testing.T) {
	var want, got []string
	for _, k := range controller.Kinds() {
		want = append(want, kindOf(k))
	}
	for _, r := range rows {
		got = append(got, r.kind)
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("there are rows of %v, and kinds %v", got, want)
	}
}

func TestRowsNameWhatTheirKindsCan(t *testing.T) {
	for _, r := range rows {
		named := slices.Sorted(slices.Values(r.can))
		if !slices.Equal(named, r.is.can) {
			t.Errorf("%s: the row says that the kind is %v, the engine sees %v", r.kind, named, r.is.can)
		}
		if r.is.strange != nil {
			t.Errorf("%s: the methods %v belong to no interface: does a signature differ?", r.kind, r.is.strange)
		}
		if r.passing != r.is.passing {
			t.Errorf("%s: the row says that marks pass: %t; the engine sees %t", r.kind, r.passing, r.is.passing)
		}
		if r.marked != r.is.marked {
			t.Errorf("%s: the row says that its objects bear a mark: %t; the engine sees %t", r.kind, r.marked, r.is.marked)
		}
	}
}

// TestEveryKindIsExportedOrSaysWhyNot : what an export leaves out, its reader has to know.
func TestEveryKindIsExportedOrSaysWhyNot(t *testing.T) {
	for _, r := range rows {
		if r.does(exporter) == r.does(unexportable) {
			t.Errorf("%s: it is exported: %t; it says why it is not: %t", r.kind, r.does(exporter), r.does(unexportable))
		}
	}
}

// TestRowsSayAllThatSpecsNeed : specs that lack something of their row are not made. What a row must not leave out is looked at here.
func TestRowsSayAllThatSpecsNeed(t *testing.T) {
	for _, r := range rows {
		for what, there := range map[string]bool{
			"fields": len(r.fields) > 0, "prepare": r.prepare != nil, "object": r.object != nil, "list": r.list != nil, "plant": r.plant != nil, "rename": r.rename.change != nil,
			"add":               r.implicit() || r.add != nil,
			"remove":            r.implicit() || r.remove != nil,
			"opens":             r.does(discloser) == (r.opens != nil),
			"service":           r.does(suspender) == (r.service != nil),
			"impossible":        r.does(validator) == (len(r.impossible) > 0),
			"parents and lieIn": r.is.within == nil || r.parents != nil && r.lieIn != nil && r.depth > 0,
		} {
			if !there {
				t.Errorf("%s: the row has no %s", r.kind, what)
			}
		}
		for _, in := range r.is.within {
			i := slices.IndexFunc(rows, func(r *row) bool { return r.kind == in })
			if !r.implicit() && (i < 0 || rows[i].fill == nil) {
				t.Errorf("%s: the row has no fill, and a %s lies in its objects", in, r.kind)
			}
		}
	}
}

// likes are what the engine treats kinds differently for on the way to a write. Whoever can neither be told from its like nor be
// written otherwise needs no matrix of its own.
var likes = map[string]func(*row) bool{
	"implicit":            (*row).implicit,
	"marked":              func(r *row) bool { return r.marked },
	"marked for a moment": func(r *row) bool { return r.passing },
	"without a mark":      func(r *row) bool { return !r.implicit() && !r.marked },
	"with GUIDs":          func(r *row) bool { return r.guided },
	"without GUIDs":       func(r *row) bool { return !r.guided },
	"in a parent":         func(r *row) bool { return r.depth == 1 },
	"in a chain":          func(r *row) bool { return r.depth > 1 },
	"in nothing":          func(r *row) bool { return r.parents == nil },
	"with secrets":        func(r *row) bool { return r.does(secretUser) },
	"unproven":            func(r *row) bool { return r.does(unproven) },
	"opaque":              func(r *row) bool { return r.does(opaque) },
	"with a connection":   func(r *row) bool { return r.does(publisher) },
	"with members":        func(r *row) bool { return r.does(partial) },
	"with data":           func(r *row) bool { return !r.does(stateless) },
	"without data":        func(r *row) bool { return r.does(stateless) },
	"with contents":       func(r *row) bool { return r.fill != nil },
	"with lossy updates":  func(r *row) bool { return r.does(destructive) },
	"with a told secret":  func(r *row) bool { return r.does(discloser) },
	"fixed":               func(r *row) bool { return r.fixed },
	"can be suspended":    func(r *row) bool { return r.does(suspender) },
}

// TestExamplesStandForAll : whatever any kind is like, one that is like that is tried in full.
func TestExamplesStandForAll(t *testing.T) {
	for what, is := range likes {
		if !slices.ContainsFunc(rows, is) {
			t.Errorf("no kind is %s", what)
		}
		if !slices.ContainsFunc(rows, func(r *row) bool { return r.example && is(r) }) {
			t.Errorf("no kind that is %s is an example", what)
		}
	}
}

// TestEveryCapabilityIsKnown : the interfaces of the engine are those that rows can name.
func TestEveryCapabilityIsKnown(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../../internal/engine/kind.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var declared []string
	ast.Inspect(file, func(n ast.Node) bool {
		s, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if _, ok := s.Type.(*ast.InterfaceType); ok && s.Name.IsExported() && s.Name.Name != "Kind" {
			declared = append(declared, s.Name.Name)
		}
		return false
	})
	var known []string
	for c := range capabilities[*v1alpha1.PleskCustomer, struct{}]() {
		known = append(known, string(c))
	}
	slices.Sort(declared)
	slices.Sort(known)
	if len(declared) == 0 || !slices.Equal(declared, known) {
		t.Errorf("kind.go has the interfaces %v, known are %v", declared, known)
	}
}
