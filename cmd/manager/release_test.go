// The subcommand over a real API server, with the operator gone.

package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// foreignFinalizer is somebody else's.
const foreignFinalizer = "example.com/not-yet"

func TestRelease(t *testing.T) {
	g := NewWithT(t)
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute) // with cold build caches
	defer cancel()
	bed, err := testbed.Start(ctx, testbed.Options{Log: t.Output()})
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() {
		if err := bed.Close(); err != nil {
			t.Errorf("end of the bed: %v", err)
		}
	})
	operator, err := bed.StartManager(ctx, testbed.ManagerOptions{})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(operator.Stop()).To(Succeed())

	r := &releaseTest{Context: ctx, bed: bed}
	t.Run("a dry run lists everything and changes nothing", r.dryRun)
	t.Run("a guard fails while there is anything to release", r.guards)
	t.Run("what is released", r.releases)
	t.Run("namespaces narrow it", r.narrowed)
	t.Run("what cannot be released is named, and the rest is released", r.refused)
	t.Run("a finalizer that somebody adds meanwhile stays", r.overtaken)
	t.Run("mistakes on the command line", r.mistakes)
}

type releaseTest struct {
	context.Context
	bed *testbed.Bed
}

// run runs the subcommand as a user, "" for the administrator.
func (r *releaseTest) run(t *testing.T, user string, args ...string) (status int, out, problems string) {
	t.Helper()
	kubeconfig, err := clientcmd.LoadFromFile(r.bed.Kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range kubeconfig.AuthInfos {
		a.Impersonate = user
	}
	file := filepath.Join(t.TempDir(), "kubeconfig")
	if err := clientcmd.WriteToFile(*kubeconfig, file); err != nil {
		t.Fatal(err)
	}
	var o, p bytes.Buffer
	status = releaseMain(r, append([]string{"--kubeconfig=" + file}, args...), &o, &p)
	return status, o.String(), p.String()
}

// account is the operator's own user, with the rights of config/rbac.
const account = "system:serviceaccount:" + testbed.DefaultNamespace + ":controller-manager"

// fill makes a namespace with a sample of every kind and a Secret, as an operator leaves them that has put its finalizers on.
func (r *releaseTest) fill(g *WithT, namespace string) map[string]*unstructured.Unstructured {
	g.Expect(r.bed.Client.Create(r, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}})).To(Succeed())
	kustomization, err := testbed.ReadObjects(filepath.Join(r.bed.Root, "config", "samples", "kustomization.yaml"))
	g.Expect(err).NotTo(HaveOccurred())
	files, _, err := unstructured.NestedStringSlice(kustomization[0].Object, "resources")
	g.Expect(err).NotTo(HaveOccurred())
	made := map[string]*unstructured.Unstructured{}
	for _, file := range files {
		samples, err := testbed.ReadObjects(filepath.Join(r.bed.Root, "config", "samples", file))
		g.Expect(err).NotTo(HaveOccurred())
		for _, o := range samples {
			if kind := o.GetKind(); kind == "Namespace" || kind == "Secret" {
				continue
			}
			o.SetFinalizers([]string{v1alpha1.Finalizer})
			made[fmt.Sprintf("%s %s/%s", o.GetKind(), namespace, o.GetName())] = o
		}
	}
	secret := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Secret", "stringData": map[string]any{"password": "not-to-be-lost"}}}
	secret.SetName("web-01-admin")
	secret.SetAnnotations(map[string]string{"example.com/note": "stays"})
	secret.SetFinalizers([]string{v1alpha1.InUseFinalizer})
	made["Secret "+namespace+"/web-01-admin"] = secret
	for _, o := range made {
		o.SetNamespace(namespace)
		g.Expect(r.bed.Client.Create(r, o)).To(Succeed())
	}
	kinds, err := heldKinds()
	g.Expect(err).NotTo(HaveOccurred())
	for _, h := range kinds {
		g.Expect(slices.Collect(maps.Keys(made))).To(ContainElement(HavePrefix(h.kind.Kind+" ")), "there is a sample of %s", h.kind.Kind)
	}
	return made
}

func (r *releaseTest) get(g *WithT, o client.Object) *unstructured.Unstructured {
	now := &unstructured.Unstructured{}
	now.SetGroupVersionKind(o.GetObjectKind().GroupVersionKind())
	g.Expect(r.bed.Client.Get(r, client.ObjectKeyFromObject(o), now)).To(Succeed())
	return now
}

func (r *releaseTest) gone(o client.Object) bool {
	return apierrors.IsNotFound(r.bed.Client.Get(r, client.ObjectKeyFromObject(o), o.DeepCopyObject().(client.Object)))
}

