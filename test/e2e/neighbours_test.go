// Neighbours: tenants of one server, others who write to it, and a server that comes back from a backup.

package e2e

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
)

// sharedWorld has a server that every namespace may use, and a tenant's namespace.
func sharedWorld(change ...func(*v1alpha1.PleskServer)) (w *world, tenant string) {
	GinkgoHelper()
	w = readyWorld(append(change, everybody)...)
	tenant = w.ns + "-tenant"
	w.create(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: tenant}})
	return w, tenant
}

// everybody lets every namespace use a server.
func everybody(s *v1alpha1.PleskServer) {
	s.Spec.Tenants = append(s.Spec.Tenants, v1alpha1.Tenant{Name: "all", From: v1alpha1.NamespacesFromAll, AdditionalKinds: []string{"PleskServicePlan"}})
}

// existing lets tenants have what nobody describes. It comes before everybody, whose union with it counts.
func existing(s *v1alpha1.PleskServer) {
	s.Spec.Tenants = append(s.Spec.Tenants, v1alpha1.Tenant{Name: "existing", From: v1alpha1.NamespacesFromAll, ExistingObjects: v1alpha1.AccessAllow})
}

// of moves an object into a tenant's namespace, on the server of the world.
func of[O v1alpha1.Object](w *world, tenant string, o O) O {
	o.SetNamespace(tenant)
	o.Common().ServerRef.Namespace = w.ns
	return o
}

func newGenInfo(login string) customer.NewGenInfo {
	return customer.NewGenInfo{Login: login, ContactName: "Somebody Else"}
}

