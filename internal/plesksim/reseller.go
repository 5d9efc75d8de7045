// The reseller operator (operators-accounts-server §8): how resellers are found, made, shown, changed and removed. Their pools, their
// limits and their links to reseller plans have files of their own.

package plesksim

import (
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	resellerapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
)

func resellerOperations() []operation {
	return slices.Concat([]operation{
		one("reseller/add", administrator, resellerAdd),
		many("reseller/get", adminOrReseller, resellerGet),
		many("reseller/set", adminOrReseller, resellerSet),
		many("reseller/del", administrator, resellerDel),
		many("reseller/get-domain-list", adminOrReseller, resellerGetDomainList).optional(),
	}, resellerPoolOperations(), resellerMoveOperations(), resellerOfferOperations())
}

// resale is what a reseller has beyond an account: the address pool, and the link to a reseller plan with what it gave, changed by what was set
// since. Lists are never changed in place.
type resale struct {
	Plan        int64         `json:",omitempty"` // 0: custom
	Locked      bool          `json:",omitempty"` // customised: changes of the plan have no effect
	Undelivered string        `json:",omitempty"` // what of the plan the server cannot give; "" when synchronised
	Addresses   []poolAddress `json:",omitempty"`
	PowerUser   bool          `json:",omitempty"`
	allowance
	offer
}

// resellers says how resellers are found. Resellers see only themselves.
func (c *call) resellers() finder[account] {
	missing := func() *refusal { return refuse(xmlapi.CodeNotFound, "Reseller does not exist") }
	return finder[account]{
		table: c.Accounts,
		find: func(kind, value string) ([]*account, error) {
			a := c.accountBy(kind, value)
			if a == nil || a.Kind != kindReseller {
				return nil, missing()
			}
			return single(a), nil
		},
		all:     func() []*account { return c.accountsByKind.All(string(kindReseller)) },
		sees:    c.seesAccount,
		missing: missing,
	}
}

func resellerAdd(c *call, req resellerapi.AddRequest) (resellerapi.AddResult, error) {
	g := req.GenInfo
	a := &account{
		Kind: kindReseller, Owner: adminID,
		Login: g.Login, ContactName: g.ContactName, CompanyName: text(g.CompanyName), Phone: text(g.Phone), Fax: text(g.Fax),
		Email: text(g.Email), Address: text(g.Address), City: text(g.City), State: text(g.State), PostalCode: text(g.PostalCode),
		Country: text(g.Country), Locale: text(g.Locale), ExternalID: text(g.ExternalID), Description: text(g.Description),
	}
	if a.Locale == "" {
		a.Locale = c.Machine.Locale
	}
	var err error
	if g.Status != nil {
		if a.Status, err = c.changeStatus(statusActive, *g.Status, settableAccountStatus); err != nil {
			return resellerapi.AddResult{}, err
		}
	}
	if err := c.checkNewAccount(a, g.Password.Reveal()); err != nil {
		return resellerapi.AddResult{}, err
	}
	p, err := c.newResellersPlan(req)
	if err != nil {
		return resellerapi.AddResult{}, err
	}
	if a.resale, err = c.newResale(p, req); err != nil {
		return resellerapi.AddResult{}, err
	}
	c.insertAccount(a, g.Password.Reveal())
	if len(a.Addresses) > 0 {
		c.event("reseller_ip_pool", "updated", idKey(a.ID))
	}
	return resellerapi.AddResult{ID: a.ID, GUID: a.GUID}, nil
}

// newResale is what a new reseller gets: what the plan gives, overridden by the request. Overriding the plan locks the reseller.
func (c *call) newResale(p *plan, req resellerapi.AddRequest) (resale, error) {
	r := resale{allowance: c.allowanceOf(p), PowerUser: req.GenInfo.PowerUser != nil && *req.GenInfo.PowerUser}
	if p != nil {
		r.Plan, r.offer = p.ID, p.offer
		r.Addresses, r.Undelivered = c.filledPool(&account{}, p)
		r.Locked = saysResellerLimits(req.Limits) || req.Permissions != nil
	}
	var err error
	r.allowance, err = c.changedAllowance(r.allowance, req.Limits, req.Permissions)
	return r, err
}

func resellerGet(c *call, req resellerapi.GetRequest) ([]resellerapi.GetResult, error) {
	return eachOf(c, c.resellers(), req.Filter, req.Dataset == (resellerapi.Dataset{}), func(a *account) (resellerapi.GetResult, error) {
		data, ask := &resellerapi.Data{}, req.Dataset
		if ask.GenInfo != nil {
			data.GenInfo = c.resellerGenInfo(a)
		}
		if ask.Stat != nil {
			data.Stat = c.resellerStat(a)
		}
		if ask.Permissions != nil {
			data.Permissions = resellerPermissionsList(a.allowance)
		}
		if ask.Limits != nil {
			data.Limits = c.resellerLimitsList(a.allowance)
		}
		if ask.IPPool != nil {
			data.IPPool = &resellerapi.IPPool{}
			for _, given := range a.Addresses {
				data.IPPool.Addresses = append(data.IPPool.Addresses, resellerapi.PoolAddress(given))
			}
		}
		if ask.Subscriptions != nil {
			data.Subscriptions = c.linksTo([]int64{a.Plan}, a.Locked, a.Undelivered == "")
		}
		return resellerapi.GetResult{Data: data}, nil
	})
}

