// Plans: shown, approved, and carried out once.

package e2e

import (
	"fmt"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
)

// plannedCustomer is a customer that is only planned.
func plannedCustomer(login string) *v1alpha1.PleskCustomer {
	c := newCustomer(login)
	c.Spec.ManagementPolicy = v1alpha1.ManagementPolicyPlan
	return c
}

// plan waits for a plan other than those known and returns its hash.
func (w *world) plan(o v1alpha1.Object, known ...string) string {
	GinkgoHelper()
	Eventually(func() bool {
		w.eventuallySays(o, v1alpha1.ReasonPlanned)
		a := o.State().Awaiting
		return a != nil && a.Permit == v1alpha1.PermitPlan && !slices.Contains(known, a.Token)
	}).Should(BeTrue())
	Expect(w.ready(o).Message).To(ContainSubstring(o.State().Awaiting.Token))
	return o.State().Awaiting.Token
}

// approve permits the plan with a token.
func (w *world) approve(o client.Object, token string) {
	GinkgoHelper()
	w.permit(o, v1alpha1.PermitPlan, token)
}

func (w *world) permit(o client.Object, permit v1alpha1.Permit, token string) {
	GinkgoHelper()
	kind := fmt.Sprintf("%T", o)
	w.create(&v1alpha1.PleskApproval{ObjectMeta: metav1.ObjectMeta{GenerateName: "approval-", Namespace: o.GetNamespace()}, Spec: v1alpha1.PleskApprovalSpec{
		TargetRef: v1alpha1.ApprovalTarget{Kind: kind[strings.LastIndex(kind, ".")+1:], Name: o.GetName()}, Permit: permit, Token: token,
	}})
}

func (w *world) approvals(g Gomega) []v1alpha1.PleskApproval {
	list := &v1alpha1.PleskApprovalList{}
	g.Expect(bed.Client.List(w, list, client.InNamespace(w.ns))).To(Succeed())
	return list.Items
}

func fields(changes []v1alpha1.Change) []string {
	var out []string
	for _, c := range changes {
		out = append(out, c.Field)
	}
	return out
}

