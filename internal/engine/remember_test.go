// What this process remembers of objects goes with them.

package engine

import (
	"context"
	"fmt"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/events"
	"k8s.io/client-go/util/workqueue"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// whole is a lone pass whose reconciler has all that a look at an object needs.
func whole(t *testing.T, objects ...client.Object) *customerPass {
	t.Helper()
	p := lone(t, clocktesting.NewFakePassiveClock(time.Unix(1e9, 0)), objects...)
	p.backoff = workqueue.NewTypedItemExponentialFailureRateLimiter[types.NamespacedName](retryFirst, retryLast)
	p.later = workqueue.NewTypedRateLimitingQueue(workqueue.DefaultTypedControllerRateLimiter[reconcile.Request]())
	t.Cleanup(p.later.ShutDown)
	p.metrics, p.recorder = NewMetrics(prometheus.NewRegistry()), events.NewFakeRecorder(10)
	return p
}

// remembers counts what is remembered of objects.
func (r *reconciler[O, W]) remembers() (all int) {
	r.seen.Range(func(any, any) bool { all++; return true })
	return all + len(r.claims.holder) + len(r.claims.slots) + len(r.refusals.last) + len(r.outdated.versions)
}

// refused leaves behind what a pass over an object does that has claimed its key, and was refused: its own status has not come back yet.
func refused(t *testing.T, p *customerPass, o *v1alpha1.PleskCustomer) {
	t.Helper()
	g := NewWithT(t)
	name := client.ObjectKeyFromObject(o)
	own := &customerPass{reconciler: p.reconciler, o: o, serverName: serverCalled("web-01"), server: &v1alpha1.PleskServer{}}
	p.seen.Store(name, seen{uid: o.UID})
	owner, err := own.claim(t.Context(), Key{Name: o.Name})
	g.Expect(owner, err).To(BeNil())
	g.Expect(own.take(t.Context(), &Found[sample]{Identity: Identity{ID: o.Name}})).To(BeNil())
	own.refusals.put(o.UID, "all that it depends on", verdict{}, time.Hour)
	own.outdated.replaced(o.UID, "1", "2")
	own.backoff.When(name)
}

// An object whose adoption is refused has no finalizer, and one may have lost it: it goes without a pass of its own.
func TestNothingIsRememberedOfObjectsThatGo(t *testing.T) {
	g := NewWithT(t)
	var objects []client.Object
	for i := range 100 {
		o := &v1alpha1.PleskCustomer{}
		o.Namespace, o.Name, o.UID = "shop", fmt.Sprintf("customer-%d", i), types.UID(fmt.Sprintf("uid-%d", i))
		objects = append(objects, o)
	}
	p := whole(t, objects...)
	for _, o := range objects {
		refused(t, p, o.(*v1alpha1.PleskCustomer))
	}
	g.Expect(p.remembers()).To(Equal(6 * len(objects)))
	for _, o := range objects {
		g.Expect(p.client.Delete(t.Context(), o)).To(Succeed())
		name := client.ObjectKeyFromObject(o)
		g.Expect(p.Reconcile(t.Context(), reconcile.Request{NamespacedName: name})).To(Equal(reconcile.Result{}))
		g.Expect(p.backoff.NumRequeues(name)).To(BeZero())
	}
	g.Expect(p.remembers()).To(BeZero())
}

// What a pass does to an object that goes meanwhile comes after Reconcile has heard of it.
func TestNothingIsRememberedOfAnObjectThatGoesDuringItsPass(t *testing.T) {
	g := NewWithT(t)
	p := whole(t)
	p.o.Spec.Suspend = true
	g.Expect(p.client.Update(t.Context(), p.o)).To(Succeed())
	name := client.ObjectKeyFromObject(p.o)
	p.client = interceptor.NewClient(p.client.(client.WithWatch), interceptor.Funcs{
		SubResourceUpdate: func(ctx context.Context, c client.Client, sub string, o client.Object, opts ...client.SubResourceUpdateOption) error {
			g.Expect(c.SubResource(sub).Update(ctx, o, opts...)).To(Succeed())
			g.Expect(c.Delete(ctx, p.o)).To(Succeed())
			_, err := p.Reconcile(ctx, reconcile.Request{NamespacedName: name})
			return err
		},
	})
	p.look(t.Context(), name, forUser)
	g.Expect(p.client.Get(t.Context(), name, p.o)).NotTo(Succeed(), "its status was written, and it is gone")
	g.Expect(p.remembers()).To(BeZero())
}

func TestAnObjectUnderTheNameOfAnotherIsAnother(t *testing.T) {
	g := NewWithT(t)
	p := whole(t)
	before := siblingCustomer()
	before.Name = p.o.Name
	refused(t, p, before)
	p.o.Spec.Suspend = true
	g.Expect(p.client.Update(t.Context(), p.o)).To(Succeed())
	p.look(t.Context(), client.ObjectKeyFromObject(p.o), forUser)
	g.Expect(p.refusals.last).To(BeEmpty())
	g.Expect(p.outdated.versions).NotTo(HaveKey(before.UID))
}

// A claim is of one object, and not of those of other kinds with its name.
func TestClaimsGoWithTheirObjectOnly(t *testing.T) {
	g := NewWithT(t)
	c := newClaims()
	customer, subscription, other := jobOf("PleskCustomer", "acme"), jobOf("PleskSubscription", "acme"), jobOf("PleskCustomer", "birch")
	for by, slots := range map[job][]string{customer: {"login", "id", "login"}, subscription: {"domain"}} {
		for _, slot := range slots {
			c.hold([]string{slot}, by)
		}
	}
	c.hold([]string{"id"}, other) // it has come to be another's
	c.forget(customer)
	g.Expect(c.holder).To(Equal(map[string]job{"domain": subscription, "id": other}))
	c.forget(subscription)
	c.forget(other)
	g.Expect(c.holder).To(BeEmpty())
	g.Expect(c.slots).To(BeEmpty())
}

// Ten thousand objects that go at once: letting go of one must not mean to look through all.
func BenchmarkForgetClaims(b *testing.B) {
	for b.Loop() {
		c := newClaims()
		jobs := make([]job, 10_000)
		for i := range jobs {
			jobs[i] = jobOf("PleskCustomer", fmt.Sprint(i))
			c.hold([]string{"key\x00" + jobs[i].Name}, jobs[i])
			c.hold([]string{"id\x00" + jobs[i].Name}, jobs[i])
		}
		for _, j := range jobs {
			c.forget(j)
		}
	}
}
