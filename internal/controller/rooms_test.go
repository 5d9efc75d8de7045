// The rooms of the house, as far as no linter can see them: which files of a family use which, and what of the engine is for kinds.

package controller

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// kindNames are the kinds as their files are called.
func kindNames() []string {
	var names []string
	for _, k := range Kinds() {
		names = append(names, strings.ToLower(strings.TrimPrefix(reflect.TypeOf(k).Elem().Name(), "Plesk")))
	}
	return names
}

// kindOf is the kind that a file is of, "" for what kinds share.
func kindOf(file string, kinds []string) string {
	name := strings.TrimSuffix(filepath.Base(file), ".go")
	for _, k := range kinds {
		if name == k || strings.HasPrefix(name, k+"_") {
			return k
		}
	}
	return ""
}

// A kind uses nothing that stands in another kind's files: what two of a family share is in a file of its own, named for what it is.
func TestNoKindUsesAnothersFiles(t *testing.T) {
	kinds := kindNames()
	homes := map[string]string{}
	folders, err := filepath.Glob("*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for i := range folders {
		folders[i] = filepath.Dir(folders[i])
	}
	for _, folder := range slices.Compact(folders) {
		for _, kind := range foreignUses(t, folder, kinds) {
			if other := homes[kind]; other != "" {
				t.Errorf("%s is in two folders, %s and %s", kind, other, folder)
			}
			homes[kind] = folder
		}
	}
	for _, k := range kinds {
		if homes[k] == "" {
			t.Errorf("there is no %s.go in any folder", k)
		}
	}
}

// foreignUses complains of what the kinds of a folder use of one another, and returns the kinds.
func foreignUses(t *testing.T, folder string, kinds []string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	var files []*ast.File
	var here []string
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
		if k := kindOf(name, kinds); k != "" && !slices.Contains(here, k) {
			here = append(here, k)
		}
	}
	info := types.Info{Uses: map[*ast.Ident]types.Object{}}
	// What is imported is of no interest here: that it is missing is no reason to stop.
	config := types.Config{Importer: nothing{}, Error: func(error) {}}
	pkg, _ := config.Check(folder, set, files, &info)
	for id, o := range info.Uses {
		if o.Pkg() != pkg || !o.Pos().IsValid() {
			continue
		}
		use, declaration := set.Position(id.Pos()), set.Position(o.Pos())
		user, owner := kindOf(use.Filename, kinds), kindOf(declaration.Filename, kinds)
		if user != "" && owner != "" && user != owner {
			t.Errorf("%s uses %s of %s: move it to a file of its own, named for what it is", use, id.Name, declaration.Filename)
		}
	}
	return here
}

// nothing imports packages without anything in them.
type nothing struct{}

// Import implements types.Importer.
func (nothing) Import(full string) (*types.Package, error) {
	p := types.NewPackage(full, path.Base(full))
	p.MarkComplete()
	return p, nil
}

// seam are the files of the engine whose exported names are for kinds.
var seam = []string{"kind.go", "diff.go", "exported.go", "list.go", "lookup.go", "marks.go"}

// The linter refuses to kinds whatever the engine exports beside its seam, by a list of names.
func TestTheLinterKnowsTheMachinery(t *testing.T) {
	config, err := os.ReadFile("../../.golangci.yml")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^ +- pattern: (\^engine\\\..*)$`).FindSubmatch(config)
	if found == nil {
		t.Fatal("there is no pattern for the engine's names")
	}
	machinery := regexp.MustCompile(string(found[1]))
	names, err := filepath.Glob("../engine/*.go")
	if err != nil || len(names) == 0 {
		t.Fatal("no engine", err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		forKinds := slices.Contains(seam, filepath.Base(name))
		for _, exported := range exportedNames(f) {
			if machinery.MatchString("engine."+exported) == forKinds {
				t.Errorf("%s exports %s: the pattern in .golangci.yml is to have it, or the file is to be of the seam, but not both", name, exported)
			}
		}
	}
}

// exportedNames are those that a file declares at the top.
func exportedNames(f *ast.File) []string {
	var names []string
	add := func(id *ast.Ident) {
		if id.IsExported() {
			names = append(names, id.Name)
		}
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				add(d.Name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					add(s.Name)
				case *ast.ValueSpec:
					for _, id := range s.Names {
						add(id)
					}
				}
			}
		}
	}
	return names
}
