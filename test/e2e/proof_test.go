// What is taken for proof of whose an object is, and what is not: ids that were given again, GUIDs that contradict the record, and what
// another PleskServer's resources have recorded.

package e2e

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dbserver"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
)

// eventuallyLetGo waits until a resource has been deleted, by itself or, where it is not known whose its object is, with Retain.
func (w *world) eventuallyLetGo(o v1alpha1.Object) {
	GinkgoHelper()
	Eventually(func() bool {
		return bed.Client.Get(w, client.ObjectKeyFromObject(o), o) != nil || w.ready(o).Reason == v1alpha1.ReasonDeletionBlocked
	}).Should(BeTrue())
	if bed.Client.Get(w, client.ObjectKeyFromObject(o), o) == nil {
		edit(w, o, func(o v1alpha1.Object) { o.Common().DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) })
		w.eventuallyGone(o)
	}
}

// usersOnServer are the logins of the database users by the databases that they are in.
func (w *world) usersOnServer() map[int64]string {
	GinkgoHelper()
	all, err := database.GetDBUsers.All(w, w.plesk, xmlapi.QueryRequest{Filter: xmlapi.All()})
	if xmlapi.IsNotFound(err) {
		return nil
	}
	Expect(err).NotTo(HaveOccurred())
	out := map[int64]string{}
	for _, u := range all {
		out[u.ID] = u.Login
	}
	return out
}

var _ = Describe("An id and a name that are another subscription's by now", func() {
	// Two subscriptions have a database of one name, on two database servers, each with a user of one login.
	twins := func(w *world) (mine, theirs v1alpha1.Object, user *v1alpha1.PleskDatabaseUser) {
		GinkgoHelper()
		second := dbserver.AddRequest{Host: "db-02.example", Port: "3306", Type: dbserver.MySQL, Admin: "admin", Password: new(xmlapi.Secret("By-Hand-2031"))}
		added, err := dbserver.Add.One(w, w.plesk, second)
		Expect(err).NotTo(HaveOccurred())
		site, other := bareSite("own.example"), bareSite("other.example")
		w.create(site)
		w.create(other)
		w.eventuallyReady(site, other)
		shop := newDatabase(site.Name, "shop")
		w.create(shop)
		w.eventuallyReady(shop) // it has the id 1
		_, err = database.AddDB.One(w, w.plesk, database.AddDBRequest{WebspaceID: w.siteOnServer("other.example"), Name: "shop", Type: dbserver.MySQL, ServerID: &added.ID})
		Expect(err).NotTo(HaveOccurred())
		user = newDatabaseUser("shop", "writer")
		w.create(user)
		w.eventuallyReady(user)
		_, err = database.AddDBUser.One(w, w.plesk, database.AddDBUserRequest{DatabaseID: new(int64(2)), Login: "writer", Password: "By-Hand-2031"})
		Expect(err).NotTo(HaveOccurred())
		return shop, other, user
	}

	It("are no reason to delete that one's database", func() {
		w := readyWorld(deletes)
		shop, _, user := twins(w)
		edit(w, user, func(u *v1alpha1.PleskDatabaseUser) { u.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) })
		w.delete(user)
		w.eventuallyGone(user)
		edit(w, shop, func(o v1alpha1.Object) { o.Common().Suspend = true })
		w.eventuallySays(shop, v1alpha1.ReasonSuspended)
		Expect(w.plesk.Renumber("database", map[int64]int64{1: 2, 2: 1})).To(Succeed())
		before := w.databaseIDs()
		w.delete(shop)
		edit(w, shop, func(o v1alpha1.Object) { o.Common().Suspend = false })
		w.eventuallyLetGo(shop)
		Expect(w.databaseIDs()).To(HaveKeyWithValue(int64(1), before[1]), "the other subscription's")
	})

	It("are no reason to delete that one's database user", func() {
		w := readyWorld(deletes)
		shop, _, user := twins(w)
		for _, o := range []v1alpha1.Object{user, shop} {
			edit(w, o, func(o v1alpha1.Object) { o.Common().Suspend = true })
			w.eventuallySays(o, v1alpha1.ReasonSuspended)
		}
		for _, numbered := range []string{"database", "database-user"} {
			Expect(w.plesk.Renumber(numbered, map[int64]int64{1: 2, 2: 1})).To(Succeed())
		}
		w.delete(user)
		edit(w, user, func(u *v1alpha1.PleskDatabaseUser) { u.Spec.Suspend = false })
		w.eventuallyLetGo(user)
		Expect(w.usersOnServer()).To(HaveKeyWithValue(int64(1), "writer"), "the other subscription's")
	})
})

// databaseIDs are the subscriptions of the databases by their ids.
func (w *world) databaseIDs() map[int64]int64 {
	GinkgoHelper()
	all, err := database.GetDB.All(w, w.plesk, xmlapi.QueryRequest{Filter: xmlapi.All()})
	Expect(err).NotTo(HaveOccurred())
	out := map[int64]int64{}
	for _, d := range all {
		out[d.ID] = d.WebspaceID
	}
	return out
}

