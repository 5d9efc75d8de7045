// Descriptors: which limits, permissions and hosting properties exist on this server, plan or subscription, and of
// which type (protocol-core §7).

package hosting

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// Descriptor describes an open list of properties.
type Descriptor struct {
	Properties []PropertyDescriptor `xml:"property"`
	Binds      []Bind               `xml:"bind"`
}

// DescriptorResult holds the descriptor of one object; of the server (no ID) when the filter was empty.
type DescriptorResult struct {
	xmlapi.FilterResult
	Descriptor *Descriptor `xml:"descriptor"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r DescriptorResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && r.Descriptor == nil && r.ID == 0
}

// PropertyDescriptor describes one property. Label and Hint are locale keys, not texts.
type PropertyDescriptor struct {
	Name       string      `xml:"name"`
	Type       string      `xml:"type"` // string, password, int, uint, float, boolean, bytes or date
	Enum       []EnumValue `xml:"enum"` // present: the closed set of values
	Default    *string     `xml:"default-value"`
	WritableBy []string    `xml:"writable-by"` // admin, reseller, client; none: read-only
	Label      *string     `xml:"label"`
	Hint       *string     `xml:"hint"`
	Extension  *Extension  `xml:"extension"`
}

// EnumValue is one value of a closed set.
type EnumValue struct {
	Value string  `xml:"value"`
	Label *string `xml:"label"`
	Hint  *string `xml:"hint"`
}

// Extension says which objects a property concerns: levels, or for web services the objects that can have them.
type Extension struct {
	Levels  []string `xml:"level"` // reseller, domain, subdomain
	Service *Service `xml:"service"`
}

// Service says which objects can have a web service.
type Service struct {
	Domain    *xmlapi.Empty `xml:"domain"`
	Subdomain *xmlapi.Empty `xml:"subdomain"`
	WebUser   *xmlapi.Empty `xml:"webuser"`
}

// Bind makes the property Ref editable or not depending on others. Binds of one Ref are OR-ed, the Relevant of one
// Bind AND-ed; ReadOnly outranks WritableBy.
type Bind struct {
	Ref      string     `xml:"ref"`
	Relevant []Relevant `xml:"relevant"`
	ReadOnly bool       `xml:"read-only"`
}

// Relevant is a condition on another property: that it has Value, or that it is (not) ReadOnly.
type Relevant struct {
	Name     string  `xml:"name"`
	Value    *string `xml:"value" choice:"condition,required"`
	ReadOnly *bool   `xml:"read-only" choice:"condition,required"`
}
