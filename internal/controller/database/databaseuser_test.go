// Database users against a simulated Plesk: what can be read back is compared, what cannot is written when it changes here.

package database

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
)

func FuzzNormalDatabaseUser(f *testing.F) { controllertest.FuzzNormal(f, User{}) }

// aDatabaseUser is a resource whose reference and secret resolve to what is on the simulator.
type aDatabaseUser = controllertest.Object[*v1alpha1.PleskDatabaseUser, databaseUserValue]

const shopUser = `
spec:
  databaseRef: {name: shop}
  login: shop_rw
  role: ReadOnly
  password: {secretRef: {name: shop-db, key: password}}
  allowedHosts: [10.8.%, App-1.Acme.Example]
  allowedAddresses: ["198.51.100.7", "2001:DB8:0::/64"]
`

func newDatabaseUserObject(t *testing.T, srv *plesksim.Server, d xmlapi.Doer, manifest string) *aDatabaseUser {
	t.Helper()
	in := aSubscription(t, srv, "acme.example", "")
	db := engine.Resolved{Identity: engine.Identity{ID: engine.IDText(addDatabase(t, srv, in, 1, "shop"))}, Key: target.DatabaseKey(engine.Identity{ID: "1"}, "shop")}
	return &aDatabaseUser{
		T: t, Kind: User{}, D: d, O: controllertest.Parse(t, &v1alpha1.PleskDatabaseUser{}, manifest),
		In: engine.NewInputs("", map[string]engine.Resolved{"spec.databaseRef": db}, map[string]xmlapi.Secret{databaseUserPassword: "Mint-42-harbour"}),
	}
}

// usersOn is all database users of a server.
func usersOn(t *testing.T, srv *plesksim.Server) []database.GetDBUsersResult {
	t.Helper()
	return allOf(t, srv, database.GetDBUsers, xmlapi.QueryRequest{Filter: xmlapi.All()})
}

// addDatabaseUser makes a user behind the client's back.
func addDatabaseUser(t *testing.T, srv *plesksim.Server, req database.AddDBUserRequest) int64 {
	t.Helper()
	req.Password = "Mint-42-harbour"
	r, err := database.AddDBUser.One(t.Context(), srv, req)
	if err != nil {
		t.Fatal(err)
	}
	return r.ID
}

func TestDatabaseUserArrives(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	r := &controllertest.Recording{Doer: c}
	x := newDatabaseUserObject(t, srv, r, shopUser)
	x.Settle()
	g.Expect(r.Sent).To(ContainElement(ContainSubstring("<role>readOnly</role>")))
	all := usersOn(t, srv)
	g.Expect(all).To(HaveLen(1))
	u := all[0]
	g.Expect(u.Login).To(Equal("shop_rw"))
	g.Expect(engine.IDText(u.DatabaseID)).To(Equal(x.In.Ref("spec.databaseRef").ID))
	g.Expect(u.ACL.Hosts).To(ConsistOf("10.8.%", "app-1.acme.example"))
	g.Expect(u.AllowAccessFrom.IPAddresses).To(ConsistOf("198.51.100.7", "2001:db8::/64"))
	g.Expect(*x.O.Status.Observed).To(Equal(v1alpha1.ObservedDatabaseUser{
		Database: "shop", Type: "MySQL", Host: "localhost", Port: 3306, Default: true,
		AllowedHosts: []string{"10.8.%", "app-1.acme.example"}, AllowedAddresses: []string{"198.51.100.7", "2001:db8::/64"},
	}))
}

// Every field by itself: the change is seen, written by one operation, and there afterwards.
func TestDatabaseUserFields(t *testing.T) {
	for _, c := range []struct {
		spec   string
		fields []string
	}{
		{`login: shop_writer`, []string{"login"}},
		{`allowedHosts: [10.8.%]`, []string{"allowedHosts"}},
		{`allowedHosts: []`, []string{"allowedHosts"}},
		{`allowedHosts: [APP-1.acme.example, 10.8.%]`, nil},
		{`allowedAddresses: []`, []string{"allowedAddresses"}},
		{`allowedAddresses: ["2001:db8::/64"]`, []string{"allowedAddresses"}},
		{`allowedAddresses: ["2001:db8::9/64", "198.51.100.7/32"]`, nil},
		{`default: true`, nil},
	} {
		t.Run(c.spec, func(t *testing.T) {
			srv, client := controllertest.Simulated(t)
			x := newDatabaseUserObject(t, srv, client, shopUser)
			x.Settle()
			id := x.ID
			srv.ResetStats()
			x.Edit("spec: {"+c.spec+"}", c.fields...)
			if writes := srv.Stats().Writes; writes != len(c.fields) {
				t.Errorf("%d operations wrote, want %d: %v", writes, len(c.fields), srv.Stats().Operations)
			}
			if x.ID != id {
				t.Errorf("recreated: id %s", x.ID.ID)
			}
		})
	}
}