func (c *call) resellerGenInfo(a *account) *resellerapi.GenInfo {
	return &resellerapi.GenInfo{
		Created: a.Created, CompanyName: a.CompanyName, ContactName: a.ContactName, Login: a.Login, Status: a.ownStatus(c.now),
		Locale: a.Locale, GUID: a.GUID, ExternalID: a.ExternalID, Description: a.Description, PowerUser: new(a.PowerUser),
		Contact: customer.Contact[string]{
			Phone: a.Phone, Fax: a.Fax, Email: a.Email,
			Address: a.Address, City: a.City, State: a.State, PostalCode: a.PostalCode, Country: a.Country,
		},
	}
}

// resellerStat counts what a reseller and their customers have.
func (c *call) resellerStat(a *account) *resellerapi.Stat {
	stat := &resellerapi.Stat{}
	for _, owned := range c.accountsByOwner.All(idKey(a.ID)) {
		stat.Customers++
		if c.statusOf(owned) == statusActive {
			stat.ActiveCustomers++
		}
	}
	var all []*site
	for _, w := range c.webspacesUnder(a) {
		all = append(all, c.sitesByWebspace.All(idKey(w.ID))...)
		stat.DomainAliases += c.usage(w, "max_dom_aliases")
		stat.DiskSpace += c.usage(w, "disk_space")
		stat.WebUsers += c.usage(w, "max_wu")
		stat.MailLists += c.usage(w, "max_maillists")
		stat.Databases += c.usage(w, limitDatabases)
		stat.MSSQLDatabases += c.usage(w, limitMSSQLDatabases)
	}
	for _, d := range all {
		switch {
		case d.Kind == subdomain:
			stat.Subdomains++
			continue
		case c.siteStatus(d) == statusActive:
			stat.ActiveDomains++
		}
		stat.Domains++
	}
	for _, d := range all {
		for _, m := range c.mailboxesBySite.All(idKey(d.ID)) {
			stat.MailboxQuota += max(m.Quota, 0)
		}
	}
	post := c.countMail(all...)
	stat.Mailboxes, stat.Redirects, stat.MailGroups, stat.MailResponders = post.mailboxes, post.redirects, post.groups, post.responders
	stat.Traffic, stat.TrafficPrevDay = c.trafficThisMonth(all...), c.trafficYesterday(all...)
	return stat
}

func resellerSet(c *call, req resellerapi.SetRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.resellers(), req.Filter, func(a *account) (xmlapi.FilterResult, error) {
		return xmlapi.FilterResult{}, c.changeReseller(a, req.Values)
	})
}

// changeReseller applies the given values if all of them are acceptable. Setting limits or permissions locks a reseller who has a plan.
func (c *call) changeReseller(a *account, v resellerapi.SetValues) error {
	if c.who.role == reseller && !ownProfile(v) {
		return permissionDenied()
	}
	changed := *a
	if g := v.GenInfo; g != nil {
		var err error
		if changed, err = c.changedAccount(a, g.SetGenInfo); err != nil {
			return err
		}
		if g.PowerUser != nil {
			changed.PowerUser = *g.PowerUser
		}
	}
	var err error
	if changed.allowance, err = c.changedAllowance(changed.allowance, v.Limits, v.Permissions); err != nil {
		return err
	}
	limits := saysResellerLimits(v.Limits)
	changed.Locked = a.Locked || a.Plan != 0 && (limits || v.Permissions != nil)
	was := c.replaceAccount(a, changed)
	if v.GenInfo != nil {
		c.genInfoEvents(a, was)
	}
	if limits {
		c.event("reseller_limits", "updated", idKey(a.ID))
	}
	if v.Permissions != nil {
		c.event("reseller_perms", "updated", idKey(a.ID))
	}
	return nil
}

// ownProfile tells whether all values are among those that resellers may change of themselves: contact data and the password.
func ownProfile(v resellerapi.SetValues) bool {
	g := v.GenInfo
	return v.Limits == nil && v.Permissions == nil &&
		(g == nil || g.Login == nil && g.Status == nil && g.GUID == nil && g.ExternalID == nil && g.PowerUser == nil)
}

func resellerDel(c *call, req xmlapi.FilterRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.resellers(), req.Filter, func(a *account) (xmlapi.FilterResult, error) {
		c.removeAccount(a)
		return xmlapi.FilterResult{}, nil
	})
}

func resellerGetDomainList(c *call, req xmlapi.QueryRequest) ([]resellerapi.GetDomainListResult, error) {
	return each(c, c.resellers(), req.Filter, func(a *account) (resellerapi.GetDomainListResult, error) {
		return resellerapi.GetDomainListResult{Domains: c.domainsOf(a)}, nil
	})
}
