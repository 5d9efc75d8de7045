// The reseller-plan operator (operators-accounts-server §11). What a plan gives is in reseller_allowance.go and reseller_pool.go.

package plesksim

import (
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/resellerplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
)

func resellerPlanOperations() []operation {
	return []operation{
		one("reseller-plan/add", administrator, resellerPlanAdd),
		many("reseller-plan/get", administrator, resellerPlanGet),
		many("reseller-plan/set", administrator, resellerPlanSet),
		many("reseller-plan/del", administrator, resellerPlanDel),
		one("reseller-plan/duplicate", administrator, resellerPlanDuplicate),
		one("reseller-plan/get-limit-descriptor", administrator, resellerPlanDescriptor(resellerLimitDescriptor)).optional(),
		one("reseller-plan/get-permission-descriptor", administrator, resellerPlanDescriptor(resellerPermissionDescriptor)).optional(),
		many("reseller-plan/add-package", administrator, resellerPlanPackages(offer.withPackages)),
		many("reseller-plan/remove-package", administrator, resellerPlanPackages(offer.withoutPackages)),
		many("reseller-plan/enable-aps-filter", administrator, resellerPlanFilter(true)),
		many("reseller-plan/disable-aps-filter", administrator, resellerPlanFilter(false)),
	}
}

// resellerPlanChange is what add and set say about a plan beside its names.
type resellerPlanChange struct {
	limits      *hosting.ResellerLimits
	permissions *hosting.ResellerPermissions
	pool        *resellerplan.IPPool
}

// change lays what a request says over the copy of a plan.
func (r resellerPlanChange) change(c *call, p *plan) error {
	given, err := c.changedAllowance(allowance{p.Oversell, p.Overuse, p.Limits, p.Permissions}, r.limits, r.permissions)
	if err != nil {
		return err
	}
	p.Oversell, p.Overuse, p.Limits, p.Permissions = given.Oversell, given.Overuse, given.Limits, given.Permissions
	p.Pool, err = c.changedPoolPlan(p.Pool, r.pool)
	return err
}

// changedPoolPlan replaces the shared addresses that a plan names, if any are named, and the numbers that are given.
func (c *call) changedPoolPlan(old poolPlan, given *resellerplan.IPPool) (poolPlan, error) {
	if given == nil {
		return old, nil
	}
	if len(given.Addresses) > 0 {
		old.Addresses = nil
	}
	for _, text := range given.Addresses {
		known := c.addressOf(text)
		switch {
		case known == nil:
			return old, addressMissing(text)
		case known.Type != ip.Shared:
			return old, refuse(xmlapi.CodeAddressOperation, "The IP address %s is not shared.", text)
		case !slices.Contains(old.Addresses, known.Address):
			old.Addresses = append(slices.Clone(old.Addresses), known.Address)
		}
	}
	for _, v := range []struct{ to, from *int }{{&old.IPv4, given.AllocateIPv4}, {&old.IPv6, given.AllocateIPv6}} {
		if v.from == nil {
			continue
		}
		if *v.from < 0 {
			return old, refuse(xmlapi.CodeInvalidValue, "The number of IP addresses %d is invalid.", *v.from)
		}
		*v.to = *v.from
	}
	return old, nil
}

func resellerPlanAdd(c *call, req resellerplan.AddRequest) (resellerplan.Result, error) {
	p := &plan{Kind: resellerPlan, Owner: adminID, Name: req.Name, ExternalID: text(req.ExternalID)}
	if err := c.checkPlanNames(p); err != nil {
		return resellerplan.Result{}, err
	}
	if err := (resellerPlanChange{req.Limits, req.Permissions, req.IPPool}).change(c, p); err != nil {
		return resellerplan.Result{}, err
	}
	c.insertPlan(p)
	return resellerPlanNamed(p), nil
}

// resellerPlanNamed names a plan in full.
func resellerPlanNamed(p *plan) resellerplan.Result {
	return resellerplan.Result{ID: p.ID, Name: p.Name, GUID: p.GUID, ExternalID: new(p.ExternalID)}
}

// resellerPlanEcho names a plan by the filter's value.
func resellerPlanEcho(named serviceplan.Echo) resellerplan.Result {
	res := resellerplan.Result{ID: named.ID, Name: named.Name, GUID: named.GUID}
	if named.ExternalID != "" {
		res.ExternalID = new(named.ExternalID)
	}
	return res
}

func resellerPlanGet(c *call, req resellerplan.GetRequest) ([]resellerplan.GetResult, error) {
	return eachPlan(c, c.plansOf(adminID, resellerPlan), req.Filter, func(p *plan, kind, value string) resellerplan.GetResult {
		if p == nil {
			res := resellerplan.GetResult{Result: resellerPlanEcho(echo(kind, value))}
			res.Result.Result = c.failure(planMissing())
			return res
		}
		res, gives := resellerplan.GetResult{Result: resellerPlanNamed(p)}, c.allowanceOf(p)
		if req.Limits != nil {
			res.Limits = c.resellerLimitsList(gives)
		}
		if req.Permissions != nil {
			res.Permissions = resellerPermissionsList(gives)
		}
		if req.IPPool != nil {
			res.IPPool = &resellerplan.IPPool{Addresses: slices.Clone(p.Pool.Addresses), AllocateIPv4: new(p.Pool.IPv4), AllocateIPv6: new(p.Pool.IPv6)}
		}
		if req.Packages != nil {
			res.APSFilter, res.Packages = new(p.APSFilter), &hosting.Packages{Packages: slices.Clone(p.Packages)}
		}
		return res
	}), nil
}

