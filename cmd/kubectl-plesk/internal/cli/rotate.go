// kubectl plesk rotate: another password for what the operator has generated, on both sides.

package cli

import (
	"context"
	"fmt"
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

func (e *env) rotate(ctx context.Context, a *access, o fleet.Object, yes bool, done *outcomes) error {
	what, err := a.rotates(ctx, o, e.clock.Now())
	if err != nil {
		return err
	}
	ok, err := e.confirm(fmt.Sprintf("Have the operator %s, for %s?", what, o.Ref), yes)
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
	done.add(o.Ref, "asked to "+what)
	return nil
}

// rotates says what the operator would do to all secrets of an object.
func (a *access) rotates(ctx context.Context, o fleet.Object, now time.Time) (string, error) {
	t, ok := o.Object.(v1alpha1.Object)
	if !ok || a.uses[o.Kind] == nil {
		return "", fmt.Errorf("%s: only objects on a server have generated passwords; the credentials of a server are changed in its Secret", o.Ref)
	}
	if p := t.Common().ManagementPolicy; p == v1alpha1.ManagementPolicyObserveOnly || p == v1alpha1.ManagementPolicyPlan {
		return "", fmt.Errorf("%s: nothing is rotated with managementPolicy %s", o.Ref, p)
	}
	if o.Suspended(now) {
		return "", fmt.Errorf("%s: nothing is rotated while it is suspended", o.Ref)
	}
	uses := a.uses[o.Kind](o.Object)
	if uses.Told != nil {
		return "make another one and put what the server tells of it into " + keyOf(*uses.Told), nil
	}
	var parts []string
	for _, u := range uses.Secrets {
		part, err := a.rotatesOne(ctx, o.Namespace, u)
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return "", fmt.Errorf("%s: it has no password and no certificate from a Secret", o.Ref)
	}
	return strings.Join(parts, ", "), nil
}

// rotatesOne says what the operator would do to one secret, as far as the user may see whose it is.
func (a *access) rotatesOne(ctx context.Context, namespace string, u engine.SecretUse) (string, error) {
	where := keyOf(u.SecretRef)
	again := fmt.Sprintf("write what is in %s to the server once more", where)
	if !u.Generate {
		return again, nil
	}
	secret := &corev1.Secret{}
	err := a.Get(ctx, types.NamespacedName{Namespace: namespace, Name: u.SecretRef.Name}, secret)
	switch {
	case apierrors.IsNotFound(err):
		secret = nil
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
