// Node is a packet before it is written, so that it can be changed on the way.
package schematest

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
)

// Node is an element, or a text when it has no name.
type Node struct {
	Name     string
	Attrs    []Attr
	Children []*Node
	Text     string
	Decl     *schema.Element // of a declared element
}

// Attr is an attribute as it is written, with its prefix.
type Attr struct{ Name, Value string }

// Bytes writes the packet on lines of its own; odd uses every legal spelling at random.
func (n *Node) Bytes(rnd *rand.Rand, odd bool) []byte {
	w := &writer{rnd: rnd, odd: odd}
	if odd && w.chance(2) {
		w.WriteString([]string{`<?xml version="1.0"?>`, `<?xml version='1.0' encoding='utf-8' standalone='yes' ?>`, "\xEF\xBB\xBF"}[rnd.IntN(3)])
		w.filler()
	}
	w.element(n)
	if odd {
		w.filler()
	}
	return []byte(w.String())
}

// Elements lists the node and all elements below it with their parents.
func (n *Node) Elements() []Place {
	out := []Place{{Node: n}}
	for i := 0; i < len(out); i++ {
		for _, c := range out[i].Node.Children {
			if c.Name != "" {
				out = append(out, Place{Node: c, Parent: out[i].Node})
			}
		}
	}
	return out
}

// Place is an element and its parent; the packet has none.
type Place struct{ Node, Parent *Node }

type writer struct {
	strings.Builder
	rnd *rand.Rand
	odd bool
}

func (w *writer) chance(n int) bool { return w.rnd.IntN(n) == 0 }

// filler writes what may stand between elements.
func (w *writer) filler() {
	if !w.odd {
		return
	}
	for w.chance(3) {
		w.WriteString([]string{"\n", " \t", "<!-- a - comment\n -->", "<?pi some\ndata?>", "\r\n", "<!---->"}[w.rnd.IntN(6)])
	}
}

func (w *writer) element(n *Node) {
	w.WriteString("<" + n.Name)
	for _, a := range n.Attrs {
		w.attr(a)
	}
	if w.odd && w.chance(8) {
		w.WriteString([]string{" ", "\n", "\t\n\n"}[w.rnd.IntN(3)])
	}
	if len(n.Children) == 0 && (!w.odd || w.chance(2)) {
		w.WriteString("/>")
		return
	}
	w.WriteString(">")
	fill := n.Decl == nil || n.Decl.Type.Content != nil
	mixed := n.Decl != nil && n.Decl.Type.Simple != nil
	for _, c := range n.Children {
		switch {
		case c.Name == "":
			w.text(c.Text)
		default:
			if !mixed && !w.odd {
				w.WriteString("\n")
			}
			if fill {
				w.filler()
			}
			w.element(c)
		}
	}
	if fill {
		w.filler()
	}
	w.WriteString("</" + n.Name)
	if w.odd && w.chance(8) {
		w.WriteString(" \n")
	}
	w.WriteString(">")
}

func (w *writer) attr(a Attr) {
	blank, quote := " ", `"`
	if w.odd {
		blank = []string{" ", "\n", "  "}[w.rnd.IntN(3)]
		quote = []string{`"`, "'"}[w.rnd.IntN(2)]
	}
	w.WriteString(blank + a.Name + "=" + quote)
	for _, r := range a.Value {
		switch {
		case r == '<' || r == '&' || string(r) == quote || r < ' ':
			fmt.Fprintf(&w.Builder, "&#%d;", r)
		default:
			w.WriteRune(r)
		}
	}
	w.WriteString(quote)
}

func (w *writer) text(s string) {
	if w.odd && w.chance(4) && !strings.Contains(s, "]]>") && !strings.Contains(s, "\r") {
		w.WriteString("<![CDATA[" + s + "]]>")
		return
	}
	for i, r := range s {
		switch {
		case w.odd && w.chance(40):
			w.WriteString("<!--x-->")
			fallthrough
		case w.odd && w.chance(10), r == '\r':
			fmt.Fprintf(&w.Builder, "&#x%X;", r)
		case r == '<':
			w.WriteString("&lt;")
		case r == '&':
			w.WriteString("&amp;")
		case r == '>' && strings.HasSuffix(s[:i], "]]"):
			w.WriteString("&gt;")
		default:
			w.WriteRune(r)
		}
	}
}
