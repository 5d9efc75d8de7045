// What keeps the data on the server safe: adoption, deletion, lost answers, the wrong server, secrets.

package e2e

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

var _ = Describe("Adoption", func() {
	DescribeTable("follows the policy",
		func(policy v1alpha1.AdoptionPolicy, contact, mark string, adopted bool, texts ...string) {
			w := readyWorld()
			id := w.addOnServer(customer.NewGenInfo{Login: "acme", ContactName: contact, ExternalID: &mark,
				Contact: customer.Contact[*string]{Email: new("ada@acme.example")}})
			w.create(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "acme-panel"}, StringData: map[string]string{"password": "By-Hand-2031"}})
			c := newCustomer("acme")
			c.Spec.AdoptionPolicy = policy
			w.create(c)
			if !adopted {
				w.eventuallySays(c, v1alpha1.ReasonAlreadyExists, texts...)
				Expect(w.plesk.Stats().Writes).To(BeZero())
				Expect(c.Status.ID).To(BeEmpty())
				return
			}
			w.eventuallyReady(c)
			Expect(w.customersOnServer()).To(HaveExactElements(HaveField("ID", id)))
			if mark == "" {
				mark = w.customerOnServer("acme").ExternalID
				Expect(mark).To(HaveSuffix(string(c.UID)))
			}
			Expect(w.customerOnServer("acme")).To(And(HaveField("ContactName", "Ada Birch"), HaveField("ExternalID", mark)))
			Expect(w.plesk.Stats().Operations["customer/add"]).To(BeZero())
		},
		Entry("Never, though it matches", v1alpha1.AdoptionPolicyNever, "Ada Birch", "", false, "spec.adoptionPolicy: Never"),
		Entry("IfMatching, and it matches", v1alpha1.AdoptionPolicyIfMatching, "Ada Birch", "", true),
		Entry("IfMatching, and it differs", v1alpha1.AdoptionPolicyIfMatching, "Somebody Else", "", false, "it differs in spec.contactName"),
		Entry("IfMatching, marked by another system", v1alpha1.AdoptionPolicyIfMatching, "Ada Birch", "billing-4711", true),
		Entry("IfMatching, marked by another system with a UUID", v1alpha1.AdoptionPolicyIfMatching, "Ada Birch", "0d9f1c52-7f0e-4c06-8a53-91be5a3f7712", true),
		Entry("IfMatching, marked by an operator elsewhere", v1alpha1.AdoptionPolicyIfMatching, "Ada Birch", "plesk-operator:0123456789abcdef:0d9f1c52-7f0e-4c06-8a53-91be5a3f7712", false, "another cluster"),
		Entry("Always, though it differs", v1alpha1.AdoptionPolicyAlways, "Somebody Else", "billing-4711", true),
	)

	It("never replaces a password that works by a generated one", func() {
		w := readyWorld()
		w.addOnServer(customer.NewGenInfo{Login: "acme", ContactName: "Ada Birch", Contact: customer.Contact[*string]{Email: new("ada@acme.example")}})
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
		Expect(w.secretValue("acme-panel")).To(BeEmpty(), "a password is needed to create, not to manage")
		Expect(w.letsIn("acme", "By-Hand-2031")).To(BeTrue())
	})

	It("stops where another owner has put a mark over ours", func() {
		w := readyWorld()
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
		w.setOnServer(c, customer.SetGenInfo{ExternalID: new("billing-4711"), Contact: customer.Contact[*string]{City: new("Paris")}})
		edit(w, c, func(c *v1alpha1.PleskCustomer) {
			c.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyDelete)
			c.Spec.Address = &v1alpha1.PostalAddress{City: new("London")}
		})
		w.eventuallySays(c, v1alpha1.ReasonOwnedByAnother, `"billing-4711"`)
		w.delete(c)
		w.eventuallySays(c, v1alpha1.ReasonDeletionBlocked, `"billing-4711"`, "deletionPolicy: Retain")
		Expect(w.customerOnServer("acme")).To(HaveField("City", "Paris"))
		edit(w, c, func(c *v1alpha1.PleskCustomer) { c.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) })
		w.eventuallyGone(c)
		Expect(w.customerOnServer("acme")).NotTo(BeNil())
	})
})

