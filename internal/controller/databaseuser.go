// PleskDatabaseUser: operator `database`, natural key the login within the database.

package controller

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
)

// DatabaseUser is the kind PleskDatabaseUser: users of one database. Universal ones, of all that a subscription has on a database
// server, are somebody else's.
type DatabaseUser struct{}

// databaseUserValue is what a database user is on the wire.
type databaseUserValue struct {
	Login     *string        `plesk:"login"`
	Password  *xmlapi.Secret `plesk:"password,writeonly"`
	Role      *string        `plesk:"role,writeonly"`
	Hosts     []string       `plesk:"allowedHosts"`
	Addresses []string       `plesk:"allowedAddresses"`
	Default   *bool          `plesk:"default"`

	database string                         // id of the one to make it in
	seen     *v1alpha1.ObservedDatabaseUser // as found, for status.observed and the connection
}

var databaseRoles = words{
	{string(v1alpha1.DatabaseRoleReadWrite), database.ReadWrite},
	{string(v1alpha1.DatabaseRoleReadOnly), database.ReadOnly},
	{string(v1alpha1.DatabaseRoleWriteOnly), database.WriteOnly},
}

const databaseUserPassword = "spec.password"

// Refs implements engine.Kind.
func (DatabaseUser) Refs() []engine.Ref[*v1alpha1.PleskDatabaseUser] {
	return []engine.Ref[*v1alpha1.PleskDatabaseUser]{{
		Field: "spec.databaseRef", Target: databases, Parent: true,
		Get: func(o *v1alpha1.PleskDatabaseUser) []engine.Mention { return mention(&o.Spec.DatabaseRef) },
	}}
}

// Secrets implements engine.SecretUser.
func (DatabaseUser) Secrets(o *v1alpha1.PleskDatabaseUser) []engine.SecretUse {
	if o.Spec.Password == nil {
		return nil
	}
	return []engine.SecretUse{{Field: databaseUserPassword, Login: o.Spec.Login, SecretValue: *o.Spec.Password}}
}

// Desired implements engine.Kind.
func (DatabaseUser) Desired(o *v1alpha1.PleskDatabaseUser, in engine.Inputs) (engine.Key, databaseUserValue, error) {
	s := &o.Spec
	db := in.Ref("spec.databaseRef").Identity
	return databaseUserKey(db, s.Login), databaseUserValue{
		Login: &s.Login, Password: in.Secret(databaseUserPassword), Role: (*string)(s.Role),
		Hosts: s.AllowedHosts, Addresses: s.AllowedAddresses, Default: s.Default,
		database: db.ID,
	}, nil
}

// Normal implements engine.Normalizer: host names have no case, addresses and networks many spellings.
func (DatabaseUser) Normal(w databaseUserValue) databaseUserValue {
	collapse(&w.Login)
	w.Hosts = normalList(w.Hosts, func(h string) string { return strings.ToLower(singleBlanks(h)) })
	w.Addresses = normalList(w.Addresses, normalNetwork)
	return w
}

// normalList brings every member into its form, and the members in order. Nil stays nil: it is not managed.
func normalList(list []string, form func(string) string) []string {
	if list == nil {
		return nil
	}
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = form(s)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// normalNetwork is an address or a network in canonical form; a network of one address is that address. What is neither stays.
func normalNetwork(s string) string {
	s = singleBlanks(s)
	if a, err := normalAddress(s); err == nil {
		return a
	}
	p, err := netip.ParsePrefix(s)
	switch {
	case err != nil:
		return s
	case p.IsSingleIP():
		return p.Addr().Unmap().String()
	}
	return p.Masked().String()
}

// Find implements engine.Kind. The users of a database are few: they are read together, by whatever the user is known.
func (DatabaseUser) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[databaseUserValue], error) {
	id, err := number(h.Place().ID)
	if err != nil {
		return nil, err
	}
	users := database.GetDBUsers.Call(xmlapi.QueryRequest{Filter: database.ByDatabase(id).Query()})
	list, err := readDatabases(ctx, d, database.ByID(id).Query(), users)
	if err != nil {
		return nil, err
	}
	all, err := users.All()
	if err != nil {
		return nil, err
	}
	u := userOf(all, id, h)
	switch {
	case u == nil:
		return nil, nil
	case len(list.databases) == 0:
		return nil, incomplete(database.GetDB, "the database of the user")
	}
	found := foundDatabaseUser(list, list.databases[0], u)
	if h.ID == "" { // what nobody has recorded may be out of reach
		subscription, _, err := aroundDatabase(ctx, d, list.databases[0])
		if err != nil {
			return nil, err
		}
		found.In = append(found.In, ownersIn(subscription)...)
	}
	return found, nil
}

// userOf is the user with the id, else the one with the login, nil for neither.
func userOf(users []database.GetDBUsersResult, db int64, h engine.Handle) *database.GetDBUsersResult {
	key := h.Key
	if key.Name == "" {
		key = h.Was
	}
	var named *database.GetDBUsersResult
	for i := range users {
		u := &users[i]
		switch {
		case u.DatabaseID != db || u.ID == 0: // a universal one
		case idText(u.ID) == h.ID:
			return u
		case singleBlanks(u.Login) == key.Name:
			named = u
		}
	}
	return named
}

