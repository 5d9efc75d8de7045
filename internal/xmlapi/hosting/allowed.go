// What descriptors allow: whether a name is there, may be written, and may have a value (protocol-core §7).

package hosting

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// The roles that descriptors tell apart.
const (
	RoleAdmin    = "admin"
	RoleReseller = "reseller"
	RoleClient   = "client"
)

// DescriptorQuery asks for one descriptor.
type DescriptorQuery struct {
	Name string // of the operation, e.g. "webspace/get-limit-descriptor"
	// Call prepares the question, and what reads the descriptor out of its answer.
	Call func() (xmlapi.Caller, func() (*Descriptor, error))
}

// Descriptors asks for the descriptors of what an operator's objects are given.
type Descriptors struct{ Limits, Permissions, Properties DescriptorQuery }

// Describe returns the query for the one descriptor that an operation answers to a request.
func Describe[Req any, Res xmlapi.Outcomer](op xmlapi.Operation[Req, Res], req Req, in func(Res) *Descriptor) DescriptorQuery {
	return DescriptorQuery{Name: op.Operator() + "/" + op.Name(), Call: func() (xmlapi.Caller, func() (*Descriptor, error)) {
		call := op.Call(req)
		return call, func() (*Descriptor, error) {
			r, err := call.One()
			if err != nil {
				return nil, err
			}
			if d := in(r); d != nil && len(d.Properties) > 0 {
				return d, nil
			}
			return nil, xmlapi.Incomplete(op, "a descriptor with properties")
		}
	}}
}

// Bare is the descriptor with what Refusal needs alone.
func (d *Descriptor) Bare() *Descriptor {
	bare := &Descriptor{Properties: make([]PropertyDescriptor, len(d.Properties))}
	for i, p := range d.Properties {
		bare.Properties[i] = PropertyDescriptor{Name: p.Name, Type: p.Type, WritableBy: p.WritableBy}
		for _, v := range p.Enum {
			bare.Properties[i].Enum = append(bare.Properties[i].Enum, EnumValue{Value: v.Value})
		}
	}
	return bare
}

// Bytes is about what Bare takes in memory.
func (d *Descriptor) Bytes() int {
	const property, text = 256, 64
	n := 0
	for _, p := range d.Properties {
		n += property + len(p.Name) + len(p.Type)
		for _, role := range p.WritableBy {
			n += text + len(role)
		}
		for _, v := range p.Enum {
			n += text + len(v.Value)
		}
	}
	return n
}

// Refusal says why somebody in a role cannot write a value under a name, "" where the descriptor does not speak against it. Binds are left out: they say what the panel greys out, and no document says that the server refuses it.
func (d *Descriptor) Refusal(role, name, value string) string {
	i := slices.IndexFunc(d.Properties, func(p PropertyDescriptor) bool { return p.Name == name })
	if i < 0 {
		return fmt.Sprintf("this server has no %q, but %s", name, few(d.alike(name)))
	}
	p := d.Properties[i]
	switch {
	case len(p.WritableBy) == 0:
		return "nobody can change it on this server"
	case !slices.Contains(p.WritableBy, role):
		return fmt.Sprintf("on this server it is for the role %s to change, not for %s", strings.Join(p.WritableBy, " or "), role)
	case len(p.Enum) > 0:
		if !slices.ContainsFunc(p.Enum, func(v EnumValue) bool { return v.Value == value }) {
			return fmt.Sprintf("this server has no value %q for it, but %s", value, few(p.values()))
		}
		return ""
	}
	if want := outOfType(p.Type, value); want != "" {
		return fmt.Sprintf("%q is not %s", value, want)
	}
	return ""
}

// outOfType says what a value of a type is, "" for one that is. A type of tomorrow has any value.
func outOfType(of, value string) string {
	whole, err := strconv.ParseInt(value, 10, 64)
	switch of {
	case "boolean":
		if value != "true" && value != "false" {
			return "true or false"
		}
	case "int":
		if err != nil {
			return "a whole number"
		}
	case "uint":
		if _, err := strconv.ParseUint(value, 10, 64); err != nil {
			return "a whole number of at least 0"
		}
	case "float":
		if _, err := strconv.ParseFloat(value, 64); err != nil {
			return "a number"
		}
	case "bytes":
		if err != nil || whole < -1 {
			return "a number of bytes, or -1 for no bound"
		}
	case "date":
		if err != nil || whole < -1 {
			return "a time in UNIX seconds, or -1 for none"
		}
	}
	return ""
}

// alike are the names, those first that are the same but for case and separators, then those that begin most like one.
func (d *Descriptor) alike(name string) []string {
	names := make([]string, len(d.Properties))
	for i, p := range d.Properties {
		names[i] = p.Name
	}
	likeness := func(of string) int {
		if folded(of) == folded(name) {
			return math.MaxInt
		}
		return inCommon(folded(of), folded(name))
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(likeness(b), likeness(a)) })
	return names
}

// folded is a name without case and separators.
func folded(name string) string {
	return strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(name))
}

// inCommon is for how many bytes two texts begin alike.
func inCommon(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

func (p *PropertyDescriptor) values() []string {
	values := make([]string, len(p.Enum))
	for i, v := range p.Enum {
		values[i] = v.Value
	}
	return values
}

// few lists some of the names.
func few(names []string) string {
	const most = 50 // of limits and permissions all
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