// A role is not read back, and changes by itself: the password is not sent along, nor the other way round.
func TestRoleAndPasswordAreWrittenApart(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	r := &controllertest.Recording{Doer: c}
	x := newDatabaseUserObject(t, srv, r, shopUser)
	x.Settle()
	_, want, err := x.Kind.Desired(x.O, x.In)
	g.Expect(err).NotTo(HaveOccurred())
	write := func(field string) string {
		r.Sent = nil
		changes := []engine.Change{{Field: field, WriteOnly: true}}
		g.Expect(x.Kind.Update(t.Context(), r, engine.Update[databaseUserValue]{
			Identity: x.ID, Changes: changes, Patch: engine.Only(want, changes), Want: want,
		})).To(Succeed())
		g.Expect(r.Sent).To(HaveLen(1))
		return r.Sent[0]
	}
	want.Role = new("WriteOnly")
	g.Expect(write("role")).To(And(ContainSubstring("<role>writeOnly</role>"), Not(ContainSubstring("password")), Not(ContainSubstring("acl"))))
	want.Password = new(xmlapi.Secret("Lime-43-harbour"))
	g.Expect(write("password")).To(And(ContainSubstring("Lime-43-harbour"), Not(ContainSubstring("role"))))
}

func TestDefaultDatabaseUser(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newDatabaseUserObject(t, srv, c, shopUser)
	db, err := engine.Number(x.In.Ref("spec.databaseRef").ID)
	g.Expect(err).NotTo(HaveOccurred())
	first := addDatabaseUser(t, srv, database.AddDBUserRequest{DatabaseID: &db, Login: "first"})
	x.Settle()
	g.Expect(x.O.Status.Observed.Default).To(BeFalse())
	g.Expect(*databasesOn(t, srv)[0].DefaultUserID).To(Equal(first), "unset: not managed")
	x.Edit(`spec: {default: true}`, "default")
	g.Expect(engine.IDText(*databasesOn(t, srv)[0].DefaultUserID)).To(Equal(x.ID.ID))
}

// A universal user has no database, whatever its login: it is nobody's user of this kind.
func TestUniversalUsersAreLeftAlone(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newDatabaseUserObject(t, srv, c, shopUser)
	all := databasesOn(t, srv)
	universal := addDatabaseUser(t, srv, database.AddDBUserRequest{WebspaceID: &all[0].WebspaceID, ServerID: &all[0].ServerID, Login: "shop_rw"})
	key, _, err := x.Kind.Desired(x.O, x.In)
	g.Expect(err).NotTo(HaveOccurred())
	for _, id := range []string{"", engine.IDText(universal)} {
		found, err := x.Kind.Find(t.Context(), c, engine.Handle{Identity: engine.Identity{ID: id}, Key: key})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(found).To(BeNil())
	}

	// Nor where a server lists them with the users of a database.
	listed := controllertest.Recorded(`<packet><database><get-db><result><status>ok</status><filter-id>1</filter-id><id>1</id><name>shop</name><type>mysql</type>` +
		`<webspace-id>1</webspace-id><db-server-id>1</db-server-id></result></get-db></database><db_server><get><result><status>ok</status></result></get></db_server>` +
		`<database><get-db-users><result><status>ok</status><filter-id>1</filter-id><id>3</id><login>shop_rw</login></result></get-db-users></database></packet>`)
	found, err := x.Kind.Find(t.Context(), listed, engine.Handle{Identity: engine.Identity{ID: "3"}, Key: target.DatabaseUserKey(engine.Identity{ID: "1"}, "shop_rw")})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found).To(BeNil())
}

