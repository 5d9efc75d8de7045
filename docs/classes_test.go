// Classes: the table of docs/architecture.md lists every code under the class that the program gives it.

package docs

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

var aCode = regexp.MustCompile(`\b\d{4,5}\b`)

func TestTableOfClasses(t *testing.T) {
	text, err := os.ReadFile("architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(text), "\n| class | ")
	table, _, _ = strings.Cut(table, "\n\n")
	if !found {
		t.Fatal("architecture.md has no table of classes")
	}
	listed := map[int]bool{}
	for row := range strings.Lines(table) {
		columns := strings.Split(row, " | ")
		if !strings.HasPrefix(row, "| ") {
			continue
		}
		class := strings.TrimPrefix(columns[0], "| ")
		for _, text := range aCode.FindAllString(columns[1], -1) {
			code, _ := strconv.Atoi(text) // the expression takes nothing else
			listed[code] = true
			if have := xmlapi.Classify(code); string(have) != class {
				t.Errorf("%d stands under %s, it is %s", code, class, have)
			}
		}
	}
	for code := range 20_000 {
		if class := xmlapi.Classify(code); class != xmlapi.Transient && !listed[code] {
			t.Errorf("%d is %s, and stands nowhere", code, class)
		}
	}
}
