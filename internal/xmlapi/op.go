// Operations and calls: an operation is declared once per protocol operation, a call is one use of it in a packet.

package xmlapi

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Doer sends one packet that holds the calls, in order. The error is nil or an *Error that concerns the packet
// as a whole; the outcome of each operation is then asked of its call.
type Doer interface {
	Do(ctx context.Context, calls ...Caller) error
}

// Caller is a call of any operation; only Call implements it.
type Caller interface {
	Operator() string
	Operation() string
	// Writes reports whether the operation can change something on the server.
	Writes() bool

	encode(e *xml.Encoder) error
	check() error // what encode would refuse
	reset()       // forgets an earlier answer
	decode(d *xml.Decoder, start xml.StartElement) error
	fail(err *Error)
}

// Operation is one operation of the protocol with the types of its request and of one result. The name is the
// operation's element; where that element only holds further operations it is a path, e.g. "db-servers/list". It is empty
// for an operator without operations, whose element is the whole operation; such a request has no fields.
type Operation[Req any, Res Outcomer] struct {
	operator, name string
	writes         bool
}

// Read declares an operation that changes nothing.
func Read[Req any, Res Outcomer](operator, name string) Operation[Req, Res] {
	return Operation[Req, Res]{operator: operator, name: name}
}

// Write declares an operation that can change something.
func Write[Req any, Res Outcomer](operator, name string) Operation[Req, Res] {
	return Operation[Req, Res]{operator: operator, name: name, writes: true}
}

// Operator returns the operator's element name.
func (o Operation[Req, Res]) Operator() string { return o.operator }

// Name returns the operation's element name, or its path of two.
func (o Operation[Req, Res]) Name() string { return o.name }

// Writes reports whether the operation can change something on the server.
func (o Operation[Req, Res]) Writes() bool { return o.writes }

// Call prepares one use of the operation.
func (o Operation[Req, Res]) Call(req Req) *Call[Req, Res] {
	return &Call[Req, Res]{op: o, Request: req, err: &Error{
		Class: Transient, Operator: o.operator, Operation: o.name, Err: errors.New("not sent"),
	}}
}

// One sends the operation alone and returns its single result. Nothing matched is an Error of class NotFound.
func (o Operation[Req, Res]) One(ctx context.Context, d Doer, req Req) (Res, error) {
	c := o.Call(req)
	if err := d.Do(ctx, c); err != nil {
		var none Res
		return none, err
	}
	return c.One()
}

// All sends the operation alone and returns its results; see Call.All.
func (o Operation[Req, Res]) All(ctx context.Context, d Doer, req Req) ([]Res, error) {
	c := o.Call(req)
	if err := d.Do(ctx, c); err != nil {
		return nil, err
	}
	return c.All()
}

// Call is one use of an operation: its request and, after Do, its results.
type Call[Req any, Res Outcomer] struct {
	op      Operation[Req, Res]
	Request Req
	Results []Res // as received, those that failed included
	err     *Error
}

// Operator returns the operator's element name.
func (c *Call[Req, Res]) Operator() string { return c.op.operator }

// Operation returns the operation's element name.
func (c *Call[Req, Res]) Operation() string { return c.op.name }

// Writes reports whether the operation can change something on the server.
func (c *Call[Req, Res]) Writes() bool { return c.op.writes }

// One returns the single result. No result, a bare ok and 1013 are one "none": an Error of class NotFound.
func (c *Call[Req, Res]) One() (Res, error) {
	var none Res
	all, err := c.All()
	switch {
	case err != nil:
		return none, err
	case len(all) == 1:
		return all[0], nil
	case len(all) > 1:
		return none, &Error{Class: Transient, Operator: c.op.operator, Operation: c.op.name,
			Err: fmt.Errorf("the server answered %d results where one was expected", len(all))}
	}
	for _, r := range c.Results {
		if err := c.failure(r); err != nil {
			return none, err
		}
	}
	return none, &Error{Class: NotFound, Operator: c.op.operator, Operation: c.op.name, Err: ErrNone}
}

