// What is lost and comes back: the object on the server, the server itself, the Secret.

package conformance

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
)

func (r *row) losses() {
	r.keep("waits with its deletion for a server that is down, and says the way out", func(w *world) {
		s, o, before := r.ready(w)
		own := r.own(s, before)
		up := s.plesk.Inject(plesksim.Fault{Status: 502})
		s.eventuallySays(s.server, v1alpha1.ReasonServerNotReady)
		s.delete(o)
		s.eventuallySays(o, v1alpha1.ReasonDeletionBlocked, "deletionPolicy: Retain")
		s.settle(o)
		s.Expect(o.GetFinalizers()).To(ContainElement(v1alpha1.Finalizer))
		s.Expect(r.own(s, before)).To(Equal(own))
		up()
		s.eventuallyGone(o)
		r.left(s, before)
	})

	r.keep("lets go of a resource that was never made", func(w *world) {
		s, before := r.furnish(w)
		o := r.object(s)
		o.Common().Suspend = true
		s.create(o)
		s.eventuallySays(o, v1alpha1.ReasonSuspended)
		mark := w.journal.mark()
		s.delete(o)
		s.eventuallyGone(o)
		s.Expect(slices.ContainsFunc(w.journal.since(0), func(e entry) bool { return e.packet && isProbe(e.name) })).To(BeTrue(), "no packet was noted")
		for _, e := range w.journal.since(mark) {
			s.Expect(e.packet && !isProbe(e.name)).To(BeFalse(), "a packet was sent: %s", e.name)
		}
		r.left(s, before)
	})

	if r.hasPassword() {
		r.secrets()
	}
	if r.implicit() {
		return
	}
	r.keep("is made again, once, when somebody removed it from the server", func(w *world) {
		s, o, before := r.ready(w)
		old := r.own(s, before)
		r.remove(s, old.id)
		mark := w.journal.mark()
		s.request(o)
		if !r.does(stateless) {
			s.eventuallySays(o, v1alpha1.ReasonGoneOnServer)
			s.settle(o)
			s.Expect(w.writes(mark)).To(BeEmpty(), "what held data is not recreated empty without being asked for")
			r.left(s, before)
			s.approve(o, *s.state(o).Awaiting)
		}
		r.eventuallyAnew(s, o, old.id)
		s.eventuallyReady(o) // a request before that would be a conflict with what the pass records, which would then be written again
		s.settle(o)
		s.eventuallyReady(o)
		own := r.own(s, before)
		s.Expect(own.id).To(Equal(s.state(o).ID))
		r.correct(s, own.id)
		if r.passing || r.followed {
			s.Expect(w.writes(mark)).To(HaveLen(2), "the add, the end of its mark or what the add could not say, and nothing else")
			return
		}
		s.Expect(w.writes(mark)).To(HaveLen(1), "the add and nothing else")
	})

	r.keep("does not stay behind when the server goes on making it after its resource was deleted", func(w *world) {
		s, before := r.furnish(w)
		hold := make(chan struct{})
		s.plesk.Inject(plesksim.Fault{Operation: cmp.Or(r.adds, "add"), Hold: hold, Times: 1})
		o := r.object(s)
		s.create(o)
		s.eventually(s.struck).Should(Equal(1)) // before that, the deletion would hold the add back
		s.delete(o)
		s.eventuallySays(o, v1alpha1.ReasonDeletionBlocked, "is not confirmed yet", "(--create-settle-time), and not waited for any more", "deletionPolicy: Retain")
		r.left(s, before)
		close(hold)
		s.eventuallyGone(o)
		r.left(s, before)
	}, packetsWithin(5*time.Second), settlingIn(20*time.Second))

	clock := clocktesting.NewFakePassiveClock(time.Now()) // it stands still: the server has all the time that it is given
	r.keep("is made once when the server goes on making it for longer than the operator waits", func(w *world) {
		s, before := r.furnish(w)
		hold := make(chan struct{})
		s.plesk.Inject(plesksim.Fault{Operation: cmp.Or(r.adds, "add"), Hold: hold, Times: 1})
		o := r.object(s)
		s.create(o)
		s.eventually(func() *v1alpha1.PendingWrite { return s.state(o).Pending }).ShouldNot(BeNil())
		s.eventually(s.struck).Should(Equal(1))
		w.op.stop() // gives the answer up
		mark := w.journal.mark()
		w.op.start()
		s.settle(o)
		s.eventuallySays(o, v1alpha1.ReasonCreating, "is not confirmed yet", "looked for until "+s.state(o).Pending.StartTime.Add(w.settles).UTC().Format(time.RFC3339), "made again")
		s.Expect(w.writes(mark)).To(BeEmpty(), "a second add while the first one may be in flight")
		r.left(s, before)
		close(hold)
		s.eventuallyReady(o)
		r.correct(s, r.own(s, before).id)
	}, packetsWithin(5*time.Second), atTime(clock))

	if r.rename.key != "" {
		r.keep("is not forgotten when its name changes while nobody knows whether it was made", func(w *world) {
			s, before := r.furnish(w)
			ended := w.op.lastLife()
			s.onWrite.Store(new(func() { w.op.life().kill() }))
			o := r.object(s)
			s.create(o)
			s.eventually(ended).Should(BeClosed())
			w.op.stop()
			made := r.own(s, before)
			s.edit(o, r.rename.change)
			w.op.start()
			if !r.marked && !r.passing {
				s.eventuallySays(o, v1alpha1.ReasonAlreadyExists, made.key)
				s.Expect(r.own(s, before)).To(Equal(made))
				first := reflect.ValueOf(r.object(s)).Elem().FieldByName("Spec")
				s.edit(o, func(o v1alpha1.Object) { reflect.ValueOf(o).Elem().FieldByName("Spec").Set(first) })
				s.eventuallyReady(o)
				s.Expect(s.state(o).ID).To(Equal(made.id))
				s.edit(o, r.rename.change)
			}
			s.eventuallyReady(o)
			own := r.own(s, before)
			s.Expect([]string{own.id, own.key}).To(Equal([]string{made.id, r.rename.key}))
		})
	}

	r.keep("is gone without a packet that deletes when somebody removed it before", func(w *world) {
		s, o, before := r.ready(w)
		r.remove(s, r.own(s, before).id)
		mark := w.journal.mark()
		s.delete(o)
		s.eventuallyGone(o)
		s.Expect(w.writes(mark)).To(BeEmpty())
		r.left(s, before)
	})
}

