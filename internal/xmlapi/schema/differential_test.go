// The corpus that the validator and xmllint have to agree on.
package schema_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema/schematest"
)

// generated is the number of random packets per grammar; SCHEMA_PACKETS asks for more by hand.
func generated(t *testing.T) int {
	t.Helper()
	if v := os.Getenv("SCHEMA_PACKETS"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return 400
}

func TestGeneratedPacketsLikeXMLLint(t *testing.T) {
	for _, g := range grammars() {
		t.Run(g.name, func(t *testing.T) {
			docs := make([]document, generated(t))
			for i := range docs {
				docs[i] = randomPacket(g, uint64(i))
			}
			compare(t, g, docs)
		})
	}
}

// TestEveryDeclarationLikeXMLLint changes one packet at each declaration of the grammars.
func TestEveryDeclarationLikeXMLLint(t *testing.T) {
	for _, g := range grammars() {
		t.Run(g.name, func(t *testing.T) {
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
			compare(t, g, docs)
		})
	}
}

// randomPacket is valid for every fourth seed and changed one to three times for the others.
func randomPacket(g grammar, seed uint64) document {
	rnd := rand.New(rand.NewPCG(seed, 1691))
	packet := schematest.Packet(rnd, g.schema, schematest.Options{Odd: seed%2 == 0})
	name := fmt.Sprintf("seed %d", seed)
	for range seed % 4 {
		name += ", " + schematest.Mutate(rnd, packet)
	}
	return document{name, packet.Bytes(rnd, seed%2 == 0)}
}

type difference struct {
	why          string
	ours, theirs *regexp.Regexp
}

// knownDifferences are the messages about text that is no XML which we word otherwise than libxml2,
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

// compare reports every document on which the validators differ, up to a few.
func compare(t *testing.T, g grammar, docs []document) {
	t.Helper()
	valid, reported := 0, 0
	for i, want := range xmllint(t, g.xsd, docs) {
		got := validate(t, g.schema, docs[i].text)
		if want.valid {
			valid++
		}
		if got.same(want) || want.syntax && known(docs[i].text, got, want) {
			continue
		}
		if reported++; reported <= 12 {
			t.Errorf("%s:\n%s\n    got %v\nxmllint %v", docs[i].name, docs[i].text, got, want)
		}
	}
	t.Logf("%d documents, %d of them valid, %d differences", len(docs), valid, reported)
}

func TestCorruptTextLikeXMLLint(t *testing.T) {
	for _, g := range grammars() {
		t.Run(g.name, func(t *testing.T) {
			docs := make([]document, generated(t))
			for i := range docs {
				rnd := rand.New(rand.NewPCG(uint64(i), 1014))
				packet := schematest.Generate(rnd, g.schema, schematest.Options{Size: 12, Odd: i%2 == 0})
				docs[i] = document{fmt.Sprintf("seed %d", i), schematest.Corrupt(rnd, packet)}
			}
			compare(t, g, docs)
		})
	}
}
