// What is many, or comes at once.

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

var _ = Describe("A zone that would lose thousands of records", func() {
	It("shows some hundreds of them, and says how many there are", func() {
		w := readyWorld()
		site := bareSite("own.example")
		w.create(site)
		w.eventuallyReady(site)
		const records, atOnce = 3000, 100
		id := w.siteOnServer("own.example")
		for i := 0; i < records; i += atOnce {
			var calls []xmlapi.Caller
			for n := i; n < i+atOnce; n++ {
				text := fmt.Sprintf("%d-%s", n, strings.Repeat("x", 500))
				calls = append(calls, dns.AddRec.Call(dns.AddRecRequest{Record: dns.Record{Owner: dns.Owner{SiteID: &id}, Type: "TXT", Host: fmt.Sprintf("t%d", n), Value: text}}))
			}
			Expect(w.plesk.Do(w, calls...)).To(Succeed())
		}
		Expect(len(w.recordsOnServer())).To(BeNumerically(">=", records))
		zone := newZone(site.Name, recordA("shop", "198.51.100.7"))
		zone.Spec.RecordPolicy, zone.Spec.ManagementPolicy = v1alpha1.RecordPolicyExclusive, v1alpha1.ManagementPolicyObserveOnly
		w.create(zone)
		w.eventuallySays(zone, v1alpha1.ReasonDriftDetected)
		edit(w, zone, func(z *v1alpha1.PleskDNSZone) { z.Spec.Records[0].Value = "198.51.100.8" })
		w.eventuallySays(zone, v1alpha1.ReasonDriftDetected)
		Expect(len(zone.Status.Changes)).To(And(BeNumerically(">", 0), BeNumerically("<=", 500)))
		text, err := json.Marshal(zone.Status)
		Expect(err).NotTo(HaveOccurred())
		Expect(len(text)).To(BeNumerically("<", 500_000))
		Expect(w.ready(zone).Message).To(MatchRegexp(`first %d of 3\d{3}\b`, len(zone.Status.Changes)), "the records by hand, and some of the server's own")
	})
})

var _ = Describe("Mail accounts that are to have one generated password between them", func() {
	It("are ready without waiting for what was never begun", func() {
		w := readyWorld()
		site := bareSite("own.example")
		w.create(site)
		w.eventuallyReady(site)
		Expect(manager.Stop()).To(Succeed())
		DeferCleanup(func(ctx context.Context) { Expect(manager.Start(ctx)).To(Succeed()) })
		var accounts []v1alpha1.Object
		for i := range 8 {
			for _, half := range []string{"a", "b"} {
				m := newMailAccount(site.Name, fmt.Sprintf("box%d%s", i, half))
				m.Spec.Password = new(generated(fmt.Sprintf("shared-%d", i)))
				w.create(m)
				accounts = append(accounts, m)
			}
		}
		// Who takes a create for one that may be under way says nothing of it for an hour.
		own, err := bed.StartManager(w, testbed.ManagerOptions{Args: []string{"--namespaces=" + w.ns, "--create-settle-time=1h"}})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(own.Stop)
		for _, m := range accounts {
			w.eventuallyReady(m)
		}
		Expect(w.accountsOnServer("own.example")).To(HaveLen(len(accounts)))
	})
})

var _ = Describe("A guess at a secret", func() {
	const secret = "Quiet-Birch-2031-xyz"
	// guesses are right and wrong ones, each of one length with another one that is right or wrong.
	guesses := func(secret string) map[string]string {
		out := map[string]string{}
		for _, n := range []int{4, 6, len(secret) / 2, len(secret)*3/4 + 1, len(secret) - 1} { // the whole of it the suite would take for a leak
			out[secret[:n]] = strings.Repeat("w", n)
		}
		return out
	}
	// shown is what a reader of a resource sees once it is about its present spec.
	shown := func(w *world, o v1alpha1.Object, guess string) string {
		GinkgoHelper()
		var status any
		switch o := o.(type) {
		case *v1alpha1.PleskCustomer:
			status = []any{o.Status.Changes, o.Status.Observed, o.Status.Contested}
		case *v1alpha1.PleskDNSZone:
			status = []any{o.Status.Changes, o.Status.Observed, o.Status.Contested}
		}
		text, err := json.Marshal(status)
		Expect(err).NotTo(HaveOccurred())
		return strings.ReplaceAll(w.ready(o).Message+string(text), guess, "GUESS")
	}
	DescribeTable("looks the same whether it is right or wrong, in what its writer can read",
		func(policy v1alpha1.ManagementPolicy, reason string, ofServer bool, zone bool) {
			w := readyWorld()
			w.create(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "acme-panel"}, StringData: map[string]string{"password": secret}})
			value := secret
			if ofServer {
				value = w.plesk.Access.Password
			}
			c := newCustomer("acme")
			w.create(c)
			site := bareSite("own.example")
			w.create(site)
			w.eventuallyReady(c, site)
			var o v1alpha1.Object = c
			if zone {
				z := newZone(site.Name, recordA("shop", "198.51.100.7"))
				w.create(z)
				w.eventuallyReady(z)
				o = z
			}
			said := func(guess string) string {
				edit(w, o, func(o v1alpha1.Object) {
					o.Common().ManagementPolicy = policy
					switch o := o.(type) {
					case *v1alpha1.PleskCustomer:
						o.Spec.CompanyName = &guess
					case *v1alpha1.PleskDNSZone:
						o.Spec.Records = []v1alpha1.DNSRecord{recordA("shop", "198.51.100.7"), {Name: "guess", Type: v1alpha1.DNSRecordTXT, Value: guess}}
					}
				})
				w.eventuallySays(o, reason)
				text := shown(w, o, guess)
				if policy == v1alpha1.ManagementPolicyPlan {
					text = strings.ReplaceAll(text, o.State().Awaiting.Token, "TOKEN")
				}
				return text
			}
			for right, wrong := range guesses(value) {
				Expect(said(right)).To(Equal(said(wrong)), "the first %d characters", len(right))
			}
			for _, e := range w.events(o, reason) {
				Expect(e).NotTo(ContainSubstring("redacted"))
			}
		},
		Entry("their own password, observed", v1alpha1.ManagementPolicyObserveOnly, v1alpha1.ReasonDriftDetected, false, false),
		Entry("their own password, planned", v1alpha1.ManagementPolicyPlan, v1alpha1.ReasonPlanned, false, false),
		Entry("the server's password, observed", v1alpha1.ManagementPolicyObserveOnly, v1alpha1.ReasonDriftDetected, true, false),
		Entry("the server's password, planned", v1alpha1.ManagementPolicyPlan, v1alpha1.ReasonPlanned, true, false),
		Entry("the server's password in a record, observed", v1alpha1.ManagementPolicyObserveOnly, v1alpha1.ReasonDriftDetected, true, true),
		Entry("the server's password in a record, planned", v1alpha1.ManagementPolicyPlan, v1alpha1.ReasonPlanned, true, true),
	)
})
