// kubectl plesk diff: what applying manifests would write to the servers.

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/cli-runtime/pkg/resource"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/preview"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

// The exit status of diff, as of diff itself.
const (
	exitDiffers = 1
	exitFailed  = 2
)

// kindSuspension is no kind that lives on a server, and decides about some that do.
const kindSuspension = "PleskSuspension"

type diffFlags struct {
	serverFlags
	files             resource.FilenameOptions
	operatorNamespace string
	all               bool
}

func newDiff(e *env) *cobra.Command {
	var f diffFlags
	cmd := &cobra.Command{
		Use:   "diff -f FILE",
		Short: "Show what applying manifests would write to the servers, field by field",
		Long: `Show what applying manifests would write to Plesk servers, field by field. Neither the cluster nor a server is written to: the servers are read, and
compared with what the manifests say, as the operator would do it. A managementPolicy of Plan and a closed change window make no difference, what is
wanted is shown; ObserveOnly is shown to write nothing.

The spec of a manifest is taken to be all that is said of its object: what others have set in the cluster, and the manifest does not name, is taken
for removed. Compared is also what manifests reach although they are about something else: what lives on their PleskServers, uses their Secrets, or is
the target of their PleskSuspensions and PleskApprovals. Deletions are not shown, since no manifest says them, nor is what only the making of an
object finds, such as a missing password.

Your own rights are used: to list the operator's resources, and to get the credentials of the servers and the Secrets that the manifests name. With the
operator's own key (--operator-namespace) passwords that were changed in their Secrets, and marks, are seen, too. --url compares with a server before its
take-over, without any cluster; the manifests name it by --on. Exit status: 0 nothing would be written, 1 something would, 2 something is refused or could
not be compared, whatever else would be written.`,
		Example: `  kubectl plesk diff -f acme.yaml
  kubectl plesk diff -k overlays/production
  kubectl plesk diff -k web-01 --url https://web-01.example.com:8443 --on web-01 --credentials-file admin.yaml`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return &codeError{exitFailed, fmt.Sprintf("%q: each file needs a -f of its own; -f with a folder reads all that is in it", args[0])}
			}
			return nil
		},
		PersistentPreRunE: func(*cobra.Command, []string) error {
			if err := e.checkOutput(); err != nil {
				return &codeError{exitFailed, err.Error()}
			}
			return nil
		},
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, _ []string) error {
			err := f.run(c.Context(), e)
			if _, told := errors.AsType[*codeError](err); err == nil || told {
				return err
			}
			return &codeError{exitFailed, err.Error()}
		},
	}
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &codeError{exitFailed, err.Error()} })
	cmd.Flags().StringSliceVarP(&f.files.Filenames, "filename", "f", nil, "files, folders or URLs of manifests, - for the standard input")
	cmd.Flags().StringVarP(&f.files.Kustomize, "kustomize", "k", "", "a folder with a kustomization.yaml, in place of -f")
	cmd.Flags().BoolVarP(&f.files.Recursive, "recursive", "R", false, "look into the folders of the folders of -f, too")
	cmd.Flags().StringVar(&f.operatorNamespace, "operator-namespace", "plesk-operator-system", "the namespace in which the operator runs")
	cmd.Flags().BoolVar(&f.all, "all", false, "show what would be left as it is, too")
	f.add(e, cmd)
	cmd.Flags().StringVar(&f.server, "on", "", "with --url: the PleskServer that manifests name")
	return cmd
}

func (f *diffFlags) run(ctx context.Context, e *env) error {
	if f.url == "" {
		for _, flag := range [][2]string{{"--on", f.server}, {"--credentials-file", f.credentialsFile}, {"--ca-file", f.caFile}} {
			if flag[1] != "" {
				return fmt.Errorf("%s goes with --url: without it, manifests are compared with the PleskServers of the cluster that they name", flag[0])
			}
		}
	}
	manifests, err := f.manifests(e)
	if err != nil {
		return err
	}
	reach, err := e.reach()
	if err != nil {
		return err
	}
	scheme, err := newScheme()
	if err != nil {
		return err
	}
	o := preview.Options{Scheme: scheme, OperatorNamespace: f.operatorNamespace, Reach: reach, UserAgent: "kubectl-plesk/" + e.version, Clock: e.clock}
	if f.url != "" {
		o.Base, err = f.loneServer(ctx, scheme, manifests, reach)
	} else {
		err = f.fromCluster(ctx, e, &o, manifests)
	}
	if err != nil {
		return err
	}
	results, notes, err := preview.Run(ctx, o, manifests)
	if err != nil {
		return err
	}
	for _, n := range notes {
		fmt.Fprintf(e.ErrOut, "warning: %s\n", shown(n))
	}
	if err := e.print(results, func(w io.Writer) { e.writeDiff(w, results, f.all) }); err != nil {
		return err
	}
	return exitOf(results)
}

