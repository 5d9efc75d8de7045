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
func (p callParts) decode(r *reader) error {
	var err error
	_, nested, isPath := strings.Cut(p.op.name, "/")
	switch {
	case r.name.Local == resultElement || p.unwrapped():
		err = p.decodeResult(r)
	case isPath:
		err = p.decodeNested(r, nested)
	default:
		err = p.decodeResults(r)
	}
	if err != nil {
		return err
	}
	p.fail(nil)
	return p.checkStatus()
}

const resultElement = "result"

// decodeNested reads the one operation that the current element holds, up to that element's end.
func (p callParts) decodeNested(r *reader, name string) error {
	some, err := r.child()
	if err != nil {
		return err
	}
	if !some || r.name.Local != name {
		return fmt.Errorf("no %s in the answer", name)
	}
	if err := p.decodeResults(r); err != nil {
		return err
	}
	if more, err := r.child(); err != nil || more {
		return errors.Join(fmt.Errorf("more than %s in the answer", name), err)
	}
	return nil
}

// decodeResults reads the results up to the end of the current element.
func (p callParts) decodeResults(r *reader) error {
	for {
		some, err := r.child()
		if err != nil || !some {
			return err
		}
		if r.name.Local != resultElement {
			err = r.skip()
		} else {
			err = p.decodeResult(r)
		}
		if err != nil {
			return err
		}
	}
}

// decodeResult appends one result.
func (p callParts) decodeResult(r *reader) error { return r.into(reflect.ValueOf(p.results).Elem()) }

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
