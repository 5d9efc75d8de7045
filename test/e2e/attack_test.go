// What others than the object's own resource can bring about, or learn.

package e2e

import (
	"encoding/base64"
	"strings"
	"sync/atomic"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dbserver"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func newDatabase(subscription, name string) *v1alpha1.PleskDatabase {
	d := &v1alpha1.PleskDatabase{Spec: v1alpha1.PleskDatabaseSpec{
		CommonSpec: common(), SubscriptionRef: v1alpha1.ObjectReference{Name: subscription}, DatabaseName: name, Type: v1alpha1.DatabaseTypeMySQL,
	}}
	d.Name = name
	return d
}

func newDatabaseUser(db, login string) *v1alpha1.PleskDatabaseUser {
	u := &v1alpha1.PleskDatabaseUser{Spec: v1alpha1.PleskDatabaseUserSpec{
		CommonSpec: common(), DatabaseRef: v1alpha1.ObjectReference{Name: db}, Login: login, Password: new(generated(login + "-password")),
		ConnectionSecretRef: &v1alpha1.SecretReference{Name: login + "-connection"},
	}}
	u.Name = login
	return u
}

// databases are the names of the databases on the server with their subscriptions.
func (w *world) databases() map[string]int64 {
	GinkgoHelper()
	all, err := database.GetDB.All(w, w.plesk, xmlapi.QueryRequest{Filter: xmlapi.All()})
	Expect(err).NotTo(HaveOccurred())
	out := map[string]int64{}
	for _, d := range all {
		out[d.Name] = d.WebspaceID
	}
	return out
}

