// Corrupting the text of a packet, so that it is mostly no XML any more.
package schematest

import (
	"bytes"
	"math/rand/v2"
	"slices"
)

// Corrupt returns the document with one random piece of its text changed.
func Corrupt(rnd *rand.Rand, doc []byte) []byte {
	if len(doc) == 0 {
		return []byte("<")
	}
	at := rnd.IntN(len(doc))
	switch rnd.IntN(8) {
	case 0:
		return slices.Clone(doc[:at])
	case 1:
		return slices.Delete(slices.Clone(doc), at, min(at+1+rnd.IntN(3), len(doc)))
	case 2:
		return replaceAny(rnd, doc, []string{"<", ">", "/", `"`, "'", "=", " ", "\n", "</", "/>"}, "")
	case 3:
		return replaceAny(rnd, doc, []string{"<", ">", "/", `"`, "'", "=", " ", "\n"}, debris[rnd.IntN(len(debris))])
	default:
		return slices.Insert(slices.Clone(doc), at, []byte(debris[rnd.IntN(len(debris))])...)
	}
}

// replaceAny replaces one occurrence of one of the pieces.
func replaceAny(rnd *rand.Rand, doc []byte, pieces []string, with string) []byte {
	piece := []byte(pieces[rnd.IntN(len(pieces))])
	if n := bytes.Count(doc, piece); n > 0 {
		at := 0
		for range rnd.IntN(n) {
			at += bytes.Index(doc[at:], piece) + len(piece)
		}
		at += bytes.Index(doc[at:], piece)
		return slices.Replace(slices.Clone(doc), at, at+len(piece), []byte(with)...)
	}
	return append(slices.Clone(doc), with...)
}

// debris is what a broken writer leaves in a document.
var debris = []string{
	"<", ">", "&", "/", "=", `"`, "'", ";", "!", "?", "-", ":", "]]>", "<!--", "-->", "--", "<![CDATA[", "<?", "?>", "<?xml version=\"1.0\"?>",
	"&amp;", "&amp", "&nbsp;", "&#0;", "&#65;", "&#x41;", "&#xD800;", "&#xFFFE;", "&#1114112;", "&#;", "&#x;", "&lt;",
	"\x00", "\x01", "\x1f", "\x7f", "\xff", "\xc3", "\xc3\xa9", "\xed\xa0\x80", "\xef\xbf\xbf", "\xf4\x90\x80\x80", "\xc0\x80", "\t", "\r", "\r\n", "\n",
	"<a>", "</a>", "<a/>", "<1/>", "<a b>", "<a b=c/>", "<a b='1' b='2'/>", "<a b='<'/>", "<a xmlns:p=''/>", "<p:a/>", "<a p:b='1'/>", "<a:b:c/>", "<:a/>", "<a:/>",
	"<a xmlns='urn:a'/>", "</packet>", "<packet>", "x", " ", "0", "<a b='1'c='2'/>", "<a b=\"&amp\"/>", "<a b='&unknown;'/>", "<a\nb='\n'\n/>",
}
