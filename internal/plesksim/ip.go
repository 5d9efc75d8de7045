// The ip operator and the server's addresses (operators-accounts-server §12).

package plesksim

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
)

// address is one of the server's. The address itself is its only key.
type address struct {
	Address     string // in its canonical spelling
	Netmask     string
	Type        string // shared or exclusive
	Interface   string
	Public      string // "" when it is the same
	Certificate string
}

// factoryAddresses are the addresses of a fresh server, its main one first.
var factoryAddresses = []address{
	{Address: "198.51.100.7", Netmask: "255.255.255.0", Type: ip.Shared, Interface: "eth0"},
	{Address: "198.51.100.8", Netmask: "255.255.255.0", Type: ip.Exclusive, Interface: "eth0"},
	{Address: "2001:db8::7", Netmask: "ffff:ffff:ffff:ffff::", Type: ip.Shared, Interface: "eth0"},
}

func ipOperations() []operation {
	return []operation{
		one("ip/get", adminOrReseller, ipGet),
		one("ip/add", administrator, ipAdd),
		many("ip/set", administrator, ipSet),
		many("ip/del", administrator, ipDel),
	}
}

// addressOf finds one of the server's addresses, whatever its spelling.
func (s *state) addressOf(text string) *address {
	for i := range s.Addresses {
		if sameAddress(s.Addresses[i].Address, text) {
			return &s.Addresses[i]
		}
	}
	return nil
}

// poolOf are the addresses that an account's subscriptions may use: all of the server's for the administrator and the administrator's own
// customers, otherwise those of the reseller's pool.
func (s *state) poolOf(a *account) []address {
	provider := s.provider(a)
	if provider.Kind == kindAdmin {
		return s.Addresses
	}
	var pool []address
	for _, given := range provider.Addresses {
		if known := s.addressOf(given.Address); known != nil {
			mine := *known
			mine.Type = given.Type
			pool = append(pool, mine)
		}
	}
	return pool
}

// fromPool finds an address in an account's pool and returns its canonical spelling.
func (s *state) fromPool(a *account, text string) (string, error) {
	for _, known := range s.poolOf(a) {
		if sameAddress(known.Address, text) {
			return known.Address, nil
		}
	}
	return "", notInPool(text)
}

func notInPool(text string) *refusal {
	return refuse(xmlapi.CodeAddressNotFound, "Unable to create hosting on ip %s. Ip address does not exist in client's pool", text)
}

func ipGet(c *call, _ xmlapi.EmptyRequest) (ip.GetResult, error) {
	list := &ip.Addresses{}
	for _, a := range c.poolOf(c.Accounts.Get(c.who.account)) {
		info := ip.Info{Address: a.Address, Netmask: a.Netmask, Type: a.Type, Interface: a.Interface}
		if a.Public != "" {
			info.PublicAddress = new(a.Public)
		}
		list.Info = append(list.Info, info)
	}
	return ip.GetResult{Addresses: list}, nil
}

func ipAdd(c *call, req ip.AddRequest) (ip.AddResult, error) {
	parsed, err := netip.ParseAddr(req.Address)
	if err != nil || !parsed.IsValid() || parsed.IsUnspecified() || parsed.IsMulticast() || parsed.Zone() != "" {
		return ip.AddResult{}, refuse(xmlapi.CodeInvalidValue, "The IP address '%s' is invalid.", req.Address)
	}
	a := address{Address: parsed.Unmap().String(), Netmask: req.Netmask, Type: req.Type, Interface: req.Interface}
	if !validNetmask(parsed.Unmap(), req.Netmask) {
		return ip.AddResult{}, refuse(xmlapi.CodeInvalidValue, "The network mask '%s' is invalid.", req.Netmask)
	}
	if !slices.Contains(c.Machine.Interfaces, req.Interface) {
		return ip.AddResult{}, refuse(xmlapi.CodeWrongInterface, "The network interface '%s' does not exist.", req.Interface)
	}
	if c.addressOf(a.Address) != nil {
		return ip.AddResult{}, refuse(xmlapi.CodeExists, "The IP address %s already exists.", a.Address)
	}
	if req.PublicAddress != nil {
		if a.Public, err = publicAddress(*req.PublicAddress); err != nil {
			return ip.AddResult{}, err
		}
	}
	c.Addresses = append(c.Addresses, a)
	c.event("ip_address", "created", a.Address)
	return ip.AddResult{Address: a.Address}, nil
}