var _ = Describe("A connection Secret", func() {
	It("is not another resource's password Secret, nor another one's connection", func() {
		w := readyWorld()
		s := w.setUp()
		shop, first := newDatabase(s.subscription.Name, "shop"), newDatabaseUser("shop", "first")
		w.create(shop)
		w.create(first)
		w.eventuallyReady(shop, first)
		panel := w.secretValue("acme-panel")
		connection := w.secretValue("first-connection")
		Expect(connection).To(Equal(w.secretValue("first-password")))
		w.create(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "theirs"}})
		for login, is := range map[string]struct{ secret, what string }{
			"second": {"acme-panel", "generated passwords"}, "third": {"first-connection", "the connection of PleskDatabaseUser/first: name another one"},
			"fourth": {"theirs", "name one that does not exist"},
		} {
			u := newDatabaseUser("shop", login)
			u.Spec.ConnectionSecretRef.Name = is.secret
			w.create(u)
			w.eventuallySays(u, v1alpha1.ReasonInvalidSpec, "spec.connectionSecretRef", is.secret, is.what)
		}
		c := newCustomer("birch")
		c.Spec.Password.SecretRef = v1alpha1.SecretKeySelector{Name: "first-connection", Key: "panel"}
		w.create(c)
		w.eventuallySays(c, v1alpha1.ReasonInvalidSpec, "spec.password", "first-connection", "PleskDatabaseUser/first")
		Expect(w.secretValue("acme-panel")).To(Equal(panel))
		Expect(w.letsIn("acme", panel)).To(BeTrue())
		Expect(w.secretValue("first-connection")).To(Equal(connection))
	})

	It("stays when its resource leaves with Retain", func() {
		w := readyWorld()
		s := w.setUp()
		shop, user := newDatabase(s.subscription.Name, "shop"), newDatabaseUser("shop", "writer")
		w.create(shop)
		w.create(user)
		w.eventuallyReady(shop, user)
		secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: w.ns, Name: "writer-connection"}}
		w.reload(secret)
		Expect(secret.OwnerReferences).To(BeEmpty(), "the API server collects it with nobody")
		w.delete(user)
		w.eventuallyGone(user)
		w.reload(secret)
		Expect(secret.Data).To(HaveKey("password"))

		// The same resource has it back; another one does not.
		other := newDatabaseUser("shop", "reader")
		other.Spec.ConnectionSecretRef.Name = secret.Name
		w.plesk.ResetStats()
		w.create(other)
		w.eventuallySays(other, v1alpha1.ReasonInvalidSpec, "spec.connectionSecretRef", secret.Name, "PleskDatabaseUser/writer")
		Expect(w.plesk.Stats().Operations).NotTo(HaveKey("database/add-db-user"), "nothing is made that could not be told of")
		again := newDatabaseUser("shop", "writer")
		w.create(again)
		w.eventuallyReady(again)
		w.reload(secret)
		Expect(secret.Annotations).To(HaveKeyWithValue(v1alpha1.AnnotationConnectionUID, string(again.UID)))
	})

	It("goes with its object, as do those under its earlier names, and no other", func() {
		w := readyWorld()
		s := w.setUp()
		shop, left, user, other := newDatabase(s.subscription.Name, "shop"), newDatabaseUser("shop", "writer"), newDatabaseUser("shop", "writer"), newDatabaseUser("shop", "reader")
		left.Spec.ConnectionSecretRef.Name = "left-by-the-first-writer"
		w.create(shop)
		w.create(left)
		w.create(other)
		w.eventuallyReady(shop, left, other)
		w.delete(left)
		w.eventuallyGone(left)
		user.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyDelete)
		user.Spec.ConnectionSecretRef.Name = "earlier"
		w.create(user)
		w.eventuallyReady(user)
		Expect(w.secretValue("earlier")).NotTo(BeEmpty())
		edit(w, user, func(u *v1alpha1.PleskDatabaseUser) { u.Spec.ConnectionSecretRef.Name = "present" })
		w.eventuallyReady(user)
		Expect(w.secretValue("present")).NotTo(BeEmpty())
		w.delete(user)
		w.eventuallyGone(user)
		var names []string
		secrets := &corev1.SecretList{}
		Expect(bed.Client.List(w, secrets, client.InNamespace(w.ns), client.MatchingLabels{v1alpha1.LabelGenerated: v1alpha1.GeneratedConnection})).To(Succeed())
		for _, secret := range secrets.Items {
			names = append(names, secret.Name)
		}
		Expect(names).To(ConsistOf("left-by-the-first-writer", "reader-connection"))
	})

	It("that somebody deletes or changes is there again at once", func() {
		w := readyWorld()
		s := w.setUp()
		shop, user := newDatabase(s.subscription.Name, "shop"), newDatabaseUser("shop", "writer")
		w.create(shop)
		w.create(user)
		w.eventuallyReady(shop, user)
		value := w.secretValue("writer-connection")
		secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: w.ns, Name: "writer-connection"}}
		w.delete(secret)
		Eventually(func() string { return w.secretValue("writer-connection") }).Should(Equal(value))
		edit(w, w.secret("writer-connection"), func(s *corev1.Secret) { s.Data["password"] = []byte("Panel-2031-x") })
		Eventually(func() string { return w.secretValue("writer-connection") }).Should(Equal(value))
	})
})

var _ = Describe("A generated password of two resources", func() {
	It("is renewed for both when one of them is asked for that", func() {
		w := readyWorld()
		s := w.setUp()
		shop, first, second := newDatabase(s.subscription.Name, "shop"), newDatabaseUser("shop", "first"), newDatabaseUser("shop", "second")
		second.Spec.Password = first.Spec.Password
		w.create(shop)
		w.create(first)
		w.eventuallyReady(shop, first)
		w.create(second)
		w.eventuallyReady(second)
		old := w.secretValue("first-password")
		w.annotate(first, v1alpha1.AnnotationRotate)
		Eventually(func() []string {
			return []string{w.secretValue("first-password"), w.secretValue("first-connection"), w.secretValue("second-connection")}
		}).Should(HaveExactElements(Not(Equal(old)), Not(Equal(old)), Not(Equal(old))))
		Expect([]string{w.secretValue("first-connection"), w.secretValue("second-connection")}).To(HaveEach(w.secretValue("first-password")))
	})
})

