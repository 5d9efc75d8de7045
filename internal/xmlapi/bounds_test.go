// What an answer may cost, whatever the server sends.

package xmlapi_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/extension"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// endless is a document that has some beginning and then repeats itself; it counts the bytes that were read of it.
type endless struct {
	rest, again string
	read        int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.rest == "" {
		e.rest = e.again
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	e.read += n
	return n, nil
}

const ipGet = "<packet><ip><get>"

func TestAHostileAnswerIsReadNoFurtherThanItMayCost(t *testing.T) {
	const kib, mib = 1 << 10, 1 << 20
	// The names of these go on and on.
	name := strings.Repeat("x", 4*kib)
	for what, c := range map[string]struct {
		begin, again, want string
		most               int // bytes that may be read of it
	}{
		"one text":                   {ipGet + "<result><status>", name, "a text or tag of more than", 2 * mib},
		"one text with references":   {ipGet + "<result><status>", "&amp;", "a text or tag of more than", 8 * mib},
		"one text in pieces":         {ipGet + "<result><status>", "<![CDATA[" + name + "]]>", "a text or tag of more than", 2 * mib},
		"one text of no use":         {ipGet + "<unknown>", name, "a text or tag of more than", 2 * mib},
		"one comment":                {ipGet + "<!-- ", name, "a text or tag of more than", 2 * mib},
		"one attribute":              {ipGet + `<result a="`, name, "a text or tag of more than", 2 * mib},
		"one instruction":            {"<?", name, "a text or tag of more than", 2 * mib},
		"blanks before an attribute": {ipGet + "<result ", strings.Repeat(" ", kib), "a text or tag of more than", 2 * mib},
		"one name":                   {ipGet + "<", name, "a name of more than", 2 * 64 * kib},
		"many attributes":            {ipGet + "<result ", `a="" `, "a tag with more than", 2 * 64 * kib},
		"large attributes":           {ipGet + "<result ", `a="` + name + `" `, "a tag with more than", 2 * 64 * kib},
		"depth":                      {ipGet, "<a>", "nested deeper than", 2 * 64 * kib},
		"results":                    {ipGet, "<result><status>ok</status></result>", "more values than may be read", 64 * mib},
		"unknown elements":           {ipGet, "<a/>", "answer larger than", 64 * mib},
		"blanks":                     {ipGet, strings.Repeat("\n", kib), "a text or tag of more than", 2 * mib},
		"operators":                  {"<packet>", "<ip/>", "answer larger than", 64 * mib},
	} {
		t.Run(what, func(t *testing.T) {
			doc := &endless{rest: c.begin, again: c.again}
			err := xmlapi.Decode(doc, ip.Get.Call(xmlapi.EmptyRequest{}))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v", err)
			}
			if doc.read > c.most {
				t.Errorf("%d bytes were read", doc.read)
			}
		})
	}
}

// Types that keep elements of any name, and lists in one object, are no way around the bound.
func TestWhatOneResultHoldsIsBounded(t *testing.T) {
	for what, c := range map[string]struct {
		doc  endless
		call xmlapi.Caller
	}{
		"properties": {
			endless{rest: "<packet><webspace><get><result><status>ok</status><data><hosting><vrt_hst>", again: "<property/>"},
			webspace.Get.Call(webspace.GetRequest{}),
		},
		"an extension's own elements": {
			endless{rest: "<packet><extension><call><result><status>ok</status><git>", again: "<a/>"},
			extension.Call.Call(extension.CallRequest{}),
		},
	} {
		t.Run(what, func(t *testing.T) {
			if err := xmlapi.Decode(&c.doc, c.call); err == nil || !strings.Contains(err.Error(), "more values than may be read") {
				t.Errorf("the error is %v", err)
			}
			if c.doc.read >= xmlapi.DefaultMaxAnswerBytes {
				t.Errorf("%d bytes were read", c.doc.read)
			}
		})
	}
}

func TestTheHeadOfAnAnswerIsBounded(t *testing.T) {
	c := connect(t, serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Filler", strings.Repeat("x", 1<<20))
		_, _ = io.WriteString(w, readAnswer)
	}))
	if err := read(c); err == nil || !strings.Contains(err.Error(), "headers exceeded") || xmlapi.ClassOf(err) != xmlapi.Transient {
		t.Errorf("have %v", err)
	}
}

func TestNoCompressedAnswerIsAskedForOrRead(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if asked := r.Header.Get("Accept-Encoding"); asked != "" {
			t.Errorf("%q is asked for", asked)
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, readAnswer)
		_ = z.Close()
	})
	c := connect(t, s)
	if err := read(c); err == nil || !strings.Contains(err.Error(), `it is encoded as "gzip"`) || xmlapi.ClassOf(err) != xmlapi.Transient {
		t.Errorf("reading: %v", err)
	}
	if err := write(c); xmlapi.ClassOf(err) != xmlapi.Ambiguous {
		t.Errorf("writing: %v, of class %s", err, xmlapi.ClassOf(err))
	}
}
