// The add-on plans of a subscription: which it is to have, which it has, and how they are attached and detached.

package hosting

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplanaddon"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// addonsField is the path of the add-on plans in changes.
const addonsField = "addonPlanRefs"

// addonPlan is an add-on plan of a subscription. One that was found has a name only where the server has shown it as an add-on plan.
type addonPlan struct{ GUID, Name string }

// String is the add-on for people.
func (a addonPlan) String() string { return cmp.Or(a.Name, a.GUID) }

// is finds the same add-on plan, whatever it is called.
func (a addonPlan) is(b addonPlan) bool { return a.GUID == b.GUID }

func addonPath(i int) string { return fmt.Sprintf("spec.%s[%d]", addonsField, i) }

func addonMentions(o *v1alpha1.PleskSubscription) []engine.Mention {
	var mentions []engine.Mention
	for i, r := range o.Spec.AddonPlanRefs {
		mentions = append(mentions, engine.Mention{Path: addonPath(i), Name: r.Name, External: r.External})
	}
	return mentions
}

// setAddons is the inverse of addonMentions.
func setAddons(o *v1alpha1.PleskSubscription, mentions []engine.Mention) {
	o.Spec.AddonPlanRefs = nil
	for _, m := range mentions {
		o.Spec.AddonPlanRefs = append(o.Spec.AddonPlanRefs, v1alpha1.ObjectReference{Name: m.Name, External: m.External})
	}
}

// wantedAddons are what references point at. Where one of them has not been resolved nothing is wanted: what the others leave would be detached.
func wantedAddons(refs []v1alpha1.ObjectReference, in engine.Inputs) ([]addonPlan, error) {
	if refs == nil {
		return nil, nil
	}
	out := make([]addonPlan, 0, len(refs))
	for i := range refs {
		r := in.Ref(addonPath(i))
		switch {
		case r == nil:
			return nil, nil
		case r.GUID == "":
			return nil, engine.Invalid(addonPath(i), fmt.Sprintf("the GUID of the add-on plan %q is not known", r.Key.Name))
		}
		if a := (addonPlan{GUID: r.GUID, Name: r.Key.Name}); !slices.ContainsFunc(out, a.is) {
			out = append(out, a)
		}
	}
	return out, nil
}

// comparedAddons are add-on plans that were found, as they are compared with those wanted: by GUID, so what is wanted bears the name that it is wanted
// by. What else the server has not shown as an add-on plan is left out, and so never detached.
func comparedAddons(want, have []addonPlan) []addonPlan {
	var out []addonPlan
	for _, a := range have {
		if i := slices.IndexFunc(want, a.is); i >= 0 {
			out = append(out, want[i])
		} else if a.Name != "" {
			out = append(out, a)
		}
	}
	return out
}

// addonNames are what add-on plans are called, by GUID: of the caller's list, and of all. A caller who may not see them is shown none.
func addonNames(own, all *xmlapi.Call[serviceplan.GetRequest, serviceplanaddon.GetResult]) (map[string]string, error) {
	names := map[string]string{}
	everybodys, err := all.All()
	if err != nil && xmlapi.ClassOf(err) != xmlapi.Forbidden {
		return nil, err
	}
	for _, a := range everybodys {
		names[a.GUID] = target.PlanKey(form.Deref(a.OwnerLogin), a.Name)
	}
	ours, err := own.All()
	if err != nil && xmlapi.ClassOf(err) != xmlapi.Forbidden {
		return nil, err
	}
	for _, a := range ours {
		names[a.GUID] = target.PlanKey("", a.Name)
	}
	return names, nil
}

// linkAddons attaches before it detaches, so that what is used finds room throughout.
func linkAddons(ctx context.Context, d xmlapi.Doer, f xmlapi.Filter, u engine.Update[subscriptionValue]) error {
	for _, op := range []xmlapi.Operation[webspace.AddonRequest, webspace.SubscriptionResult]{webspace.AddSubscription, webspace.RemoveSubscription} {
		for _, c := range u.Changes {
			a, isAddon := c.Member.(addonPlan)
			attached := c.To != ""
			if !isAddon || attached != (op == webspace.AddSubscription) {
				continue
			}
			r, err := op.One(ctx, d, webspace.AddonRequest{Filter: f, PlanGUID: &a.GUID})
			if err != nil {
				return engine.Blame("spec."+addonsField, err)
			}
			form.Warn(u.Warn, op, r.Problems)
		}
	}
	return nil
}

func observedAddons(addons []addonPlan) []v1alpha1.ObservedAddon {
	var out []v1alpha1.ObservedAddon
	for _, a := range addons {
		out = append(out, v1alpha1.ObservedAddon{Name: a.Name, GUID: a.GUID})
	}
	return out
}
