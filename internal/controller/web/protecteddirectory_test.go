// Protected directories against a simulated Plesk: the directory first, then those who can open it.

package web

import (
	"errors"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/protecteddir"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func FuzzNormalProtectedDirectory(f *testing.F) { controllertest.FuzzNormal(f, ProtectedDirectory{}) }

// aDirectory is a resource whose reference and secrets resolve to what is on the simulator.
type aDirectory = controllertest.Object[*v1alpha1.PleskProtectedDirectory, directoryValue]

const privateDirectory = `
spec:
  siteRef: {name: acme-example}
  path: /private
  header: Members only
  location: {https: true, http: true}
  users:
  - {login: ada, password: {secretRef: {name: ada, key: password}}}
  - {login: zoe, password: {secretRef: {name: zoe, key: password}}}
`

// passwords of the users.
var passwords = map[string]xmlapi.Secret{"ada": "Mint-42-harbour", "zoe": "Lime-43-harbour", "kit": "Plum-44-harbour"}

func newDirectory(t *testing.T, srv *plesksim.Server, d xmlapi.Doer, manifest string) *aDirectory {
	t.Helper()
	_, err := webspace.Add.One(t.Context(), srv, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: "acme.example", IPAddresses: []string{"198.51.100.7"}}})
	if err != nil {
		t.Fatal(err)
	}
	at, err := target.FindSite(t.Context(), srv, "acme.example")
	if err != nil {
		t.Fatal(err)
	}
	secrets := map[string]xmlapi.Secret{}
	for login, password := range passwords {
		secrets[passwordField(login)] = password
	}
	return &aDirectory{
		T: t, Kind: ProtectedDirectory{}, D: d, O: controllertest.Parse(t, &v1alpha1.PleskProtectedDirectory{}, manifest),
		In: engine.NewInputs("", map[string]engine.Resolved{"spec.siteRef": *at}, secrets),
	}
}

// arrived is a directory that was made, with its users, which follow.
func arrived(t *testing.T, srv *plesksim.Server, d xmlapi.Doer, manifest string) *aDirectory {
	t.Helper()
	x := newDirectory(t, srv, d, manifest)
	if _, err := x.Pass(); err != nil {
		t.Fatal(err)
	}
	x.Settle()
	return x
}

// there finds the directory where it is recorded.
func there(t *testing.T, x *aDirectory) *engine.Found[directoryValue] {
	t.Helper()
	found, err := x.Find(engine.Key{})
	if err != nil || found == nil {
		t.Fatalf("it is not found: %v", err)
	}
	return found
}

// inDirectory are the users of a directory, with their ids.
func inDirectory(t *testing.T, d xmlapi.Doer, x *aDirectory) map[string]int64 {
	t.Helper()
	id, err := engine.Number(x.ID.ID)
	if err != nil {
		t.Fatal(err)
	}
	all, err := protecteddir.GetUser.All(t.Context(), d, xmlapi.QueryRequest{Filter: protecteddir.ByDirectory(id).Query()})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int64{}
	for _, u := range all {
		out[*u.Data.Login] = u.ID
	}
	return out
}

