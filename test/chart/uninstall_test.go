// Ways to leave, as docs/uninstall.md describes them: helm over the real API server, an operator, and a simulated Plesk that loses nothing.

package chart

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// readyWithin is how long objects may take on a busy machine.
const readyWithin = 2 * time.Minute

// leaving is a cluster with a release and a Plesk that its resources describe.
type leaving struct {
	*cluster
	plesk    *testbed.Simulator
	operator *testbed.Manager
	server   *v1alpha1.PleskServer
	customer *v1alpha1.PleskCustomer
}

func TestLeaving(t *testing.T) {
	g := NewWithT(t)
	l := &leaving{cluster: start(t)}
	var err error
	l.plesk, err = l.bed.Simulate(plesksim.Options{})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(l.helm(t, "install", "--take-ownership")).To(Succeed()) // of the definitions, which the bed has brought
	l.operate(g)
	l.describe(g)

	t.Run("the metrics of libraries that alerts and dashboard ask for are there", l.measures)
	// One story, in this order.
	t.Run("a release that is uninstalled and installed again goes on", l.comesBack)
	t.Run("the definitions do not go while anything needs them", l.guarded)
	t.Run("what is released goes, and everything stays on the server", l.releases)
	t.Run("then the definitions go", l.ends)
}

// helm runs a command of helm's over the release, with the chart where it takes one.
func (l *leaving) helm(t *testing.T, command string, args ...string) error {
	t.Helper()
	program, err := tool(l, "helm")
	if err != nil {
		return err
	}
	full := []string{command, release, "--namespace", namespace, "--kubeconfig", l.bed.Kubeconfig, "--timeout", "3m"}
	if command == "install" || command == "upgrade" {
		full = append(full, folder)
	}
	home := t.TempDir()
	out, err := output(l, []string{"HELM_CACHE_HOME=" + home, "HELM_CONFIG_HOME=" + home, "HELM_DATA_HOME=" + home}, program, append(full, args...)...)
	t.Logf("helm %s: %s", command, out)
	return err
}

// operate starts an operator, as the kubelet would the Deployment's Pod.
func (l *leaving) operate(g *WithT) {
	var err error
	l.operator, err = l.bed.StartManager(l, testbed.ManagerOptions{Args: []string{"--leader-elect"}})
	g.Expect(err).NotTo(HaveOccurred())
}

// describe has the operator make a customer on the server, whose resource says that the customer goes with it.
func (l *leaving) describe(g *WithT) {
	server, secrets := l.plesk.Access.Server("hosting", "web-01")
	l.server = server
	for _, s := range secrets {
		g.Expect(l.bed.Client.Create(l, s)).To(Succeed())
	}
	g.Expect(l.bed.Client.Create(l, l.server)).To(Succeed())
	deletes := v1alpha1.DeletionPolicyDelete
	l.customer = &v1alpha1.PleskCustomer{ObjectMeta: metav1.ObjectMeta{Namespace: "hosting", Name: "acme"}}
	l.customer.Spec.ServerRef = &v1alpha1.ServerReference{Name: "web-01"}
	l.customer.Spec.Login, l.customer.Spec.ContactName = "acme", "Anna Acme"
	l.customer.Spec.DeletionPolicy = &deletes
	l.customer.Spec.Password = &v1alpha1.SecretValue{SecretRef: v1alpha1.SecretKeySelector{Name: "acme-panel", Key: "password"}, Generate: true}
	g.Expect(l.bed.Client.Create(l, l.customer)).To(Succeed())
	l.isReady(g)
	g.Expect(l.customers(g)).To(Equal(1))
}

func (l *leaving) isReady(g *WithT) {
	g.Eventually(func(g Gomega) {
		g.Expect(l.bed.Client.Get(l, client.ObjectKeyFromObject(l.customer), l.customer)).To(Succeed())
		ready := meta.FindStatusCondition(l.customer.Status.Conditions, v1alpha1.ConditionReady)
		g.Expect(ready).NotTo(BeNil())
		g.Expect(ready.Status).To(Equal(metav1.ConditionTrue), ready.Message)
	}).WithContext(l).WithTimeout(readyWithin).Should(Succeed())
}

