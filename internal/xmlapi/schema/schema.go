// Package schema validates packets of protocol 1.6.9.1 against the published grammar, with the
// verdicts, lines and words of the server's own validator (libxml2). It serves the simulator and
// the tests; the manager never imports it.
//
// It is stricter than libxml2 on purpose in four things that no packet needs: document types,
// encodings other than UTF-8, xsi:type, and a descriptor as the root of a document.
package schema

import (
	_ "embed"
	"fmt"
	"sync"
)

//go:embed xsd/agent_input.xsd
var requestXSD []byte

//go:embed xsd/agent_output.xsd
var responseXSD []byte

var (
	request  = sync.OnceValue(func() *Schema { return mustCompile(requestXSD) })
	response = sync.OnceValue(func() *Schema { return mustCompile(responseXSD) })
)

// Schema is a compiled grammar. It is safe for concurrent use.
type Schema struct {
	root    *Element            // the packet
	globals map[string]*Element // every global declaration: untyped content is checked against them
	names   map[string]nameID   // the element names of the grammar
	idle    sync.Pool           // of *validator
}

// Request returns the grammar of the packets that a client sends. It is compiled once.
func Request() *Schema { return request() }

// Response returns the grammar of the packets that the server answers. It is compiled once.
func Response() *Schema { return response() }

// Error is the first violation in a document.
type Error struct {
	Line    int    // of the end of the start tag that the message is about
	Message string // libxml2's words, for example "Element 'id': ..."
}

// Error returns the tail that the server prints after "Parser error: Request is invalid. "
// (protocol-core §9.2).
func (e *Error) Error() string { return fmt.Sprintf("Error in line %d: %s", e.Line, e.Message) }

// Validate checks that doc is one well-formed packet of the grammar. The error is nil or an
// *Error. A document that is not well-formed is reported as such even where an element before the
// damage is invalid, because the server parses the whole document before it validates.
func (s *Schema) Validate(doc []byte) error {
	v := s.borrow()
	defer v.release()
	if err := scan(doc, v); err != nil {
		return err
	}
	if v.err != nil {
		return v.err
	}
	return nil
}

func mustCompile(xsd []byte) *Schema {
	s, err := compile(xsd, "packet")
	if err != nil {
		panic("embedded grammar: " + err.Error())
	}
	return s
}
