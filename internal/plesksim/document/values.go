// Reading values as the schema's types say: blanks collapsed, defaults in elements that are present and empty.

package document

import (
	"bytes"
	"encoding/xml"
	"strings"
)

// preserved are the elements whose types keep their blanks (operators-services §1 rule 9), as paths below the packet. A star
// stands for any one element.
var preserved = []string{
	"mail/*/filter/mailname/password/value", "mail/update/*/filter/mailname/password/value", "mail/create/filter/mailname/password/value",
	"mail/create/filter/mailname/alias", "mail/update/*/filter/mailname/alias",
	"mail/create/filter/mailname/description", "mail/update/*/filter/mailname/description",
	"mail/create/filter/mailname/autoresponder/text", "mail/update/*/filter/mailname/autoresponder/text",
	"mail/create/filter/mailname/autoresponder/subject", "mail/update/*/filter/mailname/autoresponder/subject",
	"certificate/install/content/csr", "certificate/install/content/pvt", "certificate/install/content/cert", "certificate/install/content/ca",
	"certificate/update/content/csr", "certificate/update/content/pvt", "certificate/update/content/cert", "certificate/update/content/ca", "certificate/generate/PVT",
	"protected-dir/*/name", "protected-dir/*/header",
	"ui/create-custombutton/properties/text", "ui/create-custombutton/properties/conhelp",
}

// defaults are the schema's values for elements that are present and empty (protocol-core §6).
var defaults = map[string]string{
	"customer/add/gen_info/status":               "0",
	"customer/add/gen_info/locale":               "en",
	"reseller/add/gen-info/status":               "0",
	"reseller/add/gen-info/locale":               "en",
	"event_log/get/options/flush_selected_range": "true",
}

// WithDefaults returns a document with the schema's defaults written into their elements, and whether there were any: an empty
// number or boolean is only valid thanks to its default, which the published grammar does not show.
func WithDefaults(document []byte) ([]byte, bool) {
	var out []byte
	var path []string
	d := xml.NewDecoder(bytes.NewReader(document))
	copied, begin := 0, int64(0)
	for {
		before := d.InputOffset()
		t, err := d.RawToken()
		if err != nil {
			return append(out, document[copied:]...), copied > 0
		}
		switch t := t.(type) {
		case xml.StartElement:
			path, begin = append(path, t.Name.Local), before
		case xml.EndElement:
			if len(path) == 0 {
				return nil, false
			}
			value, ok := defaults[strings.Join(path[1:], "/")]
			if ok && begin >= 0 {
				name := path[len(path)-1]
				out = append(append(out, document[copied:begin]...), "<"+name+">"+value+"</"+name+">"...)
				copied = int(d.InputOffset())
			}
			path, begin = path[:len(path)-1], -1
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 {
				begin = -1
			}
		}
	}
}

// NewDecoder reads a document that is in UTF-8: blanks are collapsed, unless they are to be kept, and elements that are present and empty
// have their defaults.
func NewDecoder(document []byte, keepBlanks bool) *xml.Decoder {
	return xml.NewTokenDecoder(&cleaner{in: xml.NewDecoder(bytes.NewReader(document)), keepBlanks: keepBlanks})
}

// cleaner is a token reader that merges the text of an element and cleans it. Comments and processing instructions are left out.
type cleaner struct {
	in         *xml.Decoder
	keepBlanks bool
	path       []string
	fresh      bool // the last token was a start element
	held       xml.Token
}

func (c *cleaner) Token() (xml.Token, error) {
	t, err := c.next()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case xml.StartElement:
		c.path, c.fresh = append(c.path, t.Name.Local), true
	case xml.EndElement:
		if c.fresh {
			if value, ok := defaults[c.where()]; ok {
				c.held, c.fresh = t, false
				return xml.CharData(value), nil
			}
		}
		c.path, c.fresh = c.path[:len(c.path)-1], false
	case xml.CharData:
		return c.text(t)
	}
	return t, nil
}

// text reads on to the end of the text and returns the whole of it.
func (c *cleaner) text(first xml.CharData) (xml.Token, error) {
	text := []byte(first)
	for {
		t, err := c.next()
		if err != nil {
			return nil, err
		}
		more, ok := t.(xml.CharData)
		if !ok {
			c.held = t
			break
		}
		text = append(text, more...)
	}
	if !c.keepBlanks && !c.isPreserved() {
		text = bytes.Join(bytes.FieldsFunc(text, isBlank), []byte(" "))
	}
	if len(text) > 0 {
		c.fresh = false
	}
	return xml.CharData(text), nil
}

// isBlank tells the blanks of XML, which are fewer than Unicode's.
func isBlank(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

// next returns the next token that matters, as a copy.
func (c *cleaner) next() (xml.Token, error) {
	if t := c.held; t != nil {
		c.held = nil
		return t, nil
	}
	for {
		t, err := c.in.Token()
		if err != nil {
			return nil, err
		}
		switch t.(type) {
		case xml.StartElement, xml.EndElement, xml.CharData:
			return xml.CopyToken(t), nil
		}
	}
}

// where is the path of the current element below the packet.
func (c *cleaner) where() string {
	if len(c.path) < 2 {
		return ""
	}
	return strings.Join(c.path[1:], "/")
}

func (c *cleaner) isPreserved() bool {
	if len(c.path) < 3 {
		return false
	}
	switch c.path[1] {
	case "mail", "certificate", "protected-dir", "ui":
	default:
		return false
	}
	for _, pattern := range preserved {
		if pathMatches(pattern, c.path[1:]) {
			return true
		}
	}
	return false
}

func pathMatches(pattern string, path []string) bool {
	parts := strings.Split(pattern, "/")
	if len(parts) != len(path) {
		return false
	}
	for i, p := range parts {
		if p != "*" && p != path[i] {
			return false
		}
	}
	return true
}
