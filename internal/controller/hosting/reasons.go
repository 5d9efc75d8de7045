// The reasons for which subscriptions and sites are out of service, and how they are written.

package hosting

import (
	"cmp"
	"context"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func (Subscription) Contracted() {}

func (Subscription) Reasons(found *engine.Found[subscriptionValue]) xmlapi.Status {
	return xmlapi.Status(found.Value.data.GenInfo.Status)
}

func (Subscription) PutsBack() xmlapi.Status {
	return xmlapi.StatusDisabledByReseller | xmlapi.StatusDisabledByCustomer
}

func (Subscription) SetReasons(ctx context.Context, d xmlapi.Doer, _ *v1alpha1.PleskSubscription, id engine.Identity, reasons []xmlapi.Status) error {
	f, err := engine.FilterOf(webspace.ByGUID, webspace.ByID, id)
	if err != nil {
		return err
	}
	return engine.SetEach(ctx, d, webspace.Set, reasons, func(r xmlapi.Status) webspace.SetRequest {
		return webspace.SetRequest{Filter: f, Values: webspace.SetValues{GenSetup: &webspace.SetGenSetup{Status: new(int(r))}}}
	})
}

func (Site) Reasons(found *engine.Found[siteValue]) xmlapi.Status { return found.Value.reasons() }

func (Site) PutsBack() xmlapi.Status { return sitePutsBack }

func (Site) SetReasons(ctx context.Context, d xmlapi.Doer, o *v1alpha1.PleskSite, id engine.Identity, reasons []xmlapi.Status) error {
	seen := ""
	if o.Status.Observed != nil {
		seen = o.Status.Observed.TurnOffAction
	}
	return setSiteReasons(ctx, d, id, reasons, o.Spec.TurnOffAction, seen)
}

func (Subdomain) Reasons(found *engine.Found[siteValue]) xmlapi.Status { return found.Value.reasons() }

func (Subdomain) PutsBack() xmlapi.Status { return sitePutsBack }

func (Subdomain) SetReasons(ctx context.Context, d xmlapi.Doer, o *v1alpha1.PleskSubdomain, id engine.Identity, reasons []xmlapi.Status) error {
	seen := ""
	if o.Status.Observed != nil {
		seen = o.Status.Observed.TurnOffAction
	}
	return setSiteReasons(ctx, d, id, reasons, o.Spec.TurnOffAction, seen)
}

func (w *siteValue) reasons() xmlapi.Status { return xmlapi.Status(w.data.GenInfo.Status) }

const sitePutsBack = xmlapi.StatusSuspendedByAdmin | xmlapi.StatusDisabledByReseller | xmlapi.StatusDisabledByCustomer

// setSiteReasons says with each reason what is left of the site, since the protocol wants to know, and a status of 0 forgets it: as the spec says, else as it
// was seen, else what keeps its mail going.
func setSiteReasons(ctx context.Context, d xmlapi.Doer, id engine.Identity, reasons []xmlapi.Status, wanted *v1alpha1.TurnOffAction, seen string) error {
	f, err := engine.FilterOf(site.ByGUID, site.ByID, id)
	if err != nil {
		return err
	}
	left := new(cmp.Or(form.Deref((*string)(wanted)), seen, string(v1alpha1.TurnOffActionSuspend)))
	return engine.SetEach(ctx, d, site.Set, reasons, func(r xmlapi.Status) site.SetRequest {
		g := &site.SetGenSetup{Status: new(int(r))}
		if r != 0 {
			g.TurnOffAction = turnOffWords.Wire(left)
		}
		return site.SetRequest{Filter: f, Values: site.SetValues{GenSetup: g}}
	})
}
