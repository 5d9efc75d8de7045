// The descriptors of what add-on plans can give on a server.

package serviceplanaddon

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
)

// Descriptors are those of the server: what it has for any add-on plan.
var Descriptors = hosting.Descriptors{
	Limits:      hosting.Describe(GetLimitDescriptor, ofServer, descriptorIn),
	Permissions: hosting.Describe(GetPermissionDescriptor, ofServer, descriptorIn),
	Properties:  hosting.Describe(GetPhysicalHostingDescriptor, ofServer, descriptorIn),
}

var ofServer = serviceplan.GetRequest{Filter: xmlapi.All()}

func descriptorIn(r serviceplan.DescriptorResult) *hosting.Descriptor { return r.Descriptor }
