// The diff: what of the wanted value differs from what the server has, by struct tags and nothing else.

package engine

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/version"
)

// redacted stands for every secret value in changes.
const redacted = "[redacted]"

// Change is one difference between what is wanted and what the server has.
type Change struct {
	Field      string // path below spec, e.g. "limits.disk_space"
	From, To   string // for people, "" where there is none; a member of a collection is added (To) or removed (From)
	Member     any    // of a collection: the member itself, which is its key; it has the type of the collection's elements
	WriteOnly  bool   // the value cannot be read back
	Suspension bool   // it is no field: what PleskSuspensions come to
	Immutable  bool   // the server cannot change it
	Mark       bool   // our mark on the object, not a value of the user's
}

// sameEffect reports whether two changes come to the same: a field gets the same value, or a collection the same member, or loses it. What a
// status has kept of a change is compared as it is printed.
func (c Change) sameEffect(d Change) bool {
	if c.Member != nil && d.Member != nil {
		return c.Field == d.Field && c.Member == d.Member && (c.To == "") == (d.To == "")
	}
	return c.Field == d.Field && c.To == d.To && (c.To != "" || c.From == d.From)
}

// Diff compares the fields of want that are set with those of have. The tag `plesk:"path,options"` of a field of W gives
// its path below spec; fields without it are not compared. What a field may be:
//
//	*string *bool *int *int64 …  compared by value
//	map[string]string            the keys of want are compared, the others of have are not managed; with the option missing=VALUE
//	                             a key that have lacks counts as VALUE
//	[]E                          a collection: its members are compared, order and repetition mean nothing; E is comparable, since a
//	                             member is its own key: a string, or a struct with a String method for people; with the option later no
//	                             add takes any: what was just made has none
//	*Link                        a reference: compared as Link.Same says
//	*struct                      compared field by field, the path being a prefix ("" for none)
//	map[string]xmlapi.Secret     writeonly, each by a path of its own (PATH.KEY): the secrets of a collection's members
//
// Options: immutable (the server cannot change it), writeonly (never read back: not compared here, but by the hash in the
// status; writeonly=later: nor is it for Create, so that the first update writes it), with=a|b (a secret that is written only along with changes of
// these fields, if there are any: what logs in at another host is for no other one), mark (our mark; mark=passing: only until the object is recorded;
// mark=lasting: it is given when the object is made and stays as it is, so it is not compared), privileged (not for tenants; privileged=a|b: these
// keys of a map only), lifecycle (a billing system's, where the server says so), needs=a|b (what of the protocol the field needs and only newer
// versions have: package version). The keys of a map
// are names of the protocol and need themselves.
func Diff[W any](want, have W) []Change {
	var changes []Change
	diffStruct(reflect.ValueOf(want), reflect.ValueOf(have), "", func(c Change) { changes = append(changes, c) })
	return changes
}

// privilegedFields lists the fields that want sets and whose tag keeps them from tenants.
func privilegedFields[W any](want W) []string {
	var out []string
	walkFields(reflect.ValueOf(want), "", func(path string, opt fieldOptions, v reflect.Value) {
		switch {
		case !opt.privileged || v.IsNil():
		case v.Kind() == reflect.Map:
			for _, k := range sortedKeys(v) {
				if opt.keys == nil || slices.Contains(opt.keys, k.String()) {
					out = append(out, path+"."+k.String())
				}
			}
		case v.Kind() != reflect.Slice || v.Len() > 0:
			out = append(out, path)
		}
	})
	return out
}

// Privileges names the fields of want, as paths below spec, that tenants may not set: by their tag, or by what the kind says of their
// values. The kind is an engine.Kind.
func Privileges[W any](kind any, want W) []string {
	fields := privilegedFields(want)
	if k, ok := kind.(Privileged[W]); ok {
		fields = append(fields, k.Privileged(want)...)
	}
	return fields
}

