// The customer operator (operators-accounts-server §7).

package plesksim

import (
	"strings"
	"time"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
)

func customerOperations() []operation {
	return []operation{
		one(customer.Add, adminOrReseller, customerAdd),
		many(customer.Get, adminOrReseller, customerGet),
		many(customer.Set, adminOrReseller, customerSet),
		many(customer.Del, adminOrReseller, customerDel),
	}
}

// settableCustomerStatus are the bits that a customer's status may get.
const settableCustomerStatus = statusDisabledAdmin | statusDisabledReseller

// customers says how customers are found. Owners' filters name a parent: one without customers matches nothing, quietly.
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
				return customersOnly(c.accountsByOwner.all(idKey(owner.ID))), nil
			}
			return rowsOrMissing(customersOnly(single(c.accountBy(kind, value))), missing())
		},
		all:     func() []*account { return customersOnly(c.Accounts.all()) },
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
	if err != nil {
		return customer.AddResult{}, err
	}
	a := &account{
		Kind: kindCustomer, Owner: owner.ID, Created: c.now.Format(time.DateOnly),
		Login: g.Login, ContactName: g.ContactName, CompanyName: text(g.CompanyName), Phone: text(g.Phone), Fax: text(g.Fax),
		Email: text(g.Email), Address: text(g.Address), City: text(g.City), State: text(g.State), PostalCode: text(g.PostalCode),
		Country: text(g.Country), Locale: text(g.Locale), ExternalID: text(g.ExternalID), Description: text(g.Description),
	}
	if a.Locale == "" {
		a.Locale = c.Machine.Locale
	}
	if g.Status != nil {
		if a.Status, err = c.changeStatus(statusActive, *g.Status, settableCustomerStatus); err != nil {
			return customer.AddResult{}, err
		}
	}
	for _, check := range []func() error{
		func() error { return checkContact(a) },
		func() error { return c.checkPassword(g.Password.Reveal()) },
		func() error { return c.loginTaken(a.Login, nil) },
		func() error { return c.externalIDTaken(a.ExternalID, kindCustomer, nil) },
		func() error { return c.customerLimit(owner) },
		c.licenceLimit,
	} {
		if err := check(); err != nil {
			return customer.AddResult{}, err
		}
	}
	a.ID, a.GUID, a.Password = next(&c.Sequences.Account), c.newGUID(), c.newPassword(g.Password.Reveal())
	c.Accounts.insert(a)
	c.event("client", "created", idKey(a.ID))
	return customer.AddResult{ID: a.ID, GUID: a.GUID}, nil
}

// newCustomersOwner is the caller, or the reseller that the administrator named.
func (c *call) newCustomersOwner(g customer.NewGenInfo) (*account, error) {
	var owner *account
	switch {
	case g.OwnerID != nil:
		owner = c.Accounts.get(*g.OwnerID)
	case g.OwnerLogin != nil:
		owner = c.accountBy("login", *g.OwnerLogin)
	case g.OwnerExternalID != nil && *g.OwnerExternalID != "":
		owner = c.accountBy("external-id", *g.OwnerExternalID)
	case g.OwnerExternalID != nil:
	default:
		return c.Accounts.get(c.who.account), nil
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
	if limit := c.Machine.MaxCustomers; limit >= 0 && len(customersOnly(c.Accounts.all())) >= limit {
		return refuse(xmlapi.CodeLimit, "The licence allows no more than %d customers.", limit)
	}
	return nil
}

// customerLimit refuses one customer more than a reseller may have.
func (c *call) customerLimit(owner *account) error {
	if limit, ok := owner.Limits["max_cl"]; ok && limit >= 0 && int64(len(customersOnly(c.accountsByOwner.all(idKey(owner.ID))))) >= limit {
		return refuse(xmlapi.CodeLimit, "The limit on the number of customers (%d) is reached.", limit)
	}
	return nil
}

func customerGet(c *call, req customer.GetRequest) ([]customer.GetResult, error) {
	return each(c, c.customers(), req.Filter, func(a *account) (customer.GetResult, error) {
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
	owner := c.Accounts.get(a.Owner)
	return &customer.GenInfo{
		Created: a.Created, CompanyName: a.CompanyName, ContactName: a.ContactName, Login: a.Login, Status: a.Status,
		Phone: a.Phone, Fax: a.Fax, Email: a.Email, Address: a.Address, City: a.City, State: a.State, PostalCode: a.PostalCode,
		Country: a.Country, Locale: a.Locale, GUID: a.GUID, OwnerLogin: new(owner.Login), VendorGUID: new(owner.GUID),
		ExternalID: a.ExternalID, Description: a.Description,
	}
}

func customerSet(c *call, req customer.SetRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.customers(), req.Filter, func(a *account) (xmlapi.FilterResult, error) {
		if req.Values.GenInfo == nil {
			return xmlapi.FilterResult{}, nil
		}
		return xmlapi.FilterResult{}, c.changeCustomer(a, req.Values.GenInfo)
	})
}

// changeCustomer applies the given values when all of them are acceptable.
func (c *call) changeCustomer(a *account, g *customer.SetGenInfo) error {
	changed := *a
	for _, v := range []struct {
		to   *string
		from *string
	}{
		{&changed.CompanyName, g.CompanyName}, {&changed.ContactName, g.ContactName}, {&changed.Login, g.Login},
		{&changed.Phone, g.Phone}, {&changed.Fax, g.Fax}, {&changed.Email, g.Email}, {&changed.Address, g.Address},
		{&changed.City, g.City}, {&changed.State, g.State}, {&changed.PostalCode, g.PostalCode}, {&changed.Country, g.Country},
		{&changed.Locale, g.Locale}, {&changed.ExternalID, g.ExternalID}, {&changed.Description, g.Description},
	} {
		if v.from != nil {
			*v.to = *v.from
		}
	}
	if err := checkContact(&changed); err != nil {
		return err
	}
	if err := c.loginTaken(changed.Login, a); err != nil {
		return err
	}
	if err := c.externalIDTaken(changed.ExternalID, kindCustomer, a); err != nil {
		return err
	}
	if g.Status != nil {
		status, err := c.changeStatus(a.Status, *g.Status, settableCustomerStatus)
		if err != nil {
			return err
		}
		changed.Status = status
	}
	if g.Password != nil {
		if err := c.checkPassword(g.Password.Reveal()); err != nil {
			return err
		}
		changed.Password = c.newPassword(g.Password.Reveal())
	}
	if g.GUID != nil {
		changed.GUID = c.newGUID()
	}
	statusChanged := changed.Status != a.Status
	c.Accounts.change(a, func() { *a = changed })
	c.event("client", "updated", idKey(a.ID))
	if statusChanged {
		c.event("client_status", "updated", idKey(a.ID))
	}
	if g.GUID != nil {
		c.event("client", "guid_changed", idKey(a.ID))
	}
	return nil
}

func customerDel(c *call, req customer.DelRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.customers(), req.Filter, func(a *account) (xmlapi.FilterResult, error) {
		c.removeAccount(a)
		return xmlapi.FilterResult{}, nil
	})
}

// text is an optional value, "" when it is absent.
func text(value *string) string {
	if value == nil {
		return ""
	}
	return *value
}
