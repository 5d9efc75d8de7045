// A mutation: what is broken, where, and the tests that have to notice.

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// mutation breaks one law.
type mutation struct {
	name  string // for -only and the output
	what  string // is broken: the first column of the table
	edits []edit
	by    []test // each of them has to fail
}

// edit replaces a text that a file has exactly once.
type edit struct{ file, old, by string }

// test is a test function of a package or, in the packages of suites, a spec or a table of specs.
type test struct{ pkg, name string }

// suites are the packages whose tests are specs, with the function that runs them, and what has all of them run.
var suites = map[string][]string{"test/conformance": {"-run=^TestConformance$", "-full"}, "test/e2e": {"-run=^TestE2E$"}}

// everyKind begins the names of what every kind promises.
const everyKind = "Every kind "

func conformance(kind, text string) test {
	return test{"test/conformance", everyKind + kind + " " + text}
}

func e2e(text string) test { return test{"test/e2e", text} }

func unit(pkg, name string) test { return test{pkg, name} }

// mutated returns the files that the mutation changes, by path below root.
func (m mutation) mutated(root string) (map[string]string, error) {
	out := map[string]string{}
	for _, e := range m.edits {
		text, known := out[e.file]
		if !known {
			b, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(e.file)))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", m.name, err)
			}
			text = string(b)
		}
		if n := strings.Count(text, e.old); n != 1 {
			return nil, fmt.Errorf("%s: %s has this %d times, want it once:\n%s", m.name, e.file, n, e.old)
		}
		out[e.file] = strings.Replace(text, e.old, e.by, 1)
	}
	return out, nil
}
