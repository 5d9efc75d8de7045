// Metrics: the table of metrics.md is what the program registers.

package docs

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/plesk-operator/plesk-operator/internal/controller/server"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/session"
)

// register collects what is registered.
type register struct{ rows []string }

var aDescription = regexp.MustCompile(`fqName: "([^"]+)", help: "([^"]+)",.* constLabels: {}, variableLabels: {([^}]*)}`)

// Register implements prometheus.Registerer.
func (r *register) Register(c prometheus.Collector) error {
	descriptions := make(chan *prometheus.Desc, 16)
	go func() {
		c.Describe(descriptions)
		close(descriptions)
	}()
	for d := range descriptions {
		m := aDescription.FindStringSubmatch(d.String())
		if m == nil {
			return fmt.Errorf("no description is in %s", d)
		}
		r.rows = append(r.rows, fmt.Sprintf("| %#q | %s | %s |\n", m[1], strings.ReplaceAll(m[3], ",", ", "), m[2]))
	}
	return nil
}

// MustRegister implements prometheus.Registerer.
func (r *register) MustRegister(all ...prometheus.Collector) {
	for _, c := range all {
		if err := r.Register(c); err != nil {
			panic(err)
		}
	}
}

// Unregister implements prometheus.Registerer.
func (*register) Unregister(prometheus.Collector) bool { return false }

func TestTableOfMetrics(t *testing.T) {
	text, err := os.ReadFile("metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	r := &register{}
	session.NewMetrics(r)
	engine.NewMetrics(r)
	server.NewMetrics(r)
	slices.Sort(r.rows)
	if len(r.rows) < 10 {
		t.Fatalf("only %d metrics are registered", len(r.rows))
	}
	_, table, _ := strings.Cut(string(text), "| --- | --- | --- |\n")
	table, _, _ = strings.Cut(table, "\n\n")
	if want := strings.Join(r.rows, ""); strings.TrimSpace(table) != strings.TrimSpace(want) {
		t.Errorf("the table in metrics.md has to be:\n%s", want)
	}
}
