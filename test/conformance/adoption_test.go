// Objects that are on the server already: whose they are, and what becomes of them.

package conformance

import (
	"fmt"
	"slices"
	"strings"

	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

const (
	noMark      = ""
	anothers    = "billing-4711"
	billingUUID = "0d9f1c52-7f0e-4c06-8a53-91be5a3f7712" // as billing systems use them
	elsewhere   = "plesk-operator:0123456789abcdef:0d9f1c52-7f0e-4c06-8a53-91be5a3f7712"
)

// storedPassword is one that a user has put into a Secret before anything was adopted.
const storedPassword = "Stored-2031-xyz"

func (r *row) adoption() {
	for _, c := range []struct {
		policy    v1alpha1.AdoptionPolicy
		differing bool
		mark      string
		adopted   bool
	}{
		{v1alpha1.AdoptionPolicyNever, false, noMark, false},
		{v1alpha1.AdoptionPolicyNever, true, noMark, false},
		{v1alpha1.AdoptionPolicyNever, false, anothers, false},
		{v1alpha1.AdoptionPolicyIfMatching, false, noMark, true},
		{v1alpha1.AdoptionPolicyIfMatching, true, noMark, false},
		{v1alpha1.AdoptionPolicyIfMatching, false, anothers, true},
		{v1alpha1.AdoptionPolicyIfMatching, false, billingUUID, true},
		{v1alpha1.AdoptionPolicyIfMatching, true, billingUUID, false},
		{v1alpha1.AdoptionPolicyIfMatching, false, elsewhere, false},
		{v1alpha1.AdoptionPolicyAlways, false, noMark, true},
		{v1alpha1.AdoptionPolicyAlways, true, noMark, true},
		{v1alpha1.AdoptionPolicyAlways, true, anothers, true},
	} {
		if c.mark != noMark && r.mark == nil || c.differing && (r.alike || r.fixed && c.adopted) {
			continue
		}
		what := "identical"
		if c.differing {
			what = "different"
		}
		if c.mark != noMark {
			what += " and marked " + c.mark
		}
		if r.does(opaque) && c.policy == v1alpha1.AdoptionPolicyIfMatching {
			c.adopted = false // nothing tells that it matches
		}
		verb := "leaves alone"
		if c.adopted {
			verb = "adopts"
		}
		r.keep(fmt.Sprintf("%s, with adoptionPolicy %s, what is %s", verb, c.policy, what), func(w *world) {
			s, neighbours := r.furnish(w)
			r.add(s, c.differing, c.mark)
			given := r.own(s, neighbours)
			o := r.object(s)
			o.Common().AdoptionPolicy = c.policy
			if r.hasPassword() {
				s.givePassword("By-Hand-2031-x")
			}
			s.create(o)
			if c.adopted {
				r.adopted(s, o, given, neighbours)
			} else {
				r.spared(s, o, given, neighbours)
			}
		})
	}

	if r.mark != nil {
		r.remarked()
	}
	if r.hasPassword() {
		r.withoutPassword()
	}

	if r.hasPassword() {
		r.keep("has the password of its Secret written when adoptionPolicy Always takes it over, and with IfMatching only when that changes", func(w *world) {
			for policy, sent := range map[v1alpha1.AdoptionPolicy]bool{v1alpha1.AdoptionPolicyAlways: true, v1alpha1.AdoptionPolicyIfMatching: false} {
				s, neighbours := r.furnish(w)
				r.add(s, false, noMark)
				id := r.own(s, neighbours).id
				s.givePassword(storedPassword)
				o := r.object(s)
				o.Common().AdoptionPolicy = policy
				mark := w.journal.mark()
				s.create(o)
				s.eventuallyReady(o)
				s.settle(o)
				s.Expect(s.state(o).ID).To(Equal(id))
				s.Expect(strings.Contains(strings.Join(w.writes(mark), ""), storedPassword)).To(Equal(sent), "%s", policy)
				mark = w.journal.mark()
				s.setPassword(rotated)
				s.eventually(func() string { return strings.Join(w.writes(mark), "") }).Should(ContainSubstring(rotated), "%s", policy)
			}
		})
	}

	r.keep("is one resource's: the older one's, and the other says whose", func(w *world) {
		s, o, before := r.ready(w)
		own := r.own(s, before)
		second := r.object(s)
		second.SetName(o.GetName() + "-2")
		s.create(second)
		s.eventuallySays(second, v1alpha1.ReasonOwnedByAnother, o.GetName())
		s.delete(second)
		s.eventuallyGone(second)
		s.Expect(r.own(s, before)).To(Equal(own))
	})
}

// remarked is about the objects of kinds that have a place for a mark.
func (r *row) remarked() {
	r.keep("stops where somebody has put another mark over ours", func(w *world) {
		s, o, before := r.ready(w)
		own := r.own(s, before)
		r.mark(s, own.id, anothers)
		marked := r.own(s, before)
		s.edit(o, r.fields[0].change)
		s.eventuallySays(o, v1alpha1.ReasonOwnedByAnother, anothers)
		s.delete(o)
		s.eventuallySays(o, v1alpha1.ReasonDeletionBlocked, anothers)
		s.Expect(r.own(s, before)).To(Equal(marked))
		s.edit(o, func(o v1alpha1.Object) { o.Common().DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) })
		s.eventuallyGone(o)
		s.Expect(r.own(s, before)).To(Equal(marked))
	})
}

