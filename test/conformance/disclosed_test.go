// Secrets that a server tells once: they are kept before anything is recorded, and what nobody knows the secret of is not kept.

package conformance

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
)

func (r *row) disclosures() {
	r.keep("has its secret kept before it is recorded, and nothing else opens it", func(w *world) {
		s, o, before := r.ready(w)
		own := r.own(s, before)
		s.Expect(r.opens(s, s.kept())).To(Equal(own.id))
		kept := slices.IndexFunc(w.journal.since(0), func(e entry) bool {
			return e.name == "POST secrets" && strings.Contains(e.body, s.connectionName())
		})
		s.Expect(kept).To(And(BeNumerically(">=", 0), BeNumerically("<", w.recorded(o, recordOfID(own.id)))))
		made := slices.IndexFunc(w.journal.since(0), func(e entry) bool { return e.packet && e.writes })
		s.Expect(made).To(And(BeNumerically(">=", 0), BeNumerically("<", kept)), "the Secret that was kept is the server's")
	})

	r.keep("is removed and made anew, once, when its secret was told to nobody", func(w *world) {
		s, before := r.furnish(w)
		ended := w.op.lastLife()
		s.onWrite.Store(new(func() { w.op.life().kill() }))
		o := r.object(s)
		s.create(o)
		s.eventually(ended).Should(BeClosed())
		w.op.stop()
		lost := r.own(s, before)
		mark := w.journal.mark()
		w.op.start()
		s.eventuallyReady(o)
		own := r.own(s, before)
		s.Expect(own.id).NotTo(Equal(lost.id))
		s.Expect(r.opens(s, s.kept())).To(Equal(own.id))
		s.Expect(w.writes(mark)).To(HaveLen(2), "it is removed, and made")
	})

	r.keep("is removed and made anew when its add is answered without its secret", func(w *world) {
		s, before := r.furnish(w)
		s.plesk.Inject(r.atAdd(plesksim.Fault{Without: []string{"key"}, Executed: true, Times: 1}))
		o := r.object(s)
		s.create(o)
		s.eventuallyReady(o)
		s.Expect(r.opens(s, s.kept())).To(Equal(r.own(s, before).id))
		s.delete(o)
		s.eventuallyGone(o)
		r.left(s, before)
	})

	r.keep("stays as it is when its Secret disappears or holds something else, and is made anew when somebody asks for that, once", func(w *world) {
		s, o, before := r.ready(w)
		own, told := r.own(s, before), s.kept()
		mark := w.journal.mark()
		s.delete(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: s.ns, Name: s.connectionName()}})
		s.eventuallySays(o, v1alpha1.ReasonSecretNotFound, s.connectionName(), "still works", v1alpha1.AnnotationRotate)
		s.settle(o)
		s.keep(told)
		s.eventuallyReady(o)
		s.keep("another-2031-key")
		s.eventuallySays(o, v1alpha1.ReasonSecretNotFound, s.connectionName(), "something else", v1alpha1.AnnotationRotate)
		s.settle(o)
		s.Expect(w.writes(mark)).To(BeEmpty())
		s.Expect(r.own(s, before)).To(Equal(own))

		// What the user has made is not written into.
		s.annotate(o, v1alpha1.AnnotationRotate)
		s.eventuallySays(o, v1alpha1.ReasonInvalidSpec, s.connectionName())
		s.Expect(w.writes(mark)).To(BeEmpty())
		s.delete(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: s.ns, Name: s.connectionName()}})
		s.eventuallyReady(o)
		anew := r.own(s, before)
		s.Expect(anew.id).NotTo(Equal(own.id))
		s.Expect([]string{s.state(o).ID, r.opens(s, s.kept())}).To(Equal([]string{anew.id, anew.id}))
		s.Expect(r.opens(s, told)).To(BeEmpty())
		s.settle(o)
		s.Expect(w.writes(mark)).To(HaveLen(2), "it is removed, and made")
	})

	r.keep("is taken over only with what opens it, or as what lacks its secret", func(w *world) {
		s, before := r.furnish(w)
		r.add(s, false, noMark)
		given, secret := r.own(s, before), s.kept()
		s.keep("another-2031-key")
		o := r.object(s)
		s.create(o)
		s.eventuallySays(o, v1alpha1.ReasonAlreadyExists, "is not what opens it")
		s.delete(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: s.ns, Name: s.connectionName()}})
		s.eventuallySays(o, v1alpha1.ReasonAlreadyExists, "holds what opens it")
		s.settle(o)
		s.Expect(s.state(o).ID).To(BeEmpty())
		s.edit(o, func(o v1alpha1.Object) { o.Common().AdoptionPolicy = v1alpha1.AdoptionPolicyAlways })
		s.eventuallySays(o, v1alpha1.ReasonSecretNotFound, s.connectionName())
		s.Expect(s.state(o).ID).To(Equal(given.id))
		s.keep(secret)
		s.eventuallyReady(o)
		s.Expect(r.own(s, before)).To(Equal(given))
		s.Expect(s.writes(0)).To(BeEmpty())
	})

	r.keep("says what it lacks when the cluster is restored with its statuses and without its Secrets, and nothing is made or deleted", func(w *world) {
		s, o, before := r.ready(w)
		own := r.own(s, before)
		w.op.stop()
		mark := w.journal.mark()
		o = s.restored(o, true)
		s.delete(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: s.ns, Name: s.connectionName()}})
		w.op.start()
		s.eventuallySays(o, v1alpha1.ReasonSecretNotFound, s.connectionName())
		s.settle(o)
		s.Expect(s.state(o).ID).To(Equal(own.id))
		s.Expect(w.writes(mark)).To(BeEmpty())
		s.Expect(r.own(s, before)).To(Equal(own))
	})

	if !r.inFull() {
		return
	}
	keep("Every kind "+r.kind, "is one object, and its Secret opens it, after every fault and crash while it is made anew", func() {
		quiet := pollEvery(30 * time.Second)
		var cells []cell
		var missed atomic.Int32
		st := r.cleanRun(r.anew, quiet)
		for _, m := range modes {
			for _, call := range st.calls {
				cells = append(cells, cell{fmt.Sprintf("call %s (number %d) %s", call.name, call.nth, m), func() {
					inWorld(func(w *world) {
						s, before := r.furnish(w)
						r.anew(s, before, func() { w.api.begin(strike{call.name, call.nth, m}) })
						if !w.api.hasStruck() {
							missed.Add(1)
						}
					}, quiet)
				}})
			}
			for _, packet := range st.packets {
				cells = append(cells, cell{fmt.Sprintf("packet %s (number %d) %s", packet.name, packet.nth, m), func() {
					inWorld(func(w *world) {
						s, before := r.furnish(w)
						r.anew(s, before, func() { s.strikePacket(strike{packet.name, packet.nth, m}) })
						if s.struck() == 0 {
							missed.Add(1)
						}
					}, quiet)
				}})
			}
		}
		together(0, cells)
		mostlyStruck(&missed, cells, 2)
	})
}

