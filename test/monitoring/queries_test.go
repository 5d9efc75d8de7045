// Queries: what the alerts and the dashboard ask for is there.

// Package monitoring holds the alerts and the dashboard to the metrics that the operator registers, and each alert to its runbook. It has tests only.
package monitoring

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

const root = "../.."

// ofLibraries are metrics of the operator's libraries, with their labels; test/chart looks for them in what the program serves.
var ofLibraries = map[string][]string{
	"leader_election_master_status": {"name"},
	"process_resident_memory_bytes": nil,
	"go_memstats_heap_inuse_bytes":  nil,
}

// ofPrometheus are labels that it gives to what it reads.
var ofPrometheus = []string{labels.MetricName, "pod", "namespace", "job", "instance"}

var rowOfMetrics = regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| ([a-z, ]*) \\|")

// metrics are all that may be asked for, with their labels: those of docs/metrics.md, which a test there holds to what the program registers.
func metrics(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs", "metrics.md"))
	if err != nil {
		t.Fatal(err)
	}
	known := map[string][]string{}
	for name, of := range ofLibraries {
		known[name] = of
	}
	for _, row := range rowOfMetrics.FindAllStringSubmatch(string(text), -1) {
		of := strings.Split(row[2], ", ")
		known[row[1]] = of
		if strings.HasSuffix(row[1], "_seconds") || strings.HasSuffix(row[1], "_callers") { // it may be a histogram
			known[row[1]+"_bucket"] = append(slices.Clone(of), labels.BucketLabel)
		}
	}
	if len(known) < 20 {
		t.Fatalf("docs/metrics.md tells of %d metrics only", len(known))
	}
	return known
}

var rowOfReasons = regexp.MustCompile("(?m)^\\| `([A-Za-z]+)` \\|")

// reasons are those that Ready can have, and the empty one of what nobody has looked at.
func reasons(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs", "reasons.md"))
	if err != nil {
		t.Fatal(err)
	}
	known := []string{""}
	for _, row := range rowOfReasons.FindAllStringSubmatch(string(text), -1) {
		known = append(known, row[1])
	}
	if len(known) < 20 {
		t.Fatalf("docs/reasons.md tells of %d reasons only", len(known))
	}
	return known
}

// check parses a query and complains of metrics, labels and reasons that there are not.
func check(t *testing.T, who, query string) {
	t.Helper()
	expr, err := parser.NewParser(parser.Options{}).ParseExpr(query)
	if err != nil {
		t.Errorf("%s: %s: %v", who, query, err)
		return
	}
	known, why := metrics(t), reasons(t)
	selectors := 0
	parser.Inspect(expr, func(node parser.Node, _ []parser.Node) error {
		selector, ok := node.(*parser.VectorSelector)
		if !ok {
			return nil
		}
		selectors++
		of, exported := known[selector.Name]
		if !exported {
			t.Errorf("%s: %s: no metric is called %s", who, query, selector.Name)
			return nil
		}
		for _, m := range selector.LabelMatchers {
			if !slices.Contains(of, m.Name) && !slices.Contains(ofPrometheus, m.Name) {
				t.Errorf("%s: %s: %s has no label %s", who, query, selector.Name, m.Name)
			}
			if m.Name != "reason" {
				continue
			}
			for value := range strings.SplitSeq(m.Value, "|") {
				if !slices.Contains(why, value) {
					t.Errorf("%s: %s: there is no reason %q", who, query, value)
				}
			}
		}
		return nil
	})
	if selectors == 0 {
		t.Errorf("%s: %s asks for nothing", who, query)
	}
	groups(t, who, query, expr, known)
}

// groups complains of aggregations by labels that what they aggregate does not have.
func groups(t *testing.T, who, query string, expr parser.Expr, known map[string][]string) {
	t.Helper()
	parser.Inspect(expr, func(node parser.Node, _ []parser.Node) error {
		sum, ok := node.(*parser.AggregateExpr)
		if !ok || sum.Without {
			return nil
		}
		parser.Inspect(sum.Expr, func(inner parser.Node, _ []parser.Node) error {
			if selector, ok := inner.(*parser.VectorSelector); ok {
				for _, by := range sum.Grouping {
					if !slices.Contains(known[selector.Name], by) && !slices.Contains(ofPrometheus, by) {
						t.Errorf("%s: %s: %s has no label %s to aggregate by", who, query, selector.Name, by)
					}
				}
			}
			return nil
		})
		return nil
	})
}
