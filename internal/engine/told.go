// Told secrets: what a server makes up for a new object, and tells once (Discloser). It is in its Secret before anything is recorded: a crash in
// between leaves a key that nobody has, which is found by what Create left on it and removed.

package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/types"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// toldField is the field that names the Secret with what the server has told.
const toldField = "spec.secretRef"

// errNotTold ends a create whose secret nobody has: the next pass removes what was made.
var errNotTold = errors.New("the server has not told the secret of what it has made: that is removed, and made anew")

// told is what the Secret holds of what the server has told; ok is false for kinds whose servers tell nothing.
func (p *pass[O, W]) told() (_ secretRead, ok bool) {
	i := slices.IndexFunc(p.ownSecrets, func(r secretRead) bool { return r.told })
	if i < 0 {
		return secretRead{}, false
	}
	return p.ownSecrets[i], true
}

// keepTold writes what the server has told into its Secret. Without a value it only checks that it could.
func (p *pass[O, W]) keepTold(ctx context.Context, value xmlapi.Secret) *verdict {
	r, ok := p.told()
	if !ok {
		return nil
	}
	at := r.SecretRef
	err := p.secrets.write(ctx, types.NamespacedName{Namespace: p.o.GetNamespace(), Name: at.Name}, v1alpha1.GeneratedConnection, p.author(), func(data map[string][]byte) bool {
		if value == "" || string(data[at.Key]) == value.Reveal() {
			return false
		}
		data[at.Key] = []byte(value.Reveal())
		return true
	})
	if err != nil {
		return p.fail(inField(r.SecretUse, err))
	}
	return nil
}

// noteTold keeps what a create was told, before anything is recorded of what it has made.
func (p *pass[O, W]) noteTold(ctx context.Context) *verdict {
	k, ok := p.kind.(Discloser[O, W])
	if !ok {
		return nil
	}
	value := k.Told(p.want)
	if value == "" {
		return p.fail(errNotTold)
	}
	p.hidden = append(p.hidden, value)
	if v := p.keepTold(ctx, value); v != nil {
		return v
	}
	return p.freshSecrets(ctx)
}

// opensTold reports whether the Secret holds what opens the object that was found.
func (p *pass[O, W]) opensTold(ctx context.Context) (bool, error) {
	k, ok := p.kind.(Discloser[O, W])
	if !ok {
		return true, nil
	}
	r, _ := p.told()
	if r.err != nil {
		return false, inField(r.SecretUse, r.err)
	}
	if r.value == "" {
		return false, nil
	}
	return k.Opens(ctx, p.doer, p.found, r.value)
}

// confirmTold makes sure that what was told is of what was found: an earlier add may have been executed late.
func (p *pass[O, W]) confirmTold(ctx context.Context) *verdict {
	if p.found == nil {
		return nil
	}
	opens, err := p.opensTold(ctx)
	if err == nil && !opens {
		err = errNotTold
	}
	if err != nil {
		return p.fail(err)
	}
	return nil
}

// knowTold decides about what is to become ours and whose secret nobody knows. What we have made is removed, and made anew. What we have not made
// is taken over by AdoptionPolicyAlways alone, and then lacks its secret.
func (p *pass[O, W]) knowTold(ctx context.Context) *verdict {
	if p.adoption == nil || p.adoption.newIdentity {
		return nil
	}
	opens, err := p.opensTold(ctx)
	switch r, _ := p.told(); {
	case err != nil:
		return p.fail(err)
	case opens:
		return nil
	case !p.adoption.foreign:
		return p.replace(ctx)
	case p.o.Common().AdoptionPolicy == v1alpha1.AdoptionPolicyAlways && r.value == "":
		return nil
	case r.value != "":
		return stop(stalled(v1alpha1.ReasonAlreadyExists, fmt.Sprintf(
			"%q exists on the server with id %s and was not made by this resource, and what Secret %q holds under the key %q (%s) is not what opens it",
			p.key.Name, p.found.ID, r.SecretRef.Name, r.SecretRef.Key, toldField)))
	default:
		return stop(stalled(v1alpha1.ReasonAlreadyExists, fmt.Sprintf(
			"%q exists on the server with id %s and was not made by this resource: it is taken over when Secret %q holds what opens it under the key %q (%s), or with spec.adoptionPolicy: Always",
			p.key.Name, p.found.ID, r.SecretRef.Name, r.SecretRef.Key, toldField)))
	}
}

// keepsTold says so where the Secret does not hold any more what the server has told: that works still, and what is to become of it is the user's
// to say.
func (p *pass[O, W]) keepsTold(context.Context) *verdict {
	r, ok := p.told()
	if !ok || p.policy() == v1alpha1.ManagementPolicyObserveOnly || p.found == nil {
		return nil
	}
	const then = "; it still works, and the server does not tell it again: store it there, or have another one made (annotation " + v1alpha1.AnnotationRotate + ")"
	_, noted := p.o.State().Inputs[pathOf(r.SecretUse)]
	switch {
	case r.err != nil:
		return p.fail(inField(r.SecretUse, r.err))
	case r.value == "":
		return stop(p.secretMissing(r.SecretUse, then))
	case noted && p.inputChanged(pathOf(r.SecretUse)):
		return stop(waitFor(v1alpha1.ReasonSecretNotFound, fmt.Sprintf("%s: Secret %q holds something else under the key %q than the server has told%s",
			toldField, r.SecretRef.Name, r.SecretRef.Key, then)))
	}
	return nil
}

// replace removes what was found, which is ours, so that the next pass makes it anew. Until it is gone the record leads back to it.
func (p *pass[O, W]) replace(ctx context.Context) *verdict {
	if v := p.keepTold(ctx, ""); v != nil {
		return v
	}
	if v := p.verifyParent(ctx); v != nil {
		return v
	}
	s := p.o.State()
	if s.Pending == nil {
		s.Pending = &v1alpha1.PendingWrite{
			Key: p.key.Name, Within: p.key.Within.published(), StartTime: p.now(), Previous: Identity{ID: s.ID, GUID: s.GUID}.published(),
		}
		s.ID, s.GUID = "", ""
	}
	s.Pending.Outcome, p.unsaved = v1alpha1.PendingUnclear, true
	if v := p.deleteFound(ctx, p.found); v != nil {
		return v
	}
	s.Pending.Previous = nil
	p.found, p.adoption = nil, nil
	return stop(soon(waitFor(v1alpha1.ReasonCreating, fmt.Sprintf("%q was removed from the server, and is made anew with another secret", p.key.Name))))
}
