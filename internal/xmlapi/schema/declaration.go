// Reading the XML declaration and references to characters.
package schema

import (
	"strings"
	"unicode/utf8"
)

func (s *scanner) declaration() {
	s.skip(len("<?xml"))
	version := s.pseudoAttribute("version", "0123456789.")
	if version == "" {
		s.fail("Malformed declaration expecting version")
	}
	if major, minor, ok := strings.Cut(version, "."); !ok || len(major) != 1 || strings.Contains(minor, ".") {
		s.fail("String not closed expecting \" or '")
	} else if major != "1" {
		s.fail("Unsupported version '%s'", version)
	}
	if !s.has("?>") && (s.pos == len(s.data) || !isBlank(s.data[s.pos])) {
		s.fail("Blank needed here")
	}
	encoding := s.pseudoAttribute("encoding", encodingCharacters)
	switch strings.ToUpper(encoding) {
	case "", "UTF-8", "UTF8", "US-ASCII", "ASCII":
	default:
		s.fail("Unsupported encoding %s", encoding)
	}
	switch s.pseudoAttribute("standalone", encodingCharacters) {
	case "", "yes", "no":
	default:
		s.fail("standalone accepts only 'yes' or 'no'")
	}
	s.blanks()
	if !s.has("?>") {
		s.fail("parsing XML declaration: '?>' expected")
	}
	s.skip(2)
}

const encodingCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

// pseudoAttribute reads a part of the XML declaration, of allowed characters, when it is the next one.
func (s *scanner) pseudoAttribute(name, allowed string) string {
	s.blanks()
	if !s.has(name) {
		return ""
	}
	s.skip(len(name))
	s.blanks()
	if !s.has("=") {
		s.fail("expected '='")
	}
	s.skip(1)
	s.blanks()
	if !s.has(`"`) && !s.has("'") {
		s.fail("String not started expecting ' or \"")
	}
	quote := s.data[s.pos]
	s.skip(1)
	start := s.pos
	for s.pos < len(s.data) && strings.IndexByte(allowed, s.data[s.pos]) >= 0 {
		s.pos++
	}
	if s.pos == len(s.data) || s.data[s.pos] != quote || s.pos == start {
		s.fail("String not closed expecting \" or '")
	}
	s.skip(1)
	return string(s.data[start : s.pos-1])
}

var entities = map[string][]byte{"lt": []byte("<"), "gt": []byte(">"), "amp": []byte("&"), "apos": []byte("'"), "quot": []byte(`"`)}

// reference reads a character or entity reference and returns its text.
func (s *scanner) reference() []byte {
	s.skip(1)
	if s.has("#") {
		return s.characterReference()
	}
	name := s.name()
	switch {
	case name == "":
		s.fail("xmlParseEntityRef: no name")
	case !s.has(";"):
		s.fail("EntityRef: expecting ';'")
	}
	s.skip(1)
	value, ok := entities[name]
	if !ok {
		s.fail("Entity '%s' not defined", name)
	}
	return value
}

func (s *scanner) characterReference() []byte {
	s.skip(1)
	base, allowed, kind := rune(10), "0123456789", "decimal"
	if s.has("x") {
		base, allowed, kind = 16, "0123456789abcdefABCDEF", "hexadecimal"
		s.skip(1)
	}
	value := rune(0)
	for !s.has(";") {
		if s.pos == len(s.data) || strings.IndexByte(allowed, s.data[s.pos]) < 0 {
			s.fail("CharRef: invalid %s value", kind)
		}
		digit := rune(strings.IndexByte("0123456789abcdef", s.data[s.pos]|0x20))
		value = min(value*base+digit, 0x110000)
		s.pos++
	}
	s.skip(1)
	if value >= 0x110000 {
		s.fail("xmlParseCharRef: character reference out of bounds")
	}
	if !isChar(value) {
		s.fail("xmlParseCharRef: invalid xmlChar value %d", value)
	}
	return utf8.AppendRune(nil, value)
}
