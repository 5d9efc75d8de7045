// The chart and config/ are two ways to install the same.

package chart

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// ofHelm are the labels and annotations that only a release's objects have; a release's Pods are selected by its name, too.
var ofHelm = map[string]bool{
	"helm.sh/chart": true, "helm.sh/resource-policy": true,
	"app.kubernetes.io/managed-by": true, "app.kubernetes.io/version": true, "app.kubernetes.io/instance": true,
}

// withoutHelm takes them out, wherever they are, and what is empty without them.
func withoutHelm(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			if ofHelm[k] {
				delete(v, k)
				continue
			}
			v[k] = withoutHelm(e)
			if m, isMap := v[k].(map[string]any); isMap && len(m) == 0 && (k == "labels" || k == "annotations") {
				delete(v, k)
			}
		}
	case []any:
		for i := range v {
			v[i] = withoutHelm(v[i])
		}
	}
	return v
}

// kustomize renders config/default with config/prometheus.
func kustomize(t *testing.T) []*unstructured.Unstructured {
	t.Helper()
	here, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	program, err := tool(t.Context(), "kustomize")
	if err != nil {
		t.Fatal(err)
	}
	overlay := t.TempDir()
	config, err := filepath.Rel(overlay, filepath.Join(here, "config"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(here, "config", "default", "kustomization.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	// config/default with the line that it has for config/prometheus.
	monitored := strings.Replace(string(text), "# - ../prometheus", "- ../prometheus", 1)
	monitored = strings.ReplaceAll(monitored, "- ../", "- "+config+"/")
	if err := os.WriteFile(filepath.Join(overlay, "kustomization.yaml"), []byte(monitored), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := output(t.Context(), nil, program, "build", overlay)
	if err != nil {
		t.Fatal(err)
	}
	objects, err := decode(out)
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

func TestTheChartInstallsWhatKustomizeDoes(t *testing.T) {
	want := byName(t, kustomize(t))
	delete(want, "Namespace /"+namespace) // helm's --create-namespace
	got := byName(t, render(t, "--set=metrics.serviceMonitor.enabled=true,metrics.rules.enabled=true"))
	if len(want) < 100 || want["PrometheusRule "+namespace+"/plesk-operator-alerts"] == nil {
		t.Fatalf("config renders %d objects, and they have to have the alerts", len(want))
	}
	for name, w := range want {
		g := got[name]
		if g == nil {
			t.Errorf("the chart has no %s", name)
			continue
		}
		delete(got, name)
		compare(t, name, withoutHelm(w.Object), withoutHelm(g.Object))
	}
	for name := range got {
		t.Errorf("config has no %s", name)
	}
}

// compare reports where two values differ, as deep down as it can.
func compare(t *testing.T, at string, want, got any) {
	t.Helper()
	w, isMap := want.(map[string]any)
	g, areMaps := got.(map[string]any)
	if !isMap || !areMaps {
		if !reflect.DeepEqual(want, got) {
			t.Errorf("%s: config has %v, the chart %v", at, want, got)
		}
		return
	}
	for k := range w {
		compare(t, at+"."+k, w[k], g[k])
	}
	for k := range g {
		if _, known := w[k]; !known {
			t.Errorf("%s.%s: config has none, the chart %v", at, k, g[k])
		}
	}
}
