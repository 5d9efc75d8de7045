// Decode against whatever a network can deliver.

package xmlapi_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema/schematest"
)

// FuzzDecode decodes a document as the answer to one operation of the table. It may not panic; what it accepts must be
// bounded by the document, mean the same when it is read again, and leave the call with an outcome of its own.
func FuzzDecode(f *testing.F) {
	table := allOperations()
	rnd := rand.New(rand.NewPCG(1, 2))
	for i, o := range table {
		doc := schematest.Generate(rnd, schema.Response(), schematest.Options{Operators: []string{o.operator}, Odd: i%2 == 0})
		f.Add(doc, uint8(i)) //nolint:gosec // about a hundred
	}
	for i, o := range table {
		if o.operator == "ip" || o.name == "domain-restriction-list" || o.name == "db-servers/list" {
			f.Add([]byte("<packet><"+o.operator+"><result><status>ok</status></result></"+o.operator+"></packet>"), uint8(i)) //nolint:gosec // as above
			f.Add([]byte("<!DOCTYPE a><packet><system><status>error</status><errcode>1001</errcode></system></packet>"), uint8(i))
		}
	}
	f.Fuzz(func(t *testing.T, doc []byte, which uint8) {
		o := table[int(which)%len(table)]
		decode := func() (xmlapi.Caller, error) {
			call := o.call(reflect.Zero(o.req).Interface())
			return call, xmlapi.Decode(bytes.NewReader(doc), call)
		}
		first, err := decode()
		if e, ok := errors.AsType[*xmlapi.Error](err); err != nil && (!ok || e.System) {
			return // no answer, or the packet was refused
		} else if ok {
			t.Fatalf("%s: %v is neither", o, err)
		}
		if !bytes.Contains(doc, []byte(o.operator)) {
			t.Fatalf("%s: accepted an answer that does not name it: %q", o, doc)
		}
		if n := reflect.ValueOf(o.results(first)).Len(); n > len(doc)/len("<result/>") {
			t.Fatalf("%s: %d results of %d bytes", o, n, len(doc))
		}
		second, _ := decode()
		if !reflect.DeepEqual(o.results(first), o.results(second)) {
			t.Fatalf("%s: read differently the second time: %q", o, doc)
		}
	})
}
