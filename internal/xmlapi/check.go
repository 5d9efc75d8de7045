// What a request must satisfy before it is sent: its text is text that XML can carry, and of fields that exclude each other only one is set.

package xmlapi

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// checkValue refuses what the server would misread or refuse: encoding/xml silently replaces characters that XML cannot
// carry, and where the grammar has a choice it would write both branches. Choices are declared in struct tags:
//
//	choice:"GROUP[:ALTERNATIVE][*][,required]"
//
// Fields of one group exclude each other, except those of the same alternative, which go together; with a star the field
// can be missing from its alternative. A field without an alternative is one by itself. Required: one alternative must
// be there. Only requests are checked; in results the tags document what the grammar allows.
func checkValue(v any) error { return checkAt(reflect.ValueOf(v), "") }

func checkAt(v reflect.Value, path string) error {
	switch v.Kind() {
	case reflect.String:
		return checkText(v.String(), path)
	case reflect.Pointer:
		if !v.IsNil() {
			return checkAt(v.Elem(), path)
		}
	case reflect.Slice:
		for i := range v.Len() {
			if err := checkAt(v.Index(i), path); err != nil {
				return err
			}
		}
	case reflect.Struct:
		if err := checkChoices(v, path); err != nil {
			return err
		}
		for i := range v.NumField() {
			if err := checkAt(v.Field(i), join(path, elementName(v.Type().Field(i)))); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkText(s, path string) error {
	if err := CheckText(s); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// CheckText returns an error for a text that no packet can carry. Of the text it quotes one character.
func CheckText(s string) error {
	if !utf8.ValidString(s) {
		return errors.New("not valid UTF-8")
	}
	for _, r := range s {
		if !xmlChar(r) {
			return fmt.Errorf("character %U cannot be sent in XML", r)
		}
	}
	return nil
}

func xmlChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

// group collects the fields of one choice that a struct has set.
type group struct {
	name     string
	required bool
	fields   []string            // all of the group, in order
	set      []string            // those that are set, in order
	chosen   []string            // the alternatives of these
	missing  map[string][]string // of alternatives whose fields go together: those that are not set
}

func checkChoices(v reflect.Value, path string) error {
	var groups []*group
	for i := range v.NumField() {
		field := v.Type().Field(i)
		tag, ok := field.Tag.Lookup("choice")
		if !ok {
			continue
		}
		tag, required := strings.CutSuffix(tag, ",required")
		name, alternative, named := strings.Cut(tag, ":")
		if !named {
			alternative = field.Name
		}
		at := slices.IndexFunc(groups, func(g *group) bool { return g.name == name })
		if at < 0 {
			at, groups = len(groups), append(groups, &group{name: name, missing: map[string][]string{}})
		}
		groups[at].required = required
		groups[at].add(alternative, elementName(field), isSet(v.Field(i)))
	}
	for _, g := range groups {
		if err := g.check(); err != nil {
			if path != "" {
				return fmt.Errorf("%s: %w", path, err)
			}
			return err
		}
	}
	return nil
}

func (g *group) add(alternative, element string, set bool) {
	alternative, loose := strings.CutSuffix(alternative, "*")
	g.fields = append(g.fields, element)
	switch {
	case set:
		g.set = append(g.set, element)
		if !slices.Contains(g.chosen, alternative) {
			g.chosen = append(g.chosen, alternative)
		}
	case !loose:
		g.missing[alternative] = append(g.missing[alternative], element)
	}
}

func (g *group) check() error {
	switch {
	case len(g.chosen) == 0 && g.required:
		return fmt.Errorf("one of %s is required", strings.Join(g.fields, ", "))
	case len(g.chosen) == 0:
		return nil
	case len(g.chosen) > 1:
		return fmt.Errorf("%s exclude each other", strings.Join(g.set, ", "))
	case len(g.missing[g.chosen[0]]) > 0:
		return fmt.Errorf("%s is required with %s", strings.Join(g.missing[g.chosen[0]], ", "), strings.Join(g.set, ", "))
	}
	return nil
}

func isSet(v reflect.Value) bool {
	if v.Kind() == reflect.Slice {
		return v.Len() > 0
	}
	return !v.IsZero()
}

// elementName returns the field's element, "" for embedded structs and for fields that are not elements.
func elementName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("xml"), ",")
	return name
}

func join(path, name string) string {
	if path == "" || name == "" {
		return path + name
	}
	return path + "/" + name
}
