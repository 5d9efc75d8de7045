// Bad input: each mistake is one clear condition that names the field; nothing is sent twice, nothing is lost.

package e2e

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
)

var _ = Describe("Mistakes", func() {
	DescribeTable("in a PleskServer are its own condition, and its objects wait",
		func(change func(*v1alpha1.PleskServer), reason string, texts ...string) {
			w := newWorld(change)
			c := newCustomer("acme")
			w.create(c)
			w.eventuallySays(w.server, reason, texts...)
			w.eventuallySays(c, objectReason(reason), "PleskServer "+w.ns+"/web-01 (spec.serverRef)")
			packets := w.plesk.Stats().Packets
			Consistently(func() int { return w.plesk.Stats().Packets - packets }).Should(BeNumerically("<=", 4), "one probe per poll interval")
			Expect(w.plesk.Stats().Writes).To(BeZero())
		},
		Entry("a URL where nobody listens", func(s *v1alpha1.PleskServer) { s.Spec.URL = "https://127.0.0.1:9" }, v1alpha1.ReasonServerNotReady, "connection refused", "(spec.url)"),
		Entry("the address of the cloud's metadata", func(s *v1alpha1.PleskServer) { s.Spec.URL = "http://169.254.169.254" }, v1alpha1.ReasonInvalidSpec, "spec.url begins with http:"),
		Entry("the address of the cloud's metadata, over TLS", func(s *v1alpha1.PleskServer) { s.Spec.URL = "https://169.254.169.254" }, v1alpha1.ReasonInvalidSpec, "spec.url: the host leads to an address that is not connected to", "--allow-addresses"),
		Entry("a Secret that is not there", func(s *v1alpha1.PleskServer) { s.Spec.CredentialsSecretRef.Name = "nowhere" }, v1alpha1.ReasonSecretNotFound, `spec.credentialsSecretRef: Secret "nowhere" not found`),
		Entry("a Secret for nothing", func(s *v1alpha1.PleskServer) { s.Spec.CredentialsSecretRef.Name = "web-01-ca" }, v1alpha1.ReasonInvalidSpec, `spec.credentialsSecretRef: Secret "web-01-ca" does not say that it is for https://127.0.0.1:`, "it has no key url"),
		Entry("a CA bundle without a certificate", func(s *v1alpha1.PleskServer) { s.Spec.TLS.CABundleSecretRef.Name = "web-01-admin" }, v1alpha1.ReasonInvalidSpec, "spec.tls.caBundleSecretRef", "ca.crt"),
		Entry("a protocol version that the server does not speak", func(s *v1alpha1.PleskServer) { s.Spec.ProtocolVersion = "1.9.9.9" }, v1alpha1.ReasonInvalidSpec, "spec.protocolVersion"),
	)

	It("of a password are noticed, and mended by a new Secret value", func() {
		w := newWorld()
		admin := w.admin()
		edit(w, admin, func(s *corev1.Secret) { s.Data["password"] = []byte("wrong") })
		w.eventuallySays(w.server, v1alpha1.ReasonCredentialsRejected, "Plesk error 1001", "(spec.credentialsSecretRef)")
		c := newCustomer("acme")
		w.create(c)
		w.eventuallySays(c, v1alpha1.ReasonCredentialsRejected)
		edit(w, admin, func(s *corev1.Secret) { s.Data["password"] = []byte(w.plesk.Password) })
		w.eventuallyReady(w.server, c)
	})

	It("of the network (a body that is not XML) are waited out", func() {
		w := readyWorld()
		remove := w.plesk.Inject(plesksim.Fault{Status: 200, Body: "<html><body>The panel is being upgraded</body></html>"})
		w.eventuallySays(w.server, v1alpha1.ReasonServerNotReady, "unreadable answer")
		c := newCustomer("acme")
		w.create(c)
		w.eventuallySays(c, v1alpha1.ReasonServerNotReady)
		Expect(w.plesk.Stats().Writes).To(BeZero())
		remove()
		w.eventuallyReady(w.server, c)
		Expect(w.plesk.Stats().Operations["customer/add"]).To(Equal(1))
	})

	It("of references name the field", func() {
		w := readyWorld()
		s := newSubscription("late.example", "nobody", "")
		w.create(s)
		w.eventuallySays(s, v1alpha1.ReasonDependencyNotReady, `waiting for PleskCustomer "nobody" (spec.customerRef): not found`)

		external := newSubscription("external.example", "", "")
		external.Spec.CustomerRef = &v1alpha1.ObjectReference{External: "not-there"}
		w.create(external)
		w.eventuallySays(external, v1alpha1.ReasonDependencyNotReady, `"not-there"`, "(spec.customerRef)")
		Expect(w.plesk.Stats().Writes).To(BeZero())
	})

	It("of namespaces are refused until the server allows them", func() {
		w := readyWorld()
		other := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: w.ns + "-tenant"}}
		w.create(other)
		c := newCustomer("acme")
		c.Namespace = other.Name
		c.Spec.ServerRef.Namespace = w.ns
		w.create(c)
		w.eventuallySays(c, v1alpha1.ReasonPermissionDenied, "PleskServer "+w.ns+"/web-01", `does not admit namespace "`+other.Name+`"`)
		Expect(w.plesk.Stats().Writes).To(BeZero())
		edit(w, w.server, everybody)
		w.eventuallyReady(c)
		edit(w, w.server, func(s *v1alpha1.PleskServer) { s.Spec.Tenants = nil })
		w.eventuallySays(c, v1alpha1.ReasonPermissionDenied)
	})

	It("of two objects for one domain leave the older one in charge, and the other takes over when it leaves", func() {
		w := readyWorld()
		w.create(newCustomer("acme"))
		first := newSubscription("acme.example", "acme", "")
		w.create(first)
		w.eventuallyReady(first)
		second := newSubscription("ACME.example", "acme", "")
		second.Name, second.Spec.Hosting = "second", nil
		w.create(second)
		w.eventuallySays(second, v1alpha1.ReasonOwnedByAnother, `PleskSubscription "acme-example"`, `"acme.example"`)
		Expect(w.plesk.Stats().Operations["webspace/add"]).To(Equal(1))
		w.delete(first)
		w.eventuallyGone(first)
		w.eventuallyReady(second)
		Expect(w.plesk.Stats().Operations["webspace/add"]).To(Equal(1), "it was adopted, not made again")
	})

	It("of a rename to a name that is taken leave the object as it is", func() {
		w := readyWorld()
		a, b := newCustomer("anna"), newCustomer("bert")
		w.create(a)
		w.create(b)
		w.eventuallyReady(a, b)
		edit(w, b, func(c *v1alpha1.PleskCustomer) { c.Spec.Login = "anna" })
		w.eventuallySays(b, v1alpha1.ReasonOwnedByAnother, `PleskCustomer "anna"`)
		edit(w, b, func(c *v1alpha1.PleskCustomer) { c.Spec.Login = "admin" })
		w.eventuallySays(b, v1alpha1.ReasonAlreadyExists, "Plesk error 1002", "(spec.login)")
		Expect(w.customerOnServer("bert")).NotTo(BeNil())
	})

	It("of values that the server refuses stall without being sent again", func() {
		w := readyWorld()
		w.create(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "weak"}, StringData: map[string]string{"password": "abc"}})
		c := newCustomer("weak")
		c.Spec.Password = &v1alpha1.SecretValue{SecretRef: v1alpha1.SecretKeySelector{Name: "weak", Key: "password"}}
		w.create(c)
		w.eventuallySays(c, v1alpha1.ReasonRejected, "customer/add: Plesk error 1019")
		Consistently(func() int { return w.plesk.Stats().Operations["customer/add"] }).Should(Equal(1))
		edit(w, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: w.ns, Name: "weak"}}, func(s *corev1.Secret) { s.Data["password"] = []byte("Str0ng-Enough!") })
		w.eventuallyReady(c)
	})

	It("of a duration never reach the watch of the kind", func() {
		w := newWorld()
		for _, period := range []string{"soon", "", "1h1h", "99999999h", "-1h", "1.5h", "10ms", "9s"} {
			o := &unstructured.Unstructured{}
			o.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind("PleskCustomer"))
			o.SetName("acme")
			o.SetNamespace(w.ns)
			o.Object["spec"] = map[string]any{
				"serverRef": map[string]any{"name": "web-01"}, "login": "acme", "contactName": "Ada", "resyncPeriod": period,
				"password": map[string]any{"secretRef": map[string]any{"name": "acme-panel", "key": "password"}},
			}
			Expect(bed.Client.Create(w, o)).To(MatchError(ContainSubstring("spec.resyncPeriod")), period)
		}
	})

	It("in the manifest are refused by the API server", func() {
		w := newWorld()
		c := newCustomer("acme")
		c.Spec.Address = &v1alpha1.PostalAddress{Country: new("Britain")}
		c.Namespace = w.ns
		Expect(bed.Client.Create(w, c)).To(MatchError(ContainSubstring("spec.address.country")))
		c = newCustomer("acme")
		w.create(c)
		Eventually(func() error { // the operator writes its status at the same time
			w.reload(c)
			c.Spec.ServerRef.Name = "web-02"
			return bed.Client.Update(w, c)
		}).Should(MatchError(ContainSubstring("an object cannot move to another server")))
		s := newSubscription("acme.example", "acme", "")
		s.Namespace = w.ns
		s.Spec.Hosting.None = &v1alpha1.NoHosting{}
		Expect(bed.Client.Create(w, s)).To(MatchError(ContainSubstring("exactly one of virtualHost, forwarding, frameForwarding and none")))
	})
})

// objectReason is what objects of a server say that is not ready for a reason.
func objectReason(server string) string {
	if server == v1alpha1.ReasonCredentialsRejected {
		return server
	}
	return v1alpha1.ReasonServerNotReady
}