// rotated is a password that no policy refuses.
const rotated = "Rotated-2031-xyz"

func (r *row) secrets() {
	r.keep("has its password changed on the server when the Secret changes, once", func(w *world) {
		s, o, _ := r.ready(w)
		mark := w.journal.mark()
		sent := func() int {
			packets := w.writes(mark)
			for _, p := range packets {
				s.Expect(p).To(ContainSubstring(rotated))
			}
			return len(packets)
		}
		was := s.state(o).Inputs
		s.Expect(was).NotTo(BeEmpty())
		s.setPassword(rotated)
		s.eventuallyNotes(o, was)
		s.Expect(sent()).To(Equal(1))
		s.settle(o)
		s.eventuallyReady(o)
		w.op.stop()
		w.op.start()
		s.settle(o)
		s.Expect(sent()).To(Equal(1))
	})

	if r.is.bound {
		r.keep("has its password wait with what it belongs to when the server refuses that, until somebody asks", func(w *world) {
			r.besideARefusal(w, 1019, v1alpha1.ReasonRejected)
		})
	} else {
		r.keep("has its password changed beside a change that the server refuses, which is not sent again before somebody asks", func(w *world) {
			r.besideARefusal(w, 1019, v1alpha1.ReasonRejected)
		})
		r.keep("has its password changed beside a change that fails again and again", func(w *world) {
			r.besideARefusal(w, 1023, v1alpha1.ReasonTransientError)
		})
	}

	r.keep("has the password that its Secret holds when that changed while nobody knew whether it was made", func(w *world) {
		s, before := r.furnish(w)
		s.givePassword(storedPassword)
		ended := w.op.lastLife()
		s.onWrite.Store(new(func() { w.op.life().kill() }))
		o := r.object(s)
		s.create(o)
		s.eventually(ended).Should(BeClosed())
		w.op.stop()
		made := r.own(s, before)
		s.setPassword(rotated)
		mark := w.journal.mark()
		w.op.start()
		s.eventuallyReady(o)
		s.Expect(s.state(o).ID).To(Equal(made.id))
		s.Expect(strings.Join(w.writes(mark), "")).To(ContainSubstring(rotated))
	})

	r.keep("has the password that its Secret holds when that was put back while nobody knew whether it was changed", func(w *world) {
		s, before := r.furnish(w)
		s.givePassword(storedPassword)
		o := r.object(s)
		s.create(o)
		s.eventuallyReady(o)
		made := r.own(s, before)
		ended := w.op.lastLife()
		s.onWrite.Store(new(func() { w.op.life().kill() }))
		s.setPassword(rotated)
		s.eventually(ended).Should(BeClosed())
		w.op.stop()
		s.setPassword(storedPassword)
		mark := w.journal.mark()
		w.op.start()
		s.eventually(func() string { return strings.Join(w.writes(mark), "") }).Should(ContainSubstring(storedPassword))
		s.eventuallyReady(o)
		s.Expect(s.state(o).ID).To(Equal(made.id))
	})

	r.keep("has its password made before it is made itself", func(w *world) {
		s, _, _ := r.ready(w)
		entries := w.journal.since(0)
		kept, made := -1, -1
		for i, e := range entries {
			switch {
			case e.name == "POST secrets" && strings.Contains(e.body, s.secretName()):
				kept = i
			case made < 0 && e.packet && e.writes:
				made = i
			}
		}
		s.Expect(kept).To(And(BeNumerically(">=", 0), BeNumerically("<", made)))
	})

	r.keep("gets no new password when its Secret disappears", func(w *world) {
		s, o, before := r.ready(w)
		own := r.own(s, before)
		secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: s.ns, Name: s.secretName()}}
		s.delete(secret)
		s.eventuallySays(o, v1alpha1.ReasonSecretNotFound, s.secretName(), "applied last still works", "store it there, or a new one")
		s.settle(o)
		err := bed.Client.Get(s, client.ObjectKeyFromObject(secret), secret)
		s.Expect(apierrors.IsNotFound(err)).To(BeTrue(), "%v", err)
		s.Expect(r.own(s, before)).To(Equal(own))
		s.givePassword(rotated)
		s.eventuallyReady(o)
	})

	if r.foreign {
		return
	}
	r.keep("names the login that its server lets no password hold, so that none is made which does", func(w *world) {
		s, before := r.furnish(w)
		o := r.object(s)
		uses := r.is.secrets(o)
		s.Expect(uses).To(HaveLen(1))
		s.Expect(uses[0].Generate).To(BeTrue())
		s.Expect(uses[0].Login).NotTo(BeEmpty())
		s.givePassword("Harbour-2031-" + uses[0].Login)
		s.create(o)
		s.eventuallySays(o, v1alpha1.ReasonRejected, "login")
		s.setPassword("Harbour-2031-Mint")
		s.eventuallyReady(o)
		r.correct(s, r.own(s, before).id)
	})
}

