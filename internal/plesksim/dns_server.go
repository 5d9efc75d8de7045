// The dns operator: the name server itself (operators-services §2.9).

package plesksim

import (
	"net/netip"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
)

func dnsGetACL(c *call, _ xmlapi.EmptyRequest) (dns.ACLResult, error) {
	if err := c.onlyOn(Linux); err != nil {
		return dns.ACLResult{}, err
	}
	return dns.ACLResult{Hosts: slices.Clone(c.TransferACL)}, nil
}

func dnsAddToACL(c *call, req xmlapi.FilterRequest) ([]dns.ACLResult, error) {
	if err := c.onlyOn(Linux); err != nil {
		return nil, err
	}
	var results []dns.ACLResult
	for _, host := range req.Filter.Values() {
		res := dns.ACLResult{Hosts: []string{host}}
		_, errAddress := netip.ParseAddr(host)
		_, errPrefix := netip.ParsePrefix(host)
		switch {
		case errAddress != nil && errPrefix != nil:
			res.Result = c.failure(refuse(xmlapi.CodeInvalidValue, "The IP address '%s' is invalid.", host))
		case slices.Contains(c.TransferACL, host):
			res.Result = c.failure(refuse(xmlapi.CodeExists, "The host %s is already in the list.", host))
		default:
			c.TransferACL = append(c.TransferACL, host)
		}
		results = append(results, res)
	}
	return results, nil
}

func dnsRemoveFromACL(c *call, req xmlapi.FilterRequest) ([]dns.ACLResult, error) {
	if err := c.onlyOn(Linux); err != nil {
		return nil, err
	}
	var results []dns.ACLResult
	for _, host := range req.Filter.Values() {
		res := dns.ACLResult{Hosts: []string{host}}
		if at := slices.Index(c.TransferACL, host); at >= 0 {
			c.TransferACL = slices.Delete(c.TransferACL, at, at+1)
		} else {
			res.Result = c.failure(refuse(xmlapi.CodeNotFound, "The host %s is not in the list.", host))
		}
		results = append(results, res)
	}
	return results, nil
}

// onlyOn refuses what the other platform alone can do (operators-services §2.9).
func (c *call) onlyOn(os OS) error {
	if c.Machine.OS != os {
		return refuse(xmlapi.CodeUnsupportedByVersion, "The operation is not supported on this platform.")
	}
	return nil
}

func dnsEnableRemote(c *call, _ xmlapi.EmptyRequest) (xmlapi.Result, error) {
	return c.setRemoteDNS(true)
}

func dnsDisableRemote(c *call, _ xmlapi.EmptyRequest) (xmlapi.Result, error) {
	return c.setRemoteDNS(false)
}

func (c *call) setRemoteDNS(on bool) (xmlapi.Result, error) {
	if err := c.onlyOn(Windows); err != nil {
		return xmlapi.Result{}, err
	}
	c.RemoteDNS = on
	c.event("remote_dns", "status_changed", "")
	return xmlapi.Result{}, nil
}

func dnsRemoteStatus(c *call, _ xmlapi.EmptyRequest) (dns.RemoteDNSResult, error) {
	if err := c.onlyOn(Windows); err != nil {
		return dns.RemoteDNSResult{}, err
	}
	return dns.RemoteDNSResult{Status: new(c.RemoteDNS)}, nil
}

// recursionValues are what set-recursion takes, in the order in which they are offered.
var recursionValues = []string{"on", "off", "local", "localnets"}

func dnsSetRecursion(c *call, req dns.SetRecursionRequest) (xmlapi.Result, error) {
	if !slices.Contains(recursionValues, req.Value) {
		return xmlapi.Result{}, refuse(xmlapi.CodeInvalidValue, "The recursion '%s' is invalid.", req.Value)
	}
	c.Recursion = req.Value
	return xmlapi.Result{}, nil
}

func dnsGetRecursion(c *call, _ xmlapi.EmptyRequest) (dns.RecursionResult, error) {
	return dns.RecursionResult{Value: c.Recursion}, nil
}

func dnsGetSupportedRecursion(*call, xmlapi.EmptyRequest) (dns.SupportedRecursionResult, error) {
	return dns.SupportedRecursionResult{Values: slices.Clone(recursionValues)}, nil
}
