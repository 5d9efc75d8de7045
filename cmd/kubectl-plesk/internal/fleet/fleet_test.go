// What is said of a fleet, as tables over resources.

package fleet

import (
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// is gives an object of the namespace hosting the conditions of a state, as the engine writes them.
func is(o v1alpha1.Object, name, reason, message string, since time.Duration, more ...string) Object {
	o.SetNamespace("hosting")
	o.SetName(name)
	o.SetGeneration(1)
	o.SetCreationTimestamp(metav1.NewTime(now.Add(-24 * time.Hour)))
	s := o.State()
	s.ObservedGeneration = 1
	s.Conditions = conditions(reason, message, since, more...)
	return Of(kindOf(o), o)
}

func conditions(reason, message string, since time.Duration, more ...string) []metav1.Condition {
	status := metav1.ConditionFalse
	if reason == v1alpha1.ReasonAvailable {
		status = metav1.ConditionTrue
	}
	at := metav1.NewTime(now.Add(-since))
	out := []metav1.Condition{{Type: v1alpha1.ConditionReady, Status: status, Reason: reason, Message: message, LastTransitionTime: at}}
	for _, m := range more {
		out = append(out, metav1.Condition{Type: m, Status: metav1.ConditionTrue, Reason: reason, Message: message, LastTransitionTime: at})
	}
	return out
}

func kindOf(o runtime.Object) string {
	gvks, _, err := scheme().ObjectKinds(o)
	if err != nil {
		panic(err)
	}
	return gvks[0].Kind
}

func scheme() *runtime.Scheme {
	s := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(s); err != nil {
		panic(err)
	}
	return s
}

func setOf(t *testing.T, objects ...Object) *Set {
	t.Helper()
	uses, err := controller.Uses(scheme())
	if err != nil {
		t.Fatal(err)
	}
	return NewSet(objects, uses)
}

func aServer(reason string) Object {
	srv := &v1alpha1.PleskServer{ObjectMeta: metav1.ObjectMeta{Namespace: "hosting", Name: "web-01", Generation: 1}}
	srv.Status = v1alpha1.PleskServerStatus{Role: v1alpha1.RoleAdministrator, Version: "18.0.70", ObservedGeneration: 1, Conditions: conditions(reason, "said by the server", 3*time.Hour)}
	return Of(KindServer, srv)
}

func onServer() v1alpha1.CommonSpec {
	return v1alpha1.CommonSpec{ServerRef: &v1alpha1.ServerReference{Name: "web-01"}}
}

func aCustomer(name, reason, message string, since time.Duration, more ...string) Object {
	return is(&v1alpha1.PleskCustomer{Spec: v1alpha1.PleskCustomerSpec{CommonSpec: onServer()}}, name, reason, message, since, more...)
}

func aSubscription(name, customer, reason, message string, more ...string) Object {
	s := &v1alpha1.PleskSubscription{}
	s.Spec.CustomerRef = &v1alpha1.ObjectReference{Name: customer}
	s.Spec.ServicePlanRef = &v1alpha1.ObjectReference{External: "gold"}
	return is(s, name, reason, message, time.Hour, more...)
}

func aMailAccount(name, subscription, reason, message string) Object {
	m := &v1alpha1.PleskMailAccount{}
	m.Spec.SiteRef = v1alpha1.SiteReference{Kind: "PleskSubscription", Name: subscription}
	return is(m, name, reason, message, time.Hour, v1alpha1.ConditionReconciling)
}

const refusal = "webspace/add: Plesk error 1018: Ip address does not exist (spec.ipAddresses)"

func TestSummary(t *testing.T) {
	g := NewWithT(t)
	edited := aCustomer("edited", v1alpha1.ReasonAvailable, "", time.Hour)
	edited.SetGeneration(2)
	edited.SetManagedFields([]metav1.ManagedFieldsEntry{
		{Manager: "kubectl", Time: new(metav1.NewTime(now.Add(-90 * time.Second))), FieldsV1: metav1.NewFieldsV1(`{"f:spec":{}}`)},
		{Manager: "manager", Subresource: "status", Time: new(metav1.NewTime(now)), FieldsV1: metav1.NewFieldsV1(`{"f:status":{}}`)},
	})
	// Its subscription is there, and waits for a customer that is not.
	waiting := aMailAccount("waiting", "of-nobody", v1alpha1.ReasonDependencyNotReady, "waiting")
	ofNobody := aSubscription("of-nobody", "nobody", v1alpha1.ReasonDependencyNotReady, "waiting")
	paused := aCustomer("paused", v1alpha1.ReasonSuspended, "", 2*time.Hour)
	paused.Object.(*v1alpha1.PleskCustomer).Spec.Suspend = true
	paused.SetAnnotations(map[string]string{v1alpha1.AnnotationSuspendReason: "the panel is being moved"})
	s := Summarize(setOf(t, aServer(v1alpha1.ReasonAvailable),
		edited, paused,
		aCustomer("planned", v1alpha1.ReasonPlanned, "", time.Hour),
		aCustomer("busy", v1alpha1.ReasonServerBusy, "", time.Minute, v1alpha1.ConditionReconciling),
		aCustomer("failing", v1alpha1.ReasonTransientError, "no answer", 30*time.Minute, v1alpha1.ConditionReconciling),
		aCustomer("refused", v1alpha1.ReasonRejected, refusal, time.Minute, v1alpha1.ConditionStalled),
		aMailAccount("info", "acme", v1alpha1.ReasonDependencyNotReady, "waiting"),
		waiting, ofNobody,
	), now, 10*time.Minute)

	g.Expect(s.Servers).To(ConsistOf(ServerLine{
		Ref: Ref{KindServer, "hosting", "web-01"}, Door: "open", Role: "Administrator", Version: "18.0.70", Objects: 6, NotReady: 5, Behind: 3, LagSeconds: 90,
		Since: now.Add(-3 * time.Hour),
	}), "the mail account lies in nothing that is there, so nobody knows its server")
	g.Expect(s.Kinds).To(HaveLen(3))
	g.Expect(s.Kinds[0].Kind).To(Equal("PleskCustomer"))
	g.Expect(s.Kinds[0].Total).To(Equal(6))
	g.Expect(s.Kinds[0].Ready).To(Equal(1))
	g.Expect(s.Kinds[0].Reasons).To(HaveLen(6))
	var stuck []string
	for _, l := range s.Stuck {
		stuck = append(stuck, l.Name)
	}
	g.Expect(stuck).To(ConsistOf("info", "of-nobody", "failing", "refused"), "neither what is tried since a minute, nor what is held on purpose; but what refers to nothing")
	g.Expect(stuck[2:]).To(Equal([]string{"failing", "refused"}), "the longest first")
	g.Expect(s.Waiting).To(Equal(1))
	g.Expect(s.Suspended).To(ConsistOf(SuspendedLine{Ref: paused.Ref, Why: "the panel is being moved", Since: now.Add(-2 * time.Hour)}))
}

func TestDoor(t *testing.T) {
	s := Summarize(setOf(t, aServer(v1alpha1.ReasonCredentialsRejected)), now, time.Minute)
	NewWithT(t).Expect(s.Servers[0].Door).To(Equal("closed: CredentialsRejected"))
	NewWithT(t).Expect(s.Stuck).To(HaveLen(1), "a server waits for nobody but people")
}

func TestTreeAndWhy(t *testing.T) {
	g := NewWithT(t)
	mail := aMailAccount("info", "acme", v1alpha1.ReasonDependencyNotReady, "waiting for PleskSubscription \"acme\"")
	acme := aSubscription("acme", "ada", v1alpha1.ReasonRejected, refusal, v1alpha1.ConditionStalled)
	set := setOf(t, aServer(v1alpha1.ReasonAvailable), aCustomer("ada", v1alpha1.ReasonAvailable, "", time.Hour), acme, mail)

	tree := set.Tree(mail)
	g.Expect(tree.Needs).To(HaveLen(2), "its server, and what it lies in")
	g.Expect(tree.Needs[0].Ref).To(Equal(Ref{KindServer, "hosting", "web-01"}), "by way of the subscription's customer")
	g.Expect(tree.Needs[1].Ref).To(Equal(acme.Ref))
	var below []string
	for _, n := range tree.Needs[1].Children {
		below = append(below, n.Kind+"/"+n.Name+n.External)
	}
	g.Expect(below).To(ConsistOf("PleskCustomer/ada", "PleskServicePlan/gold"))
	g.Expect(tree.NeededBy).To(BeEmpty())
	g.Expect(tree.FirstWrong).To(Equal(&Cause{Ref: acme.Ref, Reason: v1alpha1.ReasonRejected, Message: refusal}))

	server, _ := set.Get(Ref{KindServer, "hosting", "web-01"})
	up := set.Tree(server)
	g.Expect(up.NeededBy).To(HaveLen(1), "what lies in something is shown there")
	g.Expect(up.NeededBy[0].Name).To(Equal("ada"))
	g.Expect(up.NeededBy[0].Children[0].Name).To(Equal("acme"))
	g.Expect(up.NeededBy[0].Children[0].Children[0].Name).To(Equal("info"))
	g.Expect(up.FirstWrong).To(BeNil(), "what needs it is not what it needs")

	w := Explain(set, mail)
	g.Expect(w.Cause.Ref).To(Equal(acme.Ref))
	g.Expect(w.Commands).To(Equal([]string{"kubectl plesk why -n hosting PleskSubscription/acme"}))
	w = Explain(set, acme)
	g.Expect(w.Cause).To(BeNil(), "it is the first thing itself")
	g.Expect(w.Server).To(Equal("hosting/web-01"))
	g.Expect([]any{w.Call, w.Code, w.Meaning, w.Field}).To(Equal([]any{"webspace/add", 1018, "IP address not on the server or not in the owner's pool", "spec.ipAddresses"}))
	g.Expect(w.Advice).To(ContainSubstring("correct what the message speaks of"))
	g.Expect(w.Again).To(ContainSubstring("at each resync"))
}

func TestMissing(t *testing.T) {
	g := NewWithT(t)
	mail := aMailAccount("info", "gone", v1alpha1.ReasonDependencyNotReady, "waiting")
	set := setOf(t, mail)
	g.Expect(set.FirstWrong(mail.Ref)).To(HaveField("Missing", true))
	g.Expect(set.Tree(mail).Needs[0].Missing).To(BeTrue())
	g.Expect(Explain(set, mail).Commands).To(Equal([]string{"kubectl plesk tree -n hosting PleskMailAccount/info"}))
}

// TestCircular follows references that lead back: the API server does not refuse them.
func TestCircular(t *testing.T) {
	g := NewWithT(t)
	one, two := aCustomer("one", v1alpha1.ReasonAvailable, "", time.Hour), aCustomer("two", v1alpha1.ReasonAvailable, "", time.Hour)
	other := map[string]string{"one": "two", "two": "one"}
	set := NewSet([]Object{aServer(v1alpha1.ReasonAvailable), one, two}, Uses{"PleskCustomer": func(o client.Object) engine.Uses {
		return engine.Uses{Objects: []engine.Use{{Mention: engine.Mention{Kind: "PleskCustomer", Name: other[o.GetName()]}, Parent: true}}}
	}})
	g.Expect(set.FirstWrong(two.Ref)).To(BeNil())
	tree := set.Tree(one)
	g.Expect(tree.Needs[1].Name).To(Equal("two"))
	g.Expect(tree.Needs[1].Children).To(HaveLen(1))
	g.Expect(tree.Needs[1].Children[0].Again).To(BeTrue())
}

// What the operator has done its part of is not waited for, and not called ready.
func TestWhatOthersHold(t *testing.T) {
	g := NewWithT(t)
	o := aCustomer("acme", v1alpha1.ReasonAvailable, "the server has what the spec says", time.Hour)
	o.SetDeletionTimestamp(new(metav1.NewTime(now)))
	o.SetFinalizers([]string{v1alpha1.Finalizer, "x.example/hold"})
	o.SetGeneration(2)
	g.Expect(o.Left()).To(Succeed())
	g.Expect(o.Seen()).To(BeFalse())
	o.SetFinalizers([]string{"x.example/hold"})
	g.Expect(o.Left()).To(MatchError(ContainSubstring("x.example/hold")))
	g.Expect(o.Seen()).To(BeTrue())
	w := Explain(NewSet([]Object{o}, nil), o)
	g.Expect([]any{w.Ready, w.Unseen, w.Commands}).To(Equal([]any{false, false, []string(nil)}))
	g.Expect(w.Message).To(ContainSubstring("being deleted"))
}

// TestMessages holds the reading of messages to how the operator writes errors.
func TestMessages(t *testing.T) {
	for _, c := range []struct {
		message, call string
		code          int
		field         string
	}{
		{(&xmlapi.Error{Code: 1024, Text: "Limit (max_site) reached", Operator: "site", Operation: "add"}).Error(), "site/add", 1024, ""},
		{(&xmlapi.Error{Code: 1019, Text: "no", Operator: "server", Operation: "db-servers/list"}).Error() + " (spec.limits[disk_space])", "server/db-servers/list", 1019, "spec.limits[disk_space]"},
		{(&xmlapi.Error{Code: 1014, Text: "Parser error", System: true}).Error(), "packet", 1014, ""},
		{"create: " + (&xmlapi.Error{Code: 1007, Text: "a (strange) text", Operator: "customer", Operation: "add"}).Error() + " (spec.login)", "customer/add", 1007, "spec.login"},
		{"spec.records[2].value: 300.1.1.1 is no address", "", 0, "spec.records[2].value"},
		{"PleskCustomer \"acme\" (spec.customerRef): not found", "", 0, "spec.customerRef"},
		{`"acme" is on the server, and nobody describes it: it differs in spec.email (spec.adoptionPolicy: Always would take it over and change that)`, "", 0, "spec.email"},
		{"it stays (spec.deletionPolicy: Retain keeps it)", "", 0, "spec.deletionPolicy"},
		{"the server has what the spec says", "", 0, ""},
		{"packet: Plesk error 99999999999999999999: x", "packet", 0, ""},
	} {
		w := Why{State: State{Message: c.message}}
		w.readMessage()
		code := c.code
		if w.Call != c.call || code != 0 && w.Code != code || w.Field != c.field {
			t.Errorf("%s: call %q, code %d, field %q", c.message, w.Call, w.Code, w.Field)
		}
	}
}

// TestAdviceForAll has every reason of the documentation explained.
func TestAdviceForAll(t *testing.T) {
	for _, reason := range []string{v1alpha1.ReasonAvailable, v1alpha1.ReasonNotConverging, v1alpha1.ReasonDeletionBlocked, v1alpha1.ReasonTransientError, v1alpha1.ReasonPlanned} {
		if what, again := advice(reason); strings.Contains(what, "does not know") || again == "" {
			t.Errorf("%s: %q, %q", reason, what, again)
		}
	}
	if what, again := advice(v1alpha1.ReasonRetained); strings.Contains(what, "does not know") || again != "" {
		t.Errorf("Retained: %q, %q", what, again)
	}
	if what, _ := advice("Nonsense"); !strings.Contains(what, "does not know") {
		t.Errorf("Nonsense: %q", what)
	}
}

func TestPlanOf(t *testing.T) {
	g := NewWithT(t)
	o := aCustomer("birch", v1alpha1.ReasonPlanned, "would be created", time.Hour)
	_, ok := PlanOf(o)
	g.Expect(ok).To(BeFalse())
	o.Object.(*v1alpha1.PleskCustomer).Status.Awaiting = &v1alpha1.AwaitedPermit{Permit: v1alpha1.PermitPlan, Token: "aa"}
	o.SetAnnotations(map[string]string{AnnotationRejected: "aa ada: not yet"})
	p, ok := PlanOf(o)
	g.Expect(ok).To(BeTrue())
	g.Expect(p.Rejected).To(Equal("ada: not yet"))
	o.Object.(*v1alpha1.PleskCustomer).Status.Awaiting.Token = "bb"
	p, _ = PlanOf(o)
	g.Expect(p.Rejected).To(BeEmpty(), "another plan")
}

// What a resource on the same Plesk describes, observes or has begun to make is nobody's orphan; what one of another Plesk has under the same id is.
func TestUndescribed(t *testing.T) {
	g := NewWithT(t)
	with := func(name string, change func(*v1alpha1.CommonStatus)) Object {
		o := aCustomer(name, v1alpha1.ReasonAvailable, "", time.Hour)
		change(o.Object.(v1alpha1.Object).State())
		return o
	}
	set := NewSet([]Object{
		aServer(v1alpha1.ReasonAvailable),
		with("ours", func(s *v1alpha1.CommonStatus) { s.ID, s.ServerGUID = "1", "plesk-a" }),
		with("observed", func(s *v1alpha1.CommonStatus) {
			s.Observing, s.ServerGUID = &v1alpha1.ObjectIdentity{ID: "2"}, "plesk-a"
		}),
		with("begun", func(s *v1alpha1.CommonStatus) { s.Pending = &v1alpha1.PendingWrite{Key: "dawn"} }),
		with("elsewhere", func(s *v1alpha1.CommonStatus) { s.ID, s.ServerGUID = "4", "plesk-b" }),
	}, nil)
	there := []Orphan{
		{Of: "PleskCustomer", ID: "1", Called: "acme"}, {Of: "PleskCustomer", ID: "2", Called: "birch"},
		{Of: "PleskCustomer", ID: "3", Called: "dawn"}, {Of: "PleskCustomer", ID: "4", Called: "elm"},
		{Of: "PleskSite", ID: "1", Called: "acme.example", In: "PleskSubscription acme.example"},
	}
	server := aServer(v1alpha1.ReasonAvailable).Ref
	g.Expect(Undescribed(server, "plesk-a", there, set)).To(Equal([]Orphan{
		{Ref: server, Of: "PleskCustomer", Called: "elm", ID: "4"},
		{Ref: server, Of: "PleskSite", Called: "acme.example", In: "PleskSubscription acme.example", ID: "1"},
	}))
}

func TestOrphans(t *testing.T) {
	g := NewWithT(t)
	o := aServer(v1alpha1.ReasonAvailable)
	o.Object.(*v1alpha1.PleskServer).Status.Undeclared = map[string]int32{"PleskCustomer": 3, "PleskSite": 2, "PleskServicePlan": 7, "PleskReseller": 0}
	lines := Orphans([]Object{o}, map[string]int{"PleskCustomer": 3, "PleskServicePlan": AnyNumber})
	g.Expect(lines).To(HaveLen(3), "none is none")
	over := map[string]bool{}
	for _, l := range lines {
		over[l.Of] = l.Over
	}
	g.Expect(over).To(Equal(map[string]bool{"PleskCustomer": false, "PleskServicePlan": false, "PleskSite": true}))
	g.Expect(OverAllowance(lines)).To(Equal(1))
}
