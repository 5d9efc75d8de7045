// The law of exports: manifests made of a server, applied, change nothing there.

package e2e

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/export"
	"github.com/plesk-operator/plesk-operator/internal/export/exporttest"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// quiet is a reporter for specs: the result says all.
type quiet struct{}

func (quiet) Reading(string)         {}
func (quiet) Read(string, int)       {}
func (quiet) Trouble(export.Trouble) {}

// export reads the world's server with its own credentials.
func (w *world) export(policy v1alpha1.ManagementPolicy) *export.Result {
	GinkgoHelper()
	w.reload(w.server)
	credentials, ca := w.admin(), &corev1.Secret{}
	w.reload(credentials)
	ca.Namespace, ca.Name = w.ns, w.server.Spec.TLS.CABundleSecretRef.Name
	w.reload(ca)
	from, err := export.Open(w, w.server, credentials, ca, engine.Reach{Addresses: xmlapi.Loopback}, "test")
	Expect(err).NotTo(HaveOccurred())
	defer from.Close()
	r, err := export.Run(w, from, controller.Exports(), export.Options{
		Server: v1alpha1.ServerReference{Name: w.server.Name}, Namespace: w.ns, GUID: from.GUID, Role: from.Role, Policy: policy,
	}, quiet{})
	Expect(err).NotTo(HaveOccurred())
	Expect(r.Troubles).To(BeEmpty())
	return r
}

var _ = Describe("An export", func() {
	stream := func(r *export.Result) string {
		var out strings.Builder
		Expect(r.WriteStream(&out)).To(Succeed())
		return out.String()
	}

	DescribeTable("is applied without a change on the server",
		func(policy v1alpha1.ManagementPolicy, marked bool) {
			w := readyWorld()
			Expect(exporttest.Fill(w, w.plesk, marked)).To(Succeed())
			r := w.export(policy)
			exported := map[string]bool{}
			for _, o := range r.Objects {
				exported[o.Kind] = true
			}
			Expect(len(exported)).To(BeNumerically(">=", 18), "kinds: %v", exported)
			before := stream(r)
			w.plesk.ResetStats()
			for _, o := range r.Objects {
				w.create(o.Object)
			}
			for _, o := range r.Objects {
				w.eventuallyReady(o.Object)
			}
			Consistently(func() []v1alpha1.Change {
				var changes []v1alpha1.Change
				for _, o := range r.Objects {
					w.reload(o.Object)
					changes = append(changes, o.State().Changes...)
				}
				return changes
			}).Should(BeEmpty())
			stats := w.plesk.Stats()
			if marked || policy == v1alpha1.ManagementPolicyObserveOnly {
				Expect(stats.Writes).To(BeZero(), "%v", stats.Operations)
			} else {
				// What nobody has marked gets our mark, by which it is known whose it is: an external id, and nothing else.
				marks := 0
				for _, op := range []string{"customer/set", "reseller/set", "webspace/set", "service-plan/set", "service-plan-addon/set", "reseller-plan/set"} {
					marks += stats.Operations[op]
				}
				Expect(stats.Writes).To(Equal(marks), "%v", stats.Operations)
			}
			Expect(stream(w.export(policy))).To(Equal(before))
		},
		Entry("observing", v1alpha1.ManagementPolicyObserveOnly, false),
		Entry("managing what a billing system has marked", v1alpha1.ManagementPolicyManaged, true),
		Entry("managing what nobody has marked, but for our marks", v1alpha1.ManagementPolicyManaged, false),
	)
})
