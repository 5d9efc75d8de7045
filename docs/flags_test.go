// Flags: the tables of flags.md are what the operator's program declares.

package docs

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/plesk-operator/plesk-operator/internal/engine"
)

func TestTablesOfFlags(t *testing.T) {
	text, err := os.ReadFile("flags.md")
	if err != nil {
		t.Fatal(err)
	}
	tables := strings.Split(string(text), "| --- | --- | --- |\n")
	files := []string{"../cmd/manager/main.go", "../cmd/manager/release.go"}
	if len(tables) != 1+len(files) {
		t.Fatalf("flags.md has %d tables", len(tables)-1)
	}
	for i, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		var rows []string
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && declaresFlag(call) {
				rows = append(rows, rowOfFlag(t, call))
			}
			return true
		})
		slices.Sort(rows)
		table, _, _ := strings.Cut(tables[i+1], "\n\n")
		if want := strings.Join(rows, ""); len(rows) == 0 || strings.TrimSpace(table) != strings.TrimSpace(want) {
			t.Errorf("the table of %s in flags.md has to be:\n%s", path, want)
		}
	}
}

// declaresFlag tells flag.IntVar(&v, "name", 64, "usage") and flags.String("name", "", "usage") from other calls.
func declaresFlag(call *ast.CallExpr) bool {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) < 3 {
		return false
	}
	on, ok := f.X.(*ast.Ident)
	return ok && (on.Name == "flag" || on.Name == "flags")
}

func rowOfFlag(t *testing.T, call *ast.CallExpr) string {
	t.Helper()
	args := call.Args[len(call.Args)-3:] // name, default, usage
	preset := defaultOf(t, args[1])
	if preset == "0" && strings.HasPrefix(call.Fun.(*ast.SelectorExpr).Sel.Name, "Duration") {
		preset = "0s"
	}
	if preset != "" {
		preset = "`" + preset + "` "
	}
	return fmt.Sprintf("| `--%s` | %s| %s |\n", textOf(args[0]), preset, textOf(args[2]))
}

// defaultOf is a flag's default as its help prints it.
func defaultOf(t *testing.T, e ast.Expr) string {
	t.Helper()
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			return textOf(e)
		}
		return e.Value
	case *ast.Ident: // true, false
		return e.Name
	case *ast.SelectorExpr:
		if e.Sel.Name == "DefaultCreateSettleTime" {
			return engine.DefaultCreateSettleTime.String()
		}
	case *ast.BinaryExpr: // 15*time.Second
		number, isNumber := e.X.(*ast.BasicLit)
		unit, isUnit := e.Y.(*ast.SelectorExpr)
		if isNumber && isUnit && e.Op == token.MUL && unit.Sel.Name == "Second" {
			seconds, _ := strconv.Atoi(number.Value) // the expression compiles
			return (time.Duration(seconds) * time.Second).String()
		}
	}
	t.Fatalf("a default of an unknown form: %T", e)
	return ""
}
