package testbed

import (
	"fmt"
	"io"
	"strings"

	"github.com/onsi/ginkgo/v2/types"
)

// recapLines is how much of a failure is told again; what its world did follows in the report of the spec.
const recapLines = 12

// Recap writes why specs have failed. A suite writes it at its end, where a log of which only the end is kept still has it: the summary that
// follows names the specs alone.
func Recap(w io.Writer, r types.Report) {
	for _, s := range r.SpecReports {
		if !s.State.Is(types.SpecStateFailureStates) {
			continue
		}
		why := strings.SplitN(strings.TrimSpace(s.Failure.Message), "\n", recapLines+1)
		_, _ = fmt.Fprintf(w, "\n%s\n  %s\n", s.FullText(), strings.Join(why[:min(len(why), recapLines)], "\n  "))
	}
}
