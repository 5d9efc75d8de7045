// The db_server operator: the servers that databases are made on (operators-services §6).

package plesksim

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dbserver"
)

// databaseServer is one that databases can be made on. Whether it is local follows from its host.
type databaseServer struct {
	ID          int64
	Type        string
	Host        string
	Port        int
	Admin       string
	Credentials bool // its administrator's password is known
	Default     bool // of its type
}

// usualPorts are the ports of the types.
var usualPorts = map[string]int{dbserver.MySQL: 3306, dbserver.PostgreSQL: 5432, dbserver.MSSQL: 1433}

// seedDatabaseServers gives a fresh state its local servers.
func (s *state) seedDatabaseServers() {
	local := []databaseServer{{Type: dbserver.MySQL, Admin: "admin"}}
	if s.onWindows() {
		local = append(local, databaseServer{Type: dbserver.MSSQL, Admin: "sa"})
	}
	for _, d := range local {
		d.ID, d.Host, d.Port, d.Credentials, d.Default = next(&s.LastDatabaseServer), "localhost", usualPorts[d.Type], true, true
		s.DatabaseServers = append(s.DatabaseServers, d)
	}
}

// databaseTypes are the types of servers that can be registered.
func (s *state) databaseTypes() []string {
	if s.onWindows() {
		return []string{dbserver.MySQL, dbserver.MSSQL}
	}
	return []string{dbserver.MySQL, dbserver.PostgreSQL}
}

func databaseServerOperations() []operation {
	return []operation{
		one("db_server/add", administrator, dbServerAdd),
		many("db_server/get", anyone, dbServerGet),
		one("db_server/set", administrator, dbServerSet),
		many("db_server/del", administrator, dbServerDel),
		one("db_server/set-default", administrator, dbServerSetDefault),
		many("db_server/get-default", anyone, dbServerGetDefault),
		many("db_server/get-local", anyone, dbServerGetLocal),
		one("db_server/get-supported-types", anyone, dbServerGetSupportedTypes),
	}
}

func noDatabaseServer() *refusal {
	return refuse(xmlapi.CodeNotFound, "Database server does not exist.")
}

// databaseServer is the server with the id, nil when there is none.
func (s *state) databaseServer(id int64) *databaseServer {
	for i := range s.DatabaseServers {
		if s.DatabaseServers[i].ID == id {
			return &s.DatabaseServers[i]
		}
	}
	return nil
}