func foundDatabaseUser(list *databaseList, db database.GetDBResult, u *database.GetDBUsersResult) *engine.Found[databaseUserValue] {
	var hosts, addresses []string
	if u.ACL != nil {
		hosts = u.ACL.Hosts
	}
	if u.AllowAccessFrom != nil {
		addresses = u.AllowAccessFrom.IPAddresses
	}
	server := list.server(db)
	in := engine.Identity{ID: idText(db.ID)}
	isDefault := db.DefaultUserID != nil && *db.DefaultUserID == u.ID
	return &engine.Found[databaseUserValue]{
		Identity: engine.Identity{ID: idText(u.ID)},
		Key:      databaseUserKey(in, u.Login),
		In:       []engine.Owner{{Kind: "PleskDatabase", Identity: in}},
		Value: databaseUserValue{
			Login: &u.Login, Hosts: hosts, Addresses: addresses, Default: &isDefault,
			seen: &v1alpha1.ObservedDatabaseUser{
				Database: db.Name, Type: v1alpha1.DatabaseType(deref(databaseTypes.api(&db.Type))), Host: server.host, Port: server.port,
				Default: isDefault, AllowedHosts: hosts, AllowedAddresses: addresses,
			},
		},
	}
}

// Create implements engine.Maker. To make it the default user is an update: nothing may fail after the add.
func (DatabaseUser) Create(ctx context.Context, d xmlapi.Doer, w databaseUserValue) (engine.Identity, error) {
	if w.Password == nil {
		return engine.Identity{}, engine.Invalid(databaseUserPassword, "required to create the user")
	}
	db, err := number(w.database)
	if err != nil {
		return engine.Identity{}, err
	}
	r, err := database.AddDBUser.One(ctx, d, database.AddDBUserRequest{
		DatabaseID: &db, Login: *w.Login, Password: *w.Password, ACL: w.acl(), AllowAccessFrom: w.rules(), Role: databaseRoles.wire(w.Role),
	})
	return engine.Identity{ID: idText(r.ID)}, err
}

// Update implements engine.Kind.
func (DatabaseUser) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[databaseUserValue]) error {
	id, err := number(u.ID)
	if err != nil {
		return err
	}
	p := u.Patch
	if p.Login != nil || p.Password != nil || p.Role != nil || p.Hosts != nil || p.Addresses != nil {
		_, err = database.SetDBUser.One(ctx, d, database.SetDBUserRequest{
			ID: id, Login: p.Login, Password: p.Password, ACL: p.acl(), AllowAccessFrom: p.rules(), Role: databaseRoles.wire(p.Role),
		})
		if err != nil {
			return err
		}
	}
	if p.Default == nil {
		return nil
	}
	db, err := number(u.Want.database)
	if err != nil {
		return err
	}
	_, err = database.SetDefaultUser.One(ctx, d, database.SetDefaultUserRequest{DatabaseID: db, UserID: id})
	return err
}

// acl is the hosts to write, nil for none; an empty list clears.
func (w *databaseUserValue) acl() *database.ACL {
	if w.Hosts == nil {
		return nil
	}
	return &database.ACL{Hosts: w.Hosts}
}

// rules are the addresses to write, nil for none; an empty list clears.
func (w *databaseUserValue) rules() *database.AccessRules {
	if w.Addresses == nil {
		return nil
	}
	return &database.AccessRules{IPAddresses: w.Addresses}
}

// Delete implements engine.Maker.
func (DatabaseUser) Delete(ctx context.Context, d xmlapi.Doer, found *engine.Found[databaseUserValue]) error {
	f, err := filterByID(database.ByID, found.ID)
	if err != nil {
		return err
	}
	_, err = database.DelDBUser.One(ctx, d, xmlapi.FilterRequest{Filter: f})
	return err
}

// Contents implements engine.Maker: nothing lies in a user.
func (DatabaseUser) Contents(context.Context, xmlapi.Doer, *engine.Found[databaseUserValue]) ([]engine.Content, error) {
	return nil, nil
}

// Stateless implements engine.Stateless: the data are the database's.
func (DatabaseUser) Stateless() {}

// Privileged implements engine.Privileged: tenants name the hosts that they come from.
func (DatabaseUser) Privileged(w databaseUserValue) []string {
	var fields []string
	if slices.ContainsFunc(w.Hosts, func(h string) bool { return strings.ContainsAny(h, "%_") || isWide(h) }) {
		fields = append(fields, "allowedHosts")
	}
	if slices.ContainsFunc(w.Addresses, isWide) {
		fields = append(fields, "allowedAddresses")
	}
	return fields
}

// mappedIPv4 holds all IPv4 addresses in the guise of IPv6 ones.
var mappedIPv4 = netip.MustParsePrefix("::ffff:0:0/96")

// isWide reports whether a network, with a prefix length or a mask, is larger than 10.0.0.0/8 or 2000::/16. One that cannot be read is.
func isWide(network string) bool {
	_, size, isNetwork := strings.Cut(network, "/")
	if !isNetwork {
		return false
	}
	if p, err := netip.ParsePrefix(network); err == nil {
		if p.Addr().Is4() {
			return p.Bits() < 8
		}
		return p.Bits() < 16 || p.Bits() < 96+8 && p.Overlaps(mappedIPv4)
	}
	mask, err := netip.ParseAddr(size)
	return err != nil || !mask.Is4() || mask.As4()[0] != 255
}

// Observe implements engine.Kind.
func (DatabaseUser) Observe(o *v1alpha1.PleskDatabaseUser, f *engine.Found[databaseUserValue]) {
	o.Status.Observed = f.Value.seen
}

// KeyField implements engine.Named.
func (DatabaseUser) KeyField() string { return "spec.login" }

// Field implements engine.Blamer.
func (k DatabaseUser) Field(err *xmlapi.Error) string {
	switch {
	case err.About() == xmlapi.AboutName:
		return k.KeyField()
	case err.Operation == database.AddDBUser.Name() && err.About() == xmlapi.AboutObject:
		return "spec.databaseRef"
	case err.Operation == database.SetDefaultUser.Name():
		return "spec.default"
	}
	return ""
}