var _ = Describe("A tenant", func() {
	It("has its own customers, plans, subscriptions and zones on a shared server", func() {
		w, tenant := sharedWorld()
		c, plan := of(w, tenant, newCustomer("acme")), of(w, tenant, newPlan("birch-small"))
		s := of(w, tenant, newSubscription("acme.example", "acme", ""))
		s.Spec.ServicePlanRef = &v1alpha1.ObjectReference{External: "Default Domain"} // a plan may be named by whoever uses the server
		z := of(w, tenant, newZone("acme-example", recordA("shop", "198.51.100.7")))
		for _, o := range []v1alpha1.Object{c, plan, s, z} {
			w.create(o)
		}
		w.eventuallyReady(c, plan, s, z)
	})

	It("comes and goes with the labels of its namespace, and so do its rights", func() {
		w := readyWorld(func(s *v1alpha1.PleskServer) {
			s.Spec.DeletionPolicy = v1alpha1.DeletionPolicyDelete
			for name, access := range map[string]v1alpha1.AccessPolicy{"silver": v1alpha1.AccessDeny, "gold": v1alpha1.AccessAllow} {
				s.Spec.Tenants = append(s.Spec.Tenants, v1alpha1.Tenant{
					Name: name, From: v1alpha1.NamespacesFromSelector, Selector: &v1alpha1.NamespaceSelector{MatchLabels: map[string]string{"tier": name}}, PrivilegedFields: access,
				})
			}
		})
		ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: w.ns + "-tenant"}}
		w.create(ns)
		label := func(tier string) { edit(w, ns, func(ns *corev1.Namespace) { ns.Labels["tier"] = tier }) }
		c, s := of(w, ns.Name, newCustomer("acme")), of(w, ns.Name, newSubscription("acme.example", "acme", ""))
		s.Spec.Hosting.VirtualHost.Shell = new("/bin/bash")
		w.create(c)
		w.create(s)
		notAdmitted := fmt.Sprintf("does not admit namespace %q", ns.Name)
		w.eventuallySays(c, v1alpha1.ReasonPermissionDenied, notAdmitted)
		w.eventuallySays(s, v1alpha1.ReasonPermissionDenied, notAdmitted)
		label("silver")
		w.eventuallyReady(c)
		w.eventuallySays(s, v1alpha1.ReasonPermissionDenied, "spec.hosting.virtualHost.shell", "privilegedFields")
		label("gold")
		w.eventuallyReady(c, s)
		label("none")
		w.eventuallySays(c, v1alpha1.ReasonPermissionDenied, notAdmitted)
		w.delete(s)
		w.eventuallySays(s, v1alpha1.ReasonDeletionBlocked, notAdmitted)
		label("silver")
		w.eventuallyGone(s)
		w.eventuallyReady(c)
	})

	It("learns of no PleskServer that it may not use whether it is there", func() {
		w := readyWorld()
		tenant := w.ns + "-tenant"
		w.create(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: tenant}})
		there, not := of(w, tenant, newCustomer("there")), of(w, tenant, newCustomer("not"))
		not.Spec.ServerRef.Name = "web-02"
		w.create(there)
		w.create(not)
		w.eventuallySays(there, v1alpha1.ReasonPermissionDenied, w.ns+"/web-01")
		w.eventuallySays(not, v1alpha1.ReasonPermissionDenied, w.ns+"/web-02")
		Expect(strings.ReplaceAll(w.ready(not).Message, "web-02", "web-01")).To(Equal(w.ready(there).Message))
		Expect(not.Status.Conditions).To(HaveLen(len(there.Status.Conditions)))

		second := w.server.DeepCopy()
		second.ObjectMeta = metav1.ObjectMeta{Namespace: w.ns, Name: "web-02"}
		second.Spec.CredentialsSecretRef.Name = "not-there"
		everybody(second)
		w.create(second)
		w.eventuallySays(not, v1alpha1.ReasonServerNotReady, w.ns+"/web-02")
	})

	It("cannot take what another tenant's resources describe, by any field", func() {
		w, tenant := sharedWorld(existing)
		victim := of(w, w.ns+"-victim", newCustomer("victim"))
		w.create(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: victim.Namespace}})
		site := of(w, victim.Namespace, newSubscription("victim.example", "victim", ""))
		w.create(victim)
		w.create(site)
		w.eventuallyReady(victim, site)
		w.plesk.ResetStats()

		login := of(w, tenant, newCustomer("victim"))
		login.Spec.AdoptionPolicy = v1alpha1.AdoptionPolicyAlways
		domain := of(w, tenant, newSubscription("victim.example", "", ""))
		domain.Spec.CustomerRef, domain.Spec.AdoptionPolicy = nil, v1alpha1.AdoptionPolicyAlways
		below := of(w, tenant, newSubscription("mine.example", "", ""))
		below.Spec.CustomerRef = &v1alpha1.ObjectReference{External: "victim"}
		zone := of(w, tenant, newZone("", recordA("shop", "198.51.100.7")))
		zone.Name, zone.Spec.SiteRef = "zone", v1alpha1.DNSZoneOwner{External: "victim.example"}
		for _, o := range []v1alpha1.Object{login, domain, below, zone} {
			w.create(o)
		}
		w.eventuallySays(login, v1alpha1.ReasonOwnedByAnother)
		w.eventuallySays(domain, v1alpha1.ReasonOwnedByAnother)
		w.eventuallySays(below, v1alpha1.ReasonPermissionDenied, "spec.customerRef", "not this namespace's")
		w.eventuallySays(zone, v1alpha1.ReasonPermissionDenied, "spec.siteRef", "not this namespace's")
		Consistently(func() int { return w.plesk.Stats().Writes }).Should(BeZero())
	})

	It("brings nothing to the server that reaches beyond its own sites", func() {
		w, tenant := sharedWorld()
		p := of(w, tenant, newPlan("birch-small"))
		p.Spec.WebServer = &v1alpha1.PlanWebServer{AdditionalHTTP: new(`CustomLog "|/bin/sh -c id" combined`)}
		p.Spec.Hosting = &v1alpha1.PlanHosting{HostingProperties: v1alpha1.HostingProperties{Shell: new("/bin/bash")}}
		s := of(w, tenant, newSubscription("acme.example", "", ""))
		s.Spec.CustomerRef = nil
		s.Spec.Hosting.VirtualHost.Shell = new("/bin/bash")
		w.create(p)
		w.create(s)
		w.eventuallySays(p, v1alpha1.ReasonPermissionDenied, "spec.hosting.shell", "spec.webServer.additionalHTTP", "privilegedFields")
		w.eventuallySays(s, v1alpha1.ReasonPermissionDenied, "spec.hosting.virtualHost.shell", "privilegedFields")
		Expect(w.plesk.Stats().Writes).To(BeZero())
		edit(w, w.server, func(s *v1alpha1.PleskServer) { s.Spec.Tenants[0].PrivilegedFields = v1alpha1.AccessAllow })
		w.eventuallyReady(p, s)
	})

	It("cannot take what nobody describes, unless the server allows that", func() {
		w, tenant := sharedWorld()
		w.addOnServer(newGenInfo("acme"))
		w.addOnServer(newGenInfo("birch"))
		c := of(w, tenant, newCustomer("acme"))
		c.Spec.AdoptionPolicy = v1alpha1.AdoptionPolicyAlways
		w.create(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: tenant, Name: "acme-panel"}, StringData: map[string]string{"password": "Panel-2031-x"}})
		s := of(w, tenant, newSubscription("acme.example", "", ""))
		s.Spec.CustomerRef = &v1alpha1.ObjectReference{External: "birch"}
		w.create(c)
		w.create(s)
		w.eventuallySays(c, v1alpha1.ReasonAlreadyExists, "existingObjects in its spec.tenants")
		w.eventuallySays(s, v1alpha1.ReasonPermissionDenied, "spec.customerRef", "existingObjects in the PleskServer's spec.tenants")
		own := of(w, tenant, newSubscription("own.example", "", ""))
		own.Spec.CustomerRef = nil
		own.Spec.Hosting.VirtualHost.TLS = &v1alpha1.SiteTLS{CertificateRef: &v1alpha1.CertificateReference{External: "default certificate"}}
		w.create(own)
		w.eventuallySays(own, v1alpha1.ReasonPermissionDenied, "spec.hosting.virtualHost.tls.certificateRef", "existingObjects in the PleskServer's spec.tenants")
		Expect(w.plesk.Stats().Operations["customer/set"] + w.plesk.Stats().Operations["webspace/add"]).To(BeZero())
		edit(w, w.server, existing)
		w.eventuallyReady(c, s, own)
	})

	It("that may not have what is on the server keeps nobody else from it", func() {
		w, denied := sharedWorld(func(s *v1alpha1.PleskServer) {
			s.Spec.Tenants = append(s.Spec.Tenants, v1alpha1.Tenant{
				Name: "trusted", From: v1alpha1.NamespacesFromSelector, Selector: &v1alpha1.NamespaceSelector{MatchLabels: map[string]string{"trusted": "yes"}},
				ExistingObjects: v1alpha1.AccessAllow,
			})
		})
		trusted := w.ns + "-trusted"
		w.create(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: trusted, Labels: map[string]string{"trusted": "yes"}}})
		w.addOnServer(newGenInfo("acme"))
		theirs, ours := of(w, denied, newCustomer("acme")), of(w, trusted, newCustomer("acme"))
		for _, c := range []*v1alpha1.PleskCustomer{theirs, ours} {
			c.Spec.AdoptionPolicy = v1alpha1.AdoptionPolicyAlways
			w.create(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: c.Namespace, Name: "acme-panel"}, StringData: map[string]string{"password": "Panel-2031-x"}})
		}
		w.create(theirs)
		w.eventuallySays(theirs, v1alpha1.ReasonAlreadyExists, "existingObjects in its spec.tenants")
		w.create(ours)
		w.eventuallyReady(ours)
		w.request(theirs)
		w.eventuallySays(theirs, v1alpha1.ReasonOwnedByAnother, "another namespace")
	})
})

