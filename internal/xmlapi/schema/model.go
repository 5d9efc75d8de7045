// The declarations of a compiled grammar: elements, types and content models, as the validator
// uses them and as tools walk them.
package schema

// Unbounded is the Max of a particle that may repeat without limit.
const Unbounded = -1

// Element is one element declaration. Declarations are local: two elements of one name in
// different places are different declarations.
type Element struct {
	Name     string
	Nillable bool
	Type     *Type
	Parent   *Element // whose content model it stands in; nil for a global declaration
}

// Type is the type of an element: exactly one of Simple, Any and element content. A type with none
// of the three is empty.
type Type struct {
	Simple     *SimpleType // character content
	Any        bool        // xs:anyType: any attributes, text and elements
	Content    *Particle   // element content
	Attributes []Attribute

	children []*Element // of Content
	model    *automaton // of Content
}

// Attribute is one declared attribute; none of the grammars has a required one.
type Attribute struct {
	Name string
	Type *SimpleType
}

// Kind says what a particle is.
type Kind int

// The kinds of particles.
const (
	KindElement  Kind = iota // one element declaration
	KindSequence             // Children in order
	KindChoice               // one of Children
	KindAll                  // Children in any order, each at most once
	KindAny                  // any element, its content unchecked
)

// Particle is a term of a content model with its occurrence.
type Particle struct {
	Kind     Kind
	Min, Max int         // Max may be Unbounded
	Element  *Element    // of KindElement
	Children []*Particle // of KindSequence, KindChoice and KindAll
}

// SimpleType is a type of character content: a built-in type, a restriction of one or a union.
type SimpleType struct {
	Name      string // without prefix; empty for an anonymous type
	Base      string // the built-in type below, without prefix; empty for a union
	Enum      []string
	MinLength int // -1 when not restricted
	MaxLength int // -1 when not restricted
	Pattern   string
	Union     []*SimpleType

	builtin  *builtin
	pattern  matcher
	declared bool // by the grammar, not built in
}

// Root returns the declaration of the packet.
func (s *Schema) Root() *Element { return s.root }

// Walk calls visit for the packet and every element declared below it, parents first, in document
// order; path holds the names from the packet down to the element and is only valid during the
// call. A false result leaves out the element's children.
func (s *Schema) Walk(visit func(path []string, e *Element) bool) {
	walk(make([]string, 0, 32), s.root, visit)
}

func walk(path []string, e *Element, visit func([]string, *Element) bool) {
	path = append(path, e.Name)
	if !visit(path, e) {
		return
	}
	for _, child := range e.Type.children {
		walk(path, child, visit)
	}
}

// Children returns the elements that the type's content model names, in document order. The caller
// must not change the slice.
func (t *Type) Children() []*Element { return t.children }

// elements appends the elements that the particle names.
func (p *Particle) elements(out []*Element) []*Element {
	if p.Element != nil {
		return append(out, p.Element)
	}
	for _, c := range p.Children {
		out = c.elements(out)
	}
	return out
}

// Child returns the first declaration of that name in the type's content model, or nil.
func (t *Type) Child(name string) *Element {
	for _, e := range t.children {
		if e.Name == name {
			return e
		}
	}
	return nil
}

// Operators returns the operators of the grammar in document order: the elements of the packet
// that hold operations, without request-settings, system and output.
func (s *Schema) Operators() []*Element {
	var out []*Element
	for _, e := range s.root.Type.children {
		switch e.Name {
		case "request-settings", "system", "output":
		default:
			out = append(out, e)
		}
	}
	return out
}
