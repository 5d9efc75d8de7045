// kubectl plesk reconcile, suspend and resume: what is asked of the operator by a word on the object.

package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
)

func newReconcile(e *env) *cobra.Command {
	return e.forEach("reconcile KIND/NAME …", "Have the operator look at objects now",
		`Have the operator compare objects with their server now, and try again what the server has refused.`,
		"  kubectl plesk reconcile subscription/acme\n  kubectl plesk reconcile --on web-01 -A",
		func(ctx context.Context, a *access, o fleet.Object) (string, error) {
			return "asked for", a.annotate(ctx, o, v1alpha1.AnnotationReconcile, e.clock.Now().UTC().Format(time.RFC3339Nano))
		})
}

func newSuspend(e *env) *cobra.Command {
	var reason string
	var pause time.Duration
	cmd := e.forEach("suspend KIND/NAME …", "Pause the reconciling of objects",
		`Pause the reconciling of objects (spec.suspend): nothing of them is read from their server or written to it until "kubectl plesk resume", or
with --for until that time has gone by (spec.suspendUntil). What is suspended for longer already stays so. They are not suspended on the server. Where
Git holds the spec, it has to say the same, or will undo this.`,
		`  kubectl plesk suspend subscription/acme --reason "the panel is being moved"`+"\n  kubectl plesk suspend --on web-01 -A --reason upgrade --for 2h",
		func(ctx context.Context, a *access, o fleet.Object) (string, error) {
			if o.Kind == fleet.KindServer {
				return "", nil // chosen with what is on it
			}
			if pause < 0 {
				return "", fmt.Errorf("--for %s: has gone by already", pause)
			}
			if until := pauseEnds(o, e.clock.Now()); pause > 0 && until.After(e.clock.Now().Add(pause)) {
				fmt.Fprintf(e.ErrOut, "%s is suspended already, and for longer: it was left as it is.\n", o.Ref)
				return "", nil
			}
			return "suspended", a.suspend(ctx, o, reason, e.clock.Now(), pause)
		})
	e.refuseServers(cmd)
	cmd.Flags().StringVar(&reason, "reason", "", `why, as the condition and "kubectl plesk status" show it (annotation `+v1alpha1.AnnotationSuspendReason+")")
	cmd.Flags().DurationVar(&pause, "for", 0, "for how long, e.g. 90m; without it until it is resumed")
	return cmd
}

// pauseEnds is when a pause ends by itself, the end of time for one that does not, and the zero time for an object that is not paused.
func pauseEnds(o fleet.Object, now time.Time) time.Time {
	if !o.Suspended(now) {
		return time.Time{}
	}
	if until := o.Object.(v1alpha1.Object).Common().SuspendUntil; until != nil {
		return until.Time
	}
	return time.Unix(1<<40, 0)
}

func newResume(e *env) *cobra.Command {
	cmd := e.forEach("resume KIND/NAME …", "Resume the reconciling of objects",
		`Resume the reconciling of objects that are suspended (spec.suspend).`,
		"  kubectl plesk resume subscription/acme\n  kubectl plesk resume --all",
		func(ctx context.Context, a *access, o fleet.Object) (string, error) {
			if !o.Suspended(e.clock.Now()) {
				return "", nil
			}
			return "resumed", a.resume(ctx, o)
		})
	e.refuseServers(cmd)
	return cmd
}

// refuseServers has a command refuse servers that are named: there is nothing in them to pause.
func (e *env) refuseServers(cmd *cobra.Command) {
	cmd.PreRunE = func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		a, err := e.access()
		if err != nil {
			return err
		}
		refs, err := a.refs(args)
		if err != nil {
			return err
		}
		for _, r := range refs {
			if r.Kind == fleet.KindServer {
				return fmt.Errorf("%s: a server is not suspended; what is on it is, with --on %s", r, r.Name)
			}
		}
		return nil
	}
}

// forEach returns a command that does something to each object that is selected. An outcome of "" means that there was nothing to do.
func (e *env) forEach(use, short, long, example string, do func(context.Context, *access, fleet.Object) (string, error)) *cobra.Command {
	var s selection
	cmd := &cobra.Command{
		Use: use, Short: short, Long: long, Example: example,
		ValidArgsFunction: e.completeObjects(nil),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := e.access()
			if err != nil {
				return err
			}
			objects, err := s.read(cmd.Context(), a, args)
			if err != nil {
				return err
			}
			var failed []error
			done := outcomes{env: e}
			for _, o := range objects {
				what, err := "", o.Left()
				if err == nil {
					what, err = do(cmd.Context(), a, o)
				}
				switch {
				case err != nil:
					failed = append(failed, fmt.Errorf("%s: %w", o.Ref, err))
				case what != "":
					done.add(o.Ref, what)
				}
			}
			if len(done.list) == 0 && failed == nil {
				fmt.Fprintln(e.ErrOut, "There was nothing to do.")
			}
			return done.end(errors.Join(failed...))
		},
	}
	s.addFlags(cmd, e)
	cmd.Flags().BoolVar(&s.all, "all", false, "all objects of the namespace")
	return cmd
}

func (a *access) annotate(ctx context.Context, o fleet.Object, name, value string) error {
	return a.patch(ctx, o, map[string]any{"metadata": map[string]any{"annotations": map[string]any{name: value}}}, client.FieldOwner(requestManager))
}

// suspend sets spec.suspend, until when, and why; a pause of 0 has no end.
func (a *access) suspend(ctx context.Context, o fleet.Object, reason string, now time.Time, pause time.Duration) error {
	var why, until any
	if reason != "" {
		why = reason
	}
	if pause > 0 {
		until = now.Add(pause).UTC().Format(time.RFC3339)
	}
	return a.pause(ctx, o, true, until, why)
}

// resume clears what suspend sets.
func (a *access) resume(ctx context.Context, o fleet.Object) error {
	return a.pause(ctx, o, false, nil, nil)
}

// pause writes all that tells of a pause. What is nil is removed.
func (a *access) pause(ctx context.Context, o fleet.Object, on bool, until, why any) error {
	return a.patch(ctx, o, map[string]any{
		"metadata": map[string]any{"annotations": map[string]any{v1alpha1.AnnotationSuspendReason: why}},
		"spec":     map[string]any{"suspend": on, "suspendUntil": until},
	})
}

// patch changes the object that was read, and no other one that has got its name since.
func (a *access) patch(ctx context.Context, o fleet.Object, change map[string]any, options ...client.PatchOption) error {
	change["metadata"].(map[string]any)["uid"] = o.GetUID()
	body, err := json.Marshal(change)
	if err != nil {
		return err
	}
	return explain(a.Patch(ctx, o.Object, client.RawPatch(types.MergePatchType, body), options...), "patch", a.resource(o.Kind), o.GetNamespace())
}
