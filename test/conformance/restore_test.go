// A cluster that comes back from a backup: without its statuses, with them, or as it was yesterday. What is on the server is found
// again, nothing is made in place of what is not, and nothing is deleted.

package conformance

import (
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	apitypes "k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

func (r *row) restores() {
	for _, c := range []struct {
		what   string
		status bool
	}{{"without its statuses", false}, {"with its statuses", true}} {
		r.keep("is found again, and nothing is made or deleted, when the cluster is restored "+c.what, func(w *world) {
			s, o, before := r.ready(w)
			own := r.own(s, before)
			w.op.stop()
			mark := w.journal.mark()
			o = s.restored(o, c.status)
			w.op.start()
			if r.does(opaque) && !c.status {
				r.takenAgain(s, o, own, before, mark)
				return
			}
			s.eventuallyReady(o)
			s.settle(o)
			r.foundAgain(s, o, own, before, mark)
		})

		if r.implicit() {
			continue
		}
		r.keep("is not made in place of what has gone when the cluster is restored "+c.what, func(w *world) {
			s, o, before := r.ready(w)
			w.op.stop()
			mark := w.journal.mark()
			o = s.restored(o, c.status)
			r.remove(s, r.own(s, before).id)
			w.op.start()
			if c.status && r.does(stateless) { // what is recorded and holds nothing is made again, as at any other time
				s.eventually(func() int { return len(r.sorted(s)) }).Should(Equal(len(before) + 1))
				s.settle(o)
				s.eventuallyReady(o)
				r.correct(s, r.own(s, before).id)
				return
			}
			s.eventuallySays(o, v1alpha1.ReasonGoneOnServer)
			s.settle(o)
			s.Expect(s.state(o).Awaiting).To(HaveValue(HaveField("Permit", v1alpha1.PermitRecreate)))
			s.delete(o)
			s.eventuallyGone(o)
			s.Expect(w.writes(mark)).To(BeEmpty())
			r.left(s, before)
		})
	}

	if !r.does(discloser) {
		r.keep("stays on the server, and is found again, when the cluster is as it was before its resource was made", func(w *world) {
			s, o, before := r.ready(w)
			own := r.own(s, before)
			w.op.stop()
			mark := w.journal.mark()
			s.unmake(o)
			w.op.start()
			s.eventuallyReady(s.server)
			again := r.object(s)
			s.create(again)
			if r.does(opaque) {
				r.takenAgain(s, again, own, before, mark)
				return
			}
			s.eventuallyReady(again)
			s.settle(again)
			r.foundAgain(s, again, own, before, mark)
		})
	}

	if r.implicit() || r.numbered == "" {
		return
	}
	r.keep("is not deleted a second time when the cluster is as it was while its resource was being deleted", func(w *world) {
		s, o, before := r.ready(w)
		w.op.stop()
		mark := w.journal.mark()
		s.delete(o)
		r.remove(s, r.own(s, before).id)
		r.add(s, false, noMark) // and somebody has made another one of its name since
		others := r.sorted(s)
		w.op.start()
		r.eventuallyLetGo(s, o)
		s.Expect(w.writes(mark)).To(BeEmpty())
		r.left(s, others)
	})
}

// foundAgain checks that an object is the one that was there before, and that all that was written to it is whose it is by now.
func (r *row) foundAgain(s *site, o v1alpha1.Object, was external, before []external, mark int) {
	GinkgoHelper()
	own := r.own(s, before)
	s.Expect(own.id).To(Equal(was.id))
	s.Expect(s.state(o).ID).To(Equal(was.id))
	r.correct(s, own.id)
	writes := s.writes(mark)
	if r.marked && !r.fixed {
		r.bearsMark(s, o, own)
		s.Expect(writes).To(HaveExactElements(And(ContainSubstring(string(o.GetUID())), Not(MatchRegexp("(?i)passw")))), "the mark of the new resource, and nothing else")
	} else {
		s.Expect(writes).To(BeEmpty())
	}
	s.settle(o)
	s.Expect(s.writes(mark)).To(HaveLen(len(writes)))
}

// takenAgain checks that what tells nothing but its name is left alone until somebody says that it may be written.
func (r *row) takenAgain(s *site, o v1alpha1.Object, was external, before []external, mark int) {
	GinkgoHelper()
	s.eventuallySays(o, v1alpha1.ReasonAlreadyExists, "adoptionPolicy: Always")
	s.settle(o)
	s.Expect(s.writes(mark)).To(BeEmpty())
	s.edit(o, func(o v1alpha1.Object) { o.Common().AdoptionPolicy = v1alpha1.AdoptionPolicyAlways })
	s.eventuallyReady(o)
	own := r.own(s, before)
	s.Expect([]string{own.id, s.state(o).ID}).To(Equal([]string{was.id, was.id}))
	r.correct(s, own.id)
	s.settle(o)
	s.Expect(s.writes(mark)).To(HaveLen(1), "it was written once")
}

// eventuallyLetGo waits until a resource that is being deleted has gone, by itself or, where it cannot be told whose the object is, with Retain.
func (r *row) eventuallyLetGo(s *site, o v1alpha1.Object) {
	GinkgoHelper()
	s.eventually(func() bool { return seen.get(o) == nil || s.ready(o).Reason == v1alpha1.ReasonDeletionBlocked }).Should(BeTrue())
	if seen.get(o) == nil {
		return
	}
	s.settle(o)
	s.edit(o, func(o v1alpha1.Object) { o.Common().DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) })
	s.eventuallyGone(o)
}

