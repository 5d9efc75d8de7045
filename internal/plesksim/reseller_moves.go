// Resellers who change their plan, or become customers.

package plesksim

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	resellerapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	webspaceapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func resellerMoveOperations() []operation {
	return []operation{
		many("reseller/switch-subscription", administrator, resellerSwitchSubscription),
		many("reseller/sync-subscription", administrator, resellerSyncSubscription),
		many("reseller/convert-to-customer", administrator, resellerConvertToCustomer),
	}
}

func resellerSwitchSubscription(c *call, req webspaceapi.SwitchSubscriptionRequest) ([]webspaceapi.SubscriptionResult, error) {
	return each(c, c.resellers(), req.Filter, func(a *account) (webspaceapi.SubscriptionResult, error) {
		if req.NoPlan != nil {
			c.leaveResellerPlan(a)
			c.event("reseller", "updated", idKey(a.ID))
			return webspaceapi.SubscriptionResult{}, nil
		}
		kind, value := "external-id", text(req.PlanExternalID)
		if req.PlanGUID != nil {
			kind, value = "guid", *req.PlanGUID
		}
		p, err := c.resellerPlanBy(kind, value)
		if err != nil {
			return webspaceapi.SubscriptionResult{}, err
		}
		return resellerRelinked(a, c.applyResellerPlan(a, p))
	})
}

func resellerSyncSubscription(c *call, req xmlapi.FilterRequest) ([]webspaceapi.SubscriptionResult, error) {
	return each(c, c.resellers(), req.Filter, func(a *account) (webspaceapi.SubscriptionResult, error) {
		if a.Plan == 0 {
			return webspaceapi.SubscriptionResult{}, refuse(xmlapi.CodeFailed, "The reseller is not bound to a reseller plan.")
		}
		return resellerRelinked(a, c.applyResellerPlan(a, c.Plans.Get(a.Plan)))
	})
}

// resellerRelinked answers, with what the server could not deliver, after a reseller was given a plan.
func resellerRelinked(a *account, err error) (webspaceapi.SubscriptionResult, error) {
	var res webspaceapi.SubscriptionResult
	if err == nil && a.Undelivered != "" {
		res.Problems = new(a.Undelivered)
	}
	return res, err
}

// resellerConvertToCustomer turns a reseller without customers into a customer of the administrator. The reseller's plans are removed, and the
// subscriptions become custom unless one of the administrator's plans is named for them.
func resellerConvertToCustomer(c *call, req resellerapi.ConvertRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.resellers(), req.Filter, func(a *account) (xmlapi.FilterResult, error) {
		if c.accountsByOwner.Count(idKey(a.ID)) > 0 {
			return xmlapi.FilterResult{}, refuse(xmlapi.CodeFailed, "The reseller %s has customers.", a.Login)
		}
		if err := c.externalIDTaken(a.ExternalID, kindCustomer, a); err != nil {
			return xmlapi.FilterResult{}, err
		}
		if err := c.licenceLimit(); err != nil {
			return xmlapi.FilterResult{}, err
		}
		webspaces := c.webspacesByOwner.All(idKey(a.ID))
		p, err := c.planForMoved(c.admin(), req.PlanName, webspaces)
		if err != nil {
			return xmlapi.FilterResult{}, err
		}
		for _, w := range webspaces {
			c.Webspaces.Change(w, w.leavePlans)
		}
		for _, own := range c.plansByOwner.All(idKey(a.ID)) {
			c.removePlan(own)
		}
		c.Accounts.Change(a, func() { a.Kind, a.resale = kindCustomer, resale{} })
		c.event("reseller", "deleted", idKey(a.ID))
		c.event("client", "created", idKey(a.ID))
		return xmlapi.FilterResult{}, c.giveMoved(p, webspaces)
	})
}

// planForMoved is the plan that is named for subscriptions which come to a provider; nil without any. All of them must fit it.
func (c *call) planForMoved(provider *account, name *string, webspaces []*webspace) (*plan, error) {
	if name == nil {
		return nil, nil // none was asked for
	}
	p, err := c.providersPlan(provider, servicePlan, "name", *name)
	if err != nil {
		return nil, err
	}
	limits := c.effective(p, nil).Limits
	for _, w := range webspaces {
		if err := c.fitsUsage(w, limits); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// giveMoved gives subscriptions at their new provider the plan that was found to fit them; without one they stay custom.
func (c *call) giveMoved(p *plan, webspaces []*webspace) error {
	if p == nil {
		return nil
	}
	for _, w := range webspaces {
		if err := c.applyPlans(w, takePlan, func(w *webspace) { w.Plan, w.Locked = p.ID, false }); err != nil {
			return err
		}
	}
	return nil
}
