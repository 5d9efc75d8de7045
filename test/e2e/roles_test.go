// PleskServers with the credentials of resellers and customers: what they serve, what they say of the rest, and how they get on with others.

package e2e

import (
	"maps"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/secretkey"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

const accountPassword = "Mossy-Gate-2026!"

// resellerPermissions let a reseller use the API or not, and have all else.
func resellerPermissions(api bool) *hosting.ResellerPermissions {
	p := &hosting.ResellerPermissions{Permissions: []hosting.Permission{{Name: "remote_access_interface", Value: api}}}
	for _, name := range []string{"create_clients", "create_domains", "manage_dns", "manage_phosting", "manage_subdomains", "manage_quota", "manage_domain_aliases"} {
		p.Permissions = append(p.Permissions, hosting.Permission{Name: name, Value: true})
	}
	return p
}

// addReseller makes a reseller, who has an address.
func (w *world) addReseller(login string, api bool) (guid string) {
	GinkgoHelper()
	r, err := reseller.Add.One(w, w.plesk, reseller.AddRequest{
		GenInfo: reseller.NewGenInfo{ContactName: "Nora North", Login: login, Password: accountPassword}, Permissions: resellerPermissions(api),
	})
	Expect(err).NotTo(HaveOccurred())
	_, err = reseller.IPPoolAdd.One(w, w.plesk, reseller.IPPoolAddRequest{
		Owner: reseller.Owner{ResellerID: &r.ID}, Addresses: []reseller.NewPoolAddress{{Address: "198.51.100.7"}},
	})
	Expect(err).NotTo(HaveOccurred())
	return r.GUID
}

// addCustomer makes a customer of a reseller's, or of the administrator where none is named.
func (w *world) addCustomer(login string, owner *string) {
	GinkgoHelper()
	_, err := customer.Add.One(w, w.plesk, customer.AddRequest{GenInfo: customer.NewGenInfo{ContactName: "Ada Birch", Login: login, Password: accountPassword, OwnerLogin: owner}})
	Expect(err).NotTo(HaveOccurred())
}

// addSubscription makes a subscription with a web site.
func (w *world) addSubscription(domain, owner string) (guid string) {
	GinkgoHelper()
	r, err := webspace.Add.One(w, w.plesk, webspace.AddRequest{
		GenSetup: webspace.NewGenSetup{Name: domain, OwnerLogin: &owner, IPAddresses: []string{"198.51.100.7"}, HostingType: new(hosting.Virtual)},
		Hosting: &hosting.Hosting{Virtual: &hosting.VirtualHosting{IPAddresses: []string{"198.51.100.7"}, Properties: []xmlapi.Property{
			{Name: "ftp_login", Value: "u" + domain[:4]}, {Name: "ftp_password", Value: accountPassword},
		}}},
		Permissions: &hosting.Permissions{Permissions: []hosting.Permission{{Name: "manage_dns", Value: true}}},
	})
	Expect(err).NotTo(HaveOccurred())
	return r.GUID
}

func (w *world) removeOnServer(domain string) {
	GinkgoHelper()
	_, err := webspace.Del.One(w, w.plesk, xmlapi.FilterRequest{Filter: webspace.ByName(domain)})
	Expect(err).NotTo(HaveOccurred())
}

// accountWorld is a world without an administrator's PleskServer.
func accountWorld() *world {
	GinkgoHelper()
	w := newWorld()
	w.delete(w.server)
	w.eventuallyGone(w.server)
	return w
}

// credentials is how they are given.
type credentials func(w *world, login string, secret *corev1.Secret)

func byPassword(_ *world, login string, s *corev1.Secret) {
	s.Data["username"], s.Data["password"] = []byte(login), []byte(accountPassword)
}

func byKey(w *world, login string, s *corev1.Secret) {
	GinkgoHelper()
	made, err := secretkey.Create.One(w, w.plesk, secretkey.CreateRequest{Login: &login, IPAddress: new("127.0.0.1")})
	Expect(err).NotTo(HaveOccurred())
	delete(s.Data, "username")
	delete(s.Data, "password")
	s.Data["secretKey"] = []byte(made.Key.Reveal())
}

// serverOf makes a PleskServer with the credentials of an account.
func (w *world) serverOf(login string, by credentials, names ...string) *v1alpha1.PleskServer {
	GinkgoHelper()
	name := append(names, login)[0]
	srv, secrets := w.plesk.Access.Server(w.ns, name)
	srv.Spec.EventPollInterval, srv.Spec.DeletionPolicy = w.server.Spec.EventPollInterval, v1alpha1.DeletionPolicyDelete
	by(w, login, secrets[0])
	for _, s := range secrets {
		w.create(s)
	}
	w.create(srv)
	return srv
}

// on moves objects to a PleskServer of the namespace.
func on[O v1alpha1.Object](srv *v1alpha1.PleskServer, o O) O {
	o.Common().ServerRef.Name = srv.Name
	return o
}

// outside has an object lie in a subscription that no resource describes.
func outside(domain string) v1alpha1.SiteReference { return v1alpha1.SiteReference{External: domain} }

func customersZone(srv *v1alpha1.PleskServer, name, domain string) *v1alpha1.PleskDNSZone {
	z := on(srv, newZone("", recordA("shop", "198.51.100.7")))
	z.Name, z.Spec.SiteRef = name, v1alpha1.DNSZoneOwner(outside(domain))
	return z
}

func customersMail(srv *v1alpha1.PleskServer, name, domain, account string) *v1alpha1.PleskMailAccount {
	m := on(srv, newMailAccount("", account))
	m.Name, m.Spec.ServerRef, m.Spec.SiteRef = name, &v1alpha1.ServerReference{Name: srv.Name}, outside(domain)
	return m
}

func customersDatabase(srv *v1alpha1.PleskServer, name, domain, db string) *v1alpha1.PleskDatabase {
	d := newDatabase("", db)
	d.Name, d.Spec.ServerRef, d.Spec.SubscriptionRef = name, &v1alpha1.ServerReference{Name: srv.Name}, v1alpha1.ObjectReference{External: domain}
	return d
}

// silent sees that requested passes write nothing, and neither does a restart.
func (w *world) silent(reads string, objects ...client.Object) {
	GinkgoHelper()
	w.eventuallyReady(objects...)
	w.plesk.ResetStats()
	for _, o := range objects {
		w.request(o)
	}
	Eventually(func() int { return w.plesk.Stats().Operations[reads] }).Should(BeNumerically(">", 0), reads)
	Consistently(func() int { return w.plesk.Stats().Writes }).Should(BeZero())
	Expect(manager.Stop()).To(Succeed())
	versions := func() (out []string) {
		for _, o := range objects {
			w.reload(o)
			out = append(out, o.GetName()+"/"+o.GetResourceVersion())
		}
		return out
	}
	before := versions()
	w.plesk.ResetStats()
	Expect(manager.Start(w)).To(Succeed())
	Eventually(func() int { return w.plesk.Stats().Operations[reads] }).Should(BeNumerically(">", 0), reads)
	Consistently(func() int { return w.plesk.Stats().Writes }).Should(BeZero())
	Expect(versions()).To(Equal(before))
}

// eventuallyLists waits until lists of these kinds have been read and compared with: what a server has beyond them is counted.
func (w *world) eventuallyLists(srv *v1alpha1.PleskServer, kinds ...string) {
	GinkgoHelper()
	var all []any
	for _, k := range kinds {
		all = append(all, k)
	}
	Eventually(func() []string { w.reload(srv); return slices.Sorted(maps.Keys(srv.Status.Undeclared)) }).Should(ContainElements(all...))
}

var _ = Describe("A PleskServer with the credentials of a reseller", func() {
	DescribeTable("serves customers, plans, subscriptions and zones", func(by credentials) {
		w := accountWorld()
		guid := w.addReseller("north", true)
		srv := w.serverOf("north", by)
		w.eventuallyReady(srv)
		Expect(srv.Status).To(And(HaveField("Role", v1alpha1.RoleReseller), HaveField("GUID", guid), HaveField("EventLog", v1alpha1.EventLogUnavailable),
			HaveField("Version", BeEmpty()), HaveField("Objects", BeNil()), HaveField("ProtocolVersions", Not(BeEmpty()))))
		s := setup{on(srv, newCustomer("acme")), on(srv, newPlan("birch-small")), on(srv, newSubscription("acme.example", "acme", "birch-small")), on(srv, newZone("acme-example", recordA("shop", "198.51.100.7")))}
		for _, o := range s.all() {
			w.create(o)
		}
		w.eventuallyReady(s.all()...)
		Expect(w.customerOnServer("acme").OwnerLogin).To(HaveValue(Equal("north")))
		Expect(s.subscription.Status.ServerGUID).To(Equal(guid))
		Expect(w.planOnServer("birch-small")).To(BeNil(), "it is the reseller's, not the administrator's")

		edit(w, s.customer, func(c *v1alpha1.PleskCustomer) { c.Spec.ContactName = "Grace Birch" })
		edit(w, s.zone, func(z *v1alpha1.PleskDNSZone) {
			z.Spec.Records = append(z.Spec.Records, recordA("blog", "198.51.100.8"))
		})
		w.eventuallyReady(s.customer, s.zone)
		Expect(w.customerOnServer("acme").ContactName).To(Equal("Grace Birch"))
		Expect(w.recordsOnServer()).To(ContainElement(ContainSubstring("blog.acme.example")))
		w.silent("dns/get_rec", s.all()...)
		Expect(w.plesk.Stats().Operations).NotTo(Or(HaveKey("event_log/get-last-id"), HaveKey("event_log/get_events")))

		w.eventuallyLists(srv, "PleskCustomer", "PleskServicePlan", "PleskSubscription")

		By("deleting, as far as a reseller may know what goes along")
		w.delete(s.zone)
		w.eventuallyGone(s.zone)
		Expect(w.recordsOnServer()).NotTo(ContainElement(ContainSubstring("shop.acme.example")))
		w.delete(s.subscription)
		w.eventuallySays(s.subscription, v1alpha1.ReasonPermissionDenied, "what lies in it cannot be asked", "Plesk error 1006", "Retain")
		Consistently(func() *webspace.Data { return w.subscriptionOnServer("acme.example") }).ShouldNot(BeNil())
		edit(w, s.subscription, func(s *v1alpha1.PleskSubscription) { s.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) })
		w.eventuallyGone(s.subscription)
		Expect(w.subscriptionOnServer("acme.example")).NotTo(BeNil())
		w.removeOnServer("acme.example")
		w.delete(s.customer)
		w.delete(s.plan)
		w.eventuallyGone(s.customer)
		w.eventuallyGone(s.plan)
		Expect(w.customerOnServer("acme")).To(BeNil())
		w.delete(srv)
		w.eventuallyGone(srv)
	}, Entry("by login and password", credentials(byPassword)), Entry("by a key", credentials(byKey)))

	It("tries what the documents leave open, and says what the server refuses", func() {
		w := accountWorld()
		w.addReseller("north", true)
		w.addCustomer("acme", new("north"))
		w.addSubscription("acme.example", "acme")
		srv := w.serverOf("north", byPassword)
		box, db := customersMail(srv, "info", "acme.example", "info"), customersDatabase(srv, "shop", "acme.example", "shop")
		w.create(box)
		w.create(db)
		user := on(srv, newDatabaseUser("shop", "writer"))
		w.create(user)
		w.eventuallySays(box, v1alpha1.ReasonPermissionDenied, "Plesk error 1006")
		w.eventuallyReady(db, user)
		for _, o := range []client.Object{user, db, box} {
			w.delete(o)
			w.eventuallyGone(o)
		}
		Expect(w.databases()).To(BeEmpty())
	})

	It("does not take for gone what it is not shown any more", func() {
		w := accountWorld()
		w.addReseller("north", true)
		srv := w.serverOf("north", byPassword)
		w.eventuallyReady(srv)
		c := on(srv, newCustomer("acme"))
		c.Spec.RecreationPolicy = new(v1alpha1.RecreationPolicyRecreate)
		w.create(c)
		w.eventuallyReady(c)
		_, err := customer.ChangeOwner.One(w, w.plesk, customer.ChangeOwnerRequest{Filter: customer.ByLogin("acme"), NewOwnerLogin: plesksim.DefaultLogin})
		Expect(err).NotTo(HaveOccurred())
		w.plesk.ResetStats()
		w.request(c)
		w.eventuallySays(c, v1alpha1.ReasonGoneOnServer, "is not shown to the account of PleskServer", "moved out of its sight")
		Consistently(func() int { return w.plesk.Stats().Writes }).Should(BeZero())
		w.delete(c)
		w.eventuallyGone(c)
		Expect(w.customerOnServer("acme")).NotTo(BeNil())
	})

	It("leaves the connection to what it is not shown any more", func() {
		w := accountWorld()
		w.addReseller("north", true)
		w.addCustomer("acme", new("north"))
		w.addSubscription("acme.example", "acme")
		srv := w.serverOf("north", byPassword)
		db, user, gone := customersDatabase(srv, "shop", "acme.example", "shop"), on(srv, newDatabaseUser("shop", "writer")), on(srv, newDatabaseUser("shop", "reader"))
		for _, o := range []client.Object{db, user, gone} {
			w.create(o)
		}
		w.eventuallyReady(db, user, gone)
		w.delete(gone)
		w.eventuallyGone(gone)
		_, err := customer.ChangeOwner.One(w, w.plesk, customer.ChangeOwnerRequest{Filter: customer.ByLogin("acme"), NewOwnerLogin: plesksim.DefaultLogin})
		Expect(err).NotTo(HaveOccurred())
		w.delete(user)
		w.eventuallyGone(user)
		Expect([]string{w.secretValue("writer-connection"), w.secretValue("reader-connection")}).To(HaveExactElements(Not(BeEmpty()), BeEmpty()))
	})

	It("says that it is not admitted, and is when it is", func() {
		w := accountWorld()
		w.addReseller("north", false)
		srv := w.serverOf("north", byPassword)
		c := on(srv, newCustomer("acme"))
		w.create(c)
		w.eventuallySays(srv, v1alpha1.ReasonPermissionDenied, "Plesk error 1006", "nobody is admitted from here", "remote_access_interface")
		w.eventuallySays(c, v1alpha1.ReasonServerNotReady)
		_, err := reseller.Set.One(w, w.plesk, reseller.SetRequest{Filter: reseller.ByLogin("north"), Values: reseller.SetValues{Permissions: resellerPermissions(true)}})
		Expect(err).NotTo(HaveOccurred())
		w.eventuallyReady(srv, c)
	})
})

