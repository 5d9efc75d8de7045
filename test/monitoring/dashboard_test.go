// The dashboard: every query parses and asks for what there is, and every metric has its place.

package monitoring

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// panel is as much of a panel as is looked at here.
type panel struct {
	ID      int    `json:"id"`
	Type    string `json:"type"`
	Title   string `json:"title"`
	GridPos struct {
		H, W, X, Y int
	} `json:"gridPos"`
	Targets []struct {
		Expr string `json:"expr"`
	} `json:"targets"`
}

type dashboard struct {
	UID        string `json:"uid"`
	Title      string `json:"title"`
	Templating struct {
		List []struct {
			Name       string `json:"name"`
			Type       string `json:"type"`
			Definition string `json:"definition"`
		} `json:"list"`
	} `json:"templating"`
	Panels []panel `json:"panels"`
}

func read(t *testing.T) dashboard {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "config", "grafana", "plesk-operator.json"))
	if err != nil {
		t.Fatal(err)
	}
	var d dashboard
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// variables are what Grafana puts in their place.
var variables = strings.NewReplacer("$__rate_interval", "5m", "$server", ".*")

func TestTheDashboardAsksForWhatThereIs(t *testing.T) {
	d := read(t)
	all := ""
	for _, p := range d.Panels {
		if p.Type == "row" {
			continue
		}
		if len(p.Targets) == 0 {
			t.Errorf("panel %q asks for nothing", p.Title)
		}
		for _, target := range p.Targets {
			check(t, p.Title, variables.Replace(target.Expr))
			all += target.Expr + "\n"
		}
	}
	for name := range metrics(t) {
		if !strings.HasSuffix(name, "_bucket") && !strings.Contains(all, name) {
			t.Errorf("no panel shows %s", name)
		}
	}
	if strings.Contains(variables.Replace(all), "$") {
		t.Error("a query has a variable that there is not")
	}
}

var labelValues = regexp.MustCompile(`^label_values\((\w+), (\w+)\)$`)

func TestTheVariablesOfTheDashboard(t *testing.T) {
	d := read(t)
	for _, v := range d.Templating.List {
		if v.Type != "query" {
			continue
		}
		m := labelValues.FindStringSubmatch(v.Definition)
		if m == nil {
			t.Errorf("%s is asked for by %q", v.Name, v.Definition)
			continue
		}
		check(t, v.Name, "count by ("+m[2]+") ("+m[1]+")")
	}
}

func TestThePanelsHaveTheirPlaces(t *testing.T) {
	d := read(t)
	taken, ids := map[[2]int]string{}, map[int]string{}
	for _, p := range d.Panels {
		if other, twice := ids[p.ID]; twice {
			t.Errorf("%q and %q have one id", other, p.Title)
		}
		ids[p.ID] = p.Title
		if p.GridPos.X+p.GridPos.W > 24 || p.GridPos.H < 1 {
			t.Errorf("%q does not fit", p.Title)
		}
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				if other := taken[[2]int{x, y}]; other != "" {
					t.Fatalf("%q lies over %q", p.Title, other)
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
	}
}
