// The generator keeps its word: valid, reproducible, within the operators asked for, everywhere.
package schematest_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema/schematest"
)

func grammars() map[string]*schema.Schema {
	return map[string]*schema.Schema{"request": schema.Request(), "response": schema.Response()}
}

func TestGeneratedPacketsAreValid(t *testing.T) {
	for name, s := range grammars() {
		for seed := range uint64(2000) {
			o := schematest.Options{Odd: seed%2 == 0, Size: int(seed % 100)}
			doc := schematest.Generate(rand.New(rand.NewPCG(seed, 2)), s, o)
			if err := s.Validate(doc); err != nil {
				t.Fatalf("%s, seed %d: %v\n%s", name, seed, err, doc)
			}
			if again := schematest.Generate(rand.New(rand.NewPCG(seed, 2)), s, o); !bytes.Equal(doc, again) {
				t.Fatalf("%s, seed %d is not reproducible", name, seed)
			}
		}
	}
}

func TestOperatorsAreLimited(t *testing.T) {
	for name, s := range grammars() {
		for _, op := range s.Operators() {
			o := schematest.Options{Operators: []string{op.Name}}
			packet := schematest.Packet(rand.New(rand.NewPCG(1, 3)), s, o)
			for _, n := range packet.Children {
				if n.Name != op.Name && n.Name != "request-settings" && n.Name != "output" {
					t.Errorf("%s: %s in a packet of %s", name, n.Name, op.Name)
				}
			}
		}
	}
}

func TestEveryDeclarationCanBeHeld(t *testing.T) {
	for name, s := range grammars() {
		s.Walk(func(path []string, e *schema.Element) bool {
			packet := schematest.Packet(rand.New(rand.NewPCG(1, 4)), s, schematest.Options{Holding: e, Size: 1})
			found := false
			for _, p := range packet.Elements() {
				found = found || p.Node.Decl == e
			}
			if !found {
				t.Errorf("%s: no %s", name, strings.Join(path, "/"))
			}
			return true
		})
	}
}

func TestChangesBreakPackets(t *testing.T) {
	for name, s := range grammars() {
		mutated, corrupted := 0, 0
		for seed := range uint64(1000) {
			rnd := rand.New(rand.NewPCG(seed, 5))
			packet := schematest.Packet(rnd, s, schematest.Options{})
			schematest.Mutate(rnd, packet)
			if s.Validate(packet.Bytes(rnd, false)) != nil {
				mutated++
			}
			if s.Validate(schematest.Corrupt(rnd, schematest.Generate(rnd, s, schematest.Options{}))) != nil {
				corrupted++
			}
		}
		if mutated < 400 || corrupted < 600 {
			t.Errorf("%s: of 1000 only %d mutated and %d corrupted packets are invalid", name, mutated, corrupted)
		}
	}
}