var _ = Describe("A PleskServer with the credentials of a customer", func() {
	DescribeTable("serves zones, mail and databases of its own subscriptions", func(by credentials) {
		w := accountWorld()
		w.addCustomer("acme", nil)
		guid := w.addSubscription("acme.example", "acme")
		srv := w.serverOf("acme", by)
		w.eventuallyReady(srv)
		Expect(srv.Status).To(And(HaveField("Role", v1alpha1.RoleCustomer), HaveField("GUID", Not(BeEmpty())), HaveField("Subscriptions", Equal([]string{guid})),
			HaveField("EventLog", v1alpha1.EventLogUnavailable)))
		zone, box, db := customersZone(srv, "acme", "acme.example"), customersMail(srv, "info", "acme.example", "info"), customersDatabase(srv, "shop", "acme.example", "shop")
		user := on(srv, newDatabaseUser("shop", "writer"))
		for _, o := range []client.Object{zone, box, db, user} {
			w.create(o)
		}
		w.eventuallyReady(zone, box, db, user)
		Expect(user.Status.Parent.Around).To(Equal(guid), "what the database lies in tells which database it is")
		edit(w, box, func(m *v1alpha1.PleskMailAccount) { m.Spec.Aliases = []string{"hello"} })
		w.eventuallyReady(box)
		w.silent("mail/get_info", zone, box, db, user)

		w.eventuallyLists(srv, "PleskDatabase", "PleskDatabaseUser", "PleskMailAccount")

		By("deleting all of it")
		for _, o := range []client.Object{user, db, box, zone} {
			w.delete(o)
			w.eventuallyGone(o)
		}
		Expect(w.databases()).To(BeEmpty())
		accounts, err := mail.GetInfo.All(w, w.plesk, mail.GetInfoRequest{Filter: mail.InfoFilter{SiteID: w.siteOnServer("acme.example")}})
		Expect(err).NotTo(HaveOccurred())
		Expect(accounts).To(BeEmpty())
		w.delete(srv)
		w.eventuallyGone(srv)
	}, Entry("by login and password", credentials(byPassword)), Entry("by a key", credentials(byKey)))

	It("refuses kinds that are not for customers, without a packet, until its credentials are another's", func() {
		w := accountWorld()
		guid := w.addReseller("north", true)
		w.addCustomer("acme", new("north"))
		w.addSubscription("acme.example", "acme")
		srv := w.serverOf("acme", byPassword, "west")
		w.eventuallyReady(srv)
		Expect(srv.Status.GUID).To(Equal(guid), "its provider's")
		c, p := on(srv, newCustomer("birch")), on(srv, newPlan("birch-small"))
		w.create(c)
		w.create(p)
		w.eventuallySays(c, v1alpha1.ReasonPermissionDenied, "PleskCustomer is for the credentials of administrator or reseller", "of a customer")
		w.eventuallySays(p, v1alpha1.ReasonPermissionDenied, "PleskServicePlan is for the credentials of administrator or reseller")
		Expect(w.plesk.Stats().Operations).NotTo(Or(HaveKey("customer/get"), HaveKey("service-plan/get")))

		edit(w, w.secret("west-admin"), func(s *corev1.Secret) { s.Data["username"] = []byte("north") })
		Eventually(func() v1alpha1.ServerRole { w.reload(srv); return srv.Status.Role }).Should(Equal(v1alpha1.RoleReseller))
		w.eventuallyReady(c, p)
	})

	It("may neither make nor remove a subscription, and says so", func() {
		w := accountWorld()
		w.addCustomer("acme", nil)
		w.addSubscription("acme.example", "acme")
		srv := w.serverOf("acme", byPassword)
		own, another := on(srv, bareSite("acme.example")), on(srv, bareSite("another.example"))
		w.create(own)
		w.create(another)
		w.eventuallyReady(own)
		w.eventuallySays(another, v1alpha1.ReasonPermissionDenied, "Plesk error 1006")
		Expect(w.subscriptionOnServer("another.example")).To(BeNil())
		Expect(w.subscriptionOnServer("acme.example").GenInfo.ExternalID).To(BeEmpty(), "that is its provider's")
		_, err := webspace.Set.One(w, w.plesk, webspace.SetRequest{Filter: webspace.ByName("acme.example"), Values: webspace.SetValues{GenSetup: &webspace.SetGenSetup{ExternalID: new("billing-7")}}})
		Expect(err).NotTo(HaveOccurred())
		w.plesk.ResetStats()
		w.request(own)
		Eventually(func() int { return w.plesk.Stats().Operations["webspace/get"] }).Should(BeNumerically(">", 3))
		Consistently(w.ready).WithArguments(own).Should(HaveField("Reason", v1alpha1.ReasonAvailable))
		w.delete(another)
		w.eventuallyGone(another)
		w.delete(own)
		Eventually(w.ready).WithArguments(own).Should(HaveField("Message", ContainSubstring("Plesk error 1006")))
		Expect(w.subscriptionOnServer("acme.example")).NotTo(BeNil())
		edit(w, own, func(s *v1alpha1.PleskSubscription) { s.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) })
		w.eventuallyGone(own)
	})

	It("waits for a subscription to know the account by", func() {
		w := accountWorld()
		w.addCustomer("acme", nil)
		srv := w.serverOf("acme", byPassword)
		w.eventuallySays(srv, v1alpha1.ReasonDependencyNotReady, "the customer has no subscription")
		zone := customersZone(srv, "acme", "acme.example")
		w.create(zone)
		w.eventuallySays(zone, v1alpha1.ReasonServerNotReady)
		first := w.addSubscription("acme.example", "acme")
		w.eventuallyReady(srv, zone)

		second := w.addSubscription("more.example", "acme")
		Eventually(func() []string { w.reload(srv); return srv.Status.Subscriptions }).Should(ConsistOf(first, second))
		w.removeOnServer("acme.example")
		Eventually(func() []string { w.reload(srv); return srv.Status.Subscriptions }).Should(ConsistOf(second))
		w.removeOnServer("more.example")
		w.eventuallySays(srv, v1alpha1.ReasonDependencyNotReady)
		w.addSubscription("acme.example", "acme")
		w.eventuallySays(srv, v1alpha1.ReasonWrongServer, "a customer with the subscriptions")
	})

	It("is not another customer's of the same provider", func() {
		w := accountWorld()
		w.addCustomer("acme", nil)
		w.addCustomer("birch", nil)
		w.addSubscription("acme.example", "acme")
		w.addSubscription("birch.example", "birch")
		srv := w.serverOf("acme", byPassword)
		zone := customersZone(srv, "acme", "acme.example")
		w.create(zone)
		w.eventuallyReady(srv, zone)
		edit(w, w.secret("acme-admin"), func(s *corev1.Secret) { s.Data["username"] = []byte("birch") })
		w.eventuallySays(srv, v1alpha1.ReasonWrongServer, "a customer with the subscriptions")
		w.eventuallySays(zone, v1alpha1.ReasonWrongServer)
		edit(w, w.secret("acme-admin"), func(s *corev1.Secret) { s.Data["username"] = []byte("acme") })
		w.eventuallyReady(srv, zone)
	})

	It("holds its subscriptions alone", func() {
		w := accountWorld()
		w.addCustomer("acme", nil)
		guid := w.addSubscription("acme.example", "acme")
		first := w.serverOf("acme", byPassword)
		w.eventuallyReady(first)
		second := w.serverOf("acme", byKey, "again")
		w.eventuallySays(second, v1alpha1.ReasonOwnedByAnother, `PleskServer "acme" manages the subscription with GUID `+guid)
		w.delete(first)
		w.eventuallyGone(first)
		w.eventuallyReady(second)
	})
})

