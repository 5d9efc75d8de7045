// Databases against a simulated Plesk: made where the spec says, moved when it says so, and never taken for another.

package database

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dbserver"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func FuzzNormalDatabase(f *testing.F) { controllertest.FuzzNormal(f, Database{}) }

// aDatabase is a resource whose references resolve to what is on the simulator.
type aDatabase = controllertest.Object[*v1alpha1.PleskDatabase, databaseValue]

const shopDatabase = `spec: {subscriptionRef: {name: acme-example}, databaseName: shop, type: MySQL}`

func newDatabaseObject(t *testing.T, srv *plesksim.Server, d xmlapi.Doer, manifest string) *aDatabase {
	t.Helper()
	x := &aDatabase{T: t, Kind: Database{}, D: d, O: controllertest.Parse(t, &v1alpha1.PleskDatabase{}, manifest)}
	x.In = engine.NewInputs("", map[string]engine.Resolved{
		"spec.subscriptionRef":   aSubscription(t, srv, "acme.example", ""),
		"spec.databaseServerRef": namedServer(t, srv, x.O),
	}, nil)
	return x
}

// aSubscription makes a subscription behind the client's back.
func aSubscription(t *testing.T, srv *plesksim.Server, domain, owner string) engine.Resolved {
	t.Helper()
	setup := webspace.NewGenSetup{Name: domain, IPAddresses: []string{"198.51.100.7"}}
	if owner != "" {
		setup.OwnerLogin = &owner
	}
	if _, err := webspace.Add.One(t.Context(), srv, webspace.AddRequest{GenSetup: setup}); err != nil {
		t.Fatal(err)
	}
	r, err := target.FindSubscription(t.Context(), srv, domain)
	if err != nil || r == nil {
		t.Fatal(r, err)
	}
	return *r
}

// namedServer is what the reference to the database server points at.
func namedServer(t *testing.T, srv *plesksim.Server, o *v1alpha1.PleskDatabase) engine.Resolved {
	t.Helper()
	mentions := Database{}.Refs()[1].Get(o)
	if len(mentions) != 1 {
		t.Fatalf("%+v", mentions)
	}
	r, err := target.FindDatabaseServer(t.Context(), srv, mentions[0].External)
	if err != nil || r == nil {
		t.Fatalf("%s: %v, %v", mentions[0].External, r, err)
	}
	return *r
}

// aDatabaseServer registers one behind the client's back.
func aDatabaseServer(t *testing.T, srv *plesksim.Server, kind, host string, port int) int64 {
	t.Helper()
	r, err := dbserver.Add.One(t.Context(), srv, dbserver.AddRequest{
		Host: host, Port: strconv.Itoa(port), Type: kind, Admin: "admin", Password: new(xmlapi.Secret("Harbour-2031")),
	})
	if err != nil {
		t.Fatal(err)
	}
	return r.ID
}

// addDatabase makes a database behind the client's back.
func addDatabase(t *testing.T, srv *plesksim.Server, in engine.Resolved, server int64, name string) int64 {
	t.Helper()
	owner, err := engine.Number(in.ID)
	if err != nil {
		t.Fatal(err)
	}
	kind := dbserver.MySQL
	for _, s := range allOf(t, srv, dbserver.Get, xmlapi.QueryRequest{Filter: xmlapi.All()}) {
		if s.ID == server {
			kind = s.Data.Type
		}
	}
	r, err := database.AddDB.One(t.Context(), srv, database.AddDBRequest{WebspaceID: owner, Name: name, Type: kind, ServerID: &server})
	if err != nil {
		t.Fatal(err)
	}
	return r.ID
}

