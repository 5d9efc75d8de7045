// Names: every test that docs/reliability.md names is there.

package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// In the second column of a table stand suites and packages, and after each the names of its tests.
var (
	place = regexp.MustCompile("`([^`]+)` \\*|\\b(e2e|conformance|chaos|gitops): \\*|\\*([^*]+)\\*")
	ours  = map[string]string{"e2e": "../test/e2e", "conformance": "../test/conformance", "chaos": "../test/chaos", "gitops": "../test/gitops"}
)

func TestTheTestsThatAreNamedAreThere(t *testing.T) {
	text, err := os.ReadFile("reliability.md")
	if err != nil {
		t.Fatal(err)
	}
	_, promises, _ := strings.Cut(string(text), "\n## Promises\n")
	promises, _, _ = strings.Cut(promises, "\n## ")
	known := map[string][]string{}
	rows := 0
	for line := range strings.Lines(promises) {
		columns := strings.Split(line, " | ")
		if !strings.HasPrefix(line, "| **") {
			continue
		}
		rows++
		named, dir := 0, ""
		for rest := columns[len(columns)-1]; ; {
			m := place.FindStringSubmatchIndex(rest)
			if m == nil {
				break
			}
			switch {
			case m[2] >= 0:
				dir, rest = "../"+rest[m[2]:m[3]], rest[m[1]-1:]
			case m[4] >= 0:
				dir, rest = ours[rest[m[4]:m[5]]], rest[m[1]-1:]
			default:
				name := rest[m[6]:m[7]]
				rest = rest[m[1]:]
				named++
				if known[dir] == nil {
					known[dir] = testsIn(t, dir)
				}
				if !slices.ContainsFunc(known[dir], matching(name)) {
					t.Errorf("%s has no test %q", dir, name)
				}
			}
		}
		if named == 0 {
			t.Errorf("nothing proves: %s", columns[0])
		}
	}
	if rows < 8 {
		t.Errorf("there are %d promises", rows)
	}
}

// matching tells whether a text is a name, in which … stands for anything.
func matching(name string) func(string) bool {
	parts := strings.Split(name, "…")
	for i, p := range parts {
		parts[i] = regexp.QuoteMeta(p)
	}
	is := regexp.MustCompile("^" + strings.Join(parts, ".*") + "$")
	return is.MatchString
}

// testsIn are the names of a package's tests, and of its specs without those of their groups.
func testsIn(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%q: no tests, %v", dir, err)
	}
	var names []string
	for _, f := range files {
		file, err := parser.ParseFile(token.NewFileSet(), f, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if strings.HasPrefix(n.Name.Name, "Test") || strings.HasPrefix(n.Name.Name, "Fuzz") {
					names = append(names, n.Name.Name)
				}
			case *ast.CallExpr:
				names = append(names, specOf(n)...)
			}
			return true
		})
	}
	return names
}

// specOf is the text of a spec that a call declares. What is put together when the tests run is …
func specOf(call *ast.CallExpr) []string {
	at := 0
	switch f := call.Fun.(type) {
	case *ast.Ident:
		switch f.Name {
		case "It", "DescribeTable", "matrix":
		case "keep":
			at = 1 // after whom it is about
		default:
			return nil
		}
	case *ast.SelectorExpr:
		if f.Sel.Name != "keep" {
			return nil
		}
	default:
		return nil
	}
	if at >= len(call.Args) {
		return nil
	}
	return []string{textOf(call.Args[at])}
}

var verb = regexp.MustCompile(`%[a-z]`)

func textOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		if err == nil {
			return text
		}
	case *ast.BinaryExpr:
		return textOf(e.X) + textOf(e.Y)
	case *ast.CallExpr: // fmt.Sprintf
		if len(e.Args) > 0 {
			return verb.ReplaceAllString(textOf(e.Args[0]), "…")
		}
	}
	return "…"
}
