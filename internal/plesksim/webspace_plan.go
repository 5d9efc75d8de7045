// The link of subscriptions to plans: switch, sync, add-ons (operators-accounts-server §3.5).

package plesksim

import (
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	webspaceapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func webspacePlanOperations() []operation {
	return []operation{
		many("webspace/switch-subscription", adminOrReseller, webspaceSwitchSubscription).optional(),
		many("webspace/sync-subscription", adminOrReseller, webspaceSyncSubscription),
		many("webspace/add-subscription", adminOrReseller, webspaceAddSubscription).optional(),
		many("webspace/remove-subscription", adminOrReseller, webspaceRemoveSubscription).optional(),
	}
}

// relinked answers, with what the server could not deliver, after a subscription's link to plans changed.
func relinked(w *webspace, err error) (webspaceapi.SubscriptionResult, error) {
	var res webspaceapi.SubscriptionResult
	if err == nil && w.Undelivered != "" {
		res.Problems = new(w.Undelivered)
	}
	return res, err
}

func webspaceSwitchSubscription(c *call, req webspaceapi.SwitchSubscriptionRequest) ([]webspaceapi.SubscriptionResult, error) {
	return each(c, c.webspaces(), req.Filter, func(w *webspace) (webspaceapi.SubscriptionResult, error) {
		if req.NoPlan != nil {
			c.Webspaces.Change(w, w.leavePlans)
			c.event("domain", "updated", idKey(w.ID))
			return webspaceapi.SubscriptionResult{}, nil
		}
		p, err := c.linkedPlan(w, servicePlan, req.PlanGUID, req.PlanExternalID)
		if err != nil {
			return webspaceapi.SubscriptionResult{}, err
		}
		if c.hostsByPlan(w) != (c.effective(p, nil).HostingType == hosting.Virtual) {
			return webspaceapi.SubscriptionResult{}, refuse(xmlapi.CodeFailed, "Unable to accept the template: the hosting types of the plans differ.")
		}
		return relinked(w, c.applyPlans(w, takePlan, func(w *webspace) { w.Plan, w.Locked = p.ID, false }))
	})
}

// hostsByPlan tells whether a subscription has web hosting: its plan says so or, without a plan, its main site's hosting.
func (c *call) hostsByPlan(w *webspace) bool {
	if w.Plan != 0 {
		return c.effective(c.Plans.Get(w.Plan), nil).HostingType == hosting.Virtual
	}
	return c.mainSiteOf(w).hostingType() == hosting.Virtual
}

// linkedPlan finds the named plan among those that a subscription may have.
func (c *call) linkedPlan(w *webspace, kind planKind, guid, externalID *string) (*plan, error) {
	owner := c.Accounts.Get(w.Owner)
	if guid != nil {
		return c.providersPlan(owner, kind, "guid", *guid)
	}
	return c.providersPlan(owner, kind, "external-id", text(externalID))
}

func webspaceSyncSubscription(c *call, req xmlapi.FilterRequest) ([]webspaceapi.SubscriptionResult, error) {
	return each(c, c.webspaces(), req.Filter, func(w *webspace) (webspaceapi.SubscriptionResult, error) {
		if err := bound(w); err != nil {
			return webspaceapi.SubscriptionResult{}, err
		}
		return relinked(w, c.applyPlans(w, followPlan, func(w *webspace) { w.Locked = false }))
	})
}

// bound refuses a custom subscription.
func bound(w *webspace) error {
	if w.Plan == 0 {
		return refuse(xmlapi.CodeFailed, "The subscription is not bound to a service plan.")
	}
	return nil
}

func webspaceAddSubscription(c *call, req webspaceapi.AddonRequest) ([]webspaceapi.SubscriptionResult, error) {
	return each(c, c.webspaces(), req.Filter, func(w *webspace) (webspaceapi.SubscriptionResult, error) {
		if err := bound(w); err != nil {
			return webspaceapi.SubscriptionResult{}, err
		}
		p, err := c.linkedPlan(w, addonPlan, req.PlanGUID, req.PlanExternalID)
		if err != nil {
			return webspaceapi.SubscriptionResult{}, err
		}
		if slices.Contains(w.Addons, p.ID) {
			return webspaceapi.SubscriptionResult{}, refuse(xmlapi.CodeExists, "The subscription has the add-on plan %s already.", p.Name)
		}
		return relinked(w, c.linkAddons(w, append(without(w.Addons, p.ID), p.ID)))
	})
}

func webspaceRemoveSubscription(c *call, req webspaceapi.AddonRequest) ([]webspaceapi.SubscriptionResult, error) {
	return each(c, c.webspaces(), req.Filter, func(w *webspace) (webspaceapi.SubscriptionResult, error) {
		p, err := c.linkedPlan(w, addonPlan, req.PlanGUID, req.PlanExternalID)
		if err != nil {
			return webspaceapi.SubscriptionResult{}, err
		}
		if !slices.Contains(w.Addons, p.ID) {
			return webspaceapi.SubscriptionResult{}, planMissing()
		}
		return relinked(w, c.linkAddons(w, without(w.Addons, p.ID)))
	})
}

// linkAddons gives a subscription other add-ons. A locked one keeps its values until it is synchronised.
func (c *call) linkAddons(w *webspace, addons []int64) error {
	if w.Locked {
		c.Webspaces.Change(w, func() { w.Addons = addons })
		c.event("domain", "updated", idKey(w.ID))
		return nil
	}
	return c.applyPlans(w, followPlan, func(w *webspace) { w.Addons = addons })
}

// leavePlans makes a subscription custom; it keeps what it has.
func (w *webspace) leavePlans() {
	w.Plan, w.Addons, w.Locked, w.Undelivered = 0, nil, false, ""
}