var _ = Describe("PleskServers of several accounts for one Plesk", func() {
	It("work side by side, and each object is one's", func() {
		w := readyWorld(func(s *v1alpha1.PleskServer) { s.Spec.DeletionPolicy = v1alpha1.DeletionPolicyDelete })
		w.addReseller("north", true)
		w.addCustomer("acme", new("north"))
		w.addSubscription("acme.example", "acme")
		w.addSubscription("more.example", "acme")
		north, acme := w.serverOf("north", byPassword), w.serverOf("acme", byPassword)
		w.eventuallyReady(north, acme)

		By("describing the same objects with the credentials of all three")
		mine := []v1alpha1.Object{
			bareSite("acme.example"),
			customersMail(w.server, "admins-mail", "acme.example", "info"), customersDatabase(w.server, "admins-shop", "acme.example", "shop"),
		}
		mine[2].(*v1alpha1.PleskDatabase).Spec.ServerRef = &v1alpha1.ServerReference{Name: w.server.Name}
		for _, o := range mine {
			w.create(o)
			w.eventuallyReady(o)
		}
		user := newDatabaseUser("admins-shop", "writer")
		user.Name = "admins-user"
		w.create(user)
		w.eventuallyReady(user)
		theirs := []v1alpha1.Object{
			on(north, bareSite("acme.example")), on(acme, bareSite("acme.example")),
			customersMail(acme, "customers-mail", "acme.example", "info"),
			customersDatabase(north, "resellers-shop", "acme.example", "shop"), customersDatabase(acme, "customers-shop", "acme.example", "shop"),
		}
		theirs[0].SetName("resellers-site")
		theirs[1].SetName("customers-site")
		external := on(acme, newDatabaseUser("", "writer"))
		external.Name, external.Spec.DatabaseRef, external.Spec.ConnectionSecretRef = "customers-user", v1alpha1.ObjectReference{External: "shop"}, nil
		theirs = append(theirs, external)
		w.plesk.ResetStats()
		for _, o := range theirs {
			o.Common().AdoptionPolicy = v1alpha1.AdoptionPolicyAlways
			w.create(o)
		}
		for _, o := range theirs {
			w.eventuallySays(o, v1alpha1.ReasonOwnedByAnother)
		}
		Expect(w.plesk.Stats().Writes).To(BeZero())

		By("leaving what is in it to those who describe it")
		free := customersMail(acme, "free", "more.example", "free")
		w.create(free)
		w.eventuallyReady(free)
		more := on(north, bareSite("more.example"))
		w.create(more)
		w.eventuallyReady(more)
		admins := bareSite("more.example")
		admins.Name = "admins-more"
		w.create(admins)
		w.eventuallySays(admins, v1alpha1.ReasonOwnedByAnother)

		By("letting another one have what its owner leaves")
		edit(w, user, func(o *v1alpha1.PleskDatabaseUser) { o.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) })
		w.delete(user)
		w.eventuallyGone(user)
		w.eventuallyReady(external)
		site := mine[0].(*v1alpha1.PleskSubscription)
		edit(w, site, func(o *v1alpha1.PleskSubscription) { o.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) })
		w.delete(site)
		w.eventuallyGone(site)
		Eventually(func() []string {
			return []string{w.ready(theirs[0]).Reason, w.ready(theirs[1]).Reason}
		}).Should(ConsistOf(v1alpha1.ReasonAvailable, v1alpha1.ReasonOwnedByAnother))
	})

	It("take nothing along that is described for another account", func() {
		w := readyWorld(func(s *v1alpha1.PleskServer) { s.Spec.DeletionPolicy = v1alpha1.DeletionPolicyDelete })
		w.addCustomer("acme", nil)
		site := bareSite("own.example")
		site.Spec.CustomerRef, site.Spec.DeletionPolicy = &v1alpha1.ObjectReference{External: "acme"}, new(v1alpha1.DeletionPolicyDeleteWithContents)
		w.create(site)
		w.eventuallyReady(site)
		acme := w.serverOf("acme", byPassword)
		w.eventuallyReady(acme)
		box, db := customersMail(acme, "info", "own.example", "info"), customersDatabase(acme, "shop", "own.example", "shop")
		w.create(box)
		w.create(db)
		w.eventuallyReady(box, db)
		w.delete(site)
		w.eventuallySays(site, v1alpha1.ReasonDeletionBlocked, `PleskMailAccount "info"`, `PleskDatabase "shop"`)
		w.delete(box)
		w.delete(db)
		w.eventuallyGone(box)
		w.eventuallyGone(db)
		w.eventuallyGone(site)
	})
})
