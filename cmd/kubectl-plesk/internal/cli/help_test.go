// What every command has: help with an example, and no answer where nobody answers.

package cli

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/cli-runtime/pkg/genericiooptions"
)

const testWithin = time.Minute

func TestHelp(t *testing.T) {
	root := NewRoot(genericiooptions.IOStreams{In: strings.NewReader(""), Out: io.Discard, ErrOut: io.Discard}, "test")
	var look func(c *cobra.Command)
	look = func(c *cobra.Command) {
		if c.Short == "" || c.Long == "" || c.Example == "" {
			t.Errorf("%s: its help lacks a line, a text or an example", c.CommandPath())
		}
		for line := range strings.Lines(c.Example) {
			if !strings.HasPrefix(line, "  kubectl plesk ") {
				t.Errorf("%s: example %q", c.CommandPath(), line)
			}
		}
		if c.RunE != nil && c.ValidArgsFunction == nil {
			t.Errorf("%s: nothing completes its arguments", c.CommandPath())
		}
		c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			if root.PersistentFlags().Lookup(f.Name) != nil && c != root {
				t.Errorf("%s: --%s means something else for all other commands", c.CommandPath(), f.Name)
			}
		})
		for _, sub := range c.Commands() {
			look(sub)
		}
	}
	look(root)
}

func TestColour(t *testing.T) {
	e := &env{}
	tbl := table{heads: []string{"A", "B"}}
	tbl.add(cell{"ä\x1b[31m", red}, cell{"", ""})
	var out bytes.Buffer
	tbl.write(&out, e)
	if want := "A        B\nä [31m   -\n"; out.String() != want {
		t.Errorf("%q, want %q: what the cluster says moves no cursor", out.String(), want)
	}
	if coloured(&out) {
		t.Error("a buffer is no terminal")
	}
	e.colour = true
	if have := e.paint(red, "x"); have != "\x1b[31mx\x1b[0m" {
		t.Errorf("%q", have)
	}
}

func TestExitCode(t *testing.T) {
	for want, err := range map[int]error{0: nil, 1: io.EOF, 2: &codeError{2, "more"}} {
		if have := ExitCode(err); have != want {
			t.Errorf("%v: %d, want %d", err, have, want)
		}
	}
}

// answering answers each question when it is asked.
type answering struct {
	answers []func() string
	left    string
}

// Read implements io.Reader.
func (a *answering) Read(p []byte) (int, error) {
	if a.left == "" {
		if len(a.answers) == 0 {
			return 0, io.EOF
		}
		a.left, a.answers = a.answers[0](), a.answers[1:]
	}
	n := copy(p, a.left)
	a.left = a.left[n:]
	return n, nil
}