// manifests reads the files. Whatever is none of the operator's kinds, and no Secret, is left out.
func (f *diffFlags) manifests(e *env) ([]preview.Manifest, error) {
	if len(f.files.Filenames) == 0 && f.files.Kustomize == "" {
		return nil, errors.New("-f or -k is required: the manifests to compare")
	}
	namespace, _, err := e.flags.ToRawKubeConfigLoader().Namespace()
	if err != nil || namespace == "" {
		namespace = metav1.NamespaceDefault // there may be no kubeconfig
	}
	infos, err := resource.NewLocalBuilder().Unstructured().FilenameParam(false, &f.files).Flatten().Do().Infos()
	if err != nil {
		return nil, err
	}
	var out []preview.Manifest
	for _, i := range infos {
		u, ok := i.Object.(*unstructured.Unstructured)
		if !ok {
			continue
		}
		gvk := u.GroupVersionKind()
		if gvk.Group == "kustomize.config.k8s.io" {
			return nil, fmt.Errorf("%s: -f reads manifests as they stand, so what a kustomization makes of them would not be compared: use -k with its folder", i.Source)
		}
		if gvk.Group != v1alpha1.GroupVersion.Group && gvk.GroupKind() != (schema.GroupKind{Kind: "Secret"}) {
			continue
		}
		m := preview.Manifest{Ref: fleet.Ref{Kind: gvk.Kind, Namespace: u.GetNamespace(), Name: u.GetName()}, Content: u.Object}
		if m.Namespace == "" {
			m.Namespace = namespace
		}
		out = append(out, m)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("-f, -k: no manifest of the operator's kinds is there")
	}
	return out, nil
}

// fromCluster reads what the operator knows.
func (f *diffFlags) fromCluster(ctx context.Context, e *env, o *preview.Options, manifests []preview.Manifest) error {
	a, err := e.access()
	if err != nil {
		return err
	}
	kinds := append(kindNames(a.Scheme()), kindSuspension)
	objects, lacking, err := a.list(ctx, kinds, "", labels.Everything())
	if err != nil {
		return err
	}
	if len(lacking) > 0 {
		// What another namespace describes may keep an object from being made; it does not change what is compared.
		objects, err = f.fromNamespaces(ctx, e, a, manifests)
		if err != nil {
			return err
		}
	}
	for _, b := range objects {
		o.Base = append(o.Base, b.Object)
	}
	o.Reader = a
	return nil
}

// fromNamespaces reads the namespaces of the manifests, and the servers of others that they are on.
func (f *diffFlags) fromNamespaces(ctx context.Context, e *env, a *access, manifests []preview.Manifest) (objects []fleet.Object, _ error) {
	var namespaces []string
	servers := map[fleet.Ref]bool{}
	for _, m := range manifests {
		namespaces = append(namespaces, m.Namespace)
		name, _, _ := unstructured.NestedString(m.Content, "spec", "serverRef", "name")
		in, _, _ := unstructured.NestedString(m.Content, "spec", "serverRef", "namespace")
		if in != "" && in != m.Namespace {
			servers[fleet.Ref{Kind: fleet.KindServer, Namespace: in, Name: name}] = true
		}
	}
	slices.Sort(namespaces)
	fmt.Fprintln(e.ErrOut, "warning: you may not list the operator's resources in all namespaces: what others describe on the same server is not seen")
	for _, ns := range slices.Compact(namespaces) {
		set, lacking, err := a.set(ctx, ns)
		if err != nil {
			return nil, err
		}
		suspensions, lackingToo, err := a.list(ctx, []string{kindSuspension}, ns, labels.Everything())
		if err != nil {
			return nil, err
		}
		if lacking = append(lacking, lackingToo...); len(lacking) > 0 {
			return nil, errors.New(lacking[0])
		}
		objects = append(objects, slices.Concat(set.All(), suspensions)...)
	}
	for of := range servers {
		o, err := a.get(ctx, of)
		if err != nil {
			return nil, err
		}
		objects = append(objects, o)
	}
	return objects, nil
}

