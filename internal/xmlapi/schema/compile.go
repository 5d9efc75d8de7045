// Compile: from the text of an .xsd file to declarations. It knows the subset of XML Schema that
// the two grammars use and refuses everything else, so that nothing is silently not checked.
package schema

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

const xsdNamespace = "http://www.w3.org/2001/XMLSchema"

// node is one element of the .xsd file.
type node struct {
	tag      string
	attrs    map[string]string
	children []*node
}

type compiler struct {
	schema *Schema
	simple map[string]*SimpleType
	refs   map[string]*Type // one Type per named simple or built-in type
}

func compile(xsd []byte, root string) (*Schema, error) {
	top, err := readNodes(xsd)
	if err != nil {
		return nil, err
	}
	c := &compiler{
		schema: &Schema{globals: map[string]*Element{}, names: map[string]nameID{}},
		simple: map[string]*SimpleType{},
		refs:   map[string]*Type{},
	}
	for _, n := range top.children {
		if n.tag == "simpleType" {
			if c.simple[n.attrs["name"]], err = c.simpleType(n); err != nil {
				return nil, err
			}
		}
	}
	for _, n := range top.children {
		switch n.tag {
		case "simpleType":
		case "element":
			e, err := c.element(n)
			if err != nil {
				return nil, err
			}
			c.schema.globals[e.Name] = e
		default:
			return nil, fmt.Errorf("global xs:%s is not supported", n.tag)
		}
	}
	if c.schema.root = c.schema.globals[root]; c.schema.root == nil {
		return nil, fmt.Errorf("no global element %q", root)
	}
	return c.schema, nil
}

func (c *compiler) element(n *node) (*Element, error) {
	if err := n.only("name", "type", "minOccurs", "maxOccurs", "nillable"); err != nil {
		return nil, err
	}
	e := &Element{Name: n.attrs["name"], Nillable: n.attrs["nillable"] == "true"}
	if _, ok := c.schema.names[e.Name]; !ok {
		c.schema.names[e.Name] = nameID(len(c.schema.names))
	}
	var err error
	switch {
	case n.attrs["type"] != "" && len(n.children) == 0:
		e.Type, err = c.typeRef(n.attrs["type"])
	case n.attrs["type"] == "" && len(n.children) == 1 && n.children[0].tag == "complexType":
		e.Type, err = c.complexType(n.children[0])
	default:
		err = errors.New("wants either a type or a complexType")
	}
	if err != nil {
		return nil, fmt.Errorf("element %s: %w", e.Name, err)
	}
	for _, child := range e.Type.children {
		child.Parent = e
	}
	return e, nil
}

func (c *compiler) typeRef(name string) (*Type, error) {
	if t := c.refs[name]; t != nil {
		return t, nil
	}
	t := &Type{Any: name == "xs:anyType"}
	if !t.Any {
		var err error
		if t.Simple, err = c.simpleRef(name); err != nil {
			return nil, err
		}
	}
	c.refs[name] = t
	return t, nil
}

func (c *compiler) simpleRef(name string) (*SimpleType, error) {
	if t := c.simple[name]; t != nil {
		return t, nil
	}
	base, ok := strings.CutPrefix(name, "xs:")
	b := builtins[base]
	if !ok || b == nil {
		return nil, fmt.Errorf("type %q is not known", name)
	}
	t := &SimpleType{Name: base, Base: base, MinLength: -1, MaxLength: -1, builtin: b}
	c.simple[name] = t
	return t, nil
}

func (c *compiler) complexType(n *node) (*Type, error) {
	if err := n.only(); err != nil {
		return nil, err
	}
	t := &Type{}
	for _, child := range n.children {
		switch child.tag {
		case "attribute":
			if err := child.only("name", "type"); err != nil {
				return nil, err
			}
			st, err := c.simpleRef(child.attrs["type"])
			if err != nil {
				return nil, err
			}
			t.Attributes = append(t.Attributes, Attribute{Name: child.attrs["name"], Type: st})
		default:
			p, err := c.particle(child)
			if err != nil {
				return nil, err
			}
			t.Content = p
		}
	}
	if t.Content != nil {
		t.children = t.Content.elements(nil)
		t.model = newAutomaton(t.Content, c.schema.names)
	}
	return t, nil
}

