// Tests the digest of the output of go build.

package main

import (
	"fmt"
	"strings"
	"testing"
)

func TestTranscriptCountsPackagesOverPieces(t *testing.T) {
	var said transcript
	for _, piece := range []string{"go: downloading k8s.io/api v0.36.3\nk8s.io/ap", "i/core/v1\nk8s.io/apimachinery/pkg/runtime\n# k8s.io/broken\n", "x.go:1:1: undefined: y"} {
		fmt.Fprint(&said, piece)
	}
	packages, latest := said.progress()
	if packages != 2 || latest != "# k8s.io/broken" {
		t.Errorf("progress = %d, %q; want 2 packages and the last complete line", packages, latest)
	}
	if !strings.HasSuffix(said.tail(), "# k8s.io/broken\nx.go:1:1: undefined: y") {
		t.Errorf("tail = %q, want it to end with the error", said.tail())
	}
}

func TestTranscriptKeepsTheEnd(t *testing.T) {
	var said transcript
	for i := range tailLines + 5 {
		fmt.Fprintf(&said, "line %d\n", i)
	}
	lines := strings.Split(said.tail(), "\n")
	if len(lines) != tailLines || lines[0] != "line 5" {
		t.Errorf("tail has %d lines from %q, want %d from line 5", len(lines), lines[0], tailLines)
	}
}
