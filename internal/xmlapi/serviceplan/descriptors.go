// The descriptors of what plans can give on a server.

package serviceplan

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// Descriptors are those of the server: what it has for any plan.
var Descriptors = hosting.Descriptors{
	Limits:      hosting.Describe(GetLimitDescriptor, ofServer, descriptorIn),
	Permissions: hosting.Describe(GetPermissionDescriptor, ofServer, descriptorIn),
	Properties:  hosting.Describe(GetPhysicalHostingDescriptor, ofServer, descriptorIn),
}

var ofServer = GetRequest{Filter: xmlapi.All()}

func descriptorIn(r DescriptorResult) *hosting.Descriptor { return r.Descriptor }
