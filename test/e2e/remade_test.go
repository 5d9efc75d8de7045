// What was recreated or renamed by others: what lies in it, what bears its id, and who may have it.

package e2e

import (
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func newMailAccount(site, name string) *v1alpha1.PleskMailAccount {
	m := &v1alpha1.PleskMailAccount{Spec: v1alpha1.PleskMailAccountSpec{
		CommonSpec: common(), SiteRef: v1alpha1.SiteReference{Name: site}, MailName: name, Password: new(generated(name + "-mail")),
	}}
	m.Name = name
	return m
}

// stack makes a subscription of its own with a mail account, a database and its user.
func (w *world) stack(change func(v1alpha1.Object)) (site *v1alpha1.PleskSubscription, inside []v1alpha1.Object) {
	GinkgoHelper()
	site = newSubscription("stack.example", "", "")
	site.Spec.CustomerRef, site.Spec.Hosting = nil, nil
	inside = []v1alpha1.Object{newMailAccount(site.Name, "info"), newDatabase(site.Name, "shop"), newDatabaseUser("shop", "writer")}
	for _, o := range append(inside, site) {
		change(o)
		w.create(o)
	}
	w.eventuallyReady(site)
	for _, o := range inside {
		w.eventuallyReady(o)
	}
	return site, inside
}

func (w *world) accountsOnServer(site string) []string {
	GinkgoHelper()
	at, err := webspace.Get.One(w, w.plesk, webspace.GetRequest{Filter: webspace.ByName(site).Query(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}})
	Expect(err).NotTo(HaveOccurred())
	all, err := mail.GetInfo.All(w, w.plesk, mail.GetInfoRequest{Filter: mail.InfoFilter{SiteID: at.ID}})
	Expect(err).NotTo(HaveOccurred())
	var names []string
	for _, r := range all {
		if r.Account != nil {
			names = append(names, r.Account.Name)
		}
	}
	return names
}

var _ = Describe("What lies in a subscription that was made anew", func() {
	It("comes back with it where its recreationPolicy says so", func() {
		w := readyWorld()
		site, inside := w.stack(func(o v1alpha1.Object) { o.Common().RecreationPolicy = new(v1alpha1.RecreationPolicyRecreate) })
		was := site.Status.ID
		_, err := webspace.Del.One(w, w.plesk, xmlapi.FilterRequest{Filter: webspace.ByName("stack.example")})
		Expect(err).NotTo(HaveOccurred())
		w.request(site)
		Eventually(func() string { w.reload(site); return site.Status.ID }).ShouldNot(Or(Equal(was), BeEmpty()))
		w.eventuallyReady(site)
		for _, o := range inside {
			w.eventuallyReady(o)
		}
		Expect(w.accountsOnServer("stack.example")).To(ConsistOf("info"))
		Expect(w.databases()).To(HaveKey("shop"))
	})

	It("is gone with the old one until that is permitted, and is told so", func() {
		w := readyWorld()
		site, inside := w.stack(func(v1alpha1.Object) {})
		_, err := webspace.Del.One(w, w.plesk, xmlapi.FilterRequest{Filter: webspace.ByName("stack.example")})
		Expect(err).NotTo(HaveOccurred())
		edit(w, site, func(s *v1alpha1.PleskSubscription) { s.Spec.RecreationPolicy = new(v1alpha1.RecreationPolicyRecreate) })
		w.eventuallyReady(site)
		for _, o := range inside[:2] {
			w.eventuallySays(o, v1alpha1.ReasonGoneOnServer, "permit Recreate")
			w.permit(o, v1alpha1.PermitRecreate, o.State().Awaiting.Token)
			w.eventuallyReady(o)
		}
		w.eventuallyReady(inside[2])
	})
})

var _ = Describe("An account that others have made in the place of ours", func() {
	It("is neither taken over nor deleted, whatever the policies say", func() {
		for _, policy := range []v1alpha1.AdoptionPolicy{v1alpha1.AdoptionPolicyIfMatching, v1alpha1.AdoptionPolicyAlways} {
			w := readyWorld(deletes)
			c := newCustomer("acme")
			c.Spec.AdoptionPolicy = policy
			w.create(c)
			w.eventuallyReady(c)
			sold := newGenInfo("acme")
			sold.ContactName, sold.Email, sold.ExternalID = c.Spec.ContactName, c.Spec.Email, new("billing-500")
			_, err := customer.Del.One(w, w.plesk, xmlapi.FilterRequest{Filter: customer.ByLogin("acme")})
			Expect(err).NotTo(HaveOccurred())
			w.addOnServer(sold)
			w.request(c)
			w.eventuallySays(c, v1alpha1.ReasonGoneOnServer, "made by others")
			w.delete(c)
			w.eventuallySays(c, v1alpha1.ReasonDeletionBlocked, "recorded is id")
			Expect(w.customerOnServer("acme")).To(HaveField("ExternalID", Equal("billing-500")))
			edit(w, c, func(c *v1alpha1.PleskCustomer) { c.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) })
			w.eventuallyGone(c)
		}
	})
})

