// Two attributes or no write: what the operator recorded of its object and what the server has now agree in one thing less.

package conformance

import (
	"cmp"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// upset is what has happened to an attribute of an object of ours.
type upset struct {
	what   string
	belies []string // the attributes that do not agree any more
	does   func(r *row, s *site, o v1alpha1.Object, own, stranger external)
}

// exchanged ids take ids that the server gives.
const exchanged = "its id and a neighbour's were exchanged on the server"

var upsets = []upset{
	{exchanged, []string{"id"}, func(r *row, s *site, _ v1alpha1.Object, own, stranger external) {
		a, b := number(s, own.id), number(s, stranger.id)
		s.Expect(s.plesk.Renumber(r.numbered, map[int64]int64{a: b, b: a})).To(Succeed())
	}},
	{"its GUID was reset on the server", []string{"guid"}, func(r *row, s *site, _ v1alpha1.Object, own, _ external) {
		s.Expect(s.plesk.SetGUID(r.numbered, number(s, own.id), "")).To(Succeed())
	}},
	{"the recorded id is a neighbour's", []string{"id"}, func(_ *row, s *site, o v1alpha1.Object, _, stranger external) {
		s.falsify(o, func(c *v1alpha1.CommonStatus) { c.ID = stranger.id })
	}},
	{"the recorded GUID is a neighbour's", []string{"guid"}, func(_ *row, s *site, o v1alpha1.Object, _, stranger external) {
		s.falsify(o, func(c *v1alpha1.CommonStatus) { c.GUID = stranger.guid })
	}},
	{"the recorded key is a neighbour's", []string{"key"}, func(_ *row, s *site, o v1alpha1.Object, _, stranger external) {
		s.falsify(o, func(c *v1alpha1.CommonStatus) { c.Key = stranger.key })
	}},
	{"the recorded id and key are a neighbour's", []string{"id", "key"}, func(_ *row, s *site, o v1alpha1.Object, _, stranger external) {
		s.falsify(o, func(c *v1alpha1.CommonStatus) { c.ID, c.Key = stranger.id, stranger.key })
	}},
}

// successor has what we made removed, and somebody make another one whose id and name are those of ours: what the server said of it
// when it was made, and our mark, are all that tell them apart.
var successor = upset{"it was removed, and its id and its name were given again", []string{"guid", "mark"}, func(r *row, s *site, _ v1alpha1.Object, own, _ external) {
	r.remove(s, own.id)
	without := r.sorted(s)
	r.add(s, false, noMark)
	s.Expect(s.plesk.Renumber(r.numbered, map[int64]int64{number(s, r.own(s, without).id): number(s, own.id)})).To(Succeed())
}}

func (r *row) identities() {
	for _, u := range upsets {
		if !r.guided && slices.Contains(u.belies, "guid") || !r.recorded(u) || r.numbered == "" && u.what == exchanged {
			continue // what agrees in nothing that is recorded, and with a neighbour in all of it, is that neighbour
		}
		r.upsetBy(u)
	}

	if r.implicit() {
		return
	}
	if r.guided {
		r.upsetBy(successor)
		r.keep("is left alone when it was removed, and its id and its name were given again to one that is as the spec says", func(w *world) {
			s, o, before := r.ready(w)
			own := r.own(s, before)
			w.op.stop()
			successor.does(r, s, o, own, own)
			now := r.sorted(s)
			mark := w.journal.mark()
			w.op.start()
			s.eventuallySays(o, v1alpha1.ReasonAlreadyExists, own.guid)
			r.letGo(s, o, mark, now)
		})
		r.keep("is written to, and deleted, by its GUID", func(w *world) {
			s, o, before := r.ready(w)
			own := r.own(s, before)
			mark := w.journal.mark()
			s.edit(o, r.fields[0].change)
			s.eventuallyReady(o)
			s.delete(o)
			s.eventuallyGone(o)
			s.Expect(w.writes(mark)).To(HaveEach(ContainSubstring(own.guid)), "its id may be another one's before the packet arrives")
		})
	}
	if r.stray != nil {
		r.keep("is neither moved nor deleted when it is found in something else than was recorded", func(w *world) {
			s, o, before := r.ready(w)
			w.op.stop()
			r.stray(s, r.own(s, before).id)
			now := r.sorted(s)
			mark := w.journal.mark()
			w.op.start()
			s.eventuallySays(o, v1alpha1.ReasonAlreadyExists, "recorded is")
			r.letGo(s, o, mark, now, "not deleted")
		})
	}
	if r.numbered == "" {
		return
	}
	r.keep("is gone, and no other is written to, when its id was given again", func(w *world) {
		s, o, before := r.ready(w)
		own, stranger := r.own(s, before), r.neighbourIn(s, before)
		w.op.stop()
		r.remove(s, own.id)
		s.Expect(s.plesk.Renumber(r.numbered, map[int64]int64{number(s, stranger.id): number(s, own.id)})).To(Succeed())
		others := r.sorted(s)
		mark := w.journal.mark()
		s.edit(o, r.fields[0].change)
		w.op.start()
		if r.does(stateless) && !r.local {
			s.eventuallyReady(o)
			s.Expect(s.state(o).ID).NotTo(Equal(own.id))
			s.Expect(r.own(s, others).id).To(Equal(s.state(o).ID))
		} else {
			// In its own place it may be the object, renamed: nobody can tell.
			s.eventuallySays(o, v1alpha1.ReasonGoneOnServer)
			s.Expect(s.writes(mark)).To(BeEmpty())
		}
		s.delete(o)
		s.eventuallyGone(o)
		r.left(s, others)
	})
}

// upsetBy promises what becomes of an object of ours after an upset.
func (r *row) upsetBy(u upset) {
	r.keep("is proven by two attributes, and no other is written to, when "+u.what, func(w *world) {
		s, o, before := r.ready(w)
		own, stranger := r.own(s, before), r.neighbourIn(s, before)
		w.op.stop()
		u.does(r, s, o, own, stranger)
		now := r.sorted(s) // ids may be others, and are part of what some rows show

		// One of our name may lie in another place.
		elsewhere := slices.DeleteFunc(slices.Clone(before), func(e external) bool { return e == own })
		others := slices.DeleteFunc(slices.Clone(now), func(e external) bool { return e.key == own.key && !slices.Contains(elsewhere, e) })
		s.Expect(others).To(HaveLen(len(now) - 1))
		s.edit(o, r.fields[0].change)
		if r.fixed { // else what is there by its name is as the spec says, and may be taken over
			s.edit(o, func(o v1alpha1.Object) { o.Common().AdoptionPolicy = v1alpha1.AdoptionPolicyNever })
		}
		w.op.start()
		r.afterUpset(s, o, u, now, others)
	})
}

// afterUpset checks what became of a change of the spec, and of a deletion.
func (r *row) afterUpset(s *site, o v1alpha1.Object, u upset, now, others []external) {
	GinkgoHelper()
	f, ours := r.fields[0], now[slices.IndexFunc(now, func(e external) bool { return !slices.Contains(others, e) })]
	if r.proven(u) || r.implicit() { // what comes with its parent is found in any case
		s.eventuallyReady(o)
		if r.proven(u) {
			s.Expect(f.read(s, ours.id)).To(Equal(f.changed))
		}
		state := s.state(o)
		s.Expect([]string{state.ID, state.GUID}).To(Equal([]string{ours.id, ours.guid}))
		s.Expect(r.sorted(s)).To(And(HaveLen(len(now)), ContainElements(others)))
		s.delete(o)
		s.eventuallyGone(o)
		if !r.implicit() {
			r.left(s, others)
		}
		s.Expect(r.sorted(s)).To(ContainElements(others))
		return
	}
	mark := s.journal.mark()
	s.eventuallySays(o, v1alpha1.ReasonAlreadyExists)
	s.settle(o)
	r.letGo(s, o, mark, now)
}

// letGo deletes the resource of what is another object by now: that is blocked, for what texts say, until it is to stay, and nothing was written since mark.
func (r *row) letGo(s *site, o v1alpha1.Object, mark int, now []external, texts ...string) {
	s.delete(o)
	s.eventuallySays(o, v1alpha1.ReasonDeletionBlocked, append(texts, "deletionPolicy: Retain")...)
	s.edit(o, func(o v1alpha1.Object) { o.Common().DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) })
	s.eventuallyGone(o)
	s.Expect(s.writes(mark)).To(BeEmpty())
	r.left(s, now)
}

