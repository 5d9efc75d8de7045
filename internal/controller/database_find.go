// Reading databases: with the servers that they are on, the subscriptions that they lie in, and as what references point at.

package controller

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dbserver"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// databaseList is databases, and all database servers: there are few, and which ones the databases are on is known only afterwards.
type databaseList struct {
	databases []database.GetDBResult
	servers   []dbserver.GetResult
}

// readDatabases reads databases, and further calls in the same packet.
func readDatabases(ctx context.Context, d xmlapi.Doer, which xmlapi.Query, more ...xmlapi.Caller) (*databaseList, error) {
	list := database.GetDB.Call(xmlapi.QueryRequest{Filter: which})
	servers := dbserver.Get.Call(xmlapi.QueryRequest{Filter: xmlapi.All()})
	if err := d.Do(ctx, append([]xmlapi.Caller{list, servers}, more...)...); err != nil {
		return nil, err
	}
	var l databaseList
	var err error
	if l.databases, err = list.All(); err != nil {
		return nil, err
	}
	if l.servers, err = servers.All(); err != nil {
		return nil, err
	}
	for _, db := range l.databases {
		if db.ID == 0 || db.Name == "" || db.Type == "" || db.WebspaceID == 0 || db.ServerID == 0 {
			return nil, incomplete(database.GetDB, "id, name, type, webspace-id and db-server-id")
		}
	}
	return &l, nil
}

// databaseServer is a database server, as far as it is known.
type databaseServer struct {
	engine.Link
	host string
	port int32
}

// server is the one that a database is on. Its address is not known where the server does not show it to the caller.
func (l *databaseList) server(db database.GetDBResult) databaseServer {
	s := databaseServer{Link: engine.Link{Identity: engine.Identity{ID: idText(db.ServerID)}, Name: db.Type}}
	for _, r := range l.servers {
		if r.ID == db.ServerID && r.Data != nil && r.Data.Host != nil && r.Data.Port != nil {
			s.host, s.port = *r.Data.Host, int32(*r.Data.Port) //nolint:gosec // a port
			s.Name = serverKey(r.Data.Type, *r.Data.Host, *r.Data.Port)
		}
	}
	return s
}

// aroundDatabase asks for the subscription of a database, and for the login of its default user, "" for none.
func aroundDatabase(ctx context.Context, d xmlapi.Doer, db database.GetDBResult) (subscription *engine.Resolved, login string, _ error) {
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
		return nil, "", incomplete(webspace.Get, fmt.Sprintf("the subscription of the database %q", db.Name))
	}
	if err != nil {
		return nil, "", err
	}
	if subscription, err = subscriptionSite(w); err != nil || user == nil {
		return subscription, "", err
	}
	users, err := user.All()
	if err != nil || len(users) == 0 {
		return subscription, "", err
	}
	return subscription, users[0].Login, nil
}

// ownersIn is a thing and all that it lies in, as what something else lies in.
func ownersIn(r *engine.Resolved) []engine.Owner {
	return append([]engine.Owner{{Kind: r.Kind, Identity: r.Identity}}, r.In...)
}

// findDatabase looks for a database by NAME, or by TYPE/HOST:PORT/NAME where several database servers have one of that name.
func findDatabase(ctx context.Context, d xmlapi.Doer, external string) (*engine.Resolved, error) {
	on, name := "", external
	if i := strings.LastIndexByte(external, '/'); i >= 0 {
		on, name = strings.ToLower(external[:i]), external[i+1:]
	}
	list, err := readDatabases(ctx, d, xmlapi.All())
	if err != nil {
		return nil, err
	}
	var found []database.GetDBResult
	for _, db := range list.databases {
		if singleBlanks(db.Name) == singleBlanks(name) && (on == "" || on == list.server(db).Name) {
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
	subscription, _, err := aroundDatabase(ctx, d, found[0])
	if err != nil {
		return nil, err
	}
	return &engine.Resolved{
		Kind: "PleskDatabase", Identity: engine.Identity{ID: idText(found[0].ID)},
		Key: databaseKey(list.server(found[0]).Identity, found[0].Name), In: ownersIn(subscription),
	}, nil
}

// defaultServer, behind a type, stands for the default database server of that type.
const defaultServer = "/default"

// serverKey is the natural key of a database server, TYPE/HOST:PORT.
func serverKey(kind, host string, port int) string {
	return kind + "/" + net.JoinHostPort(strings.ToLower(host), strconv.Itoa(port))
}

// findDatabaseServer looks for a database server by TYPE/HOST:PORT, or for the default one by TYPE/default.
func findDatabaseServer(ctx context.Context, d xmlapi.Doer, external string) (*engine.Resolved, error) {
	servers := dbserver.Get.Call(xmlapi.QueryRequest{Filter: xmlapi.All()})
	calls := []xmlapi.Caller{servers}
	var usual *xmlapi.Call[xmlapi.QueryRequest, dbserver.TypeResult]
	if kind, ok := strings.CutSuffix(external, defaultServer); ok {
		usual = dbserver.GetDefault.Call(xmlapi.QueryRequest{Filter: dbserver.ByType(kind).Query()})
		calls = append(calls, usual)
	}
	if err := d.Do(ctx, calls...); err != nil {
		return nil, err
	}
	wanted := func(r dbserver.GetResult) bool {
		return r.Data.Host != nil && r.Data.Port != nil && serverKey(r.Data.Type, *r.Data.Host, *r.Data.Port) == external
	}
	if usual != nil {
		r, err := usual.One()
		if xmlapi.IsNotFound(err) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		wanted = func(s dbserver.GetResult) bool { return s.ID == r.ID }
	}
	all, err := servers.All()
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		if s.ID == 0 || s.Data == nil {
			return nil, incomplete(dbserver.Get, "id and data")
		}
		if wanted(s) {
			return &engine.Resolved{Kind: "PleskDatabaseServer", Identity: engine.Identity{ID: idText(s.ID)}, Key: engine.Key{Name: external}}, nil
		}
	}
	return nil, nil
}