func (c *compiler) particle(n *node) (*Particle, error) {
	p := &Particle{}
	var err error
	if p.Min, err = occurs(n.attrs["minOccurs"]); err == nil {
		p.Max, err = occurs(n.attrs["maxOccurs"])
	}
	if err != nil {
		return nil, err
	}
	switch n.tag {
	case "element":
		p.Kind = KindElement
		p.Element, err = c.element(n)
		return p, err
	case "any":
		p.Kind = KindAny
		if n.attrs["processContents"] != "skip" {
			return nil, errors.New("xs:any is only supported with processContents skip")
		}
		return p, n.only("minOccurs", "maxOccurs", "processContents")
	case "sequence":
		p.Kind = KindSequence
	case "choice":
		p.Kind = KindChoice
	case "all":
		p.Kind = KindAll
	default:
		return nil, fmt.Errorf("xs:%s is not supported as content", n.tag)
	}
	if len(n.children) == 0 {
		return nil, fmt.Errorf("xs:%s is empty", n.tag)
	}
	for _, child := range n.children {
		cp, err := c.particle(child)
		if err != nil {
			return nil, err
		}
		p.Children = append(p.Children, cp)
	}
	return p, n.only("minOccurs", "maxOccurs")
}

func (c *compiler) simpleType(n *node) (*SimpleType, error) {
	if err := n.only("name"); err != nil {
		return nil, err
	}
	if len(n.children) != 1 {
		return nil, errors.New("a simpleType wants one restriction or union")
	}
	t := &SimpleType{Name: n.attrs["name"], MinLength: -1, MaxLength: -1, declared: true}
	def := n.children[0]
	var err error
	switch def.tag {
	case "restriction":
		err = c.restriction(t, def)
	case "union":
		err = c.union(t, def)
	default:
		err = fmt.Errorf("xs:%s is not supported", def.tag)
	}
	if err != nil {
		return nil, fmt.Errorf("simpleType %s: %w", t.Name, err)
	}
	return t, nil
}

func (c *compiler) restriction(t *SimpleType, n *node) error {
	base, err := c.simpleRef(n.attrs["base"])
	if err != nil {
		return err
	}
	t.Base, t.builtin = base.Base, base.builtin
	if base.declared || !base.builtin.lengths {
		return fmt.Errorf("a restriction of %s is not supported", n.attrs["base"])
	}
	for _, facet := range n.children {
		value := facet.attrs["value"]
		switch facet.tag {
		case "enumeration":
			t.Enum = append(t.Enum, value)
		case "minLength":
			t.MinLength, err = strconv.Atoi(value)
		case "maxLength":
			t.MaxLength, err = strconv.Atoi(value)
		case "pattern":
			t.Pattern = value
			t.pattern, err = compilePattern(value)
		default:
			err = fmt.Errorf("facet %s is not supported", facet.tag)
		}
		if err != nil {
			return err
		}
	}
	return n.only("base")
}

func (c *compiler) union(t *SimpleType, n *node) error {
	for _, name := range strings.Fields(n.attrs["memberTypes"]) {
		m, err := c.simpleRef(name)
		if err != nil {
			return err
		}
		t.Union = append(t.Union, m)
	}
	for _, child := range n.children {
		m, err := c.simpleType(child)
		if err != nil {
			return err
		}
		t.Union = append(t.Union, m)
	}
	return n.only("memberTypes")
}

func occurs(value string) (int, error) {
	switch value {
	case "":
		return 1, nil
	case "unbounded":
		return Unbounded, nil
	}
	return strconv.Atoi(value)
}

// only refuses attributes that the compiler would otherwise overlook.
func (n *node) only(known ...string) error {
next:
	for name := range n.attrs {
		for _, k := range known {
			if name == k {
				continue next
			}
		}
		return fmt.Errorf("xs:%s: attribute %s is not supported", n.tag, name)
	}
	return nil
}

// readNodes reads the schema element without comments and annotations.
func readNodes(xsd []byte) (*node, error) {
	dec := xml.NewDecoder(bytes.NewReader(xsd))
	top := &node{}
	stack := []*node{top}
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if tok.Name.Space != xsdNamespace {
				return nil, fmt.Errorf("element %s is not of XML Schema", tok.Name.Local)
			}
			if tok.Name.Local == "annotation" {
				if err := dec.Skip(); err != nil {
					return nil, err
				}
				continue
			}
			n := &node{tag: tok.Name.Local, attrs: map[string]string{}}
			for _, a := range tok.Attr {
				n.attrs[a.Name.Local] = a.Value
			}
			parent := stack[len(stack)-1]
			parent.children = append(parent.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		}
	}
	if len(top.children) != 1 || top.children[0].tag != "schema" {
		return nil, errors.New("not a schema document")
	}
	return top.children[0], nil
}
