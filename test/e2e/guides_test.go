// The pages of docs/guides, and what they leave on the server.

package e2e

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
)

var _ = Describe("The guide", func() {
	It("Onboard a customer: everything in one folder, in any order, without a second apply", func() {
		w := readyWorld()
		w.follow("onboard-a-customer.md")
		Expect(w.customerOnServer("acme")).NotTo(BeNil())
		Expect(w.recordsOnServer()).To(ContainElements("shop.acme.example. A 198.51.100.7", "acme.example. TXT v=spf1 mx -all"))
		Expect(w.recordsOnServer()).NotTo(ContainElement(ContainSubstring("v=spf1 +a")), "a domain has one SPF record")
		Expect(w.subscriptionOnServer("acme-shop.example")).To(BeNil())
	})

	It("GitOps: several who apply, health, and prune", func() {
		w := readyWorld()
		w.follow("gitops.md")
		Expect(w.customerOnServer("acme")).To(BeNil())
		Expect(w.plesk.Stats().Operations["customer/add"]).To(Equal(1), "what stayed was adopted")
	})

	It("A database for an application in the cluster: its Secret, a new password, nothing lost", func() {
		var taken struct{ version, packet string } // the API server's, when the server had taken the new password
		w := newWorldWith(plesksim.Options{OnPacket: func(p plesksim.Packet) {
			if slices.Contains(p.Operations, "database/set-db-user") {
				now := &corev1.SecretList{}
				Expect(bed.Client.List(context.Background(), now, client.Limit(1))).To(Succeed())
				Expect(string(p.Response)).To(ContainSubstring("<set-db-user><result><status>ok</status>"))
				taken.version, taken.packet = now.ResourceVersion, string(p.Request)
			}
		}})
		w.eventuallyReady(w.server)
		w.follow("application-database.md")
		Expect(w.plesk.Stats().Operations).To(And(HaveKeyWithValue("database/add-db", 1), HaveKeyWithValue("database/add-db-user", 1), HaveKeyWithValue("database/set-db-user", 1)))
		Expect(w.plesk.Stats().Operations).NotTo(HaveKey("webspace/del"))

		By("looking at what came after the server's change: what applications read, before anything else")
		Expect(taken.packet).To(ContainSubstring("<password>" + w.secretValue("shop-db-connection") + "</password>"))
		secret, user := w.firstSince(taken.version, &corev1.SecretList{}), w.firstSince(taken.version, &v1alpha1.PleskDatabaseUserList{})
		Expect(secret.GetName()).To(Equal("shop-db-connection"))
		Expect(string(secret.(*corev1.Secret).Data["password"])).To(Equal(w.secretValue("shop-db-connection")))
		Expect(versionOf(secret)).To(BeNumerically("<", versionOf(user)))
	})

	It("Take over an existing server: observed, adopted, planned; nothing is written that was not shown", func() {
		w := readyWorld()
		w.follow("take-over.md")
		Expect(w.customerOnServer("acme")).To(And(HaveField("ExternalID", "billing-7"), HaveField("CompanyName", "Acme Ltd")))
		Expect(w.plesk.Stats().Operations).To(And(HaveKeyWithValue("customer/add", 1), HaveKeyWithValue("customer/set", 1)), "by hand; what was approved")
		Expect(w.plesk.Stats().Writes).To(Equal(2), "and nothing else")
	})

	It("A zone with many records: what changes costs what has changed", func() {
		w, sent := noted()
		g := w.follow("large-zone.md")
		Expect(w.plesk.Stats().Operations).To(And(HaveKeyWithValue("dns/add_rec", 1000+10), HaveKeyWithValue("dns/del_rec", 10)))
		second := g.since(sent, "kubectl apply --server-side -f zone.yaml")
		Expect(operationsOf(second)).To(And(HaveKeyWithValue("dns/add_rec", 10), HaveKeyWithValue("dns/del_rec", 10)))
		Expect(writing(second)).To(Or(HaveLen(1), HaveLen(2)), "all of a change travel together")
	})

	It("Beside a billing system: what it sells is its own, and Git has the rest", func() {
		w := readyWorld()
		w.follow("beside-a-billing-system.md")
		Expect(w.customerOnServer("acme")).To(BeNil())
		Expect(w.plesk.Stats().Operations).To(And(
			HaveKeyWithValue("customer/add", 1), HaveKeyWithValue("webspace/add", 1), HaveKeyWithValue("customer/del", 1), Not(HaveKey("webspace/del")),
			HaveKeyWithValue("customer/set", 2), HaveKeyWithValue("mail/create", 1)), "the billing system's, and the mailbox")
	})

	It("Suspend for a reason: one PleskSuspension for each", func() {
		w := readyWorld()
		w.follow("suspend.md")
		Expect(w.customerOnServer("acme").Status).To(BeZero())
	})

	It("A Plesk server on Windows: virtual directory, SQL Server, FTP account", func() {
		w := newWorldWith(plesksim.Options{OS: plesksim.Windows})
		w.eventuallyReady(w.server)
		w.follow("windows.md")
		Expect(w.plesk.Stats().Operations).To(And(
			HaveKeyWithValue("site/add", 1), HaveKeyWithValue("virtdir/create", 1), HaveKeyWithValue("virtdir/remove", 1),
			HaveKeyWithValue("database/add-db", 1), HaveKeyWithValue("ftp-user/add", 1), HaveKeyWithValue("protected-dir/add-user", 1)))
	})

	It("A tenant's own corner: a namespace of its own, and nothing of others'", func() {
		w := readyWorld()
		w.follow("a-tenants-own-corner.md")
		Expect(w.customerOnServer("birch")).NotTo(BeNil())
		Expect(w.customerOnServer("acme")).To(HaveField("ContactName", "Somebody Else"), "it is not the tenant's")
		Expect(w.subscriptionOnServer("more.example")).To(BeNil())
		Expect(w.planOnServer("birch-large")).To(BeNil())
		Expect(w.plesk.Stats().Operations).NotTo(Or(HaveKey("customer/set"), HaveKey("webspace/set")))
	})

	It("A reseller's own corner: their credentials, and what these are not for", func() {
		w := readyWorld()
		edit(w, w.secret("web-01-admin"), func(s *corev1.Secret) { s.Data["ca.crt"] = w.plesk.Access.CA }) // as the samples have it
		w.follow("a-resellers-own-corner.md")
		Expect(w.customerOnServer("birch").OwnerLogin).To(HaveValue(Equal("north")))
		Expect(w.planOnServer("birch-small")).To(BeNil(), "it is the reseller's, not the administrator's")
		Expect(w.plesk.Stats().Operations).NotTo(HaveKey("mail/create"))
	})

	It("Mail migration day: five hundred mailboxes in one commit", func() {
		w := readyWorld()
		w.follow("mail-migration.md")
		Expect(w.plesk.Stats().Operations["mail/create"]).To(Equal(500))
		Expect(w.plesk.Stats().Packets).To(BeNumerically("<", 500*7/2), "each mailbox is made, read back, and freed of the mark that it was made with: reads travel together")
	})
})