// withoutPassword is about objects whose passwords nobody has: they are needed to make an object, not to manage one.
func (r *row) withoutPassword() {
	for _, p := range []v1alpha1.AdoptionPolicy{v1alpha1.AdoptionPolicyIfMatching, v1alpha1.AdoptionPolicyAlways} {
		r.keep(fmt.Sprintf("adopts, with adoptionPolicy %s, what is there without its Secret, and leaves its password", p), func(w *world) {
			s, neighbours := r.furnish(w)
			r.add(s, p == v1alpha1.AdoptionPolicyAlways, noMark)
			given := r.own(s, neighbours)
			o := r.object(s)
			o.Common().AdoptionPolicy = p
			s.create(o)
			s.eventuallyReady(o)
			s.settle(o)
			own := r.own(s, neighbours)
			s.Expect(own.id).To(Equal(given.id))
			r.correct(s, own.id)
			for _, packet := range s.writes(0) {
				s.Expect(packet).NotTo(MatchRegexp("(?i)passw"))
			}
			err := bed.Client.Get(s, client.ObjectKey{Namespace: s.ns, Name: s.secretName()}, &corev1.Secret{})
			s.Expect(apierrors.IsNotFound(err)).To(BeTrue(), "%v", err)
		})
	}
}

// adopted checks that the object is taken over, that this is recorded before anything is written to it, and that it is ours for good.
func (r *row) adopted(s *site, o v1alpha1.Object, given external, neighbours []external) {
	s.eventuallyReady(o)
	own := r.own(s, neighbours)
	s.Expect(own.id).To(Equal(given.id))
	r.correct(s, own.id)
	if given.mark != noMark {
		s.Expect(own.mark).To(Equal(given.mark), "another system's external id was replaced")
	} else if !r.is.lasting {
		r.bearsMark(s, o, own)
	}
	s.Expect(s.recordedFirst(o, own.id)).To(BeTrue(), "it was written to before it was recorded:\n%s", s.journal)
	s.Expect(s.heldAfter(o, recordOfID(own.id))).To(BeTrue(), "it was held before it was recorded:\n%s", s.journal)
	s.delete(o)
	if r.does(unproven) {
		s.eventuallySays(o, v1alpha1.ReasonDeletionBlocked, "was on the server before this resource", "deletionPolicy: Retain")
		s.edit(o, func(o v1alpha1.Object) { o.Common().DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) })
		s.eventuallyGone(o)
		s.Expect(r.own(s, neighbours)).To(Equal(own))
		return
	}
	s.eventuallyGone(o)
	r.left(s, neighbours)
}

// spared checks that the object stays as it was, whatever becomes of the resource.
func (r *row) spared(s *site, o v1alpha1.Object, given external, neighbours []external) {
	s.eventuallySays(o, v1alpha1.ReasonAlreadyExists)
	s.Expect(s.has(o, v1alpha1.ConditionStalled)).To(BeTrue())
	s.settle(o)
	s.Expect(s.state(o).ID).To(BeEmpty())
	s.delete(o)
	s.eventuallyGone(o)
	s.Expect(r.own(s, neighbours)).To(Equal(given))
	s.Expect(s.writes(0)).To(BeEmpty())
}

// recordedFirst reports whether the id was in the status before the first packet that writes.
func (w *world) recordedFirst(o v1alpha1.Object, id string) bool {
	record := w.recorded(o, recordOfID(id))
	write := slices.IndexFunc(w.journal.since(0), func(e entry) bool { return e.packet && e.writes })
	return record >= 0 && (write < 0 || record < write)
}

// How records read in a status.
const recordOfCreate = `"pending":{`

func recordOfID(id string) string { return `"id":"` + id + `"` }

// recorded is where the journal has the first write of a record into an object's status, negative for none.
func (w *world) recorded(o v1alpha1.Object, record string) int {
	status := " " + w.resourceOf(o) + "/status"
	return slices.IndexFunc(w.journal.since(0), func(e entry) bool {
		return !e.packet && strings.HasSuffix(e.name, status) && strings.Contains(e.body, record)
	})
}

// heldAfter reports whether an object got the finalizer after a record: else a finalizer would be no sign that there was one.
func (w *world) heldAfter(o v1alpha1.Object, record string) bool {
	held := slices.IndexFunc(w.journal.since(0), func(e entry) bool {
		return e.name == "PATCH "+w.resourceOf(o) && strings.Contains(e.body, v1alpha1.Finalizer)
	})
	at := w.recorded(o, record)
	return at >= 0 && at < held
}
