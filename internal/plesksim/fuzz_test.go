// The server against documents that nobody would write.

package plesksim

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema/schematest"
)

// FuzzPacket gives a document to a server that holds a few objects. It may not panic, and must answer within the response grammar:
// a document that the request grammar does not allow with nothing but the refusal of the packet, and without a change.
func FuzzPacket(f *testing.F) {
	rnd := rand.New(rand.NewPCG(6, 9))
	s := furnishedServer(f, rnd)
	s.opts.OnInvalidAnswer = nil // it would fail the wrong test
	furniture := s.photograph(f)
	for _, e := range operationDeclarations() {
		packet := schematest.Generate(rnd, schema.Request(), schematest.Options{Holding: e, Size: 12, Odd: rnd.IntN(3) == 0})
		f.Add(packet)
		f.Add(schematest.Corrupt(rnd, packet))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		valid := validate(document) == nil
		version, refused := (&Options{Protocol: NewestVersion}).versionOf(document)
		if refused == nil {
			_, refused = s.decode(version, document)
		}
		if refused == nil && !valid || refused != nil && refused.code != xmlapi.CodeParse && refused.code != xmlapi.CodeUnknownVersion {
			t.Fatalf("valid: %v, refused: %v", valid, refused)
		}
		before := s.changes
		answer := s.answer(s.behind(), document, false)
		if err := schema.Response().Validate(answer); err != nil {
			t.Fatalf("%v\n%s", err, answer)
		}
		if !valid {
			if s.changes != before {
				t.Fatalf("refused, but executed\n%s", answer)
			}
			return
		}
		if bytes.Contains(answer, []byte("Internal error")) {
			t.Fatalf("failed otherwise than by a refusal\n%s", answer)
		}
		checkState(t, s.state)
		st, err := s.decodeState(furniture)
		if err != nil {
			t.Fatal(err)
		}
		s.state = st
	})
}
