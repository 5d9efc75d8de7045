// Digests what "go build -v" prints: progress while it runs, the last lines when it fails.

package main

import (
	"bytes"
	"strings"
	"sync"
)

// tailLines is how much of a failed build is shown.
const tailLines = 40

// A transcript is written by the command and read by what reports on it.
type transcript struct {
	mu       sync.Mutex
	open     []byte   // the line that has no end yet
	lines    []string // the last tailLines ones
	packages int
}

// Write takes a piece of output, which may begin and end in the middle of a line.
func (t *transcript) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.open = append(t.open, p...)
	for {
		line, rest, found := bytes.Cut(t.open, []byte("\n"))
		if !found {
			return len(p), nil
		}
		t.add(string(line))
		t.open = rest
	}
}

func (t *transcript) add(line string) {
	// A bare import path is a package being compiled; downloads and errors hold spaces.
	if line != "" && !strings.ContainsAny(line, " \t") {
		t.packages++
	}
	t.lines = append(t.lines, line)
	t.lines = t.lines[max(0, len(t.lines)-tailLines):]
}

// progress returns the number of packages that were compiled and the latest line.
func (t *transcript) progress() (packages int, latest string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.lines) == 0 {
		return 0, "reading the module graph"
	}
	return t.packages, t.lines[len(t.lines)-1]
}

// tail returns the last lines.
func (t *transcript) tail() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(strings.Join(t.lines, "\n") + "\n" + string(t.open))
}
