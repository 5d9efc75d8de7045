// The recorded verdicts of xmllint: with them the comparison needs no program but Go.
package schema_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

const (
	recordingFile = "testdata/xmllint.txt"
	recordAgain   = "run `make xmllint-verdicts`, which needs the program xmllint, and review what changes in " + recordingFile
)

// recordingHead explains the file to its readers.
const recordingHead = `# What xmllint says of the documents that the packet validator is compared with; written by make xmllint-verdicts.
# Below each verdict stand the documents that get it, counted from 0 in the order in which differential_test.go makes
# them, each with the line that the verdict names. The digest is that of the corpus: its grammar and its documents.
`

// recording is what the file holds.
type recording struct {
	version  string // of libxml2, as findXMLLint returns it
	sections []section
}

// section is a corpus with one verdict for each document.
type section struct {
	name     string
	digest   string
	verdicts []finding
}

// record writes the verdicts of the program on all corpora.
func (x tool) record(t *testing.T, all []corpus) {
	t.Helper()
	r := recording{version: x.version}
	for _, c := range all {
		r.sections = append(r.sections, section{c.name, c.digest(t), x.verdicts(t, c)})
	}
	if err := os.WriteFile(recordingFile, []byte(r.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func readRecording(t *testing.T) recording {
	t.Helper()
	text, err := os.ReadFile(recordingFile)
	if err != nil {
		t.Fatalf("%v: %s", err, recordAgain)
	}
	r, err := parseRecording(string(text))
	if err != nil {
		t.Fatalf("%s: %v: %s", recordingFile, err, recordAgain)
	}
	return r
}

// digest covers all that a verdict depends on.
func (c corpus) digest(t *testing.T) string {
	t.Helper()
	xsd, err := os.ReadFile(c.grammar.xsd)
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.New()
	add := func(text []byte) {
		_, _ = h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(text)))) // a hash never fails
		_, _ = h.Write(text)
	}
	add(xsd)
	for _, d := range c.docs {
		add(d.text)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// of returns the verdicts on the corpus: one for each document, and of both kinds, so that agreeing with them
// proves something.
func (s section) of(t *testing.T, c corpus) []finding {
	t.Helper()
	if s.name != c.name || len(s.verdicts) != len(c.docs) || s.digest != c.digest(t) {
		t.Fatalf("recorded are verdicts on other documents or by another grammar (%q, %d): %s", s.name, len(s.verdicts), recordAgain)
	}
	valid := 0
	for _, v := range s.verdicts {
		if v.valid {
			valid++
		}
	}
	if valid == 0 || valid == len(s.verdicts) {
		t.Fatalf("of %d documents %d are valid: such a corpus proves nothing", len(s.verdicts), valid)
	}
	return s.verdicts
}

// The classes of verdicts in the file.
const (
	classValid   = "valid"
	classInvalid = "invalid"
	classNoXML   = "no-xml"
)

// String writes the file, with the verdicts in the order in which they come first.
func (r recording) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%slibxml2 %s\n", recordingHead, r.version)
	for _, s := range r.sections {
		fmt.Fprintf(&b, "\ncorpus %q, %d documents, digest %s\n", s.name, len(s.verdicts), s.digest)
		var order []string
		places := map[string][]string{}
		for i, v := range s.verdicts {
			verdict, place := v.entry(i)
			if places[verdict] == nil {
				order = append(order, verdict)
			}
			places[verdict] = append(places[verdict], place)
		}
		for _, verdict := range order {
			b.WriteString(verdict)
			width := 120
			for _, place := range places[verdict] {
				if width += 1 + len(place); width > 110 {
					b.WriteString("\n\t")
					width = len(place)
				} else {
					b.WriteString(" ")
				}
				b.WriteString(place)
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

// entry is the verdict on a document as the file has it, and the document's place below it.
func (f finding) entry(document int) (verdict, place string) {
	switch {
	case f.valid:
		return classValid, strconv.Itoa(document)
	case f.syntax:
		verdict = classNoXML
	default:
		verdict = classInvalid
	}
	return verdict + " " + strconv.Quote(f.message), fmt.Sprintf("%d:%d", document, f.line)
}

// parseRecording reads the file. Each document of a section must have exactly one verdict.
func parseRecording(text string) (recording, error) {
	var r recording
	body, ok := strings.CutPrefix(text, recordingHead)
	if !ok {
		return r, errors.New("another head")
	}
	parts := strings.Split(body, "\n\n")
	if _, err := fmt.Sscanf(parts[0], "libxml2 %s", &r.version); err != nil {
		return r, fmt.Errorf("version of libxml2: %w", err)
	}
	for _, part := range parts[1:] {
		s, err := parseSection(part)
		if err != nil {
			return r, fmt.Errorf("corpus %q: %w", s.name, err)
		}
		r.sections = append(r.sections, s)
	}
	return r, nil
}

func parseSection(text string) (s section, err error) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	var count int
	if _, err := fmt.Sscanf(lines[0], "corpus %q, %d documents, digest %s", &s.name, &count, &s.digest); err != nil {
		return s, err
	}
	s.verdicts = make([]finding, count)
	decided := 0
	var verdict finding
	for _, line := range lines[1:] {
		places, ok := strings.CutPrefix(line, "\t")
		if !ok {
			if verdict, err = parseVerdict(line); err != nil {
				return s, err
			}
			continue
		}
		for _, place := range strings.Fields(places) {
			if err := s.decide(verdict, place); err != nil {
				return s, err
			}
			decided++
		}
	}
	if decided != count {
		return s, fmt.Errorf("%d documents, %d verdicts", count, decided)
	}
	return s, nil
}

func parseVerdict(line string) (f finding, err error) {
	class, message, _ := strings.Cut(line, " ")
	switch class {
	case classValid:
		return finding{valid: true}, nil
	case classNoXML:
		f.syntax = true
	case classInvalid:
	default:
		return f, fmt.Errorf("no verdict: %s", line)
	}
	f.message, err = strconv.Unquote(message)
	return f, err
}

// decide notes the verdict on the document of a place.
func (s section) decide(verdict finding, place string) error {
	document, line, hasLine := strings.Cut(place, ":")
	i, err := strconv.Atoi(document)
	if err != nil {
		return err
	}
	if hasLine == verdict.valid || !verdict.valid && verdict.message == "" {
		return fmt.Errorf("%v: %s", verdict, place)
	}
	if hasLine {
		if verdict.line, err = strconv.Atoi(line); err != nil {
			return err
		}
	}
	if i < 0 || i >= len(s.verdicts) || s.verdicts[i] != (finding{}) {
		return fmt.Errorf("document %d does not exist or has two verdicts", i)
	}
	s.verdicts[i] = verdict
	return nil
}

func TestRecordingIsReadAsItWasWritten(t *testing.T) {
	want := recording{version: "20914", sections: []section{
		{"one", "abc", []finding{{valid: true}, {line: 3, message: "no\n\"line\" \xff\t"}, {valid: true}, {line: 4, message: "no\n\"line\" \xff\t"}}},
		{"two words", "def", []finding{{line: 1, message: "5:1", syntax: true}, {line: 1, message: "5:1"}}},
	}}
	got, err := parseRecording(want.String())
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v\nfrom %s", got, err, &want)
	}
}

func TestRecordingWithoutOneVerdictForEachDocumentIsRefused(t *testing.T) {
	whole := recording{version: "20914", sections: []section{{"one", "abc", []finding{{valid: true}, {valid: true}, {line: 3, message: "m"}}}}}.String()
	if _, err := parseRecording(whole); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, from, to string }{
		{"a verdict is missing", "\t0 1", "\t0"},
		{"one too many", "\t0 1", "\t0 1 3"},
		{"a document twice", "\t0 1", "\t0 0"},
		{"two verdicts on a document", "2:3", "1:3"},
		{"no line", "2:3", "2"},
		{"a line of a valid document", "\t0 1", "\t0:1 1"},
		{"no number", "2:3", "two:3"},
		{"no such class", "invalid", "bad"},
		{"no message", ` "m"`, ""},
		{"an empty message", `"m"`, `""`},
		{"places without a verdict", "valid\n\t0 1\ninvalid \"m\"\n", "\t0 1"},
		{"no version", "libxml2 20914", "libxml2"},
		{"no digest", ", digest abc", ""},
		{"another head", "#", "//"},
		{"nothing", whole, ""},
	} {
		if r, err := parseRecording(strings.Replace(whole, c.from, c.to, 1)); err == nil {
			t.Errorf("%s: %v", c.name, r)
		}
	}
}
