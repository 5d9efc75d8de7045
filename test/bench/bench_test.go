// The counted figures, on a small fleet, as a test.

package main

import (
	"context"
	"io"
	"os"
	"regexp"
	"testing"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
)

func TestMain(m *testing.M) {
	log.SetLogger(zap.New(zap.WriteTo(io.Discard)))
	os.Exit(m.Run())
}

// Packets and writes are counted at the server, so they are the same on every machine, however busy.
func TestCountedFigures(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute) // a first build of the control plane takes minutes
	defer cancel()
	l, err := newLab(ctx, small(), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := l.close(); err != nil {
			t.Error(err)
		}
	}()
	figures, err := l.measure(ctx, regexp.MustCompile(""))
	if err != nil {
		t.Error(err)
	}
	if err := printTable(t.Output(), figures); err != nil {
		t.Error(err)
	}
	for _, f := range figures {
		if !f.OK {
			t.Errorf("%s. docs/performance.md explains the figure; `go run ./test/bench -quick` measures it again, `make bench` with a large fleet", f)
		}
	}
}
