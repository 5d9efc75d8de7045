// The results of the tests, from the reports of go test and of Ginkgo.

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// result is what became of a test.
type result string

const (
	passed   result = "passed"
	failed   result = "failed"
	notFound result = "did not run"
)

// event is a line of go test -json.
type event struct{ Action, Test, Output string }

// readEvents returns the results of the test functions. What does not compile, and what was ended, has none.
func readEvents(r io.Reader) (map[string]result, error) {
	out := map[string]result{}
	var said strings.Builder
	for d := json.NewDecoder(r); ; {
		var e event
		err := d.Decode(&e)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		said.WriteString(e.Output)
		switch e.Action {
		case "build-fail":
			return nil, fmt.Errorf("it does not compile:\n%s", said.String())
		case "output":
			if strings.HasPrefix(e.Output, "panic: test timed out") {
				return nil, errors.New("the tests did not end in time")
			}
		case "pass":
			out[e.Test] = passed
		case "fail":
			out[e.Test] = failed
		}
	}
}

func chosenTests(all map[string]result, names []string) map[string]result {
	out := map[string]result{}
	for _, n := range names {
		out[n] = notFound
		if r, ok := all[n]; ok {
			out[n] = r
		}
	}
	return out
}

// specReport is a node of a suite in Ginkgo's report.
type specReport struct {
	ContainerHierarchyTexts           []string
	LeafNodeType, LeafNodeText, State string
	Failure                           struct{ Message string }
}

// chosenSpecs reads a report. A name is that of a spec or, where there is no such spec, the beginning of those of a table: it has failed
// when one of them has.
func chosenSpecs(report []byte, names []string) (map[string]result, error) {
	var suite []struct{ SpecReports []specReport }
	if err := json.Unmarshal(report, &suite); err != nil {
		return nil, err
	}
	specs := map[string]result{}
	for _, s := range suite {
		for _, r := range s.SpecReports {
			switch {
			case r.State == "skipped" || r.State == "pending":
			case r.State == "timedout" || r.State == "interrupted" || r.State == "aborted":
				return nil, fmt.Errorf("%s %s", r.LeafNodeText, r.State)
			case r.LeafNodeType != "It":
				if r.LeafNodeType == "BeforeSuite" && r.State != string(passed) {
					return nil, fmt.Errorf("the suite did not begin: %s", r.Failure.Message)
				}
			case r.State == string(passed):
				specs[r.name()] = passed
			default:
				specs[r.name()] = failed
			}
		}
	}
	out := map[string]result{}
	for _, n := range names {
		out[n] = notFound
		if r, ok := specs[n]; ok {
			out[n] = r
			continue
		}
		for name, r := range specs {
			if strings.HasPrefix(name, n+" ") && out[n] != failed {
				out[n] = r
			}
		}
	}
	return out, nil
}

func (r specReport) name() string {
	return strings.Join(append(append([]string(nil), r.ContainerHierarchyTexts...), r.LeafNodeText), " ")
}
