// FTP accounts: how they go with their subscriptions, and what a customer's credentials do with them.

package e2e

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ftpuser"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// newFTPUser is an account of the subscription of this name.
func newFTPUser(subscription, login string) *v1alpha1.PleskFTPUser {
	u := &v1alpha1.PleskFTPUser{Spec: v1alpha1.PleskFTPUserSpec{
		CommonSpec: common(), SubscriptionRef: v1alpha1.ObjectReference{Name: subscription}, Login: login, Password: new(generated(login + "-ftp")),
	}}
	u.Name = login
	return u
}

// ftpUsersOnServer are the names of all FTP accounts.
func (w *world) ftpUsersOnServer() []string {
	GinkgoHelper()
	all, err := ftpuser.Get.All(w, w.plesk, ftpuser.GetRequest{Filter: xmlapi.All()})
	Expect(err).NotTo(HaveOccurred())
	var out []string
	for _, u := range all {
		out = append(out, u.Name)
	}
	return out
}

var _ = Describe("An FTP user", func() {
	It("says how to connect, takes no name that is taken, and goes before its subscription", func() {
		w := readyWorld()
		s := w.setUp()
		user := newFTPUser("acme-example", "designer")
		user.Spec.HomeDirectory, user.Spec.CreateHomeDirectory = new("/httpdocs/new"), new(true)
		user.Spec.ConnectionSecretRef = &v1alpha1.SecretReference{Name: "designer-connection"}
		w.create(user)
		w.eventuallyReady(user)
		Expect(user.Status.Observed.HomeDirectory).To(Equal("/httpdocs/new"))
		Expect(w.secret("designer-connection").Data).To(Equal(map[string][]byte{
			"host": []byte("acme.example"), "username": []byte("designer"), "password": w.secret("designer-ftp").Data["password"],
		}))
		Expect(w.secret("designer-ftp").Data["password"]).NotTo(BeEmpty())

		By("naming the system user of the subscription")
		taken := newFTPUser("acme-example", "acmeexample")
		w.create(taken)
		w.eventuallySays(taken, v1alpha1.ReasonAlreadyExists, "(spec.login)")
		w.delete(taken)
		w.eventuallyGone(taken)

		By("deleting it behind the operator's back")
		_, err := ftpuser.Del.One(w, w.plesk, ftpuser.DelRequest{Filter: ftpuser.ByName("designer")})
		Expect(err).NotTo(HaveOccurred())
		w.request(user)
		Eventually(w.ftpUsersOnServer).Should(ConsistOf("designer"), "it held no data")
		w.eventuallyReady(user)

		By("deleting its subscription, which waits for it, and for what nobody describes")
		edit(w, s.subscription, func(o *v1alpha1.PleskSubscription) { o.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyDelete) })
		w.delete(s.subscription)
		w.eventuallySays(s.subscription, v1alpha1.ReasonDeletionBlocked, `PleskFTPUser "designer"`)
		id := w.siteOnServer("acme.example")
		_, err = ftpuser.Add.One(w, w.plesk, ftpuser.AddRequest{Name: "stranger", Password: "By-Hand-2031", WebspaceID: &id})
		Expect(err).NotTo(HaveOccurred())
		edit(w, user, func(o *v1alpha1.PleskFTPUser) { o.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyDelete) })
		w.delete(user)
		w.eventuallyGone(user)
		Expect(w.ftpUsersOnServer()).To(ConsistOf("stranger"))
		w.eventuallySays(s.subscription, v1alpha1.ReasonDeletionBlocked, "what no resource describes", "FTPUser stranger")
		_, err = ftpuser.Del.One(w, w.plesk, ftpuser.DelRequest{Filter: ftpuser.ByName("stranger")})
		Expect(err).NotTo(HaveOccurred())
		w.request(s.subscription)
		w.eventuallyGone(s.subscription)
	})

	It("is what its subscription's deletion would take along while it keeps it", func() {
		w := readyWorld()
		site := bareSite("own.example")
		site.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyDeleteWithContents)
		w.create(site)
		w.eventuallyReady(site)
		user := newFTPUser("own-example", "designer")
		user.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyRetain)
		w.create(user)
		w.eventuallyReady(user)
		w.delete(user)
		w.eventuallyGone(user)
		Expect(w.ftpUsersOnServer()).To(ConsistOf("designer"))

		By("describing it again, suspended")
		user = newFTPUser("own-example", "designer")
		user.Spec.Suspend = true
		w.create(user)
		w.eventuallySays(user, v1alpha1.ReasonSuspended)
		w.delete(site)
		w.eventuallySays(site, v1alpha1.ReasonDeletionBlocked, `PleskFTPUser "designer"`)
		Expect(w.ftpUsersOnServer()).To(ConsistOf("designer"))
		w.delete(user)
		w.eventuallyGone(user)
		w.eventuallyGone(site)
		Expect(w.ftpUsersOnServer()).To(BeEmpty())
	})

	It("is a customer's own with the customer's credentials, as far as the subscription permits it", func() {
		w := accountWorld()
		w.addCustomer("acme", nil)
		guid := w.addSubscription("acme.example", "acme")
		srv := w.serverOf("acme", byPassword)
		w.eventuallyReady(srv)
		user := on(srv, newFTPUser("", "designer"))
		user.Spec.SubscriptionRef = v1alpha1.ObjectReference{External: "acme.example"}
		user.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyDelete)
		w.create(user)
		w.eventuallySays(user, v1alpha1.ReasonPermissionDenied, "ftp-user/add: Plesk error 1006")
		_, err := webspace.Set.One(w, w.plesk, webspace.SetRequest{Filter: webspace.ByGUID(guid), Values: webspace.SetValues{
			Permissions: &hosting.Permissions{Permissions: []hosting.Permission{{Name: "manage_subftp", Value: true}}},
		}})
		Expect(err).NotTo(HaveOccurred())
		w.request(user)
		w.eventuallyReady(user)
		Expect(w.ftpUsersOnServer()).To(ConsistOf("designer"))
		w.delete(user)
		w.eventuallyGone(user)
		Expect(w.ftpUsersOnServer()).To(BeEmpty())
	})
})
