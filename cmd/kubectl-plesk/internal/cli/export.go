// The command export: what is on a server, as manifests.

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/export"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// The environment that holds credentials for --url. The first says what they are for.
const (
	envURL       = "PLESK_URL"
	envUsername  = "PLESK_USERNAME"
	envPassword  = "PLESK_PASSWORD"
	envSecretKey = "PLESK_SECRET_KEY"
)

// exportFlags are those of the command.
type exportFlags struct {
	url, credentialsFile, caFile, allowAddresses string
	server, folder, nameTemplate, policy         string
	kinds, customers, subscriptions, domains     []string
}

// newExport returns the command. The cluster is asked only where no --url is given.
func newExport(e *env) *cobra.Command {
	var f exportFlags
	cluster := func() (client.Reader, string, error) {
		a, err := e.access()
		if err != nil {
			return nil, "", err
		}
		return a, a.namespace, nil
	}
	c := &cobra.Command{
		Use:   "export",
		Short: "Write manifests of what is on a Plesk server",
		Long: `Reads a Plesk server and writes manifests that, applied, change nothing there. Nothing is written to the server.

Which server: a PleskServer of the cluster (--on), whose credentials are read with your own rights, or --url without any cluster. The credentials for
--url come from a file (--credentials-file: the manifest of a Secret as a PleskServer refers to), or from the environment: PLESK_URL says which server
they are for, and PLESK_USERNAME with PLESK_PASSWORD, or PLESK_SECRET_KEY, what they are.

No password is exported. Manifests refer to Secrets that you make; the list is printed. Objects that exist need them only for a change of the password.

Exit status: 0 all is exported, 2 something is not (it is listed, the rest is written), 1 nothing is.`,
		Example: `  kubectl plesk export -n hosting --on web-01 --output-dir web-01
  kubectl plesk export --url https://web-01.example.com:8443 --on web-01 --credentials-file admin.yaml --customer acme`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(c *cobra.Command, _ []string) error { return f.run(c, cluster) },
	}
	c.Flags().StringVar(&f.url, "url", "", "the server's URL, e.g. https://web-01.example.com:8443, instead of a PleskServer of the cluster")
	c.Flags().StringVar(&f.credentialsFile, "credentials-file", "", "with --url: a file with the manifest of the Secret that holds the credentials")
	c.Flags().StringVar(&f.caFile, "ca-file", "", "with --url: a file with the certificate authorities of the server, PEM, instead of the system's")
	c.Flags().StringVar(&f.allowAddresses, "allow-addresses", "", "networks that servers may be in although they are refused otherwise, e.g. 127.0.0.0/8, separated by commas")
	c.Flags().StringVar(&f.server, "on", "", "the PleskServer to export, as NAME or NAMESPACE/NAME; with --url, the one that manifests refer to")
	c.Flags().StringVar(&f.folder, "output-dir", "", "write a folder, or add to it what is new; without, all goes to the standard output")
	c.Flags().StringVar(&f.nameTemplate, "name-template", "", `names of the manifests, e.g. "{{.Name}}-web01"; .Kind, .Key, .Owner and .Name can be used`)
	c.Flags().StringVar(&f.policy, "management-policy", string(v1alpha1.ManagementPolicyObserveOnly), "the managementPolicy of the manifests: ObserveOnly, Plan or Managed")
	c.Flags().StringSliceVar(&f.kinds, "kind", nil, "only these kinds, e.g. PleskCustomer (several: repeat, or separate by commas)")
	c.Flags().StringSliceVar(&f.customers, "customer", nil, "only customers with these logins, and what is theirs")
	c.Flags().StringSliceVar(&f.subscriptions, "subscription", nil, "only subscriptions with these domain names, and what lies in them")
	c.Flags().StringSliceVar(&f.domains, "domain", nil, "only what has these domain names, and what lies in it")
	return c
}

func (f *exportFlags) run(c *cobra.Command, cluster func() (client.Reader, string, error)) error {
	if !slices.Contains([]string{"ObserveOnly", "Plan", "Managed"}, f.policy) {
		return fmt.Errorf("--management-policy: %q is none of ObserveOnly, Plan and Managed", f.policy)
	}
	o := export.Options{Kinds: f.kinds, Customers: f.customers, Subscriptions: f.subscriptions, Domains: f.domains, Policy: v1alpha1.ManagementPolicy(f.policy)}
	var err error
	if f.nameTemplate != "" {
		if o.Name, err = export.ParseNameTemplate(f.nameTemplate); err != nil {
			return err
		}
	}
	if f.folder != "" {
		if o.Known, err = export.ReadKnown(f.folder); err != nil {
			return err
		}
	}
	srv, credentials, ca, err := f.source(c.Context(), cluster)
	if err != nil {
		return err
	}
	var reach engine.Reach
	if reach.Addresses.Allow, err = xmlapi.ParsePrefixes(f.allowAddresses); err != nil {
		return fmt.Errorf("--allow-addresses: %w", err)
	}
	from, err := export.Open(c.Context(), srv, credentials, ca, reach, "kubectl-plesk")
	if err != nil {
		if _, ours := errors.AsType[*engine.ConfigError](err); ours && f.url != "" && f.credentialsFile == "" {
			err = fmt.Errorf("the environment stands for a Secret with the key url (%s): %w", envURL, err)
		}
		return err
	}
	defer from.Close()
	o.Server = v1alpha1.ServerReference{Name: srv.Name}
	o.GUID, o.Role = from.GUID, from.Role
	say := &exportReport{out: c.ErrOrStderr(), fit: from.Fit}
	r, err := export.Run(c.Context(), from, controller.Exports(), o, say)
	if err != nil {
		return errors.New(from.Fit(err.Error()))
	}
	if f.folder == "" {
		err = r.WriteStream(c.OutOrStdout())
	} else {
		err = say.written(r, f.folder)
	}
	if err != nil {
		return err
	}
	say.rest(r)
	if n := len(r.Troubles); n > 0 {
		return &codeError{2, fmt.Sprintf("%d could not be exported, see above", n)}
	}
	return nil
}

