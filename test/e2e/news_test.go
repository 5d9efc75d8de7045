// What the operator learns of a server without asking about each object: lists at a restart and a resync, the event log between them.

package e2e

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/eventlog"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

var _ = Describe("Lists and the event log", func() {
	const many = 60

	// crowd makes many customers, and waits until all that follows from them is over.
	crowd := func(w *world) []client.Object {
		GinkgoHelper()
		var all []client.Object
		for i := range many {
			c := newCustomer(fmt.Sprintf("acme-%02d", i))
			w.create(c)
			all = append(all, c)
		}
		w.eventuallyReady(all...)
		w.settled()
		return all
	}
	versions := func(objects []client.Object, w *world) map[string]string {
		out := map[string]string{}
		for _, o := range objects {
			w.reload(o)
			out[o.GetName()] = o.GetResourceVersion()
		}
		return out
	}

	// restart has the operator that begins meet what was not there for the one that has ended.
	restart := func(w *world, faults ...plesksim.Fault) {
		GinkgoHelper()
		Expect(manager.Stop()).To(Succeed())
		for _, f := range faults {
			w.plesk.Inject(f)
		}
		Expect(manager.Start(w)).To(Succeed())
	}
	// compared waits until a restarted operator has looked at all objects.
	compared := func(w *world, n int) {
		GinkgoHelper()
		Eventually(func() float64 {
			return metricOf(w, `plesk_reconcile_passes_total{kind="PleskCustomer",reason="Available"}`)
		}).Should(BeNumerically(">=", n))
		w.settled()
	}

	It("compares a crowd with one list at a restart, and says nothing", func() {
		w := readyWorld()
		all := crowd(w)
		before := versions(all, w)
		w.plesk.ResetStats()
		restart(w)
		compared(w, many)
		stats := w.plesk.Stats()
		Expect(stats.Operations).To(HaveKeyWithValue("customer/get", 1))
		Expect(stats.Writes).To(BeZero())
		Expect(versions(all, w)).To(Equal(before))
	})

	It("compares a crowd with one list at a resync", func() {
		w := readyWorld(func(srv *v1alpha1.PleskServer) { srv.Spec.ResyncPeriod = metav1.Duration{Duration: 10 * time.Second} })
		all := crowd(w)
		before := versions(all, w)
		w.plesk.ResetStats()
		Eventually(func() int { return w.plesk.Stats().Operations["customer/get"] }).Should(BeNumerically(">", 0))
		w.settled()
		Expect(w.plesk.Stats().Operations["customer/get"]).To(BeNumerically("<", many/2), "what was read since the list was begun is read again")
		Expect(w.plesk.Stats().Writes).To(BeZero())
		Expect(versions(all, w)).To(Equal(before))
	})

	It("takes nothing but silence from a list", func() {
		w := readyWorld()
		all := crowd(w)
		before := versions(all, w)
		w.plesk.ResetStats()
		By("a list that shows other values than each object has")
		restart(w, plesksim.Fault{Operator: "customer", Operation: "get", Times: 1, With: map[string]string{"data/gen_info/pname": "Mallory"}})
		compared(w, many)
		Expect(w.plesk.Stats().Writes).To(BeZero())
		Expect(versions(all, w)).To(Equal(before))

		By("a list whose values are missing")
		restart(w, plesksim.Fault{Operator: "customer", Operation: "get", Times: 1, Without: []string{"data/gen_info/login"}})
		compared(w, many)
		Expect(w.plesk.Stats().Writes).To(BeZero())
		Expect(versions(all, w)).To(Equal(before))

		By("a list that is empty")
		restart(w, plesksim.Fault{Operator: "customer", Operation: "get", Times: 1, Code: 1013})
		compared(w, many)
		Expect(w.plesk.Stats().Writes).To(BeZero())
		Expect(versions(all, w)).To(Equal(before))
	})

	It("corrects within one poll what the event log names, for each kind", func() {
		w := readyWorld()
		s := w.setUp()
		account := &v1alpha1.PleskMailAccount{ObjectMeta: metav1.ObjectMeta{Name: "info"}, Spec: v1alpha1.PleskMailAccountSpec{
			CommonSpec: common(), SiteRef: v1alpha1.SiteReference{Kind: "PleskSubscription", Name: "acme-example"}, MailName: "info", Description: new("front desk"),
		}}
		w.create(account)
		w.eventuallyReady(account)
		w.settled()

		_, err := customer.Set.One(w, w.plesk, customer.SetRequest{Filter: customer.ByLogin("acme"), Values: customer.SetValues{GenInfo: &customer.SetGenInfo{ContactName: new("Mallory")}}})
		Expect(err).NotTo(HaveOccurred())
		Eventually(func() string { return w.customerOnServer("acme").ContactName }).WithTimeout(10 * time.Second).Should(Equal(s.customer.Spec.ContactName))

		w.removeRecord("shop.acme.example.")
		Eventually(w.recordsOnServer).WithTimeout(10 * time.Second).Should(ContainElement("shop.acme.example. A 198.51.100.7"))

		_, err = mail.Remove.All(w, w.plesk, mail.RemoveRequest{Filter: mail.RemoveFilter{SiteID: w.siteOnServer("acme.example"), Names: []string{"info"}}})
		Expect(err).NotTo(HaveOccurred())
		w.eventuallySays(account, v1alpha1.ReasonGoneOnServer)

		_, err = webspace.Del.One(w, w.plesk, xmlapi.FilterRequest{Filter: webspace.ByName("acme.example")})
		Expect(err).NotTo(HaveOccurred())
		w.eventuallySays(s.subscription, v1alpha1.ReasonGoneOnServer)
	})

	It("looks at everything where the log has a gap", func() {
		w := readyWorld()
		all := crowd(w)
		By("an emptied log, and a change before that")
		_, err := customer.Set.One(w, w.plesk, customer.SetRequest{Filter: customer.ByLogin("acme-09"), Values: customer.SetValues{GenInfo: &customer.SetGenInfo{ContactName: new("Mallory")}}})
		Expect(err).NotTo(HaveOccurred())
		_, err = eventlog.Get.All(w, w.plesk, eventlog.GetRequest{Options: &eventlog.Options{FlushSelectedRange: new(true)}})
		Expect(err).NotTo(HaveOccurred())
		Eventually(func() string { return w.customerOnServer("acme-09").ContactName }).WithTimeout(20 * time.Second).Should(Equal("Ada Birch"))
		w.eventuallyReady(all...)
	})

	It("goes on without the entries of a log that cannot be read, and says so", func() {
		w := readyWorld()
		w.create(newCustomer("acme"))
		remove := w.plesk.Inject(plesksim.Fault{Operator: "event_log", Operation: "get_events", Code: 1023})
		Eventually(func() v1alpha1.EventLogState { w.reload(w.server); return w.server.Status.EventLog }).Should(Equal(v1alpha1.EventLogUnreadable))
		Expect(w.ready(w.server).Status).To(Equal(metav1.ConditionTrue))
		remove()
		Eventually(func() v1alpha1.EventLogState { w.reload(w.server); return w.server.Status.EventLog }).Should(Equal(v1alpha1.EventLogFollowed))
	})

	It("counts what nobody has declared", func() {
		w := readyWorld()
		acme := newCustomer("acme")
		w.create(acme)
		w.eventuallyReady(acme)
		for _, login := range []string{"birch", "cedar"} {
			w.addOnServer(newGenInfo(login))
		}
		Eventually(func() map[string]int32 { w.reload(w.server); return w.server.Status.Undeclared }).Should(HaveKeyWithValue("PleskCustomer", int32(2)))
		Expect(metricOf(w, fmt.Sprintf(`plesk_undeclared_objects{kind="PleskCustomer",server="%s/web-01"}`, w.ns))).To(Equal(2.0))
	})

	It("counts what nobody has declared of kinds that have no resource, and again when the event log tells of them", func() {
		w := readyWorld(func(srv *v1alpha1.PleskServer) { srv.Spec.ResyncPeriod.Duration = 10 * time.Second })
		w.addOnServer(newGenInfo("birch"))
		undeclared := func() map[string]int32 { w.reload(w.server); return w.server.Status.Undeclared }
		Eventually(undeclared).Should(And(HaveKeyWithValue("PleskCustomer", int32(1)), HaveKeyWithValue("PleskSubscription", int32(0))))
		Expect(undeclared()).NotTo(HaveKey("PleskMailAccount"), "mail accounts are listed by site, and no resource has one")
		w.addOnServer(newGenInfo("cedar"))
		Eventually(undeclared).Should(HaveKeyWithValue("PleskCustomer", int32(2)))
	})

	It("counts what nobody has declared where nothing has happened for which a list was needed", func() {
		w := readyWorld()
		w.addOnServer(newGenInfo("birch"))
		w.settled()
		acme := newCustomer("acme")
		w.create(acme)
		w.eventuallyReady(acme)
		Eventually(func() map[string]int32 { w.reload(w.server); return w.server.Status.Undeclared }).Should(HaveKeyWithValue("PleskCustomer", int32(1)))
	})
})

// settled waits until the operator has heard of all that has happened on the server, and has polled it twice since.
func (w *world) settled() {
	GinkgoHelper()
	polls := func() int { return w.plesk.Stats().Operations["server/get_protos"] }
	Eventually(func() bool {
		last, err := eventlog.GetLastID.One(w, w.plesk, xmlapi.EmptyRequest{})
		Expect(err).NotTo(HaveOccurred())
		w.reload(w.server)
		return w.server.Status.LastEventID == last.ID
	}).Should(BeTrue())
	heard := polls()
	Eventually(polls).Should(BeNumerically(">=", heard+2))
}

// metricOf is the value of a series, 0 where there is none.
func metricOf(w *world, series string) float64 {
	GinkgoHelper()
	for line := range strings.Lines(string(metrics(w))) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), series+" "); ok {
			n, err := strconv.ParseFloat(value, 64)
			Expect(err).NotTo(HaveOccurred())
			return n
		}
	}
	return 0
}
