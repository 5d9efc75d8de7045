// What is a billing system's: told from what is ours by the tags alone.

package engine

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

type allowance struct {
	Limits map[string]string `plesk:"limits,lifecycle"`
	Rights map[string]string `plesk:"permissions"`
}

type sold struct {
	Name     *string        `plesk:"name"`
	Plan     *Link          `plesk:"planRef,lifecycle"`
	Password *xmlapi.Secret `plesk:"password,writeonly,lifecycle"`
	Allowed  *allowance     `plesk:""`
	Web      *struct {
		Password *xmlapi.Secret `plesk:"password,writeonly,lifecycle"`
		Root     *string        `plesk:"root"`
	} `plesk:"web"`
}

func TestSplitLifecycle(t *testing.T) {
	g := NewWithT(t)
	secret := xmlapi.Secret("hunter2")
	want := sold{Name: new("acme"), Plan: link("1", "", "small"), Password: &secret, Allowed: &allowance{map[string]string{"max_box": "1"}, map[string]string{"manage_dns": "true"}}}
	want.Web = &struct {
		Password *xmlapi.Secret `plesk:"password,writeonly,lifecycle"`
		Root     *string        `plesk:"root"`
	}{&secret, new("httpdocs")}

	ours, theirs := splitLifecycle(want)
	g.Expect(ours.Plan).To(BeNil())
	g.Expect(ours.Password).To(BeNil())
	g.Expect(ours.Web.Password).To(BeNil())
	g.Expect(ours.Allowed.Limits).To(BeEmpty())
	g.Expect([]any{*ours.Name, *ours.Web.Root, ours.Allowed.Rights}).To(Equal([]any{"acme", "httpdocs", map[string]string{"manage_dns": "true"}}))
	g.Expect(fieldNames(Diff(theirs, sold{}))).To(Equal("spec.limits.max_box, spec.planRef"), "passwords cannot be compared")
	g.Expect(fieldNames(Diff(ours, sold{}))).To(Equal("spec.name, spec.permissions.manage_dns, spec.web.root"))
	g.Expect(*want.Web.Password).To(Equal(secret), "what is wanted has not changed")
	g.Expect(writeOnlyChanges(ours, func(string) bool { return true })).To(BeEmpty())
}

// soldKind is of what billing systems sell; the plain sample of what they do not.
type soldKind struct {
	Kind[*v1alpha1.PleskCustomer, sample]
}

func (soldKind) Contracted() {}

func TestWhatIsContracted(t *testing.T) {
	g := NewWithT(t)
	p := lone(t, clocktesting.NewFakePassiveClock(time.Unix(0, 0)))
	for _, c := range []struct {
		owner      v1alpha1.LifecycleOwner
		kind       Kind[*v1alpha1.PleskCustomer, sample]
		contracted bool
	}{
		{"", soldKind{}, false},
		{v1alpha1.LifecycleOwnerGit, soldKind{}, false},
		{v1alpha1.LifecycleOwnerBilling, soldKind{}, true},
		{v1alpha1.LifecycleOwnerBilling, suspendingKind{}, false},
	} {
		p.kind, p.server = c.kind, &v1alpha1.PleskServer{}
		if c.owner != "" {
			p.server.Spec.Lifecycle = &v1alpha1.ServerLifecycle{Owner: c.owner}
		}
		g.Expect(p.contracted()).To(Equal(c.contracted), "%s %T", c.owner, c.kind)
		g.Expect(p.othersMarks()).To(Equal(c.contracted), "%s %T", c.owner, c.kind)
		g.Expect(p.billed()).To(Equal(c.owner == v1alpha1.LifecycleOwnerBilling))
	}
}

// Nothing that is the billing system's is made, or made anew, whatever the policies say.
func TestNothingIsMadeForABillingSystem(t *testing.T) {
	g := NewWithT(t)
	clock := clocktesting.NewFakePassiveClock(time.Date(2031, 1, 2, 3, 4, 5, 0, time.UTC))
	for name, c := range map[string]struct {
		status v1alpha1.CommonStatus
		reason string
	}{
		"never seen":          {v1alpha1.CommonStatus{}, v1alpha1.ReasonNotFound},
		"removed":             {v1alpha1.CommonStatus{ID: "7", Key: "acme"}, v1alpha1.ReasonGoneOnServer},
		"begun, in flight":    {v1alpha1.CommonStatus{Pending: &v1alpha1.PendingWrite{Key: "acme", StartTime: metav1.NewTime(clock.Now())}}, v1alpha1.ReasonCreating},
		"begun, and not made": {v1alpha1.CommonStatus{Pending: &v1alpha1.PendingWrite{Key: "acme", StartTime: metav1.NewTime(clock.Now().Add(-time.Hour))}}, v1alpha1.ReasonNotFound},
	} {
		p := lone(t, clock)
		p.kind, p.server, p.key = soldKind{}, &v1alpha1.PleskServer{}, Key{Name: "acme"}
		p.server.Spec.Lifecycle = &v1alpha1.ServerLifecycle{Owner: v1alpha1.LifecycleOwnerBilling}
		p.o.Spec.RecreationPolicy = new(v1alpha1.RecreationPolicyRecreate)
		p.o.Status.CommonStatus = c.status
		v := p.absent(t.Context())
		g.Expect(v).NotTo(BeNil(), name)
		g.Expect(v.reason).To(Equal(c.reason), name)
		g.Expect(p.o.Status.Awaiting).To(BeNil(), name)
	}
}