var _ = Describe("A field that is changed back again and again", func() {
	It("is written a bounded number of times, then named and left, until it is asked for", func() {
		w := readyWorld()
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
		w.plesk.ResetStats()
		rounds := 0
		Eventually(func() string {
			if w.customerOnServer("acme").Email == *c.Spec.Email {
				w.setOnServer(c, customer.SetGenInfo{Contact: customer.Contact[*string]{Email: new("theirs@acme.example")}})
				rounds++
				w.wake(c)
			}
			return w.ready(c).Reason
		}).WithTimeout(time.Minute).Should(Equal(v1alpha1.ReasonNotConverging))
		Expect(rounds).To(Equal(6), "five times it was put back")
		w.eventuallySays(c, v1alpha1.ReasonNotConverging, "spec.email", "theirs@acme.example")
		Consistently(func() string { return w.customerOnServer("acme").Email }).Should(Equal("theirs@acme.example"))

		edit(w, c, func(c *v1alpha1.PleskCustomer) { c.Spec.Phone = new("1") })
		w.eventuallyReady(c)
		Expect(w.customerOnServer("acme").Email).To(Equal(*c.Spec.Email), "a changed spec is another chance")
	})
})

var _ = Describe("An outage", func() {
	DescribeTable("costs one probe per interval, not one call per object, and ends for all",
		func(fault plesksim.Fault, reason string) {
			w := readyWorld()
			var all []client.Object
			for i := range 12 {
				c := newCustomer(fmt.Sprintf("customer-%d", i))
				w.create(c)
				all = append(all, c)
			}
			w.eventuallyReady(all...)
			remove := w.plesk.Inject(fault)
			w.eventuallySays(w.server, reason)
			for _, c := range all {
				w.eventuallySays(c, reason)
			}
			const seconds = 4
			w.plesk.ResetStats()
			Consistently(func() int {
				for _, c := range all {
					w.wake(c)
				}
				return w.plesk.Stats().Packets
			}).WithTimeout(seconds*time.Second).WithPolling(time.Second/2).Should(
				BeNumerically("<=", seconds+1), "the poll interval is a second")
			Eventually(func() int { return w.plesk.Stats().Packets }).Should(BeNumerically(">", 0), "it is probed")
			remove()
			w.eventuallyReady(all...)
			Expect(w.plesk.Stats().Writes).To(BeZero())
		},
		Entry("of the server", plesksim.Fault{Status: 502}, v1alpha1.ReasonServerNotReady),
		Entry("of the credentials", plesksim.Fault{Code: 1001, System: true}, v1alpha1.ReasonCredentialsRejected),
	)
})

