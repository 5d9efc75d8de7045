// Reasons: the table of reasons.md has every reason, with the advice that stands beside it in the API.

package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"
)

func TestTableOfReasons(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../api/v1alpha1/conditions.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("reasons.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if columns := strings.SplitN(strings.TrimSpace(line), " | ", 3); len(columns) == 3 && strings.HasPrefix(line, "| `") {
			rows[strings.Trim(columns[0], "| `")] = columns[1]
		}
	}
	reasons := 0
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(v.Names[0].Name, "Reason") {
			return true
		}
		reasons++
		name, _ := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value) // a constant of the language
		advice := strings.TrimSpace(strings.TrimPrefix(strings.Join(strings.Fields(v.Doc.Text()), " "), v.Names[0].Name+" :"))
		if rows[name] != advice {
			t.Errorf("the row of %s says %q, it has to say %q", name, rows[name], advice)
		}
		delete(rows, name)
		return false
	})
	if reasons == 0 || len(rows) > 0 {
		t.Errorf("%d reasons in the API; in the table and not in the API: %v", reasons, rows)
	}
}
