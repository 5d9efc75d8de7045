// Every operation that has types here, and what the grammar says about their completeness.

package xmlapi_test

import (
	"bytes"
	"encoding/xml"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/catalog"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
)

// operation is one of the catalog, with what the tests do to it.
type operation struct{ catalog.Operation }

// results returns the []Result of a call.
func (o operation) results(c xmlapi.Caller) any {
	return reflect.ValueOf(c).Elem().FieldByName("Results").Interface()
}

func (o operation) decodeRequest(element []byte) (any, error) {
	req := reflect.New(o.Request)
	err := xml.NewDecoder(bytes.NewReader(element)).Decode(req.Interface())
	return req.Elem().Interface(), err
}

// allOperations lists the catalog.
func allOperations() []operation {
	var out []operation
	for _, o := range catalog.All() {
		out = append(out, operation{o})
	}
	return out
}

// operators lists the operations by operator.
func operators() map[string][]operation {
	out := map[string][]operation{}
	for _, o := range allOperations() {
		out[o.Operator] = append(out[o.Operator], o)
	}
	return out
}

func sortedOperators() []string { return slices.Sorted(maps.Keys(operators())) }

// declaration finds the operation's element in a grammar.
func (o operation) declaration(s *schema.Schema) *schema.Element {
	i := slices.IndexFunc(s.Operators(), func(e *schema.Element) bool { return e.Name == o.Operator })
	if i < 0 {
		return nil
	}
	e := s.Operators()[i]
	if o.Name == "" { // the operator's element itself
		return e
	}
	for name := range strings.SplitSeq(o.Name, "/") {
		if e = e.Type.Child(name); e == nil {
			return nil
		}
	}
	return e
}

// resultDeclaration finds the element that the operation's result type stands for.
func (o operation) resultDeclaration() *schema.Element {
	e := o.declaration(schema.Response())
	if e == nil || unwrapped(o.Result) || o.Name == "" {
		return e
	}
	return e.Type.Child("result")
}

func unwrapped(t reflect.Type) bool {
	f, ok := t.FieldByName("Unwrapped")
	return ok && f.Type == reflect.TypeFor[xmlapi.Unwrapped]()
}

// notOperators are the packages that are not operators.
var notOperators = []string{"catalog", "hosting", "schema", "testdata", "version"}

func TestEveryOperatorPackageIsInTheCatalog(t *testing.T) {
	packages := map[string]bool{}
	for name := range operators() {
		packages[strings.NewReplacer("-", "", "_", "").Replace(name)] = true
	}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && !slices.Contains(notOperators, e.Name()) && !packages[e.Name()] {
			t.Errorf("package %s is not in the catalog", e.Name())
		}
	}
}

func TestEveryOperationOfTheGrammarHasTypes(t *testing.T) {
	for _, name := range sortedOperators() {
		want := map[string]bool{}
		i := slices.IndexFunc(schema.Request().Operators(), func(e *schema.Element) bool { return e.Name == name })
		if i < 0 {
			t.Errorf("the grammar has no operator %s", name)
			continue
		}
		for _, e := range schema.Request().Operators()[i].Type.Children() {
			if e.Name == "db-servers" || name == "mail" && e.Name == "update" { // holds operations of its own
				for _, nested := range e.Type.Children() {
					want[e.Name+"/"+nested.Name] = true
				}
				continue
			}
			want[e.Name] = true
		}
		if len(want) == 0 { // described in prose only
			want[""] = true
		}
		have := map[string]bool{}
		for _, o := range operators()[name] {
			if have[o.Name] {
				t.Errorf("%s is declared twice", o)
			}
			have[o.Name] = true
			if !want[o.Name] {
				t.Errorf("%s is not in the request grammar", o)
			}
			if o.resultDeclaration() == nil {
				t.Errorf("%s is not in the response grammar", o)
			}
		}
		for n := range want {
			if !have[n] {
				t.Errorf("%s/%s has no types", name, n)
			}
		}
	}
}

// readOperations are those whose names do not begin with get but which only read.
var readOperations = []string{"cform-buttons-list", "cform_buttons_list", "db-servers/list", "domain-restriction-list", "generate", "lic_get_info"}

// flushingReads are named get and can change something.
var flushingReads = []string{"event_log/get"}

func TestOperationsThatChangeSomethingAreWrites(t *testing.T) {
	for _, o := range allOperations() {
		reads := strings.HasPrefix(o.Name, "get") || slices.Contains(readOperations, o.Name)
		if slices.Contains(flushingReads, o.String()) {
			reads = false
		}
		if o.Writes == reads {
			t.Errorf("%s: Writes() = %v", o, o.Writes)
		}
	}
}

func TestEveryKindOfFilterHasAConstructor(t *testing.T) {
	for _, name := range sortedOperators() {
		want, have := map[string]bool{}, map[string]bool{}
		for _, o := range operators()[name] {
			f, ok := o.Request.FieldByName("Filter")
			if !ok || !isFilter(f.Type) {
				continue
			}
			for _, kind := range o.declaration(schema.Request()).Type.Child("filter").Type.Children() {
				if kind.Name != xmlapi.KindAll { // what xmlapi.All and Everything select
					want[kind.Name] = true
				}
			}
		}
		for _, f := range filters()[name] {
			have[f.Kind()] = true
		}
		if !reflect.DeepEqual(want, have) {
			t.Errorf("%s: the grammar filters by %v, the constructors by %v", name, want, have)
		}
	}
}

func isFilter(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t == reflect.TypeFor[xmlapi.Filter]() || t == reflect.TypeFor[xmlapi.Query]()
}
