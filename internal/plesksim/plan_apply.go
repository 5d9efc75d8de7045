// Applying plans to subscriptions: after a change of the plan, a switch, a sync, an add-on (operators-accounts-server §3.5).

package plesksim

import (
	"fmt"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// propagate lets a changed plan reach its subscriptions that are not locked. One that cannot take it stays as it is, unsynchronised.
func (c *call) propagate(p *plan) (problems string) {
	var all []string
	for _, w := range c.webspacesByPlan.all(idKey(p.ID)) {
		if w.Locked {
			continue
		}
		if err := c.applyPlans(w, true); err != nil {
			w.Undelivered = err.Error()
		}
		if w.Undelivered != "" {
			all = append(all, c.mainSiteOf(w).Name+": "+w.Undelivered)
		}
	}
	return strings.Join(all, "\n")
}

// applyPlans gives a subscription what its plans say now; own changes are lost. What the subscriber may change himself is left alone
// when asked. Limits below what is used already are refused, and nothing changes then.
func (c *call) applyPlans(w *webspace, leaveSubscribers bool) error {
	values := c.planValues(w)
	var exceeded []string
	for _, name := range countedLimits {
		if limit := values.Limits[name]; limit != unlimited && c.usage(w, name) > limit {
			exceeded = append(exceeded, name)
		}
	}
	if len(exceeded) > 0 {
		return refuse(xmlapi.CodeFailed, "Unable to accept the template: the following limitations are exceeded: %s.", strings.Join(exceeded, ", "))
	}
	may := func(permission string) bool {
		return leaveSubscribers && permission != "" && values.Permissions[permission]
	}
	d, before := c.mainSiteOf(w), *w
	w.take(values)
	if may("manage_php_settings") {
		w.PHPSettings = before.PHPSettings
	}
	if may("manage_mail_settings") {
		w.Mail = before.Mail
	}
	if !may("manage_performance") {
		d.setPerformance(&values.Performance)
	}
	w.Undelivered = ""
	if d.hostingType() == hosting.Virtual {
		properties := copyOf(d.Properties)
		for name, value := range values.Properties {
			if !may(property(name).permission) {
				properties[name] = value
			}
		}
		if !c.phpHandlerEnabled(properties["php_handler_id"]) {
			properties["php_handler_id"] = d.Properties["php_handler_id"]
		}
		d.Properties = properties
		w.Undelivered = c.undeliverable(d, values)
	}
	c.event("domain_limits", "updated", idKey(w.ID))
	return nil
}

// undeliverable is what of a plan the server cannot give to a site, "" when it can give all.
func (c *call) undeliverable(d *site, values provision) string {
	wanted := values.Properties["php_handler_id"]
	if d.hostingType() != hosting.Virtual || wanted == "" || c.phpHandlerEnabled(wanted) {
		return ""
	}
	return fmt.Sprintf("The PHP handler %s is not available.", wanted)
}