func allOf[Req any, Res xmlapi.Outcomer](t *testing.T, d xmlapi.Doer, op xmlapi.Operation[Req, Res], req Req) []Res {
	t.Helper()
	all, err := op.All(t.Context(), d, req)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func databasesOn(t *testing.T, srv *plesksim.Server) []database.GetDBResult {
	t.Helper()
	return allOf(t, srv, database.GetDB, xmlapi.QueryRequest{Filter: xmlapi.All()})
}

func TestDatabaseArrives(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newDatabaseObject(t, srv, c, shopDatabase)
	x.Settle()
	all := databasesOn(t, srv)
	g.Expect(all).To(HaveLen(1))
	g.Expect(engine.IDText(all[0].ID)).To(Equal(x.ID.ID))
	g.Expect(all[0].Name).To(Equal("shop"))
	g.Expect(all[0].Type).To(Equal("mysql"))
	g.Expect(engine.IDText(all[0].WebspaceID)).To(Equal(x.In.Ref("spec.subscriptionRef").ID))
	g.Expect(*x.O.Status.Observed).To(Equal(v1alpha1.ObservedDatabase{Type: "MySQL", Host: "localhost", Port: 3306, Subscription: "acme.example"}))

	user, err := database.AddDBUser.One(t.Context(), srv, database.AddDBUserRequest{DatabaseID: &all[0].ID, Login: "shop_rw", Password: "Mint-42-harbour"})
	g.Expect(err).NotTo(HaveOccurred())
	x.Settle()
	g.Expect(x.O.Status.Observed.DefaultUser).To(Equal("shop_rw"))
	_, err = database.DelDBUser.One(t.Context(), srv, xmlapi.FilterRequest{Filter: database.ByID(user.ID)})
	g.Expect(err).NotTo(HaveOccurred())
	x.Settle()
	g.Expect(x.O.Status.Observed.DefaultUser).To(BeEmpty())
}

func TestDatabaseMovesToAnotherSubscription(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newDatabaseObject(t, srv, c, shopDatabase)
	x.Settle()
	was, server := x.ID, *x.In.Ref("spec.databaseServerRef")
	other := aSubscription(t, srv, "other.example", "")
	x.In = engine.NewInputs("", map[string]engine.Resolved{"spec.subscriptionRef": other, "spec.databaseServerRef": server}, nil)
	changes, err := x.Pass()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(changes).To(Equal([]engine.Change{{Field: "subscriptionRef", From: "acme.example", To: "other.example"}}))
	x.Settle()
	g.Expect(x.ID).To(Equal(was), "moved, not recreated")
	g.Expect(x.O.Status.Observed.Subscription).To(Equal("other.example"))
	g.Expect(databasesOn(t, srv)).To(HaveLen(1))
}

func TestDatabaseOnTheServerThatTheSpecNames(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	aDatabaseServer(t, srv, dbserver.PostgreSQL, "pg-1.example", 5432)
	second := aDatabaseServer(t, srv, dbserver.PostgreSQL, "pg-2.example", 5433)
	x := newDatabaseObject(t, srv, c, `spec: {subscriptionRef: {name: acme-example}, databaseName: shop, type: PostgreSQL, databaseServerRef: {external: "postgresql/PG-2.example:5433"}}`)
	x.Settle()
	g.Expect(databasesOn(t, srv)[0].ServerID).To(Equal(second))
	g.Expect(x.O.Status.Observed.Host).To(Equal("pg-2.example"))
	g.Expect(x.O.Status.Observed.Port).To(Equal(int32(5433)))

	// Another one under that address is not the one that the database is on.
	key, want, err := x.Kind.Desired(x.O, x.In)
	g.Expect(err).NotTo(HaveOccurred())
	found, err := x.Kind.Find(t.Context(), c, engine.Handle{Identity: x.ID, Was: key})
	g.Expect(err).NotTo(HaveOccurred())
	want.Server = &engine.Link{Identity: engine.Identity{ID: "9"}, Name: "postgresql/pg-3.example:5432"}
	g.Expect(engine.Diff(want, found.Value)).To(Equal([]engine.Change{
		{Field: "databaseServerRef", From: "postgresql/pg-2.example:5433", To: "postgresql/pg-3.example:5432", Immutable: true},
	}))
}

// A database server of another type than the database's cannot be meant.
func TestDatabaseOnAServerOfItsType(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	aDatabaseServer(t, srv, dbserver.PostgreSQL, "pg-1.example", 5432)
	x := newDatabaseObject(t, srv, c, `spec: {subscriptionRef: {name: acme-example}, databaseName: shop, type: MySQL, databaseServerRef: {external: "postgresql/pg-1.example:5432"}}`)
	_, err := x.Pass()
	invalid, ok := errors.AsType[*engine.InvalidError](err)
	g.Expect(ok).To(BeTrue(), "%v", err)
	g.Expect(invalid.Field).To(Equal("spec.databaseServerRef"))
	g.Expect(databasesOn(t, srv)).To(BeEmpty())

	named := controllertest.Parse(t, &v1alpha1.PleskDatabase{}, `spec: {subscriptionRef: {name: acme-example}, databaseName: shop, type: MySQL, databaseServerRef: {name: db-2}}`)
	g.Expect(Database{}.Refs()[1].Get(named)).To(Equal([]engine.Mention{{Name: "db-2"}}))
}

// The host that users are told cannot be read back: it is written by itself, and nothing else with it.
func TestDatabaseTellsItsUsersAHost(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	r := &controllertest.Recording{Doer: c}
	x := newDatabaseObject(t, srv, r, shopDatabase)
	x.Settle()
	r.Sent = nil
	update := func(host string) error {
		return x.Kind.Update(t.Context(), r, engine.Update[databaseValue]{Identity: x.ID, Patch: databaseValue{CustomHost: &host}})
	}
	g.Expect(update("db.acme.example")).To(Succeed())
	g.Expect(r.Sent).To(HaveExactElements(And(ContainSubstring("<host>db.acme.example</host>"), Not(ContainSubstring("assign-to-subscription")))))
	e, refused := errors.AsType[*xmlapi.Error](update("a b"))
	g.Expect(refused).To(BeTrue())
	g.Expect(engine.FieldOf(Database{}, e)).To(Equal("spec.customHost"))
}

// The default server of the day is the one for new databases; it says nothing about those that are there.
func TestDatabaseStaysOnTheDefaultServerOfItsTime(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newDatabaseObject(t, srv, c, shopDatabase)
	x.Settle()
	first := *x.In.Ref("spec.databaseServerRef")
	second := aDatabaseServer(t, srv, dbserver.MySQL, "db-2.example", 3306)
	_, err := dbserver.SetDefault.One(t.Context(), srv, dbserver.SetDefaultRequest{ID: &second})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(namedServer(t, srv, x.O).ID).To(Equal(engine.IDText(second)), "nothing is recorded yet")

	for _, s := range []v1alpha1.CommonStatus{
		{ID: x.ID.ID, Key: "shop", Within: &v1alpha1.ObjectIdentity{ID: first.ID}},
		{Key: "shop", Within: &v1alpha1.ObjectIdentity{ID: engine.IDText(second)}, Pending: &v1alpha1.PendingWrite{Key: "shop", Within: &v1alpha1.ObjectIdentity{ID: first.ID}}},
	} {
		x.O.Status.CommonStatus = s
		g.Expect(Database{}.Refs()[1].Get(x.O)).To(BeEmpty())
		key, want, err := x.Kind.Desired(x.O, engine.NewInputs("", map[string]engine.Resolved{"spec.subscriptionRef": *x.In.Ref("spec.subscriptionRef")}, nil))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(key).To(Equal(engine.Key{Within: engine.Identity{ID: first.ID}, Name: "shop"}))
		found, err := x.Kind.Find(t.Context(), c, engine.Handle{Identity: x.ID, Key: key, Was: key})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(engine.Diff(want, found.Value)).To(BeEmpty())
	}

	x.O.Status.Pending.Outcome = v1alpha1.PendingRefused
	g.Expect(namedServer(t, srv, x.O).ID).To(Equal(engine.IDText(second)), "nothing was made there")
}

func TestDatabaseServersAreFound(t *testing.T) {
	g := NewWithT(t)
	srv, _ := controllertest.Simulated(t)
	mysql := aDatabaseServer(t, srv, dbserver.MySQL, "2001:db8::7", 3307)
	for external, id := range map[string]string{
		"mysql/localhost:3306": "1", "mysql/default": "1", "mysql/[2001:db8::7]:3307": engine.IDText(mysql),
		"MySQL/LocalHost:3306": "1", "mysql/127.0.0.1:3306": "1", "mysql/[::1]:3306": "1", "mysql/[2001:DB8:0::7]:3307": engine.IDText(mysql), "mysql": "", "mysql/localhost": "",
		"mysql/localhost:3307": "", "postgresql/localhost:3306": "",
	} {
		r, err := target.FindDatabaseServer(t.Context(), srv, external)
		g.Expect(err).NotTo(HaveOccurred(), external)
		if id == "" {
			g.Expect(r).To(BeNil(), external)
		} else {
			g.Expect(r.ID).To(Equal(id), external)
		}
	}
	for _, lacking := range []string{"mssql/default", "postgresql/default"} { // the one cannot be on Linux, of the other there is none
		_, err := target.FindDatabaseServer(t.Context(), srv, lacking)
		e, refused := errors.AsType[*xmlapi.Error](err)
		g.Expect(refused).To(BeTrue(), "%s: %v", lacking, err)
		g.Expect(engine.FieldOf(Database{}, e)).To(Equal("spec.type"), lacking)
	}
}

// A name counts within its database server: its namesake elsewhere is another database.
func TestDatabasesOfOneName(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newDatabaseObject(t, srv, c, shopDatabase)
	in := *x.In.Ref("spec.subscriptionRef")
	second := aDatabaseServer(t, srv, dbserver.MySQL, "db-2.example", 3306)
	foreign := addDatabase(t, srv, in, second, "shop")
	x.Settle()
	g.Expect(x.ID.ID).NotTo(Equal(engine.IDText(foreign)))
	found, err := x.Kind.Find(t.Context(), c, engine.Handle{Key: target.DatabaseKey(engine.Identity{ID: engine.IDText(second)}, "shop")})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.ID).To(Equal(engine.IDText(foreign)))

	_, err = target.FindDatabase(t.Context(), c, "shop")
	g.Expect(err).To(MatchError(ContainSubstring("several database servers")))
	invalid, ok := errors.AsType[*engine.InvalidError](err)
	g.Expect(ok).To(BeTrue())
	g.Expect(invalid.Field).To(Equal("spec.databaseRef.external"))
	for external, id := range map[string]string{"mysql/db-2.example:3306/shop": engine.IDText(foreign), "MySQL/LOCALHOST:3306/shop": x.ID.ID, "mysql/db-3.example:3306/shop": "", "nothing": ""} {
		r, err := target.FindDatabase(t.Context(), c, external)
		g.Expect(err).NotTo(HaveOccurred(), external)
		if id == "" {
			g.Expect(r).To(BeNil(), external)
		} else {
			g.Expect(r.ID).To(Equal(id), external)
		}
	}
}

