// The command export, against a server alone.

package cli

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// lone is a server without a cluster, and the folder that it is exported into.
type lone struct {
	plesk       *plesksim.Server
	credentials *corev1.Secret
	file, dir   string
}

func newLone(t *testing.T, customers ...string) *lone {
	t.Helper()
	l := &lone{file: filepath.Join(t.TempDir(), "admin.yaml"), dir: filepath.Join(t.TempDir(), "web-01")}
	l.plesk, _ = controllertest.Simulated(t)
	for _, login := range customers {
		controllertest.AddCustomer(t, l.plesk, login)
	}
	l.credentials = &corev1.Secret{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"}, ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "admin"}, Type: corev1.SecretTypeOpaque,
		Data: map[string][]byte{"url": []byte(l.plesk.URL()), "username": []byte(plesksim.DefaultLogin), "password": []byte(plesksim.DefaultPassword), "ca.crt": l.plesk.CA()},
	}
	text, err := yaml.Marshal(l.credentials)
	if err != nil {
		t.Fatal(err)
	}
	l.write(t, l.file, string(text))
	return l
}

func (l *lone) write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// run runs a command with the flags for the server alone.
func (l *lone) run(t *testing.T, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	root := NewRoot(genericiooptions.IOStreams{In: strings.NewReader(""), Out: &out, ErrOut: &errs}, "test", WithReach(xmlapi.Loopback))
	root.SetArgs(append(args, "--url", l.plesk.URL(), "--credentials-file", l.file, "--kubeconfig", os.DevNull))
	return result{failure: root.ExecuteContext(t.Context()), out: out.String(), err: errs.String()}
}

// export exports the customers, and wants an exit status.
func (l *lone) export(t *testing.T, code int, args ...string) result {
	t.Helper()
	r := l.run(t, append([]string{"export", "--on", "web-01", "--kind", "PleskCustomer", "--output-dir", l.dir}, args...)...)
	if got := ExitCode(r.failure); got != code {
		t.Fatalf("exit status %d, want %d: %v\n%s", got, code, r.failure, r.err)
	}
	return r
}

// cluster has the server, as hosting/web-01, and nothing else.
type cluster struct {
	client.Reader
	*lone
}

func (c cluster) Get(_ context.Context, key client.ObjectKey, o client.Object, _ ...client.GetOption) error {
	switch o := o.(type) {
	case *v1alpha1.PleskServer:
		if key == (client.ObjectKey{Namespace: namespace, Name: "web-01"}) {
			o.Namespace, o.Name, o.Spec.URL, o.Spec.CredentialsSecretRef.Name = namespace, "web-01", c.plesk.URL(), "admin"
			return nil
		}
	case *corev1.Secret:
		if key == (client.ObjectKey{Namespace: namespace, Name: "admin"}) {
			c.credentials.DeepCopyInto(o)
			return nil
		}
	}
	return fs.ErrNotExist
}

// Manifests mean the server that they come from, in whatever namespace they are applied.
func TestManifestsNameTheNamespaceOfTheServer(t *testing.T) {
	l := newLone(t, "acme")
	for on, want := range map[string]v1alpha1.ServerReference{
		"web-01": {Name: "web-01"}, "hosting/web-01": {Namespace: "hosting", Name: "web-01"},
	} {
		r := l.run(t, "export", "--on", on, "--kind", "PleskCustomer")
		if r.failure != nil {
			t.Fatal(r)
		}
		var without, with v1alpha1.PleskCustomer
		if err := yaml.Unmarshal([]byte(r.out), &without); err != nil || *without.Spec.ServerRef != want {
			t.Errorf("--url --on %s: %+v, want %+v, %v", on, without.Spec.ServerRef, want, err)
		}

		var out, errs bytes.Buffer
		e := &env{IOStreams: genericiooptions.IOStreams{Out: &out, ErrOut: &errs}, addresses: xmlapi.Loopback}
		c := newExport(e)
		c.SetOut(&out)
		c.SetErr(&errs)
		c.SetContext(t.Context())
		f := exportFlags{serverFlags: serverFlags{server: on}, policy: "ObserveOnly", kinds: []string{"PleskCustomer"}}
		if err := f.run(c, e, func() (client.Reader, string, error) { return cluster{lone: l}, namespace, nil }); err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(out.Bytes(), &with); err != nil || *with.Spec.ServerRef != want {
			t.Errorf("--on %s: %+v, want %+v, %v", on, with.Spec.ServerRef, want, err)
		}
	}
	for _, on := range []string{"hosting/", "/web-01", "a/b/c"} {
		if r := l.run(t, "export", "--on", on); r.failure == nil || !strings.Contains(r.failure.Error(), "want NAME or NAMESPACE/NAME") {
			t.Errorf("--on %s: %v", on, r)
		}
	}
}

// What was exported with the server's namespace is compared with it.
func TestADiffWithoutAClusterFindsTheServerInItsNamespace(t *testing.T) {
	l := newLone(t, "acme")
	l.export(t, 0, "--on", "hosting/web-01")
	for _, namespace := range []string{"hosting", "team"} {
		if r := l.run(t, "diff", "-k", l.dir, "--on", "hosting/web-01", "-n", namespace, "--all"); ExitCode(r.failure) != 0 || !strings.Contains(r.out, "1 as they are") {
			t.Errorf("-n %s: %v", namespace, r)
		}
	}
}

// The exit status and the last line say what was written, and what is not.
func TestAnExportSaysWhatItHasWritten(t *testing.T) {
	l := newLone(t, "acme", "birch")
	l.export(t, 0)
	list := filepath.Join(l.dir, "customers", "kustomization.yaml")
	text, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	l.write(t, list, strings.Replace(string(text), "- acme\n", "", 1))
	for range 2 {
		if r := l.export(t, 2); !strings.Contains(r.err, "wrote 0 files to "+l.dir+", left 2 as they are\n") || !strings.Contains(r.err, "add it by hand where it is wanted: customers/acme\n") {
			t.Error(r)
		}
	}
	l.write(t, list, string(text))
	l.export(t, 0)

	secrets := filepath.Join(l.file, "secrets.yaml") // below a file
	if r := l.export(t, 2, "--lifecycle", "git", "--secret-manifests", secrets); !strings.Contains(r.failure.Error(), "the manifests are written, those of the Secrets are not") {
		t.Error(r)
	}

	controllertest.AddCustomer(t, l.plesk, "cedar")
	l.write(t, filepath.Join(l.dir, "customers", "acme", "Kustomization"), "resources: everything\n")
	if r := l.export(t, 1); !strings.Contains(r.failure.Error(), "0 of 1 new manifests are written") || !strings.Contains(r.failure.Error(), "cannot be read as a kustomization") {
		t.Error(r)
	}
	if _, err := os.Stat(filepath.Join(l.dir, "customers", "cedar")); !os.IsNotExist(err) {
		t.Errorf("something is written: %v", err)
	}
}
