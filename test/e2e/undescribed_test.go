// What a deletion must leave: what is described by a resource that was never reconciled, and what its owner does not know of.

package e2e

import (
	"encoding/json"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dbserver"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
)

// bareSite is a subscription without an owner and without hosting.
func bareSite(domain string) *v1alpha1.PleskSubscription {
	s := newSubscription(domain, "", "")
	s.Spec.CustomerRef, s.Spec.Hosting = nil, nil
	return s
}

// addDatabaseOnServer makes a database by hand.
func (w *world) addDatabaseOnServer(domain, name string) {
	GinkgoHelper()
	_, err := database.AddDB.One(w, w.plesk, database.AddDBRequest{WebspaceID: w.siteOnServer(domain), Name: name, Type: dbserver.MySQL})
	Expect(err).NotTo(HaveOccurred())
}

// addMailOnServer makes a mailbox by hand.
func (w *world) addMailOnServer(domain, name string) {
	GinkgoHelper()
	_, err := mail.Create.One(w, w.plesk, mail.CreateRequest{Filter: mail.NewAccounts{SiteID: w.siteOnServer(domain), Accounts: []mail.NewAccount{
		{Name: name, Mailbox: &mail.NewMailbox{Enabled: true}, Password: &mail.NewPassword{Value: "Mailbox-2031-x", Type: new("plain")}},
	}}})
	Expect(err).NotTo(HaveOccurred())
}

// told is all that a namespace shows of our objects: their statuses and the events about them.
func (w *world) told(namespace string) string {
	GinkgoHelper()
	var out strings.Builder
	for _, list := range []client.ObjectList{
		&v1alpha1.PleskCustomerList{}, &v1alpha1.PleskSubscriptionList{}, &v1alpha1.PleskDatabaseList{}, &v1alpha1.PleskMailAccountList{}, &v1alpha1.PleskDNSZoneList{},
		&corev1.EventList{},
	} {
		Expect(bed.Client.List(w, list, client.InNamespace(namespace))).To(Succeed())
		text, err := json.Marshal(list)
		Expect(err).NotTo(HaveOccurred())
		out.Write(text)
	}
	return out.String()
}

// eventuallyBlocked has a resource that is being deleted looked at again, and waits until it says that it waits.
func (w *world) eventuallyBlocked(o v1alpha1.Object, texts ...string) {
	GinkgoHelper()
	edit(w, o, func(o v1alpha1.Object) { // the condition is about the new generation then, and of a pass that began after this
		period := metav1.Duration{Duration: time.Hour}
		if was := o.Common().ResyncPeriod; was != nil {
			period.Duration += was.Duration
		}
		o.Common().ResyncPeriod = &period
	})
	w.eventuallySays(o, v1alpha1.ReasonDeletionBlocked, texts...)
}

var _ = Describe("What a suspended resource describes", func() {
	external := v1alpha1.ObjectReference{External: "own.example"}
	named := v1alpha1.ObjectReference{Name: "own-example"}
	db := func(in v1alpha1.ObjectReference) v1alpha1.Object {
		d := newDatabase("", "shop")
		d.Spec.SubscriptionRef = in
		return d
	}
	account := func(in v1alpha1.ObjectReference) v1alpha1.Object {
		m := newMailAccount("", "shop")
		m.Spec.SiteRef = v1alpha1.SiteReference{Name: in.Name, External: in.External}
		return m
	}
	DescribeTable("is not taken along, though it was never looked at",
		func(policy v1alpha1.DeletionPolicy, describe func(v1alpha1.ObjectReference) v1alpha1.Object, in v1alpha1.ObjectReference, kind string) {
			w := readyWorld()
			site := bareSite("own.example")
			site.Spec.DeletionPolicy = new(policy)
			w.create(site)
			w.eventuallyReady(site)
			w.addDatabaseOnServer("own.example", "shop")
			w.addMailOnServer("own.example", "shop")
			inside := describe(in)
			inside.Common().Suspend = true
			w.create(inside)
			w.eventuallySays(inside, v1alpha1.ReasonSuspended)
			w.delete(site)
			w.eventuallySays(site, v1alpha1.ReasonDeletionBlocked, kind+` "shop"`)
			Expect(site.Status.Awaiting).To(BeNil(), "no permit reaches what a resource keeps")
			Expect(w.databases()).To(HaveKey("shop"))
			Expect(w.accountsOnServer("own.example")).To(ConsistOf("shop"))
		},
		Entry("database, DeleteWithContents, by name", v1alpha1.DeletionPolicyDeleteWithContents, db, named, "PleskDatabase"),
		Entry("database, DeleteWithContents, by external", v1alpha1.DeletionPolicyDeleteWithContents, db, external, "PleskDatabase"),
		Entry("database, a permit, by name", v1alpha1.DeletionPolicyDelete, db, named, "PleskDatabase"),
		Entry("database, a permit, by external", v1alpha1.DeletionPolicyDelete, db, external, "PleskDatabase"),
		Entry("mail account, DeleteWithContents, by name", v1alpha1.DeletionPolicyDeleteWithContents, account, named, "PleskMailAccount"),
		Entry("mail account, DeleteWithContents, by external", v1alpha1.DeletionPolicyDeleteWithContents, account, external, "PleskMailAccount"),
		Entry("mail account, a permit, by name", v1alpha1.DeletionPolicyDelete, account, named, "PleskMailAccount"),
		Entry("mail account, a permit, by external", v1alpha1.DeletionPolicyDelete, account, external, "PleskMailAccount"),
	)
})

