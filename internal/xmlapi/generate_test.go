// Random values of the request and result types: every optional part on and off, the simple values from the grammar.

package xmlapi_test

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/extension"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
)

// generator fills values of the types. What the types cannot say (lengths, enumerations, how many) comes from the grammar.
type generator struct{ *rand.Rand }

func (g generator) chance(n int) bool { return g.IntN(n) == 0 }

// value returns a random value of a type that stands for an element of the given declaration.
func (g generator) value(typ reflect.Type, decl *schema.Type) reflect.Value {
	v := reflect.New(typ).Elem()
	switch {
	case typ == reflect.TypeFor[extension.Element]():
		v.Set(reflect.ValueOf(g.foreign(2)))
	case typ == reflect.TypeFor[xmlapi.Filter]():
		f := g.filter(decl)
		for f.Kind() == xmlapi.KindAll { // which only queries may have
			f = g.filter(decl)
		}
		v.Set(reflect.ValueOf(f))
	case typ == reflect.TypeFor[xmlapi.Query]():
		if least(decl.Content) > 0 || !g.chance(5) {
			v.Set(reflect.ValueOf(g.filter(decl).Query()))
		}
	case typ.Kind() == reflect.Struct:
		g.fill(v, decl)
	case typ.Kind() == reflect.String:
		v.SetString(g.text(decl))
	case typ.Kind() == reflect.Bool:
		v.SetBool(g.chance(2))
	case typ.Kind() == reflect.Int, typ.Kind() == reflect.Int64:
		v.SetInt(g.number(decl.Simple.Base))
	case typ.Kind() == reflect.Uint32:
		v.SetUint(uint64(g.number(decl.Simple.Base)))
	case typ == reflect.TypeFor[xmlapi.Double]():
		v.SetFloat([]float64{-1, 0, 0.37, 37, 1e21, 1234567.25}[g.IntN(6)])
	default:
		panic("no values of type " + typ.String())
	}
	return v
}

// foreign returns an element that the grammar knows nothing of.
func (g generator) foreign(depth int) extension.Element {
	if depth == 0 || g.chance(2) {
		return extension.Value("leaf", nasty[g.IntN(len(nasty))])
	}
	e := extension.Named([]string{"git", "x.y", "ключ"}[g.IntN(3)], g.foreign(depth-1))
	if g.chance(2) {
		e.Children = append(e.Children, extension.Element{Text: "between"}, g.foreign(depth-1))
	}
	return e
}

// filter returns a filter of a random kind with as many values as the grammar allows.
func (g generator) filter(decl *schema.Type) xmlapi.Filter {
	kinds := decl.Children()
	kind := kinds[g.IntN(len(kinds))]
	_, _, most := occurrence(decl.Content, kind.Name)
	values := make([]string, 1+g.IntN(min(most, 3)))
	for i := range values {
		values[i] = g.text(kind.Type)
	}
	return xmlapi.By(kind.Name, values[0], values[1:]...)
}

// fill sets the fields of a struct; of each choice it takes one alternative, or none where that is allowed.
func (g generator) fill(v reflect.Value, decl *schema.Type) {
	if decl.Any && v.NumField() > 0 { // described in prose only
		decl = nil
	}
	chosen := g.alternatives(v.Type())
	units := map[string]bool{} // embedded pointers: present or absent as a whole
	for _, f := range fields(v.Type()) {
		if f.wildcard {
			for range 1 + g.IntN(2) {
				fieldByIndex(v, f.index).Set(reflect.Append(fieldByIndex(v, f.index), g.value(f.typ.Elem(), nil)))
			}
			continue
		}
		var e *schema.Element
		if decl != nil {
			if e = decl.Child(f.name); e == nil {
				continue // of Unwrapped
			}
		} else {
			e = &schema.Element{Type: &schema.Type{Any: true, Simple: &schema.SimpleType{Base: "string", MinLength: -1, MaxLength: -1}}}
		}
		own, need, most := 1, 0, 1
		if decl != nil {
			own, need, most = occurrence(decl.Content, f.name)
		}
		present := !f.absent || need > 0 || g.chance(2)
		if f.choice != "" {
			c := parseChoice(f)
			present = chosen[c.group] == c.alternative && (!c.loose || g.chance(2))
		}
		if f.unit != "" {
			if _, ok := units[f.unit]; !ok {
				units[f.unit] = g.chance(2)
			}
			present = present && units[f.unit]
		}
		if present {
			g.set(fieldByIndex(v, f.index), f, e.Type, own, most)
		}
	}
}

