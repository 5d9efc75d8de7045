// What the figures are made of: that they can be above their bounds, and what is computed for them.

package main

import (
	"strings"
	"testing"
	"time"
)

func TestAFigureAboveItsBoundIsSaidToBe(t *testing.T) {
	figures := []Figure{atMost("packets", 8, 8, "packets"), atMost("more packets", 8.5, 8, "packets"), told("time", 12.25, "s")}
	if !figures[0].OK || figures[1].OK || !figures[2].OK {
		t.Errorf("of %v only the second is above its bound", figures)
	}
	var table, markdown strings.Builder
	if err := printTable(&table, figures); err != nil {
		t.Fatal(err)
	}
	if err := printMarkdown(&markdown, figures); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{table.String(), markdown.String()} {
		if strings.Count(text, "NOT OK") != 1 || !strings.Contains(text, "8.5") || !strings.Contains(text, "12.25") {
			t.Errorf("the table is\n%s", text)
		}
	}
}

func TestP99(t *testing.T) {
	took := make([]time.Duration, 200)
	for i := range took {
		took[len(took)-1-i] = time.Duration(i + 1)
	}
	if got := p99(took); got != 198 {
		t.Errorf("p99 of 1…200 is 198, not %d", got)
	}
	if got := p99(took[:150], took[150:]); got != 198 {
		t.Errorf("p99 of two rounds is that of all their values, 198, not %d", got)
	}
	if got := p99(took[:1]); got != 200 {
		t.Errorf("p99 of a single value is that one, not %d", got)
	}
}

func TestPacketsThatMayListAFleet(t *testing.T) {
	// Four kinds; 5,000 objects have 1,500 sites, 200 have 60.
	for objects, packets := range map[int]int{5000: 8 + 30, 200: 8 + 2} {
		if got := listPackets(objects); got != packets {
			t.Errorf("%d packets for %d objects, want %d", got, objects, packets)
		}
	}
}

func TestAComparisonThatDidNotTakePlaceIsNoFigure(t *testing.T) {
	all := map[string]int{}
	for _, operator := range fleetOperators {
		all[operator] = 1
	}
	if err := (cost{traffic: traffic{operators: all}}).lookedAtAll("a test"); err != nil {
		t.Error(err)
	}
	delete(all, "dns")
	if err := (cost{traffic: traffic{operators: all}}).lookedAtAll("a test"); err == nil || !strings.Contains(err.Error(), "dns") {
		t.Errorf("zones were not read, and the error is %v", err)
	}
}