// proven says whether two attributes agree still. A GUID that is another one, without a mark, is another object's.
func (r *row) proven(u upset) bool {
	agree := r.agreeing(u)
	return len(agree) >= 2 && (slices.Contains(agree, "mark") || slices.Contains(agree, "guid") == r.guided)
}

// recorded says whether an upset leaves something as it was recorded. A mark is not: what bears none may have been adopted.
func (r *row) recorded(u upset) bool {
	return slices.ContainsFunc(r.agreeing(u), func(attribute string) bool { return attribute != "mark" })
}

// agreeing are the attributes of a kind that an upset leaves as they were recorded.
func (r *row) agreeing(u upset) []string {
	attributes := []string{"id", "key"}
	if r.guided {
		attributes = append(attributes, "guid")
	}
	if r.marked {
		attributes = append(attributes, "mark")
	}
	return slices.DeleteFunc(attributes, func(a string) bool { return slices.Contains(u.belies, a) })
}

// neighbourIn is the object that prepare has made beside that of the resource.
func (r *row) neighbourIn(s *site, before []external) external {
	GinkgoHelper()
	i := slices.IndexFunc(before, func(e external) bool { return strings.Contains(e.key, cmp.Or(r.neighbour, "neighbour")) })
	s.Expect(i).To(BeNumerically(">=", 0), "there is no neighbour")
	return before[i]
}

// falsify changes what the operator has recorded.
func (s *site) falsify(o v1alpha1.Object, change func(*v1alpha1.CommonStatus)) {
	GinkgoHelper()
	now := seen.get(o).DeepCopyObject().(v1alpha1.Object)
	change(now.State())
	s.Expect(bed.Client.Status().Update(s, now)).To(Succeed())
}
