// Addresses of hosts, networks and mailboxes: one form to compare them by.

package form

import (
	"errors"
	"net/netip"
	"strings"
)

// NormalNetwork is an address or a network in canonical form; a network of one address is that address. What is neither stays.
func NormalNetwork(s string) string {
	s = SingleBlanks(s)
	if a, err := NormalAddress(s); err == nil {
		return a
	}
	p, err := netip.ParsePrefix(s)
	switch {
	case err != nil:
		return s
	case p.IsSingleIP():
		return p.Addr().Unmap().String()
	}
	return p.Masked().String()
}

func CanonicalAddress(s string) string {
	s = SingleBlanks(s)
	if a, err := netip.ParseAddr(s); err == nil {
		return a.String()
	}
	return s
}

// NormalMailAddress is an address in lower case, its domain as DNS has it.
func NormalMailAddress(address string) string {
	address = strings.ToLower(SingleBlanks(address))
	at := strings.LastIndex(address, "@")
	if at < 0 {
		return address
	}
	if domain, err := ASCIIDomain(address[at+1:]); err == nil {
		return address[:at+1] + domain
	}
	return address
}

// NormalAddress is an IP address in canonical form.
func NormalAddress(s string) (string, error) {
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" {
		return "", errors.New("not an IP address")
	}
	return a.Unmap().String(), nil
}
