// Error texts in the language of the panel. Codes and shapes stay as they are, and so does what has no translation.

package plesksim

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// phrase is a text with holes, and its translation.
type phrase struct {
	format   string
	literals []string // what is around the holes
	weight   int      // bytes in the literals
	target   string   // a format whose verbs are all %s, with indexes where the order differs
}

// catalogue holds the translations by the format strings of refusals.
func catalogue(l Locale) (map[string]string, error) {
	switch l {
	case "", English:
		return nil, nil
	case German:
		all := map[string]string{}
		for _, part := range []map[string]string{germanCore, germanHosting, germanServices, germanPanel, germanAccess} {
			for format, target := range part {
				all[format] = target
			}
		}
		return all, nil
	}
	return nil, fmt.Errorf("plesksim: no error texts in the language %q", string(l))
}

var verb = regexp.MustCompile(`%[sdv]`)

// phrasesOf prepares a catalogue. Of two phrases that fit a text the one that says more about it comes first.
func phrasesOf(l Locale) ([]phrase, error) {
	texts, err := catalogue(l)
	if err != nil {
		return nil, err
	}
	var phrases []phrase
	for format, target := range texts {
		p := phrase{format: format, literals: verb.Split(format, -1), target: target}
		for _, literal := range p.literals {
			p.weight += len(literal)
		}
		phrases = append(phrases, p)
	}
	slices.SortFunc(phrases, func(a, b phrase) int {
		if a.weight != b.weight {
			return b.weight - a.weight
		}
		return strings.Compare(a.format, b.format)
	})
	return phrases, nil
}

// localised is a refusal of a whole packet in the language of the panel.
func (s *Server) localised(r *refusal) *refusal {
	if len(s.phrases) == 0 {
		return r
	}
	return refuse(r.code, "%s", s.translate(r.Error()))
}

// translated is an answer whose error texts are in the language of the panel. Results hold finished texts, which are recognised by the
// format that they were made from.
func (s *Server) translated(answer []byte) []byte {
	const begin, end = "<errtext>", "</errtext>"
	if len(s.phrases) == 0 || !bytes.Contains(answer, []byte(begin)) {
		return answer
	}
	var out bytes.Buffer
	for {
		before, after, found := bytes.Cut(answer, []byte(begin))
		out.Write(before)
		if !found {
			return out.Bytes()
		}
		escaped, rest, _ := bytes.Cut(after, []byte(end))
		out.WriteString(begin)
		_ = xml.EscapeText(&out, []byte(s.translate(unescape(escaped)))) // a buffer takes everything
		out.WriteString(end)
		answer = rest
	}
}

// unescape reads the text of an element that encoding/xml wrote.
func unescape(escaped []byte) string {
	var text string
	if err := xml.Unmarshal(slices.Concat([]byte("<x>"), escaped, []byte("</x>")), &text); err != nil {
		return string(escaped)
	}
	return text
}

// translate returns the text in the language of the panel, or as it is.
func (s *Server) translate(text string) string {
	for _, p := range s.phrases {
		if values, ok := p.match(text); ok {
			return fmt.Sprintf(p.target, values...)
		}
	}
	return text
}

// match finds what stands in the holes.
func (p phrase) match(text string) ([]any, bool) {
	rest, ok := strings.CutPrefix(text, p.literals[0])
	if !ok || len(p.literals) == 1 {
		return nil, ok && rest == ""
	}
	var values []any
	inner, last := p.literals[1:len(p.literals)-1], p.literals[len(p.literals)-1]
	for _, literal := range inner {
		value, after, found := strings.Cut(rest, literal)
		if !found {
			return nil, false
		}
		values, rest = append(values, value), after
	}
	value, ok := strings.CutSuffix(rest, last)
	return append(values, value), ok
}
