// The service-plan-addon operator (operators-accounts-server §10). What add-ons do to subscriptions is in plan.go and plan_apply.go.

package plesksim

import (
	"maps"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplanaddon"
)

func servicePlanAddonOperations() []operation {
	return []operation{
		one("service-plan-addon/add", adminOrReseller, addonAdd),
		many("service-plan-addon/get", adminOrReseller, addonGet),
		many("service-plan-addon/set", adminOrReseller, addonSet),
		many("service-plan-addon/del", adminOrReseller, addonDel),
		one("service-plan-addon/duplicate", adminOrReseller, addonDuplicate),
		many("service-plan-addon/get-limit-descriptor", adminOrReseller, planDescriptor(addonPlan, (*call).limitDescriptor)),
		many("service-plan-addon/get-permission-descriptor", adminOrReseller, planDescriptor(addonPlan, (*call).permissionDescriptor)),
		many("service-plan-addon/get-physical-hosting-descriptor", adminOrReseller, planDescriptor(addonPlan, (*call).hostingDescriptor)),
		many("service-plan-addon/add-package", adminOrReseller, addonPackages(offer.withPackages)),
		many("service-plan-addon/remove-package", adminOrReseller, addonPackages(offer.withoutPackages)),
	}
}

func addonAdd(c *call, req serviceplanaddon.AddRequest) (serviceplan.AddResult, error) {
	owner, err := c.planOwner(req.OwnerID, req.OwnerLogin)
	if err != nil {
		return serviceplan.AddResult{}, err
	}
	p := &plan{Kind: addonPlan, Owner: owner.ID, Name: req.Name, ExternalID: text(req.ExternalID)}
	if err := c.checkPlanNames(p); err != nil {
		return serviceplan.AddResult{}, err
	}
	change, err := addonChange(req.Limits, planChange{
		properties: req.Hosting, performance: req.Performance, permissions: req.Permissions, phpSettings: req.PHPSettings,
	})
	if err != nil {
		return serviceplan.AddResult{}, err
	}
	if p.provision, err = c.changedProvision(p.provision, change); err != nil {
		return serviceplan.AddResult{}, err
	}
	c.insertPlan(p)
	return serviceplan.AddResult{ID: p.ID, GUID: p.GUID}, nil
}

// addonChange adds limits to a change. Dates are left out: nothing can be added to them.
func addonChange(limits *serviceplanaddon.Limits, change planChange) (planChange, error) {
	if limits == nil {
		return change, nil
	}
	if slices.ContainsFunc(limits.Limits, func(l hosting.Limit) bool { return l.Name == limitExpiration }) {
		return change, refuse(xmlapi.CodeInvalidValue, "An add-on plan cannot have the limit %s.", limitExpiration)
	}
	change.limits = &hosting.Limits{Limits: limits.Limits}
	return change, nil
}

func addonGet(c *call, req serviceplan.GetRequest) ([]serviceplanaddon.GetResult, error) {
	list, err := c.planList(addonPlan, req.OwnerID, req.OwnerLogin, req.OwnerAll)
	if err != nil {
		return nil, err
	}
	return eachPlan(c, list, req.Filter, func(p *plan, kind, value string) serviceplanaddon.GetResult {
		if p != nil {
			return c.addonData(p)
		}
		named := echo(kind, value)
		res := serviceplanaddon.GetResult{Result: c.failure(planMissing()), ID: named.ID, Name: named.Name, GUID: named.GUID}
		if named.ExternalID != "" {
			res.ExternalID = new(named.ExternalID)
		}
		return res
	}), nil
}

// addonData is an add-on as it is configured. What it does not name is left to the service plan.
func (c *call) addonData(p *plan) serviceplanaddon.GetResult {
	res := serviceplanaddon.GetResult{
		ID: p.ID, Name: p.Name, GUID: p.GUID, ExternalID: new(p.ExternalID),
		Limits: &serviceplanaddon.Limits{}, Hosting: &hosting.PlanHosting{None: &xmlapi.Empty{}}, Performance: new(p.Performance),
		Packages: &hosting.Packages{Packages: slices.Clone(p.Packages)}, Permissions: &hosting.Permissions{}, PHPSettings: &hosting.PHPSettings{},
	}
	res.OwnerID, res.OwnerLogin = c.shownPlanOwner(p)
	for _, l := range c.limits() {
		if value, set := p.Limits[l.name]; set {
			res.Limits.Limits = append(res.Limits.Limits, hosting.Limit{Name: l.name, Value: value})
		}
	}
	for _, name := range c.permissions() {
		if value, set := p.Permissions[name]; set {
			res.Permissions.Permissions = append(res.Permissions.Permissions, hosting.Permission{Name: name, Value: value})
		}
	}
	if len(p.Properties) > 0 {
		res.Hosting = &hosting.PlanHosting{Virtual: &hosting.Properties{}}
	}
	for i := range hostingProperties {
		if value, set := p.Properties[hostingProperties[i].name]; set {
			res.Hosting.Virtual.Properties = append(res.Hosting.Virtual.Properties, xmlapi.Property{Name: hostingProperties[i].name, Value: value})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.PHPSettings)) {
		res.PHPSettings.Settings = append(res.PHPSettings.Settings, xmlapi.Property{Name: name, Value: p.PHPSettings[name]})
	}
	return res
}

func addonSet(c *call, req serviceplanaddon.SetRequest) ([]serviceplanaddon.Result, error) {
	list, err := c.planList(addonPlan, req.OwnerID, req.OwnerLogin, nil)
	if err != nil {
		return nil, err
	}
	change, err := addonChange(req.Limits, planChange{
		properties: req.Hosting, performance: req.Performance, permissions: req.Permissions, phpSettings: req.PHPSettings,
	})
	return c.addonResults(list, req.Filter, func(p *plan) (string, error) {
		if err != nil {
			return "", err
		}
		return c.changePlan(p, req.Name, req.ExternalID, change)
	}), nil
}

func addonDel(c *call, req serviceplan.FilterRequest) ([]serviceplanaddon.Result, error) {
	list, err := c.planList(addonPlan, req.OwnerID, req.OwnerLogin, nil)
	if err != nil {
		return nil, err
	}
	return c.addonResults(list, req.Filter, c.delPlan), nil
}

// addonResults is planResults for an operator that does not tell what could not be applied to subscriptions; they show it themselves.
func (c *call) addonResults(list []*plan, sel selector, act func(*plan) (problems string, err error)) []serviceplanaddon.Result {
	var results []serviceplanaddon.Result
	for _, res := range c.planResults(list, sel, act) {
		results = append(results, serviceplanaddon.Result{Result: res.Result, Echo: res.Echo})
	}
	return results
}

func addonDuplicate(c *call, req serviceplan.DuplicateRequest) (serviceplan.AddResult, error) {
	return c.duplicatePlan(addonPlan, req)
}

func addonPackages(change func(offer, []hosting.PackageInput) (offer, error)) func(*call, serviceplan.PackageRequest) ([]xmlapi.FilterResult, error) {
	return func(c *call, req serviceplan.PackageRequest) ([]xmlapi.FilterResult, error) {
		results, err := c.planOffers(addonPlan, req.Owner, req.Filter, func(p *plan) (string, error) {
			changed, err := change(p.offer, req.Packages)
			return c.changePlanOffer(p, changed, err)
		})
		return withoutProblems(results), err
	}
}