var _ = Describe("Deletion", func() {
	deletable := func(s setup) []v1alpha1.Object {
		all := []v1alpha1.Object{s.customer, s.plan, s.subscription, s.zone}
		return all
	}

	It("of everything at once, in any order, ends clean: children first", func() {
		w := readyWorld(func(s *v1alpha1.PleskServer) { s.Spec.DeletionPolicy = v1alpha1.DeletionPolicyDelete })
		s := w.setUp()
		w.delete(w.server)
		w.delete(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: w.ns, Name: "web-01-admin"}})
		for _, o := range deletable(s) {
			w.delete(o)
		}
		for _, o := range deletable(s) {
			w.eventuallyGone(o)
		}
		w.eventuallyGone(w.server)
		w.eventuallyGone(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: w.ns, Name: "web-01-admin"}})
		Expect(w.customersOnServer()).To(BeEmpty())
		Expect(w.subscriptionOnServer("acme.example")).To(BeNil())
		Expect(w.planOnServer("birch-small")).To(BeNil())
		Expect(w.planOnServer("Default Domain")).NotTo(BeNil(), "what was never ours stays")
	})

	It("waits for the resources that refer to the object, and names them", func() {
		w := readyWorld(func(s *v1alpha1.PleskServer) { s.Spec.DeletionPolicy = v1alpha1.DeletionPolicyDelete })
		s := w.setUp()
		w.delete(s.customer)
		w.eventuallySays(s.customer, v1alpha1.ReasonDeletionBlocked, `PleskSubscription "acme-example"`)
		Consistently(w.customerOnServer).WithArguments("acme").ShouldNot(BeNil())
		w.delete(s.subscription)
		w.eventuallyGone(s.customer)
		Expect(w.customerOnServer("acme")).To(BeNil())
	})

	It("waits for a server that does not answer, and says the way out", func() {
		w := readyWorld(func(s *v1alpha1.PleskServer) { s.Spec.DeletionPolicy = v1alpha1.DeletionPolicyDelete })
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
		remove := w.plesk.Inject(plesksim.Fault{Status: 502})
		w.eventuallySays(w.server, v1alpha1.ReasonServerNotReady)
		w.delete(c)
		w.eventuallySays(c, v1alpha1.ReasonDeletionBlocked, "spec.deletionPolicy: Retain")
		remove()
		w.eventuallyGone(c)
		Expect(w.customerOnServer("acme")).To(BeNil())
	})

	It("stops at the server's hourly limit", func() {
		w := readyWorld(func(s *v1alpha1.PleskServer) {
			s.Spec.DeletionPolicy = v1alpha1.DeletionPolicyDelete
			s.Spec.MaxDeletionsPerHour = new(int32(1))
		})
		a, b := newCustomer("anna"), newCustomer("bert")
		w.create(a)
		w.create(b)
		w.eventuallyReady(a, b)
		w.delete(a)
		w.eventuallyGone(a)
		w.delete(b)
		w.eventuallySays(b, v1alpha1.ReasonDeletionBlocked, "spec.maxDeletionsPerHour")
		Consistently(w.customerOnServer).WithArguments("bert").ShouldNot(BeNil())
	})

	It("of a zone takes back the records that were added, and no other", func() {
		w := readyWorld(func(s *v1alpha1.PleskServer) { s.Spec.DeletionPolicy = v1alpha1.DeletionPolicyDelete })
		s := w.setUp()
		before := w.recordsOnServer()
		w.delete(s.zone)
		w.eventuallyGone(s.zone)
		Expect(w.recordsOnServer()).To(HaveLen(len(before) - 1))
		Expect(w.recordsOnServer()).NotTo(ContainElement(HavePrefix("shop.acme.example.")))
	})

	It("of something that somebody else has removed needs nothing from the server", func() {
		w := readyWorld(func(s *v1alpha1.PleskServer) { s.Spec.DeletionPolicy = v1alpha1.DeletionPolicyDelete })
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
		_, err := customer.Del.One(w, w.plesk, xmlapi.FilterRequest{Filter: customer.ByLogin("acme")})
		Expect(err).NotTo(HaveOccurred())
		w.delete(c)
		w.eventuallyGone(c)
		Expect(w.plesk.Stats().Operations["customer/del"]).To(BeZero())
	})
})

