// Random values of simple types and random content for untyped elements.
package schematest

import (
	"encoding/base64"
	"fmt"
	"regexp/syntax"
	"strconv"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
)

// value returns a random valid value.
func (g *generator) value(t *schema.SimpleType) string {
	switch {
	case t.Union != nil:
		return g.value(t.Union[g.rnd.IntN(len(t.Union))])
	case t.Enum != nil:
		return t.Enum[g.rnd.IntN(len(t.Enum))]
	case t.Pattern != "":
		return g.matching(t)
	case t.Base == "string" || t.Base == "token" || t.Base == "anySimpleType":
		return g.text(max(t.MinLength, 0), t.MaxLength)
	}
	v := g.builtin(t.Base)
	switch t.Base {
	case "boolean", "integer", "positiveInteger", "nonNegativeInteger", "base64Binary": // the server takes no blanks elsewhere
		if g.odd && g.rnd.IntN(6) == 0 {
			v = g.blanks() + v + g.blanks()
		}
	}
	return v
}

func (g *generator) blanks() string {
	return []string{"", " ", "\n\t", "  \r\n"}[g.rnd.IntN(4)]
}

func (g *generator) builtin(base string) string {
	date := func() string {
		return fmt.Sprintf("%04d-%02d-%02d", 1970+g.rnd.IntN(100), 1+g.rnd.IntN(12), 1+g.rnd.IntN(28))
	}
	zone := func() string {
		if !g.odd {
			return ""
		}
		return []string{"", "Z", "+02:00", "-14:00"}[g.rnd.IntN(4)]
	}
	switch base {
	case "boolean":
		return []string{"true", "false", "1", "0"}[g.rnd.IntN(4)]
	case "positiveInteger":
		return strconv.Itoa(1 + g.rnd.IntN(99999))
	case "nonNegativeInteger", "unsignedInt", "unsignedLong":
		return strconv.Itoa(g.rnd.IntN(99999))
	case "integer", "int", "long":
		return g.integer()
	case "double":
		return []string{"0.37", "-1", "37", "1e3", "INF"}[g.rnd.IntN(5)]
	case "date":
		return date() + zone()
	case "dateTime":
		return fmt.Sprintf("%sT%02d:%02d:%02d%s", date(), g.rnd.IntN(24), g.rnd.IntN(60), g.rnd.IntN(60), zone())
	case "base64Binary":
		return base64.StdEncoding.EncodeToString([]byte(g.text(0, 20)))
	}
	panic("no values known of type " + base)
}

func (g *generator) integer() string {
	n := strconv.Itoa(g.rnd.IntN(99999) - 1000)
	if g.odd && n[0] != '-' {
		n = []string{"", "+", "00"}[g.rnd.IntN(3)] + n
	}
	return n
}

// text returns a string of least to most characters; most below zero is no limit.
func (g *generator) text(least, most int) string {
	letters := []rune("abcdefghijklmnopqrstuvwxyz0123456789.-")
	if g.odd {
		letters = []rune("abcABC019 ._-/@\n\t&<>'\"]é漢😀\u00a0\r")
	}
	limit := least + 12
	if most >= 0 {
		limit = min(limit, most)
	}
	if g.odd && most > 0 && g.rnd.IntN(20) == 0 {
		least, limit = most, most
	}
	out := make([]rune, least+g.rnd.IntN(limit-least+1))
	for i := range out {
		out[i] = letters[g.rnd.IntN(len(letters))]
	}
	return string(out)
}

// matching returns a text of the type's pattern and length.
func (g *generator) matching(t *schema.SimpleType) string {
	re, err := syntax.Parse(t.Pattern, syntax.Perl)
	if err != nil {
		panic(err)
	}
	for {
		var b strings.Builder
		g.expand(&b, re)
		if n := b.Len(); n >= t.MinLength && (t.MaxLength < 0 || n <= t.MaxLength) {
			return b.String()
		}
	}
}

// expand writes a random text of an expression made of classes and repetitions; of a class it uses
// the printable ASCII characters.
func (g *generator) expand(b *strings.Builder, re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			g.expand(b, sub)
		}
	case syntax.OpStar, syntax.OpPlus:
		count := g.rnd.IntN(8)
		if re.Op == syntax.OpPlus {
			count++
		}
		for range count {
			g.expand(b, re.Sub[0])
		}
	case syntax.OpCharClass:
		for {
			r := rune('!' + g.rnd.IntN('~'-'!'+1))
			for i := 0; i < len(re.Rune); i += 2 {
				if r >= re.Rune[i] && r <= re.Rune[i+1] {
					b.WriteRune(r)
					return
				}
			}
		}
	default:
		panic("no texts known of expression " + re.String())
	}
}

// anything makes mixed content for an untyped element.
func (g *generator) anything(depth int) []*Node {
	var out []*Node
	for range g.rnd.IntN(4) {
		if depth > 0 && g.rnd.IntN(2) == 0 {
			out = append(out, g.foreign(depth-1))
		} else {
			out = append(out, &Node{Text: g.text(1, -1)})
		}
	}
	return out
}

// foreign makes an element that no grammar declares, with any content.
func (g *generator) foreign(depth int) *Node {
	n := &Node{Name: []string{"a", "_1", "idx", "x.y", "ключ"}[g.rnd.IntN(5)]}
	if g.odd && g.rnd.IntN(4) == 0 {
		n.Name = "p:" + n.Name
		n.Attrs = append(n.Attrs, Attr{Name: "xmlns:p", Value: "urn:p"})
	}
	if g.rnd.IntN(3) == 0 {
		n.Attrs = append(n.Attrs, Attr{Name: "b", Value: g.text(0, -1)})
	}
	n.Children = g.anything(depth)
	return n
}
