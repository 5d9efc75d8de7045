// Two PleskServers for one Plesk: one of them manages it, the other waits.

package e2e

import (
	"context"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// another makes a second PleskServer for the world's Plesk, by another name of its host.
func (w *world) another(namespace, name, host string) *v1alpha1.PleskServer {
	GinkgoHelper()
	access := w.plesk.Access
	access.URL = strings.Replace(access.URL, strings.TrimPrefix(access.URL, "https://"), host, 1)
	srv, secrets := access.Server(namespace, name)
	srv.Spec.EventPollInterval = w.server.Spec.EventPollInterval
	srv.Spec.DeletionPolicy = v1alpha1.DeletionPolicyDelete
	for _, s := range secrets {
		w.create(s)
	}
	w.create(srv)
	return srv
}

// addressOf is the host and port of a URL.
func addressOf(url string) string { return strings.TrimPrefix(url, "https://") }

var _ = Describe("A second PleskServer for one Plesk", func() {
	It("owns nothing there, whatever its host is called, until the first one leaves", func() {
		w := readyWorld()
		mine := newCustomer("acme")
		w.create(mine)
		w.eventuallyReady(mine)
		second := w.another(w.ns, "web-02", strings.Replace(addressOf(w.plesk.Access.URL), "127.0.0.1", "localhost", 1))
		theirs := newCustomer("acme")
		theirs.Name, theirs.Spec.ServerRef.Name, theirs.Spec.AdoptionPolicy = "theirs", second.Name, v1alpha1.AdoptionPolicyAlways
		fresh := newCustomer("birch")
		fresh.Spec.ServerRef.Name = second.Name
		w.create(theirs)
		w.create(fresh)
		w.eventuallySays(second, v1alpha1.ReasonOwnedByAnother, `PleskServer "web-01" manages the Plesk with GUID`, "deletionPolicy Retain")
		w.eventuallySays(theirs, v1alpha1.ReasonServerNotReady)
		w.plesk.ResetStats()
		Consistently(func() int { return w.plesk.Stats().Writes }).Should(BeZero())

		edit(w, second, func(s *v1alpha1.PleskServer) { s.Spec.EventPollInterval.Duration = time.Hour }) // the other's end wakes it
		w.eventuallySays(second, v1alpha1.ReasonOwnedByAnother)
		edit(w, mine, func(c *v1alpha1.PleskCustomer) { c.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) })
		w.delete(mine)
		w.delete(w.server)
		w.eventuallyGone(w.server)
		w.eventuallyReady(second, theirs, fresh)
	})

	It("of another namespace learns nothing about the first", func() {
		w := readyWorld()
		other := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: w.ns + "-other"}}
		w.create(other)
		second := w.another(other.Name, "web-02", addressOf(w.plesk.Access.URL))
		w.eventuallySays(second, v1alpha1.ReasonOwnedByAnother, "a PleskServer of another namespace manages the Plesk")
		said := w.ready(second).Message
		Expect(said).NotTo(ContainSubstring(w.server.Name))
		Expect(strings.ReplaceAll(said, other.Name, "")).NotTo(ContainSubstring(w.ns))
	})

	It("waits for one that is out of reach", func() {
		w := newWorld()
		proxy, err := bed.Proxy(addressOf(w.plesk.Access.URL))
		Expect(err).NotTo(HaveOccurred())
		first := w.server
		w.eventuallyReady(first)
		edit(w, w.admin(), func(s *corev1.Secret) { s.Data["url"] = append(s.Data["url"], "\nhttps://"+proxy.Address...) })
		edit(w, first, func(s *v1alpha1.PleskServer) { s.Spec.URL = "https://" + proxy.Address })
		w.eventuallyReady(first)
		proxy.Partition()
		DeferCleanup(proxy.Heal)
		w.eventuallySays(first, v1alpha1.ReasonServerNotReady)
		second := w.another(w.ns, "web-02", addressOf(w.plesk.Access.URL))
		w.eventuallySays(second, v1alpha1.ReasonOwnedByAnother, `PleskServer "web-01"`)
		Consistently(w.ready).WithArguments(second).Should(HaveField("Reason", v1alpha1.ReasonOwnedByAnother))
	})

	It("that another operator looks after, in namespaces of its own, owns nothing there either", func() {
		w := readyWorld()
		mine := newCustomer("acme")
		w.create(mine)
		w.eventuallyReady(mine)
		other := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: w.ns + "-shard"}}
		w.create(other)
		Expect(manager.Stop()).To(Succeed())
		DeferCleanup(func(ctx context.Context) { Expect(manager.Start(ctx)).To(Succeed()) })
		for _, ns := range []string{w.ns, other.Name} {
			shard, err := bed.StartManager(w, testbed.ManagerOptions{Args: []string{"--namespaces=" + ns}})
			Expect(err).NotTo(HaveOccurred())
			DeferCleanup(shard.Stop)
		}
		second := w.another(other.Name, "web-02", addressOf(w.plesk.Access.URL))
		theirs := newCustomer("acme")
		theirs.Namespace, theirs.Spec.ServerRef.Name, theirs.Spec.AdoptionPolicy = other.Name, second.Name, v1alpha1.AdoptionPolicyAlways
		theirs.Labels = map[string]string{"shard": "mine"} // a label decides nothing
		w.create(theirs)
		w.plesk.ResetStats()
		w.eventuallySays(second, v1alpha1.ReasonOwnedByAnother)
		w.eventuallySays(theirs, v1alpha1.ReasonServerNotReady)
		w.request(mine)
		Eventually(func() int { return w.plesk.Stats().Operations["customer/get"] }).Should(BeNumerically(">", 0))
		Consistently(func() int { return w.plesk.Stats().Writes }).Should(BeZero())
		w.eventuallyReady(mine)
	})

	It("takes over from one that left while no operator was looking", func() {
		w := readyWorld()
		second := w.another(w.ns, "web-02", addressOf(w.plesk.Access.URL))
		w.eventuallySays(second, v1alpha1.ReasonOwnedByAnother)
		manager.Kill()
		Expect(bed.Client.Patch(w, w.server, withoutFinalizers)).To(Succeed())
		w.delete(w.server)
		again, _ := w.plesk.Access.Server(w.ns, w.server.Name) // of the same name, but not the same
		w.create(again)
		Expect(manager.Start(w)).To(Succeed())
		Eventually(func() []string { return []string{w.ready(second).Reason, w.ready(again).Reason} }).
			Should(ConsistOf(v1alpha1.ReasonAvailable, v1alpha1.ReasonOwnedByAnother), "one of the two")
	})
})
