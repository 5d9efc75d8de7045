// The descriptors of what resellers can be given on a server.

package resellerplan

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// Descriptors are those of the server: what it has for any reseller plan. There are no properties of hosting.
var Descriptors = hosting.Descriptors{
	Limits:      hosting.Describe(GetLimitDescriptor, xmlapi.EmptyRequest{}, descriptorIn),
	Permissions: hosting.Describe(GetPermissionDescriptor, xmlapi.EmptyRequest{}, descriptorIn),
}

func descriptorIn(r hosting.DescriptorResult) *hosting.Descriptor { return r.Descriptor }
