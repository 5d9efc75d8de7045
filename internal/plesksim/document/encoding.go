// Documents as they arrive: in any character encoding that their first line names, or their first bytes show.

package document

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// declarationPattern is an XML declaration at the start of a document. White space before it is accepted (protocol-core §1), any
// minor version is the first one to libxml2.
var declarationPattern = regexp.MustCompile(
	`^\s*<\?xml\s+version\s*=\s*["']1\.[0-9]+["'](?:\s+encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["'])?(?:\s+standalone\s*=\s*["'](?:yes|no)["'])?\s*\?>`)

// UTF8 returns a document in UTF-8 and without what its declaration says about it; all lines keep their numbers. What cannot be
// read stays as it is: it is refused when it is validated, at its place in the documented order of checks.
func UTF8(document []byte) []byte {
	if decoded, ok := fromUTF16(document); ok {
		return withoutDeclaration(decoded)
	}
	if bytes.HasPrefix(document, []byte("\xef\xbb\xbf")) {
		return document
	}
	found := declarationPattern.FindSubmatch(document)
	if found == nil {
		return document
	}
	switch encoding := strings.ToLower(string(found[1])); encoding {
	case "", "utf-8", "utf8":
	case "us-ascii", "ascii":
		if bytes.ContainsFunc(document, func(r rune) bool { return r >= utf8.RuneSelf }) {
			return document
		}
	default:
		known, name := charset.Lookup(encoding)
		if known == nil || strings.HasPrefix(name, "utf-16") || name == "replacement" { // the bytes before showed that it is not
			return document
		}
		decoded, err := known.NewDecoder().Bytes(document)
		if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
			return document
		}
		document = decoded
	}
	return withoutDeclaration(document)
}

// withoutDeclaration blanks the declaration of a document that is in UTF-8.
func withoutDeclaration(document []byte) []byte {
	end := len(declarationPattern.Find(document))
	lines := bytes.Count(document[:end], []byte("\n"))
	return append(bytes.Repeat([]byte("\n"), lines), document[end:]...)
}

// fromUTF16 reads a document that begins with the mark of that encoding, or as only that encoding can.
func fromUTF16(document []byte) ([]byte, bool) {
	var order binary.ByteOrder
	switch {
	case len(document)%2 != 0 || len(document) < 4:
		return nil, false
	case bytes.HasPrefix(document, []byte("\xfe\xff")):
		order, document = binary.BigEndian, document[2:]
	case bytes.HasPrefix(document, []byte("\xff\xfe")):
		order, document = binary.LittleEndian, document[2:]
	case bytes.HasPrefix(document, []byte("\x00<\x00?")):
		order = binary.BigEndian
	case bytes.HasPrefix(document, []byte("<\x00?\x00")):
		order = binary.LittleEndian
	default:
		return nil, false
	}
	units := make([]uint16, 0, len(document)/2)
	for at := 0; at < len(document); at += 2 {
		units = append(units, order.Uint16(document[at:]))
	}
	return []byte(string(utf16.Decode(units))), true
}
