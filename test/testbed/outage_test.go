// Shows that parts of the control plane can crash and come back with what they had.

package testbed_test

import (
	"context"
	"testing"

	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
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
				g.Expect(bed.Client.Get(ctx, client.ObjectKeyFromObject(kept), kept)).To(MatchError(ContainSubstring("connection refused")))
			}
			g.Expect(bed.Recover(ctx, part)).To(Succeed())
		}
		g.Eventually(bed.Client.Get).WithContext(ctx).WithArguments(client.ObjectKeyFromObject(kept), kept).
			Within(readyWithin).ProbeEvery(askAgain).Should(Succeed())
	}
	g.Expect(bed.Recover(ctx, testbed.Etcd)).To(MatchError(ContainSubstring("runs already")))
}
