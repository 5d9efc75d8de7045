// Validating the stream of a document's elements and texts against the declarations, keeping the
// first violation.
package schema

import (
	"fmt"
	"strings"
)

const instanceNamespace = "http://www.w3.org/2001/XMLSchema-instance"

// frame is an element whose end has not come.
type frame struct {
	name   string
	line   int
	typ    *Type // nil: the content is not looked at
	nilled bool
	run    run
	value  []byte // text of a simple type
}

type validator struct {
	schema *Schema
	err    *Error
	root   *Element // declaration of the document's root
	frames []*frame // reused; the open ones are the first depth
	depth  int
}

// borrow returns a validator that keeps the memory of earlier documents; release gives it back.
func (s *Schema) borrow() *validator {
	v, ok := s.idle.Get().(*validator)
	if !ok {
		v = &validator{schema: s}
	}
	v.err, v.root, v.depth = nil, nil, 0
	return v
}

func (v *validator) release() { v.schema.idle.Put(v) }

func (v *validator) fail(line int, subject, format string, args ...any) {
	if v.err == nil {
		v.err = &Error{Line: line, Message: subject + ": " + fmt.Sprintf(format, args...)}
	}
}

func element(name string) string { return "Element '" + name + "'" }

func (v *validator) startElement(space, local string, attrs []attr, line int) {
	if v.err != nil {
		return
	}
	name := local
	if space != "" {
		name = "{" + space + "}" + local
	}
	var parent *frame
	if v.depth > 0 {
		parent = v.frames[v.depth-1]
	}
	f := v.push(name, line)
	decl, typ := v.declare(parent, f, space, local)
	if typ == nil {
		return
	}
	f.typ = typ
	v.instance(f, decl, attrs)
	v.attributes(f, attrs)
	if f.typ.model != nil {
		f.run.start(f.typ.model)
	}
}

func (v *validator) push(name string, line int) *frame {
	if v.depth == len(v.frames) {
		v.frames = append(v.frames, &frame{})
	}
	f := v.frames[v.depth]
	v.depth++
	f.name, f.line, f.typ, f.nilled, f.value = name, line, nil, false, f.value[:0]
	return f
}

// declare finds the declaration of an element under its parent. No type means that its content is
// not looked at; no declaration beside a type means untyped content.
func (v *validator) declare(parent, f *frame, space, local string) (*Element, *Type) {
	switch {
	case parent == nil:
		decl := v.global(space, local)
		if decl == nil {
			v.failRoot(f)
			return nil, nil
		}
		v.root = decl
		return decl, decl.Type
	case parent.typ == nil:
		return nil, nil
	case parent.nilled:
		v.fail(parent.line, element(parent.name), "Neither character nor element content is allowed, because the element was 'nilled'.")
		return nil, nil
	case parent.typ.Any:
		if decl := v.global(space, local); decl != nil {
			return decl, decl.Type
		}
		return nil, parent.typ
	case parent.typ.Simple != nil:
		v.fail(parent.line, element(parent.name), "Element content is not allowed, because the type definition is simple.")
		return nil, nil
	case parent.typ.model == nil:
		v.fail(parent.line, element(parent.name), "Element content is not allowed, because the content type is empty.")
		return nil, nil
	}
	id, ok := v.schema.names[local]
	switch {
	case space != "":
		id = nameForeign
	case !ok:
		id = nameUnknown
	}
	a := parent.run.push(id)
	if a == nil {
		v.fail(f.line, element(f.name), "This element is not expected.%s", expectation(parent.run.expected()))
		return nil, nil
	}
	if a.decl == nil {
		return nil, nil
	}
	return a.decl, a.decl.Type
}

func (v *validator) failRoot(f *frame) {
	v.fail(f.line, element(f.name), "No matching global declaration available for the validation root.")
}

func (v *validator) global(space, local string) *Element {
	if space != "" {
		return nil
	}
	return v.schema.globals[local]
}

func expectation(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return " Expected is ( " + names[0] + " )."
	}
	return " Expected is one of ( " + strings.Join(names, ", ") + " )."
}

// instance handles xsi:nil.
func (v *validator) instance(f *frame, decl *Element, attrs []attr) {
	if decl == nil {
		return
	}
	for _, a := range attrs {
		if a.space != instanceNamespace || a.local != "nil" {
			continue
		}
		value := collapse(a.value)
		switch {
		case !isBoolean(value):
			v.fail(f.line, element(f.name)+", attribute '{"+a.space+"}nil'", "'%s' is not a valid value of the atomic type 'xs:boolean'.", a.value)
		case !decl.Nillable:
			v.fail(f.line, element(f.name), "The element is not 'nillable'.")
		default:
			f.nilled = value == "true" || value == "1"
		}
	}
}

func (v *validator) attributes(f *frame, attrs []attr) {
	if f.typ.Any {
		return
	}
next:
	for _, a := range attrs {
		name := a.local
		switch {
		case a.space == "":
			for _, d := range f.typ.Attributes {
				if d.Name == a.local {
					continue next
				}
			}
		case a.space == instanceNamespace && (a.local == "nil" || a.local == "schemaLocation" || a.local == "noNamespaceSchemaLocation"):
			continue
		default:
			name = "{" + a.space + "}" + a.local
		}
		v.fail(f.line, element(f.name)+", attribute '"+name+"'", "The attribute '%s' is not allowed.", name)
	}
}

func (v *validator) text(value []byte, cdata bool) {
	if v.err != nil {
		return
	}
	f := v.frames[v.depth-1]
	switch {
	case f.typ == nil:
	case f.nilled:
		v.fail(f.line, element(f.name), "Neither character nor element content is allowed because the element is 'nilled'.")
	case f.typ.Simple != nil:
		f.value = append(f.value, value...)
	case f.typ.Any:
	case f.typ.model == nil:
		v.fail(f.line, element(f.name), "Character content is not allowed, because the content type is empty.")
	case cdata || collapse(string(value)) != "":
		v.fail(f.line, element(f.name), "Character content other than whitespace is not allowed because the content type is 'element-only'.")
	}
}

func (v *validator) endElement() {
	if v.err != nil {
		return
	}
	f := v.frames[v.depth-1]
	v.depth--
	switch {
	case f.typ == nil || f.nilled:
	case f.typ.Simple != nil && f.typ.Simple.restricts():
		if message := f.typ.Simple.check(string(f.value)); message != "" {
			v.fail(f.line, element(f.name), "%s", message)
		}
	case f.typ.model != nil:
		if expected, ok := f.run.end(); !ok {
			v.fail(f.line, element(f.name), "Missing child element(s).%s", expectation(expected))
		}
	}
	if v.depth == 0 && v.root != v.schema.root {
		v.failRoot(f) // a descriptor is declared as well, but is never sent alone
	}
}
