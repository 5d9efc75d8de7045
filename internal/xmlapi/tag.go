// Tags of an XML document: names, attributes, references.

package xmlapi

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

func (r *reader) startTag() (tokenKind, error) {
	name, err := r.readName()
	if err != nil {
		return 0, err
	}
	if len(r.open) == maxDepth {
		return 0, malformed("nested deeper than %d elements", maxDepth)
	}
	r.attrs = nil
	attributes := 0
	for {
		c, err := r.blanks()
		if err != nil {
			return 0, err
		}
		if c == '/' {
			r.pos++
			if c, err = r.within(); err != nil || c != '>' {
				return 0, errors.Join(malformed("a slash within a tag"), err)
			}
			r.empty = true
		}
		if c == '>' {
			r.pos++
			break
		}
		if err := r.attribute(); err != nil {
			return 0, err
		}
		last := r.attrs[len(r.attrs)-1]
		attributes += len(last.Name.Space) + len(last.Name.Local) + len(last.Value)
		if len(r.attrs) > maxAttributes || attributes > maxAttributeBytes {
			return 0, malformed("a tag with more than %d attributes or %d bytes of them", maxAttributes, maxAttributeBytes)
		}
	}
	r.name = name
	r.open = append(r.open, name)
	return tokenStart, nil
}

func (r *reader) endTag() (tokenKind, error) {
	r.pos++
	name, err := r.readName()
	if err != nil {
		return 0, err
	}
	if c, err := r.blanks(); err != nil || c != '>' {
		return 0, errors.Join(malformed("an end tag that does not end"), err)
	}
	r.pos++
	if len(r.open) == 0 || r.open[len(r.open)-1] != name {
		return 0, malformed("</%s> ends no element", name.Local)
	}
	return r.closed()
}

// closed ends the innermost element.
func (r *reader) closed() (tokenKind, error) {
	last := len(r.open) - 1
	r.name, r.open = r.open[last], r.open[:last]
	for len(r.bound) > 0 && r.bound[len(r.bound)-1].depth >= last {
		r.bound = r.bound[:len(r.bound)-1]
	}
	return tokenEnd, nil
}

// blanks skips whitespace and returns the byte that follows, still unread.
func (r *reader) blanks() (byte, error) {
	for {
		c, err := r.within()
		if err != nil || c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c, err
		}
		r.pos++
	}
}

func (r *reader) attribute() error {
	name, err := r.readName()
	if err != nil {
		return err
	}
	if c, err := r.blanks(); err != nil || c != '=' {
		return errors.Join(malformed("an attribute without a value"), err)
	}
	r.pos++
	quote, err := r.blanks()
	if err != nil || quote != '"' && quote != '\'' {
		return errors.Join(malformed("a value without quotes"), err)
	}
	r.pos++
	if err := r.characters(quote); err != nil {
		return err
	}
	r.pos++
	a := xml.Attr{Name: name, Value: string(r.text)}
	r.attrs = append(r.attrs, a)
	if name.Space == "xmlns" || name.Space == "" && name.Local == "xmlns" {
		r.bound = append(r.bound, binding{a, len(r.open)})
	}
	return nil
}

// readName reads a name; equal ones are allocated once.
func (r *reader) readName() (xml.Name, error) {
	r.mark = r.pos
	for {
		c, err := r.within()
		if err != nil {
			return xml.Name{}, err
		}
		if !isNameByte(c) {
			break
		}
		if r.pos++; r.pos-r.mark > maxNameBytes {
			return xml.Name{}, malformed("a name of more than %d bytes", maxNameBytes)
		}
	}
	written := r.buf[r.mark:r.pos]
	if name, known := r.names[string(written)]; known {
		return name, nil
	}
	if !isName(written) || bytes.Count(written, []byte(":")) > 1 {
		return xml.Name{}, malformed("%q is not a name", written)
	}
	name := xml.Name{Local: string(written)}
	if prefix, local, ok := strings.Cut(name.Local, ":"); ok && prefix != "" && local != "" {
		name = xml.Name{Space: prefix, Local: local}
	}
	if len(r.names) < maxKnownNames {
		r.names[string(written)] = name
	}
	return name, nil
}

func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.' || c == ':' || c >= utf8.RuneSelf
}

func isName(name []byte) bool {
	for i, c := range string(name) {
		switch {
		case c == utf8.RuneError:
			return false
		case unicode.IsLetter(c) || c == '_' || c == ':':
		case i == 0 || c >= utf8.RuneSelf && !unicode.IsDigit(c) && !unicode.IsMark(c) && c != '·':
			return false
		}
	}
	return len(name) > 0
}

var entities = map[string]rune{"lt": '<', "gt": '>', "amp": '&', "apos": '\'', "quot": '"'}

// reference reads a reference, which begins with '&', and appends its character to joint.
func (r *reader) reference() error {
	r.pos++
	for {
		c, err := r.within()
		switch {
		case err != nil:
			return err
		case c == ';':
			char, ok := referred(string(r.buf[r.mark+1 : r.pos]))
			if !ok || !xmlChar(char) {
				return malformed("reference &%s;", r.buf[r.mark+1:r.pos])
			}
			r.joint = utf8.AppendRune(r.joint, char)
			r.pos++
			r.mark = r.pos
			return nil
		case !isNameByte(c) && c != '#', r.pos-r.mark > len("&#x10FFFF")+8: // some leading zeros are allowed
			return malformed("an ampersand that begins no reference")
		}
		r.pos++
	}
}

func referred(name string) (rune, bool) {
	number, isNumber := strings.CutPrefix(name, "#")
	if !isNumber {
		char, ok := entities[name]
		return char, ok
	}
	base := 10
	if hex, isHex := strings.CutPrefix(number, "x"); isHex {
		number, base = hex, 16
	}
	n, err := strconv.ParseUint(number, base, 21)
	return rune(n), err == nil // 21 bits
}

// foreign has a type read the current element by its own method.
func (r *reader) foreign(v xml.Unmarshaler) error {
	start := xml.StartElement{Name: r.name}
	for _, b := range r.bound { // those around the element too
		start.Attr = append(start.Attr, b.Attr)
	}
	for _, a := range r.attrs {
		if a.Name.Space != "xmlns" && (a.Name.Space != "" || a.Name.Local != "xmlns") {
			start.Attr = append(start.Attr, a)
		}
	}
	return xml.NewTokenDecoder(&tokens{reader: r, first: &start}).Decode(v)
}

// foreignElement is roughly the memory that a type which reads elements of any name needs for each.
const foreignElement = 256

// tokens presents a reader to encoding/xml, beginning with an element whose start tag has been read.
type tokens struct {
	*reader
	first *xml.StartElement
}

func (t *tokens) Token() (xml.Token, error) {
	if t.first != nil {
		start := *t.first
		t.first = nil
		return start, nil
	}
	kind, err := t.next()
	switch {
	case err != nil:
		return nil, err
	case kind == tokenStart:
		if err := t.src.spend(foreignElement); err != nil {
			return nil, err
		}
		return xml.StartElement{Name: t.name, Attr: t.attrs}, nil
	case kind == tokenEnd:
		return xml.EndElement{Name: t.name}, nil
	case kind == tokenText:
		if err := t.src.spend(len(t.text)); err != nil {
			return nil, err
		}
		return xml.CharData(t.text), nil
	}
	return nil, io.EOF
}