// All returns the results that hold an object. Results that say "not found" or are a bare ok are left out;
// any other failed result is the error.
func (c *Call[Req, Res]) All() ([]Res, error) {
	if c.err != nil {
		return nil, c.err
	}
	var found []Res
	for _, r := range c.Results {
		if err := c.failure(r); err != nil {
			if err.Class == NotFound {
				continue
			}
			return nil, err
		}
		if e, ok := any(r).(Emptier); ok && e.Empty() {
			continue
		}
		found = append(found, r)
	}
	return found, nil
}

// Err returns the first failure among the results, NotFound included; nil when all are ok.
func (c *Call[Req, Res]) Err() error {
	if c.err != nil {
		return c.err
	}
	for _, r := range c.Results {
		if err := c.failure(r); err != nil {
			return err
		}
	}
	return nil
}

func (c *Call[Req, Res]) failure(r Res) *Error {
	out := r.Outcome()
	if out.Status == StatusOK {
		return nil
	}
	return &Error{Class: Classify(out.Code), Code: out.Code, Text: out.Text, Operator: c.op.operator, Operation: c.op.name}
}

func (c *Call[Req, Res]) fail(err *Error) { c.err = err }

func (c *Call[Req, Res]) reset() {
	c.Results = nil
	c.err = &Error{Class: Transient, Operator: c.op.operator, Operation: c.op.name, Err: errors.New("not answered")}
}

func (c *Call[Req, Res]) check() error { return c.encode(xml.NewEncoder(io.Discard)) }

func (c *Call[Req, Res]) encode(e *xml.Encoder) error {
	if err := checkValue(c.Request); err != nil {
		return err
	}
	if c.op.name == "" {
		return nil
	}
	outer, name, nested := strings.Cut(c.op.name, "/")
	if !nested {
		return e.EncodeElement(c.Request, xml.StartElement{Name: xml.Name{Local: outer}})
	}
	start := xml.StartElement{Name: xml.Name{Local: outer}}
	if err := e.EncodeToken(start); err != nil {
		return err
	}
	if err := e.EncodeElement(c.Request, xml.StartElement{Name: xml.Name{Local: name}}); err != nil {
		return err
	}
	return e.EncodeToken(start.End())
}

// decode reads the operation's element, or one result that stands directly in the operator's element.
func (c *Call[Req, Res]) decode(d *xml.Decoder, start xml.StartElement) error {
	var err error
	_, nested, isPath := strings.Cut(c.op.name, "/")
	switch {
	case start.Name.Local == "result" || isUnwrapped[Res]():
		var r Res
		err = d.DecodeElement(&r, &start)
		c.Results = append(c.Results, r)
	case isPath:
		err = c.decodeNested(d, nested)
	default:
		c.Results, err = decodeResults[Res](d, start)
	}
	if err != nil {
		return err
	}
	c.err = nil
	return c.checkStatus()
}

// decodeNested reads the one operation that the current element holds, up to that element's end.
func (c *Call[Req, Res]) decodeNested(d *xml.Decoder, name string) error {
	start, err := nextStart(d)
	if err != nil {
		return err
	}
	if start == nil || start.Name.Local != name {
		return fmt.Errorf("no %s in the answer", name)
	}
	if c.Results, err = decodeResults[Res](d, *start); err != nil {
		return err
	}
	if more, err := nextStart(d); err != nil || more != nil {
		return errors.Join(fmt.Errorf("more than %s in the answer", name), err)
	}
	return nil
}

func decodeResults[Res Outcomer](d *xml.Decoder, start xml.StartElement) ([]Res, error) {
	var answer struct {
		Results []Res `xml:"result"`
	}
	err := d.DecodeElement(&answer, &start)
	return answer.Results, err
}

func isUnwrapped[Res Outcomer]() bool {
	var r Res
	_, ok := any(r).(unwrapper)
	return ok
}

func (c *Call[Req, Res]) checkStatus() error {
	for _, r := range c.Results {
		if s := r.Outcome().Status; s != StatusOK && s != StatusError {
			return fmt.Errorf("%s/%s: result/status is %q", c.op.operator, c.op.name, s)
		}
	}
	return nil
}
