// Reading a document: well-formedness as libxml2 sees it, without document types, entities of its
// own and encodings other than UTF-8, and bounded in depth.
package schema

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxDepth is libxml2's own limit of nesting.
const maxDepth = 256

// attr is an attribute with its namespace resolved; the name of one with an unknown prefix keeps it.
type attr struct {
	space, local string
	value        string
}

// handler receives the document. Text arrives in pieces; cdata marks those of a CDATA section.
type handler interface {
	startElement(space, local string, attrs []attr, line int)
	text(value []byte, cdata bool)
	endElement()
}

type openTag struct {
	name     string
	line     int // where it begins
	bindings int // namespace bindings in scope before the tag
}

// localName is the name without its prefix: messages about the syntax print that.
func localName(name string) string {
	if colon := strings.IndexByte(name, ':'); colon > 0 && colon < len(name)-1 {
		return name[colon+1:]
	}
	return name
}

type binding struct{ prefix, uri string }

type scanner struct {
	data     []byte
	pos      int
	line     int
	broken   int // offset of the first byte that is not of a character
	h        handler
	open     []openTag
	bindings []binding
	attrs    []attr
	names    map[string]string
}

// scan reads doc and reports what it finds to h until the document ends or is not well-formed.
func scan(doc []byte, h handler) (err error) {
	s := &scanner{data: doc, line: 1, broken: brokenAt(doc), h: h, names: map[string]string{}}
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *Error:
			err = r
		default:
			panic(r)
		}
	}()
	s.document()
	return nil
}

func (s *scanner) fail(format string, args ...any) {
	panic(&Error{Line: s.line, Message: fmt.Sprintf(format, args...)})
}

