// What a deletion would take along on the server, and who says that it may.

package e2e

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// deletes is a server whose objects go with their resources.
func deletes(s *v1alpha1.PleskServer) { s.Spec.DeletionPolicy = v1alpha1.DeletionPolicyDelete }

// addSubscriptionOnServer makes a subscription of a customer by hand.
func (w *world) addSubscriptionOnServer(domain, owner string) int64 {
	GinkgoHelper()
	r, err := webspace.Add.One(w, w.plesk, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: domain, OwnerLogin: &owner, IPAddresses: []string{"198.51.100.7"}}})
	Expect(err).NotTo(HaveOccurred())
	return r.ID
}

// token waits for what a resource asks to be permitted.
func (w *world) token(o v1alpha1.Object, permit v1alpha1.Permit) string {
	GinkgoHelper()
	Eventually(func() v1alpha1.Permit {
		w.reload(o)
		if o.State().Awaiting == nil {
			return ""
		}
		return o.State().Awaiting.Permit
	}).Should(Equal(permit))
	return o.State().Awaiting.Token
}

var _ = Describe("A deletion takes nothing along that nobody has described", func() {
	It("neither the site of a customer whose subscription is retained", func() {
		w := readyWorld(deletes)
		s := w.setUp()
		edit(w, s.subscription, func(s *v1alpha1.PleskSubscription) {
			s.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyRetain)
		})
		w.delete(s.subscription)
		w.delete(s.customer)
		w.eventuallyGone(s.subscription)
		w.eventuallySays(s.customer, v1alpha1.ReasonDeletionBlocked, "acme.example", "deletionPolicy: Retain")
		Expect(w.subscriptionOnServer("acme.example")).NotTo(BeNil())
		edit(w, s.customer, func(c *v1alpha1.PleskCustomer) { c.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) })
		w.eventuallyGone(s.customer)
		Expect(w.subscriptionOnServer("acme.example")).NotTo(BeNil())
	})

	It("nor sites that somebody made by hand, unless just these are permitted, and then each counts", func() {
		w := readyWorld(deletes)
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
		domains := []string{"one.example", "two.example", "three.example", "four.example", "five.example"}
		for _, d := range domains {
			w.addSubscriptionOnServer(d, "acme")
		}
		w.delete(c)
		w.eventuallySays(c, v1alpha1.ReasonDeletionBlocked, "one.example", "five.example", "PleskApproval")
		Expect(w.customerOnServer("acme")).NotTo(BeNil())
		stale := w.token(c, v1alpha1.PermitDataLoss)

		w.addSubscriptionOnServer("six.example", "acme")
		w.permit(c, v1alpha1.PermitDataLoss, stale)
		w.request(c)
		Eventually(func() string { return w.token(c, v1alpha1.PermitDataLoss) }).ShouldNot(Equal(stale))
		Expect(w.subscriptionOnServer("six.example")).NotTo(BeNil(), "another one was permitted than what is there now")

		w.permit(c, v1alpha1.PermitDataLoss, w.token(c, v1alpha1.PermitDataLoss))
		w.eventuallyGone(c)
		Expect(w.customerOnServer("acme")).To(BeNil())
		w.reload(w.server)
		Expect(w.server.Status.RecentDeletions).To(HaveExactElements(HaveField("Count", BeEquivalentTo(1+len(domains)+1))))
	})

	It("nor a subscription that refers to the customer by its login", func() {
		w := readyWorld(deletes)
		c, s := newCustomer("acme"), newSubscription("acme.example", "", "")
		s.Spec.CustomerRef = &v1alpha1.ObjectReference{External: "ACME"}
		w.create(c)
		w.eventuallyReady(c)
		w.create(s)
		w.eventuallyReady(s)
		w.delete(c)
		w.eventuallySays(c, v1alpha1.ReasonDeletionBlocked, "acme.example", `PleskSubscription "acme-example"`)
		Expect(w.subscriptionOnServer("acme.example")).NotTo(BeNil())
		w.delete(s)
		w.eventuallyGone(s)
		w.eventuallyGone(c)
	})

	It("nor one that is only observed", func() {
		w := readyWorld(deletes)
		c, s := newCustomer("acme"), newSubscription("watched.example", "", "")
		w.create(c)
		w.eventuallyReady(c)
		w.addSubscriptionOnServer("watched.example", "acme")
		s.Spec.CustomerRef, s.Spec.Hosting, s.Spec.ManagementPolicy = nil, nil, v1alpha1.ManagementPolicyObserveOnly
		w.create(s)
		w.eventuallyReady(s)
		w.delete(c)
		w.eventuallySays(c, v1alpha1.ReasonDeletionBlocked, "watched.example", `PleskSubscription "watched-example"`)
		w.reload(c)
		Expect(c.Status.Awaiting).To(BeNil(), "no permit reaches what a resource keeps")
	})

	It("nor a mailbox in a subscription, unless its resource says so beforehand", func() {
		w := readyWorld(deletes)
		s := w.setUp()
		_, err := mail.Create.One(w, w.plesk, mail.CreateRequest{Filter: mail.NewAccounts{
			SiteID: 1, Accounts: []mail.NewAccount{{Name: "info", Mailbox: &mail.NewMailbox{Enabled: true}, Password: &mail.NewPassword{Value: "Mailbox-2031-x", Type: new("plain")}}},
		}})
		Expect(err).NotTo(HaveOccurred())
		w.delete(s.subscription)
		w.eventuallySays(s.subscription, v1alpha1.ReasonDeletionBlocked, "info")
		Expect(w.subscriptionOnServer("acme.example")).NotTo(BeNil())
		edit(w, s.subscription, func(s *v1alpha1.PleskSubscription) {
			s.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyDeleteWithContents)
		})
		w.eventuallyGone(s.subscription)
		Expect(w.subscriptionOnServer("acme.example")).To(BeNil())
	})

	It("and waits for an empty hour when it takes along more than one allows", func() {
		w := readyWorld(deletes, func(s *v1alpha1.PleskServer) { s.Spec.MaxDeletionsPerHour = new(int32(2)) })
		big, small := newCustomer("big"), newCustomer("small")
		w.create(big)
		w.create(small)
		w.eventuallyReady(big, small)
		for _, d := range []string{"one.example", "two.example", "three.example"} {
			w.addSubscriptionOnServer(d, "big")
		}
		w.delete(small)
		w.eventuallyGone(small)
		w.delete(big)
		w.permit(big, v1alpha1.PermitDataLoss, w.token(big, v1alpha1.PermitDataLoss))
		w.eventuallySays(big, v1alpha1.ReasonDeletionBlocked, "maxDeletionsPerHour")
		Expect(w.customerOnServer("big")).NotTo(BeNil())
	})
})
