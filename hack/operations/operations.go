// Package operations reads, from the source of the client's operator packages, which operations and which filters they declare.
// It only parses: it works as well while what is generated from it does not compile.
package operations

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Package is an operator's package.
type Package struct {
	Name       string // also of its folder
	Operator   string
	Operations []Operation // in the order of the source
	Filters    []Filter    // likewise
}

// Operation is a declaration VALUE = xmlapi.Read[…]("OPERATOR", "NAME"), or Write.
type Operation struct{ Value, Operator, Name string }

// Key is OPERATOR/NAME.
func (o Operation) Key() string { return o.Operator + "/" + o.Name }

// Filter is an exported function that makes an xmlapi.Filter.
type Filter struct {
	Func string
	Of   string // the type of its first parameter
}

// Read reads the packages right below dir that declare operations, ordered by name. Each holds the operations of one operator.
func Read(dir string) ([]Package, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var packages []Package
	declared := map[string]string{}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		p, err := readPackage(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		if len(p.Operations) == 0 {
			continue
		}
		p.Operator = p.Operations[0].Operator
		for _, o := range p.Operations {
			here := p.Name + "." + o.Value
			if o.Operator != p.Operator {
				return nil, fmt.Errorf("%s is of %s, but the package of %s", here, o.Operator, p.Operator)
			}
			if before, twice := declared[o.Key()]; twice {
				return nil, fmt.Errorf("%s is declared as %s and as %s", o.Key(), before, here)
			}
			declared[o.Key()] = here
		}
		packages = append(packages, p)
	}
	return packages, nil
}

func readPackage(dir string) (Package, error) {
	files, err := Parse(token.NewFileSet(), dir)
	if err != nil {
		return Package{}, err
	}
	var p Package
	for _, f := range files {
		p.Name = f.Name.Name
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.GenDecl:
				if err := p.addOperations(d); err != nil {
					return Package{}, err
				}
			case *ast.FuncDecl:
				p.addFilter(d)
			}
		}
	}
	return p, nil
}

// Parse parses the Go files of a folder, tests left out.
func Parse(set *token.FileSet, dir string) ([]*ast.File, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

func (p *Package) addOperations(d *ast.GenDecl) error {
	if d.Tok != token.VAR {
		return nil
	}
	for _, s := range d.Specs {
		spec := s.(*ast.ValueSpec)
		for i, v := range spec.Values {
			call, ok := declaration(v)
			if !ok {
				continue
			}
			o := Operation{Value: spec.Names[i].Name}
			var known [2]bool
			o.Operator, known[0] = literal(call.Args[0])
			o.Name, known[1] = literal(call.Args[1])
			if known != [2]bool{true, true} {
				return fmt.Errorf("%s.%s: operator and name are not written out", p.Name, o.Value)
			}
			p.Operations = append(p.Operations, o)
		}
	}
	return nil
}

// declaration reports whether an expression is a call of xmlapi.Read or xmlapi.Write, with its types.
func declaration(e ast.Expr) (*ast.CallExpr, bool) {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) != 2 {
		return nil, false
	}
	typed, ok := call.Fun.(*ast.IndexListExpr)
	return call, ok && (isXMLAPI(typed.X, "Read") || isXMLAPI(typed.X, "Write"))
}

func (p *Package) addFilter(d *ast.FuncDecl) {
	results := d.Type.Results
	if d.Recv != nil || !d.Name.IsExported() || results == nil || len(results.List) != 1 || !isXMLAPI(results.List[0].Type, "Filter") {
		return
	}
	f := Filter{Func: d.Name.Name}
	if params := d.Type.Params.List; len(params) > 0 {
		switch t := params[0].Type.(type) {
		case *ast.Ident:
			f.Of = t.Name
		case *ast.SelectorExpr:
			f.Of = t.X.(*ast.Ident).Name + "." + t.Sel.Name
		}
	}
	p.Filters = append(p.Filters, f)
}

// isXMLAPI reports whether an expression is xmlapi.NAME.
func isXMLAPI(e ast.Expr, name string) bool {
	s, ok := e.(*ast.SelectorExpr)
	if !ok || s.Sel.Name != name {
		return false
	}
	pkg, ok := s.X.(*ast.Ident)
	return ok && pkg.Name == "xmlapi"
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}