var _ = Describe("The credentials of a server", func() {
	It("are nobody's password", func() {
		w := readyWorld()
		c := newCustomer("acme")
		c.Spec.Password = &v1alpha1.SecretValue{SecretRef: v1alpha1.SecretKeySelector{Name: "web-01-admin", Key: "password"}}
		w.create(c)
		w.eventuallySays(c, v1alpha1.ReasonInvalidSpec, "spec.password", `Secret "web-01-admin"`)
		Expect(w.plesk.Stats().Writes).To(BeZero())
	})
})

var _ = Describe("A password with a line end", func() {
	It("is refused, naming the Secret and its key", func() {
		w := readyWorld()
		w.create(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "acme-panel"}, StringData: map[string]string{"password": "Panel-2031-x\n"}})
		c := newCustomer("acme")
		w.create(c)
		w.eventuallySays(c, v1alpha1.ReasonInvalidSpec, `the key "password" of Secret "acme-panel"`, "line end")
		Expect(w.plesk.Stats().Writes).To(BeZero())
	})
})

var _ = Describe("Databases whose ids have changed places", func() {
	It("get no users that are another one's, and are found again", func() {
		w := readyWorld()
		s := w.setUp()
		mine, other := newDatabase(s.subscription.Name, "mine"), newDatabase(s.subscription.Name, "other")
		w.create(mine)
		w.eventuallyReady(mine) // it has the id 1
		w.create(other)
		w.eventuallyReady(other)
		Expect(w.plesk.Renumber("database", map[int64]int64{1: 2, 2: 1})).To(Succeed())
		user := newDatabaseUser("mine", "writer")
		w.create(user)
		w.request(mine)
		w.request(other)
		w.eventuallyReady(mine, other, user)
		users, err := database.GetDBUsers.All(w, w.plesk, xmlapi.QueryRequest{Filter: xmlapi.All()})
		Expect(err).NotTo(HaveOccurred())
		Expect(users).To(HaveLen(1))
		in, err := database.GetDB.One(w, w.plesk, xmlapi.QueryRequest{Filter: database.ByID(users[0].DatabaseID).Query()})
		Expect(err).NotTo(HaveOccurred())
		Expect(in.Name).To(Equal("mine"))
	})
})

var _ = Describe("Users who have changed places with their databases", func() {
	It("are written to only when it is known which is whose", func() {
		w := readyWorld()
		s := w.setUp()
		second := dbserver.AddRequest{Host: "db-02.example", Port: "3306", Type: dbserver.MySQL, Admin: "admin", Password: new(xmlapi.Secret("By-Hand-2031"))}
		_, err := dbserver.Add.One(w, w.plesk, second)
		Expect(err).NotTo(HaveOccurred())
		mine, other := newDatabase(s.subscription.Name, "mine"), newDatabase(s.subscription.Name, "other")
		other.Spec.DatabaseServerRef = &v1alpha1.ObjectReference{External: "mysql/db-02.example:3306"} // on which the same login is free
		w.create(mine)
		w.eventuallyReady(mine) // it has the id 1
		w.create(other)
		w.eventuallyReady(other)
		user := newDatabaseUser("mine", "writer")
		w.create(user)
		w.eventuallyReady(user)
		_, err = database.AddDBUser.One(w, w.plesk, database.AddDBUserRequest{DatabaseID: new(int64(2)), Login: "writer", Password: "By-Hand-2031"})
		Expect(err).NotTo(HaveOccurred())
		edit(w, mine, func(d *v1alpha1.PleskDatabase) { d.Spec.Suspend = true }) // what it has recorded stays as it is
		w.eventuallySays(mine, v1alpha1.ReasonSuspended)
		w.eventuallyReady(user)
		for _, numbered := range []string{"database", "database-user"} {
			Expect(w.plesk.Renumber(numbered, map[int64]int64{1: 2, 2: 1})).To(Succeed())
		}
		w.plesk.ResetStats()
		edit(w, user, func(u *v1alpha1.PleskDatabaseUser) { u.Spec.AllowedAddresses = []string{"198.51.100.7"} })
		w.eventuallySays(user, v1alpha1.ReasonDependencyNotReady, `"mine"`)
		Expect(w.plesk.Stats().Writes).To(BeZero(), "it was the other one's")
		edit(w, mine, func(d *v1alpha1.PleskDatabase) { d.Spec.Suspend = false })
		w.eventuallyReady(mine)
		w.eventuallySays(user, v1alpha1.ReasonAlreadyExists, "id 2") // of what it was only the login is left
		Expect(w.plesk.Stats().Writes).To(BeZero())
		edit(w, user, func(u *v1alpha1.PleskDatabaseUser) { u.Spec.AdoptionPolicy = v1alpha1.AdoptionPolicyAlways })
		w.eventuallyReady(user)
		users, err := database.GetDBUsers.All(w, w.plesk, xmlapi.QueryRequest{Filter: xmlapi.All()})
		Expect(err).NotTo(HaveOccurred())
		Expect(users).To(ConsistOf(
			And(HaveField("ID", BeEquivalentTo(1)), HaveField("AllowAccessFrom", BeNil())),
			And(HaveField("ID", BeEquivalentTo(2)), HaveField("AllowAccessFrom.IPAddresses", Equal([]string{"198.51.100.7"}))),
		))
	})
})