// publicAddress reads the address that a router shows instead; an empty one takes it back.
func publicAddress(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	parsed, err := netip.ParseAddr(text)
	if err != nil {
		return "", refuse(xmlapi.CodeInvalidValue, "The public IP address '%s' is invalid.", text)
	}
	return parsed.String(), nil
}

// validNetmask accepts a mask written as an address, and a prefix length with or without its slash.
func validNetmask(a netip.Addr, mask string) bool {
	if n, err := strconv.Atoi(strings.TrimPrefix(mask, "/")); err == nil {
		return n > 0 && n <= a.BitLen()
	}
	m, err := netip.ParseAddr(mask)
	if err != nil || m.Is4() != a.Is4() {
		return false
	}
	ended := false
	for _, b := range m.AsSlice() {
		for bit := 7; bit >= 0; bit-- {
			one := b>>bit&1 == 1
			if one && ended {
				return false
			}
			ended = ended || !one
		}
	}
	return true
}

// eachAddress answers one result per address of the filter.
func (c *call) eachAddress(f xmlapi.Filter, act func(*address) error) []ip.AddressResult {
	var results []ip.AddressResult
	for _, text := range f.Values() {
		res := ip.AddressResult{Address: text}
		if a := c.addressOf(text); a == nil {
			res.Result = c.failure(addressMissing(text))
		} else if err := act(a); err != nil {
			res.Result = c.failure(err)
		}
		results = append(results, res)
	}
	return results
}

func ipSet(c *call, req ip.SetRequest) ([]ip.AddressResult, error) {
	return c.eachAddress(req.Filter, func(a *address) error {
		changed := *a
		switch {
		case req.Type != nil:
			if *req.Type == ip.Exclusive && a.Type == ip.Shared && len(c.addressUsers(a.Address)) > 1 {
				return refuse(xmlapi.CodeAddressOperation, "The IP address %s is assigned to several users.", a.Address)
			}
			changed.Type = *req.Type
		case req.CertificateName != nil:
			if *req.CertificateName != "" && c.certificateFor(*req.CertificateName) == nil {
				return refuse(xmlapi.CodeNotFound, "Certificate does not exist.")
			}
			changed.Certificate = *req.CertificateName
		case req.PublicAddress != nil:
			public, err := publicAddress(*req.PublicAddress)
			if err != nil {
				return err
			}
			changed.Public = public
		case req.ServiceNode != nil:
			return refuse(xmlapi.CodeUnsupportedByVersion, "Service nodes are not supported.")
		}
		*a = changed
		c.event("ip_address", "updated", a.Address)
		return nil
	}), nil
}

func ipDel(c *call, req xmlapi.FilterRequest) ([]ip.AddressResult, error) {
	return c.eachAddress(req.Filter, func(a *address) error {
		gone := a.Address
		if gone == c.Addresses[0].Address {
			return refuse(xmlapi.CodeAddressOperation, "The IP address %s is the main address of the server.", gone)
		}
		if len(c.addressUsers(gone)) > 0 {
			return refuse(xmlapi.CodeAddressOperation, "The IP address %s is used.", gone)
		}
		c.Addresses = slices.DeleteFunc(c.Addresses, func(a address) bool { return a.Address == gone })
		c.event("ip_address", "deleted", gone)
		return nil
	}), nil
}

// addressUsers are the accounts that use an address: resellers whose pool holds it, and owners of subscriptions on it who are not
// a reseller's customers.
func (s *state) addressUsers(text string) map[int64]bool {
	users := map[int64]bool{}
	for _, a := range s.accountsByKind.All(string(kindReseller)) {
		if a.inPool(text) >= 0 {
			users[a.ID] = true
		}
	}
	for _, w := range s.Webspaces.All() {
		if w.IPv4 == text || w.IPv6 == text {
			users[s.addressUser(s.Accounts.Get(w.Owner)).ID] = true
		}
	}
	return users
}

// addressUser is the account that counts as the user of the addresses: the account's reseller, or itself if it has none.
func (s *state) addressUser(a *account) *account {
	if provider := s.provider(a); provider.Kind == kindReseller {
		return provider
	}
	return a
}
