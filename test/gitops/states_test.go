// The states that the engine can write.

package gitops

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// state is one that the engine can write.
type state struct {
	State  string         `json:"state"`
	Status map[string]any `json:"status"`
}

// states reads those that internal/engine TestStates has written.
func states(t *testing.T) []state {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "states.json"))
	if err != nil {
		t.Fatal(err)
	}
	var out []state
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