var _ = Describe("A subscription that was made anew for another domain", func() {
	It("takes no database of the old one along", func() {
		w := readyWorld()
		s := w.setUp()
		shop := newDatabase(s.subscription.Name, "shop")
		w.create(shop)
		w.eventuallyReady(shop)
		before := w.databases()
		w.delete(s.subscription)
		w.eventuallyGone(s.subscription)
		again := newSubscription("other.example", "acme", "")
		again.Name, again.Spec.Hosting = s.subscription.Name, nil
		w.create(again)
		w.eventuallyReady(again)
		w.eventuallySays(shop, v1alpha1.ReasonParentReplaced, "acme.example", "other.example")
		Expect(w.databases()).To(Equal(before))
		edit(w, shop, func(d *v1alpha1.PleskDatabase) {
			d.Spec.SubscriptionRef = v1alpha1.ObjectReference{External: "acme.example"}
		})
		w.eventuallyReady(shop)
		Expect(w.databases()).To(Equal(before))
	})
})

var _ = Describe("A database that was moved by halves", func() {
	It("goes back where the spec has it, and is deleted where it is", func() {
		w := readyWorld(deletes)
		s := w.setUp()
		second := newSubscription("second.example", "acme", "")
		shop := newDatabase(s.subscription.Name, "shop")
		w.create(second)
		w.create(shop)
		w.eventuallyReady(second, shop)
		before := w.databases()
		w.plesk.Inject(plesksim.Fault{Operator: "database", Operation: "set-custom-host", Code: xmlapi.CodeInvalidValue})
		move := func() {
			GinkgoHelper()
			edit(w, shop, func(d *v1alpha1.PleskDatabase) {
				d.Spec.SubscriptionRef.Name, d.Spec.CustomHost = second.Name, new("db.acme.example")
			})
			w.eventuallySays(shop, v1alpha1.ReasonRejected, "customHost")
			Expect(w.databases()).NotTo(Equal(before))
		}
		move()
		edit(w, shop, func(d *v1alpha1.PleskDatabase) {
			d.Spec.SubscriptionRef.Name, d.Spec.CustomHost = s.subscription.Name, nil
		})
		w.eventuallyReady(shop)
		Expect(w.databases()).To(Equal(before))
		move()
		w.delete(shop)
		w.eventuallyGone(shop)
		Expect(w.databases()).To(BeEmpty())
	})
})

