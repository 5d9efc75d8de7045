// Certificates: from the Secret to the server, and their renewal.

package e2e

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/certificate"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// newCertificate is one of the site of a subscription, from the Secret of its own name.
func newCertificate(name, subscription string) *v1alpha1.PleskCertificate {
	c := &v1alpha1.PleskCertificate{Spec: v1alpha1.PleskCertificateSpec{
		CommonSpec: common(), SiteRef: &v1alpha1.SiteReference{Kind: "PleskSubscription", Name: subscription}, TLSSecretRef: v1alpha1.SecretReference{Name: name},
	}}
	c.Name = name
	return c
}

// issued puts a new key pair into a Secret of type kubernetes.io/tls, as cert-manager does, and returns the certificate.
func (w *world) issued(name string) (certificate string) {
	GinkgoHelper()
	key, crt, err := testbed.KeyPair("acme.example")
	Expect(err).NotTo(HaveOccurred())
	secret := testbed.TLSSecret(w.ns, name, key, crt)
	if err := bed.Client.Create(w, secret.DeepCopy()); err != nil {
		edit(w, &corev1.Secret{ObjectMeta: secret.ObjectMeta}, func(s *corev1.Secret) { s.Data = secret.Data })
	}
	return string(crt)
}

// stored is the certificate that the repository of a site has, "" for none.
func (w *world) stored(site, name string) string {
	if c := w.plesk.Certificate(site, name); c != nil {
		return c.Certificate
	}
	return ""
}

var _ = Describe("A certificate", func() {
	It("follows its Secret to the server within seconds, keeps what it has when that is of no use, and leaves when nothing uses it", func() {
		w := readyWorld()
		s := w.setUp()
		first := w.issued("acme-tls")
		c := newCertificate("acme-tls", "acme-example")
		c.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyDelete)
		w.create(c)
		w.eventuallyReady(c)
		name := c.Status.Key
		Expect(name).To(HavePrefix("acme-tls-"))
		Expect(w.stored("acme.example", name)).To(Equal(first))
		fingerprint := c.Status.Observed.Written.Fingerprint
		Expect(c.Status.Observed.Written.Subject).To(Equal("CN=acme.example"))

		By("renewing it in the Secret")
		second := w.issued("acme-tls")
		Eventually(w.stored).WithArguments("acme.example", name).WithTimeout(5 * time.Second).Should(Equal(second))
		Eventually(func() string { w.reload(c); return c.Status.Observed.Written.Fingerprint }).ShouldNot(Equal(fingerprint))
		Expect(w.plesk.Stats().Operations).To(And(HaveKeyWithValue("certificate/install", 1), HaveKeyWithValue("certificate/update", 1)))

		By("putting the certificate of another key into the Secret")
		_, other, err := testbed.KeyPair("acme.example")
		Expect(err).NotTo(HaveOccurred())
		secret := testbed.TLSSecret(w.ns, "acme-tls", nil, nil)
		edit(w, secret, func(s *corev1.Secret) { s.Data[corev1.TLSCertKey] = other })
		w.eventuallySays(c, v1alpha1.ReasonInvalidSpec, "spec.tlsSecretRef: ", "another key")
		Expect(w.stored("acme.example", name)).To(Equal(second))
		third := w.issued("acme-tls")
		w.eventuallyReady(c)
		Expect(w.stored("acme.example", name)).To(Equal(third))

		By("using it, and deleting its resource meanwhile")
		use := func(name string) {
			_, err := webspace.Set.One(w, w.plesk, webspace.SetRequest{Filter: webspace.ByName("acme.example"), Values: webspace.SetValues{
				Hosting: &hosting.Hosting{Virtual: &hosting.VirtualHosting{Properties: []xmlapi.Property{{Name: "certificate_name", Value: name}}}},
			}})
			Expect(err).NotTo(HaveOccurred())
		}
		use(name)
		w.delete(c)
		w.eventuallySays(c, v1alpha1.ReasonDeletionBlocked, "still used by acme.example")
		Expect(w.stored("acme.example", name)).To(Equal(third))
		use("default certificate")
		w.request(c)
		w.eventuallyGone(c)
		Expect(w.stored("acme.example", name)).To(BeEmpty())
		w.eventuallyReady(s.subscription)
	})

	It("that was seen to be gone is not taken for ours when there is one of its name again", func() {
		w := readyWorld(deletes)
		s := w.setUp()
		w.issued("acme-tls")
		c := newCertificate("acme-tls", s.subscription.Name)
		c.Spec.RecreationPolicy = new(v1alpha1.RecreationPolicyReport)
		w.create(c)
		w.eventuallyReady(c)
		name, where := c.Status.Key, hosting.OfWebspace("acme.example")
		_, err := certificate.Remove.One(w, w.plesk, certificate.RemoveRequest{Filter: certificate.ByName(name), Repository: where})
		Expect(err).NotTo(HaveOccurred())
		w.request(c)
		w.eventuallySays(c, v1alpha1.ReasonGoneOnServer, name)

		key, crt, err := testbed.KeyPair("acme.example")
		Expect(err).NotTo(HaveOccurred())
		_, err = certificate.Install.One(w, w.plesk, certificate.InstallRequest{Name: name, Repository: where, Content: certificate.Content{
			Key: xmlapi.Secret(key), Certificate: new(string(crt)),
		}})
		Expect(err).NotTo(HaveOccurred())
		w.delete(c)
		w.eventuallySays(c, v1alpha1.ReasonDeletionBlocked, "was on the server before this resource")
		Expect(w.stored("acme.example", name)).To(Equal(string(crt)))
	})

	It("of a tenant's is never put into the server's own repository, and comes from a Secret for certificates only", func() {
		w := readyWorld(func(srv *v1alpha1.PleskServer) {
			srv.Spec.Tenants = []v1alpha1.Tenant{{Name: "all", From: v1alpha1.NamespacesFromAll, ExistingObjects: v1alpha1.AccessAllow}}
		})
		tenant := w.ns + "-tenant"
		w.create(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: tenant}})
		key, crt, err := testbed.KeyPair("acme.example")
		Expect(err).NotTo(HaveOccurred())
		w.create(testbed.TLSSecret(tenant, "acme-tls", key, crt))
		theirs := newCertificate("acme-tls", "")
		theirs.Namespace, theirs.Spec.SiteRef, theirs.Spec.ServerRef.Namespace = tenant, nil, w.ns
		w.create(theirs)
		w.eventuallySays(theirs, v1alpha1.ReasonPermissionDenied, "spec.siteRef: not for tenants")
		Expect(w.plesk.Stats().Operations).NotTo(HaveKey("certificate/install"))
		Expect(w.plesk.Stats().Operations).NotTo(HaveKey("certificate/get-pool"), "it is not shown either")

		By("naming a Secret that is not for certificates")
		s := w.setUp()
		opaque := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "opaque-tls"}, Data: map[string][]byte{"tls.key": key, "tls.crt": crt}}
		w.create(opaque)
		c := newCertificate("opaque-tls", s.subscription.Name)
		w.create(c)
		w.eventuallySays(c, v1alpha1.ReasonInvalidSpec, "spec.tlsSecretRef: ", "only kubernetes.io/tls is")
	})
})
