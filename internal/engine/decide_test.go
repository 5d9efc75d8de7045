// The pure decisions: verdicts by class, budgets, precedence of claims, generated passwords.

package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

func plesk(code int) error {
	return &xmlapi.Error{Class: xmlapi.Classify(code), Code: code, Text: "…", Operator: "webspace", Operation: "add"}
}

func TestVerdictByClass(t *testing.T) {
	wire := func(c xmlapi.Class) error { return &xmlapi.Error{Class: c, Err: errors.New("connection reset")} }
	for _, c := range []struct {
		name   string
		err    error
		reason string
		state  state
		pace   pace
	}{
		{"no connection", wire(xmlapi.Transient), v1alpha1.ReasonTransientError, stateWorking, paceBackoff},
		{"answer lost", wire(xmlapi.Ambiguous), v1alpha1.ReasonTransientError, stateWorking, paceBackoff},
		{"operation failed", plesk(1023), v1alpha1.ReasonTransientError, stateWorking, paceBackoff},
		{"unknown code", plesk(4711), v1alpha1.ReasonTransientError, stateWorking, paceBackoff},
		{"not set up", plesk(1004), v1alpha1.ReasonServerBusy, stateWorking, paceBackoff},
		{"wrong password", plesk(1001), v1alpha1.ReasonCredentialsRejected, stateWorking, paceBackoff},
		{"wrong key", plesk(11003), v1alpha1.ReasonCredentialsRejected, stateWorking, paceBackoff},
		{"licence expired", plesk(1030), v1alpha1.ReasonServerNotReady, stateWorking, paceBackoff},
		{"untrusted certificate", wire(xmlapi.Untrusted), v1alpha1.ReasonServerNotReady, stateWorking, paceBackoff},
		{"door closed", &session.ClosedError{Cause: plesk(1001)}, v1alpha1.ReasonCredentialsRejected, stateWorking, paceBackoff},
		{"another server", &session.WrongServerError{Expected: "a", Actual: "b"}, v1alpha1.ReasonWrongServer, stateStalled, paceResync},
		{"not permitted", plesk(1006), v1alpha1.ReasonPermissionDenied, stateWorking, paceSlow},
		{"limit", plesk(1024), v1alpha1.ReasonLimitReached, stateWorking, paceSlow},
		{"bad value", plesk(1019), v1alpha1.ReasonRejected, stateStalled, paceResync},
		{"bad packet", plesk(1014), v1alpha1.ReasonRejected, stateStalled, paceResync},
		{"name taken", plesk(1007), v1alpha1.ReasonAlreadyExists, stateStalled, paceResync},
		{"owner missing", plesk(1015), v1alpha1.ReasonDependencyNotReady, stateWorking, paceBackoff},
		{"bad spec", Invalid("spec.x", "no"), v1alpha1.ReasonInvalidSpec, stateStalled, paceResync},
		{"waiting", &waiting{"waiting for …"}, v1alpha1.ReasonDependencyNotReady, stateWorking, paceResync},
		{"anything else", errors.New("etcd"), v1alpha1.ReasonTransientError, stateWorking, paceBackoff},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := NewWithT(t)
			v := failed(c.err, func(*xmlapi.Error) string { return "spec.field" })
			g.Expect(v.reason).To(Equal(c.reason))
			g.Expect(v.state).To(Equal(c.state))
			g.Expect(v.pace).To(Equal(c.pace))
			if c.reason == v1alpha1.ReasonWrongServer {
				g.Expect(v.message).To(Equal("the object belongs to the Plesk with GUID a, spec.serverRef leads to b: nothing is written"))
				return
			}
			g.Expect(v.message).To(HavePrefix(strings.TrimSuffix(c.err.Error(), "…")))
		})
	}
	NewWithT(t).Expect(failed(plesk(1018), func(*xmlapi.Error) string { return "spec.ipAddresses" }).message).
		To(Equal("webspace/add: Plesk error 1018: … (spec.ipAddresses)"))
	blamed := failed(fmt.Errorf("again: %w", Blame("spec.other", plesk(1007))), func(*xmlapi.Error) string { return "spec.ipAddresses" })
	NewWithT(t).Expect(blamed.message).To(Equal("again: webspace/add: Plesk error 1007: … (spec.other)"), "who was there knows better")
	NewWithT(t).Expect(blamed.reason).To(Equal(v1alpha1.ReasonAlreadyExists), "and the class stays")
}

