// kubectl plesk status: a fleet on one screen.

package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
)

func newStatus(e *env) *cobra.Command {
	var everywhere, watch bool
	var interval, patience time.Duration
	var most int
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show a fleet on one screen: servers, objects by reason, what is stuck, what is suspended",
		Long: `Show a fleet on one screen.

A server's DOOR is open, or says why nothing is sent there. BEHIND counts the objects that were edited and not looked at since, or that are
being worked on; LAG is how long the oldest such edit has waited. Stuck is what nothing will change until somebody acts, and what has not become
ready within --patience, such as what refers to something that is not there; what only waits for another resource or for its server is counted below it. "kubectl plesk why" says more of each.`,
		Example: `  kubectl plesk status -A
  kubectl plesk status -n hosting --watch
  kubectl plesk status -A -o json | jq '.stuck[].name'`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := e.access()
			if err != nil {
				return err
			}
			namespace := a.namespace
			if everywhere {
				namespace = ""
			}
			for {
				set, lacking, err := a.set(cmd.Context(), namespace)
				if err != nil {
					return err
				}
				s := fleet.Summarize(set, e.clock.Now(), patience)
				s.Lacking = lacking
				if watch && e.output == "" && e.colour {
					fmt.Fprint(e.Out, "\x1b[H\x1b[2J")
				}
				if err := e.print(s, func(w io.Writer) { e.writeStatus(w, s, most) }); err != nil {
					return err
				}
				if len(lacking) > 0 && len(set.All()) == 0 {
					return errors.New("nothing could be listed, so nothing is known of the fleet")
				}
				if !watch {
					return nil
				}
				select {
				case <-cmd.Context().Done():
					return nil
				case <-time.After(interval):
					if e.output == "" {
						fmt.Fprintln(e.Out)
					}
				}
			}
		},
	}
	cmd.Flags().BoolVarP(&everywhere, "all-namespaces", "A", false, "the fleet of all namespaces")
	cmd.Flags().BoolVarP(&watch, "watch", "w", false, "show it again every --interval, until interrupted")
	cmd.Flags().DurationVar(&interval, "interval", 5*time.Second, "time between two looks with --watch, at least 1s")
	cmd.Flags().DurationVar(&patience, "patience", 10*time.Minute, "what is not ready for longer is stuck")
	cmd.Flags().IntVar(&most, "most", 20, "how many stuck and suspended objects to list; 0: all")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		if interval < time.Second {
			return fmt.Errorf("--interval %s: want at least 1s", interval)
		}
		return nil
	}
	return cmd
}

func (e *env) writeStatus(w io.Writer, s fleet.Summary, most int) {
	now := e.clock.Now()
	servers := table{heads: []string{"NAMESPACE", "SERVER", "DOOR", "ROLE", "VERSION", "OBJECTS", "NOT READY", "BEHIND", "LAG", "SINCE"}}
	for _, l := range s.Servers {
		lag := "-"
		if l.LagSeconds > 0 {
			lag = fleet.Age(now, now.Add(-time.Duration(l.LagSeconds)*time.Second))
		}
		row := plain(l.Namespace, l.Name, l.Door, l.Role, l.Version, fmt.Sprint(l.Objects), fmt.Sprint(l.NotReady), fmt.Sprint(l.Behind), lag, fleet.Age(now, l.Since))
		row[2].colour = colourOf(l.Door == "open", true)
		servers.add(row...)
	}
	e.section(w, servers, "no servers")

	kinds := table{heads: []string{"KIND", "OBJECTS", "READY", "REASONS"}}
	for _, l := range s.Kinds {
		var reasons []string
		for _, r := range l.Reasons {
			reasons = append(reasons, fmt.Sprintf("%s %d", r.Reason, r.Count))
		}
		row := plain(l.Kind, fmt.Sprint(l.Total), fmt.Sprint(l.Ready), strings.Join(reasons, ", "))
		row[2].colour = colourOf(l.Ready == l.Total, false)
		kinds.add(row...)
	}
	fmt.Fprintln(w)
	e.section(w, kinds, "no objects")

	if len(s.Stuck) > 0 {
		stuck := table{heads: []string{"NAMESPACE", "STUCK", "REASON", "SINCE", "MESSAGE"}}
		for _, l := range upTo(s.Stuck, most) {
			row := plain(l.Namespace, l.Ref.String(), l.Reason, fleet.Age(now, l.Since), cut(l.Message, 160))
			row[2].colour = colourOf(false, l.Stalled)
			stuck.add(row...)
		}
		fmt.Fprintln(w)
		e.section(w, stuck, "")
		more(w, len(s.Stuck), most)
	}
	if s.Waiting > 0 {
		fmt.Fprintf(w, "\n%d more wait for another resource or for their server.\n", s.Waiting)
	}
	if len(s.Suspended) > 0 {
		suspended := table{heads: []string{"NAMESPACE", "SUSPENDED", "SINCE", "UNTIL", "WHY"}}
		for _, l := range upTo(s.Suspended, most) {
			until := "resumed"
			if l.Until != nil {
				until = l.Until.UTC().Format(time.RFC3339)
			}
			suspended.add(plain(l.Namespace, l.Ref.String(), fleet.Age(now, l.Since), until, l.Why)...)
		}
		fmt.Fprintln(w)
		e.section(w, suspended, "")
		more(w, len(s.Suspended), most)
	}
	e.writeLacking(w, s.Lacking)
}

func (e *env) section(w io.Writer, t table, none string) {
	if len(t.rows) == 0 {
		fmt.Fprintln(w, none)
		return
	}
	t.write(w, e)
}

func (e *env) writeLacking(w io.Writer, lacking []string) {
	for _, l := range lacking {
		fmt.Fprintln(w, e.paint(yellow, "not shown: "+shown(l)))
	}
}

func upTo[T any](all []T, most int) []T {
	if most <= 0 || len(all) <= most {
		return all
	}
	return all[:most]
}

func more(w io.Writer, all, most int) {
	if most > 0 && all > most {
		fmt.Fprintf(w, "… and %d more (--most 0 shows all)\n", all-most)
	}
}

// cut is a text on one line, of at most some characters.
func cut(text string, most int) string {
	runes := []rune(shown(text))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:most-1]) + "…"
}