var _ = Describe("A lost create that is deleted together with its Secret", func() {
	It("leaves nothing on the server", func() {
		w := readyWorld(deletes)
		s := w.setUp()
		shop, writer := newDatabase(s.subscription.Name, "shop"), newDatabaseUser("shop", "writer")
		w.create(shop)
		w.eventuallyReady(shop)
		secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "writer-password"}, StringData: map[string]string{"password": "Panel-2031-x"}}
		w.create(secret)
		writer.Spec.Password.Generate = false
		w.plesk.Inject(plesksim.Fault{Operator: "database", Operation: "add-db-user", Executed: true, Delay: 10 * time.Second, Times: 1}) // --write-timeout is shorter
		w.create(writer)
		users := func() []database.GetDBUsersResult {
			all, err := database.GetDBUsers.All(w, w.plesk, xmlapi.QueryRequest{Filter: xmlapi.All()})
			Expect(err).NotTo(HaveOccurred())
			return all
		}
		Eventually(users).ShouldNot(BeEmpty())
		w.delete(secret)
		w.delete(writer)
		w.eventuallyGone(writer)
		Expect(users()).To(BeEmpty())
	})
})

var _ = Describe("A service plan", func() {
	It("is not taken from subscriptions that nobody describes", func() {
		w := readyWorld(deletes)
		p := newPlan("birch-small")
		w.create(p)
		w.eventuallyReady(p)
		_, err := webspace.Add.One(w, w.plesk, webspace.AddRequest{
			GenSetup: webspace.NewGenSetup{Name: "byhand.example", IPAddresses: []string{"198.51.100.7"}}, PlanName: new("birch-small"),
		})
		Expect(err).NotTo(HaveOccurred())
		w.delete(p)
		w.eventuallySays(p, v1alpha1.ReasonDeletionBlocked, "byhand.example")
		Expect(w.planOnServer("birch-small")).NotTo(BeNil())
	})
})

var _ = Describe("A permit for data loss", func() {
	It("is for what was shown, not for what bears its name later", func() {
		w := readyWorld(deletes)
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
		w.addSubscriptionOnServer("raw.example", "acme")
		w.delete(c)
		token := w.token(c, v1alpha1.PermitDataLoss)
		_, err := webspace.Del.One(w, w.plesk, xmlapi.FilterRequest{Filter: webspace.ByName("raw.example")})
		Expect(err).NotTo(HaveOccurred())
		w.addSubscriptionOnServer("raw.example", "acme")
		w.permit(c, v1alpha1.PermitDataLoss, token)
		w.request(c)
		Eventually(func() string { return w.token(c, v1alpha1.PermitDataLoss) }).ShouldNot(Equal(token))
		Expect(w.subscriptionOnServer("raw.example")).NotTo(BeNil())
	})
})

var _ = Describe("A tenant beside others", func() {
	It("holds no name against the server's own namespace by looking or planning", func() {
		w, tenant := sharedWorld()
		for i, policy := range []v1alpha1.ManagementPolicy{v1alpha1.ManagementPolicyObserveOnly, v1alpha1.ManagementPolicyPlan} {
			squatter := of(w, tenant, newCustomer("acme"))
			squatter.Name, squatter.Spec.ManagementPolicy = "squatter-"+string(rune('a'+i)), policy
			w.create(squatter)
			Eventually(func() string { return w.ready(squatter).Reason }).ShouldNot(BeEmpty())
		}
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
	})

	It("learns nothing of what is there and what is not", func() {
		w, tenant := sharedWorld()
		w.addOnServer(newGenInfo("there"))
		told := map[string]string{}
		for _, login := range []string{"there", "missing"} {
			s := of(w, tenant, newSubscription("new.example", "", ""))
			s.Name, s.Spec.DomainName = login, login+".example"
			s.Spec.CustomerRef = &v1alpha1.ObjectReference{External: login}
			w.create(s)
			w.eventuallySays(s, v1alpha1.ReasonPermissionDenied)
			told[login] = strings.ReplaceAll(w.ready(s).Message, login, "LOGIN")
			seen := of(w, tenant, newCustomer(login))
			seen.Name, seen.Spec.ManagementPolicy = login+"-seen", v1alpha1.ManagementPolicyObserveOnly
			w.create(seen)
			w.eventuallySays(seen, v1alpha1.ReasonNotFound)
			told[login] += strings.ReplaceAll(w.ready(seen).Message, login, "LOGIN")
		}
		Expect(told["there"]).To(Equal(told["missing"]))
	})

	It("makes nothing below a domain that is not theirs", func() {
		w, tenant := sharedWorld()
		w.setUp()
		s := of(w, tenant, newSubscription("evil.acme.example", "", ""))
		s.Spec.CustomerRef = nil
		w.create(s)
		w.eventuallySays(s, v1alpha1.ReasonPermissionDenied, "evil.acme.example")
		Expect(w.subscriptionOnServer("evil.acme.example")).To(BeNil())
	})
})

