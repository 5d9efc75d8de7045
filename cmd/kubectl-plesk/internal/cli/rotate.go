// kubectl plesk rotate: another password for what the operator has generated, on both sides.

package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

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

// rotate says what the operator would do, asks, looks whether it is still so, and has it done.
func (e *env) rotate(ctx context.Context, a *access, o fleet.Object, yes bool, done *outcomes) error {
	what, note, err := e.rotates(ctx, a, o)
	if err != nil {
		return err
	}
	for {
		if note != "" {
			fmt.Fprintln(e.ErrOut, shown(note))
		}
		ok, err := e.confirm(fmt.Sprintf("Have the operator %s, for %s?", what, o.Ref), yes)
		if err != nil {
			return err
		}
		if !ok {
			done.decline(fmt.Sprintf("%s was left as it is.", o.Ref))
			return nil
		}
		if yes {
			break
		}
		now, err := a.get(ctx, o.Ref)
		if err != nil {
			return err
		}
		if now.GetUID() != o.GetUID() {
			return fmt.Errorf("%s: it is another object of this name by now: nothing was done", o.Ref)
		}
		asked := what
		if what, note, err = e.rotates(ctx, a, now); err != nil {
			return err
		}
		o = now
		if what == asked {
			break
		}
		fmt.Fprintln(e.ErrOut, "This has changed meanwhile.")
	}
	if err := a.annotate(ctx, o, v1alpha1.AnnotationRotate, e.clock.Now().UTC().Format(time.RFC3339Nano)); err != nil {
		return err
	}
	done.add(o.Ref, "asked to "+what)
	return nil
}

// rotates says what the operator would do to all secrets of an object, with a note on those that it leaves alone.
func (e *env) rotates(ctx context.Context, a *access, o fleet.Object) (what, note string, _ error) {
	t, ok := o.Object.(v1alpha1.Object)
	if !ok || a.uses[o.Kind] == nil {
		return "", "", fmt.Errorf("%s: only objects on a server have generated passwords; the credentials of a server are changed in its Secret", o.Ref)
	}
	if o.GetDeletionTimestamp() != nil {
		return "", "", fmt.Errorf("%s: nothing is rotated while it is being deleted", o.Ref)
	}
	if p := t.Common().ManagementPolicy; p == v1alpha1.ManagementPolicyObserveOnly || p == v1alpha1.ManagementPolicyPlan {
		return "", "", fmt.Errorf("%s: nothing is rotated with managementPolicy %s", o.Ref, p)
	}
	if o.Suspended(e.clock.Now()) {
		return "", "", fmt.Errorf("%s: nothing is rotated while it is suspended", o.Ref)
	}
	uses := a.uses[o.Kind](o.Object)
	if uses.Told != nil {
		return "make another one and put what the server tells of it into " + keyOf(*uses.Told), "", nil
	}
	if len(uses.Secrets) == 0 {
		return "", "", fmt.Errorf("%s: it has no password and no certificate from a Secret", o.Ref)
	}
	ours, note, err := a.notBilled(ctx, o, uses)
	if err != nil {
		return "", "", err
	}
	var parts []string
	for _, u := range ours {
		part, err := a.rotatesOne(ctx, o.Namespace, u)
		if err != nil {
			return "", "", err
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", "), note, nil
}

// notBilled returns the secrets that the operator would rotate, and a note on those that are a billing system's, as far as the user may see the server.
func (a *access) notBilled(ctx context.Context, o fleet.Object, uses engine.Uses) (ours []engine.SecretUse, note string, _ error) {
	if len(uses.Sold) == 0 {
		return uses.Secrets, "", nil
	}
	of, err := a.serverOf(ctx, o)
	var found fleet.Object
	if err == nil {
		found, err = a.get(ctx, of)
	}
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, "", err
	case err != nil:
		return uses.Secrets, fmt.Sprintf("warning: a password that is a billing system's (spec.lifecycle of the PleskServer) is not rotated, and whether it is one is not known: %v", err), nil
	case !engine.BilledBy(found.Object.(*v1alpha1.PleskServer)):
		return uses.Secrets, "", nil
	}
	var left []string
	for _, u := range uses.Secrets {
		if slices.Contains(uses.Sold, u) {
			left = append(left, keyOf(u.SecretRef))
		} else {
			ours = append(ours, u)
		}
	}
	note = fmt.Sprintf("%s is not rotated: it is a billing system's (spec.lifecycle of %s)", strings.Join(left, ", "), of)
	if len(ours) == 0 {
		return nil, "", fmt.Errorf("%s: %s", o.Ref, note)
	}
	return ours, note, nil
}

// rotatesOne says what the operator would do to one secret, as far as the user may see whose it is.
func (a *access) rotatesOne(ctx context.Context, namespace string, u engine.SecretUse) (string, error) {
	where := keyOf(u.SecretRef)
	again := fmt.Sprintf("write what is in %s to the server once more", where)
	secret := &corev1.Secret{}
	err := a.Get(ctx, types.NamespacedName{Namespace: namespace, Name: u.SecretRef.Name}, secret)
	switch {
	case apierrors.IsNotFound(err) && !u.Generate:
		return "", fmt.Errorf("%s is not there, and none is generated: make it first", where)
	case apierrors.IsNotFound(err):
		secret = nil
	case !u.Generate && (err == nil || apierrors.IsForbidden(err)):
		return again, nil
	case apierrors.IsForbidden(err):
		return fmt.Sprintf("replace what is in %s (or write it once more, if a user has put it there)", where), nil
	case err != nil:
		return "", err
	}
	if engine.Generates(u, secret) {
		return "replace what is in " + where, nil
	}
	return again, nil
}

func keyOf(s v1alpha1.SecretKeySelector) string {
	if s.Key == "" {
		return "Secret " + s.Name // all of it: a key pair
	}
	return fmt.Sprintf("Secret %s (key %s)", s.Name, s.Key)
}