func (r *row) lostKey() {
	r.keep("has no password written when the operator's hash key is lost, and the next change of the Secret once", func(w *world) {
		s, o, before := r.ready(w)
		own := r.own(s, before)
		was := s.state(o).Inputs
		s.Expect(was).NotTo(BeEmpty())
		w.op.stop()
		s.delete(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: w.namespace, Name: "plesk-operator-hash-key"}})
		mark := w.journal.mark()
		w.op.start()
		s.eventually(func() map[string]string { return s.state(o).Inputs }).Should(And(HaveLen(len(was)), Not(Equal(was))))
		s.settle(o)
		s.eventuallyReady(o)
		value := s.password()
		for _, p := range w.writes(mark) {
			s.Expect(p).NotTo(ContainSubstring(value))
		}
		s.Expect(r.own(s, before).id).To(Equal(own.id))

		mark = w.journal.mark()
		is := s.state(o).Inputs
		s.setPassword(rotated)
		s.eventuallyNotes(o, is)
		s.eventuallyReady(o)
		s.Expect(w.writes(mark)).To(HaveExactElements(ContainSubstring(rotated)))
	})
}

// besideARefusal has the server refuse what is changed along with the password.
func (r *row) besideARefusal(w *world, code int, reason string) {
	s, o, before := r.ready(w)
	plain := slices.IndexFunc(r.fields, func(f field) bool { return !strings.Contains(f.name, "Ref") }) // one operation changes it
	id, f := r.own(s, before).id, r.fields[plain]
	value := func() string { return f.read(s, id) }
	mark := w.journal.mark()
	f.spoil(s, id)
	s.request(o)
	s.eventually(value).Should(Equal(f.initial))
	s.eventuallyReady(o)
	refused := s.lastWrite(mark)
	mark, was := w.journal.mark(), s.state(o).Inputs
	s.setPassword(storedPassword)
	s.eventuallyNotes(o, was)
	alone := s.lastWrite(mark)

	w.op.stop()
	s.edit(o, f.change)
	s.setPassword(rotated)
	first, rest := refused, refused
	first.Code, first.Text, first.Times = code, injectedText, 1
	rest.Code, rest.Text = code, injectedText
	if alone.Operator == refused.Operator && alone.Operation == refused.Operation {
		rest.Nth = 3 // the second is the password's, if it is sent at all
	}
	s.plesk.Inject(first)
	s.plesk.Inject(rest)
	mark = w.journal.mark()
	w.op.start()
	refusal := fmt.Sprintf("Plesk error %d", code)
	s.eventuallySays(o, reason, refusal)
	s.settleBy(s.nudge, o)
	s.Expect(s.took(mark, rotated)).NotTo(Equal(r.is.bound))
	writes := len(s.writes(mark))
	s.settleBy(s.nudge, o)
	if outcomes[codes[code]].stalled {
		s.Expect(s.writes(mark)).To(HaveLen(writes))
	}
	s.Expect(value()).To(Equal(f.initial))
	s.eventuallySays(o, reason, refusal)

	s.plesk.ClearFaults()
	s.request(o)
	s.eventually(value).Should(Equal(f.changed))
	s.eventuallyReady(o)
	s.Expect(s.took(mark, rotated)).To(BeTrue())
}

// eventuallyNotes waits until other values than before are known to have been written.
func (s *site) eventuallyNotes(o v1alpha1.Object, was map[string]string) {
	GinkgoHelper()
	s.eventually(func() map[string]string { return s.state(o).Inputs }).Should(And(Not(Equal(was)), Not(ContainElement("unclear"))))
}

// password is the value in the Secret.
func (s *site) password() string {
	GinkgoHelper()
	secret := &corev1.Secret{}
	s.Expect(bed.Client.Get(s, client.ObjectKey{Namespace: s.ns, Name: s.secretName()}, secret)).To(Succeed())
	s.Expect(secret.Data["password"]).NotTo(BeEmpty())
	return string(secret.Data["password"])
}

// setPassword changes the value in the Secret.
func (s *site) setPassword(value string) {
	s.Eventually(func() error {
		secret := &corev1.Secret{}
		if err := bed.Client.Get(s, client.ObjectKey{Namespace: s.ns, Name: s.secretName()}, secret); err != nil {
			return err
		}
		secret.Data["password"] = []byte(value)
		return bed.Client.Update(s, secret)
	}).Within(waits).ProbeEvery(50 * time.Millisecond).Should(Succeed())
}
