// The descriptors of what resellers can be given on a server.

package reseller

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// Descriptors are those of the server: what it has for any reseller. There are no properties of hosting.
var Descriptors = hosting.Descriptors{
	Limits:      hosting.Describe(GetLimitDescriptor, ofServer, descriptorIn),
	Permissions: hosting.Describe(GetPermissionDescriptor, ofServer, descriptorIn),
}

var ofServer = xmlapi.QueryRequest{Filter: xmlapi.All()}

func descriptorIn(r hosting.DescriptorResult) *hosting.Descriptor { return r.Descriptor }
