// Which subscriptions have a plan of either sort: what its deletion would take it from.

package plan

import (
	"context"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// subscriptionsTo lists the subscriptions that have a plan, and would lose it. No operation lists them: all are looked through.
func subscriptionsTo(ctx context.Context, d xmlapi.Doer, guid string) ([]engine.Content, error) {
	all, err := webspace.Get.All(ctx, d, webspace.GetRequest{Filter: xmlapi.All(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}, Subscriptions: &xmlapi.Empty{}}})
	if err != nil {
		return nil, err
	}
	var out []engine.Content
	for _, w := range all {
		s, err := target.ResolvedSite(w)
		if err != nil {
			return nil, err
		}
		if w.Data.Subscriptions == nil {
			return nil, xmlapi.Incomplete(webspace.Get, "subscriptions")
		}
		link := w.Data.Subscriptions.Subscription
		if link != nil && slices.ContainsFunc(link.Plans, func(p webspace.Plan) bool { return p.GUID == guid }) {
			out = append(out, engine.Content{Kind: "PleskSubscription", Identity: s.Identity, Key: s.Key, Name: s.Key.Name})
		}
	}
	return out, nil
}