// loneServer is the server of --url, as a cluster would have it once the operator has reached it.
func (f *diffFlags) loneServer(ctx context.Context, scheme *runtime.Scheme, manifests []preview.Manifest, reach engine.Reach) ([]client.Object, error) {
	srv, credentials, ca, err := f.source(ctx, nil)
	if err != nil {
		return nil, err
	}
	from, err := f.open(ctx, srv, credentials, ca, reach)
	if err != nil {
		return nil, err
	}
	defer from.Close()
	srv.Spec.MaxParallelPackets = 1
	srv.Status.GUID, srv.Status.Role, srv.Status.ProtocolVersion = from.GUID, from.Role, string(from.Version)
	srv.Status.Conditions = []metav1.Condition{{Type: v1alpha1.ConditionReady, Status: metav1.ConditionTrue, Reason: v1alpha1.ReasonAvailable}}
	credentials.Name = "credentials"
	srv.Spec.CredentialsSecretRef.Name = credentials.Name
	// No cluster says which namespaces the server admits: whatever has manifests is taken for admitted.
	srv.Spec.Tenants = []v1alpha1.Tenant{{
		Name: "all", From: v1alpha1.NamespacesFromAll, AdditionalKinds: kindNames(scheme), PrivilegedFields: v1alpha1.AccessAllow, ExistingObjects: v1alpha1.AccessAllow,
	}}
	var namespaces []string
	if srv.Namespace != "" {
		namespaces = append(namespaces, srv.Namespace)
	}
	for _, m := range manifests { // which may name it without its namespace
		namespaces = append(namespaces, m.Namespace)
	}
	slices.Sort(namespaces)
	var out []client.Object
	for _, in := range slices.Compact(namespaces) {
		for _, o := range []client.Object{srv, credentials} {
			o = o.DeepCopyObject().(client.Object)
			o.SetNamespace(in)
			out = append(out, o)
		}
	}
	return out, nil
}

// exitOf is the exit status.
func exitOf(results []preview.Result) error {
	differs, failed := 0, 0
	for _, r := range results {
		switch r.Action {
		case preview.None:
		case preview.Refuse, preview.Fail:
			failed++
		default:
			differs++
		}
	}
	switch {
	case failed > 0:
		return &codeError{exitFailed, fmt.Sprintf("%d of %d would be refused, or could not be compared", failed, len(results))}
	case differs > 0:
		return &codeError{code: exitDiffers}
	}
	return nil
}

// looks are how actions are shown.
var looks = map[preview.Action]struct{ sign, colour, text string }{
	preview.None:   {"=", "", "would be left as it is"},
	preview.Create: {"+", green, "would be created"},
	preview.Update: {"~", yellow, "would be changed"},
	preview.Adopt:  {"*", yellow, "is there, and would become this resource's"},
	preview.Refuse: {"!", red, "would be refused"},
	preview.Fail:   {"?", red, "could not be compared"},
}

func (e *env) writeDiff(w io.Writer, results []preview.Result, all bool) {
	counts := map[preview.Action]int{}
	for _, r := range results {
		counts[r.Action]++
		if r.Action == preview.None && r.Reason == v1alpha1.ReasonAvailable && !all {
			continue
		}
		look := looks[r.Action]
		fmt.Fprintf(w, "%s %s in %s %s\n", e.paint(look.colour, look.sign), e.paint(bold, shown(r.Ref.String())), shown(r.Namespace), look.text)
		if r.Message != "" && !plainly(r) {
			fmt.Fprintf(w, "    %s: %s\n", r.Reason, shown(r.Message))
		}
		for _, c := range r.Changes {
			fmt.Fprintf(w, "    %s\n", shown(changeText(c)))
		}
	}
	fmt.Fprintf(w, "%d to create, %d to change, %d to adopt, %d as they are, %d refused, %d not compared\n",
		counts[preview.Create], counts[preview.Update], counts[preview.Adopt], counts[preview.None], counts[preview.Refuse], counts[preview.Fail])
}

// plainly reports whether the message says no more than the action and the changes.
func plainly(r preview.Result) bool {
	return r.Reason == v1alpha1.ReasonPlanned || r.Reason == v1alpha1.ReasonAvailable
}
