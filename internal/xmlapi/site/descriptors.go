// The descriptor of what any site can have.

package site

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// Descriptors are those of the server: what it has for any site. Limits and permissions are the subscription's.
var Descriptors = hosting.Descriptors{
	Properties: hosting.Describe(GetPhysicalHostingDescriptor, xmlapi.QueryRequest{Filter: xmlapi.All()}, func(r hosting.DescriptorResult) *hosting.Descriptor { return r.Descriptor }),
}
