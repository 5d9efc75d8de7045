// The DNS server itself: who may transfer zones, remote DNS, recursion.

package dns

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// ACLResult holds the whole list when it was asked for, else the host that the result is about.
type ACLResult struct {
	xmlapi.Result
	Hosts []string `xml:"host"`
}

// RemoteDNSResult says whether a remote DNS server is used.
type RemoteDNSResult struct {
	xmlapi.Result
	Status *bool `xml:"dns-status"`
}

// SetRecursionRequest says from whom the server takes recursive queries.
type SetRecursionRequest struct {
	Value string `xml:"value"` // on, off, local or localnets
}

// RecursionResult is the setting in force.
type RecursionResult struct {
	xmlapi.Result
	Value string `xml:"value,omitempty"`
}

// SupportedRecursionResult holds the settings that the server offers.
type SupportedRecursionResult struct {
	xmlapi.Result
	Values []string `xml:"value"`
}