// anew makes an object and asks for another one in its place. Begins is called in between.
func (r *row) anew(s *site, before []external, begins func()) {
	o := r.object(s)
	s.create(o)
	s.eventuallyReady(o)
	id := r.own(s, before).id
	s.settle(o)
	begins()
	s.annotate(o, v1alpha1.AnnotationRotate)
	s.eventually(func() bool { return s.state(o).ID != "" && s.state(o).ID != id && s.state(o).Rotated != "" }).Should(BeTrue())
	s.eventuallyReady(o)
	own := r.own(s, before)
	s.Expect(own.id).To(Equal(s.state(o).ID))
	s.Expect(r.opens(s, s.kept())).To(Equal(own.id))
	s.delete(o)
	s.eventuallyGone(o)
	r.left(s, before)
}

// keptIn is where an object's secret is kept that its server tells.
func (s *site) keptIn() v1alpha1.SecretKeySelector {
	return v1alpha1.SecretKeySelector{Name: s.connectionName(), Key: "key"}
}

// kept is the secret that was told.
func (s *site) kept() string {
	GinkgoHelper()
	secret := &corev1.Secret{}
	s.Expect(bed.Client.Get(s, client.ObjectKey{Namespace: s.ns, Name: s.connectionName()}, secret)).To(Succeed())
	return string(secret.Data[s.keptIn().Key])
}

// keep puts a value by hand where a secret is kept that is told.
func (s *site) keep(value string) {
	GinkgoHelper()
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: s.ns, Name: s.connectionName()}, Data: map[string][]byte{s.keptIn().Key: []byte(value)}}
	err := bed.Client.Create(s, secret)
	if client.IgnoreAlreadyExists(err) == nil && err != nil {
		s.Expect(bed.Client.Get(s, client.ObjectKeyFromObject(secret), secret)).To(Succeed())
		secret.Data[s.keptIn().Key] = []byte(value)
		err = bed.Client.Update(s, secret)
	}
	s.Expect(err).NotTo(HaveOccurred())
}
