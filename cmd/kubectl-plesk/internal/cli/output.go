// Output: tables, JSON and YAML.

package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"sigs.k8s.io/yaml"

	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
)

// The colours, as terminals know them.
const (
	red    = "31"
	yellow = "33"
	green  = "32"
	bold   = "1"
)

func (e *env) paint(colour, text string) string {
	if !e.colour || colour == "" {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

// print shows a value as the user wants it: as data, or by text.
func (e *env) print(value any, text func(w io.Writer)) error {
	switch e.output {
	case "json":
		out, err := json.MarshalIndent(value, "", "  ")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(e.Out, string(out))
		return err
	case "yaml":
		out, err := yaml.Marshal(value)
		if err != nil {
			return err
		}
		_, err = e.Out.Write(out)
		return err
	}
	var b strings.Builder
	text(&b)
	_, err := io.WriteString(e.Out, b.String())
	return err
}

// outcome is what was done to an object.
type outcome struct {
	fleet.Ref `json:",inline"`
	Outcome   string `json:"outcome"`
}

// outcomes tells what is done: line by line while it is, or all of it as data at the end.
type outcomes struct {
	env      *env
	list     []outcome
	declined bool
}

func (o *outcomes) add(of fleet.Ref, text string) {
	o.list = append(o.list, outcome{of, text})
	if o.env.output == "" {
		fmt.Fprintf(o.env.Out, "%s %s\n", of, shown(text))
	}
}

// decline says what is not done because the user did not want it.
func (o *outcomes) decline(text string) {
	o.declined = true
	fmt.Fprintln(o.env.ErrOut, text)
}

// end returns err, after what was done before it is told. What was declined makes the exit status 1: a script does not go on as if it were done.
func (o *outcomes) end(err error) error {
	if err == nil && o.declined {
		err = &codeError{code: 1}
	}
	if o.env.output == "" {
		return err
	}
	if o.list == nil {
		o.list = []outcome{}
	}
	return errors.Join(o.env.print(o.list, nil), err)
}

// table is rows under headings. Its last column is not padded.
type table struct {
	heads []string
	rows  [][]cell
}

// cell is a text with a colour, which has no width.
type cell struct{ text, colour string }

func plain(texts ...string) []cell {
	out := make([]cell, len(texts))
	for i, t := range texts {
		out[i] = cell{text: t}
	}
	return out
}

func (t *table) add(cells ...cell) { t.rows = append(t.rows, cells) }

func (t *table) write(w io.Writer, e *env) {
	widths := make([]int, len(t.heads))
	for i, h := range t.heads {
		widths[i] = utf8.RuneCountInString(h)
	}
	for _, row := range t.rows {
		for i := range row {
			if row[i].text = shown(row[i].text); row[i].text == "" {
				row[i].text = "-"
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i].text))
		}
	}
	line := func(cells []cell) {
		for i, c := range cells {
			fmt.Fprint(w, e.paint(c.colour, c.text))
			if i < len(cells)-1 {
				fmt.Fprint(w, strings.Repeat(" ", widths[i]-utf8.RuneCountInString(c.text)+3))
			}
		}
		fmt.Fprintln(w)
	}
	line(plain(t.heads...))
	for _, row := range t.rows {
		line(row)
	}
}

// shown is a text of the cluster's on one line: what could move a terminal's cursor is taken out.
func shown(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, text)
}

// colourOf is that of a state.
func colourOf(ready, stalled bool) string {
	switch {
	case ready:
		return green
	case stalled:
		return red
	}
	return yellow
}
