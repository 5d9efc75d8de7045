// The packet: writing calls into a request document, reading an answer back into them, within bounds.

package xmlapi

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// Encode writes a request packet. An empty version omits the attribute: the server then uses its newest protocol.
// Every call gets an operator element of its own, which is valid for all operators and is answered in kind.
func Encode(version string, calls ...Caller) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	packet := xml.StartElement{Name: xml.Name{Local: "packet"}}
	if version != "" {
		packet.Attr = []xml.Attr{{Name: xml.Name{Local: "version"}, Value: version}}
	}
	if err := e.EncodeToken(packet); err != nil {
		return nil, err
	}
	for _, c := range calls {
		operator := xml.StartElement{Name: xml.Name{Local: c.Operator()}}
		if err := e.EncodeToken(operator); err != nil {
			return nil, err
		}
		if err := c.parts().encode(e); err != nil {
			return nil, &Error{Class: Invalid, Operator: c.Operator(), Operation: c.Operation(), Err: err}
		}
		if err := e.EncodeToken(operator.End()); err != nil {
			return nil, err
		}
	}
	if err := e.EncodeToken(packet.End()); err != nil {
		return nil, err
	}
	if err := e.Close(); err != nil { // before Bytes: it writes what the encoder still holds
		return nil, err
	}
	return b.Bytes(), nil
}

// errUnreadable marks answers that are not a packet: not XML, cut off, or not the answer to what was asked.
var errUnreadable = errors.New("unreadable answer")

// errTooLarge marks answers beyond the limit.
var errTooLarge = errors.New("answer larger than")

// Decode reads an answer into the calls of its request. It returns an *Error with System set when the server refused the
// packet as a whole, and an error that wraps errUnreadable when the document is not an answer to these calls.
func Decode(answer io.Reader, calls ...Caller) error {
	return decode(&allowance{from: answer, limit: DefaultMaxAnswerBytes}, calls)
}

// decode is Decode within what is allowed.
func decode(answer *allowance, calls []Caller) error {
	err := decodePacket(newReader(answer), calls)
	if err != nil && answer.read == answer.limit {
		return fmt.Errorf("%w %d bytes", errTooLarge, answer.limit)
	}
	return err
}

func decodePacket(r *reader, calls []Caller) error {
	root, err := r.child()
	if err == nil && !root {
		err = io.EOF
	}
	if err != nil || r.name.Local != "packet" {
		return unreadable("no packet element", err)
	}
	for _, c := range calls {
		c.parts().reset()
	}
	pending := calls
	for {
		operator, err := r.child()
		switch {
		case err != nil:
			return unreadable("packet", err)
		case !operator:
			if len(pending) > 0 {
				return unreadable(fmt.Sprintf("%d operations were not answered", len(pending)), nil)
			}
			return expectEnd(r)
		case r.name.Local == "system":
			if len(pending) < len(calls) {
				return unreadable("system after an operator", nil) // a System error would claim that nothing was executed
			}
			return decodeSystem(r)
		case r.name.Local == "output":
			if err := r.skip(); err != nil {
				return unreadable("output", err)
			}
			continue
		}
		if pending, err = decodeOperator(r, r.name.Local, pending); err != nil {
			return err
		}
	}
}

// decodeOperator reads the operation elements of one operator element; answers come in request order. Old documentation
// shows answers whose results stand directly in the operator's element; they all belong to one operation.
func decodeOperator(r *reader, operator string, pending []Caller) ([]Caller, error) {
	direct := false
	for {
		some, err := r.child()
		if err != nil {
			return nil, unreadable(operator, err)
		}
		if !some {
			if !direct && len(pending) > 0 && pending[0].Operator() == operator && pending[0].Operation() == "" {
				pending[0].parts().fail(nil) // the operator's element is the answer, and holds no result
				direct = true
			}
			if direct {
				pending = pending[1:]
			}
			return pending, nil
		}
		name := r.name.Local
		if direct && name != resultElement {
			return nil, unreadable(fmt.Sprintf("%s beside results in %s", name, operator), nil)
		}
		direct = name == resultElement
		if len(pending) == 0 {
			return nil, unreadable(fmt.Sprintf("unexpected answer to %s/%s", operator, name), nil)
		}
		c := pending[0]
		outer, _, _ := strings.Cut(c.Operation(), "/")
		if c.Operator() != operator || outer != name && !direct {
			return nil, unreadable(fmt.Sprintf("%s/%s answers %s/%s", operator, name, c.Operator(), c.Operation()), nil)
		}
		if err := c.parts().decode(r); err != nil {
			return nil, unreadable(operator+"/"+name, err)
		}
		if !direct {
			pending = pending[1:]
		}
	}
}

func decodeSystem(r *reader) error {
	var s Result
	if err := r.into(reflect.ValueOf(&s)); err != nil {
		return unreadable("system", err)
	}
	if s.Status != StatusError {
		return unreadable(fmt.Sprintf("system/status is %q", s.Status), nil)
	}
	return &Error{Class: Classify(s.Code), Code: s.Code, Text: s.Text, System: true}
}

func expectEnd(r *reader) error {
	for {
		kind, err := r.next()
		switch {
		case err != nil:
			return unreadable("after the packet", err)
		case kind == tokenEOF:
			return nil
		case kind != tokenText || len(bytes.TrimSpace(r.text)) > 0:
			return unreadable("content after the packet", nil)
		}
	}
}

func unreadable(what string, err error) error {
	if err == nil {
		return fmt.Errorf("%w: %s", errUnreadable, what)
	}
	return fmt.Errorf("%w: %s: %w", errUnreadable, what, err)
}