// Whoever asks whether a database is within reach is told all that it lies in.
func TestWhatDatabasesLieIn(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	owner := controllertest.AddCustomer(t, srv, "theirs")
	id := allOf(t, srv, customer.Get, customer.GetRequest{Filter: customer.ByGUID(owner.GUID).Query(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}})[0].ID
	in := aSubscription(t, srv, "theirs.example", "theirs")
	db := addDatabase(t, srv, in, 1, "theirs")
	around := []engine.Owner{
		{Kind: "PleskSubscription", Identity: in.Identity},
		{Kind: "PleskCustomer", Identity: engine.Identity{ID: engine.IDText(id)}}, // or, as all accounts share their ids:
		{Kind: "PleskReseller", Identity: engine.Identity{ID: engine.IDText(id)}},
	}
	key := target.DatabaseKey(engine.Identity{ID: "1"}, "theirs")
	for name, h := range map[string]engine.Handle{"by name": {Key: key}, "by id": {Identity: engine.Identity{ID: engine.IDText(db)}, Was: key}} {
		found, err := Database{}.Find(t.Context(), c, h)
		g.Expect(err).NotTo(HaveOccurred(), name)
		g.Expect(found.In).To(Equal(around), name)
	}
	r, err := target.FindDatabase(t.Context(), c, "theirs")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(*r).To(Equal(engine.Resolved{Kind: "PleskDatabase", Identity: engine.Identity{ID: engine.IDText(db)}, Key: key, In: around}))
}

