// Reach: a tenant sees and touches only its own, whatever its policies and however it names what is another's.

package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// guise is a way to name something on the server that the server takes for the same as others.
type guise struct {
	name  string
	there func(s *site, id string) // what it is called there from then on; nil: as the row's add and prepare have called it
	here  func(o v1alpha1.Object)  // how the tenant writes that
	rank  int                      // the highest come last
}

// claim is a resource of a tenant's that describes what is not theirs.
type claim struct {
	management v1alpha1.ManagementPolicy
	adoption   v1alpha1.AdoptionPolicy
	guise      guise
	named      bool // it lies in a resource of the tenant's own, by name
}

func (c claim) String() string {
	by := "external"
	if c.named {
		by = "name"
	}
	return fmt.Sprintf("%s %s, %s, by %s", c.management, c.adoption, c.guise.name, by)
}

// claims are all policies, each with every way to name the object where the row is tried in full, else with one of them in turn.
func (r *row) claims() []claim {
	var ways []claim
	for _, g := range append([]guise{{name: "as it is"}}, r.guises...) {
		ways = append(ways, claim{guise: g})
		if r.lieIn != nil && !r.local {
			ways = append(ways, claim{guise: g, named: true})
		}
	}
	var all []claim
	for i, p := range policies() {
		chosen := ways
		if !r.inFull() {
			chosen = ways[i%len(ways) : i%len(ways)+1]
		}
		for _, c := range chosen {
			c.management, c.adoption = p.management, p.adoption
			all = append(all, c)
		}
	}
	// What is called otherwise on the server is called so for good.
	slices.SortStableFunc(all, func(a, b claim) int { return a.guise.rank - b.guise.rank })
	return all
}

func policies() []claim {
	var all []claim
	for _, m := range []v1alpha1.ManagementPolicy{v1alpha1.ManagementPolicyManaged, v1alpha1.ManagementPolicyObserveOnly, v1alpha1.ManagementPolicyPlan} {
		for _, a := range []v1alpha1.AdoptionPolicy{v1alpha1.AdoptionPolicyAlways, v1alpha1.AdoptionPolicyIfMatching, v1alpha1.AdoptionPolicyNever} {
			all = append(all, claim{management: m, adoption: a})
		}
	}
	return all
}

func (r *row) tenants() {
	r.keep("is neither shown to a tenant nor written for it where nobody describes it and the server keeps that", func(w *world) {
		s, before := r.furnish(w, r.tenancy(v1alpha1.AccessDeny))
		id := r.stranger(s, before)
		claims := r.claims()
		said := r.claimed(s, id, claims)
		if r.does(opaque) {
			return // there is nothing in it that could be seen
		}
		s.editServer(r.tenancy(v1alpha1.AccessAllow)) // and now it may be seen: the search finds what is there
		o := r.claim(s, claim{management: v1alpha1.ManagementPolicyObserveOnly, guise: claims[len(claims)-1].guise}, "seen")
		s.create(o)
		s.eventually(func() ([]string, error) { return said.Leaks(nil) }).ShouldNot(BeEmpty(), "what was planted is seen where it may be")
	}, withTenant)

	r.keep("is neither shown to a tenant nor written for it where a resource of another namespace describes it", func(w *world) {
		s, before := r.furnish(w, r.tenancy(v1alpha1.AccessAllow))
		id := r.stranger(s, before)
		o := r.object(s)
		o.Common().AdoptionPolicy = v1alpha1.AdoptionPolicyAlways
		if r.hasPassword() {
			s.givePassword("By-Hand-2031-x")
		}
		s.create(o)
		s.eventuallyReady(o)
		s.Expect(s.state(o).ID).To(Equal(id))
		s.edit(o, func(o v1alpha1.Object) { o.Common().Suspend = true }) // it does not undo what is planted
		s.eventuallySays(o, v1alpha1.ReasonSuspended)
		var claims []claim
		for _, c := range r.claims() {
			if c.guise.rank == 0 { // what was called otherwise is drift to the other resource
				claims = append(claims, c)
			}
		}
		r.claimed(s, id, claims)
	}, withTenant)

	if r.lieIn == nil {
		return
	}
	for _, p := range []v1alpha1.ManagementPolicy{v1alpha1.ManagementPolicyManaged, v1alpha1.ManagementPolicyObserveOnly} {
		r.keep(fmt.Sprintf("is not put by a tenant into what a resource of another namespace describes, with managementPolicy %s", p), func(w *world) {
			s, _ := r.furnish(w, r.tenancy(v1alpha1.AccessAllow))
			parents := r.parents(s)
			for _, x := range parents {
				s.create(x)
				s.eventuallyReady(x)
			}
			nearest := parents[len(parents)-1]
			key := s.state(nearest).Key
			if p != v1alpha1.ManagementPolicyManaged {
				s.redescribe(nearest, p)
			}
			mark, was := w.journal.mark(), photograph(s)
			for i, c := range policies() {
				o := r.claim(s, c, fmt.Sprint(i))
				r.lieIn(o, v1alpha1.ObjectReference{External: key})
				s.create(o)
				s.eventuallySays(o, v1alpha1.ReasonPermissionDenied)
				s.delete(o)
				s.eventuallyGone(o)
			}
			s.Expect(s.writes(mark)).To(BeEmpty())
			s.Expect(photograph(s)).To(Equal(was))
		}, withTenant)
	}
}

