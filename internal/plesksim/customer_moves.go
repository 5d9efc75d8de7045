// Customers who move to another provider, or become resellers.

package plesksim

import (
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
)

func customerMoveOperations() []operation {
	return []operation{
		many("customer/convert-to-reseller", administrator, customerConvertToReseller),
		many("customer/change-owner", administrator, customerChangeOwner),
	}
}

// customerConvertToReseller makes a reseller of a customer. The pool holds the addresses that they use; a plan gives the rest or, without
// one, the sum of what their subscriptions had.
func customerConvertToReseller(c *call, req customer.ConvertRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.customers(), req.Filter, func(a *account) (xmlapi.FilterResult, error) {
		become, err := c.resaleOfCustomer(a, req.ResellerPlanName)
		if err != nil {
			return xmlapi.FilterResult{}, err
		}
		if err := c.externalIDTaken(a.ExternalID, kindReseller, a); err != nil {
			return xmlapi.FilterResult{}, err
		}
		if err := c.takeAlong(a, become.Addresses); err != nil {
			return xmlapi.FilterResult{}, err
		}
		c.Accounts.Change(a, func() { a.Kind, a.Owner, a.resale = kindReseller, adminID, become })
		for _, w := range c.webspacesByOwner.All(idKey(a.ID)) {
			c.Webspaces.Change(w, w.leavePlans) // which belonged to another provider
		}
		c.event("client", "deleted", idKey(a.ID))
		c.event("reseller", "created", idKey(a.ID))
		return xmlapi.FilterResult{}, nil
	})
}

func (c *call) resaleOfCustomer(a *account, planName *string) (resale, error) {
	become := resale{allowance: c.sumOf(c.webspacesByOwner.All(idKey(a.ID)))}
	for _, w := range c.webspacesByOwner.All(idKey(a.ID)) {
		for _, used := range w.addresses() {
			if known := c.addressOf(used); known != nil && become.inPool(used) < 0 {
				become.Addresses = append(become.Addresses, poolAddress{Address: used, Type: known.Type})
			}
		}
	}
	if planName == nil {
		return become, nil
	}
	p, err := c.resellerPlanBy("name", *planName)
	if err != nil {
		return resale{}, err
	}
	become.allowance, become.offer, become.Plan = c.allowanceOf(p), p.offer, p.ID
	become.Addresses, become.Undelivered = c.filledPool(&account{ID: a.ID, resale: become}, p)
	return become, c.fitsResellersUsage(a, become.Limits)
}

// sumOf is what subscriptions have together: the sum of their limits, and each permission that one of them has. Without subscriptions it is
// the server's defaults.
func (c *call) sumOf(webspaces []*webspace) allowance {
	sum := c.allowanceOf(nil)
	for i, w := range webspaces {
		for _, l := range c.limits() {
			value, set := w.Limits[l.name]
			switch {
			case l.name == limitExpiration:
			case !set || value == unlimited:
				sum.Limits[l.name] = unlimited
			case i == 0:
				sum.Limits[l.name] = value
			case sum.Limits[l.name] == unlimited:
			case slices.Contains(perObject, l.name):
				sum.Limits[l.name] = max(sum.Limits[l.name], value)
			default:
				sum.Limits[l.name] += value
			}
		}
		for _, name := range permissionNames {
			sum.Permissions[name] = w.Permissions[name] || i > 0 && sum.Permissions[name]
		}
	}
	sum.Limits[limitDomains] = sum.Limits[limitSites]
	return sum
}

// takeAlong removes a leaving customer's exclusive addresses from the pool of their reseller.
func (c *call) takeAlong(a *account, addresses []poolAddress) error {
	left := c.Accounts.Get(a.Owner)
	if left.Kind != kindReseller {
		return nil
	}
	pool := slices.Clone(left.Addresses)
	for _, taken := range addresses {
		at := left.inPool(taken.Address)
		if at < 0 || taken.Type != ip.Exclusive && left.Addresses[at].Type != ip.Exclusive {
			continue
		}
		if users := c.ownersOn(left, taken.Address); len(users) > 1 {
			return addressTaken(taken.Address)
		}
		pool = slices.DeleteFunc(pool, func(p poolAddress) bool { return p == left.Addresses[at] })
	}
	if len(pool) < len(left.Addresses) {
		c.Accounts.Change(left, func() { left.Addresses = pool })
		c.event("reseller_ip_pool", "updated", idKey(left.ID))
	}
	return nil
}

