// A pass: one look at one object, in an order that a crash at any step survives.

package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// pass is one look at one object. Its steps return a verdict to end it, nil to go on.
type pass[O v1alpha1.Object, W any] struct {
	*reconciler[O, W]
	o      O // as it is being changed
	before O // as it was read

	server  *v1alpha1.PleskServer
	session *session.Session
	inputs  Inputs
	missing []SecretUse // secrets that are not there
	key     string
	want    W
	found   *Found[W]
	guid    string // of the Plesk that found it, or not

	adoption *adoption // what was found is to become ours; nil when it is
	unsaved  bool      // the status says something that must be saved before the next write to the server
}

func (p *pass[O, W]) run(ctx context.Context) verdict {
	if deleting(p.o) {
		return p.runDelete(ctx)
	}
	if p.o.Common().Suspend {
		return halted(v1alpha1.ReasonSuspended, "spec.suspend is true: the server is neither read nor written")
	}
	for _, step := range []func(context.Context) *verdict{p.reachServer, p.resolve, p.claimKey, p.find, p.own, p.converge} {
		if v := step(ctx); v != nil {
			return *v
		}
	}
	return available()
}

// policy is the management policy, Managed where none is set.
func (p *pass[O, W]) policy() v1alpha1.ManagementPolicy {
	return cmp.Or(p.o.Common().ManagementPolicy, v1alpha1.ManagementPolicyManaged)
}

func (p *pass[O, W]) managed() bool { return p.policy() == v1alpha1.ManagementPolicyManaged }

func stop(v verdict) *verdict { return &v }

func (p *pass[O, W]) fail(err error) *verdict {
	if apierrors.IsConflict(err) {
		return stop(stale())
	}
	var blame func(*xmlapi.Error) string
	if b, ok := p.kind.(Blamer); ok {
		blame = b.Field
	}
	v := failed(err, blame)
	if errors.Is(err, context.Canceled) {
		v.silent = true
	}
	if _, closed := errors.AsType[*session.ClosedError](err); closed || xmlapi.ClassOf(err) == xmlapi.Denied {
		p.servers.Wake(serverName(p.o)) // its conditions still say that it is ready
	}
	return &v
}

// reachServer finds the server and a session for it, or waits for the server's watch.
func (p *pass[O, W]) reachServer(ctx context.Context) *verdict {
	srv, err := p.servers.resolve(ctx, p.o)
	switch {
	case apierrors.IsNotFound(err):
		return stop(waitFor(v1alpha1.ReasonServerNotReady, fmt.Sprintf("PleskServer %s (spec.serverRef): not found", serverName(p.o))))
	case errors.Is(err, errNotAllowed):
		return stop(stalled(v1alpha1.ReasonPermissionDenied, fmt.Sprintf(
			"PleskServer %s (spec.serverRef) does not allow namespace %q (its spec.allowedNamespaces)", serverName(p.o), p.o.GetNamespace())))
	case err != nil:
		return p.fail(err)
	}
	if reason, message := unready(srv); reason != "" {
		return stop(waitFor(reason, message))
	}
	p.server = srv
	if p.session, err = p.servers.Session(ctx, srv); err != nil {
		if c, ok := errors.AsType[*ConfigError](err); ok {
			return stop(waitFor(v1alpha1.ReasonServerNotReady, fmt.Sprintf("PleskServer %s (spec.serverRef): %s", serverName(p.o), c.Message)))
		}
		return p.fail(err)
	}
	return nil
}

// resolve reads references and secrets and translates the spec.
func (p *pass[O, W]) resolve(ctx context.Context) *verdict {
	refs, err := p.resolveRefs(ctx, p.session, p.server, p.o, p.kind.Refs(p.o))
	if err != nil {
		return p.fail(err)
	}
	p.inputs = Inputs{UID: string(p.o.GetUID()), refs: refs}
	if p.policy() != v1alpha1.ManagementPolicyObserveOnly {
		if p.inputs.secrets, p.missing, err = p.secrets.read(ctx, p.o.GetNamespace(), p.kind.Secrets(p.o)); err != nil {
			return p.fail(err)
		}
		for _, m := range p.missing {
			if !m.Generate {
				return stop(secretMissing(m, ""))
			}
		}
	}
	return p.translate()
}

func (p *pass[O, W]) translate() *verdict {
	key, want, err := p.kind.Desired(p.o, p.inputs)
	if err != nil {
		return p.fail(err)
	}
	p.key, p.want = key, p.normal(want)
	return nil
}

func (p *pass[O, W]) normal(w W) W {
	if n, ok := p.kind.(Normalizer[W]); ok {
		return n.Normal(w)
	}
	return w
}

func secretMissing(u SecretUse, more string) verdict {
	return waitFor(v1alpha1.ReasonSecretNotFound, fmt.Sprintf("%s: Secret %q has no value under the key %q%s", u.Field, u.SecretRef.Name, u.SecretRef.Key, more))
}

