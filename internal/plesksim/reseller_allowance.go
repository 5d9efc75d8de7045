// What resellers may use and do: their limits, how strictly these are enforced, and their permissions. Reseller plans give the same.

package plesksim

import (
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	resellerapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
)

// allowance is complete for a reseller; in a plan, what is not configured is absent. Maps are never changed in place.
type allowance struct {
	Oversell    *bool            `json:",omitempty"` // more may be promised than there is
	Overuse     string           `json:",omitempty"`
	Limits      map[string]int64 `json:",omitempty"`
	Permissions map[string]bool  `json:",omitempty"`
}

// withheld are the permissions that resellers have only if they are granted. The defaults are undocumented, except that the remote interface
// has to be switched on.
var withheld = []string{"remote_access_interface", "allow_oversell"}

// allowanceOf is what the server's defaults and a reseller plan over them give, with nothing absent; the plan may be nil.
func (s *state) allowanceOf(p *plan) allowance {
	all := allowance{Oversell: new(true), Overuse: "block", Limits: map[string]int64{}, Permissions: map[string]bool{}}
	for _, l := range s.resellerLimits() {
		all.Limits[l.name] = unlimited
	}
	for _, name := range resellerPermissionNames() {
		all.Permissions[name] = !slices.Contains(withheld, name)
	}
	if p == nil {
		return all
	}
	if p.Oversell != nil {
		all.Oversell = p.Oversell
	}
	if p.Overuse != "" {
		all.Overuse = p.Overuse
	}
	for name, value := range p.Limits {
		all.Limits[name] = value
	}
	for name, value := range p.Permissions {
		all.Permissions[name] = value
	}
	return all
}

// changedAllowance is an allowance changed by what a request says.
func (s *state) changedAllowance(a allowance, limits *hosting.ResellerLimits, permissions *hosting.ResellerPermissions) (allowance, error) {
	if limits != nil {
		a.Limits = copyOf(a.Limits)
		if err := layLimits(a.Limits, limits.Limits, s.hasResellerLimit); err != nil {
			return a, err
		}
		if policy := limits.Policy; policy != nil {
			if policy.Oversell != nil {
				a.Oversell = policy.Oversell
			}
			if policy.Overuse != nil {
				a.Overuse = *policy.Overuse
			}
		}
	}
	if permissions != nil {
		a.Permissions = copyOf(a.Permissions)
		if err := layPermissions(a.Permissions, permissions.Permissions, knownResellerPermission); err != nil {
			return a, err
		}
	}
	return a, nil
}

// mayOversell tells whether the limits of all subscriptions together may be more than the reseller's.
func (a allowance) mayOversell() bool { return a.Oversell == nil || *a.Oversell }

func saysResellerLimits(l *hosting.ResellerLimits) bool {
	return l != nil && (len(l.Limits) > 0 || l.Policy != nil && (l.Policy.Oversell != nil || l.Policy.Overuse != nil))
}

func (s *state) resellerLimitsList(a allowance) *hosting.ResellerLimits {
	list := &hosting.ResellerLimits{Policy: &hosting.ResourcePolicy{Oversell: new(a.mayOversell()), Overuse: new(a.Overuse)}}
	for _, l := range s.resellerLimits() {
		value, set := a.Limits[l.name]
		if !set {
			value = unlimited
		}
		list.Limits = append(list.Limits, hosting.Limit{Name: l.name, Value: value})
	}
	return list
}

func resellerPermissionsList(a allowance) *hosting.ResellerPermissions {
	list := &hosting.ResellerPermissions{}
	for _, name := range resellerPermissionNames() {
		list.Permissions = append(list.Permissions, hosting.Permission{Name: name, Value: a.Permissions[name]})
	}
	return list
}

// newResellersPlan is the plan that a request names; nil without any.
func (c *call) newResellersPlan(req resellerapi.AddRequest) (*plan, error) {
	switch {
	case req.PlanID != nil:
		return c.resellerPlanBy("id", idKey(*req.PlanID))
	case req.PlanName != nil:
		return c.resellerPlanBy("name", *req.PlanName)
	case req.PlanGUID != nil:
		return c.resellerPlanBy("guid", *req.PlanGUID)
	case req.PlanExternalID != nil:
		return c.resellerPlanBy("external-id", *req.PlanExternalID)
	}
	return nil, nil // none was asked for
}

func (s *state) resellerPlanBy(kind, value string) (*plan, error) {
	if found := planBy(s.plansOf(adminID, resellerPlan), kind, value); len(found) > 0 {
		return found[0], nil
	}
	return nil, planMissing()
}

// applyResellerPlan gives a reseller what a plan says now; changes that were made since are lost. Limits below what is used already are
// refused, and then nothing changes.
func (c *call) applyResellerPlan(a *account, p *plan) error {
	changed := *a
	changed.Plan, changed.Locked, changed.allowance, changed.offer = p.ID, false, c.allowanceOf(p), p.offer
	if err := c.fitsResellersUsage(a, changed.Limits); err != nil {
		return err
	}
	changed.Addresses, changed.Undelivered = c.filledPool(a, p)
	was := c.replaceAccount(a, changed)
	c.event("reseller_limits", "updated", idKey(a.ID))
	c.event("reseller_perms", "updated", idKey(a.ID))
	if len(was.Addresses) != len(a.Addresses) {
		c.event("reseller_ip_pool", "updated", idKey(a.ID))
	}
	return nil
}

// fitsResellersUsage refuses limits below what a reseller uses already.
func (c *call) fitsResellersUsage(a *account, limits map[string]int64) error {
	var exceeded []string
	for _, name := range append([]string{limitCustomers, limitDomains}, countedLimits...) {
		if limit := limits[name]; limit != unlimited && c.resellerUsage(a, name) > limit {
			exceeded = append(exceeded, name)
		}
	}
	return templateRefused(exceeded)
}

// leaveResellerPlan makes a reseller custom, with everything that the plan gave.
func (c *call) leaveResellerPlan(a *account) {
	c.Accounts.Change(a, func() { a.Plan, a.Locked, a.Undelivered = 0, false, "" })
}
