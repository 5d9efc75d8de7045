// The client's side: which Go value is which operation, read from the declarations in the source.

package main

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

// value is a package-level Go value.
type value struct{ pkg, name string }

// String is the value as a program writes it; "" for none.
func (v value) String() string {
	if v == (value{}) {
		return ""
	}
	return v.pkg + "." + v.name
}

// clientOperations finds the declarations NAME = xmlapi.Read[…]("OPERATOR", "OPERATION"), or Write, of all packages below dir.
func clientOperations(dir string) (map[string]value, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	found := map[string]value{}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		files, err := parsePackage(token.NewFileSet(), filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			if err := declarations(f, found); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// parsePackage parses the Go files of a folder, tests left out.
func parsePackage(set *token.FileSet, dir string) ([]*ast.File, error) {
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

// declarations adds the operations that a file declares.
func declarations(f *ast.File, found map[string]value) error {
	for _, d := range f.Decls {
		gen, ok := d.(*ast.GenDecl)
		if !ok || gen.Tok != token.VAR {
			continue
		}
		for _, s := range gen.Specs {
			spec := s.(*ast.ValueSpec)
			for i, v := range spec.Values {
				key, ok := operationOf(v)
				if !ok {
					continue
				}
				here := value{f.Name.Name, spec.Names[i].Name}
				if before, twice := found[key]; twice {
					return fmt.Errorf("%s is declared as %s and as %s", key, before, here)
				}
				found[key] = here
			}
		}
	}
	return nil
}

// operationOf reads OPERATOR/OPERATION out of a call of xmlapi.Read or xmlapi.Write.
func operationOf(e ast.Expr) (string, bool) {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) != 2 {
		return "", false
	}
	typed, ok := call.Fun.(*ast.IndexListExpr)
	if !ok {
		return "", false
	}
	fun, ok := typed.X.(*ast.SelectorExpr)
	if !ok || fun.Sel.Name != "Read" && fun.Sel.Name != "Write" {
		return "", false
	}
	operator, ok := literal(call.Args[0])
	if !ok {
		return "", false
	}
	name, ok := literal(call.Args[1])
	return operator + "/" + name, ok
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}
