// Reading a document: well-formedness as libxml2 sees it, without document types, entities of its
// own and encodings other than UTF-8, and bounded in depth.
package schema

import (
	"bytes"
	"fmt"
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
	line     int
	bindings int // namespace bindings in scope before the tag
}

type binding struct{ prefix, uri string }

type scanner struct {
	data     []byte
	pos      int
	line     int
	h        handler
	open     []openTag
	bindings []binding
	attrs    []attr
	raw      []string // attribute names of the tag as written
}

// scan reads doc and reports what it finds to h until the document ends or is not well-formed.
func scan(doc []byte, h handler) (err error) {
	s := &scanner{data: doc, line: 1, h: h}
	bad := invalidAt(doc)
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *Error:
			err = r
		default:
			panic(r)
		}
		if bad >= 0 && (err == nil || s.pos >= bad) {
			err = &Error{Line: 1 + bytes.Count(doc[:bad], []byte{'\n'}), Message: "Input is not proper UTF-8, or holds a character that XML does not allow"}
		}
	}()
	s.document()
	return nil
}

func (s *scanner) fail(format string, args ...any) {
	panic(&Error{Line: s.line, Message: fmt.Sprintf(format, args...)})
}

// invalidAt returns the offset of the first byte that is no character of XML in UTF-8, or -1.
func invalidAt(doc []byte) int {
	for i := 0; i < len(doc); {
		c := doc[i]
		if c < utf8.RuneSelf {
			if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
				return i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(doc[i:])
		if r == utf8.RuneError && size == 1 || !isChar(r) {
			return i
		}
		i += size
	}
	return -1
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
	if s.pos < len(s.data) {
		s.fail("Extra content at the end of the document")
	}
}

func (s *scanner) has(prefix string) bool {
	return len(s.data)-s.pos >= len(prefix) && string(s.data[s.pos:s.pos+len(prefix)]) == prefix
}

// skip moves over n bytes, counting lines.
func (s *scanner) skip(n int) {
	s.line += bytes.Count(s.data[s.pos:s.pos+n], []byte{'\n'})
	s.pos += n
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func (s *scanner) blanks() bool {
	start := s.pos
	for s.pos < len(s.data) && isBlank(s.data[s.pos]) {
		if s.data[s.pos] == '\n' {
			s.line++
		}
		s.pos++
	}
	return s.pos > start
}

// misc reads what may stand beside the root element.
func (s *scanner) misc() {
	for {
		s.blanks()
		switch {
		case s.has("<!--"):
			s.comment()
		case s.has("<?"):
			s.instruction()
		case s.has("<!"):
			s.fail("Document types are not accepted")
		default:
			return
		}
	}
}

func (s *scanner) declaration() {
	s.skip(len("<?xml"))
	version := s.pseudoAttribute("version")
	if !strings.HasPrefix(version, "1.") {
		s.fail("Unsupported version '%s'", version)
	}
	encoding := s.pseudoAttribute("encoding")
	switch strings.ToUpper(encoding) {
	case "", "UTF-8", "UTF8", "US-ASCII", "ASCII":
	default:
		s.fail("Unsupported encoding %s", encoding)
	}
	switch s.pseudoAttribute("standalone") {
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

// pseudoAttribute reads a part of the XML declaration when it is the next one.
func (s *scanner) pseudoAttribute(name string) string {
	start := s.pos
	if !s.blanks() || !s.has(name) {
		s.pos = start
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
	end := bytes.IndexByte(s.data[s.pos:], quote)
	if end <= 0 || bytes.ContainsAny(s.data[s.pos:s.pos+end], "<>&\"' \t\r\n") {
		s.fail("Malformed declaration expecting %s", name)
	}
	value := string(s.data[s.pos : s.pos+end])
	s.skip(end + 1)
	return value
}

func (s *scanner) comment() {
	end := bytes.Index(s.data[s.pos+4:], []byte("--"))
	if end < 0 {
		s.fail("Comment not terminated")
	}
	s.skip(4 + end + 2)
	if !s.has(">") {
		s.fail("Double hyphen within comment")
	}
	s.skip(1)
}

func (s *scanner) instruction() {
	s.skip(2)
	target := s.name()
	if target == "" {
		s.fail("xmlParsePI : no target name")
	}
	if strings.EqualFold(target, "xml") {
		s.fail("XML declaration allowed only at the start of the document")
	}
	if !s.has("?>") && (s.pos == len(s.data) || !isBlank(s.data[s.pos])) {
		s.fail("ParsePI: PI %s space expected", target)
	}
	end := bytes.Index(s.data[s.pos:], []byte("?>"))
	if end < 0 {
		s.fail("ParsePI: PI %s never end ...", target)
	}
	s.skip(end + 2)
}

// content reads one piece of the content of the open element.
func (s *scanner) content() {
	switch {
	case s.pos == len(s.data):
		tag := s.open[len(s.open)-1]
		s.fail("Premature end of data in tag %s line %d", tag.name, tag.line)
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
	if end < 0 {
		s.fail("CData section not finished")
	}
	value := s.data[s.pos : s.pos+end]
	s.skip(end + 3)
	s.h.text(normalLines(value), true)
}

func (s *scanner) characters() {
	rest := s.data[s.pos:]
	end := bytes.IndexAny(rest, "<&")
	if end < 0 {
		end = len(rest)
	}
	if at := bytes.Index(rest[:end], []byte("]]>")); at >= 0 {
		s.skip(at)
		s.fail("Sequence ']]>' not allowed in content")
	}
	s.skip(end)
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
	base, allowed := rune(10), "0123456789"
	if s.has("x") {
		base, allowed = 16, "0123456789abcdefABCDEF"
		s.skip(1)
	}
	value, count := rune(0), 0
	for ; s.pos < len(s.data) && strings.IndexByte(allowed, s.data[s.pos]) >= 0; count++ {
		digit := rune(strings.IndexByte("0123456789abcdef", s.data[s.pos]|0x20))
		value = min(value*base+digit, 0x110000)
		s.pos++
	}
	if count == 0 || !s.has(";") {
		s.fail("xmlParseCharRef: invalid value")
	}
	s.skip(1)
	if !isChar(value) {
		s.fail("xmlParseCharRef: invalid xmlChar value %d", value)
	}
	return utf8.AppendRune(nil, value)
}
