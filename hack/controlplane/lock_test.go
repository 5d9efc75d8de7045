// Tests that two invocations exclude each other and that a waiting one can be interrupted.

package main

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"testing"
)

func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := lock(t.Context(), path, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := lock(interrupted, path, io.Discard); !errors.Is(err, context.Canceled) {
		t.Fatalf("a second lock while the first is held: %v, want to wait until interrupted", err)
	}
	unlock()
	again, err := lock(interrupted, path, io.Discard)
	if err != nil {
		t.Fatalf("lock after it was given back: %v", err)
	}
	again()
}
