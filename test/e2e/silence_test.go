// What must not be written: nothing when all is in sync, nothing where the policy forbids it.

package e2e

import (
	"os"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
)

var _ = Describe("Silence", func() {
	// versions are the resourceVersions of all our objects.
	versions := func(w *world) map[string]string {
		out := map[string]string{}
		for _, o := range w.ours() {
			out[o.GetName()+"/"+string(o.GetUID())] = o.GetResourceVersion()
		}
		return out
	}

	It("keeps the second pass silent: no write to Plesk, no new resourceVersion", func() {
		w := readyWorld()
		w.setUp()
		By("restarting the operator once, which lists everything")
		Expect(manager.Stop()).To(Succeed())
		Expect(manager.Start(w)).To(Succeed())
		w.eventuallyLists(w.server, "PleskCustomer", "PleskServicePlan", "PleskSubscription")
		Eventually(func() int64 { w.reload(w.server); return w.server.Status.LastEventID }).Should(BeNumerically(">", 0), "the server's own status has caught up")
		before := versions(w)
		Consistently(func() map[string]string { before = versions(w); return before }).WithTimeout(2 * time.Second).ShouldNot(BeEmpty())
		w.plesk.ResetStats()

		By("restarting it again, which makes it look at everything")
		Expect(manager.Stop()).To(Succeed())
		Expect(manager.Start(w)).To(Succeed())
		for _, op := range []string{"customer/get", "service-plan/get", "webspace/get", "dns/get_rec", "server/get_protos"} {
			Eventually(func() int { return w.plesk.Stats().Operations[op] }).Should(BeNumerically(">", 0), op)
		}
		Consistently(func() int { return w.plesk.Stats().Writes }).Should(BeZero())
		Expect(versions(w)).To(Equal(before))
	})

	It("keeps a requested pass silent", func() {
		w := readyWorld()
		s := w.setUp()
		w.plesk.ResetStats()
		before := map[string]string{}
		for _, o := range s.all() {
			w.request(o)
			before[o.GetName()+"/"+string(o.GetUID())] = o.GetResourceVersion() // of the request itself
		}
		for _, op := range []string{"customer/get", "service-plan/get", "webspace/get", "dns/get_rec"} {
			Eventually(func() int { return w.plesk.Stats().Operations[op] }).Should(BeNumerically(">", 0), op)
		}
		Consistently(func() int { return w.plesk.Stats().Writes }).Should(BeZero())
		after := versions(w)
		for name, version := range before {
			Expect(after).To(HaveKeyWithValue(name, version))
		}
	})

	DescribeTable("writes nothing under a policy that forbids it",
		func(change func(*v1alpha1.CommonSpec), reason string, planned bool) {
			w := readyWorld()
			id := w.addOnServer(customer.NewGenInfo{Login: "acme", ContactName: "Somebody Else"})
			w.create(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "acme-panel"}, StringData: map[string]string{"password": "Panel-2031-x"}})
			existing, missing := newCustomer("acme"), newCustomer("missing")
			for _, c := range []*v1alpha1.PleskCustomer{existing, missing} {
				change(&c.Spec.CommonSpec)
				w.create(c)
			}
			w.eventuallySays(existing, reason)
			if planned {
				Expect(existing.Status.Changes).To(ContainElement(v1alpha1.Change{Field: "contactName", From: "Somebody Else", To: "Ada Birch"}))
			}
			Eventually(func() []any { w.reload(missing); return []any{len(missing.Status.Conditions) > 0} }).Should(ContainElement(true))
			for _, c := range []client.Object{existing, missing} {
				w.delete(c)
				w.eventuallyGone(c)
			}
			Expect(w.plesk.Stats().Writes).To(BeZero())
			Expect(w.customersOnServer()).To(HaveExactElements(HaveField("ID", id)))
			Expect(w.secretValue("missing-panel")).To(BeEmpty(), "nothing is generated either")
		},
		Entry("ObserveOnly", func(c *v1alpha1.CommonSpec) { c.ManagementPolicy = v1alpha1.ManagementPolicyObserveOnly }, v1alpha1.ReasonDriftDetected, true),
		Entry("Plan", func(c *v1alpha1.CommonSpec) {
			c.ManagementPolicy, c.AdoptionPolicy = v1alpha1.ManagementPolicyPlan, v1alpha1.AdoptionPolicyAlways
		}, v1alpha1.ReasonPlanned, true),
		Entry("Plan of what may not be adopted", func(c *v1alpha1.CommonSpec) { c.ManagementPolicy = v1alpha1.ManagementPolicyPlan }, v1alpha1.ReasonAlreadyExists, true),
		Entry("suspend", func(c *v1alpha1.CommonSpec) { c.Suspend = true }, v1alpha1.ReasonSuspended, false),
	)

	It("is paused until the time that the spec names, says why, and goes on by itself", func() {
		w := readyWorld()
		c := newCustomer("acme")
		const pause = 4 * time.Second
		c.Spec.Suspend, c.Spec.SuspendUntil = true, new(metav1.NewTime(time.Now().Add(pause)))
		c.Annotations = map[string]string{v1alpha1.AnnotationSuspendReason: "the panel is being moved\n"}
		w.create(c)
		w.eventuallySays(c, v1alpha1.ReasonSuspended, "until "+c.Spec.SuspendUntil.UTC().Format(time.RFC3339), `("the panel is being moved")`)
		Expect(w.customersOnServer()).To(BeEmpty())
		w.eventuallyReady(c)
		Expect(time.Now()).NotTo(BeTemporally("<", c.Spec.SuspendUntil.Time))
	})

	It("never prints a secret", func() {
		w := readyWorld()
		w.setUp()
		var secrets []string
		for _, name := range []string{"acme-panel", "acme-example-ftp"} {
			secrets = append(secrets, w.secretValue(name))
		}
		secrets = append(secrets, w.plesk.Password)
		log, err := os.ReadFile(manager.LogFile)
		Expect(err).NotTo(HaveOccurred())
		for _, s := range secrets {
			Expect(s).NotTo(BeEmpty())
			Expect(string(log)).NotTo(ContainSubstring(s))
		}
	})
})
