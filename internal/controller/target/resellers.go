// Resellers and their plans: how they are found, and what goes with a reseller.

package target

import (
	"context"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/resellerplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplanaddon"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ui"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func findReseller(ctx context.Context, d xmlapi.Doer, login string) (*engine.Resolved, error) {
	r, err := reseller.Get.One(ctx, d, reseller.GetRequest{Filter: reseller.ByLogin(login).Query(), Dataset: reseller.Dataset{GenInfo: &xmlapi.Empty{}}})
	if xmlapi.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return ResolvedReseller(r)
}

// ResolvedReseller is a reseller that the server has shown, as a reference points at it.
func ResolvedReseller(r reseller.GetResult) (*engine.Resolved, error) {
	if r.ID == 0 || r.Data == nil || r.Data.GenInfo == nil {
		return nil, xmlapi.Incomplete(reseller.Get, "id and gen-info")
	}
	g := r.Data.GenInfo
	return &engine.Resolved{
		Kind: "PleskReseller", Identity: engine.Identity{ID: engine.IDText(r.ID), GUID: g.GUID}, Key: engine.Key{Name: LoginKey(g.Login)}, Mark: g.ExternalID,
	}, nil
}

func findResellerPlan(ctx context.Context, d xmlapi.Doer, name string) (*engine.Resolved, error) {
	r, err := resellerplan.Get.One(ctx, d, resellerplan.GetRequest{Filter: resellerplan.ByName(name).Query()})
	if xmlapi.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return ResolvedResellerPlan(r)
}

// ResolvedResellerPlan is a reseller plan that the server has shown, as a reference points at it.
func ResolvedResellerPlan(r resellerplan.GetResult) (*engine.Resolved, error) {
	if r.ID == 0 || r.GUID == "" || r.Name == "" {
		return nil, xmlapi.Incomplete(resellerplan.Get, "id, guid and name")
	}
	return &engine.Resolved{
		Kind: "PleskResellerPlan", Identity: engine.Identity{ID: engine.IDText(r.ID), GUID: r.GUID}, Key: engine.Key{Name: form.SingleBlanks(r.Name)},
		Mark: form.Deref(r.ExternalID),
	}, nil
}

// ResellerContents lists the customers and the plans of a reseller, and the subscriptions of the reseller and those customers with what lies in
// them.
func ResellerContents(ctx context.Context, d xmlapi.Doer, id engine.Identity, login string) ([]engine.Content, error) {
	owner, err := engine.Number(id.ID)
	if err != nil {
		return nil, err
	}
	customers := customer.Get.Call(customer.GetRequest{Filter: customer.ByOwnerID(owner).Query(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}})
	theirs := serviceplan.GetRequest{Filter: xmlapi.All(), OwnerQuery: serviceplan.OwnerQuery{OwnerID: &owner}}
	plans, addons := serviceplan.Get.Call(theirs), serviceplanaddon.Get.Call(theirs)
	if err := d.Do(ctx, customers, plans, addons); err != nil {
		return nil, err
	}
	own, err := customers.AllIn()
	if err != nil {
		return nil, err
	}
	owners, logins, accounts := []int64{owner}, []string{login}, []ui.Owner{{ResellerID: &owner}}
	var out []engine.Content
	for _, c := range own {
		is, err := ResolvedCustomer(c)
		if err != nil {
			return nil, err
		}
		owners, logins, accounts = append(owners, c.ID), append(logins, is.Key.Name), append(accounts, ui.Owner{CustomerID: &c.ID})
		out = append(out, engine.Content{Kind: "PleskCustomer", Identity: is.Identity, Key: is.Key, Name: is.Key.Name})
	}
	offered, err := plansOf(login, plans, addons)
	if err != nil {
		return nil, err
	}
	out = append(out, offered...)
	for some := range slices.Chunk(owners, engine.IDsPerOperation) {
		inside, err := AccountContents(ctx, d, webspace.ByOwnerID(some[0], some[1:]...).Query())
		if err != nil {
			return nil, err
		}
		out = append(out, inside...)
	}
	more, err := AccountBelongings(ctx, d, id.GUID, logins, accounts)
	return append(out, more...), err
}

// plansOf lists the service plans and the add-on plans of a reseller.
func plansOf(
	login string, plans *xmlapi.Call[serviceplan.GetRequest, serviceplan.GetResult], addons *xmlapi.Call[serviceplan.GetRequest, serviceplanaddon.GetResult],
) ([]engine.Content, error) {
	services, err := plans.AllIn()
	if err != nil {
		return nil, err
	}
	var out []engine.Content
	for _, p := range services {
		is, err := ResolvedServicePlan(p, login)
		if err != nil {
			return nil, err
		}
		out = append(out, engine.Content{Kind: is.Kind, Identity: is.Identity, Key: is.Key, Name: is.Key.Name})
	}
	more, err := addons.AllIn()
	if err != nil {
		return nil, err
	}
	for _, p := range more {
		is, err := ResolvedAddonPlan(p, login)
		if err != nil {
			return nil, err
		}
		out = append(out, engine.Content{Kind: is.Kind, Identity: is.Identity, Key: is.Key, Name: is.Key.Name})
	}
	return out, nil
}
