// The documents that the validator and xmllint have to agree on, and the comparison: with the recorded verdicts
// everywhere, and with the program where it is found.
package schema_test

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema/schematest"
)

var (
	record  = flag.Bool("xmllint.record", false, "record the verdicts of xmllint in "+recordingFile+" first")
	packets = flag.Uint64("xmllint.packets", 0, "compare so many more random packets of each grammar with the program xmllint")
)

// recordedPackets is the number of random packets of a grammar, and of corrupt ones, whose verdicts are recorded.
const recordedPackets = 400

// corpus is a set of documents of one grammar. The same documents come every time, on every machine.
type corpus struct {
	name    string
	grammar grammar
	docs    []document
}

func corpora(t *testing.T) []corpus {
	t.Helper()
	var all []corpus
	for _, g := range grammars() {
		all = append(all,
			corpus{g.name + " structure", g, structureDocuments(g)},
			corpus{g.name + " values", g, valueDocuments(t, g)},
			corpus{g.name + " declarations", g, changedDeclarations(g)},
			corpus{g.name + " packets", g, randomPackets(g, 0, recordedPackets)},
			corpus{g.name + " corrupt", g, corruptPackets(g)},
		)
	}
	return append(all, lexicalForms(t), ownContents(t))
}

func TestAgreesWithXMLLint(t *testing.T) {
	all := corpora(t)
	tool, found := findXMLLint(t)
	if (*record || *packets > 0) && !found {
		t.Fatal("there is no program xmllint: install it (Debian: apt-get install libxml2-utils)")
	}
	if *record {
		tool.record(t, all)
	}
	recording := readRecording(t)
	if len(recording.sections) != len(all) {
		t.Fatalf("%d corpora, %d of them recorded: %s", len(all), len(recording.sections), recordAgain)
	}
	live := found && tool.version == recording.version
	if !live {
		t.Logf("compared with the recorded verdicts only: they are of libxml2 %s, here is %q", recording.version, tool.version)
	}
	for i, c := range all {
		t.Run(c.name, func(t *testing.T) {
			verdicts := recording.sections[i].of(t, c)
			if live {
				upToDate(t, c, verdicts, tool.verdicts(t, c))
			}
			compare(t, c, verdicts)
		})
	}
	if *packets > 0 {
		for _, g := range grammars() {
			more := corpus{g.name + " more packets", g, randomPackets(g, recordedPackets, recordedPackets+*packets)}
			t.Run(more.name, func(t *testing.T) { compare(t, more, tool.verdicts(t, more)) })
		}
	}
}

// upToDate holds the recorded verdicts to those of the program.
func upToDate(t *testing.T, c corpus, recorded, live []finding) {
	t.Helper()
	for i, d := range c.docs {
		if recorded[i] != live[i] {
			t.Fatalf("%s:\n%s\nrecorded %v\n xmllint %v\n%s", d.name, d.text, recorded[i], live[i], recordAgain)
		}
	}
}

// compare reports the documents on which the validator and xmllint disagree, up to a few.
func compare(t *testing.T, c corpus, verdicts []finding) {
	t.Helper()
	valid, differ := 0, 0
	for i, d := range c.docs {
		got, want := validate(t, c.grammar.schema, d.text), verdicts[i]
		if want.valid {
			valid++
		}
		if got.same(want) || want.syntax && known(d.text, got, want) {
			continue
		}
		if differ++; differ <= 12 {
			t.Errorf("%s:\n%s\n    got %v\nxmllint %v", d.name, d.text, got, want)
		}
	}
	t.Logf("%d documents, %d of them valid, %d differences", len(c.docs), valid, differ)
}

// changedDeclarations are one packet for each declaration of the grammar, changed there.
func changedDeclarations(g grammar) []document {
	var docs []document
	g.schema.Walk(func(path []string, e *schema.Element) bool {
		rnd := rand.New(rand.NewPCG(uint64(len(docs)), 4711))
		packet := schematest.Packet(rnd, g.schema, schematest.Options{Holding: e, Size: 1})
		name := strings.Join(path, "/")
		for _, place := range packet.Elements() {
			if place.Node.Decl == e && len(docs)%8 > 0 {
				name += ": " + schematest.MutateAt(rnd, packet, place)
				break
			}
		}
		docs = append(docs, document{name, packet.Bytes(rnd, false)})
		return true
	})
	return docs
}

// randomPackets are valid for every fourth seed and changed one to three times for the others.
func randomPackets(g grammar, from, to uint64) []document {
	var docs []document
	for seed := from; seed < to; seed++ {
		rnd := rand.New(rand.NewPCG(seed, 1691))
		packet := schematest.Packet(rnd, g.schema, schematest.Options{Odd: seed%2 == 0})
		name := fmt.Sprintf("seed %d", seed)
		for range seed % 4 {
			name += ", " + schematest.Mutate(rnd, packet)
		}
		docs = append(docs, document{name, packet.Bytes(rnd, seed%2 == 0)})
	}
	return docs
}

// corruptPackets are mostly no XML any more.
func corruptPackets(g grammar) []document {
	docs := make([]document, recordedPackets)
	for i := range docs {
		rnd := rand.New(rand.NewPCG(uint64(i), 1014))
		packet := schematest.Generate(rnd, g.schema, schematest.Options{Size: 12, Odd: i%2 == 0})
		docs[i] = document{fmt.Sprintf("seed %d", i), schematest.Corrupt(rnd, packet)}
	}
	return docs
}

type difference struct {
	why          string
	ours, theirs *regexp.Regexp
}

// knownDifferences are the messages about text that is no XML which we word differently from libxml2,
// at the same line. The verdict never differs.
var knownDifferences = []difference{
	{
		"libxml2 quotes the comment",
		regexp.MustCompile(`^Double hyphen within comment$`),
		regexp.MustCompile(`^(Double hyphen within comment: <!--|Comment must not contain '--' \(double-hyphen\)$)`),
	},
	{
		"libxml2 reads the XML declaration in finer steps",
		regexp.MustCompile(`^(String not closed|Blank needed|Unsupported encoding|parsing XML declaration)`),
		regexp.MustCompile(`^(String not closed|Blank needed|Invalid XML encoding name|parsing XML declaration|standalone accepts)`),
	},
	{
		"libxml2 has lost its text",
		regexp.MustCompile(`^CData section not finished$`),
		regexp.MustCompile(`^Unregistered error message$`),
	},
	{
		"libxml2 misses the end of the tag before it looks at what stands there",
		regexp.MustCompile(`^Input is not proper UTF-8`),
		regexp.MustCompile(`^expected '>'$`),
	},
}

func known(doc []byte, ours, theirs finding) bool {
	if ours.valid || theirs.valid {
		return false
	}
	if bytes.IndexByte(doc, 0) >= 0 {
		return true // a null byte is sometimes the end of the input to libxml2, sometimes a character
	}
	if last, size := utf8.DecodeLastRune(doc); last == utf8.RuneError && size == 1 {
		return true // where the document ends within a character, libxml2 stumbles over what it misses next
	}
	return ours.line == theirs.line && slices.ContainsFunc(knownDifferences, func(d difference) bool {
		return d.ours.MatchString(ours.message) && d.theirs.MatchString(theirs.message)
	})
}
