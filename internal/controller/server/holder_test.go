// Claims of one Plesk: at the same time, after a holder's end, and where the operator may not look.

package server

import (
	"context"
	"fmt"
	"sync"
	"testing"

	. "github.com/onsi/gomega"
	coordinationv1 "k8s.io/api/coordination/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

const plesk1 = "8E3CC4F8-9b4c-4a51-8b5d-2d8c6b1a7f10"

func aServer(namespace, name string) *v1alpha1.PleskServer {
	srv := &v1alpha1.PleskServer{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, UID: types.UID("uid-of-" + name)}}
	srv.Status.GUID = plesk1
	return srv
}

// holdersOf are over an API server with some PleskServers.
func holdersOf(t *testing.T, funcs interceptor.Funcs, servers ...*v1alpha1.PleskServer) (*Holders, client.Client) {
	t.Helper()
	scheme := runtime.NewScheme()
	if err := clientgoscheme.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	b := fake.NewClientBuilder().WithScheme(scheme).WithInterceptorFuncs(funcs)
	for _, s := range servers {
		b = b.WithObjects(s)
	}
	c := b.Build()
	return &Holders{Client: c, Reader: c, Namespace: "operator", Clock: clock.RealClock{}}, c
}

// holder claims GUIDs, and returns who holds them.
func (h *Holders) holder(ctx context.Context, srv *v1alpha1.PleskServer, guids ...string) (holder, error) {
	is, _, err := h.claim(ctx, srv, guids)
	return is, err
}