// tenancy admits all namespaces to the row's kind.
func (r *row) tenancy(existing v1alpha1.AccessPolicy) func(*v1alpha1.PleskServer) {
	return func(srv *v1alpha1.PleskServer) {
		srv.Spec.Tenants = []v1alpha1.Tenant{{
			Name: "all", From: v1alpha1.NamespacesFromAll, AdditionalKinds: []string{r.kind}, PrivilegedFields: v1alpha1.AccessAllow, ExistingObjects: existing,
		}}
	}
}

// stranger makes an object on the server that the row's object describes but for a field, and returns its id.
func (r *row) stranger(s *site, before []external) string {
	GinkgoHelper()
	if !r.implicit() {
		r.add(s, !r.fixed, noMark) // another value cannot be taken over where the server changes none
		return r.own(s, before).id
	}
	for _, e := range before {
		if !strings.HasPrefix(e.key, "neighbour") {
			return e.id
		}
	}
	panic(failure{"there is no object that the row's could be"})
}

// claimed plants values into an object and lets a tenant claim it in every way. It returns who listens to what the tenant is told.
func (r *row) claimed(s *site, id string, claims []claim) *testbed.Vault {
	GinkgoHelper()
	said, err := bed.WatchSecrets(s, s.tenant)
	s.Expect(err).NotTo(HaveOccurred())
	for _, planted := range r.plant(s, id) {
		said.Keep("what was planted", planted)
	}
	mark := s.journal.mark()
	now := 0
	for i, c := range claims {
		if c.guise.rank > now {
			c.guise.there(s, id)
			now = c.guise.rank
		}
		was := photograph(s)
		o := r.claim(s, c, fmt.Sprint(i))
		err := caught(func() { s.refused(o) })
		s.Expect(err).NotTo(HaveOccurred(), "%s", c)
		s.Expect(s.writes(mark)).To(BeEmpty(), "%s", c)
		s.Expect(photograph(s)).To(Equal(was), "%s", c)
	}
	s.op.stop() // tells what is still to be told
	s.listen(said)
	s.Expect(said.Leaks(nil)).To(BeEmpty())
	s.op.start()
	return said
}

// claim is a tenant's resource.
func (r *row) claim(s *site, c claim, name string) v1alpha1.Object {
	GinkgoHelper()
	o := r.object(s)
	if c.guise.here != nil {
		c.guise.here(o)
	}
	o.SetName(o.GetName() + "-" + name)
	o.Common().ManagementPolicy, o.Common().AdoptionPolicy = c.management, c.adoption
	return s.asTenant(o)
}

// refused waits until a tenant's resource is refused, and deletes it. Whoever only observes is not told that there is anything.
func (s *site) refused(o v1alpha1.Object) {
	GinkgoHelper()
	reasons := []string{v1alpha1.ReasonAlreadyExists, v1alpha1.ReasonOwnedByAnother, v1alpha1.ReasonPermissionDenied}
	if o.Common().ManagementPolicy == v1alpha1.ManagementPolicyObserveOnly {
		reasons[0] = v1alpha1.ReasonNotFound
	}
	s.create(o)
	s.eventually(s.ready, o).Should(And(HaveField("Status", metav1.ConditionFalse), HaveField("Reason", BeElementOf(reasons))))
	s.settle(o)
	state := s.state(o)
	s.Expect([]any{state.ID, state.GUID, state.Changes, state.Awaiting, state.Pending}).To(HaveEach(BeZero()))
	s.Expect(observedOf(s, o)).To(BeNil())
	s.delete(o)
	s.eventuallyGone(o)
}

// observedOf is what the status shows of the server.
func observedOf(s *site, o v1alpha1.Object) any {
	GinkgoHelper()
	text, err := json.Marshal(seen.get(o))
	s.Expect(err).NotTo(HaveOccurred())
	var shown struct {
		Status struct {
			Observed any `json:"observed"`
		} `json:"status"`
	}
	s.Expect(json.Unmarshal(text, &shown)).To(Succeed())
	return shown.Status.Observed
}

// asTenant moves an object into the tenant's namespace.
func (s *site) asTenant(o v1alpha1.Object) v1alpha1.Object {
	o.SetNamespace(s.tenant)
	if ref := o.Common().ServerRef; ref != nil {
		ref.Namespace = s.ns
	}
	return o
}

// listen has a vault hear what the tenant's namespace says by now.
func (w *world) listen(said *testbed.Vault) {
	GinkgoHelper()
	for _, k := range append(testbed.OurKinds(), &corev1.Event{}) {
		list, err := bed.ListOf(k)
		w.Expect(err).NotTo(HaveOccurred())
		w.Expect(bed.Client.List(context.WithoutCancel(w), list, client.InNamespace(w.tenant))).To(Succeed())
		heard := 0
		w.Expect(meta.EachListItem(list, func(o runtime.Object) error {
			said.See(watch.Added, o.(client.Object))
			heard++
			return nil
		})).To(Succeed())
		if _, events := k.(*corev1.Event); events {
			w.Expect(heard).To(BeNumerically(">", 0), "no events: nothing is heard")
		}
	}
}