var _ = Describe("A server that comes back from a backup", func() {
	It("with other ids has its objects found by their marks, and others' objects under the old ids left alone", func() {
		w := readyWorld(func(s *v1alpha1.PleskServer) { s.Spec.DeletionPolicy = v1alpha1.DeletionPolicyDelete })
		c := newCustomer("acme")
		c.Spec.AdoptionPolicy = v1alpha1.AdoptionPolicyAlways
		w.create(c)
		w.eventuallyReady(c)
		edit(w, c, func(c *v1alpha1.PleskCustomer) { c.Spec.Suspend = true }) // while the server is away
		mark := w.customerOnServer("acme").ExternalID
		w.eventuallySays(c, v1alpha1.ReasonSuspended)

		// The recorded id now is somebody else's: their account takes its place, ours is recreated with the same mark.
		info := newGenInfo("acme")
		info.ExternalID, info.Email = &mark, c.Spec.Email
		w.setOnServer(c, customer.SetGenInfo{
			Login: new("stranger"), ExternalID: new("billing-7"), ContactName: new("A Stranger"), GUID: &xmlapi.Empty{},
		})
		restored := w.addOnServer(info)

		edit(w, c, func(c *v1alpha1.PleskCustomer) { c.Spec.Suspend = false })
		w.eventuallyReady(c)
		Expect(c.Status.ID).To(Equal(strconv.FormatInt(restored, 10)))
		Expect(w.customerOnServer("stranger").ContactName).To(Equal("A Stranger"))
		Expect(w.customerOnServer("acme").ExternalID).To(Equal(mark))
		w.delete(c)
		w.eventuallyGone(c)
		Expect(w.customersOnServer()).To(HaveExactElements(HaveField("Data.GenInfo.Login", "stranger")))
	})
})