func (r *releaseTest) dryRun(t *testing.T) {
	g := NewWithT(t)
	made := r.fill(g, "dry")
	status, out, problems := r.run(t, account)
	g.Expect(status).To(Equal(0), problems)
	for name, o := range made {
		g.Expect(out).To(ContainSubstring("would release " + name + "\n"))
		g.Expect(r.get(g, o).GetResourceVersion()).To(Equal(o.GetResourceVersion()), name)
	}
	g.Expect(out).To(HaveSuffix(fmt.Sprintf(
		"%d to release; nothing was changed. With --yes they are released, and what they stand for stays on the Plesk servers.\n", len(made))))
}

// guards looks into a namespace with a sample of every kind, and into an empty one.
func (r *releaseTest) guards(t *testing.T) {
	g := NewWithT(t)
	made := r.fill(g, "guarded")
	status, out, problems := r.run(t, account, "--expect-none", "--namespaces=guarded")
	g.Expect(status).To(Equal(1))
	g.Expect(problems).To(HavePrefix(fmt.Sprintf("%d resources and Secrets bear the operator's finalizers", len(made))))
	for name, o := range made {
		g.Expect(out).To(ContainSubstring("would release " + name + "\n"))
		g.Expect(r.get(g, o).GetResourceVersion()).To(Equal(o.GetResourceVersion()), name)
	}
	status, _, problems = r.run(t, account, "--expect-none", "--namespaces=default")
	g.Expect(status).To(Equal(0), problems)
	status, _, problems = r.run(t, "nobody", "--expect-none", "--namespaces=default")
	g.Expect(status).To(Equal(1), "what cannot be looked at is not empty")
	g.Expect(problems).To(ContainSubstring("forbidden"))
}

// releases takes the finalizers off what is being deleted and off what is not, and leaves those of others.
func (r *releaseTest) releases(t *testing.T) {
	g := NewWithT(t)
	leaving, staying := r.fill(g, "leaving"), r.fill(g, "staying")
	shared := map[string]*unstructured.Unstructured{}
	for name, o := range r.fill(g, "shared") {
		o.SetFinalizers(append([]string{foreignFinalizer}, o.GetFinalizers()...))
		g.Expect(r.bed.Client.Update(r, o)).To(Succeed())
		shared[name] = o
	}
	for _, objects := range []map[string]*unstructured.Unstructured{leaving, shared} {
		for name, o := range objects {
			g.Expect(r.bed.Client.Delete(r, o)).To(Succeed())
			g.Expect(r.get(g, o).GetDeletionTimestamp()).NotTo(BeNil(), "%s waits for the operator", name)
		}
	}
	foreign := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "staying", Name: "foreign", Finalizers: []string{foreignFinalizer}}}
	g.Expect(r.bed.Client.Create(r, foreign)).To(Succeed())

	status, out, problems := r.run(t, account, "--yes")
	g.Expect(status).To(Equal(0), problems)
	for name, o := range leaving {
		g.Expect(out).To(ContainSubstring("released " + name + " (being deleted)\n"))
		g.Expect(r.gone(o)).To(BeTrue(), name)
	}
	for name, o := range shared {
		g.Expect(r.get(g, o).GetFinalizers()).To(Equal([]string{foreignFinalizer}), name)
	}
	for name, o := range staying {
		g.Expect(out).To(ContainSubstring("released " + name + "\n"))
		now := r.get(g, o)
		g.Expect(now.GetFinalizers()).To(BeEmpty(), name)
		g.Expect(now.GetGeneration()).To(Equal(o.GetGeneration()), name)
		g.Expect(now.GetLabels()).To(Equal(o.GetLabels()), name)
		g.Expect(now.GetAnnotations()).To(Equal(o.GetAnnotations()), name)
		delete(now.Object, "metadata")
		delete(o.Object, "metadata")
		g.Expect(now.Object).To(Equal(o.Object), name)
	}
	g.Expect(out).NotTo(ContainSubstring("foreign"))
	g.Expect(r.get(g, secretOf(foreign)).GetFinalizers()).To(Equal([]string{foreignFinalizer}))
	g.Expect(out).To(HaveSuffix("released. What they stand for is still on the Plesk servers.\n"))

	status, out, _ = r.run(t, account)
	g.Expect(status).To(Equal(0))
	g.Expect(out).To(HavePrefix("0 to release"))
}

// secretOf is a Secret that knows its kind.
func secretOf(s *corev1.Secret) *metav1.PartialObjectMetadata {
	m := &metav1.PartialObjectMetadata{ObjectMeta: s.ObjectMeta}
	m.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Secret"))
	return m
}