// restored puts a resource back as a backup tool does, while no operator looks: with its finalizers, with another UID, and with the
// status that it had or none.
func (s *site) restored(o v1alpha1.Object, withStatus bool) v1alpha1.Object {
	GinkgoHelper()
	kept := seen.get(o).DeepCopyObject().(v1alpha1.Object)
	s.unmake(o)
	again := kept.DeepCopyObject().(v1alpha1.Object)
	again.SetResourceVersion("")
	again.SetUID("")
	again.SetCreationTimestamp(metav1.Time{})
	again.SetFinalizers([]string{v1alpha1.Finalizer})
	s.create(again)
	s.Expect(again.GetUID()).NotTo(Equal(o.GetUID()))
	if withStatus {
		kept.SetUID(again.GetUID())
		kept.SetResourceVersion(again.GetResourceVersion())
		s.Expect(bed.Client.Status().Update(s, kept)).To(Succeed())
	}
	return again
}

// unmake takes a resource out of the cluster with nobody looking.
func (s *site) unmake(o v1alpha1.Object) {
	GinkgoHelper()
	s.Expect(bed.Client.Patch(s, o, client.RawPatch(apitypes.MergePatchType, []byte(`{"metadata":{"finalizers":null}}`)))).To(Succeed())
	s.delete(o)
	s.eventuallyGone(o)
}

// recreations are about what somebody deletes on the server again and again.
func (r *row) recreations() {
	r.keep("is made again unasked where its recreationPolicy or the server's says so, as often within an hour as the server allows", func(w *world) {
		s, o, before := r.ready(w)
		s.editServer(func(srv *v1alpha1.PleskServer) {
			srv.Spec.RecreationPolicy, srv.Spec.MaxRecreationsPerHour = v1alpha1.RecreationPolicyRecreate, new(int32(1))
		})
		r.madeAgain(s, o, before)

		r.remove(s, r.own(s, before).id)
		mark := w.journal.mark()
		s.request(o)
		s.eventuallySays(o, v1alpha1.ReasonGoneOnServer, "1 recreations for the hour", "maxRecreationsPerHour")
		s.settle(o)
		s.Expect(w.writes(mark)).To(BeEmpty())
		r.left(s, before)
		s.editServer(func(srv *v1alpha1.PleskServer) { srv.Spec.MaxRecreationsPerHour = new(int32(2)) })
		s.eventuallyReady(o)
		r.correct(s, r.own(s, before).id)

		s.editServer(func(srv *v1alpha1.PleskServer) {
			srv.Spec.RecreationPolicy, srv.Spec.MaxRecreationsPerHour = v1alpha1.RecreationPolicyReport, new(int32(9))
		})
		s.edit(o, func(o v1alpha1.Object) { o.Common().RecreationPolicy = new(v1alpha1.RecreationPolicyRecreate) })
		s.eventuallyReady(o)
		r.madeAgain(s, o, before)

		s.editServer(func(srv *v1alpha1.PleskServer) { srv.Spec.RecreationPolicy = v1alpha1.RecreationPolicyRecreate })
		s.edit(o, func(o v1alpha1.Object) { o.Common().RecreationPolicy = new(v1alpha1.RecreationPolicyReport) })
		s.eventuallyReady(o)
		r.remove(s, r.own(s, before).id)
		mark = w.journal.mark()
		s.request(o)
		s.eventuallySays(o, v1alpha1.ReasonGoneOnServer, "spec.recreationPolicy")
		s.settle(o)
		s.Expect(w.writes(mark)).To(BeEmpty())
		r.left(s, before)
	})

	r.keep("is made again, once, when the answer to that is lost, too", func(w *world) {
		s, o, before := r.ready(w)
		old := r.own(s, before)
		s.edit(o, func(o v1alpha1.Object) { o.Common().RecreationPolicy = new(v1alpha1.RecreationPolicyRecreate) })
		s.eventuallyReady(o)
		r.remove(s, old.id)
		s.plesk.Inject(r.atAdd(lostAnswer))
		s.request(o)
		r.eventuallyAnew(s, o, old.id)
		s.eventuallyReady(o)
		s.Expect(s.state(o).Pending).To(BeNil())
		own := r.own(s, before)
		s.Expect(own.id).To(Equal(s.state(o).ID))
		r.correct(s, own.id)
		s.delete(o)
		s.eventuallyGone(o)
		r.left(s, before)
	}, packetsWithin(5*time.Second))
}

// madeAgain removes the object from the server and waits until it is there again.
func (r *row) madeAgain(s *site, o v1alpha1.Object, before []external) {
	GinkgoHelper()
	old := r.own(s, before).id
	r.remove(s, old)
	s.request(o)
	r.eventuallyAnew(s, o, old)
	s.eventuallyReady(o)
	own := r.own(s, before)
	s.Expect(own.id).To(Equal(s.state(o).ID))
	r.correct(s, own.id)
}

// eventuallyAnew waits until the resource of an object that was removed has recorded another one, or where a name is all that it has, until that is
// there again.
func (r *row) eventuallyAnew(s *site, o v1alpha1.Object, old string) {
	GinkgoHelper()
	if r.numbered != "" || r.does(discloser) { // another secret is another object
		s.eventually(func() string { return s.state(o).ID }).ShouldNot(Or(BeEmpty(), Equal(old)))
		return
	}
	s.eventually(func() bool { return slices.ContainsFunc(r.list(s), func(e external) bool { return e.id == old }) }).Should(BeTrue())
	s.settle(o) // it is there before the pass that has made it ends
	s.Expect(s.state(o).ID).To(Equal(old))
}
