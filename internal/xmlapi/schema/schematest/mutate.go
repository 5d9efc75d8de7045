// Breaking packets: changes that often, though not always, make a valid packet invalid.
package schematest

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// Mutate makes one random change to the packet and says which.
func Mutate(rnd *rand.Rand, packet *Node) string {
	places := packet.Elements()
	return MutateAt(rnd, packet, places[rnd.IntN(len(places))])
}

// MutateAt makes one random change to an element of the packet and says which.
func MutateAt(rnd *rand.Rand, packet *Node, p Place) string {
	places := packet.Elements()
	for {
		m := mutations[rnd.IntN(len(mutations))]
		if m.change(rnd, p, places) {
			return fmt.Sprintf("%s at %s", m.name, p.Node.Name)
		}
	}
}

// mutations each change the packet at a place, or report that they cannot there.
var mutations = []struct {
	name   string
	change func(rnd *rand.Rand, p Place, all []Place) bool
}{
	{"drop a child", dropChild},
	{"drop a child", dropChild},
	{"swap two children", swapChildren},
	{"double a child", doubleChild},
	{"repeat a child", repeatChild},
	{"rename", rename},
	{"rename", rename},
	{"bad value", badValue},
	{"bad value", badValue},
	{"stray text", strayText},
	{"stray attribute", strayAttribute},
	{"empty", emptyElement},
	{"move a copy here", copyHere},
	{"unknown child", unknownChild},
	{"nil", setNil},
}

func dropChild(rnd *rand.Rand, p Place, _ []Place) bool {
	if len(p.Node.Children) == 0 {
		return false
	}
	i := rnd.IntN(len(p.Node.Children))
	p.Node.Children = slices.Delete(p.Node.Children, i, i+1)
	return true
}

func swapChildren(rnd *rand.Rand, p Place, _ []Place) bool {
	c := p.Node.Children
	if len(c) < 2 {
		return false
	}
	i, j := rnd.IntN(len(c)), rnd.IntN(len(c))
	c[i], c[j] = c[j], c[i]
	return i != j
}

func doubleChild(rnd *rand.Rand, p Place, _ []Place) bool {
	c := p.Node.Children
	if len(c) == 0 {
		return false
	}
	p.Node.Children = slices.Insert(c, rnd.IntN(len(c)+1), c[rnd.IntN(len(c))])
	return true
}

// repeatChild goes past the greatest number of occurrences that a grammar counts.
func repeatChild(rnd *rand.Rand, p Place, _ []Place) bool {
	c := p.Node.Children
	if len(c) == 0 {
		return false
	}
	i := rnd.IntN(len(c))
	for range 1 + rnd.IntN(13) {
		p.Node.Children = slices.Insert(p.Node.Children, i, c[i])
	}
	return true
}

func rename(rnd *rand.Rand, p Place, all []Place) bool {
	names := []string{all[rnd.IntN(len(all))].Node.Name, p.Node.Name + "s", "x:" + p.Node.Name, "packet", "descriptor"}
	p.Node.Name = names[rnd.IntN(len(names))]
	return true
}

func badValue(rnd *rand.Rand, p Place, _ []Place) bool {
	if p.Node.Decl == nil || p.Node.Decl.Type.Simple == nil {
		return false
	}
	values := []string{
		"", " ", "0", "-1", "+1", "-0", "00", "1.5", "x", "true", "TRUE", "yes", "2147483648", "-2147483648", "4294967296",
		"9223372036854775808", "18446744073709551616", "1234567890123456789012345", "2025-02-29", "2024-02-29", "2025-1-1",
		"2025-01-01T24:00:00", "2025-01-01T10:00:00+15:00", "YQ==", "YR==", "YQ=", "a@b", "@", "a b", "é", "1e", "1e5", ".", ".5", "5.", "nan",
		"NaN", "\n7\n", "7 8", "virtual", "no\nline", "it's", "100%s", "ok", "error",
	}
	p.Node.Children = nil
	if v := values[rnd.IntN(len(values))]; v != "" {
		p.Node.Children = []*Node{{Text: v}}
	}
	return true
}

func strayText(rnd *rand.Rand, p Place, _ []Place) bool {
	text := &Node{Text: []string{"stray", "\n", " x ", "&"}[rnd.IntN(4)]}
	p.Node.Children = slices.Insert(p.Node.Children, rnd.IntN(len(p.Node.Children)+1), text)
	return true
}

func strayAttribute(rnd *rand.Rand, p Place, _ []Place) bool {
	name := []string{"stray", "version", "xml:lang", "xsi:nil", "xsi:schemaLocation", "xsi:foo", "p:q"}[rnd.IntN(7)]
	p.Node.Attrs = append(slices.Clone(p.Node.Attrs), Attr{Name: name, Value: "true"})
	if name[0] == 'x' && name[1] == 's' {
		p.Node.Attrs = append(p.Node.Attrs, Attr{Name: "xmlns:xsi", Value: "http://www.w3.org/2001/XMLSchema-instance"})
	}
	return true
}

func emptyElement(_ *rand.Rand, p Place, _ []Place) bool {
	had := len(p.Node.Children) > 0
	p.Node.Children = nil
	return had
}

func copyHere(rnd *rand.Rand, p Place, all []Place) bool {
	from := all[rnd.IntN(len(all))]
	for _, below := range from.Node.Elements() {
		if below.Node == p.Node {
			return false
		}
	}
	p.Node.Children = slices.Insert(p.Node.Children, rnd.IntN(len(p.Node.Children)+1), from.Node)
	return true
}

func unknownChild(rnd *rand.Rand, p Place, _ []Place) bool {
	child := &Node{Name: "unknown-element", Children: []*Node{{Name: "below"}}}
	if rnd.IntN(3) == 0 {
		child.Attrs = []Attr{{Name: "xmlns", Value: "urn:unknown"}}
	}
	p.Node.Children = slices.Insert(p.Node.Children, rnd.IntN(len(p.Node.Children)+1), child)
	return true
}

func setNil(rnd *rand.Rand, p Place, _ []Place) bool {
	if p.Node.Decl == nil || !p.Node.Decl.Nillable && rnd.IntN(20) > 0 {
		return false
	}
	p.Node.Attrs = []Attr{
		{Name: "xmlns:xsi", Value: "http://www.w3.org/2001/XMLSchema-instance"},
		{Name: "xsi:nil", Value: []string{"true", "1", " true ", "false", "0", "maybe", ""}[rnd.IntN(7)]},
	}
	if rnd.IntN(2) == 0 {
		p.Node.Children = nil
	}
	return true
}
