// Package schematest makes random packets out of a grammar, valid ones and broken ones, for
// property tests of everything that reads or writes packets.
package schematest

import (
	"math/rand/v2"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
)

// Options steer Generate. The zero value makes packets of every operator, of about 40 elements.
type Options struct {
	// Operators limits the packet to these; empty means all of the grammar.
	Operators []string
	// Holding is a declaration of the grammar that the packet must hold; nil means whatever comes.
	Holding *schema.Element
	// Size is about how many elements the packet gets beyond the required ones; 0 means 40.
	Size int
	// Odd asks for every legal spelling: comments, CDATA sections, character references, line
	// breaks within tags, blanks around numbers, unusual characters, foreign elements in untyped
	// content. Without it a packet looks like one that a decent client sends.
	Odd bool
}

// Generate returns a random valid packet of the grammar.
func Generate(rnd *rand.Rand, s *schema.Schema, o Options) []byte {
	return Packet(rnd, s, o).Bytes(rnd, o.Odd)
}

// Packet is Generate before the packet is written out, for tests that change it first.
func Packet(rnd *rand.Rand, s *schema.Schema, o Options) *Node {
	size := o.Size
	if size == 0 {
		size = 40
	}
	g := &generator{rnd: rnd, size: 1 + rnd.IntN(size), odd: o.Odd, only: o.Operators, wanted: map[*schema.Element]bool{}}
	for e := o.Holding; e != nil; e = e.Parent {
		g.wanted[e] = true
	}
	return g.element(s.Root())
}

type generator struct {
	rnd    *rand.Rand
	size   int // elements left to spend on what is optional
	odd    bool
	only   []string
	wanted map[*schema.Element]bool // declarations that the packet must hold, each below the next
}

func (g *generator) element(e *schema.Element) *Node {
	g.size--
	n := &Node{Name: e.Name, Decl: e}
	for _, a := range e.Type.Attributes {
		if g.rnd.IntN(2) == 0 {
			n.Attrs = append(n.Attrs, Attr{Name: a.Name, Value: g.attribute(a)})
		}
	}
	switch t := e.Type; {
	case t.Simple != nil:
		if text := g.value(t.Simple); text != "" {
			n.Children = append(n.Children, &Node{Text: text})
		}
	case t.Any:
		if g.odd && g.rnd.IntN(4) == 0 {
			n.Children = g.anything(2)
		}
	case t.Content != nil:
		n.Children = g.particle(t.Content, g.wanted[e], e.Name == "packet")
	}
	return n
}

func (g *generator) attribute(a schema.Attribute) string {
	if a.Name == "version" && !g.odd {
		return "1.6.9.1"
	}
	return g.value(a.Type)
}

// particle makes children for a random number of occurrences of p. When its element is wanted, the
// first occurrence holds what is wanted below.
func (g *generator) particle(p *schema.Particle, wanted, operators bool) []*Node {
	wanted = wanted && g.leads(p)
	count := p.Min
	limit := p.Max
	if limit == schema.Unbounded {
		limit = p.Min + 3
	}
	if wanted && count == 0 {
		count = 1
	}
	for count < limit && g.size > 0 && g.rnd.IntN(3) > 0 {
		count++
	}
	var out []*Node
	for i := range count {
		out = append(out, g.once(p, wanted && i == 0, operators)...)
	}
	return out
}

// leads reports whether the particle holds something wanted.
func (g *generator) leads(p *schema.Particle) bool {
	return g.wanted[p.Element] || slices.ContainsFunc(p.Children, g.leads)
}

func (g *generator) once(p *schema.Particle, wanted, operators bool) []*Node {
	switch p.Kind {
	case schema.KindElement:
		return []*Node{g.element(p.Element)}
	case schema.KindAny:
		return []*Node{g.foreign(2)}
	case schema.KindChoice:
		from := p.Children
		if operators && len(g.only) > 0 {
			from = slices.DeleteFunc(slices.Clone(from), func(c *schema.Particle) bool { return !g.admits(c) })
		}
		if wanted {
			from = slices.DeleteFunc(slices.Clone(from), func(c *schema.Particle) bool { return !g.leads(c) })
		}
		return g.particle(from[g.rnd.IntN(len(from))], wanted, operators)
	}
	order := make([]int, len(p.Children))
	for i := range order {
		order[i] = i
	}
	if p.Kind == schema.KindAll {
		order = g.rnd.Perm(len(p.Children))
	}
	var out []*Node
	for _, i := range order {
		out = append(out, g.particle(p.Children[i], wanted, operators)...)
	}
	return out
}

// admits reports whether an alternative of the packet's choice has an operator that the options name.
func (g *generator) admits(p *schema.Particle) bool {
	if p.Element != nil {
		return slices.Contains(g.only, p.Element.Name)
	}
	return slices.ContainsFunc(p.Children, g.admits)
}