// One login in two databases' lists is two users: ids and logins count within the database.
func TestUsersOfAnotherDatabaseAreOthers(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newDatabaseUserObject(t, srv, c, shopUser)
	all := databasesOn(t, srv)
	crm, err := database.AddDB.One(t.Context(), srv, database.AddDBRequest{WebspaceID: all[0].WebspaceID, Name: "crm", Type: "mysql"})
	g.Expect(err).NotTo(HaveOccurred())
	theirs := addDatabaseUser(t, srv, database.AddDBUserRequest{DatabaseID: &crm.ID, Login: "crm"})
	key, _, err := x.Kind.Desired(x.O, x.In)
	g.Expect(err).NotTo(HaveOccurred())
	found, err := x.Kind.Find(t.Context(), c, engine.Handle{Identity: engine.Identity{ID: engine.IDText(theirs)}, Key: key, Was: key})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found).To(BeNil(), "the recorded id is another database's by now")
}

// What a user lies in is asked when it is not known to be ours, and only then.
func TestWhatDatabaseUsersLieIn(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	r := &controllertest.Recording{Doer: c}
	x := newDatabaseUserObject(t, srv, r, shopUser)
	x.Settle()
	db := *x.In.Ref("spec.databaseRef")
	subscription, err := target.FindSubscription(t.Context(), srv, "acme.example")
	g.Expect(err).NotTo(HaveOccurred())
	key := target.DatabaseUserKey(db.Identity, "shop_rw")
	found, err := x.Kind.Find(t.Context(), r, engine.Handle{Key: key})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.In).To(HaveLen(4), "the database, the subscription and its owner, a customer or a reseller")
	g.Expect(found.In[:2]).To(Equal([]engine.Owner{{Kind: "PleskDatabase", Identity: db.Identity, Key: db.Key}, {Kind: "PleskSubscription", Identity: subscription.Identity}}))

	r.Sent = nil
	found, err = x.Kind.Find(t.Context(), r, engine.Handle{Identity: x.ID, Was: key})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.In).To(Equal([]engine.Owner{{Kind: "PleskDatabase", Identity: db.Identity, Key: db.Key}}))
	g.Expect(r.Sent).To(HaveLen(1), "one packet for a user that is known")
}

func TestDatabaseUserNeedsAPasswordToBeMade(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newDatabaseUserObject(t, srv, c, shopUser)
	x.In = engine.NewInputs("", map[string]engine.Resolved{"spec.databaseRef": *x.In.Ref("spec.databaseRef")}, nil)
	_, err := x.Pass()
	invalid, ok := errors.AsType[*engine.InvalidError](err)
	g.Expect(ok).To(BeTrue(), "%v", err)
	g.Expect(invalid.Field).To(Equal("spec.password"))
	g.Expect(usersOn(t, srv)).To(BeEmpty())
}

func TestDatabaseUserDeletion(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newDatabaseUserObject(t, srv, c, shopUser)
	x.Settle()
	db, err := engine.Number(x.In.Ref("spec.databaseRef").ID)
	g.Expect(err).NotTo(HaveOccurred())
	other := addDatabaseUser(t, srv, database.AddDBUserRequest{DatabaseID: &db, Login: "other"})
	key := target.DatabaseUserKey(x.In.Ref("spec.databaseRef").Identity, "shop_rw")
	found, err := x.Kind.Find(t.Context(), c, engine.Handle{Identity: x.ID, Was: key})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(User{}.Delete(t.Context(), c, &engine.Found[databaseUserValue]{})).NotTo(Succeed(), "without an id nothing is deleted")
	g.Expect(User{}.Delete(t.Context(), c, found)).To(Succeed())
	gone, err := x.Kind.Find(t.Context(), c, engine.Handle{Identity: x.ID, Was: key})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(gone).To(BeNil())
	left := usersOn(t, srv)
	g.Expect(left).To(HaveLen(1))
	g.Expect(left[0].ID).To(Equal(other))

	_, err = database.DelDB.One(t.Context(), srv, xmlapi.FilterRequest{Filter: database.ByID(db)})
	g.Expect(err).NotTo(HaveOccurred())
	gone, err = x.Kind.Find(t.Context(), c, engine.Handle{Identity: engine.Identity{ID: engine.IDText(other)}, Was: target.DatabaseUserKey(key.Within, "other")})
	g.Expect(err).NotTo(HaveOccurred(), "a user goes with its database")
	g.Expect(gone).To(BeNil())
}

