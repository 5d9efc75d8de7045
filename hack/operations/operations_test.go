// What is read, shown on packages written for it.

package operations_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/hack/operations"
)

const boxes = `package box

import "example/xmlapi"

var (
	Get = xmlapi.Read[GetRequest, GetResult]("big-box", "get")
	Put = xmlapi.Write[PutRequest, xmlapi.Result]("big-box", "in/put")

	other = strings.Clone[string]("big-box")
)

func ByID(first int64, more ...int64) xmlapi.Filter { return xmlapi.ByNumber("id", first, more...) }
func ByKey(first xmlapi.Secret) xmlapi.Filter       { return xmlapi.By("key", first.Reveal()) }
func (b box) ByLid() xmlapi.Filter                  { return xmlapi.By("lid", b.lid) }
func All() xmlapi.Query                             { return xmlapi.All() }
func byName(name string) xmlapi.Filter              { return xmlapi.By("name", name) }
`

func TestReadsOperationsAndFilters(t *testing.T) {
	dir := written(t, map[string]string{
		"box/box.go":      boxes,
		"box/box_test.go": "package box\n\nvar Fake = xmlapi.Read[A, B](\"big-box\", \"fake\")\n",
		"box/more.go":     "package box\n\nvar Drop = xmlapi.Write[A, B](\"big-box\", \"drop\")\n",
		"shapes/shape.go": "package shapes\n\nfunc ByName(name string) xmlapi.Filter { return xmlapi.By(\"name\", name) }\n",
		"ant/ant.go":      "package ant\n\nvar Run = xmlapi.Write[A, B](\"ant\", \"\")\n",
	})
	have, err := operations.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []operations.Package{
		{Name: "ant", Operator: "ant", Operations: []operations.Operation{{Value: "Run", Operator: "ant"}}},
		{
			Name: "box", Operator: "big-box",
			Operations: []operations.Operation{
				{Value: "Get", Operator: "big-box", Name: "get"},
				{Value: "Put", Operator: "big-box", Name: "in/put"},
				{Value: "Drop", Operator: "big-box", Name: "drop"},
			},
			Filters: []operations.Filter{{Func: "ByID", Of: "int64"}, {Func: "ByKey", Of: "xmlapi.Secret"}},
		},
	}
	if !reflect.DeepEqual(have, want) {
		t.Errorf("have %+v\nwant %+v", have, want)
	}
}

func TestRefusesWhatCannotBeListed(t *testing.T) {
	const one = "package box\n\nvar Get = xmlapi.Read[A, B](\"box\", \"get\")\n"
	for want, files := range map[string]map[string]string{
		"box/get is declared as box.Get and as crate.Get":  {"box/box.go": one, "crate/crate.go": strings.Replace(one, "package box", "package crate", 1)},
		"box.Cut is of lid, but the package of box":        {"box/box.go": one + "\nvar Cut = xmlapi.Write[A, B](\"lid\", \"cut\")\n"},
		"box.Cut: operator and name are not written out":   {"box/box.go": one + "\nvar Cut = xmlapi.Write[A, B](operator, \"cut\")\n"},
		"box.Paste: operator and name are not written out": {"box/box.go": one + "\nvar Paste = xmlapi.Write[A, B](\"box\", \"pas\"+\"te\")\n"},
	} {
		if have, err := operations.Read(written(t, files)); err == nil || err.Error() != want {
			t.Errorf("have %v, %v, want %s", have, err, want)
		}
	}
}

func written(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, source := range files {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
