// PleskDatabaseServer: operator `db_server`, natural key type, host and port.

package database

import (
	"context"
	"fmt"
	"strconv"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dbserver"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskdatabaseservers,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskdatabaseservers/status,verbs=get;update;patch

// Server is the kind PleskDatabaseServer.
type Server struct{}

var (
	_ engine.Kind[*v1alpha1.PleskDatabaseServer, databaseServerValue] = Server{}
	_ engine.Maker[databaseServerValue]                               = Server{}
	_ engine.Lister[databaseServerValue]                              = Server{}
	_ engine.Logged                                                   = Server{}
	_ engine.Normalizer[databaseServerValue]                          = Server{}
	_ engine.SecretUser[*v1alpha1.PleskDatabaseServer]                = Server{}
	_ engine.Destructive[databaseServerValue]                         = Server{}
	_ engine.Permanent[databaseServerValue]                           = Server{}
	_ engine.Stateless                                                = Server{}
	_ engine.ServerScoped                                             = Server{}
	_ engine.Named                                                    = Server{}
	_ engine.Blamer                                                   = Server{}
)

// databaseServerValue is what a database server is on the wire.
type databaseServerValue struct {
	Type     *string        `plesk:"type,immutable"`
	Host     *string        `plesk:"host"`
	Port     *int           `plesk:"port"`
	Login    *string        `plesk:"login"`
	Password *xmlapi.Secret `plesk:"password,writeonly,with=host|port|login"`
	Default  *bool          `plesk:"default"`

	seen *v1alpha1.ObservedDatabaseServer // as found, for status.observed and what depends on it
}

// databaseServerStates are the values of a server's status.
var databaseServerStates = form.Words{
	{"Available", dbserver.NoError},
	{"ConnectionFailed", dbserver.ConnectionFailed},
	{"LoginFailed", dbserver.LoginFailed},
	{"PermissionDenied", dbserver.PermissionDenied},
	{"CredentialsNotSet", dbserver.CredentialsNotSet},
	{"OtherError", dbserver.OtherError},
}

const databaseServerPassword = "spec.password"

// Roles : only an administrator changes anything here.
func (Server) Roles() []v1alpha1.ServerRole { return engine.ForAdministrators }

// Refs is empty: a database server lies in nothing.
func (Server) Refs() []engine.Ref[*v1alpha1.PleskDatabaseServer] { return nil }

func (Server) ServerScoped() {}

// Stateless says that no data are lost with one: Plesk removes none that databases are on.
func (Server) Stateless() {}

func (Server) Secrets(o *v1alpha1.PleskDatabaseServer) []engine.SecretUse {
	if o.Spec.Password == nil {
		return nil
	}
	return []engine.SecretUse{{Field: databaseServerPassword, Login: form.Deref(o.Spec.Login), SecretValue: *o.Spec.Password}}
}

func (Server) Desired(o *v1alpha1.PleskDatabaseServer, in engine.Inputs) (engine.Key, databaseServerValue, error) {
	s := &o.Spec
	port := int(s.Port)
	w := databaseServerValue{
		Type: (*string)(&s.Type), Host: &s.Host, Port: &port, Login: s.Login, Password: in.Secret(databaseServerPassword), Default: s.Default,
	}
	return engine.Key{Name: target.DatabaseServerKey(form.Deref(databaseTypes.Wire(w.Type)), s.Host, port)}, w, nil
}

// Normal gives a host the one spelling by which it is compared.
func (Server) Normal(w databaseServerValue) databaseServerValue {
	if w.Host != nil {
		w.Host = new(target.DatabaseHost(*w.Host))
	}
	form.Collapse(&w.Login)
	return w
}

// Find reads all database servers, by whatever one is known: there are few.
func (k Server) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[databaseServerValue], error) {
	all, err := k.List(ctx, d, engine.Known{})
	if err != nil {
		return nil, err
	}
	key := h.Key
	if key.Name == "" {
		key = h.Was
	}
	var named *engine.Found[databaseServerValue]
	for _, s := range all {
		switch {
		case s.ID == h.ID:
			return s, nil
		case s.Key == key:
			named = s
		}
	}
	return named, nil
}

// List reads all database servers in one packet.
func (Server) List(ctx context.Context, d xmlapi.Doer, _ engine.Known) ([]*engine.Found[databaseServerValue], error) {
	all, err := dbserver.Get.All(ctx, d, xmlapi.QueryRequest{Filter: xmlapi.All()})
	if err != nil {
		return nil, err
	}
	return engine.ListOf(dbserver.Get, all, foundDatabaseServer)
}

// EventClasses leaves out the databases on a server, whose number is not compared.
func (Server) EventClasses() (own, around []string) { return []string{"db_server"}, nil }