// resellerPlanResults answers a result that echoes the filter for each selected plan.
func (c *call) resellerPlanResults(sel selector, act func(*plan) (problems string, err error)) []resellerplan.Result {
	var results []resellerplan.Result
	for _, res := range c.planResults(c.plansOf(adminID, resellerPlan), sel, act) {
		named := resellerPlanEcho(res.Echo)
		named.Result, named.Problems = res.Result, res.Problems
		results = append(results, named)
	}
	return results
}

func resellerPlanSet(c *call, req resellerplan.SetRequest) ([]resellerplan.Result, error) {
	change := resellerPlanChange{req.Limits, req.Permissions, req.IPPool}
	return c.resellerPlanResults(req.Filter, func(p *plan) (string, error) {
		changed := *p
		if err := c.renamePlan(&changed, req.Name, req.ExternalID); err != nil {
			return "", err
		}
		if err := change.change(c, &changed); err != nil {
			return "", err
		}
		return c.changeResellerPlan(p, changed), nil
	}), nil
}

// changeResellerPlan puts a changed copy of a plan in its place and applies it to its resellers, unless they are locked. Resellers who cannot
// take it stay as they are, unsynchronised. The result names what could not be applied to whom.
func (c *call) changeResellerPlan(p *plan, changed plan) (problems string) {
	c.Plans.Change(p, func() { *p = changed })
	c.event(planEventClass(p.Kind), "updated", idKey(p.ID))
	var all []string
	for _, a := range c.accountsByPlan.All(idKey(p.ID)) {
		if a.Locked {
			continue
		}
		if err := c.applyResellerPlan(a, p); err != nil {
			a.Undelivered = err.Error()
		}
		if a.Undelivered != "" {
			all = append(all, a.Login+": "+a.Undelivered)
		}
	}
	return strings.Join(all, "\n")
}

func resellerPlanDel(c *call, req xmlapi.FilterRequest) ([]resellerplan.Result, error) {
	return c.resellerPlanResults(req.Filter, func(p *plan) (string, error) {
		resellers := c.accountsByPlan.All(idKey(p.ID))
		if c.opts.UsedPlansStay && len(resellers) > 0 {
			return "", refuse(xmlapi.CodeFailed, "The plan %s has subscriptions.", p.Name)
		}
		for _, a := range resellers {
			c.leaveResellerPlan(a)
		}
		c.Plans.Remove(p)
		c.event(planEventClass(p.Kind), "deleted", idKey(p.ID))
		return "", nil
	}), nil
}

func resellerPlanDuplicate(c *call, req resellerplan.DuplicateRequest) (resellerplan.Result, error) {
	p, err := c.resellerPlanBy("name", req.Name)
	if err != nil {
		return resellerplan.Result{}, err
	}
	twin := *p
	twin.Name, twin.ExternalID, twin.ID = req.DuplicateName, "", 0
	if err := c.checkPlanNames(&twin); err != nil {
		return resellerplan.Result{}, err
	}
	c.insertPlan(&twin)
	return resellerPlanNamed(&twin), nil
}

// resellerPlanDescriptor answers the server's descriptor: the operator has no other.
func resellerPlanDescriptor(describe func(*state, allowance) *hosting.Descriptor) func(*call, xmlapi.EmptyRequest) (hosting.DescriptorResult, error) {
	return func(c *call, _ xmlapi.EmptyRequest) (hosting.DescriptorResult, error) {
		return hosting.DescriptorResult{Descriptor: describe(c.state, c.allowanceOf(nil))}, nil
	}
}

func resellerPlanPackages(change func(offer, []hosting.PackageInput) (offer, error)) func(*call, resellerplan.PackageRequest) ([]xmlapi.FilterResult, error) {
	return func(c *call, req resellerplan.PackageRequest) ([]xmlapi.FilterResult, error) {
		return c.resellerPlanOffers(req.Filter, func(o offer) (offer, error) { return change(o, req.Packages) }), nil
	}
}

func resellerPlanFilter(on bool) func(*call, xmlapi.FilterRequest) ([]xmlapi.FilterResult, error) {
	return func(c *call, req xmlapi.FilterRequest) ([]xmlapi.FilterResult, error) {
		return c.resellerPlanOffers(req.Filter, func(o offer) (offer, error) {
			o.APSFilter = on
			return o, nil
		}), nil
	}
}

// resellerPlanOffers changes the offers of plans, and of their resellers with them.
func (c *call) resellerPlanOffers(sel selector, change func(offer) (offer, error)) []xmlapi.FilterResult {
	return eachPlan(c, c.plansOf(adminID, resellerPlan), sel, func(p *plan, _, value string) xmlapi.FilterResult {
		res := c.planFilterResult(p, value)
		if p == nil {
			return res
		}
		offers, err := change(p.offer)
		if err != nil {
			res.Result = c.failure(err)
			return res
		}
		changed := *p
		changed.offer = offers
		c.changeResellerPlan(p, changed)
		return res
	})
}
