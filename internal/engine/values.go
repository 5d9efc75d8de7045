// Secret values in a pass: what is there, what has changed, what is generated, and what must not be shown.

package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// learnSecrets reads the object's own secrets, whether or not the pass needs them: the server knows them and may quote them.
func (p *pass[O, W]) learnSecrets(ctx context.Context) *verdict {
	p.readSecrets(ctx)
	for _, r := range p.ownSecrets {
		if r.err != nil && !errors.Is(r.err, errSecretType) { // what is not read was never sent
			return p.fail(inField(r.SecretUse, r.err))
		}
	}
	return nil
}

// readSecrets reads all values at one time. What was read is not shown from now on.
func (p *pass[O, W]) readSecrets(ctx context.Context) {
	p.ownSecrets = p.secrets.readAll(ctx, p.o.GetNamespace(), p.secretsOf(p.o))
	for _, r := range p.ownSecrets {
		if r.value != "" {
			p.hidden = append(p.hidden, hiddenOf(r)...)
		}
	}
}

// lookAtSecrets finds out which values are there and which have changed. The kind gets them only where they are to be written.
func (p *pass[O, W]) lookAtSecrets() *verdict {
	var err error
	if p.secret, err = p.secrets.stateOf(p.o.GetUID(), p.ownSecrets); err != nil {
		return p.fail(err)
	}
	p.secret.missing = slices.DeleteFunc(p.secret.missing, p.ofBilling)
	s := p.o.State()
	for _, m := range p.secret.missing {
		if m.KeyPair {
			return stop(p.secretMissing(m, ""))
		}
		if m.told {
			continue // keepsTold says so, once it is known whose the object is
		}
		if _, had := s.Inputs[pathOf(m)]; had && !deleting(p.o) {
			// There was a value and it has disappeared: what replaces it is the user's to say.
			return stop(p.secretMissing(m, "; the one that was applied last still works, so no other is generated: store it there, or a new one"))
		}
	}
	if s.ID != "" && !slices.ContainsFunc(p.ownSecrets, func(r secretRead) bool { return p.inputChanged(pathOf(r.SecretUse)) }) {
		return nil
	}
	return p.useSecrets()
}

// useSecrets makes the values that were read inputs of the kind.
func (p *pass[O, W]) useSecrets() *verdict {
	var err error
	if p.inputs.secrets, err = valuesOf(p.ownSecrets); err != nil {
		return p.fail(err)
	}
	return nil
}

// inputChanged reports whether a value that is there is not the one last applied. One that was applied under a hash key that has
// been lost, or by a resource that has another UID since a restore, is taken as it is.
func (p *pass[O, W]) inputChanged(path string) bool {
	now, there := p.secret.digests[path]
	inputs := p.o.State().Inputs
	if p.adoption != nil {
		inputs = p.adoption.inputs // what the object is known, or taken, to have
	}
	was, applied := inputs[path]
	return there && now != was && (!applied || was == unclear || p.secrets.comparable(p.o.GetUID(), was))
}

// secretMissing tells a Secret that is not there from one that lacks the key: what to do is not the same.
func (p *pass[O, W]) secretMissing(u SecretUse, more string) verdict {
	keys := fmt.Sprintf("a value under the key %q", u.SecretRef.Key)
	if u.KeyPair {
		keys = fmt.Sprintf("values under the keys %s and %s", corev1.TLSPrivateKeyKey, corev1.TLSCertKey)
	}
	what := "lacks " + keys
	if !u.KeyPair {
		what = fmt.Sprintf("has no value under the key %q", u.SecretRef.Key)
	}
	if !slices.ContainsFunc(p.ownSecrets, func(r secretRead) bool { return r.there && r.SecretRef.Name == u.SecretRef.Name }) {
		what = "not found; it needs " + keys
	}
	return waitFor(v1alpha1.ReasonSecretNotFound, fmt.Sprintf("%s: Secret %q %s%s", u.Field, u.SecretRef.Name, what, more))
}

// generateSecrets generates the missing values, and translates the spec with all values.
func (p *pass[O, W]) generateSecrets(ctx context.Context) *verdict {
	missing := slices.DeleteFunc(slices.Clone(p.secret.missing), func(u SecretUse) bool { return u.told })
	if len(missing) > 0 {
		if err := p.secrets.generate(ctx, p.o.GetNamespace(), p.author(), missing, false); err != nil {
			return p.fail(err)
		}
	}
	if v := p.freshSecrets(ctx); v != nil {
		return v
	}
	return p.translate()
}

// neededSecrets names the values that changes cannot be written without.
func (p *pass[O, W]) neededSecrets(changes []Change) []string {
	if k, ok := p.kind.(SecretNeeder); ok {
		return k.NeedsSecrets(changes)
	}
	return nil
}

