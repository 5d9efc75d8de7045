// Words and texts: the API's enumerations translated into the wire's, and texts in the form in which the server keeps them.

package controller

import (
	"slices"
	"strings"
)

// words pairs the values of an enumeration of the API with those of the wire. What it does not know is left as it is, so that
// an unexpected value of the server shows as a difference.
type words [][2]string

// wire translates a value of the API; nil for nil.
func (w words) wire(api *string) *string { return w.translate(api, 0, 1) }

// api translates a value of the wire; nil for nil.
func (w words) api(wire *string) *string { return w.translate(wire, 1, 0) }

func (w words) translate(s *string, from, to int) *string {
	if s == nil {
		return nil
	}
	if i := slices.IndexFunc(w, func(pair [2]string) bool { return pair[from] == *s }); i >= 0 {
		return new(w[i][to])
	}
	return s
}

// flag reads a boolean as the server's fields print it (protocol-core §6); nil when it is none.
func flag(s *string) *bool {
	if s == nil {
		return nil
	}
	switch strings.ToLower(*s) {
	case "true", "on", "enabled", "1":
		return new(true)
	case "false", "off", "disabled", "0":
		return new(false)
	}
	return nil
}

// collapse gives texts the form in which they arrive: the protocol keeps single blanks only (protocol-core §6).
func collapse(texts ...**string) {
	for _, p := range texts {
		if *p != nil {
			*p = new(singleBlanks(**p))
		}
	}
}

// collapsedValues is collapse for the values of a map, which is copied.
func collapsedValues(m map[string]string) map[string]string {
	if m == nil {
		return nil
	}
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[k] = singleBlanks(v)
	}
	return out
}
