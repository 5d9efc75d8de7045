// The database operator: databases of subscriptions (operators-services §5.1). Their users are in database_user.go, the servers that
// they are made on in databaseserver.go.

package plesksim

import (
	"regexp"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/plesksim/table"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	databaseapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dbserver"
)

// database belongs to a subscription. Its name, type and server never change.
type database struct {
	ID          int64
	Webspace    int64
	Server      int64
	Type        string
	Name        string
	DefaultUser int64  `json:",omitempty"`
	CustomHost  string `json:",omitempty"` // that users are told; never answered
}

// databaseState holds the tables of the database operator.
type databaseState struct {
	Databases          *table.Table[database]
	DatabaseUsers      *table.Table[databaseUser]
	LastDatabase       int64
	LastDatabaseUser   int64
	LastDatabaseServer int64

	databasesByWebspace    *table.Index[database]
	databasesByServer      *table.Index[database]
	databasesByName        *table.Index[database] // by server and name
	databasesByDefaultUser *table.Index[database]
	usersByDatabase        *table.Index[databaseUser]
	usersByWebspace        *table.Index[databaseUser] // universal ones
	usersByServer          *table.Index[databaseUser]
	usersByLogin           *table.Index[databaseUser] // by server and login
}

func newDatabaseState() databaseState {
	var s databaseState
	s.Databases = table.New(func(d *database) int64 { return d.ID })
	s.databasesByWebspace = s.Databases.Index(func(d *database) string { return idKey(d.Webspace) })
	s.databasesByServer = s.Databases.Index(func(d *database) string { return idKey(d.Server) })
	s.databasesByName = s.Databases.Index(func(d *database) string { return onServer(d.Server, d.Name) })
	s.databasesByDefaultUser = s.Databases.Index(func(d *database) string { return idKey(d.DefaultUser) })
	s.DatabaseUsers = table.New(func(u *databaseUser) int64 { return u.ID })
	s.usersByDatabase = s.DatabaseUsers.Index(func(u *databaseUser) string { return idKey(u.Database) })
	s.usersByWebspace = s.DatabaseUsers.Index(func(u *databaseUser) string { return idKey(u.Webspace) })
	s.usersByServer = s.DatabaseUsers.Index(func(u *databaseUser) string { return idKey(u.Server) })
	s.usersByLogin = s.DatabaseUsers.Index(func(u *databaseUser) string { return onServer(u.Server, u.Login) })
	return s
}

// onServer is a name on a database server as it is compared.
func onServer(server int64, name string) string { return idKey(server) + "/" + foldName(name) }

func databaseOperations() []operation {
	return []operation{
		one("database/add-db", anyone, databaseAdd),
		many("database/get-db", anyone, databaseGet),
		many("database/del-db", anyone, databaseDel),
		many("database/assign-to-subscription", anyone, databaseAssign),
		one("database/set-default-user", anyone, databaseSetDefaultUser),
		many("database/get-default-user", anyone, databaseGetDefaultUser),
		many("database/set-custom-host", anyone, databaseSetCustomHost),

		one("database/add-db-user", anyone, databaseAddUser),
		many("database/get-db-users", anyone, databaseGetUsers),
		one("database/set-db-user", anyone, databaseSetUser),
		many("database/del-db-user", anyone, databaseDelUser),
	}
}

func noDatabase() *refusal { return refuse(xmlapi.CodeNotFound, "Database does not exist.") }

// databases says how databases are found. Those of a subscription without any match nothing, which is told with the filter's value.
func (c *call) databases() finder[database] {
	return finder[database]{
		table: c.Databases,
		find: func(kind, value string) ([]*database, error) {
			switch kind {
			case "webspace-id":
				kind = "id"
			case "webspace-name":
				kind = "name"
			default: // id, and db-id of default users
				return rowsOrMissing(single(c.Databases.Get(idValue(value))), noDatabase())
			}
			w, err := c.databaseOwner(c.webspaceBy(kind, value))
			if err != nil {
				return nil, err
			}
			return c.databasesByWebspace.All(idKey(w.ID)), nil
		},
		sees:    c.seesDatabase,
		missing: noDatabase,
		parents: true,
	}
}

func (c *call) seesDatabase(d *database) bool { return c.seesWebspace(c.Webspaces.Get(d.Webspace)) }

// databaseOwner is the subscription that was found, if the caller may know of it.
func (c *call) databaseOwner(found []*webspace) (*webspace, error) {
	if len(found) == 0 {
		return nil, refuse(xmlapi.CodeOwnerNotFound, "Domain does not exist.")
	}
	if !c.seesWebspace(found[0]) {
		if c.writes && c.opts.ForeignObjectsForbidden {
			return nil, permissionDenied()
		}
		return nil, refuse(xmlapi.CodeOwnerNotFound, "Domain does not exist.")
	}
	return found[0], nil
}

