// kubectl plesk reconcile, suspend, resume and rotate: what is asked of the operator by a word on the object.

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
				return "", nil
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
	cmd.Flags().StringVar(&reason, "reason", "", `why, as "kubectl plesk status" shows it (annotation `+fleet.AnnotationSuspendReason+")")
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
	return e.forEach("resume KIND/NAME …", "Resume the reconciling of objects",
		`Resume the reconciling of objects that are suspended (spec.suspend).`,
		"  kubectl plesk resume subscription/acme\n  kubectl plesk resume --all",
		func(ctx context.Context, a *access, o fleet.Object) (string, error) {
			if !o.Suspended(e.clock.Now()) {
				return "", nil
			}
			return "resumed", a.resume(ctx, o)
		})
}

func newRotate(e *env) *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "rotate KIND/NAME …",
		Short: "Have the operator make new passwords for objects, on both sides, or write yours once more",
		Long: `Have the operator make new passwords in the place of those that it generated (generate: true), or another object in the place of one whose
secret its server has told: in the Secret first, then on the server. Whoever uses the old one is locked out until they read the Secret again.
A password that you put into the Secret yourself is rotated by changing it there; this has it written once more, e.g. after the server was restored
from a backup.`,
		Example:           "  kubectl plesk rotate databaseuser/shop",
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: e.completeObjects(nil),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := e.access()
			if err != nil {
				return err
			}
			objects, err := (&selection{}).read(cmd.Context(), a, args)
			if err != nil {
				return err
			}
			done := outcomes{env: e}
			for _, o := range objects {
				if err := e.rotate(cmd.Context(), a, o, yes, &done); err != nil {
					return done.end(err)
				}
			}
			return done.end(nil)
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	return cmd
}

func (e *env) rotate(ctx context.Context, a *access, o fleet.Object, yes bool, done *outcomes) error {
	r, err := rotates(a, o, e.clock.Now())
	if err != nil {
		return err
	}
	ok, err := e.confirm(fmt.Sprintf(r.question, r.secret, o.Ref), yes)
	if err != nil {
		return err
	}
	if !ok {
		done.decline(fmt.Sprintf("%s was left as it is.", o.Ref))
		return nil
	}
	if err := a.annotate(ctx, o, v1alpha1.AnnotationRotate, e.clock.Now().UTC().Format(time.RFC3339Nano)); err != nil {
		return err
	}
	done.add(o.Ref, r.asked+" in "+r.secret)
	return nil
}

// rotation is what becomes of an object's secret.
type rotation struct {
	secret   string // and its key, for people
	question string // of the secret and the object
	asked    string
}

// rotates says what the operator would write anew for an object.
func rotates(a *access, o fleet.Object, now time.Time) (rotation, error) {
	var none rotation
	t, ok := o.Object.(v1alpha1.Object)
	if !ok || a.uses[o.Kind] == nil {
		return none, fmt.Errorf("%s: only objects on a server have generated passwords; the credentials of a server are changed in its Secret", o.Ref)
	}
	if p := t.Common().ManagementPolicy; p == v1alpha1.ManagementPolicyObserveOnly || p == v1alpha1.ManagementPolicyPlan {
		return none, fmt.Errorf("%s: nothing is rotated with managementPolicy %s", o.Ref, p)
	}
	if o.Suspended(now) {
		return none, fmt.Errorf("%s: nothing is rotated while it is suspended", o.Ref)
	}
	uses := a.uses[o.Kind](o.Object)
	const replace, another = "Replace what is in %s for %s?", "asked for a new one"
	for _, s := range uses.Secrets {
		if s.Generate {
			return rotation{keyOf(s.SecretRef.Name, s.SecretRef.Key), replace, another}, nil
		}
	}
	if uses.Told != nil {
		return rotation{keyOf(uses.Told.Name, uses.Told.Key), replace, another}, nil
	}
	for _, s := range uses.Secrets {
		return rotation{keyOf(s.SecretRef.Name, s.SecretRef.Key), "Write what is in %s to the server once more, for %s?", "asked to write once more what is"}, nil
	}
	return none, fmt.Errorf("%s: it has no password and no certificate from a Secret", o.Ref)
}

func keyOf(secret, key string) string {
	if key == "" {
		return "Secret " + secret // all of it: a key pair
	}
	return fmt.Sprintf("Secret %s (key %s)", secret, key)
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
				what, err := do(cmd.Context(), a, o)
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
	return a.patch(ctx, o, map[string]any{"metadata": map[string]any{"annotations": map[string]any{name: value}}})
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
		"metadata": map[string]any{"annotations": map[string]any{fleet.AnnotationSuspendReason: why}},
		"spec":     map[string]any{"suspend": on, "suspendUntil": until},
	})
}

func (a *access) patch(ctx context.Context, o fleet.Object, change map[string]any) error {
	body, err := json.Marshal(change)
	if err != nil {
		return err
	}
	return explain(a.Patch(ctx, o.Object, client.RawPatch(types.MergePatchType, body)), "patch", a.resource(o.Kind), o.GetNamespace())
}
