// Figures: what was measured, what it may be at most, and how both are shown and kept.

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
)

// Figure is one measured value.
type Figure struct {
	Name  string   `json:"figure"`
	Value float64  `json:"value"`
	Bound *float64 `json:"bound"` // what the value may be at most; null: it is told, and judged by the reader
	Unit  string   `json:"unit"`
	OK    bool     `json:"ok"`
}

// told is a figure without a bound.
func told(name string, value float64, unit string) Figure {
	return Figure{Name: name, Value: value, Unit: unit, OK: true}
}

// atMost is a figure with a bound.
func atMost(name string, value, bound float64, unit string) Figure {
	return Figure{Name: name, Value: value, Bound: &bound, Unit: unit, OK: value <= bound}
}

// String says the figure in one line.
func (f Figure) String() string {
	return fmt.Sprintf("%s: %s %s, at most %s", f.Name, short(f.Value), f.Unit, f.bound())
}

func (f Figure) bound() string {
	if f.Bound == nil {
		return ""
	}
	return short(*f.Bound)
}

func (f Figure) verdict() string {
	switch {
	case f.Bound == nil:
		return ""
	case f.OK:
		return "ok"
	}
	return "NOT OK"
}

// short writes a number with three digits after the point at most.
func short(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(v, 'f', 3, 64), "0"), ".")
}

// printTable writes the figures as a table for the terminal.
func printTable(to io.Writer, figures []Figure) error {
	t := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "\nFIGURE\tVALUE\tBOUND\tUNIT\t") // Flush tells what fails
	for _, f := range figures {
		_, _ = fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", f.Name, short(f.Value), f.bound(), f.Unit, f.verdict())
	}
	return t.Flush()
}

// printMarkdown writes the figures as a table for a document.
func printMarkdown(to io.Writer, figures []Figure) error {
	var out strings.Builder
	out.WriteString("| figure | value | bound | unit | |\n| --- | ---: | ---: | --- | --- |\n")
	for _, f := range figures {
		fmt.Fprintf(&out, "| %s | %s | %s | %s | %s |\n", f.Name, short(f.Value), f.bound(), f.Unit, f.verdict())
	}
	_, err := io.WriteString(to, out.String())
	return err
}

// writeResults keeps the figures in a file for programs.
func writeResults(file string, figures []Figure) error {
	text, err := json.MarshalIndent(figures, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}
