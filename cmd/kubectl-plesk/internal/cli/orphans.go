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
)

func newOrphans(e *env) *cobra.Command {
	var everywhere, check bool
	var allow []string
	cmd := &cobra.Command{
		Use:   "orphans [SERVER …]",
		Short: "Count what is on servers and described by no resource",
		Long: `Count what is on servers and described by no resource, by kind, as the operator's last list of the kind has shown it (status.undeclared of
the PleskServer). Kinds of which the operator keeps no list are not counted. Nothing is ever deleted.

With --check the exit status is 2 where more is there than --allow says.`,
		Example: `  kubectl plesk orphans -A
  kubectl plesk orphans web-01 --check --allow PleskCustomer=12 --allow PleskServicePlan`,
		ValidArgsFunction: func(c *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
			out, d := e.completeObjects(nil)(c, args, "server/"+begun)
			for i := range out {
				out[i] = strings.TrimPrefix(out[i], "server/")
			}
			return out, d
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := e.access()
			if err != nil {
				return err
			}
			allowed, err := a.allowed(allow)
			if err != nil {
				return err
			}
			servers, err := a.servers(cmd, args, everywhere)
			if err != nil {
				return err
			}
			lines := fleet.Orphans(servers, allowed)
			if err := e.print(lines, func(w io.Writer) { e.writeOrphans(w, lines) }); err != nil {
				return err
			}
			if err := uncounted(servers); check && err != nil {
				return err
			}
			if over := fleet.OverAllowance(lines); check && over > 0 {
				return &codeError{2, fmt.Sprintf("%d kinds have more on a server than is allowed", over)}
			}
			return nil
		},
	}
	cmd.Flags().BoolVarP(&everywhere, "all-namespaces", "A", false, "the servers of all namespaces")
	cmd.Flags().BoolVar(&check, "check", false, "exit with 2 where more is there than --allow says")
	cmd.Flags().StringArrayVar(&allow, "allow", nil, "a kind of which any number may be there, or at most so many on each server: KIND or KIND=COUNT")
	return cmd
}

// uncounted is an error where nothing is known that --check could hold to what is allowed.
func uncounted(servers []fleet.Object) error {
	if len(servers) == 0 {
		return errors.New("--check: there is no PleskServer here, so nothing is checked")
	}
	for _, o := range servers {
		if srv, ok := o.Object.(*v1alpha1.PleskServer); ok && srv.Status.Undeclared == nil {
			return fmt.Errorf("--check: nothing of %s in %s was counted yet", o.Ref, o.Namespace)
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

func (e *env) writeOrphans(w io.Writer, lines []fleet.OrphanLine) {
	if len(lines) == 0 {
		fmt.Fprintln(w, "Nothing is known to be on the servers that no resource describes.")
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