// firstSince is the first version of an object in the namespace that came after a version of the API server.
func (w *world) firstSince(version string, list client.ObjectList) client.Object {
	GinkgoHelper()
	changes, err := bed.Client.Watch(w, list, client.InNamespace(w.ns), &client.ListOptions{Raw: &metav1.ListOptions{ResourceVersion: version}})
	Expect(err).NotTo(HaveOccurred())
	defer changes.Stop()
	var first watch.Event
	Eventually(changes.ResultChan()).Should(Receive(&first))
	Expect(first.Type).To(Equal(watch.Modified))
	return first.Object.(client.Object)
}

func versionOf(o client.Object) uint64 {
	GinkgoHelper()
	version, err := strconv.ParseUint(o.GetResourceVersion(), 10, 64)
	Expect(err).NotTo(HaveOccurred())
	return version
}

// noted is a ready world, and the packets that its server answers.
func noted() (*world, *packets) {
	GinkgoHelper()
	sent := &packets{}
	w := newWorldWith(plesksim.Options{OnPacket: sent.note})
	w.eventuallyReady(w.server)
	return w, sent
}

// packets are those that a server has answered.
type packets struct {
	mu  sync.Mutex
	all []plesksim.Packet
}

func (s *packets) note(p plesksim.Packet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, p)
}

// since are those that came after a command of the page.
func (g *guide) since(s *packets, command string) (out []plesksim.Packet) {
	GinkgoHelper()
	Expect(g.began).To(HaveKey(command))
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.all {
		if p.Began.After(g.began[command]) {
			out = append(out, p)
		}
	}
	return out
}

// writing are those that can change something.
func writing(all []plesksim.Packet) (out []plesksim.Packet) {
	for _, p := range all {
		if p.Writes {
			out = append(out, p)
		}
	}
	return out
}

// operationsOf are the operations of packets, and how many there are of each.
func operationsOf(all []plesksim.Packet) map[string]int {
	n := map[string]int{}
	for _, p := range all {
		for _, o := range p.Operations {
			n[o]++
		}
	}
	return n
}

var _ = Describe("Guides", func() {
	It("are all carried out", func() {
		pages, err := filepath.Glob(filepath.Join(bed.Root, "docs", "guides", "*.md"))
		Expect(err).NotTo(HaveOccurred())
		Expect(pages).NotTo(BeEmpty())
		files, err := filepath.Glob("guide*_test.go")
		Expect(err).NotTo(HaveOccurred())
		var specs []byte
		for _, file := range files {
			text, err := os.ReadFile(file)
			Expect(err).NotTo(HaveOccurred())
			specs = append(specs, text...)
		}
		for _, page := range pages {
			Expect(string(specs)).To(MatchRegexp(`follow\("`+regexp.QuoteMeta(filepath.Base(page))+`"\)`), "no spec follows it")
		}
	})
})
