// Which addresses a client connects to: a server's URL is input, and must not turn the operator into a way into its own network.

package xmlapi

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"syscall"
)

// Addresses says which addresses may be connected to. The zero value refuses addresses that are never a Plesk server for a
// client on another machine: loopback, link-local, multicast, metadata services.
//
// The longest prefix that holds an address decides; of two equal ones, Deny wins over Allow, and Allow wins
// over what is refused by default.
type Addresses struct {
	Allow, Deny []netip.Prefix
}

// Loopback also permits this machine's own loopback addresses, where simulated servers listen.
var Loopback = Addresses{Allow: prefixes("127.0.0.0/8", "::1/128")}

// refused are the ranges that are refused by default.
var refused = prefixes(
	"0.0.0.0/8", "::/128", // unspecified: the host itself
	"127.0.0.0/8", "::1/128", // loopback
	"169.254.0.0/16", "fe80::/10", // link-local, and with it the metadata services of most clouds
	"fd00:ec2::/32", "fd20:ce::254/128", "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32", // metadata services at other addresses
	"224.0.0.0/4", "ff00::/8", // multicast
	"240.0.0.0/4", // reserved, and the broadcast address
)

func prefixes(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(texts))
	for i, t := range texts {
		out[i] = netip.MustParsePrefix(t)
	}
	return out
}

// mappedBits is the length of the prefix of IPv4 addresses in the form ::ffff:192.0.2.1.
const mappedBits = 96

// ParsePrefixes reads a list of addresses and ranges (10.96.0.0/12, 2001:db8::1), separated by commas.
func ParsePrefixes(list string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for text := range strings.SplitSeq(list, ",") {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		p, err := netip.ParsePrefix(text)
		if a, e := netip.ParseAddr(text); e == nil {
			p, err = netip.PrefixFrom(a.WithZone(""), a.BitLen()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("%q is neither an address nor a range of addresses", text)
		}
		if p.Addr().Is4In6() && p.Bits() >= mappedBits {
			p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-mappedBits)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// RefusedAddressError says that a host has no address that may be connected to. It does not say which addresses it has, and
// none of them was tried.
type RefusedAddressError struct{}

// Error implements error.
func (RefusedAddressError) Error() string {
	return "the host leads to an address that is not connected to (loopback, link-local, multicast, a metadata service, or denied to this client)"
}

// Permits reports whether an address may be connected to.
func (a Addresses) Permits(addr netip.Addr) bool {
	addr = addr.WithZone("").Unmap()
	if inner, ok := embedded(addr); ok && !a.Permits(inner) {
		return false
	}
	longest, permitted := -1, true
	consider := func(list []netip.Prefix, permits bool) {
		for _, p := range list {
			if p.Contains(addr) && p.Bits() >= longest {
				longest, permitted = p.Bits(), permits
			}
		}
	}
	consider(refused, false)
	consider(a.Allow, true)
	consider(a.Deny, false)
	return permitted
}

// gateways are the prefixes of IPv6 addresses that lead to the IPv4 address within them, and where that begins: NAT64, 6to4,
// and the old form ::192.0.2.1.
var gateways = []struct {
	prefix netip.Prefix
	at     int
}{
	{netip.MustParsePrefix("64:ff9b::/96"), 12}, {netip.MustParsePrefix("2002::/16"), 2}, {netip.MustParsePrefix("::/96"), 12},
}

// embedded returns the IPv4 address that an IPv6 address leads to.
func embedded(addr netip.Addr) (netip.Addr, bool) {
	if !addr.Is6() || addr.IsUnspecified() || addr.IsLoopback() {
		return addr, false
	}
	b := addr.As16()
	for _, g := range gateways {
		if g.prefix.Contains(addr) {
			return netip.AddrFrom4([4]byte(b[g.at : g.at+4])), true
		}
	}
	return addr, false
}

// control is the hook that a net.Dialer calls before it connects. By then the address is resolved: what the name meant a
// moment ago, or means to others, does not matter.
func (a Addresses) control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return &net.AddrError{Err: "not an address", Addr: address}
	}
	if !a.Permits(to.Addr()) {
		return RefusedAddressError{}
	}
	return nil
}
