// A leader that is frozen past its lease: when it wakes, it finds the answers that it was waiting for, and writes nothing.

package chaos

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// passes is how many objects the leader is at work on when it is frozen.
const passes = 6

// writers notes who writes.
type writers struct {
	mu    sync.Mutex
	count map[string]int
}

func (w *writers) see(p plesksim.Packet) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if p.Writes {
		w.count[podOf(p.Agent)]++
	}
}

func (w *writers) of(pod string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.count[pod]
}

func TestALeaderThatWasFrozenWritesNothing(t *testing.T) {
	g := NewWithT(t)
	g.SetDefaultEventuallyTimeout(2 * time.Minute)
	g.SetDefaultEventuallyPollingInterval(50 * time.Millisecond)
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute) // a first build of the control plane takes minutes
	defer cancel()
	bed, err := testbed.Start(ctx, testbed.Options{Log: t.Output()})
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { g.Expect(bed.Close()).To(Succeed()) })
	seen := &writers{count: map[string]int{}}
	plesk, err := bed.Simulate(plesksim.Options{OnPacket: seen.see})
	g.Expect(err).NotTo(HaveOccurred())
	first := startCandidate(ctx, g, bed)
	g.Expect(bed.Client.Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}})).To(Succeed())
	all := describeCustomers(ctx, g, bed, plesk)
	second := startCandidate(ctx, g, bed)

	// Every pass of the leader has read what it will overwrite; the answers are on their way.
	held := make(chan struct{})
	plesk.Inject(plesksim.Fault{Operator: "customer", Operation: "get", Executed: true, Hold: held, Times: passes})
	plesk.ResetStats()
	setEmails(ctx, g, bed, all, "new@acme.example")
	g.Eventually(func() int { return plesk.Stats().Operations["customer/get"] }).Should(BeNumerically(">=", passes))
	g.Expect(first.Freeze()).To(Succeed())
	frozen := first.PodName()
	before := seen.of(frozen)

	// Nothing in Kubernetes changes from here on: what holds it back later is the lease alone.
	g.Eventually(func() float64 { return leads(ctx, second) }).Should(Equal(1.0))
	emails := func() (out []string) {
		for _, c := range all {
			r, err := customer.Get.One(ctx, plesk, customer.GetRequest{Filter: customer.ByLogin(c.Spec.Login).Query(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}})
			g.Expect(err).NotTo(HaveOccurred())
			out = append(out, r.Data.GenInfo.Email)
		}
		return out
	}
	g.Eventually(emails).Should(HaveEach("new@acme.example"))

	close(held)
	ended := first.Ended()
	g.Expect(first.Thaw()).To(Succeed())
	g.Eventually(ended).Should(BeClosed(), "it has lost the lease")
	g.Expect(seen.of(frozen)-before).To(BeZero(), "packets that it has written")
	g.Expect(emails()).To(HaveEach("new@acme.example"))
	g.Expect(first.Start(ctx)).To(Succeed()) // as a kubelet would
}

// startCandidate starts a manager that waits for a lease of seconds.
func startCandidate(ctx context.Context, g *WithT, bed *testbed.Bed) *testbed.Manager {
	m, err := bed.StartManager(ctx, testbed.ManagerOptions{Args: []string{
		"--leader-elect", "--leader-elect-lease-duration=4s", "--leader-elect-renew-deadline=3s", "--leader-elect-retry-period=500ms",
		"--read-timeout=10m", // longer than it sleeps: what it has asked for is answered
	}})
	g.Expect(err).NotTo(HaveOccurred())
	return m
}

func leads(ctx context.Context, m *testbed.Manager) float64 {
	metrics, err := readMetrics(ctx, m)
	if err != nil {
		return 0
	}
	return metrics.sum("leader_election_master_status")
}

// describeCustomers makes a server and customers on it, and waits until they are there.
func describeCustomers(ctx context.Context, g *WithT, bed *testbed.Bed, plesk *testbed.Simulator) []*v1alpha1.PleskCustomer {
	srv, secrets := plesk.Access.Server(namespace, "web-01")
	srv.Spec.MaxParallelPackets = 4 * passes
	for _, s := range secrets {
		g.Expect(bed.Client.Create(ctx, s)).To(Succeed())
	}
	g.Expect(bed.Client.Create(ctx, srv)).To(Succeed())
	var all []*v1alpha1.PleskCustomer
	for i := range passes {
		name := fmt.Sprintf("acme-%d", i)
		c := &v1alpha1.PleskCustomer{ObjectMeta: objectMeta(name), Spec: v1alpha1.PleskCustomerSpec{
			CommonSpec: v1alpha1.CommonSpec{ServerRef: &v1alpha1.ServerReference{Name: srv.Name}},
			Account:    v1alpha1.Account{Login: name, ContactName: "Ada Birch", Email: new("first@acme.example"), Password: new(generated(name))},
		}}
		g.Expect(bed.Client.Create(ctx, c)).To(Succeed())
		all = append(all, c)
	}
	for _, c := range all {
		g.Eventually(func() bool {
			return bed.Client.Get(ctx, client.ObjectKeyFromObject(c), c) == nil && meta.IsStatusConditionTrue(c.Status.Conditions, v1alpha1.ConditionReady)
		}).Should(BeTrue(), c.Name)
	}
	return all
}

// setEmails edits all customers, as a user would.
func setEmails(ctx context.Context, g *WithT, bed *testbed.Bed, all []*v1alpha1.PleskCustomer, email string) {
	for _, c := range all {
		g.Eventually(func() error {
			if err := bed.Client.Get(ctx, client.ObjectKeyFromObject(c), c); err != nil {
				return err
			}
			c.Spec.Email = &email
			return bed.Client.Update(ctx, c)
		}).Should(Succeed())
	}
}