var _ = Describe("Faults", func() {
	DescribeTable("never make an object twice",
		func(fault plesksim.Fault) {
			w := readyWorld()
			fault.Operator, fault.Operation, fault.Times = "customer", "add", 1
			w.plesk.Inject(fault)
			c := newCustomer("acme")
			w.create(c)
			w.eventuallyReady(c)
			Expect(w.customersOnServer()).To(HaveLen(1))
			Expect(w.customerOnServer("acme").ExternalID).To(HaveSuffix(string(c.UID)))
			Expect(c.Status.Pending).To(BeNil())
			Expect(w.letsIn("acme", w.secretValue("acme-panel"))).To(BeTrue())
		},
		Entry("answer lost after the commit", plesksim.Fault{Drop: true, Executed: true}),
		Entry("connection lost before it was executed", plesksim.Fault{Drop: true}),
		Entry("answer cut in half", plesksim.Fault{Cut: 60}),
		Entry("gateway error after the commit", plesksim.Fault{Status: 502, Executed: true}),
		Entry("no answer until the time is up, executed", plesksim.Fault{Hang: true, Executed: true}),
		Entry("operation failed", plesksim.Fault{Code: 1023}),
		Entry("licence expired", plesksim.Fault{Code: 1030}),
	)

	DescribeTable("of reading never lead to a decision",
		func(fault plesksim.Fault) {
			w := readyWorld(func(s *v1alpha1.PleskServer) { s.Spec.DeletionPolicy = v1alpha1.DeletionPolicyDelete })
			kept := newCustomer("kept")
			w.create(kept)
			w.eventuallyReady(kept)
			fault.Operator, fault.Operation = "customer", "get"
			remove := w.plesk.Inject(fault)
			w.plesk.ResetStats()
			leaving := kept
			w.delete(leaving)
			fresh := newCustomer("fresh")
			w.create(fresh)
			Eventually(func() int { return w.plesk.Stats().Operations["customer/get"] }).Should(BeNumerically(">=", 2))
			Consistently(func() int { return w.plesk.Stats().Writes }).Should(BeZero())
			w.reload(leaving)
			Expect(leaving.Finalizers).To(ContainElement(v1alpha1.Finalizer))
			remove()
			w.eventuallyGone(leaving)
			w.eventuallyReady(fresh)
		},
		Entry("operation failed", plesksim.Fault{Code: 1023}),
		Entry("an unknown code", plesksim.Fault{Code: 4711}),
		Entry("not permitted", plesksim.Fault{Code: 1003}),
	)

	It("of the process (killed at any time) lose nothing", func() {
		w := readyWorld()
		hold := make(chan struct{})
		w.plesk.Inject(plesksim.Fault{Operator: "customer", Operation: "add", Executed: true, Hold: hold, Times: 1})
		c := newCustomer("acme")
		w.create(c)
		Eventually(func() *customer.GenInfo { return w.customerOnServer("acme") }).ShouldNot(BeNil())
		manager.Kill()
		close(hold)
		w.reload(c)
		Expect(c.Status.Pending).NotTo(BeNil(), "the create was marked before it was begun")
		Expect(manager.Start(w)).To(Succeed())
		w.eventuallyReady(c)
		Expect(w.customersOnServer()).To(HaveLen(1))
	})
})

