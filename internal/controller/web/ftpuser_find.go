// Reading FTP accounts: those of one subscription, or all in a list.

package web

import (
	"context"
	"fmt"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ftpuser"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// Find reads all accounts of the subscription, by whatever the account is known: there are few.
func (FTPUser) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[ftpUserValue], error) {
	at, users, err := ftpUsersOf(ctx, d, h.Place())
	if err != nil || at == nil {
		return nil, err
	}
	key := h.Key
	if key.Name == "" {
		key = h.Was
	}
	var named *engine.Found[ftpUserValue]
	for _, u := range users {
		found, err := foundFTPUser(u, at)
		switch {
		case err != nil:
			return nil, err
		case found.ID == h.ID:
			return found, nil
		case found.Key.Name == key.Name:
			named = found
		}
	}
	return named, nil
}

// ftpUsersOf reads the accounts of a subscription, and in the same packet the subscription: its id may be another one's by now, and then the GUID
// leads to it. Without the subscription there are no accounts, and it comes as nil.
func ftpUsersOf(ctx context.Context, d xmlapi.Doer, place engine.Identity) (*engine.Resolved, []ftpuser.GetResult, error) {
	id, err := engine.Number(place.ID)
	if err != nil {
		return nil, nil, err
	}
	if place.GUID == "" {
		return nil, nil, fmt.Errorf("the GUID of the subscription with id %d is not recorded", id)
	}
	users := ftpuser.Get.Call(ftpuser.GetRequest{Filter: ftpuser.ByWebspace(id).Query()})
	at, err := target.SubscriptionBy(ctx, d, webspace.ByID(id), users)
	if err != nil {
		return nil, nil, err
	}
	if at == nil || at.GUID != place.GUID {
		moved, err := target.SubscriptionBy(ctx, d, webspace.ByGUID(place.GUID))
		switch {
		case err != nil || moved == nil:
			return nil, nil, err
		case moved.GUID != place.GUID || moved.ID == place.ID:
			return nil, nil, xmlapi.Incomplete(webspace.Get, "the subscription that was asked for by its GUID")
		}
		return ftpUsersOf(ctx, d, moved.Identity)
	}
	all, err := users.AllIn()
	return at, all, err
}

// List reads all accounts in one packet, and with them the subscriptions that they may lie in. An account whose subscription is not listed, such as
// one that was just made, is left out.
func (FTPUser) List(ctx context.Context, d xmlapi.Doer, _ engine.Known) ([]*engine.Found[ftpUserValue], error) {
	users := ftpuser.Get.Call(ftpuser.GetRequest{Filter: xmlapi.All()})
	subscriptions := webspace.Get.Call(webspace.GetRequest{Filter: xmlapi.All(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}})
	if err := d.Do(ctx, users, subscriptions); err != nil {
		return nil, err
	}
	around, err := subscriptions.All()
	if err != nil {
		return nil, err
	}
	by, err := engine.ByID(webspace.Get, around, func(w webspace.GetResult) int64 { return w.ID })
	if err != nil {
		return nil, err
	}
	all, err := users.All()
	if err != nil {
		return nil, err
	}
	return engine.ListOf(ftpuser.Get, all, func(u ftpuser.GetResult) (*engine.Found[ftpUserValue], error) {
		w, there := by[u.WebspaceID]
		if !there {
			return nil, nil
		}
		at, err := target.ResolvedSite(w)
		if err != nil {
			return nil, err
		}
		return foundFTPUser(u, at)
	})
}

// foundFTPUser translates what the server shows of an account of a subscription.
func foundFTPUser(u ftpuser.GetResult, at *engine.Resolved) (*engine.Found[ftpUserValue], error) {
	if u.ID == 0 || u.Name == "" || engine.IDText(u.WebspaceID) != at.ID {
		return nil, xmlapi.Incomplete(ftpuser.Get, "id, name and webspace-id of the account")
	}
	v := ftpUserValue{Login: &u.Name, Home: new(cleanHome(form.Deref(u.Home))), subscription: at.Identity, domain: at.Key.Name}
	if u.Quota != nil {
		v.Quota = new(form.BoundText(*u.Quota))
	}
	if p := u.Permissions; p != nil {
		v.Read, v.Write = p.Read, p.Write
	}
	return &engine.Found[ftpUserValue]{
		Identity: engine.Identity{ID: engine.IDText(u.ID)}, Key: target.FTPUserKey(at.Identity, u.Name), In: target.WithOwners(at), Value: v,
	}, nil
}
