// docs/guides/cert-manager.md, as its readers follow it, and what comes later: renewals, and the end. Its manifests are read from the page.

package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

// manifestsOf are the objects of ours in the YAML of a guide, in its order; what others define is left out.
func manifestsOf(page string) (ours []client.Object, others []string) {
	GinkgoHelper()
	text, err := os.ReadFile(filepath.Join(bed.Root, "docs", "guides", page))
	Expect(err).NotTo(HaveOccurred())
	decoder := serializer.NewCodecFactory(bed.Client.Scheme(), serializer.EnableStrict).UniversalDeserializer()
	for _, part := range strings.Split(string(text), "```yaml\n")[1:] {
		manifest, _, closed := strings.Cut(part, "```")
		Expect(closed).To(BeTrue(), "a block of YAML without its end")
		if !strings.Contains(manifest, "\napiVersion: "+v1alpha1.GroupVersion.String()+"\n") {
			others = append(others, manifest)
			continue
		}
		o, _, err := decoder.Decode([]byte(manifest), nil, nil)
		Expect(err).NotTo(HaveOccurred(), manifest)
		ours = append(ours, o.(client.Object))
	}
	return ours, others
}

// defineCertificates gives the cluster cert-manager's kind for as long as a spec runs, with as much of its definition as an apply needs.
func (w *world) defineCertificates() {
	GinkgoHelper()
	anything := map[string]any{"type": "object", "x-kubernetes-preserve-unknown-fields": true}
	crd := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
		"metadata": map[string]any{"name": "certificates.cert-manager.io"},
		"spec": map[string]any{
			"group": "cert-manager.io", "scope": "Namespaced", "names": map[string]any{"kind": "Certificate", "plural": "certificates"},
			"versions": []any{map[string]any{"name": "v1", "served": true, "storage": true, "schema": map[string]any{"openAPIV3Schema": anything}}},
		},
	}}
	Expect(bed.Client.Create(w, crd)).To(Succeed())
	DeferCleanup(func(ctx context.Context) { Expect(bed.Client.Delete(ctx, crd)).To(Succeed()) })
	Eventually(func() []any {
		Expect(bed.Client.Get(w, client.ObjectKeyFromObject(crd), crd)).To(Succeed())
		conditions, _, _ := unstructured.NestedSlice(crd.Object, "status", "conditions")
		return conditions
	}).Should(ContainElement(And(HaveKeyWithValue("type", "Established"), HaveKeyWithValue("status", "True"))))
}

