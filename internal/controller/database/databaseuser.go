// PleskDatabaseUser: operator `database`, natural key the login within the database.

package database

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskdatabaseusers,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskdatabaseusers/status,verbs=get;update;patch

// User is the kind PleskDatabaseUser: users of one database. Universal ones, of all that a subscription has on a database
// server, are not for this kind.
type User struct{}

var (
	_ engine.Kind[*v1alpha1.PleskDatabaseUser, databaseUserValue]      = User{}
	_ engine.Maker[databaseUserValue]                                  = User{}
	_ engine.Lister[databaseUserValue]                                 = User{}
	_ engine.Logged                                                    = User{}
	_ engine.Normalizer[databaseUserValue]                             = User{}
	_ engine.SecretUser[*v1alpha1.PleskDatabaseUser]                   = User{}
	_ engine.Publisher[*v1alpha1.PleskDatabaseUser, databaseUserValue] = User{}
	_ engine.Privileged[databaseUserValue]                             = User{}
	_ engine.Stateless                                                 = User{}
	_ engine.Named                                                     = User{}
	_ engine.Blamer                                                    = User{}
)

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
	// universal : of all databases of a subscription, and so of no resource. The server does not tell of which.
	universal bool
}

var databaseRoles = form.Words{
	{string(v1alpha1.DatabaseRoleReadWrite), database.ReadWrite},
	{string(v1alpha1.DatabaseRoleReadOnly), database.ReadOnly},
	{string(v1alpha1.DatabaseRoleWriteOnly), database.WriteOnly},
}

const databaseUserPassword = "spec.password"

func (User) Roles() []v1alpha1.ServerRole { return engine.ForAnybody }

func (User) Refs() []engine.Ref[*v1alpha1.PleskDatabaseUser] {
	return []engine.Ref[*v1alpha1.PleskDatabaseUser]{{
		Field: "spec.databaseRef", Target: target.Databases, Parent: true,
		Get: func(o *v1alpha1.PleskDatabaseUser) []engine.Mention { return target.Mention(&o.Spec.DatabaseRef) },
		Set: func(o *v1alpha1.PleskDatabaseUser, m []engine.Mention) { o.Spec.DatabaseRef = *target.Reference(m) },
	}}
}

func (User) Secrets(o *v1alpha1.PleskDatabaseUser) []engine.SecretUse {
	if o.Spec.Password == nil {
		return nil
	}
	return []engine.SecretUse{{Field: databaseUserPassword, Login: o.Spec.Login, SecretValue: *o.Spec.Password}}
}

func (User) Desired(o *v1alpha1.PleskDatabaseUser, in engine.Inputs) (engine.Key, databaseUserValue, error) {
	s := &o.Spec
	db := in.Ref("spec.databaseRef").Identity
	return target.DatabaseUserKey(db, s.Login), databaseUserValue{
		Login: &s.Login, Password: in.Secret(databaseUserPassword), Role: (*string)(s.Role),
		Hosts: s.AllowedHosts, Addresses: s.AllowedAddresses, Default: s.Default,
		database: db.ID,
	}, nil
}

// Normal puts host names into lower case, and addresses and networks into their one canonical spelling.
func (User) Normal(w databaseUserValue) databaseUserValue {
	form.Collapse(&w.Login)
	w.Hosts = form.NormalSet(w.Hosts, func(h string) string { return strings.ToLower(form.SingleBlanks(h)) })
	w.Addresses = form.NormalSet(w.Addresses, form.Network)
	return w
}

// Find reads all users of the database, by whatever the user is known: there are few.
func (User) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[databaseUserValue], error) {
	id, err := engine.Number(h.Place().ID)
	if err != nil {
		return nil, err
	}
	users := database.GetDBUsers.Call(xmlapi.QueryRequest{Filter: database.ByDatabase(id).Query()})
	list, err := target.ReadDatabases(ctx, d, database.ByID(id).Query(), users)
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
	case len(list.Databases) == 0:
		return nil, xmlapi.Incomplete(database.GetDB, "the database of the user")
	}
	found := foundDatabaseUser(list, list.Databases[0], u)
	if h.ID == "" { // one that is not recorded as ours may be out of reach
		subscription, _, err := target.AroundDatabase(ctx, d, list.Databases[0])
		if err != nil {
			return nil, err
		}
		found.In = append(found.In, target.WithOwners(subscription)...)
	}
	return found, nil
}

