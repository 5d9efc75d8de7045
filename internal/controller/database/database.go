// PleskDatabase: operator `database`, natural key the name within the database server.

// Package database holds the kinds of databases: databases and their users.
package database

import (
	"context"
	"fmt"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskdatabases,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskdatabases/status,verbs=get;update;patch

// Database is the kind PleskDatabase.
type Database struct{}

var (
	_ engine.Kind[*v1alpha1.PleskDatabase, databaseValue] = Database{}
	_ engine.Maker[databaseValue]                         = Database{}
	_ engine.Lister[databaseValue]                        = Database{}
	_ engine.Logged                                       = Database{}
	_ engine.Normalizer[databaseValue]                    = Database{}
	_ engine.Named                                        = Database{}
	_ engine.Blamer                                       = Database{}
)

// databaseValue is what a database is on the wire.
type databaseValue struct {
	Name         *string      `plesk:"databaseName,immutable"`
	Type         *string      `plesk:"type,immutable"`
	Server       *engine.Link `plesk:"databaseServerRef,immutable"`
	Subscription *engine.Link `plesk:"subscriptionRef"`
	CustomHost   *string      `plesk:"customHost,writeonly=later"`

	server string                     // id of the database server to make it on
	seen   *v1alpha1.ObservedDatabase // as found, for status.observed
}

const databaseServerField = "spec.databaseServerRef"

func (Database) Roles() []v1alpha1.ServerRole { return engine.ForAnybody }

func (Database) Refs() []engine.Ref[*v1alpha1.PleskDatabase] {
	type O = *v1alpha1.PleskDatabase
	return []engine.Ref[O]{
		{Field: "spec.subscriptionRef", Target: target.Subscriptions, Parent: true, Get: func(o O) []engine.Mention { return target.Mention(&o.Spec.SubscriptionRef) },
			Set: func(o O, m []engine.Mention) { o.Spec.SubscriptionRef = *target.Reference(m) }},
		{Field: databaseServerField, Target: target.DatabaseServers, Shared: true, Get: serverMention, Set: func(o O, m []engine.Mention) { o.Spec.DatabaseServerRef = target.Reference(m) }},
	}
}

// serverMention is the database server to look for: the one that the spec names, else the default one of the type, until that is settled.
func serverMention(o *v1alpha1.PleskDatabase) []engine.Mention {
	switch {
	case o.Spec.DatabaseServerRef != nil:
		return target.Mention(o.Spec.DatabaseServerRef)
	case settledServer(o) != nil:
		return nil
	}
	return []engine.Mention{{External: form.Deref(databaseTypes.Wire((*string)(&o.Spec.Type))) + target.DefaultDatabaseServer}}
}

// settledServer is the database server that the database was made on, or is being made on, nil for none yet. The default one of the
// type may be another by now.
func settledServer(o *v1alpha1.PleskDatabase) *v1alpha1.ObjectIdentity {
	switch s := o.State(); {
	case s.ID != "":
		return s.Within
	case s.Pending != nil && s.Pending.Outcome != v1alpha1.PendingRefused:
		return s.Pending.Within
	}
	return nil
}

func (Database) Desired(o *v1alpha1.PleskDatabase, in engine.Inputs) (engine.Key, databaseValue, error) {
	s := &o.Spec
	w := databaseValue{Name: &s.DatabaseName, Type: (*string)(&s.Type), Subscription: in.Ref("spec.subscriptionRef").Link(), CustomHost: s.CustomHost}
	var server engine.Identity
	if r := in.Ref(databaseServerField); r != nil {
		server = r.Identity
		if s.DatabaseServerRef != nil {
			w.Server = r.Link()
			if kind, _, _ := strings.Cut(r.Key.Name, "/"); kind != *databaseTypes.Wire(w.Type) {
				return engine.Key{}, w, engine.Invalid(databaseServerField, fmt.Sprintf("%s cannot have a database of the type %s", r.Key.Name, s.Type))
			}
		}
	} else {
		server.ID = settledServer(o).ID
	}
	w.server = server.ID
	return target.DatabaseKey(server, s.DatabaseName), w, nil
}

func (Database) Normal(w databaseValue) databaseValue {
	form.Collapse(&w.Name, &w.CustomHost)
	return w
}

// Find looks through all databases if it has no id: no filter takes a name.
func (Database) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[databaseValue], error) {
	if h.ID != "" {
		f, err := engine.FilterByID(database.ByID, h.ID)
		if err != nil {
			return nil, err
		}
		list, err := target.ReadDatabases(ctx, d, f.Query())
		if err != nil {
			return nil, err
		}
		if len(list.Databases) > 0 {
			return findAround(ctx, d, list, list.Databases[0])
		}
	}
	list, err := target.ReadDatabases(ctx, d, xmlapi.All())
	if err != nil {
		return nil, err
	}
	key := h.Key
	if key.Name == "" {
		key = h.Was
	}
	for _, db := range list.Databases {
		if target.DatabaseKey(engine.Identity{ID: engine.IDText(db.ServerID)}, db.Name) == key {
			return findAround(ctx, d, list, db)
		}
	}
	return nil, nil
}

