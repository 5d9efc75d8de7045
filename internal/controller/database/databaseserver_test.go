// Database servers against a simulated Plesk: registered, moved only with a permit where databases are on them, and never removed where Plesk
// would not.

package database

import (
	"context"
	"errors"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dbserver"
)

func FuzzNormalDatabaseServer(f *testing.F) { controllertest.FuzzNormal(f, Server{}) }

// aServer is a resource on its way through passes.
type aServer = controllertest.Object[*v1alpha1.PleskDatabaseServer, databaseServerValue]

const remoteServer = `spec: {serverRef: {name: web-01}, type: MySQL, host: DB-2.example, port: 3307, login: root, password: {secretRef: {name: db-2, key: password}}}`

func newServerObject(t *testing.T, d xmlapi.Doer, manifest string) *aServer {
	t.Helper()
	x := &aServer{T: t, Kind: Server{}, D: d, O: controllertest.Parse(t, &v1alpha1.PleskDatabaseServer{}, manifest)}
	if x.O.Spec.Password != nil {
		x.In = engine.NewInputs("", nil, map[string]xmlapi.Secret{databaseServerPassword: "Harbour-2031"})
	}
	return x
}

func serversOn(t *testing.T, srv *plesksim.Server) []dbserver.GetResult {
	t.Helper()
	return allOf(t, srv, dbserver.Get, xmlapi.QueryRequest{Filter: xmlapi.All()})
}

func TestDatabaseServerArrives(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newServerObject(t, c, remoteServer)
	x.Settle()
	all := serversOn(t, srv)
	g.Expect(all).To(HaveLen(2))
	d := all[1].Data
	g.Expect(engine.IDText(all[1].ID)).To(Equal(x.ID.ID))
	g.Expect([]any{d.Type, *d.Host, *d.Port, d.Admin, d.Status}).To(Equal([]any{"mysql", "db-2.example", 3307, "root", dbserver.NoError}))
	g.Expect(*x.O.Status.Observed).To(Equal(v1alpha1.ObservedDatabaseServer{State: "Available", Login: "root"}))
	g.Expect(x.Was).To(Equal(engine.Key{Name: "mysql/db-2.example:3307"}))

	x.Edit(`spec: {host: db-3.example, port: 3306, login: boss}`, "host", "port", "login")
	d = serversOn(t, srv)[1].Data
	g.Expect([]any{*d.Host, *d.Port, d.Admin}).To(Equal([]any{"db-3.example", 3306, "boss"}), "changed, not registered anew")
}

// The one that Plesk came with is there under whatever name of its machine.
func TestLocalDatabaseServerIsThere(t *testing.T) {
	for _, host := range []string{"localhost", "LOCALHOST", "127.0.0.1", `"::1"`} {
		g := NewWithT(t)
		srv, c := controllertest.Simulated(t)
		x := newServerObject(t, c, `spec: {serverRef: {name: web-01}, type: MySQL, port: 3306, host: `+host+`}`)
		g.Expect(x.Settle()).To(BeEmpty(), host)
		g.Expect(x.ID.ID).To(Equal("1"))
		g.Expect(*x.O.Status.Observed).To(Equal(v1alpha1.ObservedDatabaseServer{State: "Available", Login: "admin", Default: true, Local: true}))
		g.Expect(serversOn(t, srv)).To(HaveLen(1))
	}
}

// The password is written alone where it alone has changed, and shows in what Plesk says of the server.
func TestDatabaseServerPassword(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	r := &controllertest.Recording{Doer: c}
	x := newServerObject(t, r, `spec: {serverRef: {name: web-01}, type: MySQL, host: db-2.example, port: 3307, login: root}`)
	x.Settle()
	g.Expect(x.O.Status.Observed.State).To(Equal("CredentialsNotSet"))
	r.Sent = nil
	err := x.Kind.Update(t.Context(), r, engine.Update[databaseServerValue]{Identity: x.ID, Patch: databaseServerValue{Password: new(xmlapi.Secret("Harbour-2031"))}})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(r.Sent).To(HaveExactElements(And(ContainSubstring("<set><password>"), Not(ContainSubstring("host")), Not(ContainSubstring("admin")))))
	x.Settle()
	g.Expect(x.O.Status.Observed.State).To(Equal("Available"))
	g.Expect(serversOn(t, srv)[1].Data.Status).To(Equal(dbserver.NoError))
}

