// Writing a site: what it is called, and where it lies.

package hosting

import (
	"context"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
)

func (Site) Create(ctx context.Context, d xmlapi.Doer, w siteValue) (engine.Identity, error) {
	named := site.NewGenSetup{Name: form.FullDomain(*w.Domain)}
	if guid := w.Subscription.GUID; guid != "" {
		named.WebspaceGUID = &guid
	} else {
		id, err := engine.Number(w.Subscription.ID)
		if err != nil {
			return engine.Identity{}, err
		}
		named.WebspaceID = &id
	}
	return addSite(ctx, d, w, named)
}

func (Site) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[siteValue]) error {
	var name *string
	if u.Patch.Domain != nil {
		name = new(form.FullDomain(*u.Patch.Domain))
	}
	return updateSite(ctx, d, u, name)
}

func (Site) Delete(ctx context.Context, d xmlapi.Doer, found *engine.Found[siteValue]) error {
	return deleteSite(ctx, d, found)
}
