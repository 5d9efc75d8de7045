// The world of the tests: a real API server, the operator as its own process, and a simulated Plesk in this one.

package cli

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

const namespace = "hosting"

type world struct {
	bed   *testbed.Bed
	plesk *testbed.Simulator
	cache string
}

// newWorld starts all parts. They end with the test.
func newWorld(t *testing.T) *world {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	bed, err := testbed.Start(ctx, testbed.Options{Log: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := bed.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{bed: bed, cache: t.TempDir()}
	if w.plesk, err = bed.Simulate(plesksim.Options{OnInvalidAnswer: func(err error, _, answer []byte) { t.Errorf("invalid answer: %v\n%s", err, answer) }}); err != nil {
		t.Fatal(err)
	}
	if _, err := bed.StartManager(ctx, testbed.ManagerOptions{}); err != nil {
		t.Fatal(err)
	}
	w.namespace(t, namespace)
	w.serve(t, w.plesk, namespace, "web-01")
	return w
}

func (w *world) namespace(t *testing.T, name string) {
	t.Helper()
	w.create(t, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}})
}

// serve makes a PleskServer for a simulated one.
func (w *world) serve(t *testing.T, plesk *testbed.Simulator, namespace, name string) {
	t.Helper()
	srv, secrets := plesk.Access.Server(namespace, name)
	for _, s := range secrets {
		w.create(t, s)
	}
	w.create(t, srv)
}

func (w *world) create(t *testing.T, o client.Object) {
	t.Helper()
	if err := w.bed.Client.Create(t.Context(), o); err != nil {
		t.Fatal(err)
	}
}

// fill makes what the page of the plugin shows.
func (w *world) fill(t *testing.T) {
	t.Helper()
	common := v1alpha1.CommonSpec{ServerRef: &v1alpha1.ServerReference{Name: "web-01"}}
	generated := func(secret string) v1alpha1.SecretValue {
		return v1alpha1.SecretValue{SecretRef: v1alpha1.SecretKeySelector{Name: secret, Key: "password"}, Generate: true}
	}
	at := func(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Namespace: namespace, Name: name} }
	planned := common
	planned.ManagementPolicy = v1alpha1.ManagementPolicyPlan
	w.create(t, &v1alpha1.PleskCustomer{ObjectMeta: at("acme"), Spec: v1alpha1.PleskCustomerSpec{
		CommonSpec: common, Account: v1alpha1.Account{Login: "acme", ContactName: "Ada Birch", Password: new(generated("acme-panel"))},
	}})
	w.create(t, &v1alpha1.PleskCustomer{ObjectMeta: at("birch"), Spec: v1alpha1.PleskCustomerSpec{
		CommonSpec: planned, Account: v1alpha1.Account{Login: "birch", ContactName: "Bo Birch", Password: new(generated("birch-panel"))},
	}})
	w.create(t, &v1alpha1.PleskServicePlan{ObjectMeta: at("small"), Spec: v1alpha1.PleskServicePlanSpec{CommonSpec: common, PlanName: "small"}})
	w.create(t, &v1alpha1.PleskSubscription{ObjectMeta: at("acme-example"), Spec: v1alpha1.PleskSubscriptionSpec{
		DomainName: "acme.example", CustomerRef: &v1alpha1.ObjectReference{Name: "acme"}, ServicePlanRef: &v1alpha1.ObjectReference{Name: "small"},
		IPAddresses: []string{"203.0.113.99"}, // no server has it
		Hosting:     &v1alpha1.SubscriptionHosting{VirtualHost: &v1alpha1.VirtualHost{SystemUser: &v1alpha1.SystemUser{Name: new("acme"), Password: new(generated("acme-ftp"))}}},
	}})
	w.create(t, &v1alpha1.PleskMailAccount{ObjectMeta: at("acme-info"), Spec: v1alpha1.PleskMailAccountSpec{
		SiteRef: v1alpha1.SiteReference{Kind: "PleskSubscription", Name: "acme-example"}, MailName: "info", Password: new(generated("acme-info")),
	}})
}

// result is what a command did.
type result struct {
	out, err string
	failure  error
}

// run runs a command in the namespace of the tests; answer is what the user types.
func (w *world) run(t *testing.T, answer string, args ...string) result {
	t.Helper()
	return w.answer(t, strings.NewReader(answer), args...)
}

func (w *world) answer(t *testing.T, in io.Reader, args ...string) result {
	t.Helper()
	return w.until(t.Context(), in, args...)
}

// until runs a command that is interrupted when the context ends.
func (w *world) until(ctx context.Context, in io.Reader, args ...string) result {
	var out, errs bytes.Buffer
	root := NewRoot(genericiooptions.IOStreams{In: in, Out: &out, ErrOut: &errs}, "test", WithReach(xmlapi.Loopback)) //nolint:contextcheck // commands have that of their execution
	root.SetArgs(append([]string{"--kubeconfig", w.bed.Kubeconfig, "--cache-dir", w.cache, "-n", namespace}, args...))
	err := root.ExecuteContext(ctx)
	return result{out.String(), errs.String(), err}
}

// must runs a command that has to succeed.
func (w *world) must(t *testing.T, answer string, args ...string) result {
	t.Helper()
	r := w.run(t, answer, args...)
	if r.failure != nil {
		t.Fatalf("%v: %v\n%s%s", args, r.failure, r.out, r.err)
	}
	return r
}

// refused runs a command that has to fail, and say why.
func (w *world) refused(t *testing.T, why, answer string, args ...string) {
	t.Helper()
	r := w.run(t, answer, args...)
	if r.failure == nil || !strings.Contains(r.failure.Error(), why) {
		t.Errorf("%v: want a failure with %q, got %v\n%s%s", args, why, r.failure, r.out, r.err)
	}
}

// declined answers a question with no: nothing is done, and a script learns that.
func (w *world) declined(t *testing.T, text string, args ...string) {
	t.Helper()
	r := w.run(t, "n\n", args...)
	if ExitCode(r.failure) != 1 || !strings.Contains(r.err, text) {
		t.Errorf("%v: want exit status 1 and %q, got %v\n%s%s", args, text, r.failure, r.out, r.err)
	}
}

// eventually asks until the answer is as it should be.
func (w *world) eventually(t *testing.T, what string, within time.Duration, ask func() (string, bool)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	again := time.NewTicker(200 * time.Millisecond)
	defer again.Stop()
	for {
		last, ok := ask()
		if ok {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s: not within %s; last:\n%s", what, within, last)
		case <-again.C:
		}
	}
}

// becomes waits until an object is ready, or not, for a reason. More arguments say where it is.
func (w *world) becomes(t *testing.T, ref, reason string, more ...string) {
	t.Helper()
	w.eventually(t, ref+" becomes "+reason, time.Minute, func() (string, bool) {
		r := w.run(t, "", append([]string{"why", ref}, more...)...)
		return r.out + r.err, r.failure == nil && strings.Contains(r.out, ": "+reason+", for")
	})
}

// get reads an object past the commands.
func (w *world) get(t *testing.T, name string, o client.Object) {
	t.Helper()
	if err := w.bed.Client.Get(t.Context(), client.ObjectKey{Namespace: namespace, Name: name}, o); err != nil {
		t.Fatal(err)
	}
}
