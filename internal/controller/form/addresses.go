// Addresses of hosts, networks and mailboxes: one form to compare them by.

package form

import (
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// Address reads an IP address; written again it has its canonical form. An IPv4-mapped IPv6 address stays one, since in DNS it
// is another record; callers that connect, or compare peers, unmap it.
func Address(s string) (netip.Addr, error) {
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" {
		return netip.Addr{}, errors.New("not an IP address")
	}
	return a, nil
}

// ShownAddress is Address for what the server shows, whatever that is.
func ShownAddress(s string) string {
	s = SingleBlanks(s)
	if a, err := Address(s); err == nil {
		return a.String()
	}
	return s
}

// Network is an address, unmapped, or a network in canonical form; a network of one address is that address. Anything else is returned as it is.
func Network(s string) string {
	s = SingleBlanks(s)
	if a, err := Address(s); err == nil {
		return a.Unmap().String()
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

// MaskedNetwork is Network, for networks that may be written with a mask, such as 10.0.0.0/255.0.0.0, too.
func MaskedNetwork(s string) string {
	address, mask, _ := strings.Cut(SingleBlanks(s), "/")
	if m, err := Address(mask); err == nil {
		if ones, size := net.IPMask(m.AsSlice()).Size(); size > 0 {
			return Network(address + "/" + strconv.Itoa(ones))
		}
	}
	return Network(s)
}

// MailAddress is an address in lower case, its domain as DNS has it.
func MailAddress(address string) string {
	address = strings.ToLower(SingleBlanks(address))
	at := strings.LastIndex(address, "@")
	if at < 0 {
		return address
	}
	if domain, err := DomainName(address[at+1:]); err == nil {
		return address[:at+1] + domain
	}
	return address
}
