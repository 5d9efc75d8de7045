// A subscription as an export describes it.

package hosting

import (
	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

var _ engine.Exporter[*v1alpha1.PleskSubscription, subscriptionValue] = Subscription{}

// Export leaves to the plan what is the plan's: of a subscription that is bound to one come the values that differ from it, of any other all. Whether it
// works, and until when, is its provider's.
func (Subscription) Export(o *v1alpha1.PleskSubscription, f *engine.Found[subscriptionValue]) (engine.Exported, error) {
	v := Subscription{}.Normal(f.Value)
	s := &o.Spec
	s.DomainName = v.data.GenInfo.Name
	s.Description = form.Filled(v.Description)
	if len(v.Addresses) <= 2 { // more are no subscription's
		s.IPAddresses = v.Addresses
	}
	own := v.own()
	own.Allowance.Export(&s.Allowance)
	s.Hosting = v.exportHosting(o, own.Virtual)
	p := v1alpha1.SubscriptionPreferences{WWW: v.WWW, StatisticsMonths: exportedMonths(v.StatsMonths)}
	if p != (v1alpha1.SubscriptionPreferences{}) {
		s.Preferences = &p
	}
	refs := []engine.Pointer{
		{Field: "spec.customerRef", To: target.OwnerOf(v.Customer, "PleskCustomer"), Optional: true},
		{Field: "spec.resellerRef", To: target.OwnerOf(v.Reseller, "PleskReseller"), Optional: true},
		{Field: "spec.servicePlanRef", To: target.OwnerOf(v.Plan, "PleskServicePlan")},
	}
	addons := engine.Pointer{Field: "spec." + addonsField}
	for _, a := range v.Addons {
		addons.To = append(addons.To, engine.Owner{Kind: "PleskServicePlanAddon", Identity: engine.Identity{GUID: a.GUID}, Key: engine.Key{Name: a.Name}})
	}
	return engine.Exported{Refs: append(refs, addons)}, nil
}

// own is the values that are the subscription's own and not its plan's.
func (w *subscriptionValue) own() subscriptionValue {
	switch {
	case w.link == nil || w.link.guid == "":
		return *w
	case !w.link.locked:
		return subscriptionValue{}
	case w.link.plan == nil: // what is the plan's is not known, and nothing follows it
		return *w
	}
	return engine.Only(*w, w.deviating)
}

// exportHosting fills the union. Own is what of a web site is not the plan's.
func (w *subscriptionValue) exportHosting(o v1alpha1.Object, own *virtualValue) *v1alpha1.SubscriptionHosting {
	switch {
	case w.Virtual != nil:
		v := w.Virtual
		h := &v1alpha1.VirtualHost{DocumentRoot: form.Filled(v.DocumentRoot)}
		if v.Login != nil {
			h.SystemUser = &v1alpha1.SystemUser{Name: v.Login, Password: engine.SecretFor(o, "system-user")}
		}
		var tls v1alpha1.SiteTLS
		if own != nil {
			if t := own.Shared.Export(&h.HostingProperties); t != nil {
				tls.HostingTLS = *t
			}
			h.SEORedirect = (*v1alpha1.SEORedirect)(own.SEORedirect)
		}
		if tls != (v1alpha1.SiteTLS{}) {
			h.TLS = &tls
		}
		return &v1alpha1.SubscriptionHosting{VirtualHost: h}
	case w.Forward != nil:
		return &v1alpha1.SubscriptionHosting{Forwarding: w.Forward.export()}
	case w.Frame != nil:
		return &v1alpha1.SubscriptionHosting{FrameForwarding: &v1alpha1.FrameForwarding{URL: form.Deref(w.Frame.URL)}}
	}
	return &v1alpha1.SubscriptionHosting{None: &v1alpha1.NoHosting{}}
}
