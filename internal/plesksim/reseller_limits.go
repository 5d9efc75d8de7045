// What resellers may use, their customers included, and what they may promise to subscriptions: the limits that are counted over all
// that they own (operators-accounts-server §2.1, §3.3).

package plesksim

import (
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// The limits of resellers that differ from those of subscriptions.
const (
	limitCustomers = "max_cl"
	limitDomains   = "max_dom" // an older name of the same count as max_site
	limitSites     = "max_site"
)

// resellerLimits are the limits of resellers in the order in which answers list them.
func (s *state) resellerLimits() []limitInfo {
	return append([]limitInfo{{limitCustomers, typeInt}, {limitDomains, typeInt}}, s.limits()...)
}

// knownResellerLimit tells whether some platform has a limit of the name, hasResellerLimit whether this one has.
func knownResellerLimit(name string) bool {
	return name == limitCustomers || name == limitDomains || knownLimit(name)
}

func (s *state) hasResellerLimit(name string) bool { return isLimit(s.resellerLimits(), name) }

// resellersOwnPermissions concern resellers only; they have those of subscriptions as well.
var resellersOwnPermissions = []string{"remote_access_interface", "cp_access", "create_clients", "allow_oversell"}

// resellerPermissionNames are the permissions of resellers in the order in which answers list them.
func resellerPermissionNames() []string {
	return slices.Concat(resellersOwnPermissions, permissionNames)
}

func knownResellerPermission(name string) bool {
	return slices.Contains(resellersOwnPermissions, name) || knownPermission(name)
}

// perObject are the limits that bound single objects or are dates: they are not summed over subscriptions.
var perObject = []string{"mbox_quota", "disk_space_soft", "max_traffic_soft", limitExpiration}

// resellerUsage is what a reseller and their customers use together of what a limit bounds.
func (c *call) resellerUsage(a *account, limit string) int64 {
	switch limit {
	case limitCustomers:
		return int64(c.accountsByOwner.Count(idKey(a.ID)))
	case limitDomains:
		limit = limitSites
	}
	var n int64
	for _, w := range c.webspacesUnder(a) {
		n += c.usage(w, limit)
	}
	return n
}

// webspacesUnder are the subscriptions of an account and of its customers.
func (s *state) webspacesUnder(a *account) []*webspace {
	all := s.webspacesByOwner.All(idKey(a.ID))
	if a.Kind == kindReseller {
		for _, owned := range s.accountsByOwner.All(idKey(a.ID)) {
			all = append(all, s.webspacesByOwner.All(idKey(owned.ID))...)
		}
	}
	return all
}

// roomAtReseller refuses one more of what a limit counts where the limit of the reseller who provides for an account is reached.
func (c *call) roomAtReseller(a *account, limit string) error {
	provider := c.provider(a)
	if provider.Kind != kindReseller {
		return nil
	}
	names := []string{limit}
	if limit == limitSites {
		names = append(names, limitDomains)
	}
	for _, name := range names {
		if most, bound := provider.Limits[name]; bound && most != unlimited && c.resellerUsage(provider, name) >= most {
			return limitReached(name, 1, most-c.resellerUsage(provider, name))
		}
	}
	return nil
}

// roomForMoved refuses subscriptions that move to a reseller and whose usage would exceed the reseller's limits.
func (c *call) roomForMoved(provider *account, moved ...*webspace) error {
	if provider.Kind != kindReseller {
		return nil
	}
	for _, name := range append([]string{limitDomains}, countedLimits...) {
		most, bound := provider.Limits[name]
		if !bound || most == unlimited {
			continue
		}
		counted := name
		if name == limitDomains {
			counted = limitSites
		}
		used, more := c.resellerUsage(provider, name), int64(0)
		for _, w := range moved {
			more += c.usage(w, counted)
		}
		if more > 0 && used+more > most {
			return limitReached(name, more, most-used)
		}
	}
	return nil
}

// promise is what a subscription is to have of each limit.
type promise struct {
	w      *webspace // or its draft
	limits map[string]int64
}

// mayPromise refuses limits of subscriptions if a reseller may not oversell and the limits of all of the reseller's subscriptions together
// would exceed the reseller's own. Limits that do not grow are always accepted.
func (c *call) mayPromise(a *account, given ...promise) error {
	if a.Kind != kindReseller || a.mayOversell() {
		return nil
	}
	for _, l := range c.limits() {
		most, bound := a.Limits[l.name]
		if !bound || most == unlimited || slices.Contains(perObject, l.name) {
			continue
		}
		before, after := promised{}, promised{}
		for _, w := range c.webspacesUnder(a) {
			before.add(w.Limits[l.name])
			if !slices.ContainsFunc(given, func(p promise) bool { return p.w.ID == w.ID }) {
				after.add(w.Limits[l.name])
			}
		}
		for _, p := range given {
			after.add(p.limits[l.name])
		}
		if grown := after.unlimited > before.unlimited || after.sum > before.sum; grown && (after.unlimited > 0 || after.sum > most) {
			return refuse(xmlapi.CodeLimit, "The subscriptions of the reseller cannot have more than his limit %s (%d) together.", l.name, most)
		}
	}
	return nil
}

// promised adds up one limit of several subscriptions.
type promised struct {
	sum       int64
	unlimited int // how many are
}

func (p *promised) add(limit int64) {
	if limit == unlimited {
		p.unlimited++
		return
	}
	p.sum += limit
}

// withinAllowance refuses limits above those of the owner's reseller.
func (c *call) withinAllowance(w *webspace, given *hosting.Limits) error {
	provider := c.provider(c.Accounts.Get(w.Owner))
	if given == nil || provider.Kind != kindReseller {
		return nil
	}
	for _, l := range given.Limits {
		if most, bound := provider.Limits[l.Name]; bound && most >= 0 && l.Name != limitExpiration && (l.Value == unlimited || l.Value > most) {
			return refuse(xmlapi.CodeLimit, "The limit %s cannot be more than the reseller's %d.", l.Name, most)
		}
	}
	return nil
}
