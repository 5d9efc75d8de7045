// The command diff: what it shows is what would be written, and nothing is.

package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
)

// manifest is an object as a user has it in Git, with a change.
func manifest[O client.Object](t *testing.T, w *world, o O, name string, change func(O)) string {
	t.Helper()
	w.get(t, name, o)
	gvk, err := w.bed.Client.GroupVersionKindFor(o)
	if err != nil {
		t.Fatal(err)
	}
	change(o)
	text, err := yaml.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	var content map[string]any
	if err := yaml.Unmarshal(text, &content); err != nil {
		t.Fatal(err)
	}
	content["apiVersion"], content["kind"] = gvk.GroupVersion().String(), gvk.Kind
	content["metadata"] = map[string]any{"name": name}
	delete(content, "status")
	if text, err = yaml.Marshal(content); err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// folder writes manifests to a folder.
func folder(t *testing.T, manifests ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i, m := range manifests {
		if err := os.WriteFile(filepath.Join(dir, string(rune('a'+i))+".yaml"), []byte(m), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const newcomers = `
apiVersion: plesk-operator.dev/v1alpha1
kind: PleskSubscription
metadata: {name: cedar-example}
spec:
  customerRef: {name: cedar}
  domainName: cedar.example
  ipAddresses: [203.0.113.7]
---
apiVersion: plesk-operator.dev/v1alpha1
kind: PleskCustomer
metadata: {name: cedar}
spec:
  serverRef: {name: web-01}
  login: cedar
  contactName: Cai Cedar
  password: {secretRef: {name: cedar-panel, key: password}}
---
apiVersion: v1
kind: Secret
metadata: {name: cedar-panel}
stringData: {password: "Cedar-Panel-9031"}
`

const suspension = `
apiVersion: plesk-operator.dev/v1alpha1
kind: PleskSuspension
metadata: {name: acme-unpaid}
spec:
  targetRef: {kind: PleskCustomer, name: acme}
  reason: NonPayment
`

func diffs(t *testing.T, w *world) {
	w.becomes(t, "customer/acme", "Available")
	same := manifest(t, w, &v1alpha1.PleskCustomer{}, "acme", func(*v1alpha1.PleskCustomer) {})
	renamed := manifest(t, w, &v1alpha1.PleskCustomer{}, "acme", func(o *v1alpha1.PleskCustomer) { o.Spec.ContactName = "Ada Oak" })
	misspelt := strings.Replace(same, "contactName:", "contactNmae:", 1)
	taken := strings.NewReplacer("name: acme\n", "name: acme-again\n").Replace(same)
	elsewhere := manifest(t, w, &v1alpha1.PleskServer{}, "web-01", func(o *v1alpha1.PleskServer) { o.Spec.URL = "https://127.0.0.1:1" })
	observed := manifest(t, w, &v1alpha1.PleskCustomer{}, "acme", func(o *v1alpha1.PleskCustomer) { o.Spec.ManagementPolicy = v1alpha1.ManagementPolicyObserveOnly })
	if r := w.run(t, "", "diff", "-f", folder(t, observed)); r.failure != nil || !strings.Contains(r.err, "PleskCustomer/acme in hosting has managementPolicy Managed, and would have ObserveOnly\n") {
		t.Errorf("what would be managed no more is not said: %v\n%s", r.failure, r.err)
	}
	before := &v1alpha1.PleskCustomer{}
	w.get(t, "acme", before)

	for _, c := range []struct {
		name      string
		manifests []string
		code      int
		says      []string
	}{
		{"what is as it should be", []string{same}, 0, []string{"0 to create, 0 to change, 0 to adopt, 1 as they are, 0 refused, 0 not compared\n"}},
		{"a change", []string{renamed}, 1, []string{"~ PleskCustomer/acme in hosting would be changed\n    contactName: Ada Birch → Ada Oak\n0 to create, 1 to change"}},
		{"what is new and what waits for it", []string{newcomers}, 1, []string{
			"+ PleskCustomer/cedar in hosting would be created\n", "    contactName: (none) → Cai Cedar\n",
			"+ PleskSubscription/cedar-example in hosting would be created\n    DependencyNotReady: waiting for PleskCustomer \"cedar\"", "    domainName: (none) → cedar.example\n",
			"2 to create, 0 to change",
		}},
		{"a misspelt field", []string{misspelt}, 2, []string{"! PleskCustomer/acme in hosting would be refused\n    InvalidSpec: spec.contactNmae: there is no such field"}},
		{"what lies in something refused", []string{taken, strings.ReplaceAll(newcomers, "customerRef: {name: cedar}", "customerRef: {name: acme-again}")}, 2, []string{
			"! PleskCustomer/acme-again in hosting would be refused\n", "! PleskSubscription/cedar-example in hosting would be refused\n    DependencyNotReady:", "1 to create, 0 to change",
		}},
		{"what lies in something that nobody describes", []string{strings.ReplaceAll(newcomers, "customerRef: {name: cedar}", "customerRef: {name: nobody}")}, 2, []string{
			"! PleskSubscription/cedar-example in hosting would be refused\n",
		}},
		{"a kind that is not ours", []string{renamed, "apiVersion: plesk-operator.dev/v1alpha1\nkind: PleskFoo\nmetadata: {name: foo}\n"}, 2, []string{"! PleskFoo/foo in hosting would be refused", "~ PleskCustomer/acme"}},
		{"a password alone", []string{"apiVersion: v1\nkind: Secret\nmetadata: {name: acme-panel}\nstringData: {password: Acme-Panel-7714}\n"}, 1, []string{"~ PleskCustomer/acme in hosting would be changed\n    password: "}},
		{"a suspension alone", []string{suspension}, 1, []string{"~ PleskCustomer/acme in hosting would be changed\n    suspension: "}},
		{"a server that is to be reached elsewhere", []string{elsewhere, renamed}, 2, []string{"has not been reached yet", "0 to change"}},
		{"what another resource describes", []string{taken}, 2, []string{"! PleskCustomer/acme-again in hosting would be refused\n    OwnedByAnother:"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := w.run(t, "", "diff", "-f", folder(t, c.manifests...))
			if code := ExitCode(r.failure); code != c.code {
				t.Errorf("exit status %d, want %d: %v\n%s", code, c.code, r.failure, r.err)
			}
			for _, text := range c.says {
				if !strings.Contains(r.out, text) {
					t.Errorf("%q is not said:\n%s%s%v", text, r.out, r.err, r.failure)
				}
			}
			if strings.Contains(r.out+r.err, "Cedar-Panel") || strings.Contains(r.out+r.err, "Acme-Panel") {
				t.Error("a password is shown")
			}
		})
	}

	t.Run("an interruption concludes nothing from what was known before", func(t *testing.T) {
		hold := make(chan struct{})
		w.plesk.Inject(plesksim.Fault{Operator: "customer", Operation: "get", Hold: hold})
		defer w.plesk.ClearFaults()
		defer close(hold)
		ctx, interrupt := context.WithCancel(t.Context())
		defer interrupt()
		time.AfterFunc(3*time.Second, interrupt)
		r := w.until(ctx, strings.NewReader(""), "diff", "-f", folder(t, renamed))
		if ExitCode(r.failure) != 2 || r.out != "" || !strings.Contains(r.failure.Error(), "interrupted before everything was compared") {
			t.Errorf("exit status %d, %v\n%s", ExitCode(r.failure), r.failure, r.out)
		}
	})

	after := &v1alpha1.PleskCustomer{}
	w.get(t, "acme", after)
	if after.ResourceVersion != before.ResourceVersion {
		t.Error("the cluster was written to")
	}
	got, err := customer.Get.All(t.Context(), w.plesk, customer.GetRequest{Filter: xmlapi.All(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}})
	if err != nil || len(got) != 2 {
		t.Errorf("%d customers, %v", len(got), err)
	}
	for _, c := range got {
		if c.Data.GenInfo.Login == "acme" && c.Data.GenInfo.ContactName != "Ada Birch" {
			t.Errorf("the server was written to: %+v", c.Data.GenInfo)
		}
	}
	w.refused(t, "use -k", "", "diff", "-f", folder(t, renamed, "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n"))
	w.refused(t, "-f or -k is required", "", "diff")
	w.refused(t, "no manifest of the operator's kinds", "", "diff", "-f", folder(t, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"))
}
