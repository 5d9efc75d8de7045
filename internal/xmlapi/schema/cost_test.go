// What validation costs: linear in the document, whatever is wrong with it.
package schema_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema/schematest"
)

// manyResults is the answer of a large server.
func manyResults(count int) []byte {
	const result = `<result><status>ok</status><filter-id>1</filter-id><id>1</id><data><gen_info>
<cr_date>2025-03-02</cr_date><cname>Alder Ltd</cname><pname>Ada Alder</pname><login>alder</login><status>0</status>
<phone/><fax/><email>ada@alder.test</email><address/><city/><state/><pcode/><country>SE</country><locale>en-US</locale>
<guid>5b0c6c0e-6f1d-4a57-9d0c-2f6c1a8e4b10</guid><owner-login>admin</owner-login>
<vendor-guid>0d9f1c52-7f0e-4c06-8a53-91be5a3f7712</vendor-guid><external-id/><description/></gen_info></data></result>`
	return []byte(`<packet version="1.6.9.1"><customer><get>` + strings.Repeat(result, count) + `</get></customer></packet>`)
}

func BenchmarkTenThousandResults(b *testing.B) {
	doc := manyResults(10000)
	s := schema.Response()
	b.SetBytes(int64(len(doc)))
	for b.Loop() {
		if err := s.Validate(doc); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRequest(b *testing.B) {
	doc := schematest.Generate(rand.New(rand.NewPCG(1, 1)), schema.Request(), schematest.Options{})
	s := schema.Request()
	b.SetBytes(int64(len(doc)))
	for b.Loop() {
		if err := s.Validate(doc); err != nil {
			b.Fatal(err)
		}
	}
}

// TestAmbiguousContentStaysCheap repeats the contents in which a counter leaves two ways open; going
// back through all of them would take two to the power of their number.
func TestAmbiguousContentStaysCheap(t *testing.T) {
	const many = 20000
	cases := []struct {
		s                  *schema.Schema
		before, one, after string
	}{
		{schema.Request(), `<packet><webspace><add><gen_setup>`, `<ip_address>192.0.2.1</ip_address>`, `<x/></gen_setup></add></webspace></packet>`},
		{schema.Response(), `<packet><customer>`, `<get-domain-list><result><status>ok</status></result></get-domain-list>`, `<x/></customer></packet>`},
		{schema.Response(), `<packet><server><get><result><status>ok</status>`, `<key><x/></key>`, `<x/></result></get></server></packet>`},
		{schema.Response(), `<packet>`, `<ip><get/></ip>`, `<x/></packet>`},
		{schema.Request(), `<packet><extension><call>`, `<x/>`, `</call><x/></extension></packet>`},
	}
	for _, c := range cases {
		doc := []byte(c.before + strings.Repeat(c.one, many) + c.after)
		start := time.Now()
		if err := c.s.Validate(doc); err == nil {
			t.Errorf("%s: valid", c.before)
		}
		took := time.Since(start)
		t.Logf("%s: %v", c.before, took)
		if took > 5*time.Second {
			t.Errorf("%s: %d children took %v", c.before, many, took)
		}
	}
}

func TestDepthIsBounded(t *testing.T) {
	for depth, valid := range map[int]bool{250: true, 260: false, 1 << 20: false} {
		doc := `<packet><ip><get>` + strings.Repeat("<a>", depth-3) + strings.Repeat("</a>", depth-3) + `</get></ip></packet>`
		if err := schema.Request().Validate([]byte(doc)); (err == nil) != valid {
			t.Errorf("depth %d: %v", depth, err)
		}
	}
}

// FuzzValidate looks for panics, and checks that a valid document stays so when it is copied.
func FuzzValidate(f *testing.F) {
	for _, c := range structure {
		f.Add([]byte(c.doc))
	}
	rnd := rand.New(rand.NewPCG(3, 3))
	for _, g := range grammars() {
		for range 8 {
			doc := schematest.Generate(rnd, g.schema, schematest.Options{Odd: true, Size: 20})
			f.Add(doc)
			f.Add(schematest.Corrupt(rnd, doc))
		}
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		kept := bytes.Clone(doc)
		for _, g := range grammars() {
			first, second := validate(t, g.schema, doc), validate(t, g.schema, doc)
			if first != second {
				t.Errorf("%q: first %v, then %v", doc, first, second)
			}
			if !first.valid && (first.line < 1 || first.line > 1+bytes.Count(doc, []byte("\n")) || first.message == "") {
				t.Errorf("%q: %v", doc, first)
			}
		}
		if !bytes.Equal(doc, kept) {
			t.Errorf("%q was changed to %q", kept, doc)
		}
	})
}

func TestConcurrentUse(t *testing.T) {
	var wg sync.WaitGroup
	for worker := range uint64(4) {
		wg.Go(func() {
			rnd := rand.New(rand.NewPCG(worker, 8))
			for _, g := range grammars() {
				for range 50 {
					doc := schematest.Generate(rnd, g.schema, schematest.Options{Odd: true})
					if err := g.schema.Validate(doc); err != nil {
						t.Errorf("%v\n%s", err, doc)
					}
				}
			}
		})
	}
	wg.Wait()
}
