// Ways to leave, as docs/uninstall.md describes them: helm over the real API server, an operator, and a simulated Plesk that loses nothing.

package chart

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

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
	t.Run("definitions of an earlier release are renewed, and what lives by them goes on", l.upgrades)
	t.Run("a release that is uninstalled and installed again goes on", l.comesBack)
	t.Run("the definitions do not go while anything needs them", l.guarded)
	t.Run("what is released goes, and everything stays on the server", l.releases)
	t.Run("then the definitions go", l.ends)
}

// helm runs a command of helm's over the release, with the chart where it takes one.
func (l *leaving) helm(t *testing.T, command string, args ...string) error {
	t.Helper()
	return l.helmOf(t, folder, command, args...)
}

// helmOf is helm with the chart of a folder.
func (l *leaving) helmOf(t *testing.T, folder, command string, args ...string) error {
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
	g.Expect(l.customer.Spec).To(Equal(before.Spec))
	g.Expect(l.customer.Status.ID).To(Equal(before.Status.ID))
	g.Expect(l.customer.Status.GUID).To(Equal(before.Status.GUID))
	g.Expect(l.customer.Finalizers).To(Equal([]string{v1alpha1.Finalizer}))
	g.Expect(l.customers(g)).To(Equal(1))

	l.plesk.ResetStats()
	g.Expect(l.helm(t, "install")).To(Succeed(), "the definitions are known to be this release's")
	l.operate(g)
	l.goesOn(g, before)
}

// goesOn has the operator look, and find nothing to write, and the customer that it was.
func (l *leaving) goesOn(g *WithT, before *v1alpha1.PleskCustomer) {
	asked := fmt.Sprint(time.Now().UnixNano())
	g.Expect(l.bed.Client.Patch(l, l.customer, client.RawPatch("application/merge-patch+json", fmt.Appendf(nil, `{"metadata":{"annotations":{"plesk-operator.dev/reconcile-requested-at":%q}}}`, asked)))).To(Succeed())
	g.Eventually(func() int { return l.plesk.Stats().Packets }).WithContext(l).WithTimeout(readyWithin).Should(BeNumerically(">", 0))
	l.isReady(g)
	g.Expect(l.plesk.Stats().Writes).To(BeZero())
	g.Expect(l.customer.Status.ID).To(Equal(before.Status.ID))
	g.Expect(l.customer.Spec).To(Equal(before.Spec))
}

// upgrades has a release whose PleskCustomers know neither a fax number nor a column, and then this one.
func (l *leaving) upgrades(t *testing.T) {
	g := NewWithT(t)
	g.Expect(l.helmOf(t, earlier(g, t.TempDir()), "upgrade", "--force-conflicts")).To(Succeed()) // the bed has brought the definitions
	definition := &apiextensions.CustomResourceDefinition{}
	g.Expect(apiextensions.AddToScheme(l.bed.Client.Scheme())).To(Succeed())
	customers := client.ObjectKey{Name: "pleskcustomers." + v1alpha1.GroupVersion.Group}
	g.Expect(l.bed.Client.Get(l, customers, definition)).To(Succeed())
	g.Expect(specOf(definition).Properties).NotTo(HaveKey("fax"))
	columns := len(definition.Spec.Versions[0].AdditionalPrinterColumns)
	before := l.customer.DeepCopy()

	l.plesk.ResetStats()
	g.Expect(l.helm(t, "upgrade")).To(Succeed())
	g.Expect(l.bed.Client.Get(l, customers, definition)).To(Succeed())
	g.Expect(specOf(definition).Properties).To(HaveKey("fax"))
	g.Expect(definition.Spec.Versions[0].AdditionalPrinterColumns).To(HaveLen(columns + 1))
	l.goesOn(g, before)

	g.Eventually(func(g Gomega) { // the API server takes a moment to go by the definition that it has
		g.Expect(l.bed.Client.Patch(l, l.customer, client.RawPatch("application/merge-patch+json", []byte(`{"spec":{"fax":"+44 20 7946 0018"}}`)))).To(Succeed())
		g.Expect(l.customer.Spec.Fax).To(HaveValue(Equal("+44 20 7946 0018")))
	}).WithContext(l).WithTimeout(readyWithin).Should(Succeed())
	g.Eventually(func() string {
		return string(l.plesk.Packet([]byte(`<packet><customer><get><filter><login>acme</login></filter><dataset><gen_info/></dataset></get></customer></packet>`)))
	}).WithContext(l).WithTimeout(readyWithin).Should(ContainSubstring("<fax>+44 20 7946 0018</fax>"))
	l.isReady(g)
}

// earlier is the chart as an earlier release would have had it, in a folder.
func earlier(g *WithT, in string) string {
	g.Expect(os.CopyFS(in, os.DirFS(folder))).To(Succeed())
	file := filepath.Join(in, "files", "crds", "plesk-operator.dev_pleskcustomers.yaml")
	text, err := os.ReadFile(file) //nolint:gosec // of this test's own folder
	g.Expect(err).NotTo(HaveOccurred())
	definition := &apiextensions.CustomResourceDefinition{}
	g.Expect(yaml.UnmarshalStrict(text, definition)).To(Succeed())
	delete(specOf(definition).Properties, "fax")
	v := &definition.Spec.Versions[0]
	v.AdditionalPrinterColumns = v.AdditionalPrinterColumns[1:]
	text, err = yaml.Marshal(struct { // without a status
		metav1.TypeMeta   `json:",inline"`
		metav1.ObjectMeta `json:"metadata"`
		Spec              apiextensions.CustomResourceDefinitionSpec `json:"spec"`
	}{definition.TypeMeta, definition.ObjectMeta, definition.Spec})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(os.WriteFile(file, text, 0o600)).To(Succeed())
	return in
}

func specOf(definition *apiextensions.CustomResourceDefinition) apiextensions.JSONSchemaProps {
	return definition.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"]
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
