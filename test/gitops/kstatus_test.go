// What tools that wait make of the statuses that the operator writes, and of those that nobody has written yet.

package gitops

import (
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// generation is that of the objects in testdata/states.json.
const generation = 3

func computed(t *testing.T, generation int64, shown map[string]any) status.Status {
	t.Helper()
	o := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "plesk-operator.dev/v1alpha1", "kind": "PleskCustomer",
		"metadata": map[string]any{"name": "acme", "namespace": "hosting", "generation": generation},
	}}
	if shown != nil {
		shown = maps.Clone(shown)
		shown["observedGeneration"] = int64(shown["observedGeneration"].(float64)) // as a client decodes it
		o.Object["status"] = shown
	}
	r, err := status.Compute(o)
	if err != nil {
		t.Fatal(err)
	}
	return r.Status
}

// TestStates holds kstatus to every state that the engine can write (internal/engine TestStates).
func TestStates(t *testing.T) {
	want := map[string]status.Status{
		"ready": status.CurrentStatus, "working": status.InProgressStatus, "stalled": status.FailedStatus, "halted": status.InProgressStatus,
	}
	met := map[string]bool{}
	for i, s := range states(t) {
		met[s.State] = true
		if got := computed(t, generation, s.Status); got != want[s.State] {
			t.Errorf("state %d, %s: kstatus says %s, want %s: %v", i, s.State, got, want[s.State], s.Status)
		}
		if got := computed(t, generation+1, s.Status); got != status.InProgressStatus {
			t.Errorf("state %d, %s, of an older generation: kstatus says %s", i, s.State, got)
		}
	}
	if len(met) != len(want) {
		t.Errorf("met the states %v only", met)
	}
}

// TestNobodyHasLooked asks about objects as the API server stores them before the operator has seen them: every definition's status has
// a default that says so. A kind without conditions has nothing to wait for: it is current as soon as it is there.
func TestNobodyHasLooked(t *testing.T) {
	files, err := filepath.Glob("../../config/crd/bases/*.yaml")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d definitions, %v", len(files), err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var crd struct {
			Spec struct {
				Versions []struct {
					Schema struct {
						OpenAPIV3Schema struct {
							Properties map[string]struct {
								Default    map[string]any            `json:"default"`
								Properties map[string]map[string]any `json:"properties"`
							} `json:"properties"`
						} `json:"openAPIV3Schema"`
					} `json:"schema"`
				} `json:"versions"`
			} `json:"spec"`
		}
		if err := yaml.Unmarshal(text, &crd); err != nil {
			t.Fatal(err)
		}
		shown, has := crd.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["status"]
		if _, waitedFor := shown.Properties["conditions"]; !has || !waitedFor {
			if got := computed(t, 1, shown.Default); got != status.CurrentStatus {
				t.Errorf("%s: kstatus says %s of a kind that has no conditions", filepath.Base(f), got)
			}
			continue
		}
		if shown.Default == nil {
			t.Errorf("%s: the status has no default", filepath.Base(f))
			continue
		}
		if _, bounded := shown.Properties["observedGeneration"]["minimum"]; bounded {
			t.Errorf("%s: observedGeneration has a minimum", filepath.Base(f))
		}
		if got := computed(t, 1, shown.Default); got != status.InProgressStatus {
			t.Errorf("%s: kstatus says %s of an object that nobody has looked at", filepath.Base(f), got)
		}
		// A backup tool may restore some fields of a status and not this one, which the API server adds then.
		restored := map[string]any{"observedGeneration": shown.Properties["observedGeneration"]["default"], "id": "7", "serverGUID": "a"}
		if _, set := restored["observedGeneration"].(float64); !set {
			t.Errorf("%s: observedGeneration has no default in a status that has other fields", filepath.Base(f))
		} else if got := computed(t, 1, restored); got != status.InProgressStatus {
			t.Errorf("%s: kstatus says %s of a status that was restored in part", filepath.Base(f), got)
		}
	}
}

// TestWithoutObservedGeneration shows why it is never left out: what is taken for finished otherwise.
func TestWithoutObservedGeneration(t *testing.T) {
	if got := computed(t, 1, nil); got != status.CurrentStatus {
		t.Errorf("kstatus says %s of an object without a status: the default is not needed any more", got)
	}
	if got := computed(t, 1, map[string]any{"observedGeneration": float64(-1)}); got != status.InProgressStatus {
		t.Errorf("kstatus says %s of a status that was restored without its fields", got)
	}
}
