// A pass: one look at one object, in an order that a crash at any step survives.

package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
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

	serverName types.NamespacedName
	server     *v1alpha1.PleskServer
	access     *access
	session    *session.Session
	doer       *session.Witness // all packets of the pass go through it: to one server, which says who it is
	inputs     Inputs
	secret     secretState
	hidden     []xmlapi.Secret // not to be shown
	key        Key
	want       W
	found      *Found[W]
	creating   bool // from the create until the object is recorded

	lies     *v1alpha1.RecordedParent // what the reference to the parent resolves to
	moved    *verdict                 // that is another one than the recorded one, under its name: what this pass says unless the object has gone with that
	adoption *adoption                // what was found is to become ours; nil when it is
	given    []v1alpha1.PleskApproval // not used up
	permit   string                   // the token of the permit for what is about to be done
	using    []v1alpha1.PleskApproval // for what is about to be done
	unsaved  bool                     // something must be saved in the status before the next write to the server
}

func (p *pass[O, W]) run(ctx context.Context) verdict {
	if deleting(p.o) {
		return p.runDelete(ctx)
	}
	if p.o.Common().Suspend {
		return halted(v1alpha1.ReasonSuspended, "spec.suspend is true: the server is neither read nor written")
	}
	p.o.State().Awaiting = nil
	for _, step := range []func(context.Context) *verdict{p.readPermits, p.learnSecrets, p.reachServer, p.resolve, p.claimKey, p.find, p.own, p.rotate, p.converge, p.publish} {
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
	v := failed(err, p.blame)
	if errors.Is(err, context.Canceled) {
		v.silent = true
	}
	_, closed := errors.AsType[*session.ClosedError](err)
	_, wrong := errors.AsType[*session.WrongServerError](err)
	if closed || wrong || xmlapi.ClassOf(err).RefusesAll() {
		p.servers.Wake(p.serverName) // its conditions still say that it is ready
	}
	return &v
}

// blame names the field of the spec that a refusal is about, "" where it is not known.
func (p *pass[O, W]) blame(err *xmlapi.Error) string { return FieldOf(p.kind, err) }

// reachServer finds the server and a session for it, or waits for the server's watch.
func (p *pass[O, W]) reachServer(ctx context.Context) *verdict {
	name, v := p.whichServer(ctx)
	if v == nil {
		v = p.connect(ctx, name)
	}
	switch s := p.o.State(); {
	case v != nil && deleting(p.o) && v.err == nil && !v.silent:
		return stop(blocked(v.message + wayOut))
	case v == nil && s.ServerRef == nil:
		s.ServerRef = &v1alpha1.ServerReference{Name: name.Name}
		if name.Namespace != p.o.GetNamespace() {
			s.ServerRef.Namespace = name.Namespace
		}
	}
	return v
}

// whichServer is the server that the spec leads to. At a deletion it is the recorded one where the spec names none: what the object lay in
// may be gone already.
func (p *pass[O, W]) whichServer(ctx context.Context) (types.NamespacedName, *verdict) {
	if deleting(p.o) {
		name := KnownServer(p.o)
		if name.Name == "" {
			return name, stop(waitFor(v1alpha1.ReasonServerNotReady, "no PleskServer is known"))
		}
		return name, nil
	}
	name, err := p.serverOf(ctx, p.kindName, p.o)
	if err != nil {
		return name, p.fail(err)
	}
	if recorded := p.o.State().ServerRef; recorded != nil && serverKey(recorded, p.o.GetNamespace()) != name {
		return name, stop(stalled(v1alpha1.ReasonWrongServer, fmt.Sprintf(
			"the object lives on PleskServer %q, the spec leads to %q: an object cannot move, nothing is written", recorded.Name, name.Name)))
	}
	return name, nil
}

// connect looks whether the server is there, admits the object, and is ready, and opens a session.
func (p *pass[O, W]) connect(ctx context.Context, name types.NamespacedName) *verdict {
	p.serverName = name
	srv := &v1alpha1.PleskServer{}
	err := p.client.Get(ctx, name, srv)
	if apierrors.IsNotFound(err) && name.Namespace != p.o.GetNamespace() {
		return stop(p.notAdmitted())
	}
	if apierrors.IsNotFound(err) {
		return stop(waitFor(v1alpha1.ReasonServerNotReady, fmt.Sprintf("PleskServer %s (spec.serverRef): not found", name)))
	}
	if err != nil {
		return p.fail(err)
	}
	if deleting(p.o) && p.o.Common().DeletionPolicy == nil && retains(&srv.Spec.DeletionPolicy) {
		return stop(p.retain(ctx))
	}
	if p.access, err = p.servers.access(ctx, srv, p.o.GetNamespace()); err != nil {
		return p.fail(err)
	}
	switch {
	case p.access == nil:
		return stop(p.notAdmitted())
	case !p.access.has(p.self):
		return stop(stalled(v1alpha1.ReasonPermissionDenied, fmt.Sprintf(
			"PleskServer %s (spec.serverRef) does not admit %s from namespace %q (additionalKinds in its spec.tenants)", name, p.kindName, p.o.GetNamespace())))
	}
	p.server = srv
	if reason, message := unready(srv); reason != "" {
		return stop(waitFor(reason, message))
	}
	if p.session, err = p.servers.Session(ctx, srv); err != nil {
		if c, ok := errors.AsType[*ConfigError](err); ok {
			return stop(waitFor(v1alpha1.ReasonServerNotReady, fmt.Sprintf("PleskServer %s (spec.serverRef): %s", name, c.Message)))
		}
		return p.fail(err)
	}
	p.doer = p.session.Witness()
	p.doer.Expect(p.server.Status.GUID, p.o.State().ServerGUID)
	return nil
}

// notAdmitted does not tell other namespaces whether a server is there.
func (p *pass[O, W]) notAdmitted() verdict {
	return stalled(v1alpha1.ReasonPermissionDenied, fmt.Sprintf(
		"PleskServer %s (spec.serverRef) is not there, or does not admit namespace %q (its spec.tenants)", p.serverName, p.o.GetNamespace()))
}

// resolve reads references, looks at secrets, and translates the spec.
func (p *pass[O, W]) resolve(ctx context.Context) *verdict {
	refs, err := p.resolveRefs(ctx)
	if err != nil {
		return p.fail(err)
	}
	p.inputs = Inputs{refs: refs}
	if v := p.sameParent(); v != nil {
		return v
	}
	if p.policy() != v1alpha1.ManagementPolicyObserveOnly {
		if v := p.lookAtSecrets(ctx); v != nil {
			return v
		}
	}
	if v := p.translate(); v != nil {
		return v
	}
	return p.deny(p.beyondReach())
}

// deny ends the pass where a tenant sets fields that are not for tenants.
func (p *pass[O, W]) deny(fields []string) *verdict {
	if len(fields) == 0 {
		return nil
	}
	return stop(stalled(v1alpha1.ReasonPermissionDenied, fmt.Sprintf(
		"spec.%s: not for tenants of PleskServer %s (privilegedFields in its spec.tenants)", strings.Join(sortedUnique(fields), ", spec."), p.serverName)))
}

// beyondReach names the fields of the spec that the namespace may not set.
func (p *pass[O, W]) beyondReach() []string {
	if p.access.privileged {
		return nil
	}
	return Privileges(p.kind, p.want)
}

// askReach asks the server about values that are about to be written, and ends the pass where a tenant may not have them.
func (p *pass[O, W]) askReach(ctx context.Context, values W) *verdict {
	k, ok := p.kind.(PrivilegedThere[W])
	if !ok || p.access.privileged {
		return nil
	}
	fields, err := k.PrivilegedThere(ctx, p.doer, values)
	if err != nil {
		return p.fail(err)
	}
	return p.deny(fields)
}

// lookAtSecrets finds out which values are there and which have changed; values are read only where they are to be written.
func (p *pass[O, W]) lookAtSecrets(ctx context.Context) *verdict {
	uses := p.secretsOf(p.o)
	var err error
	if p.secret, err = p.secrets.look(ctx, p.o, uses); err != nil {
		return p.fail(err)
	}
	s := p.o.State()
	for _, m := range p.secret.missing {
		if _, had := s.Inputs[pathOf(m)]; had {
			// There was a value and it has disappeared: what replaces it is the user's to say.
			return stop(secretMissing(m, "; the one that was applied last still works, so no other is generated: store it there, or a new one"))
		}
	}
	if s.ID != "" && !slices.ContainsFunc(uses, func(u SecretUse) bool { return p.inputChanged(pathOf(u)) }) {
		return nil
	}
	return p.readSecrets(ctx)
}

// readSecrets reads the values of the secrets that are there.
func (p *pass[O, W]) readSecrets(ctx context.Context) *verdict {
	var err error
	if p.inputs.secrets, err = p.secrets.values(ctx, p.o.GetNamespace(), p.secretsOf(p.o)); err != nil {
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
	return there && now != was && (!applied || p.secrets.comparable(p.o.GetUID(), was))
}

func (p *pass[O, W]) translate() *verdict {
	p.inputs.Mark = p.wantedMark()
	key, want, err := p.kind.Desired(p.o, p.inputs)
	if err != nil {
		return p.fail(err)
	}
	p.key, p.want = key, p.normal(want)
	for path, value := range plainWriteOnly(p.want) {
		if p.secret.digests == nil {
			p.secret.digests = map[string]string{}
		}
		p.secret.digests[path] = p.secrets.digest(p.o.GetUID(), path, value)
	}
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

// parent is what the reference to the parent resolves to, nil for none.
func (p *pass[O, W]) parent() *Resolved {
	for _, ref := range p.self.refs {
		if ref.parent {
			for _, m := range ref.get(p.o) {
				return p.inputs.Ref(m.Path)
			}
		}
	}
	return nil
}

// sameParent sees whether what the object lies in is what it was. Where the same reference leads to something else by now, a kind without
// objects of its own forgets what it has recorded about the old parent (nothing is released there, it is somebody else's), and an
// object of another kind stays where it is: nobody has asked for a move.
func (p *pass[O, W]) sameParent() *verdict {
	parent, s := p.parent(), p.o.State()
	if parent == nil {
		s.Parent = nil
		return nil
	}
	if p.self.implicit {
		if s.ID == "" || parent.same(Identity{ID: s.ID, GUID: s.GUID}) {
			return nil
		}
		s.ID, s.GUID, s.Key, s.Within, s.Contested = "", "", "", nil, nil
		if k, ok := p.kind.(Partial[O, W]); ok {
			k.Forget(p.o)
		}
		return nil
	}
	p.lies = &v1alpha1.RecordedParent{ObjectIdentity: v1alpha1.ObjectIdentity{ID: parent.ID, GUID: parent.GUID}, Key: parent.Key.Name}
	if m := p.parentOf(p.kindName, p.o); m != nil {
		p.lies.Reference = m.Kind + "/" + m.Name
	}
	if !onServer(p.o) || s.Parent == nil || !sameReference(*s.Parent, *p.lies) || sameParent(*s.Parent, *p.lies) {
		s.Parent = p.lies
		return nil
	}
	replaced := stop(stalled(v1alpha1.ReasonParentReplaced, fmt.Sprintf(
		"the object lies in %q (id %s), the same reference leads to %q (id %s) by now: nothing is moved or made anew; name the one that is meant by another reference, or delete this resource (with deletionPolicy: Retain) and apply it again",
		s.Parent.Key, s.Parent.ID, p.lies.Key, p.lies.ID)))
	if s.Parent.Key != p.lies.Key {
		return replaced
	}
	p.moved = replaced // made anew under its name: what lay in the old one is most likely gone
	return nil
}

// sameReference reports whether the spec names what it named before: the same resource, or the same key on the server.
func sameReference(a, b v1alpha1.RecordedParent) bool {
	return a.Reference == b.Reference && (a.Reference != "" || a.Key == b.Key)
}

// sameParent reports whether two records are of one parent: by GUID, or by id and key, or by key where there are no GUIDs.
func sameParent(a, b v1alpha1.RecordedParent) bool {
	knowGUIDs := a.GUID != "" && b.GUID != ""
	return knowGUIDs && a.GUID == b.GUID || a.ID == b.ID && a.Key == b.Key || !knowGUIDs && a.Key == b.Key
}

// claimKey makes sure that no other custom resource describes the same object.
func (p *pass[O, W]) claimKey(ctx context.Context) *verdict {
	if s := p.o.State(); s.ID == "" {
		p.noteKey(p.key) // also when the claim fails: the end of the owner wakes those who wait for its key
	}
	owner, err := p.claim(ctx, p.serverName, p.o, p.key)
	if err != nil {
		return p.fail(err)
	}
	if owner != nil {
		return stop(stalled(v1alpha1.ReasonOwnedByAnother, fmt.Sprintf("%s describes %q on this server already", describe(p.kindName, p.o, owner), p.key.Name)))
	}
	return nil
}

func (p *pass[O, W]) noteKey(k Key) {
	s := p.o.State()
	s.Key, s.Within = k.Name, k.Within.published()
}

// finish writes the status if it differs, reports, and says when to look again. Only what could be written is reported: a
// pass that began with an old state of the object would tell the same news twice.
func (p *pass[O, W]) finish(ctx context.Context, v verdict) (reconcile.Result, error) {
	p.fitVerdict(&v)
	if !v.silent {
		p.judge(v)
		if statusChanged(p.before, p.o) {
			if err := p.updateStatus(ctx); err != nil {
				if !apierrors.IsConflict(err) && !apierrors.IsNotFound(err) {
					p.warn("the status could not be written, so it may be about an earlier spec: " + err.Error())
					return reconcile.Result{}, errors.Join(p.fitError(v.err), err)
				}
				v = stale()
			}
		}
	}
	p.report(ctx, v)
	return p.requeue(v), nil
}