// findAround asks for what the database lies in, and for its default user.
func findAround(ctx context.Context, d xmlapi.Doer, list *target.DatabaseList, db database.GetDBResult) (*engine.Found[databaseValue], error) {
	subscription, login, err := target.AroundDatabase(ctx, d, db)
	if err != nil {
		return nil, err
	}
	return foundDatabase(list, db, subscription, login), nil
}

// List reads all databases in one packet, and all that they may lie in or have as their default user: none is large.
func (Database) List(ctx context.Context, d xmlapi.Doer, _ engine.Known) ([]*engine.Found[databaseValue], error) {
	around := target.AroundDatabases()
	list, err := target.ReadDatabases(ctx, d, xmlapi.All(), around.Calls()...)
	if err != nil {
		return nil, err
	}
	if err := around.Read(); err != nil {
		return nil, err
	}
	return engine.ListOf(database.GetDB, list.Databases, func(db database.GetDBResult) (*engine.Found[databaseValue], error) {
		subscription, err := around.Subscription(db)
		if err != nil || subscription == nil {
			return nil, err
		}
		return foundDatabase(list, db, subscription, around.DefaultUser(db)), nil
	})
}

func (Database) EventClasses() (own, around []string) { return []string{"db"}, nil }

func foundDatabase(list *target.DatabaseList, db database.GetDBResult, subscription *engine.Resolved, login string) *engine.Found[databaseValue] {
	kind := form.Deref(databaseTypes.API(&db.Type))
	server := list.Server(db)
	return &engine.Found[databaseValue]{
		Identity: engine.Identity{ID: engine.IDText(db.ID)},
		Key:      target.DatabaseKey(server.Identity, db.Name),
		In:       target.WithOwners(subscription),
		Value: databaseValue{
			Name: &db.Name, Type: &kind, Server: &server.Link, Subscription: subscription.Link(),
			seen: &v1alpha1.ObservedDatabase{
				Type: v1alpha1.DatabaseType(kind), Host: server.Host, Port: server.Port, Subscription: subscription.Key.Name, DefaultUser: login,
			},
		},
	}
}

// Create always names the database server: the key says which one it is.
func (Database) Create(ctx context.Context, d xmlapi.Doer, w databaseValue) (engine.Identity, error) {
	subscription, err := engine.Number(w.Subscription.ID)
	if err != nil {
		return engine.Identity{}, err
	}
	server, err := engine.Number(w.server)
	if err != nil {
		return engine.Identity{}, err
	}
	r, err := database.AddDB.One(ctx, d, database.AddDBRequest{
		WebspaceID: subscription, Name: *w.Name, Type: *databaseTypes.Wire(w.Type), ServerID: &server,
	})
	return engine.Identity{ID: engine.IDText(r.ID)}, err
}

// Update writes the subscription and the host that users are told, which is all that can change.
func (Database) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[databaseValue]) error {
	f, err := engine.FilterByID(database.ByID, u.ID)
	if err != nil {
		return err
	}
	if u.Patch.Subscription != nil {
		subscription, err := engine.Number(u.Patch.Subscription.ID)
		if err != nil {
			return err
		}
		_, err = database.AssignToSubscription.One(ctx, d, database.AssignToSubscriptionRequest{Filter: f, WebspaceID: subscription})
		if err != nil {
			return err
		}
	}
	if u.Patch.CustomHost == nil {
		return nil
	}
	_, err = database.SetCustomHost.One(ctx, d, database.SetCustomHostRequest{Filter: f, Host: *u.Patch.CustomHost})
	return err
}

// Delete also removes the data and the database's own users; the engine has checked them before.
func (Database) Delete(ctx context.Context, d xmlapi.Doer, found *engine.Found[databaseValue]) error {
	f, err := engine.FilterByID(database.ByID, found.ID)
	if err != nil {
		return err
	}
	_, err = database.DelDB.One(ctx, d, xmlapi.FilterRequest{Filter: f})
	return err
}

func (Database) Contents(ctx context.Context, d xmlapi.Doer, found *engine.Found[databaseValue]) ([]engine.Content, error) {
	id, err := engine.Number(found.ID)
	if err != nil {
		return nil, err
	}
	return target.DatabaseUsers(ctx, d, id)
}

func (Database) Observe(o *v1alpha1.PleskDatabase, f *engine.Found[databaseValue]) {
	o.Status.Observed = f.Value.seen
}

func (Database) KeyField() string { return "spec.databaseName" }

func (k Database) Field(err *xmlapi.Error) string {
	adding := err.Operation == database.AddDB.Name()
	switch about := err.About(); {
	case about == xmlapi.AboutDatabaseServer:
		return "spec.type"
	case adding && about == xmlapi.AboutValue:
		return k.KeyField()
	case adding && about == xmlapi.AboutObject:
		return databaseServerField
	case err.Operation == database.SetCustomHost.Name() && about == xmlapi.AboutValue:
		return "spec.customHost"
	}
	return ""
}
