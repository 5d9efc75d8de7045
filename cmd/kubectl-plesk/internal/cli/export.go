// The command export: what is on a server, as manifests.

package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller"
	"github.com/plesk-operator/plesk-operator/internal/export"
)

// exportFlags are those of the command.
type exportFlags struct {
	serverFlags
	folder, nameTemplate, policy, secrets, lifecycle string
	full                                             bool
	kinds, customers, subscriptions, domains, plans  []string
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

Exit status: 0 all is exported, 2 something is not, or no kustomization of the folder leads to it (it is listed, the rest is written), 1 nothing is, or the
run ended before its end: it says what is written.`,
		Example: `  kubectl plesk export -n hosting --on web-01 --output-dir web-01
  kubectl plesk export --url https://web-01.example.com:8443 --on web-01 --credentials-file admin.yaml --customer acme`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(c *cobra.Command, _ []string) error { return f.run(c, e, cluster) },
	}
	f.add(e, c)
	c.Flags().StringVar(&f.server, "on", "", "the PleskServer to export, as NAME or NAMESPACE/NAME; with --url, the one that manifests refer to. They name its namespace where this does")
	c.Flags().StringVar(&f.folder, "output-dir", "", "write a folder, or add to it what is new; without, all goes to the standard output")
	c.Flags().StringVar(&f.nameTemplate, "name-template", "", `names of the manifests, e.g. "{{.Name}}-web01"; .Kind, .Key, .Owner and .Name can be used`)
	c.Flags().StringVar(&f.policy, "management-policy", string(v1alpha1.ManagementPolicyObserveOnly), "the managementPolicy of the manifests: ObserveOnly, Plan or Managed")
	c.Flags().StringVar(&f.lifecycle, "lifecycle", "", "git: write owners, plans, addresses, allowances and passwords of accounts and subscriptions, too; billing: they are a billing system's (default: as spec.lifecycle of the PleskServer says, else billing)")
	c.Flags().BoolVar(&f.full, "full", false, "write the defaults of what is not set, too")
	c.Flags().StringVar(&f.secrets, "secret-manifests", "", "a file for manifests of the Secrets to make, without values; it must not be there yet")
	c.Flags().StringSliceVar(&f.kinds, "kind", nil, "only these kinds, e.g. PleskCustomer (several: repeat, or separate by commas)")
	c.Flags().StringSliceVar(&f.customers, "customer", nil, "only customers with these logins, and what is theirs")
	c.Flags().StringSliceVar(&f.subscriptions, "subscription", nil, "only subscriptions with these domain names, and what lies in them")
	c.Flags().StringSliceVar(&f.domains, "domain", nil, "only what has these domain names, and what lies in it")
	c.Flags().StringSliceVar(&f.plans, "plan", nil, "only service plans with these names, subscriptions that are bound to them, and what lies in those")
	return c
}

func (f *exportFlags) run(c *cobra.Command, e *env, cluster func() (client.Reader, string, error)) error {
	if e.output != "" {
		return errors.New("--output is not for export, which writes manifests")
	}
	if !slices.Contains([]string{"ObserveOnly", "Plan", "Managed"}, f.policy) {
		return fmt.Errorf("--management-policy: %q is none of ObserveOnly, Plan and Managed", f.policy)
	}
	if !slices.Contains([]string{"", "git", "billing"}, f.lifecycle) {
		return fmt.Errorf("--lifecycle: %q is neither git nor billing", f.lifecycle)
	}
	for i, word := range f.kinds {
		for _, k := range controller.Exports() {
			if short := strings.TrimPrefix(k.Kind, "Plesk"); strings.EqualFold(word, short) || strings.EqualFold(word, k.Kind) {
				f.kinds[i] = k.Kind
			}
		}
	}
	o := export.Options{
		Kinds: f.kinds, Customers: f.customers, Subscriptions: f.subscriptions, Domains: f.domains, Plans: f.plans,
		Policy: v1alpha1.ManagementPolicy(f.policy), Full: f.full,
	}
	var err error
	if f.nameTemplate != "" {
		if o.Name, err = export.ParseNameTemplate(f.nameTemplate); err != nil {
			return err
		}
	}
	if f.secrets != "" {
		if _, err := os.Lstat(f.secrets); err == nil {
			return fmt.Errorf("--secret-manifests: %s is there already: name another file, or move it away", f.secrets)
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
	reach, err := e.reach()
	if err != nil {
		return err
	}
	from, err := f.open(c.Context(), srv, credentials, ca, reach)
	if err != nil {
		return err
	}
	defer from.Close()
	if o.Server, err = f.on(); err != nil {
		return err
	}
	o.GUID, o.Role, o.Lifecycle = from.GUID, from.Role, f.withLifecycle(srv)
	say := &exportReport{out: c.ErrOrStderr(), fit: from.Fit}
	r, err := export.Run(c.Context(), from, controller.Exports(), o, say)
	if err != nil {
		return errors.New(from.Fit(err.Error()))
	}
	var lacking []string // what the exit status is about
	if f.folder == "" {
		err = r.WriteStream(c.OutOrStdout())
	} else {
		var unlisted int
		if unlisted, err = say.written(r, f.folder); unlisted > 0 {
			lacking = append(lacking, fmt.Sprintf("%d are not listed in a kustomization", unlisted))
		}
	}
	if err != nil {
		return err
	}
	if f.secrets != "" {
		text, err := r.SecretManifests()
		if err == nil {
			err = export.WriteNew(f.secrets, text)
		}
		if err != nil {
			lacking = append(lacking, fmt.Sprintf("the manifests are written, those of the Secrets are not: --secret-manifests: %v", err))
		}
	}
	for _, name := range []string{"management-policy", "lifecycle", "full", "name-template"} {
		if f.folder != "" && c.Flags().Changed(name) && slices.ContainsFunc(r.Objects, func(o *export.Object) bool { return o.File != "" }) {
			say.say("--%s is for new manifests: those that are in %s already stay as they are", name, f.folder)
		}
	}
	if !o.Lifecycle {
		say.say("left out: owners, plans, addresses, allowances and passwords of accounts and subscriptions, which may be a billing system's; --lifecycle=git writes them")
	}
	say.rest(r)
	if len(r.Objects) == 0 && len(r.Skipped) > 0 {
		return errors.New("nothing is exported, see above")
	}
	if n := len(r.Troubles); n > 0 {
		lacking = append(lacking, fmt.Sprintf("%d could not be exported, see above", n))
	}
	if len(lacking) > 0 {
		return &codeError{2, strings.Join(lacking, "; ")}
	}
	return nil
}

// withLifecycle reports whether what a billing system would own is described.
func (f *exportFlags) withLifecycle(srv *v1alpha1.PleskServer) bool {
	if f.lifecycle == "" && srv.Spec.Lifecycle != nil {
		return srv.Spec.Lifecycle.Owner == v1alpha1.LifecycleOwnerGit
	}
	return f.lifecycle == "git"
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

// written writes a folder, and returns how much of it no kustomization leads to.
func (r *exportReport) written(result *export.Result, folder string) (unlisted int, _ error) {
	w, err := result.WriteFolder(folder)
	if err != nil {
		return 0, fmt.Errorf("%d of %d new manifests are written to %s, the next run goes on with the rest: %w", len(w.New), len(w.New)+w.Missing, folder, err)
	}
	r.say("wrote %d files to %s, left %d as they are", len(w.New), folder, w.Kept)
	for _, u := range w.Unlisted {
		r.say("no kustomization of %s leads to this, add it by hand where it is wanted: %s", folder, u)
	}
	return len(w.Unlisted), nil
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
