// Customers that change their place: to another provider, or to being one. And the inventory of what they own.

package plesksim

import (
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
)

func customerMoveOperations() []operation {
	return []operation{
		many(customer.ConvertToReseller, administrator, customerConvertToReseller),
		many(customer.ChangeOwner, administrator, customerChangeOwner),
		many(customer.GetDomainList, adminOrReseller, customerGetDomainList).optional(),
	}
}

func customerConvertToReseller(c *call, req customer.ConvertRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.customers(), req.Filter, func(a *account) (xmlapi.FilterResult, error) {
		if req.ResellerPlanName != nil {
			return xmlapi.FilterResult{}, refuse(xmlapi.CodeNotFound, "Reseller plan %s does not exist.", *req.ResellerPlanName)
		}
		c.Accounts.change(a, func() { a.Kind, a.Owner = kindReseller, adminID })
		a.Permissions = map[string]bool{"cp_access": true, "create_clients": true, "remote_access_interface": false}
		a.Limits = map[string]int64{"max_cl": -1}
		for _, w := range c.webspacesByOwner.all(idKey(a.ID)) {
			c.Webspaces.change(w, w.leavePlans) // they were another provider's
			for _, used := range []string{w.IPv4, w.IPv6} {
				given := func(p poolAddress) bool { return p.Address == used }
				if known := c.addressOf(used); known != nil && !slices.ContainsFunc(a.Addresses, given) {
					a.Addresses = append(a.Addresses, poolAddress{Address: used, Type: known.Type})
				}
			}
		}
		c.event("client", "deleted", idKey(a.ID))
		c.event("reseller", "created", idKey(a.ID))
		return xmlapi.FilterResult{}, nil
	})
}

func customerChangeOwner(c *call, req customer.ChangeOwnerRequest) ([]xmlapi.FilterResult, error) {
	owner := c.accountBy("login", req.NewOwnerLogin)
	return each(c, c.customers(), req.Filter, func(a *account) (xmlapi.FilterResult, error) {
		if owner == nil || owner.Kind == kindCustomer {
			return xmlapi.FilterResult{}, refuse(xmlapi.CodeOwnerNotFound, "Owner does not exist")
		}
		webspaces := c.webspacesByOwner.all(idKey(a.ID))
		addresses := make([][2]string, len(webspaces))
		for i, w := range webspaces {
			var err error
			if addresses[i][0], err = c.addressAtOwner(owner, w.IPv4, req.IPv4Addresses); err != nil {
				return xmlapi.FilterResult{}, err
			}
			if addresses[i][1], err = c.addressAtOwner(owner, w.IPv6, req.IPv6Addresses); err != nil {
				return xmlapi.FilterResult{}, err
			}
		}
		if err := c.customerLimit(owner); err != nil {
			return xmlapi.FilterResult{}, err
		}
		var p *plan
		if req.PlanName != nil {
			var err error
			if p, err = c.providersPlan(owner, servicePlan, "name", *req.PlanName); err != nil {
				return xmlapi.FilterResult{}, err
			}
			for _, w := range webspaces {
				if err := c.fitsUsage(w, c.effective(p, nil).Limits); err != nil {
					return xmlapi.FilterResult{}, err
				}
			}
		}
		moved := owner.ID != a.Owner
		c.Accounts.change(a, func() { a.Owner = owner.ID })
		for i, w := range webspaces {
			c.setAddresses(w, addresses[i][0], addresses[i][1])
			if err := c.planAtOwner(w, p, moved); err != nil {
				return xmlapi.FilterResult{}, err
			}
		}
		c.event("client", "updated", idKey(a.ID))
		return xmlapi.FilterResult{}, nil
	})
}

// planAtOwner gives a subscription the plan that was named for its new provider; without one it becomes custom.
func (c *call) planAtOwner(w *webspace, p *plan, moved bool) error {
	if moved {
		c.Webspaces.change(w, w.leavePlans)
	}
	if p == nil {
		return nil
	}
	return c.applyPlans(w, takePlan, func(w *webspace) { w.Plan, w.Locked = p.ID, false })
}

// addressAtOwner is the address of one family that a subscription gets at a new provider: the first one that was named,
// else the one that it has. Both must be in the provider's pool.
func (c *call) addressAtOwner(owner *account, has string, named []string) (string, error) {
	if len(named) == 0 {
		if has == "" {
			return "", nil
		}
		return c.fromPool(owner, has)
	}
	return c.fromPool(owner, named[0])
}

func customerGetDomainList(c *call, req customer.GetDomainListRequest) ([]customer.GetDomainListResult, error) {
	return each(c, c.customers(), req.Filter, func(a *account) (customer.GetDomainListResult, error) {
		return customer.GetDomainListResult{Domains: c.domainsOf(a)}, nil
	})
}

func (c *call) customerStat(a *account) *customer.Stat {
	stat := &customer.Stat{}
	var sites []*site
	for _, w := range c.webspacesByOwner.all(idKey(a.ID)) {
		stat.Databases += int64(c.databasesByWebspace.count(idKey(w.ID)))
		for _, d := range c.sitesByWebspace.all(idKey(w.ID)) {
			sites = append(sites, d)
			switch {
			case d.Kind == subdomain:
				stat.Subdomains++
			case c.siteStatus(d) == statusActive:
				stat.ActiveDomains++
			}
		}
	}
	post := c.countMail(sites...)
	stat.Traffic, stat.TrafficPrevDay = c.trafficThisMonth(sites...), c.trafficYesterday(sites...)
	stat.Mailboxes, stat.Redirects, stat.MailGroups, stat.MailResponders = post.mailboxes, post.redirects, post.groups, post.responders
	return stat
}