// claimKey makes sure that no other custom resource describes the same object.
func (p *pass[O, W]) claimKey(ctx context.Context) *verdict {
	if s := p.o.State(); s.ID == "" {
		s.Key = p.key // also when the claim fails: the end of the owner wakes those who wait for its key
	}
	owner, err := p.claim(ctx, p.o, p.key)
	if err != nil {
		return p.fail(err)
	}
	if owner != nil {
		return stop(stalled(v1alpha1.ReasonOwnedByAnother, fmt.Sprintf("%s describes %q on this server already", describe(p.kindName, owner), p.key)))
	}
	return nil
}

// find looks the object up. Not knowing is an error and ends the pass: nothing is concluded from it.
func (p *pass[O, W]) find(ctx context.Context) *verdict {
	s := p.o.State()
	found, v := p.lookUp(ctx, Handle{ID: s.ID, GUID: s.GUID, Mark: p.inputs.UID, Key: p.key})
	if v == nil && found != nil && s.ID != "" && p.isAnother(found) {
		// The recorded id is another object's by now: the server was restored, or has given the id again.
		found, v = p.lookUp(ctx, Handle{Mark: p.inputs.UID, Key: p.key})
	}
	if v != nil {
		return v
	}
	p.found, s.Key = found, p.key
	if found != nil {
		found.Value = p.normal(found.Value)
		s.Key = found.Key // until a rename is done, those who refer to the object need its present name
	}
	return nil
}

// isAnother reports whether what was found under the recorded id is not what was recorded: it has another GUID and not our mark.
func (p *pass[O, W]) isAnother(found *Found[W]) bool {
	s := p.o.State()
	return s.GUID != "" && found.GUID != s.GUID && found.Mark != string(p.o.GetUID())
}

// lookUp asks the server for the object and, in the same packets, who it is. An answer of another Plesk than the one that
// the server's status and the recorded id belong to ends the pass.
func (p *pass[O, W]) lookUp(ctx context.Context, h Handle) (*Found[W], *verdict) {
	w := p.session.Witness()
	found, err := p.kind.Find(ctx, w, h)
	if err != nil {
		return nil, p.fail(err)
	}
	p.guid = w.GUID()
	return found, p.rightServer(p.guid)
}

func (p *pass[O, W]) rightServer(guid string) *verdict {
	for _, expected := range []string{p.server.Status.GUID, p.o.State().ServerGUID} {
		if expected != "" && expected != guid {
			p.servers.Wake(serverName(p.o))
			return stop(stalled(v1alpha1.ReasonWrongServer, wrongServer(expected, guid)))
		}
	}
	return nil
}

func wrongServer(recorded, actual string) string {
	return fmt.Sprintf("the object belongs to the Plesk with GUID %s, spec.serverRef leads to %s: nothing is written", recorded, actual)
}

// own makes the object on the server ours: it is, or it is adopted, or it is created.
func (p *pass[O, W]) own(ctx context.Context) *verdict {
	if p.found == nil {
		switch p.policy() {
		case v1alpha1.ManagementPolicyObserveOnly:
			return stop(halted(v1alpha1.ReasonNotFound, fmt.Sprintf("%q does not exist on the server", p.key)))
		case v1alpha1.ManagementPolicyPlan:
			if v := p.planned(p.creation(), fmt.Sprintf("%q would be created", p.key)); v != nil {
				return v
			}
		}
		return p.unlessRefused(nil, func() *verdict { return p.create(ctx) })
	}
	if p.policy() == v1alpha1.ManagementPolicyObserveOnly {
		return nil
	}
	p.kind.Observe(p.o, p.found)
	v := p.ownership(ctx)
	if v == nil && p.adoption != nil && (p.managed() || !p.adoption.foreign) {
		v = p.adopt(ctx)
	}
	if v == nil && len(p.missing) > 0 {
		// A generated value would replace a password that works.
		v = stop(secretMissing(p.missing[0], "; the object exists, so none is generated: store its password there"))
	}
	if v != nil && !p.managed() { // there is no plan to approve yet, but what differs was asked for
		p.o.State().Changes, p.o.State().PlanHash = published(unmarked(Diff(p.want, p.compared()))), ""
	}
	return v
}

// finish writes the status if it differs, reports, and says when to look again. Only what could be written is reported: a
// pass that began with an old state of the object would tell the same news twice.
func (p *pass[O, W]) finish(ctx context.Context, v verdict) (reconcile.Result, error) {
	if !v.silent {
		p.judge(v)
		if statusChanged(p.before, p.o) {
			if err := p.updateStatus(ctx); err != nil {
				if !apierrors.IsConflict(err) && !apierrors.IsNotFound(err) {
					return reconcile.Result{}, errors.Join(v.err, err)
				}
				v = stale()
			}
		}
	}
	p.report(ctx, v)
	return p.requeue(v), nil
}