var _ = Describe("A zone with hundreds of long texts", func() {
	It("has a status that can be kept", func() {
		w := readyWorld()
		s := w.setUp()
		edit(w, s.zone, func(z *v1alpha1.PleskDNSZone) {
			for i := range 200 {
				text := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat(string(rune('a'+i%26))+string(rune('a'+i/26)), 1200)))
				z.Spec.Records = append(z.Spec.Records, v1alpha1.DNSRecord{Name: "t" + string(rune('a'+i%26)) + string(rune('a'+i/26)), Type: v1alpha1.DNSRecordTXT, Value: text})
			}
		})
		w.eventuallyReady(s.zone)
		Expect(s.zone.Status.Records).To(HaveLen(201))
		edit(w, s.zone, func(z *v1alpha1.PleskDNSZone) { z.Spec.Records = z.Spec.Records[:1] })
		w.eventuallyReady(s.zone)
		Expect(w.recordsOnServer()).NotTo(ContainElement(HavePrefix("taa.")))
	})
})

var _ = Describe("An add that is answered with another object's id", func() {
	It("is not recorded as that one", func() {
		w := readyWorld(deletes)
		s := w.setUp()
		first := newDatabase(s.subscription.Name, "first")
		w.create(first)
		w.eventuallyReady(first)
		w.plesk.Inject(plesksim.Fault{Operator: "database", Operation: "add-db", Executed: true, With: map[string]string{"id": first.Status.ID}, Times: 1})
		second := newDatabase(s.subscription.Name, "second")
		var believed, gone atomic.Bool
		id, name := first.Status.ID, second.Name
		_, err := bed.Watch(w, w.ns, []client.Object{&v1alpha1.PleskDatabase{}}, func(what watch.EventType, o client.Object) {
			if d := o.(*v1alpha1.PleskDatabase); d.Name == name {
				believed.Store(believed.Load() || d.Status.ID == id && d.Status.Pending == nil)
				gone.Store(what == watch.Deleted)
			}
		})
		Expect(err).NotTo(HaveOccurred())
		w.create(second)
		w.eventuallyReady(second)
		Expect(second.Status.ID).NotTo(Equal(first.Status.ID))
		w.delete(second)
		Eventually(gone.Load).Should(BeTrue())
		Expect(believed.Load()).To(BeFalse(), "what refers to it would have been put into the first one")
		Expect(w.databases()).To(And(HaveKey("first"), HaveLen(1)))
	})
})

var _ = Describe("A resource that was refused an object", func() {
	It("holds it against nobody", func() {
		w := readyWorld()
		w.addOnServer(customer.NewGenInfo{ContactName: "By hand", Login: "acme", Password: "By-Hand-2031-x"})
		planned, taker := newCustomer("acme"), newCustomer("acme")
		planned.Name, planned.Spec.ManagementPolicy = "planned", v1alpha1.ManagementPolicyPlan
		w.create(planned)
		w.eventuallySays(planned, v1alpha1.ReasonAlreadyExists)
		taker.Name, taker.Spec.AdoptionPolicy = "taker", v1alpha1.AdoptionPolicyAlways
		w.create(taker)
		w.eventuallyReady(taker)
	})
})
