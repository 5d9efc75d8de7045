// Filters: which objects an operation is about. An empty filter means "all" to the server, on set and del too,
// so the type that set and del take cannot be written while it is empty.

package xmlapi

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
)

// Filter names objects by values of one kind, e.g. id 4 and 9. It is never empty on the wire: an empty Filter cannot be marshalled.
type Filter struct {
	kind   string
	values []string
}

// By returns the filter for values of one kind. Operator packages wrap it: webspace.ByID, dns.BySite …
func By(kind string, first string, more ...string) Filter {
	return Filter{kind: kind, values: append([]string{first}, more...)}
}

// ByNumber is By for numeric kinds such as "id".
func ByNumber(kind string, first int64, more ...int64) Filter {
	f := Filter{kind: kind, values: []string{strconv.FormatInt(first, 10)}}
	for _, n := range more {
		f.values = append(f.values, strconv.FormatInt(n, 10))
	}
	return f
}

// Kind returns the filter's element name, "" when it is empty.
func (f Filter) Kind() string { return f.kind }

// Values returns the filter's values in the order given.
func (f Filter) Values() []string { return f.values }

// Query returns the same filter for operations that only read.
func (f Filter) Query() Query { return Query{filter: f} }

// KindAll is the kind of filters that select everything by an element of their own.
const KindAll = "all"

var (
	errEmptyFilter  = errors.New("an empty filter means every object of the server: refused")
	errFilterForAll = errors.New("a filter for every object of the server: refused")
)

// Format implements fmt.Formatter for every verb: the values of a filter for secret keys are not printed.
func (f Filter) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, f.String()) }

// String implements fmt.Stringer.
func (f Filter) String() string {
	switch {
	case len(f.values) == 0:
		return "all"
	case f.kind == "key":
		return f.kind + "=" + redacted
	}
	return f.kind + "=" + strings.Join(f.values, ",")
}

// MarshalXML implements xml.Marshaler.
func (f Filter) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	switch {
	case len(f.values) == 0:
		return errEmptyFilter
	case f.kind == KindAll:
		return errFilterForAll
	}
	return f.write(e, start)
}

func (f Filter) write(e *xml.Encoder, start xml.StartElement) error {
	if err := e.EncodeToken(start); err != nil {
		return err
	}
	for _, v := range f.values {
		if err := e.EncodeElement(v, xml.StartElement{Name: xml.Name{Local: f.kind}}); err != nil {
			return err
		}
	}
	return e.EncodeToken(start.End())
}

// UnmarshalXML implements xml.Unmarshaler. A server may receive an empty filter.
func (f *Filter) UnmarshalXML(d *xml.Decoder, _ xml.StartElement) error {
	for {
		t, err := d.Token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			var v string
			if err := d.DecodeElement(&v, &t); err != nil {
				return err
			}
			f.kind, f.values = t.Name.Local, append(f.values, v)
		case xml.EndElement:
			return nil
		}
	}
}

// Query is the filter of an operation that only reads: some objects, or all that the caller may see.
type Query struct {
	filter Filter
}

// All matches every object that the caller may see.
func All() Query { return Query{} }

// Everything is All for the operators that refuse an empty filter.
func Everything() Query { return By(KindAll, "").Query() }

// ReadsMany reports whether a call asks for everything that there is, or for all that is somebody's or lies in something: how long the answer
// is depends on the server. Others name what they ask for.
func ReadsMany(c Caller) bool {
	q := queryOf(c.parts().request)
	return q != nil && (q.asksForAll() || strings.HasPrefix(q.Kind(), "owner-") || strings.HasPrefix(q.Kind(), "parent-"))
}

// queryOf is the filter of a request that reads, nil where it has none.
func queryOf(request any) *Query {
	v := reflect.ValueOf(request)
	for i := range v.NumField() {
		field := reflect.Indirect(v.Field(i))
		if field.IsValid() && field.Type() == reflect.TypeFor[Query]() {
			return new(field.Interface().(Query))
		}
	}
	return nil
}

func (q Query) asksForAll() bool { return q.Kind() == "" || q.Kind() == KindAll }

// Kind returns the filter's element name, "" for All.
func (q Query) Kind() string { return q.filter.kind }

// Values returns the filter's values, none for All.
func (q Query) Values() []string { return q.filter.values }

// Format implements fmt.Formatter as Filter does.
func (q Query) Format(s fmt.State, verb rune) { q.filter.Format(s, verb) }

// String implements fmt.Stringer.
func (q Query) String() string { return q.filter.String() }

// MarshalXML implements xml.Marshaler.
func (q Query) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return q.filter.write(e, start)
}

// UnmarshalXML implements xml.Unmarshaler.
func (q *Query) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	return q.filter.UnmarshalXML(d, start)
}