func TestDatabaseServerNeedsALoginToBeRegistered(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	_, err := newServerObject(t, c, `spec: {serverRef: {name: web-01}, type: MySQL, host: db-2.example, port: 3307}`).Pass()
	invalid, ok := errors.AsType[*engine.InvalidError](err)
	g.Expect(ok).To(BeTrue(), "%v", err)
	g.Expect(invalid.Field).To(Equal("spec.login"))
	g.Expect(serversOn(t, srv)).To(HaveLen(1))
}

// A remote server becomes the default one by its id, a local one by its type. Another one's place is taken, not given.
func TestDefaultDatabaseServer(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	defaults := func() (out []string) {
		for _, s := range serversOn(t, srv) {
			if s.Data.Default != nil {
				out = append(out, engine.IDText(s.ID))
			}
		}
		return out
	}
	x := newServerObject(t, c, remoteServer)
	controllertest.Parse(t, x.O, `spec: {default: true}`)
	x.Settle()
	g.Expect(defaults()).To(Equal([]string{x.ID.ID}), "registered as the default one")

	r := &controllertest.Recording{Doer: c}
	local := newServerObject(t, r, `spec: {serverRef: {name: web-01}, type: MySQL, host: localhost, port: 3306, default: true}`)
	g.Expect(controllertest.FieldsOf(local.Settle())).To(Equal([]string{"default"}))
	g.Expect(defaults()).To(Equal([]string{"1"}))
	g.Expect(r.Sent).To(ContainElement(ContainSubstring("<set-default><type>mysql</type></set-default>")))

	changes, err := x.Pass()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(controllertest.FieldsOf(changes)).To(Equal([]string{"default"}))
	g.Expect(defaults()).To(Equal([]string{x.ID.ID}))
}

// With databases on it, a server gets another address only with a permit: they would be looked for there.
func TestDatabaseServerWithDatabasesStaysWhereItIs(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newServerObject(t, c, remoteServer)
	x.Settle()
	id, err := engine.Number(x.ID.ID)
	g.Expect(err).NotTo(HaveOccurred())
	addDatabase(t, srv, aSubscription(t, srv, "acme.example", ""), id, "shop")
	x.Edit(`spec: {login: boss}`, "login")
	for _, edit := range []string{`spec: {host: db-3.example}`, `spec: {host: db-2.example, port: 3308}`} {
		controllertest.Parse(t, x.O, edit)
		_, err = x.Pass()
		loss, ok := errors.AsType[controllertest.LossError](err)
		g.Expect(ok).To(BeTrue(), "%v", err)
		g.Expect(string(loss)).To(ContainSubstring("1 databases are on the database server"))
	}
	g.Expect(*serversOn(t, srv)[1].Data.Host).To(Equal("db-2.example"))
	x.Permitted = true
	x.Settle()
	g.Expect(*serversOn(t, srv)[1].Data.Port).To(Equal(3308))
	g.Expect(x.O.Status.Observed.Databases).To(Equal(int32(1)))
}

