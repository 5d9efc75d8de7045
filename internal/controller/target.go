// What references can point at, and how each is found on the server.

package controller

import (
	"context"
	"strings"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// The targets.
var (
	resellers       = &engine.Target{Name: "reseller", Find: findReseller}
	customers       = &engine.Target{Name: "customer", Kinds: []client.Object{&v1alpha1.PleskCustomer{}}, Find: findCustomer}
	servicePlans    = &engine.Target{Name: "service plan", Kinds: []client.Object{&v1alpha1.PleskServicePlan{}}, Find: findServicePlan}
	subscriptions   = &engine.Target{Name: "subscription", Kinds: []client.Object{&v1alpha1.PleskSubscription{}}, Find: findSubscription}
	sites           = &engine.Target{Name: "site", Kinds: []client.Object{&v1alpha1.PleskSubscription{}}, Find: findSite}
	databaseServers = &engine.Target{Name: "database server", Find: findDatabaseServer}
	databases       = &engine.Target{Name: "database", Kinds: []client.Object{&v1alpha1.PleskDatabase{}}, Find: findDatabase}
)

// mention is what a reference to a resource or to something on the server names.
func mention(r *v1alpha1.ObjectReference) []engine.Mention {
	if r == nil {
		return nil
	}
	return []engine.Mention{{Name: r.Name, External: r.External}}
}

// externalMention is what a reference to something on the server names.
func externalMention(r *v1alpha1.ExternalReference) []engine.Mention {
	if r == nil {
		return nil
	}
	return []engine.Mention{{External: r.External}}
}

// siteMention is what a reference to a site names.
func siteMention(r v1alpha1.SiteReference) []engine.Mention {
	return []engine.Mention{{Kind: r.Kind, Name: r.Name, External: r.External}}
}

// linkName is the name of what a link points at, nil for none.
func linkName(l *engine.Link) *string {
	if l == nil {
		return nil
	}
	return &l.Name
}

// linkGUID is the GUID of what a link points at, nil for none.
func linkGUID(l *engine.Link) *string {
	if l == nil {
		return nil
	}
	return &l.GUID
}

// accountLink is the account that owns something, nil where the server does not say.
func accountLink(id *int64, login *string) *engine.Link {
	if id == nil && login == nil {
		return nil
	}
	l := &engine.Link{}
	if id != nil {
		l.ID = idText(*id)
	}
	if login != nil {
		l.Name = loginKey(*login)
	}
	return l
}

// ownersOf is the account that something lies in.
func ownersOf(owner *engine.Link, kind string) []engine.Owner {
	if owner == nil || owner.ID == "" {
		return nil
	}
	return []engine.Owner{{Kind: kind, Identity: owner.Identity}}
}

func findReseller(ctx context.Context, d xmlapi.Doer, login string) (*engine.Resolved, error) {
	r, err := reseller.Get.One(ctx, d, reseller.GetRequest{Filter: reseller.ByLogin(login).Query(), Dataset: reseller.Dataset{GenInfo: &xmlapi.Empty{}}})
	if xmlapi.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if r.ID == 0 || r.Data == nil || r.Data.GenInfo == nil {
		return nil, incomplete(reseller.Get, "id and gen-info")
	}
	g := r.Data.GenInfo
	return &engine.Resolved{Kind: "PleskReseller", Identity: engine.Identity{ID: idText(r.ID), GUID: g.GUID}, Key: engine.Key{Name: loginKey(g.Login)}}, nil
}

func findCustomer(ctx context.Context, d xmlapi.Doer, login string) (*engine.Resolved, error) {
	r, err := customer.Get.One(ctx, d, customer.GetRequest{Filter: customer.ByLogin(login).Query(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}})
	if xmlapi.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return resolvedCustomer(r)
}

// resolvedCustomer is a customer that the server has shown, as a reference points at them.
func resolvedCustomer(r customer.GetResult) (*engine.Resolved, error) {
	if r.Data == nil || r.Data.GenInfo == nil || r.ID == 0 {
		return nil, incomplete(customer.Get, "id and gen_info")
	}
	g := r.Data.GenInfo
	return &engine.Resolved{
		Kind: "PleskCustomer", Identity: engine.Identity{ID: idText(r.ID), GUID: g.GUID}, Key: engine.Key{Name: loginKey(g.Login)},
		In: ownersOf(accountLink(g.OwnerID, g.OwnerLogin), "PleskReseller"),
	}, nil
}

// findServicePlan looks for a plan by NAME, or LOGIN/NAME for a reseller's.
func findServicePlan(ctx context.Context, d xmlapi.Doer, key string) (*engine.Resolved, error) {
	owner, name := splitPlanKey(key)
	r, err := serviceplan.Get.One(ctx, d, serviceplan.GetRequest{Filter: serviceplan.ByName(name).Query(), OwnerQuery: serviceplan.OwnerQuery{OwnerLogin: owner}})
	if xmlapi.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return resolvedServicePlan(r, deref(owner))
}

// resolvedServicePlan is a plan that the server has shown in the list of an owner, "" for one's own, as a reference points at it.
func resolvedServicePlan(r serviceplan.GetResult, owner string) (*engine.Resolved, error) {
	if r.ID == 0 || r.GUID == "" || r.Name == "" {
		return nil, incomplete(serviceplan.Get, "id, guid and name")
	}
	return &engine.Resolved{
		Kind: "PleskServicePlan", Identity: engine.Identity{ID: idText(r.ID), GUID: r.GUID}, Key: engine.Key{Name: planKey(owner, singleBlanks(r.Name))},
	}, nil
}

// externalDomain is a domain name that a reference says, as it is sent.
func externalDomain(name string) string {
	if ascii, err := asciiDomain(name); err == nil {
		name = ascii
	}
	return sentDomain(name)
}

func findSubscription(ctx context.Context, d xmlapi.Doer, domain string) (*engine.Resolved, error) {
	w, err := webspace.Get.One(ctx, d, webspace.GetRequest{Filter: webspace.ByName(externalDomain(domain)).Query(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}})
	if xmlapi.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return subscriptionSite(w)
}

// findSite looks for the main site of a subscription with that name, then for another site.
func findSite(ctx context.Context, d xmlapi.Doer, domain string) (*engine.Resolved, error) {
	if r, err := findSubscription(ctx, d, domain); r != nil || err != nil {
		return r, err
	}
	return siteBy(ctx, d, site.ByName(externalDomain(domain)))
}

// siteBy looks for a site of whatever sort, nil for none, and sends other calls in the same packet.
func siteBy(ctx context.Context, d xmlapi.Doer, f xmlapi.Filter, with ...xmlapi.Caller) (*engine.Resolved, error) {
	call := site.Get.Call(site.GetRequest{Filter: f.Query(), Dataset: site.Dataset{GenInfo: &xmlapi.Empty{}}})
	if err := d.Do(ctx, append([]xmlapi.Caller{call}, with...)...); err != nil {
		return nil, err
	}
	s, err := call.One()
	if xmlapi.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if s.ID == 0 || s.Data == nil || s.Data.GenInfo == nil || s.Data.GenInfo.GUID == "" || s.Data.GenInfo.WebspaceID == 0 {
		return nil, incomplete(site.Get, "id and gen_info")
	}
	g := s.Data.GenInfo
	r := &engine.Resolved{
		Kind: "PleskSubscription", Identity: engine.Identity{ID: idText(s.ID), GUID: g.GUID}, Key: engine.Key{Name: strings.ToLower(g.ASCIIName)},
	}
	if g.WebspaceID != s.ID { // a main site has its subscription's id
		r.Kind, r.In = "PleskSite", []engine.Owner{{Kind: "PleskSubscription", Identity: engine.Identity{ID: idText(g.WebspaceID), GUID: g.WebspaceGUID}}}
	}
	return r, nil
}

// subscriptionSite is resolvedSubscription with a GUID and the name that the server gives it in ASCII.
func subscriptionSite(w webspace.GetResult) (*engine.Resolved, error) {
	if w.ID == 0 || w.Data == nil || w.Data.GenInfo == nil || w.Data.GenInfo.GUID == "" || w.Data.GenInfo.ASCIIName == "" {
		return nil, incomplete(webspace.Get, "id and gen_info")
	}
	return resolvedSubscription(w.ID, w.Data.GenInfo)
}

// resolvedSubscription is a subscription that the server has shown, as a reference points at it.
func resolvedSubscription(id int64, g *webspace.GenInfo) (*engine.Resolved, error) {
	ascii := strings.ToLower(g.ASCIIName)
	if ascii == "" { // protocols before IDN
		var err error
		if ascii, err = asciiDomain(g.Name); err != nil {
			return nil, incomplete(webspace.Get, "ascii-name")
		}
	}
	return &engine.Resolved{
		Kind: "PleskSubscription", Identity: engine.Identity{ID: idText(id), GUID: g.GUID}, Key: engine.Key{Name: ascii},
		In: ownersOf(accountLink(g.OwnerID, g.OwnerLogin), "PleskCustomer"),
	}, nil
}
