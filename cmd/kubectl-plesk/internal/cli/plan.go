// kubectl plesk plan: the changes that wait for somebody's permission.

package cli

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
)

func newPlan(e *env) *cobra.Command {
	var s selection
	var rejected bool
	cmd := &cobra.Command{
		Use:   "plan [KIND/NAME …]",
		Short: "Show what waits for an approval: what would be written, and who asked for it",
		Long: `Show what waits for a PleskApproval: the plans of objects with managementPolicy Plan, field by field, deletions that would lose data, and
objects that would be made again, empty. ASKED BY is the field manager that last wrote the spec. Without arguments all of the namespace are
shown; those that were rejected only with --rejected.`,
		Example: `  kubectl plesk plan -A
  kubectl plesk plan --on web-01
  kubectl plesk plan subscription/acme -o yaml`,
		ValidArgsFunction: e.completeObjects(isOpen),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := e.access()
			if err != nil {
				return err
			}
			s.all = len(args) == 0
			objects, err := s.read(cmd.Context(), a, args)
			if err != nil {
				return err
			}
			plans := []fleet.Plan{}
			for _, o := range objects {
				if p, ok := fleet.PlanOf(o); ok && (rejected || p.Rejected == "" || len(args) > 0) {
					plans = append(plans, p)
				}
			}
			return e.print(plans, func(w io.Writer) { e.writePlans(w, plans, e.clock.Now()) })
		},
	}
	s.addFlags(cmd, e)
	cmd.Flags().BoolVar(&rejected, "rejected", false, "show those that were rejected, too")
	return cmd
}

// isOpen reports whether an object waits for an approval.
func isOpen(o fleet.Object) bool {
	_, ok := fleet.PlanOf(o)
	return ok
}

func (s *selection) addFlags(cmd *cobra.Command, e *env) {
	cmd.Flags().StringVarP(&s.selector, "selector", "l", "", "labels of the objects, e.g. team=web")
	cmd.Flags().StringVar(&s.server, "on", "", "objects on this PleskServer: NAME or NAMESPACE/NAME")
	cmd.Flags().BoolVarP(&s.everywhere, "all-namespaces", "A", false, "of all namespaces")
	complete := func(c *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
		out, d := e.completeObjects(nil)(c, args, "server/"+begun)
		for i := range out {
			out[i] = strings.TrimPrefix(out[i], "server/")
		}
		return out, d
	}
	if err := cmd.RegisterFlagCompletionFunc("on", complete); err != nil {
		panic(err) // the flag is that of above
	}
}

func (e *env) writePlans(w io.Writer, plans []fleet.Plan, now time.Time) {
	if len(plans) == 0 {
		fmt.Fprintln(w, "Nothing waits for an approval.")
		return
	}
	for i, p := range plans {
		if i > 0 {
			fmt.Fprintln(w)
		}
		e.writePlan(w, p, now)
	}
}

func (e *env) writePlan(w io.Writer, p fleet.Plan, now time.Time) {
	asked := p.AskedBy
	if asked == "" {
		asked = "somebody"
	}
	fmt.Fprintf(w, "%s in %s: %s, asked for by %s %s ago\n", e.paint(bold, p.Ref.String()), p.Namespace, e.paint(yellow, string(p.Permit)), shown(asked), fleet.Age(now, p.AskedAt))
	fmt.Fprintf(w, "  %s\n", shown(p.Message))
	for _, c := range p.Changes {
		fmt.Fprintf(w, "  %s\n", shown(changeText(c)))
	}
	for _, lost := range p.About {
		fmt.Fprintf(w, "  %s %s\n", e.paint(red, "lost:"), shown(lost))
	}
	fmt.Fprintf(w, "  token %s\n", p.Token)
	if p.Rejected != "" {
		fmt.Fprintf(w, "  %s %s\n", e.paint(red, "rejected:"), shown(p.Rejected))
	}
}

func changeText(c v1alpha1.Change) string {
	from, to := c.From, c.To
	if from == "" {
		from = "(none)"
	}
	if to == "" {
		to = "(none)"
	}
	return fmt.Sprintf("%s: %s → %s", c.Field, from, to)
}
