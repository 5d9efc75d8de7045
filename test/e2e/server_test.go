// PleskServer itself: what it holds, what it waits for, and what it leaves alone.

package e2e

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// withNewerSchema gives PleskServer a field that this version of the operator does not know.
func (w *world) withNewerSchema(field string) {
	GinkgoHelper()
	crd := &unstructured.Unstructured{}
	crd.SetAPIVersion("apiextensions.k8s.io/v1")
	crd.SetKind("CustomResourceDefinition")
	crd.SetName("pleskservers." + v1alpha1.GroupVersion.Group)
	edit(w, crd, func(crd *unstructured.Unstructured) {
		versions, found, err := unstructured.NestedSlice(crd.Object, "spec", "versions")
		Expect(err).NotTo(HaveOccurred())
		Expect(found).To(BeTrue())
		Expect(unstructured.SetNestedField(versions[0].(map[string]any), "string", "schema", "openAPIV3Schema", "properties", "spec", "properties", field, "type")).To(Succeed())
		Expect(unstructured.SetNestedSlice(crd.Object, versions, "spec", "versions")).To(Succeed())
	})
}

// raw is an object as the API server has it.
func (w *world) raw(o *v1alpha1.PleskServer) *unstructured.Unstructured {
	GinkgoHelper()
	u := &unstructured.Unstructured{}
	u.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind("PleskServer"))
	Expect(bed.Client.Get(w, client.ObjectKeyFromObject(o), u)).To(Succeed())
	return u
}

func (w *world) secret(name string) *corev1.Secret {
	GinkgoHelper()
	s := &corev1.Secret{}
	Expect(bed.Client.Get(w, client.ObjectKey{Namespace: w.ns, Name: name}, s)).To(Succeed())
	return s
}

var _ = Describe("An edit of a PleskServer", func() {
	It("leaves its objects Ready while what has changed is looked at", func() {
		w := readyWorld()
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
		version := c.ResourceVersion
		for hours := range 3 {
			edit(w, w.server, func(s *v1alpha1.PleskServer) { s.Spec.ResyncPeriod.Duration = time.Duration(hours+2) * time.Hour })
			Eventually(func() bool { w.reload(w.server); return w.server.Status.ObservedGeneration == w.server.Generation }).Should(BeTrue())
		}
		Consistently(func() string { w.reload(c); return c.ResourceVersion }).Should(Equal(version))
	})
})

var _ = Describe("A PleskServer", func() {
	It("loses nothing that only a newer version knows", func() {
		w := newWorld()
		const field = "fieldOfTheFuture"
		w.withNewerSchema(field)
		srv, _ := w.plesk.Access.Server(w.ns, "web-02")
		srv.Spec.CredentialsSecretRef.Name, srv.Spec.TLS.CABundleSecretRef.Name = "web-01-admin", "web-01-ca"
		srv.Finalizers = []string{"example.com/stay"}
		object, err := runtime.DefaultUnstructuredConverter.ToUnstructured(srv)
		Expect(err).NotTo(HaveOccurred())
		manifest := &unstructured.Unstructured{Object: object}
		manifest.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind("PleskServer"))
		Expect(unstructured.SetNestedField(manifest.Object, "kept", "spec", field)).To(Succeed())
		kept := func(u *unstructured.Unstructured) string {
			value, _, _ := unstructured.NestedString(u.Object, "spec", field)
			return value
		}
		Eventually(func() (string, error) {
			try := manifest.DeepCopy()
			err := bed.Client.Create(w, try, client.DryRunAll)
			return kept(try), err
		}).Should(Equal("kept"), "the API server learns of the field")
		w.create(manifest)

		Eventually(w.ready).WithArguments(srv).ShouldNot(BeZero())
		Expect(w.raw(srv).GetFinalizers()).To(ContainElement(v1alpha1.Finalizer))
		Expect(kept(w.raw(srv))).To(Equal("kept"))
		w.delete(srv)
		Eventually(func() []string { return w.raw(srv).GetFinalizers() }).Should(ConsistOf("example.com/stay"))
		Expect(kept(w.raw(srv))).To(Equal("kept"))
		Expect(bed.Client.Patch(w, srv, withoutFinalizers)).To(Succeed())
		w.eventuallyGone(srv)
	})

	It("holds the Secrets that are for it, as long as it is there, and no others", func() {
		w := readyWorld()
		held := func(name string) func() []string {
			return func() []string { return w.secret(name).Finalizers }
		}
		Eventually(held("web-01-admin")).Should(ConsistOf(v1alpha1.InUseFinalizer))
		Expect(held("web-01-ca")()).To(BeEmpty(), "it does not say that it is for this server")
		edit(w, w.secret("web-01-ca"), func(s *corev1.Secret) { s.Data["url"] = []byte(w.plesk.Access.URL) })
		Eventually(held("web-01-ca")).Should(ConsistOf(v1alpha1.InUseFinalizer))

		By("naming another one, and the first one again")
		w.create(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "web-01-next"}, Data: w.secret("web-01-admin").Data})
		for _, names := range [][2]string{{"web-01-admin", "web-01-next"}, {"web-01-next", "web-01-admin"}} {
			edit(w, w.server, func(s *v1alpha1.PleskServer) { s.Spec.CredentialsSecretRef.Name = names[1] })
			Eventually(held(names[1])).Should(ConsistOf(v1alpha1.InUseFinalizer))
			Eventually(held(names[0])).Should(BeEmpty())
		}

		w.create(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "of-an-application"}, StringData: map[string]string{"username": "app", "password": "App-2031-x"}})
		curious, _ := w.plesk.Access.Server(w.ns, "curious")
		curious.Spec.CredentialsSecretRef.Name, curious.Spec.TLS.CABundleSecretRef.Name = "of-an-application", "of-an-application"
		w.create(curious)
		w.eventuallySays(curious, v1alpha1.ReasonInvalidSpec, `Secret "of-an-application" does not say`)
		Consistently(held("of-an-application")).Should(BeEmpty())

		w.delete(w.secret("web-01-admin"))
		Consistently(held("web-01-admin")).Should(ConsistOf(v1alpha1.InUseFinalizer))
		w.delete(w.server)
		w.eventuallyGone(w.server)
		w.eventuallyGone(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: w.ns, Name: "web-01-admin"}})
		Eventually(held("web-01-ca")).Should(BeEmpty())
	})

	It("waits with its end for the objects that need it, and for no others", func() {
		w, tenant := sharedWorld()
		mine, theirs := newCustomer("acme"), of(w, tenant, newCustomer("birch"))
		w.create(mine)
		w.create(theirs)
		w.eventuallyReady(mine, theirs)
		edit(w, w.server, func(s *v1alpha1.PleskServer) { s.Spec.Tenants = nil })
		w.eventuallySays(theirs, v1alpha1.ReasonPermissionDenied)
		vain := newSubscription("vain.example", "nobody", "")
		w.create(vain)
		w.eventuallySays(vain, v1alpha1.ReasonDependencyNotReady)
		w.delete(w.server)
		Consistently(func() []string { return w.raw(w.server).GetFinalizers() }).Should(ContainElement(v1alpha1.Finalizer))
		w.delete(mine)
		w.eventuallyGone(mine)
		w.eventuallyGone(w.server)
		w.eventuallySays(theirs, v1alpha1.ReasonPermissionDenied) // whether it is there is nothing for others to learn
	})
})