// source finds the server and its Secrets.
func (f *exportFlags) source(ctx context.Context, cluster func() (client.Reader, string, error)) (srv *v1alpha1.PleskServer, credentials, ca *corev1.Secret, err error) {
	if f.url == "" {
		if f.server == "" {
			return nil, nil, nil, errors.New("--on or --url is required")
		}
		return f.fromCluster(ctx, cluster)
	}
	name := f.server
	if name == "" {
		return nil, nil, nil, errors.New("--on is required with --url: the name of the PleskServer that the manifests refer to")
	}
	srv = &v1alpha1.PleskServer{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: v1alpha1.PleskServerSpec{URL: f.url}}
	if credentials, err = f.credentials(); err != nil {
		return nil, nil, nil, err
	}
	srv.Spec.CredentialsSecretRef.Name = credentials.Name
	if f.caFile != "" {
		bundle, err := os.ReadFile(f.caFile)
		if err != nil {
			return nil, nil, nil, err
		}
		credentials.Data["ca.crt"] = bundle
	}
	return srv, credentials, nil, nil
}

// credentials are those of a file, or of the environment. Either says itself which server they are for.
func (f *exportFlags) credentials() (*corev1.Secret, error) {
	if f.credentialsFile == "" {
		if os.Getenv(envURL) == "" {
			return nil, fmt.Errorf("--url needs credentials: --credentials-file, or the environment (%s, and %s with %s, or %s)", envURL, envUsername, envPassword, envSecretKey)
		}
		return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "the environment"}, Type: corev1.SecretTypeOpaque, Data: map[string][]byte{
			"url": []byte(os.Getenv(envURL)), "username": []byte(os.Getenv(envUsername)), "password": []byte(os.Getenv(envPassword)), "secretKey": []byte(os.Getenv(envSecretKey)),
		}}, nil
	}
	text, err := os.ReadFile(f.credentialsFile)
	if err != nil {
		return nil, err
	}
	var s corev1.Secret
	if yaml.Unmarshal(text, &s) != nil || s.Kind != "Secret" { // an error would quote what is in the file
		return nil, fmt.Errorf("%s is not the manifest of a Secret", f.credentialsFile)
	}
	if s.Data == nil {
		s.Data = map[string][]byte{}
	}
	for key, value := range s.StringData {
		s.Data[key] = []byte(value)
	}
	if s.Type == "" {
		s.Type = corev1.SecretTypeOpaque
	}
	return &s, nil
}

// fromCluster reads a PleskServer and its Secrets with the user's rights.
func (f *exportFlags) fromCluster(ctx context.Context, cluster func() (client.Reader, string, error)) (srv *v1alpha1.PleskServer, credentials, ca *corev1.Secret, err error) {
	for flag, set := range map[string]string{"--credentials-file": f.credentialsFile, "--ca-file": f.caFile} {
		if set != "" {
			return nil, nil, nil, fmt.Errorf("%s goes with --url: a PleskServer has its own", flag)
		}
	}
	reader, namespace, err := cluster()
	if err != nil {
		return nil, nil, nil, err
	}
	name := types.NamespacedName{Namespace: namespace, Name: f.server}
	if in, rest, ok := strings.Cut(f.server, "/"); ok {
		name = types.NamespacedName{Namespace: in, Name: rest}
	}
	srv = &v1alpha1.PleskServer{}
	if err := reader.Get(ctx, name, srv); err != nil {
		return nil, nil, nil, err
	}
	credentials, ca, err = engine.ReadSecrets(ctx, reader, srv)
	return srv, credentials, ca, err
}

// exportReport tells the user, beside what is exported.
type exportReport struct {
	out io.Writer
	fit func(string) string
}

func (r *exportReport) say(format string, args ...any) {
	_, _ = fmt.Fprintf(r.out, format+"\n", args...)
}

func (r *exportReport) Reading(string) {}

func (r *exportReport) Read(kind string, n int) { r.say("read %d %s", n, kind) }

func (r *exportReport) Trouble(t export.Trouble) { r.say("NOT EXPORTED: %s", r.fit(t.String())) }

func (r *exportReport) written(result *export.Result, folder string) error {
	w, err := result.WriteFolder(folder)
	if err != nil {
		return err
	}
	r.say("wrote %d files to %s, left %d as they are", len(w.New), folder, w.Kept)
	for _, u := range w.Unlisted {
		r.say("not listed in the kustomization.yaml beside it, add it by hand: %s", u)
	}
	return nil
}

func (r *exportReport) rest(result *export.Result) {
	for _, s := range result.Skipped {
		r.say("left out: %s", r.fit(s.String()))
	}
	for _, n := range result.Notes {
		r.say("note: %s %s: %s", n.Kind, n.Name, r.fit(n.Text))
	}
	for _, k := range result.Gone {
		r.say("gone from the server: %s %s (%s)", k.Kind, k.Name, k.File)
	}
	for _, s := range result.Secrets {
		r.say("Secret to make: %s, key %s, for %s (%s)", s.Name, s.Key, s.For, s.Field)
	}
}
