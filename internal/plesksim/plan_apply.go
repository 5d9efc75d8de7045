// Applying plans to subscriptions: after a change of the plan, a switch, a sync, an add-on (operators-accounts-server §3.5).

package plesksim

import (
	"fmt"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// propagate applies a changed plan to its subscriptions, unless they are locked. A subscription that cannot take it stays as it is,
// unsynchronised. The result names what could not be applied to which subscription.
func (c *call) propagate(p *plan) (problems string) {
	var all []string
	for _, w := range c.subscriptionsOf(p) {
		if w.Locked {
			continue
		}
		if err := c.applyPlans(w, followPlan, func(*webspace) {}); err != nil {
			w.Undelivered = err.Error()
		}
		if w.Undelivered != "" {
			all = append(all, c.mainSiteOf(w).Name+": "+w.Undelivered)
		}
	}
	return strings.Join(all, "\n")
}

// subscriptionsOf are the subscriptions that have a plan, as their service plan or as an add-on.
func (s *state) subscriptionsOf(p *plan) []*webspace {
	if p.Kind == servicePlan {
		return s.webspacesByPlan.All(idKey(p.ID))
	}
	return s.webspacesByAddon.All(idKey(p.ID))
}

// application says what a plan does to settings that the subscriber may change.
type application bool

const (
	takePlan   application = false // replaced
	followPlan application = true  // left alone
)

// applyPlans changes a subscription's link to plans by relink, and gives it what the plans say now; its own changes are lost. Limits below what
// it uses already are refused, and then nothing changes, not even the link.
func (c *call) applyPlans(w *webspace, how application, relink func(*webspace)) error {
	changed := c.draftOf(w)
	relink(changed.w)
	values := c.planValues(changed.w)
	if err := c.fitsUsage(w, values.Limits); err != nil {
		return err
	}
	if err := c.mayPromise(c.provider(c.Accounts.Get(w.Owner)), promise{w, values.Limits}); err != nil {
		return err
	}
	may := func(permission string) bool {
		return how == followPlan && permission != "" && values.Permissions[permission]
	}
	changed.w.take(values)
	if may("manage_php_settings") {
		changed.w.PHPSettings = w.PHPSettings
	}
	if may("manage_mail_settings") {
		changed.w.Mail = w.Mail
	}
	if !may("manage_performance") {
		changed.d.setPerformance(&values.Performance)
	}
	if changed.d.hostingType() == hosting.Virtual {
		changed.d.Properties = c.plansPropertiesFor(changed.d, values.Properties, may)
	}
	changed.w.Undelivered = c.undeliverable(changed.d, values)
	c.commit(w, changed)
	if !may("manage_log") {
		for _, d := range c.sitesByWebspace.All(idKey(w.ID)) {
			d.LogRotation = logRotationOf(values.LogRotation) // no index knows it
		}
	}
	c.event("domain_limits", "updated", idKey(w.ID))
	return nil
}

// fitsUsage refuses limits below what a subscription uses already.
func (c *call) fitsUsage(w *webspace, limits map[string]int64) error {
	var exceeded []string
	for _, name := range countedLimits {
		if limit := limits[name]; limit != unlimited && c.usage(w, name) > limit {
			exceeded = append(exceeded, name)
		}
	}
	return templateRefused(exceeded)
}

// templateRefused refuses a plan if limits of it are exceeded already, naming them.
func templateRefused(exceeded []string) error {
	if len(exceeded) == 0 {
		return nil
	}
	return refuse(xmlapi.CodeFailed, "Unable to accept the template: the following limitations are exceeded: %s.", strings.Join(exceeded, ", "))
}

// plansPropertiesFor lays the properties of plans over a site's, as far as the server can deliver them.
func (c *call) plansPropertiesFor(d *site, given map[string]string, may func(permission string) bool) map[string]string {
	properties := copyOf(d.Properties)
	for name, value := range given {
		if !may(property(name).permission) {
			properties[name] = value
		}
	}
	if !c.phpHandlerEnabled(properties["php_handler_id"]) {
		properties["php_handler_id"] = d.Properties["php_handler_id"]
	}
	return properties
}

// undeliverable is what of a plan the server cannot give to a site, "" when it can give all.
func (c *call) undeliverable(d *site, values provision) string {
	wanted := values.Properties["php_handler_id"]
	if d.hostingType() != hosting.Virtual || wanted == "" || c.phpHandlerEnabled(wanted) {
		return ""
	}
	return fmt.Sprintf("The PHP handler %s is not available.", wanted)
}
