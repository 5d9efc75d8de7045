// A copy of a resource that brings the status along, while the original still stands: a backup that is restored under another name, or into
// another namespace. The object is the original's, and stays.

package conformance

import (
	"bytes"
	"encoding/json"
	"reflect"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

func (r *row) copies() {
	for _, c := range []struct {
		what      string
		away      bool
		originals []string // what the original's message says of the copy
	}{{"under another name", false, []string{"-copy"}}, {"in another namespace", true, []string{"another namespace"}}} {
		r.keep("stays, and its resource goes on, when a copy with its status "+c.what+" is deleted", func(w *world) {
			s, o, own, before := r.original(w)
			w.op.stop()
			twin, mark := s.copied(o, c.away), w.journal.mark()
			s.delete(twin)
			w.op.start()
			r.eventuallyLetGo(s, twin)
			r.goesOn(s, o, own, before, mark)
		}, withTenant)

		r.keep("is not written to by a copy with its status "+c.what, func(w *world) {
			s, o, own, before := r.original(w)
			w.op.stop()
			twin, mark := s.copied(o, c.away), w.journal.mark()
			w.op.start()
			s.eventuallySays(twin, v1alpha1.ReasonOwnedByAnother)
			s.edit(twin, r.fields[0].change)
			s.eventuallySays(twin, v1alpha1.ReasonOwnedByAnother)
			if r.rename.key != "" {
				s.edit(twin, r.rename.change)
				s.eventuallySays(twin, v1alpha1.ReasonOwnedByAnother)
			}
			s.settle(twin)
			s.delete(twin)
			r.eventuallyLetGo(s, twin)
			r.goesOn(s, o, own, before, mark)
		}, withTenant)

		r.keep("is not deleted with its resource while a copy with its status "+c.what+" has recorded it", func(w *world) {
			s, o, own, before := r.original(w)
			w.op.stop()
			twin, mark := s.copied(o, c.away), w.journal.mark()
			s.delete(o)
			w.op.start()
			s.eventuallySays(o, v1alpha1.ReasonDeletionBlocked, append(c.originals, "deletionPolicy: Retain")...)
			s.settle(o)
			s.Expect(w.writes(mark)).To(BeEmpty())
			s.Expect(r.own(s, before)).To(Equal(own))
			if c.away {
				s.edit(o, func(o v1alpha1.Object) { o.Common().DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) })
				s.eventuallyGone(o)
				s.Expect(r.own(s, before).id).To(Equal(own.id), "it stays; the copy takes it over, and may mark it")
				return
			}
			s.edit(twin, func(o v1alpha1.Object) { o.Common().DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) })
			s.delete(twin)
			s.eventuallyGone(twin)
			s.eventuallyGone(o)
			r.left(s, before)
		}, withTenant)
	}
}

// original is an object that is ready, on a server whose tenants may have what nobody describes.
func (r *row) original(w *world) (s *site, o v1alpha1.Object, own external, before []external) {
	GinkgoHelper()
	s, before = r.furnish(w, r.tenancy(v1alpha1.AccessAllow))
	o = r.object(s)
	s.create(o)
	s.eventuallyReady(o)
	s.settle(o)
	return s, o, r.own(s, before), before
}

// goesOn checks that a resource has its object as before, and that nothing was written since a mark.
func (r *row) goesOn(s *site, o v1alpha1.Object, own external, before []external, mark int) {
	GinkgoHelper()
	s.settle(o)
	s.eventuallyReady(o)
	s.Expect(s.writes(mark)).To(BeEmpty())
	s.Expect(r.own(s, before)).To(Equal(own))
}

// copied puts a copy of a resource beside it, or into the tenant's namespace, with its status, while no operator looks. The Secrets that it
// reads come along; the Secret that it publishes is another one, where it would be the same.
func (s *site) copied(o v1alpha1.Object, away bool) v1alpha1.Object {
	GinkgoHelper()
	text, err := json.Marshal(seen.get(o))
	s.Expect(err).NotTo(HaveOccurred())
	// Kubernetes tells the time of a creation in seconds: within one, nothing says which of two is the copy.
	s.eventually(func() bool { return time.Since(seen.get(o).GetCreationTimestamp().Time) > time.Second }).Should(BeTrue())
	if !away {
		text = bytes.ReplaceAll(text, []byte(s.connectionName()), []byte(s.connectionName()+"-copy"))
	}
	kept := reflect.New(reflect.TypeOf(o).Elem()).Interface().(v1alpha1.Object)
	s.Expect(json.Unmarshal(text, kept)).To(Succeed())
	kept.SetName(o.GetName() + "-copy")
	if away {
		s.asTenant(kept)
		kept.State().ServerRef.Namespace = s.ns // as a tenant's namespace has it that is restored into another one's
		kept.SetName(o.GetName())
		s.copySecret(s.secretName())
	}
	kept.SetResourceVersion("")
	kept.SetUID("")
	kept.SetCreationTimestamp(metav1.Time{})
	kept.SetFinalizers([]string{v1alpha1.Finalizer})
	twin := kept.DeepCopyObject().(v1alpha1.Object)
	s.create(twin)
	kept.SetUID(twin.GetUID())
	kept.SetResourceVersion(twin.GetResourceVersion())
	s.Expect(bed.Client.Status().Update(s, kept)).To(Succeed())
	s.eventually(func() string { return s.state(twin).ID }).Should(Equal(s.state(o).ID))
	return twin
}

// copySecret brings a Secret into the tenant's namespace, where there is one.
func (s *site) copySecret(name string) {
	GinkgoHelper()
	secret := &corev1.Secret{}
	if err := bed.Client.Get(s, client.ObjectKey{Namespace: s.ns, Name: name}, secret); err != nil {
		s.Expect(client.IgnoreNotFound(err)).To(Succeed())
		return
	}
	s.create(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: s.tenant, Name: name, Labels: secret.Labels}, Type: secret.Type, Data: secret.Data})
}