var _ = Describe("The guide to certificates from cert-manager", func() {
	It("is carried out, and the site and the mail server use what was issued", func() {
		w := readyWorld()
		w.defineCertificates()
		ofSite, ofServer := w.issued("acme-example-tls"), w.issued("web-01-tls") // what cert-manager does
		w.follow("cert-manager.md")
		Eventually(func() string { return w.propertyOnServer("acme.example", "certificate_name") }).Should(HavePrefix("acme-example-tls-"))
		Expect(w.stored("acme.example", w.propertyOnServer("acme.example", "certificate_name"))).To(Equal(ofSite))
		Expect(w.stored("", "web-01")).To(Equal(ofServer))
	})

	for _, order := range []string{"from the top", "from the bottom"} {
		It("is followed "+order+": the site uses what is in the Secret, and a renewal is there within seconds", func() {
			w := readyWorld()
			ours, others := manifestsOf("cert-manager.md")
			Expect(ours).To(HaveLen(4))
			ours = ours[:2]
			Expect(others).To(ConsistOf(ContainSubstring("secretName: acme-example-tls")), "what cert-manager is asked for")
			if order == "from the bottom" {
				ours[0], ours[1] = ours[1], ours[0]
			}
			for _, o := range ours {
				w.create(o)
			}
			var c *v1alpha1.PleskCertificate
			var s *v1alpha1.PleskSubscription
			for _, o := range ours {
				switch o := o.(type) {
				case *v1alpha1.PleskCertificate:
					c = o
				case *v1alpha1.PleskSubscription:
					s = o
				}
			}
			w.eventuallyReady(s)
			w.eventuallySays(c, v1alpha1.ReasonSecretNotFound, `Secret "acme-example-tls" not found`)

			first := w.issued("acme-example-tls") // what cert-manager does
			w.eventuallyReady(c, s)
			name := c.Status.Key
			Eventually(func() string { return w.propertyOnServer("acme.example", "certificate_name") }).Should(Equal(name))
			Expect(w.stored("acme.example", name)).To(Equal(first))

			By("renewing it")
			renewed := w.issued("acme-example-tls")
			Eventually(w.stored).WithArguments("acme.example", name).WithTimeout(5 * time.Second).Should(Equal(renewed))
			Expect(w.propertyOnServer("acme.example", "certificate_name")).To(Equal(name))

			By("deleting it, which waits until the site uses another one")
			w.delete(c)
			w.eventuallySays(c, v1alpha1.ReasonDeletionBlocked, "still used by acme.example")
			edit(w, s, func(o *v1alpha1.PleskSubscription) {
				o.Spec.Hosting.VirtualHost.TLS.CertificateRef = &v1alpha1.CertificateReference{External: "default certificate"}
			})
			w.eventuallyReady(s)
			w.request(c)
			w.eventuallyGone(c)
			Expect(w.stored("acme.example", name)).To(BeEmpty())
		})
	}

	It("is followed for the mail server, which waits for its certificate and has each renewal", func() {
		w := readyWorld()
		all, _ := manifestsOf("cert-manager.md")
		c, settings := all[2].(*v1alpha1.PleskCertificate), all[3].(*v1alpha1.PleskServerSettings)
		ofMailServer := func() string {
			r, err := server.Get.One(w, w.plesk, server.GetRequest{Certificates: &xmlapi.Empty{}})
			Expect(err).NotTo(HaveOccurred())
			if c := r.Certificates.MailServer; c != nil && c.Admin != nil {
				return c.Name
			}
			return ""
		}
		w.create(settings)
		w.eventuallySays(settings, v1alpha1.ReasonDependencyNotReady, "spec.mail.certificateName")
		Expect(ofMailServer()).To(BeEmpty())
		first := w.issued("web-01-tls")
		w.create(c)
		w.eventuallyReady(c, settings)
		Expect(ofMailServer()).To(Equal("web-01"))
		Expect(w.stored("", "web-01")).To(Equal(first))

		By("renewing it")
		renewed := w.issued("web-01-tls")
		Eventually(w.stored).WithArguments("", "web-01").WithTimeout(5 * time.Second).Should(Equal(renewed))

		By("deleting it, which waits until the mail server uses another one")
		edit(w, c, func(c *v1alpha1.PleskCertificate) { c.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyDelete) })
		w.delete(c)
		w.eventuallySays(c, v1alpha1.ReasonDeletionBlocked, "still used by the mail server")
		edit(w, settings, func(s *v1alpha1.PleskServerSettings) { s.Spec.Mail.CertificateName = new("default certificate") })
		w.eventuallyReady(settings)
		w.request(c)
		w.eventuallyGone(c)
	})

	It("leaves a site and its certificate together, where both are deleted", func() {
		w := readyWorld()
		ours, _ := manifestsOf("cert-manager.md")
		ours = ours[:2]
		w.issued("acme-example-tls")
		for _, o := range ours {
			o.(v1alpha1.Object).Common().DeletionPolicy = new(v1alpha1.DeletionPolicyDelete)
			w.create(o)
		}
		w.eventuallyReady(ours...)
		Eventually(func() string { return w.propertyOnServer("acme.example", "certificate_name") }).Should(HavePrefix("acme-example-tls-"))
		for _, o := range ours {
			w.delete(o)
		}
		for _, o := range ours {
			w.eventuallyGone(o)
		}
		Expect(w.subscriptionOnServer("acme.example")).To(BeNil())
	})
})

// propertyOnServer is a property of a subscription's web hosting.
func (w *world) propertyOnServer(domain, name string) string {
	GinkgoHelper()
	s := w.subscriptionOnServer(domain)
	if s == nil || s.Hosting == nil || s.Hosting.Virtual == nil {
		return ""
	}
	for _, p := range s.Hosting.Virtual.Properties {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}
