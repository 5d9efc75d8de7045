// Reading: which kinds there are and what each is called.

package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// kind is a custom resource of ours.
type kind struct {
	name     string // e.g. PleskCustomer
	plural   string // in lower case, as singular
	singular string
	short    string
	what     string // it is, e.g. "an account that owns subscriptions"
	key      string // its natural key, e.g. "the login"

	reconciled bool   // a controller of its own looks after it
	sampled    bool   // config/samples has one
	guarded    string // why the roles to change it are not part of edit and admin; "" where they are
}

// own are the kinds that do not live on a server. They come before those of the list.
var own = []kind{
	{name: "PleskServer", reconciled: true, sampled: true,
		guarded: "a PleskServer decides where credentials go, who its tenants are and what they may do"},
	{name: "PleskApproval",
		guarded: "whoever may edit a resource must not thereby approve its plan or its loss of data"},
	{name: "PleskSuspension", reconciled: true,
		guarded: "whoever may edit a resource must not thereby lift somebody else's reason to suspend it"},
}

// readKinds returns all kinds: those of our own, then those of the list in its order.
func readKinds(root string) ([]kind, error) {
	listed, err := readList(filepath.Join(root, "internal", "controller", "setup.go"))
	if err != nil {
		return nil, err
	}
	scoped, err := serverScoped(filepath.Join(root, "internal", "controller"))
	if err != nil {
		return nil, err
	}
	kinds := slices.Clone(own)
	for _, l := range listed {
		k := kind{name: l.kind, reconciled: true, sampled: true}
		if slices.Contains(scoped, l.value) {
			k.guarded = "it is the server's, and holds for whoever uses it"
		}
		kinds = append(kinds, k)
	}
	defined, err := readDefinitions(filepath.Join(root, "config", "crd", "bases"))
	if err != nil {
		return nil, err
	}
	for i := range kinds {
		d, ok := defined[kinds[i].name]
		if !ok {
			return nil, fmt.Errorf("%s is listed, but the types in api/v1alpha1 define no such kind", kinds[i].name)
		}
		delete(defined, kinds[i].name)
		if err := d.describe(&kinds[i]); err != nil {
			return nil, err
		}
	}
	for name := range defined {
		return nil, fmt.Errorf("%s is defined in api/v1alpha1, but not listed in internal/controller/setup.go", name)
	}
	return kinds, nil
}

// listed is an entry of the list: a custom resource, and the value that teaches it to the engine.
type listed struct{ kind, value string }

var errEntry = errors.New("an entry of kinds is not of the form of(&v1alpha1.KIND{}, PACKAGE.TYPE{})")

// readList finds the entries of `func kinds() []kind { return []kind{of(&v1alpha1.PleskCustomer{}, account.Customer{}), …} }`.
func readList(file string) ([]listed, error) {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var out []listed
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Recv != nil || fn.Name.Name != "kinds" || fn.Body == nil {
			continue
		}
		for _, s := range fn.Body.List {
			r, ok := s.(*ast.ReturnStmt)
			if !ok || len(r.Results) != 1 {
				continue
			}
			list, ok := r.Results[0].(*ast.CompositeLit)
			if !ok {
				continue
			}
			for _, e := range list.Elts {
				l, err := entry(e)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", file, err)
				}
				out = append(out, l)
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s has no list called kinds", file)
	}
	return out, nil
}

func entry(e ast.Expr) (listed, error) {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) != 2 {
		return listed{}, errEntry
	}
	prototype, ok := call.Args[0].(*ast.UnaryExpr)
	if !ok || prototype.Op != token.AND {
		return listed{}, errEntry
	}
	_, kind, isKind := typeOf(prototype.X)
	pkg, name, isValue := typeOf(call.Args[1])
	if !isKind || !isValue {
		return listed{}, errEntry
	}
	return listed{kind, pkg + "." + name}, nil
}

// typeOf takes PACKAGE.TYPE{} apart.
func typeOf(e ast.Expr) (pkg, name string, ok bool) {
	value, ok := e.(*ast.CompositeLit)
	if !ok {
		return "", "", false
	}
	selector, ok := value.Type.(*ast.SelectorExpr)
	if !ok {
		return "", "", false
	}
	in, ok := selector.X.(*ast.Ident)
	if !ok {
		return "", "", false
	}
	return in.Name, selector.Sel.Name, true
}

// serverScoped lists the types below dir, as PACKAGE.TYPE, that have the method ServerScoped (engine.ServerScoped).
func serverScoped(dir string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || fn.Name.Name != "ServerScoped" {
				continue
			}
			if receiver, ok := fn.Recv.List[0].Type.(*ast.Ident); ok {
				names = append(names, f.Name.Name+"."+receiver.Name)
			}
		}
		return nil
	})
	return names, err
}

// definition is the part of a CustomResourceDefinition that is used here.
type definition struct {
	Spec struct {
		Names struct {
			Kind, Plural, Singular string
			ShortNames             []string
		}
		Versions []struct {
			Schema struct {
				OpenAPIV3Schema struct{ Description string }
			}
		}
	}
}

func readDefinitions(dir string) (map[string]definition, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	all := map[string]definition{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var d definition
		if err := yaml.Unmarshal(text, &d); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all[d.Spec.Names.Kind] = d
	}
	return all, nil
}

// describe fills in what the definition says. The type's comment says what the kind is and by which key it is known, in its first
// two sentences: "PleskCustomer is an account that owns subscriptions. Its natural key is the login."
func (d definition) describe(k *kind) error {
	names := d.Spec.Names
	if len(names.ShortNames) != 1 || len(d.Spec.Versions) == 0 {
		return fmt.Errorf("%s needs one short name (marker kubebuilder:resource)", k.name)
	}
	k.plural, k.singular, k.short = names.Plural, names.Singular, names.ShortNames[0]
	text := strings.Join(strings.Fields(d.Spec.Versions[0].Schema.OpenAPIV3Schema.Description), " ")
	text, isFirst := strings.CutPrefix(text, k.name+" is ")
	what, rest, hasKey := strings.Cut(text, ". Its natural key is ")
	key, _, ends := strings.Cut(rest, ".")
	if !isFirst || !hasKey || !ends || strings.Contains(what, ". ") {
		return fmt.Errorf(`the comment of the type %[1]s does not begin with "%[1]s is …. Its natural key is …."`, k.name)
	}
	k.what, k.key = what, key
	return nil
}
