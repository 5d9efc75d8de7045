// The corpus that the validator and xmllint have to agree on.
package schema_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

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

// randomPacket is valid for every fourth seed and broken for the others.
func randomPacket(g grammar, seed uint64) document {
	rnd := rand.New(rand.NewPCG(seed, 1691))
	packet := schematest.Packet(rnd, g.schema, schematest.Options{Odd: seed%2 == 0})
	name := fmt.Sprintf("seed %d", seed)
	if seed%4 != 0 {
		name += ": " + schematest.Mutate(rnd, packet)
	}
	return document{name, packet.Bytes(rnd, seed%2 == 0)}
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
		if got.valid == want.valid && got.line == want.line && got.message == want.message {
			continue
		}
		if reported++; reported <= 12 {
			t.Errorf("%s:\n%s\n    got %v\nxmllint %v", docs[i].name, docs[i].text, got, want)
		}
	}
	t.Logf("%d documents, %d of them valid, %d differences", len(docs), valid, reported)
}
