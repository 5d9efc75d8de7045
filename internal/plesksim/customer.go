// The customer operator (operators-accounts-server §7).

package plesksim

import (
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
)

func customerOperations() []operation {
	return []operation{
		one("customer/add", adminOrReseller, customerAdd),
		many("customer/get", adminOrReseller, customerGet),
		many("customer/set", adminOrReseller, customerSet),
		many("customer/del", adminOrReseller, customerDel),
		many("customer/get-domain-list", adminOrReseller, customerGetDomainList).optional(),
	}
}

// customers says how customers are found. A filter by owner names a parent: one without customers matches nothing and is no error.
func (c *call) customers() finder[account] {
	missing := func() *refusal { return refuse(xmlapi.CodeNotFound, "Client does not exist") }
	return finder[account]{
		table: c.Accounts,
		find: func(kind, value string) ([]*account, error) {
			if of, isOwner := strings.CutPrefix(kind, "owner-"); isOwner {
				owner := c.accountBy(of, value)
				if owner == nil || owner.Kind == kindCustomer || !c.seesAccount(owner) {
					return nil, refuse(xmlapi.CodeOwnerNotFound, "Owner does not exist")
				}
				return customersOnly(c.accountsByOwner.All(idKey(owner.ID))), nil
			}
			return rowsOrMissing(customersOnly(single(c.accountBy(kind, value))), missing())
		},
		all:     func() []*account { return c.accountsByKind.All(string(kindCustomer)) },
		sees:    c.seesAccount,
		missing: missing,
	}
}

func customersOnly(rows []*account) []*account {
	found := rows[:0]
	for _, a := range rows {
		if a.Kind == kindCustomer {
			found = append(found, a)
		}
	}
	return found
}

func customerAdd(c *call, req customer.AddRequest) (customer.AddResult, error) {
	g := req.GenInfo
	owner, err := c.newCustomersOwner(g)
	if err == nil {
		err = c.resellerHas("create_clients")
	}
	if err != nil {
		return customer.AddResult{}, err
	}
	a := &account{
		Kind: kindCustomer, Owner: owner.ID,
		Login: g.Login, ContactName: g.ContactName, CompanyName: text(g.CompanyName), Phone: text(g.Phone), Fax: text(g.Fax),
		Email: text(g.Email), Address: text(g.Address), City: text(g.City), State: text(g.State), PostalCode: text(g.PostalCode),
		Country: text(g.Country), Locale: text(g.Locale), ExternalID: text(g.ExternalID), Description: text(g.Description),
	}
	if a.Locale == "" {
		a.Locale = c.Machine.Locale
	}
	if g.Status != nil {
		if a.Status, err = c.changeStatus(statusActive, *g.Status, settableAccountStatus); err != nil {
			return customer.AddResult{}, err
		}
	}
	password := g.Password.Reveal()
	for _, check := range []func() error{
		func() error { return c.checkNewAccount(a, password) },
		func() error { return c.roomAtReseller(owner, limitCustomers) },
		c.licenceLimit,
	} {
		if err := check(); err != nil {
			return customer.AddResult{}, err
		}
	}
	c.insertAccount(a, password)
	return customer.AddResult{ID: a.ID, GUID: a.GUID}, nil
}

// newCustomersOwner is the caller, or the reseller that the administrator named.
func (c *call) newCustomersOwner(g customer.NewGenInfo) (*account, error) {
	var owner *account
	switch {
	case g.OwnerID != nil:
		owner = c.Accounts.Get(*g.OwnerID)
	case g.OwnerLogin != nil:
		owner = c.accountBy("login", *g.OwnerLogin)
	case g.OwnerExternalID != nil && *g.OwnerExternalID != "":
		owner = c.accountBy("external-id", *g.OwnerExternalID)
	case g.OwnerExternalID != nil:
	default:
		return c.Accounts.Get(c.who.account), nil
	}
	if owner == nil || owner.Kind == kindCustomer {
		return nil, refuse(xmlapi.CodeOwnerNotFound, "Owner does not exist")
	}
	if c.who.role != administrator && owner.ID != c.who.account {
		return nil, permissionDenied()
	}
	return owner, nil
}

// licenceLimit refuses one customer more than the licence allows.
func (c *call) licenceLimit() error {
	if limit := c.Machine.MaxCustomers; limit >= 0 && c.accountsByKind.Count(string(kindCustomer)) >= limit {
		return refuse(xmlapi.CodeLimit, "The licence allows no more than %d customers.", limit)
	}
	return nil
}

func customerGet(c *call, req customer.GetRequest) ([]customer.GetResult, error) {
	return eachOf(c, c.customers(), req.Filter, req.Dataset == (customer.Dataset{}), func(a *account) (customer.GetResult, error) {
		data := &customer.Data{}
		if req.Dataset.GenInfo != nil {
			data.GenInfo = c.customerGenInfo(a)
		}
		if req.Dataset.Stat != nil {
			data.Stat = c.customerStat(a)
		}
		return customer.GetResult{Data: data}, nil
	})
}

func (c *call) customerGenInfo(a *account) *customer.GenInfo {
	owner := c.Accounts.Get(a.Owner)
	return &customer.GenInfo{
		Created: a.Created, CompanyName: a.CompanyName, ContactName: a.ContactName, Login: a.Login, Status: a.Status,
		Locale: a.Locale, GUID: a.GUID, OwnerLogin: new(owner.Login), VendorGUID: new(owner.GUID),
		ExternalID: a.ExternalID, Description: a.Description,
		Contact: customer.Contact[string]{
			Phone: a.Phone, Fax: a.Fax, Email: a.Email,
			Address: a.Address, City: a.City, State: a.State, PostalCode: a.PostalCode, Country: a.Country,
		},
	}
}

func customerSet(c *call, req customer.SetRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.customers(), req.Filter, func(a *account) (xmlapi.FilterResult, error) {
		if req.Values.GenInfo == nil {
			return xmlapi.FilterResult{}, nil
		}
		return xmlapi.FilterResult{}, c.changeCustomer(a, *req.Values.GenInfo)
	})
}

// changeCustomer applies the given values when all of them are acceptable.
func (c *call) changeCustomer(a *account, g customer.SetGenInfo) error {
	changed, err := c.changedAccount(a, g)
	if err != nil {
		return err
	}
	c.genInfoEvents(a, c.replaceAccount(a, changed))
	return nil
}

func customerDel(c *call, req xmlapi.FilterRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.customers(), req.Filter, func(a *account) (xmlapi.FilterResult, error) {
		c.removeAccount(a)
		return xmlapi.FilterResult{}, nil
	})
}

func (c *call) customerStat(a *account) *customer.Stat {
	stat := &customer.Stat{}
	var sites []*site
	for _, w := range c.webspacesByOwner.All(idKey(a.ID)) {
		stat.Databases += int64(c.databasesByWebspace.Count(idKey(w.ID)))
		stat.DiskSpace += c.usage(w, "disk_space")
		stat.WebUsers += c.usage(w, "max_wu")
		stat.MailLists += c.usage(w, "max_maillists")
		for _, d := range c.sitesByWebspace.All(idKey(w.ID)) {
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

func customerGetDomainList(c *call, req xmlapi.QueryRequest) ([]customer.GetDomainListResult, error) {
	return each(c, c.customers(), req.Filter, func(a *account) (customer.GetDomainListResult, error) {
		return customer.GetDomainListResult{Domains: c.domainsOf(a)}, nil
	})
}

// text is an optional value, "" when it is absent.
func text(value *string) string {
	if value == nil {
		return ""
	}
	return *value
}