func foundDatabaseServer(r dbserver.GetResult) (*engine.Found[databaseServerValue], error) {
	is, err := target.ResolvedDatabaseServer(r)
	if err != nil {
		return nil, err
	}
	d := r.Data
	isDefault := d.Default != nil
	return &engine.Found[databaseServerValue]{
		Identity: is.Identity,
		Key:      is.Key,
		Value: databaseServerValue{
			Type: databaseTypes.API(&d.Type), Host: d.Host, Port: d.Port, Login: &d.Admin, Default: &isDefault,
			seen: &v1alpha1.ObservedDatabaseServer{
				State: form.Deref(databaseServerStates.API(&d.Status)), Login: d.Admin, Databases: int32(d.Databases), // as many as one machine holds
				Default: isDefault, Local: d.Local != nil,
			},
		},
	}, nil
}

// Create registers a database server. Whether Plesk reaches it shows in the state that it has then.
func (Server) Create(ctx context.Context, d xmlapi.Doer, w databaseServerValue) (engine.Identity, error) {
	if w.Login == nil {
		return engine.Identity{}, engine.Invalid("spec.login", "required to register the database server")
	}
	req := dbserver.AddRequest{
		Host: *w.Host, Port: strconv.Itoa(*w.Port), Type: *databaseTypes.Wire(w.Type), Admin: *w.Login, Password: w.Password,
	}
	if w.Default != nil && *w.Default {
		req.Default = &xmlapi.Empty{}
	}
	r, err := dbserver.Add.One(ctx, d, req)
	return engine.Identity{ID: engine.IDText(r.ID)}, err
}

// Update makes a local server the default one by its type, as the protocol has it, any other one by its id.
func (Server) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[databaseServerValue]) error {
	id, err := engine.Number(u.ID)
	if err != nil {
		return err
	}
	p := u.Patch
	if p.Host != nil || p.Port != nil || p.Login != nil || p.Password != nil {
		_, err = dbserver.Set.One(ctx, d, dbserver.SetRequest{Host: p.Host, Port: p.Port, Admin: p.Login, Password: p.Password, ID: id})
		if err != nil {
			return err
		}
	}
	if p.Default == nil {
		return nil
	}
	req := dbserver.SetDefaultRequest{ID: &id}
	if u.Have.seen != nil && u.Have.seen.Local {
		req = dbserver.SetDefaultRequest{Type: databaseTypes.Wire(u.Want.Type)}
	}
	_, err = dbserver.SetDefault.One(ctx, d, req)
	return err
}

// Destroys asks for a permit before a server on which databases are gets another address: Plesk would take what has their names there for them,
// and delete it in their place.
func (Server) Destroys(want, have databaseServerValue) string {
	if have.seen == nil || have.seen.Databases == 0 {
		return ""
	}
	for _, c := range engine.Diff(databaseServerValue{Host: want.Host, Port: want.Port}, have) {
		return fmt.Sprintf("spec.%s: %d databases are on the database server: at another address, whatever has their names there is taken for them",
			c.Field, have.seen.Databases)
	}
	return ""
}

// Stays : Plesk removes neither local servers nor default ones (operators-services §6).
func (Server) Stays(found *engine.Found[databaseServerValue]) string {
	switch seen := found.Value.seen; {
	case seen.Local:
		return "Plesk does not remove the database servers on its own machine"
	case seen.Default:
		return "Plesk does not remove the default database server of a type: make another one the default one"
	}
	return ""
}

func (Server) Delete(ctx context.Context, d xmlapi.Doer, found *engine.Found[databaseServerValue]) error {
	id, err := engine.Number(found.ID)
	if err != nil {
		return err
	}
	_, err = dbserver.Del.One(ctx, d, dbserver.DelRequest{Filter: dbserver.DelFilter{IDs: []int64{id}}})
	return err
}

// Contents lists the databases on a server. Those that the server counts and does not show are not known.
func (Server) Contents(ctx context.Context, d xmlapi.Doer, found *engine.Found[databaseServerValue]) ([]engine.Content, error) {
	around := target.AroundDatabases()
	list, err := target.ReadDatabases(ctx, d, xmlapi.All(), around.Calls()...)
	if err != nil {
		return nil, err
	}
	if err := around.Read(); err != nil {
		return nil, err
	}
	var out []engine.Content
	for _, db := range list.Databases {
		server := engine.Identity{ID: engine.IDText(db.ServerID)}
		if server != found.Identity {
			continue
		}
		subscription, err := around.Subscription(db)
		if err != nil {
			return nil, err
		}
		c := engine.Content{Kind: "PleskDatabase", Identity: engine.Identity{ID: engine.IDText(db.ID)}, Key: target.DatabaseKey(server, db.Name), Name: db.Name}
		if subscription != nil {
			c.Around = subscription.GUID
		}
		out = append(out, c)
	}
	if len(out) < int(found.Value.seen.Databases) {
		return nil, xmlapi.Incomplete(database.GetDB, "all databases on the database server")
	}
	return out, nil
}

func (Server) Observe(o *v1alpha1.PleskDatabaseServer, f *engine.Found[databaseServerValue]) {
	o.Status.Observed = f.Value.seen
}

func (Server) KeyField() string { return "spec.host" }

func (Server) Field(err *xmlapi.Error) string {
	switch {
	case err.About() == xmlapi.AboutDatabaseServer:
		return "spec.type"
	case err.Operation == dbserver.SetDefault.Name():
		return "spec.default"
	}
	return ""
}