func TestDatabaseDeletion(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newDatabaseObject(t, srv, c, shopDatabase)
	x.Settle()
	other := addDatabase(t, srv, *x.In.Ref("spec.subscriptionRef"), 1, "other")
	id, err := engine.Number(x.ID.ID)
	g.Expect(err).NotTo(HaveOccurred())
	for _, login := range []string{"shop_rw", "shop_ro"} {
		_, err := database.AddDBUser.One(t.Context(), srv, database.AddDBUserRequest{DatabaseID: &id, Login: login, Password: "Mint-42-harbour"})
		g.Expect(err).NotTo(HaveOccurred())
	}
	found, err := x.Kind.Find(t.Context(), c, engine.Handle{Identity: x.ID})
	g.Expect(err).NotTo(HaveOccurred())
	contents, err := Database{}.Contents(t.Context(), c, found)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(contents).To(ConsistOf(
		engine.Content{Kind: "PleskDatabaseUser", Identity: engine.Identity{ID: "1"}, Key: engine.Key{Within: x.ID, Name: "shop_rw"}, Name: "shop_rw"},
		engine.Content{Kind: "PleskDatabaseUser", Identity: engine.Identity{ID: "2"}, Key: engine.Key{Within: x.ID, Name: "shop_ro"}, Name: "shop_ro"},
	))

	g.Expect(Database{}.Delete(t.Context(), c, &engine.Found[databaseValue]{})).NotTo(Succeed(), "without an id nothing is deleted")
	g.Expect(Database{}.Delete(t.Context(), c, found)).To(Succeed())
	g.Expect(xmlapi.IsNotFound(Database{}.Delete(t.Context(), c, found))).To(BeTrue())
	gone, err := x.Kind.Find(t.Context(), c, engine.Handle{Identity: x.ID, Was: found.Key})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(gone).To(BeNil())
	left := databasesOn(t, srv)
	g.Expect(left).To(HaveLen(1))
	g.Expect(left[0].ID).To(Equal(other))
}

