// Package ip holds the operations of the `ip` operator: the server's IP addresses, keyed by the address itself.
// Callers: administrator; resellers may get their pool. Source: operators-accounts-server §12.
package ip

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// The operations. Get answers all addresses.
var (
	Add = xmlapi.Write[AddRequest, AddResult]("ip", "add")
	Get = xmlapi.Read[xmlapi.EmptyRequest, GetResult]("ip", "get")
	Set = xmlapi.Write[SetRequest, AddressResult]("ip", "set")
	Del = xmlapi.Write[xmlapi.FilterRequest, AddressResult]("ip", "del")
)

// The types of an address.
const (
	Shared    = "shared"
	Exclusive = "exclusive"
)

// ByAddress selects addresses.
func ByAddress(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("ip_address", first, more...)
}

// AddRequest configures one address on an interface of the server.
type AddRequest struct {
	Address       string       `xml:"ip_address"`
	Netmask       string       `xml:"netmask"` // 255.255.255.0; of an IPv6 address its prefix length
	Type          string       `xml:"type"`    // shared or exclusive
	Interface     string       `xml:"interface"`
	ServiceNode   *ServiceNode `xml:"service-node"`
	PublicAddress *string      `xml:"public_ip_address"`
}

// ServiceNode names a service node: exactly one of the two.
type ServiceNode struct {
	ID         *string `xml:"id" choice:"node,required"`
	ExternalID *string `xml:"external-id" choice:"node,required"`
}

// AddResult echoes the new address.
type AddResult struct {
	xmlapi.Result
	Address string `xml:"ip_address,omitempty"`
}

// GetResult holds all addresses that the caller may see.
type GetResult struct {
	xmlapi.Result
	Addresses *Addresses `xml:"addresses"`
}

// Addresses is the list of addresses.
type Addresses struct {
	Info []Info `xml:"ip_info"`
}

// Info is one address.
type Info struct {
	Address       string  `xml:"ip_address"`
	Netmask       string  `xml:"netmask"`
	Type          string  `xml:"type"` // shared or exclusive
	Interface     string  `xml:"interface"`
	PublicAddress *string `xml:"public_ip_address"`
}

// SetRequest changes one thing about the selected addresses.
type SetRequest struct {
	Filter          xmlapi.Filter `xml:"filter"`
	Type            *string       `xml:"type" choice:"change"`
	CertificateName *string       `xml:"certificate_name" choice:"change"`
	PublicAddress   *string       `xml:"public_ip_address" choice:"change"`
	ServiceNode     *ServiceNode  `xml:"service-node" choice:"change"`
}

// AddressResult is the outcome for one address.
type AddressResult struct {
	xmlapi.Result
	Address string `xml:"ip_address,omitempty"`
}
