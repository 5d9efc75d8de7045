// Finding, listing, making, changing and removing virtual directories: each by its site and its name, since they have no ids.

package web

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/virtdir"
)

// virtualID stands in for the id that virtual directories do not have: the site's GUID, and the path.
func virtualID(key engine.Key) string { return key.Within.GUID + key.Name }

// Find asks for the name that is recorded, and then for the one that is wanted.
func (VirtualDirectory) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[virtualValue], error) {
	place := h.Place()
	if place.GUID == "" {
		return nil, fmt.Errorf("the GUID of the site with id %s is not recorded", place.ID)
	}
	key := h.Key
	if key.Name == "" {
		key = h.Was
	}
	var names []string
	if recorded, here := strings.CutPrefix(h.ID, place.GUID); here && recorded != "" {
		names = append(names, recorded)
	}
	if !slices.Contains(names, key.Name) {
		names = append(names, key.Name)
	}
	for _, name := range names {
		if found, err := readVirtual(ctx, d, place, name); err != nil || found != nil {
			return found, err
		}
	}
	return nil, nil
}

// readVirtual reads the directory of a name, nil if there is none.
func readVirtual(ctx context.Context, d xmlapi.Doer, place engine.Identity, name string) (*engine.Found[virtualValue], error) {
	var get *xmlapi.Call[virtdir.NameRequest, virtdir.GetResult]
	at, err := target.SiteWith(ctx, d, place, func(id int64) []xmlapi.Caller {
		get = virtdir.Get.Call(virtdir.NameRequest{SiteID: &id, Name: wirePath(name)})
		return []xmlapi.Caller{get}
	})
	if err != nil || at == nil {
		return nil, err
	}
	return shownVirtual(at, name, get)
}

// shownVirtual is what the answer to a question for a name shows, nil for nothing.
func shownVirtual(at *engine.Resolved, name string, get *xmlapi.Call[virtdir.NameRequest, virtdir.GetResult]) (*engine.Found[virtualValue], error) {
	r, err := get.One()
	switch e, _ := errors.AsType[*xmlapi.Error](err); {
	case e != nil && e.About() == xmlapi.AboutOwner:
		return nil, ofSiteThere(virtdir.Get, err)
	case xmlapi.IsNotFound(err):
		return nil, nil
	case err != nil:
		return nil, onlyOnWindows(err)
	case r.Properties == nil:
		return nil, xmlapi.Incomplete(virtdir.Get, "properties")
	}
	v := foundVirtual(*r.Properties)
	v.site = at.Identity
	key := virtualKey(at.Identity, name)
	return &engine.Found[virtualValue]{Identity: engine.Identity{ID: virtualID(key)}, Key: key, In: target.WithOwners(at), Value: v}, nil
}

// onlyOnWindows says what a server means that does not support the operation.
func onlyOnWindows(err error) error {
	if e, ok := errors.AsType[*xmlapi.Error](err); ok && e.Code == xmlapi.CodeUnsupportedByVersion {
		return fmt.Errorf("%w; only servers on Windows have virtual directories", err)
	}
	return err
}

// directoriesPerPacket is how many directories one packet of a list reads, each by an operation of its own.
const directoriesPerPacket = 50

// List reads the known directories in the known sites: the protocol lists none.
func (VirtualDirectory) List(ctx context.Context, d xmlapi.Doer, known engine.Known) ([]*engine.Found[virtualValue], error) {
	sites, err := target.SitesByID(ctx, d, known.Parents)
	if err != nil {
		return nil, err
	}
	places := map[string]*engine.Resolved{}
	for _, at := range sites {
		places[at.GUID] = at
	}
	var out []*engine.Found[virtualValue]
	for some := range slices.Chunk(known.IDs, directoriesPerPacket) {
		list, err := listVirtual(ctx, d, places, some)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// listVirtual reads some directories in one packet, each in its site; what is in none of those is left out.
func listVirtual(ctx context.Context, d xmlapi.Doer, places map[string]*engine.Resolved, ids []string) ([]*engine.Found[virtualValue], error) {
	type question struct {
		at   *engine.Resolved
		name string
		get  *xmlapi.Call[virtdir.NameRequest, virtdir.GetResult]
	}
	var asked []question
	var calls []xmlapi.Caller
	for _, id := range ids {
		guid, name, _ := strings.Cut(id, "/")
		at := places[guid]
		if at == nil {
			continue
		}
		site, err := engine.Number(at.ID)
		if err != nil {
			return nil, err
		}
		get := virtdir.Get.Call(virtdir.NameRequest{SiteID: &site, Name: wirePath("/" + name)})
		asked, calls = append(asked, question{at, "/" + name, get}), append(calls, get)
	}
	if len(calls) == 0 {
		return nil, nil
	}
	if err := d.Do(ctx, calls...); err != nil {
		return nil, err
	}
	var out []*engine.Found[virtualValue]
	for _, q := range asked {
		found, err := shownVirtual(q.at, q.name, q.get)
		if err != nil {
			return nil, err
		}
		if found != nil {
			out = append(out, found)
		}
	}
	return out, nil
}

// Create knows the identity by itself: the answer names none.
func (VirtualDirectory) Create(ctx context.Context, d xmlapi.Doer, w virtualValue) (engine.Identity, error) {
	site, err := engine.Number(w.site.ID)
	if err != nil {
		return engine.Identity{}, err
	}
	properties, err := w.properties(w, virtualValue{})
	if err != nil {
		return engine.Identity{}, err
	}
	_, err = virtdir.Create.One(ctx, d, virtdir.PropertiesRequest{SiteID: &site, Name: wirePath(rooted(w.name)), Properties: properties})
	return engine.Identity{ID: virtualID(virtualKey(w.site, w.name))}, onlyOnWindows(err)
}

// Update writes what has changed and nothing else: what is left out stays.
func (VirtualDirectory) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[virtualValue]) error {
	properties, err := u.Patch.properties(u.Want, u.Have)
	if err != nil {
		return err
	}
	site, err := engine.Number(u.Have.site.ID)
	if err != nil {
		return err
	}
	_, err = virtdir.Update.One(ctx, d, virtdir.PropertiesRequest{SiteID: &site, Name: nameIn(u.Have.site, u.ID), Properties: properties})
	return err
}

// nameIn is the name of a directory of a site, as it is sent.
func nameIn(site engine.Identity, id string) string {
	return wirePath(strings.TrimPrefix(id, site.GUID))
}

// Delete makes sure that the site still has its id: removal is by that, and the name.
func (VirtualDirectory) Delete(ctx context.Context, d xmlapi.Doer, found *engine.Found[virtualValue]) error {
	now, err := readVirtual(ctx, d, found.Key.Within, found.Key.Name)
	if err != nil {
		return err
	}
	if now == nil {
		return &xmlapi.Error{Class: xmlapi.NotFound, Operator: virtdir.Get.Operator(), Operation: virtdir.Get.Name(), Err: xmlapi.ErrNone}
	}
	site, err := engine.Number(now.Value.site.ID)
	if err != nil {
		return err
	}
	_, err = virtdir.Remove.One(ctx, d, virtdir.NameRequest{SiteID: &site, Name: nameIn(now.Value.site, now.ID)})
	return err
}

// Contents are not known: no operation lists what lies below a directory, and it goes along.
func (VirtualDirectory) Contents(context.Context, xmlapi.Doer, *engine.Found[virtualValue]) ([]engine.Content, error) {
	return nil, nil
}
