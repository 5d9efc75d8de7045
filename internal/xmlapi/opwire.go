// A call on the wire: its request into the operation's element, the answer's results out of it.

package xmlapi

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

var errNotAnswered = errors.New("not answered")

// reset forgets an earlier answer.
func (p callParts) reset() {
	reflect.ValueOf(p.results).Elem().SetZero()
	p.fail(newFailure(p.op, Transient, errNotAnswered))
}

// check returns what encode would refuse.
func (p callParts) check() error { return p.encode(xml.NewEncoder(io.Discard)) }

func (p callParts) encode(e *xml.Encoder) error {
	if err := checkValue(p.request); err != nil {
		return err
	}
	if p.op.name == "" {
		return nil
	}
	outer, name, nested := strings.Cut(p.op.name, "/")
	if !nested {
		return e.EncodeElement(p.request, xml.StartElement{Name: xml.Name{Local: outer}})
	}
	start := xml.StartElement{Name: xml.Name{Local: outer}}
	if err := e.EncodeToken(start); err != nil {
		return err
	}
	if err := e.EncodeElement(p.request, xml.StartElement{Name: xml.Name{Local: name}}); err != nil {
		return err
	}
	return e.EncodeToken(start.End())
}

// decode reads the operation's element, or one result that stands directly in the operator's element.
func (p callParts) decode(d *xml.Decoder, start xml.StartElement) error {
	var err error
	_, nested, isPath := strings.Cut(p.op.name, "/")
	switch {
	case start.Name.Local == resultElement || p.unwrapped():
		err = p.decodeResult(d, start)
	case isPath:
		err = p.decodeNested(d, nested)
	default:
		err = p.decodeResults(d)
	}
	if err != nil {
		return err
	}
	p.fail(nil)
	return p.checkStatus()
}

const resultElement = "result"

// decodeNested reads the one operation that the current element holds, up to that element's end.
func (p callParts) decodeNested(d *xml.Decoder, name string) error {
	start, err := nextStart(d)
	if err != nil {
		return err
	}
	if start == nil || start.Name.Local != name {
		return fmt.Errorf("no %s in the answer", name)
	}
	if err := p.decodeResults(d); err != nil {
		return err
	}
	if more, err := nextStart(d); err != nil || more != nil {
		return errors.Join(fmt.Errorf("more than %s in the answer", name), err)
	}
	return nil
}

// decodeResults reads the results up to the end of the current element.
func (p callParts) decodeResults(d *xml.Decoder) error {
	for {
		start, err := nextStart(d)
		if err != nil || start == nil {
			return err
		}
		if start.Name.Local != resultElement {
			err = d.Skip()
		} else {
			err = p.decodeResult(d, *start)
		}
		if err != nil {
			return err
		}
	}
}

// decodeResult appends one result.
func (p callParts) decodeResult(d *xml.Decoder, start xml.StartElement) error {
	results := reflect.ValueOf(p.results).Elem()
	results.Grow(1)
	results.SetLen(results.Len() + 1)
	last := results.Index(results.Len() - 1)
	last.SetZero() // the room of an earlier answer may be used again
	return d.DecodeElement(last.Addr().Interface(), &start)
}

// unwrapped reports whether the results have no element of their own.
func (p callParts) unwrapped() bool {
	return reflect.TypeOf(p.results).Elem().Elem().Implements(reflect.TypeFor[unwrapper]())
}

func (p callParts) checkStatus() error {
	for at := range p.count() {
		if s := p.result(at).Outcome().Status; s != StatusOK && s != StatusError {
			return fmt.Errorf("%s/%s: result/status is %q", p.op.operator, p.op.name, s)
		}
	}
	return nil
}
