// The promise of the page: every code has one row, with its meaning and a reason that docs/reasons.md explains.

package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

func TestEveryCodeHasItsRow(t *testing.T) {
	text, err := markdown()
	if err != nil {
		t.Fatal(err)
	}
	codes := 0
	for code := range 20_000 {
		rows := strings.Count(string(text), fmt.Sprintf("\n| %d | %s | %s | ", code, xmlapi.Meaning(code), xmlapi.Classify(code)))
		switch known := xmlapi.KnownCode(code); {
		case known && rows != 1:
			t.Errorf("%d has %d rows", code, rows)
		case !known && rows > 0:
			t.Errorf("%d is not known, and has a row", code)
		case known:
			codes++
		}
	}
	if codes < 30 {
		t.Errorf("only %d codes were found", codes)
	}
}

func TestEveryActIsAboutAClassThatACodeHas(t *testing.T) {
	used := map[xmlapi.Class]bool{}
	for code := range highest {
		if xmlapi.KnownCode(code) {
			used[xmlapi.Classify(code)] = true
		}
	}
	for class := range acts {
		if !used[class] {
			t.Errorf("no code is %s", class)
		}
	}
}
