// Reading XML piece by piece, within bounds: no document types, no entities but XML's own, no unbounded nesting. encoding/xml
// would do, but a bulk read is tens of megabytes, and what it allocates on the way is many times the answer.

package xmlapi

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// tokenKind says what reader.next found.
type tokenKind int

const (
	tokenEOF   tokenKind = iota
	tokenStart           // reader.name, reader.attrs
	tokenEnd             // reader.name
	tokenText            // reader.text, a piece of it
)

// reader splits a document into tokens.
type reader struct {
	src  *allowance
	buf  []byte
	mark int // buf is still needed from here on
	pos  int

	names map[string]xml.Name // by the name as written; the space is the prefix
	texts map[string]string   // texts that have occurred before
	open  []xml.Name
	empty bool // the start tag was one of an empty element: its end comes next
	bound []binding

	name  xml.Name
	attrs []xml.Attr
	text  []byte // until the next token is read
	joint []byte // where a piece of text that had to be translated is put together
	value []byte // where the pieces of a value are put together

	shapes shapes
}

// binding is a declaration of a namespace, and how many elements were open around it.
type binding struct {
	xml.Attr
	depth int
}

const readAhead = 64 << 10

// newReader reads a document within what is allowed for it.
func newReader(src *allowance) *reader {
	return &reader{src: src, buf: make([]byte, 0, readAhead), names: map[string]xml.Name{}, texts: map[string]string{}, shapes: shapes{}}
}

var (
	errCut     = errors.New("XML: the document ends too early")
	errTooLong = fmt.Errorf("XML: a text or tag of more than %d bytes", maxTokenBytes)
	errTooMuch = errors.New("the answer holds more values than may be read")
)

func malformed(format string, args ...any) error { return fmt.Errorf("XML: "+format, args...) }

// more reads the next bytes of the document; what is before the mark is dropped.
func (r *reader) more() error {
	if r.mark > 0 {
		r.buf = r.buf[:copy(r.buf, r.buf[r.mark:])]
		r.pos -= r.mark
		r.mark = 0
	}
	if len(r.buf) >= maxTokenBytes {
		return errTooLong
	}
	if len(r.buf) == cap(r.buf) {
		r.buf = append(make([]byte, 0, 2*cap(r.buf)), r.buf...)
	}
	for range 100 {
		n, err := r.src.Read(r.buf[len(r.buf):cap(r.buf)])
		r.buf = r.buf[:len(r.buf)+n]
		switch {
		case n > 0:
			return nil // the error will be returned again
		case err != nil:
			return err
		}
	}
	return io.ErrNoProgress
}

// at returns the next byte; at the end of the document, io.EOF.
func (r *reader) at() (byte, error) {
	if r.pos == len(r.buf) {
		if err := r.more(); err != nil {
			return 0, err
		}
	}
	return r.buf[r.pos], nil
}

// within is at for places where the document must not end.
func (r *reader) within() (byte, error) {
	c, err := r.at()
	if errors.Is(err, io.EOF) {
		err = errCut
	}
	return c, err
}

// has reports whether the given text comes next.
func (r *reader) has(text string) (bool, error) {
	for len(r.buf)-r.pos < len(text) {
		if err := r.more(); errors.Is(err, io.EOF) {
			return false, nil
		} else if err != nil {
			return false, err
		}
	}
	return string(r.buf[r.pos:r.pos+len(text)]) == text, nil
}

// next reads on to the next token.
func (r *reader) next() (tokenKind, error) {
	if r.empty {
		r.empty = false
		return r.closed()
	}
	for {
		r.mark = r.pos
		c, err := r.at()
		switch {
		case errors.Is(err, io.EOF) && len(r.open) == 0:
			return tokenEOF, nil
		case errors.Is(err, io.EOF):
			return 0, errCut
		case err != nil:
			return 0, err
		case c != '<':
			return tokenText, r.characters('<')
		}
		r.pos++
		if c, err = r.within(); err != nil {
			return 0, err
		}
		switch c {
		case '/':
			return r.endTag()
		case '?':
			err = r.instruction()
		case '!':
			var isText bool
			if isText, err = r.section(); isText {
				return tokenText, err
			}
		default:
			return r.startTag()
		}
		if err != nil {
			return 0, err
		}
	}
}

// child reads on to the next element within the current one; it is false at the current one's end, and at that of the document.
func (r *reader) child() (bool, error) {
	for {
		switch kind, err := r.next(); {
		case err != nil:
			return false, err
		case kind == tokenStart:
			return true, nil
		case kind != tokenText:
			return false, nil
		}
	}
}

// skip reads past the end of the current element.
func (r *reader) skip() error {
	for depth := len(r.open); len(r.open) >= depth; {
		if _, err := r.next(); err != nil {
			return err
		}
	}
	return nil
}