// A refusal names the field that it is about.
func TestDatabaseUserRefusals(t *testing.T) {
	for _, c := range []struct {
		name, field string
		do          func(ctx context.Context, d xmlapi.Doer, want databaseUserValue) error
	}{
		{"login taken", "spec.login", func(ctx context.Context, d xmlapi.Doer, want databaseUserValue) error {
			want.Login = new("taken")
			_, err := User{}.Create(ctx, d, want)
			return err
		}},
		{"no such database", "spec.databaseRef", func(ctx context.Context, d xmlapi.Doer, want databaseUserValue) error {
			want.database = "99"
			_, err := User{}.Create(ctx, d, want)
			return err
		}},
		{"default user of a database that is not its own", "spec.default", func(ctx context.Context, d xmlapi.Doer, want databaseUserValue) error {
			want.database = "2"
			return User{}.Update(ctx, d, engine.Update[databaseUserValue]{
				Identity: engine.Identity{ID: "1"}, Patch: databaseUserValue{Default: new(true)}, Want: want,
			})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv, client := controllertest.Simulated(t)
			x := newDatabaseUserObject(t, srv, client, shopUser)
			db, err := engine.Number(x.In.Ref("spec.databaseRef").ID)
			if err != nil {
				t.Fatal(err)
			}
			addDatabaseUser(t, srv, database.AddDBUserRequest{DatabaseID: &db, Login: "taken"})
			if _, err := database.AddDB.One(t.Context(), srv, database.AddDBRequest{WebspaceID: databasesOn(t, srv)[0].WebspaceID, Name: "crm", Type: "mysql"}); err != nil {
				t.Fatal(err)
			}
			_, want, err := x.Kind.Desired(x.O, x.In)
			if err != nil {
				t.Fatal(err)
			}
			err = c.do(t.Context(), client, want)
			e, ok := errors.AsType[*xmlapi.Error](err)
			if !ok {
				t.Fatalf("not refused: %v", err)
			}
			if got := engine.FieldOf(User{}, e); got != c.field {
				t.Errorf("%v is blamed on %q, want %q", err, got, c.field)
			}
		})
	}
}

func TestTenantsNameTheHostsThatTheyComeFrom(t *testing.T) {
	for _, c := range []struct {
		hosts, addresses, fields []string
	}{
		{hosts: []string{"app-1.acme.example", "198.51.100.7", "198.51.100.0/255.255.255.0", "10.0.0.0/8"}},
		{addresses: []string{"198.51.100.7", "10.0.0.0/8", "2001:db8::/32", "::ffff:10.0.0.0/104"}},
		{hosts: []string{"%"}, fields: []string{"allowedHosts"}},
		{hosts: []string{"app-1.acme.example", "10.8.%"}, fields: []string{"allowedHosts"}},
		{hosts: []string{"__.___.__.__"}, fields: []string{"allowedHosts"}},
		{hosts: []string{"0.0.0.0/0.0.0.0"}, fields: []string{"allowedHosts"}},
		{hosts: []string{"128.0.0.0/128.0.0.0"}, fields: []string{"allowedHosts"}},
		{hosts: []string{"0.0.0.0/0"}, addresses: []string{"::/0"}, fields: []string{"allowedAddresses", "allowedHosts"}},
		{addresses: []string{"128.0.0.0/1"}, fields: []string{"allowedAddresses"}},
		{addresses: []string{"2000::/3"}, fields: []string{"allowedAddresses"}},
		{addresses: []string{"::ffff:0:0/96"}, fields: []string{"allowedAddresses"}},
		{addresses: []string{"::/64"}, fields: []string{"allowedAddresses"}},
	} {
		w := User{}.Normal(databaseUserValue{Hosts: c.hosts, Addresses: c.addresses})
		got := User{}.Privileged(w)
		slices.Sort(got)
		if !slices.Equal(got, c.fields) {
			t.Errorf("hosts %q and addresses %q are privileged as %q, want %q", c.hosts, c.addresses, got, c.fields)
		}
	}
}

