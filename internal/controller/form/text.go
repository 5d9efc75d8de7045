// Texts in the form in which the server keeps them.

package form

import (
	"slices"
	"strings"
)

// SingleBlanks reads a text as the protocol's own string type does: blanks at the ends mean nothing, runs of them are one.
func SingleBlanks(s string) string { return strings.Join(BlankFields(s), " ") }

// BlankFields splits a text at XML's blanks, which are fewer than Unicode's.
func BlankFields(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' })
}

// Shortened is the beginning of a text, for a message.
func Shortened(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// Collapse gives texts the form in which they arrive: the protocol keeps single blanks only (protocol-core §6).
func Collapse(texts ...**string) {
	for _, p := range texts {
		if *p != nil {
			*p = new(SingleBlanks(**p))
		}
	}
}

// CollapsedValues is Collapse for the values of a map, which is copied.
func CollapsedValues(m map[string]string) map[string]string {
	if m == nil {
		return nil
	}
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[k] = SingleBlanks(v)
	}
	return out
}

// NormalSet is a copy of a set with its members in normal form, each once and in order. Nil stays nil: not managed.
func NormalSet(set []string, normal func(string) string) []string {
	if set == nil {
		return nil
	}
	out := make([]string, len(set))
	for i, s := range set {
		out[i] = normal(s)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// NormalLines is a text whose lines end as XML has them, with none at its end.
func NormalLines(s string) string {
	return strings.TrimRight(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"), "\n")
}

// Deref is the text that s points at, "" for nil.
func Deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// Filled is a text that says something, nil for none.
func Filled(s *string) *string {
	if s == nil || *s == "" {
		return nil
	}
	return s
}