// Only returns a copy of want in which just the fields (and keys of maps) that changes name are set. Collections stay whole.
func Only[W any](want W, changes []Change) W {
	fields := make(map[string]bool, len(changes))
	for _, c := range changes {
		fields[c.Field] = true
	}
	var out W
	copyNamed(reflect.ValueOf(&out).Elem(), reflect.ValueOf(want), "", fields)
	return out
}

// Touches reports whether one of the changes is about the field at path or below it.
func Touches(changes []Change, path string) bool {
	return slices.ContainsFunc(changes, func(c Change) bool {
		return c.Field == path || strings.HasPrefix(c.Field, path+".")
	})
}

type fieldOptions struct {
	immutable, writeOnly, later, mark, passing, lasting, privileged, lifecycle bool

	missing string
	keys    []string // that privileged is about; nil: all
	needs   []string // of the protocol
	with    []string // paths of fields
}

// field returns the path and options of a struct field; ok is false for fields that are not compared.
func field(prefix string, f reflect.StructField) (path string, opt fieldOptions, ok bool) {
	tag, ok := f.Tag.Lookup("plesk")
	if !ok {
		return "", opt, false
	}
	name, rest, _ := strings.Cut(tag, ",")
	if rest != "" && isNested(f.Type) {
		panic(fmt.Sprintf("engine: field %s: options belong to the fields of a struct", f.Name)) // here they would have no effect
	}
	for o := range strings.SplitSeq(rest, ",") {
		key, value, _ := strings.Cut(o, "=")
		switch key {
		case "":
		case "immutable":
			opt.immutable = true
		case "writeonly":
			opt.writeOnly, opt.later = true, value == "later"
		case "later":
			opt.later = true
		case "privileged":
			opt.privileged = true
			if value != "" {
				opt.keys = strings.Split(value, "|")
			}
		case "lifecycle":
			opt.lifecycle = true
		case "mark":
			opt.mark, opt.passing, opt.lasting = true, value == "passing", value == "lasting"
		case "missing":
			opt.missing = value
		case "with":
			opt.with = strings.Split(value, "|")
		case "needs":
			opt.needs = strings.Split(value, "|")
			for _, name := range opt.needs {
				if version.Since(name) == "" {
					panic(fmt.Sprintf("engine: field %s: every version has %q", f.Name, name))
				}
			}
		default:
			panic(fmt.Sprintf("engine: field %s: unknown option %q", f.Name, o))
		}
	}
	return join(prefix, name), opt, true
}

func join(prefix, name string) string {
	if prefix == "" || name == "" {
		return prefix + name
	}
	return prefix + "." + name
}

func isNested(t reflect.Type) bool {
	return t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct && t != reflect.TypeFor[*Link]()
}

func diffStruct(want, have reflect.Value, prefix string, emit func(Change)) {
	for i := range want.NumField() {
		path, opt, ok := field(prefix, want.Type().Field(i))
		if !ok || opt.writeOnly || opt.lasting {
			continue
		}
		w, h := want.Field(i), have.Field(i)
		if w.IsNil() {
			continue
		}
		add := func(field, from, to string) {
			emit(Change{Field: field, From: from, To: to, Immutable: opt.immutable, Mark: opt.mark})
		}
		switch {
		case w.Type() == reflect.TypeFor[*Link]():
			if h.IsNil() || !w.Interface().(*Link).Same(*h.Interface().(*Link)) {
				add(path, text(h), text(w))
			}
		case isNested(w.Type()):
			if h.IsNil() {
				h = reflect.New(w.Type().Elem())
			}
			diffStruct(w.Elem(), h.Elem(), path, emit)
		case w.Kind() == reflect.Map:
			diffMap(w, h, path, opt.missing, add)
		case w.Kind() == reflect.Slice:
			diffMembers(w, h, func(m member, from, to string) {
				emit(Change{Field: path, From: from, To: to, Member: m.key, Immutable: opt.immutable, Mark: opt.mark})
			})
		default:
			if from, to := text(h), text(w); h.IsNil() || from != to {
				add(path, from, to)
			}
		}
	}
}

