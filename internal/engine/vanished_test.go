// What was deleted on the server: made anew where that loses nothing or somebody asks for it, and only so often.

package engine

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// stateless is a kind whose objects hold no data. Nothing else is asked of it.
type stateless struct {
	Kind[*v1alpha1.PleskCustomer, sample]
}

func (stateless) Stateless() {}

// vanishedPass is a pass over a customer that was recorded as 7 and is not on the server any more.
func vanishedPass(t *testing.T, clock *clocktesting.FakePassiveClock, limit int32) *customerPass {
	t.Helper()
	srv := &v1alpha1.PleskServer{}
	srv.Namespace, srv.Name, srv.UID = "hosting", "web-01", "server-uid"
	srv.Spec.RecreationPolicy, srv.Spec.MaxRecreationsPerHour = v1alpha1.RecreationPolicyReport, &limit
	p := lone(t, clock, srv.DeepCopy())
	p.server = srv
	recorded(p, "g")
	return p
}

func TestWhatIsMadeAnew(t *testing.T) {
	const report, recreate = v1alpha1.RecreationPolicyReport, v1alpha1.RecreationPolicyRecreate
	for name, c := range map[string]struct {
		kind    Kind[*v1alpha1.PleskCustomer, sample]
		own     *v1alpha1.RecreationPolicy
		servers v1alpha1.RecreationPolicy
		anew    bool
	}{
		"what held data":                     {nil, nil, report, false},
		"what held data, by the server":      {nil, nil, recreate, true},
		"what held data, by itself":          {nil, new(recreate), report, true},
		"what held none":                     {stateless{}, nil, report, true},
		"what held none, but says otherwise": {stateless{}, new(report), recreate, false},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			p := vanishedPass(t, clocktesting.NewFakePassiveClock(time.Unix(1e9, 0)), 10)
			p.kind, p.o.Spec.RecreationPolicy, p.server.Spec.RecreationPolicy = c.kind, c.own, c.servers
			v := p.vanished(t.Context())
			g.Expect(v == nil).To(Equal(c.anew))
			if c.anew {
				return
			}
			g.Expect(v.reason).To(Equal(v1alpha1.ReasonGoneOnServer))
			g.Expect(v.state).To(Equal(stateStalled))
			g.Expect(p.o.Status.Awaiting.Permit).To(Equal(v1alpha1.PermitRecreate))
			permit(t, p, v1alpha1.PermitRecreate, p.o.Status.Awaiting.Token)
			read(t, p)
			g.Expect(p.vanished(t.Context())).To(BeNil(), "permitted")
		})
	}
}

// To a reseller or a customer, what was moved out of their reach looks as if it were gone.
func TestWhatIsNotShownIsNotMadeAnew(t *testing.T) {
	const recreate = v1alpha1.RecreationPolicyRecreate
	for _, role := range []v1alpha1.ServerRole{v1alpha1.RoleReseller, v1alpha1.RoleCustomer} {
		for name, c := range map[string]struct {
			kind   Kind[*v1alpha1.PleskCustomer, sample]
			inside bool // of something that is shown
			anew   bool
		}{
			"what held data":                   {nil, false, false},
			"what held data inside of another": {nil, true, false},
			"what held none":                   {stateless{}, false, false},
			"what held none inside of another": {stateless{}, true, true},
		} {
			t.Run(string(role)+" "+name, func(t *testing.T) {
				g := NewWithT(t)
				p := vanishedPass(t, clocktesting.NewFakePassiveClock(time.Unix(1e9, 0)), 10)
				p.kind, p.o.Spec.RecreationPolicy, p.server.Status.Role = c.kind, new(recreate), role
				if c.inside {
					p.self = &kindInfo{refs: []reference{{field: "spec.in", parent: true, get: func(client.Object) []Mention { return []Mention{{Path: "spec.in", Name: "in"}} }}}}
					p.inputs = NewInputs("", map[string]Resolved{"spec.in": {Identity: Identity{ID: "1"}}}, nil)
				}
				v := p.vanished(t.Context())
				g.Expect(v == nil).To(Equal(c.anew))
				if v != nil {
					g.Expect(v.reason).To(Equal(v1alpha1.ReasonGoneOnServer))
					g.Expect(v.message).To(ContainSubstring("is not shown to the account"))
					permit(t, p, v1alpha1.PermitRecreate, p.o.Status.Awaiting.Token)
					read(t, p)
					g.Expect(p.vanished(t.Context())).To(BeNil(), "permitted")
				}
			})
		}
	}
}

// Whoever deletes an object again and again is not followed for ever; a creation that has to be tried again counts once.
func TestRecreationsAreBounded(t *testing.T) {
	g := NewWithT(t)
	clock := clocktesting.NewFakePassiveClock(time.Unix(1e9, 0))
	p := vanishedPass(t, clock, 2)
	p.kind = stateless{}
	g.Expect(p.vanished(t.Context())).To(BeNil())
	g.Expect(p.vanished(t.Context())).To(BeNil(), "tried again")
	p.o.Status.ID = "8"
	g.Expect(p.vanished(t.Context())).To(BeNil())
	p.o.Status.ID = "9"
	v := p.vanished(t.Context())
	g.Expect(v).NotTo(BeNil())
	g.Expect(v.reason).To(Equal(v1alpha1.ReasonGoneOnServer))
	g.Expect(v.pace).To(Equal(paceAfter))
	clock.SetTime(clock.Now().Add(v.after))
	g.Expect(p.vanished(t.Context())).To(BeNil())
}
