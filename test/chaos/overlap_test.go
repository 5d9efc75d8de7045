// Two operators side by side, each for namespaces of its own, that are both told to serve a third one by mistake.

package chaos

import (
	"context"
	"fmt"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// crowd is how many customers two operators fight over.
const crowd = 25

func TestOperatorsThatOverlapMakeNothingTwice(t *testing.T) {
	g := NewWithT(t)
	g.SetDefaultEventuallyTimeout(2 * time.Minute)
	g.SetDefaultEventuallyPollingInterval(50 * time.Millisecond)
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute) // a first build of the control plane takes minutes
	defer cancel()
	bed, err := testbed.Start(ctx, testbed.Options{Log: t.Output()})
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(bed.Close()).To(Succeed()) })
	o := &overlap{WithT: g, ctx: ctx, bed: bed}
	for _, ns := range []string{"north", "south", "both"} {
		g.Expect(bed.Client.Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: ns}})).To(Succeed())
	}
	seen := &writers{count: map[string]int{}}
	north, south, both := o.simulate(plesksim.Options{}), o.simulate(plesksim.Options{}), o.simulate(plesksim.Options{OnPacket: seen.see})
	first, second := o.operator("north"), o.operator("south")

	// Each serves its own.
	o.serve(north, "north", "web-01")
	o.serve(south, "south", "web-01")
	acme, birch := o.customer("north", "acme"), o.customer("south", "birch")
	o.ready(acme, birch)
	g.Expect(o.logins(north)).To(ConsistOf("acme"))
	g.Expect(o.logins(south)).To(ConsistOf("birch"))

	// One Plesk that PleskServers of both name has one of them: what the operators know of each other is in one namespace.
	rival := o.serve(north, "south", "web-of-the-north")
	g.Eventually(o.reason).WithArguments(rival).Should(Equal(v1alpha1.ReasonOwnedByAnother))

	// Both serve the third one, and both make, change and delete the same objects at the same time.
	o.serve(both, "both", "web-01")
	var all []*v1alpha1.PleskCustomer
	for i := range crowd {
		all = append(all, o.customer("both", fmt.Sprintf("cedar-%02d", i)))
	}
	o.ready(all...)
	g.Expect(o.logins(both)).To(HaveLen(crowd), "each once")
	for _, c := range all {
		g.Eventually(func() error {
			if err := bed.Client.Get(ctx, client.ObjectKeyFromObject(c), c); err != nil {
				return err
			}
			c.Spec.Email = new("new@cedar.example")
			return bed.Client.Update(ctx, c)
		}).Should(Succeed())
	}
	g.Eventually(func() (emails []string) {
		for _, r := range o.customers(both) {
			emails = append(emails, r.Data.GenInfo.Email)
		}
		return emails
	}).Should(HaveEach("new@cedar.example"))
	o.ready(all...)
	for _, c := range all {
		g.Expect(bed.Client.Delete(ctx, c)).To(Succeed())
	}
	for _, c := range all {
		g.Eventually(func() bool { return apierrors.IsNotFound(bed.Client.Get(ctx, client.ObjectKeyFromObject(c), c)) }).Should(BeTrue(), c.Name)
	}
	g.Expect(o.logins(both)).To(BeEmpty())
	g.Expect(seen.of(first.PodName())).To(BeNumerically(">", 0), "the one wrote")
	g.Expect(seen.of(second.PodName())).To(BeNumerically(">", 0), "so did the other")
	g.Expect(o.logins(north)).To(ConsistOf("acme"))
	g.Expect(o.logins(south)).To(ConsistOf("birch"))
}

// overlap is what the test works with.
type overlap struct {
	*WithT
	ctx context.Context
	bed *testbed.Bed
}

func (o *overlap) simulate(options plesksim.Options) *testbed.Simulator {
	s, err := o.bed.Simulate(options)
	o.Expect(err).NotTo(HaveOccurred())
	return s
}

// operator starts an operator for a namespace of its own and the one that it is not to have alone.
func (o *overlap) operator(own string) *testbed.Manager {
	m, err := o.bed.StartManager(o.ctx, testbed.ManagerOptions{Args: []string{"--namespaces=" + own + ",both", "--leader-elect", "--leader-elect-lease-name=" + own}})
	o.Expect(err).NotTo(HaveOccurred())
	return m
}

func (o *overlap) serve(plesk *testbed.Simulator, ns, name string) *v1alpha1.PleskServer {
	srv, secrets := plesk.Access.Server(ns, name)
	srv.Spec.EventPollInterval = metav1.Duration{Duration: pollInterval}
	srv.Spec.DeletionPolicy = v1alpha1.DeletionPolicyDelete
	for _, s := range secrets {
		o.Expect(o.bed.Client.Create(o.ctx, s)).To(Succeed())
	}
	o.Expect(o.bed.Client.Create(o.ctx, srv)).To(Succeed())
	return srv
}

func (o *overlap) customer(ns, login string) *v1alpha1.PleskCustomer {
	c := &v1alpha1.PleskCustomer{ObjectMeta: metav1.ObjectMeta{Namespace: ns, Name: login}, Spec: v1alpha1.PleskCustomerSpec{
		CommonSpec: v1alpha1.CommonSpec{ServerRef: &v1alpha1.ServerReference{Name: "web-01"}},
		Account:    v1alpha1.Account{Login: login, ContactName: "Ada Birch", Email: new("first@acme.example"), Password: new(generated(login))},
	}}
	o.Expect(o.bed.Client.Create(o.ctx, c)).To(Succeed())
	return c
}

// ready waits until all are Ready as they are now.
func (o *overlap) ready(all ...*v1alpha1.PleskCustomer) {
	for _, c := range all {
		o.Eventually(func() string {
			if err := o.bed.Client.Get(o.ctx, client.ObjectKeyFromObject(c), c); err != nil {
				return err.Error()
			}
			return readiness(c)
		}).Should(BeEmpty(), c.Name)
	}
}

func (o *overlap) reason(srv *v1alpha1.PleskServer) string {
	o.Expect(o.bed.Client.Get(o.ctx, client.ObjectKeyFromObject(srv), srv)).To(Succeed())
	if c := meta.FindStatusCondition(srv.Status.Conditions, v1alpha1.ConditionReady); c != nil {
		return c.Reason
	}
	return ""
}

func (o *overlap) customers(plesk *testbed.Simulator) []customer.GetResult {
	all, err := customer.Get.All(o.ctx, plesk, customer.GetRequest{Filter: xmlapi.All(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}})
	o.Expect(err).NotTo(HaveOccurred())
	return all
}

func (o *overlap) logins(plesk *testbed.Simulator) (logins []string) {
	for _, r := range o.customers(plesk) {
		logins = append(logins, r.Data.GenInfo.Login)
	}
	return logins
}