// A class without a consequence would end a pass without a reason.
func TestEveryCodeHasConsequences(t *testing.T) {
	g := NewWithT(t)
	for code := 1; code < 20_000; code++ {
		class := xmlapi.Classify(code)
		g.Expect(consequences).To(HaveKey(class), "%d", code)
		g.Expect(OfServer(&xmlapi.Error{Class: class}).Reason).NotTo(BeEmpty(), "%d", code)
	}
	for _, class := range []xmlapi.Class{xmlapi.Ambiguous, xmlapi.Untrusted} { // which no code has
		g.Expect(consequences).To(HaveKey(class))
	}
}

func TestDeletionBudget(t *testing.T) {
	g := NewWithT(t)
	clock := clocktesting.NewFakePassiveClock(time.Date(2026, 1, 1, 0, 0, 30, 0, time.UTC))
	b := newDeletionBudget(clock)
	server := func(name string, limit int32) *v1alpha1.PleskServer {
		srv := &v1alpha1.PleskServer{Spec: v1alpha1.PleskServerSpec{MaxDeletionsPerHour: &limit}}
		srv.UID = types.UID(name)
		return srv
	}
	var saved []v1alpha1.DeletionCount
	save := func(c []v1alpha1.DeletionCount) error { saved = c; return nil }
	take := func(object string, limit int32) (time.Duration, bool) {
		wait, ok, err := b.take(server("server", limit), types.UID(object), 1, save)
		g.Expect(err).NotTo(HaveOccurred())
		return wait, ok
	}

	_, ok := take("none allowed", 0)
	g.Expect(ok).To(BeFalse())
	_, ok, err := b.take(server("server", 2), "a", 1, func([]v1alpha1.DeletionCount) error { return errors.New("conflict") })
	g.Expect(ok).To(BeFalse(), "what could not be noted is not done")
	g.Expect(err).To(HaveOccurred())
	_, ok = take("a", 2)
	g.Expect(ok).To(BeTrue())
	clock.SetTime(clock.Now().Add(10 * time.Minute))
	_, ok = take("b", 2)
	g.Expect(ok).To(BeTrue())
	wait, ok := take("c", 2)
	g.Expect(ok).To(BeFalse())
	g.Expect(wait).To(Equal(50*time.Minute+30*time.Second), "until the minute of the first falls out of the hour")
	_, ok = take("a", 2)
	g.Expect(ok).To(BeTrue(), "a further try at the same object costs nothing")
	b.forget(server("server", 2), "a")
	_, ok = take("a", 2)
	g.Expect(ok).To(BeFalse(), "forgotten, it costs again")
	_, ok, err = b.take(server("another server", 2), "c", 1, func([]v1alpha1.DeletionCount) error { return nil })
	g.Expect(ok, err).To(BeTrue())

	restarted := newDeletionBudget(clock)
	srv := server("server", 2)
	srv.Status.RecentDeletions = saved
	_, ok, _ = restarted.take(srv, "c", 1, save)
	g.Expect(ok).To(BeFalse(), "the counts outlive the process")
	clock.SetTime(clock.Now().Add(-24 * time.Hour))
	wait, ok, _ = restarted.take(srv, "c", 1, save)
	g.Expect(ok).To(BeFalse())
	g.Expect(wait).To(BeNumerically("<=", budgetWindow+time.Minute), "a clock that was set back does not stop deletions for longer")
	clock.SetTime(clock.Now().Add(24 * time.Hour))

	clock.SetTime(clock.Now().Add(51 * time.Minute))
	_, ok = take("c", 2)
	g.Expect(ok).To(BeTrue())
}

