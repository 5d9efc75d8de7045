// Privileges that only the server can tell: asked before a tenant's values are written, and of nobody else.

package engine

import (
	"context"
	"errors"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// fenced is a kind that knows a privileged name. What writes would reach a method that it does not have.
type fenced struct {
	Kind[*v1alpha1.PleskCustomer, sample]
	asked []sample
	err   error
}

func (*fenced) Observe(*v1alpha1.PleskCustomer, *Found[sample]) {}

func (f *fenced) PrivilegedThere(_ context.Context, _ xmlapi.Doer, values sample) ([]string, error) {
	f.asked = append(f.asked, values)
	if f.err == nil && values.Name != nil && *values.Name == "root" {
		return []string{"name"}, nil
	}
	return nil, f.err
}

func fencedPass(t *testing.T, name string) (*customerPass, *fenced) {
	t.Helper()
	p := lone(t, clocktesting.NewFakePassiveClock(time.Unix(1e9, 0)))
	k := &fenced{}
	p.kind, p.access, p.want = k, &access{}, sample{Name: &name, Active: new(true)}
	return p, k
}

func TestTenantsCreateNothingPrivileged(t *testing.T) {
	g := NewWithT(t)
	p, _ := fencedPass(t, "root")
	v := p.absent(t.Context())
	g.Expect(v).NotTo(BeNil())
	g.Expect(v.reason).To(Equal(v1alpha1.ReasonPermissionDenied))
	g.Expect(v.message).To(HavePrefix("spec.name: "))
	g.Expect(p.o.Status.Pending).To(BeNil(), "nothing was begun")
}

func TestTenantsWriteNothingPrivileged(t *testing.T) {
	g := NewWithT(t)
	p, k := fencedPass(t, "root")
	p.found = &Found[sample]{Value: sample{Name: new("acme"), Active: new(true)}}
	v := p.converge(t.Context())
	g.Expect(v).NotTo(BeNil())
	g.Expect(v.reason).To(Equal(v1alpha1.ReasonPermissionDenied))
	g.Expect(k.asked).To(Equal([]sample{{Name: new("root")}}), "only about what differs")
}

func TestTenantsKeepWhatTheyWereGiven(t *testing.T) {
	g := NewWithT(t)
	p, k := fencedPass(t, "root")
	p.found = &Found[sample]{Value: p.want}
	g.Expect(p.converge(t.Context())).To(BeNil())
	g.Expect(k.asked).To(BeEmpty(), "the server is not asked where nothing is to be written")
}

func TestWhoeverHasThePrivilegeIsNotAsked(t *testing.T) {
	g := NewWithT(t)
	p, k := fencedPass(t, "root")
	p.access.privileged = true
	g.Expect(p.askReach(t.Context(), p.want)).To(BeNil())
	g.Expect(k.asked).To(BeEmpty())
}

func TestAnUnansweredQuestionPermitsNothing(t *testing.T) {
	g := NewWithT(t)
	p, k := fencedPass(t, "acme")
	k.err = errors.New("no answer")
	v := p.absent(t.Context())
	g.Expect(v).NotTo(BeNil())
	g.Expect(v.err).To(MatchError("no answer"))
	g.Expect(p.o.Status.Pending).To(BeNil())
}