// brokenAt returns the offset of the first byte sequence that is no character in UTF-8, or the
// length. Control characters are left to the places where they stand.
func brokenAt(doc []byte) int {
	for i := 0; i < len(doc); {
		if doc[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(doc[i:])
		if r == utf8.RuneError && size == 1 || !isChar(r) {
			return i
		}
		i += size
	}
	return len(doc)
}

func isChar(r rune) bool {
	return r >= 0x20 && r <= 0xD7FF || r == '\t' || r == '\n' || r == '\r' ||
		r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

func (s *scanner) document() {
	if bytes.HasPrefix(s.data, []byte("\xEF\xBB\xBF")) {
		s.pos = 3
	}
	if s.pos == len(s.data) {
		s.fail("Document is empty")
	}
	if s.has("<?xml") && s.pos+5 < len(s.data) && isBlank(s.data[s.pos+5]) {
		s.declaration()
	}
	s.misc()
	if !s.has("<") {
		s.fail("Start tag expected, '<' not found")
	}
	s.startTag()
	for len(s.open) > 0 {
		s.content()
	}
	s.misc()
	if s.pos < len(s.data) && s.data[s.pos] != 0 { // a null byte ends a document for libxml2
		s.fail("Extra content at the end of the document")
	}
}

func (s *scanner) has(prefix string) bool {
	return len(s.data)-s.pos >= len(prefix) && string(s.data[s.pos:s.pos+len(prefix)]) == prefix
}

// skip moves over n bytes, counting lines.
func (s *scanner) skip(n int) {
	end := s.pos + n
	s.line += bytes.Count(s.data[s.pos:min(end, s.broken)], []byte{'\n'})
	s.pos = end
	if end > s.broken {
		s.failBroken()
	}
}

// failBroken reports the byte sequence at broken: a character that XML does not have, or none.
func (s *scanner) failBroken() {
	b := append(slices.Clone(s.data[s.broken:min(s.broken+4, len(s.data))]), 0, 0, 0)
	isTail := func(i int) bool { return b[i]&0xC0 == 0x80 }
	value := -1
	switch {
	case b[0]&0xF0 == 0xE0 && isTail(1) && isTail(2):
		value = int(b[0]&0x0F)<<12 | int(b[1]&0x3F)<<6 | int(b[2]&0x3F)
	case b[0]&0xF8 == 0xF0 && isTail(1) && isTail(2) && isTail(3):
		value = int(b[0]&0x07)<<18 | int(b[1]&0x3F)<<12 | int(b[2]&0x3F)<<6 | int(b[3]&0x3F)
	}
	if value >= 0xD800 {
		s.fail("Char 0x%X out of allowed range", value)
	}
	s.fail("Input is not proper UTF-8, indicate encoding !")
}

// controlIn returns the offset of the first control character, or -1.
func controlIn(v []byte) int {
	for i, c := range v {
		if c < ' ' && !isBlank(c) {
			return i
		}
	}
	return -1
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func (s *scanner) blanks() {
	for s.pos < len(s.data) && isBlank(s.data[s.pos]) {
		if s.data[s.pos] == '\n' {
			s.line++
		}
		s.pos++
	}
}

// misc reads what may come before and after the root element.
func (s *scanner) misc() {
	for {
		s.blanks()
		switch {
		case s.has("<!--"):
			s.comment()
		case s.has("<?"):
			s.instruction()
		case s.has("<!DOCTYPE"):
			s.fail("Document types are not accepted")
		default:
			return
		}
	}
}

func (s *scanner) comment() {
	s.skip(len("<!--"))
	end := bytes.Index(s.data[s.pos:], []byte("--"))
	closed := end >= 0
	if !closed {
		end = len(s.data) - s.pos
	}
	if c := controlIn(s.data[s.pos : s.pos+end]); c >= 0 {
		s.skip(c)
		s.fail("xmlParseComment: invalid xmlChar value %d", s.data[s.pos])
	}
	s.skip(end)
	if !closed {
		s.fail("Comment not terminated")
	}
	s.skip(2)
	if !s.has(">") {
		s.fail("Double hyphen within comment")
	}
	s.skip(1)
}

func (s *scanner) instruction() {
	s.skip(2)
	target := s.name()
	switch {
	case target == "":
		s.fail("xmlParsePI : no target name")
	case target == "xml":
		s.fail("XML declaration allowed only at the start of the document")
	case strings.EqualFold(target, "xml"):
		s.fail("xmlParsePITarget: invalid name prefix 'xml'")
	case !s.has("?>") && (s.pos == len(s.data) || !isBlank(s.data[s.pos])):
		s.fail("ParsePI: PI %s space expected", target)
	}
	end := bytes.Index(s.data[s.pos:], []byte("?>"))
	if end < 0 {
		end = len(s.data) - s.pos
	}
	if c := controlIn(s.data[s.pos : s.pos+end]); c >= 0 {
		end = c
	}
	s.skip(end)
	if !s.has("?>") {
		s.fail("ParsePI: PI %s never end ...", target)
	}
	s.skip(2)
}

// content reads one piece of the content of the open element.
func (s *scanner) content() {
	switch {
	case s.pos == len(s.data):
		tag := s.open[len(s.open)-1]
		s.fail("Premature end of data in tag %s line %d", localName(tag.name), tag.line)
	case s.has("</"):
		s.endTag()
	case s.has("<!--"):
		s.comment()
	case s.has("<![CDATA["):
		s.cdata()
	case s.has("<?"):
		s.instruction()
	case s.has("<"):
		s.startTag()
	case s.has("&"):
		s.h.text(s.reference(), false)
	default:
		s.characters()
	}
}

func (s *scanner) cdata() {
	s.skip(len("<![CDATA["))
	end := bytes.Index(s.data[s.pos:], []byte("]]>"))
	closed := end >= 0
	if !closed {
		end = len(s.data) - s.pos
	}
	value := s.data[s.pos : s.pos+end]
	if c := controlIn(value); c >= 0 {
		closed, end = false, c
	}
	s.skip(end)
	if !closed {
		s.fail("CData section not finished")
	}
	s.skip(3)
	s.h.text(normalLines(value), true)
}

func (s *scanner) characters() {
	rest := s.data[s.pos:]
	end := bytes.IndexAny(rest, "<&")
	if end < 0 {
		end = len(rest)
	}
	if c := controlIn(rest[:end]); c >= 0 {
		end = c
	}
	if at := bytes.Index(rest[:end], []byte("]]>")); at >= 0 {
		s.skip(at)
		s.fail("Sequence ']]>' not allowed in content")
	}
	s.skip(end)
	if end < len(rest) && rest[end] != '<' && rest[end] != '&' {
		s.fail("PCDATA invalid Char value %d", rest[end])
	}
	s.h.text(normalLines(rest[:end]), false)
}

// normalLines makes line ends single line feeds.
func normalLines(v []byte) []byte {
	if bytes.IndexByte(v, '\r') < 0 {
		return v
	}
	v = bytes.ReplaceAll(v, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(v, []byte("\r"), []byte("\n"))
}
