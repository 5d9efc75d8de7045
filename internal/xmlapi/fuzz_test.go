// Decode against whatever a network can deliver.

package xmlapi_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema/schematest"
)

// FuzzDecode decodes a document as the answer to one operation of the catalog. It may not panic; what it accepts must be
// bounded by the document, mean the same when it is read again, and leave the call with an outcome of its own.
func FuzzDecode(f *testing.F) {
	table := allOperations()
	rnd := rand.New(rand.NewPCG(1, 2))
	for i, o := range table {
		doc := schematest.Generate(rnd, schema.Response(), schematest.Options{Operators: []string{o.Operator}, Odd: i%2 == 0})
		f.Add(doc, uint8(i))
	}
	for i, o := range table {
		if o.Operator == "ip" || o.Name == "domain-restriction-list" || o.Name == "db-servers/list" {
			f.Add([]byte("<packet><"+o.Operator+"><result><status>ok</status></result></"+o.Operator+"></packet>"), uint8(i))
			f.Add([]byte("<!DOCTYPE a><packet><system><status>error</status><errcode>1001</errcode></system></packet>"), uint8(i))
		}
	}
	f.Fuzz(func(t *testing.T, doc []byte, which uint8) {
		o := table[int(which)%len(table)]
		decode := func() (xmlapi.Caller, error) {
			call := o.Call(reflect.Zero(o.Request).Interface())
			return call, xmlapi.Decode(bytes.NewReader(doc), call)
		}
		first, err := decode()
		if e, ok := errors.AsType[*xmlapi.Error](err); err != nil && (!ok || e.System) {
			return // no answer, or the packet was refused
		} else if ok {
			t.Fatalf("%s: %v is neither", o, err)
		}
		if !bytes.Contains(doc, []byte(o.Operator)) {
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

// FuzzReadElement reads an element as a result of one operation of the catalog, and compares with encoding/xml: what is accepted
// must be accepted there too and mean the same, however the network cuts it; what is refused there must be refused.
func FuzzReadElement(f *testing.F) {
	table := allOperations()
	rnd := rand.New(rand.NewPCG(3, 4))
	for i, o := range table {
		doc := schematest.Generate(rnd, schema.Response(), schematest.Options{Operators: []string{o.Operator}, Odd: true})
		if from, to := bytes.Index(doc, []byte("<result")), bytes.LastIndex(doc, []byte("</result>")); from >= 0 && to > from {
			f.Add(doc[from:to+len("</result>")], uint8(i))
		}
	}
	for i, o := range table {
		if o.Name == "call" || o.Name == "get" {
			for _, doc := range []string{
				"<r><status>o<!-- k -->k</status><status> </status><errcode> 12 </errcode></r>", "<r>\r\n<errtext>a\rb\r\n&lt;&#x41;&#65;</errtext></r>",
				"<r><errtext><![CDATA[<&]]>]]&gt;<b>c</b>d</errtext><id/><id></id></r>", `<a:r xmlns:a="u" b='"' c="&quot;\t"><a:status>ok</a:status></a:r>`,
				"<r><data><gen_info/><gen_info><name>größe</name></gen_info></data></r>", "<?xml version='1.0' encoding='UTF-8'?><r/>",
				"<?xml encoding='UTF-8\xe6?><r/>", "<?a:b:c d?><r/>", "<? ?><r/>", "<a:b:c/>", "<?xml encoding=x encoding='KOI8-R'?><r/>", "<r><id>1</id><id>x</id></r>",
				"<r><errtext>a]]>b</errtext></r>", "<r a='<'/>", "<r><!----></r>", "<r><!-- -- --></r>", "<r>&nbsp;</r>", "<r>&#0;</r>", "<r\xff/>", "<r>\x00</r>",
			} {
				f.Add([]byte(doc), uint8(i))
			}
		}
	}
	f.Fuzz(func(t *testing.T, doc []byte, which uint8) {
		o := table[int(which)%len(table)]
		own, cut, theirs := reflect.New(o.Result).Interface(), reflect.New(o.Result).Interface(), reflect.New(o.Result).Interface()
		err := xmlapi.ReadElement(bytes.NewReader(doc), own)
		errCut := xmlapi.ReadElement(iotest.OneByteReader(bytes.NewReader(doc)), cut)
		if (err == nil) != (errCut == nil) || err == nil && !reflect.DeepEqual(own, cut) {
			t.Fatalf("%s: byte by byte %q is read as %+v, %v, and at once as %+v, %v", o, doc, cut, errCut, own, err)
		}
		errTheirs := xml.NewDecoder(bytes.NewReader(doc)).Decode(theirs)
		// encoding/xml takes the letters that names may have from an old edition of XML.
		otherNames := bytes.ContainsFunc(doc, func(c rune) bool { return c >= utf8.RuneSelf }) && (err != nil || errTheirs != nil)
		switch {
		case otherNames:
		case err == nil && errTheirs != nil:
			t.Fatalf("%s: %q is accepted: %v", o, doc, errTheirs)
		case err == nil && !reflect.DeepEqual(own, theirs):
			t.Fatalf("%s: %q is read as %+v, not as %+v", o, doc, own, theirs)
		case err != nil && errTheirs == nil && !bytes.Contains(doc, []byte("<!")) && bytes.Count(doc, []byte("<")) <= 64:
			t.Fatalf("%s: %q is refused: %v", o, doc, err)
		}
	})
}
