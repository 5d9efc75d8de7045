// What is read of processes, with this one.

package main

import (
	"os"
	"testing"
	"time"
)

func TestProcessFigures(t *testing.T) {
	page := make([]byte, 64<<20)
	for i := range page {
		page[i] = byte(i)
	}
	peak, err := peakMemory(os.Getpid())
	if err != nil || peak < float64(len(page)) {
		t.Errorf("peak memory %.0f, %v, with %d bytes in use", peak, err, len(page))
	}
	began, err := processorTime(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(10 * time.Second); ; {
		now, err := processorTime(os.Getpid())
		if err != nil {
			t.Fatal(err)
		}
		if now-began >= 2*clockTick {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("processor time has grown from %s to %s only, in ten busy seconds", began, now)
		}
	}
}
