// Subscriptions: names that are taken, and what becomes of an override that is taken back.

package e2e

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

var _ = Describe("A subscription", func() {
	It("is told that its system user's name is taken, not its domain's", func() {
		w := readyWorld()
		w.setUp()
		second := newSubscription("second.example", "acme", "birch-small")
		second.Spec.Hosting.VirtualHost.SystemUser.Name = new("acmeexample")
		w.create(second)
		w.eventuallySays(second, v1alpha1.ReasonAlreadyExists, "webspace/add: Plesk error 1007: ", "(spec.hosting.virtualHost.systemUser.name)")
		Expect(w.subscriptionOnServer("second.example")).To(BeNil())
		edit(w, second, func(o *v1alpha1.PleskSubscription) { o.Spec.Hosting.VirtualHost.SystemUser.Name = new("second") })
		w.eventuallyReady(second)
	})

	It("says what an override that was taken back has left, and goes back to its plan when asked to", func() {
		w := readyWorld()
		s := w.setUp()
		limit := func() int64 { return limitOnServer(w.subscriptionOnServer("acme.example"), "max_box") }
		edit(w, s.plan, func(o *v1alpha1.PleskServicePlan) {
			o.Spec.Limits = map[string]v1alpha1.LimitValue{"max_box": {Text: "10"}}
		})
		w.eventuallyReady(s.plan)
		edit(w, s.subscription, func(o *v1alpha1.PleskSubscription) {
			o.Spec.Limits = map[string]v1alpha1.LimitValue{"max_box": {Text: "11"}}
		})
		w.eventuallyReady(s.subscription)
		edit(w, s.subscription, func(o *v1alpha1.PleskSubscription) { o.Spec.Limits = nil })
		w.eventuallyReady(s.subscription)
		Expect(s.subscription.Status.Observed.Plan.Locked).To(BeTrue())
		Expect(s.subscription.Status.Observed.Plan.Message).To(ContainSubstring("limits.max_box (11, the plan: 10)"))
		Expect(limit()).To(Equal(int64(11)))

		edit(w, s.subscription, func(o *v1alpha1.PleskSubscription) { o.Spec.PlanSync = v1alpha1.PlanSyncSync })
		w.eventuallyReady(s.subscription)
		Expect(s.subscription.Status.Observed.Plan.Locked).To(BeFalse())
		Expect(s.subscription.Status.Observed.Plan.Message).To(BeEmpty())
		Expect(limit()).To(Equal(int64(10)))
		version := s.subscription.ResourceVersion
		w.plesk.ResetStats()
		w.request(s.subscription)
		requested := s.subscription.ResourceVersion
		Eventually(func() int { return w.plesk.Stats().Operations["webspace/get"] }).Should(BeNumerically(">", 0))
		Consistently(func() int { return w.plesk.Stats().Writes }).Should(BeZero())
		w.reload(s.subscription)
		Expect(s.subscription.ResourceVersion).To(And(Equal(requested), Not(Equal(version))), "silent")
	})

	It("has its web hosting again, with its user and password, when somebody has removed it", func() {
		w := readyWorld()
		s := w.setUp()
		none := &hosting.Hosting{None: &xmlapi.Empty{}}
		_, err := webspace.Set.One(w, w.plesk, webspace.SetRequest{Filter: webspace.ByName("acme.example"), Values: webspace.SetValues{Hosting: none}})
		Expect(err).NotTo(HaveOccurred())
		w.request(s.subscription)
		Eventually(func() *hosting.VirtualHosting { return w.subscriptionOnServer("acme.example").Hosting.Virtual }).ShouldNot(BeNil())
		w.eventuallyReady(s.subscription)
	})

	It("has the add-on plans that it names, and keeps them from being deleted", func() {
		w := readyWorld()
		s := w.setUp()
		limit := func() int64 { return limitOnServer(w.subscriptionOnServer("acme.example"), "max_box") }
		edit(w, s.plan, func(o *v1alpha1.PleskServicePlan) {
			o.Spec.Limits = map[string]v1alpha1.LimitValue{"max_box": {Text: "10"}}
		})
		w.eventuallyReady(s.plan)
		more := &v1alpha1.PleskServicePlanAddon{Spec: v1alpha1.PleskServicePlanAddonSpec{
			CommonSpec: common(), PlanName: "more", Limits: map[string]v1alpha1.LimitValue{"max_box": {Text: "5"}},
		}}
		more.Name = "more"
		edit(w, s.subscription, func(o *v1alpha1.PleskSubscription) { o.Spec.AddonPlanRefs = []v1alpha1.ObjectReference{{Name: "more"}} })
		w.eventuallySays(s.subscription, v1alpha1.ReasonDependencyNotReady, `PleskServicePlanAddon "more" (spec.addonPlanRefs[0]): not found`)
		w.create(more)
		w.eventuallyReady(more, s.subscription)
		Expect(limit()).To(Equal(int64(15)))
		Expect(s.subscription.Status.Observed.Plan.Addons).To(Equal([]v1alpha1.ObservedAddon{{Name: "more", GUID: more.Status.GUID}}))

		By("changing the add-on, whose changes no event need tell")
		edit(w, more, func(o *v1alpha1.PleskServicePlanAddon) {
			o.Spec.Limits = map[string]v1alpha1.LimitValue{"max_box": {Text: "7"}}
		})
		w.eventuallyReady(more)
		Expect(limit()).To(Equal(int64(17)))

		By("deleting the add-on while the subscription names it")
		edit(w, more, func(o *v1alpha1.PleskServicePlanAddon) { o.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyDelete) })
		w.delete(more)
		w.eventuallySays(more, v1alpha1.ReasonDeletionBlocked, `PleskSubscription "acme-example"`)
		Expect(limit()).To(Equal(int64(17)))
		edit(w, s.subscription, func(o *v1alpha1.PleskSubscription) { o.Spec.AddonPlanRefs = []v1alpha1.ObjectReference{} })
		w.eventuallyGone(more)
		w.eventuallyReady(s.subscription)
		Expect(limit()).To(Equal(int64(10)))
		Expect(s.subscription.Status.Observed.Plan.Addons).To(BeEmpty())
	})
})

// limitOnServer is a limit of a subscription, 0 where it is not listed.
func limitOnServer(d *webspace.Data, name string) int64 {
	for _, l := range d.Limits.Limits {
		if l.Name == name {
			return l.Value
		}
	}
	return 0
}