var _ = Describe("A subscription that nobody describes, made anew by others", func() {
	It("is not where what lay in the old one is made again", func() {
		w := readyWorld()
		w.addOnServer(newGenInfo("acme"))
		w.addSubscriptionOnServer("raw.example", "acme")
		w.issued("raw-tls")
		c := newCertificate("raw-tls", "")
		c.Spec.SiteRef = &v1alpha1.SiteReference{External: "raw.example"}
		w.create(c)
		w.eventuallyReady(c)
		_, err := webspace.Del.One(w, w.plesk, xmlapi.FilterRequest{Filter: webspace.ByName("raw.example")})
		Expect(err).NotTo(HaveOccurred())
		w.addSubscriptionOnServer("raw.example", "acme")
		w.request(c)
		w.eventuallySays(c, v1alpha1.ReasonParentReplaced, "raw.example")
		Expect(w.stored("raw.example", c.Status.Key)).To(BeEmpty())
	})
})

var _ = Describe("Resources that are deleted with Retain and applied again", func() {
	It("take up what they left, whatever lies in what", func() {
		w := readyWorld()
		s := w.setUp()
		for range 2 {
			var all []v1alpha1.Object
			for i := range 6 {
				db := newDatabase(s.subscription.Name, fmt.Sprintf("shop%d", i))
				all = append(all, db, newDatabaseUser(db.Name, fmt.Sprintf("writer%d", i)))
			}
			for _, o := range all {
				w.create(o)
			}
			for _, o := range all {
				w.eventuallyReady(o)
			}
			for _, o := range all {
				w.delete(o)
			}
			for _, o := range all {
				w.eventuallyGone(o)
			}
		}
	})
})

var _ = Describe("What was renamed on the server, where nothing but an id is left of it", func() {
	It("is told to be there still, and nothing is made beside it", func() {
		w := readyWorld()
		_, inside := w.stack(func(v1alpha1.Object) {})
		account, user := inside[0], inside[2]
		at, err := webspace.Get.One(w, w.plesk, webspace.GetRequest{Filter: webspace.ByName("stack.example").Query(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}})
		Expect(err).NotTo(HaveOccurred())
		_, err = mail.Rename.One(w, w.plesk, mail.RenameRequest{SiteID: at.ID, Name: "info", NewName: "hello"})
		Expect(err).NotTo(HaveOccurred())
		_, err = database.SetDBUser.One(w, w.plesk, database.SetDBUserRequest{ID: 1, Login: new("shopkeeper")})
		Expect(err).NotTo(HaveOccurred())
		for o, name := range map[v1alpha1.Object]string{account: "hello", user: "shopkeeper"} {
			w.request(o)
			w.eventuallySays(o, v1alpha1.ReasonGoneOnServer, `"`+name+`" has its id`, "renamed")
		}
		Expect(w.accountsOnServer("stack.example")).To(ConsistOf("hello"))
		users, err := database.GetDBUsers.All(w, w.plesk, xmlapi.QueryRequest{Filter: xmlapi.All()})
		Expect(err).NotTo(HaveOccurred())
		Expect(users).To(ConsistOf(HaveField("Login", "shopkeeper")))

		edit(w, account.(*v1alpha1.PleskMailAccount), func(m *v1alpha1.PleskMailAccount) { m.Spec.MailName = "hello" })
		edit(w, user.(*v1alpha1.PleskDatabaseUser), func(u *v1alpha1.PleskDatabaseUser) { u.Spec.Login = "shopkeeper" })
		w.eventuallyReady(account, user)
		Expect(w.accountsOnServer("stack.example")).To(ConsistOf("hello"))
	})
})

var _ = Describe("An account that holds what another namespace describes", func() {
	It("is not a tenant's, though nobody describes the account itself", func() {
		w, tenant := sharedWorld(existing)
		w.addOnServer(customer.NewGenInfo{ContactName: "By hand", Login: "carl", Password: "By-Hand-2031-x"})
		site := newSubscription("carl.example", "", "")
		site.Spec.CustomerRef, site.Spec.Hosting = &v1alpha1.ObjectReference{External: "carl"}, nil
		w.create(site)
		w.eventuallyReady(site)
		w.plesk.ResetStats()
		for i, policy := range []v1alpha1.ManagementPolicy{v1alpha1.ManagementPolicyManaged, v1alpha1.ManagementPolicyPlan} {
			c := of(w, tenant, newCustomer("carl"))
			c.Name, c.Spec.AdoptionPolicy, c.Spec.ManagementPolicy = fmt.Sprintf("carl-%d", i), v1alpha1.AdoptionPolicyAlways, policy
			w.create(c)
			w.eventuallySays(c, v1alpha1.ReasonAlreadyExists, "holds what is not this namespace's")
			w.delete(c)
			w.eventuallyGone(c)
		}
		Expect(w.plesk.Stats().Writes).To(BeZero())
	})
})