// customers counts the customers with the login acme that the server has.
func (l *leaving) customers(g *WithT) int {
	answer := string(l.plesk.Packet([]byte(`<packet><customer><get><filter><login>acme</login></filter><dataset><gen_info/></dataset></get></customer></packet>`)))
	g.Expect(answer).To(ContainSubstring("<status>"), "the server answers")
	return strings.Count(answer, "<login>acme</login>")
}

// measures reads what Prometheus would; test/monitoring has the same list.
func (l *leaving) measures(t *testing.T) {
	g := NewWithT(t)
	g.Eventually(func(g Gomega) {
		request, err := http.NewRequestWithContext(l, http.MethodGet, l.operator.MetricsURL, http.NoBody)
		g.Expect(err).NotTo(HaveOccurred())
		response, err := http.DefaultClient.Do(request)
		g.Expect(err).NotTo(HaveOccurred())
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(string(text)).To(And(
			ContainSubstring("\nleader_election_master_status{name=\"plesk-operator\"} 1\n"), ContainSubstring("\nprocess_resident_memory_bytes "), ContainSubstring("\ngo_memstats_heap_inuse_bytes ")))
	}).WithContext(l).WithTimeout(readyWithin).Should(Succeed())
}

func (l *leaving) comesBack(t *testing.T) {
	g := NewWithT(t)
	g.Expect(l.helm(t, "uninstall")).To(Succeed())
	g.Expect(l.operator.Stop()).To(Succeed())
	g.Expect(apierrors.IsNotFound(l.bed.Client.Get(l, client.ObjectKey{Namespace: namespace, Name: "plesk-operator-controller-manager"}, &appsv1.Deployment{}))).To(BeTrue())
	before := l.customer.DeepCopy()
	g.Expect(l.bed.Client.Get(l, client.ObjectKeyFromObject(l.customer), l.customer)).To(Succeed(), "the definitions stay, and the resources with them")
	g.Expect(l.customer.Status).To(Equal(before.Status))
	g.Expect(l.customer.Finalizers).To(Equal([]string{v1alpha1.Finalizer}))
	g.Expect(l.customers(g)).To(Equal(1))

	l.plesk.ResetStats()
	g.Expect(l.helm(t, "install")).To(Succeed(), "the definitions are known to be this release's")
	l.operate(g)
	asked := fmt.Sprint(time.Now().UnixNano())
	g.Expect(l.bed.Client.Patch(l, l.customer, client.RawPatch("application/merge-patch+json", fmt.Appendf(nil, `{"metadata":{"annotations":{"plesk-operator.dev/reconcile-requested-at":%q}}}`, asked)))).To(Succeed())
	g.Eventually(func() int { return l.plesk.Stats().Packets }).WithContext(l).WithTimeout(readyWithin).Should(BeNumerically(">", 0))
	l.isReady(g)
	g.Expect(l.plesk.Stats().Writes).To(BeZero())
	g.Expect(l.customer.Status.ID).To(Equal(before.Status.ID))
}

// guarded wants the definitions to go along, which would take the resources, and the customer with them.
func (l *leaving) guarded(t *testing.T) {
	g := NewWithT(t)
	g.Expect(l.helm(t, "upgrade", "--set=crds.keep=false")).To(Succeed())
	g.Expect(l.helm(t, "upgrade", "--set=crds.keep=false,crds.enabled=false")).To(MatchError(ContainSubstring("Upgrade once with crds.enabled: true and crds.keep: true")))
	g.Expect(l.bed.Client.Get(l, client.ObjectKeyFromObject(l.customer), l.customer)).To(Succeed(), "an upgrade does not remove the definitions either")
	kubelet := l.playKubelet(t, "plesk-operator-nothing-left")
	g.Expect(l.helm(t, "uninstall")).NotTo(Succeed())
	status, said := kubelet()
	g.Expect(status).To(Equal(1))
	g.Expect(said).To(And(ContainSubstring("would release PleskCustomer hosting/acme\n"), ContainSubstring("bear the operator's finalizers")))
	g.Expect(l.bed.Client.Get(l, client.ObjectKey{Namespace: namespace, Name: "plesk-operator-controller-manager"}, &appsv1.Deployment{})).To(Succeed(), "nothing was removed")
	g.Expect(l.bed.Client.Get(l, client.ObjectKeyFromObject(l.customer), l.customer)).To(Succeed())
	g.Expect(l.customer.DeletionTimestamp).To(BeNil())
	g.Expect(l.customers(g)).To(Equal(1))
	g.Expect(l.helm(t, "upgrade", "--set=crds.keep=false")).NotTo(Succeed(), "helm takes the release for half uninstalled")
	g.Expect(l.helm(t, "rollback", "2")).To(Succeed(), "what the page says brings it back")
}

