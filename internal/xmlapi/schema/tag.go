// Reading tags: names, attributes and namespaces.
package schema

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

const xmlNamespace = "http://www.w3.org/XML/1998/namespace"

func (s *scanner) startTag() {
	start := s.line
	s.skip(1)
	name := s.name()
	if name == "" {
		s.fail("StartTag: invalid element name")
	}
	if len(s.open) >= maxDepth {
		s.fail("Excessive depth in document: %d use XML_PARSE_HUGE option", maxDepth)
	}
	bound := len(s.bindings)
	s.attributes()
	space, local := s.resolve(name, true)
	line := s.line
	for i := range s.attrs {
		s.attrs[i].space, s.attrs[i].local = s.resolve(s.attrs[i].local, false)
	}
	s.h.startElement(space, local, s.attrs, line)
	if s.has("/>") {
		s.skip(2)
		s.bindings = s.bindings[:bound]
		s.h.endElement()
		return
	}
	if !s.has(">") {
		s.fail("Couldn't find end of Start Tag %s line %d", localName(name), start)
	}
	s.skip(1)
	s.open = append(s.open, openTag{name: name, line: start, bindings: bound})
}

func (s *scanner) endTag() {
	s.skip(2)
	tag := s.open[len(s.open)-1]
	name := s.name()
	s.blanks()
	if !s.has(">") {
		s.fail("expected '>'")
	}
	s.skip(1)
	if name != tag.name {
		if name == "" {
			name = "unparsable"
		}
		if localName(tag.name) != tag.name {
			name = localName(name)
		}
		s.fail("Opening and ending tag mismatch: %s line %d and %s", localName(tag.name), tag.line, name)
	}
	s.open = s.open[:len(s.open)-1]
	s.bindings = s.bindings[:tag.bindings]
	s.h.endElement()
}

// attributes reads the attributes of a tag; namespace declarations become bindings.
func (s *scanner) attributes() {
	s.attrs = s.attrs[:0]
	var seen map[string]bool
	redefined := ""
	for {
		s.blanks()
		if s.pos == len(s.data) || s.has(">") || s.has("/>") || controlIn(s.data[s.pos:s.pos+1]) == 0 {
			break
		}
		name := s.name()
		if name == "" {
			s.fail("error parsing attribute name")
		}
		value := s.attributeValue(name)
		if seen == nil {
			seen = map[string]bool{}
		}
		prefix, isPrefix := strings.CutPrefix(name, "xmlns:")
		isBinding := isPrefix || name == "xmlns"
		switch {
		case seen[name] && isBinding:
			s.fail("Attribute %s redefined", name)
		case seen[name] && redefined == "":
			redefined = name
		case isPrefix:
			s.bindings = append(s.bindings, binding{prefix: prefix, uri: value})
		case isBinding:
			s.bindings = append(s.bindings, binding{uri: value})
		default:
			s.attrs = append(s.attrs, attr{local: name, value: value})
		}
		seen[name] = true
		if !s.has(">") && !s.has("/>") && (s.pos == len(s.data) || !isBlank(s.data[s.pos])) {
			s.fail("attributes construct error")
		}
	}
	if redefined != "" { // libxml2 looks for these at the end of the tag only
		s.fail("Attribute %s redefined", redefined)
	}
}

func (s *scanner) attributeValue(name string) string {
	s.blanks()
	if !s.has("=") {
		s.fail("Specification mandates value for attribute %s", localName(name))
	}
	s.skip(1)
	s.blanks()
	if !s.has(`"`) && !s.has("'") {
		s.fail("AttValue: \" or ' expected")
	}
	quote := s.data[s.pos]
	s.skip(1)
	var value []byte
	for {
		end := bytes.IndexFunc(s.data[s.pos:], func(r rune) bool { return r == rune(quote) || r == '<' || r == '&' })
		if end < 0 {
			s.skip(len(s.data) - s.pos)
			s.fail("AttValue: ' expected")
		}
		if c := controlIn(s.data[s.pos : s.pos+end]); c >= 0 {
			s.skip(c)
			s.fail("invalid character in attribute value")
		}
		plain := normalLines(s.data[s.pos : s.pos+end])
		for _, c := range plain {
			if isBlank(c) {
				c = ' '
			}
			value = append(value, c)
		}
		s.skip(end)
		switch s.data[s.pos] {
		case '<':
			s.fail("Unescaped '<' not allowed in attributes values")
		case '&':
			value = append(value, s.reference()...)
		default:
			s.skip(1)
			return string(value)
		}
	}
}

// resolve splits a name as written. A prefix that is not bound stays part of the local name, as
// libxml2 has it: that alone does not make a document ill-formed.
func (s *scanner) resolve(name string, element bool) (space, local string) {
	prefix, local, ok := strings.Cut(name, ":")
	if !ok {
		prefix, local = "", name
		if !element {
			return "", name
		}
	}
	if prefix == "xml" {
		return xmlNamespace, local
	}
	for i := len(s.bindings) - 1; i >= 0; i-- {
		if s.bindings[i].prefix == prefix {
			if s.bindings[i].uri == "" {
				break
			}
			return s.bindings[i].uri, local
		}
	}
	return "", name
}

// name reads a name; it returns "" when there is none.
func (s *scanner) name() string {
	start := s.pos
	for s.pos < len(s.data) {
		c := s.data[s.pos]
		if c < utf8.RuneSelf {
			if !isNameByte(c) || s.pos == start && !isNameStart(rune(c)) {
				break
			}
			s.pos++
			continue
		}
		if s.pos >= s.broken {
			s.skip(1)
		}
		r, size := utf8.DecodeRune(s.data[s.pos:])
		if !isNameStart(r) && (s.pos == start || !isNameExtra(r)) {
			break
		}
		s.pos += size
	}
	if known, ok := s.names[string(s.data[start:s.pos])]; ok {
		return known
	}
	name := string(s.data[start:s.pos])
	s.names[name] = name
	return name
}

func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.' || c == ':'
}

func isNameStart(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' || r == ':' ||
		r >= 0xC0 && r <= 0x2FF && r != 0xD7 && r != 0xF7 || r >= 0x370 && r <= 0x1FFF && r != 0x37E ||
		r == 0x200C || r == 0x200D || r >= 0x2070 && r <= 0x218F || r >= 0x2C00 && r <= 0x2FEF ||
		r >= 0x3001 && r <= 0xD7FF || r >= 0xF900 && r <= 0xFDCF || r >= 0xFDF0 && r <= 0xFFFD || r >= 0x10000 && r <= 0xEFFFF
}

func isNameExtra(r rune) bool {
	return r == 0xB7 || r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
}