func diffMap(want, have reflect.Value, path, missing string, add func(field, from, to string)) {
	for _, k := range sortedKeys(want) {
		w, h := want.MapIndex(k), have.MapIndex(k)
		from, known := missing, missing != ""
		if h.IsValid() {
			from, known = h.String(), true
		}
		if !known || from != w.String() {
			add(path+"."+k.String(), from, w.String())
		}
	}
}

// member is an element of a collection: its key, and how it prints.
type member struct {
	key  any
	text string
}

func diffMembers(want, have reflect.Value, emit func(m member, from, to string)) {
	w, wanted := members(want)
	h, there := members(have)
	for _, m := range w {
		if !there[m.key] {
			emit(m, "", m.text)
		}
	}
	for _, m := range h {
		if !wanted[m.key] {
			emit(m, m.text, "")
		}
	}
}

// members are the elements of a collection, each once, in the order in which they print, and their keys.
func members(v reflect.Value) (out []member, keys map[any]bool) {
	keys = map[any]bool{}
	for i := range v.Len() {
		if key := v.Index(i).Interface(); !keys[key] {
			keys[key] = true
			out = append(out, member{key, fmt.Sprint(key)})
		}
	}
	slices.SortStableFunc(out, func(a, b member) int { return strings.Compare(a.text, b.text) })
	return out, keys
}

func sortedUnique(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return slices.Compact(s)
}

func sortedKeys(m reflect.Value) []reflect.Value {
	keys := m.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	return keys
}

// text prints what a scalar pointer points at, "" for nil.
func text(p reflect.Value) string {
	if p.IsNil() {
		return ""
	}
	return fmt.Sprint(p.Elem().Interface())
}

// marking tells whether objects of a kind bear a mark of ours, and whether that goes once they are recorded.
func marking[W any]() (marked, passing bool) {
	t := reflect.TypeFor[W]()
	for i := range t.NumField() {
		if _, opt, ok := field("", t.Field(i)); ok && opt.mark {
			return true, opt.passing
		}
	}
	return false, false
}

// walkFields calls visit for every leaf field that is compared.
func walkFields(v reflect.Value, prefix string, visit func(path string, opt fieldOptions, v reflect.Value)) {
	for i := range v.NumField() {
		path, opt, ok := field(prefix, v.Type().Field(i))
		if !ok {
			continue
		}
		f := v.Field(i)
		if !isNested(f.Type()) {
			visit(path, opt, f)
		} else if !f.IsNil() {
			walkFields(f.Elem(), path, visit)
		}
	}
}

func copyNamed(dst, src reflect.Value, prefix string, fields map[string]bool) {
	for i := range src.NumField() {
		path, _, ok := field(prefix, src.Type().Field(i))
		if !ok || src.Field(i).IsNil() {
			continue
		}
		s, d := src.Field(i), dst.Field(i)
		switch {
		case isNested(s.Type()):
			nested := reflect.New(s.Type().Elem())
			copyNamed(nested.Elem(), s.Elem(), path, fields)
			if !nested.Elem().IsZero() {
				d.Set(nested)
			}
		case s.Kind() == reflect.Map:
			for _, k := range s.MapKeys() {
				if !fields[path+"."+k.String()] {
					continue
				}
				if d.IsNil() {
					d.Set(reflect.MakeMap(s.Type()))
				}
				d.SetMapIndex(k, s.MapIndex(k))
			}
		case fields[path]:
			d.Set(s)
		}
	}
}

// name is what a change is about, for people: a path from the root of the object.
func (c Change) name() string {
	switch {
	case c.Mark:
		return "our mark"
	case c.Suspension:
		return "its PleskSuspensions"
	}
	return "spec." + c.Field
}

// fieldNames lists the fields that changes are about, each once, as paths from the root of the object.
func fieldNames(changes []Change) string {
	names := make([]string, len(changes))
	for i, c := range changes {
		names[i] = c.name()
	}
	return strings.Join(sortedUnique(names), ", ")
}
