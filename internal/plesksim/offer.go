// What plans and subscriptions offer beyond hosting: additional services, applications, database servers. Both operators change it in the
// same way.

package plesksim

import (
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	webspaceapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func offerOperations() []operation {
	return []operation{
		many("webspace/add-plan-item", adminOrReseller, webspaceItems(offer.withItem)),
		many("webspace/remove-plan-item", adminOrReseller, webspaceItems(offer.withoutItem)),
		many("webspace/add-package", adminOrReseller, webspacePackages(offer.withPackages)),
		many("webspace/remove-package", adminOrReseller, webspacePackages(offer.withoutPackages)),
		many("webspace/enable-aps-filter", adminOrReseller, webspaceFilter(true)).optional(),
		many("webspace/disable-aps-filter", adminOrReseller, webspaceFilter(false)).optional(),
		many("webspace/db-servers/add", adminOrReseller, webspaceServers((*state).addDatabaseServers)).optional(),
		many("webspace/db-servers/remove", adminOrReseller, webspaceServers((*state).removeDatabaseServers)).optional(),
		many("webspace/db-servers/list", anyone, webspaceServersList),

		many("service-plan/add-plan-item", adminOrReseller, servicePlanItems(offer.withItem)),
		many("service-plan/remove-plan-item", adminOrReseller, servicePlanItems(offer.withoutItem)),
		many("service-plan/add-package", adminOrReseller, servicePlanPackages(offer.withPackages)),
		many("service-plan/remove-package", adminOrReseller, servicePlanPackages(offer.withoutPackages)),
		many("service-plan/enable-aps-filter", adminOrReseller, servicePlanFilter(true)),
		many("service-plan/disable-aps-filter", adminOrReseller, servicePlanFilter(false)),
		many("service-plan/db-servers/add", adminOrReseller, servicePlanServers((*state).addDatabaseServers)),
		many("service-plan/db-servers/remove", adminOrReseller, servicePlanServers((*state).removeDatabaseServers)),
		many("service-plan/db-servers/list", adminOrReseller, servicePlanServersList),
	}
}

// withItem returns a changed offer, as the methods below do; the lists of the old one stay as they are.
func (o offer) withItem(name string) (offer, error) {
	if name == "" {
		return o, refuse(xmlapi.CodeInvalidValue, "The name of the additional service is empty.")
	}
	if slices.Contains(o.Items, name) {
		return o, refuse(xmlapi.CodeExists, "The additional service %s is provided already.", name)
	}
	o.Items = append(slices.Clone(o.Items), name)
	return o, nil
}

func (o offer) withoutItem(name string) (offer, error) {
	if !slices.Contains(o.Items, name) {
		return o, refuse(xmlapi.CodeNotFound, "The additional service %s does not exist.", name)
	}
	o.Items = without(o.Items, name)
	return o, nil
}

func (o offer) withPackages(given []hosting.PackageInput) (offer, error) {
	for _, g := range given {
		if g.Name == "" {
			return o, refuse(xmlapi.CodeInvalidValue, "The name of the package is empty.")
		}
		if i := o.packageAt(g); i >= 0 {
			return o, refuse(xmlapi.CodeExists, "The package %s is offered already.", g.Name)
		}
		added := hosting.Package{Name: g.Name}
		if g.Value != "" {
			added.Version = new(g.Value)
		}
		o.Packages = append(slices.Clone(o.Packages), added)
	}
	return o, nil
}

func (o offer) withoutPackages(given []hosting.PackageInput) (offer, error) {
	for _, g := range given {
		i := o.packageAt(g)
		if i < 0 {
			return o, refuse(xmlapi.CodeNotFound, "The package %s does not exist.", g.Name)
		}
		o.Packages = slices.Delete(slices.Clone(o.Packages), i, i+1)
	}
	return o, nil
}

// packageAt is where a package stands in the offer, -1 for nowhere. The value that comes with its name is its version.
func (o offer) packageAt(g hosting.PackageInput) int {
	return slices.IndexFunc(o.Packages, func(p hosting.Package) bool { return p.Name == g.Name && text(p.Version) == g.Value })
}

// changeOffer gives a subscription another offer, which locks one that has a plan.
func (c *call) changeOffer(w *webspace, changed offer, err error) error {
	if err != nil {
		return err
	}
	w.offer, w.Locked = changed, w.Plan != 0
	c.event("domain", "updated", idKey(w.ID))
	return nil
}

// changePlanOffer gives a plan another offer, and its subscriptions with it.
func (c *call) changePlanOffer(p *plan, changed offer, err error) (problems string, _ error) {
	if err != nil {
		return "", err
	}
	p.offer = changed
	c.event(planEventClass(p.Kind), "updated", idKey(p.ID))
	return c.propagate(p), nil
}

func webspaceItems(change func(offer, string) (offer, error)) func(*call, webspaceapi.PlanItemRequest) ([]webspaceapi.PlanItemResult, error) {
	return func(c *call, req webspaceapi.PlanItemRequest) ([]webspaceapi.PlanItemResult, error) {
		return each(c, c.webspaces(), req.Filter, func(w *webspace) (webspaceapi.PlanItemResult, error) {
			changed, err := change(w.offer, req.PlanItem.Name)
			return webspaceapi.PlanItemResult{Item: new(req.PlanItem.Name)}, c.changeOffer(w, changed, err)
		})
	}
}

func webspacePackages(change func(offer, []hosting.PackageInput) (offer, error)) func(*call, webspaceapi.PackageRequest) ([]xmlapi.FilterResult, error) {
	return func(c *call, req webspaceapi.PackageRequest) ([]xmlapi.FilterResult, error) {
		return each(c, c.webspaces(), req.Filter, func(w *webspace) (xmlapi.FilterResult, error) {
			changed, err := change(w.offer, req.Packages)
			return xmlapi.FilterResult{}, c.changeOffer(w, changed, err)
		})
	}
}

func webspaceFilter(on bool) func(*call, xmlapi.FilterRequest) ([]xmlapi.FilterResult, error) {
	return func(c *call, req xmlapi.FilterRequest) ([]xmlapi.FilterResult, error) {
		return each(c, c.webspaces(), req.Filter, func(w *webspace) (xmlapi.FilterResult, error) {
			changed := w.offer
			changed.APSFilter = on
			return xmlapi.FilterResult{}, c.changeOffer(w, changed, nil)
		})
	}
}

// serverListChange adds database servers to a list or removes them from it.
type serverListChange func(*state, []int64, []hosting.DatabaseServerRef) ([]int64, error)

func webspaceServers(change serverListChange) func(*call, webspaceapi.DBServersRequest) ([]xmlapi.FilterResult, error) {
	return func(c *call, req webspaceapi.DBServersRequest) ([]xmlapi.FilterResult, error) {
		return each(c, c.webspaces(), req.Filter, func(w *webspace) (xmlapi.FilterResult, error) {
			changed := w.offer
			var err error
			changed.DatabaseServers, err = change(c.state, w.DatabaseServers, req.Servers)
			return xmlapi.FilterResult{}, c.changeOffer(w, changed, err)
		})
	}
}

// webspaceServersList answers for the first subscription: the grammar has room for one result.
func webspaceServersList(c *call, req xmlapi.QueryRequest) ([]webspaceapi.DBServersListResult, error) {
	results, err := each(c, c.webspaces(), req.Filter, func(w *webspace) (webspaceapi.DBServersListResult, error) {
		return webspaceapi.DBServersListResult{Servers: c.offeredDatabaseServers(w.DatabaseServers)}, nil
	})
	return results[:min(len(results), 1)], err
}

func servicePlanItems(change func(offer, string) (offer, error)) func(*call, serviceplan.PlanItemRequest) ([]serviceplan.PlanItemResult, error) {
	return func(c *call, req serviceplan.PlanItemRequest) ([]serviceplan.PlanItemResult, error) {
		list, err := c.planList(servicePlan, req.OwnerID, req.OwnerLogin, nil)
		if err != nil {
			return nil, err
		}
		return eachPlan(c, list, req.Filter, func(p *plan, kind, value string) serviceplan.PlanItemResult {
			res := serviceplan.PlanItemResult{Echo: echo(kind, value)}
			err := error(planMissing())
			if p != nil {
				changed, failed := change(p.offer, req.PlanItem.Name)
				_, err = c.changePlanOffer(p, changed, failed)
			}
			if err != nil {
				res.Result = c.failure(err)
				return res
			}
			res.Item = new(req.PlanItem.Name)
			return res
		}), nil
	}
}

func servicePlanPackages(change func(offer, []hosting.PackageInput) (offer, error)) func(*call, serviceplan.PackageRequest) ([]serviceplan.FilterResult, error) {
	return func(c *call, req serviceplan.PackageRequest) ([]serviceplan.FilterResult, error) {
		return c.planOffers(servicePlan, req.Owner, req.Filter, func(p *plan) (string, error) {
			changed, err := change(p.offer, req.Packages)
			return c.changePlanOffer(p, changed, err)
		})
	}
}

func servicePlanFilter(on bool) func(*call, serviceplan.FilterRequest) ([]serviceplan.FilterResult, error) {
	return func(c *call, req serviceplan.FilterRequest) ([]serviceplan.FilterResult, error) {
		return c.planOffers(servicePlan, req.Owner, req.Filter, func(p *plan) (string, error) {
			changed := p.offer
			changed.APSFilter = on
			return c.changePlanOffer(p, changed, nil)
		})
	}
}

func servicePlanServers(change serverListChange) func(*call, serviceplan.DBServersRequest) ([]xmlapi.FilterResult, error) {
	return func(c *call, req serviceplan.DBServersRequest) ([]xmlapi.FilterResult, error) {
		results, err := c.planOffers(servicePlan, serviceplan.Owner{}, req.Filter, func(p *plan) (string, error) {
			changed := p.offer
			var err error
			changed.DatabaseServers, err = change(c.state, p.DatabaseServers, req.Servers)
			return c.changePlanOffer(p, changed, err)
		})
		return withoutProblems(results), err
	}
}

// withoutProblems is for the operations whose results have no room for what could not be applied.
func withoutProblems(results []serviceplan.FilterResult) []xmlapi.FilterResult {
	plain := make([]xmlapi.FilterResult, len(results))
	for i, res := range results {
		plain[i] = res.FilterResult
	}
	return plain
}

// servicePlanServersList answers for the first plan: the grammar has room for one result.
func servicePlanServersList(c *call, req xmlapi.QueryRequest) ([]serviceplan.DBServersListResult, error) {
	list := c.plansOf(c.who.account, servicePlan)
	results := eachPlan(c, list, req.Filter, func(p *plan, _, value string) serviceplan.DBServersListResult {
		res := serviceplan.DBServersListResult{FilterResult: c.planFilterResult(p, value)}
		if p != nil {
			res.Servers = c.offeredDatabaseServers(p.DatabaseServers)
		}
		return res
	})
	return results[:min(len(results), 1)], nil
}

// planOffers answers a result with filter-id and id for each selected plan.
func (c *call) planOffers(kind planKind, owner serviceplan.Owner, sel selector, act func(*plan) (problems string, err error)) ([]serviceplan.FilterResult, error) {
	list, err := c.planList(kind, owner.OwnerID, owner.OwnerLogin, nil)
	if err != nil {
		return nil, err
	}
	return eachPlan(c, list, sel, func(p *plan, _, value string) serviceplan.FilterResult {
		res := serviceplan.FilterResult{FilterResult: c.planFilterResult(p, value)}
		if p == nil {
			return res
		}
		problems, err := act(p)
		if err != nil {
			res.Result = c.failure(err)
		}
		if problems != "" {
			res.Problems = new(problems)
		}
		return res
	}), nil
}

// planFilterResult begins the result about a plan, or about a filter value that named none.
func (c *call) planFilterResult(p *plan, value string) xmlapi.FilterResult {
	if p == nil {
		return xmlapi.FilterResult{Result: c.failure(planMissing()), FilterID: value}
	}
	return xmlapi.FilterResult{Result: xmlapi.Result{Status: xmlapi.StatusOK}, FilterID: value, ID: p.ID}
}
