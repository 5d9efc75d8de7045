// Elements of the languages that extensions speak, which the protocol's grammar leaves open.

package extension

import (
	"encoding/xml"
	"fmt"
	"strings"
	"unicode"
)

// Element is any element: one with a text, or one with children. Where both stand side by side, the texts are children without a
// name.
type Element struct {
	Name       xml.Name
	Attributes []xml.Attr
	Text       string
	Children   []Element
}

// Named returns an element with children.
func Named(name string, children ...Element) Element {
	return Element{Name: xml.Name{Local: name}, Children: children}
}

// Value returns an element with a text.
func Value(name, text string) Element { return Element{Name: xml.Name{Local: name}, Text: text} }

// Child returns the first child of the name, nil without any.
func (e *Element) Child(name string) *Element {
	for i := range e.Children {
		if e.Children[i].Name.Local == name {
			return &e.Children[i]
		}
	}
	return nil
}

// MarshalXML implements xml.Marshaler.
func (e Element) MarshalXML(out *xml.Encoder, _ xml.StartElement) error {
	if e.Name.Local == "" {
		return out.EncodeToken(xml.CharData(e.Text))
	}
	if !validName(e.Name.Local) {
		return fmt.Errorf("%q is not the name of an element", e.Name.Local)
	}
	for _, a := range e.Attributes {
		if !validName(a.Name.Local) {
			return fmt.Errorf("%s: %q is not the name of an attribute", e.Name.Local, a.Name.Local)
		}
	}
	start := xml.StartElement{Name: e.Name, Attr: e.Attributes}
	if err := out.EncodeToken(start); err != nil {
		return err
	}
	if e.Text != "" {
		if err := out.EncodeToken(xml.CharData(e.Text)); err != nil {
			return err
		}
	}
	for _, c := range e.Children {
		if err := c.MarshalXML(out, xml.StartElement{}); err != nil {
			return err
		}
	}
	return out.EncodeToken(start.End())
}

// UnmarshalXML implements xml.Unmarshaler. Whitespace between children is dropped.
func (e *Element) UnmarshalXML(in *xml.Decoder, start xml.StartElement) error {
	*e = Element{Name: start.Name}
	for _, a := range start.Attr {
		if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" { // each name carries its own namespace
			e.Attributes = append(e.Attributes, a)
		}
	}
	var text strings.Builder // comments cut a text into pieces
	var parts []Element
	flush := func() {
		if strings.TrimSpace(text.String()) != "" {
			parts = append(parts, Element{Text: text.String()})
		}
		text.Reset()
	}
	for {
		t, err := in.Token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.CharData:
			text.Write(t)
		case xml.StartElement:
			flush()
			var child Element
			if err := child.UnmarshalXML(in, t); err != nil {
				return err
			}
			parts = append(parts, child)
		case xml.EndElement:
			if len(parts) == 0 {
				e.Text = text.String()
				return nil
			}
			flush()
			e.Children = parts
			return nil
		}
	}
}

// validName reports whether text can be the local name of an element or attribute.
func validName(text string) bool {
	for i, r := range text {
		letter := r == '_' || unicode.IsLetter(r)
		if !letter && (i == 0 || !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '-' && r != '.' && r != '·') {
			return false
		}
	}
	return text != ""
}
