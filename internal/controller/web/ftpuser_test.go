// FTP accounts against a simulated Plesk: whatever the spec says is there afterwards, and nothing else was written.

package web

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
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ftpuser"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func FuzzNormalFTPUser(f *testing.F) { controllertest.FuzzNormal(f, FTPUser{}) }

// anFTPUser is a resource whose reference and secret resolve to what is on the simulator.
type anFTPUser = controllertest.Object[*v1alpha1.PleskFTPUser, ftpUserValue]

const designer = `
spec:
  subscriptionRef: {external: acme.example}
  login: designer
  password: {secretRef: {name: designer-ftp, key: password}}
  homeDirectory: /httpdocs/pub/
  createHomeDirectory: true
  quota: 1Gi
  permissions: {read: true, write: true}
`

// hosted is a subscription with web hosting, made behind the client's back.
func hosted(t *testing.T, srv *plesksim.Server, domain, systemUser string) engine.Resolved {
	t.Helper()
	_, err := webspace.Add.One(t.Context(), srv, webspace.AddRequest{
		GenSetup: webspace.NewGenSetup{Name: domain, HostingType: new(hosting.Virtual), IPAddresses: []string{"198.51.100.7"}},
		Hosting: &hosting.Hosting{Virtual: &hosting.VirtualHosting{IPAddresses: []string{"198.51.100.7"}, Properties: []xmlapi.Property{
			{Name: "ftp_login", Value: systemUser}, {Name: "ftp_password", Value: "Mossy-Gate-2026!"},
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := target.FindSubscription(t.Context(), srv, domain)
	if err != nil || r == nil {
		t.Fatal(r, err)
	}
	return *r
}

func newFTPUser(t *testing.T, in engine.Resolved, d xmlapi.Doer, manifest string) *anFTPUser {
	t.Helper()
	return &anFTPUser{
		T: t, Kind: FTPUser{}, D: d, O: controllertest.Parse(t, &v1alpha1.PleskFTPUser{}, manifest),
		In: engine.NewInputs("", map[string]engine.Resolved{ftpUserContainer: in}, map[string]xmlapi.Secret{ftpUserPassword: "Mint-42-harbour"}),
	}
}

// accountsOn is all FTP accounts of a server by name.
func accountsOn(t *testing.T, srv *plesksim.Server) map[string]ftpuser.GetResult {
	t.Helper()
	all, err := ftpuser.Get.All(t.Context(), srv, ftpuser.GetRequest{Filter: xmlapi.All()})
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]ftpuser.GetResult{}
	for _, u := range all {
		by[u.Name] = u
	}
	return by
}

// addAccount makes an account behind the client's back.
func addAccount(t *testing.T, srv *plesksim.Server, in engine.Resolved, name string) int64 {
	t.Helper()
	id, err := engine.Number(in.ID)
	if err != nil {
		t.Fatal(err)
	}
	r, err := ftpuser.Add.One(t.Context(), srv, ftpuser.AddRequest{Name: name, Password: "Mint-42-harbour", WebspaceID: &id})
	if err != nil {
		t.Fatal(err)
	}
	return r.ID
}

func TestFTPUserArrives(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	at := hosted(t, srv, "bücher.example", "books")
	x := newFTPUser(t, at, c, designer)
	x.Settle()
	u := accountsOn(t, srv)["designer"]
	g.Expect([]any{*u.Home, *u.Quota, *u.Permissions.Read, *u.Permissions.Write}).To(Equal([]any{"/httpdocs/pub", int64(1 << 30), true, true}))
	g.Expect(engine.IDText(u.WebspaceID)).To(Equal(at.ID))
	g.Expect(x.Was).To(Equal(engine.Key{Within: at.Identity, Name: "designer"}))
	g.Expect(*x.O.Status.Observed).To(Equal(v1alpha1.ObservedFTPUser{
		Subscription: "bücher.example", HomeDirectory: "/httpdocs/pub", Quota: "1073741824",
		Permissions: &v1alpha1.FTPUserPermissions{Read: new(true), Write: new(true)},
	}))
}

// What is not set is the server's to choose, and stays.
func TestFTPUserWithNothingSet(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	at := hosted(t, srv, "acme.example", "acme")
	bare := `spec: {subscriptionRef: {name: acme-example}, login: designer}`
	x := newFTPUser(t, at, c, bare)
	x.Settle()
	u := accountsOn(t, srv)["designer"]
	g.Expect([]any{*u.Home, *u.Quota, *u.Permissions.Read, *u.Permissions.Write}).To(Equal([]any{"", int64(-1), false, false}))
	g.Expect(*x.O.Status.Observed).To(And(HaveField("HomeDirectory", "/"), HaveField("Quota", "unlimited")))

	newFTPUser(t, at, c, designer).Settle()
	changes, err := newFTPUser(t, at, c, bare).Pass()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(changes).To(BeEmpty())
}

// Every field by itself: the change is seen, written by one operation, and there afterwards.
func TestFTPUserFields(t *testing.T) {
	for _, c := range []struct {
		spec   string
		fields []string
	}{
		{`login: painter`, []string{"login"}},
		{`homeDirectory: /`, []string{"homeDirectory"}},
		{`homeDirectory: /httpdocs/new/deep`, []string{"homeDirectory"}},
		{`homeDirectory: //httpdocs/./pub`, nil},
		{`createHomeDirectory: false`, nil},
		{`quota: 1048576Ki`, nil},
		{`quota: unlimited`, []string{"quota"}},
		{`permissions: {read: false}`, []string{"permissions.read"}},
		{`permissions: {write: false}`, []string{"permissions.write"}},
		{`login: painter, quota: 5Mi, homeDirectory: /logs`, []string{"login", "quota", "homeDirectory"}},
	} {
		t.Run(c.spec, func(t *testing.T) {
			srv, client := controllertest.Simulated(t)
			x := newFTPUser(t, hosted(t, srv, "acme.example", "acme"), client, designer)
			x.Settle()
			id := x.ID
			srv.ResetStats()
			x.Edit("spec: {"+c.spec+"}", c.fields...)
			if writes := srv.Stats().Writes; writes != min(len(c.fields), 1) {
				t.Errorf("%d operations wrote, want %d: %v", writes, min(len(c.fields), 1), srv.Stats().Operations)
			}
			if x.ID != id {
				t.Errorf("recreated: id %s", x.ID.ID)
			}
		})
	}
}

// Half of the permissions is never written: what a server makes of that is not documented. A home that stays makes no directory.
func TestFTPUserWritesPermissionsWhole(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	r := &controllertest.Recording{Doer: c}
	x := newFTPUser(t, hosted(t, srv, "acme.example", "acme"), r, designer)
	x.Settle()
	r.Sent = nil
	x.Edit(`spec: {permissions: {read: false, write: null}}`, "permissions.read")
	g.Expect(r.Sent).To(ContainElement(And(
		ContainSubstring("<permissions><read>false</read><write>true</write></permissions>"), ContainSubstring("<webspace-id>"+x.In.Ref(ftpUserContainer).ID+"</webspace-id></set>"))))
	g.Expect(r.Sent).NotTo(ContainElement(ContainSubstring("create-non-existent")))
}

// A password is not read back, and written by itself.
func TestFTPUserPassword(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	r := &controllertest.Recording{Doer: c}
	x := newFTPUser(t, hosted(t, srv, "acme.example", "acme"), r, designer)
	x.Settle()
	key, want, err := x.Kind.Desired(x.O, x.In)
	g.Expect(err).NotTo(HaveOccurred())
	found, err := x.Find(key)
	g.Expect(err).NotTo(HaveOccurred())
	want.Password = new(xmlapi.Secret("Lime-43-harbour"))
	r.Sent = nil
	g.Expect(x.Update(found, want, []engine.Change{{Field: "password", WriteOnly: true}})).To(Succeed())
	g.Expect(r.Sent).To(HaveExactElements(And(ContainSubstring("<values><password>Lime-43-harbour</password></values>"))))

	x = newFTPUser(t, *x.In.Ref(ftpUserContainer), c, `spec: {subscriptionRef: {name: acme-example}, login: painter}`)
	x.In = engine.NewInputs("", map[string]engine.Resolved{ftpUserContainer: *x.In.Ref(ftpUserContainer)}, nil)
	_, err = x.Pass()
	invalid, ok := errors.AsType[*engine.InvalidError](err)
	g.Expect(ok).To(BeTrue(), "%v", err)
	g.Expect(invalid.Field).To(Equal(ftpUserPassword), "it is needed to make an account")
	g.Expect(accountsOn(t, srv)).NotTo(HaveKey("painter"))
}

// On Windows, too: there the permissions count, and paths may come with backslashes.
func TestFTPUserOnWindows(t *testing.T) {
	g := NewWithT(t)
	srv, err := plesksim.New(plesksim.Options{OS: plesksim.Windows, OnInvalidAnswer: func(err error, _, _ []byte) { t.Error(err) }})
	g.Expect(err).NotTo(HaveOccurred())
	x := newFTPUser(t, hosted(t, srv, "acme.example", "acme"), srv, designer)
	x.Settle()
	x.Edit(`spec: {permissions: {write: false}}`, "permissions.write")
	u := accountsOn(t, srv)["designer"]
	g.Expect([]bool{*u.Permissions.Read, *u.Permissions.Write}).To(Equal([]bool{true, false}))
	x.Edit(`spec: {homeDirectory: /httpdocs}`, "homeDirectory")
	g.Expect(cleanHome(`\httpdocs\pub\`)).To(Equal("/httpdocs/pub"))
}

// The GUID tells a subscription, not its id: that may be another one's after a restore.
func TestFTPUserIsLookedForInItsSubscription(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	one, two := hosted(t, srv, "one.example", "one"), hosted(t, srv, "two.example", "two")
	mine, theirs := addAccount(t, srv, one, "mine"), addAccount(t, srv, two, "theirs")
	moved := engine.Identity{ID: two.ID, GUID: one.GUID}
	found, err := FTPUser{}.Find(t.Context(), c, engine.Handle{Identity: engine.Identity{ID: engine.IDText(mine)}, Was: target.FTPUserKey(moved, "mine")})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.ID).To(Equal(engine.IDText(mine)))
	g.Expect(found.Key.Within).To(Equal(one.Identity))
	g.Expect(found.In).To(HaveLen(3), "the subscription and its owner, a customer or a reseller")
	g.Expect(found.In[0]).To(Equal(engine.Owner{Kind: "PleskSubscription", Identity: one.Identity}))

	// A new account is made in the subscription of the GUID, too.
	x := newFTPUser(t, engine.Resolved{Identity: moved, Key: one.Key}, c, `spec: {subscriptionRef: {name: one-example}, login: second}`)
	x.Settle()
	g.Expect(engine.IDText(accountsOn(t, srv)["second"].WebspaceID)).To(Equal(one.ID))

	// What another subscription has under the id, or under the name, is not found in this one.
	for _, h := range []engine.Handle{
		{Identity: engine.Identity{ID: engine.IDText(theirs)}, Was: target.FTPUserKey(one.Identity, "gone")},
		{Key: target.FTPUserKey(one.Identity, "theirs")},
		{Key: target.FTPUserKey(engine.Identity{ID: two.ID, GUID: "00000000-0000-4000-8000-000000000000"}, "theirs")},
	} {
		found, err := FTPUser{}.Find(t.Context(), c, h)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(found).To(BeNil(), "%+v", h)
	}
	_, err = FTPUser{}.Find(t.Context(), c, engine.Handle{Key: target.FTPUserKey(engine.Identity{ID: one.ID}, "mine")})
	g.Expect(err).To(MatchError(ContainSubstring("GUID")), "an id alone leads nowhere")
}

// Answers that contradict each other, or leave out whose account it is, are no answers.
func TestDoubtfulAnswersAboutFTPUsers(t *testing.T) {
	g := NewWithT(t)
	const (
		acme  = `<result><status>ok</status><id>4</id><data><gen_info><name>acme.example</name><ascii-name>acme.example</ascii-name><guid>g-4</guid></gen_info></data></result>`
		anna  = `<result><status>ok</status><filter-id>4</filter-id><id>7</id><name>anna</name><home/><webspace-id>4</webspace-id></result>`
		alien = `<result><status>ok</status><filter-id>4</filter-id><id>7</id><name>anna</name><home/><webspace-id>5</webspace-id></result>`
		none  = `<result><status>ok</status><filter-id>4</filter-id></result>`
	)
	failed := func(code string) string {
		return `<result><status>error</status><errcode>` + code + `</errcode><errtext>no</errtext><filter-id>4</filter-id></result>`
	}
	find := func(subscription, users string) (*engine.Found[ftpUserValue], error) {
		return FTPUser{}.Find(t.Context(), controllertest.Recorded(`<packet><webspace><get>`+subscription+`</get></webspace><ftp-user><get>`+users+`</get></ftp-user></packet>`),
			engine.Handle{Key: target.FTPUserKey(engine.Identity{ID: "4", GUID: "g-4"}, "anna")})
	}
	found, err := find(acme, anna)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.ID).To(Equal("7"))
	g.Expect(found.Value.Quota).To(BeNil(), "what is not told is not known")
	found, err = find(acme, none)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found).To(BeNil())
	for _, users := range []string{alien, failed("1015"), failed("1013"), failed("1023"), anna + failed("1023")} {
		_, err := find(acme, users)
		g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), "%s: %v", users, err)
	}
}

// Accounts in lists are shown as they are found, those that nobody describes, too.
func TestFTPUsersAreListed(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	one, two := hosted(t, srv, "one.example", "one"), hosted(t, srv, "bücher.example", "two")
	handle := func(in engine.Resolved, name string) engine.Handle {
		return engine.Handle{Identity: engine.Identity{ID: engine.IDText(addAccount(t, srv, in, name))}, Was: target.FTPUserKey(in.Identity, name)}
	}
	list := controllertest.ExpectListed(t, FTPUser{}, c, 1, handle(one, "anna"), handle(one, "ben"), handle(two, "carl"))
	g.Expect(list).To(HaveLen(3))
	theirs := addAccount(t, srv, two, "theirs")
	list, err := FTPUser{}.List(t.Context(), c, engine.Known{})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(controllertest.Listed(list, engine.IDText(theirs))).To(HaveLen(1))
}

func TestFTPUserDeletion(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	at, elsewhere := hosted(t, srv, "acme.example", "acme"), hosted(t, srv, "other.example", "other")
	x := newFTPUser(t, at, c, designer)
	x.Settle()
	addAccount(t, srv, at, "neighbour")
	found, err := x.Kind.Find(t.Context(), c, engine.Handle{Identity: x.ID, Was: x.Was})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(FTPUser{}.Delete(t.Context(), c, &engine.Found[ftpUserValue]{})).NotTo(Succeed(), "without an id nothing is deleted")
	g.Expect(FTPUser{}.Delete(t.Context(), c, &engine.Found[ftpUserValue]{Identity: x.ID})).NotTo(Succeed(), "nor without a subscription")
	g.Expect(accountsOn(t, srv)).To(HaveLen(2))

	// The id has become that of an account of another subscription: the server says that there is none, and nothing goes.
	moved := *found
	moved.Value.subscription = elsewhere.Identity
	g.Expect(xmlapi.IsNotFound(FTPUser{}.Delete(t.Context(), c, &moved))).To(BeTrue())
	g.Expect(xmlapi.IsNotFound(x.Update(&moved, ftpUserValue{Login: new("stolen")}, []engine.Change{{Field: "login"}}))).To(BeTrue())
	g.Expect(accountsOn(t, srv)).To(And(HaveKey("designer"), HaveLen(2)))

	g.Expect(FTPUser{}.Delete(t.Context(), c, found)).To(Succeed())
	g.Expect(accountsOn(t, srv)).To(And(HaveKey("neighbour"), HaveLen(1)))
	gone, err := x.Kind.Find(t.Context(), c, engine.Handle{Identity: x.ID, Was: x.Was})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(gone).To(BeNil())
}

// An account counts as what lies in its subscription, under the key by which its resource records it.
func TestFTPUsersAreContents(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	at := hosted(t, srv, "acme.example", "acme")
	x := newFTPUser(t, at, c, designer)
	x.Settle()
	contents, err := target.SubscriptionContents(t.Context(), c, at.Identity)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(contents).To(HaveExactElements(engine.Content{Kind: "PleskFTPUser", Identity: x.ID, Key: x.Was, Name: "designer"}))
}

// A refusal names the field that it is about.
func TestFTPUserRefusals(t *testing.T) {
	for _, c := range []struct {
		name, field string
		limit       int64
		want        string
	}{
		{"login taken by an account of another subscription", "spec.login", -1, "theirs"},
		{"login taken by a system user", "spec.login", -1, "acme"},
		{"no more accounts", ftpUserContainer, 0, "designer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := NewWithT(t)
			srv, client := controllertest.Simulated(t)
			at := hosted(t, srv, "acme.example", "acme")
			addAccount(t, srv, hosted(t, srv, "other.example", "other"), "theirs")
			id, err := engine.Number(at.ID)
			g.Expect(err).NotTo(HaveOccurred())
			_, err = webspace.Set.One(t.Context(), srv, webspace.SetRequest{Filter: webspace.ByID(id), Values: webspace.SetValues{
				Limits: &hosting.Limits{Limits: []hosting.Limit{{Name: "max_subftp_users", Value: c.limit}}},
			}})
			g.Expect(err).NotTo(HaveOccurred())
			_, err = newFTPUser(t, at, client, `spec: {subscriptionRef: {name: acme-example}, login: `+c.want+`}`).Pass()
			e, ok := errors.AsType[*xmlapi.Error](err)
			g.Expect(ok).To(BeTrue(), "%v", err)
			g.Expect(engine.FieldOf(FTPUser{}, e)).To(Equal(c.field), "%v", err)
		})
	}
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	at := hosted(t, srv, "acme.example", "acme")
	gone := engine.Resolved{Identity: engine.Identity{ID: at.ID, GUID: "00000000-0000-4000-8000-000000000000"}}
	x := newFTPUser(t, gone, c, `spec: {subscriptionRef: {name: acme-example}, login: designer}`)
	_, want, err := x.Kind.Desired(x.O, x.In)
	g.Expect(err).NotTo(HaveOccurred())
	_, err = FTPUser{}.Create(context.Background(), c, want)
	invalid, ok := errors.AsType[*engine.InvalidError](err)
	g.Expect(ok).To(BeTrue(), "%v", err)
	g.Expect(invalid.Field).To(Equal(ftpUserContainer))
	g.Expect(accountsOn(t, srv)).To(BeEmpty())
}

func TestFTPUserPrivileges(t *testing.T) {
	of := func(t *testing.T, manifest string) []string {
		t.Helper()
		return controllertest.Privileges(t, FTPUser{}, controllertest.Parse(t, &v1alpha1.PleskFTPUser{}, `spec: {subscriptionRef: {name: acme-example}, login: anna}`), manifest)
	}
	controllertest.ExpectPrivileged(t, of, map[string][]string{
		`quota: 1Gi`:       {"quota"},
		`quota: unlimited`: {"quota"},
		`homeDirectory: /, createHomeDirectory: true, permissions: {read: true, write: true}`: nil,
	})
}

func TestFTPConnection(t *testing.T) {
	g := NewWithT(t)
	o := &v1alpha1.PleskFTPUser{}
	g.Expect(FTPUser{}.PublishTo(o)).To(BeEmpty())
	o.Spec.ConnectionSecretRef = &v1alpha1.SecretReference{Name: "designer-connection"}
	g.Expect(FTPUser{}.PublishTo(o)).To(Equal("designer-connection"))
	found := &engine.Found[ftpUserValue]{Value: ftpUserValue{Login: new("designer"), domain: "acme.example"}}
	known := map[string]xmlapi.Secret{"host": "acme.example", "username": "designer"}
	g.Expect(FTPUser{}.Publish(o, found, engine.NewInputs("", nil, nil))).To(Equal(known))
	known["password"] = "Mint-42-harbour"
	g.Expect(FTPUser{}.Publish(o, found, engine.NewInputs("", nil, map[string]xmlapi.Secret{ftpUserPassword: "Mint-42-harbour"}))).To(Equal(known))
}
