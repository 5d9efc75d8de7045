// What the commands do not do: let others write to a terminal, claim what does not happen, or act on another object than the one that was shown.

package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/preview"
	"github.com/plesk-operator/plesk-operator/internal/controller"
)

// evil clears a terminal's line and turns what follows round.
const evil = "a\x1b[2K\rb\u202ec\u009b1m"

// silent returns an env whose user gives an answer, and what it prints.
func silent(answer string) (e *env, out, errs *bytes.Buffer) {
	out, errs = &bytes.Buffer{}, &bytes.Buffer{}
	return &env{IOStreams: genericiooptions.IOStreams{In: strings.NewReader(answer), Out: out, ErrOut: errs}, clock: clock.RealClock{}}, out, errs
}

func TestNobodyElseWritesToTheTerminal(t *testing.T) {
	e, out, errs := silent("n\n")
	if _, err := e.confirm("Have the operator replace what is in Secret x (key "+evil+")?", false); err != nil {
		t.Fatal(err)
	}
	e.writeTree(out, fleet.Tree{Ref: fleet.Ref{Kind: "PleskSubscription", Name: "acme"}, FirstWrong: &fleet.Cause{Ref: fleet.Ref{Kind: "PleskCustomer", Name: evil}, Message: evil}})
	e.writeDiff(out, []preview.Result{{Ref: fleet.Ref{Kind: "PleskCustomer", Name: evil, Namespace: evil}, Action: preview.Refuse, Message: evil}}, true)
	Complain(errs, errors.New("you may not get servers in namespace "+evil+"\nnor in another one"))
	if text := out.String() + errs.String(); strings.ContainsAny(text, "\x1b\r\u009b\u202e") {
		t.Errorf("%q", text)
	}
	if text := errs.String(); !strings.Contains(text, "\nnor in another one\n") || !strings.Contains(text, "error: you may not") {
		t.Errorf("%q", text)
	}
	errs.Reset()
	if Complain(errs, nil); errs.String() != "" {
		t.Errorf("%q", errs)
	}
}

// holding is access to a cluster in memory.
func holding(t *testing.T, objects ...client.Object) *access {
	t.Helper()
	scheme, err := newScheme()
	if err != nil {
		t.Fatal(err)
	}
	uses, err := controller.Uses(scheme)
	if err != nil {
		t.Fatal(err)
	}
	return &access{Client: fake.NewClientBuilder().WithScheme(scheme).WithObjects(objects...).Build(), namespace: namespace, uses: uses}
}

// anAccount is a customer whose password is generated, and its server.
func anAccount(owner v1alpha1.LifecycleOwner) (*v1alpha1.PleskCustomer, *v1alpha1.PleskServer) {
	at := func(name string) metav1.ObjectMeta {
		return metav1.ObjectMeta{Namespace: namespace, Name: name, UID: "first"}
	}
	return &v1alpha1.PleskCustomer{ObjectMeta: at("acme"), Spec: v1alpha1.PleskCustomerSpec{
		CommonSpec: v1alpha1.CommonSpec{ServerRef: &v1alpha1.ServerReference{Name: "web-01"}},
		Account:    v1alpha1.Account{Login: "acme", Password: &v1alpha1.SecretValue{SecretRef: v1alpha1.SecretKeySelector{Name: "acme-panel", Key: "password"}, Generate: true}},
	}}, &v1alpha1.PleskServer{ObjectMeta: at("web-01"), Spec: v1alpha1.PleskServerSpec{Lifecycle: &v1alpha1.ServerLifecycle{Owner: owner}}}
}

func TestRotateClaimsNothingOfABillingSystems(t *testing.T) {
	for owner, refused := range map[v1alpha1.LifecycleOwner]bool{v1alpha1.LifecycleOwnerBilling: true, v1alpha1.LifecycleOwnerGit: false} {
		o, srv := anAccount(owner)
		a := holding(t, o, srv)
		e, out, _ := silent("")
		err := e.rotate(t.Context(), a, fleet.Of("PleskCustomer", o), true, &outcomes{env: e})
		if got := err != nil && strings.Contains(err.Error(), "Secret acme-panel (key password) is not rotated: it is a billing system's (spec.lifecycle of PleskServer/web-01)"); got != refused {
			t.Errorf("%s: %v", owner, err)
		}
		now := &v1alpha1.PleskCustomer{}
		if err := a.Get(t.Context(), client.ObjectKeyFromObject(o), now); err != nil {
			t.Fatal(err)
		}
		if asked := now.Annotations[v1alpha1.AnnotationRotate] != ""; asked == refused || strings.Contains(out.String(), "asked to") == refused {
			t.Errorf("%s: asked %v, %s", owner, asked, out)
		}
	}
	// Whoever may not see the server is told what is not known.
	o, _ := anAccount(v1alpha1.LifecycleOwnerBilling)
	e, _, errs := silent("")
	if err := e.rotate(t.Context(), holding(t, o), fleet.Of("PleskCustomer", o), true, &outcomes{env: e}); err != nil || !strings.Contains(errs.String(), "is not known") {
		t.Errorf("%v, %s", err, errs)
	}
}

