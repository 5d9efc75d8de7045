// Words: the API's enumerations translated into the wire's.

// Package form gives values the form in which they are compared, sent or shown: words, texts, names, addresses, bounds, statuses. One function
// each.
package form

import (
	"slices"
	"strings"
)

// Words pairs the values of an enumeration of the API with those of the wire. What it does not know is left as it is, so that
// an unexpected value of the server shows as a difference.
type Words [][2]string

// Wire translates a value of the API; nil for nil.
func (w Words) Wire(api *string) *string { return w.translate(api, 0, 1) }

// API translates a value of the wire; nil for nil.
func (w Words) API(wire *string) *string { return w.translate(wire, 1, 0) }

func (w Words) translate(s *string, from, to int) *string {
	if s == nil {
		return nil
	}
	if i := slices.IndexFunc(w, func(pair [2]string) bool { return pair[from] == *s }); i >= 0 {
		return new(w[i][to])
	}
	return s
}

// Flag reads a boolean as the server's fields print it (protocol-core §6); nil if it is not a boolean.
func Flag(s *string) *bool {
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