// isLocalHost tells whether a host is the machine itself.
func isLocalHost(host string) bool {
	if address, err := netip.ParseAddr(host); err == nil {
		return address.IsLoopback()
	}
	name, _, _ := strings.Cut(strings.ToLower(host), `\`) // Microsoft's servers have named instances
	return name == "localhost" || name == "."
}

func (d *databaseServer) local() bool { return isLocalHost(d.Host) }

// checkDatabaseServer refuses a server that cannot be, or that is there already.
func (s *state) checkDatabaseServer(d databaseServer) error {
	if !hostPattern.MatchString(d.Host) || d.Port < 1 || d.Port > 65535 {
		return refuse(xmlapi.CodeInvalidValue, "The address %s:%d of the database server is invalid.", d.Host, d.Port)
	}
	if d.Admin == "" {
		return refuse(xmlapi.CodeInvalidValue, "The login of the database server's administrator is empty.")
	}
	for i := range s.DatabaseServers {
		other := &s.DatabaseServers[i]
		switch {
		case other.ID == d.ID || other.Type != d.Type:
		case d.local() && other.local():
			return refuse(xmlapi.CodeFailed, "The local database server of the type %s is registered already.", d.Type)
		case foldName(other.Host) == foldName(d.Host) && other.Port == d.Port:
			return refuse(xmlapi.CodeExists, "The database server %s:%d already exists.", d.Host, d.Port)
		}
	}
	if d.local() && !s.componentInstalled(d.Type) {
		return refuse(xmlapi.CodeComponentMissing, "The database server of the type %s is not installed.", d.Type)
	}
	return nil
}

// dbServerAdd registers a server. The first one of its type becomes the default. Whether it can be reached is not tested.
func dbServerAdd(c *call, req dbserver.AddRequest) (dbserver.IDResult, error) {
	if !slices.Contains(c.databaseTypes(), req.Type) {
		return dbserver.IDResult{}, refuse(xmlapi.CodeDBServerType, "Wrong database server type: '%s'.", req.Type)
	}
	d := databaseServer{Type: req.Type, Host: req.Host, Port: usualPorts[req.Type], Admin: req.Admin, Credentials: hasPassword(req.Password)}
	if req.Port != "" {
		port, err := strconv.Atoi(req.Port)
		if err != nil {
			return dbserver.IDResult{}, refuse(xmlapi.CodeInvalidValue, "The port '%s' is invalid.", req.Port)
		}
		d.Port = port
	}
	if err := c.checkDatabaseServer(d); err != nil {
		return dbserver.IDResult{}, err
	}
	d.ID = next(&c.LastDatabaseServer)
	c.DatabaseServers = append(c.DatabaseServers, d)
	if req.Default != nil || c.defaultDatabaseServer(d.Type) == nil {
		c.makeDefault(d.ID)
	}
	c.event("db_server", "created", idKey(d.ID))
	return dbserver.IDResult{ID: d.ID}, nil
}

func hasPassword(p *xmlapi.Secret) bool { return p != nil && p.Reveal() != "" }

// defaultDatabaseServer is the default one of a type, nil without any.
func (s *state) defaultDatabaseServer(kind string) *databaseServer {
	for i := range s.DatabaseServers {
		if d := &s.DatabaseServers[i]; d.Type == kind && d.Default {
			return d
		}
	}
	return nil
}

// localDatabaseServer is the local one of a type, nil without any.
func (s *state) localDatabaseServer(kind string) *databaseServer {
	for i := range s.DatabaseServers {
		if d := &s.DatabaseServers[i]; d.Type == kind && d.local() {
			return d
		}
	}
	return nil
}

// makeDefault makes a server the only default one of its type.
func (s *state) makeDefault(id int64) {
	kind := s.databaseServer(id).Type
	for i := range s.DatabaseServers {
		if d := &s.DatabaseServers[i]; d.Type == kind {
			d.Default = d.ID == id
		}
	}
}

func dbServerGet(c *call, req xmlapi.QueryRequest) ([]dbserver.GetResult, error) {
	var results []dbserver.GetResult
	if len(req.Filter.Values()) == 0 {
		for i := range c.DatabaseServers {
			results = append(results, c.dbServerData(&c.DatabaseServers[i]))
		}
		return results, nil
	}
	for _, value := range req.Filter.Values() {
		if d := c.databaseServer(idValue(value)); d != nil {
			results = append(results, c.dbServerData(d))
			continue
		}
		results = append(results, dbserver.GetResult{Result: c.failure(noDatabaseServer()), ID: idValue(value)})
	}
	return results, nil
}

func (c *call) dbServerData(d *databaseServer) dbserver.GetResult {
	data := &dbserver.Data{
		Host: new(d.Host), Port: new(d.Port), Type: d.Type, Admin: d.Admin, Status: dbserver.NoError, Databases: c.databasesByServer.Count(idKey(d.ID)),
	}
	if !d.Credentials {
		data.Status = dbserver.CredentialsNotSet
	}
	if d.Default {
		data.Default = &xmlapi.Empty{}
	}
	if d.local() {
		data.Local = &xmlapi.Empty{}
	}
	return dbserver.GetResult{ID: d.ID, Data: data}
}

// dbServerSet answers a failure with the id, too.
func dbServerSet(c *call, req dbserver.SetRequest) (dbserver.IDResult, error) {
	res := dbserver.IDResult{ID: req.ID}
	if err := c.changeDatabaseServer(req); err != nil {
		res.Result = c.failure(err)
	}
	return res, nil
}

// changeDatabaseServer changes what is given. A local server does not become a remote one.
func (c *call) changeDatabaseServer(req dbserver.SetRequest) error {
	d := c.databaseServer(req.ID)
	if d == nil {
		return noDatabaseServer()
	}
	changed := *d
	if req.Host != nil {
		changed.Host = *req.Host
	}
	if req.Port != nil {
		changed.Port = *req.Port
	}
	if req.Admin != nil {
		changed.Admin = *req.Admin
	}
	if req.Password != nil {
		changed.Credentials = hasPassword(req.Password)
	}
	if err := c.checkDatabaseServer(changed); err != nil {
		return err
	}
	if d.local() && !changed.local() {
		return refuse(xmlapi.CodeFailed, "The host of the local database server cannot be changed.")
	}
	*d = changed
	c.event("db_server", "updated", idKey(d.ID))
	return nil
}

// dbServerDel forgets servers. None of the data sources that Windows names by DSN exist here; Linux has no such thing.
func dbServerDel(c *call, req dbserver.DelRequest) ([]dbserver.IDResult, error) {
	ids := req.Filter.IDs
	if len(ids) == 0 && len(req.Filter.DSNs) == 0 {
		for _, d := range c.DatabaseServers {
			ids = append(ids, d.ID)
		}
	}
	var results []dbserver.IDResult
	for _, id := range ids {
		res := dbserver.IDResult{ID: id}
		if err := c.removeDatabaseServer(id); err != nil {
			res.Result = c.failure(err)
		}
		results = append(results, res)
	}
	for range req.Filter.DSNs {
		missing := noDatabaseServer()
		if !c.onWindows() {
			missing = refuse(xmlapi.CodeUnsupportedByVersion, "Data sources are not supported.")
		}
		results = append(results, dbserver.IDResult{Result: c.failure(missing)})
	}
	return results, nil
}

// removeDatabaseServer forgets a server that nothing needs, in the offers of plans and subscriptions too.
func (c *call) removeDatabaseServer(id int64) error {
	d := c.databaseServer(id)
	switch {
	case d == nil:
		return noDatabaseServer()
	case d.local():
		return refuse(xmlapi.CodeFailed, "The local database server cannot be removed.")
	case d.Default:
		return refuse(xmlapi.CodeFailed, "The default database server cannot be removed.")
	case c.databasesByServer.Count(idKey(id)) > 0 || c.usersByServer.Count(idKey(id)) > 0:
		return refuse(xmlapi.CodeFailed, "The database server %s:%d is used.", d.Host, d.Port)
	}
	c.DatabaseServers = slices.DeleteFunc(c.DatabaseServers, func(other databaseServer) bool { return other.ID == id })
	for _, p := range c.Plans.All() {
		p.DatabaseServers = without(p.DatabaseServers, id)
	}
	for _, w := range c.Webspaces.All() {
		w.DatabaseServers = without(w.DatabaseServers, id)
	}
	c.event("db_server", "deleted", idKey(id))
	return nil
}

func dbServerSetDefault(c *call, req dbserver.SetDefaultRequest) (dbserver.IDResult, error) {
	var d *databaseServer
	switch {
	case req.ID != nil:
		d = c.databaseServer(*req.ID)
	case !slices.Contains(c.databaseTypes(), text(req.Type)):
		return dbserver.IDResult{}, unsupportedDatabaseType(text(req.Type))
	default:
		d = c.localDatabaseServer(*req.Type)
	}
	if d == nil {
		res := dbserver.IDResult{Result: c.failure(noDatabaseServer())}
		if req.ID != nil {
			res.ID = *req.ID
		}
		return res, nil
	}
	c.makeDefault(d.ID)
	c.event("db_server", "updated", idKey(d.ID))
	return dbserver.IDResult{ID: d.ID}, nil
}

func unsupportedDatabaseType(kind string) *refusal {
	return refuse(xmlapi.CodeDBServerUnsupported, "The database server type '%s' is not supported.", kind)
}

func dbServerGetDefault(c *call, req xmlapi.QueryRequest) ([]dbserver.TypeResult, error) {
	return c.databaseServersOfTypes(req.Filter, c.defaultDatabaseServer), nil
}

func dbServerGetLocal(c *call, req xmlapi.QueryRequest) ([]dbserver.TypeResult, error) {
	return c.databaseServersOfTypes(req.Filter, c.localDatabaseServer), nil
}

// databaseServersOfTypes answers a result per type of the filter; the empty one is for all types that have such a server.
func (c *call) databaseServersOfTypes(f selector, of func(kind string) *databaseServer) []dbserver.TypeResult {
	var results []dbserver.TypeResult
	if len(f.Values()) == 0 {
		for _, kind := range c.databaseTypes() {
			if d := of(kind); d != nil {
				results = append(results, dbserver.TypeResult{Type: kind, ID: d.ID})
			}
		}
		return results
	}
	for _, kind := range f.Values() {
		res := dbserver.TypeResult{Type: kind}
		switch d := of(kind); {
		case !slices.Contains(c.databaseTypes(), kind):
			res.Result = c.failure(unsupportedDatabaseType(kind))
		case d == nil:
			res.Result = c.failure(refuse(xmlapi.CodeDBServerConfig, "The database server of the type %s is not configured.", kind))
		default:
			res.ID = d.ID
		}
		results = append(results, res)
	}
	return results
}

func dbServerGetSupportedTypes(c *call, _ xmlapi.EmptyRequest) (dbserver.GetSupportedTypesResult, error) {
	return dbserver.GetSupportedTypesResult{Types: c.databaseTypes()}, nil
}
