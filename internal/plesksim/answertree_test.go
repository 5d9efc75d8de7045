// Answers as trees, and what requests and answers must have in common: operators and operations, in order.

package plesksim

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema/schematest"
)

// element is a part of an answer.
type element struct {
	name     string
	words    string
	children []*element
}

// tree reads an answer and returns the operators in it.
func tree(t *testing.T, answer []byte) []*element {
	t.Helper()
	root := &element{}
	path := []*element{root}
	d := xml.NewDecoder(bytes.NewReader(answer))
	for {
		token, err := d.Token()
		if err != nil {
			break
		}
		top := path[len(path)-1]
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name.Local}
			top.children = append(top.children, e)
			path = append(path, e)
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			top.words += string(token)
		}
	}
	if len(root.children) != 1 || len(root.children[0].children) == 0 {
		t.Fatal("no packet in the answer")
	}
	return root.children[0].children
}

// operationsIn are the operations in an operator's element: those inside others with their paths, and of the operator that has
// none the element itself.
func (s *Server) operationsIn(e *element) []*element {
	if _, itself := s.operations[opName{e.name, ""}]; itself {
		return []*element{{children: e.children}}
	}
	var out []*element
	for _, o := range e.children {
		if !s.nests[opName{e.name, o.name}] {
			out = append(out, o)
			continue
		}
		for _, inner := range o.children {
			out = append(out, &element{name: o.name + "/" + inner.name, children: inner.children})
		}
	}
	return out
}

// text is all that an element says, its statuses in pointed brackets.
func (e *element) text() string {
	if e.name == "status" {
		return "<" + e.words + ">"
	}
	out := e.words
	for _, c := range e.children {
		out += " " + c.text()
	}
	return out
}

// shape lists operators and their operations in order.
func (s *Server) shape(operators []*element) string {
	var out strings.Builder
	for _, operator := range operators {
		fmt.Fprintf(&out, "%s(", operator.name)
		for _, o := range s.operationsIn(operator) {
			out.WriteString(" " + o.name)
		}
		out.WriteString(" ) ")
	}
	return out.String()
}

// asked is what the tree of the answer to a packet must begin with.
func asked(packet *schematest.Node) []*element {
	var operators []*element
	for _, operator := range packet.Children {
		if operator.Name == "" || operator.Name == "request-settings" {
			continue
		}
		e := &element{name: operator.Name}
		for _, o := range operator.Children {
			child := &element{name: o.Name}
			for _, inner := range o.Children {
				child.children = append(child.children, &element{name: inner.Name})
			}
			e.children = append(e.children, child)
		}
		operators = append(operators, e)
	}
	return operators
}

// namesIn are the operations of a packet.
func (s *Server) namesIn(packet *schematest.Node) []opName {
	var names []opName
	for _, operator := range asked(packet) {
		for _, o := range s.operationsIn(operator) {
			names = append(names, opName{operator.name, o.name})
		}
	}
	return names
}

// outcomes counts what came of each operation: answers with a success in them, and all.
type outcomes map[opName]*[2]int

func (o outcomes) note(name opName, text string) {
	if o[name] == nil {
		o[name] = &[2]int{}
	}
	o[name][1]++
	if isSuccess(text) {
		o[name][0]++
	}
}

// isSuccess tells of the text of an operation's answer whether anything in it succeeded: some answers have no status.
func isSuccess(text string) bool {
	return strings.Contains(text, "<ok>") || !strings.Contains(text, "<error>")
}

// log tells how much was reached.
func (o outcomes) log(t *testing.T, names []opName) {
	t.Helper()
	total, succeeded, never := 0, 0, []string{}
	for _, name := range names {
		n := o[name]
		if n == nil {
			t.Errorf("%s was never answered", name)
			continue
		}
		total, succeeded = total+n[1], succeeded+n[0]
		if n[0] == 0 {
			never = append(never, name.String())
		}
	}
	t.Logf("%d operations answered, %d of them with a success, %d kinds; never with a success: %v", total, succeeded, len(o), never)
}
