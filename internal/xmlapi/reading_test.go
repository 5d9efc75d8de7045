// The other direction of the properties: whatever the grammar accepts, the types read, and write again complete.

package xmlapi_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema/schematest"
)

func TestNothingIsLostOfRequestsOfTheGrammar(t *testing.T) {
	g := newGenerator(t)
	table := map[string]operation{}
	for _, o := range allOperations() {
		table[o.String()] = o
	}
	for range 20 * *rounds {
		packet := randomPacket(g.Rand, schema.Request())
		for _, found := range operationsOf(packet, table) {
			doc := (&schematest.Node{Name: "packet", Children: []*schematest.Node{found.node}}).Bytes(g.Rand, false)
			req, err := found.op.decodeRequest(found.node.Bytes(g.Rand, false))
			if err != nil {
				t.Fatalf("%s: %v\n%s", found.op, err, doc)
			}
			var b bytes.Buffer
			if err := xml.NewEncoder(&b).EncodeElement(writable(req), xml.StartElement{Name: xml.Name{Local: found.node.Name}}); err != nil {
				t.Fatalf("%s: %v\n%s", found.op, err, doc)
			}
			compareLeaves(t, found.op, found.node.Bytes(g.Rand, false), b.Bytes())
		}
	}
}

func TestNothingIsLostOfAnswersOfTheGrammar(t *testing.T) {
	g := newGenerator(t)
	table := map[string]operation{}
	for _, o := range allOperations() {
		table[o.String()] = o
	}
	for range 20 * *rounds {
		packet := randomPacket(g.Rand, schema.Response())
		found := operationsOf(packet, table)
		var calls []xmlapi.Caller
		for _, f := range found {
			calls = append(calls, f.op.Call(reflect.Zero(f.op.Request).Interface()))
		}
		doc := packet.Bytes(g.Rand, false)
		if err := xmlapi.Decode(bytes.NewReader(doc), calls...); err != nil {
			t.Fatalf("%v\n%s", err, doc)
		}
		for i, f := range found {
			var b bytes.Buffer
			e := xml.NewEncoder(&b)
			results := reflect.ValueOf(f.op.results(calls[i]))
			name := "result"
			if unwrapped(f.op.Result) {
				name = f.node.Name
			}
			for n := range results.Len() {
				if err := e.EncodeElement(results.Index(n).Interface(), xml.StartElement{Name: xml.Name{Local: name}}); err != nil {
					t.Fatalf("%s: %v\n%s", f.op, err, doc)
				}
			}
			have := b.Bytes()
			if !unwrapped(f.op.Result) {
				have = fmt.Appendf(nil, "<%s>%s</%s>", f.node.Name, have, f.node.Name)
			}
			compareLeaves(t, f.op, f.node.Bytes(g.Rand, false), have)
		}
	}
}

// randomPacket makes a packet of the operators that have types here; in an answer, not the refusal of a packet, and nothing that no
// request can ask for.
func randomPacket(rnd *rand.Rand, s *schema.Schema) *schematest.Node {
	for {
		p := schematest.Packet(rnd, s, schematest.Options{Operators: sortedOperators(), Size: 80})
		p.Children = slices.DeleteFunc(p.Children, func(n *schematest.Node) bool {
			n.Children = slices.DeleteFunc(n.Children, func(o *schematest.Node) bool { return unasked[n.Name+"/"+o.Name] })
			for _, o := range n.Children {
				if n.Name == "server" && o.Name == "get" {
					onceEach(o)
				}
			}
			return n.Name == "request-settings" || len(n.Children) == 0
		})
		if len(p.Children) > 0 && p.Children[0].Name != "system" {
			return p
		}
	}
}

// onceEach keeps only the first of each block in the answer of server/get: the grammar, a repeated choice there, lets a server
// answer a block more often than it was asked for. There may be several licence keys.
func onceEach(get *schematest.Node) {
	for _, result := range get.Children {
		seen := map[string]bool{}
		result.Children = slices.DeleteFunc(result.Children, func(block *schematest.Node) bool {
			again := seen[block.Name] && block.Name != "key"
			seen[block.Name] = true
			return again
		})
	}
}

// unasked are the operations of the response grammar that the request grammar does not have.
var unasked = map[string]bool{"service-plan-addon/enable-aps-filter": true, "service-plan-addon/disable-aps-filter": true}

type foundOperation struct {
	op   operation
	node *schematest.Node
}

// operationsOf lists the operations of a packet in order.
func operationsOf(packet *schematest.Node, table map[string]operation) []foundOperation {
	var out []foundOperation
	for _, operator := range packet.Children {
		for _, n := range operator.Children {
			if o, ok := table[operator.Name+"/"+n.Name]; ok {
				out = append(out, foundOperation{o, n})
				continue
			}
			for _, nested := range n.Children {
				if o, ok := table[operator.Name+"/"+n.Name+"/"+nested.Name]; ok {
					out = append(out, foundOperation{o, nested})
				}
			}
		}
	}
	return out
}

// writable makes a request that a server received writable again: a Filter for everything can be read but not written.
func writable(req any) any {
	v := reflect.New(reflect.TypeOf(req)).Elem()
	v.Set(reflect.ValueOf(req))
	f := v.FieldByName("Filter")
	if f.IsValid() && f.Type() == reflect.TypeFor[xmlapi.Filter]() {
		if kind := f.Interface().(xmlapi.Filter).Kind(); kind == "" || kind == xmlapi.KindAll {
			f.Set(reflect.ValueOf(xmlapi.By("nothing", "")))
		}
	}
	return v.Interface()
}

// compareLeaves checks that every element with content is in both documents. What the types leave out when it is empty or
// zero, and marker elements, which have no content, are left to the structural test.
func compareLeaves(t *testing.T, o operation, want, have []byte) {
	t.Helper()
	w, h := leaves(t, want), leaves(t, have)
	if o.Operator == "webspace" && (o.Name == "add" || o.Name == "set") {
		w, h = withoutGenSetup(w), withoutGenSetup(h) // the grammar lets each of its elements repeat
	}
	if !slices.Equal(w, h) {
		t.Fatalf("%s:\nreceived %s\nwritten  %s\nreceived %q\nwritten  %q", o, want, have, w, h)
	}
}

func withoutGenSetup(leaves []string) []string {
	return slices.DeleteFunc(leaves, func(s string) bool { return strings.Contains(s, "/gen_setup/") })
}

// leaves lists the elements with text, with their paths, in one spelling and order.
func leaves(t *testing.T, doc []byte) []string {
	t.Helper()
	var out, path []string
	text := ""
	d := xml.NewDecoder(bytes.NewReader(doc))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			slices.Sort(out)
			return out
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, doc)
		}
		switch token := token.(type) {
		case xml.StartElement:
			path, text = append(path, token.Name.Local), ""
		case xml.CharData:
			text += string(token)
		case xml.EndElement:
			if s := spelling(text); s != "" {
				out = append(out, strings.Join(path, "/")+"="+s)
			}
			path, text = path[:len(path)-1], ""
		}
	}
}

// spelling gives equal values one spelling, and those that can be absent an empty one.
func spelling(s string) string {
	s = strings.TrimSpace(s)
	if f, err := strconv.ParseFloat(s, 64); err == nil && (f == math.Trunc(f) || math.IsInf(f, 0)) {
		s = strconv.FormatFloat(f, 'f', -1, 64)
	}
	switch s {
	case "0", "false":
		return ""
	case "true":
		return "1"
	}
	return s
}
