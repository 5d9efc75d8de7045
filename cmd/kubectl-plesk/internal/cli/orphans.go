// kubectl plesk orphans: what is on servers and described by no resource.

package cli

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
	"github.com/plesk-operator/plesk-operator/internal/controller"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/export"
)

// orphansFlags are those of the command.
type orphansFlags struct {
	everywhere, check, list bool
	allow                   []string
}

func newOrphans(e *env) *cobra.Command {
	var f orphansFlags
	cmd := &cobra.Command{
		Use:   "orphans [SERVER …]",
		Short: "Show what is on servers and described by no resource",
		Long: `Count what is on servers and described by no resource, by kind, as the operator's last list of the kind has shown it (status.undeclared of
the PleskServer). Kinds of which the operator keeps no list are not counted. Nothing is ever deleted.

With --list the servers are read instead, with the credentials of their Secrets and your own rights, and each object is named; you have to be allowed to
list resources in all namespaces, for one that you may not see may describe it.

With --check the exit status is 2 where more is there than --allow says.`,
		Example: `  kubectl plesk orphans -A
  kubectl plesk orphans web-01 --list --allow PleskServicePlan
  kubectl plesk orphans web-01 --check --allow PleskCustomer=12 --allow PleskServicePlan`,
		ValidArgsFunction: func(c *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
			out, d := e.completeObjects(nil)(c, args, "server/"+begun)
			for i := range out {
				out[i] = strings.TrimPrefix(out[i], "server/")
			}
			return out, d
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, e, args) },
	}
	cmd.Flags().BoolVarP(&f.everywhere, "all-namespaces", "A", false, "the servers of all namespaces")
	cmd.Flags().BoolVar(&f.list, "list", false, "read the servers, and name each object; kinds of which any number is allowed are left out")
	cmd.Flags().BoolVar(&f.check, "check", false, "exit with 2 where more is there than --allow says")
	cmd.Flags().StringArrayVar(&f.allow, "allow", nil, "a kind of which any number may be there, or at most so many on each server: KIND or KIND=COUNT")
	e.addAllowAddresses(cmd.Flags())
	return cmd
}

func (f *orphansFlags) run(cmd *cobra.Command, e *env, args []string) error {
	a, err := e.access()
	if err != nil {
		return err
	}
	allowed, err := a.allowed(f.allow)
	if err != nil {
		return err
	}
	servers, err := a.servers(cmd, args, f.everywhere)
	if err != nil {
		return err
	}
	lines, lack := fleet.Orphans(servers, allowed), uncounted(servers)
	if f.list {
		var named []fleet.Orphan
		if named, lines, lack, err = e.listOrphans(cmd, a, servers, allowed); err != nil {
			return err
		}
		err = e.print(named, func(w io.Writer) { e.writeNamed(w, named, lack == nil) })
	} else {
		err = e.print(lines, func(w io.Writer) { e.writeOrphans(w, lines, lack == nil) })
	}
	switch {
	case err != nil:
		return err
	case lack != nil && (f.list || f.check):
		return lack
	case lack != nil:
		fmt.Fprintln(e.ErrOut, shown(lack.Error()))
	}
	if over := fleet.OverAllowance(lines); f.check && over > 0 {
		return &codeError{2, fmt.Sprintf("%d kinds have more on a server than is allowed", over)}
	}
	return nil
}

// listOrphans reads servers. One that cannot be read, whole or in part, does not hide the others: lack says that there is one, or that there are none, and the
// user has been told what is the matter.
func (e *env) listOrphans(cmd *cobra.Command, a *access, servers []fleet.Object, allowed map[string]int) (named []fleet.Orphan, lines []fleet.OrphanLine, lack, err error) {
	if len(servers) == 0 {
		return []fleet.Orphan{}, nil, uncounted(servers), nil
	}
	set, lacking, err := a.set(cmd.Context(), "")
	if err == nil && len(lacking) > 0 {
		err = fmt.Errorf("--list: what is described in namespaces that you may not see would be named, too: %s", strings.Join(lacking, "; "))
	}
	if err != nil {
		return nil, nil, nil, err
	}
	var kinds []string
	for _, k := range controller.Exports() {
		if n, said := allowed[k.Kind]; !k.Implicit && (!said || n != fleet.AnyNumber) {
			kinds = append(kinds, k.Kind)
		}
	}
	failed := 0
	named = []fleet.Orphan{}
	for _, o := range servers {
		of, err := e.listServer(cmd, a, o, kinds, set)
		if err != nil {
			failed++
			fmt.Fprintf(e.ErrOut, "NOT READ: %s in %s: %s\n", o.Ref, o.Namespace, shown(err.Error()))
		}
		named = append(named, of...)
		lines = append(lines, fleet.CountOrphans(o.Ref, of, allowed)...)
	}
	if failed > 0 {
		lack = fmt.Errorf("%d of %d servers could not be read, or not all of them", failed, len(servers))
	}
	return named, lines, lack, nil
}