func TestBudgetOfMany(t *testing.T) {
	const hour = budgetWindow + time.Minute
	type step struct {
		after  time.Duration // since the step before
		object types.UID
		n      int
		ok     bool
	}
	for name, c := range map[string]struct {
		limit int32
		steps []step
	}{
		"within the limit":                            {10, []step{{0, "a", 4, true}, {0, "b", 6, true}, {0, "c", 1, false}}},
		"not with what is left":                       {10, []step{{0, "a", 4, true}, {0, "b", 7, false}, {0, "c", 6, true}}},
		"more than the limit, in an empty window":     {10, []step{{0, "a", 25, true}, {0, "b", 1, false}, {hour, "b", 1, true}}},
		"more than the limit waits for one":           {10, []step{{0, "a", 1, true}, {0, "b", 25, false}, {hour - time.Second, "b", 25, false}, {time.Second, "b", 25, true}, {0, "c", 1, false}}},
		"with 0 never":                                {0, []step{{0, "a", 1, false}, {0, "b", 25, false}, {24 * hour, "a", 1, false}}},
		"a further try costs nothing":                 {1, []step{{0, "a", 1, true}, {0, "a", 1, true}, {0, "b", 1, false}}},
		"a further try that takes more along does":    {10, []step{{0, "a", 1, true}, {0, "a", 8, true}, {0, "b", 3, false}, {0, "b", 2, true}}},
		"a further try beyond the limit waits":        {10, []step{{0, "a", 1, true}, {0, "a", 60, false}, {hour, "a", 60, true}}},
		"a further try that takes less along is free": {10, []step{{0, "a", 10, true}, {0, "a", 3, true}, {0, "b", 1, false}}},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			clock := clocktesting.NewFakePassiveClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
			b := newDeletionBudget(clock)
			srv := &v1alpha1.PleskServer{Spec: v1alpha1.PleskServerSpec{MaxDeletionsPerHour: &c.limit}}
			for i, s := range c.steps {
				clock.SetTime(clock.Now().Add(s.after))
				wait, ok, err := b.take(srv, s.object, s.n, func([]v1alpha1.DeletionCount) error { return nil })
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(ok).To(Equal(s.ok), "step %d", i)
				if s.ok {
					g.Expect(wait).To(BeZero(), "step %d", i)
				} else {
					g.Expect(wait).To(BeNumerically(">", 0), "step %d", i)
				}
			}
		})
	}
}

// The brake of an administrator holds whatever was begun before.
func TestBudgetThatIsTakenAway(t *testing.T) {
	g := NewWithT(t)
	b := newDeletionBudget(clocktesting.NewFakePassiveClock(time.Unix(1e9, 0)))
	srv := &v1alpha1.PleskServer{Spec: v1alpha1.PleskServerSpec{MaxDeletionsPerHour: new(int32(5))}}
	save := func([]v1alpha1.DeletionCount) error { return nil }
	_, ok, err := b.take(srv, "a", 1, save)
	g.Expect(ok, err).To(BeTrue())
	*srv.Spec.MaxDeletionsPerHour = 0
	_, ok, err = b.take(srv, "a", 1, save)
	g.Expect(ok, err).To(BeFalse())
}

func TestPrecedence(t *testing.T) {
	g := NewWithT(t)
	object := func(name string, age time.Duration, id string) v1alpha1.Object {
		o := &v1alpha1.PleskCustomer{}
		o.Name, o.CreationTimestamp = name, metav1.NewTime(time.Unix(1e9, 0).Add(-age))
		o.Status.ID = id
		return o
	}
	old, young := object("old", time.Hour, ""), object("young", time.Minute, "")
	g.Expect(precedes(old, young)).To(BeTrue())
	g.Expect(precedes(young, old)).To(BeFalse())
	g.Expect(precedes(object("young", time.Minute, "7"), old)).To(BeTrue(), "what is on the server already comes first")
	g.Expect(precedes(object("a", 0, ""), object("b", 0, ""))).To(BeTrue())
	g.Expect(precedes(object("b", 0, ""), object("a", 0, ""))).To(BeFalse())
}

func TestGeneratedPasswords(t *testing.T) {
	g := NewWithT(t)
	seen := map[string]bool{}
	for range 200 {
		p := newPassword("")
		g.Expect(p).To(HaveLen(passwordLength))
		g.Expect(seen).NotTo(HaveKey(p))
		seen[p] = true
		for _, class := range passwordClasses {
			g.Expect(strings.ContainsAny(p, class)).To(BeTrue(), "%q lacks one of %q", p, class)
		}
		g.Expect(p).NotTo(MatchRegexp(`[\s<>&'"\\$` + "`" + `]`))
	}
}

func TestShutdownIsSilent(t *testing.T) {
	g := NewWithT(t)
	g.Expect(lone(t, nil).fail(context.Canceled).silent).To(BeTrue())
}

func TestNewPasswordHoldsNoLogin(t *testing.T) {
	for _, login := range []string{"a", "K", "7", "ab", "x2"} {
		for range 500 {
			if p := newPassword(login); strings.Contains(strings.ToLower(p), strings.ToLower(login)) {
				t.Fatalf("the password for %q holds it", login)
			}
		}
	}
}
