// What of a locked subscription differs from its plan, and whether it goes back to the plan's values.

package hosting

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/grant"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
)

// planSyncField is the path of the deviations from the plan in changes.
const planSyncField = "planSync"

// deviations are the values of a locked subscription that are not its plan's. The lock alone says little: assigning a certificate
// locks, too. What one of the two does not list is not compared.
func (w *subscriptionValue) deviations() []engine.Change {
	if w.link == nil || w.link.plan == nil {
		return nil
	}
	changes := engine.Diff(Subscription{}.Normal(plannedValue(w.link.plan)), Subscription{}.Normal(*w))
	return slices.DeleteFunc(changes, func(c engine.Change) bool {
		template := strings.Contains(c.To, "{") // the plan's open_basedir names directories that a subscription's spells out
		return c.From == "" || template
	})
}

// plannedValue is what a plan gives to its subscriptions.
func plannedValue(p *serviceplan.GetResult) subscriptionValue {
	v := subscriptionValue{Allowance: grant.FoundAllowance(p.Limits, p.Permissions, p.Performance)}
	delete(v.Allowance.Limits, form.LimitExpiration) // a plan's is a period, a subscription's a day
	v.Virtual = &virtualValue{Shared: &grant.Hosting{PHPSettings: grant.FoundPHPSettings(p.PHPSettings)}}
	if p.Hosting == nil || p.Hosting.Virtual == nil {
		return v
	}
	list := p.Hosting.Virtual.Properties
	grant.ReadProperties(v.Virtual, list)
	grant.WalkProperties(reflect.ValueOf(v.Virtual).Elem(), func(f grant.PropertyField) {
		if !slices.ContainsFunc(list, func(p xmlapi.Property) bool { return p.Name == f.Name }) && f.Value.Kind() != reflect.Map {
			f.Value.SetZero()
		}
	})
	return v
}

// unplanned are the deviations that the spec does not ask for.
func (w *subscriptionValue) unplanned(want subscriptionValue) []string {
	var out []string
	for _, c := range w.deviating {
		if asked := engine.Only(want, []engine.Change{c}); reflect.ValueOf(asked).IsZero() {
			out = append(out, fmt.Sprintf("%s (%s, the plan: %s)", c.Field, form.Shortened(c.From), cmp.Or(form.Shortened(c.To), `""`)))
		}
	}
	return out
}

// unplannedBy is unplanned for a resource whose references have not been resolved, which says nothing about the plan's values.
func (w *subscriptionValue) unplannedBy(o *v1alpha1.PleskSubscription) []string {
	_, want, err := Subscription{}.Desired(o, engine.Inputs{})
	if err != nil {
		return nil
	}
	return w.unplanned(Subscription{}.Normal(want))
}

// losesHosting reports whether a synchronisation would delete the web site: the plan has none.
func (w *subscriptionValue) losesHosting() bool {
	p := w.link.plan
	return form.Deref(w.Hosting) == hostingVirtual && (p.Hosting == nil || p.Hosting.Virtual == nil)
}

// followsBySync reports whether the subscription is locked and can be synchronised with its plan without loss.
func (w *subscriptionValue) followsBySync() bool {
	return w.link != nil && w.link.locked && w.link.plan != nil && !w.losesHosting()
}

// Restrict leaves of the deviations those that a synchronisation is to take away, and of the add-on plans those that can be told.
func (Subscription) Restrict(o *v1alpha1.PleskSubscription, want, have subscriptionValue) subscriptionValue {
	have.Deviations = nil
	rest := have.unplanned(want)
	if len(rest) > 0 && !have.losesHosting() && remainder(rest) != o.Status.PlanRemainder {
		have.Deviations = rest
	}
	have.Addons = comparedAddons(want.Addons, have.Addons)
	return have
}

// Record notes nothing: what the spec sets is its own.
func (Subscription) Record(*v1alpha1.PleskSubscription, []engine.Change) {}

// Confirm forgets what was left where nothing differs any more.
func (Subscription) Confirm(o *v1alpha1.PleskSubscription, have subscriptionValue) {
	if len(have.unplannedBy(o)) == 0 {
		o.Status.PlanRemainder = ""
	}
}

func (Subscription) Forget(o *v1alpha1.PleskSubscription) { o.Status.PlanRemainder = "" }

// Settle notes what a synchronisation leaves: that is the subscriber's to set or an add-on plan's to give, and the next one would leave it, too.
func (Subscription) Settle(o *v1alpha1.PleskSubscription, changes []engine.Change, want, have subscriptionValue) {
	if engine.Touches(changes, planSyncField) {
		o.Status.PlanRemainder = remainder(have.unplanned(want))
	}
}

// remainder identifies deviations, "" for none.
func remainder(deviations []string) string {
	if len(deviations) == 0 {
		return ""
	}
	sum := sha256.Sum256([]byte(strings.Join(deviations, "\n")))
	return hex.EncodeToString(sum[:8])
}

// planMessage says what of a locked subscription differs from its plan without the spec's asking for it, "" where nothing does.
func planMessage(o *v1alpha1.PleskSubscription, have subscriptionValue) string {
	rest := have.unplannedBy(o)
	if len(rest) == 0 {
		return ""
	}
	const most = 5
	list := strings.Join(rest[:min(len(rest), most)], ", ")
	if len(rest) > most {
		list += fmt.Sprintf(" and %d more", len(rest)-most)
	}
	message := "locked with values that are neither the plan's nor the spec's: " + list
	if len(have.link.addons) > 0 {
		message += "; add-on plans may be why"
	}
	switch {
	case have.losesHosting():
		return message + "; not synchronised: the plan has no web hosting, and the web site would be deleted"
	case o.Spec.PlanSync != v1alpha1.PlanSyncSync:
		return message + "; spec.planSync: Sync brings the plan's values back"
	case remainder(rest) == o.Status.PlanRemainder:
		return message + "; the last synchronisation left them"
	}
	return message
}
