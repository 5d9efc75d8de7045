// The types against the grammar, field by field: the same elements, equally often, equally optional, of the same kind.

package xmlapi_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
)

// stricter lists the elements that the types always write although the grammar lets them be absent, with the reason.
var stricter = map[string]string{
	"webspace/add/gen_setup/name":            "the operation fails without it",
	"server/remove_additional_key/filter":    "without it all keys would be removed",
	"customer/get/data/gen_info/guid":        "servers of this protocol show it always",
	"customer/get/data/gen_info/external-id": "servers of this protocol show it always, empty when unset",
	"customer/get/data/gen_info/description": "servers of this protocol show it always, empty when unset",
	"reseller/get/data/gen-info/guid":        "servers of this protocol show it always",
	"reseller/get/data/gen-info/external-id": "servers of this protocol show it always, empty when unset",
	"reseller/get/data/gen-info/description": "servers of this protocol show it always, empty when unset",
}

// looser lists the elements that the types let be absent although the grammar requires them, with the reason.
var looser = map[string]string{
	"server/domain-restriction-list/enable": "absent from a failure, which the grammar does not know here",
	"server/lic_update/status":              "shared with results that have no status",
	"server/lic_get_info/content":           "absent from a failure, which the grammar does not know here",
}

// repeated lists the elements that the types let repeat although the grammar does not, with the reason.
var repeated = map[string]string{
	"server/srv_man/id": "servers name all services of a group",
}

func TestTypesMirrorTheGrammar(t *testing.T) {
	for _, o := range allOperations() {
		t.Run(o.String(), func(t *testing.T) {
			m := mirror{t: t}
			request, result := o.declaration(schema.Request()), o.resultDeclaration()
			if request == nil || result == nil {
				t.Fatalf("not in the grammar: its request is %v, its result is %v", request != nil, result != nil)
			}
			m.compare(o.String(), o.Request, request.Type)
			m.compare(o.String(), o.Result, result.Type)
		})
	}
}

type mirror struct{ t *testing.T }

// field is a struct field that is an element.
type field struct {
	name   string
	index  []int
	typ    reflect.Type
	absent bool   // the element can be left out
	unit   string // the embedded pointer that the field is in: its fields can be left out together
	choice string // the tag

	wildcard bool // any elements, as the grammar leaves them open
}

// fields lists the elements of a struct in order, those of embedded structs included.
func fields(t reflect.Type) []field {
	var out []field
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			inner, unit := f.Type, ""
			if inner.Kind() == reflect.Pointer {
				inner, unit = inner.Elem(), f.Name
			}
			for _, e := range fields(inner) {
				e.index, e.unit = append([]int{i}, e.index...), e.unit+unit
				out = append(out, e)
			}
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("xml"), ",")
		out = append(out, field{
			name: name, index: []int{i}, typ: f.Type, choice: f.Tag.Get("choice"), wildcard: options == "any",
			absent: options == "omitempty" || f.Type.Kind() == reflect.Pointer || f.Type.Kind() == reflect.Slice,
		})
	}
	return out
}

func (m mirror) compare(path string, typ reflect.Type, decl *schema.Type) {
	m.t.Helper()
	switch {
	case isFilter(typ):
		return // the grammar's kinds are the values of the type
	case typ == reflect.TypeFor[xmlapi.Empty]():
		if !decl.Any && (decl.Simple != nil || decl.Content != nil) {
			m.t.Errorf("%s: a marker, but the grammar gives it content", path)
		}
	case typ.Kind() == reflect.Struct && decl.Any:
	case typ.Kind() == reflect.Struct:
		m.compareStruct(path, typ, decl)
	case decl.Any:
		if typ.Kind() != reflect.String {
			m.t.Errorf("%s: untyped in the grammar, %s here", path, typ)
		}
	case decl.Simple == nil:
		m.t.Errorf("%s: %s, but the grammar gives it elements", path, typ)
	default:
		m.compareSimple(path, typ, decl.Simple)
	}
}

func (m mirror) compareStruct(path string, typ reflect.Type, decl *schema.Type) {
	have := map[string]bool{}
	for _, f := range fields(typ) {
		where := path + "/" + f.name
		if f.wildcard {
			if !open(decl.Content) {
				m.t.Errorf("%s: any elements here, but the grammar names them", path)
			}
			continue
		}
		e := decl.Child(f.name)
		if e == nil {
			if !unwrapped(typ) || !slices.Contains([]string{"status", "errcode", "errtext", "result"}, f.name) {
				m.t.Errorf("%s: not in the grammar", where)
			}
			continue
		}
		have[f.name] = true
		own, least, most := occurrence(decl.Content, f.name)
		inner, repeats := f.typ, false
		switch f.typ.Kind() {
		case reflect.Pointer:
			inner = f.typ.Elem()
		case reflect.Slice:
			inner, repeats = f.typ.Elem(), true
		}
		if _, ok := repeated[where]; own > 1 && !repeats || most == 1 && repeats && !ok {
			m.t.Errorf("%s: repeats = %v, but the grammar allows %d", where, repeats, most)
		}
		if _, ok := stricter[where]; !f.absent && f.unit == "" && least == 0 && !ok {
			m.t.Errorf("%s: always written, but optional in the grammar", where)
		}
		if _, ok := looser[where]; f.absent && !repeats && least > 0 && !ok {
			m.t.Errorf("%s: optional here, but required by the grammar", where)
		}
		m.compare(where, inner, e.Type)
	}
	for _, e := range decl.Children() {
		if !have[e.Name] {
			m.t.Errorf("%s/%s: no field", path, e.Name)
		}
	}
}

// open reports whether the particle has a place for any element.
func open(p *schema.Particle) bool {
	return p.Kind == schema.KindAny || slices.ContainsFunc(p.Children, open)
}

// occurrence returns how often the grammar has an element of that name: at the element itself, and within p at least and
// at most. Unbounded counts as many.
func occurrence(p *schema.Particle, name string) (own, least, most int) {
	const many = 1 << 20
	limit := func(n int) int {
		if n == schema.Unbounded {
			return many
		}
		return n
	}
	if p.Element != nil {
		if p.Element.Name == name {
			return limit(p.Max), p.Min, limit(p.Max)
		}
		return 0, 0, 0
	}
	for i, c := range p.Children {
		o, l, m := occurrence(c, name)
		own, most = max(own, o), max(most, m)
		switch {
		case p.Kind == schema.KindChoice && i > 0:
			least = min(least, l)
		case p.Kind == schema.KindChoice:
			least = l
		default:
			least += l
		}
	}
	return own, least * p.Min, min(most*limit(p.Max), many)
}

var wholeNumbers = []string{"integer", "int", "long", "unsignedInt", "unsignedLong", "positiveInteger", "nonNegativeInteger"}

func (m mirror) compareSimple(path string, typ reflect.Type, simple *schema.SimpleType) {
	ok := typ.Kind() == reflect.String
	switch {
	case simple.Union != nil:
	case simple.Base == "boolean":
		ok = typ.Kind() == reflect.Bool
	case simple.Base == "double":
		ok = typ == reflect.TypeFor[xmlapi.Double]()
	case slices.Contains(wholeNumbers, simple.Base):
		ok = slices.Contains([]reflect.Kind{reflect.Int, reflect.Int64, reflect.Uint32}, typ.Kind())
	}
	if !ok {
		m.t.Errorf("%s: %s here, but %s in the grammar", path, typ, simple.Base)
	}
}