var _ = Describe("The wrong server", func() {
	It("is not written to", func() {
		w := readyWorld(func(s *v1alpha1.PleskServer) { s.Spec.DeletionPolicy = v1alpha1.DeletionPolicyDelete })
		c, other := newCustomer("acme"), newCustomer("other")
		w.create(c)
		w.eventuallyReady(c)
		second, err := bed.Simulate(plesksim.Options{})
		Expect(err).NotTo(HaveOccurred())
		for _, s := range second.Access.Secrets(w.ns, "web-02-admin", "web-02-ca") {
			w.create(s)
		}
		edit(w, w.admin(), func(s *corev1.Secret) { second.Access.Bind(s) })
		edit(w, w.server, func(s *v1alpha1.PleskServer) {
			s.Spec.URL = second.Access.URL
			s.Spec.TLS.CABundleSecretRef.Name = "web-02-ca"
		})
		w.eventuallySays(w.server, v1alpha1.ReasonWrongServer, "nothing is written")
		w.create(other)
		w.eventuallySays(c, v1alpha1.ReasonWrongServer)
		w.eventuallySays(other, v1alpha1.ReasonWrongServer)
		w.delete(c)
		w.eventuallySays(c, v1alpha1.ReasonDeletionBlocked)
		Consistently(func() int { return second.Stats().Writes }).Should(BeZero())
		edit(w, w.server, func(s *v1alpha1.PleskServer) {
			s.Spec.URL = w.plesk.Access.URL
			s.Spec.TLS.CABundleSecretRef.Name = "web-01-ca"
		})
		w.eventuallyReady(w.server, other)
		w.eventuallyGone(c)
	})

	It("is known by what the object has recorded, also behind a PleskServer of the same name that was made anew", func() {
		w := readyWorld(deletes)
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
		second, err := bed.Simulate(plesksim.Options{})
		Expect(err).NotTo(HaveOccurred())
		info := newGenInfo("acme") // under the same id, as on every young server
		info.Password = "By-Hand-2031"
		_, err = customer.Add.One(w, second, customer.AddRequest{GenInfo: info})
		Expect(err).NotTo(HaveOccurred())
		second.ResetStats()
		w.delete(w.server) // before its finalizer goes, which the operator puts on what is there to stay
		edit(w, w.server, func(s *v1alpha1.PleskServer) { s.Finalizers = nil })
		w.eventuallyGone(w.server)
		edit(w, w.admin(), func(s *corev1.Secret) { second.Access.Bind(s) })
		for _, s := range second.Access.Secrets(w.ns, "web-02-admin", "web-02-ca") {
			w.create(s)
		}
		again, _ := second.Access.Server(w.ns, "web-01")
		again.Spec.TLS.CABundleSecretRef.Name, again.Spec.EventPollInterval = "web-02-ca", w.server.Spec.EventPollInterval
		deletes(again)
		w.create(again)
		w.eventuallyReady(again)
		edit(w, c, func(c *v1alpha1.PleskCustomer) { c.Spec.AdoptionPolicy = v1alpha1.AdoptionPolicyAlways })
		w.eventuallySays(c, v1alpha1.ReasonWrongServer)
		w.delete(c)
		w.eventuallySays(c, v1alpha1.ReasonWrongServer, "deletionPolicy: Retain")
		Consistently(func() int { return second.Stats().Writes }).Should(BeZero())
	})
})

