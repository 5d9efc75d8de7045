// The pools of resellers: which of the server's addresses they may assign (operators-accounts-server §8).

package plesksim

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
	resellerapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
)

// poolAddress is an address that a reseller may assign to any of their customers. One that is exclusive, on the server or in the pool, is in
// no other pool.
type poolAddress struct {
	Address string
	Type    string
}

func resellerPoolOperations() []operation {
	return []operation{
		many("reseller/ippool-add-ip", administrator, resellerPoolAdd),
		many("reseller/ippool-set-ip", administrator, resellerPoolSet),
		many("reseller/ippool-del-ip", administrator, resellerPoolDel),
	}
}

// inPool is where an address stands in a reseller's pool, -1 for nowhere.
func (r resale) inPool(text string) int {
	return slices.IndexFunc(r.Addresses, func(p poolAddress) bool { return sameAddress(p.Address, text) })
}

// eachPoolAddress answers one result per address, or one that says that there is no such reseller. act returns the changed pool.
func (c *call) eachPoolAddress(owner resellerapi.Owner, addresses []string, act func(*account, string) ([]poolAddress, error)) []resellerapi.IPPoolResult {
	var a *account
	if owner.ResellerID != nil {
		a = c.Accounts.Get(*owner.ResellerID)
	} else {
		a = c.accountBy("external-id", text(owner.ExternalID))
	}
	if a == nil || a.Kind != kindReseller {
		missing := resellerapi.IPPoolResult{Result: c.failure(refuse(xmlapi.CodeNotFound, "Reseller does not exist"))}
		if owner.ResellerID != nil {
			missing.ResellerID = *owner.ResellerID
		}
		return []resellerapi.IPPoolResult{missing}
	}
	var results []resellerapi.IPPoolResult
	for _, address := range addresses {
		res := resellerapi.IPPoolResult{Address: address}
		if pool, err := act(a, address); err != nil {
			res.Result = c.failure(err)
		} else {
			c.Accounts.Change(a, func() { a.Addresses = pool })
			c.event("reseller_ip_pool", "updated", idKey(a.ID))
		}
		results = append(results, res)
	}
	return results
}

func resellerPoolAdd(c *call, req resellerapi.IPPoolAddRequest) ([]resellerapi.IPPoolResult, error) {
	types, addresses := req.Addresses, []string{}
	for _, given := range req.Addresses {
		addresses = append(addresses, given.Address)
	}
	return c.eachPoolAddress(req.Owner, addresses, func(a *account, address string) ([]poolAddress, error) {
		kind := types[0].Type
		types = types[1:]
		known := c.addressOf(address)
		if known == nil {
			return nil, addressMissing(address)
		}
		if a.inPool(address) >= 0 {
			return nil, refuse(xmlapi.CodeExists, "The IP address %s is in the pool already.", address)
		}
		added := poolAddress{Address: known.Address, Type: known.Type}
		if kind != nil {
			added.Type = *kind
		}
		if c.othersUse(a, known.Address) && (added.Type == ip.Exclusive || c.heldExclusively(known.Address)) {
			return nil, addressTaken(address)
		}
		return append(slices.Clone(a.Addresses), added), nil
	}), nil
}

func addressMissing(text string) *refusal {
	return refuse(xmlapi.CodeAddressNotFound, "IP address %s does not exist.", text)
}

func addressTaken(text string) *refusal {
	return refuse(xmlapi.CodeAddressOperation, "The IP address %s is used by somebody else.", text)
}

// othersUse tells whether an address has another user than an account.
func (c *call) othersUse(a *account, address string) bool {
	users := c.addressUsers(address)
	delete(users, a.ID)
	return len(users) > 0
}

