// Reading a protected directory: within its site, by id or path, with its users.

package web

import (
	"context"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/protecteddir"
)

// Find reads all directories of the site, by whatever the directory is known: there are few, and no answer tells the site of one.
func (ProtectedDirectory) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[directoryValue], error) {
	var directories *xmlapi.Call[xmlapi.QueryRequest, protecteddir.GetResult]
	at, err := target.SiteWith(ctx, d, h.Place(), func(id int64) []xmlapi.Caller {
		directories = protecteddir.Get.Call(xmlapi.QueryRequest{Filter: protecteddir.BySite(id).Query()})
		return []xmlapi.Caller{directories}
	})
	if err != nil || at == nil {
		return nil, err
	}
	all, err := directories.AllIn()
	if err != nil {
		return nil, err
	}
	r, err := directoryOf(all, h)
	if err != nil || r == nil {
		return nil, err
	}
	users := protecteddir.GetUser.Call(xmlapi.QueryRequest{Filter: protecteddir.ByDirectory(r.ID).Query()})
	if err := d.Do(ctx, users); err != nil {
		return nil, err
	}
	in, err := users.AllIn()
	if err != nil {
		return nil, err
	}
	return foundDirectory(at, *r, in)
}

// directoryOf is the directory with the id, else the one with the path, nil for neither.
func directoryOf(all []protecteddir.GetResult, h engine.Handle) (*protecteddir.GetResult, error) {
	key := h.Key
	if key.Name == "" {
		key = h.Was
	}
	var named *protecteddir.GetResult
	for i := range all {
		r := &all[i]
		switch {
		case r.ID == 0 || r.Data == nil || r.Data.Name == nil:
			return nil, xmlapi.Incomplete(protecteddir.Get, "id and name")
		case engine.IDText(r.ID) == h.ID:
			return r, nil
		case target.ProtectedDirectoryKey(engine.Identity{}, *r.Data.Name).Name == key.Name:
			named = r
		}
	}
	return named, nil
}

func foundDirectory(at *engine.Resolved, r protecteddir.GetResult, users []protecteddir.GetUserResult) (*engine.Found[directoryValue], error) {
	v := directoryValue{Path: r.Data.Name, Header: new(form.Deref(r.Data.Header)), Users: []string{}, ids: map[string]int64{}}
	if r.Data.Location != nil {
		v.Location = &locationValue{}
		for _, p := range r.Data.Location.Properties {
			if field := v.Location.field(p.Name); field != nil {
				*field = new(p.Value)
			}
		}
	}
	for _, u := range users {
		if u.ID == 0 || u.Data == nil || form.Deref(u.Data.Login) == "" {
			return nil, xmlapi.Incomplete(protecteddir.GetUser, "id and login")
		}
		v.Users, v.ids[*u.Data.Login] = append(v.Users, *u.Data.Login), u.ID
	}
	slices.Sort(v.Users)
	return &engine.Found[directoryValue]{
		Identity: engine.Identity{ID: engine.IDText(r.ID)}, Key: target.ProtectedDirectoryKey(at.Identity, *r.Data.Name), In: target.WithOwners(at), Value: v,
	}, nil
}

// field is the one that a property names, nil for a property of tomorrow.
func (l *locationValue) field(name string) **bool {
	switch name {
	case protecteddir.LocationSSL:
		return &l.HTTPS
	case protecteddir.LocationNonSSL:
		return &l.HTTP
	case protecteddir.LocationCGI:
		return &l.CGI
	}
	return nil
}

// List reads the directories of the known sites in one packet, with the sites, whose ids may be others' by now, and the users of those
// that are known in another one.
func (ProtectedDirectory) List(ctx context.Context, d xmlapi.Doer, known engine.Known) ([]*engine.Found[directoryValue], error) {
	var out []*engine.Found[directoryValue]
	for some := range slices.Chunk(known.Parents, sitesPerList) {
		list, err := listDirectories(ctx, d, some, known.IDs)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// listDirectories reads the directories of some sites. A site that is not there any more has none.
func listDirectories(ctx context.Context, d xmlapi.Doer, ids, known []string) ([]*engine.Found[directoryValue], error) {
	var calls []xmlapi.Caller
	var reads []*xmlapi.Call[xmlapi.QueryRequest, protecteddir.GetResult]
	for _, f := range engine.ListFilters(protecteddir.BySite, ids, engine.IDsPerOperation) {
		read := protecteddir.Get.Call(xmlapi.QueryRequest{Filter: f.Query()})
		reads, calls = append(reads, read), append(calls, read)
	}
	sites, err := target.SitesByID(ctx, d, ids, calls...)
	if err != nil {
		return nil, err
	}
	var all []protecteddir.GetResult
	for _, read := range reads {
		some, err := read.All()
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	users, err := listUsers(ctx, d, all, known)
	if err != nil {
		return nil, err
	}
	return engine.ListOf(protecteddir.Get, all, func(r protecteddir.GetResult) (*engine.Found[directoryValue], error) {
		if r.ID == 0 || r.FilterID == "" || r.Data == nil || r.Data.Name == nil {
			return nil, xmlapi.Incomplete(protecteddir.Get, "id, site and name")
		}
		at := sites[r.FilterID]
		if at == nil { // gone between the two
			return nil, nil
		}
		return foundDirectory(at, r, users[engine.IDText(r.ID)])
	})
}

// listUsers reads the users of those directories that are known, by the directories' ids.
func listUsers(ctx context.Context, d xmlapi.Doer, directories []protecteddir.GetResult, known []string) (map[string][]protecteddir.GetUserResult, error) {
	var ids []string
	for _, r := range directories {
		if id := engine.IDText(r.ID); slices.Contains(known, id) {
			ids = append(ids, id)
		}
	}
	var calls []xmlapi.Caller
	var reads []*xmlapi.Call[xmlapi.QueryRequest, protecteddir.GetUserResult]
	for _, f := range engine.ListFilters(protecteddir.ByDirectory, ids, engine.IDsPerOperation) {
		read := protecteddir.GetUser.Call(xmlapi.QueryRequest{Filter: f.Query()})
		reads, calls = append(reads, read), append(calls, read)
	}
	if len(calls) == 0 {
		return nil, nil
	}
	if err := d.Do(ctx, calls...); err != nil {
		return nil, err
	}
	users := map[string][]protecteddir.GetUserResult{}
	for _, read := range reads {
		some, err := read.All()
		if err != nil {
			return nil, err
		}
		for _, u := range some {
			users[u.FilterID] = append(users[u.FilterID], u)
		}
	}
	return users, nil
}
