// All that the values can switch on, over the real API server in a namespace that enforces the restricted Pod security standard.

package chart

import (
	"context"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	authorizationv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

const (
	startWithin = 15 * time.Minute // with cold build caches
	settled     = time.Minute      // what the API server learns by watches: definitions, roles, policies
	fieldOwner  = client.FieldOwner("chart-test")
)

// cluster is a control plane with the namespaces that the values name.
type cluster struct {
	context.Context
	bed *testbed.Bed
}

func start(t *testing.T) *cluster {
	t.Helper()
	g := NewWithT(t)
	ctx, cancel := context.WithTimeout(t.Context(), startWithin)
	t.Cleanup(cancel)
	bed, err := testbed.Start(ctx, testbed.Options{Log: t.Output()})
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() {
		if err := bed.Close(); err != nil {
			t.Errorf("end of the bed: %v", err)
		}
	})
	c := &cluster{ctx, bed}
	for _, name := range []string{namespace, "shops", "internal", "hosting"} {
		ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
		if name == namespace {
			ns.Labels = map[string]string{"pod-security.kubernetes.io/enforce": "restricted"}
		}
		g.Expect(bed.Client.Create(ctx, ns)).To(Succeed())
	}
	return c
}

// toggles are sets of values that together switch on all that there is.
var toggles = map[string][]string{
	"the defaults":           nil,
	"the cautious values":    {"--values=" + folder + "/values-cautious.yaml"},
	"some namespaces":        {"--set=namespaces={shops,hosting}"},
	"managers by namespace":  {"--set=managers.one.namespaces={shops},managers.two.namespaces={internal,hosting},managers.two.flags.concurrency=8,managers.two.resources.limits.memory=256Mi"},
	"several replicas":       {"--set=replicas=3,managers.one.namespaces={shops},managers.two.namespaces={hosting}"},
	"an account that exists": {"--set=serviceAccount.create=false,serviceAccount.name=default,rbac.create=false,rbac.users=false,crds.enabled=false"},
	"metrics":                {"--set=metrics.secure=false,metrics.serviceMonitor.enabled=true,metrics.serviceMonitor.interval=1m,metrics.serviceMonitor.labels.release=prometheus,metrics.rules.enabled=true,metrics.dashboard.enabled=true"},
	"a certificate":          {"--set=metrics.certificateSecret=metrics-tls,metrics.serviceMonitor.enabled=true"},
	"no metrics":             {"--set=metrics.enabled=false,networkPolicy.enabled=true,networkPolicy.servers[0].cidr=203.0.113.0/24,networkPolicy.servers[0].ports={8443},networkPolicy.apiServer[0].cidr=192.0.2.10/32,networkPolicy.apiServer[0].ports={6443}"},
	"a network policy":       {"--set=networkPolicy.enabled=true,networkPolicy.servers[0].cidr=203.0.113.0/24,networkPolicy.servers[0].except={203.0.113.1/32},networkPolicy.servers[0].ports={8443,8880},networkPolicy.apiServer[0].cidr=192.0.2.10/32,networkPolicy.apiServer[0].ports={6443}"},
	"the end":                {"--set=releaseFinalizers.enabled=true,releaseFinalizers.confirm=true,crds.keep=false"},
	"the end of managers":    {"--set=releaseFinalizers.enabled=true,managers.one.namespaces={shops},managers.two.namespaces={hosting}"},
	"all about Pods": {"--set=priorityClassName=system-cluster-critical,nodeSelector.disk=ssd,tolerations[0].operator=Exists,podLabels.team=hosting,podAnnotations.note=yes,image.pullSecrets[0].name=registry,env[0].name=TZ,env[0].value=UTC",
		"--set-json=affinity={\"nodeAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":{\"nodeSelectorTerms\":[{\"matchExpressions\":[{\"key\":\"disk\",\"operator\":\"Exists\"}]}]}}}",
		"--set=image.digest=sha256:" + strings.Repeat("0123456789abcdef", 4)},
	"all flags": {"--set=flags.concurrency=8,flags.read-timeout=30s,flags.write-timeout=5m,flags.answer-timeout=90s,flags.create-settle-time=45m,flags.shutdown-timeout=60s,flags.deny-addresses={10.96.0.0/12,10.244.0.0/16},flags.allow-addresses={10.96.0.1/32}",
		"--set=flags.allowed-servers={*.servers.example.com,web-01.example.com},flags.leader-elect-lease-duration=30s,flags.leader-elect-renew-deadline=20s,flags.leader-elect-retry-period=5s,flags.pprof-bind-address=127.0.0.1:6060,flags.zap-log-level=debug,flags.zap-encoder=console,flags.zap-devel=false,flags.zap-stacktrace-level=panic,flags.zap-time-encoding=rfc3339"},
}

func TestToggles(t *testing.T) {
	g := NewWithT(t)
	c := start(t)
	c.monitoring(g)
	g.Expect(c.bed.Build(c)).To(Succeed())
	for name, args := range toggles {
		t.Run(name, func(t *testing.T) { c.accepts(t, render(t, args...)) })
	}
	t.Run("the namespace refuses other Pods", c.restricts)
	t.Run("managers see their namespaces only", c.narrows)
	t.Run("cautious", c.cautious)
}

// monitoring makes the kinds of the Prometheus operator known; what is in them, it alone could check (the alerts are checked by promtool).
func (c *cluster) monitoring(g *WithT) {
	for kind, plural := range map[string]string{"ServiceMonitor": "servicemonitors", "PrometheusRule": "prometheusrules"} {
		definition := &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": map[string]any{"name": plural + ".monitoring.coreos.com"},
			"spec": map[string]any{
				"group": "monitoring.coreos.com", "scope": "Namespaced", "names": map[string]any{"kind": kind, "plural": plural},
				"versions": []any{map[string]any{"name": "v1", "served": true, "storage": true, "schema": map[string]any{"openAPIV3Schema": map[string]any{
					"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}},
			},
		}}
		g.Expect(c.bed.Client.Create(c, definition)).To(Succeed())
		probe := &unstructured.UnstructuredList{Object: map[string]any{"apiVersion": "monitoring.coreos.com/v1", "kind": kind + "List"}}
		g.Eventually(func() error { return c.bed.Client.List(c, probe) }).WithTimeout(settled).Should(Succeed())
	}
}

// accepts applies every object in a dry run, admits every Pod that would follow, and has the program read its arguments.
func (c *cluster) accepts(t *testing.T, objects []*unstructured.Unstructured) {
	g := NewWithT(t)
	byName(t, objects)
	deployments := 0
	for _, o := range objects {
		g.Expect(c.bed.Client.Apply(c, client.ApplyConfigurationFromUnstructured(o.DeepCopy()), fieldOwner, client.ForceOwnership, client.DryRunAll)).To(Succeed(), named(o))
		if kind := o.GetKind(); kind != "Deployment" && kind != "Job" {
			continue
		}
		pod := podOf(g, o)
		g.Expect(c.bed.Client.Create(c, pod, client.DryRunAll)).To(Succeed(), named(o))
		if o.GetKind() == "Deployment" {
			deployments++
			args := slices.Concat(pod.Spec.Containers[0].Args, []string{"--version"})
			said, err := exec.CommandContext(c, filepath.Join(c.bed.Dir, "bin", "manager"), args...).CombinedOutput()
			g.Expect(err).NotTo(HaveOccurred(), "%q: %s", args, said)
		}
	}
	g.Expect(deployments).To(BeNumerically(">", 0))
}

// podOf is the Pod that a Deployment or a Job would have made.
func podOf(g *WithT, o *unstructured.Unstructured) *corev1.Pod {
	template, found, err := unstructured.NestedMap(o.Object, "spec", "template")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found).To(BeTrue())
	u := &unstructured.Unstructured{Object: template}
	u.SetAPIVersion("v1")
	u.SetKind("Pod")
	u.SetNamespace(o.GetNamespace())
	u.SetName("pod-of-" + strings.ToLower(o.GetKind()))
	pod := &corev1.Pod{}
	g.Expect(runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(u.Object, pod, true)).To(Succeed())
	return pod
}

func (c *cluster) restricts(t *testing.T) {
	g := NewWithT(t)
	pod := podOf(g, ofKind(render(t), "Deployment")[0])
	pod.Spec.Containers[0].SecurityContext.AllowPrivilegeEscalation = nil
	err := c.bed.Client.Create(c, pod, client.DryRunAll)
	g.Expect(apierrors.IsForbidden(err)).To(BeTrue(), "%v", err)
	g.Expect(err).To(MatchError(ContainSubstring("PodSecurity")))
}

// narrows applies the rights of two managers and asks what each may.
func (c *cluster) narrows(t *testing.T) {
	g := NewWithT(t)
	for _, o := range render(t, toggles["managers by namespace"]...) {
		if strings.HasPrefix(o.GetAPIVersion(), "rbac.") {
			g.Expect(c.bed.Client.Apply(c, client.ApplyConfigurationFromUnstructured(o), fieldOwner, client.ForceOwnership)).To(Succeed(), named(o))
		}
	}
	may := func(manager, in, verb, group, resource string) bool {
		review := &authorizationv1.SubjectAccessReview{Spec: authorizationv1.SubjectAccessReviewSpec{
			User:               "system:serviceaccount:" + namespace + ":plesk-operator-controller-manager-" + manager,
			ResourceAttributes: &authorizationv1.ResourceAttributes{Namespace: in, Verb: verb, Group: group, Resource: resource},
		}}
		g.Expect(c.bed.Client.Create(c, review)).To(Succeed())
		return review.Status.Allowed
	}
	g.Eventually(func() bool { return may("two", "hosting", "get", "", "secrets") }).WithTimeout(settled).Should(BeTrue())
	for _, q := range []struct {
		manager, in string
		want        bool
	}{
		{"one", "shops", true}, {"one", "internal", false}, {"one", "hosting", false}, {"one", "", false}, {"one", namespace, true},
		{"two", "shops", false}, {"two", "internal", true}, {"two", "hosting", true}, {"two", "", false}, {"two", namespace, true},
	} {
		g.Expect(may(q.manager, q.in, "get", "", "secrets")).To(Equal(q.want), "Secrets of %q by %s", q.in, q.manager)
		g.Expect(may(q.manager, q.in, "patch", v1alpha1.GroupVersion.Group, "pleskcustomers")).To(Equal(q.want), "customers of %q by %s", q.in, q.manager)
	}
	for _, manager := range []string{"one", "two"} {
		g.Expect(may(manager, "", "list", "", "namespaces")).To(BeTrue())
		g.Expect(may(manager, namespace, "create", "coordination.k8s.io", "leases")).To(BeTrue())
	}
}

// cautious puts the policy of values-cautious.yaml into force.
func (c *cluster) cautious(t *testing.T) {
	g := NewWithT(t)
	customer := func(name string, policy v1alpha1.ManagementPolicy) *v1alpha1.PleskCustomer {
		o := &v1alpha1.PleskCustomer{ObjectMeta: metav1.ObjectMeta{Namespace: "hosting", Name: name}}
		o.Spec.Login, o.Spec.ContactName, o.Spec.ServerRef = name, "Nobody", &v1alpha1.ServerReference{Name: "web-01"}
		o.Spec.ManagementPolicy = policy
		return o
	}
	earlier := customer("earlier", v1alpha1.ManagementPolicyManaged)
	g.Expect(c.bed.Client.Create(c, earlier)).To(Succeed())

	for _, o := range render(t, toggles["the cautious values"]...) {
		if strings.HasPrefix(o.GetAPIVersion(), "admissionregistration.") {
			g.Expect(c.bed.Client.Apply(c, client.ApplyConfigurationFromUnstructured(o), fieldOwner, client.ForceOwnership)).To(Succeed(), named(o))
		}
	}
	g.Eventually(func() error { return c.bed.Client.Create(c, customer("unasked", ""), client.DryRunAll) }).WithTimeout(settled).
		Should(MatchError(ContainSubstring("plesk-operator.dev/managed=allowed")))
	planned := customer("planned", v1alpha1.ManagementPolicyPlan)
	g.Expect(c.bed.Client.Create(c, planned)).To(Succeed())
	g.Expect(c.bed.Client.Create(c, customer("observed", v1alpha1.ManagementPolicyObserveOnly))).To(Succeed())
	planned.Spec.ManagementPolicy = v1alpha1.ManagementPolicyManaged
	g.Expect(c.bed.Client.Update(c, planned.DeepCopy())).To(MatchError(ContainSubstring("spec.managementPolicy")))
	planned.Spec.ManagementPolicy = v1alpha1.ManagementPolicyPlan
	deletes := v1alpha1.DeletionPolicyDelete
	planned.Spec.DeletionPolicy = &deletes
	g.Expect(c.bed.Client.Update(c, planned.DeepCopy())).To(MatchError(ContainSubstring("spec.deletionPolicy")))

	// What was there before goes on: the operator puts its finalizer on and takes it off.
	earlier.Finalizers = []string{v1alpha1.Finalizer}
	g.Expect(c.bed.Client.Update(c, earlier)).To(Succeed())
	g.Expect(c.bed.Client.Delete(c, earlier)).To(Succeed())
	g.Expect(c.bed.Client.Get(c, client.ObjectKeyFromObject(earlier), earlier)).To(Succeed())
	earlier.Finalizers = nil
	g.Expect(c.bed.Client.Update(c, earlier)).To(Succeed())

	hosting := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "hosting"}}
	g.Expect(c.bed.Client.Get(c, client.ObjectKeyFromObject(hosting), hosting)).To(Succeed())
	hosting.Labels["plesk-operator.dev/managed"] = "allowed"
	g.Expect(c.bed.Client.Update(c, hosting)).To(Succeed())
	g.Eventually(func() error { return c.bed.Client.Create(c, customer("asked", "")) }).WithTimeout(settled).Should(Succeed())
}
