// Change windows: what exists is changed in them only, and what a customer waits for is not kept until then.

package e2e

import (
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/protecteddir"
)

// changedIn has the server changed in a window that is open for so long, twelve hours from now.
func (w *world) changedIn(duration time.Duration) {
	GinkgoHelper()
	opens := time.Now().UTC().Add(12 * time.Hour)
	edit(w, w.server, func(s *v1alpha1.PleskServer) {
		s.Spec.ChangeWindows = []v1alpha1.ChangeWindow{{
			Schedule: fmt.Sprintf("%d %d * * *", opens.Minute(), opens.Hour()), Duration: metav1.Duration{Duration: duration},
		}}
	})
	w.eventuallyReady(w.server)
}

var _ = Describe("Outside of a change window", func() {
	It("makes objects and renews passwords, and plans updates and deletions", func() {
		w := readyWorld(deletes)
		w.changedIn(time.Hour)
		acme, birch := newCustomer("acme"), newCustomer("birch")
		w.create(acme)
		w.create(birch)
		w.eventuallyReady(acme, birch)
		password := w.secretValue("acme-panel")
		w.annotate(acme, v1alpha1.AnnotationRotate)
		Eventually(func() string { return w.secretValue("acme-panel") }).ShouldNot(Equal(password))
		Eventually(func() bool { return w.letsIn("acme", w.secretValue("acme-panel")) }).Should(BeTrue())
		w.eventuallyReady(acme)

		By("editing one and deleting the other")
		w.plesk.ResetStats()
		edit(w, acme, func(c *v1alpha1.PleskCustomer) { c.Spec.Email = new("new@acme.example") })
		w.delete(birch)
		token := w.plan(acme)
		Expect(acme.Status.Changes).To(HaveExactElements(v1alpha1.Change{Field: "email", From: "ada@acme.example", To: "new@acme.example"}))
		next := time.Now().UTC().Add(12 * time.Hour)
		w.eventuallySays(acme, v1alpha1.ReasonPlanned, "would write spec.email", "the next opens at "+next.Format("2006-01-02T"), token)
		w.eventuallySays(birch, v1alpha1.ReasonDeletionBlocked, "would delete \"birch\"", "the next opens at ", "permit Plan")
		Consistently(func() int { return w.plesk.Stats().Writes }).Should(BeZero())

		By("permitting the edit")
		w.approve(acme, token)
		w.eventuallyReady(acme)
		Expect(w.customerOnServer("acme").Email).To(Equal("new@acme.example"))
		Expect(w.customerOnServer("birch")).NotTo(BeNil())

		By("opening a window")
		edit(w, w.server, func(s *v1alpha1.PleskServer) {
			s.Spec.ChangeWindows = append(s.Spec.ChangeWindows, v1alpha1.ChangeWindow{Schedule: "* * * * *", Duration: metav1.Duration{Duration: time.Hour}, TimeZone: "Europe/Berlin"})
		})
		w.eventuallyGone(birch)
		Expect(w.customerOnServer("birch")).To(BeNil())
	})

	It("asks once, for what goes along with a deletion", func() {
		w := readyWorld(deletes)
		acme := newCustomer("acme")
		w.create(acme)
		w.eventuallyReady(acme)
		w.changedIn(time.Hour)
		w.addSubscriptionOnServer("raw.example", "acme")
		w.delete(acme)
		w.eventuallySays(acme, v1alpha1.ReasonDeletionBlocked, "raw.example", "permit DataLoss")
		w.permit(acme, v1alpha1.PermitDataLoss, w.token(acme, v1alpha1.PermitDataLoss))
		w.eventuallyGone(acme)
		Expect(w.customerOnServer("acme")).To(BeNil())
	})

	It("leaves what others change on the server until the window opens, and says so", func() {
		w := readyWorld()
		acme := newCustomer("acme")
		w.create(acme)
		w.eventuallyReady(acme)
		w.changedIn(time.Minute)
		w.setOnServer(acme, customer.SetGenInfo{Contact: customer.Contact[*string]{Email: new("theirs@acme.example")}})
		w.plan(acme)
		Expect(acme.Status.Conditions).To(ContainElement(And(HaveField("Type", v1alpha1.ConditionDrifted), HaveField("Status", metav1.ConditionTrue))))
		Expect(w.customerOnServer("acme").Email).To(Equal("theirs@acme.example"))
	})

	It("renews a password also beside what waits for the window", func() {
		w := readyWorld()
		acme := newCustomer("acme")
		w.create(acme)
		w.eventuallyReady(acme)
		w.changedIn(time.Hour)
		edit(w, acme, func(c *v1alpha1.PleskCustomer) { c.Spec.ContactName = "Somebody New" })
		w.plan(acme)
		password := w.secretValue("acme-panel")
		w.annotate(acme, v1alpha1.AnnotationRotate)
		Eventually(func() string { return w.secretValue("acme-panel") }).ShouldNot(Equal(password))
		Eventually(func() bool { return w.letsIn("acme", w.secretValue("acme-panel")) }).Should(BeTrue())
		w.plan(acme)
		Eventually(func() []v1alpha1.Change { w.reload(acme); return acme.Status.Changes }).Should(HaveExactElements(HaveField("Field", "contactName")))
		Expect(w.customerOnServer("acme").ContactName).To(Equal("Ada Birch"))
	})

	It("keeps a role waiting while a password is renewed", func() {
		w := readyWorld()
		s := w.setUp()
		shop, writer := newDatabase(s.subscription.Name, "shop"), newDatabaseUser("shop", "writer")
		w.create(shop)
		w.create(writer)
		w.eventuallyReady(shop, writer)
		w.changedIn(time.Hour)
		edit(w, writer, func(u *v1alpha1.PleskDatabaseUser) { u.Spec.Role = new(v1alpha1.DatabaseRoleReadOnly) })
		w.plan(writer)
		password := w.secretValue("writer-password")
		w.annotate(writer, v1alpha1.AnnotationRotate)
		Eventually(func() string { return w.secretValue("writer-password") }).ShouldNot(Equal(password))
		Eventually(func() string { w.reload(writer); return writer.Status.Rotated }).ShouldNot(BeEmpty())
		w.plan(writer)
		waiting := func() []v1alpha1.Change { w.reload(writer); return writer.Status.Changes }
		Eventually(waiting).Should(HaveExactElements(HaveField("Field", "role")))
		Expect(w.secretValue("writer-connection")).To(Equal(w.secretValue("writer-password")), "whoever connects has the one that works")
		Consistently(waiting).Should(HaveExactElements(HaveField("Field", "role")))
		w.plesk.ResetStats()
		edit(w, w.server, func(s *v1alpha1.PleskServer) { s.Spec.ChangeWindows = nil })
		w.eventuallyReady(writer)
		Expect(w.plesk.Stats().Writes).To(BeEquivalentTo(1))
	})

	It("asks anew for what a window has written once", func() {
		w := readyWorld()
		acme := newCustomer("acme")
		w.create(acme)
		w.eventuallyReady(acme)
		w.changedIn(time.Hour)
		edit(w, acme, func(c *v1alpha1.PleskCustomer) { c.Spec.ContactName = "Somebody New" })
		token := w.plan(acme)
		edit(w, w.server, func(s *v1alpha1.PleskServer) { s.Spec.ChangeWindows = nil })
		w.eventuallyReady(acme)
		Expect(w.customerOnServer("acme").ContactName).To(Equal("Somebody New"))
		w.changedIn(time.Hour)
		w.approve(acme, token) // too late
		w.setOnServer(acme, customer.SetGenInfo{ContactName: new("Ada Birch")})
		w.request(acme)
		Expect(w.plan(acme)).NotTo(Equal(token))
		Consistently(func() string { return w.customerOnServer("acme").ContactName }).Should(Equal("Ada Birch"))
	})

	It("asks anew for a record that a window has written once", func() {
		w := readyWorld()
		s := w.setUp()
		w.changedIn(time.Hour)
		edit(w, s.zone, func(z *v1alpha1.PleskDNSZone) {
			z.Spec.Records = append(z.Spec.Records, recordA("late", "198.51.100.9"))
		})
		token := w.plan(s.zone)
		edit(w, w.server, func(s *v1alpha1.PleskServer) { s.Spec.ChangeWindows = nil })
		w.eventuallyReady(s.zone)
		w.changedIn(time.Hour)
		w.approve(s.zone, token) // too late
		w.removeRecord("late.acme.example.")
		w.request(s.zone)
		Expect(w.plan(s.zone)).NotTo(Equal(token))
		Consistently(w.recordsOnServer).ShouldNot(ContainElement(HavePrefix("late")))
	})

	It("makes again all of what is made again", func() {
		w := readyWorld()
		s := w.setUp()
		dir := newDirectory(s.subscription.Name, "members", "ada")
		w.create(dir)
		w.eventuallyReady(dir)
		w.changedIn(time.Hour)
		was := dir.Status.ID
		_, err := protecteddir.Delete.One(w, w.plesk, xmlapi.FilterRequest{Filter: protecteddir.BySite(w.siteOnServer("acme.example"))})
		Expect(err).NotTo(HaveOccurred())
		w.request(dir)
		Eventually(func() string { w.reload(dir); return dir.Status.ID }).ShouldNot(Equal(was))
		w.eventuallyReady(dir)
		users, err := protecteddir.GetUser.All(w, w.plesk, xmlapi.QueryRequest{Filter: xmlapi.All()})
		Expect(err).NotTo(HaveOccurred())
		Expect(users).To(HaveLen(1), "whoever had a login has one")
	})

	It("does not serve with windows that cannot be understood", func() {
		w := readyWorld()
		edit(w, w.server, func(s *v1alpha1.PleskServer) {
			s.Spec.ChangeWindows = []v1alpha1.ChangeWindow{{Schedule: "0 0 30 2 *", Duration: metav1.Duration{Duration: time.Hour}}}
		})
		w.eventuallySays(w.server, v1alpha1.ReasonInvalidSpec, "spec.changeWindows[0].schedule: there is no such day")
	})
})

var _ = Describe("A password that is renewed beside a change that is refused", func() {
	It("is on the server as it is in the Secret, and what was refused is not sent again and again", func() {
		w := readyWorld()
		acme := newCustomer("acme")
		w.create(acme)
		w.eventuallyReady(acme)
		w.addOnServer(customer.NewGenInfo{ContactName: "By Hand", Login: "birch"})
		password := w.secretValue("acme-panel")
		edit(w, acme, func(c *v1alpha1.PleskCustomer) {
			c.Spec.Login = "birch"
			c.Annotations = map[string]string{v1alpha1.AnnotationRotate: "now"}
		})
		Eventually(func() string { return w.secretValue("acme-panel") }).ShouldNot(Equal(password))
		Eventually(func() bool { return w.letsIn("acme", w.secretValue("acme-panel")) }).Should(BeTrue())
		w.eventuallySays(acme, v1alpha1.ReasonAlreadyExists, "birch already exists")
		Expect(w.letsIn("acme", password)).To(BeFalse())

		By("looking again")
		writes := w.plesk.Stats().Writes
		w.wake(acme)
		Consistently(func() int { return w.plesk.Stats().Writes }).Should(Equal(writes))
	})
})