func (r *releaseTest) narrowed(t *testing.T) {
	g := NewWithT(t)
	one, two, other := r.fill(g, "one"), r.fill(g, "two"), r.fill(g, "other")
	status, out, problems := r.run(t, account, "--yes", "--namespaces=one,two")
	g.Expect(status).To(Equal(0), problems)
	g.Expect(out).NotTo(ContainSubstring("other/"))
	for _, objects := range []map[string]*unstructured.Unstructured{one, two} {
		for name, o := range objects {
			g.Expect(r.get(g, o).GetFinalizers()).To(BeEmpty(), name)
		}
	}
	for name, o := range other {
		g.Expect(r.get(g, o).GetResourceVersion()).To(Equal(o.GetResourceVersion()), name)
	}
}

// refused has a user who may list everything and change the Secrets only.
func (r *releaseTest) refused(t *testing.T) {
	g := NewWithT(t)
	made := r.fill(g, "refused")
	role := &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: "half"}, Rules: []rbacv1.PolicyRule{
		{APIGroups: []string{"", v1alpha1.GroupVersion.Group}, Resources: []string{"*"}, Verbs: []string{"list"}},
		{APIGroups: []string{""}, Resources: []string{"secrets"}, Verbs: []string{"patch"}},
	}}
	g.Expect(r.bed.Client.Create(r, role)).To(Succeed())
	g.Expect(r.bed.Client.Create(r, &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Namespace: "refused", Name: "half"},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "half"},
		Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: "User", Name: "half"}},
	})).To(Succeed())
	var problems string
	g.Eventually(func() string { // the authoriser learns of the role by a watch
		_, _, problems = r.run(t, "half", "--namespaces=refused")
		return problems
	}).WithTimeout(time.Minute).Should(BeEmpty())
	status, out, problems := r.run(t, "half", "--yes", "--namespaces=refused,default")
	g.Expect(status).To(Equal(1))
	for name, o := range made {
		if o.GetKind() == "Secret" {
			g.Expect(out).To(ContainSubstring("released " + name + "\n"))
			g.Expect(r.get(g, o).GetFinalizers()).To(BeEmpty(), name)
			continue
		}
		g.Expect(out).NotTo(ContainSubstring(name + "\n"))
		g.Expect(strings.Split(problems, "\n")).To(ContainElement(And(HavePrefix(name+": "), ContainSubstring("forbidden"))))
		g.Expect(r.get(g, o).GetFinalizers()).To(Equal([]string{v1alpha1.Finalizer}), name)
	}
	g.Expect(problems).To(And(ContainSubstring("list Secret in namespace default: "), ContainSubstring("list PleskCustomer in namespace default: ")))
}

// overtaken has somebody put a finalizer on each object between the list and the patch.
func (r *releaseTest) overtaken(t *testing.T) {
	g := NewWithT(t)
	made := r.fill(g, "overtaken")
	busy := map[string]bool{}
	c := interceptor.NewClient(r.bed.Client, interceptor.Funcs{Patch: func(_ context.Context, c client.WithWatch, o client.Object, p client.Patch, opts ...client.PatchOption) error {
		if name := o.GetObjectKind().GroupVersionKind().Kind + o.GetName(); !busy[name] {
			busy[name] = true
			other := r.get(g, o) //nolint:contextcheck // the test has one context of its own
			other.SetFinalizers(append(other.GetFinalizers(), foreignFinalizer))
			g.Expect(r.bed.Client.Update(r, other)).To(Succeed()) //nolint:contextcheck // as above
		}
		return c.Patch(r, o, p, opts...) //nolint:contextcheck // as above
	}})
	var out bytes.Buffer
	g.Expect(release(r, c, releaseOptions{namespaces: []string{"overtaken"}, yes: true, out: &out})).To(Succeed())
	for name, o := range made {
		g.Expect(r.get(g, o).GetFinalizers()).To(Equal([]string{foreignFinalizer}), name)
	}
}

func (r *releaseTest) mistakes(t *testing.T) {
	g := NewWithT(t)
	for _, args := range [][]string{{"--yse"}, {"everything"}, {"--expect-none", "--yes"}} {
		status, out, problems := r.run(t, "", args...)
		g.Expect(status).To(Equal(2), "%q", args)
		g.Expect(out).To(BeEmpty())
		g.Expect(problems).To(ContainSubstring(strings.TrimLeft(args[0], "-")))
	}
	status, _, problems := r.run(t, "", "--help")
	g.Expect(status).To(Equal(0))
	g.Expect(problems).To(And(ContainSubstring("Stop the operator first"), ContainSubstring("-yes")))
}
