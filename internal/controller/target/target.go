// What references can point at, and how each is found on the server.

// Package target knows what references can point at: how each is found on the server, its natural key, and what lies in it. It lies below all
// kinds and knows none: what two of them need of each other is here.
package target

import (
	"context"
	"slices"
	"strings"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// The targets.
var (
	ResellerPlans     = &engine.Target{Name: "reseller plan", Kinds: []client.Object{&v1alpha1.PleskResellerPlan{}}, Find: findResellerPlan}
	Resellers         = &engine.Target{Name: "reseller", Kinds: []client.Object{&v1alpha1.PleskReseller{}}, Find: findReseller}
	Customers         = &engine.Target{Name: "customer", Kinds: []client.Object{&v1alpha1.PleskCustomer{}}, Find: findCustomer}
	ServicePlans      = &engine.Target{Name: "service plan", Kinds: []client.Object{&v1alpha1.PleskServicePlan{}}, Find: findServicePlan}
	ServicePlanAddons = &engine.Target{Name: "add-on plan", Kinds: []client.Object{&v1alpha1.PleskServicePlanAddon{}}, Find: findAddonPlan}
	Subscriptions     = &engine.Target{Name: "subscription", Kinds: []client.Object{&v1alpha1.PleskSubscription{}}, Find: FindSubscription}
	Sites             = &engine.Target{Name: "site", Kinds: []client.Object{&v1alpha1.PleskSubscription{}, &v1alpha1.PleskSite{}}, Find: FindSite}
	Certificates      = &engine.Target{Name: "certificate", Kinds: []client.Object{&v1alpha1.PleskCertificate{}}}
	ZoneOwners        = &engine.Target{Name: "site or site alias", Kinds: append(slices.Clone(Sites.Kinds), &v1alpha1.PleskSiteAlias{}), Find: findZoneOwner}
	DatabaseServers   = &engine.Target{Name: "database server", Kinds: []client.Object{&v1alpha1.PleskDatabaseServer{}}, Find: FindDatabaseServer}
	Databases         = &engine.Target{Name: "database", Kinds: []client.Object{&v1alpha1.PleskDatabase{}}, Find: FindDatabase}
)

// Mention is what a reference to a resource or to something on the server names.
func Mention(r *v1alpha1.ObjectReference) []engine.Mention {
	if r == nil {
		return nil
	}
	return []engine.Mention{{Name: r.Name, External: r.External}}
}

// SiteMention is what a reference to a site names.
func SiteMention(r v1alpha1.SiteReference) []engine.Mention {
	return []engine.Mention{{Kind: r.Kind, Name: r.Name, External: r.External}}
}

// Reference is the inverse of Mention.
func Reference(mentions []engine.Mention) *v1alpha1.ObjectReference {
	if len(mentions) == 0 {
		return nil
	}
	return &v1alpha1.ObjectReference{Name: mentions[0].Name, External: mentions[0].External}
}

// SiteReference is the inverse of SiteMention.
func SiteReference(mentions []engine.Mention) v1alpha1.SiteReference {
	if len(mentions) == 0 {
		return v1alpha1.SiteReference{}
	}
	r := v1alpha1.SiteReference{Name: mentions[0].Name, External: mentions[0].External}
	if r.Name != "" {
		r.Kind = mentions[0].Kind
	}
	return r
}

// OwnerOf is what a link leads to, as an export points at it, none without a link.
func OwnerOf(l *engine.Link, kind string) []engine.Owner {
	if l == nil {
		return nil
	}
	return []engine.Owner{{Kind: kind, Identity: l.Identity, Key: engine.Key{Name: l.Name}}}
}

// LinkName is the name of what a link points at, nil if there is none.
func LinkName(l *engine.Link) *string {
	if l == nil {
		return nil
	}
	return &l.Name
}

// LinkGUID is the GUID of what a link points at, nil if there is none.
func LinkGUID(l *engine.Link) *string {
	if l == nil {
		return nil
	}
	return &l.GUID
}

// AccountLink is the account that owns something, nil where the server does not say.
func AccountLink(id *int64, login *string) *engine.Link {
	if id == nil && login == nil {
		return nil
	}
	l := &engine.Link{}
	if id != nil {
		l.ID = engine.IDText(*id)
	}
	if login != nil {
		l.Name = LoginKey(*login)
	}
	return l
}

// ownersOf is the account that something lies in: by its id, or by its login where the server shows nothing else. Where the server does not say
// what it is, it is described by a resource of one of several kinds: all accounts share their ids and logins.
func ownersOf(owner *engine.Link, kinds ...string) []engine.Owner {
	if owner == nil || owner.ID == "" && owner.Name == "" {
		return nil
	}
	o := engine.Owner{Identity: owner.Identity}
	if owner.ID == "" {
		o.Key.Name = owner.Name
	}
	out := make([]engine.Owner, len(kinds))
	for i, kind := range kinds {
		out[i], out[i].Kind = o, kind
	}
	return out
}

func findCustomer(ctx context.Context, d xmlapi.Doer, login string) (*engine.Resolved, error) {
	r, err := customer.Get.One(ctx, d, customer.GetRequest{Filter: customer.ByLogin(login).Query(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}})
	if xmlapi.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return ResolvedCustomer(r)
}

// ResolvedCustomer is a customer that the server has shown, as the target of a reference.
func ResolvedCustomer(r customer.GetResult) (*engine.Resolved, error) {
	if r.Data == nil || r.Data.GenInfo == nil || r.ID == 0 {
		return nil, xmlapi.Incomplete(customer.Get, "id and gen_info")
	}
	g := r.Data.GenInfo
	return &engine.Resolved{
		Kind: "PleskCustomer", Identity: engine.Identity{ID: engine.IDText(r.ID), GUID: g.GUID}, Key: engine.Key{Name: LoginKey(g.Login)}, Mark: g.ExternalID,
		In: ownersOf(AccountLink(g.OwnerID, g.OwnerLogin), "PleskReseller"),
	}, nil
}

// FindSubscription looks for a subscription by its domain name, in any form.
func FindSubscription(ctx context.Context, d xmlapi.Doer, domain string) (*engine.Resolved, error) {
	return SubscriptionBy(ctx, d, webspace.ByName(form.FullDomain(domain)))
}

// SubscriptionBy looks for a subscription, nil if there is none, and sends other calls in the same packet.
func SubscriptionBy(ctx context.Context, d xmlapi.Doer, f xmlapi.Filter, with ...xmlapi.Caller) (*engine.Resolved, error) {
	call := webspace.Get.Call(webspace.GetRequest{Filter: f.Query(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}})
	if err := d.Do(ctx, append([]xmlapi.Caller{call}, with...)...); err != nil {
		return nil, err
	}
	w, err := call.One()
	if xmlapi.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return ResolvedSite(w)
}

// ResolvedSite is ResolvedSubscription with a GUID and the name that the server gives it in ASCII.
func ResolvedSite(w webspace.GetResult) (*engine.Resolved, error) {
	if w.ID == 0 || w.Data == nil || w.Data.GenInfo == nil || w.Data.GenInfo.GUID == "" || w.Data.GenInfo.ASCIIName == "" {
		return nil, xmlapi.Incomplete(webspace.Get, "id and gen_info")
	}
	return ResolvedSubscription(w.ID, w.Data.GenInfo)
}

// ResolvedSubscription is a subscription that the server has shown, as a reference points at it.
func ResolvedSubscription(id int64, g *webspace.GenInfo) (*engine.Resolved, error) {
	ascii := asciiName(g.Name, g.ASCIIName)
	if ascii == "" {
		return nil, xmlapi.Incomplete(webspace.Get, "ascii-name")
	}
	return &engine.Resolved{
		Kind: "PleskSubscription", Identity: engine.Identity{ID: engine.IDText(id), GUID: g.GUID}, Key: engine.Key{Name: ascii}, Mark: g.ExternalID,
		In: ownersOf(AccountLink(g.OwnerID, g.OwnerLogin), "PleskCustomer", "PleskReseller"),
	}, nil
}

// asciiName is the normal form of a domain that the server shows under two names; "" where neither is one.
func asciiName(full, ascii string) string {
	if ascii != "" {
		return strings.ToLower(ascii)
	}
	name, err := form.DomainName(full) // protocols before IDN
	if err != nil {
		return ""
	}
	return name
}
