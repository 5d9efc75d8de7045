// service-plan set, del and duplicate, and how changes of plans reach subscriptions.

package plesksim

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
)

func servicePlanSet(c *call, req serviceplan.SetRequest) ([]serviceplan.Result, error) {
	list, err := c.planList(servicePlan, req.OwnerID, req.OwnerLogin, nil)
	if err != nil {
		return nil, err
	}
	change := planChange{
		mail: req.Mail, limits: req.Limits, logRotation: req.LogRotation, preferences: req.Preferences, performance: req.Performance,
		permissions: req.Permissions, phpSettings: req.PHPSettings, webServer: req.WebServerSettings,
	}
	switch h := req.Hosting; {
	case h != nil && h.Virtual != nil:
		change.properties, change.hostingType = h.Virtual, hosting.Virtual
	case h != nil:
		change.hostingType = hosting.None
	}
	return c.planResults(list, req.Filter, func(p *plan) (string, error) { return c.changePlan(p, req.Name, req.ExternalID, change) }), nil
}

// changePlan changes a plan and then, at once, its subscriptions that are not locked. It tells what could not be applied to them.
func (c *call) changePlan(p *plan, name, externalID *string, change planChange) (problems string, err error) {
	changed := *p
	if err := c.renamePlan(&changed, name, externalID); err != nil {
		return "", err
	}
	if changed.provision, err = c.changedProvision(changed.provision, change); err != nil {
		return "", err
	}
	c.Plans.Change(p, func() { *p = changed })
	c.event(planEventClass(p.Kind), "updated", idKey(p.ID))
	return c.propagate(p), nil
}

// renamePlan gives the copy of a plan the names that a request has for it.
func (c *call) renamePlan(changed *plan, name, externalID *string) error {
	if name != nil {
		changed.Name = *name
	}
	if externalID != nil {
		changed.ExternalID = *externalID
	}
	return c.checkPlanNames(changed)
}

func servicePlanDel(c *call, req serviceplan.FilterRequest) ([]serviceplan.Result, error) {
	list, err := c.planList(servicePlan, req.OwnerID, req.OwnerLogin, nil)
	if err != nil {
		return nil, err
	}
	return c.planResults(list, req.Filter, c.delPlan), nil
}

func (c *call) delPlan(p *plan) (problems string, err error) {
	if c.opts.UsedPlansStay && len(c.subscriptionsOf(p)) > 0 {
		return "", refuse(xmlapi.CodeFailed, "The plan %s has subscriptions.", p.Name)
	}
	c.removePlan(p)
	return "", nil
}

func servicePlanDuplicate(c *call, req serviceplan.DuplicateRequest) (serviceplan.AddResult, error) {
	return c.duplicatePlan(servicePlan, req)
}

// duplicatePlan copies one plan: the grammar has room for one result, and names are unique.
func (c *call) duplicatePlan(kind planKind, req serviceplan.DuplicateRequest) (serviceplan.AddResult, error) {
	list, err := c.planList(kind, req.OwnerID, req.OwnerLogin, nil)
	if err != nil {
		return serviceplan.AddResult{}, err
	}
	selected := eachPlan(c, list, req.Filter, func(p *plan, _, _ string) *plan { return p })
	switch {
	case len(selected) == 0 || selected[0] == nil:
		return serviceplan.AddResult{}, planMissing()
	case len(selected) > 1:
		return serviceplan.AddResult{}, refuse(xmlapi.CodeInvalidValue, "Only one plan can be duplicated at a time.")
	}
	twin := &plan{Kind: kind, Owner: selected[0].Owner, Name: req.DuplicateName, provision: selected[0].provision}
	if err := c.checkPlanNames(twin); err != nil {
		return serviceplan.AddResult{}, err
	}
	c.insertPlan(twin)
	return serviceplan.AddResult{ID: twin.ID, GUID: twin.GUID}, nil
}
