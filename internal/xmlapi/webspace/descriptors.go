// The descriptors of what subscriptions can have on a server.

package webspace

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// Descriptors are those of the server: what it has for any subscription.
var Descriptors = hosting.Descriptors{
	Limits:      hosting.Describe(GetLimitDescriptor, ofServer, descriptorIn),
	Permissions: hosting.Describe(GetPermissionDescriptor, ofServer, descriptorIn),
	Properties:  hosting.Describe(GetPhysicalHostingDescriptor, ofServer, descriptorIn),
}

var ofServer = xmlapi.QueryRequest{Filter: xmlapi.All()}

func descriptorIn(r hosting.DescriptorResult) *hosting.Descriptor { return r.Descriptor }
