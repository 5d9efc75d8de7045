// kubectl plesk tree: what an object needs, and what needs it.

package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
)

func newTree(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "tree KIND/NAME",
		Short: "Show what an object needs, what needs it, and the first thing that is wrong",
		Long: `Show the tree of references around an object: what it needs (its server, its customer, its plan …) and what needs it. What lives only
on the server is shown by its name there. The last line is the first thing that is wrong: where to begin.`,
		Example:           "  kubectl plesk tree mailaccount/info\n  kubectl plesk tree server/web-01 -o yaml",
		Args:              cobra.RangeArgs(1, 2),
		ValidArgsFunction: e.completeObjects(nil),
		RunE: func(cmd *cobra.Command, args []string) error {
			set, o, lacking, err := e.one(cmd, args)
			if err != nil {
				return err
			}
			t := set.Tree(o)
			t.Lacking = lacking
			return e.print(t, func(w io.Writer) { e.writeTree(w, t); e.writeLacking(w, lacking) })
		},
	}
}

func (e *env) writeTree(w io.Writer, t fleet.Tree) {
	fmt.Fprintf(w, "%s  %s\n", e.paint(bold, t.Ref.String()), e.paint(colourOf(t.State.Ready, t.State.Stalled), t.State.Reason))
	fmt.Fprintln(w, "needs")
	e.writeNodes(w, t.Needs, "", t.Namespace)
	fmt.Fprintln(w, "needed by")
	e.writeNodes(w, t.NeededBy, "", t.Namespace)
	if t.FirstWrong == nil {
		fmt.Fprintln(w, "Nothing is wrong.")
		return
	}
	fmt.Fprintf(w, "First wrong: %s: %s\n", e.paint(bold, shown(t.FirstWrong.Ref.String())), shown(cause(t.FirstWrong)))
}

func (e *env) writeNodes(w io.Writer, nodes []*fleet.Node, indent, namespace string) {
	if len(nodes) == 0 && indent == "" {
		fmt.Fprintln(w, "└─ nothing")
	}
	for i, n := range nodes {
		branch, below := "├─ ", "│  "
		if i == len(nodes)-1 {
			branch, below = "└─ ", "   "
		}
		name := n.Ref.String()
		switch {
		case n.External != "":
			name = n.Kind
		case n.Namespace != namespace:
			name += " in " + n.Namespace
		}
		fmt.Fprintf(w, "%s%s%s  %s\n", indent, branch, shown(name), e.nodeState(n))
		e.writeNodes(w, n.Children, indent+below, namespace)
	}
}

func (e *env) nodeState(n *fleet.Node) string {
	switch {
	case n.External != "":
		return fmt.Sprintf("%q, on the server only", n.External)
	case n.Missing:
		return e.paint(red, "missing") + fmt.Sprintf(" (%s)", n.Field)
	case n.Again:
		return e.paint(colourOf(n.State.Ready, n.State.Stalled), n.State.Reason) + " (above)"
	}
	return e.paint(colourOf(n.State.Ready, n.State.Stalled), n.State.Reason)
}