func TestAnAnswerIsAboutWhatWasAsked(t *testing.T) {
	o, srv := anAccount(v1alpha1.LifecycleOwnerGit)
	a := holding(t, o, srv)
	e, _, errs := silent("")
	e.In = &answering{answers: []func() string{
		func() string {
			now := o.DeepCopy()
			now.Spec.Password.SecretRef.Name = "acme-other"
			if err := a.Update(t.Context(), now); err != nil {
				t.Error(err)
			}
			return "y\n"
		},
		func() string {
			if err := a.Delete(t.Context(), o.DeepCopy()); err != nil {
				t.Error(err)
			}
			again, _ := anAccount(v1alpha1.LifecycleOwnerGit)
			again.UID = "second"
			if err := a.Create(t.Context(), again); err != nil {
				t.Error(err)
			}
			return "y\n"
		},
	}}
	err := e.rotate(t.Context(), a, fleet.Of("PleskCustomer", o), false, &outcomes{env: e})
	if err == nil || !strings.Contains(err.Error(), "another object of this name") || !strings.Contains(errs.String(), "Secret acme-other") {
		t.Errorf("%v\n%s", err, errs)
	}
}

func TestARejectionBeforeTheAnswerStands(t *testing.T) {
	o, _ := anAccount(v1alpha1.LifecycleOwnerGit)
	o.Status.Awaiting = &v1alpha1.AwaitedPermit{Permit: v1alpha1.PermitPlan, Token: "5d1f"}
	a := holding(t, o)
	p, open := fleet.PlanOf(fleet.Of("PleskCustomer", o))
	e, _, _ := silent("")
	e.In = &answering{answers: []func() string{func() string {
		if err := a.annotate(t.Context(), fleet.Of("PleskCustomer", o.DeepCopy()), fleet.AnnotationRejected, "5d1f rita: not signed"); err != nil {
			t.Error(err)
		}
		return "y\n"
	}}}
	if err := e.approve(t.Context(), a, p, "", false, &outcomes{env: e}); !open || err == nil || !strings.Contains(err.Error(), "rejected meanwhile (rita: not signed)") {
		t.Errorf("%v, %v", open, err)
	}
}

// Exit status 1 of diff says that something would be written.
func TestWrongUseOfDiffIsNoDifference(t *testing.T) {
	for _, args := range [][]string{
		{"-f", "a.yaml", "b.yaml"}, {"-f", "a.yaml", "-o", "jsn"}, {"--no-such-flag"},
		{"-f", "a.yaml", "--on", "web-01"}, {"-f", "a.yaml", "--credentials-file", "admin.yaml"}, {"-f", "a.yaml", "--ca-file", "ca.pem"},
	} {
		root := NewRoot(genericiooptions.IOStreams{In: strings.NewReader(""), Out: io.Discard, ErrOut: io.Discard}, "test")
		root.SetArgs(append([]string{"diff"}, args...))
		if err := root.ExecuteContext(t.Context()); ExitCode(err) != exitFailed || len(args) == 4 && args[2] != "-o" && !strings.Contains(err.Error(), args[2]+" goes with --url") {
			t.Errorf("%v: %d, %v", args, ExitCode(err), err)
		}
	}
}

// refusing is access for somebody who may list in their own namespace alone, and get no servers elsewhere.
func refusing(t *testing.T, objects ...client.Object) *access {
	t.Helper()
	a := holding(t, objects...)
	forbidden := apierrors.NewForbidden(schema.GroupResource{Resource: "pleskservers"}, "", errors.New("no"))
	a.Client = interceptor.NewClient(a.Client.(client.WithWatch), interceptor.Funcs{
		Get: func(ctx context.Context, c client.WithWatch, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
			if key.Namespace != namespace {
				return forbidden
			}
			return c.Get(ctx, key, o, opts...)
		},
	})
	return a
}

func TestOnlyOnNeedsTheServers(t *testing.T) {
	o, _ := anAccount(v1alpha1.LifecycleOwnerGit)
	o.Spec.ServerRef.Namespace = "elsewhere"
	a := refusing(t, o)
	if got, err := (&selection{all: true}).read(t.Context(), a, nil); err != nil || len(got) != 1 {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := (&selection{server: "web-01"}).read(t.Context(), a, nil); err == nil {
		t.Error("--on chooses by a server that may not be read")
	}
}

func TestACheckOfNothingFails(t *testing.T) {
	_, srv := anAccount(v1alpha1.LifecycleOwnerGit)
	for _, servers := range [][]fleet.Object{nil, {fleet.Of(fleet.KindServer, srv)}} {
		if uncounted(servers) == nil {
			t.Errorf("%v: nothing is counted", servers)
		}
	}
	srv.Status.Undeclared = map[string]int32{"PleskCustomer": 0}
	if err := uncounted([]fleet.Object{fleet.Of(fleet.KindServer, srv)}); err != nil {
		t.Error(err)
	}
}

// A program that is newer than the cluster's definitions works with the kinds that are there.
func TestAKindThatIsNotInstalledHasNothing(t *testing.T) {
	o, srv := anAccount(v1alpha1.LifecycleOwnerGit)
	a := holding(t, o, srv)
	a.Client = interceptor.NewClient(a.Client.(client.WithWatch), interceptor.Funcs{
		List: func(ctx context.Context, c client.WithWatch, list client.ObjectList, opts ...client.ListOption) error {
			if _, buttons := list.(*v1alpha1.PleskCustomButtonList); buttons {
				return &meta.NoKindMatchError{GroupKind: schema.GroupKind{Kind: "PleskCustomButton"}}
			}
			return c.List(ctx, list, opts...)
		},
	})
	if got, err := (&selection{all: true}).read(t.Context(), a, nil); err != nil || len(got) != 2 {
		t.Errorf("%v, %v", got, err)
	}
	if _, lacking, err := a.list(t.Context(), []string{"PleskCustomButton"}, namespace, labels.Everything()); err != nil || len(lacking) != 1 {
		t.Errorf("that nothing is installed is not told: %v, %v", lacking, err)
	}
}
