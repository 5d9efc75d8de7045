// What the operator's metrics say of servers and objects.

package e2e

import (
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

var _ = Describe("Metrics", func() {
	// metric is the value of a series of the world's server.
	metric := func(w *world, format string, args ...any) func() float64 {
		return func() float64 {
			return metricOf(w, fmt.Sprintf(format, args...)+fmt.Sprintf(`server="%s/web-01"}`, w.ns))
		}
	}
	rename := func(w *world, login, name string) {
		GinkgoHelper()
		_, err := customer.Set.One(w, w.plesk, customer.SetRequest{Filter: customer.ByLogin(login), Values: customer.SetValues{GenInfo: &customer.SetGenInfo{ContactName: &name}}})
		Expect(err).NotTo(HaveOccurred())
	}
	drift := func(w *world, outcome string) float64 {
		return metricOf(w, fmt.Sprintf(`plesk_drift_total{kind="PleskCustomer",outcome=%q}`, outcome))
	}

	It("counts objects by reason, how soon they are Ready, and what was changed on the server", func() {
		w := readyWorld()
		const edits = `plesk_edit_to_ready_seconds_count{kind="PleskCustomer"}`
		ready, corrected, left := metricOf(w, edits), drift(w, "corrected"), drift(w, "left")
		acme := newCustomer("acme")
		w.create(acme)
		w.eventuallyReady(acme)
		Eventually(metric(w, `plesk_objects{kind="PleskCustomer",reason="Available",`)).Should(Equal(1.0))
		Expect(metricOf(w, edits)).To(Equal(ready + 1))
		edit(w, acme, func(c *v1alpha1.PleskCustomer) { c.Spec.ContactName = "Ada Cedar" })
		Eventually(func() float64 { return metricOf(w, edits) }).Should(Equal(ready + 2))
		w.settled()

		rename(w, "acme", "Mallory")
		Eventually(func() float64 { return drift(w, "corrected") }).Should(Equal(corrected + 1))
		edit(w, acme, func(c *v1alpha1.PleskCustomer) { c.Spec.ManagementPolicy = v1alpha1.ManagementPolicyObserveOnly })
		Eventually(func() float64 { return metricOf(w, edits) }).Should(Equal(ready + 3))
		w.settled()
		rename(w, "acme", "Mallory")
		w.eventuallySays(acme, v1alpha1.ReasonDriftDetected)
		Eventually(func() float64 { return drift(w, "left") }).Should(Equal(left + 1))
		Eventually(metric(w, `plesk_objects{kind="PleskCustomer",reason="DriftDetected",`)).Should(Equal(1.0))
		Expect(metric(w, `plesk_objects{kind="PleskCustomer",reason="Available",`)()).To(BeZero())
	})

	It("says whether a server is sent to, how far its log was read, and how much has travelled", func() {
		w := readyWorld()
		Eventually(metric(w, `plesk_event_log_read_timestamp_seconds{`)).Should(BeNumerically("~", time.Now().Unix(), 60))
		Expect(metric(w, `plesk_server_open{`)()).To(Equal(1.0))
		Expect(metric(w, `plesk_bytes_total{direction="sent",`)()).To(BeNumerically(">", 200))
		Expect(metric(w, `plesk_bytes_total{direction="received",`)()).To(BeNumerically(">", 200))
		remove := w.plesk.Inject(plesksim.Fault{System: true, Code: 1001})
		Eventually(metric(w, `plesk_server_open{`)).Should(BeZero())
		Expect(metric(w, `plesk_failures_total{class="Denied",code="1001",`)()).To(BeNumerically(">", 0))
		remove()
		Eventually(metric(w, `plesk_server_open{`)).Should(Equal(1.0))
		w.delete(w.server)
		w.eventuallyGone(w.server)
		Eventually(func() string { return string(metrics(w)) }).ShouldNot(ContainSubstring(fmt.Sprintf(`server="%s/web-01"`, w.ns)), "a server that is gone has no series")
	})

	It("shows what subscriptions use, while that is asked for", func() {
		w := readyWorld(func(srv *v1alpha1.PleskServer) {
			srv.Spec.UsageMetrics = &v1alpha1.UsageMetrics{Interval: metav1.Duration{Duration: time.Hour}}
		})
		Eventually(metric(w, `plesk_usage_read_timestamp_seconds{`)).Should(BeNumerically(">", 0))
		Expect(w.plesk.Stats().Operations).To(HaveKeyWithValue("webspace/get", 1))
		objects := w.setUp()
		id := w.siteOnServer("acme.example")
		_, err := webspace.SetTraffic.One(w, w.plesk, hosting.SetTrafficRequest{DomainID: id, Date: time.Now().Format(time.DateOnly), SMTPIn: 3 << 20, SMTPOut: 200, POP3IMAPIn: 30, POP3IMAPOut: 4})
		Expect(err).NotTo(HaveOccurred())
		edit(w, w.server, func(srv *v1alpha1.PleskServer) { srv.Spec.UsageMetrics.Interval.Duration = 2 * time.Hour })
		traffic := func() float64 {
			return metricOf(w, fmt.Sprintf(`plesk_subscription_traffic_bytes{server="%s/web-01",subscription="acme.example"}`, w.ns))
		}
		Eventually(traffic).Should(Equal(float64(3<<20 + 234)))
		usage := func(o client.Object, of func() *v1alpha1.Usage) func() string {
			return func() string {
				w.reload(o)
				if u := of(); u != nil {
					return u.Traffic.String()
				}
				return ""
			}
		}
		ofSubscription := usage(objects.subscription, func() *v1alpha1.Usage { return objects.subscription.Status.Usage })
		ofCustomer := usage(objects.customer, func() *v1alpha1.Usage { return objects.customer.Status.Usage })
		Eventually(ofSubscription).Should(Equal("3Mi"))
		Eventually(ofCustomer).Should(Equal("3Mi"))
		Expect(string(metrics(w))).To(ContainSubstring(fmt.Sprintf(`plesk_subscription_disk_bytes{server="%s/web-01",subscription="acme.example"}`, w.ns)))
		edit(w, w.server, func(srv *v1alpha1.PleskServer) { srv.Spec.UsageMetrics = nil })
		Eventually(func() string { return string(metrics(w)) }).ShouldNot(Or(ContainSubstring("plesk_subscription_"), ContainSubstring("plesk_usage_")))
		Eventually(ofSubscription).Should(BeEmpty())
		Eventually(ofCustomer).Should(BeEmpty())
	})

	It("names no object and no secret otherwise", func() {
		w := readyWorld()
		acme := newCustomer("acme-of-metrics")
		w.create(acme)
		w.eventuallyReady(acme)
		Expect(string(metrics(w))).NotTo(ContainSubstring("acme-of-metrics"))
	})
})
