// Reading packages into a graph, with the compiler's own rules for names but without the packages that it imports.

package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"github.com/plesk-operator/plesk-operator/hack/operations"
)

// reader reads the declarations of one package.
type reader struct {
	*graph
	info       types.Info
	pkg        *types.Package
	name       string // of the package
	operations map[value]bool
}

// readTree reads the packages in a folder and below it. Packages that only tests import are left out.
func readTree(dir string, declared map[value]bool) (*graph, error) {
	g := &graph{nodes: map[string]*node{}, methods: map[string][]string{}, kinds: map[string]string{}}
	return g, filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if strings.HasSuffix(name, "test") {
			return fs.SkipDir
		}
		return g.readPackage(name, declared)
	})
}

// readPackage adds the package in a folder.
func (g *graph) readPackage(dir string, declared map[value]bool) error {
	set := token.NewFileSet()
	files, err := operations.Parse(set, dir)
	if err != nil {
		return err
	}
	r := reader{
		graph: g, name: filepath.Base(dir), operations: declared,
		info: types.Info{Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}},
	}
	config := types.Config{Importer: nothing{}, Error: func(error) {}} // everything imported is missing: that is no reason to stop
	r.pkg, _ = config.Check(dir, set, files, &r.info)
	for _, f := range files {
		for _, d := range f.Decls {
			r.declaration(d)
		}
	}
	return nil
}

// nothing is an importer for which every package is empty.
type nothing struct{}

func (nothing) Import(full string) (*types.Package, error) {
	p := types.NewPackage(full, path.Base(full))
	p.MarkComplete()
	return p, nil
}

func (r *reader) declaration(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		receiver, name := receiverOf(d), r.name+"."+d.Name.Name
		if receiver != "" {
			receiver = r.name + "." + receiver
			name = receiver + "." + d.Name.Name
			r.methods[d.Name.Name] = append(r.methods[d.Name.Name], name)
			if kind := reconciled(d); kind != "" {
				r.kinds[receiver] = kind
			}
		}
		r.read(name, receiver, d)
	case *ast.GenDecl:
		for _, s := range d.Specs {
			if s, ok := s.(*ast.ValueSpec); ok {
				for _, name := range s.Names {
					r.read(r.name+"."+name.Name, "", s)
				}
			}
		}
	}
}

// read makes a node of what a declaration mentions. Operations that are only asked for their names do not count.
func (r *reader) read(name, receiver string, d ast.Node) {
	n := &node{receiver: receiver, uses: map[value]bool{}, names: map[string]bool{}, unknown: map[string]bool{}}
	r.nodes[name] = n
	ast.Inspect(d, func(x ast.Node) bool {
		switch x := x.(type) {
		case *ast.SelectorExpr:
			if _, ok := r.operation(x.X); ok && (x.Sel.Name == "Name" || x.Sel.Name == "Operator") {
				return false
			}
			if v, ok := r.operation(x); ok {
				n.uses[v] = true
			} else if pkg, ok := r.imported(x.X); ok {
				n.names[path.Base(pkg)+"."+x.Sel.Name] = true
			} else if r.info.Selections[x] == nil {
				n.unknown[x.Sel.Name] = true
			}
		case *ast.Ident:
			switch o := r.info.Uses[x].(type) {
			case *types.Func:
				n.names[r.name+"."+nameOf(o)] = true
			case *types.Var:
				if o.Parent() == r.pkg.Scope() {
					n.names[r.name+"."+o.Name()] = true
				}
			}
		}
		return true
	})
}

// operation returns the operation that an expression names, if any.
func (r *reader) operation(e ast.Expr) (value, bool) {
	if s, ok := e.(*ast.SelectorExpr); ok {
		if pkg, ok := r.imported(s.X); ok {
			v := value{path.Base(pkg), s.Sel.Name}
			return v, r.operations[v]
		}
	}
	return value{}, false
}

// imported returns the path of the package that an expression names, if it names one.
func (r *reader) imported(e ast.Expr) (string, bool) {
	if name, ok := e.(*ast.Ident); ok {
		if p, ok := r.info.Uses[name].(*types.PkgName); ok {
			return p.Imported().Path(), true
		}
	}
	return "", false
}

// nameOf is the name of a function's node within its package.
func nameOf(f *types.Func) string {
	recv := f.Signature().Recv()
	if recv == nil {
		return f.Name()
	}
	t := recv.Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if named, ok := t.(*types.Named); ok {
		return named.Obj().Name() + "." + f.Name()
	}
	return f.Name() // of an interface
}

// receiverOf is the type that a method belongs to, "" for functions.
func receiverOf(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	t := d.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if generic, ok := t.(*ast.IndexExpr); ok {
		t = generic.X
	}
	if name, ok := t.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}

// reconciled is the custom resource that a method shows its type to reconcile: the first parameter of Desired, which every kind
// of the engine has, or what a controller is built For.
func reconciled(d *ast.FuncDecl) string {
	if params := d.Type.Params.List; d.Name.Name == "Desired" && len(params) > 0 {
		if star, ok := params[0].Type.(*ast.StarExpr); ok {
			return resource(star.X)
		}
	}
	kind := ""
	ast.Inspect(d, func(x ast.Node) bool {
		call, ok := x.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		if fun, ok := call.Fun.(*ast.SelectorExpr); ok && fun.Sel.Name == "For" {
			if pointer, ok := call.Args[0].(*ast.UnaryExpr); ok {
				if l, ok := pointer.X.(*ast.CompositeLit); ok {
					kind = resource(l.Type)
				}
			}
		}
		return true
	})
	return kind
}

// resource is the name in v1alpha1.NAME, where that is a custom resource.
func resource(t ast.Expr) string {
	if s, ok := t.(*ast.SelectorExpr); ok && strings.HasPrefix(s.Sel.Name, "Plesk") {
		return s.Sel.Name
	}
	return ""
}
