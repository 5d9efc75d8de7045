// Resellers by name: what is theirs waits for them, and stays while it is described.

package e2e

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
)

func newReseller(name string) *v1alpha1.PleskReseller {
	r := &v1alpha1.PleskReseller{Spec: v1alpha1.PleskResellerSpec{
		CommonSpec: common(), Account: v1alpha1.Account{Login: name, ContactName: "Nora North", Password: new(generated(name + "-panel"))},
		IPPool: &v1alpha1.ResellerIPPool{Shared: []string{"198.51.100.7"}},
	}}
	r.Name = name
	return r
}

// resellerOnServer reads a reseller, nil if there is none.
func (w *world) resellerOnServer(login string) *reseller.GenInfo {
	GinkgoHelper()
	r, err := reseller.Get.One(w, w.plesk, reseller.GetRequest{Filter: reseller.ByLogin(login).Query(), Dataset: reseller.Dataset{GenInfo: &xmlapi.Empty{}}})
	if xmlapi.IsNotFound(err) {
		return nil
	}
	Expect(err).NotTo(HaveOccurred())
	return r.Data.GenInfo
}

var _ = Describe("A reseller", func() {
	It("has what names it, which waits for it, finds its server by it, and holds its deletion back", func() {
		w := readyWorld(deletes)
		north := &v1alpha1.ObjectReference{Name: "north"}
		plan, acme := newPlan("birch-small"), newCustomer("acme")
		plan.Spec.ServerRef, plan.Spec.ResellerRef = nil, north
		acme.Spec.ServerRef, acme.Spec.ResellerRef = nil, north
		site := newSubscription("acme.example", "acme", "birch-small")
		own := newSubscription("north.example", "", "birch-small")
		own.Spec.ServerRef, own.Spec.CustomerRef, own.Spec.ResellerRef = nil, nil, north
		theirs := []v1alpha1.Object{plan, acme, site, own}
		for _, o := range theirs {
			w.create(o)
		}
		for _, o := range []v1alpha1.Object{plan, acme, own} {
			w.eventuallySays(o, v1alpha1.ReasonDependencyNotReady, `PleskReseller "north" (spec.resellerRef): not found`)
		}

		gold, r := &v1alpha1.PleskResellerPlan{Spec: v1alpha1.PleskResellerPlanSpec{CommonSpec: common(), PlanName: "gold"}}, newReseller("north")
		gold.Name = "gold"
		r.Spec.ResellerPlanRef = &v1alpha1.ObjectReference{Name: "gold"}
		w.create(r)
		w.eventuallySays(r, v1alpha1.ReasonDependencyNotReady, `PleskResellerPlan "gold" (spec.resellerPlanRef): not found`)
		w.create(gold)
		w.eventuallyReady(gold, r, plan, acme, site, own)
		Expect(*w.customerOnServer("acme").OwnerLogin).To(Equal("north"))
		Expect(*w.subscriptionOnServer("acme.example").GenInfo.OwnerLogin).To(Equal("acme"))
		Expect(*w.subscriptionOnServer("north.example").GenInfo.OwnerLogin).To(Equal("north"))
		w.reload(site)
		Expect(site.Status.Observed.Plan.GUID).To(Equal(plan.Status.GUID), "the plan is the reseller's")

		By("deleting the reseller and their plan before what is theirs")
		w.delete(gold)
		w.eventuallySays(gold, v1alpha1.ReasonDeletionBlocked, `PleskReseller "north"`)
		w.delete(r)
		w.eventuallySays(r, v1alpha1.ReasonDeletionBlocked, `PleskCustomer "acme"`, `PleskServicePlan "birch-small"`, `PleskSubscription "north-example"`)
		Expect(w.resellerOnServer("north")).NotTo(BeNil())
		for _, o := range theirs {
			w.delete(o)
		}
		for _, o := range append(theirs, r, gold) {
			w.eventuallyGone(o)
		}
		Expect(w.resellerOnServer("north")).To(BeNil())
	})

	It("is not deleted with plans and customers that somebody made by hand, unless just these are permitted", func() {
		w := readyWorld(deletes)
		r := newReseller("north")
		w.create(r)
		w.eventuallyReady(r)
		w.addCustomer("oak", new("north"))
		w.addSubscription("oak.example", "oak")
		_, err := serviceplan.Add.One(w, w.plesk, serviceplan.AddRequest{Name: "offer", Owner: serviceplan.Owner{OwnerLogin: new("north")}})
		Expect(err).NotTo(HaveOccurred())
		w.delete(r)
		w.eventuallySays(r, v1alpha1.ReasonDeletionBlocked, "Customer oak", "ServicePlan north/offer", "Subscription oak.example")
		Expect(w.resellerOnServer("north")).NotTo(BeNil())
		w.permit(r, v1alpha1.PermitDataLoss, w.token(r, v1alpha1.PermitDataLoss))
		w.eventuallyGone(r)
		Expect(w.customerOnServer("oak")).To(BeNil())
	})

	It("keeps what is theirs from tenants, however these name it", func() {
		w, tenant := sharedWorld(existing)
		r := newReseller("north")
		w.create(r)
		w.eventuallyReady(r)
		w.addCustomer("oak", new("north"))
		w.addSubscription("north.example", "north")
		oak, site := of(w, tenant, newCustomer("oak")), of(w, tenant, bareSite("north.example"))
		oak.Spec.AdoptionPolicy, site.Spec.AdoptionPolicy = v1alpha1.AdoptionPolicyAlways, v1alpha1.AdoptionPolicyAlways
		into := of(w, tenant, newSubscription("new.example", "", ""))
		into.Spec.CustomerRef = &v1alpha1.ObjectReference{External: "oak"}
		w.plesk.ResetStats()
		for _, o := range []v1alpha1.Object{oak, site, into} {
			w.create(o)
		}
		w.eventuallySays(oak, v1alpha1.ReasonAlreadyExists, "not this namespace's")
		w.eventuallySays(site, v1alpha1.ReasonAlreadyExists, "not this namespace's")
		w.eventuallySays(into, v1alpha1.ReasonPermissionDenied, "spec.customerRef")
		Expect(w.plesk.Stats().Writes).To(BeZero())
	})

	It("who was made a customer is not taken for gone", func() {
		w := readyWorld(func(s *v1alpha1.PleskServer) { s.Spec.RecreationPolicy = v1alpha1.RecreationPolicyRecreate })
		r := newReseller("north")
		w.create(r)
		w.eventuallyReady(r)
		_, err := reseller.ConvertToCustomer.One(w, w.plesk, reseller.ConvertRequest{Filter: reseller.ByLogin("north")})
		Expect(err).NotTo(HaveOccurred())
		w.plesk.ResetStats()
		w.request(r)
		w.eventuallySays(r, v1alpha1.ReasonGoneOnServer, "a customer now")
		Expect(w.plesk.Stats().Writes).To(BeZero())
	})

	It("is not for the credentials of a reseller", func() {
		w := newWorld()
		w.addReseller("north", true)
		w.serverOf("north", byPassword)
		r := newReseller("south")
		r.Spec.ServerRef = &v1alpha1.ServerReference{Name: "north"}
		w.create(r)
		w.eventuallySays(r, v1alpha1.ReasonPermissionDenied, "PleskReseller is for the credentials of administrator", "of a reseller")
	})
})
