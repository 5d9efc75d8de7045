// Reading elements into values, by the same struct tags and rules as encoding/xml, as far as the types of the protocol need them.

package xmlapi

import (
	"encoding"
	"encoding/xml"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// shapes maps the elements of each struct type to its fields.
type shapes map[reflect.Type]*shape

type shape struct {
	fields   map[string][]int // by element name; the index is for fieldAt
	wildcard []int            // takes what has no field, nil for none
}

func (s shapes) of(t reflect.Type) *shape {
	known, ok := s[t]
	if !ok {
		known = &shape{fields: map[string][]int{}}
		known.add(t, nil)
		s[t] = known
	}
	return known
}

// add collects the fields of a struct and then those of the structs that it embeds: the outer ones come first.
func (s *shape) add(t reflect.Type, at []int) {
	var embedded [][]int
	for i := range t.NumField() {
		f := t.Field(i)
		index := slices.Concat(at, []int{i})
		name, options, _ := strings.Cut(f.Tag.Get("xml"), ",")
		switch {
		case name == "-":
		case name == "" && options == "any":
			s.wildcard = index
		case name == "" && f.Anonymous:
			embedded = append(embedded, index)
		case name != "" && s.fields[name] == nil:
			s.fields[name] = index
		}
	}
	for _, index := range embedded {
		f := t.Field(index[len(index)-1]).Type
		if f.Kind() == reflect.Pointer {
			f = f.Elem()
		}
		s.add(f, index)
	}
}

// fieldAt is reflect.Value.FieldByIndex for structs that embed nil pointers.
func fieldAt(v reflect.Value, index []int) reflect.Value {
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

// into reads the current element, whose start tag has been read, into a value: a struct field by field; a slice gets one more member.
func (r *reader) into(v reflect.Value) error {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			if err := r.src.spend(int(v.Type().Elem().Size())); err != nil { //nolint:gosec // the size of a type
				return err
			}
			v.Set(reflect.New(v.Type().Elem()))
		}
		v = v.Elem()
	}
	switch u := v.Addr().Interface().(type) {
	case xml.Unmarshaler:
		return r.foreign(u)
	case encoding.TextUnmarshaler:
		text, err := r.content()
		if err != nil {
			return err
		}
		return u.UnmarshalText(text)
	}
	switch v.Kind() {
	case reflect.Struct:
		return r.intoStruct(v)
	case reflect.Slice:
		was := v.Cap()
		v.Grow(1)
		if err := r.src.spend((v.Cap() - was) * int(v.Type().Elem().Size())); err != nil { //nolint:gosec // the size of a type
			return err
		}
		v.SetLen(v.Len() + 1)
		last := v.Index(v.Len() - 1)
		last.SetZero() // the memory may have been used before
		return r.into(last)
	}
	text, err := r.content()
	if err != nil {
		return err
	}
	return r.set(v, text)
}

func (r *reader) intoStruct(v reflect.Value) error {
	s := r.shapes.of(v.Type())
	for {
		more, err := r.child()
		if err != nil || !more {
			return err
		}
		index, ok := s.fields[r.name.Local]
		if !ok {
			index = s.wildcard
		}
		if index == nil {
			err = r.skip()
		} else {
			err = r.into(fieldAt(v, index))
		}
		if err != nil {
			return err
		}
	}
}

// content returns the text of the current element, up to its end; it is valid until the next call. Child elements are not part of it.
func (r *reader) content() ([]byte, error) {
	r.value = r.value[:0]
	for {
		kind, err := r.next()
		if kind == tokenStart && err == nil {
			err = r.skip()
		}
		switch {
		case err != nil:
			return nil, err
		case kind == tokenEnd:
			return r.value, nil
		case kind == tokenText:
			if len(r.value)+len(r.text) > maxTokenBytes {
				return nil, errTooLong
			}
			r.value = append(r.value, r.text...)
		}
	}
}

// set gives a simple value its text.
func (r *reader) set(v reflect.Value, text []byte) error {
	if v.Kind() == reflect.String {
		v.SetString(r.keep(text))
		return r.src.spend(len(text))
	}
	s := strings.TrimSpace(string(text))
	if len(text) == 0 {
		v.SetZero()
		return nil
	}
	switch v.Kind() {
	case reflect.Bool:
		b, err := strconv.ParseBool(s)
		v.SetBool(b)
		return err
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n, err := strconv.ParseInt(s, 10, v.Type().Bits())
		v.SetInt(n)
		return err
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		n, err := strconv.ParseUint(s, 10, v.Type().Bits())
		v.SetUint(n)
		return err
	}
	return fmt.Errorf("no way to read a %s", v.Type())
}

const (
	shortText  = 40
	knownTexts = 1024
)

// keep makes a string of a text; short ones that come often (names of properties, "true") are made once and shared.
func (r *reader) keep(text []byte) string {
	if len(text) > shortText {
		return string(text)
	}
	known, ok := r.texts[string(text)]
	if !ok {
		known = string(text)
		if len(r.texts) < knownTexts {
			r.texts[known] = known
		}
	}
	return known
}
