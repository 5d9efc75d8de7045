// Shows that parts of the control plane can crash and come back with what they had.

package testbed_test

import (
	"context"
	"testing"

	. "github.com/onsi/gomega"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/test/testbed"
)

func crashAndRecover(ctx context.Context, t *testing.T, bed *testbed.Bed) {
	g := NewWithT(t)
	kept := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: "kept"}}
	g.Expect(bed.Client.Create(ctx, kept)).To(Succeed())
	for range 2 { // those that the bed began with, then those that took their place
		for _, part := range []testbed.Part{testbed.APIServer, testbed.Etcd} {
			g.Expect(bed.Crash(ctx, part)).To(Succeed())
			if part == testbed.APIServer {
				// The first request may still go out on a connection that breaks.
				g.Eventually(bed.Client.Get).WithContext(ctx).WithArguments(client.ObjectKeyFromObject(kept), kept).
					Within(readyWithin).ProbeEvery(askAgain).Should(MatchError(ContainSubstring("connection refused")))
			}
			g.Expect(bed.Recover(ctx, part)).To(Succeed())
		}
		g.Eventually(bed.Client.Get).WithContext(ctx).WithArguments(client.ObjectKeyFromObject(kept), kept).
			Within(readyWithin).ProbeEvery(askAgain).Should(Succeed())
	}
	g.Expect(bed.Recover(ctx, testbed.Etcd)).To(MatchError(ContainSubstring("runs already")))
}

// loseLease shows a leader that ends, as it has to, when it cannot renew its lease: to the bed that is no failure.
func loseLease(ctx context.Context, t *testing.T, bed *testbed.Bed) {
	g := NewWithT(t)
	leader, err := bed.StartManager(ctx, testbed.ManagerOptions{Namespace: "red", Args: []string{
		"--leader-elect", "--leader-elect-lease-duration=3s", "--leader-elect-renew-deadline=2s", "--leader-elect-retry-period=500ms",
	}})
	g.Expect(err).NotTo(HaveOccurred())
	g.Eventually(holder).WithContext(ctx).WithArguments(bed.Client, "red").Within(readyWithin).ProbeEvery(askAgain).ShouldNot(BeEmpty())
	life, ended := leader.PodName(), leader.Ended()
	g.Expect(bed.Crash(ctx, testbed.APIServer)).To(Succeed())
	g.Eventually(ended).Within(readyWithin).Should(BeClosed())
	g.Expect(leader.Failure()).NotTo(HaveOccurred())
	g.Expect(leader.Stop()).To(Succeed())

	g.Expect(bed.Recover(ctx, testbed.APIServer)).To(Succeed())
	g.Expect(leader.Start(ctx)).To(Succeed())
	g.Expect(leader.PodName()).NotTo(Equal(life))
	g.Expect(leader.Stop()).To(Succeed())
}

// holder returns the holder of the lease in a namespace, "" when it has none.
func holder(ctx context.Context, c client.Client, namespace string) (string, error) {
	lease := &coordinationv1.Lease{}
	err := c.Get(ctx, client.ObjectKey{Namespace: namespace, Name: "plesk-operator"}, lease)
	return ptr.Deref(lease.Spec.HolderIdentity, ""), client.IgnoreNotFound(err)
}