var _ = Describe("A suspended resource of another server", func() {
	It("keeps nothing on this one, though what it refers to has the same name there", func() {
		w, elsewhere := readyWorld(), readyWorld()
		db := newDatabase("", "shop")
		db.Spec.SubscriptionRef, db.Spec.Suspend = v1alpha1.ObjectReference{External: "own.example"}, true
		elsewhere.create(db)
		elsewhere.eventuallySays(db, v1alpha1.ReasonSuspended)
		site := bareSite("own.example")
		site.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyDeleteWithContents)
		w.create(site)
		w.eventuallyReady(site)
		w.addDatabaseOnServer("own.example", "shop")
		w.delete(site)
		w.eventuallyGone(site)
	})
})

var _ = Describe("What nobody describes in what is a tenant's", func() {
	const hidden = "hidden"
	site := func(w *world, tenant string) v1alpha1.Object {
		s := of(w, tenant, bareSite("own.example"))
		w.create(s)
		w.eventuallyReady(s)
		w.addDatabaseOnServer("own.example", hidden+"db")
		w.addMailOnServer("own.example", hidden+"box")
		return s
	}
	account := func(w *world, tenant string) v1alpha1.Object {
		c := of(w, tenant, newCustomer("acme"))
		w.create(c)
		w.eventuallyReady(c)
		w.addSubscriptionOnServer(hidden+".example", "acme")
		return c
	}
	DescribeTable("is neither shown to them nor deleted for them, unless the server allows that",
		func(policy v1alpha1.DeletionPolicy, furnish func(w *world, tenant string) v1alpha1.Object) {
			w, tenant := sharedWorld()
			o := furnish(w, tenant)
			edit(w, o, func(o v1alpha1.Object) { o.Common().DeletionPolicy = new(policy) })
			w.eventuallyReady(o)
			w.delete(o)
			w.eventuallySays(o, v1alpha1.ReasonDeletionBlocked)
			if awaiting := o.State().Awaiting; awaiting != nil {
				w.permit(o, awaiting.Permit, awaiting.Token)
			}
			w.eventuallyBlocked(o)
			Expect(w.told(tenant)).NotTo(ContainSubstring(hidden))

			edit(w, w.server, existing)
			if policy != v1alpha1.DeletionPolicyDeleteWithContents {
				w.permit(o, v1alpha1.PermitDataLoss, w.token(o, v1alpha1.PermitDataLoss))
			}
			w.eventuallyGone(o)
		},
		Entry("in a subscription, by DeleteWithContents", v1alpha1.DeletionPolicyDeleteWithContents, site),
		Entry("in a subscription, by an approval of their own", v1alpha1.DeletionPolicyDelete, site),
		Entry("in a customer, by an approval of their own", v1alpha1.DeletionPolicyDelete, account),
	)
})

var _ = Describe("What is to be put into something that is being deleted", func() {
	It("is not made in a customer, however that is referred to", func() {
		w := readyWorld(deletes)
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
		w.addSubscriptionOnServer("byhand.example", "acme")
		w.delete(c)
		w.eventuallySays(c, v1alpha1.ReasonDeletionBlocked, "byhand.example")
		w.plesk.ResetStats()
		s := bareSite("late.example")
		s.Spec.CustomerRef = &v1alpha1.ObjectReference{External: "ACME"}
		w.create(s)
		w.eventuallySays(s, v1alpha1.ReasonDependencyNotReady, "ACME")
		Expect(w.plesk.Stats().Writes).To(BeZero())
	})

	It("is not made in a subscription, however that is referred to", func() {
		w := readyWorld(deletes)
		site := bareSite("own.example")
		w.create(site)
		w.eventuallyReady(site)
		w.addMailOnServer("own.example", "byhand")
		w.delete(site)
		w.eventuallySays(site, v1alpha1.ReasonDeletionBlocked, "byhand")
		w.plesk.ResetStats()
		db, account, zone := newDatabase("", "late"), newMailAccount("", "late"), newZone("", recordA("late", "198.51.100.7"))
		db.Spec.SubscriptionRef = v1alpha1.ObjectReference{External: "own.example"}
		account.Spec.SiteRef = v1alpha1.SiteReference{External: "own.example"}
		zone.Name, zone.Spec.SiteRef = "late", v1alpha1.DNSZoneOwner{External: "own.example"}
		for _, o := range []v1alpha1.Object{db, account, zone} {
			w.create(o)
		}
		for _, o := range []v1alpha1.Object{db, account, zone} {
			w.eventuallySays(o, v1alpha1.ReasonDependencyNotReady, "own")
		}
		Expect(w.plesk.Stats().Writes).To(BeZero())
	})
})