// listServer reads one server. An error may be about some of it; kinds that its credentials do not show are told.
func (e *env) listServer(cmd *cobra.Command, a *access, o fleet.Object, kinds []string, set *fleet.Set) ([]fleet.Orphan, error) {
	if len(kinds) == 0 {
		return nil, nil
	}
	srv := o.Object.(*v1alpha1.PleskServer)
	reach, err := e.reach()
	if err != nil {
		return nil, err
	}
	credentials, ca, err := engine.ReadSecrets(cmd.Context(), a, srv)
	if err != nil {
		return nil, explain(err, "get", "secrets", srv.Namespace)
	}
	from, err := export.Open(cmd.Context(), srv, credentials, ca, reach, "kubectl-plesk")
	if err != nil {
		return nil, withHint(err)
	}
	defer from.Close()
	there, err := export.List(cmd.Context(), from, controller.Exports(), export.Options{Kinds: kinds, GUID: from.GUID, Role: from.Role}, quiet{})
	if err != nil {
		return nil, errors.New(from.Fit(err.Error()))
	}
	for _, s := range there.Skipped {
		fmt.Fprintf(e.ErrOut, "left out: %s in %s: %s\n", o.Ref, o.Namespace, shown(from.Fit(s.String())))
	}
	var troubles []error
	for _, t := range there.Troubles {
		troubles = append(troubles, errors.New(from.Fit(t.String())))
	}
	all := make([]fleet.Orphan, len(there.Objects))
	for i, x := range there.Objects {
		all[i] = fleet.Orphan{Of: x.Kind, Called: x.Key.Name, In: x.In, ID: x.ID}
	}
	return fleet.Undescribed(o.Ref, from.GUID, all, set), errors.Join(troubles...)
}

// quiet is a reporter that tells nobody.
type quiet struct{}

func (quiet) Reading(string)         {}
func (quiet) Read(string, int)       {}
func (quiet) Trouble(export.Trouble) {}

// uncounted is an error where nothing is known of a server, or there is none.
func uncounted(servers []fleet.Object) error {
	if len(servers) == 0 {
		return errors.New("there is no PleskServer here, so nothing is counted")
	}
	for _, o := range servers {
		if srv, ok := o.Object.(*v1alpha1.PleskServer); ok && srv.Status.Undeclared == nil {
			return fmt.Errorf("nothing of %s in %s was counted yet", o.Ref, o.Namespace)
		}
	}
	return nil
}

// servers reads those that arguments name, or all of the namespace.
func (a *access) servers(cmd *cobra.Command, args []string, everywhere bool) ([]fleet.Object, error) {
	if len(args) == 0 {
		namespace := a.namespace
		if everywhere {
			namespace = ""
		}
		all, lacking, err := a.list(cmd.Context(), []string{fleet.KindServer}, namespace, labels.Everything())
		if err == nil && len(lacking) > 0 {
			err = fmt.Errorf("%s", strings.Join(lacking, "\n"))
		}
		return all, err
	}
	var out []fleet.Object
	for _, name := range args {
		o, err := a.get(cmd.Context(), fleet.Ref{Kind: fleet.KindServer, Namespace: a.namespace, Name: strings.TrimPrefix(name, "server/")})
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

// allowed reads what --allow says. A kind without a count may be there in any number.
func (a *access) allowed(list []string) (map[string]int, error) {
	out := map[string]int{}
	for _, entry := range list {
		word, count, counted := strings.Cut(entry, "=")
		kind, err := a.kindOf(word)
		if err != nil {
			return nil, fmt.Errorf("--allow %s: %w", entry, err)
		}
		out[kind] = fleet.AnyNumber
		if counted {
			n, err := strconv.Atoi(count)
			if err != nil || n < 0 {
				return nil, fmt.Errorf("--allow %s: want KIND or KIND=COUNT", entry)
			}
			out[kind] = n
		}
	}
	return out, nil
}

// writeOrphans says that there are none only where all has been counted.
func (e *env) writeOrphans(w io.Writer, lines []fleet.OrphanLine, counted bool) {
	if len(lines) == 0 {
		if counted {
			fmt.Fprintln(w, "Nothing is known to be on the servers that no resource describes.")
		}
		return
	}
	t := table{heads: []string{"NAMESPACE", "SERVER", "KIND", "COUNT", "ALLOWED"}}
	for _, l := range lines {
		allowed := "-"
		if l.Allowed != nil {
			if allowed = strconv.Itoa(*l.Allowed); *l.Allowed == fleet.AnyNumber {
				allowed = "any"
			}
		}
		row := plain(l.Namespace, l.Name, l.Of, strconv.Itoa(l.Count), allowed)
		if l.Over {
			row[3].colour = yellow
		}
		t.add(row...)
	}
	t.write(w, e)
}

// writeNamed says that there are none only where all servers were read.
func (e *env) writeNamed(w io.Writer, orphans []fleet.Orphan, read bool) {
	if len(orphans) == 0 {
		if read {
			fmt.Fprintln(w, "Nothing is on the servers that no resource describes.")
		}
		return
	}
	t := table{heads: []string{"NAMESPACE", "SERVER", "KIND", "OBJECT", "IN"}}
	for _, o := range orphans {
		t.add(plain(o.Namespace, o.Name, o.Of, o.Called, o.In)...)
	}
	t.write(w, e)
}