func TestDatabaseServerDeletion(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newServerObject(t, c, remoteServer)
	x.Settle()
	id, err := engine.Number(x.ID.ID)
	g.Expect(err).NotTo(HaveOccurred())
	acme := aSubscription(t, srv, "acme.example", "")
	shop := addDatabase(t, srv, acme, id, "shop")
	addDatabase(t, srv, acme, 1, "elsewhere")

	found := x.There("mysql/db-2.example:3307")
	contents, err := Server{}.Contents(t.Context(), c, found)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(contents).To(Equal([]engine.Content{{
		Kind: "PleskDatabase", Identity: engine.Identity{ID: engine.IDText(shop)}, Key: target.DatabaseKey(x.ID, "shop"), Around: acme.GUID, Name: "shop",
	}}))
	g.Expect(Server{}.Delete(t.Context(), c, found)).NotTo(Succeed(), "Plesk does not remove it with its databases")

	found.Value.seen.Databases = 2
	_, err = Server{}.Contents(t.Context(), c, found)
	g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), "what is counted and not shown is not known: %v", err)

	found.Value.seen.Databases = 1
	g.Expect(Server{}.Stays(found)).To(BeEmpty())
	aDatabaseServer(t, srv, dbserver.PostgreSQL, "pg-1.example", 5432)
	all, err := Server{}.List(t.Context(), c, engine.Known{})
	g.Expect(err).NotTo(HaveOccurred())
	stays := map[string]string{}
	for _, s := range all {
		stays[*s.Value.Host] = Server{}.Stays(s)
	}
	g.Expect(stays).To(Equal(map[string]string{
		"localhost":    "Plesk does not remove the database servers on its own machine",
		"pg-1.example": "Plesk does not remove the default database server of a type: make another one the default one", // the first of its type
		"db-2.example": "",
	}))

	g.Expect(Server{}.Delete(t.Context(), c, &engine.Found[databaseServerValue]{})).NotTo(Succeed(), "without an id nothing is deleted")
	empty := newServerObject(t, c, `spec: {serverRef: {name: web-01}, type: MySQL, host: db-9.example, port: 3306, login: root}`)
	empty.Settle()
	found = empty.There("mysql/db-9.example:3306")
	contents, err = Server{}.Contents(t.Context(), c, found)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(contents).To(BeEmpty())
	g.Expect(Server{}.Delete(t.Context(), c, found)).To(Succeed())
	gone, err := empty.Find(engine.Key{})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(gone).To(BeNil())
}

// A recorded id is given again; the address says which server is meant.
func TestDatabaseServerOfItsAddress(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newServerObject(t, c, remoteServer)
	x.Settle()
	theirs := aDatabaseServer(t, srv, dbserver.MySQL, "db-4.example", 3306)
	is, err := Server{}.Find(t.Context(), c, engine.Handle{Identity: engine.Identity{ID: "99"}, Was: x.Was})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(is.ID).To(Equal(x.ID.ID), "by its address where the id is gone")
	is, err = Server{}.Find(t.Context(), c, engine.Handle{Identity: engine.Identity{ID: engine.IDText(theirs)}, Key: x.Was})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(is.Key.Name).To(Equal("mysql/db-4.example:3306"), "what has the id is shown, and the engine compares the keys")
}

// A refusal names the field that it is about.
func TestDatabaseServerRefusals(t *testing.T) {
	for _, c := range []struct {
		name, field string
		do          func(ctx context.Context, d xmlapi.Doer, want databaseServerValue) error
	}{
		{"address taken", "spec.host", func(ctx context.Context, d xmlapi.Doer, want databaseServerValue) error {
			want.Host = new("taken.example")
			_, err := Server{}.Create(ctx, d, want)
			return err
		}},
		{"type that the platform lacks", "spec.type", func(ctx context.Context, d xmlapi.Doer, want databaseServerValue) error {
			want.Type = new("MSSQL")
			_, err := Server{}.Create(ctx, d, want)
			return err
		}},
		{"no such default one", "spec.default", func(ctx context.Context, d xmlapi.Doer, want databaseServerValue) error {
			return Server{}.Update(ctx, d, engine.Update[databaseServerValue]{Identity: engine.Identity{ID: "99"}, Patch: databaseServerValue{Default: new(true)}, Want: want})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv, client := controllertest.Simulated(t)
			x := newServerObject(t, client, remoteServer)
			aDatabaseServer(t, srv, dbserver.MySQL, "taken.example", 3307)
			_, want, err := x.Kind.Desired(x.O, x.In)
			if err != nil {
				t.Fatal(err)
			}
			e, ok := errors.AsType[*xmlapi.Error](c.do(t.Context(), client, want))
			if !ok {
				t.Fatalf("not refused: %v", err)
			}
			if got := engine.FieldOf(Server{}, e); got != c.field {
				t.Errorf("%v is blamed on %q, want %q", e, got, c.field)
			}
		})
	}
}