// race has all servers claim at once and returns who won.
func race(h *Holders, servers []*v1alpha1.PleskServer) map[holder]bool {
	won := map[holder]bool{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for _, s := range servers {
		all.Go(func() {
			is, err := h.holder(context.Background(), s, plesk1)
			mu.Lock()
			defer mu.Unlock()
			if err == nil && is == holderOf(s) {
				won[is] = true
			}
		})
	}
	all.Wait()
	return won
}

func TestOneOfManyHolds(t *testing.T) {
	g := NewWithT(t)
	var servers []*v1alpha1.PleskServer
	for i := range 8 {
		servers = append(servers, aServer("hosting", fmt.Sprintf("web-%02d", i)))
	}
	h, c := holdersOf(t, interceptor.Funcs{}, servers...)
	won := race(h, servers)
	g.Expect(won).To(HaveLen(1))
	g.Expect(race(h, servers)).To(Equal(won), "and goes on")

	var first *v1alpha1.PleskServer
	var others []*v1alpha1.PleskServer
	for _, s := range servers {
		if won[holderOf(s)] {
			first = s
		} else {
			others = append(others, s)
		}
	}
	g.Expect(h.free(context.Background(), others[0], []string{plesk1})).To(Succeed())
	g.Expect(race(h, servers)).To(Equal(won), "nobody frees what is another's")
	g.Expect(c.Delete(context.Background(), first)).To(Succeed())
	heir := race(h, others)
	g.Expect(heir).To(HaveLen(1), "one of them takes over from a holder that is gone")
	g.Expect(heir).NotTo(Equal(won))
	for _, s := range others {
		g.Expect(h.free(context.Background(), s, []string{plesk1})).To(Succeed())
	}
	g.Expect(apierrors.IsNotFound(c.Get(context.Background(), client.ObjectKeyFromObject(h.leaseOf(plesk1)), &coordinationv1.Lease{}))).To(BeTrue())
}

func TestAHolderIsNotRecreated(t *testing.T) {
	g := NewWithT(t)
	ctx := context.Background()
	first, second := aServer("hosting", "web-01"), aServer("hosting", "web-02")
	h, c := holdersOf(t, interceptor.Funcs{}, first, second)
	g.Expect(h.holder(ctx, first, plesk1)).To(Equal(holderOf(first)))
	g.Expect(h.holder(ctx, second, "another-plesk")).To(Equal(holderOf(second)), "each Plesk has its own")
	g.Expect(h.holder(ctx, second, plesk1)).To(Equal(holderOf(first)))
	g.Expect(c.Delete(ctx, first)).To(Succeed())
	again := aServer("hosting", "web-01")
	again.UID = "another-uid"
	g.Expect(c.Create(ctx, again)).To(Succeed())
	g.Expect(h.holder(ctx, second, plesk1)).To(Equal(holderOf(second)), "a namesake does not inherit")
	g.Expect(h.holder(ctx, again, plesk1)).To(Equal(holderOf(second)))
}

func TestAHolderThatCannotBeSeenHolds(t *testing.T) {
	g := NewWithT(t)
	ctx := context.Background()
	answer := error(nil)
	first, second := aServer("elsewhere", "web-01"), aServer("hosting", "web-02")
	h, _ := holdersOf(t, interceptor.Funcs{Get: func(ctx context.Context, c client.WithWatch, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
		if _, ok := o.(*v1alpha1.PleskServer); ok {
			return answer
		}
		return c.Get(ctx, key, o, opts...)
	}}, second)
	g.Expect(h.holder(ctx, first, plesk1)).To(Equal(holderOf(first)))
	servers := schema.GroupResource{Group: v1alpha1.GroupVersion.Group, Resource: "pleskservers"}
	answer = apierrors.NewForbidden(servers, "web-01", nil)
	g.Expect(h.holder(ctx, second, plesk1)).To(Equal(holderOf(first)))
	answer = apierrors.NewInternalError(context.DeadlineExceeded)
	_, err := h.holder(ctx, second, plesk1)
	g.Expect(err).To(HaveOccurred(), "not to know is not to be gone")
	answer = apierrors.NewNotFound(servers, "web-01")
	g.Expect(h.holder(ctx, second, plesk1)).To(Equal(holderOf(second)))
}

// What a customer's PleskServer has, another one does not get hold of piece by piece.
func TestTheSubscriptionsOfACustomerAreHeldTogether(t *testing.T) {
	g := NewWithT(t)
	ctx := context.Background()
	first, second := aServer("hosting", "web-01"), aServer("hosting", "web-02")
	h, c := holdersOf(t, interceptor.Funcs{}, first, second)
	g.Expect(h.holder(ctx, first, "b", "c")).To(Equal(holderOf(first)))
	is, which, err := h.claim(ctx, second, []string{"a", "b", "c", "d"})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(is).To(Equal(holderOf(first)))
	g.Expect(which).To(Equal("b"))
	g.Expect(h.holder(ctx, first, "a", "b", "c", "d")).To(Equal(holderOf(first)), "the other one has taken none of the new ones")
	g.Expect(h.holder(ctx, second, "e")).To(Equal(holderOf(second)), "another customer's")

	first.Status.Role, first.Status.Subscriptions = v1alpha1.RoleCustomer, []string{"a", "b", "c", "d"}
	g.Expect(h.free(ctx, first, held(&first.Status))).To(Succeed())
	g.Expect(h.holder(ctx, second, "a", "b", "c", "d")).To(Equal(holderOf(second)))
	leases := &coordinationv1.LeaseList{}
	g.Expect(c.List(ctx, leases)).To(Succeed())
	g.Expect(leases.Items).To(HaveLen(5))
}

// Where two begin at the same time, the cache shows neither the other's Leases: one of them gives back what it has got.
func TestNobodyKeepsAPartOfWhatAnotherOneHas(t *testing.T) {
	g := NewWithT(t)
	ctx := context.Background()
	first, second := aServer("hosting", "web-01"), aServer("hosting", "web-02")
	h, c := holdersOf(t, interceptor.Funcs{}, first, second)
	g.Expect(h.holder(ctx, first, "b")).To(Equal(holderOf(first)))
	behind := *h
	behind.Client = interceptor.NewClient(c.(client.WithWatch), interceptor.Funcs{Get: func(context.Context, client.WithWatch, client.ObjectKey, client.Object, ...client.GetOption) error {
		return apierrors.NewNotFound(schema.GroupResource{Resource: "leases"}, "any")
	}})
	g.Expect(behind.holder(ctx, second, "a", "b")).To(Equal(holderOf(first)))
	g.Expect(apierrors.IsNotFound(c.Get(ctx, client.ObjectKeyFromObject(h.leaseOf("a")), &coordinationv1.Lease{}))).To(BeTrue())
}
