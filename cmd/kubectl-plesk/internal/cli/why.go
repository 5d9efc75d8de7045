// kubectl plesk why: one object's trouble, in words.

package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
)

func newWhy(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "why KIND/NAME",
		Short: "Say why an object is not ready: the call that failed, what its code means, and what to do",
		Long: `Say why an object is as it is: the call that the server refused and what Plesk's error code means, the field of the spec that it is
about, when the operator looks again by itself, and what to do. Where something else is wrong first, it says what.`,
		Example: `  kubectl plesk why subscription/acme
  kubectl plesk why -n hosting server/web-01`,
		Args:              cobra.RangeArgs(1, 2),
		ValidArgsFunction: e.completeObjects(nil),
		RunE: func(cmd *cobra.Command, args []string) error {
			set, o, lacking, err := e.one(cmd, args)
			if err != nil {
				return err
			}
			w := fleet.Explain(set, o)
			w.Lacking = lacking
			return e.print(w, func(out io.Writer) { e.writeWhy(out, w); e.writeLacking(out, lacking) })
		},
	}
}

// one reads the object that the arguments name, among all that is around it.
func (e *env) one(cmd *cobra.Command, args []string) (*fleet.Set, fleet.Object, []string, error) {
	var none fleet.Object
	a, err := e.access()
	if err != nil {
		return nil, none, nil, err
	}
	refs, err := a.refs(args)
	if err != nil {
		return nil, none, nil, err
	}
	if len(refs) != 1 {
		return nil, none, nil, fmt.Errorf("%q: want KIND/NAME or KIND NAME", strings.Join(args, " "))
	}
	o, err := a.get(cmd.Context(), refs[0])
	if err != nil {
		return nil, none, nil, err
	}
	namespace := a.namespace
	if o.Kind == fleet.KindServer {
		namespace = "" // objects of other namespaces may be on it
	}
	set, lacking, err := a.set(cmd.Context(), namespace)
	if err != nil {
		return nil, none, nil, err
	}
	if namespace == "" && len(lacking) > 0 { // at least what is in the user's own
		own, lackingToo, err := a.set(cmd.Context(), a.namespace)
		if err != nil {
			return nil, none, nil, err
		}
		there := slices.DeleteFunc(slices.Clone(own.All()), func(o fleet.Object) bool { _, ok := set.Get(o.Ref); return ok })
		set = fleet.NewSet(slices.Concat(set.All(), there), a.uses)
		lacking = slices.Concat(lackingToo, []string{"what other namespaces have on it: " + lacking[0]})
	}
	if _, ok := set.Get(o.Ref); !ok { // objects of its kind may be read by name, and not listed
		set = fleet.NewSet(append(set.All(), o), a.uses)
	}
	return set, o, lacking, nil
}

func (e *env) writeWhy(out io.Writer, w fleet.Why) {
	now := e.clock.Now()
	ready := "is not ready"
	if w.Ready {
		ready = "is ready"
	}
	fmt.Fprintf(out, "%s %s: %s, for %s\n", e.paint(bold, w.Ref.String()), ready, e.paint(colourOf(w.Ready, w.Stalled), w.Reason), fleet.Age(now, w.Since))
	line := func(label, text string) {
		if text != "" {
			fmt.Fprintf(out, "  %-10s %s\n", label, shown(text))
		}
	}
	line("server", w.Server)
	line("says", w.Message)
	line("call", w.Call)
	if w.Code != 0 {
		line("code", fmt.Sprintf("%d: %s", w.Code, w.Meaning))
	}
	line("field", w.Field)
	for i, c := range w.Changes {
		line(map[bool]string{true: "differs"}[i == 0], changeText(c))
	}
	for _, c := range w.Contest {
		line("contested", fmt.Sprintf("%s was written %d times and did not stay, last %s ago", changeText(c.Change), c.Restored, fleet.Age(now, c.LastTime.Time)))
	}
	if w.Awaiting != nil {
		line("awaits", fmt.Sprintf("a PleskApproval with permit %s and token %s", w.Awaiting.Permit, w.Awaiting.Token))
		for _, lost := range w.Awaiting.About {
			line("lost", lost)
		}
	}
	if w.Unseen {
		line("but", "the spec was changed since, and has not been looked at yet")
	}
	line("again", w.Again)
	line("to do", w.Advice)
	if w.Cause != nil {
		line("first", fmt.Sprintf("%s: %s", w.Cause.Ref, cause(w.Cause)))
	}
	for _, c := range w.Commands {
		line("try", c)
	}
}

func cause(c *fleet.Cause) string {
	if c.Missing {
		return c.Message
	}
	return c.Reason + ": " + c.Message
}
