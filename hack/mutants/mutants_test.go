// The list is up to date, and the results of tests are read correctly.

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// A mutation whose text has changed is noticed at once, not when somebody runs them all.
func TestEveryMutationApplies(t *testing.T) {
	var names []string
	for _, m := range mutations {
		t.Run(m.name, func(t *testing.T) {
			files, err := m.mutated(root)
			if err != nil {
				t.Fatal(err)
			}
			for file, text := range files {
				was, err := os.ReadFile(filepath.Join(root, file))
				if err != nil {
					t.Fatal(err)
				}
				if text == string(was) {
					t.Errorf("%s is not changed", file)
				}
			}
			if len(files) == 0 || len(m.by) == 0 || m.what == "" || strings.Contains(m.what, "|") {
				t.Error("it says neither what it breaks nor what notices, or not so that a table can hold it")
			}
		})
		if slices.Contains(names, m.name) {
			t.Errorf("two mutations are called %s", m.name)
		}
		names = append(names, m.name)
	}
}

// One law, one engine: the mutations are noticed by the specs of nearly every kind.
func TestMutationsOfManyKinds(t *testing.T) {
	kinds := map[string]bool{}
	for _, m := range mutations {
		for _, by := range m.by {
			if rest, ok := strings.CutPrefix(by.name, everyKind); ok {
				kind, _, _ := strings.Cut(rest, " ")
				kinds[kind] = true
			}
		}
	}
	if len(kinds) < 6 {
		t.Errorf("kinds: %v", kinds)
	}
}

func TestATextThatIsNotThereOnce(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.go"), []byte("one two two"), 0o600); err != nil {
		t.Fatal(err)
	}
	for old, want := range map[string]string{"one": "", "two": "2 times", "three": "0 times"} {
		files, err := mutation{name: "m", edits: []edit{{"a.go", old, "x"}}}.mutated(dir)
		switch {
		case want == "" && (err != nil || files["a.go"] != "x two two"):
			t.Errorf("%s: %v, %v", old, files, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v", old, err)
		}
	}
}

func TestResultsOfTests(t *testing.T) {
	names := []string{"TestA", "TestB", "TestC"}
	for _, c := range []struct {
		what, events, err string
		want              map[string]result
	}{
		{
			"passed, failed, and none",
			`{"Action":"run","Test":"TestA"}
{"Action":"output","Test":"TestA/x","Output":"--- FAIL"}
{"Action":"fail","Test":"TestA/x"}
{"Action":"fail","Test":"TestA"}
{"Action":"pass","Test":"TestB"}
{"Action":"skip","Test":"TestC"}
{"Action":"fail"}`,
			"", map[string]result{"TestA": failed, "TestB": passed, "TestC": notFound},
		},
		{
			"does not compile",
			`{"Action":"build-output","Output":"x.go:3: undefined: y\n"}
{"Action":"build-fail"}
{"Action":"fail"}`,
			"undefined: y", nil,
		},
		{
			"no end",
			`{"Action":"run","Test":"TestA"}
{"Action":"output","Test":"TestA","Output":"panic: test timed out after 10m0s\n"}
{"Action":"fail","Test":"TestA"}`,
			"in time", nil,
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			all, err := readEvents(strings.NewReader(c.events))
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Errorf("error %v, want one with %q", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			expect(t, chosenTests(all, names), c.want)
		})
	}
}

func TestResultsOfSpecs(t *testing.T) {
	spec := func(state string, texts ...string) string {
		quoted := `"` + strings.Join(texts[:len(texts)-1], `","`) + `"`
		return `{"ContainerHierarchyTexts":[` + quoted + `],"LeafNodeType":"It","LeafNodeText":"` + texts[len(texts)-1] + `","State":"` + state + `"}`
	}
	suite := func(nodes ...string) []byte { return []byte(`[{"SpecReports":[` + strings.Join(nodes, ",") + `]}]`) }
	began := `{"LeafNodeType":"BeforeSuite","State":"passed"}`

	got, err := chosenSpecs(suite(began,
		spec("passed", "Every kind", "PleskCustomer", "is made"),
		spec("failed", "Every kind", "PleskCustomer", "is made anew"),
		spec("passed", "What a server says", "is fit to show", "long"),
		spec("panicked", "What a server says", "is fit to show", "secret"),
		spec("skipped", "A plan", "waits"),
	), []string{"Every kind PleskCustomer is made", "What a server says is fit to show", "A plan waits", "A plan"})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, got, map[string]result{
		"Every kind PleskCustomer is made": passed, "What a server says is fit to show": failed, "A plan waits": notFound, "A plan": notFound,
	})

	for what, nodes := range map[string][]byte{
		"did not begin": suite(`{"LeafNodeType":"BeforeSuite","State":"failed","Failure":{"Message":"no etcd"}}`, spec("failed", "A plan", "waits")),
		"interrupted":   suite(began, spec("interrupted", "A plan", "waits")),
		"JSON":          []byte("no report"),
	} {
		if _, err := chosenSpecs(nodes, []string{"A plan waits"}); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}

func TestTable(t *testing.T) {
	got := table([]mutation{{what: "nothing is checked", by: []test{
		conformance(zone, "is made"), conformance(zone, "is left"), e2e("A plan waits"), unit("internal/engine", "TestPlan"),
	}}})
	const want = "| mutation | caught by |\n| --- | --- |\n" +
		"| nothing is checked | conformance, PleskDNSZone: *is made*; conformance, PleskDNSZone: *is left*; e2e: *A plan waits*; `internal/engine` *TestPlan* |\n"
	if got != want {
		t.Errorf("got\n%s", got)
	}
}

func expect(t *testing.T, got, want map[string]result) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for name, r := range want {
		if got[name] != r {
			t.Errorf("%s: %q, want %q", name, got[name], r)
		}
	}
}