var _ = Describe("A plan", func() {
	It("of a creation names every value but the secret ones, and is carried out when approved", func() {
		w := readyWorld()
		c := plannedCustomer("acme")
		w.create(c)
		hash := w.plan(c)
		Expect(c.Status.Changes).To(ContainElements(
			v1alpha1.Change{Field: "login", To: "acme"}, v1alpha1.Change{Field: "password", To: "a generated value"}))
		w.approve(c, strings.Repeat("0", len(hash)))
		Consistently(func() int { return w.plesk.Stats().Writes }).Should(BeZero())
		Expect(w.secretValue("acme-panel")).To(BeEmpty())
		w.approve(c, hash)
		w.eventuallyReady(c)
		Expect(c.Status.AppliedPermit).To(Equal(hash))
		Expect(c.Status.Changes).To(BeEmpty())
		Expect(c.Status.Awaiting).To(BeNil())
		Expect(w.letsIn("acme", w.secretValue("acme-panel"))).To(BeTrue())
	})

	It("is not approved by who may edit the object: no annotation is a permit", func() {
		w := readyWorld()
		c := plannedCustomer("acme")
		w.create(c)
		hash := w.plan(c)
		edit(w, c, func(c *v1alpha1.PleskCustomer) {
			c.Annotations = map[string]string{}
			for _, name := range []string{"approve", "approved", "allow-data-loss", "permit"} {
				c.Annotations["plesk-operator.dev/"+name] = hash
			}
		})
		w.request(c)
		Consistently(func() int { return w.plesk.Stats().Writes }).Should(BeZero())
		Expect(w.plan(c)).To(Equal(hash))
	})

	It("that was approved once is not carried out a second time", func() {
		w := readyWorld()
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
		edit(w, c, func(c *v1alpha1.PleskCustomer) {
			c.Spec.ManagementPolicy, c.Spec.Email = v1alpha1.ManagementPolicyPlan, new("new@acme.example")
		})
		first := w.plan(c)
		Expect(c.Status.Changes).To(HaveExactElements(v1alpha1.Change{Field: "email", From: "ada@acme.example", To: "new@acme.example"}))
		w.approve(c, first)
		w.eventuallyReady(c)
		Expect(w.customerOnServer("acme").Email).To(Equal("new@acme.example"))

		w.setOnServer(c, customer.SetGenInfo{Contact: customer.Contact[*string]{Email: new("ada@acme.example")}})
		w.plesk.ResetStats()
		w.request(c)
		second := w.plan(c, first)
		Expect(c.Status.Changes).To(HaveExactElements(v1alpha1.Change{Field: "email", From: "ada@acme.example", To: "new@acme.example"}))
		w.request(c)
		Consistently(func() int { return w.plesk.Stats().Writes }).Should(BeZero())
		w.approve(c, second)
		w.eventuallyReady(c)
		Expect(w.customerOnServer("acme").Email).To(Equal("new@acme.example"))
	})

	It("that was approved once is not carried out a second time, also after the status has lost that", func() {
		w := readyWorld()
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
		edit(w, c, func(c *v1alpha1.PleskCustomer) {
			c.Spec.ManagementPolicy, c.Spec.Email = v1alpha1.ManagementPolicyPlan, new("new@acme.example")
		})
		token := w.plan(c)
		w.approve(c, token)
		w.eventuallyReady(c)
		Eventually(w.approvals).Should(HaveExactElements(HaveField("Status.UsedAt", Not(BeNil()))))

		w.setOnServer(c, customer.SetGenInfo{Contact: customer.Contact[*string]{Email: new("ada@acme.example")}})
		w.plesk.ResetStats()
		Expect(bed.Client.Status().Patch(w, c, client.RawPatch(types.MergePatchType, []byte(`{"status":{"appliedPermit":null}}`)))).To(Succeed())
		w.request(c)
		Expect(w.plan(c)).To(Equal(token), "it reads the same, and needs another approval")
		w.request(c)
		Consistently(func() int { return w.plesk.Stats().Writes }).Should(BeZero())
		w.approve(c, token)
		w.eventuallyReady(c)
		Expect(w.customerOnServer("acme").Email).To(Equal("new@acme.example"))
	})

	It("that has changed since it was shown needs another approval", func() {
		w := readyWorld()
		c := plannedCustomer("acme")
		w.create(c)
		first := w.plan(c)
		edit(w, c, func(c *v1alpha1.PleskCustomer) { c.Spec.Email = new("other@acme.example") })
		second := w.plan(c, first)
		w.approve(c, first)
		Eventually(w.approvals).Should(ConsistOf(HaveField("Status.Message", ContainSubstring("another token"))))
		Consistently(func() int { return w.plesk.Stats().Writes }).Should(BeZero())
		w.approve(c, second)
		w.eventuallyReady(c)
		Expect(w.customerOnServer("acme").Email).To(Equal("other@acme.example"))
		w.approve(c, second)
		Eventually(w.approvals).Should(ConsistOf(
			HaveField("Status", And(HaveField("UsedAt", Not(BeNil())), HaveField("Message", BeEmpty()))),
			HaveField("Status.Message", ContainSubstring("awaits no approval")), HaveField("Status.Message", ContainSubstring("awaits no approval"))),
			"what was used, what was for an earlier plan, and what comes a second time")
		w.permit(newCustomer("nobody"), v1alpha1.PermitRecreate, second)
		Eventually(w.approvals).Should(ContainElement(HaveField("Status.Message", `there is no PleskCustomer "nobody" in this namespace`)))
	})

	It("of a password shows that it changes, and nothing of it", func() {
		w := readyWorld()
		c := newCustomer("acme")
		w.create(c)
		w.eventuallyReady(c)
		edit(w, c, func(c *v1alpha1.PleskCustomer) { c.Spec.ManagementPolicy = v1alpha1.ManagementPolicyPlan })
		w.eventuallyReady(c)
		secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: w.ns, Name: "acme-panel"}}
		edit(w, secret, func(s *corev1.Secret) { s.Data["password"] = []byte("Rotated-2031-x") })
		first := w.plan(c)
		Expect(c.Status.Changes).To(HaveExactElements(v1alpha1.Change{Field: "password", From: "[redacted]", To: "[redacted]"}))
		edit(w, secret, func(s *corev1.Secret) { s.Data["password"] = []byte("Rotated-2032-x") })
		second := w.plan(c, first)
		w.approve(c, second)
		Eventually(func() bool { return w.letsIn("acme", "Rotated-2032-x") }).Should(BeTrue())
		w.eventuallyReady(c)
	})

	It("of an adoption takes the object over when it is approved, and not before", func() {
		w := readyWorld()
		w.addOnServer(newGenInfo("acme"))
		c := plannedCustomer("acme")
		c.Spec.AdoptionPolicy = v1alpha1.AdoptionPolicyAlways
		w.create(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "acme-panel"}, StringData: map[string]string{"password": "Panel-2031-x"}})
		w.create(c)
		hash := w.plan(c)
		Expect(fields(c.Status.Changes)).To(ConsistOf("contactName", "email", "externalID", "password"))
		Expect(c.Status.ID).To(BeEmpty())
		Expect(c.Finalizers).To(BeEmpty())
		Expect(w.customerOnServer("acme").ExternalID).To(BeEmpty())
		w.approve(c, hash)
		w.eventuallyReady(c)
		Expect(w.customerOnServer("acme").ExternalID).To(HaveSuffix(string(c.UID)))
		Expect(c.Status.ID).NotTo(BeEmpty())
	})

	It("of the adoption of what matches writes no password", func() {
		w := readyWorld()
		w.addOnServer(customer.NewGenInfo{Login: "acme", ContactName: "Ada Birch", Contact: customer.Contact[*string]{Email: new("ada@acme.example")}})
		w.create(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "acme-panel"}, StringData: map[string]string{"password": "Panel-2031-x"}})
		c := plannedCustomer("acme")
		w.create(c)
		hash := w.plan(c)
		Expect(fields(c.Status.Changes)).To(ConsistOf("externalID"))
		w.approve(c, hash)
		w.eventuallyReady(c)
		Expect(w.letsIn("acme", "By-Hand-2031")).To(BeTrue())
	})

	It("that the server refuses is not tried again without another approval", func() {
		w := readyWorld()
		w.plesk.Inject(plesksim.Fault{Operator: "customer", Operation: "add", Code: 1019, Times: 1})
		c := plannedCustomer("acme")
		w.create(c)
		first := w.plan(c)
		w.approve(c, first)
		Eventually(func() int { return w.plesk.Stats().Operations["customer/add"] }).Should(Equal(1))
		w.request(c)
		second := w.plan(c, first)
		Consistently(func() int { return w.plesk.Stats().Operations["customer/add"] }).Should(Equal(1))
		w.approve(c, second)
		w.eventuallyReady(c)
	})
})