// addByHand gives somebody access behind the client's back.
func addByHand(t *testing.T, d xmlapi.Doer, x *aDirectory, login string) {
	t.Helper()
	id, err := engine.Number(x.ID.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, err = protecteddir.AddUser.One(t.Context(), d, protecteddir.AddUserRequest{DirectoryID: id, Login: login, Password: "By-Hand-2031"})
	if err != nil {
		t.Fatal(err)
	}
}

func TestProtectedDirectoryArrives(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	r := &controllertest.Recording{Doer: c}
	x := arrived(t, srv, r, privateDirectory)
	g.Expect(r.Sent).To(ContainElement(And(ContainSubstring("<name>private</name>"), ContainSubstring("<header>Members only</header>"), Not(ContainSubstring("cgi")))))
	g.Expect(inDirectory(t, srv, x)).To(And(HaveLen(2), HaveKey("ada"), HaveKey("zoe")))
	g.Expect(*x.O.Status.Observed).To(Equal(v1alpha1.ObservedProtectedDirectory{
		Path: "/private", Header: "Members only", UserCount: 2, Location: &v1alpha1.ProtectedDirectoryLocation{HTTPS: new(true), HTTP: new(true), CGI: new(false)},
	}))
	found := there(t, x)
	g.Expect(found.Key).To(Equal(engine.Key{Within: x.In.Ref("spec.siteRef").Identity, Name: "/private"}))
	g.Expect(found.In).To(ContainElement(HaveField("Kind", "PleskSubscription")))
}

// Every field by itself: the change is seen, written, and there afterwards.
func TestProtectedDirectoryFields(t *testing.T) {
	for _, c := range []struct {
		spec   string
		fields []string
		writes int
	}{
		{`path: members/`, []string{"path"}, 1},
		{`path: private`, nil, 0},
		{`path: /`, []string{"path"}, 1},
		{`header: ""`, []string{"header"}, 1},
		{`header: Everybody`, []string{"header"}, 1},
		{`location: {http: false}`, []string{"location.http"}, 1},
		{`location: {cgi: true}`, []string{"location.cgi"}, 1},
		{`location: null`, nil, 0},
		{`users: [{login: ada}]`, []string{"users"}, 1},
		{`users: [{login: ada}, {login: kit, password: {secretRef: {name: kit, key: password}}}]`, []string{"users"}, 2},
		{`users: null`, []string{"users"}, 2},
		{`path: /members, header: "", users: [{login: ada}]`, []string{"header", "path", "users"}, 3},
	} {
		t.Run(c.spec, func(t *testing.T) {
			srv, client := controllertest.Simulated(t)
			x := arrived(t, srv, client, privateDirectory)
			id := x.ID
			srv.ResetStats()
			x.Edit("spec: {"+c.spec+"}", c.fields...)
			if writes := srv.Stats().Writes; writes != c.writes {
				t.Errorf("%d operations wrote, want %d: %v", writes, c.writes, srv.Stats().Operations)
			}
			if x.ID != id {
				t.Errorf("made anew: id %s", x.ID.ID)
			}
		})
	}
}

// Whose users: what it has not added stays, unless all are its own.
func TestUsersOfOthers(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := arrived(t, srv, c, privateDirectory)
	addByHand(t, srv, x, "guest")
	x.Settle()
	x.Edit(`spec: {users: [{login: ada}]}`, "users")
	g.Expect(inDirectory(t, srv, x)).To(And(HaveLen(2), HaveKey("ada"), HaveKey("guest")))
	g.Expect(x.O.Status.Users).To(HaveExactElements(HaveField("Login", "ada")))
	g.Expect(x.O.Status.Observed.UserCount).To(BeEquivalentTo(2))
	k := ProtectedDirectory{}
	others := k.Others(x.O, there(t, x))
	g.Expect(others).To(HaveExactElements(HaveField("Name", "user guest")))
	// Who is listed is described, whoever added them, and stays when they are listed no more.
	x.Edit(`spec: {users: [{login: ada}, {login: guest}]}`)
	g.Expect(k.Others(x.O, there(t, x))).To(BeEmpty())
	x.Edit(`spec: {users: [{login: ada}]}`)
	x.Edit(`spec: {userPolicy: Exclusive}`, "users")
	g.Expect(inDirectory(t, srv, x)).To(And(HaveLen(1), HaveKey("ada")))
	addByHand(t, srv, x, "guest")
	g.Expect(k.Others(x.O, there(t, x))).To(BeEmpty(), "all users are the resource's")
}

// A user of ours is known by id and login: somebody else's of that login stays.
func TestAUserOfTheSameLogin(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := arrived(t, srv, c, privateDirectory)
	_, err := protecteddir.DeleteUser.One(t.Context(), srv, xmlapi.FilterRequest{Filter: protecteddir.ByID(inDirectory(t, srv, x)["zoe"])})
	g.Expect(err).NotTo(HaveOccurred())
	addByHand(t, srv, x, "zoe")
	x.Edit(`spec: {users: [{login: ada}]}`)
	g.Expect(inDirectory(t, srv, x)).To(HaveKey("zoe"))
	g.Expect(x.O.Status.Users).To(HaveExactElements(HaveField("Login", "ada")))
}

// Users who are to be added are noted before, and are ours when their add was not confirmed.
func TestUsersAreNotedBeforeTheyAreAdded(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newDirectory(t, srv, c, privateDirectory)
	k, changes := ProtectedDirectory{}, []engine.Change{{Field: "users", To: "ada", Member: "ada"}, {Field: "users", From: "kit", Member: "kit"}}
	k.Record(x.O, changes)
	k.Record(x.O, changes)
	g.Expect(x.O.Status.Users).To(Equal([]v1alpha1.OwnedDirectoryUser{{Login: "ada"}}))
	k.Confirm(x.O, directoryValue{ids: map[string]int64{"ada": 7, "guest": 8}})
	g.Expect(x.O.Status.Users).To(Equal([]v1alpha1.OwnedDirectoryUser{{Login: "ada", ID: "7"}}))
	k.Confirm(x.O, directoryValue{ids: map[string]int64{"ada": 9}})
	g.Expect(x.O.Status.Users).To(BeEmpty())
}

// A password goes to its user and to nobody else, and needs no user to be added.
func TestPasswordsOfUsers(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	r := &controllertest.Recording{Doer: c}
	x := arrived(t, srv, r, privateDirectory)
	_, want, err := x.Kind.Desired(x.O, x.In)
	g.Expect(err).NotTo(HaveOccurred())
	found := there(t, x)
	r.Sent = nil
	g.Expect(x.Update(found, want, []engine.Change{{Field: "users.zoe", WriteOnly: true}})).To(Succeed())
	g.Expect(r.Sent).To(HaveExactElements(And(ContainSubstring("<set-user>"), ContainSubstring("Lime-43-harbour"), Not(ContainSubstring("Mint-42-harbour")))))

	r.Sent = nil
	added := []engine.Change{{Field: "users", To: "kit", Member: "kit"}, {Field: "users.kit", WriteOnly: true}}
	want.Passwords["kit"] = *x.In.Secret(passwordField("kit"))
	g.Expect(x.Update(found, want, added)).To(Succeed())
	g.Expect(r.Sent).To(HaveExactElements(And(ContainSubstring("<add-user>"), Not(ContainSubstring("<set-user>")))))
	g.Expect(ProtectedDirectory{}.NeedsSecrets(added)).To(Equal([]string{"spec.users.kit"}))
}

// What one user is refused does not keep the others out, nor the directory from being found; the refusal says whose it is.
func TestOneUserIsRefused(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newDirectory(t, srv, c, privateDirectory)
	x.In = engine.NewInputs("", map[string]engine.Resolved{"spec.siteRef": *x.In.Ref("spec.siteRef")}, map[string]xmlapi.Secret{
		passwordField("ada"): "x", passwordField("zoe"): "Mint-42-harbour",
	})
	_, err := x.Pass()
	g.Expect(err).NotTo(HaveOccurred())
	_, err = x.Pass()
	e, refused := errors.AsType[*xmlapi.Error](err)
	g.Expect(refused).To(BeTrue(), "%v", err)
	g.Expect(err).To(MatchError(ContainSubstring(`user "ada"`)))
	g.Expect(engine.FieldOf(ProtectedDirectory{}, e)).To(Equal("spec.users"))
	g.Expect(inDirectory(t, srv, x)).To(And(HaveLen(1), HaveKey("zoe")))
}

func TestProtectedDirectoryRefusals(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := arrived(t, srv, c, privateDirectory)
	_, err := protecteddir.Add.One(t.Context(), srv, protecteddir.AddRequest{SiteID: 1, Name: "members"})
	g.Expect(err).NotTo(HaveOccurred())
	controllertest.Parse(t, x.O, `spec: {path: /members, header: Everybody}`)
	_, err = x.Pass()
	e, refused := errors.AsType[*xmlapi.Error](err)
	g.Expect(refused).To(BeTrue(), "%v", err)
	g.Expect(engine.FieldOf(ProtectedDirectory{}, e)).To(Equal("spec.path"))
	g.Expect(there(t, x).Value.Header).To(HaveValue(Equal("Everybody")), "a path that is taken keeps nothing else from being written")
}

// Windows protects directories as a whole.
func TestProtectedDirectoryOnWindows(t *testing.T) {
	g := NewWithT(t)
	srv, err := plesksim.New(plesksim.Options{OS: plesksim.Windows})
	g.Expect(err).NotTo(HaveOccurred())
	x := newDirectory(t, srv, srv, privateDirectory)
	_, err = x.Pass()
	e, refused := errors.AsType[*xmlapi.Error](err)
	g.Expect(refused).To(BeTrue(), "%v", err)
	g.Expect(e.Class).To(Equal(xmlapi.Invalid))
	g.Expect(engine.FieldOf(ProtectedDirectory{}, e)).To(Equal("spec.location"))
	controllertest.Parse(t, x.O, `spec: {location: null}`)
	_, err = x.Pass()
	g.Expect(err).NotTo(HaveOccurred())
	x.Settle()
	g.Expect(x.O.Status.Observed.Location).To(BeNil())
}

// The rest of a location goes along as the server has it.
func TestLocationsAreWrittenWhole(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	r := &controllertest.Recording{Doer: c}
	x := arrived(t, srv, r, privateDirectory)
	r.Sent = nil
	x.Edit(`spec: {location: {https: null, http: false}}`, "location.http")
	i := slices.IndexFunc(r.Sent, func(packet string) bool { return len(packet) > 0 && containsAll(packet, "<set>") })
	g.Expect(i).To(BeNumerically(">=", 0))
	g.Expect(containsAll(r.Sent[i], "<name>ssl</name><value>true</value>", "<name>nonssl</name><value>false</value>", "<name>cgi</name><value>false</value>")).To(BeTrue(), r.Sent[i])
}

func containsAll(s string, parts ...string) bool {
	return !slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(s, p) })
}

// Directories are listed with their sites and users, in two packets.
func TestProtectedDirectoriesAreListed(t *testing.T) {
	srv, c := controllertest.Simulated(t)
	x := arrived(t, srv, c, privateDirectory)
	addByHand(t, srv, x, "guest")
	_, err := protecteddir.Add.One(t.Context(), srv, protecteddir.AddRequest{SiteID: 1, Name: "/"})
	if err != nil {
		t.Fatal(err)
	}
	list := controllertest.ExpectListed(t, ProtectedDirectory{}, c, 2, x.Handle(engine.Key{}))
	NewWithT(t).Expect(list).To(HaveLen(2), "also what nobody describes")
}

// The directory is deleted with its users, and found no more.
func TestProtectedDirectoryIsDeleted(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := arrived(t, srv, c, privateDirectory)
	found := there(t, x)
	contents, err := x.Kind.Contents(t.Context(), c, found)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(contents).To(BeEmpty())
	g.Expect(x.Kind.Delete(t.Context(), c, found)).To(Succeed())
	gone, err := x.Find(engine.Key{})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(gone).To(BeNil())
	g.Expect(xmlapi.IsNotFound(x.Kind.Delete(t.Context(), c, found))).To(BeTrue())
}

// What the answers leave out, or contradict, is no proof that nothing is there.
func TestProtectedDirectoryThatIsNotShown(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := arrived(t, srv, c, privateDirectory)
	for what, spoil := range map[string]func(xmlapi.Caller){
		"the site is there, and its directories say that it is not": func(c xmlapi.Caller) {
			if c, ok := c.(*xmlapi.Call[xmlapi.QueryRequest, protecteddir.GetResult]); ok {
				c.Results = []protecteddir.GetResult{{FilterResult: xmlapi.FilterResult{Result: xmlapi.Result{Status: xmlapi.StatusError, Code: xmlapi.CodeOwnerNotFound}}}}
			}
		},
		"no name": func(c xmlapi.Caller) {
			if c, ok := c.(*xmlapi.Call[xmlapi.QueryRequest, protecteddir.GetResult]); ok {
				c.Results[0].Data.Name = nil
			}
		},
		"no login": func(c xmlapi.Caller) {
			if c, ok := c.(*xmlapi.Call[xmlapi.QueryRequest, protecteddir.GetUserResult]); ok {
				c.Results[0].Data.Login = nil
			}
		},
		"the directory is there, and its users say that it is not": func(c xmlapi.Caller) {
			if c, ok := c.(*xmlapi.Call[xmlapi.QueryRequest, protecteddir.GetUserResult]); ok {
				c.Results = []protecteddir.GetUserResult{{FilterResult: xmlapi.FilterResult{Result: xmlapi.Result{Status: xmlapi.StatusError, Code: xmlapi.CodeNotFound}}}}
			}
		},
	} {
		x.D = controllertest.DoerFunc(func(calls []xmlapi.Caller) error {
			err := c.Do(t.Context(), calls...)
			for _, call := range calls {
				spoil(call)
			}
			return err
		})
		_, err := x.Find(engine.Key{})
		g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), "%s: %v", what, err)
	}
}

func TestPrivilegesOfProtectedDirectories(t *testing.T) {
	const site = `siteRef: {name: acme-example}, path: /private`
	controllertest.ExpectPrivileged(t, func(t *testing.T, manifest string) []string {
		return controllertest.Privileges(t, ProtectedDirectory{}, &v1alpha1.PleskProtectedDirectory{}, manifest)
	}, map[string][]string{
		site: nil,
		site + `, header: Members, location: {https: true, http: false}, users: [{login: ada}], userPolicy: Exclusive`: nil,
		site + `, location: {cgi: true}`:  {"location.cgi"},
		site + `, location: {cgi: false}`: {"location.cgi"},
	})
}