// customerChangeOwner moves a customer with their subscriptions to another provider, who must have room and addresses for them.
func customerChangeOwner(c *call, req customer.ChangeOwnerRequest) ([]xmlapi.FilterResult, error) {
	owner := c.accountBy("login", req.NewOwnerLogin)
	return each(c, c.customers(), req.Filter, func(a *account) (xmlapi.FilterResult, error) {
		if owner == nil || owner.Kind == kindCustomer {
			return xmlapi.FilterResult{}, refuse(xmlapi.CodeOwnerNotFound, "Owner does not exist")
		}
		return xmlapi.FilterResult{}, c.moveCustomer(a, owner, req)
	})
}

func (c *call) moveCustomer(a, owner *account, req customer.ChangeOwnerRequest) error {
	webspaces := c.webspacesByOwner.All(idKey(a.ID))
	there := *a
	there.Owner = owner.ID
	addresses, err := c.addressesFor(&there, webspaces, req)
	if err != nil {
		return err
	}
	p, err := c.planForMoved(owner, req.PlanName, webspaces)
	if err != nil {
		return err
	}
	moved := owner.ID != a.Owner
	if moved {
		if err := c.roomForCustomer(owner, webspaces, p); err != nil {
			return err
		}
	}
	c.Accounts.Change(a, func() { a.Owner = owner.ID })
	for i, w := range webspaces {
		c.setAddresses(w, addresses[i][0], addresses[i][1])
		if moved {
			c.Webspaces.Change(w, w.leavePlans)
		}
	}
	c.event("client", "updated", idKey(a.ID))
	return c.giveMoved(p, webspaces)
}

// roomForCustomer refuses a customer whose subscriptions, as they are or with what a plan will give them, exceed what the reseller may have.
func (c *call) roomForCustomer(owner *account, webspaces []*webspace, p *plan) error {
	if err := c.roomAtReseller(owner, limitCustomers); err != nil {
		return err
	}
	if err := c.roomForMoved(owner, webspaces...); err != nil {
		return err
	}
	promises := make([]promise, len(webspaces))
	for i, w := range webspaces {
		promises[i] = promise{w, w.Limits}
		if p != nil {
			promises[i].limits = c.effective(p, nil).Limits
		}
	}
	return c.mayPromise(owner, promises...)
}

// addressesFor are the IPv4 and IPv6 addresses that the subscriptions of a moved account get: the first that was named of a family,
// else the one that they have. All must be in its provider's pool.
func (c *call) addressesFor(a *account, webspaces []*webspace, req customer.ChangeOwnerRequest) ([][2]string, error) {
	for i, named := range slices.Concat(req.IPv4Addresses, req.IPv6Addresses) {
		if isIPv4(named) != (i < len(req.IPv4Addresses)) {
			return nil, refuse(xmlapi.CodeInvalidValue, "The IP address '%s' is invalid.", named)
		}
		if _, err := c.fromPool(a, named); err != nil {
			return nil, err
		}
	}
	addresses := make([][2]string, len(webspaces))
	for i, w := range webspaces {
		for family, wanted := range []struct {
			has   string
			named []string
		}{{w.IPv4, req.IPv4Addresses}, {w.IPv6, req.IPv6Addresses}} {
			if len(wanted.named) > 0 {
				wanted.has = wanted.named[0]
			}
			if wanted.has == "" {
				continue
			}
			address, err := c.fromPool(a, wanted.has)
			if err != nil {
				return nil, err
			}
			if c.exclusiveElsewhere(address, w, a) {
				return nil, notInPool(address)
			}
			addresses[i][family] = address
		}
	}
	return addresses, nil
}