// through reads up to a text that must come and returns what comes before it.
func (r *reader) through(end string) ([]byte, error) {
	r.mark = r.pos
	for from := 0; ; {
		if i := bytes.Index(r.buf[r.pos+from:], []byte(end)); i >= 0 {
			found := r.buf[r.pos : r.pos+from+i]
			r.pos += len(found) + len(end)
			return found, nil
		}
		from = max(0, len(r.buf)-r.pos-len(end)+1)
		if err := r.more(); errors.Is(err, io.EOF) {
			return nil, errCut
		} else if err != nil {
			return nil, err
		}
	}
}

// instruction reads <?…?>. Only the XML declaration means anything.
func (r *reader) instruction() error {
	r.pos++
	content, err := r.through("?>")
	if err != nil {
		return err
	}
	target := content
	if end := slices.IndexFunc(content, func(c byte) bool { return !isNameByte(c) }); end >= 0 {
		target = content[:end]
	}
	if !isName(target) {
		return malformed("an instruction without a name")
	}
	if string(target) != "xml" {
		return nil
	}
	if v := pseudoAttribute(content, "version"); v != "" && v != "1.0" {
		return malformed("version %q", v)
	}
	if v := pseudoAttribute(content, "encoding"); v != "" && !strings.EqualFold(v, "utf-8") {
		return malformed("encoding %q", v)
	}
	return nil
}

// pseudoAttribute is the value of a name in the XML declaration.
func pseudoAttribute(declaration []byte, name string) string {
	for rest := declaration; ; {
		var found bool
		if _, rest, found = bytes.Cut(rest, []byte(name+"=")); !found || len(rest) == 0 {
			return ""
		}
		if quote := rest[:1]; quote[0] == '"' || quote[0] == '\'' {
			if value, _, closed := bytes.Cut(rest[1:], quote); closed {
				return string(value)
			}
			return ""
		}
		rest = rest[1:]
	}
}

// section reads what begins with <!: a comment, or a CDATA section.
func (r *reader) section() (isText bool, err error) {
	if comment, err := r.has("!--"); err != nil {
		return false, err
	} else if comment {
		r.pos += len("!--")
		if _, err := r.through("--"); err != nil {
			return false, err
		}
		if c, err := r.within(); err != nil || c != '>' {
			return false, errors.Join(malformed("two hyphens in a comment"), err)
		}
		r.pos++
		return false, nil
	}
	if cdata, err := r.has("![CDATA["); err != nil {
		return false, err
	} else if !cdata {
		return false, malformed("document type declarations are not accepted")
	}
	r.pos += len("![CDATA[")
	content, err := r.through("]]>")
	if err != nil {
		return true, err
	}
	if err := checkText(string(content), "CDATA"); err != nil {
		return true, err
	}
	r.text = bytes.ReplaceAll(bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	return true, nil
}

// characters reads text up to a '<' or a quote.
func (r *reader) characters(end byte) error {
	r.mark = r.pos
	r.joint = r.joint[:0]
	for {
		if r.pos == len(r.buf) {
			if err := r.more(); errors.Is(err, io.EOF) && end == '<' {
				break // of the document, for the next token to notice
			} else if errors.Is(err, io.EOF) {
				return errCut
			} else if err != nil {
				return err
			}
		}
		c := r.buf[r.pos]
		if c == end {
			break
		}
		if c > '>' && c < utf8.RuneSelf && c != ']' || c == ' ' || c == '\n' || c == '\t' || c > '&' && c < '<' {
			r.pos++
			continue
		}
		if err := r.special(c, end); err != nil {
			return err
		}
		if len(r.joint) > maxTokenBytes {
			return errTooLong
		}
	}
	r.text = r.buf[r.mark:r.pos]
	if len(r.joint) > 0 {
		r.joint = append(r.joint, r.text...)
		r.text = r.joint
	}
	return nil
}

// special reads one character that may stand for another one, or must not be there.
func (r *reader) special(c, end byte) error {
	switch {
	case c == '&' || c == '\r':
		r.joint = append(r.joint, r.buf[r.mark:r.pos]...)
		r.mark = r.pos
		if c == '&' {
			return r.reference()
		}
		r.pos++
		if crlf, err := r.has("\n"); err != nil {
			return err
		} else if !crlf {
			r.joint = append(r.joint, '\n')
		}
		r.mark = r.pos
		return nil
	case c == '<':
		return malformed("a tag begins within an attribute")
	case c == ']' && end == '<':
		if ends, err := r.has("]]>"); err != nil || ends {
			return errors.Join(err, malformed("]]> outside of CDATA"))
		}
	case c < ' ':
		return malformed("character code %U", rune(c))
	case c >= utf8.RuneSelf:
		for !utf8.FullRune(r.buf[r.pos:]) {
			if err := r.more(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return err
			}
		}
		char, size := utf8.DecodeRune(r.buf[r.pos:])
		if char == utf8.RuneError && size == 1 || !xmlChar(char) {
			return malformed("no UTF-8, or not of XML: %q", r.buf[r.pos:r.pos+size])
		}
		r.pos += size
		return nil
	}
	r.pos++
	return nil
}