func TestDatabaseConnection(t *testing.T) {
	const password = "p@ss:w/o?r#d+% é&=[]"
	const encoded = "p%40ss%3Aw%2Fo%3Fr%23d%2B%25%20%C3%A9%26%3D%5B%5D"
	for _, c := range []struct {
		seen           v1alpha1.ObservedDatabaseUser
		login          string
		connectionHost *string
		host, port     string
		uri            string
	}{
		{
			v1alpha1.ObservedDatabaseUser{Type: "MySQL", Host: "db.acme.example", Port: 3306, Database: "shop"}, "shop_rw", nil, "db.acme.example", "3306",
			"mysql://shop_rw:" + encoded + "@db.acme.example:3306/shop",
		},
		{
			v1alpha1.ObservedDatabaseUser{Type: "PostgreSQL", Host: "2001:db8::7", Port: 5432, Database: "shop/100%"}, "sh@p", nil, "2001:db8::7", "5432",
			"postgresql://sh%40p:" + encoded + "@[2001:db8::7]:5432/shop%2F100%25",
		},
		{
			v1alpha1.ObservedDatabaseUser{Type: "MSSQL", Host: `win-1\EXPRESS`, Port: 1433, Database: "shop&crm"}, `ACME\shop`, nil, `win-1\EXPRESS`, "1433",
			"sqlserver://ACME%5Cshop:" + encoded + "@win-1:1433/EXPRESS?database=shop%26crm",
		},
		{
			v1alpha1.ObservedDatabaseUser{Type: "MySQL", Host: "localhost", Port: 3306, Database: "shop"}, "shop_rw", new("web-01.example.com"), "web-01.example.com", "3306",
			"mysql://shop_rw:" + encoded + "@web-01.example.com:3306/shop",
		},
	} {
		t.Run(c.uri, func(t *testing.T) {
			g := NewWithT(t)
			o := &v1alpha1.PleskDatabaseUser{Spec: v1alpha1.PleskDatabaseUserSpec{ConnectionHost: c.connectionHost}}
			values := published(o, c.login, c.seen, map[string]xmlapi.Secret{databaseUserPassword: password})
			g.Expect(values).To(Equal(map[string]string{
				"host": c.host, "port": c.port, "database": c.seen.Database, "username": c.login, "password": password, "uri": c.uri,
			}))
			u, err := url.Parse(values["uri"])
			g.Expect(err).NotTo(HaveOccurred())
			read, _ := u.User.Password()
			g.Expect(read).To(Equal(password), "whoever reads the URI gets the password back")
			g.Expect(u.User.Username()).To(Equal(c.login))
			g.Expect(u.Port()).To(Equal(c.port))
		})
	}
}

// What is not known is left out, and the URI with it.
func TestDatabaseConnectionInPart(t *testing.T) {
	g := NewWithT(t)
	o := &v1alpha1.PleskDatabaseUser{}
	g.Expect(User{}.PublishTo(o)).To(BeEmpty())
	o.Spec.ConnectionSecretRef = &v1alpha1.SecretReference{Name: "shop-connection"}
	g.Expect(User{}.PublishTo(o)).To(Equal("shop-connection"))
	seen := v1alpha1.ObservedDatabaseUser{Type: "MySQL", Host: "localhost", Port: 3306, Database: "shop"}
	g.Expect(published(o, "shop_rw", seen, nil)).To(Equal(map[string]string{"host": "localhost", "port": "3306", "database": "shop", "username": "shop_rw"}))
	seen.Host, seen.Port = "", 0
	g.Expect(published(o, "shop_rw", seen, map[string]xmlapi.Secret{databaseUserPassword: "Mint-42-harbour"})).To(Equal(
		map[string]string{"database": "shop", "username": "shop_rw", "password": "Mint-42-harbour"}))
}

// published is what goes into the connection Secret.
func published(o *v1alpha1.PleskDatabaseUser, login string, seen v1alpha1.ObservedDatabaseUser, secrets map[string]xmlapi.Secret) map[string]string {
	found := &engine.Found[databaseUserValue]{Value: databaseUserValue{Login: &login, seen: &seen}}
	out := map[string]string{}
	for k, v := range (User{}).Publish(o, found, engine.NewInputs("", nil, secrets)) {
		out[k] = v.Reveal()
	}
	return out
}