// lackSecrets ends a pass that has something to write for which there is no value, and none is to be generated.
func (p *pass[O, W]) lackSecrets(changes []Change) *verdict {
	uses := p.secretsOf(p.o)
	for _, field := range p.neededSecrets(changes) {
		of := func(u SecretUse) bool { return u.Field == field }
		if !slices.ContainsFunc(uses, of) {
			return p.fail(Invalid(field, "needs a value from a Secret to be made"))
		}
		if i := slices.IndexFunc(p.secret.missing, of); i >= 0 && !p.secret.missing[i].Generate {
			return stop(p.secretMissing(p.secret.missing[i], ""))
		}
	}
	return nil
}

// provideSecrets gets the values that changes cannot be written without, and generates those that are missing. It returns the changes with
// what is to be written of values now.
func (p *pass[O, W]) provideSecrets(ctx context.Context, changes []Change) ([]Change, *verdict) {
	needed := p.neededSecrets(changes)
	if len(needed) == 0 {
		return changes, nil
	}
	missing := slices.DeleteFunc(slices.Clone(p.secret.missing), func(m SecretUse) bool { return !slices.Contains(needed, m.Field) })
	if err := p.secrets.generate(ctx, p.o.GetNamespace(), p.author(), missing, false); err != nil {
		return nil, p.fail(err)
	}
	if v := p.freshSecrets(ctx); v != nil {
		return nil, v
	}
	if v := p.translate(); v != nil {
		return nil, v
	}
	_, readable := split(changes, func(c Change) bool { return c.WriteOnly })
	return append(readable, writeOnlyChanges(p.want, p.inputChanged)...), nil
}

// freshSecrets reads all values once more, and computes their digests.
func (p *pass[O, W]) freshSecrets(ctx context.Context) *verdict {
	p.readSecrets(ctx)
	if v := p.useSecrets(); v != nil {
		return v
	}
	p.secret = secretState{digests: p.secrets.digestsOfValues(p.o.GetUID(), p.inputs.secrets)}
	return nil
}

// rotate replaces generated passwords when that is asked for. The Secret comes first: what stands there is applied in any case. What users have stored
// is written once more: a server that was restored from a backup has what it had then, and nothing shows it. What its server has told a secret of
// is made anew, since no server tells another one.
func (p *pass[O, W]) rotate(ctx context.Context) *verdict {
	s := p.o.State()
	asked := p.o.GetAnnotations()[v1alpha1.AnnotationRotate]
	if asked == "" || asked == s.Rotated || !p.managed() || p.found == nil {
		return nil
	}
	if _, ok := p.told(); ok && !p.made {
		return p.replace(ctx)
	}
	var generated, stored []SecretUse
	for _, u := range p.secretsOf(p.o) {
		switch {
		case u.told:
		case p.ofBilling(u):
			p.warn(fmt.Sprintf("%s is not rotated: it is a billing system's (spec.lifecycle of PleskServer %s)", u.Field, p.serverName))
		default:
			ours, err := p.secrets.generates(ctx, p.o.GetNamespace(), u)
			switch {
			case err != nil:
				return p.fail(inField(u, err))
			case ours:
				generated = append(generated, u)
			default:
				stored = append(stored, u)
			}
		}
	}
	if s.LastSyncTime != nil && len(generated)+len(stored) > 0 { // a password that was only just generated, or written, is not rotated
		for _, u := range stored {
			if _, applied := s.Inputs[pathOf(u)]; applied {
				s.Inputs[pathOf(u)] = unclear
			}
		}
		if err := p.secrets.generate(ctx, p.o.GetNamespace(), p.author(), generated, true); err != nil {
			return p.fail(err)
		}
		if v := p.freshSecrets(ctx); v != nil {
			return v
		}
		if v := p.translate(); v != nil {
			return v
		}
	}
	s.Rotated, p.unsaved = asked, true
	return nil
}

// atLeastSecrets ends a pass whose changes were held back with v: refused, or waiting for an approval, a change window or something else. The passwords
// and certificates among them are written alone and do not wait with the rest: they are in their Secrets, where whoever uses them looks.
func (p *pass[O, W]) atLeastSecrets(ctx context.Context, changes []Change, v *verdict) *verdict {
	secrets, rest := p.secretsApart(changes)
	if !v.holdsBack() || len(secrets) == 0 || len(rest) == 0 {
		return v
	}
	s := p.o.State()
	awaiting, planned := s.Awaiting, s.Changes
	s.Awaiting, s.Changes = nil, nil
	p.using, p.permit = nil, "" // what was permitted is about the rest
	alone := p.unlessRefused(secrets, func() *verdict {
		_, v := p.write(ctx, secrets, rest)
		return v
	})
	switch {
	case alone == nil:
		return p.converge(ctx) // says of the rest alone what is to be done about it
	case alone.holdsBack():
		s.Awaiting, s.Changes = awaiting, planned
		return v
	}
	return alone
}

// secretsApart tells the secrets among changes that may be written without the rest.
func (p *pass[O, W]) secretsApart(changes []Change) (secrets, rest []Change) {
	if !p.managed() || p.adoption != nil {
		return nil, changes
	}
	return apartFrom(p.want, changes)
}
