// Asking the program xmllint (libxml2), which the real server's messages come from. The reference is
// libxml2 2.9.14, that of Debian 12 and 13 and of Ubuntu 24.04.
package schema_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
)

// finding is what a validator says of a document: nothing when it is valid.
type finding struct {
	valid   bool
	line    int
	message string
	syntax  bool // not well-formed
}

func (f finding) String() string {
	if f.valid {
		return "valid"
	}
	return fmt.Sprintf("line %d: %s", f.line, f.message)
}

// document is one comparison; name says how it was made.
type document struct {
	name string
	text []byte
}

// tool is the program xmllint of this machine.
type tool struct{ path, version string }

var libxmlVersion = regexp.MustCompile(`using libxml version (\d+)`)

// findXMLLint reports whether this machine has the program. Its version is that of libxml2, 20914 for 2.9.14.
func findXMLLint(t *testing.T) (_ tool, found bool) {
	t.Helper()
	path, err := exec.LookPath("xmllint")
	if err != nil {
		return tool{}, false
	}
	out, err := exec.Command(path, "--version").CombinedOutput()
	if err != nil {
		t.Fatalf("%s --version: %v\n%s", path, err, out)
	}
	version := libxmlVersion.FindSubmatch(out)
	if version == nil {
		t.Fatalf("%s --version does not tell the version of libxml2:\n%s", path, out)
	}
	return tool{path, string(version[1])}, true
}

// verdicts asks for all documents with as few processes as it can.
func (x tool) verdicts(t *testing.T, c corpus) []finding {
	t.Helper()
	dir := t.TempDir()
	out := make([]finding, 0, len(c.docs))
	for batch := range slices.Chunk(c.docs, 1000) {
		args := []string{"--noout", "--schema", c.grammar.xsd}
		for i, d := range batch {
			file := fmt.Sprintf("%s/%06d.xml", dir, i)
			if err := os.WriteFile(file, d.text, 0o600); err != nil {
				t.Fatal(err)
			}
			args = append(args, file)
		}
		var stderr bytes.Buffer
		cmd := exec.Command(x.path, args...)
		cmd.Stderr = &stderr
		if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
			t.Fatal(err)
		}
		out = append(out, parseReport(t, dir, stderr.String(), len(batch))...)
	}
	return out
}

// parseReport finds the first error of each document in xmllint's report.
func parseReport(t *testing.T, dir, report string, count int) []finding {
	t.Helper()
	entry := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(dir) + `/(\d{6})\.xml( validates$| fails to validate$|:(\d+): )`)
	out := make([]finding, count)
	decided := make([]bool, count)
	at := entry.FindAllStringSubmatchIndex(report, -1)
	for i, m := range at {
		n, err := strconv.Atoi(report[m[2]:m[3]])
		if err != nil {
			t.Fatal(err)
		}
		if decided[n] {
			continue
		}
		end := len(report)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		text := strings.TrimSuffix(report[m[1]:end], "\n")
		switch {
		case m[6] < 0:
			out[n].valid = strings.HasSuffix(report[m[0]:m[1]], " validates")
		case strings.HasPrefix(text, "namespace error"), strings.Contains(text, "warning :"):
			continue // an earlier remark, not the verdict
		default:
			f, err := strconv.Atoi(report[m[6]:m[7]])
			if err != nil {
				t.Fatal(err)
			}
			message, isValidity := strings.CutPrefix(text[strings.Index(text, "Schemas validity error : ")+1:], "chemas validity error : ")
			if !isValidity {
				message, _, _ = strings.Cut(strings.TrimPrefix(text, "parser error : "), "\n")
			}
			message = strings.TrimRight(message, " ")
			out[n] = finding{line: f, message: message, syntax: !isValidity}
		}
		decided[n] = true
	}
	for n, ok := range decided {
		if !ok {
			t.Fatalf("xmllint says nothing about document %d: %s", n, report[:min(len(report), 2000)])
		}
	}
	return out
}

func validate(t *testing.T, s *schema.Schema, doc []byte) finding {
	t.Helper()
	err := s.Validate(doc)
	if err == nil {
		return finding{valid: true}
	}
	var e *schema.Error
	if !errors.As(err, &e) {
		t.Fatalf("%T is not an *Error: %v", err, err)
	}
	return finding{line: e.Line, message: strings.TrimRight(e.Message, " ")}
}

type grammar struct {
	name   string
	schema *schema.Schema
	xsd    string
}

func grammars() []grammar {
	return []grammar{
		{"request", schema.Request(), filepath.Join("xsd", "agent_input.xsd")},
		{"response", schema.Response(), filepath.Join("xsd", "agent_output.xsd")},
	}
}

// same leaves out whether the text is XML: the message shows that.
func (f finding) same(g finding) bool {
	return f.valid == g.valid && f.line == g.line && f.message == g.message
}