// A refusal names the field that it is about.
func TestDatabaseRefusals(t *testing.T) {
	for _, c := range []struct {
		name, field string
		change      func(w *databaseValue)
	}{
		{"name taken", "spec.databaseName", func(w *databaseValue) { w.Name = new("taken") }},
		{"name that cannot be", "spec.databaseName", func(w *databaseValue) { w.Name = new("a;b") }},
		{"no such subscription", "spec.subscriptionRef", func(w *databaseValue) { w.Subscription = &engine.Link{Identity: engine.Identity{ID: "99"}} }},
		{"no such database server", "spec.databaseServerRef", func(w *databaseValue) { w.server = "99" }},
		{"database server of another type", "spec.type", func(w *databaseValue) { w.Type = new("PostgreSQL") }},
		{"type that the platform lacks", "spec.type", func(w *databaseValue) { w.Type = new("MSSQL") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv, client := controllertest.Simulated(t)
			x := newDatabaseObject(t, srv, client, shopDatabase)
			addDatabase(t, srv, *x.In.Ref("spec.subscriptionRef"), 1, "taken")
			_, want, err := x.Kind.Desired(x.O, x.In)
			if err != nil {
				t.Fatal(err)
			}
			c.change(&want)
			_, err = Database{}.Create(t.Context(), client, want)
			e, ok := errors.AsType[*xmlapi.Error](err)
			if !ok {
				t.Fatalf("not refused: %v", err)
			}
			if got := engine.FieldOf(Database{}, e); got != c.field {
				t.Errorf("%v is blamed on %q, want %q", err, got, c.field)
			}
		})
	}
}

// An answer that lacks what was asked for says nothing about the database.
func TestDatabaseIncompleteAnswer(t *testing.T) {
	g := NewWithT(t)
	const whole = `<filter-id>7</filter-id><id>7</id><name>shop</name><type>mysql</type><webspace-id>3</webspace-id><db-server-id>1</db-server-id>`
	answer := func(result string) controllertest.Recorded {
		return controllertest.Recorded(`<packet><database><get-db><result><status>ok</status>` + result + `</result></get-db></database>` +
			`<db_server><get><result><status>ok</status></result></get></db_server></packet>`)
	}
	list, err := target.ReadDatabases(t.Context(), answer(whole), database.ByID(7).Query())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(list.Databases).To(HaveLen(1))
	for _, lacking := range []string{"<webspace-id>3</webspace-id>", "<db-server-id>1</db-server-id>", "<type>mysql</type>", "<name>shop</name>"} {
		_, err := Database{}.Find(t.Context(), answer(strings.Replace(whole, lacking, "", 1)), engine.Handle{Identity: engine.Identity{ID: "7"}})
		g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), "without %s: %v", lacking, err)
		g.Expect(err).To(MatchError(ContainSubstring("lacks")))
	}
}