// databaseBy is the database with the id, if the caller may know of it.
func (c *call) databaseBy(id int64) (*database, error) {
	found, err := c.databases().visible(c, "id", idKey(id))
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

var databaseNamePattern = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.$-]*$`)

// longestDatabaseName is what the servers take.
var longestDatabaseName = map[string]int{dbserver.MySQL: 64, dbserver.PostgreSQL: 63, dbserver.MSSQL: 123}

func databaseAdd(c *call, req databaseapi.AddDBRequest) (databaseapi.AddResult, error) {
	w, err := c.databaseOwner(single(c.Webspaces.Get(req.WebspaceID)))
	if err != nil {
		return databaseapi.AddResult{}, err
	}
	server, err := c.databaseServerFor(w, req.Type, req.ServerID)
	if err != nil {
		return databaseapi.AddResult{}, err
	}
	if len(req.Name) > longestDatabaseName[req.Type] || !databaseNamePattern.MatchString(req.Name) {
		return databaseapi.AddResult{}, refuse(xmlapi.CodeInvalidValue, "The database name '%s' is invalid.", req.Name)
	}
	if c.databasesByName.First(onServer(server.ID, req.Name)) != nil {
		return databaseapi.AddResult{}, refuse(xmlapi.CodeExists, "Database %s already exists.", req.Name)
	}
	if err := c.roomFor(w, c.databaseLimit(req.Type)); err != nil {
		return databaseapi.AddResult{}, err
	}
	d := &database{ID: next(&c.LastDatabase), Webspace: w.ID, Server: server.ID, Type: req.Type, Name: req.Name}
	c.Databases.Insert(d)
	c.usageChanged(w.ID)
	c.event("db", "created", idKey(d.ID))
	return databaseapi.AddResult{ID: d.ID}, nil
}

// databaseLimit is the limit that bounds the databases of a type. Windows has one of its own for Microsoft's.
func (s *state) databaseLimit(kind string) string {
	if s.onWindows() && kind == dbserver.MSSQL {
		return limitMSSQLDatabases
	}
	return limitDatabases
}

// The limits on the number of databases.
const (
	limitDatabases      = "max_db"
	limitMSSQLDatabases = "max_mssql_db"
)

// countDatabases counts the databases of a subscription that a limit bounds.
func (s *state) countDatabases(w *webspace, limit string) int64 {
	var n int64
	for _, d := range s.databasesByWebspace.All(idKey(w.ID)) {
		if s.databaseLimit(d.Type) == limit {
			n++
		}
	}
	return n
}

func databaseGet(c *call, req xmlapi.QueryRequest) ([]databaseapi.GetDBResult, error) {
	return each(c, c.databases(), req.Filter, func(d *database) (databaseapi.GetDBResult, error) {
		res := databaseapi.GetDBResult{Name: d.Name, Type: d.Type, WebspaceID: d.Webspace, ServerID: d.Server}
		if d.DefaultUser != 0 {
			res.DefaultUserID = new(d.DefaultUser)
		}
		return res, nil
	})
}

func databaseDel(c *call, req xmlapi.FilterRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.databases(), req.Filter, func(d *database) (xmlapi.FilterResult, error) {
		c.removeDatabase(d)
		return xmlapi.FilterResult{}, nil
	})
}

// removeDatabase removes a database with its own users; universal ones stay.
func (c *call) removeDatabase(d *database) {
	for _, u := range c.usersByDatabase.All(idKey(d.ID)) {
		c.removeDatabaseUser(u)
	}
	c.Databases.Remove(d)
	c.usageChanged(d.Webspace)
	c.event("db", "deleted", idKey(d.ID))
}

// removeDatabasesOf removes a subscription's databases and database users.
func (c *call) removeDatabasesOf(w *webspace) {
	for _, d := range c.databasesByWebspace.All(idKey(w.ID)) {
		c.removeDatabase(d)
	}
	for _, u := range c.usersByWebspace.All(idKey(w.ID)) {
		c.removeDatabaseUser(u)
	}
}

// databaseAssign moves databases, with their own users, to another subscription. A universal user stays where it is, and is no longer the
// default user.
func databaseAssign(c *call, req databaseapi.AssignToSubscriptionRequest) ([]xmlapi.FilterResult, error) {
	to, ownerErr := c.databaseOwner(single(c.Webspaces.Get(req.WebspaceID)))
	return each(c, c.databases(), req.Filter, func(d *database) (xmlapi.FilterResult, error) {
		if ownerErr != nil || d.Webspace == to.ID {
			return xmlapi.FilterResult{}, ownerErr
		}
		if _, err := c.databaseServerFor(to, d.Type, &d.Server); err != nil {
			return xmlapi.FilterResult{}, err
		}
		if err := c.roomFor(to, c.databaseLimit(d.Type)); err != nil {
			return xmlapi.FilterResult{}, err
		}
		c.usageChanged(d.Webspace)
		c.usageChanged(to.ID)
		c.Databases.Change(d, func() {
			d.Webspace = to.ID
			if u := c.DatabaseUsers.Get(d.DefaultUser); u != nil && u.Database != d.ID {
				d.DefaultUser = 0
			}
		})
		c.event("db", "updated", idKey(d.ID))
		return xmlapi.FilterResult{}, nil
	})
}

func databaseSetDefaultUser(c *call, req databaseapi.SetDefaultUserRequest) (xmlapi.Result, error) {
	d, err := c.databaseBy(req.DatabaseID)
	if err != nil {
		return xmlapi.Result{}, err
	}
	u, err := c.databaseUserBy(req.UserID)
	if err != nil {
		return xmlapi.Result{}, err
	}
	if universal := u.Webspace == d.Webspace && u.Server == d.Server; u.Database != d.ID && !universal {
		return xmlapi.Result{}, refuse(xmlapi.CodeInvalidValue, "The user %s has no access to the database %s.", u.Login, d.Name)
	}
	c.Databases.Change(d, func() { d.DefaultUser = u.ID })
	c.event("db", "updated", idKey(d.ID))
	return xmlapi.Result{}, nil
}

// databaseGetDefaultUser answers the users' ids where other operations have the databases'.
func databaseGetDefaultUser(c *call, req xmlapi.QueryRequest) ([]databaseapi.GetDefaultUserResult, error) {
	results, err := each(c, c.databases(), req.Filter, func(*database) (databaseapi.GetDefaultUserResult, error) {
		return databaseapi.GetDefaultUserResult{}, nil
	})
	for i := range results {
		if d := c.Databases.Get(results[i].ID); d != nil {
			results[i].ID = d.DefaultUser
		}
	}
	return results, err
}

var hostPattern = regexp.MustCompile(`^[A-Za-z0-9_.:%/\\-]{1,255}$`)

func databaseSetCustomHost(c *call, req databaseapi.SetCustomHostRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.databases(), req.Filter, func(d *database) (xmlapi.FilterResult, error) {
		if req.Host != "" && !hostPattern.MatchString(req.Host) {
			return xmlapi.FilterResult{}, refuse(xmlapi.CodeInvalidValue, "The host '%s' is invalid.", req.Host)
		}
		d.CustomHost = req.Host
		c.event("db", "updated", idKey(d.ID))
		return xmlapi.FilterResult{}, nil
	})
}

// databaseServerFor is the server that a subscription's database of a type is made on: the named one, or else the default one of the type.
// A subscription that is offered certain servers can use no others; without such an offer it can use all of them, if the caller may choose.
func (c *call) databaseServerFor(w *webspace, kind string, id *int64) (*databaseServer, error) {
	if !slices.Contains(c.databaseTypes(), kind) {
		return nil, refuse(xmlapi.CodeDBServerType, "Wrong database server type: '%s'.", kind)
	}
	offered := func(s *databaseServer) bool {
		return len(w.DatabaseServers) == 0 || slices.Contains(w.DatabaseServers, s.ID)
	}
	usual := c.usualDatabaseServer(kind, offered)
	if id == nil {
		if usual == nil {
			return nil, refuse(xmlapi.CodeDBServerConfig, "The database server of the type %s is not configured.", kind)
		}
		return usual, nil
	}
	server := c.databaseServer(*id)
	switch {
	case server == nil:
		return nil, noDatabaseServer()
	case server.Type != kind:
		return nil, refuse(xmlapi.CodeDBServerType, "Wrong database server type: '%s'.", kind)
	case !offered(server):
		return nil, permissionDenied()
	case server != usual && c.who.role == customerRole && !w.Permissions["select_db_server"]:
		return nil, permissionDenied()
	}
	return server, nil
}

// usualDatabaseServer is the default server of a type where it is offered, else the first one that is.
func (s *state) usualDatabaseServer(kind string, offered func(*databaseServer) bool) *databaseServer {
	var first *databaseServer
	for i := range s.DatabaseServers {
		d := &s.DatabaseServers[i]
		switch {
		case d.Type != kind || !offered(d):
		case d.Default:
			return d
		case first == nil:
			first = d
		}
	}
	return first
}
