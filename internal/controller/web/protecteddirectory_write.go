// Writing a protected directory, and its users.

package web

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/protecteddir"
)

// Create protects the directory: from then on nobody gets in. The users follow, since nothing may fail after the add.
func (ProtectedDirectory) Create(ctx context.Context, d xmlapi.Doer, w directoryValue) (engine.Identity, error) {
	site, err := engine.Number(w.site.ID)
	if err != nil {
		return engine.Identity{}, err
	}
	r, err := protecteddir.Add.One(ctx, d, protecteddir.AddRequest{SiteID: site, Name: wirePath(*w.Path), Header: w.Header, Location: w.Location.wire()})
	return engine.Identity{ID: engine.IDText(r.ID)}, err
}

// wire is the location to write, nil for none.
func (l *locationValue) wire() *protecteddir.Location {
	if l == nil {
		return nil
	}
	var out protecteddir.Location
	for _, name := range []string{protecteddir.LocationSSL, protecteddir.LocationNonSSL, protecteddir.LocationCGI} {
		if value := *l.field(name); value != nil {
			out.Properties = append(out.Properties, protecteddir.LocationProperty{Name: name, Value: *value})
		}
	}
	if len(out.Properties) == 0 {
		return nil
	}
	return &out
}

// Update moves the directory last: what is refused because a path is taken leaves nothing else to write.
func (ProtectedDirectory) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[directoryValue]) error {
	id, err := engine.Number(u.ID)
	if err != nil {
		return err
	}
	set := func(v protecteddir.Directory) error {
		_, err := protecteddir.Set.One(ctx, d, protecteddir.SetRequest{Filter: protecteddir.ByID(id), Values: v})
		return err
	}
	if p := u.Patch; p.Header != nil || p.Location != nil {
		if err := set(protecteddir.Directory{Header: p.Header, Location: p.Location.over(u).wire()}); err != nil {
			return err
		}
	}
	if err := updateUsers(ctx, d, id, u); err != nil {
		return err
	}
	if u.Patch.Path == nil {
		return nil
	}
	return set(protecteddir.Directory{Name: new(wirePath(*u.Patch.Path))})
}

// over completes a change of the location: whether properties that are left out stay is undocumented, so all go along. One that the spec does not set is
// written as the server has it.
func (l *locationValue) over(u engine.Update[directoryValue]) *locationValue {
	if l == nil {
		return nil
	}
	w := *u.Want.Location
	if have := u.Have.Location; have != nil {
		w.HTTPS, w.HTTP, w.CGI = cmp.Or(w.HTTPS, have.HTTPS), cmp.Or(w.HTTP, have.HTTP), cmp.Or(w.CGI, have.CGI)
	}
	return &w
}

// stepsPerPacket is how many users one packet writes.
const stepsPerPacket = 50

// step is a write of one user.
type step struct {
	xmlapi.Caller
	login   string
	outcome func() error
}

// updateUsers removes, adds and changes users, in this order. All is tried, whatever is refused; the first refusal is the error.
func updateUsers(ctx context.Context, d xmlapi.Doer, directory int64, u engine.Update[directoryValue]) error {
	steps, err := userSteps(directory, u)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(steps, stepsPerPacket) {
		calls := make([]xmlapi.Caller, len(some))
		for i, s := range some {
			calls[i] = s.Caller
		}
		if err := d.Do(ctx, calls...); err != nil {
			return err
		}
	}
	for _, s := range steps {
		if err := s.outcome(); err != nil {
			return fmt.Errorf("%w (user %q)", err, s.login)
		}
	}
	return nil
}

func userSteps(directory int64, u engine.Update[directoryValue]) ([]step, error) {
	var removals, adds, changes []step
	added := addedUsers(u.Changes)
	for _, c := range u.Changes {
		login, ok := c.Member.(string)
		switch {
		case ok && c.To == "":
			del := protecteddir.DeleteUser.Call(xmlapi.FilterRequest{Filter: protecteddir.ByID(u.Have.ids[login])})
			removals = append(removals, step{del, login, func() error {
				_, err := del.One()
				if xmlapi.IsNotFound(err) {
					return nil // gone already
				}
				return err
			}})
		case ok:
			password, there := u.Want.Passwords[login]
			if !there {
				return nil, engine.Invalid(passwordField(login), "a password is required to add the user")
			}
			add := protecteddir.AddUser.Call(protecteddir.AddUserRequest{DirectoryID: directory, Login: login, Password: password, PasswordType: new(plainPassword)})
			adds = append(adds, step{add, login, func() error { _, err := add.One(); return err }})
		}
	}
	for _, login := range slices.Sorted(maps.Keys(u.Patch.Passwords)) {
		id, there := u.Have.ids[login]
		if !there || slices.Contains(added, login) {
			continue // what adds a user says the password
		}
		set := protecteddir.SetUser.Call(protecteddir.SetUserRequest{
			Filter: protecteddir.ByID(id), Values: protecteddir.SetUserValues{Password: new(u.Patch.Passwords[login]), PasswordType: new(plainPassword)},
		})
		changes = append(changes, step{set, login, func() error { _, err := set.One(); return err }})
	}
	return slices.Concat(removals, adds, changes), nil
}

// plainPassword is a password that is sent as it is.
const plainPassword = "plain"

// Delete takes the protection away, with the users.
func (ProtectedDirectory) Delete(ctx context.Context, d xmlapi.Doer, found *engine.Found[directoryValue]) error {
	f, err := engine.FilterByID(protecteddir.ByID, found.ID)
	if err != nil {
		return err
	}
	_, err = protecteddir.Delete.One(ctx, d, xmlapi.FilterRequest{Filter: f})
	return err
}

// Contents are none beside the users (Others): the files stay.
func (ProtectedDirectory) Contents(context.Context, xmlapi.Doer, *engine.Found[directoryValue]) ([]engine.Content, error) {
	return nil, nil
}
