// Where servers may be: whoever writes a PleskServer must not be able to probe the operator's own network.

package engine

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// Reach narrows and opens where servers may be.
type Reach struct {
	Addresses xmlapi.Addresses
	Hosts     Hosts
}

// Hosts are patterns for the hosts of servers: a name, an address, or *.example.com for all names below one. None: any host.
type Hosts []string

// ParseHosts reads a list of patterns, separated by commas.
func ParseHosts(list string) (Hosts, error) {
	var out Hosts
	for text := range strings.SplitSeq(list, ",") {
		pattern := strings.Trim(strings.ToLower(strings.TrimSpace(text)), "[]")
		if pattern == "" {
			continue
		}
		if strings.ContainsAny(strings.TrimPrefix(pattern, "*."), "*/@ ") || pattern == "*." {
			return nil, fmt.Errorf("%q is neither a host nor *.DOMAIN", text)
		}
		out = append(out, pattern)
	}
	return out, nil
}

// match reports whether a host is one of these.
func (h Hosts) match(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	_, err := netip.ParseAddr(host)
	name := err != nil
	for _, pattern := range h {
		if domain, below := strings.CutPrefix(pattern, "*"); pattern == host || below && name && strings.HasSuffix(host, domain) && host != domain {
			return true
		}
	}
	return len(h) == 0
}

// admits returns an error for a URL whose host the operator was told not to talk to.
func (r Reach) admits(rawURL string) error {
	u, err := url.Parse(rawURL)
	if err != nil {
		return invalid("spec.url: want https://HOST:PORT")
	}
	if !r.Hosts.match(u.Hostname()) {
		return invalid("spec.url: this operator serves no host like %q (its flag --allowed-servers)", u.Hostname())
	}
	return nil
}