func (g generator) set(v reflect.Value, f field, decl *schema.Type, own, most int) {
	switch f.typ.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(f.typ.Elem()))
		v.Elem().Set(g.value(f.typ.Elem(), decl))
	case reflect.Slice:
		limit := own
		if own == 1 && most > 1 {
			limit = 2 // a repeated choice; addresses come in pairs
		}
		for range 1 + g.IntN(min(limit, 3)) {
			v.Set(reflect.Append(v, g.value(f.typ.Elem(), decl)))
		}
	default:
		v.Set(g.value(f.typ, decl))
		for f.absent && v.IsZero() { // it would not be written
			v.Set(g.value(f.typ, decl))
		}
	}
}

// fieldByIndex is reflect.Value.FieldByIndex, but allocates embedded pointers on the way.
func fieldByIndex(v reflect.Value, index []int) reflect.Value {
	for i, n := range index {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(n)
	}
	return v
}

type choice struct {
	group, alternative string
	loose, required    bool
}

func parseChoice(f field) choice {
	tag, required := strings.CutSuffix(f.choice, ",required")
	group, alternative, named := strings.Cut(tag, ":")
	if !named {
		alternative = f.name
	}
	alternative, loose := strings.CutSuffix(alternative, "*")
	return choice{group: group, alternative: alternative, loose: loose, required: required}
}

// alternatives picks one alternative of every choice of a struct; "" where none is taken.
func (g generator) alternatives(t reflect.Type) map[string]string {
	options := map[string][]string{}
	var order []string
	for _, f := range fields(t) {
		if f.choice == "" {
			continue
		}
		c := parseChoice(f)
		if _, ok := options[c.group]; !ok {
			order = append(order, c.group)
			if !c.required {
				options[c.group] = []string{""}
			}
		}
		options[c.group] = append(options[c.group], c.alternative)
	}
	chosen := map[string]string{}
	for _, name := range order {
		chosen[name] = options[name][g.IntN(len(options[name]))]
	}
	return chosen
}

func least(p *schema.Particle) int {
	total := 0
	for i, c := range p.Children {
		l := least(c)
		if p.Kind == schema.KindChoice && i > 0 {
			total = min(total, l)
			continue
		}
		total += l
	}
	if p.Element != nil {
		total = 1
	}
	return total * p.Min
}

// number returns a number that is never 0, so that its element is written wherever zero means absent.
func (g generator) number(base string) int64 {
	n := 1 + g.Int64N(1<<31-1)
	switch base {
	case "long", "integer", "int":
		return []int64{-1, n, 16}[g.IntN(3)]
	}
	return n
}

// nasty are texts that a careless writer mangles.
var nasty = []string{"a&b", "<x/>", `"q"`, "it's", "]]>", "Müßiggang", "例え.テスト", "🦉", "%s%d", "a\tb\nc", "&amp;", "\\", "${x}", "x\u00a0y"}

func (g generator) text(decl *schema.Type) string {
	if decl.Simple == nil { // untyped
		return nasty[g.IntN(len(nasty))]
	}
	simple := decl.Simple
	for simple.Union != nil {
		simple = simple.Union[g.IntN(len(simple.Union))]
	}
	switch {
	case simple.Enum != nil:
		return simple.Enum[g.IntN(len(simple.Enum))]
	case strings.Contains(simple.Pattern, "@"):
		return "häns&co@xn--mller-kva.example"
	case strings.HasPrefix(simple.Pattern, "[/0-9"): // paths of virtual directories
		return []string{"/", "docs", "/docs/sub_1-x/"}[g.IntN(3)]
	case simple.Pattern != "":
		panic("no texts of pattern " + simple.Pattern)
	}
	switch simple.Base {
	case "string", "token", "anySimpleType":
		return g.bounded(simple)
	case "date":
		return fmt.Sprintf("20%02d-%02d-%02d", g.IntN(100), 1+g.IntN(12), 1+g.IntN(28))
	case "dateTime":
		return fmt.Sprintf("20%02d-%02d-%02dT%02d:00:59+02:00", g.IntN(100), 1+g.IntN(12), 1+g.IntN(28), g.IntN(24))
	case "base64Binary":
		return base64.StdEncoding.EncodeToString([]byte(nasty[g.IntN(len(nasty))]))
	case "boolean":
		return strconv.FormatBool(g.chance(2))
	}
	return strconv.FormatInt(g.number(simple.Base), 10)
}

func (g generator) bounded(simple *schema.SimpleType) string {
	if simple.MinLength <= 0 && g.chance(6) {
		return ""
	}
	var b strings.Builder
	for b.Len() == 0 || len([]rune(b.String())) < simple.MinLength {
		b.WriteString(nasty[g.IntN(len(nasty))])
	}
	out := []rune(b.String())
	if simple.MaxLength >= 0 && len(out) > simple.MaxLength {
		out = out[:simple.MaxLength]
	}
	return string(out)
}