// List reads the users of all databases in one packet: none is large. As those that are recorded, they come without what their databases
// lie in. Universal ones are among them, so that they are not passed over in silence. A user whose database is not shown has just been made.
func (User) List(ctx context.Context, d xmlapi.Doer, _ engine.Known) ([]*engine.Found[databaseUserValue], error) {
	users := database.GetDBUsers.Call(xmlapi.QueryRequest{Filter: xmlapi.All()})
	list, err := target.ReadDatabases(ctx, d, xmlapi.All(), users)
	if err != nil {
		return nil, err
	}
	databases, err := engine.ByID(database.GetDB, list.Databases, func(db database.GetDBResult) int64 { return db.ID })
	if err != nil {
		return nil, err
	}
	all, err := users.All()
	if err != nil {
		return nil, err
	}
	return engine.ListOf(database.GetDBUsers, all, func(u database.GetDBUsersResult) (*engine.Found[databaseUserValue], error) {
		db, ok := databases[u.DatabaseID]
		switch {
		case u.ID == 0:
			return nil, nil
		case u.DatabaseID == 0:
			return &engine.Found[databaseUserValue]{
				Identity: engine.Identity{ID: engine.IDText(u.ID)}, Key: engine.Key{Name: form.SingleBlanks(u.Login)}, Value: databaseUserValue{Login: &u.Login, universal: true},
			}, nil
		case !ok:
			return nil, nil
		}
		return foundDatabaseUser(list, db, &u), nil
	})
}

// EventClasses includes those of the database, which says who its default user is.
func (User) EventClasses() (own, around []string) { return []string{"db_user", "db"}, nil }

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
		case engine.IDText(u.ID) == h.ID:
			return u
		case form.SingleBlanks(u.Login) == key.Name:
			named = u
		}
	}
	return named
}

func foundDatabaseUser(list *target.DatabaseList, db database.GetDBResult, u *database.GetDBUsersResult) *engine.Found[databaseUserValue] {
	var hosts, addresses []string
	if u.ACL != nil {
		hosts = u.ACL.Hosts
	}
	if u.AllowAccessFrom != nil {
		addresses = u.AllowAccessFrom.IPAddresses
	}
	server := list.Server(db)
	in := engine.Identity{ID: engine.IDText(db.ID)}
	isDefault := db.DefaultUserID != nil && *db.DefaultUserID == u.ID
	return &engine.Found[databaseUserValue]{
		Identity: engine.Identity{ID: engine.IDText(u.ID)},
		Key:      target.DatabaseUserKey(in, u.Login),
		In:       []engine.Owner{{Kind: "PleskDatabase", Identity: in, Key: target.DatabaseKey(server.Identity, db.Name)}},
		Value: databaseUserValue{
			Login: &u.Login, Hosts: hosts, Addresses: addresses, Default: &isDefault,
			seen: &v1alpha1.ObservedDatabaseUser{
				Database: db.Name, Type: v1alpha1.DatabaseType(form.Deref(databaseTypes.API(&db.Type))), Host: server.Host, Port: server.Port,
				Default: isDefault, AllowedHosts: hosts, AllowedAddresses: addresses,
			},
		},
	}
}

// Create does not make it the default user, which is an update: nothing may fail after the add.
func (User) Create(ctx context.Context, d xmlapi.Doer, w databaseUserValue) (engine.Identity, error) {
	if w.Password == nil {
		return engine.Identity{}, engine.Invalid(databaseUserPassword, "required to create the user")
	}
	db, err := engine.Number(w.database)
	if err != nil {
		return engine.Identity{}, err
	}
	r, err := database.AddDBUser.One(ctx, d, database.AddDBUserRequest{
		DatabaseID: &db, Login: *w.Login, Password: *w.Password, ACL: w.acl(), AllowAccessFrom: w.rules(), Role: databaseRoles.Wire(w.Role),
	})
	return engine.Identity{ID: engine.IDText(r.ID)}, err
}

func (User) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[databaseUserValue]) error {
	id, err := engine.Number(u.ID)
	if err != nil {
		return err
	}
	p := u.Patch
	if p.Login != nil || p.Password != nil || p.Role != nil || p.Hosts != nil || p.Addresses != nil {
		_, err = database.SetDBUser.One(ctx, d, database.SetDBUserRequest{
			ID: id, Login: p.Login, Password: p.Password, ACL: p.acl(), AllowAccessFrom: p.rules(), Role: databaseRoles.Wire(p.Role),
		})
		if err != nil {
			return err
		}
	}
	if p.Default == nil {
		return nil
	}
	db, err := engine.Number(u.Want.database)
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

func (User) Delete(ctx context.Context, d xmlapi.Doer, found *engine.Found[databaseUserValue]) error {
	f, err := engine.FilterByID(database.ByID, found.ID)
	if err != nil {
		return err
	}
	_, err = database.DelDBUser.One(ctx, d, xmlapi.FilterRequest{Filter: f})
	return err
}

// Contents is empty: nothing lies in a user.
func (User) Contents(context.Context, xmlapi.Doer, *engine.Found[databaseUserValue]) ([]engine.Content, error) {
	return nil, nil
}

// Stateless says that the data belong to the database.
func (User) Stateless() {}

// Privileged lists hosts and networks that are too wide: tenants name the hosts that they come from.
func (User) Privileged(w databaseUserValue) []string {
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

func (User) Observe(o *v1alpha1.PleskDatabaseUser, f *engine.Found[databaseUserValue]) {
	o.Status.Observed = f.Value.seen
}

func (User) KeyField() string { return "spec.login" }

func (k User) Field(err *xmlapi.Error) string {
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
