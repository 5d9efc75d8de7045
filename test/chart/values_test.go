// What the values may be: misspelt and contradictory ones are refused, and the operator knows every flag.

package chart

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestValuesThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		name, want string
		args       []string
	}{
		{"a misspelt value", "replica", []string{"--set=replica=2"}},
		{"a misspelt value further down", "keeep", []string{"--set=crds.keeep=false"}},
		{"a flag that the operator does not have", "concurency", []string{"--set=flags.concurency=8"}},
		{"a flag that the chart sets", "leader-elect", []string{"--set=flags.leader-elect=false"}},
		{"a flag of a manager that it does not have", "concurency", []string{"--set=managers.shops.namespaces={shops},managers.shops.flags.concurency=8"}},
		{"another type", "replicas", []string{"--set-string=replicas=two"}},
		{"a duration that is none", "read-timeout", []string{"--set-string=flags.read-timeout=60"}},
		{"an end that no grace period can be made of", "shutdown-timeout", []string{"--set-string=flags.shutdown-timeout=1m"}},
		{"a namespace that is none", "namespaces", []string{"--set=namespaces={Shops}"}},
		{"a manager without namespaces", "namespaces", []string{"--set=managers.shops.namespaces=null"}},
		{"a namespace with two managers", "the namespace shops is that of", []string{"--set=managers.one.namespaces={shops},managers.two.namespaces={shops}"}},
		{"namespaces beside managers", "namespaces and managers are both set", []string{"--set=namespaces={a},managers.one.namespaces={shops}"}},
		{"no account", "name the account", []string{"--set=serviceAccount.create=false"}},
		{"a variable that the chart sets", "env", []string{"--set=env[0].name=MEMORY_LIMIT,env[0].value=1"}},
		{"a network policy that lets nothing through", "servers", []string{"--set=networkPolicy.enabled=true"}},
		{"alerts without metrics", "metrics.enabled is false", []string{"--set=metrics.enabled=false,metrics.rules.enabled=true"}},
		{"definitions that go although only some namespaces are seen", "crds.keep is false", []string{"--set=crds.keep=false,namespaces={shops}"}},
		{"a digest that is none", "digest", []string{"--set=image.digest=latest"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := helm(t, append([]string{"template", release, folder}, c.args...)...)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("want an error about %q, got %v", c.want, err)
			}
		})
	}
}

// A chart that has this one as a part hands its own global values to it.
func TestGlobalValuesAreAllowed(t *testing.T) {
	render(t, "--set=global.imageRegistry=registry.example.com")
}

// Each value that the schema lets through stands in values.yaml, where people look.
func TestTheSchemaIsWhatTheValuesAre(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(folder, "values.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		AdditionalProperties *bool                      `json:"additionalProperties"`
		Properties           map[string]json.RawMessage `json:"properties"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	if schema.AdditionalProperties == nil || *schema.AdditionalProperties {
		t.Error("the schema lets unknown values through")
	}
	values, err := os.ReadFile(filepath.Join(folder, "values.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for name := range schema.Properties {
		if !regexp.MustCompile(`(?m)^` + name + `:`).Match(values) {
			t.Errorf("values.yaml does not have %s", name)
		}
	}
}

// notForTheChart are the flags that no value sets: they end the program, or find a cluster from outside.
var notForTheChart = []string{"version", "kubeconfig"}

// TestTheChartKnowsEveryFlag compares the schema's flags, and those that the templates set, with what the program says it has.
func TestTheChartKnowsEveryFlag(t *testing.T) {
	help, err := exec.CommandContext(t.Context(), "go", "-C", root, "run", "./cmd/manager", "--help").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, help)
	}
	var registered []string
	for _, m := range regexp.MustCompile(`(?m)^  -([a-z-]+)`).FindAllSubmatch(help, -1) {
		if name := string(m[1]); !slices.Contains(notForTheChart, name) {
			registered = append(registered, name)
		}
	}
	if len(registered) < 20 {
		t.Fatalf("the program tells of %q only: %s", registered, help)
	}
	text, err := os.ReadFile(filepath.Join(folder, "values.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Definitions struct {
			Flags struct {
				Properties map[string]json.RawMessage `json:"properties"`
			} `json:"flags"`
		} `json:"definitions"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	var known []string
	for name := range schema.Definitions.Flags.Properties {
		known = append(known, name)
	}
	templates, err := os.ReadFile(filepath.Join(folder, "templates", "deployment.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^ +- --([a-z-]+)`).FindAllSubmatch(templates, -1) {
		if name := string(m[1]); slices.Contains(known, name) {
			t.Errorf("the templates set --%s, so no value may", name)
		} else {
			known = append(known, name)
		}
	}
	slices.Sort(known)
	slices.Sort(registered)
	if !slices.Equal(known, registered) {
		t.Errorf("the chart knows\n%q, the program\n%q", known, registered)
	}
}
