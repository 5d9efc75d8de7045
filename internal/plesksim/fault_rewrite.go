// Faults that change the results of an operation: what they lack, what they say wrongly, how many there are.

package plesksim

import (
	"bytes"
	"encoding/xml"
	"slices"
	"strings"
)

// rewrites tells faults that change results. Their answers need not follow the grammar: that is what they are for.
func (f Fault) rewrites() bool { return len(f.Without) > 0 || len(f.With) > 0 || f.Repeat > 0 }

// rewrite changes the result that a buffer ends with.
func (f Fault) rewrite(out *bytes.Buffer, begin int) {
	result := f.edited(bytes.Clone(out.Bytes()[begin:]))
	out.Truncate(begin)
	for range max(f.Repeat, 1) {
		out.Write(result)
	}
}

// edited is a result, as encoding/xml wrote it, without and with the elements that the fault names by their paths below the result.
func (f Fault) edited(result []byte) []byte {
	var out bytes.Buffer
	var path []string
	d := xml.NewDecoder(bytes.NewReader(result))
	copied := 0
	for {
		before := int(d.InputOffset())
		t, err := d.RawToken()
		if err != nil { // the end
			out.Write(result[copied:])
			return out.Bytes()
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			if _, ends := t.(xml.EndElement); ends {
				path = path[:len(path)-1]
			}
			continue
		}
		path = append(path, start.Name.Local)
		name := strings.Join(path[1:], "/")
		value, replaced := f.With[name]
		if !replaced && !slices.Contains(f.Without, name) {
			continue
		}
		inside := int(d.InputOffset())
		skipElement(d)
		path = path[:len(path)-1]
		out.Write(result[copied:before])
		if replaced {
			out.Write(result[before:inside])
			_ = xml.EscapeText(&out, []byte(value)) // a buffer takes everything
			out.WriteString("</" + start.Name.Local + ">")
		}
		copied = int(d.InputOffset())
	}
}

// skipElement reads on to the end of the element that has just begun.
func skipElement(d *xml.Decoder) {
	for depth := 1; depth > 0; {
		t, err := d.RawToken()
		if err != nil {
			return
		}
		switch t.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
	}
}
