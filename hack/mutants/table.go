// The table of mutations in docs/reliability.md.

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const (
	tableBegins = "<!-- The table is written by make generate, from hack/mutants/list.go. -->\n"
	tableEnds   = "<!-- End of the table. -->\n"
)

func writeTable(root string) error {
	path := filepath.Join(root, "docs", "reliability.md")
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, begins := strings.Cut(string(text), tableBegins)
	_, after, ends := strings.Cut(rest, tableEnds)
	if !begins || !ends {
		return errors.New(path + " has no place for the table")
	}
	return os.WriteFile(path, []byte(before+tableBegins+"\n"+table(mutations)+"\n"+tableEnds+after), 0o644) // everybody may read documentation
}

func table(mutations []mutation) string {
	var b strings.Builder
	b.WriteString("| mutation | caught by |\n| --- | --- |\n")
	for _, m := range mutations {
		var by []string
		for _, t := range m.by {
			by = append(by, t.markdown())
		}
		fmt.Fprintf(&b, "| %s | %s |\n", m.what, strings.Join(by, "; "))
	}
	return b.String()
}

func (t test) markdown() string {
	_, isSuite := suites[t.pkg]
	kind, text, _ := strings.Cut(strings.TrimPrefix(t.name, everyKind), " ")
	switch {
	case !isSuite:
		return "`" + t.pkg + "` *" + t.name + "*"
	case strings.HasPrefix(t.name, everyKind):
		return fmt.Sprintf("conformance, %s: *%s*", kind, text)
	}
	return fmt.Sprintf("%s: *%s*", filepath.Base(t.pkg), t.name)
}
