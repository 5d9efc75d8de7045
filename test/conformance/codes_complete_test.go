// The table of codes knows every code that the wire does.

package conformance

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
)

func TestEveryCodeHasItsOutcome(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../../internal/xmlapi/error.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	known := 0
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(v.Names[0].Name, "Code") {
			return true
		}
		code, err := strconv.Atoi(v.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		known++
		if _, ok := codes[code]; !ok {
			t.Errorf("%s (%d): what should come of it?", v.Names[0].Name, code)
		}
		return false
	})
	if known == 0 {
		t.Error("error.go names no codes")
	}
}
