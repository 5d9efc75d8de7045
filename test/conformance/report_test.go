// What a run over all kinds has held, as a table for docs/reliability.md.

package conformance

import (
	"fmt"
	"os"
	"slices"
	"text/tabwriter"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
)

// subject is the container of what is promised of each kind.
const subject = "Every kind"

var _ = ReportAfterSuite("what each kind was held to", func(r Report) {
	if !*full {
		return
	}
	type count struct{ held, broken int }
	kinds := map[string]*count{}
	var names []string
	for _, spec := range r.SpecReports {
		if !spec.LeafNodeType.Is(types.NodeTypeIt) || len(spec.ContainerHierarchyTexts) < 2 || spec.ContainerHierarchyTexts[0] != subject {
			continue
		}
		kind := spec.ContainerHierarchyTexts[1]
		c := kinds[kind]
		if c == nil {
			c = &count{}
			kinds[kind], names = c, append(names, kind)
		}
		switch {
		case spec.State.Is(types.SpecStatePassed):
			c.held++
		case spec.State.Is(types.SpecStateFailureStates):
			c.broken++
		}
	}
	slices.Sort(names)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 1, ' ', 0)
	fmt.Fprintln(w, "\n| kind\t| promises held\t| broken\t|\n| ---\t| ---:\t| ---:\t|")
	for _, name := range names {
		fmt.Fprintf(w, "| %s\t| %d\t| %d\t|\n", name, kinds[name].held, kinds[name].broken)
	}
	if err := w.Flush(); err != nil {
		Fail(err.Error())
	}
})