// heldExclusively tells whether an address can have one user only: it is exclusive on the server or in a pool.
func (c *call) heldExclusively(address string) bool {
	if known := c.addressOf(address); known != nil && known.Type == ip.Exclusive {
		return true
	}
	for _, a := range c.accountsByKind.All(string(kindReseller)) {
		if at := a.inPool(address); at >= 0 && a.Addresses[at].Type == ip.Exclusive {
			return true
		}
	}
	return false
}

func resellerPoolSet(c *call, req resellerapi.IPPoolSetRequest) ([]resellerapi.IPPoolResult, error) {
	return c.eachPoolAddress(req.Owner, req.Filter.Addresses, func(a *account, address string) ([]poolAddress, error) {
		at := a.inPool(address)
		if at < 0 {
			return nil, addressMissing(address)
		}
		if req.Values.Type == ip.Exclusive && c.othersUse(a, a.Addresses[at].Address) {
			return nil, addressTaken(address)
		}
		pool := slices.Clone(a.Addresses)
		pool[at].Type = req.Values.Type
		return pool, nil
	}), nil
}

func resellerPoolDel(c *call, req resellerapi.IPPoolDelRequest) ([]resellerapi.IPPoolResult, error) {
	return c.eachPoolAddress(req.Owner, req.Addresses, func(a *account, address string) ([]poolAddress, error) {
		at := a.inPool(address)
		if at < 0 {
			return nil, addressMissing(address)
		}
		if len(c.ownersOn(a, a.Addresses[at].Address)) > 0 {
			return nil, refuse(xmlapi.CodeAddressOperation, "The IP address %s is used.", address)
		}
		return slices.Delete(slices.Clone(a.Addresses), at, at+1), nil
	}), nil
}

// ownersOn are those of a reseller and their customers who have subscriptions on an address.
func (c *call) ownersOn(a *account, address string) map[int64]bool {
	owners := map[int64]bool{}
	for _, w := range c.webspacesUnder(a) {
		if w.IPv4 == address || w.IPv6 == address {
			owners[w.Owner] = true
		}
	}
	return owners
}

// filledPool is an account's pool with what a reseller plan puts there, and what of that the server cannot give.
func (c *call) filledPool(a *account, p *plan) (pool []poolAddress, undelivered string) {
	filled := resale{Addresses: slices.Clone(a.Addresses)}
	var lacking []string
	for _, address := range p.Pool.Addresses {
		if filled.inPool(address) >= 0 {
			continue
		}
		if known := c.addressOf(address); known == nil || c.heldExclusively(address) && c.othersUse(a, known.Address) {
			lacking = append(lacking, address)
			continue
		}
		filled.Addresses = append(filled.Addresses, poolAddress{Address: address, Type: ip.Shared})
	}
	if !c.allocate(a, &filled, p.Pool.IPv4, true) {
		lacking = append(lacking, "exclusive IPv4")
	}
	if !c.allocate(a, &filled, p.Pool.IPv6, false) {
		lacking = append(lacking, "exclusive IPv6")
	}
	if len(lacking) > 0 {
		undelivered = fmt.Sprintf("IP addresses are not available: %s.", strings.Join(lacking, ", "))
	}
	return filled.Addresses, undelivered
}

// allocate fills a pool up to n exclusive addresses of a family with unused ones. It tells whether there were enough.
func (c *call) allocate(a *account, pool *resale, n int, ipv4 bool) bool {
	for _, given := range pool.Addresses {
		if given.Type == ip.Exclusive && isIPv4(given.Address) == ipv4 {
			n--
		}
	}
	for _, known := range c.Addresses {
		if n <= 0 {
			break
		}
		if known.Type == ip.Exclusive && isIPv4(known.Address) == ipv4 && pool.inPool(known.Address) < 0 && !c.othersUse(a, known.Address) {
			pool.Addresses = append(pool.Addresses, poolAddress{Address: known.Address, Type: ip.Exclusive})
			n--
		}
	}
	return n <= 0
}

func isIPv4(text string) bool {
	parsed, err := netip.ParseAddr(text)
	return err == nil && parsed.Unmap().Is4()
}
