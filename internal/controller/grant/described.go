// What of a grant the server describes: the names of limits, permissions and properties, and the values of the latter.

package grant

import (
	"maps"
	"slices"
	"strconv"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// Described lists the limits and permissions.
func (v *Allowance) Described(by hosting.Descriptors) []engine.Described {
	if v == nil {
		return nil
	}
	return describedNames(v.Limits, v.Permissions, by)
}

// Described lists the limits and permissions.
func (v *ResellerAllowance) Described(by hosting.Descriptors) []engine.Described {
	if v == nil {
		return nil
	}
	return describedNames(v.Limits, v.Permissions, by)
}

func describedNames(limits, permissions map[string]string, by hosting.Descriptors) []engine.Described {
	var out []engine.Described
	for _, name := range slices.Sorted(maps.Keys(limits)) {
		if n, err := form.BoundNumber(limits[name]); err == nil { // else it is refused where it is written
			out = append(out, engine.Described{Field: "limits." + name, In: by.Limits, Name: name, Value: strconv.FormatInt(n, 10)})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(permissions)) {
		out = append(out, engine.Described{Field: "permissions." + name, In: by.Permissions, Name: name, Value: permissions[name]})
	}
	return out
}

// DescribedProperties lists the properties that are set in a value, which is a pointer at a path below spec, and may be nil. Passwords are left out:
// the protocol asks for them where it asks for a login, whatever a descriptor says.
func DescribedProperties[V any](at string, v *V, in hosting.DescriptorQuery) []engine.Described {
	var out []engine.Described
	eachProperty(v, func(path string, p xmlapi.Property, secret bool) {
		if !secret {
			out = append(out, engine.Described{Field: at + "." + path, In: in, Name: p.Name, Value: p.Value})
		}
	})
	return out
}
