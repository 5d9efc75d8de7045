// Servers on Windows: the samples that are for those, which nobody sees elsewhere.

package e2e

import (
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
)

var _ = Describe("A sample for servers on Windows", func() {
	// onSubscription creates the sample of a virtual directory, not suspended any more, with the subscription that it is for.
	onSubscription := func(w *world) *v1alpha1.PleskVirtualDirectory {
		GinkgoHelper()
		w.eventuallyReady(w.server)
		only := slices.DeleteFunc(w.allSamples(), func(o client.Object) bool { return !suspended(o) })
		Expect(only).To(HaveLen(1), "all that are suspended")
		o := only[0].(*v1alpha1.PleskVirtualDirectory)
		o.Spec.Suspend = false
		sub := newSubscription("acme.example", "", "")
		sub.Name, sub.Spec.CustomerRef = o.Spec.SiteRef.Name, nil
		w.create(sub)
		w.create(o)
		return o
	}

	It("becomes ready there", func() {
		w := newWorldWith(plesksim.Options{OS: plesksim.Windows})
		w.eventuallyReady(onSubscription(w))
		Expect(w.plesk.Stats().Operations).To(HaveKeyWithValue("virtdir/create", 1))
	})

	It("says on Linux what it needs", func() {
		w := newWorld()
		o := onSubscription(w)
		w.eventuallySays(o, v1alpha1.ReasonRejected, "only servers on Windows have virtual directories")
		Expect(w.plesk.Stats().Operations).NotTo(HaveKey("virtdir/create"))
	})
})