var _ = Describe("Passwords", func() {
	It("are generated into the Secret before the object is created, and work", func() {
		w := readyWorld()
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
		Expect(w.letsIn("acme", w.secretValue("acme-panel"))).To(BeTrue())
	})

	It("follow the Secret", func() {
		w := readyWorld()
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
		old := w.secretValue("acme-panel")
		edit(w, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: w.ns, Name: "acme-panel"}}, func(s *corev1.Secret) { s.Data["password"] = []byte("Rotated-2031-x") })
		Eventually(func() bool { return w.letsIn("acme", "Rotated-2031-x") }).Should(BeTrue())
		Expect(w.letsIn("acme", old)).To(BeFalse())
	})

	DescribeTable("of users are written once more when somebody asks for that, since a restored server has older ones and does not show it", func(password v1alpha1.SecretValue) {
		w := readyWorld()
		const stored = "Stored-2031-xyz"
		w.create(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "mine"}, StringData: map[string]string{"password": stored}})
		c := newCustomer("acme")
		c.Spec.Password = &password
		w.create(c)
		w.eventuallyReady(c)
		w.setOnServer(c, customer.SetGenInfo{Password: new(xmlapi.Secret("Older-2031-xyz"))})
		w.annotate(c, v1alpha1.AnnotationRotate)
		Eventually(func() bool { return w.letsIn("acme", stored) }).Should(BeTrue())
		w.eventuallyReady(c)
		Expect(w.secretValue("mine")).To(Equal(stored))
	},
		Entry("from their Secret", v1alpha1.SecretValue{SecretRef: v1alpha1.SecretKeySelector{Name: "mine", Key: "password"}}),
		Entry("where others would be generated", generated("mine")),
	)

	It("that customers have changed stay when the operator's hash key is lost, and equal ones do not show as such", func() {
		w := readyWorld()
		const shared = "Shared-2031-xyz"
		w.create(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "shared"}, StringData: map[string]string{"password": shared}})
		a, b := newCustomer("anna"), newCustomer("bert")
		for _, c := range []*v1alpha1.PleskCustomer{a, b} {
			c.Spec.Password = &v1alpha1.SecretValue{SecretRef: v1alpha1.SecretKeySelector{Name: "shared", Key: "password"}}
			w.create(c)
		}
		w.eventuallyReady(a, b)
		Expect(a.Status.Inputs).To(HaveKey("password"))
		Expect(b.Status.Inputs).To(HaveKey("password"))
		Expect(a.Status.Inputs["password"]).NotTo(Equal(b.Status.Inputs["password"]))
		w.setOnServer(a, customer.SetGenInfo{Password: new(xmlapi.Secret("Her-own-2031-xyz"))})

		before := map[*v1alpha1.PleskCustomer]string{a: a.Status.Inputs["password"], b: b.Status.Inputs["password"]}
		Expect(manager.Stop()).To(Succeed())
		runs := false
		DeferCleanup(func(ctx context.Context) {
			if !runs {
				Expect(manager.Start(ctx)).To(Succeed())
			}
		})
		w.delete(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: testbed.DefaultNamespace, Name: "plesk-operator-hash-key"}})
		Expect(manager.Start(w)).To(Succeed())
		runs = true
		for c, old := range before { // both: a value that changes before it is followed again is taken for what the server has
			Eventually(func() string { w.reload(c); return c.Status.Inputs["password"] }).ShouldNot(Equal(old), "it is followed with another key")
		}
		w.eventuallyReady(a, b)
		Expect(a.Status.Inputs["password"]).NotTo(Equal(b.Status.Inputs["password"]))
		Expect(w.letsIn("anna", "Her-own-2031-xyz")).To(BeTrue())
		Expect(w.letsIn("bert", shared)).To(BeTrue())

		edit(w, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: w.ns, Name: "shared"}}, func(s *corev1.Secret) { s.Data["password"] = []byte("Changed-2031-x") })
		Eventually(func() bool { return w.letsIn("anna", "Changed-2031-x") && w.letsIn("bert", "Changed-2031-x") }).Should(BeTrue())
	})

	It("are not replaced when their Secret disappears", func() {
		w := readyWorld()
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
		old := w.secretValue("acme-panel")
		w.delete(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: w.ns, Name: "acme-panel"}})
		w.eventuallySays(c, v1alpha1.ReasonSecretNotFound, `Secret "acme-panel"`)
		Consistently(func() string { return w.secretValue("acme-panel") }).Should(BeEmpty())
		Expect(w.letsIn("acme", old)).To(BeTrue())
	})
})

// letsIn reports whether the server accepts a login and password.
func (w *world) letsIn(login, password string) bool {
	GinkgoHelper()
	pool := x509.NewCertPool()
	Expect(pool.AppendCertsFromPEM(w.plesk.Access.CA)).To(BeTrue())
	c := http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true}}
	req, err := http.NewRequestWithContext(w, http.MethodPost, w.plesk.Access.URL+"/enterprise/control/agent.php", bytes.NewReader([]byte(`<packet><server><get_protos/></server></packet>`)))
	Expect(err).NotTo(HaveOccurred())
	req.Header["HTTP_AUTH_LOGIN"], req.Header["HTTP_AUTH_PASSWD"] = []string{login}, []string{password}
	resp, err := c.Do(req)
	Expect(err).NotTo(HaveOccurred())
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	Expect(err).NotTo(HaveOccurred())
	return !bytes.Contains(body, []byte("<errcode>1001</errcode>"))
}
