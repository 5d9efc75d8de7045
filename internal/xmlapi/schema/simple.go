// Checking a text against a simple type, with the messages for what is wrong.
package schema

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

type matcher interface{ MatchString(string) bool }

// compilePattern translates a pattern facet. The two patterns of the grammars mean the same in
// both languages once anchored; whatever might not is refused.
func compilePattern(pattern string) (matcher, error) {
	if strings.ContainsAny(pattern, "$&.") || strings.ContainsAny(strings.ReplaceAll(pattern, "[^", ""), "^") {
		return nil, fmt.Errorf("pattern %q is not supported", pattern)
	}
	return regexp.Compile("^(?:" + pattern + ")$")
}

// restricts reports whether there is a text that is not a value of the type.
func (t *SimpleType) restricts() bool {
	return t.Union != nil || t.builtin.valid != nil || t.Enum != nil || t.Pattern != "" || t.MinLength >= 0 || t.MaxLength >= 0
}

// check returns what is wrong with a value, or "".
func (t *SimpleType) check(value string) string {
	if t.Union != nil {
		for _, m := range t.Union {
			if m.check(value) == "" {
				return ""
			}
		}
		return t.invalid(value)
	}
	if t.builtin.valid != nil {
		if !t.builtin.valid(value) {
			return t.invalid(value)
		}
		return ""
	}
	return t.checkFacets(value)
}

// checkFacets checks the restrictions of a string in libxml2's order.
func (t *SimpleType) checkFacets(value string) string {
	length := 0
	if t.MinLength >= 0 || t.MaxLength >= 0 {
		length = utf8.RuneCountInString(value)
	}
	switch {
	case t.MinLength >= 0 && length < t.MinLength:
		return fmt.Sprintf("[facet 'minLength'] The value has a length of '%d'; this underruns the allowed minimum length of '%d'.", length, t.MinLength)
	case t.MaxLength >= 0 && length > t.MaxLength:
		return fmt.Sprintf("[facet 'maxLength'] The value has a length of '%d'; this exceeds the allowed maximum length of '%d'.", length, t.MaxLength)
	case t.Enum != nil && !t.listed(value):
		return fmt.Sprintf("[facet 'enumeration'] The value '%s' is not an element of the set {'%s'}.", value, strings.Join(t.Enum, "', '"))
	case t.pattern != nil && !t.pattern.MatchString(value):
		return fmt.Sprintf("[facet 'pattern'] The value '%s' is not accepted by the pattern '%s'.", value, t.Pattern)
	}
	return ""
}

func (t *SimpleType) listed(value string) bool {
	for _, e := range t.Enum {
		if e == value {
			return true
		}
	}
	return false
}

func (t *SimpleType) invalid(value string) string {
	variety := "atomic"
	if t.Union != nil {
		variety = "union"
	}
	name := t.Name
	if !t.declared {
		name = "xs:" + name
	}
	return fmt.Sprintf("'%s' is not a valid value of the %s type '%s'.", value, variety, name)
}

// collapse trims blanks and makes one blank of each run.
func collapse(v string) string {
	if !strings.ContainsAny(v, " \t\n\r") {
		return v
	}
	return strings.Join(strings.FieldsFunc(v, isBlankRune), " ")
}

func isBlankRune(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }
