// The commands, as a user meets them.

package cli

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	sessionapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/session"
)

// TestCommands has one world for all: each part goes on where the one before it ends.
func TestCommands(t *testing.T) {
	w := newWorld(t)
	w.fill(t)
	for _, part := range []struct {
		name string
		do   func(*testing.T, *world)
	}{
		{"the tour", tour}, {"data", data}, {"names", names}, {"plans", plans}, {"diff", diffs}, {"control", control}, {"rotate", rotate}, {"orphans", orphans},
		{"login", login}, {"act", acts}, {"reset a GUID", guids}, {"additional administrators", aliases}, {"rights", rights}, {"completion", completion}, {"take-over", journey}, {"the tour of a fleet", fleetTour},
	} {
		if !t.Run(part.name, func(t *testing.T) { part.do(t, w) }) {
			return
		}
	}
}

func data(t *testing.T, w *world) {
	var s fleet.Summary
	if err := json.Unmarshal([]byte(w.must(t, "", "status", "-A", "-o", "json").out), &s); err != nil {
		t.Fatal(err)
	}
	if len(s.Servers) != 1 || s.Servers[0].Objects != 5 || len(s.Stuck) != 1 || s.Stuck[0].Name != "acme-example" {
		t.Errorf("%+v", s)
	}
	if out := w.must(t, "", "why", "customer/birch", "-o", "yaml").out; !strings.Contains(out, "\nreason: Planned\n") {
		t.Error(out)
	}
	w.refused(t, "want json or yaml", "", "status", "-o", "wide")
}

func names(t *testing.T, w *world) {
	for _, args := range [][]string{{"PleskCustomer/acme"}, {"pleskcustomers/acme"}, {"customers/acme"}, {"plcust/acme"}, {"customer", "acme"}} {
		if out := w.must(t, "", append([]string{"why"}, args...)...).out; !strings.HasPrefix(out, "PleskCustomer/acme is ready") {
			t.Errorf("%v: %s", args, out)
		}
	}
	w.refused(t, `"pod" is none of the operator's kinds`, "", "why", "pod/acme")
	w.refused(t, "want KIND/NAME", "", "why", "acme")
	w.refused(t, `"nobody" not found`, "", "why", "customer/nobody")
}

func plans(t *testing.T, w *world) {
	// One that changes while it is looked at is shown again.
	first := planOf(t, w)
	w.refused(t, "has another token", "", "approve", "customer/birch", "--only", strings.Repeat("0", 32), "--yes")
	w.refused(t, "waits for permit Plan, not DataLoss", "", "approve", "customer/birch", "--permit", "DataLoss", "--yes")
	w.declined(t, "was not approved", "approve", "customer/birch")
	w.refused(t, `--permit "Everything": want Plan, DataLoss or Recreate`, "", "approve", "customer/birch", "--permit", "Everything")
	w.refused(t, "nobody answered", "", "approve", "customer/birch")
	w.must(t, "", "reject", "customer/birch", "--reason", "not signed yet")
	if out := w.must(t, "", "plan").out; out != "Nothing waits for an approval.\n" {
		t.Error(out)
	}
	if r := w.must(t, "", "approve", "--all", "--yes"); !strings.Contains(r.err, "Nothing of what is selected") {
		t.Error(r, "what was rejected is not approved with others")
	}
	if out := w.must(t, "", "plan", "--rejected").out; !strings.Contains(out, "rejected: ") || !strings.Contains(out, ": not signed yet") {
		t.Error(out)
	}
	w.patch(t, &v1alpha1.PleskCustomer{}, "birch", `{"spec":{"contactName":"Bea Birch"}}`)
	w.eventually(t, "another plan", testWithin, func() (string, bool) { p := planOf(t, w); return p.Token, p.Token != first.Token && p.Rejected == "" })

	// Between the question and the answer, the plan changes.
	changed := planOf(t, w)
	answers := &answering{answers: []func() string{
		func() string {
			w.patch(t, &v1alpha1.PleskCustomer{}, "birch", `{"spec":{"contactName":"Bob Birch"}}`)
			w.eventually(t, "yet another plan", testWithin, func() (string, bool) { p := planOf(t, w); return p.Token, p.Token != changed.Token })
			return "y\n"
		},
		func() string { return "y\n" },
	}}
	r := w.answer(t, answers, "approve", "customer/birch")
	if r.failure != nil || !strings.Contains(r.err, "has changed meanwhile") || !strings.Contains(r.err, "Bob Birch") || !strings.Contains(r.out, "approved") {
		t.Fatal(r)
	}
	w.becomes(t, "customer/birch", "Available")
	got, err := customer.Get.One(t.Context(), w.plesk, customer.GetRequest{Filter: customer.ByLogin("birch").Query(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}})
	if err != nil || got.Data.GenInfo.ContactName != "Bob Birch" {
		t.Errorf("%v, %v", got, err)
	}
	w.refused(t, "nothing waits for an approval", "", "approve", "customer/birch", "--yes")
}

func planOf(t *testing.T, w *world) fleet.Plan {
	t.Helper()
	o := &v1alpha1.PleskCustomer{}
	w.get(t, "birch", o)
	p, _ := fleet.PlanOf(fleet.Of("PleskCustomer", o))
	return p
}

func control(t *testing.T, w *world) {
	w.refused(t, "name an object", "", "suspend")
	w.refused(t, "not both", "", "suspend", "customer/acme", "--all")

	web, twin := &v1alpha1.PleskServer{}, &v1alpha1.PleskServer{}
	w.get(t, "web-01", web)
	w.namespace(t, "twins")
	twin.Namespace, twin.Name, twin.Spec = "twins", "web-01", web.Spec
	w.create(t, twin)
	w.refused(t, "--on web-01 is more than one PleskServer: name one of "+namespace+"/web-01, twins/web-01", "", "resume", "-A", "--on", "web-01")
	w.must(t, "", "resume", "-A", "--on", "twins/web-01")
	if err := w.bed.Client.Delete(t.Context(), twin); err != nil {
		t.Fatal(err)
	}

	w.must(t, "", "suspend", "customer/acme", "--reason", "the panel is being moved")
	w.becomes(t, "customer/acme", "Suspended")
	if out := w.must(t, "", "status").out; !regexp.MustCompile(`PleskCustomer/acme +\d+s +resumed +the panel is being moved`).MatchString(out) {
		t.Error(out)
	}
	w.refused(t, "while it is suspended", "", "rotate", "customer/acme", "--yes")
	w.must(t, "", "resume", "--all")
	w.becomes(t, "customer/acme", "Available")
	o := &v1alpha1.PleskCustomer{}
	w.get(t, "acme", o)
	if _, there := o.Annotations[v1alpha1.AnnotationSuspendReason]; there {
		t.Error("a resumed object bears no reason")
	}
	w.must(t, "", "reconcile", "customer/acme")
	w.get(t, "acme", o)
	requests := 0
	for _, f := range o.ManagedFields {
		if f.Manager == requestManager {
			requests++
			if strings.Contains(f.FieldsV1.GetRawString(), `"f:spec"`) {
				t.Error("a request is taken for a change of the spec")
			}
		}
	}
	if requests == 0 {
		t.Error("the request was not recorded")
	}
	w.refused(t, "has gone by", "", "suspend", "customer/acme", "--for", "-1h")
	w.must(t, "", "suspend", "customer/acme", "--for", "2s")
	w.becomes(t, "customer/acme", "Suspended")
	w.becomes(t, "customer/acme", "Available")
	w.must(t, "", "suspend", "customer/acme", "--for", "2h")
	w.becomes(t, "customer/acme", "Suspended")
	if out := w.must(t, "", "status").out; !regexp.MustCompile(`PleskCustomer/acme +\d+s +20[0-9TZ:-]+`).MatchString(out) {
		t.Error(out)
	}
	if r := w.must(t, "", "suspend", "customer/acme", "--for", "1h"); !strings.Contains(r.err, "for longer") {
		t.Error(r)
	}
	w.must(t, "", "suspend", "customer/acme", "--reason", "for good")
	w.must(t, "", "suspend", "customer/acme", "--for", "1s")
	w.get(t, "acme", o)
	if !o.Spec.Suspend || o.Spec.SuspendUntil != nil || o.Annotations[v1alpha1.AnnotationSuspendReason] != "for good" {
		t.Errorf("a pause without an end was given one: %+v", o.Spec.CommonSpec)
	}
	w.must(t, "", "resume", "customer/acme")
	w.becomes(t, "customer/acme", "Available")
	if r := w.must(t, "", "resume", "--all"); r.out != "" || !strings.Contains(r.err, "nothing to do") {
		t.Error(r)
	}
	// What was corrected on the server is tried again when that is asked for; the rest of the world is as it was.
	w.patch(t, &v1alpha1.PleskSubscription{}, "acme-example", `{"spec":{"ipAddresses":null}}`)
	w.must(t, "", "reconcile", "subscription/acme-example", "mailaccount/acme-info")
	w.becomes(t, "subscription/acme-example", "Available")
	w.becomes(t, "mailaccount/acme-info", "Available")
	if out := w.must(t, "", "tree", "server/web-01").out; !strings.Contains(out, "Nothing is wrong.") || !strings.Contains(out, "   └─ PleskMailAccount/acme-info") {
		t.Error(out)
	}
}

func rotate(t *testing.T, w *world) {
	password := func() string {
		s := &corev1.Secret{}
		w.get(t, "acme-panel", s)
		return string(s.Data["password"])
	}
	before := password()
	w.declined(t, "Have the operator replace what is in Secret acme-panel (key password), for PleskCustomer/acme", "rotate", "customer/acme")
	w.declined(t, "left as it is", "rotate", "customer/acme")
	w.refused(t, "it has no password and no certificate from a Secret", "", "rotate", "serviceplan/small", "--yes")
	w.must(t, "", "rotate", "customer/acme", "--yes")
	w.eventually(t, "another password", testWithin, func() (string, bool) { return "the same", password() != before })

	// What a user has stored is not replaced, also where it would have been generated.
	theirs := &corev1.Secret{}
	w.get(t, "acme-info", theirs)
	theirs.Labels = nil
	if err := w.bed.Client.Update(t.Context(), theirs); err != nil {
		t.Fatal(err)
	}
	w.declined(t, "write what is in Secret acme-info (key password) to the server once more, for PleskMailAccount/acme-info", "rotate", "mailaccount/acme-info")
}

func orphans(t *testing.T, w *world) {
	w.eventually(t, "what the operator counts", testWithin, func() (string, bool) {
		var lines []fleet.OrphanLine
		out := w.must(t, "", "orphans", "web-01", "-o", "json").out
		if err := json.Unmarshal([]byte(out), &lines); err != nil {
			t.Fatal(err)
		}
		srv := &v1alpha1.PleskServer{}
		w.get(t, "web-01", srv)
		return out, slices.Equal(lines, fleet.Orphans([]fleet.Object{fleet.Of(fleet.KindServer, srv)}, nil))
	})
	w.refused(t, "want KIND or KIND=COUNT", "", "orphans", "--allow", "customer=-1")

	// Somebody made a customer by hand.
	if _, err := customer.Add.One(t.Context(), w.plesk, customer.AddRequest{GenInfo: customer.NewGenInfo{ContactName: "Hal Holt", Login: "holt", Password: "Panel-4711-x"}}); err != nil {
		t.Fatal(err)
	}
	var named []fleet.Orphan
	if err := json.Unmarshal([]byte(w.must(t, "", "orphans", "web-01", "--list", "-o", "json").out), &named); err != nil {
		t.Fatal(err)
	}
	var customers []string
	for _, o := range named {
		if o.Of == "PleskCustomer" {
			customers = append(customers, o.Called)
		}
	}
	if !slices.Equal(customers, []string{"holt"}) || !slices.ContainsFunc(named, func(o fleet.Orphan) bool { return o.Of == "PleskIPAddress" }) {
		t.Errorf("%+v", named)
	}
	if slices.ContainsFunc(named, func(o fleet.Orphan) bool { return o.Of == "PleskSubscription" || o.Of == "PleskDNSZone" }) {
		t.Errorf("what is described, or comes with something else, is named: %+v", named)
	}
	check := []string{"orphans", "web-01", "--list", "--check"}
	for _, kind := range []string{"ipaddress", "serviceplan", "databaseserver", "extension"} { // of the server's own
		check = append(check, "--allow", kind)
	}
	if r := w.run(t, "", check...); ExitCode(r.failure) != 2 || strings.Contains(r.out, "PleskIPAddress") {
		t.Error(r)
	}
	if _, err := customer.Del.One(t.Context(), w.plesk, xmlapi.FilterRequest{Filter: customer.ByLogin("holt")}); err != nil {
		t.Fatal(err)
	}
	w.must(t, "", check...)
}

func login(t *testing.T, w *world) {
	r := w.must(t, "", "login", "customer/acme")
	at, err := url.Parse(strings.TrimSpace(r.out))
	if err != nil || !strings.HasPrefix(r.out, w.plesk.Access.URL+"/enterprise/rsession_init.php?") {
		t.Fatal(r.out, err)
	}
	token := at.Query().Get("PLESKSESSID")
	if s := sessionOf(t, w, "acme"); s == nil || s.ID.Reveal() != token || s.Type != sessionapi.Client {
		t.Errorf("%v is not the session of acme: %v", token, s)
	}
	if note := w.event(t, "LoginLink", "acme"); !strings.Contains(note, `logs in as "acme"`) || !strings.Contains(note, "asked for by ") || strings.Contains(note, token) {
		t.Error(note)
	}
	w.must(t, "", "login", "server/web-01", "--ip", "198.51.100.20")
	if s := sessionOf(t, w, "admin"); s == nil || s.IPAddress != "198.51.100.20" {
		t.Error(s)
	}
	w.refused(t, "want an IP address", "", "login", "customer/acme", "--ip", "here")
	w.refused(t, "only servers, resellers and customers", "", "login", "subscription/acme-example")

	// Another account under the recorded GUID is nobody to log in as.
	if _, err := customer.Set.One(t.Context(), w.plesk, customer.SetRequest{
		Filter: customer.ByLogin("birch"), Values: customer.SetValues{GenInfo: &customer.SetGenInfo{Login: new("somebody")}},
	}); err != nil {
		t.Fatal(err)
	}
	w.refused(t, `has "somebody"`, "", "login", "customer/birch")
	if s := sessionOf(t, w, "somebody"); s != nil {
		t.Error("nobody may have logged in")
	}
}

func acts(t *testing.T, w *world) {
	w.declined(t, `Synchronise the subscription "acme.example" on web-01 with its plan.`, "act", "sync", "subscription/acme-example")
	w.declined(t, "Nothing was done.", "act", "sync", "subscription/acme-example")
	w.refused(t, "nobody answered", "", "act", "sync", "subscription/acme-example")
	if r := w.must(t, "", "act", "sync", "subscription/acme-example", "--yes"); !strings.Contains(r.out, "synchronised") {
		t.Error(r)
	}
	if note := w.event(t, "Act", "acme-example"); !strings.Contains(note, "with its plan, asked for by ") {
		t.Error(note)
	}
	w.refused(t, "only subscriptions", "", "act", "sync", "customer/acme", "--yes")

	s := sessionOf(t, w, "acme")
	out := w.must(t, "", "act", "sessions", "server/web-01").out
	if !strings.Contains(out, handle(s.ID)+"   acme ") || strings.Contains(out, s.ID.Reveal()) {
		t.Error(out)
	}
	w.refused(t, "either --handle or --login", "", "act", "end-session", "server/web-01", "--yes")
	w.refused(t, "no such session", "", "act", "end-session", "server/web-01", "--login", "nobody", "--yes")
	if r := w.must(t, "y\n", "act", "end-session", "server/web-01", "--handle", handle(s.ID)); !strings.Contains(r.out, "1 sessions ended") {
		t.Error(r)
	}
	if s := sessionOf(t, w, "acme"); s != nil {
		t.Error("the session has ended")
	}
}

func sessionOf(t *testing.T, w *world, login string) *sessionapi.Session {
	t.Helper()
	r, err := sessionapi.Get.One(t.Context(), w.plesk, xmlapi.EmptyRequest{})
	if err != nil && !xmlapi.IsNotFound(err) {
		t.Fatal(err)
	}
	for _, s := range r.Sessions {
		if s.Login == login {
			return &s
		}
	}
	return nil
}

// event is the note of an event that these commands have made.
func (w *world) event(t *testing.T, reason, name string) string {
	t.Helper()
	list := &eventsv1.EventList{}
	if err := w.bed.Client.List(t.Context(), list, client.InNamespace(namespace)); err != nil {
		t.Fatal(err)
	}
	for _, e := range list.Items {
		if e.Reason == reason && e.Regarding.Name == name {
			return e.Note
		}
	}
	t.Errorf("no event %s of %s", reason, name)
	return ""
}

// rights has somebody who may read customers and no more.
func rights(t *testing.T, w *world) {
	role := &rbacv1.Role{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "reader"}, Rules: []rbacv1.PolicyRule{
		{APIGroups: []string{"plesk-operator.dev"}, Resources: []string{"pleskcustomers", "pleskservers"}, Verbs: []string{"get", "list"}},
	}}
	w.create(t, role)
	w.create(t, &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "reader"},
		RoleRef:    rbacv1.RoleRef{APIGroup: "rbac.authorization.k8s.io", Kind: "Role", Name: "reader"},
		Subjects:   []rbacv1.Subject{{APIGroup: "rbac.authorization.k8s.io", Kind: "User", Name: "rita"}},
	})
	as := func(args ...string) []string { return append(args, "--as", "rita") }
	w.eventually(t, "rita may read customers", testWithin, func() (string, bool) {
		r := w.run(t, "", as("why", "customer/acme")...)
		return fmt.Sprint(r), r.failure == nil
	})
	out := w.must(t, "", as("status")...).out
	if !strings.Contains(out, "PleskCustomer ") || !strings.Contains(out, "not shown: you may not list pleskdnszones.plesk-operator.dev in namespace hosting") {
		t.Error(out)
	}
	w.refused(t, "you may not get pleskdnszones.plesk-operator.dev in namespace hosting", "", as("why", "dnszone/acme")...)
	w.refused(t, "you may not patch pleskcustomers.plesk-operator.dev in namespace hosting", "", as("suspend", "customer/acme")...)
	w.refused(t, "you may not get secrets in namespace hosting", "", as("login", "customer/acme")...)
	w.refused(t, "you may not list", "", as("reconcile", "--all")...)
	w.refused(t, "in namespaces that you may not see would be named, too: you may not list", "", as("orphans", "--list")...)
	w.declined(t, "replace what is in Secret acme-panel (key password) (or write it once more, if a user has put it there)", as("rotate", "customer/acme")...)

	// Whoever cannot be recorded cannot act.
	role.Rules = append(role.Rules, rbacv1.PolicyRule{APIGroups: []string{""}, Resources: []string{"secrets"}, Verbs: []string{"get"}})
	if err := w.bed.Client.Update(t.Context(), role); err != nil {
		t.Fatal(err)
	}
	w.eventually(t, "rita may read Secrets, and not make events", testWithin, func() (string, bool) {
		r := w.run(t, "", as("login", "customer/acme")...)
		return fmt.Sprint(r), r.failure != nil && strings.Contains(r.failure.Error(), "you may not create events.events.k8s.io in namespace hosting")
	})
	if s := sessionOf(t, w, "acme"); s != nil {
		t.Error("nobody may have logged in")
	}
}

func completion(t *testing.T, w *world) {
	for begun, want := range map[string]string{"cust": "customer/\n", "customer/a": "customer/acme\n", "pleskserver/": "pleskserver/web-01\n"} {
		if out := w.must(t, "", "__complete", "why", begun).out; !strings.HasPrefix(out, want) && !strings.Contains(out, "\n"+want) {
			t.Errorf("%q: %q", begun, out)
		}
	}
}

// patch changes an object past the commands.
func (w *world) patch(t *testing.T, o client.Object, name, change string) {
	t.Helper()
	o.SetNamespace(namespace)
	o.SetName(name)
	if err := w.bed.Client.Patch(t.Context(), o, client.RawPatch(types.MergePatchType, []byte(change))); err != nil {
		t.Fatal(err)
	}
}
