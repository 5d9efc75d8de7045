// Alerts: each asks for what there is, has a runbook that says what to do, and a case in which it fires.

package monitoring

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

const runbooks = "https://github.com/plesk-operator/plesk-operator/blob/main/docs/runbooks/"

type alert struct {
	Alert       string            `json:"alert"`
	Expr        string            `json:"expr"`
	For         string            `json:"for"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
}

func alerts(t *testing.T) []alert {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "config", "prometheus", "rules.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var rules struct {
		Spec struct {
			Groups []struct {
				Rules []alert `json:"rules"`
			} `json:"groups"`
		} `json:"spec"`
	}
	if err := yaml.Unmarshal(text, &rules); err != nil {
		t.Fatal(err)
	}
	var all []alert
	for _, g := range rules.Spec.Groups {
		all = append(all, g.Rules...)
	}
	if len(all) < 10 {
		t.Fatalf("there are %d alerts", len(all))
	}
	return all
}

func TestAlertsAskForWhatThereIs(t *testing.T) {
	for _, a := range alerts(t) {
		check(t, a.Alert, a.Expr)
		if !slices.Contains([]string{"critical", "warning", "info"}, a.Labels["severity"]) {
			t.Errorf("%s has the severity %q", a.Alert, a.Labels["severity"])
		}
	}
}

func TestEachAlertHasARunbook(t *testing.T) {
	var pages []string
	for _, a := range alerts(t) {
		if want := runbooks + a.Alert + ".md"; a.Annotations["runbook_url"] != want {
			t.Errorf("%s leads to %q, want %q", a.Alert, a.Annotations["runbook_url"], want)
		}
		pages = append(pages, a.Alert+".md")
		text, err := os.ReadFile(filepath.Join(root, "docs", "runbooks", a.Alert+".md"))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, part := range []string{"# " + a.Alert + "\n", "\nSeverity: " + a.Labels["severity"] + ".", "\n## What it means for users\n", "\n## Look\n", "\n## Do\n"} {
			if !strings.Contains("\n"+string(text), part) && !strings.HasPrefix(string(text), part) {
				t.Errorf("the runbook of %s has no %q", a.Alert, part)
			}
		}
	}
	files, err := filepath.Glob(filepath.Join(root, "docs", "runbooks", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !slices.Contains(pages, filepath.Base(file)) {
			t.Errorf("%s is of no alert", file)
		}
	}
}

// TestEachAlertFiresInATest reads what `make rules` has promtool run: an alert that is only seen silent may never fire.
func TestEachAlertFiresInATest(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, "config", "prometheus", "tests", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	fires, silent := map[string]bool{}, map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var cases struct {
			Tests []struct {
				Cases []struct {
					Alert  string `json:"alertname"`
					Expect []any  `json:"exp_alerts"`
				} `json:"alert_rule_test"`
			} `json:"tests"`
		}
		if err := yaml.Unmarshal(text, &cases); err != nil {
			t.Fatal(err)
		}
		for _, c := range cases.Tests {
			for _, one := range c.Cases {
				if len(one.Expect) > 0 {
					fires[one.Alert] = true
				} else {
					silent[one.Alert] = true
				}
			}
		}
	}
	for _, a := range alerts(t) {
		if !fires[a.Alert] || !silent[a.Alert] {
			t.Errorf("%s fires in a test: %v, and is silent in one: %v", a.Alert, fires[a.Alert], silent[a.Alert])
		}
	}
}
