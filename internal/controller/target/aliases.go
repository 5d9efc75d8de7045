// Site aliases, which can have a DNS zone of their own.

package target

import (
	"context"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/sitealias"
)

// findZoneOwner looks for a site of that name, then for a site alias: all names of both are different ones.
func findZoneOwner(ctx context.Context, d xmlapi.Doer, domain string) (*engine.Resolved, error) {
	if r, err := FindSite(ctx, d, domain); r != nil || err != nil {
		return r, err
	}
	return findAlias(ctx, d, domain)
}

// findAlias looks for a site alias, with all that its site lies in. The documents let administrators alone ask for aliases: others are shown none.
func findAlias(ctx context.Context, d xmlapi.Doer, domain string) (*engine.Resolved, error) {
	a, err := sitealias.Get.One(ctx, d, xmlapi.QueryRequest{Filter: sitealias.ByName(form.FullDomain(domain)).Query()})
	switch {
	case xmlapi.IsNotFound(err), xmlapi.ClassOf(err) == xmlapi.Forbidden:
		return nil, nil
	case err != nil:
		return nil, err
	case a.ID == 0 || a.Info == nil || a.Info.Name == "" || a.Info.SiteID == 0:
		return nil, xmlapi.Incomplete(sitealias.Get, "id and info")
	}
	at, err := SiteBy(ctx, d, site.ByID(a.Info.SiteID))
	if err == nil && at != nil {
		at, err = FindSite(ctx, d, at.Key.Name) // with its owners
	}
	switch {
	case err != nil:
		return nil, err
	case at == nil || at.ID != engine.IDText(a.Info.SiteID):
		return nil, xmlapi.Incomplete(site.Get, "the site of the alias "+a.Info.Name)
	}
	return &engine.Resolved{Kind: "PleskSiteAlias", Identity: engine.Identity{ID: engine.IDText(a.ID)}, Key: AliasKey(a.Info), In: WithOwners(at)}, nil
}
