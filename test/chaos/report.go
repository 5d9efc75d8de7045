// The report: what was done to the operator, and what became of the objects.

package chaos

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
)

// breach is a promise that was broken.
type breach string

// The promises.
const (
	lost       breach = "objects lost, not ready, or not as their resource says"
	duplicate  breach = "duplicates"
	touched    breach = "foreign objects touched"
	orphan     breach = "objects on a server that no resource owns"
	takeover   breach = "writes of two leaders that overlap"
	invalid    breach = "packets or answers against the grammar"
	unquiet    breach = "writes of a pass over objects in order"
	standstill breach = "servers that stood still beside one that was cut off"
	crash      breach = "managers that ended otherwise than they may"
)

var breaches = []breach{duplicate, lost, touched, orphan, takeover, standstill, crash, unquiet, invalid}

// shownProblems bounds the details of one promise.
const shownProblems = 20

// Report is the outcome of a run.
type Report struct {
	Config Config
	// Took are the times of the phases.
	Took []Phase
	// Ready is how many resources were ready at the end, of Objects.
	Ready, Objects int
	// Transitions of the lease, and how often the writer changed at the server where that happened most often.
	Transitions, HandOvers int
	Packets, Writes        int

	mu       sync.Mutex
	counts   map[string]int
	problems map[breach][]string
}

// Phase is a part of a run.
type Phase struct {
	Name string
	Took time.Duration
}

func newReport(c Config) *Report {
	return &Report{Config: c, counts: map[string]int{}, problems: map[breach][]string{}}
}

// count notes that something was done.
func (r *Report) count(what string) { r.add(what, 1) }

func (r *Report) add(what string, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counts[what] += n
}

// broken notes that a promise was broken.
func (r *Report) broken(b breach, format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.problems[b] = append(r.problems[b], fmt.Sprintf(format, args...))
}

// Count is how often something was done, or struck.
func (r *Report) Count(what string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.counts[what]
}

// Problems lists what was broken, each with what it is about.
func (r *Report) Problems() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for _, b := range breaches {
		for i, p := range r.problems[b] {
			if i == shownProblems {
				out = append(out, fmt.Sprintf("%s: and %d more", b, len(r.problems[b])-i))
				break
			}
			out = append(out, fmt.Sprintf("%s: %s", b, p))
		}
	}
	return out
}

// Print writes the report as tables.
func (r *Report) Print(to io.Writer) error {
	var out strings.Builder
	t := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	row := func(what string, value any) { _, _ = fmt.Fprintf(t, "%s\t%v\n", what, value) } // a builder never fails
	row("\nRUN", "")
	row("seed", r.Config.Seed)
	row("resources, servers", fmt.Sprintf("%d, %d", r.Objects, r.Config.Servers))
	for _, p := range r.Took {
		row(p.Name, p.Took.Round(time.Second/10))
	}
	row("packets to the servers, of them writes", fmt.Sprintf("%d, %d", r.Packets, r.Writes))
	row("\nINJECTED", "")
	r.mu.Lock()
	for _, what := range slices.Sorted(maps.Keys(r.counts)) {
		row(what, r.counts[what])
	}
	problems := maps.Clone(r.problems)
	r.mu.Unlock()
	row("\nSURVIVED", "")
	row("resources ready", fmt.Sprintf("%d of %d", r.Ready, r.Objects))
	row("transitions of the lease; changes of the writer, at most", fmt.Sprintf("%d; %d", r.Transitions, r.HandOvers))
	for _, b := range breaches {
		row(string(b), len(problems[b]))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, p := range r.Problems() {
		fmt.Fprintln(&out, p)
	}
	_, err := io.WriteString(to, out.String())
	return err
}