// releases stops the operator, lists, and takes the finalizers off.
func (l *leaving) releases(t *testing.T) {
	g := NewWithT(t)
	before := l.customer.DeepCopy()
	g.Expect(l.helm(t, "upgrade", "--set=crds.keep=false,releaseFinalizers.enabled=true")).To(Succeed())
	deployment := &appsv1.Deployment{}
	g.Expect(l.bed.Client.Get(l, client.ObjectKey{Namespace: namespace, Name: "plesk-operator-controller-manager"}, deployment)).To(Succeed())
	g.Expect(*deployment.Spec.Replicas).To(BeZero())
	g.Expect(l.operator.Stop()).To(Succeed())
	status, said := l.runJob(t, l.job(g, "plesk-operator-release-finalizers-"))
	g.Expect(status).To(Equal(0))
	g.Expect(said).To(And(ContainSubstring("would release PleskCustomer hosting/acme\n"), ContainSubstring("nothing was changed")))

	g.Expect(l.helm(t, "upgrade", "--set=crds.keep=false,releaseFinalizers.enabled=true,releaseFinalizers.confirm=true")).To(Succeed())
	status, said = l.runJob(t, l.job(g, "plesk-operator-release-finalizers-"))
	g.Expect(status).To(Equal(0), said)
	g.Expect(said).To(And(ContainSubstring("released PleskCustomer hosting/acme\n"), ContainSubstring("released PleskServer hosting/web-01\n"), ContainSubstring("released Secret hosting/web-01-admin\n")))
	g.Expect(l.bed.Client.Get(l, client.ObjectKeyFromObject(l.customer), l.customer)).To(Succeed())
	g.Expect(l.customer.Finalizers).To(BeEmpty())
	g.Expect(l.customer.Spec).To(Equal(before.Spec))
	g.Expect(l.bed.Client.Delete(l, l.customer)).To(Succeed())
	g.Expect(apierrors.IsNotFound(l.bed.Client.Get(l, client.ObjectKeyFromObject(l.customer), l.customer))).To(BeTrue())
	g.Expect(l.customers(g)).To(Equal(1), "also with deletionPolicy Delete")
}

// ends uninstalls with the definitions, since nothing needs them any more.
func (l *leaving) ends(t *testing.T) {
	g := NewWithT(t)
	kubelet := l.playKubelet(t, "plesk-operator-nothing-left")
	g.Expect(l.helm(t, "uninstall")).To(Succeed())
	status, said := kubelet()
	g.Expect(status).To(Equal(0), said)
	g.Eventually(func() error { return l.bed.Client.List(l, &v1alpha1.PleskServerList{}) }).WithContext(l).WithTimeout(settled).
		Should(Satisfy(func(err error) bool { return meta.IsNoMatchError(err) || apierrors.IsNotFound(err) }))
	g.Expect(l.customers(g)).To(Equal(1))
	secret := &corev1.Secret{}
	g.Expect(l.bed.Client.Get(l, client.ObjectKey{Namespace: "hosting", Name: "acme-panel"}, secret)).To(Succeed(), "the generated password")
	g.Expect(l.bed.Client.Get(l, client.ObjectKey{Namespace: namespace, Name: "plesk-operator-hash-key"}, secret)).To(Succeed(), "what a later installation knows its marks by")
}