var _ = Describe("An answer with another GUID than the recorded one", func() {
	DescribeTable("leads to no write, neither to the object nor to whose GUID that is",
		func(operator, path string, furnish func(w *world) (o v1alpha1.Object, other string), change func(v1alpha1.Object), all func(w *world) []string) {
			w := readyWorld(deletes)
			o, other := furnish(w)
			before := all(w)
			heal := w.plesk.Inject(plesksim.Fault{Operator: operator, Operation: "get", With: map[string]string{path: other}})
			w.plesk.ResetStats()
			edit(w, o, change)
			Eventually(w.ready).WithArguments(o).Should(HaveField("Status", metav1.ConditionFalse))
			w.delete(o)
			Eventually(func() bool { // the deletion is a generation of its own
				return bed.Client.Get(w, client.ObjectKeyFromObject(o), o) != nil || w.ready(o).Status == metav1.ConditionFalse
			}).Should(BeTrue())
			Expect(w.plesk.Stats().Writes).To(BeZero())
			heal()
			Expect(all(w)).To(Equal(before))
		},
		Entry("of a customer", "customer", "data/gen_info/guid", func(w *world) (v1alpha1.Object, string) {
			c := newCustomer("acme")
			w.create(c)
			w.eventuallyReady(c)
			w.addOnServer(newGenInfo("other"))
			return c, w.customerOnServer("other").GUID
		}, func(o v1alpha1.Object) { o.(*v1alpha1.PleskCustomer).Spec.CompanyName = new("Acme Ltd") }, func(w *world) []string {
			var out []string
			for _, login := range []string{"acme", "other"} {
				c := w.customerOnServer(login)
				Expect(c).NotTo(BeNil(), login)
				out = append(out, c.Login+" "+c.GUID+" "+c.CompanyName)
			}
			return out
		}),
		Entry("of a subscription", "webspace", "data/gen_info/guid", func(w *world) (v1alpha1.Object, string) {
			s, other := bareSite("own.example"), bareSite("other.example")
			other.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyRetain)
			w.create(s)
			w.create(other)
			w.eventuallyReady(s, other)
			w.delete(other)
			w.eventuallyGone(other)
			return s, w.subscriptionOnServer("other.example").GenInfo.GUID
		}, func(o v1alpha1.Object) { o.(*v1alpha1.PleskSubscription).Spec.Description = new("changed") }, func(w *world) []string {
			var out []string
			for _, domain := range []string{"own.example", "other.example"} {
				d := w.subscriptionOnServer(domain)
				Expect(d).NotTo(BeNil(), domain)
				description := ""
				if d.GenInfo.Description != nil {
					description = *d.GenInfo.Description
				}
				out = append(out, domain+" "+d.GenInfo.GUID+" "+description)
			}
			return out
		}),
		Entry("of a plan", "service-plan", "guid", func(w *world) (v1alpha1.Object, string) {
			p := newPlan("birch-small")
			w.create(p)
			w.eventuallyReady(p)
			_, err := serviceplan.Add.One(w, w.plesk, serviceplan.AddRequest{Name: "other"})
			Expect(err).NotTo(HaveOccurred())
			return p, w.planOnServer("other").GUID
		}, func(o v1alpha1.Object) { o.(*v1alpha1.PleskServicePlan).Spec.PlanName = "birch-large" }, func(w *world) []string {
			var out []string
			for _, name := range []string{"birch-small", "other"} {
				p := w.planOnServer(name)
				Expect(p).NotTo(BeNil(), name)
				out = append(out, name+" "+p.GUID)
			}
			return out
		}),
	)
})

var _ = Describe("What a resource of a PleskServer that has left has recorded", func() {
	It("is neither adopted nor deleted through the next one for the same Plesk", func() {
		w := readyWorld()
		site, _ := w.stack(func(v1alpha1.Object) {})
		zone := newZone(site.Name, recordA("shop", "198.51.100.7"))
		w.create(zone)
		w.eventuallyReady(zone)
		records := w.recordsOnServer()
		second := w.another(w.ns, "web-02", addressOf(w.plesk.Access.URL))
		w.eventuallySays(second, v1alpha1.ReasonOwnedByAnother)
		w.delete(w.server)
		Eventually(func() error {
			err := bed.Client.Patch(w, w.server, withoutFinalizers)
			return client.IgnoreNotFound(err)
		}).Should(Succeed())
		w.eventuallyGone(w.server)
		w.eventuallyReady(second)
		w.plesk.ResetStats()

		account, db, user := newMailAccount("", "info"), newDatabase("", "shop"), newDatabaseUser("", "writer")
		account.Spec.SiteRef = v1alpha1.SiteReference{External: "stack.example"}
		db.Spec.SubscriptionRef = v1alpha1.ObjectReference{External: "stack.example"}
		user.Spec.DatabaseRef, user.Spec.ConnectionSecretRef = v1alpha1.ObjectReference{External: "shop"}, nil
		again := newZone("", recordA("shop", "198.51.100.7"))
		again.Name, again.Spec.SiteRef = "again", v1alpha1.DNSZoneOwner{External: "stack.example"}
		webspace := bareSite("stack.example")
		theirs := []v1alpha1.Object{account, db, user, again, webspace}
		for _, o := range theirs {
			o.SetName("theirs-" + o.GetName())
			o.Common().ServerRef.Name, o.Common().AdoptionPolicy = second.Name, v1alpha1.AdoptionPolicyAlways
			w.create(o)
		}
		for _, o := range theirs {
			w.eventuallySays(o, v1alpha1.ReasonOwnedByAnother)
		}
		for _, o := range theirs {
			w.delete(o)
			w.eventuallyLetGo(o)
		}
		Expect(w.plesk.Stats().Writes).To(BeZero())
		Expect(w.databases()).To(HaveKey("shop"))
		Expect(w.usersOnServer()).To(ContainElement("writer"))
		Expect(w.accountsOnServer("stack.example")).To(ConsistOf("info"))
		Expect(w.recordsOnServer()).To(Equal(records))
	})
})
