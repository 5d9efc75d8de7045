// Nothing is destroyed that is not described: what lies in an object on the server, and that nobody there has told us about.

package conformance

import (
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// namesShown is how many of the things that block a deletion a message names.
const namesShown = 5

// withContents has a resource say beforehand that what lies in its object may go with it.
func withContents(o v1alpha1.Object) {
	o.Common().DeletionPolicy = new(v1alpha1.DeletionPolicyDeleteWithContents)
}

func (r *row) cascades() {
	r.keep("is not deleted with what nobody describes, but by a permit for exactly that", func(w *world) {
		s, before := r.furnish(w)
		empty := photograph(s)
		o := r.object(s)
		s.create(o)
		s.eventuallyReady(o)
		inside := r.fill(s, r.own(s, before).id, 1)
		mark := w.journal.mark()
		s.delete(o)
		s.eventuallySays(o, v1alpha1.ReasonDeletionBlocked, "what no resource describes", "deletionPolicy: Retain")
		s.namesSome(o, inside)
		s.settle(o)
		first := s.state(o).Awaiting
		s.Expect(first).To(HaveValue(HaveField("Permit", v1alpha1.PermitDataLoss)))
		s.approve(o, v1alpha1.AwaitedPermit{Permit: v1alpha1.PermitRecreate, Token: first.Token})
		s.approve(o, v1alpha1.AwaitedPermit{Permit: v1alpha1.PermitDataLoss, Token: strings.Repeat("0", len(first.Token))})
		inside = append(inside, r.fill(s, r.own(s, before).id, 2)...)
		s.approve(o, *first) // of what lay in it before
		s.settle(o)
		s.namesSome(o, inside)
		s.Expect(w.writes(mark)).To(BeEmpty())
		second := s.state(o).Awaiting
		s.Expect(second.Token).NotTo(Equal(first.Token))
		s.Expect(second.About).To(HaveLen(len(inside)), "whoever permits it sees all of it")
		for _, thing := range inside {
			s.Expect(second.About).To(ContainElement(ContainSubstring(thing)))
		}

		used := s.approve(o, *second)
		s.eventuallyGone(o)
		approvals := &v1alpha1.PleskApprovalList{}
		s.Expect(bed.Client.List(s, approvals, client.InNamespace(s.ns))).To(Succeed())
		for _, a := range approvals.Items {
			s.Expect(a.Status.UsedAt != nil).To(Equal(a.Name == used), "used: %s", a.Name)
		}
		s.Expect(photograph(s)).To(Equal(empty))
		s.Expect(s.deletions()).To(Equal(1 + len(inside)))
	})

	if r.withContents {
		r.keep("is deleted with what nobody describes where its deletionPolicy says so", func(w *world) {
			s, before := r.furnish(w)
			empty := photograph(s)
			o := r.object(s)
			withContents(o)
			s.create(o)
			s.eventuallyReady(o)
			inside := r.fill(s, r.own(s, before).id, 1)
			s.delete(o)
			s.eventuallyGone(o)
			s.Expect(photograph(s)).To(Equal(empty))
			s.Expect(s.deletions()).To(Equal(1 + len(inside)))
		})
	}

	r.keep("waits with its deletion for as many as it takes along, and for ever where none are allowed", func(w *world) {
		s, o, before := r.ready(w)
		spent := &v1alpha1.PleskServicePlan{
			ObjectMeta: metav1.ObjectMeta{Name: s.name + "-spent"}, Spec: v1alpha1.PleskServicePlanSpec{CommonSpec: s.common(), PlanName: "spent"},
		}
		s.create(spent)
		s.eventuallyReady(spent)
		s.delete(spent)
		s.eventuallyGone(spent)
		inside := len(r.fill(s, r.own(s, before).id, 1))

		mark := w.journal.mark()
		s.limitDeletions(0)
		s.delete(o)
		s.eventuallySays(o, v1alpha1.ReasonDeletionBlocked, "what no resource describes")
		s.approve(o, *s.state(o).Awaiting)
		s.eventuallySays(o, v1alpha1.ReasonDeletionBlocked, "0 deletions for the hour")
		s.limitDeletions(1 + inside)
		s.eventuallySays(o, v1alpha1.ReasonDeletionBlocked, fmt.Sprintf("%d deletions for the hour", 1+inside))
		s.settle(o)
		s.Expect(w.writes(mark)).To(BeEmpty())
		s.limitDeletions(2 + inside)
		s.eventuallyGone(o)
		s.Expect(s.deletions()).To(Equal(2 + inside))
		r.left(s, before)
	})
}

// withoutContents promises that only kinds that are meant to have it have the policy that takes along what nobody describes.
func (r *row) withoutContents() {
	r.keep("does not know the deletionPolicy DeleteWithContents", func(w *world) {
		s, _ := r.furnish(w)
		o := r.object(s)
		o.SetNamespace(s.ns)
		withContents(o)
		err := bed.Client.Create(s, o)
		s.Expect(apierrors.IsInvalid(err)).To(BeTrue(), "%v", err)
		s.Expect(err.Error()).To(ContainSubstring("DeleteWithContents"))
	})
}

// namesSome waits until a message names some of the things and counts the others.
func (s *site) namesSome(o v1alpha1.Object, things []string) {
	GinkgoHelper()
	s.Expect(things).NotTo(BeEmpty())
	s.eventually(func() int {
		message, n := s.ready(o).Message, 0
		for _, t := range things {
			if strings.Contains(message, t) {
				n++
			}
		}
		return n
	}).Should(Equal(min(len(things), namesShown)), "names in the message of %s", o.GetName())
	if more := len(things) - namesShown; more > 0 {
		s.Expect(s.ready(o).Message).To(ContainSubstring("and %d more", more))
	}
}

// deletions is how many the server has noted within the hour.
func (s *site) deletions() int {
	n := 0
	for _, c := range seen.get(s.server).(*v1alpha1.PleskServer).Status.RecentDeletions {
		n += int(c.Count)
	}
	return n
}

// limitDeletions sets the server's hourly limit.
func (s *site) limitDeletions(n int) {
	GinkgoHelper()
	s.editServer(func(srv *v1alpha1.PleskServer) { srv.Spec.MaxDeletionsPerHour = new(int32(n)) }) // a small number
}

// editServer changes the site's PleskServer and waits until that is known.
func (s *site) editServer(change func(*v1alpha1.PleskServer)) {
	GinkgoHelper()
	s.eventually(func() error {
		if err := bed.Client.Get(s, client.ObjectKeyFromObject(s.server), s.server); err != nil {
			return err
		}
		change(s.server)
		return bed.Client.Update(s, s.server)
	}).Should(Succeed())
	s.eventuallyReady(s.server)
}

// photograph is all that a server has of the kinds that have rows.
func photograph(s *site) map[string][]external {
	GinkgoHelper()
	out := map[string][]external{}
	for _, r := range rows {
		out[r.kind] = r.sorted(s)
	}
	return out
}
