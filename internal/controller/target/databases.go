// Reading databases: with the servers that they are on, the subscriptions that they lie in, and as what references point at.

package target

import (
	"context"
	"fmt"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dbserver"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// DatabaseList is databases, and all database servers: there are few, and which ones the databases are on is known only afterwards.
type DatabaseList struct {
	Databases []database.GetDBResult
	servers   []dbserver.GetResult
}

// ReadDatabases reads databases, and further calls in the same packet.
func ReadDatabases(ctx context.Context, d xmlapi.Doer, which xmlapi.Query, more ...xmlapi.Caller) (*DatabaseList, error) {
	list := database.GetDB.Call(xmlapi.QueryRequest{Filter: which})
	servers := dbserver.Get.Call(xmlapi.QueryRequest{Filter: xmlapi.All()})
	if err := d.Do(ctx, append([]xmlapi.Caller{list, servers}, more...)...); err != nil {
		return nil, err
	}
	var l DatabaseList
	var err error
	if l.Databases, err = list.All(); err != nil {
		return nil, err
	}
	if l.servers, err = servers.All(); err != nil {
		return nil, err
	}
	for _, db := range l.Databases {
		if db.ID == 0 || db.Name == "" || db.Type == "" || db.WebspaceID == 0 || db.ServerID == 0 {
			return nil, xmlapi.Incomplete(database.GetDB, "id, name, type, webspace-id and db-server-id")
		}
	}
	return &l, nil
}

// DatabaseServer is a database server, as far as it is known.
type DatabaseServer struct {
	engine.Link
	Host string
	Port int32
}

// Server is the one that a database is on. Its address is not known where the server does not show it to the caller.
func (l *DatabaseList) Server(db database.GetDBResult) DatabaseServer {
	s := DatabaseServer{Link: engine.Link{Identity: engine.Identity{ID: engine.IDText(db.ServerID)}, Name: db.Type}}
	for _, r := range l.servers {
		if r.ID == db.ServerID && r.Data != nil && r.Data.Host != nil && r.Data.Port != nil {
			s.Host, s.Port = *r.Data.Host, int32(*r.Data.Port) // a port
			s.Name = DatabaseServerKey(r.Data.Type, *r.Data.Host, *r.Data.Port)
		}
	}
	return s
}

// AroundDatabase asks for the subscription of a database, and for the login of its default user, "" for none.
func AroundDatabase(ctx context.Context, d xmlapi.Doer, db database.GetDBResult) (subscription *engine.Resolved, login string, _ error) {
	owner := webspace.Get.Call(webspace.GetRequest{Filter: webspace.ByID(db.WebspaceID).Query(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}})
	calls := []xmlapi.Caller{owner}
	var user *xmlapi.Call[xmlapi.QueryRequest, database.GetDBUsersResult]
	if id := db.DefaultUserID; id != nil && *id > 0 {
		user = database.GetDBUsers.Call(xmlapi.QueryRequest{Filter: database.ByID(*id).Query()})
		calls = append(calls, user)
	}
	if err := d.Do(ctx, calls...); err != nil {
		return nil, "", err
	}
	w, err := owner.One()
	if xmlapi.IsNotFound(err) {
		return nil, "", xmlapi.Incomplete(webspace.Get, fmt.Sprintf("the subscription of the database %q", db.Name))
	}
	if err != nil {
		return nil, "", err
	}
	if subscription, err = ResolvedSite(w); err != nil || user == nil {
		return subscription, "", err
	}
	users, err := user.All()
	if err != nil || len(users) == 0 {
		return subscription, "", err
	}
	return subscription, users[0].Login, nil
}

// DatabaseSurroundings are what databases may lie in, and all database users.
type DatabaseSurroundings struct {
	subscriptions *xmlapi.Call[webspace.GetRequest, webspace.GetResult]
	users         *xmlapi.Call[xmlapi.QueryRequest, database.GetDBUsersResult]

	byID   map[int64]webspace.GetResult
	logins map[int64]string
}

// AroundDatabases is AroundDatabase for all databases: to be read once its calls have been sent.
func AroundDatabases() *DatabaseSurroundings {
	return &DatabaseSurroundings{
		subscriptions: webspace.Get.Call(webspace.GetRequest{Filter: xmlapi.All(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}}),
		users:         database.GetDBUsers.Call(xmlapi.QueryRequest{Filter: xmlapi.All()}),
	}
}

// Calls are to be sent in a packet.
func (a *DatabaseSurroundings) Calls() []xmlapi.Caller {
	return []xmlapi.Caller{a.subscriptions, a.users}
}

// Read reads the answers.
func (a *DatabaseSurroundings) Read() error {
	subscriptions, err := a.subscriptions.All()
	if err != nil {
		return err
	}
	if a.byID, err = engine.ByID(webspace.Get, subscriptions, func(w webspace.GetResult) int64 { return w.ID }); err != nil {
		return err
	}
	users, err := a.users.All()
	if err != nil {
		return err
	}
	a.logins = make(map[int64]string, len(users))
	for _, u := range users {
		a.logins[u.ID] = u.Login
	}
	return nil
}

// Subscription is what a database lies in, nil where that is not shown.
func (a *DatabaseSurroundings) Subscription(db database.GetDBResult) (*engine.Resolved, error) {
	w, ok := a.byID[db.WebspaceID]
	if !ok {
		return nil, nil
	}
	return ResolvedSite(w)
}

// DefaultUser is the login of a database's default user, "" for none.
func (a *DatabaseSurroundings) DefaultUser(db database.GetDBResult) string {
	if id := db.DefaultUserID; id != nil && *id > 0 {
		return a.logins[*id]
	}
	return ""
}

// WithOwners is a thing and all that it lies in, as what something else lies in.
func WithOwners(r *engine.Resolved) []engine.Owner {
	return append([]engine.Owner{{Kind: r.Kind, Identity: r.Identity}}, r.In...)
}

// FindDatabase looks for a database by NAME, or by TYPE/HOST:PORT/NAME where several database servers have one of that name.
func FindDatabase(ctx context.Context, d xmlapi.Doer, external string) (*engine.Resolved, error) {
	on, name := "", external
	if i := strings.LastIndexByte(external, '/'); i >= 0 {
		on, name = databaseServerName(external[:i]), external[i+1:]
	}
	list, err := ReadDatabases(ctx, d, xmlapi.All())
	if err != nil {
		return nil, err
	}
	var found []database.GetDBResult
	for _, db := range list.Databases {
		if form.SingleBlanks(db.Name) == form.SingleBlanks(name) && (on == "" || on == list.Server(db).Name) {
			found = append(found, db)
		}
	}
	switch {
	case len(found) == 0:
		return nil, nil
	case len(found) > 1:
		return nil, engine.Invalid("spec.databaseRef.external", fmt.Sprintf(
			"several database servers have a database %q: say which one, as TYPE/HOST:PORT/NAME, e.g. mysql/localhost:3306/%s", name, name))
	}
	subscription, _, err := AroundDatabase(ctx, d, found[0])
	if err != nil {
		return nil, err
	}
	return &engine.Resolved{
		Kind: "PleskDatabase", Identity: engine.Identity{ID: engine.IDText(found[0].ID)},
		Key: DatabaseKey(list.Server(found[0]).Identity, found[0].Name), In: WithOwners(subscription),
	}, nil
}

// DefaultDatabaseServer behind a type stands for the default database server of that type.
const DefaultDatabaseServer = "/default"

// FindDatabaseServer looks for a database server by TYPE/HOST:PORT, or for the default one by TYPE/default.
func FindDatabaseServer(ctx context.Context, d xmlapi.Doer, external string) (*engine.Resolved, error) {
	external = databaseServerName(external)
	servers := dbserver.Get.Call(xmlapi.QueryRequest{Filter: xmlapi.All()})
	calls := []xmlapi.Caller{servers}
	var usual *xmlapi.Call[xmlapi.QueryRequest, dbserver.TypeResult]
	if kind, ok := strings.CutSuffix(external, DefaultDatabaseServer); ok {
		usual = dbserver.GetDefault.Call(xmlapi.QueryRequest{Filter: dbserver.ByType(kind).Query()})
		calls = append(calls, usual)
	}
	if err := d.Do(ctx, calls...); err != nil {
		return nil, err
	}
	wanted := func(s *engine.Resolved) bool { return s.Key.Name == external }
	if usual != nil {
		r, err := usual.One()
		if xmlapi.IsNotFound(err) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		wanted = func(s *engine.Resolved) bool { return s.ID == engine.IDText(r.ID) }
	}
	all, err := servers.All()
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		s, err := ResolvedDatabaseServer(r)
		if err != nil {
			return nil, err
		}
		if wanted(s) {
			return s, nil
		}
	}
	return nil, nil
}

// ResolvedDatabaseServer is a database server that Plesk has shown, as a reference points at it. One that is shown without its address has a
// key that no resource claims.
func ResolvedDatabaseServer(r dbserver.GetResult) (*engine.Resolved, error) {
	if r.ID == 0 || r.Data == nil || r.Data.Type == "" {
		return nil, xmlapi.Incomplete(dbserver.Get, "id and data")
	}
	port := 0
	if r.Data.Port != nil {
		port = *r.Data.Port
	}
	return &engine.Resolved{
		Kind: "PleskDatabaseServer", Identity: engine.Identity{ID: engine.IDText(r.ID)},
		Key: engine.Key{Name: DatabaseServerKey(r.Data.Type, form.Deref(r.Data.Host), port)},
	}, nil
}
